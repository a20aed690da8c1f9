"""Read tables of women's shoes, with errors that name the line and the value.

What is wrong is told as a clause (`NotShoes`); `loading`, which knows the file and the way
out, makes the message of it. Texts are kept as they are. Whoever puts them into a page must
escape them.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["DATAFINITI_FILES", "NotShoes", "SAMPLE_COLUMNS", "read_datafiniti", "read_sample"]

WORDS = ["text", "brand", "type", "material", "colour", "condition", "shop", "size"]
NUMBERS = ["heel", "photos", "price"]  # centimetres, count, US dollars
LAW = ["law_table", "law_text", "law_both"]  # log of US dollars
SAMPLE_COLUMNS = [*WORDS, *NUMBERS, "split", *LAW]
SPLITS = ("train", "test")

#: Under these names Kaggle has the publisher's table; the first that is there is read.
DATAFINITI_FILES = (
    "Datafiniti_Womens_Shoes_Jun19.csv",
    "Datafiniti_Womens_Shoes.csv",
    "7210_1.csv",
)
DATAFINITI_NEEDED = ["name", "brand", "prices.amountMin"]
DATAFINITI_WORDS = {  # the first column that is there and not empty
    "brand": ["brand", "manufacturer"],
    "colour": ["prices.color", "colors"],
    "condition": ["prices.condition"],
    "shop": ["prices.merchant"],
    "size": ["prices.size", "sizes"],
}
TEST_OF_FIVE = 0


class NotShoes(ValueError):
    """What is wrong with a table of shoes, as a clause that follows the name of its file."""


def read_sample(file: Path) -> pd.DataFrame:
    """Read the course's own table, a CSV compressed with gzip.

    Returns
    -------
    pandas.DataFrame
        The columns that `helpers.data.load_shoes` describes.

    Raises
    ------
    NotShoes
        If the file is not of this form.
    OSError
        If the file is missing or cannot be read.
    """
    try:
        text = gzip.decompress(file.read_bytes()).decode("utf-8")
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise NotShoes(f"is no whole gzip file ({error})") from None
    except UnicodeDecodeError as error:
        raise NotShoes(f"is no UTF-8 text (byte {error.start})") from None
    try:
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except csv.Error as error:
        raise NotShoes(f"is no CSV ({error})") from None
    if header != SAMPLE_COLUMNS:
        raise NotShoes(f"the columns are {header}, not {SAMPLE_COLUMNS}")
    if not rows:
        raise NotShoes("there is a header but no row")
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(header):
            raise NotShoes(f"row {number} has {len(cells)} cells, the header {len(header)}")
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    for name in NUMBERS + LAW:
        columns[name] = np.array(
            [_number(cell, name, number) for number, cell in enumerate(columns[name], start=2)]
        )
    for number, split in enumerate(columns["split"], start=2):
        if split not in SPLITS:
            raise NotShoes(f"row {number}, column 'split': {split[:40]!r} is neither of {SPLITS}")
    return _frame(columns)


def read_datafiniti(file: Path) -> pd.DataFrame:
    """Read Datafiniti's table of women's shoes, one row a price.

    A row gives: the name as text; the first of several colours or sizes; how many addresses of
    pictures it lists; the lower price, missing unless it is a positive number of US dollars. The
    table knows no kind, material, heel or law, so these are empty or missing. A fifth of the
    shoes is for testing, chosen by the shoe's ``id`` (else by brand and name), so that all prices
    of one shoe stand on one side.

    Parameters
    ----------
    file : pathlib.Path
        CSV with the columns ``name``, ``brand`` and ``prices.amountMin``, and perhaps ``id``,
        ``colors``, ``manufacturer``, ``imageURLs``, ``sizes`` and, after ``prices.``, ``color``,
        ``condition``, ``currency``, ``merchant`` and ``size``; others are passed over.

    Raises
    ------
    NotShoes
        If the file is not of this form.
    OSError
        If the file is missing or cannot be read.
    """
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)
    except pd.errors.EmptyDataError:
        raise NotShoes("the file is empty") from None
    except (pd.errors.ParserError, ValueError) as error:
        raise NotShoes(f"is no CSV ({' '.join(str(error).split())})") from None
    for name in DATAFINITI_NEEDED:
        if name not in table:
            raise NotShoes(f"the column {name!r} is missing")
    if table.empty:
        raise NotShoes("there is a header but no row")

    empty = pd.Series("", index=table.index)
    columns: dict[str, Sequence | np.ndarray] = {"text": _clean(table["name"])}
    for name in WORDS[1:]:
        value = empty
        for source in DATAFINITI_WORDS.get(name, []):
            if source in table:
                cells = table[source]
                if name in ("colour", "size"):
                    cells = cells.str.split(",").str[0]
                value = value.where(value != "", _clean(cells))
        columns[name] = value
    price = pd.to_numeric(table["prices.amountMin"], errors="coerce")
    right = (price > 0) & np.isfinite(price)
    if "prices.currency" in table:
        right &= _clean(table["prices.currency"]).isin(["USD", ""])
    columns["price"] = price.where(right)
    pictures = _clean(table["imageURLs"]) if "imageURLs" in table else empty
    columns["photos"] = (pictures.str.count(",") + 1).where(pictures != "", 0)
    shoe = table["brand"] + "\n" + table["name"]
    if "id" in table:
        shoe = table["id"].where(table["id"] != "", shoe)
    in_test = [zlib.crc32(one.encode("utf-8")) % 5 == TEST_OF_FIVE for one in shoe]
    columns["split"] = np.where(in_test, "test", "train")
    nothing = np.full(len(table), np.nan)
    return _frame(columns | {name: nothing for name in ("heel", *LAW)})


def _frame(columns: dict[str, Sequence | np.ndarray]) -> pd.DataFrame:
    """Put columns together, in order, with the same types under every pandas."""
    types = dict.fromkeys(NUMBERS + LAW, "float64")
    return pd.DataFrame(
        {
            name: pd.Series(list(columns[name]), dtype=types[name])
            if name in types
            else pd.Series(list(columns[name]))
            for name in SAMPLE_COLUMNS
        }
    )


def _clean(cells: pd.Series) -> pd.Series:
    """The same texts with each run of white space as one space."""
    return cells.str.split().str.join(" ")


def _number(cell: str, column: str, row: int) -> float:
    """A finite number; a missing one is an empty cell. Prices must be positive."""
    if not cell and column not in LAW:
        return math.nan
    try:
        value = math.nan if "_" in cell else float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (column == "price" and value <= 0):
        wanted = "price" if column == "price" else "finite number"
        raise NotShoes(f"row {row}, column {column!r}: {cell[:40]!r} is no {wanted}")
    return value
