"""The recipe of the speaker's weights: its letters, its texts, and when the weights are stale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.data import DATA_FOLDER, load_reviews, load_speaker, read_speaker, write_speaker
from tools.samples import speaker as recipe

CARD = " ".join((DATA_FOLDER / "speaker.md").read_text(encoding="utf-8").split())


def test_the_weights_are_made_from_the_texts_and_the_code_of_today() -> None:
    made_from = load_speaker().about["made_from"]
    assert made_from == recipe.digest(), "run: python -m tools.samples.make speaker"


def test_weights_that_are_up_to_date_are_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / recipe.WEIGHTS).write_bytes((DATA_FOLDER / recipe.WEIGHTS).read_bytes())
    before = (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns
    recipe.make(tmp_path)
    assert (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"),
    [("NUM_UNITS", 201), ("LEARNING_RATE", 0.003), ("END", "~"), ("as_numbers", recipe.train)],
)
def test_another_setting_or_function_makes_them_stale(monkeypatch, name, value) -> None:
    before = recipe.digest()
    monkeypatch.setattr(recipe, name, value)
    assert recipe.digest() != before


def test_rare_letters_are_left_out_and_each_review_ends() -> None:
    letters = recipe.frequent_letters(["a" * 100 + "b" * 99, "c" * 100])
    assert letters == "\nac"
    assert recipe.as_numbers(["abc", "b"], letters).tolist() == [0, 1, 2, 0, 0]


def test_the_letters_are_those_of_the_training_reviews() -> None:
    frame = load_reviews()
    reviews = frame.loc[frame["split"] == "train", "text"].tolist()
    assert load_speaker().letters == recipe.frequent_letters(reviews)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    shapes = [(3, 2), (2, 8), (2, 8), (8,), (2, 3), (3,)]
    weights = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    write_speaker(tmp_path / "some.npz", weights, "\nab", {"made_from": "x"})
    speaker = read_speaker(tmp_path / "some.npz")
    assert (speaker.letters, speaker.about) == ("\nab", {"made_from": "x"})
    for ours, given in zip(speaker.weights, weights, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, given, rtol=1e-3)


def test_the_card_tells_the_truth() -> None:
    speaker = load_speaker()
    file = DATA_FOLDER / recipe.WEIGHTS
    facts = [
        f"{file.stat().st_size:,} bytes",
        f"{sum(weight.size for weight in speaker.weights):,} numbers",
        f"{len(speaker.letters)} letters",
        f"{recipe.NUM_UNITS} units",
        f"{recipe.NUM_EPOCHS} epochs",
    ]
    assert [fact for fact in facts if fact not in CARD] == []
    assert "LICENSE-modeldata.txt" in CARD
