"""Live parts of a page: an object's HTML with its own data, style and script, and nothing to fetch.

Private to this room, but for what its ``__init__`` names; imports nothing of the course.

A part is one `<div>` with a static view in it, which stays where a viewer strips scripts; then its
styles; then its scripts, each closed in a function of its own, so that several parts do not disturb
each other. The last one holds a function ``mount(root, data)`` that turns the static view into a
live one. What several parts may share, such as weights, is a script of its own before it.

A notebook's output holds all that in one piece. The book's pages do not: what is marked with
``data-moves`` becomes files there, and scripts are loaded when they are needed
(``tools/pages/widgets.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
STYLE = "page.css"
IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def source(name: str) -> str:
    """The text of a script or style that lies beside this module."""
    return (FOLDER / name).read_text(encoding="utf-8")


def in_script(data: Any) -> str:
    """Data as JSON that may stand inside a script: nothing in it can end the script or a line.

    Examples
    --------
    >>> print(in_script("</script>"))
    "\\u003c/script\\u003e"
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return writable(text.translate(IN_SCRIPT))


def style_element(style: str) -> str:
    """A style as an element that the book's pages turn into a file."""
    return f"<style data-moves>\n{style}</style>"


def widget(
    kind: str,
    static: str,
    data: Mapping[str, Any],
    script: str,
    style: str,
    shared: Mapping[str, Any] | None = None,
    later: bool = False,
) -> str:
    """HTML of a live part.

    Parameters
    ----------
    kind : str
        Its CSS class.
    static : str
        HTML of the static view.
    data : mapping
        What ``mount`` gets, as JSON.
    script : str
        JavaScript that defines ``mount(root, data)``.
    style : str
        CSS, besides what all parts share.
    shared : mapping, optional
        What ``mount`` gets besides, where several parts have the same: it becomes a script of its
        own, which the book's pages load once.
    later : bool
        Whether ``mount`` asks for `shared` itself, on a page of the book: it then gets
        ``data.shared``, the key in ``window.courseParts``, and ``root.dataset.later``, the address.
    """
    common = in_script(dict(shared)) if shared else ""
    key = digest(common)
    given = in_script({**data, "shared": key} if later else dict(data))
    name = digest(f"{kind} {given} {common}")
    pieces = [
        f'<div class="course-widget {kind}" data-part="{name}">{writable(static)}</div>',
        style_element(source(STYLE)),
        style_element(style),
    ]
    if common:
        mark = " data-later" if later else ""
        pieces.append(
            f'<script data-moves="{name}"{mark}>\n'
            f'(window.courseParts ??= {{}})["{key}"] = {common};\n</script>'
        )
        if not later:
            given = f'{{...{given}, ...window.courseParts["{key}"]}}'
    pieces.append(
        f'<script data-moves="{name}">\n(() => {{\n{script}\n'
        f"const data = {given};\n"
        f"const parts = document.querySelectorAll('[data-part=\"{name}\"]:not(.cw-alive)');\n"
        "for (const root of parts) {\n"
        "  root.classList.add('cw-alive');\n  mount(root, data);\n}\n})();\n</script>"
    )
    return "\n".join(pieces)


def digest(text: str) -> str:
    """A name made of what is named."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def writable(text: str) -> str:
    """Text without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
