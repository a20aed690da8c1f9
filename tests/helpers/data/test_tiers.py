"""The choice of a tier, and the samples: each is proved by its checksum."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from helpers import data
from helpers.data import (
    DATA_FOLDER,
    CourseDataError,
    data_tier,
    describe_tier,
    load_names,
    load_reviews,
    load_shoes,
    load_stocks,
    load_sunspots,
    read_checksums,
    tiers,
)
from tests.helpers.data.support import FORMS, ROOT, put

SAMPLES = {
    "stocks.csv": load_stocks,
    "reviews.csv.gz": load_reviews,
    "films.csv.gz": partial(load_reviews, sample="films"),
    "question_pairs.csv.gz": data.load_question_pairs,
    "shoes.csv.gz": load_shoes,
    "pronunciations.csv.gz": data.load_pronunciations,
    "names.txt": load_names,
    "austen.csv.bz2": data.load_austen,
    "ridership.csv": data.load_ridership,
    "explorer.npz": data.explorer_file,
    "novelist.npz": data.load_novelist,
    "pronouncer.npz": data.load_pronouncer,
    "word_vectors.npz": data.load_word_vectors,
}


# --- The choice of a tier ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "tier"),
    [(None, "sample"), ("", "sample"), ("  ", "sample"), ("sample", "sample"), ("full", "full")],
)
def test_the_tier_is_the_sample_unless_asked_otherwise(
    asked: str | None, tier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked is not None:
        monkeypatch.setenv("RNN_DATA", asked)
    assert data_tier() == tier


def test_the_tier_can_be_a_folder_given_in_any_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    put(tmp_path / "mine", FORMS["stocks"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for given in (str(tmp_path / "mine"), "mine", "~/mine"):
        monkeypatch.setenv("RNN_DATA", given)
        assert data_tier() == given
        assert load_stocks().attrs["tier"] == given


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("samples", "RNN_DATA is 'samples', .*did you mean 'sample'"),
        ("FULL", "RNN_DATA is 'FULL', .*did you mean 'full'"),
        ("/no/such/folder", "RNN_DATA is '/no/such/folder', .*no folder that exists"),
        (__file__, "is a file; it takes the folder"),
    ],
)
@pytest.mark.parametrize("ask", [data_tier, describe_tier, load_stocks, load_reviews, load_shoes])
def test_an_unknown_tier_is_refused(
    ask: Callable[[], object], asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", asked)
    with pytest.raises(CourseDataError, match=said) as caught:
        ask()
    assert all(choice in str(caught.value) for choice in ('"sample"', '"full"', "a folder"))


def test_each_tier_describes_itself_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    back = "set RNN_DATA=sample for the small sample that comes with the course."
    for tier, sentence in {
        "sample": "Data: the small sample that comes with the course (no network needed); "
        "set RNN_DATA=full for the publishers' files.",  # as it stands in the stored outputs
        "full": f"Data: the publishers' files, downloaded once to {tmp_path / 'cache'} and "
        f"verified; {back}",
        str(tmp_path): f"Data: the publishers' files in your folder {tmp_path}; {back}",
    }.items():
        monkeypatch.setenv("RNN_DATA", tier)
        assert describe_tier() == sentence


def test_a_tier_that_is_asked_for_wins_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = load_shoes()
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    pd.testing.assert_frame_equal(load_shoes("sample"), plain)


@pytest.mark.parametrize("tier", ["sample", "full", "a folder"])
def test_an_unknown_sample_of_reviews_is_refused_in_every_tier(
    tier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path) if tier == "a folder" else tier)
    with pytest.raises(ValueError, match="sample is 'film'; it must be 'food' or 'films'"):
        load_reviews(sample="film")


@pytest.mark.parametrize("load", [load_names, load_sunspots])
def test_what_is_the_same_in_every_tier_needs_no_network(
    load: Callable[[], pd.Series], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = load()
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", "http://publisher.invalid")  # never resolves
    for tier in ("full", str(tmp_path)):
        monkeypatch.setenv("RNN_DATA", tier)
        pd.testing.assert_series_equal(load(), sample)
    assert not (tmp_path / "cache").exists()


def test_another_copy_of_the_course_finds_its_own_data_from_any_folder(tmp_path: Path) -> None:
    for name in ("helpers", "data"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "stocks.csv").unlink()
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from helpers.data import *; print(len(load_reviews())); load_stocks()",
        ],
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.stdout == "4972\n"  # damage to the prices does not keep the reviews away
    first, second = run.stderr.splitlines()[-2:]
    assert f"CourseDataError: {tmp_path / 'data' / 'stocks.csv'}: " in first
    assert "`git checkout data/stocks.csv data/checksums.txt`" in second


# --- The checksum is the check ----------------------------------------------------------------


def alter_one_letter(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-1000]),
    "empty": lambda file: file.write_bytes(b""),
    "altered": alter_one_letter,
    "Windows' line ends": lambda file: file.write_bytes(file.read_bytes() + b"\r\n"),
    "no checksum": lambda file: (file.parent / "checksums.txt").write_bytes(b""),
    "no checksums": lambda file: (file.parent / "checksums.txt").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_sample_is_refused_with_the_way_back(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for file in (name, "checksums.txt"):
        shutil.copyfile(DATA_FOLDER / file, folder / file)
    monkeypatch.setattr(tiers, "DATA_FOLDER", folder)
    SAMPLES[name]()
    DAMAGES[damage](folder / name)
    with pytest.raises(CourseDataError) as caught:
        SAMPLES[name]()
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{folder / name}: ")
    assert f"git checkout data/{name} data/checksums.txt" in second


def test_a_checksum_file_is_read_as_sha256sum_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "checksums.txt"
    file.write_text(f"{'a' * 64}  text.csv\n{'b' * 64} *a name.bin\n", encoding="utf-8")
    assert read_checksums(file) == {"text.csv": "a" * 64, "a name.bin": "b" * 64}


@pytest.mark.parametrize("line", ["stocks.csv", "abc  stocks.csv", f"{'g' * 64}  stocks.csv"])
def test_a_checksum_file_of_another_form_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "checksums.txt"
    file.write_text(f"{'a' * 64}  other.csv\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseDataError, match="line 2 is no SHA-256 with a file name"):
        read_checksums(file)


def test_every_file_of_the_sample_has_a_checksum_and_a_card_that_tells_it() -> None:
    papers = {"checksums.txt", *(file.name for file in DATA_FOLDER.glob("LICENSE-*.txt"))}
    patterns = ("*.csv*", "*.npz", "*.txt")
    files = {file.name for pattern in patterns for file in DATA_FOLDER.glob(pattern)}
    checksums = read_checksums(DATA_FOLDER / "checksums.txt")
    assert files - papers == set(checksums) == set(SAMPLES)
    index = (DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    for name, digest in checksums.items():
        card = name.split(".")[0] + ".md"
        assert f"({card})" in index
        assert digest in (DATA_FOLDER / card).read_text(encoding="utf-8")
