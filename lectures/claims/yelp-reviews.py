"""What `yelp-reviews` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
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
    order(page)
    compared(page.results)
    settings(page)


def counted(page):
    """Counted words."""
    right = {name: np.mean(one == page.y_test) for name, one in page.predicted.items()}
    quote(
        trained=True,
        accuracy_words=right["words"],
        accuracy_pairs=right["with bigrams"],
        accuracy_bayes=page.accuracy_bayes,
    )
    claim("Counting is as good as the network", right["with bigrams"] > page.accuracy_mlp - 0.01)
    claim("No: both seem negative.", page.by_bag[2:].max() < 0.5)
    names = page.pairs.get_feature_names_out()
    single = np.array([" " not in name for name in names])
    one, other = page.bag_vectors
    claim(
        "have the same bag",
        np.array_equal(one[single], other[single]) and not np.array_equal(one, other),
    )
    claim(
        "no worse than the tuned regression",
        page.accuracy_bayes > right["with bigrams"] - 0.005,
    )

    shown = page.count.get_feature_names_out()[page.chosen[7:]]
    claim("speak against a film, as one would expect", {"bad", "dull", "too"} <= set(shown))


def recurrent(page):
    """One training of the network that reads in order."""
    quote(trained=True, accuracy_lstm=page.accuracy_lstm)
    pairs = np.mean(page.predicted["with bigrams"] == page.y_test)
    claim(
        "which is not ahead of the regression with bigrams",
        page.accuracy_lstm < pairs + 0.01,
    )
    claim(
        "so it can tell the last two sentences apart",
        abs(page.by_lstm[2] - page.by_lstm[3]) > 1e-4,
    )


def one_pair(page):
    """How sure is a difference? The bag and the LSTM of this page."""
    lead, n = page.only_regression - page.only_lstm, len(page.y_test)
    error = np.sqrt(page.only_regression + page.only_lstm) / n
    quote(trained=True, lead_here=100 * lead / n, error_here=100 * error)
    claim("This lead is larger.", lead / n > 2 * error)


def order(page):
    """What the page's LSTM loses on shuffled reviews, and what bigrams bring."""
    told = load_comparisons("review_classifiers")
    lost, n = page.lost.mean(), len(page.y_test)
    error = page.lost.std() / np.sqrt(n)
    quote(trained=True, lost_here=100 * lost, lost_error=100 * error)
    films, yelp = (told[f"{data}: words and pairs - words"] for data in ("films", "Yelp"))
    quote(gain_films=100 * films["estimate"], gain_yelp=100 * yelp["estimate"])
    claim(
        "with an error of 0.7 or 0.8",
        {round(100 * one["error"], 1) for one in (films, yelp)} <= {0.7, 0.8},
    )
    cost = {data: told[f"{data}: LSTM - LSTM, words shuffled"] for data in ("films", "Yelp")}
    shuffled = cost["films"]
    quote(shuffled_films=100 * shuffled["estimate"], shuffled_error=100 * shuffled["error"])
    claim("and nothing on Yelp", cost["Yelp"]["verdict"] == "level")
    claim(
        "So the order is worth a point or two",
        lost < 0.02 and shuffled["estimate"] < 0.02 and yelp["estimate"] < 0.03,
    )


def compared(results):
    """Five seeds, four rates, three collections."""
    told = load_comparisons("review_classifiers")
    mean = results.groupby(["data", "model"])["accuracy"].mean()
    bag = {data: mean[data, "words and pairs"] for data in ("films", "Yelp")}
    claim(
        "No recurrent network is ahead of the regression with bigrams",
        all(mean[data, name] < bag[data] for data in bag for name in RECURRENT),
    )
    lstms = [told[f"{data}: LSTM - words and pairs"] for data in bag]
    claim(
        "the LSTM is still two to three points behind, on both, by three standard errors or more",
        all(
            0.02 < -one["estimate"] < 0.03 and -one["estimate"] > 3 * one["error"] for one in lstms
        ),
    )
    identity = [told[f"{data}: LSTM - SimpleRNN, identity"]["verdict"] for data in bag]
    claim("starts at the identity is level with it", identity == ["level", "level"])
    claim(
        "is level with the regression on the films, and behind on Yelp",
        told["films: MLP - words and pairs"]["verdict"] == "level"
        and told["Yelp: MLP - words and pairs"]["verdict"] == "worse",
    )


def settings(page):
    """Dropout tuned as well, and pretrained vectors."""
    told = load_comparisons("review_settings")
    both = "bidirectional LSTM, mean"
    bag = "words and pairs, as before"
    leads = told[f"naive Bayes - {bag}"]
    claim(
        "naive Bayes is ahead of the regression on the films, by one standard error",
        leads["error"] < leads["estimate"] < 2 * leads["error"],
    )
    settings = load_results("review_settings").query("chosen")
    bayes = settings.query("model == 'naive Bayes'").set_index("data")["accuracy"]
    counts = page.bags["with bigrams"]
    claim("and behind it on Yelp", bayes["Yelp"] < counts["Yelp"] - 0.015)
    claim(
        "without the mask it is as good",
        told["LSTM, as before - LSTM, no mask"]["verdict"] == "level",
    )
    averaged = told[f"mean of five: {both} - {bag}"]
    claim("together are level with the regression", averaged["verdict"] == "level")
    glove = load_results("review_settings").query("model == 'LSTM, GloVe' and chosen and seed < 5")
    known = load_results("review_classifiers").query(
        "data == 'films' and model == 'LSTM' and chosen and order == 'as written'"
    )
    quote(lstm_films=known["accuracy"].mean(), glove_films=glove["accuracy"].mean())
    claim(
        "In `review_settings` that takes the LSTM on the films from",
        told["LSTM, GloVe - LSTM, as before"]["verdict"] == "better" and len(glove) == 5,
    )
    glove_leads = [told[f"LSTM, GloVe - {name}"]["estimate"] for name in (bag, "naive Bayes")]
    claim(
        "(means of five seeds): close to counting, not ahead of it",
        all(-0.02 < lead < 0 for lead in glove_leads),
    )


def exercises(page):
    quote(trained=True, accuracy_each=page.accuracy_each, accuracy_vote=page.accuracy_vote)
    claim("It looks broken: right for", page.accuracy_each < 0.7)
    claim("and it is right for {glue:text}`accuracy_vote:.1%`", page.accuracy_vote > 0.75)
