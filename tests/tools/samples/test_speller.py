"""The recipe of the speller's weights: its words, its numbers, and when the weights are stale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.data import DATA_FOLDER, load_pronunciations, load_speller
from helpers.data.pronunciations import split_of
from helpers.widgets import Speller
from tools.samples import speller as recipe


def test_the_weights_are_made_from_the_words_and_the_code_of_today() -> None:
    made_from = load_speller().about["made_from"]
    assert made_from == recipe.digest(), "run: python -m tools.samples.make speller"


def test_weights_that_are_up_to_date_are_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / recipe.WEIGHTS).write_bytes((DATA_FOLDER / recipe.WEIGHTS).read_bytes())
    before = (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns
    recipe.make(tmp_path / "no such dictionary", tmp_path)
    assert (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"),
    [("NUM_UNITS", 65), ("LEARNING_RATE", 0.003), ("as_numbers", recipe.train)],
)
def test_another_setting_or_function_makes_them_stale(monkeypatch, name, value) -> None:
    before = recipe.digest()
    monkeypatch.setattr(recipe, name, value)
    assert recipe.digest() != before


def test_stress_is_left_out_and_each_word_knows_its_split(tmp_path: Path) -> None:
    (tmp_path / "some.dict").write_text("cat K AE1 T\nno N OW1\nzebra Z IY1 B R AH0\n")
    found = recipe.words_and_sounds(tmp_path / "some.dict")
    assert found == [
        ("cat", ["K", "AE", "T"], split_of("cat")),
        ("zebra", ["Z", "IY", "B", "R", "AH"], split_of("zebra")),
    ]


def test_the_decoder_reads_what_it_had_to_say_one_step_before() -> None:
    words = [("ab", ["A"]), ("z", ["B", "A"])]
    letters, reads, says = recipe.as_numbers(words, ["_", ".", "A", "B"])
    np.testing.assert_array_equal(letters[:, :3], [[1, 2, 0], [26, 0, 0]])
    assert letters.shape == (2, 14)
    np.testing.assert_array_equal(reads, [[1, 2, 0], [1, 3, 2]])
    np.testing.assert_array_equal(says, [[2, 1, 0], [3, 2, 1]])


@pytest.mark.parametrize(
    ("said", "true", "number"),
    [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)],
)
def test_edits_are_the_least_number_of_changes(said: str, true: str, number: int) -> None:
    assert recipe.edits(list(said), list(true)) == number


def test_the_marks_in_the_file_are_those_of_the_network() -> None:
    words = load_pronunciations()
    test = words[words["split"] == "test"]
    sounds = test["sounds"].str.replace(r"\d", "", regex=True).str.split()
    found = recipe.marks(load_speller(), list(zip(test["word"], sounds, strict=True)))
    about = load_speller().about
    assert found == pytest.approx({name: about[name] for name in found}, abs=1e-3)


def test_the_page_shows_the_numbers_of_keras(tmp_path: Path) -> None:
    network = recipe.network_of_layers(len(load_speller().sounds))
    recipe.set_weights(network, load_speller().weights)
    arrays = recipe.arrays_of(network)
    for name, array in Speller.load().network.weights.items():
        np.testing.assert_allclose(arrays[name], array, rtol=1e-6)
