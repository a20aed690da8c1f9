"""What `conv1d` quotes of its numbers, and what it claims."""

import keras
import numpy as np

from tools.claims import claim, quote

POOLED, LOCAL, FLAT = "convolution, max", "locally connected, max", "convolution, Flatten"
COPIES = "dense, shifted copies"


def lesson(page):
    by_hand(page)
    places(page)


def by_hand(page):
    """The first two networks, their simple rival, the layer against Keras."""
    dense, pooled = page.accuracy["dense"], page.accuracy["convolution"]
    quote(trained=True, accuracy_dense=dense, accuracy_pooled=pooled)
    quote(best_bumps=page.best_bumps, by_rule=page.by_rule)
    claim("Guessing is right for 50 % of the test series, the dense network for", dense < 0.7)
    claim("the convolution for", pooled > 0.88)
    claim("So the network is no better than an engineer", page.by_rule > pooled - 0.015)
    sizes = [network.count_params() for network in (page.dense, page.pooled)]
    claim("The convolution has a hundredth of the weights", sizes == [3265, 24 + 5])
    without_order(page)
    best = page.W_learned[:, 0, page.v_learned[:, 0].argmax()]
    likeness = best.mean() / (best**2).mean() ** 0.5  # cosine with a flat bump
    claim("The filter with the largest output weight is nearly flat", likeness > 0.9)
    X = np.random.default_rng(1).normal(size=(2, 20, 3)).astype("float32")
    layer = keras.layers.Conv1D(4, 5)
    outputs = np.array(layer(X))
    equal = np.allclose(outputs, page.conv1d(X, *layer.get_weights()), atol=1e-5)
    claim("It is. (Strictly, this is a", equal)
    claim("The outputs for a shifted series are the shifted outputs", page.moved)
    claim("A maximum does not care where they are, since", page.same_maximum)


def without_order(page):
    """Rules that ignore the order of the steps."""
    rows = page.results.query("study == 'anywhere' and number == 1000 and model == 'dense'")
    tuned = rows["accuracy"].mean()
    X, y = page.test
    ratio = np.exp(2 * X[:, :, 0].astype(float) - 2)  # of the laws of a raised value and of noise
    sums = np.zeros((6, len(X)))  # over all choices of 0, 1, ..., 5 steps
    sums[0] = 1
    for one in ratio.T:
        sums[1:] += one * sums[:-1]
    choices = 100 * 99 * 98 * 97 * 96 / 120
    best = np.mean((sums[5] > choices) == y)
    quote(dense_tuned=tuned, best_unordered=best)
    claim("The dense network is no straw man", tuned < 0.7)
    claim("Three numbers beat the dense network, with", page.by_summary > tuned + 0.1)
    claim(
        "The rest needs neighbours: the best rule that ignores the order is right for",
        page.by_summary < best < 0.85 < page.accuracy["convolution"],
    )


def places(page):
    """A bump anywhere, by the number of series."""
    rows = page.results.query("study == 'anywhere' and number > 0")
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    chosen = rows.set_index(["number", "model"])["accuracy"].sort_index()
    quote(
        pooled_250=mean[250, POOLED],
        local_250=mean[250, LOCAL],
        copies_250=mean[250, COPIES],
        local_4000=mean[4000, LOCAL],
    )
    worst = rows[rows["model"] == POOLED].groupby("number")["accuracy"].min()
    best = rows[rows["model"] != POOLED].groupby("number")["accuracy"].max()
    claim(
        "Both halves together need only 250 series to train on",
        mean[250, POOLED] > page.best_bumps - 0.02 and (worst > best).all(),
    )
    near = {n: chosen[n, FLAT] > page.best_bumps - 0.04 for n in (250, 1000, 4000)}
    claim(
        "Two of five trainings come close, two learn nothing",
        near[250].sum() == 2 and (chosen[250, FLAT] < 0.51).sum() == 2,
    )
    claim(
        "With 1,000 series four of five come close, with 4,000 all.",
        near[1000].sum() == 4 and near[4000].sum() == 5,
    )
    claim("Each place has filters of its own", chosen[4000, LOCAL].max() < worst[250])
    claim("as much as the three summary numbers", abs(mean[250, COPIES] - page.by_summary) < 0.005)


def exercises(page):
    rates, best = page.rates, page.best_rates
    claim(
        "The average finds no bump any more and gives no false alarm",
        max(rates["average", 1000]) < 0.05,
    )
    claim(
        "but only the maximum keeps most of its accuracy at another *length*",
        rates["maximum", 1000][0] - rates["maximum", 1000][1] > 0.4,
    )
    claim(
        "The maximum misses more bumps than before, and gives more false alarms.",
        rates["maximum", 1000][0] < rates["maximum", 100][0]
        and rates["maximum", 1000][1] > rates["maximum", 100][1],
    )
    right = {n: 1 + best[n][0] - best[n][1] for n in best}
    lost = 1 + rates["maximum", 1000][0] - rates["maximum", 1000][1]
    claim("So most of it lies in the task.", right[100] - right[1000] > right[1000] - lost)
