"""The front page: a sentence that an LSTM reads while one types, three ways in, and a live map.

``intro.md`` holds an empty ``<div class="read-along"></div>``; `place_front` puts a widget there,
with a sentence that the course's network (``data/explorer.npz``) has read when the book was built.
The network itself travels to the page when the widget is touched. An empty
``<div class="start-here"></div>`` becomes the three ways in.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from helpers.widgets import LSTMExplorer, javascript_source, widget
from tools.book.course import branch, repository
from tools.pages.page import Page, element

PLACE = "div.read-along"
START = "div.start-here"
SHORT_WAY = "two-classes"  # the page that the ways in lead to
MAP = "who-needs-what.svg"
#: The first one stands on the page; the last one fools the network.
SENTENCES = (
    "We waited an hour for cold soup, but the cake was worth it.",
    "Not bad at all!",
    "The food was great but the waiter was rude.",
    "The menu looks great, but nothing tastes good.",
    "I was sure I would hate this place, and I was wrong.",
)
FOOLED = " (it falls for this one)"
MISSING = 1  # the number of a word that it does not know


def place_front(page: Page) -> None:
    """Put the widget where a page asks for it. A step of `finish`, before the widgets are moved."""
    for place in page.tree.css(PLACE):
        place.replace_with(element(f'<div class="read-along">{front_widget()}</div>'))


def place_start(page: Page) -> None:
    """Put the three ways in where a page asks for them: Colab, the short way, its slides."""
    colab = "https://colab.research.google.com/github/"
    notebook = f"blob/{branch()}/lectures/{SHORT_WAY}.ipynb"
    ways = {
        "Run it in Colab": f"{colab}{repository().removeprefix('https://github.com/')}/{notebook}",
        "RNNs in two classes": page.address(f"lectures/{SHORT_WAY}.html"),
        "The slides": page.address(f"slides/{SHORT_WAY}.html"),
    }
    links = "".join(f'<a href="{escape(way)}">{name}</a>' for name, way in ways.items())
    for place in page.tree.css(START):
        place.replace_with(element(f'<nav class="start-here" aria-label="Start">{links}</nav>'))


def place_map(page: Page) -> None:
    """Put the drawing of the course itself into the front page, so that its boxes lead somewhere.

    Within an ``img`` they would not. Where a page shows no such picture nothing happens.
    """
    for image in page.tree.css(f'img[src$="{MAP}"]'):
        drawing = (page.raw / page.file(image.attrs["src"])).read_text(encoding="utf-8")
        alive = drawing.replace('role="img"', 'role="group" class="course-map"', 1)
        alive = re.sub(r"\s*<(title|desc)>.*?</\1>", "", alive)  # aria-label says it
        image.replace_with(element(alive[alive.index("<svg") :]))


@cache
def front_widget() -> str:
    """The widget, with the first sentence read."""
    network = LSTMExplorer.load(reviews=SENTENCES)
    reading = network.read(SENTENCES[0])
    words = "".join(
        _word(place, shown, positive, number == MISSING)
        for place, (shown, positive, number) in enumerate(
            zip(reading.shown, reading.positive[1:], reading.numbers, strict=True)
        )
    )
    picks = "".join(
        f'<button type="button" value="{escape(sentence)}">{escape(sentence)}'
        f"{f'<small>{FOOLED}</small>' * (sentence == SENTENCES[-1])}</button>"
        for sentence in SENTENCES[1:]
    )
    static = Template(_beside("front.html")).substitute(
        text=escape(SENTENCES[0]),
        picks=picks,
        words=words,
        verdict=_verdict(reading.positive[-1]),
        num_words=f"{len(network.vocabulary):,}",
    )
    return widget(
        "front-page",
        static,
        {"length": network.length},
        javascript_source() + _beside("front.js"),
        _beside("front.css"),
        shared=network.weights(),
        later=True,
    )


def _word(place: int, shown: str, positive: float, missing: bool) -> str:
    """One word, with the verdict after it as a bar."""
    kind = ("fr-up" if positive >= 0.5 else "fr-down") + " fr-missing" * missing
    return (
        f'<li class="{kind}" style="--p: {abs(2 * positive - 1):.3f}; --k: {place}" '
        f'title="P(positive) = {positive:.2f}"><span class="fr-word{" fr-unknown" * missing}">'
        f'{escape(shown)}</span><span class="cw-hidden">, {"unknown word, " * missing}'
        f'{positive:.2f}</span><span class="fr-bar"></span></li>'
    )


def _verdict(positive: float) -> str:
    """What the network thinks in the end."""
    side, arrow = ("positive", "↑") if positive >= 0.5 else ("negative", "↓")
    return (
        f'<span class="fr-value fr-{side}">{arrow} {side}</span> '
        f"<span>P(positive) = {positive:.2f}</span>"
    )


def _beside(name: str) -> str:
    """The text of a file beside this module."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
