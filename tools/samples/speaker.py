"""Train the network that writes reviews in lecture 07, and write ``data/speaker.npz``.

    python -m tools.samples.make speaker

It learns from the training reviews of ``data/reviews.csv.gz``, letter by letter, so nothing is
fetched. Trained weights differ a little from one computer to the next. So the file is written only
when what it is made from has changed: the reviews, the settings, or what the code that trains on
them does. A digest of all three lies in the file.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.data import DATA_FOLDER, read_sample_reviews, read_speaker, write_speaker
from tools.samples.files import bare_code, settings_of

WEIGHTS = "speaker.npz"
REVIEWS = "reviews.csv.gz"

END = "\n"  # ends a review, and stands before its first letter
LEAST = 100  # times that a letter must stand in the training reviews; rarer ones are left out
HELD_OUT = 200  # training reviews, the last ones, that are not learned from
NUM_FEATURES = 24
NUM_UNITS = 200
WINDOW = 100  # letters that one row reads
BATCH_SIZE = 16
NUM_EPOCHS = 10
LEARNING_RATE = 0.005


def make(folder: Path, seed: int = 0) -> Path:
    """Write ``speaker.npz`` to `folder`, unless it is there and made from the same texts and code.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write.
    seed : int
        Of the network, and of the order in which it reads.

    Returns
    -------
    pathlib.Path
        The file, written or left as it was.
    """
    target = folder / WEIGHTS
    made_from = digest()
    if target.is_file() and read_speaker(target).about.get("made_from") == made_from:
        print(f"{target} is up to date: left as it is")
        return target
    frame = read_sample_reviews(DATA_FOLDER / REVIEWS)
    reviews = frame.loc[frame["split"] == "train", "text"].tolist()
    letters = frequent_letters(reviews)
    network = train(reviews[:-HELD_OUT], letters, seed)
    write_speaker(target, network.get_weights(), letters, {"made_from": made_from})
    return target


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside."""
    settings = settings_of(globals(), int | float | str)
    code = [bare_code(function) for function in (frequent_letters, as_numbers, train)]
    total = hashlib.sha256((DATA_FOLDER / REVIEWS).read_bytes())
    total.update(repr([settings, code]).encode())
    return total.hexdigest()


def frequent_letters(reviews: Sequence[str]) -> str:
    """Return the end of a review, then the letters that are not rare, sorted."""
    counts = Counter("".join(reviews))
    return END + "".join(sorted(letter for letter in counts if counts[letter] >= LEAST))


def as_numbers(reviews: Sequence[str], letters: str) -> np.ndarray:
    """All reviews one after the other, as places in `letters`; rare letters are left out."""
    number = {letter: place for place, letter in enumerate(letters)}
    text = END + "".join(review + END for review in reviews)
    return np.array([number[letter] for letter in text if letter in number], "int32")


def train(reviews: Sequence[str], letters: str, seed: int) -> Any:
    """Train Embedding, LSTM and Dense to guess the next letter; return the Keras model.

    Each epoch cuts the text into windows anew, from another first letter. The rate falls to zero
    as a cosine does.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")  # the fastest here
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    text = as_numbers(reviews, letters)
    network = keras.Sequential(
        [
            keras.Input((WINDOW,), dtype="int32"),
            layers.Embedding(len(letters), NUM_FEATURES),
            layers.LSTM(NUM_UNITS, return_sequences=True),
            layers.Dense(len(letters)),
        ]
    )
    rows_per_epoch = (len(text) - WINDOW - 1) // WINDOW // BATCH_SIZE * BATCH_SIZE
    steps = NUM_EPOCHS * rows_per_epoch // BATCH_SIZE
    falling = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(falling, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for _ in range(NUM_EPOCHS):
        start = rng.integers(WINDOW)
        cut = text[start : start + rows_per_epoch * WINDOW + 1]
        inputs, targets = (part.reshape(-1, WINDOW) for part in (cut[:-1], cut[1:]))
        network.fit(inputs, targets, batch_size=BATCH_SIZE, epochs=1, verbose=2)
    return network
