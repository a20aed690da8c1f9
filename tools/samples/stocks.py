"""Cut the sample of stocks, ``data/stocks.csv``, out of the prices that skfolio carries."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from helpers.data import DAYS_PER_WINDOW, CourseDataError
from tools.samples.files import Source, csv_text

SOURCE = Source(
    package="skfolio==1.12.2",
    file="skfolio/datasets/data/sp500_dataset.csv.gz",
    sha256="ee21cac28befb1d0a739a9ceb22184f995394726aa0cfde9a21941d1ac04ac0d",
    size=426_065,
    form="wheel",
)
NUM_WINDOWS = 25


def content(source: Path) -> bytes:
    """Return the sample as CSV, made from the pinned file."""
    prices = gzip.decompress(source.read_bytes()).decode("utf-8")
    return cut_windows(prices, NUM_WINDOWS, DAYS_PER_WINDOW).encode("utf-8")


def cut_windows(prices: str, n_windows: int, n_days: int) -> str:
    """Keep the last days of a table of prices and number their windows.

    Parameters
    ----------
    prices : str
        CSV text: a header of ``Date`` and tickers, then one row a day, oldest first.
    n_windows, n_days : int
        How many windows to keep, and how many days each has. The last window ends on the last
        day; windows do not overlap and leave no day out.

    Returns
    -------
    str
        CSV text with the columns ``date``, ``window`` (1 to `n_windows`) and the tickers; prices
        are copied as written.

    Raises
    ------
    CourseDataError
        If there are too few rows.
    """
    header, *rows = csv.reader(prices.splitlines())
    needed = n_windows * n_days
    if len(rows) < needed:
        raise CourseDataError(
            f"The source has {len(rows)} days; {n_windows} windows of {n_days} days need {needed}."
            f"\nUse the file of {SOURCE.package}, or keep fewer windows."
        )
    numbered = [
        [date, index // n_days + 1, *prices_of_day]
        for index, (date, *prices_of_day) in enumerate(rows[-needed:])
    ]
    return csv_text([["date", "window", *header[1:]], *numbered])
