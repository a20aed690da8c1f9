"""From a source to a page: one execution a change, in step, repeatable; nothing half-written.

The first tests look at the committed notebooks. The others change a copy of the course with two
small pages and an experiment in it and see what `make update`, `make notebooks` and `make book` do.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.lectures import reexecution
from tests.support import (
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
from tools.book import build, sidecars
from tools.book.convert import convert_lecture
from tools.book.course import (
    LECTURES,
    CourseError,
    lecture_sources,
    repository,
    write_notebook,
)
from tools.book.execute import last_run
from tools.book.notebooks import chosen
from tools.book.setup_cell import setup_cell
from tools.book.state import all_faults, all_outdated, with_numbers

SLUGS = lecture_names()
FIRST, SECOND = "lectures/first.ipynb", "lectures/second.ipynb"
UPDATE = "tools.book.update"

# -- the committed notebooks ----------------------------------------------------------------------


def test_nothing_is_wrong_and_nothing_is_outdated() -> None:
    assert all_faults() == []
    assert all_outdated() == [], "Run: make update"


@pytest.mark.parametrize("name", SLUGS)
def test_the_outputs_are_whole_clean_and_of_no_one_machine(name: str) -> None:
    cells = code_cells(notebook(name))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert allowed or output.output_type != "error", cell.source
            assert output.get("name") != "stderr", f"{cell.source}\n{output.get('text')}"
            text = json.dumps({k: v for k, v in output.items() if k != "metadata"})
            assert str(ROOT) not in text and str(Path.home()) + "/" not in text, cell.source


NUMBER = re.compile(r"(?<![\w.])\d*\.?\d+(?:e[-+]?\d+)?(?![\w.])")
BOUND = re.compile(r"\bto \d+e-\d+: (?:True|False)")  # "equal to 1e-12: True" is a bound in words
SMALLEST = 1e-5  # what is smaller, and no zero, is a rounding error or hangs on one


def rounding_errors(cell: nbformat.NotebookNode) -> list[str]:
    """The numbers in a cell's outputs that another processor would print otherwise."""
    if {"nbval-ignore-output", "nbval-skip"} & set(cell.metadata.get("tags", [])):
        return []
    texts = [output.get("text", "") for output in cell.outputs]
    for output in cell.outputs:
        texts += [str(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
    found = [number for text in texts for number in NUMBER.findall(BOUND.sub("", text))]
    return [number for number in found if 0 < float(number) < SMALLEST]


@pytest.mark.parametrize("name", SLUGS)
def test_no_output_that_is_compared_holds_a_rounding_error(name: str) -> None:
    found = {
        cell.source: bad for cell in code_cells(notebook(name)) if (bad := rounding_errors(cell))
    }
    assert found == {}, "print np.allclose(...) or a bound, or tag the cell nbval-ignore-output"


@pytest.mark.parametrize(
    ("text", "tags", "found"),
    [
        ("largest difference 8e-07", [], ["8e-07"]),
        ("<td>0.0000003</td>", [], ["0.0000003"]),
        ("-1.2e-08 to +3.0e-08", [], ["1.2e-08", "3.0e-08"]),
        ("8e-07", ["nbval-ignore-output"], []),
        ("equal to 1e-12: True, 0.0, 1e-05, 0x1e-7", [], []),
    ],
)
def test_a_rounding_error_is_found(text: str, tags: list[str], found: list[str]) -> None:
    stream = nbformat.v4.new_output("stream", text=text)
    cell = nbformat.v4.new_code_cell("", outputs=[stream], metadata={"tags": tags})
    assert rounding_errors(cell) == found


def in_step(name: str, folder: Path) -> bool:
    """Whether a notebook is what its source and its stored run make."""
    source, stored = LECTURES / f"{name}.md", nbformat.read(notebook_path(name), 4)
    stored = with_numbers(stored, sidecars.read_results(source)[0])
    write_notebook(folder / "converted.ipynb", convert_lecture(source, stored))
    return (folder / "converted.ipynb").read_bytes() == notebook_path(name).read_bytes()


@pytest.mark.parametrize("name", SLUGS)
def test_a_notebook_is_in_step_with_its_source(name: str, book: Path, tmp_path: Path) -> None:
    assert in_step(name, tmp_path), "not what its source says. Run: make notebooks"


@pytest.mark.parametrize("name", lecture_names())
def test_nothing_of_claims_is_left_in_a_notebook(name: str) -> None:
    text = notebook_path(name).read_text(encoding="utf-8")
    for trace in ("papermill", "tools.claims", "quote(", "fingerprint", "record("):
        assert trace not in text


@pytest.mark.parametrize("name", lecture_names())
def test_a_page_runs_in_half_a_minute(name: str) -> None:
    assert last_run()["seconds"][name] <= {"two-classes": 90}.get(name, 30)


# -- a copy with two small pages ------------------------------------------------------------------


class Course:
    """A copy of the course with two small pages and an experiment."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_small_course(folder)
        self.lectures, self.html = folder / "lectures", folder / "_build" / "html"
        self.log, self.units = self.lectures / "runs.log", self.lectures / "units.log"
        self.first, self.second = self.lectures / "first.md", self.lectures / "second.md"
        self.claims = self.lectures / "claims"
        self.experiment = folder / "experiments" / "triples.py"
        self.results = folder / "data" / "results"

    def runs(self) -> list[str]:
        """Pages executed since the last call, in order."""
        return self._read_and_empty(self.log)

    def ran_units(self) -> list[str]:
        """Units run since the last call, in order of their numbers."""
        return sorted(self._read_and_empty(self.units), key=int)

    def _read_and_empty(self, path: Path) -> list[str]:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        path.unlink(missing_ok=True)
        return [line.split()[0] for line in lines]

    def update(self, *arguments: str) -> str:
        """Run ``make update`` and return what it printed."""
        return run_tool(self.folder, UPDATE, *arguments)

    def refuse(self, tool: str, *arguments: str) -> str:
        """Run a tool that must fail and return what it printed."""
        code, printed = try_tool(self.folder, tool, *arguments)
        assert code == 1, printed
        return printed

    def page(self, name: str) -> str:
        """The HTML of a page."""
        return (self.html / "lectures" / f"{name}.html").read_text(encoding="utf-8")

    def read(self, name: str) -> nbformat.NotebookNode:
        """The notebook of a page."""
        return nbformat.read(self.lectures / f"{name}.ipynb", 4)

    def restore(self, before: dict[str, bytes]) -> None:
        """Put all files back, but for what is in ``_build``."""
        for name in snapshot(self.folder).keys() - before.keys():
            (self.folder / name).unlink()
        for name, content in before.items():
            if not (self.folder / name).is_file() or (self.folder / name).read_bytes() != content:
                (self.folder / name).parent.mkdir(exist_ok=True)
                (self.folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The copy, made from nothing by one command."""
    course = Course(tmp_path_factory.mktemp("course"))
    printed = course.update()
    assert course.runs() == ["first", "second"], printed
    assert course.ran_units() == ["2", "4", "8"]
    assert "experiments/triples.py has never been run: about 6 s" in printed
    assert "In all about" in printed
    return course


@pytest.fixture
def course(built: Course) -> Iterator[Course]:
    """The built copy; what a test changes in its files is put back afterwards."""
    before = snapshot(built.folder)
    yield built
    built.runs(), built.ran_units()
    shutil.rmtree(built.folder / "_build" / "executed", ignore_errors=True)
    shutil.rmtree(built.folder / "_build" / "experiments", ignore_errors=True)
    built.restore(before)


@pytest.mark.slow
def test_the_page_shows_the_numbers_and_the_notebook_no_trace_of_the_claims(course: Course) -> None:
    assert "Twice that is 84" in course.page("second")
    assert "Half of it is 42" in course.page("second")
    assert "nobody sees this" not in course.page("first")
    text = (course.folder / FIRST).read_text(encoding="utf-8")
    assert "The answer is 42." in text and "papermill" not in text and "claims" not in text
    assert course.read("first").metadata["course"] == {"repository": repository()}
    kept = json.loads((course.results / "second.json").read_text(encoding="utf-8"))
    assert kept["numbers"] == {"second_answer": 84, "second_half": 42.0}
    assert kept["claims"] == {"Twice that is": True}


@pytest.mark.slow
def test_a_second_run_executes_nothing_and_writes_nothing(course: Course) -> None:
    before = snapshot(course.folder)
    assert "nothing, all notebooks are in step" in course.update()
    assert course.runs() == course.ran_units() == [] and snapshot(course.folder) == before


@pytest.mark.slow
def test_executing_again_gives_the_same_bytes(course: Course) -> None:
    before = snapshot(course.folder)
    run_tool(course.folder, "tools.book.notebooks", "--force")
    assert sorted(course.runs()) == ["first", "second"]
    after = snapshot(course.folder)
    (last_run,) = (name for name in after if name.endswith("last_run.json"))
    assert {k: v for k, v in after.items() if k != last_run} == {
        k: v for k, v in before.items() if k != last_run
    }


PAGE, ITS_CLAIMS = "lectures/first.md", "lectures/claims/first.py"
HELPER, ASKED = "helpers/tripling.py", "experiments/triples.py"
NOTHING = [  # a sentence, comments, docstrings, layout
    (PAGE, "has come", "has gone"),
    (PAGE, "answer = 6 * 7  # the whole", "answer  =  6*7"),
    (ITS_CLAIMS, "def ", "# two\ndef "),
    (HELPER, "def ", '"""Of three."""\n\n\ndef '),
    (ASKED, "UNITS = ", "# numbers\nUNITS = "),
]
COSTS = {  # what is changed, and which pages and units run again
    "text and comments": (NOTHING, [], []),
    "code in a cell": ([(PAGE, "6 * 7", "7 * 6")], ["first"], []),
    "a claim": ([(ITS_CLAIMS, "% 2 == 0", "> 41")], ["first"], []),
    "what is compared": ([(ASKED, ".max()", ".min()")], ["second"], []),
    "a setting": ([(ASKED, "(2, 4, 8)", "(2, 4, 9)")], ["second"], ["2", "4", "9"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", COSTS)
def test_what_a_change_costs(course: Course, what: str) -> None:
    changes, pages, units = COSTS[what]
    for file, old, new in changes:
        replace_in(course.folder / file, old, new)
    told = course.update("--list")
    assert course.runs() == course.ran_units() == []
    assert [name for name in ("first", "second") if f"lectures/{name}.md" in told] == (
        pages if what != "what is compared" and what != "a setting" else []
    )
    printed = course.update()
    assert (course.runs(), course.ran_units()) == (pages, units), printed


@pytest.mark.slow
def test_a_helper_that_changes_results_runs_all_units_and_the_pages_that_load_them(
    course: Course,
) -> None:
    replace_in(course.folder / "helpers" / "tripling.py", "3 * number", "30 * number")
    printed = course.update()
    assert "a replayed unit came out otherwise, so all units run" in printed
    assert course.ran_units() == ["2", "2", "4", "8"] and course.runs() == ["second"]
    assert "moved: lectures/second.md:" in printed and "second_answer: 84 -> 840" in printed
    assert "Twice that is 840" in course.page("second")


@pytest.mark.slow
def test_a_replay_stamps_the_fingerprint_and_says_so(course: Course) -> None:
    path = course.results / "experiments" / "triples.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    replace_in(course.folder / "helpers" / "tripling.py", "3 * number", "number + 2 * number")
    course.update()
    after = json.loads(path.read_text(encoding="utf-8"))
    assert after["rows"] == before["rows"]
    assert after["rows"][0] == {"number": 2, "triple": 6, "third": 0.666667}
    assert after["comparisons"] == {"largest": 24}
    assert after["made"]["replayed"] == {"number": 2}
    assert after["made"]["backend"] == "jax"
    assert after["made"]["fingerprint"] != before["made"]["fingerprint"]


@pytest.mark.slow
def test_an_experiment_that_fails_keeps_what_is_done_and_goes_on(course: Course) -> None:
    before = (course.results / "experiments" / "triples.json").read_bytes()
    replace_in(course.experiment, "(2, 4, 8)", "(2, 4, 16)")
    stop = '    if number == 16 and not Path("go").exists():\n        raise ValueError("no")\n'
    replace_in(course.experiment, '    yield {"triple"', f'{stop}    yield {{"triple"')
    printed = course.refuse("experiments", "triples")
    assert (
        "experiments/triples.py, unit number 16: ValueError: no. 2 of 3 units are done" in printed
    )
    assert (course.results / "experiments" / "triples.json").read_bytes() == before
    assert course.ran_units() == ["2", "4", "16"]
    waiting = course.folder / "_build" / "experiments" / "triples.jsonl"
    with waiting.open("a", encoding="utf-8") as file:
        file.write('{"unit": {"num')  # a machine that went down in the middle of a line
    write(course.folder / "go", "")
    assert "2 of 3 units wait from before" in run_tool(course.folder, "experiments", "triples")
    assert course.ran_units() == ["16"]
    rows = json.loads((course.results / "experiments" / "triples.json").read_text("utf-8"))["rows"]
    assert [row["triple"] for row in rows] == [6, 12, 48]


@pytest.mark.slow
def test_an_experiment_whose_results_are_cut_in_half_is_run_again_where_it_is_named(course) -> None:
    path = course.results / "experiments" / "triples.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    write(path, path.read_text(encoding="utf-8")[:200])
    told = "triples.json is damaged"
    assert told in course.refuse(UPDATE) and told in course.refuse("experiments")
    assert "was damaged: triples is run again" in run_tool(course.folder, "experiments", "triples")
    assert course.ran_units() == ["2", "4", "8"]
    assert json.loads(path.read_text(encoding="utf-8"))["rows"] == before["rows"]


@pytest.mark.slow
def test_editing_prose_changes_only_the_text_of_that_page(course: Course) -> None:
    before, other = course.read("first"), (course.folder / SECOND).read_bytes()
    replace_in(course.first, "The answer is", "As {cite:t}`made_up_third` knew. The answer is")
    printed = run_tool(course.folder, "tools.book.notebooks")
    assert course.runs() == [] and "nothing is executed" in printed
    after = course.read("first")
    assert code_cells(after) == code_cells(before) and after.metadata == before.metadata
    text = markdown_cells(after)[-1].source
    assert re.fullmatch(r"As Abel \[\[1903\]\(https://.* knew. The answer is 42\.", text)
    # A new citation must not move the anchors to which the others link.
    assert (course.folder / SECOND).read_bytes() == other
    assert "Written: lectures/first.ipynb\n" in printed
    sitemap = (course.html / "sitemap.xml").read_text(encoding="utf-8")
    pages = re.findall(r"<loc>[^<]*?/([^/<]+)\.html</loc>", sitemap)
    assert pages == ["intro", "first", "second", "references", "status"]


@pytest.mark.slow
def test_a_claim_that_does_not_hold_stops_and_writes_nothing(course: Course) -> None:
    before = snapshot(course.folder)
    replace_in(course.first, "6 * 7", "6 * 7 + 1")
    printed = course.refuse(UPDATE)
    assert 'lectures/claims/first.py:7: not so in this run: "The answer is"' in printed
    assert "Nothing of this page was written." in printed and course.runs() == ["first"]
    after = snapshot(course.folder)
    assert {name for name in after if after[name] != before[name]} == {"lectures/first.md"}
    replace_in(course.claims / "first.py", "% 2 == 0", "% 2 == 1")
    assert "moved: lectures/first.md:" in course.update()
    assert "The answer is 43" in course.page("first")
    assert "<td><p>The answer is</p></td>" in course.page("../status").replace("\n", "")


@pytest.mark.slow
def test_a_cell_that_fails_stops_with_page_cell_and_error(course: Course) -> None:
    before = course.read("first")
    replace_in(course.first, "answer = 6 * 7", "answer = 6 / 0")
    printed = course.refuse("tools.book.notebooks")
    for said in ("lectures/first.md failed", "answer = 6 / 0", "ZeroDivisionError"):
        assert said in printed
    assert "\x1b" not in printed
    assert course.read("first") == before


@pytest.mark.slow
def test_after_an_error_in_the_text_only_what_changed_runs_and_only_once(course: Course) -> None:
    replace_in(course.second, "\ndouble\n", "\ndouble + 2\n")
    replace_in(course.second, "Twice that", "[Once](twice.md). Twice that")
    assert "second.md:" in course.refuse(UPDATE)
    replace_in(course.second, "[Once](twice.md). ", "")
    course.update()
    assert course.runs() == ["second"]
    assert code_cells(course.read("second"))[1].outputs[-1].data["text/plain"] == "86"


@pytest.mark.slow
def test_a_renamed_page_leaves_nothing_of_its_old_name(course: Course) -> None:
    own = course.lectures / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), own)
    course.second.rename(course.lectures / "renamed.md")
    (course.claims / "second.py").rename(course.claims / "renamed.py")
    for file in ("lectures/first.md", "_toc.yml"):
        replace_in(course.folder / file, "second", "renamed")
    printed = course.update()
    assert "lectures/second.ipynb (removed), data/results/second.json (removed)" in printed
    assert '"second"' not in (course.lectures / "last_run.json").read_text(encoding="utf-8")
    assert not (course.html / "lectures" / "second.html").exists()
    assert (course.lectures / "renamed.ipynb").is_file()
    assert own.is_file(), "a notebook that this tool did not make is a person's own"


@pytest.mark.slow
def test_a_page_that_the_contents_do_not_list_is_no_page_yet(course: Course) -> None:
    before = snapshot(course.folder)
    write(course.lectures / "draft.md", "# Draft\n\n{glue:text}`nothing`\n")
    assert "all notebooks are in step" in course.update()
    assert not (course.html / "lectures" / "draft.html").exists()
    assert snapshot(course.folder).keys() - before.keys() == {"lectures/draft.md"}


UNKNOWN = ["{nonsense_role}`x`", "```{nonsense_directive}\n```", "{doc}`lost`", "{cite:t}`nobody`"]


@pytest.mark.slow
def test_unknown_syntax_stops_the_book_with_file_and_line(course: Course) -> None:
    replace_in(course.first, "The answer is", "\n\n".join([*UNKNOWN, "The answer is"]))
    printed = course.refuse("tools.book")
    lines = course.first.read_text(encoding="utf-8").splitlines()
    for text in UNKNOWN:
        line = lines.index(text.split("\n")[0]) + 1
        word = re.findall(r"\w+", text)[0 if "nonsense" in text else -1]
        assert re.search(rf"first\.md:{line}\b.*{word}", printed), printed


@pytest.mark.slow
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
    for name in ("requirements.lock", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    page = tmp_path / "lectures" / "first.md"
    write(page, "# One title\n\nText\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    before = build.builder_digest()
    write(page, "# One title\n\nOther text\n")
    assert build.builder_digest() == before
    write(page, "# Another title\n\nText\n")
    assert build.builder_digest() != before


NEW = "https://github.com/some-lecturer/my-rnn-class"


@pytest.mark.slow
def test_a_fork_edits_one_line_and_executes_nothing(course: Course) -> None:
    replace_in(course.folder / "_config.yml", f"url: {repository()}", f"url: {NEW}")
    run_tool(course.folder, "tools.book.notebooks")
    for name in (FIRST, SECOND, "README.md", "CITATION.cff"):
        text = (course.folder / name).read_text(encoding="utf-8")
        assert NEW in text or NEW.replace("github.com", "colab.research.google.com/github") in text
        assert repository().partition("github.com/")[2] not in text, name
    run_tool(course.folder, "tools.book.notebooks")  # the notebooks say for which address they are
    assert course.runs() == []


# -- the re-execution by nbval --------------------------------------------------------------------

RUNS = "tests/lectures/test_runs.py::test_numbers_are_as_they_were_and_claims_hold"
ALTERED = [  # what is altered in which file, and which test must then fail
    (FIRST, '"42\\n"', '"43\\n"', f"{FIRST}::Cell 1"),
    ("data/results/first.json", ": 42", ": 44", f"{RUNS}[first]"),
    ("data/results/second.json", '"second_half": 42.0', '"second_half": 41.0', f"{RUNS}[second]"),
    (SECOND, '"text/plain": "84"', '"text/plain": "85"', f"{SECOND}::Cell 1"),
]


def rerun(course: Course) -> tuple[int, str]:
    """Let nbval run the pages of the copy, and look at their numbers."""
    what = ["lectures", "tests/lectures/test_runs.py", "-rA", "-p", "no:cacheprovider"]
    return try_tool(course.folder, "pytest", *what)


@pytest.mark.slow
def test_what_is_as_it_was_passes_the_rerun_and_gets_a_stamp(course: Course) -> None:
    code, printed = rerun(course)
    assert code == 0, printed
    assert "lectures/second.ipynb was compared with its outputs" in printed
    for *_, test in ALTERED:
        assert re.search(rf"^PASSED \S*{re.escape(test)}$", printed, re.MULTILINE), printed
    assert {path.name for path in (course.folder / "_build/verified").iterdir()} == {
        "first",
        "second",
    }


@pytest.mark.slow
def test_an_altered_output_or_number_fails_the_rerun(course: Course) -> None:
    shutil.rmtree(course.folder / "_build" / "verified", ignore_errors=True)
    for file, old, new, _ in ALTERED:
        replace_in(course.folder / file, old, new)
    code, printed = rerun(course)
    assert code == 1
    for *_, test in ALTERED:
        assert re.search(rf"^FAILED \S*{re.escape(test)}( - .*)?$", printed, re.MULTILINE), printed
    # The claims ran although the output of the cell before them was another.
    for told in ("first_answer is 42, and was 44", "second_half is 42.0, and was 41.0"):
        assert told in printed
    assert not (course.folder / "_build" / "verified" / "first").exists()


def test_elsewhere_outputs_are_not_compared_and_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slug = lecture_names()[0]
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert reexecution.why_not_exact(slug) == "made with tensorflow, run with jax"
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setattr(reexecution, "installed_versions", lambda: {"numpy": "0"})
    assert "other versions of the packages" in reexecution.why_not_exact(slug)


# -- bad input: one message, the same from each command -------------------------------------------

RESULTS = "data/results/experiments/triples.json"
REFUSALS = [  # what is changed (nothing given: the file goes), and what each command says
    (
        "lectures/claims/first.py",
        '"The answer is"',
        '"The answer was"',
        r'claims/first\.py:7: lectures/first\.md does not say "The answer was": take words of the '
        r'page\. The nearest there: ".*The answer is',
    ),
    (
        "lectures/claims/first.py",
        '"The answer is"',
        '"The"',
        r'lectures/claims/first\.py:7: lectures/first\.md says "The" 2 times \(lines \d+, \d+\)',
    ),
    (
        "lectures/first.md",
        "The answer is",
        "So {glue:text}`lost:.2f`. The answer is",
        r"lectures/first\.md:\d+: the number lost is quoted, but lectures/claims/first\.py does",
    ),
    (
        "lectures/claims/first.py",
        None,
        None,
        r"lectures/first\.md:\d+: the number first_answer is quoted, but there is no lectures/",
    ),
    (
        "lectures/claims/first.py",
        "page.answer)",
        "page.answers)",
        r"lectures/claims/first\.py:6: it reads page\.answers, which no cell of lectures/first\.md",
    ),
    (
        "lectures/claims/first.py",
        "def lesson(page)",
        "def lessons(page)",
        r"lectures/claims/first\.py:1: it needs a function lesson\(page\)\.",
    ),
    (
        "lectures/claims/first.py",
        "def lesson(page)",
        "def lesson(page",
        r"lectures/claims/first\.py:4: '\(' was never closed",
    ),
    (RESULTS, None, None, r"triples\S* (which )?has never been run"),
    (
        RESULTS,
        '"rows"',
        '"ro',
        r"experiments/triples\.json is damaged .*: make experiments ARGS=tri",
    ),
    (
        "lectures/second.md",
        'load_results("triples")',
        'load_results("triplets")',
        r"lectures/second\.md:\d+: it loads the results of 'triplets', which is no experiment",
    ),
    (
        "data/results/first.json",
        '"claims"',
        '"cl',
        r"results/first\.json is damaged .*git checkout",
    ),
    (
        "_toc.yml",
        "lectures/second",
        "lectures/lost",
        r"_toc\.yml:\d: lectures/lost\.md does not exist",
    ),
    ("_config.yml", "//github.com/", "//example.org/", "must be https://github.com/OWNER/NAME"),
    (
        "lectures/second.ipynb",
        "{",
        "<",
        r"second\.ipynb is not a notebook .*delete it.*make update",
    ),
]
DRIVER = """
import contextlib, io, json
from pathlib import Path
from tools.book import __main__ as book, course, update, state
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
    codes, printed = [], []
    for command in (book.main, update.main):
        with contextlib.redirect_stderr(io.StringIO()) as err, contextlib.redirect_stdout(err):
            codes.append(command(["--list"] if command is update.main else []))
        printed.append(err.getvalue())
    try:
        tested = "\\n".join([*state.all_faults(), *state.all_outdated()])
        course.repository()
    except course.CourseError as error:
        tested = str(error)
    told.append([said, codes, [*printed, tested]])
    path.write_bytes(before)
json.dump(told, open("told.json", "w"))
"""


@pytest.mark.slow
def test_bad_input_gets_the_same_message_from_book_update_and_test(course: Course) -> None:
    before = snapshot(course.folder)
    write(course.folder / "refusals.json", json.dumps(REFUSALS))
    write(course.folder / "driver.py", DRIVER)
    printed = run_tool(course.folder, "driver")
    told = json.loads((course.folder / "told.json").read_text(encoding="utf-8"))
    for said, codes, texts in told:
        assert codes[0] == 1, (said, texts, printed)
        for text in texts if "example" not in said and "OWNER" not in said else texts[:1]:
            assert re.search(said, text), (said, text)
    for name in ("refusals.json", "driver.py", "told.json"):
        (course.folder / name).unlink()
    assert snapshot(course.folder) == before and course.runs() == course.ran_units() == []


AGAIN = "print(answer)\n```\n\n```{code-cell} ipython3\nanswer = 1"


@pytest.mark.slow
def test_claims_that_read_a_name_that_is_bound_again_are_refused_before_anything_runs(
    course: Course,
) -> None:
    replace_in(course.first, "print(answer)", AGAIN)
    printed = course.refuse(UPDATE)
    assert re.search(
        r"claims/first\.py:6: it reads page\.answer, which lectures/first\.md binds in line \d+ "
        r"and again in \d+: give one of them another name",
        printed,
    )
    assert course.runs() == []


@pytest.mark.slow
def test_an_error_in_claims_is_told_with_file_and_line(course: Course) -> None:
    replace_in(course.claims / "first.py", "page.answer % 2 == 0", "page.answer")
    printed = course.refuse(UPDATE)
    assert re.search(r"lectures/claims/first\.py:7: ClaimsError: claim\('The answer is', ", printed)


@pytest.mark.slow
def test_the_book_is_built_from_an_outdated_run_and_says_so(course: Course) -> None:
    replace_in(course.folder / "helpers" / "tripling.py", "3 * number", "number * 3")
    printed = run_tool(course.folder, "tools.book")
    assert "Outdated: experiments/triples.py uses helpers or data that have changed" in printed
    assert "Run: make experiments ARGS=triples" in printed and "The book is built." in printed


@pytest.mark.parametrize("name", [SLUGS[0], f"lectures/{SLUGS[0]}.md", SLUGS[0][:-3]])
def test_a_page_can_be_named_in_several_ways(name: str) -> None:
    assert chosen([name], lecture_sources()) == {SLUGS[0]}


def test_a_name_that_fits_no_page_is_refused() -> None:
    with pytest.raises(CourseError, match=f"names no lecture. Lectures: {SLUGS[0]}"):
        chosen(["lost"], lecture_sources())


def test_the_set_up_cell_names_the_helpers_of_now() -> None:
    for slug in lecture_names():
        assert code_cells(notebook(slug))[0].source == setup_cell(repository())
