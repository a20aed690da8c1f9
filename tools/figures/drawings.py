"""Draw the book's diagrams: ``python -m tools.figures.drawings``.

One function a figure, in the vocabulary of `kit`. The same call writes the logo and the
favicon; with ``--social`` it also redraws the social card and ``favicon.ico``, for which it needs a
Chromium, Chrome or Edge on this machine.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tools.figures.kit import (
    PANEL,
    TINTS,
    Point,
    arrow,
    arrow_between,
    box,
    cells,
    circle,
    curved_arrow,
    dot,
    dots,
    drawing,
    fraction,
    group,
    highlight,
    line,
    plate,
    symbol,
    text,
    time_axis,
    track_arrow,
    wire,
)

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "lectures" / "figures"
STATIC = ROOT / "_static"

BOOK_TITLE = "Recurrent Neural Networks"
BOOK_SUBTITLE = "a course book that runs"


# --- Lecture 01 --------------------------------------------------------------------------------


def three_openings() -> str:
    """Three sequences that stop: a movement, a price, a sentence."""

    def strip(y: float, name: str, question: str, *parts: str) -> str:
        return group(
            name,
            text(28, y - 76, name, anchor="start", bold=True),
            text(692, y - 76, question, anchor="end", role="output"),
            *parts,
            box(642, y + 6, 92, 104, "?", "output", size=40, dashed=True, bold=True),
        )

    ground = 174.0
    poses = [(66.0, _STAND), (212.0, _LEAN), (368.0, _HANDSTAND), (508.0, _mirror(_LEAN))]
    movement = [line([(28, ground), (572, ground)], "quiet", width=2)]
    movement += [_stick_figure(x, ground - 3, pose) for x, pose in poses]

    heights = [4, 20, 10, 34, 26, 50, 38, 30, 54, 74, 62, 80, 70]
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
        "turns a cartwheel in four poses. Second, a line of prices goes up and down. Third, the "
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
            text(28, y - 26, name, anchor="start", bold=True),
            text(28, y + 8, example, anchor="start", size=20, role="weight"),
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
                *(circle(x, y, f"$h_{unit}$", "state") for unit, (x, y) in units.items()),
                dots(460, 200),
                circle(*output, "$ŷ$", "output"),
            ),
            time_axis(28, 692, 512),
            box(
                360,
                590,
                664,
                60,
                "$T$ · $p$ weights: one for each day and each unit",
                "weight",
            ),
        ],
    )


# --- Lecture 02 --------------------------------------------------------------------------------


def recurrent_neuron() -> str:
    """One neuron that reads today's input and its own last output."""
    x, y, radius = 320.0, 220.0, 60.0
    back, high = 486.0, 84.0
    return drawing(
        430,
        "A single recurrent neuron",
        "The input x t goes, times the weight w 1, into an orange neuron marked tanh. Its bias "
        "w 0 comes from below. The prediction y hat t leaves to the right. A loop carries it "
        "back, one step later and times the weight w 2, into the neuron as y hat t minus 1.",
        [
            group(
                "the input",
                circle(80, y, "$x_t$", "input", radius=40),
                arrow((120, y), (x - radius, y), "input", width=4),
                symbol(184, y + 30, "w_1", role="weight"),
            ),
            group(
                "the output",
                circle(640, y, "$ŷ_t$", "output", radius=40),
                arrow((x + radius, y), (600, y), "output", width=4),
            ),
            group(
                "the loop",
                track_arrow(
                    [(back, y), (back, high), (x, high), (x, y - radius)],
                    "state",
                    width=4,
                    corner=26,
                ),
                dot((back, y), "state", radius=8),
                text((x + back) / 2, high - 36, "$ŷ_{t-1}$, one step later"),
                symbol(x - 34, 122, "w_2", role="weight"),
            ),
            group(
                "the neuron",
                arrow((x, 334), (x, y + radius), "weight", width=4),
                symbol(x + 36, 316, "w_0", role="weight"),
                circle(x, y, "tanh", "state", radius=radius, size=26),
            ),
            text(360, 384, "$ŷ_t$ = tanh($w_0 + w_1 x_t + w_2 ŷ_{t-1}$)", size=28),
        ],
    )


def unrolled_neuron() -> str:
    """The same neuron, drawn once for each time step."""
    steps = [(190.0, "1"), (366.0, "2"), (620.0, "T")]
    y, radius = 200.0, 44.0
    copies = []
    for x, t in steps:
        copies.append(
            group(
                f"step {t}",
                arrow((x, 322), (x, y + radius), "input"),
                symbol(x + 28, 282, "w_1", role="weight"),
                circle(x, 354, f"$x_{t}$", "input"),
                arrow((x - 60, y + 84), (x - 26, y + 36), "weight"),
                symbol(x - 66, y + 104, "w_0", role="weight"),
                circle(x, y, "tanh", "state", radius=radius),
                text(x, 410, f"$t$ = ${t}$"),
            )
        )
    return drawing(
        540,
        "The neuron unrolled in time",
        "The same orange neuron stands three times in a row, for the steps 1, 2 and T. Each copy "
        "reads its own input from below by the weight w 1, a bias w 0, and the output of the "
        "copy before it by the weight w 2. The first one reads 0. Only the last output, y hat T, "
        "is compared with the target y in the loss L. A grey box says that the three weights are "
        "the same numbers at every step.",
        [
            group(
                "from step to step",
                text(24, y, "$ŷ_0$ = 0", anchor="start"),
                arrow((104, y), (190 - radius, y), "state"),
                arrow((190 + radius, y), (366 - radius, y), "state"),
                arrow((366 + radius, y), (456, y), "state"),
                dots(486, y),
                arrow((512, y), (620 - radius, y), "state"),
                symbol(278, y - 31, "ŷ_1"),
                symbol(440, y - 31, "ŷ_2"),
                *(symbol(x, y + 24, "w_2", role="weight") for x in (124, 278, 436, 540)),
            ),
            *copies,
            group(
                "the loss",
                arrow((620, y - radius), (620, 98), "output"),
                circle(620, 62, "$ŷ_T$", "output", radius=36),
                arrow((584, 62), (506, 62), "target"),
                box(388, 62, 232, 56, "loss $L$ = ($ŷ_T$ − $y$)²", "target"),
            ),
            box(
                360,
                484,
                664,
                60,
                "$w_0$, $w_1$, $w_2$: the same three numbers at every step",
                "weight",
            ),
        ],
    )


def two_ways_to_the_gradient() -> str:
    """Forward accumulation beside backpropagation through time."""
    states = {"ŷ_1": 92.0, "ŷ_2": 242.0, "ŷ_T": 482.0}
    x_1, x_2, x_t = states.values()
    loss, middle, radius = 640.0, 362.0, 36.0

    def chain(y: float, *, stored: bool) -> str:
        return group(
            "the recurrence, forward in time",
            *(highlight(x, y, 96, 92) for x in states.values() if stored),
            arrow((x_1 + radius, y), (x_2 - radius, y), "state"),
            arrow((x_2 + radius, y), (middle - 28, y), "state"),
            dots(middle, y),
            arrow((middle + 28, y), (x_t - radius, y), "state"),
            arrow((x_t + radius, y), (loss - 34, y), "output"),
            *(circle(x, y, f"${s}$", "state", radius=radius) for s, x in states.items()),
            box(loss, y, 68, 68, "$L$", "target", size=28),
        )

    def steps(y: float, stops: list[float]) -> str:
        """Draw dashed arrows from stop to stop; the dots stand in the middle of them."""
        parts = [dots(middle, y, "target")]
        for a, b in zip(stops, stops[1:], strict=False):
            side = 1 if b > a else -1
            gap_a, gap_b = (28 if stop == middle else 40 for stop in (a, b))
            parts.append(arrow((a + side * gap_a, y), (b - side * gap_b, y), "target", dashed=True))
        return group("the derivatives", *parts)

    up, down = 124.0, 464.0
    u, d = up + 104, down + 110
    return drawing(
        712,
        "Two ways to the gradient",
        "The unrolled neuron twice, with states y hat 1 to y hat T and the loss L. Above, forward "
        "accumulation: dashed arrows run to the right with the states and carry the derivative "
        "of y hat t with respect to w; no state is stored. Below, backpropagation through time: "
        "dashed arrows run back from the loss to the left and carry the derivative of L with "
        "respect to y hat t; a yellow ground marks every state as stored.",
        [
            text(28, 42, "Forward accumulation", anchor="start", bold=True),
            chain(up, stored=False),
            steps(u, [x_1, x_2, middle, x_t, loss]),
            *(fraction(x, u, f"d{state}", "dw") for state, x in states.items()),
            fraction(loss, u, "dL", "dw"),
            text(28, 306, "One pass, left to right. No state is stored.", anchor="start"),
            line([(28, 342), (692, 342)], "quiet", width=1.5),
            text(28, 378, "Backpropagation through time", anchor="start", bold=True),
            chain(down, stored=True),
            steps(d, [loss, x_t, middle, x_2, x_1]),
            *(fraction(x, d, "dL", f"d{state}") for state, x in states.items()),
            symbol(loss, d, "L"),
            text(28, 650, "There and back. Every state is stored (yellow),", anchor="start"),
            text(28, 680, "and each step adds its share to $dL$/$dw$.", anchor="start"),
        ],
    )


def split_in_time() -> str:
    """The honest split of many series, beside one that leaks."""
    cell, rows, columns = 29.0, 8, 10
    top, held_out = 114.0, 5
    width, height = columns * cell, rows * cell

    def block(
        left: float, days: tuple[int, int], tickers: tuple[int, int], label: str, role: str
    ) -> str:
        return box(
            left + sum(days) / 2 * cell,
            top + sum(tickers) / 2 * cell,
            (days[1] - days[0]) * cell,
            (tickers[1] - tickers[0]) * cell,
            label,
            role,
            corner=3,
            bold=True,
        )

    def unused(left: float, day: float, ticker: float) -> str:
        x, y = left + day * cell, top + ticker * cell
        return "\n".join([plate(x, y, 84, 30), text(x, y, "unused", size=20, role="weight")])

    def grid(left: float, title: str, verdict: str, *blocks: str) -> str:
        right, bottom = left + width, top + height
        across = [top + r * cell for r in range(rows + 1)]
        along = [left + c * cell for c in range(columns + 1)]
        return group(
            title,
            text(left + width / 2, 42, title, bold=True),
            text(left, 90, "tickers", anchor="start", size=20, role="weight"),
            *(line([(left, y), (right, y)], "quiet", width=1) for y in across),
            *(line([(x, top), (x, bottom)], "quiet", width=1) for x in along),
            *blocks,
            time_axis(left, right, bottom + 22, "days"),
            text(left + width / 2, bottom + 88, verdict),
        )

    here, there = 40.0, 390.0
    return drawing(
        498,
        "A split in time, and one that leaks",
        "Two grids of tickers by days. Left, the split in time: the training block covers early "
        "days of some tickers, the test block later days of other tickers, with no day in "
        "common; the rest is unused. Right, the leaky split: training and test block hold "
        "different tickers, but cover the same days.",
        [
            grid(
                here,
                "Split in time",
                "no day in common:\nthe test is the future",
                block(here, (0, 6), (0, held_out), "train", "input"),
                block(here, (7, columns), (held_out, rows), "test", "output"),
                unused(here, 8, 2.5),
                unused(here, 3, 6.5),
            ),
            grid(
                there,
                "Leaky split",
                "the same days in both:\nthe market’s move leaks",
                block(there, (0, columns), (0, held_out), "train", "input"),
                block(there, (0, columns), (held_out, rows), "test", "output"),
            ),
        ],
    )


# --- Lecture 03 --------------------------------------------------------------------------------


def several_neurons() -> str:
    """A recurrent layer: every input and every earlier state to every unit."""
    left, right, radius, wide = 214.0, 500.0, 33.0, 39.0
    before = {"1": (left, 124.0), "2": (left, 210.0), "p": (left, 338.0)}
    inputs = {"1": (left, 446.0), "2": (left, 524.0), "m": (left, 644.0)}
    units = {"1": (right, 298.0), "2": (right, 378.0), "p": (right, 502.0)}
    crowd, back, high = 334.0, 622.0, 34.0
    out = (units["1"][1] + units["p"][1]) / 2

    def ground(places: dict[str, Point], reach: float) -> str:
        (x, top), *_, (_, bottom) = places.values()
        height = bottom - top + 2 * reach + 20
        return plate(x, (top + bottom) / 2, 2 * reach + 24, height, fill=TINTS["weight"])

    def wires(places: dict[str, Point], role: str, reach: float) -> list[str]:
        return [
            wire(a, b, reach, radius, role, width=1.5)
            for a in places.values()
            for b in units.values()
        ]

    def matrix(x: float, name: str, role: str, shape: str, width: float = 66) -> str:
        return "\n".join(
            [
                box(x, 752, width, 54, f"${name}$", role, size=26, corner=4),
                symbol(x, 804, shape, size=20),
            ]
        )

    formula = [(118.0, "="), (176.0, "tanh("), (292.0, "+"), (476.0, "+"), (682.0, ")")]
    return drawing(
        844,
        "Several neurons in one recurrent layer",
        "Left below, m blue inputs x t 1 to x t m; left above, the p orange states of the step "
        "before; each of them is wired to each of p orange units on the right. The wires from "
        "the inputs are marked W x, m by p, those from the states W h, p by p; a bias b, one "
        "number a unit, comes from below. A loop carries the new states back, one step later. "
        "Below, the formula with the shape of every matrix: H t, n by p, is the tanh of b, "
        "1 by p, plus X t, n by m, times W x, m by p, plus H t minus 1, n by p, times W h, p by p.",
        [
            group("the layer, one step ago and now", ground(before, wide), ground(units, radius)),
            group("every state to every unit", *wires(before, "state", wide)),
            group("every input to every unit", *wires(inputs, "input", radius)),
            group(
                "the weights",
                plate(crowd, 226, 74, 66),
                symbol(crowd, 211, "W_h"),
                symbol(crowd, 243, "p × p", size=20, role="weight"),
                plate(crowd, 480, 78, 66),
                symbol(crowd, 465, "W_x"),
                symbol(crowd, 497, "m × p", size=20, role="weight"),
                arrow((right, 606), (right, 545), "weight"),
                text(right, 628, "bias $b$"),
                symbol(right, 658, "1 × p", size=20, role="weight"),
            ),
            group(
                "the numbers",
                *(
                    circle(x, y, f"$h_{{t-1,{i}}}$", "state", radius=wide, size=20)
                    for i, (x, y) in before.items()
                ),
                dots(left, 274, vertical=True),
                *(
                    circle(x, y, f"$x_{{t,{i}}}$", "input", radius=radius, size=24)
                    for i, (x, y) in inputs.items()
                ),
                dots(left, 584, vertical=True),
                *(
                    circle(x, y, f"$h_{{t,{i}}}$", "state", radius=radius, size=24)
                    for i, (x, y) in units.items()
                ),
                dots(right, 440, vertical=True),
            ),
            text(28, 202, "$p$ states,\none step\nago", anchor="start"),
            text(28, 531, "$m$ inputs,\nnow", anchor="start"),
            group(
                "the loop",
                track_arrow(
                    [(right + 45, out), (back, out), (back, high), (left, high), (left, 75)],
                    "state",
                    width=4,
                    corner=22,
                ),
                arrow((back, out), (692, out), "state", width=4),
                dot((back, out), "state", radius=8),
                text((left + back) / 2, high + 32, "one step later"),
                text(628, out + 38, "$p$ units,\nnow"),
            ),
            group(
                "the formula",
                matrix(61, "H_t", "state", "n × p"),
                matrix(244, "b", "weight", "1 × p", 54),
                matrix(346, "X_t", "input", "n × m"),
                matrix(420, "W_x", "weight", "m × p"),
                matrix(542, "H_{t-1}", "state", "n × p", 88),
                matrix(628, "W_h", "weight", "p × p"),
                *(text(x, 752, sign, size=26) for x, sign in formula),
            ),
        ],
    )


def return_sequences() -> str:
    """What a recurrent layer hands on: its last state, or all of them."""
    shifts = {"1": 40.0, "2": 122.0, "T": 276.0}
    gap, radius, y = 199.0, 30.0, 268.0

    def panel(left: float, answer: str, note: str, kept: str, reader: str, shape: str) -> str:
        x = {t: left + shift for t, shift in shifts.items()}
        return group(
            f"return_sequences={answer}",
            text(left + 158, 42, f"return_sequences={answer}", size=20, bold=True),
            text(left + 158, 76, note, size=20),
            *(highlight(x[t], y, 76, 76) for t in kept),
            *(arrow((x[t], y - radius), (x[t], 166), "state") for t in kept),
            reader,
            arrow((x["1"] + radius, y), (x["2"] - radius, y), "state"),
            arrow((x["2"] + radius, y), (left + gap - 22, y), "state"),
            dots(left + gap, y),
            arrow((left + gap + 22, y), (x["T"] - radius, y), "state"),
            dots(left + gap, 388),
            *(circle(x[t], y, f"$h_{t}$", "state", radius=radius) for t in x),
            *(arrow((x[t], 388 - radius), (x[t], y + radius), "input") for t in x),
            *(circle(x[t], 388, f"$x_{t}$", "input", radius=radius) for t in x),
            box(left + 158, 474, 316, 58, f"shape {shape}", "weight"),
        )

    here, there = 28.0, 376.0
    return drawing(
        530,
        "What return_sequences does",
        "The same unrolled layer twice: blue inputs x 1 to x T below orange states h 1 to h T. "
        "Left, return_sequences=False: only the last state, h T, has a yellow ground and an "
        "arrow up, to a purple dense layer; the result has the shape n, p. Right, "
        "return_sequences=True: every state has a yellow ground and an arrow up, to another "
        "recurrent layer; the result has the shape n, T, p.",
        [
            panel(
                here,
                "False",
                "returns the last state only",
                "T",
                box(here + shifts["T"], 138, 80, 56, "Dense", "output"),
                "($n$, $p$)",
            ),
            line([(360, 28), (360, 503)], "quiet", width=1.5),
            panel(
                there,
                "True",
                "returns every state",
                "12T",
                box(there + 158, 138, 316, 56, "another RNN layer", "state"),
                "($n$, $T$, $p$)",
            ),
        ],
    )


STACK_UNITS = (10, 5, 1)
"""Units of each layer in the class's stack, from the first; it reads one number a step."""


def recurrent_parameters(num_inputs: int, num_units: int) -> int:
    """Count the weights of one recurrent layer: bias, input and recurrent weights."""
    return num_units * (1 + num_inputs + num_units)


def stacked_rnn() -> str:
    """Three recurrent layers, each reading the states of the one below."""
    columns = {"1": 196.0, "2": 322.0, "T": 520.0}
    gap, half, low = 421.0, 48.0, 546.0
    heights = [low - 122.0 * (i + 1) for i in range(len(STACK_UNITS))]
    counts = [
        recurrent_parameters(*pair)
        for pair in zip((1, *STACK_UNITS[:-1]), STACK_UNITS, strict=True)
    ]

    def cell(x: float, y: float, num_units: int) -> str:
        rows = [min(5, num_units - start) for start in range(0, num_units, 5)]
        units = [
            dot((x + 16 * (i - (row - 1) / 2), y + 18 * (r - (len(rows) - 1) / 2)), "state")
            for r, row in enumerate(rows)
            for i in range(row)
        ]
        return "\n".join([box(x, y, 2 * half, 60, "", "state"), *units])

    def layer(number: int, y: float, num_units: int, count: int) -> str:
        x_1, x_2, x_t = columns.values()
        rise = [(x, y + 122 - (32 if number == 1 else 30)) for x in columns.values()]
        role = "input" if number == 1 else "state"
        return group(
            f"layer {number}",
            text(28, y - 14, f"Layer {number}", anchor="start", bold=True),
            text(
                28,
                y + 15,
                f"{num_units} unit{'s' * (num_units > 1)}",
                anchor="start",
                size=20,
                role="weight",
            ),
            *(arrow(start, (start[0], y + 30), role) for start in rise),
            arrow((x_1 + half, y), (x_2 - half, y), "state"),
            arrow((x_2 + half, y), (gap - 24, y), "state"),
            dots(gap, y),
            arrow((gap + 24, y), (x_t - half, y), "state"),
            *(cell(x, y, num_units) for x in columns.values()),
            box(638, y, 108, 52, f"{count}", "weight"),
        )

    last = columns["T"]
    top = heights[-1]
    return drawing(
        632,
        "A stack of three recurrent layers",
        "Three rows of orange boxes over the steps 1, 2 and T, above blue inputs x 1 to x T. The "
        "dots in a box are its units: ten in layer 1, five in layer 2, one in layer 3. Arrows run "
        "to the right within a layer and up to the next one at every step. Only the last box of "
        "layer 3 has an arrow to the purple output y hat. Grey boxes give the parameters: "
        f"{counts[0]}, {counts[1]} and {counts[2]}, in all {sum(counts)}.",
        [
            *(
                layer(i + 1, y, num_units, count)
                for i, (y, num_units, count) in enumerate(
                    zip(heights, STACK_UNITS, counts, strict=True)
                )
            ),
            group(
                "the inputs",
                *(circle(x, low, f"$x_{t}$", "input") for t, x in columns.items()),
                dots(gap, low),
                *(text(x, low + 56, f"$t$ = ${t}$") for t, x in columns.items()),
            ),
            group(
                "the output",
                arrow((last, top - 30), (last, 92), "output"),
                circle(last, 60, "$ŷ$", "output"),
                text(468, 60, "only the last output is used", anchor="end", size=20, role="weight"),
            ),
            group(
                "the sum",
                text(638, top - 56, "parameters", size=20, role="weight"),
                line([(584, 472), (692, 472)], "text", width=2),
                text(638, 502, f"{sum(counts)}", bold=True),
            ),
        ],
    )


def kinds_of_rnn() -> str:
    """Four ways to connect a sequence with an answer."""
    width, above, below, radius = 316.0, 128.0, 308.0, 24.0
    state = (above + below) / 2

    def panel(
        left: float,
        top: float,
        title: str,
        example: str,
        inputs: Sequence[str | None],
        outputs: Sequence[str | None],
        *more: str,
        fed_back: bool = False,
    ) -> str:
        """Draw one small network; None stands where a step reads or says nothing."""
        num_steps = len(inputs)
        step = (width - (92 if num_steps == 3 else 76)) / (num_steps - 1)
        side = 88.0 if num_steps == 3 else 72.0
        xs = [left + width / 2 + step * (i - (num_steps - 1) / 2) for i in range(num_steps)]
        y_out, y, y_in = top + above, top + state, top + below
        steps = list(zip(xs, inputs, outputs, strict=True))
        parts = []
        for x, word, said in steps:
            if word is not None:
                parts.append(arrow((x, y_in - 24), (x, y + radius), "input"))
                parts.append(box(x, y_in, side, 48, word, "input", size=20))
            if said is not None:
                parts.append(arrow((x, y - radius), (x, y_out + 24), "output"))
                parts.append(box(x, y_out, side, 48, said, "output", size=20))
        for (x, _, said), after in zip(steps, xs[1:], strict=False):
            parts.append(arrow((x + radius, y), (after - radius, y), "state"))
            if fed_back and said is not None:
                gap = 26 * math.hypot(step, y - y_out) / (y - y_out)
                a, b = (x, y_out), (after, y)
                parts.append(arrow_between(a, b, gap, radius, "output", width=2.5, dashed=True))
        return group(
            title,
            text(left, top + 34, title, anchor="start", bold=True),
            text(left, top + 66, example, anchor="start", size=20, role="weight"),
            *parts,
            *(circle(x, y, "", "state", radius=radius) for x in xs),
            *more,
        )

    here, there, first, second = 28.0, 376.0, 8.0, 372.0
    picture_x, picture_y = here + 46, first + below
    return drawing(
        796,
        "Kinds of recurrent networks",
        "Four small unrolled networks, blue inputs below, orange states in the middle, purple "
        "outputs above. One to many: a picture gives the words sun, over, hills. Many to one: the "
        "words cold, soup, again give the verdict bad. Many to many, aligned: the characters t, i, "
        "m give the next ones i, m, e. Encoder and decoder: the words guten Tag are read first, "
        "then the words good day are said. Dashed arrows carry a word that was said into the next "
        "step.",
        [
            line([(360, first + 20), (360, 720)], "quiet", width=1.5),
            line([(28, 364), (692, 364)], "quiet", width=1.5),
            *(
                plate(x, second + state, 148, 72, fill=TINTS["weight"])
                for x in (there + 78, there + 238)
            ),
            panel(
                here,
                first,
                "One to many",
                "caption a picture",
                ["", None, None],
                ["sun", "over", "hills"],
                line(
                    [
                        (picture_x - 34, picture_y + 15),
                        (picture_x - 14, picture_y - 5),
                        (picture_x, picture_y + 9),
                        (picture_x + 14, picture_y - 1),
                        (picture_x + 34, picture_y + 15),
                    ],
                    "input",
                    width=2.5,
                ),
                dot((picture_x + 24, picture_y - 12), "input", radius=5),
                fed_back=True,
            ),
            panel(
                there,
                first,
                "Many to one",
                "from a review to a verdict",
                ["cold", "soup", "again"],
                [None, None, "bad"],
            ),
            panel(
                here,
                second,
                "Many to many, aligned",
                "the next character, each time",
                ["t", "i", "m"],
                ["i", "m", "e"],
            ),
            panel(
                there,
                second,
                "Encoder and decoder",
                "from German to English",
                ["guten", "Tag", None, None],
                [None, None, "good", "day"],
                text(there + 78, second + state - 58, "encoder", size=20),
                text(there + 238, second + state + 58, "decoder", size=20),
                fed_back=True,
            ),
            line([(28, 728), (692, 728)], "quiet", width=1.5),
            arrow((28, 762), (98, 762), "output", width=2.5, dashed=True),
            text(114, 762, "an output that the next step reads", anchor="start", size=20),
        ],
    )


# --- Lecture 04 --------------------------------------------------------------------------------


def embedding_lookup() -> str:
    """An id picks a row of a table, as a one-hot vector times the table does."""
    table = {
        "0": (0.1, 0.0, -0.2),
        "1": (-0.4, 0.3, 0.6),
        "2": (0.9, -0.1, 0.2),
        "3": (0.5, -0.7, 0.8),
        "4": (-0.3, 0.4, 0.1),
        "V-1": (0.2, 0.6, -0.5),
    }
    chosen, width, height = "3", 58.0, 38.0
    left, right, middle = 304.0, 516.0, 154.0
    rows = dict(zip(table, [0.0, 38.0, 76.0, 114.0, 152.0, 232.0], strict=True))
    hot = ["1" if i == chosen else "0" for i in ("0", "1", "2", "3", "4")]

    def panel(y: float, title: str, *parts: str) -> str:
        """Draw the table whose row 0 stands at the height `y`, and the row that it gives."""
        here = y + rows[chosen]
        lines = [
            cells(
                left,
                y + shift,
                _numbers(table[i]),
                "weight",
                width=width,
                height=height,
                picked=i == chosen,
            )
            for i, shift in rows.items()
        ]
        return group(
            title,
            text(28, y - 76, title, anchor="start", bold=True),
            symbol(left + 1.5 * width, y - 38, "V × d", size=20),
            *lines,
            dots(left + 1.5 * width, y + 192, vertical=True),
            symbol(right + 1.5 * width, here - 38, "1 × d", size=20),
            cells(right, here, _numbers(table[chosen]), "input", width=width, height=height),
            *parts,
        )

    up, down = 118.0, 520.0
    u, d = up + rows[chosen], down + rows[chosen]
    return drawing(
        796,
        "An embedding is a table look-up",
        "Above, the id 3 points at row 3 of a table with V rows and d columns; the row has a "
        "yellow ground and stands again on the right, in blue, as the vector of the id. Below, a "
        "one-hot vector, 1 by V, with a 1 at place 3 and 0 elsewhere, times the same table equals "
        "the same vector.",
        [
            panel(
                up,
                "Look-up",
                *(
                    symbol(left - 12, up + shift, i, size=20, anchor="end", role="weight")
                    for i, shift in rows.items()
                ),
                text(80, u - 54, "id"),
                box(80, u, 64, 60, chosen, "input", size=28),
                arrow((112, u), (266, u), "input"),
                text(124, u + 30, "picks a row", anchor="start", size=20),
                arrow((left + 3 * width, u), (right, u), "input"),
            ),
            line([(28, 402), (692, 402)], "quiet", width=1.5),
            panel(
                down,
                "The same as a product",
                symbol(middle - 10, d - 38, "1 × V", size=20),
                cells(28, d, hot[:3], "input", width=33),
                cells(127, d, hot[3:4], "input", width=33, picked=True),
                cells(160, d, [hot[4], "…", "0"], "input", width=33),
                text(28, d + 52, "one-hot: a 1 at\nplace 3, else 0", anchor="start", size=20),
                text(281, d, "·", size=32, bold=True),
                text(497, d, "=", size=28),
                text(right + 1.5 * width, d + 52, "the same row", size=20),
            ),
        ],
    )


def _numbers(values: Iterable[float]) -> list[str]:
    """Write numbers with one decimal and a real minus sign."""
    return [f"{value:.1f}".replace("-", "\N{MINUS SIGN}") for value in values]


def padding_and_mask() -> str:
    """Three reviews made equally long, at the back and at the front, with their masks."""
    reviews = [
        ["the", "soup", "was", "too", "cold"],
        ["very", "good", "tea"],
        ["never", "again"],
    ]
    num_steps = max(len(words) for words in reviews)
    left, right, wide, narrow, height = 28.0, 482.0, 82.0, 42.0, 44.0

    def block(y: float, title: str, ending: str, *, front: bool) -> str:
        parts = []
        for i, words in enumerate(reviews):
            pads = num_steps - len(words)
            blanks, ones = ["0"] * pads, ["1"] * len(words)
            grey, blue = ["quiet"] * pads, ["input"] * len(words)
            plain = ["target"] * len(words)
            here = y + 92 + i * (height + 8)

            def joined(pad: list[str], real: list[str]) -> list[str]:
                return pad + real if front else real + pad

            row, mask = joined(blanks, words), joined(blanks, ones)
            parts.append(cells(left, here, row, joined(grey, blue), width=wide, height=height))
            parts.append(cells(right, here, mask, joined(grey, plain), width=narrow, height=height))
        end = left + num_steps * wide
        return group(
            title,
            text(left, y + 36, title, anchor="start", bold=True),
            text(right + num_steps * narrow / 2, y + 36, "mask", bold=True),
            *parts,
            arrow((left, y + 246), (end, y + 246), "state"),
            text(left, y + 274, f"an RNN reads this way: {ending}", anchor="start", size=20),
            text(right + num_steps * narrow / 2, y + 246, "1 word, 0 pad", size=20, role="weight"),
        )

    return drawing(
        640,
        "Padding at the back and at the front, with the mask",
        "Three reviews of five, three and two words, in blue cells, filled up to five cells with "
        "grey zeros: in the upper block behind the words, in the lower block before them. Beside "
        "each block stands its mask: 1 for each word, 0 for each pad. An orange arrow shows that "
        "a recurrent network reads from left to right: above it ends on zeros, below on words.",
        [
            block(6, "Padded at the back", "it ends on zeros", front=False),
            line([(28, 314), (692, 314)], "quiet", width=1.5),
            block(326, "Padded at the front", "it ends on words", front=True),
        ],
    )


def text_to_tensor() -> str:
    """From a sentence to tokens, ids, padded ids and vectors."""
    tokens, ids = ["i", "love", "nn"], ["1", "2", "9"]
    padded = [
        ["1", "2", "3", "4"],
        ["1", "2", "6", "7"],
        ["1", "2", "8", "0"],
        ["1", "2", "9", "0"],
    ]
    vectors = [(0.3, -0.5, 0.8), (0.7, 0.2, -0.1), (-0.6, 0.4, 0.1), (0.0, 0.1, -0.2)]
    left, wide, middle = 192.0, 76.0, 344.0
    num_steps = len(padded[0])
    xs = [left + wide * (i + 0.5) for i in range(num_steps)]
    table, sheet = 326.0, 578.0

    def stage(y: float, name: str, note: str = "", shape: str = "") -> str:
        return "\n".join(
            [
                text(28, y, name, anchor="start", bold=True),
                text(28, y + 30, note, anchor="start", size=20, role="weight") if note else "",
                text(540, y, shape, anchor="start", size=20) if shape else "",
            ]
        ).strip("\n")

    def shade(row: Sequence[str]) -> list[str]:
        return ["quiet" if i == "0" else "input" for i in row]

    columns = list(zip(*map(_numbers, vectors), strict=True))
    return drawing(
        740,
        "From text to a tensor",
        "Five stages from top to bottom. The text I love NN. Its tokens: i, love, nn. Their ids: "
        "1, 2, 9. The padded ids of four sentences, a table of 4 by 4; the last row, with a yellow "
        "ground, is 1, 2, 9, 0. The vectors: four sheets behind each other, the front one with "
        "three numbers for each of the words i, love and nn and for the pad, in grey. The shape "
        "is n, T for the padded ids and n, T, d for the vectors.",
        [
            group(
                "text",
                stage(50, "text"),
                box(middle, 50, num_steps * wide, 52, "“I love NN”", "input"),
                arrow((xs[1], 76), (xs[1], 114), "text"),
            ),
            group(
                "tokens",
                stage(136, "tokens"),
                cells(left, 136, tokens, "input", width=wide, height=44),
                *(arrow((x, 158), (x, 194), "text") for x in xs[: len(tokens)]),
            ),
            group(
                "ids",
                stage(214, "ids"),
                cells(left, 214, ids, "input", width=wide),
                arrow((xs[1], 233), (xs[1], table - 19), "text"),
                text(xs[1] + 18, 270, "with three more sentences", anchor="start", size=20),
            ),
            group(
                "padded ids",
                stage(table, "padded ids", "0 is the pad", "shape ($n$, $T$),\nhere (4, 4)"),
                *(
                    cells(left, table + 38 * i, row, shade(row), width=wide)
                    for i, row in enumerate(padded[:-1])
                ),
                cells(left, table + 38 * 3, padded[-1], shade(padded[-1]), width=wide, picked=True),
                arrow((xs[1], table + 133), (xs[1], sheet - 52), "text"),
            ),
            group(
                "vectors",
                stage(
                    sheet, "vectors", "$d$ for each id", "shape ($n$, $T$, $d$),\nhere (4, 4, 3)"
                ),
                *(
                    box(
                        middle + 10 * k,
                        sheet + 38 - 10 * k,
                        num_steps * wide,
                        114,
                        "",
                        "input",
                        corner=0,
                    )
                    for k in (3, 2, 1)
                ),
                *(
                    cells(left, sheet + 38 * i, row, shade(padded[-1]), width=wide)
                    for i, row in enumerate(columns)
                ),
                *(
                    text(x, sheet + 118, word, size=20, role="weight")
                    for x, word in zip(xs, [*tokens, "pad"], strict=True)
                ),
            ),
        ],
    )


# --- Lecture 06 --------------------------------------------------------------------------------


def sliding_window() -> str:
    """A kernel of three weights slides along five numbers, zeros added at both ends."""
    series, kernel = [0.0, 1.0, 2.0, 1.0, 0.0], [0.2, 0.6, 0.2]
    padded = [0.0, *series, 0.0]
    answers = [
        sum(w * x for w, x in zip(kernel, padded[t : t + 3], strict=True))
        for t in range(len(series))
    ]
    left, wide, tall = 120.0, 82.0, 52.0
    middles = [left + (i + 0.5) * wide for i in range(len(padded))]
    here = 2  # the position that is drawn: the window covers padded[2:5]
    first, top, low, under = middles[here], 84.0, 196.0, 330.0
    target = middles[here + 1]

    def name(y: float, label: str) -> str:
        return text(left - 14, y, label, anchor="end")

    roles = ["quiet", *["input"] * len(series), "quiet"]
    plain = [f"{x:g}" for x in padded]
    return drawing(
        402,
        "A kernel slides along a series",
        "Three rows. Above, the numbers 0, 1, 2, 1, 0 in blue, with a grey zero at each end. In "
        "the middle, a window of three weights, 0.2, 0.6 and 0.2, stands under 1, 2 and 1. Below, "
        "five outputs, 0.2, 1, 1.6, 1 and 0.2. Arrows lead from the three weights to the middle "
        "output, 1.6. A dashed copy of the window stands one place to the right.",
        [
            text(middles[0], 34, "pad", size=20, role="weight"),
            text(middles[-1], 34, "pad", size=20, role="weight"),
            name(top, "input $x$"),
            cells(left, top, plain, roles, width=wide, height=tall, size=24),
            *(
                line([(middles[here + j], top + tall / 2), (middles[here + j], low - tall / 2)])
                for j in range(3)
            ),
            name(low, "kernel $w$"),
            box(
                middles[here + 2] + 6,
                low + 8,
                3 * wide,
                tall,
                "",
                "weight",
                dashed=True,
                corner=0,
            ),
            cells(
                first - wide / 2,
                low,
                [f"{w:g}" for w in kernel],
                "weight",
                width=wide,
                height=tall,
                size=24,
                picked=True,
            ),
            *(
                arrow((middles[here + j], low + tall / 2), (target, under - tall / 2), "text")
                for j in range(3)
            ),
            name(under, "output $z$"),
            cells(
                left + wide,
                under,
                [f"{z:.1f}" for z in answers],
                ["output"] * len(answers),
                width=wide,
                height=tall,
                size=24,
            ),
            text(
                target,
                under + 48,
                "0.2 · 1 + 0.6 · 2 + 0.2 · 1 = 1.6",
                role="weight",
            ),
        ],
    )


def lstm_cell() -> str:
    """One step of an LSTM: three gates, a candidate, and the cell state that runs through."""
    forget, enter, candidate, show = 140.0, 284.0, 430.0, 560.0
    track, bus, gates = 96.0, 470.0, 356.0
    plus, branch, half = 357.0, 650.0, 38.0
    meet, tap = 226.0, 24.0

    def gate(x: float, name: str, symbols: str) -> str:
        role = "state" if symbols == "tanh" else "gate"
        return "\n".join(
            [
                arrow((x, bus), (x, gates + half), "weight"),
                box(x, gates, 124, 2 * half, f"{name}\n{symbols}", role, size=21),
            ]
        )

    return drawing(
        690,
        "One step of an LSTM",
        "The old cell state comes in at the top left and runs to the right. On its way it is "
        "multiplied by the forget gate and a product is added to it: the input gate times the "
        "candidate. A branch of the new cell state goes down through tanh, is multiplied by the "
        "output gate and leaves as the new hidden state. Three green gates and an orange "
        "candidate stand in a row. All four read the same two things from a line below: the "
        "input in blue and the old hidden state in orange. A grey box gives the shapes of the "
        "weights: m by 4 p, p by 4 p, and 4 p.",
        [
            group(
                "the cell state",
                symbol(20, track - 34, "C_{t-1}", anchor="start"),
                arrow((20, track), (forget - tap, track), "state", width=5),
                arrow((forget + tap, track), (plus - tap, track), "state", width=5),
                arrow((plus + tap, track), (702, track), "state", width=5),
                symbol(702, track - 34, "C_t", anchor="end"),
                text((forget + plus) / 2, track - 38, "keep", role="weight"),
                text(plus + 98, track - 38, "add", role="weight"),
            ),
            group(
                "what the four read",
                line([(84, bus), (show, bus)], "weight"),
                circle(50, bus, "$H_{t-1}$", "state", radius=38, size=24),
                arrow((212, 534), (212, bus), "input"),
                circle(212, 572, "$X_t$", "input", radius=38),
            ),
            group(
                "the gates and the candidate",
                gate(forget, "forget", "$F_t$"),
                gate(enter, "input", "$I_t$"),
                gate(candidate, "candidate", "tanh"),
                gate(show, "output", "$O_t$"),
                arrow((forget, gates - half), (forget, track + tap), "gate"),
                track_arrow([(enter, gates - half), (enter, meet), (plus - tap, meet)], "gate"),
                track_arrow(
                    [(candidate, gates - half), (candidate, meet), (plus + tap, meet)], "state"
                ),
                arrow((plus, meet - tap), (plus, track + tap), "state"),
                track_arrow([(show, gates - half), (show, 262), (branch - tap, 262)], "gate"),
            ),
            group(
                "the hidden state",
                dot((branch, track), "state", radius=8),
                arrow((branch, track), (branch, 148), "state"),
                box(branch, 170, 84, 44, "tanh", "state"),
                arrow((branch, 192), (branch, 262 - tap), "state"),
                arrow((branch, 262 + tap), (branch, 534), "output"),
                circle(branch, 572, "$H_t$", "output", radius=38),
            ),
            group(
                "times and plus",
                circle(forget, track, "×", "gate", radius=tap),
                circle(plus, track, "+", "state", radius=tap),
                circle(plus, meet, "×", "gate", radius=tap),
                circle(branch, 262, "×", "gate", radius=tap),
            ),
            box(
                360,
                650,
                664,
                52,
                "$W_x$: $m$ × $4p$,  $W_h$: $p$ × $4p$,  $b$: $4p$  for all four together",
                "weight",
                size=21,
            ),
        ],
    )


def receptive_field() -> str:
    """Three causal layers of width 2, dilations 1, 2, 4: the last output sees eight inputs."""
    dilations, num_steps = [1, 2, 4], 8
    xs = [42.0 + 70 * t for t in range(num_steps)]
    ys = [456.0, 342.0, 228.0, 74.0]
    radius = 25.0
    seen = [{num_steps - 1}]  # from the top down: the steps that the last output depends on
    for dilation in reversed(dilations):
        seen.append(seen[-1] | {t - dilation for t in seen[-1]})
    seen.reverse()

    wires = []
    for k, dilation in enumerate(dilations):
        for t in range(num_steps):
            for source in (t - dilation, t):
                if source < 0:
                    continue
                used = t in seen[k + 1]
                role, width = ("state", 4.0) if used else ("quiet", 1.0)
                below, above = (xs[source], ys[k]), (xs[t], ys[k + 1])
                wires.append((used, wire(below, above, radius, radius, role, width=width)))
    ordered = [piece for _, piece in sorted(wires, key=lambda pair: pair[0])]

    units = []
    for k, y in enumerate(ys):
        for t, x in enumerate(xs):
            if k == 0:
                units.append(circle(x, y, f"$x_{t + 1}$", "input", radius=radius, size=22))
            elif k == len(dilations) and t == num_steps - 1:
                units.append(circle(x, y, "$z_8$", "output", radius=radius, size=22))
            else:
                role = "state" if t in seen[k] else "quiet"
                units.append(circle(x, y, "", role, radius=radius))
    return drawing(
        512,
        "What the last output of a dilated stack sees",
        "Eight inputs in a row below, and three rows of circles above them. Thick orange lines "
        "lead from the last circle of the top row down: to itself and four steps back, from these "
        "two steps back, and from these one step back, so that all eight inputs are reached. All "
        "other lines are thin and grey.",
        [
            group("wires", *ordered),
            group("units", *units),
            *(
                text(578, (ys[k] + ys[k + 1]) / 2, f"dilation {dilation}", anchor="start")
                for k, dilation in enumerate(dilations)
            ),
        ],
    )


# --- Lecture 09 --------------------------------------------------------------------------------


def two_inputs() -> str:
    """The class's network for a price: a text and a table, joined, then dense layers."""
    left, right, middle = 196.0, 524.0, 360.0
    heights = {"words": 780.0, "embedding": 670.0, "lstm": 560.0, "flatten": 450.0}
    joined, dense = 340.0, {"100": 250.0, "20": 176.0, "5": 102.0}
    tall = 60.0

    def stage(x: float, y: float, name: str, gives: str, role: str, width: float = 300) -> str:
        return box(x, y, width, tall, f"{name}: {gives}", role)

    def up(x: float, below: float, above: float, role: str, gap: float = tall) -> str:
        return arrow((x, below - gap / 2), (x, above + gap / 2), role)

    steps = list(heights.values())
    return drawing(
        880,
        "One network, two inputs",
        "At the bottom two blue inputs. On the left a text, the ids of 100 words, goes up "
        "through an embedding, 100 times 50 numbers, and an orange LSTM of ten units, 100 times "
        "10 states, which are flattened to 1000 numbers. On the right a table of 84 numbers goes "
        "straight up. Both lead into a grey box that joins them to 1084 numbers. Above it dense "
        "layers of 100, 20 and 5 units lead to one purple number, the price.",
        [
            group(
                "the text",
                text(left, 838, "the description", role="weight"),
                stage(left, heights["words"], "words", "100 ids", "input"),
                up(left, *steps[0:2], "input"),
                stage(left, heights["embedding"], "embedding", "100 × 50", "input"),
                up(left, *steps[1:3], "input"),
                stage(left, heights["lstm"], "LSTM", "100 × 10", "state"),
                up(left, *steps[2:4], "state"),
                stage(left, heights["flatten"], "flatten", "1000", "state"),
                up(left, heights["flatten"], joined, "state"),
            ),
            group(
                "the table",
                text(right, 838, "the form’s fields", role="weight"),
                stage(right, heights["words"], "table", "84 numbers", "input"),
                up(right, heights["words"], joined, "input"),
            ),
            group(
                "joined",
                stage(middle, joined, "join", "1000 + 84 = 1084", "weight", width=664),
                arrow((middle, joined - 30), (middle, dense["100"] + 23), "state"),
                up(middle, dense["100"], dense["20"], "state", gap=46),
                up(middle, dense["20"], dense["5"], "state", gap=46),
                *(
                    box(middle, y, 240, 46, f"dense: {units}", "state")
                    for units, y in dense.items()
                ),
                arrow((middle, dense["5"] - 23), (middle, 56), "output"),
                text(middle, 30, "log price", role="output", bold=True),
            ),
        ],
    )


# --- Lecture 10 --------------------------------------------------------------------------------


def siamese_network() -> str:
    """Two questions, read by one and the same encoder, and a comparison of what it made of them."""
    left, middle, right = 150.0, 360.0, 570.0
    question, table, reader, vector, compare, answer = 700.0, 570.0, 430.0, 296.0, 172.0, 56.0

    def column(x: float, words: str, name: str, number: int) -> str:
        return group(
            f"question {number}",
            box(x, question, 270, 58, words, "input", size=20),
            text(x, question + 50, f"question {number}", size=20, role="weight"),
            arrow((x, question - 29), (x, table + 36), "input"),
            box(x, table, 176, 72, "embedding", "input"),
            arrow((x, table - 36), (x, reader + 36), "input"),
            box(x, reader, 176, 72, "LSTM", "state"),
            arrow((x, reader - 36), (x, vector + 32), "state"),
            circle(x, vector, name, "state"),
        )

    return drawing(
        780,
        "A Siamese network",
        "Two columns that are built alike. At the bottom of each stands a question in blue; above "
        "it a blue box, embedding, then an orange box, LSTM, then an orange circle, u on the left "
        "and v on the right. Between the columns a grey box, the same weights, is joined to both "
        "embeddings and both LSTMs. Arrows from u and v meet in a green box, compare, from which "
        "an arrow goes up to the purple output y hat.",
        [
            column(left, "How can I learn chess?", "$u$", 1),
            column(right, "Who teaches chess?", "$v$", 2),
            group(
                "shared weights",
                *(
                    line([(middle, 500), (x, y)], "weight", width=2, dashed=True)
                    for x in (left + 88, right - 88)
                    for y in (table, reader)
                ),
                box(middle, 500, 150, 76, "the same\nweights", "weight"),
            ),
            group(
                "the comparison",
                arrow_between((left, vector), (middle - 112, compare + 12), 32, 0, "state"),
                arrow_between((right, vector), (middle + 112, compare + 12), 32, 0, "state"),
                box(middle, compare, 220, 64, "compare", "gate"),
                arrow((middle, compare - 32), (middle, answer + 32), "output"),
                circle(middle, answer, "$ŷ$", "output"),
                text(middle + 50, answer, 'probability of\n"duplicate"', size=20, anchor="start"),
            ),
        ],
    )


# --- The book's face ---------------------------------------------------------------------------


def logo() -> str:
    """The recurrent neuron with its loop."""
    return drawing(
        120,
        BOOK_TITLE,
        "An orange neuron with a loop from its output back to its input.",
        [_mark(60, 60, 1)],
        width=120,
    )


def favicon() -> str:
    """The same sign without a panel, heavy enough for 16 pixels."""
    return drawing(
        64,
        BOOK_TITLE,
        "An orange neuron with a loop from its output back to its input.",
        [
            line([(4, 45), (16, 45)], "input", width=8),
            line([(48, 45), (60, 45)], "output", width=8),
            curved_arrow((43, 36), (70, -3), (-6, -3), (20, 32), "state", width=6),
            dot((32, 45), "state", radius=16),
        ],
        width=64,
        panel=False,
    )


def _mark(x: float, y: float, scale: float) -> str:
    """Draw the neuron with loop, input and output around (x, y); it is 100 wide at scale 1."""

    def at(dx: float, dy: float) -> Point:
        return x + scale * dx, y + scale * dy

    return "\n".join(
        [
            arrow(at(-50, 14), at(-23, 14), "input", width=6 * scale),
            arrow(at(22, 14), at(50, 14), "output", width=6 * scale),
            curved_arrow(
                at(17, 0), at(44, -58), at(-44, -58), at(-16, -4), "state", width=6 * scale
            ),
            dot(at(0, 14), "state", radius=23 * scale),
        ]
    )


def social_card() -> str:
    """The picture that a link to the book shows, 1200 by 630 pixels."""
    return drawing(
        630,
        BOOK_TITLE,
        f"The neuron with its loop beside the words: {BOOK_TITLE}, {BOOK_SUBTITLE}.",
        [
            f'<rect width="1200" height="630" fill="{PANEL}"/>',
            _mark(240, 320, 3.4),
            text(
                466,
                252,
                "Recurrent\nNeural Networks",
                size=70,
                anchor="start",
                bold=True,
                spacing=1.15,
            ),
            text(466, 428, BOOK_SUBTITLE, size=42, anchor="start", role="weight"),
        ],
        width=1200,
        panel=False,
    )


# --- Writing -----------------------------------------------------------------------------------

DIAGRAMS: dict[str, Callable[[], str]] = {
    "three-openings.svg": three_openings,
    "kinds-of-targets.svg": kinds_of_targets,
    "dense-network.svg": dense_network,
    "recurrent-neuron.svg": recurrent_neuron,
    "unrolled-neuron.svg": unrolled_neuron,
    "two-ways-to-the-gradient.svg": two_ways_to_the_gradient,
    "split-in-time.svg": split_in_time,
    "several-neurons.svg": several_neurons,
    "return-sequences.svg": return_sequences,
    "stacked-rnn.svg": stacked_rnn,
    "kinds-of-rnn.svg": kinds_of_rnn,
    "embedding-lookup.svg": embedding_lookup,
    "padding-and-mask.svg": padding_and_mask,
    "text-to-tensor.svg": text_to_tensor,
    "sliding-window.svg": sliding_window,
    "receptive-field.svg": receptive_field,
    "lstm-cell.svg": lstm_cell,
    "two-inputs.svg": two_inputs,
    "siamese-network.svg": siamese_network,
}
"""Every diagram of the lectures by file name. A new figure is a function and a line here."""

SIGNS: dict[str, Callable[[], str]] = {"logo.svg": logo, "favicon.svg": favicon}

SOCIAL_CARD = (1200, 630)
ICON_SIZES = (16, 32, 48)
"""Sizes in pixels: the card as width and height, the icon as the squares in ``favicon.ico``."""


def drawings() -> dict[Path, str]:
    """Draw all SVG files.

    Returns
    -------
    dict of Path to str
        The text of each file, by its place in the repository.
    """
    return {FIGURES / name: draw() for name, draw in DIAGRAMS.items()} | {
        STATIC / name: draw() for name, draw in SIGNS.items()
    }


def find_browser() -> Path | None:
    """Find a Chromium, Chrome or Edge: the one that RNN_BROWSER names, else one on the path.

    Returns
    -------
    Path or None
        The program, or None if there is none.

    Raises
    ------
    FileNotFoundError
        If RNN_BROWSER names a file that does not exist.
    """
    named = os.environ.get("RNN_BROWSER")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"RNN_BROWSER={named}: no such program; unset it or mend it")
        return Path(found)
    names = ["chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge", "msedge"]
    places = [shutil.which(name) for name in names]
    places += [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    ]
    return next((Path(place) for place in places if place and Path(place).exists()), None)


def picture(svg: str, width: int, height: int, browser: Path) -> bytes:
    """Turn an SVG drawing into a PNG through a browser.

    The PNG carries the digest of the drawing it was made from, so that a test can tell whether
    the two are in step on a machine without a browser.

    Parameters
    ----------
    svg : str
        The drawing.
    width, height : int
        Size of the picture in pixels.
    browser : Path
        A Chromium, Chrome or Edge.

    Returns
    -------
    bytes
        The PNG file; transparent where the drawing is.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo
    from playwright.sync_api import sync_playwright

    style = f"body{{margin:0}}svg{{display:block;width:{width}px;height:{height}px}}"
    with sync_playwright() as play:
        program = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = program.new_page(viewport={"width": width, "height": height})
        page.set_content(f"<!doctype html><style>{style}</style>{svg}")
        shot = page.screenshot(omit_background=True)
        program.close()
    note = PngInfo()
    note.add_text("Source", digest(svg))
    out = io.BytesIO()
    Image.open(io.BytesIO(shot)).save(out, "PNG", optimize=True, pnginfo=note)
    return out.getvalue()


def icon(pictures: Sequence[tuple[int, bytes]]) -> bytes:
    """Pack square PNG files into one ICO file.

    Parameters
    ----------
    pictures : sequence of (int, bytes)
        Side in pixels, at most 256, and the PNG file, for each size.

    Returns
    -------
    bytes
        The ICO file: a head of 6 bytes, 16 bytes for each picture, then the pictures unchanged.
    """
    offset = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for side, png in pictures:
        place = offset + len(body)
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(png), place)
        body += png
    return head + body


def digest(svg: str) -> str:
    """Return the SHA-256 digest of a drawing as hexadecimal text."""
    return hashlib.sha256(svg.encode("utf-8")).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Write the files that changed, and name them."""
    parser = argparse.ArgumentParser(prog="python -m tools.figures.drawings", description=__doc__)
    parser.add_argument(
        "--social", action="store_true", help="redraw social-card.png and favicon.ico as well"
    )
    options = parser.parse_args(arguments)

    for path, svg in drawings().items():
        _write(path, svg.encode("utf-8"))
    if not options.social:
        return 0
    try:
        browser = find_browser()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    if browser is None:
        print(
            "No Chromium, Chrome or Edge found to redraw the social card and favicon.ico: "
            "install one, or name it in RNN_BROWSER.",
            file=sys.stderr,
        )
        return 1
    _write(STATIC / "social-card.png", picture(social_card(), *SOCIAL_CARD, browser))
    sizes = [(side, picture(favicon(), side, side, browser)) for side in ICON_SIZES]
    _write(STATIC / "favicon.ico", icon(sizes))
    return 0


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
