"""The page on several devices: who reads which rows, the exceptions, the ring, the job for SLURM.

Its script is that of `full-size`.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments import full_size
from tests.lectures.train_script import boxes, page_text, script, several_script
from tests.support import functions_of

PAGE = page_text("several-devices")


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("several-devices")


# -- the script -----------------------------------------------------------------------------------


def test_the_changed_script_is_the_one_that_the_experiment_ran() -> None:
    assert several_script() == ast.unparse(ast.parse(full_size.SEVERAL))


@pytest.mark.parametrize("processes", [1, 2, 3, 4])
def test_the_processes_together_read_each_batch_of_one_process(tmp_path, processes: int) -> None:
    files = []
    for number, rows in enumerate(np.array_split(np.arange(100 * 33, dtype="int16"), 4)):
        files.append(str(tmp_path / f"part-{number}.bin"))
        rows.tofile(files[-1])
    whole = list(script().batches(files, 4, 5, seed=3, batch_size=12))
    parts = []
    for process in range(processes):
        values = {"process": process, "num_processes": processes, "batch_size": 12}
        mine = script(several_script(), **values).batches(files, 4, 5, seed=3, batch_size=12)
        parts.append(list(mine))
    assert len(whole) == 9 and {len(part) for part in parts} == {8}  # 4 rows fill no batch
    for k in range(8):
        together = np.concatenate([part[k][0] for part in parts])
        np.testing.assert_array_equal(together, whole[k][0])


# -- the exceptions -------------------------------------------------------------------------------


COMPUTED_OVER = {  # Keras with JAX, MirroredStrategy, DDP
    "mean over unmasked tokens": ["whole batch", "part", "part"],
    "batch normalization": ["whole batch", "part", "part"],
    "dropout": ["whole batch", "part", "part"],
    "gradient clipping": ["whole batch", "part", "whole batch"],
}
OTHER = "layers.LSTM(10, return_sequences=True), layers.BatchNormalization(), layers.Dropout(0.5), "


def test_the_table_of_exceptions_is_what_the_tests_below_try() -> None:
    rows = [row.strip("| ").split(" | ") for row in PAGE.splitlines() if row.startswith("| ")]
    assert {what: over for what, _, *over in rows[1:]} == COMPUTED_OVER


@pytest.mark.slow
def test_what_depends_on_the_batch_is_computed_over_all_devices_with_jax(
    tmp_path: Path, monkeypatch
) -> None:
    pytest.importorskip("jax")
    text = several_script().replace("layers.LSTM(10), ", OTHER)
    text = text.replace("Adam(learning_rate)", "Adam(learning_rate, global_clipnorm=0.1)")
    text = text.replace("(file, 66)", f"(file, {2 * (8 + 8)})")
    text = text.replace(
        "return (numbers[:, :-1], numbers[:, -1])", "return (numbers[:, :8], numbers[:, 8:, None])"
    )
    (tmp_path / "train.py").write_text(text, encoding="utf-8")
    assert text.count("BatchNormalization") == text.count("clipnorm") == text.count("8:, None") == 1
    X, y = unequal_rows(240)
    np.column_stack([X, y[:, :, 0]]).astype("int16").tofile(tmp_path / "part-0.bin")
    monkeypatch.setattr(full_size, "EPOCHS", 1)
    ends = []
    for processes in (1, 2):
        folder = full_size.fresh(tmp_path, str(processes))
        full_size.wait(full_size.start(folder, 0, batch=24, processes=processes))
        ends.append(full_size.last_weights(folder))
    assert np.abs(ends[0] - ends[1]).max() < 1e-5


def unequal_rows(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids (n, 8), zero after one to eight words, and a label of each word."""
    rng = np.random.default_rng(0)
    X, y = rng.integers(1, 100, (number, 8)), rng.integers(0, 2, (number, 8, 1))
    X[np.arange(8) >= rng.integers(1, 9, number)[:, None]] = 0
    return X, y.astype("float32")


MIRRORED = """
import sys
import numpy as np
import tensorflow as tf

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 4)
import keras
from keras import layers

rows = np.load(sys.argv[1])
kinds = {
    "none of them": ([], None),
    "mean over unmasked tokens": ("tokens", None),
    "batch normalization": ([layers.BatchNormalization], None),
    "dropout": ([lambda: layers.Dropout(0.5)], None),
    "clipping": ([], 0.05),
}


def end(kind, strategy):
    more, norm = kinds[kind]
    tokens = more == "tokens"
    with strategy.scope():
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [
                keras.Input((None,)),
                layers.Embedding(100, 4, mask_zero=True),
                layers.LSTM(4, return_sequences=tokens),
                *([] if tokens else [layer() for layer in more]),
                layers.Dense(1),
            ]
        )
        model.compile(keras.optimizers.SGD(0.5, global_clipnorm=norm), "mse", jit_compile=False)
    labels = rows["y"] if tokens else rows["y"][:, 0]
    data = tf.data.Dataset.from_tensor_slices((rows["X"], labels)).batch(24)
    model.fit(data, verbose=0)
    return np.concatenate([weight.ravel() for weight in model.get_weights()])


for kind in kinds:
    one = end(kind, tf.distribute.OneDeviceStrategy("CPU:0"))
    sums = tf.distribute.ReductionToOneDevice()  # all devices are in this process
    two = end(kind, tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], sums))
    print(kind, np.abs(one - two).max(), sep=": ")
"""


FOUR = """
names, sums = [f"CPU:{k}" for k in range(4)], tf.distribute.ReductionToOneDevice()
strategy = tf.distribute.MirroredStrategy(names, sums)
with strategy.scope():
    keras.utils.set_random_seed(0)
    dropout = layers.Dropout(0.5)
    dense = layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), dense])
    optimizer = keras.optimizers.SGD(1.0, clipnorm=1.0)
    model.compile(optimizer, lambda y, prediction: y * prediction, jit_compile=False)


@tf.function
def draw():
    return strategy.run(lambda: dropout(tf.ones((2, 20)), training=True))


masks = np.array([one.numpy() for one in strategy.experimental_local_results(draw())])
print((masks == masks[0]).all() and masks.std() > 0)
for slopes in ([10, -3, -3, -3], [2, 2, 2, 2]):
    model.set_weights([np.zeros((1, 1))])
    rows = np.ones((4, 1), "float32"), np.array(slopes, "float32")[:, None]
    model.fit(tf.data.Dataset.from_tensor_slices(rows).batch(4), verbose=0)
    print(-model.get_weights()[0].item())
"""


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What both scripts print, in one process with four devices."""
    rows = tmp_path_factory.mktemp("rows") / "rows.npz"
    X, y = unequal_rows(48)
    np.savez(rows, X=X, y=y)
    done = subprocess.run(
        [sys.executable, "-c", MIRRORED + FOUR, rows],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.slow
def test_mirrored_strategy_computes_it_per_device(mirrored: list[str]) -> None:
    assert "These are the defaults. `tf.distribute.MirroredStrategy`" in PAGE
    told = dict(line.split(": ") for line in mirrored if ": " in line)
    apart = {kind: float(value) for kind, value in told.items()}
    assert apart.pop("none of them") < 1e-5 and len(apart) == 4
    assert min(apart.values()) > 1e-3


@pytest.mark.slow
def test_mirrored_strategy_drops_the_same_units_and_clips_quarters(mirrored: list[str]) -> None:
    assert "with one seed, all draw the same units" in PAGE
    assert "divides each gradient by four, clips it, and adds the four" in PAGE
    same, unequal, equal = (line for line in mirrored if ": " not in line)
    assert same == "True"
    assert (float(unequal), float(equal)) == pytest.approx((-1.25, 2.0))


# -- gradients and the ring -----------------------------------------------------------------------


def test_the_gradient_by_hand_is_that_of_finite_differences(lecture) -> None:
    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.normal(size=3)

    def loss(w: np.ndarray) -> float:
        p = 1 / (1 + np.exp(-X @ w))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    steps = 1e-6 * np.eye(3)
    slopes = [(loss(w + step) - loss(w - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(lecture.gradient(w, X, y), slopes, atol=1e-8)


def ring(gradients: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, int]:
    """All-reduce on a ring: each device's sum, how many numbers each sent, and how often."""
    K = len(gradients)
    pieces = [list(np.array_split(g.copy(), K)) for g in gradients]
    sent = np.zeros(K, int)
    for turn in range(2 * (K - 1)):
        adding, shift = turn < K - 1, turn if turn < K - 1 else turn - K
        which = [(k - shift) % K for k in range(K)]  # the piece that device k sends to k + 1
        moved = [pieces[k][which[k]].copy() for k in range(K)]
        sent += [len(piece) for piece in moved]
        for k in range(K):
            old = pieces[k][which[k - 1]]
            pieces[k][which[k - 1]] = moved[k - 1] + (old if adding else 0)
    return [np.concatenate(one) for one in pieces], sent, 2 * (K - 1)


@pytest.mark.parametrize("devices", [1, 2, 3, 5])
def test_a_ring_gives_all_the_sum_in_as_many_messages_as_the_formula_says(lecture, devices) -> None:
    gradients = np.random.default_rng(0).normal(size=(devices, 60))
    sums, sent, messages = ring(gradients)
    for one in sums:
        np.testing.assert_allclose(one, gradients.sum(axis=0))
    if devices > 1:  # where both take equally long, by the solution of exercise 1
        c, v, latency = 0.5, 7.0, 0.3
        seconds = sent[0] / v + messages * latency
        batch = lecture.break_even(c, 60, v, latency, devices)
        assert c * batch == pytest.approx(c * batch / devices + seconds)


def test_the_ring_of_the_page_ends_with_the_sums_of_the_test(lecture) -> None:
    gradients = np.array([[1, 2, 3], [10, 20, 30], [100, 200, 300]])
    sums, _, _ = ring(gradients)
    cell = next(
        cell for cell in re.findall(r"ipython3\n(.*?)```", PAGE, re.DOTALL) if "held" in cell
    )
    names = {"np": np}
    exec(cell, names)
    np.testing.assert_array_equal(names["held"], sums)


# -- the cluster ----------------------------------------------------------------------------------

SHIMS = {
    "scontrol": 'printf "node-7\\nnode-8\\n"',
    "srun": '[ "$1" = --kill-on-bad-exit=1 ] && shift\n'
    'for ((id = 0; id < SLURM_NTASKS; id++)); do SLURM_PROCID=$id "$@"; done',
    "env/bin/python": 'echo "$* $KERAS_DISTRIBUTION_PROCESS_ID of '
    '$KERAS_DISTRIBUTION_NUM_PROCESSES at $KERAS_DISTRIBUTION_JOB_ADDRESSES"',
}


@pytest.mark.skipif(os.name == "nt", reason="a cluster's shell")
@pytest.mark.parametrize("tasks", [1, 2])
def test_the_job_for_slurm_tells_each_process_who_it_is(tmp_path: Path, tasks: int) -> None:
    (tmp_path / "env" / "bin").mkdir(parents=True)
    for name, text in SHIMS.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    env = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SLURM_NTASKS": str(tasks),
        "SLURM_JOB_NODELIST": "node-[7-8]",
    }
    (job,) = [box for box in boxes("several-devices", "bash") if "#SBATCH" in box]
    done = subprocess.run(
        ["bash", "-c", job], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    told = [f"train.py 20 240 0.006 0 {k} of {tasks} at node-7:9981" for k in range(tasks)]
    assert done.stdout.splitlines() == told
