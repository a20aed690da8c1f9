"""What `stateful` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    read = (sum(range(100, 130)), 129)
    quote(steps_again=read[0], steps_onward=read[1])
    claim("The predictions are the same, but the work differs.", page.same and len(page.anew) == 30)
    claim("trained beforehand", page.model.count_params() > 300_000)
    kept, empty, swapped = (page.by_place[name] for name in ("keep", "empty", "swap"))
    quote(
        trained=True,
        state_empty=empty.mean() - kept.mean(),
        state_wrong=swapped.mean() - kept.mean(),
        first_empty=empty[0],
        first_wrong=swapped[0],
    )
    claim(
        "With the right state the cost is about the same at every place",
        len(kept) == 50 and np.abs(kept - kept.mean()).max() < 0.25,
    )
    claim(
        "With an empty one the first prediction costs twice as much",
        1.6 < empty[0] / kept.mean() < 2.6,
    )
    claim("That is worse than knowing nothing", swapped[0] > np.log2(80) > empty[0])
    claim(
        "After some ten characters both have nearly recovered.",
        all((bits - kept)[10:20].mean() < 0.06 * (bits - kept)[0] for bits in (empty, swapped)),
    )
    wrong_cut = page.by_place["wrong cut"]
    claim(
        "most of what helps a prediction stands in the last ten characters or so",
        (empty - kept)[:10].sum() > 0.8 * (empty - kept).sum(),
    )
    claim(
        "A wrong cut is such a wrong state.",
        wrong_cut[0] > np.log2(80) and abs(wrong_cut.mean() - swapped.mean()) < 0.1,
    )
    claim("It carries its state well all the same", kept.mean() < empty.mean() - 0.05)


def exercises(page):
    claim(
        "A start costs about six bits, in pieces of each of these lengths.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
