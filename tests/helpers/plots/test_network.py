"""Drawings of Keras models: which boxes, which arrows, where, and what cannot be drawn."""

from __future__ import annotations

import re
from itertools import pairwise

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from keras import layers

from helpers.plots import Step, draw_network, steps_of


def two_inputs() -> keras.Model:
    words = keras.Input((7,), dtype="int32", name="words")
    table = keras.Input((3,), name="table")
    vectors = layers.Embedding(20, 4, name="vectors")(words)
    state = layers.LSTM(5, name="lstm")(vectors)
    joined = layers.Concatenate(name="join")([state, table])
    return keras.Model([words, table], layers.Dense(1, name="price")(joined))


def texts_of(ax: plt.Axes) -> dict[str, str]:
    """What each box says below its name."""
    said = [text.get_text() for text in ax.texts if text.get_text()]
    return dict(zip(said[::2], said[1::2], strict=True))


def test_the_steps_of_a_fork_name_what_they_read() -> None:
    assert {step.name: step for step in steps_of(two_inputs())} == {
        "words": Step("words", [], (7,), 0, "input"),
        "table": Step("table", [], (3,), 0, "input"),
        "vectors": Step("vectors", ["words"], (7, 4), 80, "weight"),
        "lstm": Step("lstm", ["vectors"], (5,), 4 * 5 * (4 + 5 + 1), "state"),
        "join": Step("join", ["lstm", "table"], (8,), 0, "weight"),
        "price": Step("price", ["join"], (1,), 9, "output"),
    }


def test_every_box_has_its_shape_and_what_it_learns() -> None:
    said = texts_of(draw_network(two_inputs()))
    assert said == {
        "words": "7",
        "table": "3",
        "vectors": "7 × 4, learns 80",
        "lstm": "5, learns 200",
        "join": "8",
        "price": "1, learns 9",
    }


def test_there_is_one_arrow_for_each_reading_and_each_points_up() -> None:
    ax = draw_network(two_inputs())
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) == sum(len(step.reads) for step in steps_of(two_inputs())) == 5
    assert all(arrow.xy[1] > arrow.xyann[1] for arrow in arrows)


def test_no_two_boxes_overlap() -> None:
    reads = keras.Input((4,))
    branches = [layers.Dense(n + 1)(reads) for n in range(4)]
    more = [layers.Dense(2)(branch) for branch in branches]
    model = keras.Model(reads, layers.Concatenate()([*more, branches[0]]))
    boxes = [patch.get_bbox() for patch in draw_network(model).patches]
    assert len(boxes) == 10
    assert not any(a is not b and a.overlaps(b) for a in boxes for b in boxes)


def test_an_arrow_goes_round_the_boxes_between() -> None:
    text, table = keras.Input((4,), name="text"), keras.Input((3,), name="table")
    both = layers.Multiply(name="both")([layers.Dense(2)(text), layers.Dense(2)(table)])
    model = keras.Model([text, table], layers.Concatenate(name="all")([text, table, both]))
    ax = draw_network(model)
    boxes = [patch.get_bbox() for patch in ax.patches if patch.get_bbox().width > 0.5]
    lines = [line.get_xydata() for line in ax.lines]
    assert len(lines) == 2  # from the text on the left, from the table on the right
    lines += [np.array([arrow.xyann, arrow.xy]) for arrow in ax.texts if not arrow.get_text()]
    for line in lines:
        for start, end in pairwise(line):
            inside = start + np.linspace(0.02, 0.98, 49)[:, np.newaxis] * (end - start)
            assert not any(box.contains(*point) for point in inside for box in boxes)
    assert {tuple(line[-1].round(2)) for line in lines[2:]} >= {(0.07, 3.0), (0.93, 3.0)}


def test_texts_stay_within_their_boxes() -> None:
    words = keras.Input((100,), dtype="int32", name="words")
    ax = draw_network(keras.Model(words, layers.Embedding(10_001, 50, name="embedding")(words)))
    figure = ax.figure
    figure.draw_without_rendering()
    widest = max(text.get_window_extent().width for text in ax.texts if text.get_text())
    narrowest = min(patch.get_window_extent().width for patch in ax.patches)
    assert widest < narrowest


def test_operations_that_are_no_layers_are_drawn_too() -> None:
    reads = keras.Input((4,), name="reads")
    model = keras.Model(reads, layers.Dense(1, name="last")(keras.ops.tanh(reads)))
    steps = steps_of(model)
    assert [step.reads for step in steps] == [[], ["reads"], [steps[1].name]]


def test_a_sequential_model_is_a_chain() -> None:
    chain = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(1)])
    steps = steps_of(chain)
    assert [step.reads for step in steps] == [[], [steps[0].name], [steps[1].name]]
    assert draw_network(chain).patches


def test_what_is_given_is_drawn_on() -> None:
    _, ax = plt.subplots()
    assert draw_network(two_inputs(), ax) is ax


def shared_layer() -> keras.Model:
    one, two, twice = keras.Input((3,)), keras.Input((3,)), layers.Dense(2, name="twice")
    return keras.Model([one, two], layers.Add()([twice(one), twice(two)]))


def two_outputs() -> keras.Model:
    reads = keras.Input((5, 3))
    states = layers.LSTM(2, return_state=True, name="states")(reads)
    return keras.Model(reads, states[0])


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (shared_layer, "is called more than once"),
        (two_outputs, "states gives 3 outputs"),
        (lambda: keras.Sequential([layers.Dense(1)]), "not built: begin it with keras.Input"),
    ],
)
def test_a_model_that_cannot_be_drawn_is_refused(build, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        draw_network(build())
