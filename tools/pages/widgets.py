"""A step of `finish`: what moves a widget leaves the page, and is loaded when the widget is near.

A notebook's output holds a widget in one piece, so that Colab and JupyterLab can show it alone
(``helpers/widgets/page.py``). A page of the book is read from the top, and most of that piece is
weights. So the styles and scripts that are marked ``data-moves`` become files, named by their
content and shared by the pages; ``near.js`` loads the scripts when their widget comes into view or
is touched. Until then, and without scripts, its static view is what one sees.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tools.pages.page import Page, element

FOLDER = "_static/widgets"
LOADER = Path(__file__).with_name("near.js")


def move_widgets(page: Page) -> None:
    """Move styles, scripts and data of the widgets on a page into files.

    Each widget keeps in ``data-scripts`` the addresses of its scripts, in order, and in
    ``data-later`` that of a script which it asks for itself.

    Raises
    ------
    ValueError
        If a script belongs to no widget of the page.
    """
    for style in page.tree.css("style[data-moves]"):
        address = _keep(page, style.text(), "css")
        if not page.tree.css(f'link[href="{address}"]'):
            page.tree.head.insert_child(element(f'<link rel="stylesheet" href="{address}">'))
        style.decompose()
    scripts: dict[tuple[str, str], list[str]] = {}
    for script in page.tree.css("script[data-moves]"):
        place = "data-later" if "data-later" in script.attrs else "data-scripts"
        address = _keep(page, script.text(), "js")
        found = scripts.setdefault((script.attrs["data-moves"], place), [])
        if address not in found:  # the same widget may stand on a page twice
            found.append(address)
        script.decompose()
    for (name, place), addresses in scripts.items():
        widgets = page.tree.css(f'[data-part="{name}"]')
        if not widgets:
            raise ValueError(f"{page.name}: a script is marked data-moves={name}, of no widget.")
        for widget in widgets:
            widget.attrs[place] = " ".join(addresses)
    if scripts:
        address = _keep(page, LOADER.read_text(encoding="utf-8"), "js")
        page.tree.head.insert_child(element(f'<script defer src="{address}"></script>'))


def _keep(page: Page, text: str, kind: str) -> str:
    """Put a text into a file of the site, named by its content; return its address on the page."""
    content = text.strip().encode() + b"\n"
    name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
    page.files[name] = content
    return page.address(name)
