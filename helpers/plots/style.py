"""The house style: colours, the style sheet, and files that come out the same on every run."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

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

#: Dashes that tell the lines of one figure apart where colours do not, in order.
DASHES = (
    "-",
    (0, (5, 2)),
    (0, (6, 2, 1.5, 2)),
    (0, (1.5, 1.5)),
    (0, (9, 3)),
    (0, (3, 1.5, 1, 1.5, 1, 1.5)),
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
    leave_out = {
        ".svg": ["Date", "Creator"],
        ".pdf": ["CreationDate", "Creator", "Producer"],
        ".png": ["Software"],
    }
    names = leave_out.get(Path(path).suffix.lower(), [])
    figure.savefig(path, metadata=dict.fromkeys(names))
