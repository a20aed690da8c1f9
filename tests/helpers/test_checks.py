"""What the self-checks say: right is told right, wrong gets the hint that fits, nothing raises."""

from __future__ import annotations

import functools
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.checks import ExerciseError, check, check_function

NOTHING_THERE = "Not yet: replace the ... in the cell above."
TABLE = np.random.default_rng(0).normal(size=(6, 4))  # without symmetry: no hint fits by chance
POSITIVE = np.abs(TABLE) + 1.0
OTHER = np.random.default_rng(9).normal(size=(6, 4))
DAYS = np.arange(0, 300, 10)
NAN, INF = np.nan, np.inf


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("RNN_CHECKS", raising=False)


@pytest.fixture
def said(capsys):
    """Call a check and return the line that it prints, without the line end."""

    def call(function, *arguments, **options):
        capsys.readouterr()
        assert function(*arguments, **options) is None
        captured = capsys.readouterr()
        assert captured.err == ""
        assert captured.out.endswith("\n")
        assert captured.out.count("\n") == 1, "a check prints exactly one line"
        return captured.out.rstrip("\n")

    return call


def changed(places, table=TABLE):
    """A copy of a table with some entries changed."""
    table = table.copy()
    for place, value in places.items():
        table[place] = value
    return table


# Right answers


RIGHT = {
    "a number": (0.35, 0.35),
    "a NumPy number": (np.float64(0.35), 0.35),
    "a zero-dimensional array": (np.array(0.35), 0.35),
    "a single-precision number": (np.float32(0.35), 0.35),
    "a number within the tolerance": (0.35 * (1 + 5e-7), 0.35),
    "a whole number": (207, 207),
    "a whole number as float": (207.0, 207),
    "a whole number after rounding noise": (0.1 * 3 * 10, 3),
    "a fraction": (Fraction(1, 4), 0.25),
    "a truth value": (True, True),
    "a NumPy truth value": (np.True_, True),
    "a list for an array": ([1.0, 2.0], np.array([1.0, 2.0])),
    "a tuple for a list": ((1.0, 2.0), [1.0, 2.0]),
    "a range for an array": (range(3), np.arange(3)),
    "nested lists": ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
    "integers of another width": (np.array([1, 2], np.uint8), np.array([1, 2], np.int64)),
    "floats for integers": (np.array([1.0, 2.0]), np.array([1, 2])),
    "an object array": (np.array([1, 2], dtype=object), np.array([1, 2])),
    "a mask": (np.array([True, False]), np.array([True, False])),
    "NaN where NaN is expected": ([1.0, NAN], [1.0, NAN]),
    "infinity where infinity is expected": ([1.0, INF], [1.0, INF]),
    "zeros": (np.zeros(3), np.zeros(3)),
    "rounding noise around zero": ([1.0, 1e-17], [1.0, 0.0]),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "an empty list": ([], []),
    "an array for a series": (np.array([1.0, 2.0]), pd.Series([1.0, 2.0], index=["a", "b"])),
    "a series for an array": (pd.Series([1.0, 2.0], index=["a", "b"]), np.array([1.0, 2.0])),
    "a frame for an array": (pd.DataFrame({"a": [1], "b": [2]}), np.array([[1, 2]])),
    "text": ("persistence", "persistence"),
    "an array of text": (np.array(["a", "b"]), ["a", "b"]),
    "a set": ({1, 2}, {2, 1}),
    "a dict": ({"b": 2.0, "a": [1.0]}, {"a": [1.0], "b": 2.0}),
    "two results": ((np.ones(2), np.zeros((3, 2))), (np.ones(2), np.zeros((3, 2)))),
    "two results in a list": ([np.arange(3.0), np.ones(3)], (np.arange(3.0), np.ones(3))),
    "two results in an array": (np.array([[0.0, 1], [1, 1]]), (np.arange(2.0), np.ones(2))),
    "a list of arrays": ([np.ones(2), np.ones(3)], [np.ones(2), np.ones(3)]),
    "ragged lists": ([[1], [1, 2]], [[1], [1, 2]]),
}


@pytest.mark.parametrize(("answer", "expected"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_is_right(said, answer, expected):
    assert said(check, answer, expected, "the error") == "Right: the error."


@pytest.mark.parametrize(
    ("answer", "expected", "options"),
    [(0.351, 0.35, {"rtol": 0.01}), ([1e-4, 1.0], [0.0, 1.0], {"atol": 1e-3})],
)
def test_a_tolerance_widens_what_is_right(said, answer, expected, options):
    assert said(check, answer, expected, **options).startswith("Right")
    assert said(check, answer, expected).startswith("Not yet")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.35 * (1 + 2e-6), 0.35),
        ([0.0, 1e-30], [1e-31, 1e-30]),  # tiny numbers are not lost in the tolerance
        (6_531_843, 6_531_842),  # whole numbers agree exactly
        (6_531_843, np.int64(6_531_842)),
        (np.array([6_531_843]), np.array([6_531_842])),
        (6_531_843.0, 6_531_842),
        (np.array([6_531_843.0, 207]), np.array([6_531_842, 207])),
    ],
)
def test_a_small_difference_is_not_right(said, answer, expected):
    assert said(check, answer, expected).startswith("Not yet")


@pytest.mark.parametrize("answer", [..., None, (..., ...), [1.0, ...], {"a": ...}])
def test_an_unsolved_starter_is_told_to_replace_the_dots(said, answer):
    assert said(check, answer, 1.0, "the error") == NOTHING_THERE


# Wrong answers, each with a part of its hint


KINDS = {
    "empty": ([], np.ones(3), "nothing here"),
    "a number in quotes": ("0.35", 0.35, "take away the quotes"),
    "numbers in quotes": (["1", "2"], [1.0, 2.0], "take away the quotes"),
    "an array of numbers in quotes": (np.array(["1", "2"]), [1.0, 2.0], "take away the quotes"),
    "a mix": (np.array([1.0, "2"], object), [1.0, 2.0], "something else (float, str)"),
    "rows of different length": ([[1, 2], [3]], np.ones((2, 2)), "differ in length"),
    "a truth value for a number": (True, 1, "True or False where numbers"),
    "numbers for a mask": ([0, 1], [False, True], "numbers where True or False"),
    "a function not called": (np.mean, 0.35, "call it, mean(...)"),
    "a method not called": (np.ones(2).mean, 0.35, "call it, mean(...)"),
    "a type": (float, 0.35, "call it, float(...)"),
    "a generator": ((i for i in [1]), [1], "list(...)"),
    "a map": (map(str, [1]), ["1"], "list(...)"),
    "a number for text": (3, "three", "a number where text is expected: put it in quotes"),
    "a list for a set": ([1, 2], {1, 2}, "set(...)"),
    "a list for a dict": ([1, 2], {"a": 1}, "a list of 2 items where a dict"),
    "a dict for an array": ({"a": 1}, np.ones(2), "a dict where an array"),
    "a number for a list of text": (3, ["a", "b"], "2 items"),
    "nothing in a part": ({"a": None}, {"a": 1.0}, "Under key 'a': there is nothing here"),
    "an object": (object(), 3.0, "an object where a number"),
    # shapes
    "transposed": (np.ones((100, 500)), np.ones((500, 100)), "(500, 100): transposed?"),
    "axes in another order": (np.ones((2, 3, 4)), np.ones((3, 2, 4)), "transposed?"),
    "an extra axis": (np.ones((502, 1)), np.ones(502), "an axis of length 1 is too many"),
    "a missing axis": (np.ones(502), np.ones((502, 1)), "an axis of length 1 is missing"),
    "flattened": (np.ones(24), np.ones((6, 4)), "reshape"),
    "too few rows": (np.ones((3, 4)), TABLE, "shape (3, 4), expected (6, 4)."),
    "an array for a number": (np.ones(5), 1.5, "is a mean or an index missing"),
    "a one-element array for a number": (np.ones(1), 1.5, "take item [0]"),
    "a number for an array": (1.5, np.ones(5), "a single number where shape (5,)"),
    "the first row missing": (TABLE[1:], TABLE, "The first along axis 0 is missing."),
    "the last row missing": (TABLE[:-1], TABLE, "The last along axis 0 is missing."),
    "the first column missing": (TABLE[:, 1:], TABLE, "The first along axis 1 is missing."),
    "a row too many": (np.vstack([TABLE, TABLE[:1]]), TABLE, "last along axis 0 is too many."),
    # text, lists, sets, dicts
    "upper case and blanks": ("Weight  Sharing\n", "weight sharing", "upper and lower case"),
    "another text": ("dropout", "weight sharing", "another text"),
    "one item is another": (["i", "hate"], ["i", "love"], "Item 1: it is another text"),
    "too few items": (["i", "love"], ["i", "love", "stats"], "2 items, expected 3: too few"),
    "a wrong set": ({"a", "z"}, {"a", "b", "c"}, "2 items missing, 1 item too many ('z')"),
    "wrong keys": ({"A": 1}, {"a": 1}, "1 key missing, 1 key too many ('A')"),
    "a wrong value in a dict": ({"a": 0.7}, {"a": 0.35}, "Under key 'a': 2 times too large"),
    "a wrong row": ([[1], [2]], [[1], [2, 3]], "Item 1: your array has shape (1,)"),
    "an array of wrong shape in a list": ([TABLE, TABLE.T], [TABLE, TABLE], "Item 1: your array"),
    # two results
    "two swapped results": ((DAYS > 9, DAYS < 5), (DAYS < 5, DAYS > 9), "results are swapped."),
    "two swapped numbers": ((0.9, 0.2), (0.2, 0.9), "The two results are swapped."),
    "one of two results": ((TABLE, -TABLE[0]), (TABLE, TABLE[0]), "Result 2 of 2: the sign is"),
    "three for two": ((1.0, 2.0, 3.0), (1.0, 2.0), "Give 2 values: yours are 3."),
    "one number for two": (3, (1.0, 2.0), "Give 2 values, separated by a comma: yours is one, a n"),
    "one array for two": (np.ones(30), (DAYS, DAYS), "yours is one, an array of shape (30,)."),
    "one list for two": ([1.0] * 30, (DAYS, DAYS), "yours is one, a list of 30 items."),
}
NUMBERS = {
    "a NaN": (changed({(2, 3): NAN}), TABLE, "1 entry is NaN (first at index (2, 3))"),
    "infinities": (changed({(0, 1): -INF, (1, 1): INF}), TABLE, "2 entries are infinite"),
    "a single NaN": (float("nan"), 0.35, "Your answer is NaN"),
    "a number for NaN": ([1.0, 2.0], [1.0, NAN], "where none are expected"),
    "a fraction for a count": (7.3, 8, "A whole number is expected here"),
    "fractions for counts": ([1.5, 2.0], np.array([2, 3]), "Whole numbers are expected"),
    "never filled": (np.zeros_like(TABLE), TABLE, "never filled"),
    "one too many": (208, 207, "One too many"),
    "one too few": (206, 207, "One too few"),
    "2 times": (2 * TABLE, TABLE, "2 times too large: is there a 2 too many"),
    "half": (TABLE / 2, TABLE, "2 times too small: is a 2 missing"),
    "3 times": (3 * TABLE, TABLE, "3 times too large"),
    "a seventh": (TABLE / 7, TABLE, "7 times too small"),
    "per cent": (100 * TABLE, TABLE, "100 times too large: a share for per cent"),
    "minus 2 times": (-2 * TABLE, TABLE, "The sign is flipped, and 2 times too large"),
    "a sum for a mean": (6 * TABLE, TABLE, "a length of the data: a sum in place of a mean?"),
    "a mean for a sum": (TABLE / 24, TABLE, "a length of the data: a mean in place of a sum?"),
    "an odd factor": (1.7 * TABLE, TABLE, "1.7 times too large: which constant"),
    "a factor near underflow": (2e-200 * TABLE, 1e-200 * TABLE, "2 times too large"),
    "a factor of small integers": (np.uint8([1, 2, 9]), np.uint8([2, 4, 18]), "2 times too small"),
    "a plain factor of one number": (0.7, 0.35, "2 times too large"),
    "an odd factor of one number": (0.35 * 1.7, 0.35, "answer. Too large."),
    "a factor of a larger count": (120, 480, "4 times too small"),
    "a small count is no multiple": (2, 6, "answer. Too small."),
    "a small count is no square": (16, 4, "answer. Too large."),
    "too much everywhere": (TABLE + 0.5, TABLE, "too large by the same amount (0.5)"),
    "too little everywhere": (TABLE - 0.25, TABLE, "too small by the same amount (0.25)"),
    "a flipped sign": (-TABLE, TABLE, "The sign is flipped:"),
    "a flipped sign of one number": (-0.35, 0.35, "The sign is flipped:"),
    "late": (np.roll(TABLE, 1, 0), TABLE, "one step too late along axis 0"),
    "late in a row": (np.roll(TABLE, 1, 1), TABLE, "one step too late along axis 1"),
    "early": (np.roll(TABLE, -1, 0), TABLE, "one step too early along axis 0"),
    "reversed": (TABLE[::-1], TABLE, "reversed along axis 0"),
    "reversed in a row": (TABLE[:, ::-1], TABLE, "reversed along axis 1"),
    "transposed square": (TABLE[:4].T, TABLE[:4], "transpose"),
    "shuffled": (TABLE[[2, 0, 5, 1, 4, 3], 0], TABLE[:, 0], "another order"),
    "a square root": (np.sqrt(0.35), 0.35, "square root of what is asked"),
    "square roots": (np.abs(TABLE), TABLE**2, "square root of what is asked"),
    "a square": (0.35**2, 0.35, "square of what is asked"),
    "squares": (POSITIVE**2, POSITIVE, "square of what is asked"),
    "one minus": (1 - 0.813, 0.813, "one minus"),
    "an array rounded": (POSITIVE.round(3), POSITIVE, "rounded to 4 digits"),
    "rounded to 2 digits": (0.35, 0.3516210190443937, "rounded to 2 digits"),
    "rounded to 6 digits": (0.351621, 0.3516214, "rounded to 6 digits"),
    "a negative number rounded": (-0.0333, -0.033289150367058463, "rounded to 3 digits"),
    "a large number rounded": (1234, 1234.4, "rounded to 4 digits"),
    "rounded to even": (0.12, 0.125, "rounded to 2 digits"),
    "rounded up": (0.13, 0.125, "rounded to 2 digits"),
    "rounded to the next power": (1.0, 0.9996, "rounded to 2 digits"),
    "two digits, but not those": (0.37, 0.3516210190443937, "answer. Too large."),
    "a single digit says too little": (0.4, 0.3516210190443937, "answer. Too large."),
    "off by 0.007": (0.029, 0.036, "answer. Too small."),
    "almost": (0.3516223, 0.3516210190443937, "Almost: off by 4e-06 (relative), more than is"),
    "some entries": (changed({(1, 2): 9, (4, 0): 3}), TABLE, "2 entries are wrong (first at "
                     "index (1, 2)), of 24"),
    "wrong all over": (OTHER, TABLE, "None of the 24 entries is right"),
    "not so": (False, True, "think again"),
    "a mask the wrong way round": (TABLE <= 0, TABLE > 0, "swapped everywhere"),
    "one True too many": (DAYS <= 200, DAYS < 200, "1 entry is True that should not be (first at "
                          "index 20): check < against <=, and compare floats with"),
    "few True too few": ((DAYS > 0) & (DAYS < 290), DAYS >= 0, "2 entries are False that should "
                         "not be (first at index 0): check & against |, and < against <="),
    "wrong both ways": ([True, True, False], [True, False, True], "1 entry is True that should "
                        "not be (first at index 1), 1 entry is False that should not be (first"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "expected", "hint"),
    [*KINDS.values(), *NUMBERS.values()],
    ids=[*KINDS, *NUMBERS],
)
def test_a_wrong_answer_gets_the_hint_that_fits(said, answer, expected, hint):
    line = said(check, answer, expected)
    assert line.startswith("Not yet: your answer. ")
    assert hint.casefold() in line.casefold()


def test_a_tolerance_makes_fractions_as_good_as_whole_numbers(said):
    assert "whole" not in said(check, 120.5, 100, rtol=0.1)


# Usual slips


SLIPS = {
    "the hint is the slip": (0.02 * (1 + 1e-9), 0.01, {"no": 0.03, "two days": 0.02}, "Two days."),
    "the first of two equal ones": (2, 1, {"first.": 2, "second.": 2}, "First."),
    "none of them": (0.7, 0.35, {"no": 0.5}, "a half missing?"),
    "text": ("lstm", "gru", {"older": "lstm"}, "Older."),
    "an array": ([1, 2], [2, 3], {"from 1": np.array([1, 2])}, "From 1."),
}


@pytest.mark.parametrize(("answer", "expected", "slips", "end"), SLIPS.values(), ids=SLIPS.keys())
def test_a_usual_slip_is_the_hint(said, answer, expected, slips, end):
    line = said(check, answer, expected, "the error", slips=slips)
    assert line.startswith("Not yet: the error. ") and line.endswith(end)


def test_a_slip_is_compared_with_the_tolerance_of_the_check(said):
    assert said(check, 0.5, 0.3, rtol=0.01, slips={"the mean": 0.501}).endswith("The mean.")


def test_a_slip_never_makes_a_right_answer_wrong(said):
    assert said(check, 0.35, 0.35, slips={"no": 0.35}).startswith("Right")


# Functions


def steps_until(factor, share):
    return next(k for k in range(10_000) if factor**k <= share)


def horizon_error(x, horizon):
    return np.mean((x[-1] - x[-1 - horizon]) ** 2)


def day_before(x, horizon):
    return horizon_error(x, horizon + 1)


def forgets_to_return(x):
    x + 1


def fails(x):
    halves = x / 2
    return halves / 0


@functools.wraps(fails)
def wrapped(x):
    return fails(x)


def fails_at_length(x):
    raise ValueError("first\nsecond " + "long " * 100)


def forever(x):
    return forever(x)


def doubled_in_place(x):
    x *= 2
    return x


def needs_a_cell_above(x):
    raise NameError("name 'scaled' is not defined")


STEPS = [(0.25, 0.01), (0.9, 0.01), (0.99, 0.01), (0.7, 0.3)]
PRICES = [(TABLE[:, :3], 1), (TABLE, 3)]
LINES = [np.random.default_rng(n).normal(size=n) for n in (30, 50)]
HORIZON_SLIPS = {
    "never right": lambda x, horizon: 1 / 0,
    "that is one day too early": day_before,
    "that is the first column": lambda x, horizon: np.mean((x[-1] - x[0]) ** 2),
}
FUNCTIONS = {
    "right": (lambda x: x**2, np.square, [2.0, 3.0], {}, "Right: f (tried with 2 calls)."),
    "an input that is no tuple": (sum, sum, [[1, 2]], {}, "Right: f (tried with 1 call)."),
    "dots": (lambda x: ..., np.square, [2.0], {}, NOTHING_THERE),
    "dots for two": (lambda x: (..., ...), lambda x: (x, x), [2.0], {}, NOTHING_THERE),
    "no function": (..., abs, [1], {}, NOTHING_THERE),
    "None for a function": (None, abs, [1], {}, NOTHING_THERE),
    "a value for a function": (3.0, abs, [1], {}, "f is a number, not a function: write it with"),
    "no return": (forgets_to_return, abs, [1], {}, "f(1). Your function returns None: is the ret"),
    "an exception": (fails, abs, [1], {}, "stops in its line 3 with ZeroDivisionError: "),
    "an exception under a wrapper": (wrapped, abs, [1], {}, "stops in its line 3 with Zero"),
    "a long exception": (fails_at_length, abs, [1], {}, "ValueError: first second long"),
    "the call that stops": (lambda x: 1 / x, lambda x: 1.0, [1.0, 0], {}, "f(0). Your function st"),
    "it quits": (lambda x: sys.exit(3), abs, [1], {}, "SystemExit"),
    "endless recursion": (forever, abs, [1], {}, "RecursionError"),
    "arguments": (lambda x, w: x, abs, [1], {}, "called with 1 argument, but yours is written as "
                  "(x, w)"),
    "a reference that fails": (abs, needs_a_cell_above, [1], {}, "The check itself stops with Name"
                               "Error: name 'scaled' is not defined: run all cells from the top"),
    "a wrong call": (abs, lambda x: x, [1.0, -2.5], {}, "f(-2.5). The sign is flipped: what should "
                     "be subtracted from what? (1 of 2 calls right.)"),
    "one for two": (lambda x: DAYS, lambda x: (DAYS, DAYS), [1], {}, "f(1). Return 2 values, sepa"),
    "a fraction": (lambda f, s: np.log(s) / np.log(f), steps_until, STEPS, {}, "A whole number is"),
    "a sum over each length": (np.sum, np.mean, LINES, {}, "a sum in place of a mean"),
    "a factor in all calls": (lambda x: 2 * x, abs, [0.3, 1.7], {}, "2 times too large"),
    "a factor in one call": (lambda x: max(x, 2.0), lambda x: x, [1.0, 3.0], {}, "f(1.0). Too "
                             "large. (1 of 2 calls right.)"),
    "a factor by chance": (lambda f, s: int(np.ceil(np.log(f) / np.log(s))), steps_until, STEPS,
                           {}, "f(0.25, 0.01). Too small."),
    "a square by chance": (lambda x: x - 0.2496, lambda x: x, [0.48, 2.5], {}, "Too small."),
    "one too few": (lambda f, s: steps_until(f, s) - 1, steps_until, STEPS, {}, "One too few"),
    "a slip": (day_before, horizon_error, PRICES, {"slips": HORIZON_SLIPS}, "f. That is one day"),
    "a slip in one call": (lambda x, h: horizon_error(x, h if h > 1 else 2), horizon_error, PRICES,
                           {"slips": HORIZON_SLIPS}, "f(array of shape (6, 3), 1). Too"),
    "a slip in place": (lambda x: 3 * x, lambda x: x, [np.ones(3)], {"slips": {
                        "in place": lambda x: doubled_in_place(x) + 1}}, "f. In place."),
    "in place, where allowed": (doubled_in_place, lambda x: 2 * x, [np.ones(3)], {}, "Right: f"),
    "in place, where not": (doubled_in_place, lambda x: 2 * x, [np.ones(3)], {"keeps_inputs": True},
                            "f(array of shape (3,)). Your function changes what it is given: work"),
    "a copy, where asked": (lambda x: 2 * x, lambda x: 2 * x, [np.ones(3)], {"keeps_inputs": True},
                            "Right: f"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("function", "reference", "inputs", "options", "text"),
    FUNCTIONS.values(),
    ids=FUNCTIONS.keys(),
)
def test_a_function_is_told_what_it_does(said, function, reference, inputs, options, text):
    line = said(check_function, function, reference, inputs, "f", **options)
    assert text in line
    assert line.startswith(("Not yet: ", text)) and len(line) < 300


def test_the_inputs_of_a_check_stay_as_they_are(said):
    given = np.array([1.0, 2.0])
    said(check_function, doubled_in_place, lambda x: 2 * x, [given])
    assert given.tolist() == [1.0, 2.0]


def test_the_name_of_a_function_is_its_own_by_default(said):
    assert said(check_function, day_before, day_before, PRICES).startswith("Right: day_before")


def test_a_check_without_inputs_is_an_error_of_the_lecture():
    with pytest.raises(ValueError, match="inputs is empty"):
        check_function(abs, abs, [], "size")


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ((0.25, 0.01), "f(0.25, 0.01)"),
        ((np.float64(0.25), np.int64(3)), "f(0.25, 3)"),
        (("lstm", True, None), "f('lstm', True, None)"),
        (([1, 2],), "f([1, 2])"),
        ((list(range(100)),), "f(list of 100)"),
        ((np.ones((20, 3)), 1), "f(array of shape (20, 3), 1)"),
        ((pd.DataFrame({"a": [1, 2]}),), "f(DataFrame of shape (2, 1))"),
        (("long " * 50,), "f(str)"),
    ],
)
def test_a_call_is_named_by_its_arguments(said, case, text):
    line = said(check_function, lambda *given: 1.5, lambda *given: 3.7, [case], "f")
    assert line == f"Not yet: {text}. Too small."


# Strict mode


WRONG = [
    (check, ..., 1.0),
    (check, 2.0, 1.0),
    (check_function, lambda x: x + 1, lambda x: x, [1.0], "same"),
]


@pytest.mark.parametrize("call", WRONG)
def test_strict_raises_the_text_that_is_printed_otherwise(said, call, monkeypatch):
    monkeypatch.setenv("RNN_CHECKS", "0")
    printed = said(*call)
    monkeypatch.setenv("RNN_CHECKS", "strict")
    with pytest.raises(ExerciseError) as caught:
        call[0](*call[1:])
    assert str(caught.value) == printed
    assert isinstance(caught.value, AssertionError)


def test_strict_lets_a_right_answer_pass(said, monkeypatch):
    monkeypatch.setenv("RNN_CHECKS", "strict")
    assert said(check, 1.0, 1.0) == "Right: your answer."


# In general


def random_expected(rng):
    """Return a random expected value: a number or an array of some kind."""
    shape = tuple(rng.integers(1, 6, size=rng.integers(0, 4)))
    kind = rng.integers(0, 3)
    if kind == 0:
        return np.asarray(rng.normal(size=shape) * 10.0 ** rng.integers(-12, 12))
    return np.asarray(
        rng.integers(-1000, 1000, size=shape) if kind == 1 else rng.random(shape) < 0.5
    )


def test_no_right_answer_is_called_wrong(said):
    for seed in range(200):
        rng = np.random.default_rng(seed)
        expected = random_expected(rng)
        forms = [expected.copy(), expected.tolist(), np.asarray(expected, order="F")]
        if expected.dtype.kind == "f":
            forms.append(expected * (1 + 1e-9 * rng.uniform(-1, 1, size=expected.shape)))
        if expected.ndim == 1:
            forms += [tuple(expected.tolist()), pd.Series(expected)]
        for form in forms:
            assert said(check, form, expected).startswith("Right"), seed


def test_no_wrong_answer_is_called_right(said):
    for seed in range(300):
        rng = np.random.default_rng(seed)
        expected = random_expected(rng)
        answer = expected.copy()
        place = tuple(rng.integers(0, n) for n in expected.shape)
        if expected.dtype.kind == "b":
            answer[place] = not answer[place]
        elif expected.dtype.kind == "i":
            answer[place] += rng.choice([-1, 1])
        else:
            size = np.max(np.abs(expected))
            answer[place] += rng.choice([-1, 1]) * size * 10.0 ** rng.uniform(-5, 3)
        assert said(check, answer, expected).startswith("Not yet"), seed


def test_a_hint_never_shows_the_expected_number(said):
    for seed in range(100):
        rng = np.random.default_rng(seed)
        expected = float(rng.normal() * 10)
        slips = (
            rng.normal() * 10, -expected, 2 * expected, expected + 1, expected**2,
            round(expected, 2), 1.3 * expected,
        )  # fmt: skip
        shown = [f"{expected:.{digits}f}" for digits in (3, 4, 6)] + [repr(expected)]
        for answer in slips:
            line = said(check, answer, expected, "it")
            assert not any(text.lstrip("-") in line for text in shown)


class ComparisonRaises:
    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class EverythingRaises:
    def __getattribute__(self, name):
        raise RuntimeError(name)

    __eq__ = __bool__ = __len__ = __iter__ = __repr__ = __hash__ = __getattribute__


class ArrayRaises:
    shape = (3,)

    def __array__(self, *arguments, **options):
        raise MemoryError("too large")


class QuitsWhenCompared:
    def __eq__(self, other):
        sys.exit(1)

    __hash__ = object.__hash__


def holds_itself():
    loop = [1.0]
    loop.append(loop)
    return loop


def nested_deeply():
    nested = [1.0]
    for _ in range(5000):
        nested = [nested]
    return nested


HOSTILE = {
    "comparison raises": ComparisonRaises,
    "everything raises": EverythingRaises,
    "conversion raises": ArrayRaises,
    "quits when compared": QuitsWhenCompared,
    "a list that holds itself": holds_itself,
    "a list nested deeply": nested_deeply,
    "a list with a hostile item": lambda: [1.0, EverythingRaises(), 2.0],
    "a dict with a hostile value": lambda: {"a": EverythingRaises()},
    "an endless generator": lambda: iter(int, 1),
    "an array of eight terabytes": lambda: np.broadcast_to(1.0, (10**6, 10**6)),
    "a recursive dict": lambda: (d := {}, d.update(a=d))[0],
    "a module": lambda: np,
    "a lambda": lambda: lambda: 1,
    "a frame": lambda: pd.DataFrame({"a": [1, "x"]}),
    "a date": lambda: pd.Timestamp("2020-01-01"),
    "a structured array": lambda: np.zeros(3, dtype=[("a", int), ("b", float)]),
    "a very long integer": lambda: 10**400,
    "not implemented": lambda: NotImplemented,
}
EXPECTED = [
    0.35, 207, np.array([1.0, 2.0, 4.0]), np.array([True, False, True]), "weight sharing",
    ["a", "b", "c"], {1, 2}, {"a": 1.0}, (np.ones(2), np.ones(3)), pd.Series([1.0, 2.0]),
    pd.Timestamp("2021-01-01"),
]  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_raises_and_nothing_hostile_is_right(said, make):
    for expected in EXPECTED:
        assert said(check, make(), expected).startswith("Not yet: ")
        line = said(check_function, lambda x: make(), lambda x, to=expected: to, [1])
        assert line.startswith("Not yet: ")
