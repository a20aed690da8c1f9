"""What `interpreting-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("and it matters to the end", page.z_loved[-1] - page.z_hated[-1] > 2)
    colour(page)
    ablate(page)
    gradient(page)
    probe(page)


def colour(page):
    """The pictures."""
    quote(inside_unit=int(page.unit), inside_unit_again=int(page.unit))
    own = page.own[page.unit - 1]
    quote(inside_hold_more=int(np.sum(page.own > own)))
    trained, *others = (np.ptp(row) for row in page.colours)
    claim("the shuffled networks change their colours, too", min(others) > 0.4 < trained)
    verb = np.abs(page.differences[0])
    claim("the verb colours every word up to", verb[1:-1].min() > 0.375 and verb[-1] < 0.125)
    claim("None of 200 shuffled LSTMs has as much left.", own > max(page.shuffled))


def ablate(page):
    """One unit after the other."""
    lost = page.lost
    more = [one for n, one in lost.items() if n != page.unit and one > lost[page.unit] - 0.05]
    quote(
        inside_unit_third=int(page.unit),
        inside_unit_fourth=int(page.unit),
        inside_whole=page.whole,
        inside_lost_unit=lost[page.unit],
        inside_lost_more=len(more),
        inside_lost_all=sum(lost.values()),
    )
    claim("so a loss is not a share", sum(lost.values()) > 1.5 * page.whole)
    claim("did not show which units the network needs", len(more) >= 3)


def gradient(page):
    """Gradient times input, checked by finite differences: z as the word's vector is stretched."""

    def slope(row, length):
        ends = []
        for by in (1e-4, -1e-4):
            vectors = page.trained[0][row]
            vectors[1] *= length + by
            places = np.arange(len(row))[None]
            ends.append(page.read(places, [vectors, *page.trained[1:]])["z"][-1, 0])
        return (ends[0] - ends[1]) / 2e-4

    hated, loved = (slope(row, 1) for row in page.pair)
    steepest = min(slope(page.pair[0], length) for length in np.linspace(0, 1, 21))
    quote(inside_share_hated=hated, inside_deleted=-page.by_deletion[1])
    falls = -np.diff(page.by_length)
    claim(
        "The log-odds fall steeply at first and hardly any more at full length",
        steepest / hated > 5 and falls[0] > 4 * falls[-1] > 0,
    )
    by_gradient = page.gradient_times_input(page.pair, page.trained)[:, 1]
    claim("differentiates what happens inside", np.allclose(by_gradient, [hated, loved], atol=1e-3))
    claim("So a small gradient does not show", hated > 0.3 * page.by_deletion[1])


def probe(page):
    """The probe at the end, its controls, and what the sign does in the output."""
    found = {name: np.mean(values) for name, values in page.scores.items()}
    quote(
        inside_num_words=len(page.sign),
        inside_probe=page.accuracy,
        inside_used_word=page.effect[3],
        inside_used_end=page.effect[-1],
    )
    states = page.seen["h"][-1].reshape(48, len(page.TAILS), 12)
    by_tail = states.mean(axis=0) - states.mean(axis=(0, 1))
    by_sign = (states[24:].mean(axis=0) - states[:24].mean(axis=0)) / 2
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, by_sign)]
    claim("The tail moves the state more than the adjective", lengths[0] > 2 * lengths[1])
    *near_one, at_random = found.values()
    claim("All but the last are near 1 (the two", min(near_one) > 0.93 and len(near_one) == 4)
    claim("its trace of the adjective is faint", 0 < page.effect[-1] < 0.15 * page.effect[3])
    claim("With vectors dealt out at random the accuracy is at chance", abs(at_random - 0.5) < 0.05)


def exercises(page):
    worst = int(max(page.lost_at_mean, key=page.lost_at_mean.get))
    quote(
        inside_mean_unit=worst,
        inside_mean_lost=page.lost_at_mean[worst],
        inside_but_states=page.by_input["states"],
        inside_but_facts=page.by_input["facts"],
        inside_but_both=page.by_input["both"],
    )
    best = int(max(page.lost, key=page.lost.get))
    claim("Here the order hardly changes", worst == best)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.by_input["both"] - page.by_input["facts"] < 0.04,
    )
