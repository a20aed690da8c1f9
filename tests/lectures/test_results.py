"""What frozen pages load: results of other pages, and of long experiments (`stored`)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from helpers import record as results
from helpers.record import load_results, stored
from tests.support import write
from tools.book.course import RESULTS


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


# -- stored results -------------------------------------------------------------------------------

LENGTHS, COMPUTED = (8, 16), {"twice": [16, 32], "mean": 0.5}


def twice(length: int) -> int:
    return 2 * int(length) if length else twice(1)  # calls itself, as functions may


def changed_twice(length: int) -> int:
    return int(length) + int(length)


changed_twice.__name__ = "twice"


def table() -> dict:
    return {"twice": [twice(length) for length in LENGTHS], "mean": np.float32(0.5)}


def nothing_finite() -> dict:
    return {"loss": float("nan")}


def no_json() -> dict:
    return {"model": object()}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stored result, made as for the second edition, but with a value of its own."""
    for name in ("RNN_BOOK", "RNN_DATA", "RNN_RUN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    uses = results._uses(table, with_values=True)
    write(tmp_path / "stored" / "table.json", json.dumps({"uses": uses, "value": "kept"}))
    return tmp_path / "stored" / "table.json"


NEW = {"LENGTHS": (8.0, 16)}


@pytest.mark.parametrize(
    ("change", "environment", "result", "said"),
    [
        ({}, {}, "kept", ""),
        ({}, {"RNN_BOOK": "1", "RNN_RUN": "other"}, "kept", ""),
        ({}, {"RNN_RUN": "all"}, COMPUTED, ""),
        ({}, {"RNN_RUN": "other,table"}, COMPUTED, ""),
        ({"unused": 3}, {}, "kept", ""),
        (NEW, {}, COMPUTED, "table is computed anew: LENGTHS changed"),
        ({"twice": changed_twice}, {}, COMPUTED, "table is computed anew: twice changed"),
        (NEW, {"RNN_DATA": "full"}, "kept", "table: stored from the sample; RNN_RUN=table"),
    ],
)
def test_a_stored_result_is_loaded_unless_something_asks_for_a_new_one(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys, change, environment, result, said
) -> None:
    for name, value in change.items():
        monkeypatch.setitem(table.__globals__, name, value)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert stored("table", table) == result
    output = capsys.readouterr().out
    assert output.startswith(said) and bool(output) == bool(said)


@pytest.mark.parametrize("missing", [True, False])
def test_the_book_refuses_what_is_missing_or_changed_and_readers_get_it_computed(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys, missing: bool
) -> None:
    if missing:
        kept.unlink()
    else:
        monkeypatch.setitem(table.__globals__, "twice", changed_twice)
    assert stored("table", table) == COMPUTED
    reason = r"table\.json is missing" if missing else "twice changed"
    assert re.search(f"anew: .*{reason} .*git checkout", capsys.readouterr().out)
    monkeypatch.setenv("RNN_BOOK", "1")
    with pytest.raises(RuntimeError, match=f"{reason}. Run: git checkout data/results"):
        stored("table", table)


def test_what_is_yielded_becomes_a_dict_with_a_progress_bar(kept: Path, capsys) -> None:
    def rows():
        yield from {"a": np.array([1.5, 2]), "b": (1, "c")}.items()

    assert stored("rows", rows, steps=2) == {"a": [1.5, 2.0], "b": [1, "c"]}
    assert "rows: 100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (nothing_finite, ValueError, r"stored\('bad'\): .*not JSON compliant"),
        (no_json, TypeError, r"stored\('bad'\): JSON cannot hold a object"),
        (lambda: {}, TypeError, "give the function a name"),
    ],
)
def test_what_cannot_be_stored_is_refused(kept: Path, function, error, message) -> None:
    with pytest.raises(error, match=message):
        stored("bad", function)
