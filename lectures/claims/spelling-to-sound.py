"""What `spelling-to-sound` quotes of its numbers, and what it claims."""

from itertools import product

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    right_words = {"fix": "F IH K S", "blight": "B L AY T", "videophone": "V IH D IY OW F OW N"}
    claim(
        "The first three are right",
        all(" ".join(page.spoken[word]) == said for word, said in right_words.items())
        and page.spoken["hiccough"][-1] != "P",
    )
    claim("None of the four is in the training set", all(map(unseen(page), page.spoken)))
    claim(
        "Almost all of the weight is at the *x*",
        page.by_hand[2] > 0.85 and np.allclose(page.by_hand, page.layer_weights[0, 2], atol=1e-4),
    )
    claim(
        "the context is close to the state at the *x*",
        np.linalg.norm(page.context - page.h[2]) < 0.2 * np.linalg.norm(page.h[2]),
    )
    claim("the dense layer makes a K", page.third_sound == "K")
    claim(
        "For the S of *fix* the state at the *x* gets almost all of the weight again.",
        page.speak("fix")[1][3, 2] > 0.85 and page.spoken["fix"][3] == "S",
    )
    weights = page.ashburn_weights
    claim("a new word, *Ashburn*", unseen(page)("ashburn"))
    claim("run from letter to letter", (np.diff(weights.argmax(axis=1)) > 0).all())
    claim("But the SH has hardly any weight at the *h*", weights[1, 2] < 0.1)
    path_sum = sum(0.5**3 for path in product("F-", repeat=3) if page.collapse(path) == ["F"])
    claim("six paths give a single F, so the F has", path_sum == 0.75)
    words(page.results)


def unseen(page):
    """Whether a word is in no training part of the data."""
    train = set(page.words.loc[page.words["split"] != "test", "word"])
    return lambda word: word not in train


def words(results):
    """The experiments with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none = of["attention", 64], of["none", 64]
    attention_larger, none_larger = of["attention", 128], of["none", 128]
    small = results.query("state == 64 and model != 'page'").groupby("model")
    claim(
        "The best of three learning rates is chosen on a validation set of 2,000 words",
        len(attention) == len(none) == 5
        and (small["rate"].nunique() == 3).all()
        and all(
            rows[rows["seed"] == 0].sort_values("valid")["chosen"].iloc[0] for _, rows in small
        ),
    )
    claim(
        "24 epochs, one rate and three seeds",
        len(attention_larger) == len(none_larger) == 3
        and results.query("state == 128")["rate"].nunique() == 1,
    )
    short, long = "phonemes_short", "phonemes_long"
    growth = {name: rows[long] / rows[short] for name, rows in of.items()}
    claim(
        "the error doubles from the shortest words to the longest, also in the larger network",
        all(growth["none", state].between(1.6, 2.4).all() for state in (64, 128)),
    )
    quote(attention_short=attention[short].mean(), attention_long=attention[long].mean())
    claim(
        "With attention it grows from",
        all(growth["attention", state].max() < 1.4 for state in (64, 128)),
    )
    rivals = dict(iter(load_results("letter_rivals").query("chosen").groupby("model")))
    reverse = load_results("reversed_sounds")
    reversed_of = dict(iter(reverse[reverse["chosen"].astype(bool)].groupby("model")))
    ctc, grams, deep = rivals["CTC"], rivals["n-grams"], "CTC, two layers"
    measured = {"attention": attention, "ctc": ctc, "deep": rivals[deep], "grams": grams}
    measured["larger"] = attention_larger
    large = {order: rows for order, rows in load_results("larger_ctc").groupby("order")}
    measured["large_ctc"] = large["in order"]
    for name, rows in measured.items():
        quote(**{f"{name}_weights": int(rows["weights"].iloc[0])})
        quote(**{f"{name}_{key}": rows[key].mean() for key in ("phonemes", "words")})
    quote(
        ctc_reversed=reversed_of["CTC"]["phonemes"].mean(),
        deep_reversed=reversed_of[deep]["phonemes"].mean(),
        large_reversed=large["reversed"]["phonemes"].mean(),
        attention_reversed=reversed_of["attention"]["phonemes"].mean(),
    )
    claim("| joint 5-grams |", grams["order"].eq(5).all() and len(grams) == 1)
    claim(
        "The small CTC has fewer phoneme errors than attention of its size.",
        ctc["phonemes"].max() < attention["phonemes"].min()
        and abs(ctc["weights"] / attention["weights"].iloc[0] - 1).max() < 0.02,
    )
    claim(
        "The two larger networks are about equal.",
        abs(attention_larger["phonemes"].mean() - large["in order"]["phonemes"].mean()) < 0.015,
    )
    claim(
        "In whole words the larger attention leads, and the 5-grams, with no network, are as good.",
        attention_larger["words"].max() < large["in order"]["words"].min()
        and abs(grams["words"].iloc[0] - attention_larger["words"].mean()) < 0.02,
    )
    claim(
        "at three learning rates, with three seeds",
        all(
            rows["rate"].nunique() == 3 and rows["chosen"].astype(bool).sum() == 3
            for _, rows in reverse.groupby("model")
        ),
    )
    usual = {"attention": attention, "none": none, "CTC": ctc, deep: rivals[deep]}
    change = {
        model: reversed_of[model]["phonemes"].mean() - usual[model]["phonemes"].mean()
        for model in usual
    }
    rise = large["reversed"]["phonemes"].mean() - large["in order"]["phonemes"].mean()
    claim(
        "Where the order changes, CTC on an LSTM does much worse",
        min(change["CTC"], change[deep], rise) > 0.1,
    )
    looking = dict(iter(load_results("ctc_with_attention").groupby("order")))
    quote(looking_reversed=looking["reversed"]["phonemes"].mean())
    claim(
        "these LSTMs do not manage to put it there. A layer of self-attention",
        looking["reversed"]["phonemes"].max() < 0.14,
    )
    claim(
        "That is worse than the fixed context.",
        min(rows["phonemes"].min() for rows in (reversed_of["CTC"], large["reversed"]))
        > reversed_of["none"]["phonemes"].max(),
    )
    claim("Attention does as well as before", abs(change["attention"]) < 0.01)
    claim("but keeps its bottleneck", abs(change["none"]) < 0.02)


def exercises(page):
    own, right = page.own, page.right
    wrong = page.results.query("chosen and model == 'attention' and state == 64")["words"]
    quote(attention_least=wrong.min(), attention_most=wrong.max())
    claim("its own *hiccough* is far more probable than the right one", own - right > 3)
    claim("So it is with most of the other words", sum(page.missed) < 0.35 * len(page.missed))
    steps = {word: np.diff(places) for word, places in page.places.items()}
    claim("It says all five syllables of *banananana*", (steps["banananana"] == 1).all())
    claim(
        "near the end the weights skip two letters and jump back",
        (steps["tatatatata"] == 3).any() and (steps["tatatatata"] < 0).any(),
    )
    claim("all five of *tatatatata*, too", len(page.places["tatatatata"]) == 10)
    claim("*nananananana*, a syllable is lost", len(page.speak("nananananana")[0]) < 12)
