"""The page on full size: its script, its checkpoints, its pipeline, the job for SLURM.

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
from tests.lectures.train_script import boxes, page_script, page_text, script
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("full-size")


# -- the script -----------------------------------------------------------------------------------


def test_the_script_needs_nothing_of_the_course() -> None:
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(page_script()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported == {"hashlib", "os", "sys", "pathlib", "keras", "tensorflow"}


def test_the_script_is_the_one_that_the_experiment_killed() -> None:
    assert ast.unparse(ast.parse(page_script())) == ast.unparse(ast.parse(full_size.SCRIPT))


def test_a_half_written_checkpoint_is_none(tmp_path: Path, monkeypatch) -> None:
    class Broken:
        def save(self, path: Path) -> None:
            path.write_bytes(b"half")
            raise OSError("the disk is full")

    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="full"):
        script(folder=tmp_path).save(Broken(), 3, 20)
    assert not [*tmp_path.glob("[0-9]*")]


def test_a_worker_that_fails_ends_the_others() -> None:
    codes = ["import sys; sys.exit(3)", "import time; time.sleep(300)"]
    workers = [subprocess.Popen([sys.executable, "-c", code]) for code in codes]
    begin = time.monotonic()
    with pytest.raises(RuntimeError, match="3"):
        full_size.wait(workers)
    assert time.monotonic() - begin < 60 and all(one.poll() is not None for one in workers)


class Written:
    """A network whose file is its text."""

    def save(self, path: Path) -> None:
        path.write_text("whole")


def test_the_newest_two_checkpoints_are_kept_and_the_newest_is_found(tmp_path: Path) -> None:
    for place in ((1, 20), (9, 60), (9, 1_000), (10, 0)):
        script(folder=tmp_path).save(Written(), *place)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "0009-001000.keras",
        "0010-000000.keras",
    ]
    found = [n for n in ast.parse(page_script()).body if isinstance(n, ast.Assign)]
    found = [n for n in found if ast.unparse(n.targets[0]) in ("saved", "(epoch, done)")]
    namespace = {"folder": tmp_path}
    exec(compile(ast.Module(found, []), "train.py", "exec"), namespace)
    assert (namespace["epoch"], namespace["done"]) == (10, 0)


ONE_AFTER_THE_OTHER = """
# Starts of the script in one process (JAX and Keras need seconds to start, the training does not).
import os, runpy, sys

for start in sys.argv[1:]:
    if start == "fewer":
        os.remove("part-1.bin")
    elif start == "other":
        os.replace("other.py", "train.py")
    else:
        epochs, rate = start.split()
        sys.argv = ["train.py", epochs, "12", rate, "0"]
        runpy.run_path("train.py", run_name="__main__")
"""


@pytest.mark.slow
def test_the_script_goes_on_after_its_own_newest_checkpoint_alone(tmp_path: Path) -> None:
    pytest.importorskip("jax")
    rows = np.random.default_rng(0).integers(0, 2, (60, 33)).astype("int16")
    for number, part in enumerate(np.split(rows, 2)):
        part.tofile(tmp_path / f"part-{number}.bin")
    (tmp_path / "train.py").write_text(page_script(), encoding="utf-8")
    other = page_script().replace("LSTM(10)", "LSTM(9)")
    (tmp_path / "other.py").write_text(other, encoding="utf-8")
    again = "1 0.003"
    starts = [again, "2 0.003", "2 0.003", "1 0.01", "fewer", again, "other", again]
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, *starts],
        cwd=tmp_path,
        env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=True,
    )
    loss = r"epoch {} loss \d\.\d{{6}}"
    told = r"run-12-0\.0\d+-0-[0-9a-f]{{8}}: epoch {}, 0 batches done"
    wanted = [told.format(1), loss.format(1), told.format(2), loss.format(2), told.format(3)]
    wanted += [told.format(1), loss.format(1)] * 3  # another rate, other data, another script
    printed = done.stdout.splitlines()
    assert len(printed) == 11 and all(map(re.fullmatch, wanted, printed)), printed
    files = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.glob("*/[0-9]*"))
    names = [re.sub("-[0-9a-f]{8}/", "/", file) for file in files]
    assert sorted(names) == [
        *["run-12-0.003-0/0002-000000.keras"] * 3,
        "run-12-0.003-0/0003-000000.keras",
        "run-12-0.01-0/0002-000000.keras",
    ]
    assert len({Path(file).parent for file in files}) == 4


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
    pairs = list(lecture.batches(files, num_open, 1, batch_size=20))
    assert [ids.shape for ids, _ in pairs] == [(20, 32)] * 3 + [(10, 32)]
    rows = np.concatenate([np.column_stack(pair) for pair in pairs])
    np.testing.assert_array_equal(rows[np.argsort(rows[:, 0])], table)


def test_the_pipeline_goes_on_where_it_was(lecture, tmp_path: Path) -> None:
    files = [str(tmp_path / f"part-{number}.bin") for number in range(3)]
    for number, file in enumerate(files):
        (np.arange(20 * 33, dtype="int16") + 700 * number).tofile(file)

    def labels(epoch: int, skipped: int = 0) -> np.ndarray:
        pairs = lecture.batches(files, 2, epoch, batch_size=10).skip(skipped)
        return np.concatenate([last for _, last in pairs])

    np.testing.assert_array_equal(labels(5, skipped=2), labels(5)[20:])
    assert (labels(5) != labels(6)).any() and sorted(labels(5)) == sorted(labels(6))


# -- the cluster ----------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="a cluster's shell")
def test_the_job_for_slurm_trains_and_an_array_of_it_has_a_seed_each(tmp_path: Path) -> None:
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/bash\necho "$*"\n', encoding="utf-8")
    python.chmod(0o755)
    (job,) = [box for box in boxes("full-size", "bash") if "#SBATCH" in box]
    told = "add `#SBATCH --array=0-4` and write `$SLURM_ARRAY_TASK_ID` for the last 0"
    assert told in page_text("full-size")
    array = job.replace("0.003 0\n", "0.003 $SLURM_ARRAY_TASK_ID\n")
    assert array != job
    for text, seed in ((job, 0), (array, 3)):
        done = subprocess.run(
            ["bash", "-c", text],
            env=os.environ | {"SLURM_ARRAY_TASK_ID": "3"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.stdout == f"train.py 20 120 0.003 {seed}\n"
