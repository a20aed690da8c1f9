"""Lectures run once more, on another backend or on the publishers' data, beside the other tests.

``make test`` starts one process that works through these runs while the tests go on; at the end
test_other_runs.py looks at the numbers that the lectures recorded. So a machine with two
cores hardly waits for them. The process is this very module:
``python -m tests.lectures.other_runs FOLDER`` reads ``FOLDER/runs.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.support import CELL_SECONDS, ROOT, clean_environment, lecture_names, used_names

LONGEST_WAIT = 2400  # seconds for all runs together
# What JAX has compiled for one run serves the next ones: networks of the same shapes come back.
KEEP_COMPILED = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}


@dataclass(frozen=True)
class OtherRun:
    """One lecture, from top to bottom."""

    lecture: str
    backend: str
    tier: str  # RNN_DATA

    @property
    def name(self) -> str:
        """A name for files and tests."""
        data = "" if self.tier == "sample" else "-on-real-data"
        return f"{self.lecture}-{self.backend}{data}"


def lectures_with(what: str) -> list[str]:
    """Lectures whose code imports a package, or calls a function, of this name."""
    return [name for name in lecture_names() if what in used_names(name)]


class OtherRuns:
    """The process that runs them, and what it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen | None = None
        self.started = time.monotonic()

    def start(self, runs: Iterable[OtherRun]) -> None:
        """Start to work through the runs, in this order."""
        todo = list(dict.fromkeys(runs))
        if not todo:
            return
        text = json.dumps([asdict(run) for run in todo])
        (self.folder / "runs.json").write_text(text, encoding="utf-8")
        self.started = time.monotonic()
        with (self.folder / "log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.lectures.other_runs", str(self.folder)],
                cwd=ROOT,
                env=clean_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def numbers(self, run: OtherRun) -> Path:
        """Wait for a run and return the file of its numbers.

        Raises
        ------
        AssertionError
            With the error of the cell that failed, or if the process died or takes too long.
        """
        done = self.folder / f"{run.name}.done"
        while not done.is_file():
            alive = self.process is not None and self.process.poll() is None
            if not alive and not done.is_file():
                raise AssertionError((self.folder / "log").read_text(encoding="utf-8")[-3000:])
            assert time.monotonic() - self.started < LONGEST_WAIT, f"{run.name} takes too long"
            time.sleep(0.5)
        error = done.read_text(encoding="utf-8")
        assert not error, error
        return self.folder / f"{run.name}.jsonl"

    def stop(self) -> None:
        """End the process if it is still there."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)


def execute(run: OtherRun, folder: Path) -> str:
    """Execute a lecture so that it writes its numbers to `folder`; return the error, if any."""
    import jupytext
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from tools.book.course import repository, run_environment
    from tools.book.setup_cell import setup_cell

    lecture = jupytext.read(ROOT / "lectures" / f"{run.lecture}.md")
    for cell in lecture.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_cell(repository())
    environment = run_environment(run.tier, run.backend)
    environment["RNN_NUMBERS"] = str(folder / f"{run.name}.jsonl")
    environment |= KEEP_COMPILED | {"JAX_COMPILATION_CACHE_DIR": str(folder / "compiled")}
    client = NotebookClient(
        lecture,
        timeout=CELL_SECONDS,
        startup_timeout=180,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "lectures")}},
    )
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return f"{run.name}: {error}"[-3000:]
    return ""


def main(folder: Path) -> None:
    """Work through the runs that ``runs.json`` lists."""
    if hasattr(os, "nice"):
        os.nice(10)  # the tests that somebody waits for come first; this goes on beside them all
    for values in json.loads((folder / "runs.json").read_text(encoding="utf-8")):
        run = OtherRun(**values)
        started = time.monotonic()
        error = execute(run, folder)
        print(f"{run.name}: {time.monotonic() - started:.0f} s", flush=True)
        partial = folder / f"{run.name}.partial"
        partial.write_text(error, encoding="utf-8")
        partial.replace(folder / f"{run.name}.done")


if __name__ == "__main__":
    os.chdir(ROOT)
    main(Path(sys.argv[1]))
