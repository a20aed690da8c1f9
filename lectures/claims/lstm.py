"""What `lstm` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SOLVED = 1 / 60  # a tenth of the baseline's error


def lesson(page):
    quote(tolerance=0.2, adding_by_hand=page.error_by_hand)  # large weights, 32 bits
    quote(
        trained=True,
        adding_rnn_short=page.short[-1],
        adding_rnn_long=page.plain[-1],
        adding_lstm_long=page.lstm_errors[-1],
        adding_gru_long=page.gru_errors[-1],
    )
    claim("Over 8 steps the layer learns to add", page.short[-1] < 0.25 / 6)
    claim("not far from always predicting 1", page.plain[-1] > 0.6 / 6)
    claim("the layer *can* remember two numbers", page.error_by_hand < 0.001 / 6)
    claim("They agree. There is nothing else in an `LSTM`.", page.lstm_agrees)
    plain = abs(page.slopes["SimpleRNN"])
    claim(
        "hardly anything that the `SimpleRNN` read more than a few steps ago moves its prediction",
        all(np.median(plain[page.marked == t]) < 0.1 for t in range(22)),
    )
    claim(
        "In the trained LSTM the derivative is on average close to 1, at every step",
        all(
            0.7 < page.slopes["LSTM"][page.marked == t].mean() < 1.3
            for t in range(32)
            if (page.marked == t).any()
        ),
    )
    claim("Both add, with errors of", max(page.lstm_errors[-1], page.gru_errors[-1]) < SOLVED)
    quote(
        lstm_count=page.counts["LSTM"],
        lstm_count_rnn=page.counts["SimpleRNN"],
        lstm_count_gru=page.counts["GRU"],
    )
    claim("The LSTM has {glue:text}`lstm_count:,d`, four times", page.counts["LSTM"] == 4 * 610)
    claim("because $b$ has two rows, $b_0$ and $b_1$", page.counts["GRU"] == 3 * 610 + 30)
    race(page.race, page.biases)
    gates(page)
    biases(page.biases)


def race(rows, biases_rows):
    """Which layer learns to add, and how fast?"""
    taken = rows["updates"].where(rows["solved"], np.inf)
    of = {layer: taken[rows["layer"] == layer] for layer in rows["layer"].unique()}
    default = rows["layer"] == "tanh (default)"
    at_0005 = taken[default & (rows["rate"] == 0.005)]
    failed = (~rows["solved"][default & (rows["rate"] == 0.02)]).sum()
    median = rows.assign(updates=taken).groupby(["layer", "rate"])["updates"].median().unstack()
    quote(
        plain_least=int(at_0005.min()),
        plain_failed=int(failed),
        lstm_least=int(of["LSTM"].min()),
        lstm_most=int(of["LSTM"].max()),
        gru_least=int(of["GRU"].min()),
        gru_most=int(of["GRU"].max()),
    )
    told = load_comparisons("adding_problem")
    claim(
        "The default layer *can* be trained. It is slow",
        np.isfinite(at_0005).all() and told["LSTM - tanh (default)"] < 0.05,
    )
    claim("and at 0.02, the rate of the trainings above, it fails in", failed >= 3)
    claim(
        "on the adding problem a tanh layer takes several times as many updates as an LSTM",
        (median.loc["tanh (default)"] > 3 * median.loc["LSTM"]).all(),
    )
    claim("The LSTM solves the task in", np.isfinite(of["LSTM"]).all())
    claim("to {glue:text}`gru_most:,d`, at each of the three rates", np.isfinite(of["GRU"]).all())
    weights_alone(median)
    far = biases_rows[biases_rows["marks"] != "anywhere"].groupby("layer")["solved"].sum()
    claim("it needs the identity too", far["ReLU"] <= 2 and far["ReLU, identity"] >= 10)
    small = rows["rate"] < 0.02
    product = taken[small & (rows["layer"] == "tanh, value x mark")]
    quote(product_least=int(product.min()), product_most=int(product.max()))
    gated = taken[small & (rows["layer"] == "LSTM")]
    claim("Holding is not the hard part.", product.median() < gated.median())
    claim(
        "with a ReLU the plain layer is about as fast as the LSTM, with the identity or without",
        all(
            0.67 < of[name].median() / of["LSTM"].median() < 1.5
            for name in ("ReLU", "ReLU, identity")
        )
        and told["ReLU, identity - tanh (default)"] < 0.05,
    )


def weights_alone(median):
    """The default layer with as many weights as the LSTM."""
    claim(
        "With as many weights as the LSTM, 34 units, it is still slow",
        34 * (2 + 34 + 1) > 4 * 16 * (2 + 16 + 1)
        and (median.loc["tanh, 34 units"] > 1.5 * median.loc["LSTM"]).all(),
    )


def gates(page):
    """What the gates do."""
    unit = page.unit
    claim(
        "Its input gate opens at the marks and is nearly closed elsewhere",
        page.at_marks[:, unit].min() > 0.5 and page.elsewhere[:, unit].mean() < 0.2,
    )
    claim("Its forget gate stays close to 1", page.forget_gates[:, unit].mean() > 0.85)


def biases(rows):
    """How long should a new LSTM remember?"""
    taken = rows.assign(updates=rows["updates"].where(rows["solved"], np.inf))
    far = taken[taken["marks"] != "anywhere"]
    near = taken[taken["marks"] == "anywhere"]
    solved = far.groupby("layer")["solved"].sum()
    both = far[far["layer"] == "log T, input -log T"]["updates"]
    quote(
        default_failed=int(15 - solved["1 (default)"]),
        log_T_solved=int(solved["log T"]),
        both_least=int(both.min()),
        both_most=int(both.max()),
    )
    told = load_comparisons("adding_problem")
    claim(
        "Keras's biases fail in",
        solved["1 (default)"] <= 2 and told["log T - 1 (default)"] < 0.05,
    )
    claim("of 15 runs solve the task, and with", solved["log T"] >= 12)
    claim("in the input gate all do", np.isfinite(both).all())
    claim("A forget bias of 3 does as well as $\\log T$", abs(solved["3"] - solved["log T"]) <= 1)
    claim(
        "late ones among them, Keras's biases solve all 15 runs too",
        near.loc[near["layer"] == "1 (default)", "solved"].all(),
    )
    claim("The GRU solves the task in all 15 runs as it is", solved["GRU"] == 15)


def exercises(page):
    quote(lstm_half_life=page.half_lives[0], lstm_half_life_long=page.half_lives[1])
    errors = {
        T: np.array([page.longer[name, T] for name in ("LSTM", "GRU")]) for T in (32, 64, 128)
    }
    quote(
        trained=True,
        longer_lstm_double=errors[64][0],
        longer_gru_double=errors[64][1],
        longer_lstm_four=errors[128][0],
        longer_gru_four=errors[128][1],
    )
    claim(
        "At twice the length they still add, but badly",
        (errors[64] > 5 * errors[32]).all() and (errors[128] > errors[64]).all(),
    )
    far = page.biases[page.biases["marks"] != "anywhere"]
    alone = far[far["layer"] == "1, input -log T"].groupby("rate")["solved"].sum()
    claim("solved the task at the smallest rate only", alone[0.002] == 5 and alone.sum() <= 6)
