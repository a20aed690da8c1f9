"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import re

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    needed(page)
    used(page)
    decided(page)
    costs("".join(page.chapters))


def needed(page):
    """Occlusion: one speech, at a comma and at a full stop."""
    near, stop = page.occluded["at a comma"], page.occluded["at a full stop"]
    whole, whole_stop = page.mark_probability([page.speech, page.stopped])
    mark = page.speech.rindex('"')
    both, only_i, only_you, neither, both_comma, neither_comma = page.sentences.to_numpy()
    claim(
        "tell the model that somebody speaks, and the mark adds nothing",
        both[0] > 0.3 and abs(np.ptp(both)) < 0.05,
    )
    claim(
        "With one of them it adds something, with neither it more than doubles the probability.",
        all(one[1] - one[0] > 0.03 and one[1] < 1.8 * one[0] for one in (only_i, only_you))
        and neither[1] > 2 * neither[0],
    )
    claim(
        "At the comma both sentences need it.",
        both_comma[1] > 8 * both_comma[0] and neither_comma[1] > 8 * neither_comma[0],
    )
    claim("One chance in three.", 0.25 < whole < 0.42)
    claim(
        "nothing lowers the probability as much as to leave out the opening mark, the new line",
        set(np.argsort(near)[:3]) == {mark - 1, mark, 99}
        and np.sort(near)[2] < 0.1 < 0.15 < np.sort(near)[3],
    )
    claim(
        "the deepest dips are now at the new line and at the first word, *I*",
        set(np.argsort(stop[:90])[:2]) == {mark - 1, mark + 1},
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
        "to more than 0.2, farther back it rises less",
        opened.iloc[:2].min() > 0.2
        and opened.iloc[1:].is_monotonic_decreasing
        and opened["200 back"] < 0.6 * opened["20 back"],
    )
    claim(
        "If the speech is closed again, the median does not rise",
        (closed < page.without + 0.02).all(),
    )
    claim("and at 100 characters it falls", closed["100 back"] < page.without - 0.01)
    claim(
        "also beyond the 100 characters that its training pieces had",
        opened["150 back"] > 1.2 * closed["150 back"],
    )
    rise = {name: p - page.without for name, p in page.kinds.items()}
    claim(
        "The single mark and the *I* do nearly as much as the opening one, a closing mark lowers",
        min(rise["single mark"], rise["word I"]) > 0.5 * rise["opening mark"] > 0.05
        and rise["closing mark"] < -0.01
        and max(abs(rise["parenthesis"]), abs(rise["new line"])) < 0.02,
    )
    inside = [
        speech_is_open(paragraph[: found.start()])
        for paragraph in "\n".join(page.novels["text"]).split("\n")
        for found in re.finditer(" '(?=[A-Za-z])", paragraph)
    ]
    claim("nearly always stands inside a speech", np.mean(inside) > 0.97 and len(inside) > 100)
    claim("Repeat this in 60 texts", len(page.places) == len(set(page.places)) == 60)


def decided(page):
    """Decisions from the last characters, with the marks erased; the four frequencies."""
    comma, stop = ({k: bits[after] for k, bits in page.decision_bits.items()} for after in ",.")
    all_read, blind, control = "last 100", "last 100, marks erased", "last 100, letters erased"
    four, told = "four frequencies, told", "last 100, told"
    claim(
        "At commas nearly all that the model gains from farther back comes from the marks",
        comma[blind] - comma[all_read] > 0.7 * (comma["last 10"] - comma[all_read])
        and comma[control] - comma[all_read] < 0.4 * (comma[blind] - comma[all_read]),
    )
    claim("and it beats the four frequencies", comma[all_read] < comma[four] - 0.02)
    claim(
        "At full stops erasing the marks costs almost nothing",
        abs(stop[blind] - stop[all_read]) < 0.3 * (stop["last 10"] - stop[all_read]),
    )
    claim("and the four frequencies beat the LSTM", stop[four] < stop[all_read] - 0.02)
    claim(
        "it improves at both",
        comma[told] < comma[all_read] - 0.005 and stop[told] < stop[all_read] - 0.02,
    )
    claim(
        "Outside a speech a mark hardly ever follows",
        page.frequencies.unstack()[False].max() < 0.01,
    )
    claim(
        "Beyond a hundred characters there is hardly anything to gain.",
        all(abs(each["last 200"] - each["last 100"]) < 0.015 for each in (comma, stop)),
    )


def speech_is_open(text):
    """Whether a speech is open at the end of a text, which begins with a paragraph or far back."""
    return text.split("\n")[-1].count('"') % 2 == 1


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
        six_size=int(grams.loc[grams["order"] == 6, "size"].item()),
        nine_size=int(best["size"]),
        share_decided=decided,
        lstm_size=int(lstm["size"]),
        lead_per_decision=lead,
        lead_per_character=lead * decided,
        lost_per_character=lstm["test"] - best["test"],
    )
    claim("for $n = 9$, the best on validation chapters", best["order"] == 9)
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
    quote(lstm_bits=lstm["quote_test"], grams_bits=grams["quote_test"].min())


def exercises(page):
    claim("A second opening mark raises the probability further.", page.twice > 1.2 * page.once)
    ratios = page.by_distance.median()
    comma, stop = ratios.loc["comma", "mark"], ratios.loc["full stop", "mark"]
    claim(
        "at commas up to about 50 characters, the mark makes a closing one many times as probable",
        len(page.cases) > 150 and comma.iloc[:2].min() > 5 > 1.3 > comma.iloc[3],
    )
    claim("At full stops it matters much less", stop.max() < 1.6 < comma.iloc[:2].min() / 4)
    claim("The letter does not matter.", abs(ratios["letter"] - 1).max() < 0.1)
