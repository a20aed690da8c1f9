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
    found.encoder, found.decoder, found.network = encoder, decoder, network
    return found


def ids_of(word: str) -> np.ndarray:
    """The letters of a word as ids (1, T)."""
    return np.array([[ord(letter) - 96 for letter in word]])


def test_the_decoder_reads_each_digit_one_step_late(lecture) -> None:
    seen = lecture.digits(50, np.random.default_rng(0), longest=6)
    reads = lecture.shift(seen, start=11)
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


def test_decoding_step_by_step_is_what_the_whole_network_says(lecture) -> None:
    for word in ("decipher", "flight", "junction"):
        letters = ids_of(word)
        said, weights = lecture.speak(lecture.encoder, lecture.decoder, word)
        scores = lecture.network.predict_on_batch([letters, np.array([[1, *said]])])
        assert scores[0].argmax(axis=-1).tolist() == [*said, 1]
        assert weights.shape == (len(said), len(word))
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


def test_a_batch_is_decoded_as_each_alone(lecture) -> None:
    words = np.concatenate([ids_of("junction"), np.pad(ids_of("flight"), ((0, 0), (0, 2)))])
    said, weights = lecture.decode(lecture.encoder, lecture.decoder, words, 1, num_steps=3)
    assert said.shape == (2, 3) and weights.shape == (2, 3, 8)
    for row, word in zip(said, ("junction", "flight"), strict=True):
        alone, _ = lecture.speak(lecture.encoder, lecture.decoder, word)
        assert row.tolist() == alone[:3].tolist()


def probabilities(lecture, letters: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Of the sounds (S,), as the page has it, for words (n, T): (n, S)."""
    encoded = lecture.encoder(letters)
    return lecture.probabilities(lecture.decoder, encoded, letters, said, start=1)


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    """The numbers of the sounds of a word."""
    symbols = experiment.symbols_of(experiment.words_by_split())
    return np.array([symbols.index(sound) for sound in ("K", "AE", "T")])


def test_occlusion_is_the_mean_share_lost_over_the_other_letters(lecture, cat) -> None:
    letters, networks = ids_of("cat"), (lecture.encoder, lecture.decoder)
    before = probabilities(lecture, letters, cat)[0]
    others = [f"c{letter}t" for letter in string.ascii_lowercase if letter != "a"]
    after = [probabilities(lecture, ids_of(x), cat)[0] for x in others]
    lost = lecture.occlusion(*networks, letters[0], cat, start=1, symbols=range(1, 27))
    np.testing.assert_allclose(lost[:, 1], 1 - np.mean(after, axis=0) / before, atol=1e-4)


def test_the_experiment_replaces_one_letter_as_the_page_does(lecture, cat, monkeypatch) -> None:
    letters, networks = ids_of("cat"), (lecture.encoder, lecture.decoder)
    rows = letters, np.array([[1, *cat[:-1]]]), np.array([cat])
    before = probabilities(lecture, letters, cat)[0]
    theirs = experiment.probabilities(lecture.network, rows)[0]
    np.testing.assert_allclose(theirs, before, atol=1e-5)
    monkeypatch.setattr(experiment, "DRAWS", 25)
    moves = itertools.count(1)
    every = SimpleNamespace(integers=lambda low, high, n: np.full(n, next(moves)))
    after = experiment.after_replacing(lecture.network, rows, 26, every)[0]
    lost = lecture.occlusion(*networks, letters[0], cat, start=1, symbols=range(1, 27))
    np.testing.assert_allclose(1 - after / before[:, None], lost, atol=1e-4)


def test_the_experiment_patches_one_state_as_the_page_does(lecture, monkeypatch) -> None:
    word, networks = ids_of("ashburn"), (lecture.encoder, lecture.decoder)
    said, _ = lecture.speak(*networks, "ashburn")
    rows = word, np.array([[1, *said[:-1]]]), said[None]
    others = lecture.replaced(word[0], 5, range(1, 27))
    ours = {}
    for name, t in {"map": 4, "worst": 5}.items():
        same = np.repeat(word, 25, axis=0)
        mixed = lecture.patched(lecture.encoder, same, others, t)
        ours[name] = lecture.probabilities(lecture.decoder, mixed, same, said, 1)[:, 3].mean()
    monkeypatch.setattr(experiment, "DRAWS", 25)
    monkeypatch.setattr(experiment, "LETTERS", 7)
    moves, rng = itertools.count(1), np.random.default_rng(0)
    every = SimpleNamespace(integers=lambda *_: np.full(1, next(moves)), random=rng.random)
    places = (np.full((1, len(said)), t) for t in (4, 5))
    where = np.arange(len(said))[None] == 3
    theirs = experiment.patched(*networks_of_experiment(lecture), rows, *places, where, every)
    for name, probability in ours.items():
        assert theirs[f"patched_{name}"] == pytest.approx(probability, abs=1e-4)
    assert theirs["patched_map"] < 0.3 < 0.6 < theirs["patched_worst"]


def networks_of_experiment(lecture) -> tuple:
    """Encoder and decoder of the experiment, with the weights of the page's."""
    encoder, decoder, joined = experiment.network(27, 41, True)
    joined.set_weights(lecture.network.get_weights())
    return encoder, decoder


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
    theirs, reads = copied_digits.digits(20, np.random.default_rng(3))
    ours = lecture.digits(20, np.random.default_rng(3), 20)
    np.testing.assert_array_equal(theirs, ours)
    np.testing.assert_array_equal(reads, lecture.shift(ours, copied_digits.BEGIN))


def test_the_sounds_that_the_decoder_reads_are_those_of_the_experiment(lecture) -> None:
    parts = experiment.words_by_split()
    _, reads, says = experiment.as_arrays(parts["test"], experiment.symbols_of(parts))
    ours = lecture.shift(says, start=1)
    np.testing.assert_array_equal(ours[says > 0], reads[says > 0])


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
