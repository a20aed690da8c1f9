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
        alone_attention=page.alone["attention"],
        alone_plain=page.alone["one state"],
    )
    falls = plain[5] > plain[10] + 0.03 and plain[10] > plain[20] + 0.1
    claim("Guessing gets 10%", plain[5] > 0.8 and falls and plain[20] < 0.85)
    claim("It is. There are two usual scores", page.same_weights and page.same_contexts)
    claim("After the same 150 updates it copies", right[20] > plain[20] + 0.1)
    alone = page.alone
    claim("Both lose", alone["attention"] < right[20] - 0.02 and alone["one state"] < plain[20])
    claim(
        "of the digits are in their places, without it",
        alone["attention"] > alone["one state"] + 0.1,
    )
    claim("Here the map is right.", page.on_digit > 0.9)
    claim("it learned that from the outputs alone", page.on_digit > 0.8)
    digits(page.copied)
    chosen = load_results("spelling_to_sound").query("chosen and state == 64").groupby("model")
    words = chosen["words"].agg(["mean", "min", "max"])
    quote(words_none=words["mean"]["none"], words_attention=words["mean"]["attention"])
    claim(
        "Of new words the one with a single state mispronounces",
        words["max"]["attention"] < words["min"]["none"],
    )


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
    claim("But that is slow to learn, and attention makes it easy.", apart)
    claim("So one state can hold nearly all of twenty digits.", longest["min"] > 0.93)


def exercises(page):
    cut, plain = page.cut_right, page.plain_right[20]
    quote(trained=True, cut_20=cut["context"], cut_state=cut["state"], plain_20_guess=plain)
    claim("Cut the context off, and it copies almost nothing", cut["context"] < 0.25)
    claim("far less; without the state", cut["context"] < plain - 0.1)
    claim("So this network leans on its context", cut["state"] > cut["context"] + 0.3)
