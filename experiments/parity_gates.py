"""Which gates of a linear recurrence count ones modulo two?

Design. Running parity: after each bit, is the number of ones so far odd? All networks end in a
`Dense(1)` with a sigmoid and are trained as in `simple_rnn`: 64,000 sequences of 12 bits, batches
of 64, Adam, rates 0.003, 0.01 and 0.03 (minGRUs: 0.001, 0.003, 0.01), five seeds (weights and order
of the rows both drawn anew), 3,000 updates (three epochs). Score: the share of 500 sequences with a
right answer at steps 12, 48 and 200 of random bits that go on, and at step 200 after 12 random bits
and then zeros alone or ones alone.

Linear recurrences h_t = a_t h_{t-1} + b_t of 16 units, a_t and b_t from dense layers on the bit:
"minGRU", a_t a sigmoid and b_t = (1 - a_t) times a dense layer; and, with b_t a dense layer without
a bias, so that a zero adds nothing, a_t the absolute value of a clipped number (between 0 and 1),
the clipped number itself (Keras's hard_tanh, between -1 and 1), or a tanh. The first two of these
three differ in the sign alone, the last two in how the gate comes to 1 and -1. "tanh, steep" is the
tanh of five times the dense layer. "clipped, with bias" is the clipped number with a bias in b_t.
As the unsigned rival with more means: a minGRU of two layers of 32 units, a hidden layer of 32 ReLU
units behind each. Beside them the layers that wait: LSTM(16), and SimpleRNN(16) whose recurrent
weights begin as the identity, which `simple_rnn` found to be the more reliable.

Declared win: with the clipped gate the network is right at step 200 (99 % of the sequences or
more) in at least 12 of 15 runs, with its absolute value in none, nor with a minGRU of one or two
layers. Fallback: the weights set by hand. Declared open: how far a tanh gate carries. Not a win:
the LSTM is right at step 200 too. Primary comparisons, as counts of 15 runs: clipped gate against
its absolute value at step 200; clipped against tanh at step 200; minGRU of two layers against one
at step 12.

Trials came before this design was written down, with the same data and seeds: the tanh gate (right
at step 48 in all runs, at step 200 in none), a sigmoid gate with a hidden layer behind it (at most
0.87 at step 12, 0.55 at step 24), the clipped gate (right at step 200 in all). New in the full run:
the absolute value, both minGRUs, the zeros and the ones, LSTM and SimpleRNN in this setting. That
run also timed a loop and a scan, on a busy machine (1.5, 0.8 and 1.2 times as long by a scan, over
100, 1,000 and 5,000 steps); times cannot be replayed, so they are gone. In it the minGRU of two
layers was best at the smallest rate (up to 0.93 at step 12, a guess at step 48), so the rates of
both minGRUs were moved down.

In the run before this one b_t had a bias in all networks. The primary comparisons came out the same
(15, 0 and 0 of 15 at step 200), but after 12 random bits and then zeros the clipped gate was right
in 9 of 15 runs: what is added at a zero piles up. A reader's cure was to leave out the bias; it was
tried on seeds 0 to 4 before this run, with the zeros as the question, and is what runs now, beside
the clipped gate with a bias. With a bias a tanh gate was right at step 48 in all 15 runs and at
step 200 in none.

The steep tanh came last: an outside check had it right at step 200 with three seeds of three.

All runs of a network are trained side by side, as in `simple_rnn`.

Rows: network, rate, seed, step_12, step_48, step_200, zeros, ones.

Cost: four minutes on two busy cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

from experiments.simple_rnn import shuffled, train
from helpers.data import running_parity

BACKEND = "jax"
MINUTES = 5

NETWORKS = (
    "minGRU",
    "minGRU, two layers",
    "clipped, no sign",
    "tanh",
    "tanh, steep",
    "clipped",
    "clipped, with bias",
    "LSTM",
    "SimpleRNN, identity",
)
RATES, LOWER_RATES = (0.003, 0.01, 0.03), (0.001, 0.003, 0.01)
UNITS = [{"network": network} for network in NETWORKS]


class Scan(layers.Layer):
    """All states (n, T, p) of h_t = a_t h_{t-1} + b_t from h_0 = 0, from a list [a, b]."""

    def call(self, pair: list) -> object:
        return scan(*pair)

    def compute_output_shape(self, shapes: list) -> tuple:
        return shapes[1]


def join(first: tuple, second: tuple) -> tuple:
    """The pair of two runs of steps, in their order."""
    (a, b), (c, d) = first, second
    return c * a, c * b + d


def scan(a: object, b: object) -> object:
    """States (n, T, p) by Keras's scan."""
    return ops.associative_scan(join, (a, b), axis=1)[1]


def network_of(name: str) -> keras.Model:
    """Bits (n, T, 1) to the probability at each step that the number of ones is odd."""
    bits = keras.Input((None, 1))
    if name == "LSTM":
        states = layers.LSTM(16, return_sequences=True)(bits)
    elif name == "SimpleRNN, identity":
        options = {"recurrent_initializer": "identity", "return_sequences": True}
        states = layers.SimpleRNN(16, **options)(bits)
    elif name == "minGRU":
        states = min_gru(bits, 16)
    elif name == "minGRU, two layers":
        states = layers.Dense(32, "relu")(min_gru(bits, 32))
        states = layers.Dense(32, "relu")(min_gru(states, 32))
    else:
        gate = {
            "tanh": "tanh",
            "tanh, steep": lambda u: ops.tanh(5 * u),
            "clipped": "hard_tanh",
            "clipped, with bias": "hard_tanh",
            "clipped, no sign": lambda u: ops.abs(ops.clip(u, -1, 1)),
        }[name]
        added = layers.Dense(16, use_bias=name.endswith("with bias"))(bits)
        states = Scan()([layers.Dense(16, gate)(bits), added])
    return keras.Model(bits, layers.Dense(1, "sigmoid")(states))


def min_gru(x: object, num_units: int) -> object:
    """States of a minGRU."""
    z = layers.Dense(num_units, "sigmoid")(x)
    return Scan()([z, (1 - z) * layers.Dense(num_units)(x)])


def run(network: str) -> Iterator[dict]:
    """Train all seeds and rates of one network on 12 bits; yield the shares right further on."""
    bits, odd = running_parity(64_000, 12, np.random.default_rng(0))
    tests = longer_sequences()

    def make(seed: int) -> keras.Model:
        keras.utils.set_random_seed(seed)
        return network_of(network)

    rates = LOWER_RATES if network.startswith("minGRU") else RATES
    runs = [{"rate": rate, "seed": seed} for rate in rates for seed in range(5)]
    orders = [shuffled(64_000, 64, 3, seed=one["seed"]) for one in runs]
    models = [make(one["seed"]) for one in runs]
    loss = keras.losses.BinaryCrossentropy()
    answers = train(models, runs, bits, odd[..., np.newaxis], loss, orders, tests)
    correct = (answers[..., 0] > 0.5) == (np.cumsum(tests[..., 0], axis=1) % 2)
    for one, (random, zeros, ones) in zip(runs, correct.reshape(-1, 3, 500, 200), strict=True):
        shares = {f"step_{T}": random[:, T - 1].mean() for T in (12, 48, 200)}
        yield one | shares | {"zeros": zeros[:, 199].mean(), "ones": ones[:, 199].mean()}


def longer_sequences() -> np.ndarray:
    """500 sequences of 200 bits, (1500, 200, 1): random; random, then zeros; random, then ones."""
    bits, _ = running_parity(500, 200, np.random.default_rng(1))
    zeros, ones = bits.copy(), bits.copy()
    zeros[:, 12:], ones[:, 12:] = 0, 1
    return np.concatenate([bits, zeros, ones])


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons: runs of 15 with 99 % of the sequences right."""
    right = rows.set_index("network")[["step_12", "step_200"]] >= 0.99
    told = right.groupby("network").sum()
    return {
        "right at step 200": told["step_200"][["clipped", "clipped, no sign", "tanh"]].to_dict(),
        "right at step 12": told["step_12"][["minGRU", "minGRU, two layers"]].to_dict(),
    }
