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
    times = 100_000 * (page.N + page.P) / (page.N * page.P)
    quote(shifted=shifted, cache_times=round(times, -1), cache_shared=times / 8)
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
    share = page.share_found
    claim("one layer follows five cups through all swaps", share[2].min() == 1)
    claim(
        "until the layer guesses",
        share[1.8][-50:].mean() < 0.8 and 0.05 < share[1.5][-50:].mean() < 0.4,
    )
    faded = page.run(
        np.zeros((2, 2)), np.array([first, first]), np.array([[3.0], [5.0]]), np.eye(2)
    )
    claim("and then it would read 5 as well", np.isclose((first @ faded[1])[0], 5))
    claim("At 64 steps both are equal", 64 * (page.N + page.P) == page.N * page.P)


def exercises(page):
    adds, fades, replaces = (page.again[name].ravel() for name in ("adds", "fades", "replaces"))
    claim("A sum grows with every round", adds.min() > 50)
    claim("A decay levels off, at values that are mixtures", np.abs(fades - [3, 2]).max() > 0.5)
    claim("The delta rule ends with both values right", np.allclose(replaces, [3, 2], atol=1e-3))
    claim("The loop does it in these words", np.allclose(page.in_words, page.by_parts))
