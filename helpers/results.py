"""The results of experiments, for the pages that show them.

An experiment (``experiments/NAME.py``) takes longer than a page may. Its rows are kept in
``data/results/experiments/NAME.json``; ``python -m experiments NAME`` makes them again.
Imported by lectures and their claims. Imports nothing of the course.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent / "data" / "results" / "experiments"


def load_results(name: str) -> pd.DataFrame:
    """Load the rows of an experiment.

    Parameters
    ----------
    name : str
        Name of the experiment, that of its module in ``experiments/``.

    Returns
    -------
    pandas.DataFrame
        A row for each setting and seed; what the columns are, and their units, the experiment's
        docstring says.

    Raises
    ------
    FileNotFoundError
        If it has no results; the message names those that exist.
    ValueError
        If the file is damaged.
    """
    return pd.DataFrame(_read(name)["rows"])


def load_comparisons(name: str) -> dict[str, Any]:
    """Load what an experiment says of its rows: the comparisons that its docstring declares.

    Parameters
    ----------
    name : str
        As for `load_results`, which also says what is raised.

    Returns
    -------
    dict
        Name of each comparison to a number, a text, or a dict of these.
    """
    return _read(name)["comparisons"]


def _read(name: str) -> dict:
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in FOLDER.glob("*.json"))) or "none"
        raise FileNotFoundError(
            f"The experiment {name!r} has no results (known: {known}). "
            f"Run: git checkout data/results/experiments; or: python -m experiments {name}"
        )
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {"rows": list(kept["rows"]), "comparisons": dict(kept["comparisons"])}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged ({type(error).__name__}: {error}). "
            f"Run: git checkout data/results/experiments/{path.name}"
        ) from None
