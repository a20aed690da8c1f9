"""Train the network that says words in lecture 17, and write ``data/speller.npz``.

    python -m tools.samples.make speller

It learns from all training words of the CMU dictionary. Trained weights differ a little from one
computer to the next. So the file is written only when what it is made from has changed: the
dictionary, the settings, or what the code that trains on them does. A digest of all three lies in
the file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from helpers.data import (
    DATA_FOLDER,
    SpellerNetwork,
    pronunciations_of,
    read_sample_pronunciations,
    read_speller,
    split_of,
    write_speller,
)
from helpers.widgets import Speller
from tools.samples import pronunciations
from tools.samples.files import bare_code, settings_of

WEIGHTS = "speller.npz"
LETTERS = "_abcdefghijklmnopqrstuvwxyz"  # 0 is the pad
NUM_LETTERS = 14  # of the longest word
NUM_FEATURES = 24
NUM_UNITS = 64
BATCH_SIZE = 100
NUM_EPOCHS = 8
LEARNING_RATE = 0.005


def make(source: Path, folder: Path, seed: int = 0) -> Path:
    """Write ``speller.npz`` to `folder`, unless it is there and made from the same words and code.

    Parameters
    ----------
    source : pathlib.Path
        The dictionary ``cmudict.dict``, checked.
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
    if target.is_file() and read_speller(target).about.get("made_from") == made_from:
        print(f"{target} is up to date: left as it is")
        return target
    words = words_and_sounds(source)
    sounds = ["_", ".", *sorted({sound for _, said, _ in words for sound in said})]
    learned = [(word, said) for word, said, split in words if split == "train"]
    network = train(*as_numbers(learned, sounds), len(sounds), seed)
    about = {"made_from": made_from, "num_words": len(learned)}
    write_speller(target, arrays_of(network), LETTERS, sounds, about)
    sample = set(read_sample_pronunciations(DATA_FOLDER / "pronunciations.csv.gz")["word"])
    test = [(word, said) for word, said, split in words if split == "test" and word in sample]
    about |= marks(read_speller(target), test)  # of the rounded weights
    write_speller(target, arrays_of(network), LETTERS, sounds, about)
    return target


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside."""
    settings = settings_of(globals(), int | float | str)
    code = [
        bare_code(function) for function in (words_and_sounds, as_numbers, network_of_layers, train)
    ]
    return hashlib.sha256(repr([pronunciations.SOURCE.sha256, settings, code]).encode()).hexdigest()


def words_and_sounds(source: Path) -> list[tuple[str, list[str], str]]:
    """Each word of the dictionary, its sounds without stress, and its split."""
    found = pronunciations_of(source.read_text(encoding="utf-8"), source)
    return [
        (word, "".join(c for c in said if not c.isdigit()).split(), split_of(word))
        for word, said in found
    ]


def as_numbers(
    words: list[tuple[str, list[str]]], sounds: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Letters; sounds to read; sounds to say: each an array with a row a word, zeros behind."""
    number = {sound: place for place, sound in enumerate(sounds)}
    longest = max(len(said) for _, said in words) + 1
    letters = np.zeros((len(words), NUM_LETTERS), "int32")
    reads, says = np.zeros((2, len(words), longest), "int32")
    for row, (word, said) in enumerate(words):
        numbers = [1, *(number[sound] for sound in said), 1]
        letters[row, : len(word)] = [LETTERS.index(letter) for letter in word]
        reads[row, : len(numbers) - 1] = numbers[:-1]
        says[row, : len(numbers) - 1] = numbers[1:]
    return letters, reads, says


def network_of_layers(num_sounds: int) -> Any:
    """An encoder and a decoder with dot attention, untrained."""
    import keras
    from keras import layers

    word, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    read = layers.Embedding(len(LETTERS), NUM_FEATURES, mask_zero=True, name="letters")(word)
    encoder = layers.LSTM(NUM_UNITS, return_sequences=True, return_state=True, name="encoder")
    states, *last = encoder(read)
    said = layers.Embedding(num_sounds, NUM_FEATURES, mask_zero=True, name="sounds")(before)
    decoder = layers.LSTM(NUM_UNITS, return_sequences=True, name="decoder")
    hidden = decoder(said, initial_state=last)
    both = layers.Concatenate()([hidden, layers.Attention()([hidden, states])])
    return keras.Model([word, before], layers.Dense(num_sounds, name="head")(both))


def train(
    letters: np.ndarray, reads: np.ndarray, says: np.ndarray, num_sounds: int, seed: int
) -> Any:
    """Train the network with teacher forcing; the rate falls to zero as a cosine does."""
    os.environ.setdefault("KERAS_BACKEND", "jax")  # the fastest here
    import keras

    keras.utils.set_random_seed(seed)
    network = network_of_layers(num_sounds)
    steps = NUM_EPOCHS * -(-len(letters) // BATCH_SIZE)
    falling = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(falling, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    network.fit([letters, reads], says, batch_size=BATCH_SIZE, epochs=NUM_EPOCHS, verbose=2)
    return network


#: Of each layer, the names of its weights in the file
PARTS = {
    "letters": ["letters"],
    "sounds": ["sounds"],
    "encoder": ["encoder_W_x", "encoder_W_h", "encoder_b"],
    "decoder": ["decoder_W_x", "decoder_W_h", "decoder_b"],
    "head": ["head_W", "head_b"],
}


def arrays_of(network: Any) -> dict[str, np.ndarray]:
    """The weights of a network of `network_of_layers`, under the names of the file."""
    arrays = {}
    for layer, names in PARTS.items():
        arrays |= dict(zip(names, network.get_layer(layer).get_weights(), strict=True))
    return arrays


def set_weights(network: Any, arrays: Mapping[str, np.ndarray]) -> None:
    """Give such a network the weights of a file."""
    for layer, names in PARTS.items():
        network.get_layer(layer).set_weights([arrays[name] for name in names])


def marks(network: SpellerNetwork, words: list[tuple[str, list[str]]]) -> dict[str, float]:
    """Share of words said right, and phoneme error, as the widget says them."""
    speller = Speller(network)
    wrong = np.array([edits(speller.read(word).sounds, said) for word, said in words])
    return {
        "num_test": len(words),
        "right": float(np.mean(wrong == 0)),
        "phoneme_error": float(wrong.sum() / sum(len(said) for _, said in words)),
    }


def edits(said: list[str], true: list[str]) -> int:
    """Least number of sounds to add, drop or change."""
    row = list(range(len(true) + 1))
    for one in said:
        corner, row[0] = row[0], row[0] + 1
        for j, other in enumerate(true, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (one != other))
    return row[-1]
