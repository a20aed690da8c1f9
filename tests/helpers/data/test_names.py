"""The loader of names: what it gives, what bad input gets, and how the sample is made."""

from __future__ import annotations

import hashlib
import io
import os
import re
import string
import tarfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.loading import (
    DATA_FOLDER,
    CourseDataError,
    load_names,
    read_checksums,
    read_names,
)
from tests.helpers.data.test_stocks import change_line_ends, course_copy, cut_off, delete, in_course
from tools.samples import make as make_data

SAMPLE = "names.txt"
WOMEN = "MARY           2.629  2.629      1\nJESSE          0.040  2.669      2\n"
MEN = "JAMES          3.318  3.318      1\nJESSE          0.035  3.353      2\n"


@pytest.fixture(autouse=True)
def sample_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment that asks for nothing."""
    for name in ("RNN_DATA", "RNN_CACHE", "RNN_DOWNLOAD_MIRROR"):
        monkeypatch.delenv(name, raising=False)


def list_of(content: str | bytes, folder: Path) -> Path:
    """Write a file of names."""
    file = folder / SAMPLE
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return file


# --- Sample -----------------------------------------------------------------------------------


def test_the_sample_has_2000_names_each_once_in_alphabetical_order() -> None:
    names = load_names()
    assert len(names) == 2_000
    assert names.is_unique
    assert names.tolist() == sorted(names)


def test_names_are_of_the_letters_a_to_z_and_use_all_of_them() -> None:
    assert set("".join(load_names())) == set(string.ascii_lowercase)


def test_names_come_as_a_series_of_text() -> None:
    names = load_names()
    assert names.name == "name"
    assert names.index.equals(pd.RangeIndex(2_000))
    assert pd.api.types.is_string_dtype(names)
    assert all(isinstance(name, str) for name in names)


def test_names_that_everybody_knows_are_in_the_sample() -> None:
    assert {"mary", "patricia", "linda", "james", "john", "robert", "jose"} <= set(load_names())


def test_the_sample_says_where_it_comes_from() -> None:
    source = load_names().attrs["source"]
    assert "census of 1990 (public domain)" in source and "names 0.3.0 (MIT)" in source


def test_names_are_the_same_in_every_tier_and_need_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = load_names()
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", "http://publisher.invalid")  # never resolves
    for tier in ("full", str(tmp_path)):
        monkeypatch.setenv("RNN_DATA", tier)
        pd.testing.assert_series_equal(load_names(), sample)
    assert not (tmp_path / "cache").exists()


# --- Sample: bad input ------------------------------------------------------------------------


def alter_one_letter(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\nanna\n", b"\nannb\n", 1))


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        (SAMPLE, delete, "the file is missing"),
        (SAMPLE, cut_off, "altered or cut off"),
        (SAMPLE, alter_one_letter, "altered or cut off"),
        (SAMPLE, change_line_ends, "altered or cut off"),
        (SAMPLE, lambda file: file.write_bytes(b""), "altered or cut off"),
        ("checksums.txt", lambda file: file.write_text("", encoding="utf-8"), "no line for names"),
    ],
)
def test_a_damaged_sample_is_refused_with_the_way_back(
    name: str, damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    course = course_copy(tmp_path)
    before = (course / "data" / name).read_bytes()
    damage(course / "data" / name)
    file = course / "data" / name
    assert not file.exists() or file.read_bytes() != before
    run = in_course(course, "load_names()")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()[-2:]
    assert "CourseDataError" in first and said in first
    assert str(file) in first
    assert f"git checkout data/{name}" in second


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\n\r\n", "the file is empty"),
        ("anna\nBob\n", "line 2: 'Bob' is not made of the letters a to z"),
        ("anna\nchloé\n", "line 2: 'chloé' is not made of the letters a to z"),
        ("anna\nchloe\u0301\n", "line 2: 'chloe\u0301' is not made of the letters a to z"),
        ("anna\nbob2\n", "line 2: 'bob2' is not made of the letters a to z"),
        ("anna\nbob-ray\n", "line 2: 'bob-ray' is not made of the letters a to z"),
        ("anna\nbob \n", "line 2: 'bob ' is not made of the letters a to z"),
        ("anna\nbob\x0ccarl\n", r"line 2: 'bob\\x0ccarl' is not made of the letters a to z"),
        ("anna\n\nbob\n", "line 2: '' is not made of the letters a to z"),
        ("anna\nbob,7\n", "line 2: 'bob,7' is not made of the letters a to z"),
        ("anna\ncarl\nbob\n", "line 3: 'bob' stands after 'carl', not in alphabetical order"),
        ("anna\nbob\nbob\n", "line 3: 'bob' comes twice"),
        ("anna\nbob\nca", "line 3 has no line end, so the file seems cut off"),
        (b"anna\nchlo\xe9\n", "is no UTF-8 text .byte 9"),
    ],
)
def test_a_file_of_another_form_is_refused(content: str | bytes, said: str, tmp_path: Path) -> None:
    file = list_of(content, tmp_path)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}") as caught:
        read_names(file)
    assert "data/" in str(caught.value).splitlines()[1]


def test_a_long_line_is_cut_in_the_message(tmp_path: Path) -> None:
    file = list_of("a" * 10_000 + "!\n", tmp_path)
    with pytest.raises(CourseDataError, match="line 1: 'a{40}' is not made"):
        read_names(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseDataError, match=f"{SAMPLE}: the file is missing"):
        read_names(tmp_path / SAMPLE)


@pytest.mark.parametrize(
    ("before", "line_end"), [("", "\n"), ("", "\r\n"), ("", "\r"), ("\ufeff", "\r\n")]
)
def test_a_file_may_have_been_saved_by_another_program(
    before: str, line_end: str, tmp_path: Path
) -> None:
    file = list_of(before + line_end.join(["anna", "bob", ""]), tmp_path)
    assert read_names(file).tolist() == ["anna", "bob"]


# --- Making the sample, and its papers --------------------------------------------------------


def census(**shares: str) -> str:
    """Write a table in the form of the census."""
    return "".join(
        f"{name.upper():15}{share} 0.000 {rank:6}\n"
        for rank, (name, share) in enumerate(shares.items(), start=1)
    )


def test_shares_of_a_name_in_both_tables_are_added() -> None:
    women, men = census(ann="0.300", kim="0.200"), census(bob="0.290", kim="0.101")
    assert make_data.most_common([women, men], 1) == ["kim"]
    assert make_data.most_common([women, men], 2) == ["ann", "kim"]


def test_shares_are_added_exactly_so_that_a_tie_is_a_tie() -> None:
    assert 0.1 + 0.2 > 0.3  # what adding them as they are would make of it
    women, men = census(zoe="0.100", amy="0.300"), census(zoe="0.200")
    assert make_data.most_common([women, men], 1) == ["amy"]


def test_of_names_with_equal_shares_the_first_in_the_alphabet_are_taken() -> None:
    table = census(zoe="0.001", eva="0.001", mia="0.002", ada="0.001")
    assert make_data.most_common([table], 3) == ["ada", "eva", "mia"]


def test_names_come_in_lower_case_and_in_alphabetical_order() -> None:
    assert make_data.most_common([WOMEN, MEN], 3) == ["james", "jesse", "mary"]


def test_too_few_names_are_refused() -> None:
    with pytest.raises(CourseDataError, match="hold 3 names; 4 are needed"):
        make_data.most_common([WOMEN, MEN], 4)


@pytest.mark.parametrize(
    "line",
    ["MARY 2.629 2.629", "MARY ANN 2.629 2.629 1", "MARY n/a 2.629 1", "MARY inf 2.629 1", ""],
)
def test_a_line_of_another_form_is_refused(line: str) -> None:
    said = f"A line of the census is {line!r}, not name, share"
    with pytest.raises(CourseDataError, match=re.escape(said)):
        make_data.most_common([f"{line}\n{WOMEN}"], 1)


def archive_of(women: str, men: str, folder: Path) -> Path:
    """Make an archive in the form of the package's."""
    file = folder / make_data.NAMES_FILE
    with tarfile.open(file, mode="w:gz") as archive:
        for name, table in zip(make_data.NAMES_TABLES, (women, men), strict=True):
            entry = tarfile.TarInfo(name)
            entry.size = len(table)
            archive.addfile(entry, io.BytesIO(table.encode("ascii")))
    return file


def test_the_sample_is_made_from_an_archive_of_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = archive_of(WOMEN, MEN, tmp_path)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    monkeypatch.setattr(make_data, "NAMES_SHA256", digest)
    monkeypatch.setattr(make_data, "NUM_NAMES", 2)
    assert make_data.main(["names", "--from", str(source), "--to", str(tmp_path)]) == 0
    assert (tmp_path / SAMPLE).read_bytes() == b"james\nmary\n"
    made = hashlib.sha256(b"james\nmary\n").hexdigest()
    assert read_checksums(tmp_path / "checksums.txt") == {SAMPLE: made}
    assert f"{SAMPLE}: 2 names, 11 bytes" in capsys.readouterr().out


def test_another_archive_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = archive_of(WOMEN, MEN, tmp_path)
    (tmp_path / "out").mkdir()
    asked = ["names", "--from", str(source), "--to", str(tmp_path / "out")]
    assert make_data.main(asked) == 1
    said = capsys.readouterr().err
    assert str(source) in said and "not the pinned file" in said and "--from" in said
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_archive_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["names", "--from", str(tmp_path / "gone.tar.gz"), "--to", str(tmp_path)]
    assert make_data.main(asked) == 1
    assert "gone.tar.gz: there is no such file" in capsys.readouterr().err


def test_without_pip_the_command_says_where_else_to_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_data.importlib.util, "find_spec", lambda name: None)
    assert make_data.main(["names", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "This Python has no pip" in first
    assert f"--from .../{make_data.NAMES_FILE}" in second


def test_an_archive_that_pip_cannot_find_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pip")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert make_data.main(["names", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert f"Cannot fetch {make_data.NAMES}: ERROR: No matching distribution" in first
    assert f"--from .../{make_data.NAMES_FILE}" in second
    assert list(tmp_path.iterdir()) == []


def test_pip_refuses_another_archive_before_it_runs_anything_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pip")
    (tmp_path / "index").mkdir()
    ran = tmp_path / "ran"
    setup = f"open({str(ran)!r}, 'w').close()\n".encode()
    with tarfile.open(tmp_path / "index" / make_data.NAMES_FILE, mode="w:gz") as archive:
        entry = tarfile.TarInfo("names-0.3.0/setup.py")
        entry.size = len(setup)
        archive.addfile(entry, io.BytesIO(setup))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    assert make_data.main(["names", "--to", str(tmp_path)]) == 1
    digest = hashlib.sha256((tmp_path / "index" / make_data.NAMES_FILE).read_bytes()).hexdigest()
    first, _ = capsys.readouterr().err.splitlines()
    assert re.search(rf"Cannot fetch {make_data.NAMES}: Got +{digest}$", first)
    assert not ran.exists()


def test_the_sample_is_made_again_to_the_byte(tmp_path: Path) -> None:
    source = os.environ.get("RNN_NAMES_SOURCE", "")
    if not source:
        pytest.skip(f"RNN_NAMES_SOURCE is not set; set it to {make_data.NAMES_FILE}")
    assert make_data.main(["names", "--from", source, "--to", str(tmp_path)]) == 0
    assert (tmp_path / SAMPLE).read_bytes() == (DATA_FOLDER / SAMPLE).read_bytes()
    made, kept = (read_checksums(folder / "checksums.txt") for folder in (tmp_path, DATA_FOLDER))
    assert made[SAMPLE] == kept[SAMPLE]


def one_letter_away(name: str) -> set[str]:
    """Return what one gets by adding, leaving out or changing one letter."""
    letters = string.ascii_lowercase
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    added = {start + letter + end for start, end in cuts for letter in letters}
    changed = {start + letter + end[1:] for start, end in cuts if end for letter in letters}
    left_out = {start + end[1:] for start, end in cuts if end}
    return (added | changed | left_out) - {name}


def test_the_numbers_of_the_card_are_those_of_the_file() -> None:
    card = " ".join((DATA_FOLDER / "names.md").read_text(encoding="utf-8").split())
    names = load_names()
    length = names.str.len()
    last = names.str[-1].value_counts()
    known = set(names)
    for fact in (
        f"{len(names):,}, one a line",
        f"{length.min()} to {length.max()} letters, mean {length.mean():.2f}; "
        f"{length.between(5, 7).sum():,} names have 5 to 7",
        f'"a" in {last["a"]} names, "e" in {last["e"]}, "n" in {last["n"]}',
        f"{sum(bool(one_letter_away(name) & known) for name in names):,} of them become another",
        f"{(DATA_FOLDER / SAMPLE).stat().st_size:,} bytes",
    ):
        assert fact in card, fact


def test_the_names_that_the_card_gives_as_examples_are_in_the_sample() -> None:
    card = (DATA_FOLDER / "names.md").read_text(encoding="utf-8")
    examples = set(re.findall(r'"([a-z]{2,})"', card)) - {"edgardo", "zoila"}
    assert len(examples) > 10
    assert examples <= set(load_names())
    assert not {"edgardo", "zoila"} & set(load_names())


def test_the_licence_of_the_names_travels_with_them() -> None:
    notice = (DATA_FOLDER / "LICENSE-names.txt").read_text(encoding="utf-8")
    assert "Copyright © 2013 Trey Hunner" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice
    assert "LICENSE-names.txt" in (DATA_FOLDER / "names.md").read_text(encoding="utf-8")
