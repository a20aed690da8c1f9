"""The page on vanishing gradients: sensitivities against finite differences, experiment, checks.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from experiments import which_layer_learns
from helpers.data import first_sign
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("vanishing-gradients")


def problem(T: int = 9) -> tuple[np.ndarray, list[np.ndarray]]:
    """Inputs (7, T, 2), and W_x, W_h, b of a layer of five units."""
    rng = np.random.default_rng(T)
    weights = [rng.normal(0, 0.6, shape) for shape in [(2, 5), (5, 5), 5]]
    return rng.normal(size=(7, T, 2)), weights


# -- one neuron -----------------------------------------------------------------------------------


@pytest.mark.parametrize("w2", [0.5, -1.2, 3.0])
def test_the_sensitivity_is_the_derivative_of_the_last_state(lecture, w2) -> None:
    X, w = np.random.default_rng(0).normal(size=(1, 8)), (0.1, 0.7, w2)
    H = lecture.neuron_states(X, w)

    def last(step: int, move: float) -> float:
        h = H[0, step] + move
        for x in X[0, step:]:
            h = np.tanh(w[0] + w[1] * x + w[2] * h)
        return h

    slopes = [(last(t, 1e-6) - last(t, -1e-6)) / 2e-6 for t in range(1, 9)]
    found = lecture.neuron_sensitivity(H, w2)[0, 1:]
    np.testing.assert_allclose(found, slopes, rtol=1e-5, atol=1e-10)


def test_without_noise_every_latch_keeps_the_sign(lecture) -> None:
    assert lecture.sign_survives(2.0, noise=0.0, n=50) == 1


# -- a layer --------------------------------------------------------------------------------------


def test_the_layer_is_that_of_the_page_before(lecture) -> None:
    X, weights = problem()
    before = functions_of("bptt").layer_states(X, *weights)
    np.testing.assert_array_equal(lecture.layer_states(X, *weights), before)


def test_the_gradient_at_each_step_is_that_of_the_loss(lecture) -> None:
    X, (W_x, W_h, b) = problem()
    X, y, v = X[:1], np.array([1]), np.linspace(-1, 1, 5)[:, None]
    H = lecture.layer_states(X, W_x, W_h, b)[0]

    def loss(h: np.ndarray, step: int) -> float:
        for x in X[0, step:]:
            h = np.tanh(x @ W_x + h @ W_h + b)
        return np.log1p(np.exp(-h @ v)).item()

    found = lecture.gradient_by_step(X, y, W_x, W_h, b, v)
    for t in range(1, 10):
        moves = 1e-6 * np.eye(5)
        slopes = [(loss(H[t] + move, t) - loss(H[t] - move, t)) / 2e-6 for move in moves]
        assert found[t - 1] == pytest.approx(np.linalg.norm(slopes), rel=1e-4)


def test_a_layer_of_latches_gives_the_bit_away() -> None:
    X, y = first_sign(5000, 20, np.random.default_rng(0), noise=0.2)
    for gain, least, most in ((2.0, 0.99, 1), (0.0, 0.4, 0.6)):
        keras.utils.set_random_seed(0)
        start = keras.initializers.Identity(gain)
        layer = keras.layers.SimpleRNN(3, recurrent_initializer=start)
        assert least <= which_layer_learns.held(layer, X, y) <= most


def test_a_cut_gradient_changes_no_output_and_reaches_ten_steps(lecture) -> None:
    X = np.random.default_rng(0).normal(size=(4, 30, 1)).astype("float32")
    layer = keras.layers.SimpleRNN(3)
    cut = lecture.LastSteps(layer)
    whole = keras.ops.convert_to_numpy(layer(X))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(cut(X)), whole, atol=1e-6)
    tf = pytest.importorskip("tensorflow")
    inputs = tf.Variable(X)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(cut(inputs))
    reached = np.abs(tape.gradient(total, inputs).numpy()).sum(axis=(0, 2)) > 0
    assert reached.tolist() == [False] * 20 + [True] * 10


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_of_the_exercise_holds(lecture, seed) -> None:
    X, (W_x, W_h, b) = problem(6 + seed)
    H = lecture.layer_states(X[:1], W_x, W_h, b)[0, 1:]
    product = np.linalg.multi_dot([W_h * (1 - h**2) for h in H[1:]])
    found = np.linalg.norm(product, 2)
    assert found <= lecture.bound(W_h, H[1:]) * (1 + 1e-12)
