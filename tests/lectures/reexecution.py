"""What happens around nbval's re-execution of a page. A plugin, registered by conftest.py.

The kernel starts in the surroundings in which the book is made. A page is compared with
its stored outputs, its claims run in the same kernel where ``make update`` runs them, and its
exercises are tried there. So one execution serves the outputs, the numbers and claims, and the
exercises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from nbval.plugin import IPyNbCell

from tests.support import Trial, code_cells, kernel_environment, run_code, try_exercise
from tools.book.course import LECTURES
from tools.book.execute import installed_versions, last_run, sidecar_calls
from tools.book.sidecars import read_results

FOLDER = pytest.StashKey[Path]()  # in which the claims of each page write what they gave
TRIALS = pytest.StashKey[dict[str, dict[int, Trial]]]()  # by page and number of the exercise


def why_not_exact(slug: str) -> str | None:
    """Why the outputs of a page need not come out the same here, or None if they must.

    They must on the backend and with the packages that made them, whatever the processor.
    """
    made, backend = read_results(LECTURES / f"{slug}.md")[1], os.environ.get("KERAS_BACKEND")
    if (backend or "tensorflow") != made.get("backend"):
        return f"made with {made.get('backend')}, run with {backend or 'tensorflow'}"
    if last_run().get("versions") != installed_versions():
        return "made with other versions of the packages (lectures/last_run.json)"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start the kernel of a notebook in the surroundings in which the book is made."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    with patch.dict(os.environ, kernel_environment()):
        os.environ.pop("RNN_CHECKS", None)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """After a cell has run, whether or not its outputs are right: claims, and its exercise."""
    try:
        return (yield)
    finally:
        if isinstance(item, IPyNbCell) and item.parent.kernel.is_alive():
            after_cell(item)


def after_cell(item: IPyNbCell) -> None:
    """Run what belongs to the cell that has just run: claims of the page, an exercise's check."""
    slug, client = item.path.stem, item.parent.kernel.kc
    trials = item.config.stash[TRIALS].setdefault(slug, {})
    after, _ = sidecar_calls(LECTURES / f"{slug}.md", item.config.stash[FOLDER])
    if code := after.get(item.cell_num):
        run_code(client, code)
    try_exercise(client, code_cells(item.parent.nb), item.cell_num, trials)
