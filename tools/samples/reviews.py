"""Make the sample of reviews, ``data/reviews.csv.gz``, from the R package modeldata.

Debian's package of it is the source. Its tables lie in a lazy-load database of R, which rdata
reads.
"""

from __future__ import annotations

import gzip
import html
import io
import lzma
import re
import tarfile
import warnings
from pathlib import Path

import pandas as pd

from tools.samples.files import Source, packed

SOURCE = Source(
    package="r-cran-modeldata=1.4.0-1",
    file="r-cran-modeldata_1.4.0-1_all.deb",
    sha256="cb9260bfc0363a85f60da89acbe4d3f97e6b389417053d67a077eeaa49cf17d7",
    size=5_162_128,
    form="deb",
)
DATABASE = "./usr/lib/R/site-library/modeldata/data/Rdata"  # .rdx index, .rdb values
TABLES = {"train": "training_data", "test": "testing_data"}

BREAKING_TAG = re.compile(r"</?(?:br|p)\b[^<>]*>", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)


def content(source: Path) -> bytes:
    """Return the sample as packed CSV, made from the pinned Debian package."""
    index, values = deb_members(source, [f"{DATABASE}.rdx", f"{DATABASE}.rdb"])
    parts = []
    for split, name in TABLES.items():
        table = read_r_table(index, values, name)
        label = (table["score"] == "great").astype(int)
        parts.append(pd.DataFrame({"text": table["review"].map(clean_review), "label": label}))
        parts[-1]["split"] = split
    reviews = without_duplicates(pd.concat(parts, ignore_index=True))
    return packed(reviews.to_csv(index=False, lineterminator="\n"))


def clean_review(text: str) -> str:
    """Take the markup out of a review and keep all else: case, punctuation, emoji.

    Tags go, a line break or paragraph leaving a space; entities become their characters (after
    the tags, so that ``&lt;3`` stays as ``<3``); runs of white space become one space.
    """
    text = ANY_TAG.sub("", BREAKING_TAG.sub(" ", text))
    text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return " ".join(text.split())


def without_duplicates(reviews: pd.DataFrame) -> pd.DataFrame:
    """Keep each text once, in the order given: in the test split if it is there, else in training.

    Of several with the same text in one split the first is kept.
    """
    test_first = reviews.sort_values("split", kind="stable")
    return test_first.drop_duplicates("text").sort_index()


def deb_members(package: Path, names: list[str]) -> list[bytes]:
    """Return files of a Debian package: an ar archive that holds a tar archive, see deb(5).

    Raises
    ------
    KeyError
        If there is no such file.
    """
    data = package.read_bytes()
    at = 8  # behind the eight bytes that tell an ar archive
    while True:
        header = data[at : at + 60]  # name in 16 bytes, size in 10 bytes from byte 48
        at, size = at + 60, int(header[48:58])
        if header.startswith(b"data.tar"):
            break
        at += size + size % 2
    with tarfile.open(fileobj=io.BytesIO(data[at : at + size]), mode="r:*") as archive:
        return [archive.extractfile(name).read() for name in names]


def read_r_table(index: bytes, database: bytes, name: str) -> pd.DataFrame:
    """Read a data frame from a lazy-load database of an R package.

    Parameters
    ----------
    index : bytes
        The file ``.rdx``: a compressed list of where each object lies in the database.
    database : bytes
        The file ``.rdb``: each object serialized and compressed by itself, by LZMA2 here.
    name : str
        The object.

    Returns
    -------
    pandas.DataFrame
        The columns by name; a factor becomes a categorical column.

    Raises
    ------
    KeyError
        If the database holds no such object.

    Notes
    -----
    The form is that of R's own ``makeLazyLoad.R``.
    """
    import rdata  # here, for only `make data` needs it

    def read(serialized: bytes) -> object:
        with warnings.catch_warnings():  # it guesses the form, and knows no tibbles: both harmless
            warnings.simplefilter("ignore")
            return rdata.conversion.convert(rdata.parser.parse_data(serialized))

    offset, length = read(gzip.decompress(index))["variables"][name]
    return read(
        lzma.decompress(
            database[offset + 5 : offset + length],  # behind size when unpacked, and compression
            lzma.FORMAT_RAW,
            filters=[{"id": lzma.FILTER_LZMA2, "preset": 6}],
        )
    )
