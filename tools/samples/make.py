"""Make the samples in ``data/`` again, to the byte, from their published sources.

    python -m tools.samples.make stocks                  # fetches the source
    python -m tools.samples.make stocks --from FILE      # uses sp500_dataset.csv.gz that you have
    python -m tools.samples.make stocks --to FOLDER      # writes somewhere else
    python -m tools.samples.make reviews                 # fetches it; needs Debian's apt-get
    python -m tools.samples.make reviews --from FILE     # uses the Debian package that you have
    python -m tools.samples.make names                   # fetches the source
    python -m tools.samples.make names --from FILE       # uses names-0.3.0.tar.gz that you have
    python -m tools.samples.make explorer                # fetches the source, trains a network
    python -m tools.samples.make explorer --from FILE    # uses vaderSentiment-3.3.2.tar.gz
    python -m tools.samples.make shoes                   # makes them up: tools/samples/shoes.py
    python -m tools.samples.make pairs                   # made from question_intents.txt

Each sample is written with its line in ``checksums.txt``, which the loaders check it against.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import importlib.util
import io
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from helpers.data import (
    CHECKSUM_FILE,
    DATA_FOLDER,
    DAYS_PER_WINDOW,
    CourseDataError,
    read_checksums,
    read_sample_names,
    read_sample_pairs,
    read_sample_reviews,
    read_sample_shoes,
    read_sample_stocks,
    sha256_of,
)
from tools.samples.question_pairs import INTENTS_FILE, question_pairs
from tools.samples.shoes import make_listings

SKFOLIO = "skfolio==1.12.2"
SKFOLIO_FILE = "skfolio/datasets/data/sp500_dataset.csv.gz"
SKFOLIO_SHA256 = "ee21cac28befb1d0a739a9ceb22184f995394726aa0cfde9a21941d1ac04ac0d"
SKFOLIO_SIZE = 426_065  # bytes
STOCK_WINDOWS = 25

MODELDATA = "r-cran-modeldata"
MODELDATA_VERSION = "1.4.0-1"
MODELDATA_FILE = f"{MODELDATA}_{MODELDATA_VERSION}_all.deb"
MODELDATA_SHA256 = "cb9260bfc0363a85f60da89acbe4d3f97e6b389417053d67a077eeaa49cf17d7"
MODELDATA_SIZE = 5_162_128  # bytes
MODELDATA_DATABASE = "./usr/lib/R/site-library/modeldata/data/Rdata"  # .rdx index, .rdb values
REVIEW_TABLES = {"train": "training_data", "test": "testing_data"}

NAMES = "names==0.3.0"
NAMES_FILE = "names-0.3.0.tar.gz"
NAMES_SHA256 = "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671"
NAMES_SIZE = 789_099  # bytes
NAMES_TABLES = [f"names-0.3.0/names/dist.{sex}.first" for sex in ("female", "male")]
NUM_NAMES = 2_000

BREAKING_TAG = re.compile(r"</?(?:br|p)\b[^<>]*>", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)


# --- Stocks -----------------------------------------------------------------------------------


def cut_windows(source: str, n_windows: int, n_days: int) -> str:
    """Keep the last days of a table of prices and number their windows.

    Parameters
    ----------
    source : str
        CSV text: a header of ``Date`` and tickers, then one row a day, oldest first.
    n_windows, n_days : int
        How many windows to keep, and how many days each has. The last window ends on the last
        day; windows do not overlap and leave no day out.

    Returns
    -------
    str
        CSV text with the columns ``date``, ``window`` (1 to `n_windows`) and the tickers; prices
        are copied as written.

    Raises
    ------
    CourseDataError
        If `source` has another first column or too few rows.
    """
    header, *rows = csv.reader(io.StringIO(source, newline=""))
    needed = n_windows * n_days
    if header[0] != "Date" or len(rows) < needed:
        raise CourseDataError(
            f"The source has the first column {header[0]!r} and {len(rows)} days; "
            f"'Date' and at least {needed} days are needed.\nUse the file of {SKFOLIO}."
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", "window", *header[1:]])
    for index, (date, *prices) in enumerate(rows[-needed:]):
        writer.writerow([date, index // n_days + 1, *prices])
    return text.getvalue()


def make_stocks(source: Path, folder: Path) -> Path:
    """Write ``stocks.csv`` and its checksum to `folder`.

    Parameters
    ----------
    source : pathlib.Path
        The file ``sp500_dataset.csv.gz`` of the pinned skfolio release.
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
        SKFOLIO_SHA256,
        SKFOLIO_SIZE,
        f"Give the file {SKFOLIO_FILE} of {SKFOLIO}, or leave --from out to fetch it.",
    )
    prices = gzip.decompress(source.read_bytes()).decode("utf-8")
    target = folder / "stocks.csv"
    windows = cut_windows(prices, STOCK_WINDOWS, DAYS_PER_WINDOW)
    write_whole(target, windows.encode("utf-8"))
    record_checksum(target)
    return target


def fetch_skfolio(folder: Path) -> Path:
    """Unpack the pinned skfolio wheel into `folder`, without running anything of it.

    Uses this Python's pip, or uv in an environment that has no pip.

    Returns
    -------
    pathlib.Path
        The file of prices.

    Raises
    ------
    CourseDataError
        If there is neither pip nor uv, or if the wheel cannot be had.
    """
    way_out = (
        f"Unpack the wheel of {SKFOLIO} elsewhere (it is a zip file) and run this command again "
        f"with --from .../{SKFOLIO_FILE}"
    )
    wanted = ["install", "--no-deps", "--only-binary", ":all:", "--target", str(folder), SKFOLIO]
    if importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip", *wanted, "--no-compile", "--retries", "1"]
    elif importlib.util.find_spec("uv"):
        python = ["--python", sys.executable]
        command = [sys.executable, "-m", "uv", "pip", *wanted, *python]
    else:
        raise CourseDataError(f"This Python has neither pip nor uv to fetch {SKFOLIO}.\n{way_out}")
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CourseDataError(f"Cannot fetch {SKFOLIO}: {last_words(run)}\n{way_out}")
    return folder / SKFOLIO_FILE


# --- Reviews ----------------------------------------------------------------------------------


class Review(NamedTuple):
    """One row of the sample of reviews."""

    text: str
    label: int  # 1 positive, 0 negative
    split: str  # "train" or "test"


def clean_review(text: str) -> str:
    """Take the markup out of a review and keep all else: case, punctuation, emoji.

    Tags go, a line break or paragraph leaving a space; entities become their characters (after
    the tags, so that ``&lt;3`` stays as ``<3``); runs of white space become one space.
    """
    text = ANY_TAG.sub("", BREAKING_TAG.sub(" ", text))
    text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return " ".join(text.split())


def without_duplicates(reviews: Iterable[Review]) -> list[Review]:
    """Keep each text once, in the order given: in the test split if it is there, else in training.

    Of several with the same text in one split the first is kept.
    """
    reviews = list(reviews)
    seen = set()
    kept = set()
    for split in ("test", "train"):
        for position, review in enumerate(reviews):
            if review.split == split and review.text not in seen:
                seen.add(review.text)
                kept.add(position)
    return [review for position, review in enumerate(reviews) if position in kept]


def make_reviews(source: Path, folder: Path) -> Path:
    """Write ``reviews.csv.gz`` and its checksum to `folder`.

    The text is the same to the byte everywhere; so is the file, wherever Python compresses with
    the zlib of zlib.net.

    Parameters
    ----------
    source : pathlib.Path
        The pinned Debian package.
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
        MODELDATA_SHA256,
        MODELDATA_SIZE,
        f"Give the Debian package {MODELDATA_FILE}, or leave --from out to fetch it.",
    )
    index, values = (deb_member(source, MODELDATA_DATABASE + ending) for ending in (".rdx", ".rdb"))
    reviews = []
    for split, name in REVIEW_TABLES.items():
        table = read_r_table(index, values, name)
        reviews += [
            Review(clean_review(text), int(score == "great"), split)
            for text, score in zip(table["review"], table["score"], strict=True)
        ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Review._fields)
    writer.writerows(without_duplicates(reviews))
    target = folder / "reviews.csv.gz"
    write_whole(target, packed(text.getvalue()))
    record_checksum(target)
    return target


def packed(text: str) -> bytes:
    """Compress text with gzip, with no time and no system named in it."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.encode("utf-8"))
    return stream.getvalue()


def fetch_modeldata(folder: Path) -> Path:
    """Download the pinned Debian package into `folder`, without installing it.

    Raises
    ------
    CourseDataError
        If there is no apt-get, or if the package cannot be had.
    """
    way_out = (
        f"Get the Debian package {MODELDATA_FILE} elsewhere and run this command again with "
        f"--from .../{MODELDATA_FILE}"
    )
    if not shutil.which("apt-get"):
        raise CourseDataError(f"There is no apt-get here to fetch {MODELDATA_FILE}.\n{way_out}")
    run = subprocess.run(
        ["apt-get", "download", f"{MODELDATA}={MODELDATA_VERSION}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise CourseDataError(f"Cannot fetch {MODELDATA_FILE}: {last_words(run)}\n{way_out}")
    return folder / MODELDATA_FILE


def deb_member(package: Path, name: str) -> bytes:
    """Return a file of a Debian package (an ar archive that holds a tar archive, see deb(5)).

    Raises
    ------
    CourseDataError
        If the package is of another form or holds no such file.
    """
    content = package.read_bytes()
    at = 8  # behind the eight bytes that tell an ar archive
    while content.startswith(b"!<arch>\n") and at + 60 <= len(content):
        header = content[at : at + 60]  # name in 16 bytes, size in 10 bytes from byte 48
        size = int(header[48:58])
        if header[:16].startswith(b"data.tar"):
            part = io.BytesIO(content[at + 60 : at + 60 + size])
            with tarfile.open(fileobj=part, mode="r:*") as archive:
                if name in archive.getnames() and (file := archive.extractfile(name)):
                    return file.read()
        at += 60 + size + size % 2
    raise CourseDataError(f"{package}: there is no file {name} in it.\nGive {MODELDATA_FILE}.")


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
            except (ValueError, OverflowError):
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

    Raises
    ------
    CourseDataError
        If there is no pip, or if the archive cannot be had.
    """
    return fetch_archive(NAMES, NAMES_SHA256, NAMES_FILE, folder)


def fetch_archive(package: str, sha256: str, file: str, folder: Path) -> Path:
    """Download the source archive of a pinned package into `folder`.

    pip runs the archive's ``setup.py`` to learn the package's name and version, once it has found
    the checksum to be right. Nothing is installed.

    Parameters
    ----------
    package : str
        Name and version, such as ``names==0.3.0``.
    sha256, file : str
        Checksum and name of the archive.
    folder : pathlib.Path
        Where to put it.

    Raises
    ------
    CourseDataError
        If there is no pip, or if the archive cannot be had.
    """
    way_out = f"Get {file} elsewhere and run this command again with --from .../{file}"
    if not importlib.util.find_spec("pip"):
        raise CourseDataError(f"This Python has no pip to fetch {package}.\n{way_out}")
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{package} --hash=sha256:{sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps"]
    command += ["--no-binary", package.split("==")[0], "--require-hashes"]
    command += ["--requirement", str(wanted), "--dest", str(folder)]
    command += ["--retries", "1", "--disable-pip-version-check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CourseDataError(f"Cannot fetch {package}: {last_words(run)}\n{way_out}")
    return folder / file


# --- Explorer ---------------------------------------------------------------------------------


def make_explorer(source: Path, folder: Path) -> Path:
    """Write ``explorer.npz`` and its checksum to `folder`, if what it is made from has changed.

    Parameters
    ----------
    source : pathlib.Path
        The source archive of the pinned release of vaderSentiment.
    folder : pathlib.Path
        Where to write; it must exist.

    Returns
    -------
    pathlib.Path
        The file, written or left as it was.

    Raises
    ------
    CourseDataError
        If `source` is missing or not the pinned file.
    """
    from tools.samples import explorer  # here, for it loads much

    require_pinned(
        source,
        explorer.VADER_SHA256,
        explorer.VADER_SIZE,
        f"Give the archive {explorer.VADER_FILE} of {explorer.VADER}, or leave --from out to "
        "fetch it.",
    )
    target = explorer.make(source, folder)
    record_checksum(target)
    return target


def fetch_vader(folder: Path) -> Path:
    """Download the pinned source archive of vaderSentiment into `folder`.

    Raises
    ------
    CourseDataError
        If there is no pip, or if the archive cannot be had.
    """
    from tools.samples import explorer

    return fetch_archive(explorer.VADER, explorer.VADER_SHA256, explorer.VADER_FILE, folder)


def read_explorer(file: Path) -> list[str]:
    """Read the vocabulary of the explorer's network."""
    from helpers.widgets import read_weights

    return read_weights(file).vocabulary


# --- Shoes ------------------------------------------------------------------------------------


def make_shoes(source: Path, folder: Path) -> Path:
    """Write ``shoes.csv.gz`` and its checksum to `folder`.

    The text is the same to the byte everywhere; so is the file, wherever Python compresses with
    the zlib of zlib.net.

    Parameters
    ----------
    source : pathlib.Path
        Not used: the listings are made up.
    folder : pathlib.Path
        Where to write; it must exist.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(make_listings())
    target = folder / "shoes.csv.gz"
    write_whole(target, packed(text.getvalue()))
    record_checksum(target)
    return target


# --- Question pairs ---------------------------------------------------------------------------


def make_pairs(source: Path, folder: Path) -> Path:
    """Write ``question_pairs.csv.gz`` and its checksum to `folder`.

    The text is the same to the byte everywhere; so is the file, wherever Python compresses with
    the zlib of zlib.net.

    Parameters
    ----------
    source : pathlib.Path
        The hand-written intents.
    folder : pathlib.Path
        Where to write; it must exist.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    CourseDataError
        If the intents are not of the form that their first lines explain.
    """
    target = folder / "question_pairs.csv.gz"
    write_whole(target, packed(question_pairs(source)))
    record_checksum(target)
    return target


def find_intents(folder: Path) -> Path:
    """Return the hand-written intents, which come with the course; nothing is fetched."""
    return INTENTS_FILE


# --- R's files --------------------------------------------------------------------------------


class RValue(NamedTuple):
    """A vector of R with its attributes."""

    values: Any  # tuple of numbers, or list of str, None or RValue
    attributes: dict[str, Any]


def read_r_table(index: bytes, database: bytes, name: str) -> dict[str, list[str]]:
    """Read a data frame of texts and factors from a lazy-load database of an R package.

    Parameters
    ----------
    index : bytes
        The file ``.rdx``: a gzip-compressed list of where each object lies in the database.
    database : bytes
        The file ``.rdb``: each object serialized and compressed by itself.
    name : str
        The object.

    Returns
    -------
    dict of str to list of str
        The columns by name; a factor as its levels.

    Raises
    ------
    CourseDataError
        If the database holds no such object, or is compressed or serialized in a way that this
        reader does not know.

    Notes
    -----
    The forms are those of "R Internals" (section Serialization Formats) and of R's own
    ``makeLazyLoad.R``.
    """
    where = _by_name(_by_name(read_r(gzip.decompress(index)))["variables"])
    if name not in where:
        raise CourseDataError(f"R's database holds no {name!r}, but {', '.join(where)}.")
    offset, length = where[name].values
    size, kind = struct.unpack_from(">Ic", database, offset)  # size when unpacked, compression
    if kind != b"Z":
        raise CourseDataError(f"R's object {name!r} is compressed in an unknown way ({kind!r}).")
    plain = lzma.decompress(
        database[offset + 5 : offset + length],
        lzma.FORMAT_RAW,
        filters=[{"id": lzma.FILTER_LZMA2, "preset": 6}],
    )
    if len(plain) != size:
        raise CourseDataError(f"R's object {name!r} has {len(plain)} bytes instead of {size}.")
    return {column: _texts(value) for column, value in _by_name(read_r(plain)).items()}


def read_r(data: bytes) -> Any:
    """Read what R's ``serialize`` wrote in its binary form: vectors, lists and pairlists alone.

    Raises
    ------
    CourseDataError
        If `data` is of another form or holds something else.
    """
    at = 0

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        found = struct.unpack_from(f">{form}", data, at)
        at += struct.calcsize(f">{form}")
        return found

    def integer() -> int:
        return take("i")[0]

    symbols: list[str] = []

    def attributes(flags: int) -> dict[str, Any]:
        return dict(item()) if flags & 0x200 else {}

    def item() -> Any:
        flags = integer()
        match flags & 0xFF:
            case 254:  # NULL, also the end of a pairlist
                return []
            case 255:  # a symbol seen before
                return symbols[(flags >> 8) - 1]
            case 1:  # a symbol
                symbols.append(item())
                return symbols[-1]
            case 2:  # a pairlist: one tagged value, then the rest
                pairs = []
                while flags & 0xFF == 2:
                    attributes(flags)
                    tag = item() if flags & 0x400 else ""
                    pairs.append((tag, item()))
                    flags = integer()
                return pairs
            case 9:  # a string, -1 long if it is missing
                length = integer()
                return None if length < 0 else take(f"{length}s")[0].decode("utf-8")
            case 10 | 13:  # logical, integer
                values: Any = take(f"{integer()}i")
            case 14:  # real
                values = take(f"{integer()}d")
            case 16 | 19:  # strings, list
                values = [item() for _ in range(integer())]
            case kind:
                raise CourseDataError(f"R's type {kind} at byte {at} is unknown to this reader.")
        return RValue(values, attributes(flags))

    if data[:2] != b"X\n":
        raise CourseDataError(f"R's data begin with {data[:2]!r} instead of 'X' and a line end.")
    at = 2
    version, _, _ = take("3i")  # the format, and the versions of R that wrote and can read it
    if version == 3:
        take(f"{integer()}s")  # the encoding of strings that name none
    return item()


def _by_name(value: RValue) -> dict[str, Any]:
    """Return the members of a named list."""
    return dict(zip(value.attributes["names"].values, value.values, strict=True))


def _texts(value: RValue) -> list[str]:
    """Return a column of strings, or a factor as its levels (which R counts from 1)."""
    if "levels" in value.attributes:
        levels = value.attributes["levels"].values
        return [levels[code - 1] for code in value.values]
    return list(value.values)


# --- Files ------------------------------------------------------------------------------------


def require_pinned(source: Path, sha256: str, size: int, way_out: str) -> None:
    """Refuse a source that is not the pinned file.

    Raises
    ------
    CourseDataError
        If it is missing or differs; the message ends with `way_out`.
    """
    if not source.is_file():
        raise CourseDataError(f"{source}: there is no such file.\n{way_out}")
    if sha256_of(source) != sha256:
        raise CourseDataError(
            f"{source}: this is not the pinned file, or it is cut off or altered "
            f"({source.stat().st_size} bytes, {size} expected; the SHA-256 differs).\n{way_out}"
        )


def last_words(run: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that a failed command said, or its exit code."""
    said = [line for line in run.stderr.splitlines() if line.strip()]
    return said[-1].strip() if said else f"exit code {run.returncode}"


def record_checksum(file: Path) -> None:
    """Write the checksum of `file` into the checksum file beside it, other lines kept, sorted.

    Raises
    ------
    CourseDataError
        If there is a checksum file and it cannot be read.
    """
    checksum_file = file.parent / CHECKSUM_FILE
    checksums = read_checksums(checksum_file) if checksum_file.exists() else {}
    checksums[file.name] = sha256_of(file)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(checksums.items())]
    write_whole(checksum_file, "".join(lines).encode("utf-8"))


def write_whole(file: Path, content: bytes) -> None:
    """Write `content`, so that `file` is the old one or the new one and never half of it."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, file)


# --- The command ------------------------------------------------------------------------------


class Sample(NamedTuple):
    """How one sample is made, and how it is read to see that it is right."""

    fetch: Callable[[Path], Path]
    make: Callable[[Path, Path], Path]
    read: Callable[[Path], Any]
    rows: str  # what a row is


SAMPLES = {
    "stocks": Sample(fetch_skfolio, make_stocks, read_sample_stocks, "windows"),
    "reviews": Sample(fetch_modeldata, make_reviews, read_sample_reviews, "reviews"),
    "names": Sample(fetch_names, make_names, read_sample_names, "names"),
    "explorer": Sample(fetch_vader, make_explorer, read_explorer, "words"),
    "shoes": Sample(lambda scratch: scratch, make_shoes, read_sample_shoes, "listings"),
    "pairs": Sample(find_intents, make_pairs, read_sample_pairs, "pairs"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 after a message on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.samples.make", description="Make a sample in data/ again."
    )
    parser.add_argument("sample", choices=list(SAMPLES), help="which sample to make")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="the published source file; fetched if not given",
    )
    parser.add_argument(
        "--to", dest="folder", type=Path, default=DATA_FOLDER, help="the folder to write to"
    )
    options = parser.parse_args(arguments)
    try:
        sample = SAMPLES[options.sample]
        with tempfile.TemporaryDirectory() as scratch:
            source = options.source or sample.fetch(Path(scratch))
            file = sample.make(source, options.folder)
        frame = sample.read(file)
    except (CourseDataError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    size = file.stat().st_size
    print(f"{file}: {len(frame)} {sample.rows}, {size} bytes, SHA-256 {sha256_of(file)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
