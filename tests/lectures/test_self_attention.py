"""Lecture 18: attention by hand, its block, its masks and its measures.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers, ops

from tests.support import functions_of

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"
RNG = np.random.default_rng(0)


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the lecture defines; its functions find the symbols and some names."""
    found = functions_of("18-self-attention")
    world = found.encode.__globals__
    for name, value in {
        "SYMBOLS": SYMBOLS,
        "num_steps": 8,
        "valid_names": ["anna", "bob"],
        "test_names": ["hannah", "al", "io"],
    }.items():
        monkeypatch.setitem(world, name, value)
    return found


def numbers(*shape: int) -> np.ndarray:
    """Random numbers of float32, as Keras has them."""
    return RNG.normal(0, 0.5, shape).astype("float32")


def filled(layer: keras.Layer, *shapes: tuple) -> keras.Layer:
    """A built layer whose weights are all random, biases too."""
    layer.build(*shapes)
    layer.set_weights([numbers(*weight.shape) for weight in layer.get_weights()])
    return layer


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("num_heads", [1, 3])
def test_attention_by_hand_is_the_layer(lecture, num_heads: int, causal: bool) -> None:
    X = numbers(7, 6)
    layer = filled(layers.MultiHeadAttention(num_heads, 6 // num_heads), (1, 7, 6), (1, 7, 6))
    theirs = layer(X[None], X[None], use_causal_mask=causal)
    ours = lecture.multi_head(X, layer.get_weights(), causal)
    np.testing.assert_allclose(ours, ops.convert_to_numpy(theirs)[0], atol=1e-5)


def test_a_step_that_sees_itself_alone_gets_its_own_value(lecture) -> None:
    queries, keys, values = RNG.normal(size=(3, 4, 5))
    answers, weights = lecture.attend(queries, keys, values, np.eye(4, dtype=bool))
    np.testing.assert_allclose(answers, values)
    np.testing.assert_allclose(weights, np.eye(4))


def test_a_shuffle_of_the_inputs_is_a_shuffle_of_the_answers(lecture) -> None:
    X, (W_q, W_k, W_v), order = (
        RNG.normal(size=(6, 5)),
        RNG.normal(size=(3, 5, 4)),
        [3, 0, 5, 1, 4, 2],
    )
    plain, shuffled = (lecture.attend(Y @ W_q, Y @ W_k, Y @ W_v)[0] for Y in (X, X[order]))
    np.testing.assert_allclose(shuffled, plain[order], atol=1e-12)


def test_one_causal_layer_sees_a_bag_of_earlier_letters_and_two_see_their_order(lecture) -> None:
    X, causal, earlier = RNG.normal(size=(6, 5)), np.tri(6, dtype=bool), [3, 0, 4, 1, 2, 5]

    def last(X: np.ndarray, depth: int) -> np.ndarray:
        for _ in range(depth):
            X = lecture.attend(X, X, X, causal)[0]
        return X[-1]

    np.testing.assert_allclose(last(X[earlier], 1), last(X, 1), atol=1e-12)
    assert np.abs(last(X[earlier], 2) - last(X, 2)).max() > 1e-3


def test_a_hidden_pad_moves_no_answer_and_is_hidden_as_in_keras(lecture) -> None:
    X, real = numbers(5, 6), np.array([True, True, False, True, False])
    layer = filled(layers.MultiHeadAttention(1, 6), (1, 5, 6), (1, 5, 6))
    W = [np.squeeze(array) for array in layer.get_weights()]

    def by_hand(X: np.ndarray) -> np.ndarray:
        queries, keys, values = (X @ W[i] + W[i + 1] for i in (0, 2, 4))
        return lecture.attend(queries, keys, values, real)[0] @ W[6] + W[7]

    theirs = layer(X[None], X[None], value_mask=real[None])
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


def test_without_the_mask_of_the_places_the_sum_has_none(lecture) -> None:
    """What the page says of Keras's Add."""
    ids = keras.Input((4,), dtype="int32")
    masked = [layers.Embedding(5, 3, mask_zero=mask)(ids) for mask in (True, True, False)]
    assert layers.Add()(masked[:2])._keras_mask is not None
    assert getattr(layers.Add()(masked[1:]), "_keras_mask", None) is None


def test_normalization_by_hand_is_the_layer(lecture) -> None:
    X, layer = numbers(4, 6), filled(layers.LayerNormalization(), (None, 6))
    theirs = ops.convert_to_numpy(layer(X))
    np.testing.assert_allclose(lecture.normalize(X, *layer.get_weights()), theirs, atol=1e-5)


@pytest.mark.parametrize("causal", [False, True])
def test_the_block_by_hand_is_the_block(lecture, causal: bool) -> None:
    vectors, X = keras.Input((5, 8)), numbers(5, 8)
    model = keras.Model(vectors, lecture.block(vectors, num_heads=2, causal=causal))
    model.set_weights([numbers(*weight.shape) for weight in model.get_weights()])
    theirs = ops.convert_to_numpy(model(X[None]))[0]
    ours = lecture.block_by_hand(X, model.get_weights(), causal)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_counts_of_names_are_those_of_lecture_7(lecture, monkeypatch) -> None:
    """The page checks all test names; here one name by hand."""
    counts = {"": Counter("ab."), "a": Counter("b")}
    monkeypatch.setitem(lecture.counted_bits.__globals__, "what_follows", counts)
    # after the full stops only the empty run is known: (1 + 3/27) / 6 each; then "b" after "a"
    once = (1 + 3 / 27) / 6
    after_a = (1 + once) / 2
    bits = -np.log2([once, after_a, once]).sum()
    assert lecture.counted_bits("ab") == pytest.approx(bits)


def test_deeper_networks_have_as_many_blocks_as_they_are_told(lecture) -> None:
    for options, number in [({}, 1), ({"depth": 2}, 2), ({"depth": 2, "places": False}, 2)]:
        network = lecture.deeper(**options)
        heads = [one for one in network.layers if isinstance(one, layers.MultiHeadAttention)]
        assert len(heads) == number
    assert lecture.deeper().count_params() == lecture.block_reader().count_params()
    one, two = (lecture.deeper(depth=depth, places=False) for depth in (1, 2))
    a, b = (lecture.encode([name])[0] for name in ("hannah", "nahnah"))
    for network, sees in [(one, False), (two, True)]:
        network.set_weights([numbers(*weight.shape) for weight in network.get_weights()])
        apart = ops.convert_to_numpy(network(a) - network(b))[0, 6]
        assert (np.abs(apart).max() > 1e-4) == sees


@pytest.mark.parametrize("build", ["head_reader", "block_reader", "unplaced_reader", "lstm_reader"])
def test_no_reader_sees_the_letters_it_shall_guess(lecture, build: str) -> None:
    keras.utils.set_random_seed(0)
    network = getattr(lecture, build)()
    pair = lecture.encode(["hannah", "hanqqq"])[0]
    says = ops.convert_to_numpy(network(pair))
    moves = np.abs(says[0] - says[1]).max(axis=-1)[:7]
    assert (moves[:4] < 1e-6).all() and (moves[4:] > 1e-6).all()


def test_pads_do_not_change_what_a_film_block_says(lecture) -> None:
    """Its mean leaves them out, and no word looks at them."""
    keras.utils.set_random_seed(0)
    network = lecture.film_block()
    words = np.zeros((2, 32), "int32")
    words[:, :3] = [[5, 9, 2], [2, 9, 5]]
    table = next(one for one in network.layers if isinstance(one, layers.Embedding))
    before = ops.convert_to_numpy(network(words))
    weights = table.get_weights()[0]
    weights[0] = 100.0  # what a pad would bring in
    table.set_weights([weights])
    after = ops.convert_to_numpy(network(words))
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_without_places_a_film_block_does_not_see_order(lecture) -> None:
    keras.utils.set_random_seed(0)
    words = np.zeros((2, 32), "int32")
    words[:, :3] = [[5, 9, 2], [2, 9, 5]]
    for build, sees in [(lecture.film_block, True), (lecture.unplaced_film_block, False)]:
        network = build()
        network.set_weights([numbers(*weight.shape) for weight in network.get_weights()])
        says = ops.convert_to_numpy(network(words))
        assert (abs(says[0] - says[1]) > 1e-6) == sees


@pytest.mark.parametrize("build", ["block_reader", "lstm_reader"])
def test_five_starts_say_what_each_says_alone(lecture, build: str) -> None:
    one = getattr(lecture, build)
    model, start = lecture.five_starts(one, lecture.five_costs)
    inputs = lecture.encode(["hannah", "al"])[0]
    says = ops.convert_to_numpy(model(inputs))
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        alone = ops.convert_to_numpy(one()(inputs))
        np.testing.assert_allclose(says[..., 27 * seed : 27 * seed + 27], alone, atol=1e-5)
    assert all(np.array_equal(*pair) for pair in zip(start, model.get_weights(), strict=True))


def test_bits_are_the_costs_that_are_trained_on(lecture) -> None:
    model, _ = lecture.five_starts(lecture.block_reader, lecture.five_costs)
    names = lecture.bits_of_names.__globals__["test_names"]
    inputs, targets = lecture.encode(names)
    costs = ops.convert_to_numpy(lecture.five_costs(targets, model(inputs)))
    bits = lecture.bits_of_names(model, "test")
    assert bits.shape == (5, 3)
    np.testing.assert_allclose(bits.mean(axis=0), costs.sum(axis=1) / np.log(2), rtol=1e-3)
    assert (costs[targets < 0] == 0).all()


@pytest.mark.slow
def test_training_begins_again_from_the_start(lecture) -> None:
    model, start = lecture.five_starts(lecture.block_reader, lecture.five_costs)
    rows = lecture.encode(["hannah", "anna", "bob", "al"] * 5)
    runs = [
        lecture.train_five(model, start, 0.003, rows, lecture.bits_of_names, patience=1)
        for _ in range(2)
    ]
    np.testing.assert_allclose(runs[0]["valid"], runs[1]["valid"], rtol=1e-3)
    assert runs[0]["test"].shape == (5, 3) and (runs[0]["epochs"] >= 1).all()
