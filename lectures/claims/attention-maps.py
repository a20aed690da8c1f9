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
    claim("the ER is lost without the second *m* as well", lost[3, 4] > 0.9)
    shimber = [page.SOUNDS[symbol] for symbol in page.speak("shimber")[0]]
    claim("*Shimber* has an ER, one sound later", shimber == ["SH", "IH", "M", "B", "ER"])
    without_m = [page.speak(word)[0] for word in page.replaced("shimmer", 4)]
    claim("That is so in most words without the second *m*", with_er(page, without_m) > 15)
    without_e = [page.speak(word)[0] for word in page.replaced("shimmer", 5)]
    claim("many without the *e* have an ER as well", with_er(page, without_e) > 12)
    claim("Without the *r* none has: the ER is really gone.", with_er(page, page.spoken) == 0)
    quote(weight_e=weights[3, 5], weight_r=weights[3, 6])
    own, other = page.encode(["shimmer"])[0], page.encode(["shimmet"])[0]
    claim(
        "so the first half is the same in both words",
        np.allclose(own[0, 5, :32], other[0, 5, :32], atol=1e-6)
        and not np.allclose(own[0, 5, 32:], other[0, 5, 32:], atol=0.1),
    )
    share = after / page.intact
    claim("nothing happens to the ER", share[6, 6, 3] > 0.95)
    claim("the probability falls from", share[6, 5, 3] < 0.1)
    claim(
        "the *h* acts through the state at the *s*, and not through its own",
        share[1, 0, 0] < 0.2 and share[1, 1, 0] > 0.9,
    )
    er_back, sh_back = np.array(page.back)[1:].T
    claim(
        "Only the state at the *e* brings the ER back, and nearly always.",
        np.delete(er_back, 5).max() == 0 and er_back[5] > 20,
    )
    claim(
        "Only that at the *s* brings the SH back, in most words",
        sh_back[1:].max() < 4 and sh_back[0] > 13,
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
    claim(
        "The map points at the vowel, but replacing the *r* costs more",
        len(found) > 15 > 5 * len(page.others)
        and (found["r replaced"] < found["vowel replaced"]).mean() > 0.95,
    )
    intact = found["nothing replaced"]
    share = found.div(intact, axis=0)
    alone, own = share["r replaced in the vowel's state"], share["r replaced in its own state"]
    claim("The *r* acts mostly through the vowel's state", (alone < own).mean() > 0.9)
    claim("in most words hardly through its own", (own > 0.9).mean() > 0.6)
    control = share["letter before replaced in the vowel's state"].dropna()
    claim(
        "without the letter before, most of it stays in most words",
        (control > 0.5).mean() > 0.7 and alone[control.index].mean() < 0.3 < control.mean(),
    )
    back = share["r replaced, vowel's state intact"]
    claim(
        "with the vowel's state intact, most of it comes back in most words",
        (back > 0.5).mean() > 0.7,
    )
    trainings = "model == 'page' or (model == 'attention' and chosen and state == 64)"
    networks = load_results("spelling_to_sound").query(trainings)
    quote(apart_least=networks["apart"].min(), apart_most=networks["apart"].max())
    claim(
        "Mostly it is the next one to the right, as here.",
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
    claim(
        "but for the ER", ashburn[3].max() < 0.2 and ashburn[[0, 1, 2, 4]].max(axis=1).min() > 0.6
    )
    claim("which has a fifth of the weight already", 0.15 < page.map_of_one[3, 5] < 0.28)
