"""What `yelp-reviews` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

RECURRENT = ("SimpleRNN", "SimpleRNN, identity", "LSTM", "bidirectional LSTM, mean")


def lesson(page):
    words = page.reviews["text"].str.split().str.len()
    losses = page.history["val_loss"]
    best = int(np.argmin(losses))
    quote(
        reviews_number=len(page.reviews),
        reviews_training=len(page.y_train),
        reviews_validation=len(page.y_val),
        reviews_test=len(page.y_test),
        reviews_ninth_words=words.quantile(0.9),
        accuracy_majority=max(np.mean(page.y_test), 1 - np.mean(page.y_test)),
        mean_padding=np.mean((page.X_train == 0).sum(axis=1)),
    )
    claim("Half of them are positive.", abs(page.reviews["label"].mean() - 0.5) < 0.02)
    claim("Nine in ten of these reviews have no more than", words.quantile(0.9) <= 32)
    quote(trained=True, mlp_best_epoch=best + 1, accuracy_mlp=page.accuracy_mlp)
    claim("The training loss keeps falling.", np.all(np.diff(page.history["loss"]) < 0.01))
    claim("The validation loss is lowest in epoch", 3 <= best + 1 < len(losses))
    claim("of the test reviews correctly.", page.accuracy_mlp > 0.78)
    claim("The first two are easy.", page.by_mlp[0] > 0.8 and page.by_mlp[1] < 0.2)
    claim("it gives both the same probability", abs(page.by_mlp[2] - page.by_mlp[3]) < 1e-5)
    counted(page)
    recurrent(page)
    compared(page.results)
    few_labels(page)


def counted(page):
    """Counted words."""
    right = {name: np.mean(one == page.y_test) for name, one in page.predicted.items()}
    quote(
        trained=True,
        accuracy_words=right["words"],
        accuracy_pairs=right["words and bigrams"],
    )
    claim(
        "Counting is as good as the network",
        abs(right["words and bigrams"] - page.accuracy_mlp) < 0.02
        and abs(right["words"] - page.accuracy_mlp) < 0.03,
    )

    strongest = page.count.get_feature_names_out()[[page.order[0], page.order[-1]]]
    claim('the strongest words of all are "too" and "and"', strongest.tolist() == ["too", "and"])


def recurrent(page):
    """One training of the network that reads in order."""
    best = int(np.argmin(page.losses)) + 1
    quote(trained=True, accuracy_lstm=page.accuracy_lstm, lstm_best_epoch=best)
    claim("with so few reviews it overfits almost at once", best <= 6)
    pairs = np.mean(page.predicted["words and bigrams"] == page.y_test)
    claim("which is not ahead of the bag of words", page.accuracy_lstm < pairs + 0.01)
    claim(
        "so it can tell the last two sentences apart",
        abs(page.by_lstm[2] - page.by_lstm[3]) > 1e-4,
    )


def compared(results):
    """Five seeds, four rates, three collections."""
    told = load_comparisons("review_classifiers")
    mean = results.groupby(["order", "data", "model"])["accuracy"].mean()
    shuffled = mean["shuffled"].xs("LSTM", level="model")
    mean = mean["as written"]
    films = mean["films"]
    quote(
        lead_films=-100 * told["films: LSTM - words and pairs"]["estimate"],
        lead_yelp=-100 * told["Yelp: LSTM - words and pairs"]["estimate"],
        films_identity=films["SimpleRNN, identity"],
        films_lstm=films["LSTM"],
        films_shuffled=shuffled["films"],
    )
    bag = {data: mean[data, "words and pairs"] for data in ("films", "food", "Yelp")}
    dots = results[results["model"].isin(RECURRENT) & (results["order"] == "as written")]
    claim(
        "On none of the three is any recurrent network ahead of the bag with bigrams",
        all(mean[data, name] < bag[data] for data in bag for name in RECURRENT),
    )
    claim(
        "On the films the bag leads the LSTM by",
        told["films: LSTM - words and pairs"]["verdict"] == "worse",
    )
    claim(
        "The best network is the simplest, the mean of the word vectors",
        all(mean[data, "MLP"] > mean[data, name] for data in bag for name in RECURRENT),
    )
    claim(
        "on the films it is level with the bag",
        told["films: MLP - words and pairs"]["verdict"] == "level",
    )
    claim(
        "classifies the films as well as the LSTM",
        told["films: LSTM - SimpleRNN, identity"]["verdict"] == "level",
    )
    spread = dots.groupby(["data", "model"])["accuracy"].agg(np.ptp)
    claim(
        "With the default initialization it is behind, and its seeds lie far apart",
        all(
            mean[data, "SimpleRNN"] < mean[data, "SimpleRNN, identity"]
            and spread[data, "SimpleRNN"] > spread[data, "SimpleRNN, identity"]
            for data in bag
        ),
    )
    order = {data: told[f"{data}: LSTM - LSTM, words shuffled"] for data in bag}
    quote(
        pairs_films=100 * told["films: words and pairs - words"]["estimate"],
        pairs_yelp=100 * told["Yelp: words and pairs - words"]["estimate"],
        shuffled_food=-100 * order["food"]["estimate"],
        lead_mlp_yelp=-100 * told["Yelp: MLP - words and pairs"]["estimate"],
    )
    claim(
        "Bigrams know a little order, and they gain on single words",
        told["Yelp: words and pairs - words"]["verdict"] == "better"
        and told["films: words and pairs - words"]["estimate"] > 0,
    )
    claim("On the films it falls from", order["films"]["verdict"] == "better")
    claim(
        "On Yelp it stays the same, and on food it even *gains*",
        order["Yelp"]["verdict"] == "level" and order["food"]["verdict"] == "worse",
    )
    claim(
        "The standard error of these differences is about 0.7 points",
        all(
            0.006 < told[f"{data}: {name} - words and pairs"]["error"] < 0.008
            for data in ("films", "Yelp")
            for name in ("LSTM", "MLP")
        ),
    )


def few_labels(page):
    """Word vectors from elsewhere."""
    told = load_comparisons("pretrained_vectors")
    rows = page.few_labels
    mean = rows.groupby(["number", "model", "order"])["accuracy"].mean()
    few, most = 250, len(page.y_train)
    both = "bidirectional on GloVe"
    quote(
        few_reviews=page.n,
        few_mean=mean[few, "mean of GloVe", "as written"],
        few_bag=mean[few, "words and pairs", "as written"],
        few_both=mean[few, both, "as written"],
        few_mixed=mean[few, both, "shuffled"],
    )
    claim(
        "LSTM on GloVe is ahead of both",
        all(
            told[f"{few}: {both} - {other}"]["verdict"] == "better"
            for other in ("words and pairs", "mean of GloVe")
        ),
    )
    quote(trained=True, gain_vectors=100 * (page.accuracy_on_mean - page.accuracy_small_bag))
    claim(
        "With so few labels the vectors are worth",
        page.accuracy_on_mean > page.accuracy_small_bag + 0.02,
    )
    claim(
        "With 250 reviews the vectors decide",
        told[f"{few}: mean of GloVe - words and pairs"]["verdict"] == "better"
        and told[f"{few}: LSTM on GloVe - words and pairs"]["verdict"] == "better",
    )
    order = told[f"{few}: {both} - {both}, words shuffled"]
    claim(
        "where the mean is",
        abs(mean[few, both, "shuffled"] - mean[few, "mean of GloVe", "as written"]) < 0.01,
    )
    claim("about two points are in the order of the words", 0.015 < order["estimate"] < 0.025)
    thousand = told[f"1000: {both} - words and pairs"]
    claim(
        "With 1,000 reviews it is still well ahead of the bag",
        thousand["verdict"] == "better" and thousand["estimate"] > 0.03,
    )
    claim(
        "though shuffling then costs it nothing that we can measure",
        told[f"1000: {both} - {both}, words shuffled"]["verdict"] == "level",
    )
    lead = told[f"{most}: {both} - words and pairs"]
    quote(lead_both=100 * lead["estimate"])
    claim("the bag has caught up", lead["verdict"] == "undecided" and lead["low"] < 0)


def exercises(page):
    quote(trained=True, accuracy_each=page.accuracy_each, accuracy_vote=page.accuracy_vote)
    claim("It looks broken: right for", page.accuracy_each < 0.7)
    claim("and it is right for {glue:text}`accuracy_vote:.1%`", page.accuracy_vote > 0.75)
