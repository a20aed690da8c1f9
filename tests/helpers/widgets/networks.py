"""Small networks for the explorer, in NumPy and in Keras, and texts that are hard to read."""

from __future__ import annotations

from typing import Any

import numpy as np

from helpers.widgets.explorer_lstm import Network

EVIL = (
    "</script><script>alert(1)</script><!-- <b>bold</b> <img src=x onerror=alert(2)> \"' & "
    "\u2028 \u2029 \ud800"
)
ODD_TEXTS = [
    "",
    "   \t\n ",
    "!!! ... ???",
    "Don't stop-me_now (please) 5.5 [UNK]",
    "no\u00a0break\u2003em\u3000ideographic\u200bzero\u2028line\x0bvt\x0cff\x1cfs\x85nel",
    "ÄÖÜ İstanbul ǅ STRASSE ẞ Ωmega É café",
    "\N{GRINNING FACE} good\N{THUMBS UP SIGN} ‘curly’ “quotes” …",
    "<b>bold</b> & </script><!-- -->",
    "back\\slash ^caret `tick` {brace} | pipe ~tilde @at #hash $dollar %percent",
]


def a_network(num_words: int = 30, num_features: int = 3, num_units: int = 4, **changes) -> Network:
    """A small network with random weights."""
    m, p = num_features, num_units
    shapes = [(num_words, m), (m, 4 * p), (p, 4 * p), (4 * p,), (p, 1), (1,)]
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(size=shape) for name, shape in zip(Network._fields, shapes, strict=False)
    }
    words = ["", "[UNK]", "good", "bad", "not", *(f"word{k}" for k in range(num_words - 5))]
    return Network(**{**arrays, "vocabulary": words, "about": {}, **changes})


def a_model(num_words: int = 30, num_features: int = 3, num_units: int = 4) -> Any:
    """A Keras model of the kind that the explorer reads."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(num_words, num_features, mask_zero=True),
            layers.LSTM(num_units),
            layers.Dropout(0.1),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
