"""Files from outside: each form read, each fault told with file, line, value and way out."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from helpers.data import CourseDataError, load_question_pairs, load_reviews, load_shoes, load_stocks
from helpers.data.question_pairs import CLASS_FILE as CLASS_PAIRS
from helpers.data.reviews import unescape
from helpers.data.shoes import DATAFINITI_FILES, read_datafiniti
from helpers.data.stocks import CLASS_FILE
from helpers.data.tables import ROWS_PER_PART
from tests.helpers.data.support import (
    FORMS,
    PAIRS,
    ROOT,
    SMALL,
    TEST,
    TSV,
    YELP_FOLDER,
    Form,
    class_table,
    put,
    quoted,
)

DAY_COLUMNS = [f"day_{day}" for day in range(1, 102)]
HARD_TEXTS = {
    "blanks around": "  why? ",
    "not a missing value": "NA",
    "null": "null",
    "a number": "007",
    "Hebrew": "האוכל היה טעים מאוד",
    "Chinese": "非常好吃，下次再来",
    "Arabic with marks": "الطَّعَامُ لَذِيذٌ",
    "accents, composed and not": "café cafe\u0301",
    "emoji": "great 😊👩‍🍳🇫🇷 food",
    "HTML": "<b>bold</b><script>alert('x')</script> &amp; <br /> x < y",
    "100,000 characters": "very good " * 10_000,
    "quotes and commas": 'He said, "no", twice',
    "a quote alone": '"',
    "ends with a quote": 'and left "forever"',
    "a tab": "one\ttwo?",
    "a real line end": "one\ntwo\r\nthree",
    "a zero-width joiner": "a\u200db\u200b",
    "a replaced character": "½ became \ufffd",
    "a backslash that is no escape": r"¯\_(ツ)_/¯ C:\dir \u12 \x",
    "formula": "=1+1",
}


class Outside(NamedTuple):
    """A small good file from outside, asked for, which a test may break."""

    form: Form
    file: Path

    def last_line(self) -> int:
        """The number of the last line of the good file."""
        return self.form.good.count("\n")


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def outside(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Outside:
    """Each form in turn."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    return Outside(request.param, put(tmp_path, request.param))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that RNN_DATA names."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    return tmp_path


def assert_refused(form: Form, file: Path, said: str) -> None:
    """The message has two lines: file and fault, short; then the way out."""
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}") as caught:
        form.load()
    first, second = str(caught.value).splitlines()
    assert form.way_out in second and "RNN_DATA=sample" in second
    assert len(first) < len(str(file)) + 200


# --- What is read -------------------------------------------------------------------------------


def test_types_and_names_do_not_depend_on_the_tier(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_folder = outside.form.load()
    monkeypatch.delenv("RNN_DATA")
    sample = outside.form.load()
    pd.testing.assert_series_equal(from_folder.dtypes, sample.dtypes)
    assert from_folder.attrs.keys() == sample.attrs.keys()
    assert from_folder.index.equals(pd.RangeIndex(len(from_folder)))
    assert from_folder.attrs["tier"] in from_folder.attrs["source"]


@pytest.mark.parametrize(
    ("before", "line_end", "after"),
    [
        ("", "\r\n", ""),
        ("\ufeff", "\n", ""),
        ("\ufeff", "\r\n", ""),
        ("", "\r", ""),
        ("\n\n", "\n", "\n\n"),
    ],
)
def test_a_file_may_have_been_saved_by_another_program(
    outside: Outside, before: str, line_end: str, after: str
) -> None:
    plain = outside.form.load()
    text = outside.form.good.replace("\n", line_end)
    outside.file.write_bytes((before + text + after).encode())
    pd.testing.assert_frame_equal(outside.form.load(), plain)


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("name", ["reviews, train", "pairs, tsv", "pairs, csv"])
def test_a_hard_text_comes_through_unharmed_and_harms_no_other(
    name: str, text: str, asked: Path
) -> None:
    form = FORMS[name]
    file = put(asked, form)
    texts = ["before", text, "after"]
    if name == "reviews, train":
        rows = (f'"1","{each.replace(chr(34), chr(34) * 2)}"\n' for each in texts)
        file.write_bytes("".join(rows).encode())
        column = "text"
    else:
        rows = [[str(k), str(k), "9", "why?", each, "0"] for k, each in enumerate(texts)]
        file.write_bytes(quoted([PAIRS[0], *rows], form.delimiter).encode())
        column = "question2"
    frame = form.load()
    assert frame[column].tolist()[:3] == texts
    assert pd.api.types.is_string_dtype(frame[column])
    assert not frame.isna().any(axis=None)


def test_the_class_file_keeps_its_order_and_every_bit(asked: Path) -> None:
    rows = [line.split(",") for line in class_table().splitlines()]
    rows[1][0], rows[2][0] = "ZZZ", "NA"  # "NA" is a ticker, not a missing value
    rows[1][1:3] = ["0.30000000000000004", "-1e-320"]
    file = asked / CLASS_FILE.name
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    frame = load_stocks()
    assert list(frame.columns) == ["ticker", "window", "start", "end", *DAY_COLUMNS]
    assert frame["ticker"].tolist() == ["ZZZ", "NA", "T2"]
    assert frame[DAY_COLUMNS].to_numpy().tolist() == [[*map(float, row[1:])] for row in rows[1:]]
    assert (frame["window"] == 1).all()
    assert (frame["start"] == pd.Timestamp("2020-09-28")).all()
    assert (frame["end"] == pd.Timestamp("2021-01-06")).all()
    assert frame.attrs["unit"] == "scaled to [-1, 1]"
    assert frame.attrs["source"] == f"{file} (differs from {CLASS_FILE.url})"


@pytest.mark.parametrize("sample", ["food", "films"])  # a folder knows no samples
def test_yelp_s_folder_gives_the_official_split_with_class_2_as_positive(
    sample: str, asked: Path
) -> None:
    folder = put(asked, FORMS["reviews, train"]).parent
    frame = load_reviews(sample=sample)
    assert frame.to_numpy().tolist() == [
        ["Never again.", 0, "train"],
        ['Good, "really" good.', 1, "train"],
        ["Cold\n\nsoup", 0, "train"],
        ["A gem", 1, "test"],
        ["Meh", 0, "test"],
    ]
    assert frame.attrs == {
        "tier": str(asked),
        "source": f"{folder} (3 training and 2 test reviews; the publisher has 560,000 and 38,000)",
        "positive": "4 or 5 stars",
        "negative": "1 or 2 stars",
    }


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"one\n\n\ttwo\r", "one\n\n\ttwo\r"),
        (r"\"quoted\"", '"quoted"'),
        (r"fianc\u00e9 cr\u00FBe", "fiancé crûe"),
        (r":-\\ no", ":-\\ no"),
        (r"C:\\new", r"C:\new"),
        (r"\ud83d\ude0a", "😊"),
        (r"half \ud83d a pair", r"half \ud83d a pair"),
        (r"\ude0a\ud83d", r"\ude0a\ud83d"),
        (r"\u00e", r"\u00e"),
        ("\\", "\\"),
        ("", ""),
    ],
)
def test_the_escapes_of_yelp_s_texts_are_undone(escaped: str, text: str, asked: Path) -> None:
    assert unescape(escaped) == text
    file = put(asked, FORMS["reviews, train"])
    file.write_text('"1","' + escaped.replace('"', '""') + '"\n', encoding="utf-8")
    assert load_reviews()["text"].iloc[0] == text  # no half of a character breaks the column


def test_columns_are_whole_when_a_table_has_more_rows_than_are_packed_at_once(asked: Path) -> None:
    n_rows = 2 * ROWS_PER_PART + 1
    file = put(asked, FORMS["reviews, train"])
    rows = (f'"{1 + row % 2}","review {row}"\n' for row in range(n_rows))
    file.write_text("".join(rows), encoding="utf-8")
    frame = load_reviews()
    assert len(frame) == n_rows + 2
    assert frame["text"].tolist()[:n_rows] == [f"review {row}" for row in range(n_rows)]
    assert frame["label"].tolist()[:n_rows] == [row % 2 for row in range(n_rows)]


@pytest.mark.parametrize(("name", "delimiter"), [(TSV, "\t"), (SMALL, ",")])
def test_quora_s_pairs_come_in_order_and_rows_without_a_question_are_counted(
    name: str, delimiter: str, asked: Path
) -> None:
    lacking = [["2", "5", "6", "", "Why?", "0"], ["3", "7", "8", "Why?", "   ", "x"]]
    (asked / name).write_text(quoted([*PAIRS, *lacking], delimiter), encoding="utf-8")
    frame = load_question_pairs()
    assert frame.to_numpy().tolist() == [
        ["Is it far?", "How far is it?", 1, 1, 2, -1, -1, "train"],
        ['What is a "quark"?', "Is it far?", 0, 3, 1, -1, -1, "train"],
    ]
    assert frame.attrs["dropped"] == 2


def test_datafiniti_s_rows_come_in_the_columns_of_the_sample(asked: Path) -> None:
    put(asked, FORMS["shoes"])
    shoes = load_shoes()
    assert shoes["text"].tolist() == [*['Moss "Ada" Pump'] * 2, "Amble boot", "Basix Clog"]
    assert shoes["brand"].tolist() == ["Moss", "Moss", "Amble", "Basix"]
    assert shoes["colour"].tolist() == ["Red", "Red", "", "Black"]
    assert shoes["size"].tolist() == ["7.5", "8", "", "6"]
    assert shoes["shop"].tolist() == ["Plaza", "Corso", "", "Stride"]
    assert shoes["photos"].tolist() == [1, 1, 2, 0]
    assert (shoes[["type", "material"]] == "").all(axis=None)
    assert shoes[["heel", "law_table", "law_text", "law_both"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("price", "currency", "read"),
    [
        ("39.99", "USD", 39.99),
        ("55", "", 55.0),
        ("25", "CAD", np.nan),
        ("not sold", "USD", np.nan),
        ("", "USD", np.nan),
        ("0", "USD", np.nan),
        ("-1", "USD", np.nan),
        ("inf", "USD", np.nan),
    ],
)
def test_only_positive_prices_in_us_dollars_are_prices(
    price: str, currency: str, read: float, tmp_path: Path
) -> None:
    file = tmp_path / "shoes.csv"
    file.write_text(f"name,brand,prices.amountMin,prices.currency\nBoot,Moss,{price},{currency}\n")
    np.testing.assert_equal(read_datafiniti(file)["price"].tolist(), [read])


def test_all_prices_of_a_shoe_stand_on_one_side(tmp_path: Path) -> None:
    rows = [f"S{n % 300},B,name {n},{n + 1}" for n in range(900)]
    file = tmp_path / "shoes.csv"
    file.write_text("\n".join(["id,brand,name,prices.amountMin", *rows, ""]))
    shoes = read_datafiniti(file)
    assert (shoes.groupby(np.arange(900) % 300)["split"].nunique() == 1).all()
    assert 0.1 < (shoes["split"] == "test").mean() < 0.3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_datafiniti_s_table_needs_three_columns_and_may_be_latin_1(
    encoding: str, tmp_path: Path
) -> None:
    file = tmp_path / "shoes.csv"
    file.write_bytes("name,brand,prices.amountMin\r\nBoot,Noé,10\r\n".encode(encoding))
    shoes = read_datafiniti(file)
    read = shoes[["text", "brand", "shop", "price"]].to_numpy().tolist()
    assert read == [["Boot", "Noé", "", 10.0]]


# --- What is refused ----------------------------------------------------------------------------

Damage = Callable[[bytes, str], bytes]  # from the good file and its delimiter
FAULTS: dict[str, tuple[Damage, str]] = {
    "nothing": (lambda good, d: b"", "the file is empty"),
    "blank lines": (lambda good, d: b"\n\r\n", "the file is empty"),
    "a row of one cell": (
        lambda good, d: good + b"odd\n",
        "line {next} has 1 cell instead of {width}; it begins 'odd'",
    ),
    "a cell too many": (
        lambda good, d: good[:-1] + f"{d}more\n".encode(),
        "line {last} has {more} cells instead of {width}",
    ),
    "a quote that never closes": (
        lambda good, d: good + b'"open\nand on\n',
        "line {next}: a quote opens that never closes",
    ),
    "a quote within a cell": (lambda good, d: good + b'"a" b\n', "line {next}: no CSV"),
    "a very long text": (
        lambda good, d: good + b'"' + b"a " * 70_000 + b'"\n',
        "line {next}: a text of more than 131,072 characters, or a quote opens",
    ),
    "a long odd row": (lambda good, d: good + b"x" * 1000 + b"\n", ".*it begins 'x{40}'..."),
    "no UTF-8": (
        lambda good, d: good + b"\xe9t\xe9\n",
        r"line {next} is no UTF-8 text .0xe9 at byte {at} of the file.",
    ),
    "UTF-16": (
        lambda good, d: good + "odd\n".encode("utf-16"),
        "line {next} is no UTF-8 text .0xff at byte {at} of",
    ),
    "packed": (
        lambda good, d: gzip.compress(good),
        "(line 1 is no UTF-8 text|.*no line end|the column)",
    ),
    "a page": (lambda good, d: b"<!DOCTYPE html>\n<html>\n", "(the column|line 1 has 1 cell)"),
    "a pointer of Git LFS": (
        lambda good, d: b"version https://git-lfs.github.com/spec/v1\nsize 1\n",
        "(the column|line 1 has 1 cell)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_is_refused(fault: str, outside: Outside) -> None:
    damage, said = FAULTS[fault]
    form, good = outside.form, outside.form.good.encode()
    if "UTF" in fault and form.load is load_shoes:  # which may be Latin-1
        said = "line {next} has 1 cell"
    outside.file.write_bytes(damage(good, form.delimiter))
    last = outside.last_line()
    width = form.good.split("\n")[0].count(form.delimiter) + 1
    places = {"last": last, "next": last + 1, "width": width, "more": width + 1}
    for name, place in (places | {"at": f"{len(good) + 1:,}"}).items():
        said = said.replace(f"{{{name}}}", str(place))
    assert_refused(form, outside.file, said)


def test_a_file_cut_off_anywhere_in_its_last_line_is_refused(outside: Outside) -> None:
    good = outside.form.good.encode()
    begin = good.rstrip(b"\n").rindex(b"\n") + 1
    for length in range(begin + 1, len(good)):
        outside.file.write_bytes(good[:length])
        said = f"line {outside.last_line()} has no line end, so the file seems cut off"
        assert_refused(outside.form, outside.file, said)


def test_a_header_alone_a_column_that_lacks_and_one_that_comes_twice_are_refused(
    outside: Outside,
) -> None:
    form, header = outside.form, outside.form.good.split("\n")[0].split(outside.form.delimiter)
    if not form.needed:
        pytest.skip("this form has no header")
    outside.file.write_text(form.delimiter.join(header) + "\n", encoding="utf-8")
    assert_refused(form, outside.file, "there is a header but no row")
    rows = form.good.split("\n", 1)[1]
    for name in form.needed:
        at = header.index(name)
        for others, said in ((["odd"], "is missing"), ([name, name], "comes twice")):
            changed = [*header[:at], *others, *header[at + 1 :]]
            outside.file.write_text(form.delimiter.join(changed) + "\n" + rows, encoding="utf-8")
            assert_refused(form, outside.file, f"the column '{name}' {said}")


def test_a_folder_in_place_of_a_file_is_refused(outside: Outside) -> None:
    outside.file.unlink()
    outside.file.mkdir()
    assert_refused(outside.form, outside.file, "cannot be read")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_a_file_that_may_not_be_read_is_named(outside: Outside) -> None:
    outside.file.chmod(0)
    if os.access(outside.file, os.R_OK):
        pytest.skip("this user may read everything")
    assert_refused(outside.form, outside.file, r"cannot be read \(Permission denied")


def test_a_missing_file_is_named_with_its_address(outside: Outside) -> None:
    outside.file.unlink()
    with pytest.raises(CourseDataError, match="(the file is missing|nothing of that name)") as got:
        outside.form.load()
    first, second = str(got.value).splitlines()
    others = (TSV, SMALL, "QQP.zip") if "quora" in outside.form.path else (outside.file.name,)
    others = DATAFINITI_FILES if outside.form.load is load_shoes else others
    assert str(outside.file.parent) in first and all(name in first for name in others)
    assert "http" in second and "RNN_DATA=sample" in second


def stock_cell(line: int, column: int, text: str) -> Callable[[str], str]:
    """Make a change that writes `text` into a cell of the class's table; both count from 1."""

    def change(good: str) -> str:
        rows = [row.split(",") for row in good.split("\n")]
        rows[line - 1][column - 1] = text
        return "\n".join(map(",".join, rows))

    return change


def without_a_day(good: str) -> str:
    return "".join(",".join(row.split(",")[:-1]) + "\n" for row in good.splitlines())


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda good: new.join(good.rsplit(old, 1))


DAY = "line 3, column '02/10/2020'"
RULES = [
    ("stocks", without_a_day, "100 columns of days instead of 101"),
    ("stocks", stock_cell(1, 6, "day 5"), "line 1: 'day 5' is no date"),
    ("stocks", stock_cell(1, 6, "10/03/2020"), "line 1: the dates do not increase at '10/03/2020'"),
    ("stocks", stock_cell(1, 6, "01/10/2020"), "the column '01/10/2020' comes twice"),
    *(
        ("stocks", stock_cell(3, 6, odd), f"{DAY}: '{odd}' is no finite number")
        for odd in ("soon", "", "nan", "-inf", "0_1")
    ),
    ("stocks", stock_cell(3, 6, "1.0000001"), rf"{DAY}: '1.0000001' lies outside \[-1, 1\]"),
    ("stocks", stock_cell(3, 1, "T0"), "line 3, column 'Fortune500': 'T0' comes twice"),
    ("stocks", stock_cell(3, 1, ""), "line 3, column 'Fortune500': '' is no ticker"),
    (  # of several the first line is told, whichever rule it breaks
        "stocks",
        lambda good: stock_cell(3, 1, "")(stock_cell(2, 6, "7")(good)),
        "line 2, column '02/10/2020': '7' lies outside",
    ),
    *(
        ("reviews, train", replaced('"1","Cold', f'"{odd}","Cold'), f"line 3, .*: '{odd}' is neith")
        for odd in ("0", "3", "", "a text")
    ),
    (  # lines are counted, not rows
        "reviews, train",
        lambda good: good.replace("really", "one\ntwo\nthr").replace('"1","Cold', '"9","Cold'),
        "line 5, column 'class': '9' is neither",
    ),
    ("reviews, test", replaced('"1"', '"9\n"'), r"line 2, column 'class': '9\\n' is neither"),
    ("reviews, train", lambda good: '"label","text"\n' + good, "line 1, .*: 'label' is neither"),
    *(
        (name, replaced(f"{mark}0\n", f"{mark}7\n"), "line 3, column 'is_duplicate': '7' is neit")
        for name, mark in (("pairs, tsv", "\t"), ("pairs, csv", ","))
    ),
    ("pairs, tsv", replaced("\t3\t", "\tx\t"), "line 3, column 'qid1': 'x' is no whole number"),
    ("pairs, csv", replaced(",3,", ",-3,"), "line 3, column 'qid1': '-3' is no whole number"),
    ("pairs, csv", replaced(",3,", ",,"), "line 3, column 'qid1': '' is no whole number"),
]


@pytest.mark.parametrize(("name", "change", "said"), RULES)
def test_a_cell_that_breaks_a_rule_is_refused(
    name: str, change: Callable[[str], str], said: str, asked: Path
) -> None:
    form = FORMS[name]
    file = put(asked, form)
    changed = change(form.good)
    assert changed != form.good
    file.write_text(changed, encoding="utf-8", newline="")
    assert_refused(form, file, said)


def test_pairs_that_all_lack_a_question_are_refused(asked: Path) -> None:
    (asked / SMALL).write_text(quoted([PAIRS[0], ["0", "1", "2", "", "Why?", "0"]], ","))
    with pytest.raises(CourseDataError, match="every row lacks a question"):
        load_question_pairs()


# --- Which of several -----------------------------------------------------------------------------


def test_of_several_files_the_first_that_is_there_is_read(asked: Path) -> None:
    for number, name in enumerate(DATAFINITI_FILES):
        (asked / name).write_text(f"name,brand,prices.amountMin\nBoot,Moss,{number + 1}\n")
    for number, name in enumerate(DATAFINITI_FILES):
        assert load_shoes()["price"].tolist() == [number + 1]
        assert name in load_shoes().attrs["source"]
        (asked / name).unlink()
    (asked / SMALL).write_text(quoted(PAIRS[:2], ","))
    assert len(load_question_pairs()) == 1
    (asked / TSV).write_text(quoted(PAIRS, "\t"))
    assert len(load_question_pairs()) == 2


def test_yelp_s_inner_folder_is_refused_with_a_hint_to_the_outer(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(asked, FORMS["reviews, train"])
    monkeypatch.setenv("RNN_DATA", str(asked / YELP_FOLDER))
    with pytest.raises(CourseDataError) as caught:
        load_reviews()
    advice = str(caught.value).splitlines()[1]
    assert advice == f"Set RNN_DATA to the folder above, {asked}."


def test_reading_leaves_the_settings_of_the_csv_module_alone(outside: Outside) -> None:
    before = csv.field_size_limit(), csv.list_dialects()
    outside.form.load()
    assert (csv.field_size_limit(), csv.list_dialects()) == before


# --- Memory -------------------------------------------------------------------------------------

MEASURE = """
import re
from pathlib import Path
from helpers.data import load_reviews
def peak():  # bytes
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
before = peak()
frame = load_reviews()
print(len(frame), peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from Linux's /proc")
def test_reading_takes_less_memory_than_three_times_the_texts(asked: Path) -> None:
    words = itertools.cycle(f"word{number}" for number in range(997))
    texts = [" ".join(itertools.islice(words, 90)) for _ in range(1000)]
    content = "".join(f'"1","{text}"\n' for text in texts).encode() * 80
    put(asked, FORMS["reviews, train"]).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    n_rows, grown = map(int, run.stdout.split())
    assert n_rows == 80_000 + TEST.count("\n")
    # 598,000 reviews have 412 MB; at this ratio they take 1.2 GB of the 3 GB that are allowed.
    assert len(content) < grown < 3 * len(content)


# --- The publishers' own files ----------------------------------------------------------------


@pytest.mark.real_data
def test_the_class_file_gives_the_class_numbers(
    real_data_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    frame = load_stocks()
    series = frame[DAY_COLUMNS].to_numpy()
    assert series.shape == (502, 101)
    assert frame["ticker"].tolist()[:2] == ["MMM", "AOS"]
    X, y = series[:, :-1], series[:, -1]
    assert np.mean((y - y.mean()) ** 2) == 0.3516210190443937
    assert np.mean((y - X[:, -1]) ** 2) == 0.033289150367058463
    assert "(the same bytes as" in frame.attrs["source"]


@pytest.mark.real_data
def test_real_reviews_are_balanced_and_equal_to_another_reader(
    real_data_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    frame = load_reviews()
    assert frame.groupby("split")["label"].mean().between(0.48, 0.52).all()
    assert not frame.isna().any(axis=None)
    for split, rows in frame.groupby("split"):
        other = pd.read_csv(
            Path(real_data_folder) / YELP_FOLDER / f"{split}.csv",
            header=None,
            names=["class", "text"],
            keep_default_na=False,
        )
        assert rows["label"].tolist() == (other["class"] - 1).tolist()
        plain = ~other["text"].str.contains("\\", regex=False).to_numpy()
        assert plain.mean() > 0.99
        assert rows["text"][plain].tolist() == other["text"][plain].tolist()


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "rows", "share"), [(TSV, 10_880, 0.49), (SMALL, 1_000, 0.38)])
def test_real_pairs_equal_those_of_another_reader(
    name: str, rows: int, share: float, real_data_folder: str, asked: Path
) -> None:
    source = Path(real_data_folder) / name
    (asked / name).write_bytes(source.read_bytes())
    frame = load_question_pairs()
    other = pd.read_csv(source, sep="\t" if name == TSV else ",", keep_default_na=False)
    assert len(frame) == rows and frame.attrs["dropped"] == 0
    assert frame["label"].mean() == pytest.approx(share, abs=0.005)
    for column in ("question1", "question2", "qid1", "qid2"):
        assert frame[column].tolist() == other[column].tolist()
    assert frame["label"].tolist() == other["is_duplicate"].tolist()
    if name == SMALL:
        assert frame.attrs["source"] == f"{asked / name} (the same bytes as {CLASS_PAIRS.url})"
