"""The pages of the book in a real browser: light, dark, phone, keyboard, and not one request out.

The browser is ``RNN_BROWSER``, or Chromium, Chrome or Edge as found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages.browsing import CONTRASTS, LEAST_CONTRAST, PHONE, visit
from tests.support import lecture_names
from tools.book.course import site_url

pytestmark = pytest.mark.browser

PREFIX = urlsplit(site_url()).path  # the book's folder on its host, such as /rnn-course/
LECTURES = [f"lectures/{name}" for name in lecture_names()]
PAGES = ["intro", "status", "glossary", "references", *LECTURES]
WORD = "persistence"


class PagesHandler(SimpleHTTPRequestHandler):
    """Serves the book as GitHub Pages does: under its prefix, 404.html for what is not there."""

    def translate_path(self, path: str) -> str:
        if not path.startswith(PREFIX):
            return str(Path(self.directory) / "nothing")
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def send_error(self, code: int, *rest: object) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """The address of a server on this machine that serves the book."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(PagesHandler, directory=str(book)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
    server.shutdown()
    server.server_close()


def file_address(book: Path, page: str) -> str:
    return (book / f"{page}.html").as_uri()


# -- loading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "search"])
@pytest.mark.parametrize("way", ["disk", "server"])
def test_a_page_opens_without_error_and_asks_no_other_machine(
    browser: Browser, book: Path, site: str, page: str, way: str
) -> None:
    address = file_address(book, page) if way == "disk" else f"{site}{page}.html"
    home = book.as_uri() + "/" if way == "disk" else site
    with visit(browser, address) as visited:
        visited.page.evaluate("scrollTo(0, document.body.scrollHeight)")  # pictures may be lazy
        visited.page.wait_for_timeout(300)
        assert [u for u in visited.requests if not u.startswith((home, "data:", "blob:"))] == []
        assert len(visited.requests) > 5
        assert visited.errors == []


def test_a_request_to_another_machine_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    foreign = "http://127.0.0.1:9/never.js"
    (tmp_path / "page.html").write_text(f"<script src='{foreign}'></script>", encoding="utf-8")
    with visit(browser, (tmp_path / "page.html").as_uri()) as visited:
        assert foreign in visited.requests
        assert visited.errors


@pytest.mark.parametrize("page", LECTURES)
def test_all_formulas_are_set(browser: Browser, book: Path, page: str) -> None:
    with visit(browser, file_address(book, page)) as visited:
        spans = visited.page.locator("article .math").count()
        assert spans > 0
        assert visited.page.locator("article .math:has(mjx-container)").count() == spans
        assert visited.page.locator("mjx-merror, [data-mjx-error]").count() == 0
        assert "Math input error" not in visited.page.locator("body").inner_text()


@pytest.mark.parametrize("page", LECTURES)
def test_all_pictures_are_shown(browser: Browser, book: Path, page: str) -> None:
    with visit(browser, file_address(book, page)) as visited:
        widths = visited.page.locator("article img").evaluate_all(
            "images => images.map(image => [image.src, image.complete && image.naturalWidth])"
        )
        assert widths
        assert [source for source, width in widths if not width] == []


# -- light and dark -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_in_light_and_in_dark(
    browser: Browser, book: Path, page: str, scheme: str
) -> None:
    with visit(browser, file_address(book, page), scheme=scheme) as visited:
        open_everything(visited.page)
        theme = visited.page.evaluate("document.documentElement.dataset.theme")
        assert theme == scheme
        texts = visited.page.evaluate(CONTRASTS)
        faint = [
            (round(t["ratio"], 2), t["kind"], t["text"], t["colour"])
            for t in texts
            if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)
        ]
        assert sorted(set(faint)) == []
        if page in LECTURES:
            assert {t["kind"] for t in texts} == {"code", "table", "box", "text"}


def test_the_switch_changes_the_theme_and_the_choice_stays(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{LECTURES[0]}.html") as visited:
        themes = {current_theme(visited.page)}
        for _ in range(2):
            visited.page.locator("button.theme-switch-button:visible").first.click()
            themes.add(current_theme(visited.page))
        assert themes == {"light", "dark"}
        chosen = visited.page.evaluate("document.documentElement.dataset.mode")
        visited.page.goto(f"{site}intro.html")
        assert visited.page.evaluate("document.documentElement.dataset.mode") == chosen


def current_theme(page: Page) -> str:
    return page.evaluate("document.documentElement.dataset.theme")


@pytest.mark.parametrize("page", LECTURES)
def test_figures_keep_their_own_light_panel_in_dark_pages(
    browser: Browser, book: Path, page: str
) -> None:
    with visit(browser, file_address(book, page), scheme="dark") as visited:
        filters = visited.page.locator("article img").evaluate_all(
            "images => images.map(image => getComputedStyle(image).filter)"
        )
        assert set(filters) == {"none"}


# -- phone ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "search", "404"])
def test_on_a_phone_nothing_sticks_out(browser: Browser, site: str, page: str) -> None:
    with visit(browser, f"{site}{page}.html", size=PHONE) as visited:
        open_everything(visited.page)
        width, inner = visited.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        wide = visited.page.evaluate(
            """() => [...document.querySelectorAll('article *')].filter(
                 e => e.getBoundingClientRect().right > innerWidth + 1 &&
                      !e.closest('pre, .math, .cell_output, .pst-scrollable-table-container'))
               .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert width <= inner == PHONE["width"], wide


# -- what folds -----------------------------------------------------------------------------------


def open_everything(page: Page) -> None:
    """Open all answers, solutions and hidden cells."""
    page.evaluate(
        """() => {
          document.querySelectorAll('article .toggle-hidden > .admonition-title .toggle-button')
            .forEach(button => button.click());
          document.querySelectorAll('article details').forEach(cell => cell.open = true);
        }"""
    )
    page.wait_for_function("document.querySelectorAll('article .toggle-hidden').length === 0")
    # What opens fades in: while it does, its colours are not the page's.
    page.evaluate(
        """() => Promise.all(document.getAnimations()
             .filter(moving => moving.effect.getComputedTiming().endTime < Infinity)
             .map(moving => moving.finished))"""
    )
    # What has to be scrolled to be read must be reachable by keyboard; the theme sees to it late.
    page.wait_for_function(
        """() => [...document.querySelectorAll('article pre')]
             .every(pre => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
    )


def folded(page: Page) -> list[str]:
    """Ids of the answers and solutions of a page."""
    return page.locator("article .admonition.toggle").evaluate_all("all => all.map(e => e.id)")


def is_open(page: Page, identifier: str) -> bool:
    """Whether the content of an answer can be seen."""
    return page.evaluate(f"id => ({CONTENT_IS_SEEN})(id)", identifier)


CONTENT_IS_SEEN = """id => [...document.getElementById(id).children]
  .filter(e => !e.classList.contains('admonition-title'))
  .some(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) &&
             e.getBoundingClientRect().height > 0)"""


@pytest.mark.parametrize("page", LECTURES)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_answers_and_solutions_are_closed_and_open(
    browser: Browser, book: Path, page: str, by: str
) -> None:
    with visit(browser, file_address(book, page)) as visited:
        identifiers = folded(visited.page)
        assert identifiers
        for identifier in identifiers:
            box = visited.page.locator(f'[id="{identifier}"]')
            button = box.locator("> .admonition-title .toggle-button")
            assert not is_open(visited.page, identifier)
            if by == "mouse":
                button.click()
            else:
                button.focus()
                assert visited.page.evaluate(
                    "getComputedStyle(document.activeElement).outlineStyle !== 'none' ||"
                    "getComputedStyle(document.activeElement).boxShadow !== 'none'"
                ), "the focus cannot be seen"
                visited.page.keyboard.press("Enter")
            visited.page.wait_for_function(CONTENT_IS_SEEN, arg=identifier)
            assert button.get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("page", LECTURES)
def test_hidden_code_opens_by_keyboard(browser: Browser, book: Path, page: str) -> None:
    with visit(browser, file_address(book, page)) as visited:
        for cell in visited.page.locator("article details.hide").all():
            assert not cell.evaluate("cell => cell.open")
            cell.locator("summary").focus()
            visited.page.keyboard.press("Enter")
            assert cell.evaluate("cell => cell.open")


# -- the rest of the page -------------------------------------------------------------------------


def test_the_search_finds_a_word_in_the_lectures(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}search.html?q={WORD}") as visited:
        hits = visited.page.locator("#search-results ul.search li a")
        hits.first.wait_for()
        found = {urlsplit(hit.evaluate("a => a.href")).path for hit in hits.all()}
        assert f"{PREFIX}{LECTURES[0]}.html" in found
        assert visited.errors == []


def test_the_search_says_when_it_finds_nothing(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}search.html?q=xyzzyplugh") as visited:
        visited.page.get_by_text("did not match any documents").wait_for()


@pytest.mark.parametrize("page", LECTURES)
def test_the_buttons_for_colab_and_download_are_there(
    browser: Browser, site: str, page: str
) -> None:
    with visit(browser, f"{site}{page}.html") as visited:
        visited.page.locator(".dropdown-launch-buttons > button").click()
        assert visited.page.get_by_role("link", name="Colab").is_visible()
        visited.page.keyboard.press("Escape")
        visited.page.locator(".dropdown-download-buttons > button").click()
        with visited.page.expect_download() as download:
            visited.page.locator(".btn-download-notebook-button").click()
        assert download.value.suggested_filename == f"{page.split('/')[1]}.ipynb"


def test_what_does_not_exist_shows_a_page_that_leads_back(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}lectures/lost.html") as visited:
        assert "does not exist" in visited.page.locator("article").inner_text()
        styled = visited.page.evaluate("document.styleSheets.length")
        assert styled > 3
        visited.page.locator("article a").first.click()
        visited.page.wait_for_url(f"{site}intro.html")


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(browser: Browser, book: Path, page: str) -> None:
    with visit(browser, file_address(book, page)) as visited:
        open_everything(visited.page)
        # Docutils gives the entries of a bibliography a role that ARIA has deprecated. MathJax
        # answers for the inside of a formula. Dark pages: the contrasts are measured above.
        context = {"include": ["article"], "exclude": [".citation-list", "mjx-container"]}
        results = Axe().run(visited.page, context=context)
        serious = [
            (violation["id"], node["html"][:150], node.get("failureSummary", "")[:200])
            for violation in results.response["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]
        assert serious == []


def test_axe_finds_what_is_serious(browser: Browser, book: Path) -> None:
    with visit(browser, file_address(book, "intro")) as visited:
        visited.page.evaluate(
            """document.querySelector('article').insertAdjacentHTML(
                 'beforeend', '<img src=""><p style="color:#eee;background:#fff">faint</p>')"""
        )
        response = Axe().run(visited.page, context="article").response
        assert {"image-alt", "color-contrast"} <= {v["id"] for v in response["violations"]}
        assert min(t["ratio"] for t in visited.page.evaluate(CONTRASTS)) < LEAST_CONTRAST
