"""The page on text and tables: its joins, its two rules, what its checks refuse; the experiment."""

from __future__ import annotations

import re
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest

from experiments import normalized_joins
from experiments import text_and_tables as experiment
from helpers.data import load_shoes
from helpers.results import load_results
from tests.support import functions_of
from tools.samples import shoes as maker

JOINS = ("additive", "product")


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("text-and-tables")


@pytest.fixture(scope="module")
def shoes():
    return load_shoes("sample").dropna(subset="price").head(3000)


def outputs(model: keras.Model, *inputs: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(model(list(inputs)))[:, 0]


def some_inputs(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 1000, (6, 64)).astype("int32"), rng.normal(size=(6, 84))


def two_differences(network: keras.Model) -> np.ndarray:
    """What two texts and two tables add together, beyond what each adds alone."""
    (ids, table), (other_ids, other_table) = some_inputs(0), some_inputs(1)
    return (
        outputs(network, ids, table)
        - outputs(network, ids, other_table)
        - outputs(network, other_ids, table)
        + outputs(network, other_ids, other_table)
    )


@pytest.mark.parametrize("join", JOINS)
def test_only_the_join_that_adds_keeps_text_and_table_apart(lecture, join) -> None:
    keras.utils.set_random_seed(0)
    together = two_differences(lecture.two_inputs(getattr(lecture, join), 1000, 64, 84))
    assert (np.abs(together).max() < 1e-5) == (join == "additive")


def test_the_join_that_multiplies_is_the_formula_of_the_page(lecture) -> None:
    rng = np.random.default_rng(1)
    r, z = rng.normal(size=(5, 32)), rng.normal(size=(5, 84))
    text, table = keras.Input((32,)), keras.Input((84,))
    model = keras.Model([text, table], lecture.product(text, table, k=3))
    A, a, B, c = (rng.normal(size=weight.shape) for weight in model.weights)
    model.set_weights([A, a, B, c])
    h = (r @ A + a) * (z @ B + c)
    found = keras.ops.convert_to_numpy(model([r, z]))
    np.testing.assert_allclose(found, np.hstack([r, z, h]), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("join", JOINS)
def test_the_networks_of_the_experiment_are_those_of_the_page(lecture, join) -> None:
    ours = lecture.two_inputs(getattr(lecture, join), 1000, 64, 84)
    theirs = experiment.network({"additive": "add"}.get(join, join))
    shapes = [sorted(map(str, (w.shape for w in one.weights))) for one in (ours, theirs)]
    assert shapes[0] == shapes[1]


def test_the_normalized_join_is_the_relu_join_with_batch_normalization_and_nothing_else() -> None:
    ours, theirs = normalized_joins.normalized(), experiment.network("ReLU")
    shapes = [sorted(str(w.shape) for w in one.weights) for one in (ours, theirs)]
    assert shapes[0] == sorted([*shapes[1], *4 * ["(32,)"]])


def test_the_product_that_was_trained_again_came_out_the_same() -> None:
    rows = [load_results(name) for name in ("text_and_tables", "normalized_joins")]
    rows = [some[(some["model"] == "product") & (some["rate"] == 0.006)] for some in rows]
    again = rows[1].set_index("seed")["test"]
    before = rows[0][rows[0]["rule"] == "interactions"].set_index("seed")["test"]
    pd.testing.assert_series_equal(again, before)


@pytest.mark.parametrize("model", experiment.ALONE)
def test_a_network_of_one_input_does_not_read_the_other(model) -> None:
    keras.utils.set_random_seed(0)
    network = experiment.network(model)
    (ids, table), (other_ids, other_table) = some_inputs(0), some_inputs(1)
    same = outputs(network, ids, table) == outputs(network, ids, other_table)
    assert same.all() == (model == "text alone")
    same = outputs(network, ids, table) == outputs(network, other_ids, table)
    assert same.all() == (model == "table alone")


def test_the_listings_with_a_scratch_differ_in_the_text_alone() -> None:
    listings = experiment.numbers()
    scratched, whole = (listings["parts"][part] for part in ("scratched", "whole"))
    assert len(scratched) == len(whole) == len(listings["new"])
    np.testing.assert_array_equal(listings["table"][scratched], listings["table"][whole])
    assert (listings["ids"][scratched] != listings["ids"][whole]).any(axis=1).all()


def test_the_second_rule_only_adds(shoes) -> None:
    rule = experiment.sum_rule(shoes)
    told = [shoes["text"].str.contains(feature, case=False) for feature in experiment.FEATURES]
    columns = pd.get_dummies(shoes[[*experiment.FIELDS, "heel"]].astype(str)).astype(float)
    sums = np.column_stack([columns, *told]).astype(float)
    left = rule - sums @ np.linalg.lstsq(sums, rule, rcond=None)[0]
    assert np.abs(left).max() < 1e-8
    assert np.std(rule - shoes["law_both"]) > 0.1  # and the first rule does more


def test_facts_are_found_where_they_are_told_and_not_where_they_are_denied(lecture) -> None:
    features = ["handmade", "limited", "damaged", "boxed", "last season"]
    for feature, pattern in zip(features, experiment.FEATURES, strict=True):
        told = np.array(maker.SENTENCES[feature], dtype=object)
        denied = maker.SENTENCES[f"not {feature}"]
        found = [bool(re.search(pattern, text)) for text in told]
        assert all(found), f"{feature}: {told[np.invert(found)]}"
        assert not any(re.search(pattern, text) for text in denied), feature


def test_the_shares_on_the_page_are_those_of_the_rule() -> None:
    shares, names = maker.shares_of(), maker.names_of()

    def share(attribute: str, some: set[str]) -> float:
        return sum(s for n, s in zip(names[attribute], shares[attribute], strict=True) if n in some)

    assert share("condition", maker.NEW_CONDITIONS) == pytest.approx(0.60)
    assert share("brand", maker.DESIGNERS) == pytest.approx(0.21, abs=0.005)
    assert {maker.FACTS[feature] for feature in ("damaged", "limited")} == {0.30}


def test_no_other_sum_leaves_less(lecture) -> None:
    rng = np.random.default_rng(0)
    for c, p, q in [(-0.4, 0.3, 0.6), (0.6, 0.3, 0.21)]:
        alpha, beta, gamma, left = lecture.best_sum(c, p, q)
        a, b = rng.random(400_000) < p, rng.random(400_000) < q
        error = np.mean((c * a * b - alpha - beta * a - gamma * b) ** 2)
        assert error == pytest.approx(left, rel=0.02)
