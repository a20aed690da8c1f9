"""What `full-size` quotes of its numbers, and what it claims."""

import numpy as np
import tensorflow as tf

from tools.claims import claim, quote


def lesson(page):
    claim("Leave out the first epoch.", page.measured[0] > 1.2 * min(page.measured[1:]))
    off = (page.predicted.iloc[:-1] / page.seconds.iloc[-1] - 1).abs()
    quote(full_off=off.max())
    claim("the estimates differ from it by at most", len(off) == 3 and off.max() < 0.2)
    assert page.predicted.iloc[-1] == page.seconds.iloc[-1]
    shares = [first_share(page, num_open) for num_open in (1, 8)]
    claim("the first batch is nearly all of one class", abs(shares[0] - 0.5) > 0.4)
    claim("because the buffer is filled from the first file alone", len(page.y) / 8 > 1_000)
    mixed = [np.mean(labels) for _, labels in page.batches(page.files, 8, epoch=1)]
    claim(
        "With eight it stays near a half, because all eight files are open.",
        abs(shares[1] - 0.5) < 0.25 and np.abs(np.array(mixed) - 0.5).max() < 0.25,
    )
    again = np.array_equal(page.rest, page.whole[20 * 120 :])
    elsewhere = np.array_equal(page.other, page.whole[20 * 120 :])
    claim("gives the rest of the epoch, row by row", again and not elsewhere)
    claim("read a second time, comes in another order", fixed_seed_begins_again())
    tf.random.set_seed(7)  # as another process might
    same = np.array_equal(page.ids_of(page.batches(page.files, 8, epoch=3)), page.whole)
    claim("TensorFlow's global seed, which `batches` sets", same and other_seed_differs(page))
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


def other_seed_differs(page):
    """Whether another seed gives another order of epoch 3."""
    other = page.ids_of(page.batches(page.files, 8, epoch=3, seed=1))
    return not np.array_equal(other, page.whole)


def restarts(page):
    """The experiment's killed trainings."""
    killed = page.killed
    both = len(killed) == 5 and (killed["starts"] == 2).all()
    claim(
        "Each training is killed in the middle of epoch 2 or 3", killed["epoch"].isin([2, 3]).all()
    )
    claim(
        "For all five seeds the final weights are those of the undisturbed training",
        both and killed["apart"].max() == 0,
    )


def exercises(page):
    ten, thousand = (page.best_interval(5, 3_600 * hours) / 60 for hours in (10, 1_000))
    claim("that is every ten minutes", abs(ten - 10) < 0.1)
    claim("needs a save a tenth as often", abs(thousand / ten - 10) < 1e-6)
    quote(trained=True, full_lost=page.lost["weights alone"])
    claim("the second epoch ends where it would have", page.lost["all"] < 1e-5)
    claim("From the weights alone it ends elsewhere", page.lost["weights alone"] > 0.006)
