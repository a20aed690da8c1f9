"""Run the lectures on the class's own file and on Quora's pairs, and keep what they record.

``python -m tools.book.class_file FOLDER`` (a folder with ``fortune500_100_days.csv`` and
``quora_duplicate_questions.tsv``) writes ``data/results/class-file.json`` and ``quora-pairs.json``:
the lectures quote these numbers beside those of the sample, since the files themselves may not be
redistributed. Tests make them again where the files are at hand. ``--only NAME`` writes one alone.
"""

from __future__ import annotations

import argparse
import json
import sys

from tools.book.course import RESULTS, CourseError, lecture_sources
from tools.book.notebooks import execute, recorded_values

LECTURE_ON_QUESTIONS = "10-siamese-quora"
LECTURES_ON_STOCKS = ["01-what-comes-next", "02-single-neuron-rnn", "03-keras-rnns"]


def class_file_numbers(folder: str) -> dict[str, float | int | str | bool]:
    """Execute the lectures on stocks on the data in a folder; return all recorded numbers."""
    numbers = {}
    for source in lecture_sources():
        if source.stem in LECTURES_ON_STOCKS:
            recorded = recorded_values(execute(source, tier=folder))
            numbers |= {n: v for n, v in recorded.items() if not n.startswith("class_file_")}
    return dict(sorted(numbers.items()))


def quora_numbers(folder: str) -> dict[str, float | int | str | bool]:
    """Execute the lecture on question pairs on the data in a folder; return what it records."""
    (source,) = (one for one in lecture_sources() if one.stem == LECTURE_ON_QUESTIONS)
    recorded = recorded_values(execute(source, tier=folder))
    return {n: v for n, v in sorted(recorded.items()) if not n.startswith("real_")}


RESULT_FILES = {"class-file": class_file_numbers, "quora-pairs": quora_numbers}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.book.class_file")
    parser.add_argument("folder", help="a folder with the publishers' files")
    parser.add_argument("--only", choices=list(RESULT_FILES), help="write this one alone")
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in [options.only] if options.only else RESULT_FILES:
        try:
            numbers = RESULT_FILES[name](options.folder)
        except CourseError as error:
            print(error, file=sys.stderr)
            return 1
        path = RESULTS / f"{name}.json"
        path.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8", newline="\n")
        print(f"{len(numbers)} numbers written to {path.relative_to(RESULTS.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
