"""The light pages beside those that Sphinx wrote: they look the same, and need no scripts.

What is compared is what scripts and rare rules make: open menus, tooltips, dialogs, print, dark.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from tests.helpers.colours import contrast
from tests.pages.browsing import DESKTOP, LEAST_CONTRAST, PHONE, visit
from tests.support import lecture_names
from tools.book.course import HTML, RAW

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("book")]

LECTURE = f"lectures/{lecture_names()[1]}.html"
FAINT = 40  # of 255: what anti-aliasing changes when a sign of a font becomes a drawing
DIFFERENT = 0.0005  # share of the pixels that may differ by more: the edges of some icons


def nothing(page: Page) -> None:
    """Look at the page as it opens."""


def click(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).locator("visible=true").first.click()
        page.mouse.move(3, 3)

    return act


def hover(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).locator("visible=true").first.hover()
        page.locator(".tooltip.show").wait_for()  # it comes after half a second

    return act


def paper(page: Page) -> None:
    page.emulate_media(media="print")


LOOKS = {
    "a lecture": (LECTURE, DESKTOP, "light", nothing),
    "a lecture in the dark": (LECTURE, DESKTOP, "dark", nothing),
    "a lecture on paper": (LECTURE, DESKTOP, "light", paper),
    "the tables": ("status.html", DESKTOP, "light", nothing),
    "an open menu": (LECTURE, DESKTOP, "dark", click(".dropdown-launch-buttons > button")),
    "downloads": (LECTURE, DESKTOP, "light", click(".dropdown-download-buttons > button")),
    "a tooltip": (LECTURE, DESKTOP, "light", hover(".btn-fullscreen-button")),
    "the search dialog": (LECTURE, DESKTOP, "dark", click(".search-button__button")),
    "the contents hidden": (LECTURE, DESKTOP, "light", click(".primary-toggle")),
    "marked words": (f"{LECTURE}?highlight=recurrent", DESKTOP, "light", nothing),
    "a phone": (LECTURE, PHONE, "light", nothing),
    "the contents on a phone": (LECTURE, PHONE, "dark", click(".primary-toggle")),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.slow
def test_a_light_page_looks_as_sphinx_made_it(look: str, browser: Browser) -> None:
    before, after = (picture(browser, folder, *LOOKS[look]) for folder in (RAW, HTML))
    assert before.size == after.size
    changed = ImageChops.difference(before, after).convert("L").point(lambda v: 255 * (v > FAINT))
    assert changed.histogram()[255] <= DIFFERENT * before.width * before.height, changed.getbbox()


def picture(
    browser: Browser, folder: Path, page: str, size: dict, scheme: str, act: Callable
) -> Image.Image:
    """What is to be seen of a page after something was done."""
    with visit(browser, f"{folder.as_uri()}/{page}", size, scheme) as visited:
        visited.page.wait_for_function("[...document.images].every(i => i.complete || i.loading)")
        visited.page.wait_for_function("document.documentElement.dataset.pieces === undefined")
        act(visited.page)
        visited.page.wait_for_timeout(400)  # tooltips wait as well
        # In the theme's own pages the contents mark no section that is taller than the window.
        visited.page.evaluate(
            """document.querySelectorAll(".page-toc .active")
                 .forEach(link => link.classList.remove("active"))"""
        )
        shot = visited.page.screenshot(animations="disabled")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def test_nothing_moves_when_the_logo_comes_late(browser: Browser) -> None:
    with visit(browser, f"{HTML.as_uri()}/intro.html") as visited:
        page = visited.page
        there = page.locator("#pst-primary-sidebar nav.bd-links").bounding_box()
        page.route("**/logo.svg", lambda route: route.abort())
        page.reload()
        assert page.locator("#pst-primary-sidebar nav.bd-links").bounding_box() == there


# -- without scripts ------------------------------------------------------------------------------


@contextmanager
def without_scripts(browser: Browser, page: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    try:
        opened = context.new_page()
        opened.goto(f"{HTML.as_uri()}/{page}")
        yield opened
    finally:
        context.close()


def test_a_page_can_be_read_without_scripts(browser: Browser) -> None:
    with without_scripts(browser, LECTURE) as page:
        assert page.locator("article h1").is_visible()
        assert page.locator("#pst-primary-sidebar a", has_text="Glossary").is_visible()
        assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == (
            "rgb(255, 255, 255)"
        )


def test_an_answer_opens_without_scripts(browser: Browser) -> None:
    with without_scripts(browser, LECTURE) as page:
        box = page.locator("article details.dropdown").first
        inside = box.locator("> :not(summary)").first
        assert not inside.is_visible()
        box.locator("> summary .fold-mark").click()
        assert inside.is_visible()


# -- colours that only a pointer shows ------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_link_under_the_pointer_can_be_read(scheme: str, browser: Browser) -> None:
    with visit(browser, f"{HTML.as_uri()}/{LECTURE}", scheme=scheme) as visited:
        link = visited.page.locator("article p a.reference").first
        link.hover()
        visited.page.wait_for_timeout(300)
        text, ground = visited.page.evaluate(
            """() => [getComputedStyle(document.querySelector('article p a.reference:hover')).color,
                      getComputedStyle(document.body).backgroundColor]"""
        )
    colours = [[int(part) / 255 for part in colour[4:-1].split(",")] for colour in (text, ground)]
    assert contrast(*colours) >= LEAST_CONTRAST
