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
        "Looking back further than four letters does not help.",
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
    mixed = page.results.query("study == 'names' and mix == 'LSTM and 5-grams'")
    mixed = mixed[(mixed["dropout"] == "everywhere") & (mixed["rate"] == dropped["rate"].iloc[0])]
    mixed = mixed["test"]
    ngram_bits, of_regression = page.bits(page.of_ngrams), page.regression["test"].item()
    quote(
        names_error=ours["lead_error"].median(),
        names_regression=of_regression,
        names_mixed_best=mixed.min(),
        names_mixed_worst=mixed.max(),
    )
    both = lstms[lstms["seed"].notna()]
    claim(
        "each at the rate that is best on the validation names",
        len(ours) == len(dropped) == len(mixed) == 5 and len(every) == 30,
    )
    claim(
        "The LSTMs differ from the 5-grams by less than two standard errors",
        (both["lead"] / both["lead_error"]).abs().max() < 2,
    )
    gap = dropped["test"].mean() - of_regression
    claim("With more dropout they come close to the regression", 0 < gap < 0.03)
    every_mix = page.results.query("study == 'names' and mix == 'LSTM and 5-grams'")["test"]
    claim(
        "Of what we tried, the mean of two predictions is best",
        mixed.max() < min(of_regression, ngram_bits) - 0.02 and mixed.min() == every_mix.min(),
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
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
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
        mark_regression=regression["quote_test"],
        size_small=int(small_open["size"].iloc[0]),
        size_small_kept=int(small_kept["size"]),
        open_mark=small_open["quote_test"].mean(),
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
        "and on marks no better than the n-grams",
        len(small_open) == 3
        and abs(small_kept["quote_test"] - grams["quote_test"].min()) < 0.02
        and small_open["quote_test"].max() < grams["quote_test"].min() - 0.04
        and small_kept["test"] < small_open["test"].min(),
    )
    claim("Counts of 4 characters", told["order"] == not_told["order"] == 4)
    claim(
        "do as well without a state",
        abs(told["quote_test"] - opened["quote_test"]) < 0.01
        and abs(regression["quote_test"] - opened["quote_test"]) < 0.01
        and not_told["quote_test"] > opened["quote_test"] + 0.05,
    )


def inside(page):
    """Does it use the mark?"""
    nothing, opened, closed, longer, words = (page.means[front] for front in page.fronts)
    quote(
        trained=True,
        near_without=nothing[0],
        near_open=opened[0],
        near_longer=longer[0],
        near_closed=closed[0],
        near_words=words[0],
    )
    claim("characters in, an opening mark raises the mean from", opened[0] > 3 * nothing[0])
    claim(
        "and closing the speech takes some of that away",
        nothing[0] < words[0] < closed[0] < longer[0] < opened[0] and longer[1] > closed[1],
    )
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
