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
        "this probe reads the *q* from $c$ as well as the mark, but hardly the *e*",
        abs(q[0] - mark[50][0]) < 0.06 and e[0] < 0.7,
    )
    claim("After the tanh it reads neither letter", max(q[1:] + e[1:]) < 0.62)
    columns = ["own", "other_h", "other_c", "lower", "moved", "stranger"]
    near, far, letter = (dict(zip(columns, row, strict=True)) for row in page.swapped.values())
    claim(
        "the other text's cell makes a mark improbable, and moves the prediction several times",
        near["other_c"] < 0.5 * near["own"] and near["moved"] > 2.5 * near["stranger"],
    )
    quote(trained=True, lower_far=far["lower"])
    claim("At 200 characters the effect is small, but it has a direction", far["lower"] > 0.7)
    pair = page.both_ways("e", 50)
    opening, closing = (page.model.predict_on_batch(numbers)[2] for numbers in pair)
    paired = page.probe(np.concatenate([opening - closing, closing - opening]))
    claim("it reads the *e* from $c$, too", paired > 0.85)
    claim(
        "and both letters better than chance from $\\tanh(c)$",
        min(paired_after_tanh(page, letter) for letter in "qe") > 0.58,
    )
    claim(
        "The $h$ hardly matters",
        all(abs(row["own"] - row["other_h"]) < 0.01 for row in (near, far, letter)),
    )
    claim(
        "And the cell of the other *q* changes hardly anything.",
        letter["moved"] < 0.03 < 0.1 < near["moved"],
    )
    used = np.argmin(page.changes)
    others = np.delete(page.changes, used), np.delete(page.right, used)
    quote(num_texts=len(page.texts))
    quote(trained=True, one_unit=-page.changes[used])
    claim(
        "Several units hold the mark, and after a full stop a single one is used.",
        page.changes[used] < -0.12 and np.sum(others[1] > 0.75) >= 2,
    )
    claim("the others change next to nothing", np.abs(others[0]).max() < 0.02)
    claim(
        "though from two of them the mark can be read about as well",
        np.sum(others[1] > page.right[used] - 0.06) >= 2,
    )
    one, rest = moved_before_the_stop(page, used)
    claim("the other units together move the prediction at least as far as this one", rest > one)
    inside = np.cumsum([symbol == '"' for symbol in page.passage]) % 2 == 1
    claim(
        "It switches where a speech begins and where it ends",
        np.median(page.along[inside]) < -1.2 and abs(np.median(page.along[~inside])) < 0.5,
    )


def paired_after_tanh(page, letter):
    """Share right of a probe that gets the difference of the two versions, after the tanh."""
    pair = page.both_ways(letter, 50)
    one, two = (np.tanh(page.model.predict_on_batch(numbers)[2]) for numbers in pair)
    return page.probe(np.concatenate([one - two, two - one]))


def moved_before_the_stop(page, unit):
    """Median total variation, one character before the end, by one unit and by all others."""
    opening, closing = page.both_ways('"', 50)
    _, h, c = page.model.predict_on_batch(opening[:, :-10])
    _, _, other_c = page.model.predict_on_batch(closing[:, :-10])
    rest = opening[:, -10:-1]  # the same in both
    own = page.read_on(rest, h, c)
    of_unit = np.arange(256) == unit
    moved = []
    for which in (of_unit, ~of_unit):
        p = page.read_on(rest, h, np.where(which, other_c, c))
        moved.append(np.median(np.abs(p - own).sum(axis=1) / 2))
    return moved


def exercises(page):
    own, other_c = page.swapped['", 50 back'][0], page.swapped['", 50 back'][2]
    claim(
        "Nearly as probable as with its own states",
        page.rest_probability > own - 0.3 * (own - other_c),
    )
    claim("for others hold the mark as well", page.rest_share > 0.85)
