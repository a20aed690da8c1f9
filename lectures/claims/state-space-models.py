"""What `state-space-models` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim(
        "With half the step the states are the same", np.allclose(page.half_step[1::2], page.once)
    )
    claim(
        "With the old one the layer forgets twice as fast",
        np.allclose(np.log(page.old_step[3:] / page.old_step[2:-1]), -0.2)
        and np.allclose(np.log(page.half_step[3:] / page.half_step[2:-1]), -0.1),
    )
    claim("That is a causal convolution", np.allclose(page.by_steps, page.by_filter))
    i = np.arange(30)
    claim("So $K_i = 0.7^i - 0.3^i$", np.allclose(page.K, 0.7**i - 0.3**i))
    claim("the filter is a weighted sum of the powers", np.allclose(page.K, page.sum_of_powers))
    claim("the layer is time-invariant, so it must be a convolution", page.mamba_agrees)
    gated = page.gated
    quote(taken=gated[0])
    claim(
        "Two inputs hardly change it, and the 7 replaces it",
        abs(gated[0] - 5) < 0.2 and abs(gated[2] - gated[0]) < 0.2 and abs(gated[3] - 7) < 0.2,
    )
    claim(
        "A filter always gives the input of five steps ago the same weight", page.filter_share < 0.7
    )
    claim("A gate that reads the input can", page.explained(page.by_gate) > 0.99)
    claim(
        "It has learned to overwrite at a mark and to keep otherwise",
        page.learned @ [1, 0, 1] > 3 > -3 > page.learned[0],
    )
    shares = page.shares
    claim(
        "So a layer of one state needs both",
        shares["both"] > 0.99 > 0.7 > shares["only the write"],
    )
    claim("but then every number since gets in", shares["only the transition"] < 0.4)
    marked = page.fit(
        lambda w: (1 / (1 + np.exp(-page.dense(w[:3]))), w[3] * page.marks), num_weights=4
    )
    claim("it would be enough", page.explained(marked[1]) > 0.99)
    claim("nothing of the filter is left", hippo_error(32) > 1 > 0.01 > hippo_error(8))
    claim("One step length gives both", shares["both, by one step"] > 0.99)
    claim(
        "Here it beats the fitted filter",
        shares["only the write"] > page.filter_share,
    )
    claim("writes 0.98 of it", round(1 - np.exp(-4.0), 2) == 0.98)


def hippo_error(N, step=0.01, steps=50):
    """Relative error of the filter of HiPPO's matrix (Gu et al. 2020) by its eigenvectors."""
    n = np.arange(N)
    B = np.sqrt(2 * n + 1)
    A = -np.tril(np.outer(B, B), -1) - np.diag(n + 1)
    back, forth = np.eye(N) - step / 2 * A, np.eye(N) + step / 2 * A
    A_bar, B_bar = np.linalg.solve(back, forth), np.linalg.solve(back, step * B)
    values, V = np.linalg.eig(A_bar)
    weights = (np.ones(N) @ V) * np.linalg.solve(V, B_bar)
    filters, h = [], B_bar
    for _ in range(steps):
        filters.append(h.sum())
        h = A_bar @ h
    by_powers = np.power.outer(values, np.arange(steps)).T @ weights
    return np.abs(by_powers - filters).max() / np.abs(filters).max()


def exercises(page):
    long, short = page.by_clock[1], page.by_clock[0.5]
    claim("every second state is the same as before", np.allclose(short[1::2], long))
    quotients = page.quotients
    quote(quotient_share=quotients[0.1])
    claim("almost the whole answer is right", quotients[0.1] > 0.99 and quotients[0.5] < 0.98)
    claim("too small for 32-bit numbers", np.float32(0.1) ** 40 < np.finfo(np.float32).tiny)
