"""A long page is laid out in pieces, and nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.browsing import DESKTOP, LECTURES, visit

pytestmark = pytest.mark.browser

LECTURE = next(name for name in LECTURES if name.endswith("inside-an-lstm"))
LATER = "document.querySelectorAll('html[data-pieces] [data-piece]').length"
SKIPPED = (
    "[...document.querySelectorAll('section')]"
    ".filter(s => getComputedStyle(s).contentVisibility === 'auto').map(s => s.id)"
)
TOPS = (
    "[...document.querySelectorAll('article :is(section, p, pre, table)')]"
    ".filter(e => e.checkVisibility())"
    ".map(e => Math.round(e.getBoundingClientRect().top + scrollY))"
)
LAST = "further-reading"
NEVER_IDLE = "window.requestIdleCallback = () => {}"


@pytest.fixture
def busy(browser: Browser, site: str) -> Iterator[Page]:
    """A lecture in a browser that is never idle, so that what waits goes on waiting."""
    with visit(browser, "about:blank") as visited:
        visited.page.add_init_script(NEVER_IDLE)
        visited.page.goto(f"{site}{LECTURE}.html")
        yield visited.page


def test_what_lies_below_the_first_window_waits(busy: Page) -> None:
    waiting = busy.evaluate(SKIPPED)
    assert LAST in waiting
    tops = busy.evaluate(
        """names => names.map(name => document.getElementById(name))
             .filter(section => section.matches('article > section > section'))
             .map(section => section.getBoundingClientRect().top)""",
        waiting,
    )
    assert min(tops) > DESKTOP["height"]


def test_all_stands_where_it_would_stand_without_pieces(browser: Browser, site: str) -> None:
    places = []
    for address in (f"{LECTURE}.html", f"{LECTURE}.html#{LAST}"):
        with visit(browser, site + address) as visited:
            visited.page.wait_for_function(f"{LATER} === 0")
            visited.page.evaluate("for (const image of document.images) image.loading = 'eager'")
            visited.page.wait_for_function("[...document.images].every(i => i.complete)")
            places.append(visited.page.evaluate(TOPS))
    assert places[0] == places[1]


def test_nothing_waits_where_an_address_leads_into_the_page(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{LECTURE}.html#{LAST}") as visited:
        assert visited.page.evaluate(SKIPPED) == []


def test_a_link_within_the_page_leads_to_its_place_at_once(busy: Page) -> None:
    busy.locator(f".page-toc a[href='#{LAST}']").click()
    busy.wait_for_timeout(300)
    assert busy.evaluate(SKIPPED) == []
    assert busy.locator(f"#{LAST} :is(h2, h3)").first.evaluate(
        "e => e.getBoundingClientRect().bottom > 0 && e.getBoundingClientRect().top < innerHeight"
    )


def test_nothing_waits_on_paper(busy: Page) -> None:
    busy.emulate_media(media="print")
    assert busy.evaluate(SKIPPED) == []


def test_the_contents_mark_the_section_that_one_reads(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{LECTURE}.html") as visited:
        page = visited.page
        page.wait_for_function(f"{LATER} === 0")
        page.wait_for_timeout(300)
        for name in ("compare-forgotten-or-outvoted", "intervene-what-happens-at-but"):
            page.evaluate("name => document.getElementById(name).scrollIntoView()", name)
            page.wait_for_function(
                "name => [...document.querySelectorAll('.page-toc a.active')]"
                ".some(link => link.hash === '#' + name)",
                arg=name,
            )


def test_a_widget_brings_its_network_also_when_all_is_laid_out(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}intro.html") as visited:
        visited.page.wait_for_function("document.documentElement.dataset.pieces === undefined")
        visited.page.locator(".front-page textarea").fill("Terrible.")
        visited.page.locator(".fr-verdict .fr-negative").wait_for()
        colour = "e => getComputedStyle(e).color"
        found = visited.page.locator(".fr-verdict .fr-negative").evaluate(colour)
        assert found == "rgb(0, 99, 155)"  # --fr-down-text: no rule of a class of scripts is cut
        assert visited.errors == []
