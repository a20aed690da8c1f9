"""Self-checks for the exercises: a right answer is told so, a wrong one gets a hint.

A check prints one line and never raises, so that a notebook with unsolved exercises runs from top
to bottom. With the environment variable ``RNN_CHECKS=strict`` whatever is not right raises
:class:`ExerciseError` instead, with the same text.

A hint says what kind of slip the answer looks like; it never prints the expected value. Where it
comes from, in this order:

1. ``slips``, the usual slips of this exercise, which the lecture names;
2. the kind of the answer (text for a number, one value for two) and its shape;
3. what the numbers look like (a factor, a sign, a step in time): ``_number_hints`` and
   ``_truth_hints`` yield sentences, and the first one is shown.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import math
import numbers
import os
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

UNSOLVED = "replace the ... in the cell above."
_MAX_RESULTS = 4  # a tuple of more items than this is an array, not a group of results
_PLAIN_FACTORS = (*range(2, 11), 12, 100, 1000)


class ExerciseError(AssertionError):
    """An exercise is not solved yet. Raised only while ``RNN_CHECKS=strict`` is set."""


class _Mismatch(Exception):
    """The answer is not right; the message is the hint."""


@dataclass(frozen=True)
class _Rules:
    """How to compare and what to say: the options of a check."""

    rtol: float | None = None
    atol: float | None = None
    lengths: tuple[int, ...] = ()  # that a sum or a mean may have run over
    verb: str = "give"  # what the reader does with a result: "return" from a function
    by_chance: bool = True  # name rules that a single number may follow by chance

    @property
    def exact(self) -> bool:
        """Whole numbers must agree exactly."""
        return self.rtol is None and self.atol is None


# What lectures call


def check(
    answer: Any,
    expected: Any,
    name: str = "your answer",
    *,
    rtol: float | None = None,
    atol: float | None = None,
    slips: Mapping[str, Any] | None = None,
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
    slips : mapping of str to object, optional
        Usual slips: a hint, and the wrong value it belongs to, as in
        ``{"that is two days earlier, not one": value}``. The first that the answer equals, within
        the same tolerance, is the hint.

    Raises
    ------
    ExerciseError
        If the answer is not right and ``RNN_CHECKS`` is ``strict``.
    """
    rules = _Rules(rtol, atol)
    if _is_unsolved(answer):
        _not_yet(UNSOLVED)
    elif (hint := _hint(answer, expected, rules)) is None:
        _right(f"{name}.")
    else:
        made = (slip for slip, value in (slips or {}).items() if _agree(answer, value, rules))
        _not_yet(_sentence(name, next(made, hint)))


def check_function(
    function: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Any],
    name: str | None = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    slips: Mapping[str, Callable[..., Any]] | None = None,
    keeps_inputs: bool = False,
) -> None:
    """Call the reader's function and a reference on the same inputs, and compare the results.

    All calls are made before a hint is chosen. Each gets its own copy of the inputs. What the
    reader's function raises is told in the printed line.

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
    slips : mapping of str to callable, optional
        Usual slips: a hint, and a function that makes this slip, called like `reference`. The
        first whose results equal the reader's in every call is the hint.
    keeps_inputs : bool
        Whether the task asks that the function leave what it is given unchanged.

    Raises
    ------
    ExerciseError
        If a result is not right and ``RNN_CHECKS`` is ``strict``.
    ValueError
        If `inputs` is empty.
    """
    cases = [case if isinstance(case, tuple) else (case,) for case in inputs]
    if not cases:
        raise ValueError("inputs is empty: give at least one tuple of arguments.")
    if function is None or function is ...:
        _not_yet(UNSOLVED)
        return
    name = name or getattr(function, "__name__", "your function")
    if not callable(function):
        _not_yet(f"{name} is {_a(function)}, not a function: write it with def {name}(...).")
        return
    calls = []
    for case in cases:
        try:
            answer, expected = _call_both(function, reference, case, keeps_inputs)
        except _Mismatch as mismatch:
            _not_yet(_sentence(_call_text(name, case), str(mismatch)))
            return
        if _is_unsolved(answer):
            _not_yet(UNSOLVED)
            return
        rules = _Rules(rtol, atol, _lengths_in(case), verb="return")
        calls.append(_Call(case, answer, expected, rules, _hint(answer, expected, rules)))
    wrong = [call for call in calls if call.hint is not None]
    if not wrong:
        _right(f"{name} (tried with {_count(len(calls), 'call')}).")
        return
    for slip, slipping in (slips or {}).items():
        if all(_is_slip(call, slipping) for call in calls):
            _not_yet(_sentence(name, slip))
            return
    first, hint = wrong[0], wrong[0].hint
    if any(call.hint != hint for call in calls):
        # A single number follows some rule by chance: name none that another call does not follow.
        hint = _hint(first.answer, first.expected, replace(first.rules, by_chance=False))
    text = _sentence(_call_text(name, first.case), hint)
    num_right = len(calls) - len(wrong)
    _not_yet(f"{text} ({num_right} of {len(calls)} calls right.)" if num_right else text)


def _right(text: str) -> None:
    print(f"Right: {text}")


def _not_yet(text: str) -> None:
    text = f"Not yet: {text}"
    if os.environ.get("RNN_CHECKS") == "strict":
        raise ExerciseError(text)
    print(text)


# Calling the reader's function


@dataclass(frozen=True)
class _Call:
    """One call of the reader's function, and its hint: None if the result is right."""

    case: tuple
    answer: Any
    expected: Any
    rules: _Rules
    hint: str | None


def _is_slip(call: _Call, slipping: Callable[..., Any]) -> bool:
    """Tell whether a function that makes a slip returns what the reader's function returns."""
    value = _safely(lambda: slipping(*_copied(call.case)), ...)
    return value is not ... and _agree(call.answer, value, call.rules)


def _call_both(function: Any, reference: Any, case: tuple, keeps_inputs: bool) -> tuple[Any, Any]:
    """Return what the function and the reference make of one input, or raise _Mismatch."""
    try:
        expected = reference(*_copied(case))
    except (Exception, SystemExit) as error:
        raise _Mismatch(
            f"the check itself stops with {_one_line(error)}: run all cells from the top, "
            "then this one."
        ) from None
    signature = _safely(lambda: inspect.signature(function), None)
    if signature and not _safely(lambda: signature.bind(*case), None):
        wanted = _count(len(case), "argument")
        raise _Mismatch(f"it is called with {wanted}, but yours is written as {signature}.")
    given = _copied(case)
    try:
        answer = function(*given)
    except (Exception, SystemExit) as error:
        line = _failing_line(function, error)
        raise _Mismatch(f"your function stops{line} with {_one_line(error)}.") from None
    if answer is None:
        raise _Mismatch("your function returns None: is the return missing?")
    if keeps_inputs and not all(map(_agree, given, case, itertools.repeat(_Rules()))):
        raise _Mismatch("your function changes what it is given: work on a copy.")
    return answer, expected


def _call_text(name: str, case: tuple) -> str:
    """Write a call as a reader would: ``steps_until(0.25, 0.01)``; arrays by their shape."""
    return f"{name}({', '.join(map(_argument, case))})"


def _argument(value: Any) -> str:
    if getattr(value, "shape", ()):
        return f"{_type_name(value)} of shape {value.shape}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    if len(text) <= 30:
        return text
    return _type_name(value) + (f" of {len(value)}" if isinstance(value, list | dict) else "")


def _failing_line(function: Any, error: BaseException) -> str:
    """Return " in its line k" of the function's own text, or nothing if that cannot be told.

    Where a check wraps the reader's function (``functools.wraps``), it is the line of that.
    """
    code = _safely(lambda: inspect.unwrap(function).__code__, None)
    steps = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in steps if frame.f_code is code]
    return f" in its line {lines[-1] - code.co_firstlineno + 1}" if lines else ""


def _lengths_in(case: tuple) -> tuple[int, ...]:
    """Return the lengths of all axes of the arguments that are arrays or lists, and their sizes."""
    shapes = [(len(x),) if isinstance(x, list) else getattr(x, "shape", ()) for x in case]
    return tuple(length for shape in shapes for length in (*shape, math.prod(shape)))


def _copied(case: tuple) -> tuple:
    return tuple(_safely(lambda part=part: copy.deepcopy(part), part) for part in case)


# Comparing: each function returns if the answer is right, else raises _Mismatch with a hint


def _hint(answer: Any, expected: Any, rules: _Rules) -> str | None:
    """Return None if the answer is right, else a hint. Never raises."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            _compare(answer, expected, rules)
    except _Mismatch as mismatch:
        return str(mismatch)
    except (Exception, SystemExit) as error:
        return f"{_a(answer)} cannot be compared with what is expected ({_type_name(error)})."
    return None


def _agree(answer: Any, expected: Any, rules: _Rules) -> bool:
    return _hint(answer, expected, rules) is None


def _compare(answer: Any, expected: Any, rules: _Rules) -> None:
    _refuse_unfinished(answer)
    answer, expected = (x.to_numpy() if hasattr(x, "to_numpy") else x for x in (answer, expected))
    listed = isinstance(expected, list | tuple)
    holds_arrays = listed and any(getattr(item, "shape", ()) for item in expected)
    if isinstance(expected, str):
        _compare_text(answer, expected)
    elif isinstance(expected, Mapping | Set):
        _compare_members(answer, expected, rules)
    elif type(expected) is tuple and 2 <= len(expected) <= _MAX_RESULTS:
        _compare_results(answer, expected, rules)
    elif not holds_arrays and (numeric := _numeric(expected)) is not None:
        _compare_numbers(answer, numeric, rules)
    elif isinstance(expected, Sequence | np.ndarray):
        _compare_items(answer, expected, rules)
    elif answer is not expected and (getattr(answer, "shape", ()) or answer != expected):
        raise _Mismatch(f"{_a(answer)} is not what is expected.")


def _refuse_unfinished(answer: Any) -> None:
    """Refuse what is a step before an answer: nothing, a function, an iterator."""
    if answer is None or answer is ...:
        raise _Mismatch("there is nothing here (None or ...).")
    if isinstance(answer, Iterator):
        raise _Mismatch(f"{_a(answer)} has not run yet: put it into list(...).")
    if inspect.isroutine(answer) or inspect.isclass(answer):
        called = _safely(lambda: str(answer.__name__), "it")
        raise _Mismatch(f"you gave the function {called} itself: call it, {called}(...).")


def _compare_part(where: str, answer: Any, expected: Any, rules: _Rules) -> None:
    """Compare a part of an answer; its hint says where it stands."""
    if hint := _hint(answer, expected, rules):
        raise _Mismatch(f"{where}: {hint}")


def _compare_results(answer: Any, expected: tuple, rules: _Rules) -> None:
    """Compare a few results, as a function returns them: ``return loss, gradient``."""
    count = len(expected)
    if isinstance(answer, tuple) and len(answer) != count:
        raise _Mismatch(f"{rules.verb} {count} values: yours are {len(answer)}.")
    is_list = isinstance(answer, list | tuple) and len(answer) == count
    if not is_list and getattr(answer, "shape", None) != (count, *np.shape(expected[0])):
        wanted = f"{rules.verb} {count} values, separated by a comma"
        raise _Mismatch(f"{wanted}: yours is one, {_a(answer)}.")
    in_order, turned = (
        [_agree(item, value, rules) for item, value in zip(items, expected, strict=True)]
        for items in (answer, answer[::-1])
    )
    if count == 2 and all(turned) and not all(in_order):
        raise _Mismatch("the two results are swapped.")
    for number, (item, value) in enumerate(zip(answer, expected, strict=True), start=1):
        _compare_part(f"result {number} of {count}", item, value, rules)


def _compare_items(answer: Any, expected: Any, rules: _Rules) -> None:
    """Compare lists whose items are not plain numbers, one by one."""
    if not _is_listing(answer):
        raise _Mismatch(f"{_a(answer)} where {_count(len(expected), 'item')} are expected.")
    if len(answer) != len(expected):
        few = "few" if len(answer) < len(expected) else "many"
        raise _Mismatch(f"{_count(len(answer), 'item')}, expected {len(expected)}: too {few}.")
    for number, (item, value) in enumerate(zip(answer, expected, strict=True)):
        _compare_part(f"item {number}", item, value, rules)


def _compare_text(answer: Any, expected: str) -> None:
    if not isinstance(answer, str):
        raise _Mismatch(f"{_a(answer)} where text is expected: put it in quotes.")
    if answer != expected:
        alike = answer.casefold().split() == expected.casefold().split()
        hint = "mind upper and lower case, blanks and line ends."
        raise _Mismatch(hint if alike else "it is another text.")


def _compare_members(answer: Any, expected: Any, rules: _Rules) -> None:
    """Compare two dicts or two sets: members too many and missing, then the values of a dict."""
    kind, what = (Mapping, "key") if isinstance(expected, Mapping) else (Set, "item")
    if not isinstance(answer, kind):
        way_out = "a dict is expected." if what == "key" else "a set is expected: use set(...)."
        raise _Mismatch(f"{_a(answer)} where {way_out}")
    extra = sorted(_show(member) for member in answer if member not in expected)
    missing = sum(member not in answer for member in expected)
    parts = [f"{_count(missing, what)} missing"] if missing else []
    if extra:
        shown = ", ".join(extra[:3]) + (", ..." if len(extra) > 3 else "")
        parts.append(f"{_count(len(extra), what)} too many ({shown})")
    if parts:
        raise _Mismatch(", ".join(parts) + ".")
    for key in expected if what == "key" else ():
        _compare_part(f"under key {_show(key)}", answer[key], expected[key], rules)


def _compare_numbers(answer: Any, expected: Array, rules: _Rules) -> None:
    if isinstance(answer, str):
        raise _Mismatch("text where a number is expected: take away the quotes.")
    values = _numeric(answer)
    if values is None:
        raise _Mismatch(_not_numbers(answer, expected))
    if values.size == 0 and expected.size > 0:
        raise _Mismatch("there is nothing here: your answer is empty.")
    truths = values.dtype.kind == "b"
    if values.size and truths != (expected.dtype.kind == "b"):
        swapped = "True or False where numbers are expected."
        numeric = "numbers where True or False is expected: compare."
        raise _Mismatch(f"your answer is {swapped if truths else numeric}")
    if values.shape != expected.shape:
        end = _missing_end(values, expected, rules)
        raise _Mismatch(_shape_hint(values.shape, expected.shape) + end)
    wrong = _wrong(values, expected, rules)
    if wrong.any():
        hints = _truth_hints if expected.dtype.kind == "b" else _number_hints
        raise _Mismatch(next(hints(values, expected, wrong, rules)))


def _wrong(values: Array, expected: Array, rules: _Rules) -> Array:
    """Return the mask of entries that are not right. NaN is right where NaN is expected."""
    if expected.dtype.kind in "biu" and rules.exact:
        rtol, atol = 0.0, 1e-6  # 207.0 for 207, rounding noise included
    else:
        rtol = 1e-6 if rules.rtol is None else rules.rtol
        atol = 1e-12 * (_largest(expected) or 1.0) if rules.atol is None else rules.atol
    ours, theirs = values.astype(np.float64), expected.astype(np.float64)
    return ~np.isclose(ours, theirs, rtol=rtol, atol=atol, equal_nan=True)


# What wrong numbers look like: the first sentence is the hint


def _number_hints(values: Array, expected: Array, wrong: Array, rules: _Rules) -> Iterator[str]:
    """Yield what is wrong with numbers of the right shape, the most telling first."""
    whole = expected.dtype.kind in "iu" and rules.exact
    a, e = values.astype(np.float64), expected.astype(np.float64)
    single, scale, finite = e.size == 1, _largest(e), np.isfinite(e)
    for what, bad, why in (
        ("NaN", np.isnan(a) & finite, "a division 0 / 0, or a gap in the data?"),
        ("infinite", np.isinf(a) & finite, "a division by zero, an overflow, a step too large?"),
    ):
        if bad.any():
            yield f"{_located(bad, what) if bad.ndim else f'your answer is {what}'}: {why}"
    if (np.isfinite(a) & ~finite).any():
        yield "your answer has numbers where none are expected (NaN or infinite)."
    if whole and not np.allclose(a, np.round(a), rtol=0, atol=1e-9):
        are = "a whole number is" if single else "whole numbers are"
        yield f"{are} expected here: do you round up, down or to the nearest?"
    if not single and not a.any():
        yield "every entry is 0: is the array made but never filled?"
    if single and whole and np.abs(a - e).item() == 1:
        more = "one too many" if a > e else "one too few"
        yield f"{more}: do you count from 0 or from 1, is it < or <=, is the last one in?"
    small_count = single and whole and min(_largest(a), scale) < 10  # follows rules by chance
    told = not single or (rules.by_chance and not small_count)
    if told and scale:
        yield from _factor_hints(a / scale, e / scale, rules)
    chance = _rules_of_chance(a, e) if told else ()
    for text, ours, theirs in itertools.chain(_moved(a, e), chance):
        if _like(ours, theirs, rules):
            yield text
    if not whole and scale:
        yield from _rounding_hints(a, e, scale)
    worst = np.max(np.abs(a - e))
    if worst < 1e-4 * scale and not whole:
        yield f"almost: off by {worst / scale:.1g} (relative), more than is allowed."
    if single:
        yield "too large." if a > e else "too small."
    if wrong.all():
        yield f"none of the {wrong.size} entries is right."
    yield f"{_located(wrong, 'wrong')}, of {wrong.size}."


def _like(ours: Array, other: Array, rules: _Rules) -> bool:
    """Tell whether two arrays agree, to 1e-6 or to what the check itself allows."""
    if ours.shape != other.shape:
        return False
    rtol, atol = max(1e-6, rules.rtol or 0.0), max(1e-12 * _largest(other), rules.atol or 0.0)
    return np.allclose(ours, other, rtol=rtol, atol=atol, equal_nan=True)


def _factor_hints(a: Array, e: Array, rules: _Rules) -> Iterator[str]:
    """Name the factor between all numbers: 2, one half, n (a sum in place of a mean)."""
    factor = float(np.sum(a * e) / np.sum(e**2))  # least squares
    if abs(factor) < 1e-9 or not _like(a, factor * e, replace(rules, atol=None)):
        return
    size, too = (abs(factor), "too large") if abs(factor) > 1 else (1 / abs(factor), "too small")
    size = round(size) if abs(size - round(size)) < 1e-5 * size else size
    sign = "the sign is flipped, and " if factor < 0 else ""
    if size == 2 and too == "too large":
        yield f"{sign}2 times too large: is there a 2 too many, or a half missing?"
    elif size == 2:
        yield f"{sign}2 times too small: is a 2 missing, as from the derivative of a square?"
    elif size != 1 and size in (*rules.lengths, *e.shape, e.size):
        which = "sum in place of a mean" if too == "too large" else "mean in place of a sum"
        yield f"{sign}{too} by a factor that is a length of the data: a {which}?"
    elif size != 1 and (e.size > 1 or size in _PLAIN_FACTORS):
        why = "a share for per cent, or the reverse?" if size == 100 else "which constant is it?"
        yield f"{sign}{size:.4g} times {too}: {why}"


def _moved(a: Array, e: Array) -> Iterator[tuple[str, Array, Array]]:
    """Yield sentences, each with two arrays that agree where it is true: numbers out of place."""
    if e.size > 1:
        offset = np.mean(a - e)
        too = "large" if offset > 0 else "small"
        amount = f"every entry is too {too} by the same amount ({abs(offset):.4g})"
        yield f"{amount}: which constant is too much or missing?", a - offset, e
    yield "the sign is flipped: what should be subtracted from what?", a, -e
    for axis, length in enumerate(e.shape):
        if length > 2 and np.diff(e, axis=axis).any():
            for what, first, last in (("late", 0, -1), ("early", -1, 0)):
                text = f"your values come one step too {what} along axis {axis}: off by one?"
                yield text, np.delete(a, first, axis), np.delete(e, last, axis)
        yield f"the order is reversed along axis {axis}.", a, np.flip(e, axis)
    if e.ndim == 2:
        yield "rows and columns are swapped: transpose.", a, e.T
    if e.ndim == 1:
        yield "the values are right, but in another order.", np.sort(a), np.sort(e)


def _rules_of_chance(a: Array, e: Array) -> Iterator[tuple[str, Array, Array]]:
    """Yield as :func:`_moved` does, but rules that a single number may follow by chance."""
    if np.all(e >= 0):
        text = "this is the square root of what is asked: the RMSE in place of the MSE?"
        yield text, a, np.sqrt(e)
    text = "this is the square of what is asked: is a square root missing (MSE for RMSE)?"
    yield text, a, e**2
    if np.all((e >= 0) & (e <= 1)):
        text = "this is one minus what is asked: the other class, or error for accuracy?"
        yield text, a, 1 - e


def _rounding_hints(a: Array, e: Array, scale: float) -> Iterator[str]:
    """Tell what is expected, rounded to 2 to 6 digits (of the largest entry), ties either way."""
    for digits in range(2, 7):
        unit = 10.0 ** (math.floor(math.log10(scale)) + 1 - digits)
        is_rounded = np.abs(a / unit - np.round(a / unit)) < 1e-6
        if np.all(is_rounded & (np.abs(a - e) <= 0.500001 * unit)):
            yield f"right, but rounded to {digits} digits: keep all digits until the end."


def _truth_hints(values: Array, expected: Array, wrong: Array, rules: _Rules) -> Iterator[str]:
    """Yield how many truth values are wrong, which way, and which comparison to look at."""
    if not wrong.ndim:
        yield "it is not so: think again."
    if wrong.size > 1 and wrong.all():
        yield "True and False are swapped everywhere: is the comparison the wrong way round?"
    parts = [
        _located(wrong & (values == truth), f"{truth} that should not be")
        for truth in (True, False)
        if (wrong & (values == truth)).any()
    ]
    if 20 * wrong.sum() <= wrong.size:
        why = ": check < against <=, and compare floats with a small tolerance."
    else:
        why = ": check & against |, and < against <=." if len(parts) == 1 else "."
    yield ", ".join(parts) + why


# Shapes


def _shape_hint(ours: tuple[int, ...], theirs: tuple[int, ...]) -> str:
    if not theirs:
        way_out = "take item [0]." if math.prod(ours) == 1 else "is a mean or an index missing?"
        return f"an array of shape {ours} where a single number is expected: {way_out}"
    if not ours:
        return f"a single number where shape {theirs} is expected: is it a mean or sum over all?"
    text = f"your array has shape {ours}, expected {theirs}"
    if sorted(ours) == sorted(theirs):
        return f"{text}: transposed?"
    if [n for n in ours if n != 1] == [n for n in theirs if n != 1]:
        less, more = (
            "too many. Index it, as in [:, 0].",
            "missing. Add it, as with [:, np.newaxis].",
        )
        return f"{text}: an axis of length 1 is {less if len(ours) > len(theirs) else more}"
    if math.prod(ours) == math.prod(theirs):
        return f"{text}: as many entries, in another shape. Is a reshape missing?"
    return f"{text}."


def _missing_end(values: Array, expected: Array, rules: _Rules) -> str:
    """Tell whether only the first or the last entry along an axis is missing, or too many."""
    if values.ndim != expected.ndim:
        return ""
    difference = np.subtract(values.shape, expected.shape)
    if np.abs(difference).sum() != 1:
        return ""
    axis = int(np.argmax(np.abs(difference)))
    what = "missing" if difference[axis] < 0 else "too many"
    short, long = sorted((values, expected), key=np.size)
    for index, which in ((0, "first"), (-1, "last")):
        if short.size and not _wrong(short, np.delete(long, index, axis), rules).any():
            return f" The {which} along axis {axis} is {what}."
    return ""


# What a value is


def _is_unsolved(answer: Any) -> bool:
    """Tell whether the starter's ... stands where an answer should, alone or in a group."""
    if type(answer) in (tuple, list, dict):
        return any(part is ... for part in (answer.values() if type(answer) is dict else answer))
    return answer is None or answer is ...


def _numeric(value: Any) -> Array | None:
    """Return an array of numbers or truth values, or None if the value is something else."""
    array = _safely(lambda: np.asarray(value), None)  # fails for rows of different length
    if array is not None and array.dtype.kind == "O":
        real = array.size and all(isinstance(item, numbers.Real) for item in array.flat)
        array = array.astype(np.float64) if real else None
    return array if array is not None and array.dtype.kind in "biuf" else None


def _is_listing(value: Any) -> bool:
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return listed or (isinstance(value, np.ndarray) and value.ndim > 0)


def _largest(array: Array) -> float:
    size = np.abs(array.astype(np.float64))
    return float(np.max(size, where=np.isfinite(size), initial=0.0))


# Words


def _not_numbers(answer: Any, expected: Array) -> str:
    """Say what stands where numbers are expected."""
    kinds = sorted({_type_name(item) for item in answer}) if _is_listing(answer) else []
    if kinds in (["str"], ["str_"]):
        return "a list of text where numbers are expected: take away the quotes, or use float(...)."
    if kinds and set(kinds) <= {"list", "tuple", "array"}:
        return "the rows of your answer differ in length."
    if kinds:
        return f"your answer mixes numbers with something else ({', '.join(kinds[:4])})."
    return f"{_a(answer)} where {'an array' if expected.ndim else 'a number'} is expected."


def _sentence(name: str, hint: str) -> str:
    end = "" if hint.rstrip().endswith((".", "?", "!")) else "."
    return f"{name}. {hint[:1].upper()}{hint[1:]}{end}"


def _located(mask: Array, what: str) -> str:
    """Count the entries of a mask and say where the first stands."""
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
    number = int(mask.sum())
    are = "entry is" if number == 1 else "entries are"
    return f"{number} {are} {what} (first at index {index[0] if len(index) == 1 else index})"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _a(value: Any) -> str:
    """Name the kind of a value with its article, and how large it is."""
    kinds = {float: "a number", int: "a number", bool: "True or False", str: "text"}
    name = _type_name(value)
    text = kinds.get(type(value), f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")
    if shape := _safely(lambda: value.shape, ()):
        return f"{text} of shape {shape}"
    return f"{text} of {_count(len(value), 'item')}" if name == "list" else text


def _type_name(value: Any) -> str:
    return "array" if type(value) is np.ndarray else type(value).__name__


def _show(value: Any) -> str:
    text = _safely(lambda: repr(value), "something that cannot be shown")
    return text if len(text) <= 40 else text[:37] + "..."


def _one_line(error: BaseException) -> str:
    text = textwrap.shorten(_safely(lambda: str(error), ""), 160, placeholder="...")
    return f"{_type_name(error)}: {text}".rstrip(":. ")


def _safely(action: Callable[[], Any], otherwise: Any) -> Any:
    """Return what the action returns, or `otherwise` if it raises."""
    try:
        return action()
    except (Exception, SystemExit):
        return otherwise
