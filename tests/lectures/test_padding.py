"""The page on padding: what a mask does in the networks of its experiment, and by hand.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from experiments import padding
from tests.support import functions_of

# -- masks ----------------------------------------------------------------------------------------


def test_the_state_by_hand_is_that_of_keras() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 9, 3)).astype("float32")
    mask = rng.random((1, 9)) < 0.5
    layer = layers.SimpleRNN(4)
    expected = np.asarray(layer(x, mask=mask))[0]
    by_hand = functions_of("padding").last_state(x[0], mask[0], *layer.get_weights())
    np.testing.assert_allclose(by_hand, expected, rtol=0, atol=1e-6)


def test_a_mask_makes_zeros_nothing_wherever_they_are() -> None:
    ids = np.random.default_rng(0).integers(1, 5000, (3, 7))
    for model in ("mask", "LSTM, mask"):
        keras.utils.set_random_seed(0)
        network = padding.make(model)
        alone = np.asarray(network(ids))
        for sides in ((0, 9), (9, 0), (4, 5)):
            padded = np.asarray(network(np.pad(ids, ((0, 0), sides))))
            np.testing.assert_allclose(padded, alone, rtol=0, atol=1e-6)


def test_without_a_mask_each_zero_is_a_step() -> None:
    keras.utils.set_random_seed(0)
    network = padding.make("no mask")
    ids = np.pad(np.random.default_rng(0).integers(1, 5000, (3, 7)), ((0, 0), (0, 5)))
    table, W_x, W_h, b, W, c = network.get_weights()
    state = np.zeros((3, 16))
    for column in ids.T:
        state = np.tanh(table[column] @ W_x + state @ W_h + b)
    by_hand = 1 / (1 + np.exp(-(state @ W + c)))
    np.testing.assert_allclose(np.asarray(network(ids)), by_hand, rtol=0, atol=1e-5)


@pytest.mark.parametrize("mask_zero", [True, False])
def test_the_invariance_test_tells_a_mask_from_none(mask_zero) -> None:
    keras.utils.set_random_seed(0)
    embedding = layers.Embedding(5000, 16, mask_zero=mask_zero)
    network = keras.Sequential([keras.Input((None,)), embedding, layers.LSTM(16)])
    ids = np.pad(np.random.default_rng(0).integers(1, 5000, (3, 7)), ((0, 0), (0, 5)))
    assert functions_of("padding").ignores_padding(network, ids) == mask_zero


def test_the_invariance_test_is_not_fooled_by_a_maximum() -> None:
    keras.utils.set_random_seed(0)
    embedding = layers.Embedding(5000, 16, mask_zero=False)
    network = keras.Sequential([keras.Input((None,)), embedding, layers.GlobalMaxPooling1D()])
    ids = np.pad(np.random.default_rng(0).integers(1, 5000, (3, 7)), ((0, 0), (0, 5)))
    assert not functions_of("padding").ignores_padding(network, ids)
