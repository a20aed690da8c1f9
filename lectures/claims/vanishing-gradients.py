"""What `vanishing-gradients` quotes of its numbers, and what it claims."""

import numpy as np

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


def bit_read(page, X, y, weights):
    """Accuracy of a linear readout of the last state, fitted on all but 1,000 sequences."""
    H = np.c_[page.layer_states(X, *weights)[:, -1], np.ones(len(X))]
    readout = np.linalg.lstsq(H[:-1000], 2 * y[:-1000] - 1, rcond=None)[0]
    return np.mean((H[-1000:] @ readout > 0) == y[-1000:])


def which_learns(page):
    """What the gradient tells of training, and what the memory; five seeds of each."""
    rows = page.first.groupby("start")
    late = {start: group["held"].to_numpy() for start, group in rows}
    trained = {start: group["accuracy"].to_numpy() for start, group in rows}
    norms = {name: norms[0] for name, norms in page.by_step.items()}
    worst = rows["accuracy"].min()
    claim(
        "the three that learn do so with every seed and rate",
        worst[["2 I", "0.9 Q", "Q"]].min() > 0.98
        and page.first["seed"].nunique() == 5
        and page.first["rate"].nunique() == 3,
    )
    fails = max(np.median(trained[name]) for name in ("uniform", "5 Q")) < 0.6
    claim(
        "$2I$ has by far the smallest and learns, $5\\,Q$ by far the largest and does not",
        min(norms, key=norms.get) == "2 I"
        and max(norms, key=norms.get) == "5 Q"
        and fails
        and min(trained["2 I"]) > 0.95,
    )
    claim(
        "$0.9\\,Q$ has lost the bit and learns all the same",
        max(late["0.9 Q"]) < 0.6 and min(trained["0.9 Q"]) > 0.95,
    )
    pointing = measured(page, lambda weights: agreement(page, weights))
    claim(
        "The two layers that fail have lost the bit, and their gradient is tiny or chaotic.",
        max(*late["uniform"], *late["5 Q"]) < 0.6 and fails and norms["uniform"] < 1e-6,
    )
    claim("keeps the bit in its latches", min(late["2 I"]) > 0.99)
    claim("forgets the bit, *and* gets no gradient", max(late["uniform"]) < 0.6)
    early = measured(
        page, lambda weights: bit_read(page, page.X_short[:5000], page.y_short[:5000], weights)
    )
    claim("After 10 steps the bit is still there", min(early["uniform"]) > 0.95)
    claim(
        "lose a part of the bit or all of it by the last step",
        min(late["Q"]) > 0.55 and max(late["Q"]) < 0.95,
    )
    claim("and these learn to keep the bit", min(*trained["0.9 Q"], *trained["Q"]) > 0.95)
    claim(
        "its huge gradient at step 1 points another way on each sequence",
        max(pointing["5 Q"]) < 0.25 and min(pointing["Q"]) > 0.75,
    )
    singular = np.linalg.svd(page.untrained["uniform"][1])[1]
    claim(
        "most of its singular values are far smaller than the largest",
        0.8 < singular[0] < 1.3 and np.median(singular) < 0.55 * singular[0],
    )
    later = page.later.groupby(["start", "steps of gradient"])
    held, reached = later["held"].max(), later["accuracy"]
    claim("have caught noise when the bit comes", held["2 I", 50] < 0.7)
    claim("The bit is lost, and no gradient tells", reached.max()["2 I", 50] < 0.6)
    claim(
        "$0.9\\,Q$ learns to take in the bit, but only with the gradient from far back",
        reached.min()["0.9 Q", 50] > 0.9 and reached.max()["0.9 Q", 10] < 0.75,
    )
    rows = load_results("vanishing_gradient").query("T == 50 and optimizer == 'Adam'")
    rows = rows[rows["start"] == "uniform (PyTorch)"]
    solved = rows["solved"].astype(bool).groupby(rows["rate"]).sum()
    quote(uniform_ten=int(solved["high"]), uniform_high=int(solved["highest"]))
    claim("A tiny gradient need not be the end", min(solved["high"], solved["highest"]) >= 4)


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
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
