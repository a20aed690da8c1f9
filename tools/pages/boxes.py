"""Answers and solutions that fold without a script: ``<details>``.

The theme's script hides them once it runs, so that the page jumps; the browser's own element is
closed from the start, opens by keyboard, without scripts, and where a search or a link leads in.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from tools.pages.page import Page, element

MARK = '<span class="fold-mark" aria-hidden="true"><i class="fas fa-chevron-right"></i></span>'


def fold(page: Page) -> None:
    """Make each admonition of the class ``dropdown`` a ``<details>`` with its title as summary."""
    for box in reversed(page.tree.css("div.admonition.dropdown")):  # inner ones first
        title = box.css_first("p.admonition-title")
        title.unwrap_tags(["a"])  # to the exercise above; a summary is itself something to press
        title.insert_child(element(MARK))
        rename(page, title, "summary")
        rename(page, box, "details")


def rename(page: Page, node: LexborNode, tag: str) -> None:
    """Give an element another tag; attributes and content stay."""
    new = page.tree.create_node(tag)
    for name, value in node.attrs.items():
        new.attrs[name] = value
    new.inner_html = node.inner_html
    node.replace_with(new)
