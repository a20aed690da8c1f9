"""The numbers that the lectures record: how they are recorded, and what they must be.

``lectures/expected.toml`` has a table for each lecture with an entry for each of its numbers::

    days = { meaning = "days in a window", exact = 101 }
    loss = { meaning = "loss of the trained model", low = 0.03, high = 0.05, class = 0.0438 }

``class`` is what the class published. A band whose ends differ by more than a factor ``WIDEST``, or
that holds zero, must say ``why_wide``.
"""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from helpers.record import record
from tests.support import (
    ROOT,
    Trial,
    kernel,
    kernel_environment,
    lecture_names,
    notebook,
)
from tools.book.notebooks import last_run, recorded_values

Value = float | int | str | bool
WIDEST = 3.0  # high / low of a band that needs no explanation
KEYS = {"meaning", "exact", "low", "high", "class", "why_wide"}
TOML: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / "lectures" / "expected.toml").read_text(encoding="utf-8")
)
BUDGETS = TOML.get("budgets", {})
EXPECTED = {name: entries for name, entries in TOML.items() if name != "budgets"}
LONGEST_BUDGET = 120  # seconds; the whole book must execute in six minutes


# -- the check -----------------------------------------------------------------------------------


def complaints(entries: dict[str, dict], recorded: dict[str, Value]) -> list[str]:
    """What is wrong with the numbers that a lecture recorded, one line each; empty if nothing."""
    found = [f"{name}: recorded, but not in expected.toml" for name in recorded.keys() - entries]
    for name, entry in entries.items():
        if name not in recorded:
            found.append(f"{name}: in expected.toml, but not recorded")
        elif "exact" in entry:
            value, exact = recorded[name], entry["exact"]
            if isinstance(value, bool) != isinstance(exact, bool) or value != exact:
                found.append(f"{name}: {value!r} is not {exact!r} ({entry['meaning']})")
        elif isinstance(recorded[name], str | bool):
            found.append(f"{name}: {recorded[name]!r} is no number, so it has no band")
        elif not entry["low"] <= recorded[name] <= entry["high"]:
            band = f"{entry['low']} to {entry['high']}"
            found.append(f"{name}: {recorded[name]} is not in {band} ({entry['meaning']})")
    return sorted(found)


def entry_faults(entry: dict[str, Any]) -> list[str]:
    """What is wrong with an entry of expected.toml."""
    faults = [f"unknown key {key}" for key in entry.keys() - KEYS]
    if not entry.get("meaning"):
        faults.append("no meaning")
    if "exact" in entry:
        return faults + [f"both exact and {key}" for key in ("low", "high") if key in entry]
    if not {"low", "high"} <= entry.keys():
        return [*faults, "needs exact, or low and high"]
    low, high = entry["low"], entry["high"]
    if not low < high or not math.isfinite(low) or not math.isfinite(high):
        return [*faults, f"no band: low = {low}, high = {high}"]
    if width(low, high) > WIDEST and not entry.get("why_wide"):
        faults.append(f"spans a factor of {width(low, high):.3g}: narrow it, or say why_wide")
    if width(low, high) <= WIDEST and "why_wide" in entry:
        faults.append("is narrow, so it needs no why_wide")
    return faults


def width(low: float, high: float) -> float:
    """Factor by which the ends of a band differ; infinite if it holds zero."""
    if low <= 0 <= high:
        return math.inf
    return max(abs(low), abs(high)) / min(abs(low), abs(high))


ENTRIES = {
    "days": {"meaning": "days", "exact": 101},
    "loss": {"meaning": "loss", "low": 0.03, "high": 0.05},
    "wins": {"meaning": "a verdict", "exact": True},
}
RECORDED: dict[str, Value] = {"days": 101, "loss": 0.04, "wins": True}


def test_numbers_that_are_as_expected_pass() -> None:
    assert complaints(ENTRIES, RECORDED) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"days": 100}, "days: 100 is not 101 (days)"),
        ({"loss": 0.0501}, "loss: 0.0501 is not in 0.03 to 0.05 (loss)"),
        ({"loss": 0.0299}, "loss: 0.0299 is not in 0.03 to 0.05 (loss)"),
        ({"loss": math.nan}, "loss: nan is not in 0.03 to 0.05 (loss)"),
        ({"loss": "0.04"}, "loss: '0.04' is no number, so it has no band"),
        ({"wins": False}, "wins: False is not True (a verdict)"),
        ({"wins": 1}, "wins: 1 is not True (a verdict)"),
        ({"other": 1}, "other: recorded, but not in expected.toml"),
    ],
)
def test_a_number_that_is_not_as_expected_is_found(
    change: dict[str, Value], complaint: str
) -> None:
    assert complaints(ENTRIES, RECORDED | change) == [complaint]


def test_a_number_that_is_no_longer_recorded_is_found() -> None:
    assert complaints(ENTRIES, {"days": 101, "wins": True}) == [
        "loss: in expected.toml, but not recorded"
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"exact": 1}, "no meaning"),
        ({"meaning": "m"}, "needs exact, or low and high"),
        ({"meaning": "m", "low": 1}, "needs exact, or low and high"),
        ({"meaning": "m", "exact": 1, "low": 1}, "both exact and low"),
        ({"meaning": "m", "low": 2, "high": 1}, "no band"),
        ({"meaning": "m", "low": 1, "high": math.inf}, "no band"),
        ({"meaning": "m", "low": 1, "high": 3.1}, "spans a factor of 3.1"),
        ({"meaning": "m", "low": -3.1, "high": -1}, "spans a factor of 3.1"),
        ({"meaning": "m", "low": 0, "high": 1}, "spans a factor of inf"),
        ({"meaning": "m", "low": 1, "high": 2, "why_wide": "x"}, "needs no why_wide"),
        ({"meaning": "m", "exact": 1, "tolerance": 1}, "unknown key tolerance"),
    ],
)
def test_a_faulty_entry_is_found(entry: dict[str, Any], fault: str) -> None:
    assert fault in "; ".join(entry_faults(entry))


def test_a_wide_band_that_says_why_is_right() -> None:
    assert entry_faults({"meaning": "m", "low": 0, "high": 1, "why_wide": "rounding"}) == []


# -- the entries ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lecture", "name"), [(lecture, name) for lecture in EXPECTED for name in EXPECTED[lecture]]
)
def test_each_entry_says_what_it_means_and_is_narrow(lecture: str, name: str) -> None:
    assert entry_faults(EXPECTED[lecture][name]) == []


def test_no_two_lectures_record_a_number_of_the_same_name() -> None:
    names = [name for entries in EXPECTED.values() for name in entries]
    assert sorted(names) == sorted(set(names))


def test_every_table_of_entries_belongs_to_a_lecture() -> None:
    assert EXPECTED.keys() <= set(lecture_names())
    assert BUDGETS.keys() == set(lecture_names())


# -- the numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lecture", lecture_names())
def test_the_numbers_in_the_stored_outputs_are_as_expected(lecture: str) -> None:
    recorded = recorded_values(notebook(lecture))
    assert complaints(EXPECTED.get(lecture, {}), recorded) == []


@pytest.mark.parametrize("lecture", lecture_names())
def test_the_numbers_of_a_fresh_run_are_as_expected(
    lecture: str, numbers_folder: Path, nbval_trials: dict[str, dict[int, Trial]]
) -> None:
    if lecture not in nbval_trials:
        pytest.skip(f"lectures/{lecture}.ipynb was not run in this session (make test runs it)")
    recorded = read_numbers(numbers_folder / f"{lecture}.jsonl")
    assert complaints(EXPECTED.get(lecture, {}), recorded) == []


@pytest.mark.parametrize("lecture", lecture_names())
def test_every_lecture_records_numbers(lecture: str) -> None:
    assert recorded_values(notebook(lecture))


@pytest.mark.parametrize("lecture", lecture_names())
def test_a_lecture_stays_within_its_budget(lecture: str) -> None:
    assert last_run()["seconds"][lecture] <= BUDGETS[lecture] <= LONGEST_BUDGET


def read_numbers(path: Path) -> dict[str, Value]:
    """The numbers in a file that ``record`` wrote; none if there is no file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    numbers = [json.loads(line) for line in lines]
    names = [number["name"] for number in numbers]
    assert len(names) == len(set(names)), f"recorded twice: {sorted(names)}"
    return {number["name"]: number["value"] for number in numbers}


# -- recording -----------------------------------------------------------------------------------


@pytest.fixture
def numbers_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file for the numbers, named by the environment."""
    monkeypatch.delenv("RNN_BOOK", raising=False)
    monkeypatch.setenv("RNN_NUMBERS", str(tmp_path / "numbers.jsonl"))
    return tmp_path / "numbers.jsonl"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (3, 3),
        (0.1, 0.1),
        ("text", "text"),
        (True, True),
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([[2.5]]), 2.5),
    ],
)
def test_a_scalar_is_recorded_as_a_plain_value(
    numbers_file: Path, value: object, plain: Value
) -> None:
    record(number=value)
    recorded = read_numbers(numbers_file)
    assert recorded == {"number": plain}
    assert type(recorded["number"]) is type(plain)


def test_calls_add_to_the_file(numbers_file: Path) -> None:
    record(a=1, b=2)
    record(c=3)
    assert read_numbers(numbers_file) == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan")])
def test_what_is_not_finite_is_refused(numbers_file: Path, value: float) -> None:
    with pytest.raises(ValueError, match="record\\(loss=.*not a finite number"):
        record(days=1, loss=value)
    assert not numbers_file.exists()


@pytest.mark.parametrize("value", [[1], None, np.array([1, 2]), {"a": 1}, 1j])
def test_what_is_no_scalar_is_refused(numbers_file: Path, value: object) -> None:
    with pytest.raises(TypeError, match="record\\(loss=...\\): a scalar is wanted, not "):
        record(loss=value)


def test_a_reader_sees_nothing_of_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RNN_BOOK", raising=False)
    monkeypatch.delenv("RNN_NUMBERS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert record(loss=0.5) is None
    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_while_the_book_is_made_each_number_becomes_an_output_that_glue_reads() -> None:
    messages: list[dict] = []
    with kernel(ROOT, kernel_environment()) as client:
        code = "from helpers.record import record\nrecord(loss=0.5, days=3)"
        client.execute_interactive(code, output_hook=messages.append, timeout=60)
    outputs = [
        nbformat.v4.output_from_msg(message)
        for message in messages
        if message["msg_type"] in {"display_data", "stream", "error", "execute_result"}
    ]
    cell = nbformat.v4.new_code_cell(code, outputs=outputs)
    assert recorded_values(nbformat.v4.new_notebook(cells=[cell])) == {"loss": 0.5, "days": 3}
    assert all(not {"text/plain", "text/html"} & output.data.keys() for output in outputs)
