"""The experiments: their form, their budgets, what is kept of them, and how it is loaded."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

from helpers import results
from helpers.results import load_comparisons, load_results
from tests.support import ROOT, write
from tools import experiments
from tools.book.course import CourseError
from tools.book.fingerprint import modules_of_experiment
from tools.experiments import constants, experiment_names, kept_results, minutes

NAMES = experiment_names()
MOST, MOST_OF_LONG, MOST_OF_ALL = 10, 30, 140  # minutes on two cores, many beside other work
LONG = {
    "adding_problem",
    "char_language_models",
    "review_classifiers",
}  # at most three, that may take thirty minutes
FORBIDDEN = ("helpers/plots", "helpers/widgets", "helpers/checks.py", "helpers/record.py")


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_says_what_it_asks_how_and_what_it_costs(name: str) -> None:
    tree = ast.parse((ROOT / "experiments" / f"{name}.py").read_text(encoding="utf-8"))
    text = ast.get_docstring(tree)
    assert text.split("\n")[0].endswith("?")
    for part in ("Design.", "Primary comparisons", "Rows:", "Cost:"):
        assert part in text, part
    assert constants(name)["BACKEND"] in text.lower()


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_imports_what_computes_and_nothing_else_of_ours(name: str) -> None:
    used = [path.relative_to(ROOT).as_posix() for path in modules_of_experiment(name)]
    assert all(path.startswith(("experiments/", "helpers/")) for path in used), used
    assert [path for path in used if path.startswith(FORBIDDEN)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_are_those_of_the_units(name: str) -> None:
    kept, rows = kept_results(name), load_results(name)
    assert len(rows) == len(kept["rows"]) >= len(kept["units"])
    units = [one["unit"] for one in kept["units"]]
    for row in kept["rows"]:
        assert any(unit.items() <= row.items() for unit in units)
    assert kept["made"]["backend"] == constants(name)["BACKEND"]
    assert {"python", "system", "processor", "versions", "fingerprint"} <= kept["made"].keys()


def test_the_experiments_stay_within_their_budgets() -> None:
    taken = {name: minutes(name) for name in NAMES}
    assert len(LONG) <= 3 and set(NAMES) >= LONG
    over = {n: m for n, m in taken.items() if m > (MOST_OF_LONG if n in LONG else MOST)}
    assert over == {} and sum(taken.values()) <= MOST_OF_ALL


# -- loading --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of results, one good."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    rows = [{"layer": "LSTM", "mse": 0.1}, {"layer": "GRU", "mse": None}]
    write(tmp_path / "good.json", json.dumps({"rows": rows, "comparisons": {"gap": 0.5}}))
    return tmp_path


def test_rows_come_as_a_table_and_comparisons_as_they_are(folder: Path) -> None:
    table = load_results("good")
    assert isinstance(table, pd.DataFrame) and list(table["layer"]) == ["LSTM", "GRU"]
    assert table["mse"].isna().tolist() == [False, True]
    assert load_comparisons("good") == {"gap": 0.5}


def test_missing_results_are_named_with_the_way_out(folder: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        load_results("lost")
    told = str(caught.value)
    assert "The experiment 'lost' has no results (known: good)." in told
    assert told.endswith("git checkout data/results/experiments; or: python -m experiments lost")


@pytest.mark.parametrize("text", ["", '{"rows": [', "[]", '{"rows": 3, "comparisons": {}}', "{}"])
def test_damaged_results_are_named_with_the_way_out(folder: Path, text: str) -> None:
    write(folder / "bad.json", text)
    with pytest.raises(
        ValueError, match=r"bad\.json is damaged .* git checkout data/results/experiments/bad"
    ):
        load_results("bad")


# -- what is refused ------------------------------------------------------------------------------

GOOD = '"""Is it so?"""\nBACKEND = "jax"\nMINUTES = 1\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace('"""Is it so?"""', ""), "a docstring that asks its question"),
        (GOOD.replace("jax", "torch"), 'BACKEND = "tensorflow" or "jax" is wanted'),
        (GOOD.replace("MINUTES = 1", ""), "MINUTES"),
        (GOOD + "def run(:", r"asked\.py:4: "),
    ],
)
def test_an_experiment_of_another_form_is_refused(tmp_path, monkeypatch, text, told) -> None:
    monkeypatch.setattr(experiments, "EXPERIMENTS", tmp_path)
    write(tmp_path / "asked.py", text)
    with pytest.raises(CourseError, match=told):
        constants("asked")


def test_a_name_of_no_experiment_is_refused_with_those_that_are() -> None:
    with pytest.raises(CourseError, match=f"'lost' names no experiment. Experiments: {NAMES[0]}"):
        constants("lost")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"mse": float("nan")}, "mse is nan: a row holds finite numbers, or None"),
        ({"mse": [1.0]}, "mse is a list: a row holds plain values"),
    ],
)
def test_a_row_holds_plain_finite_values(row: dict, told: str) -> None:
    with pytest.raises((ValueError, TypeError), match=told):
        experiments._plain_row("any", row)


def test_numbers_are_kept_with_six_digits_and_none_stays() -> None:
    import numpy as np

    row = {"mse": np.float32(1 / 3), "n": np.int64(3), "never": None, "ok": True, "what": "x"}
    kept = experiments._plain_row("any", row)
    assert kept == {"mse": 0.333333, "n": 3, "never": None, "ok": True, "what": "x"}
    assert [type(value) for value in kept.values()] == [float, int, type(None), bool, str]
