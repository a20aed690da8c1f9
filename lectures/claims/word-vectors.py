"""What `word-vectors` quotes of its numbers, and what it claims."""

from itertools import permutations

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

PRAISE = {"good", "excellent", "perfect", "awesome", "wonderful", "delicious", "nice", "amazing"}
COFFEE = {
    *("tea", "blend", "roast", "decaf", "drink", "cup", "brew", "bean", "starbucks"),
    *("hazelnut", "vanilla", "brewing", "flavor", "espresso", "k"),
}


def lesson(page):
    labels(page)
    contexts(page)
    skip_gram(page)
    stability(page)
    analogies(page)
    few_labels(page)


def labels(page):
    """The table trained on labels."""
    added = (page.label_vectors - page.initial)[page.frequent]
    _, values, directions = np.linalg.svd(added, full_matrices=False)
    share_first = values[0] ** 2 / np.sum(values**2)
    across = [t[page.frequent] @ directions[1:].T for t in (page.initial, page.label_vectors)]
    kept = np.sum(across[0] * across[1]) / np.prod([np.linalg.norm(a) for a in across])
    coffee_films = page.occurs[page.id_of["coffee"]]
    quote(
        num_films=len(page.train),
        num_food=len(page.texts) - len(page.train),
        coffee_films=coffee_films,
    )
    claim("of which half are positive", abs(page.y_test.mean() - 0.5) < 0.02)
    quote(
        trained=True,
        accuracy_labels=page.accuracy_labels,
        seed_shared=page.seed_shared,
        share_first=share_first,
        weight_shared=page.weight_shared,
    )
    claim("So its vectors hold something.", page.accuracy_labels > 0.7)
    claim("Most of each list came from the seed.", page.seed_shared < 3)
    claim("of the squared length of what training added", share_first > 0.99)
    claim("the table is nearly what it was before training", kept > 0.95)
    to_great = page.cosines(page.label_vectors)[page.id_of["great"], page.frequent]
    claim("a long list of words stands close to 1", np.mean(to_great > 0.95) > 0.2)
    claim('of "coffee" the labels said nearly nothing', coffee_films < 10)
    one, two = page.weight, page.other_weight
    claim("On the weights the two seeds agree.", np.corrcoef(one, two)[0, 1] > 0.98)
    claim("Yet of ten neighbours by weight only", page.weight_shared < 3)
    apart = np.median(np.abs(one - np.polyval(np.polyfit(two, one, 1), two)))
    tenth = np.sort(np.abs(one[:, None] - one), axis=1)[:, 10]
    claim("closer together than two seeds agree", np.sum(tenth < apart / 2) >= 200)


def contexts(page):
    """Counts and their decomposition."""
    i, j = page.coffee, page.tea
    by_chance = page.per_word[i] * page.per_word[j] / page.total
    great_bad = [
        page.cosines(table)[page.id_of["great"], page.id_of["bad"]]
        for table in (page.label_vectors, page.count_vectors)
    ]
    quote(
        coffee_pairs=page.per_word[i],
        tea_pairs=page.per_word[j],
        all_pairs=page.total,
        coffee_tea=page.counts[i, j],
        coffee_tea_chance=by_chance,
        coffee_tea_pmi=np.log(page.counts[i, j] / by_chance),
        great_bad_counts=great_bad[1],
    )
    claim(
        'Now "coffee" has neighbours from reviews of coffee, and "great" stands among words of',
        len(COFFEE & set(page.nearest(page.count_vectors, "coffee"))) >= 4
        and len(PRAISE & set(page.nearest(page.count_vectors, "great"))) >= 5,
    )
    bad = set(page.nearest(page.count_vectors, "bad"))
    claim("Not every list is as good", {"but", "might"} <= bad)
    claim("opposites to the labels", great_bad[0] < -0.9 and great_bad[1] > 0.3)
    claim('The word "the" stands near nearly everything', np.mean(page.counts[2] > 0) > 0.95)


def skip_gram(page):
    """The network, and the theorem."""
    claim(
        'Again "coffee" stands among words from reviews of coffee',
        len(COFFEE & set(page.nearest(page.W, "coffee"))) >= 4
        and len(PRAISE & set(page.nearest(page.W, "great"))) >= 5,
    )
    off = np.abs(page.W_few @ page.C_few.T - page.shifted).max()
    claim("The forty most frequent words meet all three", (page.few > 0).all())
    claim("$W C^\\top$ must agree", off < 0.03 < 0.1 * page.shifted.std())
    W, C, seen = page.W, page.C, page.counts > 0
    chance = np.outer(page.per_word, page.per_word) / page.total
    pmi = np.log(page.counts[seen] / chance[seen])
    correlation_seen = np.corrcoef((W @ C.T)[seen], pmi)[0, 1]
    methods_shared = page.shared_neighbours(page.count_vectors[page.frequent], W[page.frequent])
    quote(share_seen=np.mean(seen[2:, 2:]))
    quote(trained=True, correlation_seen=correlation_seen, methods_shared=methods_shared)
    claim("The whole vocabulary meets only the first.", np.mean(seen[2:, 2:]) < 0.3)
    claim("on these, in fifty dimensions", 0.3 < correlation_seen < 0.8)
    claim("Of ten neighbours the two share", methods_shared < 4)


def stability(page):
    """What stays with another seed, and with other texts."""
    results, by_seed, by_texts = page.results, page.other_seed, page.other_texts
    rows = results[results["part"] == "neighbours"].groupby(["method", "change"])["shared"].mean()
    seed, texts = "another seed", "other texts"
    frequency = results.query("part == 'frequency' and words == 'all'")
    frequency = frequency.groupby("method")["shared"].mean()["frequency"]
    quote(
        seed_labels=rows["labels", seed],
        seed_skip_gram=rows["skip-gram", seed],
        texts_labels=rows["labels", texts],
        texts_counts=rows["counts", texts],
        texts_skip_gram=rows["skip-gram", texts],
        both_labels=rows["labels", "both"],
        both_skip_gram=rows["skip-gram", "both"],
        shared_chance=rows["random", "chance"],
        shared_frequency=frequency,
        steps_usual=results.query("method == 'skip-gram'")["steps"].mean(),
    )
    claim(
        "where both differ, they are far below frequency alone",
        rows["labels", "both"] < 0.5 * frequency,
    )
    context = rows["counts", texts], rows["skip-gram", texts], rows["skip-gram", "both"]
    claim(
        "Vectors from contexts are above it, though not by much",
        frequency + 0.2 < min(context) and max(context) < frequency + 1,
    )
    claim("Longer training brings the seeds together.", by_seed[1000] > by_seed[250] + 0.5)
    claim(
        "Across texts it does not help.",
        abs(by_texts[1000] - by_texts[250]) < 0.4 and by_texts[1000] < by_seed[1000] - 3,
    )


def analogies(page):
    """The analogies of GloVe, and what they share with no analogy."""
    usual, every, without = (
        {name: numbers[i] for name, numbers in page.correct.items()} for i in range(3)
    )
    quote(capitals_usual=usual["capitals"], comparatives_all=every["comparatives"])
    claim(
        "most of these are right without leaving out any word",
        every["capitals"] > 0.75 * usual["capitals"] and without["capitals"] < 0.2,
    )
    claim("Let *a*, *b* and *c* compete", every["comparatives"] < usual["comparatives"] - 0.3)
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
    told = load_comparisons("word_embeddings")
    rows = page.results[page.results["part"] == "labels"]
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    leads = [told[f"250: {model} - bag, all words"] for model in ("counts", "skip-gram")]
    bayes = mean[8000, "naive Bayes"]
    quote(
        lead_counts=100 * leads[0]["estimate"],
        lead_skip_gram=100 * leads[1]["estimate"],
        behind_bayes=100 * (bayes - mean[8000, "counts"]),
        few_50=mean[250, "counts"],
        few_500=mean[250, "counts, 500 directions"],
        counts_50=mean[8000, "counts"],
        counts_500=mean[8000, "counts, 500 directions"],
    )
    claim(
        "With 250 labels the frozen counts lead the bag of words by",
        all(lead["verdict"] == "better" for lead in leads),
    )
    claim("With 8,000 labels naive Bayes is ahead of all", bayes == mean[8000].max())
    own, *others = (np.array(scores) for scores in page.accuracy.values())
    claim(
        "with either the accuracy falls to little more than a half",
        all(other.mean() < 0.58 and (own > other + 0.04).all() for other in others),
    )
    claim(
        "Nor need they be few.",
        abs(mean[250, "counts, 500 directions"] - mean[250, "counts"]) < 0.02,
    )
    more = told["8000: counts, 500 directions - counts"]
    claim("Five hundred lift the counts from", more["verdict"] == "better")
    claim(
        "still behind the bag.",
        mean[8000, "counts, 500 directions"] < mean[8000, "bag, same words"] - 0.02,
    )


def exercises(page):
    windows_share = page.windows_share
    quote(windows_share=windows_share)
    quote(trained=True, polarity=np.mean(page.correlations["own"]))
    claim("share {glue:text}`windows_share:.1f` of ten", windows_share < 4)
    claim(
        'which is why "bad" comes close to "good"',
        "bad" in page.nearest(page.windows[1], "good", 10),
    )
    claim(
        "with permuted vectors the correlations lie around zero",
        min(page.correlations["own"]) > 0.2 and abs(np.mean(page.correlations["permuted"])) < 0.12,
    )
