"""What `self-attention` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    quote(
        tolerance=0.003,
        accuracy_head=page.accuracy_head,
        accuracy_masked=page.accuracy_masked,
        frequent=page.accuracy(most_frequent(page.X_test), page.y_test),
        one_digit=one_digit(page),
    )
    quote(accuracy_positions=page.accuracy_positions)
    quote(trained=True, accuracy_lstm=page.accuracy_lstm, accuracy_block=page.accuracy_block)
    claim("The LSTM answers", 0.4 < page.accuracy_lstm < 0.85)
    claim(
        "Guessing gets 10 %, and naming the most frequent digit so far",
        page.accuracy(most_frequent(page.X_test), page.y_test) < page.accuracy_lstm - 0.1,
    )
    claim("a wide head begins with nearly all weight on one step", page.largest[0] > 0.9)
    claim("Divided, the weights are spread out at any width", page.largest[1] < 0.3)
    m_row, k_row = page.weights[4], page.weights[3]
    claim("`m?` finds `m7` and nothing else, so its output is a 7", m_row[1] > 0.999)
    claim(
        "The row of `k?` is shared by `k4` and `k9`",
        np.allclose(k_row[[0, 2]], 0.5, atol=1e-3),
    )
    claim("of the questions are about a letter with one digit", 0.5 < one_digit(page) < 0.7)
    claim("From {glue:text}`accuracy_head:.0%` to", page.accuracy_masked > page.accuracy_head + 0.1)
    with_mask, without = (
        page.moved(lambda X, mask=mask: page.head(X, *page.matrices, mask)[0], page.X, 3)
        for mask in (page.mask, None)
    )
    claim(
        "replacing the fourth row moves the fourth and fifth outputs and none before",
        np.all(with_mask[:3] == 0) and np.all(with_mask[3:] > 1e-3),
    )
    claim("Without it all five move", np.all(without > 1e-3))
    claim("The outputs are shuffled in the same way", page.shuffled_alike)
    claim("it is a mean over them, in whatever order they came", page.questions_same)
    claim("head's answer is what it was", page.questions_same)
    by_head(page)
    claim("They agree, and the block passes the test", page.same_block)
    claim("passes the test for leaks", not page.leaking)
    claim(
        "$4 m^2 + 4m$ parameters, whatever $h$ is",
        page.block.attention.count_params() == 4 * 32**2 + 4 * 32,
    )
    claim("Change its 50 to −50, and it finds the first", page.both[3, :10].argmax() == 4)
    claim("Our head finds the latest digit", page.both[3, 10:].argmax() == 9)
    claim(
        "questions after the same 600 updates, with fewer parameters than the LSTM",
        page.accuracy_block > max(0.9, page.accuracy_lstm + 0.1)
        and page.transformer.count_params() < page.lstm.count_params(),
    )
    quote(trained=True, share_found=page.share_found)
    quote(tolerance=0.003, share_chance=page.share_chance)
    claim("of them the largest weight is on the very step", page.share_found > 0.8)
    claim("A guess among these digits", page.share_chance < page.share_found - 0.2)
    experiment(page.results, load_results("parity_gates"), page.accuracy_masked)


def most_frequent(X):
    """How often each list had each digit up to each step, as outputs (n, T, 10)."""
    return np.cumsum(X[..., 26:].astype(int), axis=1)


def one_digit(page):
    """Share of the questions whose letter has had one digit so far."""
    asked = np.argwhere(page.y_test >= 0)
    return np.mean([len(page.digit_steps(page.X_test[i], t)) == 1 for i, t in asked])


def by_head(page):
    """The head that is set by hand looks at the answer, also in the longest lists that it may."""
    claim("does what the dictionary does", page.accuracy_positions == 1)
    claim("Now `k?` looks at `k9` alone", page.weights_pos[3, 2] > 0.999)

    def least(X, y):
        mask = np.tri(X.shape[1], dtype=bool)
        weights = page.head(page.with_positions(X), *page.matrices_pos, mask)[1]
        asked = np.argwhere(y >= 0)
        return min(weights[i, t, page.digit_steps(X[i], t)[-1]] for i, t in asked)

    claim(
        "on the very step with the latest, as in the head that we set by hand",
        least(page.X_test, page.y_test) > 0.999,
    )
    claim(
        "In lists of up to 200 steps a step number cannot outweigh",
        least(*page.draw_lists(20, 200, 26, np.random.default_rng(5))) > 0.999,
    )


def experiment(rows, gates, masked):
    """The experiment, and the LSTM that another one trained on parity."""
    parity = rows[rows["study"] == "parity"]  # at every rate
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
    alone = {n: of.loc["recall", n, "attention alone"] for n in (8, 16)}
    quote(alone_8=alone[8]["mean"], alone_16=alone[16]["mean"])
    claim(
        "one lookup hardly needs the rest of the block",
        all(0 < block[n]["mean"] - alone[n]["mean"] < 0.02 for n in (8, 16)),
    )
    claim(
        "The LSTM is not at its limit",
        all(longer[n]["min"] > lstm[n]["max"] for n in (8, 16)),
    )
    learned = parity["step_12"] > 0.9
    claim(
        "learned the 12 bits in one of seven runs, and there it is at chance after 24",
        len(parity) == 7 and learned.sum() == 1 and parity["step_24"].max() < 0.56,
    )
    gates = gates[gates["network"] == "LSTM"]
    claim(
        "it is right after 200 random ones, at every rate and seed tried",
        gates["step_200"].min() > 0.99 and len(gates) == 15,
    )
    claim("has five seeds", (of.loc["recall"]["size"] == 5).all())


def exercises(page):
    claim(
        "is caught by the one that tries them all",
        page.hole_unseen and page.leaks(page.holed, page.X),
    )
