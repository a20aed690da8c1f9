"""What `state-space-models` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("With half the step the states are the same", np.allclose(page.half_step, page.once))
    claim(
        "the layer forgets twice as fast and smooths less",
        np.std(np.diff(page.old_step)) > 1.2 * np.std(np.diff(page.once)),
    )
    claim(
        "Real new readings, as of a sine, differ a little from held ones",
        0.01 < np.abs(page.new_readings).max() < 0.2,
    )
    claim("That is a causal convolution", np.allclose(page.by_steps, page.by_filter))
    i = np.arange(30)
    claim("So $K_i = 0.7^i - 0.3^i$", np.allclose(page.K, 0.7**i - 0.3**i))
    claim("the filter is a weighted sum of the powers", np.allclose(page.K, page.sum_of_powers))
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
    claim("both must read the input", shares["both"] > 0.99 > 0.7 > shares["only the write"])
    claim("unmarked numbers get in", shares["only the transition"] < 0.4)
    claim("almost the whole answer is the last one", shares["quotient of two filters"] > 0.99)
    claim("too small for 32-bit numbers", np.float32(0.1) ** 40 < np.finfo(np.float32).tiny)


def exercises(page):
    long, short = page.by_clock[1], page.by_clock[0.5]
    claim("every second state is the same as before", np.allclose(short[1::2], long))
