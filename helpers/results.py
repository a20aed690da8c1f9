"""Numbers that one lecture takes from another, from small committed files.

Each lecture runs alone: what it needs of an earlier one it reads from ``data/results/``, which
``make notebooks`` writes from the numbers that the lectures record (``helpers.numbers``). The file
``class-file.json`` holds what the same lectures record on the class's own file of stock prices;
``python -m tools.class_file FOLDER`` makes it again.

Imported by lectures. Imports nothing of the course.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data" / "results"


def load_results(name: str) -> dict[str, float | int | str | bool]:
    """Load the numbers that a lecture recorded on the sample data.

    Parameters
    ----------
    name : str
        A lecture such as ``"01-what-comes-next"``, or ``"class-file"``.

    Returns
    -------
    dict
        Name of each number to its value, rounded to 12 significant digits.

    Raises
    ------
    FileNotFoundError
        If there is no such file; the message names those that exist.
    ValueError
        If the file is not what ``make notebooks`` writes.
    """
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json"))) or "none"
        raise FileNotFoundError(
            f"{path} is missing (known results: {known}). "
            "Get it back with: git checkout data/results"
        )
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}). Run: git checkout data/results") from None
