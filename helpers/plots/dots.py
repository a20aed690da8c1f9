"""One dot a run beside the lines of the baselines: how models are compared in this book."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from helpers.plots.arguments import named_numbers, numbers, positive
from helpers.plots.labels import log_axis
from helpers.plots.style import COLORS, DASHES

ROLES = ("input", "state", "gate", "output")
MARKERS = "osD^"
ROW = 0.5  # inches


def plot_dots(
    rows: pd.DataFrame,
    value: str,
    by: str,
    *,
    series: str | None = None,
    panels: str | None = None,
    baselines: Mapping[str, float] | Mapping[str, Mapping[str, float]] | None = None,
    x_label: str,
    log: bool = False,
) -> list[Axes]:
    """Draw each run as a dot: a line for each model, a panel for each setting or data set.

    Parameters
    ----------
    rows : DataFrame
        A row for each run.
    value : str
        Column of scores, in the unit that `x_label` names.
    by : str
        Column of names, one line of dots each, in the order in which they come.
    series : str, optional
        Column that tells apart the dots of one line by colour, shape and height, at most four.
    panels : str, optional
        Column of titles: one panel each, side by side, in the order in which they come.
    baselines : mapping of str to float, or of a panel's title to such a mapping, optional
        Scores to compare with: dashed vertical lines, at most five, named above the panels. Where
        they differ from panel to panel, each panel has a scale of its own.
    x_label : str
        Label of the horizontal axis, with its unit.
    log : bool
        Whether that axis is logarithmic.

    Returns
    -------
    list of Axes
        The panels, from left to right.

    Raises
    ------
    ValueError
        If a column or a panel is missing, scores are not finite (with `log`: positive), or there
        are more than four series.
    """
    for column in (value, by, series, panels):
        if column is not None and column not in rows.columns:
            raise ValueError(f"rows has no column {column!r}; it has {', '.join(rows.columns)}.")
    scores = numbers(value, rows[value], ndim=1)
    if log:
        positive(value, scores)
    models = list(dict.fromkeys(rows[by]))
    kinds = list(dict.fromkeys(rows[series])) if series else [None]
    titles = list(dict.fromkeys(rows[panels])) if panels else [None]
    if len(kinds) > len(ROLES):
        raise ValueError(
            f"{series} has {len(kinds)} values: {len(ROLES)} at most can be told apart."
        )
    per_panel = _for_each_panel(baselines, titles)
    lines = dict(
        zip(dict.fromkeys(n for one in per_panel.values() for n in one), DASHES[1:], strict=False)
    )

    size = (plt.rcParams["figure.figsize"][0], ROW * len(models) + 1.4)
    own = len({str(one) for one in per_panel.values()}) > 1  # other data in each panel
    shared = {"sharex": not own, "sharey": True, "squeeze": False}
    figure, grid = plt.subplots(1, len(titles), figsize=size, **shared)
    for ax, title in zip(grid[0], titles, strict=True):
        for name, level in per_panel[title].items():
            style = {"color": COLORS["target"], "linestyle": lines[name], "linewidth": 1.4}
            ax.axvline(level, label=name, zorder=2, **style)
        for number, kind in enumerate(kinds):
            chosen = (rows[panels] == title) if panels else np.ones(len(rows), bool)
            if series:
                chosen &= rows[series] == kind
            mine, shown = rows[chosen], scores[np.asarray(chosen)]
            heights = np.array([models.index(name) for name in mine[by]], float)
            heights += 0.24 * (number - (len(kinds) - 1) / 2) + _apart(mine[by], shown)
            ax.plot(
                shown,
                heights,
                linestyle="none",
                marker=MARKERS[number],
                markersize=6.5,
                markerfacecolor=COLORS[ROLES[number]],
                markeredgecolor=COLORS["target"],
                markeredgewidth=0.5,
                alpha=0.75,
                zorder=3,
                label=None if kind is None else f"{series} {kind}",
            )
        ax.set(xlabel=x_label, ylim=(len(models) - 0.4, -0.6))
        ax.set_yticks(range(len(models)), [str(name) for name in models])
        ax.tick_params(axis="y", length=0)
        ax.margins(x=0.08)
        if log:
            log_axis(ax.xaxis)
        if title is not None:
            ax.set_title(str(title))
    handles, names = grid[0, 0].get_legend_handles_labels()
    if names:
        figure.legend(handles, names, loc="outside upper left", ncols=len(names))
    return list(grid[0])


def _for_each_panel(baselines: Mapping | None, titles: list) -> dict:
    """Title of each panel to the baselines in it."""
    nested = bool(baselines) and all(isinstance(one, Mapping) for one in baselines.values())
    if not nested:
        return dict.fromkeys(titles, named_numbers("baselines", baselines))
    if missing := [title for title in titles if title not in baselines]:
        raise ValueError(f"baselines has no panel {missing[0]!r}; it has {list(baselines)}.")
    return {title: named_numbers(f"baselines[{title!r}]", baselines[title]) for title in titles}


def _apart(names: pd.Series, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far dots with one name and one score are moved up or down, so that each is seen."""
    same = pd.DataFrame({"name": names.to_numpy(), "score": scores}).groupby(["name", "score"])
    return 0.05 * (same.cumcount() - (same["score"].transform("size") - 1) / 2).to_numpy()
