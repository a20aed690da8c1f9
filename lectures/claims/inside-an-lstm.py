"""What `inside-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    about = page.explorer.about
    quote(inside_texts=about["num_training_texts"], inside_right=about["accuracy"]["reviews"])
    claim("So read with the NumPy LSTM of", page.same_as_keras)
    pair(page)
    joints(page)
    gates(page)
    networks(page.results)
    colours(page)
    probes(page)
    output(page)


def pair(page):
    """Two reviews that differ in one word."""
    hated, apart = page.curves["hated"], page.curves["loved"] - page.curves["hated"]
    quote(
        inside_before=hated[-2],
        inside_after=hated[-1],
        inside_apart_verb=apart[1],
        inside_apart_end=apart[-1],
    )
    claim("The answer is praise, as the class said", hated[-1] > 0 > hated[-2])
    claim("half of the distance no longer shows in the output", 0.4 < apart[-1] / apart[1] < 0.6)


def joints(page):
    """Connectives, filler and praise."""
    left = page.left
    quote(
        **{
            f"inside_{joint}_{kind}": left[joint, kind].mean()
            for joint in ("though", "but")
            for kind in ("filler", "praise")
        }
    )
    share = {
        joint: np.mean([left[joint, kind].mean() for kind in ("filler", "praise")])
        for joint, _ in left
    }
    own = left["though", "praise"][0]
    quote(inside_own_tail=own)
    claim(
        "the least of all sixteen",
        page.delicious.split() == page.PRAISE[0].split()
        and own == min(left["though", kind].min() for kind in ("filler", "praise")),
    )
    claim('A neutral "and" leaves about half', 0.4 < share["and"] < 0.6)
    claim(
        '"yet" and "however" act nearly as "but" does',
        max(share["yet"], share["however"]) < 0.35 and share["although"] > 0.55,
    )
    claim(
        "and the choice of the connective takes more",
        min(left["though", kind].mean() - left["but", kind].mean() for kind in ("filler", "praise"))
        > 1.5 * max(left[word, "filler"].mean() - left[word, "praise"].mean() for word in share),
    )


def gates(page):
    """The gates at one word."""
    dark = (page.gates < 0.35).sum(axis=1)
    words = page.text.split()
    claim(
        'Dark columns stand at "hated" and at "but"',
        min(dark[words.index(word)] for word in ("hated", "but")) >= 4
        and dark[words.index("delicious")] == 3
        and sorted(dark)[-4] <= 1,
    )
    end = {word: page.distances(word, page.tails)[-1].mean() for word in ("though", "and", "but")}
    but = end["but"]
    adds = {key: more.mean(axis=1) for key, more in page.gained.items()}
    f, i, both = (adds["but", name] for name in ("f = 1", "i = 0", "both"))
    quote(
        inside_but_own=but,
        inside_but_kept=but + f[0],
        inside_but_mute=but + i[0],
        inside_but_bare=but + both[0],
        inside_own=but,
        inside_lent_f=page.borrowed["f"],
        inside_lent_g=page.borrowed["g"],
    )
    claim("the distance doubles", 0.9 < f[0] / but < 1.1)
    claim(
        'half of the distance at the verb, as behind "and"', abs(but + both[0] - end["and"]) < 0.5
    )
    claim(
        "No later word does anything like it",
        f[0] > 5 * f[1:].max() and both[0] > 3 * both[1:].max(),
    )
    claim('Beside these changes "but" acts by forgetting more', f[0] > 3 * i[0])
    though = adds["though", "i = 0"]
    claim("the distance *shrinks*", though[0] < -1.4 and though[1:].min() > -0.6)
    claim('No forget gate at "but" comes near 1 by itself.', page.gates[4].max() < 0.85)
    lent = {names: distance - but for names, distance in page.borrowed.items()}
    claim("All four together give the distance", abs(but + lent["figo"] - end["though"]) < 1e-6)
    parts = [lent["f"], lent["figo"] - lent["igo"]]
    claim("the forget gates are a cause", all(0.2 < x / lent["figo"] < 0.6 for x in parts))
    claim('So beside "though" the two count alike.', 0.8 < lent["g"] / lent["f"] < 1.4)


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    sums = texts.groupby(["set", "rate", "seed", "joint"])[["word", "end", "clamped"]].sum()
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
    main = texts[(texts["set"] == "contrasts") & (texts["rate"] == 0.005)]
    means = main.groupby("joint")[["end", "clamped"]].mean()
    but, though = means.loc["but"], means.loc["though", "end"]
    quote(inside_taught_own=but["end"], inside_taught_kept=but["clamped"])
    gained = (but["clamped"] - but["end"]) / (though - but["end"])
    claim("the gates are a part", 0.3 < gained < 0.9)


def colours(page):
    """The pictures."""
    quote(inside_unit=int(page.unit), inside_swapped_trained=page.moved(page.trained))
    moves = []
    for weights in (page.untrained, page.trained, page.shuffle(0)):
        h = np.array([seen["h"][0, page.unit - 1] for seen in page.read(page.review, weights)])
        moves.append(np.ptp(h))
    claim(
        "On one scale for all, A would be blank",
        moves[0] < 0.1 * moves[1] and moves[2] > 0.4 * moves[1],
    )
    others = [*page.by_shuffled, page.moved(page.untrained)]
    claim("by next to nothing in the others", max(others) < 0.1)


def probes(page):
    """The probe at the adjective, and its control task."""
    quote(inside_num_words=len(page.sign))
    rows = page.results
    rows = rows[(rows["kind"] == "probe") & (rows["place"] == "word")]
    means = rows.groupby("state")[["real", "coin", "new"]].mean()
    untrained, trained = means.loc["untrained"], means.loc["trained"]
    quote(
        inside_num_untrained=int((rows["state"] == "untrained").sum()),
        inside_mean_untrained=untrained["real"],
        inside_mean_coin=untrained["coin"],
        inside_selectivity=trained["real"] - trained["coin"],
    )
    claim("about zero here", abs(untrained["real"] - untrained["coin"]) < 0.03)
    claim(
        "So before training the probe had learned adjectives by heart.",
        untrained["real"] > 0.65 and untrained["new"] < 0.52,
    )


def output(page):
    """The probe at the end, on centred states, and what the sign does in the output."""
    though, but = (page.probe(page.at_end[word]) for word in ("though", "but"))
    centred = page.probe(page.compared["centred"])
    quote(inside_probe_though=though, inside_probe_but=but, inside_new_centred=centred)
    claim('*behind "but" the sign is gone from the state.*', though > 0.85 and but < 0.62)
    claim("Without the word vectors nothing can be read", np.mean(page.by_chance["all"]) < 0.6)
    claim("a shuffled LSTM does as well", np.mean(page.by_chance["the LSTM"]) > 0.88)
    claim("the sign is small, and the tails hid it", centred > 0.85)
    after, labels = page.at_end["but"], page.sign
    apart = after[labels == 1].mean(axis=0) - after[labels == 0].mean(axis=0)
    by_tail = after.mean(axis=0) - after.mean(axis=(0, 1))
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, apart / 2)]
    claim("each tail moves the states its own way", lengths[0] > 2 * lengths[1])
    word, end = page.weighs["adjective"], page.weighs["end"]
    quote(inside_weighs_word=word, inside_weighs_end=end)
    claim("Hardly. At the adjective good and bad", 0.2 < end < 0.2 * word)


def exercises(page):
    quote(
        inside_neither=page.ends["fh"],
        inside_worth_w=page.adds["w"],
        inside_worth_f=page.adds["f"],
        inside_worth_h=page.adds["h"],
        inside_lost_eight=page.lost[8],
        inside_lost_most=max(page.lost.values()),
        inside_lost_more=sum(one > page.lost[8] + 0.1 for one in page.lost.values()),
        inside_but_states=page.accuracy["states"],
        inside_but_facts=page.accuracy["facts"],
        inside_but_both=page.accuracy["both"],
    )
    claim("With nothing forgotten the answer is still praise", page.ends["f"] > 0)
    claim("Only without both does it turn to complaint", page.ends["h"] > 0 > page.ends["fh"])
    claim("is one of many that do", sum(one > page.lost[8] for one in page.lost.values()) >= 3)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.accuracy["both"] - page.accuracy["facts"] < 0.04,
    )
