"""What `bptt` quotes of its numbers, and what it claims."""

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
    sign()
    truncation(page)
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
    double = page.sign_survives(2, 2.0)
    quote(kept_two=kept[2.0], kept_double=double)
    ends = {w2: abs(states[:, -1]) for w2, states in page.after_impulse.items()}
    claim("With $w_2 = 0.9$ the state forgets the impulse", max(ends[0.9]) < 0.1)
    claim("or its negative, in this silence for as long as you like", min(ends[2]) > 0.95)
    claim(
        "The larger $w_2$, the safer the bit and the smaller the factor per step.",
        table["factor"].is_monotonic_decreasing and kept.is_monotonic_increasing,
    )
    claim("which doubles it, the sign at $w_2 = 2$ survives in", double < 0.6 < 0.9 < kept[2.0])


def layer(page):
    """A product of matrices."""
    claim("All agree.", all(page.agree.values()) and len(page.agree) == 4)
    quote(stretch_one=np.linalg.norm(page.W, 2))
    quote(stretch_five=np.linalg.norm(np.linalg.matrix_power(page.W, 5), 2))
    left = np.linalg.norm(np.linalg.matrix_power(page.W, 50), 2)
    claim("but after 50 hardly anything is left", left < 0.002)
    radius = [abs(np.linalg.eigvals(W_h)).max() for W_h in page.draws["uniform"]]
    claim("of radius about 0.6", 0.55 < np.mean(radius) < 0.65)
    first = {name: np.array(lines)[:, 0] for name, lines in page.fading.items()}
    quote(layer_explodes=np.median(first["1.5 Q"]))
    claim("With $1.5\\,Q$ the sensitivity grows, to about", min(first["1.5 Q"]) > 3)
    claim("a part survives.", 0.05 < min(first["Q"]) < max(first["Q"]) < 0.5)
    claim("less than a millionth is left", max(first["uniform"]) < 1e-7)


def sign():
    """What trained layers of the experiment have learned."""
    rows = load_results("vanishing_gradient").query("T == 50")
    solved, start = rows["solved"].astype(bool), rows["start"]
    near = start.isin(["normal", "orthogonal (Keras)"])
    small = start.isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    at_high = (rows["optimizer"] == "Adam") & rows["rate"].isin(["high", "highest"])
    latched = rows["lowest"][start == "orthogonal (Keras)"] >= 0.99
    quote(
        near_one=int(solved[near].sum()),
        small=int(solved[small].sum()),
        latched=int(latched.sum()),
    )
    claim(
        "So the initial weights and the learning rate count together",
        near.sum() == small.sum() == 80 and solved[near].mean() > 0.95 > 0.3 > solved[small].mean(),
    )
    few = solved[small & at_high].sum() >= 0.9 * solved[small].sum()
    claim("nearly all of them with Adam at its two higher rates", few)
    claim("Do these layers build a latch? Mostly not.", len(latched) == 40 and latched.sum() < 8)
    lowest = rows["lowest"][start == "orthogonal (Keras)"]
    claim("at which *all* answers are wrong", (lowest[~latched] < 0.005).all())


def truncation(page):
    """What truncation costs."""
    none, short, ten, full = (errors[-200:].mean() for errors in page.delay.values())
    quote(trained=True, delay_five=short, weight_five=page.weight_left[5])
    claim("Chunks of 10 do as well as the full gradient", max(ten, full) < 0.05)
    claim(
        "Chunks of 5 are better than the output layer alone", page.delay[5][200:300].mean() < none
    )
    claim(
        "more training makes it worse",
        short > 0.8 and page.weight_left[5] < 0.2 < page.weight_left[10],
    )


def clipping(page):
    """The cliff."""
    large, small, clipped = page.arrived.values()
    quote(cliff_slope=abs(page.cliff(page.grid)[1]).max(), cliff_lost=33 - large[1])
    stuck = np.linspace(-0.55, -0.47, 33)
    for _ in range(3000):
        stuck = stuck - 0.02 * page.cliff(stuck)[1]
    quote(cliff_left=page.cliff(stuck)[0].max())
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
