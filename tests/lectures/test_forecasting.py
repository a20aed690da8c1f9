"""The page on forecasting: its calendar, its exercises; the rows and recursion of the experiment.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.data import load_ridership
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("forecasting")


def test_the_calendar_names_weekday_holiday_and_season(lecture: SimpleNamespace) -> None:
    days = pd.date_range("2015-11-22", "2016-12-31")
    table = lecture.calendar(days)
    assert table.shape == (len(days), 10)
    thanksgiving, new_year, last = (
        table[days.get_loc(day)] for day in ("2015-11-26", "2016-01-01", "2016-12-31")
    )
    assert thanksgiving[:8].tolist() == [0, 0, 0, 1, 0, 0, 0, 1]  # a Thursday, a holiday
    assert new_year[7] == 1 and table[0, 7] == 0
    assert np.abs(new_year[8:] - last[8:]).max() < 0.03  # neighbours on the circle


def test_the_calendar_of_the_experiment_is_that_of_the_page(lecture: SimpleNamespace) -> None:
    from experiments.ridership import calendar_of

    days = load_ridership().index
    np.testing.assert_array_equal(lecture.calendar(days), calendar_of(days))


@pytest.mark.parametrize("horizon", [1, 14])
def test_a_row_of_the_experiment_ends_the_horizon_before_its_target(horizon: int) -> None:
    from experiments.ridership import Split, calendar_of

    series = load_ridership()
    rows = Split(horizon, 3)
    for k in (0, 1000, len(rows.X) - 1):
        last = rows.target[k] - horizon  # the last day that is known
        known = rows.X[k, :, 0] * rows.scale + rows.mean
        np.testing.assert_allclose(known, series.iloc[last - 27 : last + 1], atol=1e-5)
        day = calendar_of(series.index)[rows.target[k]]
        np.testing.assert_allclose(rows.X[k, -1, 1:], day, atol=1e-6)
        assert rows.y[k] * rows.scale + rows.mean == pytest.approx(series.iloc[rows.target[k]])
    assert not (rows.train & rows.valid).any() and not (rows.valid & rows.test).any()
    assert rows.mean == series.iloc[: rows.target[rows.train].max() + 1].mean()


def test_a_recursive_forecast_reads_its_own_forecasts_and_the_calendar_alone() -> None:
    from experiments.ridership import Split, recursive

    near, far = Split(1, 3), Split(14, 3)

    class Countdown:
        """A network that adds 1 to the last value that it reads, and notes its windows."""

        read = []

        def predict(self, window: np.ndarray, **_: object) -> np.ndarray:
            self.read.append(window)
            return window[:, -1:, 0] + 1

    forecast = recursive(Countdown(), near, far)
    last = far.scaled[far.target[far.test] - 14]
    np.testing.assert_allclose(forecast, last + 14, atol=1e-4)
    for step, window in enumerate(Countdown.read):
        days = far.target[far.test] - 14 + step + 1  # the day that is forecast
        np.testing.assert_allclose(window[:, -1, 1:], near.calendar[days], atol=1e-6)


def test_the_lowest_error_of_a_window_is_that_of_bayes(lecture: SimpleNamespace) -> None:
    rng = np.random.default_rng(0)
    beta, games = rng.normal(size=(40_000, 1)), rng.random((40_000, 28)) < 0.1
    total = (games * (beta + rng.normal(size=games.shape))).sum(axis=1)
    estimate = total / (games.sum(axis=1) + 1)
    error = np.mean((estimate - beta[:, 0]) ** 2)
    assert lecture.window_floor(28, 0.1) == pytest.approx(error, rel=0.03)
    k = np.arange(29)
    assert lecture.window_floor(28, 0.1) == pytest.approx(binom.pmf(k, 28, 0.1) @ (1 / (1 + k)))


def test_the_pinball_loss_is_lowest_at_the_quantile(lecture: SimpleNamespace) -> None:
    sample = np.random.default_rng(0).exponential(size=4001).astype("float32")
    guesses = np.linspace(0, 6, 601).astype("float32")
    for tau in (0.1, 0.5, 0.9):
        losses = [float(lecture.pinball(sample, guess, tau)) for guess in guesses]
        assert guesses[np.argmin(losses)] == pytest.approx(np.quantile(sample, tau), abs=0.02)


def test_windows_before_a_game_end_on_the_day_before_it() -> None:
    from experiments.ridership import stations, windows

    X, y, games, _ = stations(3, 40, np.random.default_rng(0))
    cut, target, station, day = windows(X, y, games, 28)
    assert cut.shape == (len(target), 28, 3) and games[station, day].all()
    for number in (0, len(target) - 1):
        i, t = station[number], day[number]
        np.testing.assert_array_equal(cut[number, -1], X[i, t])
        assert target[number] == y[i, t] and cut[number, -1, 2] == 1
        if t < 27:
            assert not cut[number, : 27 - t].any()
