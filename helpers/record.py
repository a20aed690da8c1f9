"""Record the numbers that a lecture's text quotes.

A lecture ends a section with ``record(mse_mean=mse_mean)``. The text then names the number
(``{glue:text}`mse_mean:.3f` ``) instead of repeating it, so prose cannot drift from the run.
On Colab and in a plain notebook the call does nothing visible.

Each lecture runs alone: what it needs of an earlier one it reads with `load_results` from
``data/results/``, which ``make notebooks`` writes from the numbers that the lectures record. The
file ``class-file.json`` holds what the same lectures record on the class's own file of stock
prices; ``python -m tools.book.class_file FOLDER`` makes it again.

Imported by lectures. Imports nothing of the course.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np

GLUE_MIME = "application/papermill.record/text/plain"
FOLDER = Path(__file__).resolve().parent.parent / "data" / "results"


def record(**numbers: float | int | str | bool) -> None:
    """Record numbers by name, for the book and for the tests.

    While the book is made (environment ``RNN_BOOK=1``) each number becomes an invisible output that
    MyST-NB's ``glue`` roles read. Where ``RNN_NUMBERS`` names a file, each is also appended to it
    as one line of JSON, which the tests compare with the bands in ``lectures/expected.toml``.

    Parameters
    ----------
    **numbers : float, int, str or bool
        Scalars; NumPy scalars and arrays of size one count as scalars. Units are those of the text.

    Raises
    ------
    TypeError
        If a value is not a scalar.
    ValueError
        If a number is NaN or infinite: such a number would read well and mean nothing.
    """
    plain = {name: _scalar(name, value) for name, value in numbers.items()}
    if os.environ.get("RNN_BOOK") == "1":
        from IPython.display import display

        for name, value in plain.items():
            display(
                {GLUE_MIME: str(value)},
                raw=True,
                metadata={
                    "scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}
                },
            )
    if target := os.environ.get("RNN_NUMBERS"):
        lines = [json.dumps({"name": name, "value": value}) for name, value in plain.items()]
        with Path(target).open("a", encoding="utf-8", newline="\n") as file:
            file.write("".join(line + "\n" for line in lines))


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


def _scalar(name: str, value: object) -> float | int | str | bool:
    """Turn NumPy scalars into Python ones; refuse what is no scalar or no number."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.size == 1):
        value = value.item()
    if not isinstance(value, int | float | str | bool):
        raise TypeError(f"record({name}=...): a scalar is wanted, not {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"record({name}={value}): not a finite number")
    return value
