"""Numbers and claims of the lectures: how they are recorded, and what they must be.

A number must equal that of the stored run, but for what is trained: ``lectures/expected.toml`` has
a table for each lecture with an entry for each of these::

    loss = { meaning = "loss of the trained model", low = 0.03, high = 0.05 }

A band whose ends differ by more than a factor ``WIDEST``, or that holds zero, must say
``why_wide``. A claim must hold.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from helpers.record import claim, record
from tests.lectures.reexecution import not_covered
from tests.support import ROOT, Trial, kernel, kernel_environment, lecture_names, notebook
from tools.book.course import LECTURES, CourseError
from tools.book.notebooks import last_run
from tools.book.recorded import (
    Recorded,
    bands,
    budgets,
    complaints,
    movements,
    read_recorded,
    recorded,
)

WIDEST = 3.0  # high / low of a band that needs no explanation
KEYS = {"meaning", "low", "high", "why_wide"}
EXPECTED, BUDGETS = bands(), budgets()
LONGEST_BUDGET = 120  # seconds; the whole book must execute in six minutes


# -- the check -----------------------------------------------------------------------------------

ENTRIES = {"loss": {"meaning": "loss", "low": 0.03, "high": 0.05}}
STORED = Recorded(
    {"days": 101, "gap": 0.2, "tiny": 1e-17, "loss": 0.04, "wins": True}, {"ahead": True}
)
SOURCE = LECTURES / f"{lecture_names()[0]}.md"


def changed(numbers: dict, claims: dict | None = None) -> Recorded:
    """The stored run with some values changed; None takes one away."""
    new = [STORED.numbers | numbers, STORED.claims | (claims or {})]
    return Recorded(*({k: v for k, v in values.items() if v is not None} for values in new))


@pytest.mark.parametrize(
    "numbers", [{}, {"gap": 0.2 * (1 + 9e-7)}, {"tiny": -3e-15}, {"loss": 0.03}, {"days": 101.0}]
)
def test_a_run_as_expected_passes(numbers: dict) -> None:
    assert complaints(ENTRIES, changed(numbers), STORED, SOURCE) == []


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"days": 100}, "days: 100 is not 101, the stored run's"),
        ({"gap": 0.2000004}, "gap: 0.2000004 is not 0.2, the stored run's"),
        ({"gap": math.nan}, "gap: nan is not 0.2, the stored run's"),
        ({"wins": False}, "wins: False is not True, the stored run's"),
        ({"wins": 1}, "wins: 1 is not True, the stored run's"),
        ({"days": "101"}, "days: '101' is not 101, the stored run's"),
        ({"loss": 0.0501}, "loss: 0.0501 is not in 0.03 to 0.05 (loss)"),
        ({"loss": math.nan}, "loss: nan is not in 0.03 to 0.05 (loss)"),
        ({"loss": "0.04"}, "loss: '0.04' is no number, so it has no band"),
        ({"other": 1}, "other: a number that the stored run lacks"),
        ({"days": None}, "days: a number that only the stored run has"),
    ],
)
def test_a_number_that_is_not_as_expected_is_found(numbers: dict, complaint: str) -> None:
    assert complaints(ENTRIES, changed(numbers), STORED, SOURCE) == [complaint]


def test_an_entry_without_a_number_is_found() -> None:
    gone = changed({"loss": None})
    assert complaints(ENTRIES, gone, gone, SOURCE) == ["loss: in expected.toml, but not recorded"]


CLAIMING = """\
# Title

Nothing is ahead of the mean.

The network is ahead of persistence, by {glue:text}`gap:.1f`. Read on.

```{code-cell} ipython3
record(gap=0.2)
claim("ahead", gap > 0)
```
"""


@pytest.fixture
def claiming(tmp_path: Path) -> Path:
    """A lecture that claims something."""
    (tmp_path / "01-made-up.md").write_text(CLAIMING, encoding="utf-8")
    return tmp_path / "01-made-up.md"


def test_a_claim_that_is_false_is_told_with_lecture_line_and_sentence(claiming: Path) -> None:
    found = complaints({}, changed({}, {"ahead": False}), STORED, claiming)
    assert found == [
        'lectures/01-made-up.md:9 (after "The network is ahead of persistence, by '
        '{glue:text}`gap:.1f`. Read on. ...") is false: ahead'
    ]


def test_on_other_data_a_claim_need_not_hold_but_stay() -> None:
    false = changed({}, {"ahead": False})
    assert complaints(ENTRIES, false, false, SOURCE, claims_hold=False) == []
    for fresh, stored in [(STORED, false), (false, STORED)]:
        (told,) = complaints(ENTRIES, fresh, stored, SOURCE, claims_hold=False)
        assert told.endswith(f"is {str(fresh.claims['ahead']).lower()}: ahead")


def test_a_claim_that_comes_or_goes_is_told() -> None:
    found = complaints(ENTRIES, changed({}, {"ahead": None, "behind": True}), STORED, SOURCE)
    assert found == [
        "ahead: a claim that only the stored run has",
        "behind: a claim that the stored run lacks",
    ]


@pytest.mark.parametrize(
    ("numbers", "claims", "moved"),
    [
        ({"gap": 0.2 * (1 + 9e-7), "new": 1, "days": None}, {"new": True}, []),
        ({"loss": 0.041}, {}, ["loss: 0.04 -> 0.041"]),
        ({}, {"ahead": False}, ["ahead: true -> false"]),
        ({}, {"other": False}, ["lectures/01-made-up.md: other: new -> false"]),
    ],
)
def test_what_moved_is_told_with_old_and_new(
    claiming: Path, numbers: dict, claims: dict, moved: list[str]
) -> None:
    found = movements(claiming, changed(numbers, claims), STORED)
    assert len(found) == len(moved)
    assert all(line.endswith(end) for line, end in zip(found, moved, strict=True))


# -- the entries ---------------------------------------------------------------------------------


def entry_faults(entry: dict[str, Any]) -> list[str]:
    """What is wrong with an entry of expected.toml."""
    faults = [f"unknown key {key}" for key in entry.keys() - KEYS]
    if not entry.get("meaning"):
        faults.append("no meaning")
    if not {"low", "high"} <= entry.keys():
        return [*faults, "needs low and high: what is exact needs no entry"]
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


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"low": 1, "high": 2}, "no meaning"),
        ({"meaning": "m"}, "needs low and high"),
        ({"meaning": "m", "low": 1}, "needs low and high"),
        ({"meaning": "m", "low": 2, "high": 1}, "no band"),
        ({"meaning": "m", "low": 1, "high": math.inf}, "no band"),
        ({"meaning": "m", "low": 1, "high": 3.1}, "spans a factor of 3.1"),
        ({"meaning": "m", "low": -3.1, "high": -1}, "spans a factor of 3.1"),
        ({"meaning": "m", "low": 0, "high": 1}, "spans a factor of inf"),
        ({"meaning": "m", "low": 1, "high": 2, "why_wide": "x"}, "needs no why_wide"),
        ({"meaning": "m", "low": 1, "high": 2, "exact": 1}, "unknown key exact"),
        ({"meaning": "m", "low": 0, "high": 1, "why_wide": "rounding"}, ""),
    ],
)
def test_a_faulty_entry_is_found(entry: dict[str, Any], fault: str) -> None:
    faults = "; ".join(entry_faults(entry))
    assert fault in faults and bool(fault) == bool(faults)


@pytest.mark.parametrize("lecture", EXPECTED)
def test_each_entry_says_what_it_means_and_is_narrow(lecture: str) -> None:
    found = {name: faults for name, e in EXPECTED[lecture].items() if (faults := entry_faults(e))}
    assert found == {}


def test_no_two_lectures_record_a_number_of_the_same_name() -> None:
    names = [n for lecture in lecture_names() for n in recorded(notebook(lecture)).numbers]
    assert sorted(names) == sorted(set(names))


def test_every_table_of_entries_belongs_to_a_lecture() -> None:
    assert EXPECTED.keys() <= set(lecture_names())
    assert BUDGETS.keys() == set(lecture_names())


# -- the lectures --------------------------------------------------------------------------------


@pytest.mark.parametrize("lecture", lecture_names())
def test_the_stored_numbers_and_claims_are_as_expected(lecture: str) -> None:
    stored = recorded(notebook(lecture))
    assert stored.numbers
    assert complaints(EXPECTED.get(lecture, {}), stored, stored, LECTURES / f"{lecture}.md") == []


@pytest.mark.parametrize("lecture", lecture_names())
def test_the_numbers_and_claims_of_a_fresh_run_are_as_expected(
    lecture: str, numbers_folder: Path, nbval_trials: dict[str, dict[int, Trial]]
) -> None:
    if lecture not in nbval_trials:
        pytest.skip(f"lectures/{lecture}.ipynb was not run in this session (make test runs it)")
    fresh = read_recorded(numbers_folder / f"{lecture}.jsonl")
    stored = recorded(notebook(lecture))
    assert complaints(EXPECTED.get(lecture, {}), fresh, stored, LECTURES / f"{lecture}.md") == []


@pytest.mark.parametrize("lecture", lecture_names())
def test_a_fresh_run_opens_only_files_that_the_digest_covers(
    lecture: str, numbers_folder: Path, nbval_trials: dict[str, dict[int, Trial]]
) -> None:
    if lecture not in nbval_trials:
        pytest.skip(f"lectures/{lecture}.ipynb was not run in this session (make test runs it)")
    assert not_covered(lecture, numbers_folder) == []


@pytest.mark.parametrize("lecture", lecture_names())
def test_a_lecture_stays_within_its_budget(lecture: str) -> None:
    assert last_run()["seconds"][lecture] <= BUDGETS[lecture] <= LONGEST_BUDGET


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
    numbers_file: Path, value: object, plain: object
) -> None:
    record(number=value)
    (found,) = read_recorded(numbers_file).numbers.values()
    assert found == plain and type(found) is type(plain)


def test_calls_add_to_the_file(numbers_file: Path) -> None:
    record(a=1, b=2)
    claim("a is ahead", np.array([1]) > 2)
    record(c=3)
    claim("b is behind", np.bool_(True))
    assert read_recorded(numbers_file) == (
        {"a": 1, "b": 2, "c": 3},
        {"a is ahead": False, "b is behind": True},
    )
    claim("b is behind", True)
    with pytest.raises(CourseError, match="'b is behind' is recorded twice"):
        read_recorded(numbers_file)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan")])
def test_what_is_not_finite_is_refused(numbers_file: Path, value: float) -> None:
    with pytest.raises(ValueError, match="record\\(loss=.*not a finite number"):
        record(days=1, loss=value)
    assert not numbers_file.exists()


@pytest.mark.parametrize("value", [[1], None, np.array([1, 2]), {"a": 1}, 1j])
def test_what_is_no_scalar_is_refused(numbers_file: Path, value: object) -> None:
    with pytest.raises(TypeError, match="record\\(loss=...\\): a scalar is wanted, not "):
        record(loss=value)


@pytest.mark.parametrize("condition", [1, 0.5, "yes", None, np.array([True, True]), []])
def test_what_is_no_condition_is_refused(numbers_file: Path, condition: object) -> None:
    with pytest.raises(TypeError, match=r"claim\('x', ...\): one condition, true or false"):
        claim("x", condition)
    assert not numbers_file.exists()


def test_a_reader_sees_nothing_of_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RNN_BOOK", raising=False)
    monkeypatch.delenv("RNN_NUMBERS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert record(loss=0.5) is None and claim("the loss is small", False) is None
    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_while_the_book_is_made_each_becomes_an_invisible_output() -> None:
    messages: list[dict] = []
    with kernel(ROOT, kernel_environment()) as client:
        code = "from helpers.record import claim, record\nrecord(loss=0.5, days=3)\n"
        code += "claim('the loss is small', False)"
        client.execute_interactive(code, output_hook=messages.append, timeout=60)
    outputs = [
        nbformat.v4.output_from_msg(message)
        for message in messages
        if message["msg_type"] in {"display_data", "stream", "error", "execute_result"}
    ]
    cell = nbformat.v4.new_code_cell(code, outputs=outputs)
    found = recorded(nbformat.v4.new_notebook(cells=[cell]))
    assert found == ({"loss": 0.5, "days": 3}, {"the loss is small": False})
    assert all(not {"text/plain", "text/html"} & output.data.keys() for output in outputs)
    twice = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code, outputs=outputs + outputs)]
    )
    with pytest.raises(CourseError, match="is recorded twice: rename"):
        recorded(twice)
