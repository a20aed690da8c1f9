"""Bring all up to date in the right order: experiments, then pages (``make update``).

Says first what is outdated and what it will cost; ``--list`` says no more than that.
"""

from __future__ import annotations

import argparse
import sys

from tools import experiments
from tools.book import notebooks
from tools.book.course import CourseError, lecture_sources
from tools.book.state import all_faults, why_outdated


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book.update --help``."""
    parser = argparse.ArgumentParser(prog="make update", description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say what is outdated")
    options = parser.parse_args(arguments)
    folder = experiments.real_data_folder()
    try:
        names, lacking = experiments.outdated(experiments.experiment_names(), folder)
        pages = notebooks.outdated(lecture_sources())
        if faults := all_faults(pages, names):
            raise CourseError("\n".join(faults))
        say(names, lacking, pages, folder)
        if options.list:
            return 0
        if errors := experiments.run_all(names, folder):
            raise CourseError("\n".join(errors))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted: what was done waits; the same command goes on.", file=sys.stderr)
        return 1
    return notebooks.main([], say=False)


def say(names: list[str], lacking: list[str], pages: dict, folder: str) -> None:
    """Say what is outdated, and how long it will take."""
    for name in lacking:
        print(f"{name}: needs the publishers' files (RNN_REAL_DATA), so it is left out")
    if names:
        print(experiments.say_cost(names, folder))
    total = sum(experiments.cost(name, folder) for name in names)
    for source in pages:
        seconds = notebooks.seconds_of(source)
        total += seconds / 60
        reason = (why_outdated(source) or "").split(". Run")[0]
        print(f"{reason}: about {experiments.spelled(seconds / 60)}")
    if names or pages:
        print(f"In all about {experiments.spelled(total)}; then the book is built.", flush=True)
    else:
        print("Experiments and pages are up to date; a change of text is converted.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
