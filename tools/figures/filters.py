"""A diagram of filters that read words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tools.figures.kit import (
    arrow,
    box,
    cells,
    circle,
    drawing,
    group,
    heading,
    highlight,
    line,
    note,
    text,
    track_arrow,
)

Vector = tuple[int, int, int]

#: What the network reads: the zeros that causal padding puts in front, and a vector for each word.
WORDS: dict[str, Vector] = {
    "start": (0, 0, 0),
    "this": (0, 0, 1),
    "was": (1, 0, 1),
    "not": (2, -1, 0),
    "good": (-1, 2, 0),
    "fun": (0, 1, 1),
}
#: For each filter the weights of the first and the second word of its window, and its bias.
FILTERS: tuple[tuple[tuple[Vector, Vector], int], ...] = (
    (((1, 0, 0), (0, 1, -1)), -2),
    (((-1, 1, 0), (0, 1, 0)), 0),
)
#: What the output unit multiplies the two largest answers by; it has no bias here.
OUT_WEIGHTS = (-3, 1)


def text_cnn() -> str:
    """Two filters of two words slide along a sentence; the largest answer of each is kept."""
    pairs = list(zip(WORDS.values(), list(WORDS.values())[1:], strict=False))
    answers = [
        [max(0, _dot(w_1, x_1) + _dot(w_2, x_2) + bias) for x_1, x_2 in pairs]
        for (w_1, w_2), bias in FILTERS
    ]
    kept = [max(row) for row in answers]
    score = _dot(OUT_WEIGHTS, kept)
    praise = 1 / (1 + math.exp(-score))

    left, step, wide, tall = 146.0, 76.0, 52.0, 36.0
    xs = [left + step * i for i in range(len(WORDS))]
    places = [x + step / 2 for x in xs[:-1]]
    here = list(WORDS).index("not")  # the place that is drawn: the window covers "not good"
    window = places[here]
    words, vectors, filters, rows, out = 742.0, 634.0, 454.0, (204.0, 300.0), 72.0
    between = (filters - 84, sum(rows) / 2 + 8)  # heights at which the answers' arrows turn
    spread, over = 84.0, vectors - 86
    kept_xs, out_x, side = (604.0, 664.0), 634.0, 54.0
    top = filters - 1.5 * tall

    def word(x: float, name: str, vector: Vector) -> str:
        role = "quiet" if name == "start" else "input"
        return group(
            name,
            box(x, words, 66, 46, name, role, size=20),
            arrow((x, words - 23), (x, vectors + 1.5 * tall), role),
            _table(x, vectors, [vector], role, wide, tall),
        )

    def weights(k: int) -> str:
        (pair, bias), sign, anchor = FILTERS[k], (-1, 1)[k], ("end", "start")[k]
        x = window + sign * spread
        return group(
            f"filter {k + 1}",
            track_arrow([(window, over), (x, over), (x, filters + 1.5 * tall)], "weight"),
            _table(x, filters, pair, "weight", wide, tall),
            text(x + sign * 66, filters - 14, f"filter {k + 1}", anchor=anchor, bold=True),
            text(x + sign * 66, filters + 16, f"bias {_whole(bias)}", anchor=anchor, size=20),
        )

    def row(k: int) -> str:
        y, largest, x_kept = rows[k], answers[k].index(kept[k]), kept_xs[k]
        x_out = out_x + (-16, 16)[k]

        def cell(x: float, number: int, *, picked: bool) -> str:
            label = [_whole(number)]
            return cells(x - side / 2, y, label, "state", width=side, height=44, picked=picked)

        return group(
            f"answers of filter {k + 1}",
            text(28, y, f"filter {k + 1}", anchor="start"),
            *(
                cell(x, z, picked=t == largest)
                for t, (x, z) in enumerate(zip(places, answers[k], strict=True))
            ),
            arrow((places[-1] + side / 2, y), (x_kept - side / 2, y), "state"),
            text(places[-1] + side / 2 + 32, y - 22, "max", size=20),
            cell(x_kept, kept[k], picked=True),
            arrow((x_kept, y - 22), (x_out, out + 29), "output"),
            text(
                x_kept + (-8, 4)[k],
                out + 68,
                _whole(OUT_WEIGHTS[k]),
                size=20,
                anchor=("end", "start")[k],
                role="weight",
            ),
        )

    return drawing(
        780,
        "A text CNN reads five words",
        _description(answers, kept, praise),
        [
            group(
                "the window, here and at the next place",
                box(window + step, vectors, 2 * step - 6, 3 * tall + 26, "", "weight", dashed=True),
                highlight(window, vectors, 2 * step - 6, 3 * tall + 28),
                line([(window, vectors - 68), (window, over)], "weight"),
                note(window + step + 20, over, "next place", anchor="start"),
            ),
            text(28, words, "words", anchor="start"),
            text(28, vectors, "vectors", anchor="start"),
            *(word(x, *item) for x, item in zip(xs, WORDS.items(), strict=True)),
            weights(0),
            weights(1),
            heading(places[0] - side / 2, rows[0] - 52, "answers after ReLU"),
            row(0),
            row(1),
            group(
                "the answers at this place",
                track_arrow(
                    [
                        (window - spread, top),
                        (window - spread, between[0]),
                        (window - step / 2, between[0]),
                        (window - step / 2, between[1]),
                        (window, between[1]),
                        (window, rows[0] + 22),
                    ],
                    "state",
                    corner=10,
                ),
                track_arrow(
                    [
                        (window + spread, top),
                        (window + spread, between[0]),
                        (window, between[0]),
                        (window, rows[1] + 22),
                    ],
                    "state",
                    corner=10,
                ),
            ),
            group(
                "the output",
                circle(out_x, out, "$ŷ$", "output"),
                text(out_x - 50, out - 16, "probability of praise", anchor="end", bold=True),
                text(
                    out_x - 50,
                    out + 16,
                    f"sigmoid({_sum(OUT_WEIGHTS, kept)}) = {praise:.2f}",
                    anchor="end",
                ),
            ),
        ],
    )


def _description(answers: Sequence[Sequence[int]], kept: Sequence[int], praise: float) -> str:
    first, second = (", ".join(map(str, row)) for row in answers)
    return (
        "From below: a grey start of zeros and the words this, was, not, good, fun in blue, each "
        "with a vector of three numbers. A yellow window lies on the vectors of not and good, a "
        "dashed one, the next place, on good and fun. Arrows lead from the window to two filters, "
        "grey tables of three by two weights with a bias, and from each to one cell of its row of "
        f"five answers after ReLU: {first} for filter 1, whose {kept[0]} stands at not good, and "
        f"{second} for filter 2, whose {kept[1]} stands at good fun. The largest answer of each "
        f"row is yellow. An arrow, max, leads from each row to it, {kept[0]} and {kept[1]}, and "
        "from these two, with the weights "
        f"{_whole(OUT_WEIGHTS[0])} and {_whole(OUT_WEIGHTS[1])}, purple arrows lead to the "
        f"output, the probability of praise, {praise:.2f}."
    )


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _sum(weights: Sequence[int], numbers: Sequence[int]) -> str:
    products = (f"{_whole(w)} · {z}" for w, z in zip(weights, numbers, strict=True))
    return " + ".join(products)


def _whole(number: int) -> str:
    """Write a whole number with a real minus sign."""
    return str(number).replace("-", "\N{MINUS SIGN}")


def _table(
    x: float, y: float, columns: Sequence[Vector], role: str, wide: float, tall: float
) -> str:
    """Draw vectors as columns of cells side by side, centred on (x, y)."""
    left = x - len(columns) * wide / 2
    rows = zip(*columns, strict=True)
    return "\n".join(
        cells(left, y + (i - 1) * tall, [_whole(v) for v in row], role, width=wide, height=tall)
        for i, row in enumerate(rows)
    )
