"""The page on the forget bias: biases of new LSTMs, what they keep, time constants.

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
    return functions_of("forget-bias")


def test_biases_go_to_the_gates_that_they_name(lecture) -> None:
    from experiments.adding_problem import gate_biases

    for initializer in (lecture.gate_biases(-2.0, 4.0), gate_biases(-2.0, 4.0)):
        layer = layers.LSTM(3, bias_initializer=initializer, unit_forget_bias=False)
        layer.build((None, None, 2))
        np.testing.assert_array_equal(layer.get_weights()[2], [-2] * 3 + [4] * 3 + [0] * 6)


def test_keras_starts_the_forget_bias_at_one() -> None:
    layer = layers.LSTM(2)
    layer.build((None, None, 1))
    np.testing.assert_array_equal(layer.get_weights()[2], [0, 0, 1, 1, 0, 0, 0, 0])


def test_a_bias_halves_the_state_in_its_half_life(lecture) -> None:
    for half_life in (1, 5, 60):
        assert (1 / (1 + np.exp(-lecture.bias_of(half_life)))) ** half_life == pytest.approx(0.5)


@pytest.mark.parametrize("bias", [0.0, 2.0, 5.0])
def test_a_layer_that_reads_nothing_keeps_the_power_of_its_gate(lecture, bias: float) -> None:
    layer = layers.LSTM(3, bias_initializer=lecture.gate_biases(0, bias), unit_forget_bias=False)
    layer.build((None, None, 2))
    W_x, W_h, b = layer.get_weights()
    layer.set_weights([0 * W_x, 0 * W_h, b])
    left = lecture.kept(layer, np.ones((4, 9, 2), "float32"))
    np.testing.assert_allclose(left, (1 / (1 + np.exp(-bias))) ** np.arange(1, 10), rtol=1e-4)


def test_a_long_memory_keeps_a_third_for_its_lag(lecture) -> None:
    keras.utils.set_random_seed(0)
    X = np.random.default_rng(0).random((50, 30, 2)).astype("float32")
    assert 0.25 < lecture.kept(lecture.long_memory(30), X)[-1] < 0.5


def test_the_time_constant_of_a_steady_gate(lecture) -> None:
    gates = np.full((5000, 2), np.exp(-1 / 40))
    np.testing.assert_allclose(lecture.time_constant(gates), [40, 40])
