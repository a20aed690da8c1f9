"""Write the tables that ``status.md`` includes: versions, run times, the class's numbers and ours.

They are generated at each build from ``lectures/last_run.json``, ``lectures/expected.toml`` and the
numbers in the notebooks' outputs; nothing in them is typed by hand. (What status.md says of speed
is written by ``make bench``.)
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import nbformat

from tools.book.convert import recorded_numbers
from tools.book.course import GENERATED, LAST_RUN, ROOT, CourseError


def expected() -> dict[str, dict]:
    """The entries of ``lectures/expected.toml``, name of the number to its entry."""
    text = (ROOT / "lectures" / "expected.toml").read_text(encoding="utf-8")
    return {
        name: {**entry, "lecture": lecture}
        for lecture, entries in tomllib.loads(text).items()
        if lecture != "budgets"
        for name, entry in entries.items()
    }


def budgets() -> dict[str, float]:
    """Seconds each lecture may take when it is executed, from ``lectures/expected.toml``."""
    text = (ROOT / "lectures" / "expected.toml").read_text(encoding="utf-8")
    return tomllib.loads(text).get("budgets", {})


def write_tables(outputs: dict[Path, nbformat.NotebookNode]) -> None:
    """Write ``_build/generated/*.inc`` (Markdown tables)."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    _write("versions", versions_table())
    _write("run-times", run_times_table())
    _write("class-numbers", class_numbers_table(outputs))


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
        ours |= recorded_numbers(run)
    rows = [
        [entry["lecture"][:2], entry["meaning"], f"{entry['class']:.4g}", _short(ours[name])]
        for name, entry in expected().items()
        if "class" in entry and name in ours
    ]
    return _table(["lecture", "number", "class", "this run"], rows)


def _short(text: str) -> str:
    try:
        return f"{float(text):.4g}"
    except ValueError:
        return text


def _table(head: list[str], rows: list) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def _write(name: str, text: str) -> None:
    """Write only what changed, so that Sphinx reads the page again only then."""
    path = GENERATED / f"{name}.inc"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
