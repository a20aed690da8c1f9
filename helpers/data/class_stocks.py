"""The class's own file of prices, which is no part of the sample."""

from __future__ import annotations

import pandas as pd

from helpers.data.download import CourseDataError
from helpers.data.stocks import CLASS_FILE, load_stocks
from helpers.data.tiers import data_tier

__all__ = ["load_class_stocks"]


def load_class_stocks() -> pd.DataFrame:
    """Load the class's own file, which is no part of the sample; never anything else.

    Returns
    -------
    pandas.DataFrame
        As `load_stocks` describes.

    Raises
    ------
    CourseDataError
        In the sample's tier, and where `load_stocks` raises it.
    """
    if data_tier() == "sample":
        raise CourseDataError(
            f"The class's file {CLASS_FILE.name} does not come with the course.\n"
            "Before the notebook starts, set RNN_DATA=full (downloads it once, 620 KB), or to a "
            "folder that holds it."
        )
    return load_stocks()
