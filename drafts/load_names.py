"""Draft for helpers/data.py: `load_names` and `read_names`, in a section of its own after Sunspots.

In helpers/data.py only what stands below the line is needed, and both names in `__all__`. In the
lecture: `from helpers.data import load_names`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data import _back_from_git, _bad, _read_text, _sample_file

# ------------------------------------------------------------------------------------------------
# --- Names ------------------------------------------------------------------------------------


def load_names() -> pd.Series:
    """Load 2,000 common first names in lower case; the same in all tiers, no network.

    Returns
    -------
    pandas.Series
        Text named ``name``, each once, in alphabetical order, of the letters a to z. The type is
        the one that pandas gives to text. ``series.attrs`` has ``source``. ``data/README.md`` has
        the details.

    Raises
    ------
    CourseDataError
        If the file is missing, altered, or not of the form that `read_names` describes.
    """
    names = read_names(_sample_file("names.txt"))
    names.attrs = {
        "source": "first names of the United States census of 1990 (public domain), "
        "from names 0.3.0"
    }
    return names


def read_names(file: Path) -> pd.Series:
    """Read a list of names, one a line.

    Parameters
    ----------
    file : pathlib.Path
        Lines of the letters a to z alone, in alphabetical order, none twice.

    Returns
    -------
    pandas.Series
        As `load_names` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and value.
    """
    way_out = _back_from_git(file)
    lines = _read_text(file, way_out).splitlines()
    if not lines:
        raise _bad(file, "there is no name in it", way_out)
    before = ""
    for number, name in enumerate(lines, start=1):
        if not (name.isascii() and name.isalpha() and name.islower()):
            raise _bad(
                file, f"line {number}: {name[:40]!r} is not made of the letters a to z", way_out
            )
        if name <= before:
            raise _bad(file, f"line {number}: {name!r} after {before!r}, not in order", way_out)
        before = name
    return pd.Series(lines, name="name")
