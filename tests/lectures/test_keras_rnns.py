"""Lecture 04: its layer, networks and forecasts by hand, against Keras and statsmodels.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from statsmodels.tsa.ar_model import AutoReg

from helpers.record import load_results
from tests.support import functions_of
from tools.figures.recurrent import recurrent_parameters

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


# -- the layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
@pytest.mark.parametrize("num_steps", [1, 2, 40])
def test_the_layer_by_hand_equals_keras(lecture, num_inputs, num_units, num_steps) -> None:
    layer = layer_with_random_weights(num_inputs, num_units)
    X = np.random.default_rng(0).normal(size=(4, num_steps, num_inputs)).astype("float32")
    by_hand = lecture.rnn_layer(X, *layer.get_weights())
    assert by_hand.shape == (4, num_steps, num_units)
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), atol=2e-5)


def test_the_layer_by_hand_starts_from_a_state_as_keras_does(lecture) -> None:
    layer = layer_with_random_weights(3, 5)
    rng = np.random.default_rng(0)
    X, state = rng.normal(size=(4, 7, 3)), rng.normal(size=(4, 5))
    by_hand = lecture.rnn_layer(X, *layer.get_weights(), state)
    by_keras = layer(X.astype("float32"), initial_state=state.astype("float32"))
    np.testing.assert_allclose(by_hand, to_numpy(by_keras), atol=2e-5)


def test_the_layer_by_hand_refuses_weights_of_the_wrong_shape(lecture) -> None:
    with pytest.raises(AssertionError):
        lecture.rnn_layer(np.zeros((2, 5, 3)), np.zeros((4, 2)), np.zeros((2, 2)), np.zeros(2))


def test_weights_of_lecture_3_give_its_predictions_in_keras(lecture) -> None:
    neuron = lecture.new_neuron()
    w0, w1, w2 = (load_results("03-single-neuron-rnn")[f"trained_w{k}"] for k in range(3))
    neuron.set_weights([np.array([[w1]]), np.array([[w2]]), np.array([w0])])
    X = np.random.default_rng(0).uniform(-1, 1, (50, 100))
    by_keras = to_numpy(neuron(X[:, :, np.newaxis].astype("float32")))[:, 0]
    np.testing.assert_allclose(by_keras, lecture.forward(X, (w0, w1, w2)), atol=1e-6)


def test_one_unit_starts_with_a_recurrent_weight_of_plus_or_minus_one(lecture) -> None:
    found = set()
    for seed in range(12):
        keras.utils.set_random_seed(seed)
        found.add(round(lecture.new_neuron().get_weights()[1].item(), 5))
    assert found == {1.0, -1.0}


def test_another_start_of_the_recurrent_weight_leaves_the_input_weight_as_it_is(lecture) -> None:
    drawn = []
    for start in ("orthogonal", "zeros", keras.initializers.Constant(0.5)):
        keras.utils.set_random_seed(3)
        drawn.append(lecture.new_neuron(start).get_weights()[0].item())
    assert drawn[0] == drawn[1] == drawn[2]


@pytest.mark.parametrize("widths", [(1,), (2, 1, 1), (10, 5, 1), (40, 20, 1)])
def test_a_stack_has_the_parameters_that_the_formula_counts(lecture, widths) -> None:
    pairs = zip((1, *widths[:-1]), widths, strict=True)
    assert lecture.new_stack(widths).count_params() == sum(recurrent_parameters(*p) for p in pairs)


# -- forecasts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("num_units", [1, 10])
def test_last_answers_are_those_of_keras(lecture, num_units) -> None:
    X = np.random.default_rng(0).normal(size=(6, 20, 1)).astype("float32")
    weights, by_keras = [], []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        network = lecture.new_network(num_units)
        by_keras.append(to_numpy(network(X))[:, -1, 0])
        weights.append([weight.tolist() for weight in network.get_weights()])  # as JSON has them
    np.testing.assert_allclose(lecture.last_answers(X, weights), by_keras, atol=1e-5)


def test_free_running_reads_what_was_forecast_as_if_it_were_true(lecture) -> None:
    keras.utils.set_random_seed(1)
    weights = lecture.new_network(4).get_weights()
    past = np.random.default_rng(0).uniform(-1, 1, (3, 20))
    run = lecture.free_run(past, weights, 6)
    for ahead in range(6):
        read = np.concatenate([past, run[:, :ahead]], axis=1)[..., np.newaxis]
        following = read[:, -1, 0] + lecture.last_answers(read, [weights])[0]
        np.testing.assert_allclose(run[:, ahead], following, atol=1e-6)


def test_a_free_autoregression_is_the_one_of_statsmodels(lecture) -> None:
    x = np.random.default_rng(0).normal(size=80).cumsum()
    fitted = AutoReg(x, 3).fit()
    by_hand = lecture.run_ar(x, fitted.params, 10)
    np.testing.assert_allclose(by_hand, fitted.forecast(10), rtol=1e-9)


# -- exercises ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_units", "epsilon"), [(1, 0.1), (5, 0.05), (9, 0.01)])
def test_a_delay_line_holds_the_last_inputs_within_its_bound(lecture, num_units, epsilon) -> None:
    X = np.random.default_rng(0).uniform(-2, 2, size=(50, 30, 1))
    weights = lecture.delay_line(num_units, epsilon)
    held = lecture.rnn_layer(X, *weights)[:, -1] / epsilon
    error = np.abs(held - X[:, : -num_units - 1 : -1, 0])
    bounds = [lecture.error_bound(k + 1, epsilon, 2.0) for k in range(num_units)]
    assert (error <= np.array(bounds)).all()
    assert error.max() > 0.3 * max(bounds)  # and is no empty one


@pytest.mark.parametrize("w", [0.3, 1.0, 1.02, 1.5, 4.0])
def test_a_swing_solves_its_equation_and_is_stable(lecture, w) -> None:
    a, factor = lecture.swing(w)
    assert a == pytest.approx(np.tanh(w * a), abs=1e-9)
    assert (a > 0) == (w > 1)
    assert factor < 1 or w == 1


def test_a_network_fitted_to_a_change_learns_it_and_answers_once_per_window(lecture) -> None:
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, (120, 1)) + np.arange(25) / 2
    waves = np.sin(angle)
    past, change = waves[:, :20, np.newaxis], waves[:, 24] - waves[:, 19]
    keras.utils.set_random_seed(0)
    network = lecture.fit_direct(past, change)
    says = network.predict(past, verbose=0)
    assert says.shape == (120, 1) and network.count_params() == 131
    assert np.mean((says[:, 0] - change) ** 2) < 0.1 * np.var(change)
