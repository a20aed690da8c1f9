"""The network that writes reviews, trained beforehand: its weights and its letters."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.tiers import sample_file

__all__ = ["Speaker", "load_speaker", "read_speaker", "write_speaker"]

ARRAYS = ("embedding", "W_x", "W_h", "b", "head_W", "head_b")


class Speaker(NamedTuple):
    """A trained network of V letters, m numbers per letter and p units, as a file has it."""

    weights: list[NDArray[np.float32]]  #: (V, m), (m, 4p), (p, 4p), (4p,), (p, V), (V,)
    letters: str  #: the V letters; the first, a line end, ends a review
    about: dict[str, Any]  #: what it was made from


def load_speaker() -> Speaker:
    """Load the network that writes reviews of food; the same in all tiers, no network needed.

    Its weights are those of ``Embedding``, ``LSTM`` and ``Dense`` in Keras's order, so that
    ``model.set_weights(speaker.weights)`` takes them. ``data/speaker.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return read_speaker(sample_file("speaker.npz"))


def read_speaker(file: Path) -> Speaker:
    """Read a network that `write_speaker` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        weights = [arrays[name].astype(np.float32) for name in ARRAYS]
        letters, about = (arrays[name].tobytes().decode() for name in ("letters", "about"))
    return Speaker(weights, letters, json.loads(about))


def write_speaker(
    file: Path, weights: Sequence[ArrayLike], letters: str, about: Mapping[str, Any]
) -> None:
    """Write a network to a file: its six arrays in 16 bits, its letters, what is said about it."""
    named = {
        name: np.asarray(array, np.float16) for name, array in zip(ARRAYS, weights, strict=True)
    }
    texts = {"letters": letters, "about": json.dumps(dict(about), sort_keys=True)}
    as_bytes = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, **as_bytes)
    file.write_bytes(stream.getvalue())
