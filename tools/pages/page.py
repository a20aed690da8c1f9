"""A page of the book while it is made light, as a parsed tree."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

HERE = "https://book.invalid"  # stands for the site while addresses are resolved


@dataclass
class Page:
    """One page; a step changes ``tree`` in place and puts new files of the site into ``files``.

    Attributes
    ----------
    name : str
        Path in the site, such as ``lectures/lstm.html``.
    tree : LexborHTMLParser
        The page by the rules of HTML5 (``tree.css``, ``node.attrs``, ``node.replace_with``).
    raw : Path
        The folder of Sphinx's pages, to read what the page refers to.
    prefix : str
        The address that leads from the page to the folder of the site: ``""``, ``"../"``, or the
        site's own folder where a page is served at any address (404).
    files : dict
        What this page adds to the site: path in the site to content.
    """

    name: str
    tree: LexborHTMLParser
    raw: Path
    prefix: str
    files: dict[str, bytes] = field(default_factory=dict)

    def file(self, address: str) -> str | None:
        """Path in the site that an address on this page means; None if it leads elsewhere."""
        base = f"{HERE}/{self.name}"
        if self.prefix.startswith("/") and address.startswith(self.prefix):
            address = address.removeprefix(self.prefix)
        parts = urlsplit(urljoin(base, address))
        if f"{parts.scheme}://{parts.netloc}" != HERE:
            return None
        return posixpath.normpath(unquote(parts.path).lstrip("/"))

    def address(self, file: str) -> str:
        """The address on this page of a file of the site."""
        return self.prefix + file


def read_page(raw: Path, path: Path) -> Page:
    """Parse a page of Sphinx's."""
    name = path.relative_to(raw).as_posix()
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    # Every page of Sphinx says where the site's folder is, in the address of its icon.
    icon = tree.css_first('link[rel="icon"]')
    prefix = icon.attrs["href"].partition("_static/")[0] if icon else "../" * name.count("/")
    return Page(name, tree, raw, prefix)


def element(html: str) -> LexborNode:
    """An element made of its source, to be put into a page."""
    return LexborHTMLParser(f"<body>{html}").body.child
