"""The book's face: logo, favicon and the card that a link shows."""

from __future__ import annotations

from tools.figures.kit import PANEL, Point, arrow, curved_arrow, dot, drawing, line, text

BOOK_TITLE = "Recurrent Neural Networks"


BOOK_SUBTITLE = "a course book that runs"


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
