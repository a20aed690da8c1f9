"""What `two-classes` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.linear_model import LinearRegression

from helpers.record import load_results as stored
from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    parity(page)
    prices(page)
    adding()
    reviews(page)
    word_by_word(page)
    real = stored("siamese-quora")
    quote(
        two_siamese=real["sq_real_lstm"],
        two_siamese_bag=real["sq_real_bag"],
        two_pair_words=real["sq_real_words"],
        two_pairs_train=real["sq_real_train"],
    )
    pairs = load_results("duplicate_questions").query("data == 'real' and chosen")
    pairs = pairs.set_index("model")
    claim(
        "whose encoder only adds up the word vectors for",
        (pairs.loc["bag of words", "kind"] == "sum").all(),
    )
    claim("(means of five seeds)", pairs.index.value_counts()[["LSTM", "bag of words"]].eq(5).all())
    claim("With so few pairs, reading in order", real["sq_real_lstm"] < real["sq_real_bag"])


def parity(page):
    """The odd number of ones, 200 bits long; and what smaller layers make of it."""
    zeros = page.correct_zeros[:, 199].mean()
    quote(trained=True, parity_right=int(page.correct[:, 199].sum()), parity_zeros=zeros)
    claim("of the 500 sequences correctly", page.correct[:, 199].mean() > 0.99)
    lstm = load_results("parity_gates").query("network == 'LSTM'")["zeros"]
    claim("another training may give another number", lstm.min() < 0.6 and lstm.max() > 0.99)
    rows = load_results("simple_rnn").query("study == 'parity' and begin == 'orthogonal'")
    right = rows.set_index(["layer", "units"])[["step_12", "step_200"]] > 0.99
    right = right.groupby(level=[0, 1]).sum()
    plain, lstm = right.loc["SimpleRNN"], right.loc["LSTM"]
    quote(two_plain_200=int(plain.loc[16, "step_200"]))
    claim("Simpler recurrent layers can learn it too", plain.loc[16, "step_200"] > 5)
    claim("learns it each time and an", lstm.loc[2].min() == 15 and 12 <= lstm.loc[1].min() < 15)
    claim("of one or two units never does", plain.loc[[1, 2]].to_numpy().max() == 0)
    claim("is right at step 12 in every training", plain.loc[16, "step_12"] == 15)
    claim("it fails slowly, beyond the length", plain.loc[16, "step_200"] < 15)


def prices(page):
    """One neuron, persistence, a target that needs memory, and Keras's layers."""
    quote(
        two_persistence=page.mse_persistence,
        two_mean=page.mse_mean,
        two_neuron=page.mse_neuron,
        two_w1=page.w[1],
        two_w2=page.w[2],
        two_w2_memory=page.w_memory[2],
        two_memory=page.mse_memory,
        two_no_past=page.mse_last,
    )
    claim("far below the mean's", page.mse_persistence < page.mse_mean / 5)
    claim("The neuron has found something like persistence", 0.7 < page.w[1] < 1.3)
    claim("stays ahead", page.mse_neuron > page.mse_persistence)
    claim(
        "has found the factor",
        abs(page.w_memory[2] - 0.6) < 0.05 and page.mse_memory < 0.01 * page.mse_last,
    )
    one, two = (days_alone(page, days) for days in (1, 2))
    claim("These prices hardly do", two > 0.95 * one and two > 0.95 * page.mse_persistence)
    claim("but some prices do, and it bends", (np.abs(page.y_late) > 1).mean() > 0.02)
    claim(
        "on the last day alone is level with persistence",
        abs(one / page.mse_persistence - 1) < 0.05 and page.mse_neuron > 1.1 * one,
    )
    claim("the day before hardly improves it", two > 0.95 * one)
    claim("and its forecasts are ours", page.same_neuron)
    claim("there it is behind persistence too", page.mse_stack > page.mse_persistence)


def days_alone(page, days):
    """Error on later windows of a linear regression on the last days."""
    line = LinearRegression().fit(page.X[:, -days:], page.y)
    return np.mean((page.y_late - line.predict(page.X_late[:, -days:])) ** 2)


def adding():
    """Updates until two marked numbers are added, three layers at three rates."""
    rows = load_results("adding_problem").query("study == 'layers'")
    updates = rows.groupby(["layer", "rate"])["updates"].median().unstack()
    plain = updates.loc[["tanh (default)", "tanh, 34 units"]].min()
    relu, lstm = updates.loc["ReLU"], updates.loc["LSTM"]
    claim("far fewer updates", (plain > 2 * lstm).all())
    claim("is as quick here", (relu < 2 * lstm).all() and (lstm < 2 * relu).all())


def reviews(page):
    """Bags of words and networks, the stored trainings tuned on validation reviews."""
    quote(two_reviews=int(page.is_train.sum()))
    rows = load_results("review_classifiers").query("chosen")
    shuffled = rows.query("data == 'films' and order == 'shuffled'")["accuracy"].mean()
    rows = rows[rows["order"] == "as written"].set_index(["data", "model"])["accuracy"]
    means = rows.groupby(level=[0, 1]).mean()
    rows, mean, yelp = rows.loc["films"], means.loc["films"], means.loc["Yelp"]
    words, lstm = mean["words"], mean["LSTM"]
    error = np.sqrt(words * (1 - words) / page.test[1].size)
    quote(
        two_lstm=lstm,
        two_words=words,
        two_identity=mean["SimpleRNN, identity"],
        two_mean_vectors=mean["MLP"],
        two_rnn=mean["SimpleRNN"],
        two_shuffled=100 * (lstm - shuffled),
        two_error=100 * error,
        two_bag=page.accuracy_bag,
    )
    quote(
        two_yelp_pairs=yelp["words and pairs"],
        two_yelp_both=yelp["bidirectional LSTM, mean"],
        two_yelp_words=yelp["words"],
    )
    plain = rows["SimpleRNN"]
    claim("may be several points better or worse", plain.max() - plain.min() > 0.03)
    claim("Reading in order does not help the plain network", plain.max() < rows["MLP"].min())
    live = np.array([accuracy for _, accuracy in page.lstms])
    claim("Each LSTM is within two points of it", (abs(live - page.accuracy_bag) < 0.02).all())
    claim(
        "that begins with the identity is as good", abs(mean["SimpleRNN, identity"] - lstm) < 0.005
    )
    claim("about the standard error, so again level", abs(words - lstm - error) < 0.2 * error)
    claim(
        "lead the LSTM by more than two points",
        mean[["words and pairs", "MLP"]].min() - lstm > 0.02,
    )
    claim("Most of the answer is *which* words there are", lstm - shuffled < 0.02)
    claim("pairs of words lead with", yelp.idxmax() == "words and pairs")
    both = yelp["bidirectional LSTM, mean"]
    claim("a little more than single words", 0 < both - yelp["words"] < 0.01)
    error = np.sqrt(yelp["words"] * (1 - yelp["words"]) / 1000)
    claim("that is within the standard error", both - yelp["words"] < error)


def word_by_word(page):
    """Two sentences of the same words, and 25 such pairs."""
    ends, begins = (
        np.array(page.by_word[texts[0]]) for texts in (page.ends_well, page.begins_well)
    )
    claim(
        "at the two adjectives",
        (ends[:3, 4] > ends[:3, 3]).all()
        and (begins[:3, 4] < begins[:3, 3]).all()
        and (begins[:3, 0] > ends[:3, 0]).all(),
    )
    claim("so for it both sentences are equal", abs(ends[3, -1] - begins[3, -1]) < 1e-3)
    claim("all three prefer the one that", (begins[:3, -1] > ends[:3, -1]).all())
    claim(
        "the first adjective weighs more than the last",
        min(each.sum() for each in page.higher) >= 22,
    )
