"""The pages of the book in a real browser: light, dark, phone, keyboard, and not one request out.

Each page is opened once, together with `test_arrival`; its tests look at it one after the other.
What changes the page is done by fixtures in a chain, so that each test finds the page as it needs
it, whichever tests are chosen: ``opened``, ``boxes`` (answers opened), ``unfolded`` (hidden code
too), ``themes`` (light, dark), ``phone``, ``axe``. The browser is ``RNN_BROWSER``, or Chromium,
Chrome or Edge as found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as NothingHappened

from tests.pages.browsing import (
    COLOUR_RULES,
    CONTRASTS,
    DESKTOP,
    LEAST_CONTRAST,
    LECTURES,
    ONE_OF_EACH,
    PAGES,
    PHONE,
    PREFIX,
    Visit,
    visit,
)
from tools.book.course import HTML

pytestmark = pytest.mark.browser

WORD = "persistence"
# Pages on which axe judges colours too, some seconds each: of the first one all, of the others what
# lies around the article. The colours of every article are measured by `contrasts.js`.
COLOURED = ("intro", "glossary", "lectures/lstm", "lectures/inside-an-lstm", "search")
APPENDIX = "lectures/the-class"  # it asks nothing

on_lectures = pytest.mark.parametrize("name", LECTURES, indirect=True)


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """The page, such as ``lectures/baselines``."""
    return request.param


@pytest.fixture(scope="module")
def opened(name: str, arrive: Callable[[str], Visit]) -> Visit:
    """The page, opened from a server; untouched but for what `test_arrival` has scrolled."""
    visited = arrive(name)
    load_pictures(visited.page)
    return visited


def load_pictures(page: Page) -> None:
    """Load all pictures, also those that would wait until somebody scrolls to them."""
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.wait_for_function("[...document.images].every(image => image.complete)")


# -- loading --------------------------------------------------------------------------------------


def assert_all_well(visited: Visit, home: str) -> None:
    """No error on a page, and no request that leaves the book."""
    assert [u for u in visited.requests if not u.startswith((home, "data:", "blob:"))] == []
    assert len(visited.requests) > 3  # the page, its style, its script, its logo
    assert visited.errors == []


def test_a_page_opens_without_error_and_asks_no_other_machine(opened: Visit, site: str) -> None:
    assert_all_well(opened, site)


@pytest.mark.parametrize("name", ONE_OF_EACH, indirect=True)
def test_a_page_opens_from_the_disk_as_well(name: str, browser: Browser, book: Path) -> None:
    with visit(browser, (book / f"{name}.html").as_uri()) as visited:
        load_pictures(visited.page)
        assert_all_well(visited, book.as_uri() + "/")


def test_a_request_to_another_machine_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    foreign = "http://127.0.0.1:9/never.js"
    (tmp_path / "page.html").write_text(f"<script src='{foreign}'></script>", encoding="utf-8")
    with visit(browser, (tmp_path / "page.html").as_uri()) as visited:
        assert foreign in visited.requests
        assert visited.errors


@on_lectures
def test_all_formulas_are_set(opened: Visit) -> None:
    formulas = opened.page.locator("article .math").count()
    assert formulas > 0
    assert opened.page.locator("article .math > math").count() == formulas
    assert opened.page.locator("article .math code, article merror").count() == 0


@on_lectures
def test_all_pictures_are_shown(opened: Visit) -> None:
    widths = opened.page.locator("article img").evaluate_all(
        "images => images.map(image => [image.src, image.complete && image.naturalWidth])"
    )
    assert widths
    assert [source for source, width in widths if not width] == []


@on_lectures
def test_the_links_to_colab_and_to_the_notebook_are_those_of_the_page(
    opened: Visit, name: str
) -> None:
    links = "links => links.map(link => link.getAttribute('href'))"
    colab = opened.page.locator(".dropdown-launch-buttons a").evaluate_all(links)
    assert any("colab" in link and link.endswith(f"/{name}.ipynb") for link in colab)
    notebook = opened.page.locator(".btn-download-notebook-button").evaluate_all(links)
    assert [Path(link).name for link in notebook] == [f"{Path(name).name}.ipynb"]


@pytest.mark.parametrize("name", [n for n in ONE_OF_EACH if n in LECTURES], indirect=True)
def test_the_buttons_for_colab_and_download_open(opened: Visit, name: str) -> None:
    page = opened.page
    page.locator(".dropdown-launch-buttons > button").click()
    assert page.get_by_role("link", name="Colab").is_visible()
    page.keyboard.press("Escape")
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator(".btn-download-notebook-button").click()
    page.keyboard.press("Escape")
    assert download.value.suggested_filename == f"{name.split('/')[1]}.ipynb"


# -- what folds -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def boxes(opened: Visit) -> list[dict[str, bool]]:
    """Each answer and solution: whether it is closed.

    The first is then opened by keyboard, closed and opened by mouse. In the end all are open.
    """
    all_boxes = opened.page.locator("article details.dropdown")
    found = [
        {"closed": not seen}
        for seen in all_boxes.evaluate_all(f"all => all.map({CONTENT_IS_SEEN})")
    ]
    for seen, box in zip(found[:1], all_boxes.all()[:1], strict=True):
        button = box.locator("> summary")
        button.focus()
        seen["focus shows"] = button.evaluate(
            "e => (s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(e))"
        )
        opened.page.keyboard.press("Enter")
        seen["opens by keyboard"] = shows(box)
        button.click()
        seen["closes by mouse"] = shows(box, False)
        button.click()
        seen["opens by mouse"] = shows(box)
    all_boxes.evaluate_all("all => all.forEach(box => box.open = true)")
    return found


CONTENT_IS_SEEN = """box => [...box.children]
  .filter(e => !e.classList.contains('admonition-title'))
  .some(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) &&
             e.getBoundingClientRect().height > 0)"""


def shows(box: Locator, shown: bool = True) -> bool:
    """Whether the content of an answer comes in sight, or goes out of sight."""
    try:
        box.page.wait_for_function(
            f"([box, shown]) => ({CONTENT_IS_SEEN})(box) === shown",
            arg=[box.element_handle(), shown],
        )
    except NothingHappened:
        return False
    return True


@pytest.fixture(scope="module")
def unfolded(opened: Visit, boxes: list[dict[str, bool]]) -> list[tuple[bool, bool]]:
    """Each cell of hidden code: whether it was open, and is now: the first by keyboard."""
    cells = opened.page.locator("article details.hide")
    are_open = "all => all.map(cell => cell.open)"
    before = cells.evaluate_all(are_open)
    if before:
        cells.first.locator("summary").focus()
        opened.page.keyboard.press("Enter")
    cells.evaluate_all("([, ...others]) => others.forEach(cell => cell.open = true)")
    return list(zip(before, cells.evaluate_all(are_open), strict=True))


@on_lectures
def test_answers_and_solutions_are_closed_and_open(boxes: list[dict[str, bool]], name: str) -> None:
    assert boxes or name == APPENDIX
    assert [box for box in boxes if not all(box.values())] == []


@on_lectures
def test_hidden_code_opens_by_keyboard(unfolded: list[tuple[bool, bool]]) -> None:
    assert all(after and not before for before, after in unfolded), unfolded


# -- light and dark -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def themes(opened: Visit, unfolded: object, name: str) -> dict[str, dict]:
    """How the unfolded page looks in a system that is dark, and some pages in one that is light."""
    found = {}
    for scheme in ("dark", "light") if name in ONE_OF_EACH else ("dark",):
        turn(opened.page, scheme)
        found[scheme] = {
            "texts": opened.page.evaluate(CONTRASTS),
            "filters": opened.page.locator("article img").evaluate_all(
                "images => images.map(image => getComputedStyle(image).filter)"
            ),
        }
    return found


def turn(page: Page, scheme: str) -> None:
    """Make the system light or dark, and wait until the page has followed.

    The mouse leaves the page: what lay under it, such as a link, would show another colour.
    """
    page.mouse.move(-1, -1)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)
    # What changes fades: while it does, its colours are not the page's.
    page.evaluate(
        """() => Promise.allSettled(document.getAnimations()
             .filter(moving => moving.effect.getComputedTiming().endTime < Infinity)
             .map(moving => moving.finished))"""
    )


def current_theme(page: Page) -> str:
    return page.evaluate("document.documentElement.dataset.theme")


def test_colours_do_not_depend_on_where_the_mouse_was_left(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{LECTURES[0]}.html") as visited:
        link = visited.page.locator("article p a.reference:visible").first
        colour = "link => getComputedStyle(link).color"
        before = link.evaluate(colour)
        link.hover()
        assert visited.page.locator("a:hover").count() == 1
        turn(visited.page, "light")
        assert visited.page.locator(":hover").count() == 0
        assert link.evaluate(colour) == before


def test_all_text_can_be_read_in_light_and_in_dark(themes: dict[str, dict], name: str) -> None:
    texts = [(scheme, text) for scheme, seen in themes.items() for text in seen["texts"]]
    faint = [
        (scheme, round(t["ratio"], 2), t["kind"], t["text"], t["colour"])
        for scheme, t in texts
        if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)
    ]
    assert sorted(set(faint)) == []
    if name in LECTURES:
        has_table = "<table" in (HTML / f"{name}.html").read_text(encoding="utf-8")
        kinds = {"code", "box", "text"} | ({"table"} if has_table else set())
        assert {t["kind"] for _, t in texts} == kinds


@on_lectures
def test_figures_keep_their_own_light_panel_in_dark_pages(themes: dict[str, dict]) -> None:
    assert set(themes["dark"]["filters"]) == {"none"}


def test_the_switch_changes_the_theme_and_the_choice_stays(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{LECTURES[0]}.html", scheme="dark") as visited:
        assert current_theme(visited.page) == "dark"
        themes = {"dark"}
        for _ in range(2):
            visited.page.locator("button.theme-switch-button:visible").first.click()
            themes.add(current_theme(visited.page))
        assert themes == {"light", "dark"}
        chosen = visited.page.evaluate("document.documentElement.dataset.mode")
        visited.page.goto(f"{site}intro.html")
        assert visited.page.evaluate("document.documentElement.dataset.mode") == chosen


# -- phone ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def phone(opened: Visit, themes: object) -> dict:
    """The unfolded page as wide as a phone: its width, the screen's, and what sticks out."""
    opened.page.set_viewport_size(PHONE)
    found = opened.page.evaluate(
        """() => ({width: document.scrollingElement.scrollWidth, screen: innerWidth,
             wide: [...document.querySelectorAll('article *')].filter(
               e => e.getBoundingClientRect().right > innerWidth + 1 &&
                    !e.closest('pre, .math, .cell_output, .pst-scrollable-table-container'))
             .slice(0, 5).map(e => e.outerHTML.slice(0, 120))})"""
    )
    opened.page.set_viewport_size(DESKTOP)
    return found


def test_on_a_phone_nothing_sticks_out(phone: dict) -> None:
    assert phone["width"] <= phone["screen"] == PHONE["width"], phone["wide"]


# -- axe ------------------------------------------------------------------------------------------


# What has just changed its size is told of it when the page is painted next, and a browser that is
# busy elsewhere may not paint it for a while.
PAINTED = """() => new Promise(next => {
  requestAnimationFrame(() => requestAnimationFrame(next));
  setTimeout(next, 400);
})"""
REACHED = """() => [...document.querySelectorAll('article pre')].every(
  pre => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""


@pytest.fixture(scope="module")
def axe(opened: Visit, phone: object, name: str) -> dict[str, list]:
    """What axe finds in the unfolded page; on some pages with the colours, light and dark."""
    page = opened.page
    page.bring_to_front()
    page.evaluate(PAINTED)
    # What has to be scrolled to be read must be reachable by keyboard; the theme sees to it late.
    page.wait_for_function(REACHED)
    # The colours of code were measured above. Without its thousands of spans axe takes a second
    # for a page instead of six. Plain text may be a hair wider than coloured text.
    page.evaluate(
        """() => document.querySelectorAll('pre').forEach(pre => {
             pre.textContent = pre.textContent;
             if (pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
           })"""
    )
    page.evaluate(PAINTED)
    page.wait_for_function(REACHED)
    found = {"all but colours": violations(page, colours=False)}
    around = None if name == COLOURED[0] else {"include": ["body"], "exclude": ["article"]}
    for scheme in ("dark", "light") if name in COLOURED else ():
        turn(page, scheme)
        found[scheme] = violations(page, COLOUR_RULES, within=around)
    return found


def violations(
    page: Page, only: Sequence[str] = (), colours: bool = True, within: dict | None = None
) -> list[tuple[str, str, str]]:
    """What axe finds, by some rules or by all, or all but those of colours: rule, element, why.

    ``within`` names the elements that axe looks at, and those that it leaves aside; None: all.
    """
    options: dict = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = list(only)
    else:
        options["rules"] = {"label-content-name-mismatch": {"enabled": True}}
        if not colours:
            options["rules"] |= {rule: {"enabled": False} for rule in COLOUR_RULES}
    results = Axe().run(page, within, options)
    return [
        (violation["id"], node["html"][:150], node.get("failureSummary", "")[:200])
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def test_axe_finds_nothing(axe: dict[str, list]) -> None:
    assert not any(axe.values()), axe


def test_axe_finds_what_is_there(browser: Browser, book: Path) -> None:
    with visit(browser, (book / "intro.html").as_uri()) as visited:
        visited.page.evaluate(
            """document.querySelector('article').insertAdjacentHTML('beforeend',
                 '<img src=""><p style="color:#eee;background:#fff">faint</p><h5>Too deep</h5>' +
                 '<button aria-label="Other">Words</button>')"""
        )
        rules = {rule for rule, *_ in violations(visited.page)}
        assert rules == {
            "image-alt",
            "color-contrast",
            "heading-order",  # a best practice
            "label-content-name-mismatch",
        }
        assert min(t["ratio"] for t in visited.page.evaluate(CONTRASTS)) < LEAST_CONTRAST


# -- search, and what does not exist --------------------------------------------------------------


def test_the_search_finds_a_word_in_the_lectures(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}search.html?q={WORD}") as visited:
        # Sphinx lists its results one after the other: wait for the one that must be there.
        hit = visited.page.locator(f"#search-results ul.search a[href*='{LECTURES[0]}.html']").first
        hit.wait_for()
        assert urlsplit(hit.evaluate("a => a.href")).path == f"{PREFIX}{LECTURES[0]}.html"
        assert visited.errors == []


def test_the_search_says_when_it_finds_nothing(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}search.html?q=xyzzyplugh") as visited:
        visited.page.get_by_text("did not match any documents").wait_for()


def test_what_does_not_exist_shows_a_page_that_leads_back(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}lectures/lost.html") as visited:
        assert "does not exist" in visited.page.locator("article").inner_text()
        styled = visited.page.evaluate(
            "[...document.styleSheets].some(sheet => sheet.href && sheet.cssRules.length > 100)"
        )
        assert styled
        visited.page.locator("article a").first.click()
        visited.page.wait_for_url(f"{site}intro.html")
