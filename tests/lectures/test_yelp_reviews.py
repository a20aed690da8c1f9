"""Lecture 10: how it splits, pads, counts, lets words vote, stops early and tests in pairs.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.scores import accuracy_interval, compare
from tests.support import functions_of


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("10-yelp-reviews")


def test_the_parts_do_not_overlap_and_test_reviews_only_test(lecture: SimpleNamespace) -> None:
    splits = pd.DataFrame({"split": ["train"] * 6000 + ["test"] * 500})
    rows = lecture.split(splits)
    assert sorted(np.concatenate(list(rows.values()))) == list(range(6500))
    assert rows["test"].tolist() == list(range(6000, 6500))
    assert len(rows["validation"]) == 600


def test_pads_move_to_the_front_and_words_keep_their_order(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 1, 7, 0, 0], [2, 0, 0, 0, 0], [3, 4, 5, 6, 7]])
    front = lecture.pad_in_front(ids)
    assert front.tolist() == [[0, 0, 5, 1, 7], [0, 0, 0, 0, 2], [3, 4, 5, 6, 7]]


def test_a_text_without_a_word_gets_one_unknown_token(lecture: SimpleNamespace) -> None:
    ids = lecture.tokenize(["any"], lambda _: np.array([[0, 0, 0], [4, 0, 0]]))
    assert ids.tolist() == [[1, 0, 0], [4, 0, 0]]


def test_the_bag_reads_the_ids_without_the_pads(lecture: SimpleNamespace) -> None:
    assert lecture.as_text(np.array([[0, 0, 12, 7], [9, 1, 0, 0]])) == ["12 7", "9 1"]


def test_pads_have_no_vote(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 6, 0, 0]])
    answers = np.array([[[0.2, 0.4, 1.0, 1.0]], [[1.0, 0.0, 0.0, 0.0]]])  # two networks
    np.testing.assert_allclose(lecture.vote(answers, ids), [[0.3], [0.5]])


def test_the_cut_calls_as_many_positive_as_are(lecture: SimpleNamespace) -> None:
    votes, labels = np.arange(100) / 100, np.arange(100) < 30
    assert np.sum(votes > lecture.cut_like(votes, labels)) == 30


def test_hits_come_back_from_their_text(lecture: SimpleNamespace) -> None:
    hits = np.random.default_rng(0).random((5, 40)) < 0.7
    np.testing.assert_array_equal(lecture.as_hits(lecture.as_digits(hits)), hits)


def test_starts_near_the_majority_are_counted(lecture: SimpleNamespace) -> None:
    majority = np.arange(100) < 50
    starts = np.array([np.arange(100) < k for k in (50, 54, 56, 46, 80)])
    assert lecture.num_at_floor(starts, majority) == 3


@pytest.mark.parametrize("patience", [1, 2, 3, 5])
def test_stopping_is_what_keras_does(lecture: SimpleNamespace, patience: int) -> None:
    import keras

    for seed in range(20):
        losses = np.random.default_rng(seed).integers(1, 9, 12) / 10
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.stop_training = False
        stop = keras.callbacks.EarlyStopping(
            monitor="val_loss", mode="min", patience=patience, restore_best_weights=True
        )
        stop.set_model(model)
        stop.on_train_begin()
        for ended, loss in enumerate(losses, start=1):
            stop.on_epoch_end(ended - 1, {"val_loss": float(loss)})
            if model.stop_training:
                break
        assert lecture.stopping(losses, patience) == (ended, stop.best_epoch + 1)


def test_the_paired_error_is_that_of_the_bootstrap(lecture: SimpleNamespace) -> None:
    rng = np.random.default_rng(1)
    one = rng.random(3000) < 0.8
    other = np.where(rng.random(3000) < 0.9, one, rng.random(3000) < 0.5)
    mean, error = lecture.paired(np.sum(one & ~other), np.sum(other & ~one), 3000)
    drawn = compare(one, other)
    assert mean == pytest.approx(drawn.estimate) and error == pytest.approx(drawn.error, rel=0.06)


def test_wilson_s_ends_are_where_the_inequality_is_tight(lecture: SimpleNamespace) -> None:
    for a, n in [(0.8, 1000), (0.02, 30), (0.97, 5)]:
        low, high = lecture.interval(a, n)
        for q in (low, high):
            assert abs(a - q) == pytest.approx(1.96 * np.sqrt(q * (1 - q) / n), abs=1e-9)
        np.testing.assert_allclose((low, high), accuracy_interval(a, n), atol=1e-4)
