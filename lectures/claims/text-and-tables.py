"""What `text-and-tables` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from tools.claims import claim, quote

JOINS = ("add", "product")
NORMALIZED = "ReLU, normalized"
NAMED = "leather|suede|nubuck|satin|canvas|synthetic"


def lesson(page):
    spread = bootstrap(page.ridge.predict(page.shoes.iloc[page.test]), page.y[page.test])
    quote(
        num_listings=len(page.y),
        error_mean=page.error_mean,
        best_both=page.best["both"],
        best_table=page.best["table"],
        best_text=page.best["text"],
        error_ridge=page.error_ridge,
        cost_ridge=np.average(page.cost_ridge, weights=[page.is_new.sum(), (~page.is_new).sum()]),
        num_silent=len(page.silent),
        lasso_columns=lasso_columns(page),
        standard_error=spread,
        error_ridge_again=page.error_ridge,
        error_cross=page.error_cross,
        cost_cross_new=page.cost_cross[0],
        cost_cross_others=page.cost_cross[1],
        num_test=len(page.test),
    )
    claim("a factor of two", 1.9 < np.exp(page.error_mean) < 2.1)
    claim("a tenth of the rest for", abs(len(page.rest) / 10 - len(page.valid)) < 1)
    claim("On average ridge takes the same from both", abs(np.diff(page.cost_ridge)[0]) < 0.01)
    claim("It learned the mean effect of a scratch", abs(page.cost_ridge[0] + 0.34) < 0.03)
    apart = page.cost_cross[1] - page.cost_cross[0]
    claim(
        "near the truth, and the error falls",
        apart > 0.25 and page.error_cross < page.error_ridge - 0.005,
    )
    claim("The text often names a material", share_named(page.shoes) > 0.4)
    quote(
        trained=True,
        cost_additive_new=page.cost_additive[0],
        cost_additive_others=page.cost_additive[1],
        cost_product_new=page.cost_product[0],
        cost_product_others=page.cost_product[1],
        error_boosting=page.error_boosting,
        cost_boosting_new=page.cost_boosting[0],
        cost_boosting_others=page.cost_boosting[1],
    )
    claim("The network makes ridge's mistake", abs(np.diff(page.cost_additive)[0]) < 0.06)
    apart = page.cost_product[1] - page.cost_product[0]
    claim("To the product network a scratch is worth", apart > 0.15)
    apart = page.cost_boosting[1] - page.cost_boosting[0]
    claim(
        "On single words it is about level with the product network",
        abs(page.error_boosting - page.error_product) < 0.02 and apart > 0.15,
    )
    alone = page.results.loc[page.results["model"] == "table alone", "test"].mean()
    claim(
        "What is left is about the error of the table alone",
        abs(page.error_shuffled - alone) < 0.03,
    )
    experiment(page.results, page.more)


def share_named(shoes):
    """How many of the listings whose material is blank name one in the text."""
    return shoes.loc[shoes["material"] == "", "text"].str.contains(NAMED, case=False).mean()


def lasso_columns(page):
    """How many columns the lasso with crosses reads in the experiment."""
    pairs = CountVectorizer(
        binary=True, min_df=10, ngram_range=(1, 2), token_pattern=r"\b\w+\b"
    ).fit(page.shoes["text"].iloc[page.train])
    read, table = len(pairs.vocabulary_), page.inputs[1].shape[1]
    return read + table + read * table


def bootstrap(predicted, actual, num_samples=2000):
    """Standard error of the root mean squared error."""
    squares = (predicted - actual) ** 2
    rows = np.random.default_rng(0).integers(0, len(squares), (num_samples, len(squares)))
    return np.std(np.sqrt(squares[rows].mean(axis=1)))


def experiment(results, more):
    """The experiments."""
    both = {}
    for name, rows in (("first", results), ("more", more)):
        chosen = rows[rows["chosen"].astype(bool)].groupby(["rule", "model"])
        both[name] = chosen["test"].agg(["mean", "min", "max"])
    ours, others = (both["first"].loc[rule] for rule in ("interactions", "sums"))
    normalized = both["more"].loc["interactions"]
    networks = results[results["model"].isin(JOINS)]
    claim(
        "the networks have five seeds",
        (networks.groupby(["rule", "model", "rate"]).size() == 5).all(),
    )
    quote(
        table_alone=ours.loc["table alone", "mean"],
        mean_relu=ours.loc["ReLU", "mean"],
        mean_normalized=normalized.loc[NORMALIZED, "mean"],
    )
    claim("but finds less at these settings", ours.loc["ReLU", "min"] > ours.loc["product", "max"])
    behind = normalized.loc[NORMALIZED, "mean"] - ours.loc["product", "mean"]
    claim("and comes close to the product", 0 < behind < 0.012)
    first = networks[networks["rule"] == "interactions"]
    single = more[~more["model"].str.contains("averaged")]
    tests = {model: rows["test"] for model, rows in first.groupby("model")}
    claim(
        "ahead of the additive one, whatever the learning rate.",
        tests["product"].max() < tests["add"].min() and first["rate"].nunique() == 3,
    )
    claim(
        "the lasso with crosses and boosting are ahead of any single network",
        ours.loc[["boosting", "lasso, crosses"], "max"].max()
        < min(first["test"].min(), single["test"].min()),
    )
    averaged = normalized.loc["product, five averaged", "mean"]
    claim("is level with boosting", abs(averaged - ours.loc["boosting", "mean"]) < 0.003)
    claim("the two networks tie", abs(np.diff(others.loc[list(JOINS), "mean"])[0]) < 0.006)
    models = others["mean"].drop("best achievable")
    claim("The lasso has the lowest error, without its crosses.", models.idxmin() == "lasso")
    best = [rows.loc["best achievable", "mean"] for rows in (ours, others)]
    claim("The best achievable error stays", np.isclose(*best))


def exercises(page):
    ridge, product = page.worth["ridge"], page.worth["product"]
    quote(limited_ridge=np.mean(ridge))
    quote(trained=True, limited_designer=product[0], limited_others=product[1])
    claim("to everything; the best sum would add", abs(ridge[0] - ridge[1]) < 0.01)
    claim("The product network adds", product[0] > product[1] + 0.05)
