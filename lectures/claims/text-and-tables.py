"""What `text-and-tables` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote

NETWORKS = ("add", "ReLU", "all products", "product")


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
    test = rows.groupby(["law", "model"])["test"].agg(["mean", "min", "max", "size"])
    networks = test[test.index.get_level_values("model").isin(NETWORKS)]
    claim("with five seeds", (networks["size"] == 5).all() and len(networks) == 8)
    tried = results[results["model"].isin(NETWORKS)].groupby(["law", "model"])["rate"]
    claim("is chosen from five on validation", (tried.nunique() == 5).all())
    ours, others = test.loc["interactions"], test.loc["sums"]
    quote(
        lasso_columns=1596 + 84 + 1596 * 84,
        mean_product=ours.loc["product", "mean"],
        mean_add=ours.loc["add", "mean"],
        mean_relu=ours.loc["ReLU", "mean"],
        mean_all=ours.loc["all products", "mean"],
        mean_lasso=ours.loc["lasso", "mean"],
        mean_crosses=ours.loc["lasso, crosses", "mean"],
        best_sum=ours.loc["best sum", "mean"],
        sums_product=others.loc["product", "mean"],
        sums_add=others.loc["add", "mean"],
    )
    claim(
        "each product network is better than each that adds",
        ours.loc["product", "max"] < ours.loc["add", "min"],
    )
    behind = ours.loc[["ReLU", "all products"], "mean"] - ours.loc["product", "mean"]
    claim("with as many weights, gets only", behind["ReLU"] > 0.02)
    claim("Multiplying is not enough, either", behind["all products"] > 0.015)
    of_networks = list(NETWORKS)
    claim("as near as can be to the best sum's", ours.loc["lasso", "mean"] < ours.loc["add", "min"])
    first, second = ours["mean"].drop("floor").nsmallest(2).index
    claim("and is the best model here", first == "lasso, crosses")
    claim("comes second", second == "boosting")
    claim(
        "Both beat every network.",
        ours.loc["boosting", "max"] < ours.loc[of_networks, "min"].min(),
    )
    gap = others.loc["product", "mean"] - others.loc["add", "mean"]
    claim("the ranking turns", gap > -0.005)
    lasso, models = others.loc["lasso", "mean"], others.drop(["floor", "best sum", "lasso"])
    claim("The lasso is best without its crosses", lasso < models["min"].min())
    claim(
        "boosting has lost its lead",
        others.loc["boosting", "min"] > others.loc["product", "min"],
    )
    floor = test.xs("floor", level="model")["mean"]
    claim("so the floor stays where it was", floor.nunique() == 1)


def exercises(page):
    ridge, product = page.worth["ridge"], page.worth["product"]
    quote(limited_ridge=np.mean(ridge))
    quote(trained=True, limited_designer=product[0], limited_others=product[1])
    claim("to everything; the best sum would add", abs(ridge[0] - ridge[1]) < 0.01)
    claim("The product network adds", product[0] > product[1] + 0.05)
