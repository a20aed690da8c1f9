"""A deck's source: its head, and its slides with steps, notes and minutes, each with its line.

---
title: LSTM and GRU
page: lstm
---
# Does it still have the number?
A question.
+++
The answer, on the next step.

Note: 3 min. What to say, and what students ask.
---
# The next slide
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from tools.book.course import CourseError

SLIDE, STEP, NOTES = re.compile(r"---"), re.compile(r"\+\+\+"), re.compile(r"Note:.*")
MINUTES = re.compile(r"Note: *(\d+(?:\.\d+)?) min\b[.,:]?\s*(.*)", re.DOTALL)
HEAD = {"title", "page"}


class Piece(NamedTuple):
    """A part of a source."""

    line: int  # at which it begins, from 1
    text: str


class Slide(NamedTuple):
    """One slide: its steps in order, what to say, and how long that takes."""

    line: int
    steps: list[Piece]
    notes: Piece
    minutes: float


class Deck(NamedTuple):
    """A deck as it is written."""

    path: Path
    title: str
    page: str  # the page's slug
    page_line: int
    slides: list[Slide]


def fault(path: Path, line: int, why: str) -> CourseError:
    """What is wrong with a deck, with file and line."""
    return CourseError(f"slides/{path.name}:{line}: {why}")


def read_deck(path: Path) -> Deck:
    """Read ``slides/SLUG.md``.

    Raises
    ------
    CourseError
        With file and line: the head is not as it should be, a code block is not closed, a slide
        has no notes, or these do not begin with minutes.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [n for n, line in enumerate(lines) if line.rstrip() == "---"]
    if marks[:1] != [0] or len(marks) == 1:
        raise fault(path, 1, "a deck begins with ---, title: and page:, and --- again.")
    title, page, page_line = _read_head(path, lines[1 : marks[1]])
    rest = Piece(marks[1] + 1, "\n".join(lines[marks[1] :]))
    slides = [_read_slide(path, _after_mark(piece)) for piece in cut(path, rest, SLIDE)[1:]]
    return Deck(path, title, page, page_line, slides)


def _read_head(path: Path, lines: list[str]) -> tuple[str, str, int]:
    """Title, page, and the line that names the page."""
    try:
        head = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise fault(path, line, f"{getattr(error, 'problem', error)}") from None
    if not isinstance(head, dict) or head.keys() != HEAD:
        raise fault(path, 1, "the head has a title: and a page:, and nothing else.")
    places = {line.partition(":")[0]: n for n, line in enumerate(lines, start=2)}
    for name, value in head.items():
        if not isinstance(value, str) or not value.strip():
            raise fault(path, places.get(name, 1), f"{name}: must be a text, not {value!r}.")
    return head["title"], head["page"], places.get("page", 1)


def cut(path: Path, piece: Piece, mark: re.Pattern) -> list[Piece]:
    """Cut before each line that is a mark; code blocks stay whole.

    Raises
    ------
    CourseError
        If a code block is not closed.
    """
    lines, starts, opened = piece.text.splitlines(), [0], 0
    for n, line in enumerate(lines):
        if line.startswith("```"):
            opened = 0 if opened else piece.line + n
        elif not opened and mark.fullmatch(line.rstrip()):
            starts.append(n)
    if opened:
        raise fault(path, opened, "this block is not closed by ``` before the slide ends.")
    ends = pairwise([*starts, len(lines)])
    return [Piece(piece.line + a, "\n".join(lines[a:b])) for a, b in ends]


def _after_mark(piece: Piece) -> Piece:
    return Piece(piece.line + 1, piece.text.partition("\n")[2])


def _read_slide(path: Path, piece: Piece) -> Slide:
    lead = len(piece.text) - len(piece.text.lstrip())
    line = piece.line + piece.text.count("\n", 0, lead)
    if not piece.text.lstrip().startswith("# "):
        raise fault(path, line, "a slide begins with its title: # Title")
    shown, *notes = cut(path, piece, NOTES)
    told = MINUTES.fullmatch(notes[0].text) if len(notes) == 1 else None
    if told is None or not told[2].strip():
        at = notes[-1].line if notes else line
        raise fault(path, at, "a slide ends with notes: Note: 3 min. What to say.")
    first, *later = cut(path, shown, STEP)
    steps = [first, *map(_after_mark, later)]
    begins = notes[0].line + notes[0].text.count("\n", 0, told.start(2))
    return Slide(line, steps, Piece(begins, told[2]), float(told[1]))
