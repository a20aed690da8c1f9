"""Does it matter to training that the states a layer carries are the right ones?

Design. A character model (Embedding 24, `LSTM(64)`, Dense) learns from the first 80,000 characters
of Jane Austen's training chapters, 32 rows side by side, Adam at 0.005, in pieces of 5 characters
for 3 epochs or of 20 for 5. Three ways to train it: "in order", states carried from piece to piece
and reset at each epoch; "shuffled", as Keras's `fit` does with a stateful layer by default, so that
each piece is read from the state of another one; "from zero", shuffled, every piece read from
states of zero. Two seeds. Each network then reads the first 10,000 characters of the test chapters
twice, in pieces of 50: with the states carried, and reset before each piece.

Primary comparisons: bits per character with the states carried, against "in order". Declared before
the run, after readers' trials of single seeds: in pieces of 5, "shuffled" costs at least 0.1 bits
per character more than "in order" when the states are carried, and "from zero" at most 0.05 more.
It came out so, with three seeds and 100,000 characters, 0.25 and 0.03; in pieces of 50, as
declared, all lay within 0.1. Then it was cut down to these settings, to cost a minute. Fallback:
the page says what came out.

Rows: steps, trained, seed, carried, reset (bits per character).

Cost: about a minute on two cores, TensorFlow (on JAX, Keras loses the states).
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray

from helpers.characters import as_numbers
from helpers.data import load_austen, load_novelist

BACKEND = "tensorflow"
MINUTES = 2

EPOCHS = {5: 3, 20: 5}
WAYS = ("in order", "shuffled", "from zero")
ROWS, UNITS_OF_LAYER, RATE = 32, 64, 0.005
NUM_TRAIN, NUM_TEST, READ = 80_000, 10_000, 50
SEEDS = range(2)
UNITS = [
    {"steps": steps, "trained": way, "seed": seed}
    for steps in EPOCHS
    for way in WAYS
    for seed in SEEDS
]


def run(steps: int, trained: str, seed: int) -> Iterator[dict]:
    """One way to train, one length of the pieces, one seed."""
    novels = load_austen()
    symbols = load_novelist().symbols  # the 80 characters of the novels
    train, numbers = (
        as_numbers(novels.loc[novels["split"] == part, "text"].head(20), symbols)[: size + 1]
        for part, size in (("train", NUM_TRAIN), ("test", NUM_TEST))
    )
    network = fit(train, len(symbols), steps, trained, seed)
    yield {
        "carried": bits(network, numbers, reset=False),
        "reset": bits(network, numbers, reset=True),
    }


def compare(rows: pd.DataFrame) -> dict:
    """Bits per character more than in order, mean over the seeds, states carried."""
    means = rows.groupby(["steps", "trained"])["carried"].mean().unstack()
    return {
        f"pieces of {steps}: {way} - in order": round(float(row[way] - row["in order"]), 4)
        for steps, row in means.iterrows()
        for way in WAYS[1:]
    }


def cut(numbers: NDArray, rows: int, steps: int) -> tuple[NDArray, NDArray]:
    """Inputs and targets (pieces, rows, steps); each row goes on in the next piece."""
    pieces = (len(numbers) - 1) // (rows * steps)
    n = rows * pieces * steps
    inputs, targets = (
        part.reshape(rows, pieces, steps).transpose(1, 0, 2)
        for part in (numbers[:n], numbers[1 : n + 1])
    )
    return inputs, targets


def model(symbols: int, rows: int) -> keras.Sequential:
    """A character model that carries its states, for batches of so many rows."""
    return keras.Sequential(
        [
            keras.Input(batch_shape=(rows, None), dtype="int32"),
            layers.Embedding(symbols, 24),
            layers.LSTM(UNITS_OF_LAYER, return_sequences=True, stateful=True),
            layers.Dense(symbols),
        ]
    )


def fit(numbers: NDArray, symbols: int, steps: int, trained: str, seed: int) -> keras.Sequential:
    """Train one network; only the order of the pieces and the resets differ between the ways."""
    keras.utils.set_random_seed(seed)
    network = model(symbols, ROWS)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(RATE), loss)
    inputs, targets = cut(numbers, ROWS, steps)
    rng = np.random.default_rng(seed)
    for _ in range(EPOCHS[steps]):
        X, y = inputs.reshape(-1, steps), targets.reshape(-1, steps)
        if trained != "in order":
            order = rng.permutation(len(X))
            X, y = X[order], y[order]
        network.layers[1].reset_state()
        for k in range(0, len(X), ROWS):
            if trained == "from zero":
                network.layers[1].reset_state()
            network.train_on_batch(X[k : k + ROWS], y[k : k + ROWS])
    return network


def bits(network: keras.Sequential, numbers: NDArray, reset: bool) -> float:
    """Bits per character of a text that is read in pieces."""
    rows = 8
    reader = model(network.output_shape[-1], rows)
    reader.set_weights(network.get_weights())
    costs = []
    for X, y in zip(*cut(numbers, rows, READ), strict=True):
        if reset:
            reader.layers[1].reset_state()
        logits = reader.predict_on_batch(X)
        nats = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
        costs.append(float(keras.ops.mean(nats)) / np.log(2))
    return float(np.mean(costs))
