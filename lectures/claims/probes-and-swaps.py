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
        "this probe reads the *q* from $c$ as well as the mark, the *e* hardly",
        abs(q[0] - mark[50][0]) < 0.06 and e[0] < 0.7,
    )
    claim("after the tanh it reads neither letter", max(q[1:] + e[1:]) < 0.62)
    columns = ["own", "other_h", "other_c", "moved", "stranger"]
    near, far, letter = (dict(zip(columns, row, strict=True)) for row in page.swapped.values())
    claim(
        "the other text's cell makes a mark improbable, and moves the prediction several times",
        near["other_c"] < 0.5 * near["own"] and near["moved"] > 2.5 * near["stranger"],
    )
    claim(
        "At 200 characters it moves it no farther than a stranger's.",
        far["moved"] < 1.1 * far["stranger"],
    )
    pair = page.both_ways("e", 50)
    opening, closing = (page.model.predict_on_batch(numbers)[2] for numbers in pair)
    paired = page.probe(np.concatenate([opening - closing, closing - opening]))
    claim("it reads the *e* from $c$, too", paired > 0.85)
    claim(
        "The $h$ hardly matters",
        all(abs(row["own"] - row["other_h"]) < 0.01 for row in (near, far, letter)),
    )
    claim(
        "And the cell of the other *q* changes hardly anything.",
        letter["moved"] < 0.03 < 0.1 < near["moved"],
    )
    first, second = np.sort(page.alone)[:2]
    quote(num_texts=len(page.texts))
    quote(trained=True, one_unit=-first)
    claim("It is a single one", first < -0.12 < -0.05 < second)
    inside = np.cumsum([symbol == '"' for symbol in page.passage]) % 2 == 1
    claim(
        "switches where a speech begins and where it ends",
        np.median(page.along[inside]) < -1.2 and abs(np.median(page.along[~inside])) < 0.5,
    )
    of_q = page.q_opening[:, page.q_unit], page.q_closing[:, page.q_unit]
    claim(
        "where the tanh is $-1$ whatever the cell holds",
        max(values.max() for values in of_q) < -20
        and abs(np.median(of_q[0]) - np.median(of_q[1])) > 10,
    )


def exercises(page):
    own, other_c = page.swapped['", 50 back'][0], page.swapped['", 50 back'][2]
    claim(
        "Nearly as probable as with its own states",
        page.rest_probability > own - 0.3 * (own - other_c),
    )
    claim("for others hold the mark as well", page.rest_share > 0.85)
