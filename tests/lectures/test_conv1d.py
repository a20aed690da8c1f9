"""The page on convolutions: its layer against Keras and NumPy; its exercises' slips.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from helpers.checks import ExerciseError
from tests.support import check_cell, functions_of

SHAPES = [(2, 50, 5), (1, 3, 2), (3, 1, 1), (4, 2, 6)]  # k, m, p


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("conv1d")


def some(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.3, shape)


# -- the layer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [19, 20])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_layer_by_hand_equals_keras(lecture, shape, length) -> None:
    X, W, b = some(3, length, shape[1], seed=1), some(*shape), some(shape[-1])
    layer = keras.layers.Conv1D(shape[2], shape[0])
    layer.build(X.shape)
    layer.set_weights([W, b])
    theirs = keras.ops.convert_to_numpy(layer(X.astype("float32")))
    ours = lecture.conv1d(X, W, b)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_weights_turned_round_make_it_the_convolution_of_numpy(lecture) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array([1.0, 0.0, -1.0])
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1))[0, :, 0]
    np.testing.assert_allclose(ours, np.convolve(series, W[::-1], "valid"), atol=1e-12)
    assert not np.allclose(ours, np.convolve(series, W, "valid"))


def test_the_numbers_of_the_text_are_those_of_the_layer(lecture) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array([0.2, 0.6, 0.2])
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1))[0, :, 0]
    np.testing.assert_allclose(ours, [1, 1.6, 1], atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_a_dense_layer_on_flattened_windows(lecture, shape) -> None:
    k, m, p = shape
    X, W, b = some(3, 20, m), some(*shape), some(p)
    windows = np.array([X[:, t : t + k].reshape(3, k * m) for t in range(20 - k + 1)])
    by_dense = (windows @ W.reshape(k * m, p) + b).swapaxes(0, 1)
    np.testing.assert_allclose(lecture.conv1d(X, W, b), by_dense, atol=1e-12)


def test_bumps_raise_five_steps_of_every_other_series(lecture) -> None:
    X, y = lecture.bumps(40, [7], seed=3, length=30)
    noise = np.random.default_rng(3).normal(size=(40, 30, 1))
    raised = np.zeros((40, 30, 1))
    raised[1::2, 7:12] = 2
    np.testing.assert_allclose(X, noise + raised, atol=1e-6)
    assert y.tolist() == [0, 1] * 20


# -- the exercises --------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["as_matrix", "gradient"])
def test_each_slip_is_rejected_with_its_own_hint(asked: str, monkeypatch) -> None:
    monkeypatch.setenv("RNN_CHECKS", "strict")
    known, checks = {**vars(functions_of("conv1d"))}, []
    check_function = known["check_function"]
    known["check_function"] = lambda *given, **options: checks.append((given, options))
    exec(check_cell("conv1d", asked), known)
    ((answer, reference), options) = checks[0]
    check_function(answer, reference, **options)
    assert len(options["slips"]) >= 2
    for hint, slip in options["slips"].items():
        with pytest.raises(ExerciseError, match=re.escape(hint[1:])):
            check_function(slip, reference, **options)
