"""What `two-classes` quotes of its numbers, and what it claims."""

import numpy as np

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
    )
    claim("Here, too, reading in order brings nothing", real["sq_real_lstm"] < real["sq_real_bag"])


def parity(page):
    """The odd number of ones, 200 bits long; and what smaller layers make of it."""
    zeros = page.correct_zeros[:, 199].mean()
    quote(trained=True, parity_200=page.correct[:, 199].mean(), parity_zeros=zeros)
    claim(
        "It is right for {glue:text}`parity_200:.1%` of the sequences", page.correct.mean() > 0.95
    )
    lstm = load_results("parity_gates").query("network == 'LSTM'")["zeros"]
    claim("That differs from training to training", lstm.min() < 0.6 and lstm.max() > 0.99)
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
    """One neuron, persistence, weighted sums of days, and Keras's layers."""
    quote(
        two_persistence=page.mse_persistence,
        two_mean=page.mse_mean,
        two_neuron=page.mse_neuron,
        two_w1=page.w[1],
        two_w2=page.w[2],
    )
    claim("far below the mean's", page.mse_persistence < page.mse_mean / 5)
    claim("The neuron has found something like persistence", 0.7 < page.w[1] < 1.3)
    claim("stays ahead", page.mse_neuron > page.mse_persistence)
    (_, one), (_, two), (train, late) = (page.errors[days] for days in (1, 2, 100))
    claim(
        "With the last day alone the sum is level with persistence",
        abs(one / page.mse_persistence - 1) < 0.05,
    )
    without_memory = np.array([1.0, 1.0, 0.0])
    for _ in range(1000):
        slope = page.gradient(page.X, page.y, page.forward(page.X, without_memory), without_memory)
        without_memory = without_memory - 0.1 * slope * [1, 1, 0]
    error = page.loss(without_memory, page.X_late, page.y_late)
    claim(
        "what costs the neuron its error is the tanh",
        page.mse_neuron > 1.1 * one and error > 1.1 * one,
    )
    claim("And more days hardly help", two > 0.95 * page.mse_persistence)
    claim(
        "the training error falls and that of the later windows rises",
        train < 0.9 * page.errors[2][0] and late > 1.5 * two,
    )
    claim("and its forecasts are ours", page.same_neuron)
    claim("there it is behind persistence too", page.mse_stack > page.mse_persistence)


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
    rows = load_results("review_classifiers").query("data == 'films' and chosen")
    shuffled = rows[rows["order"] == "shuffled"]["accuracy"].mean()
    rows = rows[rows["order"] == "as written"].set_index("model")["accuracy"]
    mean = rows.groupby(level=0).mean()
    words, lstm = mean["words"], mean["LSTM"]
    quote(
        two_lstm=lstm,
        two_words=words,
        two_mean_vectors=mean["MLP"],
        two_rnn=mean["SimpleRNN"],
        two_shuffled=100 * (lstm - shuffled),
        two_error=100 * np.sqrt(words * (1 - words) / page.test[1].size),
    )
    plain = rows["SimpleRNN"]
    claim("may be several points better or worse", plain.max() - plain.min() > 0.03)
    recurrent = ["SimpleRNN", "SimpleRNN, identity", "LSTM", "bidirectional LSTM, mean"]
    claim("Reading in order does not help the plain network", plain.max() < rows["MLP"].min())
    claim("Most of the answer is *which* words there are", lstm - shuffled < 0.02)
    claim("No recurrent network is ahead of counting words", mean[recurrent].max() < words)


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
