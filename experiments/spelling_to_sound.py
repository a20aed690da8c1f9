"""Does a decoder that attends to all letters pronounce words better than one with one state?

Design. 20,000 words of the CMU dictionary (`load_pronunciations`, the sample; 3 to 14 letters, no
stress): 16,000 to train on, 2,000 for validation, 2,000 to test. Both networks: Embedding(32); a
bidirectional LSTM of 2 x 32 units as encoder, whose two last states, joined, begin the decoder, an
LSTM(64) on Embedding(32); teacher forcing; Dense on the decoder's state, with attention on that
state and the context (dot scores, `keras.layers.Attention`). The two differ in the context alone
(2,624 weights more). Adam, gradient norm clipped to 1, batches of 100, 12 epochs, rate falling to
zero along half a cosine from one of three (0.006, 0.02, 0.06), tried with seed 0 and chosen by
phoneme error on validation; then seeds 1 to 4. Greedy decoding, at most 16 sounds. (For 24 epochs,
at 0.02, the network without attention had .59 of the test words wrong.)

A stronger network with one state ("larger"): twice the numbers (128, an encoder of 2 x 64 units),
dropout of 0.3 on the vectors of letters and on what the output layer reads, and the encoder's last
state given to the output layer at every step, in the place of the context; at each rate with seed
0, then with seeds 1 and 2. (128 numbers without dropout: .19 of the sounds; trials with dropout
alone .177, and with the last state given to the LSTM at every step .170.)

The strongest simple rival, a table: each training word is aligned by (hard) expectation
maximization, so that a letter makes no sound, one or two; a letter then makes the sounds that it
made most often between the same letters on both sides, as many of them (2, 3 or 4) as were seen at
least 1, 2 or 3 times together, else fewer. Both numbers by word error on validation.

Phoneme error: Levenshtein distances over true sounds, summed. Word error: share of words not
wholly right. Both also by length of the word (3 to 5, 6 to 8, 9 to 14 letters); word error also on
the words of the training.

The map of attention is tested by occlusion, on all test words: one letter is replaced by another
one drawn at random, the decoder reads the true sounds, and the probability of each true sound is
taken (the stop left out), a mean over four replacements: with the whole word; with the letter of
the largest weight replaced; likewise the letter on the straight line from the first letter and
sound to the last; the letter with which the alignment of the table (which sees all sounds of the
word) puts the sound; and the letter whose replacement hurts most, found with four other
replacements. Also the share of sounds for which the letter of the largest weight is the one whose
replacement hurts most; and, the alignment taken as the truth, for which the largest weight,
occlusion and the line find its letter.

Why do map and occlusion differ? Where they name different letters, the one that hurts most is
replaced, but the decoder gets one *state* alone from the changed word (activation patching, four
replacements): that of the largest weight, that at the replaced letter, or one of the others, drawn
at random. If a state has read its neighbours, the first should take the sound away as replacing the
letter does, and the other two should not. Controls: the state of the largest weight from a word in
which one of the other letters is replaced, drawn at random; the decoder's start alone (last state
and cell) from the word without the letter that hurts most. And the other way round: all from that
word, but the state of the largest weight is that of the word itself (restored).

Win, declared after a first run at lower rates (0.003, 0.006, 0.012: both networks were best at the
largest, with attention 0.122 to 0.130 and 0.448 to 0.471 on test, without 0.225 to 0.231 and 0.614
to 0.634, the table 0.137 and 0.552): with attention both phoneme error and word error are lower
than without, the worst seed of the one against the best of the other. Second: with attention fewer
words are wrong than with the table, in all seeds. Fallback: it is said who wins, and the errors are
shown by length of the word. For the map: replacing the letter of the largest weight lowers the
probability more than the letter on the line, in all seeds. The comparison with the alignment was
added after readers had found the two level (0.070 and 0.072, one network). More replacements make
occlusion agree better with the map (one network; 1, 4, 20 of them: 78, 84, 86 % of the sounds).
The patching is description, added after readers had asked (seen before, one network: .28, .62 and
.70 patched; another letter .67; restored .62).
Primary comparisons: word error with attention against without, and against the table; probability
after replacing the letter of the largest weight against that on the line and that of the
alignment; means over seeds and the worst pair.

Rows: model ("attention", "none", "larger", "table"), state (numbers of a state; 0: the table),
rate, seed, weights, chosen, valid (phoneme error; of the table word error), phonemes, words (test
errors), phonemes_short, words_short, ..._middle, ..._long; if chosen, words_train; with attention
and chosen: intact, at_map, at_align, at_line, apart_intact, apart_worst, patched_map,
patched_worst, patched_random, patched_other, patched_start, restored_map (from apart_ on where map
and occlusion differ; all mean probabilities), map_worst, map_align, worst_align, line_align
(shares); of the table: reach, least.

Cost: about eight minutes on two busy cores, JAX.
"""

from __future__ import annotations

import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from scipy.special import softmax

from helpers.data import load_pronunciations

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 8

EPOCHS, BATCH, UNITS_OF_STATE, LARGER, FEATURES, DROPOUT = 12, 100, 64, 128, 32, 0.3
RATES, SEEDS = (0.006, 0.02, 0.06), (0, 1, 2, 3, 4)
LETTERS, SOUNDS, MOST = 14, 15, 16  # letters; sounds with the stop; sounds that are decoded
SPANS = {"short": (3, 5), "middle": (6, 8), "long": (9, 14)}
REACHES, LEAST = (2, 3, 4), (1, 2, 3)
DRAWS = 4  # replacements of an input, averaged
UNITS = [
    {"model": "attention", "state": UNITS_OF_STATE},
    {"model": "none", "state": UNITS_OF_STATE},
    {"model": "larger", "state": LARGER},
    {"model": "table", "state": 0},
]


def run(model: str, state: int) -> Iterator[dict]:
    """Rows of one model: three rates with seed 0, then the other seeds at the best."""
    parts = words_by_split()
    if model == "table":
        yield from tables(parts)
        return
    tried = {rate: trained(model, state, rate, SEEDS[0], parts) for rate in RATES}
    best = min(tried, key=lambda rate: tried[rate][0]["valid"])
    for rate, (row, networks) in tried.items():
        more = tested(model, networks, parts) if rate == best else {}
        yield row | more | {"chosen": rate == best}
    for seed in SEEDS[1:] if state == UNITS_OF_STATE else SEEDS[1:3]:
        row, networks = trained(model, state, best, seed, parts)
        yield row | tested(model, networks, parts) | {"chosen": True}


def compare(rows: pd.DataFrame) -> dict:
    """Differences of means over seeds, and of the worst pair of seeds."""
    rows = rows[rows["chosen"].astype(bool)]
    of = {name: some for name, some in rows.groupby("model")}
    pairs = {
        "words, none - attention": (of["none"]["words"], of["attention"]["words"]),
        "words, table - attention": (of["table"]["words"], of["attention"]["words"]),
        "probability, line - map": (of["attention"]["at_line"], of["attention"]["at_map"]),
        "probability, EM - map": (of["attention"]["at_align"], of["attention"]["at_map"]),
    }
    return {
        name: {"mean": float(a.mean() - b.mean()), "worst": float(a.min() - b.max())}
        for name, (a, b) in pairs.items()
    }


# -- words and errors -----------------------------------------------------------------------------


def words_by_split() -> dict[str, pd.DataFrame]:
    """The words of each split, sounds as lists without stress."""
    words = load_pronunciations()
    words["sounds"] = words["sounds"].str.replace(r"\d", "", regex=True).str.split()
    return dict(iter(words.groupby("split")))


def symbols_of(parts: dict[str, pd.DataFrame]) -> list[str]:
    """The sounds by number: 0 padding, 1 the stop, which also begins."""
    sounds = {sound for part in parts.values() for said in part["sounds"] for sound in said}
    return ["_", ".", *sorted(sounds)]


def as_arrays(part: pd.DataFrame, symbols: list[str]) -> tuple[NDArray, NDArray, NDArray]:
    """Letters (n, 14); sounds to read and sounds to say (n, 15); zeros behind."""
    number = {sound: k for k, sound in enumerate(symbols)}
    letters = np.zeros((len(part), LETTERS), "int32")
    reads, says = np.zeros((2, len(part), SOUNDS), "int32")
    for row, (word, said) in enumerate(zip(part["word"], part["sounds"], strict=True)):
        numbers = [number[sound] for sound in said]
        letters[row, : len(word)] = [ord(letter) - 96 for letter in word]
        reads[row, : len(said) + 1] = [1, *numbers]
        says[row, : len(said) + 1] = [*numbers, 1]
    return letters, reads, says


def edits(said: list[str], true: list[str]) -> int:
    """Levenshtein distance."""
    row = list(range(len(true) + 1))
    for i, one in enumerate(said, start=1):
        corner, row[0] = row[0], i
        for j, other in enumerate(true, start=1):
            change = corner + (one != other)
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, change)
    return row[-1]


def errors(said: list[list[str]], part: pd.DataFrame) -> dict[str, float]:
    """Phoneme error and word error, of all words and by their length."""
    wrong = np.array([edits(a, b) for a, b in zip(said, part["sounds"], strict=True)])
    sounds, length = part["sounds"].str.len().to_numpy(), part["word"].str.len().to_numpy()
    found = {"phonemes": wrong.sum() / sounds.sum(), "words": (wrong > 0).mean()}
    for name, (least, most) in SPANS.items():
        here = (least <= length) & (length <= most)
        found[f"phonemes_{name}"] = wrong[here].sum() / sounds[here].sum()
        found[f"words_{name}"] = (wrong[here] > 0).mean()
    return {name: float(value) for name, value in found.items()}


# -- networks -------------------------------------------------------------------------------------


def network(
    num_in: int, num_out: int, model: str, p: int = UNITS_OF_STATE
) -> tuple[keras.Model, keras.Model, keras.Model]:
    """Encoder, decoder, and both joined for training with teacher forcing.

    The decoder of "larger" looks at one state at every step, the last; it has dropout.
    """
    symbols, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    drop = DROPOUT if model == "larger" else 0.0
    vectors = layers.Embedding(num_in, FEATURES, mask_zero=True)(symbols)
    lstm = layers.LSTM(p // 2, return_sequences=True, return_state=True)
    states, h1, c1, h2, c2 = layers.Bidirectional(lstm)(layers.Dropout(drop)(vectors))
    last = [layers.Concatenate()(pair) for pair in ([h1, h2], [c1, c2])]
    if model == "larger":
        states = layers.Reshape((1, p))(last[0])
    encoder = keras.Model(symbols, [states, *last])

    values, real = keras.Input((None, p)), keras.Input((None,), dtype="bool")
    h, c = keras.Input((p,)), keras.Input((p,))
    said = layers.Embedding(num_out, FEATURES)(before)
    lstm = layers.LSTM(p, return_sequences=True, return_state=True)
    g, h_next, c_next = lstm(said, initial_state=[h, c])
    looked = []
    if model != "none":
        mask = [None, real if model == "attention" else None]
        context, *looked = layers.Attention()([g, values], mask=mask, return_attention_scores=True)
        g = layers.Dropout(drop)(layers.Concatenate()([g, context]))
    scores = layers.Dense(num_out)(g)
    decoder = keras.Model([before, values, real, h, c], [scores, h_next, c_next, *looked])

    states, *last = encoder(symbols)
    outputs = decoder([before, states, keras.ops.not_equal(symbols, 0), *last])
    return encoder, decoder, keras.Model([symbols, before], outputs[0])


def trained(
    model: str, state: int, rate: float, seed: int, parts: dict[str, pd.DataFrame]
) -> tuple[dict, tuple]:
    """One training: its row and its networks."""
    symbols = symbols_of(parts)
    letters, reads, says = as_arrays(parts["train"], symbols)
    keras.utils.set_random_seed(seed)
    encoder, decoder, joined = network(27, len(symbols), model, state)
    falling = keras.optimizers.schedules.CosineDecay(rate, EPOCHS * -(-len(letters) // BATCH))
    adam = keras.optimizers.Adam(falling, global_clipnorm=1.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    joined.compile(optimizer=adam, loss=loss)
    joined.fit([letters, reads], says, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    row = {"rate": rate, "seed": seed, "weights": joined.count_params()}
    said = {
        part: spoken(encoder, decoder, as_arrays(parts[part], symbols)[0], symbols)
        for part in ("validation", "test")
    }
    row["valid"] = errors(said["validation"], parts["validation"])["phonemes"]
    row |= errors(said["test"], parts["test"])
    return row, (encoder, decoder, joined)


def tested(model: str, networks: tuple, parts: dict[str, pd.DataFrame]) -> dict[str, float]:
    """Word error on the words of the training, and with attention the test of its map."""
    symbols, train = symbols_of(parts), parts["train"]
    said = spoken(*networks[:2], as_arrays(train, symbols)[0], symbols)
    wrong = [a != b for a, b in zip(said, train["sounds"], strict=True)]
    found = {"words_train": float(np.mean(wrong))}
    if model == "attention":
        found |= occluded(*networks, as_arrays(parts["test"], symbols), by_alignment(parts))
    return found


def spoken(
    encoder: keras.Model, decoder: keras.Model, letters: NDArray, symbols: list[str]
) -> list[list[str]]:
    """Greedy decoding of all words at once, the decoder's state carried from step to step."""
    states, h, c = encoder.predict_on_batch(letters)
    last, found = np.ones((len(letters), 1), "int32"), []
    for _ in range(MOST):
        scores, h, c, *_ = decoder.predict_on_batch([last, states, letters > 0, h, c])
        last = 1 + scores[:, :, 1:].argmax(axis=-1).astype("int32")
        found.append(last[:, 0])
    rows = np.stack(found, axis=1).tolist()
    return [[symbols[k] for k in (row[: row.index(1)] if 1 in row else row)] for row in rows]


def probabilities(joined: keras.Model, rows: tuple[NDArray, NDArray, NDArray]) -> NDArray:
    """Probability of each true symbol, those before it read: (n, S)."""
    inputs, reads, says = rows
    scores = joined.predict([inputs, reads], batch_size=1000, verbose=0).astype(float)
    return np.take_along_axis(softmax(scores, axis=-1), says[..., None], axis=-1)[..., 0]


def after_replacing(
    joined: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    largest: int,
    rng: np.random.Generator,
) -> NDArray:
    """Occlusion: mean probability of each true symbol over some replacements of one input.

    Of shape (n, S, T), infinite behind the end; an input is replaced by another of 1 to `largest`.
    """
    inputs, reads, says = rows
    n, t = np.nonzero(inputs)
    total, pair = 0.0, np.arange(len(n))
    for _ in range(DRAWS):
        other = inputs[n]
        other[pair, t] = 1 + (other[pair, t] - 1 + rng.integers(1, largest, len(n))) % largest
        total = total + probabilities(joined, (other, reads[n], says[n]))
    after = np.full((*says.shape, inputs.shape[1]), np.inf)
    after[n, :, t] = total / DRAWS
    return after


def occluded(
    encoder: keras.Model,
    decoder: keras.Model,
    joined: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    align: NDArray,
) -> dict[str, float]:
    """Mean probability of the true sounds with one letter replaced, chosen in several ways."""
    letters, reads, says = rows
    rng = np.random.default_rng(0)
    to_choose, fresh = (after_replacing(joined, rows, 26, rng) for _ in range(2))
    states, *last = encoder.predict_on_batch(letters)
    weights = decoder.predict_on_batch([reads, states, letters > 0, *last])[-1]
    length, number = (letters > 0).sum(axis=1), (says > 1).sum(axis=1)
    steps = np.arange(SOUNDS)
    line = ((steps + 0.5) * length[:, None] / np.maximum(number, 1)[:, None]).astype(int)
    chosen = {
        "map": weights.argmax(axis=-1),
        "align": align,
        "line": np.minimum(line, LETTERS - 1),
        "worst": to_choose.argmin(axis=-1),
    }
    real, intact = (says > 1) & (align >= 0), probabilities(joined, rows)
    at = {name: np.take_along_axis(fresh, x[..., None], -1)[..., 0] for name, x in chosen.items()}
    found = {"intact": intact[real].mean()}
    found |= {f"at_{name}": at[name][real].mean() for name in ("map", "align", "line")}
    apart = real & (chosen["map"] != chosen["worst"])
    found |= {"apart_intact": intact[apart].mean(), "apart_worst": at["worst"][apart].mean()}
    found |= patched(encoder, decoder, rows, chosen["map"], chosen["worst"], apart, rng)
    found["map_worst"] = (chosen["map"] == chosen["worst"])[real].mean()
    for name in ("map", "worst", "line"):
        found[f"{name}_align"] = (chosen[name] == align)[real].mean()
    return {name: float(value) for name, value in found.items()}


def patched(
    encoder: keras.Model,
    decoder: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    by_map: NDArray,
    worst: NDArray,
    where: NDArray,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Mean probability of the true sounds if one state is from the word with another letter.

    The letter at `worst` (n, S) is replaced, for the sounds that are `where` (n, S); the state is
    that at `by_map` (n, S), that at `worst`, or one of the others. For the controls another letter
    is replaced, or the start of the decoder is from the changed word; `restored_map` has all from
    the changed word but the state at `by_map`.
    """
    n, s = np.nonzero(where)
    inputs, reads, says = (part[n] for part in rows)
    pair, length = np.arange(len(n)), (inputs > 0).sum(axis=1)
    by_map, worst = by_map[n, s], worst[n, s]
    free = np.arange(LETTERS) < length[:, None]
    free[pair, by_map] = free[pair, worst] = False

    def encoded_without(t: NDArray) -> tuple[NDArray, list[NDArray]]:
        other = inputs.copy()
        other[pair, t] = 1 + (other[pair, t] - 1 + rng.integers(1, 26, len(n))) % 26
        states, *last = encoder.predict_on_batch(other)
        return states, last

    def mixed(states: NDArray, others: NDArray, t: NDArray) -> NDArray:
        states = states.copy()
        states[pair, t] = others[pair, t]
        return states

    states, *last = encoder.predict_on_batch(inputs)
    totals = Counter()
    for _ in range(DRAWS):
        random = (rng.random(free.shape) * free).argmax(axis=1)
        theirs, their_last = encoded_without(worst)
        cases = {
            "patched_map": (mixed(states, theirs, by_map), last),
            "patched_worst": (mixed(states, theirs, worst), last),
            "patched_random": (mixed(states, theirs, random), last),
            "patched_other": (mixed(states, encoded_without(random)[0], by_map), last),
            "patched_start": (states, their_last),
            "restored_map": (mixed(theirs, states, by_map), their_last),
        }
        for name, (values, start) in cases.items():
            scores = decoder.predict_on_batch([reads, values, inputs > 0, *start])[0]
            shares = softmax(scores[pair, s].astype(float), axis=-1)
            totals[name] += shares[pair, says[pair, s]].mean() / DRAWS
    return dict(totals)


def by_alignment(parts: dict[str, pd.DataFrame]) -> NDArray:
    """The letter that makes each sound of the test words by EM, (n, 15); -1 where there is none."""
    _, cost = aligned(list(zip(parts["train"]["word"], parts["train"]["sounds"], strict=True)))
    found = np.full((len(parts["test"]), SOUNDS), -1)
    for row, (word, said) in enumerate(
        zip(parts["test"]["word"], parts["test"]["sounds"], strict=True)
    ):
        makers = [t for t, piece in enumerate(cheapest(word, said, cost)) for _ in piece]
        found[row, : len(makers)] = makers
    return found


# -- the table of letters in context --------------------------------------------------------------


def tables(parts: dict[str, pd.DataFrame]) -> Iterator[dict]:
    """Reach and least count chosen on validation words, then the test."""
    train = list(zip(parts["train"]["word"], parts["train"]["sounds"], strict=True))
    counts = contexts(train, aligned(train)[0], max(REACHES))
    tried = {}
    for reach in REACHES:
        for least in LEAST:
            said = [by_context(word, counts, reach, least) for word in parts["validation"]["word"]]
            tried[reach, least] = errors(said, parts["validation"])["words"]
    best = min(tried, key=lambda setting: tried[setting])
    for (reach, least), valid in tried.items():
        row = {"reach": reach, "least": least, "seed": 0, "valid": valid}
        row["chosen"] = (reach, least) == best
        if row["chosen"]:
            said = [by_context(word, counts, reach, least) for word in parts["test"]["word"]]
            row |= {"weights": len(counts)} | errors(said, parts["test"])
        yield row


def aligned(train: list[tuple[str, list[str]]], rounds: int = 3) -> tuple[list[tuple], dict]:
    """The sounds that each letter makes, none to two, and their costs; hard EM from even words."""
    even = [pair for pair in train if len(pair[0]) == len(pair[1])]
    made = Counter((x, (y,)) for word, said in even for x, y in zip(word, said, strict=True))
    for _ in range(rounds):
        total = Counter()
        for (letter, _), number in made.items():
            total[letter] += number
        cost = {pair: -math.log(number / total[pair[0]]) for pair, number in made.items()}
        pieces = [cheapest(word, said, cost) for word, said in train]
        made = Counter(
            pair
            for (word, _), cut in zip(train, pieces, strict=True)
            for pair in zip(word, cut, strict=bool(cut))
        )
    return pieces, cost


def cheapest(word: str, sounds: list[str], cost: dict) -> tuple:
    """The most probable cut of the sounds into a piece for each letter; () where there is none."""
    best = {0: (0.0, ())}
    for letter in word:
        more = {}
        for start, (so_far, pieces) in best.items():
            for end in range(start, min(start + 2, len(sounds)) + 1):
                piece = tuple(sounds[start:end])
                total = so_far + cost.get((letter, piece), 9.0 + 4.0 * (len(piece) == 2))
                if end not in more or total < more[end][0]:
                    more[end] = (total, (*pieces, piece))
        best = more
    return best.get(len(sounds), (0.0, ()))[1]


def contexts(train: list[tuple[str, list[str]]], pieces: list[tuple], reach: int) -> dict:
    """How often each piece was made by a letter between 0, 1, 2, ... letters on both sides."""
    counts = defaultdict(Counter)
    for (word, _), cut in zip(train, pieces, strict=True):
        for i, piece in enumerate(cut):
            for around in range(reach + 1):
                counts[window(word, i, around)][piece] += 1
    return counts


def window(word: str, i: int, reach: int) -> str:
    """A letter with some letters on both sides."""
    framed = "." * reach + word + "." * reach
    return framed[i : i + 2 * reach + 1]


def by_context(word: str, counts: dict, reach: int, least: int) -> list[str]:
    """The sounds of a word, by the longest contexts that were seen often enough."""
    said = []
    for i in range(len(word)):
        for around in range(reach, -1, -1):
            found = counts.get(window(word, i, around))
            if found and (found.total() >= least or around == 0):
                said += found.most_common(1)[0][0]
                break
    return said
