"""The page on attention: its digits, its networks, attention by hand, decoding."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from keras import layers, utils
from scipy.special import softmax

from experiments import copied_digits
from experiments import spelling_to_sound as experiment
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    """What the page defines, with a network that copies digits, untrained."""
    found = functions_of("attention")
    utils.set_random_seed(0)
    found.encoder, found.decoder = found.make_encoder(11), found.attention_decoder(12)
    found.network = found.join(found.encoder, found.decoder)
    return found


def test_the_decoder_reads_each_digit_one_step_late(lecture) -> None:
    seen = lecture.digits(50, np.random.default_rng(0), longest=6)
    reads = lecture.shift(seen, start=11)
    lengths = (seen > 0).sum(axis=1)
    assert set(lengths) == set(range(1, 7)) and set(seen[seen > 0]) == set(range(1, 11))
    assert all((row[:n] > 0).all() for row, n in zip(seen, lengths, strict=True))
    assert (reads[:, 0] == 11).all() and (reads[:, 1:] == seen[:, :-1]).all()


def test_padding_changes_nothing(lecture) -> None:
    short, reads = np.array([[3, 1, 10]]), np.array([[11, 3, 1]])
    padded = np.pad(short, ((0, 0), (0, 4)))
    scores = [np.asarray(lecture.network([word, reads])) for word in (short, padded)]
    np.testing.assert_allclose(*scores, atol=1e-4)


def test_attention_by_hand_is_a_mean_of_the_real_states(lecture) -> None:
    rng = np.random.default_rng(0)
    queries, states = rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
    weights, contexts = lecture.attend(queries, states, np.arange(6) < 4)
    for query, row, context in zip(queries, weights, contexts, strict=True):
        shares = softmax([query @ state for state in states[:4]])
        np.testing.assert_allclose(row, [*shares, 0, 0])
        np.testing.assert_allclose(context, np.array(shares) @ states[:4])


def test_additive_attention_of_the_text_is_that_of_keras() -> None:
    rng = np.random.default_rng(0)
    queries, states = rng.normal(size=(5, 8)), rng.normal(size=(7, 8))
    W_q, W_k, v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=6)
    asked, offered = queries @ W_q, states @ W_k
    scores = [[v @ np.tanh(g @ W_q + h @ W_k) for h in states] for g in queries]
    layer = layers.AdditiveAttention()
    layer.build([(1, 5, 6), (1, 7, 8), (1, 7, 6)])
    layer.set_weights([v])
    given = [x[None].astype("float32") for x in (asked, states, offered)]  # query, value, key
    np.testing.assert_allclose(layer(given)[0], softmax(scores, axis=-1) @ states, atol=1e-4)


def test_the_networks_of_page_and_experiment_are_the_same(lecture) -> None:
    *_, theirs = experiment.network(11, 12, "attention")
    theirs.set_weights(lecture.network.get_weights())
    seen, reads = np.array([[3, 1, 10, 0, 0]]), np.array([[11, 3, 1]])
    scores = lecture.network([seen, reads])
    np.testing.assert_allclose(theirs([seen, reads]), scores, atol=1e-4)


def test_decoding_step_by_step_is_what_the_whole_network_says(lecture) -> None:
    seen = lecture.digits(5, np.random.default_rng(0), longest=8)
    written = lecture.decode(lecture.encoder, lecture.decoder, seen, start=11, num_steps=6)
    scores = lecture.network.predict_on_batch([seen, lecture.shift(written, start=11)])
    np.testing.assert_array_equal(scores.argmax(axis=-1), written)


def test_the_decoder_without_attention_is_decoded_by_the_same_loop(lecture) -> None:
    seen, decoder = (
        lecture.digits(5, np.random.default_rng(0), longest=8),
        lecture.plain_decoder(12),
    )
    written = lecture.decode(lecture.encoder, decoder, seen, start=11, num_steps=6)
    _, last, cell = map(np.array, lecture.encoder(seen))
    scores, *_ = decoder([lecture.shift(written, start=11), last, cell])
    np.testing.assert_array_equal(np.array(scores).argmax(axis=-1), written)


def test_a_batch_is_decoded_as_each_alone(lecture) -> None:
    seen = lecture.digits(3, np.random.default_rng(1), longest=8)
    networks = lecture.encoder, lecture.decoder
    written = lecture.decode(*networks, seen, start=11, num_steps=4)
    for row, one in zip(written, seen, strict=True):
        alone = lecture.decode(*networks, one[None, one > 0], start=11, num_steps=4)
        assert row.tolist() == alone[0].tolist()


def test_the_digits_of_the_experiment_are_those_of_the_page(lecture) -> None:
    theirs, reads = copied_digits.digits(20, np.random.default_rng(3))
    ours = lecture.digits(20, np.random.default_rng(3), 20)
    np.testing.assert_array_equal(theirs, ours)
    np.testing.assert_array_equal(reads, lecture.shift(ours, copied_digits.BEGIN))
