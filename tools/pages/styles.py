"""One style sheet: what the pages can use of all the sheets that they name, minified.

A rule stays if the classes, ids and elements of its selector occur in a page or in a script that is
kept (scripts add classes later). What stands in ``:not()`` and in brackets is not looked at. Of the
keyframes, fonts and custom properties those stay that something refers to.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import rcssmin
import tinycss2

from tools.book.course import CourseError
from tools.pages import icons
from tools.pages.keep import kept
from tools.pages.page import Page, element

FOLDER = "_static"  # where the sheet lies; addresses in it start there
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters that only an icon font can draw
ICON_RULE = re.compile(r"\.fa-[\w-]+::?before$")  # an icon by its class: icons.py has drawn it
ICON_NAME = re.compile(r"fa[brs]?|fa-[\w-]+")
# What a rule says of its icon beside the drawing, instead of naming a font.
ICON_FONT = re.compile(r"--fa-font-|Font\\? Awesome")
MASK = [
    ("background-color", "currentColor"),
    ("display", "inline-block"),
    ("height", "1em"),
    ("line-height", "1"),
    ("mask-position", "0 50%"),
    ("mask-repeat", "no-repeat"),
    ("mask-size", "auto 1em"),
    ("vertical-align", "-.125em"),
    ("width", "1em"),
]
NESTING = {"media", "supports", "layer", "container"}


def one_sheet(pages: list[Page], scripts: list[str]) -> None:
    """Let all pages load one sheet instead of those that they name.

    Parameters
    ----------
    pages : list of Page
        Every page, as it will be, but for this.
    scripts : list of str
        The text of each script that a page loads.
    """
    raw, names, made = pages[0].raw, list[str](), dict[str, bytes]()
    for page in pages:
        made |= {name: page.files.pop(name) for name in [*page.files] if name.endswith(".css")}
        for link in page.tree.css('link[rel="stylesheet"]'):
            if (name := page.file(link.attrs["href"])) not in names:
                names.append(name)
    source = read_sheets(raw, names, made)
    what = {
        "raw": str(raw),
        "source": source,
        "used": sorted(used_names(pages, scripts) & set(WORD.findall(source))),
        "properties": sorted(used_properties(pages, scripts)),
    }
    sheet = kept(json.dumps(what).encode(), _reduce)
    name = f"{FOLDER}/book.{hashlib.sha256(sheet).hexdigest()[:16]}.css"
    for page in pages:
        links = page.tree.css('link[rel="stylesheet"]')
        for link in links[1:]:
            link.decompose()
        if links:
            page.files[name] = sheet
            one = f'<link rel="stylesheet" href="{page.address(name)}">'
            links[0].replace_with(element(one))


def read_sheets(raw: Path, names: list[str | None], made: Mapping[str, bytes]) -> str:
    """The sheets behind one another, with what they import, addresses relative to ``FOLDER``."""
    text = (Path(__file__).parent / "base.css").read_text(encoding="utf-8")
    for name in names:
        if name in made:  # by a step
            text += made[name].decode()
            continue
        if name is None or not (raw / name).is_file():
            raise CourseError(f"a page names the style sheet {name}, which {raw} does not hold.")
        text += _read_sheet(raw, name)
    return text


def _read_sheet(raw: Path, name: str) -> str:
    text = (raw / name).read_text(encoding="utf-8")
    folder = posixpath.dirname(name)

    def import_(match: re.Match) -> str:
        return _read_sheet(raw, posixpath.normpath(f"{folder}/{match[1]}"))

    def rebase(match: re.Match) -> str:
        quote, address = match[1], match[2]
        if address.startswith(("data:", "#", "http:", "https:", "/")):
            return match[0]
        return f"url({quote}{posixpath.relpath(f'{folder}/{address}', FOLDER)}{quote})"

    text = re.sub(r"@charset[^;]*;", "", text)
    text = re.sub(r"""url\(\s*(["']?)([^"')]+)["']?\s*\)""", rebase, text)
    return re.sub(r"""@import\s+["']([^"']+)["']\s*;""", import_, text) + "\n"


# -- what is used ---------------------------------------------------------------------------------


def used_names(pages: list[Page], scripts: list[str]) -> set[str]:
    """Classes, ids and elements of the pages, and every word of the scripts."""
    used, words = {"html", "root"}, set()
    for text in (page.tree.html for page in pages):
        for names in re.findall(r'\s(?:class|id)="([^"]*)"', text):
            used.update(names.split())
        used.update(map(str.lower, re.findall(r"<([A-Za-z][\w-]*)", text)))
        for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL):
            words.update(WORD.findall(script))
    for script in scripts:
        words.update(WORD.findall(script))
    return used | {word for word in words if not ICON_NAME.fullmatch(word)}


def used_properties(pages: list[Page], scripts: list[str]) -> set[str]:
    """Custom properties that pages and scripts name."""
    texts = [*(page.tree.html for page in pages), *scripts]
    return {name for text in texts for name in re.findall(r"--[a-zA-Z][\w-]*", text)}


# -- reducing -------------------------------------------------------------------------------------


def _reduce(what: bytes) -> bytes:
    asked = json.loads(what)
    return reduce(
        asked["source"], set(asked["used"]), set(asked["properties"]), Path(asked["raw"])
    ).encode()


def reduce(source: str, used: set[str], properties: set[str], raw: Path) -> str:
    """What of a sheet can apply, minified.

    Parameters
    ----------
    source : str
        CSS.
    used : set of str
        Names of classes, ids and elements that occur.
    properties : set of str
        Custom properties that something else than the sheet asks for.
    raw : Path
        The folder that holds the theme's icons, for masks in place of an icon font.
    """
    rules = _rules(tinycss2.parse_stylesheet(source, skip_whitespace=True), used, raw)
    while True:  # a property that only an unused one asks for is unused as well
        asked = set(re.findall(r"--[\w-]+", " ".join(_values(rules)))) | properties
        if not _drop_properties(rules, asked):
            break
    values = {name: " ".join(_values(rules, name)) for name in ("animation", "font")}
    text = _sheet(
        rule
        for rule in rules
        if not (
            (rule.kind == "keyframes" and rule.head.split()[-1] not in values["animation"])
            or (rule.kind == "font-face" and _family(rule) not in values["font"])
        )
    )
    return rcssmin.cssmin(text, keep_bang_comments=True)


@dataclass
class Rule:
    """A rule of a sheet: declarations, other rules, or text that stays as it is."""

    head: str
    kind: str = ""  # of an at-rule, without @
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    text: str = ""


def _values(rules: list[Rule], start: str = "") -> Iterator[str]:
    """The values of all declarations whose names start so, but for fonts' own."""
    for rule in rules:
        if rule.kind != "font-face":
            for name, value in rule.declarations:
                if name.startswith(start) or (start and name.startswith("--")):
                    yield value
            yield from _values(rule.rules, start)
            yield rule.text


def _drop_properties(rules: list[Rule], asked: set[str]) -> bool:
    """Take custom properties out that nothing asks for; say whether there were any."""
    dropped = False
    for rule in rules:
        wanted = [d for d in rule.declarations if not d[0].startswith("--") or d[0] in asked]
        dropped |= len(wanted) < len(rule.declarations)
        rule.declarations = wanted
        dropped |= _drop_properties(rule.rules, asked)
    return dropped


def _family(face: Rule) -> str:
    return dict(face.declarations)["font-family"].strip("\"'")


def _sheet(rules: Iterable[Rule]) -> str:
    """Rules as text, but for those that say nothing."""
    text = ""
    for rule in rules:
        body = "".join(f"{name}:{value};" for name, value in rule.declarations)
        body += _sheet(rule.rules) + rule.text
        text += f"{rule.head}{{{body}}}" if rule.head and body else body
    return text


def _rules(tokens: list, used: set[str], raw: Path) -> list[Rule]:
    """The rules that can apply."""
    found = []
    for rule in tokens:
        if rule.type == "comment" and rule.value.startswith("!"):
            found.append(Rule("", text=f"/*{rule.value}*/"))
        elif rule.type == "qualified-rule":
            selectors = [_text(s) for s in _split(rule.prelude) if _can_match(s, used)]
            selectors = [s for s in selectors if not ICON_RULE.search(s)]
            if selectors:
                head = ",".join(selectors)
                found.append(Rule(head, declarations=_declarations(rule.content, raw)))
        elif rule.type == "at-rule":
            head = f"@{rule.at_keyword} {_text(rule.prelude)}".strip()
            kind = rule.lower_at_keyword.removeprefix("-webkit-")
            if rule.content is None:
                found.append(Rule("", kind, text=f"{head};"))
            elif kind in NESTING:
                found.append(Rule(head, kind, rules=_rules(_inside(rule), used, raw)))
            elif kind == "font-face":
                found.append(Rule(head, kind, declarations=_declarations(rule.content, None)))
            else:
                found.append(Rule(head, kind, text=_text(rule.content)))
        elif rule.type == "error":
            raise CourseError(f"style sheet, line {rule.source_line}: {rule.message}")
    return found


def _inside(rule: tinycss2.ast.AtRule) -> list:
    return tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)


def _text(tokens: list) -> str:
    return re.sub(r"\s+", " ", tinycss2.serialize(t for t in tokens if t.type != "comment")).strip()


def _split(tokens: list) -> list[list]:
    """The selectors of a list that commas separate."""
    parts = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _can_match(selector: list, used: set[str]) -> bool:
    """Whether every class, id and element of a selector is used."""
    before = None
    for token in selector:
        if token.type == "ident" and before == ".":
            known = token.value in used
        elif token.type == "ident" and before != ":":
            known = token.lower_value in used
        elif token.type == "hash":
            known = token.value in used
        elif token.type == "function" and token.lower_name in {"is", "where"}:
            known = any(_can_match(branch, used) for branch in _split(token.arguments))
        else:
            known = True
        if not known:
            return False
        before = token
    return True


def _declarations(tokens: list, raw: Path | None) -> list[tuple[str, str]]:
    """Names and values, those of an icon font as masks where there is a folder of icons."""
    found = []
    for item in tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration":
            value = _text(item.value) + (" !important" if item.important else "")
            found += (raw and _icon(item, value, raw)) or [(item.name, value)]
        elif item.type != "error":  # a browser skips what it does not know (*zoom: 1) as well
            raise CourseError(f"style sheet, line {item.source_line}: nested rules are not known.")
    return found


def _icon(item: tinycss2.ast.Declaration, value: str, raw: Path) -> list[tuple[str, str]]:
    """What stands for a declaration that needs an icon font; nothing for any other."""
    if item.name in {"font", "font-family"} and ICON_FONT.search(value):
        return MASK
    if item.name == "content" and "--pst-icon-" in value:
        return [("content", '""'), ("mask-image", value)]
    strings = [token.value for token in item.value if token.type == "string"]
    if len(strings) != 1 or not PRIVATE.fullmatch(strings[0]):
        return []
    style = "fas" if ("fas", strings[0]) in icons.drawings(raw / icons.SCRIPT) else "fab"
    address = icons.as_address(icons.find_icon(raw, style, strings[0]))
    if item.name.startswith("--"):
        return [(item.name, address)]
    return [("content", '""'), ("mask-image", address)]
