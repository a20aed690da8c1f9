"""The explorer: an LSTM that reads the reader's own sentence inside the page, with no server.

``LSTMExplorer.load()`` gives the network that comes with the course (``data/explorer.npz``). As
the last line of a cell it shows itself: in the book, in JupyterLab and in Colab alive, where
scripts are stripped as coloured words, elsewhere as plain text. What it computes stands in
``explorer_lstm.py`` and, for the page, in ``explorer_lstm.js``.
"""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.data import explorer_file
from helpers.widgets.explorer_lstm import (
    ARRAYS,
    DTYPES,
    LSTM_SCRIPT,
    Network,
    lstm,
    read_weights,
    rounded,
    sigmoid,
    split_words,
    written_words,
)
from helpers.widgets.explorer_view import view
from helpers.widgets.page import source, widget

PAGE_SCRIPT, STYLE = "explorer_page.js", "explorer.css"
MOST_WORDS = 400  # to read, where the network sets no limit
UNKNOWN = 1  # number of [UNK]
FIRST_EXAMPLES = (
    "Worst service ever, never again.",
    "Not bad at all!",
    "The food was great but the waiter was rude.",
    "The waiter was rude but the food was great.",
    "I would never come back to this bar. The man who mixes the drinks knows every song he plays, "
    "the gin is cold and clear, and my friends loved the little plates.",
)


class Reading(NamedTuple):
    """What the network does on one text of T words."""

    words: list[str]  # as it knows them, small and without punctuation
    numbers: list[int]  # in the vocabulary
    inside: dict[str, NDArray]  # gates and states by name, each (T, p)
    positive: NDArray  # (T + 1,): P(positive) before the first word, and after each
    shown: list[str]  # the words as the text writes them


class LSTMExplorer:
    """A network to look into; as the last line of a cell it shows itself.

    Parameters
    ----------
    network : Network
        Weights and vocabulary.
    reviews : sequence of str, optional
        Texts to choose from in the page. Without it, a few sentences of the course.
    length : int, optional
        Words that the network reads; later ones are left out. Without it, as
        ``network.about["length"]`` says, else 400.
    weights_dtype : str
        ``"float16"`` or ``"float32"``: how the numbers of the words travel. All other weights are
        few and travel as float32.
    unit : int, optional
        The unit that colours the words at first, counted from 1. Without it, the one that moves
        the verdict most.
    note : sequence of str, optional
        Lines below the explorer: what the network was trained on, where it fails.

    Raises
    ------
    ValueError
        If shapes do not fit, weights are not finite (or not in float16), or an argument is out of
        range.
    """

    def __init__(
        self,
        network: Network,
        reviews: Sequence[str] | None = None,
        length: int | None = None,
        weights_dtype: str = "float16",
        unit: int | None = None,
        note: Sequence[str] | None = None,
    ) -> None:
        if isinstance(reviews, str):
            raise ValueError("reviews is one text: give a list of texts.")
        self.network = rounded(network, weights_dtype)
        self._dtype = weights_dtype
        self.vocabulary, self.about = self.network.vocabulary, self.network.about
        self.num_units = len(self.network.head_W)
        self.length = int(length or self.about.get("length") or MOST_WORDS)
        if not 1 <= self.length <= 10_000:
            raise ValueError(f"length is {length}: give a number of words from 1 to 10,000.")
        self.reviews = [str(text) for text in (FIRST_EXAMPLES if reviews is None else reviews)]
        self.note = [note] if isinstance(note, str) else list(note or ())
        self._numbers = {word: number for number, word in enumerate(self.vocabulary)}
        spread, self.scale = self._measure()
        if unit is None:
            unit = 1 + int(np.argmax(np.abs(self.network.head_W[:, 0]) * spread))
        if not 1 <= unit <= self.num_units:
            raise ValueError(f"unit is {unit}: give a unit from 1 to {self.num_units}.")
        self.unit = int(unit)

    @classmethod
    def load(cls, reviews: Sequence[str] | None = None, **options: Any) -> LSTMExplorer:
        """The network of the course, trained beforehand (see ``data/explorer.md``).

        Parameters
        ----------
        reviews : sequence of str, optional
            Texts to choose from.
        **options
            As for the class.

        Raises
        ------
        helpers.data.CourseDataError
            If the file is missing or altered.
        """
        network = read_weights(explorer_file())
        return cls(network, reviews, note=options.pop("note", course_note(network)), **options)

    # -- reading

    def read(self, text: str) -> Reading:
        """Let the network read a text; gates, states and P(positive) after each word."""
        found = written_words(text)[: self.length]
        words = [word for _, word in found]
        numbers = [self._numbers.get(word, UNKNOWN) for word in words]
        inside = lstm(self.network.embedding[numbers], self.network)
        hidden = np.concatenate([np.zeros((1, self.num_units)), inside["hidden"]])
        positive = sigmoid(hidden @ self.network.head_W[:, 0] + self.network.head_b[0])
        return Reading(words, numbers, inside, positive, [shown for shown, _ in found])

    def predict(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """P(positive) of each text (n,)."""
        return np.array([self.read(text).positive[-1] for text in texts])

    def _measure(self) -> tuple[NDArray, list[float]]:
        """How much each unit moves over the examples, and how far it goes from zero."""
        texts = [text for text in self.reviews if split_words(text)] or list(FIRST_EXAMPLES)
        hidden = np.concatenate([self.read(text).inside["hidden"] for text in texts[:50]])
        most = np.maximum(np.abs(hidden).max(axis=0), 0.05)
        return hidden.std(axis=0), [float(np.ceil(value * 100) / 100) for value in most]

    # -- showing

    def __repr__(self) -> str:
        num_words, num_features = self.network.embedding.shape
        lines = [
            f"LSTM explorer: {num_words:,} words of {num_features} numbers, {self.num_units} "
            f"units, reads up to {self.length} words.",
            "It is alive in the book, in JupyterLab and in Colab.",
        ]
        if self.reviews:
            reading = self.read(self.reviews[0])
            state = reading.inside["hidden"][:, self.unit - 1]
            words = [f"{w} {value:+.2f}" for w, value in zip(reading.words, state, strict=True)]
            lines += textwrap.wrap(f"Unit {self.unit}: " + ", ".join(words[:60]), 82)
            lines.append(f"P(positive) = {reading.positive[-1]:.2f}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        script, style = source(LSTM_SCRIPT) + source(PAGE_SCRIPT), source(STYLE)
        return widget(
            "rnn-explorer", self._static(), self._data(), script, style, shared=self.weights()
        )

    def weights(self) -> dict[str, Any]:
        """What JavaScript needs to read a text: the network's numbers and its vocabulary."""
        arrays = {name: _packed(getattr(self.network, name), "float32") for name in ARRAYS}
        arrays["embedding"] = _packed(self.network.embedding, self._dtype)
        return {**arrays, "vocabulary": "\n".join(self.vocabulary)}

    def _data(self) -> dict[str, Any]:
        """What the page's JavaScript gets besides."""
        return {
            "title": "LSTM explorer",
            "length": self.length,
            "examples": self.reviews,
            "scale": self.scale,
        }

    def _static(self) -> str:
        """The explorer when it has read the first text, as the script will find it."""
        text = self.reviews[0] if self.reviews else ""
        reading = self.read(text)
        return view(
            text,
            reading,
            [number == UNKNOWN for number in reading.numbers],
            self.scale[self.unit - 1],
            self.unit,
            self.network.head_W[:, 0],
            self.reviews,
            self.note,
        )


def course_note(network: Network) -> list[str]:
    """What the page says of the course's network: its training, its accuracy, where it fails."""
    accuracy, count = network.about["accuracy"], network.about["num_texts"]
    return [
        f"What it learned from: {network.about['num_training_texts']:,} labelled texts, namely "
        "reviews of food, snippets of reviews of films and goods, tweets, single words with their "
        "ratings, and short sentences about restaurants that a program of the course made up.",
        f"How often it is right on texts that it never saw: {accuracy['sentences']:.0%} of "
        f"{count['sentences']} short sentences about restaurants, {accuracy['reviews']:.0%} of "
        f"{count['reviews']:,} reviews of food (five stars or fewer?), {accuracy['snippets']:.0%} "
        f"of {count['snippets']:,} snippets.",
        "Where it fails: irony, stories that never name a feeling, long texts, words that it does "
        "not know, and whatever is not about a meal. It only knows positive and negative, so it "
        "takes sides on neutral texts too.",
    ]


def _packed(array: NDArray, dtype: str) -> dict[str, str]:
    """An array as text: its bytes in base64, little-endian, row after row."""
    as_bytes = array.astype(DTYPES[dtype]).tobytes()
    return {"type": DTYPES[dtype][1:], "data": base64.b64encode(as_bytes).decode()}
