"""Draft for tools/make_data.py: how data/names.txt is made, with its entry in SAMPLES.

    python -m tools.make_data names                   # fetches the source
    python -m tools.make_data names --from FILE       # uses names-0.3.0.tar.gz that you have

In tools/make_data.py only what stands below the line is needed; `read_names` joins the import from
helpers.data, and SAMPLES gets
    "names": Sample(fetch_names, make_names, read_names, "names"),
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

from helpers.data import CourseDataError
from tools.make_data import last_words, record_checksum, require_pinned, write_whole

# ------------------------------------------------------------------------------------------------
NAMES = "names==0.3.0"
NAMES_FILE = "names-0.3.0.tar.gz"
NAMES_SHA256 = "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671"
NAMES_SIZE = 789_099  # bytes
NAMES_TABLES = [f"names-0.3.0/names/dist.{sex}.first" for sex in ("female", "male")]
NUM_NAMES = 2_000


# --- Names ------------------------------------------------------------------------------------


def most_common(tables: Iterable[str], count: int) -> list[str]:
    """Return the most common names of some tables in lower case, in alphabetical order.

    Parameters
    ----------
    tables : iterable of str
        Tables of the census: lines of a name in capitals, the share of people who bear it in per
        cent, the cumulative share and the rank. The shares of a name that stands in several
        tables are added.
    count : int
        How many names to return. Of names with equal shares those first in the alphabet are taken.

    Raises
    ------
    CourseDataError
        If there are fewer names, or if a line is of another form.
    """
    shares: dict[str, int] = {}  # in thousandths of a per cent, so that sums are exact
    for table in tables:
        for line in table.splitlines():
            try:
                name, share, _, _ = line.split()
                thousandths = round(1000 * float(share))
            except ValueError:
                raise CourseDataError(
                    f"A line of the census is {line!r}, not name, share, cumulative share and "
                    f"rank.\nUse the tables of {NAMES}."
                ) from None
            shares[name.lower()] = shares.get(name.lower(), 0) + thousandths
    if len(shares) < count:
        raise CourseDataError(
            f"The tables hold {len(shares)} names; {count} are needed.\nUse those of {NAMES}."
        )
    return sorted(sorted(shares, key=lambda name: (-shares[name], name))[:count])


def make_names(source: Path, folder: Path) -> Path:
    """Write ``names.txt`` and its checksum to `folder`.

    Parameters
    ----------
    source : pathlib.Path
        The source archive of the pinned release of the package names.
    folder : pathlib.Path
        Where to write; it must exist.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    CourseDataError
        If `source` is missing or not the pinned file.
    """
    require_pinned(
        source,
        NAMES_SHA256,
        NAMES_SIZE,
        f"Give the archive {NAMES_FILE} of {NAMES}, or leave --from out to fetch it.",
    )
    with tarfile.open(source) as archive:
        files = [archive.extractfile(table) for table in NAMES_TABLES]
        tables = [file.read().decode("ascii") for file in files if file]
    target = folder / "names.txt"
    names = most_common(tables, NUM_NAMES)
    write_whole(target, "".join(f"{name}\n" for name in names).encode("ascii"))
    record_checksum(target)
    return target


def fetch_names(folder: Path) -> Path:
    """Download the pinned source archive of the package names into `folder`.

    There is no wheel, so pip runs the archive's ``setup.py`` to read the package's metadata. Nothing
    is installed.

    Raises
    ------
    CourseDataError
        If there is no pip, or if the archive cannot be had.
    """
    way_out = (
        f"Get {NAMES_FILE} elsewhere and run this command again with --from .../{NAMES_FILE}"
    )
    if not importlib.util.find_spec("pip"):
        raise CourseDataError(f"This Python has no pip to fetch {NAMES}.\n{way_out}")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:"]
    command += ["--retries", "1", "--dest", str(folder), NAMES]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if not (folder / NAMES_FILE).is_file():
        raise CourseDataError(f"Cannot fetch {NAMES}: {last_words(run)}\n{way_out}")
    return folder / NAMES_FILE
