"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    smoothed = page.smoothed[:, 0]
    claim(
        "At each step the state covers a fifth of its distance to the input, 1",
        np.allclose(1 - smoothed, 0.8 ** np.arange(1, 6)),
    )
    claim("Both give 2.967", abs(page.h - 2.967) < 5e-4 and abs(page.held - 2.967) < 5e-4)
    claim("That is a causal convolution", np.allclose(page.full[:, 0], page.by_convolution))
    claim("a diagonal matrix costs nothing", np.allclose(page.full, page.diagonal))
    claim("It does, so these swaps cannot share a $V$", page.order_matters)
    states = page.states[:, 0]
    claim(
        "The 5 is taken, two inputs hardly change it, and the 7 replaces it",
        abs(states[0] - 5) < 0.2 and abs(states[2] - states[0]) < 0.2 and abs(states[3] - 7) < 0.2,
    )
    claim(
        "There is the 8: $3 + 5$, step by step and as attention",
        page.added[-1, 0] == 8 and np.allclose(page.added, page.by_attention),
    )
    claim(
        "Ann has 5, and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.table[1, 0] == 1
    )
    plain = page.recalled  # of the sum, the delta rule, and with beta 0.5
    quote(plain_sum_new=plain[8, 4][0], plain_delta_new=plain[8, 4][1])
    claim(
        "Where keys repeat, the delta rule with $\\beta = 1$ recalls",
        plain[8, 4][1] > plain[8, 4][0] + 0.2,
    )
    claim(
        "Where each key comes once, the sum is ahead",
        min(plain[n, n][0] - plain[n, n][1] for n in (4, 8)) > 0.02,
    )
    claim(
        "With $\\beta = 0.5$ the two are close there, and the lead on repeated keys stays",
        max(abs(plain[n, n][0] - plain[n, n][2]) for n in (4, 8)) < 0.03
        and plain[8, 4][2] > plain[8, 4][0] + 0.2,
    )
    claim("attention keeps about 1,600 times as much", abs(page.ratio - 1600) < 50)
    recall(page.chosen, page.without_order, plain[8, 4][:2])


def recall(rows, without_order, plain):
    """The experiment; `plain`, what the sum and the delta rule recall untrained."""
    linear, gated, delta = "linear attention", "gated linear attention", "delta rule"
    gru, lstm, softmax = "minGRU, output gate", "LSTM", "softmax attention"
    rows = rows[rows["model"].isin([linear, gated, delta, gru, lstm, softmax])]
    of = rows.groupby(["keys", "model"])["accuracy"].agg(["mean", "min", "max", "size"])
    new, known, once = (of.loc[keys] for keys in ("new", "known", "once"))
    numbers = rows.groupby("model")["numbers"].first().astype(int)
    quote(
        new_delta=new["mean"][delta],
        new_linear=new["mean"][linear],
        new_softmax=new["mean"][softmax],
        once_delta=once["mean"][delta],
        once_linear=once["mean"][linear],
        known_linear=known["mean"][linear],
    )
    claim("Each recurrent layer has a state of 64 numbers", (numbers.drop(softmax) == 64).all())
    claim("one dot per seed", (of["size"] == 5).all())
    claim(
        "Training changes little",
        max(abs(new["mean"][m] - p) for m, p in zip((linear, delta), plain, strict=True)) < 0.05,
    )
    claim("Linear attention, a sum, stays below it", new["max"][linear] < without_order)
    gates = [gated, gru, lstm]
    claim(
        "Layers with gates lie between",
        new["max"][linear] < new["min"][gates].min()
        and new["max"][gates].max() < new["min"][delta],
    )
    claim("softmax attention recalls", new["min"][softmax] > 0.99)
    claim(
        "As with $\\beta = 0.5$, the two are close",
        abs(once["mean"][delta] - once["mean"][linear]) < 0.05,
    )
    claim(
        "So the large lead is there only where keys repeat",
        new["min"][delta] - new["max"][linear] > 0.2 > once["max"][delta] - once["min"][linear],
    )
    claim(
        "the delta rule and all layers with gates recall more than 99 %",
        (known["mean"][[delta, *gates]] > 0.99).all(),
    )
    claim("Linear attention still has only", known["max"][linear] < 0.75)
