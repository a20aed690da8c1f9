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
    claim("such as the *b*, this state does little harm", others_at_u.min() > 0.9)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("any of the words, and the SH stays", share[:, 2, 1].min() > 0.9)
    words(page.results)


def words(results):
    """The experiments with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none = of["attention", 64], of["none", 64]
    window = load_results("letter_windows").query("chosen")
    quote(
        words_attention=attention["words"].mean(),
        words_none=none["words"].mean(),
        words_dense=window["words"].mean(),
        map_align=attention["map_align"].mean(),
        line_align=attention["line_align"].mean(),
        worst_align=attention["worst_align"].mean(),
        words_larger=of["larger", 128]["words"].mean(),
        apart_intact=attention["apart_intact"].mean(),
        patched_map=attention["patched_map"].mean(),
        patched_own=attention["patched_worst"].mean(),
        apart_worst=attention["apart_worst"].mean(),
        patched_start=attention["patched_start"].mean(),
        patched_other=attention["patched_other"].mean(),
    )
    claim(
        "with five seeds, each at the best of three rates",
        len(attention) == len(none) == len(window) == 5,
    )
    short, long = "phonemes_short", "phonemes_long"
    claim("the error doubles from short words to long ones", (none[long] > 1.8 * none[short]).all())
    larger = of["larger", 128]
    growth = larger[long] / larger[short]
    claim("and with dropout, the error still nearly doubles", growth.between(1.6, 2.2).all())
    claim(
        "So the map is a good guide",
        (attention["map_align"] > attention["line_align"] + 0.05).all(),
    )
    claim("with attention it hardly grows", (attention[long] < 1.25 * attention[short]).all())
    spans = ("phonemes_short", "phonemes_middle", "phonemes_long")
    claim(
        "on average the dense network makes the fewest phoneme errors, at every length",
        all(window[span].mean() < attention[span].mean() for span in spans),
    )
    claim(
        "more than four times as many parameters, and dropout",
        window["weights"].min() > 4 * attention["weights"].max(),
    )
    lost = {
        name: attention["apart_intact"] - attention[name]
        for name in attention.filter(regex="^(apart|patched)_")
    }
    at_map = lost["patched_map"]
    claim(
        "The third row loses most of what the second does, the others little",
        (at_map > 0.6 * lost["apart_worst"]).all()
        and (lost["patched_worst"] < 0.3 * at_map).all()
        and (lost["patched_start"] < 0.25 * at_map).all()
        and (lost["patched_other"] < 0.1 * at_map).all(),
    )
    claim(
        "For one sound in six of the test words", attention["map_worst"].between(0.81, 0.86).all()
    )


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The AE suffers if the start has read another *a*", start[0, 0] < 0.5)
    claim("the B of *Ashburn* depends on it", start[4, 2] < 0.3)
    claim("so does the B, which was not certain", start[[3, 4], 2].max() < 0.6)
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
