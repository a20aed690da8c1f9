"""The way through the book: which lecture needs which."""

from __future__ import annotations

from tools.book.course import numbers_of_lectures
from tools.figures.kit import arrow, box, drawing, group, heading, line, note, track_arrow

#: What each lecture needs before it: its slug, and theirs. A new lecture gets a line here and a
#: place below.
NEEDS: dict[str, tuple[str, ...]] = {
    "two-classes": (),
    "baselines": (),
    "single-neuron-rnn": ("baselines",),
    "keras-rnns": ("single-neuron-rnn",),
    "forecasting": ("keras-rnns",),
    "leakage": ("baselines",),
    "bptt": ("keras-rnns",),
    "lstm": ("bptt",),
    "language-models": ("keras-rnns",),
    "tokens": ("keras-rnns",),
    "word-vectors": ("tokens",),
    "yelp-reviews": ("lstm", "tokens"),
    "tagging": ("lstm",),
    "conv1d": ("tokens",),
    "inside-an-lstm": ("yelp-reviews",),
    "text-and-tables": ("yelp-reviews",),
    "siamese-quora": ("yelp-reviews",),
    "17-attention": ("lstm", "language-models", "tokens"),
    "18-self-attention": ("yelp-reviews", "17-attention"),
    "parallel-recurrence": ("lstm",),
    "recurrent-today": ("18-self-attention", "parallel-recurrence"),
    "full-size": ("yelp-reviews",),
    "the-class": (),
}
OPTIONAL = {"tagging", "conv1d", "text-and-tables", "full-size"}
#: Name in the drawing, and the middle of its box.
PLACES: dict[str, tuple[str, tuple[float, float]]] = {
    "two-classes": ("RNNs in\ntwo classes", (116, 90)),
    "baselines": ("Baselines", (360, 90)),
    "single-neuron-rnn": ("A single\nneuron", (360, 206)),
    "keras-rnns": ("RNNs in Keras", (360, 322)),
    "forecasting": ("Forecasting", (116, 322)),
    "leakage": ("Data leakage", (604, 90)),
    "bptt": ("Backprop\nthrough time", (604, 322)),
    "lstm": ("LSTM\nand GRU", (604, 438)),
    "language-models": ("Language\nmodels", (116, 438)),
    "tokens": ("Tokens", (360, 578)),
    "word-vectors": ("Word\nembeddings", (116, 578)),
    "yelp-reviews": ("Sentiment\nof reviews", (360, 694)),
    "tagging": ("Tagging", (604, 578)),
    "conv1d": ("Convolutions", (116, 694)),
    "inside-an-lstm": ("Looking inside\nan LSTM", (360, 810)),
    "text-and-tables": ("Text with\ntables", (116, 810)),
    "siamese-quora": ("Two questions", (604, 810)),
    "17-attention": ("Attention", (116, 1094)),
    "18-self-attention": ("Self-attention", (360, 1094)),
    "parallel-recurrence": ("Scans and\nlinear RNNs", (604, 1094)),
    "recurrent-today": ("Recurrent\nmodels today", (604, 1274)),
    "full-size": ("At full size", (116, 1274)),
    "the-class": ("The class,\nby numbers", (116, 206)),
}
#: Whose arrow from the LSTM goes down between two columns, since a box lies in its way.
BETWEEN = {"yelp-reviews": 482.0}
#: Lectures of the last part: what they need from the parts above is named over their box, since an
#: arrow from there would cross the whole drawing.
AFAR = (
    "17-attention",
    "18-self-attention",
    "parallel-recurrence",
    "recurrent-today",
    "full-size",
)
WIDE, TALL = 204.0, 76.0


def who_needs_what() -> str:
    """The lectures as boxes that are links, an arrow from each to those that need it."""
    numbers = numbers_of_lectures()
    boxes = [
        f'<a href="lectures/{slug}.html">'  # alive on the front page: tools/pages/front.py
        + box(x, y, WIDE, TALL, f"{numbers[slug]} {name}".strip(), "weight", size=20, dashed=dashed)
        + "</a>"
        for slug, (name, (x, y)) in PLACES.items()
        for dashed in [slug in OPTIONAL]
    ]
    arrows = [
        _way(PLACES[need][1], PLACES[slug][1], BETWEEN.get(slug) if need == "lstm" else None)
        for slug, needs in NEEDS.items()
        for need in needs
        if slug not in AFAR or need in AFAR
    ]
    return drawing(
        1338,
        "Which lecture needs which",
        "Numbered boxes from top to bottom, joined by arrows. RNNs in two classes and The class, "
        "by numbers stand alone. Series: Baselines leads to A single neuron and to Data leakage, A "
        "single neuron to RNNs in Keras, and that to Forecasting, Language models and Backprop "
        "through time, which leads to LSTM and GRU. Text: RNNs in Keras leads to Tokens, and that "
        "to Word embeddings and to Convolutions. Tokens and LSTM and GRU lead to Sentiment of "
        "reviews, and that to Looking inside an LSTM, to Text with tables and to Two questions. "
        "LSTM and GRU lead to Tagging. Tagging, Convolutions and Text with tables are dashed. "
        "After the LSTM: LSTM and GRU, Language models and Tokens lead to Attention, and that, "
        "with Sentiment of reviews, to Self-attention. LSTM and GRU lead to Scans and linear RNNs; "
        "these and Self-attention lead to Recurrent models today. Sentiment leads to At full size, "
        "which is dashed.",
        [
            group(
                "the parts",
                heading(28, 36, "Series"),
                line([(28, 492), (692, 492)], "quiet", width=1.5),
                heading(28, 524, "Text"),
                line([(28, 880), (692, 880)], "quiet", width=1.5),
                heading(28, 912, "After the LSTM"),
            ),
            group("what leads where", *arrows),
            group(
                "what leads there from above",
                *(_from_above(s) for s in AFAR if {*NEEDS[s]} - {*AFAR}),
            ),
            group("the lectures", *boxes),
            note(604, 694, "dashed: may be\nleft out"),
        ],
    )


def _from_above(slug: str) -> str:
    """The names of the lectures of other parts that a lecture needs, and one arrow from them."""
    x, y = PLACES[slug][1]
    names = [PLACES[need][0].replace("\n", " ") for need in NEEDS[slug] if need not in AFAR]
    top = y - TALL / 2
    return note(x, top - 34 - 13 * (2 * len(names) - 1), "\n".join(names)) + arrow(
        (x, top - 32), (x, top)
    )


def _way(start: tuple[float, float], end: tuple[float, float], between: float | None = None) -> str:
    """An arrow from box to box: straight where they stand in line, else round a corner."""
    (x_1, y_1), (x_2, y_2) = start, end
    if x_1 == x_2:
        return arrow((x_1, y_1 + TALL / 2), (x_2, y_2 - TALL / 2))
    side = 1 if x_2 > x_1 else -1
    if y_1 == y_2:
        return arrow((x_1 + side * WIDE / 2, y_1), (x_2 - side * WIDE / 2, y_2))
    over, from_x = y_2 - TALL / 2, x_1 + side * WIDE / 4
    ways = [(from_x, y_1 + TALL / 2)]
    if between is not None:
        ways, from_x = [(x_1 + side * WIDE / 2, y_1), (between, y_1)], between
    return track_arrow([*ways, (from_x, over - 22), (x_2, over - 22), (x_2, over)], corner=12)
