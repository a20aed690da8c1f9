"""What `full-size` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SAME = ["two devices", "four devices", "two processes", "killed"]


def lesson(page):
    told = load_comparisons("full_size")
    predicted, measured = told["seconds, predicted"], told["seconds, measured"]
    quote(full_predicted=predicted, full_measured=measured)
    claim("The line through the three small sizes predicts", abs(predicted / measured - 1) < 0.2)
    claim("This network needs no cluster.", measured < 300)
    sizes = page.cost["n"].to_numpy()
    factor = sizes[-1] / sizes[-2]
    claim("That tests a factor of nine.", 8 < factor < 9.5)
    claim("Your own line goes ten times further", 9.5 < 560_000 / max(page.sizes) / factor < 11)
    claim("With a buffer of 1,000 the network begins with", np.sum(page.y == 0) > 2_000)
    claim("Four equal parts give the gradient of the whole batch.", parts(page, [30, 60, 90]))
    claim("Parts of 10, 10, 10 and 90 do not", not parts(page, [10, 20, 30]))
    update, send = measured / (560_000 // 128), 2 * (page.S / 2 / 125e6 + 50e-6)
    quote(full_update=1000 * update, full_send=1000 * send)
    claim("Sent like this, two machines would be slower than one.", send > update / 2)
    quote(full_words=page.results.loc[page.results["case"] == "words", "words"].item())
    trainings(page, told)


def parts(page, cuts):
    """Whether the mean gradient of the parts is that of the whole batch."""
    pairs = zip(np.split(page.inputs, cuts), np.split(page.labels, cuts), strict=True)
    mean = np.mean([page.gradient(page.w, *pair) for pair in pairs], axis=0)
    return np.allclose(mean, page.whole)


def trainings(page, told):
    """The experiment's trainings."""
    losses, results = page.losses, page.results
    last = results[results["epoch"] == 4].pivot_table(index="number", columns="run", values="loss")
    one, same, twice = (last[name] for name in ("undisturbed", "same rate", "twice the rate"))
    quote(full_one=one.mean(), full_same=same.mean(), full_twice=twice.mean())
    far = losses[SAME].sub(losses["one device"], axis=0).abs().max().max()
    claim("The losses of one device and of several agree to within 0.00001", far < 1e-5)
    claim("and so do all final weights", told["weights, devices"] < 1e-5)
    claim(
        "After four epochs at the same rate the mean training loss of five",
        (same > one + 0.1).all(),
    )
    claim("at twice the rate the loss is", ((twice - one).abs() < (same - one) / 4).all())
    starts = page.killed.groupby("number")["start"].nunique()
    claim("Each row is a seed; 1 or 2 is the start", len(starts) == 5 and starts.min() >= 2)
    claim(
        "For all five seeds the final weights are those of the undisturbed training.",
        page.largest < 1e-6 and np.isfinite(page.killed.groupby("number")["apart"].max()).all(),
    )
    pairs = results[results["case"] == "killed"].pivot(
        index=["number", "epoch"], columns="run", values="loss"
    )
    assert (pairs["killed"] - pairs["undisturbed"]).abs().max() < 1e-5


def exercises(page):
    quote(trained=True, full_lost=page.lost["weights alone"])
    claim("the second epoch ends where it would have", page.lost["all"] < 1e-5)
    claim("From the weights alone it ends elsewhere", page.lost["weights alone"] > 0.006)
