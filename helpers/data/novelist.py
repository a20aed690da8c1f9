"""The network that has read Jane Austen, trained beforehand: its weights and its symbols."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.tiers import sample_file

__all__ = ["Novelist", "load_novelist", "read_novelist", "write_novelist"]

ARRAYS = ("embedding", "W_x", "W_h", "b", "head_W", "head_b")


class Novelist(NamedTuple):
    """A trained network of V symbols, m numbers per symbol and p units, as a file has it."""

    weights: list[NDArray[np.float32]]  #: (V, m), (m, 4p), (p, 4p), (4p,), (p, V), (V,)
    symbols: str  #: the V symbols; a line end stands before and behind a paragraph
    about: dict[str, Any]  #: what it was made from


def load_novelist() -> Novelist:
    """Load the network that has read Jane Austen's novels; the same in all tiers, offline.

    Its weights are those of ``Embedding``, ``LSTM`` and ``Dense`` in Keras's order, so that
    ``model.set_weights(novelist.weights)`` takes them. ``data/novelist.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return read_novelist(sample_file("novelist.npz"))


def read_novelist(file: Path) -> Novelist:
    """Read a network that `write_novelist` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        weights = [arrays[name].astype(np.float32) for name in ARRAYS]
        symbols, about = (arrays[name].tobytes().decode() for name in ("symbols", "about"))
    return Novelist(weights, symbols, json.loads(about))


def write_novelist(
    file: Path, weights: Sequence[ArrayLike], symbols: str, about: Mapping[str, Any]
) -> None:
    """Write a network to a file: its six arrays in 16 bits, its symbols, what is said about it."""
    named = {
        name: np.asarray(array, np.float16) for name, array in zip(ARRAYS, weights, strict=True)
    }
    texts = {"symbols": symbols, "about": json.dumps(dict(about), sort_keys=True)}
    as_bytes = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, **as_bytes)
    file.write_bytes(stream.getvalue())
