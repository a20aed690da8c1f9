"""What `padding` quotes of its numbers, and what it claims."""

import warnings

import keras
import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("80,000 weights", page.network.layers[0].count_params() == 80_000)
    claim("Where is the 5?", len(page.sequences[0]) == 5)
    claim("hardly any is cut", np.mean(page.X_train[:, -1] != 0) < 0.001)
    claim("More than half of the array is zeros.", np.mean(page.X_train == 0) > 0.5)
    moving(page)
    practice(page)
    trained(page, page.runs)


def moving(page):
    """What 40 zeros do to the state of a new network, in five random seeds."""
    for skipped in (False, True):
        states = np.array([states_of(page, seed, skipped) for seed in range(5)])
        last_word = np.linalg.norm(states[:, 9], axis=-1)
        moved = np.linalg.norm(np.diff(states[:, 9:], axis=1), axis=-1).min(axis=1)
        at_the_end = np.linalg.norm(states[:, -1] - states[:, 9], axis=-1)
        if skipped:
            claim("the state of the last word reaches the end unchanged", at_the_end.max() < 1e-6)
        else:
            claim(
                "It is not. The state changes at each zero (left).",
                (moved > 0.05 * last_word).all() and (at_the_end > 0.3 * last_word).all(),
            )


def states_of(page, seed, skipped):
    """States (T, p) of one new network over ten words and 40 zeros."""
    keras.utils.set_random_seed(seed)
    x = keras.layers.Embedding(5000, 16)(np.pad(page.words, ((0, 0), (0, 40))))
    rnn = keras.layers.SimpleRNN(16, return_sequences=True)
    return np.array(rnn(x, mask=page.mask if skipped else None))[0]


def practice(page):
    """Which layers use, pass on or drop a mask, and what bucketing saves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        new = keras.layers
        sequences = {"return_sequences": True}
        recurrent = [new.SimpleRNN, new.LSTM, new.GRU]
        both = [new.Bidirectional(new.LSTM(3)), new.Bidirectional(new.LSTM(3, **sequences))]
        claim(
            "used: masked steps repeat state and output; passed on with",
            all(same_with_zeros(kind(3)) for kind in recurrent)
            and all(repeats(kind(3, **sequences)) for kind in recurrent)
            and all(passes(kind(3, **sequences)) for kind in recurrent)
            and same_with_zeros(both[0])
            and passes(both[1]),
        )
        claim("the mean is over the words alone", same_with_zeros(new.GlobalAveragePooling1D()))
        passing = [new.Dense(3), new.Dropout(0.5), new.LayerNormalization()]
        claim("not used, but passed on", all(passes(layer) for layer in passing))
        claim(
            "masked mean of nothing is",
            np.isnan(new.GlobalAveragePooling1D()(masked_vectors([[0, 0]]))).all(),
        )
        claim(
            "a recurrent layer ends at its initial state",
            not np.any(new.SimpleRNN(3)(masked_vectors([[0, 0]]))),
        )
    dropping = [
        new.GlobalMaxPooling1D(),
        new.Conv1D(3, 2),
        new.Flatten(),
        type("Own", (keras.Layer,), {"call": lambda self, inputs: inputs})(),
    ]
    claim("dropped, with a warning", all(warns(layer) for layer in dropping))
    claim(
        "the output must stay the same when more zeros follow a text",
        page.ignores_padding(page.network, page.some)
        and not page.ignores_padding(page.unmasked, page.some),
    )
    outputs = [page.network(ids) for ids in (page.some, page.pre_padded)]
    claim(
        "With a mask, pre-padding and post-padding give the same output.",
        np.allclose(*outputs, atol=1e-4),
    )
    claim(
        "put texts of similar length into one batch",
        page.left["by length"] < 0.5 < 0.7 < page.left["as they come"],
    )


def masked_vectors(ids):
    """Vectors (n, T, 4) of ids, with their mask."""
    return keras.layers.Embedding(10, 4, mask_zero=True)(np.array(ids))


def after(layer, inputs, zeros):
    """The layer's output for one text of three words and some zeros, by the same embedding."""
    return layer(inputs(np.array([[1, 2, 9] + zeros * [0]])))


def same_with_zeros(layer):
    """Whether four zeros behind a text leave the layer's only output as it is."""
    embedding = keras.layers.Embedding(10, 4, mask_zero=True)
    return np.allclose(after(layer, embedding, 0), after(layer, embedding, 4), atol=1e-6)


def repeats(layer):
    """Whether the output of the last word is repeated over four zeros."""
    out = np.array(after(layer, keras.layers.Embedding(10, 4, mask_zero=True), 4))
    return np.allclose(out[:, 3:], out[:, 2:3], atol=1e-6)


def passes(layer):
    """Whether a mean behind the layer still skips the zeros, and no warning comes."""
    network = keras.Sequential([layer, keras.layers.GlobalAveragePooling1D()])
    return not warns(layer) and same_with_zeros(network)


def warns(layer):
    """Whether the layer says that it drops the mask."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        layer(masked_vectors([[1, 2, 9, 0]]))
    return any("destroy the mask information" in str(one.message) for one in caught)


def trained(page, runs):
    """The page's own network, and those of the experiment."""
    names = ("no mask", "no mask, zeros in front", "mask", "LSTM, no mask", "LSTM, mask")
    behind, front, mask, lstm, lstm_mask = (runs[runs["model"] == name] for name in names)
    passed = {name: (rows["accuracy"] > 0.6).sum() for name, rows in runs.groupby("model")}
    smaller = behind[behind["rate"] < 0.01]
    fit = smaller.groupby("rate")["loss"].median().max()
    quote(trained=True, pad_masked=page.scores[True, 0])
    quote(
        pad_post=passed["no mask"],
        pad_mask_runs=passed["mask"],
        pad_majority=page.lines["accuracy"],
        pad_fit=fit,
        pad_zeros=(page.X_train == 0).sum(axis=1).mean(),
    )
    claim(
        "Without it chance decides how much worse the network gets",
        max(page.scores[False, 0], page.scores[False, 1]) < page.scores[True, 0],
    )
    chosen = mask.loc[mask["rate"] == 0.001, "epoch"]
    claim("three epochs (chosen on validation reviews)", chosen.median() == 3)
    claim("Set one argument of one layer, and", passed["mask"] > 16)
    claim(
        "nearly every `SimpleRNN` stays close to guessing, at all four learning rates",
        (behind["accuracy"] < 0.6).groupby(behind["rate"]).mean().min() >= 0.6
        and (behind["accuracy"] < 0.6).mean() >= 0.9
        and len(behind) == len(mask) == 20,
    )
    claim("With the zeros in front most learn", 10 < (front["accuracy"] > 0.6).sum() < 18)
    claim("with the mask all but two do", (mask["accuracy"] > 0.6).sum() == 18)
    claim(
        "The `LSTM` needs the mask less.",
        (lstm["accuracy"] > 0.6).sum() > 15 and (lstm_mask["accuracy"] > 0.6).all(),
    )
    claim(
        "At no learning rate does the mean of a row reach the",
        runs.groupby(["model", "rate"])["accuracy"].mean().max() < page.lines["bag_of_words"],
    )
    claim("It learns its *training* reviews", fit < 0.25)


def exercises(page):
    quote(trained=True, pad_norm=page.norm_of_product)
    claim("in a new network it is never above 1", page.norm_of_product < 1 + 1e-5)
    by_zeros = page.by_zeros
    claim(
        "Five zeros change little, and after 80 this network guesses.",
        abs(by_zeros[5] - by_zeros[0]) < 0.08 and by_zeros[80] < 0.56 < by_zeros[0],
    )
