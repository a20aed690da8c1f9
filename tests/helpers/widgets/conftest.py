"""Pages from disk with widgets in them, opened in a browser and looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from helpers.data import load_reviews
from helpers.widgets import LSTMExplorer, NeuronSliders
from tests.pages.browsing import visit

PAGE = (
    '<!DOCTYPE html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Widgets</title></head>'
    '<body style="margin:0;color:{ink};background:{ground}"><article style="padding:8px">{parts}'
    "</article></body></html>"
)
COLOURS = {"light": ("#1b1b1b", "#ffffff"), "dark": ("#f0f0ee", "#14181e")}  # of the page itself


@pytest.fixture(scope="session")
def course() -> LSTMExplorer:
    """The explorer that comes with the course."""
    return LSTMExplorer.load()


@pytest.fixture(scope="session")
def all_reviews() -> list[str]:
    """All test reviews of the sample."""
    reviews = load_reviews()
    return reviews[reviews["split"] == "test"]["text"].tolist()


@pytest.fixture
def neuron() -> NeuronSliders:
    """A neuron on a made-up series of 100 days."""
    x = np.sin(np.arange(100) / 9) * np.linspace(0.3, 1, 100)
    return NeuronSliders(x, 0.5, (-0.04, 1.14, 0.26), "AAPL")


def write_page(folder: Path, parts: tuple[Any, ...], theme: str = "light") -> str:
    """Write a page that holds widgets; return its address."""
    ink, ground = COLOURS[theme]
    shown = "\n".join(part._repr_html_() for part in parts)
    page = PAGE.format(theme=theme, ink=ink, ground=ground, parts=shown)
    (folder / "page.html").write_text(page, encoding="utf-8")
    return (folder / "page.html").as_uri()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page that holds widgets; in the end it must have met no error and fetched nothing."""
    visits = []
    with ExitStack() as stack:

        def opened(*parts: Any, theme: str = "light", width: int = 900) -> Page:
            address = write_page(tmp_path, parts, theme)
            size = {"width": width, "height": 900}
            visits.append(stack.enter_context(visit(browser, address, size, theme)))
            return visits[-1].page

        yield opened
    assert [error for visited in visits for error in visited.errors] == []
    fetched = [url for visited in visits for url in visited.requests]
    assert [url for url in fetched if not url.startswith("file:")] == []
