"""The synthetic tasks: what they ask can be read off the sequences; pages show the same code."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.data import adding_problem, first_sign
from tests.support import functions_of


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("T", [2, 7, 32])
def test_the_sum_is_that_of_one_marked_value_in_each_half(T: int) -> None:
    X, y = adding_problem(500, T, rng())
    values, marks = X[:, :, 0].astype(float), X[:, :, 1]
    assert X.shape == (500, T, 2) and X.dtype == np.float32 and y.dtype == float
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:, : T // 2].sum(axis=1) == 1).all() and (
        marks[:, T // 2 :].sum(axis=1) == 1
    ).all()
    np.testing.assert_allclose(y, (values * marks).sum(axis=1), atol=1e-6)
    assert values.min() >= 0 and values.max() < 1


def test_the_target_has_mean_one_and_variance_a_sixth() -> None:
    _, y = adding_problem(200_000, 4, rng())
    assert y.mean() == pytest.approx(1, abs=0.01) and y.var() == pytest.approx(1 / 6, abs=0.003)


@pytest.mark.parametrize(("noise", "balanced"), [(0.1, False), (0.0, True), (1.0, False)])
def test_the_first_input_is_the_sign_and_the_rest_is_noise(noise: float, balanced: bool) -> None:
    X, y = first_sign(2000, 20, rng(), noise, balanced)
    assert X.shape == (2000, 20, 1) and X.dtype == np.float32
    np.testing.assert_array_equal(X[:, 0, 0], 2 * y - 1)
    assert X[:, 1:].std() == pytest.approx(noise, rel=0.02)
    assert abs(y.mean() - 0.5) < (1e-9 if balanced else 0.05)


def test_the_page_on_the_lstm_shows_the_tasks_that_its_experiments_use() -> None:
    page = functions_of("lstm")
    for mine, theirs in (
        (adding_problem(50, 9, rng()), page.adding_problem(50, 9, rng())),
        (first_sign(50, 60, rng(), 0.2, True), page.cue_problem(50, rng(), 60, 0.2, True)),
    ):
        for one, other in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(one, other)
