"""Run the lectures on the class's own file and keep what they record.

``python -m tools.class_file FOLDER`` (a folder with ``fortune500_100_days.csv``) writes
``data/results/class-file.json``: the lectures quote these numbers beside those of the sample, since
the class's file itself may not be redistributed. A test makes them again where the file is at hand.
"""

from __future__ import annotations

import json
import sys

from tools.course import RESULTS, CourseError, lecture_sources
from tools.notebooks import execute, recorded_values

LECTURES_ON_STOCKS = ["01-what-comes-next", "02-single-neuron-rnn", "03-keras-rnns"]


def class_file_numbers(folder: str) -> dict[str, float | int | str | bool]:
    """Execute the lectures on stocks on the data in a folder; return all recorded numbers."""
    numbers = {}
    for source in lecture_sources():
        if source.stem in LECTURES_ON_STOCKS:
            recorded = recorded_values(execute(source, tier=folder))
            numbers |= {n: v for n, v in recorded.items() if not n.startswith("class_file_")}
    return dict(sorted(numbers.items()))


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        numbers = class_file_numbers(sys.argv[1])
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    path = RESULTS / "class-file.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(numbers)} numbers written to {path.relative_to(RESULTS.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
