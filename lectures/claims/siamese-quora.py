"""What `siamese-quora` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupShuffleSplit

from tools.claims import claim, quote


def lesson(page):
    never = np.mean(page.label[page.test] == 0)
    seen = {name: seen_in_training(page, *parts) for name, parts in page.splits.items()}
    quote(sq_seen_random=seen["random"], sq_never=never)
    quote(trained=True, sq_words=page.words_accuracy, sq_lstm=page.accuracy)
    quote(trained=True, sq_ages=page.age_accuracy)
    quote(trained=True, sq_swapped=page.called.mean(), sq_half=page.half)
    claim("After a random split", seen["random"] > 0.15)
    claim("Split by question, none does", seen["by question"] == 0)
    claim("is the best of seven values on validation pairs", best_penalty(page) == 0.3)
    claim("To beat:", page.words_accuracy > never + 0.1)
    weights = page.network.count_params()
    claim(
        "of its one encoder the network has just two",
        weights == encoder(page).count_params() + 2,
    )
    claim("One run, on a few thousand pairs", page.accuracy > page.words_accuracy)
    claim("The ranking is better than the threshold of 0.5", page.age_accuracy > page.half)
    claim("where no bag of words can expect more than half", page.age_accuracy > 0.7)
    claim("Four test pairs of ten are duplicates", abs(never - 0.6) < 0.01)
    claim("and never a duplicate", page.called.shape == (6 * 87,) and page.called.mean() < 0.4)
    claim("In training no phrasing was ever paired with itself", phrasings_differ(page))
    claim("A bag of words gives each such pair the distance 0", same_words(page))
    trainings(page.results, page.words_accuracy)


def seen_in_training(page, train, test):
    """Share of the test pairs with a question of a training pair."""
    return np.isin(page.ids[test], page.ids[train]).any(axis=1).mean()


def best_penalty(page):
    """C with the lowest loss on an eighth of the groups of the training pairs, held out."""
    X, y, losses = page.features[page.train], page.label[page.train], {}
    groups = GroupShuffleSplit(1, test_size=0.125, random_state=0)
    fit, valid = next(groups.split(y, groups=page.group[page.train]))
    for C in (0.01, 0.03, 0.1, 0.3, 1, 3, 10):
        words = LogisticRegression(C=C, max_iter=3000).fit(X[fit], y[fit])
        losses[C] = log_loss(y[valid], words.predict_proba(X[valid])[:, 1])
    return min(losses, key=losses.get)


def encoder(page):
    """The layer of the network that both questions go through."""
    return page.network.get_layer("encoder")


def phrasing(text):
    """The words of a question about ages without the names."""
    return [word for word in text.split() if not word.istitle()]


def phrasings_differ(page):
    """No training pair about ages has one phrasing twice."""
    return all(phrasing(one) != phrasing(two) for one, two, _ in page.age_train)


def same_words(page):
    """Both questions of each swapped pair have the same words, in another order."""
    together = list(zip(page.asked, page.swapped, strict=True))
    return all(a != b and sorted(a.split()) == sorted(b.split()) for a, b in together)


def trainings(results, words_accuracy):
    """The experiment: which of two questions ask the same."""
    rows = results[results["chosen"].astype(bool)]
    judged = rows[rows["test"].notna()]
    test = judged.groupby(["data", "model"])["test"].agg(["mean", "min", "max", "size"])
    networks = judged[judged["model"] != "words"]
    claim(
        "Validation accuracy chooses one of three learning rates",
        (networks.groupby(["data", "model"]).size() == 5).all()
        and set(networks["rate"]) <= {0.003, 0.01, 0.03},
    )
    on_the_sample(test, networks[networks["data"] == "sample"])
    new_intents(judged[judged["data"].str.startswith("new intents")])
    on_real_pairs(test.loc["real"], judged[judged["data"] == "real"].iloc[0])
    on_ages(judged[judged["data"] == "ages"])
    line = test.loc[("sample", "words"), "mean"]
    claim("The line *words* is the baseline above", abs(line - words_accuracy) < 0.002)


def on_the_sample(test, rows_on_the_sample):
    """LSTM, bag of words, words."""
    lstm, bag, words = (test.loc[("sample", name)] for name in ("LSTM", "bag of words", "words"))
    quote(sq_sample_lstm=lstm["mean"], sq_sample_bag=bag["mean"])
    chosen = rows_on_the_sample["rate"].unique()
    claim("On the sample the smallest rate was chosen", list(chosen) == [0.003])
    claim("On the sample every LSTM is ahead of the words", lstm["min"] > words["max"])
    claim("without any order, and", words["max"] < bag["mean"] < lstm["mean"])
    claim("and the weakest LSTM is behind each of them", lstm["min"] < bag["min"])


def on_real_pairs(test, sizes):
    """Quora's own pairs."""
    words = test.loc["words", "mean"]
    numbers = ["num_train", "num_validation", "num_test"]
    quote(sq_num_real=int(sizes[numbers].sum()))
    quote(sq_real_words=words, sq_real_lstm=test.loc["LSTM", "mean"])
    claim("about half of them duplicates", sizes["majority"] < 0.53)
    best = test.drop("words")["max"].max()
    claim("On the real pairs every network is behind", best < words - 0.03)


def new_intents(rows):
    """The sample, split by intent: three splits."""
    lstm = rows[rows["model"] == "LSTM"]
    words = rows[rows["model"] == "words"].set_index("data")["test"]
    quote(sq_new_words=words.mean(), sq_new_lstm=lstm.groupby("data")["test"].mean().mean())
    claim("Over three such splits", len(words) == 3 and lstm["data"].nunique() == 3)
    means = lstm.groupby("data")["test"].mean()
    claim("With new intents the lead is gone", (means < words.loc[means.index]).all())
    claim("the LSTM's worst", means.idxmin() == "new intents")
    drawn = rows[rows["data"] == "new intents"].groupby("model")["test"]
    claim(
        "where the bag of 3-grams is ahead of it",
        drawn.min()["bag of 3-grams"] > drawn.max()["LSTM"],
    )


def on_ages(rows):
    """The questions about ages: test pairs, and the same question with the names swapped."""
    columns = ["test", "at_half", "swapped"]
    test = rows.groupby("model")[columns].agg(["mean", "min", "max"])
    lstm, two, three = (test.loc[model] for model in ("LSTM", "bag of 2-grams", "bag of 3-grams"))
    quote(sq_age_mean=lstm["test", "mean"], sq_age_two=two["test", "mean"])
    quote(sq_age_half=lstm["at_half", "mean"], sq_age_words=test.loc["words", ("test", "mean")])
    quote(sq_age_three=three["test", "mean"], sq_swapped_mean=lstm["swapped", "mean"])
    quote(sq_swapped_three=three["swapped", "mean"])
    claim("at 0.5 it is even ahead", three["at_half", "mean"] > lstm["at_half", "mean"])
    claim("with the threshold 0.5 it would be", lstm["at_half", "max"] < lstm["test", "min"])
    claim("Adding vectors of neighbouring pairs is not enough", two["test", "max"] < 0.85)
    claim(
        "With triples a bag comes close to the LSTM",
        0 < lstm["test", "mean"] - three["test", "mean"] < 0.03,
    )
    claim(
        "There the LSTMs are wrong on",
        lstm["swapped", "max"] < min(two["swapped", "min"], three["swapped", "min"]) - 0.1,
    )


def exercises(page):
    found = [
        page.precision_elsewhere(page.merged, page.label[page.test], 1 / n) for n in (2, 10, 100)
    ]
    claim("where duplicates are rare most of what it merges is wrong", found[2] < 0.5)
    claim(
        "It is not 0, and they are not equal",
        page.itself > 1e-4 and not np.isclose(page.left, page.right, atol=1e-4),
    )
