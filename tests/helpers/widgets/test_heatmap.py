"""The coloured words: what they show, in HTML and as text, and what bad input gets."""

from __future__ import annotations

import re

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from helpers.widgets import HeatMap
from helpers.widgets.heatmap import COLD_TO_WARM, INK
from helpers.widgets.page import source
from tests.helpers.colours import contrast

WORDS = ["the", "tea", "was", "not", "bad"]
VALUES = [0.0, -1.0, 0.25, -3.0, 2.6]


def page(*arguments, **options) -> LexborNode:
    """What a browser would see, the style sheet left aside."""
    body = LexborHTMLParser(f"<body>{HeatMap(*arguments, **options)._repr_html_()}").body
    body.css_first("style").decompose()
    return body


def words_of(body: LexborNode) -> list[LexborNode]:
    return body.css("[title]")


# -- values ---------------------------------------------------------------------------------------


def test_values_are_standardized_by_their_own_mean_and_spread() -> None:
    found = HeatMap(WORDS, VALUES).standardized
    np.testing.assert_allclose([found.mean(), found.std()], [0, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("values", "given", "expected"),
    [
        ([1.0, 4.0], {"centre": 2.0, "scale": 0.5}, [-2, 4]),
        ([1.0, 4.0], {"centre": 2.0, "scale": 0}, [0, 0]),
        ([1.0, np.nan, 3.0, np.inf], {}, [-1, np.nan, 1, np.nan]),
        ([0.1] * 5, {}, [0] * 5),
        ([1e9] * 5, {}, [0] * 5),
        ([np.nan] * 5, {}, [np.nan] * 5),
    ],
)
def test_values_are_standardized_by_what_is_given_and_what_is_a_number(
    values: list, given: dict, expected: list
) -> None:
    found = HeatMap(["word"] * len(values), values, **given).standardized
    np.testing.assert_allclose(found, expected)


# -- the page -------------------------------------------------------------------------------------


def test_each_word_has_its_value_on_hover_and_as_text() -> None:
    one = page(WORDS, VALUES, centre=0, scale=1)
    assert [word.attrs["title"] for word in words_of(one)] == [
        "0.0",
        "-1.0",
        "+0.2",
        "-3.0",
        "+2.6",
    ]
    assert "not (-3.0)" in one.text() and "bad (+2.6)" in one.text()


@pytest.mark.parametrize(
    ("value", "number"),
    [(-9, 0), (-2, 0), (-1, 2), (-0.2, 4), (0, 4), (0.2, 4), (0.4, 5), (1, 6), (2, 8), (9, 8)],
)
def test_colours_go_from_cold_to_warm_and_end_at_two(value: float, number: int) -> None:
    (word,) = words_of(page(["word"], [value], centre=0, scale=1))
    assert f"var(--rnn-{number},{COLD_TO_WARM[number]})" in word.attrs["style"]


def test_strong_words_are_underlined_too() -> None:
    words = words_of(page(WORDS, VALUES, centre=0, scale=1))
    kinds = [word.attrs["class"].split()[1:] for word in words]
    assert kinds == [[], ["rnn-cold"], [], ["rnn-cold"], ["rnn-hot"]]


def test_letters_are_readable_on_every_colour_light_and_dark() -> None:
    assert min(contrast(colour, INK) for colour in COLD_TO_WARM) > 7
    by_theme, by_system = re.split("@media", source("heatmap.css"))
    for sheet in (by_theme, by_system):
        (ink,), grounds = re.findall(r"--rnn-ink: (#\w+)", sheet), re.findall(r"-\d: (#\w+)", sheet)
        assert len(grounds) == len(COLD_TO_WARM)
        assert min(contrast(colour, ink) for colour in grounds) > 4.5


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
        ("document.body.dataset.vscodeThemeKind = 'vscode-light'", "dark", False),
        ("document.body.classList.add('vscode-dark')", "light", True),
    ],
)
def test_a_page_that_says_whether_it_is_dark_is_believed(
    open_page, mark: str, system: str, is_dark: bool
) -> None:
    one = open_page(HeatMap(WORDS, VALUES), theme=system)
    one.evaluate(f"delete document.documentElement.dataset.theme; {mark}")
    ink = one.evaluate("getComputedStyle(document.querySelector('.rnn-word')).color")
    assert ink == ("rgb(245, 245, 245)" if is_dark else "rgb(26, 26, 26)")


@pytest.mark.parametrize(
    "word",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a&b", "</span>"]
    + ["\N{FACE WITH TEARS OF JOY}", "naïve", "很好", "a\u202eb"],
)
def test_any_text_is_shown_and_does_nothing(word: str) -> None:
    one = page([word, "b"], [1.0, np.nan], heading=word, name=word)
    assert one.text().count(word) == 3
    assert {tag.tag for tag in one.css("body *")} == {"div", "p", "span"}
    assert not one.css("[onerror]")
    assert word in repr(HeatMap([word], [1.0]))


def test_a_word_without_a_value_has_no_colour() -> None:
    words = words_of(page(["a", "b"], [np.nan, 1.0]))
    assert words[0].attributes == {"title": "no value"} and "style" in words[1].attributes


def test_an_empty_text_shows_that_it_is_empty_and_an_empty_word_is_a_word() -> None:
    assert "(no words)" in page([], []).text()
    assert repr(HeatMap([], [], legend=False)) == "(no words)"
    assert len(words_of(page(["", "b"], [0.0, 1.0]))) == 2


def test_the_legend_can_be_left_out() -> None:
    assert not page(WORDS, VALUES, legend=False).css(".rnn-box")
    one = page(WORDS, VALUES, name="unit 3")
    assert "unit 3: -2-1.5-1-0.50+0.5+1+1.5+2" in one.text()


def test_a_long_text_makes_a_small_page() -> None:
    shown = HeatMap(["word"] * 10_000, np.arange(10_000.0))._repr_html_()
    assert len(shown) < 2_500_000


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


@pytest.mark.parametrize(
    ("tokens", "values", "options", "message"),
    [
        (WORDS, [1.0], {}, "5 tokens need as many values"),
        (WORDS, [], {}, "5 tokens need as many values"),
        (WORDS, [VALUES], {}, "5 tokens need as many values"),
        (WORDS, 3.0, {}, "5 tokens need as many values"),
        (WORDS, np.zeros((5, 1)), {}, "5 tokens need as many values"),
        ("tea", [1.0, 2.0, 3.0], {}, "tokens is one text: split it"),
        (WORDS, VALUES, {"scale": -1.0}, "scale is -1.0: a standard deviation is not negative"),
        (WORDS, VALUES, {"scale": np.nan}, "scale is nan: a finite number is wanted"),
        (WORDS, VALUES, {"centre": np.inf}, "centre is inf: a finite number is wanted"),
    ],
)
def test_bad_input_is_refused(tokens, values, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HeatMap(tokens, values, **options)
