"""What `lstm` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

SOLVED = 1 / 60  # a tenth of the error of the baseline


def lesson(page):
    quote(tolerance=0.2, adding_by_hand=page.error_by_hand)  # large weights, 32 bits
    quote(
        trained=True,
        adding_rnn_short=page.short[-1],
        adding_rnn_long=page.plain[-1],
        adding_identity=page.identity[-1],
        adding_lstm_long=page.lstm_errors[-1],
        adding_gru_long=page.gru_errors[-1],
    )
    claim("Over 8 steps the layer learns to add", page.short[-1] < 0.25 / 6)
    claim("hardly better than always predicting 1", page.plain[-1] > 0.85 / 6)
    claim("the layer *can* remember two numbers", page.error_by_hand < 0.001 / 6)
    claim("The error falls to {glue:text}`adding_identity:.4f`", page.identity[-1] < 0.25 / 6)
    claim("They agree. There is nothing else in an `LSTM`.", page.lstm_agrees)
    claim("Both add, with errors of", max(page.lstm_errors[-1], page.gru_errors[-1]) < SOLVED)
    quote(
        lstm_count=page.counts["LSTM"],
        lstm_count_rnn=page.counts["SimpleRNN"],
        lstm_count_gru=page.counts["GRU"],
    )
    claim("The LSTM has {glue:text}`lstm_count:,d`, four times", page.counts["LSTM"] == 4 * 610)
    claim("because $b$ has two rows, $b_0$ and $b_1$", page.counts["GRU"] == 3 * 610 + 30)
    race(page.race)
    biases(page.biases)


def race(rows):
    """Which layers learn to add?"""
    late, early = (rows[rows["updates"] == updates] for updates in (2000, 400))
    solved, first = ((some["mse"] < SOLVED).groupby(some["layer"]).sum() for some in (late, early))
    best = late.query("layer == 'tanh (default)'")["mse"].min()
    quote(solved_identity=solved["ReLU, identity"])
    told = load_comparisons("adding_problem")
    claim(
        "is on its way by then, but solves it in none of 15",
        solved["tanh (default)"] == 0 and best < 0.03 and told["LSTM - tanh (default)"] < 0.01,
    )
    claim("solve it in all of their 30 runs", solved["LSTM"] + solved["GRU"] == 30)
    claim(
        "No: with ReLU and the identity, the plain layer solves the task in",
        solved["ReLU, identity"] >= 12 and told["ReLU, identity - tanh (default)"] < 0.01,
    )
    claim("The identity with a tanh hardly helps", solved["tanh, identity"] <= 1)
    claim(
        "a ReLU with Keras's own orthogonal initialization learns in the end as well",
        solved["ReLU"] >= 12 and first["ReLU"] < first["ReLU, identity"],
    )
    claim("and the most reliable one in this figure", solved["LSTM"] > solved["ReLU, identity"])


def biases(rows):
    """How long should a new LSTM remember?"""
    solved = (rows["mse"] < SOLVED).groupby([rows["marks"], rows["layer"], rows["rate"]]).sum()
    near, far = solved["anywhere"], solved["in the first 8 steps"]
    missed = rows.query("layer == 'LSTM, bias 1' and marks != 'anywhere'")["mse"]
    quote(stuck_at_baseline=int((missed > 0.95 / 6).sum()))
    claim(
        "With marks anywhere the two biases do about equally well",
        abs(near["LSTM, bias log T"].sum() - near["LSTM, bias 1"].sum()) <= 2,
    )
    claim(
        "not one of the 15 LSTMs with Keras's bias solves the task",
        far["LSTM, bias 1"].sum() == 0
        and load_comparisons("adding_problem")["LSTM, bias log T - LSTM, bias 1"] < 0.01,
    )
    claim(
        "With $\\log T$ all five do at a rate of 0.005, and at 0.02 hardly any",
        far["LSTM, bias log T", 0.005] == 5 and far["LSTM, bias log T", 0.02] <= 1,
    )
    claim(
        "which forgets nothing at first, behaves in the same way",
        far["ReLU, identity", 0.005] == 5 and far["ReLU, identity", 0.02] <= 1,
    )


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
