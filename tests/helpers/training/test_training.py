"""helpers/training: several networks in one model, each as it is alone."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.training import side_by_side

keras = pytest.importorskip("keras")
layers = keras.layers
IDS = np.random.default_rng(0).integers(1, 20, (12, 6))
IDS[:, 4:] = 0  # pads behind
SERIES = np.random.default_rng(1).normal(size=(12, 6, 2)).astype("float32")
Y = np.arange(12) % 2


def words(*hidden, mask=False):
    reads = [keras.Input((6,), dtype="int32"), layers.Embedding(20, 4, mask_zero=mask)]
    return keras.Sequential([*reads, *hidden])


def numbers(*hidden):
    return keras.Sequential([keras.Input((6, 2)), *hidden])


def head():
    return layers.Dense(1, activation="sigmoid")


class HandsMaskOn(layers.Conv1D):
    """A convolution that keeps the mask of the windows that hold words only."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return mask[:, 1:]


L = layers
ARCHITECTURES = {
    "dense, word by word": lambda: words(L.Dense(3, activation="relu"), head()),
    "pooled": lambda: words(L.GlobalAveragePooling1D(), L.Dense(3), head(), mask=True),
    "flattened": lambda: words(L.Flatten(), L.Dense(3), head()),
    "SimpleRNN stack": lambda: words(
        L.SimpleRNN(3, return_sequences=True), L.SimpleRNN(1, activation="sigmoid")
    ),
    "LSTM stack": lambda: words(L.LSTM(3, return_sequences=True), L.LSTM(1, activation="sigmoid")),
    "GRU, masked": lambda: words(L.GRU(3), head(), mask=True),
    "GRU, one bias": lambda: words(L.GRU(3, reset_after=False), head(), mask=True),
    "two-way LSTM, masked": lambda: words(L.Bidirectional(L.LSTM(3)), head(), mask=True),
    "two-way GRU stack": lambda: words(
        L.Bidirectional(L.GRU(2, return_sequences=True)), L.LSTM(3), head()
    ),
    "convolution and maximum": lambda: words(L.Conv1D(5, 2), L.GlobalMaxPooling1D(), head()),
    "convolution and RNN": lambda: words(L.Conv1D(5, 2), L.SimpleRNN(3), head()),
    "a layer of one's own": lambda: words(HandsMaskOn(5, 2), L.SimpleRNN(3), head(), mask=True),
    "LSTM on a series": lambda: numbers(L.LSTM(3), L.Dense(1)),
    "convolution on a series": lambda: numbers(L.Conv1D(4, 3), L.Flatten(), L.Dense(1)),
}


def build(name):
    """A network with biases that are not zero; another for each seed of Keras."""
    network = ARCHITECTURES[name]()
    rng = np.random.default_rng(round(abs(network.get_weights()[0].sum()) * 1e6))
    network.set_weights([w + rng.normal(0, 0.1, w.shape) for w in network.get_weights()])
    return network


def three(name):
    networks = []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        networks.append(build(name))
    return networks


def inputs_of(network):
    return IDS if len(network.input_shape) == 2 else SERIES


# -- blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_says_what_it_says_alone(name):
    networks = three(name)
    together, X = side_by_side(networks), inputs_of(networks[0])
    alone = [np.asarray(network.predict(X, verbose=0)) for network in networks]
    assert not np.allclose(alone[0], alone[1])
    said = together.predict(X, verbose=0)
    np.testing.assert_allclose(said, np.concatenate(alone, axis=-1), atol=1e-6)


def test_a_layer_of_one_s_own_stays_what_it_is_and_hands_its_mask_on():
    together = side_by_side(three("a layer of one's own"))
    assert type(together.layers[1]) is HandsMaskOn
    unpadded = together.predict(IDS[:, :4], verbose=0)
    np.testing.assert_allclose(together.predict(IDS, verbose=0), unpadded, atol=1e-6)


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        (lambda: [build("pooled"), build("flattened")], "not built alike"),
        (list, "at least one"),
        (lambda: [numbers(L.Permute((2, 1)), L.Dense(1))], "no layer of type Permute"),
        (lambda: [words(L.Bidirectional(L.LSTM(2), merge_mode="sum"), head())], "merge_mode='sum'"),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(networks, message):
    with pytest.raises(ValueError, match=message):
        side_by_side(networks())
