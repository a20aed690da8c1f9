"""Execute the lectures on the oldest releases that ``requirements.txt`` promises (``make oldest``).

An environment of its own, `_build/oldest/venv`, holds the lowest versions of what readers need, on
the oldest Python at hand that they have wheels for. Each lecture is executed there from its source,
on TensorFlow and the sample, and its numbers and claims are held to what they must be. Nothing is
written outside `_build/oldest/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.book.course import BUILD, ROOT, CourseError, lecture_sources, run_environment
from tools.book.notebooks import ANSI, chosen, stored_outputs
from tools.book.recorded import Recorded, bands, complaints, read_recorded, recorded

FOLDER = BUILD / "oldest"
PYTHONS = ">=3.11,<3.13"  # TensorFlow 2.19 and NumPy 1.26 have no wheel for Python 3.13
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
    lowest_direct = ["--no-deps", "--resolution", "lowest-direct", "--no-header", "--no-annotate"]
    where = ["--quiet", "--python", python]
    call("pip", "compile", *where, *lowest_direct, "requirements.txt", "-o", lowest)
    call("pip", "install", *where, "--compile-bytecode", "-r", lowest)
    print("Installed: " + ", ".join(lowest.read_text(encoding="utf-8").split()), flush=True)
    return python


def try_lecture(source: Path, stored: Recorded, python: Path) -> list[str]:
    """Execute a lecture; return what is wrong with it, an item each.

    Parameters
    ----------
    source : Path
        ``lectures/NN-slug.md``.
    stored : Recorded
        What its stored run recorded.
    python : Path
        The interpreter to execute it with.
    """
    numbers = FOLDER / f"{source.stem}.jsonl"
    numbers.unlink(missing_ok=True)
    environment = run_environment("sample", "tensorflow")
    environment |= {"RNN_NUMBERS": str(numbers), "RNN_BOOK": "0"}
    target = ["--to", "notebook", "--output", FOLDER / f"{source.stem}.ipynb"]
    started = time.perf_counter()
    done = subprocess.run(
        [python, "-m", "jupytext", "--execute", "--run-path", source.parent, *target, source],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        wrong = [f"stopped:\n{ANSI.sub('', done.stderr)[-SHOWN:]}"]
    else:
        entries = bands().get(source.stem, {})
        wrong = complaints(entries, read_recorded(numbers), stored, source)
    seconds = time.perf_counter() - started
    print(f"lectures/{source.name}: {seconds:.0f} s, {len(wrong) or 'nothing'} wrong", flush=True)
    return [f"lectures/{source.name}: {what}" for what in wrong]


def main(names: list[str]) -> int:
    """Try all lectures, or those named (``05``); return the exit status."""
    try:
        sources = lecture_sources()
        wanted = [s for s in sources if not names or s.stem in chosen(names, sources)]
        stored = [recorded(stored_outputs(source)) for source in wanted]
        FOLDER.mkdir(parents=True, exist_ok=True)
        python = make_environment()
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            found = list(pool.map(try_lecture, wanted, stored, [python] * len(wanted)))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    for what in (what for wrong in found for what in wrong):
        print(what, file=sys.stderr)
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
