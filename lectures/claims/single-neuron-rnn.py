"""What `single-neuron-rnn` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    lamp(page)
    gradient(page)
    training(page)
    sunspots(page)


def lamp(page):
    """A window, one step, the latch."""
    rule = np.array(page.by_rule)
    quote(rule_15=rule[3])
    claim("With no quiet steps the rule is right for nearly all lines", rule[0] > 0.98)
    claim("After 15 it is right for", 0.6 < rule[3] < 0.95)
    claim("the last pulse has left the window", (abs(rule[4:] - 0.5) < 0.07).all())
    quote(
        step_without=page.h_t,
        step_with=page.h_with_memory,
        latched=page.forward(np.eye(1, 1000), (0, 1, 2))[-1, 0],
        hand_1000=page.hand[-1],
    )
    claim("With a recurrent weight of 0.5 little is left", fades(page, 0.5, 5) < 0.05)
    claim("0.9 takes long", fades(page, 0.9, 5) > 0.3)
    claim("With 2 the state does not fade at all", fades(page, 2, 999) > 0.9)
    claim("After 1,000 steps of noise the neuron is still right for", page.hand.min() > 0.99)


def fades(page, w2, after):
    return page.forward(np.eye(1, after + 1), (0, 1, w2))[-1, 0]


def gradient(page):
    """Backward, forward, by pencil, by finite differences."""
    claim(
        "The numbers are those of the pencil",
        np.allclose(page.by_pencil, [-1.305, 0.003, -0.433], rtol=0, atol=6e-4),
    )
    claim(
        "On 2,000 series of 20 steps the two agree as well",
        np.allclose(page.backward, page.differences, rtol=0, atol=1e-7),
    )
    claim("Both compute the same sum over copies", page.forward_agrees)
    p = m = 128
    quote(
        cost_forward_millions=p**3 * (1 + m + p) / 1e6,
        cost_backward=round(p**2 + p * (m + p), -3),
    )


def training(page):
    """The latch, learned or not."""
    quote(
        trained=True,
        trained_w1=page.w_trained[1],
        trained_w2=page.w_trained[2],
        trained_1000=page.trained_1000,
    )
    claim(
        "The neuron has *found* a latch",
        page.w_trained[2] > 1.5 and page.w_trained[1] > page.w_trained[2],
    )
    claim("After 1,000 steps of noise it is correct for", page.trained_1000 > 0.98)
    quote(trained=True, rest_factor=rest_factor(page.w_trained))
    claim("its gradient vanishes too", rest_factor(page.w_trained) < 0.4)
    small, larger = (
        {T: np.array([page.tries[w2, T, seed] for seed in range(5)]) for T in page.lengths}
        for w2 in (0.5, 1.1)
    )
    untrained = {
        w2: [
            page.accuracy_of(np.array([0, 1, w2]), page.X_one[:, :T], page.y_one) for T in (10, 50)
        ]
        for w2 in (0.5, 1.1)
    }
    claim(
        "has forgotten the pulse after ten steps; with 1.1 something of it is left even after 50",
        untrained[0.5][0] < 0.58 and untrained[1.1][1] > 0.7,
    )
    claim(
        "finds the latch over two steps and five, hardly over ten, and not over 20",
        min(small[2]) > 0.95 and sum(small[5] > 0.95) >= 3 and max(*small[20], *small[50]) < 0.65,
    )
    claim(
        "From 1.1 most seeds find it even over 50.",
        sum(larger[50] > 0.9) >= 3 and all(sum(larger[T] > 0.95) >= 4 for T in (2, 5, 10)),
    )


def rest_factor(w):
    """Slope of a step where the state rests, after a long time without input."""
    h = 1.0
    for _ in range(1000):
        h = np.tanh(w[0] + w[2] * h)
    return w[2] * (1 - h**2)


def sunspots(page):
    """Neuron, tanh, shared and free lag weights."""
    mse = page.mse_sun
    sliders = page.sliders
    dragged = sliders.error((*sliders.weights[:2], 0.9))
    quote(trained=True, slider_trained=sliders.error(), slider_memory=dragged)
    claim("The neuron beats persistence", page.mse_full < 0.85 * page.mse_persistence)
    claim("at half the scale the same neuron is better", page.mse_half < 0.97 * page.mse_full)
    claim("and the error rises from", dragged > 2 * sliders.error())
    root = np.roots([1, -page.two[1], -page.two[0]])[0]
    quote(
        sun_w2=page.shared[-2] / page.shared[-1],
        shared_third=page.shared[-3],
        sun_period=2 * np.pi / abs(np.angle(root)),
    )
    claim("even two free lags do far better", mse["2 free lags"] < 0.8 * mse["neuron without tanh"])
    claim("and twenty better still", mse["20 free lags"] < mse["2 free lags"])
    claim(
        "Both begin alike: a large positive weight, then a negative one",
        all(w[-1] > 1 and w[-2] < -0.5 for w in (page.free, page.shared)),
    )
    claim("The third free weight is practically zero", abs(page.free[-3]) < 0.02)
    claim(
        "swings with a period of",
        9 < 2 * np.pi / abs(np.angle(root)) < 12 and abs(np.imag(root)) > 0.1,
    )


def exercises(page):
    quote(
        linear_fading=page.without_tanh[0.9],
        linear_sum=page.without_tanh[1.0],
        linear_growing=page.without_tanh[1.02],
    )
    claim("None is useful", max(page.without_tanh.values()) < 0.75)
    small, one, more, held = page.reached.values()
    claim(
        "From 0.5 no gradient arrives and nothing", small[0] < 1e-12 and abs(small[2] - 0.5) < 0.1
    )
    claim("from 1.1 some arrives, and the neuron learns", more[0] > 1e-3 and more[2] > 0.95)
    claim("From 1 a gradient arrives, and training fails", one[0] > 1e-3 and one[2] < 0.6)
    claim("none arrives, and it succeeds", held[0] < 1e-30 and held[1] < 0.6 and held[2] > 0.95)
