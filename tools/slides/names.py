"""What a page gives to its slides by name, from its source and its stored run; nothing is executed.

Source and run are paired by the order of their code cells: a notebook has lost the names of its
figures.
"""

from __future__ import annotations

import ast
import base64
import difflib
import html
import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from myst_nb.core.variables import format_plain_text

from tools.book.course import CourseError
from tools.book.lecture import end_of_lesson, read_lecture, without_magics
from tools.book.sidecars import glued_texts

MARKDOWN = MarkdownIt("commonmark").use(dollarmath_plugin)
OPTION = re.compile(r"^:(name|alt): *(.+)$", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[\d;]*m")  # of a terminal


class NotThereError(LookupError):
    """A name that the page does not have, or has twice; the message says which it has."""


class Picture(NamedTuple):
    """A figure: its content, ``png``, ``svg`` or ``html``, and what it shows in words."""

    kind: str
    content: bytes
    alt: str


class Cell(NamedTuple):
    """A code cell of the source with what it gave when it ran."""

    code: str
    options: dict
    outputs: list


class Parts:
    """What has a name on a page.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    run : NotebookNode
        Its executed notebook, on which its numbers hang.

    Raises
    ------
    CourseError
        If they have not the same number of code cells.
    """

    def __init__(self, source: Path, run: nbformat.NotebookNode) -> None:
        self.source, self.page = source, read_lecture(source)
        self.numbers = glued_texts(run)
        mine = [cell for cell in self.page.cells if cell.cell_type == "code"]
        ran = [cell for cell in run.cells if cell.cell_type == "code"]
        if len(mine) != len(ran):
            counts = f"it has {len(mine)} cells, {len(ran)} ran"
            raise CourseError(f"lectures/{source.name}: {counts}. Run: make update")
        self.cells = [
            Cell(without_magics(cell.source), cell.metadata.get("mystnb", {}), done.outputs)
            for cell, done in zip(mine, ran, strict=True)
        ]

    @cached_property
    def tokens(self) -> list:
        """The Markdown of the page, as tokens."""
        texts = [cell.source for cell in self.page.cells if cell.cell_type == "markdown"]
        return [token for text in texts for token in MARKDOWN.parse(text)]

    def number(self, quoted: str) -> str:
        """A number as the page quotes it: ``name:.3f``."""
        name, _, spec = quoted.partition(":")
        text = self.numbers[self._known(name, self.numbers, "number")]
        try:
            return format_plain_text(text, spec)
        except ValueError as error:
            raise NotThereError(f"{quoted}: {error}") from None

    def equation(self, label: str) -> str:
        """The LaTeX of a numbered equation, without the punctuation of its sentence."""
        found = {t.info: t.content for t in self.tokens if t.type == "math_block_label"}
        return found[self._known(label, found, "equation")].strip().rstrip(".,;").rstrip()

    def figure(self, name: str) -> Picture:
        """A figure by its name on the page: what a cell drew, or a drawing."""
        drawn = {
            cell.options["figure"]["name"]: cell
            for cell in self.cells
            if "name" in cell.options.get("figure", {})
        }
        blocks = [t for t in self.tokens if t.type == "fence" and t.info.startswith("{figure}")]
        drawings = {dict(OPTION.findall(t.content)).get("name", ""): t for t in blocks}
        if self._known(name, {**drawn, **drawings}, "figure") in drawn:
            cell = drawn[name]
            return self._picture(name, cell, cell.options.get("image", {}).get("alt", ""))
        block = drawings[name]
        alt = dict(OPTION.findall(block.content)).get("alt", "")
        return drawing(self.source.parent, block.info.partition("}")[2].strip())._replace(alt=alt)

    def live(self, name: str) -> Picture:
        """What lives in the output of the cell that binds a name."""
        for output in self._cell_of(name).outputs:
            if shown := output.get("data", {}).get("text/html"):
                return Picture("html", shown.encode(), "")
        raise NotThereError(f"the cell of {name!r} in lectures/{self.source.name} shows no HTML.")

    def code(self, name: str) -> str:
        """A function or class, or the cell that binds a name."""
        cell = self._cell_of(name)
        for node in ast.parse(cell.code).body:
            if name == getattr(node, "name", None):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                return "\n".join(cell.code.splitlines()[first - 1 : node.end_lineno])
        return cell.code.strip()

    def output(self, name: str) -> str:
        """What the cell that binds a name printed."""
        texts = []
        for output in self._cell_of(name).outputs:
            if output.get("name", "stdout") == "stdout":
                texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
        if not (text := COLOURS.sub("", "\n".join(t.strip("\n") for t in texts if t))):
            where = f"lectures/{self.source.name}"
            raise NotThereError(f"the cell of {name!r} in {where} prints nothing.")
        return text

    def _cell_of(self, name: str) -> Cell:
        """The cell of a figure's name, or the one that binds a name: of the lesson's before all."""
        named = [cell for cell in self.cells if cell.options.get("figure", {}).get("name") == name]
        binding = {n: bound_names(cell.code) for n, cell in enumerate(self.cells)}
        places = [n for n, names in binding.items() if name in names]
        lesson = [n for n in places if n < end_of_lesson(self.source)]
        found = named or [self.cells[n] for n in lesson or places]
        if len(found) > 1:
            where = f"{len(found)} cells of lectures/{self.source.name}"
            raise NotThereError(f"{name!r} is bound by {where}: take another name of the cell.")
        if not found:
            self._known(name, set().union(*binding.values()), "cell or function")
        return found[0]

    def _known(self, name: str, names: Collection[str], kind: str) -> str:
        """The name, if it is among these."""
        if name in names:
            return name
        near = difflib.get_close_matches(name, names, n=3)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise NotThereError(f"lectures/{self.source.name} has no {kind} {name!r}.{hint}")

    def _picture(self, name: str, cell: Cell, alt: str) -> Picture:
        """What a cell drew."""
        for output in cell.outputs:
            data = output.get("data", {})
            if png := data.get("image/png"):
                return Picture("png", base64.b64decode(png), alt)
            if shown := data.get("text/html"):
                return Picture("html", shown.encode(), alt)
        raise NotThereError(f"the cell of {name!r} in lectures/{self.source.name} shows nothing.")


def bound_names(code: str) -> set[str]:
    """The names that a cell binds at its top level: functions, classes, assignments."""
    found = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
            found |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return found


def drawing(lectures: Path, path: str) -> Picture:
    """A drawing of ``lectures/figures/``, with what it says of itself.

    Raises
    ------
    NotThereError
        If there is no such drawing.
    """
    file = lectures / path
    if not (path.startswith("figures/") and file.suffix == ".svg" and file.is_file()):
        raise NotThereError(f"{path!r} is no drawing of lectures/figures/, and no figure:NAME.")
    content = file.read_bytes()
    said = re.search(r"<desc>(.*?)</desc>", content.decode("utf-8"), re.DOTALL)
    return Picture("svg", content, html.unescape(said[1]) if said else "")
