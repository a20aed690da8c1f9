"""How far back does a language model of novels use an opening quotation mark?

Design. The LSTM(256) of ``data/novelist.npz`` reads Jane Austen's test chapters and is not trained
here. A prediction point is a full stop or comma with at least 200 characters before it in its
chapter (the line end in front of the chapter counts); asked is whether a quotation mark comes
next, in bits, as in `char_language_models`. All prediction points are used.

Study "last characters": the model reads the last k characters from an empty state, k from 10 to
200, or the whole chapter so far (k = 0), its state carried.

Study "one blanked": the model reads 200 characters, and the last mark among them is replaced by a
space: within a speech (`since_opened`) the one that opened it, outside the one that closed the
last. Control: a letter after the mark (below), at about the same distance. Grouped by how far back
the mark is, in three groups and in eight: a mark that is d back is among the last d + 1 characters.
For comparison the model also reads the last 50 characters alone, at the same points.

Study "one inserted": every third prediction point in narration with no mark among its last 200
characters. An opening mark is inserted in front of a word of the same paragraph, the one nearest to
the middle of each of the eight groups of distances (the first character of the 200 is left out for
it), and the rise of a mark's probability is measured. Control: the same mark behind the word
before, as a closing one. (An opening bracket does nothing: a rise of 0.005 at 2 to 24, 0.002 at 60
to 79.) Blanking asks whether the model needs the mark, inserting whether it remembers one.

Errors are clustered by chapter: the differences from the mean over all points are summed within
each of the m chapters, and the standard error is the root of the sum of the squared sums, times
m / (m - 1), divided by the number of points. Gains and harms are paired, point by point.

Primary comparisons: the gain from 50 to 100 characters, and from 100 to 200; what the opening mark
costs more than a letter after it, 50 to 99 back. Declared: a gain or cost is named on
the page if it is more than two errors. Fallback: the page says what these points cannot tell.
Trials before this design, on samples of the same points: from 50 to 200 a gain of 0.027 on 4,000;
the mark 50 to 99 back 0.121 (error 0.034) on 600, 100 to 199 back 0.025 (0.018) on 400.

Added after the first run, hence description: the eight groups, the fall of the mark's probability
beside the harm in bits (where no mark comes a lower probability is a gain, so bits hide a small
fall), and the last 50 characters alone. The control is the first character from the second behind
the mark on that is no space or line end; in the first run it was always the second, and in 16 % of
the texts a space took the place of a space. Left out after that run: the first character after the
mark as another control. 2 to 49 back a space in its place costs 0.082 bits (error 0.022), for a
mark with a space behind it looks like one that closes a speech; the letter W there costs -0.006.
Outside speeches no control is neutral near the mark, and the page says nothing of these points.

Added later, because a reader had found it on 60 texts (a rise of 0.14 at 60 to 79 back and of 0.10
at 80 to 99): the study "one inserted". In its first run three points in ten stood in speeches that
had opened more than 200 characters before.

Rows: study, k, n (points), bits, error, gain and gain_error (over the row before); or mark (which
is last), groups, least and most (how far back), blanked, n, bits (read as it is), harm and error
(bits lost), chance and chance_blanked (mean probability of a mark, as it is and blanked), fall and
fall_error (of that probability), chance_last (with the last 50 characters alone), excess and
excess_error (harm of the mark less that of the control, in the control's row), and the same where
a mark came (num_came, chance_came, chance_came_blanked); or inserted (what), least and most, n,
back (mean distance), chance (as it is), rise and rise_error.

Cost: a minute on two cores, JAX.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from scipy.special import softmax

from experiments.char_language_models import QUOTE, Chapters, since_opened
from helpers.data import load_novelist

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 1.5

LENGTHS = (10, 20, 50, 100, 200)
MOST = LENGTHS[-1]
LAST = 50
THREE = ((2, 49), (50, 99), (100, 199))
EIGHT = ((2, 24), (25, 49), (50, 59), (60, 79), (80, 99), (100, 124), (125, 149), (150, 199))
GROUPS = {"three": THREE, "eight": EIGHT}
MARK, LETTER = "the mark", "a letter after the mark"
BATCH, PIECE = 512, 1000
CLOSING, EVERY = "a closing mark", 3
UNITS = [{"study": "last characters"}, {"study": "one blanked"}, {"study": "one inserted"}]


def run(study: str) -> Iterator[dict]:
    """Rows of one study."""
    studies = {"last characters": by_length, "one blanked": by_blanks, "one inserted": by_marks}
    yield from studies[study](Points())


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons: bits and their standard error."""
    told = {}
    for k in (100, 200):
        row = rows[rows["k"] == k].iloc[0]
        told[f"{k} characters - {k // 2}"] = (row["gain"], row["gain_error"])
    control = rows[(rows["blanked"] == LETTER) & (rows["mark"] == "opens")]
    row = control[(control["groups"] == "three") & (control["least"] == 50)].iloc[0]
    told["opening mark 50 to 99 back - control"] = (row["excess"], row["excess_error"])
    return {
        name: {"estimate": float(bits), "error": float(error)}
        for name, (bits, error) in told.items()
    }


class Points:
    """The prediction points of the test chapters: what stands before them, and what came."""

    def __init__(self) -> None:
        chapters = Chapters("test")
        self.numbers, self.symbols = chapters.numbers, chapters.symbols
        starts = np.cumsum([0, *(len(text) + 1 for text in chapters.texts)])  # of their line ends
        within = chapters.decided - starts[chapters.chapter[chapters.decided]]
        far = within >= MOST
        self.place, self.within, self.came = (
            some[far] for some in (chapters.decided, within, chapters.marked)
        )
        self.chapter = chapters.chapter[self.place]
        self.texts = [self.numbers[a:b] for a, b in zip(starts[:-1], starts[1:], strict=True)]
        self.quote = self.symbols.index(QUOTE)
        since = np.concatenate([since_opened(text)[: len(text) + 1] for text in chapters.texts])
        inside = since[self.place]
        marks = np.flatnonzero(self.numbers == self.quote)
        before = np.searchsorted(marks, self.place) - 1
        last = np.where(before >= 0, marks[before], -MOST)
        self.opens = inside > 0
        self.back = np.where(self.opens, inside - 1, self.place - last)  # of the last mark

    def read(self, k: int) -> NDArray[np.int32]:
        """The last k characters, (points, k)."""
        return self.numbers[self.place[:, None] + np.arange(1 - k, 1)]

    def bits(self, chance: NDArray) -> NDArray[np.float64]:
        """Of each prediction, from the probability of a mark."""
        return -np.log2(np.where(self.came, chance, 1 - chance))

    def mean(self, bits: NDArray, where: NDArray | slice = slice(None)) -> tuple[float, float]:
        """Mean and standard error, clustered by chapter."""
        bits, chapter = bits[where], self.chapter[where]
        sums = np.bincount(chapter, bits - bits.mean())
        m = len(np.unique(chapter))
        return bits.mean(), np.sqrt((sums**2).sum() * m / (m - 1)) / len(bits)


def by_length(points: Points) -> Iterator[dict]:
    """What is lost if the model reads the last k characters alone."""
    network, before = from_file(), None
    for k in (*LENGTHS, 0):
        chance = carried(points) if k == 0 else chances(network, points.read(k), points.quote)
        bits = points.bits(chance)
        mean, error = points.mean(bits)
        row = {"k": k, "n": len(bits), "bits": mean, "error": error}
        if before is not None:
            row["gain"], row["gain_error"] = points.mean(before - bits)
        yield row
        before = bits


def by_blanks(points: Points) -> Iterator[dict]:
    """What is lost if a mark, or a character beside it, is replaced by a space."""
    network = from_file()
    asked = np.flatnonzero((points.back >= EIGHT[0][0]) & (points.back <= EIGHT[-1][1]))
    texts = points.read(MOST)[asked]
    mark = MOST - 1 - points.back[asked]

    def score(texts: NDArray) -> NDArray[np.float64]:
        chance = np.full(len(points.place), np.nan)
        chance[asked] = chances(network, texts, points.quote)
        return chance

    chance, last = score(texts), score(texts[:, -LAST:])
    bits, found = points.bits(chance), {}
    space, line_end = (points.symbols.index(symbol) for symbol in " \n")
    for what, where in ((MARK, mark), (LETTER, letter_after(texts, mark, (space, line_end)))):
        blanked = texts.copy()
        blanked[np.arange(len(asked)), where] = space
        found[what] = score(blanked)
    for kind, inside in (("opens", True), ("closes", False)):
        for groups, least, most in [(name, *one) for name in GROUPS for one in GROUPS[name]]:
            where = (points.opens == inside) & (points.back >= least) & (points.back <= most)
            came = where & points.came
            for what, other in found.items():
                costs = points.bits(other)
                row = {"mark": kind, "groups": groups, "least": least, "most": most}
                row |= {"blanked": what, "n": where.sum(), "bits": bits[where].mean()}
                row["harm"], row["error"] = points.mean(costs - bits, where)
                row |= {"chance": chance[where].mean(), "chance_blanked": other[where].mean()}
                row["fall"], row["fall_error"] = points.mean(chance - other, where)
                row |= {"chance_last": last[where].mean(), "num_came": came.sum()}
                if what != MARK:
                    excess = points.mean(points.bits(found[MARK]) - costs, where)
                    row["excess"], row["excess_error"] = excess
                if came.any():
                    row["chance_came"] = chance[came].mean()
                    row["chance_came_blanked"] = other[came].mean()
                yield row


def by_marks(points: Points) -> Iterator[dict]:
    """What a mark adds if it is inserted where none is."""
    network, texts = from_file(), points.read(MOST)
    narrated = (texts != points.quote).all(axis=1) & ~points.opens
    asked = np.flatnonzero(narrated)[::EVERY]
    texts = texts[asked]
    ends = (texts == points.symbols.index("\n"))[:, ::-1].argmax(axis=1)  # back to a line end
    ends[(texts != points.symbols.index("\n")).all(axis=1)] = MOST
    chance = chances(network, texts, points.quote)
    space, line_end = (points.symbols.index(symbol) for symbol in " \n")
    letters = np.array([symbol.isalpha() for symbol in points.symbols])
    for least, most in EIGHT:
        where = word_before(texts, MOST - 1 - most, MOST - 1 - least, (space, line_end), letters)
        fits = np.flatnonzero((where > 0) & (MOST - 1 - where < ends))  # in the same paragraph
        for what, shift in ((MARK, 0), (CLOSING, 1)):
            inserted = with_symbol(texts[fits], where[fits] - shift, points.quote)
            rises = np.full(len(points.place), np.nan)
            rises[asked[fits]] = chances(network, inserted, points.quote) - chance[fits]
            row = {"inserted": what, "least": least, "most": most, "n": len(fits)}
            row["back"] = (MOST - 1 - where[fits] + shift).mean()
            row["rise"], row["rise_error"] = points.mean(rises, asked[fits])
            yield row | {"chance": chance[fits].mean()}


def word_before(
    texts: NDArray, first: int, last: int, empty: tuple[int, int], letters: NDArray
) -> NDArray[np.int64]:
    """From `first` to `last`, the space between two words that is nearest to the middle; else 0."""
    places = np.arange(1, MOST - 1)
    fits = np.isin(texts[:, 1:-1], empty) & letters[texts[:, 2:]] & letters[texts[:, :-2]]
    fits &= (places >= max(2, first)) & (places <= last)
    away = np.where(fits, abs(places - (first + last) / 2), np.inf)
    return np.where(fits.any(axis=1), places[away.argmin(axis=1)], 0)


def with_symbol(texts: NDArray, where: NDArray, symbol: int) -> NDArray[np.int64]:
    """The texts with a symbol behind each place, their first character left out for it."""
    places = np.arange(MOST)
    moved = np.where(places < where[:, None], np.roll(texts, -1, axis=1), texts)
    moved[np.arange(len(texts)), where] = symbol
    return moved


def letter_after(texts: NDArray, mark: NDArray, empty: tuple[int, int]) -> NDArray[np.int64]:
    """The first place from the second behind the mark on that is no space; not the last of all."""
    places = np.arange(MOST - 1)
    fits = (places >= mark[:, None] + 2) & ~np.isin(texts[:, :-1], empty)
    return np.where(fits.any(axis=1), fits.argmax(axis=1), MOST - 2)


def from_file() -> keras.Sequential:
    """The network of the course; it predicts behind the last character alone."""
    weights = load_novelist().weights
    V, m, p = *weights[0].shape, len(weights[2])
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(V, m),
            layers.LSTM(p),
            layers.Dense(V),
        ]
    )
    network.set_weights(weights)
    return network


def chances(network: keras.Sequential, texts: NDArray, quote: int) -> NDArray[np.float64]:
    """Probability of a mark behind each row of texts."""
    logits = network.predict(texts, batch_size=BATCH, verbose=0)
    return softmax(logits.astype(float), axis=-1)[:, quote]


def carried(points: Points) -> NDArray[np.float64]:
    """The same with a state that is carried through the chapter, all chapters side by side."""
    weights = load_novelist().weights
    V, m, p = *weights[0].shape, len(weights[2])
    numbers, *states = keras.Input((PIECE,), dtype="int32"), keras.Input((p,)), keras.Input((p,))
    embedded = layers.Embedding(V, m)(numbers)
    lstm = layers.LSTM(p, return_sequences=True, return_state=True)
    outputs, *left = lstm(embedded, initial_state=states)
    network = keras.Model([numbers, *states], [layers.Dense(V)(outputs), *left])
    network.set_weights(weights)
    longest = -(-max(map(len, points.texts)) // PIECE) * PIECE
    padded = np.zeros((len(points.texts), longest), "int32")
    for row, text in zip(padded, points.texts, strict=True):
        row[: len(text)] = text
    kept, found = [np.zeros((len(padded), p), "float32")] * 2, []
    for begin in range(0, longest, PIECE):
        piece = padded[:, begin : begin + PIECE]
        logits, *kept = (np.asarray(x) for x in network.predict_on_batch([piece, *kept]))
        found.append(softmax(logits.astype(float), axis=-1)[..., points.quote])
    return np.concatenate(found, axis=1)[points.chapter, points.within]
