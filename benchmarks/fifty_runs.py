"""Start the script of lecture 20 fifty times on two virtual devices: does it always come through?

    python -m benchmarks.fifty_runs

Each start is a process of its own and trains two epochs on a few rows. The functions are the
lecture's own, taken from its cells.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import jupytext
import numpy as np

from benchmarks import report
from benchmarks.machine import ROOT

LECTURE = ROOT / "lectures" / "20-full-size.md"


def page(folder: Path) -> ModuleType:
    """What the lecture imports and defines, as a module in a file of that folder."""
    parts = []
    for cell in jupytext.read(LECTURE).cells:
        aside = {"setup", "exercise-starter", "exercise-check"} & {*cell.metadata.get("tags", [])}
        if cell.cell_type == "code" and not aside:
            for node in ast.parse(cell.source).body:
                match node:
                    case (
                        ast.Assign([ast.Name()], ast.Constant())
                        | ast.Import()
                        | ast.ImportFrom()
                        | ast.FunctionDef()
                    ):
                        parts.append(ast.get_source_segment(cell.source, node))
    path = folder / "page.py"  # a file: the lecture looks at the text of its functions
    path.write_text("\n\n\n".join(parts), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(num_runs: int) -> dict:
    """Start the script again and again; count crashes and different losses."""
    rng = np.random.default_rng(0)
    X = rng.integers(1, 10_000, size=(600, 16)).astype("int16")
    y = rng.integers(0, 2, size=600)
    losses, crashes = set(), []
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        lecture = page(Path(place))
        for number in range(num_runs):
            with tempfile.TemporaryDirectory() as folder:
                lecture.write_script(Path(folder), X, y)
                try:
                    found = lecture.start(Path(folder), 2, 60, 0.003, devices=2)
                    losses.add(tuple(found.values()))
                except RuntimeError as error:
                    crashes.append(str(error)[-2000:])
            print(number + 1, "crashes:", len(crashes), "losses:", len(losses), flush=True)
    seconds = round(time.monotonic() - begin)
    counts = {"runs": num_runs, "crashes": len(crashes), "different_losses": len(losses)}
    return {**counts, "seconds": seconds, "said": crashes}


def main() -> None:
    """Read the command line, measure, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    chosen = parser.parse_args()
    found = {"made": f"{datetime.now(UTC):%Y-%m-%d}", **measure(chosen.runs)}
    print(found)
    if not chosen.dry:
        report.write_results({**report.read_results(), "fifty_runs": found})
        report.write_for_readers()


if __name__ == "__main__":
    main()
