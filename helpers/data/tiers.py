"""Which data to load, and where they are.

The environment variable ``RNN_DATA`` is read at each call:

``sample`` (or unset)
    The files that come with the course, in ``data/``. No network.
``full``
    The publishers' files, downloaded once to a cache folder and verified (see
    `helpers.data.download` for ``RNN_CACHE`` and ``RNN_DOWNLOAD_MIRROR``).
a folder
    The publishers' files, put there by the reader under the publishers' names.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.data.download import CourseDataError, cache_folder, fetch, sha256_of
from helpers.data.tables import bad

__all__ = [
    "CHECKSUM_FILE",
    "DATA_FOLDER",
    "PublishedFile",
    "data_tier",
    "describe_tier",
    "explorer_file",
    "find",
    "folder_of",
    "origin",
    "published_file",
    "read_checksums",
    "sample_file",
]

DATA_FOLDER = Path(__file__).resolve().parents[2] / "data"
CHECKSUM_FILE = "checksums.txt"
CHECKSUM_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


class PublishedFile(NamedTuple):
    """Where a publisher's file is, and what it must be."""

    name: str
    url: str
    sha256: str

    @property
    def way_out(self) -> str:
        """What to do about a bad copy of it."""
        return f"Replace it with {self.url}, or set RNN_DATA=sample."


def data_tier() -> str:
    """Return the tier that ``RNN_DATA`` asks for.

    Returns
    -------
    str
        ``"sample"``, ``"full"``, or the folder just as the reader gave it.

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is none of these.
    """
    asked = os.environ.get("RNN_DATA", "").strip()
    if not asked:
        return "sample"
    if asked in ("sample", "full") or Path(asked).expanduser().is_dir():
        return asked
    way_out = 'Set it to "sample" (or unset it), to "full", or to a folder that holds the data.'
    if Path(asked).expanduser().is_file():
        raise CourseDataError(
            f"RNN_DATA is {asked!r}, which is a file; it takes the folder that holds it.\n{way_out}"
        )
    close = difflib.get_close_matches(asked.lower(), ["sample", "full"], n=1)
    guess = f"; did you mean {close[0]!r}?" if close else " and no folder that exists."
    raise CourseDataError(f"RNN_DATA is {asked!r}, which is no tier{guess}\n{way_out}")


def describe_tier() -> str:
    """Return one sentence for the first cell of a lecture: which data, from where, how to change.

    The sentence for the sample names no folder of this machine, so a stored output stays true
    elsewhere.

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier.
    """
    tier = data_tier()
    if tier == "sample":
        return (
            "Data: the small sample that comes with the course (no network needed); "
            "set RNN_DATA=full for the publishers' files."
        )
    where = f"in your folder {tier}"
    if tier == "full":
        where = f"downloaded once to {cache_folder()} and verified"
    return (
        f"Data: the publishers' files{',' if tier == 'full' else ''} {where}; "
        "set RNN_DATA=sample for the small sample that comes with the course."
    )


def sample_file(name: str) -> Path:
    """Return a file of the sample, once its checksum is found to be right.

    The checksum is the whole check: what it has proved needs no judging when it is read.

    Raises
    ------
    CourseDataError
        If the file is missing or altered, or if ``checksums.txt`` is.
    """
    file = DATA_FOLDER / name
    try:
        right = sha256_of(file) == read_checksums(DATA_FOLDER / CHECKSUM_FILE).get(name)
    except OSError:
        right = False
    if not right:
        both = f"{DATA_FOLDER.name}/{name} {DATA_FOLDER.name}/{CHECKSUM_FILE}"
        raise bad(
            file,
            f"the file is missing, altered or cut off, or {CHECKSUM_FILE} beside it is",
            f"Get both back with `git checkout {both}` in the course's folder, or clone it again.",
        )
    return file


def explorer_file() -> Path:
    """Return the weights that the explorer shows (the same in all tiers), checksum verified.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return sample_file("explorer.npz")


def read_checksums(file: Path) -> dict[str, str]:
    """Read a checksum file in the format of the command ``sha256sum``.

    Parameters
    ----------
    file : pathlib.Path
        Lines of 64 hexadecimal digits, two blanks (or a blank and a star), and a file name.

    Returns
    -------
    dict of str to str
        SHA-256 by file name.

    Raises
    ------
    CourseDataError
        If a line is not of this form.
    OSError
        If the file is missing or cannot be read.
    """
    checksums = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        entry = CHECKSUM_LINE.fullmatch(line)
        if not entry:
            what = f"line {number} is no SHA-256 with a file name: {line!r}"
            name = f"{DATA_FOLDER.name}/{file.name}"
            raise bad(file, what, f"Get it back with `git checkout {name}` in the course's folder.")
        checksums[entry[2]] = entry[1]
    return checksums


def folder_of(tier: str) -> Path:
    """Return the folder that holds the publishers' files: the reader's, or the cache for "full"."""
    return cache_folder() if tier == "full" else Path(tier).expanduser().absolute()


def find(folder: Path, names: Sequence[str], way_out: str) -> Path:
    """Return the first of some files or folders that a folder of the reader's holds.

    Raises
    ------
    CourseDataError
        If it holds none of them.
    """
    for name in names:
        if (folder / name).exists():
            return folder / name
    others = f", nor {' or '.join(names[1:])}" if names[1:] else ""
    raise bad(
        folder / names[0],
        f"there is nothing of that name{others}, in the folder that RNN_DATA names",
        way_out,
    )


def published_file(published: PublishedFile, tier: str) -> tuple[Path, str]:
    """Return a publisher's file under the tier "full" or a folder, and what to say of its origin.

    Raises
    ------
    CourseDataError
        If the folder does not hold it, or if it cannot be downloaded.
    """
    if tier == "full":
        file = fetch(published.url, published.sha256, published.name)
        return file, f"{published.url} (SHA-256 verified)"
    way_out = f"Save {published.url} there, or set RNN_DATA=sample."
    file = find(folder_of(tier), [published.name], way_out)
    return file, origin(file, published)


def origin(file: Path, published: PublishedFile) -> str:
    """Say of a reader's file whether it is the publisher's.

    Raises
    ------
    CourseDataError
        If it cannot be read.
    """
    try:
        same = sha256_of(file) == published.sha256
    except OSError as error:
        raise bad(file, f"cannot be read ({error.strerror})", published.way_out) from None
    return f"{file} ({'the same bytes as' if same else 'differs from'} {published.url})"
