"""Reading a lecture's source: its cells, their lines, where the exercises begin, its text."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path

import jupytext
import nbformat

EXERCISES = re.compile(r"^## Exercises\s*$", re.MULTILINE)
MAGIC = re.compile(r"\s*[%!]")


def read_lecture(source: Path) -> nbformat.NotebookNode:
    """The cells of a lecture without outputs; each text is parsed once, each caller has its own."""
    return copy.deepcopy(_read(source.read_text(encoding="utf-8")))


@cache
def _read(text: str) -> nbformat.NotebookNode:
    return jupytext.reads(text, fmt="md:myst")


def code_cells_of(source: Path) -> list[nbformat.NotebookNode]:
    """The code cells of a lecture, in order; do not change them."""
    cells = _read(source.read_text(encoding="utf-8")).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def without_magics(code: str) -> str:
    """Code without lines that only Jupyter understands, as many lines as before."""
    return "\n".join("" if MAGIC.match(line) else line for line in code.splitlines())


def end_of_lesson(source: Path) -> int:
    """How many code cells stand before the heading ``## Exercises``; all, if there is none."""
    count = 0
    for cell in _read(source.read_text(encoding="utf-8")).cells:
        if cell.cell_type == "markdown" and EXERCISES.search(cell.source):
            return count
        count += cell.cell_type == "code"
    return count


def cell_lines(source: Path, lecture: nbformat.NotebookNode) -> list[int]:
    """Line of the source (counted from 1) at which each cell's text begins."""
    text = source.read_text(encoding="utf-8")
    lines, position = [], 0
    for cell in lecture.cells:
        position = max(text.find(cell.source, position), position)
        lines.append(text.count("\n", 0, position) + 1)
        position += len(cell.source)
    return lines


def words_of(source: Path) -> list[tuple[int, str]]:
    """The text of a page that a reader reads, line by line: number of the line, from 1, and text.

    Markdown and the options of cells (captions) count; code, the file's head and fences do not.
    """
    page = _read(source.read_text(encoding="utf-8"))
    lines = list(enumerate(source.read_text(encoding="utf-8").splitlines(), start=1))
    marks = [number for number, line in lines if line.strip() == "---"]
    head = marks[1] if lines and lines[0][1].strip() == "---" and len(marks) > 1 else 0
    code: set[int] = set(range(1, head + 1))
    for cell, first in zip(page.cells, cell_lines(source, page), strict=True):
        if cell.cell_type == "code":
            code |= set(range(first, first + cell.source.count("\n") + 1))
    return [(n, text) for n, text in lines if n not in code and not text.startswith("```")]
