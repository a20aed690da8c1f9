"""Lecture 01: what it builds by hand, against statsmodels and against what holds exactly.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.linalg import toeplitz
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.arima_process import arma2ma
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
from statsmodels.tsa.stattools import acf

from tests.support import functions_of

SOME_RHO = [0.5, 0.1, -0.3, 0.0, -0.2, 0.05]


@pytest.fixture
def first() -> SimpleNamespace:
    return functions_of("01-what-comes-next")


@pytest.fixture
def series() -> np.ndarray:
    """A made-up series of shape (120,) with a rhythm and noise."""
    rng = np.random.default_rng(0)
    return 50 + 20 * np.sin(np.arange(120) / 2) + 5 * rng.normal(size=120)


# -- scaling ------------------------------------------------------------------------------------


def test_both_lectures_scale_alike(first) -> None:
    prices = np.random.default_rng(1).uniform(1, 500, (20, 101))
    neuron = functions_of("03-single-neuron-rnn")
    np.testing.assert_array_equal(first.scale(prices, 100), neuron.scale(prices, 100))


def test_the_scaling_does_not_see_the_target(first) -> None:
    prices = np.random.default_rng(1).uniform(1, 500, (20, 101))
    other = prices.copy()
    other[:, 100] *= 7
    one, two = first.scale(prices, 100)[:, :100], first.scale(other, 100)[:, :100]
    np.testing.assert_array_equal(one, two)


def test_each_scaled_series_reaches_both_ends_on_the_days_that_it_may_see(first) -> None:
    scaled = first.scale(np.random.default_rng(1).uniform(1, 500, (20, 101)), 100)[:, :100]
    np.testing.assert_allclose(scaled.min(axis=1), -1, atol=1e-12)
    np.testing.assert_allclose(scaled.max(axis=1), 1, atol=1e-12)


# -- autocorrelation ----------------------------------------------------------------------------


@pytest.mark.parametrize("lag", [1, 2, 9])
def test_the_autocorrelation_is_that_of_statsmodels(first, series, lag) -> None:
    library = acf(series, adjusted=True, fft=False, nlags=lag)[lag]
    assert first.autocorrelation(first.deviations(series), lag) == pytest.approx(library, rel=1e-12)


def test_several_series_are_pooled_and_not_joined(first) -> None:
    rows = np.array([[1.0, 2.0, 4.0], [-3.0, 5.0, 1.0]])
    expected = (1 * 2 + 2 * 4 - 3 * 5 + 5 * 1) / 4 / (np.sum(rows**2) / 6)
    assert first.autocorrelation(rows, 1) == pytest.approx(expected, rel=1e-12)


# -- smoothing is a linear neuron ---------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.05, 0.3, 1.0])
def test_smoothing_is_that_of_statsmodels(first, series, alpha) -> None:
    model = SimpleExpSmoothing(series, initialization_method="known", initial_level=series[0])
    fit = model.fit(smoothing_level=alpha, optimized=False)
    np.testing.assert_allclose(first.smooth(series, alpha)[:-1], fit.fittedvalues[1:], rtol=1e-12)


def test_persistence_is_smoothing_with_alpha_one(first, series) -> None:
    np.testing.assert_allclose(first.smooth(series, 1.0), series)


@pytest.mark.parametrize("alpha", [0.3, 1.0, 1.5])
def test_each_error_of_smoothing_is_a_step_plus_a_share_of_the_error_before(
    first, series, alpha
) -> None:
    errors = series[1:] - first.smooth(series, alpha)[:-1]  # of x_2, x_3, ...
    steps = np.diff(series)
    np.testing.assert_allclose(errors[1:], steps[1:] + (1 - alpha) * errors[:-1], atol=1e-9)


def test_the_slope_at_persistence_is_twice_the_autocorrelation_of_the_steps(first, series) -> None:
    def error(w_2: float) -> float:
        return first.smoothing_losses(series, 1 - w_2, 2, len(series)).mean()

    steps = np.diff(series)
    slope = (error(1e-5) - error(-1e-5)) / 2e-5
    assert slope == pytest.approx(2 * np.mean(steps[1:] * steps[:-1]), rel=1e-6)


def test_the_losses_are_those_of_the_values_asked_for(first, series) -> None:
    losses = first.smoothing_losses(series, 0.4, 50, 120)
    assert losses.shape == (70,)
    guess = first.smooth(series[:70], 0.4)[-1]  # knows the values before number 70 alone
    assert losses[20] == pytest.approx((series[70] - guess) ** 2, rel=1e-12)


# -- autoregression -----------------------------------------------------------------------------


def test_forecasts_of_an_autoregression_are_least_squares_by_hand(first, series) -> None:
    inputs = np.column_stack([np.ones(118), series[1:-1], series[:-2]])  # c, a_1, a_2
    weights = np.linalg.lstsq(inputs[:78], series[2:80], rcond=None)[0]
    np.testing.assert_allclose(first.ar_forecasts(series, 2, 80), inputs[78:] @ weights, rtol=1e-9)


def test_a_forecast_does_not_see_its_own_value_or_later_ones(first, series) -> None:
    changed = series.copy()
    changed[100:] += 1000
    before, after = first.ar_forecasts(series, 3, 80), first.ar_forecasts(changed, 3, 80)
    np.testing.assert_array_equal(before[:21], after[:21])
    assert before[21] != after[21]


# -- several steps ahead ------------------------------------------------------------------------


@pytest.mark.parametrize("horizon", [1, 2, 3, 6])
def test_the_growth_of_the_error_of_persistence_is_exact_on_a_closed_circle(first, horizon) -> None:
    # On a circle every step has neighbours on both sides, so sample means obey the formula exactly.
    steps = np.random.default_rng(2).normal(size=40)
    rho = [np.mean(steps * np.roll(steps, k)) / np.mean(steps**2) for k in range(1, horizon)]
    sums = sum(np.roll(steps, k) for k in range(horizon))
    measured = np.mean(sums**2) / np.mean(steps**2)
    assert first.growth(rho, horizon) == pytest.approx(measured, rel=1e-12)


@pytest.mark.parametrize("horizon", [1, 2, 5, 7])
def test_the_growth_is_the_sum_over_the_matrix_of_autocorrelations(first, horizon) -> None:
    matrix = toeplitz(np.append(1, SOME_RHO))[:horizon, :horizon]
    assert first.growth(SOME_RHO, horizon) == pytest.approx(matrix.sum(), rel=1e-12)


def test_the_growth_is_measured_on_all_stretches_of_all_series(first) -> None:
    rows = np.array([[0.0, 1.0, 3.0], [0.0, -2.0, 0.0]])
    assert first.measured_growth(rows, 2) == pytest.approx((9 + 0) / 2 / ((1 + 4 + 4 + 4) / 4))


def test_a_free_run_is_the_forecast_of_statsmodels(first, series) -> None:
    fit = AutoReg(series, 4).fit()
    np.testing.assert_allclose(first.free_run(series, fit.params, 12), fit.forecast(12), rtol=1e-9)


# -- intervals ----------------------------------------------------------------------------------


def test_later_steps_are_measured_in_the_root_mean_square_of_the_49_before_them(first) -> None:
    early = np.tile([3.0, -4.0], 25)[:49]
    row = np.cumsum(np.concatenate([[0.0], early, [-7.0, 1.0]]))
    sizes = first.in_sigmas(row[np.newaxis])
    np.testing.assert_allclose(sizes, [np.array([7.0, 1.0]) / np.sqrt(np.mean(early**2))])


@pytest.mark.parametrize("weights", [[0.7], [1.4, -0.7], [0.2, 0.0, 0.5]])
def test_psi_weights_are_those_of_statsmodels(first, weights) -> None:
    library = arma2ma(np.append(1, np.negative(weights)), [1], lags=15)
    mine = first.psi_weights(np.append(9.0, weights), 15)
    np.testing.assert_allclose(mine, library, atol=1e-12)


def test_the_error_of_a_free_run_is_that_of_the_state_space_model(first, series) -> None:
    model = ARIMA(series, order=(2, 0, 0))
    errors = model.smooth([50.0, 1.4, -0.7, 25.0]).get_forecast(10).se_mean ** 2
    psi = first.psi_weights(np.array([0.0, 1.4, -0.7]), 10)
    np.testing.assert_allclose(25 * np.cumsum(psi**2), errors, rtol=1e-6)


# -- judging ------------------------------------------------------------------------------------


def test_days_are_averaged_over_companies_in_the_order_of_time(first, monkeypatch) -> None:
    monkeypatch.setitem(first.by_day.__globals__, "windows", np.array([2, 1, 2, 1]))
    losses = np.array([[5.0, 7.0], [1.0, 2.0], [7.0, 9.0], [3.0, 4.0]])
    np.testing.assert_array_equal(first.by_day(losses), [2.0, 3.0, 6.0, 8.0])


def test_skill_is_the_share_of_the_error_of_persistence_that_is_removed(first) -> None:
    rng = np.random.default_rng(0)
    noise = rng.uniform(0.9, 1.1, (2, 60))
    table, verdicts = first.judge({"persistence": 4 * noise[0], "half": 2 * noise[1]})
    assert table["skill"]["persistence"] == 0
    assert table["skill"]["half"] == pytest.approx(0.5, abs=0.02)
    assert verdicts["half"].verdict == "better"
    assert list(verdicts) == ["half"]


# -- the exercises ------------------------------------------------------------------------------


def test_the_error_of_smoothing_follows_the_derived_formula(first) -> None:
    # Steps e_t + 0.6 e_{t-1} have rho_1 = 0.6 / 1.36 and no others.
    shocks = np.random.default_rng(5).normal(size=200_001)
    walk = np.cumsum(shocks[1:] + 0.6 * shocks[:-1])
    for w_2 in (-0.4, 0.3):
        losses = first.smoothing_losses(walk, 1 - w_2, 100, len(walk))
        measured = losses.mean() / np.mean(np.diff(walk) ** 2)
        assert first.smoothing_growth([0.6 / 1.36], w_2) == pytest.approx(measured, rel=0.01)


def test_an_interval_covers_what_it_promises_where_its_assumptions_hold(first) -> None:
    shocks = np.random.default_rng(6).normal(size=(20_000, 6))
    steps = shocks[:, 1:] + 0.6 * shocks[:, :-1]
    end = steps.sum(axis=1)
    low, high = first.interval(0.0, np.sqrt(1.36), [0.6 / 1.36, 0, 0, 0], 5, 0.8)
    assert np.mean((low < end) & (end < high)) == pytest.approx(0.8, abs=0.01)
