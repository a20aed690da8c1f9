"""Lecture 09: counts of meetings, PMI, skip-gram and its theorem, and the gradient of a table.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import log_expit

from tests.support import functions_of

SIZE = 7  # of the vocabulary in these tests


@pytest.fixture
def lecture(monkeypatch) -> SimpleNamespace:
    found = functions_of("09-word-vectors")
    monkeypatch.setitem(found.count_meetings.__globals__, "V", SIZE)
    return found


def toy_meetings() -> np.ndarray:
    """Counts of meetings, symmetric, none zero."""
    counts = np.random.default_rng(1).integers(1, 60, size=(SIZE, SIZE))
    return (counts + counts.T).astype(float)


# -- counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 3])
def test_meetings_are_those_that_a_loop_over_the_places_counts(lecture, window) -> None:
    ids = np.random.default_rng(2).integers(0, SIZE, size=(5, 9))
    counted = np.zeros((SIZE, SIZE))
    for row in ids:
        for here, i in enumerate(row):
            for there, j in enumerate(row):
                if 0 < abs(here - there) <= window and min(i, j) > 1:
                    counted[i, j] += 1
    np.testing.assert_array_equal(lecture.count_meetings(ids, window), counted)


def test_positive_pmi_is_the_log_of_meetings_over_chance_where_that_is_positive(lecture) -> None:
    meetings = toy_meetings()
    meetings[2, 3] = meetings[3, 2] = 0
    table = lecture.positive_pmi(meetings)
    for (i, j), count in np.ndenumerate(meetings):
        chance = meetings[i].sum() * meetings[:, j].sum() / meetings.sum()
        assert table[i, j] == pytest.approx(max(0, np.log(count / chance)) if count else 0)


# -- skip-gram ------------------------------------------------------------------------------------


def test_the_gradient_of_the_objective_is_that_of_finite_differences() -> None:
    """The equations of the lecture: its G is the derivative of its objective."""
    meetings, k = toy_meetings(), 3
    per_word = meetings.sum(axis=1)
    false = k * np.outer(per_word, per_word) / per_word.sum()

    def objective(W, C):
        scores = W @ C.T
        return np.sum(meetings * log_expit(scores) + false * log_expit(-scores))

    W, C = np.random.default_rng(3).normal(size=(2, SIZE, 2))
    G = meetings - (meetings + false) / (1 + np.exp(-W @ C.T))
    for which, ours in enumerate((G @ C, G.T @ W)):
        for place in np.ndindex(W.shape):
            ends = []
            for nudge in (1e-5, -1e-5):
                both = [W.copy(), C.copy()]
                both[which][place] += nudge
                ends.append(objective(*both))
            assert ours[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("k", [1, 4])
def test_with_enough_dimensions_skip_gram_ends_at_pmi_less_log_k(lecture, k) -> None:
    meetings = toy_meetings()
    per_word = meetings.sum(axis=1)
    pmi = np.log(meetings * per_word.sum() / np.outer(per_word, per_word))
    W, C = lecture.skip_gram(meetings, d=SIZE, k=k, steps=2000)
    np.testing.assert_allclose(W @ C.T, pmi - np.log(k), atol=1e-4)


def test_with_other_noise_the_best_scores_are_those_of_the_exercise(lecture) -> None:
    meetings = toy_meetings()
    q = np.random.default_rng(4).dirichlet(np.ones(SIZE))
    best = lecture.best_scores(meetings, q, 5)
    false = 5 * np.outer(meetings.sum(axis=1), q)
    np.testing.assert_allclose(meetings, (meetings + false) / (1 + np.exp(-best)))


# -- vectors from labels --------------------------------------------------------------------------


def test_the_gradient_of_a_row_is_a_number_times_the_output_weights(lecture) -> None:
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(5)
    ids = rng.integers(2, SIZE, size=(4, 6))
    ids[0, 3:] = 0
    y, v, b = np.array([1.0, 0, 1, 0]), rng.normal(size=3), 0.3
    table = tf.Variable(rng.normal(size=(SIZE, 3)))
    with tf.GradientTape() as tape:
        lengths = np.sum(ids != 0, axis=1)
        vectors = tf.gather(table, ids) * (ids != 0)[..., np.newaxis]
        z = b + tf.linalg.matvec(tf.reduce_sum(vectors, axis=1), v) / lengths
        loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(y, z))
    found = tf.convert_to_tensor(tape.gradient(loss, table)).numpy()
    off = 1 / (1 + np.exp(-z.numpy())) - y
    for i in range(1, SIZE):
        share = np.sum(ids == i, axis=1) / lengths
        np.testing.assert_allclose(found[i], np.sum(off * share) * v, atol=1e-12)


def test_shares_times_a_table_are_the_mean_vectors(lecture) -> None:
    ids = np.array([[2, 3, 2, 0], [4, 0, 0, 0]])
    table = np.random.default_rng(6).normal(size=(SIZE, 3))
    means = [table[[2, 3, 2]].mean(axis=0), table[4]]
    np.testing.assert_allclose(lecture.word_shares(ids) @ table, means)


# -- the exercise on one step ---------------------------------------------------------------------


def test_the_mean_of_many_sampled_steps_is_the_expected_step(lecture) -> None:
    rng = np.random.default_rng(7)
    meetings = toy_meetings() / toy_meetings().sum()
    W, C = rng.normal(size=(2, SIZE, 2))
    chance = meetings.sum(axis=1)
    moved = np.zeros_like(C)
    drawn = rng.choice(SIZE**2, 20_000, p=meetings.ravel())
    for i, j in (divmod(int(place), SIZE) for place in drawn):
        moved += lecture.one_step(W, C, i, j, rng.choice(SIZE, 2, p=chance), 1.0)[1] - C
    false = 2 * np.outer(chance, chance)
    G = meetings - (meetings + false) / (1 + np.exp(-W @ C.T))
    np.testing.assert_allclose(moved / 20_000, G.T @ W, atol=0.02)
