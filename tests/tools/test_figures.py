"""The vector drawings: legible on a phone, in the book's colours, told to readers who do not see.

A browser measures the files, with the widest fonts a reader is likely to have (DejaVu, which comes
with Matplotlib). The map is drawn by ``tools/course_map.py``; the others are edited as files.
"""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from PIL import Image
from playwright.sync_api import Browser

from helpers import plots
from tests.helpers.colours import contrast
from tests.support import ROOT
from tools.course_map import MAP, who_needs_what

FIGURES = sorted((ROOT / "lectures" / "figures").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 8.0
TINTS = {"#D6E8F3", "#FBE2D2", "#D3EEE5", "#F2DFEF", "#FFFFFF", "#E8E6E1", "#F1EFEA", "#8C8982"}

each = pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.name)


def test_the_map_is_what_the_contents_give() -> None:
    assert MAP.read_text(encoding="utf-8") == who_needs_what(), "run python -m tools.course_map"


def test_every_drawing_is_on_a_page() -> None:
    sources = [
        ROOT / "intro.md",
        *(ROOT / "lectures").glob("*.md"),
        *(ROOT / "slides").glob("*.md"),
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [path.name for path in FIGURES if f"figures/{path.name}" not in text] == []


def test_social_card_and_icon_have_the_sizes_that_links_and_tabs_show() -> None:
    with Image.open(ROOT / "_static" / "social-card.png") as card:
        assert card.size == (1200, 630)
    with Image.open(ROOT / "_static" / "favicon.ico") as icon:
        assert icon.ico.sizes() == {(16, 16), (32, 32), (48, 48)}


def test_style_sheet_asks_no_third_party() -> None:
    style = (ROOT / "_static" / "custom.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?:", style)


@each
def test_drawing_tells_readers_who_do_not_see_it_what_it_shows(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title and root.get("aria-label") == title
    assert description and len(description) > len(title) / 2
    width, height = _size(root)
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"


@each
def test_drawing_is_plain(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    known = {"svg", "title", "desc", "style", "g", "rect", "circle", "polyline", "polygon", "path"}
    linked = path == MAP  # which the front page takes in, for its links
    assert kinds <= known | {"text", "tspan"} | ({"a"} if linked else set())
    names = {key for element in root.iter() for key in element.attrib}
    names -= {"href"} if linked else set()
    assert not [key for key in names if key in {"id", "transform"} or "href" in key]
    assert not [key for key in names if key.startswith("on")]
    assert not re.search(r"@|url\(|data:", path.read_text(encoding="utf-8"))


@each
def test_drawing_uses_only_the_colours_of_the_book_on_a_light_panel(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    known = {*plots.COLORS.values(), *TINTS, plots.PANEL, plots.TEXT, "none"}
    used = {element.get(kind, "none") for element in root.iter() for kind in ("fill", "stroke")}
    assert used <= known
    panel = next(element for element in root if element.tag == f"{SVG}rect")
    assert panel.get("fill") == plots.PANEL
    assert (float(panel.get("width", 0)), float(panel.get("height", 0))) == _size(root)


@each
def test_text_is_at_least_10_pixels_high_on_a_phone_360_pixels_wide(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    scale = 360 / _size(root)[0]
    sizes = [float(e.get("font-size", "nan")) for e in root.iter() if e.get("font-size")]
    assert sizes
    assert min(sizes) * scale >= 10


@each
@pytest.mark.slow
def test_no_two_texts_overlap(path: Path, measure: Measure) -> None:
    for a, b in combinations(measure(path.name).texts, 2):
        assert not _overlap(a.box, b.box), f"{a.words!r} and {b.words!r}"


@each
def test_nothing_leaves_the_drawing(path: Path, measure: Measure) -> None:
    width, height = _size(ElementTree.parse(path).getroot())
    for found in measure(path.name).texts:
        left, top, right, bottom = found.box
        inside = left >= MARGIN and top >= MARGIN
        assert inside and right <= width - MARGIN and bottom <= height - MARGIN, found
    for shape in measure(path.name).shapes:
        for x, y in shape.points:
            reach = shape.stroke / 2
            assert reach <= x <= width - reach and reach <= y <= height - reach, shape


@each
def test_label_fits_in_its_box_or_circle(path: Path, measure: Measure) -> None:
    drawn = measure(path.name)
    labelled = [(t, under) for t in drawn.texts if (under := _under(drawn, t))[1:]]
    for found, (*_, around) in labelled:
        left, top, right, bottom = around.box
        room = around.stroke
        assert found.box[0] >= left + room and found.box[2] <= right - room, found
        assert found.box[1] >= top and found.box[3] <= bottom, found
    assert labelled


@each
def test_no_line_runs_through_a_text(path: Path, measure: Measure) -> None:
    drawn = measure(path.name)
    for found in drawn.texts:
        ground = _under(drawn, found)[-1].order
        for shape in (s for s in drawn.shapes if not s.closed and s.order > ground):
            through = [point for point in shape.points if _inside(point, found.box)]
            assert through == [], found.words


@each
def test_text_has_the_contrast_that_reading_needs(path: Path, measure: Measure) -> None:
    """4.5 to 1 is what WCAG 2.1, criterion 1.4.3, asks of text."""
    drawn = measure(path.name)
    for found in drawn.texts:
        assert contrast(found.fill, _under(drawn, found)[-1].fill) >= 4.5, found


# --- Measuring ---------------------------------------------------------------------------------

Box = tuple[float, float, float, float]

FACES = {
    ("word", "400", "normal"): "DejaVuSans",
    ("word", "700", "normal"): "DejaVuSans-Bold",
    ("symbol", "400", "normal"): "DejaVuSerif",
    ("symbol", "400", "italic"): "DejaVuSerif-Italic",
}

# A text's box is as high as capitals and descenders, 0.76 and 0.22 of its size; a browser's is as
# high as the font, 1.17 of it.
MEASURE = """svg => [...svg.querySelectorAll('*')].flatMap((element, order) => {
    const piece = {order, tag: element.tagName, fill: element.getAttribute('fill') || '',
        words: '', points: [], stroke: +element.getAttribute('stroke-width')};
    const boxed = (x, top, width, bottom) => [{...piece, box: [x, top, x + width, bottom]}];
    if (piece.tag == 'text') {
        const {x, width} = element.getBBox(), tops = [], bottoms = [];
        for (let i = 0; i < element.getNumberOfChars(); i++) {
            const {y} = element.getStartPositionOfChar(i);
            const size = element.getExtentOfChar(i).height / 1.17;
            tops.push(y - 0.76 * size); bottoms.push(y + 0.22 * size);
        }
        piece.words = element.textContent;
        return boxed(x, Math.min(...tops), width, Math.max(...bottoms));
    }
    if (!element.getTotalLength) return [];
    const {x, y, width, height} = element.getBBox(), length = element.getTotalLength();
    for (let at = 0; at <= length; at += Math.min(2, length / 2)) {
        const point = element.getPointAtLength(at);
        piece.points.push([point.x, point.y]);
    }
    return boxed(x, y, width, y + height);
})"""


@dataclass
class Piece:
    """A text or a shape of a drawing, as a browser draws it; lengths in pixels."""

    order: int  #: place in the document: later pieces lie on top
    tag: str
    fill: str
    stroke: float  #: width of its line
    words: str
    points: list[tuple[float, float]]  #: of a shape: its outline, a point every two pixels
    box: Box  #: left, top, right, bottom

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def closed(self) -> bool:
        return self.tag in {"rect", "circle"}


@dataclass
class Drawn:
    """The pieces of one drawing, in its order."""

    texts: list[Piece]
    shapes: list[Piece]


Measure = Callable[[str], Drawn]


def _wide_fonts() -> str:
    """A style sheet that sets the texts of a drawing in DejaVu."""
    rules = [".word { font-family: word } .word .symbol { font-family: symbol }"]
    for (family, weight, style), name in FACES.items():
        file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
        data = base64.b64encode(file.read_bytes()).decode()
        rules.append(
            f"@font-face {{ font-family: {family}; font-weight: {weight}; font-style: {style}; "
            f"src: url(data:font/ttf;base64,{data}) }}"
        )
    return "\n".join(rules)


@pytest.fixture(scope="module")
def measure(browser: Browser) -> Measure:
    """Measures a drawing that is named by its file, once."""
    page = browser.new_page()
    page.set_content("<!doctype html><div></div>")
    page.add_style_tag(content=_wide_fonts())
    page.evaluate("() => Promise.all([...document.fonts].map(face => face.load()))")
    assert page.evaluate("() => document.fonts.check('bold 20px word')")
    drawn = {}
    for path in FIGURES:
        svg = path.read_text(encoding="utf-8")
        bare = re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)
        page.eval_on_selector("div", "(div, svg) => { div.innerHTML = svg }", bare)
        pieces = [Piece(**told) for told in page.eval_on_selector("svg", MEASURE)]
        texts = [piece for piece in pieces if piece.tag == "text"]
        drawn[path.name] = Drawn(texts, [piece for piece in pieces if piece.tag != "text"])
    page.close()
    return drawn.__getitem__


def _size(root: ElementTree.Element) -> tuple[float, float]:
    return float(root.get("width", "nan")), float(root.get("height", "nan"))


def _under(drawn: Drawn, found: Piece) -> list[Piece]:
    """Return the shapes on which a text lies: the panel of the drawing first, the topmost last."""
    below = [s for s in drawn.shapes if s.closed and s.order < found.order]
    return [s for s in below if _inside(found.middle, s.box)]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(point: tuple[float, float], box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]
