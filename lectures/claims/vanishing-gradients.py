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
    training()
    clipping(page)


def neuron(page):
    """One neuron: a product of T factors."""
    first = {w2: page.fades[w2][0] for w2 in page.fades}
    quote(fade_one=first[1])
    claim("It fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
    claim("and yet it fades fastest", min(first, key=first.get) == 2)


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
    radius = [abs(np.linalg.eigvals(W_h)).max() for W_h in page.draws["uniform"]]
    claim("of radius about 0.6", 0.55 < np.mean(radius) < 0.65)
    first = {name: np.array(lines)[:, 0] for name, lines in page.fading.items()}
    quote(layer_explodes=np.median(first["1.5 Q"]))
    claim("With $1.5\\,Q$ the sensitivity *grows*, to about", min(first["1.5 Q"]) > 3)
    claim("With $Q$ a part survives all the way.", 0.05 < min(first["Q"]) < max(first["Q"]) < 0.5)
    claim("and after 49 less than a ten-millionth", max(first["uniform"]) < 1e-7)
    ten = np.median([line[-10] for line in page.fading["uniform"]])
    claim("a hundredth is left after the nine steps back", 0.003 < ten < 0.03)


def training():
    """What the layers of the experiment have learned."""
    rows = load_results("vanishing_gradient").query("T == 50")
    solved, start = rows["solved"].astype(bool), rows["start"]
    before = rows.groupby("start")["before"].median()
    near = start.isin(["normal", "orthogonal (Keras)"])
    small = start.isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    claim("trains 240 layers on the 50 steps", len(rows) == 240)
    quote(near_one=int(solved[near].sum()), small=int(solved[small].sum()))
    claim(
        "So a small sensitivity makes training hard, and the learning rate counts too",
        near.sum() == small.sum() == 80
        and solved[near].mean() > 0.95 > 0.3 > solved[small].mean()
        and max(before["uniform (PyTorch)"], before["0.58 x orthogonal"]) < 1e-10
        and min(before["normal"], before["orthogonal (Keras)"]) > 0.01,
    )
    few = solved[small & high & (rows["optimizer"] == "Adam")].sum() >= 0.9 * solved[small].sum()
    claim("nearly all of them with Adam at its two higher rates", few)
    relu, identity = start == "ReLU, orthogonal", start == "ReLU, identity"
    claim(
        "yet with a ReLU none of 40 runs solves the task",
        relu.sum() == 40 and not solved[relu].any() and before["ReLU, orthogonal"] < 1e-7,
    )
    lost = identity & ~solved
    quote(identity_lost=int(lost.sum()))
    claim("From the identity it is 1 from the first step", abs(before["ReLU, identity"] - 1) < 1e-6)
    claim("nearly all at higher rates", (lost & high).sum() > 0.8 * lost.sum())
    lowest = rows["lowest"][start == "orthogonal (Keras)"]
    latched = lowest >= 0.99
    quote(latched=int(latched.sum()))
    claim("Do the layers learn a latch? Mostly not.", len(latched) == 40 and latched.sum() < 8)
    after = rows["after"][start == "orthogonal (Keras)"]
    claim("The sensitivity of these has vanished", (after[latched] < 1e-15).all())
    claim("at which *all* answers are wrong", (lowest[~latched] < 0.005).all())


def clipping(page):
    """The cliff."""
    large, small, clipped = page.arrived.values()
    quote(cliff_slope=abs(page.cliff(page.grid)[1]).max(), cliff_lost=33 - large[1])
    b = np.linspace(-0.55, -0.47, 33)
    with_adam, mean, square = b, 0, 0
    for u in range(1, 301):
        b = b - 0.02 * page.cliff(b)[1]
        slope = page.cliff(with_adam)[1]
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        size = np.sqrt(square / (1 - 0.999**u)) + 1e-7
        with_adam = with_adam - 0.02 * mean / (1 - 0.9**u) / size
    landed = abs(page.cliff(b[[b.argmax()]])[1].item())
    claim("There the gradient has all but vanished", landed < 1e-4)
    claim("brings all 33 there without clipping", (page.cliff(with_adam)[0] < 0.001).all())
    claim("runs stay short of the minimum", large[1] < 28)
    claim("brings all to the minimum, but slowly", small[0] < 25 < small[1] == 33)
    claim("With a threshold of 1 the large rate does it within 300.", clipped[0] == 33)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
