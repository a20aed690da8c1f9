"""Diagrams of attention without recurrence: who looks at whom, and the transformer block."""

from __future__ import annotations

from collections.abc import Callable

from tools.figures.kit import (
    Point,
    arrow,
    arrow_between,
    box,
    circle,
    dot,
    drawing,
    group,
    heading,
    note,
    text,
    track_arrow,
    wire,
)

LETTERS = (".", "a", "n", "n", "a")


def who_looks_at_whom() -> str:
    """The same five letters, read by a recurrent layer, by attention, and with a causal mask."""
    places = [100.0, 230.0, 360.0, 490.0, 620.0]
    radius, gap, height = 28.0, 152.0, 276.0
    first, last = 0, len(LETTERS) - 1

    def row(top: float, title: str, name: str, role: str, joined: list[str]) -> str:
        read, said = top + gap, top
        return group(
            title,
            heading(28, top - 62, title),
            *joined,
            *(
                circle(x, read, one, "input", radius=radius)
                for x, one in zip(places, LETTERS, strict=True)
            ),
            *(
                circle(x, said, f"${name}_{t}$", role, radius=radius, size=24)
                for t, x in enumerate(places, 1)
            ),
        )

    def looks(top: float, sees: Callable[[int, int], bool]) -> list[str]:
        ends: list[tuple[bool, Point, Point]] = [
            ((s, t) == (first, last), (places[s], top + gap), (places[t], top))
            for t in range(len(LETTERS))
            for s in range(len(LETTERS))
            if sees(s, t)
        ]
        thin = [wire(a, b, radius, radius, "gate", width=2) for path, a, b in ends if not path]
        return [
            *thin,
            *(arrow_between(a, b, radius, radius, "state") for path, a, b in ends if path),
        ]

    tops = [104.0 + k * height for k in range(3)]
    along = [
        arrow_between((a, tops[0]), (b, tops[0]), radius, radius, "state")
        for a, b in zip(places, places[1:], strict=False)
    ]
    up = [
        arrow_between(
            (x, tops[0] + gap), (x, tops[0]), radius, radius, "state" if not k else "input"
        )
        for k, x in enumerate(places)
    ]
    return drawing(
        860,
        "Three ways to read a name",
        "Three rows, each with the five letters full stop, a, n, n, a below and five circles "
        "above. First row, recurrent: each letter leads up to its own state, and each state leads "
        "to the next one; the way from the first letter to the last state, in orange, has five "
        "arrows. Second row, self-attention: every letter is joined to every answer; from the "
        "first letter to the last answer it is one orange arrow. Third row, with a causal mask: "
        "each answer is joined to its own letter and to those before it only; the one orange "
        "arrow is still there.",
        [
            row(tops[0], "Recurrent: one step after the other", "h", "state", [*along, *up]),
            row(
                tops[1],
                "Self-attention: all look at all",
                "y",
                "output",
                looks(tops[1], lambda s, t: True),
            ),
            row(
                tops[2],
                "With a causal mask: nobody looks ahead",
                "y",
                "output",
                looks(tops[2], lambda s, t: s <= t),
            ),
        ],
    )


def transformer_block() -> str:
    """One block: heads, then dense layers, each half with a normalization and a way around."""
    x, around, radius = 250.0, 470.0, 26.0
    rows = {"X": 838.0, "norm 1": 724.0, "heads": 622.0, "sum 1": 522.0}
    rows |= {"norm 2": 392.0, "wide": 302.0, "narrow": 212.0, "sum 2": 124.0, "Y": 44.0}
    tall, wide = 58.0, 340.0

    def stage(name: str, label: str, role: str) -> str:
        return box(x, rows[name], wide, tall, label, role)

    def up(below: str, above: str, role: str = "state") -> str:
        start = rows[below] - (radius if "sum" in below else tall / 2)
        end = rows[above] + (radius if "sum" in above else tall / 2)
        return arrow((x, start), (x, end), role)

    def way_around(height: float, name: str) -> str:
        path = [(x, height), (around, height), (around, rows[name]), (x + radius, rows[name])]
        return "\n".join([track_arrow(path, "state", width=4), dot((x, height), "state", radius=7)])

    return drawing(
        892,
        "A transformer block",
        "From the bottom up: the blue input X, T rows of m numbers; a grey box, normalize each "
        "row; a green box, heads, in which the steps look at each other; a plus sign. A thick "
        "orange line leads from X past both boxes into the plus sign. Above it the second half: "
        "normalize each row, an orange box dense with 4 m units and ReLU, an orange box dense "
        "with m units, a second plus sign, into which another thick line leads past these boxes. "
        "At the top the purple output Y, T rows of m numbers.",
        [
            group(
                "the first half",
                box(x, rows["X"], wide, tall, "$X$: $T$ rows of $m$ numbers", "input"),
                up("X", "norm 1", "input"),
                stage("norm 1", "normalize each row", "weight"),
                up("norm 1", "heads"),
                stage("heads", "heads", "gate"),
                up("heads", "sum 1"),
                way_around(780, "sum 1"),
                circle(x, rows["sum 1"], "+", "state", radius=radius),
                text(506, 652, "the steps look\nat each other", anchor="start"),
            ),
            group(
                "the second half",
                up("sum 1", "norm 2"),
                stage("norm 2", "normalize each row", "weight"),
                up("norm 2", "wide"),
                stage("wide", "dense: $4m$ units, ReLU", "state"),
                up("wide", "narrow"),
                stage("narrow", "dense: $m$ units", "state"),
                up("narrow", "sum 2"),
                way_around(456, "sum 2"),
                circle(x, rows["sum 2"], "+", "state", radius=radius),
                text(506, 288, "each step works\nby itself", anchor="start"),
            ),
            *(note(486, y, "handed on as it is", anchor="start") for y in (150, 548)),
            up("sum 2", "Y", "output"),
            box(x, rows["Y"], wide, tall, "$Y$: $T$ rows of $m$ numbers", "output"),
        ],
    )
