"""What `spelling-to-sound` quotes of its numbers, and what it claims."""

import numpy as np
import pandas as pd

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
    same = (weights.argmax(axis=1) == lost.argmax(axis=1)).tolist()
    claim("the largest values are at the same letter", same == [True, True, True, False, True])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("is what destroys the sound", at_u)
    at_h = weights[1, 2] < 0.1 and lost[1, 2] > 0.9
    claim("the *h* has hardly any weight, yet replacing it destroys the sound", at_h)
    claim("replacing the *h* destroys the B, too", lost[2, 2] > 0.7)
    own, other = page.encode(["ashburn"])[0], page.encode(["ashbuxn"])[0]
    claim(
        "so that half of the state is the same in both words",
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
    claim("The ER hardly suffers.", page.er_noise > 0.8)
    claim(
        "With the state at the *u* alone most of the ER comes back",
        page.er_back["u"] > 0.4 > 0.1 > page.er_back["r"],
    )
    claim("and, less, the *u* itself", 0.1 < share[4, 4, 3] < 0.9)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("any of the words, and the SH stays", share[:, 2, 1].min() > 0.9)
    words(page.results)
    masked = page.left_masked
    claim("of the largest weight hardly anything is left", masked["the largest"] < 0.25)
    claim(
        "That state alone gives almost everything",
        masked["all but the largest"] > 0.9 * masked["nothing"]
        and masked["the second"] > 0.9 * masked["nothing"],
    )


def words(results):
    """The experiments with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none = of["attention", 64], of["none", 64]
    attention_larger, none_larger = of["attention", 128], of["none", 128]
    window = load_results("letter_windows").query("chosen")
    (page,) = chosen[chosen["model"] == "page"].to_dict("records")
    others = attention.to_dict("records")  # five more trainings of the page's network
    by_map = attention["patched_map"]
    quote(**{name: page[name] for name in ("apart", "apart_intact", "patched_map", "masked_map")})
    quote(patched_own=page["patched_worst"])
    quote(beside_other=page["beside_other"], apart_own=page["apart_own"])
    quote(map_least=by_map.min(), map_most=by_map.max())
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
    claim(
        "With attention it grows little",
        all(growth["attention", state].max() < 1.4 for state in (64, 128)),
    )
    claim(
        "It gets as few sounds wrong as larger attention",
        abs(window["phonemes"].mean() - attention_larger["phonemes"].mean()) < 0.004
        and window["phonemes"].mean() < attention["phonemes"].mean(),
    )
    quote(words_dense=window["words"].mean(), words_attention=attention_larger["words"].mean())
    claim("though more words", attention_larger["words"].max() < window["words"].min())
    every = pd.DataFrame([page, *others])
    lost = every["apart_intact"] - every[["patched_map", "patched_worst"]].T
    claim(
        "another letter matters much less",
        (every["beside_other"] > every["beside_map"] + 0.3).all(),
    )
    claim("Five other trainings agree", len(others) == 5)
    claim(
        "So it is not *Ashburn* alone",
        (lost.T["patched_map"] > 2 * lost.T["patched_worst"]).all(),
    )
    claim(
        "Some of them find their letter in a second state",
        (every["masked_map"] > every["masked"] + 0.1).all(),
    )
    claim("Mostly it is the next letter", (every["apart_next"] > 0.6).all())


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The AE suffers if the initial state has read another *a*", start[0, 0] < 0.5)
    claim("so does the B, which was not certain", start[4, 2] < 0.3)
    claim("The other sounds hardly do.", start[:, [1, 3, 4]].min() > 0.9)
    steps = {word: np.diff(places) for word, places in page.places.items()}
    quote(trained=True)
    claim("It says all five syllables of *banananana*", (steps["banananana"] == 1).all())
    claim("near the end the weights jump back", (steps["tatatatata"] < 0).any())
    claim("all five of *tatatatata*, too", len(page.places["tatatatata"]) == 10)
    unseen = page.unseen
    claim(
        "Two states hold the *r*, and either will do.",
        min(unseen["ER", "u"], unseen["ER", "r"]) > 0.9 and unseen["ER", "ur"] < 0.1,
    )
    claim(
        "For the SH the state at the *s* alone is enough, and that at the *h* alone is not",
        unseen["SH", "asburn"] < 0.1 < 0.9 < unseen["SH", "ahburn"],
    )
