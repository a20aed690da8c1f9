"""What `forget-bias` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    claim("It has learned nothing.", page.default_error > 0.9 / 6)
    claim("The same layer, the same data, as many updates. It adds.", page.long_error < 0.1 / 6)
    kept(page)
    seeds(page.results)
    error = page.recent_error
    claim(
        "its error is many times as large. With the forget gate alone open it is not.",
        error["long memory"] > 5 * max(error["Keras's biases"], error["forget gate open"]),
    )


def kept(page):
    """What new LSTMs keep."""
    left = page.left
    powers = 0.731 ** np.arange(1, 65)
    claim(
        "Later it is more than that: the gates differ",
        abs(left[3] / powers[3] - 1) < 0.15 and left[30] > powers[30],
    )
    claim("After 56 steps nearly nothing is left.", left[55] < 1e-3)
    short, long = page.curves["Keras's biases"], page.curves["log 64, -log 64"]
    of_gate = (64 / 65) ** np.arange(1, 65)
    claim("More than a third is left after $T$ steps.", of_gate[63] > 1 / 3)
    claim(
        "both layers follow theirs",
        abs(short - powers).max() < 0.05 and abs(long - of_gate).max() < 0.05,
    )
    claim("For $T = 64$ the bias is 4.2.", round(np.log(64), 1) == 4.2)


def seeds(rows):
    """Five seeds at three rates, for marks far back and anywhere."""
    taken = rows.assign(updates=rows["updates"].where(rows["solved"], np.inf))
    far, near = (taken[(taken["marks"] == "anywhere") == anywhere] for anywhere in (False, True))
    solved = far.groupby("layer")["solved"].sum()
    both = far[far["layer"] == "log T, input -log T"]["updates"]
    quote(
        default_failed=int(15 - solved["1 (default)"]),
        log_T_solved=int(solved["log T"]),
        both_least=int(both.min()),
        both_most=int(both.max()),
        input_failed=int(15 - solved["1, input -log T"]),
    )
    told = load_comparisons("adding_problem")
    claim(
        "With the marks far back, Keras's biases fail in",
        solved["1 (default)"] <= 2 and told["log T - 1 (default)"] < 0.05,
    )
    claim("in the forget gates", solved["log T"] >= 12)
    claim("in the input gates all 15, in", np.isfinite(both).all())
    claim(
        "over this lag a forget bias of 3 does as well as $\\log T = 4.2$",
        abs(solved["3"] - solved["log T"]) <= 1,
    )
    alone = far[far["layer"] == "1, input -log T"].groupby("rate")["solved"].sum()
    claim(
        "runs, and succeeds in the five at the smallest rate",
        alone[alone.index.min()] == 5 == alone.sum(),
    )
    claim(
        "There Keras's biases succeed in all 15 runs",
        near.loc[near["layer"] == "1 (default)", "solved"].all(),
    )
    claim(
        "for its gates begin half open, and yet it solves both tasks in all runs",
        rows.loc[rows["layer"] == "GRU", "solved"].all(),
    )


def exercises(page):
    quote(half_life=page.half_lives[0], half_life_long=page.half_lives[1])
    quote(tau_open=page.taus[0], tau_once=page.taus[1])
