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
    claim("Replacing the *h* destroys the B, too", lost[2, 2] > 0.7)
    free = [page.SOUNDS[symbol] for symbol in page.speak("astburn")[0]]
    claim("*Astburn*, left to itself, is AE S T B ER N", free == ["AE", "S", "T", "B", "ER", "N"])
    begins = [page.speak(word)[0][:2] == page.said[:2] for word in page.replaced("ashburn", 2)]
    claim("most of the new words do not begin so", sum(begins) < 8)
    claim(
        "Only the state at the *u* brings it back, and in most of them.",
        page.back[4] > 14 > 2 >= max(np.delete(page.back, 4)),
    )
    own, other = page.encode(["ashburn"])[0], page.encode(["ashbuxn"])[0]
    claim(
        "so the first half is the same in both words",
        np.allclose(own[0, 4, :32], other[0, 4, :32], atol=1e-6)
        and not np.allclose(own[0, 4, 32:], other[0, 4, 32:], atol=0.1),
    )
    share = after / page.intact
    claim("probability of ER falls", share[5, 4, 3] < 0.1)
    others_at_u = np.delete(share[:, 4, 3], [4, 5])
    quote(er_no_u=after[4, 4, 3], er_r_r=after[5, 5, 3])
    claim("with the *b* or the *n* replaced nothing happens", others_at_u.min() > 0.93)
    quote(weight_u=weights[3, 4], weight_r=weights[3, 5])
    control_of_size(page.control)
    claim("both letters of the SH are in the column of the *s*", share[[1, 2], 1, 1].max() < 0.1)
    claim("The state at the *h* may come from any of the words", share[:, 2, 1].min() > 0.9)
    sample(page)


def split_of(page):
    """The parts of the data in which *ashburn* stands."""
    return page.words.loc[page.words["word"] == "ashburn", "split"].tolist()


def control_of_size(control):
    """Changes of the state at the u, brought to one size."""
    er, lost = control["ER"], control["ER below 0.5"]
    claim(
        "Replacing the *r* destroys the ER every time, a random change of that size hardly ever.",
        lost["r replaced"] == 1 and er["random"] > 0.8 and lost["random"] < 0.15,
    )


def sample(page):
    """The sounds of test words, and the ERs."""
    found, er = page.found, page.found["sound"] == "ER"
    claim("Map and occlusion agree on nine sounds of ten", 0.86 < found["map"].mean() < 0.95)
    claim("a diagonal agrees on almost four of five", 0.72 < found["diagonal"].mean() < 0.82)
    claim(
        "The map agrees on none of the nine ERs.",
        er.sum() == 9 and not found["map"][er].any(),
    )
    claim("Even the diagonal does better there", found["diagonal"][er].mean() > 0.5)
    _, _, alone, own, out, _ = page.ers.mean()
    claim(
        "the *r* acts mostly through the vowel's state, hardly through its own.",
        len(page.ers) > 10 and alone < 0.2 and own > 0.7,
    )
    high = (page.ers.iloc[:, 4] > 0.5).mean()
    claim("In more than half of the words the ER is lost", 0.1 < high < 0.5 and out < 0.6)
    several_networks(page.networks)


def several_networks(rows):
    """The experiment: sounds whose costliest letter is not that of the largest weight."""
    claim("has this network and five more trainings of it", len(rows) == 6)
    quote(apart_least=rows["apart"].min(), apart_most=rows["apart"].max())
    claim("Mostly it is the next one to the right.", rows["apart_next"].min() > 0.75)
    claim(
        "The letter acts mostly through the map's state; its own state matters less.",
        rows["patched_map"].max() < 0.35 < 0.6 < rows["patched_worst"].min(),
    )


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
    claim(
        "Four of the five sounds are lost without the state of their largest weight, and survive "
        "the loss of any other",
        all(kept[largest[s], s] < 0.1 and rest[s] > 0.9 for s in (0, 1, 2, 4)),
    )
    claim("The ER survives even without the state at the *u*", kept[4, 3] > 0.8 and rest[3] > 0.8)
    claim(
        "the decoder then reads the *r*, and with a wrong state there the ER is lost",
        page.er_of[1] < 0.1 < 0.6 < page.er_of[0],
    )
    claim(
        "So patching shows that a state is used, not that it is needed.",
        page.after_patch[5, 4, 3] < 0.2 < 0.8 < kept[4, 3],
    )
