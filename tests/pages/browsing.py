"""A real browser for tests: ``RNN_BROWSER``, or Chromium, Chrome or Edge as found."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]
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
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")


def find_browser() -> str | None:
    """The browser to use, or None if there is none."""
    if chosen := os.environ.get("RNN_BROWSER"):
        return shutil.which(chosen) or chosen
    found = [shutil.which(name) for name in NAMES] + [p for p in PLACES if Path(p).is_file()]
    return next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once."""
    path = find_browser()
    if path is None or not Path(path).is_file():
        missing = f"RNN_BROWSER: there is no {path}" if path else "no browser found"
        message = f"{missing}: install chromium, or set RNN_BROWSER to Chromium, Chrome or Edge"
        if os.environ.get("RNN_BROWSER_REQUIRED") == "1":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Visit:
    """A page that was opened, and what happened meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def visit(
    browser: Browser, address: str, size: dict = DESKTOP, scheme: str = "light"
) -> Iterator[Visit]:
    """Open an address and wait until formulas are set."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(MILLISECONDS)
    visited = Visit(context.new_page())
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    visited.page.on("pageerror", lambda error: visited.errors.append(str(error)))
    visited.page.on(
        "console",
        lambda message: visited.errors.append(message.text) if message.type == "error" else None,
    )
    visited.page.goto(address)
    visited.page.wait_for_load_state("load")
    visited.page.evaluate("window.MathJax?.startup?.promise?.then(() => 0)")
    try:
        yield visited
    finally:
        context.close()
