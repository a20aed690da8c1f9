"""For frozen pages: the numbers that their text quotes, and what they claim of them.

Pages that are not frozen do without: see ``tools/claims.py`` and ``helpers/results.py``.

A lecture ends a section with ``record(mse_mean=mse_mean)``. The text then names the number
(``{glue:text}`mse_mean:.3f` ``) instead of repeating it, so prose cannot drift from the run.
Beside it stands what the text says of the numbers: ``claim("persistence is ahead of the mean",
mse_persistence < mse_mean)``. A test reports a claim that does not hold, with the sentence's place.
On Colab and in a plain notebook neither call does anything visible.

Each lecture runs alone: what it needs of an earlier one it reads with `load_results` from
``data/results/``. A long experiment stands in a lecture as a function; `stored` gives back what it
returned when it was last called for the book.

Imported by lectures. Imports nothing of the course.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import math
import os
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

PREFIX = "application/papermill.record/"  # of outputs that MyST-NB's glue takes out of the page
GLUE_MIME = PREFIX + "text/plain"
CLAIM_MIME = PREFIX + "claim"
FOLDER = Path(__file__).resolve().parent.parent / "data" / "results"


def record(**numbers: float | int | str | bool) -> None:
    """Record numbers by name, for the book and for the tests.

    While the book is made (environment ``RNN_BOOK=1``) each number becomes an invisible output that
    MyST-NB's ``glue`` roles read.

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


def _show(name: str, data: dict[str, str]) -> None:
    """Leave an invisible output while the book is made."""
    if os.environ.get("RNN_BOOK") == "1":
        from IPython.display import display

        display(data, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}})


def load_results(name: str) -> dict[str, float | int | str | bool]:
    """Load the numbers that a lecture recorded on the sample data.

    Parameters
    ----------
    name : str
        A lecture such as ``"01-what-comes-next"``, or ``"quora-pairs"``.

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
        return dict(results.get("numbers", results))  # other runs keep claims and digest beside
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}). Run: git checkout data/results") from None


def stored(
    name: str,
    function: Callable[[], Mapping | list | Iterator[tuple[str, Any]]],
    steps: int | None = None,
) -> Any:
    """Load what a long experiment returned; compute it anew only where that is asked for.

    The result lies in ``data/results/stored/NAME.json``, computed from the sample data for the
    second edition. A reader who sets ``RNN_RUN=all`` (or ``RNN_RUN=NAME``)
    before the notebook starts computes it anew, with a progress bar. So does one who changes the
    function, or the functions, numbers and strings of the notebook that it names, and theirs. Where
    the book is made, a missing or changed one is an error.

    Parameters
    ----------
    name : str
        Name of the result, unique in the book.
    function : callable
        Takes nothing. Returns a mapping or list of what JSON can hold, NumPy arrays and scalars
        included; or yields pairs of a name and such a value, which become a dict.
    steps : int, optional
        How many pairs it yields, for the progress bar.

    Returns
    -------
    dict or list
        The result as JSON gives it back, loaded or computed: arrays have become lists. As a
        table: ``pd.DataFrame(stored("losses", losses))``.

    Raises
    ------
    RuntimeError
        Where the book is made, if the result is missing or its function has changed.
    ValueError
        If the file is damaged, or a computed number is NaN or infinite.
    TypeError
        If the function returns what JSON cannot hold.
    """
    tier = os.environ.get("RNN_DATA") or "sample"
    uses = _uses(function, with_values=tier == "sample")
    if not {"all", name} & set(os.environ.get("RNN_RUN", "").split(",")):
        path = FOLDER / "stored" / f"{name}.json"
        known = _read(path) if path.is_file() else None
        changed = [use for use in uses if known and known.get("uses", {}).get(use) != uses[use]]
        if known and not changed:
            if tier != "sample":
                print(f"{name}: stored from the sample; RNN_RUN={name} computes it from {tier}")
            return known["value"]
        reason = f"{', '.join(changed)} changed" if known else f"{path} is missing"
        if os.environ.get("RNN_BOOK") == "1":
            raise RuntimeError(
                f"stored({name!r}): {reason}. Run: git checkout data/results lectures"
            )
        print(f"{name} is computed anew: {reason} (back with: git checkout data/results)")
    return _computed(name, function, steps)


def _computed(name: str, function: Callable, steps: int | None) -> Any:
    """What a function returns or yields, as JSON gives it back."""
    from tqdm import tqdm

    def to_json(value: Any) -> Any:
        if isinstance(value, np.ndarray | np.generic):
            return value.tolist()
        raise TypeError(f"stored({name!r}): JSON cannot hold a {type(value).__name__}")

    result = function()
    if inspect.isgenerator(result):
        result = dict(tqdm(result, desc=name, total=steps, unit="step"))
    try:
        return json.loads(json.dumps(result, default=to_json, allow_nan=False))
    except ValueError as error:
        raise ValueError(f"stored({name!r}): {error}") from None


def _uses(function: Callable, with_values: bool) -> dict[str, str]:
    """The functions that a function calls, itself included, and the plain values that it names.

    Only those of its own module, the notebook. Other values are left out: they may come out a
    little different on another computer.

    Returns
    -------
    dict of str to str
        Name to a digest of the text of a function, or to a number, a string, or a tuple of these.
    """
    if function.__name__ == "<lambda>":
        raise TypeError("stored: give the function a name (def ...), not a lambda")
    uses: dict[str, str] = {}
    todo = {function.__name__: function}
    while todo:
        name, one = todo.popitem()
        text = textwrap.dedent(inspect.getsource(one))
        uses[name] = hashlib.sha256(text.encode()).hexdigest()[:16]
        names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        for used in names - set(one.__code__.co_varnames) - uses.keys():
            value = one.__globals__.get(used)
            parts = value if isinstance(value, tuple) else (value,)
            if isinstance(value, FunctionType):
                if value.__module__ == function.__module__ and value.__name__ == used:
                    todo[used] = value
            elif with_values and {type(part) for part in parts} <= {bool, int, float, str}:
                uses[used] = repr(value)
    return uses


def _scalar(name: str, value: object) -> float | int | str | bool:
    """Turn NumPy scalars into Python ones; refuse what is no scalar or no number."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.size == 1):
        value = value.item()
    if not isinstance(value, int | float | str | bool):
        raise TypeError(f"record({name}=...): a scalar is wanted, not {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"record({name}={value}): not a finite number")
    return value
