"""The network of the explorer: its file, how it cuts words, and what it computes from them.

The page computes the same in ``explorer_lstm.js``, see `javascript_source`. Private to this room,
but for what its ``__init__`` names.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.widgets.page import source

LSTM_SCRIPT = "explorer_lstm.js"
DTYPES = {"float16": "<f2", "float32": "<f4"}  #: how numbers travel into the page
PUNCTUATION = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
CAPITALS = re.compile("[A-Z]+")
WHITE = re.compile("[ \t\n\v\f\r]+")
STEP_NAMES = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden")


class Network(NamedTuple):
    """A trained network: V words of m numbers, p units."""

    embedding: NDArray  # (V, m)
    W_x: NDArray  # (m, 4p), parts in Keras's order: input, forget, candidate, output
    W_h: NDArray  # (p, 4p)
    b: NDArray  # (4p,)
    head_W: NDArray  # (p, 1)
    head_b: NDArray  # (1,)
    vocabulary: list[str]  # word by number; 0 is the pad, 1 is [UNK]
    about: dict[str, Any]


ARRAYS = Network._fields[:6]


def split_words(text: str) -> list[str]:
    """Cut a text into words as ``keras.layers.TextVectorization`` does by default.

    Capitals of A to Z become small, ASCII punctuation goes, and words end at ASCII white space.
    """
    return [word for _, word in written_words(text)]


def written_words(text: str) -> list[tuple[str, str]]:
    """Each word of `split_words` as the text writes it, and as it is cut."""
    pieces = ((piece, PUNCTUATION.sub("", piece)) for piece in WHITE.split(text))
    return [
        (piece, CAPITALS.sub(lambda capitals: capitals[0].lower(), word))
        for piece, word in pieces
        if word
    ]


# --- Where a network comes from ---------------------------------------------------------------


def write_weights(
    file: Path, arrays: Sequence[ArrayLike], vocabulary: Sequence[str], about: Mapping[str, Any]
) -> None:
    """Write a network to a file: its six arrays, its vocabulary, and what is said about it."""
    named = {name: np.asarray(array) for name, array in zip(ARRAYS, arrays, strict=True)}
    text = {"vocabulary": "\n".join(vocabulary), "about": json.dumps(dict(about), sort_keys=True)}
    as_bytes = {name: np.frombuffer(value.encode(), np.uint8) for name, value in text.items()}
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, **as_bytes)
    file.write_bytes(stream.getvalue())


def read_weights(file: Path) -> Network:
    """Read a network that `write_weights` wrote.

    Raises
    ------
    ValueError
        If the file is of another form.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in Network._fields}
    except (KeyError, ValueError, EOFError) as error:
        raise ValueError(f"{file}: no weights of the explorer ({error}).") from None
    vocabulary = found.pop("vocabulary").tobytes().decode().split("\n")
    about = json.loads(found.pop("about").tobytes().decode())
    return Network(**found, vocabulary=vocabulary, about=about)


def rounded(network: Network, weights_dtype: str) -> Network:
    """The network as the page will have it: the embedding in `weights_dtype`, the rest in float32.

    Raises
    ------
    ValueError
        If shapes do not fit, if weights are not finite (or not in `weights_dtype`), or if the
        vocabulary is not one.
    """
    if weights_dtype not in DTYPES:
        raise ValueError(f"weights_dtype is {weights_dtype!r}: give 'float16' or 'float32'.")
    words = list(network.vocabulary)
    arrays = {name: np.asarray(getattr(network, name), np.float64) for name in ARRAYS}
    m, p = len(arrays["W_x"]), len(arrays["W_h"])
    shapes = [(len(words), m), (m, 4 * p), (p, 4 * p), (4 * p,), (p, 1), (1,)]
    for (name, array), shape in zip(arrays.items(), shapes, strict=True):
        if array.shape != shape:
            raise ValueError(f"{name} has shape {array.shape}, {shape} is needed.")
        if not np.isfinite(array).all():
            bad = array[~np.isfinite(array)][0]
            raise ValueError(f"{name} holds {bad}: train the model again.")
        dtype = weights_dtype if name == "embedding" else "float32"
        with np.errstate(over="ignore"):
            arrays[name] = array.astype(DTYPES[dtype]).astype(np.float64)
        if not np.isfinite(arrays[name]).all():
            raise ValueError(
                f"{name} holds {np.abs(array).max():g}, too large for {dtype}: "
                "use weights_dtype='float32', or train the model again."
            )
    if words[:2] != ["", "[UNK]"]:
        raise ValueError(
            f"The vocabulary begins with {words[:2]}: it must begin with '' (the pad) and '[UNK]'."
        )
    if any("\n" in word for word in words) or len(set(words)) < len(words):
        raise ValueError("The vocabulary holds a word twice, or one with a line end in it.")
    return Network(**arrays, vocabulary=words, about=dict(network.about))


# --- What it computes -------------------------------------------------------------------------


def sigmoid(z: NDArray) -> NDArray:
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def lstm(X: NDArray, network: Network) -> dict[str, NDArray]:
    """Gates and states over the words of one text, X of shape (T, m); each (T, p)."""
    cell, hidden = np.zeros((2, len(network.W_h)))
    steps = np.empty((6, len(X), len(hidden)))
    for t, x in enumerate(X):
        z = np.split(network.b + x @ network.W_x + hidden @ network.W_h, 4)
        i, f, o = (sigmoid(z[k]) for k in (0, 1, 3))
        candidate = np.tanh(z[2])
        cell = f * cell + i * candidate
        hidden = o * np.tanh(cell)
        steps[:, t] = i, f, candidate, o, cell, hidden
    return dict(zip(STEP_NAMES, steps, strict=True))


def javascript_source(function: str | None = None) -> str:
    """The JavaScript that reads a text in the page: `explorer_lstm.js`, or one function of it.

    Parameters
    ----------
    function : str, optional
        ``"lstmStep"``, ``"verdict"``, ``"readWords"``, ``"splitWords"``, ``"fromHalf"``,
        ``"decodeArray"`` or ``"networkOf"``: that function alone, with the comment above it.

    Raises
    ------
    ValueError
        If there is no such function.
    """
    text = source(LSTM_SCRIPT)
    if function is None:
        return text
    pattern = rf"(?:^//[^\n]*\n)*^function {re.escape(function)}\(.*?^\}}$"
    if not (found := re.search(pattern, text, re.DOTALL | re.MULTILINE)):
        known = ", ".join(re.findall(r"^function (\w+)", text, re.MULTILINE))
        raise ValueError(f"There is no function {function!r} in {LSTM_SCRIPT}, but {known}.")
    return found[0]
