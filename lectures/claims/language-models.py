"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np
import pandas as pd

from tools.claims import claim, quote


def lesson(page):
    scores = pd.Series(page.valid_bits)
    by_code = page.ladder[3][page.symbols.index("a")]
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(by_code),
        valid_best=scores.min(),
    )
    claim("That makes $V = 27$ symbols.", len(page.symbols) == 27)
    claim(
        'After "qu" came "e" six times, "i" three times and "l" once.',
        page.after_qu == {"e": 6, "i": 3, "l": 1},
    )
    claim(
        "The last is 0.225 times the one before",
        np.isclose(by_code, 0.225 * page.ladder[2][page.symbols.index("a")]),
    )
    claim("On the validation names 5-grams are best", page.best_n == scores.idxmin() == 5)
    claim("Looking back further than four letters does not help", scores.loc[6:].min() > scores[5])
    invented(page)
    names(page)


def invented(page):
    """Names that the network makes up."""
    share = {}
    for temperature in (0.3, 1.0, 2.0):
        made_up = page.write_names(page.network, page.symbols, "", 300, temperature)
        share[temperature] = np.mean([name in page.train_names for name in made_up])
    claim("much of what comes out is on the training list", share[0.3] > 0.2)
    claim("At 1.0 most are new", share[1.0] < 0.45 and share[2.0] < 0.1)


def names(page):
    """Counts, networks and a regression."""
    stored = page.results.query("study == 'names' and model == 'logistic regression'")
    of_regression = stored["test"].item()
    every, lstms = page.lstms, page.lstms[page.lstms["rate"] == page.best]
    ours, dropped = (lstms[lstms["dropout"] == kind] for kind in ("output", "everywhere"))
    scores = {what: page.bits(p) for what, p in page.scored.items()}
    (over_ngrams, error), (over_lstm, lstm_error) = page.leads["5-grams"], page.leads["LSTM"]
    quote(trained=True, lead_ngrams=over_ngrams, lead_ngrams_error=error)
    quote(trained=True, lead_lstm=over_lstm, lead_lstm_error=lstm_error)
    of_two = scores["mean of regression and 5-grams"]
    quote(trained=True, mean_of_three=scores["mean of all three"], mean_of_two=of_two)
    claim("of three the best on the validation names", stored["penalty"].item() == 1)
    claim("So the LSTM adds something", scores["mean of all three"] < of_two - 0.02)
    claim(
        "The regression is the best of the three.",
        scores["regression"] < min(scores["LSTM"], scores["5-grams"]) - 0.03,
    )
    claim(
        "Both are more than two standard errors.",
        over_ngrams > 2 * error and over_lstm > 2 * lstm_error,
    )
    claim(
        "each at the rate that is best on the validation names",
        len(ours) == len(dropped) == 5 and len(every) == 30,
    )
    quote(nearest=dropped["test"].min() - of_regression)
    claim(
        "none of the ten differs from the 5-grams by two standard errors",
        (lstms["lead"] / lstms["lead_error"]).abs().max() < 2,
    )
    claim(
        "With more dropout the LSTMs improve",
        of_regression < dropped["test"].min() and dropped["test"].max() < ours["test"].min() - 0.03,
    )
    letters = page.by_letters
    claim(
        "Three letters or eight, it makes hardly a difference",
        np.ptp(list(letters.values())) < 0.03 and letters[8] > letters[4] - 0.01,
    )
    five = page.results.query(
        "study == 'names' and mix == 'five LSTMs' and dropout == 'everywhere'"
    )
    quote(five_lstms=five.loc[five["valid"].idxmin(), "test"])
    claim(
        "Best of all is a mean.",
        scores["mean of all three"] < scores["regression"] - 0.02
        and scores["mean of all three"] == min(scores.values()),
    )


def exercises(page):
    quote(trained=True, gradient_bias=np.abs(page.of_bias).max())
    claim("Our LSTM is close: no letter is off by more than", np.abs(page.of_bias).max() < 0.03)
    gap = page.backward_bits - page.bits(page.of_ngrams)
    quote(backwards_gap=abs(gap))
    claim("and yet the two differ by only", abs(gap) < 0.03)
    quote(
        num_near=len(page.near),
        near_bits=page.near_bits,
        far_bits=page.far_bits,
        without_close=page.without["close names"],
        without_random=page.without["random names"],
    )
    claim(
        "The control leaves out as many other names",
        page.far_bits - page.near_bits > 0.2
        and page.without["close names"] - page.without["random names"] > 0.2,
    )
