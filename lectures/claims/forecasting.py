"""What `forecasting` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

CROSSED, ROBUST = "ridge with interactions", "linear, absolute loss"
POOLED, PRODUCTS = "shared layer and sum, 364 days", "ridge on products, 364 days"


def lesson(page):
    largest = page.errors.nlargest(5)
    quote(num_days=len(page.ridership), mae_naive=page.mae_naive)
    quote(mae_lags=page.mae_lags, mae_ridge=page.mae_ridge, mae_crossed=page.mae_crossed)
    claim("more than ten times as large at its worst", largest.iloc[0] > 10 * page.mae_naive)
    claim(
        "26 November was Thanksgiving.",
        {"2015-11-26", "2015-12-03"} <= {f"{day:%Y-%m-%d}" for day in largest.index},
    )
    claim("The window alone brings little", 0.85 < page.mae_lags / page.mae_naive < 1)
    change = page.ridership.diff(7)  # of the same weekday last week
    said = change.groupby(change.index.day_of_week).corr(change.shift(1))
    claim(
        "Thursday says much about Friday, and Sunday almost nothing about Monday",
        said[4] > 0.6 and abs(said[0]) < 0.15,
    )
    claim("less than half of the naive one", page.mae_crossed < page.mae_naive / 2)
    claim(
        "the calendar takes more than a quarter off the error of ridge",
        page.mae_ridge < 0.75 * page.mae_lags,
    )
    claim(
        "Veterans Day, 11 November, is a federal holiday on which many work all the same",
        [f"{day:%m-%d}" for day in page.misses.index] == ["11-11", "12-24", "03-12"],
    )
    quote(trained=True, mae_gru=page.mae_gru)
    claim("From the same windows, with no product made by hand", page.mae_gru < page.mae_ridge)
    claim(
        "All errors are larger than one day ahead",
        page.mae_naive_14 > page.mae_naive
        and page.mae_linear_14 > page.mae_crossed
        and min(page.mae_recursive, page.mae_direct) > page.mae_gru,
    )
    claim(
        "and the two direct forecasts are ahead of the recursive one",
        max(page.mae_direct, page.mae_linear_14) < page.mae_recursive,
    )
    claim(
        "Ridge even forecasts a negative number",
        page.linear[page.test_days == "2015-12-25"] * page.scale < -page.mean,
    )
    origins(page.results)
    state(page)


def origins(results):
    """Four test years, five seeds."""
    runs = results[(results["study"] == "forecast") & results["chosen"]]
    year = runs.groupby(["ahead", "model", "way", "year"])["mae"].mean()
    mean = year.groupby(level=[0, 1, 2]).mean()
    one, far, direct = 1.0, 14.0, "direct"
    linear = (CROSSED, ROBUST)
    told = load_comparisons("ridership")
    quote(naive_one=mean[one, "seasonal naive", direct])
    verdict = {name: one["verdict"] for name, one in told.items()}
    lead = told[f"1: GRU - {ROBUST}"]
    quote(lead=lead["estimate"], lead_low=lead["low"], lead_high=lead["high"])
    claim(
        "One day ahead the GRU has the smallest error on average",
        mean[one].idxmin() == ("GRU", direct),
    )
    ahead = year[one, "GRU", direct] < year[one, ROBUST, direct]
    claim(
        "in two of the four years the linear model of the absolute error is ahead of it",
        ahead.sum() == 2,
    )
    claim(
        "the lead is not statistically clear, and nor is that over the trees",
        verdict[f"1: GRU - {ROBUST}"] == verdict["1: GRU - boosting"] == "undecided",
    )
    claim("Over ridge it is.", verdict[f"1: GRU - {CROSSED}"] == "better")
    claim(
        "is behind all baselines but the naive one",
        all(
            mean[one, "SimpleRNN", direct] > mean[one, name, direct]
            for name in (CROSSED, ROBUST, "boosting")
        ),
    )
    claim(
        "Two weeks ahead the dense network is ahead of both linear models in each",
        all((year[far, "dense", direct] < year[far, name, direct]).all() for name in linear),
    )
    claim(
        "The GRU is ahead of both on average, and level with the trees.",
        all(mean[far, "GRU", direct] < mean[far, name, direct] - 0.03 for name in linear)
        and abs(mean[far, "GRU", direct] - mean[far, "boosting", direct]) < 0.02,
    )
    claim(
        "Four years are too few to separate it from the GRU, one day ahead or fourteen.",
        verdict["1: GRU - dense"] == verdict["14: GRU - dense"] == "undecided",
    )
    claim(
        "The recursive forecasts are worse than the direct ones, for both networks and in each "
        "year.",
        all(
            (year[far, name, "recursive"] > year[far, name, direct]).all()
            for name in ("GRU", "dense")
        ),
    )


def state(page):
    """What the state buys."""
    rows = page.state
    old = rows[rows["age"] == 365].groupby("model")["error"]
    quote(
        floor_28=page.floor_28,
        floor_all=page.best_error(365)[224:].mean(),
        state_gru=old.mean()["GRU"],
        state_wide=old.mean()["dense, 364 days"],
        state_products=old.mean()[PRODUCTS],
        state_pooled=old.mean()[POOLED],
    )
    ages = np.array(sorted(rows["age"].unique()), int)
    gru = rows[rows["model"] == "GRU"].groupby("age")["error"]
    since = np.concatenate([[0], ages[:-1]])
    lowest = [page.best_error(365)[a:b].mean() for a, b in zip(since, ages, strict=True)]
    claim(
        "The GRU's error falls for as long as the station is known, close to the lowest possible",
        (np.diff(gru.mean().loc[ages]) < 0).all()
        and (gru.max().loc[ages] < 1.4 * np.array(lowest)).all(),
    )
    claim(
        "no window of 28 days gets below {glue:text}`floor_28:.2f`",
        old.max()["GRU"] < page.floor_28,
    )
    claim("after the same 1,000 stations", old.min()["dense, 364 days"] > 0.2)
    claim(
        "its weights are the same after three games and after thirty",
        old.max()["GRU"] * 2 < old.max()[PRODUCTS] < old.min()["dense, 364 days"],
    )
    claim("What comes near the GRU, with", old.max()[POOLED] < old.max()[PRODUCTS] / 1.5)


def exercises(page):
    claim(
        "On the training days the share is near 90 %, in the test year lower.",
        abs(page.covered["training"] - 0.9) < 0.04
        and page.covered["test"] < page.covered["training"] - 0.02,
    )
    gain = page.mae_crossed - page.more_ridge
    quote(flags_gain=gain)
    rows = page.results
    rows = rows[(rows["study"] == "forecast") & rows["chosen"] & (rows["ahead"] == 1)]
    means = rows.groupby("model")["mae"].mean().drop(["SimpleRNN", "seasonal naive"])
    claim("more than separates the models in", gain > np.ptp(means))
    errors = page.spot_errors
    claim(
        "One year ahead ridge and the GRU have little more than half the error of persistence.",
        all(0.5 < errors[name, 1] / errors["persistence", 1] < 0.65 for name in ("ridge", "GRU")),
    )
    claim(
        "and neither model is better than that",
        all(errors[name, 11] > errors["seasonal naive", 11] for name in ("ridge", "GRU")),
    )
