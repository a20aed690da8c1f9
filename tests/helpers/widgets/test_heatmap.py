"""The coloured words: what they show, in HTML and as text, and what bad input gets."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from helpers.widgets import heatmap
from helpers.widgets.heatmap import COLD_TO_WARM, INK, HeatMap

WORDS = ["the", "tea", "was", "not", "bad"]
VALUES = [0.0, -1.0, 0.25, -3.0, 2.6]


class Page(HTMLParser):
    """What a browser would see: elements, and the text that is no style sheet."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page(*arguments, **options) -> Page:
    return Page(HeatMap(*arguments, **options)._repr_html_())


def words_of(one: Page) -> list[dict]:
    return [attributes for tag, attributes in one.elements if "title" in attributes]


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


# -- values ---------------------------------------------------------------------------------------


def test_values_are_standardized_by_their_own_mean_and_spread() -> None:
    found = HeatMap(WORDS, VALUES).standardized
    np.testing.assert_allclose([found.mean(), found.std()], [0, 1], atol=1e-12)


def test_values_are_standardized_by_what_is_given() -> None:
    found = HeatMap(["a", "b"], [1.0, 4.0], centre=2.0, scale=0.5).standardized
    np.testing.assert_allclose(found, [-2, 4])


@pytest.mark.parametrize("values", [[0.1] * 5, [1e9] * 5, [np.nan] * 5])
def test_equal_values_stand_in_the_middle(values) -> None:
    found = HeatMap(WORDS, values).standardized
    assert (np.isnan(values) | (found == 0)).all()


def test_a_scale_of_zero_puts_all_in_the_middle() -> None:
    assert (HeatMap(WORDS, VALUES, centre=0, scale=0).standardized == 0).all()


def test_values_that_are_no_number_do_not_spoil_the_others() -> None:
    found = HeatMap(["a", "b", "c", "d"], [1.0, np.nan, 3.0, np.inf]).standardized
    np.testing.assert_allclose(found, [-1, np.nan, 1, np.nan])


# -- the page -------------------------------------------------------------------------------------


def test_each_word_has_its_value_on_hover_and_as_text() -> None:
    one = page(WORDS, VALUES, centre=0, scale=1)
    assert [word["title"] for word in words_of(one)] == ["0.0", "-1.0", "+0.2", "-3.0", "+2.6"]
    assert "not (-3.0)" in one.text and "bad (+2.6)" in one.text


@pytest.mark.parametrize(
    ("value", "number"),
    [(-9, 0), (-2, 0), (-1, 2), (-0.2, 4), (0, 4), (0.2, 4), (0.4, 5), (1, 6), (2, 8), (9, 8)],
)
def test_colours_go_from_cold_to_warm_and_end_at_two(value: float, number: int) -> None:
    (word,) = words_of(page(["word"], [value], centre=0, scale=1))
    assert f"var(--rnn-{number},{COLD_TO_WARM[number][0]})" in word["style"]


def test_strong_words_are_underlined_too() -> None:
    words = words_of(page(WORDS, VALUES, centre=0, scale=1))
    kinds = [(word["class"].split() + [""])[1] for word in words]
    assert kinds == ["", "rnn-cold", "", "rnn-cold", "rnn-hot"]


def test_letters_are_readable_on_every_colour_light_and_dark() -> None:
    for light, dark in COLD_TO_WARM:
        assert contrast(light, INK[0]) > 7
        assert contrast(dark, INK[1]) > 4.5


def test_the_dark_colours_come_with_each_way_to_be_dark() -> None:
    style = HeatMap(WORDS, VALUES)._repr_html_()
    assert 'html[data-theme="dark"] .rnn-heatmap' in style
    assert "prefers-color-scheme:dark" in style
    assert style.count(f"--rnn-ink:{INK[1]}") == 2


def test_a_page_that_says_it_is_light_is_believed() -> None:
    rule = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?)\{", heatmap._style())
    assert rule is not None and rule[1].startswith("html:not([data-theme])")


def test_html_in_a_word_is_shown_and_does_nothing() -> None:
    evil = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a&b", "</span>"]
    one = page(evil, range(4), heading="<b>bold</b>", name="<i>name</i>")
    assert {tag for tag, _ in one.elements} == {"style", "div", "p", "span"}
    for word in [*evil, "<b>bold</b>", "<i>name</i>"]:
        assert word in one.text
    assert all("onerror" not in attributes for _, attributes in one.elements)


@pytest.mark.parametrize("word", ["\N{FACE WITH TEARS OF JOY}", "naïve", "很好", "a\u202eb"])
def test_any_letter_can_be_shown(word: str) -> None:
    assert word in page([word], [1.0]).text
    assert word in repr(HeatMap([word], [1.0]))


def test_a_word_without_a_value_has_no_colour() -> None:
    words = words_of(page(["a", "b"], [np.nan, 1.0]))
    assert words[0] == {"title": "no value"} and "style" in words[1]


def test_an_empty_text_shows_that_it_is_empty() -> None:
    assert "(no words)" in page([], []).text
    assert repr(HeatMap([], [], legend=False)) == "(no words)"


def test_an_empty_word_is_a_word() -> None:
    assert len(words_of(page(["", "b"], [0.0, 1.0]))) == 2


def test_the_legend_can_be_left_out() -> None:
    assert "rnn-box" not in str(page(WORDS, VALUES, legend=False).elements)
    one = page(WORDS, VALUES, name="unit 3")
    assert "unit 3: -2-1.5-1-0.50+0.5+1+1.5+2" in one.text


def test_nothing_is_fetched_and_nothing_runs() -> None:
    source = HeatMap(WORDS, VALUES)._repr_html_()
    assert not re.search(r"<script|https?:|url\(|@import|<link", source)


def test_a_long_text_makes_a_small_page() -> None:
    source = HeatMap(["word"] * 10_000, np.arange(10_000.0))._repr_html_()
    assert len(source) < 2_500_000


# -- text -----------------------------------------------------------------------------------------


def test_as_text_each_word_has_its_value_behind_it() -> None:
    lines = repr(HeatMap(["not", "bad"], [-1.0, 1.0], heading="two words")).splitlines()
    assert lines[:2] == ["two words", "not [-1.0] bad [+1.0]"]
    assert lines[2].startswith("standardized value, from -2")


def test_as_text_lines_are_short_and_words_keep_their_values() -> None:
    lines = repr(HeatMap(["word"] * 50, np.arange(50.0), legend=False)).splitlines()
    assert max(map(len, lines)) <= 80
    assert all(re.fullmatch(r"(word \[[+-]?\d\.\d\] ?)+", line) for line in lines)


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[1.0], [], [[1.0] * 5], 3.0, np.zeros((5, 1))])
def test_another_number_of_values_is_refused(values) -> None:
    with pytest.raises(ValueError, match="5 tokens need as many values"):
        HeatMap(WORDS, values)


def test_one_string_is_refused() -> None:
    with pytest.raises(ValueError, match="split it"):
        HeatMap("tea", [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "options", [{"scale": -1.0}, {"scale": np.nan}, {"centre": np.inf}, {"centre": np.nan}]
)
def test_a_scale_that_is_none_is_refused(options: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        HeatMap(WORDS, VALUES, **options)
