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
    claim("*Ashburn* is one of the new words", unseen(page)("ashburn"))
    weights = page.ashburn_weights
    quote(trained=True, weight_u=weights[3, 4], weight_r=weights[3, 5])
    r, vowel = page.stays["r"], page.stays["vowel"]
    claim(
        "Both letters are needed, the *r* more than the vowel: without it the ER is almost always "
        "gone",
        np.mean(r) < 0.03 and 0.1 < np.mean(vowel) < 0.35 and len(r) == len(vowel) > 400,
    )
    claim(
        "Yet the *r* has little weight.",
        page.at_r < 0.3 * page.at_vowel and weights[3].argmax() == 4,
    )
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
        "It tries three learning rates, the best chosen on a validation set of 2,000 words",
        len(attention) == len(none) == 5
        and (small["rate"].nunique() == 3).all()
        and all(
            rows[rows["seed"] == 0].sort_values("valid")["chosen"].iloc[0] for _, rows in small
        ),
    )
    claim(
        "For attention the largest rate, 0.06, was the best",
        attention["rate"].eq(0.06).all() and small["rate"].max()["attention"] == 0.06,
    )
    claim(
        "one rate and three seeds",
        len(attention_larger) == len(none_larger) == 3
        and results.query("state == 128")["rate"].nunique() == 1,
    )
    short, long = "phonemes_short", "phonemes_long"
    growth = {name: rows[long] / rows[short] for name, rows in of.items()}
    claim(
        "the error doubles from the shortest words to the longest, also in the larger network",
        all(growth["none", state].between(1.6, 2.4).all() for state in (64, 128)),
    )
    quote(attention_short=attention[short].mean())
    windows = load_results("letter_windows").query("chosen")
    windows = {key: rows for key, rows in windows.groupby(["model", windows["hidden"] > 250])}
    rivals = dict(iter(load_results("letter_rivals").query("chosen").groupby("model")))
    own_name = "window, own outputs"
    measured = {
        "fixed": none,
        "attention": attention,
        "own": windows[own_name, False],
        "ctc": rivals["CTC"],
        "grams": rivals["n-grams"],
        "larger_fixed": none_larger,
        "larger": attention_larger,
        "larger_own": windows[own_name, True],
    }
    for name, rows in measured.items():
        errors = {"phonemes": "phonemes", "words": "words", "long": long, "short_words": short}
        quote(**{f"{name}_weights": int(rows["weights"].iloc[0])})
        quote(**{f"{name}_{key}": rows[column].mean() for key, column in errors.items()})
    wrong = attention["words"]
    quote(plain_words=windows["window", False]["words"].mean())
    quote(attention_least=wrong.min(), attention_most=wrong.max())
    claim(
        "With attention it grows from",
        all(growth["attention", state].max() < 1.4 for state in (64, 128)),
    )
    claim("| 5-grams |", rivals["n-grams"]["order"].eq(5).all())
    claim(
        "Windows and CTC have three seeds",
        all(len(measured[name]) == 3 for name in ("own", "larger_own", "ctc")),
    )
    claim(
        "All three get about as many words wrong as attention or fewer",
        all(abs(measured[name]["words"].mean() - wrong.mean()) < 0.02 for name in ("own", "ctc"))
        and abs(measured["larger_own"]["words"].mean() - attention_larger["words"].mean()) < 0.02
        and measured["grams"]["words"].max() < wrong.min() - 0.02,
    )
    rise = {name: (rows[long] - rows[short]).mean() for name, rows in measured.items()}
    claim(
        "With length attention's error rises, the window's little, and those of CTC and counts "
        "fall",
        0.01 < rise["larger"] < rise["attention"]
        and 0 < rise["own"] < 0.02
        and abs(rise["larger_own"]) < rise["larger"]
        and max(rise["ctc"], rise["grams"]) < 0,
    )
    names = ("own", "ctc", "grams")
    claim(
        "on long words they are ahead, on short ones behind or level",
        all(measured[name][long].mean() < attention[long].mean() - 0.005 for name in names)
        and measured["larger_own"][long].mean() < attention_larger[long].mean() - 0.005
        and all(measured[name][short].mean() > attention[short].mean() - 0.006 for name in names),
    )
    claim(
        "simpler models do as well: a window or counts, which need an alignment",
        all(
            measured[name]["phonemes"].mean() < other["phonemes"].mean() + 0.002
            for name, other in (
                ("own", attention),
                ("ctc", attention),
                ("grams", attention),
                ("larger_own", attention_larger),
            )
        ),
    )


def exercises(page):
    own, right = page.own, page.right
    quote(trained=True, words_page=1 - page.correct.mean())
    claim("its own *hiccough* is far more probable than the right one", own - right > 3)
    claim("So it is with most of the other words", sum(page.missed) < 0.35 * len(page.missed))
    steps = {word: np.diff(places) for word, places in page.places.items()}
    claim("It says all five syllables of *banananana*", (steps["banananana"] == 1).all())
    claim(
        "near the end the weights skip two letters and jump back",
        (steps["tatatatata"] == 3).any() and (steps["tatatatata"] < 0).any(),
    )
    claim("all five of *tatatatata*, too", len(page.places["tatatatata"]) == 10)
