"""Words coloured by a number each: a picture of what one unit of a network does while it reads.

The picture shows itself as HTML in Jupyter, in Colab and in the book, and as text elsewhere.
Imported by lectures. Imports nothing of the course outside this room.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.widgets.page import source, style_element, writable

#: Backgrounds from cold (purple) over pale to warm (orange), told apart by the colour-blind, for a
#: light page, under dark letters. Those for a dark page, under light letters, are in heatmap.css.
COLD_TO_WARM = (
    *("#b2abd2", "#c8c2df", "#dcd8ea", "#ecebf3"),
    "#f7f7f7",
    *("#fbeedd", "#fddfb9", "#fdcd92", "#fdb863"),
)
INK = "#1a1a1a"
MIDDLE = len(COLD_TO_WARM) // 2
STEP = 0.5  #: standardized units from one background to the next; the ends are open
NO_VALUE = "no value"
STYLE = "heatmap.css"


@dataclass(frozen=True, repr=False)
class HeatMap:
    """Tokens coloured by a standardized value each.

    The last expression of a cell shows it. Colours come in nine pale steps of half a standard
    deviation, so that letters stay readable; what lies beyond two shares the last one. The value
    stands in the tooltip, and beside the token for those who listen to the page. From one
    standard deviation on, tokens are also underlined: solid where warm, dotted where cold.

    Parameters
    ----------
    tokens : sequence of str
        The words in order. Whatever is in them is shown, never interpreted as HTML.
    values : array-like, shape (len(tokens),)
        A number for each; NaN where there is none.
    centre, scale : float, optional
        A value is shown as (value - centre) / scale. Default: mean and standard deviation of these
        values. To compare texts give those of all texts.
    heading : str
        A line above the words.
    name : str
        What the numbers are, for the legend.
    legend : bool
        Whether to draw the scale below; once is enough for several texts.

    Raises
    ------
    ValueError
        If there are not as many values as tokens, or if the scale is negative or no number.

    Examples
    --------
    >>> HeatMap(["not", "bad"], [-1.0, 1.0])
    not [-1.0] bad [+1.0]
    standardized value, from -2 and less (cold) to +2 and more (warm)
    """

    tokens: Sequence[str]
    values: ArrayLike
    centre: float | None = None
    scale: float | None = None
    heading: str = ""
    name: str = "standardized value"
    legend: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.tokens, str):
            raise ValueError("tokens is one text: split it into a list of words.")
        values = np.asarray(self.values, float)
        if values.shape != (len(self.tokens),):
            raise ValueError(
                f"{len(self.tokens)} tokens need as many values in one row; "
                f"values has shape {values.shape}."
            )
        for name in ("centre", "scale"):
            given = getattr(self, name)
            if given is not None and not math.isfinite(given):
                raise ValueError(f"{name} is {given}: a finite number is wanted.")
        if self.scale is not None and self.scale < 0:
            raise ValueError(f"scale is {self.scale}: a standard deviation is not negative.")

    @property
    def standardized(self) -> NDArray[np.float64]:
        """The values in standard deviations from the centre; NaN stays NaN, shape (tokens,)."""
        values = np.asarray(self.values, float)
        values = np.where(np.isfinite(values), values, np.nan)
        known = values[np.isfinite(values)] if np.isfinite(values).any() else np.zeros(1)
        centre = known.mean() if self.centre is None else self.centre
        scale = known.std() if self.scale is None else self.scale
        # Equal values have no spread, but for rounding: then all stand in the middle.
        if scale <= 1e-12 * max(1.0, abs(centre)):
            return values * 0.0
        return (values - centre) / scale

    def _repr_html_(self) -> str:
        """The picture for a notebook or a page."""
        parts = [style_element(source(STYLE)), '<div class="rnn-heatmap">']
        if self.heading:
            parts.append(f'<p class="rnn-heading">{escape(self.heading)}</p>')
        words = " ".join(
            _word(token, value) for token, value in zip(self.tokens, self.standardized, strict=True)
        )
        parts.append(f'<p class="rnn-words">{words or "(no words)"}</p>')
        if self.legend:
            parts.append(_legend(self.name))
        parts.append("</div>")
        return writable("\n".join(parts))

    def __repr__(self) -> str:
        lines = [self.heading] if self.heading else []
        words = [
            f"{' '.join(str(token).split())} [{_text(value)}]"
            for token, value in zip(self.tokens, self.standardized, strict=True)
        ]
        # Break between words, never between a word and its value.
        joined = " ".join(word.replace(" ", "\0") for word in words) or "(no\0words)"
        wrapped = textwrap.wrap(joined, 80, break_long_words=False, break_on_hyphens=False)
        lines += [line.replace("\0", " ") for line in wrapped]
        if self.legend:
            lines.append(f"{self.name}, {_SCALE}")
        return "\n".join(lines)


_SCALE = "from -2 and less (cold) to +2 and more (warm)"


def _text(value: float) -> str:
    """A standardized value as text."""
    if math.isnan(value):
        return NO_VALUE
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}"


def _colours(number: int) -> str:
    """The colours of a background and its letters: those of a dark page, else the light ones."""
    return f"background-color:var(--rnn-{number},{COLD_TO_WARM[number]});color:var(--rnn-ink,{INK})"


def _word(token: object, value: float) -> str:
    """One token with its colour, its tooltip and its value as hidden text."""
    inside = f'title="{_text(value)}"'
    if not math.isnan(value):
        step = int(np.clip(round(value / STEP), -MIDDLE, MIDDLE))
        line = "" if abs(step) < 2 else " rnn-hot" if step > 0 else " rnn-cold"
        inside = f'class="rnn-word{line}" {inside} style="{_colours(MIDDLE + step)}"'
    spoken = f'<span class="rnn-spoken"> ({_text(value)})</span>'
    return f"<span {inside}>{escape(str(token))}{spoken}</span>"


def _legend(name: str) -> str:
    """The scale, with its numbers as letters on the colours."""
    boxes = "".join(
        f'<span class="rnn-box" style="{_colours(MIDDLE + step)}">'
        f"{f'{step * STEP:+g}' if step else 0}</span>"
        for step in range(-MIDDLE, MIDDLE + 1)
    )
    return (
        f'<p class="rnn-legend">{escape(name)}: <span class="rnn-scale" role="img" '
        f'aria-label="{_SCALE}">{boxes}</span></p>'
    )
