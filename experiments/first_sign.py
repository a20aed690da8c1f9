"""How many updates until a recurrent layer keeps the first sign, and what holds an LSTM up?

Design. Layers of 16 units with one sigmoid output read a sign and then faint noise (0.1), 60 steps
unless said otherwise. 1,000 sequences in ten batches that are the same in each epoch, Adam at 0.01,
five seeds side by side with one bound on the gradient of their summed loss. A network has learned
when its cross-entropy on 1,000 new sequences is below 0.1, asked after each epoch of ten updates.
Three drawings of the data.

- study "layers": SimpleRNN, LSTM, GRU as Keras starts them, 1,000 updates at most; and the LSTM
  without noise, with as many of each sign in every batch, and with both.
- study "biases": other biases of the gates, 300 updates at most: log T in the gate that keeps
  (LSTM, GRU); the biases of chrono initialization (Tallec and Ollivier 2018), evenly spaced and not
  drawn, in the forget gate alone ("spread") and in forget and input gates ("chrono").
- study "lengths": the LSTM with forget biases 0 to 6 at 15, 30, 60 and 120 steps, 60 updates, one
  drawing.

Primary comparisons: LSTM on easier signs against the LSTM; log T against Keras's start.

Rows: study, case, T, data (drawing), seed, updates (None: not learned in time).

Cost: about ten minutes on two cores, TensorFlow, on which the page trains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
from keras import layers

from helpers.data import first_sign
from helpers.training import adam, train_seeds

BACKEND = "tensorflow"
MINUTES = 10

LAYERS = {"SimpleRNN": layers.SimpleRNN, "LSTM": layers.LSTM, "GRU": layers.GRU}
EASIER = {
    "LSTM, no noise": {"noise": 0.0},
    "LSTM, balanced": {"balanced": True},
    "LSTM, both": {"noise": 0.0, "balanced": True},
}
SPREAD = np.log(1 + 58 * (np.arange(16) + 0.5) / 16)
BIASES = {  # layer, bias of the gate that keeps, of the input gate
    "LSTM, log T": ("LSTM", np.log(60), 0),
    "LSTM, spread": ("LSTM", SPREAD, 0),
    "LSTM, chrono": ("LSTM", SPREAD, -SPREAD),
    "GRU, log T": ("GRU", np.log(60), 0),
}
UNITS = [
    *(
        {"study": "layers", "case": c, "T": 60, "data": d}
        for c in [*LAYERS, *EASIER]
        for d in range(3)
    ),
    *({"study": "biases", "case": c, "T": 60, "data": d} for c in BIASES for d in range(3)),
    *(
        {"study": "lengths", "case": f"b = {bias}", "T": T, "data": 0}
        for T in (15, 30, 60, 120)
        for bias in range(7)
    ),
]


def run(study: str, case: str, T: int, data: int) -> Iterator[dict]:
    """Train five seeds; yield how many updates each needs."""
    if study == "layers":
        name, task = case.split(",")[0], EASIER.get(case, {})
        numbers = updates_until_learned(network(name), 100, T, data, **task)
    elif study == "biases":
        name, keep, write = BIASES[case]
        numbers = updates_until_learned(network(name, keep, write), 30, T, data)
    else:
        bias = int(case.removeprefix("b = "))
        numbers = updates_until_learned(network("LSTM", bias), 6, T, data)
    for seed, number in enumerate(numbers):
        yield {"seed": seed, "updates": number}


def network(name: str, keep_bias=None, input_bias=0) -> Callable[[], keras.Sequential]:
    """What builds a new network; biases of its gates may be set by hand."""

    def build() -> keras.Sequential:
        layer, head = LAYERS[name](16), layers.Dense(1, activation="sigmoid")
        built = keras.Sequential([keras.Input((None, 1)), layer, head])
        if keep_bias is not None:
            (W_x, W_h, b), p = layer.get_weights(), layer.units
            if name == "GRU":
                b[0, :p] = keep_bias  # of the update gate
            else:
                b[:p], b[p : 2 * p] = input_bias, keep_bias
            layer.set_weights([W_x, W_h, b])
        return built

    return build


def updates_until_learned(
    build: Callable[[], keras.Sequential], epochs: int, T: int, data: int, **task
) -> list[int | None]:
    """Updates until each of five seeds has learned; None: not in time."""
    rng = np.random.default_rng(data)
    networks = train_seeds(
        build,
        *first_sign(1000, T, rng, **task),
        validation=first_sign(1000, T, rng, **task),
        seeds=5,
        optimizer=adam(0.01, global_clipnorm=5.0),
        batch_size=100,
        patience=epochs,
        max_epochs=epochs,
        new_order=False,
    )
    below = networks.losses[:, 1:] < 0.1
    return [10 * int(b.argmax() + 1) if b.any() else None for b in below.T]
