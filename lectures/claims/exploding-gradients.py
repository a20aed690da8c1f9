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
        and 0.003 < np.mean(page.clipped[150:]) < 0.03
        and np.abs(np.array(page.clipped_weights[150:]) - 1.29).max() < 0.03
        and np.mean(page.clipped[-100:]) < 0.1,
    )


def layer(page):
    """Norms of gradients at the start, by the number of steps; two trainings of a layer."""
    norms = page.norms
    claim(
        "From $Q$ the norm does not grow with $T$.",
        norms[1, 25] < 5 and norms[1, 200] < norms[1, 25],
    )
    grown = np.array([norms[2.5, T] for T in (25, 50, 100, 200)])
    claim(
        "each doubling of $T$ multiplies it by more than the doubling before",
        (np.diff(grown[1:] / grown[:-1]) > 0).all() and grown[1] > 1000 * norms[1, 50],
    )
    quote(per_step=(grown[1] / grown[0]) ** (1 / 25))
    claim(
        "That turns the gradient, here by 17 degrees",
        abs(np.degrees(np.arctan2(0.5, 1) - np.arctan2(0.5, 3)) - 17) < 0.5,
    )
    free, clipped = (page.runs[name] for name in ("without clipping", "clipped to 1"))
    claim("of a norm above 1,000", min(norms[0] for _, norms, _ in free) > 1000)
    claim(
        "so far that nearly every tanh is flat",
        flat_after_one_update(page) > 0.95,
    )
    claim(
        "nine of the ten losses do not fall any more",
        all(np.median(norms[1:]) < 2 for _, norms, _ in free)
        and sum(np.mean(losses[-20:]) > 0.6 for losses, _, _ in free) == 9,
    )
    claim(
        "After a few dozen of them each layer has learned the task",
        all(
            max(losses[60:]) < 0.1 and max(norms[60:]) < 1 and correct > 0.95
            for losses, norms, correct in clipped
        ),
    )
    claim(
        "hardly any gradient reaches $W_h$ (what the figure shows is that of $v$)",
        gradient_of_recurrent_weights(page) < 0.02
        and np.median([norms[10] for _, norms, _ in free]) > 0.1,
    )
    claim("the first gradients are as large", min(norms[0] for _, norms, _ in clipped) > 1000)


def gradient_of_recurrent_weights(page):
    """Median norm of dL / dW_h over ten layers, after ten updates without clipping."""
    last = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        weights = page.initial_weights(2.5, rng)
        for _ in range(10):
            batch = page.first_sign(64, 50, rng, noise=0.2)
            _, gradients = page.loss_and_gradients(*batch, weights)
            weights = [w - g for w, g in zip(weights, gradients, strict=True)]
        last.append(np.linalg.norm(gradients[1]))
    return np.median(last)


def flat_after_one_update(page):
    """Share of the states above 0.99 in size, after the first update without clipping."""
    rng = np.random.default_rng(0)
    weights = page.initial_weights(2.5, rng)
    X, y = page.first_sign(64, 50, rng, noise=0.2)
    _, gradients = page.loss_and_gradients(X, y, weights)
    W_x, W_h, _ = (w - g for w, g in zip(weights, gradients, strict=True))
    h, flat = np.zeros((64, 16)), []
    for t in range(50):
        h = np.tanh(X[:, t] @ W_x + h @ W_h)
        flat.append(np.abs(h) > 0.99)
    return np.mean(flat)


def trainings(page):
    """Plain SGD from 1.8 Q and 2.5 Q at five rates, by threshold; more rates, new seeds."""
    arrived = page.arrived
    claim(
        "With this threshold and this rate neither is enough alone.",
        arrived[True, 1] >= 20 and max(arrived[False, 1], arrived[True, np.inf]) <= 12,
    )
    slowly = {
        updates: sum(
            np.mean(page.descend(w=w, rate=0.003, updates=updates)[0][-20:]) < 0.01
            for w in np.linspace(1.4, 1.8, 21)
        )
        for updates in (300, 800)
    }
    claim(
        "Without clipping a constant rate of 0.003 works, too, with more updates",
        slowly[800] >= 20 and slowly[300] < 19,
    )
    claim(
        "at five learning rates, with four thresholds and without one, ten runs each",
        (
            page.clipping.query("study == 'grid'").groupby(["start", "threshold", "rate"]).size()
            == 10
        ).all()
        and all(table.shape == (5, 5) for table in page.counts.values()),
    )
    some, more = (page.counts[start].sort_index() for start in ("1.8 Q", "2.5 Q"))
    others = page.clipping.groupby(["study", "start", "threshold", "rate"])["learns"].sum()
    again, longer = (others[study, "2.5 Q"] for study in ("again", "longer"))
    quote(
        again_clipped=int(again[1.0, 1.0]),
        again_free=int(again[np.inf].max()),
        from_q=int(others["start", "Q", np.inf].max()),
        value_learned=int(others["value", "2.5 Q", 1.0, 1.0]),
        adam_free=int(others["adam", "2.5 Q", np.inf].max()),
    )
    claim("at 0.01 all ten learn without clipping", some.loc[0.01, np.inf] == 10)
    claim(
        "clipping saves time",
        again[1.0, 1.0] > 1.5 * again[np.inf].max() and more[1.0].max() == 10,
    )
    claim(
        "at most eight of ten learn in 100 updates, at the smallest rate",
        more[np.inf].max() == 8 == more[np.inf].iloc[0],
    )
    claim(
        "In 2,000 updates 20 of 20 learn at that rate",
        longer[np.inf].sort_index().index[0] == more.index[0]
        and longer[np.inf].sort_index().iloc[0] == 20,
    )
    claim(
        "With the threshold 100 all learn at the rates 0.01 and 0.1, and seven at 1",
        more[100.0].loc[[0.01, 0.1, 1.0]].tolist() == [10, 10, 7],
    )
    norms = np.array([norms_of_run for _, norms_of_run, _ in page.runs["without clipping"]])
    quote(trained=True, average_norm=norms.mean())
    claim(
        "most of it from the first update",
        norms[:, 0].sum() > 0.5 * norms.sum() and 50 < norms.mean() < 1000,
    )
    by_product = {"1.8 Q": {}, "2.5 Q": {}}
    for start, table in page.counts.items():
        for rate, row in table.iterrows():
            for threshold, count in row[np.isfinite(row.index)].items():
                product = round(np.log10(rate * threshold))
                by_product[start].setdefault(product, []).append(count)
    diagonals = [np.ptp(counts) for each in by_product.values() for counts in each.values()]
    claim("the counts are similar", np.mean(diagonals) < 2 and max(diagonals) <= 5)
    claim(
        "Where this product is at most 0.001, no run learns, for",
        all(max(each[k]) == 0 for each in by_product.values() for k in (-5, -4, -3)),
    )


def exercises(page):
    ends = page.ends
    claim(
        "Without clipping only the smallest rate is safe.",
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
