"""Diagrams of text on its way into a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tools.figures.kit import (
    arrow,
    box,
    cells,
    circle,
    dots,
    drawing,
    group,
    heading,
    line,
    note,
    symbol,
    text,
    track_arrow,
)


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
            heading(28, y - 76, title),
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
    reviews = [["the", "soup", "was", "too", "cold"], ["very", "good", "tea"], ["never", "again"]]
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
            heading(left, y + 36, title),
            text(right + num_steps * narrow / 2, y + 36, "mask", bold=True),
            *parts,
            arrow((left, y + 246), (end, y + 246), "state"),
            text(left, y + 274, f"an RNN reads this way: {ending}", anchor="start", size=20),
            note(right + num_steps * narrow / 2, y + 246, "1 word, 0 pad"),
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

    def stage(y: float, name: str, remark: str = "", shape: str = "") -> str:
        return "\n".join(
            [
                heading(28, y, name),
                note(28, y + 30, remark, anchor="start") if remark else "",
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
                *(note(x, sheet + 118, word) for x, word in zip(xs, [*tokens, "pad"], strict=True)),
            ),
        ],
    )


def next_letter() -> str:
    """A speaker in training, fed the true letters, and at work, fed what it has drawn."""
    columns = [92.0 + 134 * i for i in range(5)]
    radius = 32.0

    def at(letters: Sequence[str]) -> list[tuple[float, str]]:
        return list(zip(columns, letters, strict=False))

    def chain(top: float, inputs: Sequence[str], role: str) -> list[str]:
        """Draw input, state and guess of some steps; `top` is the height of the guesses."""
        below, state = top + 190, top + 94
        ways = [
            arrow((a + radius, state), (b - radius, state), "state")
            for a, b in zip(columns, columns[1 : len(inputs)], strict=False)
        ]
        return [
            *ways,
            *(arrow((x, below - radius), (x, state + radius), role) for x, _ in at(inputs)),
            *(arrow((x, state - radius), (x, top + 26), "output") for x, _ in at(inputs)),
            *(
                circle(x, state, f"$h_{t}$", "state", radius=radius, size=26)
                for t, (x, _) in enumerate(at(inputs), start=1)
            ),
            *(box(x, top, 84, 52, f"$ŷ_{t}$", "output") for t, (x, _) in enumerate(at(inputs), 1)),
            *(
                circle(x, below, s, role, radius=radius, size=26 if len(s) == 1 else 22)
                for x, s in at(inputs)
            ),
        ]

    up, down = 180.0, 602.0
    drawn = down - 92
    loops = [
        track_arrow(
            [
                (x + radius, drawn),
                (x + 66, drawn),
                (x + 66, down + 190),
                (x + 134 - radius, down + 190),
            ],
            "output",
            width=4,
            corner=16,
        )
        for x in columns[:3]
    ]
    return drawing(
        836,
        "A network that guesses the next letter, in training and at work",
        "Two unrolled networks. Above, training: the true letters stop, a, n, n, a come in from "
        "below, each goes into an orange state h, each state gives a purple guess y hat, and each "
        "guess is compared with the true next letter above it: a, n, n, a, stop. Below, speaking: "
        "only the first stop is given. From each guess a letter is drawn: m, i, a, and a thick "
        "arrow leads from it back down to the input of the next step.",
        [
            heading(28, 38, "In training: the true letters come in"),
            group(
                "training",
                *chain(up, ["stop", "a", "n", "n", "a"], "input"),
                *(arrow((x, up - 60), (x, up - 26), "target") for x in columns),
                *(
                    circle(x, up - 90, s, "target", radius=radius, size=26 if len(s) == 1 else 22)
                    for x, s in at(["a", "n", "n", "a", "stop"])
                ),
            ),
            line([(28, 422), (692, 422)], "quiet", width=1.5),
            heading(28, 454, "At work: what it has drawn comes back"),
            group(
                "speaking",
                *loops,
                *chain(down, ["stop", "m", "i", "a"], "input"),
                *(arrow((x, down - 26), (x, drawn + radius), "output") for x in columns[:4]),
                *(
                    circle(x, drawn, s, "output", radius=radius, size=26 if len(s) == 1 else 22)
                    for x, s in at(["m", "i", "a", "stop"])
                ),
                text(570, drawn, "drawn", anchor="start"),
                text(570, down, "27 chances", anchor="start"),
                text(570, down + 94, "state", anchor="start"),
                text(570, down + 190, "input", anchor="start"),
            ),
        ],
    )
