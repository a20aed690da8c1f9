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
    for function in (found.build_model, found.as_numbers, found.mark_probability, found.write):
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
    monkeypatch.setitem(lecture.mark_probability.__globals__, "model", lecture.build_model())
    for text in ('"Oh, dear.', '"Oh, dear." He left, I think,'):
        numbers = np.array([[SYMBOLS.index(s) for s in text]])
        expected = softmax(plain.predict(numbers, verbose=0)[0, -1])[SYMBOLS.index('"')]
        assert lecture.mark_probability(text) == pytest.approx(expected, rel=1e-3)


def test_a_blank_replaces_one_character(lecture) -> None:
    assert lecture.blank('a"bc', 1) == "a bc"


def test_characters_that_the_novels_do_not_have_are_named(lecture) -> None:
    with pytest.raises(ValueError, match="not among the 80 characters of the model: .'É', '“'."):
        lecture.as_numbers("“Oh, É,")


def test_points_of_the_experiment_are_all_with_200_characters_before_them() -> None:
    from experiments.mark_distance import Points

    points, expected = Points(), []
    chapters = load_austen().query("split == 'test'")["text"]
    for number, chapter in enumerate(chapters):
        text = f"\n{chapter}\n"
        stops = [t for t, s in enumerate(text) if s in ".," and t >= 200]
        expected += [(number, text[t - 9 : t + 1], text[t + 1] == '"') for t in stops]
    told = ["".join(SYMBOLS[n] for n in row) for row in points.read(10)]
    assert list(zip(points.chapter, told, points.came, strict=True)) == expected


def test_marks_of_the_experiment_are_as_far_back_as_it_says() -> None:
    from experiments.mark_distance import Points

    points = Points()
    seen = points.read(200)
    quote = SYMBOLS.index('"')
    for row, back, opens in zip(seen, points.back, points.opens, strict=True):
        if back < 200:
            assert row[199 - back] == quote and not (row[200 - back :] == quote).any()
            before = SYMBOLS[row[198 - back]] if back < 199 else " "
            assert not opens or before in "\n (-"


def test_a_mark_is_inserted_between_the_words_in_the_middle_of_its_group() -> None:
    from experiments.mark_distance import MOST, with_symbol, word_before

    text = "It was so, he said. " * 10
    texts = np.array([[SYMBOLS.index(symbol) for symbol in text]] * 2)
    letters = np.array([symbol.isalpha() for symbol in SYMBOLS])
    empty = SYMBOLS.index(" "), SYMBOLS.index("\n")
    for least, most in ((2, 24), (60, 79), (150, 199)):
        first, last = MOST - 1 - most, MOST - 1 - least
        where = word_before(texts, first, last, empty, letters)
        fits = [
            t
            for t in range(max(2, first), last + 1)
            if text[t] == " " and text[t - 1].isalpha() and text[t + 1].isalpha()
        ]
        nearest = min(fits, key=lambda t: abs(t - (first + last) / 2))
        assert where.tolist() == [nearest] * 2
        opened = with_symbol(texts, where, SYMBOLS.index('"'))
        closed = with_symbol(texts, where - 1, SYMBOLS.index('"'))
        for told, gap in ((opened, ' "'), (closed, '" ')):
            found = "".join(SYMBOLS[n] for n in told[0])
            assert found == text[1:nearest] + gap + text[nearest + 1 :]
    assert word_before(texts, 11, 12, empty, letters).tolist() == [0, 0]


def test_errors_of_the_experiment_take_chapters_as_their_unit() -> None:
    from experiments.mark_distance import Points

    points = SimpleNamespace(chapter=np.array([0, 0, 1, 1, 2, 2]))
    mean, error = Points.mean(points, np.array([1.0, 1, 2, 2, 3, 3]))
    assert mean == 2 and error == pytest.approx(1 / np.sqrt(3))  # three means: 1, 2, 3


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
