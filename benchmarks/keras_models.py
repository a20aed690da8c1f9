"""The four models in Keras, trained as the class did and as the lectures do."""

from __future__ import annotations

import time

import keras
import numpy as np
from keras import layers

from benchmarks.recipe import BATCH, DIMENSIONS, TOKENS, UNITS, WORDS


def hidden_layers(model: str) -> list[layers.Layer]:
    """What follows the embedding, layer by layer as the class has it."""
    if model == "mlp":
        return [layers.Dense(UNITS, activation="relu"), layers.Dense(1, activation="sigmoid")]
    if model == "mean":  # no step in time at all, to see what the rest costs
        return [layers.GlobalAveragePooling1D(), layers.Dense(1, activation="sigmoid")]
    recurrent = layers.LSTM if model == "lstm" else layers.SimpleRNN
    pair = [recurrent(UNITS, return_sequences=True), recurrent(1, activation="sigmoid")]
    return [layers.Conv1D(5, kernel_size=2), *pair] if model == "conv" else pair


def build(
    model: str,
    style: str,
    options: dict | None = None,
    *,
    frozen: bool = False,
) -> keras.Model:
    """A compiled model from seed 0.

    Parameters
    ----------
    model : str
        A key of `benchmarks.recipe.MODELS`, or "mean": the mean of the vectors, then a unit.
    style : str
        "class": no input layer, and the accuracy is kept after each batch, as on the slides.
        "lecture": inputs are declared as whole numbers, and nothing but the loss is watched.
    options : dict, optional
        More arguments of ``compile``.
    frozen : bool
        Whether the embedding stays as it starts: no gradient for it, no update.
    """
    keras.utils.set_random_seed(0)
    table = layers.Embedding(WORDS + 1, DIMENSIONS, trainable=not frozen)
    start = [] if style == "class" else [keras.Input((TOKENS,), dtype="int32")]
    network = keras.Sequential([*start, table, *hidden_layers(model)])
    watched = {"metrics": ["accuracy"]} if style == "class" else {}
    network.compile(optimizer="adam", loss="binary_crossentropy", **watched, **(options or {}))
    return network


class Clock(keras.callbacks.Callback):
    """Seconds of the training part of each epoch; ends the fit once there are enough of them."""

    def __init__(self, seconds: float, at_least: int = 2) -> None:
        super().__init__()
        self.seconds, self.at_least = seconds, at_least
        self.epochs: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.begin = time.perf_counter()
        self.end = None

    def on_test_begin(self, logs: dict | None = None) -> None:  # validation is not counted
        self.end = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.epochs.append((self.end or time.perf_counter()) - self.begin)
        enough = sum(self.epochs) >= self.seconds and len(self.epochs) >= self.at_least
        self.model.stop_training = enough


def train(
    model: str,
    style: str,
    ids: np.ndarray,
    labels: np.ndarray,
    *,
    options: dict | None = None,
    batch: int = BATCH,
    seconds: float = 1.0,
    frozen: bool = False,
) -> dict:
    """Train one model until the clock has enough, after a warm-up of two batches.

    Parameters
    ----------
    model, style, options, frozen
        As in `build`.
    ids : array of int, shape (n, 100)
        Token ids; n a multiple of ten batches, so that no batch is cut short.
    labels : array of int, shape (n,)

    Returns
    -------
    dict
        ``samples_per_second`` (median over epochs), ``warm_up_seconds`` (building, compiling and
        two batches), ``parameters``, ``epochs``.
    """
    share = 0.1 if style == "class" else 0.0
    ids = ids.astype("int32" if style == "class" else "int16")
    if model == "mlp":  # Keras 3 wants a label for each of its 100 answers
        labels = np.repeat(labels[:, None, None], TOKENS, axis=1)
    begin = time.perf_counter()
    network = build(model, style, options, frozen=frozen)
    network.fit(ids[: 2 * batch], labels[: 2 * batch], batch_size=batch, verbose=0)
    warm_up = time.perf_counter() - begin
    clock = Clock(seconds)
    network.fit(
        ids,
        labels,
        batch_size=batch,
        epochs=1000,
        validation_split=share,
        callbacks=[clock],
        verbose=0,
    )
    trained = round(len(ids) * (1 - share))
    return {
        "samples_per_second": trained / float(np.median(clock.epochs)),
        "warm_up_seconds": warm_up,
        "parameters": network.count_params(),
        "epochs": len(clock.epochs),
    }
