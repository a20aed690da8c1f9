"""Do CTC and counts of letters with their sounds pronounce words as well as attention?

Design. The words, splits and errors of `spelling_to_sound`.

CTC (Graves et al., 2006): Embedding(32), a bidirectional LSTM of 2 x 55 units, and at each letter a
dense layer that gives two outputs, each a sound or the blank; so a word of T letters has 2T
outputs, enough for all words but very few of the training, which are left out. About as many
weights as the smaller network with attention (48,937). "CTC, two layers" has two bidirectional
layers of 2 x 33 units, with about as many. No decoder, no attention, no alignment, none of its own
outputs read. Behind the end of the word the blank is certain. Trained as those networks are: Adam,
gradient norm clipped to 1, batches of 100, 12 epochs, rate falling to zero along half a cosine from
one of three (0.006, 0.02, 0.06), tried with seed 0 and chosen by phoneme error on validation; then
seeds 1 and 2. Greedy decoding: the most probable output at each place, repeats collapsed, blanks
dropped.

Joint n-grams (Bisani and Ney, 2008), without a network: the alignment of `spelling_to_sound` makes
a word a sequence of pairs, a letter with its sounds (none, one or two). Counts of n-grams of pairs
on the words of the training, interpolated, absolute discounting (for each length n1 / (n1 + 2 n2),
n1 the n-grams seen once and n2 those seen twice); a new word is pronounced by beam search, eight
beginnings, letter by letter, over the pairs seen with this letter. Order 2 to 7, chosen by phoneme
error on validation. Nothing random.

Primary comparisons: phoneme and word error on the test words, of each beside the smaller network
with attention. Declared: no win for attention. (Seen before: a reader had .104 to .117 and .43 to
.48 with CTC, rates of 0.01 and 0.015, and .116 and .415 with 6-grams.)

Rows: model, rate and seed (CTC), order (n-grams), weights (numbers that are learned or counted),
valid (phoneme error), phonemes, words and both by length as in `spelling_to_sound`, chosen.

Cost: about eight minutes on two cores, JAX.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops
from numpy.typing import NDArray

from experiments.spelling_to_sound import aligned, as_arrays, errors, symbols_of, words_by_split
from helpers.results import load_results

BACKEND = "jax"
MINUTES = 8

RATES, SEEDS, EPOCHS, BATCH = (0.006, 0.02, 0.06), (0, 1, 2), 12, 100
ORDERS, BEAM = (2, 3, 4, 5, 6, 7), 8
BEGIN, END = ("<", ()), (">", ())  # pairs that frame a word
CTC, DEEP, NGRAMS = "CTC", "CTC, two layers", "n-grams"
SIZES = {CTC: (55,), DEEP: (33, 33)}  # units of each direction
UNITS = [{"model": CTC}, {"model": DEEP}, {"model": NGRAMS}]


def run(model: str) -> Iterator[dict]:
    """Rows of one of the two: the settings that are tried, then the chosen one with other seeds."""
    parts = words_by_split()
    if model == NGRAMS:
        tried = list(counted(parts))
        best = min(tried, key=lambda row: row["valid"])
        yield from (row | {"chosen": row is best} for row in tried)
        return
    tried = [trained(model, rate, SEEDS[0], parts) for rate in RATES]
    best = min(tried, key=lambda row: row["valid"])
    yield from (row | {"chosen": row is best} for row in tried)
    for seed in SEEDS[1:]:
        yield trained(model, best["rate"], seed, parts) | {"chosen": True}


def compare(rows: pd.DataFrame) -> dict:
    """Differences of means over seeds, of errors on the test words."""
    rows = rows[rows["chosen"].astype(bool)]
    attention = load_results("spelling_to_sound").query(
        "model == 'attention' and chosen and state == 64"
    )
    return {
        f"{error}, {model} - attention": float(of[error].mean() - attention[error].mean())
        for model, of in rows.groupby("model")
        for error in ("phonemes", "words")
    }


# -- CTC ------------------------------------------------------------------------------------------


def build(sizes: tuple[int, ...], num_sounds: int = 39) -> keras.Model:
    """Letters (n, T) to scores (n, 2T, 40) of the blank, number 0, and the sounds."""
    letters = keras.Input((None,), dtype="int32")
    states = layers.Embedding(27, 32, mask_zero=True)(letters)
    for num_units in sizes:
        states = layers.Bidirectional(layers.LSTM(num_units, return_sequences=True))(states)
    return with_outputs(letters, states, num_sounds)


def with_outputs(letters: object, states: object, num_sounds: int = 39) -> keras.Model:
    """The network with two outputs for each letter; behind the word the blank is certain."""
    scores = layers.Reshape((-1, num_sounds + 1))(layers.Dense(2 * (num_sounds + 1))(states))
    real = ops.repeat(ops.not_equal(letters, 0), 2, axis=1)[:, :, None]
    blank = ops.convert_to_tensor([[[0.0] + [-1e4] * num_sounds]])
    return keras.Model(letters, ops.where(real, scores, blank))


def trained(model: str, rate: float, seed: int, parts: dict[str, pd.DataFrame]) -> dict:
    """One training of CTC and its errors."""
    return trained_network(lambda: build(SIZES[model]), rate, seed, parts)


def trained_network(
    make: Callable[[], keras.Model],
    rate: float,
    seed: int,
    parts: dict[str, pd.DataFrame],
    epochs: int = EPOCHS,
) -> dict:
    """One training and its errors of a network from letters (n, T) to scores (n, 2T, 40)."""
    symbols = symbols_of(parts)[1:]  # the stop, now number 0, is the blank
    letters, _, says = as_arrays(parts["train"], symbols_of(parts))
    fits = 2 * (letters > 0).sum(axis=1) >= (says > 1).sum(axis=1) + repeats(says)
    letters, says = letters[fits], says[fits]
    keras.utils.set_random_seed(seed)
    network = make()
    falling = keras.optimizers.schedules.CosineDecay(rate, epochs * -(-len(letters) // BATCH))
    network.compile(
        optimizer=keras.optimizers.Adam(falling, global_clipnorm=1.0), loss=keras.losses.CTC()
    )
    network.fit(letters, np.maximum(says - 1, 0), batch_size=BATCH, epochs=epochs, verbose=0)
    found = {}
    for name in ("validation", "test"):
        inputs = as_arrays(parts[name], symbols_of(parts))[0]
        best = network.predict(inputs, batch_size=1000, verbose=0).argmax(axis=-1)
        found[name] = errors(
            [[symbols[k] for k in collapsed(row)] for row in best.tolist()], parts[name]
        )
    row = {"rate": rate, "seed": seed, "weights": network.count_params()}
    return row | {"valid": found["validation"]["phonemes"]} | found["test"]


def repeats(says: NDArray) -> NDArray:
    """Sounds that follow themselves (n,): each needs a blank before it."""
    return ((says[:, 1:] == says[:, :-1]) & (says[:, 1:] > 1)).sum(axis=1)


def collapsed(outputs: list[int]) -> list[int]:
    """What a sequence of outputs says: repeats are one, and the blank, 0, is none."""
    before = [0, *outputs[:-1]]
    return [k for k, last in zip(outputs, before, strict=True) if k not in (0, last)]


# -- joint n-grams --------------------------------------------------------------------------------


def counted(parts: dict[str, pd.DataFrame]) -> Iterator[dict]:
    """Errors of each order."""
    train = list(zip(parts["train"]["word"], parts["train"]["sounds"], strict=True))
    cuts, _ = aligned(train)
    sequences = [
        list(zip(word, cut, strict=True)) for (word, _), cut in zip(train, cuts, strict=True) if cut
    ]
    for order in ORDERS:
        grams = NGrams(sequences, order)
        found = {
            name: errors([grams.spoken(word) for word in parts[name]["word"]], parts[name])
            for name in ("validation", "test")
        }
        row = {"order": order, "weights": sum(map(len, grams.counts))}
        yield row | {"valid": found["validation"]["phonemes"]} | found["test"]


class NGrams:
    """Counts of sequences of pairs, and the probability of the next pair."""

    def __init__(self, sequences: list[list[tuple]], order: int) -> None:
        self.order = order
        self.pairs = defaultdict(set)  # of each letter
        self.counts = [Counter() for _ in range(order)]  # of (history, pair), by length of history
        for sequence in sequences:
            for letter, piece in sequence:
                self.pairs[letter].add((letter, piece))
            framed = (BEGIN,) * (order - 1) + (*sequence, END)
            for end in range(order - 1, len(framed)):
                for length, counts in enumerate(self.counts):
                    counts[framed[end - length : end], framed[end]] += 1
        self.totals = [Counter() for _ in range(order)]
        self.kinds = [Counter() for _ in range(order)]
        self.discounts, self.known = [], {}
        for counts, totals, kinds in zip(self.counts, self.totals, self.kinds, strict=True):
            for (history, _), number in counts.items():
                totals[history] += number
                kinds[history] += 1
            seen = Counter(counts.values())
            self.discounts.append(seen[1] / (seen[1] + 2 * seen[2]))

    def probability(self, history: tuple, pair: tuple) -> float:
        """Of the next pair: the share of each length, discounted, the rest to the shorter one."""
        if (result := self.known.get((history, pair))) is not None:
            return result
        rest = 1 / (1 + len(self.counts[0])) if not history else self.probability(history[1:], pair)
        if total := self.totals[len(history)].get(history):
            discount = self.discounts[len(history)]
            share = max(self.counts[len(history)].get((history, pair), 0) - discount, 0.0)
            rest = (share + discount * self.kinds[len(history)][history] * rest) / total
        self.known[history, pair] = rest
        return rest

    def spoken(self, word: str) -> list[str]:
        """The sounds of the most probable sequence that a beam search finds."""
        beam = [(0.0, (BEGIN,) * (self.order - 1), ())]
        for letter in [*word, END[0]]:
            pairs = self.pairs[letter] if letter != END[0] else {END}
            beam = [
                (score + math.log(self.probability(history, pair)), history, pair, said)
                for score, history, said in beam
                for pair in sorted(pairs)
            ]
            beam = sorted(beam, reverse=True)[:BEAM]
            beam = [
                (score, ((*history, pair)[1:]), (*said, *pair[1]))
                for score, history, pair, said in beam
            ]
        return list(beam[0][2])
