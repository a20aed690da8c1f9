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
    ablate(page)
    gradient(page)
    probe(page)


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
        "its effect on the output is all there",
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
    claim("whichever word stood before", max(taken) - min(taken) < 0.15)
    least = min(apart, key=lambda word: apart[word][-1])
    claim('So what sets "but" apart happens *at* "but".', least == "but")


def intervene(page):
    """The forget gates; the cell clamped."""
    dark, words = (page.gates < 0.35).sum(axis=1), page.text.split()
    claim(
        'At "hated" seven of the twelve lie below 0.35, at "but" five.',
        [dark[words.index(word)] for word in ("hated", "but")] == [7, 5],
    )
    ends = {name: end.mean() for name, end in page.clamped.items()}
    gained = np.mean(page.gained, axis=1)
    quote(
        inside_clamped_nothing=ends["nothing"],
        inside_clamped_but=ends["F and I"],
        inside_clamped_f=ends["F alone"],
        inside_clamped_i=ends["I alone"],
    )
    claim('about as much as after "and"', abs(ends["F and I"] - page.apart["and"][-1]) < 0.5)
    claim("On average no other single word comes near", gained[2] > 4 * np.delete(gained, 2).max())
    claim("Open forget gates alone leave", ends["F alone"] > ends["I alone"] + 1)
    by_gates = (ends["F alone"] - ends["nothing"]) / gained[2]
    claim("for the most part by its forget gates", 0.55 < by_gates < 0.85)
    fall = page.apart["but"][4] / page.apart["but"][3]
    claim('At "but", two thirds of the difference went at once', 0.28 < fall < 0.38)


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    keys = ["set", "rate", "seed", "joint"]
    sums = texts.groupby(keys)[["word", "end", "clamped_cell", "clamped_f", "clamped_i"]].sum()
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
    but = sums.xs("but", level="joint")
    times = but["clamped_cell"] / but["end"]
    controls = times[["coins", "none"]].max()
    claim(
        "more than triples the difference at the end",
        len(times["contrasts"]) == 11 and times["contrasts"].min() > 3,
    )
    claim("In the controls the clamp changes little.", controls < 1.5)
    gained = but.sub(but["end"], axis=0).loc["contrasts"]
    claim(
        "the forget gates alone do most of it",
        (gained["clamped_f"] / gained["clamped_cell"]).min() > 0.6
        and (gained["clamped_i"] / gained["clamped_cell"]).max() < 0.3,
    )


def colour(page):
    """The pictures."""
    quote(inside_unit=int(page.unit), inside_unit_again=int(page.unit))
    cells = page.cells
    claim("its colours would make as good a story", np.abs(cells["A"][:, 0]).max() > 0.375)
    a, b = (np.abs(cells[name][:, 1] - cells[name][:, 0]) for name in "AB")
    claim("the verb colours every word up to", b[1:-1].min() > 0.375 and b[-1] < 0.125)
    claim("in A it fades within a few words", a[1] > 0.25 and a[4:].max() < 0.125)
    claim("as it seldom does by chance", b[10] > b[1] / 2 and np.mean(page.kept) < 0.2)


def ablate(page):
    """One unit after the other."""
    lost = page.lost
    more = [one for one in lost.values() if one > lost[page.unit] + 0.1]
    quote(
        inside_unit_third=int(page.unit),
        inside_unit_fourth=int(page.unit),
        inside_whole=page.whole,
        inside_lost_unit=lost[page.unit],
        inside_lost_more=len(more),
    )
    claim("is one of many that do", len(more) >= 3 and lost[page.unit] > 0.5)


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
        inside_without=found["without the output's direction"],
        inside_mean_vector=found["mean word vector"],
    )
    claim("The output alone does about as well", found["its output alone"] > page.accuracy - 0.05)
    claim("it carries the trace, only faintly", 0 < page.effect[-1] < 0.15 * page.effect[3])
    claim(
        "So the states do hold the clause where the output does not read",
        found["without the output's direction"] > 0.85,
    )
    claim(
        "But most shuffled LSTMs hold it as well",
        np.median(page.found["LSTM shuffled"]) > page.accuracy - 0.05,
    )
    claim("training the LSTM did not put it there", found["mean word vector"] >= page.accuracy)


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
