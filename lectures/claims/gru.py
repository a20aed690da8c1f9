"""What `gru` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    claim("It is. In some texts", page.gru_agrees)
    quote(gru_count=page.counts["GRU"])
    claim("The GRU has $3\\,p\\,(m + p + 2)$", page.counts["GRU"] == 3 * 10 * (50 + 10 + 2))
    race(page.race)
    biases(page.results[page.results["study"] == "forget bias"])


def race(rows):
    """Which layer learns the task fastest?"""
    rows = rows.assign(updates=rows["updates"].where(rows["solved"], np.inf))
    gru = rows[rows["layer"] == "GRU"]["updates"]
    median = rows.groupby(["layer", "rate"])["updates"].median().unstack()
    whole = rows.groupby("layer")["updates"].median()
    quote(gru_least=int(gru.min()), gru_most=int(gru.max()))
    claim(
        "The GRU has the smallest median at each of the three rates",
        (median.drop(index="GRU") > median.loc["GRU"]).all(axis=None),
    )
    claim(
        "bring them near it",
        34 * (2 + 34 + 1) > 4 * 16 * (2 + 16 + 1)
        and all(
            (median.loc[layer] > 2 * median.loc["LSTM"]).all()
            for layer in ("tanh (default)", "tanh, 34 units", "tanh, identity")
        ),
    )
    claim(
        "With a ReLU the plain layer is about as fast as the LSTM, with the identity or without",
        all(0.67 < whole[name] / whole["LSTM"] < 1.5 for name in ("ReLU", "ReLU, identity"))
        and load_comparisons("adding_problem")["ReLU, identity - tanh (default)"] < 0.05,
    )


def biases(rows):
    """How should a new LSTM begin?"""
    taken = rows.assign(updates=rows["updates"].where(rows["solved"], np.inf))
    far, near = (taken[(taken["marks"] == "anywhere") == anywhere] for anywhere in (False, True))
    solved = far.groupby("layer")["solved"].sum()
    both = far[far["layer"] == "log T, input -log T"]["updates"]
    median = near.groupby(["layer", "rate"])["updates"].median().unstack()[0.002]
    quote(
        default_failed=int(15 - solved["1 (default)"]),
        log_T_solved=int(solved["log T"]),
        both_least=int(both.min()),
        both_most=int(both.max()),
        relu_failed=int(15 - solved["ReLU"]),
        input_failed=int(15 - solved["1, input -log T"]),
        log_T_near=int(median["log T"]),
        default_near=int(median["1 (default)"]),
    )
    told = load_comparisons("adding_problem")
    claim(
        "With the marks far back, Keras's biases fail in",
        solved["1 (default)"] <= 2 and told["log T - 1 (default)"] < 0.05,
    )
    claim("are solved, and with", solved["log T"] >= 12)
    claim("in the input gate all, in", np.isfinite(both).all())
    claim("A forget bias of 3 does as well as $\\log T$", abs(solved["3"] - solved["log T"]) <= 1)
    claim("The input bias alone fails in", solved["1, input -log T"] <= 6)
    claim(
        "Where the marks stand anywhere, Keras's biases solve all 15 runs too",
        near.loc[near["layer"] == "1 (default)", "solved"].all(),
    )
    claim("There $\\log T$ alone has a price", median["log T"] > 1.2 * median["1 (default)"])
    by_rate = far[far["layer"] == "ReLU, identity"].groupby("rate")["solved"].sum()
    claim(
        "without the identity, and with it in all five at a rate of 0.02",
        solved["ReLU"] <= 3 and by_rate[0.02] == 0 and by_rate.sum() == 10,
    )
    claim("it fails at the largest rate alone, and the GRU at none", by_rate[0.02] == 0)
    claim("The GRU solves all 15 as it is", solved["GRU"] == 15)


def exercises(page):
    quote(gru_half_life=page.half_lives[0], gru_half_life_long=page.half_lives[1])
    quote(units_beside=page.units_beside)
