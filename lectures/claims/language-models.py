"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    scores = page.valid_bits
    by_code = page.ladder[3][page.symbols.index("a")]
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(by_code),
        valid_best=scores[5][-1],
        plain_best=min(costs[0] for costs in scores.values()),
    )
    claim("That makes $V = 27$ symbols.", len(page.symbols) == 27)
    claim(
        'After "qu", "e" occurred six times, "i" three times and "l" once.',
        page.after_qu == {"e": 6, "i": 3, "l": 1},
    )
    claim(
        "The last is 0.225 times the one before",
        np.isclose(by_code, 0.225 * page.ladder[2][page.symbols.index("a")]),
    )
    trigrams = page.count_ngrams(page.train_names, 3)
    by_context = page.continuation_counts(trigrams, 3)
    claim(
        '"j" occurs 107 times in the training names, "p" 58 times.',
        (trigrams["j"], trigrams["p"]) == (107, 58),
    )
    claim(
        'nearly every "j" begins a name',
        trigrams["j"] > trigrams["p"]
        and trigrams[".j"] > 0.9 * trigrams["j"]
        and by_context["p"] > by_context["j"],
    )
    claim(
        "On the validation names modified 5-grams are best",
        min(scores, key=lambda n: min(scores[n])) == page.best_n == 5
        and min(scores[5]) == scores[5][-1],
    )
    claim("Looking back further than four letters does not help", scores[6][-1] > scores[5][-1])
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
    """Counts against the network, and both together."""
    of_ngrams, of_lstm, mean = (page.bits(p) for p in (page.of_ngrams, page.of_lstm, page.of_both))
    quote(trained=True, perplexity=2**mean)
    claim("The LSTM alone is not ahead of the counts.", of_lstm > of_ngrams - 0.02)
    claim("The mean of both is better than either", mean < min(of_ngrams, of_lstm) - 0.04)
    claim("as unsure as among about seven", 6.5 < 2**mean < 7.5)
    splits(page.results)


def splits(results):
    """Four models on five splits."""
    lead = {key: rows.set_index("split")["lead"] for key, rows in results.groupby(["mix", "model"])}
    networks = ["LSTM", "tuned LSTM", "feed-forward"]
    claim(
        "no network is ahead on all five splits",
        all(lead["alone", name].min() < 0 and len(lead["alone", name]) == 5 for name in networks),
    )
    regression = lead["alone", "regression"]
    claim("all dots of the LSTM alone lie lower", lead["alone", "LSTM"].max() < -0.03)
    claim("Only the regression is, and narrowly.", 0 < regression.min() < regression.max() < 0.08)
    claim(
        "averaged, are better than one",
        all((lead["two of it", name] > lead["alone", name]).all() for name in networks),
    )
    claim(
        "every model is ahead on all five splits",
        all(lead["with 5-grams", name].min() > 0.02 for name in [*networks, "regression"]),
    )
    claim(
        "together with the counts each is better than alone",
        all((lead["with 5-grams", n] > lead["alone", n]).all() for n in [*networks, "regression"]),
    )
    claim(
        "gains more than from another training of itself",
        all((lead["with 5-grams", name] > lead["two of it", name]).all() for name in networks),
    )


def exercises(page):
    quote(trained=True, gradient_bias=np.abs(page.of_bias).max())
    claim("In our LSTM no letter is off by more than", np.abs(page.of_bias).max() < 0.03)
    ahead = page.words_counts - page.words_lstm
    quote(trained=True, words_lead=ahead)
    claim("On these words the LSTM is ahead", ahead > 0.01)
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
