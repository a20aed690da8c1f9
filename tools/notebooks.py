"""Execute the lectures that changed, and write ``lectures/*.ipynb`` (``make notebooks``).

A lecture is executed only when its digest has changed: its code cells, ``helpers/``, the checksums
of the sample data, or the lock. A change of prose only converts the text again. The committed
notebook is the only store of outputs; ``tools/book.py`` and the tests read them from there.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import platform
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import jupytext
import nbformat

from tools.course import (
    EXECUTED,
    LAST_RUN,
    LECTURES,
    RESULTS,
    ROOT,
    CourseError,
    lecture_sources,
    repository,
    run_environment,
)

CELL_TIMEOUT = 600  # seconds
VERSIONS = ["numpy", "pandas", "matplotlib", "statsmodels", "scikit-learn", "keras", "jax"]
ADDRESSED = ["README.md", "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md"]


def digest(source: Path) -> str:
    """What the outputs of a lecture depend on, as one SHA-256 digest (hexadecimal)."""
    lecture = jupytext.read(source)
    code = [
        [cell.source, cell.metadata.get("tags", [])]
        for cell in lecture.cells
        if cell.cell_type == "code"
    ]
    total = hashlib.sha256(json.dumps(code).encode())
    files = [*sorted((ROOT / "helpers").rglob("*")), ROOT / "data" / "checksums.txt"]
    files += [RESULTS / f"{name}.json" for name in needed_results(source)]
    for path in [*files, ROOT / "requirements.lock"]:
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def needed_results(source: Path) -> list[str]:
    """Names of the result files that a lecture loads (``load_results("NAME")``)."""
    text = source.read_text(encoding="utf-8")
    return sorted(set(re.findall(r"load_results\(\"([\w-]+)\"\)", text)))


def stored_notebook(source: Path) -> nbformat.NotebookNode | None:
    """The notebook beside a source, or None if there is none; an unreadable one is an error."""
    path = source.with_suffix(".ipynb")
    if not path.is_file():
        return None
    try:
        return nbformat.read(path, 4)
    except Exception as error:
        raise CourseError(f"{path.name} is not a notebook ({error}): delete it, make notebooks.")


def why_stale(source: Path) -> str | None:
    """Why the stored outputs of a lecture cannot be used, or None if they can."""
    notebook = stored_notebook(source)
    if notebook is None:
        return "has no notebook yet"
    if notebook.metadata.get("course", {}).get("digest") != digest(source):
        return "changed in its code, helpers/, data/ or the lock since it was executed"
    if any(c.cell_type == "code" and c.execution_count is None for c in notebook.cells):
        return "has code cells that were never executed"
    return None


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
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from tools.setup_cell import setup_cell

    os.environ.update(run_environment(tier))
    notebook = jupytext.read(source)
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_cell(repository())
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(LECTURES)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],  # its notice on TCP would alarm readers
    )
    started = time.perf_counter()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError) as error:
        raise CourseError(f"{source.name} failed ({tier} data):\n{error}") from None
    seconds = time.perf_counter() - started
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "course": {"digest": digest(source), "python": platform.python_version()},
        }
    )
    folder = EXECUTED / tier_folder(tier)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{source.stem}.ipynb", notebook)
    (folder / f"{source.stem}.seconds").write_text(f"{seconds:.1f}", encoding="utf-8")
    return notebook


def tier_folder(tier: str) -> str:
    """A folder name for the outputs of a data tier."""
    return tier if tier in {"sample", "full"} else "folder"


def execute_all(sources: list[Path], tier: str = "sample") -> None:
    """Execute lectures, two at a time, saying how far it is; outputs land in _build/executed."""
    from tqdm import tqdm

    workers = max(1, min(2, len(sources), os.cpu_count() or 1))
    with ProcessPoolExecutor(workers) as pool, tqdm(total=len(sources), unit="lecture") as bar:
        for source, run in [(source, pool.submit(execute, source, tier)) for source in sources]:
            bar.set_postfix_str(source.stem)
            run.result()
            bar.update()


def execute_in_order(sources: list[Path]) -> None:
    """Execute lectures so that each comes after those whose results it loads."""
    waiting = list(sources)
    while waiting:
        names = {source.stem for source in waiting}
        ready = [source for source in waiting if not names & set(needed_results(source))]
        if not ready:
            raise CourseError(f"These lectures need each other's results: {', '.join(names)}")
        execute_all(ready)
        for source in ready:
            write_results(source, fresh_outputs(source))
        waiting = [source for source in waiting if source not in ready]


def fresh_outputs(source: Path) -> nbformat.NotebookNode:
    """The newest outputs of a lecture on the sample data, executed or stored.

    Raises
    ------
    CourseError
        If neither matches the source: says to run ``make notebooks``.
    """
    executed = EXECUTED / "sample" / f"{source.stem}.ipynb"
    if executed.is_file():
        notebook = nbformat.read(executed, 4)
        if notebook.metadata.get("course", {}).get("digest") == digest(source):
            return notebook
    reason = why_stale(source)
    if reason:
        raise CourseError(f"lectures/{source.name} {reason}. Run: make notebooks")
    notebook = stored_notebook(source)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return notebook


def write_results(source: Path, notebook: nbformat.NotebookNode) -> None:
    """Keep the numbers that a lecture recorded, for the lectures that build on it."""
    recorded = {name: _rounded(value) for name, value in sorted(recorded_values(notebook).items())}
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{source.stem}.json"
    path.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8", newline="\n")


def recorded_values(notebook: nbformat.NotebookNode) -> dict[str, float | int | str | bool]:
    """The recorded numbers of a notebook as Python values."""
    from tools.convert import recorded_numbers

    return {name: _value(text) for name, text in recorded_numbers(notebook).items()}


def _value(text: str) -> float | int | str | bool:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _rounded(value):
    """Twelve significant digits: the last ones differ between processors."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def readdress() -> list[str]:
    """Replace the old address of the repository in the few files that must spell it out.

    The old address is the one that the notebooks were written for.
    """
    from tools.course import site_url

    olds = {
        n.metadata["course"].get("repository") for n in map(stored_notebook, lecture_sources()) if n
    }
    changed = []
    for old in olds - {None, repository()}:
        for path in [ROOT / name for name in ADDRESSED]:
            if not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            slug, new_slug = (
                url.removeprefix("https://github.com/") for url in (old, repository())
            )
            new = text.replace(site_url(old), site_url()).replace(old, repository())
            new = re.sub(rf"(?<![\w-]){re.escape(slug)}(?![\w-])", new_slug, new)
            if new != text:
                path.write_text(new, encoding="utf-8", newline="\n")
                changed.append(path.name)
    return changed


def write_last_run(sources: list[Path]) -> None:
    """Keep versions, the machine and the seconds of each execution in ``last_run.json``."""
    known = json.loads(LAST_RUN.read_text(encoding="utf-8")) if LAST_RUN.is_file() else {}
    seconds = known.get("seconds", {})
    for source in sources:
        path = EXECUTED / "sample" / f"{source.stem}.seconds"
        if path.is_file():
            seconds[source.stem] = float(path.read_text(encoding="utf-8"))
    versions = {name: version(name) for name in VERSIONS}
    tensorflow = "tensorflow-cpu" if _installed("tensorflow-cpu") else "tensorflow"
    versions[tensorflow] = version(tensorflow)
    run = {
        "python": platform.python_version(),
        "system": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores",
        "versions": dict(sorted(versions.items())),
        "seconds": dict(sorted(seconds.items())),
    }
    LAST_RUN.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8", newline="\n")


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _write(path: Path, notebook: nbformat.NotebookNode) -> bool:
    """Write a notebook if it differs from the file; say whether it did."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    temporary = path.with_suffix(".partial")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="execute every lecture again")
    options = parser.parse_args(arguments)
    from tools import book

    sources = lecture_sources()
    try:
        stale = []
        for source in sources:
            reason = "is executed again (--force)" if options.force else why_stale(source)
            executed = EXECUTED / "sample" / f"{source.stem}.ipynb"
            if options.force:
                executed.unlink(missing_ok=True)
            if reason:
                print(f"lectures/{source.name} {reason}")
                try:
                    fresh_outputs(source)
                except CourseError:
                    stale.append(source)
        if stale:
            execute_in_order(stale)
            write_last_run(stale)
        else:
            print("No code changed: nothing is executed.")
        changed = readdress()
        for source, notebook in book.build():
            if _write(source.with_suffix(".ipynb"), notebook):
                changed.append(f"lectures/{source.stem}.ipynb")
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print("Written: " + (", ".join(changed) or "nothing, all notebooks are in step"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
