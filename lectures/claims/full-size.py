"""What `full-size` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SAME = ["two devices", "four devices", "two processes", "killed"]


def lesson(page):
    per_example = page.per_example["epoch_seconds"]
    small, large = per_example[16_000], per_example[560_000]
    quote(full_small=small, full_large=large)
    quote(full_predicted=0.56 * small, full_measured=0.56 * large)
    claim("From 16,000 to 560,000 snippets the time per snippet rises from", large > 1.25 * small)
    shares = [first_share(page, num_open) for num_open in (1, 8)]
    claim("the first batch is nearly all of one class", abs(shares[0] - 0.5) > 0.4)
    claim("because a file is longer than the buffer", len(page.y) / 8 > 1_000)
    claim("With eight it is mixed.", abs(shares[1] - 0.5) < 0.25)
    claim("Four equal parts give the gradient of the whole batch.", parts(page, [30, 60, 90]))
    claim("Parts of 10, 10, 10 and 90 do not", not parts(page, [10, 20, 30]))
    exchange(page)
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


def exchange(page):
    """What two machines gain."""
    one, slow, fast = (page.updates[name].astype(float) for name in page.columns)
    lose, win = slow[960] > 1.1 * one[960], slow[1_920] < 0.9 * one[1_920]
    claim("At 1 Gbit/s two machines lose at a batch of 960 and win at 1,920", lose and win)
    claim("at 10 Gbit/s they win in all rows", (fast < 0.95 * one).all())


def batches(page):
    """Other global batches: the page's five trainings, and the experiment's five seeds."""
    loss, accuracy = page.trials["loss"], page.trials["accuracy"]
    claim("with half the updates the larger batch is far behind", loss[1] > loss[0] + 0.15)
    claim("twice the rate seems to make up for it", abs(loss[2] - loss[0]) < 0.1)
    updates = page.trials["updates"]
    claim(
        "so do twice the epochs, as many updates as in row 0",
        loss[3] < loss[0] + 0.03 and updates[3] == updates[0],
    )
    claim("but at twice the rate the *smaller* batch is far ahead again", loss[4] < loss[2] - 0.08)
    claim("So 0.003 was too small for 40 updates", loss[4] < loss[0] - 0.08)
    claim(
        "at either rate the number of updates counts",
        loss[[0, 3]].max() < loss[1] - 0.1 and loss[4] < loss[2] - 0.08,
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
    claim("Each row is a seed; 1 or 2 is the command", len(commands) == 5 and commands.min() >= 2)
    claim(
        "For all five seeds the final weights are those of the undisturbed training.",
        page.largest < 1e-6 and np.isfinite(page.killed.groupby("number")["apart"].max()).all(),
    )
    pairs = results[results["case"] == "killed"].pivot(
        index=["number", "epoch"], columns="run", values="loss"
    )
    assert (pairs["killed"] - pairs["undisturbed"]).abs().max() < 1e-5


def exercises(page):
    least = page.break_even(page.c, page.S, 125e6, 50e-6, 2)
    claim("At 1 Gbit/s that is more than a thousand examples.", least > 1_100)
    quote(trained=True, full_lost=page.lost["weights alone"])
    claim("the second epoch ends where it would have", page.lost["all"] < 1e-5)
    claim("From the weights alone it ends elsewhere", page.lost["weights alone"] > 0.006)
