"""What `text-and-tables` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote

JOINS = ("add", "ReLU", "product")
ALONE = ("text alone", "table alone")


def lesson(page):
    quote(
        num_listings=len(page.y),
        error_mean=page.error_mean,
        best_both=page.best["both"],
        best_table=page.best["table"],
        best_text=page.best["text"],
        error_ridge=page.error_ridge,
        cost_ridge=page.cost_ridge[0],
        standard_error=bootstrap(page.ridge.predict(page.shoes.iloc[page.test]), page.y[page.test]),
    )
    claim("a factor of two", 1.9 < np.exp(page.error_mean) < 2.1)
    claim("Of the rest a tenth is for", abs(len(page.rest) / 10 - len(page.valid)) < 1)
    claim("Ridge takes the same amount from both.", abs(np.diff(page.cost_ridge)[0]) < 0.01)
    claim("is near the mean effect", abs(page.cost_ridge[0] + 0.34) < 0.03)
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
    missing = page.alone["mean"] - [page.best["text"], page.best["table"]]
    claim(
        "The table alone comes close to what it can achieve, the text alone less so.",
        missing["table alone"] < 0.03 < 0.05 < missing["text alone"],
    )
    experiment(page.results)


def bootstrap(predicted, actual, num_samples=2000):
    """Standard error of the root mean squared error."""
    squares = (predicted - actual) ** 2
    rows = np.random.default_rng(0).integers(0, len(squares), (num_samples, len(squares)))
    return np.std(np.sqrt(squares[rows].mean(axis=1)))


def experiment(results):
    """The experiment."""
    extra = results["scratch_others"] - results["scratch_new"]
    results = results.assign(extra=extra, chosen=results["chosen"].astype(bool))
    networks = results[results["model"].isin(JOINS)]
    claim(
        "three learning rates and five seeds",
        (networks.groupby(["rule", "model"])["rate"].nunique() == 3).all()
        and (networks.groupby(["rule", "model", "rate"]).size() == 5).all(),
    )
    chosen = results[results["chosen"]].groupby(["rule", "model"])["test"]
    test = chosen.agg(["mean", "min", "max"])
    ours, others = test.loc["interactions"], test.loc["sums"]
    single = ours.loc[list(ALONE), "mean"]
    claim("Together they get far below both", ours.loc["add", "max"] < single.min() - 0.05)
    first = networks[networks["rule"] == "interactions"]
    found = first.groupby(["model", "rate"])["extra"].mean()
    quote(
        lasso_columns=1596 + 84 + 1596 * 84,
        extra_product=first.loc[first["model"] == "product", "extra"].mean(),
        extra_relu=found["ReLU", 0.018],
        mean_product=ours.loc["product", "mean"],
        mean_relu=ours.loc["ReLU", "mean"],
    )
    claim(
        "The sum finds nothing of the interaction, whatever its rate.",
        first.loc[first["model"] == "add", "extra"].abs().max() < 0.05,
    )
    claim(
        "ReLU and product both find a part of the true 0.40",
        found["product"].min() > 0.15 and found["ReLU"].max() > 0.15,
    )
    claim("and little with the smallest", found["ReLU", 0.002] < 0.1)
    of = first.groupby("model")["test"].agg(["min", "max"])
    claim(
        "each training of the product has a lower error than any of the other joins",
        of.loc["product", "max"] < of.loc[["add", "ReLU"], "min"].min(),
    )
    claim(
        "the best models here are no networks",
        ours.loc[["boosting", "lasso, crosses"], "max"].max() < first["test"].min(),
    )
    claim("and falls behind the product", ours.loc["lasso", "mean"] > ours.loc["product", "max"])
    joins = others.loc[list(JOINS), "mean"]
    claim("the product's lead is gone", joins["product"] > joins[["add", "ReLU"]].min() - 0.003)
    claim("the three joins tie", joins.max() - joins.min() < 0.006)
    models = others["mean"].drop("best achievable")
    claim("The lasso is best, without its crosses.", models.idxmin() == "lasso")
    best = test.xs("best achievable", level="model")["mean"]
    claim("stays the best achievable error", best.nunique() == 1)


def exercises(page):
    ridge, product = page.worth["ridge"], page.worth["product"]
    quote(limited_ridge=np.mean(ridge))
    quote(trained=True, limited_designer=product[0], limited_others=product[1])
    claim("to everything; the best sum would add", abs(ridge[0] - ridge[1]) < 0.01)
    claim("The product network adds", product[0] > product[1] + 0.05)
