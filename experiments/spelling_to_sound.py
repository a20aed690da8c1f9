"""Does a decoder that attends to all letters pronounce words better than one with one state?

Design. 20,000 words of the CMU dictionary (`load_pronunciations`, the sample; 3 to 14 letters, no
stress): 16,000 to train on, 2,000 for validation, 2,000 to test. Both networks: Embedding(32); a
bidirectional LSTM of 2 x 32 units as encoder, whose two last states, joined, begin the decoder, an
LSTM(64) on Embedding(32); teacher forcing; Dense on the decoder's state, with attention on that
state and the context (dot scores, `keras.layers.Attention`). The two differ in the context alone
(2,624 weights more). Adam, gradient norm clipped to 1, batches of 100, 12 epochs, rate falling to
zero along half a cosine from one of three (0.006, 0.02, 0.06), tried with seed 0 and chosen by
phoneme error on validation; then seeds 1 to 4. Greedy decoding, at most 16 sounds.

Larger networks: twice the numbers (128, an encoder of 2 x 64 units), dropout of 0.3 on the vectors
of letters and on what the output layer reads, 24 epochs; the one with one state gives it to the
output layer at every step, in the place of the context. At 0.02, three seeds. (128 numbers for 12
epochs without dropout: .19 of the sounds with one state.)

Phoneme error: Levenshtein distances over true sounds, summed. Word error: share of words not
wholly right. Both also by length of the word (3 to 5, 6 to 8, 9 to 14 letters); word error also on
the words of the training.

The map of attention is tested by occlusion, on the sounds of all test words that the network speaks
rightly: each letter is replaced by each of the 25 others, and the probability of each sound taken,
a mean. Given: the mean probability of the whole word; with the letter of the largest weight
replaced; with the letter on the straight line from the first letter and sound to the last; with the
state of the largest weight masked (`masked`). All this for the network of the page (the weights of
`load_pronouncer`, model "page") and for the five trainings of the smaller network with attention.

Where map and occlusion differ: the sounds for which another letter costs at least 0.1 more of the
probability than the letter of the largest weight (their share: `apart`; how many of these have that
letter as the next to the right: `apart_next`). Mean probabilities of these: intact; that letter
replaced; the letter of the largest weight replaced (`apart_own`). Then activation patching: the
decoder gets one *state* alone from the word in which that letter is replaced: that of the largest
weight, or that of the letter itself; or the decoder's start alone (last state and cell). And all
from that word but the state of the largest weight (`restored_map`); and the state of the largest
weight masked (`masked_map`). A control, where a letter stands on the other side of the largest
weight, as far away (of these: `beside_map`, as `patched_map`): the state of the largest weight
from a word in which this letter is replaced (`beside_other`).

Win, declared after a first run at lower rates (0.003, 0.006, 0.012: both networks were best at the
largest, with attention 0.122 to 0.130 and 0.448 to 0.471 on test, without 0.225 to 0.231 and 0.614
to 0.634): with attention both phoneme error and word error are lower than without, the worst seed
of the one against the best of the other. Fallback: it is said who wins, and the errors are shown by
length of the word. For the map: replacing the letter of the largest weight lowers the probability
more than the letter on the line, in all seeds. The patching is description, with controls that
readers had asked for (seen before, one network, four random replacements, true sounds of all words:
.28 the state of the largest weight, .62 that of the letter).
Primary comparisons: word error with attention against without, of either size; probability after
replacing the letter of the largest weight against that on the line; means over seeds and the worst
pair.

Rows: model ("attention", "none", "page"), state (numbers of a state, 64 or 128), rate, seed,
weights, chosen, valid (phoneme error), phonemes, words (test errors), phonemes_short, words_short,
..._middle, ..._long; if chosen, words_train; with attention and 64, if chosen, and of the page: the
shares and probabilities above.

Cost: about ten minutes on two busy cores, JAX.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from scipy.special import softmax

from helpers.data import load_pronouncer, load_pronunciations

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 9

EPOCHS, BATCH, FEATURES = 12, 100, 32
UNITS_OF_STATE, LARGER, DROPOUT = 64, 128, 0.3
RATES, RATE_OF_LARGER, SEEDS = (0.006, 0.02, 0.06), 0.02, (0, 1, 2, 3, 4)
LETTERS, SOUNDS, MOST = 14, 15, 16  # letters; sounds with the stop; sounds that are decoded
SPANS = {"short": (3, 5), "middle": (6, 8), "long": (9, 14)}
APART = 0.1  # of the probability: how much more the other letter costs at least
UNITS = [
    {"model": model, "state": state}
    for state in (LARGER, UNITS_OF_STATE)
    for model in ("attention", "none")
]
UNITS.append({"model": "page", "state": UNITS_OF_STATE})


def run(model: str, state: int) -> Iterator[dict]:
    """Rows of one model: three rates with seed 0, then the other seeds at the best."""
    parts = words_by_split()
    if model == "page":
        networks = network(27, len(symbols_of(parts)), "attention")
        networks[2].set_weights(load_pronouncer())
        yield {"seed": 0, "chosen": True} | tested(networks, parts, True)
        return
    if state == LARGER:
        for seed in SEEDS[:3]:
            row, networks = trained(model, state, RATE_OF_LARGER, seed, parts)
            yield row | tested(networks, parts) | {"chosen": True}
        return
    tried = {rate: trained(model, state, rate, SEEDS[0], parts) for rate in RATES}
    best = min(tried, key=lambda rate: tried[rate][0]["valid"])
    for rate, (row, networks) in tried.items():
        more = tested(networks, parts, model == "attention") if rate == best else {}
        yield row | more | {"chosen": rate == best}
    for seed in SEEDS[1:]:
        row, networks = trained(model, state, best, seed, parts)
        yield row | tested(networks, parts, model == "attention") | {"chosen": True}


def compare(rows: pd.DataFrame) -> dict:
    """Differences of means over seeds, and of the worst pair of seeds."""
    rows = rows[rows["chosen"].astype(bool)]
    of = {name: some for name, some in rows.groupby(["model", "state"])}
    small, large = UNITS_OF_STATE, LARGER
    attention = of["attention", small]
    pairs = {
        "words, none - attention": (of["none", small]["words"], attention["words"]),
        "words, none - attention, larger": (
            of["none", large]["words"],
            of["attention", large]["words"],
        ),
        "probability, line - map": (attention["at_line"], attention["at_map"]),
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

    The larger have dropout, and the decoder of the larger "none" gets the last state at every step.
    """
    symbols, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    larger = p == LARGER
    drop = DROPOUT if larger else 0.0
    vectors = layers.Embedding(num_in, FEATURES, mask_zero=True)(symbols)
    lstm = layers.LSTM(p // 2, return_sequences=True, return_state=True)
    states, h1, c1, h2, c2 = layers.Bidirectional(lstm)(layers.Dropout(drop)(vectors))
    last = [layers.Concatenate()(pair) for pair in ([h1, h2], [c1, c2])]
    if larger and model == "none":
        states = layers.Reshape((1, p))(last[0])
    encoder = keras.Model(symbols, [states, *last])

    values, real = keras.Input((None, p)), keras.Input((None,), dtype="bool")
    h, c = keras.Input((p,)), keras.Input((p,))
    said = layers.Embedding(num_out, FEATURES)(before)
    lstm = layers.LSTM(p, return_sequences=True, return_state=True)
    g, h_next, c_next = lstm(said, initial_state=[h, c])
    looked = []
    if larger and model == "none":
        g = layers.Dropout(drop)(layers.Concatenate()([g, g * 0 + values]))
    if model == "attention":
        mask = [None, real]
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
    epochs = EPOCHS * (2 if state == LARGER else 1)
    falling = keras.optimizers.schedules.CosineDecay(rate, epochs * -(-len(letters) // BATCH))
    adam = keras.optimizers.Adam(falling, global_clipnorm=1.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    joined.compile(optimizer=adam, loss=loss)
    joined.fit([letters, reads], says, batch_size=BATCH, epochs=epochs, verbose=0)
    row = {"rate": rate, "seed": seed, "weights": joined.count_params()}
    said = {
        part: spoken(encoder, decoder, as_arrays(parts[part], symbols)[0], symbols)
        for part in ("validation", "test")
    }
    row["valid"] = errors(said["validation"], parts["validation"])["phonemes"]
    row |= errors(said["test"], parts["test"])
    return row, (encoder, decoder, joined)


def tested(
    networks: tuple, parts: dict[str, pd.DataFrame], with_map: bool = False
) -> dict[str, float]:
    """Word error on the words of the training, and the test of the map."""
    symbols, train = symbols_of(parts), parts["train"]
    said = spoken(*networks[:2], as_arrays(train, symbols)[0], symbols)
    wrong = [a != b for a, b in zip(said, train["sounds"], strict=True)]
    found = {"words_train": float(np.mean(wrong))}
    if with_map:
        rows = as_arrays(parts["test"], symbols)
        said = spoken(*networks[:2], rows[0], symbols)
        right = np.array([a == b for a, b in zip(said, parts["test"]["sounds"], strict=True)])
        found |= occluded(*networks, [part[right] for part in rows])
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


def after_replacing(joined: keras.Model, rows: tuple[NDArray, NDArray, NDArray]) -> NDArray:
    """Occlusion: mean probability of each symbol over all replacements of one letter.

    Of shape (n, S, T), infinite behind the end of the word.
    """
    letters, reads, says = rows
    n, t = np.nonzero(letters)
    total, pair = 0.0, np.arange(len(n))
    for step in range(1, 26):
        other = letters[n]
        other[pair, t] = moved(other[pair, t], step)
        total = total + probabilities(joined, (other, reads[n], says[n]))
    after = np.full((*says.shape, letters.shape[1]), np.inf)
    after[n, :, t] = total / 25
    return after


def moved(letters: NDArray, step: int) -> NDArray:
    """Other letters, some steps on in the alphabet, z before a."""
    return 1 + (letters - 1 + step) % 26


def occluded(
    encoder: keras.Model,
    decoder: keras.Model,
    joined: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
) -> dict[str, float]:
    """The map against occlusion and the line; patching where they differ."""
    letters, reads, says = rows
    after, intact = after_replacing(joined, rows), probabilities(joined, rows)
    states, *last = encoder.predict_on_batch(letters)
    weights = decoder.predict_on_batch([reads, states, letters > 0, *last])[-1]
    length, number = (letters > 0).sum(axis=1), (says > 1).sum(axis=1)
    steps = np.arange(SOUNDS)
    line = ((steps + 0.5) * length[:, None] / np.maximum(number, 1)[:, None]).astype(int)
    chosen = {
        "map": weights.argmax(axis=-1),
        "worst": after.argmin(axis=-1),
        "line": np.minimum(line, LETTERS - 1),
    }
    real = says > 1
    at = {name: np.take_along_axis(after, x[..., None], -1)[..., 0] for name, x in chosen.items()}
    found = {"intact": intact[real].mean()}
    found |= {f"at_{name}": at[name][real].mean() for name in ("map", "line")}
    apart = real & (at["map"] - at["worst"] >= APART)
    found["apart"] = apart[real].mean()
    found["apart_next"] = (chosen["worst"] - chosen["map"] == 1)[apart].mean()
    places = [x[apart] for x in (chosen["map"], chosen["worst"])]
    found |= {"apart_intact": intact[apart].mean(), "apart_own": at["map"][apart].mean()}
    found |= {"apart_worst": at["worst"][apart].mean()}
    where = np.nonzero(apart)
    found |= patched(encoder, decoder, rows, where, *places)
    found |= beside(encoder, decoder, rows, where, *places)
    every = np.nonzero(real)
    found["masked"] = masked(encoder, decoder, rows, every, chosen["map"][real])
    return {name: float(value) for name, value in found.items()}


def patched(
    encoder: keras.Model,
    decoder: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    where: tuple[NDArray, NDArray],
    by_map: NDArray,
    worst: NDArray,
) -> dict[str, float]:
    """Mean probability of sounds if one state is from the word with another letter, all 25.

    Of word and step of each sound in `where`; the state is that at the step `by_map`, of the
    largest weight, or at `worst`, of the replaced letter.
    """
    n, s = where
    inputs, reads, says = (part[n] for part in rows)
    pair, real = np.arange(len(n)), inputs > 0
    totals = Counter()

    states, *last = encoder.predict_on_batch(inputs)
    for step in range(1, 26):
        theirs, *their_last = encoder.predict_on_batch(with_other(inputs, worst, step))
        cases = {
            "patched_map": (mixed(states, theirs, by_map), last),
            "patched_worst": (mixed(states, theirs, worst), last),
            "patched_start": (states, their_last),
            "restored_map": (mixed(theirs, states, by_map), their_last),
        }
        for name, (values, start) in cases.items():
            scores = decoder.predict_on_batch([reads, values, real, *start])[0]
            shares = softmax(scores[pair, s].astype(float), axis=-1)
            totals[name] += shares[pair, says[pair, s]].mean() / 25
    return dict(totals) | {"masked_map": masked(encoder, decoder, rows, where, by_map)}


def beside(
    encoder: keras.Model,
    decoder: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    where: tuple[NDArray, NDArray],
    by_map: NDArray,
    worst: NDArray,
) -> dict[str, float]:
    """As `patched_map`; beside it the letter on the other side replaced, where there is one."""
    mirror, length = 2 * by_map - worst, (rows[0] > 0).sum(axis=1)[where[0]]
    within = (mirror >= 0) & (mirror < length)
    n, s = (part[within] for part in where)
    inputs, reads, says = (part[n] for part in rows)
    pair, found = np.arange(len(n)), {}
    states, *last = encoder.predict_on_batch(inputs)
    for name, t in {"beside_map": worst[within], "beside_other": mirror[within]}.items():
        shares = []
        for step in range(1, 26):
            theirs = encoder.predict_on_batch(with_other(inputs, t, step))[0]
            values = mixed(states, theirs, by_map[within])
            scores = decoder.predict_on_batch([reads, values, inputs > 0, *last])[0]
            shares.append(softmax(scores[pair, s].astype(float), axis=-1)[pair, says[pair, s]])
        found[name] = np.mean(shares)
    return found


def with_other(letters: NDArray, t: NDArray, step: int) -> NDArray:
    """The words (n, T) with another letter at t (n,)."""
    letters, pair = letters.copy(), np.arange(len(letters))
    letters[pair, t] = moved(letters[pair, t], step)
    return letters


def mixed(states: NDArray, others: NDArray, t: NDArray) -> NDArray:
    """The states (n, T, p), with those of others at t (n,)."""
    states, pair = states.copy(), np.arange(len(states))
    states[pair, t] = others[pair, t]
    return states


def masked(
    encoder: keras.Model,
    decoder: keras.Model,
    rows: tuple[NDArray, NDArray, NDArray],
    where: tuple[NDArray, NDArray],
    places: NDArray,
) -> float:
    """Mean probability of sounds if the state at one place gets no weight."""
    n, s = where
    inputs, reads, says = (part[n] for part in rows)
    pair, real = np.arange(len(n)), inputs > 0
    real[pair, places] = False
    states, *last = encoder.predict_on_batch(inputs)
    scores = decoder.predict_on_batch([reads, states, real, *last])[0]
    shares = softmax(scores[pair, s].astype(float), axis=-1)
    return shares[pair, says[pair, s]].mean()


# -- the alignment of letters and sounds ----------------------------------------------------------


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


def window(word: str, i: int, reach: int) -> str:
    """A letter with some letters on both sides."""
    framed = "." * reach + word + "." * reach
    return framed[i : i + 2 * reach + 1]
