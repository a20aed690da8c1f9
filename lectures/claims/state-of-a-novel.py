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
    """Occlusion: one speech whose mark is near, and one whose mark is far."""
    near, far = page.occluded["Mr. Bennet"], page.occluded["Mrs. Bennet"]
    whole = page.mark_probability([page.speech])[0]
    whole_far = page.mark_probability([page.long_speech])[0]
    mark, mark_far = page.speech.rindex('"'), page.long_speech.rindex('"')
    quote(long_back=len(page.long_speech) - mark_far)
    quote(trained=True, alone=page.alone)
    claim("is enough to tell that she speaks", page.alone > 0.25)
    claim("One chance in three.", 0.25 < whole < 0.42)
    claim(
        "Without the opening mark, Mr. Bennet's speech has hardly any chance to end here",
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
        "whether it is there makes no difference",
        abs(far[mark_far] - whole_far) < 0.02 and np.abs(far[:-20] - whole_far).max() < 0.02,
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
    claim("At 200 characters the dots of both kinds largely overlap", mark[200][2] < 0.75)
    last = page.inserted.query("distance == '200 back'")
    pairs = [
        last.loc[last["mark"] == kind, "probability"].to_numpy() for kind in ("opening", "closing")
    ]
    claim("in most texts the opening mark still leads to", np.mean(pairs[0] > pairs[1]) > 0.6)
    untrained = [shares[3] for shares in page.held.values()]
    claim(
        "Guessing gets 0.50, and from an untrained cell a probe gets no more.",
        np.abs(np.array(untrained) - 0.5).max() < 0.08,
    )
    claim(
        "At 200 characters the probe of the cell is right more often than that of the logits.",
        mark[200][0] > mark[200][2] + 0.03 and mark[200][0] > 0.65,
    )
    claim("A linear probe finds less in $h$, too", mark[200][1] < mark[200][0] - 0.03)
    claim(
        "The cell holds its place as well, and the predictions show much less of it.",
        all(cell > logits + 0.08 for cell, _, logits, _ in semicolon.values())
        and semicolon[200][0] > 0.58 > semicolon[200][2],
    )


def costs(text):
    """Two costs on the same chapters."""
    rows = load_results("char_language_models")
    grams = rows[rows["model"] == "n-grams"]
    lstm = rows[rows["model"] == "LSTM(256)"].iloc[0]
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    best = grams.loc[grams["valid"].idxmin()]
    decided = (text.count(".") + text.count(",")) / len(text)
    lead = load_comparisons("char_language_models")["per decision: LSTM(256) - n-grams"]
    quote(
        nine_size=int(best["size"]),
        share_decided=decided,
        lstm_size=int(lstm["size"]),
        mark_lstm=lstm["quote_test"],
        lead_per_decision=lead["estimate"],
        lead_per_character=lead["estimate"] * decided,
        lost_per_character=lstm["test"] - best["test"],
        mark_regression=regression["quote_test"],
    )
    claim("counts for $n = 9$, the best on validation chapters", best["order"] == 9)
    claim(
        "Per character the counts win, from $n = 6$ on",
        grams.loc[grams["order"] >= 6, "test"].max()
        < lstm["test"]
        < grams.loc[grams["order"] < 6, "test"].min(),
    )
    claim(
        "Per decision the LSTM wins against every $n$",
        lead["low"] > 0 and lstm["quote_test"] < grams["quote_test"].min() - 0.05,
    )
    claim("So the two are level", abs(regression["quote_test"] - lstm["quote_test"]) < 0.01)
    small = rows[rows["model"] == "LSTM(128)"]
    kept = small[small["gates"] == "Keras's"].iloc[0]
    opened = small[(small["gates"] == "open") & (small["rate"] == kept["rate"])]
    claim(
        "open gates are better per decision and worse per character",
        opened["quote_test"].max() < kept["quote_test"] - 0.04
        and opened["test"].min() > kept["test"] + 0.05,
    )


def exercises(page):
    ratios = page.by_distance.median()
    claim(
        "Up to some 50 characters the mark makes a closing one many times as probable",
        len(page.cases) > 150 and ratios["mark"].iloc[:2].min() > 5 > 1.3 > ratios["mark"].iloc[3],
    )
    claim("The letter does not matter.", abs(ratios["letter"] - 1).max() < 0.1)
