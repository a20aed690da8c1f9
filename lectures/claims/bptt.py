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
    trace(page)
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
        "the safer the bit, the smaller the factor",
        held["factor"].is_monotonic_decreasing
        and held["kept, noise 0.5"].is_monotonic_increasing
        and held["kept, noise 0.3"].is_monotonic_increasing,
    )


def layer(page):
    """A product of matrices."""
    claim("They agree, all of them.", all(page.agree) and len(page.agree) == 40)
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
    """What is left of the sign in an untrained layer; larger uniform numbers."""
    claim(
        "In the uniform layer nothing of the sign is left; in the orthogonal one there is a trace",
        page.frozen["uniform"] < 0.56 < 0.6 < page.frozen["orthogonal"],
    )
    claim("with larger numbers the uniform layer learns the task", page.wider > 0.9)


def sign(rows):
    """Having a memory and learning one: the first sign."""
    solved, far = rows["solved"].astype(bool), rows["T"] == 50
    adam, sgd = far & (rows["optimizer"] == "Adam"), far & (rows["optimizer"] == "SGD")
    one = rows["start"].isin(["normal", "orthogonal (Keras)"])
    small = rows["start"].isin(["uniform (PyTorch)", "0.58 x orthogonal"])
    high = rows["rate"].isin(["high", "highest"])
    quote(
        small_solved=int(solved[adam & small & high].sum()),
        one_sgd=int(solved[sgd & one].sum()),
        small_sgd=int(solved[sgd & small].sum()),
    )
    claim("Over 10 steps every run solves the task", solved[~far].all())
    claim("normal or orthogonal, Adam solves it in every run", solved[adam & one].all())
    claim(
        "it never does at the two lower rates",
        not solved[adam & small & ~high].any() and solved[adam & small & high].sum() >= 15,
    )
    claim(
        "With SGD, at rates from 0.02 to 2.5",
        solved[sgd & one].sum() >= 38 and solved[sgd & small].sum() <= 4,
    )
    told = load_comparisons("vanishing_gradient")
    names = ("orthogonal (Keras)", "0.58 x orthogonal")
    claim(
        "tanh layers learned it in nearly every run, from 0.58 mostly with Adam at a large rate",
        all(
            told[f"solved, {o}"][names[0]] > told[f"solved, {o}"][names[1]] for o in ("Adam", "SGD")
        ),
    )
    relu = rows["start"] == "ReLU, orthogonal"
    before = rows[far].groupby("start")["before"].median()
    quote(
        relu_before=1e9 * before["ReLU, orthogonal"],
        tanh_before=before["orthogonal (Keras)"],
    )
    claim("From an orthogonal matrix none of 40 runs solves the task", not solved[far & relu].any())
    identity = rows["start"] == "ReLU, identity"
    claim(
        "The identity begins with a sensitivity of 1, and still fails at Adam's highest rate.",
        np.allclose(rows[far & identity]["before"], 1)
        and not solved[adam & identity & (rows["rate"] == "highest")].any(),
    )
    trained(rows[far & solved & (one | small)])


def trained(rows):
    """The bit after 1,000 steps."""
    held = rows["accuracy_1000"] >= 0.99
    quote(tanh_solved=len(rows), held=int(held.sum()))
    claim("What was learned is not always safe.", held.mean() < 0.5)


def parity(rows):
    """Having a memory and learning one: the parity."""
    right = (rows["step_200"] >= 0.99).groupby(rows["target"]).sum()
    growing, every = right["at the end, growing"], right["at every step"]
    quote(parity_growing=int(growing), parity_every=int(every))
    at_the_end = rows[rows["target"] == "at the end"]
    claim(
        "With one target after 12 bits, none of 40 runs gets beyond guessing",
        at_the_end["step_12"].max() < 0.6 and at_the_end["step_200"].max() < 0.6,
    )
    claim("A target at every step does best", every > growing > 15)


def truncation(errors):
    """What truncation costs."""
    quote(full_ten=errors[10][0], full_thousand=errors[1000][0], cut_thousand=errors[1000][1])
    claim(
        "That of the full gradient shrinks with the number of sequences",
        errors[1000][0] < errors[100][0] / 2 < errors[10][0] / 2,
    )
    claim("That of the truncated gradient stays near", errors[1000][1] > 0.9 * errors[100][1])


def clipping(page):
    """The cliff."""
    shares = page.converged
    quote(free_800=shares[np.inf][1], slow_converged=page.slow)
    claim("Unclipped (`inf`), most meet the steep slope", shares[np.inf][0] < 0.45)
    last = page.ways[np.inf][80]
    thrown = page.cliff(last)[0] >= 0.001
    claim("and are thrown across the valley", (last[thrown] > -0.387).all())
    claim(
        "have converged, and with each of the four thresholds all",
        all(shares[limit][1] > 0.999 for limit in (10, 3, 1, 0.1)),
    )
    claim(
        "In 80 updates a threshold of 10 is too high to help, one of 0.1 too low to arrive",
        shares[10][0] < shares[np.inf][0] + 0.01
        and shares[0.1][0] < 0.6
        and min(shares[3][0], shares[1][0]) > 0.95,
    )
    claim("Yes, if you have the time", page.slow > 0.95)


def exercises(page):
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
    claim("`shift` has norm 3 and can stretch", np.linalg.norm(page.shift, 2) == 3)
