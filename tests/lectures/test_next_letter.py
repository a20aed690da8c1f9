"""Lecture 07: its counts, its costs, its draws and its network that reads a letter at a time.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from scipy.special import log_softmax, softmax

from helpers.data import DATA_FOLDER
from helpers.record import FOLDER
from tests.support import functions_of

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"
NAMES = ["anna", "hannah", "ann", "bob", "abby", "hana"]


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the lecture defines; its functions find the symbols and the number of steps."""
    found = functions_of("07-next-letter")
    world = found.encode.__globals__
    monkeypatch.setitem(world, "SYMBOLS", SYMBOLS)
    monkeypatch.setitem(world, "num_steps", 8)
    return found


def witten_bell(run: str, symbol: str, longest: int) -> Fraction:
    """The recursion of the lecture's formula, in fractions, on counts made one by one."""
    texts = ["." * longest + name + "." for name in NAMES]
    ends = [(text, t) for text in texts for t in range(longest, len(text))]

    def guess(k: int) -> Fraction:
        if k < 0:
            return Fraction(1, 27)
        part = run[len(run) - k :]
        after = [text[t] for text, t in ends if text[t - k : t] == part]
        if not after:
            return guess(k - 1)
        kinds = len(set(after))
        return (after.count(symbol) + kinds * guess(k - 1)) / Fraction(len(after) + kinds)

    return guess(longest)


@pytest.mark.parametrize("longest", [0, 1, 2, 3])
@pytest.mark.parametrize("past", ["", "a", "an", "hann", "zq"])
def test_counts_guess_by_witten_bell_and_sum_to_one(lecture, longest, past) -> None:
    counts = lecture.count_runs(NAMES, longest, SYMBOLS)
    guess = lecture.next_by_counts(past, counts)
    assert guess.sum() == pytest.approx(1) and (guess > 0).all()
    run = ("." * longest + past)[len(past) :]
    expected = [float(witten_bell(run, symbol, longest)) for symbol in SYMBOLS]
    np.testing.assert_allclose(guess, expected)


def test_a_shorter_run_can_be_read_from_the_counts_of_longer_ones(lecture) -> None:
    longer = {**lecture.count_runs(NAMES, 4, SYMBOLS), "longest": 2}
    counts = lecture.count_runs(NAMES, 2, SYMBOLS)
    for past in ("", "b", "han"):
        ours, expected = (lecture.next_by_counts(past, c) for c in (longer, counts))
        np.testing.assert_allclose(ours, expected)


def test_the_cost_of_a_text_is_that_of_the_product_of_its_guesses(lecture) -> None:
    counts = lecture.count_runs(NAMES, 2, SYMBOLS)
    chances = [
        lecture.next_by_counts("hana"[:t], counts)[SYMBOLS.index(symbol)]
        for t, symbol in enumerate("hana.")
    ]
    assert lecture.bits_by_counts("hana", counts).sum() == pytest.approx(-np.log2(np.prod(chances)))
    assert len(lecture.bits_by_counts("hana", counts, most=3)) == 3


def test_targets_are_the_inputs_one_step_on(lecture) -> None:
    inputs, targets = lecture.encode(["ab", "hannah"])
    assert inputs.tolist()[0] == [1, 2, 3, 0, 0, 0, 0, 0]
    assert targets.tolist()[0] == [1, 2, 0, 0, 0, 0, 0, 0]
    assert (inputs[1, 1:7] == targets[1, :6] + 1).all() and targets[1, 6] == 0


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM"])
def test_the_cost_by_hand_is_keras_s_masked_loss(lecture, kind) -> None:
    network = lecture.build(kind, 8)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(loss=loss)
    inputs, targets = lecture.encode(NAMES)
    by_keras = network.evaluate(inputs, targets, batch_size=len(NAMES), verbose=0)
    cost = lecture.bits_by_network(network, NAMES)
    assert (cost[inputs == 0] == 0).all()
    assert cost.sum() / (inputs > 0).sum() * np.log(2) == pytest.approx(by_keras, rel=1e-5)


def test_what_a_network_guesses_does_not_depend_on_what_follows(lecture) -> None:
    network = lecture.build("LSTM", 8)
    one, other = lecture.bits_by_network(network, ["anna", "annabby"])
    np.testing.assert_allclose(one[:4], other[:4], rtol=1e-4)


def test_draws_are_as_frequent_as_the_temperature_says(lecture) -> None:
    scores = np.array([1.0, 0.0, 2.0, -np.inf])
    for temperature in (0.5, 1.0, 2.0):
        rng = np.random.default_rng(0)
        drawn = lecture.draw(np.tile(scores, (40_000, 1)), temperature, rng)
        found = np.bincount(drawn, minlength=4) / len(drawn)
        np.testing.assert_allclose(found, softmax(scores / temperature), atol=0.01)


def test_a_temperature_is_a_power_of_the_probabilities() -> None:
    scores = np.random.default_rng(0).normal(size=6)
    powers = softmax(scores) ** (1 / 0.7)
    np.testing.assert_allclose(softmax(scores / 0.7), powers / powers.sum())


def test_one_edit_away_is_what_it_says(lecture) -> None:
    near = lecture.one_edit_away("ann")
    assert {"an", "nn", "ana", "anna", "hann", "ant", "ann"} <= near
    assert not {"annes", "bnna", "n"} & near


def test_the_gradient_of_the_logits_is_what_was_said_minus_what_came(lecture) -> None:
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 4, 5)), rng.integers(5, size=(2, 4))
    real = np.array([[1, 1, 1, 0], [1, 0, 0, 0]])
    scores = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        cost = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, scores)
        loss = tf.reduce_sum(cost * real) / real.sum()
    expected = tape.gradient(loss, scores).numpy()
    np.testing.assert_allclose(lecture.logit_gradient(logits, targets, real), expected, atol=1e-12)


def test_a_beam_of_all_finds_the_best_name_and_a_narrow_one_may_not(lecture) -> None:
    table = {"": {"a": 0.6, "b": 0.4}, "a": {"c": 0.5, "d": 0.5}, "b": {".": 1.0}}

    def guess(text: str) -> np.ndarray:
        return np.array([table.get(text, {".": 1.0}).get(symbol, 0.0) for symbol in SYMBOLS])

    assert lecture.most_probable(guess, SYMBOLS, 30, 5) == "b"
    assert lecture.most_probable(guess, SYMBOLS, 1, 5) in {"ac", "ad"}


def test_reading_a_letter_at_a_time_is_reading_all_at_once(lecture) -> None:
    """The two models of the lecture have one list of weights."""
    reader = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(5, 3),
            layers.LSTM(4, return_sequences=True),
            layers.Dense(5),
        ]
    )
    letter, states = keras.Input((1,), dtype="int32"), [keras.Input((4,)), keras.Input((4,))]
    last, *after = layers.LSTM(4, return_state=True)(
        layers.Embedding(5, 3)(letter), initial_state=states
    )
    step = keras.Model([letter, *states], [layers.Dense(5)(last), *after])
    step.set_weights(reader.get_weights())
    lecture.read_on.__globals__["one_step"] = step
    text, states = np.array([[0, 3, 1, 4, 2]]), [np.zeros((1, 4), "float32")] * 2
    at_once = reader.predict(text, verbose=0)
    for t, number in enumerate(text[0]):
        scores, states = lecture.read_on([number], states)
        np.testing.assert_allclose(log_softmax(scores), log_softmax(at_once[:, t]), atol=1e-5)


def test_the_chance_of_the_last_letter_is_that_of_the_guess_after_the_others(lecture) -> None:
    """By network and by table, whose runs reach as far back as a part does."""
    world = lecture.chance_by_table.__globals__
    world["letters"] = SYMBOLS
    parts = ["han", "ann", "bby"]
    network = keras.Sequential(
        [keras.Input((None,), dtype="int32"), layers.Embedding(27, 3), layers.Dense(27)]
    )
    by_hand = softmax(network.predict(np.array([[1]]), verbose=0)[0, 0])
    found = lecture.chance_by_network(network, ["ba" + symbol for symbol in "abc"])
    np.testing.assert_allclose(found, by_hand[1:4], rtol=1e-5)
    counts = lecture.count_runs(NAMES, 2, SYMBOLS)
    expected = [float(witten_bell(part[:2], part[2], 2)) for part in parts]
    np.testing.assert_allclose(lecture.chance_by_table(counts, parts), expected)


def test_the_stored_curve_is_that_of_the_weights_in_the_book() -> None:
    kept = json.loads((FOLDER / "stored" / "next-letter-contexts.json").read_text("utf-8"))
    weights = hashlib.sha256((DATA_FOLDER / "speaker.npz").read_bytes()).hexdigest()
    assert weights.startswith(kept["value"]["weights"])
    assert {"FINGERPRINT", "build_reader", "chance_by_network"} <= kept["uses"].keys()
