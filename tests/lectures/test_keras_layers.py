"""The page on layers of Keras: its layer and cells by hand, what one unit cannot do, its checks.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import check_says, functions_of

SIZES = [(1, 1), (1, 10), (3, 5), (7, 2), (50, 10)]  # inputs, units
ALL_BITS = np.array(list(itertools.product([0.0, 1.0], repeat=10)))
ODD = np.cumsum(ALL_BITS, axis=1) % 2 == 1


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("keras-rnns")


def to_numpy(tensor: object) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def with_random_weights(layer: layers.Layer, num_inputs: int) -> layers.Layer:
    rng = np.random.default_rng(num_inputs)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, 0.4, weight.shape) for weight in layer.get_weights()])
    return layer


def some_inputs(num_steps: int, num_inputs: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, num_steps, num_inputs)).astype("float32")


# -- the layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
@pytest.mark.parametrize("num_steps", [1, 2, 40])
def test_the_layer_by_hand_equals_keras(lecture, num_inputs, num_units, num_steps) -> None:
    layer = with_random_weights(layers.SimpleRNN(num_units, return_sequences=True), num_inputs)
    X = some_inputs(num_steps, num_inputs)
    by_hand = lecture.rnn_layer(X, *layer.get_weights())
    assert by_hand.shape == (4, num_steps, num_units)
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), atol=2e-5)


def test_the_layer_by_hand_goes_on_from_a_state_as_keras_does(lecture) -> None:
    layer = with_random_weights(layers.SimpleRNN(5, return_sequences=True), 3)
    X, state = some_inputs(7, 3), np.random.default_rng(1).normal(size=(4, 5)).astype("float32")
    by_keras = layer(X, initial_state=state)
    by_hand = lecture.rnn_layer(X, *layer.get_weights(), state)
    np.testing.assert_allclose(by_hand, to_numpy(by_keras), atol=2e-5)


def test_the_layer_by_hand_refuses_weights_of_the_wrong_shape(lecture) -> None:
    with pytest.raises(AssertionError):
        lecture.rnn_layer(np.zeros((2, 5, 3)), np.zeros((4, 2)), np.zeros((2, 2)), np.zeros(2))


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_count_is_that_of_the_formula(num_inputs, num_units) -> None:
    layer = with_random_weights(layers.SimpleRNN(num_units), num_inputs)
    assert layer.count_params() == num_units * (num_inputs + num_units + 1)


# -- parity -------------------------------------------------------------------------------------


def test_one_unit_is_right_for_three_quarters_at_most(lecture) -> None:
    rng, best = np.random.default_rng(0), 0.0
    for _ in range(200):
        w = rng.normal(0, 3, 3)
        states = lecture.rnn_layer(ALL_BITS[..., None], w[:1, None], w[1:2, None], w[2:])[..., 0]
        for threshold in np.quantile(states, np.linspace(0, 1, 21)):
            share = np.mean((states > threshold) == ODD, axis=0)[1:]
            best = max(best, share.max(), (1 - share).max())
    assert 0.7 < best <= 0.75


def test_two_units_by_hand_are_right_for_all_sequences(lecture) -> None:
    W_x, W_h, b = [[10, 10]], [[5, 5], [-5, -5]], [-5, -15]
    states = lecture.rnn_layer(ALL_BITS[..., None], *map(np.array, (W_x, W_h, b)))
    np.testing.assert_array_equal(states @ [0.5, -0.5] > 0.5, ODD)


def test_one_unit_of_keras_begins_with_plus_or_minus_one() -> None:
    found = set()
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        layer = layers.SimpleRNN(1)
        layer.build((None, None, 1))
        found.add(round(layer.get_weights()[1].item(), 5))
    assert found == {-1.0, 1.0}


# -- the cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_plain_cell_is_simple_rnn(lecture, num_inputs, num_units) -> None:
    theirs = with_random_weights(layers.SimpleRNN(num_units), num_inputs)
    ours = layers.RNN(lecture.PlainCell(num_units))
    X = some_inputs(20, num_inputs)
    ours(X)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(to_numpy(ours(X)), to_numpy(theirs(X)), atol=1e-6)


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_scaling_cell_follows_its_equation(lecture, num_inputs, num_units) -> None:
    layer = with_random_weights(layers.RNN(lecture.ScalingCell(num_units)), num_inputs)
    X, state = 0.3 * some_inputs(6, num_inputs), np.zeros((4, num_units))
    W_x, W_h, b, V = layer.get_weights()
    for x in np.moveaxis(X, 1, 0):
        state = np.tanh(x @ W_x + ((1 + x @ V) * state) @ W_h + b)
    np.testing.assert_allclose(to_numpy(layer(X)), state, atol=1e-4)


def test_a_new_scaling_cell_is_a_plain_cell_with_the_identity(lecture) -> None:
    layer = layers.RNN(lecture.ScalingCell(3))
    layer.build((None, None, 2))
    _, W_h, b, V = layer.get_weights()
    np.testing.assert_array_equal(W_h, np.eye(3))
    assert not b.any() and not V.any()


def test_the_cell_of_the_experiment_is_that_of_the_page(lecture) -> None:
    from experiments.simple_rnn import ScalingCell

    ours = with_random_weights(layers.RNN(lecture.ScalingCell(4)), 3)
    theirs = with_random_weights(layers.RNN(ScalingCell(4)), 3)
    np.testing.assert_array_equal(to_numpy(ours(some_inputs(9, 3))), theirs(some_inputs(9, 3)))


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="the experiment runs on JAX")
def test_the_experiment_trains_as_fit_does() -> None:
    from experiments.simple_rnn import train

    X = some_inputs(6, 1).repeat(8, axis=0)
    y = X.sum(axis=1)
    predictions = []
    for by_fit in (True, False):
        models = []
        for seed in (0, 1):
            keras.utils.set_random_seed(seed)
            new = [keras.Input((None, 1)), layers.SimpleRNN(2), layers.Dense(1)]
            models.append(keras.Sequential(new))
        if by_fit:
            models[1].compile(keras.optimizers.Adam(0.01), loss="mse")
            models[1].fit(X, y, batch_size=8, shuffle=False, verbose=0)
            predictions.append(models[1].predict(X, verbose=0))
        else:
            order = np.arange(len(X)).reshape(-1, 8)
            runs = [{"rate": 0.003}, {"rate": 0.01}]
            loss = keras.losses.MeanSquaredError()
            predictions.append(train(models, runs, X, y, loss, [order, order], X)[1])
    np.testing.assert_allclose(*predictions, atol=1e-5)


# -- right answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("one_unit", [(1, 3, -0.5, -2), (2, 4, -1, -2), (0.6, 3, -0.3, -2)])
def test_right_units_pass(lecture, one_unit, monkeypatch) -> None:
    monkeypatch.setenv("RNN_CHECKS", "strict")
    known = {**vars(lecture), "one_unit": one_unit}
    assert check_says("keras-rnns", "one_unit", "", known).startswith("Right: ")
