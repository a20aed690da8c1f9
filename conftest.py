"""The two speeds of the tests, their order, the surroundings of the pages, and the one built book.

``make test`` runs what guards a reader and is quick; ``make test ARGS=--all`` everything. Which is
which, and on which worker: tests/scheduling.py. Pages are re-executed once, by nbval: see
tests/lectures/reexecution.py; what looks at these executions (numbers and claims, exercises)
follows in the same process. Stands here, not in ``tests/``, so that it holds for the notebooks too.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.lectures import reexecution
from tests.lectures.reexecution import FOLDER, TRIALS, why_not_exact
from tests.pages.browsing import arrive, browser, site  # noqa: F401  fixtures
from tests.scheduling import (
    LEFT_OUT,
    LOOK_AT_A_RUN,
    UnitScheduling,
    pages_to_run,
    put_in_order,
    quick,
    stamp_of,
    unit,
)
from tests.support import (
    HTML,
    ROOT,
    Trial,
    code_cells,
    lecture_names,
    notebook,
    try_tool,
)
from tools.book.course import VERIFIED, write_text

CHECK_OUTPUT = "nbval-check-output"
BOOK_PROBLEM = pytest.StashKey[str]()
SET_ASIDE = pytest.StashKey[list[str]]()  # pages that the quick tests have no time for


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--all``: also what is slow."""
    parser.addoption(
        "--all", action="store_true", help="all tests; without it those that are quick"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for what the claims of the pages give while these are re-executed."""
    if config.option.numprocesses or hasattr(config, "workerinput"):
        # A core for each worker: with a pool of threads for each core, pages that run side by side
        # wait for each other (a sixth more processor time).
        for pool in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
            os.environ.setdefault(pool, "1")
    folder = tempfile.TemporaryDirectory(prefix="rnn-claims-")
    config.add_cleanup(folder.cleanup)
    config.stash[FOLDER] = Path(folder.name)
    config.stash[TRIALS] = {}
    config.stash[SET_ASIDE] = pages_to_run()[1]
    config.pluginmanager.register(reexecution, "pages-reexecution")
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(ROOT / "tests" / "lectures" / "nbval_sanitize.cfg")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow, order the rest, and compare outputs exactly where one can."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    # Who names tests or files wants those, however slow they are.
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    if not config.option.all and not named:
        run, _ = pages_to_run()
        dropped = [item for item in items if not quick(item, run)]
        items[:] = [item for item in items if quick(item, run)]
        config.hook.pytest_deselected(items=dropped)
    put_in_order(items)
    exact = {slug: why_not_exact(slug) is None for slug in lecture_names()}
    for item in items:
        if isinstance(item, IPyNbCell) and not exact.get(item.path.stem, True):
            item.options["check"] = CHECK_OUTPUT in item.cell.metadata.get("tags", [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say of each page that was run how its outputs were compared, and what was left out."""
    reports: dict[str, list] = {}
    for report in (r for group in terminalreporter.stats.values() for r in group):
        if hasattr(report, "outcome"):  # of cells, and of what looks at their run
            reports.setdefault(unit(report.nodeid), []).append(report)
    for slug in lecture_names():
        if any(r.nodeid.startswith("lectures/") for r in reports.get(slug, [])):
            reason = why_not_exact(slug)
            how = f"was only run: {reason}" if reason else "was compared with its outputs"
            terminalreporter.write_line(f"lectures/{slug}.ipynb {how}")
    for slug in lecture_names():  # what has run well here need not run again in the quick tests
        if ran_well(slug, reports.get(slug, [])):
            write_text(VERIFIED / slug, stamp_of(slug) + "\n")
    if not config.option.all and config.args_source is not pytest.Config.ArgsSource.ARGS:
        aside = config.stash[SET_ASIDE]
        told = f" Pages not run, for want of time: {', '.join(aside)}." if aside else ""
        terminalreporter.write_line(f"{LEFT_OUT}{told} All: make test ARGS=--all")


def ran_well(slug: str, reports: list) -> bool:
    """Whether all cells of a page ran and were compared, and nobody had a complaint."""
    cells = [r for r in reports if r.nodeid.startswith("lectures/") and r.when == "call"]
    looked = any(report.nodeid.startswith(LOOK_AT_A_RUN) for report in reports)
    passed = all(report.outcome == "passed" for report in reports)
    whole = len(cells) == len(code_cells(notebook(slug)))
    return passed and whole and looked and why_not_exact(slug) is None


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
def claims_folder(pytestconfig: pytest.Config) -> Path:
    """Where the claims of each re-executed page wrote what they gave (``SLUG.lesson.json``)."""
    return pytestconfig.stash[FOLDER]


@pytest.fixture
def nbval_trials(request: pytest.FixtureRequest, lecture: str) -> dict[str, dict[int, Trial]]:
    """What the checks of the exercises said while nbval ran the pages, by page.

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
