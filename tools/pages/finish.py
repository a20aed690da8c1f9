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

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tools.pages.boxes import fold
from tools.pages.front import place_front, place_map, place_start
from tools.pages.head import tidy_head
from tools.pages.icons import draw_icons
from tools.pages.page import Page, read_page
from tools.pages.pictures import place_pictures
from tools.pages.pieces import cut_in_pieces
from tools.pages.scripts import defer_scripts
from tools.pages.styles import one_sheet
from tools.pages.widgets import move_widgets

STEPS: list[Callable[[Page], None]] = [
    *(tidy_head, fold, draw_icons, place_pictures, defer_scripts),
    *(cut_in_pieces, place_front, place_start, place_map, move_widgets),
]
# Of these folders only what a page or a sheet names is in the site.
NAMED = re.compile(r"_(?:static|images)/[\w./-]*\w")


def finish(raw: Path, site: Path) -> None:
    """Make the site of Sphinx's pages.

    Parameters
    ----------
    raw : Path
        The folder that Sphinx wrote.
    site : Path
        The folder to fill; what is there and does not belong there is removed.
    """
    found = [path for path in raw.rglob("*.html") if "_static" not in path.parts]
    pages = [read_page(raw, path) for path in sorted(found)]
    for page in pages:
        for step in STEPS:
            step(page)
    scripts = {n: text for page in pages for n, text in page.files.items() if n.endswith(".js")}
    one_sheet(pages, [text.decode() for text in scripts.values()])
    made: dict[str, bytes] = {}
    for page in pages:
        made |= page.files
        made[page.name] = page.tree.html.encode()
    write_site(raw, site, made)


def write_site(raw: Path, site: Path, made: dict[str, bytes]) -> None:
    """Write what was made and copy what else belongs to the site; remove the rest."""
    texts = [made[name].decode() for name in made if name.endswith((".html", ".css"))]
    named = {name for text in texts for name in NAMED.findall(text)}
    named |= {
        f"_static/{name}" for text in texts for name in re.findall(r"url\(([\w./-]+)\)", text)
    }
    kept = set(made)
    for name, content in made.items():
        write(site / name, content)
    for path in raw.rglob("*"):
        name = path.relative_to(raw).as_posix()
        if name in made or not path.is_file() or name.startswith("."):
            continue
        if not name.startswith(("_static/", "_images/")) or name in named:
            kept.add(name)
            copy(path, site / name)
    for path in sorted(site.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(site).as_posix() not in kept:
            path.unlink()


def write(path: Path, content: bytes) -> None:
    """Write a file if it differs."""
    if not (path.is_file() and path.read_bytes() == content):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(content)
        partial.replace(path)


def copy(source: Path, target: Path) -> None:
    """Copy a file if it differs in size or time."""
    new = source.stat()
    if target.is_file():
        old = target.stat()
        if (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
