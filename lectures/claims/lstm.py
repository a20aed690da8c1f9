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
    sensitivity(page.sensitivities)
    gates(page)
    ablation(*page.ablated, page.lstm_errors[-1])
    race(page.race)


def sensitivity(lines):
    """Does the early number arrive?"""
    trained = lines["LSTM", "trained"]
    others = [line.max() for name, line in lines.items() if name != ("LSTM", "trained")]
    claim(
        "Only the trained LSTM is near 1, at every step",
        trained.min() > 0.6 and trained.max() < 1.4 and max(others) < 0.2,
    )
    claim(
        "a new LSTM begins even below a new `SimpleRNN`",
        (lines["LSTM", "new"] < lines["SimpleRNN", "new"] / 3).all(),
    )
    claim(
        "The same training opens no such path in the plain layer",
        lines["SimpleRNN", "trained"].max() < 0.2,
    )


def ablation(this, others, error):
    """Is the sum in this unit?"""
    claim("Without this unit the sum is lost.", this > 20 * error and this > 0.04)
    claim("Without all the others hardly anything is", others < 0.15 * this)


def gates(page):
    """Where is the number kept?"""
    unit = page.unit
    along = page.forget_gates[1:].prod(axis=0)
    quote(trained=True, along_most=along[unit], along_median=np.median(along))
    claim("Its forget gate stays close to 1", page.forget_gates[:, unit].mean() > 0.85)
    marks = page.marks == 1
    claim(
        "its input gate opens at the marks alone",
        page.input_gates[marks, unit].min() > 3 * page.input_gates[~marks, unit].mean(),
    )
    others = np.delete(page.forget_gates.mean(axis=0), unit)
    claim(
        "Most other forget gates stay near 0.73",
        (abs(others - 0.73) < 0.12).mean() > 0.5,
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
    solved = far.groupby(["layer", "rate"])["solved"].sum().unstack()
    near = load_results("adding_problem").query("study == 'forget bias' and marks == 'anywhere'")
    claim(
        "with marks anywhere in 64 steps, Keras's biases solve it in all 15 runs",
        near.loc[near["layer"] == "1 (default)", "solved"].sum() == 15,
    )
    names = {"default": "1 (default)", "forget": "log T", "both": "log T, input -log T"}
    names |= {
        "identity": "ReLU, identity",
        "gru": "GRU",
        "relu": "ReLU",
        "input": "1, input -log T",
    }
    for name, layer in names.items():
        quote(**{f"far_{name}_{1000 * rate:.0f}": int(n) for rate, n in solved.loc[layer].items()})
    claim(
        "With open forget gates the LSTM learns this task, with Keras's biases hardly ever",
        solved.loc["1 (default)"].sum() <= 3
        and (solved.loc[["3", "log T", names["both"]]].sum(axis=1) >= 13).all(),
    )
    claim(
        "The identity without gates learns it, too, at the smaller rates, and the GRU always",
        solved.loc["ReLU, identity"].tolist() == [5, 5, 0] and (solved.loc["GRU"] == 5).all(),
    )
    told = load_comparisons("adding_problem")
    claim(
        "The default layer *can* be trained, but slowly",
        np.isfinite(at_0005).all() and told["LSTM - tanh (default)"] < 0.05,
    )
    claim("the rate of the trainings above, it fails in", failed >= 3)
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
    errors, drift, together = zip(*(page.longer[T] for T in (32, 64, 128)), strict=True)
    quote(trained=True, longer_lstm_four=errors[2])
    claim(
        "At twice the length its outputs still follow the sums, but they are too high",
        errors[1] > 5 * errors[0] and together[1] > 0.8 and drift[1] > 0.03,
    )
    claim("at four times the length more so", drift[2] > drift[1] and errors[2] > errors[1])
