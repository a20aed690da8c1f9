"""Execute a lecture in a kernel, and its claims with it; fresh outputs wait in ``_build/executed``.

An interrupted or failed run goes on where it stopped: what waits there with the fingerprint of
now is not executed again.
"""

from __future__ import annotations

import json
import os
import platform
import re
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jupytext
import nbformat

from tools.book import sidecars
from tools.book.course import (
    EXECUTED,
    LAST_RUN,
    LECTURES,
    CourseError,
    lecture_sources,
    repository,
    run_environment,
    write_notebook,
    write_text,
)
from tools.book.fingerprint import page_fingerprint
from tools.book.lecture import code_cells_of
from tools.book.setup_cell import setup_cell

CELL_TIMEOUT = 600  # seconds
LONGEST_CELL = 12 * 3600  # on data that are not the sample: a training over 560,000 reviews
VERSIONS = "numpy pandas matplotlib statsmodels scikit-learn keras jax tokenizers"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run_cells(
    notebook: nbformat.NotebookNode,
    environment: dict[str, str],
    name: str,
    cell_seconds: int = CELL_TIMEOUT,
    after: Mapping[int, str] | None = None,
) -> float:
    """Execute the cells of a lecture, which get their outputs; return the seconds that it took.

    Parameters
    ----------
    notebook : NotebookNode
        A lecture as read from its source.
    environment : dict
        Environment variables, from `run_environment`.
    name : str
        What is executed, for the error.
    cell_seconds : int
        How long a cell may take.
    after : mapping of int to str, optional
        Code to run after the code cell of that position (from 0); it leaves no trace.

    Raises
    ------
    CourseError
        With the name, the data, the cell and the error, if a cell fails.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_cell(repository())
    client = NotebookClient(
        notebook,
        timeout=cell_seconds,
        startup_timeout=180,
        kernel_name="python3",
        resources={"metadata": {"path": str(LECTURES)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],  # its notice on TCP would alarm readers
    )
    started, position = time.perf_counter(), -1
    client.reset_execution_trackers()
    try:
        with client.setup_kernel(env=environment):
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                position += 1
                client.execute_cell(cell, index, execution_count=position + 1)
                if code := (after or {}).get(position):
                    quiet = nbformat.v4.new_code_cell(code)
                    client.execute_cell(quiet, index, store_history=False)
                    notebook.cells[index] = cell  # where nbclient has put the other
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        text = ANSI.sub("", str(error))
        raise CourseError(f"{name} failed ({environment['RNN_DATA']} data):\n{text}") from None
    return time.perf_counter() - started


def execute(source: Path, tier: str = "sample") -> nbformat.NotebookNode:
    """Execute a lecture from top to bottom, with its claims; keep it in ``_build/executed``.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    tier : str
        Data source (``RNN_DATA``).

    Returns
    -------
    NotebookNode
        With outputs. Its metadata ``course`` says how it was made (``made``) and what its claims
        gave (``given``).

    Raises
    ------
    CourseError
        With the lecture, the cell and the error, if a cell fails; with file and line, if the claims
        do.
    """
    environment = run_environment(tier)
    notebook = jupytext.read(source)
    longest = CELL_TIMEOUT if tier == "sample" else LONGEST_CELL
    made = made_here(environment["KERAS_BACKEND"]) | {"fingerprint": page_fingerprint(source)}
    with tempfile.TemporaryDirectory(prefix="rnn-") as folder:
        after, targets = sidecar_calls(source, Path(folder))
        seconds = run_cells(notebook, environment, f"lectures/{source.name}", longest, after)
        given = sidecars.read_given(source, targets)._asdict()
    made["seconds"] = round(seconds, 1)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "course": {"made": made, "given": given},
        }
    )
    write_notebook(waiting(source, tier), notebook)
    return notebook


def sidecar_calls(source: Path, folder: Path) -> tuple[dict[int, str], list[Path]]:
    """The code that runs a page's claims, by the position of the cell after which it runs.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    folder : Path
        Where the functions are to write what they gave.

    Returns
    -------
    tuple
        Position among the code cells to code; and the files that it will write.
    """
    after: dict[int, str] = {}
    targets = []
    for function in sidecars.functions_in(source):
        last = len(code_cells_of(source)) - 1
        position = sidecars.last_of_lesson(source) if function == "lesson" else last
        targets.append(folder / f"{source.stem}.{function}.json")
        code = sidecars.call(source, function, targets[-1])
        after[position] = "\n".join(filter(None, [after.get(position), code]))
    return after, targets


def waiting(source: Path, tier: str = "sample") -> Path:
    """Where the fresh outputs of a lecture wait."""
    return EXECUTED / tier_folder(tier) / f"{source.stem}.ipynb"


def read_waiting(source: Path, tier: str = "sample") -> nbformat.NotebookNode | None:
    """The fresh outputs of a lecture, if they were made from what it is now."""
    try:
        notebook = nbformat.read(waiting(source, tier), 4)
    except Exception:  # there is none, or it was cut short: nbformat raises errors of many kinds
        return None
    made = notebook.metadata.get("course", {}).get("made", {})
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    fresh = made.get("fingerprint") == page_fingerprint(source) and made.get("backend") == backend
    return notebook if fresh else None


def made_here(backend: str) -> dict[str, str]:
    """How something is made on this machine: Python, system and backend."""
    return {"python": platform.python_version(), "system": system(), "backend": backend}


def system() -> str:
    """The system and the kind of processor, such as ``Linux on x86_64``."""
    return f"{platform.system()} on {platform.machine()}"


def tier_folder(tier: str) -> str:
    """A folder name for the outputs of a data source."""
    return tier if tier in {"sample", "full"} else "folder"


def execute_all(sources: list[Path], tier: str = "sample", at_once: int = 2) -> None:
    """Execute lectures, two at a time, saying how far it is; outputs land in _build/executed."""
    from tqdm import tqdm

    workers = max(1, min(at_once, len(sources), os.cpu_count() or 1))
    with ProcessPoolExecutor(workers) as pool, tqdm(total=len(sources), unit="lecture") as bar:
        for source, run in [(source, pool.submit(execute, source, tier)) for source in sources]:
            bar.set_postfix_str(source.stem)
            try:
                run.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            bar.update()


# -- seconds and versions -------------------------------------------------------------------------


def write_last_run() -> bool:
    """Keep versions, machine and seconds of each execution in ``last_run.json``; was it changed?"""
    known = last_run()
    fresh = {}
    for source in lecture_sources():
        if notebook := read_waiting(source):
            fresh[source.stem] = notebook.metadata["course"]["made"]["seconds"]
    if fresh:
        known["python"] = platform.python_version()
        known["system"] = f"{system()}, {os.cpu_count()} cores"
        known["versions"] = installed_versions()
    seconds = known.get("seconds", {}) | fresh
    names = {source.stem for source in lecture_sources()}
    known["seconds"] = {name: seconds[name] for name in sorted(seconds.keys() & names)}
    return write_text(LAST_RUN, json.dumps(known, indent=1) + "\n")


def last_run() -> dict:
    """What ``lectures/last_run.json`` says; empty if nothing was executed yet."""
    return json.loads(LAST_RUN.read_text(encoding="utf-8")) if LAST_RUN.is_file() else {}


def installed_versions() -> dict[str, str]:
    """Versions of the packages that the lectures' outputs depend on."""
    versions = {}
    for name in [*VERSIONS.split(), "tensorflow-cpu", "tensorflow"]:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return dict(sorted(versions.items()))
