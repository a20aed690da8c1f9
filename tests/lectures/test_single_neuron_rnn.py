"""The page on one neuron: its gradients, its latch, its checks.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of

PAGE = "single-neuron-rnn"
WEIGHTS = [(1.0, 1.0, 1.0), (0.1, -0.8, 0.5), (-0.3, 0.4, -1.2), (0.0, 0.0, 0.0)]
LENGTHS = [1, 2, 7, 60]


@pytest.fixture(scope="module")
def page() -> SimpleNamespace:
    return functions_of(PAGE)


def problem(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs of shape (9, length) and targets of shape (9,)."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (9, length)), rng.uniform(-1, 1, 9)


# -- gradients ----------------------------------------------------------------------------------


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("w", WEIGHTS)
def test_backward_and_forward_in_time_give_the_gradient(page, w, length) -> None:
    (X, y), w = problem(length), np.array(w)
    backward = page.gradient_backward(X, y, w)
    np.testing.assert_allclose(page.gradient_forward(X, y, w), backward, rtol=1e-12, atol=1e-12)
    ends = [(page.loss(X, y, w + e), page.loss(X, y, w - e)) for e in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(backward, [(up - down) / 2e-6 for up, down in ends], atol=1e-8)


def test_the_neuron_equals_the_layer_of_keras(page) -> None:
    keras = pytest.importorskip("keras")
    (X, _), w = problem(50), np.array([0.1, 0.9, -0.6])
    layer = keras.layers.SimpleRNN(1, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([np.array([[w[1]]]), np.array([[w[2]]]), np.array([w[0]])])
    states = keras.ops.convert_to_numpy(layer(X[:, :, None].astype("float32")))[:, :, 0]
    np.testing.assert_allclose(page.forward(X, w)[1:].T, states, atol=1e-6)


def test_the_shares_of_copies_with_weights_of_their_own_add_up(page) -> None:
    (X, y), w = problem(7), np.array([0.1, -0.8, 0.5])

    def loss_of_copies(W: np.ndarray) -> float:
        h = np.zeros(len(X))
        for x, (w0, w1, w2) in zip(X.T, W, strict=True):
            h = np.tanh(w0 + w1 * x + w2 * h)
        return np.mean((y - h) ** 2)

    shares = np.zeros((7, 3))
    for copy in range(7):
        for k in range(3):
            move = np.zeros((7, 3))
            move[copy, k] = 1e-6
            shares[copy, k] = (loss_of_copies(w + move) - loss_of_copies(w - move)) / 2e-6
    np.testing.assert_allclose(shares.sum(axis=0), page.gradient_backward(X, y, w), atol=1e-8)


@pytest.mark.parametrize("h_0", [0.0, 0.3, -0.9])
def test_the_gradient_with_respect_to_the_first_state(page, h_0) -> None:
    (X, y), w = problem(6), np.array([0.1, 0.8, -0.7])

    def states_from(h_0: float) -> np.ndarray:
        H = [np.full(len(X), h_0)]
        for x in X.T:
            H.append(np.tanh(w[0] + w[1] * x + w[2] * H[-1]))
        return np.array(H)

    ends = [np.mean((y - states_from(h_0 + e)[-1]) ** 2) for e in (1e-6, -1e-6)]
    gradient = page.gradient_h0(X, y, states_from(h_0), w)
    assert gradient == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-9)


# -- the lamp -----------------------------------------------------------------------------------


def test_the_target_is_the_last_pulse(page) -> None:
    X, y = page.switch_series(500, 20, np.random.default_rng(3), quiet=30)
    assert X.shape == (500, 50)
    assert (np.abs(X[:, 20:]) < 0.55).all()  # noise alone
    for line, target in zip(X, y, strict=True):
        assert np.sign(line[np.flatnonzero(np.abs(line) > 0.55)[-1]]) == target


@pytest.mark.parametrize("seed", range(3))
def test_a_latch_is_learned_from_many_pulses_and_not_from_one_far_back(page, seed) -> None:
    rng, start = np.random.default_rng(seed), np.array([0.0, 1.0, 0.5])
    rows = {"many": (20, 0), "one": (1, 49)}
    correct = {}
    for name, (T, quiet) in rows.items():
        w = page.train(*page.switch_series(300, T, rng, quiet=quiet), start, 0.3, 500)
        X, y = page.switch_series(300, T, rng, quiet=300)
        correct[name] = page.accuracy_of(w, X, y)
    assert correct["many"] > 0.95
    assert abs(correct["one"] - 0.5) < 0.15


# -- the linear neuron --------------------------------------------------------------------------


def test_the_linear_neuron_finds_the_weights_that_made_the_series(page) -> None:
    X, _ = problem(12)
    lag_weights = 1.3 * (-0.57) ** np.arange(12)[::-1]
    b, found = page.fit_linear_neuron(X, 0.2 + X @ lag_weights)
    assert b == pytest.approx(0.2)
    np.testing.assert_allclose(found, lag_weights, atol=1e-10)


@pytest.mark.parametrize("w", [(0.3, 1.3, -0.6), (0.2, 0.5, 1.0), (-0.4, 0.8, 0.0)])
@pytest.mark.parametrize("length", [1, 2, 20])
def test_the_linear_neuron_is_the_autoregression_of_the_exercise(page, w, length) -> None:
    X, _ = problem(length)
    b, a, c = page.as_autoregression(np.array(w), length)
    h = np.full(len(X), 0.7)
    for x in X.T:
        h = w[0] + w[1] * x + w[2] * h
    np.testing.assert_allclose(b + X @ a + c * 0.7, h, atol=1e-12)
