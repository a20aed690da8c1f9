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
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import peak_memory
from benchmarks.recipe import BATCH, TOKENS, WORDS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "yelp_review_polarity_csv"
SIZES = (70_000, 140_000, 280_000, 560_000)
CLASS_ROWS = 403_200  # what the class trained on: 560,000 less a fifth to test, a tenth to validate
PIECE = 10_000


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


def run_size(model: str | None, epoch_rows: int) -> dict:
    """Load, cut into ids as lecture 5 does, train one epoch; in the folder that RNN_DATA names.

    Parameters
    ----------
    model : str, optional
        What to train; without it nothing is trained.
    epoch_rows : int
        Rows of the epoch at most.

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

    def since(step: str, begin: tuple[float, float]) -> None:
        seconds[step] = time.perf_counter() - begin[0]
        seconds[f"{step}_cpu"] = time.process_time() - begin[1]

    def now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    begin = now()
    reviews = load_reviews()
    reviews = reviews[reviews["split"] == "train"]
    since("load", begin)

    order = np.random.default_rng(0).permutation(len(reviews))

    def in_pieces():
        for start in range(0, len(order), PIECE):
            yield reviews["text"].iloc[order[start : start + PIECE]].tolist()

    begin = now()
    vectorize = layers.TextVectorization(max_tokens=WORDS, output_sequence_length=TOKENS)
    vectorize.reset_state()
    for texts in in_pieces():
        vectorize.update_state(texts)
    vectorize.finalize_state()
    since("adapt", begin)
    begin = now()
    to_numpy = keras.ops.convert_to_numpy
    ids = np.concatenate([to_numpy(vectorize(texts)).astype("int16") for texts in in_pieces()])
    labels = reviews["label"].to_numpy()[order]
    since("tokenize", begin)
    if model:
        from benchmarks.keras_models import build

        rows = min(len(ids), epoch_rows) // BATCH * BATCH
        network = build(model, "lecture")
        network.fit(ids[:60], labels[:60], batch_size=BATCH, verbose=0)  # compiles
        begin = now()
        network.fit(ids[:rows], labels[:rows], batch_size=BATCH, verbose=0)
        since("epoch", begin)
        seconds |= {"epoch_rows": rows, "epoch_model": model}
    numbers = {k: round(v, 2) if isinstance(v, float) else v for k, v in seconds.items()}
    return {"reviews": len(ids), **numbers, "memory": round(peak_memory() or 0) or None}


def measure_sizes(
    sizes: tuple[int, ...] = SIZES, model: str = "lstm", epochs_at: tuple[int, ...] = (560_000,)
) -> dict:
    """All sizes, one after the other, each in a process of its own; print as they come."""
    rows, found = real_rows(), []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            make_files(Path(folder), size, rows)
            megabytes = (Path(folder) / FOLDER / "train.csv").stat().st_size / 1e6
            command = [sys.executable, "-m", "benchmarks.full_size", "--one"]
            command += ["--model", model] if size in epochs_at else []
            env = {
                **os.environ,
                "RNN_DATA": folder,
                "KERAS_BACKEND": "jax",
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "PYTHONPATH": str(ROOT),
            }
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{size:,} reviews failed:\n{done.stderr[-2000:]}")
            found.append({**json.loads(done.stdout.splitlines()[-1]), "file": round(megabytes)})
            print(json.dumps(found[-1]), flush=True)
    origin = "Yelp" if os.environ.get("RNN_REAL_DATA") else "sample"
    return {"rows_repeated": len(rows), "rows_from": origin, "sizes": found}


def main() -> None:
    """Measure all sizes and put them into results.json; or, in a process started above, one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--model", help="what to train for an epoch (default lstm)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--epochs-at", type=int, nargs="*", default=[SIZES[-1]])
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(run_size(chosen.model, CLASS_ROWS)))
        return
    found = measure_sizes(tuple(chosen.sizes), chosen.model or "lstm", tuple(chosen.epochs_at))
    from benchmarks.report import full_size_table, read_results, write_results

    print(full_size_table({"full_size": found}))
    write_results({**read_results(), "full_size": found})


if __name__ == "__main__":
    main()
