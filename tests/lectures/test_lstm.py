"""Lecture 13: its NumPy LSTM and GRU and its Jacobian, against Keras.

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
SIZES = [(1, 1), (1, 10), (3, 5), (7, 2), (50, 10)]  # inputs, units


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


# -- the LSTM -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
@pytest.mark.parametrize("num_steps", [1, 2, 20])
def test_the_lstm_by_hand_equals_keras(lecture, num_inputs, num_units, num_steps) -> None:
    layer = layers.LSTM(num_units, return_sequences=True, return_state=True)
    with_random_weights(layer, num_inputs)
    X = some_inputs(num_steps, num_inputs)
    hidden, last_hidden, last_cell = (to_numpy(part) for part in layer(X))
    inside = lecture.lstm(X, *layer.get_weights())
    np.testing.assert_allclose(inside["hidden"], hidden, rtol=0, atol=1e-6)
    np.testing.assert_allclose(inside["hidden"][:, -1], last_hidden, rtol=0, atol=1e-6)
    np.testing.assert_allclose(inside["cell"][:, -1], last_cell, rtol=1e-6, atol=1e-6)


def test_the_lstm_by_hand_names_all_gates_and_states_follow_from_them(lecture) -> None:
    layer = with_random_weights(layers.LSTM(5), 3)
    inside = lecture.lstm(some_inputs(7, 3), *layer.get_weights())
    names = {"input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden"}
    assert set(inside) == names and {array.shape for array in inside.values()} == {(4, 7, 5)}
    before = np.pad(inside["cell"], ((0, 0), (1, 0), (0, 0)))[:, :-1]
    cell = inside["forget_gate"] * before + inside["input_gate"] * inside["candidate"]
    np.testing.assert_allclose(inside["cell"], cell)
    np.testing.assert_allclose(inside["hidden"], inside["output_gate"] * np.tanh(cell))


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


def test_the_sigmoid_does_not_overflow(lecture) -> None:
    with np.errstate(all="raise"):
        found = lecture.sigmoid(np.array([-1e4, 0.0, 1e4]))
    np.testing.assert_allclose(found, [0, 0.5, 1])


# -- the class's output layer ---------------------------------------------------------------------


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


# -- parameters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_parameters_are_l_4l_and_3l_with_a_second_bias(lecture, num_inputs, num_units) -> None:
    kinds = (layers.SimpleRNN, layers.LSTM, layers.GRU)
    counts = tuple(lecture.count_layer(kind(num_units), num_inputs) for kind in kinds)
    one = num_units * (num_inputs + num_units + 1)
    assert counts == (one, 4 * one, 3 * one + 3 * num_units)
    assert lecture.count_gated(num_inputs, num_units) == counts


# -- gradients ------------------------------------------------------------------------------------


def test_the_jacobian_of_the_lstm_equals_finite_differences(lecture) -> None:
    weights = with_random_weights(layers.LSTM(3), 2, 0.8).get_weights()
    weights = [weight.astype(float) for weight in weights]
    X = some_inputs(6, 2)[:1].astype(float)
    inside = lecture.lstm(X, *weights)
    one = {name: array[0] for name, array in inside.items()}
    for t in range(1, 6):
        state = np.hstack([one["hidden"][t - 1], one["cell"][t - 1]])
        slopes = np.empty((6, 6))
        for k, nudge in enumerate(1e-6 * np.eye(6)):
            ends = []
            for start in (state + nudge, state - nudge):
                parts = np.split(start[None], 2, axis=1)
                end = lecture.lstm(X[:, t : t + 1], *weights, start=parts)
                ends.append(np.hstack([end["hidden"][0, 0], end["cell"][0, 0]]))
            slopes[:, k] = (ends[0] - ends[1]) / 2e-6
        jacobian = lecture.lstm_jacobians(one, weights[1])[t]
        np.testing.assert_allclose(jacobian, slopes, atol=1e-8)


def test_an_open_forget_gate_carries_the_gradient_unharmed(lecture) -> None:
    W_x, W_h, b = np.zeros((1, 8)), np.zeros((2, 8)), np.repeat([0.0, 50, 0, 0], 2)
    inside = lecture.lstm(np.ones((1, 100, 1)), W_x, W_h, b)
    one = {name: array[0] for name, array in inside.items()}
    felt = lecture.influence(lecture.lstm_jacobians(one, W_h))
    assert felt[0] == pytest.approx(felt[-2], rel=1e-9)
    assert felt[0] >= 1


# -- the rest -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_gru_by_hand_equals_keras(lecture, num_inputs, num_units) -> None:
    layer = with_random_weights(layers.GRU(num_units, return_sequences=True), num_inputs)
    X = some_inputs(20, num_inputs)
    by_hand = lecture.gru(X, *layer.get_weights())
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), rtol=0, atol=2e-6)


def test_the_adding_problem_marks_one_value_in_each_half(lecture) -> None:
    X, y = lecture.adding_problem(500, 20, np.random.default_rng(0))
    marks = X[:, :, 1]
    assert (marks[:, :10].sum(axis=1) == 1).all() and (marks[:, 10:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(y, (X[:, :, 0] * marks).sum(axis=1), rtol=1e-6)


def test_a_forget_bias_halves_the_state_in_its_half_life(lecture) -> None:
    for half_life in (1, 5, 60):
        assert lecture.sigmoid(lecture.forget_bias(half_life)) ** half_life == pytest.approx(0.5)


def test_shuffled_words_are_the_same_words_with_pads_behind(lecture) -> None:
    ids = np.array([[5, 6, 7, 0, 0], [9, 8, 0, 0, 0]])
    salad = lecture.shuffle_words(ids, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(salad, axis=1), np.sort(ids, axis=1))
    np.testing.assert_array_equal(salad == 0, ids == 0)
