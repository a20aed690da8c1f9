"""What outputs and results depend on, as a fingerprint.

Code counts as syntax: comments, docstrings and layout change nothing, and the fingerprint is the
same on every Python. Helpers are followed by their imports, module by module; a name that a
package's ``__init__`` gives away leads to the module that defines it. Files of data count by the
checksum that ``data/checksums.txt`` has, scripts and style sheets of helpers by their bytes; both
are found by the strings in the modules that name them.

A page depends on its cells, its claims, the helpers and data that they use, and the results that
it loads. An experiment depends on its module and on the helpers and data that this uses. Neither
depends on versions of packages: a trained number moves with each of them, and what must hold
nevertheless is a claim.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Any, NamedTuple

from tools.book.course import CLAIMS, RESULTS, ROOT
from tools.book.lecture import code_cells_of, without_magics

DATA = ROOT / "data"
EXPERIMENTS = ROOT / "experiments"
OURS = ("helpers", "experiments")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FILE_NAME = re.compile(r"\w[\w.-]*(/[\w.-]+)*")
LENGTH = 20  # hexadecimal digits of a fingerprint


class Uses(NamedTuple):
    """What code of ours uses, filled while imports are followed."""

    modules: set[Path]
    names: set[str]  # "helpers.plots.use_style = helpers.plots.style.use_style"
    files: set[Path]


# -- fingerprints ---------------------------------------------------------------------------------


def page_fingerprint(source: Path) -> dict[str, str]:
    """The fingerprint of a page in parts, 20 hexadecimal digits each.

    Parameters
    ----------
    source : Path
        ``lectures/SLUG.md``.

    Returns
    -------
    dict
        ``cells``, ``claims``; the ``helpers`` and ``data`` that they use; the ``results`` that they
        load.
    """
    cells = [without_magics(cell.source) for cell in code_cells_of(source)]
    claims = CLAIMS / f"{source.stem}.py"
    said = [claims.read_text(encoding="utf-8")] if claims.is_file() else []
    uses = _used_by([*cells, *said], "")
    return {
        "cells": _hash(list(map(syntax, cells))),
        "claims": _hash(list(map(syntax, said))),
        "helpers": _hash(_modules(uses)),
        "data": _hash(_files(uses)),
        "results": _hash({name: _result(name) for name in loaded_results(source)}),
    }


def experiment_fingerprint(name: str) -> dict[str, str]:
    """The fingerprint of an experiment in three parts, 20 hexadecimal digits each.

    Parameters
    ----------
    name : str
        Name of the module in ``experiments/``.

    Returns
    -------
    dict
        ``module``: its own code, without the function ``compare``. ``comparisons``: that function.
        ``shared``: the helpers and data that it uses.
    """
    text = (EXPERIMENTS / f"{name}.py").read_text(encoding="utf-8")
    uses = _used_by([text], "experiments")
    tree = _plain(_parsed(text))
    body = tree[1].get("body", [])
    compares = [node for node in body if node[1].get("name") == repr("compare")]
    rest = [node for node in body if node not in compares]
    return {
        "module": _hash(rest),
        "comparisons": _hash(compares),
        "shared": _hash([[_modules(uses)[0], _files(uses), _modules(uses)[1]]]),
    }


def modules_of_experiment(name: str) -> list[Path]:
    """The modules of ours that an experiment uses."""
    text = (EXPERIMENTS / f"{name}.py").read_text(encoding="utf-8")
    return sorted(_used_by([text], "experiments").modules)


def loaded_results(source: Path) -> list[str]:
    """The names in a page's and its claims' calls ``load_results("NAME")``, sorted."""
    codes = [without_magics(cell.source) for cell in code_cells_of(source)]
    claims = CLAIMS / f"{source.stem}.py"
    if claims.is_file():
        codes.append(claims.read_text(encoding="utf-8"))
    found = set()
    for code in codes:
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.Call) and node.args:
                function = ast.unparse(node.func).split(".")[-1]
                if function in {"load_results", "load_comparisons"}:
                    found.add(getattr(node.args[0], "value", None))
    return sorted(filter(None, found))


def _result(name: str) -> str:
    """Rows and comparisons of an experiment as one hash; empty if they cannot be read."""
    try:
        kept = json.loads((RESULTS / "experiments" / f"{name}.json").read_text(encoding="utf-8"))
        return _hash([kept["rows"], kept["comparisons"]])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _modules(uses: Uses) -> list:
    """What modules of ours amount to, and the names that lead to them."""
    modules = {_relative(p): syntax(p.read_text(encoding="utf-8")) for p in uses.modules}
    return [sorted(modules.items()), sorted(uses.names)]


def _files(uses: Uses) -> list:
    """What samples, scripts and style sheets amount to."""
    sums = _checksums()
    return sorted((_relative(p), sums.get(_relative(p)) or _bytes_hash(p)) for p in uses.files)


def _checksums() -> dict[str, str]:
    """Checksum of each sample in ``data/`` by its path."""
    lines = (DATA / "checksums.txt").read_text(encoding="utf-8").splitlines()
    return {f"data/{name}": checksum for checksum, name in map(str.split, lines)}


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _bytes_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _hash(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:LENGTH]


# -- code as syntax -------------------------------------------------------------------------------


@cache
def syntax(code: str) -> str:
    """Code without comments, docstrings and layout, the same text on every Python."""
    return json.dumps(_plain(_parsed(code)))


def _plain(node: Any) -> Any:
    """A syntax tree as lists and texts. (`ast.dump` writes another text on each Python.)"""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = dict(ast.iter_fields(node))
    if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = fields["body"][1:]
    for name in ("ctx", "type_comment", "type_ignores", "kind"):
        fields.pop(name, None)
    kept = {name: value for name, value in fields.items() if value is not None and value != []}
    return [type(node).__name__, {name: _plain(value) for name, value in kept.items()}]


@cache
def _parsed(code: str) -> ast.Module:
    """The tree of some code; of what cannot be parsed, one that holds its text."""
    try:
        return ast.parse(code)
    except SyntaxError:  # whoever executes it is told
        return ast.parse(f"unreadable = {code!r}")


# -- following imports ----------------------------------------------------------------------------


def _used_by(codes: list[str], package: str) -> Uses:
    """What some pieces of code use, themselves left aside."""
    uses = Uses(set(), set(), set())
    for code in codes:
        for module, name in _imports(_parsed(code), package):
            _take(module, name, uses)
        _take_files(_parsed(code), None, uses)
    return uses


def _take(module: str, name: str | None, uses: Uses) -> None:
    """Note what ``from MODULE import NAME``, or ``import MODULE``, uses."""
    top, *inner = module.split(".")
    if top not in OURS:
        return
    place = ROOT.joinpath(top, *inner)
    for package in [place, *place.parents]:
        init = package / "__init__.py"
        if package == ROOT:
            break
        if init.is_file() and _does_more(init.read_text(encoding="utf-8")):
            _take_module(init, uses)
    if not place.is_dir():
        return _take_module(place.with_suffix(".py"), uses)
    given = {}
    if (init := place / "__init__.py").is_file():
        tree = _parsed(init.read_text(encoding="utf-8"))
        given = {last: (one, last) for one, last in _imports(tree, module) if last}
    if name in given:
        uses.names.add(f"{module}.{name} = {'.'.join(given[name])}")
        _take(*given[name], uses)
    elif name and name != "*":
        _take(f"{module}.{name}", None, uses)  # a module of the package
    else:
        for one in given.values():
            _take(*one, uses)


def _take_module(path: Path, uses: Uses) -> None:
    """Note a module, what it imports, and the files that its strings name."""
    if path in uses.modules or not path.is_file():
        return
    uses.modules.add(path)
    tree = _parsed(path.read_text(encoding="utf-8"))
    package = ".".join(path.parent.relative_to(ROOT).parts)
    for module, name in _imports(tree, package):
        _take(module, name, uses)
    _take_files(tree, path.parent, uses)


def _take_files(tree: ast.Module, folder: Path | None, uses: Uses) -> None:
    for text in _file_names(tree):
        for path in [DATA / text, *([folder / text] if folder else [])]:
            if (
                path.is_file()
                and path.suffix not in {".py", ".md"}
                and path.name != "checksums.txt"
            ):
                uses.files.add(path)


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
