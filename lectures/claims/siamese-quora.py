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
    lstm = page.correct.mean()
    quote(trained=True, sq_words=page.words_accuracy, sq_lstm=lstm)
    quote(trained=True, sq_ages=page.age_accuracy, sq_swapped=page.called.mean())
    claim("After a random split", seen["random"] > 0.15)
    claim("Split by question, none does", seen["by question"] == 0)
    claim("is the best of seven values on validation pairs", best_penalty(page) == 0.3)
    claim("To beat:", page.words_accuracy > never + 0.1)
    claim("Half the weights of two encoders", two_weights_more(page))
    claim("One run, with a high rate", lstm > page.words_accuracy)
    claim("Three of its errors are printed", np.sum(~page.correct) >= 3)
    claim("where no bag of words can expect more than half", page.age_accuracy > 0.7)
    claim("Four test pairs of ten are duplicates", abs(never - 0.6) < 0.01)
    claim("and never a duplicate", page.called.shape == (6 * 87,) and page.called.mean() < 0.45)
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


def two_weights_more(page):
    """Whether the network has one encoder's weights, and w and b."""
    encoder = page.network.get_layer("encoder")
    return page.network.count_params() == encoder.count_params() + 2


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
    """The experiment: which of two questions ask the same. The threshold is 0.5."""
    rows = results[results["chosen"].astype(bool) & results["at_half"].notna()]
    test = rows.groupby(["data", "model"])["at_half"].agg(["mean", "min", "max", "size"])
    networks = rows[rows["model"] != "words"]
    claim(
        "Validation accuracy chooses one of three learning rates",
        (networks.groupby(["data", "model"]).size() == 5).all()
        and set(networks["rate"]) <= {0.003, 0.01, 0.03},
    )
    words = test.xs("words", level="model")["mean"]
    quote(sq_random=words["sample, random split"], sq_by_question=words["sample"])
    claim("We saw no gain from it", words["sample, random split"] < words["sample"])
    claim("two measures of overlap more", abs(words["sample"] - words_accuracy) < 0.01)
    on_the_sample(rows[rows["data"] == "sample"].set_index("model"))
    unseen = rows[rows["data"].str.startswith("new intents") & (rows["model"] == "LSTM")]
    ahead = unseen["at_half"] > unseen["data"].map(words)
    claim("one LSTM of 15 is ahead of the words", ahead.sum() == 1 and len(ahead) == 15)
    first = unseen[unseen["data"] == "new intents"]
    behind = first["at_half"] < first["majority"]
    claim("some are behind always answering", 2 <= behind.sum() < 5)
    on_real_pairs(test.loc["real"], rows[rows["data"] == "real"].iloc[0])
    on_ages(rows[rows["data"] == "ages"].groupby("model"))


def on_the_sample(rows):
    """LSTM, bag of words, words."""
    lstm, bag = (rows.loc[name, "at_half"] for name in ("LSTM", "bag of words"))
    quote(sq_sample_lstm=lstm.mean(), sq_sample_bag=bag.mean())
    quote(sq_epochs=rows.loc["LSTM", "epochs"].mean())
    claim(
        "With 0.003, the smallest, chosen on the sample", (rows.loc["LSTM", "rate"] == 0.003).all()
    )
    words = rows.loc["words", "at_half"]
    claim("On the sample four of five LSTMs are ahead of the words", (lstm > words).sum() == 4)
    claim("On average the LSTM has", lstm.mean() > bag.mean() > words)


def on_real_pairs(test, sizes):
    """Quora's own pairs."""
    lstm, bag, words = (test.loc[name, "mean"] for name in ("LSTM", "bag of words", "words"))
    numbers = ["num_train", "num_validation", "num_test"]
    quote(sq_num_real=int(sizes[numbers].sum()))
    quote(sq_real_words=words, sq_real_lstm=lstm, sq_real_bag=bag)
    claim("half of them duplicates", sizes["majority"] < 0.53)
    claim("is level with the bag of words", abs(lstm - bag) < 0.01)
    best = test.drop("words")["max"].max()
    claim("The logistic regression on words is ahead of both", best < words - 0.03)


def on_ages(models):
    """The questions about ages: test pairs, and the same question with the names swapped."""
    lstm, bag = (models.get_group(name) for name in ("LSTM", "bag of 3-grams"))
    claim(
        "At 0.5 the bags have even more test pairs right.",
        bag["at_half"].min() > lstm["at_half"].max(),
    )
    ahead = lstm["test"].mean() > bag["test"].mean() + 0.01
    claim("with one that suits them the LSTMs are ahead on average", ahead)
    claim(
        "the bags call far more of the swapped pairs duplicates",
        bag["swapped_at_half"].min() > lstm["swapped_at_half"].max() + 0.05
        and bag["swapped"].min() > lstm["swapped"].max() + 0.05,
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
