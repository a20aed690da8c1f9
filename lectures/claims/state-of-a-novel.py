"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote

CELLS = ("c before", "c after")


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
        "reveal that somebody speaks, and the mark adds nothing",
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
        "If the speech is closed again, the median does not rise.",
        (closed < page.without + 0.02).all(),
    )
    claim(
        "also beyond the 100 characters that its training pieces had",
        opened["150 back"] > 1.2 * closed["150 back"],
    )
    claim("Do it in 60 texts", len(page.places) == len(set(page.places)) == 60)


def held(page):
    """What probes read from the cell, from h, from the logits; the cell swapped."""
    mark = {back: page.held["mark", f"{back} back"] for back in (50, 100, 200)}
    letter = [page.held["letter q", f"{back} back"] for back in (50, 100, 200)]
    claim(
        "With distance the mark gets harder to read.",
        all(mark[50][k] > mark[100][k] > mark[200][k] for k in range(4)),
    )
    claim(
        "the probe of the cell is still right for about three texts in four",
        0.66 < mark[200][0] < 0.85,
    )
    claim(
        "At 50 and 100 characters the cell holds it as well as the mark.",
        all(abs(mark[back][0] - q[0]) < 0.06 for back, q in zip((50, 100), letter, strict=False)),
    )
    claim(
        "Yet the *q* can hardly be read from $\\tanh(c)$",
        max(max(shares[1:]) for shares in letter) < 0.68 < mark[100][1],
    )
    q = [page.swapped["q, 50 back", h, c] for h in ("h before", "h after") for c in CELLS]
    claim("Swap the cells of the texts with a *q*, and nothing changes", np.ptp(q) < 0.01)
    for back in ('", 50 back', '", 200 back'):
        own, closed = (
            page.swapped[back, "h before", "c before"],
            page.swapped[back, "h after", "c after"],
        )
        follows = abs(page.swapped[back, "h after", "c before"] - own) < 0.35 * (
            own - closed
        ) and abs(page.swapped[back, "h before", "c after"] - closed) < 0.35 * (own - closed)
        if "50" in back:
            claim(
                "With the mark the prediction follows the cell, at both distances",
                follows and own > 2 * closed,
            )
        else:
            claim("At 200 characters the effect is small.", follows and 0 < own - closed < 0.06)


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
        "about as much as the LSTM with",
        abs(tables["told"] - lstm["quote_test"])
        < 0.1 * (grams["quote_test"].min() - lstm["quote_test"])
        < tables["not told"],
    )
    small = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.012)]
    (closed,) = small.loc[small["gates"] != "open", ["quote_test", "test"]].to_numpy()
    opened = small[small["gates"] == "open"]
    quote(
        closed_bits=closed[0],
        open_least=opened["quote_test"].min(),
        open_most=opened["quote_test"].max(),
    )
    claim("no less than the best n-grams", closed[0] >= grams["quote_test"].min())
    claim(
        "Three that began with nearly open gates",
        len(opened) == 3 and opened["quote_test"].max() < closed[0] - 0.05,
    )
    claim(
        "but lose a little on all characters together", 0 < opened["test"].min() - closed[1] < 0.1
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
