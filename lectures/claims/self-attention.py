"""What `self-attention` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    quote(
        tolerance=0.003,
        accuracy_head=page.accuracy_head,
        accuracy_masked=page.accuracy_masked,
    )
    quote(
        accuracy_positions=page.accuracy_positions,
        attention_parameters=page.attention_parameters,
    )
    quote(trained=True, accuracy_lstm=page.accuracy_lstm, accuracy_block=page.accuracy_block)
    claim("where guessing gets 10 %", 0.4 < page.accuracy_lstm < 0.85)
    m_row, k_row = page.weights[4], page.weights[3]
    claim("`m?` finds `m7` and nothing else, so its output is a 7", m_row[1] > 0.999)
    claim(
        "The row of `k?` is shared by `k4` and `k9`",
        np.allclose(k_row[[0, 2]], 0.5, atol=1e-3),
    )
    claim("From {glue:text}`accuracy_head:.0%` to", page.accuracy_masked > page.accuracy_head + 0.1)
    with_mask, without = (page.moved(f, page.X, 3) for f in (page.masked_head, page.head))
    claim(
        "replacing the fourth row moves the fourth and fifth outputs and none before",
        np.all(with_mask[:3] == 0) and np.all(with_mask[3:] > 1e-3),
    )
    claim("Without it all five move", np.all(without > 1e-3))
    claim("The outputs are shuffled in the same way", page.shuffled_alike)
    claim("its output is a mean over them, in whatever order they came", page.questions_same)
    claim(
        "does depend on the order",
        np.abs(page.read[0] - page.read[1]).max() > 0.01 * np.abs(page.read[0]).max(),
    )
    by_head(page)
    claim("They agree, and the attention has", all(page.agree))
    claim("parameters each time, $4 \\cdot 32^2", page.attention_parameters == 4 * 32**2 + 4 * 32)
    claim(
        "questions after the same 600 updates, with fewer parameters than the LSTM",
        page.accuracy_block > max(0.9, page.accuracy_lstm + 0.1)
        and page.transformer.count_params() < page.lstm.count_params(),
    )
    quote(trained=True, share_found=page.share_found)
    claim("of the questions the largest weight is on the very step", page.share_found > 0.8)
    claim("Step by step we get what the head gives at once", page.cache_agrees)
    experiment(page.results, load_results("parity_gates"), page.accuracy_masked)


def by_head(page):
    """The head that is set by hand looks at the answer, also in the longest lists that it may."""
    claim("does what the dictionary does", page.accuracy_positions == 1)
    claim("Now `k?` looks at `k9` alone", page.ordered_head(page.X)[1][3, 2] > 0.999)

    def least(X, y):
        weights = page.ordered_head(X)[1]
        asked = np.argwhere(y >= 0)
        return min(weights[i, t, page.latest(X[i], t)] for i, t in asked)

    claim(
        "on the very step with the latest digit, as in the head that we set by hand",
        least(page.X_test, page.y_test) > 0.999,
    )
    claim(
        "in lists of up to 200 steps",
        least(*page.draw_lists(20, 200, 26, np.random.default_rng(5))) > 0.999,
    )


def experiment(rows, gates, masked):
    """The experiment, and the LSTM that another one trained on parity."""
    rows = rows[rows["chosen"].astype(bool)]
    of = rows.groupby(["study", "letters", "model"])["accuracy"].agg(["mean", "min", "max", "size"])
    block, lstm = ({n: of.loc["recall", n, model] for n in (8, 16)} for model in ("block", "LSTM"))
    longer = {n: of.loc["recall", n, "LSTM, more updates"] for n in (8, 16)}
    bare = {n: of.loc["recall", n, "block, no positions"] for n in (8, 16)}
    quote(
        block_8=block[8]["mean"],
        block_16=block[16]["mean"],
        lstm_8=lstm[8]["mean"],
        lstm_16=lstm[16]["mean"],
        longer_8=longer[8]["mean"],
        longer_16=longer[16]["mean"],
        bare_8=bare[8]["mean"],
    )
    claim(
        "the block is ahead of the LSTM, whichever seeds you compare",
        all(block[n]["min"] > lstm[n]["max"] + 0.25 for n in (8, 16)),
    )
    claim(
        "Without positions it falls to",
        all(
            bare[n]["max"] < block[n]["min"] and abs(bare[n]["mean"] - masked) < 0.03
            for n in (8, 16)
        )
        and abs(bare[8]["mean"] - bare[16]["mean"]) < 0.005,
    )
    claim(
        "The LSTM is still improving",
        all(longer[n]["min"] > lstm[n]["max"] for n in (8, 16)),
    )
    parity = rows[rows["study"] == "parity"]
    quote(parity_12=parity["step_12"].max())
    claim(
        "of five runs at a rate of 0.003 one learns the 12 bits",
        len(parity) == 5
        and (parity["rate"] == 0.003).all()
        and (parity["step_12"] < 0.56).sum() == 4
        and (parity["step_12"] > 0.9).sum() == 1,
    )
    claim("after 24 bits it guesses", parity["step_24"].max() < 0.56)
    gates = gates[gates["network"] == "LSTM"]
    claim(
        "The LSTM is right after 200 random bits",
        gates["step_200"].min() > 0.99 and len(gates) == 15,
    )
    claim("repeats it with five seeds", (of.loc["recall"]["size"] == 5).all() and len(parity) == 5)


def exercises(page):
    claim(
        "is caught by the one that tries them all",
        page.hole_unseen and page.leaks(page.holed, page.X),
    )
