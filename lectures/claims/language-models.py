"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    valid = np.array([page.valid_bits[n] for n in range(2, 8)])
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(page.by_code),
        j_count=page.raw[1]["j"],
        j_start=page.raw[2][".j"],
        j_before=page.ngrams[1]["j"],
        valid_absolute=valid[:, 0].min(),
        valid_best=valid[:, 1].min(),
    )
    claim("That makes $V = 27$ symbols.", len(page.symbols) == 27)
    claim(
        'After "qu" came "e" six times, "i" three times and "l" once.',
        page.after_qu == {"e": 6, "i": 3, "l": 1},
    )
    claim(
        "The second is 2.25 tenths of the first.",
        np.isclose(page.by_code, 2.25 / 10 * page.after_u),
    )
    claim("Within a name it is rare", page.raw[1]["j"] - page.raw[2][".j"] < page.raw[2][".j"] / 4)
    claim("5-grams are best on the validation names", page.best_order == 5)
    claim(
        "absolute discounting needs {glue:text}`valid_absolute:.2f` at best.",
        valid[:, 0].min() - valid[:, 1].min() > 0.1,
    )
    claim(
        "To look back further than four letters does not help.",
        valid[4:, 1].min() > valid[3, 1],
    )
    invented(page)
    names(page)
    novels(page.results)
    inside(page)


def invented(page):
    """Names that the network makes up."""
    share = page.share_known
    claim("much of that is on the list", share[0.3] > 0.2)
    claim("At 1.0 most are new", share[1.0] < 0.45 and share[2.0] < 0.1)


def names(page):
    """Counts against networks and a regression."""
    lstms = page.lstms
    rate = lstms.groupby("rate")["valid"].mean().idxmin()
    best = lstms[lstms["rate"] == rate]
    ngram_bits, of_regression = page.bits(page.of_ngrams), page.regression["test"].item()
    quote(
        names_ngrams=ngram_bits,
        names_lstm_best=best["test"].min(),
        names_lstm_worst=best["test"].max(),
        names_error=best["lead_error"].median(),
        names_regression=of_regression,
    )
    claim("At the rate that is best on the validation names", rate == 0.015 and len(best) == 5)
    claim("so this is nearly a tie.", (best["lead"] / best["lead_error"]).max() < 2.5)
    claim(
        "is ahead of all fifteen LSTMs.",
        len(lstms) == 15 and of_regression < min(ngram_bits, lstms["test"].min()) - 0.03,
    )


def novels(rows):
    """Two questions about the same chapters."""
    rows = rows[rows["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    small = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.012)]
    small_open = small[small["gates"] == "open"]
    small_first = small_open[small_open["seed"] == 0].iloc[0]
    small_kept = small[small["gates"] == "Keras's"].iloc[0]
    best, decides = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    tables = rows[rows["model"] == "table"].set_index("table")
    told, not_told = tables.loc["told"], tables.loc["not told"]
    compared = load_comparisons("char_language_models")
    decision = compared["per decision: LSTM(256) - n-grams"]
    quote(
        size_nine=int(best["size"]),
        size_five=int(decides["size"]),
        size_lstm=int(opened["size"]),
        novels_small=small_first["test"],
        novels_small_kept=small_kept["test"],
        novels_ngrams=best["test"],
        novels_five=decides["test"],
        novels_lstm=opened["test"],
        decision_nine=best["quote_test"],
        decision_ngrams=decides["quote_test"],
        decision_lstm=opened["quote_test"],
        decision_told=told["quote_test"],
        decision_not_told=not_told["quote_test"],
        decision_lead=decision["estimate"],
        decision_error=decision["error"],
        decision_small=small_first["quote_test"],
        decision_small_kept=small_kept["quote_test"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per decision)", decides["order"] == 5)
    claim(
        "Per character the counts win, with ten times as many numbers.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"]
        and 9 < best["size"] / opened["size"] < 11,
    )
    claim(
        "Per decision the LSTM is ahead of all n-grams",
        decision["low"] > 0 and opened["quote_test"] < grams["quote_test"].min() - 0.05,
    )
    claim("Counts of 4 characters", told["order"] == not_told["order"] == 4)
    claim(
        "with it counts do as well as the LSTM.",
        abs(told["quote_test"] - opened["quote_test"]) < 0.01
        and not_told["quote_test"] > opened["quote_test"] + 0.05,
    )
    claim(
        "no fewer than by n-grams.",
        small_kept["quote_test"] > grams["quote_test"].min()
        and small_open["quote_test"].max() < grams["quote_test"].min() - 0.04,
    )
    claim("The price is paid per character", small_open["test"].min() > small_kept["test"] + 0.05)


def inside(page):
    """Does it go by the opening mark?"""

    place = page.text.index("parents.") + len("parents.") - 1
    opened, without, after = (
        float(some[place]) for some in (page.marked, page.unmarked, page.closed)
    )
    quote(trained=True, parents_with=opened, parents_without=without, parents_closed=after)
    claim('At "parents." the mark lies a hundred characters back.', 90 < place < 125)
    claim("the network expects another one with probability", opened > 2 * without)
    claim("behind a speech that has ended", after < 0.5 * opened)
    rows = page.results[page.results["study"] == "speech"].set_index("text")
    narration = rows.loc["narration"]
    quote(
        narration_with=narration["with_mark"],
        narration_without=narration["without_mark"],
        austen_characters=page.novels["text"].str.len().sum() / 1e6,
    )
    claim(
        "a mark put in front raises the mean from",
        narration["with_mark"] > 2 * narration["without_mark"] and narration["lower"] > 0.9,
    )


def exercises(page):
    quote(trained=True, gradient_bias=np.abs(page.of_bias).max())
    claim("Our LSTM is close: no letter is off by more than", np.abs(page.of_bias).max() < 0.03)
    gap = page.backward_bits - page.bits(page.of_ngrams)
    quote(backwards_gap=abs(gap))
    claim("and yet the two differ by only", abs(gap) < 0.03)
    quote(
        num_near=len(page.near),
        near_bits=page.near_bits,
        far_bits=page.far_bits,
        without_close=page.without["close names"],
        without_random=page.without["random names"],
    )
    claim(
        "The control leaves out as many other names",
        page.far_bits - page.near_bits > 0.2
        and page.without["close names"] - page.without["random names"] > 0.2,
    )
