"""Learn both models from the pairs of ``RNN_DATA``, measure them on pairs held out, keep them.

All is kept in one file under ``_build/app/``, named after a fingerprint of the pairs and of the
code that learns from them: when either changes, so does the name, and all is learned anew.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, hstack
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.preprocessing import StandardScaler

from apps.questions import models
from apps.questions.models import NETWORK, WORDS, Learned, ids_of, pair_features, words_of
from helpers.data import CourseDataError, load_question_pairs
from helpers.scores import accuracy_interval

if TYPE_CHECKING:
    import keras

FOLDER = Path(__file__).resolve().parents[2] / "_build" / "app"
QUESTIONS = ["question1", "question2"]
COSTS = range(1, 11)  #: what a wrong merge may cost, in missed duplicates
PENALTIES = (0.03, 0.1, 0.3, 1, 3)  #: C of the logistic regression
MAX_WORDS, MAX_EPOCHS = 50_000, 15
DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
MOST_CLOSEST, MOST_SEARCHES = 2_000, 1_000  #: test outputs to compare with; searches to measure


def learned(
    folder: Path = FOLDER, max_epochs: int = MAX_EPOCHS, say: Callable[[str], None] = print
) -> Learned:
    """Return what was learned from the pairs of ``RNN_DATA``: kept in a folder, or learned now.

    ``say`` is told what happens, line by line; fewer epochs make a worse network sooner.

    Raises
    ------
    helpers.data.CourseDataError
        If the pairs cannot be had, or are too few to learn from.
    """
    pairs = load_question_pairs()
    questions = [q for q in dict.fromkeys(pairs[QUESTIONS].to_numpy().ravel()) if words_of(q)]
    file = folder / f"{fingerprint(pairs, max_epochs)}.npz"
    if file.exists():
        try:
            return load(file, questions)
        except DAMAGED as problem:
            say(f"{file} is damaged ({problem}); learning anew, which replaces it.")
    found = learn(pairs, questions, max_epochs, say)
    try:
        save(found, file)
    except OSError as problem:
        reason = f"cannot be written ({problem.strerror}); the next start will learn again"
        say(f"{file} {reason}. Way out: --folder with a folder that you may write to.")
    return found


def fingerprint(pairs: pd.DataFrame, max_epochs: int) -> str:
    """Digest of all that decides what is learned: the pairs and the code."""
    known = hashlib.sha256(json.dumps([max_epochs, pairs.attrs], sort_keys=True).encode())
    for source in (__file__, models.__file__, inspect.getfile(accuracy_interval)):
        known.update(Path(source).read_text(encoding="utf-8").encode())  # line ends as in the clone
    rows = pd.util.hash_pandas_object(pairs[[*QUESTIONS, "label", "qid1", "qid2"]], index=False)
    known.update(rows.to_numpy().tobytes())
    return known.hexdigest()[:16]


def load(file: Path, questions: list[str]) -> Learned:
    """Read back what `save` wrote; no code of the file is run. Raises one of `DAMAGED`."""
    with np.load(file) as kept:
        arrays = dict(kept)
    return Learned(arrays, json.loads(arrays.pop("facts").tobytes()), questions)


def save(found: Learned, file: Path) -> None:
    """Write all into one file, which is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    facts = np.frombuffer(json.dumps(found.facts).encode(), "uint8")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        new = Path(folder) / "new.npz"
        np.savez(new, **found.arrays, facts=facts)
        os.replace(new, file)


# --- Learning ------------------------------------------------------------------------------------


def learn(
    pairs: pd.DataFrame, questions: list[str], max_epochs: int, say: Callable[[str], None]
) -> Learned:
    """Learn both models; measure them and the search on the test pairs."""
    try:
        parts = split(pairs)
        y = [pairs["label"].to_numpy()[rows] for rows in parts]
        if min(len(np.unique(labels)) for labels in y) < 2:
            raise ValueError("a part has duplicates alone, or none")
    except ValueError as problem:
        what = f"{len(pairs):,} pairs are too few to learn from ({problem})"
        way_out = "Use a file with more pairs, or set RNN_DATA=sample."
        raise CourseDataError(f"{pairs.attrs['source']}: {what}.\n{way_out}") from None
    say(f"Learning from {len(parts[0]):,} pairs of questions (once) ...")
    texts = [[pairs[name].to_numpy()[rows].tolist() for name in QUESTIONS] for rows in parts]
    arrays, vocabulary, words = learn_words(texts, y)
    layers, network = learn_network(texts, y, vocabulary, max_epochs, say)
    outputs = {WORDS: words, NETWORK: network}
    facts = {"vocabulary": vocabulary} | measure(pairs, parts, y, outputs)
    best = outputs[facts["best"]][2]
    some = np.linspace(0, len(best) - 1, min(len(best), MOST_CLOSEST)).astype(int)
    closest = {"closest": np.column_stack([best, y[2]])[some]}
    found = Learned(arrays | layers | closest, facts, questions)
    facts["search"] = measure_search(found, pairs.iloc[parts[2]])
    return found


def split(pairs: pd.DataFrame) -> list[NDArray]:
    """Rows for training, validation and test (7 : 1 : 2); no question stands in two parts.

    As in the lecture: pairs that a chain of shared questions joins stay together (`ValueError` if
    all do).
    """
    _, ids = np.unique(pairs[["qid1", "qid2"]].to_numpy().T, return_inverse=True)
    left, right = ids.reshape(2, -1)
    links = coo_matrix((np.ones(len(left)), (left, right)), shape=(ids.max() + 1,) * 2)
    groups = connected_components(links, directed=False)[1][left]

    def halves(rows: NDArray, share: float) -> list[NDArray]:
        by_group = GroupShuffleSplit(1, test_size=share, random_state=0)
        return [rows[half] for half in next(by_group.split(rows, groups=groups[rows]))]

    known, test = halves(np.arange(len(left)), 0.2)
    return [*halves(known, 0.125), test]


def learn_words(texts: list, y: list[NDArray]) -> tuple[dict[str, NDArray], list[str], list]:
    """Fit the logistic regression: arrays for `Learned`, vocabulary, outputs for each part.

    Of some penalties the best by validation loss. The vocabulary is that of words in two training
    questions at least: so the model meets, while it learns, words that it does not know.
    """
    count = CountVectorizer(analyzer=words_of, binary=True, min_df=2, max_features=MAX_WORDS)
    bags = count.fit_transform([*texts[0][0], *texts[0][1]])
    idf, scale = TfidfTransformer().fit(bags).idf_, StandardScaler()
    found = [pair_features(count, idf, *of_part) for of_part in texts]
    scale.fit(found[0][1])
    X = [hstack([bags, scale.transform(told)]).tocsr() for bags, told in found]
    fitted = [LogisticRegression(C=C, max_iter=3000).fit(X[0], y[0]) for C in PENALTIES]
    best = min(fitted, key=lambda one: log_loss(y[1], one.predict_proba(X[1])))
    arrays = {"idf": idf, "mean": scale.mean_, "scale": scale.scale_}
    arrays |= {"weights": best.coef_[0], "intercept": best.intercept_[0]}
    return arrays, count.get_feature_names_out().tolist(), [best.predict_proba(x)[:, 1] for x in X]


def siamese(num_ids: int, num_units: int = 32) -> keras.Model:
    """One encoder for both questions, exp(-Manhattan distance); the lecture adds scale and bias."""
    import keras
    from keras import layers, ops

    encoder = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(num_ids, 32, mask_zero=True),
            layers.Dropout(0.3),
            layers.LSTM(num_units),
        ]
    )
    questions = [keras.Input((None,), dtype="int32") for _ in range(2)]
    u, v = (encoder(question) for question in questions)
    return keras.Model(questions, ops.exp(-ops.sum(ops.abs(u - v), axis=1, keepdims=True)))


def learn_network(
    texts: list, y: list[NDArray], vocabulary: list[str], max_epochs: int, say: Callable
) -> tuple[dict[str, NDArray], list]:
    """Train until the validation loss has not fallen for three epochs: arrays, outputs."""
    import keras

    numbers = {word: k for k, word in enumerate(vocabulary, start=models.UNKNOWN + 1)}

    def padded(questions: list[str]) -> NDArray:
        ids = np.zeros((len(questions), models.MOST_READ), "int32")
        for row, question in zip(ids, questions, strict=True):
            found = ids_of(words_of(question), numbers)
            row[: len(found)] = found
        return ids

    def tell(epoch: int, logs: dict[str, float]) -> None:
        say(f"  epoch {epoch + 1} of at most {max_epochs}, validation loss {logs['val_loss']:.3f}")

    keras.utils.set_random_seed(0)
    network = siamese(len(vocabulary) + 2)
    network.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy")
    X = [[padded(questions) for questions in of_part] for of_part in texts]
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    watch = [stop, keras.callbacks.LambdaCallback(on_epoch_end=tell)]
    how = {"epochs": max_epochs, "batch_size": 128, "callbacks": watch, "verbose": 0}
    network.fit(X[0], y[0], validation_data=(X[1], y[1]), **how)
    names = ("table", "kernel", "recurrent", "bias")
    weights = dict(zip(names, network.get_weights(), strict=True))
    return weights, [network.predict(x, batch_size=512, verbose=0)[:, 0] for x in X]


# --- Measuring -----------------------------------------------------------------------------------


def measure(
    pairs: pd.DataFrame, parts: list[NDArray], y: list[NDArray], outputs: dict[str, list[NDArray]]
) -> dict[str, Any]:
    """What the outputs of the models are worth; arguments as they are in `learn`.

    Returns
    -------
    dict
        ``tier``, ``source``; ``num_train``, ``num_validation``, ``num_test``;
        ``best``, the model with the lowest validation loss; ``quality``, of each model on test
        pairs: ``accuracy`` at a threshold of 0.5 with its 95 % interval ``low`` to ``high``, and
        ``auc``; ``majority``, the accuracy of the more frequent answer; ``at``, for each of `COSTS`
        how many test pairs the best model merges, ``precision`` (None without any) and ``recall``;
        ``examples``, see `choose_examples`.
    """
    quality = {}
    for name, (_, _, p) in outputs.items():
        accuracy = float(np.mean((p >= 0.5) == y[2]))
        low, high = accuracy_interval(accuracy, len(p))
        auc = float(roc_auc_score(y[2], p))
        quality[name] = {"accuracy": accuracy, "low": low, "high": high, "auc": auc}
    best = min(outputs, key=lambda name: log_loss(y[1], outputs[name][1].astype("float64")))
    p, at = outputs[best][2], []
    for cost in COSTS:
        merged = p >= threshold(cost)
        precision = float(y[2][merged].mean()) if merged.any() else None
        recall = float(merged[y[2] == 1].mean())
        at.append({"merged": int(merged.sum()), "precision": precision, "recall": recall})
    tier, source = pairs.attrs["tier"], pairs.attrs["source"]
    if tier not in ("sample", "full"):  # a folder; of its path nobody needs to know more
        tier, source = "folder", Path(source).name
    sizes = dict(zip(("num_train", "num_validation", "num_test"), map(len, parts), strict=True))
    told = {"tier": tier, "source": source, "best": best, "quality": quality, "at": at, **sizes}
    told["majority"] = float(max(y[2].mean(), 1 - y[2].mean()))
    return told | {"examples": choose_examples(pairs.iloc[parts[2]], p)}


def threshold(cost: int) -> float:
    """The probability from which on a merge pays, if a wrong one costs so much."""
    return cost / (cost + 1)


def measure_search(found: Learned, test: pd.DataFrame) -> dict[str, Any]:
    """How often a search for one question of a test duplicate has the other among the first ten.

    ``recall`` is that share (None without such pairs), ``searches`` of how many.
    """
    same = test[(test["label"] == 1) & (test["question1"] != test["question2"])]
    asked = [*same[QUESTIONS].to_numpy().tolist(), *same[QUESTIONS[::-1]].to_numpy().tolist()]
    rng = np.random.default_rng(0)
    some = [asked[k] for k in rng.permutation(len(asked))[:MOST_SEARCHES]]
    first = [[q for _, q in found.search(one, 11) if q != one][:10] for one, _ in some]
    right = [other in ten for (_, other), ten in zip(some, first, strict=True)]
    return {"recall": float(np.mean(right)) if right else None, "searches": len(right)}


def choose_examples(test: pd.DataFrame, p: NDArray) -> list[list[str]]:
    """Choose test pairs to click on, by the outputs p of the best model.

    Each is [kind, question, question]: two of each of the kinds "same" and "different", which are
    right though hard, one "missed" duplicate and one "mistaken" for one, as far as there are any.
    """
    texts, label = test[QUESTIONS].to_numpy().tolist(), test["label"].to_numpy()
    sets = [[set(words_of(text)) for text in pair] for pair in texts]
    shared = np.array([len(a & b) / max(len(a | b), 1) for a, b in sets])
    wanted = [
        ("same", 2, (label == 1) & (p >= 0.5), shared),
        ("different", 2, (label == 0) & (p < 0.5), -shared),
        ("missed", 1, (label == 1) & (p < 0.5), p),
        ("mistaken", 1, (label == 0) & (p >= 0.5), -p),
    ]
    chosen, used = [], set()
    for kind, most, of_kind, order in wanted:
        for k in np.flatnonzero(of_kind)[np.argsort(order[of_kind], kind="stable")]:
            if not most:
                break
            fit = all(20 < len(text) < 90 and text[-1] == "?" for text in texts[k])
            intents = set(test.iloc[k][["intent1", "intent2"]]) - {-1}
            if fit and not used & intents:
                chosen.append([kind, *texts[k]])
                used |= intents
                most -= 1
    return chosen
