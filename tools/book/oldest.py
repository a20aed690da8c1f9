"""Execute the lectures on the oldest releases that ``requirements.txt`` promises (``make oldest``).

An environment of its own, `_build/oldest/venv`, holds the lowest versions of what readers need, on
the oldest Python at hand that they have wheels for. Each page is executed there from its source, on
TensorFlow and the sample, and its claims must hold. Nothing is written outside `_build/oldest/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from tools.book import sidecars
from tools.book.course import BUILD, ROOT, CourseError, lecture_sources, run_environment
from tools.book.execute import ANSI, sidecar_calls
from tools.book.lecture import read_lecture
from tools.book.notebooks import chosen

FOLDER = BUILD / "oldest"
PYTHONS = ">=3.11,<3.13"  # TensorFlow 2.19 and NumPy 1.26 have no wheel for Python 3.13
# Newer ones want another protobuf than TensorFlow 2.19 has, and do not say so.
BESIDE = "tensorflow-metadata<1.17"
SHOWN = 2000  # characters of a failed lecture's error


def call(*command: str | Path) -> None:
    """Run ``uv`` with the given arguments.

    Raises
    ------
    CourseError
        If it fails.
    """
    if subprocess.run([sys.executable, "-m", "uv", *command], cwd=ROOT).returncode != 0:
        raise CourseError(
            "uv could not install the oldest releases (see above). "
            "Check the network, and that Python 3.11 or 3.12 is installed."
        )


def make_environment() -> Path:
    """Make the environment anew; return its interpreter."""
    venv, lowest = FOLDER / "venv", FOLDER / "lowest.txt"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    call("venv", "--quiet", "--clear", "--python", PYTHONS, venv)
    lowest.unlink(missing_ok=True)  # else uv keeps to the versions that it names
    lowest_direct = ["--no-deps", "--resolution", "lowest-direct", "--no-header", "--no-annotate"]
    where = ["--quiet", "--python", python]
    call("pip", "compile", *where, *lowest_direct, "requirements.txt", "-o", lowest)
    call("pip", "install", *where, "--compile-bytecode", "-r", lowest, BESIDE)
    print("Installed: " + ", ".join(lowest.read_text(encoding="utf-8").split()), flush=True)
    return python


def try_lecture(source: Path, python: Path) -> list[str]:
    """Execute a page, with its claims; return what is wrong with it, an item each.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    python : Path
        The interpreter to execute it with.
    """
    after, targets = sidecar_calls(source, FOLDER)
    whole, done = FOLDER / f"{source.stem}.whole.ipynb", FOLDER / f"{source.stem}.ipynb"
    nbformat.write(with_calls(read_lecture(source), after), whole)
    for target in targets:
        target.unlink(missing_ok=True)
    started = time.perf_counter()
    to = ["--run-path", source.parent, "--to", "notebook", "--output", done]
    run = subprocess.run(
        [python, "-m", "jupytext", "--execute", *to, whole],
        env=run_environment("sample", "tensorflow") | {"RNN_BOOK": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    wrong = []
    if run.returncode != 0:
        wrong = [f"lectures/{source.name} stopped:\n{ANSI.sub('', run.stderr)[-SHOWN:]}"]
    else:
        try:
            given = sidecars.read_given(source, targets)
            wrong = sidecars.complaints(source, given, sidecars.read_results(source)[0])
        except CourseError as error:
            wrong = [str(error)]
    seconds = time.perf_counter() - started
    print(f"lectures/{source.name}: {seconds:.0f} s, {len(wrong) or 'nothing'} wrong", flush=True)
    return wrong


def with_calls(page: nbformat.NotebookNode, after: Mapping[int, str]) -> nbformat.NotebookNode:
    """A page with a cell more behind each code cell after which its claims run."""
    cells, position = [], -1
    for cell in page.cells:
        cells.append(cell)
        position += cell.cell_type == "code"
        if cell.cell_type == "code" and position in after:
            cells.append(nbformat.v4.new_code_cell(after[position]))
    page.cells = cells
    page.nbformat_minor = 5
    return page


def main(names: list[str]) -> int:
    """Try all pages, or those named (``lstm``); return the exit status."""
    try:
        sources = lecture_sources()
        wanted = [s for s in sources if not names or s.stem in chosen(names, sources)]
        FOLDER.mkdir(parents=True, exist_ok=True)
        python = make_environment()
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            found = list(pool.map(try_lecture, wanted, [python] * len(wanted)))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    for what in (what for wrong in found for what in wrong):
        print(what, file=sys.stderr)
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
