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
    quote(num_films=len(page.train), num_food=len(page.texts) - len(page.train))
    claim("of which half are positive", abs(page.y_test.mean() - 0.5) < 0.02)
    quote(
        trained=True,
        accuracy_labels=page.accuracy_labels,
        seed_shared=page.seed_shared,
    )
    claim("So its vectors hold something.", page.accuracy_labels > 0.7)
    claim("Most of each list came from the seed.", page.seed_shared < 3)
    claim("look how nearly it holds", page.share_first > 0.99)
    claim("the table is still nearly what it was before training", page.kept > 0.95)
    to_great = page.cosines(page.by_labels, "great")[page.frequent]
    claim("a long list of words stands close to 1", np.mean(to_great > 0.95) > 0.2)
    claim("occurs in very few film reviews", page.occurs[page.id_of["coffee"]] < 10)
    claim("about that all seeds agree", page.agree > 0.99)


def contexts(page):
    """Counts and their decomposition."""
    i, j = page.coffee, page.tea
    by_chance = page.per_word[i] * page.per_word[j] / page.total
    great_bad = [
        page.cosines(table, "great")[page.id_of["bad"]]
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
    quote(trained=True, skip_gram_steps=10 * len(page.objectives) - 10)
    gains = np.diff(page.objectives)
    claim("steps the curve is flat", 15 < len(page.objectives) < 60 and gains[-1] < 2e-4)
    near = page.nearest(page.W, "coffee")
    claim('"coffee" stands among drinks again', len(DRINKS & set(near)) >= 4)
    claim("With fifty dimensions it can hold only roughly.", 0.5 < page.fits < 0.99)


def stability(page):
    """What stays with another seed, and with other texts."""
    rows = page.stability.groupby(["method", "change"])["shared"].mean()
    seed, texts = "another seed", "other texts"
    quote(
        stays_labels=rows["labels", seed],
        stays_skip_gram=rows["skip-gram", seed],
        both_labels=rows["labels", "both"],
        both_skip_gram=rows["skip-gram", "both"],
        texts_counts=rows["counts", texts],
        shared_chance=page.chance,
        shared_frequency=page.frequency["frequency", "all"],
        stays_longer=page.results[page.results["method"] == "skip-gram, longer"]["shared"].item(),
    )
    claim(
        "lists by context hold something that is true of other texts too",
        min(rows["counts", texts], rows["skip-gram", "both"]) > page.frequency["frequency", "all"],
    )
    claim(
        "most of what you read in them belongs to this corpus or this seed",
        max(rows["counts", texts], rows["skip-gram", "both"]) < 4,
    )
    longer = page.results[page.results["method"] == "skip-gram, longer"]["shared"].item()
    one = page.stability.query("method == 'skip-gram' and change == 'another seed' and seed == 0")
    claim("a part of the noise is training that has not ended", longer > one["shared"].item() + 0.3)


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
        glove_few=mean[250, "GloVe"],
        counts_few=mean[250, "counts"],
    )
    claim(
        "points ahead of the bag of all words",
        all(lead["verdict"] == "better" for lead in leads),
    )
    claim("points behind the bag of the *same* words", behind["verdict"] == "worse")
    more = told["8000: counts, 500 directions - counts"]
    claim("labels they rise from", more["verdict"] == "better")
    claim(
        "GloVe's six billion words help little here",
        told["250: GloVe - counts"]["estimate"] < 0.005 < mean[8000, "GloVe"] - mean[8000, "counts"]
        and mean[8000, "GloVe"] < mean[8000, "bag, same words"],
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
