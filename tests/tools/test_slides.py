"""The builder of slides: what a deck may name, what stops it, and that nothing is retyped.

The page here is made up, and so is what its cells gave; nothing is executed.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from tests.support import HEADER, SETUP, notebook, write
from tools import slides
from tools.book import sidecars
from tools.book.course import LECTURES, CourseError
from tools.book.lecture import read_lecture
from tools.slides import __main__ as command
from tools.slides import site
from tools.slides.render import MOST_LINES, MOST_WORDS, MOST_WORDS_BESIDE_A_PICTURE
from tools.slides.source import read_deck

TEXT = r"""
The state,

$$
h_t = \tanh(w h_{t-1}).
$$ (eq-state)

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: A curve.
    name: fig-curve
  image:
    alt: A curve that falls from one to zero.
---
values = [1, 0]
plot(values)
```

```{figure} figures/cell.svg
:name: fig-cell
:alt: One box, and a line that comes back to it.

A cell.
```

```{code-cell} ipython3
import numpy as np


@np.vectorize
def step(h):
    '''One step & its <state>.'''
    return np.tanh(h)


half = step(0.5)
print("half", half)
```

```{code-cell} ipython3
knobs = Sliders()
knobs
```

```{code-cell} ipython3
half = 0
ENTRIES
```

## Exercises

```{code-cell} ipython3
def step(h):
    ...
```
"""
LONG = "\n".join(["other = {", *(f"    {n}: {n}," for n in range(MOST_LINES)), "}"])
PAGE = f"{HEADER}# A page\n\n{SETUP}{TEXT.replace('ENTRIES', LONG)}"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><desc>A &lt; B</desc></svg>'
)
HEAD = '---\ntitle: A & "B"\npage: page\n---\n'
NOTE = "\n\nNote: 2 min. Say it.\n"
CURVE = "![](figure:fig-curve)"
WIDGET = '<div class="course-widget" data-part="a">0</div><script data-moves="a">mount()</script>'


def png(width: int = 60, height: int = 20) -> bytes:
    """A picture, wide by default."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#d55e00").save(file, "PNG")
    return file.getvalue()


def run_of(source: Path, picture: bytes) -> nbformat.NotebookNode:
    """What the made-up page gave when it ran."""
    run = read_lecture(source)
    cells = [cell for cell in run.cells if cell.cell_type == "code"]
    shown = nbformat.v4.new_output
    cells[0].outputs = sidecars.glue_outputs({"loss": 0.12345, "count": 2440})
    data = {"image/png": base64.b64encode(picture).decode(), "text/plain": "<Figure>"}
    cells[1].outputs = [shown("display_data", data=data)]
    cells[2].outputs = [shown("stream", name="stderr", text="a warning\n")]
    cells[2].outputs += [shown("stream", name="stdout", text="half \x1b[1m0.46\x1b[0m <b>\n")]
    cells[3].outputs = [
        shown("execute_result", data={"text/html": WIDGET, "text/plain": "Sliders"})
    ]
    return run


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    """Makes a deck of its text; all files of the folder of slides."""
    source = tmp_path / "lectures" / "page.md"
    write(source, PAGE)
    write(tmp_path / "lectures" / "figures" / "cell.svg", DRAWING)

    def make(text: str, picture: bytes | None = None) -> dict[str, bytes]:
        write(tmp_path / "slides" / "deck.md", text)
        deck = read_deck(tmp_path / "slides" / "deck.md")
        return slides.make_decks([deck], {source: run_of(source, picture or png())})

    return make


@pytest.fixture
def shown(made: Callable) -> Callable[..., LexborHTMLParser]:
    """A slide of that text, with a title and notes, as a parsed page."""

    def show(text: str, picture: bytes | None = None) -> LexborHTMLParser:
        return LexborHTMLParser(
            made(f"{HEAD}# Title\n\n{text}{NOTE}", picture)["deck.html"].decode()
        )

    return show


# -- what a deck names ----------------------------------------------------------------------------


def test_a_number_stands_as_the_page_would_quote_it(shown: Callable) -> None:
    page = shown("{glue:text}`loss:.3f` of {glue:text}`count:,d`, or {glue:text}`loss`")
    assert page.css_first("section p").text() == "0.123 of 2,440, or 0.12345"


def test_an_equation_is_set_without_the_full_stop_of_its_sentence(shown: Callable) -> None:
    math = shown("{equation}`eq-state`").css_first("section > .equation > math")
    assert math.attrs["display"] == "block"
    assert math.css_first("annotation").text() == r"h_t = \tanh(w h_{t-1})"


def test_a_figure_is_what_its_cell_drew_with_the_words_of_the_page(made: Callable) -> None:
    files = made(f"{HEAD}# Title\n\n{CURVE}{NOTE}")
    image = LexborHTMLParser(files["deck.html"].decode()).css_first("section > .picture > img")
    assert image.attrs["alt"] == "A curve that falls from one to zero."
    assert (image.attrs["width"], image.attrs["height"]) == ("60", "20")
    with Image.open(io.BytesIO(files[image.attrs["src"]])) as kept:
        assert kept.size == (60, 20)
        assert kept.convert("RGB").getpixel((5, 5)) == (0xD5, 0x5E, 0x00)


@pytest.mark.parametrize(
    ("name", "alt"),
    [
        ("![](figure:fig-cell)", "One box, and a line that comes back to it."),
        ("![](figures/cell.svg)", "A < B"),
        ("![My own *words*](figures/cell.svg)", "My own words"),
    ],
)
def test_a_drawing_is_carried_as_it_is(made: Callable, name: str, alt: str) -> None:
    files = made(f"{HEAD}# Title\n\n{name}{NOTE}")
    image = LexborHTMLParser(files["deck.html"].decode()).css_first(".picture > img")
    assert files[image.attrs["src"]] == DRAWING.encode()
    assert image.attrs["alt"] == alt


def test_code_is_a_function_or_the_cell_that_binds_a_name(shown: Callable) -> None:
    function = shown("```{code} step\n```").css_first("pre").text()
    assert function.startswith("@np.vectorize\ndef step(h):\n    '''One step & its <state>.'''")
    assert function.rstrip().endswith("return np.tanh(h)")
    assert (
        shown("```{code} values\n```").css_first("pre").text() == "values = [1, 0]\nplot(values)\n"
    )
    both = shown("```{code} values step\n```").css("pre")
    assert len(both) == 1
    assert "plot(values)\n\n\n@np.vectorize" in both[0].text()


def test_code_is_coloured(shown: Callable) -> None:
    assert shown("```{code} step\n```").css_first(".code pre .k").text() == "def"


def test_an_output_is_what_the_cell_printed_without_warnings_and_colours(shown: Callable) -> None:
    assert shown("```{output} fig-curve\n```").css_first(".printed pre").text() == "<Figure>"
    assert shown("```{output} step\n```").css_first(".printed pre").text() == "half 0.46 <b>"


def test_a_widget_lives_on_a_slide_and_its_script_waits_in_a_file(made: Callable) -> None:
    files = made(f"{HEAD}# Title\n\n```{{live}} knobs\n```{NOTE}")
    page = LexborHTMLParser(files["deck.html"].decode())
    part = page.css_first("section > .picture > .live > .course-widget")
    assert b"mount()" in files[part.attrs["data-scripts"]]
    assert page.css("[data-moves]") == []


def test_the_network_of_the_front_page_lives_on_a_slide(shown: Callable) -> None:
    assert shown("```{live} read-along\n```").css_first(".live .front-page textarea")


def test_a_link_leads_to_a_page_of_the_book(shown: Callable) -> None:
    link = shown("[The LSTM](page:lstm)").css_first("section a")
    assert link.attrs["href"] == "../lectures/lstm.html"


def test_text_is_escaped(made: Callable, shown: Callable) -> None:
    page = shown("a <b>bold</b> & `<i>`")
    assert page.css_first("section p").text() == "a <b>bold</b> & <i>"
    assert page.css_first("title").text() == 'A & "B"'


# -- steps, notes, layout -------------------------------------------------------------------------


def test_what_stands_after_a_plus_line_comes_with_the_next_step(shown: Callable) -> None:
    page = shown("One?\n\n+++\n\nYes.\n+++\nNo.")
    assert [step.text().strip() for step in page.css("section > .fragment")] == ["Yes.", "No."]
    assert page.css_first("section > p").text() == "One?"


def test_notes_say_what_and_when_and_minutes_add_up(made: Callable) -> None:
    one, two = "# One\n\nNote: 1.5 min. *Say* {glue:text}`loss:.1f`.\n", "# Two\n\nNote: 3 min. B\n"
    page = LexborHTMLParser(made(f"{HEAD}{one}---\n{two}")["deck.html"].decode())
    sections = page.css("section")
    assert [s.attrs["data-timing"] for s in sections] == ["90", "180"]
    notes = [s.css_first("aside.notes").text() for s in sections]
    assert notes == [
        "1.5 min: minutes 0 to 1.5 of 4.5.Say 0.1.\n",
        "3 min: minutes 1.5 to 4.5 of 4.5.B\n",
    ]


def test_text_stands_beside_a_tall_picture_and_above_a_wide_one(shown: Callable) -> None:
    text = f"Why?\n\n{{equation}}`eq-state`\n\n{CURVE}\n\n+++\n\nSo.\n\n{{equation}}`eq-state`"
    wide, tall = shown(text, png(60, 20)), shown(text, png(40, 40))
    assert [n.attrs.get("class") or n.tag for n in wide.css("section > *")] == [
        *("h1", "p", "equation", "picture", "fragment", "notes")
    ]
    assert [n.attrs.get("class") or n.tag for n in tall.css("section > *")] == [
        *("h1", "equation", "beside", "fragment", "notes")
    ]
    assert tall.css_first(".beside > .text > p").text() == "Why?"
    assert tall.css_first(".beside > .text > .fragment").text().strip() == "So."
    assert len(tall.css(".beside > .pictures > .picture > img")) == 1


def test_a_picture_without_text_has_the_whole_slide(shown: Callable) -> None:
    assert not shown(CURVE, png(40, 40)).css(".beside")


def test_two_pictures_stand_in_one_line(shown: Callable) -> None:
    assert len(shown(f"{CURVE}\n![](figure:fig-cell)").css("section > .picture > img")) == 2


# -- what stops the build -------------------------------------------------------------------------

MISSING = [
    ("{glue:text}`lost:.3f`", "no number 'lost'"),
    ("{glue:text}`loss:.3q`", "loss:.3q"),
    ("{equation}`eq-stat`", "no equation 'eq-stat'. Near it: eq-state."),
    ("![](figure:fig-curv)", "no figure 'fig-curv'. Near it: fig-curve"),
    ("![](figures/sell.svg)", "no drawing"),
    ("![](https://example.org/a.png)", "no drawing"),
    ("```{code} stepp\n```", "no cell or function 'stepp'. Near it: step."),
    ("```{code} half\n```", "bound by 2 cells"),
    ("```{code} np\n```", "no cell or function"),
    ("```{output} knob\n```", "no cell or function 'knob'"),
    ("```{output} half\n```", "bound by 2 cells"),
    ("```{output} other\n```", "prints nothing"),
    ("```{live} step\n```", "shows no HTML"),
    ("[there](page:13-lost)", "no lecture"),
    ("{cite}`a`", "known are"),
    ("```python\nx = 1\n```", "known are"),
    ("    x = 1", "code is named"),
    ("$$\nx\n$$", "an equation is named"),
    ("$$\nx\n$$ (eq-x)", "an equation is named"),
    (r"$\nonsense$", "nonsense"),
    (f"Here {CURVE}", "alone in its paragraph"),
    ("By {equation}`eq-state` we", "alone in its paragraph"),
]


@pytest.mark.parametrize(("text", "why"), MISSING, ids=[text for text, _ in MISSING])
def test_what_does_not_exist_or_is_retyped_stops_with_file_and_line(
    made: Callable, text: str, why: str
) -> None:
    with pytest.raises(CourseError, match=r"^slides/deck\.md:11: ") as caught:
        made(f"{HEAD}# One{NOTE}---\n# Two\n\n{text}{NOTE}")
    assert why in str(caught.value)


def test_the_line_within_a_paragraph_is_told(made: Callable) -> None:
    with pytest.raises(CourseError, match=r"^slides/deck\.md:9: .*'lost'"):
        made(f"{HEAD}# One\n\nA line,\nanother,\nand {{glue:text}}`lost`.{NOTE}")


BROKEN = [
    ("# One\n", 1, "a deck begins with ---"),
    ("---\ntitle: A\n", 1, "a deck begins with ---"),
    ("---\ntitle: A\n---\n", 1, "title: and a page:"),
    ("---\ntitle: A\npage: page\ntheme: x\n---\n", 1, "nothing else"),
    ("---\ntitle: A\npage: 3\n---\n", 3, "must be a text"),
    ("---\ntitle: A\npage: [a\n---\n", 3, "expected"),
    ("---\ntitle: A\npage: lost\n---\n# A\n\nNote: 1 min. B\n", 3, "called 'lost'"),
    (f"{HEAD}\n\nText{NOTE}", 7, "begins with its title"),
    (f"{HEAD}# One\n", 5, "ends with notes"),
    (f"{HEAD}# One\n\nNote: Say it.\n", 7, "ends with notes"),
    (f"{HEAD}# One\n\nNote: 3 min.\n", 7, "ends with notes"),
    (f"{HEAD}# One{NOTE}---\n# Two\n---\n# Three{NOTE}", 9, "ends with notes"),
    (f"{HEAD}# One\n\n```{{code}} step\n\nNote: 1 min. A\n", 7, "not closed"),
]


@pytest.mark.parametrize(("text", "line", "why"), BROKEN, ids=[why for *_, why in BROKEN])
def test_a_deck_that_is_not_well_formed_stops_with_file_and_line(
    made: Callable, text: str, line: int, why: str
) -> None:
    with pytest.raises(CourseError, match=rf"^slides/deck\.md:{line}: ") as caught:
        made(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("most", "beside"), [(MOST_WORDS, ""), (MOST_WORDS_BESIDE_A_PICTURE, f"\n\n{CURVE}")]
)
def test_a_slide_holds_so_many_words_title_and_steps_among_them(
    shown: Callable, most: int, beside: str
) -> None:
    text = " ".join(["word"] * (most - 3)) + " – $x$" + beside + "\n\n+++\n\nat last"
    shown(text)  # with the title as many as there may be
    with pytest.raises(CourseError, match=rf"^slides/deck\.md:5: {most + 1} words"):
        shown(f"{text} one")


def test_a_slide_holds_so_many_lines_of_code(shown: Callable) -> None:
    with pytest.raises(CourseError, match=rf":5: {MOST_LINES + 3} lines of code"):
        shown("```{code} other\n```")


def test_marks_inside_a_code_block_are_no_marks(tmp_path: Path) -> None:
    write(tmp_path / "a.md", f"{HEAD}# One\n\n```{{code}} step\n---\n+++\nNote:\n```{NOTE}")
    (slide,) = read_deck(tmp_path / "a.md").slides
    assert len(slide.steps) == 1
    assert slide.minutes == 2


# -- the folder of slides -------------------------------------------------------------------------


def test_the_folder_holds_what_the_decks_need_and_nothing_else(
    made: Callable, tmp_path: Path
) -> None:
    folder = tmp_path / "html" / "slides"
    slides.write_decks(made(f"{HEAD}# One\n\n$x$ {NOTE}"), folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.html")}
    write(folder / "_static" / "pictures" / "old.svg", "old")
    write(folder / "old.html", "<math><mi>ω</mi></math>")
    slides.write_decks(made(f"{HEAD}# One\n\n$x$ {NOTE}"), folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.html")} == before
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    static = [
        "reveal.js",
        "reveal.css",
        "reveal-licence.txt",
        "notes.js",
        "slides.js",
        "slides.css",
    ]
    static += ["formulas.css", "formulas-font-licence.txt"]
    assert names == {"deck.html", *(f"_static/{name}" for name in static)}
    slides.write_decks({}, folder)
    assert not folder.exists()


def test_what_is_carried_says_that_it_is_free(made: Callable) -> None:
    files = made(f"{HEAD}# One{NOTE}")
    assert b"Permission is hereby granted, free of charge" in files["_static/reveal-licence.txt"]
    assert b"MIT licensed" in files["_static/reveal.js"][:300]
    assert (
        re.search(rb"https?://(?!revealjs\.com|hakim\.se)[\w.]+", files["_static/reveal.js"])
        is None
    )


def test_the_command_says_that_there_are_no_slides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(site, "SOURCES", tmp_path / "slides")
    monkeypatch.setattr(command, "HTML", tmp_path / "html")
    assert command.main() == 0
    assert "There are no slides yet" in capsys.readouterr().out
    assert not (tmp_path / "html").exists()


def test_the_command_builds_the_slides_of_a_page_and_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(site, "SOURCES", tmp_path / "slides")
    monkeypatch.setattr(command, "HTML", tmp_path / "html")
    monkeypatch.setattr(command, "stored_outputs", lambda source: notebook(source.stem))
    slug = "lstm"
    assert (LECTURES / f"{slug}.md").is_file()
    head = f"---\ntitle: A\npage: {slug}\n---\n"
    write(tmp_path / "slides" / "a.md", f"{head}# One{NOTE}---\n# Two{NOTE}")
    assert command.main() == 0
    assert "slides/a.md: 2 slides, 4 minutes." in capsys.readouterr().out
    assert (tmp_path / "html" / "slides" / "a.html").is_file()
    write(tmp_path / "slides" / "a.md", f"{head}# One\n\n![](figure:lost){NOTE}")
    assert command.main() == 1
    assert "slides/a.md:7: lectures/lstm.md has no figure 'lost'." in capsys.readouterr().err
