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
    bits = {group: page.bits(p) for group, p in page.scored.items()}
    alone = {what: bits[what,] for what in ("5-grams", "LSTM", "regression")}
    every = tuple(alone)
    penalties = {
        C: page.bits(page.by_regression(page.valid_names, model, page.features))
        for C, model in page.regressions.items()
    }
    claim(
        "the best of three we tried on the validation names", min(penalties, key=penalties.get) == 1
    )

    def ahead(first, other):
        return page.lead(first, other, page.test_names)

    over_ngrams, error = ahead(page.of_regression, page.of_ngrams)
    over_lstm, lstm_error = ahead(page.of_regression, page.of_lstm)
    quote(trained=True, perplexity=2 ** alone["regression"])
    quote(trained=True, lead_lstm=over_lstm, lead_lstm_error=lstm_error)
    claim("as unsure as among about seven", 6.5 < 2 ** alone["regression"] < 7.5)
    claim(
        "The regression is the best of the three.",
        alone["regression"] < min(alone["LSTM"], alone["5-grams"]) - 0.03,
    )
    claim(
        "are both more than two standard errors",
        over_ngrams > 4 * error and over_lstm > 2 * lstm_error,
    )
    with_lstm = [score for group, score in bits.items() if "LSTM" in group and len(group) > 1]
    others = [score for group, score in bits.items() if group == ("LSTM",) or "LSTM" not in group]
    claim("Alone our LSTM is not ahead of the 5-grams.", alone["LSTM"] > alone["5-grams"] - 0.01)
    claim(
        "Yet the best means are the three with the LSTM in them.",
        len(with_lstm) == 3 and max(with_lstm) < min(others),
    )
    adds, adds_error = ahead(page.scored[every], page.scored["5-grams", "regression"])
    quote(trained=True, lstm_adds=adds, lstm_adds_error=adds_error)
    claim("its errors are not theirs", adds > 2 * adds_error)

    over, told, placeless, gained = (np.array(leads) for leads in zip(*page.rows, strict=True))
    claim(
        "Where both know the position, the lead shrinks or is gone.",
        (told[:, 0] < over[:, 0] - 0.02).all() and told[:, 0].min() < 0,
    )
    claim(
        "Where neither does, a part of it stays.",
        (placeless[:, 0] > 0).all() and (placeless[:, 0] < over[:, 0]).all(),
    )
    claim(
        "bring no gain that exceeds two standard errors",
        (gained[:, 0] < 2 * gained[:, 1]).all(),
    )
    claim("has little use for a longer memory", gained[:, 0].mean() < 0.02)
    stored(page, alone)


def stored(page, alone):
    """The networks of the experiment."""
    kinds = {
        (dropout, mix): rows for (dropout, mix), rows in page.lstms.groupby(["dropout", "mix"])
    }
    longer, dropped = kinds["output", "LSTM"], kinds["everywhere", "LSTM"]
    (five,) = kinds["everywhere", "five LSTMs"].itertuples()
    claim("each at the rate that is best on the validation names", len(longer) == len(dropped) == 5)
    quote(longer_best=longer["test"].min(), longer_worst=longer["test"].max())
    quote(trained=True, our_lstm=alone["LSTM"])
    claim("was lucky", alone["LSTM"] < longer["test"].min() + 0.005)
    counted = min(page.valid_bits.values())
    claim(
        "a little ahead on these test names, a little behind on the validation names",
        -0.06 < dropped["lead"].min() < dropped["lead"].max() < 0
        and counted < dropped["valid"].min() < dropped["valid"].max() < counted + 0.08,
    )
    (other,) = kinds["output", "five LSTMs"].itertuples()
    claim(
        "The mean of five predictions is better than each of the five.",
        five.test < dropped["test"].min() and other.test < longer["test"].min(),
    )
    claim(
        "So on these names a model without a state does as well as these LSTMs.",
        alone["regression"] < min(dropped["test"].min(), five.test + 0.02),
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
