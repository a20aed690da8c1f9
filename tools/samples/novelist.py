"""Train the network that has read Jane Austen, and write ``data/novelist.npz``.

    python -m tools.samples.make novelist

It learns from the training chapters of ``data/austen.csv.bz2``, character by character, so nothing
is fetched.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from helpers.data import DATA_FOLDER, load_austen, write_novelist
from tools.samples.files import bare_code, settings_of

WEIGHTS = "novelist.npz"
NOVELS = "austen.csv.bz2"

NUM_UNITS = 256
ROWS = 16  # pieces of text in an update
NUM_EPOCHS = 5
LEARNING_RATE = 0.012
MEMORY = 400  # steps: the forget gates start more or less open


def digest() -> str:
    """SHA-256 of all that the weights are made from, the computer left aside."""
    from helpers import characters

    settings = settings_of(globals(), int | float | str)
    theirs = settings_of(vars(characters), int | float | str)
    code = [bare_code(part) for part in (characters.as_numbers, characters.build)]
    code += [bare_code(part) for part in (characters.open_gates, characters.train)]
    total = hashlib.sha256((DATA_FOLDER / NOVELS).read_bytes())
    total.update(repr([settings, theirs, code]).encode())
    return total.hexdigest()


def write(target: Path, made_from: str, seed: int = 0) -> None:
    """Train the network and write its weights.

    Parameters
    ----------
    target : pathlib.Path
        The file to write.
    made_from : str
        The digest of today, which the file will hold.
    seed : int
        Of the network's initialization.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")  # the fastest here
    from helpers import characters

    frame = load_austen()
    texts = frame.loc[frame["split"] == "train", "text"].tolist()
    symbols = "".join(sorted({*"\n".join(texts)}))
    started = time.perf_counter()
    network = characters.train(
        characters.as_numbers(texts, symbols),
        len(symbols),
        units=NUM_UNITS,
        rate=LEARNING_RATE,
        epochs=NUM_EPOCHS,
        rows=ROWS,
        seed=seed,
        memory=MEMORY,
    )
    seconds = round(time.perf_counter() - started)
    about = {"made_from": made_from, "seconds": seconds}
    write_novelist(target, network.get_weights(), symbols, about)
