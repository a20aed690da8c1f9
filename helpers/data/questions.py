"""Read tables of question pairs, with errors that name the line and the value.

What is wrong is told as a clause (`NotPairs`); `loading`, which knows the file and the way
out, makes the message of it. Texts are kept as they are: case, punctuation, line ends, other
scripts, emoji and HTML. Whoever puts them into a page must escape them.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = [
    "GLUE_TABLES",
    "NotPairs",
    "Pairs",
    "QUORA_COLUMNS",
    "SAMPLE_COLUMNS",
    "read_glue_archive",
    "read_glue_lines",
    "read_quora_text",
    "read_sample_text",
]

QUORA_COLUMNS = ["qid1", "qid2", "question1", "question2", "is_duplicate"]
SAMPLE_COLUMNS = ["question1", "question2", "label", "qid1", "qid2", "intent1", "intent2"]
GLUE_TABLES = {"QQP/train.tsv": "train", "QQP/dev.tsv": "validation"}
LABELS = {"0": 0, "1": 1}
UNKNOWN_INTENT = -1
SHOWN_CHARACTERS = 40
MOST_BROKEN = 0.01  # share of the lines of a published table that may be broken


class NotPairs(ValueError):
    """What is wrong with a table of question pairs, as a clause that follows its file's name.

    Attributes
    ----------
    table : str
        Which table of an archive is meant; "" if it is the whole.
    """

    def __init__(self, what: str, table: str = "") -> None:
        super().__init__(what)
        self.table = table


class Pairs(NamedTuple):
    """A table of question pairs, and how many of its rows were left out."""

    frame: pd.DataFrame  # the columns of `helpers.data.load_question_pairs`, without attrs
    dropped: int  # rows of which a question is missing, or which are broken


def read_sample_text(text: str) -> Pairs:
    """Read the course's own table.

    Parameters
    ----------
    text : str
        CSV with the columns `SAMPLE_COLUMNS`, in any order. Labels are 0 or 1, ids and intents
        positive whole numbers.

    Raises
    ------
    NotPairs
        If the text is not of this form.
    """
    return _read_csv(text, ",", SAMPLE_COLUMNS, "label")


def read_quora_text(text: str, delimiter: str) -> Pairs:
    """Read Quora's own release, or the class's file of its first rows.

    Parameters
    ----------
    text : str
        A table with the columns `QUORA_COLUMNS` and perhaps others, in any order; a question may
        be quoted and hold line ends, delimiters and doubled quotes.
    delimiter : str
        A tab or a comma.

    Raises
    ------
    NotPairs
        If the text is not of this form. A row of which a question is empty is no fault: it is
        left out and counted.
    """
    return _read_csv(text, delimiter, QUORA_COLUMNS, "is_duplicate")


def read_glue_lines(lines: Iterable[bytes]) -> Pairs:
    """Read a table of GLUE's QQP: one line a pair, cells split at tabs.

    A few lines of the published tables are broken (a question with a line end in it), as
    TensorFlow Datasets knows too; they are left out and counted. A cell that is quoted loses its
    quotes.

    Raises
    ------
    NotPairs
        If a column is missing, a label is neither 0 nor 1, more than one line in a hundred is
        broken, or nothing is left.
    """
    rows = (line.decode("utf-8-sig" if number == 0 else "utf-8") for number, line in _count(lines))
    try:
        header = next(rows, "").rstrip("\r\n").split("\t")
        at = _places(header, QUORA_COLUMNS)
        kept, dropped, number = [], 0, 1
        for number, line in enumerate(rows, start=2):
            cells = [_unquoted(cell) for cell in line.rstrip("\r\n").split("\t")]
            if len(cells) != len(header):
                dropped += bool(line.strip())
            else:
                kept.append((number, [cells[k] for k in at]))
    except UnicodeDecodeError as error:
        raise NotPairs(f"is no UTF-8 text (0x{error.object[error.start]:02x})") from None
    if dropped > MOST_BROKEN * number + 1:
        raise NotPairs(f"{dropped} of {number - 1} lines have not {len(header)} cells")
    pairs = _to_frame(kept, "is_duplicate", with_intents=False)
    return Pairs(pairs.frame, pairs.dropped + dropped)


def read_glue_archive(file: Path) -> Pairs:
    """Read the labelled tables out of GLUE's archive; nothing is unpacked to disk.

    Parameters
    ----------
    file : pathlib.Path
        A zip archive that holds ``QQP/train.tsv`` and ``QQP/dev.tsv``. Other members are passed
        over, whatever their names.

    Raises
    ------
    NotPairs
        If the file is no such archive, is damaged, lacks a table, or holds one that is not of the
        right form.
    OSError
        If the file cannot be read.
    """
    parts = []
    try:
        with zipfile.ZipFile(file) as archive:
            for name, split in GLUE_TABLES.items():
                if name not in archive.namelist():
                    raise NotPairs(f"the archive has no file {name}")
                with archive.open(name) as lines:
                    pairs = _named(name, read_glue_lines, lines)
                parts.append(Pairs(pairs.frame.assign(split=split), pairs.dropped))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotPairs(f"is no whole zip archive ({error})") from None
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    return Pairs(frame, sum(part.dropped for part in parts))


def _named(name: str, read: Callable[[Iterable[bytes]], Pairs], lines: Iterable[bytes]) -> Pairs:
    """Read a table of the archive and name it in each complaint."""
    try:
        return read(lines)
    except NotPairs as problem:
        raise NotPairs(str(problem), table=name) from None


def _count(lines: Iterable[bytes]) -> Iterable[tuple[int, bytes]]:
    return enumerate(lines)


def _read_csv(text: str, delimiter: str, columns: list[str], label: str) -> Pairs:
    """Read quoted cells; refuse what is no CSV, is ragged, or ends within a line."""
    if not text.strip():
        raise NotPairs("the file is empty")
    if not text.endswith(("\n", "\r")):
        raise NotPairs(f"line {len(text.splitlines())} has no line end, so the file seems cut off")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            if cells:
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        what = "a quote opens that never closes" if "unexpected end" in str(error) else error
        raise NotPairs(f"line {begins}: no CSV ({what})") from None
    (_, header), rows = rows[0], rows[1:]
    at = _places(header, columns)
    for line, cells in rows:
        if len(cells) != len(header):
            raise NotPairs(f"line {line} has {len(cells)} cells, the header {len(header)}")
    with_intents = "intent1" in columns
    order = [columns.index(name) for name in (*QUORA_COLUMNS[:4], label)]
    order += [columns.index(name) for name in ("intent1", "intent2")] if with_intents else []
    picked = [(line, [cells[at[k]] for k in order]) for line, cells in rows]
    return _to_frame(picked, label, with_intents)


def _places(header: list[str], columns: list[str]) -> list[int]:
    """Where the columns stand; each must be there once."""
    for column in columns:
        if header.count(column) != 1:
            how = "comes twice" if column in header else "is missing"
            raise NotPairs(f"the column {column!r} {how}")
    return [header.index(column) for column in columns]


def _to_frame(rows: list[tuple[int, list[str]]], label: str, with_intents: bool) -> Pairs:
    """Turn cells (qid1, qid2, question1, question2, label, perhaps intents) into a table."""
    kept = [(line, cells) for line, cells in rows if cells[2].strip() and cells[3].strip()]
    if not kept:
        raise NotPairs("there is a header but no row" if not rows else "every row lacks a question")
    for line, cells in kept:
        if cells[4] not in LABELS:
            raise NotPairs(
                f"line {line}, column {label!r}: {_short(cells[4])} is neither '0' nor '1'"
            )
    numbers = {
        name: np.array([_whole(line, name, cells[k]) for line, cells in kept], "int64")
        for name, k in (("qid1", 0), ("qid2", 1))
    }
    for name, k in (("intent1", 5), ("intent2", 6)):
        numbers[name] = (
            np.array([_whole(line, name, cells[k]) for line, cells in kept], "int64")
            if with_intents
            else np.full(len(kept), UNKNOWN_INTENT, "int64")
        )
    frame = pd.DataFrame(
        {
            "question1": pd.Series([cells[2] for _, cells in kept]),
            "question2": pd.Series([cells[3] for _, cells in kept]),
            "label": np.array([LABELS[cells[4]] for _, cells in kept], "int64"),
            **numbers,
            "split": pd.Series(["train"] * len(kept)),
        }
    )
    return Pairs(frame, len(rows) - len(kept))


def _whole(line: int, column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise NotPairs(f"line {line}, column {column!r}: {_short(text)} is no whole number")
    return int(text)


def _unquoted(cell: str) -> str:
    """Take the quotes off a quoted cell; leave all else."""
    inner = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _short(value: str) -> str:
    """Return a value for a message, cut to a length that fits."""
    return repr(value[:SHOWN_CHARACTERS]) + ("..." if len(value) > SHOWN_CHARACTERS else "")
