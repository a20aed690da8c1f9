"""Execute the lectures that changed, and write ``lectures/*.ipynb`` (``make notebooks``).

A lecture is executed only when its digest has changed (``digest.py`` says what that covers). A
change of prose only converts the text again. The committed notebook is the only store of outputs;
the tests read them from there. Fresh outputs wait in ``_build/executed/`` until the notebooks are
written, so an interrupted or failed run goes on where it stopped. So does one that stopped because
a number or a claim moved: ``make notebooks ARGS=--accept`` takes what was executed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jupytext
import nbformat

from tools.book.build import build
from tools.book.course import (
    EXECUTED,
    LAST_RUN,
    LECTURES,
    RESULTS,
    ROOT,
    CourseError,
    lecture_sources,
    repository,
    run_environment,
    site_url,
    write_notebook,
    write_text,
)
from tools.book.digest import digest, needed_results
from tools.book.recorded import movements, recorded, recorded_values
from tools.book.setup_cell import setup_cell

CELL_TIMEOUT = 600  # seconds
LONGEST_CELL = 12 * 3600  # on data that are not the sample: a training over 560,000 reviews
VERSIONS = "numpy pandas matplotlib statsmodels scikit-learn keras jax tokenizers"
ADDRESSED = ["README.md", "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md"]
MOVED = (
    "These numbers or claims moved, so no notebook was written. Read what is said of them, then: "
    "make notebooks ARGS=--accept (what has just been executed is not executed again)."
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


# -- what is stale ----------------------------------------------------------------------------


def stored_notebook(source: Path) -> nbformat.NotebookNode | None:
    """The notebook beside a source, or None if there is none; an unreadable one is an error."""
    path = source.with_suffix(".ipynb")
    return _read(path) if path.is_file() else None


def _read(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, 4)
    except Exception as error:  # nbformat raises many kinds, none of them its own
        raise CourseError(
            f"{path.relative_to(ROOT)} is not a notebook ({type(error).__name__}): delete it, then "
            "run: make notebooks"
        ) from None


def why_stale(source: Path) -> str | None:
    """Why the stored outputs of a lecture cannot be used, or None if they can."""
    notebook = stored_notebook(source)
    if notebook is None:
        return "has no notebook yet"
    if notebook.metadata.get("course", {}).get("digest") != digest(source):
        return "changed in its code, helpers/, data/ or packages since it was executed"
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if any(cell.execution_count is None for cell in code):
        return "has code cells that were never executed"
    return None


def stored_outputs(source: Path) -> nbformat.NotebookNode:
    """The stored notebook of a lecture.

    Raises
    ------
    CourseError
        If its outputs are missing or stale: says to run ``make notebooks``.
    """
    reason = why_stale(source)
    if reason:
        raise CourseError(f"lectures/{source.name} {reason}. Run: make notebooks")
    return stored_notebook(source)


def newest_outputs(source: Path) -> nbformat.NotebookNode | None:
    """The fresh outputs of a lecture, just executed or stored; None if it must be executed."""
    path = EXECUTED / "sample" / f"{source.stem}.ipynb"
    if path.is_file():
        notebook = _read(path)
        if notebook.metadata.get("course", {}).get("digest") == digest(source):
            return notebook
    return None if why_stale(source) else stored_notebook(source)


# -- execution --------------------------------------------------------------------------------


def run_cells(
    notebook: nbformat.NotebookNode,
    environment: dict[str, str],
    name: str,
    cell_seconds: int = CELL_TIMEOUT,
) -> float:
    """Execute the cells of a lecture, which get their outputs; return the seconds that it took.

    Parameters
    ----------
    notebook : NotebookNode
        A lecture as read from its source, or its first cells.
    environment : dict
        Environment variables, from `run_environment`.
    name : str
        What is executed, for the error.
    cell_seconds : int
        How long a cell may take.

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
    started = time.perf_counter()
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        text = ANSI.sub("", str(error))
        raise CourseError(f"{name} failed ({environment['RNN_DATA']} data):\n{text}") from None
    return time.perf_counter() - started


def execute(source: Path, tier: str = "sample") -> nbformat.NotebookNode:
    """Execute a lecture from top to bottom and return it with outputs.

    Parameters
    ----------
    source : Path
        ``lectures/NN-slug.md``.
    tier : str
        Data tier (``RNN_DATA``).

    Raises
    ------
    CourseError
        With the lecture, the cell and the error, if a cell fails.
    """
    environment = run_environment(tier)
    notebook = jupytext.read(source)
    longest = CELL_TIMEOUT if tier == "sample" else LONGEST_CELL
    seconds = run_cells(notebook, environment, f"lectures/{source.name}", longest)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "course": {
                "digest": digest(source)
                if tier == "sample"
                else digest(source, environment["KERAS_BACKEND"], tier),
                "python": platform.python_version(),
                "system": system(),
                "backend": environment["KERAS_BACKEND"],
            },
        }
    )
    folder = EXECUTED / tier_folder(tier)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{source.stem}.seconds").write_text(f"{seconds:.1f}", encoding="utf-8")
    write_notebook(folder / f"{source.stem}.ipynb", notebook)
    return notebook


def system() -> str:
    """The system and the kind of processor, such as ``Linux on x86_64``."""
    return f"{platform.system()} on {platform.machine()}"


def tier_folder(tier: str) -> str:
    """A folder name for the outputs of a data tier."""
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


def bring_up_to_date(sources: list[Path], again: set[str]) -> list[str]:
    """Execute what is stale, each lecture after those whose results it loads.

    Parameters
    ----------
    sources : list of Path
        All lectures.
    again : set of str
        Lectures (``NN-slug``) to execute although they are fresh.

    Returns
    -------
    list of str
        The lectures that were executed.
    """
    by_name = {source.stem: source for source in sources}
    needs = {name: set(needed_results(by_name[name])) & by_name.keys() for name in by_name}
    order = TopologicalSorter(needs)
    try:
        order.prepare()
    except CycleError as error:
        circle = " <- ".join(error.args[1])
        raise CourseError(f"Lectures load each other's results: {circle}") from None
    executed = []
    while order.is_active():
        names = sorted(order.get_ready())
        stale = [name for name in names if name in again or not newest_outputs(by_name[name])]
        for name in stale:
            reason = "is executed again" if name in again else why_stale(by_name[name])
            print(f"lectures/{name}.md {reason}", flush=True)
        if stale:
            execute_all([by_name[name] for name in stale])
        for name in names:
            outputs = newest_outputs(by_name[name])
            if outputs is None:
                raise CourseError(
                    f"lectures/{name}.md was changed while lectures ran. Run it again: "
                    "make notebooks"
                )
            write_results(by_name[name], outputs)
        executed += stale
        order.done(*names)
    return executed


# -- what is written ---------------------------------------------------------------------------


def write_results(source: Path, notebook: nbformat.NotebookNode) -> None:
    """Keep the numbers that a lecture recorded, for the lectures that build on it."""
    numbers = {name: _rounded(value) for name, value in sorted(recorded_values(notebook).items())}
    write_text(RESULTS / f"{source.stem}.json", json.dumps(numbers, indent=1) + "\n")


def _rounded(value):
    """Twelve significant digits: the last ones differ between processors."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def what_moved(outputs: dict[Path, nbformat.NotebookNode]) -> list[str]:
    """Numbers and claims that are not those of the stored notebooks, one line each."""
    moved = []
    for source, fresh in outputs.items():
        if stored := stored_notebook(source):
            moved += movements(source, recorded(fresh), recorded(stored))
    return moved


def readdress() -> list[str]:
    """Replace the old address of the repository in the few files that must spell it out.

    The old address is the one that the notebooks were written for.

    Returns
    -------
    list of str
        Names of the files that changed.
    """
    notebooks = filter(None, map(stored_notebook, lecture_sources()))
    olds = {notebook.metadata.get("course", {}).get("repository") for notebook in notebooks}
    changed = []
    for old in olds - {None, repository()}:
        slug, new_slug = ("/".join(url.split("/")[-2:]) for url in (old, repository()))
        for path in [ROOT / name for name in ADDRESSED]:
            if path.is_file():
                text = path.read_text(encoding="utf-8").replace(site_url(old), site_url())
                text = re.sub(rf"(?<![\w-]){re.escape(slug)}(?![\w-])", new_slug, text)
                if write_text(path, text):
                    changed.append(path.name)
    return changed


def remove_orphans() -> list[str]:
    """Remove what a deleted or renamed lecture left behind: its notebook and its results.

    Only notebooks that this tool wrote are removed.

    Returns
    -------
    list of str
        Names of the files removed.
    """
    names = {source.stem for source in lecture_sources()}
    removed = []
    for path in LECTURES.glob("*.ipynb"):
        if path.stem not in names and "course" in _read(path).metadata:
            for orphan in [path, RESULTS / f"{path.stem}.json"]:
                if orphan.is_file():
                    orphan.unlink()
                    removed.append(orphan.relative_to(ROOT).as_posix())
    return removed


def write_last_run() -> None:
    """Keep versions, the machine and the seconds of each execution in ``last_run.json``."""
    known = last_run()
    fresh = {
        path.stem: float(path.read_text(encoding="utf-8"))
        for path in (EXECUTED / "sample").glob("*.seconds")
    }
    if fresh:
        known["python"] = platform.python_version()
        known["system"] = f"{system()}, {os.cpu_count()} cores"
        known["versions"] = installed_versions()
    seconds = known.get("seconds", {}) | fresh
    names = {source.stem for source in lecture_sources()}
    known["seconds"] = {name: seconds[name] for name in sorted(seconds.keys() & names)}
    write_text(LAST_RUN, json.dumps(known, indent=1) + "\n")


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


def chosen(names: list[str], sources: list[Path]) -> set[str]:
    """The lectures that a person named (``02-slug``, ``lectures/02-slug.md``, or just ``02``)."""
    found = set()
    for name in names:
        stem = Path(name).name.removesuffix(".md").removesuffix(".ipynb")
        matching = [source.stem for source in sources if source.stem.startswith(stem)]
        if len(matching) != 1:
            known = ", ".join(source.stem for source in sources)
            raise CourseError(f"{name!r} names no lecture. Lectures: {known}")
        found |= set(matching)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book.notebooks --help``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lecture", nargs="*", help="execute this lecture although it is fresh")
    parser.add_argument("--force", action="store_true", help="execute every lecture again")
    parser.add_argument(
        "--accept", action="store_true", help="write the notebooks though numbers or claims moved"
    )
    options = parser.parse_args(arguments)
    try:
        changed = [f"{name} (removed)" for name in remove_orphans()]
        sources = lecture_sources()
        again = {s.stem for s in sources} if options.force else chosen(options.lecture, sources)
        if not bring_up_to_date(sources, again):
            print("No code changed: nothing is executed.", flush=True)
        outputs = {source: newest_outputs(source) for source in sources}
        if (moved := what_moved(outputs)) and not options.accept:
            raise CourseError("\n".join([*moved, MOVED]))
        write_last_run()
        changed += readdress()
        for source, notebook in build(outputs):
            if write_notebook(source.with_suffix(".ipynb"), notebook):
                changed.append(f"lectures/{source.stem}.ipynb")
        shutil.rmtree(EXECUTED / "sample", ignore_errors=True)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print("Written: " + (", ".join(changed) or "nothing, all notebooks are in step"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
