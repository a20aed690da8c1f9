"""The recipe of the two spellers' weights: it is the lecture's, and when the weights are stale."""

from __future__ import annotations

import hashlib
from pathlib import Path

import keras
import numpy as np
import pytest

from helpers.data import DATA_FOLDER, TrainedSpeller, load_spellers, read_spellers, write_spellers
from tests.support import ROOT, functions_of
from tools.samples import spellers as recipe

CARD = " ".join((DATA_FOLDER / "spellers.md").read_text(encoding="utf-8").split())


def test_the_weights_are_made_from_the_words_and_the_code_of_today() -> None:
    made_from = read_spellers(DATA_FOLDER / recipe.WEIGHTS)[1]["made_from"]
    assert made_from == recipe.digest(), "run: python -m tools.samples.make spellers"


def test_weights_that_are_up_to_date_are_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / recipe.WEIGHTS).write_bytes((DATA_FOLDER / recipe.WEIGHTS).read_bytes())
    before = (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns
    recipe.make(tmp_path)
    assert (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"),
    [("NUM_UNITS", 65), ("LEARNING_RATE", 0.003), ("NUM_EPOCHS", 9), ("as_numbers", recipe.train)],
)
def test_another_setting_or_function_makes_them_stale(monkeypatch, name, value) -> None:
    before = recipe.digest()
    monkeypatch.setattr(recipe, name, value)
    assert recipe.digest() != before


def test_the_networks_are_those_of_the_lecture() -> None:
    lecture = functions_of("17-attention")
    for kind, make in zip(
        recipe.KINDS, (lecture.encoder_decoder, lecture.looking_back), strict=True
    ):
        keras.utils.set_random_seed(0)
        theirs = make()
        keras.utils.set_random_seed(0)
        ours = recipe.network_of_layers(41, kind == recipe.KINDS[1])
        kept = load_spellers()[kind].weights
        for a, b, c in zip(theirs.get_weights(), ours.get_weights(), kept, strict=True):
            np.testing.assert_array_equal(a, b)
            assert b.shape == c.shape
    assert load_spellers().keys() == set(recipe.KINDS)


def test_the_lecture_trains_by_the_same_settings() -> None:
    code = (ROOT / "lectures" / "17-attention.md").read_text(encoding="utf-8")
    assert f"Adam({recipe.LEARNING_RATE}, global_clipnorm=1.0)" in code
    assert f"batch_size={recipe.BATCH_SIZE}" in code
    for network in load_spellers().values():
        assert [len(losses) for losses in network.losses.values()] == [recipe.NUM_EPOCHS] * 2


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    given = {"one": TrainedSpeller([np.ones((2, 3)), np.full(2, 0.5)], {"loss": [2.0, 1.0]})}
    write_spellers(tmp_path / "some.npz", given, {"made_from": "x"})
    found, about = read_spellers(tmp_path / "some.npz")
    assert about == {"made_from": "x"} and found["one"].losses == given["one"].losses
    for a, b in zip(found["one"].weights, given["one"].weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_card_tells_what_the_file_is() -> None:
    content = (DATA_FOLDER / recipe.WEIGHTS).read_bytes()
    assert hashlib.sha256(content).hexdigest() in CARD and f"{len(content):,} bytes" in CARD
    for network in load_spellers().values():
        assert f"{sum(array.size for array in network.weights):,} numbers" in CARD or (
            f"{sum(array.size for array in network.weights):,} with it" in CARD
        )
