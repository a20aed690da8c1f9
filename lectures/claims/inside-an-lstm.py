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
    compare(page)
    connectives(page)
    intervene(page)
    networks(page.results)


def compare(page):
    """One review with three kinds of verb; the same with sixteen tails."""
    hated, loved, neutral = page.hated, page.loved, page.neutral
    quote(
        inside_before=hated[-2],
        inside_after=hated[-1],
        inside_hated_verb=neutral[1] - hated[1],
        inside_hated_end=neutral[-1] - hated[-1],
        inside_loved_verb=loved[1] - neutral[1],
        inside_loved_end=loved[-1] - neutral[-1],
        inside_apart_verb=loved[1] - hated[1],
        inside_apart_end=loved[-1] - hated[-1],
    )
    claim("praise, as the class said", hated[-1] > 0 > hated[-2])
    single = [effects(page.seen["z"][:, k], hated, loved) for k in range(2, 12)]
    many = np.array([page.read(ids, page.trained)["z"] for ids in with_tails(page)])
    tails, praise, filler = (
        effects(many[2:, :, some].mean(axis=(0, 2)), *many[:2, :, some].mean(axis=2))
        for some in (slice(16), slice(8), slice(8, 16))
    )
    both = effects(neutral, hated, loved)
    below = many[2:, -1].mean(axis=0) - many[0, -1]
    quote(inside_least_below=below.min(), inside_most_below=below.max())
    claim(
        'Verdict: "hated" was not forgotten. It was outvoted.',
        both[0] > 0.8 and tails[0] > 0.8 and min(one[0] for one in single) > 0.3,
    )
    claim('is "hated" forgotten: it ends', below.min() > 1.5)
    claim(
        'It is the effect of "loved" that shrinks',
        both[1] < 0.15 and tails[1] < 0.5 and max(one[1] for one in single) < 0.3,
    )
    claim("beside so much praise it hardly adds", praise[1] < 0.25 and filler[1] > 2 * praise[1])


def effects(neutral, hated, loved):
    """Shares of the effects of "hated" and "loved" that are left at the end."""
    return [(verb[-1] - neutral[-1]) / (verb[1] - neutral[1]) for verb in (hated, loved)]


def with_tails(page):
    """Ids of the review with each verb before each of the sixteen tails."""
    for verb in ("hated", "loved", *page.NEUTRAL.split()):
        texts = [f"I {verb} this bar, though {tail}" for tail in page.tails]
        yield page.to_ids(texts, page.vocabulary)


def connectives(page):
    """Sixteen tails, four connectives."""
    apart = page.apart
    taken = [1 - by_word[-1] / by_word[4] for by_word in apart.values()]
    quote(
        inside_bar=apart["but"][3],
        inside_at_but=apart["but"][4],
        inside_tail_least=min(taken),
        inside_tail_most=max(taken),
    )
    claim(
        'After "though" and "and" the difference stays as it was',
        min(apart[word][4] / apart[word][3] for word in ("though", "and")) > 0.95,
    )
    claim("whichever connective it was", max(taken) - min(taken) < 0.15)
    least = min(apart, key=lambda word: apart[word][-1])
    claim('and "however" does nearly the same', apart["however"][4] < 0.6 * apart["however"][3])
    claim('So what sets "but" apart happens *at* "but".', least == "but")


def intervene(page):
    """The forget gates; the cell clamped."""
    dark, words = (page.gates < 0.35).sum(axis=1), page.text.split()
    claim(
        'At "hated" seven of the twelve lie below 0.35, at "but" five',
        [dark[words.index(word)] for word in ("hated", "but")] == [7, 5],
    )
    though = page.read(page.to_ids([page.BAR], page.vocabulary), page.trained)["f"][4, 0]
    claim('at "though" none does', though.min() > 0.5)
    there = {name: mean[4] for name, mean in page.means.items()}
    ends = {name: mean[-1] for name, mean in page.means.items()}
    gap = page.reverse["nothing"] - ends["nothing"]
    gains = {name: end - ends["nothing"] for name, end in ends.items()}
    losses = {name: page.reverse["nothing"] - end for name, end in page.reverse.items()}
    gained = np.mean(page.gained, axis=1)
    quote(
        inside_there=there["nothing"],
        inside_there_f=there["F"],
        inside_there_o=there["O"],
        inside_gap=gap,
        inside_gain_f=gains["F"],
        inside_gain_g=gains["candidate"],
        inside_gain_fg=gains["F, candidate"],
        inside_loss_f=losses["F"],
        inside_loss_g=losses["candidate"],
    )
    claim("a closed output gate only hides the cell", there["O"] > 5 and gains["O"] < 0.4)
    claim("both together", gains["F, candidate"] > 0.6 * gap)
    claim("Hardly anything comes back", gained[2] > 5 * np.delete(gained, 2).max())
    claim("So the hypothesis tells a part.", 0.15 < gains["F"] / gap < 0.5)
    late = patched_late(page)
    claim("most of that comes over the words that follow", late > 0.5)
    claim("into the cell does more", losses["candidate"] > 1.5 * losses["F"] > 0)
    claim(
        'After "but" little of the difference was left',
        ends["nothing"] < 0.25 * page.apart["but"][3],
    )


def patched_late(page):
    """Share of what the candidate of "but" takes from "though" that is taken after that word."""
    ids, source = page.with_though, page.but
    own, other = (
        page.patched(ids, source, page.trained, 4, part).mean(axis=1) for part in ("", "g")
    )
    return 1 - (own[4] - other[4]) / (own[-1] - other[-1])


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    sums = texts.groupby(["set", "rate", "seed", "joint"])[["word", "end"]].sum()
    share = (sums["end"] / sums["word"]).unstack()
    taught, coins = share.loc["contrasts", 0.005], share.loc["coins", 0.005]
    quote(inside_taught_but=taught["but"].mean(), inside_taught_though=taught["though"].mean())
    claim("All seeds agree", taught["but"].max() < taught["though"].min() - 0.3)
    others = share.loc["contrasts"].drop(0.005)
    claim(
        "other learning rates give the same picture",
        others["but"].max() < others["though"].min() - 0.3 and len(others) == 6,
    )
    none = share.loc["none", 0.005]
    claim("the two words are alike", (coins["but"] - coins["though"]).abs().max() < 0.05)
    less = none["though"] - none["but"]
    claim('without contrasts "but" leaves a little less in each seed', 0 < less.min() < 0.15)
    claim("learned most of it from the labels", less.max() < 0.15)


def exercises(page):
    quote(inside_left_though=page.left["though"])
    claim("and yet its effect on the output is whole", page.left["though"] < 0.25)
    effect = {
        name: {part: one["loved"] - z for part, z in one.items()}
        for name, one in page.mixed.items()
    }
    whole, cell, state = (
        effect["though"][part] for part in ("hated", "its cell only", "its state only")
    )
    claim('With "though" the cell alone does about half', 0.35 < cell / whole < 0.65)
    claim("the state alone next to nothing", abs(state / whole) < 0.15)
    claim("But together they do more than the sum", whole > 1.3 * (cell + state))
    claim('After "but" there is little left to carry.', effect["but"]["hated"] < 0.35 * whole)
    (though_hated, though_loved), (but_hated, but_loved) = page.turned["though"], page.turned["but"]
    claim(
        'With "but" the complaint comes last and wins',
        but_hated < -1 and though_hated > 0,
    )
    claim(
        'The verb after "but" matters far more',
        but_loved - but_hated > 2 * (though_loved - though_hated) > 0,
    )
    changes = page.negated
    claim("It turns the sign of each.", all(a * b < 0 for a, b in changes.values()))
    claim(
        '"not awful" is as much praise as "very good"',
        changes["awful"][1] > 0.9 * changes["good"][0],
    )
