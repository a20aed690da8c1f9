"""The explorer as it stands before its script runs, and where none does.

The page holds all of it from the start, in ``explorer.html``: controls, words, curves. So nothing
moves when ``explorer_page.js`` brings it to life, and without scripts the reading of the first text
stays. What is written here is what the script writes for the same text. Private to this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from string import Template
from typing import Any

from helpers.widgets.page import source

TEMPLATE = "explorer.html"
WHY = (
    "Scripts do not run here, so this picture stands still. To type a sentence of your own, open "
    "this page where they do: in the book, in JupyterLab or in Colab."
)
SHOWN_LETTERS = 40  # of one word
#: Small pictures: name in the script, name in Python, title, bounds (None: as the values ask)
LINES = [
    ("i", "input_gate", "input gate", (0, 1)),
    ("f", "forget_gate", "forget gate", (0, 1)),
    ("o", "output_gate", "output gate", (0, 1)),
    ("candidate", "candidate", "candidate", (-1, 1)),
    ("cell", "cell", "cell state", None),
    ("hidden", "hidden", "hidden state", (-1, 1)),
]


def view(
    text: str,
    reading: Any,
    unknown: Sequence[bool],
    scale: float,
    unit: int,
    verdict_weights: Iterable[float],
    examples: Sequence[str],
    about: Sequence[str],
) -> str:
    """The explorer after it has read a text.

    Parameters
    ----------
    text : str
        The text.
    reading : helpers.widgets.explorer.Reading
        What the network did on it.
    unknown : sequence of bool
        Which words it does not know.
    scale : float
        How far the unit goes from zero.
    unit : int
        The unit that colours the words, from 1.
    verdict_weights : iterable of float
        The head's weight of each unit.
    examples, about : sequence of str
        Texts to choose from; lines below.
    """
    positive, inside = reading.positive, reading.inside
    state = inside["hidden"][:, unit - 1]
    words = [short(word, SHOWN_LETTERS) for word in reading.shown]
    now, count = positive[-1], len(words)
    after = f"After “<strong>{escape(words[-1])}</strong>” ({count} of {count}): " if words else ""
    verdict, arrow = ("positive", "↑") if now >= 0.5 else ("negative", "↓")
    lost = sum(unknown)
    return Template(source(TEMPLATE)).substitute(
        why=WHY,
        examples=options(
            [*(short(one, 70, 68) for one in examples), "your own text"],
            0 if examples else -1,
            [*range(len(examples)), ""],
        ),
        text=escape(text),
        status=f"{plural(count, 'word')}." + f" {plural(lost, 'word')} unknown to it." * bool(lost),
        steps=count,
        units=options(
            [f"unit {k} (verdict weight {signed(w)})" for k, w in enumerate(verdict_weights, 1)],
            unit - 1,
        ),
        words=" ".join(
            _word(place, word, value, value / scale, positive[place], unit, lost, place == count)
            for place, (word, value, lost) in enumerate(
                zip(words, state, unknown, strict=True), start=1
            )
        )
        or '<span class="cw-nothing">Nothing to read yet.</span>',
        low=f"unit {unit}:  {signed(-scale)}",
        high=signed(scale),
        said=(after or "Before the first word: ")
        + f'<span class="cw-value cw-{verdict}">P(positive) = {now:.2f}</span> {arrow} {verdict}',
        curve=_chart(
            "cw-verdict", positive, (0, 1), 0.5, count, f"P(positive) word by word, to {now:.2f}"
        ),
        small="".join(
            _small(name, title, inside[track][:, unit - 1], bounds, unit)
            for name, track, title, bounds in LINES
        ),
        about="\n".join(f'<p class="cw-about">{escape(line)}</p>' for line in about),
    )


def signed(value: float) -> str:
    """A number with its sign, as the page writes it."""
    text = f"{value:+.2f}"
    return "0.00" if text[1:] == "0.00" else text.replace("-", "\N{MINUS SIGN}")


def short(text: str, most: int, kept: int | None = None) -> str:
    """A text, cut where it is longer than `most` letters."""
    return text if len(text) <= most else text[: kept or most] + "…"


def plural(number: int, what: str) -> str:
    """A number of things."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def options(texts: Sequence[str], chosen: int, values: Sequence[Any] | None = None) -> str:
    """The choices of a `<select>`."""
    given = range(len(texts)) if values is None else values
    return "".join(
        f'<option value="{value}"{" selected" * (place == chosen)}>{escape(text)}</option>'
        for place, (value, text) in enumerate(zip(given, texts, strict=True))
    )


def _word(
    place: int,
    word: str,
    value: float,
    share: float,
    positive: float,
    unit: int,
    unknown: bool,
    last: bool,
) -> str:
    """One word on the colour of its unit."""
    kinds = "cw-word" + " cw-unknown" * unknown + " cw-below" * bool(share < 0) + " cw-read"
    kinds += " cw-now" * last
    title = "unknown word, read as [UNK]\n" * unknown
    title += f"unit {unit}: {signed(value)}\nP(positive) so far: {positive:.2f}"
    return (
        f'<span class="{kinds}" data-place="{place}" style="--cw-share: {min(abs(share), 1):.3f}" '
        f'title="{escape(title)}">{escape(word)}<span class="cw-hidden"> ({signed(value)}'
        f"{', unknown word' * unknown})</span></span>"
    )


def _chart(
    kind: str,
    values: Sequence[float],
    bounds: tuple[float, float],
    middle: float,
    at: int,
    label: str,
) -> str:
    """A curve over the steps in a box that stretches, with a dot at one step."""
    low, high = bounds
    last = len(values) - 1

    def up(value: float) -> str:
        return f"{96 - 92 * (value - low) / (high - low):.2f}"

    def across(place: int) -> str:
        return f"{1.5 + 97 * place / last if last > 0 else 50:.2f}"

    points = [f"{across(place)} {up(value)}" for place, value in enumerate(values)]
    paths = {"middle": f"M0 {up(middle)}H100", "cursor": "", "curve": "", "dot": ""}
    if points:
        paths["curve"] = "M" + "L".join(points)
        paths |= {"cursor": f"M{across(at)} 0V100", "dot": f"M{points[at]}h0.001"}
    drawn = "".join(f'<path class="cw-{name}" fill="none" d="{d}"/>' for name, d in paths.items())
    return (
        f'<div class="cw-box {kind}"><svg viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(label)}">{drawn}</svg></div>'
    )


def _small(
    name: str, title: str, values: Sequence[float], bounds: tuple[float, float] | None, unit: int
) -> str:
    """The small picture of one gate or state."""
    if bounds is None:
        widest = max(1.0, *(abs(value) for value in values), 1.0)
        bounds = (-widest, widest)
    ends = " to ".join(f"{b:.1f}" if b % 1 else f"{b:.0f}" for b in bounds).replace("-", "−")
    now = f"{values[-1]:.2f}".replace("-", "−") if len(values) else ""
    last = len(values) - 1
    chart = _chart("", values, bounds, 0, last, f"{title} of unit {unit} over the words")
    return (
        f'<div class="cw-small cw-of-{name}"><p>{title} <b>{now}</b></p>{chart}'
        f'<div class="cw-ends" aria-hidden="true">{ends}</div></div>'
    )
