"""From Sphinx's folder to the site's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.pages.test_steps import ICONS, write
from tools.pages import keep
from tools.pages.finish import finish
from tools.pages.icons import SCRIPT

PAGE = """<!DOCTYPE html><html><head><title>A</title>
<link rel="icon" href="_static/favicon.ico"><link rel="stylesheet" href="_static/a.css">
<meta property="og:image" content="https://example.org/book/_static/card.png"></head>
<body><p class="box">a <i class="fas fa-sun"></i></p><img src="_images/used.svg"></body></html>"""


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keep, "KEPT", tmp_path / "kept")
    folder = tmp_path / "raw"
    write(folder / "a.html", PAGE)
    write(folder / SCRIPT, ICONS)
    write(folder / "_static" / "a.css", ".box{background:url(paper.png)}.never{src:url(lost.png)}")
    others = ["searchindex.js", "_sources/a.md", "_images/used.svg", "_images/lost.svg"]
    others += [
        f"_static/{n}" for n in ("favicon.ico", "card.png", "paper.png", "lost.png", "a.map")
    ]
    for name in others:
        write(folder / name, "<svg></svg>")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_site_holds_what_its_pages_name_and_nothing_else(raw: Path, tmp_path: Path) -> None:
    finish(raw, tmp_path / "site")
    names = {name for name in files(tmp_path / "site") if "/book." not in name}
    assert names == {
        *("a.html", "searchindex.js", "_sources/a.md", "_images/used.svg"),
        *(f"_static/{name}" for name in ("favicon.ico", "card.png", "paper.png")),
    }


def test_the_same_pages_give_the_same_site_and_sphinxs_stay(raw: Path, tmp_path: Path) -> None:
    before = files(raw)
    finish(raw, tmp_path / "one")
    finish(raw, tmp_path / "one")
    finish(raw, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(raw) == before


def test_what_no_longer_belongs_to_the_site_is_removed(raw: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site / "lectures" / "gone.html", "old")
    write(site / "_static" / "book.0.css", "old")
    finish(raw, site)
    assert "lectures" not in {path.name for path in site.iterdir()}
    assert "_static/book.0.css" not in files(site)


def test_a_change_of_a_page_reaches_the_site(raw: Path, tmp_path: Path) -> None:
    finish(raw, tmp_path / "site")
    write(raw / "a.html", PAGE.replace("<p", "<p id=new"))
    finish(raw, tmp_path / "site")
    assert 'id="new"' in (tmp_path / "site" / "a.html").read_text(encoding="utf-8")


def test_what_takes_long_is_made_once(raw: Path, tmp_path: Path) -> None:
    def double(content: bytes) -> bytes:
        calls.append(content)
        return content * 2

    calls: list[bytes] = []
    assert [keep.kept(b"a", double), keep.kept(b"a", double), keep.kept(b"b", double)] == [
        b"aa",
        b"aa",
        b"bb",
    ]
    assert calls == [b"a", b"b"]
