"""What `tokens` quotes of its numbers, and what it claims."""

import numpy as np
from tokenizers import Tokenizer, models, trainers

from tools.claims import claim, quote


def lesson(page):
    tokenizer(page)
    vocabularies(page)
    subwords(page)


def tokenizer(page):
    """Ten lines, and Keras's layer."""
    claim(
        '"I Stats". The one word that mattered has vanished',
        page.to_ids("I hate Stats", page.vocabulary) == [1, 3],
    )
    words = page.vectorize.get_vocabulary()
    claim('Here "hate" is a 1', np.array(page.vectorize("I hate Stats"))[1] == 1)
    claim("has become *fifty-five* stars", "55" in words and words[:2] == ["", "[UNK]"])


def vocabularies(page):
    """What each vocabulary of words makes of the test reviews, counted anew."""
    texts = page.test["text"]
    words = [word for text in texts for word in page.split_words(text)]
    honest = page.fit_vocabulary(page.train["text"])
    leaky = page.fit_vocabulary([*page.train["text"], *texts])

    def unknown(most):
        return np.mean([honest.get(word, most + 1) > most for word in words])

    per_review = len(words) / len(texts)
    quote(
        tok_unknown=unknown(len(honest)),
        tok_unknown_5000=unknown(5000),
        tok_words=per_review,
    )
    claim("so it knows each of their words", all(word in leaky for word in words))
    once = np.mean([count == 1 for count in counts_of(page).values()])
    claim("nearly half of its words occur once", 0.45 < once < 0.5)
    letters = np.mean([len(text) for text in texts])
    claim("the sequence gets about six times as long", 5.5 < letters / per_review < 6.5)
    seen = set("".join(page.train["text"]))
    claim("about a hundred characters", 70 < len(seen) < 130)
    claim(
        "Characters leave hardly any unknown",
        np.mean([one not in seen for text in texts for one in text]) < 1e-4,
    )


def subwords(page):
    """Byte-pair encoding."""
    merges = page.learn_merges({"fun": 5, "funny": 4, "sunny": 2, "run": 3}, 4)
    claim(
        "Those of {numref}`table-bpe`.",
        merges == [("u", "n"), ("f", "un"), ("n", "y"), ("fun", "ny")],
    )
    counts = counts_of(page)
    library = Tokenizer(models.BPE())
    size = len(set("".join(counts))) + 30  # all characters and 30 merges
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    library.train_from_iterator(counts.elements(), trainer)
    theirs = sorted(library.get_vocab(), key=library.get_vocab().get)[-30:]
    claim(
        "learn the same first 30 merges as this function, in the same order",
        ["".join(pair) for pair in page.learn_merges(counts, 30)] == theirs,
    )
    lower = page.train["text"].str.lower()
    new = ("unwatchability", "so hillllarious", "😋")
    claim(
        "three texts with something that no training review holds",
        not lower.str.contains("unwatchability|hillllarious|😋").any(),
    )
    claim(
        "nothing can be unknown",
        all(page.subwords.decode(page.subwords.encode(one).ids).strip() == one for one in new),
    )
    quote(
        tok_subwords=np.mean([len(one) for one in page.pieces]),
        tok_characters=np.mean([len(one) for one in page.characters]),
    )
    claim("5,000 tokens cost 250,000 weights", page.subwords.get_vocab_size() * 50 == 250_000)


def counts_of(page):
    """How often each word occurs in the training reviews."""
    return page.Counter(word for text in page.train["text"] for word in page.split_words(text))


def exercises(page):
    counts = counts_of(page)
    expected = page.expected_unknown(counts)
    quote(tok_expected=expected)
    words = [word for text in page.test["text"] for word in page.split_words(text)]
    measured = np.mean([word not in counts for word in words])
    claim("of which it has read nothing", abs(expected - measured) < 0.005)
    saved = np.mean([len(one) for one in page.pieces]) - page.lengths[10_000]
    claim("Doubling 5,000 saves fewer than three tokens per review", 2 < saved < 3)
