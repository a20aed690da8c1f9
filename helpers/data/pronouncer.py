"""The network of `spelling-to-sound` that pronounces words, trained beforehand: its weights."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.tiers import sample_file

__all__ = ["load_pronouncer", "read_pronouncer", "write_pronouncer"]


def load_pronouncer() -> list[NDArray[np.float32]]:
    """Load the weights of the network that pronounces words; the same in all tiers, offline.

    They are in Keras's order, so that ``network.set_weights(load_pronouncer())`` takes them.
    ``data/pronouncer.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return read_pronouncer(sample_file("pronouncer.npz"))[0]


def read_pronouncer(file: Path) -> tuple[list[NDArray[np.float32]], str]:
    """Read weights that `write_pronouncer` wrote, and the digest of what they were made from."""
    with np.load(file, allow_pickle=False) as arrays:
        made_from = arrays["made_from"].tobytes().decode()
        weights = [arrays[f"weights {k}"] for k in range(len(arrays.files) - 1)]
    return [array.astype(np.float32) for array in weights], made_from


def write_pronouncer(file: Path, weights: Sequence[ArrayLike], made_from: str) -> None:
    """Write weights to a file, in 16 bits, with the digest of what they were made from."""
    named = {f"weights {k}": np.asarray(array, np.float16) for k, array in enumerate(weights)}
    stream = io.BytesIO()  # first as a whole: the file is never half written
    about = np.frombuffer(made_from.encode(), np.uint8)
    np.savez_compressed(stream, **named, made_from=about)
    file.write_bytes(stream.getvalue())
