"""Starting a lecture from the template (tools/book/new_lecture.py)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jupytext
import numpy as np
import pytest
import yaml

from tests.support import clean_environment, copy_course, run_tool, snapshot, try_tool, write
from tools.book import new_lecture

NAME, TITLE = "90-a-new-lecture", "A new lecture"
CONTENTS = """\
root: intro
parts:
  - caption: Series
    chapters:
      - file: lectures/02-neuron  # a comment
      - file: lectures/05-reviews
  - caption: About
    chapters:
      - file: status
"""
EXPECTED = """\
# A comment.
[budgets]
02-neuron = 30

[02-neuron]
mse = { meaning = "error", low = 1, high = 2 }
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two lectures, without their text."""
    write(tmp_path / "_toc.yml", CONTENTS)
    write(tmp_path / "lectures" / "expected.toml", EXPECTED)
    for name in ("02-neuron", "05-reviews"):
        write(tmp_path / "lectures" / f"{name}.md", "# Text\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "place"), [("01-first", 0), ("03-between", 1), ("09-last-of-all", 2)]
)
def test_the_contents_list_it_in_order_and_keep_their_comments(
    course: Path, name: str, place: int
) -> None:
    new_lecture.start_lecture(course, name, TITLE)
    contents = (course / "_toc.yml").read_text(encoding="utf-8")
    listed = [one["file"] for one in yaml.safe_load(contents)["parts"][0]["chapters"]]
    assert listed[place] == f"lectures/{name}" and len(listed) == 3
    assert "# a comment" in contents


def test_title_number_and_budget_are_filled_in_and_the_bands_of_others_stay(course: Path) -> None:
    source = new_lecture.start_lecture(course, "03-between", "Prices & <words>")
    text = source.read_text(encoding="utf-8")
    assert "# Prices & <words>\n" in text
    assert ":label: ex-03-derive" in text
    assert "%" not in text
    expected = tomllib.loads((course / "lectures" / "expected.toml").read_text(encoding="utf-8"))
    before = tomllib.loads(EXPECTED)
    before["budgets"]["03-between"] = new_lecture.BUDGET
    assert expected == before


NO_NAMES = ["", "3-keras", "03", "03-", "03-Keras", "03_keras", "03-keras.md", "../03-keras"]
REFUSALS = [
    *((name, TITLE, "hyphens") for name in [*NO_NAMES, "03-a--b"]),
    ("02-another", TITLE, "taken by lectures/02-neuron.md"),
    *(("03-between", title, "one line") for title in ("", "   ", "two\nlines", "x" * 81)),
]


@pytest.mark.parametrize(("name", "title", "told"), REFUSALS)
def test_what_makes_no_lecture_is_refused(course: Path, name: str, title: str, told: str) -> None:
    with pytest.raises(new_lecture.NewLectureError, match=told):
        new_lecture.start_lecture(course, name, title)


@pytest.mark.parametrize("missing", ["_toc.yml", "lectures/expected.toml"])
def test_nothing_is_written_where_a_file_is_missing(course: Path, missing: str) -> None:
    (course / missing).unlink()
    before = snapshot(course)
    with pytest.raises(new_lecture.NewLectureError, match="git checkout"):
        new_lecture.start_lecture(course, "03-between", TITLE)
    assert snapshot(course) == before


def test_contents_without_lectures_are_refused(course: Path) -> None:
    write(course / "_toc.yml", "root: intro\n")
    with pytest.raises(new_lecture.NewLectureError, match="by hand"):
        new_lecture.start_lecture(course, "03-between", TITLE)


def run_lecture(source: Path) -> str:
    """Run the cells of a lecture in a process of their own; return what they print.

    The checks run at the end, first on the starters, then on the solutions.
    """
    cells = [c for c in jupytext.read(source).cells if c.cell_type == "code"]
    last = {"exercise-check": [], "exercise-solution": []}
    program = []
    for cell in cells:
        tags = last.keys() & set(cell.metadata.get("tags", []))
        (last[tags.pop()] if tags else program).append(cell.source)
    program += last["exercise-check"] + last["exercise-solution"] + last["exercise-check"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)],
        cwd=source.parent,
        env=clean_environment(MPLBACKEND="agg"),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def whole_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this course that holds a new lecture and no other."""
    copy = copy_course(tmp_path_factory.mktemp("copy") / "course")
    for pattern in ("*.md", "*.ipynb"):
        for old in (copy / "lectures").glob(pattern):
            old.unlink()
    run_tool(copy, "tools.book.new_lecture", NAME, TITLE)
    contents = {"format": "jb-book", "root": "intro", "chapters": [{"file": f"lectures/{NAME}"}]}
    write(copy / "_toc.yml", yaml.safe_dump(contents))
    write(copy / "intro.md", "# A course\n\nOf one lecture.\n")
    return copy


def test_the_command_without_a_name_shows_its_use(whole_course: Path) -> None:
    code, printed = try_tool(whole_course, "tools.book.new_lecture")
    assert code == 2 and new_lecture.USAGE in printed


@pytest.mark.slow
def test_the_exercises_of_the_template_wait_for_the_reader_and_their_solutions_are_right(
    whole_course: Path,
) -> None:
    printed = run_lecture(whole_course / "lectures" / f"{NAME}.md")
    said = [line.split()[0] for line in printed.splitlines() if line.startswith(("Not", "Right"))]
    assert [word.rstrip(":") for word in said] == ["Not", "Not", "Right", "Right"]
    assert "largest 10 steps ahead" in printed


@pytest.mark.slow
def test_the_book_builds_with_a_new_lecture(whole_course: Path) -> None:
    run_tool(whole_course, "tools.book.notebooks")
    run_tool(whole_course, "tools.book")
    page = (whole_course / "_build/html/lectures" / f"{NAME}.html").read_text(encoding="utf-8")
    assert f"<title>{TITLE}" in page
    wave = np.sin(2 * np.pi * np.arange(100) / 20)
    error = np.mean((wave[1:] - wave[:-1]) ** 2)
    assert f"the error is {error:.4f}:" in re.sub(r"<[^>]+>", "", page)
