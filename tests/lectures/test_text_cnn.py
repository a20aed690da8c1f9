"""The page on convolutions for text: its filters and lists against Keras."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("text-cnn")


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
    network.add(layers.Conv1D(3, 2))
    network.add(layers.GlobalMaxPooling1D())
    network.add(layers.Dense(1))
    pairs = np.array([[a, b] for a in range(9) for b in range(9)])
    v, top = lecture.top_pairs(network, pairs, 5)
    outputs = keras.ops.convert_to_numpy(keras.Sequential(network.layers[:2])(pairs))[:, 0]
    best = np.sort(outputs, axis=0)[::-1][:5]
    for f in range(3):
        found = [outputs[(pairs == pair).all(axis=1), f].item() for pair in top[f]]
        np.testing.assert_allclose(found, best[:, f], atol=1e-6)
    np.testing.assert_array_equal(v, network.get_weights()[3][:, 0])


# -- the experiment -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["filters of 1 word", "filters of 3, 4, 5", "filters, LSTM"])
def test_a_network_of_the_experiment_gives_one_probability_a_review(model: str) -> None:
    from experiments.text_cnn import build

    ids = np.random.default_rng(0).integers(1, 50, (4, 12)).astype("int32")
    ids[1, 7:] = 0
    outputs = build(model).predict(ids, verbose=0)
    assert outputs.shape == (4, 1)
    assert ((outputs > 0) & (outputs < 1)).all()


def test_an_lstm_behind_filters_does_not_read_what_is_masked() -> None:
    from experiments.text_cnn import BOTH, build

    network = build(BOTH)
    ids = np.array([[5, 9, 3, 0, 0, 0], [4, 4, 8, 7, 0, 0]], "int32")
    whole = network.predict(ids, verbose=0)
    np.testing.assert_allclose(network.predict(ids[:, :5], verbose=0), whole, atol=1e-5)
