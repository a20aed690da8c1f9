"""The network behind the page: the lecture's Manhattan network, trained once and kept on disk.

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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import siamese
from helpers.data import load_question_pairs, sha256_of
from helpers.scores import accuracy_interval
from helpers.siamese import NUM_TOKENS, fit_vocabulary, load_siamese, save_siamese, to_ids, words_of
from helpers.training import adam

if TYPE_CHECKING:
    import keras

FOLDER = Path(__file__).resolve().parents[2] / "_build" / "app"
MODEL_FILE, FACTS_FILE = "questions.keras", "facts.json"
SIZE = 24  #: numbers of a word vector, and of a state
MAX_WORDS = 50_000
MAX_EPOCHS, PATIENCE = 12, 3
MOST_KEPT_ANSWERS = 2_000  #: test answers that the page may compare with
QUESTIONS = ["question1", "question2"]

COSTS = range(1, 11)  #: what a wrong merge may cost, in missed duplicates


class Trained(NamedTuple):
    """A network, its vocabulary, what is known of them, and all questions that can be found."""

    model: keras.Model  #: reads two arrays of ids (n, 20), answers (n, 1)
    vocabulary: list[str]  #: words of the ids 1 to V
    facts: dict[str, Any]  #: see `measure`
    questions: Sequence[str] = ()  #: see `known_questions`


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
    questions = known_questions(pairs)
    place = folder / digest_of(pairs, max_epochs)[:16]
    if place.exists():
        try:
            return load(place)._replace(questions=questions)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            say(f"The stored network is damaged ({problem}); training a new one.")
    one = train(pairs, max_epochs, say)
    try:
        save(one, place)
    except OSError as problem:
        say(f"{place} cannot be written ({problem.strerror}); the next start will train again.")
    return one._replace(questions=questions)


def known_questions(pairs: pd.DataFrame) -> list[str]:
    """All questions of the pairs that hold a word, each text once, in the order of the pairs."""
    texts = dict.fromkeys(pairs[QUESTIONS].to_numpy().ravel())
    return [text for text in texts if words_of(text)]


def digest_of(pairs: pd.DataFrame, max_epochs: int = MAX_EPOCHS) -> str:
    """Digest of all that decides what the network becomes: the pairs and the code."""
    known = hashlib.sha256(f"{max_epochs}".encode())
    for source in (__file__, siamese.__file__, inspect.getfile(adam)):
        known.update(Path(source).read_text(encoding="utf-8").encode())  # line ends as in the clone
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


# --- The recipe of the lecture --------------------------------------------------------------------


def train(
    pairs: pd.DataFrame, max_epochs: int = MAX_EPOCHS, say: Callable[[str], None] = print
) -> Trained:
    """Train the network that the lecture searches with and saves, by the same call of ``fit``.

    Adam with steps of 0.006 on batches of 100, until the cross-entropy of the validation pairs has
    reached no new low for three epochs; the weights of the best epoch are kept.
    """
    import keras

    truth = pairs["label"].to_numpy()
    part = split(pairs["qid1"].tolist(), pairs["qid2"].tolist())
    texts = pairs.loc[part == 0, QUESTIONS].to_numpy().ravel()
    vocabulary = fit_vocabulary(texts, MAX_WORDS)
    ids = [to_ids(pairs[column].tolist(), vocabulary) for column in QUESTIONS]
    rows = [np.flatnonzero(part == k) for k in range(3)]
    training, validation = (([one[k] for one in ids], truth[k, np.newaxis]) for k in rows[:2])

    def tell(epoch: int, logs: dict[str, float]) -> None:
        say(f"  epoch {epoch + 1} of at most {max_epochs}, validation loss {logs[watched]:.3f}")

    say(f"Training the lecture's network on {len(rows[0]):,} pairs of questions (once) ...")
    watched = "val_binary_crossentropy"
    stop = keras.callbacks.EarlyStopping(
        watched, mode="min", patience=PATIENCE, restore_best_weights=True
    )
    model = manhattan_network(len(vocabulary))
    model.compile(adam(0.006), loss="binary_crossentropy", metrics=["binary_crossentropy"])
    model.fit(
        *training,
        validation_data=validation,
        epochs=max_epochs,
        batch_size=100,
        callbacks=[stop, keras.callbacks.LambdaCallback(on_epoch_end=tell)],
        verbose=0,
    )
    answers = model.predict(ids, batch_size=1000, verbose=0)[:, 0].astype("float64")
    facts = measure(pairs, vocabulary, *((k, answers[k]) for k in rows[1:]))
    bare = manhattan_network(len(vocabulary))  # without the optimizer, which nobody needs who asks
    bare.set_weights(model.get_weights())
    return Trained(bare, vocabulary, facts | {"num_train": len(rows[0])})


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
    """Calibrate the answers on validation pairs, and see what they are worth on test pairs.

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
        ``tier``, ``source``; ``num_pairs``, ``num_validation``, ``num_test``, ``num_words``,
        ``num_intents`` (0 where the publisher knows none); ``num_refused``, test pairs that are not
        `judged`, which count as "not the same"; ``line``, the slope and shift that make
        probabilities of answers, from judged pairs; ``loss_raw`` and ``loss``, the cross-entropy of
        the answers and of the probabilities; ``at``, for each of `COSTS` what `at_cost` gives;
        ``accuracy`` at equal costs, with its 95 % interval ``low`` to ``high``; ``majority``, the
        accuracy of always "not the same"; ``share``, of duplicates among all pairs; ``answers``,
        some (answer, label) of judged test pairs in rising order; ``examples``, see
        `choose_examples`.
    """
    truth, can_tell = pairs["label"].to_numpy(), judged(pairs, vocabulary)
    fine = can_tell[validation[0]]
    line = calibration(truth[validation[0]][fine], validation[1][fine])
    rows, answers = test
    fine, label = can_tell[rows], truth[rows]
    says = np.where(fine, calibrated(answers, line), 0)
    accuracy = float(((says >= 0.5) == label).mean())
    low, high = accuracy_interval(accuracy, len(rows))
    order = np.argsort(answers, kind="stable")
    order = order[fine[order]]
    order = order[np.linspace(0, len(order) - 1, min(len(order), MOST_KEPT_ANSWERS)).astype(int)]
    intents = pairs.loc[pairs["intent1"] >= 0, ["intent1", "intent2"]]
    return {
        "tier": pairs.attrs["tier"],
        "source": pairs.attrs["source"],
        "num_pairs": len(pairs),
        "num_validation": len(validation[0]),
        "num_test": len(rows),
        "num_refused": int((~fine).sum()),
        "num_words": len(vocabulary),
        "num_intents": int(np.unique(intents).size),
        "line": line,
        "loss_raw": cross_entropy(label[fine], answers[fine]),
        "loss": cross_entropy(label[fine], says[fine]),
        "at": [at_cost(label, says, cost) for cost in COSTS],
        "accuracy": accuracy,
        "low": low,
        "high": high,
        "majority": float(1 - label.mean()),
        "share": float(truth.mean()),
        "answers": [[round(float(answers[k]), 4), int(label[k])] for k in order],
        "examples": choose_examples(pairs.iloc[rows], says, 0.5, set(vocabulary)),
    }


def judged(pairs: pd.DataFrame, vocabulary: list[str]) -> NDArray[np.bool_]:
    """For each pair, whether the page judges it.

    It does not where a question has no known word, and where both differ in unknown words alone:
    the network reads these as one and the same word, so its answer would be 1.
    """
    words = [[words_of(text)[-NUM_TOKENS:] for text in pairs[column]] for column in QUESTIONS]
    ids = [to_ids(pairs[column].tolist(), vocabulary) for column in QUESTIONS]
    has_known = [((one > 0) & (one <= len(vocabulary))).any(axis=1) for one in ids]
    looks_alike = (ids[0] == ids[1]).all(axis=1)
    is_alike = np.array([one == other for one, other in zip(*words, strict=True)])
    return has_known[0] & has_known[1] & (is_alike | ~looks_alike)


def calibration(truth: NDArray, answers: NDArray) -> tuple[float, float]:
    """Slope and shift on the log-odds that make probabilities of answers, as in the lecture.

    Where a higher answer does not mean more duplicates, the slope is 0, and every probability is
    the share of duplicates.
    """
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=1e6).fit(log_odds(answers)[:, np.newaxis], truth)
    slope, shift = float(line.coef_[0, 0]), float(line.intercept_[0])
    return (slope, shift) if slope > 0 else (0.0, float(log_odds(truth.mean())))


def cut_at(cost: int) -> float:
    """The probability from which on a merge is worth it, if a wrong one costs so much."""
    return cost / (cost + 1)


def at_cost(label: NDArray, says: NDArray, cost: int) -> dict[str, Any]:
    """What the cut that fits a cost does on test pairs.

    Parameters
    ----------
    label, says : ndarray, shape (n,)
        Of the test pairs: 1 for duplicates, and the calibrated probabilities.
    cost : int
        Of a wrong merge, in missed duplicates.

    Returns
    -------
    dict
        ``merged``, how many pairs are; ``precision``, the share of duplicates among these (None if
        there are none); ``recall``; ``paid``, what the mistakes cost per pair; ``paid_none``, what
        it costs to merge none of them.
    """
    merged, positive = says >= cut_at(cost), label == 1
    return {
        "merged": int(merged.sum()),
        "precision": float(label[merged].mean()) if merged.any() else None,
        "recall": float(merged[positive].mean()) if positive.any() else 0.0,
        "paid": float((cost * (merged & ~positive) + (~merged & positive)).mean()),
        "paid_none": float(positive.mean()),
    }


def log_odds(p: Any) -> Any:
    """Log-odds of probabilities, which are kept 0.0001 away from 0 and 1."""
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def calibrated(answers: Any, line: Sequence[float]) -> Any:
    """Probabilities from answers of the network, by slope and shift of `calibration`."""
    slope, shift = line
    return 1 / (1 + np.exp(-(slope * log_odds(answers) + shift)))


def cross_entropy(truth: NDArray, answers: NDArray) -> float:
    """Mean cross-entropy of some answers, kept 1e-7 away from nought."""
    return float(-np.log(np.where(truth == 1, answers, 1 - answers).clip(1e-7)).mean())


def choose_examples(
    pairs: pd.DataFrame, answers: NDArray, cut: float, known: set[str]
) -> list[list[str]]:
    """Choose test pairs to click on: what the network finds hard and gets right, and mistakes.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Test pairs.
    answers : ndarray, shape (n,)
        The probabilities that it gives them.
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
