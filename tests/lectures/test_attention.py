"""Lecture 17: its edits, its alignment, its search, its attention, and its measures of use.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import itertools
from collections import Counter
from types import SimpleNamespace

import jupytext
import keras
import numpy as np
import pytest
from keras import layers
from scipy.special import log_softmax, softmax

from tests.support import ROOT, functions_of

SOUNDS = ["_", ".", "A", "B"]


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the lecture defines; its functions find two sounds, a stop, and at most four steps."""
    found = functions_of("17-attention")
    world = found.speak.__globals__
    number_of = {sound: number for number, sound in enumerate(SOUNDS)}
    given = dict(num_sounds=4, num_letters=5, SOUNDS=SOUNDS, number_of=number_of)
    given |= {"LETTERS": "_abcdefghijklmnopqrstuvwxyz"}
    for name, value in given.items():
        monkeypatch.setitem(world, name, value)
    return found


# -- edits and alignment --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "true", "number"),
    [("", "", 0), ("ab", "ab", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "axc", 1)]
    + [("kitten", "sitting", 3), ("aab", "ab", 1), ("ab", "ba", 2)],
)
def test_edits_are_the_least_number_of_changes(lecture, said, true, number) -> None:
    assert lecture.edits(list(said), list(true)) == number
    assert lecture.edits(list(true), list(said)) == number


def cuts(word: str, sounds: tuple) -> list[tuple]:
    """All ways to give each letter no sound, one or two."""
    ways = []
    for sizes in itertools.product(range(3), repeat=len(word)):
        if sum(sizes) == len(sounds):
            ends = np.cumsum(sizes)
            ways.append(tuple(tuple(sounds[e - k : e]) for e, k in zip(ends, sizes, strict=True)))
    return ways


def test_the_alignment_is_the_cheapest_of_all_ways(lecture) -> None:
    rng = np.random.default_rng(0)
    pieces = [(), *((s,) for s in "XYZ"), *itertools.product("XYZ", repeat=2)]
    cost = {
        (letter, p): rng.uniform(0, 8) for letter in "abc" for p in pieces if rng.random() < 0.8
    }

    def total(word: str, cut: tuple) -> float:
        return sum(
            cost.get(pair, 9.0 + 4.0 * (len(pair[1]) == 2)) for pair in zip(word, cut, strict=True)
        )

    for _ in range(40):
        word = "".join(rng.choice(list("abc"), rng.integers(1, 5)))
        sounds = tuple(str(s) for s in rng.choice(list("XYZ"), rng.integers(0, 2 * len(word) + 1)))
        found = lecture.align(word, sounds, cost)
        least = min(total(word, cut) for cut in cuts(word, sounds))
        assert total(word, found) == pytest.approx(least)
        assert sum(found, ()) == sounds


def test_a_word_with_more_than_two_sounds_a_letter_has_no_alignment(lecture) -> None:
    assert lecture.align("ab", ("X",) * 5, {}) is None


def test_costs_are_minus_the_logarithm_of_shares(lecture) -> None:
    found = lecture.costs(Counter({("a", ("X",)): 3, ("a", ()): 1, ("b", ("Y",)): 5}))
    np.testing.assert_allclose(
        [found[pair] for pair in (("a", ("X",)), ("a", ()), ("b", ("Y",)))],
        [-np.log(0.75), -np.log(0.25), 0],
    )


def test_a_context_is_padded_at_both_ends(lecture) -> None:
    assert [lecture.around("cat", i, 2) for i in range(3)] == ["..cat", ".cat.", "cat.."]
    assert lecture.around("cat", 1, 0) == "a"


# -- numbers for letters and sounds ---------------------------------------------------------------


def test_the_decoder_reads_what_it_had_to_say_one_step_before(lecture) -> None:
    reads, must_say = lecture.sounds_of([["A", "B"], []])
    np.testing.assert_array_equal(reads, [[1, 2, 3, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(must_say, [[2, 3, 1, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(lecture.letters_of(["abz"]), [[1, 2, 26, 0, 0]])
    assert lecture.as_sounds([1, 2, 3, 1]) == ["A", "B"]


@pytest.mark.parametrize("backwards", [False, True])
def test_digits_come_back_in_their_order_or_from_the_last(lecture, backwards) -> None:
    seen, reads, must_say = lecture.digits(50, 6, backwards, np.random.default_rng(0))
    assert seen.min() == 1 and seen.max() == 10
    np.testing.assert_array_equal(must_say, seen[:, ::-1] if backwards else seen)
    np.testing.assert_array_equal(reads[:, 1:], must_say[:, :-1])
    assert (reads[:, 0] == 11).all()


# -- the search -----------------------------------------------------------------------------------


class Chain:
    """A speaker of two sounds and a stop, in which each depends on the one before."""

    def __init__(self, seed: int) -> None:
        self.scores = np.random.default_rng(seed).normal(0, 1.5, (4, 4))  # after pad, stop, A, B
        self.scores[:, 0] = -50  # a pad is never said

    def predict(self, inputs: list[np.ndarray], **_: object) -> np.ndarray:
        return self.scores[inputs[1]]

    def log_chance(self, numbers: list[int]) -> float:
        logs = log_softmax(self.scores, axis=-1)
        return sum(logs[a, b] for a, b in itertools.pairwise([1, *numbers]))


def texts() -> list[list[int]]:
    """All texts of at most four symbols: they end with a stop, or are cut after four."""
    whole = [[*t, 1] for k in range(4) for t in itertools.product((2, 3), repeat=k)]
    return whole + [list(t) for t in itertools.product((2, 3), repeat=4)]


@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_the_most_probable_of_all_texts(lecture, seed) -> None:
    chain = Chain(seed)
    best = max(texts(), key=chain.log_chance)
    for log, numbers in lecture.speak(chain, np.ones((2, 5), int), width=30):
        assert numbers == [1, *best]
        assert log == pytest.approx(chain.log_chance(best))


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_of_one_is_greedy(lecture, seed) -> None:
    chain, greedy = Chain(seed), [1]
    while len(greedy) < 5 and (len(greedy) == 1 or greedy[-1] != 1):
        greedy.append(int(chain.scores[greedy[-1]].argmax()))
    (log, numbers), _ = lecture.speak(chain, np.ones((2, 5), int))
    assert numbers == greedy
    assert log == pytest.approx(chain.log_chance(greedy[1:]))


def test_a_beginning_that_has_ended_stays_as_it_is(lecture) -> None:
    logs = np.log([[0.1, 0.2, 0.4, 0.3], [0.1, 0.2, 0.4, 0.3]])
    grown = lecture.longer([(-1.0, [1, 2, 1]), (-0.5, [1, 3])], logs, 2)
    assert grown == [(-1.0, [1, 2, 1]), (pytest.approx(-0.5 + np.log(0.4)), [1, 3, 2])]


# -- attention ------------------------------------------------------------------------------------


def case(num_queries: int = 3, num_states: int = 5, size: int = 4) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(num_queries, size)), rng.normal(size=(num_states, size))


def test_weights_are_shares_and_pads_have_none(lecture) -> None:
    queries, states = case()
    real = np.array([True, True, False, True, False])
    weights, contexts = lecture.attend(lecture.dot_scores(queries, states), states, real)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert not weights[:, ~real].any() and (weights[:, real] > 0).all()
    np.testing.assert_allclose(contexts, weights @ states)


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_attention_by_hand_equals_the_layer_of_keras(lecture, kind) -> None:
    queries, states = (part.astype("float32") for part in case())
    real = np.array([True, True, True, False, False])
    rng = np.random.default_rng(1)
    W_q, W_k, v = (rng.normal(size=s).astype("float32") for s in ((4, 6), (4, 6), (6,)))
    if kind == "dot":
        layer, inputs = layers.Attention(), [queries, states]
        scores = lecture.dot_scores(queries, states)
    else:
        layer, inputs = layers.AdditiveAttention(), [queries @ W_q, states, states @ W_k]
        scores = lecture.additive_scores(queries, states, W_q, W_k, v)
    inputs = [part[None] for part in inputs]
    layer(inputs)
    if kind == "additive":
        layer.set_weights([v])
    contexts, weights = (
        keras.ops.convert_to_numpy(part)[0]
        for part in layer(inputs, mask=[None, real[None]], return_attention_scores=True)
    )
    by_hand = lecture.attend(scores, states, real)
    np.testing.assert_allclose(by_hand[0], weights, atol=1e-5)
    np.testing.assert_allclose(by_hand[1], contexts, atol=1e-5)


def network(lecture, look: bool) -> keras.Model:
    keras.utils.set_random_seed(0)
    return lecture.looking_back(27, 4) if look else lecture.encoder_decoder(27, 4)


def test_the_weights_by_hand_give_the_scores_of_the_network(lecture) -> None:
    model = network(lecture, look=True)
    X, (reads, _) = lecture.letters_of(["abc", "deadb"]), lecture.sounds_of([["A"], ["B", "A"]])
    weights = lecture.weights_of(model, X, reads)
    parts = [model.get_layer("encoder").output[0], model.get_layer("decoder").output]
    states, queries = keras.Model(model.inputs, parts).predict([X, reads], verbose=0)
    W_o, b_o = model.get_layer("scores").get_weights()
    by_hand = np.concatenate([queries, weights @ states], axis=-1) @ W_o + b_o
    said = model.predict([X, reads], verbose=0)
    real = reads > 0
    np.testing.assert_allclose(by_hand[real], said[real], atol=1e-5)
    assert not weights[0, :, 3:].any()


@pytest.mark.parametrize("look", [False, True])
def test_what_stands_behind_the_pads_changes_nothing(lecture, look) -> None:
    model = network(lecture, look)
    X, (reads, _) = lecture.letters_of(["abc"]), lecture.sounds_of([["A", "B"]])
    short, long = (model.predict([part, reads], verbose=0) for part in (X[:, :3], X))
    np.testing.assert_allclose(short[:, :3], long[:, :3], atol=1e-5)


def test_the_loss_leaves_pads_out(lecture) -> None:
    model = network(lecture, look=True)
    X, (reads, says) = lecture.letters_of(["abc", "de"]), lecture.sounds_of([["A"], ["B", "A"]])
    losses = lecture.fit(model, (X, reads, says), epochs=1, watched=(X, reads, says))
    logs = lecture.log_chances(model, X, reads, says)
    assert losses["val_loss"][0] == pytest.approx(-logs[reads > 0].mean(), rel=1e-4)


# -- what is used ---------------------------------------------------------------------------------


class Speller:
    """A speaker whose step s looks at letter s alone: likely where that letter is 'a'."""

    def predict(self, inputs: list[np.ndarray], **_: object) -> np.ndarray:
        X, reads = inputs
        scores = np.zeros((*reads.shape, 4))
        scores[..., 2] = np.where(X[:, : reads.shape[1]] == 1, 5.0, 0.0)
        return scores


def test_use_is_found_at_the_letters_that_matter_and_nowhere_else(lecture) -> None:
    X = lecture.letters_of(["aaaa", "aa"])
    reads, says = lecture.sounds_of([["A", "A", "A"], ["A"]])
    use = lecture.use_of(Speller(), X, reads, np.full_like(says, 2))
    assert use.shape == (2, 4, 5)
    fall = np.log(softmax([0.0, 0.0, 5.0, 0.0])[2] * 4)
    np.testing.assert_allclose(use[0], np.eye(4, 5) * fall, atol=1e-9)
    np.testing.assert_allclose(use[1, :, 2:], 0, atol=1e-9)  # no letter there


def test_the_line_goes_from_the_first_letter_to_the_last(lecture) -> None:
    assert lecture.line("abcd", "XY") == [1, 3]
    assert lecture.line("abc", "XYZ") == [0, 1, 2]
    assert lecture.line("a", "XYZ") == [0, 0, 0]


def test_the_letters_that_made_the_sounds_are_those_of_the_cut(lecture, monkeypatch) -> None:
    cost = {("p", ()): 0.5, ("h", ("F",)): 0.1, ("e", ("E", "R")): 0.1}
    monkeypatch.setitem(lecture.makers.__globals__, "cost_of", cost)
    assert lecture.makers("phe", ["F", "E", "R"]) == [1, 2, 2]
    assert lecture.makers("p", ["F", "E", "R"]) == []


@pytest.fixture
def three_sounds(lecture, monkeypatch) -> None:
    """One word of three sounds, made by letters 0, 1 and 3; the line errs about the last two."""
    given = dict(made_by=[[0, 1, 3]], maker=np.array([0, 1, 3]))
    given |= {"off_line": np.array([False, True, True])}
    given |= {"first_sound": np.array([True, False, False])}
    for name, value in given.items():
        monkeypatch.setitem(lecture.judged.__globals__, name, value)


def test_an_opinion_is_judged_by_its_letters(lecture, three_sounds) -> None:
    found = lecture.judged(np.array([[0, 2, 3, 9, 9]]))
    assert found["made"] == pytest.approx(2 / 3)
    assert found["made, line wrong"] == 0.5


def test_first_sounds_are_judged_apart_from_the_others(lecture, three_sounds, monkeypatch) -> None:
    opinions = {"late": np.array([[1, 2, 3, 9, 9]]), "used": np.array([[1, 1, 3]])}
    monkeypatch.setitem(lecture.away.__globals__, "opinions", opinions)
    monkeypatch.setitem(lecture.away.__globals__, "three", ["", "used"])
    first = np.array([True, False, False])
    found = {"one early": 0, "made": 0, "one late": 1, "as used": 1}
    assert lecture.away("late", first) == found
    found = {"one early": 0, "made": 0.5, "one late": 0.5, "as used": 0.5}
    assert lecture.away("late", ~first) == found
    assert lecture.facts_of(opinions["late"]) == {"first": 0, "others": 0.5}


def test_a_pad_is_never_the_letter_that_is_used_most(lecture, monkeypatch) -> None:
    falls = np.array([[[-3.0, -1.0, 0.0], [-1.0, -2.0, 0.0]]])
    monkeypatch.setitem(lecture.speak.__globals__, "use_of", lambda *_, **__: falls)
    found = lecture.most_used(None, np.array([[4, 5, 0]]), None, None)
    np.testing.assert_array_equal(found, [[1, 0]])


# -- the exercise on the best of all texts ---------------------------------------------------------


@pytest.fixture(scope="module")
def check_of_best() -> SimpleNamespace:
    """What the check of that exercise defines before it calls the reader's function."""
    cells = jupytext.read(ROOT / "lectures" / "17-attention.md").cells
    (source,) = (cell.source for cell in cells if "def best_of_all" in cell.source)
    world: dict = {"np": np}
    exec(source[: source.index("check_function(")], world)
    return SimpleNamespace(**world)


@pytest.mark.parametrize(("length", "size"), [(1, 4), (3, 2), (7, 3), (6, 5)])
def test_the_reference_finds_the_best_of_all_texts(check_of_best, length, size) -> None:
    first, follow, _ = check_of_best.chain_case(0, length, size)
    chances = [
        first[text[0]] * np.prod([follow[pair] for pair in itertools.pairwise(text)])
        for text in itertools.product(range(size), repeat=length)
    ]
    assert check_of_best.best_of_all(first, follow, length) == pytest.approx(np.log(max(chances)))


def test_the_trap_catches_beams(check_of_best) -> None:
    case = check_of_best.trap_for_beams(40, 1e-9)
    np.testing.assert_allclose([case[0].sum(), *case[1].sum(axis=1)], 1)
    best = check_of_best.best_of_all(*case)
    assert best == pytest.approx(np.log(1e-9))
    assert all(check_of_best.by_beam(*case, width) < best - 1 for width in (1, 9, 100, 2000))
