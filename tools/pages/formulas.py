"""Sphinx extension: formulas become MathML when a page is built, so that no script sets them.

Loaded by ``_config.yml``; ``html_math_renderer: mathml`` chooses it. LaTeX is converted by
math-core. Numbers, ids and permalinks of equations are Sphinx's, as with its MathJax extension.
"""

from __future__ import annotations

import re
from functools import cache

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
# What counts or refers by itself: its numbers would not be those of the book.
PAST_SPHINX = re.compile(
    r"\\begin\{(?:equation|align|gather|multline|alignat|flalign|eqnarray)\}"
    r"|\\(?:tag|label|ref|eqref)(?![a-zA-Z])"
)
PUNCTUATION = re.compile(r"[.,;:!?)\]’”]+")
# What scrolls is reached by keyboard in every browser only if it says so. Sizes are all read before
# anything is written: else the page would be laid out once for each.
REACH_WIDE_BOXES = """\
addEventListener("DOMContentLoaded", () => {
  const reach = new ResizeObserver(changes => {
    const wide = changes.map(({target: box}) => [box, box.scrollWidth > box.clientWidth
      || box.scrollHeight > box.clientHeight && !box.matches(".math")]);
    for (const [box, scrolls] of wide) {
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(
    "div.math, pre, .cell_output > .output, .pst-scrollable-table-container"
  ).forEach(box => reach.observe(box));
});"""


class FormulaError(ValueError):
    """A formula that cannot be shown; the message says why."""


@cache
def converter() -> LatexToMathML:
    """The converter, which keeps the LaTeX as an annotation."""
    return LatexToMathML(annotation=True, fancy_error=False)


@cache
def to_mathml(latex: str, display: bool) -> str:
    """Convert a formula.

    Parameters
    ----------
    latex : str
        The formula without its dollars.
    display : bool
        Whether it stands on lines of its own. There, ``\\\\`` and empty lines start a new line.

    Returns
    -------
    str
        A ``<math>`` element that holds the LaTeX as an annotation.

    Raises
    ------
    FormulaError
        If the converter does not know it, or if it makes a number that Sphinx does not know.
    """
    if found := PAST_SPHINX.search(latex):
        raise FormulaError(
            f"{found[0]} makes or names a number that the book does not know. "
            "Write $$...$$ (label) and {eq}`label`, and `aligned` for several lines."
        )
    try:
        mathml = converter().convert_with_local_state(
            in_lines(latex) if display else latex, displaystyle=display
        )
    except LatexError as error:
        place, _, why = str(error).partition(": ")
        raise FormulaError(f"{why} (after {place} characters)") from None
    # Between two letters these are small, whatever Firefox holds of them.
    return re.sub(r"<mo(?=[^>]*>[⊙⊕⊗]</mo>)", '<mo largeop="false"', mathml)


def in_lines(latex: str) -> str:
    """A displayed formula with its lines in ``aligned``, where they are in no environment yet."""
    lines = [part.strip() for part in re.split(r"\n\s*\n", latex) if part.strip()]
    formula = r"\\".join(lines)
    if r"\\" in ENVIRONMENT.sub("", formula):
        return rf"\begin{{aligned}}{formula}\end{{aligned}}"
    return formula


class KeepPunctuation(SphinxPostTransform):
    """Keep a formula on one line with the punctuation after it, which browsers would wrap."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for formula in list(self.document.findall(nodes.math)):
            after = formula.next_node(descend=False, siblings=True)
            mark = PUNCTUATION.match(after) if isinstance(after, nodes.Text) else None
            if mark:
                after.parent.replace(after, nodes.Text(after[mark.end() :]))
                kept = nodes.inline(classes=["with-mark"])
                formula.replace_self(kept)
                kept += [formula, nodes.Text(mark[0])]


def mathml_of(self: HTML5Translator, node: nodes.Element, display: bool) -> str:
    """The MathML of a node; a warning with file and line, and the LaTeX, where that fails."""
    latex = node.astext().strip()
    try:
        return to_mathml(latex, display)
    except FormulaError as error:
        logger.warning("formula %r: %s", latex, error, location=node, type="formula")
        return f"<code>{self.encode(latex)}</code>"


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    mathml = mathml_of(self, node, display=False)
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(f"{mathml}</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number and the number's link."""
    mathml = mathml_of(self, node, display=True)
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    self.body.append(mathml)
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_post_transform(KeepPunctuation)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.add_js_file(None, body=REACH_WIDE_BOXES)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
