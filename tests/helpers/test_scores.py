"""Scores of classifiers (helpers/scores.py)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from helpers.scores import (
    accuracy_interval,
    paired_gain,
    recorded_score,
    score,
    score_table,
    to_record,
)


@pytest.mark.parametrize(("right", "num_test"), [(0, 10), (7, 10), (10, 10), (813, 1000)])
def test_the_interval_is_wilsons(right, num_test):
    expected = binomtest(right, num_test).proportion_ci(method="wilson")
    assert accuracy_interval(right / num_test, num_test) == pytest.approx(tuple(expected))


@pytest.mark.parametrize("arguments", [(1.2, 10), (-0.1, 10), (0.5, 0), (0.5, 10, 1.0)])
def test_an_interval_of_nonsense_is_refused(arguments):
    with pytest.raises(ValueError, match=r"must lie within|at least one"):
        accuracy_interval(*arguments)


def test_a_score_is_the_mean_and_the_spread_over_seeds():
    one = score([[1, 1, 0, 0], [1, 1, 1, 0]], parameters=12)
    assert one.accuracy == pytest.approx(0.625)
    assert one.spread == pytest.approx(np.std([0.5, 0.75], ddof=1))
    assert one.low < one.accuracy < one.high
    assert one.parameters == 12


def test_a_model_without_chance_has_no_spread():
    assert score([True, False], parameters=0).spread == 0


@pytest.mark.parametrize("hits", [[], [[[1]]], [0.5, 1.0], [2, 0]])
def test_what_are_no_hits_is_refused(hits):
    with pytest.raises(ValueError, match="hits"):
        score(hits, parameters=1)


def test_a_gain_is_the_difference_on_the_same_rows_with_its_error():
    rng = np.random.default_rng(0)
    one, two = rng.random((3, 500)) < 0.8, rng.random((2, 500)) < 0.7
    gain = paired_gain(one, two)
    difference = one.mean(axis=0) - two.mean(axis=0)
    assert gain.mean == pytest.approx(one.mean() - two.mean())
    assert gain.error == pytest.approx(difference.std(ddof=1) / np.sqrt(500))
    assert gain.p < 0.01


def test_models_that_agree_everywhere_have_no_gain():
    assert paired_gain([1, 0, 1], [1, 0, 1]) == (0, 0, 1)


def test_a_constant_gain_is_certain():
    assert paired_gain([1, 1, 1], [0, 0, 0]) == (1, 0, 0)


def test_a_paired_test_sees_what_two_intervals_do_not():
    """1,000 rows of which both get 800 right: the other tells 30 more."""
    one, two = np.zeros(1000), np.zeros(1000)
    one[:830], two[:800] = 1, 1
    assert accuracy_interval(0.80, 1000)[1] > accuracy_interval(0.83, 1000)[0]
    assert paired_gain(one, two).p < 0.001


@pytest.mark.parametrize("other", [[1, 0], [1]])
def test_other_test_rows_are_refused(other):
    with pytest.raises(ValueError, match=r"same rows|two or more"):
        paired_gain([1, 0, 1] if len(other) == 2 else [1], other)


def test_a_recorded_score_comes_back():
    hits = np.random.default_rng(0).random((3, 200)) < 0.8
    one = score(hits, parameters=500_672)
    assert recorded_score(to_record("rnn", one), "rnn", 200) == pytest.approx(one)


def test_the_table_has_a_row_a_model_in_the_order_given():
    table = score_table({"b": score([1, 0], 1_000), "a": score([[1, 1], [0, 1]], 2)})
    assert list(table.index) == ["b", "a"]
    assert table.loc["b", "parameters"] == "1,000"
    assert table.loc["b", "spread over seeds"] == ""
    assert table.loc["a", "accuracy"] == "0.750"
