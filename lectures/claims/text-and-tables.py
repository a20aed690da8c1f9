"""What `text-and-tables` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from tools.claims import claim, quote

JOINS = ("add", "ReLU", "product")
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
        share_named=share_named(page.shoes),
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
    claim("On average ridge takes the same from both.", abs(np.diff(page.cost_ridge)[0]) < 0.01)
    claim("near the mean effect", abs(page.cost_ridge[0] + 0.34) < 0.03)
    apart = page.cost_cross[1] - page.cost_cross[0]
    claim(
        "near the truth, and the error falls",
        apart > 0.25 and page.error_cross < page.error_ridge - 0.005,
    )
    quote(
        trained=True,
        cost_add_new=page.cost_add[0],
        cost_add_others=page.cost_add[1],
        cost_product_new=page.cost_product[0],
        cost_product_others=page.cost_product[1],
    )
    claim("The network makes ridge's mistake", abs(np.diff(page.cost_add)[0]) < 0.06)
    apart = page.cost_product[1] - page.cost_product[0]
    claim("To the product network a scratch is worth", apart > 0.15)
    experiment(page.results, page.error_ridge)


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


def experiment(results, page_ridge):
    """The experiment."""
    extra = results["scratch_others"] - results["scratch_new"]
    results = results.assign(extra=extra, chosen=results["chosen"].astype(bool))
    networks = results[results["model"].isin([*JOINS, NORMALIZED])]
    claim(
        "each join with three learning rates and five seeds",
        (networks.groupby(["rule", "model"])["rate"].nunique() == 3).all()
        and (networks.groupby(["rule", "model", "rate"]).size() == 5).all(),
    )
    chosen = results[results["chosen"]].groupby(["rule", "model"])
    test = chosen["test"].agg(["mean", "min", "max"])
    ours, others = test.loc["interactions"], test.loc["sums"]
    extra = chosen["extra"].mean()["interactions"]
    first = networks[networks["rule"] == "interactions"]
    quote(
        extra_product=extra["product"],
        extra_normalized=extra[NORMALIZED],
        extra_relu=extra["ReLU"],
        mean_relu=ours.loc["ReLU", "mean"],
        table_alone=ours.loc["table alone", "mean"],
        mean_add=ours.loc["add", "mean"],
        mean_product=ours.loc["product", "mean"],
        mean_normalized=ours.loc[NORMALIZED, "mean"],
    )
    claim(
        "the sum finds nothing of the interaction, whatever its learning rate.",
        first.loc[first["model"] == "add", "extra"].abs().max() < 0.05,
    )
    claim("At their best learning rates the product finds", 0.25 < extra["product"] < 0.3)
    claim("with a larger error", ours.loc["ReLU", "mean"] > ours.loc["product", "max"])
    claim("Now the ReLU units find", extra[NORMALIZED] > extra["product"] > extra["ReLU"])
    of = ours["mean"]
    claim("on average, close to the product.", 0 < of[NORMALIZED] - of["product"] < 0.012)
    claim(
        "the lasso with crosses and boosting are ahead of any single one",
        ours.loc[["boosting", "lasso, crosses"], "max"].max() < first["test"].min(),
    )
    claim("Even ridge is ahead of `add`", page_ridge < ours.loc["add", "min"])
    averaged = of[[f"{join}, five averaged" for join in ("product", NORMALIZED)]]
    claim("is level with boosting", (averaged - of["boosting"]).abs().max() < 0.003)
    claim("and falls behind the product", of["lasso"] > ours.loc["product", "max"])
    joins = others.loc[list(JOINS), "mean"]
    claim("the product's lead is gone", joins["product"] > joins[["add", "ReLU"]].min() - 0.003)
    claim("the three joins tie", joins.max() - joins.min() < 0.006)
    models = others["mean"].drop("best achievable")
    claim("The lasso has the lowest error, without its crosses.", models.idxmin() == "lasso")
    best = test.xs("best achievable", level="model")["mean"]
    claim("stays the best achievable error", best.nunique() == 1)


def exercises(page):
    ridge, product = page.worth["ridge"], page.worth["product"]
    quote(limited_ridge=np.mean(ridge))
    quote(trained=True, limited_designer=product[0], limited_others=product[1])
    claim("to everything; the best sum would add", abs(ridge[0] - ridge[1]) < 0.01)
    claim("The product network adds", product[0] > product[1] + 0.05)
