"""What `inside-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.data import load_reviews
from tools.claims import claim, quote


def lesson(page):
    about, food = page.explorer.about, load_reviews(sample="food")
    larger = food.loc[food["split"] == "train", "label"].mode()[0]
    quote(
        inside_texts=about["num_training_texts"],
        inside_right=about["accuracy"]["reviews"],
        inside_majority=(food.loc[food["split"] == "test", "label"] == larger).mean(),
    )
    claim("So read with the NumPy LSTM of", page.as_keras)
    compare(page)
    connectives(page)
    intervene(page)
    networks(page.results)
    colour(page)
    probe(page)


def compare(page):
    """Two reviews that differ in one word."""
    hated, loved = page.seen["z"].T
    apart, shares = loved - hated, page.shares
    quote(
        inside_before=hated[-2],
        inside_after=hated[-1],
        inside_apart_verb=apart[1],
        inside_apart_end=apart[-1],
        inside_share_cell=shares["cell"],
        inside_share_tanh=shares["tanh"],
    )
    claim("praise, as the class said", hated[-1] > 0 > hated[-2])
    claim("Half of the distance is left", 0.45 < shares["both"] < 0.55)
    claim("The output gates alone hide none of it.", shares["gates"] >= shares["cell"])
    claim("with the output gates or without", abs(shares["both"] - shares["tanh"]) < 0.03)
    claim('most of "hated" is still in the cell', min(shares["cell"], shares["gates"]) > 0.8)


def cell_left(page, word):
    """Share of the distance in the cell state that is left, weighted by the output layer."""
    C = page.read(page.ids[word], page.trained)["C"] @ page.v
    first, second = np.split(C, 2, axis=1)
    return (second - first)[-1].mean() / (second - first)[1].mean()


def connectives(page):
    """Sixteen tails, six connectives."""
    share = {word: left.mean() for word, left in page.left.items()}
    quote(inside_left_though=share["though"], inside_left_but=share["but"])
    claim('half behind "and"', 0.45 < share["and"] < 0.55)
    claim('So the word to look at is "but".', share["but"] == min(share.values()))
    claim('Behind "though" most of it stayed in the cell', cell_left(page, "though") > 0.8)
    claim('Behind "but" a fifth still counted at the end.', 0.17 < share["but"] < 0.23)


def intervene(page):
    """The cell frozen, gates borrowed."""
    dark, words = (page.gates < 0.35).sum(axis=1), page.text.split()
    claim(
        'Dark columns stand at "hated" and at "but"',
        min(dark[words.index(word)] for word in ("hated", "but")) >= 4 and sorted(dark)[-3] <= 3,
    )
    frozen, gained = page.frozen, np.mean(page.gained, axis=1)
    ends = {word: page.distance(page.ids[word], page.trained)[-1].mean() for word in page.ids}
    quote(
        inside_frozen_nothing=frozen["nothing"],
        inside_frozen_but=frozen["but"],
        inside_frozen_tail=frozen["the tail"],
        inside_frozen_both=frozen["both"],
        inside_lent_all=page.borrowed["and", "ifgo"],
        inside_lent_f=page.borrowed["and", "f"],
        inside_lent_g=page.borrowed["and", "g"],
    )
    claim('about as many as behind "and"', abs(frozen["but"] - ends["and"]) < 0.5)
    claim("On average no other single word comes near", gained[2] > 4 * np.delete(gained, 2).max())
    by = {name: frozen[name] - frozen["nothing"] for name in ("but", "the tail")}
    claim('One "but" takes about as much', 0.8 < by["but"] / by["the tail"] < 1.25)
    lent = {key: end - ends["but"] for key, end in page.borrowed.items()}
    claim('Everything from "and"', abs(lent["and", "ifgo"] - ends["and"] + ends["but"]) < 1e-9)
    claim(
        "the other two gates do little",
        max(abs(lent["and", name]) for name in "io") < 0.1 * lent["and", "ifgo"],
    )
    claim("the two count alike", 0.8 < lent["though", "g"] / lent["though", "f"] < 1.25)
    and_gates = page.read(page.ids["and"], page.trained)
    last = {4: {name: and_gates[name][4] for name in "igo"}}
    without = page.distance(page.ids["but"], page.trained, last)[-1].mean()
    first, last = lent["and", "f"], page.borrowed["and", "ifgo"] - without
    claim(
        "the forget gates did about half of it",
        all(0.38 < part / lent["and", "ifgo"] < 0.6 for part in (first, last))
        and lent["and", "g"] > 0.6 * (lent["and", "ifgo"] - lent["and", "f"]),
    )


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    keys = ["set", "rate", "seed", "joint"]
    sums = texts.groupby(keys)[["word", "end", "cell_word", "cell_end", "and_f", "and_g"]].sum()
    share = (sums["end"] / sums["word"]).unstack()
    taught, coins = share.loc["contrasts", 0.005], share.loc["coins", 0.005]
    quote(inside_taught_but=taught["but"].mean(), inside_taught_though=taught["though"].mean())
    claim("and the seeds agree", taught["but"].max() < taught["though"].min() - 0.3)
    others = share.loc["contrasts"].drop(0.005)
    claim(
        "so do rates of 0.002 and 0.01",
        others["but"].max() < others["though"].min() - 0.3 and len(others) == 6,
    )
    none = share.loc["none", 0.005]
    claim("the two words are alike", (coins["but"] - coins["though"]).abs().max() < 0.05)
    claim("without contrasts they are close", (none["but"] - none["though"]).abs().max() < 0.15)
    cell = (sums["cell_end"] / sums["cell_word"]).unstack().loc["contrasts"]
    claim(
        "In all eleven of them, too, the cell keeps the distance",
        cell["though"].min() > 0.95 and cell["but"].max() < 0.25 and len(cell) == 11,
    )
    but = sums.xs("but", level="joint").loc["contrasts"]
    claim("bring back more of it than the candidate", (but["and_f"] > but["and_g"]).all())


def colour(page):
    """The pictures."""
    quote(inside_unit=int(page.unit), inside_moved_trained=page.moved["B"])
    others = [*page.by_chance, page.moved["A"], page.moved["C"]]
    claim("in the others next to nothing", max(others) < 0.1)


def probe(page):
    """The probe at the end, shuffled networks, and what the sign does in the output."""
    mixed, apart = page.mixed, page.distance(page.adjectives, page.trained).mean(axis=1)
    quote(
        inside_num_words=len(page.sign),
        inside_probe=page.accuracy,
        inside_uncentred=page.uncentred,
        inside_used_word=apart[3],
        inside_used_end=apart[-1],
    )
    states = page.read(page.adjectives, page.trained)["h"][-1].reshape(48, 16, 12)
    by_tail = states.mean(axis=0) - states.mean(axis=(0, 1))
    by_sign = (states[24:].mean(axis=0) - states[:24].mean(axis=0)) / 2
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, by_sign)]
    claim("Each tail moves the state its own way, further", lengths[0] > 2 * lengths[1])
    claim("a probe that fails may just be the wrong probe", page.uncentred < 0.65)
    claim(
        "With the LSTM shuffled the probe does as well",
        abs(np.mean(mixed["the LSTM"]) - page.accuracy) < 0.05 and np.mean(mixed["all"]) < 0.6,
    )
    claim("Hardly: of", 0 < apart[-1] < 0.15 * apart[3])


def exercises(page):
    quote(
        inside_neither=page.ends["fh"],
        inside_worth_w=page.adds["w"],
        inside_worth_f=page.adds["f"],
        inside_worth_h=page.adds["h"],
        inside_lost_eight=page.lost[8],
        inside_lost_most=max(page.lost.values()),
        inside_lost_more=sum(one > page.lost[8] + 0.1 for one in page.lost.values()),
        inside_but_states=page.by_input["states"],
        inside_but_facts=page.by_input["facts"],
        inside_but_both=page.by_input["both"],
    )
    claim("With nothing forgotten the answer is still praise", page.ends["f"] > 0)
    claim("Only without both does it turn to complaint", page.ends["h"] > 0 > page.ends["fh"])
    claim("is one of many that do", sum(one > page.lost[8] for one in page.lost.values()) >= 3)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.by_input["both"] - page.by_input["facts"] < 0.04,
    )
