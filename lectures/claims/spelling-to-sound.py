"""What `spelling-to-sound` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    left = page.left  # replaced letter, patched state, sound
    quote(trained=True, er_u=left[5, 4, 3], er_r=left[5, 5, 3], er_intact=page.intact[3])
    right_words = {"blight": "B L AY T", "videophone": "V IH D IY OW F OW N"}
    claim(
        "*Blight* and *videophone* are right",
        all(" ".join(page.spoken[word]) == said for word, said in right_words.items())
        and page.spoken["hiccough"][-1] != "P",
    )
    weights, lost = page.attention_map, page.lost
    agree = weights.argmax(axis=1)[[0, 2, 4]] == lost.argmax(axis=1)[[0, 2, 4]]
    claim("For AE, B and N both grids have their largest value at the same letter", agree.all())
    claim("*Ashburn* is one of the new words", split_of(page, "ashburn") == ["test"])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("is what destroys the sound", at_u)
    claim(
        "The *h* has hardly any weight, yet replacing it costs as much as replacing the *s*",
        weights[1, 2] < 0.1 and abs(lost[1, 2] - lost[1, 1]) < 0.05 and lost[1, 2] > 0.9,
    )
    claim("replacing the *h* destroys the B, too", lost[2, 2] > 0.7)
    own, other = page.encode(["ashburn"])[0], page.encode(["ashbuxn"])[0]
    claim(
        "so the first half is the same in both words",
        np.allclose(own[0, 4, :32], other[0, 4, :32], atol=1e-6)
        and not np.allclose(own[0, 4, 32:], other[0, 4, 32:], atol=0.1),
    )
    other_u = page.probabilities(page.encode(page.replaced("ashburn", 4)), page.said)[:, 3]
    by_letter = dict(zip("abcdefghijklmnopqrstvwxyz", other_u, strict=True))
    claim(
        "the ER is lost as well", max(by_letter[x] for x in "la") < 0.3 < 0.7 < np.median(other_u)
    )
    share = left / page.intact
    claim("probability of ER falls", share[5, 4, 3] < 0.1 < 0.6 < share[5, 5, 3])
    others_at_u = np.delete(share[:, 4, 3], [4, 5])
    claim("without the *b* or without the *n* does no harm", others_at_u.min() > 0.93)
    moved = np.concatenate(list(page.er_moved.values()))
    second_r = page.replaced("ashburn", 6).index("ashburr")
    claim("The ER hardly suffers.", all(er.mean() > 0.85 for er in page.er_moved.values()))
    claim(
        "Of the 50 changes one destroys it, and that one puts a second *r* in place of the *n*",
        len(moved) == 50 and (moved < 0.5).sum() == 1 and page.er_moved["n"][second_r] < 0.3,
    )
    weight_patched = weight_at_u(
        page, page.patched(["ashburn"] * 25, page.replaced("ashburn", 5), 4)
    )
    quote(weight_clean=weights[3, 4], weight_patched=weight_patched)
    claim("Its weight stays as large", abs(weight_patched - weights[3, 4]) < 0.1)
    claim(
        "With the state at the *u* alone most of the ER comes back",
        page.er_back["u"] > 0.4 > 0.1 > page.er_back["r"],
    )
    claim("and, less, the *u* itself", 0.1 < share[4, 4, 3] < 0.9)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("any of the words, and the SH stays", share[:, 2, 1].min() > 0.9)
    left = page.masked / page.intact  # masked state, sound
    largest = weights.argmax(axis=1)
    rest = [np.delete(left[:7, s], largest[s]).min() for s in range(5)]
    claim(
        "Four of the five sounds are lost without the state of their largest weight, and survive "
        "the loss of any other",
        all(left[largest[s], s] < 0.1 and rest[s] > 0.9 for s in (0, 1, 2, 4)),
    )
    claim("The ER survives even without the state at the *u*", left[4, 3] > 0.8 and rest[3] > 0.8)
    claim("Without both it is lost", left[7, 3] < 0.1)
    sample(page)
    words(page.results)


def split_of(page, word):
    """The parts of the data in which a word stands."""
    return page.words.loc[page.words["word"] == word, "split"].tolist()


def weight_at_u(page, encoded):
    """Mean attention weight of the ER of ashburn at the u."""
    states, g, cell = encoded
    before = np.tile([1, *page.said[:-1]], (len(states), 1))
    *_, weights = page.decoder([before, g, cell, states, np.ones(states.shape[:2], dtype=bool)])
    return np.array(weights)[:, 3, 4].mean()


def sample(page):
    """The new words."""
    cases, by_kind = page.cases, page.by_kind
    claim("Mostly the two agree", page.same_letter > 0.8)
    claim("But often the map leaves a letter out", page.half_overlooked > 0.25)
    claim("The ER is the rarer case", len(cases) < 0.12 * len(page.found))
    er = cases[cases["sound"] == "ER"]
    claim(
        "Most are ERs, and behave like that of *Ashburn*: the *r* costs most",
        len(er) > 0.5 * len(cases)
        and (er["by cost"] == "r").all()
        and er["by weight"].isin(list("aeiou")).all()
        and (er["patched by weight"] < er["patched own"] - 0.4).all(),
    )
    by_weight, own = by_kind["patched by weight"], by_kind["patched own"]
    claim(
        "and the decoder reads it in the state at the vowel",
        by_weight["ER"] < 0.25 < 0.8 < own["ER"],
    )
    others = by_kind.loc["others"]
    claim(
        "For the few others the difference is modest: either state misleads",
        own["others"] - by_weight["others"] < 0.25
        and max(by_weight["others"], own["others"]) < 0.75 * others["clean"],
    )


def words(results):
    """The experiments with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none = of["attention", 64], of["none", 64]
    attention_larger, none_larger = of["attention", 128], of["none", 128]
    window = load_results("letter_windows").query("chosen")
    others = attention  # five more trainings of the page's network
    claim(
        "three learning rates, five seeds",
        len(attention) == len(none) == 5
        and results.query("model == 'none' and state == 64")["rate"].nunique() == 3,
    )
    claim(
        "one rate, three seeds",
        len(attention_larger) == len(none_larger) == 3
        and results.query("state == 128")["rate"].nunique() == 1,
    )
    short, long = "phonemes_short", "phonemes_long"
    growth = {name: rows[long] / rows[short] for name, rows in of.items()}
    claim(
        "the error doubles from the shortest words to the longest, also in the larger network",
        all(growth["none", state].between(1.6, 2.4).all() for state in (64, 128)),
    )
    for name, rows in (("attention", attention), ("larger", attention_larger)):
        quote(**{f"{name}_short": rows[short].mean(), f"{name}_long": rows[long].mean()})
    for name, rows in (("attention", attention), ("larger", attention_larger), ("dense", window)):
        weights = int(rows["weights"].iloc[0])
        errors = {f"{name}_{error}": rows[error].mean() for error in ("phonemes", "words")}
        quote(**{f"{name}_weights": weights}, **errors)
    claim(
        "With attention it grows from",
        all(growth["attention", state].max() < 1.4 for state in (64, 128)),
    )
    claim(
        "It gets as few sounds wrong as larger attention",
        abs(window["phonemes"].mean() - attention_larger["phonemes"].mean()) < 0.004
        and window["phonemes"].mean() < attention["phonemes"].mean(),
    )
    claim(
        "though more words, and has more weights",
        attention_larger["words"].max() < window["words"].min()
        and attention_larger["weights"].max() < window["weights"].min(),
    )
    lost = others["apart_intact"] - others[["patched_map", "patched_worst"]].T
    claim(
        "In five other trainings, on all new words, the state of the largest weight misleads more",
        len(others) == 5 and (lost.T["patched_map"] > 2 * lost.T["patched_worst"]).all(),
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
    steps = {word: np.diff(places) for word, places in page.places.items()}
    quote(trained=True)
    claim("It says all five syllables of *banananana*", (steps["banananana"] == 1).all())
    claim(
        "near the end the weights skip two letters and jump back",
        (steps["tatatatata"] == 3).any() and (steps["tatatatata"] < 0).any(),
    )
    claim("all five of *tatatatata*, too", len(page.places["tatatatata"]) == 10)
    one = page.from_one
    claim(
        "For the SH the state at the *s* alone is enough, and that at the *h* alone is not",
        one["h"] < 0.1 < 0.9 < one["s"],
    )
    claim("Two states hold the *r*, and either is enough for the ER", min(one["u"], one["r"]) > 0.9)
    claim("The AE is as probable from the *a* alone", abs(one["a"] - page.intact[0]) < 0.1)
