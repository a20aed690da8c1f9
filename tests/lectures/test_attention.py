"""The page on attention: its digits, networks, attention by hand, decoding and occlusion."""

from __future__ import annotations

import itertools
import string
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from keras import layers
from scipy.special import softmax

from experiments import copied_digits
from experiments import spelling_to_sound as experiment
from helpers.data import load_pronouncer
from tests.support import functions_of
from tools.samples import pronouncer as recipe


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    """What the page defines, with its trained network."""
    found = functions_of("attention")
    encoder, decoder = found.make_encoder(27, 64), found.attention_decoder(41, 64)
    network = found.join(encoder, decoder)
    network.set_weights(load_pronouncer())
    sounds = experiment.symbols_of(experiment.words_by_split())
    world = found.speak.__globals__
    world |= {"encoder": encoder, "decoder": decoder, "network": network, "SOUNDS": sounds}
    found.network = network
    return found


def test_the_decoder_reads_each_digit_one_step_late(lecture) -> None:
    seen, reads = lecture.digits(50, np.random.default_rng(0), longest=6)
    lengths = (seen > 0).sum(axis=1)
    assert set(lengths) == set(range(1, 7)) and set(seen[seen > 0]) == set(range(1, 11))
    assert all((row[:n] > 0).all() for row, n in zip(seen, lengths, strict=True))
    assert (reads[:, 0] == 11).all() and (reads[:, 1:] == seen[:, :-1]).all()


def test_the_networks_of_page_experiment_and_recipe_are_the_same(lecture) -> None:
    *_, theirs = experiment.network(27, 41, True)
    ours = recipe.network_of_layers(41)
    shapes = [w.shape for w in lecture.network.get_weights()]
    assert shapes == [w.shape for w in theirs.get_weights()]
    assert shapes == [w.shape for w in ours.get_weights()]
    letters, reads = np.array([[3, 1, 20, 0, 0]]), np.array([[1, 20, 5]])
    for other in (theirs, ours):
        other.set_weights(lecture.network.get_weights())
        scores = lecture.network([letters, reads])
        np.testing.assert_allclose(other([letters, reads]), scores, atol=1e-4)


def test_padding_changes_nothing(lecture) -> None:
    short, reads = np.array([[3, 1, 20]]), np.array([[1, 20, 5]])
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


def test_speaking_step_by_step_is_what_the_whole_network_says(lecture) -> None:
    for word in ("decipher", "flight", "junction"):
        said, weights = lecture.speak(word)
        numbers = [lecture.speak.__globals__["SOUNDS"].index(sound) for sound in said]
        inputs = [np.array(lecture.letters_of(word)), np.array([[1, *numbers]])]
        scores = lecture.network.predict_on_batch(inputs)
        assert scores[0].argmax(axis=-1).tolist() == [*numbers, 1]
        assert weights.shape == (len(said), len(word))
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


def test_occlusion_is_the_mean_over_the_other_letters(lecture) -> None:
    word, said = "cat", ["K", "AE", "T"]
    before = lecture.probabilities(np.array(lecture.letters_of(word)), said)[0]
    others = [f"c{letter}t" for letter in string.ascii_lowercase if letter != "a"]
    after = [lecture.probabilities(np.array(lecture.letters_of(x)), said)[0] for x in others]
    fall = lecture.occlusion(word, said)
    np.testing.assert_allclose(fall[:, 1], before - np.mean(after, axis=0), atol=1e-5)


def test_the_experiment_replaces_one_letter_as_the_page_does(lecture, monkeypatch) -> None:
    word, said = "cat", ["K", "AE", "T"]
    numbers = [experiment.symbols_of(experiment.words_by_split()).index(x) for x in said]
    rows = lecture.letters_of(word), np.array([[1, *numbers[:-1]]]), np.array([numbers])
    before = lecture.probabilities(rows[0], said)[0]
    np.testing.assert_allclose(
        experiment.probabilities(lecture.network, rows)[0], before, atol=1e-5
    )
    monkeypatch.setattr(experiment, "DRAWS", 25)
    moves = itertools.count(1)
    every = SimpleNamespace(integers=lambda low, high, n: np.full(n, next(moves)))
    after = experiment.after_replacing(lecture.network, rows, 26, every)[0]
    np.testing.assert_allclose(before[:, None] - after, lecture.occlusion(word, said), atol=1e-5)


def test_a_sound_is_aligned_with_the_letter_that_makes_it() -> None:
    parts = experiment.words_by_split()
    parts["test"] = pd.DataFrame({"word": ["fib"], "sounds": [["F", "IH", "B"]]})
    assert experiment.by_alignment(parts)[0, :4].tolist() == [0, 1, 2, -1]


@pytest.mark.parametrize(
    ("said", "true", "number"),
    [("", "ab", 2), ("abc", "axc", 1), ("kitten", "sitting", 3), ("ab", "ba", 2)],
)
def test_edits_are_the_least_number_of_changes(said: str, true: str, number: int) -> None:
    assert experiment.edits(list(said), list(true)) == number


def test_the_alignment_is_the_cheapest_of_all_cuts() -> None:
    rng = np.random.default_rng(0)
    pieces = [(), ("A",), ("B",), ("A", "B"), ("B", "A")]
    cost = {(x, piece): rng.random() * 9 for x in "xyz" for piece in pieces}
    for sounds in (["A", "B", "A"], ["B", "B"], ["A", "B", "A", "B"]):
        ways = []
        for sizes in itertools.product(range(3), repeat=3):
            if sum(sizes) == len(sounds):
                ends = np.cumsum(sizes)
                cuts = [tuple(sounds[e - k : e]) for e, k in zip(ends, sizes, strict=True)]
                price = sum(
                    cost.get(pair, 9.0 + 4.0 * (len(pair[1]) == 2))
                    for pair in zip("xyz", cuts, strict=True)
                )
                ways.append((price, tuple(cuts)))
        assert experiment.cheapest("xyz", sounds, cost) == min(ways)[1]


def test_a_context_counts_only_where_it_was_seen_often_enough() -> None:
    counts = experiment.contexts([("ab", ["X"]), ("ac", ["Y"])], [(("X",), ()), (("Y",), ())], 1)
    assert experiment.by_context("ab", counts, reach=1, least=1) == ["X"]
    assert experiment.by_context("ac", counts, reach=1, least=1) == ["Y"]
    assert experiment.by_context("ac", counts, reach=1, least=2) == ["X"]  # of "a" alone, the first


def test_the_digits_of_the_experiment_are_those_of_the_page(lecture) -> None:
    theirs = copied_digits.digits(20, np.random.default_rng(3))
    for a, b in zip(theirs, lecture.digits(20, np.random.default_rng(3), 20), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_weights_are_made_from_the_words_and_the_code_of_today() -> None:
    from helpers.data import DATA_FOLDER, read_pronouncer

    made_from = read_pronouncer(DATA_FOLDER / recipe.WEIGHTS)[1]
    assert made_from == recipe.digest(), "run: python -m tools.samples.make pronouncer"


def test_recipe_and_experiment_have_the_same_settings() -> None:
    rows = experiment.as_arrays(
        experiment.words_by_split()["train"], experiment.symbols_of(experiment.words_by_split())
    )
    for ours, theirs in zip(recipe.as_arrays(), rows, strict=False):
        np.testing.assert_array_equal(ours, theirs)
    assert recipe.NUM_EPOCHS == experiment.EPOCHS and recipe.BATCH_SIZE == experiment.BATCH
    assert (
        recipe.NUM_UNITS == experiment.UNITS_OF_STATE and recipe.LEARNING_RATE in experiment.RATES
    )


def test_the_card_tells_what_the_file_is() -> None:
    import hashlib

    from helpers.data import DATA_FOLDER

    card = (DATA_FOLDER / "pronouncer.md").read_text(encoding="utf-8")
    content = (DATA_FOLDER / recipe.WEIGHTS).read_bytes()
    assert hashlib.sha256(content).hexdigest() in card and f"{len(content):,} bytes" in card
    assert f"{sum(w.size for w in load_pronouncer()):,} numbers" in card
