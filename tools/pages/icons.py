"""Icons without a font and without a script: the theme's Font Awesome, drawn where they stand.

The theme brings its icons as a script of 1.5 MB that exchanges each ``<i class="fas fa-...">`` for
an SVG, and as fonts for icons in style sheets. Here the exchange is made beforehand, with the
drawings from that same script (Font Awesome Free: CC BY 4.0, see LICENSE-TEXT).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tools.book.course import CourseError
from tools.pages.page import Page, element

SCRIPT = "_static/scripts/fontawesome.js"
STYLES = {"fa": "fas", "fas": "fas", "fa-solid": "fas", "far": "far", "fa-regular": "far"}
STYLES |= {"fab": "fab", "fa-brands": "fab"}
SIZES = {"fa-lg", "fa-sm", "fa-xs", "fa-xl", "fa-2xl", "fa-2xs", "fa-fw"}  # names that are no icons
# "pencil":[512,512,[9999,"pencil-alt"],"f303","M410 ..."], and at a set's end ("fas",p)
DRAWING = re.compile(
    r'"?([\w-]+)"?:\[(\d+),(\d+),\[([^\]]*)\],"([0-9a-f]+)","([^"]*)"\]|\("(fa[brs])",\w+\)'
)


class Icon(NamedTuple):
    """A drawing: the size of its sheet, the character that stands for it, its outline."""

    width: int
    height: int
    code: str
    path: str


def draw_icons(page: Page) -> None:
    """Exchange each element that stands for an icon for the icon, as an SVG within the page."""
    for node in page.tree.css('[class*="fa"]'):
        names = (node.attrs.get("class") or "").split()
        styles = [STYLES[name] for name in names if name in STYLES]
        drawn = [name for name in names if name.startswith("fa-") and name not in STYLES]
        if styles and node.tag in {"i", "span"}:
            wanted = [name for name in drawn if name not in SIZES]
            if len(wanted) != 1:
                raise CourseError(f"{page.name}: {node.html} names no icon, or more than one.")
            icon = find_icon(page.raw, styles[0], wanted[0].removeprefix("fa-"))
            kept = [name for name in names if name not in STYLES]  # as the theme's script does
            node.replace_with(element(_svg(icon, kept, node.attrs)))


def _svg(icon: Icon, names: list[str], attributes: dict[str, str]) -> str:
    """An icon for the eye alone; its name is on the button around it."""
    data = "".join(f' {k}="{v}"' for k, v in attributes.items() if k.startswith("data-"))
    title = f"<title>{attributes['title']}</title>" if attributes.get("title") else ""
    return (
        f'<svg class="{" ".join(["svg-inline--fa", *names])}"{data} aria-hidden="true" '
        f'viewBox="0 0 {icon.width} {icon.height}">{title}'
        f'<path fill="currentColor" d="{icon.path}"/></svg>'
    )


def find_icon(raw: Path, style: str, name: str) -> Icon:
    """The drawing of an icon by its name (``arrow-up``), or by its character (``\\uf062``).

    Raises
    ------
    CourseError
        If the theme has no such icon.
    """
    found = drawings(raw / SCRIPT).get((style, name))
    if found is None:
        raise CourseError(f"{SCRIPT}: no icon {ascii(name)} in {style}. Did the theme change?")
    return found


def as_address(icon: Icon) -> str:
    """An icon as a ``data:`` address in CSS, for a mask."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {icon.width} {icon.height}">'
        f'<path d="{icon.path}"/></svg>'
    )
    return f'url("data:image/svg+xml,{quote(svg, safe=" =:/,.()").replace("%22", "%27")}")'


@cache
def drawings(script: Path) -> dict[tuple[str, str], Icon]:
    """Every drawing of the script, by style and by name, alias and character."""
    found: dict[tuple[str, str], Icon] = {}
    waiting: dict[str, Icon] = {}
    for name, width, height, others, code, path, style in DRAWING.findall(
        script.read_text(encoding="utf-8")
    ):
        if style:
            found |= {(style, each): icon for each, icon in waiting.items()}
            waiting = {}
        else:
            icon = Icon(int(width), int(height), chr(int(code, 16)), path)
            for each in [*re.findall(r'"([\w-]+)"', others), name, icon.code]:
                waiting[each] = icon
    return found
