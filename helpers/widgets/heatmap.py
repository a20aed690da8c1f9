"""Words coloured by a number each: a picture of what one unit of a network does while it reads.

The picture shows itself as HTML in Jupyter, in Colab and in the book, and as text elsewhere.
Imported by lectures. Imports nothing of the course.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Backgrounds from cold (purple) over pale to warm (orange), told apart by the colour-blind; the
#: first for a light page under dark letters, the second for a dark page under light letters.
COLD_TO_WARM: tuple[tuple[str, str], ...] = (
    ("#b2abd2", "#5f4b9b"),
    ("#c8c2df", "#4d3f7c"),
    ("#dcd8ea", "#3d345c"),
    ("#ecebf3", "#312d43"),
    ("#f7f7f7", "#2b2b2b"),
    ("#fbeedd", "#3d3020"),
    ("#fddfb9", "#55391a"),
    ("#fdcd92", "#704514"),
    ("#fdb863", "#8a500b"),
)
INK = ("#1a1a1a", "#f5f5f5")  #: letters on these backgrounds, light page and dark page
MIDDLE = len(COLD_TO_WARM) // 2
STEP = 0.5  #: standardized units from one background to the next; the ends are open
NO_VALUE = "no value"

_DARK = (
    'html[data-theme="dark"]',  # the book
    "html[theme=dark]",  # Colab
    'body[data-jp-theme-light="false"]',  # JupyterLab and Notebook
    "body.vscode-dark",
)
_SAYS_ITSELF = (  # a page that tells its theme is believed, whatever the system prefers
    "html:not([data-theme]):not([theme]) "
    "body:not([data-jp-theme-light]):not([data-vscode-theme-kind])"
)


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
        known = values[np.isfinite(values)]
        centre = self.centre
        if centre is None:
            centre = float(known.mean()) if known.size else 0.0
        scale = self.scale
        if scale is None:
            scale = float(known.std()) if known.size else 0.0
        # Equal values have no spread, but for rounding: then all stand in the middle.
        if scale <= 1e-12 * max(1.0, abs(centre)):
            return values * 0.0
        return (values - centre) / scale

    def _repr_html_(self) -> str:
        """The picture for a notebook or a page."""
        parts = [f"<style>{_style()}</style>", '<div class="rnn-heatmap">']
        if self.heading:
            parts.append(f'<p class="rnn-heading">{escape(self.heading)}</p>')
        words = " ".join(
            _word(token, value) for token, value in zip(self.tokens, self.standardized, strict=True)
        )
        parts.append(f'<p class="rnn-words">{words or "(no words)"}</p>')
        if self.legend:
            parts.append(_legend(self.name))
        parts.append("</div>")
        return "\n".join(parts)

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


def _background(value: float) -> int:
    """Which of the backgrounds a standardized value has."""
    return int(np.clip(round(value / STEP), -MIDDLE, MIDDLE)) + MIDDLE


def _word(token: object, value: float) -> str:
    """One token with its colour, its tooltip and its value as hidden text."""
    shown = escape(str(token))
    if math.isnan(value):
        inside = f'title="{NO_VALUE}"'
    else:
        number = _background(value)
        line = "" if abs(number - MIDDLE) < 2 else " rnn-hot" if number > MIDDLE else " rnn-cold"
        # What stands behind the commas holds where a page drops the style sheet.
        inside = (
            f'class="rnn-word{line}" title="{_text(value)}" style="'
            f"background-color:var(--rnn-{number},{COLD_TO_WARM[number][0]});"
            f'color:var(--rnn-ink,{INK[0]})"'
        )
    return f'<span {inside}>{shown}<span class="rnn-spoken"> ({_text(value)})</span></span>'


def _legend(name: str) -> str:
    """The scale, with its numbers as letters on the colours."""
    middles = [(number - MIDDLE) * STEP for number in range(len(COLD_TO_WARM))]
    boxes = "".join(
        f'<span class="rnn-box" style="background-color:var(--rnn-{number},{light});'
        f'color:var(--rnn-ink,{INK[0]})">{"0" if middle == 0 else format(middle, "+g")}</span>'
        for number, (middle, (light, _)) in enumerate(zip(middles, COLD_TO_WARM, strict=True))
    )
    return (
        f'<p class="rnn-legend">{escape(name)}: <span class="rnn-scale" role="img" '
        f'aria-label="{_SCALE}">{boxes}</span></p>'
    )


def _style() -> str:
    """The style sheet: the light colours, and the dark ones where the page is dark."""

    def colours(which: int) -> str:
        backgrounds = [f"--rnn-{k}:{pair[which]}" for k, pair in enumerate(COLD_TO_WARM)]
        return ";".join([f"--rnn-ink:{INK[which]}", *backgrounds])

    dark = ",".join(f"{where} .rnn-heatmap" for where in _DARK)
    return (
        f".rnn-heatmap{{{colours(0)};line-height:1.9;max-width:45em}}\n"
        f"{dark}{{{colours(1)}}}\n"
        "@media (prefers-color-scheme:dark){"
        f"{_SAYS_ITSELF} .rnn-heatmap{{{colours(1)}}}}}\n"
        ".rnn-heatmap p{margin:.3em 0;overflow-wrap:anywhere}\n"
        ".rnn-heading{font-weight:600}\n"
        ".rnn-word,.rnn-box{border-radius:.25em;padding:.1em .3em}\n"
        ".rnn-hot{border-bottom:2px solid}\n"
        ".rnn-cold{border-bottom:2px dotted}\n"
        ".rnn-scale{display:inline-flex;flex-wrap:wrap}\n"
        ".rnn-box{border-radius:0;min-width:2.2em;text-align:center}\n"
        ".rnn-spoken{position:absolute;width:1px;height:1px;overflow:hidden;"
        "clip-path:inset(50%);white-space:nowrap}"
    )
