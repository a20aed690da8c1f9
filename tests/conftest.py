"""The order of the tests, the surroundings of the lectures, and the one built book.

Order and workers: see tests/scheduling.py. The lectures are re-executed once, by nbval: see
tests/lectures/reexecution.py; what looks at these executions (numbers, exercises) follows in the
same process.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.lectures import reexecution
from tests.lectures.reexecution import NUMBERS, TRIALS, why_not_exact
from tests.pages.browsing import arrive, browser, site  # noqa: F401  fixtures
from tests.scheduling import UnitScheduling, put_in_order
from tests.support import HTML, ROOT, Trial, lecture_names, notebook, try_tool

CHECK_OUTPUT = "nbval-check-output"
BOOK_PROBLEM = pytest.StashKey[str]()


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
    reports = [report for group in terminalreporter.stats.values() for report in group]
    run = {getattr(report, "nodeid", "").partition("::")[0] for report in reports}
    for name in lecture_names():
        if f"lectures/{name}.ipynb" in run:
            reason = why_not_exact(notebook(name))
            how = f"was only run: {reason}" if reason else "was compared with its outputs"
            terminalreporter.write_line(f"lectures/{name}.ipynb {how}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests, mark those with a browser, and compare outputs exactly where one can."""
    put_in_order(items)
    exact: dict[Path, bool] = {}
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if isinstance(item, IPyNbCell):
            if item.path not in exact:
                exact[item.path] = why_not_exact(item.parent.nb) is None
            if not exact[item.path]:
                item.options["check"] = CHECK_OUTPUT in item.cell.metadata.get("tags", [])


# -- several workers ------------------------------------------------------------------------------


def pytest_sessionstart(session: pytest.Session) -> None:
    """Build the book before there are workers: two of them must not build it in one folder."""
    if session.config.option.numprocesses and not session.config.option.collectonly:
        session.config.stash[BOOK_PROBLEM] = build_book()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker how the building went."""
    node.workerinput["book"] = node.config.stash.get(BOOK_PROBLEM, "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> UnitScheduling:
    """Deal out lectures, pages and files as wholes."""
    return UnitScheduling(config, log)


def build_book() -> str:
    """Run ``make book`` in this very tree; return what it said if it failed."""
    code, printed = try_tool(ROOT, "tools.book")
    return f"make book failed:\n{printed}" if code else ""


# -- fixtures -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def book(pytestconfig: pytest.Config) -> Path:
    """The folder of the built book; built here where this process is the only one."""
    worker = getattr(pytestconfig, "workerinput", None)
    problem = worker["book"] if worker else build_book()
    if problem:
        pytest.fail(problem, pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def numbers_folder(pytestconfig: pytest.Config) -> Path:
    """Where each re-executed lecture wrote its numbers (``NN-slug.jsonl``)."""
    return pytestconfig.stash[NUMBERS]


@pytest.fixture
def nbval_trials(request: pytest.FixtureRequest, lecture: str) -> dict[str, dict[int, Trial]]:
    """What the checks of the exercises said while nbval ran the lectures, by lecture.

    A test that asks for it looks at the run of one ``lecture``. It is skipped where that notebook
    was not asked for; in a whole run, or where its cells were, a missing run is a failure.
    """
    trials = request.config.stash[TRIALS]
    if lecture not in trials:
        whole = hasattr(request.config, "workerinput")
        asked = any(
            isinstance(item, IPyNbCell) and item.path.stem == lecture
            for item in request.session.items
        )
        give_up = pytest.fail if whole or asked else pytest.skip
        give_up(f"not run in this process: name lectures/{lecture}.ipynb too (make test does)")
    return trials


@pytest.fixture(scope="session")
def real_data_folder() -> str:
    """The folder with the publishers' files."""
    folder = os.environ.get("RNN_REAL_DATA", "")
    if not folder:
        pytest.skip("RNN_REAL_DATA is not set; set it to a folder with the publishers' files")
    return str(Path(folder).resolve())
