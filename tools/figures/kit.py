"""A small drawing vocabulary for the book's diagrams: plain SVG, made of text fragments.

Each function returns a piece of SVG as a string, and `drawing` puts the pieces on a light
panel. Nothing is kept between calls, so a figure is an expression that you read from top to
bottom. All positions are absolute pixels in a drawing 720 pixels wide: no transforms, no ids,
no scripts, no fonts. What you see in the file is what is drawn.

A label mixes words and mathematics: ``"the loss $L$ at step $T$"``. Between dollar signs letters
are set in serif italics, ``_t`` or ``_{t-1}`` makes a subscript, and digits stay upright. The hat
of a prediction is the letter ŷ itself, which every font has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape

WIDTH = 720
"""Width of every diagram in pixels. A phone shows it at half of that."""

WORD_SIZE = 22
SYMBOL_SIZE = 28
MIN_SIZE = 20
"""Smallest text in pixels: 10 pixels when a phone shows the drawing 360 pixels wide."""

COLORS: dict[str, str] = {
    "input": "#0072B2",
    "state": "#D55E00",
    "gate": "#009E73",
    "output": "#AA4499",
    "target": "#222222",
    "weight": "#5A5A5A",
    "quiet": "#8C8982",
    "text": "#222222",
}
"""One colour for each role, the same in all figures of the book."""

TINTS: dict[str, str] = {
    "input": "#D6E8F3",
    "state": "#FBE2D2",
    "gate": "#D3EEE5",
    "output": "#F2DFEF",
    "target": "#FFFFFF",
    "weight": "#E8E6E1",
    "quiet": "#F1EFEA",
    "text": "#FFFFFF",
}
"""The pale fill that goes with each colour, light enough for dark text upon it."""

PANEL = "#FBFAF7"
HIGHLIGHT = "#F0E442"

WORD_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SYMBOL_FONTS = "'STIX Two Text', Cambria, 'Times New Roman', 'Liberation Serif', serif"

Point = tuple[float, float]


def drawing(
    height: float,
    title: str,
    description: str,
    parts: Iterable[str],
    *,
    width: float = WIDTH,
    panel: bool = True,
) -> str:
    """Put pieces together into one SVG document.

    Parameters
    ----------
    height, width : float
        Size of the drawing in pixels.
    title : str
        The name of the figure, in a few words.
    description : str
        What one sees, for readers who do not see it.
    parts : iterable of str
        The pieces, drawn in this order: what comes later lies on top.
    panel : bool
        Whether the drawing carries its own light background.

    Returns
    -------
    str
        The document, ending in a newline.

    Raises
    ------
    ValueError
        If the title or the description is empty.
    """
    if not title.strip() or not description.strip():
        raise ValueError("drawing: title and description must not be empty; say what one sees")
    # A viewer that keeps several drawings in one page must not mix up their names, so none is
    # used: role and aria-label say what title and desc say.
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
        f'width="{_n(width)}" height="{_n(height)}" '
        'stroke-linecap="round" stroke-linejoin="round" role="img" '
        f'aria-label="{escape(title, quote=True)}">'
    )
    body = [
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        "<style>",
        f"  .word {{ font-family: {WORD_FONTS}; }}",
        f"  .symbol {{ font-family: {SYMBOL_FONTS}; }}",
        "</style>",
    ]
    if panel:
        body.append(f'<rect width="{_n(width)}" height="{_n(height)}" rx="14" fill="{PANEL}"/>')
    body.extend(part for part in parts if part)
    lines = [line for part in body for line in part.split("\n")]
    return "\n".join([head, *("  " + line for line in lines), "</svg>", ""])


def group(comment: str, *parts: str) -> str:
    """Keep pieces together under a comment, for those who read the file."""
    inside = "\n".join("  " + line for part in parts if part for line in part.split("\n"))
    return f"<!-- {comment} -->\n<g>\n{inside}\n</g>"


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = WORD_SIZE,
    anchor: str = "middle",
    role: str = "text",
    bold: bool = False,
    spacing: float = 1.3,
) -> str:
    """Write a label whose first line is centred on the height `y`.

    Parameters
    ----------
    x, y : float
        Position of the anchor, and the vertical middle of the first line, in pixels.
    content : str
        Words, with mathematics between dollar signs; ``\\n`` begins a new line.
    size : float
        Font size in pixels, at least `MIN_SIZE`. Subscripts are smaller, but never below it.
    anchor : {"start", "middle", "end"}
        Which end of the line stands at `x`.
    role : str
        A key of `COLORS`.
    bold : bool
        Whether words are bold.
    spacing : float
        Distance between lines, in multiples of `size`.

    Raises
    ------
    ValueError
        If the size is too small, or a dollar sign or brace is left open.
    """
    if size < MIN_SIZE:
        raise ValueError(f"text {content!r}: size {size} is below {MIN_SIZE}; make it larger")
    weight = ' font-weight="700"' if bold else ""
    lines = []
    for i, line in enumerate(content.split("\n")):
        baseline = y + 0.35 * size + i * spacing * size
        lines.append(
            f'<text class="word" x="{_n(x)}" y="{_n(baseline)}" font-size="{_n(size)}" '
            f'text-anchor="{anchor}" fill="{_colour(role)}"{weight}>{_runs(line, size)}</text>'
        )
    return "\n".join(lines)


def heading(x: float, y: float, content: str, **options: object) -> str:
    """Write what a row or a panel is called: bold, from `x` to the right."""
    return text(x, y, content, anchor="start", bold=True, **options)  # type: ignore[arg-type]


def note(x: float, y: float, content: str, **options: object) -> str:
    """Write what may be read last: small and grey."""
    return text(x, y, content, size=MIN_SIZE, role="weight", **options)  # type: ignore[arg-type]


def symbol(
    x: float, y: float, content: str, *, size: float = SYMBOL_SIZE, **options: object
) -> str:
    """Write a formula, as `text` does for what stands between dollar signs."""
    return text(x, y, f"${content}$", size=size, **options)  # type: ignore[arg-type]


def circle(
    x: float,
    y: float,
    label: str,
    role: str,
    *,
    radius: float = 32,
    size: float = SYMBOL_SIZE,
    dashed: bool = False,
) -> str:
    """Draw a number of the network (an input, a state, an output) as a labelled circle."""
    shape = (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" '
        f'fill="{_tint(role, dashed)}" {_stroke(role, 3, dashed)}/>'
    )
    return shape + (f"\n{text(x, y, label, size=size)}" if label else "")


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    label: str,
    role: str,
    *,
    size: float = WORD_SIZE,
    dashed: bool = False,
    corner: float = 10,
    bold: bool = False,
) -> str:
    """Draw a labelled box centred on (x, y): an operation, a layer, a word."""
    shape = (
        f'<rect x="{_n(x - width / 2)}" y="{_n(y - height / 2)}" width="{_n(width)}" '
        f'height="{_n(height)}" rx="{_n(corner)}" '
        f'fill="{_tint(role, dashed)}" {_stroke(role, 3, dashed)}/>'
    )
    if not label:
        return shape
    first = y - label.count("\n") * 1.3 * size / 2
    return f"{shape}\n{text(x, first, label, size=size, bold=bold)}"


def cells(
    left: float,
    y: float,
    labels: Sequence[str],
    roles: str | Sequence[str],
    *,
    width: float = 48,
    height: float = 38,
    size: float = MIN_SIZE,
    picked: bool = False,
) -> str:
    """Draw a row of adjoining cells, as a line of a table or the numbers of a vector.

    Parameters
    ----------
    left, y : float
        Left edge of the first cell, and the vertical middle of the row, in pixels.
    labels : sequence of str
        What stands in each cell.
    roles : str or sequence of str
        A key of `COLORS` for the whole row, or one for each cell.
    width, height : float
        Size of one cell in pixels.
    size : float
        Font size in pixels.
    picked : bool
        Whether the row lies on the yellow ground of what the eye shall find first.

    Raises
    ------
    ValueError
        If there are not as many roles as cells.
    """
    each = [roles] * len(labels) if isinstance(roles, str) else list(roles)
    if len(each) != len(labels):
        raise ValueError(f"cells: {len(labels)} labels but {len(each)} roles; give one role each")
    parts = []
    for i, (label, role) in enumerate(zip(labels, each, strict=True)):
        x = left + i * width
        fill = HIGHLIGHT if picked else _tint(role, dashed=False)
        parts.append(
            f'<rect x="{_n(x)}" y="{_n(y - height / 2)}" width="{_n(width)}" '
            f'height="{_n(height)}" fill="{fill}" {_stroke(role, 1.5, dashed=False)}/>'
        )
        if label:
            parts.append(text(x + width / 2, y, label, size=size))
    return "\n".join(parts)


def plate(x: float, y: float, width: float, height: float, *, fill: str = PANEL) -> str:
    """Lay a plain rectangle centred on (x, y): the ground of a label that lies on lines."""
    return (
        f'<rect x="{_n(x - width / 2)}" y="{_n(y - height / 2)}" width="{_n(width)}" '
        f'height="{_n(height)}" rx="6" fill="{fill}"/>'
    )


def line(
    points: Sequence[Point], role: str = "text", *, width: float = 3, dashed: bool = False
) -> str:
    """Draw straight lines from point to point."""
    places = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{places}" fill="none" {_stroke(role, width, dashed)}/>'


def arrow(
    start: Point, end: Point, role: str = "text", *, width: float = 3, dashed: bool = False
) -> str:
    """Draw a straight arrow whose tip touches `end`."""
    return _with_head([start], end, start, role, width, dashed)


def arrow_between(
    a: Point,
    b: Point,
    gap_a: float,
    gap_b: float,
    role: str = "text",
    *,
    width: float = 3,
    dashed: bool = False,
) -> str:
    """Draw an arrow from circle to circle, given their centres and the radius of each."""
    return arrow(_towards(a, b, gap_a), _towards(b, a, gap_b), role, width=width, dashed=dashed)


def wire(
    a: Point, b: Point, gap_a: float, gap_b: float, role: str = "weight", *, width: float = 1
) -> str:
    """Draw a thin line from circle to circle, as `arrow_between` does, without a head."""
    return line([_towards(a, b, gap_a), _towards(b, a, gap_b)], role, width=width)


def curved_arrow(
    start: Point,
    bend_1: Point,
    bend_2: Point,
    end: Point,
    role: str = "text",
    *,
    width: float = 3,
    dashed: bool = False,
) -> str:
    """Draw a cubic curve with an arrow head; the curve leaves and arrives along its bends."""
    return _with_head([start, bend_1, bend_2], end, bend_2, role, width, dashed)


def track_arrow(
    points: Sequence[Point],
    role: str = "text",
    *,
    corner: float = 18,
    width: float = 3,
    dashed: bool = False,
) -> str:
    """Draw an arrow along straight tracks with rounded corners, as a feedback loop runs.

    Raises
    ------
    ValueError
        If there are fewer than two points.
    """
    if len(points) < 2:
        raise ValueError(f"track_arrow: {len(points)} point(s) given; it needs a start and an end")
    end, before = points[-1], points[-2]
    path = [f"M {_p(points[0])}"]
    for previous, here, after in zip(points, points[1:], points[2:], strict=False):
        path.append(f"L {_p(_towards(here, previous, corner))}")
        path.append(f"Q {_p(here)} {_p(_towards(here, after, corner))}")
    path.append(f"L {_p(_towards(end, before, _head_length(width) - 1))}")
    return (
        f'<path d="{" ".join(path)}" fill="none" {_stroke(role, width, dashed)}/>\n'
        f"{_head(end, before, role, width)}"
    )


def highlight(x: float, y: float, width: float, height: float) -> str:
    """Lay a yellow ground centred on (x, y) under what the eye shall find first."""
    return plate(x, y, width, height, fill=HIGHLIGHT)


def fraction(x: float, y: float, over: str, under: str, *, size: float = 26) -> str:
    """Write a fraction whose bar is centred on (x, y)."""
    return "\n".join(
        [
            symbol(x, y - 0.8 * size, over, size=size),
            line([(x - 28, y), (x + 28, y)], "text", width=1.5),
            symbol(x, y + 0.7 * size, under, size=size),
        ]
    )


def dots(x: float, y: float, role: str = "quiet", *, vertical: bool = False) -> str:
    """Draw three dots centred on (x, y): there are more of these, left out."""
    shifts = (-14, 0, 14)
    places = [(x, y + s) if vertical else (x + s, y) for s in shifts]
    return "\n".join(dot(place, role, radius=4) for place in places)


def dot(place: Point, role: str, *, radius: float = 6) -> str:
    """Draw a point of a series."""
    return (
        f'<circle cx="{_n(place[0])}" cy="{_n(place[1])}" r="{_n(radius)}" fill="{_colour(role)}"/>'
    )


def time_axis(x_1: float, x_2: float, y: float, label: str = "time") -> str:
    """Draw an arrow for time from left to right, its name at the right end below."""
    return "\n".join(
        [
            arrow((x_1, y), (x_2, y), "quiet", width=2),
            text(x_2, y + 22, label, size=MIN_SIZE, anchor="end", role="weight"),
        ]
    )


# ---------------------------------------------------------------------------------------------


def _runs(content: str, size: float) -> str:
    """Turn words and $mathematics$ into text and tspans on one baseline."""
    pieces = content.split("$")
    if len(pieces) % 2 == 0:
        raise ValueError(f"text {content!r}: a dollar sign is left open; close it")
    out, low = [], False
    for i, piece in enumerate(pieces):
        if i % 2:
            run, low = _mathematics(piece, size, low)
            out.append(run)
        elif piece:
            words = escape(piece, quote=False)
            out.append(f'<tspan dy="{_n(-_drop(size))}">{words}</tspan>' if low else words)
            low = False
    return "".join(out)


_ATOM = re.compile(r"_\{([^{}]*)\}|_([^{}])|([^\W\d_]+)|((?:[^\w{}]|\d)+)")


def _mathematics(content: str, size: float, low: bool) -> tuple[str, bool]:
    """Set one formula; `low` says whether the pen stands on a subscript, before and after."""
    out, position = [], 0
    content = content.replace("-", "\N{MINUS SIGN}")
    while position < len(content):
        found = _ATOM.match(content, position)
        if found is None:
            raise ValueError(f"formula {content!r}: cannot read {content[position:]!r}")
        position = found.end()
        subscript = found[1] if found[1] is not None else found[2]
        if subscript is None:
            out.append(_tspan(found[0], f' dy="{_n(-_drop(size))}"' if low else ""))
            low = False
            continue
        small = f' font-size="{max(MIN_SIZE, round(0.72 * size))}"'
        for run in re.findall(r"[^\W\d_]+|[\W\d]+", subscript):
            out.append(_tspan(run, small + ("" if low else f' dy="{_n(_drop(size))}"')))
            low = True
    return "".join(out), low


def _drop(size: float) -> float:
    """Return how far below the line a subscript stands."""
    return 0.24 * size


def _tspan(run: str, attributes: str) -> str:
    style = ' font-style="italic"' if run[0].isalpha() else ""
    return f'<tspan class="symbol"{attributes}{style}>{escape(run, quote=False)}</tspan>'


def _with_head(
    path: Sequence[Point], end: Point, before: Point, role: str, width: float, dashed: bool
) -> str:
    stop = _towards(end, before, _head_length(width) - 1)
    if len(path) == 1:
        shape = f"M {_p(path[0])} L {_p(stop)}"
    else:
        shape = f"M {_p(path[0])} C {_p(path[1])} {_p(path[2])} {_p(stop)}"
    return (
        f'<path d="{shape}" fill="none" {_stroke(role, width, dashed)}/>\n'
        f"{_head(end, before, role, width)}"
    )


def _head_length(width: float) -> float:
    return 8 + 2 * width


def _head(tip: Point, before: Point, role: str, width: float) -> str:
    length = _head_length(width)
    base_x, base_y = _towards(tip, before, length)
    across_x, across_y = (tip[1] - base_y) * 0.45, (base_x - tip[0]) * 0.45
    corners = [tip, (base_x + across_x, base_y + across_y), (base_x - across_x, base_y - across_y)]
    places = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
    return f'<polygon points="{places}" fill="{_colour(role)}"/>'


def _towards(start: Point, goal: Point, distance: float) -> Point:
    """Return the point at `distance` from `start` on the way to `goal`."""
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    length = math.hypot(dx, dy)
    if length == 0:
        raise ValueError(f"an arrow or corner of length 0 at {start}; move one of its points")
    return start[0] + dx / length * distance, start[1] + dy / length * distance


def _stroke(role: str, width: float, dashed: bool) -> str:
    dash = f'stroke-dasharray="{_n(2.6 * width)} {_n(2.2 * width)}" stroke-linecap="butt"'
    return f'stroke="{_colour(role)}" stroke-width="{_n(width)}"' + f" {dash}" * dashed


def _colour(role: str) -> str:
    if role not in COLORS:
        raise ValueError(f"role {role!r} is unknown; choose one of {', '.join(COLORS)}")
    return COLORS[role]


def _tint(role: str, dashed: bool) -> str:
    """Fill of a shape: what is dashed is not there yet, so it stays the colour of the panel."""
    _colour(role)
    return PANEL if dashed else TINTS[role]


def _n(value: float) -> str:
    """Write a number shortly and the same everywhere: one decimal at most, no minus zero."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _p(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"
