"""Lecture 04: its NumPy layer, its gradients and its counts, against Keras.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from helpers.record import load_results
from tests.support import functions_of

SIZES = [(1, 1), (1, 10), (3, 5), (7, 2), (50, 10)]  # inputs, units


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("04-keras-rnns")


def layer_with_random_weights(num_inputs: int, num_units: int) -> layers.SimpleRNN:
    rng = np.random.default_rng(num_inputs + num_units)
    layer = layers.SimpleRNN(num_units, return_sequences=True)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, 0.4, weight.shape) for weight in layer.get_weights()])
    return layer


def to_numpy(tensor: object) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
@pytest.mark.parametrize("num_steps", [1, 2, 40])
def test_the_layer_by_hand_equals_keras(lecture, num_inputs, num_units, num_steps) -> None:
    layer = layer_with_random_weights(num_inputs, num_units)
    X = np.random.default_rng(0).normal(size=(4, num_steps, num_inputs)).astype("float32")
    by_hand = lecture.rnn_layer(X, *layer.get_weights())
    assert by_hand.shape == (4, num_steps, num_units)
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), atol=2e-5)


def test_the_layer_by_hand_refuses_weights_of_the_wrong_shape(lecture) -> None:
    with pytest.raises(AssertionError):
        lecture.rnn_layer(np.zeros((2, 5, 3)), np.zeros((4, 2)), np.zeros((2, 2)), np.zeros(2))


def test_weights_of_lecture_2_give_its_predictions_in_keras(lecture) -> None:
    neuron = lecture.new_neuron()
    w0, w1, w2 = (load_results("03-single-neuron-rnn")[f"trained_w{k}"] for k in range(3))
    neuron.set_weights([np.array([[w1]]), np.array([[w2]]), np.array([w0])])
    X = np.random.default_rng(0).uniform(-1, 1, (50, 100))
    second = functions_of("03-single-neuron-rnn")
    by_hand = second.forward(X, np.array([w0, w1, w2]))[-1]
    by_keras = to_numpy(neuron(X[:, :, np.newaxis].astype("float32")))[:, 0]
    np.testing.assert_allclose(by_keras, by_hand, atol=1e-6)


def test_one_unit_starts_with_a_recurrent_weight_of_plus_or_minus_one(lecture) -> None:
    found = set()
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        found.add(round(lecture.new_neuron().get_weights()[1].item(), 5))
    assert found == {1.0, -1.0}


@pytest.mark.parametrize("num_inputs", [1, 4])
@pytest.mark.parametrize("sizes", [[1], [10, 5, 1], [3, 3], [20, 10, 1]])
def test_the_formula_counts_what_keras_counts(lecture, num_inputs, sizes) -> None:
    stack = keras.Sequential([keras.Input((None, num_inputs))])
    for num_units in sizes:
        stack.add(layers.SimpleRNN(num_units, return_sequences=True))
    assert lecture.count_parameters(num_inputs, sizes) == stack.count_params()


def test_influence_is_the_norm_of_the_true_derivative(lecture) -> None:
    """Against automatic differentiation in double precision."""
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(1)
    W_x, W_h, b = rng.normal(0, 0.5, (2, 4)), rng.normal(0, 0.5, (4, 4)), rng.normal(0, 0.2, 4)
    X = rng.normal(size=(1, 9, 2))
    states = lecture.rnn_layer(X, W_x, W_h, b)[0]
    for t in range(9):
        start = tf.constant(states[t][None])
        with tf.GradientTape() as tape:
            tape.watch(start)
            state = start
            for later in range(t + 1, 9):
                state = tf.tanh(b + X[:, later] @ W_x + state @ W_h)
        jacobian = tape.batch_jacobian(state, start)[0].numpy()
        assert lecture.influence(states, W_h)[t] == pytest.approx(np.linalg.norm(jacobian, 2))


@pytest.mark.parametrize("b", [-0.6, -0.45, 0.0, 1.0])
def test_the_slope_of_the_cliff_is_that_of_its_loss(lecture, b) -> None:
    nudged = (lecture.cliff(b + 1e-6)[0] - lecture.cliff(b - 1e-6)[0]) / 2e-6
    assert lecture.cliff(b)[1] == pytest.approx(nudged, rel=1e-4, abs=1e-8)


def test_clipping_by_hand_equals_keras(lecture) -> None:
    gradients = [np.array([3.0, 4.0]), np.array([[0.3], [0.4]])]
    sgd = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
    weights = [keras.Variable(np.zeros(g.shape, "float32")) for g in gradients]
    sgd.apply([keras.ops.cast(g, "float32") for g in gradients], weights)
    for clipped, weight in zip(lecture.clip_by_global_norm(gradients, 1.0), weights, strict=True):
        np.testing.assert_allclose(clipped, -to_numpy(weight), rtol=1e-5)


def test_reading_in_two_sittings_gives_the_same_states(lecture) -> None:
    weights = layer_with_random_weights(3, 5).get_weights()
    X = np.random.default_rng(2).normal(size=(2, 20, 3))
    at_once = lecture.rnn_layer(X, *weights)
    second = lecture.rnn_layer_from(X[:, 8:], *weights, at_once[:, 7])
    np.testing.assert_allclose(second, at_once[:, 8:])
