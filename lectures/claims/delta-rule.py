"""What `delta-rule` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim(
        "There is the 8: $3 + 5$, step by step and as attention",
        page.added[-1, 0] == 8 and np.allclose(page.added, page.by_attention),
    )
    claim("and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.table[1, 0] == 1)
    plain = page.recalled.T
    new, once = plain.loc["8 pairs, 4 keys"], plain.drop("8 pairs, 4 keys")
    quote(
        plain_sum_new=new["sum"],
        plain_delta_new=new["delta rule"],
        plain_fades_new=new["sum that fades"],
    )
    ahead = new["delta rule"] > new["sum"] + 0.2
    claim("In the first column keys repeat: the delta rule recalls", ahead)
    share = (new["sum that fades"] - new["sum"]) / (new["delta rule"] - new["sum"])
    claim("About half of that lead comes from forgetting alone", 0.4 < share < 0.6)
    once = once.iloc[0]
    claim("with $\\beta = 1$ the sum is ahead", once["sum"] > once["delta rule"] + 0.02)
    half, third = once["delta rule, beta 0.5"], once["delta rule, beta 0.3"]
    claim("with 0.5 the two are close", abs(once["sum"] - half) < 0.03)
    claim("with 0.3 the delta rule leads", third > once["sum"])
    claim("it returns every value exactly", once["least squares"] == 1)
    claim("attention keeps about 1,600 times as much", abs(page.ratio - 1600) < 50)
    recall(page.chosen, page.without_order, new[["sum", "delta rule"]])


def recall(rows, without_order, plain):
    """The experiment; `plain`, what the sum and the delta rule recall untrained."""
    linear, gated, delta = "linear attention", "gated linear attention", "delta rule"
    softmax = "softmax attention"
    rows = rows[rows["model"].isin([linear, gated, delta, softmax])]
    of = rows.groupby(["keys", "model"])["accuracy"].agg(["mean", "min", "max", "size"])
    new, known, once = (of.loc[keys] for keys in ("new", "known", "once"))
    sizes = rows.groupby("model")[["numbers", "weights"]].first().astype(int)
    quote(
        new_delta=new["mean"][delta],
        new_linear=new["mean"][linear],
        new_gated=new["mean"][gated],
        once_delta=once["mean"][delta],
        once_linear=once["mean"][linear],
        known_linear=known["mean"][linear],
    )
    claim("Each table has 64 numbers", (sizes["numbers"].drop(softmax) == 64).all())
    weights = sizes["weights"]
    claim("The layers have 542 to 729 weights", (weights.min(), weights.max()) == (542, 729))
    claim("one dot per seed", (of["size"] == 5).all())
    claim(
        "Training changes little",
        max(abs(new["mean"][m] - p) for m, p in zip((linear, delta), plain, strict=True)) < 0.05,
    )
    claim("linear attention, a sum, stays below it", new["max"][linear] < without_order)
    claim(
        "A gate for each row brings it to",
        new["max"][linear] < new["min"][gated] and new["max"][gated] < new["min"][delta],
    )
    claim(
        "The two are close, and no better than without training",
        abs(once["mean"][delta] - once["mean"][linear]) < 0.05,
    )
    claim(
        "the delta rule and gated linear attention recall every pair",
        (known["min"][[delta, gated]] == 1).all(),
    )
    claim("Without a gate, linear attention reaches", known["max"][linear] < 0.75)
    stuck = [of.loc[keys, linear]["min"] < 0.6 for keys in ("new", "known")]
    claim("one of its five seeds got stuck", all(stuck))


def exercises(page):
    ann = page.mean_attention(page.ask_ann, page.keys, page.values)[-1, 0]
    claim("Ann gets a mean of 3 and 5 with a part of Bob's 1 in it", 1 < ann < 4)
