"""When does clipping the gradient help a plain layer to learn, and at which rates?

Design. The first-sign task of `vanishing-gradients` (`first_sign`, T = 50, noise 0.2), each
sequence read once, in batches of 64, for 100 updates; 1,000 more sequences are the test. The layer
of `exploding-gradients`: `SimpleRNN(16)` and a sigmoid, both without biases, plain SGD. Recurrent
weights at the start: a random orthogonal matrix Q times 1.8 or 2.5, through which gradients
explode. Rates 0.0001 to 1; the norm of the whole gradient clipped to 0.1, 1, 10 or 100, or not at
all. Seeds 10 to 19 (initial weights, sequences). Studies beside this "grid": "between", more rates
without clipping; and on twenty seeds that nothing was chosen on, 20 to 39, all from 2.5 Q but one:
"again", the threshold 1 at the rate 1, and without clipping at five small rates; "longer", without
clipping at these rates for 2,000 updates; "value", each number of the gradient clipped to 1, at
the rate 1; "adam", Adam with the threshold 1 and without, at 0.003 to 0.1; "start", without
clipping from Q itself, at 0.001 to 1.

Primary comparisons: how many of the trainings answer more than 90 % of the test sequences
correctly. Declared before this run, after one of the same layer with biases and readers' trials
without: from 2.5 Q with clipping at least 16 of 20 ("again"), without at most 13 at each rate; with
2,000 updates without clipping at least 10 at the best rate; "value" at least 16; "start" at least
16 at its best rate. From 1.8 Q with the threshold 1 at least 8 of 10 at the rates 0.1 and 1. Where
rate times threshold is at most 0.01, at most 3 of 10. Fallback: the page says what came out. (All
came out so but the last: from 1.8 Q up to 6 of 10 learn where the product is 0.01. Adam, for which
nothing was declared, has 20 of 20 with clipping and without.)

Rows: study, start, rate, threshold (0: none), seed, accuracy.

Cost: about five minutes on two cores, JAX.
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
MINUTES = 8

UPDATES = {"longer": 2_000}  # in the other studies 100
SCALES = {"Q": 1.0, "1.8 Q": 1.8, "2.5 Q": 2.5}
RATES = {
    "grid": (0.0001, 0.001, 0.01, 0.1, 1.0),
    "between": (0.0002, 0.0005, 0.003, 0.03),
    "again": (0.0001, 0.0002, 0.0005, 0.001, 0.003),
    "adam": (0.003, 0.01, 0.03, 0.1),
    "start": (0.001, 0.01, 0.1, 1.0),
    "longer": (0.0001, 0.0002, 0.0005, 0.001, 0.003),
    "value": (1.0,),
}
THRESHOLDS = (0.0, 100.0, 10.0, 1.0, 0.1)
SEEDS, NEW_SEEDS, LEARNED = range(10, 20), range(20, 40), 0.9
UNITS = [
    *(
        {"study": "grid", "start": start, "threshold": limit}
        for start in ("1.8 Q", "2.5 Q")
        for limit in THRESHOLDS
    ),
    *({"study": "between", "start": start, "threshold": 0.0} for start in ("1.8 Q", "2.5 Q")),
    *(
        {"study": study, "start": "2.5 Q", "threshold": limit}
        for study in ("again", "adam")
        for limit in (0.0, 1.0)
    ),
    {"study": "start", "start": "Q", "threshold": 0.0},
    {"study": "longer", "start": "2.5 Q", "threshold": 0.0},
    {"study": "value", "start": "2.5 Q", "threshold": 1.0},
]


def run(study: str, start: str, threshold: float) -> Iterator[dict]:
    """One start and threshold, each rate and seed of a study."""
    rates = (1.0,) if study == "again" and threshold else RATES[study]
    optimizer = keras.optimizers.Adam if study == "adam" else keras.optimizers.SGD
    for rate in rates:
        for seed in SEEDS if study in ("grid", "between") else NEW_SEEDS:
            how = "clipvalue" if study == "value" else "global_clipnorm"
            clipped = optimizer(rate, **{how: threshold or None})
            accuracy = trained(SCALES[start], clipped, seed, UPDATES.get(study, 100))
            yield {"rate": rate, "seed": seed, "accuracy": accuracy}


def compare(rows: pd.DataFrame) -> dict:
    """How many of the seeds learn."""
    keys = ("study", "start", "threshold", "rate")
    learn = (rows["accuracy"] > LEARNED).groupby([rows[c] for c in keys])
    return {
        f"{study}: {start}, {f'threshold {limit}' if limit else 'not clipped'}, rate {rate}": int(n)
        for (study, start, limit, rate), n in learn.sum().items()
    }


def trained(scale: float, optimizer: keras.optimizers.Optimizer, seed: int, updates: int) -> float:
    """Train on each sequence once; accuracy on the last ones."""
    num_train = updates * BATCH
    X, y = first_sign(num_train + NUM_TEST, T, np.random.default_rng(seed), noise=0.2)
    keras.utils.set_random_seed(seed)
    start = keras.initializers.Orthogonal(scale, seed=seed)
    inputs = keras.Input(X.shape[1:])
    plain = layers.SimpleRNN(UNITS_OF_LAYER, recurrent_initializer=start, use_bias=False)
    output = layers.Dense(1, activation="sigmoid", use_bias=False)
    network = keras.Model(inputs, output(plain(inputs)))
    network.compile(optimizer, loss="binary_crossentropy")
    network.fit(X[:num_train], y[:num_train], batch_size=BATCH, shuffle=False, verbose=0)
    probabilities = network.predict(X[num_train:], batch_size=NUM_TEST, verbose=0)[:, 0]
    return float(np.mean((probabilities > 0.5) == y[num_train:]))
