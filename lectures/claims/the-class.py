"""What `the-class` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    exact(page)
    seeds(page)
    days(page.results)
    on_yelp(page)
    quora(page)
    slips(page)


def exact(page):
    """What comes back to the last digit."""
    value = page.value["file"]
    quote(
        class_companies=int(value["companies"]),
        class_read_off=int(value["targets read off"]),
        class_rule=value["MSE of the rule"],
        class_outside=int(value["targets outside"]),
        class_lowest=value["lowest target"],
        class_highest=value["highest target"],
        class_second_row=page.digits["file", "second row"],
        class_last_loss=float(page.digits["neuron", "last loss"]),
    )
    claim(
        "comes back in every digit that the slides print",
        all(of_class == ours for of_class, ours in page.exact.values()),
    )
    claim(
        "It stays behind persistence, on the rows it was trained on",
        page.value["neuron", "MSE"] > value["MSE of persistence"],
    )
    claim(
        "The counts of parameters come back too, layer by layer",
        all(of_class == ours for of_class, ours, _ in page.parameters.values()),
    )
    claim(
        "`Tokenizer(num_words=10)` keeps nine words",
        page.padded.tolist() == [[1, 2, 3, 4], [1, 2, 6, 7], [1, 2, 8, 0], [1, 2, 9, 0]]
        and len(page.word_index) == 9,
    )


def seeds(page):
    """Keras's neuron and stack."""
    neurons, stacks = page.neurons, page.stacks["mse"]
    persistence, rule = (page.value["file", f"MSE of {n}"] for n in ("persistence", "the rule"))
    failed = neurons["mse"] > 3 * persistence
    trained = neurons[~failed]
    quote(
        class_least_failed=neurons["mse"][failed].min(),
        class_most_failed=neurons["mse"][failed].max(),
        class_least=trained["mse"].min(),
        class_most=trained["mse"].max(),
        class_below=int((trained["mse"] < 0.0438).sum()),
        class_stack_least=stacks.min(),
        class_stack_most=stacks.max(),
    )
    claim("Two of the sixteen failed to train", len(neurons) == 16 and failed.sum() == 2)
    claim("Both began with a recurrent weight of", (neurons["start"][failed] < 0).all())
    claim("The other fourteen end between", len(trained) == 14)
    claim("and the class's 0.0277 lies among them", stacks.min() < 0.0277 < stacks.max())
    claim("All five are ahead of persistence", stacks.max() < persistence)
    claim(
        "three of the five stacks are behind it, and so is the class's",
        (stacks > rule).sum() == 3 and len(stacks) == 5 and rule < 0.0277,
    )


def days(results):
    """What one target day is worth."""
    rows = results[results["part"] == "days"]
    kept = load_comparisons("class_numbers")
    same, earlier = kept["ridge, same_day"], kept["ridge, earlier_days"]
    quote(
        class_days=len(rows),
        class_day_naive=rows["persistence"].mean(),
        class_same_day=same["mse"],
        class_same_wins=same["wins"],
        class_earlier=earlier["mse"],
        class_earlier_wins=earlier["wins"],
    )
    claim("Trained on windows of the *same* day", same["rule"] == "better")
    claim("Trained on windows of *earlier* days", earlier["rule"] == "worse")


def on_yelp(page):
    """Four networks on reviews."""
    rows, kept = page.reviews, load_comparisons("class_numbers")
    lead, lead_masked = (kept[f"LSTM - SimpleRNN, {m}"] for m in ("unmasked", "masked"))
    masked = rows[rows["masked"].astype(bool)].groupby("model")["accuracy"]
    mean, plain = masked.mean(), page.unmasked.mean()
    tuned = load_results("review_classifiers")
    tuned = tuned[(tuned["data"] == "Yelp") & tuned["chosen"].astype(bool)]
    tuned = tuned[tuned["order"] == "as written"].groupby("model")["accuracy"].mean()
    quote(
        class_rnn_masked=mean["SimpleRNN"],
        class_rnn_masked_least=masked.min()["SimpleRNN"],
        class_lstm_masked=mean["LSTM"],
        class_lead=lead,
        class_lead_masked=lead_masked,
        class_tuned_rnn=tuned["SimpleRNN"],
        class_tuned_lstm=tuned["LSTM"],
        class_tuned_bag=tuned["words and pairs"],
    )
    claim("The MLP comes within two points of the class's", abs(plain["MLP"] - 0.5872) < 0.02)
    others = page.unmasked.max().drop("LSTM").max()
    claim("The LSTM is far ahead of the other three", page.unmasked.min()["LSTM"] > others + 0.05)
    near = [np.mean(page.unmasked.get_group(m) < 0.6) for m in plain.index if "RNN" in m]
    claim("is near one half for most seeds", min(near) > 0.5 and len(near) == 2)
    low = (masked.get_group("SimpleRNN") < 0.6).sum()
    claim("one seed stays at", low == 1)
    claim("more than half of the lead is padding", lead_masked < lead / 2)


def quora(page):
    """How many pairs."""
    rows = load_results("duplicate_questions")
    real = rows[(rows["data"] == "real") & rows["chosen"].astype(bool)]
    mean = real.groupby("model")["test"].mean()
    quote(
        class_right=round(40_429 * 0.8325954079627991),
        class_quora_train=int(real["num_train"].iloc[0]),
        class_quora_lstm=mean["LSTM"],
        class_quora_words=mean["words"],
    )
    claim("A hundred pairs cannot give this number", page.possible.min() > 1000)
    near = page.possible[(page.possible > 40_000) & (page.possible < 41_000)]
    claim("three can, and 40,429 is a tenth of 404,290", 40_429 in near and len(near) == 3)


def slips(page):
    """The odd output layer, and what Keras refuses."""
    claim(
        "the output lies between half the output gate and all of it",
        page.ratio.min() >= 0.5 and page.ratio.max() < 1 and page.cell.min() > 0,
    )
    claim("so there are a hundred outputs for one label", page.mlp.output_shape == (2, 100, 1))
    turned = [np.convolve([0, 1, 2, 1, 0], k, "same") for k in ([1, 0, -1], [-1, 0, 1])]
    claim("with which the sign changes", np.array_equal(turned[0], -turned[1]))
