"""Synthetic tasks, in which what must be remembered is known.

Each function draws fresh sequences from the generator that it is given. Part of helpers.data, and
imports nothing of the course.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["adding_problem", "first_sign"]


def adding_problem(n: int, T: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Add two marked numbers: a short form of experiment 4 of Hochreiter and Schmidhuber (1997).

    Parameters
    ----------
    n : int
        Sequences.
    T : int
        Steps, at least 2.
    rng : numpy.random.Generator
        Where the sequences are drawn from.

    Returns
    -------
    X : ndarray of float32, shape (n, T, 2)
        At each step a value, uniform between 0 and 1, and a mark: 1 at one step of each half of the
        sequence, 0 elsewhere.
    y : ndarray of float64, shape (n,)
        The sum of the two marked values. Its mean is 1, its variance 1/6.
    """
    values, marks = rng.random((n, T)), np.zeros((n, T))
    marks[np.arange(n), rng.integers(0, T // 2, n)] = 1
    marks[np.arange(n), rng.integers(T // 2, T, n)] = 1
    X = np.stack([values, marks], axis=2).astype("float32")
    return X, (values * marks).sum(axis=1)


def first_sign(
    n: int, T: int, rng: np.random.Generator, noise: float = 0.1, balanced: bool = False
) -> tuple[NDArray, NDArray]:
    """Keep the sign of the first input through noise.

    Parameters
    ----------
    n : int
        Sequences.
    T : int
        Steps.
    rng : numpy.random.Generator
        Where the sequences are drawn from.
    noise : float
        Standard deviation of the inputs after the first.
    balanced : bool
        Let the signs alternate, so that each batch of an even size has as many of each.

    Returns
    -------
    X : ndarray of float32, shape (n, T, 1)
        +1 or -1 at the first step, then normal noise.
    y : ndarray of int, shape (n,)
        1 for +1, 0 for -1.
    """
    y = rng.integers(0, 2, n)
    if balanced:
        y = np.arange(n) % 2
    X = noise * rng.normal(size=(n, T, 1))
    X[:, 0, 0] = 2 * y - 1
    return X.astype("float32"), y
