"""Diagrams of recurrent networks: one neuron, layers, kinds, the LSTM."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tools.figures.kit import (
    TINTS,
    Point,
    arrow,
    arrow_between,
    box,
    cells,
    circle,
    dot,
    dots,
    drawing,
    fraction,
    group,
    heading,
    highlight,
    line,
    note,
    plate,
    symbol,
    text,
    track_arrow,
    wire,
)


def recurrent_neuron() -> str:
    """One neuron that reads today's input and its own last output."""
    x, y, radius = 320.0, 220.0, 60.0
    back, high = 486.0, 84.0
    return drawing(
        430,
        "A single recurrent neuron",
        "The input x t goes, times the weight w 1, into an orange neuron marked tanh. Its bias "
        "w 0 comes from below. Its state h t, the forecast of x t plus 1, leaves to the right. A "
        "loop carries it back, one step later and times the weight w 2, into the neuron as "
        "h t minus 1.",
        [
            group(
                "the input",
                circle(80, y, "$x_t$", "input", radius=40),
                arrow((120, y), (x - radius, y), "input", width=4),
                symbol(184, y + 30, "w_1", role="weight"),
            ),
            group(
                "the output",
                circle(640, y, "$h_t$", "output", radius=40),
                text(626, y + 66, "forecast of $x_{t+1}$", size=20),
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
                text((x + back) / 2, high - 36, "$h_{t-1}$, one step later"),
                symbol(x - 34, 122, "w_2", role="weight"),
            ),
            group(
                "the neuron",
                arrow((x, 334), (x, y + radius), "weight", width=4),
                symbol(x + 36, 316, "w_0", role="weight"),
                circle(x, y, "tanh", "state", radius=radius, size=26),
            ),
            text(360, 384, "$h_t$ = tanh($w_0 + w_1 x_t + w_2 h_{t-1}$)", size=28),
        ],
    )


def last_state() -> str:
    """A network that reads a review and decides from its last state."""
    words = [(120.0, "not"), (280.0, "bad"), (440.0, "at"), (600.0, "all")]
    low, high, radius = 330.0, 186.0, 40.0
    columns = [
        group(
            f"the word {word}",
            text(x, 444, word, size=24),
            arrow((x, 420), (x, low + 32), "input"),
            box(x, low, 92, 56, f"$e_{number}$", "input"),
            arrow((x, low - 32), (x, high + radius), "input"),
            circle(x, high, f"$h_{number}$", "state", radius=radius),
        )
        for number, (x, word) in enumerate(words, start=1)
    ]
    return drawing(
        470,
        "A network that decides from its last state",
        "The words not, bad, at and all stand in a row. Above each is its vector e in a blue box "
        "and above that an orange state h. Arrows lead from each state to the next. Only from the "
        "last one an arrow goes up, to a purple circle with the probability y hat.",
        [
            *columns,
            group(
                "from state to state",
                *(
                    arrow((a + radius, high), (b - radius, high), "state", width=4)
                    for (a, _), (b, _) in zip(words, words[1:], strict=False)
                ),
            ),
            group(
                "the decision",
                arrow((600, high - radius), (600, 92), "output"),
                circle(600, 56, "$ŷ$", "output", radius=36),
            ),
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
        "reads its own input from below by the weight w 1, a bias w 0, and the state of the copy "
        "before it by the weight w 2. The first one reads 0. Only the last state, h T, is compared "
        "with the target y in the loss L. A grey box says that the three weights are the same "
        "numbers at every step.",
        [
            group(
                "from step to step",
                text(24, y, "$h_0$ = 0", anchor="start"),
                arrow((104, y), (190 - radius, y), "state"),
                arrow((190 + radius, y), (366 - radius, y), "state"),
                arrow((366 + radius, y), (456, y), "state"),
                dots(486, y),
                arrow((512, y), (620 - radius, y), "state"),
                symbol(278, y - 31, "h_1"),
                symbol(440, y - 31, "h_2"),
                *(symbol(x, y + 24, "w_2", role="weight") for x in (124, 278, 436, 540)),
            ),
            *copies,
            group(
                "the loss",
                arrow((620, y - radius), (620, 98), "output"),
                circle(620, 62, "$h_T$", "output", radius=36),
                arrow((584, 62), (506, 62), "target"),
                box(388, 62, 232, 56, "loss $L$ = ($h_T$ − $y$)²", "target"),
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
    states = {"1": 92.0, "2": 242.0, "T": 482.0}
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
            *(circle(x, y, f"$h_{t}$", "state", radius=radius) for t, x in states.items()),
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
        "The unrolled neuron twice, with states h 1 to h T and the loss L. Above, forward "
        "accumulation: dashed arrows run to the right with the states and carry the derivative "
        "of o t with respect to w; no state is stored. Below, backpropagation through time: "
        "dashed arrows run back from the loss to the left and carry delta t, the derivative of "
        "L with respect to o t; a yellow ground marks every state as stored.",
        [
            heading(28, 42, "Forward accumulation"),
            chain(up, stored=False),
            steps(u, [x_1, x_2, middle, x_t, loss]),
            *(fraction(x, u, f"∂o_{t}", "∂w") for t, x in states.items()),
            fraction(loss, u, "∂L", "∂w"),
            text(28, 306, "One pass, left to right. No state is stored.", anchor="start"),
            line([(28, 342), (692, 342)], "quiet", width=1.5),
            heading(28, 378, "Backpropagation through time"),
            chain(down, stored=True),
            steps(d, [loss, x_t, middle, x_2, x_1]),
            *(symbol(x, d, f"δ_{t}") for t, x in states.items()),
            symbol(loss, d, "L"),
            text(28, 650, "There and back. Every state is stored (yellow),", anchor="start"),
            text(28, 680, "and each step adds its share to $∂L$/$∂w$.", anchor="start"),
        ],
    )


def gradient_of_a_state() -> str:
    """The two ways by which a state acts on the loss, and the gradient back along both."""
    places = {"t-1": 130.0, "t": 360.0, "t+1": 590.0}
    y, radius, loss = 250.0, 42.0, 70.0
    return drawing(
        466,
        "The gradient of one state",
        "Three orange states in a row, H t-1, H t and H t+1, each above its blue input. Above "
        "H t and H t+1 stands a box for the loss at that step; a line leads up to it. Dashed "
        "arrows carry the gradient back into H t: one comes down from its own loss, marked "
        "directly, G t; one comes from H t+1, marked through the next state.",
        [
            group(
                "forward",
                arrow((20, y), (130 - radius, y), "state"),
                arrow((130 + radius, y), (360 - radius, y), "state"),
                arrow((360 + radius, y), (590 - radius, y), "state"),
                arrow((590 + radius, y), (704, y), "state"),
                *(arrow((x, 356), (x, y + radius), "input") for x in places.values()),
                *(arrow((x, y - radius), (x, loss + 27), "output") for x in (360.0, 590.0)),
            ),
            group(
                "the network",
                *(circle(x, 392, f"$X_{{{t}}}$", "input", radius=36) for t, x in places.items()),
                *(circle(x, y, f"$H_{{{t}}}$", "state", radius=radius) for t, x in places.items()),
                *(
                    box(places[t], loss, 190, 54, f"loss at step ${t}$", "target", size=20)
                    for t in ("t", "t+1")
                ),
            ),
            group(
                "back to the state",
                arrow((336, loss + 29), (336, y - radius + 4), "target", dashed=True),
                text(322, 152, "directly: $G_t$", anchor="end"),
                arrow((590 - radius, y + 26), (360 + radius, y + 26), "target", dashed=True),
                text(475, y + 58, "through the\nnext state"),
            ),
        ],
    )


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


def batch_of_sequences() -> str:
    """The three axes of what a recurrent layer reads: examples, time steps, inputs."""
    left, wide, rows = 190.0, 78.0, 38.0
    steps = ["1", "2", "…", "T"]
    width = wide * len(steps)
    middle = left + width / 2

    def sheets(y: float, labels: Sequence[Sequence[str]]) -> list[str]:
        """Sheets behind each other; the front one has rows of cells, the first at height y."""
        height = len(labels) * rows
        centre = y + height / 2 - rows / 2
        behind = [
            box(middle + 14 * k, centre - 14 * k, width, height, "", "input", corner=0)
            for k in (2, 1)
        ]
        front = [
            cells(left, y + rows * i, row, "input", width=wide) for i, row in enumerate(labels)
        ]
        return [*behind, *front]

    many = [[f"$x_{{{t},{i}}}$" if t != "…" else "…" for t in steps] for i in ("1", "2", "m")]
    one = [["$x_1$", "$x_2$", "…", "$x_T$"]]
    top, low, right = 132.0, 396.0, left + width
    return drawing(
        500,
        "The shape of a batch of sequences",
        "Above, three blue sheets behind each other. The front one is a table with a column for "
        "each of the time steps 1, 2 to T and a row for each of the inputs 1, 2 to m. Arrows name "
        "the three axes: n examples backward, T time steps to the right, m inputs downward; the "
        "shape is n, T, m. Below, three sheets of a single row, a price per day: n, T, 1.",
        [
            group(
                "many inputs",
                *sheets(top, many),
                arrow((left, 258), (right, 258), "text", width=2),
                text(middle, 284, "$T$ time steps"),
                arrow((166, top - 19), (166, top + 95), "text", width=2),
                text(150, top + 24, "$m$ inputs\nper step", anchor="end"),
                arrow((right + 20, top - 10), (right + 52, top - 42), "text", width=2),
                text(right + 58, top - 60, "$n$ examples", anchor="start"),
                text(right + 58, top + 60, "shape\n($n$, $T$, $m$)", anchor="start"),
            ),
            line([(28, 322), (692, 322)], "quiet", width=1.5),
            group(
                "one input",
                *sheets(low, one),
                text(150, low, "one price\nper day", anchor="end"),
                text(right + 58, low, "shape\n($n$, $T$, 1)", anchor="start"),
                *(text(left + wide * (i + 0.5), low + 44, f"${t}$") for i, t in enumerate(steps)),
            ),
        ],
    )


def bidirectional() -> str:
    """Two recurrent layers over the same letters, one from each side."""
    letters = list(zip((120.0, 280.0, 440.0, 600.0), "them", strict=True))
    low, forward, backward, high, radius, aside = 424.0, 310.0, 206.0, 76.0, 30.0, 34.0
    columns = [
        group(
            f"the letter {letter}",
            arrow((x - 14, low - 28), (x - aside, forward + radius), "input"),
            arrow((x + 14, low - 28), (x + aside, backward + radius), "input"),
            arrow((x - aside, forward - radius), (x - 12, high + radius), "output"),
            arrow((x + aside, backward - radius), (x + 14, high + radius), "output"),
            box(x, low, 72, 56, letter, "input", size=26),
            circle(x - aside, forward, "$f$", "state", radius=radius),
            circle(x + aside, backward, "$g$", "state", radius=radius),
            circle(x, high, f"$ŷ_{number}$", "output", radius=radius),
        )
        for number, (x, letter) in enumerate(letters, start=1)
    ]
    between = [
        (a + radius, b - radius) for (a, _), (b, _) in zip(letters, letters[1:], strict=False)
    ]
    return drawing(
        478,
        "A bidirectional layer",
        "The letters t, h, e, m in a row of blue boxes. Above them a row of orange states with "
        "arrows from left to right, and above that a second row with arrows from right to left. "
        "Each letter feeds one state of each row, and both feed a purple output above them.",
        [
            group(
                "forward",
                *(arrow((a - aside, forward), (b - aside, forward), "state") for a, b in between),
            ),
            group(
                "backward",
                *(arrow((b + aside, backward), (a + aside, backward), "state") for a, b in between),
            ),
            *columns,
        ],
    )


def recursive_and_direct() -> str:
    """Several steps ahead from a window: by its own forecasts, or by a network of its own."""
    width, left, out = 66.0, 28.0, 640.0

    def row(shift: int, y: float, names: Sequence[str], network: str, forecast: str) -> str:
        start = left + shift * width
        end = start + 4 * width
        roles = ["output" if "ẑ" in name else "input" for name in names]
        return group(
            f"the forecast {forecast}",
            cells(start, y, [f"${name}$" for name in names], roles, width=width, height=44),
            arrow((end + 4, y), (500, y), "state"),
            box(540, y, 76, 44, network, "state"),
            arrow((578, y), (out - 36, y), "output"),
            cells(out - 33, y, [f"${forecast}$"], "output", width=width, height=44),
        )

    def back(y: float, shift: int) -> str:
        """From a forecast to the end of the window in the next row."""
        end = left + (shift + 3.5) * width
        return arrow((out, y + 22), (end + 8, y + 74), "output", width=2.5, dashed=True)

    return drawing(
        532,
        "Recursive and direct forecasts",
        "Above, recursive, three rows. Each has a window of four values, a GRU and a forecast. The "
        "first window holds the true values z t minus 3 to z t, and the forecast is z hat t plus "
        "1. A dashed arrow carries it to the end of the second window, which has moved on by one "
        "day; the third window ends with two forecasts. Below, direct: from the window of true "
        "values a second network forecasts z hat t plus 3 at once.",
        [
            heading(28, 36, "Recursive"),
            note(692, 36, "the window moves on over its own forecasts", anchor="end"),
            row(0, 92, ["z_{t-3}", "z_{t-2}", "z_{t-1}", "z_t"], "GRU", "ẑ_{t+1}"),
            back(92, 1),
            row(1, 188, ["z_{t-2}", "z_{t-1}", "z_t", "ẑ_{t+1}"], "GRU", "ẑ_{t+2}"),
            back(188, 2),
            row(2, 284, ["z_{t-1}", "z_t", "ẑ_{t+1}", "ẑ_{t+2}"], "GRU", "ẑ_{t+3}"),
            line([(28, 344), (692, 344)], "quiet", width=1.5),
            heading(28, 386, "Direct"),
            note(692, 386, "another network, trained for day t + 3", anchor="end"),
            row(0, 452, ["z_{t-3}", "z_{t-2}", "z_{t-1}", "z_t"], "GRU′", "ẑ_{t+3}"),
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
            heading(28, y - 14, f"Layer {number}"),
            note(28, y + 15, f"{num_units} unit{'s' * (num_units > 1)}", anchor="start"),
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
                note(468, 60, "only the last output is used", anchor="end"),
            ),
            group(
                "the sum",
                note(638, top - 56, "parameters"),
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
            heading(left, top + 34, title),
            note(left, top + 66, example, anchor="start"),
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


def lstm_keep() -> str:
    """The cell state and the gate that keeps it: the first panel of three."""
    return _lstm(
        1,
        "An LSTM, first panel: keep",
        "The old cell state comes in at the top left and runs to the right as a thick orange "
        "line. On its way it is multiplied by the forget gate, a green box below, which reads "
        "the old hidden state and the input from a line at the bottom.",
    )


def lstm_write() -> str:
    """The input gate and the candidate come in: the second panel."""
    return _lstm(
        2,
        "An LSTM, second panel: write",
        "As before, and to the right of the forget gate stand the green input gate and the orange "
        "candidate. Both read the same line at the bottom. Their product goes up and is added to "
        "the thick line, which leaves at the right as the new cell state.",
    )


def lstm_cell() -> str:
    """One step of an LSTM: three gates, a candidate, and the cell state that runs through."""
    return _lstm(
        3,
        "One step of an LSTM",
        "The old cell state comes in at the top left and runs to the right. On its way it is "
        "multiplied by the forget gate and a product is added to it: the input gate times the "
        "candidate. A branch of the new cell state goes down through tanh, is multiplied by the "
        "output gate and leaves as the new hidden state. Three green gates and an orange "
        "candidate stand in a row. All four read the same two things from a line below: the "
        "input in blue and the old hidden state in purple. A grey box gives the shapes of the "
        "weights: m by 4 p, p by 4 p, and 4 p.",
    )


def _lstm(panels: int, title: str, description: str) -> str:
    """One step of an LSTM with what the first panels bring: keep, write, show."""
    forget, enter, candidate, show = 140.0, 284.0, 430.0, 560.0
    track, bus, gates = 96.0, 470.0, 356.0
    plus, branch, half = 357.0, 650.0, 38.0
    meet, tap = 226.0, 24.0
    last = (forget, candidate, show)[panels - 1]

    def gate(x: float, name: str, symbols: str) -> str:
        role = "state" if symbols == "tanh" else "gate"
        return "\n".join(
            [
                arrow((x, bus), (x, gates + half), "weight"),
                box(x, gates, 124, 2 * half, f"{name}\n{symbols}", role, size=21),
            ]
        )

    keep = [
        group(
            "the cell state",
            symbol(20, track - 34, "C_{t-1}", anchor="start"),
            arrow((20, track), (forget - tap, track), "state", width=5),
            arrow(
                (forget + tap, track),
                (plus - tap if panels > 1 else 702, track),
                "state",
                width=5,
            ),
            text((forget + plus) / 2, track - 38, "keep", role="weight"),
        ),
        group(
            "what the gates read",
            line([(84, bus), (max(last, 212), bus)], "weight"),
            circle(50, bus, "$H_{t-1}$", "output", radius=38, size=24),
            arrow((212, 534), (212, bus), "input"),
            circle(212, 572, "$X_t$", "input", radius=38),
        ),
        group(
            "the forget gate",
            gate(forget, "forget", "$F_t$"),
            arrow((forget, gates - half), (forget, track + tap), "gate"),
            circle(forget, track, "×", "gate", radius=tap),
        ),
    ]
    write = [
        group(
            "the input gate and the candidate",
            arrow((plus + tap, track), (702, track), "state", width=5),
            symbol(702, track - 34, "C_t", anchor="end"),
            text(plus + 98, track - 38, "add", role="weight"),
            gate(enter, "input", "$I_t$"),
            gate(candidate, "candidate", "tanh"),
            track_arrow([(enter, gates - half), (enter, meet), (plus - tap, meet)], "gate"),
            track_arrow(
                [(candidate, gates - half), (candidate, meet), (plus + tap, meet)], "state"
            ),
            arrow((plus, meet - tap), (plus, track + tap), "state"),
            circle(plus, track, "+", "state", radius=tap),
            circle(plus, meet, "×", "gate", radius=tap),
        ),
    ]
    show_parts = [
        group(
            "the output gate and the hidden state",
            gate(show, "output", "$O_t$"),
            track_arrow([(show, gates - half), (show, 262), (branch - tap, 262)], "gate"),
            dot((branch, track), "state", radius=8),
            arrow((branch, track), (branch, 148), "state"),
            box(branch, 170, 84, 44, "tanh", "state"),
            arrow((branch, 192), (branch, 262 - tap), "state"),
            arrow((branch, 262 + tap), (branch, 534), "output"),
            circle(branch, 572, "$H_t$", "output", radius=38),
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
    ]
    parts = [*keep, *write * (panels > 1), *show_parts * (panels > 2)]
    return drawing(690 if panels > 2 else 626, title, description, parts)
