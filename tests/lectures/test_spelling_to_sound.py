"""The page on spelling and sound: its network, speaking; its experiments."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from experiments import spelling_to_sound as experiment
from helpers.data import load_pronouncer
from tests.support import functions_of
from tools.samples import pronouncer as recipe


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    """What the page defines, with its trained network."""
    found = functions_of("spelling-to-sound")
    encoder, decoder = found.make_encoder(), found.make_decoder()
    letters, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    states, g, cell = encoder(letters)
    scores, *_ = decoder([before, g, cell, states, keras.ops.not_equal(letters, 0)])
    network = keras.Model([letters, before], scores)
    network.set_weights(load_pronouncer())
    found.network = network
    found.speak.__globals__.update(encoder=encoder, decoder=decoder)  # of the page, all functions'
    return found


def test_the_networks_of_page_experiment_and_recipe_are_the_same(lecture) -> None:
    *_, theirs = experiment.network(27, 41, "attention")
    ours = recipe.network_of_layers(41)
    shapes = [w.shape for w in lecture.network.get_weights()]
    assert shapes == [w.shape for w in theirs.get_weights()]
    assert shapes == [w.shape for w in ours.get_weights()]
    letters, reads = np.array([[3, 1, 20, 0, 0]]), np.array([[1, 20, 5]])
    for other in (theirs, ours):
        other.set_weights(lecture.network.get_weights())
        scores = lecture.network([letters, reads])
        np.testing.assert_allclose(other([letters, reads]), scores, atol=1e-4)


def test_words_become_rows_of_numbers(lecture) -> None:
    assert lecture.to_ids(["cab", "z"]).tolist() == [[3, 1, 2], [26, 0, 0]]


def test_decoding_step_by_step_is_what_the_whole_network_says(lecture) -> None:
    for word in ("decipher", "flight", "junction"):
        said, weights = lecture.speak(word)
        scores = lecture.network.predict_on_batch([lecture.to_ids([word]), np.array([[1, *said]])])
        assert scores[0].argmax(axis=-1).tolist() == [*said, 1]
        assert weights.shape == (len(said), len(word))
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("said", "true", "number"),
    [("", "ab", 2), ("abc", "axc", 1), ("kitten", "sitting", 3), ("ab", "ba", 2)],
)
def test_edits_are_the_least_number_of_changes(said: str, true: str, number: int) -> None:
    assert experiment.edits(list(said), list(true)) == number


def test_a_word_that_does_not_end_is_refused(lecture) -> None:
    with pytest.raises(ValueError, match="no stop after 16 sounds"):
        lecture.speak("antidisestablishmentarianism")


def test_ctc_has_two_outputs_per_letter_and_blanks_behind_the_word(lecture) -> None:
    from experiments.letter_rivals import CTC, DEEP, SIZES, build, collapsed, repeats

    network = build(SIZES[CTC])
    assert network.count_params() == pytest.approx(lecture.network.count_params(), rel=0.02)
    assert build(SIZES[DEEP]).count_params() == 50_048  # the rival has a few more, not fewer
    scores = np.array(network(np.array([[3, 1, 20, 0]])))
    assert scores.shape == (1, 8, 40) and (scores[0, 6:].argmax(axis=-1) == 0).all()
    assert collapsed([0, 5, 5, 0, 5, 7, 0]) == [5, 5, 7]
    assert repeats(np.array([[3, 3, 4, 1, 0, 0], [3, 4, 3, 1, 0, 0]])).tolist() == [1, 0]


def test_the_probabilities_of_the_next_pair_sum_to_one_and_known_words_are_spoken() -> None:
    from experiments.letter_rivals import BEGIN, END, NGrams

    words = [[("a", ("A",)), ("b", ()), ("a", ("E",))], [("b", ("B",)), ("a", ("A",))]]
    words += [[("a", ("A",)), ("a", ("E",))], [("b", ("B",))]]
    grams = NGrams(words, 3)
    pairs = [*grams.counts[0]]
    assert all(history == () for history, _ in pairs)
    for history in [(BEGIN, BEGIN), (BEGIN, ("b", ("B",))), (END, END), (("a", ("A",)), ("b", ()))]:
        total = sum(grams.probability(history, pair) for _, pair in pairs)
        unseen = grams.probability(history, ("z", ()))
        assert total + unseen == pytest.approx(1)
    assert grams.spoken("ba") == ["B", "A"]


def test_the_letters_of_flight_and_fix_make_the_sounds_that_the_page_says() -> None:
    train = experiment.words_by_split()["train"]
    _, cost = experiment.aligned(list(zip(train["word"], train["sounds"], strict=True)))
    made = experiment.cheapest("flight", ["F", "L", "AY", "T"], cost)
    assert made == (("F",), ("L",), ("AY",), (), (), ("T",))
    made = experiment.cheapest("fix", ["F", "IH", "K", "S"], cost)
    assert made == (("F",), ("IH",), ("K", "S"))


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


def test_the_sounds_that_the_decoder_reads_are_those_of_the_experiment() -> None:
    parts = experiment.words_by_split()
    _, reads, says = experiment.as_arrays(parts["test"], experiment.symbols_of(parts))
    ours = np.pad(says[:, :-1], ((0, 0), (1, 0)), constant_values=1)
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
