"""What the self-checks say: right is told right, wrong gets the hint that fits, nothing raises."""

from __future__ import annotations

import sys
import tracemalloc
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.checks import (
    DIAGNOSES,
    ExerciseError,
    check,
    check_choice,
    check_function,
    check_true,
)

NOTHING_THERE = "Not yet: replace the ... in the cell above."


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


@pytest.fixture
def table():
    """Numbers without symmetry, shape (6, 4): no hint fits by chance."""
    return np.random.default_rng(0).normal(size=(6, 4))


# Right answers


RIGHT = {
    "a number": (0.35, 0.35),
    "a NumPy number": (np.float64(0.35), 0.35),
    "a zero-dimensional array": (np.array(0.35), 0.35),
    "a single-precision number": (np.float32(0.35), 0.35),
    "a whole number": (207, 207),
    "a whole number as float": (207.0, 207),
    "a whole number after rounding noise": (0.1 * 3 * 10, 3),
    "a whole number beyond 64 bits": (10**30, 10**30),
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
    "NaN where NaN is expected": ([1.0, np.nan], [1.0, np.nan]),
    "infinity where infinity is expected": ([1.0, np.inf], [1.0, np.inf]),
    "zeros": (np.zeros(3), np.zeros(3)),
    "rounding noise around zero": ([1.0, 1e-17], [1.0, 0.0]),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "an empty list": ([], []),
    "a series": (pd.Series([1.0, 2.0], index=["a", "b"]), pd.Series([1.0, 2.0], index=["a", "b"])),
    "an array for a series": (np.array([1.0, 2.0]), pd.Series([1.0, 2.0], index=["a", "b"])),
    "a series with gaps": (pd.Series([1, None], dtype="Int64"), pd.Series([1, np.nan])),
    "a frame": (pd.DataFrame({"a": [1], "b": ["x"]}), pd.DataFrame({"a": [1], "b": ["x"]})),
    "a frame of dates": (
        pd.DataFrame({"day": pd.to_datetime(["2020-01-01", None])}),
        pd.DataFrame({"day": pd.to_datetime(["2020-01-01", None])}),
    ),
    "an array for a frame": (np.array([[1, 2]]), pd.DataFrame({"a": [1], "b": [2]})),
    "text": ("persistence", "persistence"),
    "a list of text": (["a", "b"], ["a", "b"]),
    "an array of text": (np.array(["a", "b"]), ["a", "b"]),
    "a set": ({1, 2}, {2, 1}),
    "a dict": ({"b": 2.0, "a": [1.0]}, {"a": [1.0], "b": 2.0}),
    "a tuple of arrays": ((np.ones(2), np.zeros((3, 2))), (np.ones(2), np.zeros((3, 2)))),
    "ragged lists": ([[1], [1, 2]], [[1], [1, 2]]),
    "None": (None, None),
}


@pytest.mark.parametrize(("answer", "expected"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_is_right(said, answer, expected):
    assert said(check, answer, expected, "the error") == "Right: the error."


def test_a_difference_within_the_default_tolerance_is_right(said):
    assert said(check, 0.35 * (1 + 5e-7), 0.35).startswith("Right")


def test_a_difference_beyond_the_default_tolerance_is_not(said):
    assert said(check, 0.35 * (1 + 2e-6), 0.35).startswith("Not yet")


def test_rtol_widens_what_is_right(said):
    assert said(check, 0.351, 0.35, rtol=0.01).startswith("Right")


def test_atol_widens_what_is_right(said):
    assert said(check, [1e-4, 1.0], [0.0, 1.0], atol=1e-3).startswith("Right")


def test_tiny_expected_numbers_are_not_lost_in_the_tolerance(said):
    assert said(check, [0.0, 1e-30], [1e-31, 1e-30]).startswith("Not yet")


@pytest.mark.parametrize("expected", [6_531_842, np.int64(6_531_842), np.array([6_531_842])])
def test_large_whole_numbers_must_agree_exactly(said, expected):
    assert said(check, expected + 1, expected).startswith("Not yet")


@pytest.mark.parametrize("expected", [6_531_842, np.array([6_531_842, 207])])
def test_a_float_must_agree_exactly_with_a_large_whole_number(said, expected):
    assert said(check, expected + 1.0, expected).startswith("Not yet")


# Nothing there


@pytest.mark.parametrize("answer", [..., None, (..., ...), [1.0, ...], {"a": ...}])
def test_an_unsolved_starter_is_told_to_replace_the_dots(said, answer):
    assert said(check, answer, 1.0, "the error") == NOTHING_THERE


@pytest.mark.parametrize("answer", [[], np.array([]), np.zeros((0, 2))])
def test_an_empty_answer_is_called_empty(said, answer):
    assert "nothing here" in said(check, answer, np.ones(3))


def test_an_array_never_filled_is_called_so(said, table):
    assert "never filled" in said(check, np.zeros_like(table), table)


# Wrong type


WRONG_TYPES = {
    "a number in quotes": ("0.35", 0.35, "take away the quotes"),
    "words for a number": ("about a third", 0.35, "text where a number"),
    "numbers in quotes": (["1", "2"], [1.0, 2.0], "take away the quotes"),
    "a mix": ([1.0, "2"], [1.0, 2.0], "mixes numbers with something else (float, str)"),
    "rows of different length": ([[1, 2], [3]], np.ones((2, 2)), "differ in length"),
    "a truth value for a number": (True, 1, "True or False where numbers"),
    "numbers for a mask": ([0, 1], [False, True], "numbers where True or False"),
    "a function not called": (np.mean, 0.35, "call it, mean(...)"),
    "a method not called": (np.ones(2).mean, 0.35, "call it, mean(...)"),
    "a type": (float, 0.35, "call it, float(...)"),
    "a generator": ((i for i in [1]), [1], "list(...)"),
    "a map": (map(str, [1]), ["1"], "list(...)"),
    "a number for text": (3, "three", "put it in quotes"),
    "bytes for text": (b"three", "three", "a bytes where text"),
    "a list for a set": ([1, 2], {1, 2}, "set(...)"),
    "a list for a dict": ([1, 2], {"a": 1}, "dict"),
    "a dict for an array": ({"a": 1}, np.ones(2), "a dict where an array"),
    "a set for an array": ({1.0, 2.0}, np.ones(2), "a set where an array"),
    "a number for a list of text": (3, ["a", "b"], "2 items"),
    "text for a list of text": ("ab", ["a", "b"], "2 items"),
    "an array for a frame of text": (
        np.array([["x"]]),
        pd.DataFrame({"a": ["x"]}),
        "where a DataFrame",
    ),
    "something for None": (3, None, "nothing (None)"),
    "an object": (object(), 3.0, "an object where a number"),
}


@pytest.mark.parametrize(
    ("answer", "expected", "hint"), WRONG_TYPES.values(), ids=WRONG_TYPES.keys()
)
def test_a_wrong_type_is_named(said, answer, expected, hint):
    line = said(check, answer, expected)
    assert line.startswith("Not yet: your answer. ")
    assert hint.casefold() in line.casefold()


# Wrong shape


SHAPES = {
    "transposed": ((100, 500), (500, 100), "transposed?"),
    "an extra axis": ((502, 1), (502,), "an axis of length 1 too many"),
    "a missing axis": ((502,), (502, 1), "an axis of length 1 is missing"),
    "a moved axis": ((1, 5), (5, 1), "transposed?"),
    "a moved inner axis": ((1, 5, 3), (5, 1, 3), "in another order"),
    "axes in another order": ((2, 3, 4), (3, 2, 4), "in another order"),
    "flattened": ((24,), (6, 4), "reshape"),
    "an axis too many": ((2, 3, 5), (2, 3), "1 axis too many"),
    "two axes missing": ((3,), (2, 3, 5), "2 axes missing"),
    "too few rows": ((3, 4), (6, 4), "shape (3, 4), expected (6, 4)"),
    "an array for a number": ((5,), (), "a mean, a sum or an index missing"),
    "a one-element array for a number": ((1,), (), "take item [0]"),
    "a number for an array": ((), (5,), "a single number where shape (5,)"),
}


@pytest.mark.parametrize(("ours", "theirs", "hint"), SHAPES.values(), ids=SHAPES.keys())
def test_a_wrong_shape_is_diagnosed(said, ours, theirs, hint):
    rng = np.random.default_rng(1)
    line = said(check, rng.normal(size=ours), rng.normal(size=theirs))
    assert hint.casefold() in line.casefold()


def test_both_shapes_are_named(said):
    line = said(check, np.ones((100, 500)), np.ones((500, 100)))
    assert "shape (100, 500), expected (500, 100)" in line


@pytest.mark.parametrize(
    ("cut", "hint"),
    [
        (lambda table: table[1:], "The first along axis 0 is missing."),
        (lambda table: table[:-1], "The last along axis 0 is missing."),
        (lambda table: table[:, 1:], "The first along axis 1 is missing."),
        (lambda table: np.vstack([table, table[:1]]), "The last along axis 0 is too many."),
        (lambda table: np.vstack([table[:1], table]), "The first along axis 0 is too many."),
    ],
)
def test_one_entry_too_few_or_too_many_is_found(said, table, cut, hint):
    assert hint in said(check, cut(table), table)


# Numbers


def test_nan_is_found_and_located(said, table):
    answer = table.copy()
    answer[2, 3] = np.nan
    line = said(check, answer, table)
    assert "1 entry is NaN" in line
    assert "first at index (2, 3)" in line


def test_infinity_is_found(said, table):
    answer = table.copy()
    answer[:2, 1] = -np.inf
    assert "2 entries are infinite" in said(check, answer, table)


def test_a_single_nan_is_found(said):
    assert "Your answer is NaN" in said(check, float("nan"), 0.35)


def test_a_number_where_nan_is_expected_is_found(said):
    assert "where none are expected" in said(check, [1.0, 2.0], [1.0, np.nan])


def test_a_flipped_sign_is_found(said, table):
    assert "sign is flipped:" in said(check, -table, table)
    assert "sign is flipped:" in said(check, -0.35, 0.35)


@pytest.mark.parametrize(
    ("factor", "hint"),
    [
        (2, "2 times too large: is there a 2 too many"),
        (1 / 2, "2 times too small: is a 2 missing"),
        (3, "3 times too large"),
        (1 / 7, "7 times too small"),
        (100, "100 times too large: a share for per cent"),
        (-2, "the sign is flipped, and 2 times too large"),
        (6, "too large by a factor that is a length of the data: a sum in place of a mean?"),
        (1 / 24, "too small by a factor that is a length of the data: a mean in place of a sum?"),
        (1.7, "1.7 times too large: which constant"),
    ],
)
def test_a_constant_factor_is_named(said, table, factor, hint):
    assert hint.casefold() in said(check, factor * table, table).casefold()


def test_a_constant_factor_of_numbers_near_underflow_is_named(said, table):
    assert "2 times too large" in said(check, 2e-200 * table, 1e-200 * table)


def test_a_plain_factor_of_a_single_number_is_named(said):
    assert "2 times too large" in said(check, 0.7, 0.35)


def test_a_length_that_the_lecture_names_is_recognised(said):
    assert "sum in place of a mean" in said(check, 502 * 0.35, 0.35, lengths=(502, 100))


def test_an_odd_factor_of_a_single_number_is_not_told(said):
    line = said(check, 0.35 * 1.7, 0.35)
    assert line == "Not yet: your answer. Too large."


def test_a_constant_offset_is_named(said, table):
    assert "too large by the same amount (0.5)" in said(check, table + 0.5, table)
    assert "too small by the same amount (0.25)" in said(check, table - 0.25, table)


@pytest.mark.parametrize(("count", "hint"), [(208, "One too many"), (206, "One too few")])
def test_a_count_off_by_one_is_found(said, count, hint):
    assert hint in said(check, count, 207)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(("step", "hint"), [(1, "late"), (-1, "early")])
def test_a_shift_by_one_step_is_found(said, table, axis, step, hint):
    line = said(check, np.roll(table, step, axis), table)
    assert f"one step too {hint} along axis {axis}" in line


@pytest.mark.parametrize("axis", [0, 1])
def test_a_reversed_order_is_found(said, table, axis):
    assert f"reversed along axis {axis}" in said(check, np.flip(table, axis), table)


def test_a_transposed_square_is_found(said, table):
    assert "transpose" in said(check, table[:4].T, table[:4])


def test_a_shuffled_order_is_found(said, table):
    column = table[:, 0]
    assert "another order" in said(check, column[[2, 0, 5, 1, 4, 3]], column)


def test_a_square_root_is_found(said, table):
    assert "square root of what is asked" in said(check, np.sqrt(0.35), 0.35)
    assert "square root of what is asked" in said(check, np.abs(table), table**2)


def test_a_square_is_found(said, table):
    assert "square of what is asked" in said(check, 0.35**2, 0.35)
    assert "square of what is asked" in said(check, table**2, np.abs(table))


def test_one_minus_the_answer_is_found(said):
    assert "one minus" in said(check, 1 - 0.813, 0.813)


@pytest.mark.parametrize(
    ("answer", "expected", "digits"),
    [
        (0.35, 0.3516210190443937, 2),
        (0.3516, 0.3516210190443937, 4),
        (0.351621, 0.3516214, 6),
        (-0.0333, -0.033289150367058463, 3),
        (1234, 1234.4, 4),
        (0.00012, 0.000123, 2),
        (0.12, 0.125, 2),  # ties: to even
        (0.13, 0.125, 2),  # ties: up
        (1.0, 0.9996, 2),
    ],
)
def test_the_right_number_rounded_is_found(said, answer, expected, digits):
    assert f"rounded to {digits} digits" in said(check, answer, expected)


def test_early_rounding_of_an_array_is_found(said, table):
    positive = np.abs(table) + 1
    assert "rounded to 4 digits" in said(check, positive.round(3), positive)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.36, 0.3516210190443937),  # two digits, but not those
        (0.4, 0.3516210190443937),  # a single digit says too little
        (0.3543, 0.3516210190443937),
        (0.029, 0.036),  # off by 0.007, and simply wrong
        (0.3516223, 0.3516210190443937),
        (0.1251, 0.125),
    ],
)
def test_another_number_is_not_called_rounded(said, answer, expected):
    assert "rounded" not in said(check, answer, expected)


def test_an_array_of_other_numbers_is_not_called_rounded(said, table):
    assert "rounded" not in said(check, (table * 1.01 + 0.003 * table**2).round(2), table)


def test_a_tiny_difference_is_told_as_such(said):
    line = said(check, 0.3516223, 0.3516210190443937)
    assert line == "Not yet: your answer. Almost: off by 4e-06 (relative), more than is allowed."


def test_wrong_entries_are_counted_and_located(said, table):
    answer = table.copy()
    answer[1, 2] += 1.0
    answer[4, 0] -= 3.0
    line = said(check, answer, table)
    assert "2 entries are wrong (first at index (1, 2)), of 24" in line


def test_an_array_wrong_all_over_is_called_so(said, table):
    other = np.random.default_rng(9).normal(size=table.shape)
    assert "None of the 24 entries is right" in said(check, other, table)


@pytest.mark.parametrize(("answer", "hint"), [(0.2, "Too small."), (0.41, "Too large.")])
def test_a_wrong_number_is_called_too_large_or_too_small(said, answer, hint):
    assert said(check, answer, 0.35) == f"Not yet: your answer. {hint}"


def test_small_integers_do_not_wrap_around_in_a_diagnosis(said):
    answer, expected = np.array([1, 2, 9], np.uint8), np.array([2, 4, 18], np.uint8)
    assert "2 times too small" in said(check, answer, expected)


# Masks


def test_a_mask_the_wrong_way_round_is_found(said, table):
    assert "swapped everywhere" in said(check, table <= 0, table > 0)


def test_one_true_too_many_points_to_the_comparison(said):
    end = np.arange(0, 300, 10)
    assert said(check, end <= 200, end < 200) == (
        "Not yet: your answer. 1 entry is True that should not be (first at index 20): "
        "check < against <=, and compare floats with a small tolerance."
    )


def test_a_few_true_too_few_are_counted_and_located(said):
    x = np.round(np.linspace(0, 1, 51), 3)
    line = said(check, (x > 0) & (x < 1), (x >= 0) & (x <= 1))
    assert "2 entries are False that should not be (first at index 0): check < against <=" in line


def test_many_false_for_true_point_to_and_against_or(said):
    x = np.random.default_rng(0).normal(size=60)
    line = said(check, (x < 0.5) & (x > -0.5), (x < 0.5) | (x > -0.5))
    assert "False that should not be" in line
    assert "check & against |" in line


def test_a_mask_wrong_both_ways_is_counted_both_ways(said):
    expected = np.array([True, False, False, True, False])
    line = said(check, [True, True, True, False, False], expected)
    assert "2 entries are True that should not be (first at index 1), " in line
    assert "1 entry is False that should not be (first at index 3)." in line


def test_a_mask_that_happens_to_be_the_shifted_one_is_not_called_shifted(said):
    day = np.arange(30)
    line = said(check, day <= 12, day < 12)
    assert "late" not in line and "reversed" not in line


# Text, lists, sets, dicts, frames


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("Weight Sharing", "upper and lower case"),
        ("weight sharing\n", "line ends"),
        ("weight  sharing", "blanks"),
        ("weight-sharing", "punctuation"),
        ("weight shraing", "spelling"),
        ("dropout", "another text"),
        ("  ", "another text"),
    ],
)
def test_a_wrong_text_gets_a_hint(said, answer, hint):
    assert hint in said(check, answer, "weight sharing")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (["love", "i", "stats"], "the order is another"),
        (["stats", "love", "i"], "the order is reversed"),
        (["i", "Love", "stats"], "Item 1: mind upper and lower case"),
        (["i", "love"], "2 items, expected 3: too few"),
        (["i", 3, "stats"], "Item 1: a number where text"),
    ],
)
def test_a_wrong_list_of_text_gets_a_hint(said, answer, hint):
    assert hint in said(check, answer, ["i", "love", "stats"])


def test_a_wrong_set_gets_counts_and_the_readers_own_items(said):
    line = said(check, {"a", "z"}, {"a", "b", "c"})
    assert "2 items missing, 1 item too many ('z')" in line


def test_wrong_keys_are_counted(said):
    assert "1 key missing, 1 key too many ('A')" in said(check, {"A": 1}, {"a": 1})


def test_a_wrong_value_in_a_dict_is_located(said):
    line = said(check, {"mean": 0.7, "last": 1.0}, {"mean": 0.35, "last": 1.0})
    assert "Under key 'mean': 2 times too large" in line


def test_a_wrong_one_of_two_results_is_named(said, table):
    assert "Result 2 of 2: the sign is flipped" in said(
        check, (table, -table[0]), (table, table[0])
    )


def test_a_wrong_item_in_nested_lists_is_located(said):
    assert "Item 1: your array has shape (1,)" in said(check, [[1], [2]], [[1], [2, 3]])


def test_wrong_labels_of_a_series_are_found(said):
    expected = pd.Series([1.0, 2.0], index=["a", "b"])
    assert "row labels" in said(check, pd.Series([1.0, 2.0]), expected)


def test_wrong_columns_of_a_frame_are_counted(said):
    expected = pd.DataFrame({"ticker": ["x"], "price": [1.0]})
    line = said(check, expected.rename(columns={"price": "Price"}), expected)
    assert "1 column missing, 1 column too many ('Price')" in line


def test_columns_of_a_frame_in_another_order_are_found(said):
    expected = pd.DataFrame({"a": [1.0], "b": [2.0]})
    assert "columns are in another order" in said(check, expected[["b", "a"]], expected)


def test_a_wrong_column_of_a_frame_is_located(said):
    expected = pd.DataFrame({"ticker": ["x", "y"], "price": [1.0, 2.5]})
    line = said(check, expected.assign(price=2 * expected["price"]), expected)
    assert "Column 'price': 2 times too large" in line


# Two results


def test_two_swapped_results_are_called_so(said):
    start = np.arange(0, 300, 10)
    end = start + 5

    def swapped(start, end, cut):
        return start >= cut, end < cut

    line = said(
        check_function, swapped, lambda s, e, cut: (e < cut, s >= cut), [(start, end, 150)], "split"
    )
    assert line.endswith("The two results are swapped.")


def test_two_swapped_numbers_are_called_so(said):
    assert said(check, (0.9, 0.2), (0.2, 0.9)).endswith("The two results are swapped.")


@pytest.mark.parametrize(
    ("answer", "one"),
    [
        (np.ones(30), "an array of shape (30,)"),
        (np.ones((30, 2)), "an array of shape (30, 2)"),
        (np.float64(3), "a float64"),
        (3, "a number"),
        ([1.0] * 30, "a list of 30 items"),
        ("no", "text"),
    ],
)
def test_one_value_for_two_is_told_to_return_two(said, answer, one):
    reference = (np.zeros(30), np.ones(30))
    line = said(check_function, lambda x: answer, lambda x: reference, [(1,)], "split")
    wanted = f"Return 2 values, separated by a comma: yours is one, {one}."
    assert line == f"Not yet: split(1). {wanted}"


def test_a_value_that_is_no_result_of_a_function_is_given_and_not_returned(said):
    assert "Give 2 values, separated by a comma" in said(check, 3.0, (1.0, 2.0))


def test_three_values_for_two_are_counted(said):
    assert "Give 2 values: yours are 3." in said(check, (1.0, 2.0, 3.0), (1.0, 2.0))


@pytest.mark.parametrize("form", [list, np.array])
def test_two_results_may_be_a_list_or_stand_in_one_array(said, form):
    results = (np.arange(3.0), np.ones(3))
    assert said(check, form(results), results).startswith("Right")


def test_the_part_of_a_result_that_is_wrong_is_located(said):
    results = (np.arange(30) < 12, np.arange(30) >= 12)
    line = said(check, (np.arange(30) <= 12, results[1]), results)
    assert "Result 1 of 2: 1 entry is True that should not be (first at index 12)" in line


# Usual slips


def test_a_usual_slip_is_the_hint(said):
    slips = {"that is three days": 0.03, "that is two days earlier, not one": 0.02}
    line = said(check, 0.02 * (1 + 1e-9), 0.01, "the error", slips=slips)
    assert line == "Not yet: the error. That is two days earlier, not one."


def test_the_first_of_two_equal_slips_is_the_hint(said):
    assert said(check, 2, 1, slips={"first.": 2, "second.": 2}).endswith(" First.")


def test_an_answer_that_is_no_usual_slip_is_diagnosed_as_ever(said):
    assert "2 times too large" in said(check, 0.7, 0.35, slips={"that is the variance": 0.5})


def test_a_slip_never_makes_a_right_answer_wrong(said):
    assert said(check, 0.35, 0.35, slips={"no": 0.35}).startswith("Right")


def test_a_slip_is_compared_with_the_tolerance_of_the_check(said):
    assert said(check, 0.5, 0.3, rtol=0.01, slips={"that is the mean": 0.501}).endswith("the mean.")


def test_a_slip_may_be_text_or_an_array(said):
    assert said(check, "lstm", "gru", slips={"older": "lstm"}).endswith(" Older.")
    assert said(check, [1, 2], [2, 3], slips={"from 1": np.array([1, 2])}).endswith(" From 1.")


def horizon_error(x, horizon):
    return np.mean((x[-1] - x[-1 - horizon]) ** 2)


def off_by_one_horizon_error(x, horizon):
    return horizon_error(x, horizon + 1)


PRICES = np.random.default_rng(3).normal(size=(40, 5))
SLIPS = {
    "never right": lambda x, horizon: 1 / 0,
    "that is one day too early": off_by_one_horizon_error,
    "that is the first column": lambda x, horizon: np.mean((x[-1] - x[0]) ** 2),
}


def test_a_usual_slip_of_a_function_is_the_hint(said):
    line = said(
        check_function, off_by_one_horizon_error, horizon_error, [(PRICES, 1), (PRICES, 3)],
        "error", slips=SLIPS,
    )  # fmt: skip
    assert line == "Not yet: error. That is one day too early."


def test_a_slip_must_be_made_in_every_call(said):
    def sometimes(x, horizon):
        return horizon_error(x, horizon if horizon > 1 else horizon + 1)

    line = said(
        check_function, sometimes, horizon_error, [(PRICES, 1), (PRICES, 3)], "error", slips=SLIPS
    )
    assert "day too early" not in line


def test_a_slip_that_changes_its_input_does_not_disturb(said):
    given = np.ones(3)

    def in_place(x):
        x += 1
        return x.sum()

    line = said(
        check_function, lambda x: x.sum() + 3, lambda x: x.sum(), [(given,)], "total",
        slips={"in place": in_place},
    )  # fmt: skip
    assert line.endswith("In place.")
    assert given.tolist() == [1.0, 1.0, 1.0]


# All calls together


def steps_until(factor, share):
    return next(k for k in range(10_000) if factor**k <= share)


STEPS = [(0.25, 0.01), (0.9, 0.01), (0.99, 0.01), (0.7, 0.3)]


def test_a_fraction_where_a_count_is_expected_is_told_so(said):
    line = said(
        check_function, lambda factor, share: np.log(share) / np.log(factor), steps_until, STEPS,
        "steps_until",
    )  # fmt: skip
    assert line.startswith("Not yet: steps_until(0.25, 0.01). A whole number is expected here")


def test_fractions_where_counts_are_expected_are_told_so(said):
    assert "Whole numbers are expected" in said(check, [1.5, 2.0], np.array([2, 3]))


def test_a_tolerance_makes_fractions_as_good_as_whole_numbers(said):
    assert "whole" not in said(check, 120.5, 100, rtol=0.1)


def test_a_factor_that_other_calls_do_not_show_is_not_named(said):
    line = said(
        check_function, lambda factor, share: int(np.ceil(np.log(factor) / np.log(share))),
        steps_until, STEPS, "steps_until",
    )  # fmt: skip
    assert line == "Not yet: steps_until(0.25, 0.01). Too small."


def test_a_factor_that_one_call_shows_while_the_others_are_right_is_not_named(said):
    line = said(check_function, lambda x: max(x, 2.0), lambda x: x, [(1.0,), (3.0,)], "same")
    assert line == "Not yet: same(1.0). Too large. (1 of 2 calls right.)"


def test_a_square_that_other_calls_do_not_show_is_not_named(said):
    line = said(check_function, lambda x: x + 0.2304 - 0.48, lambda x: x, [(0.48,), (2.5,)], "same")
    assert "square" not in line


@pytest.mark.parametrize(("answer", "expected"), [(1, 4), (2, 6), (3, 9), (16, 4)])
def test_a_small_count_is_no_multiple_and_no_square_of_another(said, answer, expected):
    size = "large" if answer > expected else "small"
    assert said(check, answer, expected) == f"Not yet: your answer. Too {size}."


def test_a_factor_of_a_larger_count_is_named(said):
    assert "4 times too small" in said(check, 120, 480)


def test_a_factor_that_all_calls_show_is_named(said):
    line = said(check_function, lambda x: 2 * x, lambda x: x, [(0.3,), (1.7,)], "same")
    assert "2 times too large" in line


def test_a_sum_for_a_mean_is_named_though_the_lengths_differ(said):
    lines = [np.random.default_rng(n).normal(size=n) for n in (30, 50)]
    assert "a sum in place of a mean" in said(check_function, np.sum, np.mean, lines, "average")


def test_a_count_that_is_one_too_small_in_all_calls_is_named(said):
    line = said(check_function, lambda f, s: steps_until(f, s) - 1, steps_until, STEPS, "steps")
    assert line.startswith("Not yet: steps(0.25, 0.01). One too few")


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
        ((np.array(0.5),), "f(array(0.5))"),
    ],
)
def test_a_call_is_named_by_its_arguments(said, case, text):
    line = said(check_function, lambda *given: 1.5, lambda *given: 3.7, [case], "f")
    assert line == f"Not yet: {text}. Too small."


def test_a_call_that_stops_is_named_by_its_arguments(said):
    line = said(check_function, lambda x: 1 / x, lambda x: x, [(1.0,), (0,)], "inverse")
    assert line.startswith("Not yet: inverse(0). Your function stops")


# Functions


def test_a_right_function_is_right_on_all_calls(said):
    line = said(check_function, lambda x: x**2, np.square, inputs=[(2.0,), (3.0,)], name="square")
    assert line == "Right: square (tried with 2 calls)."


def test_the_name_of_a_function_is_its_own_by_default(said):
    def error(y):
        return np.mean(y)

    assert said(check_function, error, np.mean, [(np.arange(3.0),)]).startswith("Right: error")


def test_an_input_that_is_no_tuple_is_one_argument(said):
    assert said(check_function, sum, sum, [[1, 2]], "total").startswith("Right: total")


def test_a_wrong_call_is_named_and_diagnosed(said):
    line = said(check_function, lambda x: abs(x), lambda x: x, [(1.0,), (-2.5,)], "same")
    assert line.startswith("Not yet: same(-2.5). The sign is flipped")
    assert line.endswith("(1 of 2 calls right.)")


def test_a_sum_for_a_mean_is_recognised_by_the_length_of_the_input(said):
    y = np.random.default_rng(0).normal(size=37)
    line = said(check_function, np.sum, np.mean, [(y,)], "average")
    assert "a sum in place of a mean" in line


@pytest.mark.parametrize("result", [..., (..., ...), [...]])
def test_a_function_that_returns_dots_is_unsolved(said, result):
    assert said(check_function, lambda x: result, lambda x: (x, x), [(1,)]) == NOTHING_THERE


@pytest.mark.parametrize("function", [..., None])
def test_no_function_is_unsolved(said, function):
    assert said(check_function, function, abs, [(1,)], "size") == NOTHING_THERE


def test_a_function_without_return_is_told_so(said):
    def forgets(x):
        x + 1

    assert "return" in said(check_function, forgets, lambda x: x + 1, [(1,)])


def test_a_value_in_place_of_a_function_is_told_so(said):
    assert "a number, not a function" in said(check_function, 3.0, abs, [(1,)], "size")


def test_an_exception_is_shown_in_one_line_with_its_place(said):
    def fails(x):
        halves = x / 2
        return halves / 0

    line = said(check_function, fails, lambda x: x, [(1,)])
    assert "stops in its line 3 with ZeroDivisionError: " in line


def test_an_exception_of_many_lines_is_cut_to_one(said):
    def fails(x):
        raise ValueError("first\nsecond " + "long " * 100)

    line = said(check_function, fails, lambda x: x, [(1,)])
    assert "ValueError: first second long" in line
    assert len(line) < 300


def test_a_function_that_quits_does_not_stop_the_notebook(said):
    assert "SystemExit" in said(check_function, lambda x: sys.exit(3), abs, [(1,)], "size")


def test_endless_recursion_does_not_stop_the_notebook(said):
    def forever(x):
        return forever(x)

    assert "RecursionError" in said(check_function, forever, abs, [(1,)])


def test_a_wrong_number_of_arguments_is_named(said):
    line = said(check_function, lambda x, w: x, abs, [(1,)], "size")
    assert "called with 1 argument, but yours is written as (x, w)" in line


def test_a_function_that_changes_its_input_does_not_disturb_the_reference(said):
    given = np.array([1.0, 2.0])

    def in_place(x):
        x *= 2
        return x

    assert said(check_function, in_place, lambda x: 2 * x, [(given,)]).startswith("Right")
    assert given.tolist() == [1.0, 2.0]


def test_a_reference_that_fails_is_not_blamed_on_the_reader(said):
    def broken(x):
        raise NameError("name 'scaled' is not defined")

    line = said(check_function, lambda x: x, broken, [(1,)], "size")
    assert "The check itself stops with NameError" in line
    assert "run all cells from the top" in line


def test_a_check_without_inputs_is_an_error_of_the_lecture():
    with pytest.raises(ValueError, match="inputs is empty"):
        check_function(abs, abs, [], "size")


# Conditions and choices


def test_a_condition_that_holds(said):
    line = said(check_true, np.True_, right="nothing leaks.", wrong="it leaks.", name="the split")
    assert line == "Right: the split: nothing leaks."


def test_a_condition_that_does_not_hold(said):
    assert said(check_true, 0, right="fine.", wrong="row 3 leaks.") == "Not yet: row 3 leaks."


def test_a_condition_that_is_unsolved(said):
    assert said(check_true, ..., right="fine.", wrong="no.") == NOTHING_THERE


def test_a_condition_that_is_neither(said):
    assert "neither true nor false" in said(check_true, np.array([True, False]))


REASONS = {"a": "that is the bias.", "b": "one weight serves all steps.", "c": "that is dropout."}


@pytest.mark.parametrize("answer", ["b", "B", " (b) ", "b)"])
def test_the_right_choice(said, answer):
    line = said(check_choice, answer, "b", REASONS)
    assert line == "Right: your choice (b): one weight serves all steps."


def test_a_wrong_choice_is_explained(said):
    line = said(check_choice, "c", "b", REASONS, name="question 2")
    assert line == "Not yet: question 2 (c): that is dropout."


def test_a_wrong_choice_without_explanations(said):
    assert said(check_choice, "c", "b") == "Not yet: your choice: it is not 'c'."


def test_a_letter_that_is_no_choice(said):
    assert "'x' is none of the choices: a, b, c" in said(check_choice, "x", "b", REASONS)


def test_a_choice_that_is_no_text(said):
    assert "one letter in quotes" in said(check_choice, 2, "b", REASONS)


def test_no_choice_yet(said):
    assert said(check_choice, ..., "b", REASONS) == NOTHING_THERE


# Strict mode


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: check(..., 1.0),
        lambda: check(2.0, 1.0),
        lambda: check_function(lambda x: x + 1, lambda x: x, [(1.0,)], "same"),
        lambda: check_true(False),
        lambda: check_choice("a", "b", REASONS),
    ],
)
def test_strict_raises_the_text_that_is_printed_otherwise(wrong, monkeypatch, capsys):
    wrong()
    printed = capsys.readouterr().out.rstrip("\n")
    monkeypatch.setenv("RNN_CHECKS", "strict")
    with pytest.raises(ExerciseError) as caught:
        wrong()
    assert str(caught.value) == printed
    assert isinstance(caught.value, AssertionError)


def test_strict_lets_a_right_answer_pass(said, monkeypatch):
    monkeypatch.setenv("RNN_CHECKS", "strict")
    assert said(check, 1.0, 1.0) == "Right: your answer."


def test_another_value_of_the_variable_is_not_strict(said, monkeypatch):
    monkeypatch.setenv("RNN_CHECKS", "0")
    assert said(check, 2.0, 1.0).startswith("Not yet")


# In general


def random_expected(rng):
    """Return a random expected value: a number or an array of some kind."""
    shape = tuple(rng.integers(1, 6, size=rng.integers(0, 4)))
    kind = rng.integers(0, 3)
    if kind == 0:
        return rng.normal(size=shape) * 10.0 ** rng.integers(-12, 12)
    if kind == 1:
        return rng.integers(-1000, 1000, size=shape)
    return rng.random(size=shape) < 0.5


@pytest.mark.parametrize("seed", range(200))
def test_no_right_answer_is_called_wrong(said, seed):
    rng = np.random.default_rng(seed)
    expected = np.asarray(random_expected(rng))
    forms = [expected.copy(), expected.tolist(), np.asarray(expected, order="F")]
    if expected.dtype.kind == "f":
        forms.append(expected * (1 + 1e-9 * rng.uniform(-1, 1, size=expected.shape)))
    if expected.ndim == 1:
        forms += [tuple(expected.tolist()), pd.Series(expected)]
    if expected.ndim == 2:
        forms.append(pd.DataFrame(expected))
    for form in forms:
        assert said(check, form, expected).startswith("Right")


@pytest.mark.parametrize("seed", range(300))
def test_no_wrong_answer_is_called_right(said, seed):
    rng = np.random.default_rng(seed)
    expected = np.asarray(random_expected(rng))
    answer = expected.copy()
    place = tuple(rng.integers(0, n) for n in expected.shape)
    if expected.dtype.kind == "b":
        answer[place] = not answer[place]
    elif expected.dtype.kind == "i":
        answer[place] += rng.choice([-1, 1])
    else:
        size = np.max(np.abs(expected))
        answer[place] += rng.choice([-1, 1]) * size * 10.0 ** rng.uniform(-5, 3)
    assert said(check, answer, expected).startswith("Not yet")


@pytest.mark.parametrize("seed", range(100))
def test_a_hint_never_shows_the_expected_number(said, seed):
    rng = np.random.default_rng(seed)
    expected = float(rng.normal() * 10)
    slips = (
        rng.normal() * 10, -expected, 2 * expected, expected + 1, expected**2, round(expected, 2),
        1.3 * expected,
    )  # fmt: skip
    for answer in slips:
        line = said(check, answer, expected, "it")
        shown = [f"{expected:.{digits}f}" for digits in (3, 4, 6)] + [repr(expected)]
        assert not any(text.lstrip("-") in line for text in shown)


def test_the_same_check_says_the_same_twice(said, table):
    wrong = {"x", "y", "z", "w", "v"}
    assert said(check, wrong, {"a"}) == said(check, set(sorted(wrong)), {"a"})


def test_every_diagnosis_is_reached_by_a_plain_slip(table):
    """A diagnosis that no slip reaches first would be dead code."""
    from helpers.checks import Pair

    positive = np.abs(table) + 1.0
    share = 1 / positive
    slips = {
        "not_finite": (np.where(table > 0, np.nan, table), table),
        "not_whole": (np.array(7.3), np.array(8.0)),
        "all_zero": (0 * table, table),
        "off_by_one_count": (np.array(8.0), np.array(7.0)),
        "constant_factor": (3 * table, table),
        "constant_offset": (table + 3, table),
        "sign_flipped": (-table, table),
        "shifted_in_time": (np.roll(table, 1, 0), table),
        "reversed_order": (table[::-1], table),
        "root_or_square": (positive**2, positive),
        "complement": (1 - share, share),
        "few_digits": (positive.round(2), positive),
        "some_entries": (table + (table > 1), table),
    }
    assert set(slips) == {diagnose.__name__ for diagnose in DIAGNOSES}
    for name, (answer, expected) in slips.items():
        whole = name in {"off_by_one_count", "not_whole"}
        pair = Pair(answer, expected, answer != expected, (6, 4, 24), whole)
        first = next(diagnose for diagnose in DIAGNOSES if diagnose(pair))
        assert first.__name__ == name


class ComparisonRaises:
    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class EverythingRaises:
    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError("eq")

    def __bool__(self):
        raise RuntimeError("bool")

    def __len__(self):
        raise RuntimeError("len")

    def __iter__(self):
        raise RuntimeError("iter")

    def __repr__(self):
        raise RuntimeError("repr")

    def __hash__(self):
        raise RuntimeError("hash")


class ArrayRaises:
    shape = (3,)

    def __array__(self, *arguments, **options):
        raise MemoryError("too large")


class EqualsEverything:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


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


def endless():
    while True:
        yield 1.0


HOSTILE = {
    "comparison raises": ComparisonRaises,
    "everything raises": EverythingRaises,
    "conversion raises": ArrayRaises,
    "equals everything": EqualsEverything,
    "quits when compared": QuitsWhenCompared,
    "a list that holds itself": holds_itself,
    "a list nested deeply": nested_deeply,
    "a list with a hostile item": lambda: [1.0, EverythingRaises(), 2.0],
    "a dict with a hostile value": lambda: {"a": EverythingRaises()},
    "an endless generator": endless,
    "a huge range": lambda: range(10**12),
    "an array of eight terabytes": lambda: np.broadcast_to(1.0, (10**6, 10**6)),
    "a recursive dict": lambda: (d := {}, d.update(a=d))[0],
    "a module": lambda: np,
    "a type": lambda: dict,
    "a lambda": lambda: lambda: 1,
    "a frame": lambda: pd.DataFrame({"a": [1, "x"]}),
    "a date": lambda: pd.Timestamp("2020-01-01"),
    "a structured array": lambda: np.zeros(3, dtype=[("a", int), ("b", float)]),
    "a masked array": lambda: np.ma.masked_all(3),
    "a very long integer": lambda: 10**400,
    "not implemented": lambda: NotImplemented,
}
EXPECTED = {
    "a number": 0.35,
    "a count": 207,
    "an array": np.array([1.0, 2.0, 4.0]),
    "a mask": np.array([True, False, True]),
    "text": "weight sharing",
    "a list of text": ["a", "b", "c"],
    "a set": {1, 2},
    "a dict": {"a": 1.0},
    "a tuple of arrays": (np.ones(2), np.ones(3)),
    "a frame": pd.DataFrame({"a": [1.0, 2.0]}),
    "a series": pd.Series([1.0, 2.0], index=["a", "b"]),
    "a date": pd.Timestamp("2021-01-01"),
}


# What says that it equals a date is taken at its word: dates are compared by == alone.
PAIRS = [
    pytest.param(make, expected, id=f"{hostile} for {asked}")
    for hostile, make in HOSTILE.items()
    for asked, expected in EXPECTED.items()
    if (hostile, asked) != ("equals everything", "a date")
]


@pytest.mark.parametrize(("make", "expected"), PAIRS)
def test_nothing_raises_and_nothing_hostile_is_right(said, make, expected):
    assert said(check, make(), expected).startswith("Not yet: ")


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_answers_raise_in_no_other_check(said, make):
    assert said(check_function, lambda x: make(), lambda x: 0.35, [(1,)]).startswith("Not yet: ")
    assert said(check_choice, make(), "b", REASONS).startswith("Not yet: ")
    assert said(check_true, make()).split(":")[0] in {"Right", "Not yet"}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_object_in_place_of_a_function_raises_nothing(said, make):
    thing = make()
    assert said(check_function, thing, lambda x: 0.35, [(1,)], "f").startswith("Not yet: ")


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED.keys())
def test_an_answer_far_too_large_takes_no_memory(said, expected):
    answer = np.broadcast_to(1.0, (10**6, 10**6))
    tracemalloc.start()
    try:
        said(check, answer, expected)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50e6


def test_a_range_far_too_large_is_not_converted(said):
    assert "has shape (1000000000000,), expected (3,)" in said(check, range(10**12), [1, 2, 4])


def test_a_large_array_is_diagnosed(said):
    expected = np.random.default_rng(0).normal(size=200_000)
    assert "2 times too large" in said(check, 2 * expected, expected)
