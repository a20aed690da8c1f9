"""The page on the LSTM: its task, its layer in NumPy against Keras's, its gradients.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from helpers import data
from tests.support import functions_of

SIZES = [(1, 1), (1, 10), (3, 5), (7, 2), (50, 10)]  # inputs, units


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("lstm")


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


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
@pytest.mark.parametrize("num_steps", [1, 2, 20])
def test_the_lstm_by_hand_equals_keras(lecture, num_inputs, num_units, num_steps) -> None:
    layer = layers.LSTM(num_units, return_sequences=True, return_state=True)
    with_random_weights(layer, num_inputs)
    X = some_inputs(num_steps, num_inputs)
    hidden, last_hidden, last_cell = (to_numpy(part) for part in layer(X))
    ours, cells = lecture.lstm(X, *layer.get_weights())
    assert ours.shape == cells.shape == (4, num_steps, num_units)
    np.testing.assert_allclose(ours, hidden, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours[:, -1], last_hidden, rtol=0, atol=1e-6)
    np.testing.assert_allclose(cells[:, -1], last_cell, rtol=1e-6, atol=1e-6)


def test_the_gradient_along_the_cell_state_is_the_product_of_the_forget_gates(lecture) -> None:
    W_x, W_h, b = (w.astype(float) for w in with_random_weights(layers.LSTM(3), 2).get_weights())
    x, hidden = some_inputs(1, 2)[:1, 0].astype(float), np.zeros((1, 3))
    forget_gates = lecture.sigmoid(x @ W_x + b)[0, 3:6]
    cell, size = np.array([[0.3, -0.5, 0.8]]), 1e-6
    for unit in range(3):
        moved = size * np.eye(3)[unit]
        up, down = (
            lecture.lstm_step(x, hidden, c, W_x, W_h, b)[1] for c in (cell + moved, cell - moved)
        )
        slope = ((up - down) / (2 * size))[0]
        np.testing.assert_allclose(slope, np.eye(3)[unit] * forget_gates[unit], atol=1e-9)


def test_the_task_on_the_page_is_the_one_of_the_experiment(lecture) -> None:
    ours, theirs = (
        function(20, 32, np.random.default_rng(3))
        for function in (lecture.adding_problem, data.adding_problem)
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


@pytest.mark.parametrize("seed", range(3))
def test_a_new_lstm_has_smaller_gradients_than_a_new_simple_rnn(lecture, seed) -> None:
    X, _ = data.adding_problem(1, 32, np.random.default_rng(0))
    keras.utils.set_random_seed(seed)
    jacobians = {}
    for layer in (layers.SimpleRNN(16), layers.LSTM(16)):
        layer.build((None, None, 2))
        W_x, W_h, b = (weight.astype(float) for weight in layer.get_weights())
        size = 16 if len(b) == 16 else 32  # an LSTM has two states
        states = np.concatenate([np.eye(size) * 1e-5, np.zeros((1, size))])
        for x in X[0, 1:].astype(float):
            if len(b) == 16:
                states = np.tanh(x @ W_x + states @ W_h + b)
            else:
                parts = lecture.lstm_step(x[None], *np.split(states, 2, axis=1), W_x, W_h, b)
                states = np.concatenate(parts, axis=1)
        jacobian = (states[:-1] - states[-1]) / 1e-5
        jacobians[len(b)] = np.linalg.norm(jacobian, 2)
    assert jacobians[64] < jacobians[16] < 0.3
