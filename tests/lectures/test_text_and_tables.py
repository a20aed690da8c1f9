"""Lecture 15: its networks with two inputs, its laws, its comparisons and its exercises.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

from helpers.data import load_shoes
from tests.support import functions_of
from tools.samples import shoes as maker

EXTRAS = ("nothing", "eight_relu", "eight_products", "deep")


@pytest.fixture
def lecture() -> SimpleNamespace:
    """The lecture's functions, with a few made-up listings."""
    found = functions_of("15-text-and-tables")
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 1000, (60, 100)).astype("int32")
    ids[:, 30:] = 0
    table = rng.normal(size=(60, 84)).astype("float32")
    parts = {"train": slice(0, 40), "validation": slice(40, 50), "test": slice(50, 60)}
    names = {
        "data": {part: {"ids": ids[some], "table": table[some]} for part, some in parts.items()},
        "target": {part: rng.normal(4.3, 0.7, 60)[some] for part, some in parts.items()},
        "RULES": {"batch_size": 20, "max_epochs": 3, "patience": 3, "loss": "mse"},
    }
    put(found, **names)
    return SimpleNamespace(**vars(found), **names)


def put(lecture: SimpleNamespace, **values: object) -> None:
    """Set what the lecture's functions look up."""
    lecture.rms.__globals__.update(values)


def says(model: keras.Model, given: list[np.ndarray]) -> np.ndarray:
    return keras.ops.convert_to_numpy(model(given))


# -- networks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", EXTRAS)
def test_starts_in_one_model_answer_as_each_does_alone(lecture, extra) -> None:
    def build() -> keras.Model:
        return lecture.network(lecture.windows, lecture.join(getattr(lecture, extra)))

    together = lecture.in_one(build, range(3))
    given = lecture.fed(together, lecture.data["test"])
    answers = says(together, given)
    assert answers.shape == (10, 3)
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        np.testing.assert_allclose(says(build(), given)[:, 0], answers[:, seed], atol=1e-5)


def test_one_start_is_a_model_of_one_column(lecture) -> None:
    model = lecture.in_one(
        lambda: lecture.network(lecture.windows, lecture.join(lecture.nothing)), [4]
    )
    assert model.output_shape == (None, 1)


@pytest.mark.parametrize(("reads", "left_out"), [(("ids",), "table"), (("table",), "ids")])
def test_half_a_network_does_not_look_at_the_other_input(lecture, reads, left_out) -> None:
    model = lecture.network(lecture.flat_states, lecture.dense_layers, reads)
    assert [x.name for x in model.inputs] == list(reads)
    some = lecture.data["test"]
    before = says(model, lecture.fed(model, some))
    changed = some | {left_out: some[left_out] * 0}
    np.testing.assert_array_equal(says(model, lecture.fed(model, changed)), before)


def test_the_joins_differ_in_h_alone(lecture) -> None:
    counts = {
        extra: lecture.network(
            lecture.windows, lecture.join(getattr(lecture, extra))
        ).count_params()
        for extra in EXTRAS
    }
    h = {extra: count - counts["nothing"] for extra, count in counts.items()}
    assert h["eight_relu"] == 108 * 8 + 8 + 8  # A, B, c and u
    assert h["eight_products"] == 108 * 8 + 16 + 8  # A, B, a, c and u


def test_the_product_join_is_the_formula_of_the_lecture(lecture) -> None:
    r, z = keras.Input((24,)), keras.Input((84,))
    model = keras.Model([r, z], lecture.join(lecture.eight_products)(r, z))
    rng = np.random.default_rng(1)
    A, a, B, c, w, b = weights = [rng.normal(size=v.shape) for v in model.weights]
    assert (A.shape, B.shape, w.shape) == ((24, 8), (84, 8), (116, 1))
    model.set_weights(weights)
    read, numbers = rng.normal(size=(5, 24)), rng.normal(size=(5, 84))
    expected = b + np.hstack([read, numbers, (read @ A + a) * (numbers @ B + c)]) @ w
    np.testing.assert_allclose(says(model, [read, numbers]), expected, rtol=1e-4, atol=1e-3)


def test_training_answers_in_log_prices_and_keeps_the_best_epoch(lecture) -> None:
    def build() -> keras.Model:
        return lecture.network(lecture.windows, lecture.join(lecture.nothing))

    answer, loss = lecture.starts_of(build, lecture.data, lecture.target, 0.01)
    said = answer(lecture.data["validation"])
    assert said.shape == (5, 10)
    errors = (said - lecture.target["validation"]) / lecture.target["train"].std()
    assert np.mean(errors**2) == pytest.approx(loss, rel=1e-3)


def test_real_listings_from_a_folder_go_through_encoders_and_network(
    lecture, tmp_path, monkeypatch
) -> None:
    head = "id,name,brand,prices.amountMin,prices.condition,prices.merchant,prices.size,imageURLs"
    rows = [
        f"AV{k},Amble boot {k % 7},Amble{k % 3},{20 + k},New,Plaza,{6 + k % 4},http://a/{k}"
        for k in range(60)
    ]
    (tmp_path / "7210_1.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    shoes = load_shoes()
    put(lecture, WORDS_OF_TABLE=["brand", "type", "material", "condition", "shop", "size"])
    with pytest.warns(UserWarning, match="heel"):  # no heel is known: the column is left out
        some = lecture.encode(shoes, lecture.fit_encoders(shoes))
    model = lecture.network(
        lecture.windows, lecture.join(lecture.eight_products), width=some["table"].shape[1]
    )
    assert says(model, lecture.fed(model, some)).shape == (60, 1)


# -- inputs of ridge ------------------------------------------------------------------------------


def test_products_are_those_of_each_word_and_each_column(lecture) -> None:
    rng = np.random.default_rng(2)
    some = {"counted": rng.random((4, 3)), "table": rng.random((4, 2))}
    found = lecture.all_products(some).toarray()
    times = [0.3 * word * column for column in some["table"].T for word in some["counted"].T]
    expected = np.column_stack([some["counted"], some["table"], *times])
    np.testing.assert_allclose(found, expected)


def test_ridge_takes_the_penalty_with_the_least_validation_error(lecture) -> None:
    rng = np.random.default_rng(3)
    data = {part: rng.normal(size=(30, 20)) for part in ("train", "validation")}
    target = {part: rng.normal(size=30) for part in data}  # noise: the largest penalty is best
    answer = lecture.ridge(lambda X: X, data, target)
    assert answer(data["validation"]).shape == (1, 30)
    assert np.ptp(answer(data["validation"])) < np.ptp(target["train"])


# -- laws and questions ---------------------------------------------------------------------------


def test_the_shares_on_the_page_are_those_of_the_law() -> None:
    shares, names = maker.shares_of(), maker.names_of()

    def share(attribute: str, some: set[str]) -> float:
        return sum(s for n, s in zip(names[attribute], shares[attribute], strict=True) if n in some)

    assert share("condition", maker.NEW_CONDITIONS) == pytest.approx(0.60)
    assert share("brand", maker.DESIGNERS) == pytest.approx(0.21, abs=0.005)
    assert share("material", maker.FINE_MATERIALS) == pytest.approx(0.64)
    assert share("shop", {"Mill Outlet", "Depot Outlet"}) == pytest.approx(0.12)
    assert share("type", maker.HIGH_TYPES) == pytest.approx(0.66)
    assert {maker.FACTS[fact] for fact in ("damaged", "limited", "handmade", "last season")} == {
        0.30
    }


def test_the_second_law_only_adds(lecture) -> None:
    shoes = load_shoes("sample").head(2000)
    put(
        lecture,
        WORTH={"scratch on": -0.5},
        WORDS_OF_TABLE=["brand", "type", "material", "colour", "condition", "shop", "size"],
    )
    law = lecture.sum_law(shoes)
    scratched = shoes.assign(text="A scratch on the left heel, " + shoes["text"])
    already = shoes["text"].str.contains("scratch on", case=False).to_numpy()
    np.testing.assert_allclose(lecture.sum_law(scratched) - law, np.where(already, 0, -0.5))
    names = ["brand", "type", "material", "colour", "condition", "shop", "size"]
    columns = pd.get_dummies(shoes[[*names, "heel"]].fillna({"heel": 0}).astype(str)).astype(float)
    X = columns.assign(one=1.0, said=already.astype(float)).to_numpy()
    left = law - X @ np.linalg.lstsq(X, law, rcond=None)[0]
    assert np.abs(left).max() < 1e-8


@pytest.mark.parametrize("phrase", ["A scratch on the left heel", "No scratches at all"])
def test_denials_cost_nothing_under_the_second_law(lecture, phrase) -> None:
    put(
        lecture,
        WORDS_OF_TABLE=["brand"],
        WORTH={"scratch on|scratches at the|stain inside|has a crack|small tear": -0.35},
    )
    shoes = load_shoes("sample").head(50)
    said = lecture.sum_law(shoes.assign(text=phrase)) - lecture.sum_law(shoes.assign(text=""))
    np.testing.assert_allclose(said, -0.35 if phrase.startswith("A") else 0)


def test_a_scratch_is_asked_of_the_same_listings_twice(lecture) -> None:
    put(lecture, is_new=np.array([True, True, False]), data={"told": 0.0, "denied": 1.0})

    def answer(some: float) -> np.ndarray:
        return np.array([[4.0, 5.0, 6.0], [4.0, 4.0, 4.0]]) + some * np.array([0.5, 0.3, 0.1])

    np.testing.assert_allclose(lecture.cost_of_a_scratch(answer), [[-0.4, -0.1]] * 2)


def test_forecasts_are_kept_in_hundredths(lecture) -> None:
    answers = np.array([[4.321, 0.126], [12.0, -1.0]])
    digits = lecture.as_digits(answers)
    assert digits == ["432013", "999000"]
    np.testing.assert_allclose(lecture.as_prices(digits), [[4.32, 0.13], [9.99, 0.0]])


# -- errors and comparisons -----------------------------------------------------------------------


def test_rms_is_taken_over_the_last_axis(lecture) -> None:
    np.testing.assert_allclose(lecture.rms(np.array([[3.0, 4.0], [0.0, 2.0]])), [12.5**0.5, 2**0.5])


def test_less_error_is_ahead(lecture) -> None:
    noise = np.random.default_rng(1).normal(size=(3, 200))
    put(lecture, errors={"near": 0.1 * noise, "far": noise})
    found = lecture.comparisons(("near", "far"), ("far", "near"))
    assert [one.verdict for one in found.values()] == ["better", "worse"]
    assert found["near - far"].estimate == pytest.approx(0.99 * np.mean(noise**2))


def test_an_error_lies_in_its_interval(lecture) -> None:
    noise = np.random.default_rng(1).normal(size=(5, 400))
    put(lecture, errors={"one": noise})
    middle, low, high = lecture.error_interval("one")
    assert low < middle < high
    assert middle == pytest.approx(np.sqrt(np.mean(noise**2)))
    assert low < 1 < high


# -- exercises ------------------------------------------------------------------------------------


def test_the_count_is_that_of_keras(lecture) -> None:
    for num_words, num_tokens, num_features in [(1000, 100, 84), (30, 4, 2)]:
        words = keras.Input((num_tokens,), dtype="int32")
        numbers = keras.Input((num_features,))
        states = keras.layers.LSTM(10, return_sequences=True)(
            keras.layers.Embedding(num_words, 50)(words)
        )
        flat = keras.layers.Flatten()(states)
        model = keras.Model([words, numbers], lecture.dense_layers(flat, numbers))
        assert lecture.count_parameters(num_words, num_tokens, num_features) == model.count_params()


def test_the_third_branch_looks_up_the_brand(lecture) -> None:
    model = lecture.three_branches(5)
    some = lecture.data["test"]
    answers = [
        says(model, [some["ids"][:, :64], some["table"], np.full((10, 1), brand)])
        for brand in range(5)
    ]
    steps = np.diff(np.array(answers)[:, :, 0], axis=0)
    np.testing.assert_allclose(steps, steps[:, :1] + 0 * steps, atol=1e-5)  # the same for all rows
    assert np.ptp(steps[:, 0]) > 1e-4  # and no multiple of the id


def test_no_other_sum_leaves_less(lecture) -> None:
    rng = np.random.default_rng(0)
    for c, p, q in [(-0.4, 0.3, 0.6), (0.6, 0.3, 0.21)]:
        alpha, beta, gamma, left = lecture.best_sum(c, p, q)
        a, b = rng.random(400_000) < p, rng.random(400_000) < q
        error = np.mean((c * a * b - alpha - beta * a - gamma * b) ** 2)
        assert error == pytest.approx(left, rel=0.02)


def test_one_relu_unit_multiplies_facts_and_nothing_else(lecture) -> None:
    a, b = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    np.testing.assert_array_equal(lecture.relu_product(a, b), a * b)
    assert lecture.relu_product(0.5, 0.5) != 0.25


def test_the_factor_brings_the_mean_back(lecture) -> None:
    rng = np.random.default_rng(3)
    f, skewed = rng.normal(4, 0.5, 200_000), rng.gamma(2, 0.2, 200_000)
    prices = np.exp(f + skewed)
    factor = lecture.mean_factor(f + skewed, f)
    assert factor * np.exp(f).mean() == pytest.approx(prices.mean(), rel=0.01)
