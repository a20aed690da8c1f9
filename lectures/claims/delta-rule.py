"""What `delta-rule` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim(
        "There is the 8: $3 + 5$",
        page.added[-1] == 8 and np.allclose(page.added, page.by_attention),
    )
    claim("and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.last_table[1, 0] == 1)
    once, new = page.once, page.repeated.loc[8]
    least, total, fades, half, whole = page.rules
    quote(
        plain_sum_new=new[total],
        plain_delta_new=new[whole],
        plain_fades_new=new[fades],
        once_sum=once.loc[24, total],
    )
    exact = (once.loc[:8, least] == 1).all() and (once.loc[12:, least] < 0.99).all()
    claim("it returns every value exactly", exact)
    claim("So what the rules lose before that", (once.drop(columns=least).loc[4:8] < 1).all().all())
    claim("But answers only blur", once.diff().loc[12:].min().min() > -0.2)
    rest = page.repeated.loc[4:, [fades, half, whole]].min(axis=1)
    mixed = page.repeated.loc[4:, total]
    claim("The sum mixes a key's old values with its last", (rest > mixed).all())
    recent = [page.share_recalled(recent_first, n, 4) for n in (8, 24)]
    claim("so on the right all losses are the rule's", min(recent) > 0.995)
    claim("These are $T$ linear equations with a triangular matrix", page.at_once)
    off = {
        rule: abs(page.turned_ann @ table - 5) + abs(page.turned_bob @ table - 1)
        for rule, table in page.tables.items()
    }
    claim("No gate on rows does.", off.pop("delta rule") < 1e-9 and min(off.values()) > 1)
    claim("Of eight pairs the delta rule recalls", new[whole] > new[total] + 0.2)
    share = (new[fades] - new[total]) / (new[whole] - new[total])
    claim("About half of that lead comes from forgetting alone", 0.4 < share < 0.6)
    behind = once.loc[4:, [fades, whole]].max(axis=1) + 0.02
    claim("the sum is ahead of the fading one", (once.loc[4:, total] > behind).all())
    claim(
        "the delta rule recalls about as much as the sum on the left",
        (abs(once[half] - once[total]) < 0.04).all(),
    )
    claim(
        "and as much as $\\beta = 1$ on the right",
        (abs(page.repeated[half] - page.repeated[whole]) < 0.04).all(),
    )
    claim("attention keeps about 1,600 times as much", abs(page.ratio - 1600) < 50)
    good = page.share_recalled(lambda keys: page.delta_parts(keys, 0.7), 8, 4)
    recall(page.chosen, page.without_order, (new[total], good))


def recent_first(keys, fade=0.4):
    """A and B of the table with the least squared error, a pair's weight fading with its age."""
    weights = fade ** np.arange(len(keys) - 1, -1, -1)[:, None]
    return np.ones(keys.shape), np.linalg.pinv(weights * keys).T * weights


def recall(rows, without_order, plain):
    """The experiment; `plain`, what the sum and the delta rule recall untrained."""
    linear, gated, delta = "linear attention", "gated linear attention", "delta rule"
    softmax = "softmax attention"
    decay = "one decay"
    rows = rows[rows["model"].isin([linear, decay, gated, delta, softmax])]
    of = rows.groupby(["keys", "model"])["accuracy"].agg(["mean", "median", "min", "max", "size"])
    new, known, once = (of.loc[keys] for keys in ("new", "known", "once"))
    sizes = rows.groupby("model")[["numbers", "weights"]].first().astype(int)
    of_decay = rows[rows["model"] == decay].groupby("keys")["accuracy"]
    new_decay, known_decay = (np.sort(of_decay.get_group(keys)) for keys in ("new", "known"))
    quote(
        new_decay=new_decay[1],
        new_delta=new["median"][delta],
        new_linear=new["median"][linear],
        known_linear=known["median"][linear],
    )
    claim("a table has 64 numbers", (sizes["numbers"].drop(softmax) == 64).all())
    claim("one dot per seed", (of["size"] == 5).all())
    claim(
        "Training changes little",
        max(abs(new["median"][m] - p) for m, p in zip((linear, delta), plain, strict=True)) < 0.05,
    )
    claim("linear attention, a sum, stays below it", new["max"][linear] < without_order)
    claim(
        "a gate for each row a little above that",
        new_decay[4] < new["min"][gated] and new["max"][gated] < new["min"][delta],
    )
    claim("One decay lies between", new["max"][linear] < new_decay[1])
    claim(
        "All tables are close, and no better than without training",
        np.ptp(once["mean"].drop(softmax)) < 0.05,
    )
    claim(
        "the delta rule and gated linear attention recall every pair",
        (known["min"][[delta, gated]] == 1).all(),
    )
    claim("Linear attention has", known["max"][linear] < 0.75)
    stuck = [of.loc[keys, m]["min"] < 0.65 for keys in ("new", "known") for m in (linear, decay)]
    claim("With and without a decay some seeds got stuck", all(stuck))


def exercises(page):
    ann = page.mean_attention(page.ask_ann, page.keys, page.values)[-1, 0]
    claim("Ann gets a mean of 3 and 5 with a part of Bob's 1 in it", 1 < ann < 4)
