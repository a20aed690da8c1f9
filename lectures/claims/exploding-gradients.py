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
    claim("There the state is just crossing zero when the 50 steps end.", abs(state) < 0.6)
    claim(
        "Near zero the factor $w (1 - h_t^2)$ of a step is above 1",
        min(factors[30:48]) > 1 and max(factors[:15]) < 1,
    )
    claim("To the right of about $w = 1.28$ the neuron is a latch", abs(at - 1.28) < 0.006)
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
    claim("most would be dozens of times as long", 40 < np.median(longer) / np.median(Q) < 200)


def trainings(page):
    """Plain SGD from 1.8 Q and Q, with and without clipping."""
    table = page.counts.sort_index()
    claim(
        "How many of ten trainings answer",
        (page.clipping.groupby(["layer", "rate"]).size() == 10).all() and table.shape == (4, 4),
    )
    free, clipped = table["1.8 Q"].to_numpy(), table["1.8 Q, clipped"].to_numpy()
    claim("only small rates work", free[:2].min() >= 8 and free[2:].max() <= 3)
    claim(
        "the two large rates always work. At the smallest hardly any training learns",
        (clipped[2:] == 10).all() and clipped[0] <= 1,
    )
    calm = table[["Q", "Q, clipped"]]
    claim("From $Q$ nearly all trainings learn, clipped or not.", calm.mean().min() >= 9)


def exercises(page):
    ends = page.ends
    claim(
        "Without clipping only the smallest rate is safe.",
        ends[np.inf, 0.003] == 4 and max(ends[np.inf, rate] for rate in (0.006, 0.01, 0.02)) < 3,
    )
    claim(
        "which points 17 degrees away",
        abs(page.turned_by(np.array([3.0, 0.5]), 1.0) - 17) < 0.5,
    )
    border = np.arctanh(-np.sqrt(0.5)) + np.sqrt(2)
    quote(bias_border=border)
    claim("just touches the diagonal", border <= page.lost_at < border + 0.0011)
