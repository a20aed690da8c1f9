"""The page on exploding gradients: the loss of one weight, lengths of gradients, clipping.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("exploding-gradients")


@pytest.mark.parametrize("w", [-1.0, 0.0, 1.1, 1.5])
def test_the_gradient_of_the_cliff_is_that_of_its_loss(lecture, w) -> None:
    loss, gradient = lecture.loss_and_gradient(w)
    state = -1.0
    for _ in range(50):
        state = np.tanh(0.1 + w * state)
    assert loss == pytest.approx((state + 0.4) ** 2)
    apart = [lecture.loss_and_gradient(w + e)[0] for e in (1e-6, -1e-6)]
    assert gradient == pytest.approx((apart[0] - apart[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_no_update_is_longer_than_rate_times_threshold(lecture) -> None:
    _, weights = lecture.descend(threshold=0.5, w=1.6, rate=0.02, updates=200)
    steps = np.abs(np.diff(weights))
    assert len(weights) == 200 and steps.max() == pytest.approx(0.01)


def test_the_length_of_a_layer_s_gradient_is_that_of_its_loss(lecture) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5, 7, 1)), rng.integers(0, 2, 5)
    W_x, W_h, v = (rng.normal(0, 0.6, shape) for shape in ((1, 3), (3, 3), (3, 1)))

    def loss(W_h: np.ndarray) -> float:
        state = np.zeros((5, 3))
        for t in range(7):
            state = np.tanh(X[:, t] @ W_x + state @ W_h)
        p = 1 / (1 + np.exp(-state @ v))[:, 0]
        return -np.mean(np.log(np.where(y == 1, p, 1 - p)))

    slopes = []
    for place in np.ndindex(3, 3):
        small = np.zeros((3, 3))
        small[place] = 1e-5
        slopes.append((loss(W_h + small) - loss(W_h - small)) / 2e-5)
    assert lecture.gradient_norm(X, y, W_x, W_h, v) == pytest.approx(np.linalg.norm(slopes))
