"""Live parts of a page: an object's HTML with its own data, style and script, and nothing to fetch.

Private to this room; imports nothing of the course.

A part is one `<div>` with a static view in it, which stays where a viewer strips scripts; then the
style; then one script, closed in a function of its own, so that several parts do not disturb each
other. The script holds a function ``mount(root, data)`` that turns the static view into a live one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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


def widget(
    kind: str, static: str, data: Mapping[str, Any], scripts: Sequence[str], styles: Sequence[str]
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
    scripts, styles : sequence of str
        Names of files beside this module; one of the scripts defines ``mount(root, data)``.
    """
    given = in_script(dict(data))
    name = hashlib.sha256(f"{kind} {given}".encode()).hexdigest()[:12]
    style = "\n".join(source(one) for one in [STYLE, *styles])
    script = "\n".join(source(one) for one in scripts)
    return (
        f'<div class="course-widget {kind}" data-part="{name}">{writable(static)}</div>\n'
        f"<style>\n{style}</style>\n"
        f"<script>\n(() => {{\n{script}\n"
        f"const data = {given};\n"
        f"const parts = document.querySelectorAll('[data-part=\"{name}\"]:not(.cw-alive)');\n"
        "for (const root of parts) {\n"
        "  root.classList.add('cw-alive');\n  mount(root, data);\n}\n})();\n</script>"
    )


def writable(text: str) -> str:
    """Text without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
