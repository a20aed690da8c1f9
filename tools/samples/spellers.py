"""Train the two networks of lecture 17 for eight epochs, and write ``data/spellers.npz``.

    python -m tools.samples.make spellers

The recipe is that of the lecture, on the words of its sample: its layers in its order, its seed,
its call of `fit`. Trained weights differ a little from one computer to the next. So the file is
written only when what it is made from has changed: the words, the settings, or what the code that
trains on them does. A digest of all three lies in the file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from helpers.data import (
    DATA_FOLDER,
    TrainedSpeller,
    read_sample_pronunciations,
    read_spellers,
    sha256_of,
    write_spellers,
)
from tools.samples.files import bare_code, settings_of
from tools.samples.speller import as_numbers

WEIGHTS = "spellers.npz"
WORDS = "pronunciations.csv.gz"
NUM_LETTERS = 27  # with the pad
NUM_FEATURES = 24
NUM_UNITS = 64
BATCH_SIZE = 100
NUM_EPOCHS = 8
LEARNING_RATE = 0.005
KINDS = ("without attention", "with attention")


def make(folder: Path, seed: int = 0) -> Path:
    """Write ``spellers.npz`` to `folder`, unless it is there and made from the same words and code.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write.
    seed : int
        Of each network, and of the order in which it reads.

    Returns
    -------
    pathlib.Path
        The file, written or left as it was.
    """
    target = folder / WEIGHTS
    made_from = digest()
    if target.is_file() and read_spellers(target)[1].get("made_from") == made_from:
        print(f"{target} is up to date: left as it is")
        return target
    rows, num_sounds = rows_of_sample()
    networks = {kind: train(rows, num_sounds, kind == KINDS[1], seed) for kind in KINDS}
    write_spellers(target, networks, {"made_from": made_from})
    return target


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside."""
    settings = settings_of(globals(), int | float | str)
    functions = (rows_of_sample, as_numbers, network_of_layers, train)
    code = [bare_code(function) for function in functions]
    made_from = [sha256_of(DATA_FOLDER / WORDS), settings, code]
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def rows_of_sample() -> tuple[dict[str, list[np.ndarray]], int]:
    """Letters, sounds to read and sounds to say of each split; the number of symbols to say."""
    words = read_sample_pronunciations(DATA_FOLDER / WORDS)
    spoken = words["sounds"].str.replace(r"\d", "", regex=True).str.split()
    sounds = ["_", ".", *sorted({sound for said in spoken for sound in said})]
    arrays = as_numbers(list(zip(words["word"], spoken, strict=True)), sounds)
    splits = ("train", "validation")
    rows = {s: [array[(words["split"] == s).to_numpy()] for array in arrays] for s in splits}
    return rows, len(sounds)


def network_of_layers(num_sounds: int, with_attention: bool) -> Any:
    """An encoder and a decoder, untrained; its layers in the order of the lecture."""
    import keras
    from keras import layers

    word, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    read = layers.Embedding(NUM_LETTERS, NUM_FEATURES, mask_zero=True)(word)
    encoder = layers.LSTM(NUM_UNITS, return_sequences=True, return_state=True)
    states, *last = encoder(read)
    said = layers.Embedding(num_sounds, NUM_FEATURES, mask_zero=True)(before)
    hidden = layers.LSTM(NUM_UNITS, return_sequences=True)(said, initial_state=last)
    scores = layers.Dense(num_sounds)(hidden)
    if with_attention:  # the lecture builds the plain network first, too: the seeds move on
        both = layers.Concatenate()([hidden, layers.Attention()([hidden, states])])
        scores = layers.Dense(num_sounds)(both)
    return keras.Model([word, before], scores)


def train(
    rows: dict[str, list[np.ndarray]], num_sounds: int, with_attention: bool, seed: int
) -> TrainedSpeller:
    """Train a network with teacher forcing, as the lecture does."""
    import keras

    keras.utils.set_random_seed(seed)
    network = network_of_layers(num_sounds, with_attention)
    network.compile(
        keras.optimizers.Adam(LEARNING_RATE, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    *inputs, says = rows["train"]
    *held, held_says = rows["validation"]
    history = network.fit(
        inputs,
        says,
        validation_data=(held, held_says),
        batch_size=BATCH_SIZE,
        epochs=NUM_EPOCHS,
        verbose=2,
    ).history
    losses = {name: [float(loss) for loss in values] for name, values in history.items()}
    return TrainedSpeller(network.get_weights(), losses)
