"""What `lstm` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    quote(
        lstm_count=page.counts["LSTM"],
        lstm_count_rnn=page.counts["SimpleRNN"],
        lstm_count_gru=page.counts["GRU"],
        lstm_count_gru_before=page.counts["GRU, one bias"],
    )
    claim("The LSTM has {glue:text}`lstm_count:,d`, four times", page.counts["LSTM"] == 4 * 610)
    claim("because $b$ has two rows, $b_0$ and $b_1$", page.counts["GRU"] == 3 * 610 + 30)
    claim("Keras does so too, with one bias and", page.counts["GRU, one bias"] == 3 * 610)
    adding(page)
    race(page)
    paths(page)
    cue(page)
    biases(page)


def adding(page):
    """The first section: memory, measured."""
    table = page.adding
    slow = table.loc["SimpleRNN, T = 32, rate 0.002, 2,000 updates"]
    stuck = table.loc["SimpleRNN, T = 32, rate 0.005, 2,000 updates"] > 0.95 / 6
    lengths = {T: table.loc[f"SimpleRNN, T = {T}"] for T in (8, 16, 32)}
    solved = int(page.solved["SimpleRNN"].iloc[3:].sum())
    quote(tolerance=0.2, adding_by_hand=page.by_hand_error)  # large weights, 32 bits
    quote(trained=True, adding_rnn_short=page.short[-1], adding_rnn_long=page.long[-1])
    quote(
        adding_rnn_short_worst=lengths[8].max(),
        adding_rnn_middle_best=lengths[16].min(),
        adding_rnn_middle_worst=lengths[16].max(),
        adding_rnn_long_best=lengths[32].min(),
        adding_rnn_best_400=page.plain.iloc[:3].min(axis=None),
        adding_rnn_slow_best=slow.min(),
        adding_rnn_slow_worst=slow.max(),
        adding_rnn_stuck=int(stuck.sum()),
        adding_rnn_solved=solved,
    )
    claim("With eight steps the network adds, with an error of", page.short[-1] < 0.25 / 6)
    claim("With 32 steps and the same 400 updates it ends at", page.long[-1] > 0.5 / 6)
    claim("With eight steps every seed adds", (lengths[8] < page.SOLVED).all())
    claim("With sixteen it depends on the seed", lengths[16].max() > 3 * lengths[16].min())
    claim("none of five seeds of 16 units learns to add", (lengths[32] > 0.85 / 6).all())
    claim("the layer *can* remember two numbers", page.by_hand_error < 0.001 / 6)
    claim("None of the rates is enough", (page.plain.iloc[:3] > page.SOLVED).all(axis=None))
    claim("all five seeds have left the constant behind", (slow < 0.8 / 6).all())
    claim("But patience is no cure.", solved < 5)


def race(page):
    """The same task with gates."""
    solved, tracks = page.solved, page.tracks
    wide = int(solved["SimpleRNN(34)"].iloc[3:].sum())
    quote(trained=True, adding_lstm_long=tracks["LSTM"][-1], adding_gru_long=tracks["GRU"][-1])
    quote(adding_wide_solved=wide)
    claim(
        "The LSTM has {glue:text}`adding_lstm_long:.4f` and the GRU",
        max(tracks["LSTM"][-1], tracks["GRU"][-1]) < page.SOLVED,
    )
    claim(
        "every LSTM and every GRU solves the task, and no `SimpleRNN`, narrow or wide",
        solved.iloc[0].tolist() == [0, 0, 5, 5],
    )
    claim(
        "With 400 updates at 0.005 every GRU does and hardly any LSTM (here none), at 0.002 nobody",
        solved.iloc[1:3, 2:].to_numpy().tolist() == [[0, 5], [0, 0]],
    )
    claim("all LSTMs and GRUs solve it at both rates", (solved.iloc[3:, 2:] == 5).all(axis=None))
    claim("of the wide `SimpleRNN` it is", wide <= 5)
    verdicts = [one.verdict for one in page.race.values()]
    claim("The GRU is better than the wide `SimpleRNN` in all", set(verdicts[5:]) == {"better"})
    claim(
        "The LSTM is better in four; its fifth, 400 updates at the lowest rate, is undecided",
        verdicts[:5] == ["better", "better", "undecided", "better", "better"],
    )
    claim("it has a few more than the LSTM", page.sizes[1] > page.sizes[0])


def paths(page):
    """Gradients through the state."""
    rows, network_of, middle = page.of_five, page.network_of, page.middle
    part = (rows["direct"] / rows["whole"]).groupby(network_of).median()
    before, after = (
        {
            name: rows[network_of == f"{name}, {when}"][["whole", "direct", "detours"]].to_numpy()
            for name in ("SimpleRNN", "LSTM", "GRU")
        }
        for when in ("before", "after")
    )
    gated = ("LSTM", "GRU")
    opened = {
        name: middle.loc[f"{name}, after", "direct"] / middle.loc[f"{name}, before", "direct"]
        for name in gated
    }
    each = {name: np.sort(after[name][:, 1] / before[name][:, 1]) for name in gated}
    shut = np.sort(before["SimpleRNN"][:, 0] / after["SimpleRNN"][:, 0])
    quote(
        ways_lstm_before=part["LSTM, before"],
        ways_gru_before=part["GRU, before"],
        ways_lstm_after=part["LSTM, after"],
        ways_gru_after=part["GRU, after"],
        ways_lstm_opened=round(opened["LSTM"], -2),
        ways_lstm_opened_least=round(each["LSTM"][0], -2),
        ways_lstm_opened_most=round(each["LSTM"][-1], -2),
        ways_gru_opened=opened["GRU"] / 1e6,
        ways_gru_opened_least=each["GRU"][0] / 1e6,
        ways_gru_opened_most=each["GRU"][-1] / 1e6,
        ways_rnn_before=middle.loc["SimpleRNN, before", "whole"],
        ways_rnn_shut_least=shut[0],
        ways_rnn_shut=float(f"{np.median(shut):.2g}"),
        ways_rnn_shut_most=float(f"{shut[-1]:.2g}"),
    )
    claim(
        "Before training the direct way alone is a small part of the whole",
        all((before[name][:, 1] < 0.2 * before[name][:, 0]).all() for name in gated),
    )
    claim(
        "Detours alone carry less than a trillionth of the whole, before training and after.",
        all((b[k][:, 2] < 1e-12 * b[k][:, 0]).all() for b in (before, after) for k in gated),
    )
    lifted = {name: after[name] > 20 * before[name] for name in gated}
    claim("*Training opens the direct way*", all(up[:, 1].all() for up in lifted.values()))
    claim("The whole grows with it.", all(up[:, 0].all() for up in lifted.values()))
    claim(
        "In the GRU the direct way alone then makes up",
        part["GRU, after"] > 0.5 and (after["LSTM"][:, 1] < 0.5 * after["LSTM"][:, 0]).all(),
    )
    rnn, lstm_new, gru_new = (before[name][:, 0] for name in ("SimpleRNN", "LSTM", "GRU"))
    claim(
        "more than a new LSTM or GRU",
        rnn.min() > lstm_new.max() and lstm_new.min() > 100 * gru_new.max(),
    )
    claim("after the same 400 updates it feels it less in every seed", shut[0] > 1)
    claim("which solves the task in the most runs", page.solved.sum().idxmax() == "GRU")


def cue(page):
    """The task that an LSTM loses at first."""
    names = ["SimpleRNN", "LSTM", "GRU", "LSTM, no noise", "LSTM, balanced", "LSTM, both"]
    runs = {n: page.cue.filter(regex=f"^{n}, data", axis=0) for n in names}
    middle, ratios = page.ratios.median(axis=1), page.ratios
    even = page.updates_of("LSTM, balanced", page.cue), page.updates_of("SimpleRNN", page.cue)
    behind = even[0].to_numpy() - even[1].to_numpy()
    failed = runs["GRU"].isna().sum(axis=1)
    quote(
        cue_rnn_last=int(runs["SimpleRNN"].max(axis=None)),
        cue_lstm_first=int(runs["LSTM"].min(axis=None)),
        cue_lstm_last=int(runs["LSTM"].max(axis=None)),
        cue_gru_first=int(runs["GRU"].min(axis=None)),
        cue_gru_failed=int(failed.sum()),
        cue_quiet_learned=int(runs["LSTM, no noise"].notna().to_numpy().sum()),
        cue_balanced_last=int(runs["LSTM, balanced"].max(axis=None)),
        cue_balanced_slower=int((behind > 0).sum()),
        cue_balanced_tied=int((behind == 0).sum()),
    )
    quote(trained=True, ratio_rnn=middle["SimpleRNN"], ratio_lstm=middle["LSTM"])
    claim(
        "The simplest network wins.",
        runs["SimpleRNN"].max(axis=None) < runs["LSTM"].min(axis=None),
    )
    claim("every LSTM has learned the cue", runs["LSTM"].notna().all(axis=None))
    claim("all of them in the first drawing", failed.iloc[1:].sum() == 0 < failed.iloc[0])
    claim(
        "The order of the ratios is the order in which the three learn.",
        ratios.loc["SimpleRNN"].min() > ratios.loc["LSTM"].max()
        and ratios.loc["LSTM"].min() > ratios.loc["GRU"].max()
        and page.updates_of("GRU", page.cue).mean(axis=None)
        > page.updates_of("LSTM", page.cue).mean(axis=None),
    )
    claim("In a new GRU it is less than a billionth", (ratios.loc["GRU"] < 1e-9).all())
    claim(
        "so its three rows are the same", page.cue.filter(like="both", axis=0).nunique().max() == 1
    )
    verdicts = [one.verdict for one in page.held_up.values()]
    claim("it is not the noise that holds the LSTM up", verdicts[0] == "worse")
    claim("Here the rule says *better*, in all 15 pairs.", verdicts[1] == "better")
    claim("*Both changes together* are undecided.", verdicts[2] == "undecided")
    claim("all fifteen learn, within", runs["LSTM, balanced"].notna().all(axis=None))
    claim(
        "Even in balanced batches the LSTM is slower than the `SimpleRNN` in uneven ones",
        page.judge(*even).verdict == "worse",
    )


def biases(page):
    """Where a gate should start."""
    started, ratios, new = page.started, page.start_ratios, page.ratios
    runs = {n: started.filter(regex=f"^{n}, data", axis=0) for n in ("LSTM, log T", "GRU, log T")}
    every = page.held_up | page.start_verdicts
    told = {key: one.verdict for key, one in every.items() if one.verdict in ("better", "worse")}
    quote(
        start_log_last=int(runs["LSTM, log T"].max(axis=None)),
        start_gru_last=int(runs["GRU, log T"].max(axis=None)),
        verdict_pairs=min(pairs_that_agree(page, *one) for one in told.items()),
    )
    quote(
        trained=True,
        ratio_log=ratios.loc["LSTM, log T"].median(),
        ratio_gru_log=ratios.loc["GRU, log T"].median(),
    )
    claim("all fifteen runs of the LSTM learn within", started.notna().all(axis=None))
    claim(
        "They do. In the median the ratio goes from",
        ratios.loc["LSTM, log T"].min() > 10 * new.loc["LSTM"].max()
        and ratios.loc["GRU, log T"].min() > 10 * new.loc["GRU"].max(),
    )
    verdicts = [one.verdict for one in page.start_verdicts.values()]
    claim("For both layers $\\log T$ is better than Keras's start.", verdicts[:2] == ["better"] * 2)
    claim("the winner above, it is undecided", verdicts[2] == "undecided")
    claim("The spread instead of one bias is undecided too.", verdicts[3] == "undecided")
    claim("and chrono is worse", verdicts[4] == "worse")


def pairs_that_agree(page, key, verdict):
    """In how many of 15 pairs of runs a verdict is so."""
    every = page.every
    one, other = (page.updates_of(name, every).to_numpy() for name in key.split(" - "))
    return int((one < other if verdict == "better" else one > other).sum())


def exercises(page):
    quote(lstm_half_life=page.half_lives[1], lstm_half_life_long=page.half_lives[2])
    claim("The first term is the direct way, the others are", page.gru_formula_differs < 1e-7)
    longer, by_bias = page.longer, page.by_bias
    quote(
        trained=True,
        longer_lstm_double=longer.loc["LSTM", 64],
        longer_gru_double=longer.loc["GRU", 64],
        longer_lstm_four=longer.loc["LSTM", 128],
        longer_gru_four=longer.loc["GRU", 128],
    )
    claim(
        "At twice the length they still add, but badly",
        (longer[64] > 5 * longer[32]).all() and (longer[128] > longer[64]).all(),
    )
    smallest = (by_bias.filter(like="b =") >= 4).to_numpy().argmax(axis=1)
    fails = smallest[-1] - 1
    quote(**{f"bias_{T}": n for T, n in zip((15, 30, 60, 120), smallest, strict=True)})
    quote(bias_120_fails=fails, bias_120_near=by_bias.loc["T = 120", f"b = {fails}"])
    claim(
        "It grows with $T$, and a bias of $\\log T$, rounded down or up, works at every length",
        (np.diff(smallest) >= 0).all()
        and smallest[-1] > smallest[0]
        and all(
            by_bias.loc[row, f"b = {int(rounded(by_bias.loc[row, 'log T']))}"] >= 4
            for row in by_bias.index
            for rounded in (np.floor, np.ceil)
        ),
    )
    claim("on one drawing, it grows faster", smallest[0] == 0 and smallest[-1] - 1 >= 2)
