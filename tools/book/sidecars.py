"""The claims beside a page, ``lectures/claims/SLUG.py``: judged before a run, and after it.

Before: the words of each claim stand on the page once; each name that the functions read is bound
by one cell alone, so that what they see is what its sentence means. After: each number that the
page quotes was given, each claim holds. What a run gave is kept in ``data/results/SLUG.json``; the
build hangs it on the page's set-up cell, which no reader sees, for MyST-NB's ``glue`` to find.

``tools/claims.py`` is what the functions call.
"""

from __future__ import annotations

import ast
import difflib
import json
import math
import re
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from tools.book.course import CLAIMS, RESULTS, CourseError, write_text
from tools.book.lecture import (
    cell_lines,
    code_cells_of,
    end_of_lesson,
    read_lecture,
    without_magics,
    words_of,
)

Value = float | int | str | bool
SAME = 1e-6  # relative: how well a number that no training made comes out again
ROUNDING = 1e-12  # absolute: two numbers so near zero are both rounding errors
GLUE = re.compile(r"\{glue(?::text)?\}`([\w. -]+?)(?::[^`]*)?`")
GLUE_MIME = "application/papermill.record/text/plain"
FUNCTIONS = ("lesson", "exercises")
WAY_OUT = "Run: make update"


class Given(NamedTuple):
    """What the claims of a page gave in one run."""

    numbers: dict[str, Value]
    claims: dict[str, bool]  # by their words
    trained: dict[str, float | None]  # trained numbers: tolerance, or None where a claim speaks


NOTHING = Given({}, {}, {})


def sidecar(source: Path) -> Path:
    """The claims of a page, whether or not there are any."""
    return CLAIMS / f"{source.stem}.py"


def functions_in(source: Path) -> list[str]:
    """Which of the functions ``lesson`` and ``exercises`` the claims of a page have."""
    path = sidecar(source)
    if not path.is_file():
        return []
    tree = _tree(path)
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return [name for name in FUNCTIONS if name in names]


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise CourseError(f"{_named(path)}:{error.lineno}: {error.msg}. {WAY_OUT}") from None


def _named(path: Path) -> str:
    return f"lectures/claims/{path.name}" if path.suffix == ".py" else f"lectures/{path.name}"


# -- before a run ---------------------------------------------------------------------------------


def problems(source: Path) -> list[str]:
    """What is wrong with the claims of a page as they are written, one line each.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    """
    path, quoted = sidecar(source), quoted_names(source)
    if not path.is_file():
        return [
            f"lectures/{source.name}:{line}: the number {name} is quoted, but there is no "
            f"{_named(path)} to give it."
            for name, line in quoted.items()
        ]
    try:
        tree = _tree(path)
    except CourseError as error:
        return [str(error)]
    found = _form(path, tree)
    return found + _words_problems(source, path, tree) + _names_problems(source, path, tree)


def _form(path: Path, tree: ast.Module) -> list[str]:
    """Whether there is a ``lesson(page)``."""
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    if "lesson" not in functions:
        return [f"{_named(path)}:1: it needs a function lesson(page)."]
    return [
        f"{_named(path)}:{functions[name].lineno}: {name} takes one argument, page."
        for name in FUNCTIONS
        if name in functions and [a.arg for a in functions[name].args.args] != ["page"]
    ]


def _words_problems(source: Path, path: Path, tree: ast.Module) -> list[str]:
    """Claims whose words do not stand on the page once."""
    lines = words_of(source)
    text, starts = "", []
    for number, line in lines:
        starts.append((len(text), number))
        text += " ".join(line.split()) + " "
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim"):
            continue
        place = f"{_named(path)}:{node.lineno}"
        words = getattr(node.args[0], "value", None) if node.args else None
        if not isinstance(words, str):
            found.append(f"{place}: the words of a claim are spelled out where it stands.")
            continue
        plain = " ".join(words.split())
        at = [m.start() for m in re.finditer(re.escape(plain), text)] if plain else []
        if not at:
            near = difflib.get_close_matches(plain, _sentences(text), n=1, cutoff=0.3)
            hint = f' The nearest there: "{near[0][:120]}".' if near else ""
            found.append(
                f'{place}: lectures/{source.name} does not say "{plain}": take words of the page.'
                + hint
            )
        elif len(at) > 1:
            where = ", ".join(str(max(n for s, n in starts if s <= one)) for one in at)
            found.append(
                f'{place}: lectures/{source.name} says "{plain}" {len(at)} times (lines {where}): '
                "take more words of the one that is meant."
            )
    return found


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?:;]) ", text)


def _names_problems(source: Path, path: Path, tree: ast.Module) -> list[str]:
    """Names that the functions read and that no cell, or more than one, binds."""
    page, found = read_lecture(source), []
    cells = [
        (cell, line)
        for cell, line in zip(page.cells, cell_lines(source, page), strict=True)
        if cell.cell_type == "code"
    ]
    end = end_of_lesson(source)
    asking = {"exercise-starter", "exercise-check"}
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    for function in FUNCTIONS:
        if function not in functions:
            continue
        seen = cells[:end] if function == "lesson" else cells
        bound: dict[str, list[int]] = {}
        for number, (cell, line) in enumerate(seen):
            asks = number >= end and asking & set(cell.metadata.get("tags", []))
            try:
                names = bound_names(cell.source)
            except SyntaxError as error:
                at = line + (error.lineno or 1) - 1
                return [f"lectures/{source.name}:{at}: {error.msg}. {WAY_OUT}"]
            for name, offset in names.items():
                if not asks or name not in bound:
                    bound.setdefault(name, [])
                    bound[name] += [] if asks else [line + offset - 1]
        for name, at in _reads(functions, function).items():
            if name not in bound:
                where = "before the exercises " if function == "lesson" else ""
                found.append(
                    f"{_named(path)}:{at}: it reads page.{name}, which no cell of "
                    f"lectures/{source.name} {where}binds."
                )
            elif len(bound[name]) > 1:
                lines = " and again in ".join(map(str, bound[name]))
                found.append(
                    f"{_named(path)}:{at}: it reads page.{name}, which lectures/{source.name} "
                    f"binds in line {lines}: give one of them another name."
                )
    return found


def _reads(functions: dict[str, ast.FunctionDef], start: str) -> dict[str, int]:
    """The names of the page that a function reads, and the functions that it gives the page to."""
    reads: dict[str, int] = {}
    todo, done = [start], set()
    while todo:
        name = todo.pop()
        done.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "page":
                reads.setdefault(node.attr, node.lineno)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
                takes = any(getattr(one, "id", "") == "page" for one in node.args)
                todo += [node.func.id] if takes and node.func.id not in done else []
    return reads


def bound_names(code: str) -> dict[str, int]:
    """The names that a cell binds at its top level, and the line of each, from 1."""
    binder = _Binder()
    binder.visit(ast.parse(without_magics(code)))
    return binder.names


class _Binder(ast.NodeVisitor):
    """Collects what is bound where cells share names: not inside functions or comprehensions."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.names.setdefault(node.id, node.lineno)

    def _definition(self, node: Any) -> None:
        self.names.setdefault(node.name, node.lineno)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _definition

    def _imported(self, node: Any) -> None:
        for alias in node.names:
            self.names.setdefault(alias.asname or alias.name.split(".")[0], node.lineno)

    visit_Import = visit_ImportFrom = _imported

    def _closed(self, node: Any) -> None:
        """A scope of its own."""

    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _closed


def quoted_names(source: Path) -> dict[str, int]:
    """The numbers that a page names, and the line at which each stands first."""
    found: dict[str, int] = {}
    for line, text in words_of(source):
        for name in GLUE.findall(text):
            found.setdefault(name, line)
    return found


# -- what a run gave ------------------------------------------------------------------------------


def call(source: Path, function: str, target: Path) -> str:
    """The line of code that runs a function of the claims in the page's kernel."""
    given = f"{str(sidecar(source))!r}, {function!r}, globals(), {str(target)!r}"
    return f"__import__('tools.claims', fromlist=['run']).run({given})"


def read_given(source: Path, targets: list[Path]) -> Given:
    """What the functions of a page's claims wrote in one run.

    Raises
    ------
    CourseError
        If one of them failed: with file and line.
    """
    numbers, claims, trained = {}, {}, {}
    for target in targets:
        told = json.loads(target.read_text(encoding="utf-8"))
        if error := told.get("error"):
            raise CourseError(f"{_named(sidecar(source))}:{error['line']}: {error['message']}")
        for mine, theirs in ((numbers, "numbers"), (claims, "claims"), (trained, "trained")):
            if twice := mine.keys() & told[theirs].keys():
                name = sorted(twice)[0]
                line = told["lines"][name]
                raise CourseError(f"{_named(sidecar(source))}:{line}: {name!r} is given twice.")
            mine.update(told[theirs])
    return Given(numbers, claims, trained)


def line_of(source: Path, words: str) -> int:
    """Line of a claim, or of a quoted number, in the file of claims; 1 if it is not to be found."""
    tree = _tree(sidecar(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"claim", "quote"}:
            texts = [getattr(one, "value", None) for one in node.args]
            if words in texts or words in [keyword.arg for keyword in node.keywords]:
                return node.lineno
    return 1


def complaints(source: Path, fresh: Given, stored: Given | None = None) -> list[str]:
    """What is wrong with what a run gave, one line each; empty if nothing.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.
    fresh : Given
        This run's.
    stored : Given, optional
        What is kept: numbers must be as they were, trained ones within their tolerance.
    """
    path, quoted = sidecar(source), quoted_names(source)
    found = [
        f"lectures/{source.name}:{line}: the number {name} is quoted, but {_named(path)} does not "
        "give it."
        for name, line in quoted.items()
        if name not in fresh.numbers
    ]
    found += [
        f"{_named(path)}:{line_of(source, name)}: {name} is given, but lectures/{source.name} does "
        "not quote it."
        for name in fresh.numbers
        if name not in quoted
    ]
    for words, holds in fresh.claims.items():
        if not holds:
            found.append(f'{_named(path)}:{line_of(source, words)}: not so in this run: "{words}"')
    if stored is None:
        return found
    for kind in ("numbers", "claims"):
        new, old = getattr(fresh, kind).keys(), getattr(stored, kind).keys()
        for name in new ^ old:
            who = "this run" if name in new else "the stored run"
            found.append(f"{_named(path)}: {name!r} is given by {who} alone. {WAY_OUT}")
    for name, value in fresh.numbers.items():
        if name in stored.numbers and not _as_it_was(name, value, stored):
            found.append(
                f"{_named(path)}:{line_of(source, name)}: {name} is {value!r}, and was "
                f"{stored.numbers[name]!r}; is it trained? then say quote(trained=True, ...)."
            )
    return found


def _as_it_was(name: str, value: Value, stored: Given) -> bool:
    """Whether a number is what it was, within what it may be."""
    before = stored.numbers[name]
    if any(isinstance(one, bool | str) for one in (value, before)):
        return name in stored.trained or (type(value) is type(before) and value == before)
    if name not in stored.trained:
        return math.isclose(value, before, rel_tol=SAME, abs_tol=ROUNDING)
    tolerance = stored.trained[name]
    return tolerance is None or abs(value - before) <= tolerance * abs(before)


def movements(source: Path, fresh: Given, stored: Given) -> list[str]:
    """Numbers of a page that are not what they were, one line each, old and new, with the place."""
    return [
        f"lectures/{source.name}:{line}: {name}: {stored.numbers[name]!r} -> {value!r}"
        for name, value in fresh.numbers.items()
        if name in stored.numbers
        and (line := quoted_names(source).get(name, 1))
        and not _as_it_was(name, value, stored._replace(trained={}))
    ]


# -- what is kept ---------------------------------------------------------------------------------


def write_results(source: Path, given: Given, made: dict) -> bool:
    """Keep what a run gave, and how it was made, in ``data/results/SLUG.json``."""
    numbers = {name: _rounded(value) for name, value in sorted(given.numbers.items())}
    kept = {
        "made": made,
        "numbers": numbers,
        "trained": dict(sorted(given.trained.items())),
        "claims": given.claims,
    }
    return write_text(RESULTS / f"{source.stem}.json", json.dumps(kept, indent=1) + "\n")


def _rounded(value: Value) -> Value:
    """Twelve significant digits: the last ones differ between processors."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def read_results(source: Path) -> tuple[Given, dict]:
    """What is kept of a page's last run, and how that was made; nothing if there is no file.

    Raises
    ------
    CourseError
        If the file is damaged: with the way out.
    """
    path = RESULTS / f"{source.stem}.json"
    if not path.is_file():
        return NOTHING, {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Given(kept["numbers"], kept["claims"], kept["trained"]), kept["made"]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"data/results/{path.name} is damaged ({type(error).__name__}: {error}). "
            f"Run: git checkout data/results/{path.name}; or delete it and run: make update"
        ) from None


def glue_outputs(numbers: dict[str, Value]) -> list[nbformat.NotebookNode]:
    """Outputs that MyST-NB's ``glue`` finds, one for each number; nobody sees them."""
    return [
        nbformat.v4.new_output(
            "display_data",
            data={GLUE_MIME: str(value)},
            metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
        )
        for name, value in numbers.items()
    ]


def glued_texts(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The numbers that hang on a notebook's cells: name to text, as ``glue`` finds them."""
    return {
        output["metadata"]["scrapbook"]["name"]: output["data"][GLUE_MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if GLUE_MIME in output.get("data", {})
    }


def last_of_lesson(source: Path) -> int:
    """Position, among the code cells of a page, of the last one before the exercises."""
    return min(end_of_lesson(source), len(code_cells_of(source))) - 1
