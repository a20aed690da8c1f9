"""The page on the state of a novel: batches, states that are kept, predictions of quotation marks.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from scipy.special import softmax

from helpers.data import load_austen, load_novelist
from tests.support import functions_of

SYMBOLS = load_novelist().symbols


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines; its functions find network and symbols as global names."""
    found = functions_of("state-of-a-novel")
    for function in (found.build_model, found.as_numbers, found.mark_probabilities, found.write):
        monkeypatch.setitem(function.__globals__, "symbols", SYMBOLS)
        monkeypatch.setitem(function.__globals__, "novelist", load_novelist())
    return found


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
    network = lecture.build_model(rows=2, stateful=True)
    kept = lecture.bits_by_place(network, numbers, 2, 5, lambda lstm: None)
    whole = lecture.bits_by_place(network, numbers, 2, 20, lambda lstm: None)
    emptied = lecture.bits_by_place(network, numbers, 2, 5, lambda lstm: lstm.reset_state())
    np.testing.assert_allclose(kept, whole.reshape(4, 5).mean(axis=0), rtol=1e-4)
    assert abs(emptied.mean() - whole.mean()) > 0.01


def test_a_text_too_short_for_one_batch_is_refused(lecture) -> None:
    assert len(lecture.batches(np.arange(16), rows=3, steps=5)) == 1
    with pytest.raises(ValueError, match="15 symbols are too few: need 16"):
        lecture.batches(np.arange(15), rows=3, steps=5)


def test_another_row_is_the_next_one_s_state(lecture) -> None:
    network = lecture.build_model(rows=3, stateful=True)
    network.predict_on_batch(np.arange(12).reshape(3, 4))
    lstm = network.layers[1]
    before = [keras.ops.convert_to_numpy(state).copy() for state in lstm.states]
    lecture.other_row(lstm)
    for old, new in zip(before, lstm.states, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(new), old[[2, 0, 1]])


def test_fit_does_not_empty_the_state_between_epochs(lecture) -> None:
    network, loss = lecture.build_model(rows=2, stateful=True), "sparse_categorical_crossentropy"
    network.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss)
    numbers, left = np.arange(12).reshape(4, 3), []
    for epochs in (1, 2):
        network.layers[1].reset_state()
        network.fit(numbers, numbers, batch_size=2, epochs=epochs, shuffle=False, verbose=0)
        left.append(keras.ops.convert_to_numpy(network.layers[1].states[1]).copy())
    assert np.abs(left[0] - left[1]).max() > 0.01


def test_a_text_is_the_same_whatever_was_written_before(lecture) -> None:
    model = lecture.build_model(rows=1, stateful=True)
    first = lecture.write(model, "It is a truth ", 20)
    assert len(first) == 20 and first == lecture.write(model, "It is a truth ", 20)


# -- decisions -----------------------------------------------------------------------------------


def test_a_mark_is_as_probable_as_the_network_of_the_experiments_predicts(
    lecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.characters import build

    plain = build(80, 256, 1)
    plain.set_weights(load_novelist().weights)
    monkeypatch.setitem(lecture.mark_probabilities.__globals__, "model", lecture.build_model())
    texts = ('"Oh, my dear.', "He left, she,")
    numbers = np.array([[SYMBOLS.index(s) for s in text] for text in texts])
    expected = softmax(plain.predict(numbers, verbose=0)[:, -1], axis=-1)[:, SYMBOLS.index('"')]
    np.testing.assert_allclose(lecture.mark_probabilities(texts), expected, rtol=1e-3)


def test_a_blank_replaces_one_character(lecture) -> None:
    assert lecture.blank('a"bc', 1) == "a bc"


def test_characters_that_the_novels_do_not_have_are_named(lecture) -> None:
    with pytest.raises(ValueError, match="not among the 80 characters of the model: .'É', '“'."):
        lecture.as_numbers("“Oh, É,")


def test_places_in_narration_end_with_a_full_stop_and_have_no_mark(lecture) -> None:
    text = 'He came. He saw. He left.\n"Yes," he said. He went. So far.\nHe sat. Then he ate. No.'
    lecture.narration.__globals__["chapters"] = [text, "She went too. And so on"]
    expected = ["e. He saw.", ". He left.", "en he ate.", "e ate. No.", " went too."]
    assert lecture.narration(length=10) == expected


def test_speeches_end_at_a_comma_before_the_next_mark(lecture) -> None:
    text = (
        "It was so, she thought, all day.\n"
        + '"No, no, never, I say," he said, "no, no."\n"Oh, dear.'
    )
    lecture.speeches.__globals__["chapters"] = [text]
    found = lecture.speeches(length=24)
    assert [back for _, back in found] == [3, 7, 14, 21, 3]
    for said, back in found:
        assert len(said) == 24 and said[-1] == "," and said[23 - back] == '"'


@pytest.mark.parametrize("back", [1, 5, 11])
def test_a_mark_takes_the_place_of_a_space_and_the_length_stays(lecture, back: int) -> None:
    text = "It was so, he said, and left."
    opened, closed = (lecture.with_mark(text, back, mark) for mark in (' "', '" '))
    assert len(opened) == len(closed) == len(text)
    place = opened.index('"')
    assert len(opened) - place > back and closed.index('"') == place - 1
    assert opened[place - 1] == " " and text[1:] == opened[:place] + opened[place + 1 :]


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
