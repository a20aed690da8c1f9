"""The order of the tests, the surroundings of the lectures, and the one built book.

Order: unit tests, then each notebook re-executed by nbval, then what looks at these executions
(numbers, exercises), then the book, then its pages in a browser, then what looks at the runs on
other backends and data, which go on beside all this in a process of their own. The lectures are
re-executed once: see tests/lectures/reexecution.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.lectures import reexecution
from tests.lectures.other_runs import OtherRun, OtherRuns
from tests.lectures.reexecution import NUMBERS, TRIALS, why_not_exact
from tests.pages.browsing import browser  # noqa: F401  a fixture
from tests.support import HTML, ROOT, Trial, clean_environment, notebook

AFTER_NOTEBOOKS = {"test_numbers.py", "test_exercises.py"}
BOOK = {"test_book.py", "test_colab.py", "test_address.py"}
CHECK_OUTPUT = "nbval-check-output"
OTHER_RUNS = pytest.StashKey[OtherRuns]()


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


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the runs on other backends and data: they go on beside the tests."""
    if session.config.option.collectonly:
        return
    runs = [item.callspec.params["run"] for item in session.items if _is_other_run(item)]
    folder = tempfile.TemporaryDirectory(prefix="rnn-other-runs-")
    session.config.add_cleanup(folder.cleanup)
    session.config.stash[OTHER_RUNS] = OtherRuns(Path(folder.name))
    session.config.add_cleanup(session.config.stash[OTHER_RUNS].stop)
    session.config.stash[OTHER_RUNS].start(runs)


def _is_other_run(item: pytest.Item) -> bool:
    """Whether a test looks at another run that can be had here."""
    if "other_runs" not in getattr(item, "fixturenames", ()):
        return False
    run: OtherRun = item.callspec.params["run"]
    return bool(run.tier) and (run.backend == "tensorflow" or find_spec(run.backend) is not None)


@pytest.fixture(scope="session")
def other_runs(pytestconfig: pytest.Config) -> OtherRuns:
    """The lectures on another backend and on other data (tests/lectures/other_runs.py)."""
    return pytestconfig.stash[OTHER_RUNS]


def _turn(item: pytest.Item) -> int:
    if item.path.name == "test_other_runs.py":
        return 5
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
