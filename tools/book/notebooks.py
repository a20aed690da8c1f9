"""Execute the pages that are outdated, and write ``lectures/*.ipynb`` (``make notebooks``).

A page is executed when its fingerprint has changed (``fingerprint.py`` says what that covers); a
change of prose only converts the text again. A page whose claims do not hold is not written: its
outputs stay as they were.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path

import nbformat

from tools.book import sidecars
from tools.book.build import build
from tools.book.course import (
    EXECUTED,
    LECTURES,
    RESULTS,
    ROOT,
    CourseError,
    lecture_sources,
    repository,
    site_url,
    write_notebook,
    write_text,
)
from tools.book.execute import execute_all, last_run, read_waiting, write_last_run
from tools.book.state import (
    all_faults,
    stored_notebook,
    stored_outputs,
    why_outdated,
    with_numbers,
)

ADDRESSED = ["README.md", "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md"]
SECONDS = 60  # of a page whose time is not known


def outdated(sources: list[Path]) -> dict[Path, str]:
    """The pages that must be executed, and why."""
    reasons = {source: why_outdated(source) for source in sources}
    return {source: reason for source, reason in reasons.items() if reason}


def seconds_of(source: Path) -> float:
    """About how many seconds a page takes, as it did."""
    return last_run().get("seconds", {}).get(source.stem, SECONDS)


def bring_up_to_date(sources: list[Path], again: set[str], say: bool = True) -> list[str]:
    """Execute what is outdated, and write notebooks and results; return the files that changed.

    Parameters
    ----------
    sources : list of Path
        All pages.
    again : set of str
        Slugs of pages to execute although they are up to date.
    say : bool
        Whether to say first what will run, and for how long.

    Raises
    ------
    CourseError
        Before anything runs: what is wrong as it is written. Afterwards: a cell that failed, a
        claim that does not hold; what has run waits.
    """
    late = outdated(sources)
    todo = [s for s in sources if s in late or s.stem in again]
    if faults := all_faults(todo):
        raise CourseError("\n".join(faults))
    for source in todo if say else []:
        told = late.get(source, f"lectures/{source.name} is executed again").split(". Run")[0]
        print(f"{told}: about {seconds_of(source):.0f} s", flush=True)
    run = [s for s in todo if s.stem in again or read_waiting(s) is None]
    if run:
        execute_all(run)
    elif not todo:
        print("No page is outdated: nothing is executed.", flush=True)
    outputs, given, moved = {}, {}, []
    for source in sources:
        if source in todo:
            outputs[source], given[source] = _fresh(source)
            moved += sidecars.movements(source, given[source], sidecars.read_results(source)[0])
        else:
            outputs[source] = stored_outputs(source)
    for line in moved:
        print(f"moved: {line}")
    return _write(sources, outputs, given)


def _fresh(source: Path) -> tuple[nbformat.NotebookNode, sidecars.Given]:
    """What has just been executed, numbers hung on; refuses what does not hold."""
    notebook = read_waiting(source)
    if notebook is None:
        raise CourseError(f"lectures/{source.name} was changed while it ran. Run it again.")
    given = sidecars.Given(**notebook.metadata["course"]["given"])
    if found := sidecars.complaints(source, given):
        raise CourseError("\n".join([*found, "Nothing of this page was written."]))
    return with_numbers(notebook, given), given


def _write(sources: list[Path], outputs: dict, given: dict) -> list[str]:
    """Build the book and write notebooks and results; return the files that changed."""
    changed = ["lectures/last_run.json"] if write_last_run() else []
    changed += readdress()
    results = {source: dict(outputs[source].metadata["course"]["made"]) for source in given}
    for source, notebook in build(outputs):
        if source in given:
            made = {k: v for k, v in results[source].items() if k != "seconds"}
            if sidecars.write_results(source, given[source], made):
                changed.append(f"data/results/{source.stem}.json")
        if write_notebook(source.with_suffix(".ipynb"), notebook):
            changed.append(f"lectures/{source.stem}.ipynb")
    shutil.rmtree(EXECUTED / "sample", ignore_errors=True)
    return changed


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
    """Remove what a deleted or renamed page left behind: its notebook and its results.

    Only notebooks that this tool wrote are removed, and only where their source is gone.

    Returns
    -------
    list of str
        Names of the files removed.
    """
    removed = []
    for path in LECTURES.glob("*.ipynb"):
        if path.with_suffix(".md").is_file():
            continue
        if "course" in nbformat.read(path, 4).metadata:
            for orphan in [path, RESULTS / f"{path.stem}.json"]:
                if orphan.is_file():
                    orphan.unlink()
                    removed.append(orphan.relative_to(ROOT).as_posix())
    return removed


def chosen(names: list[str], sources: list[Path]) -> set[str]:
    """The pages that a person named (``lstm``, ``lectures/lstm.md``, or how it begins)."""
    found = set()
    for name in names:
        stem = Path(name).name.removesuffix(".md").removesuffix(".ipynb")
        exact = [source.stem for source in sources if source.stem == stem]
        matching = exact or [s.stem for s in sources if s.stem.startswith(stem)]
        if len(matching) != 1:
            known = ", ".join(source.stem for source in sources)
            raise CourseError(f"{name!r} names no lecture. Lectures: {known}")
        found |= set(matching)
    return found


def main(arguments: list[str] | None = None, say: bool = True) -> int:
    """Command line: see ``python -m tools.book.notebooks --help``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lecture", nargs="*", help="execute this page although it is up to date")
    parser.add_argument("--force", action="store_true", help="execute every page again")
    options = parser.parse_args(arguments)
    try:
        changed = [f"{name} (removed)" for name in remove_orphans()]
        sources = lecture_sources()
        again = {s.stem for s in sources} if options.force else chosen(options.lecture, sources)
        changed += bring_up_to_date(sources, again, say)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print("Written: " + (", ".join(changed) or "nothing, all notebooks are in step"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
