"""The page on convolutions: its layer against Keras, NumPy and pandas; its exercises' slips.

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
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_layer_by_hand_equals_keras(lecture, shape, padding, dilation, length) -> None:
    X, W, b = some(3, length, shape[1], seed=1), some(*shape), some(shape[-1])
    layer = keras.layers.Conv1D(shape[2], shape[0], padding=padding, dilation_rate=dilation)
    layer.build(X.shape)
    layer.set_weights([W, b])
    theirs = keras.ops.convert_to_numpy(layer(X.astype("float32")))
    ours = lecture.conv1d(X, W, b, padding, dilation)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_weights_turned_round_make_it_the_convolution_of_numpy(lecture) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array([1.0, 0.0, -1.0])
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1), "same")[0, :, 0]
    np.testing.assert_allclose(ours, np.convolve(series, W[::-1], "same"), atol=1e-12)
    assert not np.allclose(ours, np.convolve(series, W, "same"))


def test_the_numbers_of_the_text_are_those_of_the_layer(lecture) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array([0.2, 0.6, 0.2])
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1))[0, :, 0]
    np.testing.assert_allclose(ours, [1, 1.6, 1], atol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2, 5])
def test_causal_outputs_do_not_depend_on_what_comes_later(lecture, dilation) -> None:
    X = some(1, 30, 2)
    later = X.copy()
    later[:, 18:] += 1
    W, b = some(3, 2, 4), some(4)
    before, after = (lecture.conv1d(x, W, b, "causal", dilation) for x in (X, later))
    np.testing.assert_array_equal(before[:, :18], after[:, :18])
    assert (before[:, 18:] != after[:, 18:]).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_a_dense_layer_on_flattened_windows(lecture, shape) -> None:
    k, m, p = shape
    X, W, b = some(3, 20, m), some(*shape), some(p)
    windows = np.array([X[:, t : t + k].reshape(3, k * m) for t in range(20 - k + 1)])
    by_dense = (windows @ W.reshape(k * m, p) + b).swapaxes(0, 1)
    np.testing.assert_allclose(lecture.conv1d(X, W, b), by_dense, atol=1e-12)


@pytest.mark.parametrize(
    ("padding", "dilation", "expected"),
    [("valid", 1, [8, 9, 10]), ("same", 1, [9, 10, 11]), ("causal", 2, [10, 12, 14])],
)
def test_nan_shows_which_outputs_see_a_step(lecture, padding, dilation, expected) -> None:
    layer = keras.layers.Conv1D(2, 3, padding=padding, dilation_rate=dilation)
    seen = lecture.outputs_that_see(layer, some(4, 30, 2), 10)
    assert seen.tolist() == expected


def test_bumps_raise_five_steps_of_every_other_series(lecture) -> None:
    X, y = lecture.bumps(40, [7], seed=3, length=30)
    noise = np.random.default_rng(3).normal(size=(40, 30, 1))
    raised = np.zeros((40, 30, 1))
    raised[1::2, 7:12] = 2
    np.testing.assert_allclose(X, noise + raised, atol=1e-6)
    assert y.tolist() == [0, 1] * 20


def test_reviews_with_a_top_pair_are_found_wherever_it_stands(lecture, monkeypatch) -> None:
    pairs = np.array([[2, 3], [4, 5]])
    known, top = lecture.share_positive.__globals__, (np.array([1.0]), pairs[None])
    monkeypatch.setitem(known, "top_pairs", lambda *_: top)
    ids = np.array([[2, 3, 9], [9, 2, 3], [3, 2, 9], [4, 5, 0], [2, 9, 3]])
    v, shares = lecture.share_positive(None, pairs, ids, np.array([1, 0, 1, 1, 1]))
    assert v.tolist() == [1]
    np.testing.assert_allclose(shares, [2 / 3])


def test_top_pairs_are_those_of_the_layer_of_keras(lecture) -> None:
    layers = keras.layers
    network = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(9, 4)])
    network.add(layers.Conv1D(3, 2, padding="causal"))
    network.add(layers.GlobalMaxPooling1D())
    network.add(layers.Dense(1))
    pairs = np.array([[a, b] for a in range(9) for b in range(9)])
    v, top = lecture.top_pairs(network, pairs, 5)
    outputs = keras.ops.convert_to_numpy(keras.Sequential(network.layers[:2])(pairs))[:, 1]
    best = np.sort(outputs, axis=0)[::-1][:5]
    for f in range(3):
        found = [outputs[(pairs == pair).all(axis=1), f].item() for pair in top[f]]
        np.testing.assert_allclose(found, best[:, f], atol=1e-6)
    np.testing.assert_array_equal(v, network.get_weights()[3][:, 0])


# -- the experiment -------------------------------------------------------------------------------


def test_the_alarm_is_raised_by_three_ends_of_pulses_in_64_steps() -> None:
    from experiments.convolutions import SEEN, last_steps, pulses, streams

    X, alarm, end = streams(200, 0)
    at = end[:, :, 0] > 0
    assert not at[:, :64].any() and not alarm[end == 0].any()
    windows, labels = last_steps(X, alarm, end)
    row, step = at.nonzero()
    np.testing.assert_array_equal(windows[5], X[row[5], step[5] + 1 - SEEN : step[5] + 1, 0])
    assert np.mean((pulses(windows, 2, 1.5) >= 3) == labels) > 0.97


# -- the exercises --------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["receptive_field", "gradient"])
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
