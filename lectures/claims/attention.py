"""What `attention` quotes of its numbers, and what it claims."""

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    plain, right = page.plain_right, page.right
    quote(
        trained=True,
        plain_5=plain[5],
        plain_10=plain[10],
        plain_20=plain[20],
        plain_20_again=plain[20],
        attention_20=right[20],
        on_digit=page.on_digit,
        alone=page.alone,
        misled=page.misled,
        er_intact=page.er["intact"],
        er_u=page.er["u"],
        er_r=page.er["r"],
    )
    falls = plain[5] > plain[10] + 0.03 and plain[10] > plain[20] + 0.1
    claim("Guessing gets 10%", plain[5] > 0.8 and falls and plain[20] < 0.85)
    claim("It is. There are two usual scores", page.same_weights and page.same_contexts)
    claim("After the same 150 updates it copies", right[20] > plain[20] + 0.1)
    claim("one wrong digit misleads the steps after it", page.alone < right[20] - 0.02)
    claim(
        "In part it finds its place in the input by the previous digit",
        page.misled < page.alone - 0.2,
    )
    claim("So a map *can* be right.", page.on_digit > 0.8)
    right_words = {"blight": "B L AY T", "videophone": "V IH D IY OW F OW N"}
    claim(
        "*Blight* and *videophone* are right",
        all(" ".join(page.spoken[word]) == said for word, said in right_words.items())
        and page.spoken["hiccough"][-1] != "P",
    )
    weights, lost = page.attention_map, page.lost
    same = (weights.argmax(axis=1) == lost.argmax(axis=1)).tolist()
    claim("The two agree on four of the five sounds", same == [True, True, True, False, True])
    at_u = weights[3].argmax() == 4 and lost[3, 4] < 0.3 and lost[3, 5] > 0.9
    claim("but replacing the *r* does the harm", at_u)
    at_h = weights[1, 2] < 0.1 and lost[1, 2] > 0.9
    claim("the *h* has hardly any weight, yet replacing it destroys the sound", at_h)
    er = page.er
    claim("the state at the *u* carries the *r*", er["u"] < 0.1 and er["r"] > 0.6)
    digits(page.copied)
    words(page.results)


def digits(copied):
    """The experiment with digits."""
    everything = load_results("copied_digits").query("chosen")
    larger = everything.query("state == 128")["right_20"]
    right = copied.groupby(["model", "updates"])["right_20"]
    share = right.agg(["mean", "min", "max", "size"])
    attention, plain = share.loc[("attention", 300)], share.loc[("none", 300)]
    longer = share.loc[("none", 1200)]
    quote(
        copied_plain=plain["mean"],
        copied_longer=longer["mean"],
        copied_larger=larger.mean(),
        copied_attention=attention["mean"],
    )
    claim("An experiment trains with five seeds", (share["size"] == 5).all())
    share_of_gap = (longer["mean"] - plain["mean"]) / (attention["mean"] - plain["mean"])
    apart = attention["min"] > longer["max"] and longer["min"] > plain["max"]
    claim(
        "So about half of the gap, at least, is speed of learning.",
        apart and 0.45 < share_of_gap < 0.6,
    )
    hardly = abs(larger.mean() - plain["mean"]) < 0.05 and larger.max() < longer["min"]
    claim("A state twice as large hardly helps", hardly and len(larger) == 5)


def words(results):
    """The experiment with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none, larger = of["attention", 64], of["none", 64], of["none", 128]
    window = load_results("letter_windows").query("chosen")
    quote(
        phonemes_attention=attention["phonemes"].mean(),
        phonemes_window=window["phonemes"].mean(),
        words_attention=attention["words"].mean(),
        words_none=none["words"].mean(),
        words_larger=larger["words"].mean(),
    )
    shown = ("intact", "at_random", "at_line", "at_map", "at_worst")
    shown += ("apart_intact", "patched_map", "patched_worst", "patched_random")
    quote(**{name: attention[name].mean() for name in shown})
    claim(
        "and every seed with it is ahead of every seed without",
        attention["words"].max() < none["words"].min() and len(attention) == len(none) == 5,
    )
    gap = none["words"].mean() - attention["words"].mean()
    closed = (none["words"].mean() - larger["words"].mean()) / gap
    claim("A state twice as large closes about half of it", 0.4 < closed < 0.6)
    quote(
        larger_train=larger["words_train"].mean(), attention_train=attention["words_train"].mean()
    )
    claim("But it generalizes worse.", larger["words"].min() > attention["words"].max())
    claim(
        "Such a state has room for the words",
        larger["words_train"].max() < attention["words_train"].min(),
    )
    gaps = [
        none[f"words_{span}"].mean() - attention[f"words_{span}"].mean()
        for span in ("short", "middle", "long")
    ]
    claim("The longer the word, the wider the gap.", gaps[0] < gaps[1] < gaps[2])
    claim("227,000 weights", window["weights"].round(-3).eq(227_000).all())
    claim("with attention has 49,000", attention["weights"].round(-3).eq(49_000).all())
    claim(
        "But the dense network does as well on words, and better on sounds",
        len(window) == 5
        and window["phonemes"].max() < attention["phonemes"].min()
        and abs(window["words"].mean() - attention["words"].mean()) < 0.01,
    )
    near = (attention["at_map"] - attention["at_worst"]).max()
    claim("does nearly as much harm as the worst one, in all five trainings", near < 0.03)
    line = attention["at_line"]
    claim(
        "Place alone finds much of this, but not all",
        (line > attention["at_map"] + 0.05).all() and (line < attention["at_random"] - 0.2).all(),
    )
    falls = attention["apart_intact"] - attention[["patched_map", "patched_worst"]].max(axis=1)
    wider = attention["patched_worst"] - attention["patched_map"]
    claim(
        "So a map shows which states are read, not what they have read.",
        falls.min() > 0 and wider.min() > 0.2,
    )


def exercises(page):
    quote(trained=True, cut_20=page.cut_right[20], plain_20_guess=page.plain_right[20])
    cut, plain = page.cut_right[20], page.plain_right[20]
    claim("far less. So this network leans on its context", cut < plain - 0.1)
