"""Make the samples in ``data/`` again, to the byte, from their published sources.

    python -m tools.make_data stocks                  # fetches the source
    python -m tools.make_data stocks --from FILE      # uses sp500_dataset.csv.gz that you have
    python -m tools.make_data stocks --to FOLDER      # writes somewhere else

Each sample is written with its line in ``checksums.txt``, which the loaders check it against.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.data import (
    CHECKSUM_FILE,
    DATA_FOLDER,
    DAYS_PER_WINDOW,
    CourseDataError,
    read_checksums,
    read_sample_stocks,
)
from helpers.download import sha256_of

SKFOLIO = "skfolio==1.12.2"
SKFOLIO_FILE = "skfolio/datasets/data/sp500_dataset.csv.gz"
SKFOLIO_SHA256 = "ee21cac28befb1d0a739a9ceb22184f995394726aa0cfde9a21941d1ac04ac0d"
SKFOLIO_SIZE = 426_065  # bytes
STOCK_WINDOWS = 25


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
    way_out = f"Give the file {SKFOLIO_FILE} of {SKFOLIO}, or leave --from out to fetch it."
    if not source.is_file():
        raise CourseDataError(f"{source}: there is no such file.\n{way_out}")
    size = source.stat().st_size
    if sha256_of(source) != SKFOLIO_SHA256:
        raise CourseDataError(
            f"{source}: this is not the pinned file, or it is cut off or altered ({size} bytes, "
            f"{SKFOLIO_SIZE} expected; the SHA-256 differs).\n{way_out}"
        )
    prices = gzip.decompress(source.read_bytes()).decode("utf-8")
    target = folder / "stocks.csv"
    write_whole(target, cut_windows(prices, STOCK_WINDOWS, DAYS_PER_WINDOW))
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
        said = [line for line in run.stderr.splitlines() if line.strip()]
        reason = said[-1].strip() if said else f"exit code {run.returncode}"
        raise CourseDataError(f"Cannot fetch {SKFOLIO}: {reason}\n{way_out}")
    return folder / SKFOLIO_FILE


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
    write_whole(checksum_file, "".join(lines))


def write_whole(file: Path, text: str) -> None:
    """Write UTF-8 text with ``\\n`` line ends, so that `file` is the old one or the new one."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, file)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 after a message on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.make_data", description="Make a sample in data/ again."
    )
    parser.add_argument("sample", choices=["stocks"], help="which sample to make")
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
        with tempfile.TemporaryDirectory() as scratch:
            source = options.source or fetch_skfolio(Path(scratch))
            file = make_stocks(source, options.folder)
        frame = read_sample_stocks(file)
    except (CourseDataError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{file}: {len(frame)} windows, {file.stat().st_size} bytes, SHA-256 {sha256_of(file)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
