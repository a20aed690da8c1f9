"""Write the tables that ``status.md`` includes: versions, run times, claims, the class's numbers.

They are generated at each build from ``lectures/last_run.json``, ``lectures/expected.toml`` and
the outputs of the runs; nothing in them is typed by hand. (What status.md says of speed is written
by ``make bench``.)
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat

from tools.book.course import GENERATED, LAST_RUN, RESULTS, CourseError, number_of, write_text
from tools.book.recorded import budgets, recorded

CLASS_TABLE = "class-numbers"  # tag of a cell that shows the class's numbers beside ours


def write_tables(outputs: dict[Path, nbformat.NotebookNode]) -> None:
    """Write ``_build/generated/*.inc`` (Markdown tables)."""
    tables = {
        "versions": versions_table(),
        "run-times": run_times_table(),
        "claims": claims_table(outputs),
        "class-numbers": class_numbers_tables(outputs),
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


def class_numbers_tables(outputs: dict[Path, nbformat.NotebookNode]) -> str:
    """The tables in which the lectures set the class's numbers beside ours, as they show them."""
    tables = [
        output.data["text/html"]
        for run in outputs.values()
        for cell in run.cells
        if CLASS_TABLE in cell.metadata.get("tags", [])
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    # In Markdown a blank line would end the HTML. In the theme's box a wide table scrolls.
    whole = [re.sub(r"\n\s*\n", "\n", table) for table in tables]
    box = '<div class="pst-scrollable-table-container">\n{}\n</div>\n'
    return "\n".join(map(box.format, whole))


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
            rows.append([number_of(source.stem), name, *map(", ".join, told)])
    return _table(["lecture", "claim", "holds on", "fails on"], rows)


def _table(head: list[str], rows: list) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"
