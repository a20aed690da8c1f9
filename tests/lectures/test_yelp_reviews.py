"""Lecture 10: how it pads, counts and lets words vote.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("10-yelp-reviews")


def test_pads_move_to_the_front_and_words_keep_their_order(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 1, 7, 0, 0], [2, 0, 0, 0, 0], [3, 4, 5, 6, 7]], "int16")
    front = lecture.pad_in_front(ids)
    assert front.tolist() == [[0, 0, 5, 1, 7], [0, 0, 0, 0, 2], [3, 4, 5, 6, 7]]
    assert front.dtype == ids.dtype


def test_words_are_counted_and_pads_are_not(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 1, 5, 0, 0], [9_999, 2, 1, 1, 1]], "int16")
    counts = lecture.count_words(ids)
    assert counts.shape == (2, 10_000)
    assert counts[0, 5] == 2 and counts[0, 1] == 1 and counts[1, 1] == 3
    assert counts[0, 0] == 0
    assert counts.sum() == 8


def test_each_word_gets_the_label_in_one_byte(lecture: SimpleNamespace) -> None:
    repeated = lecture.for_each_word(np.array([1, 0, 1]))
    assert repeated.shape == (3, 100) and repeated.dtype == np.int8
    assert repeated[0].all() and not repeated[1].any()


def test_pads_have_no_vote(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 6, 0, 0]])
    says = np.array([[[0.2, 0.4, 1.0, 1.0]], [[1.0, 0.0, 0.0, 0.0]]])  # two networks
    np.testing.assert_allclose(lecture.vote(ids, says), [[0.3], [0.5]])
