"""A deck as HTML: each name in its place, the limits kept, the minutes added up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from selectolax.lexbor import LexborHTMLParser

from tools.book.course import numbers_of_lectures
from tools.pages import FormulaError, front_widget, kept, pack, size_of, to_mathml
from tools.slides.names import NotThereError, Parts, Picture, drawing
from tools.slides.source import Deck, Piece, Slide, fault

MOST_WORDS, MOST_WORDS_BESIDE_A_PICTURE = 60, 40
MOST_LINES, LONG = 20, 12  # of code on one slide; of these with smaller letters
WIDE = 1.9  # a picture that is wider than so many times its height stands below the text
UNCOUNTED = "pre, math, .picture, style, script"
MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(dollarmath_plugin)
    .use(myst_role_plugin)
)
NAME_IT = {
    "math_block": "an equation is named: {equation}`LABEL`, alone in its paragraph.",
    "math_block_label": "an equation is named: {equation}`LABEL`, alone in its paragraph.",
    "code_block": "code is named: ```{code} NAME",
    "html_block": "HTML is named: ```{live} NAME",
}
KINDS = {"{code}": "code", "{output}": "code", "{live}": "picture"}


class Block(NamedTuple):
    """A paragraph, a picture, or what needs the whole width: its kind and its HTML."""

    kind: str  # text, picture, equation, code
    html: str


class Filling:
    """A deck while it is filled.

    Parameters
    ----------
    deck : Deck
        What is written.
    parts : Parts
        What its page gives by name.

    Attributes
    ----------
    files : dict
        The pictures: path beside the deck to content.
    """

    def __init__(self, deck: Deck, parts: Parts) -> None:
        self.deck, self.parts = deck, parts
        self.files: dict[str, bytes] = {}
        self.line = 1  # of the source, where we are
        self.ratio = 0.0  # of the pictures on this slide, width to height
        self.fences: dict[str, Callable[[str], str]] = {
            "{code}": lambda names: python("\n\n\n".join(map(parts.code, names.split()))),
            "{output}": lambda name: printed(parts.output(name)),
            "{live}": self._live,
        }

    def slides(self) -> str:
        """All slides.

        Raises
        ------
        CourseError
            With file and line: a name that the page does not have, a formula that cannot be set,
            more words or lines than a slide holds, something retyped.
        """
        total, before, made = sum(s.minutes for s in self.deck.slides), 0.0, []
        for slide in self.deck.slides:
            clock = f"{slide.minutes:g} min: minutes {before:g} to {before + slide.minutes:g}"
            made.append(self._slide(slide, f"{clock} of {total:g}."))
            before += slide.minutes
        return "\n".join(made)

    def _slide(self, slide: Slide, clock: str) -> str:
        self.ratio = 0.0
        steps = [self._blocks(piece) for piece in slide.steps]
        shown = arranged(steps, beside=0 < self.ratio < WIDE)
        self._keep_limits(slide, shown)
        notes = "".join(html for _, html in self._blocks(slide.notes))
        return (
            f'<section data-timing="{round(60 * slide.minutes)}">{shown}'
            f'<aside class="notes"><p><strong>{clock}</strong></p>{notes}</aside></section>'
        )

    def _keep_limits(self, slide: Slide, html: str) -> None:
        """Stop at a slide that holds too much."""
        tree = LexborHTMLParser(html)
        lines = sum(len(code.text().splitlines()) for code in tree.css("pre"))
        most = MOST_WORDS_BESIDE_A_PICTURE if tree.css(".picture") else MOST_WORDS
        for node in tree.css(UNCOUNTED):
            node.decompose()
        words = len([w for w in tree.text(separator=" ").split() if re.search(r"\w", w)])
        if words > most:
            where = " beside a picture" if most < MOST_WORDS else ""
            raise fault(self.deck.path, slide.line, f"{words} words{where}; at most {most}.")
        if lines > MOST_LINES:
            raise fault(self.deck.path, slide.line, f"{lines} lines of code; at most {MOST_LINES}.")

    def _blocks(self, piece: Piece) -> list[Block]:
        """Blocks of a text as HTML."""
        blocks: list[list[Token]] = []
        for token in MARKDOWN.parse(piece.text):
            if token.level == 0 and token.nesting >= 0:
                blocks.append([])
            blocks[-1].append(token)
        return [self._block(block, piece.line) for block in blocks]

    def _block(self, block: list[Token], first_line: int) -> Block:
        for token in block:
            self.line = first_line + token.map[0] if token.map else self.line
            try:
                self._fill(token)
            except (NotThereError, FormulaError) as error:
                raise fault(self.deck.path, self.line, str(error)) from None
        if block[0].type == "paragraph_open" and (alone := wholly(block[1])):
            html = "".join(child.content for child in block[1].children)
            return Block(alone, f'<div class="{alone}">{html}</div>\n')
        for token in block:
            if any(child.meta.get("alone") for child in token.children or []):
                raise fault(self.deck.path, self.line, "it stands alone in its paragraph.")
        kind = KINDS.get(block[0].info.partition(" ")[0], "text")
        return Block(kind, MARKDOWN.renderer.render(block, MARKDOWN.options, {}))

    def _fill(self, token: Token) -> None:
        """Put in the place of a name what it means."""
        if token.type in NAME_IT:
            raise NotThereError(NAME_IT[token.type])
        if token.type == "fence":
            kind, _, name = token.info.partition(" ")
            if kind not in self.fences:
                raise NotThereError(f"```{token.info}: known are {', '.join(self.fences)}.")
            become(token, "html_block", self.fences[kind](name.strip()))
        for child in token.children or []:
            self.line += child.type in ("softbreak", "hardbreak")
            if child.type == "math_inline":
                become(child, "html_inline", to_mathml(child.content, display=False))
            elif child.type == "myst_role":
                self._role(child)
            elif child.type == "image":
                become(child, "html_inline", self._picture(child), "picture")
            elif child.type == "link_open":
                child.attrs["href"] = address(str(child.attrs["href"]))

    def _role(self, token: Token) -> None:
        name, content = token.meta["name"], token.content
        if name in ("glue:text", "glue"):
            become(token, "html_inline", escape(self.parts.number(content)))
        elif name == "equation":
            latex = self.parts.equation(content)
            become(token, "html_inline", to_mathml(latex, display=True), "equation")
        else:
            raise NotThereError(f"{{{name}}}: known are {{glue:text}} and {{equation}}.")

    def _picture(self, token: Token) -> str:
        """An image, or HTML that lives, of the page or of the drawings."""
        kind, _, name = str(token.attrs["src"]).partition(":")
        folder = self.parts.source.parent
        found = self.parts.figure(name) if kind == "figure" else drawing(folder, kind)
        if found.kind == "html":
            return self._alive(found)
        own = MARKDOWN.renderer.renderInlineAsText(token.children or [], MARKDOWN.options, {})
        if not (alt := own or found.alt):
            raise NotThereError(f"{token.attrs['src']} says nowhere in words what it shows.")
        content = kept(found.content, pack) if found.kind == "png" else found.content
        file = f"_static/pictures/{hashlib.sha256(content).hexdigest()[:16]}.{found.kind}"
        self.files[file] = content
        width, height = size_of(content) or (2, 1)
        self.ratio += width / height
        return f'<img src="{file}" alt="{escape(alt)}" width="{width}" height="{height}">'

    def _alive(self, found: Picture) -> str:
        self.ratio += WIDE
        return f'<div class="live">{found.content.decode()}</div>'

    def _live(self, name: str) -> str:
        """What moves: the front page's sentence, or a widget that a cell of the page shows."""
        if name == "read-along":
            found = Picture("html", f'<div class="read-along">{front_widget()}</div>'.encode(), "")
        else:
            found = self.parts.live(name)
        return f'<div class="picture">{self._alive(found)}</div>'


def arranged(steps: list[list[Block]], beside: bool) -> str:
    """A slide's blocks in order; or its text, if it has any, beside its pictures.

    Then what needs the whole width stands above both, from the second step on below both.
    """
    written = any(block.kind == "text" for block in [*steps[0][1:], *sum(steps[1:], [])])
    if not (beside and written):
        return in_steps(steps, {"text", "picture", "equation", "code"})
    title = steps[0].pop(0).html
    wide = {"equation", "code"}
    columns = (
        f'<div class="text">{in_steps(steps, {"text"})}</div>'
        f'<div class="pictures">{in_steps(steps, {"picture"})}</div>'
    )
    below = in_steps([[], *steps[1:]], wide)
    return f'{title}{in_steps(steps[:1], wide)}<div class="beside">{columns}</div>{below}'


def in_steps(steps: list[list[Block]], kinds: set[str]) -> str:
    """The blocks of these kinds, those of each step but the first in a box that shows late."""
    shown = ["".join(html for kind, html in blocks if kind in kinds) for blocks in steps]
    late = [
        f'<div class="fragment" data-fragment-index="{number}">{html}</div>' if html else ""
        for number, html in enumerate(shown[1:])
    ]
    return "".join([shown[0], *late])


def become(token: Token, kind: str, html: str, alone: str = "") -> None:
    """Make a token HTML that is written as it is; `alone` is what its paragraph then becomes."""
    token.type, token.content, token.children = kind, html, None
    token.meta = {"alone": alone}


def wholly(inline: Token) -> str:
    """What a paragraph becomes that holds nothing but pictures, or equations; else nothing."""
    children = [c for c in inline.children or [] if c.type != "softbreak" and c.content.strip()]
    kinds = {child.meta.get("alone", "") for child in children}
    return kinds.pop() if len(kinds) == 1 else ""


def address(href: str) -> str:
    """Where a link leads; ``page:SLUG`` to a page of the book."""
    slug = href.removeprefix("page:")
    if slug == href:
        return href
    if slug not in numbers_of_lectures():
        raise NotThereError(f"{href}: no lecture of _toc.yml is called {slug!r}.")
    return f"../lectures/{slug}.html"


def python(code: str) -> str:
    """Code in colours, by classes: deck.css has those of the book's pages."""
    long = " long" if code.count("\n") >= LONG else ""
    return highlight(code, PythonLexer(), HtmlFormatter(cssclass=f"code{long}"))


def printed(text: str) -> str:
    """What a cell printed."""
    long = " long" if text.count("\n") >= LONG else ""
    return f'<div class="code printed{long}"><pre>{escape(text)}</pre></div>\n'
