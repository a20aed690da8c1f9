"""Numbers of a run that no experiment repeats, and that a page quotes (helpers/record.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import record as results
from helpers.record import load_results
from tools.book.course import RESULTS


def test_missing_results_are_named_with_the_way_out() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        load_results("99-lost")
    known = ", ".join(sorted(path.stem for path in RESULTS.glob("*.json")))
    message = str(caught.value)
    assert "99-lost.json is missing" in message and f"(known results: {known})" in message
    assert message.endswith("git checkout data/results")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3"])
def test_damaged_results_are_named_with_the_way_out(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"broken\.json is damaged .* git checkout data/results"):
        load_results("broken")
