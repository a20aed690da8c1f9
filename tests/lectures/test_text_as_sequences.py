"""Lecture 08: its tokenizer, its padding and its exercises, against the class and the libraries.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import warnings
from collections import Counter
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of

SENTENCES = ["I love Stats so much", "I love ML too", "I love DS", "I love NN"]
NASTY = ["", "   ", "?!...", "😋😋", "Übung macht", "很好吃", "<b>bold</b> & more", "x" * 100_000]


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("08-text-as-sequences")


# -- the class's example, to the last entry -------------------------------------------------------


def test_counts_and_ids_are_the_classs(lecture) -> None:
    counts, index = lecture.fit_vocabulary(SENTENCES)
    others = {"stats": 1, "so": 1, "much": 1, "ml": 1, "too": 1, "ds": 1, "nn": 1}
    assert counts == {"i": 4, "love": 4} | others
    ids = {"i": 1, "love": 2, "stats": 3, "so": 4, "much": 5, "ml": 6, "too": 7, "ds": 8, "nn": 9}
    assert index == ids


def test_sequences_and_padded_array_are_the_classs(lecture) -> None:
    _, index = lecture.fit_vocabulary(SENTENCES)
    sequences = lecture.to_ids(SENTENCES, index)
    assert sequences == [[1, 2, 3, 4, 5], [1, 2, 6, 7], [1, 2, 8], [1, 2, 9]]
    padded = lecture.pad_back(sequences, 4)
    assert padded.tolist() == [[1, 2, 3, 4], [1, 2, 6, 7], [1, 2, 8, 0], [1, 2, 9, 0]]
    assert layers.Embedding(11, 3)(padded).shape == (4, 4, 3)


def test_they_are_those_of_the_tool_that_the_class_used(lecture) -> None:
    text = pytest.importorskip("tensorflow.keras.preprocessing.text")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        legacy = text.Tokenizer()
    legacy.fit_on_texts(SENTENCES)
    counts, index = lecture.fit_vocabulary(SENTENCES)
    assert dict(legacy.word_counts) == counts and legacy.word_index == index
    assert legacy.texts_to_sequences(SENTENCES) == lecture.to_ids(SENTENCES, index)


def test_the_legacy_tool_keeps_one_word_fewer_than_it_is_told() -> None:
    text = pytest.importorskip("tensorflow.keras.preprocessing.text")
    legacy = text.Tokenizer(num_words=3)
    legacy.fit_on_texts(SENTENCES)
    assert legacy.texts_to_sequences(["i love stats"]) == [[1, 2]]


# -- texts as people write them ------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:12]))
def test_any_text_becomes_one_row(lecture, text) -> None:
    _, index = lecture.fit_vocabulary([*SENTENCES, text])
    padded = lecture.pad_back(lecture.to_ids([text], index), 100)
    assert padded.shape == (1, 100) and padded.min() >= 0
    assert padded.any() == bool(lecture.split_words(text))


def test_words_of_other_scripts_are_words(lecture) -> None:
    assert lecture.split_words("Кофе ÇA VA? 很好") == ["кофе", "ça", "va", "很好"]


def test_padding_refuses_no_length(lecture) -> None:
    assert lecture.pad_back([[1, 2], []], 0).shape == (2, 0)
    assert lecture.pad_back([], 4).shape == (0, 4)


# -- the solutions, against the libraries ---------------------------------------------------------


@pytest.mark.parametrize("length", [1, 3, 7])
def test_padding_is_that_of_keras(lecture, length) -> None:
    sequences = [[1, 2, 3, 4, 5], [6], [], [7, 8, 9]]
    for ours, side in ((lecture.pad_front, "pre"), (lecture.pad_back, "post")):
        theirs = keras.utils.pad_sequences(sequences, length, padding=side, truncating=side)
        np.testing.assert_array_equal(ours(sequences, length), theirs)


def test_a_masked_mean_is_that_of_keras(lecture) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(6, 9, 4)).astype("float32")
    ids = rng.integers(0, 3, (6, 9))
    ids[:, 0] = 1
    theirs = layers.GlobalAveragePooling1D()(vectors, mask=ids != 0)
    ours = lecture.masked_mean(vectors, ids)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), rtol=1e-5, atol=1e-6)


def test_a_masked_mean_of_nothing_is_zero_without_a_warning(lecture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mean = lecture.masked_mean(np.ones((1, 3, 2)), np.zeros((1, 3), int))
    assert mean.tolist() == [[0, 0]]


def test_merging_as_often_as_the_library_finds_its_pieces(lecture) -> None:
    """Byte-pair encoding by hand on a text without ties, against the package tokenizers."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    words = {"aaabdaaabac": 5, "abdab": 3, "aab": 4}
    text = [" ".join([word] * count) for word, count in words.items()]
    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.Whitespace()
    pieces.train_from_iterator(text, trainers.BpeTrainer(vocab_size=6, show_progress=False))
    learned = sorted(set(pieces.get_vocab()) - set("abcd"))
    spelled, by_hand = {tuple(word): count for word, count in words.items()}, []
    for _ in range(2):
        pairs = Counter(lecture.count_pairs(spelled))
        (pair, most), (_, second) = pairs.most_common(2)
        assert most > second  # else the order would be a matter of taste
        by_hand.append("".join(pair))
        spelled = lecture.merge(spelled, pair)
    assert sorted(by_hand) == learned


# -- byte pairs: the table of the lecture, and cutting as the library cuts -------------------------


def test_the_merges_by_hand_are_those_of_the_table(lecture) -> None:
    words = {"fun": 5, "funny": 4, "sunny": 2, "run": 3}
    spelled, most = {tuple(word): count for word, count in words.items()}, []
    for pair in lecture.learn_merges(words, 4):
        counted = lecture.count_pairs(spelled)
        (first, count), (_, second) = counted.most_common(2)
        assert first == pair and count > second  # no tie: the table's order is no matter of taste
        most.append(count)
        spelled = lecture.merge(spelled, pair)
    assert most == [14, 9, 6, 4]
    assert [*spelled] == [("fun",), ("funny",), ("s", "un", "ny"), ("r", "un")]


def test_a_word_is_cut_as_the_library_cuts_it(lecture) -> None:
    from tokenizers import Tokenizer, models

    rng = np.random.default_rng(0)
    words = {"".join(rng.choice([*"abc"], size=rng.integers(2, 9))): 1 for _ in range(60)}
    merges = lecture.learn_merges(words, 12)
    pieces = dict.fromkeys(["a", "b", "c", *("".join(pair) for pair in merges)])
    library = Tokenizer(models.BPE({piece: k for k, piece in enumerate(pieces)}, merges))
    for _ in range(200):
        word = "".join(rng.choice([*"abc"], size=rng.integers(1, 12)))
        assert list(lecture.cut_word(word, merges)) == library.encode(word).tokens


# -- pads: the layer's step by hand, the contraction, the mask -------------------------------------


@pytest.fixture
def network(lecture) -> keras.Sequential:
    names = lecture.new_network.__globals__
    names.update(V=50, to_numpy=keras.ops.convert_to_numpy)
    keras.utils.set_random_seed(1)
    return lecture.new_network()


def ids_with_pads() -> np.ndarray:
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 50, (8, 12)).astype("int32")
    ids[np.arange(12) >= rng.integers(1, 12, (8, 1))] = 0
    return ids


def test_the_state_by_hand_is_that_of_keras_with_and_without_pads(lecture, network) -> None:
    ids, weights = ids_with_pads(), network.get_weights()
    words = lecture.states_after_words(ids, weights)
    np.testing.assert_allclose(words, lecture.last_states(ids, weights, mask=True), atol=1e-6)
    for _ in range(3):
        words = lecture.pad_step(words, weights)
    full = np.where(ids == 0, 1, ids)
    padded = lecture.last_states(np.pad(full, ((0, 0), (0, 3))), weights, mask=False)
    by_hand = lecture.states_after_words(full, weights)
    for _ in range(3):
        by_hand = lecture.pad_step(by_hand, weights)
    np.testing.assert_allclose(by_hand, padded, atol=1e-6)


def test_a_pad_brings_any_two_states_closer_under_an_orthogonal_matrix(lecture, network) -> None:
    weights = network.get_weights()
    assert np.linalg.norm(weights[2], 2) == pytest.approx(1, abs=1e-5)
    states = np.random.default_rng(2).uniform(-1, 1, (400, 16))
    after = lecture.pad_step(states, weights)
    before, behind = (np.linalg.norm(s[0::2] - s[1::2], axis=1) for s in (states, after))
    assert (behind < before).all()


def test_a_matrix_that_stretches_can_keep_two_states_apart(lecture, network) -> None:
    """The premise of the proof is needed: with a norm of 2 there is more than one resting point."""
    weights = network.get_weights()
    weights[2], weights[3] = 2 * np.eye(16), np.zeros(16)
    weights[0] = np.zeros_like(weights[0])
    states = np.array([np.full(16, 0.1), np.full(16, -0.1)])
    for _ in range(200):
        states = lecture.pad_step(states, weights)
    assert lecture.apart(states) > 7


def test_pads_move_in_front_of_the_words_and_no_word_is_lost(lecture) -> None:
    ids = ids_with_pads()
    lecture.put_pads.__globals__["T"] = 12
    moved = lecture.put_pads(ids, "in front")
    for row, there in zip(ids, moved, strict=True):
        np.testing.assert_array_equal(row[row != 0], there[there != 0])
        assert (np.diff((there != 0).astype(int)) >= 0).all()
    np.testing.assert_array_equal(lecture.put_pads(ids, "masked"), ids)


@pytest.mark.parametrize("num_pads", [0, 1, 4])
def test_what_pads_leave_is_the_derivative(lecture, network, num_pads) -> None:
    weights = [np.asarray(w, float) for w in network.get_weights()]
    state, step = np.random.default_rng(3).uniform(-1, 1, 16), 1e-6
    derivative = lecture.through_pads(state, num_pads, weights)
    nudges, ends = step * np.eye(16), []
    for states in (state + nudges, state - nudges):
        for _ in range(num_pads):
            states = lecture.pad_step(states, weights)
        ends.append(states)
    np.testing.assert_allclose(derivative, (ends[0] - ends[1]) / (2 * step), atol=1e-8)
