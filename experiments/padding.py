"""What does padding do to a recurrent network that is trained on padded reviews?

Design. Film snippets, 50 ids each (19 words and 31 zeros on average); the last 1,000 training
reviews validate, the others give a vocabulary of 5,000. `Embedding(5000, 16)`, a recurrent layer of
16 units, `Dense(1)` with a sigmoid; Adam, batches of 64, eight epochs, weights of the epoch with
the lowest validation loss; rates 0.0003, 0.001, 0.003 and 0.01, five seeds (weights and orders of
the rows both drawn anew). `SimpleRNN` with its zeros behind the words: as it is, and with a mask.
With its zeros in front. `LSTM` without and with a mask. As lines to compare with: the more frequent
training label for all, and a logistic regression on which words occur.

On JAX, because there Keras's Adam is the published one. On TensorFlow it squares the gradient of
each occurrence of an id by itself, so ids that are frequent in a batch, unmasked padding first of
all, take steps many times too large; then a mask would also be a cure for that.

Primary comparisons, as counts of 20 runs below an accuracy of 0.6: post-padding without a mask
against with a mask; LSTM without against with a mask. Declared win: no run fails with a mask, most
fail without.

A first full run had the three larger rates, a vocabulary that knew the validation reviews too, and
one model more: the vector of id 0 held at zero. There no `SimpleRNN` without a mask got past 0.61;
0.001, the smallest rate, was its best, so a smaller one was added. Of the zero vectors, nine of
fifteen failed. Three models were there for a time that no page shows: of 20 runs each, `SimpleRNN`
without a mask fails eight times from the identity (never at the two smaller rates), eight times on
25 ids (8 zeros on average; five times at the largest rate), and never if the maximum over all its
states is read in place of the last. So a network can learn to live with padding.

Rows: model, rate, seed, epoch (that was kept, from 1), loss (training, last epoch), accuracy
(test). The row "baselines" has the majority's accuracy, and that of the regression in bag_of_words.

Cost: about four minutes on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pandas as pd
from keras import layers, ops
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from experiments.simple_rnn import shuffled, stacked
from helpers.data import DATA_FOLDER, read_sample_reviews

BACKEND = "jax"
MINUTES = 10

WORDS, STEPS, HELD_OUT, EPOCHS, BATCH = 5000, 50, 1000, 8, 64
RATES = (0.0003, 0.001, 0.003, 0.01)
MODELS = (
    "no mask",
    "no mask, zeros in front",
    "mask",
    "LSTM, no mask",
    "LSTM, mask",
)
UNITS = [*({"model": model} for model in MODELS), {"model": "baselines"}]


def run(model: str) -> Iterator[dict]:
    """All seeds and rates of one model."""
    ids, labels = tokenized()
    if model == "baselines":
        yield baselines(ids, labels)
        return
    if "in front" in model:
        ids = {part: pre_padded(rows) for part, rows in ids.items()}
    runs = [{"rate": rate, "seed": seed} for rate in RATES for seed in range(5)]
    for one, scores in zip(runs, train(model, runs, ids, labels), strict=True):
        yield one | scores


def compare(rows: pd.DataFrame) -> dict:
    """The primary comparisons, as counts of failed runs."""
    failed = rows[rows["accuracy"] < 0.6].groupby("model").size()
    return {
        f"below 0.6, of {5 * len(RATES)}": {model: int(failed.get(model, 0)) for model in MODELS}
    }


# -- reviews as ids -------------------------------------------------------------------------------


def tokenized() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Ids (n, T) with zeros behind the words, and labels (n,), of three parts."""
    reviews = read_sample_reviews(DATA_FOLDER / "films.csv.gz")
    known, test = (reviews[reviews["split"] == part] for part in ("train", "test"))
    parts = {"training": known[:-HELD_OUT], "validation": known[-HELD_OUT:], "test": test}
    vectorize = layers.TextVectorization(WORDS, output_sequence_length=STEPS)
    vectorize.adapt(parts["training"]["text"].tolist())
    ids = {}
    for part, rows in parts.items():
        ids[part] = np.array(vectorize(rows["text"].tolist())).astype("int32")
        ids[part][(ids[part] == 0).all(axis=1), 0] = 1  # a text without a word: one unknown
    return ids, {part: rows["label"].to_numpy() for part, rows in parts.items()}


def pre_padded(ids: np.ndarray) -> np.ndarray:
    """The same ids with their zeros in front."""
    return keras.utils.pad_sequences([row[row != 0] for row in ids], STEPS)


def baselines(ids: dict, labels: dict) -> dict:
    """Accuracy of the more frequent training label, and of a bag of words."""
    texts = {part: [" ".join(map(str, r[r > 0])) for r in rows] for part, rows in ids.items()}
    bag = CountVectorizer(token_pattern=r"\S+", binary=True)
    X = bag.fit_transform(texts["training"])
    words = LogisticRegression(solver="liblinear").fit(X, labels["training"])
    majority = float(np.mean(labels["test"] == (labels["training"].mean() > 0.5)))
    counted = float(words.score(bag.transform(texts["test"]), labels["test"]))
    return {"accuracy": majority, "bag_of_words": counted}


# -- networks -------------------------------------------------------------------------------------


def make(model: str) -> keras.Model:
    """One network; its name says what it is."""
    ids = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(WORDS, 16, mask_zero="no mask" not in model)(ids)
    state = (layers.LSTM if "LSTM" in model else layers.SimpleRNN)(16)(vectors)
    return keras.Model(ids, layers.Dense(1, activation="sigmoid")(state))


def train(model: str, runs: list[dict], ids: dict, labels: dict) -> Iterator[dict]:
    """Train networks of one form side by side, mapped over the runs; scores of each."""
    import jax  # the backend of this experiment

    networks = []
    for one in runs:
        keras.utils.set_random_seed(one["seed"])
        networks.append(make(model))
    optimizers = [keras.optimizers.Adam(one["rate"]) for one in runs]
    for optimizer, network in zip(optimizers, networks, strict=True):
        optimizer.build(network.trainable_variables)
    network, optimizer = networks[0], optimizers[0]
    fixed = [variable.value for variable in network.non_trainable_variables]
    cross_entropy = keras.losses.BinaryCrossentropy()
    X, y = ops.convert_to_tensor(ids["training"]), ops.convert_to_tensor(labels["training"])

    def update(state: tuple, rows: object) -> tuple:
        weights, moments = state

        def objective(weights: list) -> object:
            predicted = network.stateless_call(weights, fixed, X[rows])[0]
            return cross_entropy(y[rows][:, None], predicted)

        loss, slopes = jax.value_and_grad(objective)(weights)
        return optimizer.stateless_apply(moments, slopes, weights), loss

    def predict(weights: list, part: str) -> object:
        return network.stateless_call(weights, fixed, ids[part])[0][:, 0]

    def epoch(weights: list, moments: list, order: object) -> tuple:
        (weights, moments), losses = jax.lax.scan(update, (weights, moments), order)
        predicted = [predict(weights, part) for part in ("validation", "test")]
        return weights, moments, losses.mean(), *predicted

    whole = jax.jit(jax.vmap(epoch))
    weights = stacked([each.trainable_variables for each in networks])
    moments = stacked([each.variables for each in optimizers])
    updates = len(X) // BATCH
    orders = np.stack([shuffled(len(X), BATCH, EPOCHS, one["seed"]) for one in runs])
    best, scores = np.full(len(runs), np.inf), [{} for _ in runs]
    for number in range(EPOCHS):
        order = orders[:, number * updates : (number + 1) * updates]
        weights, moments, losses, validation, test = whole(weights, moments, order)
        for k, score in enumerate(scores):
            right = np.where(labels["validation"] == 1, validation[k], 1 - validation[k])
            loss = -np.log(np.clip(right, 1e-7, 1)).mean()
            if loss < best[k]:
                best[k], score["epoch"] = loss, number + 1
                score["accuracy"] = accuracy(test[k], labels["test"])
            score["loss"] = float(losses[k])
    yield from scores


def accuracy(predicted: object, labels: np.ndarray) -> float:
    """Share of n probabilities on the right side of one half."""
    return float(np.mean((np.asarray(predicted) > 0.5) == labels))
