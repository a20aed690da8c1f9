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
    claim("None of 200 shuffled LSTMs has as much left there.", own > max(page.shuffled))
    claim("at the last word of this review its cell has lost the difference", verb[-1] < 0.125)


def ablate(page):
    """One unit after the other."""
    lost = page.lost
    more = [one for n, one in lost.items() if n != page.unit and one > lost[page.unit] + 0.05]
    quote(
        inside_unit_third=int(page.unit),
        inside_unit_fourth=int(page.unit),
        inside_whole=page.whole,
        inside_lost_unit=lost[page.unit],
        inside_lost_more=len(more),
        inside_lost_all=sum(lost.values()),
    )
    claim("so a loss is not a share", sum(lost.values()) > 1.5 * page.whole)
    claim("did not show which units the network needs most", len(more) >= 3)


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
    """The probe word by word, its controls, and what the adjective does in the output."""
    quote(
        inside_num_words=len(page.BAD) + len(page.GOOD),
        inside_probe=page.readable[-1],
        inside_used_word=page.effect[0],
        inside_used_end=page.effect[-1],
    )
    claim(
        "What can be *read* from a state need not be *used*",
        page.readable[-1] > 0.85 and 0 < page.effect[-1] < 0.1 * page.effect[0],
    )
    trained, output, shuffled, words, at_random = page.scores.values()
    claim("The output alone is at chance", abs(output - 0.5) < 0.05)
    claim("But the shuffled LSTMs do as well as the trained one", shuffled > trained - 0.05)
    claim("and so do the word vectors without any LSTM", words > trained - 0.05)
    claim("With vectors at random it must be chance", abs(at_random - 0.5) < 0.05)


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
