"""The loaders: what each tier gives, and what bad input gets."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.loading import (
    DATA_FOLDER,
    DAYS_PER_WINDOW,
    PUBLISHED_FILES,
    CourseDataError,
    data_tier,
    describe_tier,
    load_stocks,
    load_sunspots,
    read_checksums,
    read_class_stocks,
    read_sample_stocks,
)
from tools.samples import make as make_data

ROOT = Path(__file__).resolve().parents[3]
CLASS_FILE = "fortune500_100_days.csv"
DAY_COLUMNS = [f"day_{day}" for day in range(1, 102)]
COLUMNS = ["ticker", "window", "start", "end", *DAY_COLUMNS]


@pytest.fixture(autouse=True)
def sample_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment that asks for nothing."""
    for name in ("RNN_DATA", "RNN_CACHE", "RNN_DOWNLOAD_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def real_class_file() -> Path:
    """The class's own file, from the folder RNN_REAL_DATA."""
    folder = os.environ.get("RNN_REAL_DATA", "")
    if not folder:
        pytest.skip(f"RNN_REAL_DATA is not set; set it to a folder that holds {CLASS_FILE}")
    return Path(folder) / CLASS_FILE


# --- Small files of the right form, for tests to break ----------------------------------------


def class_table(n_rows: int = 3) -> list[list[str]]:
    """A table in the form of the class's file: header, then `n_rows` tickers."""
    days = pd.date_range("2020-09-28", periods=DAYS_PER_WINDOW)
    values = np.random.default_rng(0).uniform(-1, 1, (n_rows, DAYS_PER_WINDOW)).round(9)
    rows = [[f"T{index}", *map(repr, row.tolist())] for index, row in enumerate(values)]
    return [["Fortune500", *days.strftime("%d/%m/%Y")], *rows]


def sample_table(n_windows: int = 2) -> list[list[str]]:
    """A table in the form of the sample: header, then 101 days for each window."""
    days = pd.date_range("2020-01-01", periods=n_windows * DAYS_PER_WINDOW)
    rows = [
        [f"{day:%Y-%m-%d}", str(index // DAYS_PER_WINDOW + 1), f"{10 + index}.5", f"{index + 1}"]
        for index, day in enumerate(days)
    ]
    return [["date", "window", "BBB", "AAA"], *rows]


def write(file: Path, table: list[list[str]]) -> Path:
    text = "".join(",".join(cells) + "\n" for cells in table)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def folder_with(folder: Path, table: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a class file into `folder` and ask for that folder."""
    monkeypatch.setenv("RNN_DATA", str(folder))
    return write(folder / CLASS_FILE, table)


# --- The choice of a tier ---------------------------------------------------------------------


@pytest.mark.parametrize("asked", [None, "", "  ", "sample"])
def test_the_tier_is_the_sample_unless_asked_otherwise(
    asked: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked is not None:
        monkeypatch.setenv("RNN_DATA", asked)
    assert data_tier() == "sample"


def test_the_tier_can_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNN_DATA", "full")
    assert data_tier() == "full"


def test_the_tier_can_be_a_folder_given_in_any_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for given in (str(tmp_path / "mine"), "mine", "~/mine"):
        monkeypatch.setenv("RNN_DATA", given)
        write(tmp_path / "mine" / CLASS_FILE, class_table())
        assert data_tier() == given
        assert load_stocks().attrs["tier"] == given


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("samples", "RNN_DATA is 'samples', .*did you mean 'sample'"),
        ("FULL", "RNN_DATA is 'FULL', .*did you mean 'full'"),
        ("/no/such/folder", "RNN_DATA is '/no/such/folder', .*no folder that exists"),
    ],
)
@pytest.mark.parametrize("ask", [data_tier, describe_tier, load_stocks])
def test_an_unknown_tier_is_refused(
    ask: Callable[[], object], asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", asked)
    with pytest.raises(CourseDataError, match=said) as caught:
        ask()
    assert all(choice in str(caught.value) for choice in ('"sample"', '"full"', "a folder"))


def test_a_file_in_place_of_a_folder_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(write(tmp_path / CLASS_FILE, class_table())))
    with pytest.raises(CourseDataError, match="is a file; it takes the folder"):
        data_tier()


def test_each_tier_describes_itself_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    sentences = {}
    for tier in ("sample", "full", str(tmp_path)):
        monkeypatch.setenv("RNN_DATA", tier)
        sentences[tier] = describe_tier()
    assert "comes with the course" in sentences["sample"]
    assert str(tmp_path / "cache") in sentences["full"]
    assert str(tmp_path) in sentences[str(tmp_path)]
    for sentence in sentences.values():
        assert "set RNN_DATA=" in sentence
        assert sentence.endswith(".") and "\n" not in sentence


def test_the_description_of_the_sample_is_the_same_on_every_machine(tmp_path: Path) -> None:
    elsewhere = course_copy(tmp_path)
    run = in_course(elsewhere, "print(describe_tier())")
    assert run.stdout.strip() == describe_tier()


# --- Stocks, sample ---------------------------------------------------------------------------


def test_the_sample_has_500_windows_of_101_prices() -> None:
    frame = load_stocks()
    assert list(frame.columns) == COLUMNS
    assert frame.shape == (500, 4 + 101)
    assert (frame[DAY_COLUMNS].dtypes == "float64").all()
    assert (frame[DAY_COLUMNS] > 0).all(axis=None)


def test_the_sample_is_ordered_by_window_then_ticker() -> None:
    frame = load_stocks()
    order = list(zip(frame["window"], frame["ticker"], strict=True))
    assert order == sorted(order)
    assert frame["window"].value_counts().to_dict() == dict.fromkeys(range(1, 26), 20)
    assert frame["ticker"].nunique() == 20


def test_the_windows_of_the_sample_follow_each_other_without_overlap() -> None:
    windows = load_stocks().drop_duplicates(["window", "start", "end"])
    assert len(windows) == 25  # the same days for all tickers
    assert (windows["start"] < windows["end"]).all()
    assert (windows["start"].to_numpy()[1:] > windows["end"].to_numpy()[:-1]).all()
    assert windows["end"].iloc[-1] == pd.Timestamp("2022-12-28")


def test_each_row_of_the_sample_is_a_stretch_of_one_column_of_the_file() -> None:
    table = pd.read_csv(DATA_FOLDER / "stocks.csv", parse_dates=["date"])
    for _, row in load_stocks().sample(25, random_state=0).iterrows():
        days = table[table["window"] == row["window"]]
        assert (days["date"].iloc[0], days["date"].iloc[-1]) == (row["start"], row["end"])
        np.testing.assert_array_equal(
            row[DAY_COLUMNS].to_numpy(dtype=float), days[row["ticker"]].to_numpy()
        )


def test_the_sample_says_what_it_is() -> None:
    attrs = load_stocks().attrs
    assert attrs["tier"] == "sample"
    assert attrs["unit"] == "US dollars"
    assert "skfolio 1.12.2 (BSD-3-Clause)" in attrs["source"]


def test_types_do_not_depend_on_the_tier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = load_stocks()
    folder_with(tmp_path, class_table(), monkeypatch)
    pd.testing.assert_series_equal(load_stocks().dtypes, sample.dtypes)


# --- Stocks, sample: bad input ----------------------------------------------------------------


def course_copy(folder: Path) -> Path:
    """Copy what the loaders need, as a course of its own whose data a test may damage."""
    for name in ("helpers", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def in_course(course: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in another copy of the course, from an unrelated folder as a notebook would."""
    (course / "elsewhere").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(course), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-c", f"from helpers.data.loading import *\n{code}"],
        cwd=course / "elsewhere",
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def delete(file: Path) -> None:
    file.unlink()


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def alter_one_digit(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"16.351", b"16.352", 1))


def change_line_ends(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("stocks.csv", delete, "the file is missing"),
        ("stocks.csv", cut_off, "altered or cut off"),
        ("stocks.csv", alter_one_digit, "altered or cut off"),
        ("stocks.csv", change_line_ends, "altered or cut off"),
        ("checksums.txt", delete, "the file is missing"),
        ("checksums.txt", lambda file: file.write_text("", encoding="utf-8"), "no line for stocks"),
    ],
)
def test_a_damaged_sample_is_refused_with_the_way_back(
    name: str, damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    course = course_copy(tmp_path)
    damage(course / "data" / name)
    run = in_course(course, "load_stocks()")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()[-2:]
    assert "CourseDataError" in first and said in first
    assert str(course / "data" / name) in first
    assert f"git checkout data/{name}" in second


def break_cell(line: int, column: int, text: str) -> Callable[[list[list[str]]], None]:
    """Make a change that writes `text` into a cell; line and column count from 1."""

    def change(table: list[list[str]]) -> None:
        table[line - 1][column - 1] = text

    return change


def drop_column(column: int) -> Callable[[list[list[str]]], None]:
    """Make a change that takes a column out; columns count from 1."""

    def change(table: list[list[str]]) -> None:
        for cells in table:
            del cells[column - 1]

    return change


def drop_prices(table: list[list[str]]) -> None:
    for cells in table:
        del cells[2:]


def drop_rows(table: list[list[str]]) -> None:
    del table[1:]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop_column(1), "the column 'date' is missing"),
        (drop_column(2), "the column 'window' is missing"),
        (drop_prices, "there is no column of prices"),
        (break_cell(1, 4, "BBB"), "the column 'BBB' comes twice"),
        (break_cell(7, 3, "n/a"), "line 7, column 'BBB': 'n/a' is no finite number"),
        (break_cell(7, 3, "-1.0"), "line 7, column 'BBB': a price of -1.0"),
        (break_cell(7, 1, "07.01.2020"), "line 7, column 'date': '07.01.2020' is no date"),
        (break_cell(7, 1, "2020-01-05"), "the dates do not increase: 2020-01-05"),
        (break_cell(7, 2, "2"), r"line 7, column 'window': '2' instead of 1 \(a window has 101"),
        (list.pop, "the last window has 100 of 101 days"),
        (drop_rows, "there is a header but no row"),
    ],
)
def test_a_sample_of_another_form_is_refused(
    change: Callable[[list[list[str]]], object], said: str, tmp_path: Path
) -> None:
    table = sample_table()
    change(table)
    file = write(tmp_path / "stocks.csv", table)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}"):
        read_sample_stocks(file)


def test_a_sample_of_the_right_form_is_read_by_column_name(tmp_path: Path) -> None:
    frame = read_sample_stocks(write(tmp_path / "stocks.csv", sample_table()))
    assert frame[["window", "ticker"]].to_numpy().tolist() == [
        [1, "AAA"],
        [1, "BBB"],
        [2, "AAA"],
        [2, "BBB"],
    ]
    assert frame["day_1"].tolist() == [1.0, 10.5, 102.0, 111.5]
    assert frame["day_101"].tolist() == [101.0, 110.5, 202.0, 211.5]
    assert frame["end"].tolist()[1:3] == [pd.Timestamp("2020-04-10"), pd.Timestamp("2020-07-20")]


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


# --- Stocks, the class's file in a folder -----------------------------------------------------


def test_a_folder_gives_the_class_file_in_its_own_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = class_table()
    table[1][0], table[2][0] = "ZZZ", "NA"  # "NA" is a ticker, not a missing value
    folder_with(tmp_path, table, monkeypatch)
    frame = load_stocks()
    assert list(frame.columns) == COLUMNS
    assert frame["ticker"].tolist() == ["ZZZ", "NA", "T2"]
    assert (frame["window"] == 1).all()
    assert (frame["start"] == pd.Timestamp("2020-09-28")).all()
    assert (frame["end"] == pd.Timestamp("2021-01-06")).all()


def test_a_folder_gives_values_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = class_table()
    table[1][1:3] = ["0.30000000000000004", "-1e-320"]
    folder_with(tmp_path, table, monkeypatch)
    read = load_stocks()[DAY_COLUMNS].to_numpy()
    assert read.tolist() == [[float(text) for text in cells[1:]] for cells in table[1:]]


@pytest.mark.parametrize("encoding, newline", [("utf-8-sig", "\n"), ("utf-8", "\r\n")])
def test_a_folder_file_may_come_from_a_spreadsheet(
    encoding: str, newline: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder_with(tmp_path, class_table(), monkeypatch)
    plain = load_stocks()
    file.write_text(file.read_text(encoding="utf-8"), encoding=encoding, newline=newline)
    pd.testing.assert_frame_equal(load_stocks(), plain)


def test_a_folder_file_that_is_not_the_class_file_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder_with(tmp_path, class_table(), monkeypatch)
    assert load_stocks().attrs == {
        "tier": str(tmp_path),
        "unit": "scaled to [-1, 1]",
        "source": f"{file} (differs from {PUBLISHED_FILES[CLASS_FILE].url})",
    }


def test_a_folder_without_the_file_is_refused_with_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    with pytest.raises(CourseDataError, match="no such file in the folder") as caught:
        load_stocks()
    first, second = str(caught.value).splitlines()
    assert str(tmp_path / CLASS_FILE) in first
    assert PUBLISHED_FILES[CLASS_FILE].url in second and "RNN_DATA=sample" in second


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop_column(1), "the column 'Fortune500' .* is missing"),
        (drop_column(50), "100 columns of days instead of 101"),
        (break_cell(1, 6, "day 5"), "line 1: 'day 5' is no date"),
        (
            break_cell(1, 6, "10/03/2020"),
            "the dates do not increase: 2020-03-10 follows 2020-10-01",
        ),
        (break_cell(1, 6, "01/10/2020"), "the column '01/10/2020' comes twice"),
        (break_cell(3, 6, "soon"), r"line 3 \(T1\), column '02/10/2020': 'soon' is no finite"),
        (break_cell(3, 6, ""), r"line 3 \(T1\), column '02/10/2020': '' is no finite"),
        (break_cell(3, 6, "nan"), r"line 3 \(T1\), column '02/10/2020': 'nan' is no finite"),
        (break_cell(3, 6, "-inf"), r"line 3 \(T1\), column '02/10/2020': '-inf' is no finite"),
        (break_cell(3, 6, "0_1"), r"line 3 \(T1\), column '02/10/2020': '0_1' is no finite"),
        (
            break_cell(3, 6, "1.0000001"),
            r"line 3 \(T1\), column '02/10/2020': 1.0000001 lies outside",
        ),
        (break_cell(3, 1, "T0"), "line 3: the ticker 'T0' is empty or comes twice"),
        (break_cell(3, 1, ""), "line 3: the ticker '' is empty or comes twice"),
        (lambda table: table[2].pop(), "line 3 has 101 cells, the header 102"),
        (drop_rows, "there is a header but no row"),
    ],
)
def test_a_class_file_of_another_form_is_refused(
    change: Callable[[list[list[str]]], object],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = class_table()
    change(table)
    file = folder_with(tmp_path, table, monkeypatch)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}") as caught:
        load_stocks()
    assert PUBLISHED_FILES[CLASS_FILE].url in str(caught.value).splitlines()[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (gzip.compress(b"Fortune500\n"), "is no UTF-8 text"),
        (b"version https://git-lfs.github.com/spec/v1\nsize 1\n", "column 'Fortune500'"),
        (b'Fortune500\n"open\n', "is no CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder_with(tmp_path, class_table(), monkeypatch)
    file.write_bytes(content)
    with pytest.raises(CourseDataError, match=f"{CLASS_FILE}: .*{said}"):
        load_stocks()


def test_a_class_file_cut_off_anywhere_in_a_line_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / CLASS_FILE, class_table()).read_bytes()
    third_line = sum(len(line) for line in whole.splitlines(keepends=True)[:2])
    fourth_line = sum(len(line) for line in whole.splitlines(keepends=True)[:3])
    cut = tmp_path / "cut.csv"
    for length in range(third_line + 1, fourth_line):
        cut.write_bytes(whole[:length])
        with pytest.raises(CourseDataError, match="line 3 has no line end, so .* cut off"):
            read_class_stocks(cut)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder_with(tmp_path, class_table(), monkeypatch)
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(CourseDataError, match=rf"{CLASS_FILE}: cannot be read \(Permission denied"):
        load_stocks()


# --- Stocks, the class's own file -------------------------------------------------------------


@pytest.mark.real_data
def test_the_class_file_gives_the_class_numbers(
    real_class_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(real_class_file.parent))
    frame = load_stocks()
    series = frame[DAY_COLUMNS].to_numpy()
    assert series.shape == (502, 101)
    assert frame["ticker"].tolist()[:2] == ["MMM", "AOS"]
    X, y = series[:, :-1], series[:, -1]
    assert np.mean((y - y.mean()) ** 2) == 0.3516210190443937
    assert np.mean((y - X[:, -1]) ** 2) == 0.033289150367058463
    assert "(the same bytes as" in frame.attrs["source"]


@pytest.mark.real_data
def test_the_published_checksum_and_size_are_those_of_the_class_file(
    real_class_file: Path,
) -> None:
    content = real_class_file.read_bytes()
    published = PUBLISHED_FILES[CLASS_FILE]
    assert hashlib.sha256(content).hexdigest() == published.sha256
    assert len(content) == published.size


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP on this machine; give the base address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def publish(content: bytes, folder: Path) -> None:
    """Put `content` where a mirror of the class's file has it."""
    address = PUBLISHED_FILES[CLASS_FILE].url
    file = folder / address.removeprefix("https://raw.githubusercontent.com/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.real_data
def test_full_downloads_the_class_file_once_and_then_needs_no_network(
    real_class_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    publish(real_class_file.read_bytes(), tmp_path / "mirror")
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        downloaded = load_stocks()
    again = load_stocks()  # the server is gone
    pd.testing.assert_frame_equal(downloaded, again)
    pd.testing.assert_frame_equal(downloaded, read_class_stocks(real_class_file))
    assert downloaded.attrs["tier"] == "full"
    assert downloaded.attrs["source"].startswith(PUBLISHED_FILES[CLASS_FILE].url)


def test_full_refuses_other_bytes_of_the_right_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    publish(b"0" * PUBLISHED_FILES[CLASS_FILE].size, tmp_path / "mirror")
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="SHA-256 differs"):
            load_stocks()
    assert list((tmp_path / "cache").iterdir()) == []


# --- Sunspots ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["sample", "full"])
def test_sunspots_are_yearly_from_1700_to_2008_in_every_tier(
    tier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", tier)
    sunspots = load_sunspots()
    assert sunspots.name == "sunspots"
    assert sunspots.index.name == "year"
    assert sunspots.index.tolist() == list(range(1700, 2009))
    assert sunspots.dtype == "float64"
    assert sunspots.loc[[1700, 1957, 2008]].tolist() == [5.0, 190.2, 2.9]


# --- Making the sample, and its papers --------------------------------------------------------


def test_windows_are_cut_from_the_end_and_prices_are_copied_as_written() -> None:
    source = "Date,B,A\n" + "".join(f"2020-01-{day:02},{day}.10,{day}e0\n" for day in range(1, 8))
    assert make_data.cut_windows(source, n_windows=2, n_days=3) == (
        "date,window,B,A\n"
        "2020-01-02,1,2.10,2e0\n2020-01-03,1,3.10,3e0\n2020-01-04,1,4.10,4e0\n"
        "2020-01-05,2,5.10,5e0\n2020-01-06,2,6.10,6e0\n2020-01-07,2,7.10,7e0\n"
    )


def test_too_few_days_to_cut_are_refused() -> None:
    with pytest.raises(CourseDataError, match="1 days; 'Date' and at least 6 days are needed"):
        make_data.cut_windows("Date,A\n2020-01-01,1.0\n", n_windows=2, n_days=3)


def test_another_source_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "sp500_dataset.csv.gz"
    source.write_bytes(gzip.compress(b"Date,A\n")[:-4])
    (tmp_path / "out").mkdir()
    asked = ["stocks", "--from", str(source), "--to", str(tmp_path / "out")]
    assert make_data.main(asked) == 1
    said = capsys.readouterr().err
    assert str(source) in said and "cut off or altered" in said and "--from" in said
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_source_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["stocks", "--from", str(tmp_path / "gone.csv.gz"), "--to", str(tmp_path)]
    assert make_data.main(asked) == 1
    assert "gone.csv.gz: there is no such file" in capsys.readouterr().err


def test_the_sample_is_made_again_to_the_byte(tmp_path: Path) -> None:
    source = os.environ.get("RNN_STOCKS_SOURCE", "")
    if not source:
        pytest.skip(
            "RNN_STOCKS_SOURCE is not set; set it to sp500_dataset.csv.gz of skfolio 1.12.2"
        )
    assert make_data.main(["stocks", "--from", source, "--to", str(tmp_path)]) == 0
    assert (tmp_path / "stocks.csv").read_bytes() == (DATA_FOLDER / "stocks.csv").read_bytes()
    made, kept = (read_checksums(folder / "checksums.txt") for folder in (tmp_path, DATA_FOLDER))
    assert made["stocks.csv"] == kept["stocks.csv"]


def test_recording_a_checksum_keeps_the_other_lines(tmp_path: Path) -> None:
    (tmp_path / "checksums.txt").write_text(f"{'a' * 64}  z.csv\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    make_data.record_checksum(tmp_path / "b.csv")
    assert (tmp_path / "checksums.txt").read_bytes() == (
        f"{hashlib.sha256(b'').hexdigest()}  b.csv\n{'a' * 64}  z.csv\n".encode()
    )


def test_every_file_with_a_checksum_has_a_data_card_that_tells_it() -> None:
    index = (DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    for name, digest in read_checksums(DATA_FOLDER / "checksums.txt").items():
        card = name.split(".")[0] + ".md"
        assert f"({card})" in index
        assert digest in (DATA_FOLDER / card).read_text(encoding="utf-8")


def test_every_file_of_the_sample_has_a_checksum() -> None:
    papers = {"checksums.txt", *(file.name for file in DATA_FOLDER.glob("LICENSE-*.txt"))}
    files = {
        file.name for pattern in ("*.csv*", "*.npz", "*.txt") for file in DATA_FOLDER.glob(pattern)
    }
    assert files - papers == {name for name in read_checksums(DATA_FOLDER / "checksums.txt")}


def test_the_numbers_of_the_stock_card_are_those_of_the_file() -> None:
    card = (DATA_FOLDER / "stocks.md").read_text(encoding="utf-8")
    frame = load_stocks()
    prices = frame[DAY_COLUMNS].to_numpy()
    assert ", ".join(frame["ticker"].unique()) in card
    for fact in (
        f"{frame['start'].min():%Y-%m-%d} to {frame['end'].max():%Y-%m-%d}",
        f"from {prices.min():.2f} to {prices.max():.2f}",
        f"{(DATA_FOLDER / 'stocks.csv').stat().st_size:,} bytes",
    ):
        assert fact in card
    first, last = prices[:, :-1], prices[:, -1]
    outside = (last > first.max(axis=1)) | (last < first.min(axis=1))
    assert f"in {outside.sum()} of the 500 windows" in card


def test_the_licence_of_the_prices_travels_with_them() -> None:
    notice = (DATA_FOLDER / "LICENSE-skfolio.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2023-2026 The skfolio developers." in notice
    assert "Redistributions of source code must retain the above copyright" in notice
    assert "LICENSE-skfolio.txt" in (DATA_FOLDER / "stocks.md").read_text(encoding="utf-8")
