"""What `siamese-quora` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupShuffleSplit

from tools.claims import claim, quote


def lesson(page):
    quote(sq_seen_random=page.seen_random, sq_never=page.never_accuracy)
    quote(sq_num_couples=len(page.couples))
    quote(trained=True, sq_words=page.words_accuracy, sq_lstm=page.accuracy)
    quote(trained=True, sq_ages=page.age_accuracy)
    claim("After a random split", page.seen_random > 0.15)
    claim("Split by question, none does", page.seen(page.train, page.test) == 0)
    claim("is the best of six values on validation pairs", best_penalty(page) == 1)
    claim("To beat:", page.words_accuracy > page.never_accuracy + 0.1)
    weights = page.network.count_params()
    claim("beside its weights the network has two", weights == encoder(page).count_params() + 2)
    claim("One run, on a few thousand pairs", page.accuracy > page.never_accuracy + 0.02)
    claim("where words have one half", page.age_accuracy > 0.7)
    asked = {
        other: probability(page, "is Ada older than Ben", other)
        for other in ("is Ben younger than Ada", "is Ben older than Ada", "was Ada born before Ben")
    }
    younger, swapped, born = asked.values()
    claim("It tells the swapped question from the same one", min(younger, born) > 0.5 > swapped)
    claim("do the names come in the same order", law_holds(page))
    trainings(page.results)


def best_penalty(page):
    """C with the lowest loss on an eighth of the groups of the training pairs, held out."""
    X, y, losses = page.features[page.train], page.label[page.train], {}
    groups = GroupShuffleSplit(1, test_size=0.125, random_state=0)
    fit, valid = next(groups.split(y, groups=page.group[page.train]))
    for C in (0.03, 0.1, 0.3, 1, 3, 10):
        words = LogisticRegression(C=C, max_iter=3000).fit(X[fit], y[fit])
        losses[C] = log_loss(y[valid], words.predict_proba(X[valid])[:, 1])
    return min(losses, key=losses.get)


def encoder(page):
    """The layer of the network that both questions go through."""
    return page.network.get_layer("encoder")


def probability(page, one, other):
    """The output of the network of the page for two questions about ages."""
    questions, _ = page.age_arrays([(one, other, 0)])
    return float(page.ages(questions)[0, 0])


def trainings(results):
    """The experiment."""
    rows = results[results["chosen"].astype(bool)]
    test = rows.groupby(["data", "model"])["test"].agg(["mean", "min", "max", "size"])
    lstm = "LSTM"
    real, ages = (test.loc[data] for data in ("real", "ages"))
    numbers = ["num_train", "num_validation", "num_test"]
    sizes = rows.loc[rows["data"] == "real", numbers].iloc[0]
    quote(
        sq_num_real=int(sizes.sum()),
        sq_real_words=real.loc["words", "mean"],
        sq_real_lstm=real.loc[lstm, "mean"],
        sq_age_pairs=ages.loc["words and word pairs", "mean"],
        sq_swapped=rows.loc[(rows["data"] == "ages") & (rows["model"] == lstm), "swapped"].mean(),
    )
    networks = rows[rows["rate"].notna() & rows["model"].str.contains("LSTM|mean")]
    claim(
        "five seeds ({numref}`fig-siamese-ordinary`)",
        (networks.groupby(["data", "model"]).size() == 5).all(),
    )
    claim(
        "On the real pairs all five are behind",
        real.loc[lstm, "max"] < real.loc["words", "mean"] - 0.03,
    )
    sample = test.loc["sample"]
    best_simple = sample.loc["words and word pairs", "mean"]
    quote(sq_sample_lstm=sample.loc[lstm, "mean"], sq_sample_pairs=best_simple)
    claim(
        "On the sample all five LSTMs are ahead of the trees",
        sample.loc[lstm, "min"] > best_simple > sample.loc["words", "mean"],
    )
    at = rows[(rows["model"] == lstm) & (rows["data"] != "ages")]["rate"]
    claim("chooses one (0.01 for the LSTMs)", set(at) == {0.01})
    claim(
        "Words and the mean of vectors stay at chance",
        np.abs(ages.loc[["words", "mean of vectors"]][["min", "max"]] - 0.5).to_numpy().max()
        < 0.04,
    )
    trees, runs = ages.loc["words and word pairs", "mean"], ages.loc[lstm]
    right = rows.loc[(rows["data"] == "ages") & (rows["model"] == lstm)]
    claim("Each of the five Siamese LSTMs is right for more than 90 %", runs["min"] > 0.9)
    ahead = np.sort(right["test"] - trees)
    claim("All are ahead of the trees with", ahead[0] > 0)
    claim("four clearly, the worst by two pairs of 2,000", ahead[1] > 0.02 and ahead[0] < 0.0011)
    quote(sq_age_mean=runs["mean"], sq_age_rate=right["rate"].iloc[0])
    order = rows[(rows["data"] == "sample") & (rows["model"] == lstm)]
    of_words = rows[(rows["data"] == "sample") & (rows["model"] == "words")].iloc[0]
    quote(
        sq_equal=order["equal_bags"].mean(),
        sq_equal_words=of_words["equal_bags"],
        sq_num_equal=int(order["num_equal_bags"].iloc[0]),
    )
    claim(
        "On these the LSTMs of the experiment are right for",
        order["equal_bags"].min() > of_words["equal_bags"] + 0.2,
    )


def law_holds(page):
    """The label follows from the phrasings and from whether the names come in the same order."""
    known = {}
    for one, two, label in page.age_test:
        names = [[word for word in text.split() if word.istitle()] for text in (one, two)]
        phrasings = [tuple(word for word in text.split() if word.islower()) for text in (one, two)]
        known.setdefault((*phrasings, names[0] == names[1]), set()).add(label)
    return all(len(labels) == 1 for labels in known.values())


def exercises(page):
    found = [
        page.precision_elsewhere(page.merged, page.label[page.test], 1 / n) for n in (2, 10, 100)
    ]
    claim("where duplicates are rare most of what it merges is wrong", found[2] < 0.5)
    claim(
        "It is not 0, and they are not equal",
        page.itself > 1e-4 and not np.isclose(page.left, page.right, atol=1e-4),
    )
