"""Choices that are the same on every system, from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Everything that is drawn, from `random.Random.random` alone.

    Python promises to keep the numbers of that one method, so what is made with it is the same to
    the byte everywhere.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random

    def happens(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.random() < share

    def below(self, count: int) -> int:
        """One of 0 to count - 1."""
        return int(self.random() * count)

    def one_of(self, some: Sequence[T]) -> T:
        """One of some things."""
        return some[self.below(len(some))]

    def code(self, shares: Sequence[float]) -> int:
        """One of 0 to len(shares) - 1, by their shares, whatever these sum to."""
        *tops, whole = accumulate(shares)
        drawn = self.random() * whole
        return next((at for at, top in enumerate(tops) if drawn < top), len(tops))

    def in_any_order(self, some: Sequence[T]) -> list[T]:
        """The same things in another order."""
        keyed = [(self.random(), place) for place in range(len(some))]
        return [some[place] for _, place in sorted(keyed)]

    def normal(self) -> float:
        """A number from the standard normal distribution."""
        return NormalDist().inv_cdf(self.random() or 0.5)
