"""Does a trained LSTM lose an early word at "but", and which ways to look find out?

Design. Texts: "I hated this bar, but TAIL" and the same with "loved", "though" for "but"; eight
tails of praise and eight fillers of 14 words, written by hand (`PRAISE`, `FILLER`). Difference:
log-odds with the good verb less log-odds with the bad one, at the verb and at the end. A weighted
sum of words keeps the whole difference, whatever follows.

Networks. Embedding(16, masked), LSTM(12), Dense(1), Adam, batches of 64, five epochs, no early
stopping; trained on 8,070 film and 3,972 food reviews (first 40 words) and on sentences that this
module puts together, in three sets that differ in one thing each:

none
    6,000 sentences of one clause ("the soup was cold", "I loved this place").
contrasts
    and 6,000 of two clauses of opposite sign: "A but B", labelled as B, and "A though B", labelled
    as A, half and half.
coins
    the same 12,000 texts as contrasts, but those of two clauses labelled by chance.

Seeds 0 to 4 at rate 0.005; contrasts also at 0.002 and 0.01, seeds 0 to 2. Besides, the network
that comes with the course (`data/explorer.npz`, set "course"), which learned contrasts and negation
from made-up sentences of its own; no network that is trained here is taught negation.

Declared before it ran, after a look at the course's network alone. Win: in each of the 11 networks
of set contrasts the mean share of the difference that is left at the end is smaller after "but"
than after "though". Fallback: if it is not, the page speaks of the course's network only.
Primary comparisons: that difference in contrasts, in coins, and in none. Description: what is left
when the cell is clamped at the connective (f = 1, i = 0), and when the forget gates alone (f = 1)
or the input gates alone (i = 0) are. (Earlier runs had other clamps, other words, gates patched
from the text with "and", distances between the cells, "not" before adjectives, and linear probes;
the page no longer asks for them.)

Rows: set, rate, seed; kind "text": verb, joint, tail, number, word and end (differences),
clamped_cell, clamped_f, clamped_i (differences at the end); kind "network": accuracy on the test
reviews.

Cost: two minutes on two cores, JAX.
"""

from __future__ import annotations

import os
import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray

from helpers.data import explorer_file, load_reviews

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
COURSE = ("embedding", "W_x", "W_h", "b", "head_W", "head_b")
CUT = str.maketrans(string.ascii_uppercase, string.ascii_lowercase, string.punctuation)
MINUTES = 5

SETS = ("contrasts", "coins", "none")
RATE, RATES, SEEDS = 0.005, (0.002, 0.01), (0, 1, 2, 3, 4)
EPOCHS, BATCH, LENGTH, MADE_UP = 5, 64, 40, 6000
UNITS = [
    {"set": "course", "rate": 0.002, "seed": 0},
    *({"set": name, "rate": RATE, "seed": s} for name in SETS for s in SEEDS),
    *({"set": SETS[0], "rate": rate, "seed": s} for rate in RATES for s in SEEDS[:3]),
]

PRAISE = """the bartender was so handsome and the drink he made me was absolutely delicious
the music was lovely and the people at our table were all very nice
the staff were friendly and the snacks that came with the beer were great
my friends were happy and the evening as a whole was a great success
the cocktails are excellent and the view from the roof is simply the best
the food was amazing and the waiter who served us was very kind indeed
the wine was wonderful and they gave us a beautiful table at the window
the prices are fair and everything we had to eat was fresh and tasty""".splitlines()
FILLER = """it is on the corner of the street next to the station in town
my brother and I went there on a Tuesday after we came from work
we sat at a table by the door from six until half past nine
it has a long counter and some tables and a room with two windows
you can see it on the left when you come from the bus stop
they have a television on the wall and a piano next to the door
it is open from morning until midnight and on Saturday from four until ten
it stands in the street behind the school across from the place with shoes""".splitlines()
TAILS = {"praise": PRAISE, "filler": FILLER}
VERBS = {"hated": "loved", "disliked": "liked", "despised": "adored"}
JOINTS = ("though", "but")
ALL_JOINTS = ("though", "and", "but")
GOOD, BAD, THINGS = map(
    str.split,
    (
        """good great nice lovely wonderful excellent fantastic amazing perfect delightful charming
        beautiful brilliant superb pleasant awesome outstanding splendid fun terrific fabulous
        gorgeous impressive elegant""",
        """bad awful terrible horrible dirty dull boring ugly noisy disgusting dreadful gross nasty
        rude poor disappointing pathetic filthy lousy mediocre miserable shabby stupid tedious""",
        """bar place restaurant hotel shop food soup bread coffee tea wine beer service waiter cook
        music film story room terrace garden breakfast dinner lunch menu cake fish""",
    ),
)


def split_words(text: str) -> list[str]:
    """Cut a text into words as `TextVectorization` does: no capitals, no punctuation."""
    return text.translate(CUT).split()


def run(set: str, rate: float, seed: int) -> Iterator[dict]:
    """Rows of one network."""
    if set == "course":
        with np.load(explorer_file(), allow_pickle=False) as arrays:
            weights = [np.asarray(arrays[name], float) for name in COURSE]
            vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
        accuracy = None
    else:
        weights, vocabulary, accuracy = trained(set, rate, seed)
    ids = as_ids(vocabulary)
    yield from texts(weights, ids)
    yield {"kind": "network", "accuracy": accuracy}


def compare(rows: pd.DataFrame) -> dict:
    """Share of the difference left after "though" less that after "but": mean, worst network."""
    some = rows[rows["kind"] == "text"]
    sums = some.groupby(["set", "rate", "seed", "joint"])[["word", "end"]].sum()
    share = (sums["end"] / sums["word"]).unstack()
    lost = share["though"] - share["but"]
    return {
        name: {"mean": float(one.mean()), "least": float(one.min()), "most": float(one.max())}
        for name, one in lost.groupby("set")
    }


# -- reading --------------------------------------------------------------------------------------


def as_ids(vocabulary: Sequence[str]) -> Callable[[Sequence[str]], NDArray]:
    """A function from texts to ids (n, T), padded behind with zeros."""
    numbers = {word: number for number, word in enumerate(vocabulary)}

    def ids(some: Sequence[str]) -> NDArray:
        words = [[numbers.get(word, 1) for word in split_words(text)][:100] or [1] for text in some]
        found = np.zeros((len(words), max(map(len, words))), int)
        for row, one in zip(found, words, strict=True):
            row[: len(one)] = one
        return found

    return ids


def read(weights: Sequence[NDArray], ids: NDArray, changes: Mapping | None = None) -> dict:
    """Gates i, f, o, candidate g, cell c, state h: (T, n, p); log-odds z (T, n).

    `changes` gives, for the number of a word, values that replace its own: {4: {"f": 1}}.
    """
    table, W_x, W_h, b, v, c = weights
    hidden = cell = np.zeros((len(ids), len(W_h)))
    seen: dict[str, list] = {name: [] for name in "ifgochz"}
    for t, vectors in enumerate(table[ids].swapaxes(0, 1)):
        i, f, g, o = np.split(vectors @ W_x + hidden @ W_h + b, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        now = {"i": i, "f": f, "g": np.tanh(g), "o": o} | (changes or {}).get(t, {})
        now["c"] = cell = now["f"] * cell + now["i"] * now["g"]
        now["h"] = hidden = now["o"] * np.tanh(cell)
        now["z"] = hidden @ v[:, 0] + c[0]
        for name, value in now.items():
            seen[name].append(np.broadcast_to(value, now["z" if name == "z" else "h"].shape))
    return {name: np.array(values) for name, values in seen.items()}


def log_odds(weights: Sequence[NDArray], ids: NDArray) -> NDArray:
    """Log-odds of praise (n,) at the last word of each text, pads behind it."""
    return read(weights, ids)["z"][np.count_nonzero(ids, axis=1) - 1, np.arange(len(ids))]


# -- measurements ---------------------------------------------------------------------------------


def texts(weights: list[NDArray], ids: Callable) -> Iterator[dict]:
    """Differences at the verb and at the end."""
    tails = [(kind, number, text) for kind in TAILS for number, text in enumerate(TAILS[kind])]
    for verbs in VERBS.items():
        for joint in ALL_JOINTS:
            shown = ids([f"I {verb} this bar, {joint} {one[2]}" for verb in verbs for one in tails])
            found = differences(weights, shown)
            for n, (kind, number, _) in enumerate(tails):
                setting = {"verb": verbs[0], "joint": joint, "tail": kind, "number": number}
                values = {name: float(value[n]) for name, value in found.items()}
                yield {"kind": "text", **setting, **values}


def differences(weights: list[NDArray], ids: NDArray) -> dict[str, NDArray]:
    """Good (second half of the texts) less bad; ids (2n, 19), the fifth word is the joint."""
    own = read(weights, ids)["z"]
    found = {"word": own[1], "end": own[-1]}
    clamps = {"cell": {"f": 1.0, "i": 0.0}, "f": {"f": 1.0}, "i": {"i": 0.0}}
    for name, clamp in clamps.items():
        found[f"clamped_{name}"] = read(weights, ids, {4: clamp})["z"][-1]
    return {name: np.subtract(*np.split(z, 2)[::-1]) for name, z in found.items()}


# -- training -------------------------------------------------------------------------------------


def clause(rng: np.random.Generator, positive: int) -> str:
    """A made-up clause of one sign."""
    thing = rng.choice(THINGS)
    if rng.random() < 0.3:
        verb = rng.choice(list(VERBS.values() if positive else VERBS))
        return f"i {verb} {rng.choice(['this', 'the'])} {thing}"
    word = rng.choice(GOOD if positive else BAD)
    return f"{rng.choice(['the', 'this', 'their'])} {thing} {rng.choice(['was', 'is'])} {word}"


def made_up(set: str, seed: int) -> tuple[list[str], list[int]]:
    """Made-up sentences and labels of a set."""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for k in range(MADE_UP):
        texts.append(clause(rng, k % 2))
        labels.append(k % 2)
    for k in range(MADE_UP * (set != "none")):
        first, joint = k % 2, JOINTS[k // 2 % 2]
        texts.append(f"{clause(rng, first)} {joint} {clause(rng, 1 - first)}")
        law = 1 - first if joint == "but" else first
        labels.append(int(rng.integers(2)) if set == "coins" else law)
    return texts, labels


def network(num_words: int) -> keras.Model:
    """Ids (n, T) to log-odds (n, 1)."""
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(num_words, 16, mask_zero=True),
            layers.LSTM(12),
            layers.Dense(1),
        ]
    )


def trained(set: str, rate: float, seed: int) -> tuple[list, list[str], float]:
    """Weights, vocabulary, accuracy on the test reviews."""
    reviews = pd.concat([load_reviews(sample="films"), load_reviews(sample="food")])
    train, test = (reviews[reviews["split"] == part] for part in ("train", "test"))
    texts, labels = made_up(set, seed)
    some = [" ".join(split_words(text)[:LENGTH]) for text in train["text"]] + texts
    y = np.concatenate([train["label"].to_numpy(), labels]).astype("float32")
    counts = Counter(word for text in some for word in dict.fromkeys(text.split()))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    vocabulary = ["", "[UNK]", *(word for word in ranked if counts[word] > 1)][:10_000]
    X = as_ids(vocabulary)(some)
    keras.utils.set_random_seed(seed)
    model = network(len(vocabulary))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    model.fit(X, y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    weights = [np.asarray(w, float) for w in model.get_weights()]
    shown = as_ids(vocabulary)([" ".join(split_words(t)[:LENGTH]) for t in test["text"]])
    right = (log_odds(weights, shown) > 0) == test["label"].to_numpy()
    return weights, vocabulary, float(right.mean())
