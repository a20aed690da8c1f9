"""What `bptt` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("After five steps the number has reached unit 6.", page.chain_error < 0.05)
    example(page)
    claim("All 55 numbers agree.", all(page.agree.values()) and len(page.agree) == 4)
    claim("and all numbers still agree, since $H_0 = 0$", not page.H[:, 0].any())
    truncation(page)


def example(page):
    """Two steps by hand, and in code."""
    dW_x, dW_h, _ = page.by_pencil
    claim(
        "The first line matches the hand calculation.",
        np.allclose(dW_x, [[-0.051, -0.052]], atol=6e-4)
        and np.allclose(dW_h, [[0, -0.120], [0, 0]], atol=6e-4),
    )
    first, second = abs(page.mean_W_x[0])
    claim("That of the second unit has almost none", second < 0.004 < 0.03 < first)


def truncation(page):
    """Training, and what truncation costs."""
    alone, full, ten, six, five = (errors[-200:].mean() for errors in page.delay.values())
    quote(trained=True, delay_alone=alone, delay_full=full, delay_five=five)
    quote(trained=True, weight_five=page.largest[5])
    claim("With the gradient of all weights it falls to", full < 0.05 < 0.1 < alone < 0.2)
    claim("Chunks of 10 do almost as well as the whole gradient", max(ten, full) < 0.05)
    claim("sees its input, not much worse", six < 0.6 * alone)
    claim(
        "With chunks of 5 the error falls too, below that of the output layer alone.",
        page.delay["chunks of 5"][300:500].mean() < 0.8 * alone,
    )
    claim(
        "So it reduces them: the largest ends at",
        five > 0.8 and page.largest[5] < 0.2 < page.largest[10],
    )
    claim("Now the error stays low", page.mixed[-200:].mean() < 0.7 * alone)


def exercises(page):
    full = page.delay["all 30 steps"][300:400].mean()
    claim(
        "A window of 6 does about as well as the whole gradient",
        page.sliding[-100:].mean() < 1.5 * full < 0.09,
    )
