"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    scores = page.valid_bits
    by_code = page.ladder[3][page.symbols.index("a")]
    quote(
        bits_uniform=np.log2(len(page.symbols)),
        qu_bits=-np.log2(by_code),
        valid_best=min(scores.values()),
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
    by_context = page.by_contexts(trigrams, 3)
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
        "On the validation names 5-grams in the modified form are best",
        min(scores, key=scores.get) == (5, "modified"),
    )
    claim(
        "The refinement saves about as much as one more letter of context.",
        0.15 < scores[5, "plain"] - scores[5, "modified"] < 0.35
        and 0.15 < scores[3, "modified"] - scores[4, "modified"] < 0.35,
    )
    claim(
        "Looking back further than four letters does not help",
        scores[6, "modified"] > scores[5, "modified"],
    )
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
    both, error = page.lead(page.of_both, page.of_ngrams, page.test_names)
    over_lstm, lstm_error = page.lead(page.of_both, page.of_lstm, page.test_names)
    ours, mean = page.bits(page.of_lstm), page.bits(page.of_both)
    quote(trained=True, perplexity=2**mean)
    claim("Alone our LSTM is not ahead of the 5-grams.", ours > page.bits(page.of_ngrams) - 0.02)
    claim(
        "But the mean of both is better than either, by many standard errors",
        both > 4 * error and over_lstm > 4 * lstm_error,
    )
    claim("as unsure as among about seven", 6.5 < 2**mean < 7.5)
    splits(page.results)


def splits(results):
    """Four models on five splits."""
    keys = ["mix", "model"]
    lead = {key: rows.set_index("split")["lead"] for key, rows in results.groupby(keys)}
    late = results.groupby(keys)["late"].mean()
    four, regression, lstm, dropped = (
        (lead["alone", name], lead["with 5-grams", name])
        for name in ("four letters", "regression", "LSTM", "LSTM, more dropout")
    )
    claim("The LSTM is behind the 5-grams on all five splits", lstm[0].max() < -0.03)
    claim("with more dropout about level with them", dropped[0].abs().max() < 0.06)
    claim(
        "Only the regression is always ahead, by little.",
        0 < regression[0].min() < regression[0].max() < 0.08
        and max(dropped[0].min(), four[0].max()) < 0,
    )
    claim("Every model gains, even", min(m[1].min() for m in (four, regression, lstm, dropped)) > 0)
    claim(
        "But on every split the LSTMs gain more than both rivals",
        all(
            (model[1] > rival[1]).all() for model in (lstm, dropped) for rival in (four, regression)
        ),
    )
    quote(late_lstm=late["with 5-grams", "LSTM"], late_four=late["with 5-grams", "four letters"])
    claim(
        "most of it late in a name",
        late["with 5-grams", "LSTM"] > 1.7 * late["with 5-grams", "four letters"],
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
