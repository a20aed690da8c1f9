"""The page on tokens: its tokenizer and its merges.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from tests.support import functions_of

SENTENCES = ["I love Stats so much", "I love ML too", "I love DS", "I love NN"]
NASTY = ["", "   ", "?!...", "😋😋", "Übung macht", "很好吃", "<b>bold</b> & more", "x" * 100_000]
BY_HAND = [("u", "n"), ("f", "un"), ("n", "y"), ("fun", "ny")]


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("tokens")


# -- words ----------------------------------------------------------------------------------------


def test_ids_are_those_of_the_source_class(lecture) -> None:
    vocabulary = lecture.fit_vocabulary(SENTENCES)
    words = ["i", "love", "stats", "so", "much", "ml", "too", "ds", "nn"]
    assert vocabulary == {word: k for k, word in enumerate(words, start=1)}
    sequences = [lecture.to_ids(text, vocabulary) for text in SENTENCES]
    assert sequences == [[1, 2, 3, 4, 5], [1, 2, 6, 7], [1, 2, 8], [1, 2, 9]]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:12]))
def test_any_text_becomes_ids_of_its_words(lecture, text) -> None:
    ids = lecture.to_ids(text, lecture.fit_vocabulary([*SENTENCES, text]))
    assert len(ids) == len(lecture.split_words(text)) and 0 not in ids


# -- subwords -------------------------------------------------------------------------------------


def joined_by_text(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """A pair joined by a regular expression over the tokens, written with spaces between."""
    pattern = r"(?<!\S)" + re.escape(" ".join(pair)) + r"(?!\S)"
    return tuple(re.sub(pattern, "".join(pair), " ".join(word)).split(" "))


@pytest.mark.parametrize("seed", range(20))
def test_a_merge_is_that_of_the_paper(lecture, seed) -> None:
    rng = np.random.default_rng(seed)
    word = tuple(rng.choice(["a", "b", "ab", "ba"], 30))
    for pair in (("a", "b"), ("ab", "a"), ("a", "a"), ("b", "ba")):
        assert lecture.merge(word, pair) == joined_by_text(word, pair)


def test_the_merges_are_those_of_the_table(lecture) -> None:
    assert lecture.learn_merges({"fun": 5, "funny": 4, "sunny": 2, "run": 3}, 4) == BY_HAND


@pytest.mark.parametrize("seed", range(5))
def test_merges_are_those_of_the_library_where_no_counts_tie(lecture, seed) -> None:
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list("abcd"), rng.integers(2, 7))) for _ in range(60)]
    counts = Counter({word: int(rng.integers(1, 10**6)) for word in words})
    lines = [" ".join([word] * (count // 1000 + 1)) for word, count in counts.items()]
    library = Tokenizer(models.BPE())
    library.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(vocab_size=16, show_progress=False)
    library.train_from_iterator(lines, trainer)
    theirs = sorted(library.get_vocab(), key=library.get_vocab().get)[4:]
    counts = Counter(word for line in lines for word in line.split())
    assert ["".join(pair) for pair in lecture.learn_merges(counts, 12)] == theirs
