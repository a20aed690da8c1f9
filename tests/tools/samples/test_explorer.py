"""The recipe of the explorer's weights: its texts, and when the weights are out of date."""

from __future__ import annotations

import ast
import csv
import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.data import DATA_FOLDER
from helpers.widgets import LSTMExplorer
from tools.samples import explorer as recipe
from tools.samples import make


@pytest.fixture(scope="module")
def sentences() -> list[dict[str, str]]:
    """The sentences about restaurants that people wrote."""
    with recipe.SENTENCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def as_it_is() -> str:
    """The digest of the recipe."""
    return recipe.digest()


def test_the_weights_are_made_from_the_texts_and_the_code_of_today(as_it_is: str) -> None:
    assert LSTMExplorer.load().about["made_from"] == as_it_is, "run: make data"


def test_weights_that_are_up_to_date_are_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / recipe.WEIGHTS).write_bytes((DATA_FOLDER / recipe.WEIGHTS).read_bytes())
    before = (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns
    make.make("explorer", None, tmp_path)  # fetches no archive
    assert (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEARNING_RATE", 0.003),
        ("BUCKETS", (8, 24, 99)),
        ("VADER_SHA256", "0"),
        ("SENTENCES", Path(__file__)),
        ("Generator", lambda seed: SimpleNamespace(make=lambda number: [])),
        ("accuracy", recipe.encode),
    ],
)
@pytest.mark.slow
def test_another_setting_text_or_function_makes_them_stale(
    monkeypatch, as_it_is: str, name, value
) -> None:
    monkeypatch.setattr(recipe, name, value)
    assert recipe.digest() != as_it_is


@pytest.mark.parametrize(
    ("old", "new", "is_the_same"),
    [
        ('"""Cut row numbers', '"""Slice row numbers', True),
        ("    return", "    # all of one size\n    return", True),
        ("BATCH_SIZE]", "2 * BATCH_SIZE]", False),
    ],
)
def test_comments_and_docstrings_are_no_part_of_the_recipe(
    monkeypatch, old: str, new: str, is_the_same: bool
) -> None:
    code, before = inspect.getsource(recipe.whole_batches), recipe.bare_code(recipe.whole_batches)
    assert old in code and ast.unparse(ast.parse(before)) == before
    monkeypatch.setattr(inspect, "getsource", lambda _: code.replace(old, new))
    assert (recipe.bare_code(recipe.whole_batches) == before) == is_the_same


def test_made_sentences_are_balanced_and_the_same_each_time() -> None:
    made = recipe.Generator(3).make(500)
    assert made == recipe.Generator(3).make(500)
    assert sum(label for _, label in made) == 250
    assert not [text for text, _ in made if re.search(r"[{}]|  ", text)]


@pytest.mark.parametrize("part", ["dev", "test"])
def test_the_sentences_are_balanced_and_the_network_is_right_on_most(sentences, part) -> None:
    rows = [row for row in sentences if row["part"] == part]
    labels = np.array([row["label"] == "1" for row in rows])
    answers = LSTMExplorer.load().predict([row["text"] for row in rows]) > 0.5
    assert len(rows) > 70 and 0.45 <= labels.mean() <= 0.55
    assert np.mean(answers == labels) >= 0.8


def test_each_sentence_is_there_once(sentences) -> None:
    assert len(sentences) == len({row["text"] for row in sentences}) > 300
