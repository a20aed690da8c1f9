"""Turn a lecture (MyST Markdown) into a notebook that reads well without Sphinx.

In plain Jupyter, on GitHub and in Colab nobody interprets MyST, so nothing of it may be left:
admonitions become quotes, answers and solutions fold away, quoted numbers become their values,
references become text with links to the published book, captions become a line of text. This module
puts the notebook together; ``tools/book/myst.py`` converts the text of a cell.
"""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat

from tools.book.course import repository
from tools.book.lecture import cell_lines, read_lecture
from tools.book.myst import SOLUTION, MystToMarkdown, load_references
from tools.book.setup_cell import setup_cell
from tools.book.sidecars import glued_texts

HIDDEN = {"hide-input", "remove-input", "hide-cell", "remove-cell"}  # tags that fold a cell's code
UNSEEN = {"remove-cell", "remove-output"}  # tags that take a cell's outputs out of the page


def convert_lecture(source: Path, executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Make the notebook of one lecture.

    Parameters
    ----------
    source : Path
        ``lectures/NN-slug.md``. Sphinx must have read it: its references are in
        ``_build/references/``.
    executed : NotebookNode
        A notebook whose code cells match those of the source one by one and hold their outputs.

    Returns
    -------
    NotebookNode
        Plain Markdown cells, code cells with outputs, deterministic cell ids.

    Raises
    ------
    CourseError
        With file and line: an unknown role or directive, a number that nobody gave, a link
        relative to the source, a figure without caption, name or alt text, or a solution that is
        not followed by a heading.
    """
    return assemble(source, executed, load_references(source))


def assemble(source: Path, executed: nbformat.NotebookNode, known: dict) -> nbformat.NotebookNode:
    """Like ``convert_lecture``, with what Sphinx knows about the page given."""
    lecture = read_lecture(source)
    text = MystToMarkdown(source, known, glued_texts(executed))
    runs = iter([cell for cell in executed.cells if cell.cell_type == "code"])
    cells: list[nbformat.NotebookNode] = []
    for cell, first_line in zip(lecture.cells, cell_lines(source, lecture), strict=True):
        if cell.cell_type == "code":
            if "remove-cell" not in cell.metadata.get("tags", []):  # the unseen may fold away
                text.code_follows(first_line)
            cells.extend(_code_cells(cell, next(runs), text, first_line))
        else:
            converted = text.convert(cell.source, first_line)
            cells.extend(map(nbformat.v4.new_markdown_cell, converted))
    text.finish()
    _number_and_fold(source, cells)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = copy.deepcopy(executed.metadata)
    notebook.metadata["course"] = {"repository": repository()}  # the rest is in data/results/
    folded = [cell.id for cell in cells if cell.source.startswith(SOLUTION)]
    notebook.metadata["colab"] = {"collapsed_sections": folded}
    nbformat.validate(notebook)
    return notebook


def _code_cells(
    cell: nbformat.NotebookNode,
    run: nbformat.NotebookNode,
    text: MystToMarkdown,
    first_line: int,
) -> list[nbformat.NotebookNode]:
    """A code cell with its outputs and, if it draws a numbered figure, its caption."""
    tags = cell.metadata.get("tags", [])
    code = nbformat.v4.new_code_cell(
        cell.source, outputs=copy.deepcopy(run.outputs), execution_count=run.execution_count
    )
    if "setup" in tags:  # what the build hangs on it is not for notebooks
        code.source = setup_cell(repository())
        code.outputs = []
    if tags:
        code.metadata["tags"] = list(tags)
    if HIDDEN & set(tags):
        code.metadata["jupyter"] = {"source_hidden": True}
        code.metadata["cellView"] = "form"
    options = cell.metadata.get("mystnb", {})
    draws = any("image/png" in output.get("data", {}) for output in run.outputs)
    if draws and not UNSEEN & set(tags) and not options.get("image", {}).get("alt"):
        text.fail("this cell draws, so it needs alt text (mystnb: image: alt:)", first_line)
    figure = options.get("figure")
    if not figure:
        return [code]
    if missing := {"caption", "name"} - figure.keys():
        text.fail(f"mystnb: figure: needs {' and '.join(sorted(missing))}", first_line)
    caption = text.caption(figure["caption"], first_line)
    number = text.number(figure["name"], "figure", first_line)
    return [code, nbformat.v4.new_markdown_cell(f"**Fig. {number}.** {caption}")]


def _number_and_fold(source: Path, cells: list[nbformat.NotebookNode]) -> None:
    """Give each cell an id from lecture and position; fold solutions under their headings."""
    for position, cell in enumerate(cells):
        cell["id"] = f"{source.stem[:40]}-{position:03d}"
        if cell.cell_type == "markdown" and cell.source.startswith(SOLUTION):
            cell.metadata.update({"heading_collapsed": True, "jp-MarkdownHeadingCollapsed": True})
            cell.metadata["id"] = cell["id"]  # where Colab looks for it
