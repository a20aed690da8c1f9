"""Draw the map of the front page, which lecture needs which: ``python -m tools.course_map``.

The numbers come from ``_toc.yml``, so the map is drawn anew when the contents change. All other
drawings of ``lectures/figures/`` are files of their own: open them in Inkscape or in a text editor.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

from tools.book.course import numbers_of_lectures

MAP = Path(__file__).resolve().parents[1] / "lectures" / "figures" / "who-needs-what.svg"

Point = tuple[float, float]

# Width in pixels (a phone shows half of it, so no text is below 20), and the colours of the book.
WIDTH, SIZE = 720, 20
INK, GREY, QUIET, PALE, PANEL = "#222222", "#5A5A5A", "#8C8982", "#E8E6E1", "#FBFAF7"
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

#: What each lecture needs before it: its slug, and theirs. A new lecture gets a line here and a
#: place below.
NEEDS: dict[str, tuple[str, ...]] = {
    "two-classes": (),
    "baselines": (),
    "single-neuron-rnn": ("baselines",),
    "keras-rnns": ("single-neuron-rnn",),
    "forecasting": ("keras-rnns",),
    "leakage": ("baselines",),
    "bptt": ("keras-rnns",),
    "vanishing-gradients": ("bptt",),
    "exploding-gradients": ("vanishing-gradients",),
    "lstm": ("exploding-gradients",),
    "forget-bias": ("lstm",),
    "gru": ("forget-bias",),
    "conv1d": ("keras-rnns",),
    "dilated-convolutions": ("conv1d", "gru"),
    "language-models": ("keras-rnns",),
    "stateful": ("language-models",),
    "state-of-a-novel": ("stateful",),
    "probes-and-swaps": ("state-of-a-novel", "lstm"),
    "tokens": ("keras-rnns",),
    "padding": ("tokens",),
    "word-vectors": ("padding",),
    "pretrained-vectors": ("word-vectors",),
    "yelp-reviews": ("lstm", "padding"),
    "tagging": ("lstm",),
    "text-cnn": ("conv1d", "padding"),
    "inside-an-lstm": ("yelp-reviews",),
    "interpreting-an-lstm": ("inside-an-lstm",),
    "linear-probes": ("interpreting-an-lstm",),
    "text-and-tables": ("yelp-reviews", "text-cnn"),
    "siamese-quora": ("yelp-reviews",),
    "semantic-search": ("siamese-quora",),
    "attention": ("lstm", "language-models"),
    "spelling-to-sound": ("attention",),
    "attention-maps": ("spelling-to-sound",),
    "self-attention": ("attention",),
    "parallel-recurrence": ("gru",),
    "delta-rule": ("self-attention", "parallel-recurrence"),
    "state-space-models": ("parallel-recurrence",),
    "recurrent-today": ("delta-rule", "state-space-models"),
    "full-size": ("yelp-reviews",),
    "several-devices": ("full-size",),
    "the-class": (),
}
OPTIONAL = {
    "conv1d",
    "dilated-convolutions",
    "probes-and-swaps",
    "pretrained-vectors",
    "tagging",
    "text-cnn",
    "interpreting-an-lstm",
    "linear-probes",
    "text-and-tables",
    "semantic-search",
    "spelling-to-sound",
    "attention-maps",
    "full-size",
    "several-devices",
}
#: Name in the drawing, and the middle of its box.
PLACES: dict[str, tuple[str, tuple[float, float]]] = {
    "two-classes": ("RNNs in\ntwo classes", (116, 90)),
    "baselines": ("Baselines", (360, 90)),
    "single-neuron-rnn": ("A single\nneuron", (360, 206)),
    "keras-rnns": ("RNNs in Keras", (360, 322)),
    "forecasting": ("Forecasting", (116, 322)),
    "leakage": ("Data leakage", (604, 90)),
    "bptt": ("Backprop\nthrough time", (604, 322)),
    "vanishing-gradients": ("Vanishing\ngradients", (604, 438)),
    "exploding-gradients": ("Exploding\ngradients", (604, 554)),
    "lstm": ("LSTM", (604, 670)),
    "forget-bias": ("The forget\nbias", (604, 786)),
    "gru": ("GRU", (604, 902)),
    "conv1d": ("Convolutions", (360, 438)),
    "dilated-convolutions": ("How far a\nconvolution sees", (360, 902)),
    "language-models": ("Language\nmodels", (116, 438)),
    "stateful": ("Carrying\nthe state", (116, 554)),
    "state-of-a-novel": ("Is a speech\nopen?", (116, 670)),
    "probes-and-swaps": ("Probes\nand swaps", (116, 786)),
    "tokens": ("Tokens", (360, 1042)),
    "padding": ("Padding\nand masks", (360, 1158)),
    "word-vectors": ("Word\nembeddings", (116, 1158)),
    "pretrained-vectors": ("Pretrained\nvectors", (116, 1042)),
    "yelp-reviews": ("Sentiment\nof reviews", (360, 1274)),
    "tagging": ("Tagging", (604, 1042)),
    "text-cnn": ("Convolutions\nfor text", (116, 1274)),
    "inside-an-lstm": ("Looking inside\nan LSTM", (360, 1390)),
    "interpreting-an-lstm": ("Interpreting\nan LSTM", (360, 1506)),
    "linear-probes": ("Linear\nprobes", (604, 1506)),
    "text-and-tables": ("Text with\ntables", (116, 1390)),
    "siamese-quora": ("Two questions", (604, 1274)),
    "semantic-search": ("Semantic\nsearch", (604, 1390)),
    "attention": ("Attention", (116, 1790)),
    "spelling-to-sound": ("Spelling\nto sound", (116, 1906)),
    "attention-maps": ("Testing an\nattention map", (116, 2022)),
    "self-attention": ("Self-attention", (360, 1790)),
    "parallel-recurrence": ("Scans and\nlinear RNNs", (604, 1790)),
    "delta-rule": ("Linear attention\nand delta rule", (360, 1906)),
    "state-space-models": ("State-space\nmodels", (604, 1906)),
    "recurrent-today": ("Recurrent\nmodels today", (604, 2060)),
    "full-size": ("At full size", (116, 2176)),
    "several-devices": ("On several\ndevices", (360, 2176)),
    "the-class": ("Notes for\nlecturers", (116, 206)),
}
#: Which arrows go down between two columns, since a box lies in their way.
BETWEEN = {
    ("lstm", "yelp-reviews"): 482.0,
    ("lstm", "tagging"): 482.0,
    ("keras-rnns", "tokens"): 246.0,
    ("conv1d", "text-cnn"): 230.0,
}
#: Lectures of the last part: what they need from the parts above is named over their box, since an
#: arrow from there would cross the whole drawing.
AFAR = (
    "attention",
    "spelling-to-sound",
    "attention-maps",
    "self-attention",
    "parallel-recurrence",
    "delta-rule",
    "state-space-models",
    "recurrent-today",
    "full-size",
    "several-devices",
)
WIDE, TALL = 204.0, 76.0


def who_needs_what() -> str:
    """The lectures as boxes that are links, an arrow from each to those that need it; SVG."""
    numbers = numbers_of_lectures()
    told = (
        "Numbered boxes from top to bottom, joined by arrows. RNNs in two classes and Notes for "
        "lecturers stand alone. Series: Baselines leads to A single neuron and to Data leakage, A"
        " single neuron to RNNs in Keras, and that to Forecasting, Language models and Backprop "
        "through time, which leads to Vanishing gradients, these to Exploding gradients, these to"
        " LSTM, that to The forget bias, and that to GRU. RNNs in Keras lead to Convolutions too,"
        " and these and GRU to How far a convolution sees; both are dashed. Language models lead "
        "to Carrying the state, and that to What a state holds. Text: RNNs in Keras leads to "
        "Tokens, and that to Padding and masks, which leads to Word embeddings, and these to "
        "Pretrained vectors, and to Convolutions for text, as do Convolutions. Padding and masks "
        "and LSTM lead to Sentiment of reviews, and that to Looking inside an LSTM, to Text with "
        "tables and to Two questions. Convolutions for text lead to Text with tables, too. "
        "Looking inside an LSTM leads to Interpreting an LSTM, and that to Linear probes; Two "
        "questions lead to Semantic search. LSTM leads to Tagging. Pretrained vectors, Tagging, "
        "Convolutions for text, Interpreting an LSTM, Linear probes, Text with tables and "
        "Semantic search are dashed. After the LSTM: LSTM and Language models lead to Attention, "
        "and that to Self-attention and to Spelling to sound, which leads to Testing an attention"
        " map; these two are dashed. GRU and forget bias leads to Scans and linear RNNs; these "
        "and Self-attention lead to Linear attention and delta rule, and these alone to State-"
        "space models. Both lead to Recurrent models today. Sentiment leads to At full size, and "
        "that to On several devices; both are dashed."
    )
    pieces = [f'<rect width="{WIDTH}" height="2280" rx="14" fill="{PANEL}"/>']
    for y, name in [(36, "Series"), (988, "Text"), (1608, "After the LSTM")]:
        pieces.append(_text(28, y, name, size=22, anchor="start", bold=True))
    for y in (956, 1576):
        pieces.append(
            f'<polyline points="28,{y} 692,{y}" fill="none" stroke="{QUIET}" stroke-width="1.5"/>'
        )
    pieces += [
        _way(PLACES[need][1], PLACES[slug][1], BETWEEN.get((need, slug)))
        for slug, needs in NEEDS.items()
        for need in needs
        if slug not in AFAR or need in AFAR
    ]
    pieces += [_from_above(slug) for slug in AFAR if {*NEEDS[slug]} - {*AFAR}]
    pieces += [
        f'<a href="lectures/{slug}.html">'  # alive on the front page: tools/pages/front.py
        + _box(x, y, f"{numbers[slug]} {name}".strip(), dashed=slug in OPTIONAL)
        + "</a>"
        for slug, (name, (x, y)) in PLACES.items()
    ]
    pieces.append(_text(360, 2244, "dashed: may be left out", colour=GREY))
    lines = "\n".join(pieces).split("\n")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 2280" width="{WIDTH}" '
            'height="2280" stroke-linecap="round" stroke-linejoin="round" role="img" '
            'aria-label="Which lecture needs which">',
            "  <title>Which lecture needs which</title>",
            f"  <desc>{escape(told)}</desc>",
            f"  <style>.word {{ font-family: {FONTS}; }}</style>",
            *("  " + line for line in lines),
            "</svg>",
            "",
        ]
    )


def main() -> int:
    """Write the map, if it changed."""
    drawn = who_needs_what().encode("utf-8")
    if not MAP.exists() or MAP.read_bytes() != drawn:
        MAP.write_bytes(drawn)
        print(f"wrote {MAP.name}")
    return 0


# -- pieces ---------------------------------------------------------------------------------------


def _text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = SIZE,
    anchor: str = "middle",
    colour: str = INK,
    bold: bool = False,
) -> str:
    """Words, a line for each of theirs; the middle of the first is at height y."""
    weight = ' font-weight="700"' if bold else ""
    return "\n".join(
        f'<text class="word" x="{_n(x)}" y="{_n(y + (0.35 + 1.3 * k) * size)}" '
        f'font-size="{_n(size)}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(line, quote=False)}</text>"
        for k, line in enumerate(content.split("\n"))
    )


def _box(x: float, y: float, label: str, *, dashed: bool) -> str:
    """A labelled box around (x, y)."""
    dash = ' stroke-dasharray="7.8 6.6" stroke-linecap="butt"' if dashed else ""
    return (
        f'<rect x="{_n(x - WIDE / 2)}" y="{_n(y - TALL / 2)}" width="{_n(WIDE)}" '
        f'height="{_n(TALL)}" rx="10" fill="{PANEL if dashed else PALE}" stroke="{GREY}" '
        f'stroke-width="3"{dash}/>\n' + _text(x, y - label.count("\n") * 1.3 * SIZE / 2, label)
    )


def _arrow(points: Sequence[Point], corner: float = 12) -> str:
    """Straight tracks with rounded corners and a head at the last point."""
    end, before = points[-1], points[-2]
    path = [f"M {_p(points[0])}"]
    for previous, here, after in zip(points, points[1:], points[2:], strict=False):
        path.append(f"L {_p(_towards(here, previous, corner))}")
        path.append(f"Q {_p(here)} {_p(_towards(here, after, corner))}")
    path.append(f"L {_p(_towards(end, before, 13))}")
    x, y = _towards(end, before, 14)
    across_x, across_y = (end[1] - y) * 0.45, (x - end[0]) * 0.45
    head = [end, (x + across_x, y + across_y), (x - across_x, y - across_y)]
    corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in head)
    return (
        f'<path d="{" ".join(path)}" fill="none" stroke="{INK}" stroke-width="3"/>\n'
        f'<polygon points="{corners}" fill="{INK}"/>'
    )


def _from_above(slug: str) -> str:
    """The names of the lectures of other parts that a lecture needs, and one arrow from them."""
    x, y = PLACES[slug][1]
    names = [PLACES[need][0].replace("\n", " ") for need in NEEDS[slug] if need not in AFAR]
    top = y - TALL / 2
    first = top - 34 - 13 * (2 * len(names) - 1)
    words = _text(x, first, "\n".join(names), colour=GREY)
    return words + "\n" + _arrow([(x, top - 32), (x, top)])


def _way(start: Point, end: Point, between: float | None = None) -> str:
    """An arrow from box to box: straight where they stand in line, else round a corner."""
    (x_1, y_1), (x_2, y_2) = start, end
    if x_1 == x_2 and between is None:
        return _arrow([(x_1, y_1 + TALL / 2), (x_2, y_2 - TALL / 2)])
    side = 1 if x_2 > x_1 else -1
    if y_1 == y_2:
        return _arrow([(x_1 + side * WIDE / 2, y_1), (x_2 - side * WIDE / 2, y_2)])
    over, from_x = y_2 - TALL / 2, x_1 + side * WIDE / 4
    ways = [(from_x, y_1 + TALL / 2)]
    if between is not None:
        ways, from_x = [(x_1 + side * WIDE / 2, y_1), (between, y_1)], between
    return _arrow([*ways, (from_x, over - 22), (x_2, over - 22), (x_2, over)])


def _towards(start: Point, goal: Point, distance: float) -> Point:
    """The point at `distance` from `start` on the way to `goal`."""
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    share = distance / math.hypot(dx, dy)
    return start[0] + dx * share, start[1] + dy * share


def _n(value: float) -> str:
    """A number, shortly and the same everywhere: one decimal at most, no minus zero."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _p(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


if __name__ == "__main__":
    sys.exit(main())
