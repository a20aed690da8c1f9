"""The committed benchmark: its form, its tables, its models. No speed is measured here."""

from __future__ import annotations

import copy
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import full_size, report, run
from benchmarks.recipe import MODELS, SETTINGS
from tests.support import ROOT
from tools.book.full import MEMORY

RESULTS = report.read_results()
KERAS = [name for name, setting in SETTINGS.items() if setting.backend != "torch"]


# -- the models -------------------------------------------------------------------------------


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


@pytest.mark.parametrize("setting", KERAS)
def test_the_measured_models_had_these_parameters_too(setting: str) -> None:
    for model, (_, parameters) in MODELS.items():
        assert RESULTS["speed"][setting][model]["parameters"] == parameters


# -- the results ------------------------------------------------------------------------------


def test_the_results_are_of_the_class_recipe_and_name_their_machine() -> None:
    assert RESULTS["batch"] == 30 and RESULTS["rows"] % 300 == 0 and RESULTS["rounds"] >= 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", RESULTS["made"])
    assert isinstance(RESULTS["shared_machine"], bool)
    assert RESULTS["machine"].keys() == {"system", "processor", "cores"}
    assert {"python", "keras", "jax", "numpy"} <= RESULTS["versions"].keys()


def test_every_setting_has_every_model_with_a_spread() -> None:
    assert set(KERAS) <= RESULTS["speed"].keys() <= SETTINGS.keys()
    for of_models in RESULTS["speed"].values():
        assert of_models.keys() == MODELS.keys()
        for one in of_models.values():
            for spread in (one, one["times_class"]):
                assert 0 < spread["low"] <= spread["median"] <= spread["high"]
            assert one["warm_up"] >= 0
    for one in RESULTS["speed"]["class"].values():
        assert one["times_class"] == {"median": 1, "low": 1, "high": 1}


@pytest.mark.parametrize("model", report.PAIRS)
def test_the_fastest_backend_is_four_times_as_fast_as_the_class_and_ahead_of_plain_torch(
    model: str,
) -> None:
    speed = {name: of_models[model] for name, of_models in RESULTS["speed"].items()}
    fastest = max(KERAS, key=lambda name: speed[name]["median"])
    assert speed[fastest]["times_class"]["median"] >= 4
    if "torch" in speed:
        assert report.times_peer(RESULTS, fastest, "torch", model) > 1


def test_full_size_takes_less_than_3_gb_and_grows_no_faster_than_the_data() -> None:
    sizes = RESULTS["full_size"]["sizes"]
    assert [one["reviews"] for one in sizes] == sorted(full_size.SIZES)
    assert max(one["memory"] for one in sizes) < 3000
    assert all(one["epoch_rows"] == int(0.72 * one["reviews"]) // 30 * 30 for one in sizes)
    growth = sizes[-1]["reviews"] / sizes[0]["reviews"]
    for step in ("load_cpu", "adapt_cpu", "tokenize_cpu", "epoch_cpu", "memory"):
        assert sizes[-1][step] / sizes[0][step] < 1.25 * growth, step


def test_lectures_on_a_file_of_full_size_keep_to_the_memory_that_make_full_tells() -> None:
    pages = RESULTS["full_pages"]
    assert {"10-yelp-reviews", "20-full-size"} <= pages.keys()
    assert pages["20-full-size"]["cells"] == pages["20-full-size"]["of"]
    assert all(0 < one["cells"] <= one["of"] for one in pages.values())
    assert max(one["memory"] for one in pages.values()) < 1000 * MEMORY


# -- what is told of them ---------------------------------------------------------------------


def test_all_that_is_told_is_of_the_committed_results(tmp_path: Path) -> None:
    report.write_results(RESULTS, tmp_path)
    report.draw(RESULTS, tmp_path / "again.svg")
    report.draw(RESULTS, tmp_path / "speed.svg")
    for name in ("results.json", "speed.md"):
        assert (tmp_path / name).read_bytes() == (report.FOLDER / name).read_bytes(), name
    assert (tmp_path / "speed.svg").read_bytes() == (tmp_path / "again.svg").read_bytes()
    readme = report.README.read_text(encoding="utf-8")
    assert report.with_speed(readme, RESULTS) == readme


def test_the_committed_plot_shows_the_committed_results() -> None:
    plot = (report.FOLDER / "speed.svg").read_text(encoding="utf-8")
    assert f"<title>{report.alt_text(RESULTS)}</title>" in plot
    for of_models in RESULTS["speed"].values():
        for model in report.PAIRS:
            assert f">{of_models[model]['median']:,}</text>" in plot


def test_the_tables_have_a_row_for_each_setting_and_each_way() -> None:
    lines = report.speed_table(RESULTS).splitlines()
    assert {line.count("|") for line in lines} == {len(MODELS) + 4}
    for (name, of_models), line in zip(RESULTS["speed"].items(), lines[2:], strict=True):
        assert line.startswith(f"| {SETTINGS[name].name} |")
        assert f"{of_models['rnn']['median']:,} (" in line


def test_the_status_page_shows_plot_and_proof() -> None:
    section = report.status_text(RESULTS)
    assert f"```{{image}} benchmarks/speed.svg\n:alt: {report.alt_text(RESULTS)}\n" in section
    assert report.full_size_table(RESULTS) in section and report.parts_table(RESULTS) in section


@pytest.mark.parametrize(("ratio", "text"), [(1.0, "1.0"), (9.94, "9.9"), (9.96, "10"), (13, "13")])
def test_ratios_have_two_digits(ratio: float, text: str) -> None:
    assert report.two_digits(ratio) == text


def test_peers_are_compared_within_a_round_where_they_were_measured() -> None:
    speed = {"jax": {"rnn": {"rounds": [20, 90, 30]}}, "torch": {"rnn": {"rounds": [10, 30, 30]}}}
    assert report.times_peer({"speed": speed}, "jax", "torch", "rnn") == 2
    speed = {name: RESULTS["speed"][name] for name in KERAS}
    assert report.peers_text({**RESULTS, "speed": speed}) == ""


@pytest.mark.parametrize("shared", [True, False])
def test_shared_machines_are_called_that(shared: bool) -> None:
    told = report.description({**RESULTS, "shared_machine": shared})
    assert ("Others used" in told) == shared


def test_the_readme_is_changed_between_its_marks_alone() -> None:
    text = report.with_speed(f"before\n{report.BEGIN}old\n{report.END}after\n", RESULTS)
    assert text == f"before\n{report.BEGIN}{report.readme_text(RESULTS)}{report.END}after\n"


# -- rounds and files -------------------------------------------------------------------------


def test_rounds_are_summed_up_by_medians_and_ratios_within_a_round() -> None:
    def process(rate: float) -> dict:
        one = {"samples_per_second": rate, "warm_up_seconds": 1.0, "parameters": 7, "epochs": 2}
        return {"measures": dict.fromkeys(MODELS, one), "memory": rate, "versions": {"a": "1"}}

    rounds = [{"class": process(c), "jax": process(j)} for c, j in [(10, 50), (20, 80), (4, 40)]]
    summary = run.summarize(rounds)
    jax = summary["speed"]["jax"]["rnn"]
    assert (jax["median"], jax["low"], jax["high"]) == (50, 40, 80)
    assert jax["rounds"] == [50, 80, 40]
    assert jax["times_class"] == {"median": 5, "low": 4, "high": 10}
    assert summary["memory"] == {"class": 20, "jax": 80}
    assert summary["versions"] == {"a": "1"}


def test_a_run_keeps_the_proof_and_the_range_of_those_before_it(tmp_path: Path) -> None:
    report.write_results(RESULTS, tmp_path)
    new = copy.deepcopy({k: v for k, v in RESULTS.items() if k not in ("full_size", "seen")})
    new["speed"]["jax"]["rnn"]["times_class"]["median"] = 3.3
    report.write_results(new, tmp_path)
    written = report.read_results(folder=tmp_path)
    assert written["full_size"] == RESULTS["full_size"]
    seen = RESULTS["seen"]
    assert written["seen"] == {**seen, "rnn": {"low": 3.3, "high": seen["rnn"]["high"]}}


def test_the_big_file_repeats_the_rows_with_a_new_word_each(tmp_path: Path) -> None:
    rows = [["1", "bad"], ["2", 'so "good"']]
    full_size.make_files(tmp_path, 5, rows)
    with (tmp_path / full_size.FOLDER / "train.csv").open(encoding="utf-8", newline="") as file:
        made = list(csv.reader(file))
    assert made[:2] == rows
    assert made[2:] == [["1", "bad own2"], ["2", 'so "good" own3'], ["1", "bad own4"]]
