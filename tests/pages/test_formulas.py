"""Formulas in a real browser: without scripts, in the book's font, dark, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.browsing import DESKTOP, PHONE
from tests.support import lecture_names
from tools.pages.math_font import FAMILY

LECTURES = lecture_names()


@pytest.fixture(scope="module")
def still(browser: Browser) -> Iterator[Page]:
    """A page on which no script of the book runs."""
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def moving(browser: Browser) -> Iterator[Page]:
    """A page on which scripts run."""
    context = browser.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


# The numbers, in order, of the first of all elements with the same letters and of the same kind.
DISTINCT = """selector => {
  const first = new Map();
  document.querySelectorAll(selector).forEach((e, number) => {
    const key = e.localName + e.textContent;
    if (!first.has(key)) first.set(key, number);
  });
  return [...first.values()];
}"""


def fonts_of(page: Page, selector: str) -> dict[str, int]:
    """The fonts in which distinct elements are drawn, and the number of glyphs from each."""
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    found: dict[str, int] = {}
    ids = tools.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    for number in page.evaluate(DISTINCT, selector):
        for font in tools.send("CSS.getPlatformFontsForNode", {"nodeId": ids[number]})["fonts"]:
            name = f"{font['familyName']}{'' if font['isCustomFont'] else ' of the system'}"
            found[name] = found.get(name, 0) + int(font["glyphCount"])
    return found


@pytest.fixture(scope="module", params=LECTURES)
def lecture(request: pytest.FixtureRequest, still: Page, book: Path) -> Page:
    """A lecture, opened once for the tests of it, as wide as a desktop, without scripts."""
    still.goto((book / "lectures" / f"{request.param}.html").as_uri())
    still.evaluate("document.fonts.ready.then(() => 0)")
    return still


def test_without_scripts_every_letter_of_a_formula_is_drawn_in_the_font_of_the_book(
    lecture: Page,
) -> None:
    letters = "article .math :is(mi, mn, mo, mtext)"
    assert set(fonts_of(lecture, letters)) == {"STIX Two Math"}
    assert lecture.locator(letters).count() > 20


def test_the_search_for_fonts_sees_a_borrowed_letter(moving: Page, book: Path) -> None:
    moving.goto((book / "lectures" / f"{LECTURES[0]}.html").as_uri())
    moving.locator("article").evaluate(
        "e => e.insertAdjacentHTML('beforeend', '<math id=strange><mi>Ж</mi></math>')"
    )
    moving.evaluate("document.fonts.ready")
    moving.locator("#strange mi").scroll_into_view_if_needed()  # and so it is drawn
    assert any(font.endswith(" of the system") for font in fonts_of(moving, "#strange mi"))


MEASURE = """([formula, family]) => {
  const math = document.createElement('div');
  math.innerHTML = `<math style="font-family: ${family}">${formula}</math>`;
  document.querySelector('article').append(math);
  const box = math.querySelector('#measured').getBoundingClientRect();
  math.remove();
  return [box.width, box.height];
}"""
FRACTION = "<mfrac><mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn></mfrac>"


def size(page: Page, formula: str, family: str = f"'{FAMILY}'") -> list[float]:
    """Width and height of the element ``measured`` of a formula."""
    return page.evaluate(MEASURE, [formula, family])


def test_brackets_grow_with_what_they_hold(moving: Page, book: Path) -> None:
    moving.goto((book / "lectures" / f"{LECTURES[0]}.html").as_uri())
    _, small = size(moving, f'<mrow><mo id="measured" stretchy="false">(</mo>{FRACTION}</mrow>')
    _, large = size(moving, f'<mrow><mo id="measured">(</mo>{FRACTION}</mrow>')
    _, inside = size(moving, f'<mrow id="measured">{FRACTION}</mrow>')
    assert large > 1.5 * small and large > 0.9 * inside


def test_indices_take_the_forms_that_the_font_has_for_them(moving: Page, book: Path) -> None:
    moving.goto((book / "lectures" / f"{LECTURES[0]}.html").as_uri())
    formula = '<msup><mi>x</mi><mtext id="measured" style="{}">n</mtext></msup>'
    chosen, _ = size(moving, formula.format(""))
    plain, _ = size(moving, formula.format("font-feature-settings: normal"))
    assert chosen > plain  # the form for indices is wider


def test_an_index_of_a_letter_with_a_hat_stands_where_that_of_the_letter_does(
    moving: Page, book: Path
) -> None:
    moving.goto((book / "lectures" / f"{LECTURES[0]}.html").as_uri())
    hat = '<mover accent="true"><mi>y</mi><mo stretchy="false">ˆ</mo></mover>'
    heights = {
        base: size(moving, f'<msub id="measured">{base}<mi>t</mi></msub>')[1]
        - size(moving, f'<mrow id="measured">{base}</mrow>')[1]
        for base in ("<mi>y</mi>", hat)
    }
    assert heights[hat] == pytest.approx(heights["<mi>y</mi>"], abs=0.1)


@pytest.mark.slow
def test_no_line_begins_with_the_mark_after_a_formula(lecture: Page) -> None:
    lone = 0
    for width in (390, 474, 558):
        lecture.set_viewport_size({"width": width, "height": 800})
        lone += lecture.evaluate(LONE_MARKS)
    lecture.set_viewport_size(DESKTOP)
    assert lone == 0


LONE_MARKS = """[...document.querySelectorAll('article .math')].filter(e => {
  if (!/^[.,;:!?)]/.test(e.nextSibling?.nodeValue ?? '')) return false;
  const mark = document.createRange();
  mark.setStart(e.nextSibling, 0);
  mark.setEnd(e.nextSibling, 1);
  return mark.getBoundingClientRect().left < e.getBoundingClientRect().left;
}).length"""

BOXES = """[...document.querySelectorAll('article div.math')]
  .filter(e => !e.closest('.toggle-hidden, details:not([open])'))
  .map(e => {
    const box = e.getBoundingClientRect(), math = e.querySelector('math').getBoundingClientRect();
    const eqno = e.querySelector('.eqno'), number = (eqno ?? e).getBoundingClientRect();
    // A wide formula makes room for its number on the right: so far it stands left of the middle.
    const room = eqno ? Math.max(0, math.width / 2 + number.width - box.width / 2) : 0;
    return {off: (math.left + math.right - box.left - box.right) / 2 + room,
            right: box.right - number.right, tab: e.tabIndex,
            over: eqno ? math.right - number.left : 0,
            wide: e.scrollWidth > e.clientWidth, tall: e.scrollHeight > e.clientHeight};
  })"""


def test_a_displayed_formula_stands_in_the_middle_and_its_number_at_the_right(
    lecture: Page,
) -> None:
    boxes = lecture.evaluate(BOXES)
    assert [b for b in boxes if abs(b["off"]) > 1 or b["right"] > 30 or b["over"] > 0] == []
    assert not any(b["wide"] or b["tall"] for b in boxes)


@pytest.mark.parametrize("name", LECTURES)
def test_on_a_phone_a_wide_formula_scrolls_and_is_reached_by_keyboard(
    name: str, moving: Page, book: Path
) -> None:
    moving.set_viewport_size(PHONE)
    moving.goto((book / "lectures" / f"{name}.html").as_uri())
    moving.wait_for_function("document.documentElement.dataset.pieces === undefined")
    moving.evaluate("() => new Promise(done => setTimeout(done, 100))")
    boxes = moving.evaluate(BOXES)
    moving.set_viewport_size(DESKTOP)
    assert [b for b in boxes if b["tall"] or b["over"] > 0] == []
    assert [b for b in boxes if (b["tab"] == 0) != b["wide"]] == []


def test_a_formula_that_is_too_wide_for_a_phone_is_found(moving: Page, book: Path) -> None:
    moving.set_viewport_size(PHONE)
    for name in LECTURES:
        moving.goto((book / "lectures" / f"{name}.html").as_uri())
        moving.wait_for_function("document.documentElement.dataset.pieces === undefined")
        if any(box["wide"] for box in moving.evaluate(BOXES)):
            break
    else:
        pytest.fail("no formula of the book is wide: the test before has shown nothing")
    moving.set_viewport_size(DESKTOP)


def test_a_formula_has_the_colour_of_the_text_around_it(moving: Page, book: Path) -> None:
    colours = "e => [getComputedStyle(e).color, getComputedStyle(e.closest('p')).color]"
    seen = set()
    for scheme in ("light", "dark"):
        moving.emulate_media(color_scheme=scheme)
        moving.goto((book / "lectures" / f"{LECTURES[0]}.html").as_uri())
        formula, text = moving.locator("article p .math mi").first.evaluate(colours)
        assert formula == text
        seen.add(formula)
    assert len(seen) == 2
