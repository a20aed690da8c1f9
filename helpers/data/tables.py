"""Read tables from outside the course strictly, with errors that name line, column and value.

Files of the course itself need none of this: their checksum is the check (`helpers.data.tiers`).
Texts are kept as they are: case, punctuation, line ends, other scripts, emoji and HTML. Whoever
puts them into a page must escape them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

import pandas as pd

from helpers.data.download import CourseDataError

__all__ = ["Rule", "bad", "read_table", "refuse", "to_floats"]

ROWS_PER_PART = 20_000
SHOWN_CHARACTERS = 40


class Rule(NamedTuple):
    """Which cells of a column are wrong, and why."""

    column: str
    wrong: pd.Series  # bool (n,), True where the cell breaks the rule
    complaint: str  # follows the value: "is no date"


def bad(file: Path, what: str, way_out: str) -> CourseDataError:
    """Make the error of two lines: file and what is wrong with it, then the way out."""
    return CourseDataError(f"{file}: {what}.\n{way_out}")


def read_table(
    file: Path,
    way_out: str,
    needed: Sequence[str],
    optional: Collection[str] | None = (),
    *,
    delimiter: str = ",",
    has_header: bool = True,
    convert: Mapping[str, Callable[[str], str]] | None = None,
    encoding: str = "utf-8-sig",
) -> pd.DataFrame:
    """Read a CSV as text, refusing one that is damaged or of another form.

    A cell may be quoted and hold delimiters, doubled quotes and line ends. A byte order mark,
    Windows' line ends and blank lines are passed over.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    way_out : str
        What to do about a bad file, for the second line of the message.
    needed : sequence of str
        Columns that must be there, each once; without a header, all columns in order.
    optional : collection of str or None
        Columns that are read too if they are there; None for all others. The rest is passed over.
    delimiter : str
        What stands between cells.
    has_header : bool
        Whether the first line names the columns.
    convert : mapping of str to callable, optional
        What to make of each text of a column, such as undoing escapes.
    encoding : str
        How characters are written.

    Returns
    -------
    pandas.DataFrame
        One column of str for each one read, in the order of the file. The index, named "line", is
        the line of the file (the first is 1) on which each row begins.

    Raises
    ------
    CourseDataError
        If the file is missing, cannot be read, is empty, has another encoding, is no CSV, ends
        within a line, has a row of another length than the header, no row, or a column that is
        missing or comes twice.

    Notes
    -----
    Every 20,000 rows are packed into a frame of their own, so that the Python objects of all
    texts never exist at once where pandas keeps texts packed (as pandas 3 does with pyarrow).
    """
    begins = 1
    try:
        with file.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(
                _whole_lines(file, stream, way_out), delimiter=delimiter, strict=True
            )
            header = list(needed)
            if has_header:
                header = next((cells for cells in reader if cells), [])
                begins = reader.line_num + 1
                if not any(map(str.strip, header)):
                    raise bad(file, "the file is empty", way_out)
            kept = _places(file, header, needed, optional, way_out)
            parts: list[pd.DataFrame] = []
            rows: list[list[str]] = []
            lines: list[int] = []
            for cells in reader:
                if cells:
                    if len(cells) != len(header):
                        count = f"{len(cells)} cell{'s' if len(cells) > 1 else ''}"
                        what = f"line {begins} has {count} instead of {len(header)}"
                        raise bad(file, f"{what}; it begins {_short(cells[0])}", way_out)
                    rows.append(cells)
                    lines.append(begins)
                    if len(rows) == ROWS_PER_PART:
                        parts.append(_pack(rows, lines, kept, convert or {}))
                        rows, lines = [], []
                begins = reader.line_num + 1
    except FileNotFoundError:
        raise bad(file, "the file is missing", way_out) from None
    except OSError as error:
        raise bad(file, f"cannot be read ({error.strerror or error})", way_out) from None
    except UnicodeDecodeError as error:
        raise bad(file, _where_not_utf_8(file, error), way_out) from None
    except csv.Error as error:
        reason = f"no CSV ({error})"
        if "unexpected end" in str(error):
            reason = "a quote opens that never closes"
        elif "field limit" in str(error):
            limit = f"{csv.field_size_limit():,}"
            reason = f"a text of more than {limit} characters, or a quote opens that never closes"
        raise bad(file, f"line {begins}: {reason}", way_out) from None
    if rows:
        parts.append(_pack(rows, lines, kept, convert or {}))
    if not parts:
        none = "there is a header but no row" if has_header else "the file is empty"
        raise bad(file, none, way_out)
    return pd.concat(parts)


def refuse(file: Path, frame: pd.DataFrame, rules: Sequence[Rule], way_out: str) -> None:
    """Refuse a table of which a cell breaks a rule.

    Parameters
    ----------
    file : pathlib.Path
        Where the table is from.
    frame : pandas.DataFrame
        As `read_table` gives it: the index tells the line.
    rules : sequence of Rule
        What must hold.
    way_out : str
        What to do about it.

    Raises
    ------
    CourseDataError
        If a rule is broken. The message names the first such line, its column and the value.
    """
    broken = [(rule.wrong.idxmax(), rule) for rule in rules if rule.wrong.any()]
    if broken:
        line, (column, _, complaint) = min(broken, key=lambda one: one[0])
        what = f"line {line}, column {column!r}: {_short(frame.at[line, column])} {complaint}"
        raise bad(file, what, way_out)


def to_floats(cells: pd.Series) -> pd.Series:
    """Return the float64 nearest to each text, to the last bit; NaN where it is no finite number.

    (pandas' own fast parser misses the last bit of some.)
    """

    def value(text: str) -> float:
        try:
            number = math.nan if "_" in text else float(text)  # a CSV should not say 1_000
        except ValueError:
            return math.nan
        return number if math.isfinite(number) else math.nan

    return pd.Series([value(text) for text in cells], index=cells.index, dtype="float64")


def _whole_lines(file: Path, stream: TextIO, way_out: str) -> Iterator[str]:
    """Give the lines of a file; refuse one that ends within a line."""
    for number, line in enumerate(stream, start=1):
        if line[-1] not in "\r\n":
            raise bad(file, f"line {number} has no line end, so the file seems cut off", way_out)
        yield line


def _places(
    file: Path,
    header: list[str],
    needed: Sequence[str],
    optional: Collection[str] | None,
    way_out: str,
) -> dict[str, int]:
    """Return where the columns to read stand in a row."""
    for name in needed:
        if name not in header:
            raise bad(file, f"the column {name!r} is missing", way_out)
    names = [name for name in header if optional is None or name in needed or name in optional]
    for name in names:
        if names.count(name) > 1:
            raise bad(file, f"the column {name!r} comes twice", way_out)
    return {name: header.index(name) for name in names}


def _pack(
    rows: list[list[str]],
    lines: list[int],
    kept: dict[str, int],
    convert: Mapping[str, Callable[[str], str]],
) -> pd.DataFrame:
    """Make a frame of some rows."""
    columns = {}
    for name, at in kept.items():
        texts = [cells[at] for cells in rows]
        columns[name] = list(map(convert[name], texts)) if name in convert else texts
    return pd.DataFrame(columns, index=pd.Index(lines, name="line"))


def _where_not_utf_8(file: Path, error: UnicodeDecodeError) -> str:
    """Say which line of a file is no UTF-8 (an error of a stream counts from its middle)."""
    content = file.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as whole:
        error = whole
    line = content.count(b"\n", 0, error.start) + 1
    at = f"0x{content[error.start]:02x} at byte {error.start + 1:,} of the file"
    return f"line {line} is no UTF-8 text ({at})"


def _short(value: str) -> str:
    """Return a value for a message, cut to a length that fits."""
    return repr(value[:SHOWN_CHARACTERS]) + ("..." if len(value) > SHOWN_CHARACTERS else "")
