"""What `spelling-to-sound` quotes of its numbers, and what it claims."""

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
    claim("None of the four was in its training", all(map(unseen(page), page.spoken)))
    claim(
        "Almost all of the weight is at the *x*",
        page.by_hand[2] > 0.85 and np.allclose(page.by_hand, page.layer_weights[0, 2], atol=1e-4),
    )
    claim("the dense layer makes a K", page.third_sound == "K")
    claim(
        "the same state gets almost all of the weight, and an S comes out",
        page.speak("fix")[1][3, 2] > 0.85 and page.spoken["fix"][3] == "S",
    )
    claim("*Ashburn* is one of the new words", unseen(page)("ashburn"))
    weights = page.ashburn_weights
    quote(trained=True, weight_u=weights[3, 4], weight_r=weights[3, 5])
    replaced = [f"ashbu{x}n" for x in "abcdefghijklmnopqstuvwxyz"]
    has_er = [page.SOUNDS.index("ER") in page.speak(word)[0] for word in replaced]
    claim("Without the *r* the ER is gone", np.mean(has_er) < 0.1 and weights[3].argmax() == 4)
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
        "three learning rates, of these the best on 2,000 other words, five seeds, 12 epochs",
        len(attention) == len(none) == 5
        and (small["rate"].nunique() == 3).all()
        and all(
            rows[rows["seed"] == 0].sort_values("valid")["chosen"].iloc[0] for _, rows in small
        ),
    )
    claim(
        "For attention the best was the largest tried, 0.06",
        attention["rate"].eq(0.06).all() and small["rate"].max()["attention"] == 0.06,
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
    windows = load_results("letter_windows").query("chosen")
    windows = {key: rows for key, rows in windows.groupby(["model", windows["hidden"] == 512])}
    own_name = "window, own outputs"
    measured = {
        "fixed": none,
        "attention": attention,
        "plain": windows["window", False],
        "own": windows[own_name, False],
        "larger": attention_larger,
        "dense": windows["window", True],
        "dense_own": windows[own_name, True],
    }
    for name, rows in measured.items():
        weights = int(rows["weights"].iloc[0])
        errors = {f"{name}_{error}": rows[error].mean() for error in ("phonemes", "words")}
        quote(**{f"{name}_weights": weights}, **errors)
    claim(
        "With attention it grows from",
        all(growth["attention", state].max() < 1.4 for state in (64, 128)),
    )
    pairs = {"attention": ("plain", "own"), "larger": ("dense", "dense_own")}
    words_wrong = {name: rows["words"] for name, rows in measured.items()}
    claim(
        "In both sizes the window alone gets more words wrong than attention.",
        all(
            words_wrong[plain].min() > words_wrong[name].mean()
            for name, (plain, _) in pairs.items()
        ),
    )
    claim(
        "With its own outputs it gets about as few wrong.",
        all(
            abs(words_wrong[own].mean() - words_wrong[name].mean()) < 0.015
            and len(measured[own]) == 3
            for name, (_, own) in pairs.items()
        ),
    )


def exercises(page):
    own, right = page.own, page.right
    quote(trained=True)
    claim("its own *hiccough* is far more probable than the right one", own - right > 3)
    claim("So it is with most of the other words", sum(page.missed) < 0.35 * len(page.missed))
    steps = {word: np.diff(places) for word, places in page.places.items()}
    claim("It says all five syllables of *banananana*", (steps["banananana"] == 1).all())
    claim(
        "near the end the weights skip two letters and jump back",
        (steps["tatatatata"] == 3).any() and (steps["tatatatata"] < 0).any(),
    )
    claim("all five of *tatatatata*, too", len(page.places["tatatatata"]) == 10)
