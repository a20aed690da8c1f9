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


CONTRASTS = """() => {
  const parse = text => {
    const m = text.match(/rgba?\\(([^)]+)\\)/);
    if (!m) return null;
    const n = m[1].split(/[ ,\\/]+/).map(Number);
    return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const luminance = c => {
    const f = [c.r, c.g, c.b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2];
  };
  const background = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c && c.a > 0) { layers.push(c); if (c.a === 1) break; }
    }
    return layers.reverse().reduce((under, top) => over(top, under),
                                   { r: 255, g: 255, b: 255, a: 1 });
  };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('article'),
                                           NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest('script, style, svg, mjx-assistive-mml')) continue;
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || Number(style.opacity) === 0) continue;
    const under = background(element);
    const colour = over(parse(style.color), under);
    const [a, b] = [luminance(colour), luminance(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const large = size >= 24 || (bold && size >= 18.66);
    const kind = element.closest('pre, code') ? 'code' : element.closest('table') ? 'table'
      : element.closest('.admonition') ? 'box' : 'text';
    found.push({ kind, ratio: (a + 0.05) / (b + 0.05), large, text: text.slice(0, 40),
                 colour: style.color });
  }
  return found;
}"""
