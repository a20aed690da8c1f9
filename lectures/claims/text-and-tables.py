"""What `text-and-tables` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote

NETWORKS = ("add", "ReLU", "product")


def lesson(page):
    quote(
        num_listings=len(page.y),
        error_mean=page.error_mean,
        floor_both=page.floors["both"],
        floor_table=page.floors["table"],
        floor_text=page.floors["text"],
        error_ridge=page.error_ridge,
        cost_ridge=page.cost_ridge[0],
    )
    claim("a factor of two", 1.9 < np.exp(page.error_mean) < 2.1)
    claim("Of the others a tenth is for", len(page.others) // 10 == len(page.valid))
    claim("Ridge takes the same amount from both.", abs(np.diff(page.cost_ridge)[0]) < 0.01)
    claim("lies between the two true amounts", -0.5 < page.cost_ridge[0] < -0.1)
    quote(
        trained=True,
        cost_add_new=page.cost_add[0],
        cost_add_others=page.cost_add[1],
        cost_product_new=page.cost_product[0],
        cost_product_others=page.cost_product[1],
    )
    claim("it makes ridge's mistake", abs(np.diff(page.cost_add)[0]) < 0.06)
    apart = page.cost_product[1] - page.cost_product[0]
    claim("The product network takes", apart > 0.15)
    joins(page, page.results)


def joins(page, results):
    """The experiment."""
    rows = results[results["chosen"].astype(bool)]
    test = rows.groupby(["law", "model", "width"])["test"].agg(["mean", "min", "max", "size"])
    networks = test[test.index.get_level_values("model").isin(NETWORKS)]
    claim("five seeds each", (networks["size"] == 5).all() and len(networks) == 10)
    tried = results[results["model"].isin(NETWORKS)].groupby(["law", "model", "width"])["rate"]
    claim("is chosen from five on validation", (tried.nunique() == 5).all())
    with_them, without = test.loc["interactions"], test.loc["sums"]
    product, add, relu = (
        with_them.loc[name] for name in (("product", 64), ("add", 0), ("ReLU", 64))
    )
    quote(
        lasso_columns=1596 + 84 + 1596 * 84,
        mean_product=product["mean"],
        mean_add=add["mean"],
        mean_relu=relu["mean"],
        mean_ridge=with_them.loc[("ridge", 0), "mean"],
        best_sum=with_them.loc[("best sum", 0), "mean"],
        mean_lasso=with_them.loc[("lasso", 0), "mean"],
        sums_product=without.loc[("product", 64), "mean"],
        sums_add=without.loc[("add", 0), "mean"],
    )
    claim(
        "each product network of 64 is better than each network that adds",
        product["max"] < add["min"],
    )
    claim("with as many weights, gets only", product["mean"] < relu["mean"] - 0.02)
    ours = networks.loc["interactions"]
    lasso = with_them.loc[("lasso", 0), "mean"]
    claim(
        "and is the best model here",
        lasso < min(ours["min"].min(), with_them.drop("floor")["mean"].drop("lasso").min()),
    )
    claim("Nothing comes near the floor", with_them.loc[("floor", 0), "mean"] < lasso - 0.05)
    claim("the lead is gone", without.loc[("product", 64), "min"] > without.loc[("add", 0), "min"])
    floor = test.xs("floor", level="model")["mean"]
    claim("so the floor stays where it was", floor.nunique() == 1)


def exercises(page):
    ridge, product = page.worth["ridge"], page.worth["product"]
    quote(limited_ridge=np.mean(ridge))
    quote(trained=True, limited_designer=product[0], limited_others=product[1])
    claim("to everything; the best sum would add", abs(ridge[0] - ridge[1]) < 0.01)
    claim("The product network adds", product[0] > product[1] + 0.05)
