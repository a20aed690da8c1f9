"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def _reads(page, name, keys, values):
    return (page.first @ page.write(page.rules[name], keys, values))[0]


def lesson(page):
    first, second = page.first, page.second
    read = [_reads(page, name, [first, first], [3.0, 5.0]) for name in page.rules]
    claim(
        "Linear attention adds, a decay fades, the delta rule replaces",
        list(page.rules) == ["adds", "fades", "replaces"] and np.allclose(read, [8, 6.5, 5]),
    )
    shifted = _reads(page, "replaces", [first, first, second], [3.0, 5.0, 2.0])
    share = page.share_found
    quote(shifted=shifted, cache_times=page.cache / page.state, found_ten=share[1][9])
    claim("So the error was $-1$, and 0.6 of it leaks to the first key", np.isclose(shifted, 4.4))
    claim(
        "is exact for the key that is written",
        np.isclose(_reads(page, "replaces", [first, second, first], [3.0, 2.0, 5.0]), 5)
        and not np.isclose(shifted, 5),
    )
    one, other = page.swap_12, page.swap_23
    claim(
        "The order decides where the ball is",
        not np.array_equal(other @ one @ page.ball, one @ other @ page.ball),
    )
    k = np.array([[1, -1, 0]]) / np.sqrt(2)
    claim("it is the swap of cups 1 and 2", np.allclose(np.eye(3) - 2 * k.T @ k, page.swap_12))
    claim("one layer follows five cups through all swaps", share[2].min() == 1)
    claim(
        "after twenty hardly more often than by chance",
        0.1 < share[1][19] < 0.3 and share[1][9] < 0.45,
    )
    claim(
        "in the end the ball is no longer the largest",
        share[1.5][-1] < 0.4 < 0.85 < share[1.9][-1] < 0.999,
    )
    faded = page.run(
        np.zeros((2, 2)), np.array([first, first]), np.array([[3.0], [5.0]]), np.eye(2)
    )
    claim("and then it would read 5 as well", np.isclose((first @ faded[1])[0], 5))
    claim("At 512 steps all are equal", page.state == 32 * 8 * 512 * (page.N + page.P) * 2 / 1e9)
    claim("with $\\beta_t$ up to 1 no eigenvalue is negative", no_negative_eigenvalue(page))


def no_negative_eigenvalue(page):
    """Kimi Delta Attention, beta up to 1: eigenvalues of its transitions."""
    rng = np.random.default_rng(0)
    keys, decays, betas = rng.normal(size=(300, 4)), rng.random((300, 4)), rng.random(300)
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    erase = np.eye(4) - betas[:, None, None] * keys[:, :, None] * keys[:, None, :]
    return np.linalg.eigvals(erase * decays[:, None, :]).real.min() > -1e-6


def with_wrong_keys(noise=0.03, swaps=300, cups=5):
    """Share of 20 sequences whose ball is found at the end, beta 2, each key a little off."""
    right = []
    for seed in range(20):
        rng, state, place = np.random.default_rng(seed), np.eye(cups)[0], 0
        for _ in range(swaps):
            i, j = rng.choice(cups, 2, replace=False)
            k = (np.eye(cups)[i] - np.eye(cups)[j]) / np.sqrt(2) + noise * rng.normal(size=cups)
            k /= np.linalg.norm(k)
            state = state - 2 * (k @ state) * k
            place = i + j - place if place in (i, j) else place
        right.append(state.argmax() == place)
    return np.mean(right)


def exercises(page):
    nearly = [page.found(1.99, seed).min() for seed in range(10)]
    claim("With 1.99 the ball is not lost in 300 swaps", min(nearly) == 1)
    less = np.mean([page.found(1.8, seed)[-1] for seed in range(20)])
    claim("with 1.8 it often is", less < 0.8)
    claim("Small errors in the keys harm, too", with_wrong_keys() < 0.9)
    adds, fades, replaces = (page.again[name].ravel() for name in ("adds", "fades", "replaces"))
    claim("A sum grows with every round", adds.min() > 50)
    claim("A decay levels off, at values that are mixtures", np.abs(fades - [3, 2]).max() > 0.5)
    claim("The delta rule ends with both values right", np.allclose(replaces, [3, 2], atol=1e-3))
    claim("The loop does it in these words", np.allclose(page.in_words, page.by_parts))
