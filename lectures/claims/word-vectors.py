"""What `word-vectors` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

PRAISE = {"good", "excellent", "perfect", "awesome", "wonderful", "delicious", "nice", "amazing"}
DRINKS = {
    *("tea", "blend", "roast", "decaf", "drink", "cup", "brew", "bean", "starbucks"),
    *("hazelnut", "vanilla", "brewing", "flavor", "espresso", "k"),
}


def lesson(page):
    labels(page)
    contexts(page)
    skip_gram(page)
    stability(page)
    few_labels(page)


def labels(page):
    """The table trained by labels."""
    added = (page.by_labels - page.initial)[page.frequent]
    _, values, directions = np.linalg.svd(added, full_matrices=False)
    share_first = values[0] ** 2 / np.sum(values**2)
    across = [t[page.frequent] @ directions[1:].T for t in (page.initial, page.by_labels)]
    kept = np.sum(across[0] * across[1]) / np.prod([np.linalg.norm(a) for a in across])
    quote(num_films=len(page.train), num_food=len(page.texts) - len(page.train))
    claim("of which half are positive", abs(page.y_test.mean() - 0.5) < 0.02)
    quote(
        trained=True,
        accuracy_labels=page.accuracy_labels,
        seed_shared=page.seed_shared,
        share_first=share_first,
    )
    claim("So its vectors hold something.", page.accuracy_labels > 0.7)
    claim("Most of each list came from the seed.", page.seed_shared < 3)
    claim("of what training added lies along one direction", share_first > 0.99)
    claim("the table is nearly what it was before training", kept > 0.95)
    to_great = page.cosines(page.by_labels)[page.id_of["great"], page.frequent]
    claim("a long list of words stands close to 1", np.mean(to_great > 0.95) > 0.2)
    claim("occurs in very few film reviews", page.occurs[page.id_of["coffee"]] < 10)
    claim("about that both seeds agree", page.agree > 0.99)


def contexts(page):
    """Counts and their decomposition."""
    i, j = page.coffee, page.tea
    by_chance = page.per_word[i] * page.per_word[j] / page.total
    great_bad = [
        page.cosines(table)[page.id_of["great"], page.id_of["bad"]]
        for table in (page.by_labels, page.by_counts)
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
        'Now "coffee" stands among words for coffee and "great" among words of praise',
        len(DRINKS & set(page.nearest(page.by_counts, "coffee"))) >= 4
        and len(PRAISE & set(page.nearest(page.by_counts, "great"))) >= 5,
    )
    claim("Not every list is as good", {"but", "might"} <= set(page.nearest(page.by_counts, "bad")))
    claim("opposites to the labels", great_bad[0] < -0.9 and great_bad[1] > 0.3)
    claim('The word "the" stands near nearly everything', np.mean(page.counts[2] > 0) > 0.95)


def skip_gram(page):
    """The network, and the theorem."""
    near = page.nearest(page.W, "coffee")
    claim('Again "coffee" stands among drinks.', len(DRINKS & set(near)) >= 4)
    off = np.abs(page.W_few @ page.C_few.T - page.shifted).max()
    claim("The forty most frequent words meet all three", (page.few > 0).all())
    claim("$W C^\\top$ must agree", off < 0.03 < 0.1 * page.shifted.std())
    W, C, seen = page.W, page.C, page.counts > 0
    chance = np.outer(page.per_word, page.per_word) / page.total
    whole = np.corrcoef((W @ C.T)[seen], np.log(page.counts[seen] / chance[seen]))[0, 1]
    claim("in fifty dimensions it can hold only roughly", 0.3 < whole < 0.9)


def stability(page):
    """What stays with another seed, and with other texts."""
    rows = page.stability.groupby(["method", "change"])["shared"].mean()
    seed, texts = "another seed", "other texts"
    longer = page.results[page.results["method"] == "skip-gram, longer"].iloc[0]
    quote(
        stays_labels=rows["labels", seed],
        stays_skip_gram=rows["skip-gram", seed],
        both_labels=rows["labels", "both"],
        both_skip_gram=rows["skip-gram", "both"],
        texts_counts=rows["counts", texts],
        shared_frequency=page.frequency["frequency", "all"],
        stays_longer=longer["shared"],
        steps_longer=longer["steps"],
        steps_usual=page.stability.query("method == 'skip-gram'")["steps"].mean(),
        glove_counts=page.with_glove["counts"],
        glove_frequency=page.with_glove["frequency"],
    )
    claim(
        "lists by context hold a little that is true of other texts too",
        min(rows["counts", texts], rows["skip-gram", "both"]) > page.frequency["frequency", "all"],
    )
    claim(
        "most of what you read in them belongs to this corpus or this seed",
        max(rows["counts", texts], rows["skip-gram", "both"]) < 4,
    )
    one = page.stability.query("method == 'skip-gram' and change == 'another seed' and seed == 0")
    claim(
        "some of the noise is training that has not ended",
        longer["shared"] > one["shared"].item() + 0.3,
    )
    told = page.with_glove
    claim(
        "the contexts in our reviews tell something about English, though little",
        told["frequency"] + 0.5 < min(told["counts"], told["skip-gram"])
        and max(told.values()) < 3
        and told["labels"] < 0.5,
    )


def few_labels(page):
    """What frozen vectors are worth, by the number of labels."""
    told = load_comparisons("word_embeddings")
    rows = page.results[page.results["part"] == "labels"]
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    leads = [told[f"250: {model} - bag, all words"] for model in ("counts", "skip-gram")]
    behind = told["8000: counts - bag, same words"]
    quote(
        lead_counts=100 * leads[0]["estimate"],
        lead_skip_gram=100 * leads[1]["estimate"],
        behind_counts=-100 * behind["estimate"],
        counts_50=mean[8000, "counts"],
        counts_500=mean[8000, "counts, 500 directions"],
    )
    claim(
        "points ahead of the bag of all words",
        all(lead["verdict"] == "better" for lead in leads),
    )
    claim("points behind the bag of the *same* words", behind["verdict"] == "worse")
    more = told["8000: counts, 500 directions - counts"]
    claim("labels they rise from", more["verdict"] == "better")


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
