"""How long each page is for a reader, and whether it keeps its budget (``make lengths``).

Words stand in paragraphs, lists, tables, captions and folded answers of the page as MyST parses it;
headings, code, formulas, alternative texts and options have none. A role, and a name set as code,
is one word, unless the source gives the words that it shows. The exercises stand between ``##
Exercises`` and the next ``##``; all else is the lesson.
"""

from __future__ import annotations

import ast
import math
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import nbformat
from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

from tools.book.convert import HIDDEN
from tools.book.course import CourseError, config, lecture_sources
from tools.book.execute import last_run
from tools.book.lecture import cell_lines, read_lecture, without_magics
from tools.book.myst import DIRECTIVE, TITLED

SHORT, STANDARD, LONG = (2000, 140), (2500, 200), (3000, 220)
BUDGETS = {  # words and visible lines of the lesson; a page that is not here is STANDARD
    "two-classes": (3500, 170),
    "full-size": (1300, 120),
    "several-devices": (1300, 110),
    "exploding-gradients": (1300, 110),
    "lstm": (1800, 110),
    "forget-bias": (1300, 120),
    "gru": (1450, 100),
    "interpreting-an-lstm": (800, 100),
    "linear-probes": (1000, 115),
    "spelling-to-sound": (1350, 120),
    "attention-maps": (1500, 130),
    "state-space-models": (1500, 120),
    "recurrent-today": (1600, 100),
    "conv1d": (1500, 120),
    "dilated-convolutions": (1500, 145),
    "text-cnn": (1400, 130),
    "word-vectors": (1600, 140),
    "pretrained-vectors": (1200, 130),
    "language-models": (2150, 200),
    "stateful": (1300, 135),
    "state-of-a-novel": (1300, 120),
    "probes-and-swaps": (1300, 135),
    "the-class": None,  # held to nothing
    **dict.fromkeys(["baselines", "leakage", "tokens", "padding", "tagging"], SHORT),
    **dict.fromkeys(["text-and-tables", "siamese-quora", "semantic-search"], SHORT),
    **dict.fromkeys(["single-neuron-rnn", "self-attention"], LONG),
}
TEXT = ("paragraph", "table cell", "caption")
CODE = ("visible", "drawing", "hidden")
MOST = {  # how many words or lines one part may have; code, in the lesson alone
    "paragraph": (100, "words in a paragraph"),
    "caption": (12, "words in a caption"),
    "visible": (20, "lines in a visible cell"),
    "drawing": (15, "lines in a folded drawing"),
    "hidden": (0, "lines in a hidden cell that neither sets up nor draws"),
    "import": (0, "import of ours from outside helpers.{data,plots,checks,widgets,results}"),
}
OURS = ("helpers.data", "helpers.plots", "helpers.checks", "helpers.widgets", "helpers.results")
DRAWING, EXERCISE_WORDS, EXERCISES, TABLES = 60, 900, (3, 4), 1
PLOTS = 3  # names from helpers.plots beside use_style
NO_TEXT = ("math", "code-block")  # directives


class Part(NamedTuple):
    """A piece of a page: its kind, its line, how many words or lines it has."""

    kind: str
    line: int
    count: int
    in_exercises: bool = False


class Length(NamedTuple):
    """What a page has; words, lines of code and drawings those of the lesson."""

    words: int
    lines: int
    cell: int  # the longest
    drawing: int
    exercises: int
    exercise_words: int
    caption: int  # the longest
    paragraph: int  # the longest
    tables: int


# -- counting -------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    extensions = set(config()["parse"]["myst_enable_extensions"])
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def _shown(token: Token) -> str:
    """A piece of a line, in as many words as a reader sees."""
    if token.type in ("text", "softbreak", "hardbreak"):
        return token.content or " "
    if token.type == "code_inline":
        return "name"
    if token.type != "myst_role" or token.meta["name"] == "math":
        return ""
    titled = TITLED.match(token.content)
    return titled[1] if titled else token.content if token.meta["name"] == "term" else "role"


def _words(line: Token) -> int:
    return len(re.findall(r"\S*\w\S*", "".join(map(_shown, line.children))))


def _text_parts(text: str, first_line: int) -> Iterator[Part]:
    """The parts of a piece of MyST in order, its directives opened."""
    tokens = _parser().parse(text)
    for place, token in enumerate(tokens):
        line, before = first_line + (token.map[0] if token.map else 0), tokens[place - 1].type
        if token.type == "heading_open" and token.tag == "h2":
            yield Part("section", line, tokens[place + 1].content.strip() == "Exercises")
        elif token.type == "inline" and before != "heading_open":
            in_table = before in ("th_open", "td_open")
            yield Part("table cell" if in_table else "paragraph", line, _words(token))
        elif token.type == "table_open":
            yield Part("table", line, 1)
        elif token.type in ("fence", "colon_fence") and (found := DIRECTIVE.match(token.info)):
            yield from _directive_parts(*found.groups(), token.content, line)


def _directive_parts(name: str, argument: str, content: str, line: int) -> Iterator[Part]:
    if name in NO_TEXT:
        return
    if name == "exercise":
        yield Part("exercise", line, 1)
    if name == "table":
        yield _caption(argument, line)
    nested = content.startswith(":::")  # a fence, no option: MyST moves it down, too
    parsed = parse_directive_text(TestDirective, argument, "\n" * nested + content)
    body_line = line + 1 + parsed.body_offset - nested
    for place, part in enumerate(_text_parts("\n".join(parsed.body), body_line)):
        yield part._replace(kind="caption") if name == "figure" and place == 0 else part


def _caption(text: str, line: int) -> Part:
    lines = [token for token in _parser().parse(text) if token.type == "inline"]
    return Part("caption", line, sum(map(_words, lines)))


def _cell_parts(cell: nbformat.NotebookNode, line: int) -> Iterator[Part]:
    """A code cell, its caption, what it imports of ours; no set-up, no code of a page before."""
    tags, options = set(cell.metadata.get("tags", [])), cell.metadata.get("mystnb", {})
    hidden, figure = tags & HIDDEN, options.get("figure")
    if "setup" in tags or hidden == {"hide-input"} and "repeated" in tags:
        return
    draws = hidden == {"hide-input"} and (figure or re.search(r"\bplt\.", cell.source))
    kind = "drawing" if draws else "hidden" if hidden else "visible"
    yield Part(kind, line, sum(bool(row.strip()) for row in cell.source.splitlines()))
    if figure and "remove-cell" not in tags:
        yield _caption(figure.get("caption", ""), line)
    with suppress(SyntaxError):  # whoever executes it is told
        for node in ast.walk(ast.parse(without_magics(cell.source))):
            if not isinstance(node, ast.ImportFrom) or not node.module.startswith("helpers"):
                continue
            if node.module not in OURS:
                yield Part("import", line + node.lineno - 1, 1)
            elif node.module == "helpers.plots":
                names = {alias.name for alias in node.names} - {"use_style"}
                yield Part("plots", line + node.lineno - 1, len(names))


def parts_of(source: Path) -> list[Part]:
    """All parts of a page in order, each told whether it stands in the exercises."""
    page, in_exercises, parts = read_lecture(source), False, []
    for cell, line in zip(page.cells, cell_lines(source, page), strict=True):
        is_code = cell.cell_type == "code"
        for part in _cell_parts(cell, line) if is_code else _text_parts(cell.source, line):
            in_exercises = bool(part.count) if part.kind == "section" else in_exercises
            parts.append(part._replace(in_exercises=in_exercises))
    return parts


def _counts(parts: list[Part], *kinds: str) -> list[int]:
    return [part.count for part in parts if part.kind in kinds]


def measure(source: Path) -> Length:
    """Count a page."""
    parts = parts_of(source)
    lesson = [part for part in parts if not part.in_exercises]
    exercises = [part for part in parts if part.in_exercises]
    return Length(
        words=sum(_counts(lesson, *TEXT)),
        lines=sum(_counts(lesson, "visible")),
        cell=max(_counts(lesson, "visible"), default=0),
        drawing=sum(_counts(lesson, "drawing")),
        exercises=sum(_counts(exercises, "exercise")),
        exercise_words=sum(_counts(exercises, *TEXT)),
        caption=max(_counts(parts, "caption"), default=0),
        paragraph=max(_counts(parts, "paragraph"), default=0),
        tables=sum(_counts(parts, "table")),
    )


def minutes(source: Path) -> int:
    """How long a page takes to read without its exercises, in minutes, rounded up to five."""
    length = measure(source)
    return 5 * math.ceil((length.words / 100 + length.lines / 8) / 5)


# -- what is over ---------------------------------------------------------------------------------


def budget_of(source: Path) -> tuple[int, int] | None:
    """The words and visible lines that a lesson may have; None if the page is held to nothing."""
    return BUDGETS.get(source.stem, STANDARD)


def faults(source: Path) -> list[str]:
    """What is too much on a page, or too little, each with file and line."""
    if (budget := budget_of(source)) is None:
        return []
    parts = parts_of(source)
    lesson = [part for part in parts if not part.in_exercises]
    exercises = [part for part in parts if part.in_exercises]
    found = [
        *_over(lesson, TEXT, budget[0], "words outside the exercises"),
        *_over(lesson, ("visible",), budget[1], "visible lines outside the exercises"),
        *_over(lesson, ("drawing",), DRAWING, "lines of folded drawings"),
        *_over(exercises, TEXT, EXERCISE_WORDS, "words in the exercises"),
        *_over(exercises, ("exercise",), EXERCISES[1], "exercises"),
        *_over(parts, ("table",), TABLES, "tables"),
        *_over(parts, ("plots",), PLOTS, "names from helpers.plots beside use_style"),
    ]
    if (number := len(_counts(exercises, "exercise"))) < EXERCISES[0]:
        found.append((1, f"{number} exercises, at least {EXERCISES[0]}"))
    for part in parts:
        most, what = MOST.get(part.kind, (math.inf, ""))
        if part.count > most and not (part.in_exercises and part.kind in CODE):
            found.append((part.line, f"{part.count} {what}, at most {most}"))
    return [f"lectures/{source.name}:{line}: {told}" for line, told in sorted(found)]


def _over(parts: list[Part], kinds: tuple[str, ...], most: int, what: str) -> list[tuple[int, str]]:
    """A sum that is too large, and the line at which it becomes so."""
    counted = [part for part in parts if part.kind in kinds]
    sums = list(accumulate(part.count for part in counted))
    lines = [part.line for part, so_far in zip(counted, sums, strict=True) if so_far > most]
    return [(lines[0], f"{sums[-1]:,} {what}, at most {most:,}")] if lines else []


# -- the command ----------------------------------------------------------------------------------


def table(sources: list[Path]) -> str:
    """One row a page: its budget, what it has, minutes to read, seconds to run."""
    seconds = last_run().get("seconds", {})
    rows = [["page", "words/lines", *Length._fields, "minutes", "seconds"]]
    for source in sources:
        budget = budget_of(source)
        allowed = "/".join(map(str, budget)) if budget else "-"
        taken = minutes(source), seconds.get(source.stem, "-")
        rows.append([source.stem, allowed, *measure(source), *taken])
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    form = "  ".join([f"{{:<{widths[0]}}}", *(f"{{:>{width}}}" for width in widths[1:])])
    return "\n".join(form.format(*row) for row in rows)


def main() -> int:
    """Print the table, and what is over; return the exit status."""
    try:
        sources = lecture_sources()
        print(table(sources), flush=True)
        found = [fault for source in sources for fault in faults(source)]
    except CourseError as error:
        found = [str(error)]
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
