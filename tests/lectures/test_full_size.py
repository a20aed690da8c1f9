"""Lecture 20: who reads which rows, the ring, and the script on devices, in processes, killed.

The functions are the lecture's own, taken from its cells, and so is the script that they write. Its
workers are JAX processes, whatever the backend; the ports are free ones of this machine.
"""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from benchmarks.fifty_runs import page
from tests.support import ROOT
from tools.book.frozen import frozen_pages

# They train in processes of their own, for minutes, by code that cannot change meanwhile.
trains = pytest.mark.skipif(
    "20-full-size" in frozen_pages(),
    reason="20-full-size is frozen: its trainings are as they were",
)

SOURCE = ROOT / "lectures" / "20-full-size.md"
COMMAND = (3, 24, 0.003)  # epochs, global batch, learning rate


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """What the lecture defines, as a module in a file: it looks at the text of its functions."""
    return page(tmp_path_factory.mktemp("page"))


def boxes(first_words: str) -> str:
    """The box of shell commands that holds these words."""
    found = re.findall(r"```bash\n(.*?)```", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    (box,) = (one for one in found if first_words in one)
    return box


# -- who reads which rows -------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2, 3, 4])
def test_the_processes_together_read_each_batch_of_one_process(lecture, processes) -> None:
    whole = lecture.my_rows(5, 100, 12, 0, 1).reshape(-1, 12)
    parts = [lecture.my_rows(5, 100, 12, k, processes) for k in range(processes)]
    together = np.hstack([part.reshape(len(whole), -1) for part in parts])
    np.testing.assert_array_equal(together, whole)
    assert len(set(whole.ravel())) == whole.size == 96


def test_the_order_hangs_on_the_epoch_alone(lecture) -> None:
    first, again, second = (lecture.my_rows(e, 50, 10, 0, 1) for e in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()


def ring(gradients: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """All-reduce on a ring: the sum as each of K devices has it, and how many numbers each sent."""
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
    return [np.concatenate(one) for one in pieces], sent


@pytest.mark.parametrize("devices", [1, 2, 3, 4, 5])
def test_a_ring_gives_all_the_sum_and_sends_what_the_formula_says(devices: int) -> None:
    gradients = np.random.default_rng(0).normal(size=(devices, 60))
    sums, sent = ring(gradients)
    for one in sums:
        np.testing.assert_allclose(one, gradients.sum(axis=0))
    assert (sent == 2 * (devices - 1) * 60 / devices).all()


def test_the_gradient_by_hand_is_that_of_finite_differences(lecture) -> None:
    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.normal(size=3)

    def loss(w: np.ndarray) -> float:
        p = 1 / (1 + np.exp(-X @ w))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    nudges = 1e-6 * np.eye(3)
    slopes = [(loss(w + nudge) - loss(w - nudge)) / 2e-6 for nudge in nudges]
    np.testing.assert_allclose(lecture.gradient(w, X, y), slopes, atol=1e-8)


# -- the script -----------------------------------------------------------------------------------


def written(lecture: ModuleType, folder: Path) -> Path:
    """A folder with the script and a few rows."""
    rng = np.random.default_rng(0)
    X = rng.integers(1, 10_000, size=(250, 6)).astype("int16")
    lecture.write_script(folder, X, rng.integers(0, 2, size=250))
    return folder


@pytest.fixture(scope="module")
def alone(lecture, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, np.ndarray]:
    """Losses and last weights of one device."""
    pytest.importorskip("jax")
    folder = written(lecture, tmp_path_factory.mktemp("alone"))
    return lecture.start(folder, *COMMAND), lecture.last_weights(folder)


@pytest.fixture(scope="module")
def documented(lecture, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, np.ndarray]:
    """Losses and last weights of two processes, started by the page's own command."""
    pytest.importorskip("jax")
    folder = written(lecture, tmp_path_factory.mktemp("documented"))
    command = boxes("gloo").replace(":9981", f":{lecture.free_port()}")
    command = command.replace("6 120 0.003", " ".join(map(str, COMMAND)))
    python = f'python() {{ "{sys.executable}" "$@"; }}\n'
    with subprocess.Popen(
        ["bash", "-c", python + command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            told, wrong = run.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)  # both processes, not the shell alone
            raise
    # Here both processes share one output, and what Gloo says may end up within a line.
    said = re.findall(r"epoch (\d+) loss (\d\.\d{9})", told)
    found = {int(epoch): float(loss) for epoch, loss in said}
    assert found, told[-1000:] + wrong[-3000:]
    return found, lecture.last_weights(folder)


def test_the_script_needs_nothing_of_the_course(lecture, tmp_path: Path) -> None:
    script = (written(lecture, tmp_path) / "train.py").read_text(encoding="utf-8")
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported == {"os", "sys", "keras", "numpy"}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("devices", [2, 4])
@trains
def test_several_devices_give_the_losses_and_weights_of_one(
    lecture, alone, tmp_path: Path, devices: int
) -> None:
    found = lecture.start(written(lecture, tmp_path), *COMMAND, devices=devices)
    assert found == pytest.approx(alone[0], rel=0, abs=1e-6)
    np.testing.assert_allclose(lecture.last_weights(tmp_path), alone[1], rtol=0, atol=1e-4)


@pytest.mark.timeout(600)
@trains
def test_two_processes_started_by_the_command_on_the_page_give_them_too(alone, documented) -> None:
    assert documented[0] == pytest.approx(alone[0], rel=0, abs=1e-6)
    np.testing.assert_allclose(documented[1], alone[1], rtol=0, atol=1e-4)


@pytest.mark.timeout(600)
@trains
def test_after_a_killed_worker_the_same_command_loses_at_most_an_epoch(
    lecture, documented, tmp_path: Path
) -> None:
    folder = written(lecture, tmp_path)
    before = lecture.start(folder, *COMMAND, processes=2, kill_after=1)
    assert 1 <= len(before) < COMMAND[0]  # it was killed on the way
    kept = len([*folder.glob("epoch-*.keras")])
    assert kept >= len(before)
    after = lecture.start(folder, *COMMAND, processes=2)
    assert sorted(after) == list(range(kept + 1, COMMAND[0] + 1))
    assert before | after == pytest.approx(documented[0], rel=0, abs=1e-6)
    np.testing.assert_allclose(lecture.last_weights(folder), documented[1], rtol=0, atol=1e-6)


def test_a_half_written_checkpoint_is_none(lecture, tmp_path: Path, monkeypatch) -> None:
    class Broken:
        def save(self, path: Path) -> None:
            path.write_bytes(b"half")
            raise OSError("the disk is full")

    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="full"):
        lecture.keep(Broken(), 3, process=0)
    assert not [*tmp_path.glob("epoch-*.keras")]


@pytest.mark.parametrize("by_epoch", [False, True])
def test_dropout_goes_on_elsewhere_unless_its_state_is_set_by_the_epoch(tmp_path, by_epoch) -> None:
    import keras

    keras.utils.set_random_seed(0)
    X, y = np.random.default_rng(0).normal(size=(40, 8)), np.arange(40) % 2
    parts = [keras.Input((8,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    network = keras.Sequential(parts)
    network.compile("adam", "mse")

    def train(one: keras.Model, epoch: int) -> np.ndarray:
        if by_epoch:
            one.layers[0].seed_generator.state.assign([epoch, 0])
        one.fit(X, y, batch_size=10, shuffle=False, verbose=0)
        return np.concatenate([weight.ravel() for weight in one.get_weights()])

    train(network, 1)
    network.save(tmp_path / "kept.keras")
    never_stopped = train(network, 2)
    went_on = train(keras.saving.load_model(tmp_path / "kept.keras"), 2)
    assert (np.abs(went_on - never_stopped).max() < 1e-6) == by_epoch


def test_a_script_that_fails_says_why(lecture, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("raise ValueError('no rows here')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="no rows here"):
        lecture.start(tmp_path, *COMMAND)


def test_a_worker_that_fails_ends_the_others(lecture, tmp_path: Path) -> None:
    code = """
import os, sys, time
if os.environ["KERAS_DISTRIBUTION_PROCESS_ID"] == "1":
    sys.exit(3)
time.sleep(300)
"""
    (tmp_path / "train.py").write_text(code, encoding="utf-8")
    with pytest.raises(RuntimeError):
        lecture.start(tmp_path, *COMMAND, processes=2)


def test_workers_that_hang_are_ended(lecture) -> None:
    begin = time.monotonic()
    workers = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])] * 2
    assert all(code for code in lecture.wait(workers, seconds=0.5))
    assert time.monotonic() - begin < 60


SHIMS = {
    "scontrol": 'printf "node-7\\nnode-8\\n"',
    "srun": '[ "$1" = --kill-on-bad-exit=1 ] && shift\n'
    'for id in 0 1; do SLURM_PROCID=$id "$@"; done',
    "python": 'echo "$* $KERAS_DISTRIBUTION_PROCESS_ID of $KERAS_DISTRIBUTION_NUM_PROCESSES '
    'at $KERAS_DISTRIBUTION_JOB_ADDRESSES"',
}


@pytest.mark.skipif(os.name == "nt", reason="a cluster's shell")
def test_the_job_for_slurm_tells_each_process_who_it_is(tmp_path: Path) -> None:
    for name, text in SHIMS.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    env = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SLURM_NTASKS": "2",
        "SLURM_JOB_NODELIST": "node-[7-8]",
    }
    job = boxes("#SBATCH")
    done = subprocess.run(["bash", "-c", job], env=env, capture_output=True, text=True)
    told = [f"train.py 6 480 0.003 {k} of 2 at node-7:9981" for k in (0, 1)]
    assert done.stdout.splitlines() == told
