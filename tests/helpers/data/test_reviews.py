"""The loader of reviews: what each tier gives, what bad input gets, and how the sample is made."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.loading import (
    DATA_FOLDER,
    PUBLISHED_FILES,
    CourseDataError,
    PublishedFile,
    load_reviews,
    read_checksums,
    read_sample_reviews,
    read_yelp_reviews,
)
from helpers.data.reviews import ROWS_PER_PART, unescape
from tests.helpers.data.test_stocks import (
    alter_one_digit,
    course_copy,
    cut_off,
    delete,
    in_course,
    serving,
)
from tools.samples import make as make_data
from tools.samples.make import Review

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = "reviews.csv.gz"
FOLDER = "yelp_review_polarity_csv"
ARCHIVE = "yelp_review_polarity_csv.tgz"
ADDRESS = PUBLISHED_FILES[ARCHIVE].url
COLUMNS = ["text", "label", "split"]
OFFLINE_SECONDS = 10.0

TRAIN = '"1","Never again."\n"2","Good, ""really"" good."\n"1","Cold\\n\\nsoup"\n'
TEST = '"2","A gem"\n"1","Meh"\n'

HARD_TEXTS = {
    "empty": "",
    "blank": "   ",
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
    "a real line end": "one\ntwo\r\nthree",
    "a zero-width joiner": "a\u200db\u200b",
    "a replaced character": "½ became \ufffd",
    "a backslash that is no escape": r"¯\_(ツ)_/¯ C:\dir \u12 \x",
    "formula": "=1+1",
}


@pytest.fixture(autouse=True)
def sample_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment that asks for nothing."""
    for name in ("RNN_DATA", "RNN_CACHE", "RNN_DOWNLOAD_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


@pytest.fixture
def yelp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the publisher's form, asked for; give the folder of the two tables."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "train.csv").write_bytes(TRAIN.encode())
    (folder / "test.csv").write_bytes(TEST.encode())
    return folder


def published_form(label: str, text: str) -> str:
    """Write one record as the publisher does."""
    return f'"{label}","{text.replace(chr(34), chr(34) * 2)}"\n'


def archive_of(members: dict[str, bytes]) -> bytes:
    """Make a tar.gz archive of plain files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def small_archive() -> bytes:
    """Make an archive in the form of the publisher's."""
    return archive_of(
        {
            f"{FOLDER}/train.csv": TRAIN.encode(),
            f"{FOLDER}/readme.txt": b"Yelp Review Polarity Dataset\n",
            f"{FOLDER}/test.csv": TEST.encode(),
        }
    )


def is_text(column: pd.Series) -> bool:
    """Tell whether each entry is a str, whatever type pandas gives the column."""
    return pd.api.types.is_string_dtype(column) and all(isinstance(text, str) for text in column)


# --- Sample -----------------------------------------------------------------------------------


def test_the_sample_has_a_text_a_label_and_a_split_in_each_row() -> None:
    frame = load_reviews()
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 4_972
    assert is_text(frame["text"]) and is_text(frame["split"])
    assert frame["label"].dtype == "int64"
    assert set(frame["label"]) == {0, 1}
    assert frame.index.equals(pd.RangeIndex(len(frame)))


def test_training_reviews_of_the_sample_come_first() -> None:
    assert load_reviews()["split"].tolist() == ["train"] * 3_972 + ["test"] * 1_000


def test_no_text_of_the_sample_comes_twice_so_none_is_in_both_splits() -> None:
    assert load_reviews()["text"].is_unique


def test_positive_reviews_of_the_sample_praise_more_often_than_negative_ones() -> None:
    frame = load_reviews()
    lower = frame["text"].str.lower()
    for word, more in [("delicious", 1), ("perfect", 1), ("disappointed", 0), ("terrible", 0)]:
        share = lower.str.contains(word).groupby(frame["label"]).mean()
        assert share[more] > 1.5 * share[1 - more], word


def test_the_sample_holds_no_markup_no_empty_text_and_no_stray_blanks() -> None:
    texts = load_reviews()["text"]
    assert not texts.str.contains(r"</?(?:br|a|p|span)\b|&[a-z]+;|&#", regex=True).any()
    assert not texts.str.contains(r"^\s|\s$|\s\s|[^\S ]", regex=True).any()
    assert texts.str.len().min() >= 50


def test_the_sample_keeps_capitals_punctuation_and_emoji() -> None:
    everything = "".join(load_reviews()["text"])
    for kept in ("LOVE IT.", "!!", "'", "😊", "<3", "é"):
        assert kept in everything


def test_the_sample_says_what_it_is_and_what_its_labels_mean() -> None:
    attrs = load_reviews().attrs
    assert attrs["tier"] == "sample"
    assert "Amazon" in attrs["source"] and "modeldata 1.4.0 (MIT)" in attrs["source"]
    assert attrs["positive"] == "5 stars" and attrs["negative"] == "1 to 4 stars"


def test_types_and_names_do_not_depend_on_the_tier(
    yelp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_folder = load_reviews()
    monkeypatch.delenv("RNN_DATA")
    sample = load_reviews()
    pd.testing.assert_series_equal(from_folder.dtypes, sample.dtypes)
    assert from_folder.attrs.keys() == sample.attrs.keys()


# --- Sample: bad input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        (SAMPLE, delete, "the file is missing"),
        (SAMPLE, cut_off, "altered or cut off"),
        (SAMPLE, lambda file: file.write_bytes(b""), "altered or cut off"),
        ("checksums.txt", lambda file: file.write_text("", encoding="utf-8"), "no line for rev"),
    ],
)
def test_a_damaged_sample_is_refused_with_the_way_back(
    name: str, damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    course = course_copy(tmp_path)
    damage(course / "data" / name)
    run = in_course(course, "load_reviews()")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()[-2:]
    assert "CourseDataError" in first and said in first
    assert str(course / "data" / name) in first
    assert f"git checkout data/{name}" in second


def test_damage_to_the_prices_does_not_keep_the_reviews_away(tmp_path: Path) -> None:
    course = course_copy(tmp_path)
    alter_one_digit(course / "data" / "stocks.csv")
    assert in_course(course, "print(len(load_reviews()))").stdout == "4972\n"


def sample_file(folder: Path, text: str) -> Path:
    file = folder / SAMPLE
    file.write_bytes(gzip.compress(text.encode("utf-8")))
    return file


def test_a_sample_of_the_right_form_is_read_by_column_name(tmp_path: Path) -> None:
    file = sample_file(tmp_path, 'split,text,label\ntrain,"a, b",1\ntest,"""c""",0\n')
    frame = read_sample_reviews(file)
    assert list(frame.columns) == COLUMNS
    assert frame.to_numpy().tolist() == [["a, b", 1, "train"], ['"c"', 0, "test"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("text,label,split\n", "there is a header but no row"),
        ("review,label,split\na,1,train\n", "the column 'text' is missing"),
        ("text,label\na,1\n", "the column 'split' is missing"),
        ("text,label,split,text\na,1,train,b\n", "the column 'text' comes twice"),
        ("text,label,split\na,1,train\nb,1\n", "line 3 has 2 cells, the header 3"),
        ("text,label,split\na,1,train\nb,5,train\n", "line 3, column 'label': '5' is neither"),
        ("text,label,split\na,,train\n", "line 2, column 'label': '' is neither"),
        ("text,label,split\na,1,valid\n", "line 2, column 'split': 'valid' is neither"),
        ("text,label,split\na,1,train\nb,1,tr", "line 3 has no line end, so .* cut off"),
        ('text,label,split\n"a\n\nb,1,train\n', "line 2: a quote opens that never closes"),
        ('text,label,split\n"a" b,1,train\n', "line 2: no CSV"),
    ],
)
def test_a_sample_of_another_form_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = sample_file(tmp_path, text)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}") as caught:
        read_sample_reviews(file)
    assert "data/" in str(caught.value).splitlines()[1]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-4],
        lambda content: content[: len(content) // 2],
        lambda content: content[:-8] + b"\0\0\0\0" + content[-4:],
        lambda content: b"text,label,split\n",
        lambda content: content[:10] + b"\xff" * 20,
    ],
)
def test_a_sample_that_is_no_whole_gzip_file_is_refused(
    damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    rows = "".join(f"text number {number},1,train\n" for number in range(1000))
    file = sample_file(tmp_path, f"text,label,split\n{rows}")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CourseDataError, match=f"{SAMPLE}: is no whole gzip file"):
        read_sample_reviews(file)


def test_a_missing_sample_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseDataError, match=f"{SAMPLE}: the file is missing"):
        read_sample_reviews(tmp_path / SAMPLE)


# --- Folder -----------------------------------------------------------------------------------


def test_a_folder_gives_the_official_split_with_class_2_as_positive(yelp: Path) -> None:
    frame = load_reviews()
    assert frame.to_numpy().tolist() == [
        ["Never again.", 0, "train"],
        ['Good, "really" good.', 1, "train"],
        ["Cold\n\nsoup", 0, "train"],
        ["A gem", 1, "test"],
        ["Meh", 0, "test"],
    ]
    assert frame.attrs == {
        "tier": str(yelp.parent),
        "source": f"{yelp} (3 training and 2 test reviews; the publisher has 560,000 and 38,000)",
        "positive": "4 or 5 stars",
        "negative": "1 or 2 stars",
    }


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_a_hard_text_comes_through_unharmed_and_harms_no_other(text: str, yelp: Path) -> None:
    (yelp / "train.csv").write_bytes(
        "".join(published_form("1", each) for each in ("before", text, "after")).encode()
    )
    frame = load_reviews()
    assert frame["text"].tolist()[:3] == ["before", text, "after"]
    assert is_text(frame["text"])
    assert not frame.isna().any(axis=None)


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"one\ntwo", "one\ntwo"),
        (r"one\n\n\ttwo\r", "one\n\n\ttwo\r"),
        (r"\"quoted\"", '"quoted"'),
        (r"fianc\u00e9 cr\u00FBe", "fiancé crûe"),
        (r":-\\ no", ":-\\ no"),
        (r"C:\\new", r"C:\new"),
        (r"\ud83d\ude0a", "😊"),
        (r"half \ud83d a pair", r"half \ud83d a pair"),
        (r"\ude0a\ud83d", r"\ude0a\ud83d"),
        (r"\u00e", r"\u00e"),
        ("no escape", "no escape"),
        ("\\", "\\"),
        ("", ""),
    ],
)
def test_escapes_are_undone(escaped: str, text: str) -> None:
    assert unescape(escaped) == text
    text.encode("utf-8")  # no half of a surrogate pair


def test_an_escape_that_would_give_half_a_character_does_not_break_the_column(yelp: Path) -> None:
    (yelp / "train.csv").write_bytes(rb'"1","half \ud83d a pair"' + b"\n")
    assert load_reviews()["text"].iloc[0] == r"half \ud83d a pair"


@pytest.mark.parametrize(
    ("before", "line_end"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n"), ("\n\n", "\n\n")]
)
def test_a_table_may_have_been_saved_by_another_program(
    before: str, line_end: str, yelp: Path
) -> None:
    plain = load_reviews()
    (yelp / "train.csv").write_bytes((before + TRAIN.replace("\n", line_end)).encode())
    pd.testing.assert_frame_equal(load_reviews(), plain)


def test_columns_are_whole_when_a_table_has_more_rows_than_are_packed_at_once(yelp: Path) -> None:
    n_rows = 2 * ROWS_PER_PART + 1
    rows = (published_form(str(1 + row % 2), f"review {row}") for row in range(n_rows))
    (yelp / "train.csv").write_bytes("".join(rows).encode())
    frame = load_reviews()
    assert len(frame) == n_rows + 2
    assert frame["text"].tolist()[:n_rows] == [f"review {row}" for row in range(n_rows)]
    assert frame["label"].tolist()[:n_rows] == [row % 2 for row in range(n_rows)]
    assert frame.index.equals(pd.RangeIndex(len(frame)))


# --- Folder: bad input ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["train.csv", "test.csv"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\r\n", "the file is empty"),
        (b'"1","a"\n"2"\n', "line 2 has 1 column instead of 2 .*; it begins '2'"),
        (b'"1","a"\n"2","b","c"\n', "line 2 has 3 columns instead of 2 "),
        (b'"1","a"\n2,b, or not b\n', "line 2 has 3 columns instead of 2 "),
        (b'"label","text"\n"1","a"\n', "line 1: the class 'label' is neither '1' .* nor '2'"),
        (b'"1","a"\n"0","b"\n', "line 2: the class '0' is neither '1' .* nor '2'"),
        (b'"1","a"\n"3","b"\n', "line 2: the class '3' is neither"),
        (b'"1","a"\n"","b"\n', "line 2: the class '' is neither"),
        (b'"1","a"\n"a text","1"\n', "line 2: the class 'a text' is neither"),
        (b'"1","a\nb\nc"\n"9","d"\n', "line 4: the class '9' is neither"),
        (b'"1","a"\n"2","b', "line 2 has no line end, so the file seems cut off"),
        (b'"1","a"\n"2","b"', "line 2 has no line end, so the file seems cut off"),
        (b'"1","a"\n"2","b\n', "line 2: a quote opens that never closes"),
        (b'"1","a"\n"2","b\n"1","c"\n', "line 2: no CSV"),
        (b'"1","a"\n"2","b \xe9t\xe9"\n', "line 2 is no UTF-8 text .0xe9 at byte 16 of the file"),
        (b'\xef\xbb\xbf"1","\xe9"\n', "line 1 is no UTF-8 text .0xe9 at byte 9 of the file"),
        ('"1","a"\n'.encode("utf-16"), "line 1 is no UTF-8 text .0xff at byte 1 of the file"),
        (gzip.compress(b'"1","a"\n'), "line 1 is no UTF-8 text .0x8b at byte 2 of the file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "line 1 has 1 column instead of 2"),
        (b"<!DOCTYPE html>\n<html>\n", "line 1 has 1 column .*; it begins '<!DOCTYPE html>'"),
        (b'"1","' + b"a " * 70_000 + b'"\n', "line 1: a text of more than 131,072 characters, or"),
    ],
)
def test_a_table_of_another_form_is_refused(
    name: str, content: bytes, said: str, yelp: Path
) -> None:
    (yelp / name).write_bytes(content)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(yelp / name))}: {said}") as caught:
        load_reviews()
    first, second = str(caught.value).splitlines()
    assert ADDRESS in second and "RNN_DATA=sample" in second
    assert len(first) < len(str(yelp / name)) + 150


def test_a_long_value_is_cut_in_the_message(yelp: Path) -> None:
    (yelp / "train.csv").write_bytes(b'"' + b"x" * 1000 + b'","a"\n')
    with pytest.raises(CourseDataError, match=f"the class '{'x' * 40}'... is neither"):
        load_reviews()


def test_a_table_cut_off_anywhere_in_its_last_line_is_refused(yelp: Path) -> None:
    file = yelp / "train.csv"
    whole = b'"1","a"\n' + b'"2","Good, ""really"" good."\n'
    for length in range(len(b'"1","a"\n') + 1, len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(CourseDataError, match="line 2 has no line end, so .* cut off"):
            load_reviews()


@pytest.mark.parametrize("name", ["train.csv", "test.csv"])
def test_a_missing_table_is_named(name: str, yelp: Path) -> None:
    (yelp / name).unlink()
    with pytest.raises(CourseDataError, match="the file is missing") as caught:
        load_reviews()
    assert str(yelp / name) in str(caught.value).splitlines()[0]


def test_a_folder_without_the_reviews_is_refused_with_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    with pytest.raises(CourseDataError, match="no such folder, nor") as caught:
        load_reviews()
    first, second = str(caught.value).splitlines()
    assert str(tmp_path / FOLDER) in first and ARCHIVE in first
    assert ADDRESS in second and "RNN_DATA=sample" in second


def test_the_inner_folder_is_refused_with_a_hint_to_the_outer(
    yelp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(yelp))
    with pytest.raises(CourseDataError, match="no such folder") as caught:
        load_reviews()
    advice = str(caught.value).splitlines()[1]
    assert f"Set RNN_DATA to the folder above, {yelp.parent}." == advice
    monkeypatch.setenv("RNN_DATA", str(yelp.parent))
    assert len(load_reviews()) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_a_table_that_may_not_be_read_is_named(yelp: Path) -> None:
    (yelp / "test.csv").chmod(0)
    if os.access(yelp / "test.csv", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(CourseDataError, match=r"test.csv: cannot be read \(Permission denied"):
        load_reviews()


def test_a_folder_in_place_of_a_table_is_named(yelp: Path) -> None:
    (yelp / "test.csv").unlink()
    (yelp / "test.csv").mkdir()
    with pytest.raises(CourseDataError, match="test.csv: cannot be read"):
        load_reviews()


# --- The archive ------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the archive instead of its content, asked for; give the archive."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    (tmp_path / ARCHIVE).write_bytes(small_archive())
    return tmp_path / ARCHIVE


def test_the_archive_gives_what_its_unpacked_tables_give_and_leaves_nothing_on_disk(
    archive: Path,
) -> None:
    from_archive = load_reviews()
    assert list(archive.parent.iterdir()) == [archive]
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            (archive.parent / member.name).parent.mkdir(exist_ok=True)
            (archive.parent / member.name).write_bytes(packed.extractfile(member).read())
    pd.testing.assert_frame_equal(load_reviews(), from_archive)
    assert from_archive.attrs["source"] == f"{archive} (differs from {ADDRESS})"


def test_the_tables_may_stand_in_any_order_and_begin_with_a_dot(archive: Path) -> None:
    expected = load_reviews()
    archive.write_bytes(
        archive_of({f"./{FOLDER}/test.csv": TEST.encode(), f"./{FOLDER}/train.csv": TRAIN.encode()})
    )
    pd.testing.assert_frame_equal(load_reviews(), expected)


def test_members_that_climb_out_of_the_archive_are_passed_over(archive: Path) -> None:
    expected = load_reviews()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as made:
        for name in ("../escaped.csv", str(archive.parent / "absolute.csv"), f"../{FOLDER}/x"):
            entry = tarfile.TarInfo(name)
            entry.size = 4
            made.addfile(entry, io.BytesIO(b"evil"))
        link = tarfile.TarInfo(f"{FOLDER}/train.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
        with tarfile.open(fileobj=io.BytesIO(small_archive())) as good:
            for member in good.getmembers():
                made.addfile(member, good.extractfile(member))
    archive.write_bytes(stream.getvalue())
    pd.testing.assert_frame_equal(load_reviews(), expected)
    assert list(archive.parent.iterdir()) == [archive]


def test_a_link_in_place_of_a_table_is_no_table(archive: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as made:
        link = tarfile.TarInfo(f"{FOLDER}/train.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    archive.write_bytes(stream.getvalue())
    with pytest.raises(CourseDataError, match=f"the archive has no file {FOLDER}/train.csv"):
        load_reviews()


def test_a_complaint_about_a_table_names_its_place_in_the_archive(archive: Path) -> None:
    archive.write_bytes(archive_of({f"{FOLDER}/train.csv": b'"1","a"\n"7","b"\n'}))
    place = re.escape(str(archive / FOLDER / "train.csv"))
    with pytest.raises(CourseDataError, match=f"^{place}: line 2: the class '7'"):
        load_reviews()


def test_an_archive_without_one_of_the_tables_is_refused(archive: Path) -> None:
    archive.write_bytes(archive_of({f"{FOLDER}/train.csv": TRAIN.encode()}))
    with pytest.raises(CourseDataError, match=f"the archive has no file {FOLDER}/test.csv"):
        load_reviews()


def test_an_archive_cut_off_anywhere_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in range(0, len(whole), 7):
        archive.write_bytes(whole[:length])
        with pytest.raises(CourseDataError, match=f"^{re.escape(str(archive))}"):
            load_reviews()


def test_an_archive_with_one_flipped_bit_is_refused_or_reads_the_same(archive: Path) -> None:
    whole, expected = archive.read_bytes(), load_reviews()
    refused = 0
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        archive.write_bytes(damaged)
        try:
            pd.testing.assert_frame_equal(load_reviews(), expected)
        except CourseDataError:
            refused += 1
    assert refused > 0.9 * len(whole)  # the rest are times and the like


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no archive")])
def test_what_is_no_archive_is_refused(content: bytes, archive: Path) -> None:
    archive.write_bytes(content)
    with pytest.raises(CourseDataError) as caught:
        load_reviews()
    first, second = str(caught.value).splitlines()
    assert f"{archive}: " in first and ADDRESS in second


# --- Full -------------------------------------------------------------------------------------


def publish(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an archive where a mirror has it, and let its checksum be the published one."""
    file = folder / ADDRESS.removeprefix("https://s3.amazonaws.com/")
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    monkeypatch.setitem(
        PUBLISHED_FILES,
        ARCHIVE,
        PublishedFile(ADDRESS, hashlib.sha256(content).hexdigest(), len(content)),
    )


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ask for the full data, with a cache of its own; give the cache folder."""
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_full_downloads_the_archive_once_and_then_needs_no_network(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(small_archive(), tmp_path / "mirror", monkeypatch)
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        downloaded = load_reviews()
    again = load_reviews()  # the server is gone
    pd.testing.assert_frame_equal(downloaded, again)
    assert downloaded["text"].tolist()[:1] == ["Never again."]
    assert downloaded["split"].tolist() == ["train"] * 3 + ["test"] * 2
    assert downloaded.attrs["tier"] == "full"
    assert downloaded.attrs["source"] == f"{ADDRESS} (SHA-256 verified)"
    assert [file.name for file in full.iterdir()] == [ARCHIVE]


def test_full_refuses_other_bytes_and_keeps_none_of_them(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(small_archive(), tmp_path / "mirror", monkeypatch)
    file = next(file for file in (tmp_path / "mirror").rglob("*.tgz"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="SHA-256 differs"):
            load_reviews()
    assert list(full.iterdir()) == []


def test_full_refuses_a_server_with_a_file_of_another_size_before_it_downloads(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mirror" / ADDRESS.removeprefix("https://s3.amazonaws.com/")
    file.parent.mkdir(parents=True)
    file.write_bytes(small_archive())
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="bytes instead of 166373201"):
            load_reviews()


def test_offline_is_told_at_once_and_the_advice_that_comes_with_it_works(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", "http://publisher.invalid")  # never resolves
    begin = time.monotonic()
    with pytest.raises(CourseDataError, match="you seem to be offline") as caught:
        load_reviews()
    assert time.monotonic() - begin < OFFLINE_SECONDS
    assert f"save {ADDRESS} as {ARCHIVE} in a folder of yours" in str(caught.value)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ARCHIVE).write_bytes(small_archive())
    monkeypatch.setenv("RNN_DATA", str(tmp_path / "mine"))
    assert len(load_reviews()) == 5


def test_the_archive_is_the_one_that_tensorflow_datasets_downloads() -> None:
    yelp_polarity = pytest.importorskip("tensorflow_datasets.text.yelp_polarity")
    (url, info), *others = yelp_polarity.YelpPolarityReviews.url_infos.items()
    assert not others
    assert (url, info.checksum, info.size) == PUBLISHED_FILES[ARCHIVE]


def of_tensorflow_datasets(file: Path) -> list[tuple[str, int]]:
    """Read a table with the code of TensorFlow Datasets, its escapes then undone."""
    yelp_polarity = pytest.importorskip("tensorflow_datasets.text.yelp_polarity")
    rows = yelp_polarity.YelpPolarityReviews._generate_examples(None, file)
    return [
        (unescape(row["text"].replace('""', '"')), ["1", "2"].index(row["label"]))
        for _, row in rows
    ]


def test_texts_and_labels_are_those_of_tensorflow_datasets_with_escapes_undone(yelp: Path) -> None:
    frame = load_reviews()
    for split in ("train", "test"):
        rows = frame.loc[frame["split"] == split, ["text", "label"]]
        assert of_tensorflow_datasets(yelp / f"{split}.csv") == [*map(tuple, rows.to_numpy())]


# --- The real Yelp reviews --------------------------------------------------------------------


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
            Path(real_data_folder) / FOLDER / f"{split}.csv",
            header=None,
            names=["class", "text"],
            keep_default_na=False,
        )
        assert rows["label"].tolist() == (other["class"] - 1).tolist()
        plain = ~other["text"].str.contains("\\", regex=False).to_numpy()
        assert plain.mean() > 0.99
        assert rows["text"][plain].tolist() == other["text"][plain].tolist()


@pytest.mark.real_data
def test_real_reviews_are_those_of_tensorflow_datasets(
    real_data_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    frame = load_reviews()
    for split, rows in frame.groupby("split"):
        theirs = of_tensorflow_datasets(Path(real_data_folder) / FOLDER / f"{split}.csv")
        assert theirs == [*map(tuple, rows[["text", "label"]].to_numpy())]


# --- Memory -----------------------------------------------------------------------------------

MEASURE = """
import re, sys
from pathlib import Path
from helpers.data.loading import read_yelp_reviews
def peak():  # bytes
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
before = peak()
frame = read_yelp_reviews(Path(sys.argv[1]))
print(len(frame), peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from Linux's /proc")
@pytest.mark.parametrize("form", ["folder", "archive"])
def test_reading_takes_less_memory_than_three_times_the_texts(form: str, tmp_path: Path) -> None:
    words = itertools.cycle(f"word{number}" for number in range(997))
    texts = [" ".join(itertools.islice(words, 90)) for _ in range(1000)]
    content = "".join(published_form("1", text) for text in texts).encode() * 80
    tables = {f"{FOLDER}/train.csv": content, f"{FOLDER}/test.csv": TEST.encode()}
    if form == "folder":
        place = tmp_path / FOLDER
        place.mkdir()
        for name, table in tables.items():
            (tmp_path / name).write_bytes(table)
    else:
        place = tmp_path / ARCHIVE
        place.write_bytes(archive_of(tables))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(place)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    n_rows, grown = map(int, run.stdout.split())
    assert n_rows == 80_002
    # 598,000 reviews have 412 MB; at this ratio they take 1.2 GB of the 3 GB that are allowed.
    assert len(content) < grown < 3 * len(content)


# --- Making the sample, and its papers --------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Good.<br /><br />Cheap!", "Good. Cheap!"),
        ("a<BR>b<p>c</p>d", "a b c d"),
        (
            'see <a href="http://x.com/y?a=1&b=2">Tea, 20 Count</a>, it is',
            "see Tea, 20 Count, it is",
        ),
        (
            '<span class="tiny"> Length:: 0:36 Mins<br /><br /></span>My dog',
            "Length:: 0:36 Mins My dog",
        ),
        ("cr&egrave;me &quot;x&quot; &#128522; &#x41;", 'crème "x" 😊 A'),
        ("I &lt;3 it &lt;b&gt;", "I <3 it <b>"),
        ("&amp;lt; once", "&lt; once"),
        ("M&Ms, AT&T, salt &copy pepper", "M&Ms, AT&T, salt &copy pepper"),
        ("1 < 2 > 0 and <3", "1 < 2 > 0 and <3"),
        ("  a \t b\n\nc\u00a0d ", "a b c d"),
        ("STILL!!! :) 😊 Don't", "STILL!!! :) 😊 Don't"),
    ],
)
def test_cleaning_takes_markup_and_nothing_else(raw: str, clean: str) -> None:
    assert make_data.clean_review(raw) == clean


def test_a_text_in_both_splits_stays_in_the_test_split_alone() -> None:
    reviews = [Review("a", 1, "train"), Review("b", 1, "train"), Review("a", 0, "test")]
    assert make_data.without_duplicates(reviews) == reviews[1:]


def test_of_equal_texts_in_one_split_the_first_stays_and_the_order_is_kept() -> None:
    reviews = [
        Review("b", 1, "train"),
        Review("a", 1, "train"),
        Review("b", 0, "train"),
        Review("d", 0, "test"),
        Review("c", 0, "test"),
        Review("d", 1, "test"),
    ]
    assert make_data.without_duplicates(reviews) == [reviews[i] for i in (0, 1, 3, 4)]


def test_packing_leaves_no_trace_of_time_and_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 2e9)
    packed = make_data.packed("é\n")
    assert gzip.decompress(packed) == "é\n".encode()
    assert packed[3:8] == bytes(5)  # no name, no time
    assert packed[9] == 255  # system unknown


# R's serialization, as far as a data frame needs it ("R Internals", Serialization Formats).


def r_int(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def r_string(text: str | None) -> bytes:
    if text is None:
        return r_int(9, -1)
    return r_int(0x40009, len(text.encode())) + text.encode()


def r_strings(texts: list[str | None], attributes: bytes = b"") -> bytes:
    flags = 16 | (0x200 if attributes else 0)
    return r_int(flags, len(texts)) + b"".join(map(r_string, texts)) + attributes


def r_attributes(**values: bytes) -> bytes:
    pairs = (r_int(0x402, 1) + r_string(name) + value for name, value in values.items())
    return b"".join(pairs) + r_int(254)


def r_list(members: dict[str, bytes]) -> bytes:
    names = r_attributes(names=r_strings([*members]))
    return r_int(0x213, len(members)) + b"".join(members.values()) + names


def r_factor(codes: list[int], levels: list[str]) -> bytes:
    attributes = r_attributes(levels=r_strings(levels), **{"class": r_strings(["factor"])})
    return r_int(0x30D, len(codes), *codes) + attributes


def r_file(value: bytes) -> bytes:
    return b"X\n" + r_int(3, 0x40401, 0x30500, 5) + b"UTF-8" + value


def r_database(tables: dict[str, bytes]) -> tuple[bytes, bytes]:
    """Write a lazy-load database: its index and its values."""
    database, places = b"", {}
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    for name, table in tables.items():
        packed = lzma.compress(r_file(table), lzma.FORMAT_RAW, filters=filters)
        entry = struct.pack(">I", len(r_file(table))) + b"Z" + packed
        places[name] = r_int(13, 2, len(database), len(entry))
        database += entry
    index = r_list({"variables": r_list(places), "compressed": r_int(13, 1, 3)})
    return gzip.compress(r_file(index)), database


def r_reviews(texts: list[str], scores: list[int]) -> bytes:
    return r_list({"review": r_strings(texts), "score": r_factor(scores, ["great", "other"])})


def test_a_table_of_an_r_package_is_read_by_name() -> None:
    index, database = r_database(
        {"first": r_reviews(["x"], [1]), "second": r_reviews(["é", "😊"], [2, 1])}
    )
    assert make_data.read_r_table(index, database, "second") == {
        "review": ["é", "😊"],
        "score": ["other", "great"],
    }


def test_r_values_of_each_known_kind_are_read() -> None:
    symbol_twice = r_attributes(a=r_int(13, 1, 5))[:-4] + r_int(0x402, 0x1FF, 13, 1, 6, 254)
    value = r_int(0x213, 5) + r_int(10, 1, 1) + r_int(14, 1) + struct.pack(">d", 0.5)
    value += r_strings(["a", None]) + r_int(254) + r_int(13, 2, -1, 7) + symbol_twice
    read = make_data.read_r(r_file(value))
    assert read.values[0].values == (1,)
    assert read.values[1].values == (0.5,)
    assert read.values[2].values == ["a", None]
    assert read.values[3] == []
    assert read.values[4].values == (-1, 7)
    assert read.attributes["a"].values == (6,)  # the second pair refers back to the symbol


def test_an_unknown_r_table_is_refused_with_those_there_are() -> None:
    index, database = r_database({"first": r_reviews(["x"], [1])})
    with pytest.raises(CourseDataError, match="holds no 'third', but first"):
        make_data.read_r_table(index, database, "third")


def test_what_the_r_reader_does_not_know_is_refused() -> None:
    with pytest.raises(CourseDataError, match=r"R's data begin with b'A\\n'"):
        make_data.read_r(b"A\n1\n")
    with pytest.raises(CourseDataError, match="R's type 6 at byte"):
        make_data.read_r(r_file(r_int(6)))
    index, database = r_database({"first": r_reviews(["x"], [1])})
    with pytest.raises(CourseDataError, match="compressed in an unknown way"):
        make_data.read_r_table(index, database[:4] + b"2" + database[5:], "first")


def deb_of(members: dict[str, bytes]) -> bytes:
    """Make a Debian package: an ar archive of which one member is a tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    package = b"!<arch>\n"
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": stream.getvalue()}
    for name, content in parts.items():
        package += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        package += content + b"\n" * (len(content) % 2)
    return package


def test_a_file_is_taken_out_of_a_debian_package(tmp_path: Path) -> None:
    package = tmp_path / "a.deb"
    package.write_bytes(deb_of({"./usr/x": b"wrong", "./usr/y": b"right"}))
    assert make_data.deb_member(package, "./usr/y") == b"right"


@pytest.mark.parametrize("content", [b"", b"no package", deb_of({"./usr/x": b""})])
def test_a_package_without_the_file_is_refused(content: bytes, tmp_path: Path) -> None:
    package = tmp_path / "a.deb"
    package.write_bytes(content)
    with pytest.raises(CourseDataError, match=r"a\.deb: there is no file \./usr/y in it"):
        make_data.deb_member(package, "./usr/y")


def test_the_sample_is_made_from_a_package_of_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index, database = r_database(
        {
            "training_data": r_reviews(["Yum<br />Yum", "Bad &amp; sad", "Same"], [1, 2, 1]),
            "testing_data": r_reviews(["Same", "Fine"], [2, 1]),
        }
    )
    names = {
        make_data.MODELDATA_DATABASE + end: content
        for end, content in ((".rdx", index), (".rdb", database))
    }
    package = tmp_path / make_data.MODELDATA_FILE
    package.write_bytes(deb_of(names))
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    monkeypatch.setattr(make_data, "MODELDATA_SHA256", digest)
    assert make_data.main(["reviews", "--from", str(package), "--to", str(tmp_path)]) == 0
    assert gzip.decompress((tmp_path / SAMPLE).read_bytes()).decode() == (
        "text,label,split\nYum Yum,1,train\nBad & sad,0,train\nSame,0,test\nFine,1,test\n"
    )
    made = hashlib.sha256((tmp_path / SAMPLE).read_bytes()).hexdigest()
    assert read_checksums(tmp_path / "checksums.txt") == {SAMPLE: made}
    assert f"{SAMPLE}: 4 reviews, " in capsys.readouterr().out


def test_another_package_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / make_data.MODELDATA_FILE
    package.write_bytes(deb_of({"./usr/x": b""}))
    (tmp_path / "out").mkdir()
    asked = ["reviews", "--from", str(package), "--to", str(tmp_path / "out")]
    assert make_data.main(asked) == 1
    said = capsys.readouterr().err
    assert str(package) in said and "not the pinned file" in said and "--from" in said
    assert list((tmp_path / "out").iterdir()) == []


def test_without_apt_get_the_command_says_where_else_to_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_data.main(["reviews", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "There is no apt-get here" in first
    assert f"--from .../{make_data.MODELDATA_FILE}" in second


@pytest.mark.skipif(not shutil.which("apt-get"), reason="there is no apt-get here")
def test_a_package_that_apt_get_cannot_find_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lists" / "partial").mkdir(parents=True)
    settings = f'Dir::State::lists "{tmp_path}/lists";\nDir::Cache "{tmp_path}";\n'
    (tmp_path / "apt.conf").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    monkeypatch.setenv("LC_ALL", "C")
    assert make_data.main(["reviews", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert f"Cannot fetch {make_data.MODELDATA_FILE}: E: " in first
    assert f"--from .../{make_data.MODELDATA_FILE}" in second


def test_the_sample_is_made_again_to_the_byte(tmp_path: Path) -> None:
    source = os.environ.get("RNN_REVIEWS_SOURCE", "")
    if not source:
        pytest.skip(f"RNN_REVIEWS_SOURCE is not set; set it to Debian's {make_data.MODELDATA_FILE}")
    assert make_data.main(["reviews", "--from", source, "--to", str(tmp_path)]) == 0
    made, kept = ((folder / SAMPLE).read_bytes() for folder in (tmp_path, DATA_FOLDER))
    assert gzip.decompress(made) == gzip.decompress(kept)
    if made != kept:
        pytest.skip("the text is the same; this Python compresses with another zlib")


def test_the_numbers_of_the_review_card_are_those_of_the_file() -> None:
    card = (DATA_FOLDER / "reviews.md").read_text(encoding="utf-8")
    frame = load_reviews()
    texts = frame["text"]
    words = texts.str.split().str.len()
    n_rows = frame["split"].value_counts()
    share = 100 * frame.groupby("split")["label"].mean()
    count = {2: "Two", 3: "Three", 4: "four", 5: "Five"}
    for fact in (
        f"{len(frame):,}: {n_rows['train']:,} for training, {n_rows['test']:,} for testing",
        f"{share['train']:.1f} % of the training reviews, {share['test']:.1f} % of the test",
        f"{words.min()} to {words.max():,} words, half of the reviews up to {words.median():.0f}",
        f"mean {words.mean():.0f}; {texts.str.len().min()} to {texts.str.len().max():,} char",
        f"{sum(not text.isascii() for text in texts)} texts hold a character beyond ASCII",
        f"In {texts.str.contains(chr(0xFFFD)).sum()} texts a character was lost",
        f"{count[texts.str.contains('http', regex=False).sum()]} texts hold the address of a page",
        f"{count[texts.str.startswith('Length:: ').sum()]} begin with the length of a video",
        f"{count[texts.str.contains('<[a-zA-Z]').sum()]} texts hold `<` before a letter",
        f'always saying "positive" is right on {share["test"]:.1f} %',
        f"{(DATA_FOLDER / SAMPLE).stat().st_size:,} bytes",
        f"drops {5_000 - len(frame)} texts",
    ):
        assert fact in " ".join(card.split()), fact


def test_the_linear_baseline_of_the_review_card_is_what_one_gets() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    frame = load_reviews()
    train, test = (frame[frame["split"] == split] for split in ("train", "test"))
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    accuracy = model.fit(train["text"], train["label"]).score(test["text"], test["label"])
    assert accuracy == pytest.approx(0.79, abs=0.01)


def test_the_licence_of_the_reviews_travels_with_them() -> None:
    notice = (DATA_FOLDER / "LICENSE-modeldata.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2019 Max Kuhn, RStudio" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice
    assert "LICENSE-modeldata.txt" in (DATA_FOLDER / "reviews.md").read_text(encoding="utf-8")


def test_the_sample_is_small_enough_to_travel_with_the_course() -> None:
    assert (DATA_FOLDER / SAMPLE).stat().st_size < 1_500_000


def test_reading_a_table_leaves_the_settings_of_the_csv_module_alone(yelp: Path) -> None:
    before = csv.field_size_limit()
    read_yelp_reviews(yelp)
    assert csv.field_size_limit() == before
