"""Lecture 13: the class's odd output layer, masks, and reading word by word.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of

LECTURE = "13-lstm-reviews"


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of(LECTURE)


def to_numpy(tensor: object) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def with_random_weights(layer: layers.Layer, num_inputs: int, scale: float = 0.3) -> layers.Layer:
    rng = np.random.default_rng(num_inputs + layer.units)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, scale, weight.shape) for weight in layer.get_weights()])
    return layer


def some_inputs(num_steps: int, num_inputs: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, num_steps, num_inputs)).astype("float32")


def test_reading_can_go_on_from_a_state(lecture) -> None:
    weights = with_random_weights(layers.LSTM(4), 2).get_weights()
    X = some_inputs(9, 2)
    whole, first = lecture.lstm(X, *weights), lecture.lstm(X[:, :4], *weights)
    start = (first["hidden"][:, -1], first["cell"][:, -1])
    second = lecture.lstm(X[:, 4:], *weights, start=start)
    np.testing.assert_allclose(second["hidden"], whole["hidden"][:, 4:])
    last = lecture.last_hidden(np.moveaxis(X, 1, 0), weights)
    np.testing.assert_allclose(last, whole["hidden"][:, -1])


def test_the_lstm_by_hand_refuses_weights_of_the_wrong_shape(lecture) -> None:
    with pytest.raises(AssertionError):
        lecture.lstm(np.zeros((2, 5, 3)), np.zeros((4, 8)), np.zeros((2, 8)), np.zeros(8))


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_the_odd_output_lies_between_half_its_gate_and_its_gate(lecture, scale) -> None:
    layer = layers.LSTM(1, activation="sigmoid", return_sequences=True)
    with_random_weights(layer, 10, scale)
    X = some_inputs(30, 10)
    inside = lecture.lstm(X, *layer.get_weights(), activation=lecture.sigmoid)
    np.testing.assert_allclose(inside["hidden"], to_numpy(layer(X)), rtol=0, atol=2e-6)
    assert (inside["cell"] >= 0).all()
    assert (inside["hidden"] >= inside["output_gate"] / 2).all()
    assert (inside["hidden"] <= inside["output_gate"]).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_the_state_of_a_masked_layer_is_that_of_the_words_alone(lecture, seed) -> None:
    layer = with_random_weights(layers.LSTM(4), 3)
    X = np.random.default_rng(seed).normal(size=(1, 9, 3)).astype("float32")
    mask = np.arange(9)[np.newaxis] < 5
    by_hand = lecture.lstm(X[:, :5], *layer.get_weights())["hidden"][:, -1]
    np.testing.assert_allclose(by_hand, to_numpy(layer(X, mask=mask)), rtol=0, atol=1e-6)


def test_shuffled_words_are_the_same_words_with_pads_behind(lecture) -> None:
    ids = np.array([[5, 6, 7, 0, 0], [9, 8, 0, 0, 0]])
    salad = lecture.shuffle_words(ids, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(salad, axis=1), np.sort(ids, axis=1))
    np.testing.assert_array_equal(salad == 0, ids == 0)


def test_the_gate_of_the_exercise_can_give_the_answer(lecture) -> None:
    for p in (0.05, 0.4, 0.8):
        low, high = lecture.gate_range(p)
        assert low == p and high == min(1, 2 * p)


def test_what_changes_adds_up_to_the_gain(lecture) -> None:
    before, after = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 1, 0], bool)
    np.testing.assert_allclose(lecture.changed(before, after), [0.4, 0.2, 0.2])
