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
    effect = page.verb_effect(page.pair, page.trained)
    strong, mild = (int(n) for n in page.as_large.values())
    quote(
        inside_as_large=strong,
        inside_as_large_mild=mild,
        inside_hold_more=int(np.sum(effect > effect[page.unit - 1])),
    )
    trained, *others = (np.ptp(row) for row in page.colours)
    claim("the shuffled networks change their colours, too", min(others) > 0.4 < trained)
    verb = np.abs(page.differences[0])
    claim("the verb colours every word up to", verb[1:-1].min() > 0.375 and verb[-1] < 0.125)
    claim("does carry these two verbs", strong <= 5)
    claim('With "hated" and "loved"', strong < mild / 5)


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
    claim("add up to the whole exactly", np.isclose(unread_by_output(page), page.whole))
    claim("did not show which units are needed most", len(more) >= 3)


def unread_by_output(page):
    """Sum of the losses if a unit's output weight is cut, and its row of W_h is not."""
    losses = []
    for k in range(12):
        *others, v, d = (array.copy() for array in page.trained)
        v[k] = 0
        losses.append(page.whole - page.loved_minus_hated(page.both_verbs, [*others, v, d]))
    return sum(losses)


def gradient(page):
    """The slope of the log-odds as the word's vector is stretched, at all its lengths."""
    hated, slopes = page.by_gradient[1], []
    for length in np.linspace(0, 1, 21):
        ends = [page.stretched(page.pair[0], 1, length + by, page.trained) for by in (1e-4, -1e-4)]
        slopes.append((ends[0] - ends[1]) / 2e-4)
    quote(inside_share_hated=hated, inside_deleted=-page.by_deletion[1])
    falls = -np.diff(page.by_length)
    claim("one run backwards serves all words", np.isclose(slopes[-1], hated, atol=1e-3))
    claim(
        "The log-odds fall steeply at first and hardly any more at full length",
        min(slopes) / hated > 5 and falls[0] > 4 * falls[-1] > 0,
    )
    claim("So a small gradient does not show", hated > 0.3 * page.by_deletion[1])


def probe(page):
    """The probe word by word, its controls, and what the adjective does in the output."""
    quote(
        inside_num_words=len(page.BAD) + len(page.GOOD),
        inside_probe_middle=page.readable[6],
        inside_probe=page.readable[-1],
        inside_used_word=page.effect[0],
        inside_used_middle=page.effect[6],
        inside_used_end=page.effect[-1],
        inside_in_order=page.in_order,
        inside_tails=np.ptp(page.by_tail),
    )
    claim(
        "What can be *read* from a state need not be *used*",
        page.readable[6] > 0.85 and 0 < page.effect[6] < 0.15 * page.effect[0],
    )
    trained, output, shuffled, words = page.scores.values()
    claim("The shuffled LSTMs do as well as the trained one", abs(shuffled - trained) < 0.05)
    claim("and the word vectors alone do better", words > trained + 0.15)
    claim("The output alone is at chance.", abs(output - 0.5) < 0.05)
    claim("an accuracy of 0.5 does not show that nothing is there", page.in_order > 0.95)


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
