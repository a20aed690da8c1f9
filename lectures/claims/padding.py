"""What `padding` quotes of its numbers, and what it claims."""

import warnings

import keras
import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim(
        "80,000 weights",
        keras.layers.Embedding(5000, 16)(np.zeros((1, 1))).shape[2] * 5000 == 80_000,
    )
    claim("Where is the 5?", len(page.sequences[0]) == 5)
    claim("hardly any is cut", np.mean(page.X_films[:, -1] != 0) < 0.001)
    claim("More than half of the array is zeros.", np.mean(page.X_films == 0) > 0.5)
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
        "a row must give the same output as its words alone",
        page.ignores_padding(page.network, page.some)
        and not page.ignores_padding(page.new_network(mask=False), page.some),
    )
    front = keras.utils.pad_sequences([row[row != 0] for row in page.some], maxlen=70)
    claim(
        "it does not matter to a recurrent layer on which side the zeros are",
        np.allclose(page.network(page.some), page.network(front), atol=1e-4),
    )
    claim("drops the mask *without* a warning", silent())


def silent():
    """Whether arithmetic loses the mask, and says nothing."""
    embedding, rnn = keras.layers.Embedding(10, 4, mask_zero=True), keras.layers.SimpleRNN(3)
    ids, longer = np.array([[1, 2, 9]]), np.array([[1, 2, 9, 0, 0]])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        outputs = [np.array(rnn(2 * embedding(some))) for some in (ids, longer)]
    told = any("mask" in str(one.message) for one in caught)
    return not told and np.abs(outputs[0] - outputs[1]).max() > 1e-3


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
    """The page's own networks, and those of the experiment."""
    scores = list(page.scores.values())
    claim("With zeros in front and with a mask it learns", min(scores[1], scores[3]) > 0.95)
    claim("It even learns it when 45 zeros stand behind *every* row.", scores[2] > 0.95)
    claim("a number that differs from row to row", scores[0] < 0.6)
    names = ("no mask", "no mask, zeros in front", "mask", "LSTM, no mask", "LSTM, mask")
    behind, front, mask, lstm, lstm_mask = (runs[runs["model"] == name] for name in names)
    fit, fit_mask = (
        rows[rows["rate"] < 0.01].groupby("rate")["loss"].median().max() for rows in (behind, mask)
    )
    majority = page.lines["accuracy"]
    quote(
        pad_post=behind["accuracy"].mean(),
        pad_mask=mask["accuracy"].mean(),
        pad_majority=majority,
        pad_fit=np.ceil(100 * fit) / 100,
        pad_zeros=(page.X_films == 0).sum(axis=1).mean(),
    )
    claim("on average over 20 trainings", len(behind) == len(mask) == 20)
    claim("Set one argument of one layer, and", mask["accuracy"].mean() > 0.7)
    claim(
        "stay within ten percentage points of a guess",
        (behind["accuracy"] < majority + 0.1).sum() >= 16,
    )
    claim(
        "With the zeros in front many learn", 12 < (front["accuracy"] > majority + 0.1).sum() < 18
    )
    claim("with the mask all but two", (mask["accuracy"] > majority + 0.1).sum() == 18)
    by_rate, by_rate_mask = (rows.groupby("rate")["accuracy"] for rows in (lstm, lstm_mask))
    claim(
        "does as well without a mask at the two smaller rates",
        (by_rate.mean() - by_rate_mask.mean()).iloc[:2].abs().max() < 0.01,
    )
    claim(
        "mostly fails at the largest",
        (by_rate.median() < majority + 0.11).iloc[3] and by_rate_mask.min().iloc[3] > 0.75,
    )
    claim(
        "No row's mean reaches the",
        runs.groupby(["model"])["accuracy"].mean().max() < page.lines["bag_of_words"],
    )
    claim("It learns its *training* reviews", fit < 0.25)
    claim("With the mask it falls as low.", fit_mask <= fit)


def exercises(page):
    quote(trained=True, pad_norm=page.norm_of_product)
    claim("in a new network it is never above 1", page.norm_of_product < 1 + 1e-5)
    by_zeros = page.by_zeros
    claim("A single zero is enough: it moves the state", by_zeros[1] < 0.6 < 0.95 < by_zeros[0])
