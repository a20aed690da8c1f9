"""What `vanishing-gradients` quotes of its numbers, and what it claims."""

import numpy as np
import pandas as pd

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    quote(trained=True, long=page.long, other=page.other)
    claim("Over 10 steps the layer learns.", page.short > 0.95)
    claim("it does no better than chance", page.long < 0.6)
    claim("From the other initial weights the same layer has an accuracy of", page.other > 0.95)
    neuron(page)
    latch(page)
    layer(page)
    gradients(page)
    which_learns(page)
    longer()
    clipping(page)
    additive()


def neuron(page):
    """One neuron: a product of T factors."""
    first = {w2: page.fades[w2][0] for w2 in page.fades}
    quote(fade_one=first[1])
    claim("It fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
    claim("and yet it fades fastest", min(first, key=first.get) == 2)


def latch(page):
    """Sensitivity is not memory."""
    table = page.latches
    quote(
        latch_rest=table.loc[2.0, "fixed point"], latch_factor=table.loc[2.0, "factor in silence"]
    )
    kept, factor = table["sign kept in noise"], table["factor in silence"]
    ends = {w2: abs(states[:, -1]) for w2, states in page.after_impulse.items()}
    claim("With $w_2 = 0.9$ the state forgets the impulse", max(ends[0.9]) < 0.1)
    claim("With $w_2 = 2$ it stays at", min(ends[2]) > 0.95)
    claim(
        "the safer the bit from this noise, and the smaller the factor per step in silence",
        factor.is_monotonic_decreasing and kept.is_monotonic_increasing,
    )
    forgetful = page.neuron_sensitivity(page.after_impulse[0.9], 0.9)[0, 1]
    latched = page.neuron_sensitivity(page.after_impulse[2], 2)[0, 1]
    claim("its sensitivity dies far faster than that of the forgetful", latched < 1e-6 * forgetful)


def layer(page):
    """A product of matrices."""
    quote(stretch_one=np.linalg.norm(page.W, 2))
    quote(stretch_five=np.linalg.norm(np.linalg.matrix_power(page.W, 5), 2))
    left = np.linalg.norm(np.linalg.matrix_power(page.W, 50), 2)
    claim("but after 50 hardly anything is left", left < 0.002)
    matrices = np.random.default_rng(0).uniform(-0.25, 0.25, (200, 16, 16))
    radius = abs(np.linalg.eigvals(matrices)).max(axis=1).mean()
    norm = np.linalg.norm(matrices, 2, axis=(1, 2)).mean()
    claim(
        "with a norm of about 1 and a spectral radius of about 0.6",
        0.55 < radius < 0.65 and 0.9 < norm < 1.2,
    )


def drawn(seed):
    """The untrained layers of the table with other weights: name to W_x, W_h, b."""
    rng = np.random.default_rng(seed)
    W_x, b = rng.uniform(-0.6, 0.6, (1, 16)), np.zeros(16)
    Q = np.linalg.qr(rng.normal(size=(16, 16)))[0]
    matrices = {
        "2 I": 2 * np.eye(16),
        "uniform": rng.uniform(-0.25, 0.25, (16, 16)),
        "0.9 Q": 0.9 * Q,
        "Q": Q,
        "5 Q": 5 * Q,
    }
    return {name: (W_x, W_h, b) for name, W_h in matrices.items()}


def measured(page, measure):
    """A measure of each layer: of the page's weights and of three other draws of them."""
    draws = [page.untrained, *(drawn(seed) for seed in range(3))]
    return {name: np.array([measure(draw[name]) for draw in draws]) for name in page.untrained}


def first_gradient(page, weights, n=200):
    """d L / d h_1 of n sequences, times the sign at step 1: (n, p)."""
    (W_x, W_h, b), X, y = weights, page.X_long[:n], page.y_long[:n]
    H = page.layer_states(X, W_x, W_h, b)
    G = (1 / (1 + np.exp(-H[:, -1] @ page.v)) - y[:, None]) @ page.v.T
    for t in range(50, 1, -1):
        G = (G * (1 - H[:, t] ** 2)) @ W_h.T
    return G * X[:, 0]


def agreement(page, weights):
    """Length of the mean direction of these gradients: 1 if all point the same way."""
    G = first_gradient(page, weights)
    return np.linalg.norm((G / np.linalg.norm(G, axis=1, keepdims=True)).mean(axis=0))


def gradients(page):
    """From which steps the gradient comes, before training."""
    first = measured(page, lambda weights: np.linalg.norm(first_gradient(page, weights), axis=1))
    first = {name: norms.mean(axis=1) for name, norms in first.items()}
    Q, less = first["Q"], first["0.9 Q"]
    steps = page.by_step
    claim(
        "With $Q$ step 1 still contributes, with $0.9\\,Q$ far less.",
        max(less / Q) < 0.1 < 10 * min(Q),
    )
    claim("almost none of the signal from step 1 reaches the update", max(first["uniform"]) < 1e-6)
    claim(
        "With $5\\,Q$ the gradient grows from step to step",
        min(first["5 Q"]) > 1000 and steps["5 Q"][0] > 1000 * steps["5 Q"][40],
    )
    claim("The line of $2I$ falls most steeply", max(first["2 I"]) < 1e-10 * min(first["uniform"]))


def which_learns(page):
    """What the gradient tells of training, and what the memory; three more draws of the weights."""
    late, early = (
        measured(page, lambda weights, X=X, y=y: page.bit_read(X[:5000], y[:5000], weights))
        for X, y in ((page.X_long, page.y_long), (page.X_short, page.y_short))
    )
    first, trained = (
        {name: norms[0] for name, norms in page.by_step.items()},
        pd.Series(page.trained),
    )
    fails = trained[["uniform", "5 Q"]].max() < 0.8
    claim(
        "$2I$ has by far the smallest and learns, $5\\,Q$ by far the largest and does not",
        min(first, key=first.get) == "2 I" and max(first, key=first.get) == "5 Q" and fails,
    )
    claim(
        "$0.9\\,Q$ has lost the bit and learns all the same",
        max(late["0.9 Q"]) < 0.6 and trained["0.9 Q"] > 0.95,
    )
    lost = max(max(late["uniform"]), max(late["5 Q"])) < 0.6
    pointing = measured(page, lambda weights: agreement(page, weights))
    claim(
        "The two layers that fail here have lost the bit, and their gradient is tiny or chaotic.",
        lost and fails and first["uniform"] < 1e-6 and trained[["2 I", "0.9 Q", "Q"]].min() > 0.95,
    )
    claim("keeps the bit in its latches", min(late["2 I"]) > 0.99)
    claim("forgets the bit, *and* gets no gradient", max(late["uniform"]) < 0.6)
    claim("After 10 steps the bit is still there", min(early["uniform"]) > 0.95)
    claim(
        "lose a part of the bit or all of it by the last step",
        min(late["Q"]) > 0.55 and max(late["Q"]) < 0.95,
    )
    claim("and these learn to keep the bit", trained[["0.9 Q", "Q"]].min() > 0.95)
    claim(
        "its huge gradient at step 1 points another way on each sequence",
        max(pointing["5 Q"]) < 0.25 and min(pointing["Q"]) > 0.75,
    )
    later = page.later
    claim("have caught noise when the bit comes", max(later["2 I", None]) < 0.7)
    held, reached = later["0.9 Q", None]
    claim("$0.9\\,Q$ learns to take in the bit", held < 0.8 and reached > 0.9)
    claim("Then $0.9\\,Q$ does worse by far", later["0.9 Q", 10][1] < reached - 0.1)


def longer():
    """The uniform layer at a larger rate, with labels and with shuffled ones."""
    rows = load_results("vanishing_gradient").query("T == 50 and optimizer == 'Adam'")
    uniform = rows["start"] == "uniform (PyTorch)"
    solved = rows["solved"].astype(bool)
    by_rate = solved[uniform].groupby(rows["rate"]).sum()
    quote(uniform_ten=int(by_rate["high"]), uniform_high=int(by_rate["highest"]))
    claim("often learns after all", min(by_rate["high"], by_rate["highest"]) >= 4)
    claim("All this is one seed", max(by_rate["lowest"], by_rate["low"]) == 0)


def clipping(page):
    """Plain SGD from 1.8 Q, with and without clipping, and from Q without."""
    unclipped, clipped, slow, control = page.by_clipping.to_numpy()
    claim(
        "From $1.8\\,Q$ training works with clipping, and mostly fails without.",
        np.median(unclipped) < 0.9 < min(clipped),
    )
    claim("or at a small rate, it works without clipping", min(*slow, *control) > 0.9)


def additive():
    """What is left of a product, and what a sum of noise comes to."""
    quote(left_by_nine_tenths=0.9**49, noise_sum=0.2 * 49**0.5)


def exercises(page):
    claim("A layer learns without any gradient from step 1", max(page.cut_off) > 0.95)
    uniform = load_results("vanishing_gradient").query(
        "T == 50 and optimizer == 'Adam' and start == 'uniform (PyTorch)'"
    )
    claim("a tiny gradient need not be the end", 0.3 < uniform["solved"].astype(bool).mean() < 0.9)
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
