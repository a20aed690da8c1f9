"""The page on state-space models: its step, its filter, and what its exercises ask for."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("state-space-models")


def test_held_readings_are_smoothed_as_the_equation_says(lecture) -> None:
    readings = np.random.default_rng(0).normal(size=5)
    solved = solve_ivp(
        lambda t, h: -0.2 * h + 0.2 * readings[min(int(t / 0.5), 4)],
        (0, 2.5),
        [0.0],
        rtol=1e-9,
        max_step=0.005,
    )
    assert pytest.approx(solved.y[0, -1], abs=1e-3) == lecture.smooth(readings, 0.5)[-1]


def test_states_of_many_sequences_are_those_of_each(lecture) -> None:
    keep, write, inputs = np.random.default_rng(1).normal(size=(3, 6, 4))
    together = lecture.states(keep, write, inputs)
    for n in range(4):
        alone = lecture.states(keep[:, n], write[:, n], inputs[:, n])
        np.testing.assert_allclose(together[:, n], alone)


def test_the_filter_of_a_layer_is_what_one_pulse_gives(lecture) -> None:
    rng = np.random.default_rng(1)
    A, B, C = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
    state, outputs = np.zeros(3), []
    for x_t in np.eye(6)[0]:
        state = A @ state + B * x_t
        outputs.append(C @ state)
    np.testing.assert_allclose(lecture.kernel(A, B, C, 6), outputs)


def test_a_pulse_solves_the_equation_in_continuous_time(lecture) -> None:
    A, B = lecture.pulse(-1.5, 2.0, 0.8, 0.25)
    solved = solve_ivp(
        lambda t, h: -1.5 * h + 2.0 * 3.0 * (t < 0.2), (0, 0.8), [0.7], rtol=1e-9, max_step=0.01
    )
    assert pytest.approx(solved.y[0, -1], rel=1e-3) == A * 0.7 + B * 3.0
