"""What `siamese-quora` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote

SCANNER = (
    "How many years should a scanner last?",
    "Who repairs a broken scanner, and does that pay?",
)
NETWORKS = ["LSTM", "bag of words", "bag of 3-grams"]


def lesson(page):
    the_split(page)
    the_words(page)
    the_network(page)
    the_ages(page)
    rows = page.results[page.results["chosen"].astype(bool) & page.results["test"].notna()]
    the_experiment(page, rows)
    on_the_sample(page, rows[rows["data"] == "sample"].set_index("model"))
    on_unseen_phrasings(page, rows[rows["data"].str.startswith("new intents")])
    on_real_pairs(rows[rows["data"] == "real"])
    on_ages(rows[rows["data"] == "ages"].groupby("model"))


def the_split(page):
    """The groups of the example and of the sample."""
    example = list(page.groups_of(one=[0, 1, 0, 3], two=[1, 2, 2, 4], size=5))
    claim("The questions a, b and c are one group, d and e another.", example == [0, 0, 0, 1, 1])
    known = np.concatenate([page.train, page.valid])
    claim("pairs that share a question go", not np.isin(page.ids[page.test], page.ids[known]).any())
    claim("no question is in more than two pairs", np.bincount(page.ids.ravel()).max() == 2)
    claim("fewer than 1 % of the pairs close a chain", share_in_rings(page) < 0.01)


def share_in_rings(page):
    """Share of the pairs in a group with a ring: as many pairs as questions, of two pairs each."""
    num_pairs, ids = np.bincount(page.by_question), page.ids
    places = np.unique(ids, return_index=True)[1]  # the first place of each question
    num_questions = np.bincount(page.by_question[places // 2], minlength=len(num_pairs))
    return num_pairs[num_pairs >= np.maximum(1, num_questions)].sum() / len(ids)


def the_words(page):
    """The regression on words: this split, nine more, and its penalty."""
    never = np.mean(page.label[page.test] == 0)
    quote(sq_never=never)
    quote(trained=True, sq_words=page.words_here, sq_words_mean=np.mean(page.draws))
    claim("Four test pairs of ten are duplicates", abs(never - 0.6) < 0.01)
    claim("To beat on this split:", page.words_here > never + 0.1)
    claim("It is an easy one: over ten splits", page.words_here > np.mean(page.draws) + 0.004)
    off = np.abs(np.array(page.draws) - np.mean(page.draws))
    claim("one split may be off by more than a point", off.max() > 0.011)


def the_network(page):
    """The LSTM of the page."""
    lstm = page.correct.mean()
    quote(trained=True, sq_lstm=lstm)
    claim("Half the weights of two encoders", two_weights_more(page))
    claim("One run, with a high rate", lstm > page.words_here)
    claim("Three of its errors are printed.", np.sum(~page.correct) >= 3)
    asked = page.pairs["question1"].isin(SCANNER) & page.pairs["question2"].isin(SCANNER)
    claim("It is labelled a duplicate", list(page.pairs.loc[asked, "label"]) == [1])
    table = page.report(page.output["test"], page.label[page.test], [0.5, page.chosen_here])
    half, best = table["F1"].iloc[[0, -1]]  # one row if 0.5 is chosen
    claim("At the chosen threshold the F1 is about the same as at 0.5", abs(half - best) < 0.06)


def two_weights_more(page):
    """Whether the network has one encoder's weights, and w and b."""
    encoder = page.network.get_layer("encoder")
    return page.network.count_params() == encoder.count_params() + 2


def the_ages(page):
    """The LSTM that reads who is older: at one half, at the chosen threshold, on swapped names."""
    output, label = page.age_output, page.age_label
    accuracy = {
        at: np.mean((output["test"] >= at) == label["test"]) for at in (0.5, page.age_threshold)
    }
    quote(trained=True, sq_ages=accuracy[0.5], sq_swapped=page.called.mean())
    claim("where no bag of words can expect more than half", accuracy[0.5] > 0.7)
    alarms = {part: np.mean(output[part][label[part] == 0] >= 0.5) for part in output}
    missed = np.mean(output["test"][label["test"] == 1] < 0.5)
    claim("nearly all errors are *false alarms*", alarms["test"] > 4 * missed)
    claim("No. The network has pushed apart", alarms["train"] < alarms["test"] / 3)
    claim("the threshold belongs above one half", page.age_threshold > 0.5)
    claim("and never a duplicate", page.called.shape == (6 * 87,) and page.called.mean() < 0.45)
    claim("In training no phrasing was ever paired with itself", phrasings_differ(page))
    claim("A bag of words gives each such pair the distance 0", same_words(page))


def phrasing(text):
    """The words of a question about ages without the names."""
    return [word for word in text.split() if not word.istitle()]


def phrasings_differ(page):
    """No training pair about ages has one phrasing twice."""
    return all(phrasing(one) != phrasing(two) for one, two, _ in page.ages["train"])


def same_words(page):
    """Both questions of each swapped pair have the same words, in another order."""
    together = list(zip(page.asked, page.swapped, strict=True))
    return all(a != b and sorted(a.split()) == sorted(b.split()) for a, b in together)


def the_experiment(page, rows):
    """What it trained, on how many pairs, and what its thresholds are worth."""
    sizes = ["num_train", "num_validation", "num_test"]
    for data, name in (("sample", "sample"), ("new intents", "unseen"), ("real", "quora")):
        numbers = rows.loc[rows["data"] == data, sizes].iloc[0]
        quote(**{f"sq_pairs_{name}": " / ".join(f"{number:,.0f}" for number in numbers)})
    here = tuple(map(len, (page.train, page.valid, page.test)))
    parts = rows.loc[rows["data"] == "sample", sizes].drop_duplicates()
    networks = rows[rows["model"].isin(NETWORKS)]
    claim("trains five seeds on each of three sets", (parts == here).all(axis=None))
    claim(
        "Validation accuracy picks one of three learning rates",
        (networks.groupby(["data", "model"]).size() == 5).all()
        and set(networks["rate"]) <= {0.003, 0.01, 0.03},
    )
    by_set = networks[networks["model"] == "LSTM"].groupby("data")["rate"].first()
    claim("For most LSTMs that is 0.003, the smallest", (by_set == 0.003).mean() > 0.5)
    shown = networks[networks["data"].isin(["sample", "new intents", "real"])]
    means = shown.groupby(["data", "model"])[["at_half", "test"]].mean()
    moved = (means["at_half"] - means["test"]).abs().max()
    claim(
        "a threshold chosen on validation pairs moves no mean of the figure by 2 points",
        moved < 0.02,
    )
    words = rows[(rows["model"] == "words") & rows["data"].isin(["sample", "new intents", "real"])]
    stored, known = words.set_index("data")["at_half"], [*page.train, *page.valid]
    again = page.words_accuracy(known, [], page.test)
    claim("there it had the validation pairs as well", abs(stored["sample"] - again) < 0.015)
    claim("$C = 0.3$ is the best of seven values", (words["rate"] == 0.3).all())


def on_the_sample(page, rows):
    """LSTM, bag of words, words."""
    lstm, bag = (rows.loc[name, "at_half"] for name in ("LSTM", "bag of words"))
    quote(sq_sample_lstm=lstm.median(), sq_sample_bag=bag.median())
    claim("the median LSTM has", lstm.median() > bag.median() + 0.03)
    claim(
        "One LSTM of five is no better than *words*.",
        np.sum(lstm > page.words_here + 0.1) == 4 and lstm.min() < page.words_here + 0.01,
    )


def on_unseen_phrasings(page, rows):
    """The LSTM on three splits by what is asked."""
    words = dict(zip(sorted(set(rows["data"])), page.words_unseen, strict=True))
    lstm = rows[rows["model"] == "LSTM"]
    ahead = lstm["at_half"] > lstm["data"].map(words)
    claim("Of all 15 LSTMs one is ahead of *words*", ahead.sum() == 1 and len(ahead) == 15)
    means = lstm.groupby("data")["at_half"].mean()
    gaps = {k: 100 * (words[data] - means[data]) for k, data in enumerate(sorted(words), start=1)}
    quote(**{f"sq_gap_{k}": gap for k, gap in gaps.items()})
    claim("Two more such splits are kinder", max(gaps[2], gaps[3]) < 0.5 * gaps[1])
    first = rows[rows["data"] == "new intents"]
    networks = first[first["model"].isin(NETWORKS)]
    claim(
        "With unseen phrasings the lead is gone", networks["at_half"].max() < page.words_unseen[0]
    )
    first = lstm[lstm["data"] == "new intents"]
    behind = first["at_half"] < first["majority"]
    claim("three of five LSTMs are behind always answering", behind.sum() == 3)


def on_real_pairs(rows):
    """Quora's own pairs."""
    test = rows.groupby("model")["at_half"].agg(["mean", "max"])
    lstm, bag, words = (test.loc[name, "mean"] for name in ("LSTM", "bag of words", "words"))
    quote(sq_real_train=int(rows["num_train"].iloc[0]))
    quote(sq_real_words=words, sq_real_lstm=lstm, sq_real_bag=bag)
    claim("the questions; half of the pairs are duplicates", rows["majority"].iloc[0] < 0.53)
    claim("gained nothing over its bag", abs(lstm - bag) < 0.01 and lstm < bag)
    best = test.drop("words")["max"].max()
    claim("*Words* is ahead of both", best < words - 0.03)


def on_ages(models):
    """The questions about ages: test pairs, and the same question with the names swapped."""
    lstm, bag, small = (
        models.get_group(name) for name in ("LSTM", "bag of 3-grams", "bag of 2-grams")
    )
    words = models.get_group("words")["at_half"].item()
    quote(sq_age_threshold=lstm["threshold"].median(), sq_age_words=words)
    claim("In five trainings of the experiment, which are longer", lstm["epochs"].min() > 14)
    claim("Bags of *n*-grams see some order, too.", 0.6 < words < small["at_half"].min())
    claim(
        "At 0.5 the bag of 3-grams has even more test pairs right.",
        bag["at_half"].min() > lstm["at_half"].max(),
    )
    best = max(some["test"].mean() for some in (bag, small))
    claim("At the chosen thresholds the LSTM is ahead.", lstm["test"].mean() > best + 0.01)
    claim(
        "the bags call far more of the swapped pairs duplicates",
        all(
            some[swapped].min() > lstm[swapped].max() + 0.05
            for some in (bag, small)
            for swapped in ("swapped_at_half", "swapped")
        ),
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
