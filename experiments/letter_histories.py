"""Does a window of letters gain if it also reads the pieces that it has already said?

Design. Words, splits, alignment, window and errors of `letter_windows`. Two networks of about the
size of the smaller attention network of `spelling_to_sound` (48,937 weights), one hidden layer
each: "window" reads the letter and five on both sides, with 108 units; "window, own last pieces"
reads the last two pieces as well (no sound, one or two each; embedded in 32 numbers), with 88
units. In training these are the true ones of the alignment, on test words its own, letter by
letter (greedy decoding). Adam at 0.001, the best of three rates in `letter_windows`; else as there;
three seeds.

Primary comparisons: words wrong, of the two networks, and beside attention. Declared: the second is
ahead of the first, since the decoder of the attention network reads what it has said as well, and
the window did not; three readers had 45 to 46 % of words wrong for it, 48 to 49 % for the first.

Rows: model, seed, weights, epochs, phonemes, words and both by length as in `spelling_to_sound`.

Cost: two minutes on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray

from experiments.letter_windows import REACH, as_ids
from experiments.spelling_to_sound import aligned, cheapest, errors, window, words_by_split
from helpers.results import load_results

BACKEND = "jax"
MINUTES = 3

RATE, SEEDS, BACK = 0.001, (0, 1, 2), 2
PLAIN, WITH_OWN = "window", "window, own last pieces"
HIDDEN = {PLAIN: 108, WITH_OWN: 88}
UNITS = [{"model": model} for model in HIDDEN]


def run(model: str) -> Iterator[dict]:
    """One network, each seed."""
    parts = words_by_split()
    pairs = {
        name: list(zip(part["word"], part["sounds"], strict=True)) for name, part in parts.items()
    }
    cuts = {}
    cuts["train"], cost = aligned(pairs["train"])
    cuts["validation"] = [cheapest(*pair, cost) for pair in pairs["validation"]]
    known = sorted({piece for cut in cuts["train"] for piece in cut})
    examples = {
        name: as_examples([word for word, _ in pairs[name]], cut, known)
        for name, cut in cuts.items()
    }
    for seed in SEEDS:
        yield trained(model, seed, examples, parts["test"], known)


def compare(rows: pd.DataFrame) -> dict:
    """Differences of means over seeds, of errors on the test words."""
    means = rows.groupby("model")[["phonemes", "words"]].mean()
    attention = load_results("spelling_to_sound").query(
        "model == 'attention' and state == 64 and chosen"
    )
    told = {}
    for error in ("phonemes", "words"):
        told[f"{error}, own last pieces - window"] = (
            means.loc[WITH_OWN, error] - means.loc[PLAIN, error]
        )
        told[f"{error}, own last pieces - attention"] = (
            means.loc[WITH_OWN, error] - attention[error].mean()
        )
    return {name: float(difference) for name, difference in told.items()}


def as_examples(
    words: list[str], cuts: list[list[tuple]], known: list[tuple]
) -> tuple[NDArray, NDArray, NDArray]:
    """Windows (n, 11), the pieces before (n, 2) as ids from 1, the piece of each letter (n,)."""
    number = {piece: k for k, piece in enumerate(known)}
    texts, before, pieces = [], [], []
    for word, cut in zip(words, cuts, strict=True):
        ids = [0] * BACK + [1 + number.get(piece, -1) for piece in cut]
        for i, piece in enumerate(cut):
            if piece in number:
                texts.append(window(word, i, REACH))
                before.append(ids[i : i + BACK])
                pieces.append(number[piece])
    return as_ids(texts), np.array(before, "int32"), np.array(pieces)


def build(model: str, num_pieces: int) -> keras.Model:
    """Windows (n, 11) and the last pieces (n, 2) to scores of all pieces (n, num_pieces)."""
    letters = keras.Input((2 * REACH + 1,), dtype="int32")
    before = keras.Input((BACK,), dtype="int32")
    read = [layers.Flatten()(layers.Embedding(27, 32)(letters))]
    if model == WITH_OWN:
        read.append(layers.Flatten()(layers.Embedding(num_pieces + 1, 32)(before)))
    x = layers.Concatenate()(read) if len(read) > 1 else read[0]
    x = layers.Dropout(0.3)(layers.Dense(HIDDEN[model], activation="relu")(x))
    return keras.Model([letters, before], layers.Dense(num_pieces)(x))


def trained(
    model: str, seed: int, examples: dict[str, tuple], test: pd.DataFrame, known: list[tuple]
) -> dict:
    """One training and its errors."""
    keras.utils.set_random_seed(seed)
    network = build(model, len(known))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(optimizer=keras.optimizers.Adam(RATE), loss=loss)
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    (texts, before, pieces), valid = examples["train"], examples["validation"]
    history = network.fit(
        [texts, before],
        pieces,
        validation_data=([*valid[:2]], valid[2]),
        batch_size=256,
        epochs=30,
        callbacks=[stop],
        verbose=0,
    ).history
    row = {"model": model, "seed": seed, "weights": network.count_params()}
    row["epochs"] = 1 + int(np.argmin(history["val_loss"]))
    said = [[sound for k in word for sound in known[k]] for word in greedy(network, test["word"])]
    return row | errors(said, test)


def greedy(network: keras.Model, words: pd.Series) -> list[list[int]]:
    """The numbers of the most probable pieces, letter by letter, each word's own ones read."""
    words, said = words.tolist(), [[] for _ in words]
    for i in range(max(map(len, words))):
        still = [n for n, word in enumerate(words) if len(word) > i]
        texts = as_ids([window(words[n], i, REACH) for n in still])
        before = np.array([([0] * BACK + [k + 1 for k in said[n]])[-BACK:] for n in still], "int32")
        best = network.predict([texts, before], batch_size=4096, verbose=0).argmax(axis=-1)
        for n, k in zip(still, best, strict=True):
            said[n].append(int(k))
    return said
