"""Which layers learn to follow a ball under cups?

Design. A sequence begins with a start symbol (the ball is under the first cup). Each further symbol
moves the cups. After each: where is the ball? Two tasks: "parity", two cups that are swapped or
not; "swaps", two of five cups are swapped (ten pairs). An embedding of 16 numbers, one or two
layers, a hidden layer of 64 ReLU units, scores of five cups. The layers, of 64 units or rows each:
the delta rule with P = 1 (one value a row), whose beta is a sigmoid ("beta up to 1") or twice a
sigmoid ("beta up to 2"); decays, S = a S + (1 - |a|) w, with w from a dense layer and a from a
sigmoid ("decay") or a tanh ("signed decay"); an LSTM. One layer of "beta up to 2" and of the LSTM,
two of all others, with a hidden layer of 64 ReLU units between them. Decays without a sign are
tried on parity alone, the LSTM on swaps alone. Trained on 20 symbols, 2,000 batches of 64 new
sequences, Adam with gradients clipped at norm 1, the rate decayed by a cosine. On swaps beta up to
2 is also trained on 60. Three rates, three seeds; the rate is chosen by the mean share of right
answers, over 300 symbols of a validation set and the three seeds. Test: 500 other sequences of 300
symbols.

Declared before the first run of swaps, after trials with one or two seeds, a learned first state
and no hidden layer: of the three seeds at the chosen rate the delta rule with beta up to 2 is right
in 99 % at symbol 100 in all three, beta up to 1 and a decay in less than half at 20 in all three.
Fallback: the layers with weights set by hand. Not a win over the LSTM, which in the trials with 64
units and 3,000 updates was right at 300, too. Open: how far beta up to 2 carries.

The second half came out as declared. The first did not: beta up to 2 was right in 99 % at swap 50,
but only in .92 to .98 at swap 100. So the page says how far it carries. One layer of decays did no
better than two and is gone. Other readers tried more depth: four layers of signed decays had .39 at
swap 20, two layers of beta up to 1 .17 to .22; all were at chance at swap 50.

Parity came later, as a control: is it the task, or can these layers not be trained? Declared before
its run, after one seed of each (a reader had the same): signed decays and the LSTM are right in
99 % at 300 in all three seeds, beta up to 2 in 99 % at 100, decays and beta up to 1 in less than .6
at 100. It came out so once all seeds chose the rate; with seed 0 alone one seed of beta up to 2 had
.53 at 100, and two readers each found one other seed that had .5 at 100.

Training on 60 swaps came last, after three readers had tried it (.84 to .98 at swap 300). Declared:
of three seeds all are right in .95 at swap 100 and in .75 at 300. The rate 0.06 came with it: 0.03,
the largest before, had been chosen. (0.003, in a run before, changed nothing.) And the choice is
over 300 symbols now: over 100, as before, all rates were right in all of what had been trained on
60. The second layer of beta up to 1 came last of all, since four readers called it unfair that only
the decays had two, and found no better (.48 to .53 at 20 of parity); declared: less than .6 at 20
of parity and .3 at 20 of swaps, and so it came out. Readers with smaller rates and more updates got
it further on parity (.5 to .84 at 20, with 16 keys and betas a step .97), never to 60. LSTMs of
about the weights of the delta rule (12 to 14 units) mostly failed at swap 20 in readers' trials
with 2,000 updates, one of 24 units had .92 at 300.

Primary comparisons: share right at symbol 20, 100 and 300, least and most of the seeds.

Rows: task, layer, trained_on (symbols), rate, seed, valid (share right over 300 symbols), chosen,
and the share of the test sequences whose ball is found after 1 to 300 symbols (step_1 to step_300).

Cost: five minutes on two cores, JAX.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

BACKEND = "jax"
MINUTES = 5

CUPS, UPDATES, UNITS_OF_LAYER = 5, 2000, 64
TESTED = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100, 150, 200, 250, 300)
RATES, SEEDS = (0.01, 0.03, 0.06), (0, 1, 2)
LIMITS = {"beta up to 1": 1.0, "beta up to 2": 2.0}
LAYERS = ("decay", "signed decay", "beta up to 1", "beta up to 2", "LSTM")
UNITS = [
    {"task": task, "layer": layer, "trained_on": 20}
    for task in ("parity", "swaps")
    for layer in LAYERS
    if (task, layer) not in [("parity", "LSTM"), ("swaps", "decay")]
]
UNITS += [{"task": "swaps", "layer": "beta up to 2", "trained_on": 60}]


def moves(task: str) -> np.ndarray:
    """Where each symbol sends each cup: (symbols, 5)."""
    turns = {
        "parity": [(0, 1), ()],
        "swaps": list(itertools.combinations(range(CUPS), 2)),
    }[task]
    to = np.tile(np.arange(CUPS), (len(turns), 1))
    for row, turn in zip(to, turns, strict=True):
        row[list(turn)] = turn[1:] + turn[:1]
    return to


def cups(
    task: str, rng: np.random.Generator, n: int, num_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Symbols (n, 1 + num_steps), 0 the start, k the k-th move; the ball's cup after each."""
    to = moves(task)
    symbols = rng.integers(1, len(to) + 1, (n, 1 + num_steps))
    symbols[:, 0] = 0
    places = np.zeros_like(symbols)
    for t in range(1, 1 + num_steps):
        places[:, t] = to[symbols[:, t] - 1, places[:, t - 1]]
    return symbols, places


class Delta(layers.Layer):
    """A cell of the delta rule with P = 1: the state is a column of num_rows numbers."""

    def __init__(self, num_rows: int, limit: float, **options: object) -> None:
        super().__init__(**options)
        self.state_size = self.output_size = num_rows
        self.limit = limit

    def build(self, shape: tuple) -> None:
        sizes = {"key": self.state_size, "value": 1, "strength": 1}
        self.parts = [self.add_weight((shape[-1], n), name=name) for name, n in sizes.items()]

    def call(self, x: object, states: list) -> tuple:
        (S,) = states
        of_key, of_value, of_strength = self.parts
        key = x @ of_key
        key = key / ops.sqrt(ops.sum(key**2, axis=-1, keepdims=True) + 1e-6)
        error = x @ of_value - ops.sum(key * S, axis=-1, keepdims=True)
        S = S + self.limit * ops.sigmoid(x @ of_strength) * key * error
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


def cell(layer: str) -> layers.Layer:
    """A cell of the delta rule or with decays."""
    if layer in LIMITS:
        return Delta(UNITS_OF_LAYER, LIMITS[layer])
    return Decay(UNITS_OF_LAYER, signed=layer == "signed decay")


def network(layer: str, num_symbols: int, seed: int) -> keras.Model:
    """Symbols (n, T) to scores of the cups (n, T, 5)."""
    keras.utils.set_random_seed(seed)
    symbols = keras.Input((None,), dtype="int32")
    x = layers.Embedding(num_symbols + 1, 16)(symbols)
    if layer == "LSTM":
        x = layers.LSTM(UNITS_OF_LAYER, return_sequences=True)(x)
    else:
        x = layers.RNN(cell(layer), return_sequences=True)(x)
        if layer != "beta up to 2":
            x = layers.Dense(UNITS_OF_LAYER, "relu")(x)
            x = layers.RNN(cell(layer), return_sequences=True)(x)
    x = layers.Dense(UNITS_OF_LAYER, "relu")(x)
    return keras.Model(symbols, layers.Dense(CUPS)(x))


def trained(task: str, layer: str, num_steps: int, rate: float, seed: int) -> dict:
    """One row."""
    model = network(layer, len(moves(task)), seed)
    decayed = keras.optimizers.schedules.CosineDecay(rate, UPDATES)
    model.compile(
        optimizer=keras.optimizers.Adam(decayed, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=50,
    )
    model.fit(*cups(task, np.random.default_rng(seed), 64 * UPDATES, num_steps), 64, 1, verbose=0)
    valid = share_right(model, task, np.random.default_rng(100)).mean()
    right = share_right(model, task, np.random.default_rng(101))
    found = {f"step_{step}": float(right[step - 1]) for step in TESTED}
    return {"rate": rate, "seed": seed, "valid": float(valid)} | found


def share_right(model: keras.Model, task: str, rng: np.random.Generator) -> np.ndarray:
    """Share of 500 sequences whose ball is found, after each of 300 symbols: (300,)."""
    symbols, places = cups(task, rng, 500, TESTED[-1])
    answers = model.predict(symbols, batch_size=500, verbose=0).argmax(axis=-1)
    return (answers == places)[:, 1:].mean(axis=0)


def run(task: str, layer: str, trained_on: int) -> Iterator[dict]:
    """Rows of one layer: three rates with three seeds each; the rate that is best on average."""
    tried = [trained(task, layer, trained_on, rate, seed) for rate in RATES for seed in SEEDS]
    means = {
        rate: np.mean([row["valid"] for row in tried if row["rate"] == rate]) for rate in RATES
    }
    best = max(means, key=means.get)
    yield from (row | {"chosen": row["rate"] == best} for row in tried)


def compare(rows: pd.DataFrame) -> dict:
    """Share right at 20, 100 and 300, least and most of three seeds."""
    chosen = rows[rows["chosen"].astype(bool)].groupby(["task", "layer", "trained_on"])
    return {
        f"{task}, {layer}, {length}, step {step}, {name}": float(pick(some[f"step_{step}"]))
        for (task, layer, length), some in chosen
        for step in (20, 100, 300)
        for name, pick in (("least", min), ("most", max))
    }
