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
    held_back = [state_after(50, at), state_after(50, at + 0.01)]
    moves = np.abs(np.diff([state_after(T, at) for T in range(10, 31)]))
    claim(
        "for many steps it hardly moves. A slightly larger $w$ holds it back",
        moves.max() < 0.03 and abs(held_back[0]) < 0.6 and held_back[1] < -0.3,
    )
    fine = page.near_the_cliff
    steepest = [np.abs(page.loss_and_gradient(fine, T)[1]).max() for T in (25, 50, 100, 200)]
    ratios = np.divide(steepest[1:], steepest[:-1])
    claim(
        "Twice as many steps make the cliff about eight times as steep", abs(ratios - 8).max() < 1.5
    )
    claim("To the right of about $w = 1.28$ the state is still negative", abs(at - 1.28) < 0.006)
    held, lost = (page.loss_and_gradient(w)[0] for w in (1.4, 1.2))
    claim(
        "In between the loss falls from 1.5 to 0 almost vertically",
        1.45 < page.losses.max() < 1.5 and held < 0.2 < 1.3 < lost,
    )


def state_after(T, w):
    """The state of the neuron after T steps."""
    state = -1.0
    for _ in range(T):
        state = np.tanh(0.1 + w * state)
    return state


def descent(page):
    """Gradient descent to the foot of the cliff."""
    steps = np.abs(np.diff(page.free_weights))
    jump = np.argmax(steps)
    over = [update for update, loss in enumerate(page.free[: jump + 1]) if loss > 0.5]
    claim("the weight steps over the edge twice", len(over) == 2 and over[1] == jump)
    quote(
        trained=True,
        first_jump=abs(page.loss_and_gradient(page.free_weights[over[0]])[1]),
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
    grown = np.array(list(page.medians.values()))
    claim(
        "each doubling multiplies by more than the one before",
        (np.diff(grown[1:] / grown[:-1]) > 0).all() and grown[-1] > 1e4 * grown[1],
    )
    claim("dozens of times as far", 40 < np.median(longer) / np.median(Q) < 200)
    claim("$1.8^{50} = 6 \\cdot 10^{12}$", round(1.8**50 / 1e12) == 6)


def trainings(page):
    """Plain SGD from 1.8 Q and 2.5 Q at five rates, by threshold; more rates, new seeds."""
    needed = page.needed
    claim(
        "With 0.01 both runs get there equally fast.",
        needed["0.01"] == needed["0.01, clipped"] < needed["0.003"] / 3,
    )
    claim(
        "They begin with $1.8\\,Q$ or with $2.5\\,Q$, ten runs each",
        (
            page.clipping.query("study == 'grid'").groupby(["start", "threshold", "rate"]).size()
            == 10
        ).all()
        and all(table.shape == (5, 5) for table in page.counts.values()),
    )
    some, more = (page.counts[start].sort_index() for start in ("1.8 Q", "2.5 Q"))
    free, free_more = (table[np.inf].to_numpy() for table in (some, more))
    others = page.clipping.groupby(["study", "start", "threshold", "rate"])["learns"].sum()
    between, again = others["between"], others["again", "2.5 Q"]
    quote(
        free_between=int(between["1.8 Q", np.inf, 0.003]),
        free_most=int(max(free_more.max(), between["2.5 Q"].max())),
        clipped_most=int(more.loc[1.0, 1.0]),
        again_clipped=int(again[1.0, 1.0]),
        again_free=int(again[np.inf].max()),
        from_q=int(others["start", "Q", np.inf, 0.1]),
        adam_free=int(others["adam", "2.5 Q", np.inf].max()),
        adam_clipped=int(others["adam", "2.5 Q", 1.0].max()),
    )
    claim(
        "clipping is not needed at a well-chosen rate",
        between["1.8 Q", np.inf, 0.003] >= some.to_numpy().max(),
    )
    claim(
        "with the threshold 1 nearly all learn",
        some.loc[[0.1, 1.0], 1.0].min() >= 9 > 2 * some.loc[[0.1, 1.0], np.inf].max(),
    )
    claim(
        "it helps. Without clipping at most",
        free_more.max() <= 4 and free.max() >= 7 and again[1.0, 1.0] > 3 * again[np.inf].max(),
    )
    by_product = {"1.8 Q": {}, "2.5 Q": {}}
    for start, table in page.counts.items():
        for rate, row in table.iterrows():
            for threshold, count in row[np.isfinite(row.index)].items():
                product = round(np.log10(rate * threshold))
                by_product[start].setdefault(product, []).append(count)
    diagonals = [np.ptp(counts) for each in by_product.values() for counts in each.values()]
    claim("The counts are alike on the whole.", np.mean(diagonals) < 2 and max(diagonals) <= 5)
    claim(
        "Where the product is at most 0.01, hardly any run learns within the 100 updates.",
        all(max(each[k]) <= 2 for each in by_product.values() for k in (-5, -4, -3, -2)),
    )


def exercises(page):
    ends = page.ends
    claim(
        "Without clipping only the smallest rate is safe. With the threshold 1 0.006 is, too.",
        ends[np.inf, 0.003] == 4
        and max(ends[np.inf, rate] for rate in (0.006, 0.01, 0.02)) < 3
        and ends[1, 0.003] == ends[1, 0.006] == 4
        and ends[1, 0.01] + ends[1, 0.02] < 5,
    )
    claim(
        "With the threshold 0.1 the three larger rates are safe",
        all(ends[0.1, rate] == 4 for rate in (0.006, 0.01, 0.02)) and ends[0.1, 0.003] == 2,
    )
    _, lost = page.descend(1, 1.6, 0.02, updates=800)
    before, after = (page.loss_and_gradient(w)[0] for w in (1.2, 0.5))
    claim(
        "one has left it on the left, where the loss falls *away* from the cliff",
        lost[-1] < 0 and after < before,
    )
    claim(
        "which points 17 degrees away",
        abs(page.turned_by(np.array([3.0, 0.5]), 1.0) - 17) < 0.5,
    )
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
