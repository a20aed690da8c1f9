"""The runs on JAX, on real data, and the long experiments: fresh, within bands, claims true.

None is executed here but in a small course: ``make other-runs`` keeps them. The bands are those of
the run on TensorFlow and the sample (``expected.toml``), which must be wide enough for another
backend, and those of ``expected-real-data.toml``.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import nbformat
import pytest

from helpers.record import load_results
from tests.lectures.test_numbers import EXPECTED, entry_faults
from tests.support import (
    HEADER,
    ROOT,
    SETUP,
    lecture_names,
    make_small_course,
    notebook,
    replace_in,
    run_tool,
    try_tool,
    write,
)
from tools.book import other_runs
from tools.book.course import LECTURES, RESULTS, CourseError
from tools.book.other_runs import (
    QUOTED,
    Run,
    all_runs,
    chosen,
    quoted_numbers,
    stored_calls,
    why_stale,
)
from tools.book.recorded import Recorded, complaints, recorded

REAL: dict[str, dict] = tomllib.loads(
    (ROOT / "lectures" / "expected-real-data.toml").read_text(encoding="utf-8")
)
CLAIMS: dict[str, list[str]] = REAL.pop("claims", {})  # what must hold on real data too
FOLDER = str(Path(os.environ["RNN_REAL_DATA"]).resolve()) if os.environ.get("RNN_REAL_DATA") else ""
RUNS = all_runs()
TOOL = "tools.book.other_runs"


def kept(run: Run) -> dict:
    """What is kept of a run."""
    if not run.path.is_file():  # which fails the test of freshness, where it must be there
        pytest.skip(f"{run.name} has never been executed")
    return json.loads(run.path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_what_is_kept_of_a_run_is_fresh(run: Run) -> None:
    reason = why_stale(run, FOLDER)
    if reason and run.kind == "real" and not FOLDER:
        pytest.skip(f"{run.name} {reason} (make other-runs with RNN_REAL_DATA)")
    assert reason is None, f"{run.name} {reason}. Run: make other-runs"


@pytest.mark.parametrize("run", [run for run in RUNS if not run.result], ids=lambda run: run.name)
def test_the_numbers_of_a_run_lie_in_bands_and_its_claims_hold(run: Run) -> None:
    found = Recorded(kept(run)["numbers"], kept(run)["claims"])
    stored, entries = recorded(notebook(run.lecture)), EXPECTED.get(run.lecture, {})
    if run.kind == "real":
        entries, claims = REAL.get(run.lecture, {}), CLAIMS.get(run.lecture, [])
        found = Recorded(
            {name: found.numbers.get(name, "nothing") for name in entries},
            {name: found.claims.get(name, False) for name in claims},
        )
        stored = found
    assert complaints(entries, found, stored, LECTURES / f"{run.lecture}.md") == []


def test_every_lecture_on_keras_reviews_prices_and_pairs_has_its_runs() -> None:
    names = {run.name for run in RUNS}
    assert len(names) == len(RUNS)  # no two stored results have one name
    assert {"04-keras-rnns-jax", "08-text-as-sequences-jax", "lstm-cue"} <= names
    assert {"01-what-comes-next-jax", "03-single-neuron-rnn-jax"}.isdisjoint(names)
    assert {f"{lecture}-jax-on-real-data" for lecture in REAL} <= names
    makers = {name: [run.lecture[:2] for run in RUNS if run.makes == name] for name in QUOTED}
    assert makers == {"quora-pairs": ["16"]}
    assert "01-what-comes-next-tensorflow-on-real-data" in names


def test_what_is_stored_from_the_class_file_is_computed_where_that_file_is() -> None:
    runs = {run.name: run for run in RUNS if run.lecture == "the-class"}
    assert {"class-file-neuron", "class-file-keras-stack", "the-class-jax-on-real-data"} <= set(
        runs
    )
    assert {run.kind for run in runs.values()} == {"real"}
    assert {run.kind for run in RUNS if run.name == "lstm-cue"} == {"stored"}


def test_no_file_is_kept_of_a_run_that_is_gone() -> None:
    paths = {*RESULTS.glob("stored/*.json"), *RESULTS.glob("other/*.json")}
    assert paths <= {run.path for run in RUNS}


@pytest.mark.parametrize("name", QUOTED)
def test_the_quoted_numbers_are_those_of_the_runs(name: str) -> None:
    numbers = quoted_numbers(name, RUNS)
    if numbers is None and not FOLDER:
        pytest.skip(f"{name}: its runs have never been executed")
    assert json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8")) == numbers


def test_the_bands_for_real_data_belong_to_lectures_and_to_their_numbers() -> None:
    on_real = {run.lecture for run in RUNS if run.kind == "real"}
    assert REAL.keys() | CLAIMS.keys() <= on_real <= set(lecture_names())
    for lecture, entries in REAL.items():
        assert entries.keys() <= load_results(lecture).keys()
        assert [fault for entry in entries.values() for fault in entry_faults(entry)] == []


def test_runs_are_named_in_several_ways() -> None:
    assert chosen([], RUNS) == RUNS
    assert [run.name for run in chosen(["04-keras-rnns-jax"], RUNS)] == ["04-keras-rnns-jax"]
    assert {run.lecture for run in chosen(["lectures/10-yelp-reviews.md"], RUNS)} == {
        "10-yelp-reviews"
    }
    assert {run.kind for run in chosen(["13"], RUNS)} == {"real", "sample", "stored"}
    assert chosen(["stored", "lstm-cue"], RUNS) == [run for run in RUNS if run.kind == "stored"]
    with pytest.raises(CourseError, match="'99' names no run. Runs: .*04-keras-rnns-jax"):
        chosen(["99"], RUNS)


# -- in a small course --------------------------------------------------------------------------

FIRST = """\
# First

```{code-cell} ipython3
import os
import keras
from helpers.record import record, stored
def log(what):
    told = [what, os.environ["KERAS_BACKEND"], os.environ["RNN_DATA"], os.environ["RNN_RUN"]]
    _ = open("runs.log", "a").write(" ".join(told) + "\\n")
```

```{code-cell} ipython3
factor = 21
def table():
    log("table")
    yield "a", 2 * factor
log("01-first")
two = stored("two", table, steps=1)
```

```{code-cell} ipython3
later = 1
record(first_answer=two["a"])
```
"""
SECOND = """\
# Second

```{code-cell} ipython3
import os
from pathlib import Path
from helpers.data import load_question_pairs
from helpers.record import load_results, record
pairs = Path(os.environ["RNN_DATA"], "quora_duplicate_questions.tsv").read_text()
record(second_answer=len(pairs))
record(real_second=load_results("quora-pairs")["second_answer"])
```
"""
STORED, JAX = "two", "01-first-jax"
ON_REAL, ON_REAL_JAX = "02-second-tensorflow-on-real-data", "02-second-jax-on-real-data"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two lectures: one with a stored result and a `keras`; one that quotes the real pairs."""
    folder = make_small_course(tmp_path / "course")
    for name, text in {"01-first": FIRST, "02-second": SECOND}.items():
        write(folder / "lectures" / f"{name}.md", f"{HEADER}{SETUP}\n{text}")
    write(folder / "lectures" / "keras.py", "")
    write(folder / "data" / "results" / "quora-pairs.json", '{"second_answer": 1}')
    write(tmp_path / "real" / "quora_duplicate_questions.tsv", "12345")
    return folder


def executed(folder: Path, *arguments: str) -> set[str]:
    """Which runs the tool executed."""
    output = run_tool(folder, TOOL, *arguments, RNN_REAL_DATA=str(folder.parent / "real"))
    return {name for name in (STORED, JAX, ON_REAL, ON_REAL_JAX) if f"\n{name} " in f"\n{output}"}


def result(folder: Path, name: str) -> dict:
    """A file of results."""
    return json.loads((folder / "data" / "results" / name).read_text(encoding="utf-8"))


@pytest.mark.slow
def test_what_is_stale_is_executed_and_kept_and_nothing_else(course: Path) -> None:
    first, log = course / "lectures" / "01-first.md", course / "lectures" / "runs.log"
    output = run_tool(course, TOOL)
    assert "RNN_REAL_DATA is not set: the runs on real data are left out." in output
    assert log.read_text().splitlines() == [
        "01-first tensorflow sample two",
        "table tensorflow sample two",
        "01-first jax sample all",
        "table jax sample all",
    ]
    assert result(course, "stored/two.json")["value"] == {"a": 42}
    assert result(course, "other/01-first-jax.json")["numbers"] == {"first_answer": 42}
    assert not (course / "data" / "results" / "other" / f"{ON_REAL}.json").exists()
    assert executed(course) == {ON_REAL, ON_REAL_JAX}
    assert result(course, f"other/{ON_REAL}.json")["numbers"] == {
        "second_answer": 5,
        "real_second": 1,
    }
    assert result(course, "quora-pairs.json") == {"second_answer": 5}  # and yet nothing is stale
    assert executed(course) == set()
    replace_in(first, "later = 1", "later = 2")
    write(course.parent / "real" / "quora_duplicate_questions.tsv", "1234567")
    assert executed(course) == {JAX, ON_REAL, ON_REAL_JAX}
    assert result(course, "quora-pairs.json") == {"second_answer": 7}
    assert executed(course, "--force", STORED) == {STORED}
    write(course / "data" / "results" / "stored" / "gone.json", "{}")
    assert "gone.json belongs to no run: removed" in run_tool(course, TOOL)


@pytest.mark.slow
def test_an_error_names_run_lecture_and_cell_and_the_other_runs_go_on(course: Path) -> None:
    replace_in(course / "lectures" / "01-first.md", "later = 1", "later = 1 / 0")
    code, output = try_tool(course, TOOL)
    assert code == 1
    assert "01-first-jax: lectures/01-first.md failed (sample data)" in output
    assert "later = 1 / 0" in output and "ZeroDivisionError" in output
    assert result(course, "stored/two.json")["value"] == {"a": 42}
    assert not (course / "data" / "results" / "other" / "01-first-jax.json").exists()


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("factor = 21", "factor = 22", {STORED, JAX}),
        ('log("01-first")', 'log("first")', {STORED, JAX}),
        ("later = 1", "later = 2", {JAX}),
        ("# First", "# The first", set()),
        ("len(pairs)", "2 * len(pairs)", {ON_REAL}),
    ],
)
def test_code_that_a_run_executes_makes_it_stale(
    course: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, stale: set[str]
) -> None:
    def of_code(source: Path, *, backend: str, tier: str) -> str:
        cells = other_runs.jupytext.read(source).cells
        return "".join(cell.source for cell in cells if cell.cell_type == "code")

    monkeypatch.setattr(other_runs, "LECTURES", course / "lectures")
    monkeypatch.setattr(other_runs, "digest", of_code)
    runs = [
        Run("01-first", "tensorflow", "stored", STORED),
        Run("01-first", "jax", "sample"),
        Run("02-second", "tensorflow", "real", makes="quora-pairs"),
    ]
    before = {run.name: other_runs.digests(run) for run in runs}
    for path in (course / "lectures").glob("*.md"):
        write(path, path.read_text(encoding="utf-8").replace(old, new))
    assert {run.name for run in runs if other_runs.digests(run) != before[run.name]} == stale


@pytest.mark.parametrize("call", ["stored(name, table)", "stored('two', table); stored('two', f)"])
def test_a_stored_result_has_a_name_of_its_own_that_stands_at_the_call(call: str) -> None:
    cell = nbformat.v4.new_code_cell(call)
    with pytest.raises(CourseError, match=r"stored\(.*: the name must be a string of its own"):
        stored_calls(nbformat.v4.new_notebook(cells=[cell]))
