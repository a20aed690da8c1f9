"""The order of the tests, the surroundings of the lectures, and the one built book.

Order: unit tests, then each notebook re-executed by nbval, then what looks at these executions
(numbers, exercises), then the book, then its pages in a browser. The lectures are re-executed once:
see tests/lectures/reexecution.py. Their runs on other backends and data are kept (make other-runs).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.lectures import reexecution
from tests.lectures.reexecution import NUMBERS, TRIALS, why_not_exact
from tests.pages.browsing import browser  # noqa: F401  a fixture
from tests.support import HTML, ROOT, Trial, clean_environment, notebook

AFTER_NOTEBOOKS = {"test_numbers.py", "test_exercises.py"}
BOOK = {"test_book.py", "test_colab.py", "test_address.py"}
CHECK_OUTPUT = "nbval-check-output"


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for the numbers that the lectures record while they are re-executed."""
    folder = tempfile.TemporaryDirectory(prefix="rnn-numbers-")
    config.add_cleanup(folder.cleanup)
    config.stash[NUMBERS] = Path(folder.name)
    config.stash[TRIALS] = {}
    # Hooks of a conftest.py see only the tests of its own folder; a plugin sees the notebooks too.
    config.pluginmanager.register(reexecution, "lectures-reexecution")
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(ROOT / "tests" / "lectures" / "nbval_sanitize.cfg")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of each notebook that was run how its outputs were compared."""
    for name in terminalreporter.config.stash[TRIALS]:
        reason = why_not_exact(notebook(name))
        how = f"was only run: {reason}" if reason else "was compared with its outputs"
        terminalreporter.write_line(f"lectures/{name}.ipynb {how}")


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
