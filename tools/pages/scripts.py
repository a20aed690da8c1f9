"""Scripts that nobody waits for, and none that a page does not need.

What every page shares becomes one deferred file, ``_static/book.DIGEST.js``; what some need
(``ON_SOME``) stays apart, on the pages that hold what it is for. The one script that runs at once
sets the theme, so that no page flashes in the wrong colours.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import rjsmin

from tools.book.course import CourseError
from tools.pages.page import Page, element
from tools.pages.pieces import SCRIPT, START

FOLDER = "_static"
THEME_SCRIPT = "pydata-sphinx-theme.js"
NEVER = {"fontawesome.js", "togglebutton.js", "sphinx-thebe.js"}  # icons.py, boxes.py; not used
CODE = "div.highlight pre"
ON_SOME = {  # a script, and what a page holds that needs it
    "clipboard.min.js": CODE,
    "copybutton.js": CODE,
    "design-tabs.js": ".sd-tab-set",
    "searchtools.js": "#search-results",
    "language_data.js": "#search-results",
    "searchindex.js": "#search-results",
}
# Sphinx's and the theme's own lines in the head that other lines here, or nothing, stand for.
SETTINGS = re.compile(r"toggleHint|toggleOpenOnPrint|togglebuttonSelector|OPTIONS\.pagename")
THEME = """\
{const root=document.documentElement.dataset;let mode;
try{mode=localStorage.getItem("mode")}catch{}
root.mode=mode=mode||root.defaultMode||"auto";
root.theme=mode=="auto"?matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light":mode}"""

# The theme asks each box that may scroll for its width and sets its tab stop, one after the other,
# so that the page is laid out as often; formulas.py does that without asking.
TAB_STOPS = re.compile(
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)


def defer_scripts(page: Page) -> None:
    """Put one file of scripts, and those for what the page holds, in place of all others."""
    shared, some = [], []
    for node in page.tree.css("head script, body > script[src]"):
        address, text = node.attrs.get("src"), node.text() or ""
        if node.attrs.get("type") or "data-cfasync" in node.attrs:
            pass
        elif address is None:
            shared += [] if SETTINGS.search(text) or text in shared else [text]
        elif (name := Path(file := page.file(address) or "").name) in ON_SOME:
            some += [file] if page.tree.css_first(ON_SOME[name]) else []
        elif not file.startswith(f"{FOLDER}/"):  # brought by an extension, not by the theme
            node.attrs["defer"] = ""
            continue
        elif name not in NEVER:
            if not (page.raw / file).is_file():
                raise CourseError(f"{page.name} loads {address}, which is no file of the book.")
            text = (page.raw / file).read_text(encoding="utf-8")
            shared.append(without_tab_stops(text) if name == THEME_SCRIPT else text)
        node.remove()
    for link in page.tree.css('link[rel="preload"][as="script"]'):
        link.decompose()
    if not page.tree.css_first('link[rel="stylesheet"]'):
        return  # it only leads to another page
    shared.append(SCRIPT.read_text(encoding="utf-8"))
    files = [add_script(page, "book.js", "\n;".join(shared))]
    for file in some:
        text = (page.raw / file).read_text(encoding="utf-8")
        files.append(add_script(page, Path(file).name, text))
    style = page.tree.css('link[rel="stylesheet"]')[-1]  # before whatever stays as it is
    for file in reversed(files):
        style.insert_after(element(f'<script defer src="{page.address(file)}"></script>'))
    root = page.tree.css_first("html")
    root.attrs["data-theme"] = "light"  # without scripts
    root.attrs["data-default-mode"] = root.attrs.get("data-default-mode") or "auto"
    page.tree.css_first("title").insert_after(element(f"<script>{minify(THEME + START)}</script>"))


def without_tab_stops(theme: str) -> str:
    """The theme's script without its tab stops for boxes that scroll."""
    text, found = TAB_STOPS.subn("0", theme)
    if found != 1:
        raise CourseError(f"{THEME_SCRIPT}: no start of the tab stops. Did the theme change?")
    return text


def add_script(page: Page, name: str, text: str) -> str:
    """Add a script, minified, to the files of the site; give its path there."""
    content = minify(text).encode()
    stem, digest = name.removesuffix(".js"), hashlib.sha256(content).hexdigest()[:16]
    file = f"{FOLDER}/{stem}.{digest}.js"
    page.files[file] = content
    return file


@cache
def minify(text: str) -> str:
    """A script without comments and spaces; licences stay."""
    return rjsmin.jsmin(text, keep_bang_comments=True)
