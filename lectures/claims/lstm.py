"""What `lstm` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote

SOLVED = 1 / 60  # a tenth of the baseline's error


def lesson(page):
    quote(
        trained=True,
        adding_rnn_short=page.short[-1],
        adding_rnn_long=page.plain[-1],
        adding_lstm_long=page.lstm_errors[-1],
    )
    claim("Over 8 steps the layer learns to add", page.short[-1] < 0.25 / 6)
    claim("not far from always predicting 1", page.plain[-1] > 0.6 / 6)
    claim("It adds over 32 steps and over 1,000", max(page.by_hand.values()) < 0.001 / 6)
    claim("They agree. There is nothing else in an `LSTM`.", page.lstm_agrees)
    claim("It adds, with an error of", page.lstm_errors[-1] < SOLVED)
    what_arrives(page)
    learned_unit(page)
    race(page.race)


def what_arrives(page):
    """How much of a marked value reaches the output, by the step of the mark."""
    plain, new, trained = page.effects.values()
    claim("The trained LSTM lets a value through almost whole", trained.min() > 0.8)
    claim("Before training nothing came through", np.abs(new).max() < 0.1)
    claim("only the last few steps count.", np.abs(plain[:16]).max() < 0.1)


def learned_unit(page):
    """What one unit of the trained LSTM does, and whether the sum is in it."""
    X, y, cells, moves = page.X_new, page.y_new, page.cell, page.moves
    marked = X[..., 1] == 1
    claim("The forget gate stays close to 1.", page.unit_forgets.mean() > 0.9)
    claim(
        "The input gate opens at the two marks alone",
        page.unit_writes[marked[0]].min() > 3 * page.unit_writes[~marked[0]].mean(),
    )
    claim(
        "and there the cell state jumps",
        np.abs(moves[marked]).mean() > 5 * np.abs(moves[~marked]).mean(),
    )
    claim(
        "depends on the marked value, nearly along a straight line",
        abs(np.corrcoef(X[marked][:, 0], moves[marked])[0, 1]) > 0.9,
    )
    claim(
        "After the last step it tells the sum",
        abs(np.corrcoef(cells[:, -1], y)[0, 1]) > 0.95,
    )


def race(rows):
    """More seeds, more rivals."""
    taken = rows["updates"].where(rows["solved"], np.inf)
    plain, lstm = (taken[rows["layer"] == layer] for layer in ("tanh (default)", "LSTM"))
    relu = ("ReLU", "ReLU, identity")
    at_0005 = plain[rows["rate"] == 0.005]
    failed = np.isinf(plain[rows["rate"] == 0.02]).sum()
    median = rows.assign(updates=taken).groupby(["layer", "rate"])["updates"].median().unstack()
    quote(
        plain_least=int(at_0005.min()),
        plain_failed=int(failed),
        lstm_least=int(lstm.min()),
        lstm_most=int(lstm.max()),
    )
    far = load_results("adding_problem").query("study == 'forget bias' and marks != 'anywhere'")
    lost = 15 - far.groupby("layer")["solved"].sum()
    quote(far_failed=int(lost["1 (default)"]))
    claim("Over 56 steps the LSTM as Keras starts it fails", lost["1 (default)"] > 7)
    chosen = median.loc["tanh, value x mark", [0.002, 0.005]]
    claim(
        "At the two smaller rates it is then about as fast as the LSTM.",
        (chosen / median.loc["LSTM", [0.002, 0.005]]).between(0.3, 2).all(),
    )
    told = load_comparisons("adding_problem")
    claim(
        "The default layer *can* be trained, but slowly",
        np.isfinite(at_0005).all() and told["LSTM - tanh (default)"] < 0.05,
    )
    claim("the rate of the runs above, it fails in", failed >= 3)
    claim("The LSTM solves the task in", np.isfinite(lstm).all())
    claim(
        "the tanh layer is at best somewhat faster",
        34 * (2 + 34 + 1) > 4 * 16 * (2 + 16 + 1)
        and all(
            median.loc[name].min() > 1.5 * median.loc["LSTM"].max()
            and median.loc[name, 0.005] > 0.7 * median.loc["tanh (default)", 0.005]
            for name in ("tanh, 34 units", "tanh, identity")
        ),
    )
    claim(
        "Are the gates needed, then? Not for this task",
        told["ReLU, identity - tanh (default)"] < 0.05
        and all(taken[rows["layer"] == name].median() < 1.5 * lstm.median() for name in relu),
    )
    claim(
        "On the adding problem Keras's tanh layer takes several times as many updates as an LSTM",
        (median.loc["tanh (default)"] > 3 * median.loc["LSTM"]).all(),
    )


def exercises(page):
    errors, drift, effects = zip(*(page.longer[T] for T in (32, 64, 128)), strict=True)
    quote(trained=True, longer_lstm_four=errors[2], effect_near=effects[0], effect_far=effects[2])
    claim("The outputs drift away", abs(drift[2]) > abs(drift[1]) > 2 * abs(drift[0]))
    claim("And what was stored fades", effects[0] > 0.8 and effects[2] < 0.7 * effects[0])
    claim("At four times the length the error is", errors[2] > errors[1] > 5 * errors[0])
