"""``make full``: what it says before it starts, and where it goes on after an interruption."""

from __future__ import annotations

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from helpers.data import read_sample_pairs, read_sample_reviews
from tests.support import ROOT, make_small_course, replace_in, run_tool, try_tool, write
from tools.book import full
from tools.book.course import lecture_sources

SOURCES = lecture_sources()
ALL = {*full.DATA_SETS}
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_it_tells_disk_memory_and_time_beforehand() -> None:
    told = full.needs(SOURCES, SOURCES, "full").splitlines()
    assert (
        told[0] == f"To be executed: {len(SOURCES)} of {len(SOURCES)} lectures, on RNN_DATA=full."
    )
    assert [line.split(":")[0] for line in told[1:]] == ["Disk", "Memory", "Time"]
    assert "0.21 GB to download" in told[1] and "hours" in told[3]


def test_nothing_is_downloaded_for_a_folder_nor_what_is_there(empty_cache: Path) -> None:
    assert "Disk" not in full.needs(SOURCES, SOURCES, "some/folder")
    for one in full.DATA_SETS.values():
        (empty_cache / "tensorflow_datasets" / one.prepared).mkdir(parents=True)
    assert "nothing to download" in full.needs(SOURCES, SOURCES, "full")


def test_too_little_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(2e9, 1e9, 1e9))
    assert full.disk(ALL)[-1] == "That is not enough room."
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(9e9, 1e9, 8e9))
    assert len(full.disk(ALL)) == 1


@pytest.mark.parametrize(
    ("there", "together", "end"),
    [(99.0, 2, "here."), (1.5 * full.MEMORY, 1, "here."), (2.0, 1, "slow."), (None, 2, "a time.")],
)
def test_memory_is_held_against_what_there_is(monkeypatch, there, together, end) -> None:
    monkeypatch.setattr(full, "available_memory", lambda: there)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert full.at_once() == together
    assert full.memory().endswith(end) and ("two" if together == 2 else "one") in full.memory()


def test_it_knows_this_machine_s_memory() -> None:
    assert full.available_memory() is None or 0.1 < full.available_memory() < 100_000


def test_the_sizes_are_those_of_the_publishers_and_of_the_samples() -> None:
    tfds = pytest.importorskip("tensorflow_datasets")
    for name, archive in (("load_reviews", "yelp"), ("load_question_pairs", "QQP.zip")):
        one = full.DATA_SETS[name]
        infos = tfds.builder_cls(one.prepared.split("/")[0]).url_infos
        (size,) = (info.size for url, info in infos.items() if archive in url)
        assert one.download == pytest.approx(size / 1e9, abs=0.005)
        assert one.scratch > one.download and one.disk > one.download
    films = read_sample_reviews(ROOT / "data" / "films.csv.gz")
    pairs = read_sample_pairs(ROOT / "data" / "question_pairs.csv.gz")
    assert full.DATA_SETS["load_reviews"].growth == 598_000 / len(films)
    assert full.DATA_SETS["load_question_pairs"].growth == 404_276 / len(pairs)


@pytest.mark.parametrize(("seconds", "told"), [(20, "a minute"), (600, "10 minutes"), (9e3, "2 h")])
def test_a_length_of_time_is_for_people(seconds, told) -> None:
    assert full._spelled(seconds).startswith(told)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_after_a_failure_it_goes_on_with_what_is_left(tmp_path: Path) -> None:
    course = make_small_course(tmp_path / "course")
    data, log = str(tmp_path), course / "lectures" / "runs.log"
    second = course / "lectures" / "second.md"
    last = json.loads((ROOT / "lectures" / "last_run.json").read_text(encoding="utf-8"))
    last["seconds"] = {"first": 1.0, "second": 1.0}
    write(course / "lectures" / "last_run.json", json.dumps(last))
    kept = {"made": {}, "units": [], "comparisons": {}, "rows": [{"triple": 42}, {"triple": 0}]}
    write(course / "data" / "results" / "experiments" / "triples.json", json.dumps(kept))
    replace_in(second, "double = 2", "assert False\ndouble = 2")
    code, output = try_tool(course, "tools.book", "--execute", RNN_DATA=data)
    assert code != 0 and "2 of 2 lectures" in output and "AssertionError" in output
    assert "first" in log.read_text(encoding="utf-8")
    log.unlink()
    replace_in(second, "assert False\n", "")
    output = run_tool(course, "tools.book", "--execute", RNN_DATA=data)
    assert "1 of 2 lectures" in output
    assert log.read_text(encoding="utf-8").split() == ["second"]
    cut = course / "_build" / "executed" / "folder" / "first.ipynb"
    cut.write_bytes(cut.read_bytes()[:100])  # a machine that went down in the middle of it
    assert "1 of 2 lectures" in run_tool(course, "tools.book", "--execute", RNN_DATA=data)
    assert log.read_text(encoding="utf-8").split()[1:] == ["first"]
