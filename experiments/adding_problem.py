"""Which recurrent layers learn to add two marked numbers, and at which learning rates?

Design. SimpleRNN, LSTM and GRU of 16 units, and a SimpleRNN of 34 units, which has a few more
weights than the LSTM, each with a linear output: 4,000 sequences to train on, 1,000 to test on, one
drawing for all. Lengths 8, 16 and 32 at Adam's rate 0.02 and 400 updates; for 32 steps also rates
0.005 and 0.002, and these with 2,000 updates. Five seeds, trained side by side with one bound on
the gradient of their summed loss. Keras's initializations.

Primary comparisons, for 32 steps: LSTM and GRU against the wide SimpleRNN, in each setting.
Fallback: if none is ahead, the page says so.

Rows: layer, setting, T, rate, updates, seed, mse (test; the constant 1 has 1/6).

Cost: about eight minutes on two cores, TensorFlow, on which the page trains.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers

from helpers.data import adding_problem
from helpers.training import adam, train_seeds

BACKEND = "tensorflow"
MINUTES = 8

SETTINGS = {  # number of steps, learning rate, epochs of 50 updates
    "T = 8": (8, 0.02, 8),
    "T = 16": (16, 0.02, 8),
    "T = 32": (32, 0.02, 8),
    "T = 32, rate 0.005": (32, 0.005, 8),
    "T = 32, rate 0.002": (32, 0.002, 8),
    "T = 32, rate 0.005, 2,000 updates": (32, 0.005, 40),
    "T = 32, rate 0.002, 2,000 updates": (32, 0.002, 40),
}
LAYERS = {"SimpleRNN": layers.SimpleRNN, "LSTM": layers.LSTM, "GRU": layers.GRU}
UNITS = [
    *({"layer": layer, "setting": setting} for layer in LAYERS for setting in SETTINGS),
    *({"layer": "SimpleRNN(34)", "setting": setting} for setting in list(SETTINGS)[2:]),
]


def run(layer: str, setting: str) -> Iterator[dict]:
    """Train five seeds in one setting; yield the test error of each."""
    T, rate, epochs = SETTINGS[setting]
    kind, num_units = (layers.SimpleRNN, 34) if "34" in layer else (LAYERS[layer], 16)
    rng = np.random.default_rng(0)
    X, y = adding_problem(4000, T, rng)
    X_test, y_test = adding_problem(1000, T, rng)
    networks = train_seeds(
        lambda: adding_network(kind(num_units)),
        X,
        y,
        predict=X_test,
        seeds=5,
        optimizer=adam(rate, global_clipnorm=5.0),  # of the sum of five losses
        batch_size=80,
        max_epochs=epochs,
        loss="mse",
    )
    errors = np.mean((networks.predictions - y_test) ** 2, axis=1)
    for seed, error in enumerate(errors):
        yield {"T": T, "rate": rate, "updates": 50 * epochs, "seed": seed, "mse": error}


def adding_network(layer: layers.Layer) -> keras.Sequential:
    """A recurrent layer and a linear output, not yet trained."""
    return keras.Sequential([keras.Input((None, 2)), layer, layers.Dense(1)])
