"""The vector drawings: in step with the tool, legible on a phone, in one vocabulary of colours.

Text is measured with the widest fonts a reader is likely to have (DejaVu, which comes with
Matplotlib), and once more in a real browser where there is one.
"""

from __future__ import annotations

import io
import math
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.ft2font import FT2Font
from PIL import Image
from playwright.sync_api import Browser

from helpers import plots
from tools.figures import drawings as draw_figures
from tools.figures import kit as diagram

DRAWINGS = draw_figures.drawings()
DIAGRAMS = {name: draw() for name, draw in draw_figures.DIAGRAMS.items()}
SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 8.0

each_diagram = pytest.mark.parametrize("name", DIAGRAMS)


# --- Files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_committed_drawing_is_what_the_tool_draws(path: Path) -> None:
    found = path.read_bytes() if path.exists() else b""
    assert found == DRAWINGS[path].encode("utf-8"), f"{path}: run python -m tools.figures.drawings"


def test_every_drawing_in_the_figures_folder_has_a_function() -> None:
    on_disk = {path.name for path in draw_figures.FIGURES.glob("*.svg")}
    assert on_disk == set(draw_figures.DIAGRAMS)


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import hashlib; from tools.figures.drawings import drawings;"
        "print(hashlib.sha256(''.join(drawings().values()).encode('utf-8')).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=draw_figures.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == draw_figures.digest("".join(DRAWINGS.values()))


def test_social_card_has_the_size_that_links_show() -> None:
    with Image.open(draw_figures.STATIC / "social-card.png") as card:
        assert card.size == (1200, 630)


def test_social_card_is_in_step_with_its_drawing() -> None:
    with Image.open(draw_figures.STATIC / "social-card.png") as card:
        source = card.info.get("Source")
    expected = draw_figures.digest(draw_figures.social_card())
    assert source == expected, "social-card.png: run python -m tools.figures.drawings --social"


def test_social_card_shows_the_title_of_the_book() -> None:
    words = " ".join("".join(t.itertext()) for t in _all(draw_figures.social_card(), "text"))
    settings = (draw_figures.ROOT / "_config.yml").read_text(encoding="utf-8")
    assert f"title: {draw_figures.BOOK_TITLE}\n" in settings
    assert words == f"{draw_figures.BOOK_TITLE} {draw_figures.BOOK_SUBTITLE}"


def test_icon_holds_its_sizes_in_step_with_the_drawing() -> None:
    packed = (draw_figures.STATIC / "favicon.ico").read_bytes()
    count = struct.unpack_from("<H", packed, 4)[0]
    found = []
    for i in range(count):
        length, place = struct.unpack_from("<II", packed, 6 + 16 * i + 8)
        with Image.open(io.BytesIO(packed[place : place + length])) as png:
            found.append((png.size, png.info.get("Source")))
    source = draw_figures.digest(draw_figures.favicon())
    expected = [((side, side), source) for side in draw_figures.ICON_SIZES]
    assert found == expected, "favicon.ico: run python -m tools.figures.drawings --social"


def test_icon_is_readable_as_an_icon_file() -> None:
    with Image.open(draw_figures.STATIC / "favicon.ico") as found:
        assert found.info["sizes"] == {(side, side) for side in draw_figures.ICON_SIZES}


def test_a_browser_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RNN_BROWSER", "no-such-browser")
    assert draw_figures.main(["--social"]) == 1
    assert "RNN_BROWSER=no-such-browser" in capsys.readouterr().err


def test_style_sheet_asks_no_third_party() -> None:
    style = (draw_figures.STATIC / "custom.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?:", style)


# --- Each document -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawing_tells_readers_who_do_not_see_it_what_it_shows(path: Path) -> None:
    root = ElementTree.fromstring(DRAWINGS[path])
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title and root.get("aria-label") == title
    assert description and len(description) > len(title) / 2
    width, height = _size(root)
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawing_is_plain(path: Path) -> None:
    root = ElementTree.fromstring(DRAWINGS[path])
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    known = {"svg", "title", "desc", "style", "g", "rect", "circle", "polyline", "polygon", "path"}
    assert kinds <= known | {"text", "tspan"}
    names = {key for element in root.iter() for key in element.attrib}
    assert not [key for key in names if key in {"id", "transform"} or "href" in key]
    assert not [key for key in names if key.startswith("on")]
    assert not re.search(r"@|url\(|data:", DRAWINGS[path])


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawing_uses_only_the_colours_of_the_book(path: Path) -> None:
    known = {*diagram.COLORS.values(), *diagram.TINTS.values()}
    known |= {diagram.PANEL, diagram.HIGHLIGHT, "none"}
    used = set()
    for element in ElementTree.fromstring(DRAWINGS[path]).iter():
        used |= {element.get("fill", "none"), element.get("stroke", "none")}
    assert used <= known


@each_diagram
def test_diagram_brings_its_own_light_panel(name: str) -> None:
    root = ElementTree.fromstring(DIAGRAMS[name])
    panel = next(element for element in root if element.tag == f"{SVG}rect")
    assert panel.get("fill") == diagram.PANEL
    assert (float(panel.get("width", 0)), float(panel.get("height", 0))) == _size(root)


@each_diagram
def test_text_is_at_least_10_pixels_high_on_a_phone_360_pixels_wide(name: str) -> None:
    root = ElementTree.fromstring(DIAGRAMS[name])
    scale = 360 / _size(root)[0]
    sizes = [float(e.get("font-size", "nan")) for e in root.iter() if e.get("font-size")]
    assert sizes
    assert min(sizes) * scale >= 10


@each_diagram
def test_no_two_texts_overlap(name: str) -> None:
    for a, b in combinations(_texts(DIAGRAMS[name]), 2):
        assert not _overlap(a.box, b.box), f"{a.words!r} and {b.words!r}"


@each_diagram
def test_text_keeps_a_margin_to_the_edge(name: str) -> None:
    width, height = _size(ElementTree.fromstring(DIAGRAMS[name]))
    for found in _texts(DIAGRAMS[name]):
        left, top, right, bottom = found.box
        inside = left >= MARGIN and top >= MARGIN
        assert inside and right <= width - MARGIN and bottom <= height - MARGIN, found


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_no_shape_leaves_the_drawing(path: Path) -> None:
    width, height = _size(ElementTree.fromstring(DRAWINGS[path]))
    for shape in _shapes(DRAWINGS[path]):
        for x, y in shape.points:
            reach = shape.stroke / 2
            assert reach <= x <= width - reach and reach <= y <= height - reach, shape.element


@each_diagram
def test_label_fits_in_its_box_or_circle(name: str) -> None:
    shapes = [s for s in _shapes(DIAGRAMS[name]) if s.closed and not s.is_panel]
    labelled = 0
    for found in _texts(DIAGRAMS[name]):
        around = [s for s in shapes if s.order < found.order and _holds(s, found.anchor)]
        if not around:
            continue
        labelled += 1
        left, top, right, bottom = around[-1].box
        room = around[-1].stroke
        assert found.box[0] >= left + room and found.box[2] <= right - room, found
        assert found.box[1] >= top and found.box[3] <= bottom, found
    assert labelled


@each_diagram
def test_no_line_runs_through_a_text(name: str) -> None:
    shapes = _shapes(DIAGRAMS[name])
    for found in _texts(DIAGRAMS[name]):
        covers = [s for s in shapes if s.closed and s.order < found.order]
        covers = [s for s in covers if _holds(s, found.anchor)]
        ground = covers[-1].order if covers else -1
        for shape in shapes:
            if shape.closed or shape.order < ground:
                continue
            for x, y in shape.points:
                assert not _inside((x, y), found.box), f"{found.words!r} at ({x:.0f}, {y:.0f})"


# --- What the drawings of lectures 03 and 04 say ------------------------------------------------


def test_shapes_of_the_layer_fit_its_formula() -> None:
    """Inner sizes of each product agree; each term, and the result, is n by p (b is spread)."""
    row = _rows(DIAGRAMS["several-neurons.svg"])[-1]
    shapes = [tuple(shape.split(" × ")) for shape in row]
    result, bias, (x_rows, x_inner), (wx_inner, wx_out), (h_rows, h_inner), recurrent = shapes
    assert result == ("n", "p")
    assert bias == ("1", "p")
    assert (x_inner, x_rows, wx_out) == (wx_inner, *result)
    assert (h_inner, h_rows, recurrent[1]) == (recurrent[0], *result)


@pytest.mark.parametrize("role", ["state", "input"])
def test_every_source_is_wired_to_every_unit(role: str) -> None:
    svg = DIAGRAMS["several-neurons.svg"]
    wires = [w for w in _all(svg, "polyline") if w.get("stroke") == diagram.COLORS[role]]
    ends = {tuple(wire.get("points", "").split()) for wire in wires}
    circles = [
        (float(c.get("cx", 0)), float(c.get("cy", 0)), float(c.get("r", 0)), c.get("fill"))
        for c in _all(svg, "circle")
        if float(c.get("r", 0)) > 20
    ]
    right = max(x for x, *_ in circles)
    units = [c for c in circles if c[0] == right]
    left = [c for c in circles if c[0] < right and c[3] == diagram.TINTS[role]]
    assert (len(left), len(units)) == (3, 3)

    def touched(end: str, places: list[tuple]) -> list[tuple]:
        x, y = map(float, end.split(","))
        return [c for c in places if abs(math.hypot(x - c[0], y - c[1]) - c[2]) < 0.2]

    joined = {(*touched(a, left), *touched(b, units)) for a, b in ends}
    assert joined == {(a, b) for a in left for b in units}


@pytest.mark.parametrize(
    ("num_inputs", "num_units", "expected"),
    [(1, 10, 120), (10, 5, 80), (5, 1, 7), (50, 10, 610), (10, 1, 12)],
)
def test_parameters_of_a_recurrent_layer_are_the_class_s(
    num_inputs: int, num_units: int, expected: int
) -> None:
    assert draw_figures.recurrent_parameters(num_inputs, num_units) == expected


def test_stack_shows_the_parameters_of_each_layer_and_their_sum() -> None:
    words = [found.words for found in _texts(DIAGRAMS["stacked-rnn.svg"])]
    numbers = [int(found) for found in words if found.isdigit()]
    assert numbers == [120, 80, 7, 207]


def test_stack_has_a_dot_for_each_unit_at_each_step() -> None:
    svg = DIAGRAMS["stacked-rnn.svg"]
    dots = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in _all(svg, "circle")]
    found = []
    for cell in _shapes(svg):
        if cell.element.get("fill") == diagram.TINTS["state"]:
            found.append(sum(_inside(place, cell.box) for place in dots))
    assert found == [10] * 3 + [5] * 3 + [1] * 3


def test_only_the_kept_states_are_marked_and_handed_on() -> None:
    svg = DIAGRAMS["return-sequences.svg"]
    marks = [s.box for s in _shapes(svg) if s.element.get("fill") == diagram.HIGHLIGHT]
    names = [t for t in _texts(svg) if t.words.startswith("h")]
    middle = _size(ElementTree.fromstring(svg))[0] / 2
    kept: dict[str, list[str]] = {"left": [], "right": []}
    for name in names:
        if any(_inside(name.anchor, mark) for mark in marks):
            kept["left" if name.anchor[0] < middle else "right"].append(name.words)
    assert kept == {"left": ["hT"], "right": ["h1", "h2", "hT"]}
    tips = [
        s.points[0]
        for s in _shapes(svg)
        if s.element.tag == f"{SVG}polygon" and s.points[0][1] < min(top for _, top, *_ in marks)
    ]
    assert sorted(x for x, _ in tips) == sorted((mark[0] + mark[2]) / 2 for mark in marks)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("One to many", ("x--", "yyy")),
        ("Many to one", ("xxx", "--y")),
        ("Many to many, aligned", ("xxx", "yyy")),
        ("Encoder and decoder", ("xx--", "--yy")),
    ],
)
def test_kind_of_network_reads_and_says_at_the_right_steps(
    kind: str, expected: tuple[str, str]
) -> None:
    svg = DIAGRAMS["kinds-of-rnn.svg"]
    title = next(t for t in _texts(svg) if t.words == kind)
    left, top = title.box[0] - 8, title.box[1]
    panel = (left, top, left + 340, top + 340)
    inside = [s for s in _shapes(svg) if s.closed and _inside(_middle(s.box), panel)]

    def places(role: str) -> list[float]:
        return [_middle(s.box)[0] for s in inside if s.element.get("fill") == diagram.TINTS[role]]

    def pattern(role: str, sign: str) -> str:
        found = places(role)
        return "".join(sign if any(abs(x - y) < 1 for y in found) else "-" for x in steps)

    steps = sorted(places("state"))
    assert (pattern("input", "x"), pattern("output", "y")) == expected


def test_next_characters_are_the_inputs_one_step_on() -> None:
    rows = _rows(DIAGRAMS["kinds-of-rnn.svg"])
    said = next(row[:3] for row in rows if "good" in row[3:])
    read = next(row[:3] for row in rows if "guten" in row)
    assert said[:-1] == read[1:]


def test_one_hot_times_the_table_is_the_row_that_the_id_picks() -> None:
    cells = _cells(DIAGRAMS["embedding-lookup.svg"])
    table = _numbers([c for c in cells if c.stroke == diagram.COLORS["weight"]])
    blue = _numbers([c for c in cells if c.stroke == diagram.COLORS["input"] and c.word != "…"])
    upper, lower = np.array(table[:6]), np.array(table[6:])
    looked_up, (*one_hot, a, b, c) = blue
    np.testing.assert_array_equal(upper, lower)
    np.testing.assert_array_equal(upper[3], looked_up)
    assert np.flatnonzero(one_hot).tolist() == [3]
    np.testing.assert_allclose(np.array(one_hot) @ lower, [a, b, c])


def test_yellow_marks_the_row_of_the_id_and_the_one_that_picks_it() -> None:
    cells = _cells(DIAGRAMS["embedding-lookup.svg"])
    yellow = _grid([cell for cell in cells if cell.fill == diagram.HIGHLIGHT])
    vector, _ = _grid([c for c in cells if c.fill == diagram.TINTS["input"]])
    assert yellow == [vector, ["1", *vector]]


@pytest.mark.parametrize("front", [False, True], ids=["back", "front"])
def test_mask_is_one_where_a_word_stands_and_zero_where_a_pad_stands(front: bool) -> None:
    reviews = _grid(_cells(DIAGRAMS["padding-and-mask.svg"]))
    block = reviews[3:] if front else reviews[:3]
    assert len(reviews) == 6
    lengths = []
    for row in block:
        words, mask = row[:5], row[5:]
        assert mask == ["0" if word == "0" else "1" for word in words]
        assert mask == sorted(mask, reverse=not front)
        lengths.append(mask.count("1"))
    assert lengths == [5, 3, 2]


def test_both_sides_pad_the_same_reviews() -> None:
    reviews = [
        [word for word in row[:5] if word != "0"]
        for row in _grid(_cells(DIAGRAMS["padding-and-mask.svg"]))
    ]
    assert reviews[:3] == reviews[3:]


def test_ids_of_the_class_s_sentences_are_what_a_tokenizer_gives() -> None:
    """More frequent words first, ties as first seen, 0 for the pad, cut and padded at the end."""
    sentences = ["I love Stats so much", "I love ML too", "I love DS", "I love NN"]
    tokens = [sentence.lower().split() for sentence in sentences]
    counts = Counter(word for words in tokens for word in words)
    ids = {word: str(i + 1) for i, (word, _) in enumerate(counts.most_common())}
    padded = [([ids[word] for word in words] + ["0"] * 4)[:4] for words in tokens]

    grid = _grid(_cells(DIAGRAMS["text-to-tensor.svg"]))
    assert grid[0] == tokens[-1]
    assert grid[1] == [ids[word] for word in tokens[-1]]
    assert grid[2:6] == padded


def test_yellow_marks_the_padded_ids_of_the_sentence_above() -> None:
    cells = _cells(DIAGRAMS["text-to-tensor.svg"])
    ids = _grid(cells)[1]
    assert _grid([c for c in cells if c.fill == diagram.HIGHLIGHT]) == [[*ids, "0"]]


def test_tensor_has_the_shape_that_is_written_beside_it() -> None:
    svg = DIAGRAMS["text-to-tensor.svg"]
    written = [t.words for t in _texts(svg) if t.words.startswith("here")]
    grid = _grid(_cells(svg))
    padded, vectors = grid[2:6], grid[6:]
    back = [s for s in _shapes(svg) if s.closed and s.stroke == 3]
    sheets = 1 + sum(s.box[3] - s.box[1] > 100 for s in back)
    assert written == [
        f"here ({len(padded)}, {len(padded[0])})",
        f"here ({sheets}, {len(vectors[0])}, {len(vectors)})",
    ]


# --- What the drawings of lecture 06 say --------------------------------------------------------


def test_outputs_of_the_sliding_window_are_its_inputs_under_its_kernel() -> None:
    padded, kernel, outputs = _numbers(_cells(DIAGRAMS["sliding-window.svg"]))
    assert padded[0] == padded[-1] == 0
    np.testing.assert_allclose(np.correlate(padded, kernel, "valid"), outputs, atol=1e-12)


def test_arrows_of_the_window_lead_to_the_output_that_it_makes() -> None:
    svg = DIAGRAMS["sliding-window.svg"]
    grid = _cells(svg)
    window = [c for c in grid if c.fill == diagram.HIGHLIGHT]
    output = next(c for c in grid if c.word == "1.6")
    assert output.x == window[1].x
    tips = [s.points[0] for s in _shapes(svg) if s.element.tag == f"{SVG}polygon"]
    assert len(tips) == 3 and {x for x, _ in tips} == {output.x}


def test_thick_lines_of_the_dilated_stack_join_the_last_output_to_all_its_inputs() -> None:
    svg = DIAGRAMS["receptive-field.svg"]
    circles = [
        (float(c.get("cx", 0)), float(c.get("cy", 0)), float(c.get("r", 0)), c.get("fill"))
        for c in _all(svg, "circle")
    ]
    lines = [w for w in _all(svg, "polyline") if w.get("stroke") == diagram.COLORS["state"]]

    def touched(end: str) -> tuple:
        x, y = map(float, end.split(","))
        return next(c for c in circles if abs(math.hypot(x - c[0], y - c[1]) - c[2]) < 0.2)

    joined = [tuple(map(touched, w.get("points", "").split())) for w in lines]
    reached = {c for c in circles if c[3] == diagram.TINTS["output"]}
    assert len(reached) == 1
    for _ in range(3):
        reached |= {below for below, above in joined if above in reached}
    inputs = {c for c in circles if c[3] == diagram.TINTS["input"]}
    assert len(inputs) == 8 and inputs <= reached
    steps = sorted({round((above[0] - below[0]) / 70) for below, above in joined})
    assert steps == [0, 1, 2, 4]


# --- In a real browser -------------------------------------------------------------------------


@pytest.mark.browser
def test_browser_draws_every_text_inside_and_apart(browser: Browser) -> None:
    measure = """svg => [...svg.querySelectorAll('text')].map(text => {
        const box = text.getBBox();
        return [text.textContent, box.x, box.y, box.x + box.width, box.y + box.height];
    })"""
    page = browser.new_page()
    for name, svg in DIAGRAMS.items():
        page.set_content(f"<!doctype html>{svg}")
        found = page.eval_on_selector("svg", measure)
        assert len(found) == len(_texts(svg)), name
        width, height = _size(ElementTree.fromstring(svg))
        for words, left, top, right, bottom in found:
            assert left >= MARGIN and right <= width - MARGIN, (name, words)
            assert top >= 0 and bottom <= height, (name, words)
        # A browser's box is as high as the font, not as the letters: lines may touch by it.
        boxes = [(w, (x1, y1 + 5, x2, y2 - 5)) for w, x1, y1, x2, y2 in found]
        for (words_a, a), (words_b, b) in combinations(boxes, 2):
            assert not _overlap(a, b), (name, words_a, words_b)
    page.close()


# --- The vocabulary ----------------------------------------------------------------------------


def test_diagrams_and_plots_share_their_colours() -> None:
    shared = set(plots.COLORS) & set(diagram.COLORS)
    assert shared == set(plots.COLORS) - {"highlight"}
    assert {role: diagram.COLORS[role] for role in shared} == {
        role: plots.COLORS[role] for role in shared
    }
    assert (plots.PANEL, plots.COLORS["highlight"]) == (diagram.PANEL, diagram.HIGHLIGHT)


@pytest.mark.parametrize("role", diagram.COLORS)
def test_colour_stands_out_from_the_panel(role: str) -> None:
    """3 to 1 is what WCAG 2.1, criterion 1.4.11, asks of lines and symbols."""
    assert _contrast(diagram.COLORS[role], diagram.PANEL) >= 3


@each_diagram
def test_text_has_the_contrast_that_reading_needs(name: str) -> None:
    """4.5 to 1 is what WCAG 2.1, criterion 1.4.3, asks of text."""
    shapes = [s for s in _shapes(DIAGRAMS[name]) if s.closed]
    for found in _texts(DIAGRAMS[name]):
        under = [s for s in shapes if s.order < found.order and _holds(s, found.anchor)]
        assert _contrast(found.fill, under[-1].element.get("fill", "")) >= 4.5, found


def test_text_too_small_for_a_phone_is_refused() -> None:
    with pytest.raises(ValueError, match="size 14 is below 20"):
        diagram.text(0, 0, "small", size=14)


def test_open_dollar_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="dollar sign is left open"):
        diagram.text(0, 0, "the state $h_t")


def test_open_brace_in_a_formula_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot read"):
        diagram.symbol(0, 0, "h_{t-1")


def test_unknown_role_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'inptu' is unknown; choose one of input, state"):
        diagram.circle(0, 0, "", "inptu")


def test_drawing_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        diagram.drawing(100, "A title", " ", [])


def test_arrow_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"length 0 at \(5, 5\)"):
        diagram.arrow((5, 5), (5, 5))


def test_arrow_touches_the_point_it_is_given() -> None:
    head = _all(f'<svg xmlns="{SVG[1:-1]}">{diagram.arrow((0, 0), (60, 80))}</svg>', "polygon")[0]
    assert head.get("points", "").startswith("60,80 ")


def test_arrow_between_circles_begins_and_ends_on_their_rims() -> None:
    piece = diagram.arrow_between((0, 0), (100, 0), 10, 20)
    assert 'd="M 10 0 ' in piece
    assert 'points="80,0 ' in piece


def test_words_return_to_the_line_after_a_subscript() -> None:
    piece = diagram.text(0, 0, "loss $L$ of $ŷ_{t-1}$ at $x_T$, and on")
    shifts = [float(shift) for shift in re.findall(r'dy="([-\d.]+)"', piece)]
    assert len(shifts) == 4
    assert sum(shifts) == pytest.approx(0)


def test_letters_of_a_formula_are_italic_and_digits_upright() -> None:
    piece = diagram.symbol(0, 0, "w_2")
    assert re.search(r'font-style="italic">w<', piece)
    assert re.search(r'dy="[\d.]+">2<', piece)


def test_hyphen_in_a_formula_becomes_a_minus_sign() -> None:
    piece = diagram.symbol(0, 0, "h_{t-1}")
    assert "\N{MINUS SIGN}1<" in piece


def test_what_belongs_to_markup_is_escaped_in_labels() -> None:
    piece = diagram.text(0, 0, "a < b & $x<y$")
    words = "".join(_all(f'<svg xmlns="{SVG[1:-1]}">{piece}</svg>', "text")[0].itertext())
    assert words == "a < b & x<y"


def test_new_line_in_a_label_makes_a_second_line_below() -> None:
    first, second = diagram.text(0, 100, "one\ntwo", size=20, spacing=1.5).split("\n")
    assert 'y="107"' in first
    assert 'y="137"' in second


def test_cells_of_a_row_adjoin() -> None:
    piece = diagram.cells(10, 50, ["a", "b", "c"], "input", width=40, height=30)
    rects = _all(f'<svg xmlns="{SVG[1:-1]}">{piece}</svg>', "rect")
    assert [float(r.get("x", 0)) for r in rects] == [10, 50, 90]
    assert {(r.get("y"), r.get("width"), r.get("height")) for r in rects} == {("35", "40", "30")}


def test_each_cell_may_have_its_own_role() -> None:
    piece = diagram.cells(0, 0, ["the", "0"], ["input", "quiet"])
    fills = [r.get("fill") for r in _all(f'<svg xmlns="{SVG[1:-1]}">{piece}</svg>', "rect")]
    assert fills == [diagram.TINTS["input"], diagram.TINTS["quiet"]]


def test_picked_row_has_the_yellow_ground() -> None:
    piece = diagram.cells(0, 0, ["1", "2"], "weight", picked=True)
    rects = _all(f'<svg xmlns="{SVG[1:-1]}">{piece}</svg>', "rect")
    assert {r.get("fill") for r in rects} == {diagram.HIGHLIGHT}


def test_roles_that_do_not_match_the_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="3 labels but 2 roles"):
        diagram.cells(0, 0, ["1", "2", "3"], ["input", "quiet"])


# --- Measuring ---------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


@dataclass
class Text:
    """A text of a drawing: its words, box (left, top, right, bottom), order and colour."""

    words: str
    box: Box
    order: int
    fill: str

    @property
    def anchor(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass
class Shape:
    """A shape of a drawing, as points along its outline."""

    element: ElementTree.Element
    points: list[tuple[float, float]]
    order: int

    @property
    def stroke(self) -> float:
        return float(self.element.get("stroke-width", 0))

    @property
    def closed(self) -> bool:
        return self.element.tag in {f"{SVG}rect", f"{SVG}circle"}

    @property
    def is_panel(self) -> bool:
        return self.element.tag == f"{SVG}rect" and self.element.get("x") is None

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def _all(svg: str, kind: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}{kind}"))


def _size(root: ElementTree.Element) -> tuple[float, float]:
    return float(root.get("width", "nan")), float(root.get("height", "nan"))


@cache
def _font(name: str) -> FT2Font:
    return FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"))


def _advance(run: str, size: float, font_name: str) -> float:
    """Return the width of a run of text in pixels."""
    font = _font(font_name)
    font.set_size(size, 72)
    return sum(font.load_char(ord(letter)).linearHoriAdvance for letter in run) / 65536


def _texts(svg: str) -> list[Text]:
    found = []
    for order, element in enumerate(ElementTree.fromstring(svg).iter()):
        if element.tag != f"{SVG}text":
            continue
        size, line = float(element.get("font-size", "nan")), float(element.get("y", "nan"))
        word_font = "DejaVuSans-Bold" if element.get("font-weight") else "DejaVuSans"
        width, top, bottom = 0.0, math.inf, -math.inf
        for run, here, part in _runs(element, size):
            symbol = part is not None and part.get("class") == "symbol"
            italic = symbol and part is not None and part.get("font-style") == "italic"
            font = ("DejaVuSerif-Italic" if italic else "DejaVuSerif") if symbol else word_font
            line += float(part.get("dy", 0)) if part is not None else 0
            width += _advance(run, here, font)
            top, bottom = min(top, line - 0.76 * here), max(bottom, line + 0.22 * here)
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
        left = float(element.get("x", "nan")) - share * width
        words = "".join(element.itertext())
        box = (left, top, left + width, bottom)
        found.append(Text(words, box, order, element.get("fill", "")))
    return found


def _runs(
    element: ElementTree.Element, size: float
) -> list[tuple[str, float, ElementTree.Element | None]]:
    runs: list[tuple[str, float, ElementTree.Element | None]] = []
    if element.text and element.text.strip():
        runs.append((element.text, size, None))
    for part in element:
        runs.append((part.text or "", float(part.get("font-size", size)), part))
        if part.tail:
            runs.append((part.tail, size, None))
    return runs


def _shapes(svg: str) -> list[Shape]:
    found = []
    for order, element in enumerate(ElementTree.fromstring(svg).iter()):
        kind = element.tag.removeprefix(SVG)
        if kind == "rect":
            x, y, w, h = (float(element.get(key, 0)) for key in ("x", "y", "width", "height"))
            points = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        elif kind == "circle":
            x, y, r = (float(element.get(key, 0)) for key in ("cx", "cy", "r"))
            turn = [2 * math.pi * i / 64 for i in range(64)]
            points = [(x + r * math.cos(a), y + r * math.sin(a)) for a in turn]
        elif kind in {"polyline", "polygon"}:
            pairs = [pair.split(",") for pair in element.get("points", "").split()]
            corners = [(float(x), float(y)) for x, y in pairs]
            points = _along(corners + corners[:1] if kind == "polygon" else corners)
        elif kind == "path":
            points = _path(element.get("d", ""))
        else:
            continue
        found.append(Shape(element, points, order))
    return found


def _along(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points on straight lines through the corners, about two pixels apart."""
    points = corners[:1]
    for (x_1, y_1), (x_2, y_2) in zip(corners, corners[1:], strict=False):
        count = max(1, round(math.hypot(x_2 - x_1, y_2 - y_1) / 2))
        steps = [(i + 1) / count for i in range(count)]
        points += [(x_1 + s * (x_2 - x_1), y_1 + s * (y_2 - y_1)) for s in steps]
    return points


def _path(commands: str) -> list[tuple[float, float]]:
    """Return points along a path of the commands M, L, Q and C (Bezier curves)."""
    points: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", commands):
        values = [float(value) for value in numbers.split()]
        bends = list(zip(values[::2], values[1::2], strict=True))
        assert command in "MLQC", f"unknown path command {command}"
        if command == "M":
            points.append(bends[0])
            continue
        control = [points[-1], *bends]
        degree = len(control) - 1
        curve = []
        for i in range(1, 41):
            s = i / 40
            weights = [
                math.comb(degree, k) * s**k * (1 - s) ** (degree - k) for k in range(degree + 1)
            ]
            x = sum(w * p[0] for w, p in zip(weights, control, strict=True))
            y = sum(w * p[1] for w, p in zip(weights, control, strict=True))
            curve.append((x, y))
        points += _along([points[-1], *curve])[1:]
    return points


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _rows(svg: str) -> list[list[str]]:
    """Return the words of a drawing, line by line from the top, each from the left."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for element in _all(svg, "text"):
        line = lines.setdefault(float(element.get("y", 0)), [])
        line.append((float(element.get("x", 0)), "".join(element.itertext())))
    return [[word for _, word in sorted(lines[y])] for y in sorted(lines)]


def _numbers(cells: list[Cell]) -> list[list[float]]:
    return [[float(word.replace("\N{MINUS SIGN}", "-")) for word in row] for row in _grid(cells)]


@dataclass
class Cell:
    """A cell of a table: where its middle is, what stands in it, and its two colours."""

    x: float
    y: float
    word: str
    stroke: str
    fill: str


def _cells(svg: str) -> list[Cell]:
    """Return the thin-edged, square-cornered cells of a drawing that hold a text."""
    texts = _texts(svg)
    found = []
    for shape in _shapes(svg):
        element = shape.element
        if element.tag != f"{SVG}rect" or element.get("rx") or shape.stroke != 1.5:
            continue
        words = [t.words for t in texts if _inside(t.anchor, shape.box)]
        assert len(words) == 1, (words, shape.box)
        colours = element.get("stroke", ""), element.get("fill", "")
        found.append(Cell(*_middle(shape.box), words[0], *colours))
    return found


def _grid(cells: list[Cell]) -> list[list[str]]:
    """Return the words of cells as rows from the top, each from the left."""
    heights = sorted({cell.y for cell in cells})
    return [
        [c.word for c in sorted(cells, key=lambda c: c.x) if c.y == height] for height in heights
    ]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(point: tuple[float, float], box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def _holds(shape: Shape, point: tuple[float, float]) -> bool:
    return _inside(point, shape.box)


def _contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, after WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
