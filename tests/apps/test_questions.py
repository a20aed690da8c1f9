"""The web app of lecture 16: its network, what it explains, its server, its page in a browser.

The network is trained once, by the recipe that the app uses. What goes over HTTP goes to a process
of its own, started as a user starts it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import keras
import numpy as np
import psutil
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from apps.questions import page, server, training
from apps.questions.reading import (
    Found,
    Reading,
    closest_share,
    judge,
    make_reader,
    make_search,
    make_states,
)
from apps.questions.training import COSTS, QUESTIONS, Trained, calibrated, cut_at, split, trained
from benchmarks.app import body_of, odd_texts, search_of, update
from helpers.data import load_question_pairs
from helpers.siamese import predict_question_pairs, to_ids
from tests.pages.browsing import CONTRASTS, DESKTOP, LEAST_CONTRAST, PHONE, Visit, visit
from tests.support import ROOT, clean_environment
from tools.book.course import site_url

UPDATE = server.UPDATE
NURSE = ["How much does one earn as a nurse?", "What is the salary of a nurse?"]
SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
ODD = {
    "empty": "",
    "blank": " \t\n ",
    "no word": "?! ... 🙂",
    "very long": "how much is a question of this kind " * 3_000,
    "one long word": "a" * 100_000,
    "HTML": SCRIPT,
    "Hebrew": "מה השעה עכשיו?",
    "Japanese": "今何時ですか",
    "emoji": "🙂🏳️‍🌈 nurse",
    "control characters": "how\x00 much\x07\x1b[31m\u202e is\ufffe it",
    "half a pair": "how \ud800 much",
    "never filled": None,
}


# --- The network ----------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def sample() -> Iterator[None]:
    """The data of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNN_DATA", "sample")
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the network of these tests is kept."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def one(sample: None, folder: Path) -> Trained:
    """The app's network on the sample, trained as the app trains it."""
    return trained(folder, say=lambda _: None)


@pytest.fixture(scope="module")
def states(one: Trained):
    """What gives the states after every word."""
    return make_states(one.model)


@pytest.fixture(scope="module")
def read(one: Trained, states):
    """Its reader."""
    return make_reader(states, one.vocabulary, one.facts["line"])


@pytest.fixture(scope="module")
def search(one: Trained, states):
    """Its search among all known questions."""
    return make_search(states, one.vocabulary, one.questions)


@pytest.fixture(scope="module")
def said(one: Trained) -> tuple[np.ndarray, np.ndarray]:
    """Labels of the test pairs, and what the network says of them."""
    pairs = load_question_pairs()
    rows = pairs[split(pairs["qid1"].tolist(), pairs["qid2"].tolist()) == 2]
    texts = [rows[column].tolist() for column in QUESTIONS]
    return rows["label"].to_numpy(), predict_question_pairs(one.model, one.vocabulary, *texts)


@pytest.mark.slow
def test_it_is_as_good_as_in_the_lecture(one: Trained) -> None:
    assert 0.7 <= one.facts["accuracy"] <= 0.84
    assert one.facts["low"] < one.facts["accuracy"] < one.facts["high"]
    assert one.facts["low"] > one.facts["majority"] + 0.05


def test_its_probabilities_are_calibrated(one: Trained, said) -> None:
    label, answers = said
    p = calibrated(answers, one.facts["line"])
    assert abs(p.mean() - label.mean()) < 0.05
    for part in np.array_split(np.argsort(p), 4):
        assert abs(p[part].mean() - label[part].mean()) < 0.1
    assert one.facts["loss"] < one.facts["loss_raw"] + 0.01


def test_the_line_of_the_calibration_is_found() -> None:
    rng = np.random.default_rng(0)
    answers = rng.uniform(size=20_000)
    truth = rng.uniform(size=20_000) < calibrated(answers, (0.5, -1))
    np.testing.assert_allclose(training.calibration(truth, answers), (0.5, -1), atol=0.05)
    useless = training.calibration(truth, 1 - answers)
    np.testing.assert_allclose(calibrated(answers, useless), truth.mean())


def test_each_cut_is_the_cheapest_for_its_cost_and_is_told_with_what_it_does(
    one: Trained, said
) -> None:
    label, p = said[0], calibrated(said[1], one.facts["line"])
    assert cut_at(1) == 0.5 and len(one.facts["at"]) == len(COSTS)
    for cost, at in zip(COSTS, one.facts["at"], strict=True):
        same = p >= cost / (cost + 1)
        assert at["merged"] == same.sum()
        paid = [cost if merged else 1 for merged in same[same != label]]
        assert at["paid"] == pytest.approx(sum(paid) / len(label))
        assert at["precision"] == pytest.approx(label[same].mean())
        assert at["recall"] == pytest.approx(same[label == 1].mean())
        assert cost * (1 - cut_at(cost)) == pytest.approx(cut_at(cost))  # both choices cost alike
    assert one.facts["at"][4]["paid"] < (5 * (label == 0) * (p >= 0.5) + label * (p < 0.5)).mean()


def test_pairs_that_it_cannot_judge_are_no_merges() -> None:
    pairs = load_question_pairs().head(4).copy()
    pairs["question1"] = ["a b x", "x y", "a", "a b"]
    pairs["question2"] = ["a b y", "a b", "a", "b a"]
    judged = training.judged(pairs, ["a", "b"])
    assert judged.tolist() == [False, False, True, True]
    every = np.arange(4), np.array([0.9, 0.9, 0.9, 0.1])
    pairs["label"] = [1, 0, 1, 0]
    facts = training.measure(pairs, ["a", "b"], every, every)
    assert facts["num_refused"] == 2 and facts["at"][0]["merged"] == 1
    assert [label for _, label in facts["answers"]] == [0, 1]


def test_it_splits_by_question_and_has_the_size_that_it_tells(one: Trained) -> None:
    pairs = load_question_pairs()
    ids = [pairs[column].tolist() for column in ("qid1", "qid2")]
    part = split(*ids)
    sets = [set(np.array(ids)[:, part == k].ravel()) for k in range(3)]
    assert len(set.union(*sets)) == sum(map(len, sets)), "a question stands in two sets"
    assert one.model.count_params() == 24 * (len(one.vocabulary) + 2) + 4 * 24 * (24 + 24 + 1)
    assert one.facts["num_words"] == len(one.vocabulary) > 1_000
    assert [one.facts[f"num_{name}"] for name in ("pairs", "train", "test")] == [4000, 2800, 800]


def test_its_examples_are_what_they_are_said_to_be(one: Trained) -> None:
    pairs = load_question_pairs().set_index(QUESTIONS)["label"]
    kinds = [kind for kind, *_ in one.facts["examples"]]
    assert kinds == ["same", "same", "different", "different", "missed", "mistaken"]
    for kind, *pair in one.facts["examples"]:
        answer = predict_question_pairs(one.model, one.vocabulary, *pair)[0]
        assert (calibrated(answer, one.facts["line"]) >= 0.5) == (kind in ("same", "mistaken"))
        assert pairs[tuple(pair)] == (kind in ("same", "missed"))


def test_it_is_trained_once(one: Trained, folder: Path) -> None:
    said: list[str] = []
    again = trained(folder, say=said.append)
    assert said == [] and again.facts["accuracy"] == one.facts["accuracy"]
    answers = [predict_question_pairs(t.model, t.vocabulary, *NURSE) for t in (one, again)]
    np.testing.assert_allclose(*answers, atol=1e-6)


def test_other_pairs_or_another_recipe_make_another_network() -> None:
    pairs = load_question_pairs()
    changed = pairs.assign(label=1 - pairs["label"])
    elsewhere = pairs.copy()
    elsewhere.attrs = {**pairs.attrs, "tier": "full"}
    digests = [training.digest_of(table) for table in (pairs, changed, elsewhere, pairs)]
    assert len({*digests, training.digest_of(pairs, max_epochs=5)}) == 4
    assert digests[0] == digests[-1]


DAMAGE = {
    "model cut": lambda model, facts: model.write_bytes(model.read_bytes()[:-100]),
    "another model": lambda model, facts: training.manhattan_network(3).save(model),
    "no model": lambda model, facts: model.unlink(),
    "no facts": lambda model, facts: facts.unlink(),
    "facts cut": lambda model, facts: facts.write_bytes(facts.read_bytes()[:-100]),
}


def test_a_damaged_file_is_noticed(one: Trained, tmp_path: Path) -> None:
    for name, damage in DAMAGE.items():
        place = tmp_path / name
        training.save(one, place)
        training.load(place)
        damage(place / training.MODEL_FILE, place / training.FACTS_FILE)
        with pytest.raises((OSError, ValueError, KeyError, TypeError)):
            training.load(place)


def test_what_is_damaged_is_told_and_replaced(tmp_path: Path, monkeypatch) -> None:
    pairs = load_question_pairs()
    few = pairs.head(300)  # keeps attrs
    monkeypatch.setattr(training, "load_question_pairs", lambda: few)
    place = tmp_path / training.digest_of(few, 1)[:16]
    place.mkdir()
    said: list[str] = []
    trained(tmp_path, max_epochs=1, say=said.append)
    assert "damaged" in said[0] and "Training" in said[1] and "epoch 1 of at most 1" in said[2]
    assert list(tmp_path.iterdir()) == [place]
    training.load(place)


def test_it_is_written_whole_or_not_at_all(one: Trained, tmp_path: Path, monkeypatch) -> None:
    def break_off(model: object, vocabulary: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "save_siamese", break_off)
    with pytest.raises(KeyboardInterrupt):
        training.save(one, tmp_path / "place")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_runs_all_the_same(
    one: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "train", lambda *_: one)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    said: list[str] = []
    assert trained(tmp_path / "file", say=said.append).model is one.model
    assert "cannot be written" in said[-1]


@pytest.mark.real_data
@pytest.mark.slow
def test_it_learns_from_quora_s_pairs_and_says_so(
    real_data_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    real = trained(tmp_path, max_epochs=1, say=lambda _: None)
    assert real.facts["tier"] == real_data_folder and real.facts["num_intents"] == 0
    assert real.facts["low"] > 0.5
    told = page.world(real.facts)
    assert f"{real.facts['num_pairs']:,} pairs" in told and "made-up" not in told
    app = server.flask_for(real).test_client().get("/_dash-layout").text
    assert real_data_folder not in app and f"all {len(real.questions):,} known" in app


def write_pairs(folder: Path, word: str) -> str:
    """Write a small file in the form of Quora's release, and return its folder."""
    lines = ["id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate"]
    for k in range(60):
        texts = f"How is {word} {k} made?", f"What {'makes' if k % 2 else 'breaks'} {word} {k}?"
        lines.append("\t".join(map(str, (k, 2 * k + 1, 2 * k + 2, *texts, k % 2))))
    folder.mkdir()
    file = folder / "quora_duplicate_questions.tsv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


def test_pairs_in_a_folder_make_a_network_of_their_own_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {}
    for word in ("bread", "glass"):
        monkeypatch.setenv("RNN_DATA", write_pairs(tmp_path / word, word))
        made[word] = trained(tmp_path / "kept", max_epochs=1, say=lambda _: None)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    monkeypatch.setattr(training, "train", None)  # from here on networks are read
    monkeypatch.setenv("RNN_DATA", str(tmp_path / "bread"))
    again = trained(tmp_path / "kept", max_epochs=1)
    assert again.vocabulary == made["bread"].vocabulary != made["glass"].vocabulary
    told = server.flask_for(again).test_client().get("/_dash-layout").text
    num_train = again.facts["num_train"]
    assert f"has learned from {num_train} of 60 pairs of questions: quora_duplicate" in told
    assert "all 120 known questions" in told and "made-up" not in told
    assert str(tmp_path) not in told


def test_pairs_of_the_full_tier_are_called_that(one: Trained) -> None:
    full = {**one.facts, "tier": "full", "source": "GLUE's QQP", "num_intents": 0}
    assert "2,800 of 4,000 pairs of questions: GLUE's QQP. " in page.world(full)
    assert "4,000 (full: GLUE's QQP); 2,800 to learn from" in texts_in(page.about(full))


# --- What it reads --------------------------------------------------------------------------------

PAIRS = [
    NURSE,
    ["", "How long does it take?"],
    ["same words", "same words"],
    ["What does a LSTM do?", "How does a LSTM work?"],
    [" ".join(f"how{k} much is the" for k in range(9)), "Is it safe to travel alone?"],
]


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_its_answers_are_the_network_s(one: Trained, read, pair: list[str]) -> None:
    def asked(*questions: Any) -> np.ndarray:
        answers = predict_question_pairs(one.model, one.vocabulary, *questions)
        return calibrated(answers, one.facts["line"])

    found, swapped = read(*pair), read(*pair[::-1])
    assert found.probability == pytest.approx(asked(*pair)[0], abs=1e-5)
    assert found.probability == calibrated(found.similarity, one.facts["line"])
    for which, words in enumerate(found.words):  # a word left out is a question without it
        other = " ".join(found.words[1 - which])
        shorter = [" ".join(words[:k] + words[k + 1 :]) for k in range(len(words))]
        expected = asked(shorter, [other] * len(words))
        np.testing.assert_allclose(found.without[which], expected, atol=1e-5)
    assert found.alike.shape == tuple(map(len, found.words))
    assert ((found.alike >= 0) & (found.alike <= 1)).all()
    np.testing.assert_allclose(found.alike, swapped.alike.T, atol=1e-5)
    if found.alike.size:  # the last cell of the table is the answer
        assert found.alike[-1, -1] == found.similarity


def test_the_table_is_that_of_the_layers_states(one: Trained, read) -> None:
    table, *lstm = one.model.get_weights()
    layer = keras.layers.LSTM(24, return_sequences=True)
    vectors = table[to_ids(NURSE, one.vocabulary)]
    layer.build(vectors.shape)
    layer.set_weights(lstm)
    u, v = keras.ops.convert_to_numpy(layer(vectors))
    found = read(*NURSE)
    n, m = found.alike.shape
    by_hand = [[np.exp(-np.abs(a - b).sum()) for b in v[-m:]] for a in u[-n:]]
    np.testing.assert_allclose(found.alike, by_hand, atol=1e-5)


def test_only_the_last_twenty_words_are_read_and_a_long_one_is_shown_cut(read) -> None:
    found = read(" ".join(f"w{k}" for k in range(50)), "how")
    assert found.lengths == (50, 1) and found.words[0] == [f"w{k}" for k in range(30, 50)]
    text = texts_in(page.result(found, FACTS, 1))
    assert "The first question has 50 words; only the last 20 are read." in text
    text = texts_in(page.result(read("how " + "a" * 5_000, "how much"), FACTS, 1))
    assert "a" * 23 + "…" in text and "a" * 24 not in text


# --- What it says ---------------------------------------------------------------------------------


def a_reading(first: str, second: str, unknown: str = "", probability: float = 0.5) -> Reading:
    """A reading made by hand; `unknown` names words."""
    words = [text.split() for text in (first, second)]
    known = tuple([word not in unknown.split() for word in one] for one in words)
    n, m = map(len, words)
    without = (np.linspace(0, 1, n), np.linspace(0, 1, m))
    alike = np.full((n, m), probability)
    return Reading(tuple(words), (n, m), known, probability, probability, without, alike)


def texts_in(part: Any) -> str:
    """All text of a Dash component, in order."""
    if isinstance(part, list | tuple):
        return "".join(map(texts_in, part))
    if hasattr(part, "children"):
        return texts_in(part.children)
    return "" if part is None else str(part)


AT = {"merged": 80, "precision": 0.75, "recall": 0.6, "paid": 0.25, "paid_none": 0.5}
FACTS = {
    "answers": [[k / 200, int(k >= 100)] for k in range(200)],
    "at": [AT] * len(COSTS),
    "num_test": 200,
}


NO_WORD, TWO = "I cannot say", "Two questions, please"
SAID = [  # what was read, the verdict, what the page says of it, what it must not say
    (a_reading("a b", "a", "", 0.9), "same", ["Probably the same", "0.90", "100 were"], "trust"),
    (a_reading("a b", "a", "", 0.1), "different", ["not the same", "0.10", "0 were"], "trust"),
    (a_reading("a b", "a", "", 0.5), "same", ["A close call: rather the same"], "Probably"),
    (a_reading("a b", "a", "", 0.499), "different", ["A close call: rather not"], "Probably"),
    (a_reading("a b c d e f x", "a", "x"), "same", ["“x”"], "mistrust"),
    (
        a_reading("a b c d x", "a", "x", 0.9),
        "same",
        ["Perhaps the", "“x”", "mistrust"],
        "test pairs",
    ),
    (a_reading("a b c x", "b a c y", "x y"), "same", ["“x”, “y”", "mistrust"], "pairs"),
    (a_reading("a x", "b y", "x y", 0.1), "different", ["“x”, “y”", "mistrust"], "pairs"),
    (a_reading("x", "a", "x", 0.9), "unknown", [NO_WORD, "no word of the first"], "0.90"),
    (a_reading("x", "y", "x y"), "unknown", [NO_WORD, "no word of either"], "0.50"),
    (a_reading("a x", "a y", "x y", 1.0), "unknown", [NO_WORD, "differ only in words"], "1.00"),
    (a_reading("", "a", "", 0.9), "empty", [TWO, "no word in the first question"], "0.90"),
    (a_reading("", "", "", 1.0), "empty", [TWO], "1.00"),
    (a_reading("a x", "a x", "x", 1.0), "same", ["similarity is 1 whatever"], "pairs"),
    (a_reading("a b c d e f g h", "a", "a b c d e f g"), "unknown", ["“f” and 1 more."], "“g”"),
]


@pytest.mark.parametrize(("given", "kind", "told", "untold"), SAID)
def test_the_verdict_is_relative_to_the_cut_and_said_in_words(
    given: Reading, kind: str, told: list[str], untold: str
) -> None:
    verdict, at_cost, explained = map(texts_in, page.result(given, FACTS, 1))
    assert judge(given, 0.5) == kind
    assert [phrase for phrase in told if phrase not in verdict] == []
    assert untold not in verdict
    assert "1/2 = 0.50" in at_cost
    assert ("nothing to explain" in explained) == (kind in ("empty", "unknown"))


CLOSE_OR_NOT = [  # probability, what the nearest test pairs were, cost, whether it is close
    (0.9, 0.9, 1, False),
    (0.9, 0.55, 1, True),  # near a coin, say the test pairs
    (0.9, 0.2, 1, True),  # the test pairs say the opposite
    (0.58, 0.9, 1, True),
    (0.1, 0.1, 1, False),
    (0.42, 0.1, 1, True),
    (0.9, 0.9, 5, False),
    (0.86, 0.95, 5, True),
    (0.6, 0.5, 5, False),  # far below a cut of 0.83
    (0.8, 0.5, 5, True),
]


@pytest.mark.parametrize(("probability", "share", "cost", "close"), CLOSE_OR_NOT)
def test_a_call_is_close_where_the_other_choice_costs_little_more(
    probability: float, share: float, cost: int, close: bool
) -> None:
    answers = [[0.5, int(k < 100 * share)] for k in range(100)]
    given = a_reading("a b", "a", "", probability)
    verdict = texts_in(page.result(given, {**FACTS, "answers": answers}, cost)[0])
    assert ("A close call" in verdict) == close
    rather = "rather the same" if probability >= cost / (cost + 1) else "rather not the same"
    assert (rather in verdict) == close


def test_what_the_cut_does_is_told_in_words() -> None:
    text = texts_in(page.told_of_cost(FACTS, 5)).replace("\N{NO-BREAK SPACE}", " ")
    for told in ("5 missed duplicates", "5/6 = 0.83", "calls 80 “the same”", "75 % of them"):
        assert told in text, told
    assert "60 % of all duplicates" in text and "costs 0.25" in text and "at all, 0.50." in text
    nothing = {**FACTS, "at": [{**AT, "merged": 0, "precision": None}]}
    assert "calls none “the same”" in texts_in(page.told_of_cost(nothing, 1))


# --- The search -----------------------------------------------------------------------------------


def test_the_nearest_of_all_known_questions_are_found(one: Trained, search) -> None:
    assert len(one.questions) == len(set(one.questions)) > 6_000
    for text in (NURSE[1], "how long is a quokka", "how " * 30):
        answers = predict_question_pairs(
            one.model, one.vocabulary, [text] * len(one.questions), one.questions
        )
        best = np.sort(answers)[::-1][:5]
        found = search(text)
        np.testing.assert_allclose([alike for alike, _ in found.nearest], best, atol=1e-5)
        for alike, question in found.nearest:
            assert answers[one.questions.index(question)] == pytest.approx(alike, abs=1e-5)
    assert search(one.questions[7]).nearest[0][0] == pytest.approx(1, abs=1e-5)


def test_without_a_known_word_nothing_is_found(search) -> None:
    assert search("").nearest == search("?! 🙂").nearest == search("quokka").nearest == []
    assert search("quokka how").known == [False, True]


FOUND = [  # what was found, what the page says of it, what it must not say
    (Found([], [], 0, []), "Type a question first", "unknown"),
    (Found(["x"], [False], 1, []), "knows no word of it", "nearest"),
    (Found(["a", "x"], [True, False], 2, [(0.5, "a?")]), "does not know “x”", "cannot"),
    (Found(["a"] * 20, [True] * 20, 30, [(0.5, "a?")]), "has 30 words; only the last 20", "know"),
]


@pytest.mark.parametrize(("found", "told", "untold"), FOUND)
def test_what_was_found_is_told(found: Found, told: str, untold: str) -> None:
    text = texts_in(page.told_of_search(found))
    assert told in text and untold not in text


def test_the_closest_test_pairs_are_counted() -> None:
    answers = [[0.1, 0], [0.2, 1], [0.21, 1], [0.9, 0]]
    assert closest_share(answers, 0.2, most=2) == (2, 2)
    assert closest_share(answers, 0.0, most=1) == (0, 1)
    assert closest_share(answers, 0.5) == (2, 4)


def test_each_word_shows_the_answer_less_the_answer_without_it() -> None:
    given = a_reading("up down same", "a", probability=0.5)._replace(
        without=(np.array([0.2, 0.65, 0.5]), np.array([0.5]))
    )
    text = texts_in(page.word_by_word(given))
    assert "up+0.30" in text and "down−0.15" in text and "same0.00" in text
    items = page.word_by_word(given).children[3].children
    assert [item.className for item in items] == ["up s10", "down s5", "down s0"]


def test_the_table_shows_per_cent_and_marks_the_answer() -> None:
    given = a_reading("a b", "c", probability=0.42)
    table = page.side_by_side(given).children[2].children
    rows = table.children[1].children
    assert [texts_in(row) for row in rows] == ["a42", "b42"]
    assert rows[-1].children[-1].className == "s4 answer"
    assert rows[0].children[-1].className == "s4"


def test_the_page_tells_what_it_was_trained_on(one: Trained, read, search) -> None:
    text = texts_in(page.make_app(one.facts, read, search, 6_774).layout)
    right, low, high, majority = (
        f"{100 * one.facts[name]:.1f}\N{NO-BREAK SPACE}%"
        for name in ("accuracy", "low", "high", "majority")
    )
    for told in (
        "2,800 of 4,000 made-up pairs of questions about 90 intents",
        "noise",
        right,
        majority,
    ):
        assert told in text, told
    for told in (f"{low} to {high}", "(sample: made by the course"):
        assert told in text, told
    assert "all 6,774 known questions" in text and "similarities, not probabilities" in text
    assert f"times {one.facts['line'][0]:.2f} plus" in text
    assert page.lecture_address() == f"{site_url()}lectures/siamese-quora.html"
    assert (ROOT / "lectures" / "siamese-quora.md").is_file()


# --- What the server lets in ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(one: Trained, read, search) -> FlaskClient:
    """The Flask app, asked without a server."""
    app = page.make_app(one.facts, read, search, len(one.questions))
    return server.secured(app).test_client()


@pytest.fixture(scope="module")
def dependencies(client: FlaskClient) -> list[dict]:
    """What the page learns about its callbacks."""
    return client.get("/_dash-dependencies").get_json()


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_gets_an_answer(client: FlaskClient, dependencies, text: str | None) -> None:
    for pair in ([text, NURSE[0]], [NURSE[0], text], [text, text]):
        answer = client.post(UPDATE, json=body_of(dependencies, *pair))
        assert answer.status_code == 200, answer.data[:500]
        assert len(answer.data) < 100_000
        assert "children" in answer.get_json()["response"]["result"]
    answer = client.post(UPDATE, json=search_of(dependencies, text))
    assert answer.status_code == 200, answer.data[:500]
    assert answer.get_json()["response"]["searched"]["data"] == (text or "")


def test_odd_texts_by_the_hundred_are_compared_and_searched(
    client: FlaskClient, dependencies
) -> None:  # the benchmark sends ten thousand
    last = ""
    for text in odd_texts(200, seed=1):
        for body in (body_of(dependencies, text, last), search_of(dependencies, text)):
            assert client.post(UPDATE, json=body).status_code == 200, repr(text[:200])
        last = text


def test_the_nth_question_that_was_found_is_compared(
    client: FlaskClient, dependencies, search
) -> None:
    def choose(number: int, searched: str | None) -> dict:
        values = {"question-1": "a", "question-2": "b", "cost": "1", "searched": searched}
        body = update(dependencies, f"found-{number}.n_clicks", values)
        return client.post(UPDATE, json=body).get_json()["response"]

    for number in (0, 4):
        answer = choose(number, NURSE[0])
        assert answer["question-1"] == {"value": NURSE[0]}
        assert answer["question-2"] == {"value": search(NURSE[0]).nearest[number][1]}
    for nothing in (None, "", "quokka"):  # the fields stay as they are
        assert "question-1" not in choose(0, nothing)


WRONG: list[Any] = [3, 1.5, True, [], ["a"], {}, {"a": 1}, [[]], [None]]


def test_what_the_page_never_sends_is_refused(client: FlaskClient, dependencies) -> None:
    good, nothing = body_of(dependencies, *NURSE), [*WRONG, None, "text"]
    assert client.post(UPDATE, json=good).status_code == 200
    bodies = [
        *(body_of(dependencies, bad, "a") for bad in WRONG),
        *nothing,
        *({k: v for k, v in good.items() if k != name} for name in good),
        *({**good, name: bad} for name in good for bad in nothing),
        {**good, "inputs": [{"id": "x", "property": "y"}] * 3},
        {**good, "changedPropIds": ["example-99.n_clicks"]},
        {**good, "changedPropIds": ["wanted.n_submit"]},  # of the other callback
        *(search_of(dependencies, bad) for bad in WRONG),
        *(body_of(dependencies, "a", "b", bad) for bad in [*WRONG, None, "0", "11", "1.0", ""]),
        update(dependencies, "found-0.n_clicks", {"cost": "1", "searched": {"a": 1}}),
        {**search_of(dependencies, "a"), "output": good["output"]},
    ]
    for body in bodies:
        answer = client.post(UPDATE, json=body)
        told = (answer.status_code, answer.text)
        assert told == (400, "The page sends no such request.\n"), body


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_what_is_no_json_is_refused(client: FlaskClient, data: bytes, kind: str) -> None:
    answer = client.post(UPDATE, data=data, content_type=kind)
    assert answer.status_code == 400 and "Traceback" not in answer.text


def test_too_much_is_refused(client: FlaskClient, dependencies) -> None:
    answer = client.post(UPDATE, json=body_of(dependencies, "a" * server.MOST_BYTES, "b"))
    assert answer.status_code in (400, 413) and len(answer.data) < 200


ADDRESSES = [
    f"GET {UPDATE}",
    f"PUT {UPDATE}",
    "GET /_dash-component-suites/dash/../../../../etc/passwd",
    "GET /_dash-component-suites/none/none.js",
    "GET /_dash-component-suites/dash/none.js",
    "GET /assets/../page.py",
    "GET /assets/%2e%2e/page.py",
    "POST /",
    "POST /icon.svg",
    "DELETE /_dash-layout",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_addresses_show_no_traceback(client: FlaskClient, address: str) -> None:
    method, path = address.split()
    answer = client.open(path, method=method)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text and "root:" not in answer.text
    assert "import" not in answer.text or answer.status_code == 200


def test_a_mistake_of_the_app_stays_in_its_terminal(one: Trained, read, search, caplog) -> None:
    def broken(first: str, second: str) -> Reading:
        return read(first, second) if first != "break" else 1 / 0

    asked = server.secured(page.make_app(one.facts, broken, search, 5)).test_client()
    body = body_of(asked.get("/_dash-dependencies").get_json(), "break", "it")
    answer = asked.post(UPDATE, json=body)
    assert answer.status_code == 500
    assert "division" not in answer.text and "Traceback" not in answer.text
    assert "division by zero" in caplog.text


def test_every_answer_has_the_headers(client: FlaskClient, dependencies) -> None:
    for answer in (client.get("/"), client.post(UPDATE, json={}), client.get("/icon.svg")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe-eval" not in policy
        script = re.search(r"script-src ([^;]+)", policy)[1]
        assert "unsafe" not in script and "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


# --- The port -------------------------------------------------------------------------------------


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    with server.listen(port=0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", server.address_of(listening))


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with server.listen(port=0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(server.CannotListen, match=f"{port} of 127.0.0.1 is taken"):
            server.listen(port=port)


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with server.listen(port=0) as taken, server.listen(port=0) as other:
        ports = [one.getsockname()[1] for one in (taken, other)]
        monkeypatch.setattr(server, "PORTS", ports)
        with pytest.raises(server.CannotListen, match="all taken"):
            server.listen()
        other.close()
        with server.listen() as found:
            assert found.getsockname()[1] == ports[1]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(server.CannotListen, match=re.escape(host)):
        server.listen(host, 0)


# --- The app as a user starts it ------------------------------------------------------------------


class Running(NamedTuple):
    """The app in a process of its own, and the connections to it."""

    process: psutil.Popen
    address: str
    session: requests.Session

    def ask(self, body: dict) -> str:
        """What it answers to a request that it must serve."""
        answer = self.session.post(self.address + UPDATE[1:], json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.text


def start_app(*arguments: str, before: Sequence[str] = ()) -> psutil.Popen:
    return psutil.Popen(
        [*before, sys.executable, "-m", "apps.questions", *arguments],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def running(one: Trained, folder: Path) -> Iterator[Running]:
    """``python -m apps.questions`` on a free port, with these tests' network; ended by Ctrl-C."""
    process = start_app("--port", "0", "--folder", str(folder))
    said = process.stdout.readline() + process.stdout.readline()
    found = re.fullmatch(r"Loading; .*\n.* (http://\S+) .*\n", said)
    assert found, f"the app did not start, or trained anew:\n{said}"
    with requests.Session() as session:
        session.trust_env = False  # no proxy
        yield Running(process, found[1], session)
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    rest = process.communicate(timeout=30)[0]
    if os.name != "nt":
        assert (process.returncode, rest.strip()) == (0, "Stopped.")


@pytest.mark.slow
def test_a_thousand_requests_in_a_row_leave_no_memory_behind(running, dependencies) -> None:
    body = body_of(dependencies, *NURSE)
    long = body_of(dependencies, ODD["very long"], ODD["Hebrew"])
    memory = []
    for number in range(1_000):
        running.ask(long if number % 50 == 0 else body)
        if number in (199, 999):
            memory.append(running.process.memory_info().rss / 1e6)
    assert memory[1] - memory[0] < 20


def test_fifty_at_once_all_get_their_own_answer(running, dependencies, read) -> None:
    pairs = [(f"how much {word} is it", NURSE[1]) for word in ("a", "the", "to", "in", "rome") * 10]
    with ThreadPoolExecutor(50) as pool:
        asked = pool.map(lambda pair: running.ask(body_of(dependencies, *pair)), pairs)
    told = [float(re.search(r"has a probability of \D*(\d\.\d+)", answer)[1]) for answer in asked]
    alone = [read(*pair).probability for pair in pairs]
    np.testing.assert_allclose(told, alone, atol=0.0051)
    assert len({round(probability, 2) for probability in alone}) >= 3


def test_a_flood_is_stopped_at_the_door(running: Running) -> None:
    with socket.create_connection((server.HOST, urlsplit(running.address).port), 60) as open_one:
        open_one.sendall(f"POST {UPDATE} HTTP/1.1\r\nContent-Length: {10**9}\r\n\r\n".encode())
        assert open_one.recv(100).startswith(b"HTTP/1.1 413 ")


def test_it_is_reached_from_this_machine_alone(running: Running) -> None:
    listening = [c for c in running.process.net_connections() if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}


def test_a_second_run_on_the_same_port_says_what_to_do(running: Running) -> None:
    process = start_app("--port", str(urlsplit(running.address).port))
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "is taken" in said and "--port" in said and "Traceback" not in said


MOMENTS = {  # what the app says last, whether it has a network, how it ends
    "Loading": (True, 130, "Stopped before the page was there."),
    "epoch 1": (False, 130, "Stopped before the page was there."),
    "Ctrl-C ends it": (True, 0, "Stopped."),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no trap")
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.slow
def test_ctrl_c_ends_it_also_where_the_shell_ignores_that(
    one: Trained, folder: Path, tmp_path: Path, moment: str
) -> None:
    has_network, status, last_words = MOMENTS[moment]
    place = folder if has_network else tmp_path
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]
    process = start_app("--port", "0", "--folder", str(place), before=ignoring)
    try:
        while moment not in (line := process.stdout.readline()):
            assert line, f"it ended before it said {moment!r}"
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[0]
    finally:
        if process.poll() is None:  # it ignores Ctrl-C
            process.kill()
    assert (process.returncode, rest.strip().splitlines()[-1]) == (status, last_words)
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


# --- The page in a browser ------------------------------------------------------------------------


@pytest.fixture
def opened(browser: Browser, running: Running) -> Iterator[Visit]:
    """The page in a browser on a desk."""
    with visit(browser, running.address) as visited:
        yield visited


@pytest.fixture
def shown(opened: Visit) -> Page:
    """The same, where it does not matter what was loaded."""
    return opened.page


def compare(shown: Page, first: str, second: str) -> str:
    """Type two questions, press Enter, return the new verdict."""
    shown.get_by_label("First question").fill(first)
    shown.get_by_label("Second question").fill(second)
    with shown.expect_response(lambda answer: UPDATE in answer.url):
        shown.get_by_label("Second question").press("Enter")
    shown.wait_for_function("() => !document.querySelector('[data-dash-is-loading]')")
    shown.wait_for_timeout(100)
    return shown.get_by_role("status").inner_text()


def fields_of(shown: Page) -> list[str]:
    """The questions in the two fields."""
    return [shown.locator(f"#question-{k}").input_value() for k in (1, 2)]


def first_words(shown: Page) -> list[str]:
    """The words of the first question, as they are explained."""
    return shown.locator(".words").first.locator(".word").all_text_contents()


def seek(shown: Page, text: str) -> None:
    """Type a text into the search, press Enter, wait for what is found."""
    shown.get_by_label("nearest of all").fill(text)
    with shown.expect_response(lambda answer: UPDATE in answer.url):
        shown.get_by_label("nearest of all").press("Enter")
    shown.wait_for_function("() => !document.querySelector('[data-dash-is-loading]')")
    shown.wait_for_timeout(100)


def test_two_questions_and_enter_give_verdict_and_explanation(
    opened: Visit, running: Running, read, one: Trained
) -> None:
    shown, expected = opened.page, read(*NURSE)
    at_first = shown.get_by_role("status").inner_text()
    assert any(head in at_first for head in page.HEADS["same"][1:])
    assert shown.title() == page.TITLE
    seek(shown, NURSE[0])
    said = compare(shown, *NURSE)
    assert [u for u in opened.requests if not u.startswith((running.address, "data:"))] == []
    assert len(opened.requests) > 5 and opened.errors == []
    assert f"has a probability of {expected.probability:.2f};" in said
    head = page.HEADS[judge(expected, 0.5)]
    assert any(text and text in said for text in head[1:])
    assert first_words(shown) == expected.words[0]
    assert shown.locator("tbody tr").count() == len(expected.words[0])
    assert shown.locator("td.answer").text_content() == f"{100 * expected.similarity:.0f}"
    assert not shown.locator("table").is_visible()
    shown.get_by_text("Why? Word by word").click()
    assert shown.locator("table").is_visible()
    compare(shown, *NURSE[::-1])
    assert shown.locator("table").is_visible()  # it stays open


SEEN = """field => field.getBoundingClientRect().top >= 0
    && field.getBoundingClientRect().bottom <= innerHeight"""

RING = """() => [document.activeElement, document.activeElement.parentElement]
    .map(e => getComputedStyle(e))
    .some(s => s.outlineStyle == 'solid' && parseFloat(s.outlineWidth) >= 3)"""


def test_the_button_works_too_and_so_does_the_keyboard(shown: Page) -> None:
    shown.get_by_label("First question").fill("How old is")
    shown.get_by_label("Second question").fill("")
    with shown.expect_response(lambda answer: UPDATE in answer.url):
        shown.get_by_role("button", name="Compare").click()
    shown.get_by_text("Two questions, please").wait_for()
    shown.locator("body").click(position={"x": 2, "y": 2})
    order = []
    for _ in range(9):
        shown.keyboard.press("Tab")
        order.append(shown.evaluate("document.activeElement.id"))
        assert shown.evaluate(RING), order
    answering = ["", "question-1", "question-2", "compare", "cost", "why"]
    assert order == [*answering, "wanted", "search", "example-0"]
    with shown.expect_response(lambda answer: UPDATE in answer.url):
        shown.keyboard.press("Enter")
    shown.locator(".verdict.same").wait_for()


def test_arrow_keys_move_the_cost_and_with_it_cut_verdict_and_numbers(
    shown: Page, one: Trained, read
) -> None:
    example = one.facts["examples"][0]
    assert 0.5 < read(*example[1:]).probability < cut_at(10)
    slider = shown.get_by_label("A wrong merge costs as much as")
    told = shown.locator("#at-cost")
    assert "1/2 = 0.50" in told.inner_text()
    slider.focus()
    for key, cost, sign in (("ArrowRight", 2, ""), ("End", 10, "≠"), ("Home", 1, "=")):
        shown.keyboard.press(key)
        shown.get_by_text(f"{cost}/{cost + 1} = {cut_at(cost):.2f}").wait_for()
        assert shown.locator(".cut").inner_text() == f"cut {cut_at(cost):.2f}"
        assert sign in shown.locator(".sign").inner_text()
        assert f"calls {one.facts['at'][cost - 1]['merged']} “the same”" in told.inner_text()
        assert shown.evaluate("document.activeElement.id") == "cost"
    assert fields_of(shown) == example[1:]
    shown.keyboard.press("End")
    shown.get_by_text("10/11").wait_for()
    assert "from 0.91 on" in compare(shown, *NURSE)  # the cost stays as it is


def test_the_nearest_known_questions_are_shown_and_can_be_compared(
    browser, running, search, read
) -> None:
    expected = search(NURSE[0]).nearest
    with visit(browser, running.address, size=PHONE) as visited:
        shown = visited.page
        found = shown.locator(".search .example:visible")
        assert found.count() == 0
        seek(shown, NURSE[0])
        assert [line.splitlines() for line in found.all_inner_texts()] == [
            [question, f"similarity {alike:.2f}"] for alike, question in expected
        ]
        shown.get_by_label("nearest of all").fill("something else")  # and not searched for
        found.nth(1).focus()
        shown.keyboard.press("Enter")
        shown.wait_for_function(
            "text => document.getElementById('question-1').value == text", arg=NURSE[0]
        )
        probability = read(NURSE[0], expected[1][1]).probability
        shown.locator(f".verdict b:text-is('{probability:.2f}')").wait_for()
        assert fields_of(shown) == [NURSE[0], expected[1][1]]
        assert shown.locator("#question-1").evaluate(SEEN)
        for text, told in (("", "Type a question"), ("quokka", "knows no word of it")):
            seek(shown, text)
            assert told in shown.locator("#told").inner_text()
            assert found.count() == 0


def test_an_example_fills_the_fields_and_is_answered(browser, running, one: Trained) -> None:
    kinds = [example[0] for example in one.facts["examples"]]
    with visit(browser, running.address, size=PHONE) as visited:
        for kind in ("same", "different", "missed", "mistaken"):
            number = kinds.index(kind)
            compare(visited.page, "", "")
            visited.page.locator(f"#example-{number}").click()
            sign = "=" if kind in ("same", "mistaken") else "≠"
            visited.page.locator(f".sign:text-is('{sign}')").wait_for()
            assert fields_of(visited.page) == one.facts["examples"][number][1:], kind
            assert visited.page.locator("#question-1").evaluate(SEEN), kind


def test_of_examples_clicked_in_haste_the_last_is_answered(shown: Page, one: Trained, read) -> None:
    number = len(one.facts["examples"]) - 1
    expected = read(*one.facts["examples"][number][1:]).probability
    compare(shown, "", "")
    shown.evaluate(
        f"for (let k = 0; k <= {number}; k++) document.getElementById(`example-${{k}}`).click()"
    )
    shown.locator(f".verdict b:text-is('{expected:.2f}')").wait_for()
    shown.wait_for_timeout(500)
    assert fields_of(shown) == one.facts["examples"][number][1:]


def test_html_is_shown_as_text_and_runs_nothing(opened: Visit, shown: Page) -> None:
    compare(shown, f"How much {SCRIPT} is it", f"How old {SCRIPT} is it")
    seek(shown, f"How much {SCRIPT}")
    assert "“onerror”" in shown.locator("#told").inner_text()
    assert shown.locator(".search script, .search img").count() == 0
    shown.wait_for_timeout(300)
    assert shown.title() == page.TITLE
    assert shown.locator("#result script, #result img").count() == 0
    assert {"onerror", "script"} <= set(first_words(shown))
    assert opened.errors == []


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "dark")],
    ids=["phone, light", "phone, dark", "desk, dark"],
)
@pytest.mark.slow
def test_all_can_be_read_and_nothing_scrolls_sideways(
    browser: Browser, running: Running, one: Trained, size: dict, scheme: str
) -> None:
    long = "how " * 15 + "a" * 400 + " is the best time to visit london"
    questions = [
        one.facts["examples"][-1][1:],
        [long, long],
        ["What is a quokka?", "What is a gru?"],
        ["מה השעה", "今何時ですか"],
        one.facts["examples"][0][1:],
    ]
    with visit(browser, running.address, size=size, scheme=scheme) as visited:
        shown = visited.page
        ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
        shown.get_by_text("Why? Word by word").click()
        seek(shown, long)
        for pair in questions:
            compare(shown, *pair)
            width = shown.evaluate("document.scrollingElement.scrollWidth")
            assert width <= size["width"], pair
            texts = shown.evaluate(CONTRASTS.replace("'article'", "'main'"))
            assert [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)] == []
        shown.locator("#cost").press("End")
        shown.get_by_text("10/11").wait_for()
        found = Axe().run(shown).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


def test_a_server_that_is_gone_is_told(shown: Page) -> None:
    shown.route(f"**{UPDATE}*", lambda route: route.abort())
    shown.get_by_role("button", name="Compare").click()
    shown.get_by_text("The server does not answer").wait_for()
    shown.unroute(f"**{UPDATE}*")
    compare(shown, *NURSE)
    assert shown.locator("#trouble").is_hidden()
