"""Notebooks and their sources: one execution a change, in step, fresh, repeatable.

The first tests look at the committed notebooks. The others change a copy of the course with two
small lectures in it and see what ``make notebooks`` and ``make book`` do.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.support import (
    ROOT,
    code_cells,
    lecture_names,
    make_small_course,
    markdown_cells,
    notebook,
    notebook_path,
    replace_in,
    run_tool,
    snapshot,
    try_tool,
    write,
)
from tools.convert import convert_lecture
from tools.course import LECTURES, CourseError, lecture_sources
from tools.notebooks import bring_up_to_date, chosen, why_stale, write_notebook

LECTURE_NAMES = lecture_names()

# -- the committed notebooks ----------------------------------------------------------------------


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_the_outputs_of_a_notebook_are_fresh(name: str) -> None:
    assert why_stale(LECTURES / f"{name}.md") is None, "Run: make notebooks"


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_all_code_cells_were_executed_in_order(name: str) -> None:
    counts = [cell.execution_count for cell in code_cells(notebook(name))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_no_cell_failed_or_warned(name: str) -> None:
    for cell in code_cells(notebook(name)):
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert allowed or output.output_type != "error", cell.source
            assert output.get("name") != "stderr", f"{cell.source}\n{output.get('text')}"


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_the_outputs_were_made_on_tensorflow(name: str) -> None:
    assert notebook(name).metadata["course"]["backend"] == "tensorflow"


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_no_output_names_a_folder_of_the_machine(name: str) -> None:
    for cell in code_cells(notebook(name)):
        for output in cell.outputs:
            text = json.dumps({k: v for k, v in output.items() if k != "metadata"})
            assert str(ROOT) not in text and str(Path.home()) + "/" not in text, cell.source


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_a_notebook_is_in_step_with_its_source(name: str, book: Path, tmp_path: Path) -> None:
    stored = notebook(name)
    converted = convert_lecture(LECTURES / f"{name}.md", stored)
    write_notebook(tmp_path / "converted.ipynb", converted)
    in_step = (tmp_path / "converted.ipynb").read_bytes() == notebook_path(name).read_bytes()
    assert in_step, (
        f"lectures/{name}.ipynb is not what lectures/{name}.md says. Run: make notebooks"
    )


# -- a copy with two small lectures ---------------------------------------------------------------


class Course:
    """A copy of the course with two small lectures, built once."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_small_course(folder)
        self.lectures = folder / "lectures"
        self.log = self.lectures / "runs.log"
        self.first, self.second = self.lectures / "01-first.md", self.lectures / "02-second.md"

    def runs(self) -> list[str]:
        """Lectures executed since the last call, in order."""
        names = self.log.read_text(encoding="utf-8").split() if self.log.is_file() else []
        write(self.log, "")
        return names

    def make_notebooks(self, *arguments: str, **variables: str) -> str:
        return run_tool(self.folder, "tools.notebooks", *arguments, **variables)

    def page(self, name: str) -> str:
        path = self.folder / "_build" / "html" / "lectures" / f"{name}.html"
        return path.read_text(encoding="utf-8")

    def read(self, name: str) -> nbformat.NotebookNode:
        return nbformat.read(self.lectures / f"{name}.ipynb", 4)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The copy, its notebooks made from nothing."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.make_notebooks()
    return course


@pytest.fixture
def course(built: Course) -> Course:
    """The built copy; what a test changes in its files is put back afterwards."""
    before = snapshot(built.folder)
    yield built
    after = snapshot(built.folder)
    for name in after.keys() - before.keys():
        (built.folder / name).unlink()
    for name, content in before.items():
        if after.get(name) != content:
            (built.folder / name).write_bytes(content)
    built.runs()


def test_from_nothing_each_lecture_runs_once_and_after_what_it_needs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    course = Course(tmp_path_factory.mktemp("fresh"))
    course.make_notebooks()
    assert course.runs() == ["01-first", "02-second"]
    assert "Twice that is 84" in course.page("02-second")
    assert markdown_cells(course.read("02-second"))[-1].source.startswith("$$\ny = 2x \\tag{2.1}")


def test_a_second_run_executes_nothing_and_writes_nothing(course: Course) -> None:
    before = snapshot(course.folder)
    printed = course.make_notebooks()
    assert course.runs() == []
    assert snapshot(course.folder) == before | {"lectures/runs.log": b""}
    assert "nothing, all notebooks are in step" in printed


def test_executing_again_gives_the_same_bytes(course: Course) -> None:
    before = {path.name: path.read_bytes() for path in course.lectures.glob("*.ipynb")}
    course.make_notebooks("--force")
    assert course.runs() == ["01-first", "02-second"]
    assert {path.name: path.read_bytes() for path in course.lectures.glob("*.ipynb")} == before


def test_one_lecture_can_be_executed_again(course: Course) -> None:
    course.make_notebooks("02")
    assert course.runs() == ["02-second"]


def test_editing_prose_executes_nothing_and_changes_only_text(course: Course) -> None:
    before = course.read("01-first")
    replace_in(course.first, "The answer is", "As you guessed, the answer is")
    printed = course.make_notebooks()
    assert course.runs() == []
    assert "Written: lectures/01-first.ipynb\n" in printed
    after = course.read("01-first")
    assert code_cells(after) == code_cells(before)
    assert after.metadata == before.metadata
    assert markdown_cells(after)[-1].source == "As you guessed, the answer is 42."
    assert "As you guessed" in course.page("01-first")


def test_editing_code_executes_that_lecture_and_those_that_load_its_results(
    course: Course,
) -> None:
    replace_in(course.first, "answer = 6 * 7", "answer = 6 * 6")
    course.make_notebooks()
    assert course.runs() == ["01-first", "02-second"]
    assert "Twice that is 72" in course.page("02-second")


def test_editing_code_executes_no_other_lecture(course: Course) -> None:
    replace_in(course.second, "\ndouble\n", "\ndouble + 1\n")
    course.make_notebooks()
    assert course.runs() == ["02-second"]


def test_a_page_shows_new_outputs_although_its_source_is_unchanged(course: Course) -> None:
    helper = course.folder / "helpers" / "numbers.py"
    replace_in(helper, "import math\n", "import math\n\nprint('hello from a helper')\n")
    course.make_notebooks()
    assert "hello from a helper" in course.page("01-first")


def stale_edits() -> list[tuple[str, str, str]]:
    return [
        ("lectures/01-first.md", "answer = 6 * 7", "answer = 7 * 6"),
        ("helpers/numbers.py", "import math\n", "import math\n\n"),
        ("data/checksums.txt", "stocks.csv", "stocks.csv2"),
        ("requirements.lock", "numpy==", "numpy==9"),
        ("data/results/01-first.json", "42", "43"),
    ]


@pytest.mark.parametrize(("file", "old", "new"), stale_edits())
def test_the_book_refuses_outputs_that_are_stale(
    course: Course, file: str, old: str, new: str
) -> None:
    replace_in(course.folder / file, old, new)
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    lecture = "02-second" if "results" in file else "01-first"
    assert printed.startswith(f"lectures/{lecture}.md changed in its code, helpers/, data/ or")
    assert printed.rstrip().endswith("Run: make notebooks")
    assert "Traceback" not in printed


def test_the_book_refuses_a_lecture_without_notebook(course: Course) -> None:
    (course.lectures / "02-second.ipynb").unlink()
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert printed == "lectures/02-second.md has no notebook yet. Run: make notebooks\n"


def test_the_book_refuses_a_notebook_whose_cells_were_not_executed(course: Course) -> None:
    path = course.lectures / "02-second.ipynb"
    stored = nbformat.read(path, 4)
    code_cells(stored)[0].execution_count = None
    nbformat.write(stored, path)
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert "02-second.md has code cells that were never executed" in printed


def test_a_damaged_notebook_is_named_with_the_way_out(course: Course) -> None:
    write(course.lectures / "02-second.ipynb", "{")
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert printed.startswith("lectures/02-second.ipynb is not a notebook")
    assert "delete it" in printed and len(printed.splitlines()) == 1


def test_files_that_editors_leave_in_helpers_change_nothing(course: Course) -> None:
    for name in (".DS_Store", "numbers.py~", ".numbers.py.swp", "__pycache__/numbers.x.pyc"):
        write(course.folder / "helpers" / name, "left behind")
    course.make_notebooks()
    assert course.runs() == []


def test_line_endings_of_windows_change_nothing(course: Course) -> None:
    for name in ("helpers/numbers.py", "requirements.lock", "data/checksums.txt"):
        path = course.folder / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    course.make_notebooks()
    assert course.runs() == []


def test_a_cell_that_fails_stops_with_lecture_cell_and_error(course: Course) -> None:
    before = course.read("01-first")
    replace_in(course.first, "answer = 6 * 7", "answer = 6 / 0")
    code, printed = try_tool(course.folder, "tools.notebooks")
    assert code == 1
    for said in ("lectures/01-first.md failed", "answer = 6 / 0", "ZeroDivisionError"):
        assert said in printed
    assert "\x1b" not in printed
    assert course.read("01-first") == before


def test_after_an_error_in_the_text_nothing_is_executed_twice(course: Course) -> None:
    replace_in(course.second, "\ndouble\n", "\ndouble + 2\n")
    replace_in(course.second, "Twice that", "[Twice](twice.md) that")
    code, printed = try_tool(course.folder, "tools.notebooks")
    assert code == 1 and "02-second.md:" in printed
    replace_in(course.second, "[Twice](twice.md) that", "Twice that")
    course.make_notebooks()
    assert course.runs() == ["02-second"]
    assert code_cells(course.read("02-second"))[-1].outputs[-1].data["text/plain"] == "86"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{nonsense}`x`", "nonsense"),
        ("```{nonsense}\n```", "nonsense"),
        ("{doc}`lost`", "lost"),
        ("{cite:t}`nobody`", "nobody"),
        ("{glue:text}`unrecorded`", "unrecorded"),
    ],
)
def test_unknown_syntax_stops_the_book_with_file_and_line(
    course: Course, text: str, message: str
) -> None:
    replace_in(course.first, "The answer is", f"{text}\n\nThe answer is")
    line = course.first.read_text(encoding="utf-8").splitlines().index(text.split("\n")[0]) + 1
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert re.search(rf"01-first\.md:{line}\b.*{message}", printed), printed


def test_a_deleted_lecture_takes_its_notebook_results_and_page_along(course: Course) -> None:
    course.second.unlink()
    replace_in(course.first, " See {doc}`02-second`.", "")
    replace_in(course.folder / "_toc.yml", "      - file: lectures/02-second\n", "")
    own = course.lectures / "99-mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), own)
    printed = course.make_notebooks()
    assert "lectures/02-second.ipynb (removed)" in printed
    assert own.is_file(), "a notebook that a person put there is theirs"
    assert not (course.lectures / "02-second.ipynb").exists()
    assert not (course.folder / "data" / "results" / "02-second.json").exists()
    assert not (course.folder / "_build" / "html" / "lectures" / "02-second.html").exists()
    assert "02-second" not in (course.lectures / "last_run.json").read_text(encoding="utf-8")
    assert course.runs() == []


def test_a_renamed_lecture_moves_with_all_it_has(course: Course) -> None:
    course.second.rename(course.lectures / "02-renamed.md")
    replace_in(course.first, "02-second", "02-renamed")
    replace_in(course.folder / "_toc.yml", "02-second", "02-renamed")
    replace_in(course.folder / "tests" / "expected.toml", "02-second", "02-renamed")
    course.make_notebooks()
    names = sorted(path.name for path in course.lectures.glob("*.ipynb"))
    assert names == ["01-first.ipynb", "02-renamed.ipynb"]
    assert course.read("02-renamed").cells[0].id == "02-renamed-000"


def test_a_lecture_that_is_not_in_the_table_of_contents_is_named(course: Course) -> None:
    replace_in(course.folder / "_toc.yml", "      - file: lectures/02-second\n", "")
    replace_in(course.first, " See {doc}`02-second`.", "")
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert "lectures/02-second.md" in printed and "_toc.yml" in printed


def test_a_lecture_without_budget_is_named(course: Course) -> None:
    replace_in(course.folder / "tests" / "expected.toml", "02-second = 10\n", "")
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    assert "[budgets]" in printed and "02-second" in printed


def test_adding_a_citation_leaves_the_other_notebooks_as_they_are(course: Course) -> None:
    before = (course.lectures / "02-second.ipynb").read_bytes()
    replace_in(course.first, "The answer is", "{cite:t}`made_up_third` knew. The answer is")
    course.make_notebooks()
    assert (course.lectures / "02-second.ipynb").read_bytes() == before


def test_the_book_is_built_again_after_its_references_were_lost(course: Course) -> None:
    for path in (course.folder / "_build" / "references" / "lectures").glob("*.json"):
        path.unlink()
    run_tool(course.folder, "tools.book")
    assert course.runs() == []


def test_lectures_that_need_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in [("01-a", "02-b"), ("02-b", "01-a")]:
        write(tmp_path / f"{name}.md", f'load_results("{other}")')
    with pytest.raises(CourseError, match="load each other's results: .*01-a"):
        bring_up_to_date(sorted(tmp_path.glob("*.md")), set())


def test_a_name_that_fits_no_lecture_is_refused() -> None:
    with pytest.raises(CourseError, match=f"names no lecture. Lectures: {LECTURE_NAMES[0]}"):
        chosen(["77-lost"], lecture_sources())
