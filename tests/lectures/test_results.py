"""The files of results: of other lectures, of the class's own file, and stored ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers import record as results
from helpers.record import load_results, stored
from tests.support import lecture_names, notebook, write
from tools.book.course import RESULTS, lecture_sources
from tools.book.notebooks import needed_results, recorded_values
from tools.book.other_runs import QUOTED
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
    recorded, kept = recorded_values(notebook(name)), load_results(name)
    assert kept.keys() == recorded.keys()
    for number, value in kept.items():
        rounded = value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-12)
        assert recorded[number] == rounded, number


def test_there_are_no_results_of_lectures_that_are_gone() -> None:
    assert {path.stem for path in RESULTS.glob("*.json")} <= {
        *lecture_names(),
        *QUOTED,
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
    kept = load_results(CLASS_FILE)
    return {
        name: entry["class"]
        for name, entry in expected().items()
        if "class" in entry and name in kept
    }


def test_the_class_published_numbers_that_the_lectures_record() -> None:
    assert len(class_numbers()) >= 6


@pytest.mark.parametrize("name", class_numbers())
def test_on_the_class_file_the_lectures_return_what_the_class_published(name: str) -> None:
    within = TRAINED.get(name, PRINTED)
    assert load_results(CLASS_FILE)[name] == pytest.approx(class_numbers()[name], abs=within)


def test_the_lectures_quote_the_stored_results_of_the_class_file() -> None:
    kept = load_results(CLASS_FILE)
    quoted = {
        name.removeprefix("class_file_"): value
        for lecture in lecture_names()
        for name, value in recorded_values(notebook(lecture)).items()
        if re.match("class_file_", name)
    }
    assert quoted
    assert {name: kept[name] for name in quoted} == quoted


# -- stored results -------------------------------------------------------------------------------

LENGTHS = (8, 16)


def twice(length: int) -> int:
    return 2 * length


def table() -> dict:
    return {"twice": [twice(length) for length in LENGTHS], "mean": np.float32(0.5)}


def changed_twice(length: int) -> int:
    return 3 * length


changed_twice.__name__ = "twice"


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Store a result as ``make other-runs`` does; afterwards it is loaded as a reader does."""
    for name in ("RNN_BOOK", "RNN_DATA", "RNN_RUN", "RNN_STORED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(results, "FOLDER", tmp_path)

    def keep(name: str, function: Callable, value: object = None) -> None:
        with monkeypatch.context() as patch:
            patch.setenv("RNN_RUN", name)
            patch.setenv("RNN_STORED", str(tmp_path / "lines"))
            stored(name, function)
        line = json.loads((tmp_path / "lines").read_text(encoding="utf-8").splitlines()[-1])
        assert line.pop("stored") == name
        write(
            tmp_path / "stored" / f"{name}.json",
            json.dumps(line | {"value": value or line["value"]}),
        )

    return keep


def test_a_stored_result_is_loaded_and_not_computed(keep: Callable, capsys) -> None:
    keep("table", table, value={"kept": 1})
    assert stored("table", table) == {"kept": 1}
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("run", ["all", "table", "other,table"])
def test_a_reader_can_have_it_computed_anew(keep: Callable, monkeypatch, run: str) -> None:
    keep("table", table, value={"kept": 1})
    monkeypatch.setenv("RNN_RUN", run)
    assert stored("table", table) == {"twice": [16, 32], "mean": 0.5}


@pytest.mark.parametrize(("name", "value"), [("LENGTHS", (8, 17)), ("twice", changed_twice)])
def test_a_change_is_noticed(
    keep: Callable, monkeypatch: pytest.MonkeyPatch, capsys, name: str, value: object
) -> None:
    keep("table", table, value={"kept": 1})
    monkeypatch.setitem(table.__globals__, name, value)
    assert "kept" not in stored("table", table)
    assert f"table is computed anew: {name} changed" in capsys.readouterr().out
    monkeypatch.setenv("RNN_BOOK", "1")
    with pytest.raises(RuntimeError, match=f"{name} changed. Run: make other-runs ARGS=table"):
        stored("table", table)


def test_without_its_file_it_is_computed_but_not_for_the_book(
    keep: Callable, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert stored("table", table)["mean"] == 0.5
    assert "table.json is missing" in capsys.readouterr().out
    monkeypatch.setenv("RNN_BOOK", "1")
    with pytest.raises(RuntimeError, match="is missing. Run: make other-runs ARGS=table"):
        stored("table", table)


def test_on_other_data_it_says_where_it_comes_from(keep: Callable, monkeypatch, capsys) -> None:
    keep("table", table, value={"kept": 1})
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setitem(table.__globals__, "LENGTHS", (80, 160))  # numbers depend on the data
    assert stored("table", table) == {"kept": 1}
    assert capsys.readouterr().out.startswith("table: stored from the sample; RNN_RUN=table")


def test_what_is_yielded_becomes_a_dict_with_a_progress_bar(keep: Callable, capsys) -> None:
    def rows():
        yield from {"a": np.array([1.5, 2]), "b": (1, "c")}.items()

    assert stored("rows", rows, steps=2) == {"a": [1.5, 2.0], "b": [1, "c"]}
    assert "rows: 100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ({"loss": float("nan")}, ValueError, "stored\\('bad'\\): .*not JSON compliant"),
        ({"model": object()}, TypeError, "stored\\('bad'\\): JSON cannot hold a object"),
    ],
)
def test_what_json_cannot_hold_is_refused(keep: Callable, value, error, message) -> None:
    def bad():
        return value

    with pytest.raises(error, match=message):
        stored("bad", bad)


def test_a_function_without_a_name_is_refused(keep: Callable) -> None:
    with pytest.raises(TypeError, match="give the function a name"):
        stored("table", lambda: {})
