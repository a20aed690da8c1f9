"""Six novels by Jane Austen, one row a chapter."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data.tiers import sample_file

__all__ = ["load_austen", "read_sample_austen"]

SPLITS = {4: "validation", 9: "test"}  # by the last digit of a chapter's row; the rest to train on


def load_austen() -> pd.DataFrame:
    """Load the chapters of Jane Austen's six novels; the same in all tiers, no network.

    Returns
    -------
    pandas.DataFrame
        269 rows in reading order, with the columns ``novel`` and ``text`` (str), ``chapter``
        (int64, from 1, numbered through all volumes of a novel) and ``split``: of each ten
        chapters the fifth is for "validation", the tenth for "test", and the others are to
        "train" on. A line of a text is a paragraph. ``frame.attrs`` has ``source``.
        ``data/austen.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    frame = read_sample_austen(sample_file("austen.csv.bz2"))
    frame["split"] = [SPLITS.get(row % 10, "train") for row in range(len(frame))]
    frame.attrs = {"source": "novels by Jane Austen (public domain), from janeaustenr 1.0.0 (MIT)"}
    return frame


def read_sample_austen(file: Path) -> pd.DataFrame:
    """Read the course's table of chapters, whose checksum is right: novel, chapter, text."""
    return pd.read_csv(file, na_filter=False, dtype={"chapter": "int64"})
