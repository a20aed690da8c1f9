"""Train the network that `inside-an-lstm` shows alive in the page, and write ``data/explorer.npz``.

    python -m tools.samples.make explorer                # fetches the snippets
    python -m tools.samples.make explorer --from FILE    # uses vaderSentiment-3.3.2.tar.gz

Training takes about a minute.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from helpers.data import DATA_FOLDER, CourseDataError, read_sample_reviews
from helpers.widgets import split_words, write_weights
from tools.samples.explorer_sentences import Generator
from tools.samples.files import bare_code, settings_of

WEIGHTS = "explorer.npz"
SENTENCES = Path(__file__).with_name("restaurant_sentences.csv")

VADER = "vaderSentiment==3.3.2"
VADER_FILE = "vaderSentiment-3.3.2.tar.gz"
VADER_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
VADER_SIZE = 2_466_783  # bytes
VADER_FOLDER = "vaderSentiment-3.3.2"
SNIPPET_ARCHIVE = "additional_resources/hutto_ICWSM_2014.tar.gz"
SNIPPET_FILES = [
    f"hutto_ICWSM_2014/{name}_GroundTruth.txt"
    for name in ("amazonReviewSnippets", "movieReviewSnippets", "tweets")
]
CLEAR_SNIPPET = 0.5  # a mean rating (-4 to 4) nearer to 0 than this is no verdict
CLEAR_WORD = 1.0
HELD_OUT = 0.1  # of the snippets

NUM_SENTENCES = 24_000
NUM_WORDS = 10_000  # in the vocabulary, pad and [UNK] counted
LENGTH = 100  # words that the network reads
NUM_FEATURES = 16
NUM_UNITS = 12
NUM_EPOCHS = 6
NUM_AVERAGED = 3  # epochs, the last ones
BATCH_SIZE = 64
LEARNING_RATE = 0.002
WORDS_LOST = 0.1  # share of the words that become [UNK] while it learns
BUCKETS = (8, 24, LENGTH)  # words; texts of about the same length share a batch


class Text(NamedTuple):
    """A text as its words, with its label (1 positive)."""

    words: list[str]
    label: int


def write(target: Path, source: Path, made_from: str, seed: int = 0) -> None:
    """Train the network and write its weights.

    Parameters
    ----------
    target : pathlib.Path
        The file to write.
    source : pathlib.Path
        The source archive of the pinned release of vaderSentiment, checked by the caller.
    made_from : str
        The digest of today, which the file will hold.
    seed : int
        Of the network.
    """
    training, held_out = collect(source)
    vocabulary = most_frequent(text.words for text in training)
    network = train(training, vocabulary, seed)
    arrays = [array.astype(np.float16) for array in network.get_weights()]
    about = {
        "made_from": made_from,
        "num_training_texts": len(training),
        "length": LENGTH,
        "accuracy": {
            name: accuracy(network, vocabulary, texts) for name, texts in held_out.items()
        },
        "num_texts": {name: len(texts) for name, texts in held_out.items()},
    }
    write_weights(target, arrays, vocabulary, about)


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside.

    It covers the files of texts; every number among this module's settings; the sentences that the
    generator makes, cut into words; and what the functions do that lead from texts to weights.
    Their comments, docstrings and layout may change, and so may imports and places of files.
    """
    total = hashlib.sha256(VADER_SHA256.encode())
    for path in [DATA_FOLDER / "reviews.csv.gz", SENTENCES]:
        content = path.read_bytes()
        if path.suffix != ".gz":
            content = content.replace(b"\r\n", b"\n")  # Git on Windows may add the \r
        total.update(hashlib.sha256(content).digest())
    recipe = (arrange, made_up, read_snippets, read_lexicon, most_frequent, encode, train)
    settings = settings_of(globals(), int | float | tuple)
    code = [bare_code(function) for function in (*recipe, whole_batches, accuracy)]
    total.update(repr([settings, code, [tuple(text) for text in made_up()]]).encode())
    return total.hexdigest()


# --- Texts ------------------------------------------------------------------------------------


def collect(source: Path) -> tuple[list[Text], dict[str, list[Text]]]:
    """Gather what the network learns from, and what it is tested on.

    Returns
    -------
    training : list of Text
    held_out : dict of str to list of Text
        ``sentences`` (the half of the restaurant sentences that is looked at once, without those
        that the generator happened to make as well), ``reviews``, ``snippets``.
    """
    reviews = read_sample_reviews(DATA_FOLDER / "reviews.csv.gz")
    food = {
        split: [
            Text(split_words(text), label)
            for text, label in zip(part.text, part.label, strict=True)
        ]
        for split, part in reviews.groupby("split")
    }
    with tarfile.open(source) as archive:
        lexicon = read_member(archive, f"{VADER_FOLDER}/vaderSentiment/vader_lexicon.txt")
        inner = io.BytesIO(read_member(archive, f"{VADER_FOLDER}/{SNIPPET_ARCHIVE}"))
    with tarfile.open(fileobj=inner, mode="r:*") as archive:
        tables = [read_member(archive, name) for name in SNIPPET_FILES]
    return arrange(food, lexicon, tables)


def arrange(
    food: Mapping[str, Sequence[Text]], lexicon: bytes, tables: Sequence[bytes]
) -> tuple[list[Text], dict[str, list[Text]]]:
    """Part all texts into those of the training and those held out, as `collect` returns them."""
    snippets = list(read_snippets(table.decode("utf-8", "replace") for table in tables))
    order = np.random.default_rng(0).permutation(len(snippets))
    cut = int(HELD_OUT * len(snippets))
    training = [
        *food["train"],
        *(snippets[place] for place in order[cut:]),
        *read_lexicon(lexicon.decode("utf-8")),
        *made_up(),
    ]
    seen = {tuple(text.words) for text in training}
    held_out = {
        "sentences": [t for t in restaurant_sentences("test") if tuple(t.words) not in seen],
        "reviews": food["test"],
        "snippets": [snippets[place] for place in order[:cut]],
    }
    return training, held_out


def made_up() -> list[Text]:
    """The sentences about restaurants that the generator makes."""
    return [Text(split_words(text), label) for text, label in Generator(0).make(NUM_SENTENCES)]


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Read a file of an archive."""
    file = archive.extractfile(name) if name in archive.getnames() else None
    if file is None:
        raise CourseDataError(f"There is no {name} in the archive.\nUse {VADER_FILE} of {VADER}.")
    return file.read()


def read_snippets(tables: Iterable[str]) -> Iterator[Text]:
    """Read snippets with a clear mean rating: lines of number, rating and text, split by tabs."""
    for table in tables:
        for line in table.splitlines():
            parts = line.split("\t")
            if len(parts) == 3 and abs(float(parts[1])) > CLEAR_SNIPPET:
                yield Text(split_words(parts[2]), int(float(parts[1]) > 0))


def read_lexicon(table: str) -> Iterator[Text]:
    """Read words with a clear rating as texts of one word, and turned around by "not"."""
    for line in table.splitlines():
        word, rating, *_ = line.split("\t")
        if re.fullmatch("[a-z]+", word) and abs(float(rating)) >= CLEAR_WORD:
            label = int(float(rating) > 0)
            yield Text([word], label)
            yield Text(["not", word], 1 - label)


def restaurant_sentences(part: str) -> list[Text]:
    """Read the restaurant sentences of a part: ``dev`` or ``test``."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return [Text(split_words(row["text"]), int(row["label"])) for row in rows]


def most_frequent(texts: Iterable[Sequence[str]]) -> list[str]:
    """Return pad, ``[UNK]`` and the words that stand in the most texts, in two at least."""
    counts = Counter(word for words in texts for word in set(words[:LENGTH]))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return ["", "[UNK]", *(w for w in ranked if counts[w] >= 2)][:NUM_WORDS]


def encode(texts: Sequence[Text], vocabulary: Sequence[str], length: int) -> np.ndarray:
    """Numbers of the words of each text (texts, length), padded at the end."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    encoded = np.zeros((len(texts), length), "int32")
    for row, text in zip(encoded, texts, strict=True):
        found = [numbers.get(word, 1) for word in text.words[:length]] or [1]
        row[: len(found)] = found
    return encoded


# --- Training ---------------------------------------------------------------------------------


def train(training: Sequence[Text], vocabulary: Sequence[str], seed: int) -> Any:
    """Train Embedding, LSTM and Dense(1) on texts; return the Keras model.

    Batches hold texts of about the same length. While it learns, words are lost at random, so that
    it can do with unknown ones. Its weights are the mean over the last epochs, in float16.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")  # the fastest here
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(len(vocabulary), NUM_FEATURES, mask_zero=True),
            layers.SpatialDropout1D(0.2),
            layers.LSTM(NUM_UNITS),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    adam = keras.optimizers.Adam(LEARNING_RATE, clipnorm=1.0)
    network.compile(optimizer=adam, loss="binary_crossentropy")

    lengths = np.array([len(text.words) for text in training])
    bucket_of = np.searchsorted(BUCKETS[:-1], lengths)
    buckets = []
    for number, length in enumerate(BUCKETS):
        texts = [training[place] for place in np.flatnonzero(bucket_of == number)]
        labels = np.array([text.label for text in texts], "float32")
        buckets.append((encode(texts, vocabulary, length), labels))

    class Batches(keras.utils.PyDataset):
        """One epoch: full batches of all buckets in random order, some words lost."""

        def __init__(self) -> None:
            super().__init__()
            self.batches = [
                (number, rows)
                for number, (encoded, _) in enumerate(buckets)
                for rows in whole_batches(rng.permutation(len(encoded)))
            ]
            rng.shuffle(self.batches)

        def __len__(self) -> int:
            return len(self.batches)

        def __getitem__(self, place: int) -> tuple[np.ndarray, np.ndarray]:
            number, rows = self.batches[place]
            encoded, labels = (array[rows] for array in buckets[number])
            lost = (rng.random(encoded.shape) < WORDS_LOST) & (encoded > 0)
            return np.where(lost, 1, encoded).astype("int32"), labels

    kept = []
    for epoch in range(NUM_EPOCHS):
        slower = 0.5 * (1 + np.cos(np.pi * epoch / NUM_EPOCHS))
        network.optimizer.learning_rate = LEARNING_RATE * max(slower, 0.05)
        network.fit(Batches(), epochs=1, shuffle=False, verbose=0)
        kept.append(network.get_weights())
    averaged = [np.mean(arrays, axis=0) for arrays in zip(*kept[-NUM_AVERAGED:], strict=True)]
    rounded = [array.astype(np.float16).astype(np.float32) for array in averaged]
    network.set_weights(rounded)  # what will be read
    return network


def whole_batches(rows: np.ndarray) -> list[np.ndarray]:
    """Cut row numbers into batches, an incomplete last one left out."""
    return [rows[at : at + BATCH_SIZE] for at in range(0, len(rows) - BATCH_SIZE + 1, BATCH_SIZE)]


def accuracy(network: Any, vocabulary: Sequence[str], texts: Sequence[Text]) -> float:
    """Share of texts on the right side of one half."""
    answers = network.predict(encode(texts, vocabulary, LENGTH), batch_size=500, verbose=0)[:, 0]
    return float(np.mean((answers > 0.5) == np.array([text.label for text in texts], bool)))
