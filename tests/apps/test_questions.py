"""The web app of lecture 10: its network, what it explains, its server, its page in a browser.

The network is trained once, by the recipe that the app uses. What goes over HTTP goes to a process
of its own, started as a user starts it.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import keras
import numpy as np
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from apps.questions import page, server, training
from apps.questions.reading import Reading, closest_share, judge, make_reader
from apps.questions.training import QUESTIONS, Trained, split, trained
from benchmarks.app import body_of
from helpers.data import load_question_pairs
from helpers.siamese import predict_question_pairs
from tests.pages.browsing import CONTRASTS, DESKTOP, LEAST_CONTRAST, PHONE, visit
from tests.support import ROOT, clean_environment, functions_of
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
}


# --- The network ----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data of these tests."""
    monkeypatch.setenv("RNN_DATA", "sample")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the network of these tests is kept."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="session")
def one(folder: Path) -> Trained:
    """The app's network on the sample, trained as the app trains it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNN_DATA", "sample")
        return trained(folder, say=lambda _: None)


@pytest.fixture(scope="session")
def read(one: Trained):
    """Its reader."""
    return make_reader(one.model, one.vocabulary)


def test_it_is_as_good_as_in_the_lecture(one: Trained) -> None:
    assert 0.75 <= one.facts["accuracy_half"] <= 0.84
    assert one.facts["low"] < one.facts["accuracy"] < one.facts["high"]
    assert one.facts["low"] > one.facts["majority"] + 0.05
    assert 0.15 <= one.facts["cut"] <= 0.6
    assert 0.6 < one.facts["precision"] < 0.9 and 0.55 < one.facts["recall"] < 0.9


def test_it_has_the_lecture_s_size_and_split(one: Trained) -> None:
    lecture, pairs = functions_of("10-siamese-quora"), load_question_pairs()
    ids = [pairs[column].tolist() for column in ("qid1", "qid2")]
    part = split(*ids)
    np.testing.assert_array_equal(part, lecture.deal(lecture.components(*ids)))
    sets = [
        {*ids[0][part == k], *ids[1][part == k]}
        for ids in [pairs[["qid1", "qid2"]].T.to_numpy()]
        for k in range(3)
    ]
    assert not (sets[0] & sets[1] or sets[0] & sets[2] or sets[1] & sets[2])
    assert one.model.count_params() == 38_472
    assert one.facts["num_words"] == len(one.vocabulary) == 1405
    assert [one.facts[f"num_{name}"] for name in ("pairs", "train", "test")] == [4000, 2800, 800]


def test_it_says_what_the_lecture_s_network_with_its_weights_says() -> None:
    lecture = functions_of("10-siamese-quora")
    lecture.encoder.__globals__["SIZE"] = 24
    theirs = lecture.siamese(lecture.by_manhattan, [lecture.from_seed(0, 30, 1e-4)])
    ours = training.manhattan_network(30)
    ids = [np.random.default_rng(k).integers(0, 32, (16, 20)).astype("int32") for k in range(2)]
    for a, b in zip(theirs.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)  # the same start, too
    answers = [keras.ops.convert_to_numpy(model(ids)) for model in (theirs, ours)]
    np.testing.assert_allclose(*answers, atol=1e-6)


def test_its_examples_are_what_they_are_said_to_be(one: Trained) -> None:
    pairs = load_question_pairs().set_index(QUESTIONS)["label"]
    kinds = [kind for kind, *_ in one.facts["examples"]]
    assert kinds == ["same", "same", "different", "different", "missed", "mistaken"]
    for kind, *pair in one.facts["examples"]:
        says_same = predict_question_pairs(one.model, one.vocabulary, *pair)[0] >= one.facts["cut"]
        assert says_same == (kind in ("same", "mistaken"))
        assert pairs[tuple(pair)] == (kind in ("same", "missed"))


def test_it_is_trained_once(one: Trained, folder: Path) -> None:
    said: list[str] = []
    again = trained(folder, say=said.append)
    assert said == []
    assert again.facts["accuracy"] == one.facts["accuracy"]
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


@pytest.mark.parametrize("damage", ["cut", "no model", "no facts", "facts cut", "another model"])
def test_a_damaged_file_is_noticed(one: Trained, tmp_path: Path, damage: str) -> None:
    training.save(one, tmp_path / "place")
    model, facts = (
        tmp_path / "place" / name for name in (training.MODEL_FILE, training.FACTS_FILE)
    )
    training.load(tmp_path / "place")
    if damage == "cut":
        model.write_bytes(model.read_bytes()[:-100])
    elif damage == "another model":
        training.manhattan_network(3).save(model)
    elif damage == "facts cut":
        facts.write_bytes(facts.read_bytes()[:-100])
    else:
        (model if damage == "no model" else facts).unlink()
    with pytest.raises((OSError, ValueError, KeyError, TypeError)):
        training.load(tmp_path / "place")


def test_what_is_damaged_is_told_and_replaced(tmp_path: Path, monkeypatch) -> None:
    pairs = load_question_pairs()
    few = pairs.head(300).copy()
    few.attrs = pairs.attrs
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
    assert trained(tmp_path / "file", say=said.append) is one
    assert "cannot be written" in said[-1]


@pytest.mark.real_data
def test_it_learns_from_quora_s_pairs_and_says_so(
    real_data_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    real = trained(tmp_path, max_epochs=1, say=lambda _: None)
    assert real.facts["tier"] == real_data_folder and real.facts["num_intents"] == 0
    assert real.facts["low"] > 0.5
    told = page.world(real.facts)
    assert f"{real.facts['num_pairs']:,} pairs" in told and "made-up" not in told
    everything = texts_in(page.make_app(real.facts, make_reader(*real[:2])).layout)
    assert real_data_folder not in everything


# --- What it reads --------------------------------------------------------------------------------

PAIRS = [
    NURSE,
    ["", "How long does it take?"],
    ["same words", "same words"],
    ["What does a LSTM do?", "How does a LSTM work?"],
    [" ".join(f"how{k} much is the" for k in range(9)), "Is it safe to travel alone?"],
]


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_its_answer_is_the_network_s(one: Trained, read, pair: list[str]) -> None:
    said = predict_question_pairs(one.model, one.vocabulary, *pair)[0]
    assert read(*pair).probability == pytest.approx(said, abs=1e-5)


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_a_word_left_out_is_a_question_without_it(one: Trained, read, pair: list[str]) -> None:
    found = read(*pair)
    for which in range(2):
        words, other = found.words[which], " ".join(found.words[1 - which])
        shorter = [" ".join(words[:k] + words[k + 1 :]) for k in range(len(words))]
        asked = predict_question_pairs(one.model, one.vocabulary, shorter, [other] * len(words))
        np.testing.assert_allclose(found.without[which], asked, atol=1e-5)


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_the_last_cell_of_the_table_is_the_answer(read, pair: list[str]) -> None:
    found, swapped = read(*pair), read(*pair[::-1])
    assert found.alike.shape == tuple(map(len, found.words))
    assert ((found.alike >= 0) & (found.alike <= 1)).all()
    np.testing.assert_allclose(found.alike, swapped.alike.T, atol=1e-5)
    if found.alike.size:
        assert found.alike[-1, -1] == found.probability


def test_the_table_is_that_of_the_layers_states(one: Trained, read) -> None:
    from helpers.siamese import to_ids

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


def test_two_equal_beginnings_run_together_until_they_differ(read) -> None:
    found = read("How do I learn the piano quickly?", "How do I learn the violin quickly?")
    np.testing.assert_allclose(np.diag(found.alike)[:5], 1, atol=1e-5)
    assert found.alike[5, 5] < 0.9


def test_only_the_last_twenty_words_are_read(read) -> None:
    long = " ".join(f"w{k}" for k in range(50))
    found = read(long, "how")
    assert found.lengths == (50, 1)
    assert found.words[0] == [f"w{k}" for k in range(30, 50)]


@pytest.mark.parametrize("first", ODD)
def test_any_text_is_read(read, first: str) -> None:
    for second in ODD.values():
        found = read(ODD[first], second)
        assert 0 <= found.probability <= 1 and len(found.words[0]) <= 20


def test_fifty_threads_get_the_answers_of_one(read) -> None:
    words = ["a", "the", "to", "in", "nurse", "rome"] * 9
    pairs = [(f"how much {word} is it", NURSE[1]) for word in words]
    alone = [read(*pair).probability for pair in pairs]
    with ThreadPoolExecutor(50) as pool:
        together = list(pool.map(lambda pair: read(*pair).probability, pairs))
    np.testing.assert_allclose(together, alone, atol=1e-6)


# --- What it says ---------------------------------------------------------------------------------


def a_reading(first: str, second: str, unknown: str = "", probability: float = 0.5) -> Reading:
    """A reading made by hand; `unknown` names words."""
    words = [text.split() for text in (first, second)]
    known = tuple([word not in unknown.split() for word in one] for one in words)
    n, m = map(len, words)
    without = (np.linspace(0, 1, n), np.linspace(0, 1, m))
    return Reading(tuple(words), (n, m), known, probability, without, np.full((n, m), probability))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (a_reading("how old", "how", probability=0.3), "same"),
        (a_reading("how old", "how", probability=0.299), "different"),
        (a_reading("", "how", probability=0.9), "empty"),
        (a_reading("", "", probability=1.0), "empty"),
        (a_reading("lstm", "how", "lstm", 0.9), "unknown"),
        (a_reading("lstm gru", "gru", "lstm gru", 0.9), "unknown"),
        (a_reading("the lstm", "the gru", "lstm gru", 1.0), "unknown"),
        (a_reading("the lstm", "the lstm", "lstm", 1.0), "same"),
        (a_reading("the lstm", "a gru", "lstm gru", 0.1), "different"),
    ],
)
def test_the_verdict_is_relative_to_the_cut_and_may_be_none(given: Reading, kind: str) -> None:
    assert judge(given, 0.3) == kind


def texts_in(part: Any) -> str:
    """All text of a Dash component, in order."""
    if isinstance(part, list | tuple):
        return "".join(map(texts_in, part))
    if hasattr(part, "children"):
        return texts_in(part.children)
    return "" if part is None else str(part)


FACTS = {"cut": 0.3, "answers": [[k / 200, int(k >= 100)] for k in range(200)]}


@pytest.mark.parametrize(
    ("given", "told", "untold"),
    [
        (
            a_reading("a b", "a", probability=0.9),
            ["Probably the same", "0.90", "100 were"],
            "trust",
        ),
        (a_reading("a b", "a", probability=0.1), ["not the same", "0.10", "0 were"], "trust"),
        (a_reading("a b", "a", probability=0.31), ["A close call: rather the same"], "Probably"),
        (a_reading("a b", "a", probability=0.29), ["A close call: rather not"], "Probably"),
        (a_reading("a b c d e f x", "a", "x"), ["“x”"], "mistrust"),
        (a_reading("a b c d x", "a", "x"), ["Perhaps the same", "“x”", "mistrust"], "test pairs"),
        (a_reading("a b c d e f x", "b a c d e f y", "x y"), ["“x”, “y”", "mistrust"], "pairs"),
        (a_reading("x", "a", "x"), ["I cannot say", "no word of the first"], "0.50"),
        (a_reading("x", "y", "x y"), ["I cannot say", "no word of either"], "0.50"),
        (a_reading("a x", "a y", "x y"), ["I cannot say", "differ only in words"], "0.50"),
        (a_reading("", "a"), ["Two questions", "no word in the first question"], "0.50"),
        (a_reading("a b", "a b", probability=1.0), ["the answer is 1 whatever"], "trust"),
        (a_reading(" ".join("abcdefgh"), "a", "a b c d e f g"), ["“f” and 1 more."], "“g”"),
    ],
)
def test_the_page_says_it_in_words(given: Reading, told: list[str], untold: str) -> None:
    parts = page.result(given, FACTS)
    text = texts_in(parts[0])
    assert [phrase for phrase in told if phrase not in text] == []
    assert untold not in text
    assert len(parts) == (1 if judge(given, 0.3) in ("empty", "unknown") else 3)


def test_the_page_says_when_a_question_was_cut() -> None:
    cut = a_reading("a b", "a")._replace(lengths=(2_345, 1))
    text = texts_in(page.result(cut, FACTS))
    assert "The first question has 2,345 words; only the last 20 are read." in text


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


def test_a_very_long_word_is_shown_cut(read) -> None:
    text = texts_in(page.result(read("how " + "a" * 5_000, "how much"), FACTS))
    assert "a" * 23 + "…" in text and "a" * 24 not in text


def test_the_page_tells_what_it_was_trained_on(one: Trained, read) -> None:
    text = texts_in(page.make_app(one.facts, read).layout)
    facts = one.facts
    for told in (
        "4,000 made-up pairs of questions about 90 wishes",
        "noise",
        f"{100 * facts['accuracy']:.1f}\N{NO-BREAK SPACE}%",
        f"{100 * facts['low']:.1f}\N{NO-BREAK SPACE}% to {100 * facts['high']:.1f}",
        f"{100 * facts['majority']:.1f}\N{NO-BREAK SPACE}%",
        f"{facts['cut']:.2f}, where the F1 score",
        "(sample: made by the course",
    ):
        assert told in text, told


def test_it_links_to_the_lecture() -> None:
    assert page.lecture_address() == f"{site_url()}lectures/10-siamese-quora.html"
    assert (ROOT / "lectures" / "10-siamese-quora.md").is_file()


# --- What the server lets in ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def client(one: Trained, read) -> FlaskClient:
    """The Flask app, asked without a server."""
    return server.secured(page.make_app(one.facts, read)).test_client()


@pytest.fixture(scope="session")
def dependencies(client: FlaskClient) -> list[dict]:
    """What the page learns about its callback."""
    return client.get("/_dash-dependencies").get_json()


@pytest.mark.parametrize("name", ODD)
def test_any_text_gets_an_answer(client: FlaskClient, dependencies, name: str) -> None:
    for pair in ([ODD[name], NURSE[0]], [NURSE[0], ODD[name]], [ODD[name], ODD[name]]):
        answer = client.post(UPDATE, json=body_of(dependencies, *pair))
        assert answer.status_code == 200, answer.data[:500]
        assert len(answer.data) < 100_000
        assert "children" in answer.get_json()["response"]["result"]


def test_fields_that_were_never_filled_are_empty_questions(client, dependencies) -> None:
    answer = client.post(UPDATE, json=body_of(dependencies, None, None))
    assert answer.status_code == 200 and "Two questions, please" in answer.text


def wrong_bodies(dependencies: list[dict]) -> dict[str, Any]:
    """Bodies that the page never sends, by what is wrong."""
    good = body_of(dependencies, *NURSE)
    wrong: dict[str, Any] = {f"text is {bad!r}": body_of(dependencies, bad, "a") for bad in WRONG}
    wrong |= {f"body is {bad!r}": bad for bad in [*WRONG, None, "text"]}
    for name in good:
        wrong[f"without {name}"] = {key: value for key, value in good.items() if key != name}
        wrong |= {f"{name} is {bad!r}": {**good, name: bad} for bad in [*WRONG, None, "text"]}
    wrong["another input"] = {**good, "inputs": [{"id": "x", "property": "y"}] * 3}
    wrong["another trigger"] = {**good, "changedPropIds": ["example-99.n_clicks"]}
    return wrong


WRONG: list[Any] = [3, 1.5, True, [], ["a"], {}, {"a": 1}, [[]], [None]]


def test_what_the_page_never_sends_is_refused(client: FlaskClient, dependencies) -> None:
    assert client.post(UPDATE, json=body_of(dependencies, *NURSE)).status_code == 200
    for what, body in wrong_bodies(dependencies).items():
        answer = client.post(UPDATE, json=body)
        assert answer.status_code == 400, what
        assert answer.text == "The page sends no such request.\n", what


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_what_is_no_json_is_refused(client: FlaskClient, data: bytes, kind: str) -> None:
    answer = client.post(UPDATE, data=data, content_type=kind)
    assert answer.status_code == 400 and "Traceback" not in answer.text


def test_too_much_is_refused(client: FlaskClient, dependencies) -> None:
    answer = client.post(UPDATE, json=body_of(dependencies, "a" * server.MOST_BYTES, "b"))
    assert answer.status_code in (400, 413) and len(answer.data) < 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", UPDATE),
        ("PUT", UPDATE),
        ("GET", "/_dash-component-suites/dash/../../../../etc/passwd"),
        ("GET", "/_dash-component-suites/none/none.js"),
        ("GET", "/_dash-component-suites/dash/none.js"),
        ("GET", "/assets/../page.py"),
        ("GET", "/assets/%2e%2e/page.py"),
        ("POST", "/"),
        ("POST", "/icon.svg"),
        ("DELETE", "/_dash-layout"),
    ],
)
def test_odd_addresses_show_no_traceback(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text and "root:" not in answer.text
    assert "import" not in answer.text or answer.status_code == 200


def test_a_mistake_of_the_app_stays_in_its_terminal(one: Trained, read, caplog) -> None:
    def broken(first: str, second: str) -> Reading:
        if first == "break":
            raise RuntimeError("inside")
        return read(first, second)

    flask = server.secured(page.make_app(one.facts, broken))
    asked = flask.test_client()
    body = body_of(asked.get("/_dash-dependencies").get_json(), "break", "it")
    answer = asked.post(UPDATE, json=body)
    assert answer.status_code == 500
    assert "inside" not in answer.text and "Traceback" not in answer.text
    assert "inside" in caplog.text


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
        with pytest.raises(
            server.CannotListen, match=rf"{port} of 127.0.0.1 is taken(.|\n)*--port"
        ):
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


@dataclass
class Running:
    """The app in a process of its own."""

    process: subprocess.Popen
    address: str

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)

    def ask(self, connection: http.client.HTTPConnection, body: dict) -> tuple[int, bytes]:
        connection.request("POST", UPDATE, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def memory(self) -> float:
        """Resident memory in MB."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6


def start_app(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "apps.questions", *arguments],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


@pytest.fixture(scope="session")
def running(one: Trained, folder: Path) -> Iterator[Running]:
    """``python -m apps.questions`` on a free port, with these tests' network; ended by Ctrl-C."""
    process = start_app("--port", "0", "--folder", str(folder))
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            break
    else:
        pytest.fail(f"the app did not start:\n{said}", pytrace=False)
    assert "Training" not in said
    yield Running(process, found[0])
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    rest = process.communicate(timeout=30)[0]
    if os.name != "nt":
        assert (process.returncode, rest.strip()) == (0, "Stopped.")


def test_a_thousand_requests_in_a_row_leave_no_memory_behind(running, dependencies) -> None:
    connection, body = running.connect(), body_of(dependencies, *NURSE)
    long = body_of(dependencies, ODD["very long"], ODD["Hebrew"])
    memory = []
    for number in range(1_000):
        status, _ = running.ask(connection, long if number % 50 == 0 else body)
        assert status == 200
        if number in (199, 999):
            memory.append(running.memory())
    assert memory[1] - memory[0] < 20


def test_fifty_at_once_all_get_their_own_answer(running, dependencies) -> None:
    words = [f"how much {word} is it to be a nurse" for word in ["a", "the", "to", "in", "of"] * 10]
    bodies = [body_of(dependencies, text, NURSE[1]) for text in words]
    alone = [running.ask(running.connect(), body)[1] for body in bodies[:5]]
    with ThreadPoolExecutor(50) as pool:
        together = list(pool.map(lambda body: running.ask(running.connect(), body), bodies))
    assert {status for status, _ in together} == {200}
    rounded = [re.sub(rb"\d\.\d+", b"#", answer) for _, answer in together]
    assert rounded == [re.sub(rb"\d\.\d+", b"#", answer) for answer in alone] * 10


def test_a_flood_is_stopped_at_the_door(running: Running) -> None:
    connection = running.connect()
    connection.putrequest("POST", UPDATE)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_it_is_reached_from_this_machine_alone(running: Running) -> None:
    others = {
        one[4][0]
        for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        if not one[4][0].startswith("127.")
    }
    if not others:
        pytest.skip("this machine has no other address than the loopback")
    for host in others:
        with pytest.raises(OSError):
            socket.create_connection((host, urlsplit(running.address).port), timeout=2).close()


def test_a_second_run_on_the_same_port_says_what_to_do(running: Running) -> None:
    process = start_app("--port", str(urlsplit(running.address).port))
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "is taken" in said and "--port" in said and "Traceback" not in said


# --- The page in a browser ------------------------------------------------------------------------


def compare(browser_page: Page, first: str, second: str) -> str:
    """Type two questions, press Enter, return the new verdict."""
    browser_page.get_by_label("First question").fill(first)
    browser_page.get_by_label("Second question").fill(second)
    with browser_page.expect_response(lambda answer: UPDATE in answer.url):
        browser_page.get_by_label("Second question").press("Enter")
    browser_page.wait_for_function("() => !document.querySelector('[data-dash-is-loading]')")
    browser_page.wait_for_timeout(100)
    return browser_page.get_by_role("status").inner_text()


@pytest.mark.browser
def test_the_page_opens_with_an_answer_and_asks_no_other_machine(browser, running) -> None:
    with visit(browser, running.address) as visited:
        assert "Probably the same" in visited.page.get_by_role("status").inner_text()
        assert visited.page.title() == page.TITLE
        compare(visited.page, *NURSE)
        assert [u for u in visited.requests if not u.startswith((running.address, "data:"))] == []
        assert len(visited.requests) > 5 and visited.errors == []


@pytest.mark.browser
def test_two_questions_and_enter_give_verdict_and_explanation(browser, running, read, one) -> None:
    expected = read(*NURSE)
    with visit(browser, running.address) as visited:
        said = compare(visited.page, *NURSE)
        assert f"The network's answer is {expected.probability:.2f};" in said
        head = page.HEADS[judge(expected, one.facts["cut"])]
        assert any(text and text in said for text in head[1:])
        words = visited.page.locator(".words").first.locator(".word").all_inner_texts()
        assert words == expected.words[0]
        assert visited.page.locator("tbody tr").count() == len(expected.words[0])
        assert visited.page.locator("td.answer").inner_text() == f"{100 * expected.probability:.0f}"


@pytest.mark.browser
def test_the_button_works_too_and_so_does_the_keyboard(browser, running) -> None:
    with visit(browser, running.address) as visited:
        visited.page.get_by_label("First question").fill("How old is")
        visited.page.get_by_label("Second question").fill("")
        with visited.page.expect_response(lambda answer: UPDATE in answer.url):
            visited.page.get_by_role("button", name="Compare").click()
        visited.page.get_by_text("Two questions, please").wait_for()
        visited.page.locator("body").click(position={"x": 2, "y": 2})
        order = []
        for _ in range(5):
            visited.page.keyboard.press("Tab")
            order.append(visited.page.evaluate("document.activeElement.id"))
            ring = visited.page.evaluate(
                "[document.activeElement, document.activeElement.parentElement]"
                ".map(e => getComputedStyle(e)).some(s => s.outlineStyle == 'solid'"
                " && parseFloat(s.outlineWidth) >= 3)"
            )
            assert ring, order
        assert order == ["", "question-1", "question-2", "compare", "example-0"]
        with visited.page.expect_response(lambda answer: UPDATE in answer.url):
            visited.page.keyboard.press("Enter")
        visited.page.get_by_text("Probably the same").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["same", "different", "missed", "mistaken"])
def test_an_example_fills_the_fields_and_is_answered(browser, running, one, kind: str) -> None:
    number = [example[0] for example in one.facts["examples"]].index(kind)
    with visit(browser, running.address, size=PHONE) as visited:
        compare(visited.page, "", "")
        visited.page.locator(f"#example-{number}").click()
        sign = "=" if kind in ("same", "mistaken") else "≠"
        visited.page.locator(f".sign:text-is('{sign}')").wait_for()
        fields = [visited.page.locator(f"#question-{k}").input_value() for k in (1, 2)]
        assert fields == one.facts["examples"][number][1:]
        assert visited.page.locator("#question-1").evaluate(
            "e => e.getBoundingClientRect().top >= 0"
            " && e.getBoundingClientRect().bottom <= innerHeight"
        )


@pytest.mark.browser
def test_of_examples_clicked_in_haste_the_last_is_answered(browser, running, one, read) -> None:
    number = len(one.facts["examples"]) - 1
    expected = read(*one.facts["examples"][number][1:]).probability
    with visit(browser, running.address) as visited:
        compare(visited.page, "", "")
        visited.page.evaluate(
            f"for (let k = 0; k <= {number}; k++) document.getElementById(`example-${{k}}`).click()"
        )
        visited.page.locator(f".verdict b:text-is('{expected:.2f}')").wait_for()
        visited.page.wait_for_timeout(500)
        fields = [visited.page.locator(f"#question-{k}").input_value() for k in (1, 2)]
        assert fields == one.facts["examples"][number][1:]


@pytest.mark.browser
def test_html_is_shown_as_text_and_runs_nothing(browser: Browser, running: Running) -> None:
    with visit(browser, running.address) as visited:
        compare(visited.page, f"How much {SCRIPT} is it", f"How old {SCRIPT} is it")
        visited.page.wait_for_timeout(300)
        assert visited.page.title() == page.TITLE
        assert visited.page.locator("#result script, #result img").count() == 0
        words = visited.page.locator(".words").first.locator(".word").all_inner_texts()
        assert "onerror" in words and "script" in words
        assert visited.errors == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "dark")],
    ids=["phone, light", "phone, dark", "desk, dark"],
)
def test_all_can_be_read_and_nothing_scrolls_sideways(
    browser: Browser, running: Running, one: Trained, size: dict, scheme: str
) -> None:
    long = "how " * 15 + "a" * 400 + " is the best time to visit london"
    questions = [
        one.facts["examples"][0][1:],
        one.facts["examples"][-1][1:],
        [long, long],
        ["What is a quokka?", "What is a gru?"],
        ["מה השעה", "今何時ですか"],
    ]
    with visit(browser, running.address, size=size, scheme=scheme) as visited:
        grounds = visited.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (grounds == "rgb(255, 255, 255)") == (scheme == "light")
        for pair in questions:
            compare(visited.page, *pair)
            width = visited.page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= size["width"], pair
            texts = visited.page.evaluate(CONTRASTS.replace("'article'", "'main'"))
            assert [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)] == []
        compare(visited.page, *questions[0])
        found = Axe().run(visited.page).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


@pytest.mark.browser
def test_a_server_that_is_gone_is_told(browser: Browser, running: Running) -> None:
    with visit(browser, running.address) as visited:
        visited.page.route(f"**{UPDATE}*", lambda route: route.abort())
        visited.page.get_by_role("button", name="Compare").click()
        visited.page.get_by_text("The server does not answer").wait_for()
        visited.page.unroute(f"**{UPDATE}*")
        compare(visited.page, *NURSE)
        assert visited.page.locator("#trouble").is_hidden()
