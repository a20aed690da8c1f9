"""What is wrong or out of date: one message for each fault, the same from every command.

A *fault* makes the book untrue or impossible, so nothing is built: cells that are not those that
ran, a number that nobody gave, a claim whose words are gone, results that are missing or damaged.
What is *outdated* still shows a run that happened, with code that has changed since: ``make book``
says so and goes on; ``make update`` brings it up to date; the tests refuse it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import nbformat

from tools import experiments
from tools.book import sidecars
from tools.book.course import CLAIMS, LECTURES, RESULTS, ROOT, CourseError, lecture_sources
from tools.book.fingerprint import loaded_results, page_fingerprint, syntax
from tools.book.lecture import cell_lines, code_cells_of, read_lecture, without_magics

WAY_OUT = "Run: make update"
PARTS = {  # of a page's fingerprint, for people
    "cells": "cells",
    "claims": "claims",
    "helpers": "helpers",
    "data": "data or style sheets",
    "results": "results of experiments",
}


def stored_notebook(source: Path) -> nbformat.NotebookNode | None:
    """The notebook beside a source, or None if there is none; an unreadable one is an error."""
    path = source.with_suffix(".ipynb")
    if not path.is_file():
        return None
    try:
        return nbformat.read(path, 4)
    except Exception as error:  # nbformat raises many kinds, none of them its own
        raise CourseError(
            f"{path.relative_to(ROOT)} is not a notebook ({type(error).__name__}): "
            f"run: git checkout {path.relative_to(ROOT)}; or delete it and run: make update"
        ) from None


# -- pages ----------------------------------------------------------------------------------------


def page_faults(source: Path) -> list[str]:
    """What is wrong with a page and its stored run, one line each, with the way out.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    """
    found = writing_faults(source)
    if _damage(source):
        return found
    given, made = sidecars.read_results(source)
    notebook = stored_notebook(source)
    if notebook is None or not made:
        return [*found, f"lectures/{source.name} has never been executed. {WAY_OUT}"]
    if reason := _other_cells(source, notebook):
        return [*found, reason]
    late = f" {WAY_OUT}" if changed_parts(source, made) else ""
    return found + [line + late for line in sidecars.complaints(source, given)]


def writing_faults(source: Path, coming: Collection[str] = ()) -> list[str]:
    """What is wrong with a page before it runs: its claims, results that it loads, damaged files.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    coming : collection of str
        Experiments that are run before it.
    """
    found = sidecars.problems(source) + _damage(source)
    known = experiments.experiment_names()
    for name in (one for one in loaded_results(source) if one not in coming):
        try:
            if experiments.kept_results(name) is None:
                what = "has never been run" if name in known else "is no experiment"
                found.append(
                    f"lectures/{source.name}:{_line_of(source, name)}: it loads the results of "
                    f"{name!r}, which {what}. Run: make experiments ARGS={name}"
                )
        except CourseError as error:
            found.append(str(error))
    return found


def _damage(source: Path) -> list[str]:
    """Why the stored run of a page cannot be read, one line each; empty if it can, or is none."""
    found = []
    for read in (sidecars.read_results, stored_notebook):
        try:
            read(source)
        except CourseError as error:
            found.append(str(error))
    return found


def _line_of(source: Path, name: str) -> int:
    """The first line of a page that names a result; 1 if its claims do."""
    lines = source.read_text(encoding="utf-8").splitlines()
    wanted = (f'"{name}"', f"'{name}'")
    return next((n for n, text in enumerate(lines, 1) if any(w in text for w in wanted)), 1)


def _other_cells(source: Path, notebook: nbformat.NotebookNode) -> str | None:
    """The first cell that is not the one that ran, if there is one; the set-up cell left aside."""
    page = read_lecture(source)
    lines = [
        line
        for cell, line in zip(page.cells, cell_lines(source, page), strict=True)
        if cell.cell_type == "code"
    ]
    ours = code_cells_of(source)
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for line, mine, stored in list(zip(lines, ours, ran, strict=False))[1:]:
        if syntax(without_magics(mine.source)) != syntax(without_magics(stored.source)):
            return f"lectures/{source.name}:{line}: this cell has changed since it ran. {WAY_OUT}"
        if stored.execution_count is None:
            return f"lectures/{source.name}:{line}: this cell has never run. {WAY_OUT}"
    if len(ours) != len(ran):
        return f"lectures/{source.name}: it has {len(ours)} cells, {len(ran)} ran. {WAY_OUT}"
    return None


def why_outdated(source: Path) -> str | None:
    """Why a page must be executed anew, in a sentence; None if it need not."""
    try:
        _, made = sidecars.read_results(source)
        notebook = stored_notebook(source)
    except CourseError as error:
        return str(error)
    if notebook is None or not made:
        return f"lectures/{source.name} has never been executed. {WAY_OUT}"
    if reason := _other_cells(source, notebook):
        return reason
    if parts := changed_parts(source, made):
        what = f"its {' and '.join(PARTS[part] for part in parts)} changed since it ran"
        return f"lectures/{source.name}: {what}. {WAY_OUT}"
    return None


def changed_parts(source: Path, made: dict) -> list[str]:
    """Which parts of a page's fingerprint are not those of its stored run."""
    before = made.get("fingerprint")
    before = before if isinstance(before, dict) else {}
    return [part for part, now in page_fingerprint(source).items() if before.get(part) != now]


def stored_outputs(source: Path) -> nbformat.NotebookNode:
    """The stored notebook of a page; the numbers that it quotes hang on its set-up cell.

    Raises
    ------
    CourseError
        With all faults of the page.
    """
    if faults := page_faults(source):
        raise CourseError("\n".join(faults))
    notebook = stored_notebook(source)
    if notebook is None:
        raise CourseError(f"lectures/{source.stem}.ipynb is missing. Run: git checkout lectures")
    return with_numbers(notebook, sidecars.read_results(source)[0])


def with_numbers(notebook: nbformat.NotebookNode, given: sidecars.Given) -> nbformat.NotebookNode:
    """Hang the numbers of a page on its set-up cell, where MyST-NB's ``glue`` finds them."""
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.outputs = sidecars.glue_outputs(given.numbers)
    return notebook


# -- all ------------------------------------------------------------------------------------------


def all_outdated() -> list[str]:
    """What is outdated in the course, experiments and pages, one sentence each."""
    late = map(experiments.why_outdated, experiments.experiment_names())
    return [*filter(None, late), *filter(None, map(why_outdated, lecture_sources()))]


def all_faults(late: Collection[Path] = (), coming: Collection[str] = ()) -> list[str]:
    """What is wrong in the course, one line each: pages, claims and results of nothing.

    Parameters
    ----------
    late : collection of Path
        Pages that are executed next: of these only what must be right before.
    coming : collection of str
        Experiments that are run before that.
    """
    found = []
    for source in lecture_sources():
        found += writing_faults(source, coming) if source in late else page_faults(source)
    for path in sorted(CLAIMS.glob("*.py")):
        if not (LECTURES / f"{path.stem}.md").is_file():
            found.append(f"lectures/claims/{path.name} is of no page: delete it.")
    for path in sorted((RESULTS / "experiments").glob("*.json")):
        if path.stem not in experiments.experiment_names():
            found.append(
                f"data/results/experiments/{path.name} belongs to no experiment: delete it."
            )
    return found
