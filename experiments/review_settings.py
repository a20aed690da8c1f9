"""Does a network overtake the bag of words once its dropout is tuned too, and without its mask?

Design. The film snippets as `review_classifiers` reads them: the same parts, vocabulary, ids and
procedure. There each network's dropout is one half and its rate alone is tuned. Here the LSTM and
the bidirectional LSTM have three values of dropout, 0.5, 0.7 and 0.85, each at rates 0.0003, 0.001
and 0.003: seeds 0 and 1 try each pair, the higher mean validation accuracy chooses, seeds 2 to 4
follow at the chosen pair, and the mean of the five networks' outputs answers too. The LSTM without
a mask has a dropout of one half and the same three rates. So has the LSTM whose embedding begins
with GloVe's vectors of 100 numbers (words without one: random) and is trained further. Beside
them naive Bayes on the words and pairs of words that a review contains, nothing tuned, on films
and Yelp.

Primary comparisons, on the films: each tuned network against naive Bayes, and against words and
pairs of `review_classifiers`; the LSTM with its mask there against the LSTM without. Declared win:
the mean of five tuned bidirectional LSTMs is ahead of naive Bayes. Fallback: if it is not, the page
says that tuning dropout does not change the ranking, or which network comes level with the bag.

(A first run chose with seed 0 alone, among 0.2 as well. It took .5 and .003 for the bidirectional
LSTM, test .780 in the mean, and of five together .8045; a reader found that three more seeds would
have chosen .85 and .003, test .7985 in the mean of four. The fallback held in both.)

Rows: data, model, dropout, rate, seed (5 for the mean of the five), loss and valid (of the best
epoch), accuracy (test), epochs, chosen, hits, num_test, order; as in `review_classifiers`.

Cost: about six minutes on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB

from experiments.review_classifiers import (
    RECURRENT,
    STEPS,
    WORDS,
    collection,
    fitted,
    from_hex,
    kept,
    tokenized,
)
from helpers.data import load_word_vectors
from helpers.results import load_results
from helpers.scores import compare as paired

BACKEND = "jax"
MINUTES = 10
REAL_DATA = ["yelp_review_polarity_csv/train.csv", "yelp_review_polarity_csv/test.csv"]

RATES = (0.0003, 0.001, 0.003)
DROPOUTS = (0.5, 0.7, 0.85)
BAYES, NO_MASK, GLOVE = "naive Bayes", "LSTM, no mask", "LSTM, GloVe"
TUNED = ("LSTM", "bidirectional LSTM, mean")
SEEDS = range(5)
UNITS = [{"data": data, "model": BAYES} for data in ("films", "Yelp")] + [
    {"data": "films", "model": model} for model in (*TUNED, NO_MASK, GLOVE)
]


def run(data: str, model: str) -> Iterator[dict]:
    """Tune one network and test it, or count."""
    ids, labels = tokenized(data)
    if model == BAYES:
        yield naive_bayes(ids, labels)
        return
    build, vectors = RECURRENT[model.split(", ")[0] if model not in TUNED else model], None
    if model == GLOVE:
        vectors = pretrained()
    settings = [(d, rate) for d in (DROPOUTS if model in TUNED else (0.5,)) for rate in RATES]

    def train(setting: tuple[float, float], seed: int) -> tuple[dict, NDArray]:
        masked = model != NO_MASK
        return trained(build, masked, ids, labels, *setting, seed=seed, vectors=vectors)

    tried = {one: [train(one, seed) for seed in (0, 1)] for one in settings}
    best = max(settings, key=lambda one: np.mean([row["valid"] for row, _ in tried[one]]))
    for setting in settings:
        if setting != best:
            yield from (row | {"chosen": False, "hits": None} for row, _ in tried[setting])
    tried[best] += [train(best, seed) for seed in SEEDS[2:]]
    yield from (row | {"chosen": True} for row, _ in tried[best])
    outputs = [output for _, output in tried[best]]
    right = (np.mean(outputs, axis=0) > 0.5) == labels["test"]
    yield {"dropout": best[0], "rate": best[1], "seed": len(SEEDS), "chosen": True} | kept(right)


def compare(rows: pd.DataFrame) -> dict:
    """Paired differences of accuracy on the films, over test reviews and seeds."""
    rows = rows[(rows["data"] == "films") & rows["chosen"]]
    single = rows["seed"] < len(SEEDS)
    known = load_results("review_classifiers").query(
        "data == 'films' and chosen and order == 'as written'"
    )
    hits = {name: hits_of(some) for name, some in rows[single].groupby("model")}
    means = rows[~single].groupby("model")
    hits |= {f"mean of five: {name}": hits_of(some) for name, some in means}
    hits |= {f"{name}, as before": hits_of(some) for name, some in known.groupby("model")}
    pairs = [(name, other) for name in TUNED for other in (BAYES, "words and pairs, as before")]
    pairs += [(f"mean of five: {name}", other) for name, other in pairs]
    pairs += [("LSTM, as before", NO_MASK), (BAYES, "words and pairs, as before")]
    pairs += [(GLOVE, other) for other in ("LSTM, as before", "words and pairs, as before", BAYES)]
    return {f"{one} - {other}": paired(hits[one], hits[other])._asdict() for one, other in pairs}


def hits_of(rows: pd.DataFrame) -> NDArray:
    """Which test reviews each row classifies correctly, shape (rows, n)."""
    return np.array([from_hex(*row) for row in rows[["hits", "num_test"]].to_numpy()])


def naive_bayes(ids: dict, labels: dict) -> dict:
    """Multinomial naive Bayes on the words and pairs that a review contains, each once."""
    texts = {part: [" ".join(map(str, r[r > 0])) for r in rows] for part, rows in ids.items()}
    contains = CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), binary=True)
    model = MultinomialNB().fit(contains.fit_transform(texts["training"]), labels["training"])
    valid = model.score(contains.transform(texts["validation"]), labels["validation"])
    right = model.predict(contains.transform(texts["test"])) == labels["test"]
    told = {"rate": 0.0, "seed": 0, "valid": float(valid), "epochs": 0, "chosen": True}
    return told | kept(right)


def pretrained() -> NDArray:
    """GloVe's vectors for the ids of `tokenized("films")`, others random; shape (V, 100)."""
    reviews = collection("films")
    known = reviews[reviews["split"] == "train"]
    training, _ = train_test_split(known, test_size=max(500, len(known) // 10), random_state=0)
    vectorize = layers.TextVectorization(WORDS, output_sequence_length=STEPS["films"])
    vectorize.adapt(training["text"].tolist())
    words, vectors = vectorize.get_vocabulary(), load_word_vectors()
    table = np.random.default_rng(0).uniform(-0.05, 0.05, (len(words), vectors.shape[1]))
    has_one = np.isin(words, vectors.index)
    table[has_one] = vectors.loc[np.array(words)[has_one]].to_numpy()
    return table


def trained(
    build,
    masked: bool,
    ids: dict,
    labels: dict,
    dropout: float,
    rate: float,
    seed: int,
    vectors: NDArray | None = None,
) -> tuple[dict, NDArray]:
    """Train one network from one seed; its row, and its outputs for the test reviews (n,)."""
    keras.utils.set_random_seed(seed)
    words = [keras.Input((None,), dtype="int32")]
    embedding = layers.Embedding(WORDS, 50, mask_zero=masked)
    if vectors is not None:
        embedding = layers.Embedding(*vectors.shape, weights=[vectors], mask_zero=masked)
    words += [embedding, layers.Dropout(dropout)]
    network = keras.Sequential([*words, *build(), layers.Dense(1, activation="sigmoid")])
    row, outputs = fitted(network, ids, labels, rate)
    return {"dropout": dropout, "rate": rate, "seed": seed} | row, outputs
