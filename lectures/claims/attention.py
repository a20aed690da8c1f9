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
    )
    falls = plain[5] > plain[10] + 0.03 and plain[10] > plain[20] + 0.1
    claim("Guessing gets 10 %", plain[5] > 0.8 and falls and plain[20] < 0.85)
    claim("It is. There are two usual scores", page.same_weights and page.same_contexts)
    claim("After the same 150 updates it copies", right[20] > plain[20] + 0.1)
    claim("one wrong digit misleads the steps after it", page.alone < right[20] - 0.02)
    claim(
        "In part it finds its place in the input by the digit before",
        page.misled < page.alone - 0.2,
    )
    claim("So a map *can* be right.", page.on_digit > 0.8)
    right_words = {"blight": "B L AY T", "videophone": "V IH D IY OW F OW N"}
    claim(
        "*Blight* and *videophone* are right",
        all(" ".join(page.spoken[word]) == said for word, said in right_words.items())
        and page.spoken["hiccough"][-1] != "P",
    )
    weights, fall = page.attention_map, page.fall
    same = (weights.argmax(axis=1) == fall.argmax(axis=1)).tolist()
    claim("The two agree on four of the five sounds", same == [True, True, True, False, True])
    at_u = weights[3].argmax() == 4 and fall[3, 4] < 0.3 and fall[3, 5] > 0.9
    claim("but replacing the *r* does the harm", at_u)
    at_h = weights[1, 2] < 0.1 and fall[1, 2] > 0.9
    claim("the *h* has hardly any weight, yet replacing it destroys the sound", at_h)
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
    slowly = attention["min"] > longer["max"] and longer["min"] > plain["max"]
    claim("So much of the gap is speed of learning.", slowly)
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
        phonemes_none=none["phonemes"].mean(),
        phonemes_window=window["phonemes"].mean(),
        words_attention=attention["words"].mean(),
        words_none=none["words"].mean(),
        words_window=window["words"].mean(),
        words_larger=larger["words"].mean(),
        train_larger=larger["words_train"].mean(),
        train_attention=attention["words_train"].mean(),
    )
    shown = ("intact", "at_random", "at_untrained", "at_line", "at_align", "at_map")
    shown += ("hidden_map", "hidden_random")
    quote(**{name: attention[name].mean() for name in shown})
    ahead = [attention[e].max() < none[e].min() for e in ("phonemes", "words")]
    claim(
        "Attention is ahead of one state, whichever seeds you compare",
        all(ahead) and len(attention) == len(none) == 5,
    )
    claim(
        "With 128 numbers it learns more of its training words than attention does",
        larger["words_train"].max() < attention["words_train"].min() and len(larger) == 3,
    )
    claim("So what is missing is not room", larger["words"].min() > attention["words"].max())
    gaps = [
        none[f"words_{span}"].mean() - attention[f"words_{span}"].mean()
        for span in ("short", "middle", "long")
    ]
    claim("and the gap grows with the length of the word", gaps[0] < gaps[1] < gaps[2])
    claim("It has more weights", window["weights"].min() > attention["weights"].max())
    claim(
        "like attention, and a lower phoneme error rate",
        len(window) == 5
        and window["phonemes"].max() < attention["phonemes"].min()
        and abs(window["words"].mean() - attention["words"].mean()) < 0.01,
    )
    claim("nearly wipes the sound out, in all five trainings", attention["at_map"].max() < 0.15)
    control = attention["at_random"].min()
    claim("A random letter matters much less", control > attention["at_map"].max() + 0.3)
    by_place = (attention["at_map"] < attention["at_line"] - 0.05).all()
    claim("and so does one that is chosen by its place", by_place)
    claim(
        "in all five trainings, as does the letter of the alignment",
        (attention["at_map"] - attention["at_align"]).abs().max() < 0.02,
    )
    claim(
        "So the decoder needs this state",
        (attention["hidden_map"] < attention["hidden_random"] - 0.3).all(),
    )


def exercises(page):
    quote(trained=True, cut_20=page.cut_right[20], plain_20_guess=page.plain_right[20])
    cut, plain = page.cut_right[20], page.plain_right[20]
    claim("far less. So this network leans on its context", cut < plain - 0.1)
