"""What happens around nbval's re-execution of a lecture. A plugin, registered by tests/conftest.py.

The kernel starts in the surroundings in which the book is made, so that the outputs can be the
same; the lecture records its numbers in a file; and its exercises are tried in the same kernel. So
one execution serves the comparison of outputs, the bands of the numbers and the exercises.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from nbval.plugin import IPyNbCell

from tests.support import Trial, code_cells, kernel_environment, try_exercise
from tools.book.notebooks import installed_versions, last_run, system

NUMBERS = pytest.StashKey[Path]()  # folder in which each lecture writes NN-slug.jsonl
TRIALS = pytest.StashKey[dict[str, dict[int, Trial]]]()  # by lecture and number of the exercise


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
