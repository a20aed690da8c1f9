"""What do a few recurrent units learn, and when does one unit fail to train?

Design. Study "parity": after each bit, is the number of ones so far odd? `SimpleRNN` of 1
to 16 units and the page's cell, whose input also scales the old state, of 1 to 4 units; behind each
a `Dense(1)` with a sigmoid. Recurrent weights begin orthogonal, as Keras's do, or as the identity,
for both; the cell of one unit also begins at -1, which is what an orthogonal 1 x 1 matrix is as
often as +1. As rivals that multiply too: GRU and LSTM of 1, 2 and 4 units. Trained on 64,000
sequences of 12 bits, Adam, batches of 64, rates 0.003, 0.01 and 0.03, five seeds (weights and order
of the rows both drawn anew), 3,000 updates (three epochs); the share of 500 sequences with a right
answer at step 12, and at step 200 of sequences that go on.

One `SimpleRNN` unit cannot be right on more than three quarters of all sequences at any step after
the first: a sum cannot be large for (even, 1) and (odd, 0) and small for the other two. Declared
win: with more units it is right at step 200, and one unit of the page's cell is. Fallback: two
units with weights set by hand.

Trials came before this design was written down, some with the same code and seeds: `SimpleRNN` of 1
to 16 units and the cell with orthogonal weights, the cell of one unit from +1 and from -1, and on
prices the state as output from -1. So what was new in the full run: `SimpleRNN` with the identity,
GRU and LSTM, the other three arms on prices. (What came out: one unit of the cell learns it from +1
and hardly from -1; plain layers need eight units and the identity; an LSTM unit learns it nearly
always. On prices `Dense(1)` does not cure slow runs at every rate; a larger rate does.)

Study "output": one tanh unit on 400 windows of scaled prices, whose target is the next day: its
state read as the prediction, or `Dense(1)` behind it; its recurrent weight begins at +1 or at -1
(an orthogonal 1 x 1 matrix is one of the two). Adam, batches of 32, 50 epochs, the same rates, 64
seeds for the weights, each with two orders of the rows. `error` is the training error divided by
the variance of the target: 1 is the score of predicting the mean.

Primary comparisons: runs of 15 that are right at step 200 (99 % of the sequences or more), one unit
of the page's cell begun at +1 and at -1; the same for `SimpleRNN` of 16 units; failed runs at rate
0.01 (`error` above 0.5) with and without `Dense(1)`, of the 128 that begin at -1.

All runs of a setting are trained side by side: Keras's layers, loss and Adam, mapped over seeds and
rates by JAX. A test trains one of them with `fit` and gets the same weights.

Rows: study, layer, begin, units, output, rate, seed, order; step_12, step_200 or error.

Cost: about two minutes on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

from helpers.data import DATA_FOLDER, read_sample_stocks, running_parity

BACKEND = "jax"
MINUTES = 6

RATES = (0.003, 0.01, 0.03)
SIZES = {
    ("SimpleRNN", "orthogonal"): (1, 2, 4, 8, 16),
    ("SimpleRNN", "identity"): (1, 2, 4, 8, 16),
    ("own cell", "orthogonal"): (1, 2, 4),
    ("own cell", "identity"): (1, 2, 4),
    ("own cell", "-1"): (1,),
    ("GRU", "orthogonal"): (1, 2, 4),
    ("LSTM", "orthogonal"): (1, 2, 4),
}
STARTS = {
    "orthogonal": "orthogonal",
    "identity": "identity",
    "-1": keras.initializers.Constant(-1),
}
UNITS = [
    *(
        {"study": "parity", "layer": layer, "begin": begin, "units": units}
        for (layer, begin), sizes in SIZES.items()
        for units in sizes
    ),
    *(
        {"study": "output", "output": output, "begin": begin}
        for output in ("state", "Dense(1)")
        for begin in ("identity", "-1")
    ),
]


class ScalingCell(layers.Layer):
    """A tanh cell whose input also scales the old state."""

    def __init__(self, units: int, start: object = "identity") -> None:
        super().__init__()
        self.units = self.state_size = self.output_size = units
        self.start = start

    def build(self, input_shape: tuple) -> None:
        m, p = input_shape[-1], self.units
        self.W_x = self.add_weight(shape=(m, p))
        self.W_h = self.add_weight(shape=(p, p), initializer=self.start)
        self.b = self.add_weight(shape=(p,), initializer="zeros")
        self.V = self.add_weight(shape=(m, p), initializer="zeros")

    def call(self, x: object, states: list) -> tuple:
        scaled = states[0] * (1 + x @ self.V)
        state = ops.tanh(x @ self.W_x + scaled @ self.W_h + self.b)
        return state, [state]


def run(study: str, **setting: object) -> Iterator[dict]:
    """All seeds and rates of one setting."""
    return parity(**setting) if study == "parity" else output(**setting)


def parity(layer: str, begin: str, units: int) -> Iterator[dict]:
    """Train on running parity over 12 bits; yield how many are right after 12 and 200."""
    bits, odd = running_parity(64_000, 12, np.random.default_rng(0))
    tests = running_parity(500, 200, np.random.default_rng(1))

    def make(seed: int) -> keras.Model:
        keras.utils.set_random_seed(seed)
        if layer == "own cell":
            recurrent = layers.RNN(ScalingCell(units, STARTS[begin]), return_sequences=True)
        else:
            options = {"recurrent_initializer": STARTS[begin], "return_sequences": True}
            recurrent = getattr(layers, layer)(units, **options)
        top = layers.Dense(1, activation="sigmoid")
        return keras.Sequential([keras.Input((None, 1)), recurrent, top])

    runs = [{"rate": rate, "seed": seed} for rate in RATES for seed in range(5)]
    orders = [shuffled(64_000, 64, 3, seed=one["seed"]) for one in runs]
    loss = keras.losses.BinaryCrossentropy()
    models = [make(one["seed"]) for one in runs]
    answers = train(models, runs, bits, odd[..., np.newaxis], loss, orders, tests[0])
    for one, answer in zip(runs, answers, strict=True):
        correct = (answer[..., 0] > 0.5) == tests[1]
        yield one | {"step_12": correct[:, 11].mean(), "step_200": correct[:, 199].mean()}


def output(output: str, begin: str) -> Iterator[dict]:
    """Train one tanh unit on prices; yield its training error in units of the variance."""
    prices = read_sample_stocks(DATA_FOLDER / "stocks.csv")
    prices = prices[prices["window"] <= 20].filter(like="day_").to_numpy()
    low, high = prices[:, :100].min(1, keepdims=True), prices[:, :100].max(1, keepdims=True)
    scaled = (2 * (prices - low) / (high - low) - 1).astype("float32")
    X, y = scaled[:, :100, np.newaxis], scaled[:, 100:]

    def make(seed: int) -> keras.Model:
        keras.utils.set_random_seed(seed)
        unit = layers.SimpleRNN(1, recurrent_initializer=STARTS[begin])
        top = [layers.Dense(1)] if output == "Dense(1)" else []
        return keras.Sequential([keras.Input((None, 1)), unit, *top])

    for rate in RATES:
        runs = [
            {"rate": rate, "seed": seed, "order": order} for seed in range(64) for order in (0, 1)
        ]
        orders = [shuffled(len(X), 32, 50, seed=64 * one["order"] + one["seed"]) for one in runs]
        models = [make(one["seed"]) for one in runs]
        loss = keras.losses.MeanSquaredError()
        answers = train(models, runs, X, y, loss, orders, X)
        for one, answer in zip(runs, answers, strict=True):
            yield one | {"error": np.mean((answer - y) ** 2) / y.var()}


def shuffled(rows: int, batch: int, epochs: int, seed: int) -> np.ndarray:
    """Rows of each update, the rows of an epoch in random order; shape (updates, batch)."""
    rng = np.random.default_rng(seed)
    whole = rows // batch * batch
    return np.concatenate([rng.permutation(rows)[:whole].reshape(-1, batch) for _ in range(epochs)])


def train(
    models: list[keras.Model],
    runs: list[dict],
    X: np.ndarray,
    y: np.ndarray,
    loss: Callable,
    orders: list[np.ndarray],
    X_test: np.ndarray,
) -> np.ndarray:
    """Train networks of one form side by side by Adam; their predictions, (runs, ...)."""
    import jax  # the backend of this experiment

    optimizers = [keras.optimizers.Adam(one["rate"]) for one in runs]
    for optimizer, each in zip(optimizers, models, strict=True):
        optimizer.build(each.trainable_variables)
    model, optimizer = models[0], optimizers[0]
    fixed = [variable.value for variable in model.non_trainable_variables]
    X, y = ops.convert_to_tensor(X), ops.convert_to_tensor(y)

    def update(state: tuple, rows: object) -> tuple:
        weights, moments = state

        def objective(weights: list) -> object:
            return loss(y[rows], model.stateless_call(weights, fixed, X[rows])[0])

        slopes = jax.grad(objective)(weights)
        return optimizer.stateless_apply(moments, slopes, weights), None

    def whole(weights: list, moments: list, order: object) -> object:
        (weights, _), _ = jax.lax.scan(update, (weights, moments), order)
        return model.stateless_call(weights, fixed, X_test)[0]

    weights = stacked([each.trainable_variables for each in models])
    moments = stacked([each.variables for each in optimizers])
    return np.asarray(jax.jit(jax.vmap(whole))(weights, moments, np.stack(orders)))


def stacked(variables: list[list]) -> list:
    """The values of each variable over the runs, stacked."""
    return [ops.stack([one.value for one in each]) for each in zip(*variables, strict=True)]


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons, as counts."""
    right = rows[rows["step_200"] >= 0.99].groupby(["layer", "begin", "units"]).size()
    failed = rows[(rows["error"] > 0.5) & (rows["rate"] == 0.01) & (rows["begin"] == "-1")]
    return {
        "right at step 200, of 15": {
            "own cell, +1": int(right.get(("own cell", "identity", 1), 0)),
            "own cell, -1": int(right.get(("own cell", "-1", 1), 0)),
            "SimpleRNN(16)": int(right.get(("SimpleRNN", "orthogonal", 16), 0)),
        },
        "failed, of 128": {
            name: int((failed["output"] == name).sum()) for name in ("state", "Dense(1)")
        },
    }
