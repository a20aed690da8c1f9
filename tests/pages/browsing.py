"""A real browser for tests, ``RNN_BROWSER``, or Chromium, Chrome or Edge as found; and the book."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from benchmarks.site import serving
from tests.support import code_cells, lecture_names, notebook
from tools.book.course import site_url

PREFIX = urlsplit(site_url()).path  # the book's folder on its host, such as /rnn-course/
LECTURES = [f"lectures/{name}" for name in lecture_names()]
PAGES = ["intro", "status", "glossary", "references", *LECTURES, "search", "404"]
# For what takes long and is the same on all pages of a kind: one of each, all that have a widget.
WITH_WIDGETS = [
    f"lectures/{name}"
    for name in lecture_names()
    if any("helpers.widgets" in cell.source for cell in code_cells(notebook(name)))
]
ONE_OF_EACH = [*PAGES[:4], "search", *WITH_WIDGETS, "lectures/lstm"]

ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if sys.platform == "linux" else []),
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MILLISECONDS = 20_000  # to wait for anything on a page
LEAST_CONTRAST = 4.5  # WCAG 2.1 AA
COLOUR_RULES = ("color-contrast", "link-in-text-block")  # of axe
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")

# Where a browser may be, on the path or as macOS and Windows install it.
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def find_browser() -> Path | None:
    """Find a Chromium, Chrome or Edge: the one that RNN_BROWSER names, else one of `BROWSERS`.

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
    if named and shutil.which(named) is None:
        raise FileNotFoundError(f"RNN_BROWSER={named}: no such program; unset it or mend it")
    found = map(shutil.which, [named] if named else BROWSERS)
    return next((Path(program) for program in found if program), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once."""
    try:
        path, message = find_browser(), "no browser found: install chromium, or set RNN_BROWSER"
    except FileNotFoundError as error:
        path, message = None, str(error)
    if path is None:
        give_up = pytest.fail if os.environ.get("RNN_BROWSER_REQUIRED") == "1" else pytest.skip
        give_up(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """The address of a server on this machine that serves the book as GitHub Pages does."""
    with serving(book, PREFIX) as address:
        yield address


@pytest.fixture(scope="session")
def arrive(browser: Browser, site: str) -> Iterator[Callable[[str], Visit]]:
    """Opens a page of the book, once for all tests that look at it one after the other."""
    last: list = []
    with ExitStack() as opened:

        def open_page(name: str) -> Visit:
            if last[:1] != [name]:
                opened.close()
                last[:] = [name, opened.enter_context(visit(browser, f"{site}{name}.html"))]
            return last[1]

        yield open_page


@dataclass
class Visit:
    """A page that was opened, and what happened meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    fetched: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def visit(
    browser: Browser, address: str, size: dict = DESKTOP, scheme: str = "light", **more: object
) -> Iterator[Visit]:
    """Open an address and wait until it is loaded; ``more`` is for Playwright's context."""
    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", **more
    )
    context.set_default_timeout(MILLISECONDS)
    visited = Visit(context.new_page())
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    visited.page.on("requestfinished", lambda request: visited.fetched.append(request))
    visited.page.on("pageerror", lambda error: visited.errors.append(str(error)))
    visited.page.on(
        "console",
        lambda message: visited.errors.append(message.text) if message.type == "error" else None,
    )
    visited.page.goto(address)
    visited.page.wait_for_load_state("load")
    try:
        yield visited
    finally:
        context.close()
