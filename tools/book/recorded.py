"""What lectures recorded, numbers and claims: reading it, and holding it to what it must be.

A number without an entry in ``lectures/expected.toml`` is exact: it must equal the stored run's to
``SAME``. One with a band (``low``, ``high``) is trained, and must lie within it. A claim must hold.
"""

from __future__ import annotations

import ast
import json
import math
import tomllib
from pathlib import Path
from typing import NamedTuple

import jupytext
import nbformat

from helpers.record import CLAIM_MIME, GLUE_MIME
from tools.book.course import LECTURES, CourseError

Value = float | int | str | bool
SAME = 1e-6  # relative: the last digits differ between processors
ROUNDING = 1e-12  # absolute: two numbers so near zero are both rounding errors
EXPECTED = LECTURES / "expected.toml"


class Recorded(NamedTuple):
    """What a lecture recorded in one run."""

    numbers: dict[str, Value]
    claims: dict[str, bool]  # by the claim's name: whether it holds


def recorded_texts(notebook: nbformat.NotebookNode, mime: str = GLUE_MIME) -> dict[str, str]:
    """Read the numbers (or claims) that ``helpers.record`` left in a notebook's outputs.

    Returns
    -------
    dict
        Name of the number to its text, as MyST-NB's ``glue`` would find it.

    Raises
    ------
    CourseError
        If a name is recorded twice: the text could mean either.
    """
    texts: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                name = output["metadata"]["scrapbook"]["name"].removeprefix("claim: ")
                if name in texts:
                    raise CourseError(f"{name!r} is recorded twice: rename one of them.")
                texts[name] = output["data"][mime]
    return texts


def recorded_values(notebook: nbformat.NotebookNode) -> dict[str, Value]:
    """The recorded numbers of a notebook as Python values."""
    return {name: _value(text) for name, text in recorded_texts(notebook).items()}


def recorded(notebook: nbformat.NotebookNode) -> Recorded:
    """The numbers and claims in a notebook's outputs."""
    claims = recorded_texts(notebook, CLAIM_MIME).items()
    return Recorded(recorded_values(notebook), {name: text == "True" for name, text in claims})


def read_recorded(path: Path) -> Recorded:
    """The numbers and claims in a file that ``RNN_NUMBERS`` named; none if there is no file.

    Raises
    ------
    CourseError
        If a name is recorded twice.
    """
    found = Recorded({}, {})
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        entry = json.loads(line)
        kind, name = (found.claims, "claim") if "claim" in entry else (found.numbers, "name")
        if entry[name] in kind:
            raise CourseError(f"{entry[name]!r} is recorded twice: rename one of them.")
        kind[entry[name]] = entry["holds" if name == "claim" else "value"]
    return found


def _value(text: str) -> Value:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


# -- what it must be ------------------------------------------------------------------------------


def bands() -> dict[str, dict[str, dict]]:
    """The entries of ``lectures/expected.toml``: by lecture, then by name of the number."""
    tables = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    return {lecture: entries for lecture, entries in tables.items() if lecture != "budgets"}


def budgets() -> dict[str, float]:
    """Seconds each lecture may take when it is executed, from ``lectures/expected.toml``."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8")).get("budgets", {})


def same(fresh: Value, stored: Value) -> bool:
    """Whether two values of a number that is not trained are the same."""
    if any(isinstance(value, bool | str) for value in (fresh, stored)):
        return type(fresh) is type(stored) and fresh == stored
    return math.isclose(fresh, stored, rel_tol=SAME, abs_tol=ROUNDING)


def complaints(
    entries: dict[str, dict],
    fresh: Recorded,
    stored: Recorded,
    source: Path,
    claims_hold: bool = True,
) -> list[str]:
    """What is wrong with a run of a lecture, one line each; empty if nothing.

    Parameters
    ----------
    entries : dict
        The lecture's entries of ``expected.toml``.
    fresh, stored : Recorded
        This run, and the stored run on the same data; to judge the stored run give it twice.
    source : Path
        ``lectures/NN-slug.md``, for the place of a claim.
    claims_hold : bool
        Each claim must hold. If not (on other data some do not), each must be as it was.
    """
    found = [f"{n}: in expected.toml, but not recorded" for n in entries.keys() - fresh.numbers]
    for new, old, kind in zip(fresh, stored, ("number", "claim"), strict=True):
        found += [f"{name}: a {kind} that the stored run lacks" for name in new.keys() - old]
        found += [f"{name}: a {kind} that only the stored run has" for name in old.keys() - new]
    for name, value in fresh.numbers.items():
        entry = entries.get(name, {})
        if "low" in entry:
            if isinstance(value, str | bool):
                found.append(f"{name}: {value!r} is no number, so it has no band")
            elif not entry["low"] <= value <= entry["high"]:
                band = f"{entry['low']} to {entry['high']}"
                found.append(f"{name}: {value} is not in {band} ({entry['meaning']})")
        elif name in stored.numbers and not same(value, stored.numbers[name]):
            found.append(f"{name}: {value!r} is not {stored.numbers[name]!r}, the stored run's")
    for name, holds in fresh.claims.items():
        if holds is not (True if claims_hold else stored.claims.get(name, holds)):
            found.append(f"{place(source, name)} is {str(holds).lower()}: {name}")
    return sorted(found)


def movements(source: Path, fresh: Recorded, stored: Recorded) -> list[str]:
    """Numbers and claims of a lecture that are not what they were, one line each, old and new.

    A number that is new, or gone, has not moved; a new claim has if it is false.
    """
    moved = [
        f"lectures/{source.name}: {name}: {stored.numbers[name]} -> {value}"
        for name, value in fresh.numbers.items()
        if name in stored.numbers and not same(value, stored.numbers[name])
    ]
    before = {name: "true" if holds else "false" for name, holds in stored.claims.items()}
    return moved + [
        f"{place(source, name)}: {name}: {before.get(name, 'new')} -> {str(holds).lower()}"
        for name, holds in fresh.claims.items()
        if holds is not stored.claims.get(name, True)
    ]


def place(source: Path, name: str) -> str:
    """Where a lecture claims something: file, line, and how the paragraph before it begins."""
    lecture, prose = jupytext.read(source), ""
    for cell, first_line in zip(lecture.cells, cell_lines(source, lecture), strict=True):
        if cell.cell_type == "markdown":
            prose = " ".join(cell.source.strip().split("\n\n")[-1].split())
        elif "claim(" in cell.source and name in cell.source:
            line = first_line + cell.source[: cell.source.index(name)].count("\n")
            return f'lectures/{source.name}:{line} (after "{prose[:100]} ...")'
    return f"lectures/{source.name}"


def cell_lines(source: Path, lecture: nbformat.NotebookNode) -> list[int]:
    """Line of the source (counted from 1) at which each cell's text begins."""
    text = source.read_text(encoding="utf-8")
    lines, position = [], 0
    for cell in lecture.cells:
        position = max(text.find(cell.source, position), position)
        lines.append(text.count("\n", 0, position) + 1)
        position += len(cell.source)
    return lines
