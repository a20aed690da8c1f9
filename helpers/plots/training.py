"""Figures of training: the loss over the epochs, and the gradient over the time steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from helpers.plots.arguments import named_numbers, numbers, positive
from helpers.plots.labels import axes, draw_line, label_apart, legend_above, log_axis
from helpers.plots.style import COLORS, DASHES

#: Colours of the curves of one figure, in order; each curve has its dashes too.
_LOSSES = ("output", "target", "input", "state", "gate")
_GRADIENTS = ("state", "input", "gate", "output", "target", "weight")


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
    if isinstance(losses, Mapping):
        given = {f"losses[{name!r}]": (str(name), track) for name, track in losses.items()}
    else:
        given = {"losses": (label, losses)}
    if not given:
        raise ValueError("losses is empty: give at least one loss.")
    tracks = [(name, numbers(key, track, ndim=1)) for key, (name, track) in given.items()]
    levels = named_numbers("baselines", baselines)
    if log:
        for key, (_, track) in zip(given, tracks, strict=True):
            positive(key, track)
        for name, level in levels.items():
            positive(f"baselines[{name!r}]", level)
    ax = axes(ax)

    for number, (_, track) in enumerate(tracks):
        epochs = np.arange(first_epoch, first_epoch + len(track))
        role = _LOSSES[number % len(_LOSSES)]
        draw_line(ax, epochs, track, role, linestyle=DASHES[number % len(_LOSSES)])
    for level in levels.values():
        ax.axhline(level, color=COLORS["weight"], linestyle=(0, (2, 2)), linewidth=1.2, zorder=1.5)
    if log:
        log_axis(ax.yaxis)
    longest = max(len(track) for _, track in tracks)
    if longest > 1:
        ax.set_xlim(first_epoch, first_epoch + longest - 1)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set(xlabel=x_label, ylabel=y_label)
    label_apart(ax, [*((name, track[-1]) for name, track in tracks), *levels.items()])
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
        str(name): np.abs(numbers(f"gradients[{name!r}]", track, ndim=1))
        for name, track in gradients.items()
    }
    shapes = {name: track.shape for name, track in tracks.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"gradients differ in length: {shapes}. Give one value a time step each.")
    ax = axes(ax)

    for number, (name, track) in enumerate(tracks.items()):
        shown, at = np.maximum(track, floor), number % len(_GRADIENTS)
        style = {"linestyle": DASHES[at], "linewidth": 1.9, "label": name}
        draw_line(ax, np.arange(1, len(track) + 1), shown, _GRADIENTS[at], **style)
    ax.set_yscale("log")
    values = np.concatenate(list(tracks.values()))
    if values.min() < floor:
        _show_floor(ax, floor, values.max())
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set(xlabel=x_label, ylabel=y_label)
    legend_above(ax)
    return ax


def _show_floor(ax: Axes, floor: float, top: float) -> None:
    """Draw the line that smaller values stand on, and say so below it."""
    decades = max(np.log10(top) - np.log10(floor), 1.0) if top > 0 else 1.0
    bottom = floor * 10 ** (-0.14 * decades)
    ax.set_ylim(bottom, floor * 10 ** (1.05 * decades))
    ax.axhspan(bottom, floor, color=COLORS["weight"], alpha=0.16, linewidth=0)
    ax.axhline(floor, color=COLORS["weight"], linestyle=(0, (2, 2)), linewidth=1.0)
    power = np.log10(floor)
    is_whole = abs(power - round(power)) < 1e-9
    said = f"below {f'$10^{{{power:.0f}}}$' if is_whole else f'{floor:g}'}, drawn on the line"
    at, place = (0.99, floor * 10 ** (-0.07 * decades)), ax.get_yaxis_transform()
    ax.text(*at, said, transform=place, ha="right", va="center")
