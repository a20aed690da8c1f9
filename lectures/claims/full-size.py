"""What `full-size` quotes of its numbers, and what it claims."""

import numpy as np
import tensorflow as tf

from tools.claims import claim, quote


def lesson(page):
    claim("Leave out the first epoch.", page.measured[0] > 1.2 * min(page.measured[1:]))
    short = 1 - page.predicted.iloc[:-1] / page.seconds.iloc[-1]
    claim("up to a quarter too optimistic", short.between(0.1, 0.27).all() and len(short) == 3)
    assert page.predicted.iloc[-1] == page.seconds.iloc[-1]
    shares = [first_share(page, num_open) for num_open in (1, 8)]
    claim("the first batch is nearly all of one class", abs(shares[0] - 0.5) > 0.4)
    claim("because the buffer is filled from the first file alone", len(page.y) / 8 > 1_000)
    claim("With eight it is mixed, because all eight files are open.", abs(shares[1] - 0.5) < 0.25)
    again = np.array_equal(page.rest, page.whole[20 * 120 :])
    elsewhere = np.array_equal(page.other, page.whole[20 * 120 :])
    claim("gives the rest of the epoch, row by row", again and not elsewhere)
    claim("One fixed seed for all epochs would not do", fixed_seed_begins_again())
    tf.random.set_seed(7)  # as another process might
    same = np.array_equal(page.ids_of(page.batches(page.files, 8, epoch=3)), page.whole)
    claim("and the global seed is always 0", same)
    restarts(page)


def first_share(page, num_open):
    """The share of positive reviews in a first batch."""
    return np.mean(next(iter(page.batches(page.files, num_open, epoch=1)))[1])


def fixed_seed_begins_again():
    """Whether a new pipeline has the first order of another one, and not its second."""
    first, new = (tf.data.Dataset.range(50).shuffle(50, seed=0) for _ in range(2))
    epochs = [list(first.as_numpy_iterator()) for _ in range(2)]
    again = list(new.as_numpy_iterator())
    return again == epochs[0] and again != epochs[1]


def restarts(page):
    """The experiment's killed trainings."""
    commands = page.killed.groupby("number")["start"].nunique()
    pairs = page.runs.pivot(index=["number", "epoch"], columns="run", values="loss")
    apart = (pairs["killed"] - pairs["undisturbed"]).abs().max()
    both = len(commands) == 5 and commands.min() >= 2
    claim("The dots lie on the lines", both and apart < 1e-5)
    claim(
        "For all five seeds the final weights are those of the undisturbed training",
        page.largest == 0 and np.isfinite(page.killed.groupby("number")["apart"].max()).all(),
    )


def exercises(page):
    ten, thousand = (page.best_interval(5, 3_600 * hours) / 60 for hours in (10, 1_000))
    claim("save every ten minutes", abs(ten - 10) < 0.1)
    claim("needs a save a tenth as often", abs(thousand / ten - 10) < 1e-6)
    quote(trained=True, full_lost=page.lost["weights alone"])
    claim("the second epoch ends where it would have", page.lost["all"] < 1e-5)
    claim("From the weights alone it ends elsewhere", page.lost["weights alone"] > 0.006)
