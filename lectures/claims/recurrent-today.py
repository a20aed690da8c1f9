"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("a diagonal matrix costs nothing", np.allclose(page.full, page.diagonal))
    claim("their order matters", page.order_matters)
    states = page.states[:, 0]
    claim(
        "The 5 is taken, two inputs hardly change it, and the 7 replaces it",
        abs(states[0] - 5) < 0.2 and abs(states[2] - states[0]) < 0.2 and abs(states[3] - 7) < 0.2,
    )
    claim("There is the 8: $3 + 5$", page.added[-1, 0] == 8)
    claim(
        "Ann has 5, and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.table[1, 0] == 1
    )
    capacity = page.capacity
    grow = [np.diff([errors[i] for errors in capacity.values()]) for i in (0, 1)]
    claim("It grows with the number of pairs", all((steps > 0).all() for steps in grow))
    claim("with 32 random keys it is no rescue", capacity[32][1] > 0.9)
    claim(
        "a sharp softmax picks the right one", max(errors[2] for errors in capacity.values()) < 0.05
    )
    recall(page.chosen, page.without_order)


def recall(rows, without_order):
    """The experiment."""
    of = rows.groupby(["keys", "model", "d"])["accuracy"].agg(["mean", "min", "max", "size"])
    new, known, once = (of.loc[keys] for keys in ("new", "known", "once"))
    linear, gated, delta = "linear attention", "gated linear attention", "delta rule"
    show, plain, softmax = "minGRU, output gate", "minGRU", "softmax attention"
    quote(
        new_delta=new["mean"][delta, 8],
        new_linear=new["mean"][linear, 8],
        new_gated=new["mean"][gated, 8],
        new_show=new["mean"][show, 8],
        new_softmax=new["mean"][softmax, 8],
        known_show_small=known["mean"][show, 4],
        known_delta_small=known["mean"][delta, 4],
        known_plain_small=known["mean"][plain, 4],
        once_delta=once["mean"][delta, 8],
    )
    claim(
        "Each is trained with five seeds at each of three rates",
        (of["size"].drop("best without order", level="model") == 5).all(),
    )
    claim("linear attention stays below it", new["max"][linear, 8] < without_order)
    claim(
        "Gates lie between the two",
        new["max"][linear, 8] < new["min"][gated, 8]
        and max(new["max"][gated, 8], new["max"][show, 8]) < new["min"][delta, 8],
    )
    seeds = rows[(rows["keys"] == "new") & (rows["model"] == delta) & (rows["d"] == 4)]["accuracy"]
    others = new["max"].drop([(delta, 8), (delta, 4)])[:, 4].max()
    claim(
        "three of five seeds of the delta rule still lead, and two fail",
        (seeds > others).sum() == 3 and (seeds < 0.65).sum() == 2,
    )
    claim("Softmax attention keeps all pairs and recalls", new["min"][softmax, 8] > 0.99)
    four = [(name, 8) for name in (delta, gated, "LSTM", show)]
    claim("all recall more than 99 %", (known["mean"][four] > 0.99).all())
    claim(
        "With 16 the minGRU with output gate recalls",
        known["min"][show, 4] > known["max"][delta, 4] + 0.05,
    )
    claim("Without its output gate the minGRU has", known["max"][plain, 4] < 0.85)
    claim(
        "delta rule and linear attention with 64 numbers are level",
        min(once["min"][delta, 8], once["min"][linear, 8]) > 0.99,
    )
