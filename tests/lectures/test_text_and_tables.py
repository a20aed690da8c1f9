"""Lecture 15: its models with two inputs, its comparisons and its exercises.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

from tests.support import functions_of

READERS = ("flat_states", "last_state", "mean_word", "windows")


@pytest.fixture
def lecture() -> SimpleNamespace:
    """The lecture's functions, with a few made-up listings."""
    found = functions_of("15-text-and-tables")
    rng = np.random.default_rng(0)
    names = found.two_models.__globals__
    names["ids"] = rng.integers(1, 1000, (60, 100)).astype("int32")
    names["ids"][:, 30:] = 0
    names["table"] = rng.normal(size=(60, 84)).astype("float32")
    names["y"] = rng.normal(size=60)
    parts = {"train": range(40), "validation": range(40, 50), "test": range(50, 60)}
    names["rows"] = {part: np.array(some) for part, some in parts.items()}
    names["forecasts"] = {}
    names["num_words"] = np.full(60, 30)
    return found


def put(lecture: SimpleNamespace, **values: object) -> None:
    """Set what the lecture's functions look up."""
    lecture.two_models.__globals__.update(values)


def inputs_of(lecture: SimpleNamespace, model: keras.Model, num_rows: int) -> list[np.ndarray]:
    names = lecture.two_models.__globals__
    return [names["ids"][:num_rows, : model.inputs[0].shape[1]], names["table"][:num_rows]]


# -- networks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", READERS)
def test_three_networks_answer_with_three_numbers_a_listing(lecture, reader) -> None:
    model = lecture.three_networks(reader=getattr(lecture, reader))
    answers = lecture.says(model, inputs_of(lecture, model, 5))
    assert answers.shape == (3, 5)
    assert np.isfinite(answers).all()
    assert len({round(float(row[0]), 6) for row in answers}) == 3


@pytest.mark.parametrize("reader", READERS)
def test_a_network_in_company_answers_as_alone(lecture, reader) -> None:
    build = getattr(lecture, reader)
    answers = lecture.three_networks(reader=build, num_tokens=40)
    given = inputs_of(lecture, answers, 4)
    for seed in range(3):
        read = lecture.from_seed(seed, build, 40)
        words, numbers = keras.Input((40,), dtype="int32"), keras.Input((84,))
        flat = keras.layers.Flatten()(read(words))
        keras.utils.set_random_seed(seed)
        alone = keras.Model([words, numbers], lecture.dense_join([flat, numbers]))
        expected = keras.ops.convert_to_numpy(alone(given))[:, 0]
        np.testing.assert_allclose(lecture.says(answers, given)[seed], expected, atol=2e-5)


def test_a_network_without_the_text_does_not_look_at_it(lecture) -> None:
    model = lecture.three_networks(reader=None)
    words, numbers = inputs_of(lecture, model, 4)
    before = lecture.says(model, [words, numbers])
    np.testing.assert_array_equal(lecture.says(model, [words * 0 + 7, numbers]), before)
    assert not np.allclose(lecture.says(model, [words, numbers + 1]), before)


def test_a_network_without_the_table_does_not_look_at_it(lecture) -> None:
    model = lecture.three_networks(use_table=False)
    words, numbers = inputs_of(lecture, model, 4)
    before = lecture.says(model, [words, numbers])
    np.testing.assert_array_equal(lecture.says(model, [words, numbers + 1]), before)


@pytest.mark.parametrize("reader", ["last_state", "mean_word"])
def test_pads_do_not_change_what_a_masked_reader_says(lecture, reader) -> None:
    long, short = (
        lecture.three_networks(reader=getattr(lecture, reader), num_tokens=n) for n in (100, 35)
    )
    answers = [lecture.says(model, inputs_of(lecture, model, 6)) for model in (long, short)]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-5)


def test_training_changes_all_three_and_goes_back_to_the_best_epoch(lecture) -> None:
    model = lecture.three_networks(reader=None)
    given = inputs_of(lecture, model, 60)
    before = lecture.says(model, given)
    truth = lecture.two_models.__globals__["y"]
    losses = lecture.train(model, truth, batch_size=20, epochs=6, patience=6)
    after = lecture.says(model, given)
    assert (np.abs(after - before).max(axis=1) > 1e-4).all()
    held_out = np.mean((after[:, 40:50] - truth[40:50]) ** 2)
    assert held_out == pytest.approx(min(losses), rel=1e-3)


def test_training_stops_when_the_loss_no_longer_falls(lecture) -> None:
    put(lecture, rows={"train": np.arange(40), "validation": np.arange(40, 50)})
    noise = np.random.default_rng(3).normal(size=60)
    model = lecture.three_networks(reader=None)
    recipe = {"batch_size": 20, "epochs": 60, "patience": 2}
    losses = lecture.train(model, noise, **recipe)
    assert len(losses) == np.argmin(losses) + 3 < 60


def test_a_missing_price_makes_every_weight_of_a_network_no_number(lecture) -> None:
    truth = np.full(60, 0.5)
    truth[3] = np.nan
    model = lecture.three_networks(reader=None)
    lecture.train(model, truth, batch_size=20, epochs=1)
    assert np.isnan(lecture.says(model, inputs_of(lecture, model, 5))).all()


# -- a join that multiplies ----------------------------------------------------------------------


def test_the_product_join_is_the_formula_of_the_lecture(lecture) -> None:
    r, z = keras.Input((24,)), keras.Input((84,))
    model = keras.Model([r, z], lecture.product_join([r, z]))
    rng = np.random.default_rng(1)
    A, a, B, c, w, b = weights = [rng.normal(size=v.shape) for v in model.weights]
    assert (A.shape, B.shape, w.shape) == ((24, 8), (84, 8), (116, 1))
    model.set_weights(weights)
    read, numbers = rng.normal(size=(5, 24)), rng.normal(size=(5, 84))
    products = (read @ A + a) * (numbers @ B + c)
    expected = b + np.hstack([read, numbers, products]) @ w
    said = keras.ops.convert_to_numpy(model([read, numbers]))
    np.testing.assert_allclose(said, expected, rtol=1e-4, atol=1e-3)


def test_a_product_learns_that_a_scratch_costs_more_on_new_shoes_and_a_sum_cannot() -> None:
    scratch, new = (np.random.default_rng(n).integers(0, 2, 400).astype(float) for n in (1, 2))
    price = -0.1 * scratch - 0.4 * scratch * new
    for columns, exact in ([scratch, new], False), ([scratch, new, scratch * new], True):
        X = np.column_stack([np.ones(400), *columns])
        left = price - X @ np.linalg.lstsq(X, price, rcond=None)[0]
        assert (np.abs(left).max() < 1e-9) == exact


@pytest.mark.parametrize("name", ["ridge, both", "product"])
def test_a_scratch_is_asked_of_the_same_listings_twice(lecture, name) -> None:
    asked = []

    def answer(name: str, texts: list[str], numbers: np.ndarray) -> np.ndarray:
        asked.append(texts)
        drop = np.array([0.5, 0.5, 0.1]) * texts[0].startswith("A scratch")
        return np.repeat((4 - drop)[np.newaxis], 3, axis=0)

    listings = pd.DataFrame({"text": ["one", "two", "three"]})
    put(lecture, asked=answer, plain=listings, plain_table=np.zeros((3, 84)))
    put(lecture, is_new=np.array([True, True, False]))
    assert lecture.cost_of_a_scratch(name) == pytest.approx((-0.5, -0.1))
    assert [texts[1].split(", ")[1] for texts in asked] == ["two", "two"]


# -- errors and comparisons -----------------------------------------------------------------------


def test_rms_is_taken_over_the_last_axis(lecture) -> None:
    np.testing.assert_allclose(lecture.rms(np.array([[3.0, 4.0], [0.0, 2.0]])), [12.5**0.5, 2**0.5])


def test_less_error_is_ahead(lecture) -> None:
    noise = np.random.default_rng(1).normal(size=(3, 200))
    put(lecture, y=np.zeros(200), rows={"test": np.arange(200)})
    put(lecture, forecasts={"near": 0.1 * noise, "far": noise})
    found = lecture.comparisons([("near", "far"), ("far", "near")])
    assert [one.verdict for one in found.values()] == ["better", "worse"]
    assert found["near - far"].estimate == pytest.approx(0.99 * np.mean(noise**2))


# -- exercises ------------------------------------------------------------------------------------


def test_the_count_is_that_of_keras(lecture) -> None:
    for num_words, num_tokens, num_features in [(1000, 100, 84), (30, 4, 2)]:
        words = keras.Input((num_tokens,), dtype="int32")
        numbers = keras.Input((num_features,))
        states = keras.layers.LSTM(10, return_sequences=True)(
            keras.layers.Embedding(num_words, 50)(words)
        )
        flat = keras.layers.Flatten()(states)
        model = keras.Model([words, numbers], lecture.dense_join([flat, numbers]))
        assert lecture.count_parameters(num_words, num_tokens, num_features) == model.count_params()


def test_swapping_moves_whole_rows_of_the_columns_and_leaves_the_rest(lecture) -> None:
    table = np.arange(20).reshape(5, 4)
    columns, order = np.array([True, True, False, False]), np.array([4, 3, 2, 1, 0])
    swapped = lecture.swap_columns(table, columns, order)
    np.testing.assert_array_equal(swapped[:, :2], table[::-1, :2])
    np.testing.assert_array_equal(swapped[:, 2:], table[:, 2:])
    np.testing.assert_array_equal(table, np.arange(20).reshape(5, 4))


def test_no_other_weight_blends_better(lecture) -> None:
    rng = np.random.default_rng(2)
    truth = rng.normal(size=300)
    one, other = truth + rng.normal(size=300), truth + 0.7 * rng.normal(size=300)
    best = lecture.blend_weight(one, other, truth)
    errors = [np.mean((w * one + (1 - w) * other - truth) ** 2) for w in np.linspace(0, 1, 101)]
    assert abs(best - np.argmin(errors) / 100) < 0.006


def test_the_mean_price_is_the_mean_of_many_prices(lecture) -> None:
    log_prices = 4 + 0.5 * np.random.default_rng(3).normal(size=200_000)
    assert lecture.mean_price(4.0, 0.5) == pytest.approx(np.exp(log_prices).mean(), rel=0.01)
