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
    additive()


def neuron(page):
    """One neuron: a product of T factors."""
    first = {w2: page.fades[w2][0] for w2 in page.fades}
    quote(fade_one=first[1])
    claim("Of the four it fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
    claim("and yet it fades fastest", min(first, key=first.get) == 2)
    H = page.neuron_states(page.X_sign, (0, 1, 1))
    mean = page.neuron_sensitivity(H, 1)[:, 1].mean()
    quote(fade_mean=mean)
    claim("Some sequences let much more through", mean > 5 * first[1])


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
    rows = page.trainings
    claim(
        "with five seeds at four learning rates",
        rows["seed"].nunique() == 5 and rows["rate"].nunique() == 4,
    )
    full, cut = (rows.query(f"back == {back}").groupby("start")["learns"] for back in (50, 10))
    learn, learn_cut = full.sum(), cut.sum()
    held = rows.groupby("start")["held"].agg(["min", "max"])
    norms = {name: norms[0] for name, norms in page.by_step.items()}
    claim(
        "how many of the 20 trainings end",
        (full.size() == 20).all() and (cut.size() == 20).all() and len(learn_cut) == 3,
    )
    claim(
        "*$2I$* always learns, with hardly any gradient from step 1.",
        learn["2 I"] == 20 and min(norms, key=norms.get) == "2 I",
    )
    claim("Its latches keep the bit from the start", held.loc["2 I", "min"] > 0.99)
    claim(
        "*$Q$* nearly always learns, also with a truncated gradient.",
        min(learn["Q"], learn_cut["Q"]) >= 17,
    )
    claim("A part of the bit is there from the start.", held.loc["Q", "min"] > 0.7)
    claim(
        "*$0.9\\,Q$* always learns, though the readout finds no bit.",
        learn["0.9 Q"] == 20 and held.loc["0.9 Q", "max"] < 0.6,
    )
    claim("Truncated, about half of the trainings fail", 7 < learn_cut["0.9 Q"] < 13)
    at_rate = rows.query("start == 'uniform'").groupby(["back", "rate"])["learns"].sum().unstack()
    claim(
        "It learns only at the largest rate",
        held.loc["uniform", "max"] < 0.55 and (at_rate.iloc[:, :3] == 0).all(axis=None),
    )
    claim(
        "and no gradient reaches step 1", norms["uniform"] < 1e-6 and at_rate.iloc[:, 3].min() >= 3
    )
    claim(
        "has the largest gradient and mostly fails",
        learn["5 Q"] < 5 and max(norms, key=norms.get) == "5 Q",
    )
    claim(
        "change the second input by 0.001, and the last state is a completely different one",
        apart(page, "5 Q") > 2 > 0.001 > apart(page, "Q"),
    )
    claim("with a spectral radius of about 1", 0.9 < page.radius < 1.15)
    wider = page.keras.initializers.RandomUniform(-0.42, 0.42, seed=0)
    narrow, wide = (page.untrained["uniform"], page.new_layer(wider).get_weights())
    claim(
        "at what the state keeps and at the gradient",
        readout(page, wide) > readout(page, narrow) + 0.1
        and np.mean(np.linalg.norm(first_gradient(page, wide), axis=1)) > 1e-4,
    )
    quote(uniform_learned=int(at_rate.loc[50].iloc[3]))
    claim("It does. The wider weights change two things", page.widened > 0.95)
    radius = abs(np.linalg.eigvals(page.untrained["uniform"][1])).max()
    quote(six_tenths=0.6**49)
    claim("but its spectral radius is 0.6", 0.55 < radius < 0.65)


def readout(page, weights):
    """Accuracy of a linear readout of the last state, fitted on 2,000 sequences, on 1,000 more."""
    states = page.layer_states(page.X_long[:3000], *weights)[:, -1]
    states = np.column_stack([states, np.ones(len(states))])
    fitted = np.linalg.lstsq(states[:2000], 2 * page.y_long[:2000] - 1, rcond=None)[0]
    return np.mean((states[2000:] @ fitted > 0) == page.y_long[2000:3000])


def apart(page, name):
    """Median distance of two last states whose inputs differ by 0.001 at step 2."""
    W_x, W_h, b = (np.asarray(weight, float) for weight in page.untrained[name])
    X = page.X_long[:50].astype(float)
    other = X.copy()
    other[:, 1] += 0.001
    ends = [page.layer_states(one, W_x, W_h, b)[:, -1] for one in (X, other)]
    return np.median(np.linalg.norm(ends[0] - ends[1], axis=1))


def additive():
    """What is left of a product, and what a sum of noise comes to."""
    quote(left_by_nine_tenths=0.9**49, noise_sum=0.2 * 49**0.5)
    quote(gate_left=(1 / (1 + np.exp(-1))) ** 49)


def exercises(page):
    claim("A layer can learn without any gradient from step 1", max(page.cut_off) > 0.95)
    claim(
        "It is largest at $w_2 = 1$, and 1 there",
        max(page.factors, key=page.factors.get) == 1 and 0.99 < page.factors[1.0] <= 1,
    )
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
