"""What `bptt` quotes of its numbers, and what it claims."""

from functools import partial

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
        "These are the numbers of the hand calculation.",
        np.allclose(dW_x, [[-0.051, -0.052]], atol=6e-4)
        and np.allclose(dW_h, [[0, -0.120], [0, 0]], atol=6e-4),
    )


def truncation(page):
    """Training, and what truncation costs."""
    alone, full, ten, six, five = (errors[-200:].mean() for errors in page.delay.values())
    quote(trained=True, delay_alone=alone, delay_full=full, delay_five=five)
    quote(trained=True, weight_five=page.largest[5])
    claim("With the gradient of all weights it falls to", full < 0.05 < 0.1 < alone < 0.2)
    claim("Chunks of 10 do almost as well as the whole gradient", max(ten, full) < 0.05)
    claim("sees its input, somewhat worse", six < 0.6 * alone)
    claim(
        "With chunks of 5 the error falls too, below that of the output layer alone.",
        page.delay["chunks of 5"][300:500].mean() < 0.8 * alone,
    )
    claim(
        "So it reduces them: the largest ends at",
        five > 0.8 and page.largest[5] < 0.2 < page.largest[10],
    )
    claim(
        "Now the error stays low, far below that of the output layer alone",
        page.fixed[-200:].mean() < 0.6 * alone,
    )
    quote(reservoir=reservoir(page.layer_states))
    others = [page.train_delay(partial(page.truncated_bptt, k=5), seed=seed) for seed in (1, 2, 3)]
    claim(
        "With three other seeds it goes the same way",
        all(errors[-100:].mean() > 0.5 and weight < 0.2 for errors, weight in others),
    )


def reservoir(layer_states, lag=5, T=30):
    """Error of a smaller random layer with an output layer by least squares."""
    rng = np.random.default_rng(0)
    W_h = 0.6 * np.linalg.qr(rng.normal(size=(16, 16)))[0]
    W_x, answers = 0.3 * rng.uniform(-0.6, 0.6, (1, 16)), []
    for _ in range(2):  # to fit, to test
        X = rng.uniform(-1, 1, (500, T, 1))
        H = layer_states(X, W_x, W_h, np.zeros(16))[:, lag + 1 :]
        answers.append((H.reshape(-1, 16), X[:, :-lag].reshape(-1)))
    (A, y), (B, z) = answers
    return 3 * np.mean((B @ np.linalg.lstsq(A, y, rcond=None)[0] - z) ** 2)


def exercises(page):
    full = page.delay["all 30 steps"][300:400].mean()
    claim(
        "a window of 6 does about as well as the whole gradient",
        page.sliding[-100:].mean() < 1.5 * full < 0.09,
    )
    early, late = page.other_lags[8], page.other_lags[2]
    claim("The lag of 8 is unlearned early", early[-1] > 0.5)
    claim(
        "is learned for thousands of updates, and then unlearned too",
        late[1:4].max() < 0.2 and late[-1] > 2 * late[1:4].mean(),
    )
