"""Character networks on long texts: trained on pieces, read in longer ones.

Used by the experiment on character language models and by the maker of the weights that its page
loads. Imports nothing of the course. (No layer is stateful here: on JAX, ``fit`` and ``predict`` of
Keras 3.15 leave the state of a stateful layer as it was.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_numbers", "build", "next_logs", "open_gates", "train"]

EMBEDDING = 24  # numbers per character
WINDOW = 100  # steps of a piece in training


def as_numbers(texts: Sequence[str], symbols: str) -> NDArray[np.int32]:
    """Texts one after the other, a line end before each and behind the last, as places."""
    number = {symbol: place for place, symbol in enumerate(symbols)}
    return np.array([number[symbol] for symbol in "\n" + "".join(f"{t}\n" for t in texts)], "int32")


def build(num_symbols: int, units: int, rows: int) -> Any:
    """A Keras model: Embedding, LSTM and logits, for numbers of shape (rows, T)."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((None,), batch_size=rows, dtype="int32"),
            layers.Embedding(num_symbols, EMBEDDING),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(num_symbols),
        ]
    )


def open_gates(layer: Any, memory: int) -> None:
    """Spread the forget biases of an LSTM evenly from 1 to log(memory).

    So its units forget over 1.4 to `memory` steps while nothing comes in; the more slowly one
    forgets, the less it lets in at first: its input bias is 1 - forget bias.
    """
    W_x, W_h, b = layer.get_weights()
    forget = np.linspace(1, np.log(memory), layer.units)
    b[: 2 * layer.units] = np.concatenate([1 - forget, forget])
    layer.set_weights([W_x, W_h, b])


def train(
    numbers: NDArray[np.int32],
    num_symbols: int,
    *,
    units: int,
    rate: float,
    epochs: float,
    rows: int,
    seed: int,
    memory: int | None,
) -> Any:
    """Train on one long text in pieces of `WINDOW` steps, each read from an empty state.

    An update takes one piece from each of `rows` equal parts of the text, one after the other.
    `memory`, in steps, goes to `open_gates`; with None Keras's biases stay. Adam, the norm of the
    gradient clipped at 1; the rate falls to zero as a cosine does.
    """
    import keras

    keras.utils.set_random_seed(seed)
    network = build(num_symbols, units, rows)
    if memory is not None:
        open_gates(network.layers[1], memory)
    steps = (len(numbers) - 1) // rows // WINDOW
    updates = round(epochs * steps)
    falling = keras.optimizers.schedules.CosineDecay(rate, updates)
    network.compile(
        optimizer=keras.optimizers.Adam(falling, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    inputs, targets = (
        part[: rows * steps * WINDOW]
        .reshape(rows, steps, WINDOW)
        .swapaxes(0, 1)
        .reshape(-1, WINDOW)
        for part in (numbers[:-1], numbers[1:])
    )
    for begin in range(0, updates, steps):
        some = slice(rows * min(steps, updates - begin))
        network.fit(inputs[some], targets[some], batch_size=rows, shuffle=False, verbose=0)
    return network


def next_logs(
    network: Any, texts: Sequence[NDArray[np.int32]], length: int = 1000
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Log probabilities of the next symbol, all texts side by side, in pieces of `length` steps.

    Yields the steps and an array (texts, length, symbols): what is predicted behind each symbol.
    Each piece is read from an empty state; shorter texts are filled up with symbol 0.
    """
    reader = build(network.layers[0].input_dim, network.layers[1].units, len(texts))
    reader.set_weights(network.get_weights())
    longest = -(-max(map(len, texts)) // length) * length
    padded = np.zeros((len(texts), longest), "int32")
    for row, text in zip(padded, texts, strict=True):
        row[: len(text)] = text
    for begin in range(0, longest, length):
        steps = slice(begin, begin + length)
        logits = np.asarray(reader.predict_on_batch(padded[:, steps]), "float32")
        logits -= logits.max(axis=-1, keepdims=True)
        yield steps, logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
