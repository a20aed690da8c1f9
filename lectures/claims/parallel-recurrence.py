"""What `parallel-recurrence` quotes of its numbers, and what it claims."""

from tools.claims import claim, quote


def lesson(page):
    claim("All four steps are $h \\to 0.25\\,h + 2$", page.all_four == (0.25, 2.0))
    quote(rounds=page.rounds)
    claim("rounds instead of a thousand steps", page.rounds == 10 and page.scan_agrees)
    claim("Keras has one, too.", page.keras_agrees)
    claim(
        "makes $e^{-s_j}$ about $e^{90}$, above the largest 32-bit number",
        page.np.exp(89.0) < 0.05**-30 and page.np.finfo("float32").max < 0.05**-30,
    )
    weights = page.one_layer.count_params(), page.gru.count_params()
    quote(weights_min_gru=weights[0], weights_gru=weights[1])
    claim("It is, with $2\\,(mp + p)$ weights", page.min_gru_agrees and weights == (40, 150))
    quote(
        trained=True,
        right_unsigned=page.right_unsigned,
        right_signed=page.right_signed[200],
        flipping=int(page.flipping),
    )
    claim("After 12 bits it is right in", page.right_unsigned < 0.65)
    claim("the state counts the ones, and a cosine finds the even numbers", page.by_cosine == 1)
    claim("In 32 bits this count stops at $2^{24}$", bool(page.stops))
    claim(
        "So the weights exist, six numbers with the output.",
        page.right_by_hand == 1 and page.by_hand.count_params() == 6,
    )
    claim("The same 1,000 updates now give", page.right_signed[200] > 0.99)
    claim("units have found the gates that we set by hand, exactly", page.flipping >= 1)
    claim("what they add at a zero is not exactly 0", page.drift > 0)
    gates(page.parity)


def gates(rows):
    """The experiment."""
    of = dict(iter(rows.groupby("network")))
    right = {name: (runs.select_dtypes("number") >= 0.99).sum() for name, runs in of.items()}
    quote(
        clipped_200=int(right["clipped"]["step_200"]),
        two_layers_12=of["minGRU, two layers"]["step_12"].max(),
        clipped_zeros=int(right["clipped"]["zeros"]),
        lstm_zeros=int(right["LSTM"]["zeros"]),
        plain_zeros=int(right["SimpleRNN, identity"]["zeros"]),
    )
    claim(
        "with five seeds at each of three learning rates, lower ones for the minGRUs",
        all(len(runs) == 15 for runs in of.values()),
    )
    claim("*Behind a linear output the sign decides.*", right["clipped"]["step_200"] == 15)
    steps = ["step_12", "step_48", "step_200"]
    claim(
        "the same linear output layer and the same rates, none gets beyond guessing",
        of["clipped, no sign"][steps].to_numpy().max() < 0.58,
    )
    claim(
        "After 48, no run of it gets beyond guessing.",
        of["minGRU, two layers"][steps[1:]].to_numpy().max() < 0.58,
    )
    zeros = (
        of["clipped"].assign(right=of["clipped"]["zeros"] >= 0.99).groupby("rate")["right"].sum()
    )
    claim("(in all five at the largest rate)", zeros[zeros.index.max()] == 5)
    claim("With a tanh all runs are right after 48 bits", right["tanh"]["step_48"] == 15)
    claim("after 200 none is right on 99 % of the sequences", right["tanh"]["step_200"] == 0)
    claim(
        "are right after 200 bits in all their runs",
        right["LSTM"]["step_200"] == right["SimpleRNN, identity"]["step_200"] == 15,
    )


def exercises(page):
    quote(ones_steps=page.ones_needed)
    quote(trained=True, three_right=page.right_three[3], six_right=page.right_three[6])
    claim("a table of them is enough", page.right_three[3] > 0.95)
    claim("the network has not learned to count", page.right_three[6] < 0.7)
