"""What the figures share: new axes, lines, legends, and names that do not overlap.

Private to this room.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullFormatter
from matplotlib.transforms import Transform, offset_copy
from numpy.typing import ArrayLike, NDArray

from helpers.plots.style import COLORS


def axes(ax: Axes | None, size: tuple[float, float] | None = None) -> Axes:
    """The axes that are given, else those of a new figure."""
    return plt.subplots(figsize=size)[1] if ax is None else ax


def draw_line(ax: Axes, x: ArrayLike, y: ArrayLike, role: str, **style: object) -> Line2D:
    """Draw a line in the colour of an idea; where it has one value only, as a dot."""
    dot = {"marker": "o"} if len(y) == 1 else {}
    return ax.plot(x, y, color=COLORS[role], **dot, **style)[0]


def legend_above(ax: Axes) -> None:
    """Put the legend above the axes, where it hides no data; none when nothing has a name."""
    handles, labels = ax.get_legend_handles_labels()
    if not labels:
        return
    longest = max(len(label) for label in labels)
    inches = ax.get_position(original=True).width * _figure(ax).get_figwidth()
    ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=max(1, min(len(labels), int(15 * inches) // (longest + 6))),  # 15 letters an inch
        borderaxespad=0.2,
        handlelength=2.6,
        columnspacing=1.4,
    )


def log_axis(axis: Axis) -> None:
    """Make an axis that shows its data logarithmic, with plain numbers on it."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    low, high = axis.get_view_interval()
    between = (1.0, 2.0, 5.0) if high / low < 1e3 else (1.0,)
    axis.set_major_locator(LogLocator(subs=between, numticks=9))
    axis.set_major_formatter(lambda value, _: f"{value:,g}")
    axis.set_minor_formatter(NullFormatter())


def label_apart(
    ax: Axes, named: list[tuple[str, float]], *, across: bool = False, from_x: object = None
) -> None:
    """Name what stands at these heights (data units) right of the axes, names kept apart.

    Parameters
    ----------
    ax : Axes
        Drawn but for its names: from here on its limits must stay.
    named : list of (str, float)
        Names and heights.
    across : bool
        Name vertical lines at these positions instead, above the axes.
    from_x : optional
        Where the thin line to each name begins, in data units. Without it, at the edge of the axes.
    """
    if not named:
        return
    figure, edge = _figure(ax), from_x is None
    if across:
        text_coords = point_coords = ax.get_xaxis_transform()
        offset, place = np.array([0, 12]), {"ha": "center", "va": "bottom"}
    else:
        text_coords = ax.get_yaxis_transform()
        point_coords = text_coords if edge else ax.transData
        offset, place = np.array([12, 0]), {"ha": "left", "va": "center"}

    def moved_by(shift: float) -> Transform:
        x, y = offset + ((shift, 0) if across else (0, shift))
        return offset_copy(text_coords, figure, x, y, units="points")

    line = {"arrowstyle": "-", "color": COLORS["weight"], "linewidth": 0.7}
    line |= {"relpos": (0.5, 0.0) if across else (0.0, 0.5), "shrinkA": 1, "shrinkB": 1}
    texts = [
        ax.annotate(
            name,
            xy=(value, 1) if across else (1 if edge else from_x, value),
            xytext=(value, 1) if across else (1, value),
            xycoords=point_coords,
            textcoords=moved_by(0),
            annotation_clip=False,
            arrowprops=line,
            **place,
        )
        for name, value in named
    ]
    figure.draw_without_rendering()
    frame = ax.get_window_extent()
    boxes = [Text.get_window_extent(text) for text in texts]
    centres = np.array([(b.x0 + b.x1) / 2 if across else (b.y0 + b.y1) / 2 for b in boxes])
    sizes = np.array([b.width + 10 if across else b.height + 2 for b in boxes])
    low, high = frame.intervalx if across else frame.intervaly
    shifts = (spread_out(centres, sizes, low, high) - centres) * 72 / figure.dpi
    for text, shift in zip(texts, shifts, strict=True):
        text.anncoords = moved_by(shift)


def spread_out(
    centres: NDArray[np.float64], sizes: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    """Return centres moved as little as possible so that intervals of these sizes don't overlap.

    Least squares under the constraint that neighbours keep their order and their distance: with
    the distances taken out this is isotonic regression. The result stays within [low, high] where
    there is room.
    """
    from sklearn.isotonic import isotonic_regression  # here: it takes most of a second to load

    order = np.argsort(centres, kind="stable")
    size = sizes[order]
    steps = np.concatenate([[0.0], np.cumsum((size[1:] + size[:-1]) / 2)])
    placed = isotonic_regression(centres[order] - steps)
    if low <= high - steps[-1]:
        placed = np.clip(placed, low, high - steps[-1])
    result = np.empty_like(placed)
    result[order] = placed + steps
    return result


def _figure(ax: Axes) -> plt.Figure:
    """The figure that axes stand on, also where a subfigure lies between (Matplotlib from 3.9)."""
    return ax.figure.figure
