"""What the figures ask of their arguments. Each error names the argument and the value.

Private to this room.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def numbers(name: str, values: ArrayLike, ndim: int | None = None) -> NDArray[np.float64]:
    """Finite floats, at least one, with so many axes.

    Raises
    ------
    ValueError
        If they are something else; names the first that is not finite.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number ({error}).") from None
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}): give at least one value.")
    if not np.isfinite(array).all():
        first = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
        at = f" at index {first[0] if len(first) == 1 else first}" if first else ""
        raise ValueError(
            f"{name} holds {array[first]}{at} (shape {array.shape}): give finite numbers."
        )
    if ndim is not None and array.ndim != ndim:
        needed = ("one number", "one axis", "two axes, (series, time steps)")[ndim]
        raise ValueError(f"{name} has shape {array.shape}: it needs {needed}.")
    return array


def named_numbers(name: str, given: Mapping[str, float] | None) -> dict[str, float]:
    """Names, each with one finite number; none where nothing is given."""
    if given is not None and not isinstance(given, Mapping):
        raise ValueError(f"{name} is {given!r}: give a mapping of names to numbers.")
    return {
        str(key): float(numbers(f"{name}[{key!r}]", value, ndim=0))
        for key, value in (given or {}).items()
    }


def bounds(name: str, given: tuple[float, float]) -> tuple[float, float]:
    """A lower and an upper bound, in order."""
    pair = numbers(name, given, ndim=1).tolist()
    if len(pair) != 2 or pair[0] >= pair[1]:
        raise ValueError(f"{name} is {given!r}: give (lower, upper).")
    return pair[0], pair[1]


def positive(name: str, values: ArrayLike) -> None:
    """Refuse what a logarithmic axis cannot show."""
    if (least := np.min(values)) <= 0:
        raise ValueError(f"{name} holds {least:g}: a logarithmic axis needs numbers above 0.")


def time_axis(dates: ArrayLike | None, length: int, has_next: bool) -> NDArray:
    """Time steps from 1, or the dates: one a value, and one more for the next value."""
    needed = length + has_next
    if dates is None:
        return np.arange(1, needed + 1)
    if np.asarray(dates).dtype.kind in "biuf":
        raise ValueError("dates holds numbers: give dates, or leave it out to number the steps.")
    try:
        days = np.asarray(pd.DatetimeIndex(dates))
    except (TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"dates holds something that is not a date ({reason}).") from None
    if days.shape != (needed,):
        extra = " and the next value needs its date too" if has_next else ""
        raise ValueError(
            f"dates has shape {days.shape}, x ({length},){extra}: give {needed} dates."
        )
    if np.isnat(days).any():
        raise ValueError(f"dates holds NaT at index {int(np.isnat(days).argmax())}.")
    return days
