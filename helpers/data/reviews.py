"""Read tables of labelled reviews, line by line, with errors that name the line and the value.

What is wrong is told as a clause (`NotReviews`); `loading`, which knows the file and the way
out, makes the message of it. Texts are kept as they are: case, punctuation, line ends, other
scripts, emoji, HTML and reviews without a word. Whoever puts them into a page must escape them.
"""

from __future__ import annotations

import csv
import gzip
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = [
    "NotReviews",
    "SAMPLE_COLUMNS",
    "SPLITS",
    "YELP_FOLDER",
    "read_sample_lines",
    "read_yelp_archive",
    "read_yelp_folder",
    "read_yelp_lines",
    "unescape",
]

SPLITS = ("train", "test")
SAMPLE_COLUMNS = ["text", "label", "split"]
SAMPLE_LABELS = {"0": 0, "1": 1}
YELP_FOLDER = "yelp_review_polarity_csv"
YELP_LABELS = {"1": 0, "2": 1}  # class 1 is negative, class 2 positive
ROWS_PER_PART = 20_000
SHOWN_CHARACTERS = 40

# Yelp's texts were cut out of JSON: a line end is \n in two characters, a quote is \", and so on.
ESCAPE = re.compile(r'\\(?:[nrt"\\]|u[0-9A-Fa-f]{4})')
SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"', r"\\": "\\"}


class NotReviews(ValueError):
    """What is wrong with a table of reviews, as a clause that follows the name of its file.

    Attributes
    ----------
    table : str
        Which table of a folder or an archive is meant, as a path within it; "" if it is the
        whole.
    """

    def __init__(self, what: str, table: str = "") -> None:
        super().__init__(what)
        self.table = table


class _Record(NamedTuple):
    """One record of a CSV."""

    line: int  # where it begins; the first line is 1
    cells: list[str]


def read_sample_lines(lines: Iterable[bytes]) -> pd.DataFrame:
    """Read the course's own table of reviews.

    Parameters
    ----------
    lines : iterable of bytes
        Lines of a UTF-8 CSV, line ends included: a header with the columns ``text``, ``label``
        (0 or 1) and ``split`` (train or test), in any order, then one record a review.

    Returns
    -------
    pandas.DataFrame
        ``text`` (str), ``label`` (int64), ``split`` (str), in the order of the file.

    Raises
    ------
    NotReviews
        If the lines are not of this form.
    """
    records = _records(lines)
    first = next(records, None)
    if first is None:
        raise NotReviews("the file is empty")
    header = first.cells
    for column in SAMPLE_COLUMNS:
        if header.count(column) != 1:
            how = "comes twice" if column in header else "is missing"
            raise NotReviews(f"the column {column!r} {how}")
    at_text, at_label, at_split = map(header.index, SAMPLE_COLUMNS)
    texts, labels, splits = _Column(), [], []
    for line, cells in records:
        if len(cells) != len(header):
            raise NotReviews(f"line {line} has {len(cells)} cells, the header {len(header)}")
        if cells[at_label] not in SAMPLE_LABELS:
            raise NotReviews(
                f"line {line}, column 'label': {_short(cells[at_label])} is neither '0' nor '1'"
            )
        if cells[at_split] not in SPLITS:
            raise NotReviews(
                f"line {line}, column 'split': {_short(cells[at_split])} is neither 'train' "
                "nor 'test'"
            )
        texts.append(cells[at_text])
        labels.append(SAMPLE_LABELS[cells[at_label]])
        splits.append(cells[at_split])
    if not labels:
        raise NotReviews("there is a header but no row")
    return pd.DataFrame(
        {"text": texts.series(), "label": np.array(labels, "int64"), "split": pd.Series(splits)}
    )


def read_yelp_lines(lines: Iterable[bytes]) -> pd.DataFrame:
    r"""Read one of the two tables of Yelp Review Polarity.

    Parameters
    ----------
    lines : iterable of bytes
        Lines of a UTF-8 CSV, line ends included, without a header: the class ("1" negative, "2"
        positive) and the text, quoted, with inner quotes doubled. Blank lines are passed over.

    Returns
    -------
    pandas.DataFrame
        ``text`` (str; see `unescape`) and ``label`` (int64; 0 negative, 1 positive), in the order
        of the file.

    Raises
    ------
    NotReviews
        If the lines are not of this form.
    """
    texts, labels = _Column(), []
    for line, cells in _records(lines):
        if len(cells) != 2:
            raise NotReviews(
                f"line {line} has {len(cells)} column{'s' if len(cells) > 1 else ''} instead of 2 "
                f"(class and text); it begins {_short(cells[0])}"
            )
        label = YELP_LABELS.get(cells[0])
        if label is None:
            raise NotReviews(
                f"line {line}: the class {_short(cells[0])} is neither '1' (negative) nor '2' "
                "(positive)"
            )
        texts.append(unescape(cells[1]))
        labels.append(label)
    if not labels:
        raise NotReviews("the file is empty")
    return pd.DataFrame({"text": texts.series(), "label": np.array(labels, "int64")})


def read_yelp_folder(folder: Path) -> pd.DataFrame:
    """Read ``train.csv`` and ``test.csv`` of a folder (see `read_yelp_lines`).

    Returns
    -------
    pandas.DataFrame
        ``text``, ``label`` and ``split``: the training reviews, then the test reviews.

    Raises
    ------
    NotReviews
        If one of the two is not of the right form.
    OSError
        If one of the two is missing or cannot be read.
    """
    tables = {}
    for split in SPLITS:
        with (folder / f"{split}.csv").open("rb") as lines:
            tables[split] = _named(f"{split}.csv", lines)
    return _with_splits(tables)


def read_yelp_archive(file: Path) -> pd.DataFrame:
    """Read the two tables out of the publisher's archive, as a stream; nothing is unpacked.

    Parameters
    ----------
    file : pathlib.Path
        A tar archive, compressed with gzip, with the plain files
        ``yelp_review_polarity_csv/train.csv`` and ``.../test.csv``. Other members are passed
        over, whatever their names.

    Returns
    -------
    pandas.DataFrame
        As `read_yelp_folder` gives it.

    Raises
    ------
    NotReviews
        If the file is no such archive, is cut off or damaged, lacks a table, or holds one that
        is not of the right form.
    OSError
        If the file cannot be read.
    """
    wanted = {f"{YELP_FOLDER}/{split}.csv": split for split in SPLITS}
    tables: dict[str, pd.DataFrame] = {}
    try:
        with gzip.open(file) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            for member in archive:
                split = wanted.get(member.name.removeprefix("./"))
                if split and split not in tables and member.isreg():
                    tables[split] = _named(member.name, archive.extractfile(member))
            while plain.read(1 << 20):  # to the end, where gzip keeps its own checksum
                pass
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise NotReviews(f"is no whole tar.gz archive ({error})") from None
    for name, split in wanted.items():
        if split not in tables:
            raise NotReviews(f"the archive has no file {name}")
    return _with_splits(tables)


def unescape(text: str) -> str:
    r"""Undo the escapes in a text of Yelp Review Polarity.

    The publisher describes one: a line end is written as a backslash and an n. The texts come
    from JSON, and its other escapes stand in them too: ``\"``, ``\\``, ``\r``, ``\t`` and
    ``\u00e9``. Half a surrogate pair is left as it is written, for it is no character.

    Examples
    --------
    >>> print(unescape(r'He said \"no\".\nMy fianc\u00e9 left.'))
    He said "no".
    My fiancé left.
    """
    if "\\" not in text:
        return text
    text = ESCAPE.sub(_character, text)
    text = SURROGATES.sub(lambda pair: _joined(pair[1], pair[2]), text)
    return LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _character(escape: re.Match[str]) -> str:
    """Return what one escape stands for (perhaps half of a surrogate pair)."""
    return ESCAPED.get(escape[0]) or chr(int(escape[0][2:], 16))


def _joined(high: str, low: str) -> str:
    """Return the one character that a surrogate pair stands for."""
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))


class _Column:
    """A column of texts under construction.

    Every 20,000 texts are packed into a series of their own, so that the Python objects of all
    texts never exist at once where pandas keeps texts packed (as pandas 3 does with pyarrow).
    """

    def __init__(self) -> None:
        self._packed: list[pd.Series] = []
        self._loose: list[str] = []

    def append(self, text: str) -> None:
        """Add one text."""
        self._loose.append(text)
        if len(self._loose) == ROWS_PER_PART:
            self._pack()

    def series(self) -> pd.Series:
        """Return the whole column, which must have one text at least."""
        if self._loose:
            self._pack()
        return pd.concat(self._packed, ignore_index=True)

    def _pack(self) -> None:
        self._packed.append(pd.Series(self._loose))
        self._loose = []


def _named(name: str, lines: Iterable[bytes]) -> pd.DataFrame:
    """Read one of Yelp's tables and name it in each complaint."""
    try:
        return read_yelp_lines(lines)
    except NotReviews as problem:
        raise NotReviews(str(problem), table=name) from None


def _with_splits(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the tables below each other, training reviews first, with a column that tells them."""
    parts = [tables[split].assign(split=split) for split in SPLITS]
    return pd.concat(parts, ignore_index=True)


def _records(lines: Iterable[bytes]) -> Iterator[_Record]:
    """Give the records of a CSV, refusing what is no CSV or no UTF-8, or ends within a line."""
    reader = csv.reader(_decoded(lines), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield _Record(begins, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            reason = "a quote opens that never closes"
        elif "field limit" in str(error):
            reason = (
                f"a text of more than {csv.field_size_limit():,} characters, or a quote opens "
                "that never closes"
            )
        else:
            reason = f"no CSV ({error})"
        raise NotReviews(f"line {begins}: {reason}") from None


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Decode UTF-8 line by line, with or without a byte order mark."""
    position = 0
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotReviews(
                f"line {number} is no UTF-8 text (0x{line[error.start]:02x} at byte "
                f"{position + error.start + 1:,} of the file)"
            ) from None
        if not text.endswith(("\n", "\r")):
            raise NotReviews(f"line {number} has no line end, so the file seems cut off")
        position += len(line)
        yield text.removeprefix("\ufeff") if number == 1 else text


def _short(value: str) -> str:
    """Return a value for a message, cut to a length that fits."""
    cut = len(value) > SHOWN_CHARACTERS
    return repr(value[:SHOWN_CHARACTERS]) + ("..." if cut else "")
