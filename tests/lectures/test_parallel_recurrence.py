"""The page on scans: its recurrence in each form, its layers and checks; the experiment's parts."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import ops

from experiments import parity_gates
from tests.support import functions_of

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("parallel-recurrence")


def naive(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """States of h_t = a_t h_{t-1} + b_t on the axis before the last, in the plainest way."""
    states, state = np.empty(b.shape, np.result_type(a, b)), 0 * b[..., 0, :]
    for t in range(b.shape[-2]):
        state = a[..., t, :] * state + b[..., t, :]
        states[..., t, :] = state
    return states


@pytest.mark.parametrize("way", ["loop", "scan"])
@pytest.mark.parametrize("T", [1, 2, 7, 8, 9, 100])
def test_states_in_numpy_for_gates_of_any_sign(lecture, way: str, T: int) -> None:
    a, b = RNG.uniform(-1, 1, (T, 3)), RNG.normal(size=(T, 3))
    given = a.copy(), b.copy()
    np.testing.assert_allclose(getattr(lecture, way)(a, b), naive(a, b), atol=1e-12)
    assert np.array_equal(a, given[0]) and np.array_equal(b, given[1])


def test_the_scan_takes_complex_gates(lecture) -> None:
    a = np.exp(1j * RNG.uniform(0, 2 * np.pi, (50, 2)))
    b = RNG.normal(size=(50, 2)) + 0j
    np.testing.assert_allclose(lecture.scan(a, b), naive(a, b), atol=1e-12)


def test_joining_is_associative_and_keeps_the_order(lecture) -> None:
    one, two, three = RNG.normal(size=(3, 2))
    left = lecture.combine(lecture.combine(one, two), three)
    np.testing.assert_allclose(left, lecture.combine(one, lecture.combine(two, three)))
    assert not np.allclose(lecture.combine(one, two), lecture.combine(two, one))
    for h in (0.0, 8.0):  # a pair is what its steps do one after the other
        state = h
        for a, b in (one, two, three):
            state = a * state + b
        assert left[0] * h + left[1] == pytest.approx(state)


@pytest.mark.parametrize("T", [1, 5, 12, 16])
def test_the_scan_of_the_layer_and_that_of_the_experiment_are_the_recurrence(
    lecture, T: int
) -> None:
    a, b = RNG.uniform(-1, 1, (2, 4, T, 3)).astype("float32")
    true = naive(a.astype(float), b.astype(float))
    pair = ops.array(a), ops.array(b)
    for states in (lecture.scan_batch(*pair), parity_gates.Scan()(pair)):
        np.testing.assert_allclose(ops.convert_to_numpy(states), true, atol=1e-5)


def test_a_min_gru_is_its_formula_and_does_not_look_ahead(lecture) -> None:
    model = keras.Sequential([keras.Input((20, 3)), lecture.MinGRU(4)])
    assert model.output_shape == (None, 20, 4)
    W_z, b_z, W_h, b_h = model.get_weights()
    X = RNG.normal(size=(2, 20, 3)).astype("float32")
    z = 1 / (1 + np.exp(-(b_z + X @ W_z)))
    true = naive(z, (1 - z) * (b_h + X @ W_h))
    np.testing.assert_allclose(ops.convert_to_numpy(model(X)), true, atol=1e-5)
    other = X.copy()
    other[:, 12:] += 1
    moves = np.abs(ops.convert_to_numpy(model(other) - model(X))).max(axis=(0, 2))
    assert (moves[:12] == 0).all() and (moves[12:] > 0).all()


def test_fit_and_predict_take_any_length_after_the_first(lecture) -> None:
    model = keras.Sequential([keras.Input((None, 2)), lecture.MinGRU(3)])
    model.compile("sgd", "mse")
    W_z, b_z, W_h, b_h = model.get_weights()
    for T in (12, 37, 5, 64):
        X = RNG.normal(size=(4, T, 2)).astype("float32")
        z = 1 / (1 + np.exp(-(b_z + X @ W_z)))
        true = naive(z, (1 - z) * (b_h + X @ W_h))
        np.testing.assert_allclose(model.predict(X, verbose=0), true, atol=1e-5)
    for T in (12, 37, 5):
        X = RNG.normal(size=(4, T, 2)).astype("float32")
        assert np.isfinite(model.fit(X, 0 * X[..., :1] + np.ones(3), verbose=0).history["loss"][0])


def test_the_gate_of_the_signed_layer_reaches_minus_one(lecture) -> None:
    model = keras.Sequential([keras.Input((4, 1)), lecture.SignedRNN(1)])
    model.set_weights([np.array(w) for w in ([[-2]], [1], [[1]])])
    bits = np.array([1, 0, 1, 1], "float32").reshape(1, 4, 1)
    assert ops.convert_to_numpy(model(bits)).ravel().tolist() == [1, 1, 0, 1]


def test_the_networks_of_the_primary_comparison_differ_in_the_sign_alone() -> None:
    X = np.array([0, 1, 1, 0, 1, 1], "float32").reshape(1, 6, 1)
    outputs = {}
    for name in ("clipped", "clipped, no sign"):
        keras.utils.set_random_seed(0)
        network = parity_gates.network_of(name)
        kernel = np.linspace(-1.5, 1.5, 16)[None]
        network.set_weights([kernel, *network.get_weights()[1:]])
        assert len(network.get_weights()) == 5  # nothing is added at a zero: no bias there
        gates, inputs = np.clip(X @ kernel, -1, 1), X @ network.get_weights()[2]
        if name != "clipped":
            gates = abs(gates)
        *_, W, c = network.get_weights()
        true = 1 / (1 + np.exp(-(naive(gates, inputs) @ W + c)))
        outputs[name] = ops.convert_to_numpy(network(X))
        np.testing.assert_allclose(outputs[name], true, atol=1e-5)
    assert not np.allclose(*outputs.values())


def test_longer_sequences_end_in_random_bits_in_zeros_and_in_ones() -> None:
    random, zeros, ones = parity_gates.longer_sequences().reshape(3, 500, 200)
    assert np.array_equal(random[:, :12], zeros[:, :12])
    assert (zeros[:, 12:] == 0).all() and (ones[:, 12:] == 1).all()
    assert 0.4 < random[:, 12:].mean() < 0.6


def test_ones_until_counts_for_any_input_and_gap(lecture) -> None:
    for a in (0.1, 0.5, 0.9, 0.99):
        for b in (-2.0, -0.3, 0.0, 0.5, 1.0, 10.0):
            for gap in (1e-6, 0.013, 0.25, 2.0):
                n = lecture.ones_until(a, b, gap)
                assert abs(b) * a**n < gap and (n == 0 or abs(b) * a ** (n - 1) >= gap)
