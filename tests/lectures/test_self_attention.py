"""The page on self-attention: a head, its masks and its block, against Keras's layers and a loop.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers, ops

from tests.support import functions_of

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("self-attention")


def numbers(*shape: int) -> np.ndarray:
    """Random numbers of float32, as Keras has them."""
    return RNG.normal(0, 0.5, shape).astype("float32")


def filled(layer: keras.Layer, *shapes: tuple) -> keras.Layer:
    """A built layer whose parameters are all random, biases too."""
    layer.build(*shapes)
    layer.set_weights([numbers(*weight.shape) for weight in layer.get_weights()])
    return layer


# -- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("T", "letters"), [(24, 8), (48, 16)])
def test_the_page_and_the_experiment_draw_the_same_lists(lecture, T: int, letters: int) -> None:
    from experiments.recall_by_attention import draw_lists

    here = lecture.draw_lists(20, T, letters, np.random.default_rng(3))
    there = draw_lists(20, T, letters, np.random.default_rng(3))
    for ours, theirs in zip(here, there, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_answer_is_the_latest_digit_of_the_letter_that_is_asked_for(lecture) -> None:
    X, y = lecture.draw_lists(50, 24, 8, np.random.default_rng(1))
    assert (X[..., :26].sum(axis=-1) == 1).all()
    assert ((X[..., 26:].sum(axis=-1) == 0) == (y >= 0)).all()
    for x, digits in zip(X, y, strict=True):
        for t in np.flatnonzero(digits >= 0):
            s = max(s for s in range(t) if (x[s, :26] == x[t, :26]).all() and x[s, 26:].any())
            assert x[s, 26:].argmax() == digits[t] and lecture.digit_steps(x, t)[-1] == s


def test_rows_of_a_list_read_as_it_is_written(lecture) -> None:
    X = lecture.as_rows("a0 z9 a?")
    assert [np.flatnonzero(x).tolist() for x in X] == [[0, 26], [25, 35], [0]]


# -- a head and its masks -------------------------------------------------------------------------


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("num_heads", [1, 3])
def test_heads_by_hand_are_the_layer(lecture, num_heads: int, causal: bool) -> None:
    X = numbers(7, 6)
    layer = filled(layers.MultiHeadAttention(num_heads, 6 // num_heads), (1, 7, 6), (1, 7, 6))
    theirs = layer(X[None], X[None], use_causal_mask=causal)
    ours = lecture.multi_head(X, layer.get_weights(), causal)
    np.testing.assert_allclose(ours, ops.convert_to_numpy(theirs)[0], atol=1e-5)


def test_a_step_that_sees_itself_alone_gets_its_own_value(lecture) -> None:
    queries, keys, values = RNG.normal(size=(3, 4, 5))
    outputs, weights = lecture.attend(queries, keys, values, np.eye(4, dtype=bool))
    np.testing.assert_allclose(outputs, values)
    np.testing.assert_allclose(weights, np.eye(4))


def test_hidden_padding_moves_no_output_and_is_hidden_as_in_keras(lecture) -> None:
    X, real = numbers(5, 6), np.array([True, True, False, True, False])
    layer = filled(layers.MultiHeadAttention(1, 6), (1, 5, 6), (1, 5, 6))
    W = [np.squeeze(array) for array in layer.get_weights()]

    def by_hand(X: np.ndarray) -> np.ndarray:
        queries, keys, values = (X @ W[i] + W[i + 1] for i in (0, 2, 4))
        return lecture.attend(queries, keys, values, real)[0] @ W[6] + W[7]

    theirs = layer(X[None], X[None], attention_mask=real[None, None])
    np.testing.assert_allclose(by_hand(X), ops.convert_to_numpy(theirs)[0], atol=1e-5)
    changed = X + 3 * ~real[:, None]
    np.testing.assert_allclose(by_hand(changed)[real], by_hand(X)[real], atol=1e-6)


def test_a_leak_at_one_place_only_is_found(lecture) -> None:
    X, mask = RNG.normal(size=(5, 8)), np.tri(5, dtype=bool)

    def layer(X: np.ndarray) -> np.ndarray:
        return lecture.attend(X, X, X, mask)[0]

    assert not lecture.leaks(layer, X)
    mask[1, 4] = True
    assert lecture.moved(layer, X, place=3)[:3].max() < 1e-12
    assert lecture.leaks(layer, X)


# -- the block ------------------------------------------------------------------------------------


def test_normalization_by_hand_is_the_layer(lecture) -> None:
    X, layer = numbers(4, 6), filled(layers.LayerNormalization(), (None, 6))
    theirs = ops.convert_to_numpy(layer(X))
    np.testing.assert_allclose(lecture.normalize(X, *layer.get_weights()), theirs, atol=1e-5)


@pytest.mark.parametrize("num_heads", [1, 2, 4])
def test_the_block_by_hand_is_the_layer_and_looks_at_nothing_later(lecture, num_heads) -> None:
    X, block = numbers(6, 8), lecture.TransformerBlock(8, num_heads)
    block(X[None])
    block.set_weights([numbers(*weight.shape) for weight in block.get_weights()])
    theirs = ops.convert_to_numpy(block(X[None]))[0]
    ours = lecture.block_by_hand(X, block.get_weights())
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
    assert not lecture.leaks(lambda X: lecture.block_by_hand(X, block.get_weights()), X)


def test_the_causal_mask_alone_hides_post_padding_and_no_other(lecture) -> None:
    X, blocks = numbers(1, 6, 8), [lecture.TransformerBlock(8, 2) for _ in range(2)]

    def moved(padding: slice) -> float:
        changed, outputs = X.copy(), []
        changed[:, padding] = numbers(*changed[:, padding].shape)
        for x in (X, changed):
            for block in blocks:
                x = block(x)
            outputs.append(np.delete(ops.convert_to_numpy(x)[0], padding, axis=0))
        return np.abs(outputs[0] - outputs[1]).max()

    assert moved(slice(4, 6)) < 1e-6
    assert moved(slice(0, 2)) > 1e-2


def test_the_page_and_the_experiment_have_one_block(lecture) -> None:
    from experiments.recall_by_attention import WIDTH, block

    vectors, X = keras.Input((5, WIDTH)), numbers(1, 5, WIDTH)
    theirs, ours = keras.Model(vectors, block(vectors)), lecture.TransformerBlock(WIDTH, 2)
    ours(X)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(*(ops.convert_to_numpy(f(X)) for f in (ours, theirs)), atol=1e-5)
