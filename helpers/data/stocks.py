"""Windows of daily stock prices: the course's sample, and the class's file of scaled prices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.tables import Rule, bad, read_table, refuse, to_floats
from helpers.data.tiers import PublishedFile, data_tier, published_file, sample_file

__all__ = ["CLASS_FILE", "DAYS_PER_WINDOW", "load_stocks", "read_class_file", "read_sample_stocks"]

DAYS_PER_WINDOW = 101  # 100 days to look at, and the day to predict
DAY_COLUMNS = [f"day_{day}" for day in range(1, DAYS_PER_WINDOW + 1)]
CLASS_FILE = PublishedFile(
    name="fortune500_100_days.csv",
    url="https://raw.githubusercontent.com/DSApps-2023/Class_Slides/"
    "bed59e19bbc2cf44a32e739e2fe629f803d3c815/data/fortune500_100_days.csv",
    sha256="aa7a8a47c98e74bc26ceb971ba4af158bcb7b27272e9bf7d82303b8bb8a2f582",
)


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
        form that is described in `read_class_file`.
    """
    tier = data_tier()
    if tier == "sample":
        frame = read_sample_stocks(sample_file("stocks.csv"))
        unit = "US dollars"
        source = (
            "daily adjusted closing prices of 20 companies of the S&P 500, from skfolio 1.12.2 "
            "(BSD-3-Clause)"
        )
    else:
        file, source = published_file(CLASS_FILE, tier)
        frame = read_class_file(file)
        unit = "scaled to [-1, 1]"
    frame.attrs = {"tier": tier, "unit": unit, "source": source}
    return frame


def read_sample_stocks(file: Path) -> pd.DataFrame:
    """Read the course's table of prices, whose checksum is right, into one row a window.

    Parameters
    ----------
    file : pathlib.Path
        CSV, one row a day: ``date``, ``window`` (1, 2, ... in time order, 101 days each) and one
        column of prices in US dollars for each ticker.

    Returns
    -------
    pandas.DataFrame
        As `load_stocks` describes, without ``attrs``.
    """
    table = pd.read_csv(file, dtype=str).astype({"date": "datetime64[ns]", "window": "int64"})
    tickers = sorted(table.columns.drop(["date", "window"]))
    # (windows, days, tickers) -> (windows, tickers, days) -> one row for each window and ticker
    prices = table[tickers].apply(to_floats).to_numpy()
    by_day = prices.reshape(-1, DAYS_PER_WINDOW, len(tickers))
    windows = table.groupby("window")["date"]
    return _frame(
        tickers * len(by_day),
        table["window"].unique().repeat(len(tickers)),
        windows.min().to_numpy().repeat(len(tickers)),
        windows.max().to_numpy().repeat(len(tickers)),
        by_day.transpose(0, 2, 1).reshape(-1, DAYS_PER_WINDOW),
    )


def read_class_file(file: Path) -> pd.DataFrame:
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
    way_out = CLASS_FILE.way_out
    table = read_table(file, way_out, ["Fortune500"], optional=None)
    names = table.columns.drop("Fortune500")
    days = pd.to_datetime(names, format="%d/%m/%Y", errors="coerce")
    for name, wrong in zip(names, days.isna(), strict=True):
        if wrong:
            raise bad(file, f"line 1: {name!r} is no date (day/month/year)", way_out)
    if len(names) != DAYS_PER_WINDOW:
        raise bad(file, f"{len(names)} columns of days instead of {DAYS_PER_WINDOW}", way_out)
    for name, late in zip(names[1:], np.diff(days) <= np.timedelta64(0), strict=True):
        if late:
            raise bad(file, f"line 1: the dates do not increase at {name!r}", way_out)
    tickers, numbers = table["Fortune500"], table[names].apply(to_floats)
    rules = [
        Rule("Fortune500", tickers == "", "is no ticker"),
        Rule("Fortune500", tickers.duplicated(), "comes twice"),
        *(Rule(name, numbers[name].isna(), "is no finite number") for name in names),
        *(Rule(name, numbers[name].abs() > 1, "lies outside [-1, 1]") for name in names),
    ]
    refuse(file, table, rules, way_out)
    return _frame(
        tickers.tolist(),
        np.ones(len(table)),
        np.repeat(days[:1], len(table)),
        np.repeat(days[-1:], len(table)),
        numbers.to_numpy(),
    )


def _frame(
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
        One entry a row; `starts` and `ends` hold days.
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
