"""The files of results: what a lecture takes from another, and from the class's own file."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from helpers import results
from helpers.results import load_results
from tests.support import lecture_names, notebook
from tools.class_file import class_file_numbers
from tools.course import RESULTS, lecture_sources
from tools.notebooks import needed_results, recorded_values
from tools.status import expected

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
    assert stored == pytest.approx(recorded, rel=1e-11)


def test_there_are_no_results_of_lectures_that_are_gone() -> None:
    assert {path.stem for path in RESULTS.glob("*.json")} <= {*lecture_names(), CLASS_FILE}


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


def may_wander(name: str) -> float:
    """By how much a number may differ from the stored one, as a share of it.

    As far as its band on the sample is wide: a number without chance has a narrow one.
    """
    entry = expected()[name]
    if "exact" in entry:
        return 1e-9
    middle = abs(entry["low"] + entry["high"]) / 2
    return max(1e-9, (entry["high"] - entry["low"]) / middle) if middle else math.inf


@pytest.mark.real_data
@pytest.mark.slow
def test_the_lectures_give_the_stored_results_on_the_class_file(real_data_folder: str) -> None:
    fresh = class_file_numbers(real_data_folder)
    stored = json.loads((RESULTS / f"{CLASS_FILE}.json").read_text(encoding="utf-8"))
    assert fresh.keys() == stored.keys()
    far = [
        f"{name}: {fresh[name]}, stored {stored[name]}"
        for name in stored
        if fresh[name] != pytest.approx(stored[name], rel=may_wander(name), abs=1e-12)
        and not (isinstance(stored[name], int) and may_wander(name) > 1e-9)  # counts of trainings
    ]
    assert not far
