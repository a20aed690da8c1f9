"""Words of ours for which the field has a term: what is refused, and where it is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import HEADER, ROOT, write
from tools.book import words
from tools.book.word_table import ASKED, REFUSED, Phrase
from tools.book.words import faults, hits, listing

PAGES = {source.stem: source for source in words.pages()}


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.pattern)
def test_a_phrase_of_ours_is_refused_and_a_near_sentence_passes(row: Phrase) -> None:
    assert [hit.term for hit in hits(row.refused, REFUSED)] == [row.term]
    assert hits(row.passes, REFUSED) == []


def test_each_phrase_has_at_least_two_words_and_there_are_about_twenty() -> None:
    assert all(" " in row.pattern for row in REFUSED)
    assert 18 <= len(REFUSED) <= 25


PLACES = {
    "text": "One line\nwith five\nstarts in it.",
    "marks": "One.\n\nOf *five* **starts**, two end.",
    "heading": "One.\n\n## Five starts",
    "title of a box": "One.\n\n```{admonition} Five starts\nTwo.\n```",
    "alternative text": "```{figure} a.svg\n:name: fig-a\n:alt: Dots of five starts.\n\nDots.\n```",
    "caption": "One.\n\n```{figure} a.svg\n:name: fig-a\n\nDots of five starts.\n```",
    "option": "```{code-cell}\n---\nmystnb:\n  image:\n    alt: Of five\n      starts\n---\n```",
    "comment": "```{code-cell} ipython3\nx = 1  # five starts\n```",
    "comment of two lines": "```{code-cell} ipython3\n# train five\n# starts\n```",
    "docstring": '```{code-cell} ipython3\ndef f():\n    """Of five\n    starts."""\n```',
    "text in code": "```{code-cell} ipython3\nprint('five starts')\n```",
    "formatted text": "```{code-cell} ipython3\nprint(f'{x} of five starts')\n```",
    "exercise": "## Exercises\n\n```{exercise} Of seeds\n:label: ex-a\nTry five starts.\n```",
}
INNOCENT = {
    "two paragraphs": "There are five\n\nStarts are counted.",
    "names of code": "```{code-cell} ipython3\nfor five in starts: five\nstarts = 1\n```",
    "two texts": "```{code-cell} ipython3\nrow['five'], row['starts']\n```",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_phrase_is_found_wherever_a_reader_reads_it(tmp_path: Path, place: str) -> None:
    write(tmp_path / "page.md", f"{HEADER}# Title\n\n{PLACES[place]}\n")
    (fault,) = faults(tmp_path / "page.md")
    lines = (tmp_path / "page.md").read_text(encoding="utf-8").splitlines()
    assert "five" in lines[int(fault.split(":")[1]) - 1].lower()
    assert fault.endswith("the field says (random) seeds")


@pytest.mark.parametrize("place", INNOCENT)
def test_words_that_only_stand_near_each_other_pass(tmp_path: Path, place: str) -> None:
    write(tmp_path / "page.md", f"{HEADER}# Title\n\n{INNOCENT[place]}\n")
    assert faults(tmp_path / "page.md") == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_phrase_that_is_refused(name: str) -> None:
    assert faults(PAGES[name]) == []


def test_the_template_of_a_page_has_none(tmp_path: Path) -> None:
    text = (ROOT / "tools" / "book" / "lecture_template.md").read_text(encoding="utf-8")
    write(tmp_path / "new.md", text)
    assert faults(tmp_path / "new.md") == []


def test_single_words_are_listed_by_line_with_the_term_of_the_field(tmp_path: Path) -> None:
    write(tmp_path / "page.md", "# Title\n\nThe network says so.\n\nThe rival\nmet it; it met.\n")
    told = "page.md:3: says (predicts, outputs)\npage.md:5: rival (baseline)\n"
    assert listing(tmp_path / "page.md") == f"{told}page.md:6: met (seen); met (seen)"
    assert all(hits(f" {word} ", ASKED) for word in ("Starts", "twin", "descent", "the class"))


def test_the_command_looks_at_pages_by_name(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "faults", lambda source: [])
    assert words.main(["intro"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed and all(line.startswith("intro.md:") for line in printed)
    assert words.main(["lost"]) == 1
    assert "No page to look at: lost. Pages: intro, " in capsys.readouterr().err
