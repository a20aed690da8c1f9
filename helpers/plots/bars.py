"""Figures that compare scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers.plots.arguments import named_numbers, numbers
from helpers.plots.labels import axes, label_apart
from helpers.plots.style import COLORS, PANEL


def plot_bars(
    names: Sequence[str],
    values: ArrayLike,
    *,
    spread: ArrayLike | None = None,
    baseline: Mapping[str, float] | None = None,
    x_label: str,
    y_label: str = "",
    value_format: str = "{:.3f}",
    color: str = COLORS["output"],
    ax: Axes | None = None,
) -> Axes:
    """Draw one horizontal bar a score, the first on top, each with its value.

    Parameters
    ----------
    names : sequence of str, length n
        What each bar stands for.
    values : array-like, shape (n,)
        The scores, in the unit that `x_label` names. Bars start at zero.
    spread : array-like, shape (n,) or (2, n), optional
        Length of the error bars, to both sides alike, or below and above apart. Not negative.
    baseline : mapping of str to float, optional
        Scores to compare with: dashed vertical lines, named above the bars.
    x_label, y_label : str
        Axis labels, with units.
    value_format : str
        How the value beside each bar is written.
    color : str
        Colour of the bars: one of COLORS.
    ax : Axes, optional
        Where to draw. Without it, on a new figure as high as the bars need.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a value is missing or not finite, if lengths differ, or if a spread is negative.
    """
    scores = numbers("values", values, ndim=1)
    names = [str(name) for name in names]
    if len(names) != len(scores):
        raise ValueError(f"names has {len(names)} entries, values shape {scores.shape}.")
    reach = np.zeros((2, len(scores)))
    if spread is not None:
        given = numbers("spread", spread)
        if given.shape not in {scores.shape, reach.shape}:
            raise ValueError(f"spread has shape {given.shape}, values {scores.shape}.")
        if (given < 0).any():
            raise ValueError(f"spread holds {given.min():g}: a length is 0 or more.")
        reach = np.broadcast_to(given, reach.shape)
    levels = named_numbers("baseline", baseline)
    ax = axes(ax, size=(plt.rcParams["figure.figsize"][0], 0.42 * len(scores) + 1.1))

    rows = np.arange(len(scores))
    ax.barh(rows, scores, height=0.62, color=color, zorder=2)
    if spread is not None:
        whiskers = {"ecolor": COLORS["target"], "elinewidth": 1.4, "capsize": 4}
        ax.errorbar(scores, rows, xerr=reach, fmt="none", zorder=3, **whiskers)
    box = {"facecolor": PANEL, "edgecolor": "none", "alpha": 0.85, "pad": 1}
    for row, (score, below, above) in enumerate(zip(scores, *reach, strict=True)):
        said = value_format.format(score).replace("-", "\N{MINUS SIGN}")
        end, gap, ha = (score - below, -6, "right") if score < 0 else (score + above, 6, "left")
        place = {"textcoords": "offset points", "ha": ha, "va": "center", "zorder": 4}
        ax.annotate(said, (end, row), (gap, 0), bbox=box, **place)
    for level in levels.values():
        ax.axvline(level, color=COLORS["target"], linestyle=(0, (3, 2)), linewidth=1.2, zorder=3)
    ax.set_yticks(rows, names)
    ax.set_ylim(len(scores) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    ax.margins(x=0.14)
    if not (scores < 0).any():
        ax.set_xlim(left=0)
    if not (scores > 0).any():
        ax.set_xlim(right=0)
    ax.set(xlabel=x_label, ylabel=y_label)
    label_apart(ax, list(levels.items()), across=True)
    return ax
