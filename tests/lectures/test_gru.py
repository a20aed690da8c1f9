"""The page on the GRU: its layer against Keras's, dropout in Keras.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from keras import layers

from tests.lectures.test_lstm import SIZES, some_inputs, to_numpy, with_random_weights
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("gru")


def gru(lecture: SimpleNamespace, X: np.ndarray, *weights: np.ndarray) -> np.ndarray:
    """The last state of the page's GRU, shape (n, p)."""
    state = np.zeros((len(X), len(weights[1])))
    for x in np.moveaxis(X, 1, 0):
        state = lecture.gru_step(x, state, *weights)
    return state


# -- layers by hand -------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_the_gru_by_hand_equals_keras(lecture, num_inputs, num_units) -> None:
    layer = with_random_weights(layers.GRU(num_units), num_inputs)
    X = some_inputs(20, num_inputs)
    by_hand = gru(lecture, X, *layer.get_weights())
    np.testing.assert_allclose(by_hand, to_numpy(layer(X)), rtol=0, atol=2e-6)


def test_the_second_bias_of_a_gru_matters_to_the_candidate_alone(lecture) -> None:
    layer = with_random_weights(layers.GRU(4), 3)
    W_x, W_h, b = (weight.astype(float) for weight in layer.get_weights())
    X = some_inputs(9, 3)
    as_one, candidate_moved = b.copy(), b.copy()
    as_one[:, :8] = [b[0, :8] + b[1, :8], 0 * b[1, :8]]
    candidate_moved[:, 8:] = [b[0, 8:] + b[1, 8:], 0 * b[1, 8:]]
    whole = gru(lecture, X, W_x, W_h, b)
    np.testing.assert_allclose(gru(lecture, X, W_x, W_h, as_one), whole)
    assert np.abs(gru(lecture, X, W_x, W_h, candidate_moved) - whole).max() > 0.001


def test_the_early_gru_of_keras_has_one_bias() -> None:
    layer = layers.GRU(10, reset_after=False)
    layer.build((None, None, 50))
    assert layer.count_params() == 1830


# -- dropout, of which the text speaks ---------------------------------------------------------


def copier(**dropout: float) -> layers.SimpleRNN:
    """A layer of 20 units that passes its input on, unless its inputs are hidden."""
    layer = layers.SimpleRNN(20, activation=None, return_sequences=True, seed=0, **dropout)
    layer.build((None, None, 20))
    return layer


def test_keras_hides_the_same_inputs_at_all_steps_of_a_sequence() -> None:
    layer = copier(dropout=0.5)
    layer.set_weights([np.eye(20), np.zeros((20, 20)), np.zeros(20)])
    masks = to_numpy(layer(np.ones((2, 5, 20)), training=True))
    assert (masks == masks[:, :1]).all() and (masks[0] != masks[1]).any()


def test_keras_hides_the_same_numbers_of_the_state_at_all_steps() -> None:
    layer = copier(recurrent_dropout=0.5)
    layer.set_weights([np.eye(20), np.eye(20), np.zeros(20)])
    states = to_numpy(layer(np.ones((2, 5, 20)), training=True))
    masks = (states[:, 1:] - 1) / states[:, :-1]
    assert set(np.unique(masks)) == {0.0, 2.0}
    assert (masks == masks[:, :1]).all() and (masks[0] != masks[1]).any()


def test_recurrent_dropout_leaves_what_the_cell_keeps() -> None:
    layer = layers.LSTM(8, recurrent_dropout=0.5, return_state=True, seed=0)
    layer.build((None, None, 1))
    W_x, W_h, b = (0 * weight for weight in layer.get_weights())
    b[8:16] = 50  # all forget gates open
    layer.set_weights([W_x, W_h, b])
    old = np.arange(8, dtype="float32")[None]
    *_, cell = layer(np.ones((1, 30, 1)), initial_state=[0 * old, old], training=True)
    np.testing.assert_allclose(to_numpy(cell), old, rtol=1e-6)


def test_as_many_units_as_the_weights_allow(lecture) -> None:
    for gates, kind in ((1, layers.SimpleRNN), (4, layers.LSTM)):
        counts = []
        for more in (0, 1):
            layer = kind(lecture.units_for(1216, 2, gates) + more)
            layer.build((None, None, 2))
            counts.append(layer.count_params())
        assert counts[0] <= 1216 < counts[1]


@pytest.mark.parametrize(("num_inputs", "num_units"), SIZES)
def test_a_gru_can_be_a_plain_layer(lecture, num_inputs, num_units) -> None:
    plain = with_random_weights(layers.SimpleRNN(num_units), num_inputs)
    X = some_inputs(12, num_inputs)
    ours = gru(lecture, X, *lecture.as_gru(*plain.get_weights()))
    np.testing.assert_allclose(ours, to_numpy(plain(X)), rtol=0, atol=1e-5)
