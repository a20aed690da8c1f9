"""Prove that the lectures' way with reviews holds at full size: memory, seconds, growth.

Yelp's 560,000 training reviews may not be passed on. So this makes files of that size from the
real rows it is given (a folder with Yelp's files, `RNN_REAL_DATA`), by repeating them; without
such a folder, from the sample. Each repeated review gets a word of its own at its end, so that the
vocabulary grows with the data as it would with real ones, and faster. Each size runs in a process
of its own, because a peak of memory is one of a process.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import (
    head,
    peak_memory,
    run_module,
    shared_note,
    table,
    write_results,
)
from benchmarks.recipe import BATCH, TOKENS, WORDS

FOLDER = "yelp_review_polarity_csv"
SIZES = (4_000, 17_500, 70_000, 140_000, 280_000, 560_000)
CLASS_SHARE = 0.72  # of its reviews the class trained on: less a fifth to test, a tenth to validate
PIECE = 10_000
STEPS = {"load": "load, s", "adapt": "vocabulary, s", "tokenize": "ids, s"}


def real_rows() -> list[list[str]]:
    """Class and text of each review, in Yelp's form."""
    folder = os.environ.get("RNN_REAL_DATA")
    if folder:
        with (Path(folder) / FOLDER / "train.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    os.environ["RNN_DATA"] = "sample"
    from helpers.data import load_reviews

    reviews = load_reviews()
    return [[str(1 + label), text] for label, text in zip(reviews.label, reviews.text, strict=True)]


def make_files(folder: Path, num_rows: int, rows: list[list[str]]) -> None:
    """Write ``train.csv`` with `num_rows` reviews and a small ``test.csv``, in Yelp's layout."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for name, length in (("train.csv", num_rows), ("test.csv", min(1000, len(rows)))):
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for number in range(length):
                label, text = rows[number % len(rows)]
                own = f" own{number}" if number >= len(rows) else ""
                writer.writerow([label, text + own])


def run_size(model: str | None) -> dict:
    """Load, cut into ids as the lectures do, train one epoch; in the folder that RNN_DATA names.

    Parameters
    ----------
    model : str, optional
        What to train, on the class's share of the reviews; without it nothing is trained.

    Returns
    -------
    dict
        Seconds of each step on the clock (``load``, ``adapt``, ``tokenize``, ``epoch``) and on the
        processor (the same with ``_cpu``, which others on the machine hardly change); ``memory``,
        the peak in MB; ``reviews``.
    """
    import keras
    import numpy as np
    from keras import layers

    from helpers.data import load_reviews

    seconds: dict = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        begin = time.perf_counter(), time.process_time()
        yield
        seconds[step] = time.perf_counter() - begin[0]
        seconds[f"{step}_cpu"] = time.process_time() - begin[1]

    with timed("load"):
        reviews = load_reviews()
        reviews = reviews[reviews["split"] == "train"]
    order = np.random.default_rng(0).permutation(len(reviews))

    def in_pieces() -> Iterator[list[str]]:
        for start in range(0, len(order), PIECE):
            yield reviews["text"].iloc[order[start : start + PIECE]].tolist()

    with timed("adapt"):
        vectorize = layers.TextVectorization(max_tokens=WORDS, output_sequence_length=TOKENS)
        vectorize.reset_state()
        for texts in in_pieces():
            vectorize.update_state(texts)
        vectorize.finalize_state()
    with timed("tokenize"):
        to_numpy = keras.ops.convert_to_numpy
        ids = np.concatenate([to_numpy(vectorize(texts)).astype("int16") for texts in in_pieces()])
        labels = reviews["label"].to_numpy()[order]
    if model:
        from benchmarks.keras_models import build

        rows = int(CLASS_SHARE * len(ids)) // BATCH * BATCH
        network = build(model, "lecture")
        network.fit(ids[:60], labels[:60], batch_size=BATCH, verbose=0)  # compiles
        with timed("epoch"):
            network.fit(ids[:rows], labels[:rows], batch_size=BATCH, verbose=0)
        seconds |= {"epoch_rows": rows, "epoch_model": model}
    numbers = {k: round(v, 2) if isinstance(v, float) else v for k, v in seconds.items()}
    return {"reviews": len(ids), **numbers, "memory": round(peak_memory() or 0) or None}


def measure_sizes(shared: bool = False) -> dict:
    """All sizes, one after the other, each in a process of its own; print as they come.

    Parameters
    ----------
    shared : bool
        Whether others use the machine at the same time; kept with the numbers.
    """
    rows, found = real_rows(), []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            make_files(Path(folder), size, rows)
            megabytes = (Path(folder) / FOLDER / "train.csv").stat().st_size / 1e6
            one = run_module(
                "benchmarks.full_size",
                "--one",
                "lstm",
                minutes=None,
                RNN_DATA=folder,
                KERAS_BACKEND="jax",
            )
        found.append({**one, "file": round(megabytes)})
        print(json.dumps(found[-1]), flush=True)
    origin = "Yelp" if os.environ.get("RNN_REAL_DATA") else "sample"
    return {**head(shared), "rows_repeated": len(rows), "rows_from": origin, "sizes": found}


def told(proof: dict) -> str:
    """What the status page says of it: a paragraph and a table, seconds and memory by size."""
    last = proof["sizes"][-1]
    rows = []
    for one in proof["sizes"]:
        steps = [f"{one[step]:.1f} ({one[step + '_cpu']:.1f})" for step in (*STEPS, "epoch")]
        memory = f"{one['memory'] / 1000:.2f}" if one["memory"] is not None else ""
        rows.append([f"{one['reviews']:,}", *steps, memory])
    return (
        f"At full size: {proof['rows_repeated']:,} real reviews ({proof['rows_from']}), repeated, "
        "each copy with a new word of its own, go the way of the lectures on reviews. Seconds on "
        "the clock; in brackets those on the processor, which others on the machine hardly change. "
        f"One epoch of the {last['epoch_model'].upper()} pair, on JAX, reads "
        f"{last['epoch_rows'] / last['reviews']:.0%} of the reviews, {last['epoch_rows']:,} of "
        f"{last['reviews']:,}. Taken on {proof['made']}.{shared_note(proof)}\n\n"
        + table(["reviews", *STEPS.values(), "one epoch, s", "peak memory, GB"], rows)
    )


def main() -> None:
    """Measure all sizes and write what came out; or, in a process started above, one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs="*", metavar="MODEL", help=argparse.SUPPRESS)
    parser.add_argument("--shared", action="store_true", help="others use the machine too")
    chosen = parser.parse_args()
    if chosen.one is not None:
        print(json.dumps(run_size(chosen.one[0] if chosen.one else None)))
        return
    found = measure_sizes(chosen.shared)
    print(told(found))
    write_results("full_size", found, told(found))


if __name__ == "__main__":
    main()
