"""The network that says words: what it computes, what it refuses, and the page alive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from helpers.data import DATA_FOLDER, SpellerNetwork, load_pronunciations, load_speller
from helpers.widgets import Speller
from helpers.widgets.speller import AS_IN, EMPTY, LONG, STRANGE
from tests.helpers.widgets.conftest import write_page
from tests.helpers.widgets.networks import EVIL, ODD_TEXTS
from tests.pages.browsing import CONTRASTS, LEAST_CONTRAST

CARD = " ".join((DATA_FOLDER / "speller.md").read_text(encoding="utf-8").split())
MESSAGES = {
    "": EMPTY,
    " \t\n": EMPTY,
    "two words": STRANGE,
    "café": STRANGE,
    "naïve": STRANGE,
    "\u212aelvin": STRANGE,  # the sign of kelvin, which str.lower() makes a k
    "İstanbul": STRANGE,
    "слово": STRANGE,
    "語": STRANGE,
    "\N{GRINNING FACE}": STRANGE,
    "don't": STRANGE,
    "r2d2": STRANGE,
    "<b>bold</b>": STRANGE,
    EVIL: STRANGE,
    "\ud800": STRANGE,
    "a\nb": STRANGE,
    "abc\u2028": STRANGE,
    "\u00a0": STRANGE,
    "a" * 15: LONG,
    "a" * 200: LONG,
    "a" * 100_000: LONG,
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    """The one that comes with the course."""
    return Speller.load()


@pytest.fixture(scope="module")
def test_words() -> list[str]:
    """The test words of the sample."""
    words = load_pronunciations()
    return words.loc[words["split"] == "test", "word"].tolist()


def a_network(num_units: int = 3, num_features: int = 2) -> SpellerNetwork:
    """A small network with random weights."""
    m, p, letters, sounds = num_features, num_units, "_abcdefghijklmnopqrstuvwxyz", ["_", ".", "A"]
    shapes = {"letters": (27, m), "sounds": (3, m), "head_W": (2 * p, 3), "head_b": (3,)}
    for part in ("encoder", "decoder"):
        shapes |= {f"{part}_W_x": (m, 4 * p), f"{part}_W_h": (p, 4 * p), f"{part}_b": (4 * p,)}
    rng = np.random.default_rng(0)
    weights = {name: rng.normal(size=s).astype(np.float16) for name, s in shapes.items()}
    weights = {name: array.astype(float) for name, array in weights.items()}
    about = {"num_words": 1, "num_test": 1, "right": 0.0, "phoneme_error": 1.0}
    return SpellerNetwork(weights, letters, sounds, about)


# -- what it says ---------------------------------------------------------------------------------


def test_it_says_what_keras_says(speller: Speller, test_words: list[str]) -> None:
    from tools.samples.speller import NUM_UNITS, network_of_layers, set_weights

    network = network_of_layers(len(speller.network.sounds))
    set_weights(network, speller.network.weights)
    assert len(speller.network.weights["encoder_W_h"]) == NUM_UNITS
    number = {sound: k for k, sound in enumerate(speller.network.sounds)}
    words = test_words[::40]
    spoken = [speller.read(word) for word in words]
    letters, reads = np.zeros((len(words), 14), "int32"), np.zeros((len(words), 17), "int32")
    for k, one in enumerate(spoken):
        letters[k, : len(one.word)] = [speller.network.letters.index(x) for x in one.word]
        reads[k, : 1 + len(one.sounds)] = [1, *(number[sound] for sound in one.sounds)]
    scores = network.predict([letters, reads], verbose=0)
    for one, row in zip(spoken, scores, strict=True):
        said = [speller.network.sounds[k] for k in row[: len(one.sounds) + 1].argmax(axis=1)]
        assert said == [*one.sounds, "."]


def test_weights_are_shares_of_the_letters(speller: Speller, test_words: list[str]) -> None:
    for word in test_words[:50]:
        spoken = speller.read(word)
        assert spoken.weights.shape == (len(spoken.sounds), len(word))
        np.testing.assert_allclose(spoken.weights.sum(axis=1), 1)
        assert 0 < spoken.chance <= 1


@pytest.mark.parametrize(
    ("word", "sounds"),
    [("junction", "JH AH NG K SH AH N"), ("nation", "N EY SH AH N"), ("Ship", "SH IH P")],
)
def test_it_convinces(speller: Speller, word: str, sounds: str) -> None:
    assert " ".join(speller.read(word).sounds) == sounds


@pytest.mark.parametrize("text", MESSAGES, ids=lambda text: ascii(text[:12]))
def test_what_it_cannot_read_gets_a_message(text: str) -> None:
    spoken = Speller(a_network(), ["abc"]).read(text)
    assert spoken.message == MESSAGES[text]
    assert (spoken.word, spoken.sounds, spoken.weights.size) == ("", [], 0)


def test_capitals_and_blanks_at_the_ends_do_not_matter(speller: Speller) -> None:
    one, other = speller.read("Nation"), speller.read("  nATION\n")
    assert one.word == other.word == "nation"
    assert one.sounds == other.sounds


def test_an_answer_without_an_end_is_cut() -> None:
    network = a_network()
    network.weights["head_b"][:] = [9, -9, 0]  # the pad is likely, and never said
    assert Speller(network, ["ab"]).read("ab").sounds == ["A"] * 16


@pytest.mark.parametrize(
    ("words", "message"),
    [([], "one word or more"), ("abc", "must be a list"), (["a b"], "'a b': The network knows")],
)
def test_bad_words_are_refused(words, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Speller(a_network(), words)


def test_each_sound_has_a_word_to_hear_it_in() -> None:
    assert set(AS_IN) == set(load_speller().sounds[2:])


def test_where_no_html_is_shown_there_is_text(speller: Speller) -> None:
    lines = repr(speller).splitlines()
    assert lines[0].startswith("junction: JH AH NG K SH AH N (probability 0.")
    assert len(lines) == 2 + 7 + 1


def test_the_page_part_is_light(speller: Speller) -> None:
    assert len(speller._repr_html_()) < 165_000


def test_the_card_gives_the_numbers_of_the_file(speller: Speller, test_words: list[str]) -> None:
    about, file = speller.network.about, DATA_FOLDER / "speller.npz"
    facts = [
        f"{file.stat().st_size:,} bytes",
        f"{about['num_words']:,} words",
        f"{about['right']:.1%}".replace("%", " %"),
        f"{about['phoneme_error']:.3f}",
        f"{sum(array.size for array in speller.network.weights.values()):,} numbers",
        "LICENSE-cmudict.txt",
    ]
    assert [fact for fact in facts if fact not in CARD] == []
    assert about["num_test"] == len(test_words)


# -- the page -------------------------------------------------------------------------------------


@pytest.fixture
def page(open_page, speller: Speller) -> Page:
    """A page with the speller alone."""
    return open_page(speller)


def read_in_page(page: Page, texts: list[str]) -> list[dict]:
    """What the script reads in each text."""
    return page.locator(".speller").evaluate("(root, texts) => texts.map(root.speller.read)", texts)


@pytest.mark.browser
def test_the_page_says_each_word_as_python_does(page: Page, speller, test_words) -> None:
    rng = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    made_up = ["".join(rng.choice(letters, rng.integers(1, 15))) for _ in range(100)]
    words = [*test_words[::5], *made_up, "A", " Nation\t"]
    for word, found in zip(words, read_in_page(page, words), strict=True):
        spoken = speller.read(word)
        assert (found["word"], found["sounds"]) == (spoken.word, spoken.sounds)
        weights = np.array(found["weights"]).reshape(spoken.weights.shape)
        np.testing.assert_allclose(weights, spoken.weights, atol=1e-4)
        assert found["chance"] == pytest.approx(spoken.chance, abs=1e-6)


@pytest.mark.browser
def test_the_page_refuses_what_python_refuses(page: Page, speller: Speller) -> None:
    texts = [*MESSAGES, *ODD_TEXTS]
    for text, found in zip(texts, read_in_page(page, texts), strict=True):
        spoken = speller.read(text)
        assert (found["message"], found["word"]) == (spoken.message, spoken.word), ascii(text[:20])


@pytest.mark.browser
@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "a" * 200, "", "\u212a"])
def test_whatever_is_pasted_gives_a_message(page: Page, text: str) -> None:
    page.get_by_label("A word").fill(text)
    assert page.locator(".cw-said").inner_text() == MESSAGES.get(text, STRANGE)
    assert page.locator(".speller img").count() == 0
    assert page.locator(".speller tbody tr").count() == 0
    page.get_by_label("A word").fill("ship")
    assert page.locator(".cw-said").inner_text().startswith("ship: SH IH P (probability ")


@pytest.mark.browser
def test_letters_sounds_and_cells_follow_what_is_typed(page: Page, speller: Speller) -> None:
    page.get_by_label("A word").fill("Nation")
    spoken = speller.read("Nation")
    table = page.locator(".speller table")
    assert table.locator("thead th").all_inner_texts() == list("nation")
    heads = [text.split()[0] for text in table.locator("tbody th").all_inner_texts()]
    assert heads == spoken.sounds
    cells = table.locator("tbody td")
    shares = cells.evaluate_all("all => all.map(one => one.style.getPropertyValue('--cw-share'))")
    np.testing.assert_allclose(np.array(shares, float), spoken.weights.ravel(), atol=0.0051)
    assert cells.evaluate_all("all => all.map(one => one.textContent)") == [
        f"{float(share) * 100:.0f}%" for share in shares
    ]
    assert page.locator(".speller").evaluate("root => root.offsetParent !== null")


@pytest.mark.browser
def test_the_keyboard_reaches_everything(page: Page, speller: Speller) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("ship")
    assert page.locator(".cw-said").inner_text().startswith("ship: ")
    for word in speller.words:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(".cw-said").inner_text().startswith(f"{word}: ")
        assert page.get_by_label("A word").input_value() == word


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900])
def test_all_can_read_it(open_page, speller: Speller, theme: str, width: int) -> None:
    page = open_page(speller, theme=theme, width=width)
    page.get_by_label("A word").fill("unquestionable")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    inside = "all => all.every(one => one.getBoundingClientRect().right < innerWidth - 8)"
    assert page.locator(".speller td").evaluate_all(inside)
    texts = page.evaluate(CONTRASTS)
    assert [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)] == []
    results = Axe().run(page, context="article").response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in results] == []


@pytest.mark.browser
def test_without_scripts_the_first_word_stays(browser: Browser, tmp_path: Path, speller) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write_page(tmp_path, (speller,)))
    assert page.locator(".speller .cw-why").is_visible()
    assert "junction: JH AH NG K SH AH N" in page.locator(".speller").inner_text()
    assert page.locator(".speller tbody td").count() == 7 * 8
    controls = page.locator(".speller :is(input, button)")
    assert controls.count() and not any(one.is_visible() for one in controls.all())
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 900])
def test_drawing_the_first_word_anew_changes_nothing(open_page, speller, width: int) -> None:
    page = open_page(speller, width=width)
    html = ".speller :is(.cw-said, table)"
    before = page.locator(html).evaluate_all("all => all.map(one => one.outerHTML)")
    page.get_by_label("A word").fill("ship")
    page.get_by_label("A word").fill("junction")
    after = page.locator(html).evaluate_all("all => all.map(one => one.outerHTML)")
    assert after == before
