"""What `parallel-recurrence` quotes of its numbers, and what it claims."""

from tools.claims import claim, quote


def lesson(page):
    claim("All four steps are $h \\to 0.25\\,h + 2$", page.all_four == (0.25, 2.0))
    a, b = page.np.array(page.steps)[:, :, None].transpose(1, 0, 2)
    by_loop = page.loop(a, b)[:, 0].tolist()
    claim(
        "the second numbers are the states: 1, 2.5, 2, 2",
        by_loop == page.scan(a, b)[:, 0].tolist() == [1, 2.5, 2, 2],
    )
    claim("For a thousand steps that is 10", page.rounds == 10 and page.scan_agrees)
    claim("Keras has one, too.", page.keras_agrees)
    took = page.milliseconds
    claim("With one unit the scan is much faster", 3 * took["scan", 1] < took["loop", 1])
    claim(
        "each round passes over large arrays: the loop wins",
        took["loop", 1024] < took["scan", 1024],
    )
    weights = page.one_layer.count_params(), page.gru.count_params()
    quote(weights_min_gru=weights[0], weights_gru=weights[1])
    claim("It is, with $2\\,(mp + p)$ weights", page.min_gru_agrees and weights == (40, 150))
    quote(
        trained=True,
        right_unsigned=page.right_unsigned,
        right_signed=page.right_signed,
        flipping=int(page.flipping),
    )
    claim("After 12 bits it is right in", page.right_unsigned < 0.65)
    bits, odd = page.running_parity(500, 1000, page.np.random.default_rng(1))
    count = page.loop(page.np.ones((1000, 500)), bits[..., 0].T)
    claim(
        "the state counts the ones, and a cosine tells even from odd",
        ((page.np.cos(page.np.pi * count) < 0) == odd.T).all(),
    )
    full = page.np.float32(2**24)
    claim("In 32 bits the count of a loop stops at $2^{24}$", full + page.np.float32(1) == full)
    claim(
        "So the weights exist, five numbers with the output.",
        page.right_by_hand == 1 and page.by_hand.count_params() == 5,
    )
    claim("The same 1,000 updates now give", page.right_signed > 0.99)
    claim("units have found the gates that we set by hand, exactly", page.flipping >= 1)
    gates(page.results)


def gates(rows):
    """The experiment."""
    of = dict(iter(rows.groupby("network")))
    right = {name: (runs.select_dtypes("number") >= 0.99).sum() for name, runs in of.items()}
    quote(
        two_layers_12=of["minGRU, two layers"]["step_12"].max(),
        steep_200=int(right["tanh, steep"]["step_200"]),
        steep_ones=int(right["tanh, steep"]["ones"]),
        clipped_zeros=int(right["clipped"]["zeros"]),
        bias_zeros=int(right["clipped, with bias"]["zeros"]),
        lstm_zeros=int(right["LSTM"]["zeros"]),
        clipped_ones=int(right["clipped"]["ones"]),
    )
    claim(
        "with five seeds at each of three learning rates, lower ones for the minGRUs",
        all(len(runs) == 15 for runs in of.values()),
    )
    unsigned = ("clipped, no sign", "minGRU", "minGRU, two layers")
    claim(
        "*The sign decides.*",
        right["clipped"]["step_200"] == 15
        and not any(right[name]["step_200"] for name in unsigned),
    )
    later = ["step_48", "step_200"]
    claim("and is at chance after 48.", of["minGRU, two layers"][later].to_numpy().max() < 0.58)
    tanh, steep = right["tanh"], right["tanh, steep"]
    claim(
        "With a tanh all runs are right after 12 bits and none after 200",
        tanh["step_12"] == 15 and tanh["step_200"] == 0,
    )
    claim("but on 188 ones only", steep["ones"] == 1 < steep["step_200"])
    claim("Then something piles up at each zero", right["clipped, with bias"]["zeros"] < 15)
    claim(
        "are right after 200 bits in all their runs",
        right["LSTM"]["step_200"] == right["SimpleRNN, identity"]["step_200"] == 15,
    )
    claim("of the 15 LSTMs are still right", right["LSTM"]["zeros"] < 15)


def exercises(page):
    quote(ones_steps=page.ones_needed)
    quote(trained=True, three_right=page.right_three[3], six_right=page.right_three[6])
    claim("a table of them is enough", page.right_three[3] > 0.95)
    claim("the network has not learned to count", page.right_three[6] < 0.7)
