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
    learned_unit(page)
    race(page.race)


def learned_unit(page):
    """What one unit of the trained LSTM does, and whether the sum is in it."""
    y, cells = page.y_new, page.cells_new[..., page.unit]
    along = page.unit_forgets[1:].prod()
    quote(trained=True, along_unit=along)
    marks = page.X_new[0, :, 1] == 1
    claim("The forget gate stays close to 1: its product", page.unit_forgets.mean() > 0.9)
    claim(
        "The input gate opens at the two marks alone",
        page.unit_writes[marks].min() > 3 * page.unit_writes[~marks].mean(),
    )
    moves = abs(np.diff(np.append(0, cells[0])))
    claim(
        "and there the cell state jumps. In between it drifts",
        moves[marks].min() > 3 * np.median(moves[~marks]),
    )
    claim(
        "after the last step the cell state tells the sum",
        abs(np.corrcoef(cells[:, -1], y)[0, 1]) > 0.95,
    )
    this, second, others = page.ablated
    claim("Without this unit the error is near that", 0.09 < this < 0.2 and others < 0.15 * this)
    claim(
        "Without the second hardly anything is lost, though its correlation is high, too.",
        second < 0.15 * this and abs(page.correlations[page.second]) > 0.8,
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
    quote(
        far_failed=int(lost["1 (default)"]),
        far_relu=int(lost["ReLU"]),
        far_identity=int(lost["ReLU, identity"]),
    )
    claim("the GRU in none", lost["GRU"] == 0)
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
    errors, drift, first, _ = zip(*(page.longer[T] for T in (32, 64, 128)), strict=True)
    quote(trained=True, longer_lstm_four=errors[2], slope_near=first[0], slope_far=first[2])
    claim("The outputs drift away", abs(drift[2]) > abs(drift[1]) > 2 * abs(drift[0]))
    claim("And what was stored fades", first[0] > 0.9 and first[2] < 0.7 * first[0])
    claim("At four times the length the error is", errors[2] > errors[1] > 5 * errors[0])
