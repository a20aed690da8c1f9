"""Build the book from outputs that are at hand; executes nothing.

Order of things: hand the outputs to Sphinx through its execution cache; let Jupyter Book build the
pages; convert each lecture to its notebook and put that behind the page's own download button; make
the site of these pages (``tools/pages``), and put the slides beside them (``tools/slides``).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools.book import status
from tools.book.convert import convert_lecture
from tools.book.course import (
    BUILD,
    GENERATED,
    HTML,
    RAW,
    REFERENCES,
    ROOT,
    SPHINX,
    CourseError,
    lecture_sources,
    repository,
    run_environment,
    write_notebook,
    write_text,
)
from tools.book.lecture import read_lecture
from tools.pages import finish, write_math_font
from tools.slides import FOLDER, make_decks, read_decks, write_decks

CACHE = BUILD / ".jupyter_cache"
BUILDER = GENERATED / "builder.digest"
JUPYTER_BOOK = "import tools.book; from jupyter_book.cli.main import main; main()"


def build(outputs: dict[Path, nbformat.NotebookNode]) -> list[tuple[Path, nbformat.NotebookNode]]:
    """Build the HTML and convert the lectures.

    Parameters
    ----------
    outputs : dict
        Executed notebook of each lecture's source.

    Returns
    -------
    list of (Path, NotebookNode)
        Each lecture's source with its converted notebook.

    Raises
    ------
    CourseError
        A Sphinx warning (all warnings count), text that cannot be converted, or slides that name
        what their page does not have.
    """
    repository()  # refuses an address that nothing can be derived from
    slides = make_decks(read_decks(), outputs)  # in a second; what is wrong is told before Sphinx
    seed_cache(outputs)
    status.write_tables(outputs)
    remove_orphans()
    builder = builder_digest()
    known = BUILDER.is_file() and BUILDER.read_text(encoding="utf-8") == builder
    BUILDER.unlink(missing_ok=True)  # what fails is written again, and fails again
    run_sphinx(everything=not known or not all(_references(s).is_file() for s in outputs))
    write_math_font(RAW)
    write_text(BUILDER, builder)
    converted = [(source, convert_lecture(source, run)) for source, run in outputs.items()]
    for source, notebook in converted:
        target = RAW / "_sources" / "lectures" / f"{source.stem}.ipynb"
        if not target.is_file():
            raise CourseError(f"{target} is missing: the theme's download button has moved.")
        write_notebook(target, notebook)
    finish(RAW, HTML)  # which removes what is no page of the book
    write_decks(slides, HTML / FOLDER)
    return converted


def builder_digest() -> str:
    """What makes the pages besides their sources: Sphinx does not notice when it changes."""
    total = hashlib.sha256()
    extension = ROOT / "tools" / "book" / "sphinx_course.py"
    folders = [ROOT / "_static", extension.parent / "templates", ROOT / "tools" / "pages"]
    looks = [p for folder in folders for p in folder.rglob("*") if "__pycache__" not in p.parts]
    fixed = [extension, *(ROOT / name for name in ("requirements.lock", "_toc.yml"))]
    for path in [*fixed, *sorted(p for p in looks if p.is_file())]:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    total.update("\n".join(titles()).encode())
    return total.hexdigest()


def titles() -> list[str]:
    """The first heading of each page: other pages show it where they link to that page."""
    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "lectures").glob("*.md")])
    texts = [page.read_text(encoding="utf-8") for page in pages]
    return [next((one for one in text.splitlines() if one.startswith("# ")), "") for text in texts]


def _references(source: Path) -> Path:
    return REFERENCES / "lectures" / f"{source.stem}.json"


def seed_cache(outputs: dict[Path, nbformat.NotebookNode]) -> None:
    """Fill Sphinx's execution cache, so that it finds every lecture executed already."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    shutil.rmtree(CACHE, ignore_errors=True)
    cache = get_cache(CACHE)
    for source, run in outputs.items():
        page = read_lecture(source)
        code = [cell for cell in page.cells if cell.cell_type == "code"]
        done = [cell for cell in run.cells if cell.cell_type == "code"]
        if len(code) != len(done):
            raise CourseError(f"lectures/{source.name}: {len(code)} code cells, {len(done)} runs.")
        for cell, finished in zip(code, done, strict=True):
            cell.outputs, cell.execution_count = finished.outputs, finished.execution_count
        text = json.dumps([cell.outputs for cell in done], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        write_text(GENERATED / f"{source.stem}.outputs", digest + "\n")
        bundle = CacheBundleIn(page, str(source), data={"execution_seconds": 0.0})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def remove_orphans() -> None:
    """Remove what the build made of lectures that were deleted or renamed; Sphinx leaves it."""
    names = {source.stem for source in lecture_sources()}
    places = [RAW, RAW / "_sources", REFERENCES, RAW.parent / "jupyter_execute"]
    left = [path for place in places for path in (place / "lectures").glob("*.*")]
    for path in [*left, *GENERATED.glob("*.outputs")]:
        if path.name.split(".")[0] not in names:
            path.unlink()


def run_sphinx(everything: bool = False) -> None:
    """Run Jupyter Book; every warning is an error, and all of them are shown.

    Parameters
    ----------
    everything : bool
        Read and write all pages, also those that have not changed.
    """
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(ROOT)]
    command += ["--path-output", str(SPHINX), "-W", "-n", "--keep-going", "-q"]
    command += ["--all"] if everything else []
    run = subprocess.run(
        command,
        env=run_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        raise CourseError(f"{run.stdout}\n{run.stderr}\nThe book was not built: see above.")
