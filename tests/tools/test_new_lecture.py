"""Starting a lecture from the template (tools/book/new_lecture.py)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import numpy as np
import pytest
import yaml

from tests.support import clean_environment, copy_course, run_tool, snapshot, try_tool, write
from tools.book import new_lecture

NAME, TITLE = "a-new-page", "A new page"
CONTENTS = """\
root: intro
parts:
  - caption: Series
    chapters:
      - file: lectures/neuron  # a comment
      - file: lectures/reviews
  - caption: Appendix
    chapters:
      - file: lectures/notes
  - caption: About
    chapters:
      - file: status
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two pages and an appendix, without their text."""
    write(tmp_path / "_toc.yml", CONTENTS)
    for name in ("neuron", "reviews", "notes"):
        write(tmp_path / "lectures" / f"{name}.md", "# Text\n")
    return tmp_path


def test_the_contents_list_it_before_the_appendix_and_keep_their_comments(course: Path) -> None:
    new_lecture.start_lecture(course, NAME, TITLE)
    contents = (course / "_toc.yml").read_text(encoding="utf-8")
    listed = [one["file"] for one in yaml.safe_load(contents)["parts"][0]["chapters"]]
    assert listed == ["lectures/neuron", "lectures/reviews", f"lectures/{NAME}"]
    assert "# a comment" in contents


def test_title_and_slug_are_filled_in_and_claims_stand_beside(course: Path) -> None:
    source = new_lecture.start_lecture(course, NAME, "Prices & <words>")
    text = source.read_text(encoding="utf-8")
    assert "# Prices & <words>\n" in text
    assert f":label: ex-{NAME}-derive" in text
    claims = (course / "lectures" / "claims" / f"{NAME}.py").read_text(encoding="utf-8")
    assert "%" not in text and "%" not in claims and f"`{NAME}`" in claims


NO_NAMES = ["", "03-keras", "keras-", "-keras", "Keras", "keras_rnns", "keras.md", "../keras"]
REFUSALS = [
    *((name, TITLE, "hyphens") for name in [*NO_NAMES, "a--b"]),
    ("neuron", TITLE, "lectures/neuron.md is there already"),
    *((NAME, title, "one line") for title in ("", "   ", "two\nlines", "x" * 81)),
]


@pytest.mark.parametrize(("name", "title", "told"), REFUSALS)
def test_what_makes_no_lecture_is_refused(course: Path, name: str, title: str, told: str) -> None:
    with pytest.raises(new_lecture.NewLectureError, match=told):
        new_lecture.start_lecture(course, name, title)


def test_nothing_is_written_where_the_contents_are_missing(course: Path) -> None:
    (course / "_toc.yml").unlink()
    before = snapshot(course)
    with pytest.raises(new_lecture.NewLectureError, match="git checkout"):
        new_lecture.start_lecture(course, NAME, TITLE)
    assert snapshot(course) == before


def test_contents_without_lectures_are_refused(course: Path) -> None:
    write(course / "_toc.yml", "root: intro\n")
    with pytest.raises(new_lecture.NewLectureError, match="by hand"):
        new_lecture.start_lecture(course, NAME, TITLE)


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
    for pattern in ("*.md", "*.ipynb", "*.toml", "claims/*.py"):
        for old in (copy / "lectures").glob(pattern):
            old.unlink()
    shutil.rmtree(copy / "slides")
    run_tool(copy, "tools.book.new_lecture", NAME, TITLE)
    contents = "format: jb-book\nroot: intro\nparts:\n  - numbered: true\n    chapters:\n"
    write(copy / "_toc.yml", f"{contents}      - file: lectures/{NAME}\n")
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
    page = (whole_course / "_build/html/lectures" / f"{NAME}.html").read_text(encoding="utf-8")
    assert f"<title>1. {TITLE}" in page
    wave = np.sin(2 * np.pi * np.arange(100) / 20)
    error = np.mean((wave[1:] - wave[:-1]) ** 2)
    text = re.sub(r"<[^>]+>", "", page)
    assert f"the error is {error:.4f}:" in text
    kept = json.loads((whole_course / "data/results" / f"{NAME}.json").read_text("utf-8"))
    assert len(kept["claims"]) == 2 and all(kept["claims"].values())
