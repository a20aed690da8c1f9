"""Which layers learn to follow a ball under five cups?

Design. A sequence begins with a start symbol (the ball is under the first cup), then each symbol
swaps two of five cups, drawn at random from the ten pairs. After each swap: where is the ball? An
embedding of 16 numbers, one or two layers, a hidden layer of 64 ReLU units, five scores. The
layers, of 64 units or rows each: the delta rule with P = 1 (one value a row), whose beta is
a sigmoid ("beta up to 1") or twice a sigmoid ("beta up to 2"); decays, S = a S + (1 - |a|) w, with
w from a dense layer and a from a sigmoid ("decay") or a tanh ("signed decay"), two of these with a
hidden layer of 64 ReLU units between them; an LSTM. Trained on 20 swaps, 2,000 batches of 64 new
sequences, Adam with gradients clipped at norm 1, the rate decayed by a cosine. Four rates (0.003,
0.01, 0.03, 0.1) with seed 0, chosen by the share of right answers over 100 swaps of a validation
set; then seeds 1 and 2. Test: 500 other sequences of 300 swaps.

Declared before the first run, after trials with one or two seeds, a learned first state and no
hidden layer: of the three seeds at the chosen rate the delta rule with beta up to 2 is right in
99 % at swap 100 in all three, beta up to 1 and a decay in less than half at swap 20 in all three.
Fallback: the layers with weights set by hand. Not a win over the LSTM, which in the trials with
64 units and 3,000 updates was right at 300 swaps, too. Open: how far beta up to 2 carries.

The second half came out as declared. The first did not: beta up to 2 was right in 99 % at swap 50,
but only in .92 to .98 at swap 100. So the page says how far it carries. One layer of decays did no
better than two and is gone. Why the ball is lost in the end is left open: with beta set to 2 in the
trained network it was found in .72 to .82 at swap 300 in place of .30 to .37, but at the rate of
0.1, which a reader asked for, that changed nothing (.61 and .60). Other readers tried more depth:
four layers of signed decays had .39 at swap 20, two layers of beta up to 1 .17 to .22; all were at
chance at swap 50.

Primary comparisons: share right at swap 20, 100 and 300, least and most of the seeds.

Rows: layer, rate, seed, valid (share right over 100 swaps), chosen, and the share of the test
sequences whose ball is found after 1 to 300 swaps (swap_1 to swap_300).

Cost: two minutes on two cores, JAX.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

BACKEND = "jax"
MINUTES = 3

CUPS, SWAPS, UPDATES, UNITS_OF_LAYER = 5, 20, 2000, 64
TESTED = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100, 150, 200, 250, 300)
RATES, SEEDS = (0.003, 0.01, 0.03, 0.1), (0, 1, 2)
PAIRS = np.array(list(itertools.combinations(range(CUPS), 2)))
UNITS = [
    {"layer": layer} for layer in ("decay", "signed decay", "beta up to 1", "beta up to 2", "LSTM")
]


def cups(rng: np.random.Generator, n: int, num_swaps: int) -> tuple[np.ndarray, np.ndarray]:
    """Symbols (n, 1 + num_swaps), 0 the start, k the k-th pair; the ball's cup after each."""
    symbols = rng.integers(1, len(PAIRS) + 1, (n, 1 + num_swaps))
    symbols[:, 0] = 0
    places = np.zeros_like(symbols)
    for t in range(1, 1 + num_swaps):
        (a, b), before = PAIRS[symbols[:, t] - 1].T, places[:, t - 1]
        places[:, t] = np.where(before == a, b, np.where(before == b, a, before))
    return symbols, places


class Delta(layers.Layer):
    """A cell of the delta rule with P = 1: the state is a column of num_rows numbers."""

    def __init__(self, num_rows: int, limit: float, **options: object) -> None:
        super().__init__(**options)
        self.state_size = self.output_size = num_rows
        self.limit = limit

    def build(self, shape: tuple) -> None:
        self.key = self.add_weight((shape[-1], self.state_size), name="key")
        self.value = self.add_weight((shape[-1], 1), name="value")
        self.strength = self.add_weight((shape[-1], 1), name="strength")

    def call(self, x: object, states: list) -> tuple:
        (S,) = states
        key = x @ self.key
        key = key / ops.sqrt(ops.sum(key**2, axis=-1, keepdims=True) + 1e-6)
        error = x @ self.value - ops.sum(key * S, axis=-1, keepdims=True)
        S = S + self.limit * ops.sigmoid(x @ self.strength) * key * error
        return S, [S]


class Decay(layers.Layer):
    """A cell with a decay a row, as a minGRU: S = a S + (1 - |a|) w."""

    def __init__(self, num_rows: int, *, signed: bool, **options: object) -> None:
        super().__init__(**options)
        self.state_size = self.output_size = num_rows
        self.activation = ops.tanh if signed else ops.sigmoid

    def build(self, shape: tuple) -> None:
        self.gate, self.written = layers.Dense(self.state_size), layers.Dense(self.state_size)
        self.gate.build(shape)
        self.written.build(shape)

    def call(self, x: object, states: list) -> tuple:
        kept = self.activation(self.gate(x))
        S = kept * states[0] + (1 - ops.abs(kept)) * self.written(x)
        return S, [S]


def network(layer: str, seed: int) -> keras.Model:
    """Symbols (n, T) to scores of the cups (n, T, 5)."""
    keras.utils.set_random_seed(seed)
    symbols = keras.Input((None,), dtype="int32")
    x = layers.Embedding(len(PAIRS) + 1, 16)(symbols)
    if layer == "LSTM":
        x = layers.LSTM(UNITS_OF_LAYER, return_sequences=True)(x)
    elif layer.startswith("beta"):
        x = layers.RNN(Delta(UNITS_OF_LAYER, float(layer[-1])), return_sequences=True)(x)
    else:
        for between in (layers.Dense(UNITS_OF_LAYER, "relu"), None):
            cell = Decay(UNITS_OF_LAYER, signed=layer == "signed decay")
            x = layers.RNN(cell, return_sequences=True)(x)
            x = between(x) if between else x
    x = layers.Dense(UNITS_OF_LAYER, "relu")(x)
    return keras.Model(symbols, layers.Dense(CUPS)(x))


def trained(layer: str, rate: float, seed: int) -> dict:
    """One row."""
    model = network(layer, seed)
    decayed = keras.optimizers.schedules.CosineDecay(rate, UPDATES)
    model.compile(
        optimizer=keras.optimizers.Adam(decayed, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=50,
    )
    model.fit(*cups(np.random.default_rng(seed), 64 * UPDATES, SWAPS), 64, 1, verbose=0)
    valid = share_right(model, np.random.default_rng(100))[:100].mean()
    right = share_right(model, np.random.default_rng(101))
    found = {f"swap_{swap}": float(right[swap - 1]) for swap in TESTED}
    return {"rate": rate, "seed": seed, "valid": float(valid)} | found


def share_right(model: keras.Model, rng: np.random.Generator) -> np.ndarray:
    """Share of 500 sequences whose ball is found, after each of 300 swaps: (300,)."""
    symbols, places = cups(rng, 500, TESTED[-1])
    answers = model.predict(symbols, batch_size=500, verbose=0).argmax(axis=-1)
    return (answers == places)[:, 1:].mean(axis=0)


def run(layer: str) -> Iterator[dict]:
    """Rows of one layer: four rates with seed 0, then two seeds at the best."""
    tried = [trained(layer, rate, SEEDS[0]) for rate in RATES]
    best = max(tried, key=lambda row: row["valid"])
    yield from (row | {"chosen": row is best} for row in tried)
    for seed in SEEDS[1:]:
        yield trained(layer, best["rate"], seed) | {"chosen": True}


def compare(rows: pd.DataFrame) -> dict:
    """Share right at swaps 20, 100 and 300, least and most of three seeds."""
    chosen = rows[rows["chosen"].astype(bool)].groupby("layer")
    return {
        f"{layer}, swap {swap}, {name}": float(pick(some[f"swap_{swap}"]))
        for layer, some in chosen
        for swap in (20, 100, 300)
        for name, pick in (("least", min), ("most", max))
    }
