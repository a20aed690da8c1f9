"""What `linear-probes` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    question(page)
    probe(page)
    controls(page)
    ablate(page)


def question(page):
    """What the adjective does to the output."""
    word, middle, end = page.effect[[3, 9, -1]]
    quote(
        probes_num_words=len(page.BAD) + len(page.GOOD),
        probes_effect_word=word,
        probes_effect_middle=middle,
        probes_effect_end=end,
        probes_effect_again=end,
        probes_effect_once_more=end,
        probes_share=end / word,
    )
    claim("depends little on", 0 < middle < 0.15 * word)


def probe(page):
    """Words and tails held out."""
    by_tail = [page.seen["z"][-1][page.tail == k].mean() for k in range(8)]
    quote(
        probes_known=page.known.mean(),
        probes_new=page.new.mean(),
        probes_tails=np.ptp(by_tail),
        probes_readable=page.readable[-1],
    )
    apart = (np.abs(page.new - 0.5) < 0.1) | (page.new > 0.9)
    claim("There each split gets nearly 0.5 or 1", apart.all())
    called = shares_called_good(page)
    claim("in most of them the probe calls all reviews good, or all bad", called > 8)
    claim("No, the tails hide it.", np.ptp(by_tail) > 5 * page.effect[-1])
    claim("Within tails the probe reads the adjective to the end", page.readable.min() > 0.85)


def shares_called_good(page):
    """In how many splits the probe at the end gives one answer to at least 23 of 24 texts."""
    states, one_sided = page.seen["h"][-1], 0
    for fit, test in page.splits(page.word, page.tail):
        regression = page.LogisticRegression(solver="liblinear")
        predicted = regression.fit(states[fit], page.is_good[fit]).predict(states[test])
        one_sided += max(predicted.mean(), 1 - predicted.mean()) > 22.5 / 24
    return one_sided


def controls(page):
    """The same probe on other inputs."""
    trained, shuffled, output, vectors, permuted = page.scores.values()
    claim("LSTMs whose gates have shuffled weights pass as well", shuffled > trained - 0.03)
    claim("The mean word vector does best", vectors >= max(trained, shuffled, output))
    claim("permuted word vectors bring the probe down to chance", abs(permuted - 0.5) < 0.06)


def ablate(page):
    """After one word, in the state, in the cell, in both."""
    without_h, without_cell, without_both = page.without[6].mean(axis=0)
    end, random = page.effect[-1], np.array(page.random)
    quote(
        probes_without_h=without_h,
        probes_without_both=without_both,
        probes_random=random[:, 6].min(),
        probes_least=page.without[6, :, 2].min(),
        probes_most=page.without[6, :, 2].max(),
    )
    claim("ablating $h$ alone leaves most of the effect at the end", without_h > 0.75 * end)
    claim("the cell $C$ keeps a copy", without_both < 0.15 * end < without_cell < without_h)
    claim(
        "lies where the probe reads",
        np.all(page.without[:15, :, 2].mean(axis=1) < random[:, :15].min(axis=0))
        and random[:, 6].min() > 0.5 * end,
    )
    texts = page.ids, page.is_good, page.word, page.tail
    left = [
        page.effects_without(9, *texts, weights).mean(axis=0)[2] for weights in page.networks[1:4]
    ]
    claim("shuffled LSTMs lose what effect they have in the same way", np.abs(left).max() < 0.05)
    claim("can be read almost without error", page.readable[:-1].min() > 0.93)


def exercises(page):
    quote(
        probes_in_order=page.in_order,
        probes_any_tail=page.any_tail,
        probes_but_states=page.by_input["states"],
        probes_but_facts=page.by_input["facts"],
        probes_but_both=page.by_input["both"],
    )
    claim("the difference between tails is larger", page.in_order > 0.95 and page.any_tail < 0.65)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.by_input["both"] - page.by_input["facts"] < 0.04,
    )
