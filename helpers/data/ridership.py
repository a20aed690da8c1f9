"""Daily boardings at one railway station in Chicago, 2001 to 2016."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data.tiers import sample_file

__all__ = ["load_ridership", "read_sample_ridership"]


def load_ridership() -> pd.Series:
    """Load the daily boardings at the station Clark/Lake; the same in all tiers, no network.

    Returns
    -------
    pandas.Series
        5,698 values (float64) named ``ridership``, in thousands of boardings, indexed by ``date``
        (datetime64), every day from 2001-01-22 to 2016-08-28. ``series.attrs`` has ``unit`` and
        ``source``. ``data/ridership.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    series = read_sample_ridership(sample_file("ridership.csv"))
    series.attrs = {
        "unit": "thousands of boardings per day",
        "source": "Clark/Lake, Chicago Transit Authority, from modeldata 1.4.0 (MIT)",
    }
    return series


def read_sample_ridership(file: Path) -> pd.Series:
    """Read the course's table of boardings, whose checksum is right: a date and a number a line."""
    table = pd.read_csv(file, parse_dates=["date"], index_col="date")
    return table["ridership"].astype("float64")
