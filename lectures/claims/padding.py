"""What `padding` quotes of its numbers, and what it claims."""

import keras
import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("80,000 weights", page.embedding.count_params() == 80_000)
    claim("Where is the 5?", len(page.sequences[0]) == 5)
    claim("hardly any is cut", np.mean(page.X_train[:, -1] != 0) < 0.001)
    claim("More than half of the array is zeros.", np.mean(page.X_train == 0) > 0.5)
    fading(page)
    trained(page, page.runs)


def fading(page):
    """What zeros do to an untrained network, in five random seeds."""
    lengths, cosines = {}, {}
    for start in ("orthogonal", "identity"):
        measured = [curves(page, start, seed) for seed in range(5)]
        lengths[start], cosines[start] = (np.array(some) for some in zip(*measured, strict=True))
    claim(
        "Each zero makes the difference a little shorter",
        np.diff(lengths["orthogonal"], axis=1).max() < 0,
    )
    half = lengths["orthogonal"][:, 10] / lengths["orthogonal"][:, 0]
    claim("This takes many zeros.", half.min() > 0.7)
    claim("The direction is gone after one", np.abs(cosines["orthogonal"][:, 1]).max() < 0.4)
    left = {start: some[:, 30] / some[:, 0] for start, some in lengths.items()}
    claim(
        "its difference fades as much, but turns far less",
        left["identity"].mean() < left["orthogonal"].mean()
        and cosines["identity"][:, 30].min() > 0.5,
    )


def curves(page, start, seed):
    """Length and cosine of the differences, over the zeros, of one new network."""
    keras.utils.set_random_seed(seed)
    x = keras.layers.Embedding(5000, 16)(np.pad(page.words, ((0, 0), (0, 40))))
    rnn = keras.layers.SimpleRNN(16, recurrent_initializer=start, return_sequences=True)
    return page.length_and_cosine(np.array(rnn(x))[:, 9:])


def trained(page, runs):
    """The page's own network, and those of the experiment."""
    quote(trained=True, pad_masked=page.accuracy)
    claim("of the test reviews are classified correctly;", 0.65 < page.accuracy < 0.8)
    masked, behind = (runs[runs["model"] == name] for name in ("mask", "no mask"))
    chosen = masked.loc[masked["rate"] == 0.001, "epoch"]
    claim("three epochs (chosen on validation reviews)", chosen.median() == 3)
    passed = runs[runs["accuracy"] > 0.6].groupby("model").size()
    quote(
        pad_runs=len(masked),
        pad_majority=page.lines["accuracy"],
        pad_pass_mask=passed["mask"],
        pad_pass_post=passed["no mask"],
        pad_pass_pre=passed["no mask, zeros in front"],
        pad_pass_lstm=passed["LSTM, no mask"],
        pad_ruined_runs=(masked["unmasked"] < 0.55).sum(),
        pad_bag=page.lines["bag_of_words"],
    )
    claim("do most of the networks below hardly do better than a guess", passed["no mask"] < 4)
    claim(
        "The first three predictions hold.",
        min(passed["mask"], passed["no mask, zeros in front"]) > 3 * passed["no mask"],
    )
    claim("with the maximum all of them", passed["no mask, maximum"] == len(masked))
    failed = masked[masked["accuracy"] < 0.6]
    claim(
        "one at the smallest rate and one at 0.003, never improve on validation reviews",
        sorted(failed["rate"]) == [0.0003, 0.003] and (failed["epoch"] == 1).all(),
    )
    identity = runs[runs["model"] == "no mask, identity"]
    default, identity = (rows[rows["rate"] < 0.002] for rows in (behind, identity))
    quote(pad_pass_small=(default["accuracy"] > 0.6).sum())
    claim(
        "all ten networks at the two smaller rates end above 60 %",
        len(identity) == len(default) == 10 and (identity["accuracy"] > 0.6).all(),
    )
    smaller = behind[behind["rate"] < 0.01]
    fit = smaller.groupby("rate")["loss"].median().max()
    quote(pad_fit=fit)
    claim("learn their *training* reviews", fit < 0.25)
    claim(
        "But mostly they learn what says nothing about new ones.",
        np.mean(smaller["accuracy"] < 0.6) > 0.8,
    )
    simple = runs[~runs["model"].str.contains("LSTM|baselines")]
    claim(
        "no `SimpleRNN` here beats a logistic regression",
        simple["accuracy"].max() < page.lines["bag_of_words"],
    )


def exercises(page):
    quote(trained=True, pad_norm=page.norm_of_product)
    claim("in a new network it is never above 1", page.norm_of_product < 1 + 1e-5)
    by_zeros = page.by_zeros
    claim(
        "Five zeros change little, and after 80 this network guesses.",
        abs(by_zeros[5] - by_zeros[0]) < 0.08 and by_zeros[80] < 0.56 < by_zeros[0],
    )
