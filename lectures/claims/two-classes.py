"""What `two-classes` quotes of its numbers, and what it claims."""

from helpers.record import load_results as stored
from tools.claims import claim, quote


def lesson(page):
    zeros = page.correct_zeros[:, 199].mean()
    quote(trained=True, parity_200=page.correct[:, 199].mean(), parity_zeros=zeros)
    claim("Adam is on its way to the same weights", page.mse_keras > page.mse_neuron)
    claim("there it is behind persistence too", page.mse_stack > page.mse_persistence)
    claim(
        "It is right for {glue:text}`parity_200:.1%` of the sequences", page.correct.mean() > 0.95
    )
    prices(page)
    reviews(page)
    real = stored("quora-pairs")
    quote(
        two_pairs=real["pairs_num_test"],
        two_siamese=real["accuracy_pairs_cosine"],
        two_majority=real["accuracy_pairs_majority"],
        two_trees=real["accuracy_pairs_trees"],
    )


def prices(page):
    """One neuron and persistence."""
    quote(
        two_persistence=page.mse_persistence,
        two_mean=page.mse_mean,
        two_neuron=page.mse_neuron,
        two_w1=page.w[1],
        two_w2=page.w[2],
    )
    claim("far below the mean's", page.mse_persistence < page.mse_mean / 5)
    claim("stays ahead. Prices hardly have a memory to use", page.mse_neuron > page.mse_persistence)
    claim("The neuron has found something like persistence", 0.7 < page.w[1] < 1.3)


def reviews(page):
    """Five classifiers."""
    score = page.scores
    quote(two_reviews=int(page.is_train.sum()))
    quote(
        trained=True,
        two_bag=score["bag of words"],
        two_mean_vectors=score["mean of vectors"],
        two_rnn=score["SimpleRNN"],
        two_lstm=score["LSTM"],
    )
    verb = page.by_word["loved"] - page.by_word["hated"]
    quote(trained=True, bar_at_verb=verb[1], bar_at_end=verb[-1])
    claim("the LSTM has not forgotten it", verb[-1] > 0.1)
    claim("But both end below zero", max(one[-1] for one in page.by_word.values()) < 0)
    claim(
        '"absolutely delicious" lifts neither above it',
        all(one[-1] < one[-3] + 0.5 and one[-1] < 0 for one in page.by_word.values()),
    )
    claim(
        "no more than counting words",
        score["LSTM"] < score["bag of words"] + 0.01,
    )
    claim(
        "Reading in order does not help the plain recurrent network",
        score["SimpleRNN"] < score["mean of vectors"] - 0.01,
    )
