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
    explorer = LSTMExplorer.load()
    trained = list(explorer.network[:6])
    numbers = {word.lower(): number for number, word in enumerate(explorer.vocabulary)}
    page.read.__globals__.update(trained=trained, word_id=numbers)
    page.read.__defaults__ = (trained, None)
    page.distances.__globals__.update(tails=["the music was lovely", "the beer was cold"])
    page.explorer, page.trained = explorer, trained
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
    z = lecture.read(ids, weights)[-1]["z"]
    np.testing.assert_allclose(z, np.array(keras_model(weights)(ids))[:, 0], atol=1e-5)
    np.testing.assert_allclose(z, lstm_probes.log_odds(weights, ids), rtol=1e-12)


def test_reading_the_review_is_what_the_explorer_reads(lecture) -> None:
    text = "I hated this bar, but the music was lovely"
    seen, reading = lecture.read(lecture.to_ids([text])), lecture.explorer.read(text)
    p = lecture.sigmoid(np.array([one["z"][0] for one in seen]))
    np.testing.assert_allclose(p, reading.positive[1:], atol=1e-6)
    f = np.array([one["f"][0] for one in seen])
    np.testing.assert_allclose(f, reading.inside["forget_gate"], atol=1e-6)


def test_unknown_words_and_unequal_lengths_are_refused(lecture) -> None:
    with pytest.raises(KeyError, match="qwertz"):
        lecture.to_ids(["the qwertz was good"])
    with pytest.raises(ValueError, match="inhomogeneous"):
        lecture.to_ids(["the bar was good", "the bar"])
    assert lecture.to_ids(["[UNK] bar"])[0, 0] == 1


@pytest.mark.parametrize("gate", ["i", "f", "g", "o"])
def test_a_gate_is_changed_at_one_step_alone(lecture, gate) -> None:
    weights, ids = some_weights(), some_ids()
    own = lecture.read(ids, weights)
    changed = lecture.read(ids, weights, step=3, **{gate: 1.0})
    for t in range(3):
        np.testing.assert_array_equal(own[t]["z"], changed[t]["z"])
    assert changed[3][gate] == 1.0
    other = "i" if gate == "f" else "f"
    np.testing.assert_array_equal(own[3][other], changed[3][other])
    if gate != "g":
        same = lstm_probes.log_odds(weights, ids, step=3, **{gate: 1.0})
        np.testing.assert_allclose(changed[-1]["z"], same, rtol=1e-12)


def test_the_cell_and_its_gates_give_the_state(lecture) -> None:
    before, now = lecture.read(some_ids(), some_weights())[-2:]
    cell = now["f"] * before["c"] + now["i"] * now["g"]
    np.testing.assert_allclose(now["c"], cell, rtol=1e-12)
    np.testing.assert_allclose(now["h"], now["o"] * np.tanh(cell), rtol=1e-12)


def test_borrowing_nothing_is_but_and_borrowing_all_is_though(lecture) -> None:
    tails = lecture.distances.__globals__["tails"]
    for names, connective in (("", "but"), ("ifgo", "though")):
        own = lecture.distances(connective, tails)[-1].mean()
        assert lecture.patched(names) == pytest.approx(own)


def test_nothing_forgotten_and_nothing_written_leaves_the_cell(lecture) -> None:
    weights, ids = some_weights(), some_ids()
    shown = lecture.read(ids, weights)[2]["o"]
    kept = lecture.read(ids, weights, step=3, f=1, i=0, o=shown)
    np.testing.assert_allclose(kept[3]["h"], kept[2]["h"], rtol=1e-12)


def test_distances_are_loved_less_hated(lecture) -> None:
    tail = "the music was lovely"
    apart = lecture.distances("but", [tail, "the beer was cold"])
    assert apart.shape == (9, 2)
    z = [
        lecture.read(lecture.to_ids([f"I {verb} this bar but {tail}"]))[-1]["z"][0]
        for verb in ("loved", "hated")
    ]
    assert apart[-1, 0] == pytest.approx(z[0] - z[1])


def test_the_texts_of_the_page_are_those_of_the_experiment() -> None:
    page: dict = {"np": np}
    for cell in jupytext.read(ROOT / "lectures" / "inside-an-lstm.md").cells:
        if cell.source.startswith(("PRAISE =", "GOOD =")):
            exec(cell.source, page)
    known = {word.lower() for word in LSTMExplorer.load().vocabulary}
    for name in ("PRAISE", "GOOD", "BAD"):
        assert page[name] == getattr(lstm_probes, name), name
    fillers = [  # what the course's vocabulary lacks stands there as [UNK]
        " ".join(word if word.lower() in known else "[UNK]" for word in text.split())
        for text in lstm_probes.FILLER
    ]
    assert page["FILLER"] == fillers


# -- networks and probes ------------------------------------------------------------------------


def test_shuffled_arrays_keep_their_values(lecture) -> None:
    shuffled = lecture.shuffle(3)
    for own, mixed in zip(lecture.trained, shuffled, strict=True):
        assert own.shape == mixed.shape
        np.testing.assert_array_equal(np.sort(own, axis=None), np.sort(mixed, axis=None))
    assert not np.array_equal(lecture.trained[2], shuffled[2])


def test_a_unit_without_readers_is_a_unit_at_zero(lecture) -> None:
    cut = lecture.without_unit(8)  # as the explorer counts
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


def test_tails_hide_a_sign_that_centring_shows(lecture) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([1, 0], 24)
    states = 0.1 * rng.normal(size=(48, 16, 12)) + 20 * rng.normal(size=(1, 16, 12))
    states += 0.2 * (2 * labels - 1)[:, None, None]
    assert lecture.probe(states, labels) < 0.8
    assert lecture.probe(lecture.centred(states), labels) > 0.98


# -- exercises ----------------------------------------------------------------------------------


def test_three_causes_add_up_and_each_gets_what_it_alone_adds(lecture) -> None:
    keys = ["", "f", "h", "w", "fh", "fw", "hw", "fhw"]
    ends = dict(zip(keys, np.random.default_rng(2).normal(size=8), strict=True))
    assert sum(lecture.worth(ends).values()) == pytest.approx(ends[""] - ends["fhw"])
    adds = {"f": 1.0, "h": -2.0, "w": 4.0}
    ends = {key: sum(adds[cause] for cause in set("fhw") - set(key)) for key in keys}
    assert lecture.worth(ends) == pytest.approx(adds)


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
