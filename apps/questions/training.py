"""The network behind the page: lecture 16's Manhattan network, trained once and kept on disk.

`trained` gives the network, its vocabulary and what the page tells about them. They are kept under
``_build/app/``, in a folder named after a digest of the pairs and of the code that makes a network
of them: when either changes, the name does, and a new network is trained.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import siamese
from helpers.data import load_question_pairs, sha256_of
from helpers.scores import accuracy_interval
from helpers.siamese import NUM_TOKENS, fit_vocabulary, load_siamese, save_siamese, to_ids, words_of
from helpers.training import batches

if TYPE_CHECKING:
    import keras

FOLDER = Path(__file__).resolve().parents[2] / "_build" / "app"
MODEL_FILE, FACTS_FILE = "questions.keras", "facts.json"
SIZE = 24  #: numbers of a word vector, and of a state
MAX_WORDS = 50_000
MAX_EPOCHS, PATIENCE = 12, 2
MOST_KEPT_ANSWERS = 2_000  #: test answers that the page may compare with
QUESTIONS = ["question1", "question2"]


class Trained(NamedTuple):
    """A network, its vocabulary, and what is known of them."""

    model: keras.Model  #: reads two arrays of ids (n, 20), answers (n, 1)
    vocabulary: list[str]  #: words of the ids 1 to V
    facts: dict[str, Any]  #: see `measure`


def trained(
    folder: Path = FOLDER, max_epochs: int = MAX_EPOCHS, say: Callable[[str], None] = print
) -> Trained:
    """Return the network for the pairs of ``RNN_DATA``: the one on disk, or a new one.

    Parameters
    ----------
    folder : pathlib.Path
        Where networks are kept.
    max_epochs : int
        Fewer than the lecture's make a worse network sooner.
    say : callable
        Told what happens, line by line.

    Raises
    ------
    helpers.data.CourseDataError
        If the pairs cannot be had.
    """
    pairs = load_question_pairs()
    place = folder / digest_of(pairs, max_epochs)[:16]
    if place.exists():
        try:
            return load(place)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            say(f"The stored network is damaged ({problem}); training a new one.")
    one = train(pairs, max_epochs, say)
    try:
        save(one, place)
    except OSError as problem:
        say(f"{place} cannot be written ({problem.strerror}); the next start will train again.")
    return one


def digest_of(pairs: pd.DataFrame, max_epochs: int = MAX_EPOCHS) -> str:
    """Digest of all that decides what the network becomes: the pairs and the code."""
    known = hashlib.sha256(f"{max_epochs}".encode())
    sources = (Path(__file__), Path(siamese.__file__), Path(inspect.getfile(batches)))
    for source in sources:
        known.update(source.read_text(encoding="utf-8").encode())  # line ends as in the clone
    rows = pd.util.hash_pandas_object(pairs[[*QUESTIONS, "label", "qid1", "qid2"]], index=False)
    known.update(rows.to_numpy().tobytes())
    known.update(json.dumps(pairs.attrs, sort_keys=True).encode())
    return known.hexdigest()


def load(place: Path) -> Trained:
    """Read back what `save` wrote.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        If something is missing or has changed since.
    """
    facts = json.loads((place / FACTS_FILE).read_text(encoding="utf-8"))
    if sha256_of(place / MODEL_FILE) != facts["sha256"]:
        raise ValueError(f"{MODEL_FILE} has changed since it was written")
    return Trained(*load_siamese(place / MODEL_FILE), facts)


def save(one: Trained, place: Path) -> None:
    """Write network, vocabulary and facts into a folder, which is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="new-", dir=place.parent, ignore_cleanup_errors=True
    ) as folder:
        new = Path(folder) / "whole"
        new.mkdir()
        save_siamese(one.model, one.vocabulary, new / MODEL_FILE)
        facts = {**one.facts, "sha256": sha256_of(new / MODEL_FILE)}
        (new / FACTS_FILE).write_text(json.dumps(facts, indent=1), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        try:
            os.rename(new, place)
        except OSError:
            if not place.is_dir():  # else another process was quicker, with the same network
                raise


# --- The recipe of lecture 16 --------------------------------------------------------------------


def train(
    pairs: pd.DataFrame, max_epochs: int = MAX_EPOCHS, say: Callable[[str], None] = print
) -> Trained:
    """Train the Manhattan network as the lecture does, one network instead of three.

    Adam with steps of 0.006 on whole batches of 100, until the cross-entropy of the validation
    pairs has not fallen by 0.001 for two epochs; the weights of the best epoch are kept.
    """
    import keras

    truth = pairs["label"].to_numpy()
    part = split(pairs["qid1"].tolist(), pairs["qid2"].tolist())
    texts = pairs.loc[part == 0, QUESTIONS].to_numpy().ravel()
    vocabulary = fit_vocabulary(texts, MAX_WORDS)
    ids = [to_ids(pairs[column].tolist(), vocabulary) for column in QUESTIONS]
    rows = [np.flatnonzero(part == k) for k in range(3)]

    def read(which: NDArray) -> NDArray[np.float64]:
        answers = model.predict([one[which] for one in ids], batch_size=1000, verbose=0)
        return answers[:, 0].astype("float64")

    say(f"Training lecture 16's network on {len(rows[0]):,} pairs of questions (once) ...")
    model = manhattan_network(len(vocabulary))
    model.compile(keras.optimizers.Adam(0.006), loss="binary_crossentropy")
    model.optimizer.build(model.trainable_variables)  # else TensorFlow traces the step twice
    rng = np.random.default_rng(0)
    lowest, best_epoch, best = np.inf, 0, model.get_weights()
    for epoch in range(max_epochs):
        order = rng.permutation(rows[0])
        model.fit(**batches([one[order] for one in ids], truth[order], 100), verbose=0)
        loss = cross_entropy(truth[rows[1]], read(rows[1]))
        say(f"  epoch {epoch + 1} of at most {max_epochs}, validation loss {loss:.3f}")
        if loss < lowest - 0.001:
            lowest, best_epoch, best = loss, epoch, model.get_weights()
        if epoch - best_epoch >= PATIENCE:
            break
    model.set_weights(best)
    facts = measure(pairs, vocabulary, *((k, read(k)) for k in rows[1:]))
    return Trained(model, vocabulary, facts | {"num_train": len(rows[0])})


def manhattan_network(num_words: int, seed: int = 0) -> keras.Model:
    """The network: one reader for both questions, answer exp(-|u - v|), with |.| summed.

    Parameters
    ----------
    num_words : int
        V, the size of the vocabulary; with unknown words and pads, ids run from 0 to V + 1.
    seed : int
        For the first weights.
    """
    import keras
    from keras import layers, ops

    keras.utils.set_random_seed(seed)
    l2 = keras.regularizers.L2(1e-4)
    table = layers.Embedding(num_words + 2, SIZE, embeddings_regularizer=l2)
    reader = layers.LSTM(SIZE, kernel_regularizer=l2)
    questions = [keras.Input((NUM_TOKENS,), dtype="int32") for _ in range(2)]
    u, v = (reader(table(question)) for question in questions)
    distance = ops.sum(ops.abs(u - v), axis=-1, keepdims=True)
    return keras.Model(questions, ops.exp(-distance))


def cross_entropy(truth: NDArray, answers: NDArray) -> float:
    """Mean cross-entropy of some answers, kept 1e-7 away from nought."""
    return float(-np.log(np.where(truth == 1, answers, 1 - answers).clip(1e-7)).mean())


def split(left: list[int], right: list[int]) -> NDArray[np.int64]:
    """Part of each pair: 0 training (70 %), 1 validation (10 %), 2 test; no question in two parts.

    As in the lecture: questions that a chain of pairs joins stay together, and groups of more than
    five per cent go to training.

    Parameters
    ----------
    left, right : list of int
        Ids of the questions of each pair.
    """
    leader: dict[int, int] = {}

    def find(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for a, b in zip(left, right, strict=True):
        leader[find(a)] = find(b)
    _, group, size = np.unique([find(a) for a in left], return_inverse=True, return_counts=True)
    order = np.random.default_rng(0).permutation(len(size))
    order = order[np.argsort(size[order] < 0.05 * len(group), kind="stable")]
    share_before = (np.cumsum(size[order]) - size[order]) / len(group)
    part = np.empty(len(size), int)
    part[order] = np.digitize(share_before, [0.7, 0.8])
    return part[group]


# --- What the page tells about it ----------------------------------------------------------------


def measure(
    pairs: pd.DataFrame,
    vocabulary: list[str],
    validation: tuple[NDArray, NDArray],
    test: tuple[NDArray, NDArray],
) -> dict[str, Any]:
    """Choose the cut on validation pairs, and measure it on test pairs.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `load_question_pairs`.
    vocabulary : list of str
        The words that the network knows.
    validation, test : (ndarray, ndarray)
        Numbers of the rows, and the network's answers to them.

    Returns
    -------
    dict
        ``tier``, ``source``; ``num_pairs``, ``num_test``, ``num_words``, ``num_intents`` (0 where
        the publisher knows none); ``cut``; at that cut ``accuracy`` with its 95 % interval ``low``
        to ``high``, ``precision``, ``recall``; ``accuracy_half`` at one half; ``majority``, the
        accuracy of always "not the same"; ``answers``, some (answer, label) of test pairs in rising
        order; ``examples``, see `choose_examples`.
    """
    truth = pairs["label"].to_numpy()
    cut = fair_cut(truth[validation[0]], validation[1])
    rows, answers = test
    label, above = truth[rows], answers >= cut
    accuracy = float((above == label).mean())
    low, high = accuracy_interval(accuracy, len(rows))
    order = np.argsort(answers, kind="stable")
    order = order[np.linspace(0, len(order) - 1, min(len(order), MOST_KEPT_ANSWERS)).astype(int)]
    intents = pairs.loc[pairs["intent1"] >= 0, ["intent1", "intent2"]]
    return {
        "tier": pairs.attrs["tier"],
        "source": pairs.attrs["source"],
        "num_pairs": len(pairs),
        "num_test": len(rows),
        "num_words": len(vocabulary),
        "num_intents": int(np.unique(intents).size),
        "cut": cut,
        "accuracy": accuracy,
        "low": low,
        "high": high,
        "precision": float(label[above].mean()) if above.any() else 0.0,
        "recall": float(above[label == 1].mean()) if label.any() else 0.0,
        "accuracy_half": float(((answers > 0.5) == label).mean()),
        "majority": float(1 - label.mean()),
        "answers": [[round(float(answers[k]), 4), int(label[k])] for k in order],
        "examples": choose_examples(pairs.iloc[rows], answers, cut, set(vocabulary)),
    }


def fair_cut(truth: NDArray, answers: NDArray) -> float:
    """The answer from which on a pair is rather a duplicate than not, as in the lecture.

    A logistic regression on the log-odds of the answers makes probabilities of them. The cut is
    where these are one half, which costs least if both kinds of mistakes cost the same. One half
    itself where the answers are of no use.
    """
    from sklearn.linear_model import LogisticRegression

    odds = answers.clip(1e-4, 1 - 1e-4)
    line = LogisticRegression(C=1e6).fit(np.log(odds / (1 - odds))[:, np.newaxis], truth)
    slope, shift = line.coef_[0, 0], line.intercept_[0]
    return float(1 / (1 + np.exp(shift / slope))) if slope > 0 else 0.5


def choose_examples(
    pairs: pd.DataFrame, answers: NDArray, cut: float, known: set[str]
) -> list[list[str]]:
    """Choose test pairs to click on: what the network finds hard and gets right, and mistakes.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Test pairs.
    answers : ndarray, shape (n,)
        The network's answers to them.
    cut : float
        From here on it says "the same".
    known : set of str
        The vocabulary; questions with other words (often misspelt) are passed over.

    Returns
    -------
    list of [kind, question, question]
        Two of each of the kinds "same" and "different", which it gets right, one "missed"
        duplicate and one "mistaken" for a duplicate, as far as there are any.
    """
    texts = [pairs[column].tolist() for column in QUESTIONS]
    wishes = pairs[["intent1", "intent2"]].to_numpy()
    label, above = pairs["label"].to_numpy(), answers >= cut
    sets = [[set(words_of(text)) for text in one] for one in texts]
    overlap = [len(a & b) / max(len(a | b), 1) for a, b in zip(*sets, strict=True)]
    fit = np.array(
        [
            a | b <= known and all(len(t) < 90 and t[0].isupper() and t[-1] == "?" for t in pair)
            for a, b, *pair in zip(*sets, *texts, strict=True)
        ]
    )
    wanted = [
        ("same", 2, (label == 1) & above, np.array(overlap)),
        ("different", 2, (label == 0) & ~above, -np.array(overlap)),
        ("missed", 1, (label == 1) & ~above, answers),
        ("mistaken", 1, (label == 0) & above, -answers),
    ]
    chosen, used = [], set()
    for kind, most, of_kind, order in wanted:
        for k in np.argsort(order, kind="stable"):
            fresh = wishes[k].max() < 0 or not used & set(wishes[k])
            if fit[k] and of_kind[k] and fresh and most > 0:
                chosen.append([kind, texts[0][k], texts[1][k]])
                used |= set(wishes[k])
                most -= 1
    return chosen
