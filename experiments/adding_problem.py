"""How many updates do recurrent layers need to learn to add two marked numbers?

Design. SimpleRNN, LSTM and GRU of 16 units with a linear output: 4,000 sequences to train on, 1,000
to test on, one drawing for all. Adam, batches of 80, the norm of the gradient clipped at 1, five
seeds, each trained by itself, rates 0.02, 0.005 and 0.002. The test error is looked at every 50
updates; a run is solved, and ends, when it is below 1/60, a tenth of the error of always 1.

Study "layers": marks anywhere in 32 steps, 8,000 updates at most. SimpleRNN with tanh or ReLU, its
recurrent weights orthogonal (with tanh: Keras's default) or the identity (with ReLU: Le, Jaitly and
Hinton 2015): activation and initialization change one at a time. The default also with 34 units,
which have as many weights as the LSTM, and on the product of value and mark as its only input, so
that it has nothing to choose, only to hold and to add.

Study "forget bias": LSTM with Keras's forget bias of 1; with log T; with log T and an input bias of
-log T (Tallec and Ollivier 2018, whose biases are spread over the units); with 3; with the input
bias alone; Keras's GRU; the two SimpleRNN with ReLU. On 64 steps with both marks anywhere, or both
within the first 8 steps, so that every sequence ends with 56 steps of nothing but distractors;
4,000 updates at most.

Declared win: a layer whose state passes each step additively can be trained where the default layer
cannot, with gates or without. Fallback: if the default layer does as well, the page shows memory by
weights set by hand alone. (What came out: the default layer can be trained, and is many times
slower; a ReLU is what helps, with the identity or without. With the marks far back the identity is
needed too.)

Primary comparisons, of the numbers of updates at rate 0.005, unsolved ones last, by Mann-Whitney:
ReLU with the identity, and the LSTM, against the default layer; forget bias log T against 1, marks
in the first 8 steps.

Rows: study, layer, T, marks, rate, seed, updates (until solved, or the most there were), solved,
mse (test, at the end; the constant 1 has 1/6).

Cost: about ten minutes on two cores, JAX.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from scipy.stats import mannwhitneyu

from helpers.data import adding_problem

BACKEND = "jax"
MINUTES = 8

RATES = (0.02, 0.005, 0.002)
SEEDS = range(5)
SOLVED = 1 / 60
EACH = 50  # updates between two evaluations
DEFAULT, ADDITIVE = "tanh (default)", "ReLU, identity"
PRODUCT = "tanh, value x mark"
LAYERS = (DEFAULT, "tanh, 34 units", PRODUCT, "tanh, identity", "ReLU", ADDITIVE, "LSTM", "GRU")
BIASES = ("1 (default)", "log T", "log T, input -log T", "GRU", "ReLU", ADDITIVE)
BIASES += ("1, input -log T", "3")
MARKS = {"anywhere": 64, "in the first 8 steps": 8}
UNITS = [
    *(
        {"study": "layers", "layer": layer, "marks": "anywhere", "rate": rate}
        for layer in LAYERS
        for rate in RATES
    ),
    *(
        {"study": "forget bias", "layer": layer, "marks": marks, "rate": rate}
        for layer in BIASES
        for marks in MARKS
        for rate in RATES
    ),
]


class StopWhenSolved(keras.callbacks.Callback):
    """Ends the training when the test error is below `SOLVED`."""

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if logs["val_loss"] < SOLVED:
            self.model.stop_training = True


def run(study: str, layer: str, marks: str, rate: float) -> Iterator[dict]:
    """Train five seeds of one layer at one rate; yield how long each took."""
    T, most = (32, 8000) if study == "layers" else (64, 4000)
    within = T if study == "layers" else MARKS[marks]
    rng = np.random.default_rng(0)
    X, y = adding_problem(4000, T, rng, within)
    X_test, y_test = adding_problem(1000, T, rng, within)
    if layer == PRODUCT:
        X, X_test = (x.prod(axis=2, keepdims=True) for x in (X, X_test))
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        inputs = keras.Input((None, X.shape[2]))
        network = keras.Sequential([inputs, make(layer, T), layers.Dense(1)])
        optimizer = keras.optimizers.Adam(rate, global_clipnorm=1.0)
        network.compile(optimizer=optimizer, loss="mse")
        fit = {"batch_size": 80, "epochs": most // EACH, "callbacks": [StopWhenSolved()]}
        test = {"validation_data": (X_test, y_test), "verbose": 0}
        errors = network.fit(X, y, **test, **fit).history["val_loss"]
        is_solved = bool(errors[-1] < SOLVED)
        taken = {"updates": EACH * len(errors), "solved": is_solved, "mse": errors[-1]}
        yield {"T": T, "seed": seed} | taken


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons: p-values of two-sided Mann-Whitney tests of five runs and five."""
    rows = rows.assign(updates=rows["updates"].where(rows["solved"], math.inf))
    race = rows.query("study == 'layers' and rate == 0.005")
    early = rows.query("study == 'forget bias' and rate == 0.005 and marks != 'anywhere'")
    pairs = [
        (race, ADDITIVE, DEFAULT),
        (race, "LSTM", DEFAULT),
        (early, "log T", "1 (default)"),
    ]
    told = {}
    for some, one, other in pairs:
        taken = [some.loc[some["layer"] == name, "updates"] for name in (one, other)]
        told[f"{one} - {other}"] = float(mannwhitneyu(*taken).pvalue)
    return told


def make(layer: str, T: int) -> layers.Layer:
    """A layer of 16 units by its name; an LSTM by its biases, for memories of T steps."""
    if layer in ("LSTM", "GRU", "1 (default)"):
        return layers.GRU(16) if layer == "GRU" else layers.LSTM(16)
    if layer in BIASES and "ReLU" not in layer:
        forget, _, other = layer.partition(", ")
        forget_bias = math.log(T) if forget == "log T" else float(forget)
        biases = gate_biases(-math.log(T) if other else 0.0, forget_bias)
        return layers.LSTM(16, unit_forget_bias=False, bias_initializer=biases)
    start = "identity" if "identity" in layer else "orthogonal"
    activation = "relu" if "ReLU" in layer else "tanh"
    units = 34 if "34" in layer else 16
    return layers.SimpleRNN(units, activation=activation, recurrent_initializer=start)


def gate_biases(input_bias: float, forget_bias: float) -> object:
    """An initializer of the biases (4p,) of an LSTM: input gate, forget gate, the others 0."""

    def initialize(shape: tuple[int], dtype: str | None = None) -> object:
        biases = np.repeat([input_bias, forget_bias, 0.0, 0.0], shape[0] // 4)
        return keras.ops.convert_to_tensor(biases, dtype)

    return initialize
