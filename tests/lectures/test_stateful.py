"""The page on stateful networks: batches, states that are kept, what a wrong one costs.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from helpers.data import load_novelist
from tests.support import functions_of

SYMBOLS = load_novelist().symbols


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines; its functions find network and symbols as global names."""
    found = functions_of("stateful")
    for function in (found.build_model, found.as_numbers, found.read_on, found.write):
        monkeypatch.setitem(function.__globals__, "symbols", SYMBOLS)
    return found


def trained(lecture: SimpleNamespace, rows: int) -> keras.Sequential:
    """The page's network with the weights of the file."""
    network = lecture.build_model(rows)
    network.set_weights(load_novelist().weights)
    return network


def test_a_row_continues_the_same_row_of_the_batch_before(lecture) -> None:
    found = lecture.batches(np.arange(62), rows=3, steps=5)
    assert len(found) == 4
    for row in range(3):
        strip = np.concatenate([inputs[row] for inputs, _ in found])
        np.testing.assert_array_equal(strip, np.arange(20) + 20 * row)
    for inputs, targets in found:
        np.testing.assert_array_equal(targets, inputs + 1)


def test_a_text_too_short_for_one_batch_is_refused(lecture) -> None:
    assert len(lecture.batches(np.arange(16), rows=3, steps=5)) == 1
    with pytest.raises(ValueError, match="15 characters are too few: need 16"):
        lecture.batches(np.arange(15), rows=3, steps=5)


def test_carried_states_give_the_cost_of_reading_whole_strips(lecture) -> None:
    numbers = np.random.default_rng(0).integers(80, size=41)
    network = trained(lecture, rows=2)
    cut, whole = (lecture.batches(numbers, 2, steps) for steps in (5, 20))
    carried, at_once = lecture.bits_read(network, cut), lecture.bits_read(network, whole)
    reset = lecture.bits_read(network, cut, reset=True)
    assert carried.shape == (4, 2, 5) and at_once.shape == (1, 2, 20)
    np.testing.assert_allclose(
        carried.transpose(1, 0, 2).reshape(2, 20), at_once[0], rtol=1e-3, atol=1e-4
    )
    np.testing.assert_allclose(carried[0], reset[0], rtol=1e-4)
    assert np.abs(carried[1:] - reset[1:]).max() > 0.01


def test_the_wrong_cut_goes_on_where_the_last_row_ended(lecture) -> None:
    found = lecture.wrong_batches(np.arange(62), rows=3, steps=5)
    assert len(found) == 4
    joined = np.concatenate([inputs.ravel() for inputs, _ in found])
    np.testing.assert_array_equal(joined, np.arange(60))
    for inputs, targets in found:
        np.testing.assert_array_equal(targets, inputs + 1)


def test_fit_does_not_reset_the_state_between_epochs(lecture) -> None:
    network, loss = trained(lecture, rows=2), "sparse_categorical_crossentropy"
    network.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss)
    numbers, left = np.arange(12).reshape(4, 3), []
    for epochs in (1, 2):
        network.layers[1].reset_state()
        network.fit(numbers, numbers, batch_size=2, epochs=epochs, shuffle=False, verbose=0)
        left.append(keras.ops.convert_to_numpy(network.layers[1].states[1]).copy())
    assert np.abs(left[0] - left[1]).max() > 0.01


def test_each_epoch_and_validation_starts_from_states_of_zero(lecture) -> None:
    network, loss = trained(lecture, rows=2), "sparse_categorical_crossentropy"
    network.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss)
    numbers = np.arange(12).reshape(4, 3)
    options = {
        "batch_size": 2,
        "shuffle": False,
        "verbose": 0,
        "validation_data": (numbers[:2],) * 2,
    }
    for epochs in (1, 2):
        network.fit(numbers, numbers, epochs=epochs, callbacks=[lecture.ResetStates()], **options)
    left = keras.ops.convert_to_numpy(network.layers[1].states[1]).copy()
    network.layers[1].reset_state()
    network.predict_on_batch(numbers[:2])
    np.testing.assert_allclose(left, network.layers[1].states[1], atol=1e-6)


def test_a_text_is_the_same_whatever_was_written_before(lecture) -> None:
    model = trained(lecture, rows=1)
    first = lecture.write(model, "It is a truth ", 20)
    assert len(first) == 20 and first == lecture.write(model, "It is a truth ", 20)


def test_characters_that_the_novels_do_not_have_are_named(lecture) -> None:
    with pytest.raises(ValueError, match="not among the 80 characters of the model: .'É', '“'."):
        lecture.as_numbers("“Oh, É,")
