"""The house style and the figures that recur.

Imported by lectures. Imports nothing of the course outside this room.
"""

from helpers.plots.figures import (
    COLORS,
    PANEL,
    TEXT,
    plot_bars,
    plot_gradient_over_time,
    plot_loss,
    plot_many_series,
    plot_predicted_against_true,
    plot_series,
    save_figure,
    use_style,
)
from helpers.plots.network import Step, draw_network, steps_of

__all__ = [
    "COLORS",
    "PANEL",
    "TEXT",
    "Step",
    "draw_network",
    "plot_bars",
    "plot_gradient_over_time",
    "plot_loss",
    "plot_many_series",
    "plot_predicted_against_true",
    "plot_series",
    "save_figure",
    "steps_of",
    "use_style",
]
