"""Lecture 14: its probes, ablations and test sentences do what its text says they do.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of

UNITS = 5


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("14-lstm-probes")


def some_weights(seed: int = 0, units: int = UNITS, words: int = 20) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = [(words, 3), (3, 4 * units), (units, 4 * units), (4 * units,), (units, 1), (1,)]
    return [rng.normal(0, 0.6, shape) for shape in shapes]


def some_ids(n: int = 6, T: int = 9) -> np.ndarray:
    ids = np.random.default_rng(1).integers(1, 20, (n, T))
    for row, length in enumerate(np.linspace(1, T, n).astype(int)):
        ids[row, length:] = 0
    return ids


def held(weights: list[np.ndarray], ids: np.ndarray, unit: int, value: float) -> np.ndarray:
    """P(positive) of a network whose unit is set to a value after every step, one step a time."""
    table, W_x, W_h, b, W, b_head = weights
    answers = []
    for row in ids:
        hidden, cell = np.zeros(len(W_h)), np.zeros(len(W_h))
        hidden[unit] = value
        for word in row[row > 0]:
            z = b + table[word] @ W_x + hidden @ W_h
            i, f, c, o = np.split(z, 4)
            i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
            cell = f * cell + i * np.tanh(c)
            hidden = o * np.tanh(cell)
            hidden[unit] = value
        answers.append(1 / (1 + np.exp(-(hidden @ W[:, 0] + b_head[0]))))
    return np.array(answers)


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), [(1, 1), (3, 5), (50, 10)])
def test_the_lstm_by_hand_equals_keras(lecture, num_inputs, num_units) -> None:
    rng = np.random.default_rng(0)
    layer = layers.LSTM(num_units, return_sequences=True)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, 0.4, weight.shape) for weight in layer.get_weights()])
    X = rng.normal(size=(3, 11, num_inputs)).astype("float32")
    found = lecture.lstm(X, *layer.get_weights())["hidden"]
    np.testing.assert_allclose(found, keras.ops.convert_to_numpy(layer(X)), rtol=0, atol=1e-6)


def test_the_state_at_the_end_is_that_of_the_last_word(lecture) -> None:
    ids = np.array([[4, 5, 0, 0], [7, 0, 0, 0], [1, 2, 3, 4]])
    places = np.arange(12).reshape(3, 4)
    np.testing.assert_array_equal(lecture.at_the_end(places, ids), [1, 4, 11])


def test_pads_behind_change_no_answer(lecture) -> None:
    ids = some_ids()
    longer = np.pad(ids, ((0, 0), (0, 5)))
    weights = some_weights()
    found = [lecture.answers_of(weights, some) for some in (ids, longer)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


# -- ablation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", range(UNITS))
@pytest.mark.parametrize("value", [0.0, 0.3, -0.7])
def test_a_fixed_unit_is_seen_as_a_constant_at_every_step(lecture, unit, value) -> None:
    weights, ids = some_weights(), some_ids()
    _, _, W_h, b, _, _ = weights
    fixed = lecture.fix_unit(weights, unit, value)
    # The state before the first word is zero for all units, but for the one that is held.
    np.testing.assert_allclose(
        lecture.answers_of(fixed, ids), held(weights, ids, unit, value), rtol=1e-10
    )


def test_fixing_a_unit_leaves_the_weights_as_they_are(lecture) -> None:
    weights = some_weights()
    before = [array.copy() for array in weights]
    lecture.fix_unit(weights, 2, 0.5)
    for array, old in zip(weights, before, strict=True):
        np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize("unit", range(UNITS))
def test_a_network_without_a_unit_answers_as_if_it_were_held_at_zero(lecture, unit) -> None:
    weights, ids = some_weights(), some_ids()
    smaller = lecture.without(weights, unit)
    assert smaller[2].shape == (UNITS - 1, 4 * (UNITS - 1))
    found = lecture.answers_of(smaller, ids)
    np.testing.assert_allclose(found, held(weights, ids, unit, 0.0), rtol=1e-10)


# -- measures -----------------------------------------------------------------------------------


def test_one_idea_told_ten_times_has_one_direction(lecture) -> None:
    idea = np.random.default_rng(0).normal(size=(200, 1))
    signs = np.array([1, -1, 2, -3, 1, 1, 5, -1, 1, 0.1])
    assert lecture.first_share(idea * signs) == pytest.approx(1)


def test_unrelated_units_share_the_variance(lecture) -> None:
    states = np.random.default_rng(0).normal(size=(5000, 10))
    assert lecture.first_share(states) == pytest.approx(0.1, abs=0.02)


def test_contributions_add_up_to_the_verdict(lecture) -> None:
    weights = some_weights()
    hidden = np.random.default_rng(2).normal(size=(7, UNITS))
    total = lecture.contributions(hidden, weights).sum(axis=1) + weights[5][0]
    np.testing.assert_allclose(lecture.sigmoid(total), lecture.verdicts(hidden, weights))


def test_partners_are_found_whatever_their_order_and_sign(lecture) -> None:
    one = np.random.default_rng(0).normal(size=(300, 10))
    order = np.random.default_rng(1).permutation(10)
    np.testing.assert_allclose(lecture.partners(one, -3 * one[:, order] + 1), np.ones(10))


def test_means_by_word_leave_out_pads_unknown_and_rare_words(lecture) -> None:
    judged = np.array([[2, 3, 1, 0], [3, 2, 2, 0], [4, 1, 0, 0]])
    lecture.mean_by_word.__globals__.update(
        judged=judged, is_word=judged != 0, vocabulary=np.array(["", "[UNK]", "a", "b", "c"])
    )
    values = np.arange(12.0).reshape(3, 4)
    means = lecture.mean_by_word(values, least=2)
    assert means.to_dict() == {"b": (1 + 4) / 2, "a": (0 + 5 + 6) / 3}


@pytest.mark.parametrize("distance", [0, 1, 3])
def test_places_after_a_word_are_words_themselves(lecture, distance) -> None:
    ids = np.array([[7, 2, 7, 3, 4, 0, 0], [2, 3, 7, 0, 0, 0, 0]])
    found = lecture.after_word(ids, 7, distance)
    places = {0: [(0, 0), (0, 2), (1, 2)], 1: [(0, 1), (0, 3)], 3: [(0, 3)]}[distance]
    assert list(zip(*np.nonzero(found), strict=True)) == places


# -- sentences ----------------------------------------------------------------------------------


def with_words(lecture: SimpleNamespace) -> SimpleNamespace:
    lecture.with_praise.__globals__.update(
        PARTS=["price", "smell", "look"], GOOD=["good", "nice", "fresh"]
    )
    return lecture


@pytest.mark.parametrize("verdict_first", [True, False])
def test_praise_stands_behind_the_verdict_or_before_it(lecture, verdict_first) -> None:
    text = with_words(lecture).with_praise("i hated it", 2, np.random.default_rng(0), verdict_first)
    first, last = text.split(" but ")
    assert (first if verdict_first else last) == "i hated it"
    assert (last if verdict_first else first).count("the ") == 2


def test_without_praise_there_is_the_verdict_alone(lecture) -> None:
    text = with_words(lecture).with_praise("i hated it", 0, np.random.default_rng(0), True)
    assert text == "i hated it"
