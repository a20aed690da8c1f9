"""Figures of series, and of what was predicted for them.

Each function draws on the Axes it is given, or on a new figure, and returns the Axes. None shows,
saves or closes anything, and none sets a title: captions belong to the page. All figures of this
room keep to that.
"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from helpers.plots.arguments import named_numbers, numbers, time_axis
from helpers.plots.labels import axes, draw_line, label_apart, legend_above
from helpers.plots.style import COLORS

_MARKERS = ("s", "^", "D", "v", "P", "X", "<", ">")
_OPEN = {"linestyle": "none", "markersize": 8, "markerfacecolor": "none", "markeredgewidth": 1.8}


def plot_series(
    x: ArrayLike,
    y_next: float | None = None,
    *,
    prediction: Mapping[str, float] | None = None,
    label: str | None = None,
    x_label: str = "Day",
    y_label: str = "Price",
    dates: ArrayLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a series of T values, the value that comes next, and guesses at it.

    Parameters
    ----------
    x : array-like, shape (T,)
        The series, in the unit that `y_label` names.
    y_next : float, optional
        The true value at T + 1: a large dot, joined to the series by a dashed link.
    prediction : mapping of str to float, optional
        Guesses at the value at T + 1, each with its own open marker and its name beside it.
    label : str, optional
        Name of the series, for the legend.
    x_label, y_label : str
        Axis labels, with units.
    dates : array-like of dates, optional
        One date a value; one more when `y_next` or `prediction` is given. Without it, time steps
        are numbered from 1.
    ax : Axes, optional
        Where to draw. Without it, on a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a value is missing, not finite or not a number, or if `dates` has the wrong length.
    """
    values = numbers("x", x, ndim=1)
    ends = [] if y_next is None else [("true next value", float(numbers("y_next", y_next, ndim=0)))]
    guesses = named_numbers("prediction", prediction)
    steps = time_axis(dates, len(values), has_next=bool(ends or guesses))
    ax = axes(ax)

    draw_line(ax, steps[: len(values)], values, "input", label=label)
    for _, truth in ends:
        link = steps[[len(values) - 1, -1]]
        draw_line(ax, link, [values[-1], truth], "target", linestyle=(0, (3, 2)), linewidth=1.2)
        draw_line(ax, steps[-1:], [truth], "target", markersize=10)
    for number, guess in enumerate(guesses.values()):
        style = {"marker": _MARKERS[number % len(_MARKERS)], "markeredgecolor": COLORS["output"]}
        ax.plot(steps[-1:], [guess], zorder=4, **style, **_OPEN)
    ax.set(xlabel=x_label, ylabel=y_label)
    if dates is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        locator = mdates.AutoDateLocator(minticks=3, maxticks=7)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    ax.margins(x=0.025)
    legend_above(ax)
    label_apart(ax, [*ends, *guesses.items()], from_x=ax.convert_xunits(steps[-1]))
    return ax
