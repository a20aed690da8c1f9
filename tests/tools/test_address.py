"""The address of the repository stands once, in ``_config.yml``; everything else follows it."""

from __future__ import annotations

import re

import pytest

from tests.support import ROOT, lecture_names, notebook
from tools.book.course import branch, config, repository, site_url
from tools.book.notebooks import ADDRESSED


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
        for pattern in (
            "*.md",
            "lectures/*.md",
            "tools/**/*.py",
            "helpers/**/*.py",
            ".github/**/*.yml",
        )
        for path in ROOT.glob(pattern)
        if f"{owner}/" in path.read_text(encoding="utf-8")
        or f"{owner}.github.io" in path.read_text(encoding="utf-8")
    ]
    assert set(spelled) <= set(ADDRESSED)


def test_the_site_is_the_pages_site_of_the_repository() -> None:
    owner, name = slug(repository()).split("/")
    assert site_url() == f"https://{owner}.github.io/{name}/"
    assert branch() == config()["repository"]["branch"]
