"""Build the book from the stored outputs (``make book``); executes nothing on the sample data."""

from __future__ import annotations

import argparse
import os
import sys

import nbformat

from tools.book.build import build
from tools.book.course import EXECUTED, HTML, CourseError, lecture_sources
from tools.book.full import at_once, is_done, needs
from tools.book.notebooks import execute_all, stored_outputs, tier_folder


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book --help``."""
    parser = argparse.ArgumentParser(prog="python -m tools.book", description=__doc__)
    parser.add_argument(
        "--execute",
        action="store_true",
        help="execute the lectures on the data named by RNN_DATA (full or a folder) and show that",
    )
    options = parser.parse_args(arguments)
    tier, sources = os.environ.get("RNN_DATA", "sample"), lecture_sources()
    try:
        if options.execute and tier != "sample":
            left = [source for source in sources if not is_done(source, tier)]
            print(needs(sources, left, tier), flush=True)
            if left:
                execute_all(left, tier, at_once())
            folder = EXECUTED / tier_folder(tier)
            outputs = {s: nbformat.read(folder / f"{s.stem}.ipynb", 4) for s in sources}
        else:
            if tier != "sample":
                print(f"RNN_DATA={tier}, but the stored outputs are of the sample. Try: make full")
            outputs = {source: stored_outputs(source) for source in sources}
        build(outputs)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The book is built. Open {HTML / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
