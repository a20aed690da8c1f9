"""The font of the formulas: which characters it has, and what is kept besides them."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.support import write
from tools.pages.formulas import to_mathml
from tools.pages.math_font import (
    FAMILY,
    FONT,
    LICENCE_OF_FONT,
    SCRIPTS,
    STYLE,
    characters,
    write_math_font,
)

LATEX = r"\left\{ \sqrt{x_t} \right\} + \tanh h - \varepsilon"


def site(folder: Path, latex: str = LATEX) -> Path:
    """A site of one page with one formula, and its font."""
    write(folder / "page.html", f"<p>Zebra {to_mathml(latex, display=True)}</p>")
    write_math_font(folder)
    return folder


def font_of(folder: Path) -> TTFont:
    """The font in a site's style sheet."""
    style = (folder / STYLE).read_text(encoding="utf-8")
    assert f'font-family: "{FAMILY}"' in style
    data = re.search(r'url\("data:font/woff2;base64,([^"]+)"\) format\("woff2"\)', style)[1]
    return TTFont(io.BytesIO(base64.b64decode(data)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its font, for tests that change nothing."""
    return site(tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("x", "x𝑥"),
        ("h", "hℎ"),
        (r"\varepsilon", "ε𝜀"),
        (r"\partial", "∂𝜕"),
        (r"\mathrm{d}", "d"),
        (r"\tanh", "tanh"),
        (r"\mathbf{x}", "𝐱"),
        (r"\sqrt{2}", "2√"),
        (r"\text{it is}", "its\u00a0"),
        (r"a < b", "ab𝑎𝑏<"),
    ],
)
def test_the_characters_of_a_formula_are_those_that_a_browser_draws(latex: str, shown: str) -> None:
    assert characters(f"<p>{to_mathml(latex, display=False)} Zebra</p>") == set(shown)


def test_the_font_has_what_the_pages_show_and_no_more(built: Path) -> None:
    assert set(map(chr, font_of(built).getBestCmap())) == {*"{}√x𝑥t𝑡+tanh\u2061ℎ−ε𝜀"}


def test_the_larger_forms_and_those_for_indices_are_kept(built: Path) -> None:
    font = font_of(built)
    assert {"MATH", "GSUB"} <= set(font.keys())
    variants = font["MATH"].table.MathVariants
    brace, root = (font.getBestCmap()[ord(sign)] for sign in "{√")
    for sign in (brace, root):
        place = variants.VertGlyphCoverage.glyphs.index(sign)
        construction = variants.VertGlyphConstruction[place]
        assert len(construction.MathGlyphVariantRecord) > 3
        assert construction.GlyphAssembly.PartRecords
    table = font["GSUB"].table
    forms = [f.FeatureTag for f in table.FeatureList.FeatureRecord].index("ssty")
    for script in table.ScriptList.ScriptRecord:
        assert forms in script.Script.DefaultLangSys.FeatureIndex, script.ScriptTag


def test_indices_of_all_letters_hang_alike(built: Path) -> None:
    font = font_of(built)
    constants = font["MATH"].table.MathConstants
    assert {n: getattr(constants, n).Value for n in SCRIPTS} == SCRIPTS
    deepest, highest = 220, 693  # ink of an italic y, and of its hat, in thousandths
    assert deepest + constants.SubscriptBaselineDropMin.Value <= constants.SubscriptShiftDown.Value
    rise = highest - constants.SuperscriptBaselineDropMax.Value
    assert rise <= constants.SuperscriptShiftUp.Value


def test_the_licence_lies_beside_the_font_and_names_who_made_it(built: Path) -> None:
    licence = (built / LICENCE_OF_FONT).read_text(encoding="utf-8")
    owner = TTFont(FONT)["name"].getDebugName(0)
    assert owner.startswith("Copyright") and owner in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence and "DISCLAIMER" in licence
    assert LICENCE_OF_FONT.name in (built / STYLE).read_text(encoding="utf-8")
    assert font_of(built)["name"].getDebugName(0) == owner


def test_the_font_is_made_again_only_when_the_pages_show_something_new(tmp_path: Path) -> None:
    style = site(tmp_path) / STYLE
    first, made = style.read_bytes(), style.stat().st_mtime_ns
    site(tmp_path)
    assert style.stat().st_mtime_ns == made
    site(tmp_path, LATEX + r"\alpha")
    assert style.read_bytes() != first
    site(tmp_path)
    assert style.read_bytes() == first


def test_a_character_that_the_font_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'한' \(U\+D55C\)"):
        site(tmp_path, r"\text{한}")
