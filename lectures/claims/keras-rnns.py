"""What `keras-rnns` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    losses = page.history.history["loss"]
    quote(trained=True, loss_neuron=losses[-1], right_neuron=page.right_neuron)
    claim("They are the same, to the rounding", page.neuron_agrees)
    claim("The network ends at", 0.6 < losses[-1] < 0.71)
    claim("of its predictions are right. Would another rate help", page.right_neuron < 0.75)
    claim("By default a `SimpleRNN` does nothing else.", page.layer_agrees)
    quote(right_by_hand=page.right_by_hand, stack_parameters=sum(page.counts))
    claim("All of them:", page.right_by_hand == 1)
    claim(
        "the first layer has $10 \\cdot 12 = 120$ parameters",
        page.counts == [10 * 12, 5 * 16, 7] and sum(page.counts) == 207,
    )
    claim("They are the same states", page.goes_on)
    claim("each call goes on where the last one ended", page.keeps)
    claim("at the others a recurrent layer leaves its state as it was", page.mask_skips)
    claim("It is the same layer, and", page.cell_agrees)
    cell(page)
    parity(page.results)
    prices(page.results)


def cell(page):
    """One unit of the page's own cell."""
    V = page.cell_layer.get_weights()[3]
    quote(trained=True, right_cell=page.right_cell, cell_v=V.item())
    claim("One unit, {glue:text}`right_cell:.0%` right", page.right_cell > 0.95)
    claim("a one multiplies it by $1 + V$, a negative number", 1 + V.item() < -0.5)
    states = page.states_of["ScalingCell(1)"][0, :30]
    changes = np.diff(np.sign(states)) != 0
    ones = page.new_bits[0, 1:30, 0] == 1
    claim("changes its sign at each one and keeps it at each zero", (changes == ones).all())


def parity(results):
    """What training finds."""
    rows = results[results["study"] == "parity"]
    runs = rows.assign(at_12=rows["step_12"] >= 0.99, at_200=rows["step_200"] >= 0.99)
    runs = runs.groupby(["layer", "begin", "units"])[["at_12", "at_200"]].sum().astype(int)
    solved = runs["at_200"]
    plain, identity = solved["SimpleRNN", "orthogonal"], solved["SimpleRNN", "identity"]
    quote(
        two_solved=plain[2] + identity[2],
        orthogonal_solved=plain[16],
        plus_solved=solved["own cell", "identity", 1],
        minus_solved=solved["own cell", "-1", 1],
        lstm_solved=solved["LSTM", "orthogonal", 1],
        gru_solved=solved["GRU", "orthogonal", 1],
    )
    one = rows[(rows["layer"] == "SimpleRNN") & (rows["units"] == 1)]
    claim("One unit never gets past guessing", one["step_200"].max() < 0.55 and len(one) == 30)
    claim("With two units training finds weights that do it in", plain[2] + identity[2] <= 3)
    claim(
        "learn the 12 bits in all 15 runs, but only",
        runs["at_12"]["SimpleRNN", "orthogonal", 16] == 15 and 3 <= plain[16] <= 12,
    )
    claim("and the identity, all 30 runs do", identity[8] == identity[16] == 15)
    claim("with fewer units the identity is no cure", identity[[1, 2, 4]].max() <= 5)
    claim(
        "a single unit with gates can learn the parity",
        min(solved[name, "orthogonal", 1] for name in ("LSTM", "GRU")) >= 3,
    )
    claim(
        "a plain layer needs eight units and the identity to be as reliable as our cell",
        identity[8] == 15 > identity[4] and 8 * (1 + 8 + 1) == 80,
    )
    claim(
        "of 15 that begin with $-1$, all else equal",
        solved["own cell", "identity", 1] >= 14 and solved["own cell", "-1", 1] <= 3,
    )


def prices(results):
    """One unit on prices."""
    rows = results[results["study"] == "output"]
    failed = rows.assign(failed=rows["error"] > 0.5)
    failed = failed.groupby(["output", "begin", "rate"])["failed"].sum().astype(int)
    quote(
        state_failed=failed["state", "-1", 0.01],
        dense_failed=failed["Dense(1)", "-1", 0.01],
    )
    minus = failed.xs("-1", level="begin").unstack("rate")
    claim(
        "after 50 epochs, and with a `Dense(1)` behind", 1 < minus[0.01].min() < minus[0.01].max()
    )
    claim(
        "at 0.003 a third of them fail in either form", (minus[0.003] / 128).between(0.3, 0.4).all()
    )
    claim("at 0.03 none does", minus[0.03].max() == 0)


def exercises(page):
    numbers = {name: layer.count_params() for name, layer in page.layers_to_try.items()}
    claim(
        "parameters and the cell $3 \\cdot 4 = 12$ more",
        numbers["SimpleRNN(4)"] == numbers["every state"] == 32
        and numbers["ScalingCell(4)"] == 32 + 12,
    )
    claim("with the same $3 \\cdot 4 + 4 = 16$ weights", numbers["Dense(4)"] == 16)
    claim("The two forecasts agree to a hundredth of a sunspot", page.line_agrees)
    quote(trained=True, right_zeros=page.right_zeros)
    claim("With the same seed, rate and number of updates it guesses", page.right_zeros < 0.6)
