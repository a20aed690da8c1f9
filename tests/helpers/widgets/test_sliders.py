"""The neuron with three sliders: its numbers, what it refuses, and the page alive."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.widgets import NeuronSliders
from tests.support import functions_of

ONES = (1, 1, 1)


@pytest.mark.parametrize("weights", [(-0.04, 1.14, 0.26), ONES, (0, 1, -0.9)])
def test_the_outputs_are_those_of_the_lecture(neuron: NeuronSliders, weights: tuple) -> None:
    forward = functions_of("single-neuron-rnn").forward
    expected = forward(neuron.x[np.newaxis], np.array(weights))[1:, 0]
    np.testing.assert_allclose(neuron.outputs(weights), expected, atol=1e-12)


def test_the_error_is_that_of_all_forecasts(neuron: NeuronSliders) -> None:
    following = np.append(neuron.x[1:], 0.5)
    assert neuron.error((0, 0, 0)) == pytest.approx(np.mean(following**2))
    assert neuron.persistence == pytest.approx(np.mean((following - neuron.x) ** 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], 0, ONES), "two days or more"),
        (([1.0, 2.0], 0, (1, 1)), "give w0, w1, w2"),
        (([1.0, 2.0], np.nan, ONES), "not finite"),
        (([1.0, 2.0], 0, (0, 3, 0)), "from -2 to 2"),
    ],
)
def test_bad_input_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NeuronSliders(*arguments, name="AAPL")


def test_where_no_html_is_shown_there_is_text(neuron: NeuronSliders) -> None:
    assert f"squared error {neuron.error():.4f}" in repr(neuron)


def test_the_page_part_is_light(neuron: NeuronSliders) -> None:
    assert len(neuron._repr_html_().encode()) < 30_000


@pytest.mark.browser
def test_the_curve_follows_the_sliders_at_once(open_page, neuron: NeuronSliders) -> None:
    page = open_page(neuron)
    before = page.locator(".cw-neuron").get_attribute("d")
    sliders = page.get_by_role("slider")
    assert sliders.count() == 3
    sliders.nth(2).focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    weights = [*neuron.weights[:2], neuron.weights[2] + 0.1]
    assert page.locator(".cw-neuron").get_attribute("d") != before
    assert f"error {neuron.error(weights):.4f}" in page.locator(".cw-error").inner_text()
    assert f"{weights[2]:.2f}" in (sliders.nth(2).get_attribute("aria-valuetext") or "")
    found = page.evaluate(
        "w => document.querySelector('.neuron-sliders').neuron.outputs(w)", weights
    )
    np.testing.assert_allclose(found, neuron.outputs(weights), atol=2e-4)


@pytest.mark.browser
def test_buttons_set_all_three(open_page, neuron: NeuronSliders) -> None:
    page = open_page(neuron)
    for label, weights in [("no memory", (0, 1, 0)), ("as trained", neuron.weights)]:
        page.get_by_role("button", name=label).click()
        assert f"{neuron.error(weights):.4f}" in page.locator(".cw-error").inner_text()
