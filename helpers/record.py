"""Numbers of a run that no experiment repeats, and that a page quotes: `load_results`.

``lectures/claims/two-classes.py`` reads them; and the set-up cell knows the course by this file.
Imports nothing of the course.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data" / "results"


def load_results(name: str) -> dict[str, Any]:
    """Load the numbers of such a run.

    Parameters
    ----------
    name : str
        Of a file in ``data/results/``: ``"siamese-quora"``.

    Returns
    -------
    dict
        Name of each number to its value, rounded to 12 significant digits.

    Raises
    ------
    FileNotFoundError
        If there is no such file; the message names those that exist.
    ValueError
        If the file is damaged.
    """
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json"))) or "none"
        raise FileNotFoundError(
            f"{path} is missing (known results: {known}). "
            "Get it back with: git checkout data/results"
        )
    return _read(path)


def _read(path: Path) -> dict:
    """The mapping in a file of results."""
    try:
        results = dict(json.loads(path.read_text(encoding="utf-8")))
        return dict(results.get("numbers", results))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}). Run: git checkout data/results") from None
