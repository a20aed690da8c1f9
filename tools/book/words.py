"""Where a page has a word of ours for which the field has a term (``make words``).

A student must be able to look up what was read here. The phrases of ``REFUSED`` stand on no page;
the words of ``ASKED`` are listed for a person to decide. Looked at is what a
reader reads: text, captions, alternative texts, and of code the comments and texts.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tokenize
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tools.book.course import ROOT, CourseError, lecture_sources
from tools.book.lecture import cell_lines, read_lecture, without_magics
from tools.book.word_table import ASKED, REFUSED, Phrase, Word

BLANK = r"[ *_]*\s[ *_]*"  # one end of a line at most: an empty line ends a sentence
IN_CODE = {"COMMENT", "STRING", "FSTRING_MIDDLE"}  # names of tokens


class Hit(NamedTuple):
    """A line that has a word of ours: its number, the word as it stands there, the field's term."""

    line: int
    found: str
    term: str


def pages() -> list[Path]:
    """The sources that are looked at: the front page and the lectures."""
    return [ROOT / "intro.md", *lecture_sources()]


def prose_of(source: Path) -> str:
    """A page without its code but for comments and texts in it, line by line as in the source."""
    lines = source.read_text(encoding="utf-8").splitlines()
    page = read_lecture(source)
    for cell, first in zip(page.cells, cell_lines(source, page), strict=True):
        if cell.cell_type == "code":
            kept = _prose_of_code(cell.source)
            lines[first - 1 : first - 1 + len(kept)] = kept
    return "\n".join(lines)


def _prose_of_code(code: str) -> list[str]:
    """Comments and texts of a cell, each on its line."""
    lines = [""] * len(code.splitlines())
    with suppress(tokenize.TokenError, SyntaxError):  # whoever executes it is told
        for token in tokenize.generate_tokens(io.StringIO(without_magics(code)).readline):
            if tokenize.tok_name[token.type] in IN_CODE:
                for line, text in enumerate(token.string.splitlines(), start=token.start[0] - 1):
                    lines[line] += f"; {text.lstrip('# ')}" if lines[line] else text.lstrip("# ")
    return lines


def hits(text: str, table: Iterable[Phrase | Word]) -> list[Hit]:
    """What of a table stands in a text, in order."""
    found = []
    for row in table:
        pattern = rf"\b(?:{row.pattern.replace(' ', BLANK)})(?!\w)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Hit(line, " ".join(match[0].split()), row.term))
    return sorted(found)


def faults(source: Path) -> list[str]:
    """The phrases of a page that are refused, each with file, line and the field's term."""
    name = source.relative_to(ROOT) if source.is_relative_to(ROOT) else source.name
    return [
        f"{name}:{line}: {found!r}: the field says {term}"
        for line, found, term in hits(prose_of(source), REFUSED)
    ]


def listing(source: Path) -> str:
    """What a person should look at in a page: each line, its words, the field's terms."""
    lines: dict[int, list[str]] = {}
    for line, found, term in hits(prose_of(source), ASKED):
        lines.setdefault(line, []).append(f"{found} ({term})")
    return "\n".join(f"{source.name}:{line}: {'; '.join(told)}" for line, told in lines.items())


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m tools.book.words --help``."""
    parser = argparse.ArgumentParser(prog="make words", description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="*", help="only this page: lstm")
    wanted = parser.parse_args(arguments).page
    try:
        known = {source.stem: source for source in pages()}
        if unknown := set(wanted) - set(known):
            raise CourseError(
                f"No page to look at: {', '.join(unknown)}. Pages: {', '.join(known)}"
            )
        chosen = [known[name] for name in wanted or known]
        refused = [fault for source in chosen for fault in faults(source)]
        print("\n".join(filter(None, map(listing, chosen))))
    except CourseError as error:
        refused = [str(error)]
    for fault in refused:
        print(fault, file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
