"""The page on baselines: its functions against statsmodels, its checks against wrong answers.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
from statsmodels.tsa.stattools import acf

from tests.support import functions_of


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("baselines")


@pytest.fixture
def series() -> np.ndarray:
    """A made-up series of shape (120,) with a rhythm and noise."""
    rng = np.random.default_rng(0)
    return 50 + 20 * np.sin(np.arange(120) / 2) + 5 * rng.normal(size=120)


def test_persistence_has_a_ratio_of_one_and_the_truth_of_zero(lecture, series) -> None:
    assert lecture.mse_ratio(series, series, slice(None)) == 1
    assert lecture.mse_ratio(series, np.roll(series, -1), slice(70, None)) == 0


def test_the_ratio_is_that_of_the_part_that_is_asked_for(lecture, series) -> None:
    forecasts, part = np.full(120, 50.0), slice(79, None)  # the targets x[80:]
    expected = np.mean((series[80:] - 50) ** 2) / np.mean((series[80:] - series[79:-1]) ** 2)
    assert lecture.mse_ratio(series, forecasts, part) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("lag", [1, 2, 9])
def test_the_autocorrelation_is_that_of_statsmodels(lecture, series, lag) -> None:
    library = acf(series, fft=False, nlags=lag)[lag]
    assert lecture.autocorrelation(series, lag) == pytest.approx(library, rel=1e-12)


@pytest.mark.parametrize("alpha", [0.05, 0.3, 1.0])
def test_a_linear_neuron_smooths_as_statsmodels_does(lecture, series, alpha) -> None:
    model = SimpleExpSmoothing(series, initialization_method="known", initial_level=series[0])
    fit = model.fit(smoothing_level=alpha, optimized=False)
    outputs = lecture.linear_neuron(series, 0, alpha, 1 - alpha)
    np.testing.assert_allclose(outputs[:-1], fit.fittedvalues[1:], rtol=1e-12)


@pytest.mark.parametrize("w", [0.7, 0.0, -0.5])
def test_each_error_is_a_difference_plus_a_share_of_the_error_before(lecture, series, w) -> None:
    errors = series[1:] - lecture.linear_neuron(series, 0, 1 - w, w)[:-1]
    expected = np.diff(series)[1:] + w * errors[:-1]
    np.testing.assert_allclose(errors[1:], expected, atol=1e-9)


def test_a_regression_on_two_values_is_that_of_statsmodels(lecture, series) -> None:
    weights = AutoReg(series[:80], 2).fit().params
    library = AutoReg(series, 2).predict(weights, 80, 119)
    np.testing.assert_allclose(lecture.autoregression(series, 80)[79:-1], library, rtol=1e-9)


@pytest.mark.parametrize("make", ["linear_neuron", "moving_average", "autoregression"])
def test_no_forecast_sees_a_later_value(lecture, series, make) -> None:
    arguments = {"linear_neuron": (0, 0.4, 0.6), "moving_average": (5,), "autoregression": (80,)}[
        make
    ]
    changed = series.copy()
    changed[100:] += 1000
    before, after = (getattr(lecture, make)(x, *arguments) for x in (series, changed))
    np.testing.assert_array_equal(before[1:100], after[1:100])
    assert before[100] != after[100]


def test_a_returning_series_has_the_ratio_that_was_derived(lecture) -> None:
    noise, x = np.random.default_rng(5).normal(size=200_000), [0.0]
    for one in noise:
        x.append(0.6 * x[-1] + one)
    x = np.array(x)
    ratio, rho = lecture.returning(0.6)
    assert lecture.mse_ratio(x, 0.6 * x, slice(None)) == pytest.approx(ratio, abs=0.01)
    assert lecture.autocorrelation(np.diff(x), 1) == pytest.approx(rho, abs=0.01)
