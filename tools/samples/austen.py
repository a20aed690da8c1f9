"""Make the sample of novels, ``data/austen.csv.bz2``, from the R package janeaustenr.

Debian's package of it is the source. Each novel lies in a lazy-load database of R as a vector of
printed lines, which rdata reads.
"""

from __future__ import annotations

import bz2
import gzip
import re
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path

from helpers.data import CourseDataError
from tools.samples.files import Source, csv_text
from tools.samples.reviews import deb_members

__all__ = ["NOVELS", "SOURCE", "chapters", "content"]

SOURCE = Source(
    package="r-cran-janeaustenr=1.0.0-1",
    file="r-cran-janeaustenr_1.0.0-1_all.deb",
    sha256="df6bddf211906d1ff404f8ff662c21b34e6660e7f54a311084e749050c019c95",
    size=1_626_392,
    form="deb",
)
DATABASE = "./usr/lib/R/site-library/janeaustenr/data/Rdata"  # .rdx index, .rdb values
NOVELS = {  # in the order in which they were published
    "sensesensibility": "Sense and Sensibility",
    "prideprejudice": "Pride and Prejudice",
    "mansfieldpark": "Mansfield Park",
    "emma": "Emma",
    "northangerabbey": "Northanger Abbey",
    "persuasion": "Persuasion",
}
CHAPTER = re.compile(r"chapter ([ivxl]+|\d+)", re.IGNORECASE)
VOLUME = re.compile(r"volume [ivx]+", re.IGNORECASE)
END = re.compile(r"fin[i]s|the end|a note on the text", re.IGNORECASE)  # and what follows


def content(source: Path) -> bytes:
    """Return the sample as packed CSV, made from the pinned Debian package."""
    index, values = deb_members(source, [f"{DATABASE}.rdx", f"{DATABASE}.rdb"])
    rows = [
        (novel, number, text)
        for name, novel in NOVELS.items()
        for number, text in enumerate(chapters(read_lines(index, values, name)), 1)
    ]
    return bz2.compress(csv_text([("novel", "chapter", "text"), *rows]).encode("utf-8"))


def chapters(lines: Sequence[str]) -> list[str]:
    """The chapters of a novel, one paragraph a line, numbered through all its volumes.

    What stands before the first chapter and behind the end is left out, and so are headings. The
    lines of a paragraph become one, runs of blanks one blank; underscores, which stand around what
    is printed in italics, go.

    Raises
    ------
    CourseDataError
        If there is no heading of a chapter, or nothing behind one.
    """
    found: list[list[str]] = []
    for line in lines:
        text = " ".join(line.replace("_", "").split())
        if found and END.fullmatch(text):
            break
        if CHAPTER.fullmatch(text):
            found.append([])
        elif found and not VOLUME.fullmatch(text):
            found[-1].append(text)
    joined = ["\n".join(paragraphs(chapter)) for chapter in found]
    if not joined or not all(joined):
        raise CourseDataError(f"No chapters, or an empty one.\nUse {SOURCE.file}.")
    return joined


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Join lines up to an empty one."""
    parts = "\n".join(lines).split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def read_lines(index: bytes, database: bytes, name: str) -> list[str]:
    """Read a vector of texts from a lazy-load database of an R package.

    As `tools.samples.reviews.read_r_table`, but each object is compressed by zlib, behind four
    bytes that tell its size when unpacked.

    Raises
    ------
    KeyError
        If the database holds no such object.
    """
    import rdata  # here, for only `make data` needs it

    def read(serialized: bytes) -> object:
        with warnings.catch_warnings():  # it guesses the form: harmless
            warnings.simplefilter("ignore")
            return rdata.conversion.convert(rdata.parser.parse_data(serialized))

    offset, length = read(gzip.decompress(index))["variables"][name]
    return [str(line) for line in read(zlib.decompress(database[offset + 4 : offset + length]))]
