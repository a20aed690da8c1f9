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
        'After "qu" came "e" six times, "i" three times and "l" once.',
        page.after_qu == {"e": 6, "i": 3, "l": 1},
    )
    claim(
        "The last is 0.225 times the one before",
        np.isclose(by_code, 0.225 * page.ladder[2][page.symbols.index("a")]),
    )
    trigrams = page.count_ngrams(page.train_names, 3)
    by_context = page.by_contexts(trigrams, 3)
    claim(
        'nearly every "j" begins a name',
        trigrams["j"] > trigrams["p"]
        and trigrams[".j"] > 0.9 * trigrams["j"]
        and by_context["p"] > by_context["j"],
    )
    claim(
        "On the validation names 5-grams are best", page.best_n == min(scores, key=scores.get) == 5
    )
    claim(
        "Looking back further than four letters does not help",
        min(scores[6], scores[7]) > scores[5],
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
    alone, alone_error = page.lead(page.of_lstm, page.of_ngrams, page.test_names)
    ours, mean = page.bits(page.of_lstm), page.bits(page.of_both)
    quote(trained=True, perplexity=2**mean, our_lstm=ours)
    claim("the difference is less than two standard errors", abs(alone) < 2 * alone_error)
    claim(
        "But the mean of both is better than either, by far more than that",
        both > 4 * error and mean < ours - 0.04,
    )
    claim("as unsure as among about seven", 6.5 < 2**mean < 7.5)
    stored(page, ours)


def stored(page, ours):
    """The networks of the experiment."""
    kinds = {key: rows["test"] for key, rows in page.lstms.groupby(["dropout", "mix"])}
    longer, dropped = kinds["output", "LSTM"], kinds["everywhere", "LSTM"]
    alone = page.results[page.results["mix"] == "LSTM"]
    rates = alone.groupby(["dropout", "rate"])["valid"].mean()
    claim(
        "each at the best of three learning rates",
        {len(test) for test in kinds.values()} == {5}
        and rates.groupby("dropout").size().eq(3).all()
        and all(rates[kind].idxmin() == rate for kind, rate in page.rates.items()),
    )
    counted = page.bits(page.of_ngrams)
    claim("The five LSTMs like ours are behind the 5-grams", longer.min() > counted + 0.01)
    claim("was lucky", ours < longer.min() + 0.005)
    valid = page.lstms.query("dropout == 'everywhere' and mix == 'LSTM'")["valid"]
    claim(
        "a little ahead on these test names, a little behind on the validation names",
        counted - 0.06 < dropped.min() < dropped.max() < counted
        and 0 < valid.min() - min(page.valid_bits.values()) < 0.06,
    )
    claim("The regression is ahead of them all", page.regression < min(dropped.min(), ours))
    one, two, mixed = (
        [kinds[dropout, mix] for dropout in ("output", "everywhere")]
        for mix in ("LSTM", "two LSTMs", "LSTM and 5-grams")
    )
    claim(
        "Two LSTMs are better than one",
        all(more.mean() < less.mean() for more, less in zip(two, one, strict=True)),
    )
    claim(
        "But an LSTM and the 5-grams together are better than two LSTMs",
        all(best.max() < more.min() for best, more in zip(mixed, two, strict=True)),
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
