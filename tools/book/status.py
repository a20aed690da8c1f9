"""Write the tables that ``status.md`` includes: versions, run times, claims, the class's numbers.

They are generated at each build from ``lectures/last_run.json``, ``lectures/expected.toml`` and
what the runs recorded; nothing in them is typed by hand. (What status.md says of speed is written
by ``make bench``.)
"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from tools.book.course import GENERATED, LAST_RUN, RESULTS, CourseError, write_text
from tools.book.recorded import bands, budgets, recorded, recorded_texts


def expected() -> dict[str, dict]:
    """The entries of ``lectures/expected.toml``, name of the number to its entry."""
    return {
        name: {**entry, "lecture": lecture}
        for lecture, entries in bands().items()
        for name, entry in entries.items()
    }


def write_tables(outputs: dict[Path, nbformat.NotebookNode]) -> None:
    """Write ``_build/generated/*.inc`` (Markdown tables)."""
    tables = {
        "versions": versions_table(),
        "run-times": run_times_table(),
        "claims": claims_table(outputs),
        "class-numbers": class_numbers_table(outputs),
    }
    for name, table in tables.items():  # only what changed: Sphinx reads the page again only then
        write_text(GENERATED / f"{name}.inc", table)


def versions_table() -> str:
    """Python, system and packages of the last execution."""
    run = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    rows = [["Python", run["python"]], ["system", run["system"]], *run["versions"].items()]
    return _table(["what", "version"], rows)


def run_times_table() -> str:
    """Seconds of each lecture's last execution beside its budget."""
    run = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    allowed = budgets()
    if missing := run["seconds"].keys() - allowed.keys():
        raise CourseError(
            f"lectures/expected.toml: [budgets] has no seconds for {', '.join(sorted(missing))}."
        )
    rows = [[name, f"{s:.0f}", f"{allowed[name]:.0f}"] for name, s in run["seconds"].items()]
    return _table(["lecture", "seconds", "budget"], rows)


def class_numbers_table(outputs: dict[Path, nbformat.NotebookNode]) -> str:
    """Every number that the class published beside this run's."""
    ours = {}
    for run in outputs.values():
        ours |= recorded_texts(run)
    rows = [
        [entry["lecture"][:2], entry["meaning"], _short(entry["class"]), _short(ours[name])]
        for name, entry in expected().items()
        if "class" in entry and name in ours
    ]
    return _table(["lecture", "number", "class", "this run"], rows)


def claims_table(outputs: dict[Path, nbformat.NotebookNode]) -> str:
    """What the lectures claim, and the stored runs in which it holds, or does not."""
    rows = []
    for source, notebook in outputs.items():
        runs = {"sample": recorded(notebook).claims}
        for path in sorted((RESULTS / "other").glob(f"{source.stem}-*.json")):
            other = json.loads(path.read_text(encoding="utf-8")).get("claims", {})
            runs[path.stem.removeprefix(f"{source.stem}-")] = other
        for name in runs["sample"]:
            told = [
                [r for r, of in runs.items() if of.get(name) is holds] for holds in (True, False)
            ]
            rows.append([source.stem[:2], name, *map(", ".join, told)])
    return _table(["lecture", "claim", "holds on", "fails on"], rows)


def _short(value: float | str) -> str:
    """A number as a person writes it, with four digits or more; any other text as it is."""
    try:
        number = float(value)
    except ValueError:
        return str(value)
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


def _table(head: list[str], rows: list) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"
