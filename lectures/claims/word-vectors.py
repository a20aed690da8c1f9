"""What `word-vectors` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
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


def labels(page):
    """The table trained on labels."""
    added = (page.label_vectors - page.initial)[page.frequent]
    _, values, directions = np.linalg.svd(added, full_matrices=False)
    share_first = values[0] ** 2 / np.sum(values**2)
    across = [t[page.frequent] @ directions[1:].T for t in (page.initial, page.label_vectors)]
    kept = np.sum(across[0] * across[1]) / np.prod([np.linalg.norm(a) for a in across])
    quote(
        num_films=len(page.train),
        num_food=len(page.texts) - len(page.train),
    )
    claim("of which half are positive", abs(page.y_test.mean() - 0.5) < 0.02)
    quote(
        trained=True,
        accuracy_labels=page.accuracy_labels,
        seed_in_common=page.seed_in_common,
        share_first=share_first,
    )
    claim("Most of each list came from the seed.", page.seed_in_common < 3)
    claim("of the squared length of what training added", share_first > 0.99)
    claim("Across it the table is nearly what it was before training", kept > 0.95)
    to_great = page.cosines(page.label_vectors)[page.id_of["great"], page.frequent]
    claim("a long list of words stands close to 1", np.mean(to_great > 0.95) > 0.2)
    coefficients = page.label_vectors @ page.model.layers[2].get_weights()[0][:, 0]
    blame, praise = (
        np.mean([coefficients[page.id_of[word]] for word in some])
        for some in (["bad", "worst", "dull"], ["great", "best", "wonderful"])
    )
    claim("The labels needed to know which words praise and which blame.", blame < 0 < praise)
    claim(
        "They did not need to know what coffee is.",
        page.occurs[page.id_of["coffee"]] < 10,
    )


def near(page, table):
    """The nearest words to "coffee"."""
    return set(page.nearest(table, "coffee"))


def contexts(page):
    """Counts and their decomposition."""
    i, j = page.id_of["coffee"], page.id_of["tea"]
    by_chance = page.per_word[i] * page.per_word[j] / page.total
    great_bad = [
        page.cosines(table)[page.id_of["great"], page.id_of["bad"]]
        for table in (page.label_vectors, page.count_vectors)
    ]
    quote(
        coffee_tea=page.counts[i, j],
        coffee_tea_chance=by_chance,
        coffee_tea_pmi=np.log(page.counts[i, j] / by_chance),
        great_bad_counts=great_bad[1],
    )
    claim(
        'Now "coffee" has neighbours from reviews of coffee, and "great" stands among words of',
        len(COFFEE & near(page, page.count_vectors)) >= 4
        and len(PRAISE & set(page.nearest(page.count_vectors, "great"))) >= 5,
    )
    bad = set(page.nearest(page.count_vectors, "bad"))
    claim("Not every list is as good", {"but", "might"} <= bad)
    claim("opposites to the labels", great_bad[0] < -0.9 and great_bad[1] > 0.3)


def skip_gram(page):
    """The network, and the theorem."""
    claim(
        'Again "coffee" stands among words from reviews of coffee',
        len(COFFEE & near(page, page.W)) >= 4
        and len(PRAISE & set(page.nearest(page.W, "great"))) >= 5,
    )
    off = np.abs(page.W_few @ page.C_few.T - page.shifted).max()
    claim("The forty most frequent words meet all three", (page.few > 0).all())
    claim("$W C^\\top$ must agree", off < 0.001 < 0.01 * page.shifted.std())
    W, C, seen = page.W, page.C, page.counts > 0
    chance = np.outer(page.per_word, page.per_word) / page.total
    pmi = np.log(page.counts[seen] / chance[seen])
    correlation_seen = np.corrcoef((W @ C.T)[seen], pmi)[0, 1]
    methods_in_common = page.in_common(
        *(page.cosines(table[page.frequent]) for table in (page.count_vectors, W))
    )
    quote(share_seen=np.mean(seen[2:, 2:]))
    quote(trained=True, correlation_seen=correlation_seen, methods_in_common=methods_in_common)
    claim("The whole vocabulary meets only the first.", np.mean(seen[2:, 2:]) < 0.3)
    claim("on these, in fifty dimensions", 0.3 < correlation_seen < 0.8)
    claim("Their lists have only", methods_in_common < 4)


def stability(page):
    """What stays with another seed, and with other texts."""
    results = load_results("word_embeddings")
    by_seed, by_texts = page.other_seed, page.other_texts
    alone = page.by_frequency
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
        frequency=frequency,
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
    claim("Longer training brings the seeds together.", by_seed[-1] > by_seed[0] + 0.5)
    claim(
        "Across texts it does not help",
        by_texts[-1] < by_texts[0] + 0.6 and by_texts[-1] < by_seed[-1] - 1.5,
    )
    claim(
        "there skip-gram agrees with itself little more than frequency alone does.",
        max(by_texts) < alone + 1.8 and alone < by_texts[-1] < alone + 1.5,
    )


def exercises(page):
    windows_in_common = page.windows_in_common
    quote(windows_in_common=windows_in_common)
    quote(trained=True, polarity=np.mean(page.correlations["own"]))
    claim("have {glue:text}`windows_in_common:.1f` of ten", windows_in_common < 4)
    claim(
        'which is why "bad" comes close to "good"',
        "bad" in page.nearest(page.windows[1], "good", 10),
    )
    claim(
        "with permuted vectors the correlations lie around zero",
        min(page.correlations["own"]) > 0.2 and abs(np.mean(page.correlations["permuted"])) < 0.12,
    )
