"""The page on Siamese networks: its groups, its law, its network."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

from experiments import duplicate_questions as experiment
from tests.support import functions_of

COUPLES = [("Ada", "Ben"), ("Cleo", "Dan"), ("Ben", "Cleo")]


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("siamese-quora")


LAW = (experiment.OLDER, experiment.YOUNGER)


# --- The network and the law ------------------------------------------------------------------


def yes(question: str, older: str) -> bool:
    """The answer, by reading: is the person of whom is asked the older one?"""
    first, second = (word for word in question.split() if word.istitle())
    asked_for_older = "older" in question or "before" in question
    assert older in (first, second)
    return (first == older) == asked_for_older


def test_two_questions_are_duplicates_if_the_answers_agree_whoever_is_older(lecture) -> None:
    rows = lecture.age_questions(500, COUPLES, *LAW, np.random.default_rng(0))
    for one, two, label in rows:
        names = [word for word in one.split() if word.istitle()]
        assert sorted(names) == sorted(word for word in two.split() if word.istitle())
        agree = {yes(one, older) == yes(two, older) for older in names}
        assert agree == {bool(label)}
        assert set(one.split()) - set(names) != set(two.split()) - set(names)  # two phrasings


def test_given_the_words_of_both_questions_the_label_is_a_fair_coin(lecture) -> None:
    rows = lecture.age_questions(6000, COUPLES[:1], *LAW, np.random.default_rng(1))
    bags = pd.Series([" ".join(sorted(a.split()) + sorted(b.split())) for a, b, _ in rows])
    shares = pd.Series([label for *_, label in rows]).groupby(bags).agg(["mean", "size"])
    assert len(shares) == 30  # ordered pairs of different phrasings
    assert (abs(shares["mean"] - 0.5) < 4 * 0.5 / np.sqrt(shares["size"])).all()


def test_the_page_and_the_experiment_draw_the_same_pairs(lecture) -> None:
    rows = lecture.age_questions(50, COUPLES, *LAW, np.random.default_rng(2))
    same = experiment.age_questions(50, COUPLES, np.random.default_rng(2))
    assert [tuple(row) for row in same.to_numpy()] == rows


def test_no_couple_and_no_question_stands_in_two_parts_of_the_experiment() -> None:
    parts = experiment.divided(experiment.NAMES, np.random.default_rng(0))
    couples = [frozenset(couple) for some in parts.values() for couple in some]
    assert len(set(couples)) == len(couples) == 435
    sample = experiment.pairs_of("sample")
    ids = [{*rows["qid1"], *rows["qid2"]} for rows in sample.values()]
    assert not (ids[0] & ids[1] or ids[0] & ids[2] or ids[1] & ids[2])
    assert sum(map(len, sample.values())) == 4000


@pytest.mark.parametrize("data", experiment.NEW_INTENTS)
def test_no_intent_stands_in_two_parts_of_a_split_by_intent(data) -> None:
    parts = experiment.pairs_of(data)
    intents = [{*rows["intent1"], *rows["intent2"]} for rows in parts.values()]
    assert not (intents[0] & intents[1] or intents[0] & intents[2] or intents[1] & intents[2])
    assert len(set.union(*intents)) == 90 and sum(map(len, parts.values())) == 4000


def test_the_output_follows_the_equation_and_is_symmetric(lecture) -> None:
    keras.utils.set_random_seed(0)
    network = lecture.siamese(20, num_units=5)
    rng = np.random.default_rng(0)
    a, b = (rng.integers(1, 20, (6, 4)) for _ in range(2))
    u, v = (np.asarray(network.get_layer("encoder")(x)) for x in (a, b))
    head = network.layers[-1]
    assert [weight.item() for weight in head.get_weights()] == [1, 0]
    head.set_weights([np.array([[2.0]]), np.array([3.0])])
    output = np.asarray(network([a, b]))[:, 0]
    expected = 1 / (1 + np.exp(2 * np.abs(u - v).sum(axis=1) - 3))
    np.testing.assert_allclose(output, expected, rtol=1e-5)
    np.testing.assert_allclose(output, np.asarray(network([b, a]))[:, 0], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(network([a, a])), 1 / (1 + np.exp(-3)), rtol=1e-5)


def test_two_lists_of_questions_and_their_labels_are_enough_to_train(lecture) -> None:
    first = ["what is an lstm", "where is rome", "how old is ada"] * 8
    second = ["what does an lstm do", "who built rome", "what is the age of ada"] * 8
    keras.utils.set_random_seed(0)
    network, to_ids = lecture.train_siamese(first, second, [1, 0, 1] * 8, 0.03, epochs=20)
    output = lecture.score(network, to_ids, first[:3], second[:3])
    assert (output > 0.5).tolist() == [True, False, True]


def test_no_other_threshold_has_a_higher_f1_than_the_chosen(lecture) -> None:
    output = np.array([0.9, 0.6, 0.5, 0.4, 0.3, 0.2])
    label = np.array([1, 0, 0, 1, 0, 0])
    at = lecture.choose_threshold(output, label)
    rest = [lecture.f1_score(label, output >= other) for other in output]
    assert lecture.f1_score(label, output >= at) == max(rest)
    assert lecture.choose_threshold(np.array([0.95, 0.93, 0.2]), np.array([1, 0, 0])) > 0.93


def test_a_split_keeps_each_group_in_one_part(lecture) -> None:
    groups = np.repeat(np.arange(50), 4)
    parts = lecture.split(groups, seed=3)
    assert [len(part) for part in parts] == [140, 20, 40]
    assert sorted(np.concatenate(parts)) == list(range(200))
    assert sum(len(set(groups[part])) for part in parts) == 50


def test_the_threshold_is_the_one_with_the_most_labels_on_the_right_side() -> None:
    output = np.array([0.9, 0.6, 0.7, 0.2, 0.8])
    assert experiment.best_threshold(output, np.array([1, 0, 0, 0, 1])) == pytest.approx(0.75)


def test_a_random_split_shares_questions_between_its_parts() -> None:
    parts = experiment.pairs_of(experiment.RANDOM)
    known, test = ({*rows["qid1"], *rows["qid2"]} for rows in (parts["train"], parts["test"]))
    assert known & test and sum(map(len, parts.values())) == 4000
