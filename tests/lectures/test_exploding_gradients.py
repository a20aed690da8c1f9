"""The page on exploding gradients: the loss of one weight, lengths of gradients, clipping.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
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


def test_the_gradients_of_a_layer_are_those_of_its_loss(lecture) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5, 7, 1)), rng.integers(0, 2, 5)
    weights = [rng.normal(0, 0.6, shape) for shape in ((1, 3), (3, 3), (3, 1))]
    loss, gradients = lecture.loss_and_gradients(X, y, weights)
    state = np.zeros((5, 3))
    for t in range(7):
        state = np.tanh(X[:, t] @ weights[0] + state @ weights[1])
    p = 1 / (1 + np.exp(-state @ weights[2]))[:, 0]
    assert loss == pytest.approx(-np.mean(np.log(np.where(y == 1, p, 1 - p))))
    for k, gradient in enumerate(gradients):
        for place in np.ndindex(gradient.shape):
            apart = []
            for step in (1e-5, -1e-5):
                moved = [w.copy() for w in weights]
                moved[k][place] += step
                apart.append(lecture.loss_and_gradients(X, y, moved)[0])
            assert gradient[place] == pytest.approx((apart[0] - apart[1]) / 2e-5, abs=1e-7)


def test_clipping_leaves_the_first_gradient_and_bounds_the_step(lecture) -> None:
    free, clipped = (lecture.train(2.5, 1, limit, updates=2) for limit in (np.inf, 1.0))
    assert free[1][0] == clipped[1][0] > 100
    assert lecture.global_norm([np.array([3.0]), np.array([[4.0]])]) == 5


@pytest.mark.parametrize("how", ["norm", "value", "adam"])
def test_the_updates_of_the_experiment_are_those_of_keras(lecture, how: str) -> None:
    pytest.importorskip("jax")
    from experiments.clipping import initial, updates_of_one

    rng = np.random.default_rng(0)
    weights = [w.astype("float32") for w in initial(1.2, rng)]
    batches = [lecture.first_sign(64, 10, rng, noise=0.2) for _ in range(3)]
    option = {"clipvalue": 0.1} if how == "value" else {"global_clipnorm": 0.1}
    kind, rate = (keras.optimizers.Adam, 0.001) if how == "adam" else (keras.optimizers.SGD, 0.1)
    optimizer = kind(rate, **option)
    expected = [keras.Variable(w) for w in weights]
    norms = []
    for X, y in batches:
        now = [keras.ops.convert_to_numpy(w) for w in expected]
        _, gradients = lecture.loss_and_gradients(X, y, now)
        norms.append(lecture.global_norm(gradients))
        optimizer.apply([keras.ops.cast(g, "float32") for g in gradients], expected)
    assert norms[0] > 0.2  # it is clipped
    moments = [np.zeros((2, *w.shape), "float32") for w in weights]
    X, y = (np.stack(part).astype("float32") for part in zip(*batches, strict=True))
    found, _ = updates_of_one(how, rate, 0.1, 0.0, weights, moments, X, y)
    for one, other, first in zip(found, expected, weights, strict=True):
        moved = keras.ops.convert_to_numpy(other) - first
        assert np.abs(moved).max() > 1e-3
        np.testing.assert_allclose(np.asarray(one) - first, moved, rtol=1e-3, atol=2e-5)
