"""What `vanishing-gradients` quotes of its numbers, and what it claims."""

import numpy as np

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
    claim("Of the four it fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
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
    """What the gradient tells of training, and what the memory; five seeds of each."""
    claim(
        "with five seeds at four learning rates",
        page.results["seed"].nunique() == 5 and page.results["rate"].nunique() == 4,
    )
    by_run = page.results.groupby(["start", "back", "rate"])["accuracy"]
    median, worst = by_run.median(), by_run.min()
    starts = page.results.groupby("start")["held"]
    lowest, highest = starts.min(), starts.max()
    norms = {name: norms[0] for name, norms in page.by_step.items()}
    at_003 = page.results.query("rate == 0.03 and back == 50").set_index(["start", "seed"])
    learned = at_003["accuracy"] > 0.95
    claim(
        "two with $5\\,Q$ learn, one with $Q$ and one with the uniform layer do not",
        learned["5 Q"].sum() == 2 and (~learned["Q"]).sum() == (~learned["uniform"]).sum() == 1,
    )
    claim(
        "$2I$ has by far the smallest and learns, $5\\,Q$ by far the largest and does not",
        min(norms, key=norms.get) == "2 I"
        and max(norms, key=norms.get) == "5 Q"
        and worst["2 I", 50].min() > 0.95
        and median["5 Q", 50].max() < 0.6,
    )
    claim(
        "from $0.9\\,Q$ the readout cannot recover the bit, and it learns all the same",
        highest["0.9 Q"] < 0.6 and worst["0.9 Q", 50].min() > 0.95,
    )
    claim("Its latches keep the bit already", lowest["2 I"] > 0.99)
    claim("It learns even with the gradient cut off", median["Q", 10].min() > 0.95)
    less = (median["0.9 Q", 10] > 0.95).sum()
    claim(
        "the layer learns at two of the four rates", less == 2 and worst["0.9 Q", 50].min() > 0.95
    )
    radius = abs(np.linalg.eigvals(page.untrained["uniform"][1])).max()
    quote(six_tenths=0.6**49)
    claim("but its spectral radius is 0.6", 0.55 < radius < 0.65)


def clipping(page):
    """Plain SGD from 1.8 Q, with and without clipping, and from Q without."""
    leap = -0.1 * page.slopes[page.steepest]
    quote(leap=leap, cliff_at=page.many[page.steepest])
    claim(
        "At the cliff the gradient is a few hundred times as large as elsewhere",
        leap > 30 and np.median(np.abs(page.slopes)) < 3,
    )
    held, lost = page.loss_of(np.array([1.4, 1.1]))
    claim(
        "To the right of the cliff the latch holds its bit, to the left it cannot",
        held < 0.2 < 2 < lost,
    )
    unclipped, clipped, slow, both = page.by_clipping.to_numpy()
    claim(
        "At the rate 1.0 training works with clipping, and mostly fails without",
        np.median(unclipped) < 0.9 < min(clipped),
    )
    claim(
        "without clipping most runs succeed, and with it most fail",
        np.median(both) < 0.9 < np.median(slow),
    )


def additive():
    """What is left of a product, and what a sum of noise comes to."""
    quote(left_by_nine_tenths=0.9**49, noise_sum=0.2 * 49**0.5)


def exercises(page):
    claim("A layer can learn without any gradient from step 1", max(page.cut_off) > 0.95)
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
