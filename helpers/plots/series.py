"""Figures of series, and of what was predicted for them.

Each function draws on the Axes it is given, or on a new figure, and returns the Axes. None shows,
saves or closes anything, and none sets a title: captions belong to the page. All figures of this
room keep to that.
"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from helpers.plots.arguments import bounds, named_numbers, numbers, time_axis
from helpers.plots.labels import axes, draw_line, label_apart, legend_above
from helpers.plots.style import COLORS, PANEL

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


def plot_predicted_against_true(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: tuple[str, str] = ("True value", "Predicted value"),
    limits: tuple[float, float] | None = None,
    reachable: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw predictions against the truth, with the diagonal of perfect predictions.

    Parameters
    ----------
    y_true, y_pred : array-like, shape (n,)
        True values and predictions, in the same unit. The mean squared error of all n pairs
        stands in the corner.
    labels : tuple of two str
        Labels of the horizontal and the vertical axis, with units.
    limits : tuple of two floats, optional
        Lower and upper end of both axes. Without it, all points fit.
    reachable : tuple of two floats, optional
        Lower and upper bound of what the model can predict, (-1, 1) for tanh: drawn as a band.
    ax : Axes, optional
        Where to draw. Without it, on a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a value is missing or not finite, if the shapes differ, or if bounds are not in order.
    """
    truth, guess = numbers("y_true", y_true, ndim=1), numbers("y_pred", y_pred)
    if guess.shape != truth.shape:
        way_out = " Take y_pred[:, 0]." if guess.shape == (len(truth), 1) else ""
        raise ValueError(f"y_pred has shape {guess.shape}, y_true {truth.shape}.{way_out}")
    if len(labels) != 2 or isinstance(labels, str):
        raise ValueError(f"labels is {labels!r}: give two, (horizontal, vertical).")
    band = () if reachable is None else bounds("reachable", reachable)
    if limits is None:
        shown = np.concatenate([truth, guess, band])
        margin = 0.06 * np.ptp(shown) or 0.5
        low, high = float(shown.min() - margin), float(shown.max() + margin)
    else:
        low, high = bounds("limits", limits)
    ax = axes(ax, size=(5.2, 4.0))

    if band:
        ax.axhspan(*band, color=COLORS["highlight"], alpha=0.25, linewidth=0, zorder=0)
        middle = (max(band[0], low) + min(band[1], high)) / 2
        if low <= middle <= high:
            _beside(ax, (middle - low) / (high - low), "the model\ncan reach\nthis band")
    ax.plot([low, high], [low, high], color=COLORS["target"], linewidth=1.2, zorder=2)
    dots = {"color": COLORS["output"], "edgecolor": PANEL, "linewidth": 0.4}
    ax.scatter(truth, guess, s=22, zorder=3, **dots)
    _beside(ax, 1.0, "prediction\n= truth", va="top")
    mse = f"MSE {np.mean((truth - guess) ** 2):.3g}"
    box = {"facecolor": PANEL, "edgecolor": "none", "alpha": 0.85, "pad": 2}
    ax.text(0.03, 0.97, mse, transform=ax.transAxes, va="top", bbox=box, zorder=4)
    ax.set(xlim=(low, high), ylim=(low, high), xlabel=labels[0], ylabel=labels[1])
    ax.set_aspect("equal")
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    return ax


def _beside(ax: Axes, height: float, text: str, va: str = "center") -> None:
    """Write text to the right of the axes, at a height in [0, 1]."""
    place = {"xycoords": "axes fraction", "textcoords": "offset points"}
    ax.annotate(text, (1, height), (6, 0), va=va, annotation_clip=False, **place)
