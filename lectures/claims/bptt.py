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
        kept_two=table.loc[2.0, "kept, noise 0.5"],
        kept_three=table.loc[3.0, "kept, noise 0.5"],
        factor_three=table.loc[3.0, "factor"],
    )
    ends = {w2: abs(states[-1]) for w2, states in page.after_impulse.items()}
    claim("With $w_2 = 0.9$ the state forgets the impulse", max(ends[0.9]) < 0.1)
    claim("or its negative for as long as you like", min(ends[2]) > 0.95)
    held = table.iloc[1:]
    claim(
        "The larger $w_2$, the safer the bit, and from 1.1 on the smaller the factor",
        held["factor"].is_monotonic_decreasing
        and held["kept, noise 0.5"].is_monotonic_increasing
        and held["kept, noise 0.3"].is_monotonic_increasing,
    )


def layer(page):
    """A product of matrices."""
    claim("All agree.", all(page.agree) and len(page.agree) == 55)
    radius = {
        name: [abs(np.linalg.eigvals(draw[name])).max() for draw in page.draws]
        for name in page.draws[0]
    }
    quote(stretch_normal=np.mean([np.linalg.norm(draw["normal"], 2) for draw in page.draws]))
    claim("but its spectral radius is near 1", 0.9 < np.mean(radius["normal"]) < 1.15)
    claim("That of a uniform one is about 0.6;", 0.55 < np.mean(radius["uniform"]) < 0.65)
    first = {name: np.array(lines)[:, 0] for name, lines in page.fading.items()}
    quote(layer_explodes=np.median(first["1.5 Q"]))
    claim("With $1.5\\,Q$ the sensitivity grows, to about", min(first["1.5 Q"]) > 3)
    claim("With an orthogonal $Q$ a part survives.", 0.05 < min(first["Q"]) < max(first["Q"]) < 0.5)
    claim(
        "it may grow or fall below a thousandth",
        max(first["normal"]) > 2 and min(first["normal"]) < 5e-4,
    )
    claim("With a uniform one less than a millionth is left", max(first["uniform"]) < 1e-7)


def trace(page):
    """The controls: another matrix of the same radius, a short gradient, a frozen layer."""
    quote(triangle_left=page.first)
    claim("and the layer learns the task.", page.triangle > 0.9 and page.first > 0.01)
    radius = abs(np.linalg.eigvals(page.W_triangle)).max()
    claim("Its spectral radius is 0.58", np.isclose(radius, 0.58, atol=0.02))
    claim("With ten steps of gradient the layer still learns", page.ten_steps > 0.9)
    claim("frozen, it does not", page.frozen < 0.8)


def sign(rows):
    """Having a memory and learning one: the first sign."""
    solved, far = rows["solved"].astype(bool), rows["T"] == 50
    adam, sgd = far & (rows["optimizer"] == "Adam"), far & (rows["optimizer"] == "SGD")
    one = rows["start"].isin(["normal", "orthogonal (Keras)"])
    small = rows["start"].isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    learned = rows[far & one & solved]["accuracy_1000"]
    relu = far & (rows["start"] == "ReLU, orthogonal")
    quote(
        near_solved=len(learned),
        near_thousand=int((learned >= 0.99).sum()),
        near_reversed=int((learned <= 0.01).sum()),
        relu_runs=int(relu.sum()),
        relu_identity=int(solved[far & (rows["start"] == "ReLU, identity")].sum()),
    )
    claim("runs from an orthogonal matrix succeeds", relu.sum() == 40 and not solved[relu].any())
    claim("are right on at most 1 %", (learned <= 0.01).sum() > 10)
    claim("The learned memory does not always last", (learned >= 0.99).mean() < 0.5)
    claim("Near 1, almost every run solves the task", solved[far & one].mean() > 0.97)
    claim("From a radius of 0.58, SGD hardly ever does", solved[sgd & small].mean() < 0.05)
    claim(
        "and Adam only at its two higher rates",
        not solved[adam & small & ~high].any() and solved[adam & small & high].sum() >= 15,
    )
    claim("Over 10 steps Adam solves the task", solved[~far].all())


def parity(rows):
    """Having a memory and learning one: the parity."""
    right = (rows["step_200"] >= 0.99).groupby(rows["target"]).sum()
    growing, every = right["at the end, growing"], right["at every step"]
    quote(parity_growing=int(growing), parity_every=int(every))
    at_the_end = rows[rows["target"] == "at the end"]
    claim(
        "With one target at the end, none of 40 runs gets beyond guessing",
        at_the_end["step_12"].max() < 0.6 and at_the_end["step_200"].max() < 0.6,
    )
    claim("with a target at every step", every > growing > 15)


def truncation(page):
    """What truncation costs."""
    uniform, orthogonal = page.cosines["uniform"], page.cosines["Q"]
    quote(cosine_five=np.mean(orthogonal[5]))
    claim("With the uniform matrices chunks of 5 steps are enough", min(uniform[5]) > 0.95)
    claim("With a tenth of the sequences", abs(page.few_sequences - np.mean(orthogonal[5])) < 0.06)
    claim(
        "the same chunks change its direction",
        np.mean(orthogonal[5]) < 0.85 and max(orthogonal[5]) < 0.95,
    )


def clipping(page):
    """The cliff."""
    large, small, clipped = page.arrived.values()
    quote(cliff_slope=abs(page.cliff(page.grid)[1]).max(), cliff_lost=33 - large[1])
    b = np.linspace(-0.55, -0.47, 33)
    for _ in range(300):
        b = b - 0.02 * page.cliff(b)[1]
    landed = abs(page.cliff(b[[b.argmax()]])[1].item())
    claim("The gradient has all but vanished there", landed < 1e-4)
    claim("runs do not come back within 3,000 updates", large[1] < 28)
    claim("brings all to the minimum, but slowly", small[0] < 25 < small[1] == 33)
    claim("With clipping the large rate does it within 300.", clipped[0] == 33)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` can stretch a change by 3 once", np.linalg.norm(page.shift, 2) == 3)
