"""Which numbers of the source class come back, on its own file and on fewer of its reviews?

The class is Simchoni (2022). Nothing is tuned here: all settings are those of its slides.

Design. On its file of prices (502 companies, 101 days, each row scaled by all of them): what is
in the file; errors of the mean and of persistence; the rule that reads the scaling (a row whose
inputs lack +1, or -1, has it on day 101); the neuron from scratch, weights of one, 1,000 steps at
0.01; the same neuron in Keras, Adam 0.01, 50 epochs, seeds 0 to 15; the stack 10-5-1, 30 epochs,
seeds 0 to 4. What a single target day is worth: windows of sixty days cut from the file, scaled by
these sixty; the difference to the next day is predicted for one half of the companies by a ridge
regression (alpha 10) on the other half, trained on windows that end on the same day, or on all that
ended earlier; target days 71 to 101, five draws of the halves, errors averaged over the draws.

On 8,000 reviews from Yelp (1,000 more to test): the class's four networks, with its tokens (Keras's
old Tokenizer: 9,999 words, others left out, 100 a review, zeros behind), Adam at 0.001, batches of
30, the last tenth for validation, at most 100 epochs, stopped five after the best, the last weights
kept; seeds 0 to 4. The vocabulary is that of the training reviews. The MLP has no pooling, so each
review's label is repeated over its 100 outputs and each output is scored, as the old Keras did.
SimpleRNN and LSTM also with a mask (`mask_zero=True`), all else equal.

Primary comparisons: ridge against persistence over the 31 days, trained on the same day and on
earlier days; LSTM less SimpleRNN, unmasked and masked.

Rows: part; of the file and the neuron what, value, text (all digits); of the days day,
persistence, same_day, earlier_days (MSE); of Keras's networks seed, mse and, of the neuron, start
(recurrent weight before training), kernel, recurrent, bias; of the reviews model, masked, seed,
epochs, loss, accuracy, train_loss (of the last epoch).

Cost: about four minutes on two cores, JAX.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from helpers.data import load_class_stocks, load_reviews
from helpers.scores import diebold_mariano

BACKEND = "jax"
MINUTES = 4
REAL_DATA = [
    "fortune500_100_days.csv",
    "yelp_review_polarity_csv/train.csv",
    "yelp_review_polarity_csv/test.csv",
]

WORDS, STEPS = 10_000, 100
PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'  # what the old Tokenizer took out
MODELS = ("MLP", "SimpleRNN", "Conv1D, SimpleRNN", "LSTM")
UNITS = [
    {"part": "reviews", "model": "LSTM", "masked": True},
    {"part": "reviews", "model": "SimpleRNN", "masked": True},
    *({"part": "reviews", "model": model, "masked": False} for model in reversed(MODELS)),
    *({"part": part} for part in ("Keras neuron", "Keras stack", "days", "neuron", "file")),
]


def run(part: str, model: str = "", masked: bool = False) -> Iterator[dict]:
    """One part of the class's numbers."""
    if part == "reviews":
        yield from on_reviews(model, masked)
    elif part == "Keras neuron":
        yield from keras_neurons()
    elif part == "Keras stack":
        yield from keras_stacks()
    elif part == "days":
        yield from ridge_by_day()
    else:
        told = in_the_file() if part == "file" else by_hand()
        for what, value in told.items():
            is_text = isinstance(value, str)
            yield {"what": what, "value": None if is_text else value, "text": str(value)}


def compare(rows: pd.DataFrame) -> dict:
    """Ridge against persistence over days; the LSTM's lead in points, mean of five seeds."""
    days = rows[rows["part"] == "days"]
    told = {}
    for name in ("same_day", "earlier_days"):
        errors, naive = (days[one].to_numpy(float) for one in (name, "persistence"))
        lead = diebold_mariano(errors, naive)
        wins = int(np.sum(errors < naive))
        told[f"ridge, {name}"] = {"wins": wins, "mse": float(errors.mean()), "rule": lead.verdict}
    for masked in (False, True):
        some = rows[(rows["part"] == "reviews") & (rows["masked"] == masked)]
        mean = some.groupby("model")["accuracy"].mean()
        name = f"LSTM - SimpleRNN, {'masked' if masked else 'unmasked'}"
        told[name] = float(100 * (mean["LSTM"] - mean["SimpleRNN"]))
    return told


# -- the file of prices ---------------------------------------------------------------------------


def series() -> tuple[NDArray, NDArray]:
    """The class's inputs of shape (502, 100) and targets of shape (502,)."""
    values = load_class_stocks().filter(like="day_").to_numpy()
    return values[:, :-1], values[:, -1]


def scaled_by(past: NDArray, prices: NDArray) -> NDArray:
    """Prices of shape (n, k), scaled so that the past, (n, T), runs from -1 to 1."""
    low, high = past.min(axis=1, keepdims=True), past.max(axis=1, keepdims=True)
    return (2 * prices - high - low) / (high - low)


def in_the_file() -> dict[str, Any]:
    """What is in the file, and errors without any network."""
    stocks = load_class_stocks()
    X, y = series()
    whole = np.column_stack([X, y])
    last, low, high = X[:, -1], X.min(axis=1), X.max(axis=1)
    rule = np.where(high < 1 - 1e-9, 1, np.where(low > -1 + 1e-9, -1, last))
    last_right, y_right = scaled_by(X, np.column_stack([last, y])).T
    beyond = np.maximum(np.abs(y_right) - 1, 0)
    return {
        "companies": stocks["ticker"].nunique(),
        "days": whole.shape[1],
        "first row": stocks["ticker"].iloc[0],
        "second row": stocks["ticker"].iloc[1],
        "rows from -1 to 1": np.sum((whole.min(axis=1) == -1) & (whole.max(axis=1) == 1)),
        "MSE of the mean": np.mean((y - y.mean()) ** 2),
        "MSE of persistence": np.mean((y - last) ** 2),
        "MSE of the rule": np.mean((y - rule) ** 2),
        "targets read off": np.sum(rule != last),
        "targets at +1": np.sum(y == 1),
        "targets at -1": np.sum(y == -1),
        "targets outside": np.sum(beyond > 1e-9),
        "lowest target": y_right.min(),
        "highest target": y_right.max(),
        "least MSE of a tanh": np.mean(beyond**2),
        "MSE of persistence, right scaling": np.mean((y_right - last_right) ** 2),
    }


def by_hand() -> dict[str, Any]:
    """The neuron from scratch: weights, and its error before and after the last step."""
    X, y = series()
    w = np.ones(3)
    for _ in range(1000):
        Y = outputs(X, w)
        before = np.mean((y - Y[-1]) ** 2)
        w = w - 0.01 * gradient(X, y, Y, w)
    told = {f"w{k}": weight for k, weight in enumerate(w)}
    return told | {"MSE": np.mean((y - outputs(X, w)[-1]) ** 2), "last loss": before}


def outputs(X: NDArray, w: NDArray) -> NDArray:
    """All outputs of the neuron, from the zero before day 1; shape (T + 1, n)."""
    Y = [np.zeros(len(X))]
    for x_t in X.T:
        Y.append(np.tanh(w[0] + w[1] * x_t + w[2] * Y[-1]))
    return np.array(Y)


def gradient(X: NDArray, y: NDArray, Y: NDArray, w: NDArray) -> NDArray:
    """Gradient of the loss, carried forward from day 1 to day T as the class does; shape (3,)."""
    do_dw, ones = np.zeros((3, len(X))), np.ones(len(X))
    for x_t, y_before in zip(X.T, Y[:-1], strict=True):
        direct = np.stack([ones, x_t, y_before])
        do_dw = direct + w[2] * (1 - y_before**2) * do_dw
    dL_do = -2 / len(y) * (y - Y[-1]) * (1 - Y[-1] ** 2)
    return (do_dw * dL_do).sum(axis=1)


def keras_neurons() -> Iterator[dict]:
    """The class's neuron in Keras, from sixteen seeds."""
    for seed in range(16):
        keras.utils.set_random_seed(seed)
        start, end, mse = fitted(50, layers.SimpleRNN(1))
        ends = {n: w.item() for n, w in zip(("kernel", "recurrent", "bias"), end, strict=True)}
        yield {"seed": seed, "start": start[1].item(), **ends, "mse": mse}


def keras_stacks() -> Iterator[dict]:
    """The class's stack, from five seeds."""
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        ten = layers.SimpleRNN(10, return_sequences=True)
        five = layers.SimpleRNN(5, return_sequences=True)
        yield {"seed": seed, "mse": fitted(30, ten, five, layers.SimpleRNN(1))[-1]}


def fitted(epochs: int, *stack: Any) -> tuple[list, list, float]:
    """Train layers on the class's file; weights before and after, and MSE on the same rows."""
    X, y = series()
    network = keras.Sequential([keras.Input((None, 1)), *stack])
    start = network.get_weights()
    network.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    network.fit(X[:, :, None], y[:, None], epochs=epochs, verbose=0)
    predicted = network.predict(X[:, :, None], verbose=0)
    return start, network.get_weights(), float(np.mean((y[:, None] - predicted) ** 2))


def ridge_by_day() -> Iterator[dict]:
    """Errors for each target day, on companies that the regression was not trained on."""
    X, y = series()
    prices = np.column_stack([X, y])
    windows = {day: windows_before(day, prices) for day in range(60, 101)}
    draws = [np.random.default_rng(seed).permutation(len(y)) < len(y) // 2 for seed in range(5)]
    for day in range(70, 101):
        errors = np.mean([three_errors(day, windows, train) for train in draws], axis=0)
        names = ("persistence", "same_day", "earlier_days")
        yield {"day": day + 1} | dict(zip(names, errors, strict=True))


def windows_before(day: int, prices: NDArray) -> tuple[NDArray, NDArray]:
    """Sixty scaled days of each company, (n, 60), and the difference to the next, (n,)."""
    scaled = scaled_by(prices[:, day - 60 : day], prices[:, day - 60 : day + 1])
    return scaled[:, :-1], scaled[:, -1] - scaled[:, -2]


def three_errors(day: int, windows: dict, train: NDArray) -> list[float]:
    """MSE for one day of persistence and of both regressions; `train` marks companies."""
    past, step = (part[~train] for part in windows[day])
    same = Ridge(alpha=10).fit(*(part[train] for part in windows[day]))
    before = [[part[train] for part in windows[d]] for d in range(60, day)]
    earlier = Ridge(alpha=10).fit(*map(np.concatenate, zip(*before, strict=True)))
    guesses = [0 * step, same.predict(past), earlier.predict(past)]
    return [float(np.mean((step - guess) ** 2)) for guess in guesses]


# -- reviews --------------------------------------------------------------------------------------


def on_reviews(model: str, masked: bool) -> Iterator[dict]:
    """One of the class's networks on reviews from Yelp, from five seeds."""
    reviews = load_reviews()
    known = (reviews["split"] == "train").to_numpy()
    ids = tokenized(reviews["text"].tolist(), known)
    labels = reviews["label"].to_numpy()
    order = np.random.default_rng(0).permutation(np.flatnonzero(known))  # validation: the last
    train, test = (ids[order], labels[order]), (ids[~known], labels[~known])
    if model == "MLP":  # a label for each output
        train, test = ((x, np.repeat(y[:, None, None], STEPS, axis=1)) for x, y in (train, test))
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        words = [keras.Input((None,), dtype="int32"), embedding(masked)]
        network = keras.Sequential([*words, *hidden(model)])
        network.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
        history = network.fit(
            *train,
            validation_split=0.1,
            callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=5)],
            batch_size=30,
            epochs=100,
            verbose=0,
        ).history["loss"]
        loss, accuracy = network.evaluate(*test, verbose=0)
        row = {"seed": seed, "epochs": len(history), "train_loss": history[-1]}
        yield row | {"loss": loss, "accuracy": accuracy}


def embedding(masked: bool) -> Any:
    """The class's table of vectors."""
    return layers.Embedding(WORDS + 1, 50, mask_zero=masked)


def hidden(model: str) -> list[Any]:
    """The layers behind it, output included, as the slides have them."""
    if model == "MLP":
        return [layers.Dense(10, activation="relu"), layers.Dense(1, activation="sigmoid")]
    cell = layers.LSTM if model == "LSTM" else layers.SimpleRNN
    pair = [cell(10, return_sequences=True), cell(1, activation="sigmoid")]
    return [layers.Conv1D(5, 2), *pair] if model.startswith("Conv1D") else pair


def tokenized(texts: list[str], known: NDArray) -> NDArray:
    """Ids as the old Tokenizer and `pad_sequences` gave them, of shape (n, STEPS)."""
    spaces = str.maketrans(dict.fromkeys(PUNCTUATION, " "))
    split = [text.lower().translate(spaces).split() for text in texts]
    counts = Counter(word for k in np.flatnonzero(known) for word in split[k])
    index = {word: 1 + k for k, (word, _) in enumerate(counts.most_common(WORDS - 1))}
    rows = [[index[word] for word in words if word in index][:STEPS] for words in split]
    return keras.utils.pad_sequences(rows, maxlen=STEPS, padding="post")
