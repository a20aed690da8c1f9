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
    said, told, said_comma, told_comma = page.sentences.to_numpy()
    claim(
        "tell that somebody speaks, and the mark adds nothing",
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
    """What probes read from the cell, from h, from the logits."""
    claim("Do it at 60 full stops", len(page.places) == len(set(page.places)) == 60)
    mark = {back: page.held["mark", f"{back} back"] for back in (50, 100, 200)}
    letter = [page.held["letter x", f"{back} back"] for back in (50, 100, 200)]
    claim("At 200 characters the dots of both kinds largely overlap", mark[200][2] < 0.75)
    last = page.inserted.query("distance == '200 back'")
    pairs = [
        last.loc[last["mark"] == kind, "probability"].to_numpy() for kind in ("opening", "closing")
    ]
    claim("in most texts the opening mark still leads to", np.mean(pairs[0] > pairs[1]) > 0.6)
    claim(
        "is still right in about three of four texts, those of $h$ and of the logits less often",
        0.68 < mark[200][0] < 0.85 and max(mark[200][1:]) < mark[200][0] - 0.03,
    )
    claim(
        "The cell holds traces of that, too, and the logits show none.",
        min(letter[0][0], letter[1][0]) > 0.58 and max(shares[2] for shares in letter) < 0.56,
    )
    claim("the difference lies between $c$ and $h$", abs(mark[200][1] - mark[200][2]) < 0.06)


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
    tables = rows[rows["model"] == "table"].set_index("table")["quote_test"]
    quote(
        table_bits=tables["not told"],
        told_bits=tables["told"],
        lstm_bits=lstm["quote_test"],
    )
    claim(
        "does about as well as the LSTM, to which nobody told it",
        tables["told"] - lstm["quote_test"]
        < 0.1 * (grams["quote_test"].min() - lstm["quote_test"])
        < tables["not told"],
    )
    small = rows[rows["model"] == "LSTM(128)"]
    kept = small[small["gates"] == "Keras's"].iloc[0]
    opened = small[(small["gates"] == "open") & (small["rate"] == kept["rate"])]
    quote(
        small_least=opened["quote_test"].min(),
        small_most=opened["quote_test"].max(),
        small_keras=kept["quote_test"],
    )
    claim(
        "no less than the n-grams",
        len(opened) == 3 and kept["quote_test"] > grams["quote_test"].min(),
    )
    claim(
        "That helps it to follow speeches, and costs some bits elsewhere",
        opened["quote_test"].max() < kept["quote_test"] - 0.04
        and opened["test"].min() > kept["test"] + 0.05,
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
