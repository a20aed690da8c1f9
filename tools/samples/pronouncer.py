"""Train the network of `spelling-to-sound` and write ``data/pronouncer.npz``.

    python -m tools.samples.make pronouncer

The network, its words and its training are those of the experiment `spelling_to_sound`, with
attention, seed 0 and the rate that was best there.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np

from helpers.data import (
    DATA_FOLDER,
    read_sample_pronunciations,
    sha256_of,
    write_pronouncer,
)
from tools.samples.files import bare_code, settings_of

WEIGHTS = "pronouncer.npz"
WORDS = "pronunciations.csv.gz"
NUM_LETTERS = 14
NUM_SOUNDS = 15  # with the stop
NUM_FEATURES = 32
NUM_UNITS = 64
BATCH_SIZE = 100
NUM_EPOCHS = 12
LEARNING_RATE = 0.02


def write(target: Path, made_from: str, seed: int = 0) -> None:
    """Train the network and write its weights.

    Parameters
    ----------
    target : pathlib.Path
        The file to write.
    made_from : str
        The digest of today, which the file will hold.
    seed : int
        Of the network, and of the order in which it reads.
    """
    write_pronouncer(target, train(*as_arrays(), seed), made_from)


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside."""
    settings = settings_of(globals(), int | float | str)
    code = [bare_code(function) for function in (as_arrays, network_of_layers, train)]
    made_from = [sha256_of(DATA_FOLDER / WORDS), settings, code]
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def as_arrays() -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Letters, sounds to read, sounds to say of the training words; the number of symbols."""
    words = read_sample_pronunciations(DATA_FOLDER / WORDS)
    spoken = words["sounds"].str.replace(r"\d", "", regex=True).str.split()
    symbols = ["_", ".", *sorted({sound for said in spoken for sound in said})]
    number = {sound: k for k, sound in enumerate(symbols)}
    here = words["split"] == "train"
    letters = np.zeros((here.sum(), NUM_LETTERS), "int32")
    reads, says = np.zeros((2, here.sum(), NUM_SOUNDS), "int32")
    for row, (word, said) in enumerate(zip(words.loc[here, "word"], spoken[here], strict=True)):
        numbers = [number[sound] for sound in said]
        letters[row, : len(word)] = [ord(letter) - 96 for letter in word]
        reads[row, : len(said) + 1] = [1, *numbers]
        says[row, : len(said) + 1] = [*numbers, 1]
    return letters, reads, says, len(symbols)


def network_of_layers(num_sounds: int) -> Any:
    """Encoder and decoder with attention, joined; its weights in the order of the page."""
    import keras
    from keras import layers

    p = NUM_UNITS
    symbols, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    vectors = layers.Embedding(27, NUM_FEATURES, mask_zero=True)(symbols)
    lstm = layers.LSTM(p // 2, return_sequences=True, return_state=True)
    states, h1, c1, h2, c2 = layers.Bidirectional(lstm)(vectors)
    last = [layers.Concatenate()(pair) for pair in ([h1, h2], [c1, c2])]
    encoder = keras.Model(symbols, [states, *last])
    values, real = keras.Input((None, p)), keras.Input((None,), dtype="bool")
    h, c = keras.Input((p,)), keras.Input((p,))
    said = layers.Embedding(num_sounds, NUM_FEATURES)(before)
    g, *_ = layers.LSTM(p, return_sequences=True, return_state=True)(said, initial_state=[h, c])
    context = layers.Attention()([g, values], mask=[None, real])
    scores = layers.Dense(num_sounds)(layers.Concatenate()([g, context]))
    decoder = keras.Model([before, values, real, h, c], scores)
    states, *last = encoder(symbols)
    outputs = decoder([before, states, keras.ops.not_equal(symbols, 0), *last])
    return keras.Model([symbols, before], outputs)


def train(
    letters: np.ndarray, reads: np.ndarray, says: np.ndarray, num_sounds: int, seed: int
) -> list[np.ndarray]:
    """Train with teacher forcing; the rate falls to zero along half a cosine."""
    os.environ.setdefault("KERAS_BACKEND", "jax")  # the fastest here
    import keras

    keras.utils.set_random_seed(seed)
    network = network_of_layers(num_sounds)
    steps = NUM_EPOCHS * -(-len(letters) // BATCH_SIZE)
    falling = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(falling, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0),
    )
    network.fit([letters, reads], says, batch_size=BATCH_SIZE, epochs=NUM_EPOCHS, verbose=2)
    return network.get_weights()
