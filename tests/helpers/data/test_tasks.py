"""The synthetic tasks: what they ask can be read off the sequences."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.data import (
    adding_problem,
    copying,
    first_sign,
    running_parity,
)


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


def test_marks_stand_within_the_steps_that_are_given() -> None:
    X, y = adding_problem(500, 40, rng(), within=8)
    marks = X[:, :, 1]
    assert X.shape == (500, 40, 2) and marks[:, 8:].sum() == 0
    assert (marks[:, :4].sum(axis=1) == 1).all() and (marks[:, 4:8].sum(axis=1) == 1).all()
    np.testing.assert_allclose(y, (X[:, :, 0] * marks).sum(axis=1), atol=1e-6)


@pytest.mark.parametrize("within", [1, 41])
def test_there_must_be_room_for_two_marks(within: int) -> None:
    with pytest.raises(ValueError, match="2 to 40"):
        adding_problem(5, 40, rng(), within=within)


def test_the_parity_is_that_of_the_bits_so_far() -> None:
    bits, odd = running_parity(300, 12, rng())
    assert bits.shape == (300, 12, 1) and bits.dtype == np.float32 and odd.shape == (300, 12)
    for t in range(12):
        np.testing.assert_array_equal(odd[:, t], bits[:, : t + 1, 0].sum(axis=1) % 2)


def test_a_copy_is_due_after_the_call() -> None:
    X, y = copying(200, 5, 9, rng(), num_symbols=3)
    assert X.shape == y.shape == (200, 19)
    np.testing.assert_array_equal(X[:, :5], y[:, 14:])
    assert set(np.unique(X[:, :5])) == {1, 2, 3} and (X[:, 13] == 4).all()
    assert not X[:, 5:13].any() and not X[:, 14:].any() and not y[:, :14].any()
    with pytest.raises(ValueError, match="delay"):
        copying(1, 5, 0, rng())
