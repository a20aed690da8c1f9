"""The page that interprets an LSTM: shuffled weights, ablation, gradients, probes."""

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
    page.trained, page.vocabulary = list(page.explorer.network[:6]), page.explorer.vocabulary
    return page


def test_reading_is_what_the_experiment_computes(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    seen, same = lecture.read(ids, weights), lstm_probes.read(weights, ids)
    for mine, other in zip("Chz", "chz", strict=True):
        np.testing.assert_allclose(seen[mine], same[other], rtol=1e-12)


def test_gradient_times_input_is_the_slope_as_a_word_is_stretched(lecture) -> None:
    weights, ids = some_weights(), some_ids(2)
    shares, places = lecture.gradient_times_input(ids, weights), np.arange(ids.shape[1])[None]
    for n, t in np.ndindex(ids.shape):
        ends = []
        for by in (1e-4, -1e-4):
            vectors = weights[0][ids[n]]
            vectors[t] *= 1 + by
            ends.append(lecture.read(places, [vectors, *weights[1:]])["z"][-1, 0])
        assert shares[n, t] == pytest.approx((ends[0] - ends[1]) / 2e-4, abs=1e-4)


def test_deletion_is_the_word_with_a_vector_of_zeros(lecture) -> None:
    weights, ids = some_weights(), some_ids(1)
    lost, places = lecture.deletion(ids[0], weights), np.arange(ids.shape[1])[None]
    for t in range(ids.shape[1]):
        vectors = weights[0][ids[0]]
        vectors[t] = 0
        without = lecture.read(places, [vectors, *weights[1:]])["z"][-1, 0]
        assert lost[t] == pytest.approx(lecture.read(ids, weights)["z"][-1, 0] - without)


def test_the_texts_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {"np": np}
    for cell in jupytext.read(ROOT / "lectures" / "interpreting-an-lstm.md").cells:
        if cell.source.startswith(("TAILS =", "BAD =")):
            exec(cell.source.split("\ntexts =")[0], page)
    for name in ("GOOD", "BAD"):
        assert page[name] == getattr(lstm_probes, name), name
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


def test_a_probe_finds_what_is_there_and_memorizes_nothing(lecture) -> None:
    rng = np.random.default_rng(0)
    labels, to_fit = np.repeat([0, 1], 192), np.tile(np.repeat([True, False], 8), 24)
    states = rng.normal(size=(384, 12))
    assert lecture.probe(states, labels, to_fit) < 0.65
    states[:, 3] += 6 * labels
    assert lecture.probe(states, labels, to_fit) > 0.95
    found = []
    for seed in range(20):  # the words that are asked for are new
        by_word = np.random.default_rng(seed).normal(size=(48, 12))
        found.append(lecture.probe(np.repeat(by_word, 8, axis=0), labels, to_fit))
    assert 0.35 < np.mean(found) < 0.65
