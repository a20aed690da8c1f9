"""The figure of a training: the loss over the epochs.

Each function of this room draws on the Axes it is given, or on a new figure, and returns the Axes.
None shows, saves or closes anything, and none sets a title: captions belong to the page.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from helpers.plots.arguments import named_numbers, numbers, positive
from helpers.plots.labels import axes, draw_line, label_apart, log_axis
from helpers.plots.style import COLORS, DASHES

#: Colours of the curves of one figure, in order; each curve has its dashes too.
_LOSSES = ("output", "target", "input", "state", "gate")


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
