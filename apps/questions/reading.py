"""What the network makes of two questions, and what can be said about it.

A `Reading` holds numbers only; the words around them are the page's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.questions.training import calibrated
from helpers.siamese import NUM_TOKENS, UNKNOWN, to_ids, words_of

if TYPE_CHECKING:
    import keras

ROWS = 2 * (NUM_TOKENS + 1)  #: both questions, and both without one of their words each
CLOSE = 1.5  #: a call is close unless the other choice costs more than so many times as much
MOST_FOUND = 5  #: known questions that a search shows


class Reading(NamedTuple):
    """What the network makes of two questions; index 0 is the first, 1 the second."""

    words: tuple[list[str], list[str]]  #: those that were read, at most the last 20 of each
    lengths: tuple[int, int]  #: how many words each has in all
    known: tuple[list[bool], list[bool]]  #: whether a word that was read is in the vocabulary
    similarity: float  #: the network's answer, from 0 to 1
    probability: float  #: the same, calibrated: how probable it is that both ask the same
    without: tuple[NDArray, NDArray]  #: the probability if one word were left out; (n,) and (m,)
    alike: NDArray  #: (n, m): of the states behind each pair of words; the last is `similarity`


class Found(NamedTuple):
    """The known questions that are nearest to a text."""

    words: list[str]  #: of the text, those that were read
    known: list[bool]  #: whether they are in the vocabulary
    length: int  #: how many words the text has in all
    nearest: list[tuple[float, str]]  #: similarity and question, the nearest first


States = Callable[[NDArray], NDArray]  #: ids (42, 20) to states (42, 20, units)


def make_states(
    model: keras.Model, call: Callable[[keras.Model, NDArray], NDArray] | None = None
) -> States:
    """Return a function that gives the states after every word; many threads may call it at once.

    Parameters
    ----------
    model : keras.Model
        The network of `apps.questions.training`: embedding, LSTM, Manhattan similarity.
    call : callable, optional
        Gets the layers below the comparison and ids (42, 20), returns states (42, 20, units).
        By default Keras's ``predict_on_batch``, which is compiled once; the benchmark compares.
    """
    import keras
    from keras import layers

    table, *lstm = model.get_weights()
    layers_below = keras.Sequential(
        [
            keras.Input((NUM_TOKENS,), dtype="int32"),
            layers.Embedding(*table.shape),
            layers.LSTM(len(lstm[1]), return_sequences=True),
        ]
    )
    layers_below.set_weights([table, *lstm])
    one_at_a_time = threading.Lock()

    def states(ids: NDArray) -> NDArray:
        with one_at_a_time:
            found = layers_below.predict_on_batch(ids) if call is None else call(layers_below, ids)
        return np.asarray(found)

    states(np.zeros((ROWS, NUM_TOKENS), "int32"))  # compiles
    return states


def make_reader(
    states: States, vocabulary: Sequence[str], line: Sequence[float]
) -> Callable[[str, str], Reading]:
    """Return a function that reads two questions.

    One call of `states` reads each question whole and without each of its words. The rest is the
    last line of the Manhattan network, exp(-|u - v|), and the calibration, in NumPy.

    Parameters
    ----------
    states : callable
        From `make_states`.
    vocabulary : sequence of str
        The words of the ids 1 to V.
    line : (float, float)
        Slope and shift of the calibration.
    """
    place = {word: number for number, word in enumerate(vocabulary, start=1)}

    def read(first: str, second: str) -> Reading:
        every = [words_of(question) for question in (first, second)]
        words = [one[-NUM_TOKENS:] for one in every]
        numbers = [[place.get(word, UNKNOWN) for word in one] for one in words]
        ids = np.full((2, NUM_TOKENS + 1, NUM_TOKENS), len(vocabulary) + 1, "int32")
        for rows, its in zip(ids, numbers, strict=True):
            _write(rows[0], its)
            for k in range(len(its)):
                _write(rows[k + 1], its[:k] + its[k + 1 :])
        found = states(ids.reshape(ROWS, NUM_TOKENS)).astype("float64")
        u, v = found.reshape(*ids.shape, -1)
        n, m = map(len, words)
        answer = float(similarity(u[0, -1], v[0, -1]))
        return Reading(
            words=(words[0], words[1]),
            lengths=(len(every[0]), len(every[1])),
            known=tuple([number != UNKNOWN for number in its] for its in numbers),
            similarity=answer,
            probability=float(calibrated(answer, line)),
            without=(
                calibrated(similarity(u[1 : n + 1, -1], v[0, -1]), line),
                calibrated(similarity(u[0, -1], v[1 : m + 1, -1]), line),
            ),
            alike=similarity(u[0, NUM_TOKENS - n :, np.newaxis], v[0, NUM_TOKENS - m :]),
        )

    return read


def make_search(
    states: States, vocabulary: Sequence[str], questions: Sequence[str]
) -> Callable[[str], Found]:
    """Return a function that finds the nearest of all known questions.

    Each question is read once, here, and its last state is kept. A search reads one text, and takes
    its distance from all of them.

    Parameters
    ----------
    states, vocabulary
        As for `make_reader`.
    questions : sequence of str
        Those to search.
    """
    place = {word: number for number, word in enumerate(vocabulary, start=1)}
    ids = to_ids(questions, vocabulary)
    kept = [last_states(states, ids[k : k + ROWS]) for k in range(0, len(ids), ROWS)]
    vectors = np.concatenate(kept)

    def search(text: str, most: int = MOST_FOUND) -> Found:
        every = words_of(text)
        words = every[-NUM_TOKENS:]
        known = [word in place for word in words]
        if not any(known):
            return Found(words, known, len(every), [])
        alike = similarity(vectors, last_states(states, to_ids([" ".join(words)], vocabulary)))
        best = np.argsort(-alike, kind="stable")[:most]
        return Found(words, known, len(every), [(float(alike[k]), questions[k]) for k in best])

    return search


def last_states(states: States, ids: NDArray) -> NDArray:
    """The states after the last word, of at most 42 questions; (n, units)."""
    batch = np.zeros((ROWS, NUM_TOKENS), "int32")
    batch[: len(ids)] = ids
    return states(batch)[: len(ids), -1]


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
