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


def window_options() -> str:
    """What padding, stride and dilation do to the numbers 1 to 6 under the kernel (1, 1)."""
    numbers = [1, 2, 3, 4, 5, 6]
    options = [  # name, zeros in front, zeros behind, stride, dilation
        ("valid", 0, 0, 1, 1),
        ("same", 0, 1, 1, 1),
        ("causal", 1, 0, 1, 1),
        ("stride 2", 0, 0, 2, 1),
        ("dilation 2", 0, 0, 1, 2),
    ]
    left, wide, tall, drop, gap = 222.0, 62.0, 42.0, 92.0, 172.0
    first_row = 44.0
    parts, said = [], []
    for row, (name, front, behind, stride, dilation) in enumerate(options):
        top = first_row + row * gap
        low = top + drop
        padded = [0] * front + numbers + [0] * behind
        x_0 = left - front * wide
        starts = range(0, len(padded) - dilation, stride)
        answers = [padded[t] + padded[t + dilation] for t in starts]
        said.append(f"{name}: {', '.join(map(str, answers))}")
        roles = ["quiet"] * front + ["input"] * len(numbers) + ["quiet"] * behind
        # The answer of a window stands below its first place, as the lecture counts, and below its
        # last where the zero is in front: causal.
        shift = dilation if name == "causal" else 0
        wires, boxes = [], []
        for t, answer in zip(starts, answers, strict=True):
            middle = x_0 + (t + shift + 0.5) * wide
            for place in (t, t + dilation):
                start = (x_0 + (place + 0.5) * wide, top + tall / 2)
                wires.append(line([start, (middle, low - tall / 2)], "weight", width=2))
            boxes.append(
                cells(middle - wide / 2, low, [str(answer)], "output", width=wide, height=tall)
            )
        parts.append(
            group(
                name,
                text(18, (top + low) / 2, name, anchor="start", bold=True),
                *wires,
                cells(x_0, top, [str(x) for x in padded], roles, width=wide, height=tall),
                *boxes,
            )
        )
    return drawing(
        first_row + (len(options) - 1) * gap + drop + 42,
        "What padding, stride and dilation do",
        "Five pairs of rows. In each, the numbers 1 to 6 stand above in blue, and lines lead "
        "from two of them to each answer below. Same has a grey zero behind the 6, causal one in "
        f"front of the 1. The answers are, {'; '.join(said)}.",
        parts,
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
