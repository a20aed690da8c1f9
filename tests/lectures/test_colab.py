"""A notebook as Colab opens it: an empty folder with nothing but the ``.ipynb``.

The clone address points to a local Git repository made from this tree, so the clone really happens.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import nbformat
import pytest

from tests.support import (
    ROOT,
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
from tools.book.execute import last_run
from tools.book.setup_cell import git_name, setup_cell

SECONDS = last_run()["seconds"]
# Run from top to bottom; of the others the set-up and the imports.
LIGHT = min(lecture_names(), key=lambda name: SECONDS.get(name, 1e9))
NAME = repository().split("/")[-1]


@pytest.fixture(scope="module")
def course_repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a Git repository that holds what a commit of this tree would hold."""
    folder = copy_course(tmp_path_factory.mktemp("origin") / NAME)
    git(folder, "init", "-q")
    commit(folder)
    return folder.as_uri()


def git(folder: Path, *words: str) -> str:
    """Run Git in a folder and return what it printed."""
    settings = ("user.name=t", "user.email=t@example.org", "core.autocrlf=false")
    command = ["git", *(word for setting in settings for word in ("-c", setting)), *words]
    run = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def commit(folder: Path) -> None:
    """Commit all that is in a folder."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "course")


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


@pytest.mark.parametrize("empty_folder", [LIGHT], indirect=True)
@pytest.mark.slow
def test_all_pages_find_what_they_import(empty_folder, course_repository) -> None:
    # In one kernel: each set-up cell finds the course that the first has fetched.
    pieces = []
    for name in lecture_names():
        pieces += [code_cells(notebook(name))[0].source, imports_of(notebook(name))]
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


@pytest.fixture(scope="module")
def next_year(course_repository: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the course a year on: first other data, then other helpers."""
    folder = tmp_path_factory.mktemp("next-year") / NAME
    git(folder.parent, "clone", "-q", course_repository, folder.name)
    (folder / "data" / "mended.txt").write_text("data", encoding="utf-8")
    commit(folder)
    (folder / "helpers" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    commit(folder)
    return folder.as_uri()


def fetch(folder: Path, address: str, cell: str) -> str:
    """Run a set-up cell in a folder; return Git's name for the helpers that it fetched."""
    environment = clean_environment(RNN_COURSE_URL=address)
    subprocess.run([sys.executable, "-c", cell], cwd=folder, env=environment, check=True)
    return git(folder / NAME, "rev-parse", "HEAD:helpers")


@pytest.mark.parametrize("partial", ["false", "true"])  # whether the server sends parts, as GitHub
def test_a_copy_of_last_year_finds_the_helpers_that_it_was_made_with(
    partial: str, tmp_path: Path, next_year: str
) -> None:
    git(Path(url2pathname(urlparse(next_year).path)), "config", "uploadpack.allowFilter", partial)
    assert fetch(tmp_path, next_year, setup_cell(repository())) == git_name(ROOT / "helpers")
    assert (tmp_path / NAME / "data" / "mended.txt").is_file()


def test_a_copy_whose_helpers_no_commit_has_gets_the_newest(tmp_path: Path, next_year: str) -> None:
    unknown = setup_cell(repository()).replace(git_name(ROOT / "helpers"), "0" * 40)
    fetch(tmp_path, next_year, unknown)
    helpers = tmp_path / NAME / "helpers" / "__init__.py"
    assert helpers.read_text(encoding="utf-8") == "raise ImportError"


def test_what_is_no_part_of_the_helpers_does_not_change_their_name(tmp_path: Path) -> None:
    copy = tmp_path / "helpers"
    shutil.copytree(ROOT / "helpers", copy)
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "left over" / "__pycache__").mkdir(parents=True)
    (copy / "record.py~").write_text("", encoding="utf-8")
    assert git_name(copy) == git_name(ROOT / "helpers")
    (copy / "record.py").write_text("", encoding="utf-8")
    assert git_name(copy) != git_name(ROOT / "helpers")


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
