"""Lecture 14: its probes, ablations and test sentences do what its text says they do.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of

UNITS = 5


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("14-lstm-probes")


def some_weights(seed: int = 0, units: int = UNITS, words: int = 20) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = [(words, 3), (3, 4 * units), (units, 4 * units), (4 * units,), (units, 1), (1,)]
    return [rng.normal(0, 0.6, shape) for shape in shapes]


def some_ids(n: int = 6, T: int = 9) -> np.ndarray:
    ids = np.random.default_rng(1).integers(1, 20, (n, T))
    for row, length in enumerate(np.linspace(1, T, n).astype(int)):
        ids[row, length:] = 0
    return ids


def held(weights: list[np.ndarray], ids: np.ndarray, unit: int, value: float) -> np.ndarray:
    """P(positive) of a network whose unit is set to a value after every step, one step a time."""
    table, W_x, W_h, b, W, b_head = weights
    answers = []
    for row in ids:
        hidden, cell = np.zeros(len(W_h)), np.zeros(len(W_h))
        hidden[unit] = value
        for word in row[row > 0]:
            z = b + table[word] @ W_x + hidden @ W_h
            i, f, c, o = np.split(z, 4)
            i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
            cell = f * cell + i * np.tanh(c)
            hidden = o * np.tanh(cell)
            hidden[unit] = value
        answers.append(1 / (1 + np.exp(-(hidden @ W[:, 0] + b_head[0]))))
    return np.array(answers)


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("num_inputs", "num_units"), [(1, 1), (3, 5), (50, 10)])
def test_the_lstm_by_hand_equals_keras(lecture, num_inputs, num_units) -> None:
    rng = np.random.default_rng(0)
    layer = layers.LSTM(num_units, return_sequences=True)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, 0.4, weight.shape) for weight in layer.get_weights()])
    X = rng.normal(size=(3, 11, num_inputs)).astype("float32")
    found = lecture.lstm(X, *layer.get_weights())["hidden"]
    np.testing.assert_allclose(found, keras.ops.convert_to_numpy(layer(X)), rtol=0, atol=1e-6)


def test_the_state_at_the_end_is_that_of_the_last_word(lecture) -> None:
    ids = np.array([[4, 5, 0, 0], [7, 0, 0, 0], [1, 2, 3, 4]])
    places = np.arange(12).reshape(3, 4)
    np.testing.assert_array_equal(lecture.at_the_end(places, ids), [1, 4, 11])


def test_pads_behind_change_no_answer(lecture) -> None:
    ids = some_ids()
    longer = np.pad(ids, ((0, 0), (0, 5)))
    weights = some_weights()
    found = [lecture.log_odds(weights, some) for some in (ids, longer)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


# -- which word moved the verdict ---------------------------------------------------------------


def a_row(length: int = 6) -> np.ndarray:
    return np.random.default_rng(3).integers(1, 20, length)


def test_deletion_is_the_verdict_with_less_the_verdict_without(lecture) -> None:
    weights, row = some_weights(), a_row()
    found = lecture.deletion(weights, row)
    whole = lecture.log_odds(weights, row[None])[0]
    for t in range(len(row)):
        without = lecture.log_odds(weights, np.delete(row, t)[None])[0]
        assert found[t] == pytest.approx(whole - without)


def test_replacing_a_word_by_itself_changes_nothing(lecture) -> None:
    lecture.replacement.__globals__["running_words"] = np.array([7])
    found = lecture.replacement(some_weights(), np.full(5, 7), np.random.default_rng(0))
    np.testing.assert_allclose(found, 0, atol=1e-12)


def test_replacement_compares_with_the_mean_of_the_drawn_words(lecture) -> None:
    lecture.replacement.__globals__["running_words"] = np.array([7])
    weights, row = some_weights(), a_row()
    found = lecture.replacement(weights, row, np.random.default_rng(0), draws=3)
    for t in range(len(row)):
        other = row.copy()
        other[t] = 7
        both = lecture.log_odds(weights, np.array([row, other]))
        assert found[t] == pytest.approx(both[0] - both[1])


def test_the_slopes_add_up_to_that_of_all_words_together(lecture) -> None:
    weights, row = some_weights(), a_row()
    z = [
        lecture.log_odds([weights[0] * a, *weights[1:]], row[None])[0] for a in (1 + 1e-5, 1 - 1e-5)
    ]
    total = lecture.gradient_times_input(weights, row).sum()
    assert total == pytest.approx((z[0] - z[1]) / 2e-5, rel=1e-5)


def test_the_last_slope_is_what_the_exercise_derives(lecture) -> None:
    weights, row = some_weights(), a_row()
    before = lecture.read(weights, row[None, :-1])
    h, c = (before[name][0, -1] for name in ("hidden", "cell"))
    found = lecture.last_slope(weights[0][row[-1]], h, c, weights)
    assert found == pytest.approx(lecture.gradient_times_input(weights, row)[-1], rel=1e-6)


def test_the_steps_lead_from_the_bias_to_the_verdict(lecture) -> None:
    weights, row = some_weights(), a_row()
    total = lecture.steps(weights, row).sum()
    assert total == pytest.approx(lecture.log_odds(weights, row[None])[0] - weights[5][0])


def test_a_colour_is_turned_round_where_the_head_is_negative(lecture) -> None:
    weights, row = some_weights(), a_row()
    turned = [*weights[:4], -weights[4], weights[5]]
    np.testing.assert_allclose(
        lecture.colour(weights, row, 2), -lecture.colour(turned, row, 2), rtol=1e-12
    )


def test_words_that_only_add_do_not_interact(lecture) -> None:
    weight = np.random.default_rng(0).normal(size=20)
    found = lecture.interaction(lambda ids: weight[ids].sum(axis=1), a_row(), 1, 4)
    assert found == pytest.approx(0, abs=1e-12)


def test_words_that_need_each_other_do(lecture) -> None:
    def both(ids: np.ndarray) -> np.ndarray:
        return ((ids == 3).any(axis=1) & (ids == 5).any(axis=1)).astype(float)

    row = np.array([1, 3, 2, 5])
    assert lecture.interaction(both, row, 1, 3) == 1
    assert lecture.interaction(both, row, 0, 2) == 0


# -- ablation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", range(UNITS))
@pytest.mark.parametrize("value", [0.0, 0.3, -0.7])
def test_a_fixed_unit_is_seen_as_a_constant_at_every_step(lecture, unit, value) -> None:
    weights, ids = some_weights(), some_ids()
    fixed = lecture.fix_unit(weights, unit, value)
    # The state before the first word is zero for all units, but for the one that is held.
    np.testing.assert_allclose(
        lecture.sigmoid(lecture.log_odds(fixed, ids)), held(weights, ids, unit, value), rtol=1e-10
    )


def test_the_head_may_see_another_constant_than_the_units(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    one, other = (lecture.fix_unit(weights, 1, 0.3, at_end) for at_end in (0.3, 0.8))
    difference = lecture.log_odds(other, ids) - lecture.log_odds(one, ids)
    np.testing.assert_allclose(difference, 0.5 * weights[4][1, 0], rtol=1e-10)


def test_fixing_a_unit_leaves_the_weights_as_they_are(lecture) -> None:
    weights = some_weights()
    before = [array.copy() for array in weights]
    lecture.fix_unit(weights, 2, 0.5)
    for array, old in zip(weights, before, strict=True):
        np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize("unit", range(UNITS))
def test_a_network_without_a_unit_answers_as_if_it_were_held_at_zero(lecture, unit) -> None:
    weights, ids = some_weights(), some_ids()
    smaller = lecture.without(weights, unit)
    assert smaller[2].shape == (UNITS - 1, 4 * (UNITS - 1))
    found = lecture.sigmoid(lecture.log_odds(smaller, ids))
    np.testing.assert_allclose(found, held(weights, ids, unit, 0.0), rtol=1e-10)


def test_a_unit_held_at_zero_is_not_a_unit_removed(lecture) -> None:
    weights = some_weights()
    held_at_zero, removed = lecture.fix_unit(weights, 1, 0.0), lecture.without(weights, 1)
    shapes = [[array.shape for array in some] for some in (held_at_zero, removed)]
    assert shapes[0] != shapes[1]


# -- measures -----------------------------------------------------------------------------------


def test_one_idea_told_ten_times_has_one_direction(lecture) -> None:
    idea = np.random.default_rng(0).normal(size=(200, 1))
    signs = np.array([1, -1, 2, -3, 1, 1, 5, -1, 1, 0.1])
    assert lecture.first_share(idea * signs) == pytest.approx(1)


def test_unrelated_units_share_the_variance(lecture) -> None:
    states = np.random.default_rng(0).normal(size=(5000, 10))
    assert lecture.first_share(states) == pytest.approx(0.1, abs=0.02)


def test_the_most_important_word_may_be_one_of_complaint(lecture) -> None:
    assert lecture.most_important(np.array([0.4, -0.9, 0.1])) == 1


def test_a_words_own_part_is_its_gate_where_no_word_stands_before_it(lecture) -> None:
    gates = {"input_gate": 0, "forget_gate": 1, "output_gate": 3}
    lecture.own_part.__globals__["GATES"] = gates
    weights = some_weights()
    first = lecture.read(weights, np.arange(20)[:, None])
    for gate in gates:
        np.testing.assert_allclose(lecture.own_part(weights, gate), first[gate][:, 0], rtol=1e-12)


def test_each_strong_word_has_a_sign_and_a_coin(lecture) -> None:
    bag_weight = np.random.default_rng(0).normal(size=10_000)
    lecture.word_labels.__globals__["bag_weight"] = bag_weight
    labels = lecture.word_labels(100)
    strong = labels["praise"] >= 0
    assert strong.sum() == 100
    np.testing.assert_array_equal(labels["praise"][strong], bag_weight[strong[:10_000]] > 0)
    assert np.sum(labels["coin"][strong]) == 50  # as many heads as tails
    assert np.all(labels["coin"][~strong] == -1)


# -- sentences ----------------------------------------------------------------------------------


def test_a_natural_pair_differs_by_one_not(lecture) -> None:
    texts = ["It is not a bad film, not at all.", "Not here.", "A bad film."]
    lecture.natural_pairs.__globals__.update(texts={"test": texts}, GOOD=["good"], BAD=["bad"])
    assert lecture.natural_pairs() == [(texts[0], "It is a bad film, not at all.", "bad")]
