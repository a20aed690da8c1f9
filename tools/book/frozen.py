"""The pages of the second edition, which wait to be rewritten: frozen, that is, as they are.

``lectures/frozen.toml`` names them, each with the digest of its code cells, and says which
``helpers/`` their notebooks were made with. A frozen page is built, linked and read; its outputs
stay as they are stored, whatever happens to helpers or data. Its text and links may change, its
cells may not. When a page is rewritten, its line there goes.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import nbformat

from tools.book.course import LECTURES, CourseError
from tools.book.lecture import cell_lines, code_cells_of, read_lecture

FROZEN = LECTURES / "frozen.toml"


@cache
def _list(text: str) -> dict:
    return tomllib.loads(text)


def _frozen() -> dict:
    path = FROZEN
    if not path.is_file():
        return {"helpers": "", "cells": {}}
    try:
        return _list(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(
            f"lectures/{path.name} is damaged ({error}). Run: git checkout lectures/{path.name}"
        ) from None


def frozen_pages() -> dict[str, str]:
    """Slug of each frozen page to the digest of its cells."""
    return dict(_frozen()["cells"])


def is_frozen(source: Path) -> bool:
    """Whether a page is frozen."""
    return source.stem in _frozen()["cells"]


def frozen_runs() -> dict[str, str]:
    """Slug of a frozen page to the state of all it uses in which it last ran without an error."""
    return dict(_frozen().get("ran", {}))


def frozen_helpers() -> str:
    """Git's name for the ``helpers/`` that the notebooks of frozen pages were made with."""
    return _frozen()["helpers"]


def cells_digest(source: Path) -> str:
    """The digest (SHA-256, 20 hexadecimal digits) of a page's code cells, options left aside."""
    texts = [cell.source for cell in code_cells_of(source)]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:20]


def why_thawed(source: Path) -> str | None:
    """What is wrong with a frozen page: its cells have changed. None if nothing is.

    Returns
    -------
    str or None
        With file, line of the first cell that differs from the notebook's, and the way out.
    """
    if cells_digest(source) == frozen_pages()[source.stem]:
        return None
    return (
        f"lectures/{source.name}:{_first_difference(source)}: this cell has changed, but the page "
        f"is frozen (lectures/frozen.toml). Run: git checkout lectures/{source.name}; or rewrite "
        "the page and take it off that list."
    )


def _first_difference(source: Path) -> int:
    """Line of the first code cell that is not the notebook's; 1 if none is to be found."""
    page, path = read_lecture(source), source.with_suffix(".ipynb")
    try:
        notebook = nbformat.read(path, 4)
    except Exception:  # of many kinds; then there is nothing to compare with
        return 1
    ran = [cell.source for cell in notebook.cells if cell.cell_type == "code"][1:]
    lines = [
        line
        for cell, line in zip(page.cells, cell_lines(source, page), strict=True)
        if cell.cell_type == "code"
    ]
    ours = [cell.source for cell in code_cells_of(source)][1:]  # the set-up cell is another there
    for line, mine, stored in zip(lines[1:], ours, ran, strict=False):
        if mine != stored:
            return line
    return lines[min(len(ours), len(ran))] if len(ours) > len(ran) else 1


def take_off(slug: str) -> None:
    """Take a page off the list, when it has been rewritten."""
    text = FROZEN.read_text(encoding="utf-8")
    FROZEN.write_text(
        re.sub(rf"^{re.escape(slug)} = .*\n", "", text, flags=re.MULTILINE),
        encoding="utf-8",
        newline="\n",
    )
