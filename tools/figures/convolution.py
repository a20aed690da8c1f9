"""Diagrams of convolutions over time."""

from __future__ import annotations

from tools.figures.kit import arrow, box, cells, circle, drawing, group, line, note, text, wire


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
            note(middles[0], 34, "pad"),
            note(middles[-1], 34, "pad"),
            name(top, "input $x$"),
            cells(left, top, plain, roles, width=wide, height=tall, size=24),
            *(
                line([(middles[here + j], top + tall / 2), (middles[here + j], low - tall / 2)])
                for j in range(3)
            ),
            name(low, "kernel $w$"),
            box(
                middles[here + 2] + 6, low + 8, 3 * wide, tall, "", "weight", dashed=True, corner=0
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
            text(target, under + 48, "0.2 · 1 + 0.6 · 2 + 0.2 · 1 = 1.6", role="weight"),
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
