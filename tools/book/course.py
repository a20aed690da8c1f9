"""What the other tools share: folders, the book's address, its lectures, writing a file.

The repository's address stands once, in ``_config.yml`` (``repository: url``); everything that
needs an address asks here.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LECTURES = ROOT / "lectures"
BUILD = ROOT / "_build"
SPHINX = BUILD / "sphinx"  # Jupyter Book puts a folder _build into it
RAW = SPHINX / "_build" / "html"  # Sphinx's own pages
HTML = BUILD / "html"  # the site, which tools/pages makes of them
REFERENCES = BUILD / "references"  # what each cross-reference became, written by sphinx_course.py
GENERATED = BUILD / "generated"  # what the build writes for the pages: tables, digests of outputs
EXECUTED = BUILD / "executed"  # fresh outputs, kept here until the notebooks are written
VERIFIED = BUILD / "verified"  # what nbval has executed here without a complaint, a stamp a page
RESULTS = ROOT / "data" / "results"  # what the last run of each page and experiment gave
CLAIMS = LECTURES / "claims"  # beside each page a module: the numbers it quotes, what it claims
LAST_RUN = LECTURES / "last_run.json"  # versions and seconds, apart from the notebooks

APPENDIX = "Appendix"  # caption of the part whose pages are lettered


class CourseError(Exception):
    """Something a person can mend; the message says where and how."""


@cache
def config() -> dict:
    """The parsed ``_config.yml``."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def repository() -> str:
    """The repository's address, such as ``https://github.com/owner/name`` (no slash at the end).

    Raises
    ------
    CourseError
        If it is no such address: Colab, GitHub Pages and raw files all need owner and name.
    """
    address = str(config()["repository"]["url"]).rstrip("/").removesuffix(".git")
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address):
        raise CourseError(
            f"_config.yml: repository: url: {address!r} must be https://github.com/OWNER/NAME"
        )
    return address


def branch() -> str:
    """The branch that readers' links point to."""
    return config()["repository"]["branch"]


def site_url(repository_url: str | None = None) -> str:
    """The address of the published book on GitHub Pages, with a slash at the end."""
    owner, name = (repository_url or repository()).rstrip("/").split("/")[-2:]
    return f"https://{owner}.github.io/{name}/"


def raw_url(path: str) -> str:
    """The address under which a file of the repository is served as it is."""
    return f"{repository().replace('github.com', 'raw.githubusercontent.com')}/{branch()}/{path}"


@cache
def _contents(text: str) -> dict[str, str]:
    """Slug of each lecture in a table of contents, in order, to its number there."""
    numbers: dict[str, str] = {}
    counted = 0
    for part in yaml.safe_load(text).get("parts", []):
        appendix = part.get("caption") == APPENDIX
        for place, chapter in enumerate(part["chapters"]):
            slug = chapter["file"].removeprefix("lectures/").removesuffix(".md")
            if slug == chapter["file"].removesuffix(".md"):
                continue  # a page of the book that is no lecture
            counted += bool(part.get("numbered")) and not appendix
            number = chr(ord("A") + place) if appendix else str(counted)
            numbers[slug] = number if part.get("numbered") else ""
    return numbers


def numbers_of_lectures() -> dict[str, str]:
    """Slug of each lecture to its number, in the order of ``_toc.yml``.

    A lecture is numbered by its place among the numbered parts, in the appendix by a letter; in a
    part that is not numbered its number is the empty text. A page that ``_toc.yml`` does not list
    is no lecture yet.
    """
    return _contents((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def lecture_sources() -> list[Path]:
    """The lectures' sources, ``lectures/SLUG.md``, in the order of ``_toc.yml``.

    Raises
    ------
    CourseError
        If ``_toc.yml`` lists a lecture whose file is not there.
    """
    sources = [LECTURES / f"{slug}.md" for slug in numbers_of_lectures()]
    for source in sources:
        if not source.is_file():
            lines = (ROOT / "_toc.yml").read_text(encoding="utf-8").splitlines()
            named = re.compile(rf"lectures/{re.escape(source.stem)}(\.md)?\s*(#.*)?$")
            line = next(n for n, text in enumerate(lines, 1) if named.search(text))
            raise CourseError(f"_toc.yml:{line}: lectures/{source.name} does not exist.")
    return sources


def number_of(lecture: str) -> str:
    """What a lecture is called in short: its number, a letter in the appendix, or nothing.

    Parameters
    ----------
    lecture : str
        Its slug.
    """
    return numbers_of_lectures()[lecture]


def run_environment(tier: str = "sample", backend: str | None = None) -> dict[str, str]:
    """Environment variables under which lectures are executed, for the book and for the tests.

    Parameters
    ----------
    tier : str
        Value of ``RNN_DATA``.
    backend : str, optional
        Value of ``KERAS_BACKEND``; by default what is set already, else ``tensorflow``.
    """
    return {
        **os.environ,
        "RNN_BOOK": "1",
        "RNN_DATA": tier,
        "KERAS_BACKEND": backend or os.environ.get("KERAS_BACKEND", "tensorflow"),
        # Without both of these TensorFlow writes time-stamped lines into the outputs.
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "COLUMNS": "80",
    }


def write_text(path: Path, text: str) -> bool:
    """Write a text if it differs from the file, whole or not at all; say whether it did."""
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".partial")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return True


def write_notebook(path: Path, notebook: dict) -> bool:
    """Write a notebook if it differs from the file; say whether it did."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return write_text(path, text + "\n")
