"""What do vectors learned from text without labels keep with another seed, and when do they pay?

Design. The 8,070 film reviews that train and 3,972 reviews of food are the texts; the vocabulary is
their 2,000 most frequent words, and all vectors have 50 numbers (GloVe's 100). Three tables:
"labels", the network of the page (embedding, mean, one sigmoid) trained on the labels; "counts",
an exact singular value decomposition of positive PMI, window of 5; "skip-gram", the page's
function on the same counts, until ten steps gain less than 0.0002. The functions are copies of the
page's, and a test compares them.

Part "neighbours". For each of five splits the texts are dealt into two halves. Two tables are
made from the first half with two seeds, one from the second half with the first seed. Score: of
the ten nearest words of each of the words that occur 20 times or more in the labelled texts, how
many two tables share, on average. So "another seed" changes the seed alone, "other texts" the texts
alone and "both" both, each table from half of the texts. Counts have no seed. On the first half of
the first split skip-gram is also trained longer from two seeds, until ten steps gain less than
0.00002. Rows with `change` "chance" hold what two random lists share.

Part "frequency", a control: the ten words whose numbers of occurrences in a half come nearest (ties
by lot) are a list that knows nothing else of a word. What do two halves share by it, and by counts,
among the rarer half of the words and among the more frequent half?

Part "labels". Of the film reviews 100, 250, 1,000 or 8,000 are labelled, drawn anew for
each of five seeds. A fifth of them validates: it chooses C from a list (for the network the rate
among three, and the epoch); then the model is fitted again on all of the labelled reviews. The
2,000 test reviews score. Models: a logistic regression on the mean vector of a review's words, by
counts, by skip-gram (a new table for each seed), by GloVe; the same on counts with 500 directions;
the network with its own table; baselines: a logistic regression on TF-IDF of the same 2,000 words,
and of all words (idf and vocabulary from all texts), naive Bayes on all words and pairs, and a
regression on 100 directions of a latent semantic analysis of all texts (TF-IDF of words and pairs).

Primary comparisons, paired over test reviews and seeds: with 250 labels counts against the bag of
all words, skip-gram against the same; with 8,000 labels counts against the bag of the same words.
Declared win: with 250 labels both are better. Fallback: the page says that they are not and shows
the curve. Trials with the same code came before this was written down (one to five seeds).

Rows: part, seed; of "neighbours" method (with what differs from the page's settings), change,
shared, and the steps of skip-gram; of "frequency" method, words, shared; of "labels" model, number,
rate (C), accuracy, hits, num_test, order (always as written) as in `review_classifiers`.

Cost: about eight minutes on two quiet cores, JAX (for the network; the rest is NumPy).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds
from scipy.special import expit, log_expit
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.naive_bayes import MultinomialNB

from experiments.review_classifiers import from_hex, kept
from helpers.data import DATA_FOLDER, load_word_vectors, read_sample_reviews
from helpers.scores import compare as paired

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 10

V, NUM_FILMS, NUM_FOOD = 2000, 8070, 3972
SEEDS = range(5)
NUMBERS = (100, 250, 1000, 8000)
LONGER = 2e-5  # tolerance of skip-gram
NETWORK_RATES = (0.003, 0.01, 0.03)
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
BAG, BAG_ALL = "bag, same words", "bag, all words"
BAYES, LATENT = "naive Bayes", "latent semantic analysis"
COUNTS, SKIP_GRAM, GLOVE, NETWORK = "counts", "skip-gram", "GloVe", "labels"
MORE = "counts, 500 directions"
PARTS = ("neighbours", "frequency", "labels")
UNITS = [{"part": part, "seed": seed} for part in PARTS for seed in SEEDS]


def run(part: str, seed: int) -> Iterator[dict]:
    """One split of the texts, or one draw of labelled reviews of each size."""
    parts = {"neighbours": neighbours, "frequency": by_frequency, "labels": few_labels}
    yield from parts[part](seed)


def compare(rows: pd.DataFrame) -> dict:
    """Paired differences of accuracy, over test reviews and seeds; the primary ones first."""
    rows = rows[rows["part"] == "labels"]
    hits = {
        key: np.array([from_hex(*row) for row in some[["hits", "num_test"]].to_numpy()])
        for key, some in rows.groupby(["number", "model"])
    }
    pairs = [(250, COUNTS, BAG_ALL), (250, SKIP_GRAM, BAG_ALL), (8000, COUNTS, BAG)]
    pairs += [(250, one, other) for one in (COUNTS, SKIP_GRAM) for other in (BAG, BAYES, LATENT)]
    pairs += [(n, GLOVE, COUNTS) for n in (250, 8000)] + [(8000, MORE, COUNTS)]
    pairs += [(n, COUNTS, BAG_ALL) for n in (100, 1000)] + [(8000, SKIP_GRAM, BAG)]
    return {
        f"{number}: {one} - {other}": paired(hits[number, one], hits[number, other])._asdict()
        for number, one, other in pairs
    }


# -- texts ----------------------------------------------------------------------------------------


@cache
def texts() -> dict:
    """Texts and ids of all, of the labelled and of the test reviews; names; frequent words."""
    films = read_sample_reviews(DATA_FOLDER / "films.csv.gz")
    food = read_sample_reviews(DATA_FOLDER / "reviews.csv.gz")
    train = films[films["split"] == "train"].head(NUM_FILMS)
    test = films[films["split"] == "test"].head(2000)
    food = food[food["split"] == "train"]["text"].tail(NUM_FOOD)
    every = [*train["text"], *food]
    vectorize = layers.TextVectorization(V, output_sequence_length=200)
    vectorize.adapt(every)
    ids, ids_test = (
        np.asarray(vectorize(some)).astype("int64") for some in (every, test["text"].tolist())
    )
    occurs = np.bincount(ids[:NUM_FILMS].ravel(), minlength=V)
    common = np.flatnonzero(occurs >= 20)
    return {
        "texts": every,
        "texts_test": test["text"].tolist(),
        "ids": ids,
        "ids_test": ids_test[:, :60],
        "y": train["label"].to_numpy(),
        "y_test": test["label"].to_numpy(),
        "names": vectorize.get_vocabulary(),
        "common": common[common > 1],
    }


# -- tables, as on the page -----------------------------------------------------------------------


def count_pairs(ids: NDArray, window: int = 5) -> NDArray:
    """How often two words stand at most `window` places apart; shape (V, V)."""
    counts = np.zeros(V * V)
    for apart in range(1, window + 1):
        pairs = ids[:, :-apart] * V + ids[:, apart:]
        counts += np.bincount(pairs.ravel(), minlength=V * V)
    counts = counts.reshape(V, V)
    counts[:2] = counts[:, :2] = 0
    return counts + counts.T


def positive_pmi(counts: NDArray) -> NDArray:
    """PMI with its negative entries set to zero; shape (V, V)."""
    per_word = counts.sum(axis=1)
    by_chance = np.outer(per_word, per_word) / counts.sum()
    return np.log(np.maximum(counts / np.maximum(by_chance, 1e-9), 1))


def skip_gram(
    counts: NDArray,
    d: int = 50,
    k: int = 5,
    seed: int = 0,
    rate: float = 0.1,
    tolerance: float = 2e-4,
) -> tuple[NDArray, NDArray, list]:
    """Skip-gram with k negatives, by expected counts: W and C, each (V, d); the objective."""
    per_word = counts.sum(axis=1)
    false = k * np.outer(per_word, per_word) / per_word.sum()
    tables = np.random.default_rng(seed).normal(0, 0.1, (2, len(counts), d))
    tables, mean, square, values = tables.astype(counts.dtype), 0, 0, []
    for step in range(1, 2001):
        if step % 10 == 1:
            values.append(objective(tables, counts, false))
            if step > 10 and values[-1] - values[-2] < tolerance:
                break
        slope = gradient(tables, counts, false)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        scale = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        tables = tables + rate / (1 - 0.9**step) * mean / scale
    return *tables, values


def objective(tables: NDArray, counts: NDArray, false: NDArray) -> float:
    """The objective per true pair."""
    scores = tables[0] @ tables[1].T
    whole = np.vdot(counts + false, log_expit(scores)) - np.vdot(false, scores)
    return whole / counts.sum()


def gradient(tables: NDArray, counts: NDArray, false: NDArray) -> NDArray:
    """The gradient of the sum over all pairs with respect to both tables; shape (2, V, d)."""
    W, C = tables
    G = counts - (counts + false) * expit(W @ C.T)
    return np.stack([G @ C, G.T @ W])


def by_counts(counts: NDArray, d: int = 50) -> NDArray:
    """The first d directions of positive PMI by an exact decomposition; shape (V, d)."""
    U, values, _ = svds(positive_pmi(counts), k=d, v0=np.ones(len(counts)))
    return U * values


def by_skip_gram(ids: NDArray, seed: int, tolerance: float = 2e-4) -> tuple[NDArray, int]:
    """The table W of some texts, and about how many steps it took."""
    counts = count_pairs(ids).astype("float32")
    W, _, values = skip_gram(counts, seed=seed, tolerance=tolerance)
    return W, 10 * len(values) - 10


def network() -> keras.Sequential:
    """Mean of word vectors, then one output."""
    return keras.Sequential(
        [
            keras.Input((60,), dtype="int32"),
            layers.Embedding(V, 50, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def by_labels(rows: NDArray, seed: int) -> NDArray:
    """The table that the labels of some film reviews make, as on the page; shape (V, 50)."""
    keras.utils.set_random_seed(seed)
    model = network()
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy")
    ids, y = texts()["ids"][rows, :60], texts()["y"][rows]
    model.fit(ids, y, batch_size=128, epochs=8, verbose=0)
    return model.layers[0].get_weights()[0]


# -- neighbours -----------------------------------------------------------------------------------


def shared(one: NDArray, other: NDArray) -> float:
    """Of the ten nearest words of each frequent word, how many two tables share on average."""
    lists = zip(nearest(one), nearest(other), strict=True)
    return float(np.mean([len(set(a) & set(b)) for a, b in lists]))


def nearest(table: NDArray) -> NDArray:
    """The ten nearest words of each frequent word; shape (frequent words, 10)."""
    some = table[texts()["common"]]
    some = some / np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-9)
    cosines = some @ some.T - 2 * np.eye(len(some))
    return np.argsort(-cosines, axis=1)[:, :10]


def by_frequency(seed: int) -> Iterator[dict]:
    """What two halves of the texts share by frequency alone, and by counts."""
    ids, common = texts()["ids"], texts()["common"]
    rng = np.random.default_rng(seed)
    halves = np.array_split(rng.permutation(len(ids)), 2)
    often = [np.bincount(ids[half].ravel(), minlength=V)[common] for half in halves]
    lists = {"frequency": [], "counts": []}
    for half, times in zip(halves, often, strict=True):
        gaps = np.abs(np.log(times + 1) - np.log(times + 1)[:, None]) + np.diag(
            np.full(len(times), 99)
        )
        lists["frequency"].append(np.argsort(gaps + 1e-9 * rng.random(gaps.shape), axis=1)[:, :10])
        lists["counts"].append(nearest(by_counts(count_pairs(ids[half]))))
    middle = np.median(often[0])
    for method, (one, other) in lists.items():
        same = np.array([len(set(a) & set(b)) for a, b in zip(one, other, strict=True)])
        for words, which in (
            ("all", times >= 0),
            ("rarer", often[0] <= middle),
            ("more frequent", often[0] > middle),
        ):
            yield {"method": method, "words": words, "shared": same[which].mean()}


def neighbours(seed: int) -> Iterator[dict]:
    """What tables share when the seed alone changes, and when the texts alone change."""
    ids = texts()["ids"]
    half, other = np.array_split(np.random.default_rng(seed).permutation(len(ids)), 2)

    def told(method: str, change: str, *tables: NDArray, steps: int | None = None) -> dict:
        return {"method": method, "change": change, "shared": shared(*tables), "steps": steps}

    first, second = by_counts(count_pairs(ids[half])), by_counts(count_pairs(ids[other]))
    yield told(COUNTS, "other texts", first, second)
    films = [rows[rows < NUM_FILMS] for rows in (half, half, other)]
    first, again, second = (
        by_labels(r, s) for r, s in zip(films, (seed, seed + 100, seed), strict=True)
    )
    yield told(NETWORK, "another seed", first, again)
    yield told(NETWORK, "other texts", first, second)
    yield told(NETWORK, "both", again, second)
    (first, steps), (again, _) = (by_skip_gram(ids[half], s) for s in (seed, seed + 100))
    second, _ = by_skip_gram(ids[other], seed)
    yield told(SKIP_GRAM, "another seed", first, again, steps=steps)
    yield told(SKIP_GRAM, "other texts", first, second, steps=steps)
    yield told(SKIP_GRAM, "both", again, second, steps=steps)
    yield told("random", "chance", *np.random.default_rng(seed).normal(size=(2, V, 50)))
    if seed == 0:
        one, two = (by_skip_gram(ids[half], s, LONGER) for s in (seed, seed + 100))
        yield told(f"{SKIP_GRAM}, longer", "another seed", one[0], two[0], steps=one[1])


# -- few labels -----------------------------------------------------------------------------------


def few_labels(seed: int) -> Iterator[dict]:
    """Each model on some labelled reviews of each size, the same for all models."""
    y, y_test = texts()["y"], texts()["y_test"]
    features = fixed_features() | {SKIP_GRAM: on_mean(by_skip_gram(texts()["ids"], seed)[0])}
    for number in NUMBERS:
        rows = np.random.default_rng(seed).permutation(NUM_FILMS)[:number]
        held_out, train = rows[: number // 5], rows[number // 5 :]
        for model, (X, X_test) in features.items():
            if model == BAYES:
                C, found = None, MultinomialNB().fit(X[rows], y[rows])
            else:
                C, found = regression(X, y, train, held_out)
            told = {"model": model, "number": number, "rate": C}
            yield told | kept(found.predict(X_test) == y_test)
        rate, right = own_table(train, held_out, seed)
        yield {"model": NETWORK, "number": number, "rate": rate} | kept(right)


def regression(X: NDArray | csr_matrix, y: NDArray, train: NDArray, held_out: NDArray) -> tuple:
    """Logistic regression, C by validation loss, fitted again on all labelled reviews."""

    def fitted(C: float, rows: NDArray) -> LogisticRegression:
        return LogisticRegression(C=C, max_iter=300).fit(X[rows], y[rows])

    losses = [log_loss(y[held_out], fitted(C, train).predict_proba(X[held_out])) for C in PENALTIES]
    C = PENALTIES[int(np.argmin(losses))]
    return C, fitted(C, np.concatenate([train, held_out]))


def own_table(train: NDArray, held_out: NDArray, seed: int) -> tuple[float, NDArray]:
    """The network with a table of its own: rate and epoch by validation, then on all labels."""
    ids, y = texts()["ids"][:, :60], texts()["y"]
    every, found = np.concatenate([train, held_out]), []
    for rate in NETWORK_RATES:
        stop = keras.callbacks.EarlyStopping(patience=5)
        losses = fit_network(train, rate, seed, 60, ([stop], (ids[held_out], y[held_out])))[1]
        found.append((min(losses), rate, int(np.argmin(losses)) + 1))
    _, rate, epochs = min(found)
    model, _ = fit_network(every, rate, seed, epochs)
    outputs = model.predict(texts()["ids_test"], batch_size=2000, verbose=0)[:, 0]
    return rate, (outputs > 0.5) == texts()["y_test"]


def fit_network(
    rows: NDArray, rate: float, seed: int, epochs: int, watched: tuple = ([], None)
) -> tuple[keras.Sequential, list]:
    """Train the network on some rows; also its validation losses, if any."""
    keras.utils.set_random_seed(seed)
    model = network()
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    history = model.fit(
        texts()["ids"][rows, :60],
        texts()["y"][rows],
        batch_size=32 if len(rows) <= 1000 else 128,
        epochs=epochs,
        validation_data=watched[1],
        callbacks=watched[0],
        verbose=0,
    ).history
    return model, history.get("val_loss", [])


@cache
def fixed_features() -> dict:
    """Model to its inputs of the labelled and of the test reviews; no label is used."""
    told = texts()
    weigh = TfidfTransformer().fit(bag(told["ids"]))
    same = [weigh.transform(bag(ids)) for ids in labelled_and_test()]
    words = TfidfVectorizer().fit(told["texts"])
    pairs = CountVectorizer(ngram_range=(1, 2), binary=True).fit(told["texts"])
    latent = TfidfVectorizer(ngram_range=(1, 2), min_df=2).fit(told["texts"])
    reduce = TruncatedSVD(100, n_iter=10, random_state=0).fit(latent.transform(told["texts"]))
    both = told["texts"][:NUM_FILMS], told["texts_test"]
    counts = count_pairs(told["ids"])
    glove = load_word_vectors().reindex(told["names"]).fillna(0).to_numpy()
    return {
        COUNTS: on_mean(by_counts(counts)),
        MORE: on_mean(by_counts(counts, 500)),
        GLOVE: on_mean(glove),
        BAG: same,
        BAG_ALL: [words.transform(some) for some in both],
        BAYES: [pairs.transform(some) for some in both],
        LATENT: scaled(*(reduce.transform(latent.transform(some)) for some in both)),
    }


def labelled_and_test() -> tuple[NDArray, NDArray]:
    """Ids of the labelled and of the test reviews, 60 a review."""
    return texts()["ids"][:NUM_FILMS, :60], texts()["ids_test"]


def bag(ids: NDArray) -> csr_matrix:
    """How often each word stands in each review, pads and unknown words left out; (n, V)."""
    rows, places = np.nonzero(ids > 1)
    return csr_matrix((np.ones(len(rows)), (rows, ids[rows, places])), shape=(len(ids), V))


def on_mean(table: NDArray) -> list[NDArray]:
    """The mean vector of a review's words, labelled and test reviews."""
    means = []
    for ids in labelled_and_test():
        counts = bag(ids)
        means.append((counts @ table) / np.maximum(np.asarray(counts.sum(axis=1)), 1))
    return scaled(*means)


def scaled(X: NDArray, X_test: NDArray) -> list[NDArray]:
    """Both less the mean and divided by one number, so that a list of C fits them all."""
    mean, scale = X.mean(axis=0), (X - X.mean(axis=0)).std()
    return [(X - mean) / scale, (X_test - mean) / scale]
