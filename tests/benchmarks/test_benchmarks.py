"""The committed benchmarks: their form, their tables, their models. No speed is measured here."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import full_size, lighthouse, machine, speed
from benchmarks.recipe import MODELS, SETTINGS
from tests.support import ROOT

RESULTS = machine.read_results("speed")
PROOF = machine.read_results("full_size")
KERAS = [name for name, setting in SETTINGS.items() if setting.backend != "torch"]


@pytest.mark.parametrize("script", [speed, full_size, lighthouse])
def test_what_the_status_page_shows_is_of_the_committed_results(script) -> None:
    name = script.__name__.split(".")[-1]
    told = (machine.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert told == script.told(machine.read_results(name))
    assert f"```{{include}} benchmarks/{name}.md\n" in (ROOT / "status.md").read_text("utf-8")


def test_results_are_written_with_what_is_told_of_them(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(machine, "FOLDER", tmp_path)
    machine.write_results("new", PROOF, "told\n")
    assert machine.read_results("new") == PROOF
    assert (tmp_path / "new.md").read_bytes() == b"told\n"


def test_the_machine_is_told_and_whether_others_used_it() -> None:
    results = machine.head(shared=True)
    assert results["machine"].keys() == {"system", "processor", "cores"}
    assert results["made"] in machine.taken(results)
    assert "Others used" in machine.shared_note(results)
    assert machine.shared_note(machine.head(shared=False)) == ""


# -- speed ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_models_have_the_parameters_that_the_class_printed() -> None:
    code = """
import numpy as np
from benchmarks.keras_models import build, train
from benchmarks.recipe import MODELS
for style in ("class", "lecture"):
    for name, (_, printed) in MODELS.items():
        network = build(name, style)
        network.build((None, 100))
        assert network.count_params() == printed, (style, name)
data = np.ones((20, 100), int), np.arange(20) % 2
for name in ("mlp", "rnn"):
    assert train(name, "lecture", *data, batch=2, seconds=0)["samples_per_second"] > 0
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_results_are_of_the_class_recipe() -> None:
    assert RESULTS["batch"] == 30 and RESULTS["rows"] % 300 == 0 and RESULTS["rounds"] >= 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", RESULTS["made"])
    assert {"python", "keras", "jax", "numpy"} <= RESULTS["versions"].keys()
    assert set(KERAS) <= RESULTS["speed"].keys() <= SETTINGS.keys()
    for setting, of_models in RESULTS["speed"].items():
        for model, (_, parameters) in MODELS.items():
            assert setting not in KERAS or of_models[model]["parameters"] == parameters


@pytest.mark.parametrize("model", ["rnn", "lstm"])
def test_the_fastest_backend_is_four_times_as_fast_as_the_class_and_ahead_of_plain_torch(
    model: str,
) -> None:
    ratios = {name: of[model]["times_class"]["median"] for name, of in RESULTS["speed"].items()}
    fastest = max(ratios[name] for name in KERAS)
    assert fastest >= 4 and fastest > ratios.get("torch", 0)


def test_the_table_has_a_row_for_each_setting() -> None:
    lines = speed.speed_table(RESULTS).splitlines()
    assert {line.count("|") for line in lines} == {len(MODELS) + 4}
    for (name, of_models), line in zip(RESULTS["speed"].items(), lines[2:], strict=True):
        assert line.startswith(f"| {SETTINGS[name].name} |")
        assert f"{of_models['rnn']['median']:,} (" in line


@pytest.mark.parametrize(("ratio", "text"), [(1.0, "1.0"), (9.94, "9.9"), (9.96, "10"), (13, "13")])
def test_ratios_have_two_digits(ratio: float, text: str) -> None:
    assert speed.two_digits(ratio) == text


def test_rounds_are_summed_up_by_medians_and_ratios_within_a_round() -> None:
    def process(rate: float) -> dict:
        one = {"samples_per_second": rate, "warm_up_seconds": 1.0, "parameters": 7, "epochs": 2}
        return {"measures": dict.fromkeys(MODELS, one), "memory": rate, "versions": {"a": "1"}}

    rounds = [{"class": process(c), "jax": process(j)} for c, j in [(10, 50), (20, 80), (4, 40)]]
    summary = speed.summarize(rounds)
    jax = summary["speed"]["jax"]["rnn"]
    assert (jax["median"], jax["low"], jax["high"]) == (50, 40, 80)
    assert jax["times_class"] == {"median": 5, "low": 4, "high": 10}
    assert summary["memory"] == {"class": 20, "jax": 80}
    assert summary["versions"] == {"a": "1"}


# -- full size --------------------------------------------------------------------------------


def test_full_size_takes_less_than_3_gb_and_grows_no_faster_than_the_data() -> None:
    sizes = PROOF["sizes"]
    assert [one["reviews"] for one in sizes] == sorted(full_size.SIZES)
    assert max(one["memory"] for one in sizes) < 3000
    assert all(one["epoch_rows"] == int(0.72 * one["reviews"]) // 30 * 30 for one in sizes)
    growth = sizes[-1]["reviews"] / sizes[0]["reviews"]
    for step in ("load_cpu", "adapt_cpu", "tokenize_cpu", "epoch_cpu", "memory"):
        assert sizes[-1][step] / sizes[0][step] < 1.25 * growth, step


def test_the_big_file_repeats_the_rows_with_a_new_word_each(tmp_path: Path) -> None:
    rows = [["1", "bad"], ["2", 'so "good"']]
    full_size.make_files(tmp_path, 5, rows)
    with (tmp_path / full_size.FOLDER / "train.csv").open(encoding="utf-8", newline="") as file:
        made = list(csv.reader(file))
    assert made[:2] == rows
    assert made[2:] == [["1", "bad own2"], ["2", 'so "good" own3'], ["1", "bad own4"]]
