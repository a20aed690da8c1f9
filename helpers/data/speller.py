"""The network that says words, trained beforehand: its weights, letters and sounds."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.tiers import sample_file

__all__ = ["SpellerNetwork", "load_speller", "read_speller", "write_speller"]

#: Embeddings of letters and sounds; W_x, W_h and b of both LSTMs, parts in Keras's order; the head.
ARRAYS = (
    ("letters", "sounds")
    + ("encoder_W_x", "encoder_W_h", "encoder_b")
    + ("decoder_W_x", "decoder_W_h", "decoder_b")
    + ("head_W", "head_b")
)


class SpellerNetwork(NamedTuple):
    """A trained encoder and decoder with dot attention, as a file has it."""

    weights: dict[str, NDArray[np.float64]]  #: by the names in `ARRAYS`
    letters: str  #: letter by number; 0 is the pad
    sounds: list[str]  #: sound by number; 0 is the pad, 1 the full stop
    about: dict[str, Any]  #: what it was made from, and how often it is right


def load_speller() -> SpellerNetwork:
    """Load the network that says words; the same in all tiers, no network needed.

    ``data/speller.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return read_speller(sample_file("speller.npz"))


def read_speller(file: Path) -> SpellerNetwork:
    """Read a network that `write_speller` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        weights = {name: arrays[name].astype(np.float64) for name in ARRAYS}
        about = json.loads(arrays["about"].tobytes().decode())
    return SpellerNetwork(weights, about.pop("letters"), about.pop("sounds"), about)


def write_speller(
    file: Path,
    weights: Mapping[str, ArrayLike],
    letters: str,
    sounds: list[str],
    about: Mapping[str, Any],
) -> None:
    """Write a network to a file: its arrays in 16 bits, its symbols, what is said about it."""
    named = {name: np.asarray(weights[name], np.float16) for name in ARRAYS}
    text = json.dumps({**about, "letters": letters, "sounds": sounds}, sort_keys=True)
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, about=np.frombuffer(text.encode(), np.uint8))
    file.write_bytes(stream.getvalue())
