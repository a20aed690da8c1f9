"""Which model predicts names best: counts, four letters, or an LSTM, alone and with the counts?

Design. The 2,000 names of `load_names`, split five times as on the page (1,400 to train on, 300 for
validation, 300 to test on); one training of each model on each split, with the split's number as
its seed, so that the dots differ by names and by chance in training. All models are compared with
the page's 5-grams of the same split: modified Kneser-Ney, of whose counts 3/4, 5/4 and 3/2 are
taken from 1, 2, and 3 or more (these, and n, by validation on split 0). N-grams that begin a name
keep their counts here, where the page puts full stops in front; on split 0 it has 2.928 bits for
2.931.

Two rivals see the last four letters and the position in the name, and no more. "regression":
logistic regression, on each of the letters, the last two and three together, and the position;
C = 1 (of 0.3, 1, 3 by validation on split 0). "feed-forward": a network as in Bengio et al. (2003),
the four letters and the position as five vectors of Embedding(16), Dense(256, ReLU), dropout of one
half, softmax; the best of three rates on split 0. "LSTM": the page's, Embedding(16), LSTM(128),
dropout of one half; rate 0.015.
"LSTM, more dropout": Embedding(32), and three tenths of the inputs and half of the states in the
recurrence dropped as well; rate 0.005. (Both were the best of three rates on split 0 with five
seeds, 0.0015 to 0.015 and 0.005 to 0.045; 0.045 is worse for the first as well, 3.03 on validation
names. With 64 or 256 units, or without dropout, it had 2.97 to 3.04.) Adam, batches of 64, until
the validation loss has not fallen for eight epochs, best weights kept. Each model is scored alone
and in a mean with the 5-grams, half and half; each network, as a control, also in a mean with
another training of the same network (its seed is the split's number and 100).

Primary comparisons, means over the splits of the bits per character by which a model is ahead of
the 5-grams: each alone, each with them. Declared: alone no network is ahead on all splits; with the
5-grams all are. Seen before, on split 0: 5-grams 2.93, regression 2.87, LSTM 2.96 to 2.99 (2.89 to
2.91 with more dropout); with the 5-grams 2.86, 2.83 to 2.84 (2.81 to 2.82); readers had 2.92 to
2.93 for a network of four letters, 2.85 with the 5-grams, and 0.003 to 0.055 for the lead of the
regression on five splits. A first run had that network without the position: with the 5-grams ahead
by 0.038 to 0.076, where three readers found 0.056 to 0.103 once it knew the position.

Rows: split, model, rate, mix ("alone", "two of it", "with 5-grams"), weights, valid, test (bits per
character), lead and lead_error (bits per character ahead of the 5-grams on the test names, its
standard error over names).

Cost: three minutes on two cores, JAX.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from helpers.data import load_names

BACKEND = "jax"
MINUTES = 4

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"
TAKEN = np.array([0, 0.75, 1.25, 1.5])  # from a count of 0, 1, 2, 3 or more
SPLITS, WINDOW, LONGEST = range(5), 4, 12
REGRESSION, FORWARD, LSTM, DROPPED = "regression", "feed-forward", "LSTM", "LSTM, more dropout"
RATES = {FORWARD: (0.001, 0.003, 0.01), LSTM: (0.015,), DROPPED: (0.005,)}
UNITS = [{"model": model} for model in (REGRESSION, FORWARD, LSTM, DROPPED)]


def run(model: str) -> Iterator[dict]:
    """One model, on each split; several rates on the first one, the best on the others."""
    rates = RATES.get(model, (None,))
    for split in SPLITS:
        known, asked = names_of(split)
        counted = {name: by_five_grams(known, part) for name, part in asked.items()}
        found = [(rate, *predicted(model, known, asked, rate, seed=split)) for rate in rates]
        best, weights, chances = min(found, key=lambda one: bits(one[2]["valid"]))
        rates = (best,)
        mixes = {"alone": chances, "with 5-grams": mean_of(chances, counted)}
        if model != REGRESSION:
            _, other = predicted(model, known, asked, best, seed=split + 100)
            mixes["two of it"] = mean_of(chances, other)
        for mix, ours in mixes.items():
            row = {"split": split, "rate": best, "mix": mix, "weights": weights}
            yield row | scores(ours, counted["test"], asked["test"])


def mean_of(one: dict[str, NDArray], other: dict[str, NDArray]) -> dict[str, NDArray]:
    """Half and half, on each part."""
    return {name: (one[name] + other[name]) / 2 for name in one}


def compare(rows: pd.DataFrame) -> dict:
    """Mean lead over the 5-grams, of each model and mix."""
    return {
        f"{model}, {mix}": m
        for (model, mix), m in rows.groupby(["model", "mix"])["lead"].mean().items()
    }


def names_of(split: int) -> tuple[list[str], dict[str, list[str]]]:
    """The names to train on, and those for validation and for the test."""
    names = load_names().tolist()
    mixed = np.random.default_rng(split).permutation(names).tolist()
    return mixed[:1400], {"valid": mixed[1400:1700], "test": mixed[1700:]}


def bits(chances: NDArray) -> float:
    """Bits per character, from the probabilities of the symbols that came."""
    return float(-np.log2(chances).mean())


def scores(chances: dict[str, NDArray], counted: NDArray, names: Sequence[str]) -> dict:
    """Bits, and the lead over the 5-grams with its standard error over names."""
    lengths = np.array([len(name) + 1 for name in names])
    saved = np.log2(chances["test"] / counted)
    by_name = np.bincount(np.repeat(np.arange(len(names)), lengths), saved)
    error = by_name.std(ddof=1) / len(names) ** 0.5 / lengths.mean()
    found = {name: bits(part) for name, part in chances.items()}
    return found | {"lead": saved.mean(), "lead_error": error}


def predicted(
    model: str, known: Sequence[str], asked: dict[str, list[str]], rate: float | None, seed: int
) -> tuple[int, dict[str, NDArray]]:
    """Size of a trained model, and its probabilities of the symbols that came."""
    if model == REGRESSION:
        return by_regression(known, asked)
    keras.utils.set_random_seed(seed)
    as_arrays = windows if model == FORWARD else encoded
    network = build(model)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    arrays = {name: as_arrays(part) for name, part in asked.items()}
    fit = {"batch_size": 64, "epochs": 150, "callbacks": [stop], "verbose": 0}
    network.fit(*as_arrays(known), validation_data=arrays["valid"], **fit)
    return network.count_params(), {n: of_true(network, *both) for n, both in arrays.items()}


def build(model: str) -> keras.Sequential:
    """One of the three networks: ids to 27 logits, at each step or after a window."""
    if model == FORWARD:
        body = [
            keras.Input((WINDOW + 1,), dtype="int32"),
            layers.Embedding(28 + LONGEST, 16),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
        ]
    else:
        inside = {"dropout": 0.3, "recurrent_dropout": 0.5} if model == DROPPED else {}
        body = [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(28, 32 if model == DROPPED else 16, mask_zero=True),
            layers.LSTM(128, return_sequences=True, **inside),
        ]
    return keras.Sequential([*body, layers.Dropout(0.5), layers.Dense(27)])


def encoded(names: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Inputs and targets (n, 12): the full stop is 0; inputs are one more, for padding is 0."""
    rows = np.zeros((len(names), 13), "int32")
    for row, name in zip(rows, names, strict=True):
        row[: len(name) + 2] = [1, *(SYMBOLS.index(letter) + 1 for letter in name), 1]
    inputs, targets = rows[:, :-1].copy(), np.maximum(rows[:, 1:] - 1, 0)
    for row, name in zip(inputs, names, strict=True):
        row[len(name) + 1 :] = 0
    return inputs, targets


def windows(names: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The last four symbols before each one and its position, as ids (n, 5); and that symbol.

    0 stands before the full stop in front; positions count from 28.
    """
    pasts = [("." + name)[: t + 1] for name in names for t in range(len(name) + 1)]
    rows = [[0] * (WINDOW - len(p)) + [SYMBOLS.index(s) + 1 for s in p[-WINDOW:]] for p in pasts]
    rows = [[*row, 28 + min(len(past), LONGEST) - 1] for row, past in zip(rows, pasts, strict=True)]
    came = [SYMBOLS.index(symbol) for name in names for symbol in f"{name}."]
    return np.array(rows, "int32"), np.array(came, "int32")


def of_true(network: keras.Sequential, inputs: NDArray, targets: NDArray) -> NDArray[np.float64]:
    """Probability of each symbol that came, padding left out, name after name."""
    guesses = softmax(np.asarray(network.predict(inputs, verbose=0), float), axis=-1)
    came = np.take_along_axis(guesses, targets[..., None], axis=-1)[..., 0]
    return came if targets.ndim == 1 else came[inputs > 0]


def by_regression(
    known: Sequence[str], asked: dict[str, list[str]]
) -> tuple[int, dict[str, NDArray]]:
    """Logistic regression on the position and the last four letters."""
    came = {s: list("".join(f"{name}." for name in part)) for s, part in asked.items()}
    to_columns = DictVectorizer()
    X = to_columns.fit_transform(letters_before(known))
    model = LogisticRegression(max_iter=500).fit(X, list("".join(f"{name}." for name in known)))
    found = {}
    for split, part in asked.items():
        chances = model.predict_proba(to_columns.transform(letters_before(part)))
        found[split] = chances[
            np.arange(len(chances)), np.searchsorted(model.classes_, came[split])
        ]
    return model.coef_.size + model.intercept_.size, found


def letters_before(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """What logistic regression is given of a name before each letter."""
    for name in names:
        for t in range(len(name) + 1):
            past = "###." + name[:t]
            found = {f"{k} back {past[-k]}": 1 for k in range(1, WINDOW + 1)}
            yield found | {f"place {t}": 1, f"pair {past[-2:]}": 1, f"three {past[-3:]}": 1}


def by_five_grams(known: Sequence[str], asked: Sequence[str]) -> NDArray[np.float64]:
    """Probability of each symbol that came, by Kneser-Ney 5-grams."""
    counts = [Counter() for _ in range(6)]
    for name in known:
        for end in range(2, len(name) + 3):
            text = f".{name}."[:end]
            for n in range(1, min(5, end) + 1):
                counts[n][text[-n:]] += 1
    for n in range(1, 5):
        before = Counter(ngram[1:] for ngram in counts[n + 1])
        counts[n] = Counter({g: before[g] or count for g, count in counts[n].items()})
    chances = []
    for past, came in (
        (f".{name}"[: t + 1], (name + ".")[t]) for name in asked for t in range(len(name) + 1)
    ):
        chance = 1 / len(SYMBOLS)
        for n in range(1, min(5, len(past) + 1) + 1):
            seen = {s: counts[n][past[len(past) - n + 1 :] + s] for s in SYMBOLS}
            if total := sum(seen.values()):
                taken = {s: TAKEN[min(count, 3)] for s, count in seen.items()}
                chance = (seen[came] - taken[came] + sum(taken.values()) * chance) / total
        chances.append(chance)
    return np.array(chances)
