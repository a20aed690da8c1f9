"""A text and a table in one network: when does a join that multiplies beat one that adds?

Design. The sample of shoe listings (`load_shoes("sample")`), 5,572 with a price: 4,298 to train on,
478 for validation, 796 for the test. Target: the log price. Two rules that made the prices.
"interactions": the price of the file, whose rule is on the data card; the best forecast from text
and table, the column `law_both`, has the best achievable error. "sums": one amount for each value
of a column, an amount for each centimetre of heel and one for each of five features of the text,
fitted to `law_both` by least squares; the price is that sum plus the listing's residual under the
first rule (log price less `law_both`). So texts, table, residuals and best achievable error are the
same, and no interaction is left.

Networks. Text: ids of 998 words, Embedding(16), then one branch for all: 32 filters of three words
and the maximum over the text, dropout of 0.3. Table: 84 numbers, one-hot or scaled. All end in one
weighted sum: of the text ("text alone"), of the table ("table alone"), or of text, table and h. The
joins differ in h: "add" has none; "ReLU" a dense layer of 64 units on text and table; "product" 64
linear maps of the text times as many of the table. L2 penalty of 0.0001 on these layers. Adam,
batches of 128, at most 30 epochs, patience 4, best epoch by validation. Each join is trained with
three rates and five seeds; "chosen" is the rate that is best on validation in the mean over seeds.

Baselines, on the same rows: the mean; the best forecast; the lasso on words and pairs of
neighbouring words (0/1, in ten texts or more) and the table; the lasso on these and on cross
products, each word or pair times each number of the table, 136,000 columns in all (the wide part of
"wide and deep"); one penalty of three, in float64, since the lasso on crosses does not converge in
float32. Gradient boosting by histograms on words, pairs and the table, 400 trees of 2, 4, 8 or 16
leaves; it draws nothing, so it has one seed.

The cost of a scratch. Test listings that do not speak of damage, with "A scratch on the left heel,"
in front of the text and with "No scratches at all," there: the mean difference of the predictions,
for new shoes (true under the first rule: -0.50) and for others (-0.10). Description, at each rate.

Primary comparisons, root mean squared error on the test, all pairs of seeds: product against add
and against ReLU under each rule. Declared win: under the first rule product has less error than add
for every pair of seeds, and under the second it has not. Fallback, if ReLU is level with the
product or better: "a join that is not a sum" in place of "a join that multiplies". Declared open:
whether any network beats boosting or the lasso on cross products.

Trials before this design. Under the first rule, with seed 0, rates of 0.0007 and 0.05 are no better
on validation than the three for add, ReLU and product; one input alone is as good with each rate.
With five rates, of which seed 0 alone chose, ReLU got 0.002; there it finds little of what a
scratch costs more on new shoes (0.05 in the mean, true 0.40), while with 0.018 and the same error
on validation it finds 0.26: so all rates are shown. Products of text and table with text and table
("all products") 0.249 to 0.282. Boosting without the pairs of words 0.239 (with them 0.226), and
0.226 with half the rate and 800 trees. Ridge regression on words and the table 0.269 and 0.194
(second rule). With three seeds, under the first rule: two ReLU layers of 64 0.264 to 0.279, 256
ReLU units 0.274 to 0.278, two GELU layers 0.253 to 0.263. The lasso on crosses of the table with
the five features found by regular expressions, by one who knows the rule, 0.213.

Rows: rule, part, model, rate (lasso: the penalty; boosting: the leaves of a tree), seed, valid and
test (root mean squared error of the log price), scratch_new and scratch_others, chosen.

Cost: five minutes on two cores, JAX.
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
from scipy import sparse
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers.data import load_shoes

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 10

RULES = ("interactions", "sums")
JOINS = ("add", "ReLU", "product")
ALONE = ("text alone", "table alone")
NETWORKS = {"interactions": (*ALONE, *JOINS), "sums": JOINS}
WIDTH = 64
RATES = (0.002, 0.006, 0.018)
ALONE_RATES = (0.006,)
SEEDS = (0, 1, 2, 3, 4)
FIELDS = ["brand", "type", "material", "colour", "condition", "shop", "size"]
TOKEN = r"\b\w+\b"
FEATURES = (
    "by hand in|(?<!not )handmade|(?<!not )sewn by|hand stitched",
    "(?<!not a )limited edition|of a limited|numbered and",
    "scratch on|scratches at the|stain inside|has a crack|small tear",
    "with box|in its box|bag included",
    "(?<!not )from last season|bought last year|season so no",
)
DAMAGE = "scratch|stain|crack|tear"
SCRATCHED, WHOLE = "A scratch on the left heel, ", "No scratches at all, "
PENALTIES = (0.0002, 0.0005, 0.0012)
LEAVES = (2, 4, 8, 16)
UNITS = [
    *({"rule": rule, "part": "baselines"} for rule in RULES),
    *(
        {"rule": rule, "part": "networks", "model": model}
        for rule in RULES
        for model in NETWORKS[rule]
    ),
]


def run(rule: str, part: str, model: str = "") -> Iterator[dict]:
    """Rows of one network, or of all baselines, under one rule."""
    listings = numbers()
    y = target(listings, rule)
    if part == "baselines":
        yield from baselines(listings, y)
        return
    rates = ALONE_RATES if model in ALONE else RATES
    rows = pd.DataFrame([trained(listings, y, model, r, seed) for r in rates for seed in SEEDS])
    best = rows.groupby("rate")["valid"].mean().idxmin()
    yield from rows.assign(chosen=rows["rate"] == best).to_dict("records")


def compare(rows: pd.DataFrame) -> dict:
    """Error of the product less that of others: means, and the smallest and largest pair."""
    rows = rows[rows["chosen"].astype(bool)]
    told = {}
    for rule in RULES:
        some = rows[rows["rule"] == rule]
        for model in NETWORKS[rule]:
            if model in ("product", *ALONE):
                continue
            product = some.loc[some["model"] == "product", "test"]
            other = some.loc[some["model"] == model, "test"]
            pairs = product.to_numpy()[:, None] - other.to_numpy()
            told[f"{rule}: product - {model}"] = {
                "mean": float(pairs.mean()),
                "least": float(pairs.min()),
                "most": float(pairs.max()),
            }
    return told


# -- listings -------------------------------------------------------------------------------------


@cache
def numbers() -> dict:
    """The listings as numbers, each part's rows, and behind them the listings with a scratch."""
    shoes = load_shoes("sample").dropna(subset="price").reset_index(drop=True)
    is_test = (shoes["split"] == "test").to_numpy()
    rows, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    train, valid = train_test_split(rows, test_size=0.1, random_state=0)
    silent = shoes.iloc[test]
    silent = silent[~silent["text"].str.contains(DAMAGE, case=False)]
    asked = [silent.assign(text=phrase + silent["text"]) for phrase in (SCRATCHED, WHOLE)]
    all_rows = pd.concat([shoes, *asked], ignore_index=True)
    scratched, whole = np.arange(len(shoes), len(all_rows)).reshape(2, -1)
    parts = {"train": train, "valid": valid, "test": test, "scratched": scratched, "whole": whole}
    known = shoes.iloc[train]
    one_hot = OneHotEncoder(
        max_categories=25, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    scaled = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    table = make_column_transformer((one_hot, FIELDS), (scaled, ["heel", "photos"])).fit(known)
    pairs = CountVectorizer(binary=True, min_df=10, ngram_range=(1, 2), token_pattern=TOKEN)
    pairs.fit(known["text"])
    return {
        "shoes": shoes,
        "parts": parts,
        "new": silent["condition"].str.startswith("new").to_numpy(),
        "ids": word_ids(all_rows["text"], known["text"]),
        "table": table.transform(all_rows).astype("float32"),
        "pairs": pairs.transform(all_rows["text"]).astype(float).tocsr(),
    }


def word_ids(texts: pd.Series, known: pd.Series, length: int = 64) -> NDArray:
    """Ids (n, length): 0 padding, 1 unknown, then the 998 words that are most frequent in some."""
    counted = CountVectorizer(token_pattern=TOKEN, max_features=998).fit(known)
    split, vocabulary = counted.build_analyzer(), counted.vocabulary_
    ids = np.zeros((len(texts), length), "int32")
    for row, text in enumerate(texts):
        found = [vocabulary.get(word, -1) + 2 for word in split(text)][:length] or [1]
        ids[row, : len(found)] = found
    return ids


def target(listings: dict, rule: str) -> NDArray:
    """Log prices (n,) under a rule."""
    shoes = listings["shoes"]
    y = np.log(shoes["price"].to_numpy())
    return y if rule == RULES[0] else sum_rule(shoes) + y - shoes["law_both"].to_numpy()


def sum_rule(shoes: pd.DataFrame) -> NDArray:
    """The second rule: one amount for each value of a column and for each feature of the text."""
    values = pd.get_dummies(shoes[FIELDS].assign(no_heel=shoes["heel"].isna()), columns=FIELDS)
    features = [shoes["text"].str.contains(feature, case=False) for feature in FEATURES]
    heel = shoes["heel"].fillna(shoes["heel"].mean())
    amounts = np.column_stack([values, heel, *features]).astype(float)
    return LinearRegression().fit(amounts, shoes["law_both"]).predict(amounts)


# -- models ---------------------------------------------------------------------------------------


def network(model: str) -> keras.Model:
    """A network of ids (n, 64) and the table (n, 84)."""

    def dense(units: int, activation: str | None = None) -> layers.Layer:
        return layers.Dense(units, activation, kernel_regularizer=keras.regularizers.L2(1e-4))

    ids, table = keras.Input((64,), dtype="int32"), keras.Input((84,))
    found = layers.Conv1D(32, 3, activation="relu")(layers.Embedding(1000, 16)(ids))
    text = layers.Dropout(0.3)(layers.GlobalMaxPooling1D()(found))
    if model in ALONE:
        return keras.Model([ids, table], dense(1)(text if model == "text alone" else table))
    joined, both = [text, table], layers.Concatenate()([text, table])
    if model == "ReLU":
        joined.append(dense(WIDTH, "relu")(both))
    elif model == "product":
        joined.append(layers.Multiply()([dense(WIDTH)(text), dense(WIDTH)(table)]))
    return keras.Model([ids, table], dense(1)(layers.Concatenate()(joined)))


def trained(listings: dict, y: NDArray, model: str, rate: float, seed: int) -> dict:
    """One training and its row."""
    keras.utils.set_random_seed(seed)
    joined, parts = network(model), listings["parts"]
    inputs = [listings["ids"], listings["table"]]
    centre, spread = y[parts["train"]].mean(), y[parts["train"]].std()
    scaled = {part: (y[parts[part]] - centre) / spread for part in ("train", "valid")}
    joined.compile(optimizer=keras.optimizers.Adam(rate), loss="mse")
    stop = keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
    joined.fit(
        [x[parts["train"]] for x in inputs],
        scaled["train"],
        validation_data=([x[parts["valid"]] for x in inputs], scaled["valid"]),
        batch_size=128,
        epochs=30,
        callbacks=[stop],
        verbose=0,
    )
    output = joined.predict(inputs, batch_size=512, verbose=0)[:, 0] * spread + centre
    return {"rate": rate, "seed": seed} | errors(output, y, parts) | scratch(output, listings)


def baselines(listings: dict, y: NDArray) -> Iterator[dict]:
    """Rows of the models without a network; settings are chosen on validation."""
    parts, table = listings["parts"], sparse.csr_matrix(listings["table"].astype(float))
    shoes = listings["shoes"]
    residual = np.log(shoes["price"].to_numpy()) - shoes["law_both"].to_numpy()
    known = {"mean": np.full(len(y), y[parts["train"]].mean()), "best achievable": y - residual}
    unasked = {"scratch_new": None, "scratch_others": None}
    for name, output in known.items():
        row = {"model": name, "rate": 0.0, "seed": 0, "chosen": True} | errors(output, y, parts)
        yield row | unasked
    pairs = listings["pairs"]
    products = [pairs.multiply(table[:, [k]]) for k in range(table.shape[1])]
    alone = sparse.hstack([pairs, table]).tocsc()
    crosses = sparse.hstack([alone, *products]).tocsc()
    grids = {
        "lasso": (alone, {a: Lasso(a) for a in PENALTIES}),
        "lasso, crosses": (crosses, {a: Lasso(a) for a in PENALTIES}),
        "boosting": (alone.toarray(), {n: trees(n) for n in LEAVES}),
    }
    for name, (X, grid) in grids.items():
        rows = []
        for setting, model in grid.items():
            output = model.fit(X[parts["train"]], y[parts["train"]]).predict(X)
            row = {"model": name, "rate": setting, "seed": 0} | errors(output, y, parts)
            rows.append(row | scratch(output, listings))
        best = min(row["valid"] for row in rows)
        yield from (row | {"chosen": row["valid"] == best} for row in rows)


def trees(leaves: int) -> HistGradientBoostingRegressor:
    """Gradient boosting with trees of so many leaves."""
    return HistGradientBoostingRegressor(
        max_iter=400, max_leaf_nodes=leaves, min_samples_leaf=10, early_stopping=False
    )


def errors(output: NDArray, y: NDArray, parts: dict) -> dict:
    """Root mean squared errors on validation and test."""
    return {part: rms(output[parts[part]] - y[parts[part]]) for part in ("valid", "test")}


def scratch(output: NDArray, listings: dict) -> dict:
    """By how much a scratch changes the predicted log price, for new shoes and for others."""
    parts, new = listings["parts"], listings["new"]
    change = output[parts["scratched"]] - output[parts["whole"]]
    return {
        "scratch_new": float(change[new].mean()),
        "scratch_others": float(change[~new].mean()),
    }


def rms(errors: NDArray) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(errors))))
