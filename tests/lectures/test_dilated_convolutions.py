"""The page on receptive fields: what a layer sees, its two tasks, the alarm with noise."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("dilated-convolutions")


@pytest.mark.parametrize(
    ("padding", "dilation", "expected"),
    [("valid", 1, [8, 9, 10]), ("same", 1, [9, 10, 11]), ("causal", 2, [10, 12, 14])],
)
def test_nan_shows_which_outputs_see_a_step(lecture, padding, dilation, expected) -> None:
    layer = keras.layers.Conv1D(2, 3, padding=padding, dilation_rate=dilation)
    seen = lecture.outputs_that_see(layer, np.random.default_rng(0).normal(size=(4, 30, 2)), 10)
    assert seen.tolist() == expected


@pytest.mark.parametrize("dilations", [[1, 2, 4, 8, 16], [1] * 5, [3, 1]])
def test_a_stack_sees_as_many_steps_as_the_formula_says(lecture, dilations) -> None:
    network = lecture.stack(dilations)
    seen = lecture.outputs_that_see(network, np.zeros((1, 150, 1)), 40)
    assert seen.tolist() == list(range(40, 40 + 1 + 2 * sum(dilations)))


def test_an_alarm_lasts_32_steps_after_each_pulse(lecture) -> None:
    pulses, on = lecture.alarm(50, 120, np.random.default_rng(3))
    assert pulses.shape == on.shape == (50, 120, 1)
    for row in range(50):
        expected = np.zeros(120, bool)
        for t in np.flatnonzero(pulses[row, :, 0]):
            expected[t : t + 32] = True
        np.testing.assert_array_equal(on[row, :, 0], expected)


def test_a_switch_follows_the_last_pulse(lecture) -> None:
    pulses, on = lecture.switch(50, 120, np.random.default_rng(3))
    assert set(np.unique(pulses)) == {-1, 0, 1}
    for row in range(50):
        last, expected = 0, []
        for pulse in pulses[row, :, 0]:
            last = pulse or last
            expected.append(last > 0)
        np.testing.assert_array_equal(on[row, :, 0], expected)


# -- the experiment -------------------------------------------------------------------------------


def test_the_alarm_is_raised_by_three_ends_of_pulses_in_64_steps() -> None:
    from experiments.convolutions import SEEN, last_steps, pulses, streams

    X, alarm, end = streams(200, 0)
    at = end[:, :, 0] > 0
    assert not at[:, :64].any() and not alarm[end == 0].any()
    windows, labels = last_steps(X, alarm, end)
    row, step = at.nonzero()
    np.testing.assert_array_equal(windows[5], X[row[5], step[5] + 1 - SEEN : step[5] + 1, 0])
    assert np.mean((pulses(windows, 2, 1.5) >= 3) == labels) > 0.97
