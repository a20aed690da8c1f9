"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    needed(page)
    used(page)
    held(page)
    decided(page)
    costs("".join(page.chapters))


def needed(page):
    """Occlusion: one speech, at a comma and at a full stop."""
    near, stop = page.occluded["at a comma"], page.occluded["at a full stop"]
    whole, whole_stop = page.mark_probability([page.speech, page.stopped])
    mark = page.speech.rindex('"')
    said, told, said_comma, told_comma = page.sentences.to_numpy()
    claim(
        "tell the model that somebody speaks, and the mark adds nothing",
        said[0] > 0.3 and abs(np.ptp(said)) < 0.05,
    )
    claim(
        "the mark more than doubles the probability",
        told[1] > 2 * told[0] and said[0] > 2 * told[0],
    )
    claim(
        "At the comma both sentences need it.",
        said_comma[1] > 8 * said_comma[0] and told_comma[1] > 8 * told_comma[0],
    )
    claim("One chance in three.", 0.25 < whole < 0.42)
    claim(
        "without it the speech is very unlikely to end here",
        near[mark] < 0.03,
    )
    claim(
        "The full stop and the new line before the speech matter, and so do the comma",
        near[mark - 2 : mark].max() < 0.75 * whole and near[-3:].max() < 0.4 * whole,
    )
    claim(
        "Further back nothing matters as much as the opening mark",
        np.delete(near, [mark - 2, mark - 1, mark, 97, 98, 99]).min() > near[mark - 1],
    )
    claim(
        "without the mark a closing one is as probable as with it",
        abs(stop[mark] - whole_stop) < 0.04,
    )


def used(page):
    """Marks that are inserted into narration."""
    by_kind = page.inserted.groupby(["speech", "distance"], sort=False)["probability"]
    opened, closed = by_kind.median()["opened"], by_kind.median()["opened and closed"]
    quote(trained=True, no_mark=page.without)
    claim(
        "to more than 0.2, farther back it rises less and less",
        opened.iloc[:2].min() > 0.2
        and opened.iloc[1:].is_monotonic_decreasing
        and opened["200 back"] < 0.6 * opened["20 back"],
    )
    claim(
        "If the speech is closed again, the median does not rise",
        (closed < page.without + 0.02).all(),
    )
    misread = page.inserted.query("speech == 'opened and closed'")
    high = misread[misread["probability"] > 0.2].groupby("distance").size()
    claim(
        "20 characters back, a few of these texts are misread as still open",
        3 <= high.get("20 back", 0) < 20 and high.idxmax() == "20 back",
    )
    claim(
        "also beyond the 100 characters that its training pieces had",
        opened["150 back"] > 1.2 * closed["150 back"],
    )
    claim("Repeat this in 60 texts", len(page.places) == len(set(page.places)) == 60)


def held(page):
    """What probes read from the cell, from h, from the logits; the cell swapped."""
    mark = {back: page.held["mark", f"{back} back"] for back in (50, 200)}
    q, e = (page.held[f"letter {letter}", "50 back"] for letter in "qe")
    claim("The mark can be read at each stage.", min(mark[50]) > 0.75 and len(page.texts) == 210)
    claim(
        "At 200 characters it is harder",
        all(m < n for m, n in zip(mark[200], mark[50], strict=True)),
    )
    claim(
        "the probe of the cell is still right for about three texts in four",
        0.66 < mark[200][0] < 0.85,
    )
    claim(
        "the *q* can be read from $c$ as well as the mark, the more common *e* hardly",
        abs(q[0] - mark[50][0]) < 0.06 and e[0] < 0.7,
    )
    claim("from $\\tanh(c)$ on, nothing can be read of either", max(q[1:] + e[1:]) < 0.62)
    of_mark, of_q = page.cells.values()
    claim(
        "The cell for the mark lies where the tanh is steep",
        all(np.median(np.abs(values)) < 2 for values in of_mark)
        and abs(np.tanh(np.median(of_mark[0])) - np.tanh(np.median(of_mark[1]))) > 0.4,
    )
    claim(
        "far out, where the tanh is $-1$ whatever the cell holds",
        max(values.max() for values in of_q) < -20
        and abs(np.median(of_q[0]) - np.median(of_q[1])) > 10,
    )
    near, far, letter = page.swapped.values()
    claim(
        "a mark is no more probable than in narration",
        near["mark, other c"] < page.without + 0.03 < near["mark, own"] - 0.1,
    )
    claim(
        "At 200 characters the effect is small.",
        0 < far["mark, own"] - far["mark, other c"] < 0.06,
    )
    claim(
        "The $h$ hardly matters", all(row["moved, other h"] < 0.01 for row in (near, far, letter))
    )
    claim(
        "swap the cells of the texts with a *q*, and hardly anything moves",
        letter["moved, other c"] < 0.03 < 0.1 < near["moved, other c"],
    )


def decided(page):
    """Decisions from the last characters, with the marks erased."""
    kept, erased = np.array(list(page.decision_bits.values())).T
    claim(
        "The cost falls up to about a hundred characters.",
        (np.diff(kept[:4]) < 0).all() and kept[3] - kept[4] < 0.01 < kept[2] - kept[3] + 0.005,
    )
    claim(
        "Most of that gain comes from the marks: with them erased, little is left of it.",
        kept[0] - kept[3] > 2 * (erased[0] - erased[3]),
    )


def costs(text):
    """Two costs on the same chapters."""
    rows = load_results("char_language_models")
    grams = rows[rows["model"] == "n-grams"]
    lstm = rows[rows["model"] == "LSTM(256)"].iloc[0]
    best = grams.loc[grams["valid"].idxmin()]
    decided = (text.count(".") + text.count(",")) / len(text)
    lead = best["quote_test"] - lstm["quote_test"]
    bounds = load_comparisons("char_language_models")["per decision: LSTM(256) - n-grams"]
    quote(
        nine_size=int(best["size"]),
        share_decided=decided,
        lstm_size=int(lstm["size"]),
        lead_per_decision=lead,
        lead_per_character=lead * decided,
        lost_per_character=lstm["test"] - best["test"],
    )
    claim("counts for $n = 9$, the best on validation chapters", best["order"] == 9)
    claim(
        "the n-grams win, from $n = 6$ on",
        grams.loc[grams["order"] >= 6, "test"].max()
        < lstm["test"]
        < grams.loc[grams["order"] < 6, "test"].min(),
    )
    claim(
        "the LSTM wins against every $n$",
        bounds["low"] > 0 and lstm["quote_test"] < grams["quote_test"].min() - 0.05,
    )
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    quote(
        lstm_bits=lstm["quote_test"],
        grams_bits=grams["quote_test"].min(),
        regression_bits=regression["quote_test"],
    )
    claim("does as well", abs(regression["quote_test"] - lstm["quote_test"]) < 0.01)


def exercises(page):
    ratios = page.by_distance.median()
    comma, stop = ratios.loc["comma", "mark"], ratios.loc["full stop", "mark"]
    claim(
        "at commas up to about 50 characters, the mark makes a closing one many times as probable",
        len(page.cases) > 150 and comma.iloc[:2].min() > 5 > 1.3 > comma.iloc[3],
    )
    claim("At full stops it hardly matters at any distance", abs(stop - 1).max() < 0.15)
    claim("The letter does not matter.", abs(ratios["letter"] - 1).max() < 0.1)
