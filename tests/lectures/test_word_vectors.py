"""The page on word embeddings: counts, PMI, skip-gram and its theorem; the checks of its exercises.

The functions are the page's own, taken from its cells, so there is one copy of them; those of the
experiment are copies, compared with them here.
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
    found = functions_of("word-vectors")
    monkeypatch.setitem(found.count_pairs.__globals__, "V", SIZE)
    return found


def toy_counts() -> np.ndarray:
    """Counts of pairs, symmetric, none zero."""
    counts = np.random.default_rng(1).integers(1, 60, size=(SIZE, SIZE))
    return (counts + counts.T).astype(float)


def negatives(counts: np.ndarray, k: int) -> np.ndarray:
    per_word = counts.sum(axis=1)
    return k * np.outer(per_word, per_word) / per_word.sum()


# -- counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 3])
def test_pairs_are_those_that_a_loop_over_the_places_counts(lecture, window) -> None:
    ids = np.random.default_rng(2).integers(0, SIZE, size=(5, 9))
    counted = np.zeros((SIZE, SIZE))
    for row in ids:
        for here, i in enumerate(row):
            for there, j in enumerate(row):
                apart = abs(here - there)
                counted[i, j] += 0 < apart <= window and min(i, j) > 1
    np.testing.assert_allclose(lecture.count_pairs(ids, window), counted)


def test_positive_pmi_is_the_log_of_counts_over_chance_where_that_is_positive(lecture) -> None:
    counts = toy_counts()
    counts[2, 3] = counts[3, 2] = 0
    table = lecture.positive_pmi(counts)
    for (i, j), count in np.ndenumerate(counts):
        chance = counts[i].sum() * counts[:, j].sum() / counts.sum()
        assert table[i, j] == pytest.approx(max(0, np.log(count / chance)) if count else 0)


# -- skip-gram ------------------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_expected_objective_by_differences(lecture) -> None:
    counts, tables = toy_counts(), np.random.default_rng(3).normal(size=(2, SIZE, 2))
    false = negatives(counts, 3)

    def objective(tables):
        scores = tables[0] @ tables[1].T
        return np.sum(counts * log_expit(scores) + false * log_expit(-scores))

    slope = lecture.gradient(tables, counts, false)
    for place in np.ndindex(tables.shape):
        h = np.zeros(tables.shape)
        h[place] = 1e-5
        difference = (objective(tables + h) - objective(tables - h)) / 2e-5
        assert slope[place] == pytest.approx(difference, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("k", [1, 4])
def test_with_enough_dimensions_skip_gram_comes_to_pmi_less_log_k(lecture, k) -> None:
    counts = toy_counts()
    per_word = counts.sum(axis=1)
    pmi = np.log(counts * per_word.sum() / np.outer(per_word, per_word))
    W, C = lecture.skip_gram(counts, SIZE, k, steps=5000)
    np.testing.assert_allclose(W @ C.T, pmi - np.log(k), atol=1e-6)


def test_the_experiment_uses_the_functions_of_the_page(lecture, monkeypatch) -> None:
    from experiments import word_embeddings as experiment

    monkeypatch.setattr(experiment, "V", SIZE)
    ids, counts = np.random.default_rng(4).integers(0, SIZE, (9, 12)), toy_counts()
    for given in ((ids, 2), (ids, 4)):
        np.testing.assert_array_equal(experiment.count_pairs(*given), lecture.count_pairs(*given))
    ours, theirs = experiment.positive_pmi(counts), lecture.positive_pmi(counts)
    np.testing.assert_array_equal(ours, theirs)
    tables = np.random.default_rng(9).normal(size=(2, SIZE, 3))
    both = (some.gradient(tables, counts, negatives(counts, 5)) for some in (experiment, lecture))
    np.testing.assert_array_equal(*both)


def test_the_optimizer_of_the_experiment_comes_to_the_same_scores(lecture) -> None:
    from experiments import word_embeddings as experiment

    counts = toy_counts()
    W, C, _ = experiment.skip_gram(counts, SIZE, rate=0.01, tolerance=-1.0)  # all 2,000 steps
    ours = W @ C.T
    W, C = lecture.skip_gram(counts, SIZE, steps=5000)
    np.testing.assert_allclose(ours, W @ C.T, atol=0.1)


def test_fifty_directions_alone_are_those_of_the_whole_decomposition() -> None:
    from scipy.sparse.linalg import svds

    from experiments.word_embeddings import by_counts

    counts = np.random.default_rng(8).poisson(1.0, (90, 90)).astype(float)
    counts = counts + counts.T
    whole = by_counts(counts)
    U, values, _ = svds(functions_of("word-vectors").positive_pmi(counts), k=50)
    np.testing.assert_allclose((U * values) @ (U * values).T, whole @ whole.T, atol=1e-9)


def test_the_mean_vector_is_that_of_the_known_words(monkeypatch) -> None:
    from experiments import word_embeddings as experiment

    monkeypatch.setattr(experiment, "V", SIZE)
    ids = np.array([[2, 3, 2, 0], [4, 1, 0, 0]])
    table = np.random.default_rng(6).normal(size=(SIZE, 3))
    monkeypatch.setattr(experiment, "labelled_and_test", lambda: (ids, ids))
    monkeypatch.setattr(experiment, "scaled", lambda *both: list(both))
    means, _ = experiment.on_mean(table)
    np.testing.assert_allclose(means, [table[[2, 3, 2]].mean(axis=0), table[4]])


# -- vectors from labels --------------------------------------------------------------------------


def test_the_gradient_of_a_row_is_a_number_times_the_output_weights() -> None:
    """The equation of the page, against finite differences of the cross-entropy of one review."""
    rng = np.random.default_rng(5)
    table, v, b, y = rng.normal(size=(SIZE, 3)), rng.normal(size=3), 0.3, 1
    review = np.array([2, 4, 4, 5])

    def loss(table):
        z = b + (table[review] @ v).mean()
        return np.logaddexp(0, z) - y * z

    y_hat = 1 / (1 + np.exp(-b - (table[review] @ v).mean()))
    for i in range(SIZE):
        expected = (y_hat - y) * np.sum(review == i) / len(review) * v
        for place in range(3):
            h = np.zeros(table.shape)
            h[i, place] = 1e-5
            slope = (loss(table + h) - loss(table - h)) / 2e-5
            assert slope == pytest.approx(expected[place], abs=1e-9)


# -- the exercises --------------------------------------------------------------------------------


def test_the_mean_of_many_sampled_steps_is_the_expected_step(lecture) -> None:
    rng, counts = np.random.default_rng(7), toy_counts() / toy_counts().sum()
    W, C = rng.normal(size=(2, SIZE, 2))
    chance, moved = counts.sum(axis=1), np.zeros((2, SIZE, 2))
    drawn = rng.choice(SIZE**2, 10_000, p=counts.ravel())
    for i, j in (divmod(int(place), SIZE) for place in drawn):
        moved += lecture.one_step(W, C, i, j, rng.choice(SIZE, 2, p=chance), 1.0)
    moved -= len(drawn) * np.stack([W, C])
    expected = lecture.gradient(np.stack([W, C]), counts, negatives(counts, 2))
    assert np.corrcoef((moved / len(drawn)).ravel(), expected.ravel())[0, 1] > 0.98
