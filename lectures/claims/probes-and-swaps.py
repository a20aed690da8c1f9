"""What `probes-and-swaps` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    """What probes read from the cell, from h, from the logits; the cell swapped."""
    mark = {back: page.held["mark", f"{back} back"] for back in (50, 200)}
    q, e = (page.held[f"letter {letter}", "50 back"] for letter in "qe")
    claim("The mark can be read at each stage.", min(mark[50]) > 0.75 and len(page.texts) == 210)
    claim(
        "At 200 characters, more than the model was trained on, it is harder",
        all(m < n for m, n in zip(mark[200], mark[50], strict=True)),
    )
    claim(
        "the probe of the cell is still right for about three texts in four",
        0.66 < mark[200][0] < 0.85,
    )
    claim(
        "the probe also reads from $c$ where the *q* stood, but hardly where the *e* did",
        abs(q[0] - mark[50][0]) < 0.06 and e[0] < 0.7,
    )
    claim("Yet after the tanh it reads neither", max(q[1:] + e[1:]) < 0.62)
    far = [median[page.q_unit] for median in page.q_medians]
    claim(
        "So a difference far out remains unseen",
        abs(far[0] - far[1]) > 20 and min(np.abs(far)) > 20 and 60 < page.far_out < 180,
    )
    quote(trained=True, paired_e=paired(page, "e"), paired_e_tanh=paired(page, "e", np.tanh))
    by_back = dict(
        zip((50, 200), np.array(list(page.swapped.values())).reshape(2, 2, 2), strict=True)
    )
    near, far = by_back[50], by_back[200]  # rows: h of the opening, of the closing text
    claim(
        "with the cell of a closing mark it falls to less than a third",
        (near[:, 1] < near[:, 0] / 3).all() and np.ptp(near[:, 0]) < 0.01,
    )
    claim(
        "The $h$ hardly matters",
        max(np.abs(each[0] - each[1]).max() for each in (near, far)) < 0.01,
    )
    lower = lower_with_other_cell(page, 200)
    quote(trained=True, lower_far=lower)
    claim(
        "At 200 characters the effect is small, but it has a direction",
        lower > 0.7 and far[0, 1] < far[0, 0],
    )
    (of_mark, by_other), (of_q, _) = page.moved.values()
    claim("moves the prediction several times as far as an unrelated one", of_mark > 2.5 * by_other)
    claim("the cell of the other *q* hardly at all", of_q < 0.03 < 0.1 < of_mark)
    used, idle = np.argmin(page.changes), np.argmax(page.right)
    others = np.delete(page.changes, used), np.delete(page.right, used)
    quote(num_texts=len(page.texts))
    quote(trained=True, one_unit=-page.changes[used], idle_unit=int(idle))
    claim(
        "Several units hold the mark where the network could see it",
        np.sum(others[1] > 0.75) >= 2
        and np.median(np.abs(page.both[:, page.right > 0.85]), axis=0).max() < 3,
    )
    claim(
        "and after a full stop it uses a single one",
        page.changes[used] < -0.12 and np.abs(others[0]).max() < 0.02,
    )
    claim(
        "though from two of them the mark can be read about as well",
        np.sum(others[1] > page.right[used] - 0.06) >= 2,
    )
    claim(
        "moves the prediction inside the sentence more than this one does",
        all(moved_by(page, idle, left) > 1.2 * moved_by(page, used, left) for left in (20, 10, 4))
        and idle != used,
    )
    inside = np.cumsum([symbol == '"' for symbol in page.passage]) % 2 == 1
    claim(
        "It switches where a speech begins and where it ends",
        np.median(page.along[inside]) < -1.2 and abs(np.median(page.along[~inside])) < 0.5,
    )


def paired(page, letter, after=np.asarray):
    """Share right of a probe that gets the difference of the two versions."""
    pair = page.both_ways(letter, 50)
    one, two = (after(page.model.predict_on_batch(numbers)[2]) for numbers in pair)
    return page.probe(np.concatenate([one - two, two - one]), page.opens)


def lower_with_other_cell(page, back):
    """Share of the texts in which a mark is less probable with the cell of the closing text."""
    ((h, c), (_, other_c)), rest = page.states_and_rest('"', back)
    own, other = (page.read_on(rest, h, each)[:, page.mark] for each in (c, other_c))
    return np.mean(other < own)


def moved_by(page, unit, left):
    """Median total variation by one unit, `left` characters before the end."""
    opening, closing = page.both_ways('"', 50)
    _, h, c = page.model.predict_on_batch(opening[:, :-30])
    _, _, other_c = page.model.predict_on_batch(closing[:, :-30])
    rest = opening[:, -30:-left]  # the same in both
    p = page.read_on(rest, h, np.where(np.arange(256) == unit, other_c, c))
    return np.median(np.abs(p - page.read_on(rest, h, c)).sum(axis=1) / 2)


def exercises(page):
    (own, other_c), _, *_ = page.swapped.values()
    claim(
        "Nearly as probable as with its own states",
        page.rest_probability > own - 0.3 * (own - other_c),
    )
    claim("for others hold the mark as well", page.rest_share > 0.85)
    claim("About one half. So the probe", abs(page.shuffled_share - 0.5) < 0.12)
