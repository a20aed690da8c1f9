"""What `exploding-gradients` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    cliff(page)
    descent(page)
    layer(page)
    trainings(page)


def cliff(page):
    """The loss of one weight."""
    sizes = np.abs(page.gradients)
    at = page.many[np.argmax(sizes)]
    away = sizes[np.abs(page.many - at) > 0.05]
    quote(steepest=sizes.max(), elsewhere=np.ceil(away.max()))
    state, factors = -1.0, []
    for _ in range(50):
        state = np.tanh(0.1 + at * state)
        factors.append(at * (1 - state**2))
    claim("At the edge the state is just crossing zero when the 50 steps end", abs(state) < 0.6)
    steepest = [np.abs(page.loss_and_gradient(page.many, T)[1]).max() for T in (20, 50, 100)]
    claim(
        "With fewer steps the cliff is less steep, with more it is steeper",
        3 * steepest[0] < steepest[1] < steepest[2] / 3,
    )
    claim(
        "Near zero the factor $w (1 - h_t^2)$, by which a step multiplies $d$, is above 1",
        min(factors[30:48]) > 1 and max(factors[:15]) < 1,
    )
    claim("To the right of about $w = 1.28$ the state is still negative", abs(at - 1.28) < 0.006)
    held, lost = (page.loss_and_gradient(w)[0] for w in (1.4, 1.2))
    claim(
        "In between the loss falls from 1.5 to 0 almost vertically",
        1.45 < page.losses.max() < 1.5 and held < 0.2 < 1.3 < lost,
    )


def descent(page):
    """Gradient descent to the foot of the cliff."""
    steps = np.abs(np.diff(page.free_weights))
    jump = np.argmax(steps)
    over = [update for update, loss in enumerate(page.free[: jump + 1]) if loss > 0.5]
    claim("the weight steps over the edge twice", len(over) == 2 and over[1] == jump)
    quote(
        trained=True,
        at_jump=abs(page.loss_and_gradient(page.free_weights[jump])[1]),
        thrown_to=page.free_weights[jump + 1],
    )
    claim(
        "that throws the weight from 1.28 to",
        abs(page.free_weights[jump] - 1.28) < 0.01 and page.free_weights[jump + 1] > 3,
    )
    claim(
        "to the end of the training the weight hardly moves",
        abs(page.free_weights[-1] - page.free_weights[jump + 1]) < 0.01 and page.free[-1] > 0.3,
    )
    claim(
        "an update moves it by 0.01 at most, and it stays near the foot of the cliff",
        np.abs(np.diff(page.clipped_weights)).max() < 0.0101
        and np.abs(np.array(page.clipped_weights[150:]) - 1.29).max() < 0.03
        and np.mean(page.clipped[-100:]) < 0.1,
    )


def layer(page):
    """Lengths of gradients before training."""
    Q, longer = np.array(page.norms["Q"]), np.array(page.norms["1.8 Q"])
    quote(norm_median=np.median(longer), norm_longest=longer.max())
    claim("From $Q$ all norms are about 1.", 0.5 < Q.min() < Q.max() < 2)
    claim("dozens of times as far", 40 < np.median(longer) / np.median(Q) < 200)


def trainings(page):
    """Plain SGD from 1.8 Q at four rates, by threshold."""
    table = page.counts.sort_index()
    claim(
        "How many of ten runs classify",
        (page.clipping.groupby(["threshold", "rate"]).size() == 10).all() and table.shape == (4, 5),
    )
    free, clipped = table[np.inf].to_numpy(), table[1.0].to_numpy()
    claim(
        "in the last column, more runs learn at the two small rates",
        list(table)[-1] == np.inf and free[:2].min() > free[2:].max(),
    )
    claim(
        "the large rates work, and at the small ones hardly any run learns",
        clipped[2:].min() >= 8 and clipped[:2].max() <= 2,
    )
    by_product = {}
    for rate, row in table.iterrows():
        for threshold, count in row[np.isfinite(row.index)].items():
            by_product.setdefault(round(np.log10(rate * threshold)), []).append(count)
    claim(
        "Where it is at most 0.01, hardly any run learns.",
        max(by_product[-4] + by_product[-3] + by_product[-2]) <= 2,
    )
    claim("Where it is 0.1 or 1, most do.", np.mean(by_product[-1] + by_product[0]) > 7.5)
    claim("does nearly as well as a large one", clipped.max() - free.max() <= 2)


def exercises(page):
    ends = page.ends
    claim(
        "Without clipping only the smallest rate is safe. With it 0.006 is, too.",
        ends[np.inf, 0.003] == 4
        and max(ends[np.inf, rate] for rate in (0.006, 0.01, 0.02)) < 3
        and ends[1, 0.003] == ends[1, 0.006] == 4
        and ends[1, 0.01] + ends[1, 0.02] < 5,
    )
    _, lost = page.descend(1, 1.6, 0.02, updates=800)
    before, after = (page.loss_and_gradient(w)[0] for w in (1.2, 0.5))
    claim(
        "one is lost on the left, where the loss falls *away* from the cliff",
        lost[-1] < 0 and after < before,
    )
    claim(
        "which points 17 degrees away",
        abs(page.turned_by(np.array([3.0, 0.5]), 1.0) - 17) < 0.5,
    )
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
