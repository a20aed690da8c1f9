"""Which pages the book has, in which order, and how they are numbered: by ``_toc.yml`` alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import write
from tools.book import course
from tools.book.course import CourseError, lecture_sources, number_of, numbers_of_lectures

CONTENTS = """\
root: intro
parts:
  - caption: Start here
    chapters:
      - file: lectures/two-classes
  - caption: Series
    numbered: true
    chapters:
      - file: lectures/neuron.md
      - file: lectures/a-second
  - caption: Text
    numbered: true
    chapters:
      - file: lectures/tokens
  - caption: Appendix
    numbered: true
    chapters:
      - file: lectures/notes
      - file: lectures/more
  - caption: About
    chapters:
      - file: status
"""
NUMBERS = {
    "two-classes": "",
    "neuron": "1",
    "a-second": "2",
    "tokens": "3",
    "notes": "A",
    "more": "B",
}


@pytest.fixture
def contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of six pages, and a draft that the contents do not list."""
    write(tmp_path / "_toc.yml", CONTENTS)
    for slug in [*NUMBERS, "draft"]:
        write(tmp_path / "lectures" / f"{slug}.md", "# Title\n")
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(course, "LECTURES", tmp_path / "lectures")
    return tmp_path


def test_a_page_is_numbered_by_its_place_in_the_appendix_by_a_letter_elsewhere_not(
    contents,
) -> None:
    assert numbers_of_lectures() == NUMBERS
    assert [number_of(slug) for slug in NUMBERS] == list(NUMBERS.values())


def test_the_pages_come_in_the_order_of_the_contents_and_a_draft_does_not(contents: Path) -> None:
    assert [source.stem for source in lecture_sources()] == list(NUMBERS)


def test_a_page_that_is_not_there_is_told_with_its_line(contents: Path) -> None:
    (contents / "lectures" / "tokens.md").unlink()
    with pytest.raises(CourseError, match=r"_toc\.yml:14: lectures/tokens\.md does not exist"):
        lecture_sources()


def test_the_pages_of_this_book_are_numbered_from_one_and_the_appendix_is_a() -> None:
    numbers = [number for number in numbers_of_lectures().values() if number]
    assert numbers == [*map(str, range(1, len(numbers))), "A"]
