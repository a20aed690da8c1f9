"""A page on the oldest releases (tools/book/oldest.py), here on the packages of the lock.

That they can be installed needs the network: ``make oldest`` and the weekly workflow see to it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support import HEADER, write
from tools.book import oldest, sidecars

PAGE = """\
The answer is {{glue:text}}`answer`.

```{{code-cell}} ipython3
import sys
sys.path.insert(0, {root!r})
answer = 6 * 7
{more}
```
"""
CLAIMS = """\
from tools.claims import claim, quote


def lesson(page):
    quote(answer=page.answer)
    claim("The answer is", {holds})
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("holds", "answer", "more", "told"),
    [
        ("True", 42, "", []),
        ("True", 41, "", ["answer is 42, and was 41"]),
        ("False", 42, "", ['not so in this run: "The answer is"']),
        ("True", 42, "1 / 0", ["ZeroDivisionError: division by zero"]),
        ("1 / 0 > 0", 42, "", ["claims/made-up.py:6: ZeroDivisionError: division by zero"]),
    ],
)
def test_what_is_wrong_with_a_page_is_told(
    holds: str, answer: int, more: str, told: list[str], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(oldest, "FOLDER", tmp_path)
    monkeypatch.setattr(sidecars, "CLAIMS", tmp_path)
    monkeypatch.setattr(sidecars, "RESULTS", tmp_path)
    source = tmp_path / "made-up.md"
    write(source, HEADER + PAGE.format(root=str(oldest.ROOT), more=more))
    write(tmp_path / "made-up.py", CLAIMS.format(holds=holds))
    kept = {"made": {}, "numbers": {"answer": answer}, "claims": {"The answer is": True}}
    write(tmp_path / "made-up.json", json.dumps(kept | {"trained": {}}))
    wrong = oldest.try_lecture(source, Path(sys.executable))
    assert len(wrong) == len(told)
    assert all(text in line for text, line in zip(told, wrong, strict=True))
