"""What `tokens` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    tokenizer(page)
    subwords(page)
    zeros(page)
    mask_taken_away(page)
    trained_without(page, page.runs)


def tokenizer(page):
    """Fifteen lines, Keras's layer, and whose words."""
    claim('Where is "much"?', page.vocabulary["much"] == 5)
    claim(
        '"I Stats". The one word that mattered has vanished',
        page.to_ids("I hate Stats", page.vocabulary) == [1, 3],
    )
    texts = [*page.train["text"], *page.parts["seen"]]
    leaky = page.fit_vocabulary(texts)
    honest = page.fit_vocabulary(page.train["text"])

    def unknown(part, known):
        words = [w for text in page.parts[part] for w in page.split_words(text)]
        return np.mean([word not in known for word in words])

    fresh = unknown("fresh", leaky)
    quote(tok_unknown=fresh)
    claim("reports that none of their words is unknown", unknown("seen", leaky) == 0)
    claim(
        "about what the honest vocabulary had said all along",
        abs(fresh - unknown("seen", honest)) < 0.005,
    )


def subwords(page):
    """Byte-pair encoding."""
    texts = page.test["text"]
    words = np.mean([len(page.split_words(text)) for text in texts])
    tokens = np.mean([len(page.subwords.encode(text).ids) for text in texts])
    characters = np.mean([len(text) for text in texts])
    quote(tok_words=words, tok_subwords=tokens)
    claim("the sequence gets about six times as long", 5.5 < characters / words < 6.5)
    claim(
        "Those of {numref}`table-bpe`.",
        page.by_hand == [("u", "n"), ("f", "un"), ("n", "y"), ("fun", "ny")],
    )
    claim("is already among them", "the" in page.ours and page.ours == page.theirs)
    lower = page.train["text"].str.lower()
    new = ("unwatchability", "so hillllarious", "😋")
    claim(
        "three texts with something that no training review holds",
        not lower.str.contains("unwatchability|hillllarious|😋").any(),
    )
    claim(
        "Nothing is unknown",
        all(page.subwords.decode(page.subwords.encode(one).ids) == one for one in new),
    )


def zeros(page):
    """What an untrained network does behind the words."""
    left = page.left
    quote(trained=True, tok_left=left[:, 30].mean())
    claim("More than half of the array is zeros", np.mean(page.X_train == 0) > 0.5)
    claim("hardly any review is cut", np.mean(page.X_train[:, -1] != 0) < 0.001)
    claim(
        "The distance shrinks in every network and at every step",
        np.diff(left, axis=1).max() < 1e-6,
    )
    claim("of it is left on average", 0.3 < left[:, 30].mean() < 0.8)


def mask_taken_away(page):
    """The page's own network, with and without its mask."""
    accuracy = page.accuracy
    masked, unmasked = accuracy["mask, 100"], accuracy["no mask, 100"]
    quote(trained=True, tok_masked=masked, tok_with_mask=masked)
    short = accuracy["no mask, 50"]
    quote(trained=True, tok_unmasked=unmasked, tok_short=short)
    claim("Skipping the zeros it classifies", masked > 0.65)
    claim("and with fifty more zeros behind each", unmasked < 0.56 and short < masked - 0.03)
    claim("at 100 ids no better than chance", unmasked < accuracy["majority"] + 0.05)
    claim(
        "of the test reviews are classified correctly, at any length",
        abs(accuracy["mask, 50"] - masked) < 1e-3,
    )


def trained_without(page, runs):
    """The experiment: with the mask taken away, and trained without one."""
    passed = runs[runs["accuracy"] >= 0.6]
    count = passed.groupby("model").size()
    masked = runs[runs["model"] == "mask"]
    ruined = (masked["unmasked"] < 0.55).sum()
    quote(
        tok_masked_runs=len(masked),
        tok_ruined_runs=ruined,
        tok_ruined_lstm=(runs.loc[runs["model"] == "LSTM, mask", "unmasked"] < 0.55).sum(),
        tok_runs=len(masked),
        tok_pass_mask=count["mask"],
        tok_pass_post=count["no mask"],
        tok_pass_pre=count["no mask, zeros in front"],
        tok_pass_lstm=count["LSTM, no mask"],
    )
    claim("fall below 55 %, of as many LSTMs", ruined > 0.6 * len(masked))
    claim("get past 0.6, and all of the LSTM.", count["LSTM, mask"] == 20 and count["mask"] > 16)
    post = passed[passed["model"] == "no mask"]
    claim(
        "pass, both at the smallest learning rate",
        len(post) == 2 and (post["rate"] == 0.0003).all(),
    )
    identity = passed[passed["model"] == "no mask, identity"]
    claim(
        "at the two smaller learning rates all of these networks pass",
        (identity["rate"] <= 0.001).sum() == 10,
    )
    claim("then all pass, although every zero is read", count["no mask, maximum"] == 20)
    means = runs.groupby(["model", "rate"])["accuracy"].mean()
    claim(
        "On average no network here is better than a bag of words",
        page.lines["bag_of_words"] > means.max() - 0.005,
    )


def exercises(page):
    quote(trained=True, tok_norm=page.norm_of_product)
    claim("in a new network it is never above 1", page.norm_of_product < 1 + 1e-5)
    by_zeros = page.by_zeros
    claim(
        "Five zeros change little, and after 80 the network guesses.",
        abs(by_zeros[5] - by_zeros[0]) < 0.08 and by_zeros[80] < 0.56 < by_zeros[0],
    )
