"""How good a classifier is, how sure we may be, and the score table that grows through lectures.

Imported by lectures. Imports nothing of the course.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, ttest_1samp


class Score(NamedTuple):
    """What one row of the score table says."""

    accuracy: float  #: share of the test rows that are right, mean over the seeds
    spread: float  #: standard deviation over the seeds; 0 for a model without chance
    low: float  #: lower end of the 95 % interval that the number of test rows leaves
    high: float  #: its upper end
    parameters: int  #: numbers that are learned


class Gain(NamedTuple):
    """How far one model is ahead of another on the same test rows."""

    mean: float  #: difference of the accuracies
    error: float  #: its standard error over the test rows
    p: float  #: two-sided p-value of "no difference"


def score(hits: ArrayLike, parameters: int) -> Score:
    """Summarize which test rows a model gets right.

    Parameters
    ----------
    hits : array-like of bool, shape (seeds, n) or (n,)
        True where the model is right: one row for each training.
    parameters : int
        How many numbers the model learns.

    Raises
    ------
    ValueError
        If `hits` has another number of axes, is empty, or holds other values than 0 and 1.
    """
    rows = _hits("hits", hits)
    by_seed = rows.mean(axis=1)
    spread = float(by_seed.std(ddof=1)) if len(rows) > 1 else 0.0
    accuracy = float(by_seed.mean())
    low, high = accuracy_interval(accuracy, rows.shape[1])
    return Score(accuracy, spread, low, high, int(parameters))


def accuracy_interval(accuracy: float, num_test: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of true accuracies that fit an accuracy measured on n test rows.

    Wilson's score interval: unlike accuracy +- 2 standard errors, it stays within [0, 1] and is
    right near its ends.

    Parameters
    ----------
    accuracy : float
        Share of the test rows that are right.
    num_test : int
        How many test rows there are.
    level : float
        Share of such intervals that hold the true accuracy.

    Raises
    ------
    ValueError
        If the accuracy or the level is no share, or if there is no test row.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if not 0 <= accuracy <= 1 or not 0 < level < 1:
        raise ValueError(f"accuracy {accuracy} and level {level}: both must lie within 0 and 1.")
    if num_test < 1:
        raise ValueError(f"num_test is {num_test}: an accuracy needs at least one test row.")
    z = float(norm.ppf((1 + level) / 2))
    centre = accuracy + z**2 / (2 * num_test)
    half = z * np.sqrt(accuracy * (1 - accuracy) / num_test + z**2 / (4 * num_test**2))
    whole = 1 + z**2 / num_test
    return max(0.0, float((centre - half) / whole)), min(1.0, float((centre + half) / whole))


def paired_gain(hits: ArrayLike, other: ArrayLike) -> Gain:
    """Compare two models on the same test rows.

    Rows that both get right, or both get wrong, say nothing about who is better. So the
    difference of the hits of each row is taken first, averaged over the seeds, and tested with a
    paired t-test over the rows. It tells whether the difference would come back on other test
    rows; for whether it comes back with other seeds, look at the spread.

    Parameters
    ----------
    hits, other : array-like of bool, shape (seeds, n) or (n,)
        Where each model is right; the numbers of seeds may differ, the test rows may not.

    Raises
    ------
    ValueError
        If the numbers of test rows differ, or if there are fewer than two.
    """
    one, two = _hits("hits", hits), _hits("other", other)
    if one.shape[1] != two.shape[1]:
        raise ValueError(
            f"hits has {one.shape[1]} test rows, other {two.shape[1]}: score both on the same rows."
        )
    if one.shape[1] < 2:
        raise ValueError("One test row has no spread: give two or more.")
    difference = one.mean(axis=0) - two.mean(axis=0)
    error = float(difference.std(ddof=1) / np.sqrt(len(difference)))
    p = float(ttest_1samp(difference, 0).pvalue) if error > 0 else float(difference[0] == 0)
    return Gain(float(difference.mean()), error, p)


def score_table(scores: Mapping[str, Score]) -> pd.DataFrame:
    """Return the score table: one row a model, in the order given.

    Parameters
    ----------
    scores : mapping of str to Score
        Each model's name and score.
    """
    rows = {
        name: {
            "parameters": f"{one.parameters:,}",
            "accuracy": f"{one.accuracy:.3f}",
            "spread over seeds": f"{one.spread:.3f}" if one.spread else "",
            "95 % interval": f"{one.low:.3f} to {one.high:.3f}",
        }
        for name, one in scores.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.name = "model"
    return table


def recorded_score(results: Mapping[str, object], key: str, num_test: int) -> Score:
    """Take a score back out of the numbers that an earlier lecture recorded.

    Parameters
    ----------
    results : mapping
        What `helpers.record.load_results` returns.
    key : str
        The lecture recorded ``accuracy_KEY``, ``spread_KEY`` and ``parameters_KEY``: see
        `to_record`.
    num_test : int
        How many test rows the score stands on.

    Raises
    ------
    KeyError
        If the lecture recorded no such score.
    """
    values = [results[f"{name}_{key}"] for name in ("accuracy", "spread", "parameters")]
    accuracy, spread, parameters = (float(str(value)) for value in values)
    low, high = accuracy_interval(accuracy, num_test)
    return Score(accuracy, spread, low, high, int(parameters))


def to_record(key: str, one: Score) -> dict[str, float]:
    """Return the numbers of a score by the names under which a lecture records them.

    ``record(**to_record("rnn_behind", scores["RNN"]))`` records ``accuracy_rnn_behind``,
    ``spread_rnn_behind`` and ``parameters_rnn_behind``.
    """
    return {
        f"accuracy_{key}": one.accuracy,
        f"spread_{key}": one.spread,
        f"parameters_{key}": one.parameters,
    }


def _hits(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Hits as numbers of shape (seeds, n)."""
    rows = np.atleast_2d(np.asarray(values))
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"{name} has shape {np.shape(values)}: (seeds, n) or (n,) is wanted.")
    if not np.isin(rows, (0, 1)).all():
        raise ValueError(
            f"{name} holds more than right (1) and wrong (0): compare with the labels."
        )
    return rows.astype(float)
