"""Diagrams of a linear recurrence that is computed in parallel: by doubling, and in chunks."""

from __future__ import annotations

from tools.figures.kit import (
    arrow,
    arrow_between,
    box,
    circle,
    drawing,
    group,
    line,
    note,
    text,
)

STEPS, REACHES = 8, (1, 2, 4)  # steps of the first drawing, and how far each round reaches back
CHUNK, CHUNKS = 4, 3  # steps of a chunk, and chunks, of the second


def scan_tree() -> str:
    """Eight steps become eight states in three rounds: each joins pairs twice as far apart."""
    left, apart, bottom, rise, radius = 110.0, 80.0, 540.0, 160.0, 27.0
    xs = [left + apart * t for t in range(STEPS)]
    heights = [bottom - rise * level for level in range(len(REACHES) + 1)]

    def place(level: int, t: int) -> tuple[float, float]:
        return xs[t], heights[level]

    def round_of(level: int, reach: int) -> str:
        joins = []
        for t in range(STEPS):
            below, here = place(level - 1, t), place(level, t)
            joins.append(arrow_between(below, here, radius, radius, "weight", width=2))
            if t >= reach:
                source = place(level - 1, t - reach)
                joins.append(arrow_between(source, here, radius, radius, "state", width=2))
        return group(f"round {level}", *joins)

    def circles(level: int) -> str:
        done, letter = 2**level, {0: "x", len(REACHES): "h"}.get(level)
        marks = [
            circle(
                *place(level, t),
                f"${letter}_{t + 1}$" if letter else "",
                "state" if t < done else "input",
                radius=radius,
                size=24,
            )
            for t in range(STEPS)
        ]
        return group(f"pairs after round {level}", *marks)

    levels = range(len(REACHES) + 1)
    return drawing(
        630,
        "A scan by doubling",
        "Eight circles in a row at the bottom stand for eight steps. Three rows of eight circles "
        "lie above. Each circle has a grey arrow from the one below it. In the first row there "
        "is also an orange arrow from the left neighbour, in the second from two places to the "
        "left, in the third from four places. Finished states are orange: one in the bottom row, "
        "then two, four, and all eight in the top row.",
        [
            *(round_of(level, reach) for level, reach in enumerate(REACHES, 1)),
            *(circles(level) for level in levels),
            *(note(40, heights[level], f"{2**level}") for level in levels),
            note(20, bottom + 62, "steps in each circle", anchor="start"),
        ],
    )


def scan_chunks() -> str:
    """A sequence in three chunks: a triangle of weights for each, a state handed on."""
    left, top, cell = 150.0, 96.0, 40.0
    total, side = CHUNK * CHUNKS, CHUNK * cell
    whole = total * cell

    def cells_of(chunk: int) -> str:
        x_0, y_0 = left + chunk * side, top + chunk * side
        squares = [
            box(x_0 + (j + 0.5) * cell, y_0 + (t + 0.5) * cell, cell, cell, "", "gate", corner=0)
            for t in range(CHUNK)
            for j in range(t + 1)
        ]
        return group(f"chunk {chunk + 1}", *squares)

    def handed_on(chunk: int) -> str:
        x, y = left + (chunk + 1) * side, top + (chunk + 1) * side
        state = (x - 58, y + side / 2)
        return group(
            f"the state behind chunk {chunk + 1}",
            arrow((x - 58, y), (state[0], state[1] - 28), "state"),
            circle(*state, f"$h_{(chunk + 1) * CHUNK}$", "state", radius=28, size=24),
            arrow((state[0] + 28, state[1]), (x, state[1]), "state"),
        )

    frame = [(left, top), (left + whole, top), (left + whole, top + whole), (left, top + whole)]
    return drawing(
        606,
        "A recurrence in chunks",
        "A large square has twelve steps along each side. Along its diagonal lie three green "
        "triangles of small squares, one for each chunk of four steps. An orange arrow leads "
        "from the last step of each chunk down to the next one. The rest of the square is empty.",
        [
            line([*frame, frame[0]], "quiet", width=1.5),
            *(cells_of(chunk) for chunk in range(CHUNKS)),
            *(handed_on(chunk) for chunk in range(CHUNKS - 1)),
            text(left + whole / 2, 40, "inputs $b_j$, earlier ones left"),
            text(16, top + 30, "states\n$h_t$", anchor="start"),
            note(left + whole - 8, top + 40, "later inputs: no weight", anchor="end"),
            note(left + 8, top + whole - 40, "by the state\nhanded on", anchor="start"),
        ],
    )
