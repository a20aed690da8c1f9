"""The page on pretrained vectors: its analogies against a loop, its mean vectors."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.support import functions_of


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines, on a table of nine made-up words."""
    found = functions_of("pretrained-vectors")
    unit = np.random.default_rng(0).normal(size=(9, 3))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    known = found.share_right.__globals__
    monkeypatch.setitem(known, "unit", unit)
    monkeypatch.setitem(known, "glove", pd.DataFrame(unit, index=list("abcdefghi")))
    return found


@pytest.mark.parametrize("offset", [0, 1])
@pytest.mark.parametrize("leave_out", [True, False])
def test_analogies_are_scored_as_a_loop_scores_them(lecture, offset, leave_out) -> None:
    unit, pairs = lecture.share_right.__globals__["unit"], [(0, 1), (2, 3), (4, 5), (6, 7)]
    right, asked = 0, 0
    for a, b in pairs:
        for c, d in pairs:
            if (a, b) == (c, d):
                continue
            goal = unit[c] + offset * (unit[b] - unit[a])
            best = max(
                (w for w in range(9) if not (leave_out and w in (a, b, c))),
                key=lambda w: unit[w] @ goal,
            )
            right, asked = right + (best == d), asked + 1
    assert lecture.share_right(np.array(pairs), offset, leave_out) == pytest.approx(right / asked)


def test_a_word_is_its_own_nearest(lecture) -> None:
    unit = lecture.nearest.__globals__["unit"]
    assert list(lecture.nearest(unit[4], 1)) == ["e"]
    assert len(lecture.nearest(unit[4])) == 6


def test_the_shares_of_known_words_add_up_to_one(lecture, monkeypatch) -> None:
    texts = pd.DataFrame({"text": ["bb bb cc", "a gloopy cc", "gloopy"]})
    monkeypatch.setitem(lecture.word_shares.__globals__, "train", texts)
    monkeypatch.setitem(lecture.word_shares.__globals__, "test", texts.head(1))
    shares, shares_new = lecture.word_shares(["bb", "cc"])
    np.testing.assert_allclose(shares.toarray(), [[2 / 3, 1 / 3], [0, 1], [0, 0]])
    np.testing.assert_allclose(shares_new.toarray(), [[2 / 3, 1 / 3]])
