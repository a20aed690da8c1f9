"""Lecture 03: the functions it builds by hand, against the libraries and the class.

The functions are the lecture's own, taken from their cells, so there is one copy of them.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of

STARTS = [(1.0, 1.0, 1.0), (0.1, -0.8, 0.5), (-0.3, 0.4, -1.2), (0.0, 0.0, 0.0)]
LENGTHS = [1, 2, 7, 60]


@pytest.fixture
def neuron() -> SimpleNamespace:
    return functions_of("03-single-neuron-rnn")


def problem(length: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs of shape (9, length) and targets of shape (9,)."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (9, length)), rng.uniform(-1, 1, 9)


# -- the gradient -------------------------------------------------------------------------------


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("start", STARTS)
def test_both_ways_give_one_gradient(neuron, start, length) -> None:
    (X, y), w = problem(length), np.array(start)
    Y = neuron.forward(X, w)
    forward, backward = neuron.gradient_forward(X, y, Y, w), neuron.gradient_backward(X, y, Y, w)
    np.testing.assert_allclose(forward, backward, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("start", STARTS)
def test_the_gradient_equals_finite_differences(neuron, start, length) -> None:
    (X, y), w = problem(length), np.array(start)
    gradient = neuron.gradient_backward(X, y, neuron.forward(X, w), w)
    np.testing.assert_allclose(gradient, neuron.gradient_by_nudging(X, y, w), atol=1e-8)


@pytest.mark.parametrize("start", STARTS)
def test_the_gradient_equals_automatic_differentiation(neuron, start) -> None:
    tf = pytest.importorskip("tensorflow")
    (X, y), w = problem(30), np.array(start)
    weights = tf.Variable(w, dtype=tf.float64)
    with tf.GradientTape() as tape:
        output = tf.zeros(len(y), tf.float64)
        for t in range(X.shape[1]):
            output = tf.tanh(weights[0] + weights[1] * X[:, t] + weights[2] * output)
        loss = tf.reduce_mean((y - output) ** 2)
    gradient = neuron.gradient_backward(X, y, neuron.forward(X, w), w)
    np.testing.assert_allclose(gradient, tape.gradient(loss, weights).numpy(), atol=1e-12)


def test_the_readout_gradient_of_the_last_exercise_equals_finite_differences(neuron) -> None:
    (X, y), both = problem(12), np.array([0.1, 0.8, -0.4, 0.2, 1.3])

    def error(both: np.ndarray) -> float:
        return np.mean((y - both[3] - both[4] * neuron.forward(X, both[:3])[-1]) ** 2)

    slopes = [(error(both + e) - error(both - e)) / 2e-6 for e in 1e-6 * np.eye(5)]
    gradient = np.concatenate(neuron.readout_gradient(X, y, both[:3], both[3:]))
    np.testing.assert_allclose(gradient, slopes, atol=1e-8)


# -- the forward pass ---------------------------------------------------------------------------


def test_the_neuron_equals_the_layer_of_keras(neuron) -> None:
    keras = pytest.importorskip("keras")
    (X, _), w = problem(50), np.array([0.1, 0.9, -0.6])
    layer = keras.layers.SimpleRNN(1, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([np.array([[w[1]]]), np.array([[w[2]]]), np.array([w[0]])])
    states = keras.ops.convert_to_numpy(layer(X[:, :, None].astype("float32")))[:, :, 0]
    np.testing.assert_allclose(neuron.forward(X, w)[1:].T, states, atol=1e-6)


def test_outputs_start_at_zero_and_stand_time_first(neuron) -> None:
    Y = neuron.forward(problem(5)[0], np.ones(3))
    assert Y.shape == (6, 9)
    assert not Y[0].any()


def test_sensitivity_is_the_derivative_of_the_last_output_in_each_output(neuron) -> None:
    X, w = problem(8)[0][:1], np.array([0.2, 0.7, 1.4])
    Y = neuron.forward(X, w)

    def last_output(step: int, nudge: float) -> float:
        output = Y[step, 0] + nudge
        for t in range(step, X.shape[1]):
            output = np.tanh(w[0] + w[1] * X[0, t] + w[2] * output)
        return output

    slopes = [(last_output(t, 1e-6) - last_output(t, -1e-6)) / 2e-6 for t in range(1, 9)]
    np.testing.assert_allclose(neuron.sensitivity(X, w), np.abs(slopes), rtol=1e-6)


def test_training_makes_the_loss_small_on_a_series_that_the_neuron_can_follow(neuron) -> None:
    X, _ = problem(10)
    y = neuron.forward(X, np.array([0.2, 0.9, -0.5]))[-1]
    losses, w = neuron.train_neuron(X, y, num_epochs=3000, learning_rate=0.3)
    assert losses[-1] < 1e-6 < losses[0]
    np.testing.assert_allclose(w, [0.2, 0.9, -0.5], atol=0.01)


# -- the class's numbers, on the class's own file -----------------------------------------------


@pytest.mark.real_data
def test_the_class_numbers_come_out_to_the_last_digit(
    neuron, real_data_folder, monkeypatch
) -> None:
    monkeypatch.setitem(os.environ, "RNN_DATA", real_data_folder)
    stocks = neuron.load_stocks()
    scaled = neuron.scale(stocks.filter(like="day_").to_numpy(), num_days=101)
    X, y = scaled[:, :-1], scaled[:, -1]
    assert X.shape == (502, 100)
    assert np.mean((y - y.mean()) ** 2) == 0.3516210190443937
    assert np.mean((y - X[:, -1]) ** 2) == 0.033289150367058463
    losses, w = neuron.train_neuron(X, y, num_epochs=1000, learning_rate=0.01)
    assert w.round(8).tolist() == [-0.07161043, 1.15476269, 0.25800392]
    assert round(losses[-1], 8) == 0.03901103
    # The last two of these digits are rounding errors of a thousand epochs on one processor.
    assert neuron.loss(y, neuron.forward(X, w)) == pytest.approx(0.03900926352398098, rel=1e-14)
