"""The committed benchmark: its form, its tables, its models. Nothing is trained here."""

from __future__ import annotations

import copy
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import full_size, report, run
from benchmarks.app_report import STATUS, WAYS, app_section, read_app_results
from benchmarks.recipe import MODELS, SETTINGS
from tests.support import ROOT

RESULTS = report.read_results()
KERAS = [name for name, setting in SETTINGS.items() if setting.backend != "torch"]


# -- the models -------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["class", "lecture"])
def test_the_models_have_the_parameters_that_the_class_printed(style: str) -> None:
    code = (
        "from benchmarks.keras_models import build\n"
        "from benchmarks.recipe import MODELS\n"
        "for name in MODELS:\n"
        f"    network = build(name, {style!r})\n"
        "    network.build((None, 100))\n"
        "    print(name, network.count_params())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    counted = {name: int(count) for name, count in map(str.split, done.stdout.splitlines())}
    assert counted == {name: parameters for name, (_, parameters) in MODELS.items()}


@pytest.mark.parametrize("setting", KERAS)
def test_the_measured_models_had_these_parameters_too(setting: str) -> None:
    for model, (_, parameters) in MODELS.items():
        trained = RESULTS["speed"][setting][model]["parameters"]
        assert trained >= SETTINGS[setting].networks * parameters
        if SETTINGS[setting].networks == 1:
            assert trained == parameters


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


@pytest.mark.parametrize("model", ["rnn", "lstm"])
def test_the_fastest_backend_is_four_times_as_fast_as_the_class_and_ahead_of_plain_torch(
    model: str,
) -> None:
    speed = {name: of_models[model] for name, of_models in RESULTS["speed"].items()}
    alone = [name for name in KERAS if SETTINGS[name].networks == 1]
    fastest = max(alone, key=lambda name: speed[name]["median"])
    assert speed[fastest]["times_class"]["median"] >= 4
    if "torch" in speed:
        assert report.times_peer(RESULTS, fastest, "torch", model) > 1


def test_full_size_takes_less_than_3_gb_and_grows_no_faster_than_the_data() -> None:
    sizes = RESULTS["full_size"]["sizes"]
    assert [one["reviews"] for one in sizes] == sorted(full_size.SIZES)
    assert max(one["memory"] for one in sizes) < 3000
    assert any(one.get("epoch") for one in sizes)
    first, last = sizes[0], sizes[-1]
    growth = last["reviews"] / first["reviews"]
    for step in ("load_cpu", "adapt_cpu", "tokenize_cpu", "memory"):
        assert last[step] / first[step] < 1.25 * growth, step


# -- tables and texts -------------------------------------------------------------------------


def test_the_table_has_a_row_a_setting_and_a_cell_a_model() -> None:
    lines = report.speed_table(RESULTS).splitlines()
    assert len(lines) == 2 + len(RESULTS["speed"])
    assert {line.count("|") for line in lines} == {len(MODELS) + 4}
    for name, line in zip(RESULTS["speed"], lines[2:], strict=True):
        assert line.startswith(f"| {SETTINGS[name].name} |")
        assert f"{RESULTS['speed'][name]['rnn']['median']:,} (" in line


@pytest.mark.parametrize(("ratio", "text"), [(1.0, "1.0"), (9.94, "9.9"), (9.96, "10"), (13, "13")])
def test_ratios_have_two_digits(ratio: float, text: str) -> None:
    changed = copy.deepcopy(RESULTS)
    changed["speed"]["jax"]["rnn"]["times_class"]["median"] = ratio
    assert report.times_class(changed, "jax", "rnn") == text


def test_peers_are_compared_within_a_round() -> None:
    speed = {"jax": {"rnn": {"rounds": [20, 90, 30]}}, "torch": {"rnn": {"rounds": [10, 30, 30]}}}
    assert report.times_peer({"speed": speed}, "jax", "torch", "rnn") == 2


def test_nothing_is_said_of_pytorch_where_it_was_not_measured() -> None:
    speed = {name: RESULTS["speed"][name] for name in KERAS}
    assert report.peers_text({**RESULTS, "speed": speed}) == ""


def test_shared_machines_are_called_that() -> None:
    assert "Others used" in report.description({**RESULTS, "shared_machine": True})
    assert "Others used" not in report.description({**RESULTS, "shared_machine": False})


def test_the_readme_gives_the_ratios_of_the_results() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    between = readme.split(report.BEGIN)[1].split(report.END)[0]
    assert between == report.readme_text(RESULTS)
    assert f"{report.times_class(RESULTS, 'jax', 'lstm')} times" in " ".join(between.split())


def test_the_readme_is_changed_between_its_marks_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    report.README.write_text(f"before\n{report.BEGIN}old\n{report.END}after\n", encoding="utf-8")
    report.update_readme(RESULTS)
    text = report.README.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{report.BEGIN}") and text.endswith(f"{report.END}after\n")
    assert report.readme_text(RESULTS) in text and "old" not in text


def test_the_status_page_shows_tables_and_a_plot_with_alternative_text() -> None:
    section = report.STATUS.read_text(encoding="utf-8")
    assert section == report.status_text(RESULTS)
    for part in (report.speed_table, report.parts_table, report.full_size_table, report.alt_text):
        assert part(RESULTS) in section
    assert "```{image} benchmarks/speed.svg" in section


def test_the_committed_plot_shows_the_committed_results() -> None:
    plot = report.PLOT.read_text(encoding="utf-8")
    assert f"<title>{report.alt_text(RESULTS)}</title>" in plot
    for of_models in RESULTS["speed"].values():
        for model in ("rnn", "lstm"):
            assert f">{of_models[model]['median']:,}</text>" in plot


def test_the_same_results_give_the_same_plot(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        report.draw(RESULTS, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


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


def test_the_proof_survives_a_run_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(report, "STATUS", tmp_path / "speed.md")
    monkeypatch.setattr(report, "status_text", lambda results: "")
    report.write_results({"made": "1", "full_size": {"sizes": []}})
    report.write_results({"made": "2"})
    assert json.loads(report.RESULTS.read_text(encoding="utf-8")) == {
        "made": "2",
        "full_size": {"sizes": []},
    }


def test_the_big_file_repeats_the_rows_with_a_new_word_each(tmp_path: Path) -> None:
    rows = [["1", "bad"], ["2", 'so "good"']]
    full_size.make_files(tmp_path, 5, rows)
    with (tmp_path / full_size.FOLDER / "train.csv").open(encoding="utf-8", newline="") as file:
        made = list(csv.reader(file))
    assert made[:2] == rows
    assert made[2:] == [["1", "bad own2"], ["2", 'so "good" own3'], ["1", "bad own4"]]


def test_a_row_counts_once_for_each_network_that_it_trains(tmp_path: Path) -> None:
    code = (
        "import numpy as np\n"
        "from benchmarks import keras_models\n"
        "data = np.ones((20, 100), int), np.arange(20) % 2\n"
        "many = {'batch': 2, 'seconds': 0, 'networks': 3}\n"
        "for model in ('mlp', 'rnn'):\n"
        "    one = keras_models.train(model, 'lecture', *data, **many)\n"
        "    print(model, one['parameters'], one['samples_per_second'] > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = done.stdout.split()
    assert told[0::3] == ["mlp", "rnn"] and told[2::3] == ["True", "True"]
    for model, count in zip(told[0::3], told[1::3], strict=True):  # blocks of noughts count too
        assert int(count) >= 3 * MODELS[model][1]


def test_lectures_quote_the_committed_results() -> None:
    quoted = json.loads(report.FOR_LECTURES.read_text(encoding="utf-8"))
    assert quoted == report.for_lectures(RESULTS)
    assert quoted["class_lstm"] == RESULTS["speed"]["class"]["lstm"]["median"]


# -- the web app ------------------------------------------------------------------------------


def test_the_app_answers_in_time_and_faster_than_with_predict() -> None:
    results = read_app_results()
    assert results["http"].keys() == results["alone"].keys() == WAYS.keys()
    assert results["http"]["app"]["median"] < 30 and results["in_a_row"]["median"] < 30
    assert results["http"]["predict"]["times_app"] > 2
    assert results["http"]["app"]["times_app"] == 1


def test_the_app_makes_no_error_and_keeps_its_memory() -> None:
    results = read_app_results()
    row, crowd = results["in_a_row"], results["at_once"]
    assert row["requests"] >= 1_000 and crowd["people"] >= 50
    assert [one["errors"] for one in (row, crowd, *results["http"].values())] == [0] * 5
    assert row["memory_after_all"] - row["memory_after_100"] < 20
    assert crowd["memory_after"] - row["memory_after_100"] < 40


def test_the_status_page_tells_of_the_app() -> None:
    results = read_app_results()
    section = STATUS.read_text(encoding="utf-8")
    assert section == app_section(results)
    assert f"| {results['http']['app']['median']:.1f} |" in section
    assert section.count("\n|") == 1 + len(WAYS)
    assert ("Others used" in section) == results["shared_machine"]
