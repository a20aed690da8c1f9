"""Synthetic tasks, in which what must be remembered is known.

Each function draws fresh sequences from the generator that it is given. Part of helpers.data, and
imports nothing of the course.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["adding_problem", "copying", "first_sign", "running_parity"]


def adding_problem(
    n: int, T: int, rng: np.random.Generator, within: int | None = None
) -> tuple[NDArray, NDArray]:
    """Add two marked numbers: a short form of experiment 4 of Hochreiter and Schmidhuber (1997).

    Parameters
    ----------
    n : int
        Sequences.
    T : int
        Steps, at least 2.
    rng : numpy.random.Generator
        Where the sequences are drawn from.
    within : int, optional
        Marks stand only in so many first steps, 2 to T; without it in all.

    Returns
    -------
    X : ndarray of float32, shape (n, T, 2)
        At each step a value, uniform between 0 and 1, and a mark: 1 at one step of each half of the
        steps that may have marks, 0 elsewhere.
    y : ndarray of float64, shape (n,)
        The sum of the two marked values. Its mean is 1, its variance 1/6.

    Raises
    ------
    ValueError
        If there are not two steps for the marks.
    """
    within = T if within is None else within
    if not 2 <= within <= T:
        raise ValueError(f"marks within {within} of {T} steps: give 2 to {T}.")
    values, marks = rng.random((n, T)), np.zeros((n, T))
    marks[np.arange(n), rng.integers(0, within // 2, n)] = 1
    marks[np.arange(n), rng.integers(within // 2, within, n)] = 1
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


def running_parity(n: int, T: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Say after each bit whether the number of ones so far is odd.

    Parameters
    ----------
    n : int
        Sequences.
    T : int
        Steps.
    rng : numpy.random.Generator
        Where the sequences are drawn from.

    Returns
    -------
    bits : ndarray of float32, shape (n, T, 1)
        0 or 1, as likely.
    odd : ndarray of int, shape (n, T)
        1 where the number of ones up to this step is odd.
    """
    bits = rng.integers(0, 2, (n, T))
    return bits[..., np.newaxis].astype("float32"), np.cumsum(bits, axis=1) % 2


def copying(
    n: int, length: int, delay: int, rng: np.random.Generator, num_symbols: int = 8
) -> tuple[NDArray, NDArray]:
    """Repeat a row of symbols after a delay: the copying problem of Hochreiter and Schmidhuber.

    Parameters
    ----------
    n : int
        Sequences.
    length : int
        Symbols to repeat.
    delay : int
        Steps between the last symbol and the first step at which the copy is due, at least 1.
    rng : numpy.random.Generator
        Where the sequences are drawn from.
    num_symbols : int
        How many different ones there are.

    Returns
    -------
    X, y : ndarray of int32, shape (n, T), with T = 2 length + delay
        In `X` the symbols, 1 to `num_symbols`, then blanks, 0, the last of the delay replaced by
        the call to repeat, ``num_symbols + 1``, then blanks. In `y` blanks, then the symbols.

    Raises
    ------
    ValueError
        If there is no delay.
    """
    if delay < 1:
        raise ValueError(f"delay is {delay}: the call to repeat needs 1 step.")
    X, y = np.zeros((2, n, 2 * length + delay), "int32")
    X[:, :length] = y[:, length + delay :] = rng.integers(1, num_symbols + 1, (n, length))
    X[:, length + delay - 1] = num_symbols + 1
    return X, y
