"""What `inside-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from helpers.data import load_reviews
from tools.claims import claim, quote


def lesson(page):
    about, food = page.explorer.about, load_reviews(sample="food")
    larger = food.loc[food["split"] == "train", "label"].mode()[0]
    quote(
        inside_texts=about["num_training_texts"],
        inside_right=about["accuracy"]["reviews"],
        inside_words=by_words(food),
        inside_majority=(food.loc[food["split"] == "test", "label"] == larger).mean(),
    )
    compare(page)
    connectives(page)
    intervene(page)
    networks(page.results)
    colour(page)
    ablate(page)
    gradient(page)
    probe(page)


def by_words(food):
    """Accuracy of a logistic regression on words, on the test reviews."""
    train, test = (food[food["split"] == name] for name in ("train", "test"))
    model = make_pipeline(CountVectorizer(binary=True), LogisticRegression(max_iter=1000))
    return model.fit(train["text"], train["label"]).score(test["text"], test["label"])


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
    claim(
        "so its effect is undiminished",
        both[0] > 0.95 and tails[0] > 0.95 and min(one[0] for one in single) > 0.65,
    )
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
    gained = np.mean(page.gained, axis=1)
    quote(
        inside_there=there["nothing"],
        inside_there_f=there["F"],
        inside_there_o=there["O"],
        inside_patched_nothing=ends["nothing"],
        inside_patched_f=ends["F"],
        inside_patched_g=ends["candidate"],
    )
    claim(
        "With all four the network is that of", abs(ends["all four"] - page.apart["and"][-1]) < 0.01
    )
    claim("Both the forget gates and the output gates", min(there["F"], there["O"]) > 5)
    claim("closed output gates only hide the cell", ends["O"] < ends["nothing"] + 0.4)
    claim("None comes near", gained[2] > 2.5 * np.delete(gained, 2).max())
    by_part = [(ends[part] - ends["nothing"]) / gained[2] for part in ("F", "candidate", "I")]
    claim(
        "is about half of the story",
        0.4 < by_part[0] < 0.65 and 0.3 < by_part[1] < 0.6 and by_part[2] < 0.1,
    )
    again = [written(page, ids) for ids in (page.with_and, page.with_but)]
    claim('at "and" it adds more of the verb once again', again[0] > 2 * again[1] > 0)
    claim(
        'After "but" little of the difference was left',
        ends["nothing"] < 0.25 * page.apart["but"][3],
    )


def written(page, ids):
    """What the connective writes of the difference that the cell holds before it: a share."""
    seen = page.read(ids, page.trained)
    loved, hated = slice(16, 32), slice(0, 16)
    before = (seen["C"][3, loved] - seen["C"][3, hated])[0]
    new = (seen["i"][4] * seen["g"][4])[loved] - (seen["i"][4] * seen["g"][4])[hated]
    return new[0] @ before / (before @ before)


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
    claim("without contrasts they are close", (none["but"] - none["though"]).abs().max() < 0.15)


def colour(page):
    """The pictures."""
    quote(inside_unit=int(page.unit), inside_unit_again=int(page.unit))
    own = page.own[page.unit - 1]
    quote(inside_hold_more=int(np.sum(page.own > own)))
    claim("its colours would make as good a story", np.abs(page.pictures["A"]).max() > 0.375)
    in_b = np.abs(page.pictures["B, loved minus hated"])
    claim("the verb colours every word up to", in_b[1:-1].min() > 0.375 and in_b[-1] < 0.125)
    claim("none of 200 shuffled LSTMs has as much left", own > max(page.shuffled))


def ablate(page):
    """One unit after the other."""
    lost = page.lost
    more = [one for n, one in lost.items() if n != page.unit and one > lost[page.unit] - 0.05]
    quote(
        inside_unit_third=int(page.unit),
        inside_unit_fourth=int(page.unit),
        inside_whole=page.whole,
        inside_lost_unit=lost[page.unit],
        inside_lost_more=len(more),
        inside_lost_all=sum(lost.values()),
    )
    claim("so a loss is not a share", sum(lost.values()) > 1.5 * page.whole)
    claim("did not show which units the network needs", len(more) >= 3)


def gradient(page):
    """Gradient times input, checked by finite differences: z as the word's vector is stretched."""

    def slope(row, length):
        ends = []
        for by in (1e-4, -1e-4):
            vectors = page.trained[0][row]
            vectors[1] *= length + by
            places = np.arange(len(row))[None]
            ends.append(page.read(places, [vectors, *page.trained[1:]])["z"][-1, 0])
        return (ends[0] - ends[1]) / 2e-4

    hated, loved = (slope(row, 1) for row in page.pair)
    steepest = min(slope(page.pair[0], length) for length in np.linspace(0, 1, 21))
    quote(inside_share_hated=hated, inside_deleted=page.deletion[1])
    falls = -np.diff(page.by_length)
    claim(
        "the log-odds fall steeply at first and hardly any more at full length",
        steepest / hated > 5 and falls[0] > 4 * falls[-1] > 0,
    )
    by_gradient = page.by_gradient[:, 1]
    claim("differentiates what happens inside", np.allclose(by_gradient, [hated, loved], atol=1e-3))
    claim("a small gradient does not show that a word did little", hated > 0.3 * page.deletion[1])


def probe(page):
    """The probe at the end, its controls, and what the sign does in the output."""
    found = {name: np.mean(values) for name, values in page.found.items()}
    quote(
        inside_num_words=len(page.sign),
        inside_probe=page.accuracy,
        inside_used_word=page.effect[3],
        inside_used_end=page.effect[-1],
    )
    states = page.last["h"].reshape(48, 16, 12)
    by_tail = states.mean(axis=0) - states.mean(axis=(0, 1))
    by_sign = (states[24:].mean(axis=0) - states[:24].mean(axis=0)) / 2
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, by_sign)]
    claim("The tail moves the state more than the adjective", lengths[0] > 2 * lengths[1])
    *near_one, at_random = found.values()
    claim("All but the last are near 1.", min(near_one) > 0.93 and len(near_one) == 4)
    claim("its trace of the adjective is faint", 0 < page.effect[-1] < 0.15 * page.effect[3])
    claim("vectors dealt out at random give chance", abs(at_random - 0.5) < 0.05)


def exercises(page):
    worst = int(max(page.lost_at_mean, key=page.lost_at_mean.get))
    quote(
        inside_mean_unit=worst,
        inside_mean_lost=page.lost_at_mean[worst],
        inside_but_states=page.by_input["states"],
        inside_but_facts=page.by_input["facts"],
        inside_but_both=page.by_input["both"],
    )
    best = int(max(page.lost, key=page.lost.get))
    claim("Here the order hardly changes", worst == best)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.by_input["both"] - page.by_input["facts"] < 0.04,
    )
