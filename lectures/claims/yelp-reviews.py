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
    one_pair(page)
    compared(page.results)
    few_labels(page)


def counted(page):
    """Counted words."""
    right = {name: np.mean(one == page.y_test) for name, one in page.predicted.items()}
    quote(
        trained=True,
        accuracy_words=right["words"],
        accuracy_pairs=right["words and bigrams"],
        accuracy_bayes=page.accuracy_bayes,
    )
    claim(
        "no worse than the tuned regression",
        page.accuracy_bayes > right["words and bigrams"] - 0.005,
    )

    shown = page.count.get_feature_names_out()[page.chosen[7:]]
    claim("speak against a film, as one would expect", {"bad", "dull", "too"} <= set(shown))


def recurrent(page):
    """One training of the network that reads in order."""
    best = int(np.argmin(page.losses)) + 1
    quote(trained=True, accuracy_lstm=page.accuracy_lstm, lstm_best_epoch=best)
    claim("and climbs from then on", best <= 6 and page.losses[-1] > min(page.losses) + 0.01)
    pairs = np.mean(page.predicted["words and bigrams"] == page.y_test)
    claim("which is not ahead of the bag of words", page.accuracy_lstm < pairs + 0.01)
    claim(
        "so it can tell the last two sentences apart",
        abs(page.by_lstm[2] - page.by_lstm[3]) > 1e-4,
    )


def one_pair(page):
    """How sure is a difference? The bag and the LSTM of this page."""
    lead, n = page.only_bag - page.only_lstm, len(page.y_test)
    error = np.sqrt(page.only_bag + page.only_lstm) / n
    quote(trained=True, lead_here=100 * lead / n, error_here=100 * error)
    claim("So the bag leads by", lead > 0)


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
        lead_mlp_yelp=-100 * told["Yelp: MLP - words and pairs"]["estimate"],
        films_lstm=films["LSTM"],
        films_shuffled=shuffled["films"],
    )
    bag = {data: mean[data, "words and pairs"] for data in ("films", "Yelp")}
    claim(
        "On neither of them is any recurrent network ahead of the bag with bigrams",
        all(mean[data, name] < bag[data] for data in ("films", "Yelp") for name in RECURRENT),
    )
    claim(
        "is level with the bag on the films",
        told["films: MLP - words and pairs"]["verdict"] == "level",
    )
    claim(
        "`SimpleRNN` classifies the films as well as the LSTM",
        told["films: LSTM - SimpleRNN, identity"]["verdict"] == "level",
    )
    dots = results[results["model"].isin(RECURRENT) & (results["order"] == "as written")]
    spread = dots.groupby(["data", "model"])["accuracy"].agg(np.ptp)
    claim(
        "With the default initialization it is behind, and its seeds lie far apart",
        all(
            mean[data, "SimpleRNN"] < mean[data, "SimpleRNN, identity"]
            and spread[data, "SimpleRNN"] > spread[data, "SimpleRNN, identity"]
            for data in ("films", "Yelp")
        ),
    )
    claim(
        "on films and Yelp have a standard error of 0.7 points",
        all(
            0.0065 < told[f"{data}: {name}"]["error"] < 0.0075
            for data in ("films", "Yelp")
            for name in ["LSTM - words and pairs"]
        ),
    )
    claim(
        "so they are not chance",
        all(
            told[f"{data}: LSTM - words and pairs"]["verdict"] == "worse"
            for data in ("films", "Yelp")
        ),
    )
    order = {data: told[f"{data}: LSTM - LSTM, words shuffled"]["verdict"] for data in bag}
    claim("On the films it falls from", order["films"] == "better")
    claim("on Yelp it stays the same", order["Yelp"] == "level")


def few_labels(page):
    """Word vectors from elsewhere."""
    told = load_comparisons("pretrained_vectors")
    mean = page.few_labels.groupby(["number", "model", "order"])["accuracy"].mean()
    few, most = page.n, int(page.few_labels["number"].max())
    both, order = "bidirectional on GloVe", "as written"
    lead = told[f"{most}: {both} - words and pairs"]
    quote(
        few_reviews=few,
        few_most=most,
        few_mean=mean[few, "mean of GloVe", order],
        few_bag=mean[few, "words and pairs", order],
        few_both=mean[few, both, order],
        gain_glove=100 * told[f"{most}: LSTM on GloVe - LSTM"]["estimate"],
        lead_both=100 * lead["estimate"],
        most_both=mean[most, both, order],
        lead_thousand=100 * (mean[1000, both, order] - mean[1000, "words and pairs", order]),
    )
    near = page.cosines.nlargest(6).index
    claim('"tedious" as well, a word that it may never have seen', "tedious" in near)
    claim('"funny" is in the list too', "funny" in near)
    quote(trained=True, gain_vectors=100 * (page.accuracy_on_mean - page.accuracy_small_bag))
    claim(
        "With so few labels the vectors are worth",
        page.accuracy_on_mean > page.accuracy_small_bag + 0.02,
    )
    claim(
        "labels the vectors decide",
        told[f"{few}: mean of GloVe - words and pairs"]["verdict"] == "better"
        and told[f"{few}: {both} - words and pairs"]["verdict"] == "better",
    )
    claim(
        "The LSTM is behind the mean",
        told[f"{few}: LSTM on GloVe - mean of GloVe"]["verdict"] == "worse",
    )
    claim(
        "loses nothing when the words are shuffled",
        mean[few, both, "shuffled"] > mean[few, both, order] - 0.005,
    )
    thousand = mean[1000].xs(order, level="order")
    claim("points ahead of the bag and has passed the mean", thousand.idxmax() == both)
    claim(
        "labels the fixed mean falls behind",
        told[f"{most}: mean of GloVe - words and pairs"]["verdict"] == "worse",
    )
    tuned = page.few_labels.set_index(["number", "model"])["tuned"]
    claim(
        "The networks train GloVe's vectors further",
        tuned[most, "LSTM on GloVe"].all() and tuned[most, both].all(),
    )
    claim(
        "points better than with vectors of its own",
        told[f"{most}: LSTM on GloVe - LSTM"]["verdict"] == "better",
    )
    claim("The bidirectional one is first in this figure", mean[most].idxmax() == (both, order))
    claim(
        "about that of naive Bayes on the same films",
        abs(mean[most, both, order] - page.accuracy_bayes) < 0.012,
    )
    claim("is less than two standard errors", lead["estimate"] < 2 * lead["error"])
    shuffled = load_comparisons("review_classifiers")
    costs = [shuffled[f"{data}: LSTM - LSTM, words shuffled"] for data in ("films", "food", "Yelp")]
    costs += [told[f"{n}: {both} - {both}, words shuffled"] for n in (few, most)]
    claim(
        "In our runs shuffling the words cost a network two points at most",
        max(one["estimate"] for one in costs) < 0.02,
    )


def exercises(page):
    quote(trained=True, accuracy_each=page.accuracy_each, accuracy_vote=page.accuracy_vote)
    claim("It looks broken: right for", page.accuracy_each < 0.7)
    claim("and it is right for {glue:text}`accuracy_vote:.1%`", page.accuracy_vote > 0.75)
