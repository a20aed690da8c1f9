"""What `baselines` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    hook(page)
    differences(page)
    neuron(page)
    test_parts(page)


def hook(page):
    """A forecast that looks brilliant, and what a good error is."""
    spots, n = page.spots, page.num_train["sunspots"]
    naive = np.mean(np.diff(spots)[n - 1 :] ** 2)
    quote(
        brilliant_r_squared=page.r_squared,
        sunspots_persistence=naive,
    )
    claim("Its $R^2$ is high because", page.r_squared > 0.99)
    claim("so it is worse than no model", naive < 1000)
    claim(
        "Persistence beats them all;",
        min(*page.mean_ratio.values(), page.seasonal_ratio) > 1.05,
    )
    claim("by a factor of thousands", page.mean_ratio["Apple"] > 2000)


def differences(page):
    """Levels against differences."""
    rho = {
        name: np.array([page.autocorrelation(d, lag) for lag in range(1, 13)])
        for name, d in page.differences.items()
    }
    band = {name: 1.96 / np.sqrt(len(d)) for name, d in page.differences.items()}
    levels = {name: page.autocorrelation(x, 1) for name, x in page.levels.items()}
    quote(
        apple_rho=rho["Apple"][0],
        sunspots_rho=rho["sunspots"][0],
        nile_rho=rho["Nile"][0],
        nile_last_gain=1 - page.measured["Nile"],
        sunspots_last_gain=1 - page.measured["sunspots"],
    )
    claim("There the order is reversed", levels["Apple"] > levels["sunspots"] + 0.1)
    claim("When the sunspots have been rising, they tend to go on rising", rho["sunspots"][0] > 0.4)
    claim(
        "Its levels have the same autocorrelation as the price",
        abs(page.walk_levels - levels["Apple"]) < 0.005
        and abs(page.walk_differences) < band["Apple"],
    )
    known = np.log(page.prices.drop(columns="window").to_numpy()[: page.num_train["Apple"]])
    claim(
        "The first bar lies inside the band, as it does for each of the 20 companies",
        known.shape[1] == 20
        and max(abs(page.autocorrelation(np.diff(x), 1)) for x in known.T) < band["Apple"],
    )
    claim(
        "The largest bar is the first",
        abs(rho["Nile"][0]) == max(abs(rho["Nile"])) > 1.3 * band["Nile"],
    )
    sun = rho["sunspots"]
    claim(
        "A rise tends to be followed by another, and by falls three to seven years later",
        sun[0] > band["sunspots"] and max(sun[2:7]) < -band["sunspots"],
    )
    gain = page.measured
    claim("It is, as nearly as", all(gain[s] < page.expected[s] + 0.02 for s in gain))
    claim("and nothing on the price", gain["Apple"] > 0.99)
    late, eight = rho["Apple"][[6, 7]], eight_differences(page)
    quote(apple_eight=eight)
    claim(
        "perhaps Apple's at lags 7 and 8 and the Nile's at 10 and 11",
        all(band["Apple"] < abs(bar) < 2 * band["Apple"] for bar in late)
        and all(band["Nile"] < abs(bar) < 1.2 * band["Nile"] for bar in rho["Nile"][[9, 10]]),
    )
    claim("on the last eight differences has a ratio of", 0.985 < eight < 1.015)


def neuron(page):
    """The recurrent weight of a linear neuron."""
    quote(
        nile_weight=page.best["Nile"],
        sunspots_weight=page.best["sunspots"],
        grid_size=len(page.grid),
    )
    by_hand = page.linear_neuron(page.series["Nile"][:3], 0, 0.3, 0.7)
    claim("It prints the three numbers from above", np.allclose(by_hand, [1120, 1132, 1081.3]))
    claim("the newest year counts for less than a third", 1 - page.best["Nile"] < 1 / 3)
    claim("For the sunspots it is *negative*", page.best["sunspots"] < -0.3)
    claim("and for Apple almost zero", abs(page.best["Apple"]) < 0.06)
    zero = np.argmin(abs(page.grid))
    slopes = {
        name: (curve[zero + 1] - curve[zero - 1]) / (page.grid[zero + 1] - page.grid[zero - 1])
        for name, curve in page.curves.items()
    }
    claim(
        "These are the dotted lines.",
        all(
            abs(slope - 2 * page.autocorrelation(page.differences[name], 1)) < 0.06
            for name, slope in slopes.items()
        ),
    )


def eight_differences(page):
    """MSE ratio for Apple of a regression on eight differences, on the test part."""
    d = np.diff(page.series["Apple"])
    return regression(d, page.num_train["Apple"] - 1, 8, naive=d)


def regression(x, n, order, naive):
    """MSE on x[n:] of a regression on so many values, over the mean square of `naive` there."""
    inputs = np.lib.stride_tricks.sliding_window_view(x[:-1], order)
    inputs = np.column_stack([np.ones(len(inputs)), inputs])
    weights = np.linalg.lstsq(inputs[: n - order], x[order:n], rcond=None)[0]
    errors = x[n:] - inputs[n - order :] @ weights
    return np.mean(errors**2) / np.mean(naive[-len(errors) :] ** 2)


def test_parts(page):
    """Where memory pays, and where it does not."""
    (nile,), (sun,) = page.scores["Nile"], page.scores["sunspots"]
    companies = np.array([list(row.values()) for row in page.scores["20 companies"]])
    flow = page.levels["Nile"]
    spans = [page.mse_ratio(flow, page.moving_average(flow, k), slice(None)) for k in range(1, 31)]
    spots, n = page.spots, page.num_train["sunspots"]
    nine = page.nine_years
    two = regression(spots, n, 2, naive=np.diff(spots))
    quote(
        nile_ratio=nile["neuron"],
        nile_last=page.measured["Nile"],
        nile_new_level=new_level(page),
        nile_span=int(1 + np.argmin(spans)),
        sunspots_ratio=sun["neuron"],
        sunspots_two=sun["regression"],
        sunspots_nine=nine,
        prices_least=companies.min(),
        prices_most=companies.max(),
        prices_mean=companies.mean(),
    )
    claim("*Nile: memory pays.*", max(nile.values()) < 0.85)
    claim("years, does nearly as well", 0 < nile["average"] - nile["neuron"] < 0.05)
    claim(
        "of the error of persistence, less than the", nile["neuron"] < page.measured["Nile"] - 0.05
    )
    claim("The mean of the years from 1899 to 1920 alone has", new_level(page) < nile["neuron"])
    smoothers = np.array(page.curves["sunspots"])[page.grid > 0.005]
    claim(
        "the best smoother and the best moving average are persistence itself",
        smoothers.min() > 1 and abs(sun["average"] - 1) < 1e-9,
    )
    claim("*Sunspots: memory pays, but not by averaging.*", sun["neuron"] < 0.85)
    claim(
        "One weight for all the past, tied to $w_1$, is too few here",
        nine < two < sun["neuron"] - 0.2 and np.isclose(two, sun["regression"]),
    )
    claim("most companies' first bars of the test part leave the band", restless(page) >= 12)
    claim("In the restless spring of 2020", restless(page, without=("2020-02", "2020-06")) <= 4)
    averages = [row["average"] for row in page.scores["20 companies"]]
    claim("the best moving average of each company is persistence", np.allclose(averages, 1))
    claim("*Prices: no gain.*", companies.min() > 0.975 and abs(companies.mean() - 1) < 0.01)


def new_level(page):
    """MSE ratio on the test part of the mean of 1899 to 1920."""
    flow = page.series["Nile"]
    mean = np.full(len(flow), flow[28:50].mean())
    return page.mse_ratio(flow, mean, page.test["Nile"])


def restless(page, without=None):
    """Of how many companies the first bar of the test part leaves the band."""
    later = np.log(page.prices.drop(columns="window")["2019":]).diff().iloc[1:]
    if without:
        spring = (later.index >= without[0]) & (later.index < without[1])
        later = later[~spring]
    first = np.array([page.autocorrelation(d, 1) for d in later.to_numpy().T])
    return np.sum(np.abs(first) > 1.96 / np.sqrt(len(later)))


def exercises(page):
    ratios = page.seasonal_mse / page.persistence_mse
    quote(seasonal_two_ahead=ratios[1], nile_weight_1901=page.cuts[1901][0])
    claim("memory of the mean removes 5 % of the error", abs(page.returned[0] - 0.95) < 1e-9)
    claim("One year ahead persistence is better", ratios[0] > 1.1)
    claim("Two years ahead the seasonal forecast has", ratios[1] < 0.6)
    best = page.best_for_noise
    alpha = {r: (np.sqrt(1 + 4 * r**2) - 1) / (2 * r**2) for r in (1, 3)}
    claim("Without noise the walk is its own best forecast", abs(best[0]) < 0.03)
    claim(
        "no linear forecast is better than smoothing with",
        all(abs(1 - best[r] - alpha[r]) < 0.04 for r in alpha),
    )
    claim("The Nile's weight is that of $r = 3$", abs(1 - page.best["Nile"] - alpha[3]) < 0.03)
    first, *later = (ratio for _, ratio in page.cuts.values())
    claim("ahead at four cuts and behind at the first", max(later) < 0.8 and first > 1.01)
