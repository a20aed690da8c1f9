"""Notes for lecturers: the class's numbers, its functions, the deck's minutes.

The class's numbers are written down here once more, from its slides, apart from the page.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from experiments import class_numbers as experiment
from helpers.data import CourseDataError, load_class_stocks
from helpers.results import load_comparisons, load_results
from tests.support import ROOT, functions_of

PAGE = (ROOT / "lectures" / "the-class.md").read_text(encoding="utf-8")
DECK = (ROOT / "slides" / "two-classes.md").read_text(encoding="utf-8")
COUNTS = {  # of one layer of p units on m inputs
    "SimpleRNN": lambda m, p: p * (m + p + 1),
    "LSTM": lambda m, p: 4 * p * (m + p + 1),
}


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("the-class")


@pytest.fixture(scope="module")
def told() -> dict:
    rows = load_results("class_numbers").dropna(subset="what")
    return rows.set_index(["part", "what"])["text"].to_dict()


# -- what the experiment keeps --------------------------------------------------------------------


def test_what_is_exact_comes_back_to_the_last_digit(told) -> None:
    assert told["file", "MSE of the mean"] == "0.3516210190443937"
    assert told["file", "MSE of persistence"] == "0.033289150367058463"
    assert told["neuron", "MSE"] == "0.03900926352398098"
    weights = [f"{float(told['neuron', f'w{k}']):.8f}" for k in range(3)]
    assert weights == ["-0.07161043", "1.15476269", "0.25800392"]


def test_the_leak_gives_away_the_targets_that_lie_outside(told) -> None:
    names = ("targets read off", "targets outside", "targets at +1", "targets at -1")
    assert [told["file", name] for name in names] == ["133", "133", "117", "16"]
    assert float(told["file", "MSE of the rule"]) == pytest.approx(0.0246, abs=5e-5)
    assert (told["file", "first row"], told["file", "second row"]) == ("MMM", "AOS")


def test_the_comparisons_are_those_of_the_rows() -> None:
    rows, kept = load_results("class_numbers"), load_comparisons("class_numbers")
    days = rows[rows["part"] == "days"]
    for name in ("same_day", "earlier_days"):
        assert kept[f"ridge, {name}"]["wins"] == (days[name] < days["persistence"]).sum()
        assert kept[f"ridge, {name}"]["mse"] == pytest.approx(days[name].mean(), rel=1e-5)
    assert kept.keys() == experiment.compare(rows).keys()


def test_the_gradient_agrees_with_finite_differences_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    X, y, w = rng.uniform(-1, 1, (7, 12)), rng.uniform(-1, 1, 7), np.array([0.1, 0.8, -0.6])

    def loss(w: np.ndarray) -> float:
        return np.mean((y - experiment.outputs(X, w)[-1]) ** 2)

    slopes = [(loss(w + nudge) - loss(w - nudge)) / 2e-6 for nudge in 1e-6 * np.eye(3)]
    found = experiment.gradient(X, y, experiment.outputs(X, w), w)
    assert found == pytest.approx(slopes, abs=1e-8)


def test_the_tokens_are_those_of_the_old_tokenizer() -> None:
    texts = ["Good, GOOD!\nIt's good-ish", "bad (it's)", "unseen good"]
    ids = experiment.tokenized(texts, np.array([True, True, False]))
    assert ids.shape == (3, experiment.STEPS)
    words = ["good", "it's", "ish", "bad"]  # the most frequent first, then as they come
    expected = [[1, 1, 2, 1, 3], [4, 2], [1]]
    assert [row[row > 0].tolist() for row in ids] == expected and len(words) == ids.max()
    assert (ids[:, 0] > 0).all()  # the zeros stand behind


@pytest.mark.parametrize("model", experiment.MODELS)
def test_the_networks_have_the_parameters_of_the_slides(model: str) -> None:
    network = keras.Sequential(
        [keras.Input((None,)), experiment.embedding(False), *experiment.hidden(model)]
    )
    slides = {"MLP": 500_571, "SimpleRNN": 500_672, "LSTM": 502_538}
    assert network.count_params() == slides.get(model, 500_727)


# -- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cell", "formula"), COUNTS.items())
def test_layers_are_counted_as_the_formula_has_it(lecture, cell: str, formula) -> None:
    first, second = lecture.pair(getattr(layers, cell))
    assert lecture.counts(first, second, shape=(9, 6)) == [formula(6, 10), formula(10, 1)]


def test_only_these_numbers_of_pairs_give_the_printed_accuracy() -> None:
    """With exact fractions: the nearest share of n, in single precision, is what Keras printed."""
    printed = np.float32(0.8325954079627991)
    for n, fits in ((40_202, True), (40_429, True), (40_656, True), (100, False), (40_430, False)):
        right = round(n * Fraction(float(printed)))
        assert (np.float32(right / n) == printed) == fits
    assert round(404_290 / 10) == 40_429 and round(40_429 * float(printed)) == 33_661


def test_the_minutes_are_those_of_the_deck() -> None:
    slides = re.findall(r"^# (.+?)$.*?^Note: (\d+) min", DECK, re.MULTILINE | re.DOTALL)
    titles, minutes = [title for title, _ in slides], [int(told) for _, told in slides]
    firsts = [  # the slide with which each section begins
        "Recurrent neural networks",
        "What comes next?",
        "The smallest recurrent network",
        "Backward through time",
        "The same neuron in Keras",
        "Second lesson: text",
        "Is a review positive?",
        "The bar",
        "Word by word",
        "A text and a table",
        "Today, and to remember",
    ]
    places = [titles.index(first) for first in firsts] + [len(titles)]
    summed = [sum(minutes[a:b]) for a, b in zip(places, places[1:], strict=False)]
    table = PAGE.split("name: table-deck-minutes")[1].split("```")[0]
    assert [int(m) for m in re.findall(r"^\|[^|]+\| (\d+) \|", table, re.MULTILINE)] == summed
    assert sum(summed[:5]) == sum(summed[5:]) == 45


def test_the_exercises_that_are_named_stand_on_their_pages() -> None:
    weeks = PAGE.split("## A term, week by week")[1].split("\n## ")[0]
    items = re.findall(r"^\d+\. (.+)$", weeks, re.MULTILINE)
    assert len(items) == 14
    for item in items[:11]:
        slugs = re.findall(r"\{doc\}`([\w-]+)`\*\*", item)
        text = "".join(
            (ROOT / "lectures" / f"{slug}.md").read_text(encoding="utf-8") for slug in slugs
        )
        given = Counter(re.findall(r"\*(?:In class|At home):\* \"([^\"]+?)\"", item))
        assert len(given) == 2
        assert [name for name in given if f"{{exercise}} {name}" not in text] == []


def test_the_class_file_is_never_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNN_DATA", raising=False)
    with pytest.raises(CourseDataError, match=r"(?s)fortune500_100_days.csv .* RNN_DATA=full"):
        load_class_stocks()
