"""Diagrams of the lectures on series: what comes next, and how not to cheat."""

from __future__ import annotations

from tools.figures.kit import (
    Point,
    arrow,
    arrow_between,
    box,
    circle,
    dot,
    dots,
    drawing,
    group,
    heading,
    line,
    note,
    plate,
    symbol,
    text,
    time_axis,
    track_arrow,
    wire,
)


def three_openings() -> str:
    """Three sequences that stop: a movement, a price, a sentence."""

    def strip(y: float, name: str, question: str, *parts: str) -> str:
        return group(
            name,
            heading(28, y - 76, name),
            text(692, y - 76, question, anchor="end", role="output"),
            *parts,
            box(642, y + 6, 92, 104, "?", "output", size=40, dashed=True, bold=True),
        )

    ground = 174.0
    poses = [(66.0, _STAND), (212.0, _LEAN), (368.0, _HANDSTAND), (508.0, _mirror(_LEAN))]
    movement = [line([(28, ground), (572, ground)], "quiet", width=2)]
    movement += [_stick_figure(x, ground - 3, pose) for x, pose in poses]

    heights = [4, 20, 10, 34, 26, 50, 38, 30, 54, 44, 56, 68, 80]  # up on the last three
    prices = [(36.0 + 44 * i, 368.0 - h) for i, h in enumerate(heights)]
    price = [
        line([(28, 384), (572, 384)], "quiet", width=2),
        line(prices, "input"),
        *(dot(place, "input", radius=5) for place in prices),
    ]

    places = [79.0, 188.0, 297.0, 406.0, 515.0]
    words = [
        box(x, 532, 96, 64, word, "input")
        for x, word in zip(places, ["the", "cat", "sat", "on", "the"], strict=True)
    ]
    return drawing(
        656,
        "Three sequences, and what comes next?",
        "Three strips, each ending in a dashed box with a question mark. First, a stick figure "
        "turns a cartwheel in four poses. Second, a line of prices goes up and down, and up on "
        "its last three days. Third, the "
        "words: the cat sat on the.",
        [
            strip(116, "A movement", "the next pose?", *movement),
            strip(326, "A price", "tomorrow’s price?", *price),
            strip(526, "A sentence", "the next word?", *words),
            time_axis(28, 692, 610),
        ],
    )


_Pose = dict[str, list[Point]]


# Limbs as lines, measured in pixels from the point on the ground below the hips; y points up.
_STAND: _Pose = {
    "body": [(0, 78), (0, 44)],
    "arms": [(-26, 108), (0, 76), (26, 108)],
    "legs": [(-9, 0), (-5, 22), (0, 44), (16, 26), (30, 8)],
    "head": [(0, 97)],
}


_LEAN: _Pose = {
    "body": [(0, 56), (30, 42)],
    "arms": [(58, 4), (30, 42), (76, 10)],
    "legs": [(8, 0), (6, 28), (0, 56), (-26, 74), (-54, 90)],
    "head": [(50, 48)],
}


_HANDSTAND: _Pose = {
    "body": [(0, 40), (0, 74)],
    "arms": [(-17, 0), (-14, 20), (0, 40), (14, 20), (17, 0)],
    "legs": [(-42, 106), (-24, 88), (0, 74), (24, 88), (42, 106)],
    "head": [(0, 22)],
}


def _mirror(pose: _Pose) -> _Pose:
    return {limb: [(-x, y) for x, y in points] for limb, points in pose.items()}


def _stick_figure(x: float, ground: float, pose: _Pose) -> str:
    def place(points: list[Point]) -> list[Point]:
        return [(x + dx, ground - dy) for dx, dy in points]

    limbs = [line(place(pose[limb]), "input", width=5) for limb in ("body", "arms", "legs")]
    return "\n".join([*limbs, dot(place(pose["head"])[0], "input", radius=11)])


def kinds_of_targets() -> str:
    """From one sequence: the next value, one class, a whole sequence."""
    columns = [290.0, 382.0, 474.0, 566.0, 658.0]
    last, after = columns[3], columns[4]
    reach, radius = 88.0, 29.0

    def row(y: float, name: str, example: str, *above: str) -> str:
        below = [dots(columns[2], y + reach)]
        for x, label in [(columns[0], "x_1"), (columns[1], "x_2"), (last, "x_T")]:
            below.append(arrow((x, y + reach - radius), (x, y + 18), "input"))
            below.append(circle(x, y + reach, f"${label}$", "input", radius=radius))
        return group(
            name,
            heading(28, y - 26, name),
            note(28, y + 8, example, anchor="start"),
            *below,
            box((columns[0] + last) / 2, y, 356, 36, "network", "state", size=20),
            *above,
        )

    def output(x: float, y: float, label: str) -> str:
        return "\n".join(
            [
                arrow((x, y - 18), (x, y - reach + radius), "output"),
                circle(x, y - reach, f"${label}$", "output", radius=radius),
            ]
        )

    first, second, third = 142.0, 428.0, 714.0
    return drawing(
        856,
        "Three things to predict from one sequence",
        "Three rows. In each, the inputs x 1 to x T stand in blue below an orange network. Above "
        "it, in purple, stands what is predicted: in the first row one value, for the step after "
        "the last; in the second row one class for the whole sequence; in the third row one "
        "output for each step.",
        [
            row(
                first,
                "The next value",
                "what will the\nprice be\ntomorrow?",
                track_arrow(
                    [(last, first - 18), (last, first - reach), (after - radius, first - reach)],
                    "output",
                ),
                circle(after, first - reach, "$ŷ$", "output", radius=radius),
                line(
                    [(after, first - reach + radius), (after, first + reach - 35)],
                    "quiet",
                    dashed=True,
                ),
                circle(
                    after, first + reach, "$x_{T+1}$", "target", radius=35, size=24, dashed=True
                ),
            ),
            line([(28, 285), (692, 285)], "quiet", width=1.5),
            row(
                second,
                "One class",
                "is this review\ngood or bad?",
                arrow((last, second - 18), (last, second - 62), "output"),
                box(last, second - reach, 116, 52, "good", "output"),
            ),
            line([(28, 571), (692, 571)], "quiet", width=1.5),
            row(
                third,
                "A sequence",
                "what kind of\nword is each\nof these?",
                output(columns[0], third, "ŷ_1"),
                output(columns[1], third, "ŷ_2"),
                dots(columns[2], third - reach),
                output(last, third, "ŷ_T"),
            ),
        ],
    )


def dense_network() -> str:
    """A dense network on a series: each day has its own weights."""
    days = {
        "1": (66.0, 452.0),
        "2": (178.0, 414.0),
        "3": (290.0, 436.0),
        "T-1": (532.0, 392.0),
        "T": (654.0, 416.0),
    }
    units = {"1": (130.0, 200.0), "2": (330.0, 200.0), "p": (590.0, 200.0)}
    output = (360.0, 60.0)
    day_radius, radius = 33.0, 32.0

    faint, bold, labels = [], [], []
    for day, place in days.items():
        for unit, unit_place in units.items():
            if unit != "2":
                faint.append(wire(place, unit_place, day_radius, radius, "quiet"))
        target = units["2"]
        bold.append(wire(place, target, day_radius, radius, "weight", width=3))
        share = {"T-1": 0.27, "T": 0.36}.get(day, 0.42)
        x, y = (p + share * (q - p) for p, q in zip(place, target, strict=True))
        labels.append(plate(x, y, 66 if "-" in day else 44, 36))
        labels.append(symbol(x, y - 2, f"w_{{{day}}}", size=26, role="weight"))
    series = list(days.values())
    return drawing(
        640,
        "A dense network on a series",
        "At the bottom, the T days of a series stand as blue points along a time axis. Each of "
        "them is wired to each of p orange hidden units, which are wired to one purple output. "
        "The wires to the second unit carry the labels w 1 to w T: each day has its own weight. "
        "A grey box counts them: T times p weights, one for each day and unit.",
        [
            line(series[:3], "input", dashed=True),
            line(series[3:], "input", dashed=True),
            dots(411, 416),
            group("every day to every unit", *faint),
            group("the weights of one unit", *bold, *labels),
            group(
                "the days",
                *(
                    circle(x, y, f"$x_{{{day}}}$", "input", radius=day_radius, size=26)
                    for day, (x, y) in days.items()
                ),
            ),
            group(
                "hidden units and output",
                *(
                    arrow_between(place, output, radius, radius, "state", width=2)
                    for place in units.values()
                ),
                *(circle(x, y, f"$a_{unit}$", "state") for unit, (x, y) in units.items()),
                dots(460, 200),
                circle(*output, "$ŷ$", "output"),
            ),
            time_axis(28, 692, 512),
            box(360, 590, 664, 60, "$T$ · $p$ weights: one for each day and each unit", "weight"),
        ],
    )
