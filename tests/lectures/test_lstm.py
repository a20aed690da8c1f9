"""Lecture 06: its NumPy LSTM and GRU and their Jacobians, against Keras and finite differences.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of

LECTURE = "lstm"
SIZES = [(1, 1), (1, 10), (3, 5), (7, 2), (50, 10)]  # inputs, units
NAMES = ["input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden"]


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


def in_double(layer: layers.Layer) -> list[np.ndarray]:
    return [weight.astype(float) for weight in layer.get_weights()]


def some_inputs(num_steps: int, num_inputs: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, num_steps, num_inputs)).astype("float32")


# -- layers by hand -------------------------------------------------------------------------------


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
    assert list(inside) == NAMES and {array.shape for array in inside.values()} == {(4, 7, 5)}
    before = np.pad(inside["cell"], ((0, 0), (1, 0), (0, 0)))[:, :-1]
    cell = inside["forget_gate"] * before + inside["input_gate"] * inside["candidate"]
    np.testing.assert_allclose(inside["cell"], cell)
    np.testing.assert_allclose(inside["hidden"], inside["output_gate"] * np.tanh(cell))


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_gru_by_hand_equals_keras(lecture, num_inputs, num_units) -> None:
    layer = with_random_weights(layers.GRU(num_units, return_sequences=True), num_inputs)
    X = some_inputs(20, num_inputs)
    by_hand = lecture.gru(X, *layer.get_weights())
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), rtol=0, atol=2e-6)


def test_the_second_bias_of_a_gru_matters_to_the_candidate_alone(lecture) -> None:
    W_x, W_h, b = in_double(with_random_weights(layers.GRU(4), 3))
    X = some_inputs(9, 3)
    as_one, candidate_moved = b.copy(), b.copy()
    as_one[:, :8] = [b[0, :8] + b[1, :8], 0 * b[1, :8]]
    candidate_moved[:, 8:] = [b[0, 8:] + b[1, 8:], 0 * b[1, 8:]]
    whole = lecture.gru(X, W_x, W_h, b)
    np.testing.assert_allclose(lecture.gru(X, W_x, W_h, as_one), whole)
    assert np.abs(lecture.gru(X, W_x, W_h, candidate_moved) - whole).max() > 0.001


def test_the_last_state_in_double_precision_is_that_of_the_layer(lecture) -> None:
    for kind in (layers.SimpleRNN, layers.LSTM, layers.GRU):
        layer = with_random_weights(kind(5), 2)
        X = some_inputs(12, 2)
        np.testing.assert_allclose(lecture.last_state(layer, X), to_numpy(layer(X)), atol=1e-6)


def test_the_sigmoid_does_not_overflow(lecture) -> None:
    with np.errstate(all="raise"):
        found = lecture.sigmoid(np.array([-1e4, 0.0, 1e4]))
    np.testing.assert_allclose(found, [0, 0.5, 1])


# -- parameters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_parameters_are_l_4l_and_3l_with_a_second_bias(lecture, num_inputs, num_units) -> None:
    kinds = (layers.SimpleRNN, layers.LSTM, layers.GRU)
    counts = tuple(lecture.count_layer(kind(num_units), num_inputs) for kind in kinds)
    one = num_units * (num_inputs + num_units + 1)
    assert counts == (one, 4 * one, 3 * one + 3 * num_units)


# -- gradients ------------------------------------------------------------------------------------


def lstm_states(lecture, x: np.ndarray, states: np.ndarray, weights: list) -> np.ndarray:
    """One step from states (n, 2p), hidden then cell, to the next."""
    step = lecture.lstm_step(x, *np.split(states, 2, axis=1), *weights)
    return np.hstack([step["hidden"], step["cell"]])


def test_the_jacobian_of_the_lstm_equals_finite_differences(lecture) -> None:
    weights = in_double(with_random_weights(layers.LSTM(3), 2, 0.8))
    X = some_inputs(6, 2)[:1].astype(float)
    one = {name: array[0] for name, array in lecture.lstm(X, *weights).items()}
    jacobians = lecture.lstm_jacobians(one, weights[1])
    assert jacobians.shape == (6, 6, 6)
    for t in range(1, 6):
        state = np.hstack([one["hidden"][t - 1], one["cell"][t - 1]])
        slopes = lecture.nudged_jacobian(
            lambda states, t=t: lstm_states(lecture, X[0, t], states, weights), state
        )
        np.testing.assert_allclose(jacobians[t], slopes, atol=1e-8)


def test_without_recurrent_weights_the_direct_way_of_the_lstm_is_all_there_is(lecture) -> None:
    weights = in_double(with_random_weights(layers.LSTM(3), 2, 0.8))
    weights[1] = 0 * weights[1]
    one = {k: v[0] for k, v in lecture.lstm(some_inputs(5, 2)[:1], *weights).items()}
    last = lecture.lstm_jacobians(one, weights[1])[-1]
    slope = one["output_gate"][-1] * (1 - np.tanh(one["cell"][-1]) ** 2)
    np.testing.assert_allclose(last[3:, 3:], np.diag(one["forget_gate"][-1]))
    np.testing.assert_allclose(last[:3, 3:], np.diag(slope * one["forget_gate"][-1]))
    assert not last[:, :3].any()


def test_an_open_forget_gate_carries_the_gradient_unharmed(lecture) -> None:
    W_x, W_h, b = np.zeros((1, 8)), np.zeros((2, 8)), np.repeat([0.0, 50, 0, 0], 2)
    inside = lecture.lstm(np.ones((1, 100, 1)), W_x, W_h, b)
    one = {name: array[0] for name, array in inside.items()}
    felt = lecture.influence(lecture.lstm_jacobians(one, W_h))
    assert felt[0] == pytest.approx(felt[-2], rel=1e-9)
    assert felt[0] >= 1


def test_the_gru_jacobian_of_the_exercise_equals_the_nudged_one(lecture) -> None:
    weights = in_double(with_random_weights(layers.GRU(4), 2, 0.8))
    X = some_inputs(6, 2)[0].astype(float)
    jacobians, gates = lecture.gru_jacobians(X, *weights)
    states = np.vstack([np.zeros(4), lecture.gru(X[None], *weights)[0]])
    for t in range(6):
        by_formula = lecture.gru_jacobian(X[t], states[t], *weights)
        np.testing.assert_allclose(jacobians[t], by_formula, atol=1e-8)
        np.testing.assert_allclose(
            gates[t], lecture.gru_step(X[t : t + 1], states[t : t + 1], *weights)[0][0]
        )


# -- tasks and starts -----------------------------------------------------------------------------


def test_the_direct_way_of_a_simple_rnn_carries_nothing(lecture) -> None:
    W_x, W_h, b = in_double(with_random_weights(layers.SimpleRNN(3), 2))
    X = some_inputs(5, 2)[0].astype(float)
    whole, direct = lecture.whole_and_direct("SimpleRNN", X, W_x, W_h, b)
    assert not direct.any()
    states = np.zeros((6, 3))
    for t, x in enumerate(X):
        states[t + 1] = np.tanh(b + x @ W_x + states[t] @ W_h)
        slopes = lecture.nudged_jacobian(
            lambda old, x=x: np.tanh(b + x @ W_x + old @ W_h), states[t]
        )
        np.testing.assert_allclose(whole[t], slopes, atol=1e-8)


def test_the_adding_problem_marks_one_value_in_each_half(lecture) -> None:
    X, y = lecture.adding_problem(500, 20, np.random.default_rng(0))
    marks = X[:, :, 1]
    assert (marks[:, :10].sum(axis=1) == 1).all() and (marks[:, 10:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(y, (X[:, :, 0] * marks).sum(axis=1), rtol=1e-6)


def test_a_forget_bias_halves_the_state_in_its_half_life(lecture) -> None:
    for half_life in (1, 5, 60):
        assert lecture.sigmoid(lecture.forget_bias(half_life)) ** half_life == pytest.approx(0.5)


def test_biases_of_a_cue_network_go_to_the_gates_that_they_name(lecture) -> None:
    bias = lecture.cue_network(layers.LSTM(2), np.array([3.0, 4.0]), -1).layers[0].get_weights()[2]
    np.testing.assert_array_equal(bias, [-1, -1, 3, 4, 0, 0, 0, 0])


def test_a_keep_bias_of_a_gru_goes_to_its_update_gate(lecture) -> None:
    bias = lecture.cue_network(layers.GRU(2), 3.0).layers[0].get_weights()[2]
    np.testing.assert_array_equal(bias, [[3, 3, 0, 0, 0, 0], [0] * 6])


def test_easier_cues_change_one_thing(lecture) -> None:
    plain, y = lecture.cue_problem(100, np.random.default_rng(0))
    quiet, same = lecture.cue_problem(100, np.random.default_rng(0), noise=0.0)
    even, alternating = lecture.cue_problem(100, np.random.default_rng(0), balanced=True)
    np.testing.assert_array_equal(same, y)
    np.testing.assert_array_equal(quiet[:, 0], plain[:, 0])
    assert not quiet[:, 1:].any()
    np.testing.assert_array_equal(even[:, 1:], plain[:, 1:])
    assert alternating.sum() == 50


# -- dropout, of which the text speaks ---------------------------------------------------------


def copier(**dropout: float) -> layers.SimpleRNN:
    """A layer of 20 units that passes its input on, unless its inputs are hidden."""
    layer = layers.SimpleRNN(20, activation=None, return_sequences=True, seed=0, **dropout)
    layer.build((None, None, 20))
    return layer


def test_keras_hides_the_same_inputs_at_all_steps_of_a_sequence() -> None:
    layer = copier(dropout=0.5)
    layer.set_weights([np.eye(20), np.zeros((20, 20)), np.zeros(20)])
    masks = to_numpy(layer(np.ones((2, 5, 20)), training=True))
    assert (masks == masks[:, :1]).all() and (masks[0] != masks[1]).any()


def test_keras_hides_the_same_numbers_of_the_state_at_all_steps() -> None:
    layer = copier(recurrent_dropout=0.5)
    layer.set_weights([np.eye(20), np.eye(20), np.zeros(20)])
    states = to_numpy(layer(np.ones((2, 5, 20)), training=True))
    masks = (states[:, 1:] - 1) / states[:, :-1]
    assert set(np.unique(masks)) == {0.0, 2.0}
    assert (masks == masks[:, :1]).all() and (masks[0] != masks[1]).any()


def test_recurrent_dropout_leaves_what_the_cell_keeps() -> None:
    layer = layers.LSTM(8, recurrent_dropout=0.5, return_state=True, seed=0)
    layer.build((None, None, 1))
    W_x, W_h, b = (0 * weight for weight in layer.get_weights())
    b[8:16] = 50  # all forget gates open
    layer.set_weights([W_x, W_h, b])
    old = np.arange(8, dtype="float32")[None]
    *_, cell = layer(np.ones((1, 30, 1)), initial_state=[0 * old, old], training=True)
    np.testing.assert_allclose(to_numpy(cell), old, rtol=1e-6)
