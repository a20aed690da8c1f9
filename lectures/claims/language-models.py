"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np
import pandas as pd

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    scores = pd.Series(page.valid_bits)
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(page.by_code),
        valid_best=scores.min(),
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
    claim("On the validation names 5-grams are best", page.best_n == scores.idxmin() == 5)
    claim("Looking back further than four letters does not help", scores.loc[6:].min() > scores[5])
    invented(page)
    names(page)
    novels(page)
    from_the_last_characters(page)


def invented(page):
    """Names that the network makes up."""
    share = {}
    for temperature in (0.3, 1.0, 2.0):
        made_up = page.write_names(page.network, page.symbols, "", 300, temperature)
        share[temperature] = np.mean([name in page.train_names for name in made_up])
    claim("much of what comes out is on the training list", share[0.3] > 0.2)
    claim("At 1.0 most are new", share[1.0] < 0.45 and share[2.0] < 0.1)


def names(page):
    """Counts against networks and a regression."""
    every, lstms = page.lstms, page.lstms[page.lstms["rate"] == page.best]
    ours, dropped = (lstms[lstms["dropout"] == kind] for kind in ("output", "everywhere"))
    rows = page.results.query("study == 'names' and dropout == 'everywhere'")
    rows = rows[rows["rate"] == dropped["rate"].iloc[0]]
    kinds = ("LSTM and 5-grams", "two LSTMs", "five LSTMs")
    mixed, two, five = (rows.loc[rows["mix"] == kind, "test"] for kind in kinds)
    ngram_bits, of_regression = page.bits(page.of_ngrams), page.regression["test"].item()
    quote(
        names_error=lstms["lead_error"].median(),
        names_mixed_best=mixed.min(),
        names_mixed_worst=mixed.max(),
        names_five=five.item(),
    )
    claim(
        "each at the rate that is best on the validation names",
        len(ours) == len(dropped) == len(mixed) == len(two) == 5 and len(every) == 30,
    )
    claim(
        "Each differs by less than two standard errors",
        (lstms["lead"] / lstms["lead_error"]).abs().max() < 2
        and lstms["lead_error"].between(0.02, 0.035).all(),
    )
    claim(
        "The mean of two predictions is best, that of an LSTM with more dropout",
        mixed.max() < min(of_regression, ngram_bits, two.min(), five.item()) - 0.02
        and mixed.min() == page.results.query("study == 'names'")["test"].min(),
    )
    claim("no single LSTM beats the regression", every["test"].min() > of_regression)


def novels(page):
    """Two costs on the same chapters."""
    rows = page.results[page.results["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    kept = rows[(rows["model"] == "LSTM(128)") & (rows["gates"] == "Keras's")]["quote_test"].item()
    small = rows[(rows["model"] == "LSTM(128)") & (rows["gates"] == "open")]
    began_open = small.loc[small["rate"] == 0.012, "quote_test"]
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    tables = rows[rows["model"] == "table"].set_index("table")
    told, not_told = tables.loc["told"], tables.loc["not told"]
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        austen_characters=page.novels["text"].str.len().sum() / 1e6,
        novels_ngrams=best["test"],
        novels_five=at_marks["test"],
        novels_lstm=opened["test"],
        mark_nine=best["quote_test"],
        mark_ngrams=at_marks["quote_test"],
        mark_lstm=opened["quote_test"],
        mark_told=told["quote_test"],
        kept_mark=kept,
        open_mark=began_open.mean(),
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
        valid_lead=at_marks["quote_valid"] - opened["quote_valid"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per quotation mark)", at_marks["order"] == 5)
    claim(
        "Per character the n-grams win.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"],
    )
    claim(
        "On quotation marks the LSTM is ahead of all n-grams",
        lead["low"] > 0
        and opened["quote_test"] < grams["quote_test"].min() - 0.05
        and grams["order"].max() == 14,
    )
    claim("That mattered", len(began_open) == 3 and began_open.max() < kept - 0.04)
    claim("no less than the n-grams", kept > grams["quote_test"].min())
    claim("Counts of 4 characters", told["order"] == not_told["order"] == 4)
    claim(
        "with a flag made by hand do as well",
        abs(told["quote_test"] - opened["quote_test"]) < 0.01
        and not_told["quote_test"] > opened["quote_test"] + 0.05,
    )


def from_the_last_characters(page):
    """What the LSTM needs if it sees only the end of what stands before a mark."""
    costs = dict(zip(page.lengths, page.costs, strict=True))
    quote(trained=True, marks_twenty=costs[20], marks_fifty=costs[50])
    gained = costs[20] - costs[100]
    claim("nearly all of it is gone", costs[20] - page.blanked[-1] < 0.25 * gained)
    claim("With 20 characters it needs", costs[20] - costs[50] > 0.04)
    claim(
        "Beyond 100 hardly anything is gained.",
        abs(costs[100] - costs[200]) < 0.012,
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
