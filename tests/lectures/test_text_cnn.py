"""Lecture 12: its networks, the mask that its convolution keeps, and what its exercises build.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of
from tools.figures.filters import FILTERS, OUT_WEIGHTS, WORDS

NETWORKS = {
    "text_cnn": 500_050 + 100 * (2 * 50 + 1) + 101,
    "kim": 500_050 + 100 * ((3 + 4 + 5) * 50 + 3) + 301,
    "mean_of_words": 500_571,
    "mean_of_answers": 500_050 + 100 * (2 * 50 + 1) + 101,
    "plain_class": 500_672,
    "conv_class": 500_727,
    "plain_masked": 500_671,
    "conv_masked": 500_726,
    "relu_masked": 500_726,
    "five_maxima": 500_561,
}


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("12-text-cnn")


# -- the networks -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_the_networks_have_the_parameters_that_their_formulas_count(lecture, name) -> None:
    pytest.importorskip("keras")
    assert getattr(lecture, name)().count_params() == NETWORKS[name]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_review_of_a_single_word_gets_a_number(lecture, name) -> None:
    pytest.importorskip("keras")
    ids = np.zeros((2, 100), "int32")
    ids[:, 0] = 1
    assert np.isfinite(getattr(lecture, name)().predict(ids, verbose=0)).all()


@pytest.mark.parametrize("name", ["mean_of_words", "mean_of_answers", "conv_masked", "relu_masked"])
def test_more_pads_do_not_change_a_network_with_a_mask(lecture, name) -> None:
    pytest.importorskip("keras")
    model, ids = getattr(lecture, name)(), np.random.default_rng(0).integers(1, 99, (4, 9))
    ids[1, 5:] = 0
    longer = np.pad(ids, ((0, 0), (0, 20)))
    np.testing.assert_allclose(
        model.predict(ids, verbose=0), model.predict(longer, verbose=0), atol=1e-6
    )


def test_the_masked_convolution_hands_on_the_mask_and_does_without_one(lecture) -> None:
    keras = pytest.importorskip("keras")
    ids = np.array([[5, 6, 7, 0, 0], [5, 0, 0, 0, 0]])
    layer = lecture.MaskedConv1D(2, 3, padding="causal")
    filtered = layer(keras.layers.Embedding(10, 4, mask_zero=True)(ids))
    kept = np.array(keras.ops.convert_to_numpy(filtered._keras_mask))
    np.testing.assert_array_equal(kept, ids != 0)
    assert layer(keras.layers.Embedding(10, 4)(ids)).shape == (2, 5, 2)


def test_answers_to_pairs_are_those_of_the_layer_before_its_relu(lecture) -> None:
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    model, ids = lecture.text_cnn(7), np.array([[4, 5, 6]])
    by_layer = keras.ops.convert_to_numpy(model.layers[1](model.layers[0](ids)))[0, 1:]
    by_hand = lecture.answers_to(model, np.array([[4, 5], [5, 6]]))
    np.testing.assert_allclose(np.maximum(by_hand, 0), by_layer, atol=1e-6)


def test_neighbours_are_the_word_before_and_the_word_itself(lecture) -> None:
    found = lecture.neighbours(np.array([[4, 5, 6, 0]]))
    np.testing.assert_array_equal(found, [[[0, 4], [4, 5], [5, 6], [6, 0]]])


# -- the controls -------------------------------------------------------------------------------


def test_random_order_keeps_the_words_of_each_text_and_its_pads(lecture) -> None:
    ids = np.array([[3, 4, 5, 6, 7, 8, 0, 0], [9, 0, 0, 0, 0, 0, 0, 0]])
    mixed = lecture.in_random_order(ids, np.random.default_rng(0))
    assert (mixed[0] != ids[0]).any()
    np.testing.assert_array_equal(np.sort(mixed[:, :6]), np.sort(ids[:, :6]))
    np.testing.assert_array_equal(mixed[:, 6:], 0)


def test_the_drawing_s_first_filter_answers_to_not_good_alone() -> None:
    vectors = np.array(list(WORDS.values()))
    W, b = np.array([weights for weights, _ in FILTERS]), np.array([bias for _, bias in FILTERS])
    windows = np.stack([vectors[:-1], vectors[1:]], axis=1)
    answers = np.maximum(np.einsum("tjm,fjm->tf", windows, W) + b, 0)
    place = list(WORDS).index("good") - 1
    assert np.flatnonzero(answers[:, 0]).tolist() == [place]
    assert answers.max(axis=0) @ OUT_WEIGHTS < 0


# -- the stack ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dilations", "sees"), [((1, 2, 4), 8), ((1, 2, 4, 8, 8), 24), ((1, 2, 4, 8, 16), 32)]
)
@pytest.mark.slow
def test_the_last_output_of_a_stack_sees_its_receptive_field_and_no_more(
    lecture, dilations, sees
) -> None:
    keras = pytest.importorskip("keras")
    X = np.random.default_rng(0).random((1, 40, 2))
    nudged = np.tile(X, (41, 1, 1)).astype("float32")
    nudged[np.arange(40), np.arange(40)] += 1
    moved = np.zeros(40)
    for seed in range(5):  # in one start a ReLU may be shut for some steps
        keras.utils.set_random_seed(seed)
        says = lecture.stack(dilations).predict(nudged, verbose=0)[:, 0]
        moved = np.maximum(moved, np.abs(says[:-1] - says[-1]))
    assert np.flatnonzero(moved > 1e-5).min() == 40 - sees


def test_the_floor_of_the_exercise_is_what_the_best_guess_of_a_blind_stack_leaves(lecture) -> None:
    X, y = lecture.adding_problem(200_000, 8, np.random.default_rng(0))
    values, marks = X[..., 0], X[..., 1]
    for sees in (8, 6, 4, 2, 0):
        seen = np.arange(8) >= 8 - sees
        guess = (values * marks * seen).sum(axis=1) + 0.5 * (marks * ~seen).sum(axis=1)
        assert np.mean((guess - y) ** 2) == pytest.approx(lecture.floor(sees, 8), abs=2e-3)


def test_the_largest_answer_of_the_exercise_looks_at_windows_that_count_only(lecture) -> None:
    Z = np.array([[[-3.0], [-1.0], [9.0]], [[5.0], [4.0], [3.0]]])
    counts = np.array([[True, True, False], [False, False, False]])
    np.testing.assert_array_equal(lecture.max_over_time(Z, counts), [[-1.0], [0.0]])
