"""What the head of a page says once, and says on every page."""

from __future__ import annotations

from html import escape

from tools.pages.page import Page, element


def tidy_head(page: Page) -> None:
    """One viewport, and a description also of pages that Sphinx generates (search, index, 404)."""
    title = page.tree.css_first("title")
    if title is None:
        return  # it only leads to another page
    for again in page.tree.css('meta[name="viewport"]')[1:]:
        again.decompose()
    if not page.tree.css_first('meta[name="description"]'):
        said = escape(title.text(), quote=True)
        title.insert_before(element(f'<meta name="description" content="{said}">'))
