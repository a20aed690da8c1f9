"""The order of the tests, the surroundings of the lectures, and the one built book.

Order: unit tests, then each notebook re-executed by nbval, then what looks at these executions
(numbers, exercises), then the book, then its pages in a browser. The lectures are re-executed once:
while nbval runs a notebook, this module lets it record its numbers in a file and tries its
exercises in the same kernel.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from nbval.plugin import IPyNbCell

from tests.support import (
    HTML,
    ROOT,
    Trial,
    clean_environment,
    code_cells,
    kernel_environment,
    lecture_names,
    notebook,
    try_exercise,
)
from tools.notebooks import installed_versions, last_run, system

NUMBERS = pytest.StashKey[Path]()
TRIALS = pytest.StashKey[dict[str, dict[int, Trial]]]()
AFTER_NOTEBOOKS = {"test_numbers.py", "test_exercises.py"}
BOOK = {"test_book.py", "test_colab.py"}
CHECK_OUTPUT = "nbval-check-output"


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for the numbers that the lectures record while they are re-executed."""
    folder = tempfile.TemporaryDirectory(prefix="rnn-numbers-")
    config.add_cleanup(folder.cleanup)
    config.stash[NUMBERS] = Path(folder.name)
    config.stash[TRIALS] = {}
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(ROOT / "tests" / "nbval_sanitize.cfg")


def pytest_report_header() -> list[str]:
    """Say how the outputs of each notebook are compared."""
    reasons = {name: why_not_exact(notebook(name)) for name in existing_notebooks()}
    exact = [name for name, reason in reasons.items() if not reason]
    lines = [f"notebooks compared with their outputs: {', '.join(exact) or 'none'}"]
    return lines + [f"{name} is only run: {reason}" for name, reason in reasons.items() if reason]


def existing_notebooks() -> list[str]:
    """Names of the lectures that have a notebook."""
    return [name for name in lecture_names() if (ROOT / "lectures" / f"{name}.ipynb").is_file()]


def why_not_exact(made: nbformat.NotebookNode) -> str | None:
    """Why the outputs of a notebook need not come out the same here, or None if they must.

    They must on TensorFlow, with the packages, the Python and the kind of system that made them.
    Elsewhere the lectures must run, and their numbers lie in the bands.
    """
    course = made.metadata.get("course", {})
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend != course.get("backend"):
        return f"made with {course.get('backend')}, run with {backend}"
    python, here = course.get("python", "").rsplit(".", 1)[0], platform.python_version()
    if python != here.rsplit(".", 1)[0]:
        return f"made with Python {python}, run with {here}"
    if course.get("system") != system():
        return f"made on {course.get('system')}, run on {system()}"
    if last_run().get("versions") != installed_versions():
        return "made with other versions of the packages (lectures/last_run.json)"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests, and compare outputs exactly only where they must be the same."""
    items.sort(key=_turn)
    exact: dict[Path, bool] = {}
    for item in items:
        if isinstance(item, IPyNbCell):
            if item.path not in exact:
                exact[item.path] = why_not_exact(item.parent.nb) is None
            if not exact[item.path]:
                item.options["check"] = CHECK_OUTPUT in item.cell.metadata.get("tags", [])


def _turn(item: pytest.Item) -> int:
    if isinstance(item, IPyNbCell):
        return 1
    if item.get_closest_marker("browser"):
        return 4
    if item.path.name in AFTER_NOTEBOOKS:
        return 2
    return 3 if item.path.name in BOOK or "book" in getattr(item, "fixturenames", ()) else 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start the kernel of a notebook in the surroundings in which the book is made."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    numbers = item.config.stash[NUMBERS] / f"{item.path.stem}.jsonl"
    with patch.dict(os.environ, kernel_environment() | {"RNN_NUMBERS": str(numbers)}):
        os.environ.pop("RNN_CHECKS", None)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """After a cell has run, try the exercise that it belongs to."""
    result = yield
    if isinstance(item, IPyNbCell) and item.parent.kernel.is_alive():
        trials = item.config.stash[TRIALS].setdefault(item.path.stem, {})
        cells = code_cells(item.parent.nb)
        try_exercise(item.parent.kernel.kc, cells, item.cell_num, trials)
    return result


@pytest.fixture(scope="session")
def numbers_folder(pytestconfig: pytest.Config) -> Path:
    """Where each re-executed lecture wrote its numbers (``NN-slug.jsonl``)."""
    return pytestconfig.stash[NUMBERS]


@pytest.fixture(scope="session")
def nbval_trials(pytestconfig: pytest.Config) -> dict[str, dict[int, Trial]]:
    """What the checks of the exercises said while nbval ran the lectures, by lecture."""
    return pytestconfig.stash[TRIALS]


@pytest.fixture(scope="session")
def book() -> Path:
    """The folder of the built book: ``make book`` in this very tree."""
    run = subprocess.run(
        [sys.executable, "-m", "tools.book"],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        pytest.fail(f"make book failed:\n{run.stdout}", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def real_data_folder() -> str:
    """The folder with the publishers' files."""
    folder = os.environ.get("RNN_REAL_DATA", "")
    if not folder:
        pytest.skip("RNN_REAL_DATA is not set; set it to a folder with the publishers' files")
    return str(Path(folder).resolve())
