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
    """The ring, and what two devices gain."""
    claim(
        "Then each holds one finished sum: 111, 222 or 333.", (page.held == [111, 222, 333]).all()
    )
    slow, fast = (partial(page.speed_up, v=v) for v in (125e6, 1_250e6))
    about = slow(B=1_500, c=page.c) < 1 < slow(B=1_750, c=page.c)
    claim("two machines win at 1 Gbit/s only above about 1,600 examples", about)
    claim(
        "The slower the processor and the faster the network, the smaller the batch",
        slow(B=1_600, c=40e-6) > 1.05 > 0.95 > slow(B=1_600, c=10e-6)
        and fast(B=300, c=page.c) > 1.1 > slow(B=1_600, c=page.c),
    )
    gpus = partial(page.speed_up, v=50e9, c=5e-7, latency=5e-6)
    quote(gpus=gpus(B=1_600), gpus_win=round(2 * page.S / (5e-7 * 50e9) + 2 * 2 * 5e-6 / 5e-7, -2))
    claim("halving it saves little", gpus(B=1_600) < 1.15)
    claim("The 1,600 examples are more than all 1,200", slow(B=1_200, c=page.c) < 0.95)


def batches(page):
    """Other global batches: the page's five trainings, and the experiment's five seeds."""
    loss = page.trials["loss"]
    claim("with half the updates the larger batch is far behind", loss[1] > loss[0] + 0.15)
    claim("twice the rate makes up for it", abs(loss[2] - loss[0]) < 0.1)
    updates = page.trials["updates"]
    claim("With as many updates as in row 0", updates[3] == updates[0])
    claim("the training loss is even lower", loss[3] < loss[0])
    results = page.results
    last = results[results["epoch"] == 4].pivot_table(index="number", columns="run", values="loss")
    one, same, twice = (last[name] for name in ("half the batch", "same rate", "twice the rate"))
    behind, near = (same > one + 0.1).all(), ((twice - one).abs() < 0.1).all()
    claim(
        "row 1 is last each time, and rows 0 and 2 are close",
        behind and near and len(last) == 5,
    )


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
    about = 1_550 < full < 1_650
    claim("and $c$ = 20 microseconds that is about 1,600 examples", about)
    claim("half the $c$, twice the batch", abs(half / full - 2) < 1e-9)
    unequal, equal = np.array([10.0, -3.0, -3.0, -3.0]), np.full(4, 2.0)
    mean, added = page.clip(unequal.mean()), sum(page.clip(one) for one in unequal / 4)
    claim("The first two gradients point in opposite directions.", mean > 0 > added)
    mean, added = page.clip(equal.mean()), sum(page.clip(one) for one in equal / 4)
    claim("so the sum is twice the bound", mean == 1 and added == 2)
