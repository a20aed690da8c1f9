"""Lecture 02: scaling, leaks and the tests of forecasts that it builds by hand.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.scores import Comparison, diebold_mariano
from tests.support import functions_of


@pytest.fixture
def leaks() -> SimpleNamespace:
    return functions_of("02-two-leaks")


def made_up_prices(rows: int = 300) -> np.ndarray:
    """Positive prices of shape (rows, 101), no two alike."""
    return np.random.default_rng(2).uniform(1, 500, (rows, 101))


# -- the first leak -----------------------------------------------------------------------------


def test_scaling_takes_the_range_of_the_days_that_are_looked_at_to_minus_one_and_one(leaks) -> None:
    scaled = leaks.scale(made_up_prices(), 100)[:, :100]
    np.testing.assert_allclose(scaled.min(axis=1), -1)
    np.testing.assert_allclose(scaled.max(axis=1), 1)


def test_the_right_scaling_does_not_see_the_target(leaks) -> None:
    prices = made_up_prices()
    other = prices.copy()
    other[:, 100] *= 7
    inputs = [leaks.scale(values, 100)[:, :100] for values in (prices, other)]
    np.testing.assert_array_equal(*inputs)


def test_the_rule_reads_exactly_the_targets_that_leak(leaks) -> None:
    prices = made_up_prices()
    scaled = leaks.scale(prices, 101)
    guess = leaks.read_the_leak(scaled[:, :-1])
    told = (prices.argmax(axis=1) == 100) | (prices.argmin(axis=1) == 100)
    assert told.any()
    np.testing.assert_allclose(guess[told], scaled[told, -1])
    np.testing.assert_array_equal(guess[~told], scaled[~told, -2])


def test_the_rule_leaves_the_right_scaling_alone(leaks) -> None:
    X = leaks.scale(made_up_prices(), 100)[:, :100]
    np.testing.assert_array_equal(leaks.read_the_leak(X), X[:, -1])


def test_standardized_rows_give_their_targets_away(leaks) -> None:
    standardized = leaks.standardize(made_up_prices())
    found = leaks.read_standardized(standardized[:, :-1])
    np.testing.assert_allclose(found, standardized[:, -1], atol=1e-10)


# -- the second leak ----------------------------------------------------------------------------

NUM_COMPANIES, NUM_WINDOWS, NUM_DAYS = 20, 25, 30


def market(shared: bool) -> SimpleNamespace:
    """Random walks in windows; where shared, all companies of a window take the market's steps."""
    rng = np.random.default_rng(0)
    shape = (NUM_WINDOWS, NUM_COMPANIES, NUM_DAYS + 1)
    steps = rng.normal(size=shape)
    if shared:
        steps = 0.5 * steps + rng.normal(size=(NUM_WINDOWS, 1, NUM_DAYS + 1))
    walks = steps.cumsum(axis=2).reshape(-1, NUM_DAYS + 1)
    windows = np.repeat(np.arange(1, NUM_WINDOWS + 1), NUM_COMPANIES)
    tickers = np.tile(np.arange(NUM_COMPANIES), NUM_WINDOWS)
    return SimpleNamespace(
        X=walks[:, :-1], step=walks[:, -1] - walks[:, -2], windows=windows, tickers=tickers
    )


def worth(leaks: SimpleNamespace, made: SimpleNamespace) -> Comparison:
    """What the lecture's detector says of made-up data."""
    splits = [leaks.draw_companies(made.tickers, seed) for seed in range(5)]
    return leaks.over_windows(leaks.saved_by_own_window(made.X, made.step, made.windows, splits))


def test_the_detector_rings_where_companies_share_their_days(leaks) -> None:
    found = worth(leaks, market(shared=True))
    assert found.verdict == "better" and found.p < 0.01


def test_the_detector_is_silent_where_they_share_nothing(leaks) -> None:
    assert worth(leaks, market(shared=False)).verdict == "undecided"


def test_a_window_is_predicted_without_the_rows_that_are_left_out(leaks) -> None:
    made = market(shared=True)
    train = leaks.draw_companies(made.tickers, 0)
    left_out = {window: window for window in range(1, NUM_WINDOWS + 1)}
    arguments = (made.X, made.step, made.windows, train, left_out)
    before = leaks.ridge_leaving_out(*arguments)
    made.step[made.windows == 7] += 100  # nothing that window 7 is predicted from
    after = leaks.ridge_leaving_out(*arguments)
    here = made.windows == 7
    np.testing.assert_array_equal(before[here], after[here])
    assert not np.isclose(before[~here], after[~here]).all()


def test_half_of_the_companies_are_drawn_with_all_their_windows(leaks) -> None:
    made = market(shared=False)
    train = leaks.draw_companies(made.tickers, 3)
    inside, outside = set(made.tickers[train]), set(made.tickers[~train])
    assert len(inside) == len(outside) == NUM_COMPANIES / 2
    assert inside.isdisjoint(outside)
    assert not np.array_equal(train, leaks.draw_companies(made.tickers, 4))


# -- the exercises' alarm and error -------------------------------------------------------------


PREPARATIONS = {
    "the hundred days' range": (lambda leaks: lambda p: leaks.scale(p, 100)[:, :100], False),
    "steps of the hundred days": (lambda _: lambda p: np.diff(p[:, :100], axis=1), False),
    "the range of all days": (lambda leaks: lambda p: leaks.scale(p, 101)[:, :100], True),
    "the low of all days": (lambda _: lambda p: p[:, :100] / p.min(axis=1)[:, None], True),
    "the high of all days": (lambda _: lambda p: p[:, :100] / p.max(axis=1)[:, None], True),
    "other rows' targets": (lambda _: lambda p: p[:, :100] / p[:, 100].mean(), True),
    "mean and spread of all days": (lambda leaks: lambda p: leaks.standardize(p)[:, :100], True),
    "the model answer": (lambda leaks: leaks.my_leak, True),
}


@pytest.mark.parametrize("name", PREPARATIONS)
def test_the_alarm_rings_where_inputs_depend_on_targets(leaks, name: str) -> None:
    make, leaky = PREPARATIONS[name]
    assert leaks.alarm(make(leaks), made_up_prices(12)) is leaky


def test_the_model_answer_s_leak_is_not_seen_by_the_rule(leaks) -> None:
    inputs = leaks.my_leak(made_up_prices())
    np.testing.assert_array_equal(leaks.read_the_leak(inputs), inputs[:, -1])


@pytest.mark.parametrize("bandwidth", [0, 1, 4])
def test_the_error_by_hand_equals_that_of_the_library(leaks, bandwidth: int) -> None:
    d = np.random.default_rng(1).normal(size=60).cumsum()
    expected = diebold_mariano(np.zeros(60), d, bandwidth=bandwidth).error
    assert leaks.long_run_error(d, bandwidth) == pytest.approx(expected, rel=1e-10)


def test_without_bandwidth_the_test_is_the_paired_t_test() -> None:
    from scipy.stats import ttest_rel

    one, other = np.random.default_rng(3).uniform(size=(2, 25))
    found, expected = diebold_mariano(one, other, bandwidth=0), ttest_rel(other, one)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-10)
    assert found.estimate / found.error == pytest.approx(expected.statistic, rel=1e-10)


# -- what the text derives ----------------------------------------------------------------------


def test_the_design_effect_is_the_variance_of_a_mean_of_correlated_rows() -> None:
    """With D days of m rows: variance / n times 1 + (m - 1) rho, by the covariance matrix."""
    num_days, rows, variance, rho = 3, 4, 2.0, 0.3
    one_day = variance * (rho * np.ones((rows, rows)) + (1 - rho) * np.eye(rows))
    covariance = np.kron(np.eye(num_days), one_day)
    n = num_days * rows
    assert covariance.sum() / n**2 == pytest.approx(variance / n * (1 + (rows - 1) * rho))


def test_the_variance_of_a_mean_in_time_sums_the_autocovariances() -> None:
    gamma = np.array([2.0, 0.9, -0.3, 0.1, 0.0, 0.2])
    length = len(gamma)
    lags = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    whole = gamma[lags].sum() / length**2
    k = np.arange(1, length)
    assert whole == pytest.approx((gamma[0] + 2 * ((1 - k / length) * gamma[1:]).sum()) / length)
