"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    needed(page)
    used(page)
    held(page)
    costs("".join(page.chapters))


def needed(page):
    """Occlusion: one speech, at a comma and at a full stop."""
    near, stop = page.occluded["at a comma"], page.occluded["at a full stop"]
    whole, whole_stop = page.mark_probability([page.speech, page.stopped])
    mark = page.speech.rindex('"')
    claim(
        "yet the first gives the probability that it had in the chapter",
        abs(page.alone - whole_stop) < 0.04,
    )
    claim("The third person tells much less of a speech", page.told < 0.5 * page.alone)
    claim("One chance in three.", 0.25 < whole < 0.42)
    claim(
        "without the opening mark, the speech has hardly any chance to end",
        near[mark] < 0.03,
    )
    claim(
        "The full stop and the new line before it matter too, and at the end the comma and the",
        near[mark - 2 : mark].max() < 0.75 * whole and near[-3:].max() < 0.4 * whole,
    )
    claim(
        "No other character matters as much.",
        np.delete(near, [mark - 2, mark - 1, mark, 97, 98, 99]).min() > near[mark - 1],
    )
    claim(
        "without the mark a closing one is as probable as with it",
        abs(stop[mark] - whole_stop) < 0.04,
    )


def used(page):
    """Marks that are inserted into narration."""
    by_kind = page.inserted.groupby(["mark", "distance"], sort=False)["probability"]
    opening, closing = by_kind.median()["opening"], by_kind.median()["closing"]
    quote(trained=True, no_mark=page.without)
    claim(
        "to more than 0.2, farther back it rises less and less",
        opening.iloc[:2].min() > 0.2
        and opening.iloc[1:].is_monotonic_decreasing
        and opening["200 back"] < 0.6 * opening["20 back"],
    )
    claim("A closing mark changes little.", abs(closing - page.without).max() < 0.03)
    titles = np.array([text[-4:].strip() in ("Mr.", "Mrs.", "Dr.", "St.") for text in page.places])
    probabilities = page.mark_probability(page.places)
    claim(
        "are stops of abbreviations",
        0 < np.sum(titles) == np.sum(probabilities < 0.01) and probabilities[titles].max() < 0.01,
    )
    claim(
        "also beyond the 100 characters that its training pieces had",
        opening["150 back"] > 1.2 * closing["150 back"],
    )


def held(page):
    """What probes read from the cell, from the logits, from an untrained cell."""
    claim("Do it at 60 full stops", len(page.places) == len(set(page.places)) == 60)
    mark = {back: page.held["quotation mark", back] for back in (50, 100, 200)}
    semicolon = {back: page.held["semicolon", back] for back in (50, 100, 200)}
    claim("At 200 characters the dots of both kinds largely overlap", mark[200][1] < 0.75)
    last = page.inserted.query("distance == '200 back'")
    pairs = [
        last.loc[last["mark"] == kind, "probability"].to_numpy() for kind in ("opening", "closing")
    ]
    claim("in most texts the opening mark still leads to", np.mean(pairs[0] > pairs[1]) > 0.6)
    untrained = [shares[2] for shares in page.held.values()]
    claim(
        "Guessing gets 0.50, and from an untrained cell a probe gets no more.",
        np.abs(np.array(untrained) - 0.5).max() < 0.08,
    )
    claim(
        "At 200 characters the probe of the cell is right more often than that of the logits.",
        mark[200][0] > mark[200][1] + 0.03 and mark[200][0] > 0.65,
    )
    claim(
        "The cell tells the two apart as well, and the next prediction shows much less of it.",
        all(cell > logits + 0.08 for cell, logits, _ in semicolon.values())
        and semicolon[200][0] > 0.58 > semicolon[200][1],
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
    by_order = grams.set_index("order")["test"]
    claim(
        "beyond $n = 6$ the curve is nearly flat",
        by_order[6] - by_order.min() < 0.03 * (by_order[1] - by_order.min()),
    )


def exercises(page):
    ratios = page.by_distance.median()
    comma, stop = ratios.loc["comma", "mark"], ratios.loc["full stop", "mark"]
    claim(
        "At commas, up to some 50 characters, the mark makes a closing one many times as probable",
        len(page.cases) > 150 and comma.iloc[:2].min() > 5 > 1.3 > comma.iloc[3],
    )
    claim("At full stops it hardly matters at any distance.", abs(stop - 1).max() < 0.15)
    claim("The letter does not matter.", abs(ratios["letter"] - 1).max() < 0.1)
