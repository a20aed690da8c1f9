"""Turn a lecture (MyST Markdown) into a notebook that reads well without Sphinx.

In plain Jupyter, on GitHub and in Colab nobody interprets MyST, so nothing of it may be left:
admonitions become quotes, answers and solutions fold away, recorded numbers become their values,
references become text with links to the published book, captions become a line of text.

The parser is MyST's own and the renderer is mdformat's; this module only says what each role and
each directive becomes. One that is not listed here stops the build with file and line.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import jupytext
import nbformat
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdformat.plugins import PARSER_EXTENSIONS
from mdformat.renderer import DEFAULT_RENDERERS, MDRenderer, RenderContext, RenderTreeNode
from myst_nb.core.variables import format_plain_text
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from helpers.numbers import GLUE_MIME
from tools.course import (
    LECTURES,
    REFERENCES,
    CourseError,
    config,
    raw_url,
    repository,
    site_url,
)
from tools.setup_cell import setup_cell

ADMONITIONS = {"admonition", "note", "tip", "hint", "important", "warning", "caution", "seealso"}
DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)", re.DOTALL)
TITLED = re.compile(r"(?s)^(.*?)\s*<([^<>]+)>$")
SOLUTION = "#### Solution of exercise"


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
        With file and line: an unknown role or directive, a number that no cell recorded, a link
        relative to the source, or a solution that is not followed by a heading.
    """
    lecture = jupytext.read(source)
    markdown = MystToMarkdown(source, recorded_numbers(executed))
    runs = iter([cell for cell in executed.cells if cell.cell_type == "code"])
    cells = []
    for cell, first_line in zip(lecture.cells, cell_lines(source, lecture), strict=True):
        if cell.cell_type == "code":
            cells.extend(_code_cells(cell, next(runs), markdown))
        else:
            cells.extend(
                nbformat.v4.new_markdown_cell(text)
                for text in markdown.convert(cell.source, first_line)
            )
    _number_and_fold(source, cells)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = copy.deepcopy(executed.metadata)
    notebook.metadata["course"]["repository"] = repository()
    folded = [cell.id for cell in cells if cell.source.startswith(SOLUTION)]
    notebook.metadata["colab"] = {"collapsed_sections": folded}
    nbformat.validate(notebook)
    return notebook


def recorded_numbers(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Read the numbers that ``helpers.numbers.record`` left in a notebook's outputs.

    Returns
    -------
    dict
        Name of the number to its text, as MyST-NB's ``glue`` would find it.
    """
    return {
        output["metadata"]["scrapbook"]["name"]: output["data"][GLUE_MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "scrapbook" in output.get("metadata", {})
    }


def cell_lines(source: Path, lecture: nbformat.NotebookNode) -> list[int]:
    """Line of the source (counted from 1) at which each cell's text begins."""
    text = source.read_text(encoding="utf-8")
    lines, position = [], 0
    for cell in lecture.cells:
        found = text.find(cell.source, position)
        position = max(found, position)
        lines.append(text.count("\n", 0, position) + 1)
        position += len(cell.source)
    return lines


def _code_cells(cell, run, markdown: MystToMarkdown) -> list[nbformat.NotebookNode]:
    """A code cell with its outputs and, if it draws a numbered figure, its caption."""
    tags = cell.metadata.get("tags", [])
    code = nbformat.v4.new_code_cell(
        setup_cell(repository()) if "setup" in tags else cell.source,
        outputs=copy.deepcopy(run.outputs),
        execution_count=run.execution_count,
    )
    if tags:
        code.metadata["tags"] = list(tags)
    if {"hide-input", "remove-input", "remove-cell"} & set(tags):
        code.metadata["jupyter"] = {"source_hidden": True}
        code.metadata["cellView"] = "form"
    figure = cell.metadata.get("mystnb", {}).get("figure")
    if not figure:
        return [code]
    caption = markdown.inline(figure["caption"])
    number = markdown.number(figure["name"], "figure")
    return [code, nbformat.v4.new_markdown_cell(f"**Fig. {number}.** {caption}")]


def _number_and_fold(source: Path, cells: list[nbformat.NotebookNode]) -> None:
    """Give each cell an id from lecture and position; fold solutions under their headings."""
    for position, cell in enumerate(cells):
        cell["id"] = f"{source.stem[:40]}-{position:03d}"
        if cell.source.startswith(SOLUTION):
            cell.metadata.update({"heading_collapsed": True, "jp-MarkdownHeadingCollapsed": True})
            cell.metadata["id"] = cell["id"]  # where Colab looks for it


class MystToMarkdown:
    """Converts the Markdown cells of one lecture; holds what Sphinx and the run know about it."""

    def __init__(self, source: Path, recorded: dict[str, str]) -> None:
        self.source = source
        self.recorded = recorded
        self.page = source.relative_to(LECTURES.parent).with_suffix("").as_posix()
        path = REFERENCES / f"{self.page}.json"
        if not path.is_file():
            raise CourseError(f"{path} is missing: build the book first (make book).")
        known = json.loads(path.read_text(encoding="utf-8"))
        self.numbers = known["numbers"]
        self.references = {(r["kind"], r["target"], r["source"]): r for r in known["references"]}
        extensions = set(config()["parse"]["myst_enable_extensions"])
        self.parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
        self.line = 0
        # What mdformat's renderer asks of an extension:
        self.CHANGES_AST = False
        self.POSTPROCESSORS: dict = {}
        self.RENDERERS = {
            "fence": self._fence,
            "colon_fence": self._fence,
            "link": self._link,
            "image": self._image,
            "myst_role": self._role,
            "myst_target": lambda node, context: "",
            "myst_block_break": lambda node, context: "",
            "myst_line_comment": lambda node, context: "",
            "math_inline": lambda node, context: f"${node.content}$",
            "math_inline_double": lambda node, context: f"$${node.content}$$",
            "math_block": lambda node, context: f"$$\n{node.content.strip()}\n$$",
            "math_block_label": self._labelled_math,
            "amsmath": lambda node, context: f"$$\n{node.content.strip()}\n$$",
        }

    # -- entry points -------------------------------------------------------------------------

    def convert(self, text: str, first_line: int) -> list[str]:
        """Convert the text of one cell; more than one text where a solution begins or ends."""
        self.line = first_line
        parts: list[list[Token]] = [[]]
        after_solution = False
        for token in self.parser.parse(text):
            name = _directive_name(token)
            if name == "solution-start":
                parts += [[token], []]
            elif name == "solution-end":
                parts.append([])
                after_solution = True
            else:
                if after_solution and not self._starts_a_section(token):
                    raise self._error(
                        "the text after {solution-end} must begin with a heading or an exercise; "
                        "otherwise it folds away with the solution",
                        token.map[0] if token.map else 0,
                    )
                after_solution = False
                parts[-1].append(token)
        texts = [self._render(part) for part in parts]
        return [text for text in texts if text.strip()]

    def inline(self, text: str) -> str:
        """Convert a short text such as a caption."""
        return self._render(self.parser.parse(text))

    def number(self, label: str, what: str) -> str:
        """The number Sphinx gave to a labelled figure, table, equation or exercise."""
        if label not in self.numbers:
            raise self._error(f"the {what} {label!r} has no number: is its label unique?")
        return self.numbers[label]

    # -- helpers ------------------------------------------------------------------------------

    def _render(self, tokens: list[Token]) -> str:
        extensions = [self, PARSER_EXTENSIONS["tables"]]
        options = {"parser_extension": extensions, "mdformat": {}}
        return MDRenderer().render(tokens, options, {}).strip("\n")

    def _error(self, message: str, line: int = 0) -> CourseError:
        return CourseError(f"{self.source.name}:{self.line + line}: {message}")

    def _url(self, url: str) -> str:
        """Make a URL that Sphinx wrote relative to this page absolute."""
        if re.match(r"https?://", url):
            return url
        page, _, anchor = url.partition("#")
        folder = self.page.split("/")[:-1]
        for step in page.split("/"):
            if step == "..":
                folder.pop()
            elif step:
                folder.append(step)
        path = "/".join(folder) if page else f"{self.page}.html"
        return site_url() + path + (f"#{anchor}" if anchor else "")

    @staticmethod
    def _starts_a_section(token: Token) -> bool:
        return token.type == "heading_open" or _directive_name(token) == "exercise"

    # -- roles --------------------------------------------------------------------------------

    def _role(self, node: RenderTreeNode, context: RenderContext) -> str:
        name, body = node.meta["name"], node.content
        if name in {"glue:text", "glue"}:
            return self._recorded(body)
        if name == "math":
            return f"${body}$"
        if name in {"eq", "numref", "ref", "doc", "term", "prf:ref"} or name.startswith("cite"):
            return self._reference(name, body)
        known = "glue:text, math, eq, numref, ref, doc, term, cite:t, cite:p"
        raise self._error(f"role {{{name}}} is not known to tools/convert.py (known: {known})")

    def _recorded(self, body: str) -> str:
        key, _, spec = body.partition(":")
        if key not in self.recorded:
            raise self._error(f"{{glue:text}}`{key}`: no cell of this lecture records {key!r}")
        return format_plain_text(self.recorded[key], spec)

    def _reference(self, name: str, body: str) -> str:
        titled = TITLED.match(body)
        target = titled[2] if titled else body
        kind = {"cite": "p"}.get(name, name.split(":")[-1])
        matching = [
            reference
            for (known_kind, known_target, _), reference in self.references.items()
            if known_target.strip("/").lower() == target.strip("/").lower() and known_kind == kind
        ]
        if titled:
            matching = [r for r in matching if r["source"] == titled[1]] or matching
        if not matching:
            raise self._error(f"{{{name}}}`{body}`: Sphinx knows no such target")
        text = titled[1] if titled and name != "numref" else matching[0]["text"]
        return f"[{text}]({self._url(matching[0]['url'])})"

    # -- directives ---------------------------------------------------------------------------

    def _fence(self, node: RenderTreeNode, context: RenderContext) -> str:
        directive = DIRECTIVE.match(node.info)
        if not directive:
            return DEFAULT_RENDERERS["fence"](node, context)
        name, argument = directive[1], directive[2].strip()
        body, options = _options(node.content)
        line = node.map[0] if node.map else 0
        if name in ADMONITIONS:
            title = (
                argument
                if name == "admonition"
                else {"seealso": "See also"}.get(name, name.capitalize())
            )
            return self._admonition(self.inline(title), body, options)
        renderers = {
            "math": lambda: self._math(body, options.get("label")),
            "figure": lambda: self._figure(argument, body, options),
            "table": lambda: self._table(argument, body, options),
            "exercise": lambda: self._exercise(argument, body, options),
            "solution-start": lambda: f"{SOLUTION} {self.number(argument, 'exercise')}",
            "code-block": lambda: f"```{argument}\n{body.rstrip()}\n```",
        }
        if name not in renderers:
            known = ", ".join(sorted({*ADMONITIONS, *renderers}))
            raise self._error(
                f"directive {{{name}}} is not known to tools/convert.py (known: {known})", line
            )
        return renderers[name]()

    def _admonition(self, title: str, body: str, options: dict[str, str]) -> str:
        if "dropdown" in options.get("class", ""):
            inner = self._render(self.parser.parse(body))
            return f"<details><summary><b>{title}</b></summary>\n\n{inner}\n\n</details>"
        # Folded answers stand after the quote, not in it: Colab does not fold inside a quote.
        tokens = self.parser.parse(body)
        folded = [token for token in tokens if _is_dropdown(token)]
        shown = self._render([token for token in tokens if not _is_dropdown(token)])
        quote = "\n".join(f"> {line}".rstrip() for line in f"**{title}**\n\n{shown}".splitlines())
        return "\n\n".join([quote, *(self._render([token]) for token in folded)])

    def _math(self, body: str, label: str | None) -> str:
        tag = f" \\tag{{{self.number(label, 'equation')}}}" if label else ""
        return f"$$\n{body.strip()}{tag}\n$$"

    def _labelled_math(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self._math(node.content, node.info)

    def _figure(self, path: str, caption: str, options: dict[str, str]) -> str:
        file = (self.source.parent / path).resolve()
        if not file.is_file():
            raise self._error(f"figure {path} is not there")
        url = raw_url(file.relative_to(LECTURES.parent).as_posix())
        number = self.number(options["name"], "figure")
        return f"![{options['alt']}]({url})\n\n**Fig. {number}.** {self.inline(caption)}"

    def _table(self, caption: str, body: str, options: dict[str, str]) -> str:
        number = self.number(options["name"], "table")
        table = self._render(self.parser.parse(body))
        return f"**Table {number}.** {self.inline(caption)}\n\n{table}"

    def _exercise(self, title: str, body: str, options: dict[str, str]) -> str:
        heading = f"#### Exercise {self.number(options['label'], 'exercise')}"
        inner = self._render(self.parser.parse(body))
        return f"{heading}{': ' + self.inline(title) if title else ''}\n\n{inner}"

    # -- links --------------------------------------------------------------------------------

    def _link(self, node: RenderTreeNode, context: RenderContext) -> str:
        self._check_address(str(node.attrs["href"]))
        return DEFAULT_RENDERERS["link"](node, context)

    def _image(self, node: RenderTreeNode, context: RenderContext) -> str:
        self._check_address(str(node.attrs["src"]))
        return DEFAULT_RENDERERS["image"](node, context)

    def _check_address(self, address: str) -> None:
        if not re.match(r"(https?://|mailto:)", address):
            raise self._error(
                f"link to {address!r}: a notebook in Colab has no such file; use {{doc}}, {{ref}} "
                "or {figure}"
            )


def _directive_name(token: Token) -> str | None:
    """Name of the directive that a token opens, if any."""
    match = DIRECTIVE.match(token.info) if token.type in {"fence", "colon_fence"} else None
    return match[1] if match else None


def _is_dropdown(token: Token) -> bool:
    is_admonition = _directive_name(token) in ADMONITIONS
    return is_admonition and "dropdown" in _options(token.content)[1].get("class", "")


def _options(content: str) -> tuple[str, dict[str, str]]:
    """Split a directive's content into its body and its options (``:name: value`` lines)."""
    block = re.match(r"(?:[ \t]*:[\w-]+:.*(?:\n|$))+", content)
    if not block:
        return content, {}
    found = re.findall(r"^[ \t]*:([\w-]+):[ \t]*(.*)$", block[0], re.MULTILINE)
    return content[block.end() :], {name: value.strip() for name, value in found}
