"""Common first names, one a line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data.tiers import sample_file

__all__ = ["load_names", "read_sample_names"]


def load_names() -> pd.Series:
    """Load 2,000 common first names in lower case; the same in all tiers, no network.

    Returns
    -------
    pandas.Series
        Text named ``name``, each once, in alphabetical order, of the letters a to z. The type is
        the one that pandas gives to text: ``str`` under pandas 3, ``object`` under pandas 2.
        ``series.attrs`` has ``source``. ``data/names.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    names = read_sample_names(sample_file("names.txt"))
    names.attrs = {
        "source": "first names of the United States census of 1990 (public domain), "
        "from names 0.3.0 (MIT)"
    }
    return names


def read_sample_names(file: Path) -> pd.Series:
    """Read the course's list of names, whose checksum is right: one a line."""
    return pd.Series(file.read_text(encoding="ascii").split(), name="name")
