"""What the network makes of two questions, and what can be said about it.

A `Reading` holds numbers only; the words around them are the page's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.siamese import NUM_TOKENS, UNKNOWN, words_of

if TYPE_CHECKING:
    import keras

ROWS = 2 * (NUM_TOKENS + 1)  #: both questions, and both without one of their words each
CLOSE = 0.05  #: so near to the cut, a verdict is a close call


class Reading(NamedTuple):
    """What the network makes of two questions; index 0 is the first, 1 the second."""

    words: tuple[list[str], list[str]]  #: those that were read, at most the last 20 of each
    lengths: tuple[int, int]  #: how many words each has in all
    known: tuple[list[bool], list[bool]]  #: whether a word that was read is in the vocabulary
    probability: float  #: that both ask the same
    without: tuple[NDArray, NDArray]  #: the same, if one word were left out; (n,) and (m,)
    alike: NDArray  #: (n, m): of the states behind each pair of words; the last is `probability`


def make_reader(
    model: keras.Model,
    vocabulary: Sequence[str],
    call: Callable[[keras.Model, NDArray], NDArray] | None = None,
) -> Callable[[str, str], Reading]:
    """Return a function that reads two questions; many threads may call it at once.

    One compiled call with always the same shape, (42, 20), reads each question whole and without
    each of its words. It gives the states after every word. The rest is the last line of the
    Manhattan network, exp(-|u - v|), in NumPy.

    Parameters
    ----------
    model : keras.Model
        The network of `apps.questions.training`: embedding, LSTM, Manhattan similarity.
    vocabulary : sequence of str
        The words of the ids 1 to V.
    call : callable, optional
        Gets the layers below the comparison and ids (42, 20), returns states (42, 20, units).
        By default Keras's ``predict_on_batch``, which is compiled once; the benchmark compares.
    """
    import keras
    from keras import layers

    table, *lstm = model.get_weights()
    states_of = keras.Sequential(
        [
            keras.Input((NUM_TOKENS,), dtype="int32"),
            layers.Embedding(*table.shape),
            layers.LSTM(len(lstm[1]), return_sequences=True),
        ]
    )
    states_of.set_weights([table, *lstm])
    place = {word: number for number, word in enumerate(vocabulary, start=1)}
    one_at_a_time = threading.Lock()

    def states(ids: NDArray) -> NDArray:
        with one_at_a_time:
            found = states_of.predict_on_batch(ids) if call is None else call(states_of, ids)
        return np.asarray(found, "float64")

    def read(first: str, second: str) -> Reading:
        every = [words_of(question) for question in (first, second)]
        words = [one[-NUM_TOKENS:] for one in every]
        numbers = [[place.get(word, UNKNOWN) for word in one] for one in words]
        ids = np.full((2, NUM_TOKENS + 1, NUM_TOKENS), len(vocabulary) + 1, "int32")
        for rows, its in zip(ids, numbers, strict=True):
            _write(rows[0], its)
            for k in range(len(its)):
                _write(rows[k + 1], its[:k] + its[k + 1 :])
        u, v = states(ids.reshape(ROWS, NUM_TOKENS)).reshape(*ids.shape, -1)
        n, m = map(len, words)
        alike = similarity(u[0, NUM_TOKENS - n :, np.newaxis], v[0, NUM_TOKENS - m :])
        return Reading(
            words=(words[0], words[1]),
            lengths=(len(every[0]), len(every[1])),
            known=tuple([number != UNKNOWN for number in its] for its in numbers),
            probability=float(similarity(u[0, -1], v[0, -1])),
            without=(
                similarity(u[1 : n + 1, -1], v[0, -1]),
                similarity(u[0, -1], v[1 : m + 1, -1]),
            ),
            alike=alike,
        )

    read("", "")  # compiles
    return read


def _write(row: NDArray, numbers: list[int]) -> None:
    """Write ids at the end of a row of pads."""
    row[len(row) - len(numbers) :] = numbers


def similarity(u: NDArray, v: NDArray) -> NDArray:
    """Manhattan similarity of states: exp of minus the sum of the distances, over the last axis."""
    return np.exp(-np.abs(u - v).sum(axis=-1))


def judge(reading: Reading, cut: float) -> str:
    """Judge what may be said of a reading.

    Returns
    -------
    str
        ``"empty"`` if a question has no word. ``"unknown"`` if one has no known word, or if the
        two differ in unknown words alone: the network reads all unknown words as one and the same
        word, so its answer would be 1. Else ``"same"`` from the cut on, ``"different"`` below it.
    """
    if not all(reading.lengths):
        return "empty"
    read = [
        [word if known else None for word, known in zip(*one, strict=True)]
        for one in zip(reading.words, reading.known, strict=True)
    ]
    if not all(any(its) for its in reading.known):
        return "unknown"
    if read[0] == read[1] and reading.words[0] != reading.words[1]:
        return "unknown"
    return "same" if reading.probability >= cut else "different"


def unknown_words(reading: Reading) -> list[str]:
    """The unknown words of both questions, each once, in the order in which they come."""
    pairs = zip(sum(reading.words, []), sum(reading.known, []), strict=True)
    return list(dict.fromkeys(word for word, known in pairs if not known))


def unknown_share(reading: Reading) -> float:
    """Share of unknown words in the question that has more of them; 0 without words."""
    return max(its.count(False) / max(len(its), 1) for its in reading.known)


def closest_share(answers: Sequence[Sequence[Any]], probability: float, most: int = 100) -> tuple:
    """Look up what became of the test pairs whose answers come closest.

    Parameters
    ----------
    answers : sequence of (answer, label)
        Of test pairs.
    probability : float
        The answer to compare with.
    most : int
        How many test pairs to look at.

    Returns
    -------
    (int, int)
        How many of them are duplicates, and how many there are.
    """
    values, labels = np.asarray(answers, float).reshape(-1, 2).T
    closest = np.argsort(np.abs(values - probability), kind="stable")[:most]
    return int(labels[closest].sum()), len(closest)
