"""Record the numbers that a lecture's text quotes, and what it claims of them.

A lecture ends a section with ``record(mse_mean=mse_mean)``. The text then names the number
(``{glue:text}`mse_mean:.3f` ``) instead of repeating it, so prose cannot drift from the run.
Beside it stands what the text says of the numbers: ``claim("persistence is ahead of the mean",
mse_persistence < mse_mean)``. A test reports a claim that does not hold, with the sentence's place.
On Colab and in a plain notebook neither call does anything visible.

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

PREFIX = "application/papermill.record/"  # of outputs that MyST-NB's glue takes out of the page
GLUE_MIME = PREFIX + "text/plain"
CLAIM_MIME = PREFIX + "claim"
FOLDER = Path(__file__).resolve().parent.parent / "data" / "results"


def record(**numbers: float | int | str | bool) -> None:
    """Record numbers by name, for the book and for the tests.

    While the book is made (environment ``RNN_BOOK=1``) each number becomes an invisible output that
    MyST-NB's ``glue`` roles read. Where ``RNN_NUMBERS`` names a file, each is also appended to it
    as one line of JSON, which the tests compare with the stored run and with the bands in
    ``lectures/expected.toml``.

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
    for name, value in plain.items():
        _show(name, {GLUE_MIME: str(value)})
    _append([{"name": name, "value": value} for name, value in plain.items()])


def claim(name: str, condition: bool) -> None:
    """Record whether what a sentence of the text asserts holds in this run.

    Nothing is raised and nothing is shown where it does not hold: a reader who changes a cell may
    make it false. While the book is made, and for the tests, it is kept as `record` keeps numbers.

    Parameters
    ----------
    name : str
        The assertion in a few words, such as ``"AR(2) is behind persistence"``; each name once in
        a lecture.
    condition : bool
        Whether it holds; NumPy's bool and arrays of one bool count too.

    Raises
    ------
    TypeError
        If the condition is no truth value: a number that is not zero, say, asserts nothing.
    """
    value = np.asarray(condition)
    if value.dtype != bool or value.size != 1:
        raise TypeError(
            f"claim({name!r}, ...): one condition, true or false, is wanted, not {condition!r}"
        )
    holds = bool(value.item())
    _show(f"claim: {name}", {CLAIM_MIME: str(holds)})
    _append([{"claim": name, "holds": holds}])


def _show(name: str, data: dict[str, str]) -> None:
    """Leave an invisible output while the book is made."""
    if os.environ.get("RNN_BOOK") == "1":
        from IPython.display import display

        display(data, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}})


def _append(lines: list[dict]) -> None:
    """Add lines of JSON to the file that the tests read."""
    if target := os.environ.get("RNN_NUMBERS"):
        with Path(target).open("a", encoding="utf-8", newline="\n") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))


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
        If the file is not what ``make notebooks`` or ``make other-runs`` writes.
    """
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json"))) or "none"
        raise FileNotFoundError(
            f"{path} is missing (known results: {known}). "
            "Get it back with: git checkout data/results"
        )
    try:
        results = dict(json.loads(path.read_text(encoding="utf-8")))
        return dict(results.get("numbers", results))  # other runs keep claims and digest beside
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
