"""The explorer: what it computes, what it refuses, what it puts into a page, and the page alive."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from helpers.data import DATA_FOLDER, load_reviews
from helpers.widgets.explorer import (
    FIRST_EXAMPLES,
    WEIGHTS,
    LSTMExplorer,
    Network,
    explorer,
    javascript_source,
    read_weights,
    split_words,
    write_weights,
)
from tests.pages.browsing import CONTRASTS, LEAST_CONTRAST, Visit, visit
from tools.samples import explorer as make_explorer

ODD_TEXTS = [
    "",
    "   \t\n ",
    "!!! ... ???",
    "Don't stop-me_now (please) 5.5 [UNK]",
    "no\u00a0break\u2003em\u3000ideographic\u200bzero\u2028line\x0bvt\x0cff\x1cfs\x85nel",
    "ÄÖÜ İstanbul ǅ STRASSE ẞ Ωmega É café",
    "\N{GRINNING FACE} good\N{THUMBS UP SIGN} ‘curly’ “quotes” …",
    "<b>bold</b> & </script><!-- -->",
    "back\\slash ^caret `tick` {brace} | pipe ~tilde @at #hash $dollar %percent",
]


@pytest.fixture(scope="module")
def course() -> LSTMExplorer:
    """The explorer that comes with the course."""
    return LSTMExplorer.load()


@pytest.fixture(scope="module")
def all_reviews() -> list[str]:
    """All test reviews of the sample."""
    reviews = load_reviews()
    return reviews[reviews["split"] == "test"]["text"].tolist()


def a_network(num_words: int = 30, num_features: int = 3, num_units: int = 4, **changes) -> Network:
    """A small network with random weights."""
    rng = np.random.default_rng(0)
    shapes = {
        "embedding": (num_words, num_features),
        "W_x": (num_features, 4 * num_units),
        "W_h": (num_units, 4 * num_units),
        "b": (4 * num_units,),
        "head_W": (num_units, 1),
        "head_b": (1,),
    }
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    words = ["", "[UNK]", "good", "bad", "not", *(f"word{k}" for k in range(num_words - 5))]
    return Network(**{**arrays, "vocabulary": words, "about": {}, **changes})


def a_model(num_words: int = 30, units: int = 4, lstm: dict | None = None, **embedding):
    """A small Keras model of the kind that the explorer reads."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(num_words, 3, **{"mask_zero": True, **embedding}),
            layers.LSTM(units, **(lstm or {})),
            layers.Dropout(0.1),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# -- words ----------------------------------------------------------------------------------------


def test_words_are_cut_as_keras_cuts_them(course: LSTMExplorer, all_reviews: list[str]) -> None:
    texts = [*ODD_TEXTS, *all_reviews]
    expected = keras_numbers(course, texts)
    for text, numbers in zip(texts, expected, strict=True):
        assert course.read(text).numbers == numbers, text


def keras_numbers(course: LSTMExplorer, texts: list[str]) -> list[list[int]]:
    """Numbers of the words of each text by TextVectorization, pads left out."""
    from keras import layers

    vectorize = layers.TextVectorization(
        vocabulary=course.vocabulary[2:], output_sequence_length=course.length
    )
    encoded = np.asarray(vectorize(np.array(texts, dtype=object)))
    return [[int(number) for number in row if number] for row in encoded]


@pytest.mark.parametrize("text", ["", " \n", "?!"])
def test_a_text_without_words_has_none(text: str) -> None:
    assert split_words(text) == []


# -- numbers --------------------------------------------------------------------------------------


def test_the_answers_are_those_of_keras(course: LSTMExplorer, all_reviews: list[str]) -> None:
    some = all_reviews[:200]
    np.testing.assert_allclose(course.predict(some), keras_answers(course, some), atol=1e-5)


def keras_answers(course: LSTMExplorer, texts: list[str]) -> np.ndarray:
    """P(positive) of each text by the Keras model."""
    encoded = np.zeros((len(texts), course.length), "int32")
    for row, numbers in zip(encoded, keras_numbers(course, texts), strict=True):
        row[: len(numbers)] = numbers
    return np.asarray(course.keras_model().predict(encoded, verbose=0))[:, 0]


def test_a_text_without_words_gets_the_answer_before_the_first_word(course: LSTMExplorer) -> None:
    reading = course.read("...")
    assert reading.words == [] and reading.inside["hidden"].shape == (0, course.num_units)
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


@pytest.mark.parametrize("part", ["dev", "test"])
def test_it_is_right_on_most_restaurant_sentences(course: LSTMExplorer, part: str) -> None:
    with make_explorer.SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    labels = np.array([row["label"] == "1" for row in rows])
    answers = course.predict([row["text"] for row in rows]) > 0.5
    assert len(rows) > 70
    assert np.mean(answers == labels) >= 0.8


# -- the file -------------------------------------------------------------------------------------


def test_the_weights_are_made_from_the_texts_and_the_code_of_today(course: LSTMExplorer) -> None:
    assert course.about["made_from"] == make_explorer.digest(), "run: make data"


def test_weights_that_are_up_to_date_are_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / WEIGHTS).write_bytes((DATA_FOLDER / WEIGHTS).read_bytes())
    before = (tmp_path / WEIGHTS).stat().st_mtime_ns
    make_explorer.make(tmp_path / "no-archive-is-needed", tmp_path)
    assert (tmp_path / WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


def test_the_file_is_small() -> None:
    assert (DATA_FOLDER / WEIGHTS).stat().st_size < 600_000


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    network = a_network(about={"length": 7})
    write_weights(tmp_path / "x.npz", network[:6], network.vocabulary, network.about)
    again = read_weights(tmp_path / "x.npz")
    assert again.vocabulary == network.vocabulary and again.about == {"length": 7}
    for ours, theirs in zip(again[:6], network[:6], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_another_file_is_refused_by_its_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match=r"other\.npz: no weights of the explorer"):
        read_weights(tmp_path / "other.npz")


def test_the_card_gives_the_numbers_of_the_file(course: LSTMExplorer) -> None:
    card = " ".join((DATA_FOLDER / "explorer.md").read_text(encoding="utf-8").split())
    accuracy, count = course.about["accuracy"], course.about["num_texts"]
    for name, share in accuracy.items():
        assert f"{100 * share:.1f} % of {count[name]:,}" in card, name
    assert f"{course.about['num_training_texts']:,}" in card
    assert f"{len(course.vocabulary):,} words" in card


def test_the_licence_of_the_snippets_travels_with_what_was_learned_from_them() -> None:
    notice = (DATA_FOLDER / "LICENSE-vaderSentiment.txt").read_text(encoding="utf-8")
    assert "MIT License" in notice and "C.J. Hutto" in notice
    assert "LICENSE-vaderSentiment.txt" in (DATA_FOLDER / "explorer.md").read_text(encoding="utf-8")


# -- sentences that a program makes ---------------------------------------------------------------


def test_made_sentences_are_balanced_and_the_same_each_time() -> None:
    made = make_explorer.Generator(3).make(500)
    assert made == make_explorer.Generator(3).make(500)
    assert sum(label for _, label in made) == 250
    assert not [text for text, _ in made if re.search(r"[{}]|  ", text)]


# -- bad input ------------------------------------------------------------------------------------


def test_a_keras_model_is_read() -> None:
    model, network = a_model(), a_network()
    built = explorer(model, network.vocabulary, reviews=["not bad"], weights_dtype="float32")
    encoded = np.array([[4, 3]])
    expected = np.asarray(model(encoded))[0, 0]
    assert built.predict(["not bad"])[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: a_model(mask_zero=False), "Embedding has mask_zero=False"),
        (lambda: a_model(lstm={"activation": "sigmoid"}), "LSTM has activation='sigmoid'"),
        (lambda: a_model(lstm={"go_backwards": True}), "LSTM has go_backwards=True"),
        (lambda: a_model(num_words=20), "30 words, but Embedding has 20 rows"),
    ],
)
def test_a_model_of_another_kind_is_refused(model, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        explorer(model(), a_network().vocabulary)


def test_other_layers_are_refused_by_name() -> None:
    import keras
    from keras import layers

    model = keras.Sequential(
        [keras.Input((5,)), layers.Embedding(30, 3), layers.GRU(2), layers.Dense(1)]
    )
    with pytest.raises(ValueError, match="Embedding, GRU, Dense: the explorer reads"):
        explorer(model, a_network().vocabulary)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (a_network(b=np.full(16, np.nan)), "b holds nan"),
        (a_network(head_W=np.full((4, 1), np.inf)), "head_W holds inf"),
        (a_network(embedding=np.full((30, 3), 1e6)), "too large for float16"),
        (a_network(b=np.zeros(12)), "b has shape (12,), (16,) is needed"),
        (a_network(vocabulary=["", "[UNK]"]), "embedding has shape (30, 3), (2, 3) is needed"),
        (a_network(vocabulary=["a"] * 30), "must begin with '' (the pad) and '[UNK]'"),
        (a_network(vocabulary=["", "[UNK]", *["a"] * 28]), "holds a word twice"),
    ],
)
def test_weights_that_do_not_fit_are_refused(network: Network, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        LSTMExplorer(network)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights_dtype": "int8"}, "give 'float16' or 'float32'"),
        ({"reviews": "one text"}, "give a list of texts"),
        ({"unit": 5}, "give a unit from 1 to 4"),
        ({"length": -1}, "give a number of words"),
    ],
)
def test_bad_options_are_refused(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LSTMExplorer(a_network(), **options)


# -- what it shows --------------------------------------------------------------------------------


def test_where_no_html_is_shown_there_is_text(course: LSTMExplorer) -> None:
    text = repr(course)
    assert "P(positive) = 0.0" in text and "worst" in text
    assert max(map(len, text.splitlines())) <= 120 and len(text.splitlines()) < 25


def test_where_scripts_are_stripped_coloured_words_with_values_stay(course: LSTMExplorer) -> None:
    stripped = re.sub(r"<(script|style).*?</\1>", "", course._repr_html_(), flags=re.DOTALL)
    assert "background:rgb(" in stripped and "<sub>" in stripped
    assert "P(positive) = " in stripped and "<script" not in stripped
    assert len(stripped) < 5000


def test_the_page_part_is_light(course: LSTMExplorer) -> None:
    assert len(course._repr_html_().encode()) < 800_000


def test_the_same_object_shows_the_same_bytes(course: LSTMExplorer) -> None:
    assert course._repr_html_() == LSTMExplorer.load()._repr_html_()


EVIL = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> & \u2028 \u2029 \ud800"


def test_nothing_in_a_text_can_end_the_script() -> None:
    shown = LSTMExplorer(a_network(), reviews=[EVIL], note=[EVIL])._repr_html_()
    assert len(re.findall("<script", shown)) == len(re.findall("</script", shown)) == 1
    assert "<!--" not in shown and "<img" not in shown
    assert not set("\u2028\u2029") & set(shown.split("<script>")[1])
    assert "\ud800" not in shown


def test_nothing_in_a_vocabulary_can_end_the_script() -> None:
    words = ["", "[UNK]", "</script>", "<!--", *(f"word{k}" for k in range(26))]
    shown = LSTMExplorer(a_network(vocabulary=words), reviews=["word1"])._repr_html_()
    assert len(re.findall("</script", shown)) == 1 and "<!--" not in shown


def test_without_a_text_to_choose_it_shows_itself_all_the_same() -> None:
    assert "needs JavaScript" in LSTMExplorer(a_network(), reviews=[])._repr_html_()


def test_the_script_that_reads_is_short_and_can_be_shown() -> None:
    source = javascript_source()
    assert "function lstmStep" in source and len(source.splitlines()) < 80
    assert max(map(len, source.splitlines())) <= 100
    for name in ("W_x", "W_h", "candidate", "cell", "hidden"):
        assert name in source


def test_one_function_of_it_can_be_shown() -> None:
    step = javascript_source("lstmStep")
    assert step.startswith("// One step") and step.endswith("\n}")
    assert step.count("function ") == 1 and len(step.splitlines()) <= 22
    with pytest.raises(ValueError, match="no function 'gru'.*lstmStep"):
        javascript_source("gru")


# -- alive in the page ----------------------------------------------------------------------------

PAGE = (
    '<!DOCTYPE html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Explorer</title></head>'
    '<body style="margin:0;background:{ground}"><article style="padding:8px">{parts}</article>'
    "</body></html>"
)
READ = """texts => texts.map(text => {
  const { words, steps, positive } = document.querySelector('.rnn-explorer').explorer.read(text);
  return [words.map(({ number }) => number), steps.at(-1) ?? null, positive.at(-1)];
})"""


@contextmanager
def page_with(
    browser: Browser, folder: Path, *parts: LSTMExplorer, theme: str = "light", width: int = 900
) -> Iterator[Visit]:
    """A page from disk that holds explorers."""
    ground = {"light": "#fff", "dark": "#14181e"}[theme]
    shown = "\n".join(part._repr_html_() for part in parts)
    file = folder / "page.html"
    file.write_text(PAGE.format(theme=theme, ground=ground, parts=shown), encoding="utf-8")
    with visit(browser, file.as_uri(), {"width": width, "height": 900}, theme) as visited:
        yield visited
        assert visited.errors == []
        assert [url for url in visited.requests if not url.startswith("file:")] == []


def type_text(page: Page, text: str) -> None:
    """Put a text into the explorer as a paste does, and wait until it is read."""
    page.locator("textarea").fill(text)
    page.wait_for_timeout(400)


def signed(value: float) -> str:
    """A number as the page writes it."""
    return f"{value:+.2f}".replace("-", "\u2212") if abs(value) >= 0.005 else "0.00"


def said(page: Page) -> str:
    return page.locator(".cw-said").inner_text()


@pytest.mark.browser
def test_the_page_reads_every_test_review_as_keras_does(
    browser: Browser, tmp_path: Path, course: LSTMExplorer, all_reviews: list[str]
) -> None:
    texts = [*ODD_TEXTS, *all_reviews]
    with page_with(browser, tmp_path, course) as visited:
        found = visited.page.evaluate(READ, texts)
    assert [numbers for numbers, _, _ in found] == keras_numbers(course, texts)
    answers = np.array([answer for _, _, answer in found])
    np.testing.assert_allclose(answers, keras_answers(course, texts), atol=1e-5)
    for text, (_, last, _) in zip(texts[:200], found, strict=False):
        inside = course.read(text).inside
        for ours, name in [("i", "input_gate"), ("f", "forget_gate"), ("o", "output_gate")]:
            if last:
                np.testing.assert_allclose(last[ours], inside[name][-1], atol=1e-9)
        for name in ("candidate", "cell", "hidden"):
            if last:
                np.testing.assert_allclose(last[name], inside[name][-1], atol=1e-9)


@pytest.mark.browser
@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 1e-3), ("float32", 1e-5)])
def test_a_model_of_float32_weights_is_read_as_keras_reads_it(
    browser: Browser,
    tmp_path: Path,
    course: LSTMExplorer,
    all_reviews: list[str],
    dtype: str,
    tolerance: float,
) -> None:
    rng = np.random.default_rng(0)
    model = course.keras_model()
    model.set_weights(
        [w * (1 + rng.uniform(-1e-3, 1e-3, w.shape)).astype("float32") for w in model.get_weights()]
    )
    built = explorer(model, course.vocabulary, weights_dtype=dtype, length=course.length)
    with page_with(browser, tmp_path, built) as visited:
        found = visited.page.evaluate(READ, all_reviews)
    encoded = np.zeros((len(all_reviews), course.length), "int32")
    for row, (numbers, _, _) in zip(encoded, found, strict=True):
        row[: len(numbers)] = numbers
    expected = np.asarray(model.predict(encoded, verbose=0))[:, 0]
    np.testing.assert_allclose([answer for *_, answer in found], expected, atol=tolerance)


@pytest.mark.browser
def test_a_typed_sentence_is_read_at_once(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        page = visited.page
        type_text(page, "Not bad at all, zabaglione!")
        assert page.locator(".cw-status").inner_text() == "5 words. 1 word unknown to it."
        words = page.locator(".cw-words .cw-word")
        assert words.count() == 5
        assert "cw-unknown" in (words.nth(4).get_attribute("class") or "")
        assert "unknown word" in words.nth(4).inner_text()
        expected = course.read("Not bad at all, zabaglione!").positive[-1]
        assert f"P(positive) = {expected:.2f}" in said(page)
        assert page.locator("select").first.input_value() == ""


@pytest.mark.browser
def test_every_example_can_be_chosen(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        for place, text in enumerate(FIRST_EXAMPLES):
            visited.page.get_by_label("Choose a text").select_option(str(place))
            expected = course.read(text)
            assert f"P(positive) = {expected.positive[-1]:.2f}" in said(visited.page)
            assert visited.page.locator(".cw-words .cw-word").count() == len(expected.words)


@pytest.mark.browser
def test_another_unit_recolours_the_words(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        colours = set()
        for unit in range(course.num_units):
            visited.page.get_by_label("Unit that colours").select_option(str(unit))
            shown = visited.page.locator(".cw-words .cw-word").evaluate_all(
                "words => words.map(word => getComputedStyle(word).backgroundColor)"
            )
            colours.add(tuple(shown))
            value = course.read(FIRST_EXAMPLES[0]).inside["hidden"][-1, unit]
            title = visited.page.locator(".cw-words .cw-word").last.get_attribute("title") or ""
            assert f"unit {unit + 1}: {signed(value)}\n" in title
        assert len(colours) == course.num_units


@pytest.mark.browser
def test_arrow_keys_step_through_the_words(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        page, reading = visited.page, course.read(FIRST_EXAMPLES[0])
        slider = page.get_by_label("Words read")
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
def test_the_whole_explorer_can_be_reached_by_keyboard(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        page, reached = visited.page, []
        for _ in range(7):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.tagName.toLowerCase()"))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
        assert reached == ["select", "textarea", "button", "input", "select", "div", "summary"]
        page.keyboard.press("Enter")
        page.locator(".cw-numbers table").wait_for()
        rows = page.locator(".cw-numbers tbody tr")
        assert rows.count() == len(course.read(FIRST_EXAMPLES[0]).words)


@pytest.mark.browser
def test_it_reads_word_by_word_by_itself(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        button = visited.page.get_by_role("button")
        button.click()
        assert said(visited.page).startswith("Before the first word")
        assert button.inner_text().strip() == "Pause"
        visited.page.get_by_text("(5 of 5)").wait_for()
        assert button.inner_text().strip() == "Read"


@pytest.mark.browser
@pytest.mark.parametrize(
    "text",
    ["", "   ", "?!", EVIL.replace("\ud800", ""), "\N{GRINNING FACE} \N{HOT DOG}", "word " * 20_000,
     "x" * 100_000, "<b>bold</b> " * 8_000],
    ids=["nothing", "blanks", "punctuation", "html", "emoji", "words", "letters", "markup"],
)  # fmt: skip
def test_whatever_is_pasted_does_no_harm(
    browser: Browser, tmp_path: Path, course: LSTMExplorer, text: str
) -> None:
    with page_with(browser, tmp_path, course, width=360) as visited:
        page = visited.page
        elements = page.evaluate("document.querySelectorAll('script, img, b').length")
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
        assert seconds < 1
        assert page.evaluate("document.querySelectorAll('script, img, b').length") == elements
        found = len(split_words(text))
        assert page.locator(".cw-words .cw-word").count() == min(found, course.length)
        status = page.locator(".cw-status").inner_text()
        if found > course.length:
            assert f"Reads the first 100 of {found:,} words." in status
        if not found:
            assert page.get_by_text("Nothing to read yet.").is_visible()
            assert page.get_by_label("Words read").is_disabled()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900])
def test_all_text_can_be_read(
    browser: Browser, tmp_path: Path, course: LSTMExplorer, theme: str, width: int
) -> None:
    with page_with(browser, tmp_path, course, theme=theme, width=width) as visited:
        page = visited.page
        type_text(page, "The food was great but the waiter was rude zabaglione. " * 4)
        page.locator("summary").click()
        page.locator(".cw-numbers table").wait_for()
        for unit in range(course.num_units):
            page.get_by_label("Unit that colours").select_option(str(unit))
            texts = page.evaluate(CONTRASTS)
            faint = [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)]
            assert faint == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        results = Axe().run(page, context="article").response["violations"]
        serious = [v for v in results if v["impact"] in {"serious", "critical"}]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in serious] == []


@pytest.mark.browser
def test_explorers_on_one_page_do_not_disturb_each_other(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    small = LSTMExplorer(a_network(), reviews=["not bad"])
    with page_with(browser, tmp_path, course, course, small) as visited:
        page = visited.page
        assert page.locator(".rnn-explorer textarea").count() == 3
        page.locator("textarea").nth(0).fill("good good good")
        page.wait_for_timeout(300)
        words = [page.locator(".cw-words").nth(k).locator(".cw-word").count() for k in range(3)]
        assert words == [3, 5, 2]
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        assert (
            page.evaluate("Object.keys(window).filter(k => /lstm|readWords|mount/.test(k))") == []
        )


@pytest.mark.browser
def test_the_live_region_speaks_once_after_typing(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    with page_with(browser, tmp_path, course) as visited:
        page = visited.page
        live = page.locator("[role=status]")
        page.locator("textarea").fill("")
        page.locator("textarea").press_sequentially("bad food", delay=20)
        assert live.inner_text() == ""
        page.wait_for_timeout(1800)
        assert "2 words." in live.inner_text() and "negative" in live.inner_text()


@pytest.mark.browser
def test_without_scripts_the_static_view_stays(
    browser: Browser, tmp_path: Path, course: LSTMExplorer
) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        PAGE.format(theme="light", ground="#fff", parts=course._repr_html_()), encoding="utf-8"
    )
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert "P(positive) = " in page.locator(".rnn-explorer").inner_text()
    context.close()


def test_the_restaurant_sentences_are_balanced_and_each_is_there_once() -> None:
    with make_explorer.SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["text"] for row in rows}) > 300
    for part in ("dev", "test"):
        labels = [int(row["label"]) for row in rows if row["part"] == part]
        assert 0.45 <= np.mean(labels) <= 0.55
