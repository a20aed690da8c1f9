"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    valid = np.array([page.valid_bits[n] for n in range(2, 8)])
    quote(
        bits_uniform=np.log2(len(page.SYMBOLS)),
        qu_bits=-np.log2(page.by_code),
        j_count=page.raw[1]["j"],
        j_start=page.raw[2][".j"],
        j_before=page.ngrams[1]["j"],
        valid_absolute=valid[:, 0].min(),
        valid_kn=valid[:, 1].min(),
        valid_best=valid[:, 2].min(),
    )
    claim(
        'After "qu" came "e" six times, "i" three times and "l" once.',
        page.after_qu == {"e": 6, "i": 3, "l": 1},
    )
    claim("Within a name it is rare", page.raw[1]["j"] - page.raw[2][".j"] < page.raw[2][".j"] / 4)
    claim(
        "Absolute discounting needs {glue:text}`valid_absolute:.2f` bits at best.",
        valid[:, 0].min() - valid[:, 1].min() > 0.1 and valid[:, 1].min() > valid[:, 2].min(),
    )
    claim(", with 5-grams.", page.best_order == 5 and valid[:, 1].argmin() == 3)
    invented(page)
    names(page)
    novels(page.results)
    inside(page)
    written(page)


def invented(page):
    """Names that the network makes up."""
    share = page.share_known
    claim("much of that is on the list", share[0.3] > 0.2)
    claim("At 1.0 most are new", share[1.0] < 0.45 and share[2.0] < 0.1)


def names(page):
    """Counts against networks, and both."""
    rows = page.results.query("study == 'names'")
    valid = rows[rows["mix"] == "LSTM"].groupby("rate")["valid"].mean()
    claim("that is best on the validation names", valid.idxmin() == 0.015)
    rows = rows[rows["rate"] == 0.015]
    one, two, both = (rows[rows["mix"] == mix] for mix in ("LSTM", "two LSTMs", "LSTM and 5-grams"))
    ngram_bits = page.bits(page.of_ngrams)
    quote(
        names_ngrams=ngram_bits,
        names_five=rows.loc[rows["mix"] == "five LSTMs", "test"].item(),
        names_lstm_best=one["test"].min(),
        names_lstm_worst=one["test"].max(),
        names_error=one["lead_error"].median(),
        names_both_least=both["test"].min(),
        names_both_most=both["test"].max(),
        names_regression=page.regression["test"].item(),
    )
    claim(
        "Alone, each of the five LSTMs needs a little more than the 5-grams",
        len(one) == len(two) == len(both) == 5 and ngram_bits < one["test"].min(),
    )
    claim("so this is nearly a tie.", (one["lead"] / one["lead_error"]).max() < 2.5)
    claim(
        "Two LSTMs mixed are about level with the 5-grams",
        ngram_bits - 0.04 < two["test"].min() and two["test"].max() < ngram_bits,
    )
    claim(
        "One LSTM mixed with the 5-grams is ahead of them all",
        both["test"].max() < rows.loc[rows["mix"] == "five LSTMs", "test"].item() - 0.02,
    )
    alone = page.bits(page.of_lstm)
    mixed = page.bits((page.of_lstm + page.of_ngrams) / 2)
    claim(
        "The two err in different ways, so mixing pays.",
        mixed < min(alone, ngram_bits) - 0.03,
    )
    claim(
        "bits, fewer than a single LSTM.",
        page.regression["test"].item() < one["test"].min() - 0.03,
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
    told_row = rows[rows["table"] == "told"].iloc[0]
    six = grams[grams["order"] == 6].iloc[0]
    told = load_comparisons("char_language_models")
    decision = told["per decision: LSTM(256) - n-grams"]
    quote(
        size_nine=int(best["size"]),
        size_five=int(decides["size"]),
        size_lstm=int(opened["size"]),
        size_six=int(six["size"]),
        novels_six=six["test"],
        novels_small=small_first["test"],
        novels_small_kept=small_kept["test"],
        novels_ngrams=best["test"],
        novels_five=decides["test"],
        novels_lstm=opened["test"],
        decision_nine=best["quote_test"],
        decision_ngrams=decides["quote_test"],
        decision_lstm=opened["quote_test"],
        decision_told=told_row["quote_test"],
        decision_floor=grams["quote_test"].min(),
        decision_lead=decision["estimate"],
        decision_error=decision["error"],
        decision_small=small_first["quote_test"],
        decision_small_kept=small_kept["quote_test"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per decision)", decides["order"] == 5)
    claim("are level with the LSTM", abs(six["test"] - opened["test"]) < 0.02)
    claim("The price: ", small_open["test"].min() > small_kept["test"] + 0.05)
    claim(
        "On the first question the counts win, with ten times as many numbers",
        told["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"]
        and 9 < best["size"] / opened["size"] < 11,
    )
    claim(
        "The LSTM does: ",
        decision["low"] > 0 and opened["quote_test"] < grams["quote_test"].min() - 0.05,
    )
    claim(
        "With Keras's initial biases it failed to.",
        small_kept["quote_test"] > grams["quote_test"].min()
        and small_open["quote_test"].max() < grams["quote_test"].min() - 0.04,
    )
    claim(
        "It does as well.",
        abs(told_row["quote_test"] - opened["quote_test"]) < 0.01 and told_row["order"] == 4,
    )


def inside(page):
    """Is a speech open?"""

    place = page.text.index("parents.") + len("parents.") - 1
    opened, without, after = (
        float(some[place]) for some in (page.marked, page.unmarked, page.closed)
    )
    quote(trained=True, parents_with=opened, parents_without=without, parents_closed=after)
    claim('At "parents." the mark lies a hundred characters back.', 90 < place < 125)
    claim("The network expects a quotation mark with probability", opened > 2 * without)
    claim("behind a speech that has ended", after < 0.5 * opened)
    rows = page.results[page.results["study"] == "speech"].set_index("text")
    narration, speech = rows.loc["narration"], rows.loc["speech"]
    quote(
        speech_with=speech["with_mark"],
        speech_without=speech["without_mark"],
        narration_with=narration["with_mark"],
        narration_without=narration["without_mark"],
        austen_characters=page.novels["text"].str.len().sum() / 1e6,
    )
    claim(
        "Taken away from real speeches, it lowers it from",
        speech["with_mark"] > 1.2 * speech["without_mark"] and speech["lower"] > 0.9,
    )
    claim(
        "A mark in front raises the mean probability of another one",
        narration["with_mark"] > 2 * narration["without_mark"] and narration["lower"] > 0.9,
    )


def written(page):
    """What the network writes, and whether it has copied it."""
    recited, real = page.copies["16-grams"], page.copies["real"]
    network = page.copies["LSTM"]
    quote(copy_least=min(recited), copy_real=max(real))
    quote(trained=True, copy_lstm=max(network))
    claim("The test detects copying", min(recited) > max(real) + 10)
    claim("no more than real chapters share by chance", max(network) <= max(real))
    known = set(page.source.split())
    made_up = [np.mean([w not in known for w in text.split()[2:-1]]) for text in page.written]
    claim("At 1.0 it makes up words", made_up[2] > 0.02 and made_up[2] > made_up[0])


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
