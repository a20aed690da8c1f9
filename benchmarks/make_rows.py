"""Cut reviews of the sample into token ids, as the lectures do; one file for all settings."""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

from benchmarks.recipe import TOKENS, WORDS
from helpers.data import load_reviews


def main(target: Path, num_rows: int) -> None:
    """Write ids (n, 100), pads behind, and labels (n,) to an .npz."""
    reviews = load_reviews()
    train = reviews[reviews["split"] == "train"].head(num_rows)
    vectorize = layers.TextVectorization(max_tokens=WORDS, output_sequence_length=TOKENS)
    vectorize.adapt(train["text"].tolist())
    ids = keras.ops.convert_to_numpy(vectorize(train["text"].tolist()))
    np.savez(target, ids=ids.astype("int32"), labels=train["label"].to_numpy("int32"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
