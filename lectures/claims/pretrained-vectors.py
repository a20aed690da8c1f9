"""What `pretrained-vectors` quotes of its numbers, and what it claims."""

from itertools import permutations

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    quote(num_glove=len(page.glove))
    claim(
        'among the nearest to "bad" is "good"',
        "good" in page.nearest(page.unit[page.place["bad"]]),
    )
    analogies(page)
    few_labels(page)


def analogies(page):
    """The analogies of GloVe, and what they share with no analogy."""
    usual, every, without = (
        {name: numbers[i] for name, numbers in page.correct.items()} for i in range(3)
    )
    king, queen = page.king, page.unit[page.place["queen"]]
    by_analogy, alone = (page.unit @ vector for vector in (page.king - page.man + page.woman, king))
    claim(
        "The famous answer is there, in second place: *king* itself is nearer to",
        [page.glove.index[i] for i in np.argsort(-by_analogy)[:2]] == ["king", "queen"],
    )
    claim(
        'without any analogy "queen" is already among the nearest words to "king"',
        np.sum(alone > king @ queen) <= 3,
    )
    quote(capitals_usual=usual["capitals"], comparatives_all=every["comparatives"])
    claim(
        "most of these are right without leaving out any word",
        every["capitals"] > 0.75 * usual["capitals"] and without["capitals"] < 0.2,
    )
    claim(
        "Let *a*, *b* and *c* compete, and comparatives fall to",
        every["comparatives"] < usual["comparatives"] - 0.3,
    )
    claim(
        "since the nearest word is mostly *c* itself",
        share_of_c(page.unit, [page.place[word] for word in page.lists["comparatives"].split()])
        > 0.5,
    )
    claim(
        "for opposites the analogy is no better than the word nearest to *c*.",
        usual["opposites"] <= without["opposites"] + 0.02,
    )


def share_of_c(unit, places):
    """For how many analogies the word nearest to b - a + c, none left out, is c."""
    pairs = list(zip(places[::2], places[1::2], strict=True))
    found = [
        np.argmax(unit @ (unit[c] + unit[b] - unit[a])) == c
        for (a, b), (c, _) in permutations(pairs, 2)
    ]
    return np.mean(found)


def few_labels(page):
    """What frozen vectors are worth, by the number of labels."""
    rows = page.results[page.results["part"] == "labels"]
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    glove, bag, bayes = page.glove_accuracy, mean[:, "bag, all words"], mean[:, "naive Bayes"]
    counts = mean[:, "counts"]
    quote(
        lead_glove=100 * (glove[250] - bag[250]),
        glove_cut=100 * (glove[250] - mean[250, "GloVe"]),
    )
    claim(
        "With 250 labels GloVe leads the bag of all words by",
        all(glove[n] > max(bag[n], bayes[n]) + 0.008 for n in (100, 250, 1000)),
    )
    claim("With 8,000 it is behind.", glove[8000] < min(bag[8000], bayes[8000]) - 0.02)
    claim("help, too, but less", bag[250] + 0.02 < counts[250] < glove[250] - 0.02)
    claim("Part of GloVe's lead is its vocabulary", glove[250] - mean[250, "GloVe"] > 0.03)
    *others, own = (np.array(scores) for scores in page.accuracy.values())
    claim(
        "with either the accuracy falls to little more than a half",
        all(other.mean() < 0.6 and (own > other + 0.04).all() for other in others),
    )


def exercises(page):
    usual, every, _ = page.plural_scores
    quote(plurals_usual=usual, plurals_all=every)
    claim("for plurals, too, the nearest word is often *c* itself", every < usual - 0.3)
