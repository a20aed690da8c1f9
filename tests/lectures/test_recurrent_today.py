"""The page on recurrent models of today: its equation, and what its exercises ask for."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("recurrent-today")


def test_it_runs_layers_as_the_page_before_does(lecture) -> None:
    rng = np.random.default_rng(0)
    given = [rng.normal(size=(5, 3)) for _ in range(2)]
    given += [rng.normal(size=(5, 2)), rng.normal(size=(5, 3))]
    for A in (given[0], rng.normal(size=(5, 3, 3))):
        ours = lecture.run(A, *given[1:])
        theirs = functions_of("delta-rule").run(A, *given[1:])
        assert all(np.array_equal(*pair) for pair in zip(ours, theirs, strict=True))


def test_the_filter_of_a_layer_is_what_one_pulse_gives(lecture) -> None:
    rng = np.random.default_rng(1)
    A, B, C = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
    x = np.eye(6)[:, :1]
    outputs, _ = lecture.run(*(np.array([part] * 6) for part in (A, B)), x, np.array([C] * 6))
    np.testing.assert_allclose(lecture.kernel(A, B, C, 6), outputs[:, 0])


def test_a_pulse_solves_the_equation_in_continuous_time(lecture) -> None:
    A, B = lecture.pulse(-1.5, 2.0, 0.8, 0.25)
    solved = solve_ivp(
        lambda t, h: -1.5 * h + 2.0 * 3.0 * (t < 0.2), (0, 0.8), [0.7], rtol=1e-9, max_step=0.01
    )
    assert pytest.approx(solved.y[0, -1], rel=1e-3) == A * 0.7 + B * 3.0


def test_two_diagonal_layers_follow_three_cups(lecture) -> None:
    """A swap is a turn by a third, k, and a reflection: the first layer keeps how many there were.

    The turn after a swap is k minus the turn before; with alternating sign it is a sum.
    """
    rng = np.random.default_rng(0)
    swaps = [np.eye(3)[order] for order in ([0, 2, 1], [2, 1, 0], [1, 0, 2])]
    turns = [0, 2, 1]  # of each swap: cup i goes to cup (turn - i) % 3
    chosen = rng.integers(0, 3, 200)
    ball, parity, phase, third = np.eye(3)[0], 1.0, 1.0 + 0j, np.exp(2j * np.pi / 3)
    for which in chosen:
        ball = swaps[which] @ ball
        parity = -1.0 * parity
        phase = third ** (parity * turns[which]) * phase
        turn = round(np.angle(phase) / np.angle(third)) * parity % 3
        assert ball.argmax() == turn
