"""What `interpreting-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("and it matters to the end", page.z_loved[-1] - page.z_hated[-1] > 2)
    colour(page)
    ablate(page)
    gradient(page)


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
    size = np.abs(page.trained[4][:, 0])
    runner_up = 1 + np.argsort(size)[-2]
    more = [one for n, one in lost.items() if n != page.unit and one > lost[page.unit] + 0.05]
    quote(
        inside_unit_third=int(page.unit),
        inside_unit_fourth=int(page.unit),
        inside_whole=page.whole,
        inside_lost_unit=lost[page.unit],
        inside_lost_more=len(more),
        inside_lost_all=sum(lost.values()),
        inside_runner_up=int(runner_up),
        inside_lost_runner_up=lost[runner_up],
    )
    claim("so a loss is not a share", sum(lost.values()) > 1.5 * page.whole)
    claim("add up to the whole exactly", np.isclose(unread_by_output(page), page.whole))
    claim("has nearly as large an output weight", size[runner_up - 1] > 0.95 * size.max())
    claim(
        "neither a large weight nor a telling picture shows that a unit is needed",
        len(more) >= 3 and lost[runner_up] < 0.05 * page.whole,
    )


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
    claim("One run backwards serves all words", np.isclose(slopes[-1], hated, atol=1e-3))
    claim(
        "The log-odds fall steeply at first and hardly any more at full length",
        min(slopes) / hated > 5 and falls[0] > 4 * falls[-1] > 0,
    )
    claim("So a small gradient does not show", hated > 0.3 * page.by_deletion[1])
    text = "I loved the room but the breakfast was awful and the staff was rude"
    (ids,) = page.to_ids([text], page.explorer)
    slope = page.gradient_times_input(ids, page.trained)[-1]
    ends = [page.stretched(ids, -1, length, page.trained) for length in (0, 1)]
    claim("it is plus by the gradient, minus by deletion", slope > 0.1 and ends[1] < ends[0] - 1)


def exercises(page):
    worst = int(max(page.lost_at_mean, key=page.lost_at_mean.get))
    quote(
        inside_mean_unit=worst,
        inside_mean_lost=page.lost_at_mean[worst],
        inside_rude_deletion=page.rude_z[-1] - page.rude_z[0],
        inside_rude_slope=round(float(page.rude_slope), 4),  # float32
    )
    best = int(max(page.lost, key=page.lost.get))
    claim("Here the order hardly changes", worst == best)
    turn = page.rude_z.argmin()
    claim(
        "The log-odds fall as the vector grows, and turn before its full length",
        np.all(np.diff(page.rude_z)[:turn] < 0) and 0 < turn < len(page.rude_z) - 1,
    )
