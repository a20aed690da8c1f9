"""The order of things between Sphinx's pages and the site: raw folder in, site's folder out.

``finish(raw, site)`` is a function of the raw folder (``_build/sphinx/...``), which it leaves as it
is, so it can run any number of times. What takes long (style sheet, pictures) is kept by digest in
``_build/light/``.

A step is a function ``step(page: Page) -> None``, listed in ``STEPS``. It changes ``page.tree`` in
place and puts whatever files the page needs besides into ``page.files`` (path in the site to
bytes), under a name that holds a digest of the content; ``page.address(path)`` is then the address
to write into the page. Scripts that it adds are classic ones with ``defer``, or stand inline.

    def move_data(page: Page) -> None:
        for script in page.tree.css('script[type="application/json"]'):
            name = f"_static/widgets/{digest}.js"
            page.files[name] = content
            script.replace_with(element(f'<script defer src="{page.address(name)}"></script>'))

After the steps, what pages share is made of all of them: the one style sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools.pages.page import Page, read_page

STEPS: list[Callable[[Page], None]] = []


def finish(raw: Path, site: Path) -> None:
    """Make the site of Sphinx's pages.

    Parameters
    ----------
    raw : Path
        The folder that Sphinx wrote.
    site : Path
        The folder to fill; what is there and does not belong there is removed.
    """
    pages = [read_page(raw, path) for path in sorted(raw.rglob("*.html"))]
    for page in pages:
        for step in STEPS:
            step(page)
