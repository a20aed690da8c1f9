"""Turn the MyST text of one lecture into Markdown that reads well without Sphinx.

The parser is MyST's own and the renderer is mdformat's; this module only says what each role and
each directive becomes. What is not listed here stops with file and line: nothing is ever passed
through raw, and nothing is dropped in silence.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import urljoin

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdformat.plugins import PARSER_EXTENSIONS
from mdformat.renderer import DEFAULT_RENDERERS, MDRenderer, RenderContext, RenderTreeNode
from myst_nb.core.variables import format_plain_text
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

from tools.book.course import LECTURES, REFERENCES, ROOT, CourseError, config, raw_url, site_url

ADMONITIONS = ("admonition", "note", "tip", "hint", "important", "warning", "caution", "seealso")
REFERENCE_ROLES = ("eq", "numref", "ref", "doc", "term", "cite", "cite:t", "cite:p")
DIRECTIVE = re.compile(r"\{([^\s}]+)\}\s*(.*)", re.DOTALL)
TITLED = re.compile(r"(?s)^(.*?)\s*<([^<>]+)>$")
SOLUTION = "#### Solution of exercise"
INVISIBLE = {"myst_target", "myst_block_break", "myst_line_comment"}
DOLLAR = re.compile(r"(?<!\\)\$")
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
FOLD_LEVEL = 4  # a solution's heading folds up to the next heading of this level or a higher one


class _Directive(NamedTuple):
    """A directive taken apart, with the lines of the source at which it and its body begin."""

    name: str
    argument: str
    options: dict[str, str]
    body: str
    line: int
    body_line: int


class MystToMarkdown:
    """Converts the texts of one lecture, in the order in which they stand in it.

    Parameters
    ----------
    source : Path
        ``lectures/NN-slug.md``, for messages and for the paths of figures.
    known : dict
        What Sphinx knows about the page, see ``load_references``.
    recorded : dict
        Name of each recorded number to its text.
    """

    def __init__(self, source: Path, known: dict, recorded: dict[str, str]) -> None:
        self.source = source
        self.page = f"{site_url()}lectures/{source.stem}.html"
        self.numbers: dict[str, str] = known["numbers"]
        self.references: list[dict] = known["references"]
        self.recorded = recorded
        extensions = set(config()["parse"]["myst_enable_extensions"])
        self.parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
        self.first_line = 1  # of the text being converted, counted in the source from 1
        self.quotes = 0  # how many quotes the text being converted stands in
        self.folded: list[str] = []  # answers found in a quote, to be put after it
        self.solution: int | None = None  # line at which the open solution starts
        self.solutions: set[int] = set()  # lines at which the solutions start
        self.solved: int | None = None  # line at which a solution ended, nothing yet after it
        self.roles = {
            "glue:text": self._recorded,
            "glue": self._recorded,
            "math": lambda node: f"${node.content}$",
            **dict.fromkeys(REFERENCE_ROLES, self._reference),
        }
        self.directives = {
            **dict.fromkeys(ADMONITIONS, self._admonition),
            "math": lambda d: self._math(d.body, d.options.get("label"), d.line),
            "figure": self._figure,
            "table": self._table,
            "exercise": self._exercise,
            "solution-start": self._solution,
            "code-block": self._code,
        }
        # What mdformat's renderer asks of an extension:
        self.CHANGES_AST = False
        self.POSTPROCESSORS = {"text": lambda text, node, context: DOLLAR.sub(r"\\$", text)}
        self.RENDERERS = {
            **dict.fromkeys(INVISIBLE, lambda node, context: ""),
            **dict.fromkeys(["fence", "colon_fence"], self._fence),
            **dict.fromkeys(["html_inline", "html_block"], self._html),
            **dict.fromkeys(["math_block", "math_block_label", "amsmath"], self._math_block),
            "link": self._link,
            "image": self._image,
            "myst_role": self._role,
            "math_inline": self._inline_math,
            "math_inline_double": lambda node, context: f"$${_one_line(node.content)}$$",
        }
        self.extensions = [self, PARSER_EXTENSIONS["tables"]]
        self.renderable = {*DEFAULT_RENDERERS, *self.RENDERERS, *TABLE}

    # -- entry points -------------------------------------------------------------------------

    def convert(self, text: str, first_line: int) -> list[str]:
        """Convert the text of one cell; more than one text where a solution begins or ends.

        Parameters
        ----------
        text : str
            MyST Markdown.
        first_line : int
            The line of the source at which it begins, counted from 1.
        """
        self.first_line = first_line
        parts: list[list[Token]] = [[]]
        for token in self.parser.parse(text):
            line = self.first_line + (token.map[0] if token.map else 0)
            if token.level == 0 and token.nesting >= 0 and token.type not in INVISIBLE:
                self._watch_folds(token, line)
            name = _directive_name(token)
            if name == "solution-start":
                parts += [[token], []]
            elif name == "solution-end":
                parts.append([])
            else:
                parts[-1].append(token)
        return [text for text in map(self._render, parts) if text]

    def caption(self, text: str, first_line: int) -> str:
        """Convert a short text such as the caption of a code cell's figure."""
        self.first_line = first_line
        return self._inline(text)

    def number(self, label: str, what: str, line: int | None = None) -> str:
        """The number Sphinx gave to a labelled figure, table, equation or exercise."""
        if label not in self.numbers:
            self.fail(f"the {what} {label!r} has no number: is its label unique?", line)
        return self.numbers[label]

    def code_follows(self, first_line: int) -> None:
        """Take notice of a code cell: after a solution it would fold away with it."""
        if self.solved is not None:
            after = f"what follows {{solution-end}} (line {self.solved})"
            wanted = f"must begin with a heading (# to {'#' * FOLD_LEVEL}) or an exercise"
            self.fail(f"{after} {wanted}; otherwise it folds away with the solution", first_line)

    def finish(self) -> None:
        """Take notice of the lecture's end."""
        if self.solution is not None:
            self.fail("{solution-start} has no {solution-end}", self.solution)

    def fail(self, message: str, at: RenderTreeNode | int | None = None) -> NoReturn:
        """Raise a CourseError that names the file and the line (of a node, too)."""
        line = self._line(at) if isinstance(at, RenderTreeNode) else at or self.first_line
        raise CourseError(f"lectures/{self.source.name}:{line}: {message}")

    # -- folds --------------------------------------------------------------------------------

    def _watch_folds(self, token: Token, line: int) -> None:
        """Refuse what would end a solution's fold too early or too late.

        Jupyter and Colab fold everything between the solution's heading and the next heading of
        the same or a higher level.
        """
        name = _directive_name(token)
        heading = token.type == "heading_open" and int(token.tag[1:]) <= FOLD_LEVEL
        section = heading or name == "exercise"
        if not section and name != "solution-start":
            self.code_follows(line)
        self.solved = None
        if name == "solution-start":
            if self.solution is not None:
                self.fail(f"the solution of line {self.solution} has not ended yet", line)
            self.solution = line
            self.solutions.add(line)
        elif name == "solution-end":
            if self.solution is None:
                self.fail("{solution-end} without {solution-start}", line)
            self.solution, self.solved = None, line
        elif section and self.solution is not None:
            out = "use bold text, or end the solution first"
            self.fail(f"a heading or an exercise in a solution would unfold its rest: {out}", line)

    # -- rendering ----------------------------------------------------------------------------

    def _render(self, tokens: list[Token]) -> str:
        tree = RenderTreeNode(tokens)
        for node in tree.walk(include_self=False):
            if node.type not in self.renderable:
                kind = node.type.replace("_", " ")
                known = "(see tools/book/myst.py for what it does)"
                self.fail(f"{kind}: Markdown that plain Jupyter does not show {known}", node)
        options = {"parser_extension": self.extensions, "mdformat": {}}
        return MDRenderer().render_tree(tree, options, {}).strip("\n")

    def _inline(self, text: str) -> str:
        return self._render(self.parser.parse(text))

    def _body(self, directive: _Directive) -> str:
        """The body of a directive; lines are counted from where it begins."""
        outer, self.first_line = self.first_line, directive.body_line
        body = self._inline(directive.body)
        self.first_line = outer
        return body

    def _line(self, node: RenderTreeNode) -> int:
        """Line of the source at which a node stands; for roles, the line within the paragraph."""
        breaks = 0
        while not node.is_root:
            if node.map:
                return self.first_line + node.map[0] + breaks
            before = node.siblings[: node.siblings.index(node)]
            breaks += sum(sibling.type in {"softbreak", "hardbreak"} for sibling in before)
            node = node.parent
        return self.first_line + breaks

    # -- roles --------------------------------------------------------------------------------

    def _role(self, node: RenderTreeNode, context: RenderContext) -> str:
        name = node.meta["name"]
        if name not in self.roles:
            self.fail(f"role {{{name}}} is not known here (known: {', '.join(self.roles)})", node)
        return self.roles[name](node)

    def _recorded(self, node: RenderTreeNode) -> str:
        key, _, spec = node.content.partition(":")
        role = f"{{glue:text}}`{node.content}`"
        if key not in self.recorded:
            self.fail(f"{role}: no cell of this lecture records {key!r}", node)
        try:
            return _escaped(format_plain_text(self.recorded[key], spec))
        except ValueError as error:
            self.fail(f"{role}: {error}", node)

    def _reference(self, node: RenderTreeNode) -> str:
        name, content = node.meta["name"], " ".join(node.content.split())
        titled = TITLED.match(content)
        title, target = (titled[1], titled[2]) if titled else (None, content)
        kind = {"cite": "p"}.get(name, name.split(":")[-1])
        matching = [r for r in self.references if r["kind"] == kind and _same(r["target"], target)]
        if title:
            matching = [r for r in matching if _same(r["source"], title)] or matching
        if not matching:
            self.fail(f"{{{name}}}`{content}`: Sphinx knows no such target", node)
        parts = matching[0]["parts"]
        if title and name != "numref":
            parts = [[_escaped(title), next((url for _, url in parts if url), None)]]
        return "".join(
            f"[{text}]({urljoin(self.page, url)})" if url else text for text, url in parts
        )

    # -- directives ---------------------------------------------------------------------------

    def _fence(self, node: RenderTreeNode, context: RenderContext) -> str:
        if not DIRECTIVE.match(node.info):
            return DEFAULT_RENDERERS["fence"](node, context)
        directive = self._directive(node)
        if directive.name not in self.directives:
            known = f"not known here (known: {', '.join(self.directives)})"
            self.fail(f"directive {{{directive.name}}} is {known}", directive.line)
        return self.directives[directive.name](directive)

    def _directive(self, node: RenderTreeNode) -> _Directive:
        """Take a directive apart as MyST does; docutils' directive for tests takes any option."""
        line, (name, argument) = self._line(node), DIRECTIVE.match(node.info).groups()
        nested = node.content.startswith(":::")  # a fence, no option: MyST moves it down, too
        parsed = parse_directive_text(TestDirective, argument, "\n" * nested + node.content)
        if parsed.warnings:
            self.fail(parsed.warnings[0].msg, line)
        body_line = line + 1 + parsed.body_offset - nested
        body = "\n".join(parsed.body)
        return _Directive(name, argument.strip(), parsed.options, body, line, body_line)

    def _required(self, directive: _Directive, *names: str) -> list[str]:
        """The values of options that a directive must have."""
        missing = [f":{name}:" for name in names if not directive.options.get(name)]
        if missing:
            self.fail(f"{{{directive.name}}} needs {' and '.join(missing)}", directive.line)
        return [directive.options[name] for name in names]

    def _admonition(self, directive: _Directive) -> str:
        title = {"admonition": directive.argument, "seealso": "See also"}.get(
            directive.name, directive.name.capitalize()
        )
        if "dropdown" in directive.options.get("class", "").split():
            return self._answer(directive, title)
        self.quotes += 1
        shown = f"**{self._inline(title)}**\n\n{self._body(directive)}"
        self.quotes -= 1
        quote = "\n".join(f"> {line}".rstrip() for line in shown.strip().splitlines())
        if self.quotes:
            return quote
        # Folded answers stand after the quote, not in it: Colab does not fold inside a quote.
        folded, self.folded = self.folded, []
        return "\n\n".join([quote, *folded])

    def _answer(self, directive: _Directive, title: str) -> str:
        """A folded admonition; inside a quote it is kept for later and leaves nothing."""
        outer, self.quotes = self.quotes, 0
        summary = MarkdownIt().renderInline(self._inline(title))
        text = f"<details><summary><b>{summary}</b></summary>\n\n{self._body(directive)}\n\n"
        text += "</details>"
        self.quotes = outer
        if not self.quotes:
            return text
        self.folded.append(text)
        return ""

    def _math(self, latex: str, label: str | None = None, line: int | None = None) -> str:
        # ``align`` and ``gather`` stand alone; between dollars their inner forms are right.
        latex = re.sub(r"({(?:align|gather))\*?}", r"\1ed}", latex)
        # No empty line: it would end the formula. No comment: lines may be joined.
        lines = [re.sub(r"(?<!\\)%.*", "", line).strip() for line in latex.splitlines()]
        if label:
            lines.append(f"\\tag{{{self.number(label, 'equation', line)}}}")
        lines = [line for line in lines if line]
        if self.quotes:  # Jupyter takes formulas out first: a quote's > would become a part of it
            return f"$$ {' '.join(lines)} $$"
        if label:
            lines[-2:] = [" ".join(lines[-2:])]
        return "\n".join(["$$", *lines, "$$"])

    def _math_block(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self._math(node.content, node.info, self._line(node))

    def _code(self, directive: _Directive) -> str:
        token = Token("fence", "code", 0, info=directive.argument, content=f"{directive.body}\n")
        return self._render([token])

    def _inline_math(self, node: RenderTreeNode, context: RenderContext) -> str:
        latex = _one_line(node.content)
        while not node.is_root and node.type not in {"td", "th"}:
            node = node.parent
        if not node.is_root:
            # A bar would end the table's cell, and Jupyter does not undo its escape in a formula.
            latex = latex.replace("\\|", "\\Vert ").replace("|", "\\vert ")
        return f"${latex}$"

    def _figure(self, directive: _Directive) -> str:
        name, alt = self._required(directive, "name", "alt")
        file = (self.source.parent / directive.argument).resolve()
        if not file.is_file() or not file.is_relative_to(ROOT):
            self.fail(f"figure {directive.argument} is not there", directive.line)
        url = raw_url(file.relative_to(ROOT).as_posix())
        number = self.number(name, "figure", directive.line)
        return f"![{_escaped(alt)}]({url})\n\n**Fig. {number}.** {self._body(directive)}".strip()

    def _table(self, directive: _Directive) -> str:
        (name,) = self._required(directive, "name")
        number = self.number(name, "table", directive.line)
        caption = self._inline(directive.argument)
        return f"**Table {number}.** {caption}\n\n{self._body(directive)}"

    def _exercise(self, directive: _Directive) -> str:
        (label,) = self._required(directive, "label")
        heading = f"#### Exercise {self.number(label, 'exercise', directive.line)}"
        if directive.argument:
            heading += f": {self._inline(directive.argument)}"
        return f"{heading}\n\n{self._body(directive)}"

    def _solution(self, directive: _Directive) -> str:
        if directive.line not in self.solutions:
            self.fail("{solution-start} must not stand inside something else", directive.line)
        return f"{SOLUTION} {self.number(directive.argument, 'exercise', directive.line)}"

    # -- links, images and HTML ---------------------------------------------------------------

    def _link(self, node: RenderTreeNode, context: RenderContext) -> str:
        address = str(node.attrs["href"])
        if not re.match(r"(https?://|mailto:)", address):
            out = "there is no such file in Colab; use {doc} or {ref}"
            self.fail(f"link to {address!r}: {out}", node)
        return DEFAULT_RENDERERS["link"](node, context)

    def _image(self, node: RenderTreeNode, context: RenderContext) -> str:
        out = "use the {figure} directive, with :name: and :alt:"
        self.fail(f"image {node.attrs['src']!r}: {out}", node)

    def _html(self, node: RenderTreeNode, context: RenderContext) -> str:
        if re.search(r"\b(src|href|style)\s*=|<(script|style|iframe)", node.content, re.IGNORECASE):
            out = "notebooks show simple tags only; use Markdown or a directive"
            self.fail(f"HTML {node.content.strip()[:40]!r}: {out}", node)
        return DEFAULT_RENDERERS[node.type](node, context)


def load_references(source: Path) -> dict:
    """What Sphinx knows about a page: ``tools/book/sphinx_course.py`` wrote it.

    Returns
    -------
    dict
        ``numbers``: label to number. ``references``: a list of dicts with ``kind`` (role),
        ``target``, ``source`` (the text given) and ``parts``, a list of (Markdown, URL or None).

    Raises
    ------
    CourseError
        If Sphinx has not read the page.
    """
    path = REFERENCES / LECTURES.name / f"{source.stem}.json"
    if not path.is_file():
        raise CourseError(f"lectures/{source.name} is no page of the book: add it to _toc.yml.")
    return json.loads(path.read_text(encoding="utf-8"))


def _directive_name(token: Token) -> str | None:
    """Name of the directive that a token opens, if any."""
    match = DIRECTIVE.match(token.info) if token.type in {"fence", "colon_fence"} else None
    return match[1] if match else None


def _same(one: str, other: str) -> bool:
    return one.strip("/").lower() == other.strip("/").lower()


def _one_line(latex: str) -> str:
    return " ".join(latex.split("\n"))


def _escaped(text: str) -> str:
    """Plain text as Markdown. Brackets stay: Colab might take an escaped one for a formula."""
    return re.sub(r"([\\`*_<>$])", r"\\\1", text)
