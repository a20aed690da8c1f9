"""The address of the repository stands once, in ``_config.yml``; everything else follows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import (
    ROOT,
    copy_course,
    lecture_names,
    notebook,
    replace_in,
    run_tool,
)
from tools.book.course import branch, config, repository, site_url
from tools.book.notebooks import ADDRESSED

NEW = "https://github.com/some-lecturer/my-rnn-class"


def addresses_in(text: str) -> set[str]:
    """Repositories on GitHub, Pages sites and Colab links that a text names, as ``owner/name``."""
    found = re.findall(r"(?<=github\.com/)[\w.-]+/[\w.-]+", text)
    found += re.findall(r"(?<=githubusercontent\.com/)[\w.-]+/[\w.-]+", text)
    found += re.findall(r"(?<=colab/github/)[\w.-]+/[\w.-]+", text)
    pages = re.findall(r"https://([\w-]+)\.github\.io/([\w.-]+)", text)
    return {name.removesuffix(".git") for name in found} | {"/".join(page) for page in pages}


def ours(text: str, slug: str) -> set[str]:
    """The addresses in a text that could be the course's own: all with its owner or its name."""
    owner, name = slug.split("/")
    return {a for a in addresses_in(text) if a.startswith(f"{owner}/") or a.endswith(f"/{name}")}


def slug(address: str) -> str:
    return address.removeprefix("https://github.com/")


@pytest.mark.parametrize("lecture", lecture_names())
def test_a_notebook_links_to_the_configured_address(lecture: str) -> None:
    assert notebook(lecture).metadata["course"]["repository"] == repository()
    text = "\n".join(cell.source for cell in notebook(lecture).cells)
    assert ours(text, slug(repository())) == {slug(repository())}


@pytest.mark.parametrize("name", ["README.md", "CITATION.cff"])
def test_a_file_that_spells_the_address_agrees(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert ours(text, slug(repository())) == {slug(repository())}


def test_the_address_stands_nowhere_else_in_the_sources() -> None:
    """Sources and tools derive it; only the files that `readdress` rewrites may spell it."""
    owner = slug(repository()).split("/")[0]
    spelled = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "lectures/*.md", "tools/*.py", "helpers/*.py", ".github/**/*.yml")
        for path in ROOT.glob(pattern)
        if f"{owner}/" in path.read_text(encoding="utf-8")
        or f"{owner}.github.io" in path.read_text(encoding="utf-8")
    ]
    assert set(spelled) <= set(ADDRESSED)


def test_the_site_is_the_pages_site_of_the_repository() -> None:
    owner, name = slug(repository()).split("/")
    assert site_url() == f"https://{owner}.github.io/{name}/"
    assert branch() == config()["repository"]["branch"]


@pytest.mark.slow
def test_a_fork_edits_one_line_and_executes_nothing(tmp_path: Path) -> None:
    course = copy_course(tmp_path / "fork")
    replace_in(course / "_config.yml", f"url: {repository()}", f"url: {NEW}")
    printed = run_tool(course, "tools.book.notebooks")
    assert "nothing is executed" in printed
    for name in [*(f"lectures/{n}.ipynb" for n in lecture_names()), "README.md", "CITATION.cff"]:
        text = (course / name).read_text(encoding="utf-8")
        assert slug(NEW) in addresses_in(text), name
        assert not ours(text, slug(repository())), name
    assert "nothing, all notebooks are in step" in run_tool(course, "tools.book.notebooks")
