"""Lecture 13: distances in log-odds, shuffled words, the odd output layer, reading word by word.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers

from tests.support import functions_of

LECTURE = "13-lstm-reviews"


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of(LECTURE)


def to_numpy(tensor: object) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def with_random_weights(layer: layers.Layer, num_inputs: int, scale: float = 0.3) -> layers.Layer:
    rng = np.random.default_rng(num_inputs + layer.units)
    layer.build((None, None, num_inputs))
    layer.set_weights([rng.normal(0, scale, weight.shape) for weight in layer.get_weights()])
    return layer


def some_inputs(num_steps: int, num_inputs: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, num_steps, num_inputs)).astype("float32")


def test_reading_can_go_on_from_a_state(lecture) -> None:
    weights = with_random_weights(layers.LSTM(4), 2).get_weights()
    X = some_inputs(9, 2)
    whole, first = lecture.lstm(X, *weights), lecture.lstm(X[:, :4], *weights)
    start = (first["hidden"][:, -1], first["cell"][:, -1])
    second = lecture.lstm(X[:, 4:], *weights, start=start)
    np.testing.assert_allclose(second["hidden"], whole["hidden"][:, 4:])


def test_the_lstm_by_hand_refuses_weights_of_the_wrong_shape(lecture) -> None:
    with pytest.raises(AssertionError):
        lecture.lstm(np.zeros((2, 5, 3)), np.zeros((4, 8)), np.zeros((2, 8)), np.zeros(8))


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_the_odd_output_lies_between_half_its_gate_and_its_gate(lecture, scale) -> None:
    layer = layers.LSTM(1, activation="sigmoid", return_sequences=True)
    with_random_weights(layer, 10, scale)
    X = some_inputs(30, 10)
    inside = lecture.lstm(X, *layer.get_weights(), activation=lecture.sigmoid)
    np.testing.assert_allclose(inside["hidden"], to_numpy(layer(X)), rtol=0, atol=2e-6)
    assert (inside["cell"] >= 0).all()
    assert (inside["hidden"] >= inside["output_gate"] / 2).all()
    assert (inside["hidden"] <= inside["output_gate"]).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_the_state_of_a_masked_layer_is_that_of_the_words_alone(lecture, seed) -> None:
    layer = with_random_weights(layers.LSTM(4), 3)
    X = np.random.default_rng(seed).normal(size=(1, 9, 3)).astype("float32")
    mask = np.arange(9)[np.newaxis] < 5
    by_hand = lecture.lstm(X[:, :5], *layer.get_weights())["hidden"][:, -1]
    np.testing.assert_allclose(by_hand, to_numpy(layer(X, mask=mask)), rtol=0, atol=1e-6)


def test_a_distance_is_that_of_the_last_logits_whatever_the_sigmoid_does(lecture) -> None:
    logits = np.array([-8.0, -0.5, 0.0, 3.0])
    np.testing.assert_allclose(lecture.log_odds(lecture.sigmoid(logits)), logits, atol=1e-9)


def test_distances_are_loved_less_hated_at_three_places(lecture) -> None:
    hated, loved = np.zeros((2, 6)), np.arange(12.0).reshape(2, 6)
    odds = {"hated, praise": hated, "loved, praise": loved}
    np.testing.assert_array_equal(lecture.distances(odds, "praise"), [[1, 4, 5], [7, 10, 11]])


def test_a_trace_reads_one_word_more_each_time(lecture) -> None:
    def says(ids: np.ndarray) -> np.ndarray:
        return np.array([(ids > 0).sum(axis=1) / 10, np.ones(len(ids))])

    trace = lecture.trace(SimpleNamespace(says=says), np.array([4, 5, 6, 0, 0]))
    np.testing.assert_allclose(trace[0], lecture.log_odds(np.array([0.1, 0.2, 0.3])), atol=1e-3)
    assert np.isfinite(trace).all()  # also where a start is certain


def test_the_networks_have_the_sizes_that_the_text_gives(lecture) -> None:
    sizes = {key: build().count_params() for key, build in lecture.networks(True).items()}
    assert sizes["odd_output"] == 502_538
    assert sizes["lstm"] == sizes["mean_of_states"] == sizes["dropout"] == 502_501
    assert sizes["simple"] == 500_671
    assert set(lecture.networks(False)) < set(sizes)


def test_fewer_training_reviews_leave_the_others_as_they_are(lecture) -> None:
    texts = [f"word{k} again" for k in range(3000)]
    reviews = pd.DataFrame({"text": texts, "label": 1, "split": "train"})
    reviews.loc[2500:, "split"] = "test"
    labels, ids, _ = lecture.prepare(reviews, 4)
    some_labels, some, _ = lecture.prepare(reviews, 4, 100)
    assert len(ids["training"]) == len(labels["training"]) == 2000
    assert len(some["training"]) == len(some_labels["training"]) == 100
    assert [len(some[part]) for part in ("validation", "test")] == [500, 500]


def test_the_bag_can_read_shuffled_words_too(lecture) -> None:
    good, bad, pad = [3, 4, 5, 0], [3, 6, 5, 0], [0, 0, 0, 0]
    rows = np.array([good, bad] * 20)
    ids = {part: rows for part in ("training", "validation", "test")}
    labels = {part: np.array([1, 0] * 20) for part in ids}
    hits, others = lecture.words_and_pairs(labels, ids, rows[:, [1, 0, 2, 3]])
    assert hits.all() and others.shape == hits.shape
    assert lecture.as_text(np.array([good, pad])) == ["3 4 5", ""]


def test_shuffled_words_are_the_same_words_with_pads_behind(lecture) -> None:
    ids = np.array([[5, 6, 7, 0, 0], [9, 8, 0, 0, 0]])
    salad = lecture.shuffle_words(ids, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(salad, axis=1), np.sort(ids, axis=1))
    np.testing.assert_array_equal(salad == 0, ids == 0)


def test_the_gate_of_the_exercise_can_give_the_answer(lecture) -> None:
    for p in (0.05, 0.4, 0.8):
        low, high = lecture.gate_range(p)
        assert low == p and high == min(1, 2 * p)


@pytest.mark.parametrize(("k", "f"), [(1, 1.0), (10, 0.0), (4, 0.7), (10, 0.7)])
def test_a_word_speaks_through_the_states_after_it(lecture, k, f) -> None:
    states = [f ** (t - k) if t >= k else 0.0 for t in range(1, 11)]
    assert lecture.share_in_mean(k, 10, f) == pytest.approx(np.mean(states))


def test_backwards_leaves_the_pads_behind(lecture) -> None:
    ids = np.array([[5, 6, 7, 0], [8, 0, 0, 0]])
    assert lecture.backwards(ids).tolist() == [[7, 6, 5, 0], [8, 0, 0, 0]]


def test_what_changes_adds_up_to_the_gain(lecture) -> None:
    before, after = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 1, 0], bool)
    np.testing.assert_allclose(lecture.changed(before, after), [0.4, 0.2, 0.2])


def test_two_starts_differ_by_the_share_of_their_answers(lecture) -> None:
    hits = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]], bool)
    assert lecture.another_start(hits) == pytest.approx((1 + 1 + 2) / 4 / 3)
    assert np.isnan(lecture.another_start(hits[:1]))


def test_the_bar_counts_complaints_and_measures_how_far_love_is_from_hate(lecture) -> None:
    hated, loved = np.full((5, 6), -1.0), np.full((5, 6), 2.0)
    hated[3:, -1] = 0.5  # two starts that end with praise
    rows = {
        "word": {
            "bar": {
                f"{w}, {rest}": z
                for w, z in (("hated", hated), ("loved", loved))
                for rest in ("praise", "filler")
            }
            | {"praise, hated": hated, "praise, loved": loved}
        }
    }
    lecture.bar_table.__globals__["READERS"] = ("word",)
    found = lecture.bar_table(rows).loc["word"]
    assert found["apart", "at the word"] == 3
    assert found["apart", "after praise"] == pytest.approx((3 * 3 + 2 * 1.5) / 5)
    assert found["complaint"].tolist() == [3, 0, 3, 0]


def test_three_causes_add_up_and_each_gets_what_it_alone_adds(lecture) -> None:
    keys = ["", "f", "h", "w", "fh", "fw", "hw", "fhw"]
    ends = dict(zip(keys, np.random.default_rng(2).normal(size=8), strict=True))
    assert sum(lecture.worth(ends).values()) == pytest.approx(ends[""] - ends["fhw"])
    adds = {"f": 1.0, "h": -2.0, "w": 4.0}
    ends = {key: sum(adds[cause] for cause in set("fhw") - set(key)) for key in keys}
    assert lecture.worth(ends) == pytest.approx(adds)
