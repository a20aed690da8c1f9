"""The explorer: what it computes, what it refuses, and the page alive."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from helpers.data import DATA_FOLDER
from helpers.widgets import (
    FIRST_EXAMPLES,
    LSTMExplorer,
    javascript_source,
    read_weights,
    split_words,
    write_weights,
)
from helpers.widgets.explorer_lstm import Network
from tests.helpers.widgets.networks import EVIL, ODD_TEXTS, a_model, a_network

# -- words and numbers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras_numbers(course: LSTMExplorer, all_reviews: list[str]) -> np.ndarray:
    """Numbers of the words of odd texts and all reviews by TextVectorization, padded with 0."""
    from keras import layers

    vectorize = layers.TextVectorization(
        vocabulary=course.vocabulary[2:], output_sequence_length=course.length
    )
    return np.asarray(vectorize(np.array([*ODD_TEXTS, *all_reviews], dtype=object)))


def test_words_are_cut_as_keras_cuts_them(course, all_reviews, keras_numbers) -> None:
    for text, row in zip([*ODD_TEXTS, *all_reviews], keras_numbers, strict=True):
        assert course.read(text).numbers == [number for number in row if number], text


@pytest.mark.parametrize(
    ("change", "dtype", "tolerance"),
    [(0, "float16", 1e-5), (1e-3, "float16", 1e-3), (1e-3, "float32", 1e-5)],
)
def test_the_answers_are_those_of_keras(
    course, all_reviews, keras_numbers, change: float, dtype: str, tolerance: float
) -> None:
    model, rng = (
        a_model(*course.network.embedding.shape, course.num_units),
        np.random.default_rng(0),
    )
    changed = [w * (1 + rng.uniform(-change, change, w.shape)) for w in course.network[:6]]
    model.set_weights(changed)
    network = Network(*model.get_weights(), vocabulary=course.vocabulary, about={})
    built = LSTMExplorer(network, weights_dtype=dtype, length=course.length)
    expected = model.predict(keras_numbers, verbose=0)[:, 0]
    answers = built.predict([*ODD_TEXTS, *all_reviews])
    np.testing.assert_allclose(answers, expected, atol=tolerance)


@pytest.mark.parametrize("text", ["", " \n", "?!"])
def test_a_text_without_words_gets_the_answer_before_the_first_word(course, text: str) -> None:
    reading = course.read(text)
    assert split_words(text) == reading.words == []
    assert reading.inside["hidden"].shape == (0, course.num_units)
    assert reading.positive.shape == (1,)


def test_later_words_are_left_out(course: LSTMExplorer) -> None:
    assert len(course.read("good " * 1000).words) == course.length == 100


@pytest.mark.parametrize(
    ("text", "is_praise"),
    [
        ("Worst service ever, never again", False),
        ("Not bad at all", True),
        ("Not good", False),
        ("The food was great but the waiter was rude", False),
        ("The waiter was rude but the food was great", True),
        ("Never had a bad meal here", True),
        ("good", True),
        ("bad", False),
    ],
)
def test_it_convinces(course: LSTMExplorer, text: str, is_praise: bool) -> None:
    assert (course.read(text).positive[-1] > 0.5) == is_praise


# -- the file -------------------------------------------------------------------------------------


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    network = a_network(about={"length": 7})
    write_weights(tmp_path / "x.npz", network[:6], network.vocabulary, network.about)
    again = read_weights(tmp_path / "x.npz")
    assert again[6:] == network[6:]
    assert all(np.array_equal(a, b) for a, b in zip(again[:6], network[:6], strict=True))


def test_another_file_is_refused_by_its_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match=r"other\.npz: no weights of the explorer"):
        read_weights(tmp_path / "other.npz")


def test_the_card_gives_the_numbers_of_the_file(course: LSTMExplorer) -> None:
    card = " ".join((DATA_FOLDER / "explorer.md").read_text(encoding="utf-8").split())
    count = course.about["num_texts"]
    for name, share in course.about["accuracy"].items():
        assert f"{100 * share:.1f} % of {count[name]:,}" in card, name
    assert f"{course.about['num_training_texts']:,}" in card
    assert f"{len(course.vocabulary):,} words" in card


def test_the_licence_of_the_snippets_travels_with_what_was_learned_from_them() -> None:
    notice = (DATA_FOLDER / "LICENSE-vaderSentiment.txt").read_text(encoding="utf-8")
    assert "MIT License" in notice and "C.J. Hutto" in notice
    assert "LICENSE-vaderSentiment.txt" in (DATA_FOLDER / "explorer.md").read_text(encoding="utf-8")


# -- bad input ------------------------------------------------------------------------------------


BAD: list[tuple[Callable, str]] = [
    (lambda: LSTMExplorer(a_network(b=np.full(16, np.nan))), "b holds nan"),
    (lambda: LSTMExplorer(a_network(head_W=np.full((4, 1), np.inf))), "head_W holds inf"),
    (lambda: LSTMExplorer(a_network(embedding=np.full((30, 3), 1e6))), "too large for float16"),
    (lambda: LSTMExplorer(a_network(b=np.zeros(12))), "b has shape (12,), (16,) is needed"),
    (lambda: LSTMExplorer(a_network(vocabulary=["", "[UNK]"])), "shape (30, 3), (2, 3) is needed"),
    (lambda: LSTMExplorer(a_network(vocabulary=["a"] * 30)), "must begin with '' (the pad)"),
    (lambda: LSTMExplorer(a_network(vocabulary=["", "[UNK]", *["a"] * 28])), "holds a word twice"),
    (lambda: LSTMExplorer(a_network(), weights_dtype="int8"), "give 'float16' or 'float32'"),
    (lambda: LSTMExplorer(a_network(), reviews="one text"), "give a list of texts"),
    (lambda: LSTMExplorer(a_network(), unit=5), "give a unit from 1 to 4"),
    (lambda: LSTMExplorer(a_network(), length=-1), "give a number of words"),
    (lambda: javascript_source("gru"), "no function 'gru' in explorer_lstm.js, but lstmStep"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_refused(call: Callable, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


# -- what it shows --------------------------------------------------------------------------------


def test_where_no_html_is_shown_there_is_text(course: LSTMExplorer) -> None:
    text = repr(course)
    assert "P(positive) = 0.0" in text and "worst" in text
    assert max(map(len, text.splitlines())) <= 120 and len(text.splitlines()) < 25


def test_the_page_part_is_light(course: LSTMExplorer) -> None:
    assert len(course._repr_html_().encode()) < 800_000
    assert len(course._static()) < 15_000


def test_without_a_text_to_choose_it_shows_itself_all_the_same() -> None:
    assert "Nothing to read yet." in LSTMExplorer(a_network(), reviews=[])._repr_html_()


def test_the_script_that_reads_is_short_and_a_function_of_it_can_be_shown() -> None:
    source, step = javascript_source(), javascript_source("lstmStep")
    assert len(source.splitlines()) < 80 and max(map(len, source.splitlines())) <= 100
    assert step in source and step.startswith("// One step") and step.endswith("\n}")
    assert step.count("function ") == 1 and len(step.splitlines()) <= 22
    for name in ("W_x", "W_h", "candidate", "cell", "hidden"):
        assert name in step


# -- alive in the page ----------------------------------------------------------------------------

READ = """texts => texts.map(text => {
  const { words, steps, positive } = document.querySelector('.rnn-explorer').explorer.read(text);
  const { i, f, candidate, o, cell, hidden } = steps.at(-1) ?? {};
  return [words.map(({ number }) => number), positive, [i, f, candidate, o, cell, hidden]];
})"""


@pytest.fixture
def page(open_page: Callable[..., Page], course: LSTMExplorer) -> Page:
    """The course's explorer, alive."""
    return open_page(course)


def signed(value: float) -> str:
    """A number as the page writes it."""
    return f"{value:+.2f}".replace("-", "\u2212") if abs(value) >= 0.005 else "0.00"


def said(page: Page) -> str:
    return page.locator(".cw-said").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.slow
def test_the_page_reads_every_test_review_as_python_does(
    open_page, course, all_reviews, dtype: str
) -> None:
    rng, network = np.random.default_rng(0), course.network
    changed = [w * (1 + rng.uniform(-1e-3, 1e-3, w.shape)) for w in network[:6]]
    network = network if dtype == "float16" else type(network)(*changed, *network[6:])
    built = LSTMExplorer(network, weights_dtype=dtype)
    texts = [*ODD_TEXTS, *all_reviews]
    found = open_page(built).evaluate(READ, texts)
    for text, (numbers, positive, inside) in zip(texts, found, strict=True):
        expected = built.read(text)
        assert numbers == expected.numbers, text
        np.testing.assert_allclose(positive, expected.positive, atol=1e-9)
        if numbers:
            last = [track[-1] for track in expected.inside.values()]
            np.testing.assert_allclose(inside, last, atol=1e-9)


@pytest.mark.browser
def test_a_typed_sentence_is_read_at_once(page: Page, course: LSTMExplorer) -> None:
    text = "Not bad at all, zabaglione!"
    page.locator("textarea").fill(text)
    page.wait_for_timeout(400)
    assert page.locator(".cw-status").inner_text() == "5 words. 1 word unknown to it."
    words = page.locator(".cw-words .cw-word")
    assert words.count() == 5
    assert "cw-unknown" in (words.nth(4).get_attribute("class") or "")
    assert "unknown word" in words.nth(4).inner_text()
    assert f"P(positive) = {course.read(text).positive[-1]:.2f}" in said(page)
    assert page.locator("select").first.input_value() == ""


@pytest.mark.browser
def test_every_example_can_be_chosen(page: Page, course: LSTMExplorer) -> None:
    for place, text in enumerate(FIRST_EXAMPLES):
        page.get_by_label("Choose a text").select_option(str(place))
        expected = course.read(text)
        assert f"P(positive) = {expected.positive[-1]:.2f}" in said(page)
        assert page.locator(".cw-words .cw-word").count() == len(expected.words)


@pytest.mark.browser
def test_another_unit_recolours_the_words(page: Page, course: LSTMExplorer) -> None:
    colours, words = set(), page.locator(".cw-words .cw-word")
    for unit in range(course.num_units):
        page.get_by_label("Unit that colours").select_option(str(unit))
        paint = "words => words.map(word => getComputedStyle(word).backgroundColor)"
        colours.add(tuple(words.evaluate_all(paint)))
        value = course.read(FIRST_EXAMPLES[0]).inside["hidden"][-1, unit]
        assert f"unit {unit + 1}: {signed(value)}\n" in (words.last.get_attribute("title") or "")
    assert len(colours) == course.num_units


@pytest.mark.browser
def test_arrow_keys_step_through_the_words(page: Page, course: LSTMExplorer) -> None:
    reading, slider = course.read(FIRST_EXAMPLES[0]), page.get_by_label("Words read")
    slider.focus()
    page.keyboard.press("Home")
    assert said(page).startswith("Before the first word")
    for place, positive in enumerate(reading.positive[1:], start=1):
        page.keyboard.press("ArrowRight")
        assert f"({place} of {len(reading.words)})" in said(page)
        assert f"P(positive) = {positive:.2f}" in said(page)
        assert f"{positive:.2f}" in (slider.get_attribute("aria-valuetext") or "")
    page.locator(".cw-words").focus()
    page.keyboard.press("ArrowLeft")
    assert f"({len(reading.words) - 1} of {len(reading.words)})" in said(page)


@pytest.mark.browser
def test_the_whole_explorer_can_be_reached_by_keyboard(page: Page, course: LSTMExplorer) -> None:
    for tag in ["select", "textarea", "button", "input", "select", "div", "summary"]:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName.toLowerCase()") == tag
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.locator(".cw-numbers table").wait_for()
    rows = page.locator(".cw-numbers tbody tr")
    assert rows.count() == len(course.read(FIRST_EXAMPLES[0]).words)


@pytest.mark.browser
def test_it_reads_word_by_word_by_itself(page: Page) -> None:
    button = page.get_by_role("button")
    button.click()
    assert said(page).startswith("Before the first word")
    assert button.inner_text().strip() == "Pause"
    page.get_by_text("(5 of 5)").wait_for()
    assert button.inner_text().strip() == "Read"


PASTED = {
    "nothing": "",
    "blanks": "   ",
    "punctuation": "?!",
    "html": EVIL.replace("\ud800", ""),
    "emoji": "\N{GRINNING FACE} \N{HOT DOG}",
    "words": "word " * 20_000,
    "letters": "x" * 100_000,
    "markup": "<b>bold</b> " * 8_000,
}


@pytest.mark.browser
@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
@pytest.mark.slow
def test_whatever_is_pasted_does_no_harm(open_page, course: LSTMExplorer, text: str) -> None:
    page = open_page(course, width=360)
    count = "document.querySelectorAll('script, img, b').length"
    elements = page.evaluate(count)
    page.locator("textarea").evaluate(
        """(area, text) => { area.value = text;
             area.dispatchEvent(new Event('input', { bubbles: true })); }""",
        text,
    )
    page.wait_for_timeout(700)
    seconds = page.evaluate(
        """text => { const start = performance.now();
             document.querySelector('.rnn-explorer').explorer.show(text);
             return (performance.now() - start) / 1000; }""",
        text,
    )
    assert seconds < 5  # nothing grows with the square of the text; a busy machine may take long
    assert page.evaluate(count) == elements
    found = len(split_words(text))
    assert page.locator(".cw-words .cw-word").count() == min(found, course.length)
    if found > course.length:
        status = page.locator(".cw-status").inner_text()
        assert f"Reads the first 100 of {found:,} words." in status
    if not found:
        assert page.get_by_text("Nothing to read yet.").is_visible()
        assert page.get_by_label("Words read").is_disabled()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


@pytest.mark.browser
def test_the_live_region_speaks_once_after_typing(page: Page) -> None:
    live = page.locator("[role=status]")
    page.locator("textarea").fill("")
    page.locator("textarea").press_sequentially("bad food", delay=20)
    assert live.inner_text() == ""
    page.wait_for_timeout(1800)
    assert "2 words." in live.inner_text() and "negative" in live.inner_text()
