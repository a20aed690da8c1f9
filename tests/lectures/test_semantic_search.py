"""The page on semantic search: its pool, its measure, its losses."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers

from experiments import duplicate_questions as experiment
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("semantic-search")


def test_the_pool_has_each_question_once_and_chains_of_duplicates_are_one_group(lecture) -> None:
    rows = [("a", "b", 1), ("b", "c", 1), ("d", "e", 0), ("e", "a", 0)]
    pairs = pd.DataFrame(rows, columns=["question1", "question2", "label"])
    questions, places, group = lecture.pool_of(pairs)
    assert sorted(questions) == list("abcde")
    assert questions[places].tolist() == [list("abde"), list("bcea")]
    number = dict(zip(questions, group, strict=True))
    assert number["a"] == number["b"] == number["c"]
    assert len({number["a"], number["d"], number["e"]}) == 3


@pytest.mark.parametrize("columns", [["qid1", "qid2"], ["intent1", "intent2"]])
def test_the_parts_share_no_question_and_no_intent(lecture, columns) -> None:
    train, test = lecture.split_by(columns, lecture.load_question_pairs())
    assert not set(train[columns].to_numpy().ravel()) & set(test[columns].to_numpy().ravel())
    assert len(train) + len(test) == 4000


def test_the_page_searches_the_pool_of_the_experiment(lecture) -> None:
    _, test = lecture.split_by(["qid1", "qid2"], lecture.load_question_pairs())
    questions, _, _ = lecture.pool_of(test)
    texts, _ = experiment.questions_of(experiment.pairs_of("sample")["test"])
    assert set(questions) == set(texts)


def test_recall_counts_queries_with_a_duplicate_and_never_finds_the_query_itself(lecture) -> None:
    group = np.array([0, 0, 1, 2])
    distance = np.array([[0, 3, 1, 2], [3, 0, 1, 2], [1, 1, 0, 1], [2, 2, 1, 0]], float)
    assert lecture.recall_at(1, distance, group) == 0
    assert lecture.recall_at(3, distance, group) == 1
    assert lecture.recall_at(2, distance, group) == experiment.recall(-distance, group, 2) == 0


def test_the_loss_is_the_equation_of_the_page(lecture) -> None:
    rng = np.random.default_rng(0)
    U, V = rng.normal(size=(2, 6, 4)).astype("float32")
    U, V = (A / np.linalg.norm(A, axis=1, keepdims=True) for A in (U, V))
    loss = np.mean(np.asarray(lecture.diagonal_loss(None, 20 * U @ V.T)))
    assert loss == pytest.approx(lecture.in_batch_loss(U, V), rel=1e-4)


def test_in_batch_training_brings_each_question_to_its_partner(lecture) -> None:
    keras.utils.set_random_seed(0)
    first, second = np.eye(8, 16, dtype="float32"), np.eye(8, 16, k=8, dtype="float32")
    encoder = layers.Dense(8, use_bias=False)
    lecture.train_in_batch(encoder, first, second, 0.05, epochs=60, batch_size=8)
    u, v = (np.asarray(encoder(some)) for some in (first, second))
    nearest = lecture.cdist(u, v, "cosine").argmin(axis=1)
    assert nearest.tolist() == list(range(8))


def test_an_encoder_that_tells_nothing_apart_has_the_worst_reciprocal_rank(lecture) -> None:
    group = np.array([0, 0, 1, 2, 3])
    assert lecture.mean_reciprocal_rank(np.zeros((5, 5)), group) == pytest.approx(1 / 4)
