"""The vector drawings: in step with the tool, legible on a phone, in one vocabulary of colours.

A browser measures them, with the widest fonts a reader is likely to have (DejaVu, which comes with
Matplotlib).
"""

from __future__ import annotations

import base64
import math
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from helpers import plots
from tests.helpers.colours import contrast
from tools.figures import draw, face
from tools.figures import kit as diagram
from tools.figures.recurrent import recurrent_parameters

DRAWINGS = draw.drawings()
DIAGRAMS = {name: function() for name, function in draw.DIAGRAMS.items()}
SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 8.0

each_diagram = pytest.mark.parametrize("name", DIAGRAMS)
each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)


# --- Files -------------------------------------------------------------------------------------


@each_drawing
def test_committed_drawing_is_what_the_tool_draws(path: Path) -> None:
    found = path.read_bytes() if path.exists() else b""
    assert found == DRAWINGS[path].encode("utf-8"), f"{path}: run python -m tools.figures"


def test_every_drawing_in_the_figures_folder_has_a_function() -> None:
    on_disk = {path.name for path in draw.FIGURES.glob("*.svg")}
    assert on_disk == set(draw.DIAGRAMS)


def test_social_card_is_in_step_with_its_drawing_and_has_the_size_that_links_show() -> None:
    with Image.open(draw.STATIC / "social-card.png") as card:
        found = card.size, card.info.get("Source")
    expected = (1200, 630), draw.digest(face.social_card())
    assert found == expected, "social-card.png: run python -m tools.figures --social"


def test_social_card_shows_the_title_of_the_book() -> None:
    words = " ".join("".join(t.itertext()) for t in _all(face.social_card(), "text"))
    settings = (draw.ROOT / "_config.yml").read_text(encoding="utf-8")
    assert f"title: {face.BOOK_TITLE}\n" in settings
    assert words == f"{face.BOOK_TITLE} {face.BOOK_SUBTITLE}"


def test_icon_holds_its_sizes_in_step_with_the_drawing() -> None:
    with Image.open(draw.STATIC / "favicon.ico") as icon:
        found = {size: icon.ico.getimage(size).info.get("Source") for size in icon.ico.sizes()}
    expected = {(side, side): draw.digest(face.favicon()) for side in draw.ICON_SIZES}
    assert found == expected, "favicon.ico: run python -m tools.figures --social"


def test_a_browser_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RNN_BROWSER", "no-such-browser")
    assert draw.main(["--social"]) == 1
    assert "RNN_BROWSER=no-such-browser" in capsys.readouterr().err


def test_style_sheet_asks_no_third_party() -> None:
    style = (draw.STATIC / "custom.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?:", style)


# --- Each document -----------------------------------------------------------------------------


@each_drawing
def test_drawing_tells_readers_who_do_not_see_it_what_it_shows(path: Path) -> None:
    root = ElementTree.fromstring(DRAWINGS[path])
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title and root.get("aria-label") == title
    assert description and len(description) > len(title) / 2
    width, height = _size(root)
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"


@each_drawing
def test_drawing_is_plain(path: Path) -> None:
    root = ElementTree.fromstring(DRAWINGS[path])
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    known = {"svg", "title", "desc", "style", "g", "rect", "circle", "polyline", "polygon", "path"}
    linked = path.name == "who-needs-what.svg"  # which the front page takes in, for its links
    assert kinds <= known | {"text", "tspan"} | ({"a"} if linked else set())
    names = {key for element in root.iter() for key in element.attrib} - (
        {"href"} if linked else set()
    )
    assert not [key for key in names if key in {"id", "transform"} or "href" in key]
    assert not [key for key in names if key.startswith("on")]
    assert not re.search(r"@|url\(|data:", DRAWINGS[path])


@each_drawing
def test_drawing_uses_only_the_colours_of_the_book(path: Path) -> None:
    known = {*diagram.COLORS.values(), *diagram.TINTS.values()}
    known |= {diagram.PANEL, diagram.HIGHLIGHT, "none"}
    whole = list(ElementTree.fromstring(DRAWINGS[path]).iter())
    used = {element.get(kind, "none") for element in whole for kind in ("fill", "stroke")}
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
@pytest.mark.slow
def test_no_two_texts_overlap(name: str, measure: Measure) -> None:
    for a, b in combinations(measure(name).texts, 2):
        assert not _overlap(a.box, b.box), f"{a.words!r} and {b.words!r}"


@each_diagram
def test_text_keeps_a_margin_to_the_edge(name: str, measure: Measure) -> None:
    width, height = _size(ElementTree.fromstring(DIAGRAMS[name]))
    for found in measure(name).texts:
        left, top, right, bottom = found.box
        inside = left >= MARGIN and top >= MARGIN
        assert inside and right <= width - MARGIN and bottom <= height - MARGIN, found


@each_drawing
def test_no_shape_leaves_the_drawing(path: Path, measure: Measure) -> None:
    width, height = _size(ElementTree.fromstring(DRAWINGS[path]))
    for shape in measure(path.name).shapes:
        for x, y in shape.points:
            reach = shape.stroke / 2
            assert reach <= x <= width - reach and reach <= y <= height - reach, shape


@each_diagram
def test_label_fits_in_its_box_or_circle(name: str, measure: Measure) -> None:
    labelled = [(t, under) for t in measure(name).texts if (under := _under(measure(name), t))[1:]]
    for found, (*_, around) in labelled:
        left, top, right, bottom = around.box
        room = around.stroke
        assert found.box[0] >= left + room and found.box[2] <= right - room, found
        assert found.box[1] >= top and found.box[3] <= bottom, found
    assert labelled


@each_diagram
def test_no_line_runs_through_a_text(name: str, measure: Measure) -> None:
    drawn = measure(name)
    for found in drawn.texts:
        ground = _under(drawn, found)[-1].order
        for shape in (s for s in drawn.shapes if not s.closed and s.order > ground):
            through = [point for point in shape.points if _inside(point, found.box)]
            assert through == [], found.words


# --- What the drawings of lectures 04 and 08 say ------------------------------------------------


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
    circles = [circle for circle in _circles(svg) if circle[2] > 20]
    right = max(x for x, *_ in circles)
    units = [c for c in circles if c[0] == right]
    left = [c for c in circles if c[0] < right and c[3] == diagram.TINTS[role]]
    assert (len(left), len(units)) == (3, 3)

    joined = {(*_touched(a, left), *_touched(b, units)) for a, b in ends}
    assert joined == {(a, b) for a in left for b in units}


@pytest.mark.parametrize(
    ("num_inputs", "num_units", "expected"),
    [(1, 10, 120), (10, 5, 80), (5, 1, 7), (50, 10, 610), (10, 1, 12)],
)
def test_parameters_of_a_recurrent_layer_are_the_class_s(
    num_inputs: int, num_units: int, expected: int
) -> None:
    assert recurrent_parameters(num_inputs, num_units) == expected


def test_stack_shows_the_parameters_of_each_layer_and_their_sum(measure: Measure) -> None:
    words = [found.words for found in measure("stacked-rnn.svg").texts]
    numbers = [int(found) for found in words if found.isdigit()]
    assert numbers == [120, 80, 7, 207]


def test_stack_has_a_dot_for_each_unit_at_each_step(measure: Measure) -> None:
    dots = [dot[:2] for dot in _circles(DIAGRAMS["stacked-rnn.svg"])]
    cells = [s for s in measure("stacked-rnn.svg").shapes if s.fill == diagram.TINTS["state"]]
    found = [sum(_inside(place, cell.box) for place in dots) for cell in cells]
    assert found == [10] * 3 + [5] * 3 + [1] * 3


def test_only_the_kept_states_are_marked_and_handed_on(measure: Measure) -> None:
    svg = DIAGRAMS["return-sequences.svg"]
    drawn = measure("return-sequences.svg")
    marks = [s.box for s in drawn.shapes if s.fill == diagram.HIGHLIGHT]
    names = [t for t in drawn.texts if t.words.startswith("h")]
    middle = _size(ElementTree.fromstring(svg))[0] / 2
    kept: dict[str, list[str]] = {"left": [], "right": []}
    for name in names:
        if any(_inside(name.middle, mark) for mark in marks):
            kept["left" if name.middle[0] < middle else "right"].append(name.words)
    assert kept == {"left": ["hT"], "right": ["h1", "h2", "hT"]}
    tips = [
        s.points[0]
        for s in drawn.shapes
        if s.tag == "polygon" and s.points[0][1] < min(top for _, top, *_ in marks)
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
    kind: str, expected: tuple[str, str], measure: Measure
) -> None:
    drawn = measure("kinds-of-rnn.svg")
    title = next(t for t in drawn.texts if t.words == kind)
    left, top = title.box[0] - 8, title.box[1]
    panel = (left, top, left + 340, top + 340)
    inside = [s for s in drawn.shapes if s.closed and _inside(s.middle, panel)]

    def places(role: str) -> list[float]:
        return [s.middle[0] for s in inside if s.fill == diagram.TINTS[role]]

    def pattern(role: str, sign: str) -> str:
        found = places(role)
        return "".join(sign if any(abs(x - y) < 1 for y in found) else "-" for x in steps)

    steps = sorted(places("state"))
    assert (pattern("input", "x"), pattern("output", "y")) == expected


def test_a_recursive_window_moves_on_over_its_own_forecasts(measure: Measure) -> None:
    *recursive, direct = _grid(_cells(measure("recursive-and-direct.svg")))
    for one, after in zip(recursive, recursive[1:], strict=False):
        assert after[:4] == one[1:]  # three values of the window, and the forecast
    assert direct[:4] == recursive[0][:4]
    assert direct[4] == recursive[-1][4]


def test_next_characters_are_the_inputs_one_step_on() -> None:
    rows = _rows(DIAGRAMS["kinds-of-rnn.svg"])
    said = next(row[:3] for row in rows if "good" in row[3:])
    read = next(row[:3] for row in rows if "guten" in row)
    assert said[:-1] == read[1:]


def test_one_hot_times_the_table_is_the_row_that_the_id_picks(measure: Measure) -> None:
    cells = _cells(measure("embedding-lookup.svg"))
    table = _numbers([c for c in cells if c.line == diagram.COLORS["weight"]])
    blue = _numbers([c for c in cells if c.line == diagram.COLORS["input"] and c.words != "…"])
    upper, lower = np.array(table[:6]), np.array(table[6:])
    looked_up, (*one_hot, a, b, c) = blue
    np.testing.assert_array_equal(upper, lower)
    np.testing.assert_array_equal(upper[3], looked_up)
    assert np.flatnonzero(one_hot).tolist() == [3]
    np.testing.assert_allclose(np.array(one_hot) @ lower, [a, b, c])


def test_yellow_marks_the_row_of_the_id_and_the_one_that_picks_it(measure: Measure) -> None:
    cells = _cells(measure("embedding-lookup.svg"))
    yellow = _grid([cell for cell in cells if cell.fill == diagram.HIGHLIGHT])
    vector, _ = _grid([c for c in cells if c.fill == diagram.TINTS["input"]])
    assert yellow == [vector, ["1", *vector]]


@pytest.mark.parametrize("front", [False, True], ids=["back", "front"])
def test_mask_is_one_where_a_word_stands_and_zero_where_a_pad_stands(
    front: bool, measure: Measure
) -> None:
    reviews = _grid(_cells(measure("padding-and-mask.svg")))
    block = reviews[3:] if front else reviews[:3]
    assert len(reviews) == 6
    lengths = []
    for row in block:
        words, mask = row[:5], row[5:]
        assert mask == ["0" if word == "0" else "1" for word in words]
        assert mask == sorted(mask, reverse=not front)
        lengths.append(mask.count("1"))
    assert lengths == [5, 3, 2]


def test_both_sides_pad_the_same_reviews(measure: Measure) -> None:
    reviews = [
        [word for word in row[:5] if word != "0"]
        for row in _grid(_cells(measure("padding-and-mask.svg")))
    ]
    assert reviews[:3] == reviews[3:]


def test_ids_of_the_class_s_sentences_are_what_a_tokenizer_gives(measure: Measure) -> None:
    """More frequent words first, ties as first seen, 0 for the pad, cut and padded at the end."""
    sentences = ["I love Stats so much", "I love ML too", "I love DS", "I love NN"]
    tokens = [sentence.lower().split() for sentence in sentences]
    counts = Counter(word for words in tokens for word in words)
    ids = {word: str(i + 1) for i, (word, _) in enumerate(counts.most_common())}
    padded = [([ids[word] for word in words] + ["0"] * 4)[:4] for words in tokens]

    grid = _grid(_cells(measure("text-to-tensor.svg")))
    assert grid[0] == tokens[-1]
    assert grid[1] == [ids[word] for word in tokens[-1]]
    assert grid[2:6] == padded


def test_yellow_marks_the_padded_ids_of_the_sentence_above(measure: Measure) -> None:
    cells = _cells(measure("text-to-tensor.svg"))
    ids = _grid(cells)[1]
    assert _grid([c for c in cells if c.fill == diagram.HIGHLIGHT]) == [[*ids, "0"]]


def test_tensor_has_the_shape_that_is_written_beside_it(measure: Measure) -> None:
    drawn = measure("text-to-tensor.svg")
    written = [t.words for t in drawn.texts if t.words.startswith("here")]
    grid = _grid(_cells(drawn))
    padded, vectors = grid[2:6], grid[6:]
    back = [s for s in drawn.shapes if s.closed and s.stroke == 3]
    sheets = 1 + sum(s.box[3] - s.box[1] > 100 for s in back)
    assert written == [
        f"here ({len(padded)}, {len(padded[0])})",
        f"here ({sheets}, {len(vectors[0])}, {len(vectors)})",
    ]


# --- What the drawings of lecture 11 say --------------------------------------------------------


def test_outputs_of_the_sliding_window_are_its_inputs_under_its_kernel(measure: Measure) -> None:
    padded, kernel, outputs = _numbers(_cells(measure("sliding-window.svg")))
    assert padded[0] == padded[-1] == 0
    np.testing.assert_allclose(np.correlate(padded, kernel, "valid"), outputs, atol=1e-12)


def test_arrows_of_the_window_lead_to_the_output_that_it_makes(measure: Measure) -> None:
    drawn = measure("sliding-window.svg")
    grid = _cells(drawn)
    window = [c for c in grid if c.fill == diagram.HIGHLIGHT]
    output = next(c for c in grid if c.words == "1.6")
    assert output.middle[0] == window[1].middle[0]
    tips = [s.points[0] for s in drawn.shapes if s.tag == "polygon"]
    assert len(tips) == 3 and {x for x, _ in tips} == {output.middle[0]}


def test_thick_lines_of_the_dilated_stack_join_the_last_output_to_all_its_inputs() -> None:
    svg = DIAGRAMS["receptive-field.svg"]
    circles = _circles(svg)
    lines = [w for w in _all(svg, "polyline") if w.get("stroke") == diagram.COLORS["state"]]

    ends = [wire.get("points", "").split() for wire in lines]
    joined = [(_touched(a, circles)[0], _touched(b, circles)[0]) for a, b in ends]
    reached = {c for c in circles if c[3] == diagram.TINTS["output"]}
    assert len(reached) == 1
    for _ in range(3):
        reached |= {below for below, above in joined if above in reached}
    inputs = {c for c in circles if c[3] == diagram.TINTS["input"]}
    assert len(inputs) == 8 and inputs <= reached
    steps = sorted({round((above[0] - below[0]) / 70) for below, above in joined})
    assert steps == [0, 1, 2, 4]


# --- What the drawings of lecture 18 say --------------------------------------------------------


def test_with_a_causal_mask_no_answer_is_joined_to_a_later_letter() -> None:
    svg = DIAGRAMS["who-looks-at-whom.svg"]
    wires = [w for w in _all(svg, "polyline") if w.get("stroke") == diagram.COLORS["gate"]]
    ends = [[tuple(map(float, e.split(","))) for e in w.get("points", "").split()] for w in wires]
    middle = sorted(y for _, y, *_ in _circles(svg))[-11]  # the letters of the second row
    rows = {"all": [e for e in ends if e[0][1] < middle + 30], "causal": []}
    rows["causal"] = [e for e in ends if e not in rows["all"]]
    assert {name: len(row) for name, row in rows.items()} == {"all": 24, "causal": 14}
    assert all(letter[0] <= answer[0] for letter, answer in rows["causal"])
    assert any(letter[0] > answer[0] for letter, answer in rows["all"])


def test_each_half_of_the_block_has_a_normalization_and_a_way_around_it(measure: Measure) -> None:
    drawn = measure("transformer-block.svg")
    words = [found.words for found in sorted(drawn.texts, key=lambda found: -found.box[1])]
    assert words.count("normalize each row") == words.count("+") == 2
    ways = [s for s in drawn.shapes if s.tag == "path" and s.stroke == 4]
    norms = [t.middle[1] for t in drawn.texts if t.words == "normalize each row"]
    assert len(ways) == 2
    assert all(any(w.box[1] < y < w.box[3] for w in ways) for y in norms)


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
    assert contrast(diagram.COLORS[role], diagram.PANEL) >= 3


@each_diagram
def test_text_has_the_contrast_that_reading_needs(name: str, measure: Measure) -> None:
    """4.5 to 1 is what WCAG 2.1, criterion 1.4.3, asks of text."""
    for found in measure(name).texts:
        assert contrast(found.fill, _under(measure(name), found)[-1].fill) >= 4.5, found


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        (lambda: diagram.text(0, 0, "small", size=14), "size 14 is below 20"),
        (lambda: diagram.text(0, 0, "the state $h_t"), "dollar sign is left open"),
        (lambda: diagram.symbol(0, 0, "h_{t-1"), "cannot read"),
        (lambda: diagram.circle(0, 0, "", "inptu"), "'inptu' is unknown; choose one of input, sta"),
        (lambda: diagram.drawing(100, "A title", " ", []), "must not be empty"),
        (lambda: diagram.arrow((5, 5), (5, 5)), r"length 0 at \(5, 5\)"),
        (lambda: diagram.track_arrow([(5, 5)]), "needs a start and an end"),
        (lambda: diagram.cells(0, 0, ["1", "2", "3"], ["input", "quiet"]), "3 labels but 2 roles"),
    ],
)
def test_what_cannot_be_drawn_is_refused(piece: Callable[[], str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        piece()


def test_arrow_touches_the_point_it_is_given() -> None:
    head = _all(diagram.arrow((0, 0), (60, 80)), "polygon")[0]
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


def test_letters_of_a_formula_are_italic_digits_upright_and_hyphens_minus_signs() -> None:
    piece = diagram.symbol(0, 0, "w_{t-2}")
    assert re.search(r'font-style="italic">w<', piece)
    assert re.search(r'font-size="20">−2<', piece)


def test_what_belongs_to_markup_is_escaped_in_labels() -> None:
    piece = diagram.text(0, 0, "a < b & $x<y$")
    words = "".join(_all(piece, "text")[0].itertext())
    assert words == "a < b & x<y"


def test_new_line_in_a_label_makes_a_second_line_below() -> None:
    first, second = diagram.text(0, 100, "one\ntwo", size=20, spacing=1.5).split("\n")
    assert 'y="107"' in first
    assert 'y="137"' in second


def test_cells_of_a_row_adjoin() -> None:
    rects = _all(diagram.cells(10, 50, ["a", "b"], "input", width=40, height=30), "rect")
    assert [float(r.get("x", 0)) for r in rects] == [10, 50]
    assert {(r.get("y"), r.get("width"), r.get("height")) for r in rects} == {("35", "40", "30")}


@pytest.mark.parametrize(
    ("roles", "picked", "grounds"),
    [
        (["input", "quiet"], False, [diagram.TINTS["input"], diagram.TINTS["quiet"]]),
        ("weight", True, [diagram.HIGHLIGHT] * 2),
    ],
    ids=["each its own role", "a picked row"],
)
def test_cells_have_the_ground_of_their_role(roles: object, picked: bool, grounds: list) -> None:
    rects = _all(diagram.cells(0, 0, ["1", "0"], roles, picked=picked), "rect")
    assert [r.get("fill") for r in rects] == grounds


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
        line: element.getAttribute('stroke') || '', words: '', points: [],
        stroke: +element.getAttribute('stroke-width'),
        square: !element.hasAttribute('rx'),
        panel: element.tagName == 'rect' && !element.hasAttribute('x')};
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
    line: str  #: colour of its line
    stroke: float  #: width of its line
    words: str
    points: list[tuple[float, float]]  #: of a shape: its outline, a point every two pixels
    square: bool  #: whether its corners are not rounded
    panel: bool
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
    for path, svg in DRAWINGS.items():
        bare = re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)
        page.eval_on_selector("div", "(div, svg) => { div.innerHTML = svg }", bare)
        pieces = [Piece(**told) for told in page.eval_on_selector("svg", MEASURE)]
        texts = [piece for piece in pieces if piece.tag == "text"]
        drawn[path.name] = Drawn(texts, [piece for piece in pieces if piece.tag != "text"])
    page.close()
    return drawn.__getitem__


def _all(piece: str, kind: str) -> list[ElementTree.Element]:
    """Return the elements of one kind in a drawing, or in a piece of one."""
    whole = ElementTree.fromstring(f'<g xmlns="{SVG[1:-1]}">{piece}</g>')
    return list(whole.iter(f"{SVG}{kind}"))


def _circles(svg: str) -> list[tuple]:
    """Return the middle, the radius and the colour of each circle."""
    circles = _all(svg, "circle")
    return [(*(float(c.get(key)) for key in ("cx", "cy", "r")), c.get("fill")) for c in circles]


def _touched(end: str, circles: list[tuple]) -> list[tuple]:
    """Return the circles on whose rim a point (``x,y``) lies."""
    x, y = map(float, end.split(","))
    return [c for c in circles if abs(math.hypot(x - c[0], y - c[1]) - c[2]) < 0.2]


def _size(root: ElementTree.Element) -> tuple[float, float]:
    return float(root.get("width", "nan")), float(root.get("height", "nan"))


def _rows(svg: str) -> list[list[str]]:
    """Return the words of a drawing, line by line from the top, each from the left."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for element in _all(svg, "text"):
        line = lines.setdefault(float(element.get("y", 0)), [])
        line.append((float(element.get("x", 0)), "".join(element.itertext())))
    return [[word for _, word in sorted(lines[y])] for y in sorted(lines)]


def _numbers(cells: list[Piece]) -> list[list[float]]:
    return [[float(word.replace("\N{MINUS SIGN}", "-")) for word in row] for row in _grid(cells)]


def _cells(drawn: Drawn) -> list[Piece]:
    """Return the thin-edged, square-cornered cells of a drawing, each with its text."""
    found = []
    for shape in drawn.shapes:
        if shape.tag == "rect" and shape.square and shape.stroke == 1.5:
            (word,) = [t.words for t in drawn.texts if _inside(t.middle, shape.box)]
            found.append(replace(shape, words=word))
    return found


def _grid(cells: list[Piece]) -> list[list[str]]:
    """Return the words of cells as rows from the top, each from the left."""
    rows: dict[float, list[Piece]] = {}
    for cell in sorted(cells, key=lambda cell: cell.middle):
        rows.setdefault(round(cell.middle[1], 1), []).append(cell)
    return [[cell.words for cell in rows[height]] for height in sorted(rows)]


def _under(drawn: Drawn, found: Piece) -> list[Piece]:
    """Return the shapes on which a text lies: the panel of the drawing first, the topmost last."""
    below = [s for s in drawn.shapes if s.closed and s.order < found.order]
    return [s for s in below if _inside(found.middle, s.box)]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(point: tuple[float, float], box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]
