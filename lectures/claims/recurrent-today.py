"""What `recurrent-today` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    claim("Two lines check it", np.allclose(page.full[:, 0], page.by_convolution))
    claim("a diagonal matrix costs nothing", np.allclose(page.full, page.diagonal))
    claim("their order matters", page.order_matters)
    states = page.states[:, 0]
    claim(
        "The 5 is taken, two inputs hardly change it, and the 7 replaces it",
        abs(states[0] - 5) < 0.2 and abs(states[2] - states[0]) < 0.2 and abs(states[3] - 7) < 0.2,
    )
    claim("There is the 8: $3 + 5$", page.added[-1, 0] == 8)
    claim(
        "Ann has 5, and Bob's row is untouched", page.replaced[-1, 0] == 5 and page.table[1, 0] == 1
    )
    recall(page.chosen, page.without_order)


def recall(rows, without_order):
    """The experiment."""
    linear, gated, delta = "linear attention", "gated linear attention", "delta rule"
    show, plain, softmax, lstm = "minGRU, output gate", "minGRU", "softmax attention", "LSTM"
    rows = rows[rows["model"] != "best without order"]
    of = rows.groupby(["keys", "model"])["accuracy"].agg(["mean", "min", "max", "size"])
    new, known, once = (of.loc[keys] for keys in ("new", "known", "once"))
    sizes = rows.groupby("model")[["weights", "numbers"]].first().astype(int)
    weights, numbers = sizes["weights"], sizes["numbers"]
    quote(
        weights_delta=int(weights[delta]),
        weights_gated=int(weights[gated]),
        weights_plain=int(weights[plain]),
        weights_show=int(weights[show]),
        weights_lstm=int(weights[lstm]),
        weights_softmax=int(weights[softmax]),
        numbers_softmax=int(numbers[softmax]),
        new_delta=new["mean"][delta],
        new_linear=new["mean"][linear],
        new_gated=new["mean"][gated],
        new_show=new["mean"][show],
        new_softmax=new["mean"][softmax],
        once_delta=once["mean"][delta],
        once_linear=once["mean"][linear],
        known_plain=known["mean"][plain],
    )
    claim("All recurrent layers have a state of 64 numbers", (numbers.drop(softmax) == 64).all())
    claim("weights each.", weights[linear] == weights[delta])
    claim("with five seeds at each of three rates", (of["size"] == 5).all())
    claim("Linear attention, a sum, stays below it", new["max"][linear] < without_order)
    claim(
        "Gates help: gated linear attention has",
        new["max"][linear] < new["min"][gated]
        and max(new["max"][gated], new["max"][show]) < new["min"][delta],
    )
    claim(
        "without that gate the minGRU is no better than the sum",
        new["mean"][plain] < new["mean"][linear] + 0.02,
    )
    claim("Softmax attention recalls", new["min"][softmax] > 0.99)
    claim(
        "So the large lead is there only where keys repeat",
        new["min"][delta] - new["max"][linear] > 0.2
        and abs(once["mean"][delta] - once["mean"][linear]) < 0.05,
    )
    claim("recall more than 99 %", (known["mean"][[show, lstm, gated, delta]] > 0.99).all())
    claim("Without its output gate the minGRU has", known["max"][plain] < 0.85)
