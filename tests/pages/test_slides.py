"""The slides in a real browser: nothing cut off, each step, paper, light and dark, notes, axe.

Looks at each deck of ``slides/``, and at one made here, which holds everything that a deck can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages.browsing import COLOUR_RULES, CONTRASTS, LEAST_CONTRAST, Visit, visit
from tests.support import write
from tools.book.course import LECTURES
from tools.book.state import stored_outputs
from tools.slides import make_decks, read_decks, write_decks
from tools.slides.source import Deck, read_deck

pytestmark = pytest.mark.browser
on_the_sample = pytest.mark.parametrize("deck", ["sample"], indirect=True)

SIZES = [{"width": 1280, "height": 720}, {"width": 1024, "height": 768}]
LEAST_PICTURE = 200  # pixels of its 720 that a picture is high at least, or of 1280 wide
SAMPLE = """\
---
title: "LSTM & GRU"
page: lstm
---

# Does it still have the number?

Thirty steps ago a network read a number that it needs now.

![](figure:fig-adding-problem)

Note: 2 min. Show the two marks. Students ask: *why is the target so easy?*
---

# Forgotten, or never learned?

Sixteen units, {glue:text}`adding_rnn_short:.3f` over 8 steps, {glue:text}`adding_rnn_long:.3f`
over 32. Can the layer not *hold* a number?

+++

An LSTM reaches {glue:text}`adding_lstm_long:.4f`. The plain layer can hold it, too.

Note: 3 min. Let them guess first.
---

# A state that is added to

{equation}`eq-cell`

No matrix touches $C_t$, and nothing squashes it.

+++

{equation}`eq-carousel`

Note: 4 min. Write it on the board.
---

# Keep

The *forget gate* $F_t$ scales the old cell state.

{equation}`eq-keep`

+++

What does $F_t = 1$ forget?

![](figure:fig-lstm-keep)

Note: 3 min. Nothing.
---

# The whole cell

{equation}`eq-lstm`

Note: 2.5 min. Do not read it out.
---

# The same in NumPy

```{code} lstm
```

```{output} kept
```

Note: 3 min. One product serves all four.
---

# Try it

```{live} read-along
```

Note: 5 min. Type *not bad at all*.
---

# Two pictures, a table, a link

![](figures/lstm-keep.svg)
![The whole cell of an LSTM, as on its page](figures/lstm-cell.svg)

| layer | updates |
|---|---|
| LSTM | {glue:text}`lstm_most:,d` |

More: [LSTM and GRU](page:lstm)

Note: 1 min. Until next week.
"""
# Whatever sticks out of its column, or of the part of the slide that is not margin.
CUT_OFF = """() => {
  const slide = Reveal.getCurrentSlide(), found = [], scale = Reveal.getScale();
  const inner = (box) => {
    const outer = box.getBoundingClientRect(), style = getComputedStyle(box);
    const pad = (side) => parseFloat(style[`padding${side}`]) * scale;
    return {left: outer.left + pad("Left"), right: outer.right - pad("Right"),
            top: outer.top + pad("Top"), bottom: outer.bottom - pad("Bottom")};
  };
  const look = (rect, node, what) => {
    const box = (node.parentElement ?? slide).closest(".text, .pictures, .code, section");
    const room = inner(box);
    const over = [
      Math.max(room.left, 0) - rect.left, rect.right - Math.min(room.right, innerWidth),
      Math.max(room.top, 0) - rect.top, rect.bottom - Math.min(room.bottom, innerHeight),
    ];
    if (rect.width * rect.height > 0 && Math.max(...over) > 2) found.push([what, ...over]);
  };
  for (const node of slide.querySelectorAll("*")) {
    if (node.closest("aside, .live > *, annotation")) continue;
    if (node.matches(".live") && (node.scrollHeight > node.clientHeight + 1 ||
        node.scrollWidth > node.clientWidth + 1)) found.push(["live", node.scrollHeight]);
    look(node.getBoundingClientRect(), node, node.className || node.tagName);
    for (const text of node.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !text.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const rect of range.getClientRects()) look(rect, text, text.data.trim().slice(0, 30));
    }
  }
  return found;
}"""
SETTLED = """() => Promise.allSettled(Reveal.getCurrentSlide().getAnimations({subtree: true})
  .map(moving => moving.finished))"""
SMALL = """([least]) => [...Reveal.getCurrentSlide().querySelectorAll("img")].filter(image => {
  const ratio = image.naturalWidth / image.naturalHeight, scale = Reveal.getScale();
  const high = Math.min(image.clientHeight, image.clientWidth / ratio);
  return !image.complete || !image.naturalWidth || high < least && high * ratio < 2.5 * least;
}).map(image => image.alt)"""


def sample(folder: Path) -> Deck:
    """The deck that holds everything."""
    write(folder / "sample.md", SAMPLE)
    return read_deck(folder / "sample.md")


@pytest.fixture(scope="module", params=["sample", *(deck.path.stem for deck in read_decks())])
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """A deck, built into a folder of its own."""
    folder = tmp_path_factory.mktemp("slides")
    known = {deck.path.stem: deck for deck in read_decks()}
    found = known.get(request.param) or sample(folder)
    source = LECTURES / f"{found.page}.md"
    write_decks(make_decks([found], {source: stored_outputs(source)}), folder / "html")
    return found._replace(path=folder / "html" / f"{found.path.stem}.html")


@pytest.fixture
def opened(deck: Deck, browser: Browser) -> Iterator[Visit]:
    """The deck, opened from the disk."""
    with visit(browser, deck.path.as_uri(), SIZES[0]) as visited:
        ready(visited.page)
        yield visited


def ready(page: Page) -> None:
    """Wait until the slides are there."""
    page.wait_for_function("Reveal.isReady() && [...document.images].every(i => i.complete)")
    page.evaluate("document.fonts.ready")


def each_slide(page: Page) -> Iterator[int]:
    """Shows one slide after the other, with all its steps, and what lives on it alive."""
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("n => Reveal.slide(n, 0, 99)", number)
        page.wait_for_function(
            "!Reveal.getCurrentSlide().querySelector('[data-scripts]:not(.cw-alive)')"
        )
        page.evaluate(SETTLED)
        yield number


def cut_off(page: Page) -> dict[int, list]:
    """What is cut off on each slide."""
    found = {number: page.evaluate(CUT_OFF) for number in each_slide(page)}
    return {number: what for number, what in found.items() if what}


# -- nothing cut off ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_nothing_is_cut_off_and_no_picture_is_tiny(
    deck: Deck, browser: Browser, size: dict
) -> None:
    with visit(browser, deck.path.as_uri(), size) as visited:
        ready(visited.page)
        assert visited.page.evaluate("Reveal.getTotalSlides()") == len(deck.slides)
        assert cut_off(visited.page) == {}
        small = [visited.page.evaluate(SMALL, [LEAST_PICTURE]) for _ in each_slide(visited.page)]
        assert [alt for found in small for alt in found] == []


WRONG = {
    "too high": "slide.insertAdjacentHTML('beforeend', '<p style=\"height:500px\">x</p>')",
    "too wide": "slide.querySelector('p').style.whiteSpace = 'nowrap'",
    "long code": "slide.insertAdjacentHTML('beforeend', '<div class=code><pre>' + 'x'.repeat(99))",
    "moved": "slide.querySelector('h1').style.transform = 'translate(-100px)'",
}


@on_the_sample
@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_is_cut_off_would_be_seen(opened: Visit, change: str) -> None:
    page = opened.page
    page.evaluate("Reveal.slide(1, 0, 99)")
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(f"const slide = Reveal.getCurrentSlide(); {change}")
    if "nowrap" in change:
        page.evaluate("Reveal.getCurrentSlide().querySelector('p').append('word '.repeat(20))")
    assert page.evaluate(CUT_OFF) != []


def test_on_paper_each_slide_is_one_page_with_all_its_steps(deck: Deck, browser: Browser) -> None:
    address = f"{deck.path.as_uri()}?print-pdf"
    with visit(browser, address, SIZES[0], scheme="dark") as visited:
        page = visited.page
        ready(page)
        page.wait_for_selector(".pdf-page")
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(deck.slides)
        sizes = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf))
        assert [[round(float(s)) for s in size.split()] for size in sizes] == [[0, 0, 960, 540]]
        hidden = "[...document.querySelectorAll('.fragment')].filter(f => !f.matches('.visible'))"
        assert page.evaluate(f"{hidden}.length") == 0
        too_high = page.evaluate(
            "[...document.querySelectorAll('.pdf-page section')]"
            ".filter(s => s.scrollHeight > s.clientHeight + 1).length"
        )
        assert too_high == 0
        assert page.evaluate("document.documentElement.dataset.theme") == "light"


# -- going through --------------------------------------------------------------------------------


def test_it_opens_without_error_and_nothing_leads_out_of_its_folder(
    deck: Deck, opened: Visit
) -> None:
    list(each_slide(opened.page))
    home = f"{deck.path.parent.as_uri()}/"
    assert [u for u in opened.requests if not u.startswith((home, "data:", "blob:"))] == []
    assert len(opened.requests) > 5
    assert opened.errors == []


def test_the_keyboard_goes_step_by_step(deck: Deck, opened: Visit) -> None:
    page, seen = opened.page, []
    at = "() => { const {h, f} = Reveal.getIndices(); return [h, f ?? -1]; }"
    for slide in deck.slides:
        for _ in slide.steps:
            seen.append(page.evaluate(at))
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("ArrowRight")
    wanted = [[n, k - 1] for n, s in enumerate(deck.slides) for k in range(len(s.steps))]
    assert [s[0] for s in seen] == [w[0] for w in wanted]
    assert [s for s, w in zip(seen, wanted, strict=True) if w[1] >= 0] == [
        w for w in wanted if w[1] >= 0
    ]
    page.keyboard.press("Home")
    page.wait_for_function("Reveal.getIndices().h === 0")


@on_the_sample
def test_the_answer_waits_for_its_step(opened: Visit) -> None:
    answer = (
        "() => getComputedStyle(Reveal.getCurrentSlide().querySelector('.fragment')).visibility"
    )
    opened.page.evaluate("Reveal.slide(1)")
    assert opened.page.evaluate(answer) == "hidden"
    opened.page.evaluate("Reveal.next()")
    assert opened.page.evaluate(answer) == "visible"


def test_what_one_types_into_a_widget_is_no_command(deck: Deck, opened: Visit) -> None:
    page = opened.page
    for number in each_slide(page):
        field = page.locator("section.present .live").locator("textarea, input").first
        if field.count():
            field.focus()
            page.keyboard.type("so")
            page.keyboard.press("ArrowRight")
            assert page.evaluate("Reveal.getIndices().h") == number
            assert not page.evaluate("Reveal.isOverview()")
            page.evaluate("document.activeElement.blur()")
    assert len(page.context.pages) == 1


def test_the_speaker_sees_notes_with_minutes(deck: Deck, opened: Visit) -> None:
    with opened.page.expect_popup() as speaker:
        opened.page.keyboard.press("s")
    total = sum(slide.minutes for slide in deck.slides)
    told = f"{deck.slides[0].minutes:g} min: minutes 0 to {deck.slides[0].minutes:g} of {total:g}."
    speaker.value.locator(".speaker-controls-notes .value").get_by_text(told).wait_for()
    pace = "Reveal.getSlidesAttributes().reduce((sum, slide) => sum + +slide['data-timing'], 0)"
    assert opened.page.evaluate(pace) == round(60 * total)


# -- light and dark, axe --------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "ground"), [("light", 251), ("dark", 20)])
def test_all_text_can_be_read_in_light_and_in_dark(
    deck: Deck, browser: Browser, scheme: str, ground: int
) -> None:
    with visit(browser, deck.path.as_uri(), SIZES[0], scheme) as visited:
        page = visited.page
        ready(page)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour.startswith(f"rgb({ground},")
        faint = set()
        for number in each_slide(page):
            for text in page.evaluate(CONTRASTS):
                if text["ratio"] < (3 if text["large"] else LEAST_CONTRAST):
                    faint.add((number, text["text"], round(text["ratio"], 1)))
        assert faint == set()


def test_the_colours_follow_the_system(opened: Visit) -> None:
    theme = "document.documentElement.dataset.theme === '{}'"
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_function(theme.format("dark"))
    opened.page.emulate_media(color_scheme="light")
    opened.page.wait_for_function(theme.format("light"))


def test_axe_finds_nothing(deck: Deck, opened: Visit) -> None:
    # Colours, which cost axe most of its time, are measured above; here only those of the sample.
    options: dict = {"resultTypes": ["violations"]}
    if deck.path.stem != "sample":
        options["rules"] = {rule: {"enabled": False} for rule in COLOUR_RULES}
    found = []
    for number in each_slide(opened.page):
        results = Axe().run(opened.page, options=options)
        for violation in results.response["violations"]:
            found += [(number, violation["id"], n["html"][:150]) for n in violation["nodes"]]
    assert found == []


# -- the built book -------------------------------------------------------------------------------


def test_the_book_holds_the_decks_and_no_others(book: Path) -> None:
    built = {path.stem for path in (book / "slides").glob("*.html")}
    assert built == {deck.path.stem for deck in read_decks()}
