"""What the claims of a page call: `quote` and `claim`; and what runs them in the page's kernel.

Beside each page ``lectures/SLUG.md`` stands ``lectures/claims/SLUG.py``::

    from tools.claims import claim, quote

    def lesson(page):                 # after the last cell before the exercises
        quote(mse_neuron=page.mse_neuron)
        claim("the neuron does not beat persistence", page.mse_neuron > page.mse_persistence)

    def exercises(page):              # after the last cell; only where it is needed
        ...

``page`` holds the names of the page as they are then. Whatever executes a page (``make update``,
the tests) runs these functions by :func:`run`; ``tools/book/sidecars.py`` judges what they gave.
Imports nothing of the course.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np

_given: dict | None = None  # what is being gathered while a function of a sidecar runs


class ClaimsError(Exception):
    """`quote` or `claim` was called with what it cannot take."""


def quote(
    *, trained: bool = False, tolerance: float | None = None, **numbers: float | int | str | bool
) -> None:
    """Give numbers that the text names (``{glue:text}`mse_neuron:.3f` ``).

    A number must come out the same in each run, to a millionth of itself, whatever the processor.
    One that training made does not; of it a claim speaks, or it has a tolerance.

    Parameters
    ----------
    trained : bool
        The numbers hang on a training: claims say what must hold of them elsewhere.
    tolerance : float, optional
        By what share of itself a trained number of which no claim speaks may be another: 0.2, say.
    **numbers : float, int, str or bool
        Name to scalar, NumPy's included. The unit is that of the text.

    Raises
    ------
    ClaimsError
        If a value is no scalar, not finite, or named twice.
    """
    given, line = _now(), sys._getframe(1).f_lineno
    for name, value in numbers.items():
        if name in given["numbers"]:
            raise ClaimsError(f"quote({name}=...): quoted twice")
        given["numbers"][name] = _scalar(name, value)
        given["lines"][name] = line
        if trained or tolerance is not None:
            given["trained"][name] = tolerance


def claim(words: str, holds: bool) -> None:
    """Say of a sentence of the page whether it holds in this run.

    Parameters
    ----------
    words : str
        Words of the page, verbatim, that stand there once: the sentence, or its part that says what
        came out. They may end where a number begins.
    holds : bool
        Whether that is so; NumPy's bool counts too.

    Raises
    ------
    ClaimsError
        If the condition is no truth value, or the same words were claimed before.
    """
    given, line = _now(), sys._getframe(1).f_lineno
    value = np.asarray(holds)
    if value.dtype != bool or value.size != 1:
        raise ClaimsError(f"claim({words!r}, ...): one condition, true or false, not {holds!r}")
    if words in given["claims"]:
        raise ClaimsError(f"claim({words!r}, ...): claimed twice")
    given["claims"][words] = bool(value.item())
    given["lines"][words] = line


def run(path: str, function: str, names: Mapping[str, object], target: str) -> None:
    """Run one function of a sidecar on the names of a page; write what it gave as JSON.

    Prints nothing, shows nothing, leaves no figure open and never raises: an error is written too.

    Parameters
    ----------
    path : str
        ``lectures/claims/SLUG.py``.
    function : str
        ``lesson`` or ``exercises``.
    names : mapping
        The page's names. The function sees a shallow copy.
    target : str
        The file to write: ``numbers``, ``claims``, ``trained`` (name to tolerance or null),
        ``lines`` (name or words to line) and, if something failed, ``error``.
    """
    global _given
    from IPython.utils.capture import capture_output

    _given = given = {"numbers": {}, "claims": {}, "trained": {}, "lines": {}}
    figures = _open_figures()
    try:
        with capture_output():
            spec = importlib.util.spec_from_file_location("claims_of_page", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            page = SimpleNamespace(**{k: v for k, v in names.items() if not k.startswith("_")})
            getattr(module, function)(page)
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
        line = frames[-1].lineno if frames else getattr(error, "lineno", None) or 1
        given["error"] = {"line": line, "message": f"{type(error).__name__}: {error}"}
    finally:
        _given = None
        if "matplotlib.pyplot" in sys.modules:
            for number in _open_figures() - figures:
                sys.modules["matplotlib.pyplot"].close(number)
    Path(target).write_text(json.dumps(given), encoding="utf-8", newline="\n")


def _open_figures() -> set[int]:
    plt = sys.modules.get("matplotlib.pyplot")
    return set(plt.get_fignums()) if plt else set()


def _now() -> dict:
    if _given is None:
        raise ClaimsError("quote and claim are for lectures/claims/, where a page's run calls them")
    return _given


def _scalar(name: str, value: object) -> float | int | str | bool:
    """NumPy's scalars as Python's; refuses what is no scalar or no number."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.size == 1):
        value = value.item()
    if not isinstance(value, int | float | str | bool):
        raise ClaimsError(f"quote({name}=...): a scalar is wanted, not {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ClaimsError(f"quote({name}={value}): not a finite number")
    return value
