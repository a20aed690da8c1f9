"""The page that looks inside an LSTM: how it reads and changes; its experiment."""

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


def test_the_texts_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {"np": np}
    for cell in jupytext.read(ROOT / "lectures" / "inside-an-lstm.md").cells:
        if cell.source.startswith("PRAISE ="):
            exec(cell.source, page)
    assert page["tails"] == lstm_probes.PRAISE + lstm_probes.FILLER


def test_the_contributions_of_the_exercise_add_up_to_the_cell(lecture) -> None:
    seen = lecture.read(some_ids(1), some_weights())
    parts = lecture.contributions(*(seen[name][:, 0] for name in "fig"))
    np.testing.assert_allclose(parts.sum(axis=0), seen["C"][-1, 0], rtol=1e-12)


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
