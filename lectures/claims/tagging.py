"""What `tagging` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    never, one_way = (page.accuracies[name] for name in ("never an end", "one direction"))
    quote(flattered=100 * (never[1] - never[0]), page_letters=np.sum(page.X > 0))
    quote(trained=True, accuracy_one=page.accuracy, f1_one=page.f1_one_way, f1_two=page.f1_two_way)
    claim("more than a third of the steps are padding", np.mean(page.X_test == 0) > 1 / 3)
    claim("Padding flatters the constant answer by", never[1] > never[0] + 0.05)
    claim("Its accuracy is our first number.", page.accuracy_is_masked)
    claim("So the mask reaches both", page.loss_is_masked and page.accuracy_is_masked)
    claim("Three of four letters end no word", 0.7 < never[0] < 0.78)
    claim('"never" looks decent and finds nothing', page.f1_never == 0)
    man, selves = (both(page, page.one_way, text) for text in ("themanlaughed", "themselves"))
    claim(
        "The three numbers are the same in both texts", np.allclose(man[:3], selves[:3], atol=1e-5)
    )
    quote(the_share=page.share)
    quote(trained=True, the_output=float(man[2]))
    claim("a word ends after the `e`, and the network outputs", abs(man[2] - page.share) < 0.2)
    one, two = page.one_way.count_params(), page.two_way.count_params()
    claim("two LSTMs of 43 units have about as many", abs(one - two) < 0.005 * one)
    claim("Two directions reach an F1 score of", page.f1_two_way > page.f1_one_way + 0.05)
    man, selves = (both(page, page.two_way, text) for text in ("themanlaughed", "themselves"))
    claim("gets a much higher probability than that of", man[2] > selves[2] + 0.2)
    claim("They are the same. In front of padding", page.same_states)
    novels = page.novels
    texts = novels.loc[novels["split"] == "train", "text"]
    letters = sum(len(s.replace(" ", "")) for text in texts for s in page.sentences(text))
    quote(train_letters=letters)
    claim("With three times as many", 2.8 < letters / np.sum(page.X > 0) < 3.3)
    lookahead(page.results)


def both(page, network, text):
    """The outputs of a network, computed with the page's own function."""
    return page.end_probabilities(network, text)


def lookahead(results):
    """The experiment."""
    rows = results[results["chosen"].astype(bool)]
    f1 = rows.groupby(["model", "delay"])["test"].agg(["mean", "min", "max", "size"])
    valid = rows.groupby(["model", "delay"])["valid"].mean()
    delays = {k: f1.loc["LSTM", k] for k in (0, 1, 2, 4, 8)}
    width = valid["window"].idxmax()
    window, stack = f1.loc["window", width], f1.loc["convolutions", 0]
    two = f1.loc["Bidirectional", 0]
    counts = rows[rows["model"] == "word counts"].iloc[0]
    quote(
        f1_zero=delays[0]["mean"],
        f1_ahead_one=delays[1]["mean"],
        f1_four=delays[4]["mean"],
        f1_eight=delays[8]["mean"],
        f1_two_long=two["mean"],
        best_width=width,
        f1_window=window["mean"],
        f1_stack=stack["mean"],
        f1_counts=counts["test"],
        unseen_counts=counts["unseen"],
        words_two=rows.loc[rows["model"] == "Bidirectional", "words"].mean(),
        words_one=rows.loc[(rows["model"] == "LSTM") & (rows["delay"] == 0), "words"].mean(),
        unseen_two=rows.loc[rows["model"] == "Bidirectional", "unseen"].mean(),
    )
    networks = f1.drop("word counts")
    claim("three seeds follow", (networks["size"] == 3).all() and len(networks) == 11)
    claim(
        "most of what it lacked lies within the next few letters",
        delays[4]["mean"] - delays[0]["mean"] > 0.5 * (1 - delays[0]["mean"]),
    )
    claim("With eight it gets only", delays[8]["max"] < delays[4]["min"])
    weights = rows.groupby("model")["weights"].max()
    windows = rows.loc[rows["model"] == "window", "weights"]
    quote(
        weights_lstm=int(weights["LSTM"]),
        weights_two=int(weights["Bidirectional"]),
        weights_least=int(windows.min()),
        weights_most=int(windows.max()),
        weights_stack=int(weights["convolutions"]),
        number_unseen=int(counts["number_unseen"]),
    )
    claim(
        "Two directions, with as many weights, reach",
        abs(weights["Bidirectional"] / weights["LSTM"] - 1) < 0.005,
    )
    others = networks.drop("Bidirectional")
    claim("In these runs that is more than any of the delays", two["min"] > others["max"].max())
    claim("it is ahead of every network", counts["test"] > networks["max"].max() + 0.01)
    unseen = rows[rows["model"] != "word counts"]["unseen"]
    claim("it gets {glue:text}`unseen_counts:.0%` whole", counts["unseen"] > unseen.max() + 0.05)


def exercises(page):
    quote(trained=True, accuracy_law=page.accuracy_law)
    claim("the backward LSTM reads the last bit first and keeps it", page.accuracy_law > 0.99)
    one, two = page.whole["one direction"], page.whole["two"]
    claim(
        "so these shares lie well below the F1 scores of the ends",
        one < page.f1_one_way - 0.05 and two < page.f1_two_way - 0.05,
    )
