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
    )
    claim(
        "With the right state the cost is about the same at every place",
        len(kept) == 50 and np.abs(kept - kept.mean()).max() < 0.25,
    )
    claim(
        "With an empty one the first character costs twice as much",
        1.6 < empty[0] / kept.mean() < 2.6,
    )
    claim("costs twice as much again", 1.6 < swapped[0] / empty[0] < 2.6)
    claim(
        "After some ten characters both have nearly recovered.",
        all((bits - kept)[10:20].mean() < 0.06 * (bits - kept)[0] for bits in (empty, swapped)),
    )
    bits = np.array(page.history["val_loss"]) / np.log(2)
    claim("Here a smaller network is trained from scratch", bits[-1] < min(3.2, bits[0] - 0.1))
    kept, empty, swapped = (page.learner_bits[name] for name in ("keep", "empty", "swap"))
    claim(
        "To it an empty state is about as bad as the state of another row",
        min(empty, swapped) > kept and abs(empty - swapped) < 0.06,
    )
    begins = [page.beginning[k - 1 : k + 1] for k in range(50, 50_000, 50)]
    letters = [all(page.symbols[one].isalpha() for one in pair) for pair in begins]
    claim("mostly from the middle of a word", np.mean(letters) > 0.5)


def exercises(page):
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
