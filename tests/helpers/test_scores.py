"""Scores of models, and what may be said of their differences (helpers/scores.py)."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.stats import binomtest, t, ttest_1samp

from helpers.scores import (
    accuracy_interval,
    compare,
    diebold_mariano,
)

RNG = np.random.default_rng


@pytest.mark.parametrize(("right", "num_test"), [(0, 10), (7, 10), (10, 10), (813, 1000)])
def test_the_interval_is_wilsons(right, num_test):
    expected = binomtest(right, num_test).proportion_ci(method="wilson")
    assert accuracy_interval(right / num_test, num_test) == pytest.approx(tuple(expected))


@pytest.mark.parametrize("arguments", [(1.2, 10), (-0.1, 10), (0.5, 0), (0.5, 10, 1.0)])
def test_an_interval_of_nonsense_is_refused(arguments):
    with pytest.raises(ValueError, match=r"must lie within|at least one"):
        accuracy_interval(*arguments)


# -- compare --------------------------------------------------------------------------------------


def test_without_seeds_the_interval_is_that_of_the_paired_differences():
    one, other = RNG(0).random((2, 900)) < [[0.8], [0.7]]
    found = compare(one, other, resamples=20_000)
    error = (one.astype(float) - other).std(ddof=1) / 30
    assert found.estimate == pytest.approx(one.mean() - other.mean())
    assert found.error == pytest.approx(error, rel=0.03)
    ends = [found.estimate - 1.96 * error, found.estimate + 1.96 * error]
    assert [found.low, found.high] == pytest.approx(ends, abs=0.1 * error)


def test_the_luck_of_the_seeds_widens_the_interval():
    lucky = np.zeros((5, 1000))
    for row, right in zip(lucky, (720, 760, 800, 840, 880), strict=True):
        row[:right] = 1
    steady = np.zeros(1000)
    steady[:800] = 1
    found = compare(lucky, steady)
    alone = lucky.mean(axis=1).std(ddof=1) / np.sqrt(5)
    assert found.error > alone and found.high > 2.776 * 0.9 * alone  # Student's t, four degrees
    assert compare(lucky[:, ::-1], steady[::-1]).error == pytest.approx(found.error, rel=0.1)


def test_what_seeds_do_to_single_rows_is_counted_once():
    ratios = []
    for hits in RNG(3).random((30, 5, 400)) < 0.8:
        by_rows = hits.mean(axis=0).std(ddof=1) / 20
        ratios.append(compare(hits, np.ones(400), resamples=400).error / by_rows)
    assert 0.95 < np.mean(ratios) < 1.25  # counted twice: 1.4


def test_a_paired_comparison_sees_what_two_intervals_do_not():
    """1,000 rows of which both get 800 right: the other tells 30 more."""
    one, two = np.zeros((2, 1000))
    one[:830], two[:800] = 1, 1
    assert accuracy_interval(0.80, 1000)[1] > accuracy_interval(0.83, 1000)[0]
    assert compare(one, two).verdict == "better" and compare(two, one).verdict == "worse"


@pytest.mark.parametrize(
    ("wins", "losses", "margin", "verdict"),
    [(0, 0, 0.02, "level"), (4, 4, 0.02, "level"), (4, 4, 0.001, "undecided")]
    + [
        (200, 200, 0.02, "undecided"),
        (9, 0, 0.02, "better"),
        (0, 9, 0.02, "worse"),
        (10, 18, 0.008, "undecided"),
    ],
)
def test_the_four_verdicts(wins, losses, margin, verdict):
    one, two = np.zeros((2, 1000))
    one[:wins], two[500 : 500 + losses] = 1, 1
    assert compare(one, two, margin=margin).verdict == verdict


def test_a_higher_level_is_stricter_and_the_same_call_gives_the_same():
    one, two = RNG(1).random((2, 3, 900)) < [[[0.8]], [[0.76]]]
    usual, strict = compare(one, two), compare(one, two, level=0.9999, resamples=20_000)
    assert (usual.verdict, strict.verdict) == ("better", "undecided")
    assert compare(one, two) == usual


@pytest.mark.parametrize(
    ("one", "other"),
    [([1, 0, 1], [1, 0]), ([1], [0]), ([1, np.nan], [1, 0]), ([[[1, 0]]], [[[1, 0]]])],
)
def test_other_rows_and_values_that_are_no_numbers_are_refused(one, other):
    with pytest.raises(ValueError, match=r"same n test rows|two or more|NaN"):
        compare(one, other)


def worlds(num_worlds, num_seeds, luck):
    """Hits of two models that are equally good: rows, models' tastes, seeds and noise."""
    rng = RNG(0)
    for _ in range(num_worlds):
        rows = rng.normal(1.8, 1.5, 400)
        yield [
            rows
            + rng.normal(0, 0.7, 400)
            + rng.normal(0, luck, num_seeds)[:, np.newaxis]
            + rng.logistic(0, 0.5, (num_seeds, 400))
            > 0
            for _ in range(2)
        ]


@pytest.mark.parametrize("luck", [0.0, 0.2, 1.0])
def test_the_interval_holds_the_truth_in_about_95_of_100_worlds(luck):
    found = [compare(*world, resamples=400) for world in worlds(300, 5, luck)]
    held = np.mean([one.low <= 0 <= one.high for one in found])
    assert 0.91 <= held <= 0.98


def test_it_is_quick_where_rows_are_many():
    hits = RNG(0).random((2, 5, 100_000)) < 0.8
    start = time.process_time()
    compare(*hits)
    assert time.process_time() - start < 10  # a plain bootstrap takes minutes and gigabytes


# -- series ---------------------------------------------------------------------------------------


def by_hand(difference, bandwidth):
    """Mean, error and p of Diebold and Mariano, Newey and West, Harvey and others, written out."""
    T, centred = len(difference), difference - difference.mean()
    variance = centred @ centred / T
    for lag in range(1, bandwidth + 1):
        weight = 1 - lag / (bandwidth + 1)
        variance += 2 * weight * (centred[lag:] @ centred[:-lag]) / T
    h = bandwidth + 1
    statistic = difference.mean() / np.sqrt(variance / T)
    statistic *= np.sqrt((T + 1 - 2 * h + h * (h - 1) / T) / T)
    return difference.mean() / statistic, 2 * t.sf(abs(statistic), T - 1)


@pytest.mark.parametrize("bandwidth", [0, 1, 4])
def test_the_test_of_a_series_is_its_formula(bandwidth):
    one, other = RNG(2).normal(1, 0.3, size=(2, 60)) ** 2 + [[0.0], [0.15]]
    found = diebold_mariano(one, other, bandwidth=bandwidth)
    error, p = by_hand(other - one, bandwidth)
    assert (found.error, found.p) == pytest.approx((error, p))
    assert found.estimate == pytest.approx((other - one).mean())
    assert (found.low > 0) == (p < 0.05) == (found.verdict == "better")
    assert diebold_mariano(other, one, bandwidth=bandwidth).estimate == -found.estimate
    if bandwidth == 0:
        assert p == pytest.approx(ttest_1samp(other - one, 0).pvalue)


@pytest.mark.parametrize(("correlation", "low", "high"), [(0.0, 0.03, 0.09), (0.5, 0.06, 0.16)])
def test_equal_forecasts_differ_in_about_five_of_a_hundred_series(correlation, low, high):
    steps = RNG(0).normal(size=(500, 130))
    for k in range(1, 130):
        steps[:, k] += correlation * steps[:, k - 1]
    found = np.mean([diebold_mariano(one, 0 * one).p < 0.05 for one in steps[:, 20:]])
    assert low <= found <= high  # without a bandwidth 0.26 of the correlated ones


@pytest.mark.parametrize(
    ("one", "other", "bandwidth"),
    [
        ([1.0, 2], [1.0], None),
        ([[1.0]], [[1.0]], None),
        ([1.0, 2], [1.0, 2], 1),
        ([1] * 9, [1] * 9, -1),
    ],
)
def test_losses_that_cannot_be_compared_are_refused(one, other, bandwidth):
    with pytest.raises(ValueError, match="shapes|bandwidth"):
        diebold_mariano(one, other, bandwidth=bandwidth)


def test_the_same_forecast_twice_is_level_within_any_margin():
    found = diebold_mariano(np.ones(20), np.ones(20))
    assert (found.estimate, found.p, found.verdict) == (0, 1, "level")
