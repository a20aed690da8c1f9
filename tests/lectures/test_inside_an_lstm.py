"""The page that looks inside an LSTM: how it reads, changes and probes; what its checks refuse."""

from __future__ import annotations

from types import SimpleNamespace

import jupytext
import keras
import numpy as np
import pytest
from keras import layers

from experiments import lstm_probes
from helpers.widgets import LSTMExplorer
from tests.support import ROOT, functions_of

UNITS, WORDS = 5, 20


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    page = functions_of("inside-an-lstm")
    page.explorer = LSTMExplorer.load()
    page.trained, page.vocabulary = list(page.explorer.network[:6]), page.explorer.vocabulary
    return page


def some_weights(seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = [(WORDS, 3), (3, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,), (UNITS, 1), (1,)]
    return [rng.normal(0, 0.6, shape) for shape in shapes]


def some_ids(n: int = 3, T: int = 7) -> np.ndarray:
    return np.random.default_rng(1).integers(1, WORDS, (n, T))


def keras_model(weights: list[np.ndarray]) -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(WORDS, 3),
            layers.LSTM(UNITS),
            layers.Dense(1),
        ]
    )
    model.set_weights(weights)
    return model


# -- reading and changing -----------------------------------------------------------------------


def test_reading_is_what_keras_and_the_experiment_compute(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    seen, same = lecture.read(ids, weights), lstm_probes.read(weights, ids)
    np.testing.assert_allclose(seen["z"][-1], np.array(keras_model(weights)(ids))[:, 0], atol=1e-5)
    for mine, other in zip("ifgoChz", "ifgochz", strict=True):
        np.testing.assert_allclose(seen[mine], same[other], rtol=1e-12)


def test_reading_the_review_is_what_the_explorer_reads(lecture) -> None:
    text = "I hated this bar, but the music was lovely"
    seen = lecture.read(lecture.to_ids([text], lecture.vocabulary), lecture.trained)
    reading = lecture.explorer.read(text)
    p = lecture.sigmoid(seen["z"][:, 0])
    np.testing.assert_allclose(p, reading.positive[1:], atol=1e-6)
    np.testing.assert_allclose(seen["f"][:, 0], reading.inside["forget_gate"], atol=1e-6)


def test_punctuation_goes_as_in_the_vocabulary(lecture) -> None:
    texts = ["The soup; it wasn't good!", "the soup it wasn’t GOOD"]
    first, second = lecture.to_ids(texts, lecture.vocabulary)
    np.testing.assert_array_equal(first, second)
    assert lecture.vocabulary[first[3]] == "wasn't".replace("'", "")


def test_unknown_words_are_named_and_unequal_lengths_refused(lecture) -> None:
    with pytest.raises(ValueError, match=r"not in the vocabulary: \['qwertz'\]"):
        lecture.to_ids(["qwertz bar"], lecture.vocabulary)
    with pytest.raises(ValueError, match=r"unequal numbers of words: \[4, 2\]"):
        lecture.to_ids(["the bar was good", "the bar"], lecture.vocabulary)


@pytest.mark.parametrize("gate", ["i", "f", "g", "o"])
def test_a_gate_is_changed_at_one_step_alone(lecture, gate) -> None:
    weights, ids = some_weights(), some_ids()
    own = lecture.read(ids, weights)
    changed = lecture.read(ids, weights, {3: {gate: 1.0}})
    np.testing.assert_array_equal(own["z"][:3], changed["z"][:3])
    assert (changed[gate][3] == 1.0).all()
    other = "i" if gate == "f" else "f"
    np.testing.assert_array_equal(own[other][3], changed[other][3])
    same = lstm_probes.read(weights, ids, {3: {gate: 1.0}})
    np.testing.assert_allclose(changed["z"], same["z"], rtol=1e-12)


def test_the_cell_and_its_gates_give_the_state(lecture) -> None:
    seen = lecture.read(some_ids(), some_weights())
    cell = seen["f"][5] * seen["C"][4] + seen["i"][5] * seen["g"][5]
    np.testing.assert_allclose(seen["C"][5], cell, rtol=1e-12)
    np.testing.assert_allclose(seen["h"][5], seen["o"][5] * np.tanh(cell), rtol=1e-12)


def test_a_clamped_cell_stays(lecture) -> None:
    kept = lecture.read(some_ids(), some_weights(), {3: {"f": 1, "i": 0}})
    np.testing.assert_allclose(kept["C"][3], kept["C"][2], rtol=1e-12)


def test_difference_is_loved_minus_hated(lecture) -> None:
    tails = ["the music was lovely", "the beer was cold"]
    texts = lecture.both("but", tails, ("hated", "loved"))
    assert texts[1] == "I hated this bar, but the beer was cold"
    assert texts[2] == "I loved this bar, but the music was lovely"
    ids = lecture.to_ids(texts, lecture.vocabulary)
    z = lecture.read(ids, lecture.trained)["z"]
    assert lecture.difference(ids, lecture.trained).shape == (9, 2)
    assert lecture.difference(ids, lecture.trained)[-1, 0] == pytest.approx(z[-1, 2] - z[-1, 0])


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


def test_the_texts_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {"np": np}
    for cell in jupytext.read(ROOT / "lectures" / "inside-an-lstm.md").cells:
        if cell.source.startswith(("PRAISE =", "GOOD =")):
            exec(cell.source.split("\nsign =")[0], page)
    for name in ("GOOD", "BAD"):
        assert page[name] == getattr(lstm_probes, name), name
    assert page["tails"] == lstm_probes.PRAISE + lstm_probes.FILLER


# -- networks and probes ------------------------------------------------------------------------


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
    labels = np.repeat([1, 0], 24)
    states = rng.normal(size=(48, 16, 12))
    assert lecture.probe(states, labels) < 0.65
    states[:, :, 3] += 6 * labels[:, None]
    assert lecture.probe(states, labels) > 0.95
    by_adjective = np.repeat(rng.normal(size=(48, 1, 12)), 16, axis=1)
    found = [lecture.probe(by_adjective, rng.permutation(labels)) for _ in range(10)]
    assert 0.35 < np.mean(found) < 0.65  # the words that are asked for are new


def test_tails_do_not_hide_a_sign(lecture) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([1, 0], 24)
    states = 0.1 * rng.normal(size=(48, 16, 12)) + 20 * rng.normal(size=(1, 16, 12))
    states += 0.2 * (2 * labels - 1)[:, None, None]
    assert lecture.probe(states, labels) > 0.98


# -- the experiment -----------------------------------------------------------------------------


def test_contrasts_have_the_label_that_their_law_gives() -> None:
    good = set(lstm_probes.GOOD) | set(lstm_probes.VERBS.values())
    texts, labels = lstm_probes.made_up("contrasts", 0)
    for text, label in list(zip(texts, labels, strict=True))[-50:]:
        joint = "but" if " but " in text else "though"
        first, second = text.split(f" {joint} ")
        decides = second if joint == "but" else first
        assert bool(good & set(decides.split())) == label
    others, coins = lstm_probes.made_up("coins", 0)
    assert others[: lstm_probes.MADE_UP] == texts[: lstm_probes.MADE_UP]
    assert 0.45 < np.mean(coins[lstm_probes.MADE_UP :]) < 0.55
    assert len(lstm_probes.made_up("none", 0)[0]) == lstm_probes.MADE_UP


def test_padding_changes_no_log_odds() -> None:
    weights, ids = some_weights(), some_ids()
    longer = np.pad(ids, ((0, 0), (0, 4)))
    found = [lstm_probes.log_odds(weights, some) for some in (ids, longer)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)
