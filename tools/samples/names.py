"""Make the list of first names, ``data/names.txt``, from the census that the package names has."""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from helpers.data import CourseDataError
from tools.samples.files import Source

SOURCE = Source(
    package="names==0.3.0",
    file="names-0.3.0.tar.gz",
    sha256="726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
    size=789_099,
    form="sdist",
)
TABLES = [f"names-0.3.0/names/dist.{sex}.first" for sex in ("female", "male")]
NUM_NAMES = 2_000


def content(source: Path) -> bytes:
    """Return the sample, one name a line, made from the pinned archive."""
    with tarfile.open(source) as archive:
        tables = [archive.extractfile(table).read().decode("ascii") for table in TABLES]
    names = most_common(tables, NUM_NAMES)
    return "".join(f"{name}\n" for name in names).encode("ascii")


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
        If there are fewer names.
    """
    shares: Counter[str] = Counter()
    for table in tables:
        for line in table.splitlines():
            name, share, _, _ = line.split()
            shares[name.lower()] += Decimal(share)  # sums are exact, so that a tie is a tie
    if len(shares) < count:
        raise CourseDataError(
            f"The tables hold {len(shares)} names; {count} are needed.\n"
            f"Use the tables of {SOURCE.package}, or keep fewer names."
        )
    return sorted(sorted(shares, key=lambda name: (-shares[name], name))[:count])
