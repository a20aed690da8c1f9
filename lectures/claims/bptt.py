"""What `bptt` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    quote(trained=True, long=page.long, other=page.other)
    claim("Over 10 steps the layer learns.", page.short > 0.95)
    claim("Over 50 it guesses:", page.long < 0.6)
    claim("From the other initial weights the same layer is right on", page.other > 0.95)
    neuron(page)
    latch(page)
    layer(page)
    trace(page)
    sign(page.results[page.results["study"] == "sign"])
    parity(page.results[page.results["study"] == "parity"])
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
    quote(
        kept_two=table.loc[2.0, "sign kept"],
        kept_three=table.loc[3.0, "sign kept"],
    )
    ends = {w2: abs(states[-1]) for w2, states in page.after_impulse.items()}
    claim("With $w_2 = 0.9$ the state forgets the impulse", max(ends[0.9]) < 0.1)
    claim("or its negative for as long as you like", min(ends[2]) > 0.95)
    held = table.iloc[1:]
    claim(
        "The larger $w_2$, the safer the bit, and from 1.1 on the smaller the factor",
        held["factor"].is_monotonic_decreasing and held["sign kept"].is_monotonic_increasing,
    )


def layer(page):
    """A product of matrices."""
    claim("All agree.", all(page.agree) and len(page.agree) == 55)
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


def trace(page):
    """The controls: another matrix of the same radius, an output alone, a short gradient."""
    quote(triangle_left=page.first)
    claim("and the layer learns the task.", page.triangle > 0.9 and page.first > 0.01)
    radius = abs(np.linalg.eigvals(page.W_triangle)).max()
    claim("The radius is 0.58", np.isclose(radius, 0.58, atol=0.02))
    uniform, orthogonal = np.array(page.read["uniform"]), page.read["Q"]
    quote(read_least=min(orthogonal), read_most=max(orthogonal))
    claim("From the uniform layers it guesses.", abs(uniform - 0.5).max() < 0.04)
    claim("there is a trace, but a faint one", 0.58 < min(orthogonal) < max(orthogonal) < 0.85)
    claim("Ten steps of gradient can be enough", page.ten_steps > 0.9)


def sign(rows):
    """Having a memory and learning one: the first sign."""
    solved, far = rows["solved"].astype(bool), rows["T"] == 50
    adam, sgd = far & (rows["optimizer"] == "Adam"), far & (rows["optimizer"] == "SGD")
    one = rows["start"].isin(["normal", "orthogonal (Keras)"])
    small = rows["start"].isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    claim("Near a radius of 1, almost every run solves the task", solved[far & one].mean() > 0.97)
    claim("From a radius of 0.58, SGD hardly ever does", solved[sgd & small].mean() < 0.05)
    claim(
        "and Adam only at its two higher rates",
        not solved[adam & small & ~high].any() and solved[adam & small & high].sum() >= 15,
    )


def parity(rows):
    """Having a memory and learning one: the parity."""
    right = (rows["step_200"] >= 0.99).groupby(rows["target"]).sum()
    growing, every = right["at the end, growing"], right["at every step"]
    quote(parity_growing=int(growing), parity_every=int(every))
    at_the_end = rows[rows["target"] == "at the end"]
    claim(
        "With one target at the end, no run gets beyond guessing",
        len(at_the_end) == 40
        and at_the_end["step_12"].max() < 0.6
        and at_the_end["step_200"].max() < 0.6,
    )
    claim("with a target at every step", every > growing > 15)


def truncation(page):
    """What truncation costs."""
    uniform, orthogonal = page.cosines["uniform"], page.cosines["Q"]
    quote(cosine_five=np.mean(orthogonal))
    claim("With the uniform matrices 5 steps are enough", min(uniform) > 0.95)
    claim(
        "With $Q$ truncation changes the direction",
        np.mean(orthogonal) < 0.85 and max(orthogonal) < 0.95,
    )
    X, y = page.X_many[:50], page.y_many[:50]
    W_x, b = np.random.default_rng(0).uniform(-0.6, 0.6, (1, 16)), np.zeros(16)
    few = [page.cosine(X, y, W_x, W_h, b, page.V_sign, 5) for W_h in page.draws["Q"]]
    claim("more data does not remove it", abs(np.mean(few) - np.mean(orthogonal)) < 0.06)


def clipping(page):
    """The cliff."""
    large, small, clipped = page.arrived.values()
    quote(cliff_slope=abs(page.cliff(page.grid)[1]).max(), cliff_lost=33 - large[1])
    b = np.linspace(-0.55, -0.47, 33)
    for _ in range(300):
        b = b - 0.02 * page.cliff(b)[1]
    landed = abs(page.cliff(b[[b.argmax()]])[1].item())
    claim("The gradient has all but vanished there", landed < 1e-4)
    claim("runs do not come back", large[1] < 28)
    claim("brings all to the minimum, but slowly", small[0] < 25 < small[1] == 33)
    claim("With a threshold of 1 the large rate does it within 300.", clipped[0] == 33)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
