"""What was learned, and how it answers: two models of a pair of questions, and a search.

*Words* is a logistic regression on which words stand in one question alone, which in both, and six
measures of the two. *Siamese LSTM* has the lecture's encoder; its last state is computed here in
NumPy, so that whoever only asks needs no Keras (a test holds it against Keras).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

WORDS, NETWORK = "Words", "Siamese LSTM"
MOST_READ = 24  #: words of a question that the network reads, the first
UNKNOWN = 1  #: id of a word that is not in the vocabulary; 0 is a pad
# Of words and of two, three, four letters in a row, these found most for validation duplicates.
SEARCH = {"analyzer": "char_wb", "ngram_range": (3, 3), "sublinear_tf": True, "dtype": np.float32}


class Reason(NamedTuple):
    """What a part of the pair adds to the log-odds that *Words* gives."""

    what: str  #: a word, or a description
    where: str  #: "both", "first" or "second", the questions it stands in; "" if it is no word
    adds: float


class Answer(NamedTuple):
    """What the models make of two questions."""

    words: tuple[list[str], list[str]]
    unknown: tuple[list[str], list[str]]  #: those of the words that are not in the vocabulary
    outputs: dict[str, float]  #: of each model, that both ask the same thing; from 0 to 1
    reasons: list[Reason]  #: they add up to the log-odds of *Words*


def words_of(text: str) -> list[str]:
    """The words of a question in small letters; letters and digits of any script."""
    return re.findall(r"[^\W_]+", text.lower())


def counter(vocabulary: Sequence[str]) -> CountVectorizer:
    """What tells which words of a vocabulary stand in a question."""
    return CountVectorizer(analyzer=words_of, binary=True, vocabulary=vocabulary)


def measures(one: list[str], two: list[str]) -> list[float]:
    """Share and number of common words, number of others, difference of length, same start."""
    a, b = set(one), set(two)
    common, others = len(a & b), len(a ^ b)
    share = common / max(1, common + others)
    return [share, common, others, abs(len(one) - len(two)), float(one[:1] == two[:1])]


def pair_features(
    count: CountVectorizer, idf: NDArray, first: Sequence[str], second: Sequence[str]
) -> tuple[csr_matrix, NDArray]:
    """What *Words* sees of n pairs.

    Returns
    -------
    (csr_matrix, ndarray)
        Of V words, which stand in one question alone and which in both, (n, 2V); the `measures`
        and the cosine of the TF-IDF vectors, (n, 6).
    """
    one, two = (count.transform(texts) for texts in (first, second))
    told = [measures(words_of(a), words_of(b)) for a, b in zip(first, second, strict=True)]
    weighed = (normalize(bag.multiply(idf).tocsr()) for bag in (one, two))
    cosine = np.asarray(next(weighed).multiply(next(weighed)).sum(axis=1))
    return hstack([abs(one - two), one.multiply(two)]).tocsr(), np.column_stack([told, cosine])


def sigmoid(x: NDArray) -> NDArray:
    """1 / (1 + exp(-x)), without overflow."""
    return (1 + np.tanh(x / 2)) / 2


class Learned:
    """Both models, the search, and what was measured of them; many threads may ask at once."""

    def __init__(self, arrays: dict[str, NDArray], facts: dict[str, Any], questions: list[str]):
        """Make it of what `apps.questions.learning` found and keeps.

        Parameters
        ----------
        arrays : dict of ndarray
            ``idf`` (V,), ``mean`` and ``scale`` (6,), ``weights`` (2V + 6,) and ``intercept`` of
            *Words*; ``table`` (V + 2, 32), ``kernel`` (32, 4p), ``recurrent`` (p, 4p) and ``bias``
            (4p,) of the network; ``closest`` (m, 2), output and label of test pairs.
        facts : dict
            ``vocabulary``, and what `apps.questions.learning.measure` tells.
        questions : list of str
            Those to search.
        """
        self.arrays, self.facts, self.questions = arrays, facts, questions
        self.count = counter(facts["vocabulary"])
        self.ids = {word: k for k, word in enumerate(facts["vocabulary"], start=UNKNOWN + 1)}
        self.trigrams = TfidfVectorizer(**SEARCH)
        self.index = csr_matrix(self.trigrams.fit_transform(questions))

    def compare(self, first: str, second: str) -> Answer:
        """Ask both models about two questions."""
        words = words_of(first), words_of(second)
        unknown = tuple([w for w in dict.fromkeys(one) if w not in self.ids] for one in words)
        reasons = self.reasons(first, second)
        u, v = map(self.state, words)
        outputs = {
            WORDS: float(sigmoid(sum(reason.adds for reason in reasons))),
            NETWORK: float(np.exp(-np.abs(u - v).sum())),
        }
        return Answer(words, unknown, outputs, reasons)

    def reasons(self, first: str, second: str) -> list[Reason]:
        """What each part of a pair adds to the log-odds of *Words*."""
        has, its, V = self.arrays, self.facts["vocabulary"], len(self.facts["vocabulary"])
        bags, told = pair_features(self.count, has["idf"], [first], [second])
        in_first = set(words_of(first))
        reasons = []
        for k in bags.indices:
            word = its[k % V]
            where = "both" if k >= V else "first" if word in in_first else "second"
            reasons.append(Reason(word, where, float(has["weights"][k])))
        overlap = (told[0] - has["mean"]) / has["scale"] @ has["weights"][2 * V :]
        reasons.append(Reason("overlap and lengths of the two", "", overlap))
        reasons.append(Reason("intercept, the same for every pair", "", float(has["intercept"])))
        return sorted(reasons, key=lambda reason: -abs(reason.adds))

    def state(self, words: list[str]) -> NDArray:
        """The LSTM's state after the last of some words, (p,)."""
        has = self.arrays
        h = c = np.zeros(len(has["recurrent"]))
        for k in ids_of(words, self.ids):
            z = has["table"][k] @ has["kernel"] + h @ has["recurrent"] + has["bias"]
            i, f, g, o = np.split(z, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        return h

    def search(self, text: str, most: int = 5) -> list[tuple[float, str]]:
        """The known questions that share most with a text: similarity and question, best first."""
        alike = (self.index @ self.trigrams.transform([text]).T).toarray()[:, 0]
        best = np.argsort(-alike, kind="stable")[:most]
        return [(float(alike[k]), self.questions[k]) for k in best if alike[k] > 0]


def ids_of(words: Sequence[str], ids: dict[str, int]) -> list[int]:
    """Ids of the words that the network reads; a question without a word is one unknown word."""
    return [ids.get(word, UNKNOWN) for word in words[:MOST_READ]] or [UNKNOWN]
