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
    same = (weights.argmax(axis=1) == lost.argmax(axis=1)).tolist()
    claim("the largest values are at the same letter", same == [True, True, True, False, True])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("is what destroys the sound", at_u)
    at_h = weights[1, 2] < 0.1 and lost[1, 2] > 0.9
    claim("the *h* has hardly any weight, yet replacing it destroys the sound", at_h)
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
    claim("and, less, the *u* itself", 0.1 < share[4, 4, 3] < 0.9)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("any of the words, and the SH stays", share[:, 2, 1].min() > 0.9)
    words(page.results)


def words(results):
    """The experiments with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none = of["attention", 64], of["none", 64]
    attention_larger, none_larger = of["attention", 128], of["none", 128]
    window = load_results("letter_windows").query("chosen")
    probabilities = ("apart_intact", "apart_worst", "apart_own", "patched_map", "patched_mirror")
    names = (*probabilities, "masked_map", "apart", "map_align", "line_align", "worst_align")
    quote(
        phonemes_dense=window["phonemes"].mean(),
        words_attention=attention_larger["words"].mean(),
        words_none=none_larger["words"].mean(),
        words_dense=window["words"].mean(),
        patched_own=attention["patched_worst"].mean(),
        **{name: attention[name].mean() for name in names},
    )
    claim("each with five seeds at", len(attention) == len(none) == len(window) == 5)
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
        "It is level with larger attention",
        abs(window["phonemes"].mean() - attention_larger["phonemes"].mean()) < 0.004,
    )
    claim(
        "Of the *words*, larger attention has fewer wrong",
        attention_larger["words"].max() < window["words"].min(),
    )
    claim(
        "So the map is a good guide",
        (attention["map_align"] > attention["line_align"] + 0.05).all(),
    )
    lost = {
        name: attention["apart_intact"] - attention[name]
        for name in attention.filter(regex="^(apart|patched|masked)_")
    }
    at_map = lost["patched_map"]
    claim(
        "what matters is read mostly from a state beside the letter",
        (at_map > 0.6 * lost["apart_worst"]).all()
        and (lost["patched_worst"] < 0.4 * at_map).all()
        and (lost["patched_mirror"] < 0.4 * at_map).all(),
    )
    claim(
        "most of these sounds are lost if that state is masked",
        (attention["masked_map"] < 0.5 * attention["apart_intact"]).all(),
    )


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The AE suffers if the start has read another *a*", start[0, 0] < 0.5)
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
        "The *h* is held by the state at the *s* alone",
        unseen["SH", "s"] < 0.1 < 0.9 < unseen["SH", "h"],
    )
