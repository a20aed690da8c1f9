"""The page on recurrent models of today: its equation, and what its exercises ask for."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from experiments import five_cups
from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("recurrent-today")


def test_it_runs_layers_as_the_page_on_the_delta_rule_does(lecture) -> None:
    rng = np.random.default_rng(0)
    given = [rng.normal(size=size) for size in [(5, 3, 3), (5, 3), (5, 2), (5, 3)]]
    ours, theirs = lecture.run(*given), functions_of("delta-rule").run(*given)
    assert all(np.array_equal(*pair) for pair in zip(ours, theirs, strict=True))


def test_two_diagonal_layers_follow_three_cups(lecture) -> None:
    """Swap k sends cup c to (k - c) % 3; both layers are products of numbers of modulus 1."""
    swaps = [np.eye(3)[order] for order in ([0, 2, 1], [1, 0, 2], [2, 1, 0])]
    chosen = np.random.default_rng(0).integers(0, 3, 200)
    ball, parity, phase, third = np.eye(3)[0], 1.0, 1.0 + 0j, np.exp(2j * np.pi / 3)
    for which, place in zip(chosen, lecture.places(chosen), strict=True):
        ball = swaps[which] @ ball
        parity = -1.0 * parity
        phase = third ** (parity * which) * phase
        turn = round(np.angle(phase) / np.angle(third))
        assert ball.argmax() == place == turn * parity % 3


def test_without_decay_a_row_of_the_table_is_the_delta_rule(lecture) -> None:
    rng = np.random.default_rng(1)
    keys, betas = rng.normal(size=(6, 4)), rng.random(6)
    ours = lecture.kimi_parts(keys, np.ones((6, 4)), betas)
    theirs = functions_of("delta-rule").delta_parts(keys, betas)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other)


def test_one_decay_for_all_rows_makes_it_gated_deltanet(lecture) -> None:
    rng = np.random.default_rng(2)
    keys, betas, decays = rng.normal(size=(6, 4)), rng.random(6), rng.random((6, 1))
    A, _ = lecture.kimi_parts(keys, np.tile(decays, 4), betas)
    plain, _ = functions_of("delta-rule").delta_parts(keys, betas)
    np.testing.assert_allclose(A, decays[:, :, None] * plain)


@pytest.mark.parametrize("task", ["parity", "swaps"])
def test_the_experiment_moves_cups_and_follows_the_ball(task: str) -> None:
    to = five_cups.moves(task)
    moved = {"parity": {0, 2}, "swaps": {2}}[task]
    assert len({tuple(row) for row in to}) == {"parity": 2, "swaps": 10}[task]
    assert {int((row != np.arange(5)).sum()) for row in to} == moved
    symbols, places = five_cups.cups(task, np.random.default_rng(3), 20, 30)
    assert (symbols[:, 0] == 0).all() and (places[:, 0] == 0).all()
    for row, told in zip(symbols, places, strict=True):
        cups = ["ball", "", "", "", ""]
        for symbol, place in zip(row[1:], told[1:], strict=True):
            after = [""] * 5
            for cup, target in enumerate(to[symbol - 1]):
                after[target] = cups[cup]
            cups = after
            assert cups[place] == "ball"


def test_the_experiment_trains_the_delta_rule_of_the_page(lecture) -> None:
    cell = five_cups.Delta(4, 2.0)
    layer = keras.layers.RNN(cell, return_sequences=True)
    x = np.random.default_rng(4).normal(size=(1, 6, 3)).astype("float32")
    states = keras.ops.convert_to_numpy(layer(x))[0]
    key, value, strength = map(keras.ops.convert_to_numpy, cell.parts)
    betas = 2 / (1 + np.exp(-x[0] @ strength))
    A, B = lecture.kimi_parts(x[0] @ key, np.ones((6, 4)), betas[:, 0])
    for t in range(6):
        _, last = lecture.run(A[: t + 1], B[: t + 1], (x[0] @ value)[: t + 1], B[: t + 1])
        np.testing.assert_allclose(states[t], last[:, 0], atol=1e-5)
