"""The files of results: what a lecture takes from another, and from the class's own file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from helpers import record as results
from helpers.record import load_results
from tests.support import lecture_names, notebook
from tools.book.class_file import RESULT_FILES, class_file_numbers
from tools.book.course import RESULTS, lecture_sources
from tools.book.notebooks import needed_results, recorded_values
from tools.book.status import expected

CLASS_FILE = "class-file"
PRINTED = 6e-9  # half of the last digit that the class printed
TRAINED = {  # by Keras from a random start: how far from the class's, and why not less
    "mse_keras": 0.005,
    "keras_bias": 0.05,
    "keras_kernel": 0.15,
    "keras_recurrent": 0.15,
    "mse_stack": 0.005,
}


@pytest.mark.parametrize("name", lecture_names())
def test_the_results_of_a_lecture_are_what_its_notebook_records(name: str) -> None:
    recorded = recorded_values(notebook(name))
    stored = load_results(name)
    assert stored.keys() == recorded.keys()
    assert [n for n in stored if differs(stored[n], recorded[n])] == []


def test_there_are_no_results_of_lectures_that_are_gone() -> None:
    assert {path.stem for path in RESULTS.glob("*.json")} <= {
        *lecture_names(),
        *RESULT_FILES,
        "speed",
    }


@pytest.mark.parametrize("source", lecture_sources(), ids=lambda source: source.stem)
def test_a_lecture_loads_only_results_that_exist(source: Path) -> None:
    for name in needed_results(source):
        assert load_results(name)


def test_missing_results_are_named_with_the_way_out() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        load_results("99-lost")
    known = ", ".join(sorted(path.stem for path in RESULTS.glob("*.json")))
    message = str(caught.value)
    assert "99-lost.json is missing" in message and f"(known results: {known})" in message
    assert message.endswith("git checkout data/results")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3"])
def test_damaged_results_are_named_with_the_way_out(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"broken\.json is damaged .* git checkout data/results"):
        load_results("broken")


# -- the class's own file -------------------------------------------------------------------------


def class_numbers() -> dict[str, float]:
    """What the class published, by the name under which a lecture records the same quantity."""
    stored = load_results(CLASS_FILE)
    return {
        name: entry["class"]
        for name, entry in expected().items()
        if "class" in entry and name in stored
    }


def test_the_class_published_numbers_that_the_lectures_record() -> None:
    assert len(class_numbers()) >= 6


@pytest.mark.parametrize("name", class_numbers())
def test_on_the_class_file_the_lectures_return_what_the_class_published(name: str) -> None:
    within = TRAINED.get(name, PRINTED)
    assert load_results(CLASS_FILE)[name] == pytest.approx(class_numbers()[name], abs=within)


def test_the_lectures_quote_the_stored_results_of_the_class_file() -> None:
    stored = load_results(CLASS_FILE)
    quoted = {
        name.removeprefix("class_file_"): value
        for lecture in lecture_names()
        for name, value in recorded_values(notebook(lecture)).items()
        if re.match("class_file_", name)
    }
    assert quoted
    assert {name: stored[name] for name in quoted} == quoted


def allowance(name: str) -> float:
    """By how much a number on the class's file may differ from the stored one.

    By the width of its band on the sample: wide for what is trained, narrow for what is not. Even
    least squares and small networks move in the last digits from one processor to the next.
    """
    entry = expected().get(name, {})
    return entry["high"] - entry["low"] if "low" in entry else 0.0


def differs(fresh: float | str, stored: float | str, within: float = 0.0) -> bool:
    """Whether two results differ by more than `within` and more than rounding."""
    if isinstance(stored, str) or isinstance(fresh, str):
        return fresh != stored
    return fresh != pytest.approx(stored, rel=1e-9, abs=max(within, 1e-12))


def test_results_differ_beyond_what_they_may() -> None:
    assert differs(0.1, 0.2, within=0.05) and not differs(0.1, 0.14, within=0.05)
    assert differs(3, 9, within=5) and differs("a", "b") and differs(0.1, 0.1001)


@pytest.mark.real_data
@pytest.mark.slow
def test_the_lectures_give_the_stored_results_on_the_class_file(real_data_folder: str) -> None:
    fresh = class_file_numbers(real_data_folder)
    stored = json.loads((RESULTS / f"{CLASS_FILE}.json").read_text(encoding="utf-8"))
    assert fresh.keys() == stored.keys()
    far = [
        f"{name}: {fresh[name]}, stored {stored[name]}"
        for name in stored
        if differs(fresh[name], stored[name], allowance(name))
    ]
    assert not far
