"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def _reads(page, name, keys, values):
    return (page.first @ page.write(page.rules[name], keys, values))[0]


def lesson(page):
    first = page.first
    keys, values = [first, page.second, first], [3.0, 7.0, 5.0]
    read = [_reads(page, name, keys, values) for name in page.rules]
    claim(
        "When a key comes again, linear attention adds, a decay fades, the delta rule replaces.",
        list(page.rules) == ["adds", "fades", "replaces"] and np.allclose(read, [8, 5.75, 5]),
    )
    other = [(page.second @ page.write(rule, keys, values))[0] for rule in page.rules.values()]
    claim(
        "A decay fades *every* key, also the second, to which nothing new was written.",
        np.allclose(other, [7, 3.5, 7]),
    )
    quote(cache_times=page.cache / page.state)
    one, other = page.swap_12, page.swap_23
    claim(
        "The order decides where the ball is",
        not np.array_equal(other @ one @ page.ball, one @ other @ page.ball),
    )
    k = np.array([[1, -1, 0]]) / np.sqrt(2)
    claim("it is the swap of cups 1 and 2", np.allclose(np.eye(3) - 2 * k.T @ k, page.swap_12))
    trained(page.results)
    claim("At 512 steps all are equal", page.state == 32 * 8 * 512 * (page.N + page.P) * 2 / 1e9)
    claim("with $\\beta_t$ up to 1 no eigenvalue is negative", no_negative_eigenvalue(page))
    factor = np.where(page.bits == 1, -1, 1).cumprod()
    parity = page.bits.cumsum() % 2
    claim("Only the last is negative exactly where parity is 1", np.all((factor < 0) == parity))


def no_negative_eigenvalue(page):
    """Kimi Delta Attention, beta up to 1: eigenvalues of its transitions."""
    rng = np.random.default_rng(0)
    keys, decays, betas = rng.normal(size=(300, 4)), rng.random((300, 4)), rng.random(300)
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    erase = np.eye(4) - betas[:, None, None] * keys[:, :, None] * keys[:, None, :]
    return np.linalg.eigvals(erase * decays[:, None, :]).real.min() > -1e-6


def trained(results):
    """The experiment with cups: the chosen rate, three seeds."""
    short = results[results["trained_on"] == 20]
    of = {key: rows for key, rows in short.groupby(["task", "layer"])}
    claim("one line per seed", all(len(rows) == 3 for rows in of.values()))
    parity = {layer: rows for (task, layer), rows in of.items() if task == "parity"}
    one, decay = parity["beta up to 1"], parity["decay"]
    claim("does not learn even the 20 operations in these updates", one["step_20"].max() < 0.7)
    claim(
        "soon after drop to chance, a half",
        decay["step_20"].min() > 0.8 > 0.56 > decay["step_50"].max(),
    )
    signed = parity["signed decay"]["step_300"].min()
    claim("Signed decays keep the parity to the end", signed > 0.99)
    two = parity["beta up to 2"]
    claim("$\\beta_t$ up to 2 beyond 100", two["step_100"].min() > 0.99)
    claim("one seed is at chance by 300", sorted(two["step_300"] < 0.6) == [False, False, True])
    failed = [of["swaps", one]["step_20"].max() for one in ("signed decay", "beta up to 1")]
    claim("signed decays, too, fail at 20", max(failed) < 0.3)
    two = of["swaps", "beta up to 2"]
    claim("the ball is found after 50", two["step_50"].min() > 0.99)
    longer = results[results["trained_on"] == 60]["step_300"]
    claim("Trained on 60 swaps", longer.min() > two["step_300"].max())
    claim("follows the swaps to the end", of["swaps", "LSTM"]["step_300"].min() > 0.95)
    head = 11 * 16 + 64 * 64 + 64 + 64 * 5 + 5  # embedding of swaps, hidden layer, scores
    quote(lstm_times=(head + 4 * (16 + 64 + 1) * 64) / (head + 16 * 66))
    quote(found_least=two["step_300"].min(), found_most=two["step_300"].max())
    quote(longer_least=longer.min(), longer_most=longer.max())
    fast = results["layer"] == "beta up to 2"
    claim(
        "0.03 for $\\beta_t$ up to 2, the smallest for all others",
        set(results[fast]["rate"]) == {0.03} and set(results[~fast]["rate"]) == {0.01},
    )


def exercises(page):
    adds, fades, replaces = (page.again[name].ravel() for name in ("adds", "fades", "replaces"))
    claim("A sum grows with every round", adds.min() > 50)
    claim("A decay levels off, at sums of both values", np.abs(fades - [3, 2]).max() > 0.5)
    claim("The delta rule ends with both values right", np.allclose(replaces, [3, 2], atol=1e-3))
    claim("The loop does it in these words", np.allclose(page.in_words, page.by_parts))
