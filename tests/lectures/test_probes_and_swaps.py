"""The page on probes and swaps: texts that differ in one place, the cell along a text.

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
    """What the page defines; its functions find the symbols as a global name."""
    found = functions_of("probes-and-swaps")
    monkeypatch.setitem(found.as_numbers.__globals__, "symbols", SYMBOLS)
    return found


def test_a_paragraph_of_narration_gives_the_text_before_its_last_full_stop(lecture) -> None:
    text = 'He came. He saw. He left.\n"Yes," he said. He went. So far.\nHe sat. Then he ate. No.'
    lecture.narration.__globals__["chapters"] = [text, "She went too. And so on"]
    expected = [". He left.", "e ate. No.", " went too."]
    assert lecture.narration(length=10) == expected


@pytest.mark.parametrize("back", [1, 5, 11])
def test_the_two_texts_differ_in_two_symbols_alone(lecture, back: int) -> None:
    text = "It was so, he said, and left."
    lecture.both_ways.__globals__["texts"] = [text]
    before, behind = ("".join(SYMBOLS[k] for k in rows[0]) for rows in lecture.both_ways('"', back))
    place = before.index('"')
    assert len(before) == len(behind) == len(text) + 1 and len(before) - place > back
    assert behind.index('"') == place - 1 and before[place - 1] == " " == behind[place]
    assert before.replace('"', "") == behind.replace('"', "") == text


def test_the_cell_along_a_text_ends_as_the_layer_does(lecture, monkeypatch) -> None:
    embedding, layer = keras.layers.Embedding(80, 3), keras.layers.LSTM(256, return_state=True)
    for name, part in (("embedding", embedding), ("lstm_layer", layer)):
        monkeypatch.setitem(lecture.trace.__globals__, name, part)
    text = "He said so."
    _, _, expected = layer(embedding(lecture.as_numbers([text])))
    found = lecture.trace(text)
    assert found.shape == (len(text), 256)
    np.testing.assert_allclose(found[-1], keras.ops.convert_to_numpy(expected)[0], atol=1e-5)
