"""What the outputs of a lecture depend on, as files and as one digest.

A lecture is executed anew when its digest changes: its code cells; the helpers that it uses; the
results that it loads; the data files that these helpers name; the backend; the locked versions of
the packages that cells and helpers import. Helpers are followed by module: a name that a room's
``__init__`` gives away leads to the module that defines it, so another name in that ``__init__``,
or another module of the room, changes nothing. (An ``__init__`` that does more than import counts
whole, with all that it imports.) Scripts, style sheets and data are found by their names: a string
in a helper that names a file beside it, in ``data/`` or in the folder of real data. Docstrings of
helpers do not count.

tests/lectures/reexecution.py holds this to be complete: there a lecture runs without the modules
that are not followed, and fails on a file that its kernel opens and this module lacks.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
import sys
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

import jupytext
import nbformat

from tools.book.course import RESULTS, ROOT

DATA = ROOT / "data"
LOCK = ROOT / "requirements.lock"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FILE_NAME = re.compile(r"\w[\w.-]*(/[\w.-]+)*")
DISTRIBUTIONS = {  # where the name in the lock is not the name that one imports
    "sklearn": {"scikit-learn"},
    "tensorflow": {"tensorflow", "tensorflow-cpu"},
    "jax": {"jax", "jaxlib"},
}


class _Uses(NamedTuple):
    """What a lecture uses, filled while its imports are followed."""

    files: set[Path]
    names: set[str]  # "helpers.room.name = module.name", as a room's __init__ has it
    packages: set[str]  # top-level names of packages that are not ours
    strings: set[str]  # constants of the helpers: names of files, among others


def digest(source: Path, backend: str = "tensorflow", tier: str = "sample") -> str:
    """What the outputs of a lecture depend on, as one SHA-256 digest (hexadecimal).

    Parameters
    ----------
    source : Path
        ``lectures/NN-slug.md``.
    backend : str
        Value of ``KERAS_BACKEND``.
    tier : str
        Value of ``RNN_DATA``. Of a folder the files count, not where it lies.
    """
    text = source.read_text(encoding="utf-8")
    cells = [[cell.source, cell.metadata.get("tags", [])] for cell in _code_cells(text)]
    uses = _follow(source)
    packages = uses.packages | ({backend} if "keras" in uses.packages else set())
    kind = tier if tier in {"sample", "full"} else "folder"
    real = _real_files(Path(tier).expanduser(), uses.strings) if kind == "folder" else {}
    what = [cells, backend, kind, sorted(uses.names), _versions(packages), real]
    total = hashlib.sha256(json.dumps(what).encode())
    checksums = _checksums()
    for path in sorted(uses.files):
        name = path.relative_to(ROOT).as_posix()
        content = checksums.get(name) or _content(path)
        total.update(name.encode() + b"\0" + content)
    return total.hexdigest()


def dependencies(source: Path) -> list[Path]:
    """The files under ``helpers/`` and ``data/`` that the outputs of a lecture depend on."""
    return sorted(_follow(source).files)


def needed_results(source: Path) -> list[str]:
    """Names of the result files that a lecture loads (``load_results("NAME")``)."""
    return _arguments(_tree(source), "load_results")


@cache
def _arguments(tree: ast.Module, function: str) -> list[str]:
    """The texts that stand first in the calls of a function."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    named = (call for call in calls if ast.unparse(call.func).split(".")[-1] == function)
    return sorted({c.args[0].value for c in named if isinstance(c.args[0], ast.Constant)})


# -- following ----------------------------------------------------------------------------------


def _follow(source: Path) -> _Uses:
    uses = _Uses(set(), set(), set(), set())
    for module, name in _imports(_tree(source), ""):
        _take(module, name, uses)
    stored = (f"stored/{name}" for name in _arguments(_tree(source), "stored"))
    names = [*needed_results(source), *stored]
    uses.files.update(filter(Path.is_file, (RESULTS / f"{name}.json" for name in names)))
    return uses


def _take(module: str, name: str | None, uses: _Uses) -> None:
    """Note what ``from MODULE import NAME``, or ``import MODULE``, uses."""
    top, *inner = module.split(".")
    if top != "helpers":
        if top not in sys.stdlib_module_names:
            uses.packages.add(top)
        return
    for depth in range(1, len(inner) + 1):  # the rooms on the way are imported too
        room = ROOT.joinpath(top, *inner[: depth - 1], "__init__.py")
        if room.is_file() and _does_more(room.read_text(encoding="utf-8")):
            _take_file(room, uses)
    place = ROOT.joinpath(top, *inner)
    if not place.is_dir():
        return _take_file(place.with_suffix(".py"), uses)
    room = place / "__init__.py"
    text = room.read_text(encoding="utf-8")
    given = {last: (one, last) for one, last in _imports(_parsed(text), module) if last}
    if _does_more(text) or name in {None, "*"}:
        _take_file(room, uses)
    elif name in given:
        uses.names.add(f"{module}.{name} = {'.'.join(given[name])}")
        _take(*given[name], uses)
    else:
        _take(f"{module}.{name}", None, uses)  # a module of the room


def _take_file(path: Path, uses: _Uses) -> None:
    """Note a helper's file, what it imports, and the files that its strings name."""
    if path in uses.files or not path.is_file():
        return
    uses.files.add(path)
    tree = _parsed(path.read_text(encoding="utf-8"))
    package = ".".join(path.parent.relative_to(ROOT).parts)
    for module, name in _imports(tree, package):
        _take(module, name, uses)
    for text in _file_names(tree):
        uses.strings.add(text)
        uses.files.update(filter(_is_plain_file, (path.parent / text, DATA / text)))


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and path.suffix != ".py" and path.name != "checksums.txt"


# Trees come from `_parsed`, one for each text: what is found in one is found once.


@cache
def _file_names(tree: ast.Module) -> set[str]:
    """The constants of a tree that look like names of files."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and FILE_NAME.fullmatch(text)}


@cache
def _imports(tree: ast.Module, package: str) -> list[tuple[str, str | None]]:
    """Module and name of each import in a tree, also of those inside functions."""
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                module = resolve_name("." * node.level + module, package)
            found += ((module, alias.name) for alias in node.names)
    return found


@cache
def _does_more(init: str) -> bool:
    """Whether an ``__init__`` does more than import names, say what it is and list the names."""
    return any(
        not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in _parsed(init).body
    )


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def read_lecture(source: Path) -> nbformat.NotebookNode:
    """The cells of a lecture without outputs; each text is parsed once, each caller has its own."""
    return copy.deepcopy(_read(source.read_text(encoding="utf-8")))


@cache
def _read(text: str) -> nbformat.NotebookNode:
    return jupytext.reads(text, fmt="md:myst")


def _code_cells(text: str) -> list:
    return [cell for cell in _read(text).cells if cell.cell_type == "code"]


def _tree(source: Path) -> ast.Module:
    """The code of a lecture, without magics."""
    cells = _code_cells(source.read_text(encoding="utf-8"))
    lines = [line for cell in cells for line in cell.source.splitlines()]
    return _parsed("\n".join(line for line in lines if not re.match(r"\s*[%!]", line)))


# -- how a file counts ---------------------------------------------------------------------------


def _content(path: Path) -> bytes:
    """The bytes of a file that count.

    Of results the values alone, of code no docstrings, of text not how lines end.
    """
    content = path.read_bytes().replace(b"\r\n", b"\n")  # Git on Windows may add the \r
    if path.suffix == ".py":
        return _without_docstrings(content)
    if RESULTS not in path.parents:
        return content
    try:
        results = json.loads(content)
    except ValueError:  # damaged: whoever loads it is told
        return content
    for key in ("numbers", "value"):  # beside them stand claims and digests
        results = results.get(key, results) if isinstance(results, dict) else results
    return json.dumps(results, sort_keys=True).encode()


def _without_docstrings(content: bytes) -> bytes:
    """A module without its docstrings: nothing that it computes depends on them."""
    dropped: set[int] = set()
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            text = node.body[0]
            if text.lineno > getattr(node, "lineno", 0):  # it stands on lines of its own
                dropped |= set(range(text.lineno, text.end_lineno + 1))
    lines = enumerate(content.split(b"\n"), start=1)
    return b"\n".join(line for number, line in lines if number not in dropped)


def _checksums() -> dict[str, bytes]:
    """Checksum of each sample in ``data/`` by its path."""
    lines = (DATA / "checksums.txt").read_text(encoding="utf-8").splitlines()
    return {f"data/{name}": checksum.encode() for checksum, name in map(str.split, lines)}


def _real_files(folder: Path, strings: set[str]) -> dict[str, str]:
    """Checksum of each of a publisher's files that the helpers name, folders with their files."""
    found = {}
    for place in (folder / name for name in strings):
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file():
                stat = path.stat()
                checksum = _checksum(path, stat.st_size, stat.st_mtime_ns)
                found[path.relative_to(folder).as_posix()] = checksum
    return dict(sorted(found.items()))


@cache
def _checksum(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _versions(packages: set[str]) -> list[str]:
    """The lock's lines (``name==version ; marker``) on the packages, which one may import."""
    wanted = set()
    for package in packages:
        wanted |= DISTRIBUTIONS.get(package, {package.lower().replace("_", "-")})
    lines = re.findall(r"^([\w.-]+)(==[^\n\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(name + version.strip() for name, version in lines if name in wanted)
