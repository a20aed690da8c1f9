"""Self-checks for the exercises: a right answer is told so, a wrong one gets a hint.

A check prints one line and never raises, so that a notebook with unsolved exercises runs from top
to bottom. With the environment variable ``RNN_CHECKS=strict`` whatever is not right raises
:class:`ExerciseError` instead, with the same text.

A hint says what kind of slip the answer looks like (a shape, a sign, a factor, a step in time).
It never prints the expected value. To add a hint, write a small function that takes a
:class:`Pair` and returns a sentence or None, and put it into ``DIAGNOSES`` where it belongs: the
first sentence found is the one that is shown.
"""

from __future__ import annotations

import copy
import difflib
import inspect
import math
import numbers
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNSOLVED = "replace the ... in the cell above."
_MAX_DEPTH = 20
_PLAIN_FACTORS = (*range(2, 11), 12, 100, 1000)


class ExerciseError(AssertionError):
    """An exercise is not solved yet. Raised only while ``RNN_CHECKS=strict`` is set."""


class _Mismatch(Exception):
    """The answer is not right; the message is the hint."""


def check(
    answer: Any,
    expected: Any,
    name: str = "your answer",
    *,
    rtol: float | None = None,
    atol: float | None = None,
    lengths: Iterable[int] = (),
) -> None:
    """Compare an answer with the expected value and print "Right: ..." or "Not yet: ...".

    Parameters
    ----------
    answer : object
        The reader's answer: a number, text, array (NumPy, pandas or a backend's tensor), list,
        tuple, set or dict. The starter's ``...`` counts as no answer.
    expected : object
        What it should be. A list or tuple stands for an array of the same numbers.
    name : str
        What is asked, for the printed line: "the persistence error".
    rtol : float, optional
        Allowed relative difference. Default 1e-6; whole numbers must agree exactly.
    atol : float, optional
        Allowed absolute difference. Default 1e-12 of the largest expected magnitude.
    lengths : iterable of int
        Lengths involved (n, T), for the hint "a sum in place of a mean"; the axes of `expected`
        are known without it.

    Raises
    ------
    ExerciseError
        If the answer is not right and ``RNN_CHECKS`` is ``strict``.
    """
    tolerance = _Tolerance(rtol, atol, tuple(lengths))
    if expected is not None and _is_unsolved(answer):
        _not_yet(UNSOLVED)
        return
    hint = _hint(answer, expected, tolerance)
    if hint is None:
        _right(f"{name}.")
    else:
        _not_yet(_sentence(name, hint))


def check_function(
    function: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Any],
    name: str | None = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Call the reader's function and a reference on the same inputs, and compare the results.

    Each call gets its own copy of the inputs. What the reader's function raises is told in the
    printed line.

    Parameters
    ----------
    function : callable
        The reader's function.
    reference : callable
        A function that is right.
    inputs : sequence of tuple
        The arguments of each call: ``[(x, w), (x2, w2)]``. Anything else than a tuple is one
        argument.
    name : str, optional
        Name of the function, for the printed line.
    rtol, atol : float, optional
        As in :func:`check`.

    Raises
    ------
    ExerciseError
        If a result is not right and ``RNN_CHECKS`` is ``strict``.
    """
    name = name or _safely(lambda: str(function.__name__), "your function")
    if function is None or function is ...:
        _not_yet(UNSOLVED)
        return
    if not callable(function):
        _not_yet(f"{name} is {_a(function)}, not a function: write it with def {name}(...).")
        return
    cases = [case if isinstance(case, tuple) else (case,) for case in inputs]
    if not cases:
        raise ValueError("inputs is empty: give at least one tuple of arguments.")
    for number, case in enumerate(cases, start=1):
        where = f"{name}, call {number} of {len(cases)}" if len(cases) > 1 else name
        try:
            expected = reference(*_copied(case))
        except (Exception, SystemExit) as error:
            _not_yet(
                _sentence(where, f"the check itself stops with {_one_line(error)}: ")
                + "run all cells from the top, then this one."
            )
            return
        problem = _wrong_signature(function, case)
        if problem:
            _not_yet(f"{name} {problem}")
            return
        try:
            answer = function(*_copied(case))
        except (Exception, SystemExit) as error:
            line = _failing_line(function, error)
            _not_yet(_sentence(where, f"your function stops{line} with {_one_line(error)}."))
            return
        if expected is not None and answer is None:
            _not_yet(_sentence(where, "your function returns None: is the return missing?"))
            return
        if _is_unsolved(answer) and not _is_unsolved(expected):
            _not_yet(UNSOLVED)
            return
        tolerance = _Tolerance(rtol, atol, _lengths_in(case))
        hint = _hint(answer, expected, tolerance)
        if hint is not None:
            _not_yet(_sentence(where, hint))
            return
    calls = "1 call" if len(cases) == 1 else f"{len(cases)} calls"
    _right(f"{name} (tried with {calls}).")


def check_true(
    condition: Any, right: str = "that holds.", wrong: str = "that does not hold.", name: str = ""
) -> None:
    """Print `right` if a condition holds and `wrong` if not.

    Parameters
    ----------
    condition : bool
        What must hold. ``...`` counts as no answer.
    right, wrong : str
        What to say in either case; `wrong` should help.
    name : str
        What is asked; put before either text.

    Raises
    ------
    ExerciseError
        If the condition does not hold and ``RNN_CHECKS`` is ``strict``.
    """
    if _is_unsolved(condition):
        _not_yet(UNSOLVED)
        return
    before = f"{name}: " if name else ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)  # an empty array, NotImplemented
            holds = bool(condition)
    except (Exception, SystemExit):
        _not_yet(f"{before}{_a(condition)} is neither true nor false: give one True or False.")
        return
    if holds:
        _right(before + right)
    else:
        _not_yet(before + wrong)


def check_choice(
    answer: Any,
    correct: str,
    explanations: Mapping[str, str] | None = None,
    name: str = "your choice",
) -> None:
    """Check the answer to a multiple-choice question.

    Parameters
    ----------
    answer : str
        The letter that the reader chose; case, blanks and brackets do not matter.
    correct : str
        The right letter.
    explanations : mapping of str to str, optional
        For each letter why it is wrong, and for the right one why it is right.
    name : str
        What is asked, for the printed line.

    Raises
    ------
    ExerciseError
        If the choice is not right and ``RNN_CHECKS`` is ``strict``.
    """
    if _is_unsolved(answer):
        _not_yet(UNSOLVED)
        return
    if type(answer) is not str:
        _not_yet(f"{name}: you gave {_a(answer)}: give one letter in quotes.")
        return
    reasons = {_letter(key): text for key, text in (explanations or {}).items()}
    chosen, right = _letter(answer), _letter(correct)
    reason = reasons.get(chosen)
    if chosen == right:
        _right(f"{name} ({chosen})" + (f": {reason}" if reason else "."))
    elif reason is not None:
        _not_yet(f"{name} ({chosen}): {reason}")
    elif reasons and chosen not in reasons:
        letters = ", ".join(sorted({*reasons, right}))
        _not_yet(f"{name}: {_show(answer)} is none of the choices: {letters}.")
    else:
        _not_yet(f"{name}: it is not {_show(answer)}.")


# The two kinds of line


def _right(text: str) -> None:
    print(f"Right: {text}")


def _not_yet(text: str) -> None:
    text = f"Not yet: {text}"
    if os.environ.get("RNN_CHECKS") == "strict":
        raise ExerciseError(text)
    print(text)


# Comparing


@dataclass(frozen=True)
class _Tolerance:
    rtol: float | None
    atol: float | None
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """An answer and the expected value as float (or complex) arrays of one shape.

    Attributes
    ----------
    answer, expected : ndarray, any shape, the same for both
    lengths : tuple of int
        Lengths that a sum or a mean may have run over.
    whole : bool
        The expected numbers are integers.
    allowed : ndarray
        Largest difference that still counts as right, entry by entry.
    """

    answer: NDArray[Any]
    expected: NDArray[Any]
    lengths: tuple[int, ...]
    whole: bool
    allowed: NDArray[np.float64]

    @property
    def scale(self) -> float:
        """Largest finite magnitude expected."""
        return _largest(self.expected)

    def like(self, answer: NDArray[Any], other: NDArray[Any]) -> bool:
        """Tell whether two arrays agree, to 1e-6, or as exactly as the check itself wants."""
        if answer.shape != other.shape or not answer.size:
            return False
        loose = max(1e-6, float(np.max(self.allowed)) / self.scale if self.scale else 0.0)
        bound = loose * np.abs(other) + 1e-12 * _largest(other)
        return bool(np.all(np.abs(answer - other) <= bound))


def _hint(answer: Any, expected: Any, tolerance: _Tolerance) -> str | None:
    """Return None if the answer is right, else a hint. Never raises."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            _compare(answer, expected, tolerance, 0)
    except _Mismatch as mismatch:
        return str(mismatch)
    except (Exception, SystemExit) as error:
        return f"{_a(answer)} cannot be compared with what is expected ({_type_name(error)})."
    return None


def _compare(answer: Any, expected: Any, tolerance: _Tolerance, depth: int) -> None:
    """Raise _Mismatch, with a hint, unless the answer is right."""
    if depth > _MAX_DEPTH:
        raise _Mismatch("your answer holds itself, or is nested too deeply.")
    if answer is None and expected is not None:
        raise _Mismatch("there is nothing here (None).")
    if answer is ... and expected is not ...:
        raise _Mismatch("there is still a ... in your answer.")
    if expected is None or expected is ...:
        if answer is not expected:
            raise _Mismatch(f"{_a(answer)} where nothing (None) is expected.")
        return
    _refuse_unfinished(answer, expected)
    if isinstance(expected, str):
        _compare_text(answer, expected)
    elif isinstance(expected, Mapping):
        _compare_mapping(answer, expected, tolerance, depth)
    elif isinstance(expected, Set):
        _compare_set(answer, expected)
    elif isinstance(expected, pd.DataFrame) and isinstance(answer, pd.DataFrame):
        _compare_frame(answer, expected, tolerance, depth)
    elif isinstance(expected, pd.Series) and isinstance(answer, pd.Series):
        _compare_labelled(answer, expected, tolerance, depth)
    elif _is_exact_integer(answer) and _is_exact_integer(expected) and _no_tolerance(tolerance):
        if int(answer) != int(expected):
            _diagnose_numbers(np.asarray(answer), np.asarray(expected), tolerance)
    elif _holds_arrays(expected):
        _compare_items(answer, expected, tolerance, depth)
    else:
        numeric = _numeric(expected)
        if numeric is not None:
            _compare_numbers(answer, numeric, tolerance)
        elif _is_listing(expected):
            _compare_items(answer, _as_list(expected), tolerance, depth)
        elif isinstance(expected, pd.DataFrame):
            raise _Mismatch(f"{_a(answer)} where a DataFrame is expected.")
        elif not (answer is expected or bool(answer == expected)):
            raise _Mismatch(f"{_a(answer)} is not what is expected.")


def _refuse_unfinished(answer: Any, expected: Any) -> None:
    """Refuse what is a step before an answer: a function, an iterator."""
    if isinstance(answer, Iterator):
        raise _Mismatch(f"{_a(answer)} has not run yet: put it into list(...).")
    is_function = inspect.isroutine(answer) or inspect.isclass(answer)
    if is_function and not callable(expected):
        called = _safely(lambda: str(answer.__name__), "it")
        raise _Mismatch(f"you gave the function {called} itself: call it, {called}(...).")


def _compare_numbers(answer: Any, expected: NDArray[Any], tolerance: _Tolerance) -> None:
    if isinstance(answer, str):
        raise _Mismatch(_text_for_number(answer))
    if isinstance(answer, Mapping | Set):
        raise _Mismatch(f"{_a(answer)} where {_numbers_of(expected)} expected.")
    shape = getattr(answer, "shape", None)
    if shape is None and isinstance(answer, Sequence):
        shape = (len(answer),) + expected.shape[1:]
    if isinstance(shape, tuple) and math.prod(shape) > 10 * expected.size + 1_000_000:
        raise _Mismatch(_shape_hint_of(tuple(shape), expected.shape))  # too large to convert
    values = _numeric(answer)
    if values is None:
        raise _Mismatch(_not_numbers(answer, expected))
    if values.size == 0 and expected.size > 0:
        raise _Mismatch("there is nothing here: your answer is empty.")
    if (values.dtype.kind == "b") != (expected.dtype.kind == "b") and values.size:
        if values.dtype.kind == "b":
            raise _Mismatch("your answer is True or False where numbers are expected.")
        raise _Mismatch("your answer is numbers where True or False is expected: compare.")
    if values.shape != expected.shape:
        raise _Mismatch(_shape_hint(values, expected, tolerance))
    if not _equal(values, expected, tolerance):
        _diagnose_numbers(values, expected, tolerance)


def _allowed(expected: NDArray[Any], tolerance: _Tolerance) -> NDArray[np.float64]:
    """Return the largest allowed difference, shape of `expected`."""
    size = np.abs(_as_float(expected))
    size = np.where(np.isfinite(size), size, 0.0)
    if expected.dtype.kind in "biu" and _no_tolerance(tolerance):
        return np.minimum(1e-9 * np.maximum(size, 1.0), 0.25)
    rtol = 1e-6 if tolerance.rtol is None else tolerance.rtol
    atol = tolerance.atol
    if atol is None:
        atol = 1e-12 * (float(size.max(initial=0.0)) or 1.0)
    return rtol * size + atol


def _equal(values: NDArray[Any], expected: NDArray[Any], tolerance: _Tolerance) -> bool:
    exact = values.dtype.kind in "biu" and expected.dtype.kind in "biu"
    if exact and _no_tolerance(tolerance):
        return bool(np.all(values == expected))
    return not _wrong(values, expected, _allowed(expected, tolerance)).any()


def _wrong(
    values: NDArray[Any], expected: NDArray[Any], allowed: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return the mask of entries that are not right. NaN is right where NaN is expected."""
    a, e = _as_float(values), _as_float(expected)
    same = (a == e) | (np.isnan(a) & np.isnan(e))
    near = np.isfinite(a) & np.isfinite(e) & (np.abs(a - e) <= allowed)
    return ~(same | near)


def _diagnose_numbers(values: NDArray[Any], expected: NDArray[Any], tolerance: _Tolerance) -> None:
    """Raise _Mismatch with the first diagnosis that fits."""
    lengths = {*tolerance.lengths, *expected.shape, expected.size} - {0, 1}
    pair = Pair(
        answer=_as_float(values),
        expected=_as_float(expected),
        lengths=tuple(sorted(lengths)),
        whole=expected.dtype.kind in "iuO",
        allowed=_allowed(expected, tolerance),
    )
    is_bool = expected.dtype.kind == "b"
    for diagnose in BOOL_DIAGNOSES if is_bool else DIAGNOSES:
        hint = _safely(lambda diagnose=diagnose: diagnose(pair), None)
        if hint:
            raise _Mismatch(hint)
    raise _Mismatch("the value is not right.")


# Diagnoses: each takes a Pair that does not agree and returns a sentence, or None


def not_finite(pair: Pair) -> str | None:
    """NaN or infinite entries where numbers are expected, or the other way round."""
    finite = np.isfinite(pair.expected)
    for what, mask, why in (
        ("NaN (not a number)", np.isnan(pair.answer), "a division 0 / 0, or a gap in the data?"),
        ("infinite", np.isinf(pair.answer), "a division by zero, an overflow, a step too large?"),
    ):
        bad = mask & finite
        if bad.any():
            if not bad.ndim:
                return f"your answer is {what}: {why}"
            return f"{_share(bad)} {what}, {_first(bad)}: {why}"
    if (~finite & np.isfinite(pair.answer)).any():
        return "your answer has numbers where none are expected (NaN or infinite)."
    return None


def all_zero(pair: Pair) -> str | None:
    """An array that was made and never filled."""
    if pair.answer.size > 1 and not pair.answer.any():
        return "every entry is 0: is the array made but never filled?"
    return None


def off_by_one_count(pair: Pair) -> str | None:
    """A count that is one too many or one too few."""
    if pair.whole and pair.expected.size == 1:
        difference = float((pair.answer - pair.expected).real.item())
        if abs(abs(difference) - 1) < 1e-9:
            more = "one too many" if difference > 0 else "one too few"
            return f"{more}: do you count from 0 or from 1, with or without the last?"
    return None


def sign_flipped(pair: Pair) -> str | None:
    """Minus what is expected."""
    if pair.scale and pair.like(pair.answer, -pair.expected):
        return "the sign is flipped: what should be subtracted from what?"
    return None


def constant_factor(pair: Pair) -> str | None:
    """The same factor everywhere: 2, one half, n (a sum in place of a mean)."""
    if not pair.scale or not np.isfinite(pair.expected).all():
        return None
    expected = (pair.expected / pair.scale).ravel()
    factor = np.vdot(expected, (pair.answer / pair.scale).ravel()) / np.vdot(expected, expected)
    if abs(np.imag(factor)) > 1e-9 * abs(factor) or not np.isfinite(factor):
        return None
    factor = float(np.real(factor))
    if abs(abs(factor) - 1) < 1e-5 or abs(factor) < 1e-9:
        return None
    if not pair.like(pair.answer, factor * pair.expected):
        return None
    size, too = abs(factor), "too large"
    if size < 1:
        size, too = 1 / size, "too small"
    near = round(size)
    plain = near > 1 and abs(size - near) < 1e-5 * size
    is_length = plain and near in pair.lengths
    if pair.expected.size == 1 and not is_length and not (plain and near in _PLAIN_FACTORS):
        return None  # a single number is always some multiple of another
    sign = "the sign is flipped, and " if factor < 0 else ""
    text = f"{sign}{near if plain else f'{size:.4g}'} times {too}"
    if plain and near == 2:
        why = (
            "is there a 2 that you do not need, or a half left out?"
            if too == "too large"
            else "is a 2 missing, as from the derivative of a square?"
        )
        return f"{text}: {why}"
    if is_length:
        sum_for_mean = too == "too large"
        one, other = ("sum", "mean") if sum_for_mean else ("mean", "sum")
        return f"{text}, and {near} is a length here: a {one} in place of a {other}?"
    if plain and near == 100:
        return f"{text}: a share in place of per cent, or the other way round?"
    return f"{text}: which constant is too much or missing?"


def constant_offset(pair: Pair) -> str | None:
    """The same amount too much or too little everywhere."""
    if pair.expected.size < 2 or not np.isfinite(pair.expected).all():
        return None
    offset = (pair.answer - pair.expected).mean()
    if np.imag(offset) or not pair.like(pair.answer - offset, pair.expected):
        return None
    too = "large" if np.real(offset) > 0 else "small"
    return (
        f"every entry is too {too} by the same amount ({abs(np.real(offset)):.4g}): "
        "which constant is too much or missing?"
    )


def shifted_in_time(pair: Pair) -> str | None:
    """One step early or late along an axis."""
    for axis, length in enumerate(pair.expected.shape):
        if length < 3 or not _varies(pair.expected, axis):
            continue
        a, e = np.moveaxis(pair.answer, axis, 0), np.moveaxis(pair.expected, axis, 0)
        for moved, kept, what in ((a[1:], e[:-1], "late"), (a[:-1], e[1:], "early")):
            if pair.like(moved, kept):
                return f"your values come one step too {what} along axis {axis}: off by one?"
    return None


def reversed_order(pair: Pair) -> str | None:
    """Last first along an axis, or rows and columns swapped, or shuffled."""
    for axis in range(pair.expected.ndim):
        if pair.like(pair.answer, np.flip(pair.expected, axis)):
            return f"the order is reversed along axis {axis}."
    if pair.expected.ndim == 2 and pair.like(pair.answer, pair.expected.T):
        return "rows and columns are swapped: transpose."
    if pair.expected.ndim == 1 and pair.like(np.sort(pair.answer), np.sort(pair.expected)):
        return "the values are right, but in another order."
    return None


def root_or_square(pair: Pair) -> str | None:
    """RMSE in place of MSE, or the other way round."""
    if (pair.expected >= 0).all() and pair.like(pair.answer, np.sqrt(pair.expected)):
        return "this is the square root of what is asked: the RMSE in place of the MSE?"
    if pair.like(pair.answer, pair.expected**2):
        return "this is the square of what is asked: is a square root missing (MSE for RMSE)?"
    return None


def complement(pair: Pair) -> str | None:
    """One minus what is expected: an error rate in place of an accuracy."""
    inside = (pair.expected >= 0).all() and (pair.expected <= 1).all()
    if inside and not pair.whole and pair.like(pair.answer, 1 - pair.expected):
        return "this is one minus what is asked: the other class, or error for accuracy?"
    return None


def few_digits(pair: Pair) -> str | None:
    """Right to some digits: rounded too early."""
    finite = np.isfinite(pair.expected)
    if pair.whole or not finite.all() or np.iscomplexobj(pair.answer - pair.expected):
        return None
    difference = np.abs(pair.answer - pair.expected)
    relative = float(np.max(difference / np.maximum(np.abs(pair.expected), 1e-3 * pair.scale)))
    if not relative < 0.02:
        return None
    for digits in range(9):
        rounded = np.abs(pair.answer - np.round(pair.answer, digits)) <= 1e-12 * pair.scale
        if rounded.all() and (difference <= 0.5000001 * 10.0**-digits).all():
            decimals = _count(digits, "decimal") if digits else "whole numbers"
            return f"right, but rounded to {decimals}: keep all digits until the end."
    return f"close, but off by up to {relative:.1g} (relative): is something rounded or left out?"


def some_entries(pair: Pair) -> str | None:
    """How many entries are wrong, and where the first one stands."""
    wrong = _wrong(pair.answer, pair.expected, pair.allowed)
    if not wrong.ndim:
        if np.iscomplexobj(pair.answer) or np.iscomplexobj(pair.expected):
            return "the value is not right."
        return "too large." if pair.answer > pair.expected else "too small."
    if wrong.all() and wrong.size > 1:
        return f"none of the {wrong.size} entries is right."
    return f"{_share(wrong)} wrong, {_first(wrong)}."


def all_inverted(pair: Pair) -> str | None:
    """True where False is expected, everywhere."""
    if pair.expected.size > 1 and (pair.answer != pair.expected).all():
        return "True and False are swapped everywhere: is the comparison the wrong way round?"
    return None


def wrong_truths(pair: Pair) -> str | None:
    """How many truth values are wrong, and which way."""
    wrong = pair.answer != pair.expected
    if not wrong.ndim:
        return "it is not so: think again."
    too_many = int((wrong & (pair.answer == 1)).sum())
    too_few = int(wrong.sum()) - too_many
    return f"{_share(wrong)} wrong, {_first(wrong)}: {too_many} True too many, {too_few} too few."


DIAGNOSES: tuple[Callable[[Pair], str | None], ...] = (
    not_finite,
    all_zero,
    off_by_one_count,
    sign_flipped,
    constant_factor,
    constant_offset,
    shifted_in_time,
    reversed_order,
    root_or_square,
    complement,
    few_digits,
    some_entries,
)
BOOL_DIAGNOSES: tuple[Callable[[Pair], str | None], ...] = (
    all_inverted,
    shifted_in_time,
    reversed_order,
    wrong_truths,
)


# Shapes


def _shape_hint(values: NDArray[Any], expected: NDArray[Any], tolerance: _Tolerance) -> str:
    hint = _shape_hint_of(values.shape, expected.shape)
    if values.ndim == expected.ndim and values.dtype.kind != "O":
        for axis, (ours, theirs) in enumerate(zip(values.shape, expected.shape, strict=True)):
            rest = (
                np.delete(values.shape, axis).tolist() == np.delete(expected.shape, axis).tolist()
            )
            if not rest or abs(ours - theirs) != 1:
                continue
            short, long = (values, expected) if ours < theirs else (expected, values)
            inner = np.moveaxis(long, axis, 0)
            what = "missing" if ours < theirs else "too many"
            for part, which in ((inner[1:], "first"), (inner[:-1], "last")):
                if short.size and _equal(np.moveaxis(short, axis, 0), part, tolerance):
                    return f"{hint} The {which} along axis {axis} is {what}."
    return hint


def _shape_hint_of(ours: tuple[int, ...], theirs: tuple[int, ...]) -> str:
    if not theirs:
        if math.prod(ours) == 1:
            return f"an array of shape {ours} where a single number is expected: take item [0]."
        return (
            f"an array of shape {ours} where a single number is expected: "
            "is a mean, a sum or an index missing?"
        )
    if not ours:
        return (
            f"a single number where shape {theirs} is expected: is an axis=... missing, "
            "or one step taken for all?"
        )
    text = f"your array has shape {ours}, expected {theirs}"
    squeezed = [tuple(n for n in shape if n != 1) for shape in (ours, theirs)]
    if ours == theirs[::-1]:
        return f"{text}: transposed?"
    if squeezed[0] == squeezed[1]:
        if len(ours) > len(theirs):
            return f"{text}: an axis of length 1 too many. Index it, as in [:, 0]."
        if len(ours) < len(theirs):
            return f"{text}: an axis of length 1 is missing. Add it, as with [:, np.newaxis]."
        return f"{text}: the axis of length 1 stands in the wrong place."
    if sorted(ours) == sorted(theirs):
        return f"{text}: the axes are in another order."
    if math.prod(ours) == math.prod(theirs):
        return f"{text}: as many entries, in another shape. Is a reshape missing?"
    if len(ours) != len(theirs):
        more = "too many" if len(ours) > len(theirs) else "missing"
        return f"{text}: {_count(abs(len(ours) - len(theirs)), 'axis', 'axes')} {more}."
    differing = [i for i, (n, m) in enumerate(zip(ours, theirs, strict=True)) if n != m]
    if len(differing) == 1:
        n, m = ours[differing[0]], theirs[differing[0]]
        return f"{text}: {abs(n - m)} too {'many' if n > m else 'few'} along axis {differing[0]}."
    return f"{text}."


# Other types than numbers


def _compare_text(answer: Any, expected: str) -> None:
    if isinstance(answer, bytes):
        raise _Mismatch("bytes where text is expected: decode it.")
    if not isinstance(answer, str):
        raise _Mismatch(f"{_a(answer)} where text is expected: put it in quotes.")
    if answer == expected:
        return
    if not answer.strip():
        raise _Mismatch("there is nothing here: your text is empty.")
    if answer.strip() == expected.strip():
        raise _Mismatch("mind blanks or line ends at the start or end of your text.")
    if "".join(answer.split()) == "".join(expected.split()):
        raise _Mismatch("mind the blanks inside your text.")
    if answer.strip().casefold() == expected.strip().casefold():
        raise _Mismatch("mind upper and lower case.")
    bare = [
        "".join(c for c in text.casefold() if c.isalnum())
        for text in (answer[:999], expected[:999])
    ]
    if bare[0] == bare[1] and bare[0]:
        raise _Mismatch("the letters are right; mind punctuation, blanks and case.")
    if difflib.SequenceMatcher(None, *bare, autojunk=False).ratio() > 0.8:
        raise _Mismatch("almost: check the spelling.")
    raise _Mismatch("it is another text.")


def _compare_mapping(answer: Any, expected: Mapping, tolerance: _Tolerance, depth: int) -> None:
    if not isinstance(answer, Mapping):
        raise _Mismatch(f"{_a(answer)} where a dict is expected.")
    extra = [key for key in answer if key not in expected]
    missing = [key for key in expected if key not in answer]
    if extra or missing:
        raise _Mismatch(_membership("key", len(missing), extra))
    for key, value in expected.items():
        _compare_part(f"under key {_show(key)}", answer[key], value, tolerance, depth)


def _compare_set(answer: Any, expected: Set) -> None:
    if not isinstance(answer, Set):
        raise _Mismatch(f"{_a(answer)} where a set is expected: put it into set(...).")
    extra = sorted((item for item in answer if item not in expected), key=_show)
    missing = [item for item in expected if item not in answer]
    if extra or missing:
        raise _Mismatch(_membership("item", len(missing), extra))


def _membership(what: str, missing: int, extra: list) -> str:
    parts = []
    if missing:
        parts.append(f"{_count(missing, what)} missing")
    if extra:
        shown = ", ".join(_show(item) for item in extra[:3]) + (", ..." if len(extra) > 3 else "")
        parts.append(f"{_count(len(extra), what)} too many ({shown})")
    return ", ".join(parts) + "."


def _compare_frame(
    answer: pd.DataFrame, expected: pd.DataFrame, tolerance: _Tolerance, depth: int
) -> None:
    ours, theirs = list(answer.columns), list(expected.columns)
    extra = [name for name in ours if name not in theirs]
    missing = sum(name not in ours for name in theirs)
    if extra or missing:
        raise _Mismatch(_membership("column", missing, extra))
    if len(answer) != len(expected):
        raise _Mismatch(_shape_hint_of(answer.shape, expected.shape))
    if ours != theirs:
        raise _Mismatch("the columns are in another order, or one stands there twice.")
    for number, name in enumerate(theirs):
        column, wanted = answer.iloc[:, number], expected.iloc[:, number]
        _compare_part(f"column {_show(name)}", column, wanted, tolerance, depth, _compare_labelled)


def _compare_labelled(
    answer: pd.Series, expected: pd.Series, tolerance: _Tolerance, depth: int
) -> None:
    """Compare two series: the values, and the labels unless both are plain numbering."""
    if len(answer) == len(expected) and not answer.index.equals(expected.index):
        unique = answer.index.is_unique and expected.index.is_unique
        if unique and set(answer.index) == set(expected.index):
            aligned = answer.reindex(expected.index)
            _compare(aligned.array, expected.array, tolerance, depth + 1)
            raise _Mismatch("the values are right, but the rows are in another order.")
        _compare(answer.array, expected.array, tolerance, depth + 1)
        raise _Mismatch("the values are right, but the row labels (the index) are not.")
    _compare(answer.array, expected.array, tolerance, depth + 1)


def _compare_items(answer: Any, expected: Any, tolerance: _Tolerance, depth: int) -> None:
    """Compare lists whose items are not plain numbers, one by one."""
    wanted = list(expected)
    if isinstance(answer, str) or not _is_listing(answer):
        raise _Mismatch(f"{_a(answer)} where {_count(len(wanted), 'item')} are expected.")
    if len(answer) != len(wanted):
        few = "few" if len(answer) < len(wanted) else "many"
        raise _Mismatch(f"{_count(len(answer), 'item')}, expected {len(wanted)}: too {few}.")
    items = _as_list(answer)
    texts = all(isinstance(item, str) for item in [*items, *wanted])
    if texts and items != wanted and sorted(items) == sorted(wanted):
        turned = "reversed" if items == wanted[::-1] else "another"
        raise _Mismatch(f"the right texts, but the order is {turned}.")
    for number, (item, value) in enumerate(zip(items, wanted, strict=True)):
        _compare_part(f"item {number}", item, value, tolerance, depth)


def _compare_part(
    where: str,
    answer: Any,
    expected: Any,
    tolerance: _Tolerance,
    depth: int,
    compare: Callable[..., None] = _compare,
) -> None:
    try:
        compare(answer, expected, tolerance, depth + 1)
    except _Mismatch as mismatch:
        raise _Mismatch(f"{where}: {mismatch}") from None


# What a value is


def _is_unsolved(answer: Any, depth: int = 0) -> bool:
    """Tell whether the starter's ... stands where an answer should, alone or in a tuple."""
    if answer is None:
        return depth == 0
    if answer is ...:
        return True
    is_group = type(answer) is tuple or type(answer) is list or type(answer) is dict
    if not is_group or depth > 2 or len(answer) > 1000:
        return False
    parts = answer.values() if type(answer) is dict else answer
    return any(_is_unsolved(part, depth + 1) for part in parts)


def _numeric(value: Any) -> NDArray[Any] | None:
    """Return an array of numbers or truth values, or None if the value is something else."""
    if isinstance(value, str | bytes | Mapping | Set):
        return None
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        if isinstance(value, pd.DataFrame):
            array = value.to_numpy()
        else:
            has_gaps = value.dtype.kind in "iufb" and bool(value.isna().any())
            array = value.to_numpy(dtype=float, na_value=np.nan) if has_gaps else np.asarray(value)
    else:
        try:
            array = np.asarray(value)
        except (ValueError, TypeError):
            return None  # ragged
    if array.dtype.kind in "biufc":
        return array
    if array.dtype.kind == "O" and array.size:
        items = array.ravel().tolist()
        if any(isinstance(item, np.ndarray) for item in items):
            return None
        if all(isinstance(item, bool | np.bool_) for item in items):
            return array.astype(bool)
        if all(isinstance(item, numbers.Number) or item is pd.NA for item in items):
            plain = [math.nan if item is pd.NA else item for item in items]
            if any(isinstance(item, bool | np.bool_) for item in plain):
                return None
            return np.array([complex(item) for item in plain]).real.reshape(array.shape)
    if array.dtype.kind == "V" and array.dtype.names is None:
        return _safely(lambda: array.astype(np.float64), None)  # a backend's bfloat16
    return None


def _as_float(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _is_exact_integer(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.bool_)


def _no_tolerance(tolerance: _Tolerance) -> bool:
    return tolerance.rtol is None and tolerance.atol is None


def _is_listing(value: Any) -> bool:
    kinds = list | tuple | range | np.ndarray | pd.Series | pd.Index | Sequence
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, kinds | pd.api.extensions.ExtensionArray) and not isinstance(
        value, str
    )


def _as_list(value: Any) -> list:
    if isinstance(value, np.ndarray):
        return value.tolist() if value.ndim == 1 else list(value)
    return value.tolist() if isinstance(value, pd.Series | pd.Index) else list(value)


def _holds_arrays(value: Any) -> bool:
    """Tell whether a list or tuple is a group of results rather than one array."""
    if not isinstance(value, list | tuple):
        return False
    return any(hasattr(item, "shape") and item.shape != () for item in value)


def _largest(array: NDArray[Any]) -> float:
    size = np.abs(array)
    return float(np.max(size, where=np.isfinite(size), initial=0.0))


def _varies(array: NDArray[Any], axis: int) -> bool:
    return bool((np.diff(array, axis=axis) != 0).any())


# Words


def _not_numbers(answer: Any, expected: NDArray[Any]) -> str:
    items = _as_list(answer) if _is_listing(answer) else []
    if items and all(isinstance(item, str) for item in items):
        return "a list of text where numbers are expected: take away the quotes, or use float(...)."
    if items:
        kinds = sorted({type(item).__name__ for item in items})
        if set(kinds) <= {"list", "tuple", "ndarray"}:
            return "the rows of your answer differ in length."
        if any(item is None or item is ... for item in items):
            return "some items of your answer are still empty."
        return f"your answer mixes numbers with something else ({', '.join(kinds[:4])})."
    return f"{_a(answer)} where {_numbers_of(expected)} expected."


def _numbers_of(expected: NDArray[Any]) -> str:
    if expected.dtype.kind == "b":
        return "True or False is" if not expected.ndim else "an array of True and False is"
    return "a number is" if not expected.ndim else "an array of numbers is"


def _text_for_number(answer: str) -> str:
    try:
        float(answer)
    except ValueError:
        return "text where a number is expected."
    return "your number is text: take away the quotes."


def _sentence(name: str, hint: str) -> str:
    return f"{name}. {hint[:1].upper()}{hint[1:]}"


def _first(mask: NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
    return f"the first at index {index[0] if len(index) == 1 else index}"


def _share(mask: NDArray[np.bool_]) -> str:
    number = int(mask.sum())
    return f"{number} of {mask.size} entries {'is' if number == 1 else 'are'}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _letter(text: str) -> str:
    return str(text).strip().strip("().:").strip().casefold()


def _a(value: Any) -> str:
    """Name the type of a value with its article."""
    for kind, words in ((float, "a number"), (int, "a number"), (bool, "True or False")):
        if type(value) is kind:
            return words
    if type(value) is str:
        return "text"
    name = _type_name(value)
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _type_name(value: Any) -> str:
    return _safely(lambda: str(type(value).__name__), "object")


def _show(value: Any) -> str:
    text = _safely(lambda: repr(value), "something that cannot be shown")
    return text if len(text) <= 40 else text[:37] + "..."


def _one_line(error: BaseException) -> str:
    kind = _type_name(error)
    text = " ".join(_safely(lambda: str(error), "").split())
    text = text if len(text) <= 160 else text[:157] + "..."
    return f"{kind}: {text}".rstrip(". ") if text else kind


def _failing_line(function: Any, error: BaseException) -> str:
    """Return " in line k" of the function's own text, or nothing if that cannot be told."""
    code = _safely(lambda: function.__code__, None)
    step, line = error.__traceback__, None
    while code is not None and step is not None:
        if step.tb_frame.f_code is code:
            line = step.tb_lineno - code.co_firstlineno + 1
        step = step.tb_next
    return f" in its line {line}" if line else ""


def _wrong_signature(function: Any, case: tuple) -> str | None:
    signature = _safely(lambda: inspect.signature(function), None)
    if signature is None:
        return None
    try:
        signature.bind(*case)
    except TypeError:
        wanted = _count(len(case), "argument")
        return f"is called with {wanted}, but yours is written as {signature}."
    return None


def _lengths_in(case: tuple) -> tuple[int, ...]:
    """Return the lengths of all axes of the arguments that are arrays or lists."""
    lengths: set[int] = set()
    for argument in case:
        shape = getattr(argument, "shape", None)
        if isinstance(shape, tuple):
            lengths.update(int(n) for n in shape)
            lengths.add(math.prod(shape))
        elif isinstance(argument, list | tuple):
            lengths.add(len(argument))
    return tuple(sorted(lengths - {0, 1}))


def _copied(case: tuple) -> tuple:
    return tuple(_safely(lambda part=part: copy.deepcopy(part), part) for part in case)


def _safely(action: Callable[[], Any], otherwise: Any) -> Any:
    """Return what the action returns, or `otherwise` if it raises."""
    try:
        return action()
    except (Exception, SystemExit):
        return otherwise
