"""What `attention-maps` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    after = page.after_patch  # replaced letter, patched state, sound
    quote(trained=True, er_u=after[5, 4, 3], er_intact=page.intact[3])
    weights, lost = page.attention_map, page.lost
    agree = weights.argmax(axis=1)[[0, 2, 4]] == lost.argmax(axis=1)[[0, 2, 4]]
    claim("For AE, B and N both grids have their largest value at the same letter", agree.all())
    claim("a word that the network has not seen in training", split_of(page) == ["test"])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("but replacing the *r* destroys the sound", at_u)
    claim(
        "The *h* has hardly any weight, yet replacing it costs as much as replacing the *s*",
        weights[1, 2] < 0.05 and abs(lost[1, 2] - lost[1, 1]) < 0.05 and lost[1, 2] > 0.9,
    )
    others = page.replaced("ashburn", 5)
    restored = page.patched(page.encode(others), page.encode(["ashburn"] * 25), 4)
    lost_still = page.probabilities(restored, page.said)[:, 3] < 0.5
    letters = {word[5] for word, still in zip(others, lost_still, strict=True) if still}
    claim(
        "in all words but those with a vowel, a *y* or an *x* in the place of the *r*",
        max(np.delete(page.back, 4)) == 0 and letters == set("aeiouyx"),
    )
    kept = page.probabilities(page.encode(page.replaced("ashburn", 4)), page.said)[:, 3] > 0.5
    claim("with most letters in place of the *u* the ER stays", 18 < kept.sum() < 24)
    own, other = page.encode(["ashburn"])[0], page.encode(["ashbutn"])[0]
    claim(
        "so the first half is the same in both words",
        np.allclose(own[0, 4, :32], other[0, 4, :32], atol=1e-6)
        and not np.allclose(own[0, 4, 32:], other[0, 4, 32:], atol=0.1),
    )
    share = after / page.intact
    claim("probability of ER falls", share[5, 4, 3] < 0.1)
    others_at_u = np.delete(share[:, 4, 3], [4, 5])
    claim("and mostly AH takes its place", says_without_r(page).count("AH") > 13)
    claim("With the *b* or the *n* replaced nothing happens.", others_at_u.min() > 0.93)
    missing, wrong = (
        page.probabilities(page.runs[name], page.said)[:, 3].mean() for name in ("missing", "wrong")
    )
    claim("without any it reads the *r* elsewhere", missing > 0.8 > 0.2 > wrong)
    quote(weight_u=weights[3, 4], weight_r=weights[3, 5])
    claim(
        "both letters of the SH act through the state at the *s*", share[[1, 2], 1, 1].max() < 0.1
    )
    claim("Patching the state at the *h* changes nothing.", share[:, 2, 1].min() > 0.9)
    sample(page)


def split_of(page):
    """The parts of the data in which *ashburn* stands."""
    return page.words.loc[page.words["word"] == "ashburn", "split"].tolist()


def says_without_r(page):
    """The most probable sound in the place of the ER, with the u's state from 25 other words."""
    states, g, cell = page.patched(page.encode(["ashburn"] * 25), page.no_r, page.U)
    before, real = np.tile([1, *page.said[:-1]], (25, 1)), np.ones((25, 7), bool)
    scores = np.array(page.decoder([before, g, cell, states, real])[0])
    return [page.SOUNDS[symbol] for symbol in scores[:, page.ER].argmax(axis=-1)]


def sample(page):
    """The sounds of test words, and the ERs; the experiment's networks."""
    found, er = page.found.mean(), page.found.loc["ER"].mean()
    claim("Map and occlusion agree on nine sounds of ten", 0.86 < found["map agrees"] < 0.94)
    claim("even the diagonal agrees on three of four", 0.7 < found["diagonal agrees"] < 0.8)
    claim("On the ERs the map never agrees.", er["map agrees"] == 0)
    claim("in most of these words the vowel matters, too, only less than the *r*", vowels(page))
    networks = page.networks
    quote(apart_least=networks["apart"].min(), apart_most=networks["apart"].max())
    alone, own, back = (
        networks[f"{name}"] for name in ("patched_map", "patched_worst", "restored_map")
    )
    claim(
        "In all six the letter acts mostly through the state that the map shows",
        len(networks) == 6 and alone.max() < 0.3 < 0.65 < own.min() and back.min() > 0.4,
    )


def vowels(page):
    """What replacing the letter of the largest weight costs the ERs, beside that of *ashburn*."""
    costs = []
    for word, true in page.test.sample(90, random_state=0)[["word", "sounds"]].to_numpy():
        ids, weights = page.speak(word)
        if true.count("ER") and [page.SOUNDS[symbol] for symbol in ids] == true:
            lost, s = page.occlusion(word, ids), true.index("ER")
            costs.append(lost[s, weights[s].argmax()])
    return np.median(costs) > 0.5 > 0.3 > page.lost[page.ER, page.U]


def exercises(page):
    start = np.array(page.by_start) / page.intact
    claim("The AE suffers if the initial state has read another *a*", start[0, 0] < 0.5)
    claim("so does the B, which was not certain", start[4, 2] < 0.3)
    claim("One changed letter there hardly harms the others.", start[:, [1, 3, 4]].min() > 0.9)
    whole = {word: p / page.intact for word, p in page.by_word.items()}
    claim("that of *elegant* harms no sound", whole["elegant"].min() > 0.9)
    claim(
        "that of *burning* destroys the AE and harms the SH and the B",
        whole["burning"][:3].max() < 0.5 and whole["burning"][0] < 0.1,
    )
    half = page.by_half
    claim(
        "only the backward half can have read it",
        half["h", "forward"] > 0.9 > 0.2 > half["h", "backward"],
    )
    claim(
        "the SH depends on the *s* through the backward half, the B on the *b* mostly through the "
        "forward half",
        half["s", "backward"] < 0.3 < 0.6 < half["s", "forward"]
        and half["b", "forward"] < 0.2 < 0.3 < half["b", "backward"],
    )
    kept = 1 - page.lost_without.T  # state left out, sound
    largest = page.attention_map.argmax(axis=1)
    rest = [np.delete(kept[:, s], largest[s]).min() for s in range(5)]
    claim("The ER survives the loss of any state.", page.lost_without[3].max() < 0.2)
    claim(
        "The other four sounds are lost without the state of their largest weight, and survive "
        "the loss of any other",
        all(kept[largest[s], s] < 0.1 and rest[s] > 0.9 for s in (0, 1, 2, 4)),
    )
    claim("and if that is wrong, too, the ER is lost", page.er_of[1] < 0.1 < 0.6 < page.er_of[0])
