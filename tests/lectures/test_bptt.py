"""The page on backpropagation through time: gradients against autodiff.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("bptt")


def problem(T: int = 9) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Inputs (7, T, 2), targets (7, T, 5), and W_x, W_h, b of a layer of five units."""
    rng = np.random.default_rng(T)
    weights = [rng.normal(0, 0.6, shape) for shape in [(2, 5), (5, 5), 5]]
    return rng.normal(size=(7, T, 2)), rng.normal(size=(7, T, 5)), weights


# -- a layer --------------------------------------------------------------------------------------


def test_the_states_are_those_of_keras(lecture) -> None:
    X, _, weights = problem()
    layer = layers.SimpleRNN(5, return_sequences=True)
    layer.build(X.shape)
    layer.set_weights(weights)
    by_keras = keras.ops.convert_to_numpy(layer(X.astype("float32")))
    found = lecture.layer_states(X, *weights)[:, 1:]
    np.testing.assert_allclose(found, by_keras, atol=1e-5)


def by_tape(X: np.ndarray, Y: np.ndarray, given: list, last_only: bool, k: int) -> list[np.ndarray]:
    """Gradients of W_x, W_h and b by TensorFlow; states are cut off at borders of k steps."""
    tf = pytest.importorskip("tensorflow")
    weights = [tf.Variable(weight, dtype=tf.float64) for weight in given]
    with tf.GradientTape() as tape:
        state, total = tf.zeros((len(X), 5), tf.float64), 0.0
        for t in range(X.shape[1]):
            if t % k == 0:
                state = tf.stop_gradient(state)
            state = tf.tanh(X[:, t] @ weights[0] + state @ weights[1] + weights[2])
            if not last_only or t == X.shape[1] - 1:
                total += 0.5 * tf.reduce_sum((state - Y[:, t]) ** 2)
    return [gradient.numpy() for gradient in tape.gradient(total, weights)]


@pytest.mark.parametrize("last_only", [False, True])
def test_the_gradients_by_hand_equal_the_tape_s(lecture, last_only) -> None:
    X, Y, weights = problem()
    H = lecture.layer_states(X, *weights)
    G = H[:, 1:] - Y
    G[:, :-1] *= not last_only
    found = lecture.bptt(X, H, G, weights[1])
    for one, other in zip(found, by_tape(X, Y, weights, last_only, 9), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize(("T", "k"), [(1, 1), (9, 9), (9, 1), (9, 4)])
def test_truncated_gradients_by_hand_equal_the_tape_s(lecture, T, k) -> None:
    X, Y, weights = problem(T)
    H = lecture.layer_states(X, *weights)
    found = lecture.truncated_bptt(X, H, H[:, 1:] - Y, weights[1], k)
    for one, other in zip(found, by_tape(X, Y, weights, False, k), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("k", [1, 3, 9])
def test_a_window_sums_the_gradients_of_each_loss_by_itself(lecture, k) -> None:
    X, Y, weights = problem()
    H = lecture.layer_states(X, *weights)
    G, expected = H[:, 1:] - Y, [0, 0, 0]
    for t in range(1, 10):
        s, last = max(0, t - k), np.arange(9)[:, None] == t - 1
        part = lecture.bptt(X[:, s:], H[:, s:], (G * last)[:, s:], weights[1])
        expected = [old + new for old, new in zip(expected, part, strict=True)]
    found = lecture.windowed_bptt(X, H, G, weights[1], k)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
