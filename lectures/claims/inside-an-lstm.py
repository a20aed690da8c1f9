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
    """Sixteen tails, four connectives, six pairs of verbs."""
    but, though = ([page.left[verbs, word] for verbs in page.PAIRS] for word in ("but", "though"))
    quote(
        inside_but_least=min(but),
        inside_but_most=max(but),
        inside_though_least=min(though),
    )
    least = [min(page.CONNECTIVES, key=lambda word: page.left[verbs, word]) for verbs in page.PAIRS]
    claim('So the word to look at is "but".', set(least) == {"but"})
    claim('After "but" a fifth of the difference was left.', 0.17 < but[0] < 0.23)
    claim('After "though" the share depends on the verb', max(though) > 2 * min(though))


def intervene(page):
    """The forget gates; the cell clamped."""
    dark, words = (page.gates < 0.35).sum(axis=1), page.text.split()
    claim(
        'At "hated" seven of the twelve lie below 0.35, at "but" five.',
        [dark[words.index(word)] for word in ("hated", "but")] == [7, 5],
    )
    ends = {name: end.mean() for name, end in page.ends.items()}
    gained = np.mean(page.gained, axis=1)
    quote(
        inside_clamped_nothing=ends["nothing"],
        inside_clamped_but=ends["F and I at but"],
        inside_clamped_f=ends["F at but"],
        inside_clamped_i=ends["I at but"],
        inside_clamped_after=ends["F and I after but"],
    )
    with_and = page.to_ids(page.both("and", page.tails, page.PAIRS[0]), page.vocabulary)
    after_and = page.difference(with_and, page.trained)[-1].mean()
    claim('about as much as after "and"', abs(ends["F and I at but"] - after_and) < 0.5)
    claim("On average no other single word comes near", gained[2] > 4 * np.delete(gained, 2).max())
    claim("Open forget gates alone leave", ends["F at but"] > ends["I at but"] + 1)
    elsewhere = [
        page.difference(page.but, page.trained, {t: {"f": 1}})[-1].mean() - ends["nothing"]
        for t in range(2, 19)
        if t != 4
    ]
    claim(
        'the forget gates at "but" did part of it',
        ends["F at but"] - ends["nothing"] > 3 * max(elsewhere),
    )
    claim("the words that follow did part", ends["F and I after but"] > 2 * ends["nothing"])


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    keys = ["set", "rate", "seed", "joint"]
    sums = texts.groupby(keys)[["word", "end", "clamped_cell", "clamped_f", "clamped_i"]].sum()
    share = (sums["end"] / sums["word"]).unstack()
    taught, coins = share.loc["contrasts", 0.005], share.loc["coins", 0.005]
    quote(inside_taught_but=taught["but"].mean(), inside_taught_though=taught["though"].mean())
    claim("The seeds agree", taught["but"].max() < taught["though"].min() - 0.3)
    others = share.loc["contrasts"].drop(0.005)
    claim(
        "so do rates of 0.002 and 0.01",
        others["but"].max() < others["though"].min() - 0.3 and len(others) == 6,
    )
    none = share.loc["none", 0.005]
    claim("the two words are alike", (coins["but"] - coins["though"]).abs().max() < 0.05)
    claim("without contrasts they are close", (none["but"] - none["though"]).abs().max() < 0.15)
    but = sums.xs("but", level="joint")
    times = but["clamped_cell"] / but["end"]
    controls = times[["coins", "none"]].max()
    quote(inside_clamp_least=times["contrasts"].min(), inside_clamp_controls=controls)
    claim(
        "In all eleven, clamping the cell at",
        len(times["contrasts"]) == 11 and times["contrasts"].min() > 2 * controls,
    )
    gained = but.sub(but["end"], axis=0).loc["contrasts"]
    claim(
        "There, too, the forget gates alone do most of it",
        (gained["clamped_f"] / gained["clamped_cell"]).min() > 0.6
        and (gained["clamped_i"] / gained["clamped_cell"]).max() < 0.3,
    )


def colour(page):
    """The pictures."""
    quote(inside_unit=int(page.unit))
    cells = page.cells
    claim("A, the untrained network, stays blank", np.abs(cells["A"]).max() < 0.125)
    claim("C is the shuffled one", np.abs(cells["C"][:, 0]).max() > 0.375)
    b, c = (np.abs(cells[name][:, 1] - cells[name][:, 0]) for name in "BC")
    claim("the verb colours every word up to", b[1:-1].min() > 0.375 and b[-1] < 0.125)
    claim("in C it fades within a few words", c[1] > 0.25 and c[4:].max() < 0.125)


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
    quote(inside_share_hated=hated, inside_steeper=steepest / hated)
    claim("at full length it is *saturated*", steepest / hated > 5)
    claim("take that step, and see what was", np.allclose(page.shares, [hated, loved], atol=1e-3))
    effect = page.hated[-1] - page.neutral[-1]
    claim("a small share does not show that a word did little", hated > 0.3 * effect)
    claim(
        "gets next to nothing by both accounts",
        abs(loved) < 0.25 and abs(page.loved[-1] - page.neutral[-1]) < 0.5,
    )


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
    states = page.last["h"].reshape(48, 16, 12)
    by_tail = states.mean(axis=0) - states.mean(axis=(0, 1))
    by_sign = (states[24:].mean(axis=0) - states[:24].mean(axis=0)) / 2
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, by_sign)]
    claim("The tail moves the state further than the adjective", lengths[0] > 2 * lengths[1])
    claim("The output alone does about as well", found["its output alone"] > page.accuracy - 0.05)
    claim("it carries the trace, only faintly", 0 < page.effect[-1] < 0.15 * page.effect[3])
    claim(
        "So the states do hold the clause where the output does not read",
        found["without the output's direction"] > 0.85,
    )
    claim(
        "But a shuffled LSTM does as well on average",
        abs(found["LSTM shuffled"] - page.accuracy) < 0.05 and found["all shuffled"] < 0.6,
    )
    claim("training the LSTM did not put it there", found["mean word vector"] > page.accuracy)


def exercises(page):
    quote(
        inside_lost_eight=page.lost[8],
        inside_lost_most=max(page.lost.values()),
        inside_lost_more=sum(one > page.lost[8] + 0.1 for one in page.lost.values()),
        inside_but_states=page.by_input["states"],
        inside_but_facts=page.by_input["facts"],
        inside_but_both=page.by_input["both"],
    )
    claim("is one of many that do", sum(one > page.lost[8] for one in page.lost.values()) >= 3)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.by_input["both"] - page.by_input["facts"] < 0.04,
    )
