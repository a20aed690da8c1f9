"""The recipe of the novelist's weights: its texts, its gates, and when the weights are stale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.data import DATA_FOLDER, load_austen, load_novelist, read_novelist, write_novelist
from tools.samples import make
from tools.samples import novelist as recipe

CARD = " ".join((DATA_FOLDER / "novelist.md").read_text(encoding="utf-8").split())


def test_the_weights_are_made_from_the_texts_and_the_code_of_today() -> None:
    made_from = load_novelist().about["made_from"]
    assert made_from == recipe.digest(), "run: python -m tools.samples.make novelist"


def test_weights_that_are_up_to_date_are_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / recipe.WEIGHTS).write_bytes((DATA_FOLDER / recipe.WEIGHTS).read_bytes())
    before = (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns
    make.make("novelist", None, tmp_path)
    assert (tmp_path / recipe.WEIGHTS).stat().st_mtime_ns == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "value"), [("NUM_UNITS", 255), ("LEARNING_RATE", 0.003)])
def test_another_setting_makes_them_stale(monkeypatch, name, value) -> None:
    before = recipe.digest()
    monkeypatch.setattr(recipe, name, value)
    assert recipe.digest() != before


def test_the_symbols_are_those_of_the_training_chapters() -> None:
    frame = load_austen()
    texts = frame.loc[frame["split"] == "train", "text"]
    assert load_novelist().symbols == "".join(sorted({*"\n".join(texts)}))


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    shapes = [(3, 2), (2, 8), (2, 8), (8,), (2, 3), (3,)]
    weights = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    write_novelist(tmp_path / "some.npz", weights, "\nab", {"made_from": "x"})
    novelist = read_novelist(tmp_path / "some.npz")
    assert (novelist.symbols, novelist.about) == ("\nab", {"made_from": "x"})
    for ours, given in zip(novelist.weights, weights, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, given, rtol=1e-3)


def test_gates_begin_open_from_a_step_or_so_to_the_whole_memory() -> None:
    from keras import layers

    from helpers.characters import open_gates

    layer = layers.LSTM(5)
    layer.build((None, None, 3))
    before = layer.get_weights()
    open_gates(layer, 400)
    W_x, W_h, b = layer.get_weights()
    np.testing.assert_array_equal(W_x, before[0])
    np.testing.assert_array_equal(W_h, before[1])
    np.testing.assert_allclose(b[5:10], np.linspace(1, np.log(400), 5), rtol=1e-6)
    np.testing.assert_allclose(b[:5], 1 - b[5:10], atol=1e-6)
    assert not b[10:].any()


def test_each_piece_is_read_from_an_empty_state() -> None:
    import keras

    from helpers.characters import build, next_logs

    keras.utils.set_random_seed(0)
    network = build(7, 4, 2)
    texts = [np.arange(60) % 7, np.arange(35) * 3 % 7]
    (_, whole), *rest = next_logs(network, texts, 60)
    pieces = dict(enumerate(next_logs(network, texts, 20)))
    assert not rest and [steps.start for steps, _ in pieces.values()] == [0, 20, 40]
    np.testing.assert_allclose(pieces[0][1], whole[:, :20], atol=1e-5)
    alone = next(next_logs(network, [text[20:40] for text in texts], 20))[1]
    np.testing.assert_allclose(pieces[1][1], alone, atol=1e-5)
    np.testing.assert_allclose(np.exp(whole).sum(axis=-1), 1, rtol=1e-5)


def test_the_numbers_of_the_card_are_those_of_the_file() -> None:
    from helpers.data import read_checksums
    from helpers.results import load_results

    novelist, results = load_novelist(), load_results("char_language_models")
    row = results[results["model"] == "LSTM(256)"].iloc[0]
    for fact in (
        f"{sum(weight.size for weight in novelist.weights):,} numbers",
        f"{len(novelist.symbols)} symbols",
        f"{row['test']:.2f} bits per character on the test chapters",
        f"{(DATA_FOLDER / 'novelist.npz').stat().st_size:,} bytes",
        read_checksums(DATA_FOLDER / "checksums.txt")["novelist.npz"],
    ):
        assert fact in CARD, fact
