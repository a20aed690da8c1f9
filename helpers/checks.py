"""Self-checks for the exercises: a right answer is told so, a wrong one gets a hint.

A check prints one line and never raises, so that a notebook with unsolved exercises runs from top
to bottom. With the environment variable ``RNN_CHECKS=strict`` whatever is not right raises
:class:`ExerciseError` instead, with the same text.

A hint says what kind of slip the answer looks like; it never prints the expected value. Where it
comes from, in this order:

1. ``slips``, the usual slips of this exercise, which the lecture names;
2. the kind of the answer (text for a number, one value for two) and its shape;
3. ``DIAGNOSES``: what numbers look like (a factor, a sign, a step in time). To add one, write a
   function that takes a :class:`Pair` and returns a sentence or None, and put it into
   ``DIAGNOSES`` where it belongs: the first sentence found is shown.
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
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNSOLVED = "replace the ... in the cell above."
_MAX_DEPTH = 20  # of nested lists
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
    lengths: tuple[int, ...] = ()
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
    lengths: Iterable[int] = (),
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
    lengths : iterable of int
        Lengths involved (n, T), for the hint "a sum in place of a mean"; the axes of `expected`
        are known without it.
    slips : mapping of str to object, optional
        Usual slips: a hint, and the wrong value it belongs to, as in
        ``{"that is two days earlier, not one": value}``. The first that the answer equals, within
        the same tolerance, is the hint.

    Raises
    ------
    ExerciseError
        If the answer is not right and ``RNN_CHECKS`` is ``strict``.
    """
    if expected is not None and _is_unsolved(answer):
        _not_yet(UNSOLVED)
        return
    rules = _Rules(rtol, atol, tuple(lengths))
    hint = _hint(answer, expected, rules)
    if hint is None:
        _right(f"{name}.")
        return
    for slip, value in (slips or {}).items():
        if _agree(answer, value, rules):
            hint = slip
            break
    _not_yet(_sentence(name, hint))


def check_function(
    function: Any,
    reference: Callable[..., Any],
    inputs: Sequence[Any],
    name: str | None = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    slips: Mapping[str, Callable[..., Any]] | None = None,
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

    Raises
    ------
    ExerciseError
        If a result is not right and ``RNN_CHECKS`` is ``strict``.
    ValueError
        If `inputs` is empty.
    """
    name = name or _safely(lambda: str(function.__name__), "your function")
    cases = [case if isinstance(case, tuple) else (case,) for case in inputs]
    if not cases:
        raise ValueError("inputs is empty: give at least one tuple of arguments.")
    if function is None or function is ...:
        _not_yet(UNSOLVED)
        return
    if not callable(function):
        _not_yet(f"{name} is {_a(function)}, not a function: write it with def {name}(...).")
        return
    calls = []
    for case in cases:
        try:
            answer, expected = _call_both(function, reference, case)
        except _Mismatch as mismatch:
            _not_yet(_sentence(_call_text(name, case), str(mismatch)))
            return
        if _is_unsolved(answer) and not _is_unsolved(expected):
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
    elif reasons:
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
    try:
        value = slipping(*_copied(call.case))
    except (Exception, SystemExit):
        return False
    return _agree(call.answer, value, call.rules)


def _call_both(function: Any, reference: Callable[..., Any], case: tuple) -> tuple[Any, Any]:
    """Return what the function and the reference make of one input, or raise _Mismatch."""
    try:
        expected = reference(*_copied(case))
    except (Exception, SystemExit) as error:
        raise _Mismatch(
            f"the check itself stops with {_one_line(error)}: run all cells from the top, "
            "then this one."
        ) from None
    signature = _safely(lambda: inspect.signature(function), None)
    if signature is not None:
        try:
            signature.bind(*case)
        except TypeError:
            wanted = _count(len(case), "argument")
            raise _Mismatch(
                f"it is called with {wanted}, but yours is written as {signature}."
            ) from None
    try:
        answer = function(*_copied(case))
    except (Exception, SystemExit) as error:
        line = _failing_line(function, error)
        raise _Mismatch(f"your function stops{line} with {_one_line(error)}.") from None
    if answer is None and expected is not None:
        raise _Mismatch("your function returns None: is the return missing?")
    return answer, expected


def _call_text(name: str, case: tuple) -> str:
    """Write a call as a reader would: ``steps_until(0.25, 0.01)``; arrays by their shape."""
    return f"{name}({', '.join(_safely(lambda v=value: _argument(v), '...') for value in case)})"


def _argument(value: Any) -> str:
    shape = getattr(value, "shape", ())
    if shape:
        kind = "array" if isinstance(value, np.ndarray) else type(value).__name__
        return f"{kind} of shape {tuple(shape)}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    if len(text) <= 30:
        return text
    items = f" of {len(value)}" if isinstance(value, list | tuple | dict | set) else ""
    return type(value).__name__ + items


def _failing_line(function: Any, error: BaseException) -> str:
    """Return " in its line k" of the function's own text, or nothing if that cannot be told."""
    code = _safely(lambda: function.__code__, None)
    step, line = error.__traceback__, None
    while code is not None and step is not None:
        if step.tb_frame.f_code is code:
            line = step.tb_lineno - code.co_firstlineno + 1
        step = step.tb_next
    return f" in its line {line}" if line else ""


def _lengths_in(case: tuple) -> tuple[int, ...]:
    """Return the lengths of all axes of the arguments that are arrays or lists, and their sizes."""
    lengths: set[int] = set()
    for argument in case:
        shape = getattr(argument, "shape", None)
        if isinstance(argument, list | tuple):
            shape = (len(argument),)
        if isinstance(shape, tuple):
            lengths.update((*shape, math.prod(shape)))
    return tuple(sorted(lengths))


def _copied(case: tuple) -> tuple:
    return tuple(_safely(lambda part=part: copy.deepcopy(part), part) for part in case)


# Comparing: each function returns if the answer is right, else raises _Mismatch with a hint


def _hint(answer: Any, expected: Any, rules: _Rules) -> str | None:
    """Return None if the answer is right, else a hint. Never raises."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            _compare(answer, expected, rules, 0)
    except _Mismatch as mismatch:
        return str(mismatch)
    except (Exception, SystemExit) as error:
        return f"{_a(answer)} cannot be compared with what is expected ({_type_name(error)})."
    return None


def _agree(answer: Any, expected: Any, rules: _Rules) -> bool:
    return _hint(answer, expected, rules) is None


def _compare(answer: Any, expected: Any, rules: _Rules, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise _Mismatch("your answer holds itself, or is nested too deeply.")
    if expected is None or expected is ...:
        if answer is not expected:
            raise _Mismatch(f"{_a(answer)} where nothing (None) is expected.")
        return
    _refuse_unfinished(answer, expected)
    if isinstance(expected, str):
        _compare_text(answer, expected)
    elif isinstance(expected, Mapping):
        _compare_mapping(answer, expected, rules, depth)
    elif isinstance(expected, Set):
        _compare_set(answer, expected)
    elif isinstance(expected, pd.DataFrame | pd.Series) and type(answer) is type(expected):
        _compare_table(answer, expected, rules, depth)
    elif _are_results(expected):
        _compare_results(answer, expected, rules, depth)
    elif not _holds_arrays(expected) and (numeric := _numeric(expected)) is not None:
        _compare_numbers(answer, numeric, rules)
    elif _is_listing(expected):
        _compare_items(answer, _as_list(expected), rules, depth)
    elif isinstance(expected, pd.DataFrame):
        raise _Mismatch(f"{_a(answer)} where a DataFrame is expected.")
    elif answer is not expected and (getattr(answer, "shape", ()) or not bool(answer == expected)):
        raise _Mismatch(f"{_a(answer)} is not what is expected.")


def _refuse_unfinished(answer: Any, expected: Any) -> None:
    """Refuse what is a step before an answer: nothing, a function, an iterator."""
    if answer is None:
        raise _Mismatch("there is nothing here (None).")
    if answer is ...:
        raise _Mismatch("there is still a ... in your answer.")
    if isinstance(answer, Iterator):
        raise _Mismatch(f"{_a(answer)} has not run yet: put it into list(...).")
    is_function = inspect.isroutine(answer) or inspect.isclass(answer)
    if is_function and not callable(expected):
        called = _safely(lambda: str(answer.__name__), "it")
        raise _Mismatch(f"you gave the function {called} itself: call it, {called}(...).")


def _compare_part(where: str, answer: Any, expected: Any, rules: _Rules, depth: int) -> None:
    """Compare a part of an answer; its hint says where it stands."""
    try:
        _compare(answer, expected, rules, depth + 1)
    except _Mismatch as mismatch:
        raise _Mismatch(f"{where}: {mismatch}") from None


def _compare_results(answer: Any, expected: tuple, rules: _Rules, depth: int) -> None:
    """Compare a few results, as a function returns them: ``return loss, gradient``."""
    count = len(expected)
    if isinstance(answer, tuple) and len(answer) != count:
        raise _Mismatch(f"{rules.verb} {count} values: yours are {len(answer)}.")
    is_list = isinstance(answer, Sequence) and not isinstance(answer, str)
    listed = is_list and len(answer) == count
    if not listed and getattr(answer, "shape", None) != (count, *np.shape(expected[0])):
        if is_list:
            one = f"a list of {_count(len(answer), 'item')}"
        else:
            one = _a(answer) + (f" of shape {answer.shape}" if getattr(answer, "shape", ()) else "")
        raise _Mismatch(f"{rules.verb} {count} values, separated by a comma: yours is one, {one}.")
    if count == 2:
        first, second = answer
        right = _agree(first, expected[0], rules) and _agree(second, expected[1], rules)
        swapped = _agree(first, expected[1], rules) and _agree(second, expected[0], rules)
        if swapped and not right:
            raise _Mismatch("the two results are swapped.")
    for number, (item, value) in enumerate(zip(answer, expected, strict=True), start=1):
        _compare_part(f"result {number} of {count}", item, value, rules, depth)


def _compare_items(answer: Any, expected: list, rules: _Rules, depth: int) -> None:
    """Compare lists whose items are not plain numbers, one by one."""
    if not _is_listing(answer):
        raise _Mismatch(f"{_a(answer)} where {_count(len(expected), 'item')} are expected.")
    if len(answer) != len(expected):
        few = "few" if len(answer) < len(expected) else "many"
        raise _Mismatch(f"{_count(len(answer), 'item')}, expected {len(expected)}: too {few}.")
    items = _as_list(answer)
    texts = all(isinstance(item, str) for item in [*items, *expected])
    if texts and items != expected and sorted(items) == sorted(expected):
        turned = "reversed" if items == expected[::-1] else "another"
        raise _Mismatch(f"the right texts, but the order is {turned}.")
    for number, (item, value) in enumerate(zip(items, expected, strict=True)):
        _compare_part(f"item {number}", item, value, rules, depth)


def _compare_text(answer: Any, expected: str) -> None:
    if not isinstance(answer, str):
        raise _Mismatch(f"{_a(answer)} where text is expected: put it in quotes.")
    if answer == expected:
        return
    if answer.casefold() == expected.casefold():
        raise _Mismatch("mind upper and lower case.")
    ours, theirs = (
        "".join(letter for letter in text[:999].casefold() if letter.isalnum())
        for text in (answer, expected)
    )
    if ours == theirs and ours:
        raise _Mismatch("the letters are right; mind blanks, line ends and punctuation.")
    if difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() > 0.8:
        raise _Mismatch("almost: check the spelling.")
    raise _Mismatch("it is another text.")


def _compare_mapping(answer: Any, expected: Mapping, rules: _Rules, depth: int) -> None:
    if not isinstance(answer, Mapping):
        raise _Mismatch(f"{_a(answer)} where a dict is expected.")
    _compare_members("key", answer, expected)
    for key, value in expected.items():
        _compare_part(f"under key {_show(key)}", answer[key], value, rules, depth)


def _compare_set(answer: Any, expected: Set) -> None:
    if not isinstance(answer, Set):
        raise _Mismatch(f"{_a(answer)} where a set is expected: put it into set(...).")
    _compare_members("item", answer, expected)


def _compare_members(what: str, ours: Iterable, theirs: Iterable) -> None:
    """Name the reader's members that are too many, and count those that are missing."""
    extra = sorted(_show(member) for member in ours if member not in theirs)
    missing = sum(member not in ours for member in theirs)
    parts = [f"{_count(missing, what)} missing"] if missing else []
    if extra:
        shown = ", ".join(extra[:3]) + (", ..." if len(extra) > 3 else "")
        parts.append(f"{_count(len(extra), what)} too many ({shown})")
    if parts:
        raise _Mismatch(", ".join(parts) + ".")


def _compare_table(answer: Any, expected: Any, rules: _Rules, depth: int) -> None:
    """Compare two frames or two series: names of columns, values, labels of rows."""
    if isinstance(expected, pd.Series):
        _compare(answer.array, expected.array, rules, depth + 1)
    else:
        _compare_members("column", answer.columns, expected.columns)
        if list(answer.columns) != list(expected.columns):
            raise _Mismatch("the columns are in another order, or one stands there twice.")
        for name in expected.columns:
            ours, theirs = answer[name].array, expected[name].array
            _compare_part(f"column {_show(name)}", ours, theirs, rules, depth)
    if not answer.index.equals(expected.index):
        raise _Mismatch("the values are right, but the row labels (the index) are not.")


# Comparing numbers


def _compare_numbers(answer: Any, expected: NDArray[Any], rules: _Rules) -> None:
    if isinstance(answer, str):
        raise _Mismatch("text where a number is expected: take away the quotes.")
    shape = getattr(answer, "shape", None)
    if isinstance(answer, Sequence):
        shape = (len(answer), *expected.shape[1:])
    if isinstance(shape, tuple) and math.prod(shape) > 10 * expected.size + 1_000_000:
        raise _Mismatch(_shape_hint(shape, expected.shape))  # too large to convert
    values = _numeric(answer)
    if values is None:
        raise _Mismatch(_not_numbers(answer, expected))
    if values.size == 0 and expected.size > 0:
        raise _Mismatch("there is nothing here: your answer is empty.")
    if values.size and (values.dtype.kind == "b") != (expected.dtype.kind == "b"):
        if values.dtype.kind == "b":
            raise _Mismatch("your answer is True or False where numbers are expected.")
        raise _Mismatch("your answer is numbers where True or False is expected: compare.")
    if values.shape != expected.shape:
        end = _missing_end(values, expected, rules)
        raise _Mismatch(_shape_hint(values.shape, expected.shape) + end)
    wrong = _wrong(values, expected, rules)
    if wrong.any():
        raise _Mismatch(_diagnose(values, expected, wrong, rules))


def _wrong(values: NDArray[Any], expected: NDArray[Any], rules: _Rules) -> NDArray[np.bool_]:
    """Return the mask of entries that are not right. NaN is right where NaN is expected."""
    whole = expected.dtype.kind in "biu" and rules.exact
    if whole and values.dtype.kind in "biu":
        return np.asarray(values != expected)
    ours, theirs = values.astype(np.float64), expected.astype(np.float64)
    size = np.where(np.isfinite(theirs), np.abs(theirs), 0.0)
    if whole:  # 207.0 for 207, rounding noise included
        allowed = np.minimum(1e-9 * np.maximum(size, 1.0), 0.25)
    else:
        rtol = 1e-6 if rules.rtol is None else rules.rtol
        atol = 1e-12 * (_largest(theirs) or 1.0) if rules.atol is None else rules.atol
        allowed = rtol * size + atol
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    near = np.isfinite(ours) & np.isfinite(theirs) & (np.abs(ours - theirs) <= allowed)
    return np.asarray(~(same | near))


@dataclass(frozen=True)
class Pair:
    """An answer and the expected value as float arrays of one shape.

    Attributes
    ----------
    answer, expected : ndarray, any shape, the same for both
    wrong : ndarray of bool, same shape
        The entries that are not right.
    lengths : tuple of int
        Lengths that a sum or a mean may have run over.
    whole : bool
        The expected numbers are integers, and none but these is right.
    rtol, atol : float
        Differences, relative and absolute, that still count as agreement with a rule.
    """

    answer: NDArray[Any]
    expected: NDArray[Any]
    wrong: NDArray[np.bool_]
    lengths: tuple[int, ...] = ()
    whole: bool = False
    rtol: float = 1e-6
    atol: float = 0.0

    @property
    def scale(self) -> float:
        """Largest finite magnitude expected."""
        return _largest(self.expected)

    @property
    def single(self) -> bool:
        """One number, which is always some multiple of another."""
        return self.expected.size == 1

    @property
    def small_count(self) -> bool:
        """A single small integer, which follows many rules by chance."""
        smaller = min(_largest(self.answer), self.scale)
        return self.single and self.whole and smaller < 10

    def like(self, ours: NDArray[Any], other: NDArray[Any]) -> bool:
        """Tell whether two arrays agree, to 1e-6 or to what the check itself allows."""
        if ours.shape != other.shape or not ours.size:
            return False
        bound = self.rtol * np.abs(other) + max(self.atol, 1e-12 * _largest(other))
        return bool(np.all(np.abs(ours - other) <= bound))


def _diagnose(
    values: NDArray[Any], expected: NDArray[Any], wrong: NDArray[np.bool_], rules: _Rules
) -> str:
    """Return the first diagnosis that fits."""
    pair = Pair(
        answer=values.astype(np.float64),
        expected=expected.astype(np.float64),
        wrong=wrong,
        lengths=(*rules.lengths, *expected.shape, expected.size),
        whole=expected.dtype.kind in "iu" and rules.exact,
        rtol=max(1e-6, rules.rtol or 0.0),
        atol=rules.atol or 0.0,
    )
    for diagnose in BOOL_DIAGNOSES if expected.dtype.kind == "b" else DIAGNOSES:
        if diagnose in _BY_CHANCE and pair.single and not rules.by_chance:
            continue
        hint = _safely(lambda diagnose=diagnose: diagnose(pair), None)
        if hint:
            return hint
    return "the value is not right."


# Diagnoses: each takes a Pair that does not agree and returns a sentence, or None


def not_finite(pair: Pair) -> str | None:
    """NaN or infinite entries where numbers are expected, or the other way round."""
    finite = np.isfinite(pair.expected)
    for what, mask, why in (
        ("NaN", np.isnan(pair.answer), "a division 0 / 0, or a gap in the data?"),
        ("infinite", np.isinf(pair.answer), "a division by zero, an overflow, a step too large?"),
    ):
        bad = mask & finite
        if bad.any():
            return f"{_located(bad, what) if bad.ndim else f'your answer is {what}'}: {why}"
    if (~finite & np.isfinite(pair.answer)).any():
        return "your answer has numbers where none are expected (NaN or infinite)."
    return None


def not_whole(pair: Pair) -> str | None:
    """A fraction where a count is expected."""
    if not pair.whole or np.all(np.abs(pair.answer - np.round(pair.answer)) <= 1e-9):
        return None
    expected = "a whole number is" if pair.single else "whole numbers are"
    return f"{expected} expected here: do you round up, down or to the nearest?"


def all_zero(pair: Pair) -> str | None:
    """An array that was made and never filled."""
    if pair.answer.size > 1 and not pair.answer.any():
        return "every entry is 0: is the array made but never filled?"
    return None


def off_by_one_count(pair: Pair) -> str | None:
    """A count that is one too many or one too few."""
    if pair.single and pair.whole and np.abs(pair.answer - pair.expected).item() == 1:
        more = "one too many" if pair.answer > pair.expected else "one too few"
        return f"{more}: do you count from 0 or from 1, is it < or <=, is the last one in?"
    return None


def constant_factor(pair: Pair) -> str | None:
    """The same factor everywhere: 2, one half, n (a sum in place of a mean)."""
    if not pair.scale or pair.small_count:
        return None
    ours, theirs = pair.answer / pair.scale, pair.expected / pair.scale
    factor = float(np.sum(ours * theirs) / np.sum(theirs**2))  # least squares
    if abs(factor) < 1e-9 or not pair.like(pair.answer, factor * pair.expected):
        return None
    size, too = (abs(factor), "too large") if abs(factor) > 1 else (1 / abs(factor), "too small")
    near = round(size)
    if abs(size - near) < 1e-5 * size:
        size = near
    if size == 1:
        return None  # right, or a flipped sign
    sign = "the sign is flipped, and " if factor < 0 else ""
    if size == 2 and too == "too large":
        return f"{sign}2 times too large: is there a 2 too many, or a half missing?"
    if size == 2:
        return f"{sign}2 times too small: is a 2 missing, as from the derivative of a square?"
    if size in pair.lengths:
        which = "sum in place of a mean" if too == "too large" else "mean in place of a sum"
        return f"{sign}{too} by a factor that is a length of the data: a {which}?"
    if pair.single and size not in _PLAIN_FACTORS:
        return None
    why = "a share for per cent, or the reverse?" if size == 100 else "which constant is it?"
    return f"{sign}{size:.4g} times {too}: {why}"


def constant_offset(pair: Pair) -> str | None:
    """The same amount too much or too little everywhere."""
    if pair.single:
        return None
    offset = (pair.answer - pair.expected).mean()
    if not pair.like(pair.answer - offset, pair.expected):
        return None
    too = "large" if offset > 0 else "small"
    return (
        f"every entry is too {too} by the same amount ({abs(offset):.4g}): "
        "which constant is too much or missing?"
    )


def sign_flipped(pair: Pair) -> str | None:
    """Minus what is expected."""
    if pair.scale and pair.like(pair.answer, -pair.expected):
        return "the sign is flipped: what should be subtracted from what?"
    return None


def root_or_square(pair: Pair) -> str | None:
    """RMSE in place of MSE, or the other way round."""
    if pair.small_count:
        return None
    if np.all(pair.expected >= 0) and pair.like(pair.answer, np.sqrt(pair.expected)):
        return "this is the square root of what is asked: the RMSE in place of the MSE?"
    if pair.like(pair.answer, pair.expected**2):
        return "this is the square of what is asked: is a square root missing (MSE for RMSE)?"
    return None


def complement(pair: Pair) -> str | None:
    """One minus what is expected: an error rate in place of an accuracy."""
    inside = np.all((pair.expected >= 0) & (pair.expected <= 1))
    if inside and not pair.whole and pair.like(pair.answer, 1 - pair.expected):
        return "this is one minus what is asked: the other class, or error for accuracy?"
    return None


def shifted_in_time(pair: Pair) -> str | None:
    """One step early or late along an axis."""
    for axis, length in enumerate(pair.expected.shape):
        if length < 3 or not np.diff(pair.expected, axis=axis).any():
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


def few_digits(pair: Pair) -> str | None:
    """What is expected, rounded to 2 to 6 digits (of the largest entry), ties either way."""
    if pair.whole or not pair.scale:
        return None
    for digits in range(2, 7):
        unit = 10.0 ** (math.floor(math.log10(pair.scale)) + 1 - digits)
        is_rounded = np.abs(pair.answer / unit - np.round(pair.answer / unit)) < 1e-6
        is_near = np.abs(pair.answer - pair.expected) <= 0.500001 * unit
        if np.all(is_rounded & is_near):
            return f"right, but rounded to {digits} digits: keep all digits until the end."
    return None


def some_entries(pair: Pair) -> str | None:
    """How many entries are wrong, and where the first one stands."""
    difference = np.max(np.abs(pair.answer - pair.expected))
    if difference < 1e-4 * pair.scale and not pair.whole:
        relative = difference / pair.scale
        return f"almost: off by {relative:.1g} (relative), more than is allowed."
    if pair.single:
        return "too large." if np.all(pair.answer > pair.expected) else "too small."
    if pair.wrong.all():
        return f"none of the {pair.wrong.size} entries is right."
    return f"{_located(pair.wrong, 'wrong')}, of {pair.wrong.size}."


def all_inverted(pair: Pair) -> str | None:
    """True where False is expected, everywhere."""
    if pair.wrong.size > 1 and pair.wrong.all():
        return "True and False are swapped everywhere: is the comparison the wrong way round?"
    return None


def wrong_truths(pair: Pair) -> str | None:
    """How many truth values are wrong, which way, and which comparison to look at."""
    if not pair.wrong.ndim:
        return "it is not so: think again."
    too_many = pair.wrong & (pair.answer == 1)
    too_few = pair.wrong & (pair.answer == 0)
    parts = [
        _located(mask, f"{truth} that should not be")
        for mask, truth in ((too_many, True), (too_few, False))
        if mask.any()
    ]
    if 20 * pair.wrong.sum() <= pair.wrong.size:
        why = ": check < against <=, and compare floats with a small tolerance."
    elif len(parts) == 1:
        why = ": check & against |, and < against <=."
    else:
        why = "."
    return ", ".join(parts) + why


DIAGNOSES: tuple[Callable[[Pair], str | None], ...] = (
    not_finite,
    not_whole,
    all_zero,
    off_by_one_count,
    constant_factor,
    constant_offset,
    sign_flipped,
    shifted_in_time,
    reversed_order,
    root_or_square,
    complement,
    few_digits,
    some_entries,
)
BOOL_DIAGNOSES: tuple[Callable[[Pair], str | None], ...] = (all_inverted, wrong_truths)
_BY_CHANCE = (constant_factor, root_or_square, complement)


# Shapes


def _shape_hint(ours: tuple[int, ...], theirs: tuple[int, ...]) -> str:
    if not theirs:
        text = f"an array of shape {ours} where a single number is expected"
        if math.prod(ours) == 1:
            return f"{text}: take item [0]."
        return f"{text}: is a mean, a sum or an index missing?"
    if not ours:
        return f"a single number where shape {theirs} is expected: is it a mean or sum over all?"
    text = f"your array has shape {ours}, expected {theirs}"
    without_ones = [[n for n in shape if n != 1] for shape in (ours, theirs)]
    if ours == theirs[::-1]:
        return f"{text}: transposed?"
    if sorted(ours) == sorted(theirs):
        return f"{text}: the axes are in another order."
    if without_ones[0] == without_ones[1]:
        if len(ours) > len(theirs):
            return f"{text}: an axis of length 1 too many. Index it, as in [:, 0]."
        return f"{text}: an axis of length 1 is missing. Add it, as with [:, np.newaxis]."
    if math.prod(ours) == math.prod(theirs):
        return f"{text}: as many entries, in another shape. Is a reshape missing?"
    if len(ours) != len(theirs):
        more = "too many" if len(ours) > len(theirs) else "missing"
        return f"{text}: {_count(abs(len(ours) - len(theirs)), 'axis', 'axes')} {more}."
    return f"{text}."


def _missing_end(values: NDArray[Any], expected: NDArray[Any], rules: _Rules) -> str:
    """Tell whether only the first or the last entry along an axis is missing, or too many."""
    if values.ndim != expected.ndim:
        return ""
    difference = np.subtract(values.shape, expected.shape)
    if np.abs(difference).sum() != 1:
        return ""
    axis = int(np.argmax(np.abs(difference)))
    what = "missing" if difference[axis] < 0 else "too many"
    short, long = sorted((values, expected), key=np.size)
    short, long = np.moveaxis(short, axis, 0), np.moveaxis(long, axis, 0)
    for part, which in ((long[1:], "first"), (long[:-1], "last")):
        if short.size and not _wrong(short, part, rules).any():
            return f" The {which} along axis {axis} is {what}."
    return ""


# What a value is


def _is_unsolved(answer: Any, depth: int = 0) -> bool:
    """Tell whether the starter's ... stands where an answer should, alone or in a group."""
    if answer is None or answer is ...:
        return answer is ... or depth == 0
    if type(answer) not in (tuple, list, dict) or depth > 2 or len(answer) > 1000:
        return False
    parts = answer.values() if type(answer) is dict else answer
    return any(_is_unsolved(part, depth + 1) for part in parts)


def _numeric(value: Any) -> NDArray[Any] | None:
    """Return an array of numbers or truth values, or None if the value is something else."""
    if isinstance(value, str | bytes | Mapping | Set):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None  # rows of different length
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O" and array.size:  # whole numbers with gaps, fractions
        items = [math.nan if item is pd.NA else item for item in array.ravel().tolist()]
        if all(isinstance(item, bool | np.bool_) for item in items):
            return array.astype(bool)
        if all(isinstance(item, numbers.Real) and not isinstance(item, bool) for item in items):
            return np.array([float(item) for item in items]).reshape(array.shape)
    return None


def _is_listing(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    kinds = Sequence | pd.Series | pd.Index | pd.api.extensions.ExtensionArray
    return isinstance(value, kinds) and not isinstance(value, str)


def _as_list(value: Any) -> list:
    if isinstance(value, np.ndarray):
        return value.tolist() if value.ndim == 1 else list(value)
    return value.tolist() if isinstance(value, pd.Series | pd.Index) else list(value)


def _holds_arrays(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(getattr(item, "shape", ()) for item in value)


def _are_results(value: Any) -> bool:
    """Tell whether a value is a few results, as a function returns them."""
    return isinstance(value, tuple) and 2 <= len(value) <= _MAX_RESULTS


def _largest(array: NDArray[Any]) -> float:
    size = np.abs(array)
    return float(np.max(size, where=np.isfinite(size), initial=0.0))


# Words


def _not_numbers(answer: Any, expected: NDArray[Any]) -> str:
    """Say what stands where numbers are expected."""
    kinds = sorted({_type_name(item) for item in _as_list(answer)}) if _is_listing(answer) else []
    if kinds == ["str"]:
        return "a list of text where numbers are expected: take away the quotes, or use float(...)."
    if kinds and set(kinds) <= {"list", "tuple", "ndarray"}:
        return "the rows of your answer differ in length."
    if kinds:
        return f"your answer mixes numbers with something else ({', '.join(kinds[:4])})."
    what = "True or False" if expected.dtype.kind == "b" else "a number"
    return f"{_a(answer)} where {'an array' if expected.ndim else what} is expected."


def _sentence(name: str, hint: str) -> str:
    end = "" if hint.rstrip().endswith((".", "?", "!")) else "."
    return f"{name}. {hint[:1].upper()}{hint[1:]}{end}"


def _located(mask: NDArray[np.bool_], what: str) -> str:
    """Count the entries of a mask and say where the first stands."""
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
    number = int(mask.sum())
    are = "entry is" if number == 1 else "entries are"
    return f"{number} {are} {what} (first at index {index[0] if len(index) == 1 else index})"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _letter(text: str) -> str:
    return text.strip(" \t\n().:").casefold()


def _a(value: Any) -> str:
    """Name the kind of a value with its article."""
    kinds = {float: "a number", int: "a number", bool: "True or False", str: "text"}
    name = _type_name(value).replace("ndarray", "array")
    return kinds.get(type(value), f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")


def _type_name(value: Any) -> str:
    return _safely(lambda: str(type(value).__name__), "object")


def _show(value: Any) -> str:
    text = _safely(lambda: repr(value), "something that cannot be shown")
    return text if len(text) <= 40 else text[:37] + "..."


def _one_line(error: BaseException) -> str:
    text = " ".join(_safely(lambda: str(error), "").split())
    text = text if len(text) <= 160 else text[:157] + "..."
    return f"{_type_name(error)}: {text}".rstrip(". ") if text else _type_name(error)


def _safely(action: Callable[[], Any], otherwise: Any) -> Any:
    """Return what the action returns, or `otherwise` if it raises."""
    try:
        return action()
    except (Exception, SystemExit):
        return otherwise
