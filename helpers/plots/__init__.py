"""The house style and the figures that recur.

Imported by lectures. Imports nothing of the course outside this room. A new figure goes into the
module of its kind (`training`, `bars`, `dots`, `network`); it takes its colours from
`style`, reads its arguments with `arguments` and places its names with `labels`.
"""

from helpers.plots.bars import plot_bars
from helpers.plots.dots import plot_dots
from helpers.plots.network import Step, draw_network, steps_of
from helpers.plots.style import COLORS, PANEL, TEXT, save_figure, use_style
from helpers.plots.training import plot_loss

__all__ = [
    "COLORS",
    "PANEL",
    "TEXT",
    "Step",
    "draw_network",
    "plot_bars",
    "plot_dots",
    "plot_loss",
    "save_figure",
    "steps_of",
    "use_style",
]
