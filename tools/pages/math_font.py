"""The font of the formulas: STIX Two Math, cut down to what the book shows, in a style sheet.

Inside a style sheet it is there before the page is drawn, and in pages opened from a disk, where
Firefox reads no font from a parent folder. The font comes with the package ziamath.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

FONT = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
LICENCE = Path(__file__).with_name("OFL-1.1.txt")
STYLE = Path("_static") / "formulas.css"
LICENCE_OF_FONT = Path("_static") / "formulas-font-licence.txt"
FAMILY = "STIX Two Math of the book"  # a reader's own, whole STIX Two Math is another family
COPYRIGHT, LICENCE_NAME = 0, 13  # numbers of entries in a font's table of names

# What browsers draw in place of a letter that stands alone in <mi>: MathML Core, "italic mappings".
ITALICS = {
    chr(int(unicodedata.decomposition(chr(code)).removeprefix("<font> "), 16)): chr(code)
    for code in [*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C), 0x1D6A4, 0x1D6A5, 0x210E]
    if unicodedata.decomposition(chr(code))  # one place among them is empty
}
# What they draw without being asked by a character: the sign of a root, and - as a minus.
ROOT, MINUS = "√", "−"
# How far below the ink of what they stand at indices must reach, and above it exponents. TeX asks
# this of boxes alone, browsers of letters too: an index of y or f would hang lower than that of x,
# and so would every exponent of a letter with a hat. With these values single letters keep theirs.
SCRIPTS = {"SubscriptBaselineDropMin": -10, "SuperscriptBaselineDropMax": 386}
NEVER_DRAWN = {"\u2061", "\u2062", "\u2063", "\u2064", "\ufe00", "\ufe01"}  # applied to, times, ...


def characters(page: str) -> set[str]:
    """The characters that a browser draws for the formulas of a page.

    Parameters
    ----------
    page : str
        HTML.
    """
    shown = set()
    for formula in re.findall(r"<math\b.*?</math>", page, re.DOTALL):
        formula = re.sub(r"<annotation\b.*?</annotation>", "", formula, flags=re.DOTALL)
        shown |= set(html.unescape(re.sub(r"<[^>]+>", "", formula)))
        alone = map(html.unescape, re.findall(r"<mi>([^<]+)</mi>", formula))
        shown |= {ITALICS[letter] for letter in alone if letter in ITALICS}
        shown |= {ROOT} if re.search(r"<m(sqrt|root)\b", formula) else set()
    return (shown | ({MINUS} if "-" in shown else set())) - {"\n"}


def cut(wanted: set[str]) -> bytes:
    """The font with these characters alone, as WOFF2.

    The table MATH and the larger forms of brackets, sums and roots are kept, and so are the forms
    for indices (``ssty``).
    """
    from fontTools.subset import Options, Subsetter  # slow to import, and seldom needed
    from fontTools.ttLib import TTFont

    font = TTFont(FONT, recalcTimestamp=False)
    options = Options(flavor="woff2", hinting=False, layout_features=["ccmp", "kern", "ssty"])
    options.name_IDs = [COPYRIGHT, 1, 2, 5, LICENCE_NAME, 14]
    options.drop_tables += ["DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted))
    subsetter.subset(font)
    for constant, value in SCRIPTS.items():
        getattr(font["MATH"].table.MathConstants, constant).Value = value
    # The forms for indices belong to the script "math", which Chromium does not ask for.
    systems = {r.ScriptTag: r.Script for r in font["GSUB"].table.ScriptList.ScriptRecord}
    for system in systems.values():
        system.DefaultLangSys = systems["math"].DefaultLangSys
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def write_math_font(site: Path) -> None:
    """Write the style sheet with the font, and the font's licence, into a built site.

    Nothing is done if the sheet holds just this font already.

    Parameters
    ----------
    site : Path
        Folder of the pages. The font gets what their formulas show.

    Raises
    ------
    ValueError
        If the font lacks a character; the message names it.
    """
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))]
    wanted = set().union(*map(characters, pages))
    made_of = [FONT.read_bytes(), Path(__file__).read_bytes(), "".join(sorted(wanted)).encode()]
    digest = hashlib.sha256(b"\0".join(made_of)).hexdigest()
    style = site / STYLE
    if style.is_file() and digest in style.read_text(encoding="utf-8"):
        return
    from fontTools.ttLib import TTFont

    known = TTFont(FONT)
    missing = wanted - set(map(chr, known.getBestCmap())) - NEVER_DRAWN
    if missing:
        names = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in sorted(missing))
        raise ValueError(f"{FONT.name} has no {names}: write the formula in another way.")
    style.parent.mkdir(parents=True, exist_ok=True)
    data = base64.b64encode(cut(wanted)).decode()
    style.write_text(
        f"/*! STIX Two Math, licence: {LICENCE_OF_FONT.as_posix()}. Made of {digest}. */\n"
        f'@font-face {{\n  font-family: "{FAMILY}";\n  font-display: fallback;\n'
        f'  src: url("data:font/woff2;base64,{data}") format("woff2");\n}}\n',
        encoding="utf-8",
    )
    names = [known["name"].getDebugName(entry) for entry in (COPYRIGHT, LICENCE_NAME)]
    changed = f"Changed here: cut down to {len(wanted)} characters, and written as WOFF2."
    text = "\n\n".join(["STIX Two Math", *names, changed, LICENCE.read_text(encoding="utf-8")])
    (site / LICENCE_OF_FONT).write_text(text, encoding="utf-8")
