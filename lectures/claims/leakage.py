"""What `leakage` quotes of its numbers, and what it claims."""

import numpy as np
from sklearn.linear_model import Ridge

from tools.claims import claim, quote

PENALTIES = (1, 100, 1000)  # penalties of ridge beside the page's 10


def lesson(page):
    first_leak(page)
    second_leak(page)
    how_ridge_knows(page)
    without_a_leak(page)
    independent_errors(page)
    overlaps(page)
    in_practice(page)


def first_leak(page):
    """A score without a model."""
    quote(
        leak_num_rows=len(page.prices),
        leak_num_days=len(np.unique(page.windows)),
        leak_rule_gain=1 - page.leaky_rule / page.leaky_persistence,
        leak_persistence=page.leaky_persistence,
        leak_persistence_right=np.mean(page.step**2),
        leak_num_outside=outside(page).sum(),
        leak_lowest=page.y.min(),
        leak_highest=page.y.max(),
    )
    by_window = page.windows.reshape(25, 20), page.tickers.reshape(25, 20)
    claim(
        "Rows are sorted by window, then by company.",
        (by_window[0] == np.arange(1, 26)[:, None]).all()
        and (by_window[1] == np.unique(page.tickers)).all(),
    )
    top, bottom = page.at_top, page.at_bottom
    claim(
        "All of them, without exception.", top[page.no_top].all() and bottom[page.no_bottom].all()
    )
    claim(
        "(One more target at $+1$ ties with an earlier high of its row.)",
        top.sum() == page.no_top.sum() + 1 and bottom.sum() == page.no_bottom.sum(),
    )
    claim("Four lines without a single learned number have an error", page.leaky_rule < 0.03)
    right = page.read_the_leak(page.X) != page.last
    leaky = page.read_the_leak(page.X_leaky) != page.X_leaky[:, -1]
    claim("It finds nothing.", not right.any())
    claim("rows now have targets beyond the range", (leaky == outside(page)).all())
    claim(
        "The colleague's scaling had shrunk exactly the rows whose target is a new high",
        (page.no_top | page.no_bottom == outside(page)).all(),
    )


def outside(page):
    """Which rows have a target beyond the range of their inputs."""
    return np.abs(page.y) > 1 + 1e-9


def second_leak(page):
    """Companies that share their target days, and the control."""
    shared, without, control = page.ridge, page.without_day, page.as_many_rows
    persistence = page.persistence.mean()
    quote(
        day_ridge_won=page.won,
        day_ridge=shared.mean(),
        day_without=without.mean(),
        day_control=control.mean(),
        day_persistence=persistence,
    )
    claim("Ridge is ahead for", page.won > 14 and shared.mean() < 0.8 * persistence)
    claim(
        "When the other companies rose, so did this one.",
        np.corrcoef(page.market_step, page.step)[0, 1] > 0.5,
    )
    claim("It does, and it is a fraud", page.newspaper.mean() < 0.6 * persistence)
    claim("and ridge falls behind persistence", without.mean() > 1.1 * persistence)
    claim("The missing rows cost it nothing", control.mean() < 1.01 * shared.mean())
    with_day, without = with_other_penalties(page, 1), with_other_penalties(page, 0)
    claim(
        "ridge beats persistence with the day and loses to it without",
        max(with_day) < 0.98 * persistence < 1.02 * persistence < min(without),
    )
    claim("Ridge is behind persistence, although", page.honest.mean() > 1.1 * persistence)


def with_other_penalties(page, offset):
    """The errors of ridge with other penalties, by its equation, without window w + offset."""
    X, step, predicted = page.X, page.step, np.zeros((len(PENALTIES), 500))
    for company in np.unique(page.tickers):
        for w in range(1, 26):
            kept = (page.tickers != company) & (page.windows != (w - 1 + offset) % 25 + 1)
            here = (page.tickers == company) & (page.windows == w)
            centre, mean = X[kept].mean(axis=0), step[kept].mean()
            centred, new = X[kept] - centre, X[here] - centre
            gram, moment = centred.T @ centred, centred.T @ (step[kept] - mean)
            for row, alpha in enumerate(PENALTIES):
                weights = np.linalg.solve(gram + alpha * np.eye(100), moment)
                predicted[row, here] = mean + new @ weights
    return np.mean((step - predicted) ** 2, axis=1)


def how_ridge_knows(page):
    """The market's path."""
    persistence = page.persistence.mean()
    path, rest = page.path_only.mean(), page.rest_only.mean()
    quote(day_found=page.found, day_path_only=path, day_rest_only=rest)
    claim("it identifies the window of", page.found > 0.9)
    best = page.likeness.mean(axis=0).argmax(axis=1)
    claim(
        "A company's path resembles the market of its own window alone.",
        (best == range(25)).all(),
    )
    claim("Without the market's path nothing is left of the gain", rest > persistence)
    claim("does better than the company's own prices", path < 0.9 * page.ridge.mean())


def without_a_leak(page):
    """The detector, where it must ring and where it must not."""
    shared, shifted = page.worth, page.worth_shifted
    high = page.ttest_1samp(shifted, 0).confidence_interval().high
    quote(worth_shared=shared.mean(), worth_shifted_high=high)
    claim(
        "On shared days the own rows lower the error by",
        shared.mean() > 0.01 and page.ttest_1samp(shared, 0).pvalue < 0.01,
    )
    claim(
        "lies around zero and ends at",
        abs(shifted.mean()) < shared.mean() / 20 and 0 < high < shared.mean() / 10,
    )


def independent_errors(page):
    """Rows, days, and what neither count can see."""
    persistence = page.persistence.mean(axis=1)
    newspaper = page.ttest_1samp(persistence - page.newspaper.mean(axis=1), 0)
    ahead = (page.gain.mean(axis=1) > 0).sum()
    helped = (page.worth > 0).sum()
    share = np.sort(persistence)[-3:].sum() / persistence.sum()
    quote(
        count_p_days=page.p_days,
        count_rho=page.rho,
        count_worth=500 / page.design_effect,
        count_three_days=share,
        count_days_won=ahead,
        count_days_helped=helped,
        count_p_newspaper=newspaper.pvalue,
    )
    claim("Counted as rows, the gain is beyond doubt", page.p_rows < 1e-4)
    claim("counted as days, it may be chance", page.p_days > 0.05)
    errors = page.gain.mean(axis=1).std(ddof=1) / 5, page.gain.std(ddof=1) / np.sqrt(500)
    claim(
        "The gain is the same; its standard error is not.",
        abs(errors[0] / errors[1] - np.sqrt(page.design_effect)) < 0.05,
    )
    claim("gains of one day resemble each other", page.rho > 0.2)
    claim("about three per day", abs(20 / page.design_effect - 3) < 0.3)
    claim("Three of the 25 days carry", share > 1 / 3)
    claim("ridge was ahead on", ahead < 12.5 and helped >= 20)
    claim(
        "The newspaper, an open fraud, passes the test over days",
        newspaper.statistic > 0 and newspaper.pvalue < 0.05,
    )


def overlaps(page):
    """What purging and the embargo take."""
    lost = len(page.first) - page.trains.sum() - page.tested.sum()
    claim("Three test rows cost a dozen training rows.", page.tested.sum() == 3 and lost == 12)


def in_practice(page):
    """Ridge from earlier windows alone."""
    later = page.windows > 10
    predicted = np.zeros(500)
    for w in range(11, 26):
        kept, here = page.windows < w, page.windows == w
        model = Ridge(alpha=10).fit(page.X[kept], page.step[kept])
        predicted[here] = model.predict(page.X[here])
    past = np.mean((page.step - predicted)[later] ** 2)
    persistence = np.mean(page.step[later] ** 2)
    quote(past_ridge=past, past_persistence=persistence)
    claim(
        "With earlier windows alone, ridge is behind persistence here too", past > 1.1 * persistence
    )


def exercises(page):
    quote(guess_found=page.few_found[10], guess_gain=page.few_gain[10])
    claim("This one finds all of them, to the last digit.", np.abs(page.misses).max() < 1e-9)
    claim("and ridge still gains", page.few_gain[10] > 0.03)
    claim(
        "The better the window can be recognized, the larger the gain",
        (np.diff(list(page.few_found.values())) > 0).all()
        and (np.diff(list(page.few_gain.values())) > 0).all(),
    )
    (shared, p_shared), (one, p_one) = page.by_shift.values()
    quote(open_p_one=p_one)
    claim("A shift of 0 must ring.", p_shared < 0.01)
    claim(
        "With a shift of one day the own rows are worth less than a tenth", abs(one) < shared / 10
    )
