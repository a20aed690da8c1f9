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
    four_layers(page)
    training()
    gradients(page)
    clipping(page)
    additive()


def neuron(page):
    """One neuron: a product of T factors."""
    first = {w2: page.fades[w2][0] for w2 in page.fades}
    quote(fade_one=first[1])
    claim("It fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
    claim("and yet it fades fastest", min(first, key=first.get) == 2)
    X = page.X_sign
    slopes = page.neuron_sensitivity(page.neuron_states(X, (0, 1, 1.2)), 1.2)[:, 1]
    quote(neuron_largest=slopes.max())
    claim("even one neuron can make a gradient grow", slopes.max() > 2)


def latch(page):
    """Sensitivity is not memory."""
    table = page.latches
    quote(latch_rest=table.loc[2.0, "fixed point"], latch_factor=table.loc[2.0, "factor"])
    kept = table["sign kept"]
    ends = {w2: abs(states[:, -1]) for w2, states in page.after_impulse.items()}
    claim("With $w_2 = 0.9$ the state forgets the impulse", max(ends[0.9]) < 0.1)
    claim("or its negative, in this silence for as long as you like", min(ends[2]) > 0.95)
    claim(
        "The larger $w_2$, the safer the bit from this noise, and the smaller the factor per step.",
        table["factor"].is_monotonic_decreasing and kept.is_monotonic_increasing,
    )


def layer(page):
    """A product of matrices."""
    quote(stretch_one=np.linalg.norm(page.W, 2))
    quote(stretch_five=np.linalg.norm(np.linalg.matrix_power(page.W, 5), 2))
    left = np.linalg.norm(np.linalg.matrix_power(page.W, 50), 2)
    claim("but after 50 hardly anything is left", left < 0.002)
    matrices = np.random.default_rng(0).uniform(-0.25, 0.25, (200, 16, 16))
    radius = abs(np.linalg.eigvals(matrices)).max(axis=1).mean()
    claim("The radius, about 0.6 for our uniform matrices, is a guide", 0.55 < radius < 0.65)


def drawn(seed):
    """The untrained layers of the table with other weights: name to W_x, W_h, b."""
    rng = np.random.default_rng(seed)
    W_x, b = rng.uniform(-0.6, 0.6, (1, 16)), np.zeros(16)
    Q = np.linalg.qr(rng.normal(size=(16, 16)))[0]
    matrices = {
        "2 I": 2 * np.eye(16),
        "uniform": rng.uniform(-0.25, 0.25, (16, 16)),
        "Q": Q,
        "5 Q": 5 * Q,
    }
    return {name: (W_x, W_h, b) for name, W_h in matrices.items()}


def four_layers(page):
    """What the sensitivity tells of training, and what the memory; three more draws of each."""
    draws = [page.untrained, *(drawn(seed) for seed in range(3))]

    def measured(measure):
        return {name: [measure(draw[name]) for draw in draws] for name in page.untrained}

    slopes = measured(lambda weights: page.sensitivity_norms(page.X_layer[:10], *weights)[0])
    late, early = (measured(lambda w, T=T: page.bit_read(T, w)) for T in (50, 10))
    trained = page.four["trained, T = 50"]
    claim(
        "$2I$ has by far the smallest and learns",
        max(slopes["2 I"]) < 1e-10 * min(slopes["uniform"]) and trained["2 I"] > 0.95,
    )
    claim(
        "$5\\,Q$ has by far the largest and does not",
        min(slopes["5 Q"]) > 1000 > 1000 * max(slopes["Q"]) and trained["5 Q"] < 0.8,
    )
    claim(
        "the two layers that fail are the two that have lost the bit after 50 steps",
        max(late["uniform"]) < 0.55
        and max(late["5 Q"]) < 0.62
        and min(late["Q"]) > 0.55
        and page.four["bit read, T = 50"]["Q"] > page.four["bit read, T = 50"]["5 Q"]
        and trained["uniform"] < 0.6 < 0.95 < trained["Q"],
    )
    claim(
        "At this learning rate clipping does not bring that back.",
        max(trained["5 Q"], late["5 Q"][0]) < 0.8,
    )
    order = ["2 I", "uniform", "Q", "5 Q"]
    same = [sorted(order, key=lambda name, k=k: slopes[name][k]) == order for k in range(4)]
    lose = max(late["uniform"] + late["5 Q"]) < 0.58 and min(late["2 I"] + late["Q"]) > 0.6
    claim("Three other draws of the weights give the same order", all(same) and lose)
    claim("keeps the bit in its latches", min(late["2 I"]) > 0.99)
    claim("forgets the bit, *and* gets no gradient", max(slopes["uniform"]) < 1e-6)
    claim("After 10 steps the bit is still there", min(early["uniform"]) > 0.95)
    claim("has kept a part of the bit, and a gradient arrives", min(slopes["Q"]) > 0.05)
    claim("Training makes the part a whole.", trained["Q"] > 0.95 > 0.85 > max(late["Q"]))
    claim("Now the latches have caught noise", page.later["2 I"] < 0.7)
    claim("$Q$ learns to take in the bit", page.later["Q"] > 0.9)
    apart = [at_the_end(page, draw["uniform"]) for draw in draws]
    driven = [at_the_end(page, draw["2 I"]) for draw in draws]
    claim("so both signs end up in the same place", max(apart) < 1e-5)
    claim("between them, states are driven apart", min(driven) > 1)


def at_the_end(page, weights):
    """How far apart the last states are after +1 and -1, the noise being the same; the median."""
    X, other = page.X_layer.copy(), page.X_layer.copy()
    X[:, 0], other[:, 0] = 1, -1
    last = [page.layer_states(inputs, *weights)[:, -1] for inputs in (X, other)]
    return np.median(np.linalg.norm(last[0] - last[1], axis=1))


def training():
    """How many runs of the experiment solve 50 steps."""
    rows = load_results("vanishing_gradient").query("T == 50")
    solved, start = rows["solved"].astype(bool), rows["start"]
    near = start.isin(["normal", "orthogonal (Keras)"])
    small = start.isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    quote(near_one=int(solved[near].sum()), small=int(solved[small].sum()))
    claim("From matrices with a radius near 1", near.sum() == 80 and solved[near].mean() > 0.95)
    claim("With a radius of about 0.6 it is", small.sum() == 80 and solved[small].mean() < 0.3)
    few = solved[small & high & (rows["optimizer"] == "Adam")].sum() >= 0.9 * solved[small].sum()
    claim("nearly all of them with Adam at its two higher rates", few)


def gradients(page):
    """From which steps the gradient comes, before training."""
    steps = {name: np.array(norms) for name, norms in page.by_step.items()}
    whole, early = parts(page, page.untrained["uniform"])
    claim(
        "the last steps alone can give it an ordinary size, as in the uniform layer",
        whole > 0.005 and early < 1e-3 * whole,
    )
    claim("With $Q$ the first step still has a say.", steps["Q"][0] > 0.01)
    claim("hardly anything reaches the update", steps["uniform"][0] < 1e-5)
    claim("With $5\\,Q$ the gradient grows from step to step", steps["5 Q"][0] > 1000)
    steepest = min(steps, key=lambda name: steps[name][0]) == "2 I"
    claim("The line of $2I$ falls most steeply", steepest)


def parts(page, weights):
    """Norm of the gradient of W_h, and of its part from steps 1 to 25."""
    W_x, W_h, b = weights
    H = page.layer_states(page.X_layer, W_x, W_h, b)
    error = 1 / (1 + np.exp(-H[:, -1] @ page.v)) - page.y_layer[:, None]
    G, terms = error @ page.v.T, []
    for t in range(50, 0, -1):
        inside = G * (1 - H[:, t] ** 2)
        terms.append(H[:, t - 1].T @ inside / len(H))
        G = inside @ W_h.T
    return np.linalg.norm(sum(terms)), np.linalg.norm(sum(terms[25:]))


def clipping(page):
    """The cliff."""
    large, middle, small, clipped = page.ends.values()
    lowest = page.grid[page.cliff(page.grid)[0].argmin()]
    quote(cliff_slope=abs(page.cliff(page.grid)[1]).max())
    claim("throws $b$ far beyond the minimum", large[0] > lowest + 1 and large[1] > 0.01)
    landed = abs(page.cliff(np.array([large[0]]))[1].item())
    claim("the gradient has all but vanished, and $b$ stays", landed < 1e-3)
    lucky = page.descend(-0.55, 0.02, np.inf)
    claim("the same rate happens to reach the minimum", lucky[1] < 0.001)
    claim(
        "with 0.0003 the bias is still on the plateau after 3,000 updates",
        small[0] < -0.48 and small[1] > 3,
    )
    claim("A smaller rate can do", middle[1] < 0.01)
    claim("With a threshold of 1 the large rate reaches the minimum", clipped[1] < 0.001)


def additive():
    """What is left of a product, and what a sum of noise comes to."""
    quote(left_by_nine_tenths=0.9**49, noise_sum=0.2 * 49**0.5)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
