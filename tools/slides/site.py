"""The folder of slides: decks, their pictures, reveal.js from a wheel; nothing leads out of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template

import nbformat
from selectolax.lexbor import LexborHTMLParser

from tools.book.course import ROOT
from tools.pages import Page, move_widgets, write_math_font
from tools.slides.names import Parts
from tools.slides.render import Filling
from tools.slides.source import Deck, fault, read_deck

FOLDER = "slides"
SOURCES = ROOT / "slides"
HERE = Path(__file__).parent
CARRIED = {  # what the package sphinx-revealjs carries of reveal.js, and its name here
    "dist/reveal.js": "reveal.js",
    "dist/reveal.css": "reveal.css",
    "plugin/notes/notes.js": "notes.js",
    "LICENSE": "reveal-licence.txt",
}

FONT = {"_static/formulas.css", "_static/formulas-font-licence.txt"}


def read_decks() -> list[Deck]:
    """The decks of ``slides/``, in order; a `CourseError` with file and line if one is wrong."""
    return [read_deck(path) for path in sorted(SOURCES.glob("*.md"))]


def make_decks(
    decks: list[Deck], outputs: Mapping[Path, nbformat.NotebookNode]
) -> dict[str, bytes]:
    """Make decks; nothing is written yet, so that a build can ask first whether they are right.

    Parameters
    ----------
    decks : list of Deck
        What is written.
    outputs : mapping
        The executed notebook of each page's source, on which its numbers hang.

    Returns
    -------
    dict
        Path in the folder of slides to content; empty if there are no decks.

    Raises
    ------
    CourseError
        With file and line: a page or a name that does not exist, more than a slide holds.
    """
    pages = {source.stem: source for source in outputs}
    made: dict[str, bytes] = {}
    for deck in decks:
        if deck.page not in pages:
            why = f"page: no lecture of _toc.yml is called {deck.page!r}."
            raise fault(deck.path, deck.page_line, why)
        made |= make_deck(deck, Parts(pages[deck.page], outputs[pages[deck.page]]))
    return made | carried() if made else {}


def make_deck(deck: Deck, parts: Parts) -> dict[str, bytes]:
    """One deck with its pictures and the scripts of its widgets."""
    filling = Filling(deck, parts)
    slides = filling.slides()
    html = Template((HERE / "deck.html").read_text(encoding="utf-8")).substitute(
        title=escape(deck.title), slides=slides
    )
    page = Page(f"{deck.path.stem}.html", LexborHTMLParser(html), Path(), "")
    move_widgets(page)
    return {**filling.files, **page.files, page.name: page.tree.html.encode()}


def carried() -> dict[str, bytes]:
    """What all decks share: reveal.js, its notes and licence; the style and the start of ours."""
    origin = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    files = {f"_static/{new}": (origin / old).read_bytes() for old, new in CARRIED.items()}
    ours = {
        f"_static/slides.{kind}": (HERE / f"deck.{kind}").read_bytes() for kind in ("css", "js")
    }
    return files | ours


def write_decks(made: dict[str, bytes], folder: Path) -> None:
    """Write what was made, with the font of its formulas; remove whatever else is in the folder."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in {*made, *FONT}:
            path.unlink()
    for name, content in made.items():
        path = folder / name
        if not (path.is_file() and path.read_bytes() == content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if made:
        write_math_font(folder)
    elif folder.is_dir():
        shutil.rmtree(folder)
