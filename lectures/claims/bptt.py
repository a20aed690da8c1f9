"""What `bptt` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    quote(trained=True, long=page.long, other=page.other)
    claim("Over 10 steps the layer learns.", page.short > 0.95)
    claim("Over 50 it guesses:", page.long < 0.6)
    claim("From the other initial weights the same layer is right on", page.other > 0.95)
    neuron(page)
    latch(page)
    layer(page)
    sign(page.results[page.results["study"] == "sign"])
    parity(page.results[page.results["study"] == "parity"])
    truncation(page.errors)
    clipping(page)


def neuron(page):
    """One neuron: a product of T factors."""
    first = {w2: page.fades[w2][0] for w2 in page.fades}
    quote(fade_one=first[1])
    claim("It fades most slowly with $w_2 = 1$", max(first, key=first.get) == 1)
    claim("and yet it fades fastest", min(first, key=first.get) == 2)
    state, product, grown = 0.001, 1.0, []
    for _ in range(50):
        state = np.tanh(3 * state)
        product *= 3 * (1 - state**2)
        grown.append(product)
    quote(grown_5=grown[4])
    claim("Then the state saturates, and the product vanishes after all", grown[-1] < 1e-50)


def latch(page):
    """Influence is not memory."""
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
        "the safer the bit, the smaller the factor",
        held["factor"].is_monotonic_decreasing
        and held["kept, noise 0.5"].is_monotonic_increasing
        and held["kept, noise 0.3"].is_monotonic_increasing,
    )


def layer(page):
    """A product of T matrices."""
    claim("They agree, all of them.", all(page.agree) and len(page.agree) == 40)
    radius = {name: abs(np.linalg.eigvals(W)).max() for name, W in page.matrices.items()}
    quote(
        stretch_normal=np.linalg.norm(page.matrices["normal"], 2),
        radius_normal=radius["normal"],
        radius_uniform=radius["uniform"],
    )
    first = {name: norms[0] for name, norms in page.norms.items()}
    quote(layer_explodes=first["1.5 Q"])
    claim("With $1.5\\,Q$ the sensitivity grows, to", first["1.5 Q"] > 10)
    claim("With $Q$ and the normal matrix a part survives", min(first["Q"], first["normal"]) > 0.01)
    claim("With the uniform one less than a billionth is left", first["uniform"] < 1e-9)


def sign(rows):
    """Having a memory and learning one: the first sign."""
    solved, far = rows["solved"].astype(bool), rows["T"] == 50
    adam, sgd = far & (rows["optimizer"] == "Adam"), far & (rows["optimizer"] == "SGD")
    one = rows["start"].isin(["normal", "orthogonal (Keras)"])
    small = rows["start"].isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    quote(
        one_solved=int(solved[far & one].sum()),
        small_solved=int(solved[adam & small & high].sum()),
        small_sgd=int(solved[sgd & small].sum()),
    )
    claim("Over 10 steps every run solves the task", solved[~far].all())
    each = solved[far & one].groupby([rows["optimizer"], rows["rate"]]).sum()
    claim("With a spectral radius near 1, normal or orthogonal,", each.min() >= 9)
    claim(
        "Adam fails in all 20 runs at its two lower rates and solves",
        not solved[adam & small & ~high].any() and solved[adam & small & high].sum() >= 15,
    )
    claim("SGD solves {glue:text}`small_sgd:d` of 40", solved[sgd & small].sum() <= 4)
    told = load_comparisons("vanishing_gradient")
    names = ("orthogonal (Keras)", "0.58 x orthogonal")
    claim(
        "From a spectral radius near 1 it found them at every rate tried",
        all(
            told[f"solved, {o}"][names[0]] > told[f"solved, {o}"][names[1]] for o in ("Adam", "SGD")
        ),
    )
    relu = rows["start"] == "ReLU, orthogonal"
    claim("with an orthogonal matrix none of 40 runs solves", not solved[far & relu].any())
    identity = rows["start"] == "ReLU, identity"
    highest, lowest = rows["rate"] == "highest", rows["rate"] == "lowest"
    claim(
        "With the identity Adam solves them at all rates but the highest",
        solved[adam & identity & ~highest].all() and not solved[adam & identity & highest].any(),
    )
    claim(
        "and SGD in all runs only at its lowest",
        solved[sgd & identity & lowest].all()
        and solved[sgd & identity & ~lowest].groupby(rows["rate"]).sum().max() < 5,
    )
    kept = rows[far & solved & (one | small)]["accuracy_1000"]
    quote(tanh_solved=len(kept), tanh_held=int((kept >= 0.99).sum()))
    claim("are right after 1,000 steps", (kept >= 0.99).mean() < 0.6)


def parity(rows):
    """Having a memory and learning one: the parity."""
    right = (rows["step_200"] >= 0.99).groupby(rows["target"]).sum()
    growing, every = right["at the end, growing"], right["at every step"]
    quote(parity_growing=int(growing), parity_every=int(every))
    at_the_end = rows[rows["target"] == "at the end"]
    claim(
        "Asked only at the end of 12 bits, none of 40 runs gets beyond guessing",
        at_the_end["step_12"].max() < 0.6 and at_the_end["step_200"].max() < 0.6,
    )
    highest = rows[(rows["rate"] == "highest") & (rows["target"] == "at the end, growing")]
    claim("at the highest rate hardly any are", (highest["step_200"] >= 0.99).sum() <= 3)
    claim("Best is a target at every step", every > growing > 15)


def truncation(errors):
    """What truncation costs."""
    quote(whole_ten=errors[10][0], whole_thousand=errors[1000][0], cut_thousand=errors[1000][1])
    claim(
        "That of the whole gradient shrinks with the number of sequences",
        errors[1000][0] < errors[100][0] / 2 < errors[10][0] / 2,
    )
    claim("That of the truncated gradient stays near", errors[1000][1] > 0.9 * errors[100][1])


def clipping(page):
    """The cliff."""
    free, clipped, slow = page.converged.values()
    quote(free_converged=free, clipped_converged=clipped, slow_converged=slow)
    claim("and checked.", page.slope_agrees)
    claim("the others meet the steep slope", free < 0.5)
    last = page.ways["rate 0.02"][-1]
    thrown = page.cliff(last)[0] >= 0.001
    claim("and are thrown across the valley", (last[thrown] > -0.387).all())
    claim("converge in the same 80 updates", clipped > 0.95)
    claim("Yes, if it is small enough and you have the time", slow > 0.95)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` has norm 3 and can stretch", np.linalg.norm(page.shift, 2) == 3)
