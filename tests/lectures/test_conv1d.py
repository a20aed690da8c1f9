"""Lecture 11: the convolution that it builds by hand, and its gradient, against Keras and NumPy.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.support import functions_of
from tools.figures.draw import DIAGRAMS

SHAPES = [(2, 50, 5), (1, 3, 2), (3, 1, 1), (4, 2, 6), (7, 5, 3)]  # k, m, p
STEPS = [(1, 1), (2, 1), (3, 1), (5, 1), (1, 2), (1, 3)]  # stride, dilation
PADDINGS = ["valid", "same", "causal"]
LENGTHS = [19, 20, 31]


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("11-conv1d")


def weights_of(shape: tuple[int, int, int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random weights of shape (k, m, p) and biases of shape (p,)."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.3, shape), rng.normal(0, 0.3, shape[-1])


def by_keras(X: np.ndarray, W: np.ndarray, b: np.ndarray, **options: object) -> np.ndarray:
    keras = pytest.importorskip("keras")
    layer = keras.layers.Conv1D(W.shape[2], W.shape[0], **options)
    layer.build(X.shape)
    layer.set_weights([W, b])
    return keras.ops.convert_to_numpy(layer(X.astype("float32")))


# -- the layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize(("stride", "dilation"), STEPS)
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_convolution_equals_the_layer_of_keras(
    lecture, shape, padding, stride, dilation, length
) -> None:
    X, (W, b) = np.random.default_rng(1).normal(size=(3, length, shape[1])), weights_of(shape)
    ours = lecture.conv1d(X, W, b, padding, stride, dilation)
    theirs = by_keras(X, W, b, padding=padding, strides=stride, dilation_rate=dilation)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize(("stride", "dilation"), [(2, 2), (2, 3), (3, 2)])
@pytest.mark.parametrize("padding", ["valid", "causal"])
def test_stride_with_dilation_is_every_so_many_outputs_of_the_dilated_layer(
    lecture, padding, stride, dilation
) -> None:
    keras = pytest.importorskip("keras")
    with pytest.raises(ValueError, match="not supported in conjunction"):
        keras.layers.Conv1D(1, 2, strides=stride, dilation_rate=dilation)
    X, (W, b) = np.random.default_rng(1).normal(size=(3, 29, 4)), weights_of((3, 4, 2))
    ours = lecture.conv1d(X, W, b, padding, stride, dilation)
    theirs = by_keras(X, W, b, padding=padding, dilation_rate=dilation)[:, ::stride]
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("kernel", [[0.2, 0.6, 0.2], [1.0, 0.0, -1.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
def test_a_flipped_kernel_makes_it_numpy_s_convolution(lecture, kernel) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array(kernel)
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1), "same")
    np.testing.assert_allclose(ours[0, :, 0], np.convolve(series, W[::-1], "same"), atol=1e-12)


def test_the_class_s_example_gives_the_class_s_numbers(lecture) -> None:
    series, W = np.array([0.0, 1.0, 2.0, 1.0, 0.0]), np.array([0.2, 0.6, 0.2])
    ours = lecture.conv1d(series[None, :, None], W[:, None, None], np.zeros(1), "same")
    np.testing.assert_allclose(ours[0, :, 0], [0.2, 1.0, 1.6, 1.0, 0.2], atol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2, 5])
def test_a_causal_convolution_does_not_see_what_comes_later(lecture, dilation) -> None:
    W, b = weights_of((3, 2, 4))
    X = np.random.default_rng(1).normal(size=(1, 30, 2))
    later = X.copy()
    later[:, 18:] += 1
    before, after = (lecture.conv1d(x, W, b, "causal", dilation=dilation) for x in (X, later))
    np.testing.assert_array_equal(before[:, :18], after[:, :18])
    assert (before[:, 18:] != after[:, 18:]).all()


def test_a_shifted_input_gives_a_shifted_answer(lecture) -> None:
    W, b = weights_of((4, 3, 2))
    X = np.random.default_rng(1).normal(size=(2, 40, 3))
    whole, shifted = lecture.conv1d(X, W, b), lecture.conv1d(X[:, 7:], W, b)
    np.testing.assert_allclose(whole[:, 7:], shifted, atol=1e-12)


# -- its gradient -------------------------------------------------------------------------------


@pytest.mark.parametrize(("stride", "dilation"), [*STEPS, (2, 3)])
@pytest.mark.parametrize("padding", PADDINGS)
def test_the_gradients_are_those_that_nudging_finds(lecture, padding, stride, dilation) -> None:
    rng, (W, b) = np.random.default_rng(0), weights_of((3, 2, 4))
    X, options = rng.normal(size=(2, 13, 2)), (padding, stride, dilation)
    G = rng.normal(size=lecture.conv1d(X, W, b, *options).shape)
    by_hand = lecture.conv1d_gradients(X, W, G, *options)
    for place, gradient in enumerate(by_hand):
        direction = rng.normal(size=gradient.shape)
        there, back = ([X, W, b] for _ in range(2))
        there[place], back[place] = there[place] + direction, back[place] - direction
        moved = lecture.conv1d(*there, *options) - lecture.conv1d(*back, *options)
        # the layer is linear in each of the three, so the difference is exact
        assert np.sum(G * moved) / 2 == pytest.approx(np.sum(gradient * direction), abs=1e-10)


# -- the drawing --------------------------------------------------------------------------------


def test_the_drawing_of_the_options_shows_what_the_lecture_computes(lecture) -> None:
    numbers, add_two = np.arange(1.0, 7.0).reshape(1, 6, 1), np.ones((2, 1, 1))
    svg = DIAGRAMS["window-options.svg"]()
    for name, options in {
        "valid": {},
        "same": {"padding": "same"},
        "causal": {"padding": "causal"},
        "stride 2": {"stride": 2},
        "dilation 2": {"dilation": 2},
    }.items():
        answers = lecture.conv1d(numbers, add_two, np.zeros(1), **options)[0, :, 0]
        assert f"{name}: {', '.join(f'{x:g}' for x in answers)}" in svg
        row = svg.split(f"<!-- {name} -->")[1].split("</g>")[0]
        drawn = [int(number) for number in re.findall(r">(\d+)</text>", row)]
        assert drawn[-len(answers) :] == answers.tolist()


# -- averages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 5, 21])
def test_moving_averages_are_those_of_pandas(lecture, width) -> None:
    prices = np.random.default_rng(0).normal(size=(3, 60)).cumsum(axis=1)
    for padding, centred in [("causal", False), ("same", True)]:
        expected = pd.DataFrame(prices.T).rolling(width, center=centred).mean().to_numpy().T
        average = lecture.moving_average(prices, width, padding)
        np.testing.assert_allclose(average, expected, atol=1e-9)


# -- the exercises ------------------------------------------------------------------------------


@pytest.mark.parametrize(("stride", "dilation"), STEPS)
@pytest.mark.parametrize("padding", PADDINGS)
def test_output_length_of_the_exercise_is_that_of_keras(lecture, padding, stride, dilation) -> None:
    keras = pytest.importorskip("keras")
    for length, width in [(100, 2), (101, 5), (30, 7)]:
        layer = keras.layers.Conv1D(
            1, width, padding=padding, strides=stride, dilation_rate=dilation
        )
        expected = layer.compute_output_shape((1, length, 1))[1]
        assert lecture.output_length(length, width, padding, stride, dilation) == expected


def test_receptive_field_of_the_exercise_doubles_with_the_dilation(lecture) -> None:
    for num_layers in range(1, 8):
        doubled = [(2, 2**layer, 1) for layer in range(num_layers)]
        assert lecture.receptive_field(doubled) == 2**num_layers


@pytest.mark.parametrize(("k_1", "k_2"), [(1, 1), (2, 3), (4, 2)])
def test_the_one_kernel_of_the_exercise_does_what_two_convolutions_do(lecture, k_1, k_2) -> None:
    (U, a), (V, c) = weights_of((k_1, 2, 4)), weights_of((k_2, 4, 3), seed=1)
    X = np.random.default_rng(2).normal(size=(3, 20, 2))
    two = lecture.conv1d(lecture.conv1d(X, U, a), V, c)
    np.testing.assert_allclose(lecture.conv1d(X, *lecture.one_kernel(U, a, V, c)), two, atol=1e-12)


def test_the_average_of_the_exercise_keeps_the_first_days(lecture) -> None:
    prices = np.random.default_rng(0).normal(size=(2, 30))
    expected = pd.DataFrame(prices.T).rolling(7, min_periods=1).mean().to_numpy().T
    np.testing.assert_allclose(lecture.average_so_far(prices, 7), expected, atol=1e-12)
