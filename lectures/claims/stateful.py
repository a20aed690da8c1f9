"""What `stateful` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    read = (sum(range(100, 110)), 109)
    quote(steps_again=read[0], steps_onward=read[1])
    claim("The predictions are the same, but the work differs.", page.same and len(page.anew) == 10)
    claim("trained beforehand", page.model.count_params() > 300_000)
    carried, reset, wrong = (page.bits[name] for name in ("carried", "reset", "wrong cut"))
    of_place = {name: each.mean(axis=(0, 1)) for name, each in page.bits.items()}
    quote(
        trained=True,
        state_reset=reset.mean() - carried.mean(),
        state_wrong=wrong.mean() - carried.mean(),
        first_reset=of_place["reset"][0],
        first_wrong=of_place["wrong cut"][0],
    )
    claim(
        "With the states carried the cost is about the same at every place",
        carried.shape[1:] == (8, 50) and np.abs(of_place["carried"] - carried.mean()).max() < 0.25,
    )
    claim(
        "as much as with the table of pairs",
        abs(of_place["reset"][0] - page.pair_bits) < 0.3,
    )
    claim(
        "more than if the network knew nothing but the frequencies",
        of_place["wrong cut"][0] > page.frequency_bits + 1 > page.pair_bits + 1,
    )
    more = {name: of_place[name] - of_place["carried"] for name in ("reset", "wrong cut")}
    claim(
        "After some ten characters both have nearly recovered.",
        all(each[10:20].mean() < 0.06 * each[0] for each in more.values()),
    )
    claim(
        "most of what helps comes from the last ten characters or so",
        more["reset"][:10].sum() > 0.8 * more["reset"].sum(),
    )
    ways = page.training.groupby(["steps", "trained"])["carried"].mean()
    more = {steps: ways[steps, "shuffled"] - ways[steps, "in order"] for steps in (5, 20)}
    quote(shuffled_more=more[5])
    claim("bits, in longer pieces less", more[20] < 0.6 * more[5] and more[5] > 0.1)
    gained = page.training.assign(gained=page.training["reset"] - page.training["carried"])
    gained = gained.groupby(["steps", "trained"])["gained"].mean()
    claim(
        "it gains less when they are carried",
        all(gained[steps, "shuffled"] < 0.9 * gained[steps, "in order"] for steps in (5, 20)),
    )
    claim(
        "To learn from zero is about as good here as in order.",
        all(ways[steps, "from zero"] - ways[steps, "in order"] < 0.06 for steps in (5, 20)),
    )
    claim("over two seeds", page.training["seed"].nunique() == 2)
    (crossed, _), (whole, end) = page.norms[2], page.norms[1]
    claim("the first half has a gradient, if a small one", 0 < whole < 0.3 * end)
    claim("As two pieces it has none at all.", crossed is None)
    later = carried[len(carried) // 2 :].mean()
    claim(
        "its cost stays the same far beyond the 100 characters",
        len(carried) * 50 > 6000 and abs(later - carried[: len(carried) // 2].mean()) < 0.1,
    )
    claim("It carries its state well all the same", carried.mean() < reset.mean() - 0.05)


def exercises(page):
    claim(
        "A start costs about six bits, in pieces of each of these lengths.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
