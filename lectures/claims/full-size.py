"""What `full-size` quotes of its numbers, and what it claims."""

from functools import partial

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SAME = ["two devices", "four devices", "two processes", "killed"]


def lesson(page):
    short = 1 - page.predicted.iloc[:-1] / page.seconds.iloc[-1]
    line = load_comparisons("full_size")["seconds, predicted"]
    quote(full_line=line)
    claim("up to a quarter too optimistic", short.between(0.1, 0.27).all() and len(short) == 3)
    claim(
        "a straight line through them predicts", 0 < 1 - line / page.seconds.iloc[-1] < short.min()
    )
    assert page.predicted.iloc[-1] == page.seconds.iloc[-1]
    shares = [first_share(page, num_open) for num_open in (1, 8)]
    claim("the first batch is nearly all of one class", abs(shares[0] - 0.5) > 0.4)
    claim("because a file is longer than the buffer", len(page.y) / 8 > 1_000)
    claim("With eight it is mixed.", abs(shares[1] - 0.5) < 0.25)
    claim("Four equal parts give the gradient of the whole batch.", parts(page, [30, 60, 90]))
    claim("Parts of 10, 10, 10 and 90 do not", not parts(page, [10, 20, 30]))
    two_machines(page)
    batches(page)
    restarts(page)


def first_share(page, num_open):
    """The share of positive reviews in a first batch."""
    return np.mean(next(iter(page.batches(page.files, num_open)))[1])


def parts(page, cuts):
    """Whether the mean gradient of the parts is that of the whole batch."""
    pairs = zip(np.split(page.inputs, cuts), np.split(page.labels, cuts), strict=True)
    mean = np.mean([page.gradient(page.w, *pair) for pair in pairs], axis=0)
    return np.allclose(mean, page.whole)


def two_machines(page):
    """What two machines gain, and what the embedding has to do with it."""
    slow, fast = (partial(page.speed_up, v=v) for v in (125e6, 1_250e6))
    about = slow(B=900, c=page.c) < 1 < slow(B=1_200, c=page.c)
    claim("At 1 Gbit/s two machines win only above about a thousand examples", about)
    claim("the point hangs on $c$", slow(B=1_000, c=40e-6) > 1.05 > 0.95 > slow(B=1_000, c=20e-6))
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
    loss, accuracy = page.trials["loss"], page.trials["accuracy"]
    claim("with half the updates the larger batch is far behind", loss[1] > loss[0] + 0.15)
    claim("twice the rate makes up for it", abs(loss[2] - loss[0]) < 0.1)
    updates = page.trials["updates"]
    claim(
        "so do twice the epochs, as many updates as in row 0",
        loss[3] < loss[0] + 0.03 and updates[3] == updates[0],
    )
    claim("but twice the rate helps the *smaller* batch as well", loss[4] < loss[0] - 0.08)
    claim(
        "Judged by the training loss alone, 0.003 was too small",
        loss[4] < loss[0] - 0.08,
    )
    claim(
        "Accuracy on other snippets is lower in row 1 alone",
        np.ptp(accuracy.drop(1)) < 0.04 and accuracy[1] < accuracy.drop(1).min() - 0.02,
    )
    results = page.results
    last = results[results["epoch"] == 4].pivot_table(index="number", columns="run", values="loss")
    one, same, twice = (last[name] for name in ("undisturbed", "same rate", "twice the rate"))
    behind, near = (same > one + 0.1).all(), ((twice - one).abs() < 0.1).all()
    claim("The experiment's five seeds agree on rows 0 to 2", behind and near and len(last) == 5)
    far = page.losses[SAME].sub(page.losses["one device"], axis=0).abs().max().max()
    claim("The losses of one device and of several agree to within 0.00001", far < 1e-5)
    told = load_comparisons("full_size")
    claim("and so do all final weights", told["weights, devices"] < 1e-5)


def restarts(page):
    """The experiment's killed trainings."""
    results = page.results
    commands = page.killed.groupby("number")["start"].nunique()
    claim("Rows are seeds; 1 or 2 is the command", len(commands) == 5 and commands.min() >= 2)
    claim(
        "For all five seeds the final weights are those of the undisturbed training",
        page.largest < 1e-6 and np.isfinite(page.killed.groupby("number")["apart"].max()).all(),
    )
    pairs = results[results["case"] == "killed"].pivot(
        index=["number", "epoch"], columns="run", values="loss"
    )
    assert (pairs["killed"] - pairs["undisturbed"]).abs().max() < 1e-5


def exercises(page):
    full, half = (page.break_even(c, page.S, 125e6, 50e-6, 2) for c in (page.c, page.c / 2))
    about = 950 < full < 1_250
    claim("For two machines at 1 Gbit/s that is about a thousand examples", about)
    claim("half the $c$, twice the batch", abs(half / full - 2) < 1e-9)
    quote(trained=True, full_lost=page.lost["weights alone"])
    claim("the second epoch ends where it would have", page.lost["all"] < 1e-5)
    claim("From the weights alone it ends elsewhere", page.lost["weights alone"] > 0.006)
