"""Does a trained LSTM lose an early word at "but", and which ways to look find out?

Design. Texts: "I hated this bar, but TAIL" and the same with "loved", "though" for "but"; eight
tails of praise and eight fillers of 14 words, written by hand (`PRAISE`, `FILLER`). Distance:
log-odds with the good verb less log-odds with the bad one, at the verb and at the end. A weighted
sum of words keeps the whole distance, whatever follows.

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
of set contrasts the mean share of the distance that is left at the end is smaller behind "but"
than behind "though". Fallback: if it is not, the page speaks of the course's network only.
Primary comparisons: that difference in contrasts, in coins, and in none. Description: what is left
when all forget gates of the step that reads "but" are set to 1; how far gradient times
input agrees with deletion on 30 food reviews; a linear probe for the sign of an adjective in
"the bar was ADJECTIVE but TAIL", on the state at the adjective and at the end, with random labels
per adjective as its control task, tails and adjectives split in halves. (A first run also had
other gates, other words and "not" before adjectives; the page no longer asks for them.)

Rows: set, rate, seed; kind "text": verb, joint, tail, number, word and end (distances), clamped
(distance at the end with the forget gates 1 at the joint); kind "probe": joint, place (word or
end), state (trained or untrained), real, coin, new; kind "network": accuracy on the test reviews,
agreement (of gradient times input with deletion, mean correlation within 30 food reviews).

Cost: two minutes on two cores, JAX.
"""

from __future__ import annotations

import os
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

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
it is open from noon until midnight and on Sundays from four until ten
it stands in the street behind the school across from the place with shoes""".splitlines()
TAILS = {"praise": PRAISE, "filler": FILLER}
VERBS = {"hated": "loved", "disliked": "liked", "despised": "adored"}
JOINTS = ("though", "but")
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
        untrained = network(len(vocabulary)).get_weights()
    else:
        weights, untrained, vocabulary, accuracy = trained(set, rate, seed)
    ids = as_ids(vocabulary)
    yield from texts(weights, ids)
    for name, one in {"trained": weights, "untrained": untrained}.items():
        for joint, place in (("though", "word"), ("though", "end"), ("but", "end")):
            setting = {"kind": "probe", "joint": joint, "place": place, "state": name}
            yield setting | probe(one, ids, joint, place)
    yield {"kind": "network", "accuracy": accuracy, "agreement": agreement(weights, ids)}


def compare(rows: pd.DataFrame) -> dict:
    """Share of the distance left behind "though" less that behind "but": mean, worst network."""
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


def read(weights: Sequence[NDArray], vectors: NDArray, step: int = -1, **gates: float) -> NDArray:
    """Hidden states (n, T, p); the gates i, f, o that are given are set to a value at one step."""
    _, W_x, W_h, b, _, _ = weights
    hidden = cell = np.zeros((len(vectors), len(W_h)))
    states = []
    for t in range(vectors.shape[1]):
        i, f, c, o = np.split(vectors[:, t] @ W_x + hidden @ W_h + b, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        if t == step:
            i, f, o = gates.get("i", i), gates.get("f", f), gates.get("o", o)
        cell = f * cell + i * np.tanh(c)
        hidden = o * np.tanh(cell)
        states.append(hidden)
    return np.stack(states, axis=1)


def last_states(weights: Sequence[NDArray], ids: NDArray, **change: float) -> NDArray:
    """Hidden states (n, p) at the last word of each text."""
    states = read(weights, weights[0][ids], **change)
    return states[np.arange(len(ids)), np.count_nonzero(ids, axis=1) - 1]


def log_odds(weights: Sequence[NDArray], ids: NDArray, **change: float) -> NDArray:
    """Log-odds of praise (n,)."""
    return (last_states(weights, ids, **change) @ weights[4] + weights[5])[:, 0]


# -- measurements ---------------------------------------------------------------------------------


def texts(weights: list[NDArray], ids: Callable) -> Iterator[dict]:
    """Distances at the verb and at the end."""
    for bad, good in VERBS.items():
        word = np.diff(log_odds(weights, ids([f"I {bad}", f"I {good}"])))[0]
        for joint in JOINTS:
            for tail, some in TAILS.items():
                both = [
                    ids([f"I {verb} this bar, {joint} {one}" for one in some])
                    for verb in (bad, good)
                ]
                found = distances(weights, *both)
                for number in range(len(some)):
                    setting = {"verb": bad, "joint": joint, "tail": tail, "number": number}
                    values = {name: float(value[number]) for name, value in found.items()}
                    yield {"kind": "text", **setting, "word": float(word), **values}


def distances(weights: list[NDArray], bad: NDArray, good: NDArray) -> dict[str, NDArray]:
    """Good less bad at the end, as it is and clamped; ids (n, 19), the fifth word is the joint."""

    def apart(**change: float) -> NDArray:
        return log_odds(weights, good, **change) - log_odds(weights, bad, **change)

    return {"end": apart(), "clamped": apart(step=4, f=1)}


def slope(weights: list[NDArray], ids: NDArray, place: int = 1, size: float = 1e-4) -> NDArray:
    """Gradient times input of one word (n,), by finite differences in double precision."""
    z = []
    for side in (1 + size, 1 - size):
        vectors = weights[0][ids].astype(float)
        vectors[:, place] *= side
        z.append((read(weights, vectors)[:, -1] @ weights[4])[:, 0])
    return (z[0] - z[1]) / (2 * size)


def agreement(weights: list[NDArray], ids: Callable, num_reviews: int = 30) -> float:
    """Correlation of gradient times input with deletion over the words of a review, mean."""
    food = load_reviews(sample="food")
    some = food.loc[food["split"] == "test", "text"]
    some = [text for text in some if 10 <= len(split_words(text)) <= 40][:num_reviews]
    found = []
    for text in some:
        row = ids([text])
        places = range(row.shape[1])
        without = np.concatenate([np.delete(row, t, axis=1) for t in places])
        deleted = log_odds(weights, row) - log_odds(weights, without)
        slopes = [slope(weights, row, t)[0] for t in places]
        found.append(np.corrcoef(slopes, deleted)[0, 1])
    return float(np.mean(found))


def probe(weights: list[NDArray], ids: Callable, joint: str, place: str) -> dict[str, float]:
    """Accuracy of linear probes on a state: sign of the adjective, coins, new adjectives."""
    tails = PRAISE + FILLER
    words = GOOD + BAD
    shown = ids([f"the bar was {word} {joint} {tail}" for word in words for tail in tails])
    states = last_states(weights, shown[:, :4] if place == "word" else shown)
    states = states.reshape(len(words), len(tails), -1)
    sign = np.repeat([1, 0], [len(GOOD), len(BAD)])
    half = np.arange(len(tails)) % 2 == 0

    def accuracy(labels: NDArray, known: NDArray, asked: NDArray) -> float:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=100, max_iter=3000))
        to_fit, to_ask = states[known][:, half], states[asked][:, ~half]
        flat = [some.reshape(-1, states.shape[-1]) for some in (to_fit, to_ask)]
        model.fit(flat[0], np.repeat(labels[known], half.sum()))
        return float(model.score(flat[1], np.repeat(labels[asked], (~half).sum())))

    every = np.arange(len(words))
    rng = np.random.default_rng(0)
    coins = []
    for _ in range(5):
        coin = np.concatenate([rng.permutation(np.arange(n) % 2) for n in (len(GOOD), len(BAD))])
        coins.append(accuracy(coin, every, every))
    new = accuracy(sign, every[::2], every[1::2])
    return {"real": accuracy(sign, every, every), "coin": float(np.mean(coins)), "new": new}


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


def trained(set: str, rate: float, seed: int) -> tuple[list, list, list[str], float]:
    """Weights after and before the training, vocabulary, accuracy on the test reviews."""
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
    before = [np.asarray(w, float) for w in model.get_weights()]
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    model.fit(X, y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    weights = [np.asarray(w, float) for w in model.get_weights()]
    shown = as_ids(vocabulary)([" ".join(split_words(t)[:LENGTH]) for t in test["text"]])
    right = (log_odds(weights, shown) > 0) == test["label"].to_numpy()
    return weights, before, vocabulary, float(right.mean())
