"""What several test modules share: finding the lectures, copying the course, running code.

Nothing here knows what a lecture is about; lectures, cells, figures and exercises are discovered.
"""

from __future__ import annotations

import ast
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jupytext
import nbformat

from tools.book.course import lecture_sources, run_environment

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
CELL_SECONDS = 600


def lecture_names() -> list[str]:
    """Slugs of the lectures, in the order of ``_toc.yml``."""
    return [source.stem for source in lecture_sources()]


def notebook_path(lecture: str) -> Path:
    """The committed notebook of a lecture."""
    return ROOT / "lectures" / f"{lecture}.ipynb"


@cache
def notebook(lecture: str) -> nbformat.NotebookNode:
    """The committed notebook of a lecture, read once; do not change it."""
    if not notebook_path(lecture).is_file():
        raise FileNotFoundError(f"lectures/{lecture}.ipynb is missing. Run: make update")
    return nbformat.read(notebook_path(lecture), 4)


def code_cells(read: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The code cells of a notebook."""
    return [cell for cell in read.cells if cell.cell_type == "code"]


def markdown_cells(read: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The Markdown cells of a notebook."""
    return [cell for cell in read.cells if cell.cell_type == "markdown"]


@cache
def functions_of(lecture: str) -> SimpleNamespace:
    """What a lecture defines at top level, functions, classes and imports; nothing else runs.

    A default that is a value of the page, which is not there, becomes None.
    """
    namespace: dict = {}
    for cell in jupytext.read(ROOT / "lectures" / f"{lecture}.md").cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or {"setup", "exercise-starter", "exercise-check"} & set(tags):
            continue
        kept = [
            node
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
        ]
        for node in kept:
            if isinstance(node, ast.FunctionDef):
                node.args.defaults = [
                    ast.copy_location(ast.Constant(None), default)
                    if isinstance(default, ast.Name) and default.id not in namespace
                    else default
                    for default in node.args.defaults
                ]
        exec(compile(ast.Module(kept, []), lecture, "exec"), namespace)
    return SimpleNamespace(**namespace)


# -- copies of the course -----------------------------------------------------------------------


def check_cell(lecture: str, asked: str) -> str:
    """The check cell of the exercise whose starter binds a name."""
    cells = jupytext.read(ROOT / "lectures" / f"{lecture}.md").cells
    found = [
        cell.source
        for cell in cells
        if "exercise-check" in cell.metadata.get("tags", []) and asked in cell.source
    ]
    assert len(found) == 1, f"{len(found)} check cells of {lecture} read {asked}"
    return found[0]


def check_says(lecture: str, asked: str, answer: str, known: Mapping[str, Any]) -> str:
    """What the check of an exercise prints of an answer, given as code; of the solution, if empty.

    `known` is what the lecture defines before it; it is not changed.
    """
    names = dict(known)
    exec(answer, names)
    with redirect_stdout(io.StringIO()) as printed:
        exec(check_cell(lecture, asked), names)
    return printed.getvalue()


def copy_course(folder: Path) -> Path:
    """Copy the course as a commit would hold it: tracked files and new ones, nothing ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listing.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.endswith(".partial"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def clean_environment(**variables: str) -> dict[str, str]:
    """The environment without what would lead a child to this tree, or change what it does."""
    ours = ("RNN_", "PYTEST_", "NBVAL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    kept.pop("PYTHONPATH", None)
    return {**kept, "PYTHONUTF8": "1", **variables}


def run_tool(folder: Path, tool: str, *arguments: str, **variables: str) -> str:
    """Run ``python -m TOOL`` in a copy of the course and return what it printed.

    Raises
    ------
    AssertionError
        If it fails; holds what it printed.
    """
    code, output = try_tool(folder, tool, *arguments, **variables)
    assert code == 0, output
    return output


def try_tool(folder: Path, tool: str, *arguments: str, **variables: str) -> tuple[int, str]:
    """Run ``python -m TOOL`` in a copy of the course; return its exit code and what it printed."""
    run = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=folder,
        env=clean_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
    )
    return run.returncode, run.stdout


HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
SETUP = """\
```{code-cell} ipython3
:tags: [setup, remove-cell]

import sys
sys.path.insert(0, "..")
```
"""
FIRST = """\
# First

The year of {cite:t}`made_up_first` has come. See {doc}`second`.

```{code-cell} ipython3
_ = open("runs.log", "a").write("first\\n")
answer = 6 * 7  # the whole
print(answer)
```

The answer is {glue:text}`first_answer`.
"""
FIRST_CLAIMS = """\
from tools.claims import claim, quote


def lesson(page):
    print("nobody sees this")
    quote(first_answer=page.answer)
    claim("The answer is", page.answer % 2 == 0)
"""
SECOND = """\
# Second

The shapes of {cite:t}`made_up_second`.

```{code-cell} ipython3
from helpers.results import load_results
_ = open("runs.log", "a").write("second\\n")
triples = load_results("triples")
double = 2 * int(triples["triple"].sum())
double
```

$$
y = 2x
$$ (eq-double)

Twice that is {glue:text}`second_answer`, by {eq}`eq-double`.

## Exercises

```{code-cell} ipython3
half = double / 2
```

Half of it is {glue:text}`second_half:.0f`.
"""
SECOND_CLAIMS = """\
from tools.claims import claim, quote


def lesson(page):
    quote(second_answer=page.double)
    claim("Twice that is", page.double > page.triples["triple"].max())


def exercises(page):
    quote(second_half=page.half)
"""
TRIPLES = """\
\"\"\"How much is three times a number?\"\"\"

import os
from pathlib import Path

from helpers.tripling import triple

BACKEND = "jax"
MINUTES = 0.1
UNITS = [{"number": number} for number in (2, 4, 8)]


def run(number):
    log = Path("lectures", "units.log")
    with log.open("a") as file:
        file.write(f"{number} {os.environ['KERAS_BACKEND']}\\n")
    yield {"triple": triple(number), "third": number / 3}


def compare(rows):
    return {"largest": rows["triple"].max()}
"""
TRIPLING = "def triple(number):\n    return 3 * number\n"
BIBLIOGRAPHY = """\
@book{made_up_first, author = {Zimmer, Ada}, title = {First}, publisher = {None}, year = {1901}}
@book{made_up_second, author = {Miller, Bo}, title = {Second}, publisher = {None}, year = {1902}}
@book{made_up_third, author = {Abel, Cy}, title = {Third}, publisher = {None}, year = {1903}}
"""


def make_small_course(folder: Path) -> Path:
    """Copy the course and put two small pages in the place of its own; nothing is executed.

    Each page writes its name to ``lectures/runs.log`` when it is executed. The second loads the
    rows of an experiment, ``triples``, which writes its units to ``lectures/units.log``.
    """
    copy_course(folder)
    for place in ("lectures", "data/results", "experiments"):
        shutil.rmtree(folder / place)
    shutil.rmtree(folder / "slides", ignore_errors=True)  # of pages that are not here
    toc = "format: jb-book\nroot: intro\nparts:\n  - numbered: true\n    chapters:\n"
    for name, text in {"first": FIRST, "second": SECOND}.items():
        title, rest = text.split("\n", 1)
        write(folder / "lectures" / f"{name}.md", f"{HEADER}{title}\n\n{SETUP}{rest}")
        toc += f"      - file: lectures/{name}\n"
    toc += "  - chapters:\n      - file: status\n      - file: references\n"
    write(folder / "lectures" / "claims" / "first.py", FIRST_CLAIMS)
    write(folder / "lectures" / "claims" / "second.py", SECOND_CLAIMS)
    write(folder / "helpers" / "tripling.py", TRIPLING)
    for name in ("__init__.py", "__main__.py"):
        write(folder / "experiments" / name, (ROOT / "experiments" / name).read_text("utf-8"))
    write(folder / "experiments" / "triples.py", TRIPLES)
    write(folder / "_toc.yml", toc)
    write(folder / "intro.md", "# Welcome\n\nStart with {doc}`lectures/first`.\n")
    write(folder / "references.bib", BIBLIOGRAPHY)
    replace_in(folder / "status.md", "{doc}`lectures/the-class`", "The appendix")
    return folder


def write(path: Path, text: str) -> None:
    """Write a text file as the course does: UTF-8, lines end in ``\\n``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace a text that must be in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    write(path, text.replace(old, new))


def snapshot(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder, but for what Git ignores there (``_build``)."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"_build", "__pycache__"} & set(path.relative_to(folder).parts)
    }


# -- code in a kernel ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """What a piece of code did in a kernel: its standard output, and its error if it raised."""

    stdout: str
    error: str | None = None
    message: str = ""


def run_code(client: Any, code: str) -> Ran:
    """Run code in a kernel (a blocking client of jupyter_client) and wait until it is done."""
    texts: list[str] = []
    errors: list[tuple[str, str]] = []

    def keep(message: Mapping[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            texts.append(content["text"])
        elif message["msg_type"] == "error":
            errors.append((content["ename"], content["evalue"]))

    client.execute_interactive(
        code, store_history=False, allow_stdin=False, output_hook=keep, timeout=CELL_SECONDS
    )
    return Ran("".join(texts), *(errors[0] if errors else ()))


def kernel(folder: Path, environment: Mapping[str, str]) -> AbstractContextManager[Any]:
    """A kernel of this very Python in a folder; yields its client."""
    from jupyter_client.manager import run_kernel

    return run_kernel(
        kernel_name="python3",
        cwd=str(folder),
        env=dict(environment),
        extra_arguments=["--IPKernelApp.log_level=40"],
    )


def kernel_environment() -> dict[str, str]:
    """The environment in which the tests run a lecture: the sample data, as the book does."""
    environment = run_environment("sample")
    environment.pop("RNN_CHECKS", None)
    return environment


# -- exercises ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exercise:
    """Positions of an exercise's cells among the code cells of its notebook."""

    starters: tuple[int, ...]
    checks: tuple[int, ...]
    solutions: tuple[int, ...]


@dataclass
class Trial:
    """What the check of an exercise said."""

    unsolved: Ran | None = None
    strict: Ran | None = None
    solved: Ran | None = None


def exercises(cells: list[nbformat.NotebookNode]) -> list[Exercise]:
    """The exercises of a lecture: each begins with a starter cell and ends before the next one."""
    found: list[dict[str, list[int]]] = []
    for position, cell in enumerate(cells):
        for tag in cell.metadata.get("tags", []):
            if tag == "exercise-starter" and (not found or found[-1]["exercise-check"]):
                found.append({t: [] for t in TAGS})
            if tag in TAGS and found:
                found[-1][tag].append(position)
    return [Exercise(*(tuple(group[tag]) for tag in TAGS)) for group in found]


TAGS = ("exercise-starter", "exercise-check", "exercise-solution")


def try_exercise(
    client: Any, cells: list[nbformat.NotebookNode], position: int, trials: dict[int, Trial]
) -> None:
    """Run the check of an exercise once more if the cell just executed makes it tell something.

    Call it after each code cell of a lecture, in order: when the check itself has run, on the
    starter's answer; after the last cell of the solution, on that.

    Parameters
    ----------
    client
        Of the kernel in which the lecture runs.
    cells : list of NotebookNode
        The lecture's code cells.
    position : int
        The one that has just been executed.
    trials : dict
        Number of the exercise, from 0, to its Trial; filled here.
    """
    for number, exercise in enumerate(exercises(cells)):
        trial = trials.setdefault(number, Trial())
        check = "\n".join(cells[at].source for at in exercise.checks)
        if exercise.checks and position == exercise.checks[-1]:
            trial.unsolved = run_code(client, check)
            run_code(client, "__import__('os').environ['RNN_CHECKS'] = 'strict'")
            trial.strict = run_code(client, check)
            run_code(client, "del __import__('os').environ['RNN_CHECKS']")
        if exercise.solutions and position == exercise.solutions[-1]:
            trial.solved = run_code(client, check)
