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
        er_u=page.left["ER", "u", "r"],
        er_r=page.left["ER", "r", "r"],
    )
    falls = plain[5] > plain[10] + 0.03 and plain[10] > plain[20] + 0.1
    claim("Guessing gets 10%", plain[5] > 0.8 and falls and plain[20] < 0.85)
    claim("It is. There are two usual scores", page.same_weights and page.same_contexts)
    claim("After the same 150 updates it copies", right[20] > plain[20] + 0.1)
    claim("On its own it gets", page.alone < right[20] - 0.02)
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
    left = list(page.left.values())
    claim("So these states carry information about", left[0] < 0.1 and left[3] < 0.1)
    claim("let the state at the *u* read another *b*: nothing changes", left[2] > 0.97)
    claim("With the state at the *r* itself", left[1] > 0.6)
    digits(page.copied)
    words(page.results)


def digits(copied):
    """The experiment with digits."""
    right = copied.groupby(["model", "updates"])["right_20"]
    share = right.agg(["mean", "min", "max", "size"])
    attention, plain = share.loc[("attention", 300)], share.loc[("none", 300)]
    longer, longest = share.loc[("none", 1200)], share.loc[("none", 3600)]
    quote(
        copied_plain=plain["mean"],
        copied_longer=longer["mean"],
        copied_longest=longest["mean"],
        copied_attention=attention["mean"],
    )
    claim("with five seeds, now for 300 updates", (share["size"].drop(("none", 3600)) == 5).all())
    apart = attention["min"] > longest["max"] and longest["min"] > longer["max"] > longer["min"]
    claim("But it is slow to learn, and attention makes it easy.", apart)
    claim("So one state is large enough for twenty digits.", longest["min"] > 0.93)


def words(results):
    """The experiment with words."""
    chosen = results[results["chosen"].astype(bool)]
    of = {name: rows for name, rows in chosen.groupby(["model", "state"])}
    attention, none, larger = of["attention", 64], of["none", 64], of["none", 128]
    window = load_results("letter_windows").query("chosen")
    claim(
        "Every seed with attention is ahead of every seed without",
        attention["words"].max() < none["words"].min() and len(attention) == len(none) == 5,
    )
    gap = none["words"].mean() - attention["words"].mean()
    closed = (none["words"].mean() - larger["words"].mean()) / gap
    claim(
        "closes about half of that gap",
        0.4 < closed < 0.6 and len(larger) == 3,
    )
    gaps = [
        none[f"words_{span}"].mean() - attention[f"words_{span}"].mean()
        for span in ("short", "middle", "long")
    ]
    claim("and the longer the word, the wider the gap", gaps[0] < gaps[1] < gaps[2])
    quote(
        words_attention=attention["words"].mean(),
        words_none=none["words"].mean(),
        words_dense=window["words"].mean(),
    )
    claim(
        "and better by phoneme error",
        len(window) == 5
        and window["phonemes"].max() < attention["phonemes"].min()
        and abs(window["words"].mean() - attention["words"].mean()) < 0.01,
    )
    shown = ("intact", "at_map", "apart_intact", "patched_map", "patched_worst")
    quote(**{name: attention[name].mean() for name in shown})
    quote(share_apart=1 - attention["map_worst"].mean())
    quote(larger_train=larger["words_train"].mean(), larger_test=larger["words"].mean())
    claim(
        "it overfits",
        larger["words_train"].max() < attention["words_train"].min()
        and larger["words"].min() > attention["words"].max(),
    )
    claim(
        "more than four times as many weights",
        window["weights"].min() > 4 * attention["weights"].max(),
    )
    claim(
        "There patching the state of the largest weight lowers the probability",
        (attention["patched_map"] < attention["patched_worst"] - 0.2).all()
        and (attention["patched_worst"] < attention["apart_intact"]).all(),
    )
    claim(
        "Replacing the letter of the largest weight lowers",
        (attention["at_map"] < attention["at_line"] - 0.05).all(),
    )


def exercises(page):
    cut, plain = page.cut_right, page.plain_right[20]
    quote(trained=True, cut_20=cut["context"], cut_state=cut["state"], plain_20_guess=plain)
    claim("far less; without the state", cut["context"] < plain - 0.1)
    claim("So this network leans on its context", cut["state"] > cut["context"] + 0.3)
