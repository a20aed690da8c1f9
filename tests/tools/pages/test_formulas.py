"""Formulas: LaTeX to MathML, in pages that Sphinx builds here from a few lines of MyST."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.support import write
from tools.pages.formulas import FormulaError, to_mathml

PAGE = r"""# Page

First {eq}`eq-line`, then {eq}`eq-two`, and $h_t < \hat y$.

$$
y = 2x
$$ (eq-line)

$$
\begin{aligned}
a &= b \\
c &= d
\end{aligned}
$$ (eq-two)

$$
z = 1
$$

\begin{align*}
e &= f
\end{align*}
"""


def build(folder: Path, text: str, renderer: str = "mathml") -> tuple[LexborHTMLParser, str]:
    """A page as Sphinx builds it, and what it warned of."""
    write(folder / "source" / "index.md", text)
    warnings = io.StringIO()
    settings = {
        "extensions": ["myst_parser", "tools.pages.formulas"],
        "html_math_renderer": renderer,
        "myst_enable_extensions": ["amsmath", "dollarmath"],
        "numfig": True,
    }
    source, out = folder / "source", folder / renderer
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, out, out, "html", settings, status=None, warning=warnings, freshenv=True
        )
        app.build()
    page = (folder / renderer / "index.html").read_text(encoding="utf-8")
    return LexborHTMLParser(page), warnings.getvalue()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> LexborHTMLParser:
    """The page above, built without a warning."""
    built, warnings = build(tmp_path_factory.mktemp("page"), PAGE)
    assert warnings == ""
    return built


def test_a_formula_becomes_mathml_that_keeps_its_latex(page: LexborHTMLParser) -> None:
    formula = page.css_first("span.math math")
    assert formula.css_first("annotation").text() == r"h_t < \hat y"
    assert formula.css_first("mover") and formula.text() == r"ht<yˆh_t < \hat y"


def test_a_displayed_formula_is_a_block(page: LexborHTMLParser) -> None:
    assert [math.attrs.get("display") for math in page.css("div.math math")] == ["block"] * 4
    assert "display" not in page.css_first("span.math math").attributes


def test_an_environment_of_its_own_is_set(page: LexborHTMLParser) -> None:
    assert page.css("div.math.amsmath math mtable")


def anchors(page: LexborHTMLParser) -> list[object]:
    """Where equations are, what they are called, and what leads there."""
    body = page.css_first("div.body")
    return [
        [(e.tag, e.id) for e in body.css("[id^=equation]")],
        [(e.text(), e.css_first("a").attrs["href"], e.parent.id) for e in body.css(".eqno")],
        [(e.text(), e.attrs["href"]) for e in body.css("a.reference")],
    ]


def test_numbers_ids_and_links_are_those_of_the_mathjax_extension(
    page: LexborHTMLParser, tmp_path: Path
) -> None:
    theirs, _ = build(tmp_path, PAGE, "mathjax")
    assert anchors(page) == anchors(theirs)
    assert [number for number, *_ in anchors(page)[1]] == ["(1)¶", "(2)¶"]


def test_the_page_has_no_script_that_sets_formulas(page: LexborHTMLParser) -> None:
    assert [s for s in page.css("script[src]") if "mathjax" in s.attrs["src"].lower()] == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\foo{x}",
        r"x \tag{3}",
        r"\label{eq-x} x",
        r"\eqref{eq-line}",
        r"\begin{aligned} a",
        r"a & b",
    ],
)
def test_what_cannot_be_shown_stops_the_build_with_file_and_line(
    latex: str, tmp_path: Path
) -> None:
    page, warnings = build(tmp_path, f"# Page\n\nOne.\n\nSo ${latex}$ is.\n\n$$\n{latex}\n$$\n")
    assert re.findall(r"index\.md:(\d+): WARNING: formula", warnings) == ["5", "7"]
    assert repr(latex) in warnings
    assert [code.text().strip() for code in page.css(".math code")] == [latex] * 2


@pytest.mark.parametrize("name", ["equation", "align", "gather", "multline"])
def test_an_environment_with_numbers_of_its_own_is_refused(name: str, tmp_path: Path) -> None:
    _, warnings = build(tmp_path, f"# Page\n\n\\begin{{{name}}}\nx = 1\n\\end{{{name}}}\n")
    assert re.search(r"index\.md:3: WARNING: formula .*number .* \{eq\}`label`", warnings)


@pytest.mark.parametrize("latex", ["a \\\\ b", "a\n\nb"])
def test_lines_of_a_displayed_formula_stay_lines(latex: str) -> None:
    assert to_mathml(latex, display=True).count("<mtr>") == 2


def test_lines_within_an_environment_stay_within_it() -> None:
    latex = r"x = \begin{pmatrix} a \\ b \end{pmatrix}"
    assert to_mathml(latex, display=True).count("<mtable") == 1


def test_a_word_that_begins_like_a_command_for_numbers_is_no_such_command() -> None:
    with pytest.raises(FormulaError, match=r'Unknown command "\\tagged"'):
        to_mathml(r"\tagged", display=False)


def test_a_product_by_element_is_a_sign_of_letter_size() -> None:
    assert '<mo largeop="false" lspace="0" rspace="0">⊙</mo>' in to_mathml(r"\odot x", False)
    assert "largeop" not in to_mathml(r"\sum x", True)


def test_a_formula_keeps_the_punctuation_after_it(tmp_path: Path) -> None:
    page, _ = build(tmp_path, "# Page\n\nFor ($x$), $y$ and *$z$*. So\n")
    kept = page.css(".with-mark")
    assert [span.last_child.text_content for span in kept] == ["),"]
    pieces = page.css_first("p").iter(include_text=True)
    texts = [piece.text_content for piece in pieces if piece.tag == "-text"]
    assert texts == ["For (", " ", " and ", ". So"]
