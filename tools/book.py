"""Build the book from the stored outputs (``make book``); executes nothing on the sample data.

Order of things: refuse stale outputs; hand the outputs to Sphinx through its execution cache; let
Jupyter Book build the pages; convert each lecture to its notebook and put that behind the page's
own download button.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import jupytext
import nbformat

from tools import notebooks, status
from tools.convert import convert_lecture
from tools.course import (
    BUILD,
    EXECUTED,
    HTML,
    ROOT,
    CourseError,
    lecture_sources,
    run_environment,
)

CACHE = BUILD / ".jupyter_cache"
EXTRA = BUILD / "extra"
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


def build(
    outputs: dict[Path, nbformat.NotebookNode] | None = None,
) -> list[tuple[Path, nbformat.NotebookNode]]:
    """Build the HTML and convert the lectures.

    Parameters
    ----------
    outputs : dict, optional
        Executed notebook of each lecture's source; by default those stored in ``lectures/``.

    Returns
    -------
    list of (Path, NotebookNode)
        Each lecture's source with its converted notebook.

    Raises
    ------
    CourseError
        Stale outputs, a Sphinx warning (all warnings count), or text that cannot be converted.
    """
    if outputs is None:
        outputs = {source: notebooks.fresh_outputs(source) for source in lecture_sources()}
    seed_cache(outputs)
    copy_mathjax()
    status.write_tables(outputs)
    run_sphinx()
    converted = [(source, convert_lecture(source, run)) for source, run in outputs.items()]
    for source, notebook in converted:
        target = HTML / "_sources" / "lectures" / f"{source.stem}.ipynb"
        if not target.is_file():
            raise CourseError(f"{target} is missing: the theme's download button has moved.")
        notebooks._write(target, notebook)
    return converted


def seed_cache(outputs: dict[Path, nbformat.NotebookNode]) -> None:
    """Fill Sphinx's execution cache, so that it finds every lecture executed already."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    shutil.rmtree(CACHE, ignore_errors=True)
    cache = get_cache(CACHE)
    for source, run in outputs.items():
        page = jupytext.read(source)
        code = [cell for cell in page.cells if cell.cell_type == "code"]
        done = [cell for cell in run.cells if cell.cell_type == "code"]
        if len(code) != len(done):
            raise CourseError(f"lectures/{source.name}: {len(code)} code cells, {len(done)} runs.")
        for cell, finished in zip(code, done, strict=True):
            cell.outputs, cell.execution_count = finished.outputs, finished.execution_count
        bundle = CacheBundleIn(page, str(source), data={"execution_seconds": 0.0})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def copy_mathjax() -> None:
    """Copy MathJax from its package into the site, so that no page asks a third party."""
    source = Path(find_spec("mathjax").origin).parent / "static" / "mathjax" / "es5"
    target = EXTRA / "mathjax"
    if (target / "tex-mml-chtml.js").is_file():
        return
    fonts = Path("output") / "chtml" / "fonts" / "woff-v2"
    shutil.copytree(source / fonts, target / fonts, dirs_exist_ok=True)
    shutil.copy2(source.parent / "LICENSE", target / "LICENSE")
    shutil.copy2(source / "tex-mml-chtml.js", target / "tex-mml-chtml.js")


def run_sphinx() -> None:
    """Run Jupyter Book; every warning is an error, and all of them are shown."""
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(ROOT)]
    command += ["--path-output", str(ROOT), "-W", "-n", "--keep-going", "-q"]
    environment = run_environment()
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise CourseError(f"{run.stdout}\n{run.stderr}\nThe book was not built: see above.")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--execute",
        action="store_true",
        help="execute the lectures on the data named by RNN_DATA (full or a folder) and show that",
    )
    options = parser.parse_args(arguments)
    try:
        outputs = None
        tier = os.environ.get("RNN_DATA", "sample")
        if options.execute and tier != "sample":
            sources = lecture_sources()
            notebooks.execute_all(sources, tier)
            folder = EXECUTED / notebooks.tier_folder(tier)
            outputs = {s: nbformat.read(folder / f"{s.stem}.ipynb", 4) for s in sources}
        build(outputs)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The book is built. Open {HTML / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
