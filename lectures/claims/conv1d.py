"""What `conv1d` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote

POOLED, LOCAL, FLAT = "convolution, max", "locally connected, max", "convolution, Flatten"


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
    quote(best_bumps=page.best_bumps, by_rule=page.by_rule)
    claim("Guessing is right for 50 % of the test series, the dense network for", dense < 0.7)
    claim("the convolution for", pooled > 0.88)
    claim("So the network is no better than an engineer", page.by_rule > pooled - 0.015)
    claim(
        "has a hundredth of the weights",
        100 <= page.dense.count_params() / page.pooled.count_params() < 130,
    )
    best = page.W_learned[:, 0, page.v_learned[:, 0].argmax()]
    likeness = best.mean() / (best**2).mean() ** 0.5  # cosine with a flat bump
    claim("The filter with the largest output weight is nearly flat", likeness > 0.9)
    claim("They are the same in all nine cases.", len(page.agree) == 9 and all(page.agree))
    claim("The outputs for a shifted series are the shifted outputs", page.moved)
    claim("A maximum does not care where they are, since", page.same_maximum)
    claim("is in general not", abs(page.sums[0] - page.sums[1]) > 1)


def padding(page):
    """Averages as forecasts."""
    claim("The causal mean lags and loses", abs(page.ratios["causal"] - 2.2) < 0.1)
    claim("The other wins in every series", page.wins["same"] == len(page.logs))
    claim(
        "With *same* two outputs see day 50 before it has come.",
        page.seen["same"].tolist() == [48, 49, 50, 51, 52] and page.seen["causal"].min() == 50,
    )


def places(results):
    """A bump anywhere, by the number of series."""
    rows = results[(results["study"] == "anywhere") & (results["number"] > 0)]
    mean = rows.groupby(["number", "model"])["accuracy"].mean()
    chosen = rows.set_index(["number", "model"])["accuracy"]
    flat = {number: chosen[number, FLAT] for number in (250, 4000)}
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
    claim("Without it even 4,000 series give", chosen[4000, LOCAL].max() < worst[250])
    copies = rows[rows["model"] == "dense, shifted copies"].groupby("number")["accuracy"]
    claim(
        "but it stays behind too",
        (copies.min() > mean[:, "dense"]).all() and (copies.max() < worst).all(),
    )
    claim("Without pooling the seed decides", flat[250].max() - flat[250].min() > 0.3)
    claim("With 4,000 all five come to", flat[4000].max() - flat[4000].min() < 0.01)


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
        alarm_majority=lines["majority"],
    )
    stack, others = "dilated stack", ("GRU", "LSTM")
    ahead = [mean[stack] - mean[one] for one in others]
    best = max(high[one] for one in others)
    claim(
        "The stack is not ahead for every seed.",
        min(ahead) > 0 and max(ahead) < 0.01 and low[stack] < best,
    )
    claim("knows what a pulse looks like, is at least as good", 0 < rule - mean[stack] < 0.01)
    claim(
        "Without dilation the stack does no better than the majority class",
        abs(mean["stack without dilation"] - lines["majority"]) < 0.01,
    )
    claim(
        "The dense network and the trees, on raw steps, stay behind.",
        max(high["dense"], lines["boosted trees"]) < min(low["GRU"], low["dilated stack"]),
    )
    claim("Stack and GRU are almost equal", mean["GRU"] > lines["boosted trees"] + 0.03)
    stack, gru = (rows[rows["model"] == model] for model in ("dilated stack", "GRU"))
    quote(
        seconds_stack=(stack["seconds"] / stack["epochs"]).mean(),
        seconds_gru=(gru["seconds"] / gru["epochs"]).mean(),
    )
    epoch = [(one["seconds"] / one["epochs"]).mean() for one in (stack, gru)]
    claim("an epoch took about as long", 0.5 < epoch[0] / epoch[1] < 2)


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
    ids = page.ids_test[:50]
    two, twenty = (np.pad(ids, ((0, 0), (0, more))) for more in (2, 20))
    same = [np.asarray(page.reader.predict(padded, verbose=0)) for padded in (two, twenty)]
    claim("two zeros after a review or twenty give the same", np.allclose(*same, atol=1e-5))
    claim("of the test reviews, about half of which", abs(page.y_test.mean() - 0.5) < 0.02)
    claim("It is right for", page.accuracy_reader > 0.72)
    claim("This is evidence", up > 0.62 and down < 0.38)
    claim(
        "those lists say nothing about reviews that the network has not seen",
        abs(fooled_up - 0.5) < 0.1 and abs(fooled_down - 0.5) < 0.1,
    )


def films(page):
    """Filters, LSTMs and counted words."""
    told = load_comparisons("text_filters")
    one, two, kim = "filters of 1 word", "filters of 2 words", "filters of 3 to 5 words"
    bayes = [f"naive Bayes, {counted}" for counted in ("words", "words and pairs")]
    wider, more = told[f"{kim} - {one}"], told[f"{bayes[1]} - {bayes[0]}"]
    behind = told["convolution, then LSTM - LSTM"]
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
    claim("Kim's widths are", wider["verdict"] != "better" and wider["estimate"] > 0)
    claim("A convolution in front of the LSTM changes little", behind["verdict"] == "level")
    claim(
        "Naive Bayes beats all five with single words already",
        all(
            told[f"{name} - {bayes[0]}"]["verdict"] == "worse"
            for name in (one, two, kim, "LSTM", "convolution, then LSTM")
        ),
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
