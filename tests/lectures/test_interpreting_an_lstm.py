"""The page that interprets an LSTM: shuffled weights, ablation, gradients."""

from __future__ import annotations

from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from experiments import lstm_probes
from helpers.widgets import LSTMExplorer
from tests.lectures.test_inside_an_lstm import some_ids, some_weights
from tests.support import ROOT, functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    page = functions_of("interpreting-an-lstm")
    page.explorer = LSTMExplorer.load()
    page.trained = list(page.explorer.network[:6])
    return page


def test_reading_is_what_the_experiment_computes(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    seen, same = lecture.read(ids, weights), lstm_probes.read(weights, ids)
    for mine, other in zip("Chz", "chz", strict=True):
        np.testing.assert_allclose(seen[mine], same[other], rtol=1e-12)


def test_gradient_times_input_is_the_slope_of_stretching(lecture) -> None:
    weights, (ids,) = some_weights(), some_ids(1)
    shares = lecture.gradient_times_input(ids, weights)
    for t in range(len(ids)):
        ends = [lecture.stretched(ids, t, length, weights) for length in (0.999, 1.001)]
        assert (ends[1] - ends[0]) / 0.002 == pytest.approx(shares[t], abs=1e-4)


def test_a_word_at_length_one_is_itself_and_stretches_no_other(lecture) -> None:
    weights, (ids,) = some_weights(), some_ids(1)
    whole = lecture.read(ids[None], weights)["z"][-1, 0]
    assert lecture.stretched(ids, 1, 1, weights) == pytest.approx(whole)
    twice = np.array([ids[0], ids[0]])  # one word at two places
    table, *others = weights
    vectors = np.array([table[ids[0]], np.zeros(table.shape[1])])
    without = lecture.read(np.array([[0, 1]]), [vectors, *others])["z"][-1, 0]
    assert lecture.stretched(twice, 1, 0, weights) == pytest.approx(without)


def test_the_tails_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {}
    for cell in jupytext.read(ROOT / "lectures" / "interpreting-an-lstm.md").cells:
        if cell.source.startswith("TAILS ="):
            exec(cell.source.split("\ntexts =")[0], page)
    assert page["TAILS"] == lstm_probes.PRAISE


def test_shuffled_arrays_keep_their_values(lecture) -> None:
    shuffled = lecture.shuffle(lecture.trained, 3)
    for own, mixed in zip(lecture.trained, shuffled, strict=True):
        assert own.shape == mixed.shape
        np.testing.assert_array_equal(np.sort(own, axis=None), np.sort(mixed, axis=None))
    assert not np.array_equal(lecture.trained[2], shuffled[2])


def test_a_unit_without_readers_is_a_unit_at_zero(lecture) -> None:
    cut = lecture.without_unit(lecture.trained, 8)  # as the explorer counts
    assert not cut[2][7].any() and not cut[4][7].any()
    assert cut[2][6].any() and cut[2][8].any()
    assert lecture.trained[2][7].any()  # a copy


def test_ids_are_those_of_the_explorer_s_vocabulary(lecture) -> None:
    ids = lecture.to_ids(["I hated this bar!", "Qwxz loved this bar"], lecture.explorer)
    words = [[lecture.explorer.vocabulary[k] for k in row] for row in ids]
    assert words == [["i", "hated", "this", "bar"], ["[UNK]", "loved", "this", "bar"]]


def test_texts_of_unequal_length_are_refused(lecture) -> None:
    with pytest.raises(ValueError, match="equally many words"):
        lecture.to_ids(["I loved it", "I loved this bar"], lecture.explorer)


def test_shuffling_keeps_the_weights_of_each_gate_together(lecture) -> None:
    shuffled = lecture.shuffle(lecture.trained, 3)
    for own, mixed in zip(lecture.trained[1:4], shuffled[1:4], strict=True):
        for gate, other in zip(np.split(own, 4, -1), np.split(mixed, 4, -1), strict=True):
            np.testing.assert_array_equal(np.sort(gate, axis=None), np.sort(other, axis=None))
    for k in (0, 4, 5):
        np.testing.assert_array_equal(lecture.trained[k], shuffled[k])
