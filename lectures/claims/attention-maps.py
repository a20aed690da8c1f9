"""What `attention-maps` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    after = page.after_patch  # replaced letter, patched state, sound
    quote(trained=True, er_e=after[6, 5, 3], er_intact=page.intact[3])
    weights, lost = page.attention_map, page.lost
    agree = weights.argmax(axis=1)[:3] == lost.argmax(axis=1)[:3]
    claim("For SH, IH and M both grids have their largest value at the same letter", agree.all())
    claim("a word that the network has not seen in training", split_of(page) == ["test"])
    at_r = weights[3].argmax() == 5 and lost[3].argmax() == 6 and lost[3, 6] > 0.95
    claim(
        "It destroys the sound, though the *r* has hardly any weight", at_r and weights[3, 6] < 0.08
    )
    claim("Likewise, replacing the *h* destroys the SH", lost[0, 1] > 0.9 and weights[0, 1] < 0.03)
    claim("the ER is also lost if the second *m* is replaced", lost[3, 4] > 0.9)
    shimber = [page.SOUNDS[symbol] for symbol in page.speak("shimber")[0]]
    claim("*Shimber* has an ER, one sound later", shimber == ["SH", "IH", "M", "B", "ER"])
    without_m = [page.speak(word)[0] for word in page.replaced("shimmer", 4)]
    claim("Most of the words without the second *m* have an ER", with_er(page, without_m) > 15)
    without_e = [page.speak(word)[0] for word in page.replaced("shimmer", 5)]
    claim("most without the *e*", with_er(page, without_e) > 12)
    claim("Without the *r* none has: the ER is really gone.", with_er(page, page.spoken) == 0)
    quote(weight_e=weights[3, 5], weight_r=weights[3, 6])
    own, other = page.encode(["shimmer"])[0], page.encode(["shimmet"])[0]
    claim(
        "at the *e* the forward half is the same in both words",
        np.allclose(own[0, 5, :32], other[0, 5, :32], atol=1e-6)
        and not np.allclose(own[0, 5, 32:], other[0, 5, 32:], atol=0.1),
    )
    share = after / page.intact
    claim("nothing happens to the ER", share[6, 6, 3] > 0.95)
    claim("the probability of the ER falls from", share[6, 5, 3] < 0.1)
    claim(
        "the *h* acts through the state at the *s*, and not through its own",
        share[1, 0, 0] < 0.2 and share[1, 1, 0] > 0.9,
    )
    er_back, sh_back = np.array(page.back).T
    quote(trained=True, er_back=er_back[5], sh_back=sh_back[0])
    claim(
        "Only the state at the *e* brings the ER back",
        np.delete(er_back, 5).max() < 0.1 and er_back[5] > 0.7,
    )
    claim(
        "and only the state at the *s* the SH, to",
        sh_back[1:].max() < 0.2 and sh_back[0] > 0.45,
    )
    sample(page)


def with_er(page, spoken):
    """How many of 25 spoken words have an ER."""
    assert len(spoken) == 25
    return sum(page.said[3] in ids for ids in spoken)


def split_of(page):
    """The parts of the data in which *shimmer* stands."""
    return page.words.loc[page.words["word"] == "shimmer", "split"].tolist()


def sample(page):
    """The ERs of other words; all sounds, in the experiment's networks."""
    found = page.found
    nothing, no_r, before, own, back = found.to_numpy().T
    claim(
        "and without it the ER has hardly any probability left",
        len(found) > 30 > 10 * len(page.others) and no_r.max() < 0.1 < nothing.min(),
    )
    claim("the ER is lost in most words", (before < 0.5).mean() > 0.8)
    claim("it stays in nearly all", (own > 0.5).mean() > 0.9)
    claim("the ER comes back in most", (back > 0.5).mean() > 0.7)
    trainings = "model == 'page' or (model == 'attention' and chosen and state == 64)"
    networks = load_results("spelling_to_sound").query(trainings)
    quote(apart_least=networks["apart"].min(), apart_most=networks["apart"].max())
    claim(
        "Mostly it is the next letter to the right, as here.",
        len(networks) == 6 and networks["apart_next"].min() > 0.7,
    )


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The SH suffers if the initial state has read another first letter", start[0, 0] < 0.7)
    claim("the ER if it has read another last one", start[6, 3] < 0.85)
    rest = np.delete(start.ravel(), [0, 6 * 4 + 3])
    claim("No other changed letter does any harm there.", rest.min() > 0.95)
    whole = {word: p / page.intact for word, p in page.by_word.items()}
    washing, blanket = whole["washing"], whole["blanket"]
    claim(
        "that of *washing* harms only the SH a little",
        washing[1:].min() > 0.95 and 0.6 < washing[0] < 0.9,
    )
    claim("that of *blanket* destroys the SH and the ER", blanket[[0, 3]].max() < 0.1)
    half = page.by_half
    claim(
        "so only the backward half can have read them",
        min(half[x, "forward"] for x in "hr") > 0.95 > 0.2 > max(half[x, "backward"] for x in "hr"),
    )
    claim(
        "Here the backward half matters more, and neither alone destroys the sound.",
        all(0.3 < half[x, "backward"] < half[x, "forward"] for x in "se"),
    )
    missing(page)


def missing(page):
    """What is lost without each state, of both words."""
    shimmer, ashburn = page.left_out["shimmer"], page.left_out["ashburn"]
    needed = [shimmer[s].max() > 0.6 and (np.sort(shimmer[s])[-2] < 0.1) for s in range(4)]
    claim("Each sound of *shimmer* is lost, most of it at least", all(needed))
    claim("except the ER", ashburn[3].max() < 0.2 and ashburn[[0, 1, 2, 4]].max(axis=1).min() > 0.6)
    claim("which has a fifth of the weight already", 0.15 < page.map_of_one[3, 5] < 0.28)
