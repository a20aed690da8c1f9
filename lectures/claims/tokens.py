"""What `tokens` quotes of its numbers, and what it claims."""

import keras
import numpy as np

from tools.claims import claim, quote


def lesson(page):
    tokenizer(page)
    subwords(page)
    vocabularies(page)
    zeros(page)
    trained(page, page.runs)


def tokenizer(page):
    """Ten lines, and Keras's layer."""
    claim('Where is "much"?', page.vocabulary["much"] == 5)
    claim(
        '"I Stats". The one word that mattered has vanished',
        page.to_ids("I hate Stats", page.vocabulary) == [1, 3],
    )


def subwords(page):
    """Byte-pair encoding."""
    merges = page.learn_merges({"fun": 5, "funny": 4, "sunny": 2, "run": 3}, 4)
    claim(
        "Those of {numref}`table-bpe`.",
        merges == [("u", "n"), ("f", "un"), ("n", "y"), ("fun", "ny")],
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


def vocabularies(page):
    """What each vocabulary makes of the test reviews, counted anew."""
    texts = page.test["text"]
    words = [word for text in texts for word in page.split_words(text)]
    honest = page.fit_vocabulary(page.train["text"])
    leaky = page.fit_vocabulary([*page.train["text"], *texts])

    def unknown(most):
        return np.mean([honest.get(word, most + 1) > most for word in words])

    per_review = len(words) / len(texts)
    pieces = np.mean([len(one) for one in page.pieces])
    quote(
        tok_unknown=unknown(len(honest)),
        tok_unknown_5000=unknown(5000),
        tok_words=per_review,
        tok_subwords=pieces,
    )
    letters = np.mean([len(text) for text in texts])
    claim("the sequence gets about six times as long", 5.5 < letters / per_review < 6.5)
    seen = set("".join(page.train["text"]))
    claim("about a hundred characters", 70 < len(seen) < 130)
    claim(
        "Characters leave hardly any unknown",
        np.mean([one not in seen for text in texts for one in text]) < 1e-4,
    )
    claim("so it knows each of their words", all(word in leaky for word in words))
    claim("With 5,000 subwords nothing is.", page.subwords.get_vocab_size() == 5000)


def zeros(page):
    """What an untrained network does behind the words."""
    claim("More than half of the array is zeros", np.mean(page.X_train == 0) > 0.5)
    claim("hardly any review is cut", np.mean(page.X_train[:, -1] != 0) < 0.001)
    num_words = int(np.sum(page.X_train[0] != 0))
    unmasked, masked = (np.array(page.states[name])[0] for name in ("no mask", "mask"))
    last = masked[num_words - 1]
    claim(
        "Up to the last word the two agree.",
        np.abs(unmasked - masked)[:num_words].max() < 1e-5,
    )
    steps = np.linalg.norm(np.diff(unmasked[num_words - 1 :], axis=0), axis=1)
    claim(
        "goes on changing for 21 steps",
        len(steps) == 21 and steps.min() > 0.1 * np.linalg.norm(last),
    )
    claim("The masked one stands still.", np.abs(masked[num_words:] - last).max() < 1e-6)

    keras.utils.set_random_seed(0)
    embed = keras.layers.Embedding(5000, 16)
    every = keras.layers.SimpleRNN(16, return_sequences=True)
    ten = page.X_test[page.X_test[:, 9] != 0][:200, :10]
    behind, front = (np.pad(ten, ((0, 0), sides)) for sides in ((0, 40), (40, 0)))
    states = np.array(every(embed(behind)))[:, 9:]
    apart = np.linalg.norm(states[::2] - states[1::2], axis=2)
    claim(
        "Exercise 1 derives what zeros do to a state",
        np.diff(apart, axis=1).max() < 1e-6,
    )
    moved = np.array(every(embed(front)))[:, -1] - states[:, 0]
    claim(
        "they change the state that the first word meets",
        np.linalg.norm(moved, axis=1).mean() > 0.3 * apart[:, 0].mean(),
    )


def trained(page, runs):
    """The page's own network, and those of the experiment."""
    quote(trained=True, tok_masked=page.accuracy)
    claim("of the test reviews are classified correctly;", 0.65 < page.accuracy < 0.8)
    chosen = runs.loc[(runs["model"] == "mask") & (runs["rate"] == 0.001), "epoch"]
    claim("three epochs (chosen on validation reviews)", chosen.median() == 3)
    passed = runs[runs["accuracy"] > 0.6].groupby("model").size()
    masked = runs[runs["model"] == "mask"]
    quote(
        tok_runs=len(masked),
        tok_majority=page.lines["accuracy"],
        tok_pass_mask=passed["mask"],
        tok_pass_post=passed["no mask"],
        tok_pass_pre=passed["no mask, zeros in front"],
        tok_pass_short=passed["no mask, T = 25"],
        tok_pass_maximum=passed["no mask, maximum"],
        tok_pass_lstm=passed["LSTM, no mask"],
        tok_pass_identity=passed["no mask, identity"],
        tok_ruined_runs=(masked["unmasked"] < 0.55).sum(),
    )
    claim(
        "networks classify more than 60 % of the test reviews correctly",
        passed["mask"] > 16 and passed["no mask"] < 4,
    )
    zeros = [np.mean(np.sum(page.X_train[:, :T] == 0, axis=1)) for T in (25, 50)]
    claim("leaves 8 zeros on average instead of 31,", np.round(zeros).tolist() == [8, 31])
    claim("in place of the last state, all", passed["no mask, maximum"] == len(masked))
    smaller = runs[runs["model"].isin(["mask", "no mask"]) & (runs["rate"] < 0.01)]
    fit = smaller.groupby(["model", "rate"])["loss"].median().max()
    quote(tok_fit=fit, tok_bag=page.lines["bag_of_words"])
    claim("all these networks learn their *training* reviews", fit < 0.25)
    new = smaller.groupby("model")["accuracy"].median()
    claim("The mask decides what that is worth on new ones", new["mask"] > new["no mask"] + 0.1)
    identity = runs[(runs["model"] == "no mask, identity") & (runs["rate"] < 0.002)]
    claim(
        "all ten at the two smaller rates",
        len(identity) == 10 and (identity["accuracy"] > 0.6).all(),
    )
    simple = runs[~runs["model"].str.contains("LSTM|baselines")]
    claim(
        "is ahead of every `SimpleRNN`",
        simple["accuracy"].max() < page.lines["bag_of_words"],
    )


def exercises(page):
    quote(trained=True, tok_norm=page.norm_of_product)
    claim("in a new network it is never above 1", page.norm_of_product < 1 + 1e-5)
    by_zeros = page.by_zeros
    claim(
        "Five zeros change little, and after 80 this network guesses.",
        abs(by_zeros[5] - by_zeros[0]) < 0.08 and by_zeros[80] < 0.56 < by_zeros[0],
    )
