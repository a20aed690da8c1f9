"""Do several devices train the same network as one, and does a killed training end where it would?

Design. Three questions of `full-size`, each on the film sentences (`load_reviews(sample="films")`),
32 ids each, in eight files, with the page's network: Embedding(50), LSTM(10), one sigmoid.
``SCRIPT`` is its ``train.py``, ``SEVERAL`` the same with the changes of `several-devices` (tests
compare both with the pages). They run in processes of their own, on JAX, on virtual devices of this
machine's processor.

Devices ("devices"). 1,200 sentences, a global batch of 120, rate 0.003 (not tuned: nothing here is
a score), four epochs, seed 0: on one device, on two, on four, and in two processes with a device
each. Rows: run, epoch, loss, seconds of the whole run, updates; in the last epoch ``apart``, the
largest difference of any weight from the run on one device. Expected: all print the same losses to
five decimals, and their weights end less than 0.0001 apart.

Global batch ("batch"). The same training with a global batch of 240, as two devices with 120 rows
each have it (on one device: the number of devices changes nothing), seeds 0 to 4, at rate 0.003 and
at twice that, the linear scaling rule. Compared with 120 rows at 0.003. Expected: at the same rate,
with half the updates, it is behind after four epochs in all seeds; twice the rate makes up for most
of that. Rows: run, rate, epoch, loss, updates.

Restart ("killed"). The same training by the script of `full-size` alone, in one process, a file
every four batches, seeds 0 to 4. It is killed without warning when a certain checkpoint in the
middle of epoch 2 or 3 is there (the seed says which), and the same command is given again. A second
training with this seed is left to run. Rows: the epoch and the batches done where it went on (what
had been saved when the kill came), starts, and ``apart``, the largest difference of any weight from
the undisturbed training at the end.

Declared win: for each of five seeds the restarted training ends with the weights of the
undisturbed one (largest difference below 0.000001). Fallback: below 0.0001. Primary comparisons:
that difference, its largest value of five. (An earlier script, which kept all rows in memory and
saved between epochs alone, had ended so, and so had one trial of this one.)

Words ("words"). How many of the 10,000 words a batch of 120 sentences contains, mean over 50
batches: the rows of the word vectors that have a gradient. (Also the cheapest unit, which a replay
runs: it comes out the same everywhere.)

Cost ("cost"). The sentences, repeated, 4,000 to 560,000 of them, each size in a unit of its own: by
the clock, seconds to turn texts into ids (in pieces of 10,000), and of an epoch in batches of 128,
compiled before; the least of three, of the largest size the lesser of two, since other work on the
machine only adds. (What is kept was measured with one unit at a time.) Expected: the straight line
through the three smaller sizes predicts the epoch of the largest, nearly nine times the third,
within a fifth. Nothing is measured on a GPU: there was none, and virtual devices share one CPU, so
no seconds here say anything of real devices.

Cost: four minutes on two cores.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers
from numpy.typing import NDArray

from helpers.data import load_reviews

BACKEND = "jax"
MINUTES = 10

EPOCHS, BATCH, RATE, NUM_ROWS, NUM_WORDS = 4, 120, 0.003, 1200, 32
SIZES, COST_BATCH, PIECE = (4_000, 16_000, 64_000, 560_000), 128, 10_000
UNITS = [
    {"case": "words", "number": BATCH},
    *({"case": "cost", "number": size} for size in SIZES),
    {"case": "devices", "number": 0},
    *({"case": "batch", "number": seed} for seed in range(5)),
    *({"case": "killed", "number": seed} for seed in range(5)),
]
RUNS = {  # devices, processes
    "one device": (1, 1),
    "two devices": (2, 1),
    "four devices": (4, 1),
    "two processes": (1, 2),
}

SCRIPT = '''\
"""Train on part-*.bin: python train.py EPOCHS BATCH_SIZE LEARNING_RATE SEED"""

import hashlib
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

import keras
import tensorflow as tf
from keras import layers

tf.config.set_visible_devices([], "GPU")  # leave it to JAX
epochs, batch_size = int(sys.argv[1]), int(sys.argv[2])
learning_rate, seed = float(sys.argv[3]), int(sys.argv[4])
save_every = 20  # batches
files = [str(file) for file in sorted(Path().glob("part-*.bin"))]


def read(file):
    return tf.data.FixedLengthRecordDataset(file, 66)


def to_arrays(rows):
    numbers = tf.io.decode_raw(rows, tf.int16)  # (batch_size, 33)
    return numbers[:, :-1], numbers[:, -1]


def batches(files, num_open, epoch, seed=0, batch_size=120):
    tf.random.set_seed(seed)
    shuffled = tf.data.Dataset.from_tensor_slices(files).shuffle(len(files), seed=epoch)
    rows = shuffled.interleave(read, cycle_length=num_open)
    rows = rows.shuffle(1_000, seed=epoch).batch(batch_size).map(to_arrays)
    return rows.prefetch(tf.data.AUTOTUNE)


def new_model():
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(10_000, 50, mask_zero=True),
            layers.LSTM(10),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model


sizes = [(file, os.path.getsize(file)) for file in files]
used = Path(__file__).read_bytes() + repr(sizes).encode()
digest = hashlib.sha256(used).hexdigest()[:8]
folder = Path("-".join(["run", *sys.argv[2:], digest]))
folder.mkdir(exist_ok=True)


def save(model, epoch, done):
    partial = folder / "partial.keras"
    model.save(partial)
    partial.replace(folder / f"{epoch:04d}-{done:06d}.keras")
    for old in sorted(folder.glob("[0-9]*.keras"))[:-2]:
        old.unlink()


saved = sorted(folder.glob("[0-9]*.keras"))
epoch, done = map(int, saved[-1].stem.split("-")) if saved else (1, 0)
model = keras.saving.load_model(saved[-1]) if saved else new_model()
print(f"{folder}: epoch {epoch}, {done} batches done", flush=True)
while epoch <= epochs:
    losses, stream = [], batches(files, 8, epoch, seed, batch_size)
    for ids, labels in stream.skip(done).as_numpy_iterator():
        losses.append(model.train_on_batch(ids, labels))
        done += 1
        if done % save_every == 0:
            save(model, epoch, done)
    if losses:
        print(f"epoch {epoch} loss {sum(losses) / len(losses):.6f}", flush=True)
    epoch, done = epoch + 1, 0
    save(model, epoch, done)
'''
CHANGES = {  # what several devices change in it, and to what
    "def read(": """\
num_processes = int(os.environ.get("KERAS_DISTRIBUTION_NUM_PROCESSES", 1))
process = int(os.environ.get("KERAS_DISTRIBUTION_PROCESS_ID", 0))
if num_processes > 1:
    keras.distribution.initialize()
keras.distribution.set_distribution(
    keras.distribution.DataParallel(auto_shard_dataset=False)
)


def read(""",
    "def batches(": """\
def my_part(ids, labels):
    size = batch_size // num_processes
    mine = slice(process * size, (process + 1) * size)
    return ids[mine], labels[mine]


def batches(""",
    ".batch(batch_size).map(to_arrays)": """\
.batch(batch_size, drop_remainder=True)
    rows = rows.map(to_arrays).map(my_part)""",
    'folder / "partial.keras"': 'folder / f"partial-{process}.keras"',
    "    partial.replace(": """\
    if process == 0:
        keep(partial, epoch, done)


def keep(partial, epoch, done):
    partial.replace(""",
}
SEVERAL = SCRIPT
for old, new in CHANGES.items():
    SEVERAL = SEVERAL.replace(old, new, 1)


def run(case: str, number: int) -> Iterator[dict]:
    """Rows of one unit; the number is a seed or how many sentences."""
    if case == "cost":
        yield costs(number)
        return
    X, y = film_ids()[1:]
    if case == "words":
        batches = [np.unique(X[first : first + number]) for first in range(0, 50 * number, number)]
        yield {"words": float(np.mean([np.sum(one > 0) for one in batches]))}
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        script = (
            SCRIPT.replace("save_every = 20", "save_every = 4") if case == "killed" else SEVERAL
        )
        (place / "train.py").write_text(script, encoding="utf-8")
        table = np.column_stack([X, y])[:NUM_ROWS].astype("int16")
        for part, rows in enumerate(np.array_split(table, 8)):
            rows.tofile(place / f"part-{part}.bin")
        rows_of = {"devices": device_rows, "batch": batch_rows, "killed": killed_rows}[case]
        yield from rows_of(place, number)


def compare(rows: pd.DataFrame) -> dict:
    """Largest differences; and the epoch of the largest size, predicted and measured."""
    killed = rows[rows["case"] == "killed"]
    same = rows[rows["run"].isin(list(RUNS))]
    cost = rows[rows["case"] == "cost"]
    slope, fixed = np.polyfit(cost["number"][:-1], cost["epoch_seconds"][:-1], 1)
    return {
        "weights, killed": float(killed["apart"].max()),
        "weights, devices": float(same["apart"].max()),
        "seconds, predicted": float(fixed + slope * cost["number"].iloc[-1]),
        "seconds, measured": float(cost["epoch_seconds"].iloc[-1]),
    }


# -- several devices, a killed process -------------------------------------------------------------


def device_rows(place: Path, seed: int) -> Iterator[dict]:
    """The same training on one device and on several."""
    first = None
    for name, (devices, processes) in RUNS.items():
        begin = time.perf_counter()
        folder = fresh(place, name)
        wait(start(folder, seed, devices=devices, processes=processes))
        seconds = round(time.perf_counter() - begin)
        weights = last_weights(folder)
        first = weights if first is None else first
        for epoch, loss in printed(folder):
            apart = float(np.abs(weights - first).max()) if epoch == EPOCHS else None
            updates = epoch * (NUM_ROWS // BATCH)
            row = {"run": name, "epoch": epoch, "loss": loss, "apart": apart}
            yield row | {"updates": updates, "seconds": seconds}


def batch_rows(place: Path, seed: int) -> Iterator[dict]:
    """A training, and with twice the global batch, at the same rate and at twice that."""
    runs = {"half the batch": (BATCH, RATE), "same rate": (2 * BATCH, RATE)}
    runs |= {"twice the rate": (2 * BATCH, 2 * RATE)}
    for name, (batch, rate) in runs.items():
        folder = fresh(place, name)
        wait(start(folder, seed, batch, rate))
        for epoch, loss in printed(folder):
            updates = epoch * (NUM_ROWS // batch)
            yield {"run": name, "rate": rate, "epoch": epoch, "loss": loss, "updates": updates}


def killed_rows(place: Path, seed: int) -> Iterator[dict]:
    """A training that is killed and started again, and one that is not."""
    peace, folder = fresh(place, "undisturbed"), fresh(place, "killed")
    wait(start(peace, seed))
    kill(
        start(folder, seed), folder, f"run-*/{2 + seed % 2:04d}-{4 * (seed // 2 % 2 + 1):06d}.keras"
    )
    wait(start(folder, seed))
    log = (folder / "log-0.txt").read_text(encoding="utf-8", errors="replace")
    begun = re.findall(r"^run-.*: epoch (\d+), (\d+) batches done$", log, flags=re.MULTILINE)
    epoch, done = map(int, begun[-1])
    apart = float(np.abs(last_weights(folder) - last_weights(peace)).max())
    yield {"epoch": epoch, "done": done, "starts": len(begun), "apart": apart}


def fresh(place: Path, name: str) -> Path:
    """A folder of its own with the script and the files."""
    folder = place / name.replace(" ", "-")
    folder.mkdir()
    for one in (place / "train.py", *place.glob("part-*.bin")):
        (folder / one.name).hardlink_to(one)
    return folder


def start(
    folder: Path,
    seed: int,
    batch: int = BATCH,
    rate: float = RATE,
    devices: int = 1,
    processes: int = 1,
) -> list[subprocess.Popen]:
    """Start train.py, once for each process; what it prints is added to a file."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{one.getsockname()[1]}"
    workers = []
    for process in range(processes):
        env = os.environ | {
            "JAX_PLATFORMS": "cpu",
            "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",
        }
        if processes > 1:
            env |= {
                "JAX_CPU_COLLECTIVES_IMPLEMENTATION": "gloo",
                "KERAS_DISTRIBUTION_JOB_ADDRESSES": address,
                "KERAS_DISTRIBUTION_NUM_PROCESSES": str(processes),
                "KERAS_DISTRIBUTION_PROCESS_ID": str(process),
            }
        command = [sys.executable, "train.py", *map(str, (EPOCHS, batch, rate, seed))]
        with (folder / f"log-{process}.txt").open("a", encoding="utf-8") as log:
            workers.append(subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log))
    return workers


def wait(workers: list[subprocess.Popen], seconds: float = 300) -> None:
    """Wait for all; end all once one has failed, or after so many seconds."""
    last = time.monotonic() + seconds
    while any(one.poll() is None for one in workers):
        if any(one.poll() for one in workers) or time.monotonic() > last:
            end(workers)
        time.sleep(0.05)
    if any(one.returncode for one in workers):
        raise RuntimeError(f"train.py ended with {[one.returncode for one in workers]}")


def kill(workers: list[subprocess.Popen], folder: Path, checkpoint: str) -> None:
    """Kill a training once it has made a checkpoint."""
    while not any(folder.glob(checkpoint)):
        if any(one.poll() is not None for one in workers):
            end(workers)
            raise RuntimeError("train.py ended before it was killed")
        time.sleep(0.001)
    end(workers)


def end(workers: list[subprocess.Popen]) -> None:
    """End all that still run."""
    for one in workers:
        one.kill()
        one.wait()


def printed(folder: Path) -> list[tuple[int, float]]:
    """What process 0 printed in all its starts: epoch and loss."""
    log = folder / "log-0.txt"
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    lines = re.findall(r"^epoch (\d+) loss (\S+)$", text, flags=re.MULTILINE)
    return [(int(epoch), float(loss)) for epoch, loss in lines]


def last_weights(folder: Path) -> NDArray:
    """All weights of the newest checkpoint, one after the other."""
    newest = sorted(folder.glob("run-*/[0-9]*.keras"))[-1]
    weights = keras.saving.load_model(newest).get_weights()
    return np.concatenate([weight.ravel() for weight in weights])


# -- what it costs --------------------------------------------------------------------------------


def film_ids() -> tuple[list[str], NDArray, NDArray]:
    """The training sentences, their ids (n, 32) and labels (n,)."""
    reviews = load_reviews(sample="films")
    train = reviews[reviews["split"] == "train"].sample(frac=1, random_state=0)
    texts = train["text"].tolist()
    X = vectorizer(texts)(texts)
    return texts, np.asarray(X).astype("int16"), train["label"].to_numpy()


def vectorizer(texts: list[str]) -> layers.TextVectorization:
    """A vocabulary of 10,000 words."""
    made = layers.TextVectorization(max_tokens=10_000, output_sequence_length=NUM_WORDS)
    made.adapt(texts)
    return made


def network() -> keras.Model:
    """The network of the script."""
    keras.utils.set_random_seed(0)
    parts = [layers.Embedding(10_000, 50, mask_zero=True), layers.LSTM(10)]
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32"), *parts, layers.Dense(1, activation="sigmoid")]
    )
    model.compile(keras.optimizers.Adam(RATE), "binary_crossentropy")
    return model


def costs(size: int) -> dict:
    """Seconds by the clock for one size: ids, and an epoch."""
    texts, X, y = film_ids()
    vectorize, model = vectorizer(texts), network()
    repeated = (texts * (size // len(texts) + 1))[:size]
    rows = size // COST_BATCH * COST_BATCH
    X, y = np.resize(X, (rows, NUM_WORDS)), np.resize(y, rows)

    def to_ids() -> None:
        for first in range(0, size, PIECE):
            np.asarray(vectorize(repeated[first : first + PIECE])).astype("int16")

    def epoch() -> None:
        model.fit(X, y, batch_size=COST_BATCH, verbose=0)

    vectorize(texts[:PIECE])
    model.fit(X[:COST_BATCH], y[:COST_BATCH], batch_size=COST_BATCH, verbose=0)  # compiles
    times = 2 if size == max(SIZES) else 3
    return {"ids_seconds": least(to_ids, times), "epoch_seconds": least(epoch, times)}


def least(work: Callable[[], None], times: int) -> float:
    """The least of several times by the clock."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)
