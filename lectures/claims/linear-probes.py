"""What `linear-probes` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.metrics import roc_auc_score

from tools.claims import claim, quote


def lesson(page):
    question(page)
    probe(page)
    controls(page)
    ablate(page)
    limits(page)


def question(page):
    """What the adjective does to the output."""
    word, middle, end = page.effect[[page.ADJECTIVE, page.FIVE_AFTER_BUT, -1]]
    quote(
        probes_num_words=len(page.BAD) + len(page.GOOD),
        probes_effect_word=word,
        probes_effect_middle=middle,
        probes_effect_end=end,
        probes_effect_again=end,
        probes_share=end / word,
    )
    claim("depends little on", 0 < middle < 0.15 * word)


def probe(page):
    """Words and tails held out."""
    by_tail = [page.seen["z"][-1][page.tail == k].mean() for k in range(8)]
    called, ranked = of_the_raw_probe(page)
    quote(
        probes_known=page.known.mean(),
        probes_new=page.new.mean(),
        probes_tails=np.ptp(by_tail),
        probes_ranked=ranked,
        probes_decoded=page.decoded[-1],
        probes_decoded_again=page.decoded[-1],
    )
    apart = (np.abs(page.new - 0.5) < 0.1) | (page.new > 0.9)
    claim("There each split gets nearly 0.5 or 1", apart.all())
    claim("in most of them the probe calls all reviews good, or all bad", called > 8)
    claim("No, the tails hide it.", np.ptp(by_tail) > 5 * page.effect[-1])
    claim("Only the probe's threshold fails", page.new.mean() < 0.75 and ranked > 0.93)
    claim("Within tails the adjective can be decoded to the end", page.decoded.min() > 0.85)


def of_the_raw_probe(page):
    """How many splits get one answer for at least 23 of 24 texts; mean area under the ROC curve."""
    states, one_sided, areas = page.seen["h"][-1], 0, []
    for fit, test in page.splits(page.word, page.tail):
        regression = page.LogisticRegression(solver="liblinear")
        predicted = regression.fit(states[fit], page.is_good[fit]).predict(states[test])
        one_sided += max(predicted.mean(), 1 - predicted.mean()) > 22.5 / 24
        areas.append(roc_auc_score(page.is_good[test], regression.decision_function(states[test])))
    return one_sided, np.mean(areas)


def controls(page):
    """The same probe on other inputs."""
    trained, shuffled, vectors, permuted = page.scores.values()
    claim("LSTMs whose gates have shuffled weights pass as well", shuffled > trained - 0.03)
    claim("The mean word vector does best", vectors >= max(trained, shuffled))
    claim("permuted word vectors give chance on average", abs(permuted - 0.5) < 0.06)


def ablate(page):
    """Five words after "but", in the state, in the cell, in both."""
    left = page.without.mean()
    own, both = page.without["nothing"], page.without["h and C"]
    component = page.without["component"]
    over_half = np.mean(np.array(page.at_random) > own.to_numpy()[:, None] / 2)
    variance, cosine = of_the_component(page)
    quote(
        probes_half_random=over_half,
        probes_half_probe=np.sum(both > own / 2),
        probes_half_component=np.sum(component > own / 2),
        probes_cosine=cosine,
    )
    claim("Ablating $h$ alone leaves most of the effect", left["h"] > 0.75 * left["nothing"])
    claim("the cell $C$ keeps a copy", left["C"] > 4 * abs(left["h and C"]))
    claim("Without both, little is left", abs(both).sum() < 0.2 * own.sum())
    claim("With random directions in", over_half > 0.85 and np.sum(both > own / 2) <= 2)
    claim(
        "the first component passes as well",
        abs(component).sum() < 0.3 * own.sum() and abs(left["component"]) < 0.05,
    )
    claim("the main way in which the states differ", variance > 0.75 and cosine > 0.9)


def of_the_component(page):
    """Share of the variance of h within tails that the first component holds; cosine with w."""
    h = page.within_tail(page.seen["h"][page.FIVE_AFTER_BUT], page.tail)
    first = page.first_component(h)
    return np.var(h @ first) / np.var(h, axis=0).sum(), abs(first @ page.direction(h, page.is_good))


def limits(page):
    """What is left, elsewhere, and in the output."""
    again = fitted_anew(page)
    quote(probes_again_least=again.min(), probes_again_most=again.max())
    claim("what it finds does not carry over", again.min() < 0.2 and again.max() > 0.9)
    early, late = page.effects_without(page.ADJECTIVE), page.effects_without(17)
    own = page.without["nothing"].sum()
    claim("At the adjective, ablating $C$ is enough", abs(early["C"]).sum() < 0.25 * own)
    claim("near the end, ablating both leaves more", abs(late["h and C"]).sum() > 0.35 * own)
    shares = [share_left(page, page.tail == k) for k in range(8)]
    quote(probes_share_least=min(shares), probes_share_most=max(shares))


def share_left(page, texts):
    """What of the effect of the adjective is left at the end of these texts."""
    effect = page.good_minus_bad(page.seen["z"][:, texts], page.is_good[texts])
    return effect[-1] / effect[page.ADJECTIVE]


def fitted_anew(page):
    """Accuracy in each split of a probe on h and C, each without its own direction."""
    states = [page.within_tail(page.seen[name][page.FIVE_AFTER_BUT], page.tail) for name in "hC"]
    scores = []
    for fit, test in page.splits(page.word, page.tail):
        labels = page.is_good[fit]
        left = [page.ablate_direction(one, page.direction(one[fit], labels)) for one in states]
        left = np.hstack(left)
        regression = page.LogisticRegression(solver="liblinear").fit(left[fit], labels)
        scores.append(regression.score(left[test], page.is_good[test]))
    return np.array(scores)


def exercises(page):
    mean = page.draws.mean()
    more = page.draws["both"] > page.draws["facts"]
    quote(
        probes_in_order=page.in_order,
        probes_any_tail=page.any_tail,
        probes_but_states=mean["states"],
        probes_but_facts=mean["facts"],
        probes_but_both=mean["both"],
        probes_but_draws=more.sum(),
    )
    claim("the difference between tails is larger", page.in_order > 0.95 and page.any_tail < 0.65)
    claim("Length and label alone do better than the states", mean["facts"] > mean["states"] + 0.01)
    claim(
        "the states add about two points to what length and label tell",
        0.01 < mean["both"] - mean["facts"] < 0.03,
    )
    trained, shuffled, _ = page.selectivity.values()
    claim("so it memorizes little", trained > 0.2)
    claim("the shuffled LSTMs have a higher selectivity than the trained one", shuffled > trained)
