"""Listings of women's shoes: the course's sample, and Datafiniti's table."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.tables import read_table, to_floats
from helpers.data.tiers import data_tier, find, folder_of, sample_file

__all__ = ["DATAFINITI_FILES", "SHOES_PAGE", "load_shoes", "read_datafiniti", "read_sample_shoes"]

WORDS = ["text", "brand", "type", "material", "colour", "condition", "shop", "size"]
NUMBERS = ["heel", "photos", "price"]  # centimetres, count, US dollars
LAW = ["law_table", "law_text", "law_both"]  # log of US dollars
COLUMNS = [*WORDS, *NUMBERS, "split", *LAW]
SHOES_PAGE = "https://www.kaggle.com/datasets/datafiniti/womens-shoes-prices"

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
DATAFINITI_OTHERS = ["id", "imageURLs", "prices.currency"]
TEST_OF_FIVE = 0


def load_shoes(tier: str | None = None) -> pd.DataFrame:
    """Load listings of women's shoes, one row a listing, in the tier of ``RNN_DATA``.

    Sample: 5,600 listings that the course made up, prices included, by a law that
    ``data/shoes.md`` writes out. Folder: Datafiniti's table "Women's Shoes Prices", under one of
    the names in `DATAFINITI_FILES`; see `read_datafiniti` for what it lacks. Full: the same table,
    which nobody can download without an account at Kaggle; so put it into the cache folder (the
    message says which) or name its folder in ``RNN_DATA``.

    Parameters
    ----------
    tier : str, optional
        Read this tier, whatever ``RNN_DATA`` says. `text-and-tables` needs the law, so it asks
        for "sample".

    Returns
    -------
    pandas.DataFrame
        Texts (str; "" if missing): ``text`` (the listing's own words, perhaps none), ``brand``,
        ``type``, ``material``, ``colour``, ``condition``, ``shop``, ``size``. Numbers (float64;
        NaN if missing): ``heel`` (centimetres), ``photos`` (how many), ``price`` (US dollars).
        ``split`` (str; "train" or "test"). Of the law (float64, log of US dollars; NaN outside
        the sample): ``law_table``, ``law_text`` and ``law_both``, the mean log price of all
        listings that share what this one's table tells, its text tells, or both tell. In the
        order of the file. ``frame.attrs`` has ``tier``, ``source`` (text for people) and
        ``without_price`` (how many listings have no price).

    Raises
    ------
    CourseDataError
        If the tier is none, if the file is missing, damaged or of another form, or if the tier is
        "full" and the reader has not put the file there.
    """
    tier = data_tier() if tier is None else tier
    if tier == "sample":
        frame = read_sample_shoes(sample_file("shoes.csv.gz"))
        source = "listings of women's shoes that the course made up, prices from a known law"
    else:
        folder = folder_of(tier)
        way_out = f"Get one of them from {SHOES_PAGE} and put it there, or set RNN_DATA=sample."
        if tier == "full":
            way_out = f"It cannot be downloaded without an account at Kaggle. {way_out}"
        file = find(folder, DATAFINITI_FILES, way_out)
        frame = read_datafiniti(file)
        source = f"{file} (Datafiniti, Women's Shoes Prices)"
    without = int(frame["price"].isna().sum())
    frame.attrs = {"tier": tier, "source": source, "without_price": without}
    return frame


def read_sample_shoes(file: Path) -> pd.DataFrame:
    """Read the course's own table of shoes, whose checksum is right.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns of `load_shoes`.

    Returns
    -------
    pandas.DataFrame
        As `load_shoes` describes, without ``attrs``.
    """
    frame = pd.read_csv(file, dtype=str, na_filter=False)
    return frame.assign(**{name: to_floats(frame[name]) for name in NUMBERS + LAW})


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
        CSV, UTF-8 or Latin-1, with the columns ``name``, ``brand`` and ``prices.amountMin``, and
        perhaps ``id``, ``colors``, ``manufacturer``, ``imageURLs``, ``sizes`` and, after
        ``prices.``, ``color``, ``condition``, ``currency``, ``merchant`` and ``size``; others are
        passed over.

    Returns
    -------
    pandas.DataFrame
        As `load_shoes` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line and column.
    """
    way_out = f"Replace it from {SHOES_PAGE}, or set RNN_DATA=sample."
    others = [*DATAFINITI_OTHERS, *sum(DATAFINITI_WORDS.values(), [])]
    table = read_table(file, way_out, DATAFINITI_NEEDED, others, encoding=_encoding(file))
    empty = pd.Series("", index=table.index)
    columns: dict[str, pd.Series | float] = {"text": _clean(table["name"])}
    for name in WORDS[1:]:
        value = empty
        for source in DATAFINITI_WORDS.get(name, []):
            if source in table:
                cells = table[source]
                if name in ("colour", "size"):
                    cells = cells.str.split(",").str[0]
                value = value.where(value != "", _clean(cells))
        columns[name] = value
    price = to_floats(table["prices.amountMin"])
    right = price > 0
    if "prices.currency" in table:
        right &= _clean(table["prices.currency"]).isin(["USD", ""])
    columns["price"] = price.where(right)
    pictures = _clean(table["imageURLs"]) if "imageURLs" in table else empty
    columns["photos"] = (pictures.str.count(",") + 1).where(pictures != "", 0).astype("float64")
    shoe = table["brand"] + "\n" + table["name"]
    if "id" in table:
        shoe = table["id"].where(table["id"] != "", shoe)
    in_test = [zlib.crc32(one.encode("utf-8")) % 5 == TEST_OF_FIVE for one in shoe]
    columns["split"] = pd.Series(np.where(in_test, "test", "train").tolist(), index=table.index)
    columns |= dict.fromkeys(["heel", *LAW], np.nan)
    return pd.DataFrame(columns).reset_index(drop=True)[COLUMNS]


def _encoding(file: Path) -> str:
    """Tell how a file is written: UTF-8, else Latin-1."""
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    except OSError:  # `read_table` will say so
        pass
    return "utf-8-sig"


def _clean(cells: pd.Series) -> pd.Series:
    """The same texts with each run of white space as one space."""
    return pd.Series([" ".join(cell.split()) for cell in cells], index=cells.index)
