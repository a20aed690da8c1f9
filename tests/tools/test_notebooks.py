"""Notebooks and their sources: one execution a change, in step, fresh, repeatable.

The first tests look at the committed notebooks. The others change a copy of the course with two
small lectures in it and see what ``make notebooks`` and ``make book`` do.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.lectures.reexecution import why_not_exact
from tests.support import (
    HEADER,
    ROOT,
    code_cells,
    lecture_names,
    make_small_course,
    markdown_cells,
    notebook,
    notebook_path,
    replace_in,
    run_tool,
    snapshot,
    try_tool,
    write,
)
from tools.book import build
from tools.book.convert import convert_lecture
from tools.book.course import LECTURES, CourseError, lecture_sources, repository, write_notebook
from tools.book.notebooks import bring_up_to_date, chosen, system, why_stale

LECTURE_NAMES = lecture_names()
FIRST, SECOND = "lectures/01-first.ipynb", "lectures/02-second.ipynb"
CLAIM = 'claim("the answer is even", answer % 2 == 0)'

# -- the committed notebooks ----------------------------------------------------------------------


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_the_outputs_of_a_notebook_are_fresh(name: str) -> None:
    assert why_stale(LECTURES / f"{name}.md") is None, "Run: make notebooks"


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_the_outputs_are_whole_clean_and_of_no_one_machine(name: str) -> None:
    cells = code_cells(notebook(name))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert notebook(name).metadata["course"]["backend"] == "tensorflow"
    for cell in cells:
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert allowed or output.output_type != "error", cell.source
            assert output.get("name") != "stderr", f"{cell.source}\n{output.get('text')}"
            text = json.dumps({k: v for k, v in output.items() if k != "metadata"})
            assert str(ROOT) not in text and str(Path.home()) + "/" not in text, cell.source


@pytest.mark.parametrize("name", LECTURE_NAMES)
def test_a_notebook_is_in_step_with_its_source(name: str, book: Path, tmp_path: Path) -> None:
    stored = notebook(name)
    converted = convert_lecture(LECTURES / f"{name}.md", stored)
    write_notebook(tmp_path / "converted.ipynb", converted)
    in_step = (tmp_path / "converted.ipynb").read_bytes() == notebook_path(name).read_bytes()
    assert in_step, "not what its source says. Run: make notebooks"


# -- a copy with two small lectures ---------------------------------------------------------------


class Course:
    """A copy of the course with two small lectures."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_small_course(folder)
        self.lectures, self.html = folder / "lectures", folder / "_build" / "html"
        self.log = self.lectures / "runs.log"
        self.first, self.second = self.lectures / "01-first.md", self.lectures / "02-second.md"

    def runs(self) -> list[str]:
        """Lectures executed since the last call, in order."""
        names = self.log.read_text(encoding="utf-8").split() if self.log.is_file() else []
        write(self.log, "")
        return names

    def make_notebooks(self, *arguments: str) -> str:
        """Run ``make notebooks`` and return what it printed."""
        return run_tool(self.folder, "tools.book.notebooks", *arguments)

    def page(self, name: str) -> str:
        """The HTML of a lecture."""
        return (self.html / "lectures" / f"{name}.html").read_text(encoding="utf-8")

    def read(self, name: str) -> nbformat.NotebookNode:
        """The notebook of a lecture."""
        return nbformat.read(self.lectures / f"{name}.ipynb", 4)

    def restore(self, before: dict[str, bytes]) -> None:
        """Put all files back, but for what is in ``_build``."""
        for name in snapshot(self.folder).keys() - before.keys():
            (self.folder / name).unlink()
        for name, content in before.items():
            if not (self.folder / name).is_file() or (self.folder / name).read_bytes() != content:
                (self.folder / name).write_bytes(content)

    def notebooks(self) -> dict[str, bytes]:
        """The bytes of all notebooks."""
        return {path.name: path.read_bytes() for path in self.lectures.glob("*.ipynb")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The copy, its notebooks made from nothing."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.make_notebooks()
    assert course.runs() == ["01-first", "02-second"], "each once, after what it needs"
    assert "Twice that is 84" in course.page("02-second")
    return course


@pytest.fixture
def course(built: Course) -> Iterator[Course]:
    """The built copy; what a test changes in its files is put back afterwards."""
    before = snapshot(built.folder)
    yield built
    built.runs()
    built.restore(before)


def test_a_second_run_executes_nothing_and_writes_nothing(course: Course) -> None:
    before = snapshot(course.folder)
    assert "nothing, all notebooks are in step" in course.make_notebooks()
    assert course.runs() == [] and snapshot(course.folder) == before


def test_executing_again_gives_the_same_bytes(course: Course) -> None:
    before = course.notebooks()
    course.make_notebooks("--force")
    assert course.runs() == ["01-first", "02-second"]
    assert course.notebooks() == before


def test_editing_code_executes_what_depends_on_it_and_stops_at_what_moved(course: Course) -> None:
    replace_in(course.first, "answer = 6 * 7", "answer = 6 * 7 + 1")
    before = course.notebooks()
    code, printed = try_tool(course.folder, "tools.book.notebooks")
    assert code == 1 and course.runs() == ["01-first", "02-second"]
    assert course.notebooks() == before
    line = course.first.read_text(encoding="utf-8").splitlines().index(CLAIM) + 1
    for told in (
        "lectures/01-first.md: first_answer: 42 -> 43",
        f'lectures/01-first.md:{line} (after "The year of',
        ": the answer is even: true -> false",
        "lectures/02-second.md: second_answer: 84 -> 86",
        "make notebooks ARGS=--accept",
    ):
        assert told in printed
    course.make_notebooks("--accept")
    assert course.runs() == [], "what was executed waits"
    # The source of the second lecture is unchanged; its page must show the new output.
    assert "Twice that is 86" in course.page("02-second")
    assert "<td><p>the answer is even</p></td>" in course.page("../status").replace("\n", "")


def test_editing_prose_changes_only_the_text_of_that_lecture(course: Course) -> None:
    before, other = course.read("01-first"), (course.folder / SECOND).read_bytes()
    replace_in(course.first, "The answer is", "As {cite:t}`made_up_third` knew, the answer is")
    printed = course.make_notebooks()
    assert course.runs() == [] and "No code changed: nothing is executed." in printed
    after = course.read("01-first")
    assert code_cells(after) == code_cells(before) and after.metadata == before.metadata
    text = markdown_cells(after)[-1].source
    assert re.fullmatch(r"As Abel \[\[1903\]\(https://.* knew, the answer is 42\.", text)
    assert "knew, the answer is" in course.page("01-first")
    # A new citation must not move the anchors to which the others link.
    assert (course.folder / SECOND).read_bytes() == other
    assert "Written: lectures/01-first.ipynb\n" in printed
    sitemap = (course.html / "sitemap.xml").read_text(encoding="utf-8")
    pages = re.findall(r"<loc>[^<]*?/([^/<]+)\.html</loc>", sitemap)
    assert pages == ["intro", "01-first", "02-second", "references", "status"]


def test_a_cell_that_fails_stops_with_lecture_cell_and_error(course: Course) -> None:
    before = course.read("01-first")
    replace_in(course.first, "answer = 6 * 7", "answer = 6 / 0")
    code, printed = try_tool(course.folder, "tools.book.notebooks")
    assert code == 1
    for said in ("lectures/01-first.md failed", "answer = 6 / 0", "ZeroDivisionError"):
        assert said in printed
    assert "\x1b" not in printed
    assert course.read("01-first") == before


def test_after_an_error_in_the_text_only_what_changed_runs_and_only_once(course: Course) -> None:
    replace_in(course.second, "\ndouble\n", "\ndouble + 2\n")
    replace_in(course.second, "Twice that", "[Twice](twice.md) that")
    code, printed = try_tool(course.folder, "tools.book.notebooks")
    assert code == 1 and "02-second.md:" in printed
    replace_in(course.second, "[Twice](twice.md) that", "Twice that")
    course.make_notebooks()
    assert course.runs() == ["02-second"]
    assert code_cells(course.read("02-second"))[-1].outputs[-1].data["text/plain"] == "86"


def test_a_renamed_lecture_leaves_nothing_of_its_old_name(course: Course) -> None:
    own = course.lectures / "99-mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), own)
    course.second.rename(course.lectures / "02-renamed.md")
    for file in ("lectures/01-first.md", "_toc.yml", "lectures/expected.toml"):
        replace_in(course.folder / file, "02-second", "02-renamed")
    printed = course.make_notebooks()
    assert "lectures/02-second.ipynb (removed), data/results/02-second.json (removed)" in printed
    names = {path.relative_to(course.folder).as_posix() for path in course.folder.rglob("02-*")}
    assert {name for name in names if "second" in name and "/.doctrees/" not in name} == set()
    assert {"lectures/02-renamed.ipynb", "data/results/02-renamed.json"} <= names
    assert "02-second" not in (course.lectures / "last_run.json").read_text(encoding="utf-8")
    assert own.is_file(), "a notebook that this tool did not make is a person's own"


UNKNOWN = ["{nonsense_role}`x`", "```{nonsense_directive}\n```", "{doc}`lost`", "{cite:t}`nobody`"]


def test_unknown_syntax_stops_the_book_with_file_and_line(course: Course) -> None:
    replace_in(course.first, "The answer is", "\n\n".join([*UNKNOWN, "The answer is"]))
    code, printed = try_tool(course.folder, "tools.book")
    assert code == 1
    lines = course.first.read_text(encoding="utf-8").splitlines()
    for text in UNKNOWN:
        line = lines.index(text.split("\n")[0]) + 1
        word = re.findall(r"\w+", text)[0 if "nonsense" in text else -1]
        assert re.search(rf"01-first\.md:{line}\b.*{word}", printed), printed


def test_the_book_notices_lost_references_and_a_changed_style_sheet(course: Course) -> None:
    for path in (course.folder / "_build" / "references" / "lectures").glob("*.json"):
        path.unlink()
    run_tool(course.folder, "tools.book")
    sheet = course.folder / "_static" / "custom.css"
    write(sheet, sheet.read_text(encoding="utf-8") + "p { color: #123456; }\n")
    run_tool(course.folder, "tools.book")
    (of_the_book,) = (course.html / "_static").glob("book.*.css")
    assert "#123456" in of_the_book.read_text(encoding="utf-8")
    assert course.runs() == []


def test_a_new_title_makes_the_pages_that_link_to_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("_static", "tools/book", "tools/pages"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    page = tmp_path / "lectures" / "01-first.md"
    write(page, "# One title\n\nText\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    before = build.builder_digest()
    write(page, "# One title\n\nOther text\n")
    assert build.builder_digest() == before
    write(page, "# Another title\n\nText\n")
    assert build.builder_digest() != before


NEW = "https://github.com/some-lecturer/my-rnn-class"


def test_a_fork_edits_one_line_and_executes_nothing(course: Course) -> None:
    replace_in(course.folder / "_config.yml", f"url: {repository()}", f"url: {NEW}")
    assert "nothing is executed" in course.make_notebooks()
    for name in (FIRST, SECOND, "README.md", "CITATION.cff"):
        text = (course.folder / name).read_text(encoding="utf-8")
        assert NEW in text or NEW.replace("github.com", "colab.research.google.com/github") in text
        assert repository().partition("github.com/")[2] not in text, name
    course.make_notebooks()  # the notebooks say themselves which address they were made for
    assert course.runs() == []


# -- the re-execution by nbval --------------------------------------------------------------------

FRESH = "test_the_numbers_and_claims_of_a_fresh_run_are_as_expected"
STORED = "test_the_stored_numbers_and_claims_are_as_expected"
OPENED = "test_a_fresh_run_opens_only_files_that_the_digest_covers"
READ = "print(answer)\\nopen('../data/stocks.md').close()"
ALTERED = [  # what is altered in which file, and which test must then fail
    (FIRST, '"42\\n"', '"43\\n"', f"{FIRST}::Cell 1"),
    (FIRST, 'text/plain": "42"', 'text/plain": "44"', f"{FRESH}[01-first]"),
    (FIRST, 'claim": "True"', 'claim": "False"', f"{STORED}[01-first]"),
    (FIRST, "print(answer)", READ, f"{OPENED}[01-first]"),
    (SECOND, '"text/plain": "84"', '"text/plain": "85"', f"{SECOND}::Cell 1"),
    (SECOND, '"name": "second_answer"', '"name": "other"', f"{STORED}[02-second]"),
]


def rerun(course: Course) -> tuple[int, str]:
    """Let nbval run the lectures of the copy and look at their numbers."""
    what = ["lectures", "tests/lectures/test_numbers.py", "-k", "Cell or stored or fresh", "-rA"]
    return try_tool(course.folder, "pytest", *what, "-p", "no:cacheprovider")


def test_what_is_as_it_was_passes_the_rerun(course: Course) -> None:
    code, printed = rerun(course)
    assert code == 0, printed
    assert "lectures/02-second.ipynb was compared with its outputs" in printed
    for *_, test in ALTERED:
        assert re.search(rf"^PASSED \S*{re.escape(test)}$", printed, re.MULTILINE), printed


def test_an_altered_output_or_number_fails_the_rerun(course: Course) -> None:
    for file, old, new, _ in ALTERED:
        replace_in(course.folder / file, old, new)
    code, printed = rerun(course)
    assert code == 1
    for *_, test in ALTERED:
        assert re.search(rf"^FAILED \S*{re.escape(test)}( - .*)?$", printed, re.MULTILINE), printed


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("backend", "jax", "made with jax, run with tensorflow"),
        ("python", "3.9.1", "made with Python 3.9, run with 3."),
        ("system", "Plan 9 on mips", "made on Plan 9 on mips, run on "),
    ],
)
def test_elsewhere_outputs_are_not_compared_and_the_reason_is_said(
    key: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    made = nbformat.v4.new_notebook()
    here = {"backend": "tensorflow", "python": platform.python_version(), "system": system()}
    made.metadata["course"] = here | {key: value}
    assert why_not_exact(made).startswith(reason)


# -- what the book refuses ------------------------------------------------------------------------

REFUSALS = [  # what is changed (nothing given: the file goes), and what is said
    ("lectures/01-first.md", "6 * 7", "7 * 6", "01-first.md changed in its code,.*make notebooks"),
    (SECOND, None, None, "lectures/02-second.md has no notebook yet. Run: make notebooks"),
    (SECOND, "{", "<", f"{SECOND} is not a notebook .*delete it.*make notebooks"),
    (SECOND, '_count": 2,', '_count": null,', "02-second.md has code cells .*make notebooks"),
    ("lectures/expected.toml", "02-second = 10", "", "expected.toml: .* no seconds for 02-second."),
    (
        "_toc.yml",
        "- file: lectures/02-second",
        "",
        "02-second.md is not in _toc.yml: add it there.",
    ),
    ("_config.yml", "//github.com/", "//example.org/", "must be https://github.com/OWNER/NAME"),
]
DRIVER = """
import contextlib, io, json, sys
from pathlib import Path
from tools.book import __main__ as book
from tools.book import course
told = []
for file, old, new, said in json.loads(Path("refusals.json").read_text(encoding="utf-8")):
    path = Path(file)
    before = path.read_bytes()
    if old is None:
        path.unlink()
    else:
        assert old in before.decode(), old
        path.write_bytes(before.decode().replace(old, new, 1).encode())
    course.config.cache_clear()
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        code = book.main([])
    told.append([said, code, printed.getvalue()])
    path.write_bytes(before)
json.dump(told, sys.stdout)
"""


def test_the_book_refuses_what_is_stale_or_missing_in_one_line(course: Course) -> None:
    write(course.folder / "refusals.json", json.dumps(REFUSALS))
    write(course.folder / "driver.py", DRIVER)
    told = run_tool(course.folder, "driver").splitlines()[-1]
    for said, code, printed in json.loads(told):
        assert code == 1 and re.search(said, printed) and printed.count("\n") == 1, printed


def test_lectures_that_need_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in [("01-a", "02-b"), ("02-b", "01-a")]:
        code = f'```{{code-cell}} ipython3\nload_results("{other}")\n```\n'
        write(tmp_path / f"{name}.md", HEADER + code)
    with pytest.raises(CourseError, match="load each other's results: .*01-a"):
        bring_up_to_date(sorted(tmp_path.glob("*.md")), set())


@pytest.mark.parametrize("name", [LECTURE_NAMES[0], f"lectures/{LECTURE_NAMES[0]}.md", "01"])
def test_a_lecture_can_be_named_in_several_ways(name: str) -> None:
    assert chosen([name], lecture_sources()) == {LECTURE_NAMES[0]}


def test_a_name_that_fits_no_lecture_is_refused() -> None:
    with pytest.raises(CourseError, match=f"names no lecture. Lectures: {LECTURE_NAMES[0]}"):
        chosen(["77-lost"], lecture_sources())
