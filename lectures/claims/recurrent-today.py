"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("That is a causal convolution", np.allclose(page.full[:, 0], page.by_convolution))
    claim("so keep $V^{-1} S_t$ instead of $S_t$", np.allclose(page.full, page.diagonal))
    claim("A gate that reads the input can", page.by_gate > 0.99)
    claim(
        "It has learned to overwrite at a mark and to keep otherwise",
        page.learned @ [1, 0, 1] > 3 > -3 > page.learned[0],
    )
    claim("A filter always gives the input of five steps ago the same weight", page.by_filter < 0.7)
    claim("and the task is nearly solved", page.by_quotient > 0.99)
    first, second = page.swap_12, page.swap_23
    claim(
        "The order decides where the ball is",
        not np.array_equal(second @ first @ page.ball, first @ second @ page.ball),
    )
    states = page.states[:, 0]
    quote(taken=states[0])
    claim(
        "Two inputs hardly change it, and the 7 replaces it",
        abs(states[0] - 5) < 0.2 and abs(states[2] - states[0]) < 0.2 and abs(states[3] - 7) < 0.2,
    )
    k = np.array([[1, -1, 0]]) / np.sqrt(2)
    claim("it is then the swap of cups 1 and 2", np.allclose(np.eye(3) - 2 * k.T @ k, page.swap_12))


def exercises(page):
    long, short = page.by_clock[1][:, 0], page.by_clock[0.5][:, 0]
    claim("every second state is the same as before", np.allclose(short[1::2], long))
