"""What `gru` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    claim("It is. In some texts", page.gru_agrees)
    quote(gru_count=page.counts["GRU"])
    claim("The GRU has $3\\,p\\,(m + p + 2)$", page.counts["GRU"] == 3 * 10 * (50 + 10 + 2))
    race(page.race)
    longer(page.results[page.results["study"] == "forget bias"])


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
        "bring it near the GRU",
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


def longer(rows):
    """And over a longer lag?"""
    rows = rows[rows["marks"] != "anywhere"]
    solved = rows.groupby("layer")["solved"].sum()
    quote(relu_failed=int(15 - solved["ReLU"]))
    by_rate = rows[rows["layer"] == "ReLU, identity"].groupby("rate")["solved"].sum()
    claim("The GRU solves all 15 runs as it is", solved["GRU"] == 15)
    claim(
        "it solves all 15, about as fast as the GRU",
        solved["1 (default)"] <= 2 and solved["log T, input -log T"] == 15,
    )
    claim(
        "without the identity, and with it in all five at a rate of 0.02",
        solved["ReLU"] <= 3 and by_rate[0.02] == 0 and by_rate.sum() == 10,
    )
    claim("it fails at the largest rate alone, and the GRU at none", by_rate[0.02] == 0)
    taken = rows.assign(updates=rows["updates"].where(rows["solved"], np.inf))
    median = taken.groupby(["layer", "rate"])["updates"].median().unstack()
    claim(
        "over the longer lag it is about level with an LSTM that begins with such biases",
        (median.loc["GRU"] / median.loc["log T, input -log T"]).between(0.7, 1.4).all(),
    )


def exercises(page):
    quote(units_beside=page.units_beside)
