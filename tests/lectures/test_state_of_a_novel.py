"""The page on the state of a novel: batches, states that are kept, decisions at quotation marks.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import jupytext
import keras
import numpy as np
import pytest
from scipy.special import softmax

from helpers.data import load_austen, load_novelist
from tests.support import ROOT, functions_of

SYMBOLS = load_novelist().symbols


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines; its functions find network and symbols as global names."""
    found = functions_of("state-of-a-novel")
    for function in (found.build_reader, found.as_numbers, found.mark_bits, found.write):
        monkeypatch.setitem(function.__globals__, "symbols", SYMBOLS)
        monkeypatch.setitem(function.__globals__, "novelist", load_novelist())
    return found


def of_the_page(words: str) -> str:
    """The one cell of the page with these words."""
    cells = jupytext.read(ROOT / "lectures" / "state-of-a-novel.md").cells
    (cell,) = (c.source for c in cells if c.cell_type == "code" and words in c.source)
    return cell


# -- a state that goes on -------------------------------------------------------------------------


def test_a_row_continues_the_same_row_of_the_batch_before(lecture) -> None:
    found = lecture.batches(np.arange(62), rows=3, steps=5)
    assert len(found) == 4
    for row in range(3):
        strip = np.concatenate([inputs[row] for inputs, _ in found])
        np.testing.assert_array_equal(strip, np.arange(20) + 20 * row)
    for inputs, targets in found:
        np.testing.assert_array_equal(targets, inputs + 1)


def test_kept_states_give_the_cost_of_reading_whole_strips(lecture) -> None:
    numbers = np.random.default_rng(0).integers(80, size=41)
    network = lecture.build_reader(rows=2, stateful=True)
    kept = lecture.bits_by_batches(network, numbers, 2, 5, lambda lstm: None)
    whole = lecture.bits_by_batches(network, numbers, 2, 20, lambda lstm: None)
    emptied = lecture.bits_by_batches(network, numbers, 2, 5, lambda lstm: lstm.reset_state())
    assert kept == pytest.approx(whole, rel=1e-4)
    assert abs(emptied - whole) > 0.01


def test_another_row_is_the_next_one_s_state(lecture) -> None:
    network = lecture.build_reader(rows=3, stateful=True)
    network.predict_on_batch(np.arange(12).reshape(3, 4))
    lstm = network.layers[1]
    before = [keras.ops.convert_to_numpy(state).copy() for state in lstm.states]
    lecture.other_row(lstm)
    for old, new in zip(before, lstm.states, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(new), old[[2, 0, 1]])


def test_a_text_is_the_same_whatever_was_written_before(lecture) -> None:
    keeper = lecture.build_reader(rows=1, stateful=True)
    first = lecture.write(keeper, "It is a truth ", 20)
    assert len(first) == 20 and first == lecture.write(keeper, "It is a truth ", 20)


# -- decisions ------------------------------------------------------------------------------------


def test_a_mark_costs_what_the_network_predicts_from_the_last_characters(lecture) -> None:
    from helpers.characters import build

    plain = build(80, 256, 1)
    plain.set_weights(load_novelist().weights)
    text = '"Oh, dear." He left, I think, and said "No."\n'
    places = [text.index("dear.") + 4, text.index("think,") + 5, text.index("No.") + 2]
    seen, came = [text[place - 7 : place + 1] for place in places], np.array([True, False, True])
    found = lecture.mark_bits(lecture.build_reader(), seen, came)
    for bits, one, mark in zip(found, seen, came, strict=True):
        numbers = np.array([[SYMBOLS.index(s) for s in one]])
        guess = softmax(plain.predict(numbers, verbose=0)[0, -1])[SYMBOLS.index('"')]
        assert bits == pytest.approx(-np.log2(guess if mark else 1 - guess), rel=1e-3)


def test_a_blank_replaces_one_character_or_none(lecture) -> None:
    assert lecture.blank(['a"bc', "abcd", "abcd"], [1, -1, 4]) == ["a bc", "abcd", "abcd"]


def test_decisions_of_the_page_are_those_of_the_experiment() -> None:
    from experiments.char_language_models import Chapters

    novels = load_austen()
    chapters = novels.loc[novels["split"] == "test", "text"]
    world = {"chapters": chapters}
    for start in ("text = ", "decisions = "):
        lines = of_the_page(start).splitlines()
        exec(next(line for line in lines if line.startswith(start)), world)
    theirs = Chapters("test")
    later = theirs.decided >= 200
    assert world["decisions"] == theirs.decided[later].tolist()
    marked = [world["text"][place + 1] == '"' for place in world["decisions"]]
    assert marked == theirs.marked[later].tolist()


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('"Yes," he said. "No."', "_xxxxx_________ _xxxx"),
        ('"One.\n"Two." He.', "_xxxxx_xxxxx____"),
        ('when--"But," he', "_______xxxxx___"),
        ('"Wait--" he', "_xxxxxxx___"),
    ],
)
def test_a_speech_is_open_from_its_first_mark_to_its_last(text: str, inside: str) -> None:
    from experiments.char_language_models import since_opened

    since = since_opened(text)
    assert len(since) == len(text) + 1 and since[0] == 0
    found = "".join("x" if s else "_" for s in since[: len(text)])
    assert found == inside.replace(" ", "_")


def test_decisions_of_networks_and_of_tables_are_the_same_places() -> None:
    from experiments.char_language_models import Chapters, decisions, since_opened

    chapters = Chapters("test")
    told = list(decisions(chapters))
    assert [one.marked for one in told] == chapters.marked.tolist()
    assert [one.chapter for one in told] == chapters.chapter[chapters.decided].tolist()
    assert not any(one.marked for one in told if not one.inside)  # as the page says
    assert len(load_austen().query("split == 'test'")) == told[-1].chapter + 1
    since = np.concatenate([since_opened(text)[: len(text) + 1] for text in chapters.texts])
    inside = since[chapters.decided]
    assert (inside > 0).tolist() == [one.inside for one in told]
    assert np.mean(inside[inside > 0] > 13) > 0.9  # mostly further back than n-grams see


def test_regression_is_given_the_last_mark_and_what_it_was() -> None:
    from experiments.char_language_models import pieces

    text = '\n"Oh, dear." He left,\n'
    symbols = "".join(sorted(set(text)))
    numbers = np.array([symbols.index(s) for s in text])
    decided = np.array([place for place, s in enumerate(text[:-1]) if s in ".,"])
    found = list(pieces(SimpleNamespace(symbols=symbols, numbers=numbers, decided=decided)))
    kinds = [next(k for k in ("opened", "closed", "no mark") if k in one) for one in found]
    assert kinds == ["opened", "opened", "closed"]
    assert "word dear" in found[1] and "word dear" not in found[0] and "last h," in found[0]
