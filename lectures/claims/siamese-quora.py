"""What `siamese-quora` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

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
    claim("its weights are all that the network has", weights == encoder(page).count_params())
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
    """C with the lowest loss on the validation pairs of the page."""
    X, y, losses = page.features, page.label, {}
    for C in (0.03, 0.1, 0.3, 1, 3, 10):
        words = LogisticRegression(C=C, max_iter=3000).fit(X[page.fit], y[page.fit])
        losses[C] = log_loss(y[page.valid], words.predict_proba(X[page.valid])[:, 1])
    return min(losses, key=losses.get)


def encoder(page):
    """The one layer of the network that has weights."""
    return page.network.get_layer("encoder")


def probability(page, one, other):
    """The output of the network of the page for two questions about ages."""
    questions, _ = page.age_arrays([(one, other, 0)])
    return float(page.ages(questions)[0, 0])


def trainings(results):
    """The experiment."""
    rows = results[results["chosen"].astype(bool)]
    test = rows.groupby(["data", "model"])["test"].agg(["mean", "min", "max", "size"])
    lstm, glove = "LSTM", "LSTM, GloVe"
    real, ages = (test.loc[data] for data in ("real", "ages"))
    numbers = ["num_train", "num_validation", "num_test"]
    sizes = rows.loc[rows["data"] == "real", numbers].iloc[0]
    quote(
        sq_num_real=int(sizes.sum()),
        sq_num_fit=int(sizes["num_train"]),
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
        "real pairs to learn from, compare words.",
        real.loc["words", "mean"] > real.drop("words")["max"].max(),
    )
    claim(
        "Words and the mean of vectors stay at chance",
        np.abs(ages.loc[["words", "mean of vectors"]][["min", "max"]] - 0.5).to_numpy().max()
        < 0.04,
    )
    claim("neighbours tell much of the order", ages.loc["words and word pairs", "mean"] > 0.75)
    runs = rows.loc[(rows["data"] == "ages") & (rows["model"] == lstm), "test"]
    claim("four of the five Siamese LSTMs are right for 90 % or more", (runs >= 0.9).sum() == 4)
    claim("more than the mean of the LSTMs", ages.loc["words and word pairs", "mean"] > runs.mean())
    sample = test.loc["sample"]
    claim(
        "In the mean the Siamese LSTM is behind the words on both, on the sample by less",
        sample.loc[lstm, "mean"] < sample.loc["words", "mean"]
        and real.loc[lstm, "max"] < real.loc["words", "mean"],
    )
    claim(
        "no more than the mean of vectors",
        real.loc[[lstm, glove], "mean"].max() < real.loc["mean of vectors", "mean"] + 0.01,
    )
    by_auc = rows[rows["data"] == "ages"].set_index("model")["auc"]
    claim(
        "four of the five are ahead of the trees",
        (by_auc[lstm] > by_auc["words and word pairs"]).sum() == 4,
    )
    order = rows[(rows["data"] == "sample") & (rows["model"] == lstm)]
    of_words = rows[(rows["data"] == "sample") & (rows["model"] == "words")].iloc[0]
    quote(
        sq_age_worst=runs.min(),
        sq_age_rate=rows.loc[runs.index[0], "rate"],
        sq_equal=order["equal_bags"].mean(),
        sq_equal_words=of_words["equal_bags"],
        sq_auc_pairs=by_auc["words and word pairs"],
        sq_num_equal=int(order["num_equal_bags"].iloc[0]),
    )
    claim("all five LSTMs are right for only", order["equal_bags"].max() < 0.4)
    vectors = rows[(rows["data"] == "sample") & (rows["model"] == "mean of vectors")]
    same = {*order["equal_bags"], *vectors["equal_bags"]}  # a mean has distance 0 on these
    claim("the LSTMs take all of them for duplicates", len(same) == 1)


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
        "Neither: two random encoders",
        page.outputs[0] < 0.9999 and not np.isclose(*page.outputs[1:], atol=1e-5),
    )
