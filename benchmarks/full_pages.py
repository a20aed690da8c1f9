"""Execute lectures on a file of full size, as ``make full`` does, and watch their memory.

    python -m benchmarks.full_pages yelp-reviews inside-an-lstm --minutes 20

The file is that of `benchmarks.full_size`: 560,000 reviews in Yelp's layout. Each lecture has a
kernel of its own, on TensorFlow, and some minutes; what it has not done by then is left out, and
the result says how many of its cells it reached.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import jupytext
import nbclient
import nbclient.exceptions
import nbformat

from benchmarks import report
from benchmarks.full_size import SIZES, make_files, real_rows
from benchmarks.machine import ROOT, environment

LECTURES = ROOT / "lectures"
PROBE = "from benchmarks.machine import peak_memory\nprint(peak_memory())"


def execute(slug: str, folder: Path, minutes: float) -> dict:
    """Execute a lecture's cells on the reviews in a folder, for some minutes at most.

    Returns
    -------
    dict
        ``memory``: the peak of its process in MB; ``seconds`` that it ran; ``cells`` that it
        finished, ``of`` how many.
    """
    notebook = jupytext.read(LECTURES / f"{slug}.md")
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = nbclient.NotebookClient(
        notebook,
        startup_timeout=180,
        interrupt_on_timeout=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(LECTURES)}},
    )
    begin = time.monotonic()
    found: dict = {"cells": 0, "of": len(code)}
    environ = environment(RNN_DATA=str(folder), RNN_BOOK="1", KERAS_BACKEND="tensorflow")
    with client.setup_kernel(env=environ):
        for index in code:
            left = begin + 60 * minutes - time.monotonic()
            if left < 1:
                break
            client.timeout = int(left) + 1
            try:
                client.execute_cell(notebook.cells[index], index)
            except (nbclient.exceptions.CellTimeoutError, nbclient.exceptions.CellExecutionError):
                if time.monotonic() < begin + 60 * minutes:
                    raise
            if time.monotonic() > begin + 60 * minutes:  # it was interrupted
                break
            found["cells"] += 1
        found["seconds"] = round(time.monotonic() - begin)
        client.timeout = 120
        notebook.cells.append(nbformat.v4.new_code_cell(PROBE))
        probe = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
        found["memory"] = round(float(probe.outputs[0].text))
    return found


def main() -> None:
    """Execute the lectures that are named, one after the other, and keep what they needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lectures", nargs="+", metavar="SLUG")
    parser.add_argument("--minutes", type=float, default=20, help="for each lecture, at most")
    parser.add_argument("--shared", action="store_true", help="others use the machine too")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder), SIZES[-1], real_rows())
        for slug in chosen.lectures:
            one = execute(slug, Path(folder), chosen.minutes)
            made = {"made": f"{datetime.now(UTC):%Y-%m-%d}", "shared_machine": chosen.shared}
            print(slug, one, flush=True)
            report.keep_full_page(slug, made | one)


if __name__ == "__main__":
    main()
