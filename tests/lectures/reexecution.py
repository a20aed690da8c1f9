"""What happens around nbval's re-execution of a lecture. A plugin, registered by tests/conftest.py.

The kernel starts in the surroundings in which the book is made, so that the outputs can be the
same; the lecture records its numbers in a file; its exercises are tried in the same kernel; and it
has no helpers but those that the lecture's digest follows, and notes what it opens. So one
execution serves the comparison of outputs, the numbers, the exercises and the digest.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from nbval.plugin import IPyNbCell

from tests.support import ROOT, Trial, code_cells, kernel_environment, try_exercise
from tools.book.course import LECTURES
from tools.book.digest import dependencies
from tools.book.notebooks import installed_versions, last_run, system

NUMBERS = pytest.StashKey[Path]()  # folder in which each lecture writes NN-slug.jsonl
WATCHED_KERNEL = Path(__file__).with_name("watched_kernel.py")
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
    with patch.dict(os.environ, watched(item.path.stem, item.config.stash[NUMBERS])):
        os.environ.pop("RNN_CHECKS", None)
        return (yield)


def watched(lecture: str, folder: Path) -> dict[str, str]:
    """The environment in which a lecture is re-executed and watched."""
    log = folder / f"{lecture}.opened"
    watch = {"root": str(ROOT), "helpers": covered(lecture), "log": str(log)}
    (folder / f"{lecture}.watch").write_text(json.dumps(watch), encoding="utf-8")
    return kernel_environment() | {
        "RNN_NUMBERS": str(folder / f"{lecture}.jsonl"),
        "RNN_WATCH": str(folder / f"{lecture}.watch"),
        "PYTHONSTARTUP": str(WATCHED_KERNEL),
    }


def covered(lecture: str) -> list[str]:
    """The files that the digest of a lecture covers, as paths in the course."""
    files = dependencies(LECTURES / f"{lecture}.md")
    return [path.relative_to(ROOT).as_posix() for path in files]


def not_covered(lecture: str, folder: Path) -> list[str]:
    """The files of the course that the kernel of a lecture opened and its digest lacks.

    A room's ``__init__`` counts by the names that are taken from it, and the checksums of the
    samples by the lines of those that are used: both are read by all lectures.
    """
    opened = (folder / f"{lecture}.opened").read_text(encoding="utf-8").splitlines()
    sources = {re.sub(r"__pycache__/(\w+)\..*", r"\1.py", name) for name in opened}
    free = {name for name in sources if name.endswith("/__init__.py")} | {"data/checksums.txt"}
    return sorted(sources - free - set(covered(lecture)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """After a cell has run, try the exercise that it belongs to."""
    result = yield
    if isinstance(item, IPyNbCell) and item.parent.kernel.is_alive():
        trials = item.config.stash[TRIALS].setdefault(item.path.stem, {})
        cells = code_cells(item.parent.nb)
        try_exercise(item.parent.kernel.kc, cells, item.cell_num, trials)
    return result
