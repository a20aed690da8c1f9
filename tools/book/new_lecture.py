"""Start a lecture from the template (``make lecture NAME=04-keras-rnns TITLE="RNNs in Keras"``).

The new lecture builds and passes the tests as it stands, but for one: whatever is yours to write
says REPLACE, and no lecture with that word is fit to publish.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).resolve().parent / "lecture_template.md"
NAME = re.compile(r"(?P<number>\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*")
LISTED = re.compile(r"^(?P<indent> *)- file: lectures/(?P<name>\S+)[^\n]*\n", re.MULTILINE)
USAGE = 'make lecture NAME=04-keras-rnns TITLE="RNNs in Keras"'
BUDGET = 20  # seconds


class NewLectureError(Exception):
    """The lecture cannot be started; the message says why and what to do."""


def check_name(name: str, existing: list[str]) -> None:
    """Check the name of a new lecture.

    Parameters
    ----------
    name
        File name without ending: two digits, then words of small letters, joined by hyphens.
    existing
        Names of the lectures that are there.

    Raises
    ------
    NewLectureError
        If the name has another form, or its number is taken.
    """
    match = NAME.fullmatch(name)
    if match is None:
        raise NewLectureError(
            f"NAME={name!r}: two digits and small words joined by hyphens are wanted.\n{USAGE}"
        )
    for other in existing:
        if other.split("-")[0] == match["number"]:
            raise NewLectureError(
                f"NAME={name}: number {match['number']} is taken by lectures/{other}.md.\n"
                "Way out: choose another number, or rename that lecture first."
            )


def check_title(title: str) -> None:
    """Check the title of a new lecture.

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
    """Add a lecture to the table of contents, behind the lecture that precedes it.

    Parameters
    ----------
    contents
        The text of `_toc.yml`; comments and order are kept.
    name
        The new lecture.

    Returns
    -------
    str
        The new text.

    Raises
    ------
    NewLectureError
        If the contents list no lecture to stand beside.
    """
    entries = list(LISTED.finditer(contents))
    if not entries:
        raise NewLectureError(
            "_toc.yml lists no lecture, so there is no place to add one.\n"
            f"Way out: add the line `- file: lectures/{name}` to it by hand."
        )
    before = [entry for entry in entries if entry["name"] < name]
    place = before[-1].end() if before else entries[0].start()
    indent = (before[-1] if before else entries[0])["indent"]
    return f"{contents[:place]}{indent}- file: lectures/{name}\n{contents[place:]}"


def expect_numbers(expected: str, name: str) -> str:
    """Add a lecture's time budget to `lectures/expected.toml`; exact numbers need no entry.

    Raises
    ------
    NewLectureError
        If the file has no table of budgets.
    """
    budgets = re.search(r"^\[budgets\][^\n]*\n(?:(?!\[)[^\n]*\n)*", expected + "\n", re.MULTILINE)
    if budgets is None:
        raise NewLectureError(
            "lectures/expected.toml has no table [budgets].\n"
            "Way out: git checkout lectures/expected.toml"
        )
    table = budgets.group().rstrip() + f"\n{name} = {BUDGET}\n"
    rest = expected[budgets.end() :].strip("\n")
    return expected[: budgets.start()] + table + (f"\n{rest}\n" if rest else "")


def start_lecture(root: Path, name: str, title: str) -> Path:
    """Write a lecture from the template and list it wherever a lecture is listed.

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
        If name or title will not do, or a file that lists the lectures is missing or strange. Then
        nothing has been written.
    """
    existing = {path.stem for path in (root / "lectures").glob("*.md")}
    check_name(name, sorted(existing))
    check_title(title)
    contents, expected = root / "_toc.yml", root / "lectures" / "expected.toml"
    try:
        new_contents = list_in_contents(contents.read_text(encoding="utf-8"), name)
        new_expected = expect_numbers(expected.read_text(encoding="utf-8"), name)
        text = TEMPLATE.read_text(encoding="utf-8")
    except OSError as error:
        raise NewLectureError(
            f"{error.filename} cannot be read: {error.strerror}.\n"
            "Way out: restore it with git checkout."
        ) from error
    text = text.replace("%TITLE%", title.strip()).replace("%NUMBER%", name.split("-")[0])
    source = root / "lectures" / f"{name}.md"
    for path, new in [(source, text), (contents, new_contents), (expected, new_expected)]:
        path.write_text(new, encoding="utf-8", newline="\n")
    return source


def main(arguments: list[str] | None = None) -> int:
    """Start the lecture named on the command line; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 2:
        print(f"A name and a title are wanted.\n{USAGE}", file=sys.stderr)
        return 2
    try:
        source = start_lecture(ROOT, *arguments)
    except NewLectureError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{source.relative_to(ROOT).as_posix()} is written and listed in _toc.yml.")
    print("Next: make book; then write, where it says REPLACE (see CONTRIBUTING.md).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
