"""What holds for every widget: readable, light, harmless, and something to see without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from helpers.widgets import LSTMExplorer, NeuronSliders
from tests.helpers.widgets.conftest import write_page
from tests.helpers.widgets.networks import EVIL, a_network
from tests.pages.browsing import CONTRASTS, LEAST_CONTRAST

X = np.linspace(-1, 1, 100)
EVIL_WORDS = ["", "[UNK]", "</script>", "<!--", *(f"word{k}" for k in range(26))]
MAKE: dict[str, Callable[[str], Any]] = {
    "explorer": lambda text: LSTMExplorer(
        a_network(vocabulary=EVIL_WORDS), reviews=[text], note=[text]
    ),
    "sliders": lambda text: NeuronSliders(X, 0, (0, 1, 0), text),
}
every_widget = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@every_widget
def test_nothing_in_a_text_is_markup_or_ends_the_script(make: Callable) -> None:
    plain, shown = make("plain")._repr_html_(), make(EVIL)._repr_html_()
    for tag in ("<script", "</script", "<img", "<!--", "<b>"):
        assert shown.count(tag) == plain.count(tag), tag
    for script in re.findall(r"<script[^>]*>(.*?)</script>", shown, re.DOTALL):
        assert not set("\u2028\u2029") & set(script)
    assert "alert(1)" in shown and "\ud800" not in shown


@every_widget
def test_the_same_object_shows_the_same_bytes(make: Callable) -> None:
    assert make("not bad")._repr_html_() == make("not bad")._repr_html_()


@every_widget
def test_nothing_is_fetched(make: Callable) -> None:
    shown = make("plain")._repr_html_().replace("http://www.w3.org/2000/svg", "")  # a mere name
    assert not re.search(r"https?:|url\(|@import|<link", shown)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.slow
def test_all_text_can_be_read(open_page, course, neuron, theme: str, width: int) -> None:
    page = open_page(course, neuron, theme=theme, width=width)
    page.locator("textarea").fill("The food was great but the waiter was rude zabaglione. " * 4)
    page.wait_for_timeout(400)
    page.locator("summary").click()
    page.locator(".cw-numbers table").wait_for()
    for unit in range(course.num_units):
        page.get_by_label("Unit that colours").select_option(str(unit))
        texts = page.evaluate(CONTRASTS)
        assert [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    results = Axe().run(page, context="article").response["violations"]
    serious = [v for v in results if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in serious] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("mark", "system", "is_dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ("document.documentElement.dataset.theme = 'light'", "dark", False),
        ("document.documentElement.dataset.theme = 'dark'", "light", True),
        ("document.documentElement.setAttribute('theme', 'dark')", "light", True),
        ("document.body.dataset.jpThemeLight = 'true'", "dark", False),
        ("document.body.dataset.jpThemeLight = 'false'", "light", True),
    ],
)
def test_a_page_that_says_whether_it_is_dark_is_believed(
    open_page, neuron, mark: str, system: str, is_dark: bool
) -> None:
    page = open_page(neuron, theme=system)
    page.evaluate(f"delete document.documentElement.dataset.theme; {mark}")
    ink = page.evaluate("getComputedStyle(document.querySelector('.course-widget')).color")
    assert ink == ("rgb(240, 240, 238)" if is_dark else "rgb(27, 27, 27)")


@pytest.mark.browser
def test_without_scripts_the_static_view_stays(
    browser: Browser, tmp_path: Path, course, neuron
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write_page(tmp_path, (course, neuron)))
    assert "P(positive) = " in page.locator(".rnn-explorer").inner_text()
    assert f"{neuron.error():.4f}" in page.locator(".neuron-sliders").inner_text()
    assert page.locator(".neuron-sliders path").count() == 3
    words = page.locator(".rnn-explorer .cw-words .cw-word")
    paint = "words => words.map(word => getComputedStyle(word).backgroundColor)"
    assert len(set(words.evaluate_all(paint))) == words.count() == 5
    for widget in (".rnn-explorer", ".neuron-sliders"):
        assert page.locator(f"{widget} .cw-why").is_visible()
        controls = page.locator(f"{widget} :is(input, button, select, textarea)")
        assert controls.count() and not any(one.is_visible() for one in controls.all())
    context.close()


BOXES = """() => [...document.querySelectorAll('.course-widget, .course-widget *')].map(e => {
  const { x, y, width, height } = e.getBoundingClientRect();
  const text = e.children.length ? '' : e.textContent;
  return [e.tagName, e.className.baseVal ?? e.className.replace(' cw-alive', ''), text, x, y, width,
    height, e.value ?? '', e.getAttribute('d') ?? ''];
})"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 900])
def test_coming_alive_moves_and_changes_nothing(
    browser: Browser, open_page, tmp_path: Path, course, neuron, width: int
) -> None:
    wordless = LSTMExplorer(a_network(), reviews=[])
    odd = LSTMExplorer(a_network(), reviews=["So <b>bad</b>,\nnot GOOD zabaglione! \U0001f600 ok"])
    alive = open_page(course, neuron, wordless, odd, width=width)
    assert alive.locator(".cw-alive").count() == 4
    still = tmp_path / "still.html"
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    still.write_text(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL), encoding="utf-8")
    found = alive.evaluate(BOXES)
    alive.goto(still.as_uri())
    assert alive.locator(".cw-alive").count() == 0
    assert alive.evaluate(BOXES) == found


@pytest.mark.browser
def test_widgets_on_one_page_do_not_disturb_each_other(open_page, course, neuron) -> None:
    small = LSTMExplorer(a_network(), reviews=["not bad"])
    page = open_page(course, course, neuron, small, neuron)
    page.locator("textarea").nth(0).fill("good good good")
    page.wait_for_timeout(400)
    words = page.locator(".cw-words")
    assert [words.nth(k).locator(".cw-word").count() for k in range(3)] == [3, 5, 2]
    errors = page.locator(".neuron-sliders .cw-error")
    page.get_by_role("button", name="no memory").first.click()
    assert f"{neuron.error((0, 1, 0)):.4f}" in errors.nth(0).inner_text()
    assert f"{neuron.error():.4f}" in errors.nth(1).inner_text()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("Object.keys(window).filter(k => /lstm|readWords|mount/.test(k))") == []
