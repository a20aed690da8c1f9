"""What each piece of MyST becomes in a notebook, and what stops the conversion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat
import pytest
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from tests.support import HEADER, code_cells, lecture_names, markdown_cells, notebook, write
from tools.book.convert import assemble
from tools.book.course import LECTURES, CourseError, lecture_sources, raw_url, site_url
from tools.book.myst import MystToMarkdown

SOURCE = LECTURES / "03-made-up.md"
PAGE, REFERENCES = f"{site_url()}lectures/03-made-up.html", f"{site_url()}references.html"
FIGURE = "figures/recurrent-neuron.svg"
TARGETS = {  # role, target, text given: what Sphinx made of it
    ("numref", "fig-loop", "fig-loop"): [["Fig. 3.1", "#fig-loop"]],
    ("numref", "fig-loop", "Picture %s"): [["Picture 3.1", "#fig-loop"]],
    ("eq", "eq-loss", "eq-loss"): [["(3.3)", "#equation-eq-loss"]],
    ("ref", "sec-start", "sec-start"): [["The start", "#sec-start"]],
    ("doc", "02-other", "02-other"): [["The other", "02-other.html"]],
    ("term", "time step", "time step"): [["time step", "../glossary.html#term-time-step"]],
    ("t", "ada", "ada"): [["Ada [", None], ["1901", "../references.html#ada"], ["]", None]],
    ("p", "ada,bo", "ada,bo"): [["[", None], ["Ada", "../references.html#ada"], ["; Bo]", None]],
}
NUMBERS = "fig-loop=3.1 table-scores=3.2 eq-loss=3.3 ex-double=3.1 ex-triple=3.2"
KNOWN = {
    "numbers": dict(pair.split("=") for pair in NUMBERS.split()),
    "references": [
        {"kind": kind, "target": target, "source": text, "parts": parts}
        for (kind, target, text), parts in TARGETS.items()
    ],
}
RECORDED = {"loss": "0.123456", "days": "101", "name": "under_score"}


def convert(text: str) -> str:
    """The Markdown that a text of a lecture becomes."""
    return "\n\n".join(MystToMarkdown(SOURCE, KNOWN, RECORDED).convert(text, 1))


def shown(markdown: str) -> str:
    """What a reader of plain Markdown (with tables) sees, as HTML."""
    return MarkdownIt("commonmark").enable("table").render(markdown)


# -- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("{glue:text}`loss:.2f`", "0.12"),
        ("{glue:text}`days`", "101"),
        ("{glue:text}`name`", r"under\_score"),
        ("{math}`x_t`", "$x_t$"),
        ("{numref}`fig-loop`", f"[Fig. 3.1]({PAGE}#fig-loop)"),
        ("{numref}`Picture %s <fig-loop>`", f"[Picture 3.1]({PAGE}#fig-loop)"),
        ("{eq}`eq-loss`", f"[(3.3)]({PAGE}#equation-eq-loss)"),
        ("{ref}`sec-start`", f"[The start]({PAGE}#sec-start)"),
        ("{ref}`begin here <sec-start>`", f"[begin here]({PAGE}#sec-start)"),
        ("{doc}`02-other`", f"[The other]({site_url()}lectures/02-other.html)"),
        ("{term}`time step`", f"[time step]({site_url()}glossary.html#term-time-step)"),
        ("{term}`steps <time step>`", f"[steps]({site_url()}glossary.html#term-time-step)"),
        ("{cite:t}`ada`", f"Ada [[1901]({REFERENCES}#ada)]"),
        ("{cite:p}`ada,bo`", f"[[Ada]({REFERENCES}#ada); Bo]"),
    ],
)
def test_a_role_becomes_text_with_a_link_to_the_book(role: str, expected: str) -> None:
    assert convert(f"See {role}.") == f"See {expected}."


@pytest.mark.parametrize("where", ["| a |\n|---|\n| {} |", "**{}**", "- {}", "> {}", "# {}"])
def test_a_recorded_number_is_found_anywhere_in_the_text(where: str) -> None:
    assert "0.123" in convert(where.format("{glue:text}`loss:.3f`"))


# -- directives ---------------------------------------------------------------------------------


ANSWER = "<details><summary><b>{}</b></summary>\n\nSo.\n\n</details>"
QUESTION = (
    ":::{admonition} Question\nWhy?\n\n```{admonition} Answer\n:class: dropdown\nSo.\n```\n:::"
)
EQUATION = "$$\na = b \\tag{3.3}\n$$"
PIECES = [
    # a box is a quote with its title
    (":::{admonition} Take *care*\nA.\n\nB.\n:::", "> **Take *care***\n>\n> A.\n>\n> B."),
    # a note is named by its kind
    ("```{note}\nLook.\n```", "> **Note**\n>\n> Look."),
    # an answer folds away after its question
    (QUESTION, "> **Question**\n>\n> Why?\n\n" + ANSWER.format("Answer")),
    # markup in a folded title is HTML
    (":::{hint}\n:class: dropdown\nSo.\n:::", ANSWER.format("Hint")),
    (":::{admonition} *T*\n:class: dropdown\nSo.\n:::", ANSWER.format("<em>T</em>")),
    # options in YAML
    (":::{admonition} Answer\n---\nclass: dropdown\n---\nSo.\n:::", ANSWER.format("Answer")),
    # one class of several
    (":::{admonition} Answer\n:class: tip dropdown\nSo.\n:::", ANSWER.format("Answer")),
    # an equation keeps its number
    ("$$\na = b\n$$ (eq-loss)", EQUATION),
    # a math directive too
    ("```{math}\n:label: eq-loss\na = b\n```", EQUATION),
    # without empty lines and comments
    ("```{math}\n:label: eq-loss\n\na = b % why\n\n```", EQUATION),
    # an equation in a box stands on one line: Jupyter takes formulas out before it reads Markdown,
    # and a quote's > would be part of them
    (":::{note}\n$$\na = \\\\\nb\n$$\n:::", "> **Note**\n>\n> $$ a = \\\\ b $$"),
    # an aligned environment stands between dollars
    ("\\begin{align}\na &= b\n\\end{align}", "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$"),
    # a figure is found from anywhere and has number and caption
    (
        f"```{{figure}} {FIGURE}\n:name: fig-loop\n:alt: A loop.\n\nThe loop of $h_t$.\n```",
        f"![A loop.]({raw_url(f'lectures/{FIGURE}')})\n\n**Fig. 3.1.** The loop of $h_t$.",
    ),
    # an exercise is a heading with its number
    ("```{exercise} A *b*\n:label: ex-double\n\n$2x$.\n```", "#### Exercise 3.1: A *b*\n\n$2x$."),
    # a code block keeps its language, and a fence longer than its own
    ("`````{code-block} md\n```\nraw\n```\n`````", "````md\n```\nraw\n```\n````"),
    # directives inside code are shown as they are
    ("````md\n```{note}\n{ref}`x`\n```\n````", "````md\n```{note}\n{ref}`x`\n```\n````"),
    # a target leaves nothing
    ("(sec-start)=\n\nText.", "Text."),
    # a comment leaves nothing
    ("% a remark\n\nText.", "Text."),
    # a break leaves nothing
    ("+++\n\nText.", "Text."),
    # a formula comes through
    ("So $x_1 * y_2 * z$ holds.", "So $x_1 * y_2 * z$ holds."),
    # its commands too
    (r"So $\hat y_{t-1}$ holds.", r"So $\hat y_{t-1}$ holds."),
    # its signs too
    ("So $a < b$ holds.", "So $a < b$ holds."),
    # its braces too
    (r"So $\{1\}$ holds.", r"So $\{1\}$ holds."),
    # a formula over two lines is joined
    ("So $a +\nb$.", "So $a + b$."),
    # a dollar starts no formula
    ("Only $5.", r"Only \$5."),
    # two do not either
    (r"From \$5 to \$7.", r"From \$5 to \$7."),
]


@pytest.mark.parametrize(("text", "expected"), PIECES)
def test_a_piece_of_myst_becomes_plain_markdown(text: str, expected: str) -> None:
    assert convert(text) == expected


def test_an_answer_two_boxes_deep_still_folds_outside_the_quotes() -> None:
    html = shown(convert(f":::::{{note}}\n::::{{tip}}\n{QUESTION[:-4]}\n:::\n::::\n:::::"))
    assert html.index("</blockquote>\n</blockquote>\n</blockquote>") < html.index("<details>")


def test_a_table_keeps_its_number_and_caption() -> None:
    table = "| a | b |\n|---|---|\n| 1 | {glue:text}`days` |"
    converted = convert(f"```{{table}} Scores of $x$.\n:name: table-scores\n\n{table}\n```")
    assert converted.startswith("**Table 3.2.** Scores of $x$.\n\n| a")
    assert "<td>101</td>" in shown(converted)


# -- text that must come through -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"2 \* 3 \* 4", "2 * 3 * 4"),
        (r"\_not\_ stressed", "_not_ stressed"),
        ("snake_case and a * b", "snake_case and a * b"),
        ("a < b and c > d", "a &lt; b and c &gt; d"),
        ("R&D, AT&amp;T, &copy;", "R&amp;D, AT&amp;T, ©"),
        (r"a \| b", "a | b"),
        (r"\# no heading", "# no heading"),
        ("1990\\. No list", "1990. No list"),
        ("`{ref}` and `{glue:text}`", "<code>{ref}</code> and <code>{glue:text}</code>"),
        ("`` {ref}`x` ``", "<code>{ref}`x`</code>"),
        ("x<sub>t</sub><br>", "x<sub>t</sub><br>"),
        ("<https://a.org/a_b>", '<a href="https://a.org/a_b">https://a.org/a_b</a>'),
    ],
)
def test_special_characters_come_through(text: str, html: str) -> None:
    assert shown(convert(text)) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [(r"\|x\|", r"\vert x\vert "), (r"\vert x\vert ",) * 2, (r"\\|x\\|", r"\Vert x\Vert ")],
)
def test_a_bar_in_a_formula_in_a_table_ends_no_cell(written: str, read: str) -> None:
    converted = convert(f"| a | b |\n|---|---|\n| ${written}$ | 1 |")
    assert f"${read}$" in converted
    assert shown(converted).count("<td>") == 2


# -- solutions ----------------------------------------------------------------------------------

START = "```{solution-start} ex-double\n:class: dropdown\n```"
END = "```{solution-end}\n```"
EXERCISE = "```{exercise} Again\n:label: ex-triple\nThree.\n```"


def assembled(folder: Path, body: str, outputs: Sequence = ()) -> nbformat.NotebookNode:
    """The notebook of a lecture with the given body, whose first code cell gave the outputs."""
    source = folder / SOURCE.name
    write(source, HEADER + body)
    executed = jupytext.read(source)
    for cell in code_cells(executed)[:1]:
        cell.outputs = list(outputs)
    return assemble(source, executed, KNOWN)


def cell(code: str, options: str = "") -> str:
    """The MyST source of a code cell."""
    return f"```{{code-cell}} ipython3\n{options}{code}\n```"


def test_a_solution_folds_under_its_own_heading(tmp_path: Path) -> None:
    body = f"# T\n\n{START}\n\nSo:\n\n{cell('x = 1')}\n\n{END}\n\n## Next"
    converted = assembled(tmp_path, body)
    sources = [c.source for c in converted.cells]
    assert sources == ["# T", "#### Solution of exercise 3.1", "So:", "x = 1", "## Next"]
    heading = converted.cells[1]
    assert heading.metadata["heading_collapsed"] is True
    assert heading.metadata["jp-MarkdownHeadingCollapsed"] is True
    assert converted.metadata["colab"]["collapsed_sections"] == [heading.metadata["id"]]


@pytest.mark.parametrize("after", ["## Next", "#### Next", EXERCISE, "(label)=\n## Next", ""])
def test_a_solution_may_be_followed_by_what_ends_its_fold(tmp_path: Path, after: str) -> None:
    body = f"{START}\n\n{cell('x = 1')}\n\n{END}\n\n{after}"
    assert assembled(tmp_path, body).cells[0].metadata["heading_collapsed"]


def test_two_solutions_may_stand_in_one_cell() -> None:
    second = START.replace("ex-double", "ex-triple")
    converted = convert(f"{START}\n\nOne.\n\n{END}\n\n{second}\n\nTwo.\n\n{END}")
    assert re.findall(r"Solution of exercise ([\d.]+)", converted) == ["3.1", "3.2"]


@pytest.mark.parametrize(
    "after",
    ["Text.", "+++\n\nText.", "##### Small", ":::{note}\nx\n:::", cell("print(1)")],
)
def test_what_would_fold_away_with_a_solution_is_refused(tmp_path: Path, after: str) -> None:
    body = f"# T\n\n{START}\n\nSo.\n\n{END}\n\n{after}"
    line = (HEADER + body).splitlines().index(after.splitlines()[-2 if "```" in after else 0]) + 1
    line += 2 * after.startswith("+++")
    with pytest.raises(CourseError, match=rf"03-made-up\.md:{line}: what follows {{solution-end}}"):
        assembled(tmp_path, body)


def test_a_cell_that_is_not_in_the_book_may_fold_away_with_a_solution(tmp_path: Path) -> None:
    hidden = cell("record(x=1)", ":tags: [remove-cell]\n\n")
    body = f"# T\n\n{START}\n\nSo.\n\n{END}\n\n{hidden}\n\n## Next"
    assert len(assembled(tmp_path, body).cells) == 5


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"{START}\n\nSo.", "{solution-start} has no {solution-end}"),
        (f"Text.\n\n{END}", "{solution-end} without {solution-start}"),
        (f"{START}\n\n{START}\n\n{END}", "has not ended yet"),
        (f"{START}\n\n### Part\n\n{END}", "in a solution"),
        (f"::::{{note}}\n{START}\n::::", "must not stand inside something else"),
    ],
)
def test_solutions_that_do_not_nest_are_refused(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CourseError, match=re.escape(message)):
        assembled(tmp_path, body)


# -- code cells ---------------------------------------------------------------------------------

PICTURE = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
FIGURE_OPTIONS = "---\nmystnb:\n  figure:\n    caption: Of $x$.\n    name: fig-loop\n{}---\n"
ALT = "  image:\n    alt: A line.\n"


def drawn(tmp_path: Path, options: str) -> nbformat.NotebookNode:
    """Convert a lecture whose one code cell draws a picture."""
    return assembled(tmp_path, f"# T\n\n{cell('draw()', options)}\n\nText.", [PICTURE])


def test_the_caption_of_a_drawn_figure_becomes_a_line_below_it(tmp_path: Path) -> None:
    cells = drawn(tmp_path, FIGURE_OPTIONS.format(ALT)).cells
    assert [c.source for c in cells] == ["# T", "draw()", "**Fig. 3.1.** Of $x$.", "Text."]
    assert cells[1].outputs == [PICTURE]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "needs alt text"),
        (FIGURE_OPTIONS.format(""), "needs alt text"),
        (FIGURE_OPTIONS.replace("caption: Of $x$.", "width: 3").format(ALT), "needs caption"),
        (FIGURE_OPTIONS.replace("    name: fig-loop\n", "").format(ALT), "needs name"),
        (FIGURE_OPTIONS.replace("fig-loop", "fig-lost").format(ALT), "'fig-lost' has no number"),
    ],
)
def test_a_drawing_without_alt_caption_or_name_is_refused(
    tmp_path: Path, options: str, message: str
) -> None:
    with pytest.raises(CourseError, match=rf"03-made-up\.md:\d+: .*{re.escape(message)}"):
        drawn(tmp_path, options)


@pytest.mark.parametrize("tag", ["hide-input", "remove-input", "hide-cell", "remove-cell"])
def test_hidden_code_is_a_closed_form_in_colab_and_jupyter(tmp_path: Path, tag: str) -> None:
    body = cell("x = 1", f":tags: [{tag}]\n\n")
    metadata = assembled(tmp_path, body).cells[0].metadata
    assert metadata["cellView"] == "form"
    assert metadata["jupyter"] == {"source_hidden": True}
    assert metadata["tags"] == [tag]


def test_cell_ids_follow_from_name_and_position(tmp_path: Path) -> None:
    converted = assembled(tmp_path, f"# T\n\n{cell('x = 1')}\n\nText.")
    assert [c.id for c in converted.cells] == [f"03-made-up-{n:03d}" for n in range(3)]


# -- what stops, and where ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("One.\n\n{kbd}`x`", 3, "role {kbd} is not known"),
        ("One\ntwo\n{kbd}`x`.", 3, "role {kbd} is not known"),
        ("One\n**two\n{kbd}`x`**", 3, "role {kbd} is not known"),
        ("- a\n- b {kbd}`x`", 2, "role {kbd} is not known"),
        ("| a |\n|---|\n| {kbd}`x` |", 3, "role {kbd} is not known"),
        (":::{note}\nOne.\n\n{kbd}`x`\n:::", 4, "role {kbd} is not known"),
        (":::{admonition} T\n:class: dropdown\n\n{kbd}`x`\n:::", 4, "role {kbd} is not known"),
        ("::::{note}\n:::{tip}\nOne.\n{kbd}`x`\n:::\n::::", 4, "role {kbd} is not known"),
        ("One.\n\n```{tab-set}\n```", 3, "directive {tab-set} is not known"),
        (":::{note}\n\n```{code-cell}\n```\n:::", 3, "directive {code-cell} is not known"),
        ("{glue:text}`lost`", 1, "no cell of this lecture records 'lost'"),
        ("{glue:text}`name:.2f`", 1, "{glue:text}`name:.2f`"),
        ("{numref}`fig-lost`", 1, "Sphinx knows no such target"),
        ("{cite:t}`nobody`", 1, "Sphinx knows no such target"),
        ("A.\n\n$$\nx\n$$ (eq-lost)", 3, "'eq-lost' has no number"),
        ("A.\n\n[here](other.md)", 3, "link to 'other.md'"),
        ("A.\n\n![alt](figures/a.png)", 3, "use the {figure} directive"),
        ("A.\n\n![alt](https://example.org/a.png)", 3, "use the {figure} directive"),
        ("A <img src='x.png'>", 1, "HTML"),
        ("<script>alert(1)</script>", 1, "HTML"),
        (f"A.\n\n```{{figure}} {FIGURE}\n:alt: A loop.\n\nC.\n```", 3, "{figure} needs :name:"),
        (f"A.\n\n```{{figure}} {FIGURE}\n:name: fig-loop\n\nC.\n```", 3, "needs :alt:"),
        ("```{figure} figures/lost.svg\n:name: fig-loop\n:alt: A\n\nC.\n```", 1, "is not there"),
        ("```{figure} ../../x.svg\n:name: fig-loop\n:alt: A\n\nC.\n```", 1, "is not there"),
        ("```{table} T\n\n| a |\n|---|\n```", 1, "{table} needs :name:"),
        ("```{exercise} T\nWhat?\n```", 1, "{exercise} needs :label:"),
        ("```{exercise} T\n:label: ex-lost\nWhat?\n```", 1, "'ex-lost' has no number"),
        ("A.[^1]\n\n[^1]: A footnote.", 1, "footnote"),
        ("Term\n: Definition", 1, "dl"),
    ],
)
def test_what_cannot_be_converted_stops_with_file_and_line(
    text: str, line: int, message: str
) -> None:
    told = rf"^lectures/03-made-up\.md:{19 + line}: .*{re.escape(message)}"
    with pytest.raises(CourseError, match=told):
        MystToMarkdown(SOURCE, KNOWN, RECORDED).convert(text, 20)


# -- the committed notebooks ----------------------------------------------------------------------

PARSER = create_md_parser(
    MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "fieldlist"}), RendererHTML
)


def raw_syntax(markdown: str) -> list[str]:
    """Pieces of MyST that stand in Markdown outside code."""
    tokens = [t for token in PARSER.parse(markdown) for t in (token, *(token.children or ()))]
    return [
        token.type
        for token in tokens
        if re.match("myst|colon_fence|field|footnote", token.type)
        or (token.type == "fence" and token.info.startswith("{"))
        or (token.type == "text" and "[^" in token.content)
    ]


@pytest.mark.parametrize("name", lecture_names())
def test_no_raw_directive_is_left_in_a_notebook(name: str) -> None:
    for cell in markdown_cells(notebook(name)):
        assert raw_syntax(cell.source) == [], cell.source


RAW_PIECES = (
    "See {ref}`x`.|```{note}\nx\n```|:::{note}\nx\n:::|> :::{tip}\n> x\n> :::|(label)=\n# T|+++"
    "|% remark|a[^1]|a[^1]\n\n[^1]: b|:class: dropdown|> :name: fig-x"
)
CODE = "`{ref}` or `x`|`` {ref}`x` ``|````md\n```{note}\n{ref}`x`\n```\n````"


@pytest.mark.parametrize(
    ("piece", "raw"),
    [(x, True) for x in RAW_PIECES.split("|")] + [(x, False) for x in CODE.split("|")],
)
def test_the_search_for_raw_directives_finds_them_but_not_in_code(piece: str, raw: bool) -> None:
    assert bool(raw_syntax(f"# T\n\n{piece}\n\nText.")) == raw


def test_every_lecture_has_a_notebook_and_every_notebook_a_lecture() -> None:
    sources = {source.with_suffix(".ipynb") for source in lecture_sources()}
    assert sources == set(LECTURES.glob("*.ipynb"))
