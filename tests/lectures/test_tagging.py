"""The page on tagging: its letters, labels and score; what its checks refuse; the word counts."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from experiments.word_boundaries import WordCounts, as_arrays, scores, sentences
from tests.support import functions_of

TEXT = "Mr. Bennet's house; it was\nlarge. No! Why? I have, dear sir, no idea of it"


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("tagging")


def test_sentences_are_letters_and_spaces_without_capitals_and_stops(lecture) -> None:
    kept = ["mr bennets house", "it was", "i have dear sir no idea of it"]
    assert lecture.sentences(TEXT) == kept
    assert [" ".join(words) for words in sentences(TEXT)] == kept
    assert lecture.sentences(TEXT, longest=8) == ["it was"]


def test_each_last_letter_of_a_word_is_an_end(lecture) -> None:
    letters, ends = lecture.to_arrays(["i am", "to be or"], longest=7)
    assert letters.tolist() == [[9, 1, 13, 0, 0, 0, 0], [20, 15, 2, 5, 15, 18, 0]]
    assert ends[..., 0].tolist() == [[1, 0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1, 0]]


def test_delayed_labels_stand_k_steps_behind_their_letters(lecture) -> None:
    letters, ends = lecture.to_arrays(["i am", "to be or"], longest=7)
    inputs, labels, weights = lecture.delayed(letters, ends, k=3)
    assert inputs.shape == labels.shape[:2] == weights.shape == (2, 10)
    for row, column in zip(*np.nonzero(letters), strict=True):
        assert inputs[row, column] == letters[row, column]
        assert labels[row, column + 3] == ends[row, column]
        assert weights[row, column + 3] == 1
    assert weights.sum() == np.sum(letters > 0)


def test_the_f1_score_is_that_of_scikit_learn_without_last_letters_and_padding(lecture) -> None:
    rng = np.random.default_rng(0)
    letters, ends = lecture.to_arrays(["i am here", "to be", "no use at all"], longest=12)
    output = rng.random(ends.shape)
    sizes = (letters > 0).sum(axis=1)
    true = np.concatenate([row[: n - 1, 0] for row, n in zip(ends, sizes, strict=True)])
    marked = np.concatenate([row[: n - 1, 0] > 0.5 for row, n in zip(output, sizes, strict=True)])
    assert lecture.f1_of_ends(letters, ends, output) == pytest.approx(f1_score(true, marked))


def test_spaces_come_back_where_the_network_sees_ends(lecture) -> None:
    ends = np.array([0, 0, 1, 0, 0, 1]).reshape(1, 6, 1)
    assert lecture.put_spaces(lambda letters: ends, "The man!") == "the man"


def test_a_delay_moves_labels_and_weights_and_spares_the_last_letter() -> None:
    letters, ends, weights = as_arrays([["i", "am"]], delay=2)
    assert letters[0, :6].tolist() == [9, 1, 13, 0, 0, 0]
    assert ends[0, :6, 0].tolist() == [0, 0, 1, 0, 1, 0]
    assert weights[0, :6].tolist() == [0, 0, 1, 1, 0, 0]


def test_whole_words_need_both_borders_and_none_inside() -> None:
    found = scores([["to", "be", "or"], ["a", "man"]], [{2, 3}, {1}], seen={"to", "or", "a"})
    assert found["words"] == pytest.approx(3 / 5)  # to, a, man
    assert found["unseen"] == pytest.approx(1 / 2) and found["number_unseen"] == 2
    assert found["f1"] == pytest.approx(2 * 2 / (3 + 3))


@pytest.mark.parametrize("pairs", [False, True])
def test_word_counts_find_the_most_probable_of_all_splits(pairs: bool) -> None:
    model = WordCounts([["no", "one", "is"], ["on", "no", "none"], ["is", "on"]], 3, 0.1, pairs)

    def log(words: list[str]) -> float:
        total = 0.0
        for last, word in zip(["", *words], words, strict=False):
            *_, (_, unigram) = model.words_from(word)
            total += math.log(model.next_word(last, word, unigram))
        return total

    for text in ("nooneison", "isnoneno", "oneiszen"):
        inner = range(1, len(text))
        splits = [
            [text[a:b] for a, b in itertools.pairwise([0, *marks, len(text)])]
            for k in range(len(text))
            for marks in itertools.combinations(inner, k)
        ]
        best = max(splits, key=log)
        found = model.marks(text, beam=100)
        assert found == set(np.cumsum([len(word) for word in best]).tolist())


def test_the_probabilities_of_the_letters_after_a_context_sum_to_one() -> None:
    model = WordCounts([["no", "one"], ["is", "none"]], 3, 0.1, pairs=False)
    for context in ("^^", "no", "zz"):
        letters = "abcdefghijklmnopqrstuvwxyz$"
        assert sum(model.letter(context, one) for one in letters) == pytest.approx(1)
