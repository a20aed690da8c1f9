"""Diagrams of whole models: two inputs, an encoder with a decoder, two devices."""

from __future__ import annotations

from tools.figures.kit import (
    arrow,
    arrow_between,
    box,
    cells,
    circle,
    drawing,
    group,
    line,
    note,
    text,
    track_arrow,
)


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


def siamese_network() -> str:
    """Two questions, read by one and the same encoder, and a comparison of what it made of them."""
    left, middle, right = 150.0, 360.0, 570.0
    question, table, reader, vector, compare, answer = 700.0, 570.0, 430.0, 296.0, 172.0, 56.0

    def column(x: float, words: str, name: str, number: int) -> str:
        return group(
            f"question {number}",
            box(x, question, 270, 58, words, "input", size=20),
            note(x, question + 50, f"question {number}"),
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


def attention() -> str:
    """An encoder, a decoder, and what its second step looks at."""
    reads, says, height, radius = (66.0, 156.0, 246.0, 336.0), (456.0, 552.0, 648.0), 490.0, 27.0
    below, top, bars, mean = 596.0, 92.0, 430.0, (201.0, 262.0)
    weights = (0.08, 0.74, 0.12, 0.06)
    states = [*zip(reads, ("h_1", "h_2", "h_3", "h_4"), strict=True)]
    states += zip(says, ("g_1", "g_2", "g_3"), strict=True)
    places = [x for x, _ in states]
    return drawing(
        676,
        "A decoder that looks back",
        "In a row from left to right stand four orange encoder states, which read the letters r, "
        "i, n, g from below, and three orange decoder states, which read stop, R, IH. Arrows lead "
        "from each state to the next. Above the encoder states stand four green bars, the "
        "weights; the second is by far the tallest. A dashed arrow leads from the second decoder "
        "state, the query, to the bars. Lines from the bars meet in an orange box, the context. "
        "Context and second decoder state go together into a box, and from there to the second "
        "of the purple outputs R, IH, NG.",
        [
            group(
                "the states",
                *(
                    arrow((a + radius, height), (b - radius, height), "state")
                    for a, b in zip(places, places[1:], strict=False)
                ),
                *(
                    circle(x, height, f"${name}$", "state", radius=radius, size=24)
                    for x, name in states
                ),
            ),
            group(
                "what they read",
                *(arrow((x, below - 24), (x, height + radius), "input") for x in places),
                *(
                    box(x, below, 60, 48, letter, "input")
                    for x, letter in zip(reads, "ring", strict=True)
                ),
                *(
                    box(x, below, 74, 48, sound, "input")
                    for x, sound in zip(says, ("stop", "R", "IH"), strict=True)
                ),
                text(mean[0], 652, "encoder"),
                text(says[1], 652, "decoder"),
            ),
            group(
                "the weights",
                *(line([(x, height - radius), (x, bars)], "state", width=1.5) for x in reads),
                *(
                    box(x, bars - 50 * share - 3, 40, 100 * share + 6, "", "gate", corner=2)
                    for x, share in zip(reads, weights, strict=True)
                ),
                *(
                    line(
                        [(x, bars - 100 * share - 6), (mean[0], mean[1] + 28)],
                        "state",
                        width=1 + 8 * share,
                    )
                    for x, share in zip(reads, weights, strict=True)
                ),
                text(276, 318, "weights", anchor="start", size=22),
                text(290, 346, "$α_{21}$ to $α_{24}$", anchor="start", size=22),
            ),
            group(
                "query and context",
                track_arrow([(says[1], 406), (reads[3] + 34, 406)], "gate", dashed=True),
                text(412, 382, "query", size=22),
                box(*mean, 150, 56, "context $c_2$", "state"),
                arrow((mean[0] + 75, mean[1]), (says[1] - 52, mean[1]), "state"),
            ),
            group(
                "what they say",
                *(
                    arrow((x, height - radius), (x, top + 28), "quiet", width=2)
                    for x in (says[0], says[2])
                ),
                arrow((says[1], height - radius), (says[1], mean[1] + 28), "state"),
                box(says[1], mean[1], 104, 56, "$g_2$, $c_2$", "weight"),
                arrow((says[1], mean[1] - 28), (says[1], top + 28), "output"),
                *(
                    box(x, top, 74, 56, sound, "output")
                    for x, sound in zip(says, ("R", "IH", "NG"), strict=True)
                ),
                text(says[1], 38, "softmax over the sounds", size=22),
            ),
        ],
    )


def data_parallel() -> str:
    """One batch on two devices: a part each, a gradient each, their mean, the same update."""
    middle, batch, device, slope, mean, update = 360.0, 84.0, 224.0, 350.0, 466.0, 582.0
    sides = {1: (180.0, 252.0), 2: (540.0, 468.0)}  # where a device stands, and its rows' middle

    def column(number: int) -> str:
        x, rows = sides[number]
        return group(
            f"device {number}",
            arrow((rows, batch + 22), (x, device - 44), "input"),
            box(x, device, 290, 84, f"device {number}\nall weights", "state"),
            arrow((x, device + 42), (x, slope - 29), "gate"),
            box(x, slope, 200, 58, f"gradient $g_{number}$", "gate"),
            arrow((x, slope + 29), (x, mean - 33), "gate"),
            arrow((x, mean + 32), (x, update - 29), "weight"),
            box(x, update, 290, 58, "the same update", "output"),
        )

    return drawing(
        640,
        "One batch on two devices",
        "At the top a batch of eight rows in blue. An arrow leads from its left four rows to "
        "device 1, another from its right four to device 2; both are orange boxes and have all "
        "weights. Below each a green box, its gradient, g 1 and g 2. Both lead into a wide grey "
        "box, all-reduce, the mean of the two. From it an arrow leads down to each device's own "
        "purple box, the same update.",
        [
            group(
                "the batch",
                text(middle, 34, "one batch of 8 rows", bold=True),
                cells(middle - 4 * 54, batch, [str(i) for i in range(1, 9)], "input", width=54),
                note(sides[1][0] - 60, 146, "rows 1 to 4", anchor="middle"),
                note(sides[2][0] + 60, 146, "rows 5 to 8", anchor="middle"),
            ),
            column(1),
            column(2),
            box(middle, mean, 650, 64, "all-reduce: the mean of $g_1$ and $g_2$", "weight"),
        ],
    )
