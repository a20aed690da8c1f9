"""Build the book from the stored outputs (``make book``); executes nothing on the sample data."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat

from tools.book import sidecars
from tools.book.build import build
from tools.book.course import HTML, CourseError, lecture_sources
from tools.book.execute import execute_all, read_waiting
from tools.book.full import at_once, is_done, needs
from tools.book.state import all_outdated, stored_outputs, with_numbers


def stored(sources: list[Path]) -> dict[Path, nbformat.NotebookNode]:
    """The stored outputs of all pages; says what is outdated, stops at what is wrong."""
    outputs, faults = {}, []
    for source in sources:
        try:
            outputs[source] = stored_outputs(source)
        except CourseError as error:
            faults.append(str(error))
    if faults:
        raise CourseError("\n".join(faults))
    for reason in all_outdated():
        print(f"Outdated: {reason}", file=sys.stderr)
    return outputs


def executed(source: Path, tier: str) -> nbformat.NotebookNode:
    """What was executed on other data than the sample; numbers of claims hung on."""
    notebook = read_waiting(source, tier)
    if notebook is None:
        raise CourseError(f"lectures/{source.name} was changed while it ran. Run it again.")
    return with_numbers(notebook, sidecars.Given(**notebook.metadata["course"]["given"]))


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book --help``."""
    parser = argparse.ArgumentParser(prog="python -m tools.book", description=__doc__)
    parser.add_argument(
        "--execute",
        action="store_true",
        help="execute the lectures on the data named by RNN_DATA (full or a folder) and show that",
    )
    options = parser.parse_args(arguments)
    tier = os.environ.get("RNN_DATA", "sample")
    try:
        sources = lecture_sources()
        if options.execute and tier != "sample":
            left = [source for source in sources if not is_done(source, tier)]
            print(needs(sources, left, tier), flush=True)
            if left:
                execute_all(left, tier, at_once())
            outputs = {source: executed(source, tier) for source in sources}
        else:
            if tier != "sample":
                print(f"RNN_DATA={tier}, but the stored outputs are of the sample. Try: make full")
            outputs = stored(sources)
        build(outputs)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The book is built. Open {HTML / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
