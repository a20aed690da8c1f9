"""Load the data of the lectures, in the tier that the reader chose.

The environment variable ``RNN_DATA`` is read at each call:

``sample`` (or unset)
    The files that come with the course, in ``data/``. No network.
``full``
    The publishers' files, downloaded once to a cache folder and verified (see
    `helpers.data.download` for ``RNN_CACHE`` and ``RNN_DOWNLOAD_MIRROR``).
a folder
    The publishers' files, put there by the reader under the publishers' names.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import math
import os
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data.download import CourseDataError, cache_folder, fetch, sha256_of
from helpers.data.questions import (
    NotPairs,
    Pairs,
    read_glue_archive,
    read_quora_text,
    read_sample_text,
)
from helpers.data.reviews import (
    YELP_FOLDER,
    NotReviews,
    read_sample_lines,
    read_yelp_archive,
    read_yelp_folder,
)
from helpers.data.shoes import DATAFINITI_FILES, NotShoes, read_datafiniti, read_sample

__all__ = [
    "CourseDataError",
    "DATA_FOLDER",
    "DAYS_PER_WINDOW",
    "PUBLISHED_FILES",
    "data_tier",
    "describe_tier",
    "load_names",
    "load_question_pairs",
    "load_reviews",
    "load_shoes",
    "load_stocks",
    "load_sunspots",
    "read_checksums",
    "read_class_stocks",
    "read_datafiniti_shoes",
    "read_glue_pairs",
    "read_names",
    "read_quora_pairs",
    "read_sample_pairs",
    "read_sample_reviews",
    "read_sample_shoes",
    "read_sample_stocks",
    "read_yelp_reviews",
]

DATA_FOLDER = Path(__file__).resolve().parents[2] / "data"
CHECKSUM_FILE = "checksums.txt"
DAYS_PER_WINDOW = 101  # 100 days to look at, and the day to predict
DAY_COLUMNS = [f"day_{day}" for day in range(1, DAYS_PER_WINDOW + 1)]


class PublishedFile(NamedTuple):
    """Where a publisher's file is, and what it must be."""

    url: str
    sha256: str
    size: int  # bytes


PUBLISHED_FILES = {
    "fortune500_100_days.csv": PublishedFile(
        url="https://raw.githubusercontent.com/DSApps-2023/Class_Slides/"
        "bed59e19bbc2cf44a32e739e2fe629f803d3c815/data/fortune500_100_days.csv",
        sha256="aa7a8a47c98e74bc26ceb971ba4af158bcb7b27272e9bf7d82303b8bb8a2f582",
        size=620_274,
    ),
    "yelp_review_polarity_csv.tgz": PublishedFile(
        url="https://s3.amazonaws.com/fast-ai-nlp/yelp_review_polarity_csv.tgz",
        sha256="528f22e286cad085948acbc3bea7e58188416546b0e364d0ae4ca0ce666abe35",
        size=166_373_201,
    ),
    "quora_small.csv": PublishedFile(
        url="https://raw.githubusercontent.com/DSApps-2023/Class_Slides/"
        "bed59e19bbc2cf44a32e739e2fe629f803d3c815/data/quora_small.csv",
        sha256="7206d5025344686fdffd34442a6239fe8e1ba6f37a8b5998b22b36b68bb89d74",
        size=134_700,
    ),
    "QQP.zip": PublishedFile(
        url="https://dl.fbaipublicfiles.com/glue/data/QQP.zip",
        sha256="40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0",
        size=41_696_084,
    ),
}
GLUE_ARCHIVE = "QQP.zip"
QUORA_FILES = ("quora_duplicate_questions.tsv", "quora_small.csv")
YELP_ARCHIVE = f"{YELP_FOLDER}.tgz"
SHOES_PAGE = "https://www.kaggle.com/datasets/datafiniti/womens-shoes-prices"


# --- Which tier -------------------------------------------------------------------------------


def data_tier() -> str:
    """Return the tier that ``RNN_DATA`` asks for.

    Returns
    -------
    str
        ``"sample"``, ``"full"``, or the folder just as the reader gave it.

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is none of these.
    """
    asked = os.environ.get("RNN_DATA", "").strip()
    if not asked:
        return "sample"
    if asked in ("sample", "full") or Path(asked).expanduser().is_dir():
        return asked
    way_out = 'Set it to "sample" (or unset it), to "full", or to a folder that holds the data.'
    if Path(asked).expanduser().is_file():
        raise CourseDataError(
            f"RNN_DATA is {asked!r}, which is a file; it takes the folder that holds it.\n{way_out}"
        )
    close = difflib.get_close_matches(asked.lower(), ["sample", "full"], n=1)
    guess = f"; did you mean {close[0]!r}?" if close else " and no folder that exists."
    raise CourseDataError(f"RNN_DATA is {asked!r}, which is no tier{guess}\n{way_out}")


def describe_tier() -> str:
    """Return one sentence for the first cell of a lecture: which data, from where, how to change.

    The sentence for the sample names no folder of this machine, so a stored output stays true
    elsewhere.

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier.
    """
    tier = data_tier()
    if tier == "sample":
        return (
            "Data: the small sample that comes with the course (no network needed); "
            "set RNN_DATA=full for the publishers' files."
        )
    if tier == "full":
        return (
            f"Data: the publishers' files, downloaded once to {cache_folder()} and verified; "
            "set RNN_DATA=sample for the small sample that comes with the course."
        )
    return (
        f"Data: the publishers' files in your folder {tier}; "
        "set RNN_DATA=sample for the small sample that comes with the course."
    )


def read_checksums(file: Path) -> dict[str, str]:
    """Read a checksum file in the format of the command ``sha256sum``.

    Parameters
    ----------
    file : pathlib.Path
        Lines of 64 hexadecimal digits, two blanks (or a blank and a star), and a file name.

    Returns
    -------
    dict of str to str
        SHA-256 by file name.

    Raises
    ------
    CourseDataError
        If the file is missing or a line is not of this form.
    """
    way_out = _back_from_git(file)
    checksums = {}
    for number, line in enumerate(_read_text(file, way_out).splitlines(), start=1):
        digest, _, name = line.partition(" ")
        name = name[1:]  # the blank or star that tells text from binary mode
        if len(digest) != 64 or set(digest) - set("0123456789abcdef") or not name:
            raise _bad(file, f"line {number} is no SHA-256 with a file name: {line!r}", way_out)
        checksums[name] = digest
    return checksums


def _sample_file(name: str) -> Path:
    """Return a file of the sample, once its checksum is found to be right."""
    file = DATA_FOLDER / name
    way_out = _back_from_git(file)
    if not file.is_file():
        raise _bad(file, "the file is missing", way_out)
    expected = read_checksums(DATA_FOLDER / CHECKSUM_FILE).get(name)
    if expected is None:
        raise _bad(
            DATA_FOLDER / CHECKSUM_FILE,
            f"there is no line for {name}",
            _back_from_git(DATA_FOLDER / CHECKSUM_FILE),
        )
    found = _sha256_or_error(file, way_out)
    if found != expected:
        raise _bad(
            file,
            f"the file is altered or cut off (its SHA-256 is {found[:12]}..., "
            f"{CHECKSUM_FILE} says {expected[:12]}...)",
            way_out,
        )
    return file


def _published_file(name: str, tier: str) -> tuple[Path, str]:
    """Return a publisher's file under the tier "full" or a folder, and what to say of its origin.

    Raises
    ------
    CourseDataError
        If the folder does not hold it, or if it cannot be downloaded.
    """
    published = PUBLISHED_FILES[name]
    if tier == "full":
        file = fetch(published.url, published.sha256, name, size=published.size)
        return file, f"{published.url} (SHA-256 verified)"
    file = Path(tier).expanduser().absolute() / name
    way_out = f"Save {published.url} there, or set RNN_DATA=sample."
    if not file.is_file():
        raise _bad(file, "there is no such file in the folder that RNN_DATA names", way_out)
    same = _sha256_or_error(file, way_out) == published.sha256
    return file, f"{file} ({'the same bytes as' if same else 'differs from'} {published.url})"


# --- Stocks -----------------------------------------------------------------------------------


def load_stocks() -> pd.DataFrame:
    """Load windows of 101 trading days, one row a window, in the tier of ``RNN_DATA``.

    Sample: 20 tickers x 25 windows of US-dollar prices, ordered by window, then ticker. Full and
    folder: the class's file, 502 tickers x 1 window in the file's order, each row scaled to
    [-1, 1] by its own minimum and maximum over all 101 days. ``data/README.md`` has the details.

    Returns
    -------
    pandas.DataFrame
        Columns ``ticker`` (str), ``window`` (int64, 1 is the earliest), ``start`` and ``end``
        (timestamps of the first and the last day; the last is the day to predict), and ``day_1``
        to ``day_101`` (float64). ``frame.attrs`` has ``tier`` (as `data_tier` gives it), ``unit``
        ("US dollars" or "scaled to [-1, 1]") and ``source`` (text for people).

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `read_sample_stocks` and `read_class_stocks`.
    """
    tier = data_tier()
    if tier == "sample":
        frame = read_sample_stocks(_sample_file("stocks.csv"))
        unit = "US dollars"
        source = (
            "daily adjusted closing prices of 20 companies of the S&P 500, from skfolio 1.12.2 "
            "(BSD-3-Clause)"
        )
    else:
        file, source = _published_file("fortune500_100_days.csv", tier)
        frame = read_class_stocks(file)
        unit = "scaled to [-1, 1]"
    frame.attrs = {"tier": tier, "unit": unit, "source": source}
    return frame


def read_sample_stocks(file: Path) -> pd.DataFrame:
    """Read a table of prices, one row a day, into one row a window.

    Parameters
    ----------
    file : pathlib.Path
        CSV with the columns ``date`` (year-month-day, increasing), ``window`` (1, 2, ... in time
        order, 101 days each) and one column of prices in US dollars for each ticker.

    Returns
    -------
    pandas.DataFrame
        As `load_stocks` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line, column
        and value.
    """
    way_out = _back_from_git(file)
    header, rows = _read_table(file, way_out)
    for column in ("date", "window"):
        if column not in header:
            raise _bad(file, f"the column {column!r} is missing", way_out)
    tickers = sorted(set(header) - {"date", "window"})
    if not tickers:
        raise _bad(file, "there is no column of prices", way_out)

    dates = []
    prices = np.empty((len(rows), len(tickers)))
    at = {column: position for position, column in enumerate(header)}
    for index, (line, cells) in enumerate(rows):
        where = f"line {line}, column"
        dates.append(_date(file, cells[at["date"]], "%Y-%m-%d", f"{where} 'date'", way_out))
        expected = str(index // DAYS_PER_WINDOW + 1)
        if cells[at["window"]] != expected:
            raise _bad(
                file,
                f"{where} 'window': {cells[at['window']]!r} instead of {expected} "
                f"(a window has {DAYS_PER_WINDOW} days)",
                way_out,
            )
        for column, ticker in enumerate(tickers):
            place = f"{where} {ticker!r}"
            price = _number(file, cells[at[ticker]], place, way_out)
            if price <= 0:
                raise _bad(file, f"{place}: a price of {cells[at[ticker]]}", way_out)
            prices[index, column] = price
    if len(rows) % DAYS_PER_WINDOW:
        raise _bad(
            file,
            f"the last window has {len(rows) % DAYS_PER_WINDOW} of {DAYS_PER_WINDOW} days",
            way_out,
        )
    _require_increasing(file, dates, way_out)

    n_windows = len(rows) // DAYS_PER_WINDOW
    # (windows, days, tickers) -> (windows, tickers, days) -> one row for each window and ticker
    by_window = prices.reshape(n_windows, DAYS_PER_WINDOW, len(tickers)).transpose(0, 2, 1)
    return _frame(
        tickers=tickers * n_windows,
        windows=np.repeat(np.arange(1, n_windows + 1), len(tickers)),
        starts=np.repeat(np.array(dates[::DAYS_PER_WINDOW]), len(tickers)),
        ends=np.repeat(np.array(dates[DAYS_PER_WINDOW - 1 :: DAYS_PER_WINDOW]), len(tickers)),
        values=by_window.reshape(-1, DAYS_PER_WINDOW),
    )


def read_class_stocks(file: Path) -> pd.DataFrame:
    """Read the class's file of scaled prices, one row a ticker, every value bit for bit.

    Parameters
    ----------
    file : pathlib.Path
        CSV with the column ``Fortune500`` (the ticker) and 101 columns whose names are dates
        (day/month/year, increasing), with values in [-1, 1].

    Returns
    -------
    pandas.DataFrame
        As `load_stocks` describes, without ``attrs``, in the file's order, ``window`` 1 throughout.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line, column
        and value. (A file that lost whole lines at its end has this form, and goes through.)
    """
    way_out = (
        f"Replace it with {PUBLISHED_FILES['fortune500_100_days.csv'].url}, or set RNN_DATA=sample."
    )
    header, rows = _read_table(file, way_out)
    if "Fortune500" not in header:
        raise _bad(file, "the column 'Fortune500' (the tickers) is missing", way_out)
    days = [name for name in header if name != "Fortune500"]
    dates = [_date(file, day, "%d/%m/%Y", "line 1", way_out) for day in days]
    if len(days) != DAYS_PER_WINDOW:
        raise _bad(file, f"{len(days)} columns of days instead of {DAYS_PER_WINDOW}", way_out)
    _require_increasing(file, dates, way_out)

    tickers: list[str] = []
    values = np.empty((len(rows), DAYS_PER_WINDOW))
    ticker_at = header.index("Fortune500")
    for index, (line, cells) in enumerate(rows):
        ticker = cells.pop(ticker_at)
        if not ticker or ticker in tickers:
            raise _bad(file, f"line {line}: the ticker {ticker!r} is empty or comes twice", way_out)
        tickers.append(ticker)
        for column, (day, text) in enumerate(zip(days, cells, strict=True)):
            place = f"line {line} ({ticker}), column {day!r}"
            value = _number(file, text, place, way_out)
            if abs(value) > 1:
                raise _bad(file, f"{place}: {text} lies outside [-1, 1]", way_out)
            values[index, column] = value
    return _frame(
        tickers=tickers,
        windows=np.ones(len(rows)),
        starts=np.repeat(np.array(dates[:1]), len(rows)),
        ends=np.repeat(np.array(dates[-1:]), len(rows)),
        values=values,
    )


def _frame(
    *,
    tickers: list[str],
    windows: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    values: np.ndarray,
) -> pd.DataFrame:
    """Put the columns of `load_stocks` together, with the same types under every pandas.

    Parameters
    ----------
    tickers, windows, starts, ends : length (n,)
        One entry a row; `starts` and `ends` hold `datetime` objects.
    values : array of shape (n, 101)
        The series.
    """
    about = pd.DataFrame(
        {
            "ticker": pd.Series(tickers),
            "window": windows.astype("int64"),
            "start": starts.astype("datetime64[ns]"),
            "end": ends.astype("datetime64[ns]"),
        }
    )
    return pd.concat([about, pd.DataFrame(values, columns=DAY_COLUMNS)], axis="columns")


# --- Reviews ----------------------------------------------------------------------------------


def load_reviews() -> pd.DataFrame:
    r"""Load labelled reviews, one row a review, in the tier of ``RNN_DATA``.

    Sample: 4,972 Amazon reviews of food, cleaned, no two alike; positive means five stars. Full:
    Yelp Review Polarity, 560,000 + 38,000 reviews of businesses (the archive that TensorFlow
    Datasets' ``yelp_polarity_reviews`` downloads too); positive means four or five stars, negative
    one or two. Folder: the same, as the folder ``yelp_review_polarity_csv`` with ``train.csv`` and
    ``test.csv``, or as the archive ``yelp_review_polarity_csv.tgz``. ``data/README.md`` has the
    details.

    Nothing of the texts is missing, lower-cased or cut. Yelp's hold line ends, may be empty
    (``""``) and may look like HTML: escape them before you put them into a page.

    Returns
    -------
    pandas.DataFrame
        Columns ``text`` (str), ``label`` (int64; 1 positive, 0 negative) and ``split`` (str;
        "train" or "test"), in the order of the file, all training reviews first. The two text
        columns have the type that pandas gives to text: ``str``, packed by pyarrow, under pandas
        3, and ``object`` under pandas 2. ``frame.attrs`` has ``tier`` (as `data_tier` gives it),
        ``source`` (text for people), ``positive`` and ``negative`` (what the labels mean).

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `read_sample_reviews` and `read_yelp_reviews`.

    Notes
    -----
    A file of 598,000 reviews (412 MB) takes about 4 seconds and 0.7 GB of memory at the highest,
    the archive about 6 seconds. Nothing is unpacked to disk.
    """
    tier = data_tier()
    if tier == "sample":
        frame = read_sample_reviews(_sample_file("reviews.csv.gz"))
        source = "Amazon reviews of food (SNAP, web-FineFoods), from modeldata 1.4.0 (MIT), cleaned"
        meaning = {"positive": "5 stars", "negative": "1 to 4 stars"}
    else:
        place, source = _yelp_place(tier)
        frame = read_yelp_reviews(place)
        if place.is_dir():
            rows = frame["split"].value_counts()
            source = (
                f"{place} ({rows['train']:,} training and {rows['test']:,} test reviews; "
                "the publisher has 560,000 and 38,000)"
            )
        meaning = {"positive": "4 or 5 stars", "negative": "1 or 2 stars"}
    frame.attrs = {"tier": tier, "source": source, **meaning}
    return frame


def read_sample_reviews(file: Path) -> pd.DataFrame:
    """Read the course's own table of reviews.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns ``text``, ``label`` (0 or 1) and ``split``
        (train or test).

    Returns
    -------
    pandas.DataFrame
        As `load_reviews` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and value.
    """
    way_out = _back_from_git(file)
    try:
        with gzip.open(file) as lines:
            return read_sample_lines(lines)
    except NotReviews as problem:
        raise _bad(file, str(problem), way_out) from None
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _bad(file, f"is no whole gzip file ({error})", way_out) from None
    except FileNotFoundError:
        raise _bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None


def read_yelp_reviews(place: Path) -> pd.DataFrame:
    r"""Read Yelp Review Polarity as it is published.

    Parameters
    ----------
    place : pathlib.Path
        The folder that holds ``train.csv`` and ``test.csv``, or the publisher's archive, which is
        read as a stream. Both tables are UTF-8, have no header and two quoted columns: the class
        ("1" negative, "2" positive) and the text, where a line end is written as ``\n`` and other
        escapes of JSON stand too; they are undone (see `helpers.data.reviews.unescape`).

    Returns
    -------
    pandas.DataFrame
        As `load_reviews` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the files cannot be read or are not of this form. The message names file, line and
        value. (A file that lost whole lines at its end has this form, and goes through.)
    """
    way_out = (
        f"Replace it with what {PUBLISHED_FILES[YELP_ARCHIVE].url} holds, or set RNN_DATA=sample."
    )
    try:
        return read_yelp_folder(place) if place.is_dir() else read_yelp_archive(place)
    except NotReviews as problem:
        raise _bad(place / problem.table, str(problem), way_out) from None
    except FileNotFoundError as error:
        raise _bad(Path(error.filename), "the file is missing", way_out) from None
    except OSError as error:
        file = Path(error.filename or place)
        raise _bad(file, f"cannot be read ({error.strerror or error})", way_out) from None


def _yelp_place(tier: str) -> tuple[Path, str]:
    """Return where Yelp's reviews are under the tier "full" or a folder, and their origin.

    Raises
    ------
    CourseDataError
        If the folder holds them in neither form, or if they cannot be downloaded.
    """
    if tier != "full":
        folder = Path(tier).expanduser().absolute()
        if (folder / YELP_FOLDER).is_dir():
            return folder / YELP_FOLDER, str(folder / YELP_FOLDER)
        if not (folder / YELP_ARCHIVE).is_file():
            way_out = f"Save {PUBLISHED_FILES[YELP_ARCHIVE].url} there, or set RNN_DATA=sample."
            if folder.name == YELP_FOLDER:
                way_out = f"Set RNN_DATA to the folder above, {folder.parent}."
            raise _bad(
                folder / YELP_FOLDER,
                f"there is no such folder, nor {YELP_ARCHIVE} beside it, in the folder that "
                "RNN_DATA names",
                way_out,
            )
    return _published_file(YELP_ARCHIVE, tier)


# --- Question pairs ---------------------------------------------------------------------------


def load_question_pairs() -> pd.DataFrame:
    """Load pairs of questions, one row a pair, in the tier of ``RNN_DATA``.

    Sample: 4,000 pairs that the course's generator made from hand-written intents; a pair is a
    duplicate if both ask for the same intent about the same thing. Full: the labelled pairs of
    GLUE's QQP, from Quora, where people judged. Folder: Quora's own release
    ``quora_duplicate_questions.tsv``; where that is not there, the class's ``quora_small.csv``;
    else GLUE's archive ``QQP.zip``. ``data/README.md`` has the details.

    Questions are kept as they are: case, typing mistakes, line ends, other scripts; escape them
    before you put them into a page. A row of which a question is missing is left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``question1`` and ``question2`` (str), ``label`` (int64; 1 duplicate, 0 not),
        ``qid1`` and ``qid2`` (int64; the same question has the same id), ``intent1`` and
        ``intent2`` (int64; -1 where the publisher knows none, which is everywhere but in the
        sample) and ``split`` (str; "train" or "validation", the latter only in GLUE), in the
        order of the file. ``frame.attrs`` has ``tier`` (as `data_tier` gives it), ``source``
        (text for people) and ``dropped`` (int, how many rows were left out).

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `read_sample_pairs`, `read_quora_pairs` and `read_glue_pairs`.
    """
    tier = data_tier()
    if tier == "sample":
        pairs = read_sample_pairs(_sample_file("question_pairs.csv.gz"))
        source = "made by the course from its own hand-written intents; no person asked these"
    else:
        file, source = _quora_place(tier)
        pairs = read_glue_pairs(file) if file.suffix == ".zip" else read_quora_pairs(file)
    pairs.frame.attrs = {"tier": tier, "source": source, "dropped": pairs.dropped}
    return pairs.frame


def read_sample_pairs(file: Path) -> Pairs:
    """Read the course's own table of question pairs.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns ``question1``, ``question2``, ``label``,
        ``qid1``, ``qid2``, ``intent1`` and ``intent2``.

    Returns
    -------
    Pairs
        The table as `load_question_pairs` describes it, without ``attrs``, and how many rows were
        left out.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and value.
    """
    way_out = _back_from_git(file)
    try:
        return read_sample_text(gzip.decompress(file.read_bytes()).decode("utf-8"))
    except NotPairs as problem:
        raise _bad(file, str(problem), way_out) from None
    except UnicodeDecodeError as error:
        raise _bad(file, f"is no UTF-8 text (byte {error.start})", way_out) from None
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _bad(file, f"is no whole gzip file ({error})", way_out) from None
    except FileNotFoundError:
        raise _bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None


def read_quora_pairs(file: Path) -> Pairs:
    """Read Quora's own release, or the class's file of its first rows.

    Parameters
    ----------
    file : pathlib.Path
        UTF-8, with or without a byte order mark, with the columns ``qid1``, ``qid2``,
        ``question1``, ``question2`` and ``is_duplicate``; cells are split at tabs if the name ends
        in ``.tsv``, else at commas. A quoted question may hold line ends.

    Returns
    -------
    Pairs
        As `read_sample_pairs` does.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and value.
        (A file that lost whole lines at its end has this form, and goes through.)
    """
    published = PUBLISHED_FILES.get(file.name)
    original = published.url if published else "Quora's release"
    way_out = f"Replace it with {original}, or set RNN_DATA=sample."
    text = _read_text(file, way_out)
    try:
        return read_quora_text(text, "\t" if file.suffix == ".tsv" else ",")
    except NotPairs as problem:
        raise _bad(file, str(problem), way_out) from None


def read_glue_pairs(file: Path) -> Pairs:
    """Read the labelled pairs out of GLUE's archive of QQP; nothing is unpacked to disk.

    Parameters
    ----------
    file : pathlib.Path
        The zip archive with ``QQP/train.tsv`` and ``QQP/dev.tsv``. The test table has no labels
        and is passed over.

    Returns
    -------
    Pairs
        As `read_sample_pairs` does; ``split`` is "train" or "validation".

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form.
    """
    way_out = f"Replace it with {PUBLISHED_FILES[GLUE_ARCHIVE].url}, or set RNN_DATA=sample."
    try:
        return read_glue_archive(file)
    except NotPairs as problem:
        raise _bad(file / problem.table, str(problem), way_out) from None
    except FileNotFoundError:
        raise _bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None


def _quora_place(tier: str) -> tuple[Path, str]:
    """Return where the question pairs are under the tier "full" or a folder, and their origin.

    Raises
    ------
    CourseDataError
        If the folder holds them in no form, or if they cannot be downloaded.
    """
    if tier == "full":
        return _published_file(GLUE_ARCHIVE, tier)
    folder = Path(tier).expanduser().absolute()
    for name in (*QUORA_FILES, GLUE_ARCHIVE):
        if (folder / name).is_file():
            known = name in PUBLISHED_FILES
            return _published_file(name, tier) if known else (folder / name, str(folder / name))
    first, second = QUORA_FILES
    raise _bad(
        folder / first,
        f"there is no such file, nor {second} or {GLUE_ARCHIVE}, in the folder that RNN_DATA names",
        f"Save {PUBLISHED_FILES[GLUE_ARCHIVE].url} there, or set RNN_DATA=sample.",
    )


# --- Shoes ------------------------------------------------------------------------------------


def load_shoes(tier: str | None = None) -> pd.DataFrame:
    """Load listings of women's shoes, one row a listing, in the tier of ``RNN_DATA``.

    Sample: 5,600 listings that the course made up, prices included, by a law that
    ``data/shoes.md`` writes out. Folder: Datafiniti's table "Women's Shoes Prices", under one of
    the names in `helpers.data.shoes.DATAFINITI_FILES`; see `read_datafiniti` there for what it
    lacks. Full: the same table, which nobody can download without an account at Kaggle; so put it
    into the cache folder (the message says which) or name its folder in ``RNN_DATA``.

    Parameters
    ----------
    tier : str, optional
        Read this tier, whatever ``RNN_DATA`` says. Lecture 09 needs the law, so it asks for
        "sample".

    Returns
    -------
    pandas.DataFrame
        Texts (str; "" if missing): ``text`` (the listing's own words, perhaps none), ``brand``,
        ``type``, ``material``, ``colour``, ``condition``, ``shop``, ``size``. Numbers (float64;
        NaN if missing): ``heel`` (centimetres), ``photos`` (how many), ``price`` (US dollars).
        ``split`` (str; "train" or "test"). Of the law (float64, log of US dollars; NaN outside
        the sample): ``law_table``, ``law_text`` and ``law_both``, the mean log price of all
        listings that share what this one's table tells, its text tells, or both tell. In the
        order of the file. ``frame.attrs`` has ``tier``, ``source`` (text for people) and
        ``without_price`` (how many listings have no price).

    Raises
    ------
    CourseDataError
        If the tier is none, if the file is missing, damaged or of another form, or if the tier is
        "full" and the reader has not put the file there.
    """
    tier = data_tier() if tier is None else tier
    if tier == "sample":
        frame = read_sample_shoes(_sample_file("shoes.csv.gz"))
        source = "listings of women's shoes that the course made up, prices from a known law"
    else:
        file = _shoes_place(tier)
        frame = read_datafiniti_shoes(file)
        source = f"{file} (Datafiniti, Women's Shoes Prices)"
    without = int(frame["price"].isna().sum())
    frame.attrs = {"tier": tier, "source": source, "without_price": without}
    return frame


def read_sample_shoes(file: Path) -> pd.DataFrame:
    """Read the course's own table of shoes.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns of `load_shoes`.

    Returns
    -------
    pandas.DataFrame
        As `load_shoes` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, row and value.
    """
    return _shoes(read_sample, file, _back_from_git(file))


def read_datafiniti_shoes(file: Path) -> pd.DataFrame:
    """Read Datafiniti's table; see `helpers.data.shoes.read_datafiniti`.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file and column.
    """
    return _shoes(read_datafiniti, file, f"Replace it from {SHOES_PAGE}, or set RNN_DATA=sample.")


def _shoes(read: Callable[[Path], pd.DataFrame], file: Path, way_out: str) -> pd.DataFrame:
    """Read a table of shoes; make a `CourseDataError` of whatever is wrong."""
    try:
        return read(file)
    except NotShoes as problem:
        raise _bad(file, str(problem), way_out) from None
    except FileNotFoundError:
        raise _bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None


def _shoes_place(tier: str) -> Path:
    """Return where Datafiniti's table is under the tier "full" or a folder.

    Raises
    ------
    CourseDataError
        If it is not there.
    """
    folder = cache_folder() if tier == "full" else Path(tier).expanduser().absolute()
    for name in DATAFINITI_FILES:
        if (folder / name).is_file():
            return folder / name
    what = "there is no such file in the folder that RNN_DATA names"
    if tier == "full":
        what = "this file is not there, and it cannot be downloaded without an account at Kaggle"
    raise _bad(
        folder / DATAFINITI_FILES[0],
        what,
        f"Get it (or {' or '.join(DATAFINITI_FILES[1:])}) from {SHOES_PAGE} and put it there, "
        "or set RNN_DATA=sample.",
    )


# --- Sunspots ---------------------------------------------------------------------------------


def load_sunspots() -> pd.Series:
    """Load the yearly mean number of sunspots, 1700 to 2008; the same in all tiers, no network.

    Returns
    -------
    pandas.Series
        309 values (float64) named ``sunspots``, indexed by ``year`` (int64). ``series.attrs`` has
        ``unit`` and ``source``.

    Raises
    ------
    CourseDataError
        If statsmodels, which the series comes with, holds another stretch of years.
    """
    from statsmodels.datasets import sunspots  # slow to import, and only this needs it

    table = sunspots.load_pandas().data
    years = table["YEAR"].astype("int64")
    if list(years) != list(range(1700, 2009)):
        raise CourseDataError(
            f"statsmodels' sunspots run from {years.min()} to {years.max()} in {len(years)} rows, "
            "not yearly from 1700 to 2008.\nInstall the statsmodels of requirements.txt."
        )
    series = pd.Series(
        table["SUNACTIVITY"].to_numpy(dtype="float64"),
        index=pd.Index(years.to_numpy(), name="year"),
        name="sunspots",
    )
    series.attrs = {
        "unit": "sunspots, yearly mean",
        "source": "statsmodels (public domain, from the National Geophysical Data Center)",
    }
    return series


# --- Names ------------------------------------------------------------------------------------


def load_names() -> pd.Series:
    """Load 2,000 common first names in lower case; the same in all tiers, no network.

    Returns
    -------
    pandas.Series
        Text named ``name``, each once, in alphabetical order, of the letters a to z. The type is
        the one that pandas gives to text: ``str`` under pandas 3, ``object`` under pandas 2.
        ``series.attrs`` has ``source``. ``data/README.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing, altered, or not of the form that `read_names` describes.
    """
    names = read_names(_sample_file("names.txt"))
    names.attrs = {
        "source": "first names of the United States census of 1990 (public domain), "
        "from names 0.3.0 (MIT)"
    }
    return names


def explorer_file() -> Path:
    """Return the weights that the explorer shows (the same in all tiers), checksum verified.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return _sample_file("explorer.npz")


def read_names(file: Path) -> pd.Series:
    """Read a list of names, one a line.

    Parameters
    ----------
    file : pathlib.Path
        Lines of the letters a to z alone, in alphabetical order, none twice, each with its line
        end.

    Returns
    -------
    pandas.Series
        As `load_names` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and value.
        (A file that lost whole lines has this form, and goes through.)
    """
    way_out = _back_from_git(file)
    text = _read_text(file, way_out)
    if not text.strip():
        raise _bad(file, "the file is empty", way_out)
    names = [line.rstrip("\n") for line in io.StringIO(text, newline=None)]
    if not text.endswith(("\n", "\r")):
        raise _bad(file, f"line {len(names)} has no line end, so the file seems cut off", way_out)
    before = ""
    for line, name in enumerate(names, start=1):
        problem = ""
        if not (name.isascii() and name.isalpha() and name.islower()):
            problem = "is not made of the letters a to z"
        elif name == before:
            problem = "comes twice"
        elif name < before:
            problem = f"stands after {before[:40]!r}, not in alphabetical order"
        if problem:
            raise _bad(file, f"line {line}: {name[:40]!r} {problem}", way_out)
        before = name
    return pd.Series(names, name="name")


# --- Reading with care ------------------------------------------------------------------------


def _bad(file: Path, what: str, way_out: str) -> CourseDataError:
    """Make the error of two lines: file and what is wrong with it, then the way out."""
    return CourseDataError(f"{file}: {what}.\n{way_out}")


def _back_from_git(file: Path) -> str:
    """Say how to get a file of the course back, or what to do with one from elsewhere."""
    if file.parent != DATA_FOLDER:
        return "Mend it, or use the one in the course's folder data/."
    name = f"{DATA_FOLDER.name}/{file.name}"
    return f"Get it back with `git checkout {name}` in the course's folder, or clone it again."


def _sha256_or_error(file: Path, way_out: str) -> str:
    """Return the SHA-256 of `file`, or raise a `CourseDataError` if it cannot be read."""
    try:
        return sha256_of(file)
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None


def _read_text(file: Path, way_out: str) -> str:
    """Read a UTF-8 file, with or without a byte order mark, line ends untouched."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror})", way_out) from None
    except UnicodeDecodeError as error:
        raise _bad(file, f"is no UTF-8 text (byte {error.start})", way_out) from None


def _read_table(file: Path, way_out: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a CSV as text, refusing one that is empty, ragged, or ends in the middle of a line.

    Returns
    -------
    header : list of str
        The column names, no two alike.
    rows : list of (int, list of str)
        For each row its line number in the file and its cells, as many as the header has. At
        least one row; blank lines are passed over.
    """
    text = _read_text(file, way_out)
    if not text.strip():
        raise _bad(file, "the file is empty", way_out)
    if not text.endswith(("\n", "\r")):
        last = len(text.splitlines())
        raise _bad(file, f"line {last} has no line end, so the file seems cut off", way_out)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise _bad(file, f"line {reader.line_num} is no CSV ({error})", way_out) from None
    (_, header), rows = lines[0], lines[1:]
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        raise _bad(file, f"the column {min(twice)!r} comes twice", way_out)
    if not rows:
        raise _bad(file, "there is a header but no row", way_out)
    for line, cells in rows:
        if len(cells) != len(header):
            raise _bad(
                file, f"line {line} has {len(cells)} cells, the header {len(header)}", way_out
            )
    return header, rows


def _number(file: Path, text: str, place: str, way_out: str) -> float:
    """Return the float nearest to `text`; refuse everything but a plain, finite number."""
    try:
        value = math.nan if "_" in text else float(text)  # Python reads 1_000; a CSV should not
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _bad(file, f"{place}: {text!r} is no finite number", way_out)
    return value


def _date(file: Path, text: str, pattern: str, place: str, way_out: str) -> datetime:
    """Return the day that `text` names in the given `datetime.strptime` pattern."""
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        form = {"%Y-%m-%d": "year-month-day", "%d/%m/%Y": "day/month/year"}[pattern]
        raise _bad(file, f"{place}: {text!r} is no date ({form})", way_out) from None


def _require_increasing(file: Path, dates: Sequence[datetime], way_out: str) -> None:
    """Refuse dates that do not increase from one to the next."""
    for earlier, later in zip(dates, dates[1:], strict=False):
        if later <= earlier:
            raise _bad(
                file,
                f"the dates do not increase: {later:%Y-%m-%d} follows {earlier:%Y-%m-%d}",
                way_out,
            )
