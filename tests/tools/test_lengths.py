"""How long the pages are: what counts, what is too much, and what the book says of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tests.support import HEADER, ROOT, lecture_names, write
from tools.book import lengths, sphinx_course
from tools.book.course import LECTURES
from tools.book.lengths import faults, measure, minutes

EXERCISE = "```{exercise} How?\n:label: ex-how\n```\n"
SOLUTION = (
    "```{solution-start} ex-how\n:class: dropdown\n```\n\nBy hand.\n\n```{solution-end}\n```\n"
)
QUESTION = "One?\n\n```{admonition} Answer\n:class: dropdown\nYes, two words.\n```"
CELL_CAPTION = "mystnb:\n  figure:\n    caption: A curve falls.\n    name: fig"
ALT = "  image:\n    alt: Nobody counts this."


def page(
    folder: Path,
    lesson: str,
    exercises: str = 3 * EXERCISE,
    practice: str = "",
    slug: str = "a-page",
) -> Path:
    """Write a page of a lesson, exercises, and what stands after them."""
    rest = f"## Exercises\n\n{exercises}\n\n## In practice\n\n{practice}\n"
    write(folder / f"{slug}.md", f"{HEADER}# A title of a page\n\n{lesson}\n\n{rest}")
    return folder / f"{slug}.md"


def words(number: int) -> str:
    """Paragraphs of that many words, none too long."""
    whole, left = divmod(number, 100)
    return "\n\n".join(" ".join(["word"] * n) for n in [*[100] * whole, left])


def cell(lines: int, *tags: str, code: str = "x = 1", options: str = "") -> str:
    """A code cell of that many lines; empty lines between them."""
    head = "\n".join(filter(None, [f"tags: [{', '.join(tags)}]", options]))
    text = "\n\n".join([code] * lines)
    return f"```{{code-cell}} ipython3\n---\n{head}\n---\n{text}\n```\n"


def drawing(lines: int) -> str:
    """A folded cell that draws."""
    return cell(lines, "hide-input", code="plt.plot([])")


def figure(words: int) -> str:
    """A drawing with a caption of that many words."""
    caption = " ".join(["word"] * words)
    return f"```{{figure}} one.svg\n:name: fig-one\n:alt: A long text.\n\n{caption}\n```\n"


# -- what counts ----------------------------------------------------------------------------------

TABLE = "| one | two |\n|---|---|\n| three | four five |\n"
COUNTED = [
    ("One two, three.\nFour – five.", 5),
    ("### A heading\n\nOne.\n\n#### Another", 1),
    ("- one\n- two *three*\n\n1. four\n\n> five", 5),
    (TABLE, 5),
    (f"```{{table}} A caption\n:name: tab-one\n{TABLE}```", 7),
    ("Loss $L = 2 x + 1$ falls.\n\n$$\na = b\n$$ (eq-one)\n\n```{math}\n:label: eq-two\na\n```", 2),
    ("It is {glue:text}`loss:.3f` in {eq}`eq-one`, {numref}`Fig. {number} <fig-one>`.", 7),
    ("See {cite:p}`a2001,b2002` and {doc}`lectures/lstm`; {doc}`a page <lectures/lstm>`.", 6),
    ("An {term}`adding problem`, {term}`the cells <LSTM>`, [a link](https://one.example/two).", 7),
    ("A `SimpleRNN(16, name='x')` reads.\n\n```python\nprint('not a word')\n```", 3),
    (QUESTION, 4),
    (f":::{{admonition}} Question 1\n:class: question\n{QUESTION}\n:::", 4),
    (figure(3), 3),
    (cell(9), 0),
    (cell(1, options=f"{CELL_CAPTION}\n{ALT}"), 3),
    ("% a comment\n\n(a-label)=\n\n<div>\n\nOne.\n\n</div>", 1),
]


@pytest.mark.parametrize(("text", "number"), COUNTED)
def test_what_a_reader_reads_is_counted(tmp_path: Path, text: str, number: int) -> None:
    length = measure(page(tmp_path, text, practice="And here."))
    assert (length.words, length.exercise_words) == (number + 2, 0)
    length = measure(page(tmp_path, "", text))
    assert (length.words, length.exercise_words) == (0, number)


def test_the_exercises_end_at_the_next_section_and_solutions_are_theirs(tmp_path: Path) -> None:
    exercises = f"{EXERCISE}\nDo it.\n\n{cell(9, 'exercise-starter')}\n{SOLUTION}"
    length = measure(page(tmp_path, f"One.\n\n{cell(2)}", exercises, f"Two three.\n\n{cell(3)}"))
    assert (length.words, length.lines, length.cell) == (3, 5, 3)
    assert (length.exercises, length.exercise_words) == (1, 4)


def test_cells_are_counted_by_what_is_seen_of_them(tmp_path: Path) -> None:
    figure = cell(5, "hide-input", options=CELL_CAPTION)
    cells = [cell(2), cell(4, "setup", "remove-cell"), drawing(3), figure, cell(6, "hide-cell")]
    length = measure(page(tmp_path, "\n\n".join(cells)))
    assert (length.lines, length.drawing, length.caption) == (2, 8, 3)


@pytest.mark.parametrize(
    ("number", "lines", "told"),
    [(0, 0, 0), (500, 0, 5), (501, 0, 10), (500, 1, 10), (2500, 200, 50)],
)
def test_minutes_are_words_and_lines_rounded_up_to_five(
    tmp_path: Path, number: int, lines: int, told: int
) -> None:
    assert minutes(page(tmp_path, f"{words(number)}\n\n{cell(lines) if lines else ''}")) == told


# -- what is too much -----------------------------------------------------------------------------

THREE = 3 * EXERCISE
PLOTS = "from helpers.plots import use_style, a, b"
RULES = {  # lesson, exercises and slug: what may be, what is refused, and how
    "paragraph": ((words(100),), ("- word " * 101,), "101 words in a paragraph, at most 100"),
    "answer": (("",), ("", f"{THREE}{'word ' * 101}"), "101 words in a paragraph"),
    "caption": ((figure(12),), (figure(13),), "13 words in a caption, at most 12"),
    "cell": ((cell(20),), (cell(21),), "21 lines in a visible cell, at most 20"),
    "drawing": ((drawing(15),), (drawing(16),), "16 lines in a folded drawing, at most 15"),
    "drawings": ((drawing(15) * 4,), (drawing(15) * 5,), "75 lines of folded drawings, at most 60"),
    "hidden": ((cell(1, "setup", "remove-cell"),), (cell(1, "hide-input"),), "hidden cell"),
    "repeated": (
        (cell(30, "hide-input", "repeated"),),
        (cell(1, "hide-cell", "repeated"),),
        "hidden",
    ),
    "hidden whole": (("", THREE + cell(1, "hide-cell")), (cell(1, "hide-cell"),), "hidden cell"),
    "removed": ((drawing(1),), (cell(1, "remove-cell", code="plt.show()"),), "hidden cell"),
    "words": ((words(2500),), (words(2501),), "2,501 words outside the exercises, at most 2,500"),
    "short": ((words(2000), THREE, "baselines"), (words(2001), THREE, "baselines"), "most 2,000"),
    "lines": ((cell(20) * 10,), (cell(20) * 10 + cell(1),), "201 visible lines"),
    "no budget": ((words(9000), "", "the-class"), (words(3501), THREE, "two-classes"), "3,500"),
    "exercises": (("", 4 * EXERCISE), ("", 5 * EXERCISE), "5 exercises, at most 4"),
    "few exercises": (("", THREE), ("", 2 * EXERCISE), "2 exercises, at least 3"),
    "exercise words": (
        ("", f"{THREE}\n{words(898)}\n\n{SOLUTION}"),
        ("", f"{THREE}\n{words(899)}\n\n{SOLUTION}"),
        "901 words in the exercises, at most 900",
    ),
    "tables": ((TABLE,), (TABLE, THREE + TABLE), "2 tables, at most 1"),
    "plots": ((cell(1, code=f"{PLOTS}, c"),), (cell(1, code=f"{PLOTS}, c, d"),), "4 names from"),
    "imports": (
        (cell(1, code="from helpers.checks import a"),),
        (cell(1, code="from helpers.training import a"),),
        "1 import of ours from outside helpers",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_what_is_over_is_told_and_what_just_fits_is_not(tmp_path: Path, rule: str) -> None:
    fits, over, told = RULES[rule]
    assert faults(made(tmp_path, *fits)) == []
    (fault,) = faults(made(tmp_path, *over))
    assert told in fault


def made(folder: Path, lesson: str, exercises: str = THREE, slug: str = "a-page") -> Path:
    """A page of one of the RULES."""
    return page(folder, lesson, exercises, slug=slug)


def test_a_fault_names_its_line_however_deep_it_stands(tmp_path: Path) -> None:
    answer = f"```{{admonition}} Answer\n:class: dropdown\nTrue.\n\n{'long ' * 101}\n```"
    lesson = f"One.\n\n:::{{admonition}} Question\n:class: question\nWhy?\n\n{answer}\n:::"
    source = page(tmp_path, f"{lesson}\n\n{words(2500)}")
    lines = source.read_text(encoding="utf-8").splitlines()
    deep, sum_of_all = (int(fault.split(":")[1]) for fault in faults(source))
    assert lines[deep - 1].startswith("long long")
    assert lines[sum_of_all - 1].startswith("word word")


def test_the_template_of_a_page_keeps_the_rules(tmp_path: Path) -> None:
    text = (ROOT / "tools" / "book" / "lecture_template.md").read_text(encoding="utf-8")
    write(tmp_path / "new.md", text)
    assert faults(tmp_path / "new.md") == []


@pytest.mark.parametrize("slug", lecture_names())
def test_a_page_keeps_its_budget(slug: str) -> None:
    assert faults(LECTURES / f"{slug}.md") == []


# -- what is told ---------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_page_in_order(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lengths, "faults", lambda source: [])
    assert lengths.main() == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["page", *lecture_names()]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert {row[0] for row in rows if row[1] == "-"} == {"the-class"}


def test_the_command_fails_where_a_page_is_over(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lengths, "faults", lambda source: [f"{source.stem}:1: too much"])
    assert lengths.main() == 1
    assert len(capsys.readouterr().err.splitlines()) == len(lecture_names())


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Sphinx, str]]:
    """Builds a book of a front page and two lectures; gives its pages and warnings."""
    known = {"new": "1", "old": "2"}
    monkeypatch.setattr(sphinx_course, "numbers_of_lectures", lambda: known)
    page(tmp_path / "lectures", words(501), slug="new")
    page(tmp_path / "lectures", words(4001), slug="old")

    def build(intro: str) -> tuple[Sphinx, str]:
        write(tmp_path / "intro.md", intro)
        options = {"extensions": ["myst_parser"], "root_doc": "intro"}
        warnings, out = io.StringIO(), str(tmp_path / "out")
        with docutils_namespace():
            app = Sphinx(tmp_path, None, out, out, "dummy", options, None, warnings)
            app.add_role("minutes", sphinx_course.Minutes())
            app.connect("doctree-read", sphinx_course.say_minutes)
            app.build()
        return app, warnings.getvalue()

    return build


def test_a_lecture_says_its_minutes_under_the_title(built: Callable) -> None:
    app, _ = built("# Welcome\n\nHello.\n")
    told = {}
    for name in ("intro", "lectures/new", "lectures/old"):
        section = app.env.get_doctree(name)[0]
        told[name] = (section[1].astext(), section[1]["classes"])
    assert told["intro"] == ("Hello.", [])
    assert told["lectures/new"] == ("About 10 minutes, exercises apart.", ["minutes"])
    assert told["lectures/old"] == ("About 45 minutes, exercises apart.", ["minutes"])


def test_the_front_page_adds_up_minutes_and_follows_the_pages(built: Callable) -> None:
    app, _ = built("# Welcome\n\nOne: {minutes}`new`. Both: {minutes}`new old`.\n")
    text = app.env.get_doctree("intro").astext()
    assert "One: about 10 minutes. Both: about 55 minutes." in text
    followed = {Path(name).name for name in app.env.dependencies["intro"]}
    assert followed == {"new.md", "old.md", "lengths.py"}


def test_minutes_of_an_unknown_page_are_a_warning_with_file_and_line(built: Callable) -> None:
    _, warnings = built("# Welcome\n\nHello.\n\nAll: {minutes}`new lost`.\n")
    assert "intro.md:5: WARNING: {minutes}: no lecture of _toc.yml is called lost" in warnings


@pytest.mark.parametrize(
    ("number", "told"),
    [(5, "5 minutes"), (90, "90 minutes"), (95, "2 hours"), (150, "2½ hours"), (155, "3 hours")],
)
def test_above_ninety_minutes_hours_are_told(number: int, told: str) -> None:
    assert sphinx_course.spelled(number) == told
