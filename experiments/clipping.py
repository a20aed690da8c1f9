"""When does clipping the gradient help a plain layer to learn, and at which rates?

Design. The first-sign task of `vanishing-gradients` (`first_sign`, T = 50, noise 0.2): 7,400
sequences, of which 6,400 are read once in batches of 64 (100 updates), 1,000 test. `SimpleRNN(16)`
and a sigmoid, plain SGD. Recurrent weights at the start: a random orthogonal matrix times 1.8,
through which gradients explode, and times 1, through which they do not. Rates 0.003, 0.03, 0.1 and
1; no clipping, or the norm of the whole gradient clipped to 1. Seeds 0 to 9 (initial weights,
sequences).

Primary comparisons: how many of ten trainings answer more than 90 % of the test sequences.
Declared, after single runs on the page and 20 of a reader (from 1.8 Q at 0.1: 10 of 20 without
clipping, 20 with): from 1.8 Q at 0.1 and 1 at least 8 learn with clipping, at most 6 without; at
0.003 at least 8 without, at most 4 with; from Q at 0.1 and 1 at least 8 without. Fallback: the page
says what came out. It came out so, but for 7 of 10 from Q at 0.1. (Before, the page trained three
seeds itself. What they gave changed with the versions of the libraries, with the processor, and
with the work beside them: gradients that explode make rounding errors visible.)

Rows: start, rate, threshold (0: none), seed, accuracy.

Cost: a minute on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers

from experiments.which_layer_learns import BATCH, NUM_TEST, UNITS_OF_LAYER, T
from helpers.data import first_sign

BACKEND = "jax"
MINUTES = 2

NUM_TRAIN = 6_400
SCALES = {"1.8 Q": 1.8, "Q": 1.0}
RATES, THRESHOLDS, SEEDS, LEARNED = (0.003, 0.03, 0.1, 1.0), (0.0, 1.0), range(10), 0.9
UNITS = [{"start": start, "threshold": limit} for start in SCALES for limit in THRESHOLDS]


def run(start: str, threshold: float) -> Iterator[dict]:
    """One start, with or without clipping, each rate and seed."""
    for rate in RATES:
        for seed in SEEDS:
            accuracy = trained(SCALES[start], rate, threshold, seed)
            yield {"rate": rate, "seed": seed, "accuracy": accuracy}


def compare(rows: pd.DataFrame) -> dict:
    """How many of the seeds learn."""
    learn = (rows["accuracy"] > LEARNED).groupby([rows[c] for c in ("start", "threshold", "rate")])
    return {
        f"{start}, {'clipped' if threshold else 'not clipped'}, rate {rate}": int(number)
        for (start, threshold, rate), number in learn.sum().items()
    }


def trained(scale: float, rate: float, threshold: float, seed: int) -> float:
    """Train on each sequence once; accuracy on the last ones."""
    X, y = first_sign(NUM_TRAIN + NUM_TEST, T, np.random.default_rng(seed), noise=0.2)
    keras.utils.set_random_seed(seed)
    start = keras.initializers.Orthogonal(scale, seed=seed)
    inputs = keras.Input(X.shape[1:])
    last = layers.SimpleRNN(UNITS_OF_LAYER, recurrent_initializer=start)(inputs)
    network = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(last))
    optimizer = keras.optimizers.SGD(rate, global_clipnorm=threshold or None)
    network.compile(optimizer, loss="binary_crossentropy")
    network.fit(X[:NUM_TRAIN], y[:NUM_TRAIN], batch_size=BATCH, shuffle=False, verbose=0)
    probabilities = network.predict(X[NUM_TRAIN:], batch_size=NUM_TEST, verbose=0)[:, 0]
    return float(np.mean((probabilities > 0.5) == y[NUM_TRAIN:]))
