"""Yearly sunspots, 1700 to 2008, which the package statsmodels carries."""

from __future__ import annotations

import pandas as pd

from helpers.data.download import CourseDataError

__all__ = ["load_sunspots"]


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
