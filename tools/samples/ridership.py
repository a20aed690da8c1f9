"""Make the sample of daily boardings, ``data/ridership.csv``, from the R package modeldata.

Its table Chicago lies in the same Debian package as the reviews of food (`tools.samples.reviews`).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data import CourseDataError
from tools.samples.files import csv_text
from tools.samples.reviews import DATABASE, SOURCE, deb_members, read_r_table

__all__ = ["SOURCE", "content", "daily"]

TABLE = "Chicago"


def content(source: Path) -> bytes:
    """Return the sample as CSV, made from the pinned Debian package."""
    index, values = deb_members(source, [f"{DATABASE}.rdx", f"{DATABASE}.rdb"])
    series = daily(read_r_table(index, values, TABLE))
    rows = [(f"{date:%Y-%m-%d}", f"{value:.3f}") for date, value in series.items()]
    return csv_text([("date", "ridership"), *rows]).encode("utf-8")


def daily(table: pd.DataFrame) -> pd.Series:
    """Take the series out of the table: ``ridership`` by ``date``, in days since 1970.

    Raises
    ------
    CourseDataError
        If a day is missing, comes twice or is out of order, or if a value is no positive number.
    """
    dates = pd.DatetimeIndex(pd.to_datetime(table["date"].to_numpy(), unit="D"))
    series = pd.Series(table["ridership"].to_numpy(float), index=dates)
    if not dates.equals(pd.date_range(dates[0], dates[-1])) or not (series > 0).all():
        raise CourseDataError(
            f"The table {TABLE} is not one positive number for each day.\nUse {SOURCE.file}."
        )
    return series
