"""The page on leakage: its detectors on made-up markets, its checks on right and wrong answers.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from sklearn.linear_model import Ridge

from tests.support import check_says, functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("leakage")


def made_up_prices(rows: int = 300) -> np.ndarray:
    """Positive prices of shape (rows, 101), no two alike."""
    return np.random.default_rng(2).uniform(1, 500, (rows, 101))


# -- the first leak -------------------------------------------------------------------------------


def test_the_right_scaling_does_not_see_the_target(lecture) -> None:
    prices = made_up_prices()
    other = prices.copy()
    other[:, 100] *= 7
    inputs = [lecture.scale(values, 100)[:, :100] for values in (prices, other)]
    np.testing.assert_array_equal(*inputs)
    np.testing.assert_allclose(inputs[0].min(axis=1), -1)
    np.testing.assert_allclose(inputs[0].max(axis=1), 1)
    np.testing.assert_array_equal(lecture.read_the_leak(inputs[0]), inputs[0][:, -1])


def test_the_rule_reads_exactly_the_targets_that_leak(lecture) -> None:
    prices = made_up_prices()
    scaled = lecture.scale(prices, 101)
    guess = lecture.read_the_leak(scaled[:, :-1])
    given_away = (prices.argmax(axis=1) == 100) | (prices.argmin(axis=1) == 100)
    assert given_away.any()
    np.testing.assert_allclose(guess[given_away], scaled[given_away, -1])
    np.testing.assert_array_equal(guess[~given_away], scaled[~given_away, -2])


# -- the second leak ------------------------------------------------------------------------------


def market(shared: bool) -> SimpleNamespace:
    """Random walks of 20 companies in 25 windows of 31 days; where shared, the market's too."""
    rng = np.random.default_rng(0)
    steps = rng.normal(size=(25, 20, 31))
    if shared:
        steps = 0.5 * steps + rng.normal(size=(25, 1, 31))
    walks = steps.cumsum(axis=2).reshape(-1, 31)
    return SimpleNamespace(
        X=walks[:, :-1],
        step=walks[:, -1] - walks[:, -2],
        tickers=np.tile(np.arange(20), 25),
        windows=np.repeat(np.arange(1, 26), 20),
    )


def test_the_mean_of_the_others_leaves_the_company_out(lecture) -> None:
    values = np.random.default_rng(1).normal(size=(500, 3))
    rows = np.delete(np.arange(60, 80), 7)
    lecture.mean_of_others.__globals__.update(num_windows=25, num_companies=20)
    np.testing.assert_allclose(lecture.mean_of_others(values)[67], values[rows].mean(axis=0))
    np.testing.assert_allclose(lecture.mean_of_others(values[:, 0])[67], values[rows, 0].mean())


@pytest.mark.parametrize(("offset", "left_out"), [(0, 25), (1, 1)])
def test_a_row_is_predicted_from_other_companies_and_windows(lecture, offset, left_out) -> None:
    m = market(shared=True)
    predicted = lecture.ridge_leaving_out(m.X, m.step, m.tickers, m.windows, offset)
    train = (m.tickers != 3) & (m.windows != left_out)
    model = Ridge(alpha=10).fit(m.X[train], m.step[train])
    here = (m.tickers == 3) & (m.windows == 25)
    np.testing.assert_allclose(predicted[here], model.predict(m.X[here]))


def test_the_detector_rings_where_companies_share_their_days_and_nowhere_else(lecture) -> None:
    worth = {s: lecture.worth_of_own_window(**vars(market(s))) for s in (True, False)}
    assert worth[True].shape == (25,)
    assert worth[True].mean() > 0 and ttest_1samp(worth[True], 0).pvalue < 0.01
    assert ttest_1samp(worth[False], 0).pvalue > 0.1


def test_the_design_effect_is_the_variance_of_a_mean_of_correlated_rows() -> None:
    """The equation, by the covariance matrix of 3 days with 4 rows each."""
    num_days, m, variance, rho = 3, 4, 2.0, 0.3
    one_day = variance * (rho * np.ones((m, m)) + (1 - rho) * np.eye(m))
    covariance = np.kron(np.eye(num_days), one_day)
    n = num_days * m
    assert covariance.sum() / n**2 == pytest.approx(variance / n * (1 + (m - 1) * rho))


# -- the exercises --------------------------------------------------------------------------------

RIGHT = {
    "alarm: targets that are missing": (
        "alarm",
        "def alarm(make_inputs, prices):\n"
        "    spoiled = prices.copy()\n"
        "    spoiled[:, -1] = np.nan\n"
        "    return not np.array_equal(make_inputs(spoiled), make_inputs(prices))",
    ),
    "alarm: targets drawn anew, compared with a tolerance": (
        "alarm",
        "def alarm(make_inputs, prices):\n"
        "    rng, rings = np.random.default_rng(), np.bool_(False)\n"
        "    for size in (1, 100, 10_000) * 9:\n"
        "        other = prices.copy()\n"
        "        other[:, -1] = rng.uniform(0, size, len(prices))\n"
        "        rings |= ~np.isclose(make_inputs(other), make_inputs(prices)).all()\n"
        "    return rings",
    ),
    "my_leak: the rank of the target in the fifth decimal": (
        "my_leak",
        "def my_leak(prices):\n"
        "    inputs = scale(prices, 100)[:, :-1]\n"
        "    rank = prices[:, -1].argsort().argsort()\n"
        "    for row, place in zip(inputs, rank):\n"
        "        row[np.argsort(row)[50]] += 1e-5 * place\n"
        "    return inputs",
    ),
    "my_leak: days in an order that the target sets": (
        "my_leak",
        "def my_leak(prices):\n"
        "    inputs = scale(prices, 100)[:, :-1]\n"
        "    up = prices[:, -1] > prices[:, -2]\n"
        "    return np.where(up[:, np.newaxis], inputs, inputs[:, ::-1])",
    ),
}


def said_of(lecture: SimpleNamespace, asked: str, code: str) -> str:
    """What the check says of an answer; all other answers are the solutions."""
    lines = check_says("leakage", asked, code, vars(lecture)).splitlines()
    others = [line for line in lines if asked not in line and "replace the" not in line]
    assert all(line.startswith("Right: ") for line in others), lines
    (said,) = [line for line in lines if line not in others]
    return said


@pytest.mark.parametrize(("asked", "code"), RIGHT.values(), ids=RIGHT.keys())
def test_a_check_takes_a_right_answer(lecture, asked, code, monkeypatch) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    assert said_of(lecture, asked, code).startswith("Right: ")


@pytest.mark.parametrize("name", ["alarm", "my_leak", "read_standardized"])
def test_the_solutions_are_right(lecture, name, monkeypatch) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    assert said_of(lecture, name, "").startswith("Right: ")


def test_the_solutions_leak_passes_the_rule_and_not_the_alarm(lecture) -> None:
    prices = made_up_prices(40)
    inputs = lecture.my_leak(prices)
    np.testing.assert_array_equal(lecture.read_the_leak(inputs), inputs[:, -1])
    assert lecture.alarm(lecture.my_leak, prices)
    assert not lecture.alarm(lambda p: lecture.scale(p, 100)[:, :100], prices)
