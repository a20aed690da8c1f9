"""The pages of the second edition: as they are until they are rewritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from helpers.record import load_results
from tests.support import ROOT, notebook
from tools.book import frozen
from tools.book.course import LECTURES, CourseError
from tools.book.frozen import cells_digest, frozen_helpers, frozen_pages, why_thawed
from tools.book.recorded import recorded
from tools.book.state import page_faults


def test_the_cells_of_the_frozen_pages_are_as_they_were() -> None:
    faults = [fault for slug in frozen_pages() for fault in page_faults(LECTURES / f"{slug}.md")]
    assert faults == []


@pytest.mark.parametrize("lecture", frozen_pages())
def test_the_numbers_of_a_frozen_page_are_kept_and_its_claims_hold(lecture: str) -> None:
    found, kept = recorded(notebook(lecture)), load_results(lecture)
    assert found.numbers and all(found.claims.values())
    assert kept.keys() == found.numbers.keys()
    for name, value in kept.items():
        same = value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-12)
        assert found.numbers[name] == same, name


@pytest.mark.parametrize("lecture", frozen_pages())
def test_the_notebook_of_a_frozen_page_names_the_helpers_that_it_was_made_with(lecture) -> None:
    assert f'made_with = "{frozen_helpers()}"' in notebook(lecture).cells[1].source


@pytest.mark.slow
def test_a_commit_has_these_helpers() -> None:
    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.split()

    if git("rev-parse", "--is-shallow-repository") != ["false"]:
        pytest.skip("no whole clone")
    commits = git("rev-list", "HEAD", "--", "helpers")
    trees = git("rev-parse", *(f"{commit}:helpers" for commit in commits))
    assert frozen_helpers() in trees


PAGE = """\
# Title

```{code-cell} ipython3
import sys
```

Text.

```{code-cell} ipython3
---
mystnb:
  image:
    alt: what one sees
---
x = 1  # one
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A frozen page, alone in the world."""
    source = tmp_path / "old.md"
    source.write_text(PAGE, encoding="utf-8")
    listed = tmp_path / "frozen.toml"
    monkeypatch.setattr(frozen, "FROZEN", listed)
    listed.write_text(f'helpers = "x"\n[cells]\nold = "{cells_digest(source)}"\n', encoding="utf-8")
    return source


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Text.", "Other text.", None),
        ("alt: what one sees", "alt: something else", None),
        ("x = 1  # one", "x = 2  # one", 1),
        ("x = 1  # one", "x = 1", 1),
    ],
)
def test_text_may_change_and_cells_may_not(page: Path, old: str, new: str, line) -> None:
    page.write_text(PAGE.replace(old, new), encoding="utf-8")
    reason = why_thawed(page)
    assert (reason is None) == (line is None)
    if reason:
        assert f"lectures/old.md:{line}: this cell has changed" in reason
        assert "git checkout lectures/old.md" in reason


def test_the_line_of_the_cell_is_told_where_there_is_a_notebook(page: Path) -> None:
    import nbformat

    cells = [nbformat.v4.new_code_cell(code) for code in ("set-up", "x = 1  # one")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), page.with_suffix(".ipynb"))
    page.write_text(PAGE.replace("x = 1", "x = 2"), encoding="utf-8")
    assert "lectures/old.md:15:" in why_thawed(page)


def test_a_page_is_taken_off_and_a_damaged_list_is_told(page: Path) -> None:
    frozen.take_off("old")
    assert frozen_pages() == {}
    frozen.FROZEN.write_text("helpers = ", encoding="utf-8")
    with pytest.raises(CourseError, match=r"frozen\.toml is damaged .* git checkout lectures/"):
        frozen_pages()
