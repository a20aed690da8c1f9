"""The neuron with three sliders: its numbers, what it refuses, and the page alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from helpers.widgets.sliders import NeuronSliders
from tests.helpers.widgets.test_explorer import PAGE
from tests.pages.browsing import CONTRASTS, LEAST_CONTRAST, Visit, visit
from tests.support import functions_of

X = np.sin(np.arange(100) / 9) * np.linspace(0.3, 1, 100)
WEIGHTS = (-0.04, 1.14, 0.26)


@pytest.fixture
def neuron() -> NeuronSliders:
    return NeuronSliders(X, 0.5, WEIGHTS, "AAPL")


def test_the_outputs_are_those_of_the_lecture(neuron: NeuronSliders) -> None:
    forward = functions_of("02-single-neuron-rnn").forward
    for weights in (WEIGHTS, (1, 1, 1), (0, 1, -0.9)):
        expected = forward(X[np.newaxis], np.array(weights))[1:, 0]
        np.testing.assert_allclose(neuron.outputs(weights), expected, atol=1e-12)


def test_the_error_is_that_of_all_forecasts(neuron: NeuronSliders) -> None:
    assert neuron.error((0, 0, 0)) == pytest.approx(np.mean(np.append(X[1:], 0.5) ** 2))
    assert neuron.persistence == pytest.approx(np.mean((np.append(X[1:], 0.5) - X) ** 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X[:1], 0, WEIGHTS), "two days or more"),
        ((X, 0, (1, 1)), "give w0, w1, w2"),
        ((X, np.nan, WEIGHTS), "not finite"),
        ((X, 0, (0, 3, 0)), "from -2 to 2"),
    ],
)
def test_bad_input_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NeuronSliders(*arguments, name="AAPL")


def test_where_no_html_is_shown_there_is_text(neuron: NeuronSliders) -> None:
    assert f"squared error {neuron.error():.4f}" in repr(neuron)


def test_where_scripts_are_stripped_a_drawing_stays(neuron: NeuronSliders) -> None:
    stripped = re.sub(r"<(script|style).*?</\1>", "", neuron._repr_html_(), flags=re.DOTALL)
    assert stripped.count("<path") == 3 and f"{neuron.error():.4f}" in stripped


def test_nothing_in_a_name_is_markup() -> None:
    shown = NeuronSliders(X, 0, WEIGHTS, "</script><img>")._repr_html_()
    assert shown.count("</script") == 1 and "<img" not in shown


def test_the_page_part_is_light(neuron: NeuronSliders) -> None:
    assert len(neuron._repr_html_().encode()) < 30_000


@contextmanager
def page_with(
    browser: Browser, folder: Path, *parts: NeuronSliders, theme: str = "light", width: int = 900
) -> Iterator[Visit]:
    """A page from disk that holds neurons."""
    ground = {"light": "#fff", "dark": "#14181e"}[theme]
    shown = "\n".join(part._repr_html_() for part in parts)
    file = folder / "page.html"
    file.write_text(PAGE.format(theme=theme, ground=ground, parts=shown), encoding="utf-8")
    with visit(browser, file.as_uri(), {"width": width, "height": 900}, theme) as visited:
        yield visited
        assert visited.errors == []


@pytest.mark.browser
def test_the_curve_follows_the_sliders_at_once(
    browser: Browser, tmp_path: Path, neuron: NeuronSliders
) -> None:
    with page_with(browser, tmp_path, neuron) as visited:
        page = visited.page
        before = page.locator(".cw-neuron").get_attribute("d")
        sliders = page.get_by_role("slider")
        assert sliders.count() == 3
        sliders.nth(2).focus()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        weights = (WEIGHTS[0], WEIGHTS[1], WEIGHTS[2] + 0.1)
        assert page.locator(".cw-neuron").get_attribute("d") != before
        assert f"error {neuron.error(weights):.4f}" in page.locator(".cw-error").inner_text()
        assert f"{weights[2]:.2f}" in (sliders.nth(2).get_attribute("aria-valuetext") or "")
        found = page.evaluate(
            "w => document.querySelector('.neuron-sliders').neuron.outputs(w)", list(weights)
        )
        np.testing.assert_allclose(found, neuron.outputs(weights), atol=2e-4)


@pytest.mark.browser
def test_buttons_set_all_three(browser: Browser, tmp_path: Path, neuron: NeuronSliders) -> None:
    with page_with(browser, tmp_path, neuron, neuron) as visited:
        first = visited.page.locator(".neuron-sliders").nth(0)
        for label, weights in [("no memory", (0, 1, 0)), ("as trained", WEIGHTS)]:
            first.get_by_role("button", name=label).click()
            assert f"{neuron.error(weights):.4f}" in first.locator(".cw-error").inner_text()
        other = visited.page.locator(".neuron-sliders").nth(1).locator(".cw-error").inner_text()
        assert f"{neuron.error():.4f}" in other


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900])
def test_all_text_can_be_read(
    browser: Browser, tmp_path: Path, neuron: NeuronSliders, theme: str, width: int
) -> None:
    with page_with(browser, tmp_path, neuron, theme=theme, width=width) as visited:
        page = visited.page
        faint = [t for t in page.evaluate(CONTRASTS) if t["ratio"] < LEAST_CONTRAST]
        assert faint == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        results = Axe().run(page, context="article").response["violations"]
        serious = [v for v in results if v["impact"] in {"serious", "critical"}]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in serious] == []
