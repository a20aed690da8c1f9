"""Does CTC, too, gain from size, and does size help it when the sounds come in reverse?

Design. CTC as in `letter_rivals`, but of the size of the larger network with attention of
`spelling_to_sound` (144,809 weights) and trained as that one is: two bidirectional layers of 2 x 60
units, dropout of 0.3 on the vectors of letters and on what each layer gives, 24 epochs, rate 0.02,
three seeds. On the words of `spelling_to_sound` in order, and with each word's sounds reversed.

Declared before the run: in order about the errors of the larger attention or fewer; reversed more
than 0.18 of the sounds. (Seen before, by readers: .095 and .40 in order, .22 reversed.)
Primary comparisons: phoneme and word error in order, minus those of the larger attention; phoneme
error reversed minus in order.

Rows: order ("in order" or "reversed"), seed, weights, valid (phoneme error), phonemes, words and
both by length as in `spelling_to_sound`.

Cost: about six minutes on two cores, JAX.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import pandas as pd
from keras import layers

from experiments import letter_rivals
from experiments.spelling_to_sound import DROPOUT, LARGER, RATE_OF_LARGER, words_by_split
from helpers.results import load_results

BACKEND = "jax"
MINUTES = 6

SEEDS, EPOCHS, UNITS_EACH = (0, 1, 2), 24, 60
UNITS = [{"order": order, "seed": seed} for order in ("in order", "reversed") for seed in SEEDS]


def run(order: str, seed: int) -> Iterator[dict]:
    """One training and its errors on the test words."""
    parts = words_by_split()
    if order == "reversed":
        parts = {k: v.assign(sounds=v["sounds"].map(lambda x: x[::-1])) for k, v in parts.items()}
    row = letter_rivals.trained_network(build, RATE_OF_LARGER, seed, parts, EPOCHS)
    yield {name: value for name, value in row.items() if name not in ("rate", "seed")}


def compare(rows: pd.DataFrame) -> dict:
    """Differences of means over seeds."""
    attention = load_results("spelling_to_sound").query(
        f"model == 'attention' and chosen and state == {LARGER}"
    )
    mean = rows.groupby("order")[["phonemes", "words"]].mean()
    found = {
        f"{error}, in order, CTC - attention": mean.loc["in order", error] - attention[error].mean()
        for error in ("phonemes", "words")
    }
    found["phonemes, reversed - in order"] = mean["phonemes"].diff().iloc[-1]
    return {name: float(value) for name, value in found.items()}


def build() -> keras.Model:
    """Letters (n, T) to scores (n, 2T, 40) of the blank, number 0, and the sounds."""
    letters = keras.Input((None,), dtype="int32")
    states = layers.Dropout(DROPOUT)(layers.Embedding(27, 32, mask_zero=True)(letters))
    for _ in range(2):
        lstm = layers.LSTM(UNITS_EACH, return_sequences=True)
        states = layers.Dropout(DROPOUT)(layers.Bidirectional(lstm)(states))
    return letter_rivals.with_outputs(letters, states)
