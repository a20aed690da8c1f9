"""Figures in the book's house style.

Each function draws one kind of picture on the Axes it is given, or on a new figure, and returns
the Axes. None shows, saves or closes anything, and none sets a title: captions belong to the page.
Call :func:`use_style` once at the top of a lecture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from matplotlib.transforms import Transform, offset_copy
from numpy.typing import ArrayLike, NDArray

STYLE_SHEET = Path(__file__).with_name("course.mplstyle")

#: One colour for one idea, in every figure of the book (after Okabe and Ito, colour-blind safe).
#: "highlight" is a background: never draw text or lines with it.
COLORS: dict[str, str] = {
    "input": "#0072B2",
    "state": "#D55E00",
    "gate": "#009E73",
    "output": "#AA4499",
    "target": "#222222",
    "weight": "#5A5A5A",
    "highlight": "#F0E442",
}
PANEL = "#FBFAF7"
TEXT = "#222222"

_MARKERS = ("s", "^", "D", "v", "P", "X", "<", ">")
_CURVES = (
    ("output", "-"),
    ("target", (0, (5, 2))),
    ("input", (0, (6, 2, 1.5, 2))),
    ("state", (0, (1.5, 1.5))),
    ("gate", (0, (9, 3))),
)
_GRADIENTS = (
    ("state", "-"),
    ("input", (0, (5, 2))),
    ("gate", (0, (6, 2, 1.5, 2))),
    ("output", (0, (1.5, 1.5))),
    ("target", (0, (9, 3))),
    ("weight", (0, (3, 1.5, 1, 1.5, 1, 1.5))),
)


def use_style() -> None:
    """Apply the book's style sheet to every figure made from here on."""
    plt.style.use(STYLE_SHEET)


def save_figure(figure: Figure, path: str | Path) -> None:
    """Save a figure so that the same drawing gives the same bytes on every run.

    Parameters
    ----------
    figure : Figure
        The figure to write.
    path : str or Path
        Where to; the ending (.png, .svg, .pdf) chooses the format.

    Notes
    -----
    Leaves out the date and the name of the software, which Matplotlib writes by default.
    """
    ending = Path(path).suffix.lower()
    leave_out = {
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
        ".png": {"Software": None},
    }
    figure.savefig(path, metadata=leave_out.get(ending))


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
    values = _vector("x", x)
    truth = None if y_next is None else _number("y_next", y_next)
    guesses = _named_numbers("prediction", prediction)
    has_next = truth is not None or bool(guesses)
    steps = _time_axis(dates, len(values), has_next)
    ax = _axes(ax)

    one_value = {"marker": "o"} if len(values) == 1 else {}
    ax.plot(steps[: len(values)], values, color=COLORS["input"], label=label, **one_value)
    if truth is not None:
        ax.plot(
            [steps[len(values) - 1], steps[-1]],
            [values[-1], truth],
            color=COLORS["target"],
            linestyle=(0, (3, 2)),
            linewidth=1.2,
        )
        ax.plot(steps[-1:], [truth], color=COLORS["target"], marker="o", markersize=10)
    for number, guess in enumerate(guesses.values()):
        ax.plot(
            steps[-1:],
            [guess],
            linestyle="none",
            marker=_MARKERS[number % len(_MARKERS)],
            markersize=8,
            markerfacecolor="none",
            markeredgecolor=COLORS["output"],
            markeredgewidth=1.8,
            zorder=4,
        )
    ax.set(xlabel=x_label, ylabel=y_label)
    if dates is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        locator = mdates.AutoDateLocator(minticks=3, maxticks=7)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    ax.margins(x=0.025)
    _legend_above(ax)
    ends = [] if truth is None else [("true next value", truth)]
    _label_line_ends(ax, ends + list(guesses.items()), from_x=ax.convert_xunits(steps[-1]))
    return ax


def plot_many_series(
    X: ArrayLike,
    labels: Sequence[str],
    *,
    y_next: ArrayLike | None = None,
    columns: int = 3,
    share_y: bool = False,
    x_label: str = "Day",
    y_label: str = "Price",
    ax: Sequence[Axes] | None = None,
) -> NDArray[np.object_]:
    """Draw n series side by side, one small panel each.

    Parameters
    ----------
    X : array-like, shape (n, T)
        One series a row, in the unit that `y_label` names.
    labels : sequence of str, length n
        The name above each panel.
    y_next : array-like, shape (n,), optional
        The true values at T + 1: a dot at the end of each series.
    columns : int
        Panels a row.
    share_y : bool
        One scale for all panels; else each panel has its own.
    x_label, y_label : str
        Axis labels, with units; drawn on the outer panels only.
    ax : sequence of n Axes, optional
        Where to draw. Without it, on a new figure.

    Returns
    -------
    ndarray of Axes, shape (n,)

    Raises
    ------
    ValueError
        If a value is not a finite number, or if `X`, `labels`, `y_next` or `ax` differ in n.
    """
    series = _array("X", X)
    if series.ndim != 2:
        raise ValueError(f"X has shape {series.shape}: it needs two axes, (series, time steps).")
    count, length = series.shape
    names = [str(name) for name in labels]
    if len(names) != count:
        raise ValueError(f"labels has {len(names)} names, X has {count} rows: give one a row.")
    truths = None if y_next is None else _vector("y_next", y_next)
    if truths is not None and len(truths) != count:
        raise ValueError(f"y_next has shape {truths.shape}, X {series.shape}: give one a row.")
    if columns < 1:
        raise ValueError(f"columns is {columns}: give 1 or more.")
    columns = min(columns, count)
    if ax is None:
        rows = -(-count // columns)
        width, height = plt.rcParams["figure.figsize"]
        _, grid = plt.subplots(
            rows,
            columns,
            figsize=(width, max(height, 1.55 * rows + 0.4)),
            sharex=True,
            sharey=share_y,
            squeeze=False,
        )
        panels = grid.ravel()[:count]
        for spare in grid.ravel()[count:]:
            spare.remove()
    else:
        panels = np.asarray(ax, dtype=object).ravel()
        if len(panels) != count:
            raise ValueError(f"ax has {len(panels)} Axes, X has {count} rows: give one a row.")

    steps = np.arange(1, length + 1)
    for number, panel in enumerate(panels):
        panel.plot(steps, series[number], color=COLORS["input"], linewidth=1.3)
        if truths is not None:
            panel.plot(
                [length + 1],
                [truths[number]],
                color=COLORS["target"],
                linestyle="none",
                marker="o",
                markersize=6,
            )
        panel.set_title(names[number], loc="left")
        panel.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        panel.yaxis.set_major_locator(MaxNLocator(4))
        if number + columns >= count:
            panel.set_xlabel(x_label)
            panel.tick_params(labelbottom=True)
        if number % columns == 0:
            panel.set_ylabel(y_label)
    return panels


def plot_loss(
    losses: ArrayLike | Mapping[str, ArrayLike],
    *,
    baselines: Mapping[str, float] | None = None,
    log: bool = False,
    first_epoch: int = 1,
    label: str = "training",
    x_label: str = "Epoch",
    y_label: str = "Loss (mean squared error)",
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss against the epoch, with named baselines.

    Parameters
    ----------
    losses : array-like, shape (epochs,), or mapping of str to array-like
        One loss an epoch. A mapping draws several curves, each with its name.
    baselines : mapping of str to float, optional
        Losses to compare with: dashed horizontal lines, named at their right end.
    log : bool
        Draw the loss on a logarithmic axis.
    first_epoch : int
        Number of the first epoch: 0 when the first loss is that of the untrained model.
    label : str
        Name of the curve when `losses` is one array.
    x_label, y_label : str
        Axis labels, with units.
    ax : Axes, optional
        Where to draw. Without it, on a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a loss is missing, not finite, or not positive while `log` is set.
    """
    curves = losses if isinstance(losses, Mapping) else {label: losses}
    named = isinstance(losses, Mapping)
    if not curves:
        raise ValueError("losses is empty: give at least one loss.")
    tracks = {
        name: _vector(f"losses[{name!r}]" if named else "losses", track)
        for name, track in curves.items()
    }
    levels = _named_numbers("baselines", baselines)
    if log:
        for name, track in tracks.items():
            _need_positive(f"losses[{name!r}]" if named else "losses", track)
        for name, level in levels.items():
            _need_positive(f"baselines[{name!r}]", np.array([level]))
    ax = _axes(ax)

    last_epoch = first_epoch + max(len(track) for track in tracks.values()) - 1
    for number, track in enumerate(tracks.values()):
        color, dashes = _CURVES[number % len(_CURVES)]
        epochs = np.arange(first_epoch, first_epoch + len(track))
        one_value = {"marker": "o"} if len(track) == 1 else {}
        ax.plot(epochs, track, color=COLORS[color], linestyle=dashes, **one_value)
    for level in levels.values():
        ax.axhline(level, color=COLORS["weight"], linestyle=(0, (2, 2)), linewidth=1.2, zorder=1.5)
    if log:
        _log_axis(ax)
    if last_epoch > first_epoch:
        ax.set_xlim(first_epoch, last_epoch)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set(xlabel=x_label, ylabel=y_label)
    ends = [(str(name), float(track[-1])) for name, track in tracks.items()]
    _label_line_ends(ax, ends + [(str(name), level) for name, level in levels.items()])
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
    truth = _vector("y_true", y_true)
    guess = _array("y_pred", y_pred)
    if guess.shape != truth.shape:
        way_out = " Take y_pred[:, 0]." if guess.shape == (len(truth), 1) else ""
        raise ValueError(f"y_pred has shape {guess.shape}, y_true {truth.shape}.{way_out}")
    if len(labels) != 2 or isinstance(labels, str):
        raise ValueError(f"labels is {labels!r}: give two, (horizontal, vertical).")
    band = None if reachable is None else _bounds("reachable", reachable)
    if limits is None:
        shown = np.concatenate([truth, guess, [] if band is None else band])
        low, high = float(shown.min()), float(shown.max())
        margin = 0.06 * (high - low) or 0.5
        low, high = low - margin, high + margin
    else:
        low, high = _bounds("limits", limits)
    ax = _axes(ax, size=(5.2, 4.0))

    if band is not None:
        ax.axhspan(*band, color=COLORS["highlight"], alpha=0.25, linewidth=0, zorder=0)
        middle = (max(band[0], low) + min(band[1], high)) / 2
        if low <= middle <= high:
            _beside(ax, (middle - low) / (high - low), "the model\ncan reach\nthis band")
    ax.plot([low, high], [low, high], color=COLORS["target"], linewidth=1.2, zorder=2)
    ax.scatter(
        truth,
        guess,
        s=22,
        color=COLORS["output"],
        edgecolor=PANEL,
        linewidth=0.4,
        zorder=3,
    )
    _beside(ax, 1.0, "prediction\n= truth", va="top")
    mse = float(np.mean((truth - guess) ** 2))
    ax.text(
        0.03,
        0.97,
        f"MSE {mse:.3g}",
        transform=ax.transAxes,
        va="top",
        bbox={"facecolor": PANEL, "edgecolor": "none", "alpha": 0.85, "pad": 2},
        zorder=4,
    )
    ax.set(xlim=(low, high), ylim=(low, high), xlabel=labels[0], ylabel=labels[1])
    ax.set_aspect("equal")
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    return ax


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
    scores = _vector("values", values)
    bar_names = [str(name) for name in names]
    if len(bar_names) != len(scores):
        raise ValueError(f"names has {len(bar_names)} entries, values shape {scores.shape}.")
    reach = np.zeros((2, len(scores)))
    if spread is not None:
        given = _array("spread", spread)
        if given.shape not in {scores.shape, reach.shape}:
            raise ValueError(f"spread has shape {given.shape}, values {scores.shape}.")
        if (given < 0).any():
            raise ValueError(f"spread holds {given.min():g}: a length is 0 or more.")
        reach = np.broadcast_to(given, reach.shape)
    levels = _named_numbers("baseline", baseline)
    ax = _axes(ax, size=(plt.rcParams["figure.figsize"][0], 0.42 * len(scores) + 1.1))

    rows = np.arange(len(scores))
    ax.barh(rows, scores, height=0.62, color=color, zorder=2)
    if spread is not None:
        ax.errorbar(
            scores,
            rows,
            xerr=reach,
            fmt="none",
            ecolor=COLORS["target"],
            elinewidth=1.4,
            capsize=4,
            zorder=3,
        )
    for row, score in zip(rows, scores, strict=True):
        below, above = reach[:, row]
        left = score < 0
        ax.annotate(
            value_format.format(score).replace("-", "\N{MINUS SIGN}"),
            xy=(score - below if left else score + above, row),
            xytext=(-6 if left else 6, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            bbox={"facecolor": PANEL, "edgecolor": "none", "alpha": 0.85, "pad": 1},
            zorder=4,
        )
    for level in levels.values():
        ax.axvline(level, color=COLORS["target"], linestyle=(0, (3, 2)), linewidth=1.2, zorder=3)
    ax.set_yticks(rows, bar_names)
    ax.set_ylim(len(scores) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    ax.margins(x=0.14)
    if not (scores < 0).any():
        ax.set_xlim(left=0)
    if not (scores > 0).any():
        ax.set_xlim(right=0)
    ax.set(xlabel=x_label, ylabel=y_label)
    _label_above(ax, list(levels.items()))
    return ax


def plot_gradient_over_time(
    gradients: Mapping[str, ArrayLike],
    *,
    floor: float = 1e-16,
    x_label: str = "Day t",
    y_label: str = r"$|\partial L / \partial y_t|$",
    ax: Axes | None = None,
) -> Axes:
    """Draw how much the loss feels each time step, on a logarithmic axis.

    Parameters
    ----------
    gradients : mapping of str to array-like, shape (T,)
        For each name, the derivative of the loss with respect to the state at t = 1 ... T. The
        absolute value is drawn.
    floor : float
        Smallest value drawn. Whatever lies below, zero included, is drawn on this line, which
        says so.
    x_label, y_label : str
        Axis labels, with units.
    ax : Axes, optional
        Where to draw. Without it, on a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is nothing to draw, a value is not finite, lengths differ, or `floor` is not
        positive.
    """
    if not gradients:
        raise ValueError("gradients is empty: give at least one name with its (T,) array.")
    if not (np.isfinite(floor) and floor > 0):
        raise ValueError(f"floor is {floor!r}: give a positive number.")
    tracks = {
        str(name): np.abs(_vector(f"gradients[{name!r}]", track))
        for name, track in gradients.items()
    }
    shapes = {name: track.shape for name, track in tracks.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"gradients differ in length: {shapes}. Give one value a time step each.")
    ax = _axes(ax)

    length = len(next(iter(tracks.values())))
    steps = np.arange(1, length + 1)
    clipped = False
    for number, (name, track) in enumerate(tracks.items()):
        color, dashes = _GRADIENTS[number % len(_GRADIENTS)]
        clipped |= bool((track < floor).any())
        one_value = {"marker": "o"} if length == 1 else {}
        ax.plot(
            steps,
            np.maximum(track, floor),
            color=COLORS[color],
            linestyle=dashes,
            linewidth=1.9,
            label=name,
            **one_value,
        )
    ax.set_yscale("log")
    if clipped:
        top = max(float(track.max()) for track in tracks.values())
        decades = max(np.log10(top) - np.log10(floor), 1.0) if top > 0 else 1.0
        bottom = floor * 10 ** (-0.14 * decades)
        ax.set_ylim(bottom, floor * 10 ** (1.05 * decades))
        ax.axhspan(bottom, floor, color=COLORS["weight"], alpha=0.16, linewidth=0)
        ax.axhline(floor, color=COLORS["weight"], linestyle=(0, (2, 2)), linewidth=1.0)
        ax.text(
            0.99,
            floor * 10 ** (-0.07 * decades),
            f"below {_power(floor)}, drawn on the line",
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="center",
        )
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set(xlabel=x_label, ylabel=y_label)
    _legend_above(ax)
    return ax


# Reading arguments


def _array(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return finite floats, at least one; raise a ValueError that names the argument."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number ({error}).") from None
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}): give at least one value.")
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        where = first[0] if len(first) == 1 else first
        at = f" at index {where}" if first else ""
        raise ValueError(
            f"{name} holds {array[first]}{at} (shape {array.shape}): give finite numbers."
        )
    return array


def _vector(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = _array(name, values)
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}: it needs one axis.")
    return array


def _number(name: str, value: float) -> float:
    array = _array(name, value)
    if array.size != 1:
        raise ValueError(f"{name} has shape {array.shape}: give one number.")
    return float(array.reshape(()))


def _named_numbers(name: str, numbers: Mapping[str, float] | None) -> dict[str, float]:
    if numbers is None:
        return {}
    if not isinstance(numbers, Mapping):
        raise ValueError(f"{name} is {numbers!r}: give a mapping of names to numbers.")
    return {str(key): _number(f"{name}[{key!r}]", value) for key, value in numbers.items()}


def _bounds(name: str, bounds: tuple[float, float]) -> tuple[float, float]:
    pair = _vector(name, bounds)
    if pair.shape != (2,) or pair[0] >= pair[1]:
        raise ValueError(f"{name} is {bounds!r}: give (lower, upper).")
    return float(pair[0]), float(pair[1])


def _need_positive(name: str, values: NDArray[np.float64]) -> None:
    if (values <= 0).any():
        raise ValueError(
            f"{name} holds {values.min():g}: a logarithmic axis needs numbers above 0."
        )


def _time_axis(dates: ArrayLike | None, length: int, has_next: bool) -> NDArray:
    needed = length + int(has_next)
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


# Drawing


def _axes(ax: Axes | None, size: tuple[float, float] | None = None) -> Axes:
    return plt.subplots(figsize=size)[1] if ax is None else ax


def _legend_above(ax: Axes) -> None:
    """Put the legend above the axes, where it hides no data; none when nothing has a name."""
    handles, labels = ax.get_legend_handles_labels()
    if not labels:
        return
    longest = max(len(label) for label in labels)
    figure = ax.figure  # get_figure(root=True) is of matplotlib 3.10
    characters = 15 * ax.get_position(original=True).width * figure.get_figwidth()
    ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=max(1, min(len(labels), int(characters) // (longest + 6))),
        borderaxespad=0.2,
        handlelength=2.6,
        columnspacing=1.4,
    )


def _beside(ax: Axes, height: float, text: str, va: str = "center") -> None:
    """Write text to the right of the axes, at a height in [0, 1]."""
    ax.annotate(
        text,
        xy=(1, height),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        va=va,
        annotation_clip=False,
    )


def _power(value: float) -> str:
    exponent = np.log10(value)
    return rf"$10^{{{exponent:.0f}}}$" if abs(exponent - round(exponent)) < 1e-9 else f"{value:g}"


def _log_axis(ax: Axes) -> None:
    """Make the y axis logarithmic, with plain numbers on it."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    between = (1.0, 2.0, 5.0) if high / low < 1e3 else (1.0,)
    ax.yaxis.set_major_locator(LogLocator(subs=between, numticks=9))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())


def _label_line_ends(
    ax: Axes, ends: list[tuple[str, float]], *, from_x: object = None, gap: float = 12
) -> None:
    """Name what ends at these heights (data units), right of the axes, names kept apart.

    A thin line leads to each name from `from_x` (data units), or from the edge of the axes.
    """
    _label_apart(
        ax,
        [name for name, _ in ends],
        [(1 if from_x is None else from_x, height) for _, height in ends],
        [(1, height) for _, height in ends],
        point_coords=ax.get_yaxis_transform() if from_x is None else ax.transData,
        text_coords=ax.get_yaxis_transform(),
        offset=(gap, 0),
        axis=1,
    )


def _label_above(ax: Axes, levels: list[tuple[str, float]]) -> None:
    """Name vertical lines at these positions (data units), above the axes, names kept apart."""
    tops = [(level, 1) for _, level in levels]
    _label_apart(
        ax,
        [name for name, _ in levels],
        tops,
        tops,
        point_coords=ax.get_xaxis_transform(),
        text_coords=ax.get_xaxis_transform(),
        offset=(0, 12),
        axis=0,
    )


def _label_apart(
    ax: Axes,
    names: list[str],
    points: list[tuple],
    places: list[tuple],
    *,
    point_coords: Transform,
    text_coords: Transform,
    offset: tuple[float, float],
    axis: int,
) -> None:
    """Write names near places, each joined to its point, and move them along one axis (0 across,
    1 up) until none overlaps another. `offset` is in typographic points."""
    if not names:
        return
    figure = ax.figure  # get_figure(root=True) is of matplotlib 3.10

    def moved_by(shift: float) -> Transform:
        x, y = (offset[0] + shift, offset[1]) if axis == 0 else (offset[0], offset[1] + shift)
        return offset_copy(text_coords, figure, x, y, units="points")

    texts = [
        ax.annotate(
            name,
            xy=point,
            xytext=place,
            xycoords=point_coords,
            textcoords=moved_by(0),
            ha="center" if axis == 0 else "left",
            va="bottom" if axis == 0 else "center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "relpos": (0.5, 0.0) if axis == 0 else (0.0, 0.5),
                "color": COLORS["weight"],
                "linewidth": 0.7,
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )
        for name, point, place in zip(names, points, places, strict=True)
    ]
    figure.draw_without_rendering()
    frame = ax.get_window_extent()
    boxes = [Text.get_window_extent(text) for text in texts]
    sizes = np.array([(box.width + 10, box.height + 2)[axis] for box in boxes])
    centres = np.array([(box.x0 + box.x1, box.y0 + box.y1)[axis] / 2 for box in boxes])
    low, high = ((frame.x0, frame.x1), (frame.y0, frame.y1))[axis]
    shifts = (_spread_out(centres, sizes, low, high) - centres) * 72 / figure.dpi
    for text, shift in zip(texts, shifts, strict=True):
        text.anncoords = moved_by(shift)


def _spread_out(
    centres: NDArray[np.float64], sizes: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    """Return centres moved as little as possible so that intervals of these sizes don't overlap.

    Least squares under the constraint that neighbours keep their order and their distance: with
    the distances taken out this is isotonic regression, solved by pooling adjacent violators.
    The result stays within [low, high] where there is room.
    """
    order = np.argsort(centres, kind="stable")
    size = sizes[order]
    steps = np.concatenate([[0.0], np.cumsum((size[1:] + size[:-1]) / 2)])
    blocks: list[tuple[float, int]] = []
    for value in centres[order] - steps:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            other, number = blocks.pop()
            mean = (mean * count + other * number) / (count + number)
            count += number
        blocks.append((mean, count))
    placed = np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
    if low <= high - steps[-1]:
        placed = np.clip(placed, low, high - steps[-1])
    result = np.empty_like(placed)
    result[order] = placed + steps
    return result
