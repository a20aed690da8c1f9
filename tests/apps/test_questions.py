"""The web app of `siamese-quora`: what it learns and tells, its server, its page in a browser.

A network of one epoch is trained once and shared. The process that a user would start finds it kept
under the name of the whole training.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import numpy as np
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser
from sklearn.metrics import roc_auc_score

from apps.questions import __main__ as command
from apps.questions import learning, page, server
from apps.questions.learning import COSTS, QUESTIONS, threshold
from apps.questions.models import MOST_READ, NETWORK, WORDS, Answer, Learned, ids_of, words_of
from helpers.data import load_question_pairs
from tests.pages.browsing import CONTRASTS, DESKTOP, LEAST_CONTRAST, PHONE, visit
from tests.support import ROOT, clean_environment
from tools.book.course import site_url

NURSE = ["How much does one earn as a nurse?", "What is the salary of a nurse?"]
SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
ODD = {
    "empty": "",
    "blank": " \t\n ",
    "no word": "?! ... 🙂",
    "very long": "how much is a question of this kind " * 3_000,
    "one long word": "a" * 100_000,
    "HTML": SCRIPT,
    "attribute": '" onfocus="document.title=1" autofocus="',
    "template": "{{ 7 * 7 }} {% raw %}",
    "Hebrew": "מה השעה עכשיו?",
    "Japanese": "今何時ですか",
    "control characters": "how\x00 much\x07\x1b[31m\u202e is\ufffe it",
    "half a pair": "how \ud800 much",
}


@pytest.fixture(scope="module", autouse=True)
def sample() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNN_DATA", "sample")
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what was learned is kept."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def found(folder: Path) -> Learned:
    """Both models on the sample, the network after one epoch; kept as if after all."""
    one = learning.learned(folder, max_epochs=1, say=lambda _: None)
    learning.save(
        one, folder / f"{learning.fingerprint(load_question_pairs(), learning.MAX_EPOCHS)}.npz"
    )
    return one


@pytest.fixture(scope="module")
def test_pairs() -> tuple[list, np.ndarray]:
    """The pairs held out, and their labels."""
    pairs = load_question_pairs()
    rows = pairs.iloc[learning.split(pairs)[2]]
    return rows[QUESTIONS].to_numpy().tolist(), rows["label"].to_numpy()


# --- What it learns ------------------------------------------------------------------------------


def test_words_are_letters_and_digits_of_any_script() -> None:
    assert words_of("What's an LSTM?") == ["what", "s", "an", "lstm"]
    assert words_of("") == words_of(" ?! 🙂") == []
    assert words_of("מה השעה Ünlü 3.5 <b>") == ["מה", "השעה", "ünlü", "3", "5", "b"]


def test_no_question_stands_in_two_parts() -> None:
    pairs = load_question_pairs()
    parts = [
        set(pairs.iloc[rows][["qid1", "qid2"]].to_numpy().ravel()) for rows in learning.split(pairs)
    ]
    assert len(set.union(*parts)) == sum(map(len, parts)) > 6_000


def test_what_it_tells_of_each_model_is_what_its_answers_are_worth(found, test_pairs) -> None:
    texts, label = test_pairs
    answers = [found.compare(*pair).outputs for pair in texts]
    for name, told in found.facts["quality"].items():
        p = np.array([outputs[name] for outputs in answers])
        assert told["accuracy"] == pytest.approx(np.mean((p >= 0.5) == label), abs=0.003)
        assert told["auc"] == pytest.approx(roc_auc_score(label, p), abs=0.001)
        assert told["low"] < told["accuracy"] < told["high"]
    p = np.array([outputs[WORDS] for outputs in answers])
    assert found.facts["best"] == WORDS and found.facts["num_test"] == len(label) == 785
    for cost, told in zip(COSTS, found.facts["at"], strict=True):
        assert told["merged"] == np.sum(p >= cost / (cost + 1))
        assert told["precision"] == pytest.approx(label[p >= threshold(cost)].mean())
        assert told["recall"] == pytest.approx(np.mean(p[label == 1] >= threshold(cost)))


def test_words_are_ahead_of_always_the_same_and_their_probabilities_calibrated(found) -> None:
    told, (p, label) = found.facts, found.arrays["closest"].T
    assert told["quality"][WORDS]["low"] > told["majority"] + 0.05
    for part in np.array_split(np.argsort(p), 4):
        assert abs(p[part].mean() - label[part].mean()) < 0.1


def test_the_network_in_numpy_is_that_of_keras(found, test_pairs) -> None:
    network = learning.siamese(len(found.facts["vocabulary"]) + 2)
    network.set_weights([found.arrays[k] for k in ("table", "kernel", "recurrent", "bias")])
    texts = [*test_pairs[0][:20], ["", NURSE[0]], ["how " * 40, NURSE[1]]]
    ids = np.zeros((2, len(texts), MOST_READ), "int32")
    for row, pair in enumerate(texts):
        for side, text in enumerate(pair):
            known = ids_of(words_of(text), found.ids)
            ids[side, row, : len(known)] = known
    expected = network.predict(list(ids), verbose=0)[:, 0]
    answers = [found.compare(*pair).outputs[NETWORK] for pair in texts]
    np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_reasons_add_up_and_say_where_a_word_stands(found) -> None:
    answer = found.compare(*NURSE)
    odds = sum(reason.adds for reason in answer.reasons)
    assert answer.outputs[WORDS] == pytest.approx(1 / (1 + np.exp(-odds)))
    where = {reason.what: reason.where for reason in answer.reasons if reason.where}
    assert (where["nurse"], where["earn"], where["salary"]) == ("both", "first", "second")


def test_a_search_finds_what_its_measure_says(found, test_pairs) -> None:
    told, same = found.facts["search"], [p for p, y in zip(*test_pairs, strict=True) if y == 1]
    hits = []
    for one, other in [*same, *[pair[::-1] for pair in same]]:
        first = [q for _, q in found.search(one, 11) if q != one][:10]
        hits.append(other in first)
    assert told == {"recall": np.mean(hits), "searches": len(hits)} and told["recall"] > 0.35
    assert found.search(found.questions[7])[0] == (pytest.approx(1), found.questions[7])
    assert len(found.questions) == len(set(found.questions)) > 6_000


def test_examples_are_what_they_are_said_to_be(found, test_pairs) -> None:
    label = {tuple(pair): y for pair, y in zip(*test_pairs, strict=True)}
    kinds = [kind for kind, *_ in found.facts["examples"]]
    assert kinds == ["same", "same", "different", "different", "missed", "mistaken"]
    for kind, *pair in found.facts["examples"]:
        assert (found.compare(*pair).outputs[WORDS] >= 0.5) == (kind in ("same", "mistaken"))
        assert label[tuple(pair)] == (kind in ("same", "missed"))


@pytest.mark.slow
def test_after_some_epochs_the_network_has_learned_something(found, tmp_path: Path) -> None:
    told = learning.learned(tmp_path, max_epochs=6, say=lambda _: None).facts["quality"]
    assert told[NETWORK]["auc"] > max(0.6, found.facts["quality"][NETWORK]["auc"])
    assert told[WORDS] == found.facts["quality"][WORDS]


@pytest.mark.real_data
def test_on_quora_s_pairs_words_answer_and_the_page_says_whose_they_are(
    real_data_folder, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    monkeypatch.setattr(learning, "MOST_SEARCHES", 200)
    real = learning.learned(tmp_path, max_epochs=1, say=lambda _: None)
    assert real.facts["best"] == WORDS and real.facts["quality"][WORDS]["low"] > 0.7
    assert real.facts["search"]["recall"] > 0.8
    shown = page.show(real, {})
    assert real_data_folder not in shown and "made-up" not in shown
    assert "quora_duplicate_questions.tsv" in shown


# --- What it keeps -------------------------------------------------------------------------------


def test_it_learns_once(found, folder) -> None:
    said: list[str] = []
    again = learning.learned(folder, max_epochs=1, say=said.append)
    assert said == [] and again.facts == found.facts
    assert again.compare(*NURSE) == found.compare(*NURSE)


def test_other_pairs_are_learned_anew() -> None:
    pairs = load_question_pairs()
    elsewhere = pairs.copy()
    elsewhere.attrs = {**pairs.attrs, "tier": "full"}
    tables = (pairs, pairs.assign(label=1 - pairs["label"]), elsewhere)
    prints = {learning.fingerprint(table, epochs) for table in tables for epochs in (1, 15)}
    assert len(prints) == 6


DAMAGE = {
    "half": lambda whole: whole[: len(whole) // 2],
    "empty": lambda whole: b"",
    "other": lambda whole: b"something else",
    "a bit": lambda whole: whole[:9_000] + b"\xff\x00\xff" + whole[9_003:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_and_replaced(found, folder, tmp_path, monkeypatch, damage) -> None:
    (whole,) = folder.glob(f"{learning.fingerprint(load_question_pairs(), 1)}.npz")
    file = tmp_path / whole.name
    file.write_bytes(damage(whole.read_bytes()))
    monkeypatch.setattr(learning, "learn", lambda *_: found)
    said: list[str] = []
    learning.learned(tmp_path, max_epochs=1, say=said.append)
    assert str(file) in said[0] and "is damaged" in said[0] and "replaces it" in said[0]
    assert learning.load(file, found.questions).facts == found.facts
    assert list(tmp_path.iterdir()) == [file]


def test_it_is_written_whole_or_not_at_all(found, tmp_path, monkeypatch) -> None:
    def break_off(file: Path, **_: object) -> None:
        file.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", break_off)
    with pytest.raises(KeyboardInterrupt):
        learning.save(found, tmp_path / "file.npz")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_runs_all_the_same(found, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(learning, "learn", lambda *_: found)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    said: list[str] = []
    assert learning.learned(tmp_path / "file", say=said.append) is found
    assert "cannot be written" in said[-1] and "--folder" in said[-1]


def quora_file(folder: Path, num_pairs: int) -> str:
    """Write a small file in the form of Quora's release, and return its folder."""
    lines = ["id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate"]
    for k in range(num_pairs):
        texts = f"How is bread {k} made?", f"What {'makes' if k % 2 else 'breaks'} bread {k}?"
        lines.append("\t".join(map(str, (k, 2 * k + 1, 2 * k + 2, *texts, k % 2))))
    file = folder / "quora_duplicate_questions.tsv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


def test_pairs_in_a_folder_are_learned_and_the_page_names_their_file(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RNN_DATA", quora_file(tmp_path, 60))
    shown = page.show(learning.learned(tmp_path / "kept", max_epochs=1, say=lambda _: None), {})
    assert "Learned from 42 pairs of questions: quora_duplicate_questions.tsv." in shown
    assert "all 120 known questions" in shown and str(tmp_path) not in shown


@pytest.mark.parametrize("num_pairs", [None, 1, 3])
def test_a_missing_folder_or_too_few_pairs_are_told_with_the_way_out(
    tmp_path, monkeypatch, capsys, num_pairs
) -> None:
    where = quora_file(tmp_path, num_pairs) if num_pairs else str(tmp_path / "none")
    monkeypatch.setenv("RNN_DATA", where)
    assert command.main(["--port", "0", "--folder", str(tmp_path / "kept")]) == 1
    told = capsys.readouterr().err
    assert where in told and "sample" in told and "Traceback" not in told
    assert ("too few" in told) == bool(num_pairs)


# --- What it says --------------------------------------------------------------------------------


def text_of(shown: str) -> str:
    """The text of a page."""
    return " ".join(LexborHTMLParser(shown).text().split())


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_gets_an_answer_and_stays_text(found, text: str) -> None:
    for q1, q2 in ([text, NURSE[0]], [NURSE[0], text], [text, text]):
        query = {"q1": q1, "q2": q2, "search": text, "cost": text}
        shown = page.show(found, query)
        tree = LexborHTMLParser(shown)
        assert not tree.css("script, [onerror], [onfocus], [autofocus]")
        assert len(tree.css("img")) == 1
        assert len(shown.encode("utf-8")) < 1_500_000


def an_answer(first: str, second: str, unknown: str = "") -> Answer:
    words = first.split(), second.split()
    return Answer(words, tuple([w for w in one if w in unknown.split()] for one in words), {}, [])


@pytest.mark.parametrize(
    ("answer", "p", "cost", "kind", "head"),
    [
        (an_answer("a b", "a"), 0.9, 1, "same", "Probably the same question"),
        (an_answer("a b", "a"), 0.1, 1, "different", "Probably not the same question"),
        (an_answer("a b", "a"), 0.5, 1, "same", "A close call: rather the same"),
        (an_answer("a b", "a"), 0.42, 1, "different", "A close call: rather not the same"),
        (an_answer("a b", "a"), 0.9, 5, "same", "Probably the same question"),
        (an_answer("a b", "a"), 0.8, 5, "different", "A close call: rather not the same"),
        (an_answer("a b", "a"), 0.6, 5, "different", "Probably not the same question"),
        (an_answer("a b", "a b"), 0.1, 9, "equal", "The same question, word for word"),
        (an_answer("a x", "b y", "x y"), 0.9, 1, "same", "Probably the same question"),
        (an_answer("x", "a", "x"), 0.9, 1, "unknown", "I cannot say"),
        (an_answer("", "a"), 0.9, 1, "empty", "Two questions, please"),
    ],
)
def test_the_verdict_follows_from_probability_and_cost(answer, p, cost, kind, head) -> None:
    assert page.judge(answer, p, cost / (cost + 1)) == kind
    assert page.headline(kind, p, cost) == head


def test_the_page_tells_each_model_s_quality_and_on_how_many_pairs(found) -> None:
    text = text_of(page.show(found, {})).replace("\N{NO-BREAK SPACE}", " ")
    for name in (WORDS, NETWORK):
        told = found.facts["quality"][name]
        low, high = f"{told['low']:.1%}"[:-1], f"{told['high']:.1%}"[:-1]
        row = f"{name} {100 * told['accuracy']:.1f} % ({low} % to {high} %) {told['auc']:.3f}"
        assert row in text
    assert "trained on 2,802 pairs and measured on the same 785" in text
    assert f"first ten in {100 * found.facts['search']['recall']:.1f} % of 622 searches" in text
    assert text.index(f"{WORDS}: the probability") < text.index(f"{NETWORK}, beside it")
    assert page.lecture_address() == f"{site_url()}lectures/siamese-quora.html"
    assert (ROOT / "lectures" / "siamese-quora.md").is_file()


def test_a_better_network_would_answer_at_the_top(found) -> None:
    other = Learned(found.arrays, {**found.facts, "best": NETWORK}, found.questions)
    text = text_of(page.show(other, {}))
    assert text.index(f"{NETWORK}: the probability") < text.index(f"{WORDS}, beside it")


def test_the_cost_moves_the_threshold_and_what_is_told_of_it(found) -> None:
    text = text_of(page.show(found, {"q1": NURSE[0], "q2": NURSE[1], "cost": "5"}))
    merged = found.facts["at"][4]["merged"]
    assert "from 0.83 on" in text and f"5/6 = 0.83 on: Words then merges {merged} test" in text


def test_what_to_be_wary_of_is_told(found) -> None:
    def told(first: str, second: str) -> str:
        return text_of(page.show(found, {"q1": first, "q2": second}))

    assert "no model is asked" in told("How much?", "how much")
    assert "There is no word in the second question." in told("how", "?!")
    assert "has 50 words; the network reads the first 24" in told("how " * 50, "how much")
    assert "Not seen in training: “quokka”" in told("how is a quokka", "how much")
    assert "“השעה”. Without them any answer would be a guess" in told("מה השעה", "how much")
    many = told(" ".join(f"q{k}x" for k in range(9)), "how")
    assert "“q5x” and 3 more" in many and "“q6x”" not in many
    assert "z" * 23 + "…" in told("how " + "z" * 5_000, "how much")


# --- The server ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(found: Learned) -> Iterator[str]:
    """A server in this process; "break" as a question is a mistake of the app."""

    def show(query: dict) -> str:
        return page.show(found, query) if query.get("q1") != "break" else 1 / 0

    with server.listen(port=0) as running:
        running.page = show
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.address
        running.shutdown()


def ask(address: str, method: str, path: str) -> SimpleNamespace:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8")
    connection.close()
    return SimpleNamespace(status=answer.status, headers=answer.headers, text=text)


REQUESTS = {
    "GET /": 200,
    "HEAD /": 200,
    "GET /page.css": 200,
    "GET /icon.svg": 200,
    "GET /?q1=%ff%00&q2=%ED%A0%80&cost=-1&x=y&q1=a": 200,
    f"GET /?{urlencode({'q1': SCRIPT, 'search': SCRIPT})}": 200,
    f"GET /?q1={'a' * 60_000}": 200,
    f"GET /?q1={'a' * 70_000}": 414,
    "GET /../page.py": 404,
    "GET /%2e%2e/page.py": 404,
    "GET /assets/page.html": 404,
    "GET /<script>": 404,
    "POST /": 501,
    "DELETE /": 501,
}


@pytest.mark.parametrize(("request_line", "status"), REQUESTS.items(), ids=range(len(REQUESTS)))
def test_what_is_asked_is_answered_or_refused(address, request_line: str, status: int) -> None:
    answer = ask(address, *request_line.split(" ", 1))
    assert answer.status == status
    assert "<script>" not in answer.text and "Traceback" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_mistake_of_the_app_stays_in_its_terminal(address, capfd) -> None:
    answer = ask(address, "GET", "/?q1=break")
    assert answer.status == 500 and "division" not in answer.text
    assert "division by zero" in capfd.readouterr().err
    assert ask(address, "GET", "/").status == 200


def test_fifty_at_once_all_get_their_own_answer(address, found) -> None:
    asked = [f"how much {word} is it" for word in ("a", "the", "to", "in", "rome") * 10]
    paths = [f"/?{urlencode({'q1': one, 'q2': NURSE[1]})}" for one in asked]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(partial(ask, address, "GET"), paths))
    for one, answer in zip(asked, answers, strict=True):
        told = re.search(r"same thing is\s+<b>([\d.]+)<", answer.text)[1]
        assert told == f"{found.compare(one, NURSE[1]).outputs[WORDS]:.2f}"


def test_ports_that_are_taken_are_told_with_the_way_out(monkeypatch) -> None:
    with server.listen(port=0) as taken, server.listen(port=0) as other:
        ports = [one.server_address[1] for one in (taken, other)]
        with pytest.raises(server.CannotListen, match=f"{ports[0]} of 127.0.0.1 is taken"):
            server.listen(port=ports[0])
        monkeypatch.setattr(server, "PORTS", ports)
        with pytest.raises(server.CannotListen, match="all taken"):
            server.listen()
        other.server_close()
        with server.listen() as free:
            assert free.server_address == ("127.0.0.1", ports[1])


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(server.CannotListen, match=re.escape(host)):
        server.listen(host, 0)


def test_as_a_user_starts_it_it_serves_this_machine_alone_until_ctrl_c(found, folder) -> None:
    ignoring = [] if os.name == "nt" else ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]
    process = psutil.Popen(
        [*ignoring, sys.executable, "-m", "apps.questions", "--port", "0", "--folder", str(folder)],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        said = process.stdout.readline() + process.stdout.readline()
        told = re.fullmatch(r"Loading; .*\n.* (http://\S+) .*\n", said)
        assert told, f"it did not start, or learned anew:\n{said}"
        with urlopen(told[1], timeout=60) as answer:
            assert answer.status == 200
        listening = [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
        assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
        rest = process.communicate(timeout=30)[0]
    finally:
        if process.poll() is None:
            process.kill()
    if os.name != "nt":
        assert (process.returncode, rest.strip()) == (0, "Stopped.")


# --- The page in a browser -----------------------------------------------------------------------


def fields_of(shown) -> list[str]:
    return [shown.locator(f"#q{k}").input_value() for k in (1, 2)]


def test_two_questions_and_enter_give_an_answer_with_its_reasons(browser, address, found) -> None:
    with visit(browser, address) as opened:
        shown = opened.page
        assert fields_of(shown) == found.facts["examples"][0][1:]
        shown.get_by_label("First question").fill(NURSE[0])
        shown.get_by_label("Second question").fill(NURSE[1])
        shown.get_by_label("A wrong merge costs").select_option("5")
        shown.get_by_label("Second question").press("Enter")
        shown.wait_for_url("**cost=5#answer")
        answer = shown.locator("#answer").inner_text()
        for name, p in found.compare(*NURSE).outputs.items():
            assert name in answer and f"{p:.2f}" in answer
        assert shown.title().startswith(shown.locator("#head").inner_text())
        assert fields_of(shown) == NURSE
        shown.get_by_text("Why? Word by word").click()
        assert shown.get_by_role("row", name="salary second").is_visible()
        assert opened.errors == []
        assert [url for url in opened.requests if not url.startswith(address)] == []


def test_the_keyboard_reaches_all_and_the_focus_is_seen(browser, address) -> None:
    with visit(browser, address) as opened:
        order = []
        for _ in range(9):
            opened.page.keyboard.press("Tab")
            order.append(
                opened.page.evaluate("document.activeElement.id || document.activeElement.tagName")
            )
            ring = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
            assert opened.page.evaluate(ring) >= 3, order
        assert order[:6] == ["A", "q1", "q2", "cost", "BUTTON", "A"]
        assert order[6:] == ["SUMMARY", "search", "BUTTON"]


def test_what_a_search_found_and_an_example_are_compared(browser, address, found) -> None:
    with visit(browser, address, size=PHONE) as opened:
        shown = opened.page
        shown.get_by_label("Find the nearest").fill(NURSE[0])
        shown.get_by_label("Find the nearest").press("Enter")
        shown.wait_for_url("**#found")
        lines = [line.split("\n") for line in shown.locator(".pairs a").all_inner_texts()]
        nearest = found.search(NURSE[0])
        assert lines == [[question, f"similarity {alike:.2f}"] for alike, question in nearest]
        shown.locator(".pairs a").nth(1).click()
        shown.wait_for_url("**#answer")
        assert fields_of(shown) == [NURSE[0], nearest[1][1]]
        shown.locator(".pair").nth(3).click()
        shown.wait_for_url("**#answer")
        assert fields_of(shown) == found.facts["examples"][3][1:]
        assert shown.locator("#answer").evaluate("e => e.getBoundingClientRect().top") < 100


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "dark")])
def test_all_can_be_read_nothing_runs_or_scrolls_sideways(
    browser: Browser, address: str, size: dict, scheme: str
) -> None:
    long = "how " * 15 + "a" * 400 + " is the best time to visit london"
    queries = [{}, {"q1": long, "q2": f"{SCRIPT} {long}", "search": f"{SCRIPT} {long}"}]
    queries += [{"q1": "מה השעה", "q2": "今何時ですか", "search": "?!"}, {"q1": "", "q2": ""}]
    with visit(browser, address, size=size, scheme=scheme) as opened:
        shown = opened.page
        ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
        for query in queries:
            shown.goto(f"{address}?{urlencode(query)}")
            for details in shown.locator("summary").all():
                details.click()
            width = shown.evaluate("document.scrollingElement.scrollWidth")
            assert width <= size["width"], query
            texts = shown.evaluate(CONTRASTS.replace("'article'", "'main'"))
            assert [t for t in texts if t["ratio"] < (3 if t["large"] else LEAST_CONTRAST)] == []
            assert shown.title().endswith(page.TITLE) and opened.errors == []
        shown.goto(f"{address}?{urlencode(queries[1])}")
        found = Axe().run(shown).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
