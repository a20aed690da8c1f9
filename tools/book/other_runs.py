"""Run lectures on JAX and on real data, and the long experiments (``make other-runs``).

Three kinds of runs are kept beside the notebooks, each with the digest of what it depends on, and
executed only when that has changed:

``stored``
    The result of a long experiment, which a lecture loads by ``stored("NAME", function)``:
    ``data/results/stored/NAME.json``. The lecture runs up to the cell that asks for it, so its
    digest covers the code to there. All of it, not only what the function calls: in a notebook
    any earlier cell may change what the function sees. Later cells do not count. So a long
    experiment stands as early in its lecture as it can.
``real``
    A lecture on the publishers' files (the folder ``RNN_REAL_DATA``; without it these runs are
    left out): ``data/results/other/LECTURE-BACKEND-on-real-data.json``, its numbers and claims.
    That of the question pairs on TensorFlow also makes ``quora-pairs.json``, the numbers that the
    lecture quotes, for the pairs may not be redistributed. Its digest leaves out this file, which
    the run itself makes, and what a page loads from ``other/``; the file leaves out the quoted
    numbers. What a lecture on the class's own file (``load_class_stocks``) stores is computed here
    too, not from the sample.
``sample``
    A lecture that uses Keras, on JAX and the sample: ``data/results/other/LECTURE-jax.json``. (One
    on the class's own file needs that file, so it counts as ``real``.)

In all of them the long experiments are computed anew (``RNN_RUN=all``), so the digests do not
cover the stored results. Nothing here judges a number: tests/lectures/test_other_runs.py does.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from tools.book.course import (
    BUILD,
    LECTURES,
    RESULTS,
    CourseError,
    lecture_sources,
    run_environment,
    write_text,
)
from tools.book.digest import digest
from tools.book.notebooks import run_cells
from tools.book.recorded import read_recorded

KINDS = ("stored", "real", "sample")  # in this order: lectures on the sample quote real numbers
# What the runs on real data make, and how the numbers begin that a lecture quotes from there.
QUOTED = {"quora-pairs": "real_"}
LONGEST_CELL = 7200  # seconds; a long experiment is one cell
# What JAX has compiled for one run serves the next ones: networks of the same shapes come back.
KEEP_COMPILED = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    "JAX_COMPILATION_CACHE_DIR": str(BUILD / "compiled"),
}


@dataclass(frozen=True)
class Run:
    """One lecture, from top to bottom; for a stored result, down to the cell that asks for it."""

    lecture: str
    backend: str
    kind: str  # of KINDS
    result: str = ""  # name of the stored result
    makes: str = ""  # which file of QUOTED gets the numbers

    @property
    def name(self) -> str:
        """A name for files, tests and people."""
        suffix = "-on-real-data" if self.kind == "real" else ""
        return self.result or f"{self.lecture}-{self.backend}{suffix}"

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return RESULTS / ("stored" if self.result else "other") / f"{self.name}.json"


# -- which runs there are -----------------------------------------------------------------------


def all_runs(every: bool = False) -> list[Run]:
    """The runs that are kept, in the order of their kinds.

    Parameters
    ----------
    every : bool
        Also the lectures on reviews on TensorFlow and real data, which say little beside those on
        JAX. Once kept, such a run is looked after like the others.
    """
    lectures = {source.stem: _read(source.stem) for source in lecture_sources()}
    names = {lecture: used_names(read) for lecture, read in lectures.items()}

    def using(*wanted: str) -> list[str]:
        return [lecture for lecture in lectures if names[lecture] & set(wanted)]

    reviews, pairs = using("load_reviews"), using("load_question_pairs")
    prices = [lecture for lecture in using("load_stocks") if lecture not in reviews + pairs]
    own_file = using("load_class_stocks")
    runs = [
        Run(lecture, "tensorflow", "real" if lecture in own_file else "stored", result)
        for lecture, read in lectures.items()
        for result in stored_calls(read)
    ]
    runs += [Run(lecture, "tensorflow", "real") for lecture in prices]
    runs += [Run(lecture, "tensorflow", "real", makes="quora-pairs") for lecture in pairs]
    runs += [Run(lecture, "jax", "real") for lecture in reviews + pairs + own_file]
    extra = [Run(lecture, "tensorflow", "real") for lecture in reviews]
    runs += [run for run in extra if every or run.path.is_file()]
    return runs + [
        Run(lecture, "jax", "sample") for lecture in using("keras") if lecture not in own_file
    ]


def used_names(lecture: nbformat.NotebookNode) -> set[str]:
    """The names in the code of a lecture; of a package or module the first part."""
    return {
        getattr(node, field).split(".")[0]
        for _, node in _nodes(lecture)
        for field in ("id", "name", "module")  # of a name, what is imported, where from
        if isinstance(getattr(node, field, None), str)
    }


def stored_calls(lecture: nbformat.NotebookNode) -> dict[str, int]:
    """The stored results that a lecture asks for: name, and the number of the cell.

    Raises
    ------
    CourseError
        If a name is not spelled out at the call, or another call has it.
    """
    calls: dict[str, int] = {}
    for number, node in _nodes(lecture):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "stored":
            name = getattr(node.args[0], "value", None) if node.args else None
            if not isinstance(name, str) or name in calls:
                raise CourseError(f"{ast.unparse(node)}: the name must be a string of its own")
            calls[name] = number
    return calls


def _nodes(lecture: nbformat.NotebookNode) -> Iterable[tuple[int, ast.AST]]:
    """Each node of the code, with the number of its cell."""
    for number, cell in enumerate(lecture.cells):
        if cell.cell_type == "code":
            yield from ((number, node) for node in ast.walk(ast.parse(cell.source)))


def _read(lecture: str) -> nbformat.NotebookNode:
    return jupytext.read(LECTURES / f"{lecture}.md")


# -- what is stale ------------------------------------------------------------------------------


def why_stale(run: Run, folder: str = "") -> str | None:
    """Why what is kept of a run cannot be used, or None if it can.

    Parameters
    ----------
    run : Run
        Any run.
    folder : str
        The publishers' files; without them a run on real data is compared but for these files.
    """
    if not run.path.is_file():
        return "has never been executed"
    known = json.loads(run.path.read_text(encoding="utf-8"))
    now = digests(run, folder)
    if any(known.get(name) != value for name, value in now.items()):
        return "has changed in its code, helpers/, data/ or packages since it was executed"
    return None


def digests(run: Run, folder: str = "") -> dict[str, str]:
    """What a run depends on: ``without_files`` for all, ``digest`` where its data are at hand."""
    lecture = part_of(run)
    for cell in lecture.cells:
        if cell.cell_type == "code":  # what the run itself makes must not count
            cell.source = re.sub(r"\bstored\(", "computed(", cell.source)
            if run.kind == "real":
                made = rf'\bload_results\((?="({"|".join(QUOTED)}|other/[^"]*)"\))'
                cell.source = re.sub(made, "quoted(", cell.source)
    tiers = {"without_files": "sample"} if run.kind == "real" else {"digest": "sample"}
    if run.kind == "real" and folder:
        tiers["digest"] = folder
    with tempfile.TemporaryDirectory(prefix="rnn-") as place:
        path = Path(place) / f"{run.lecture}.md"
        jupytext.write(lecture, path, fmt="md:myst")
        return {n: digest(path, backend=run.backend, tier=tier) for n, tier in tiers.items()}


def part_of(run: Run) -> nbformat.NotebookNode:
    """The cells that a run executes."""
    lecture = _read(run.lecture)
    if run.result:
        lecture.cells = lecture.cells[: stored_calls(lecture)[run.result] + 1]
    return lecture


# -- execution ----------------------------------------------------------------------------------


def execute(runs: Sequence[Run], folder: str = "") -> dict[Run, dict]:
    """Execute one run, or the stored results of one lecture together.

    Returns
    -------
    dict of Run to dict
        What is to be kept.

    Raises
    ------
    CourseError
        With the run, the lecture and the cell, if a cell fails.
    """
    run = runs[-1]  # of stored results the last, whose part of the lecture holds the others'
    kept = {one: digests(one, folder) for one in runs}
    environment = run_environment(folder if run.kind == "real" else "sample", run.backend)
    environment.pop("RNN_CHECKS", None)
    environment |= KEEP_COMPILED | {"RNN_RUN": ",".join(one.result for one in runs) or "all"}
    with tempfile.TemporaryDirectory(prefix="rnn-") as place:
        path = Path(place) / "lines"
        environment |= {"RNN_STORED" if run.result else "RNN_NUMBERS": str(path)}
        name = f"{run.name}: lectures/{run.lecture}.md"
        seconds = run_cells(part_of(run), environment, name, LONGEST_CELL)
        if not run.result:
            kept[run] |= {"seconds": round(seconds, 1)} | read_recorded(path)._asdict()
            return kept
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            for one in runs:
                kept[one] |= told if told["stored"] == one.result else {}
    return kept


def execute_all(runs: Iterable[Run], folder: str = "") -> list[str]:
    """Execute runs, two at a time, and keep each as soon as it is done; return the errors."""
    from tqdm import tqdm

    jobs: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        jobs.setdefault((run.lecture, run.backend, run.kind), []).append(run)
    errors = []
    with (
        ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool,
        tqdm(total=len(jobs), unit="run") as bar,
    ):
        started = {pool.submit(execute, job, folder): job[-1].name for job in jobs.values()}
        for done in as_completed(started):
            bar.set_postfix_str(started[done])
            try:
                for run, kept in done.result().items():
                    _write(run.path, kept)
            except CourseError as error:
                errors.append(str(error))
            bar.update()
    return errors


def quoted_numbers(name: str, runs: list[Run]) -> dict[str, float | int | str | bool] | None:
    """What ``quora-pairs.json`` has to hold; None if a run is missing."""
    makers = [run.path for run in runs if run.makes == name]
    if not makers or not all(path.is_file() for path in makers):
        return None
    kept = [json.loads(path.read_text(encoding="utf-8"))["numbers"] for path in makers]
    numbers = {n: v for one in kept for n, v in one.items() if not n.startswith(QUOTED[name])}
    return dict(sorted(numbers.items()))


def bring_up_to_date(
    runs: list[Run], wanted: list[Run], folder: str, force: bool
) -> tuple[int, list[str]]:
    """Execute those of the wanted runs that are stale; return how many, and the errors."""
    number, errors = 0, []
    for kind in KINDS:
        stale = [run for run in wanted if run.kind == kind and (force or why_stale(run, folder))]
        for run in stale:
            print(f"{run.name} {why_stale(run, folder) or 'is executed again'}", flush=True)
        errors += execute_all(stale, folder) if stale else []
        number += len(stale)
        for name in QUOTED:
            if (numbers := quoted_numbers(name, runs)) is not None:
                _write(RESULTS / f"{name}.json", numbers)
    for path in {*RESULTS.glob("stored/*.json"), *RESULTS.glob("other/*.json")}:
        if path not in {run.path for run in runs}:
            path.unlink()
            print(f"{path.name} belongs to no run: removed")
    return number, errors


def _write(path: Path, content: dict) -> None:
    """Write a file that people can read: a list of numbers stands on one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1)
    text = re.sub(r"\[[^][{}]*\]", lambda flat: re.sub(r"\n *", " ", flat[0]), text)
    write_text(path, text + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book.other_runs --help``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"a run, a lecture (05), or of {', '.join(KINDS)}")
    parser.add_argument("--force", action="store_true", help="execute what is fresh too")
    parser.add_argument("--every", action="store_true", help="reviews on TensorFlow too")
    options = parser.parse_args(arguments)
    given = os.environ.get("RNN_REAL_DATA")
    folder = str(Path(given).resolve()) if given else ""
    try:
        runs = all_runs(options.every)
        wanted = chosen(options.name, runs)
        if not folder and any(run.kind == "real" for run in wanted):
            print("RNN_REAL_DATA is not set: the runs on real data are left out.", flush=True)
            wanted = [run for run in wanted if run.kind != "real"]
        number, errors = bring_up_to_date(runs, wanted, folder, options.force)
    except CourseError as error:
        number, errors = 0, [str(error)]
    if errors:
        print("\n\n".join(errors), file=sys.stderr)
        return 1
    print(f"{number} runs executed." if number else "Nothing is stale: no run is executed.")
    return 0


def chosen(names: list[str], runs: list[Run]) -> list[Run]:
    """The runs that a person named: by name, by lecture (``05-slug``, ``05``) or by kind."""
    found: set[Run] = set()
    for name in names:
        exact = [run for run in runs if name in (run.name, run.kind, run.makes)]
        matching = exact or [run for run in runs if run.lecture.startswith(Path(name).stem)]
        if not matching:
            raise CourseError(f"{name!r} names no run. Runs: {', '.join(r.name for r in runs)}")
        found |= set(matching)
    return [run for run in runs if run in found or not names]


if __name__ == "__main__":
    sys.exit(main())
