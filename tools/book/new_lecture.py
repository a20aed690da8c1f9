"""Start a page from the template (``make lecture NAME=tagging TITLE="Tagging a sequence"``).

Writes the page, its claims beside it, and a line in ``_toc.yml``. The new page builds and passes
the tests as it stands, but for one: whatever is yours to write says REPLACE, and no page with that
word is fit to publish.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).resolve().parent / "lecture_template.md"
CLAIMS = Path(__file__).resolve().parent / "claims_template.py.txt"
SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LISTED = re.compile(r"^(?P<indent> *)- file: lectures/(?P<name>\S+)[^\n]*\n", re.MULTILINE)
APPENDIX = re.compile(r"^ *- caption: Appendix\b", re.MULTILINE)
USAGE = 'make lecture NAME=tagging TITLE="Tagging a sequence"'


class NewLectureError(Exception):
    """The page cannot be started; the message says why and what to do."""


def check_name(name: str, existing: list[str]) -> None:
    """Check the slug of a new page.

    Parameters
    ----------
    name
        File name without ending: small words and digits, joined by hyphens. It carries no number;
        the number of a page is its place in ``_toc.yml``.
    existing
        Slugs of the pages that are there.

    Raises
    ------
    NewLectureError
        If the name has another form, or is taken.
    """
    if SLUG.fullmatch(name) is None:
        raise NewLectureError(
            f"NAME={name!r}: small words joined by hyphens are wanted, and no number before them.\n"
            f"{USAGE}"
        )
    if name in existing:
        raise NewLectureError(
            f"NAME={name}: lectures/{name}.md is there already.\nWay out: choose another name."
        )


def check_title(title: str) -> None:
    """Check the title of a new page.

    Raises
    ------
    NewLectureError
        If it is empty, longer than 80 characters, or more than one line.
    """
    if not title.strip() or len(title) > 80 or not title.isprintable():
        raise NewLectureError(
            f"TITLE={title!r}: one line of at most 80 characters is wanted.\n{USAGE}"
        )


def list_in_contents(contents: str, name: str) -> str:
    """Add a page to the table of contents, behind the last one before the appendix.

    Parameters
    ----------
    contents
        The text of `_toc.yml`; comments and order are kept.
    name
        The new page.

    Returns
    -------
    str
        The new text.

    Raises
    ------
    NewLectureError
        If the contents list no page to stand behind.
    """
    appendix = APPENDIX.search(contents)
    end = appendix.start() if appendix else len(contents)
    entries = [entry for entry in LISTED.finditer(contents) if entry.end() <= end]
    if not entries:
        raise NewLectureError(
            "_toc.yml lists no lecture, so there is no place to add one.\n"
            f"Way out: add the line `- file: lectures/{name}` to it by hand."
        )
    place, indent = entries[-1].end(), entries[-1]["indent"]
    return f"{contents[:place]}{indent}- file: lectures/{name}\n{contents[place:]}"


def start_lecture(root: Path, name: str, title: str) -> Path:
    """Write a page and its claims from the templates, and list it.

    Parameters
    ----------
    root
        The folder of the course.
    name, title
        As `check_name` and `check_title` want them.

    Returns
    -------
    Path
        The new source, `lectures/NAME.md`.

    Raises
    ------
    NewLectureError
        If name or title will not do, or `_toc.yml` is missing or strange. Then nothing has been
        written.
    """
    check_name(name, sorted(path.stem for path in (root / "lectures").glob("*.md")))
    check_title(title)
    contents = root / "_toc.yml"
    try:
        new_contents = list_in_contents(contents.read_text(encoding="utf-8"), name)
    except OSError as error:
        raise NewLectureError(
            f"{error.filename} cannot be read: {error.strerror}.\n"
            "Way out: restore it with git checkout."
        ) from error
    source = root / "lectures" / f"{name}.md"
    claims = root / "lectures" / "claims" / f"{name}.py"
    texts = {source: TEMPLATE, claims: CLAIMS}
    claims.parent.mkdir(exist_ok=True)
    for path, template in texts.items():
        text = template.read_text(encoding="utf-8")
        text = text.replace("%TITLE%", title.strip()).replace("%NAME%", name)
        path.write_text(text, encoding="utf-8", newline="\n")
    contents.write_text(new_contents, encoding="utf-8", newline="\n")
    return source


def main(arguments: list[str] | None = None) -> int:
    """Start the page named on the command line; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 2:
        print(f"A name and a title are wanted.\n{USAGE}", file=sys.stderr)
        return 2
    try:
        source = start_lecture(ROOT, *arguments)
    except NewLectureError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Written: {source.relative_to(ROOT).as_posix()} and lectures/claims/{source.stem}.py; "
        "listed in _toc.yml (take the line out to commit a draft)."
    )
    print("Next: make update; then write, where it says REPLACE (see CONTRIBUTING.md).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
