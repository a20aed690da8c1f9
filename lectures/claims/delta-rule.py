"""What `delta-rule` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim(
        "There is the 8: $3 + 5$",
        page.added[-1] == 8 and np.allclose(page.added, page.by_attention),
    )
    claim("and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.last_table[1, 0] == 1)
    ann, bob, table = page.turned_ann, page.turned_bob, page.table
    claim(
        "The delta rule still gets both right", np.allclose([ann @ table, bob @ table], [[5], [1]])
    )
    ann_old, bob_old = 3.0, 1.0
    rows = np.outer(ann, [ann_old]) + np.outer(bob, [bob_old])
    claim(
        "a part of both numbers each",
        np.allclose(rows.ravel(), [0.6 * 3 + 0.8 * 1, 0.8 * 3 - 0.6 * 1]),
    )
    claim(
        "so 3.2 was written",
        np.allclose(page.three.ravel(), np.array([5, 1]) + 3.2 * np.array([0.6, 0.8])),
    )
    given = page.keys, page.values, page.ask_ann
    answers, _ = page.delta_chunks(*given, np.ones(3), 3)
    claim(
        "So 3, 1 and 2 are written",
        np.allclose(np.tril(np.ones((3, 3)) * [1, 0, 1]) @ [3, 1, 2], answers[:, 0]),
    )
    claim("So the delta rule is linear attention to the corrections", page.same_answers)
    sizes(page)
    four_keys(page)
    claim("attention keeps about 1,600 times as much", abs(page.ratio - 1600) < 50)


def sizes(page):
    """Each key once: three rules, tables of 8, 16 and 32 rows."""
    once = page.once
    least, total, _, half, whole = page.rules
    quote(sum_full=once.loc[1, total].mean(), delta_full=once.loc[1, whole].mean())
    apart = once.T.groupby(level=0).agg(np.ptp)
    claim("the ratio $n / N$ decides, not the size.", apart.max().max() < 0.06)
    claim(
        "Every full correction shifts the older pairs",
        (once[whole].loc[0.5:] < once[total].loc[0.5:] - 0.01).all().all(),
    )
    between, tiny = (
        page.recall(lambda keys, beta=beta: page.delta_parts(keys, beta), 16, N=16)
        for beta in (0.3, 0.001)
    )
    of_sum = page.recall(page.rules[total], 16, N=16)
    quote(delta_between=between)
    claim("In between it recalls a little more than either", between > of_sum + 0.01)
    claim("With a very small one the delta rule is the sum", abs(tiny - of_sum) < 0.02)
    four, sixteen = (of_values(page, P) for P in (4, 16))
    claim(
        "With 16 values the sum recalls more, and a smaller $\\beta$ is best.",
        sixteen[0] > four[0] + 0.05 and four[0.3] > four[0.1] and sixteen[0.1] > sixteen[0.3],
    )
    given = {"num_pairs": 16, "N": 16, "lists": 200}
    ages = {rule: page.recall(page.rules[rule], **given, by_age=True) for rule in (total, whole)}
    claim(
        "so what is lost is the old",
        ages[whole][0] < 0.7 < 0.99 < ages[whole][-1] and abs(np.ptp(ages[total][[0, -1]])) < 0.1,
    )
    exact = (once[least].loc[:1] == 1).all().all() and (once[least].loc[1.5:] < 0.97).all().all()
    claim("Up to $N$ keys it returns every value exactly", exact)
    claim(
        "In one pass neither rule finds this table",
        (once[[total, whole]].loc[0.5:1] < 0.98).all().all(),
    )
    claim("does, in a second state of $N \\times N$ numbers", recursive_is_least_squares())


def of_values(page, P, lists=300):
    """Recall of 16 pairs with P values: of the sum (0) and of the delta rule, by beta."""
    rng, right = np.random.default_rng(0), {beta: [] for beta in (0, 0.1, 0.3)}
    for _ in range(lists):
        keys, numbers = rng.normal(size=(16, 16)), rng.integers(0, P, 16)
        keys /= np.linalg.norm(keys, axis=1, keepdims=True)
        for beta, found in right.items():
            parts = page.delta_parts(keys, beta) if beta else (np.ones((16, 16)), keys)
            S = page.run(*parts, np.eye(P)[numbers], keys)[1]
            found.append(np.mean((keys @ S).argmax(axis=1) == numbers))
    return {beta: np.mean(found) for beta, found in right.items()}


def recursive_is_least_squares(ridge=1e-9):
    """Against the best table at once, with fewer pairs than rows and with more."""
    same = []
    for n in (5, 20):
        rng = np.random.default_rng(n)
        keys, values = rng.normal(size=(n, 8)), rng.normal(size=(n, 3))
        S, inverse = np.zeros((8, 3)), np.eye(8) / ridge
        for k, v in zip(keys, values, strict=True):
            gain = inverse @ k / (1 + k @ inverse @ k)
            S = S + np.outer(gain, v - k @ S)
            inverse = inverse - np.outer(gain, k @ inverse)
        same.append(np.allclose(S, np.linalg.pinv(keys) @ values, atol=1e-3))
    return all(same)


def four_keys(page):
    """Four keys that repeat, in a table of eight rows."""
    _, total, decay, half, whole = page.rules
    new, rest = page.repeated.loc[8], page.repeated.loc[4:, list(page.rules)[2:]].min(axis=1)
    quote(plain_sum_new=new[total], plain_delta_new=new[whole], plain_decay_new=new[decay])
    claim(
        "The sum mixes a key's old values with its last",
        (rest > page.repeated.loc[4:, total] + 0.02).all(),
    )
    claim("Of eight pairs it recalls", new[total] + 0.1 < new[decay] < new[whole] - 0.05)
    kept = page.recall(lambda keys: last_values(page, keys), 24, 4, lists=50)
    claim("Four keys fit into eight rows exactly", kept == 1)


def last_values(page, keys):
    """A and B that leave in the table the last value of each key alone, by least squares."""
    last = [not (keys[i + 1 :] == key).all(axis=1).any() for i, key in enumerate(keys)]
    B = np.zeros(keys.shape)
    B[last] = np.linalg.pinv(keys[last]).T
    return np.ones(keys.shape), B


def exercises(page):
    ann = page.mean_attention(page.ask_ann, page.keys, page.values)[-1, 0]
    claim("Ann gets a mean of 3 and 5 with a part of Bob's 1 in it", 1 < ann < 4)
