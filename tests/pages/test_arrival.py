"""What holds for every page of the book before anybody touches it: light, calm, and all there.

Each page is opened once on a desktop, one of each kind on a phone as well, from a server with gzip,
until nothing more is fetched, then scrolled to its end; and once from the disk, with scripts
switched off. What is looked at are functions, so that each can be shown a small page that is wrong.
"""

from __future__ import annotations

import io
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import matplotlib
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.site import serving
from tests.pages.browsing import DESKTOP, LECTURES, ONE_OF_EACH, PAGES, PHONE, Visit, visit

pytestmark = pytest.mark.browser

KB = 1000
EXPLORER = next(name for name in LECTURES if name.endswith("inside-an-lstm"))
BEFORE_FIGURES = dict.fromkeys(PAGES, 300 * KB) | {EXPLORER: 700 * KB}
WITH_FIGURES = dict.fromkeys(LECTURES, 500 * KB) | {EXPLORER: 700 * KB}
MOST_SHIFT = 0.05
WIDGETS = ".course-widget"
FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}

on_lectures = pytest.mark.parametrize("name", LECTURES, indirect=True)


# -- what is looked at ----------------------------------------------------------------------------


def weigh(visited: Visit) -> dict[str, int]:
    """Bytes of each file that was fetched, as sent, with their headers; the heaviest first."""
    sent = {}
    for request in visited.fetched:
        if request.url.startswith("http"):
            sizes = request.sizes()
            sent[request.url] = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    return dict(sorted(sent.items(), key=lambda item: -item[1]))


def figures(page: Page) -> set[str]:
    """Addresses of the pictures in the text."""
    return set(page.locator("article img").evaluate_all("all => all.map(img => img.currentSrc)"))


def total(sent: dict[str, int], most: int) -> str:
    """Nothing if the files weigh at most so much; else the sum and the heaviest of them."""
    heaviest = ", ".join(
        f"{Path(urlsplit(url).path).name} {size / KB:.0f}" for url, size in list(sent.items())[:5]
    )
    heavy = sum(sent.values()) > most
    return f"{sum(sent.values()) / KB:.0f} KB: {heaviest}" if heavy else ""


def settle(visited: Visit) -> None:
    """Wait until nothing more is fetched."""
    visited.page.wait_for_load_state("networkidle")


def scroll(page: Page) -> None:
    """Scroll slowly to the end of a page, and wait for what comes into view there.

    A browser that is busy elsewhere may paint a page no more: then a frame is waited for no longer
    than a fifth of a second.
    """
    page.bring_to_front()
    page.evaluate(
        """async () => {
             const frame = () => new Promise(next => {
               requestAnimationFrame(next);
               setTimeout(next, 200);
             });
             for (let y = 0; y < document.scrollingElement.scrollHeight; y += innerHeight) {
               scrollTo({top: y, behavior: 'instant'});
               for (const _ of [1, 2]) await frame();
             }
           }"""
    )
    page.wait_for_function(  # folded ones may wait
        "[...document.images].every(image => image.complete || !image.checkVisibility())",
        polling=100,
    )
    page.wait_for_timeout(300)


def shifts(page: Page) -> list[tuple[float, list[str]]]:
    """What has moved so far though nobody had asked for it: how much, and which elements."""
    return page.evaluate(
        """() => new Promise(done => {
             new PerformanceObserver(list => done(list.getEntries()
               .filter(shift => !shift.hadRecentInput)
               .map(shift => [shift.value, shift.sources.map(({node}) =>
                 (node?.outerHTML ?? node?.parentElement?.outerHTML ?? '').slice(0, 80))]))
             ).observe({type: 'layout-shift', buffered: true});
             setTimeout(() => done([]), 200);
           })"""
    )


def assert_calm(page: Page) -> None:
    """Nothing has jumped."""
    seen = shifts(page)
    assert sum(value for value, _ in seen) <= MOST_SHIFT, sorted(seen, reverse=True)[:3]


def blocking(page: Page) -> list[str]:
    """Scripts that hold up the page while they are fetched."""
    return page.evaluate(
        """() => [...document.querySelectorAll('script[src]')]
             .filter(script => !script.defer && !script.async && script.type !== 'module')
             .map(script => script.getAttribute('src'))"""
    )


def unsized(page: Page) -> list[str]:
    """Pictures whose place is not kept before they are there."""
    return page.evaluate(
        """() => [...document.images]
             .filter(image => !['width', 'height'].every(side => image.getAttribute(side) > 0))
             .map(image => image.outerHTML.slice(0, 120))"""
    )


def text_fonts(page: Page) -> list[str]:
    """Fonts that the page has loaded, but for one for formulas."""
    page.evaluate("document.fonts.ready.then(() => 0)")
    loaded = page.evaluate(
        "[...document.fonts].filter(font => font.status !== 'unloaded').map(font => font.family)"
    )
    return sorted({family for family in loaded if "math" not in family.lower()})


def private_letters(style: str) -> list[str]:
    """Letters of icon fonts (private use) in a style sheet, written out or escaped."""
    escaped = [int(code, 16) for code in re.findall(r"\\([0-9a-fA-F]{1,6})", style)]
    letters = set(style) | {chr(code) for code in escaped if code <= sys.maxunicode}
    return sorted(f"U+{ord(one):04X}" for one in letters if unicodedata.category(one) == "Co")


# What a page hides from those who have no scripts. Left out: what `<details>` folds, the second
# wording of its line, a letter that shows under the mouse, and widgets, whose live parts may hide.
LOST_TEXT = """widgets => {
  const lost = [], walker = document.createTreeWalker(
    document.querySelector('article') ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), parent = walker.currentNode.parentElement;
    const at = parent.closest('summary') ?? parent;
    if (text && !at.closest('script, style, noscript, annotation, .headerlink, ' + widgets) &&
        !at.closest('details:not([open]) > :not(summary)') &&
        !at.checkVisibility({visibilityProperty: true, opacityProperty: true}))
      lost.push(text.slice(0, 60));
  }
  return lost;
}"""


def lost(page: Page) -> dict[str, list[str]]:
    """What somebody without scripts does not get of a page, by kind."""
    return {
        "text": page.evaluate(LOST_TEXT, WIDGETS),
        "formulas": page.locator("article .math:not(:has(math))").all_inner_texts(),
        "widgets": page.evaluate(
            """widgets => [...document.querySelectorAll(widgets)]
                 .filter(one => one.offsetHeight < 40 || !(one.innerText.trim() ||
                   [...one.querySelectorAll('svg, img')].some(e => e.checkVisibility())))
                 .map(one => one.outerHTML.slice(0, 120))""",
            WIDGETS,
        ),
    }


NOTHING_LOST = {"text": [], "formulas": [], "widgets": []}


# -- the pages ------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """The page, such as ``lectures/baselines``."""
    return request.param


@pytest.fixture(scope="module")
def arrived(name: str, arrive: Callable[[str], Visit]) -> Visit:
    """The page on a desktop, untouched, with all that it fetches by itself."""
    visited = arrive(name)
    settle(visited)
    return visited


@pytest.fixture(scope="module")
def sent(arrived: Visit) -> dict[str, int]:
    """Bytes of each file that the untouched page has fetched."""
    return weigh(arrived)


@pytest.fixture(scope="module")
def scrolled(arrived: Visit, sent: object) -> Visit:
    """The page, scrolled to its end."""
    scroll(arrived.page)
    return arrived


def test_a_page_is_light_before_its_figures(
    arrived: Visit, sent: dict[str, int], name: str
) -> None:
    shown = figures(arrived.page)
    assert len(sent) > 3
    others = {url: size for url, size in sent.items() if url not in shown}
    assert not total(others, BEFORE_FIGURES[name])


@on_lectures
def test_a_lecture_is_light_with_the_figures_that_one_sees_first(
    sent: dict[str, int], name: str
) -> None:
    assert not total(sent, WITH_FIGURES[name])


def test_no_script_holds_a_page_up(arrived: Visit) -> None:
    assert blocking(arrived.page) == []


def test_every_picture_keeps_its_place(arrived: Visit) -> None:
    assert unsized(arrived.page) == []


def test_a_page_loads_no_font_but_the_one_for_formulas(scrolled: Visit) -> None:
    assert text_fonts(scrolled.page) == []


def test_nothing_comes_from_another_host(scrolled: Visit, site: str) -> None:
    home = (site, "data:", "blob:")
    assert [url for url in scrolled.requests if not url.startswith(home)] == []


def test_nothing_jumps_on_a_desktop(scrolled: Visit) -> None:
    assert_calm(scrolled.page)


@pytest.mark.parametrize("name", ONE_OF_EACH, indirect=True)
def test_nothing_jumps_on_a_phone(name: str, browser: Browser, site: str) -> None:
    with visit(browser, f"{site}{name}.html", PHONE, is_mobile=True, has_touch=True) as visited:
        settle(visited)
        scroll(visited.page)
        assert_calm(visited.page)


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH if name != "search"])
def test_a_page_can_be_read_without_scripts(name: str, browser: Browser, book: Path) -> None:
    address = (book / f"{name}.html").as_uri()
    with visit(browser, address, java_script_enabled=False) as visited:
        assert lost(visited.page) == NOTHING_LOST
        assert visited.page.locator("article math").count() > 0 or name not in LECTURES
        assert visited.page.locator(".bd-sidebar-primary a:visible").count() > 5


def test_the_site_holds_no_font_file(book: Path) -> None:
    assert sorted(path.name for path in book.rglob("*") if path.suffix in FONTS) == []


def test_no_style_draws_icons_with_letters_of_a_font(book: Path) -> None:
    styles = {path.name: path.read_text(encoding="utf-8") for path in book.rglob("*.css")}
    for path in book.rglob("*.html"):
        inside = re.findall(r"<style.*?</style>", path.read_text(encoding="utf-8"), re.DOTALL)
        styles[path.name] = "".join(inside)
    assert {name: found for name, css in styles.items() if (found := private_letters(css))} == {}


# -- each look can find what is wrong -------------------------------------------------------------


def noise(size: int) -> bytes:
    """Bytes that nothing makes smaller."""
    return random.Random(0).randbytes(size)


def picture_of(size: int) -> bytes:
    """A picture, grey noise, of a little more than so many bytes."""
    file = io.BytesIO()
    Image.frombytes("L", (100, size // 100), noise(size)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def small(tmp_path: Path, browser: Browser) -> Iterator:
    """A function that opens a page made of some HTML and some files."""

    def open_page(html: str, size: dict = DESKTOP, files: dict | None = None, **more: object):
        for path, content in (files or {}).items():
            (tmp_path / path).write_bytes(content)
        page = f"<!doctype html><meta charset=utf-8><title>Small</title><article>{html}</article>"
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        return visit(browser, f"{address}page.html", size, **more)

    with serving(tmp_path) as address:
        yield open_page


def test_weight_is_what_is_sent_and_figures_are_told_apart(small) -> None:
    files = {
        "random.js": b"//" + noise(50 * KB).hex().encode(),
        "even.css": b"a{color:red}" * 50 * KB,
        "figure.png": picture_of(90 * KB),
    }
    html = '<link rel=stylesheet href="even.css"><img src="figure.png"><script src="random.js">'
    with small(html + "</script>", files=files) as visited:
        settle(visited)
        sent = {Path(url).name: size for url, size in weigh(visited).items()}
        assert 90 * KB < sent["figure.png"] < 92 * KB
        assert 50 * KB < sent["random.js"] < 60 * KB
        assert sent["even.css"] < 5 * KB
        assert {Path(url).name for url in figures(visited.page)} == {"figure.png"}
        assert total(sent, 100 * KB).startswith(f"{sum(sent.values()) / KB:.0f} KB: figure.png 91,")
        assert total(sent, 200 * KB) == ""


def test_a_script_that_holds_the_page_up_is_found(small) -> None:
    html = """<script>var inline</script><script src="a.js"></script>
        <script src="b.js" defer></script><script src="c.js" async></script>
        <script src="d.js" type="module"></script>"""
    with small(html, files=dict.fromkeys(["a.js", "b.js", "c.js", "d.js"], b"0")) as visited:
        assert blocking(visited.page) == ["a.js"]


def test_a_picture_without_its_size_is_found(small) -> None:
    html = '<img alt="1" width="5" height="5"><img alt="2" width="5"><img alt="3" height="auto">'
    with small(html) as visited:
        assert [re.findall(r'alt="(.)"', one) for one in unsized(visited.page)] == [["2"], ["3"]]


def test_a_font_for_text_or_icons_is_found(small) -> None:
    font = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf").read_bytes()
    html = "".join(
        f"<style>@font-face{{font-family:'{name}';src:url(font.ttf?{name})}}</style>"
        f"<p style=\"font-family:'{name}'\">{name}</p>"
        for name in ("Icons", "Some Math")
    )
    html += "<style>@font-face{font-family:Unused;src:url(font.ttf?unused)}</style>"
    with small(html, files={"font.ttf": font}) as visited:
        assert text_fonts(visited.page) == ["Icons"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_jumps_by_itself_is_found(small, size: dict) -> None:
    html = """<div id="top"></div><p style="height:60vh;background:tan">Text</p>
        <script>setTimeout(() => { document.getElementById('top').style.height = '40vh' }, 100)
        </script>"""
    with small(html, size) as visited:
        seen = next(seen for _ in range(50) if (seen := shifts(visited.page)))  # a busy machine
        assert seen[0][0] > MOST_SHIFT
        with pytest.raises(AssertionError, match="60vh"):
            assert_calm(visited.page)


def test_what_jumps_only_when_one_scrolls_is_found(small) -> None:
    html = """<p style="height:300vh">Text</p><img id="late" src="late.svg" loading="lazy">
        <p id="end" style="height:80vh;background:tan">More</p><script>
        new IntersectionObserver(([{isIntersecting}]) => isIntersecting && setTimeout(() => {
          document.getElementById('late').style.height = '50vh' }, 150)
        ).observe(document.getElementById('end'))</script>"""  # in another frame than the scrolling
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    with small(html, files={"late.svg": picture}) as visited:
        settle(visited)
        assert_calm(visited.page)
        scroll(visited.page)
        with pytest.raises(AssertionError, match="80vh"):
            assert_calm(visited.page)


def test_a_page_that_is_painted_no_more_is_scrolled_to_its_end(small) -> None:
    html = """<p style="height:900vh">Text</p><script>requestAnimationFrame = () => 0</script>"""
    with small(html) as visited:
        scroll(visited.page)
        end = "scrollY + innerHeight >= document.scrollingElement.scrollHeight - 1"
        assert visited.page.evaluate(end)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<p style="display:none">Answer</p>', "text"),
        ('<p style="visibility:hidden">Answer</p>', "text"),
        ('<p hidden>Answer</p><script>document.querySelector("p").hidden = false</script>', "text"),
        ("<details><summary hidden>Answer</summary></details>", "text"),
        (r'<span class="math">\(x\)</span>', "formulas"),
        ('<div class="course-widget"></div>', "widgets"),
        (
            '<div class="course-widget"><p hidden>Live</p><svg style="display:none"></svg></div>',
            "widgets",
        ),
    ],
)
def test_what_is_lost_without_scripts_is_found(small, html: str, kind: str) -> None:
    with small(html, java_script_enabled=False) as visited:
        assert {name for name, found in lost(visited.page).items() if found} == {kind}


def test_what_needs_no_script_is_not_lost(small) -> None:
    html = """<p>Text</p><details><summary>Answer</summary><p>Inside</p></details>
        <span class="math"><math><mi>x</mi></math></span>
        <div class="course-widget" style="min-height:50px">Picture<p hidden>Live</p></div>"""
    with small(html, java_script_enabled=False) as visited:
        assert lost(visited.page) == NOTHING_LOST


@pytest.mark.parametrize(
    ("style", "found"),
    [
        (r'a::before{content:"\f101"}', ["U+F101"]),
        ('a{--icon:"\uf053"}', ["U+F053"]),
        (r'a{content:"\0F0001"}', ["U+F0001"]),
        (r'a{content:"\2022 \201c"} .sm\:x{width:1px}', []),
    ],
)
def test_letters_of_icon_fonts_are_found(style: str, found: list[str]) -> None:
    assert private_letters(style) == found
