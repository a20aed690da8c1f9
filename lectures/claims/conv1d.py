"""What `conv1d` quotes of its numbers, and what it claims."""

from helpers.results import load_comparisons
from tools.claims import claim, quote

POOLED, LOCAL, FLAT = "convolution, max", "locally connected, max", "convolution, Flatten"
DENSE, COPIES = "dense", "dense, shifted copies"


def lesson(page):
    by_hand(page)
    padding(page)
    places(page.results)
    fields = page.fields
    quote(field_dilated=fields[32], field_narrow=fields[1])
    claim(
        "as the formula says, with the same number of weights", list(fields.values()) == [127, 13]
    )
    alarms(page.results)
    filters(page)
    films(page)


def by_hand(page):
    """The layer against Keras, and the first two networks."""
    dense, pooled = page.accuracy["dense"], page.accuracy["convolution"]
    quote(trained=True, accuracy_dense=dense, accuracy_pooled=pooled)
    quote(best_bumps=page.best_bumps)
    claim("of the test series, little better than guessing", dense < 0.7)
    claim("The convolution is right for", pooled > 0.88)
    claim(
        "has a hundredth of the weights",
        100 <= page.dense.count_params() / page.pooled.count_params() < 130,
    )
    best = page.W_learned[:, 0, page.v_learned[:, 0].argmax()]
    likeness = best.mean() / (best**2).mean() ** 0.5  # cosine with a flat bump
    claim("The filter with the largest output weight is nearly flat", likeness > 0.9)
    claim("They are the same in all nine cases.", len(page.agree) == 9 and all(page.agree))
    claim("505 here, for a series of any length", page.same_as_dense)
    claim("The outputs for a shifted series are the shifted outputs", page.moved)
    claim("A maximum does not care where they are, since", page.same_maximum and page.change > 1)


def padding(page):
    """Averages as forecasts."""
    claim("The centred average wins in every series", page.wins["same"] == len(page.logs))
    claim("In the same way the causal average has", abs(page.ratios["causal"] - 2.2) < 0.1)
    claim("with variance $\\tfrac{1 + 9 + 4 + 1}{25}", abs(page.ratios["same"] - 0.6) < 0.02)
    claim(
        "*Same* moves by a fifth of the dollar, *causal* does not move.",
        abs(page.moves["same"] - 0.2) < 1e-9 and page.moves["causal"] == 0,
    )


def places(results):
    """A bump anywhere, by the number of series."""
    rows = results[(results["study"] == "anywhere") & (results["number"] > 0)]
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    chosen = rows.set_index(["number", "model"])["accuracy"]
    flat = {number: chosen[number, FLAT] for number in (250, 1000, 4000)}
    quote(
        pooled_250=mean[250, POOLED],
        local_4000=mean[4000, LOCAL],
        flat_low=flat[250].min(),
        flat_high=flat[250].max(),
        flat_4000=mean[4000, FLAT],
    )
    worst = rows[rows["model"] == POOLED].groupby("number")["accuracy"].min()
    best = rows[rows["model"] != POOLED].groupby("number")["accuracy"].max()
    claim(
        "With both halves 250 series are enough",
        mean[250, POOLED] > 0.91 and (worst > best).all(),
    )
    claim(
        "Without shared filters even 4,000 series give only", chosen[4000, LOCAL].max() < worst[250]
    )
    claim("Without pooling, it depends on the seed", flat[250].max() - flat[250].min() > 0.3)
    claim(
        "and with 1,000 one of five still fails to train",
        (flat[1000] < 0.55).sum() == 1 and (flat[1000] > 0.9).sum() == 4,
    )
    claim("With 4,000 series all five come to", flat[4000].max() - flat[4000].min() < 0.01)
    claim(
        "Shifted copies help the dense network",
        all(mean[number, COPIES] > mean[number, DENSE] + 0.05 for number in flat),
    )
    claim("it is still behind the convolution with 250", chosen[4000, COPIES].max() < worst[250])


def alarms(results):
    """At least three pulses in 64 steps."""
    rows = results[results["study"] == "window"]
    lines = rows.dropna(subset=["baseline"]).set_index("baseline")["accuracy"]
    rule = lines["rule by hand"]
    networks = rows[rows["baseline"].isna()].groupby("model")["accuracy"]
    mean, low, high = networks.mean(), networks.min(), networks.max()
    quote(
        alarm_stack=mean["dilated stack"],
        alarm_gru=mean["GRU"],
        alarm_rule=rule,
    )
    stack, others = "dilated stack", ("GRU", "LSTM")
    ahead = [mean[stack] - mean[one] for one in others]
    best = max(high[one] for one in others)
    claim(
        "less than a point apart, and not for every seed",
        min(ahead) > 0 and max(ahead) < 0.01 and low[stack] < best,
    )
    claim("knows what a pulse looks like, is at least as good", 0 < rule - mean[stack] < 0.01)
    claim(
        "Without dilation the same stack does no better than the majority class",
        abs(mean["stack without dilation"] - lines["majority"]) < 0.01,
    )
    claim(
        "The dense network and the trees stay behind.",
        max(high["dense"], lines["boosted trees"]) < min(low["GRU"], low["dilated stack"]),
    )
    claim("the GRU at {glue:text}`alarm_gru:.1%`", mean["GRU"] > lines["boosted trees"] + 0.03)
    stack, gru = (rows[rows["model"] == model] for model in ("dilated stack", "GRU"))
    quote(
        weights_stack=int(stack["weights"].iloc[0]),
        weights_gru=int(gru["weights"].iloc[0]),
        seconds_stack=(stack["seconds"] / stack["epochs"]).mean(),
        seconds_gru=(gru["seconds"] / gru["epochs"]).mean(),
    )
    epoch = [(one["seconds"] / one["epochs"]).mean() for one in (stack, gru)]
    claim("With 256 steps it hardly matters", 0.5 < epoch[0] / epoch[1] < 2)


def filters(page):
    """What the filters detect."""
    up, down = page.share["true"]
    fooled_up, fooled_down = page.share["shuffled"]
    quote(
        trained=True,
        accuracy_reader=page.accuracy_reader,
        share_up=up,
        share_down=down,
        fooled_up=fooled_up,
        fooled_down=fooled_down,
    )
    claim("It is right for", page.accuracy_reader > 0.72)
    claim("This is evidence", up > 0.62 and down < 0.38)
    claim(
        "its lists say nothing about reviews that it has not seen",
        abs(fooled_up - 0.5) < 0.1 and abs(fooled_down - 0.5) < 0.1,
    )


def films(page):
    """Filters beside counted pairs."""
    told = load_comparisons("text_filters")
    one, two, kim = "filters of 1 word", "filters of 2 words", "filters of 3 to 5 words"
    bayes = [f"naive Bayes, {counted}" for counted in ("words", "words and pairs")]
    wider, more = told[f"{kim} - {one}"], told[f"{bayes[1]} - {bayes[0]}"]
    quote(
        films_wider=100 * wider["estimate"],
        films_wider_error=100 * wider["error"],
        bayes_pairs=100 * more["estimate"],
        bayes_error=100 * more["error"],
    )
    claim(
        "Filters of two words are no more accurate than filters of one",
        told[f"{two} - {one}"]["verdict"] == "level",
    )
    claim("Kim's widths are", wider["verdict"] == "level" and wider["estimate"] > 0)
    claim(
        "Naive Bayes beats all three with single words already",
        all(told[f"{name} - {bayes[0]}"]["verdict"] == "worse" for name in (one, two, kim)),
    )


def exercises(page):
    rates = page.rates
    quote(trained=True, against_100=page.against[100], against_1000=page.against[1000])
    claim(
        "The average finds no bump any more and gives no false alarm",
        max(rates["average", 1000]) < 0.05,
    )
    claim(
        "but only the maximum keeps most of its accuracy at another *length*",
        rates["maximum", 1000][0] - rates["maximum", 1000][1] > 0.4,
    )
    claim(
        "The maximum misses more bumps than before.",
        rates["maximum", 1000][0] < rates["maximum", 100][0],
    )
    claim(
        "and the largest of ten times as many noise windows is larger",
        page.against[1000] < page.against[100] < 0,
    )
