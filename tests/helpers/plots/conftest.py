"""Figures are drawn in the house style, without a screen."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib
import matplotlib.pyplot as plt
import pytest

from helpers.plots import use_style


@pytest.fixture(autouse=True)
def house_style() -> Iterator[None]:
    """Draw in the book's style, and leave neither figures nor settings behind."""
    matplotlib.use("Agg")
    with plt.rc_context():
        use_style()
        yield
    plt.close("all")
