"""Widgets on the book's pages: light until one comes near, and the front page's sentence.

The pages here are made of widgets and the two steps alone, and opened from the disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from selectolax.lexbor import LexborHTMLParser

from helpers.widgets import LSTMExplorer, NeuronSliders
from tests.helpers.widgets.networks import EVIL, ODD_TEXTS
from tests.pages.browsing import CONTRASTS, DESKTOP, LEAST_CONTRAST, PHONE, Visit, visit
from tools.pages.front import SENTENCES, front_widget, place_front
from tools.pages.page import Page
from tools.pages.widgets import move_widgets

HTML = (
    '<!DOCTYPE html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>A page</title></head>'
    '<body style="margin:0;color:{ink};background:{ground};font-family:sans-serif">'
    '<article style="padding:8px"><h1>Title</h1>{body}<p>After</p></article></body></html>'
)
COLOURS = {"light": ("#1b1b1b", "#ffffff"), "dark": ("#f0f0ee", "#14181e")}
FAR = '<div style="height:4000px"></div>'
FRONT = '<div class="read-along"></div>'
WORDS = ".fr-words li"


@pytest.fixture(scope="module")
def network() -> LSTMExplorer:
    """The network that the front page shows."""
    return LSTMExplorer.load()


@pytest.fixture(scope="module")
def explorer(network: LSTMExplorer) -> str:
    """The explorer, far down a page, before other widgets."""
    x = np.sin(np.arange(60) / 9)
    neurons = [NeuronSliders(x, 0.5, (-0.04, 1.14, 0.26), name) for name in ("AAPL", "MSFT")]
    return FAR + "".join(one._repr_html_() for one in [network, *neurons])


def a_page(body: str, name: str = "lectures/a.html", theme: str = "light") -> Page:
    """A page as Sphinx would hand it over, made light."""
    ink, ground = COLOURS[theme]
    tree = LexborHTMLParser(HTML.format(theme=theme, ink=ink, ground=ground, body=body))
    page = Page(name, tree, Path(), "../" * name.count("/"))
    place_front(page)
    move_widgets(page)
    return page


def write_page(folder: Path, page: Page) -> str:
    """Write a page with its files; return its address."""
    for name, content in {**page.files, page.name: page.tree.html.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return (folder / page.name).as_uri()


Open = Callable[..., Visit]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page that holds widgets; in the end it must have met no error."""
    visits = []
    with ExitStack() as stack:

        def opened(body: str, size: dict = DESKTOP, theme: str = "light") -> Visit:
            address = write_page(tmp_path, a_page(body, theme=theme))
            visits.append(stack.enter_context(visit(browser, address, size, theme)))
            return visits[-1]

        yield opened
    assert [error for visited in visits for error in visited.errors] == []


def weights_of(page: Page) -> set[str]:
    """The files of a page that are too heavy to be loaded before they are needed."""
    return {name for name, content in page.files.items() if len(content) > 100_000}


def asked_for_weights(visited: Visit, body: str) -> bool:
    """Whether the browser has asked for the weights."""
    return any(url.endswith(tuple(weights_of(a_page(body)))) for url in visited.requests)


# -- the step -------------------------------------------------------------------------------------


def test_nothing_heavy_stays_on_a_page(explorer: str) -> None:
    page = a_page(explorer)
    assert len(explorer) > 500_000
    assert len(page.tree.html) < 30_000
    assert "data-moves" not in page.tree.html and "<style" not in page.tree.html


def test_static_views_stay_on_the_page(explorer: str) -> None:
    page = a_page(explorer)
    for kind in (".rnn-explorer .cw-word", ".neuron-sliders path"):
        assert page.tree.css(kind)


def test_pages_share_styles_and_weights(explorer: str) -> None:
    lecture, front = a_page(explorer), a_page(FRONT, "intro.html")
    assert len(weights_of(lecture)) == 1
    assert weights_of(lecture) == weights_of(front)
    assert len([name for name in lecture.files if name in front.files]) == 3  # page.css, near.js


def test_a_style_that_many_widgets_bring_is_loaded_once(explorer: str) -> None:
    links = [link.attrs["href"] for link in a_page(explorer).tree.css("link")]
    assert len(links) == len(set(links)) == 3  # what all share, explorer, sliders


def test_every_address_on_a_page_is_one_of_its_files(explorer: str) -> None:
    page = a_page(explorer + FRONT)
    found = re.findall(r'(?:src|href|data-scripts|data-later)="([^"]+)"', page.tree.html)
    files = {urljoin(page.name, address) for one in found for address in one.split()}
    assert files == set(page.files)


def test_a_page_without_widgets_stays_as_it_is() -> None:
    page = a_page("<p>Words</p>")
    ink, ground = COLOURS["light"]
    same = HTML.format(theme="light", ink=ink, ground=ground, body="<p>Words</p>")
    assert page.tree.html == LexborHTMLParser(same).html
    assert page.files == {}


def test_the_same_page_gives_the_same_files(explorer: str) -> None:
    assert a_page(explorer).files == a_page(explorer).files


def test_a_script_of_no_widget_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lectures/a\.html: a script is marked data-moves=lost"):
        a_page('<script data-moves="lost">1</script>')


# -- near and far ---------------------------------------------------------------------------------


def test_what_is_far_is_not_loaded_and_what_comes_near_is(open_page: Open, explorer: str) -> None:
    visited = open_page(explorer)
    visited.page.wait_for_timeout(300)
    assert visited.page.locator(".cw-alive").count() == 0
    assert len([url for url in visited.requests if url.endswith(".js")]) == 1
    visited.page.mouse.wheel(0, 3600)
    visited.page.locator(".rnn-explorer.cw-alive").wait_for()
    assert asked_for_weights(visited, explorer)
    visited.page.get_by_label("or type your own").fill("good")
    visited.page.get_by_text("1 word.").wait_for()


def test_a_touch_loads_what_is_far(open_page: Open, explorer: str) -> None:
    page = open_page(explorer).page
    page.locator(".rnn-explorer").dispatch_event("pointerdown")
    page.locator(".rnn-explorer.cw-alive").wait_for(state="attached")
    assert page.locator(".cw-alive").count() == 1


SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_when_a_widget_comes_alive(
    open_page: Open, explorer: str, size: dict
) -> None:
    page = open_page(FRONT + explorer.replace(FAR, ""), size).page
    page.wait_for_function("document.querySelectorAll('.cw-alive').length >= 2")
    assert page.evaluate(SHIFTS) == 0


def test_a_script_that_does_not_arrive_is_named_and_asked_for_again(
    browser: Browser, tmp_path: Path, explorer: str
) -> None:
    page = a_page(explorer.replace(FAR, ""))
    address = write_page(tmp_path, page)
    (weights,) = (tmp_path / name for name in weights_of(page))
    weights.rename(tmp_path / "away")
    with visit(browser, address) as visited:
        why = visited.page.locator(".rnn-explorer .cw-why")
        why.wait_for()
        assert "Touch it to try again." in why.inner_text()
        (tmp_path / "away").rename(weights)
        visited.page.locator(".rnn-explorer").dispatch_event("pointerdown")
        visited.page.locator(".rnn-explorer.cw-alive").wait_for()
        assert not why.is_visible()


# -- the front page's sentence --------------------------------------------------------------------


@pytest.fixture
def front(open_page: Open) -> Visit:
    """The front page's widget, alive and not touched."""
    visited = open_page(FRONT)
    visited.page.locator(".front-page.cw-alive").wait_for()
    return visited


def type_in(page: Tab, text: str) -> None:
    """Put a text into the field as pasting does, and wait until the network has read it."""
    field = page.locator(".front-page textarea")
    field.focus()
    field.evaluate(
        """(area, text) => { area.value = text;
             area.dispatchEvent(new Event('input', { bubbles: true })); }""",
        text,
    )
    page.locator(".front-page:not([aria-busy])").wait_for()
    page.wait_for_timeout(50)


def test_the_front_page_holds_the_place_for_it() -> None:
    intro = Path(__file__).parents[2] / "intro.md"
    assert f"\n{FRONT}\n" in intro.read_text(encoding="utf-8")


def test_the_first_sentence_was_read_by_the_network(network: LSTMExplorer) -> None:
    reading = network.read(SENTENCES[0])
    told = re.findall(r'title="P\(positive\) = ([\d.]+)"', front_widget())
    assert told == [f"{positive:.2f}" for positive in reading.positive[1:]]


def test_the_last_sentence_fools_the_network_and_the_others_do_not(network: LSTMExplorer) -> None:
    verdicts = [positive > 0.5 for positive in network.predict(SENTENCES)]
    assert verdicts == [True, True, False, False, False]  # the last one is praise


def test_weights_are_loaded_at_the_first_touch_and_not_before(front: Visit) -> None:
    front.page.wait_for_timeout(300)
    assert not asked_for_weights(front, FRONT)
    front.page.locator(".front-page textarea").focus()
    front.page.wait_for_function("window.courseParts")
    assert asked_for_weights(front, FRONT)


def test_what_is_typed_is_read_as_python_reads_it(front: Visit, network: LSTMExplorer) -> None:
    texts = [*SENTENCES, *ODD_TEXTS, "good " * 500]
    front.page.locator(".front-page textarea").focus()
    found = front.page.evaluate(
        """async texts => { const all = [];
             for (const text of texts)
               all.push((await document.querySelector('.front-page').front.read(text)).positive);
             return all; }""",
        texts,
    )
    for text, positive in zip(texts, found, strict=True):
        np.testing.assert_allclose(positive, network.read(text).positive, atol=1e-6)


def test_words_bars_and_verdict_follow_what_is_typed(front: Visit, network: LSTMExplorer) -> None:
    text = "Not bad at all, zabaglione!"
    type_in(front.page, text)
    reading, page = network.read(text), front.page
    words = page.locator(WORDS)
    assert words.locator(".fr-word").all_inner_texts() == text.split()
    assert [one.get_attribute("title") for one in words.all()] == [
        f"P(positive) = {positive:.2f}" for positive in reading.positive[1:]
    ]
    tall = page.locator(".fr-bar").first.evaluate("bar => bar.clientHeight / 2")
    heights = page.locator(".fr-bar").evaluate_all(
        "bars => bars.map(bar => parseFloat(getComputedStyle(bar, '::before').height))"
    )
    expected = np.abs(2 * reading.positive[1:] - 1) * tall
    np.testing.assert_allclose(heights, np.maximum(expected, 3), atol=0.5)
    up = words.evaluate_all("all => all.map(one => one.classList.contains('fr-up'))")
    assert up == [positive >= 0.5 for positive in reading.positive[1:]]
    said = page.locator(".fr-verdict").inner_text()
    assert "positive" in said and f"P(positive) = {reading.positive[-1]:.2f}" in said


def test_an_unknown_word_is_marked(front: Visit) -> None:
    type_in(front.page, "good zabaglione")
    marked = front.page.locator(f"{WORDS}.fr-missing")
    assert marked.count() == 1 and "zabaglione" in marked.inner_text()
    assert "unknown word" in marked.inner_text()


@pytest.mark.parametrize("pick", SENTENCES[1:])
def test_a_sentence_can_be_picked(front: Visit, network: LSTMExplorer, pick: str) -> None:
    page = front.page
    page.get_by_role("button", name=pick).click()
    page.get_by_text(f"P(positive) = {network.read(pick).positive[-1]:.2f}", exact=True).wait_for()
    assert page.locator(".front-page textarea").input_value() == pick
    assert page.locator(WORDS).count() == len(pick.split())


PASTED = {
    "nothing": "",
    "blanks": " \n ",
    "html": EVIL.replace("\ud800", ""),
    "another script": "Очень вкусно 寿司が美味しい טעים مطعم \N{GRINNING FACE}",
    "words": "word " * 20_000,
    "letters": "x" * 100_000,
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_whatever_is_pasted_does_no_harm(open_page: Open, network: LSTMExplorer, text: str) -> None:
    page = open_page(FRONT, PHONE).page
    page.locator(".front-page.cw-alive").wait_for()
    count = "document.querySelectorAll('article :is(script, img, b)').length"
    type_in(page, text)
    assert page.evaluate(count) == 0
    words = network.read(text).words
    assert page.locator(WORDS).count() == len(words)
    assert page.get_by_text("Nothing to read yet.").count() == (not words)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]


def test_the_keyboard_reaches_everything_and_enter_reads(front: Visit) -> None:
    page = front.page
    for tag in ["textarea", "ol", "button", "button", "button", "button"]:
        if tag == "button" and page.evaluate("document.activeElement.tagName") == "OL":
            assert not page.get_by_role("button", name="Read it again").is_visible()  # no motion
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName.toLowerCase()") == tag
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.fr-words li').length === 12")
    page.locator("textarea").focus()
    page.keyboard.press("Enter")
    assert "\n" not in page.locator("textarea").input_value()


def test_the_verdict_is_spoken_once_the_reader_pauses(front: Visit) -> None:
    live = front.page.locator(".front-page [role=status]")
    field = front.page.locator(".front-page textarea")
    field.fill("")
    field.press_sequentially("bad zabaglione", delay=20)
    assert live.inner_text() == ""
    front.page.wait_for_timeout(1800)
    assert live.inner_text().startswith("Negative, probability of positive 0.")
    assert live.inner_text().endswith("Unknown words: 1.")


@pytest.mark.parametrize(("motion", "moving"), [("reduce", 0), ("no-preference", 2)])
def test_bars_rise_word_by_word_unless_motion_is_unwelcome(
    browser: Browser, tmp_path: Path, motion: str, moving: int
) -> None:
    context = browser.new_context(reduced_motion=motion)
    page = context.new_page()
    page.goto(write_page(tmp_path, a_page(FRONT)))
    page.locator(".front-page.cw-alive").wait_for()
    type_in(page, "not bad")
    assert page.evaluate("document.getAnimations().length") == 0  # typing is no play
    page.keyboard.press("Enter")
    page.wait_for_timeout(50)
    delays = page.evaluate("document.getAnimations().map(a => a.effect.getTiming().delay)")
    assert len(delays) == moving and delays == sorted(set(delays))
    context.close()


def test_without_scripts_the_sentence_stays_and_says_why(
    browser: Browser, tmp_path: Path, network: LSTMExplorer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write_page(tmp_path, a_page(FRONT)))
    assert page.locator(".front-page .cw-why").is_visible()
    assert page.locator(".fr-word").all_inner_texts()[: len(SENTENCES[0].split())]
    final = network.read(SENTENCES[0]).positive[-1]
    assert f"P(positive) = {final:.2f}" in page.locator(".fr-verdict").inner_text()
    controls = page.locator(".front-page :is(textarea, button)")
    assert controls.count() and not any(one.is_visible() for one in controls.all())
    assert not page.locator(".fr-picks").is_visible()
    context.close()


def test_what_was_typed_before_the_script_came_is_read(browser: Browser, tmp_path: Path) -> None:
    address = write_page(tmp_path, a_page(FRONT))
    context = browser.new_context()
    page = context.new_page()
    held: list = []
    hold = [True]
    page.route(
        re.compile(r"/widgets/.*\.js$"),
        lambda route: held.append(route) if hold else route.continue_(),
    )
    page.goto(address, wait_until="commit")
    page.locator(".front-page textarea").fill("good food")
    assert page.locator(WORDS).count() == len(SENTENCES[0].split())
    hold.clear()
    for route in held:
        route.continue_()
    page.wait_for_function("document.querySelectorAll('.fr-words li').length === 2")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_front_widget_can_be_read_by_all(
    browser: Browser, tmp_path: Path, theme: str, size: dict
) -> None:
    address = write_page(tmp_path, a_page(FRONT, theme=theme))
    with visit(browser, address, size, theme) as visited:
        page = visited.page
        page.locator(".front-page.cw-alive").wait_for()
        for text in ["Good zabaglione. " * 30, "bad"]:
            type_in(page, text)
            faint = [
                (one["text"], one["ratio"])
                for one in page.evaluate(CONTRASTS)
                if one["ratio"] < (3 if one["large"] else LEAST_CONTRAST)
            ]
            assert faint == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]
        found = Axe().run(page, context="article").response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
