"""What `several-devices` quotes of its numbers, and what it claims."""

from functools import partial

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SAME = ["two devices", "four devices", "two processes"]


def lesson(page):
    claim("Four equal parts give the gradient of the whole batch.", parts(page, [30, 60, 90]))
    claim("Parts of 10, 10, 10 and 90 do not", not parts(page, [10, 20, 30]))
    two_machines(page)
    batches(page)
    devices(page)


def parts(page, cuts):
    """Whether the mean gradient of the parts is that of the whole batch."""
    pairs = zip(np.split(page.inputs, cuts), np.split(page.labels, cuts), strict=True)
    mean = np.mean([page.gradient(page.w, *pair) for pair in pairs], axis=0)
    return np.allclose(mean, page.whole)


def two_machines(page):
    """What two machines gain, and what the embedding has to do with it."""
    cost = page.results[page.results["case"] == "cost"].iloc[-1]
    quote(each=1e6 * cost["epoch_seconds"] / cost["number"])
    together = page.c + page.f / 128
    claim("That is $c + f/128$", abs(together - cost["epoch_seconds"] / cost["number"]) < 2e-6)
    slow, fast = (partial(page.speed_up, v=v) for v in (125e6, 1_250e6))
    about = slow(B=900, c=page.c) < 1 < slow(B=1_200, c=page.c)
    claim("At 1 Gbit/s two machines win only above about a thousand examples", about)
    claim("the point depends on $c$", slow(B=1_000, c=40e-6) > 1.05 > 0.95 > slow(B=1_000, c=20e-6))
    claim("A faster network helps.", fast(B=240, c=page.c) > 1.1 > slow(B=1_200, c=page.c))
    all_weights = page.S / 4
    claim("the embedding has 99.5 % of the weights", 0.9945 < 500_000 / all_weights < 0.9955)
    few, many = (
        all_weights / (50 * (len(np.unique(page.X[:size])) - 1) + all_weights - 500_000)
        for size in (120, 1_920)
    )
    claim("tenfold for the small batch", 8.5 < few < 11.5)
    claim("but less than twofold for the large one", many < 1.9)
    (words,) = page.results["words"].dropna()
    assert 900 < words < 1_100  # the experiment's mean of 50 batches of 120


def batches(page):
    """Other global batches: the page's five trainings, and the experiment's five seeds."""
    loss, elsewhere = page.trials["loss"], page.trials["loss elsewhere"]
    claim("with half the updates the larger batch is far behind", loss[1] > loss[0] + 0.15)
    claim("twice the rate makes up for it", abs(loss[2] - loss[0]) < 0.1)
    updates = page.trials["updates"]
    claim(
        "so do twice the epochs, as many updates as in row 0",
        loss[3] < loss[0] + 0.03 and updates[3] == updates[0],
    )
    claim("twice the rate lowers the training loss", loss[4] < loss[0] - 0.08)
    claim(
        "On other snippets its loss is the highest",
        elsewhere[4] > elsewhere.drop(4).max() + 0.01 and elsewhere[4] > loss[4] + 0.3,
    )
    claim(
        "On other snippets rows 0, 2 and 3 are equally good.", np.ptp(elsewhere[[0, 2, 3]]) < 0.04
    )
    results = page.results
    last = results[results["epoch"] == 4].pivot_table(index="number", columns="run", values="loss")
    one, same, twice = (last[name] for name in ("undisturbed", "same rate", "twice the rate"))
    behind, near = (same > one + 0.1).all(), ((twice - one).abs() < 0.1).all()
    claim("rows 0 to 2 for five seeds", behind and near and len(last) == 5)


def devices(page):
    """The experiment's training on one device and on several."""
    far = page.losses.loc[SAME].sub(page.losses.loc["one device"]).abs().max().max()
    claim("The losses agree to within 0.00001", far < 1e-5)
    told = load_comparisons("full_size")
    claim("and so do all final weights", told["weights, devices"] < 1e-5)
    taken = page.taken
    claim("Nothing became faster", taken.min() >= taken["one device"])
    claim("two processes took the longest", taken.idxmax() == "two processes")


def exercises(page):
    full, half = (page.break_even(c, page.S, 125e6, 50e-6, 2) for c in (page.c, page.c / 2))
    about = 950 < full < 1_250
    claim("For two machines at 1 Gbit/s that is about a thousand examples", about)
    claim("half the $c$, twice the batch", abs(half / full - 2) < 1e-9)
    clipped = [page.clip(one) for one in page.four]
    claim("They point in opposite directions.", page.clip(page.four.mean()) > 0 > np.mean(clipped))
