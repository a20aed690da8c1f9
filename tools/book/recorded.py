"""What the cells of a notebook left for MyST-NB's ``glue``: numbers, and claims of frozen pages.

A frozen page records its numbers and claims in its own cells (``helpers/record.py``); on a page
that is not frozen the build hangs the numbers on the set-up cell (``sidecars.py``).
"""

from __future__ import annotations

import ast
from typing import NamedTuple

import nbformat

from helpers.record import CLAIM_MIME, GLUE_MIME
from tools.book.course import CourseError

Value = float | int | str | bool


class Recorded(NamedTuple):
    """What a frozen page recorded in its stored run."""

    numbers: dict[str, Value]
    claims: dict[str, bool]  # by the claim's name: whether it holds


def recorded_texts(notebook: nbformat.NotebookNode, mime: str = GLUE_MIME) -> dict[str, str]:
    """Read the numbers (or claims) that hang on a notebook's cells.

    Returns
    -------
    dict
        Name of the number to its text, as MyST-NB's ``glue`` would find it.

    Raises
    ------
    CourseError
        If a name is recorded twice: the text could mean either.
    """
    texts: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                name = output["metadata"]["scrapbook"]["name"].removeprefix("claim: ")
                if name in texts:
                    raise CourseError(f"{name!r} is recorded twice: rename one of them.")
                texts[name] = output["data"][mime]
    return texts


def recorded(notebook: nbformat.NotebookNode) -> Recorded:
    """The numbers and claims in a frozen page's outputs."""
    numbers = {name: _value(text) for name, text in recorded_texts(notebook).items()}
    claims = recorded_texts(notebook, CLAIM_MIME).items()
    return Recorded(numbers, {name: text == "True" for name, text in claims})


def _value(text: str) -> Value:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
