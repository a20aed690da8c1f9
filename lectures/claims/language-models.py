"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    valid = np.array([page.valid_bits[n] for n in range(3, 8)])
    counts, kept = (page.count_ngrams(page.train_names, 2, distinct) for distinct in (False, True))
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(page.by_code),
        n_count=counts["n"],
        n_before=kept["n"],
        u_count=counts["u"],
        u_before=kept["u"],
        valid_absolute=valid[:, 0].min(),
        valid_best=valid[:, 2].min(),
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
    claim(
        'By occurrences "n" is five times as probable as "u".',
        4.5 < counts["n"] / counts["u"] < 5.5,
    )
    after_vowels = sum(counts[vowel + "n"] for vowel in "aeio") / counts["n"]
    claim(
        'But three in four of these "n" follow',
        0.7 < after_vowels < 0.8 and kept["u"] > kept["n"],
    )
    claim(
        "Modified 5-grams are best on the validation names",
        page.best_n == 5 and valid.min() == valid[2, 2],
    )
    claim(
        "absolute discounting needs {glue:text}`valid_absolute:.2f` at best.",
        valid[:, 0].min() - valid[:, 2].min() > 0.1,
    )
    claim(
        "To look back further than four letters does not help.",
        valid[3:, 2].min() > valid[2, 2],
    )
    invented(page)
    names(page)
    novels(page)
    inside(page)


def invented(page):
    """Names that the network makes up."""
    share = page.share_known
    claim("much of what comes out is on the training list", share[0.3] > 0.2)
    claim("At 1.0 most are new", share[1.0] < 0.45 and share[2.0] < 0.1)


def names(page):
    """Counts against networks and a regression."""
    every, lstms = page.lstms, page.lstms[page.lstms["rate"] == page.best]
    ours, dropped = (lstms[lstms["dropout"] == kind] for kind in ("output", "everywhere"))
    rate = ours["rate"].iloc[0]
    mixed = page.results.query(
        "study == 'names' and mix == 'LSTM and 5-grams' and dropout == 'output' and rate == @rate"
    )["test"]
    ngram_bits, of_regression = page.bits(page.of_ngrams), page.regression["test"].item()
    quote(
        names_ngrams=ngram_bits,
        names_lstm_best=ours["test"].min(),
        names_lstm_worst=ours["test"].max(),
        names_error=ours["lead_error"].median(),
        names_regression=of_regression,
        dropped_best=dropped["test"].min(),
        dropped_worst=dropped["test"].max(),
        names_mixed_best=mixed.min(),
        names_mixed_worst=mixed.max(),
    )
    claim(
        "At the rate that is best on the validation names",
        rate == 0.015 and len(ours) == len(dropped) == len(mixed) == 5 and len(every) == 30,
    )
    claim("so this is nearly a tie.", (ours["lead"] / ours["lead_error"]).max() < 2.5)
    claim("With more dropout the LSTM is ahead of the 5-grams", dropped["test"].max() < ngram_bits)
    claim("but not of the regression", of_regression < dropped["test"].min())
    claim(
        "Best is the mean of two predictions, an LSTM's and the 5-grams'",
        mixed.max() < of_regression - 0.02,
    )


def novels(page):
    """Two costs on the same chapters."""
    rows = page.results[page.results["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    small = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.012)]
    small_kept = small[small["gates"] == "Keras's"].iloc[0]
    small_open = small[small["gates"] == "open"]
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    tables = rows[rows["model"] == "table"].set_index("table")
    told, not_told = tables.loc["told"], tables.loc["not told"]
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        austen_characters=page.novels["text"].str.len().sum() / 1e6,
        size_nine=int(best["size"]),
        size_five=int(at_marks["size"]),
        size_lstm=int(opened["size"]),
        novels_ngrams=best["test"],
        novels_five=at_marks["test"],
        novels_lstm=opened["test"],
        mark_nine=best["quote_test"],
        mark_ngrams=at_marks["quote_test"],
        mark_lstm=opened["quote_test"],
        mark_told=told["quote_test"],
        open_best=small_open["quote_test"].min(),
        open_worst=small_open["quote_test"].max(),
        open_bits=small_open["test"].mean(),
        kept_mark=small_kept["quote_test"],
        kept_bits=small_kept["test"],
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
        valid_lead=at_marks["quote_valid"] - opened["quote_valid"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per quotation mark)", at_marks["order"] == 5)
    claim(
        "Per character the n-grams win, with ten times as many numbers",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"]
        and 9 < best["size"] / opened["size"] < 11,
    )
    claim(
        "Per quotation-mark prediction the LSTM is ahead of all n-grams",
        lead["low"] > 0 and opened["quote_test"] < grams["quote_test"].min() - 0.05,
    )
    claim(
        "This has a price.",
        len(small_open) == 3
        and abs(small_kept["quote_test"] - grams["quote_test"].min()) < 0.02
        and small_open["quote_test"].max() < grams["quote_test"].min() - 0.04
        and small_kept["test"] < small_open["test"].min(),
    )
    claim("Counts of 4 characters", told["order"] == not_told["order"] == 4)
    claim(
        "With it, four characters do as well as the LSTM",
        abs(told["quote_test"] - opened["quote_test"]) < 0.01
        and not_told["quote_test"] > opened["quote_test"] + 0.05,
    )


def inside(page):
    """Does it go by the mark?"""
    nothing, opened, closed = (page.means[front] for front in page.fronts)
    quote(trained=True, near_without=nothing[0], near_open=opened[0])
    claim("characters in, an open speech raises the mean from", opened[0] > 3 * nothing[0])
    claim("a closed one hardly at all", closed[0] - nothing[0] < 0.02 < 0.1 < opened[0])
    claim(
        "beyond 200 characters little is left",
        opened[0] > 1.5 * opened[1] > 1.5 * opened[2] and opened[2] - nothing[2] < 0.02,
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
    claim("More than half of the test names are but one letter away", len(page.near) > 150)
