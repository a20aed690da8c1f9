"""What `inside-an-lstm` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    about = page.explorer.about
    quote(inside_texts=about["num_training_texts"], inside_right=about["accuracy"]["reviews"])
    claim("How much do its colours and curves prove?", page.same_as_keras)
    pair(page)
    joints(page)
    gates(page)
    networks(page.results)
    colours(page)
    methods(page)
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
    claim("The answer is praise, as the class said.", hated[-1] > 0 > hated[-2])
    claim('"Hated" was not forgotten. It was outvoted.', apart[-1] > 3)
    claim("Half of the distance was lost.", 0.4 < apart[-1] / apart[1] < 0.6)


def joints(page):
    """Though and but, filler and praise."""
    left = page.left
    quote(**{f"inside_{joint}_{kind}": some.mean() for (joint, kind), some in left.items()})
    claim(
        "and the dots overlap",
        left["though", "praise"].max() > left["though", "filler"].mean()
        and left["though", "filler"].mean() - left["though", "praise"].mean() < 0.1,
    )
    most_but = max(left["but", kind].max() for kind in ("filler", "praise"))
    least_though = min(left["though", kind].min() for kind in ("filler", "praise"))
    claim("This network *does* forget", most_but < least_though and most_but < 0.45)
    share = page.share_of
    quote(inside_and=share["and hated loved"])
    claim("about half of the distance is left", 0.4 < share["and hated loved"] < 0.6)
    claim(
        '"yet" and "however" do nearly the same, "although" does not',
        max(share["yet hated loved"], share["however hated loved"]) < 0.35
        and share["although hated loved"] > 0.55,
    )
    claim(
        'With other verbs, too, "but" leaves less than "though".',
        share["but disliked liked"] < 0.4 * share["though disliked liked"],
    )
    claim('"disliked" and "liked" end *further* apart', share["though disliked liked"] > 1.3)


def gates(page):
    """The forget gates at one word."""
    but = page.distances("but", page.tails)[-1].mean()
    gained = page.kept["but"].mean(axis=1)
    quote(
        inside_keep_absolutely=page.story[0],
        inside_keep_delicious=page.story[1],
        inside_but_own=but,
        inside_but_kept=but + gained[0],
        inside_own=but,
        inside_lent_f=page.borrowed["f"],
        inside_lent_g=page.borrowed["g"],
        inside_lent_igo=page.borrowed["igo"],
    )
    low = max(page.at_word[name][2] for name in ("delicious", "but"))
    claim("Two words, two pictures, equally convincing.", low < 0.4)
    claim("no forget gate comes near 1 by itself", page.at_word["but"].max() < 0.85)
    end = (page.curves["loved"] - page.curves["hated"])[-1]
    claim(
        'At "delicious" the story falls.', page.story[1] - end < 1 and page.story[0] > page.story[1]
    )
    claim("no other word does anything like it", gained[0] > 5 * gained[1:].max())
    adds = {names: distance - but for names, distance in page.borrowed.items()}
    though = page.distances("though", page.tails)[-1].mean()
    claim("All four together give the distance", abs(but + adds["figo"] - though) < 1e-6)
    claim("the other two do little.", max(abs(adds["i"]), abs(adds["o"])) < 0.5)
    claim("is half of the truth", all(0.25 < adds[n] / adds["figo"] < 0.5 for n in "fg"))
    claim("counts as much.", 0.9 < adds["g"] / adds["f"] < 1.4 and adds["fg"] > 3)


def networks(results):
    """The experiment."""
    texts = results[results["kind"] == "text"]
    sums = texts.groupby(["set", "rate", "seed", "joint"])[["word", "end", "clamped"]].sum()
    share = (sums["end"] / sums["word"]).unstack()
    taught, coins = share.loc["contrasts", 0.005], share.loc["coins", 0.005]
    quote(inside_taught_but=taught["but"].mean(), inside_taught_though=taught["though"].mean())
    claim(
        "no seed comes near another picture",
        taught["but"].max() < taught["though"].min() - 0.3 and len(taught) == 5,
    )
    others = share.loc["contrasts"].drop(0.005)
    claim(
        "rates of 0.002 and 0.01 show the same",
        others["but"].max() < others["though"].min() - 0.3 and len(others) == 6,
    )
    none = share.loc["none", 0.005]
    claim("the two words are alike", (coins["but"] - coins["though"]).abs().max() < 0.05)
    claim("without contrasts they are close", (none["but"] - none["though"]).abs().max() < 0.15)
    main = texts[(texts["set"] == "contrasts") & (texts["rate"] == 0.005)]
    means = main.groupby("joint")[["end", "clamped"]].mean()
    but, though = means.loc["but"], means.loc["though", "end"]
    quote(
        inside_taught_own=but["end"],
        inside_taught_kept=but["clamped"],
        inside_taught_max=though,
    )
    gained = (but["clamped"] - but["end"]) / (though - but["end"])
    claim("a part again", 0.3 < gained < 0.9)
    course = results[(results["kind"] == "network") & (results["set"] == "course")]
    quote(inside_agreement=float(course["agreement"].iloc[0]))
    claim("Such an average would have convinced anybody.", course["agreement"].iloc[0] > 0.8)


def colours(page):
    """The pictures."""
    quote(
        inside_spread_trained=page.spread["B"],
        inside_spread_shuffled=page.spread["C"],
        inside_swapped_trained=page.swapped["B"],
    )
    quote(trained=True, inside_spread_untrained=float(page.spread["A"]))
    claim("so A would be blank", page.spread["A"] < 0.1 * page.spread["B"])
    claim("not that nothing was learned", page.spread["C"] > 0.4 * page.spread["B"])
    claim("A and C by less than 0.05", max(page.swapped[name] for name in "AC") < 0.05)


def methods(page):
    """Step and gradient times input."""
    step, slope, swap = *page.given.values(), page.by_swap
    quote(
        inside_step=step.mean(),
        inside_slope_least=slope.min(),
        inside_slope_most=slope.max(),
        inside_swap_least=swap.min(),
        inside_swap_most=swap.max(),
    )
    claim("in all texts, and it must", np.ptp(step) < 1e-6)
    claim("and yet gives between", slope.max() < 0.3 * swap.max() and slope[0].max() < 2)


def probes(page):
    """The probe and its control task."""
    probed = page.probed
    quote(inside_num_words=len(page.sign))
    word, coin = probed["trained, adjective"]
    (though, _), (but, _) = (probed[f"trained, end, {name}"] for name in ("though", "but"))
    untrained = probed["untrained, adjective"]
    quote(
        inside_probe_word=word,
        inside_coin_word=coin,
        inside_probe_though=though,
        inside_probe_but=but,
    )
    quote(trained=True, inside_probe_untrained=untrained[0], inside_coin_untrained=untrained[1])
    rows = page.results
    rows = rows[(rows["kind"] == "probe") & (rows["place"] == "word")]
    means = rows[rows["state"] == "untrained"][["real", "coin"]].mean()
    quote(
        inside_num_untrained=int((rows["state"] == "untrained").sum()),
        inside_mean_untrained=means["real"],
        inside_mean_coin=means["coin"],
    )
    claim("untrained networks of `lstm_probes` the means are", means["real"] - means["coin"] < 0.05)
    claim("It has learned adjectives by heart.", untrained[1] > 0.57)
    claim("here the *sign* can be read", word > 0.98 and coin < 0.8)
    claim("the probe still reads it with", though > 0.9)
    claim("about what guessing gets", but < 0.58)


def output(page):
    """The probe on centred states, and what the sign does in the output."""
    (raw, _), (centred, coin) = (page.new_words[name] for name in ("as they are", "centred"))
    beginners = float(np.mean(page.beginners))
    quote(inside_new_raw=raw, inside_new_centred=centred, inside_new_coin=coin)
    quote(trained=True, inside_beginners=beginners)
    claim("The sign was never gone.", centred > 0.88 and raw < 0.62 and coin < 0.55)
    claim("The states as they are give", beginners < centred - 0.2)
    after, labels = page.after_but, page.sign
    apart = after[labels == 1].mean(axis=0) - after[labels == 0].mean(axis=0)
    by_tail = after.mean(axis=0) - after.mean(axis=(0, 1))
    lengths = [np.linalg.norm(some, axis=1).mean() for some in (by_tail, apart / 2)]
    claim("each tail moves the states its own way", lengths[0] > 2 * lengths[1])
    word, end = page.weighs
    quote(inside_weighs_word=word, inside_weighs_end=end, inside_side=page.right_side)
    claim("Hardly: at the adjective", end < 0.2 * word)
    claim("That is a trace and not zero", end > 0.2 and page.right_side > 0.9)


def exercises(page):
    quote(
        inside_neither=page.ends["fh"],
        inside_worth_w=page.adds["w"],
        inside_worth_f=page.adds["f"],
        inside_worth_h=page.adds["h"],
        inside_lost_seven=page.lost[7],
        inside_lost_most=max(page.lost),
        inside_lost_more=int(np.sum(np.array(page.lost) > page.lost[7] + 0.1)),
        inside_but_states=page.accuracy["states"],
        inside_but_facts=page.accuracy["facts"],
        inside_but_both=page.accuracy["both"],
    )
    claim("With nothing forgotten the answer is still praise", page.ends["f"] > 0)
    claim("Only without both does it turn to complaint", page.ends["h"] > 0 > page.ends["fh"])
    claim("is one of many that do", np.sum(np.array(page.lost) > page.lost[7]) >= 3)
    claim(
        "no memory of the *but* beyond what length and label tell",
        page.accuracy["both"] - page.accuracy["facts"] < 0.04,
    )
