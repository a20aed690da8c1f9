"""Tokens, files and answers of the Siamese network of lecture 16, for the lecture and the app.

What the network is, and why, stands in the lecture. Here is what surrounds it: how a question
becomes ids, how the network and its vocabulary travel in one file, and how it is asked.

Imported by lectures. Imports nothing of the course; Keras only when a function is called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

NUM_TOKENS = 20  #: words of a question that are read
UNKNOWN = 0  #: id of a word that is not in the vocabulary
WORD = re.compile(r"\w+")
VOCABULARY_LAYER = "vocabulary"
MOST_AT_ONCE = 1_000  #: pairs that the network is asked about at once


def words_of(question: str) -> list[str]:
    """Return the words of a question in small letters; letters and digits of any script count."""
    return WORD.findall(question.lower())


def fit_vocabulary(questions: Iterable[str], max_words: int) -> list[str]:
    """Return the most frequent words of some questions; of equals, those that came first.

    The word at position k gets the id k + 1.

    Parameters
    ----------
    questions : iterable of str
        Training questions, and no others.
    max_words : int
        How many words to keep at most.

    Raises
    ------
    ValueError
        If there is no word at all, or `max_words` is less than one.
    """
    if max_words < 1:
        raise ValueError(f"max_words is {max_words}: keep at least one word.")
    counts = Counter(word for question in questions for word in words_of(question))
    if not counts:
        raise ValueError("There is no word in these questions.")
    return [word for word, _ in counts.most_common(max_words)]


def to_ids(
    questions: Sequence[str], vocabulary: Sequence[str], num_tokens: int = NUM_TOKENS
) -> NDArray[np.int32]:
    """Turn questions into ids, pads in front, as the class did.

    Ids of words run from 1 to V, the size of the vocabulary; an unknown word is 0, a pad V + 1.
    So an embedding needs V + 2 rows. Of a longer question the last words are kept, which is what
    `keras.utils.pad_sequences` does unless told otherwise.

    Returns
    -------
    ndarray of int32, shape (n, num_tokens)
    """
    at = {word: place for place, word in enumerate(vocabulary, start=1)}
    ids = np.full((len(questions), num_tokens), len(vocabulary) + 1, "int32")
    for row, question in zip(ids, questions, strict=True):
        words = words_of(question)[-num_tokens:]
        if words:
            row[-len(words) :] = [at.get(word, UNKNOWN) for word in words]
    return ids


def with_vocabulary(model: keras.Model, vocabulary: Sequence[str]) -> keras.Model:
    """Return the same network with its vocabulary inside.

    In front of it stands a layer that passes the ids on as they are and holds the words in its
    configuration, so that they travel in the model's own file.

    Parameters
    ----------
    model : keras.Model
        Reads two arrays of ids of shape (n, T) and answers with shape (n, 1).
    vocabulary : sequence of str
        The words of the ids 1 to V.
    """
    import keras

    first, second = (keras.Input(part.shape[1:], dtype="int32") for part in model.inputs)
    keep = _vocabulary_layer()(list(vocabulary), name=VOCABULARY_LAYER)
    return keras.Model([first, second], model([keep(first), keep(second)]))


def save_siamese(model: keras.Model, vocabulary: Sequence[str], path: str | Path) -> None:
    """Write the network and its vocabulary to one file in Keras's own format.

    Parameters
    ----------
    model : keras.Model
        As for `with_vocabulary`.
    vocabulary : sequence of str
        The words of the ids 1 to V.
    path : str or pathlib.Path
        Where to; the name must end in ``.keras``.

    Raises
    ------
    ValueError
        If the name ends otherwise.
    """
    if Path(path).suffix != ".keras":
        raise ValueError(f"{path}: the name of the file must end in .keras")
    with_vocabulary(model, vocabulary).save(path)


def load_siamese(path: str | Path) -> tuple[keras.Model, list[str]]:
    """Read back what `save_siamese` wrote: the network and its vocabulary.

    Keras's safe mode is on, which refuses files that hold Python code of their own (a ``Lambda``
    layer). That is no promise that a file can run nothing: safe mode has been bypassed more than
    once (CVE-2025-1550, mended in Keras 3.9). Load files only from whom you trust.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no Keras model, or one without a vocabulary.
    """
    import zipfile

    import keras

    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: there is no such file; save a model first.")
    _vocabulary_layer()  # so that Keras knows the layer
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        vocabulary = list(model.get_layer(VOCABULARY_LAYER).words)
    except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(
            f"{path} holds no Siamese network with its vocabulary ({reason})"
        ) from None
    return model, vocabulary


def predict_question_pairs(
    model: keras.Model,
    vocabulary: Sequence[str],
    q1: str | Sequence[str],
    q2: str | Sequence[str],
) -> NDArray[np.float64]:
    """Ask how probable it is that two questions ask the same.

    Any text will do: an empty one, a very long one (its last words are read), HTML, other scripts.
    Where all words are unknown the answer means nothing, but it is a number.

    Parameters
    ----------
    model : keras.Model
        Reads two arrays of ids of shape (n, T) and answers with shape (n, 1).
    vocabulary : sequence of str
        The words of the ids 1 to V.
    q1, q2 : str or sequence of str
        One question each, or as many first questions as second ones.

    Returns
    -------
    ndarray of float64, shape (n,)
        Probabilities; n is 1 for two single questions.

    Raises
    ------
    TypeError
        If a question is no str.
    ValueError
        If there are not as many first questions as second ones.

    Notes
    -----
    The model is called, not ``predict``-ed: for a pair or two the latter takes many times as long.
    """
    import keras

    first, second = _as_list("q1", q1), _as_list("q2", q2)
    if len(first) != len(second):
        raise ValueError(
            f"q1 holds {len(first)} questions and q2 {len(second)}; a pair needs one of each."
        )
    num_tokens = int(model.inputs[0].shape[1])
    answers = [np.empty(0)]
    for start in range(0, len(first), MOST_AT_ONCE):
        some = slice(start, start + MOST_AT_ONCE)
        pair = [to_ids(part[some], vocabulary, num_tokens) for part in (first, second)]
        answers.append(keras.ops.convert_to_numpy(model(pair, training=False))[:, 0])
    return np.concatenate(answers).astype("float64")


def _as_list(name: str, questions: str | Sequence[str]) -> list[str]:
    """Return questions as a list; refuse what is no text, such as a missing value."""
    listed = [questions] if isinstance(questions, str) else list(questions)
    for place, question in enumerate(listed):
        if not isinstance(question, str):
            kind = type(question).__name__
            raise TypeError(f"{name}[{place}] is of type {kind}; a question is text (str).")
    return listed


@cache
def _vocabulary_layer() -> Any:
    """The layer that holds the words, made and registered when Keras is there."""
    import keras

    @keras.saving.register_keras_serializable(package="rnn_course")
    class Vocabulary(keras.layers.Layer):
        """Pass ids on as they are and keep their words."""

        def __init__(self, words: Sequence[str], **settings: Any) -> None:
            super().__init__(**settings)
            self.words = tuple(words)

        def call(self, ids: Any) -> Any:
            return ids

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

        def get_config(self) -> dict:
            return {**super().get_config(), "words": list(self.words)}

    return Vocabulary
