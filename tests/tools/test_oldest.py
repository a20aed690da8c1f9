"""A lecture on the oldest releases (tools/book/oldest.py), here on the packages of the lock.

That they can be installed needs the network: ``make oldest`` and the weekly workflow see to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support import HEADER, write
from tools.book import oldest
from tools.book.recorded import Recorded

LECTURE = """\
```{{code-cell}} ipython3
import sys
sys.path.insert(0, {root!r})
from helpers.record import claim, record
record(answer=6 * 7)
claim("the answer is even", {holds})
```
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("holds", "answer", "told"),
    [
        ("True", 42, []),
        ("True", 41, ["answer: 42 is not 41, the stored run's"]),
        ("False", 42, ["is false: the answer is even"]),
        ("1 / 0", 42, ["ZeroDivisionError: division by zero"]),
    ],
)
def test_what_is_wrong_with_a_lecture_is_told(
    holds: str, answer: int, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oldest, "FOLDER", tmp_path)
    source = tmp_path / "01-made-up.md"
    write(source, HEADER + LECTURE.format(root=str(oldest.ROOT), holds=holds))
    stored = Recorded({"answer": answer}, {"the answer is even": True})
    wrong = oldest.try_lecture(source, stored, Path(sys.executable))
    assert len(wrong) == len(told)
    assert all(text in line for text, line in zip(told, wrong, strict=True))
