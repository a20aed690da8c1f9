"""The page on linear probes: splits, tails, shuffled weights, ablated directions."""

from __future__ import annotations

from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from experiments import lstm_probes
from tests.lectures.test_inside_an_lstm import some_ids, some_weights
from tests.support import ROOT, functions_of

WORD, TAIL = np.repeat(np.arange(48), 8), np.tile(np.arange(8), 48)
LABELS = (WORD >= 24).astype(int)


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("linear-probes")


def unit(*numbers: float) -> np.ndarray:
    return np.array(numbers) / np.linalg.norm(numbers)


def test_the_texts_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {}
    for cell in jupytext.read(ROOT / "lectures" / "linear-probes.md").cells:
        if cell.source.startswith("BAD ="):
            exec(cell.source, page)
    for name, own in {"GOOD": "GOOD", "BAD": "BAD", "TAILS": "PRAISE"}.items():
        assert page[name] == getattr(lstm_probes, own), name


def test_reading_is_what_the_experiment_computes(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    seen, same = lecture.read(ids, weights), lstm_probes.read(weights, ids)
    for mine, other in zip("Chz", "chz", strict=True):
        np.testing.assert_allclose(seen[mine], same[other], rtol=1e-12)


def test_a_direction_of_zeros_changes_nothing(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    none = np.zeros(len(weights[2]))
    same = lecture.read(ids, weights, 1, none, none)
    np.testing.assert_allclose(same["z"], lecture.read(ids, weights)["z"], rtol=1e-12)


def test_ablation_acts_after_its_word_and_on_what_follows(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    w = unit(*range(1, len(weights[2]) + 1))
    own, cut = lecture.read(ids, weights), lecture.read(ids, weights, 1, w, 0 * w)
    np.testing.assert_array_equal(own["h"][0], cut["h"][0])
    np.testing.assert_allclose(cut["h"][1] @ w, 0, atol=1e-12)
    np.testing.assert_array_equal(own["C"][1], cut["C"][1])
    assert not np.allclose(own["C"][2], cut["C"][2])


def test_no_word_and_no_tail_is_in_both_parts_and_each_text_is_tested_once(lecture) -> None:
    tested = np.zeros(384, int)
    for fit, test in lecture.splits(WORD, TAIL):
        assert not set(WORD[fit]) & set(WORD[test]) and not set(TAIL[fit]) & set(TAIL[test])
        tested += test
    assert (tested == 1).all()
    for fit, test in lecture.splits(WORD, TAIL, new_tail=False):
        assert not set(WORD[fit]) & set(WORD[test]) and set(TAIL[test]) <= set(TAIL[fit])


def test_a_probe_finds_what_is_there_and_memorizes_no_word(lecture) -> None:
    rng = np.random.default_rng(0)
    states = rng.normal(size=(384, 12))
    assert lecture.probe(states, LABELS, WORD, TAIL).mean() < 0.65
    states[:, 3] += 6 * LABELS
    assert lecture.probe(states, LABELS, WORD, TAIL).mean() > 0.95
    by_word = [np.random.default_rng(seed).normal(size=(48, 12)) for seed in range(10)]
    found = [lecture.probe(one[WORD], LABELS, WORD, TAIL).mean() for one in by_word]
    assert 0.35 < np.mean(found) < 0.65


def test_within_tails_a_shift_by_the_tail_is_gone(lecture) -> None:
    rng = np.random.default_rng(0)
    states = rng.normal(size=(384, 3))
    moved = states + rng.normal(size=(8, 3))[TAIL]
    within = lecture.within_tail(moved, TAIL)
    np.testing.assert_allclose(within, lecture.within_tail(states, TAIL), atol=1e-12)
    np.testing.assert_allclose(within[TAIL == 5].mean(axis=0), 0, atol=1e-12)


def test_splits_take_the_tails_from_the_data(lecture) -> None:
    four = TAIL < 4
    parts = list(lecture.splits(WORD[four], TAIL[four]))
    assert len(parts) == 8
    assert all(fit.sum() == 72 and test.sum() == 24 for fit, test in parts)
    states = np.random.default_rng(0).normal(size=(384, 3))[four]
    assert lecture.within_tail(states, TAIL[four]).shape == (192, 3)


def test_the_first_component_is_where_the_states_vary_most(lecture) -> None:
    states = np.random.default_rng(0).normal(size=(384, 4)) * [1, 1, 5, 1] + 7
    first = lecture.first_component(states)
    assert np.linalg.norm(first) == pytest.approx(1)
    assert abs(first[2]) > 0.98


def test_the_page_shuffles_as_the_page_before(lecture) -> None:
    before = functions_of("interpreting-an-lstm")
    weights = some_weights()
    for mine, other in zip(lecture.shuffle(weights, 1), before.shuffle(weights, 1), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_the_direction_is_that_in_which_the_labels_differ(lecture) -> None:
    states = np.random.default_rng(0).normal(size=(384, 4))
    states[:, 2] += 9 * LABELS
    w = lecture.direction(states, LABELS)
    assert np.linalg.norm(w) == pytest.approx(1)
    assert w[2] > 0.9
