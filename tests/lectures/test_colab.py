"""A notebook as Colab opens it: an empty folder with nothing but the ``.ipynb``.

The clone address points to a local Git repository made from this tree, so the clone really happens.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.support import (
    Ran,
    clean_environment,
    code_cells,
    copy_course,
    kernel,
    lecture_names,
    notebook,
    notebook_path,
    run_code,
)
from tools.book.course import repository
from tools.book.notebooks import last_run

SECONDS = last_run()["seconds"]
# Run from top to bottom; of the others the set-up and the imports.
LIGHT = min(lecture_names(), key=lambda name: SECONDS.get(name, 1e9))
NAME = repository().split("/")[-1]


@pytest.fixture(scope="module")
def course_repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a Git repository that holds what a commit of this tree would hold."""
    folder = copy_course(tmp_path_factory.mktemp("origin") / NAME)
    settings = ("user.name=t", "user.email=t@example.org", "core.autocrlf=false")
    git = ["git", *(word for setting in settings for word in ("-c", setting))]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "course"]):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    return folder.as_uri()


@pytest.fixture
def empty_folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with one notebook in it."""
    shutil.copy(notebook_path(request.param), tmp_path)
    return tmp_path


def imports_of(read: nbformat.NotebookNode) -> str:
    """Every import statement at the beginning of a line, of all cells but the set-up."""
    trees = [ast.parse(cell.source) for cell in code_cells(read)[1:]]
    kept = [n for tree in trees for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in kept)


def run_all(folder: Path, pieces: list[str], **variables: str) -> Iterator[Ran]:
    """Run pieces of code in one kernel in a folder."""
    environment = clean_environment(MPLBACKEND="agg", KERAS_BACKEND="tensorflow", **variables)
    with kernel(folder, environment) as client:
        for piece in pieces:
            yield run_code(client, piece)


def fine(ran: Ran, piece: str) -> None:
    assert ran.error is None, f"{ran.error}: {ran.message}\nin:\n{piece}"


@pytest.mark.parametrize("empty_folder", [LIGHT], indirect=True)
def test_a_light_lecture_runs_from_an_empty_folder(empty_folder, course_repository) -> None:
    pieces = [cell.source for cell in code_cells(notebook(LIGHT))]
    pieces.append("import helpers.data; print(helpers.data.__file__)")
    for piece, ran in zip(
        pieces, run_all(empty_folder, pieces, RNN_COURSE_URL=course_repository), strict=True
    ):
        fine(ran, piece)
    assert Path(ran.stdout.strip()).is_relative_to(empty_folder / NAME)


@pytest.mark.parametrize(
    "empty_folder", [name for name in lecture_names() if name != LIGHT], indirect=True
)
def test_the_other_lectures_find_all_they_import(empty_folder, course_repository) -> None:
    name = next(empty_folder.glob("*.ipynb")).stem
    pieces = [code_cells(notebook(name))[0].source, imports_of(notebook(name))]
    pieces.append("import helpers; print(helpers.__file__)")
    for piece, ran in zip(
        pieces, run_all(empty_folder, pieces, RNN_COURSE_URL=course_repository), strict=True
    ):
        fine(ran, piece)
    assert Path(ran.stdout.strip()).is_relative_to(empty_folder / NAME)


@pytest.mark.parametrize("empty_folder", [LIGHT], indirect=True)
def test_a_second_run_clones_nothing(empty_folder, course_repository) -> None:
    setup = code_cells(notebook(LIGHT))[0].source
    nowhere = (empty_folder / "nowhere").as_uri()
    for address in (course_repository, nowhere):
        for ran in run_all(empty_folder, [setup, "import helpers"], RNN_COURSE_URL=address):
            fine(ran, setup)


@pytest.mark.parametrize("empty_folder", [LIGHT], indirect=True)
def test_a_course_out_of_reach_is_told_in_one_sentence(empty_folder) -> None:
    setup = code_cells(notebook(LIGHT))[0].source
    nowhere = (empty_folder / "nowhere").as_uri()
    (ran,) = run_all(empty_folder, [setup], RNN_COURSE_URL=nowhere)
    assert ran.error == "SystemExit"
    assert ran.message.startswith(f"The course could not be fetched from {nowhere} (fatal: ")
    assert "RNN_COURSE_URL" in ran.message
    assert len(ran.message.splitlines()) == 1
    assert not (empty_folder / NAME / "helpers").exists()


@pytest.mark.parametrize("empty_folder", [LIGHT], indirect=True)
def test_without_the_set_up_cell_the_folder_knows_nothing_of_the_course(empty_folder) -> None:
    # So what the other tests import does come from the clone.
    (ran,) = run_all(empty_folder, ["import helpers"])
    assert ran.error == "ModuleNotFoundError"


def test_every_notebook_begins_with_the_set_up_cell() -> None:
    for name in lecture_names():
        cell = code_cells(notebook(name))[0]
        assert "setup" in cell.metadata["tags"]
        assert f'"RNN_COURSE_URL", "{repository()}"' in cell.source
