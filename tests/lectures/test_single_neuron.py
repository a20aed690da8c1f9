"""Lecture 03: the functions it builds by hand, against the libraries and the class.

The functions are the lecture's own, taken from their cells, so there is one copy of them.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.data import load_stocks
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
    H = neuron.forward(X, w)
    forward, backward = neuron.gradient_forward(X, y, H, w), neuron.gradient_backward(X, y, H, w)
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
        h = tf.zeros(len(y), tf.float64)
        for t in range(X.shape[1]):
            h = tf.tanh(weights[0] + weights[1] * X[:, t] + weights[2] * h)
        loss = tf.reduce_mean((y - h) ** 2)
    gradient = neuron.gradient_backward(X, y, neuron.forward(X, w), w)
    np.testing.assert_allclose(gradient, tape.gradient(loss, weights).numpy(), atol=1e-12)


@pytest.mark.parametrize("weight", range(3))
def test_the_share_of_each_copy_is_what_nudging_that_copy_gives(neuron, weight) -> None:
    (X, y), w = problem(7), np.array([0.1, -0.8, 0.5])
    H = neuron.forward(X, w)
    shares = np.sum(neuron.deltas(X, y, H, w) * neuron.direct_parts(X, H), axis=2)
    for copy in range(7):
        nudge = np.zeros((7, 3))
        nudge[copy, weight] = 1e-6
        up, down = (neuron.loss(y, neuron.forward_copies(X, w + s * nudge)) for s in (1, -1))
        assert shares[weight, copy] == pytest.approx((up - down) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("h_0", [0.0, 0.3, -0.9])
def test_the_gradient_in_the_first_state_equals_finite_differences(neuron, h_0) -> None:
    (X, y), w = problem(6), np.array([0.1, 0.8, -0.7])

    def states_from(h_0: float) -> np.ndarray:
        H = [np.full(len(X), h_0)]
        for x_t in X.T:
            H.append(np.tanh(w[0] + w[1] * x_t + w[2] * H[-1]))
        return np.array(H)

    gradient = neuron.gradient_h0(X, y, states_from(h_0), w)
    ends = [neuron.loss(y, states_from(h_0 + e)) for e in (1e-6, -1e-6)]
    assert gradient == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-9)


@pytest.mark.parametrize("w", [(0.3, 1.3, -0.6), (0.2, 0.5, 1.0), (-0.4, 0.8, 0.0)])
@pytest.mark.parametrize("length", [1, 2, 20])
def test_the_straight_neuron_is_the_autoregression_of_the_exercise(neuron, w, length) -> None:
    X, _ = problem(length)
    constant, weights = neuron.as_autoregression(np.array(w), length)
    states = neuron.forward(X, w, np.positive)
    np.testing.assert_allclose(constant + X @ weights, states[-1], atol=1e-12)


@pytest.mark.parametrize(("p", "m"), [(1, 1), (3, 2), (4, 1)])
def test_forward_accumulation_of_a_layer_costs_what_the_page_says(p, m) -> None:
    """The products are counted while they are made, and their sum is the true gradient."""
    rng, num_weights = np.random.default_rng(0), p * (1 + m + p)
    W, X, y = rng.normal(0, 0.5, (p, 1 + m + p)), rng.normal(size=(5, m)), rng.normal(size=p)

    def last_state(W: np.ndarray) -> np.ndarray:
        h = np.zeros(p)
        for x_t in X:
            h = np.tanh(W @ np.concatenate([[1], x_t, h]))
        return h

    h, do_dw, products = np.zeros(p), np.zeros((p, num_weights)), 0
    for x_t in X:
        read = np.concatenate([[1], x_t, h])
        through_the_past = np.zeros_like(do_dw)
        for j in range(p):  # a sum over the states of the step before
            through_the_past += np.outer(W[:, 1 + m + j], (1 - h[j] ** 2) * do_dw[j])
            products += p * num_weights
        do_dw, h = np.kron(np.eye(p), read) + through_the_past, np.tanh(W @ read)
    gradient = (-2 * (y - h) * (1 - h**2)) @ do_dw
    nudges = [e.reshape(W.shape) for e in 1e-6 * np.eye(num_weights)]
    ends = [[np.sum((y - last_state(W + s * e)) ** 2) for s in (1, -1)] for e in nudges]
    np.testing.assert_allclose(gradient, [(up - down) / 2e-6 for up, down in ends], atol=1e-7)
    assert products / len(X) == p**3 * (1 + m + p)
    assert do_dw.size == p * num_weights


# -- the forward pass ---------------------------------------------------------------------------


def test_the_neuron_equals_the_layer_of_keras(neuron) -> None:
    keras = pytest.importorskip("keras")
    (X, _), w = problem(50), np.array([0.1, 0.9, -0.6])
    layer = keras.layers.SimpleRNN(1, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([np.array([[w[1]]]), np.array([[w[2]]]), np.array([w[0]])])
    states = keras.ops.convert_to_numpy(layer(X[:, :, None].astype("float32")))[:, :, 0]
    np.testing.assert_allclose(neuron.forward(X, w)[1:].T, states, atol=1e-6)


@pytest.mark.parametrize(("p", "m"), [(1, 1), (3, 2), (4, 1)])
def test_backpropagation_through_a_layer_costs_what_the_page_says(p, m) -> None:
    """The products are counted while they are made, and their sum is the true gradient."""
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(0, 0.5, (p, 1 + m + p)), rng.normal(size=(5, m)), rng.normal(size=p)

    def states(W: np.ndarray) -> list[np.ndarray]:
        H = [np.zeros(p)]
        for x_t in X:
            H.append(np.tanh(W @ np.concatenate([[1], x_t, H[-1]])))
        return H

    H, gradient, products = states(W), np.zeros_like(W), 0
    dL_dh = -2 * (y - H[-1])
    for t in reversed(range(len(X))):
        delta = dL_dh * (1 - H[t + 1] ** 2)
        gradient += np.outer(delta, np.concatenate([[1], X[t], H[t]]))
        dL_dh = delta @ W[:, 1 + m :]
        products += p * (m + p) + p * p  # the factor of a bias is 1
    nudges = [e.reshape(W.shape) for e in 1e-6 * np.eye(W.size)]
    ends = [[np.sum((y - states(W + s * e)[-1]) ** 2) for s in (1, -1)] for e in nudges]
    slopes = np.reshape([(up - down) / 2e-6 for up, down in ends], W.shape)
    np.testing.assert_allclose(gradient, slopes, atol=1e-7)
    assert W.size <= products / len(X) < 2 * W.size


def test_two_neurons_that_do_not_hear_each_other_are_two_single_neurons(neuron) -> None:
    (X, _), W = problem(20), np.array([[0.1, 0.9, -0.6, 0.0], [-0.2, 0.5, 0.0, 0.8]])
    alone = [neuron.forward(X, w)[-1] for w in (W[0, :3], W[1, [0, 1, 3]])]
    np.testing.assert_allclose(neuron.forward_two(X, W).T, alone, atol=1e-12)


def test_states_start_at_zero_and_stand_time_first(neuron) -> None:
    H = neuron.forward(problem(5)[0], np.ones(3))
    assert H.shape == (6, 9)
    assert not H[0].any()


def test_without_its_bend_the_neuron_smooths_exponentially(neuron) -> None:
    X, _ = problem(40)
    first = functions_of("01-what-comes-next")
    ours = neuron.forward(X, (0, 0.3, 0.7), np.positive)[1:].T
    theirs = first.linear_neuron(X, (0, 0.3, 0.7), h_0=0.0)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_without_its_bend_and_on_two_steps_it_is_an_autoregression(neuron) -> None:
    X, y = problem(20)
    X = X[:, -2:]
    lags = np.column_stack([np.ones(len(X)), X])
    free = lags @ np.linalg.lstsq(lags, y, rcond=None)[0]
    w = neuron.fit(np.positive, X, y)
    np.testing.assert_allclose(neuron.forward(X, w, np.positive)[-1], free, atol=1e-6)


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
    stocks = load_stocks()
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
