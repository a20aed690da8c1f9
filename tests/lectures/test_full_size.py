"""The page on full size: its script, who reads which rows, the ring, the job for SLURM.

The script is the experiment's, but for the name of its folder; its functions are taken from its
text.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from experiments import full_size
from tests.support import ROOT, functions_of

SOURCE = ROOT / "lectures" / "full-size.md"
PAGE = SOURCE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("full-size")


def boxes(language: str) -> list[str]:
    """The boxes of the page that are shown and not executed."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def page_script() -> str:
    """The text of train.py: its four pieces, one below the other."""
    first, *more = boxes("python")
    assert "Train on rows.npz" in first and len(more) == 3
    return "\n\n".join([first, *more])


def script(**values: object) -> SimpleNamespace:
    """The functions of train.py, with these values of its first lines."""
    defined = [n for n in ast.parse(page_script()).body if isinstance(n, ast.FunctionDef)]
    namespace = {"np": np, "Path": Path, **values}
    exec(compile(ast.Module(defined, []), "train.py", "exec"), namespace)
    return SimpleNamespace(**namespace)


def my_rows(epoch: int, num_rows: int, process: int = 0, processes: int = 1) -> np.ndarray:
    values = {"seed": 0, "global_batch": 12, "process": process, "num_processes": processes}
    return script(**values).my_rows(epoch, num_rows)


# -- the script -----------------------------------------------------------------------------------


FOLDER = {"used", "digest", "folder", "saved", "done", "newest", "model"}


def without_folder(text: str) -> list[str]:
    """The statements of a script, but for comments, docstrings and what names its folder."""
    kept = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in FOLDER:
            continue
        kept.append(ast.unparse(node))
    return kept


def test_the_script_on_the_page_is_the_one_that_the_experiment_ran_but_for_its_folder() -> None:
    ours = without_folder(page_script())
    ours.remove("import hashlib")
    assert ours == without_folder(full_size.SCRIPT)


def test_the_script_needs_nothing_of_the_course() -> None:
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(page_script()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported == {"hashlib", "os", "sys", "pathlib", "keras", "numpy"}


@pytest.mark.parametrize("processes", [1, 2, 3, 4])
def test_the_processes_together_read_each_batch_of_one_process(processes: int) -> None:
    whole = my_rows(5, 100).reshape(-1, 12)
    parts = [my_rows(5, 100, k, processes) for k in range(processes)]
    together = np.hstack([part.reshape(len(whole), -1) for part in parts])
    np.testing.assert_array_equal(together, whole)
    assert len(set(whole.ravel())) == whole.size == 96


def test_the_order_hangs_on_the_epoch_alone() -> None:
    np.testing.assert_array_equal(my_rows(1, 50), my_rows(1, 50))
    assert (my_rows(1, 50) != my_rows(2, 50)).any()


def test_a_half_written_checkpoint_is_none(tmp_path: Path, monkeypatch) -> None:
    class Broken:
        def save(self, path: Path) -> None:
            path.write_bytes(b"half")
            raise OSError("the disk is full")

    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="full"):
        script(process=0, folder=tmp_path).save(Broken(), 3)
    assert not [*tmp_path.glob("epoch-*")]


def test_a_worker_that_fails_ends_the_others() -> None:
    codes = ["import sys; sys.exit(3)", "import time; time.sleep(300)"]
    workers = [subprocess.Popen([sys.executable, "-c", code]) for code in codes]
    begin = time.monotonic()
    with pytest.raises(RuntimeError, match="3"):
        full_size.wait(workers)
    assert time.monotonic() - begin < 60 and all(one.poll() is not None for one in workers)


def test_epoch_1000_is_newer_than_epoch_999(tmp_path: Path) -> None:
    wanted = ("saved", "done", "newest")
    found = [n for n in ast.parse(page_script()).body if isinstance(n, ast.Assign)]
    found = [node for node in found if ast.unparse(node.targets[0]) in wanted]
    for epoch in (7, 999, 1000):
        (tmp_path / f"epoch-{epoch:03d}.keras").touch()
    namespace = {"folder": tmp_path}
    exec(compile(ast.Module(found, []), "train.py", "exec"), namespace)
    assert namespace["done"] == 1000 and namespace["newest"].is_file()


@pytest.mark.slow
def test_the_script_goes_on_after_its_own_newest_checkpoint_alone(tmp_path: Path) -> None:
    pytest.importorskip("jax")
    X, y = np.random.default_rng(0).integers(1, 10_000, (60, 6)), np.arange(60) % 2
    np.savez(tmp_path / "rows.npz", X=X, y=y)
    (tmp_path / "train.py").write_text(page_script(), encoding="utf-8")

    def train(epochs: int, rate: str) -> str:
        command = [sys.executable, "train.py", str(epochs), "12", rate, "0"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    for epoch in ("1", "2"):
        assert re.findall(r"epoch (\d) loss \d\.\d{6}\n", train(int(epoch), "0.003")) == [epoch]
    assert train(2, "0.003") == "epoch 2 found, nothing to do\n"
    assert train(1, "0.01").startswith("epoch 1 loss")
    np.savez(tmp_path / "rows.npz", X=X[:48], y=y[:48])  # other data: not gone on with
    assert train(1, "0.003").startswith("epoch 1 loss")
    (tmp_path / "train.py").write_text(page_script().replace("LSTM(10)", "LSTM(9)"), "utf-8")
    assert train(1, "0.003").startswith("epoch 1 loss")
    files = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.glob("*/epoch-*"))
    names = [re.sub("-[0-9a-f]{8}/", "/", file) for file in files]
    assert sorted(names) == [
        *["run-12-0.003-0/epoch-001.keras"] * 3,
        "run-12-0.003-0/epoch-002.keras",
        "run-12-0.01-0/epoch-001.keras",
    ]
    assert len({Path(file).parent for file in files}) == 4


@pytest.mark.slow
def test_the_page_script_killed_ends_with_the_weights_of_the_undisturbed(monkeypatch) -> None:
    pytest.importorskip("jax")
    monkeypatch.setattr(full_size, "SCRIPT", page_script())
    rows = [row for row in full_size.run("killed", 0) if row["run"] == "killed"]
    assert {row["start"] for row in rows} == {1, 2}
    assert rows[-1]["epoch"] == full_size.EPOCHS and rows[-1]["apart"] < 1e-6


PER_BATCH = "a mean over unmasked tokens, batch normalization, dropout, gradient clipping?"
OTHER = """layers.LSTM(10, return_sequences=True),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
"""


@pytest.mark.slow
def test_what_depends_on_the_batch_is_computed_over_all_devices_with_jax(
    tmp_path: Path, monkeypatch
) -> None:
    pytest.importorskip("jax")
    assert PER_BATCH in PAGE
    text = page_script().replace("layers.LSTM(10),\n", OTHER)
    text = text.replace("Adam(learning_rate)", "Adam(learning_rate, global_clipnorm=0.1)")
    (tmp_path / "train.py").write_text(text, encoding="utf-8")
    assert text.count("BatchNormalization") == 1 and text.count("clipnorm") == 1
    X, y = unequal_rows(240)
    np.savez(tmp_path / "rows.npz", X=X, y=y)
    monkeypatch.setattr(full_size, "EPOCHS", 1)
    ends = []
    for devices, processes in ((1, 1), (2, 1), (1, 2)):
        folder = full_size.fresh(tmp_path, f"{devices} {processes}")
        how = {"batch": 24, "devices": devices, "processes": processes}
        full_size.wait(full_size.start(folder, 0, **how))
        ends.append(full_size.last_weights(folder))
    assert max(np.abs(end - ends[0]).max() for end in ends) < 1e-5


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
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
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


@pytest.mark.slow
def test_mirrored_strategy_computes_it_per_device(tmp_path: Path) -> None:
    assert "By default `tf.distribute.MirroredStrategy`" in PAGE
    X, y = unequal_rows(48)
    np.savez(tmp_path / "rows.npz", X=X, y=y)
    done = subprocess.run(
        [sys.executable, "-c", MIRRORED, tmp_path / "rows.npz"],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.split(": ") for line in done.stdout.splitlines())
    apart = {kind: float(value) for kind, value in told.items()}
    assert apart.pop("none of them") < 1e-5 and len(apart) == 4
    assert min(apart.values()) > 1e-3


@pytest.mark.parametrize("with_states", [False, True])
def test_dropout_goes_on_elsewhere_unless_its_states_are_kept_too(tmp_path, with_states) -> None:
    keras.utils.set_random_seed(0)
    X, y = np.random.default_rng(0).normal(size=(40, 3, 8)), np.arange(40) % 2
    parts = [keras.layers.LSTM(4, dropout=0.3), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    network = keras.Sequential([keras.Input((3, 8)), *parts])
    network.compile("adam", "mse")

    def states(one: keras.Model) -> list[keras.Variable]:
        return [v for v in one.variables if all(v is not weight for weight in one.weights)]

    def train(one: keras.Model) -> np.ndarray:
        one.fit(X, y, batch_size=10, shuffle=False, verbose=0)
        return np.concatenate([weight.ravel() for weight in one.get_weights()])

    train(network)
    network.save(tmp_path / "kept.keras")
    kept = [keras.ops.convert_to_numpy(state.value) for state in states(network)]
    assert len(kept) == 2
    never_stopped = train(network)
    restarted = keras.saving.load_model(tmp_path / "kept.keras")
    if with_states:
        for state, value in zip(states(restarted), kept, strict=True):
            state.assign(value)
    assert (np.abs(train(restarted) - never_stopped).max() < 1e-6) == with_states


# -- the pipeline ----------------------------------------------------------------------------------


@pytest.mark.parametrize("num_open", [1, 3])
def test_the_pipeline_reads_each_row_once_an_epoch(lecture, tmp_path: Path, num_open: int) -> None:
    table = np.arange(70 * 33, dtype="int16").reshape(70, 33)
    files = [str(tmp_path / f"part-{number}.bin") for number in range(3)]
    for file, part in zip(files, np.array_split(table, 3), strict=True):
        part.tofile(file)
    pairs = list(lecture.batches(files, num_open, batch_size=20))
    assert [ids.shape for ids, _ in pairs] == [(20, 32)] * 3 + [(10, 32)]
    rows = np.concatenate([np.column_stack(pair) for pair in pairs])
    np.testing.assert_array_equal(rows[np.argsort(rows[:, 0])], table)


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
    (job,) = [box for box in boxes("bash") if "#SBATCH" in box]
    assert "add `#SBATCH --array=0-4` and write `$SLURM_ARRAY_TASK_ID` for the last 0" in PAGE
    array = job.replace("0.003 0'", "0.003 $SLURM_ARRAY_TASK_ID'")
    assert array != job
    for text, seed in ((job, 0), (array, 3)):
        done = subprocess.run(
            ["bash", "-c", text],
            env=env | {"SLURM_ARRAY_TASK_ID": "3"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        told = [f"train.py 20 120 0.003 {seed} {k} of {tasks} at node-7:9981" for k in range(tasks)]
        assert done.stdout.splitlines() == told
