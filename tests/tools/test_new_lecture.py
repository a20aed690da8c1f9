"""Starting a lecture from the template (tools/book/new_lecture.py)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import jupytext
import numpy as np
import pytest
import yaml

from tools.book import new_lecture

ROOT = Path(__file__).resolve().parents[2]
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
    for folder in ("lectures", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    (tmp_path / "lectures" / "expected.toml").write_text(EXPECTED, encoding="utf-8")
    for name in ("02-neuron", "05-reviews"):
        (tmp_path / "lectures" / f"{name}.md").write_text("# Text\n", encoding="utf-8")
    return tmp_path


def listed(course: Path) -> list[str]:
    """The first part's files, as `_toc.yml` lists them."""
    contents = yaml.safe_load((course / "_toc.yml").read_text(encoding="utf-8"))
    return [chapter["file"] for chapter in contents["parts"][0]["chapters"]]


@pytest.mark.parametrize(
    ("name", "place"), [("01-first", 0), ("03-between", 1), ("09-last-of-all", 2)]
)
def test_the_contents_list_it_in_order(course: Path, name: str, place: int) -> None:
    new_lecture.start_lecture(course, name, TITLE)
    assert listed(course)[place] == f"lectures/{name}"
    assert len(listed(course)) == 3


def test_comments_in_the_contents_stay(course: Path) -> None:
    new_lecture.start_lecture(course, "03-between", TITLE)
    assert "# a comment" in (course / "_toc.yml").read_text(encoding="utf-8")


def test_title_and_number_are_filled_in(course: Path) -> None:
    source = new_lecture.start_lecture(course, "03-between", "Prices & <words>")
    text = source.read_text(encoding="utf-8")
    assert "# Prices & <words>\n" in text
    assert ":label: ex-03-derive" in text
    assert "%" not in text


def test_its_budget_is_written_and_the_bands_of_others_stay(course: Path) -> None:
    new_lecture.start_lecture(course, "03-between", TITLE)
    expected = tomllib.loads((course / "lectures" / "expected.toml").read_text(encoding="utf-8"))
    assert expected["budgets"] == {"02-neuron": 30, "03-between": new_lecture.BUDGET}
    assert expected["02-neuron"] == {"mse": {"meaning": "error", "low": 1, "high": 2}}
    assert expected.keys() == {"budgets", "02-neuron"}


@pytest.mark.parametrize(
    "name",
    ["", "3-keras", "03", "03-", "03-Keras", "03_keras", "03-keras.md", "../03-keras", "03-a--b"],
)
def test_a_name_of_another_form_is_refused(course: Path, name: str) -> None:
    with pytest.raises(new_lecture.NewLectureError, match="hyphens"):
        new_lecture.start_lecture(course, name, TITLE)


def test_a_number_that_is_taken_is_refused(course: Path) -> None:
    with pytest.raises(new_lecture.NewLectureError, match="taken by lectures/02-neuron.md"):
        new_lecture.start_lecture(course, "02-another", TITLE)


@pytest.mark.parametrize("title", ["", "   ", "two\nlines", "x" * 81])
def test_a_title_that_is_no_line_is_refused(course: Path, title: str) -> None:
    with pytest.raises(new_lecture.NewLectureError, match="one line"):
        new_lecture.start_lecture(course, "03-between", title)


@pytest.mark.parametrize("missing", ["_toc.yml", "lectures/expected.toml"])
def test_nothing_is_written_where_a_file_is_missing(course: Path, missing: str) -> None:
    (course / missing).unlink()
    before = sorted(course.rglob("*"))
    with pytest.raises(new_lecture.NewLectureError, match="git checkout"):
        new_lecture.start_lecture(course, "03-between", TITLE)
    assert sorted(course.rglob("*")) == before
    assert "03-between" not in "".join(
        path.read_text(encoding="utf-8") for path in course.rglob("*.*ml")
    )


def test_contents_without_lectures_are_refused(course: Path) -> None:
    (course / "_toc.yml").write_text("root: intro\n", encoding="utf-8")
    with pytest.raises(new_lecture.NewLectureError, match="by hand"):
        new_lecture.start_lecture(course, "03-between", TITLE)


def test_the_command_without_a_name_shows_its_use() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.book.new_lecture"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert new_lecture.USAGE in done.stderr


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
        env={**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": "", "RNN_CHECKS": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def whole_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this course that holds a new lecture and no other."""
    copy = tmp_path_factory.mktemp("copy") / "course"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "_build", "__pycache__", ".*_cache", "*.ipynb"
    )
    shutil.copytree(ROOT, copy, ignore=ignored)
    new_lecture.start_lecture(copy, NAME, TITLE)
    contents = {"format": "jb-book", "root": "intro", "chapters": [{"file": f"lectures/{NAME}"}]}
    (copy / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
    (copy / "intro.md").write_text("# A course\n\nOf one lecture.\n", encoding="utf-8")
    for source in (copy / "lectures").glob("*.md"):
        if source.stem != NAME:
            source.unlink()
    return copy


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
    for tool in ("tools.book.notebooks", "tools.book"):
        done = subprocess.run(
            [sys.executable, "-m", tool],
            cwd=whole_course,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
    page = (whole_course / "_build/html/lectures" / f"{NAME}.html").read_text(encoding="utf-8")
    assert f"<title>{TITLE}" in page
    wave = np.sin(2 * np.pi * np.arange(100) / 20)
    error = np.mean((wave[1:] - wave[:-1]) ** 2)
    assert f"the error is {error:.4f}:" in re.sub(r"<[^>]+>", "", page)
