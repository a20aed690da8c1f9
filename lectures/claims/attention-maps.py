"""What `attention-maps` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    left = page.left  # replaced letter, patched state, sound
    quote(trained=True, er_u=left[5, 4, 3], er_r=left[5, 5, 3], er_intact=page.intact[3])
    weights, lost = page.attention_map, page.lost
    agree = weights.argmax(axis=1)[[0, 2, 4]] == lost.argmax(axis=1)[[0, 2, 4]]
    claim("For AE, B and N both grids have their largest value at the same letter", agree.all())
    claim("a word that the network has not seen in training", split_of(page) == ["test"])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("is what destroys the sound", at_u)
    claim(
        "The *h* has hardly any weight, yet replacing it costs as much as replacing the *s*",
        weights[1, 2] < 0.1 and abs(lost[1, 2] - lost[1, 1]) < 0.05 and lost[1, 2] > 0.9,
    )
    claim("replacing the *h* destroys the B, too", lost[2, 2] > 0.7)
    others = [
        [page.SOUNDS[symbol] for symbol in page.speak(word)[0]]
        for word in page.replaced("ashburn", 2)
    ]
    claim(
        "the B comes a step later or not at all: *askburn* is AH S K B ER N",
        sum(sounds[2:3] == ["B"] for sounds in others) < 6
        and ["AH", "S", "K", "B", "ER", "N"] in others,
    )
    own, other = page.encode(["ashburn"])[0], page.encode(["ashbuxn"])[0]
    claim(
        "so the first half is the same in both words",
        np.allclose(own[0, 4, :32], other[0, 4, :32], atol=1e-6)
        and not np.allclose(own[0, 4, 32:], other[0, 4, 32:], atol=0.1),
    )
    other_u = page.probabilities(page.encode(page.replaced("ashburn", 4)), page.said)[:, 3]
    by_letter = dict(zip("abcdefghijklmnopqrstvwxyz", other_u, strict=True))
    claim(
        "the ER is lost. The mean",
        max(by_letter[x] for x in "la") < 0.3 < 0.7 < np.median(other_u),
    )
    share = left / page.intact
    claim("probability of ER falls", share[5, 4, 3] < 0.1 < 0.6 < share[5, 5, 3])
    others_at_u = np.delete(share[:, 4, 3], [4, 5])
    claim("without the *b* or without the *n* does no harm", others_at_u.min() > 0.93)
    er = page.er_changed
    second_r = page.replaced("ashburn", 6).index("ashburr")
    claim("Those of another *r* all destroy the ER", (er["another r"] < 0.5).all())
    others = [p for name, p in er.items() if name != "another r"]
    lengths = [page.control[name][0] for name in er]
    claim(
        "Others of the same length do so in about one case in ten at most",
        max(np.mean(p < 0.5) for p in others) < 0.15 and np.ptp(lengths) < 0.05 * lengths[0],
    )
    claim("and the worst *n* is a second *r*", er["another n"].argmin() == second_r)
    claim(
        "what counts is the direction of the change, and not its length alone",
        er["another r"].mean() < 0.2 < 0.7 < min(p.mean() for p in others),
    )
    weight_patched = weight_at_u(
        page, page.patched(["ashburn"] * 25, page.replaced("ashburn", 5), 4)
    )
    quote(
        weight_u=weights[3, 4],
        weight_r=weights[3, 5],
        weight_clean=weights[3, 4],
        weight_patched=weight_patched,
    )
    claim("It looks where it looked before", abs(weight_patched - weights[3, 4]) < 0.1)
    claim(
        "With the state at the *u* alone most of the ER comes back",
        page.er_back["u"] > 0.4 > 0.1 > page.er_back["r"],
    )
    claim("and, less, the *u* itself", 0.1 < share[4, 4, 3] < 0.9)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("any of the words, and the SH stays", share[:, 2, 1].min() > 0.9)
    left = page.masked / page.intact  # masked state, sound
    largest = weights.argmax(axis=1)
    rest = [np.delete(left[:, s], largest[s]).min() for s in range(5)]
    claim(
        "Four of the five sounds are lost without the state of their largest weight, and survive "
        "the loss of any other",
        all(left[largest[s], s] < 0.1 and rest[s] > 0.9 for s in (0, 1, 2, 4)),
    )
    claim("The ER survives even without the state at the *u*", left[4, 3] > 0.8 and rest[3] > 0.8)
    both = page.both
    claim(
        "Patch the *u*, then mask it: the ER is back",
        both.loc["all states", "u patched"] < 0.2 < 0.8 < both.loc["u masked", "u patched"],
    )
    claim(
        "patch that one as well as masking the *u*, and the ER is lost",
        both.loc["u masked", "r patched"] < 0.1 < 0.6 < both.loc["all states", "r patched"],
    )
    sample(page)
    replications(load_results("spelling_to_sound"))


def split_of(page):
    """The parts of the data in which *ashburn* stands."""
    return page.words.loc[page.words["word"] == "ashburn", "split"].tolist()


def weight_at_u(page, encoded):
    """Mean attention weight of the ER of ashburn at the u."""
    states, g, cell = encoded
    before = np.tile([1, *page.said[:-1]], (len(states), 1))
    *_, weights = page.decoder([before, g, cell, states, np.ones(states.shape[:2], dtype=bool)])
    return np.array(weights)[:, 3, 4].mean()


def sample(page):
    """The new words."""
    cases, by_kind, found = page.cases, page.by_kind, page.found
    claim("Mostly the two agree", page.same_letter > 0.8)
    claim("already agrees in three sounds of four", 0.7 < found["on_diagonal"].mean() < 0.82)
    claim(
        "for one sound in five the map leaves out a letter that the sound itself needs",
        0.15 < found["itself"].mean() < 0.25 < found["overlooked"].mean(),
    )
    claim("The ER is the rarer case", len(cases) < 0.12 * len(found))
    er = cases[cases["sound"] == "ER"]
    claim(
        "Most are ERs. To patching they behave like that of *Ashburn*: the *r* costs most",
        len(er) > 0.5 * len(cases)
        and (er["by occlusion"] == "r").all()
        and er["attended"].isin(list("aeiou")).all()
        and (er["attended patched"] < er["own patched"] - 0.4).all(),
    )
    attended, own = by_kind["attended patched"], by_kind["own patched"]
    claim(
        "and the decoder reads it in the state at the vowel",
        attended["ER"] < 0.25 < 0.8 < own["ER"],
    )
    claim(
        "most of these words lose more of the ER than *Ashburn* does",
        (er["attended masked"] < 0.9).mean() > 0.6 and page.masked[4, 3] > 0.9,
    )
    claim(
        "For the few others patching at either state misleads",
        max(attended["others"], own["others"]) < 0.75 * by_kind.loc["others", "clean"],
    )


def replications(results):
    """Five more trainings of the page's network, and all new words."""
    others = results.query("model == 'attention' and state == 64 and chosen")
    for name, column in (("map", "patched_map"), ("own", "patched_worst")):
        values = {f"others_{name}_least": others[column].min()}
        quote(**values, **{f"others_{name}_most": others[column].max()})
    claim(
        "In five other trainings, over all such sounds",
        len(others) == 5
        and others["patched_map"].max() < 0.4 < 0.6 < others["patched_worst"].min(),
    )


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The AE suffers if the initial state has read another *a*", start[0, 0] < 0.5)
    claim("so does the B, which was not certain", start[4, 2] < 0.3)
    claim("One changed letter there hardly harms the others.", start[:, [1, 3, 4]].min() > 0.9)
    whole = {word: p / page.intact for word, p in page.by_word.items()}
    claim("that of *elegant* harms no sound", whole["elegant"].min() > 0.9)
    claim(
        "that of *burning* destroys the AE and harms the SH and the B",
        whole["burning"][:3].max() < 0.5 and whole["burning"][0] < 0.1,
    )
    half = page.by_half
    claim(
        "only the backward half can have read it",
        half["h", "forward"] > 0.9 > 0.2 > half["h", "backward"],
    )
    claim(
        "the SH depends on the *s* through the backward half, the B on the *b* mostly through the "
        "forward half",
        half["s", "backward"] < 0.3 < 0.6 < half["s", "forward"]
        and half["b", "forward"] < 0.2 < 0.3 < half["b", "backward"],
    )
    one = page.from_one
    claim(
        "For the SH the state at the *s* alone is enough, and that at the *h* alone is not",
        one["h"] < 0.1 < 0.9 < one["s"],
    )
    claim("Two states hold the *r*, and either is enough for the ER", min(one["u"], one["r"]) > 0.9)
    claim("The AE is as probable from the *a* alone", abs(one["a"] - page.intact[0]) < 0.1)
