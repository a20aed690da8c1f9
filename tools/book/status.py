"""Write the tables that ``status.md`` includes: versions, run times, claims, the class's numbers.

They are generated at each build from ``lectures/last_run.json`` and the outputs and
results of the runs; nothing in them is typed by hand. (What status.md says of speed is written
by ``make bench``.)
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat

from tools.book.course import GENERATED, LAST_RUN, number_of, write_text
from tools.book.sidecars import GLUE, read_results

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
    """Seconds of each lecture's last execution."""
    run = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    rows = [[name, f"{seconds:.0f}"] for name, seconds in run["seconds"].items()]
    return _table(["lecture", "seconds"], rows)


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
    """What the lectures claim, and whether it holds in the run that the book shows."""
    rows = []
    for source, notebook in outputs.items():
        given = notebook.metadata.get("course", {}).get("given")  # if it was just executed
        claims = given["claims"] if given else read_results(source)[0].claims
        for words, holds in claims.items():
            said = GLUE.sub("...", words).replace("|", "\\|")
            rows.append([number_of(source.stem), said, "yes" if holds else "no"])
    return _table(["lecture", "claim", "holds"], rows)


def _table(head: list[str], rows: list) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"
