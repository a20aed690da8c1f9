"""A step of `finish`: a long page is laid out in pieces, what one sees first at once.

Sections that begin far below the first window are marked ``data-piece``. A browser skips them at
first (``content-visibility`` in ``base.css``), and ``pieces.js`` takes the marks away one by one
when the browser is idle, so that no step is long and everything is in place soon after. Nothing is
skipped without scripts, on paper, where an address leads into the page, where it is loaded again at
the place where one was, and in browsers that do not hold what one reads when something above it
grows (``overflow-anchor``: Safari).
"""

from __future__ import annotations

from pathlib import Path

from selectolax.lexbor import LexborNode

from tools.pages.page import Page

#: Letters that fill more than a window: at 90 in a line, 33 lines of them are 900 pixels high.
FIRST = 4000
#: With these bootstrap would follow all links: the theme names contents that are called otherwise.
SPY = {"data-bs-spy", "data-bs-target", "data-bs-root-margin", "data-offset"}
UNSEEN = "details, style, script, annotation"
#: Stands in the head, for the style sheet.
START = """\
if(!location.hash&&performance.getEntriesByType("navigation")[0]?.type=="navigate")
document.documentElement.dataset.pieces="";"""
SCRIPT = Path(__file__).with_name("pieces.js")


def cut_in_pieces(page: Page) -> None:
    """Mark the sections that can wait, and put off what would ask where they are."""
    before = 0
    for section in page.tree.css("article > section, section > section"):
        if before > FIRST:
            section.attrs["data-piece"] = ""
        before += sum(letters(child) for child in section.iter() if child.tag != "section")
    for name in SPY & set(page.tree.body.attrs):
        del page.tree.body.attrs[name]
    for node in page.tree.css('[data-bs-toggle="tooltip"]'):
        del node.attrs["data-bs-toggle"]
        node.attrs["data-tip"] = ""


def letters(node: LexborNode) -> int:
    """How many letters of an element one sees before anything is opened; rather too few."""
    return len(node.text()) - sum(len(one.text()) for one in node.css(UNSEEN))
