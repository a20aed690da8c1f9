"""The page on language models: its n-grams, its costs, its samples; and what its experiment counts.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from scipy.special import log_softmax

from helpers.data import load_names
from tests.support import functions_of

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"
NAMES = ["anna", "hannah", "ann", "bob", "abby", "hana", "joan", "johanna", "nan", "dan", "dana"]
NAMES += ["jan", "jana", "hans", "bo", "abe", "ada", "adam", "dave", "eve", "eva", "nell", "ted"]


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines; the exercises find the symbols as a global name."""
    found = functions_of("language-models")
    monkeypatch.setitem(found.one_edit_away.__globals__, "symbols", SYMBOLS)
    return found


# -- n-grams --------------------------------------------------------------------------------------


def three_discounts(counts: list[int]) -> list[float]:
    """Chen and Goodman's discounts for 0, 1, 2, and 3 or more."""
    n = [0, *(counts.count(k) for k in (1, 2, 3, 4))]
    if not min(n[1:4]):
        return [0.0] * 4
    share = n[1] / (n[1] + 2 * n[2])
    return [0.0, *(k - (k + 1) * share * n[k + 1] / n[k] for k in (1, 2, 3))]


def by_definition(
    context: str,
    symbol: str,
    order: int,
    texts: list[str],
    symbols: str,
    begin: int,
    taken: list[float] | None = None,
    continued: bool = True,
) -> float:
    """Kneser-Ney as its equation has it, each count made anew from whole texts.

    Predicted are the symbols of a text from the one numbered `begin` on; without `taken` the
    discounts are worked out. What has no symbol before it keeps its count, and everything does if
    it is not `continued`.
    """

    def ngrams(n: int) -> list[str]:
        ends = [(t, end) for t in texts for end in range(begin + 1, len(t) + 1) if end >= n]
        return [t[end - n : end] for t, end in ends]

    def counted(n: int) -> Counter:
        if n == order or not continued:
            return Counter(ngrams(n))
        different = Counter(ngram[1:] for ngram in set(ngrams(n + 1)))
        return Counter({g: different[g] or c for g, c in Counter(ngrams(n)).items()})

    def chance(n: int) -> float:
        if n == 0:
            return 1 / len(symbols)
        counts = counted(n)
        discount = taken or three_discounts(list(counts.values()))
        if n - 1 > len(context):
            return chance(n - 1)
        last = context[len(context) - n + 1 :]
        found = {s: counts[last + s] for s in symbols}
        if not sum(found.values()):
            return chance(n - 1)
        less = {s: discount[min(c, 3)] for s, c in found.items()}
        kept = found[symbol] - less[symbol] + sum(less.values()) * chance(n - 1)
        return kept / sum(found.values())

    return chance(order)


ONE, THREE = [0, 0.75, 0.75, 0.75], [0, 0.75, 1.25, 1.5]


@pytest.mark.parametrize(("taken", "continued"), [(ONE, False), (ONE, True), (THREE, True)])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("past", ["", "an", "hann", "zq"])
def test_ngrams_predict_by_the_equation_and_sum_to_one(
    lecture, past, order, taken, continued
) -> None:
    counts = lecture.count_ngrams(NAMES, order)
    if continued:
        counts = lecture.continuation_counts(counts, order)
    guess = lecture.next_by_ngrams(past, counts, order, np.array(taken), SYMBOLS)
    assert guess.sum() == pytest.approx(1) and guess.min() > 0
    begin = order - 1
    texts = ["." * begin + f"{name}." for name in NAMES]
    setting = order, texts, SYMBOLS, begin, taken, continued
    expected = [by_definition("." * begin + past, s, *setting) for s in SYMBOLS]
    np.testing.assert_allclose(guess, expected)


def test_the_cost_of_a_name_is_that_of_the_product_of_its_guesses(lecture) -> None:
    model = (
        lecture.continuation_counts(lecture.count_ngrams(NAMES, 3), 3),
        3,
        np.array(THREE),
        SYMBOLS,
    )
    chances = [lecture.next_by_ngrams("hana"[:t], *model) for t in range(5)]
    product = np.prod([c[SYMBOLS.index(s)] for c, s in zip(chances, "hana.", strict=True)])
    found = lecture.by_ngrams(["hana"], *model)
    assert lecture.bits(found) == pytest.approx(-np.log2(product) / 5)


def test_the_five_grams_of_the_experiment_cost_what_the_page_s_do(lecture) -> None:
    """They differ in what they count at the beginning of a name."""
    from experiments.name_models import TAKEN, by_five_grams

    names = load_names().tolist()
    known, asked = names[::2], names[1::6]
    assert TAKEN.tolist() == THREE
    counts = lecture.continuation_counts(lecture.count_ngrams(known, 5), 5)
    ours = lecture.by_ngrams(asked, counts, 5, TAKEN, SYMBOLS)
    assert lecture.bits(ours) == pytest.approx(lecture.bits(by_five_grams(known, asked)), abs=0.02)


@pytest.mark.parametrize("mark", ["t", "r"])
def test_the_ngrams_of_the_experiment_are_those_of_the_equation(mark: str) -> None:
    from experiments.char_language_models import by_ngrams

    text = " the cat sat on the mat and the rat sat on the hat that the cat had on that mat."
    whole = text + " the rat had that mat on"
    symbols = "".join(sorted(set(text)))  # the first is the blank, which also stands before a text
    numbers = np.array([symbols.index(s) for s in whole])
    known, places = len(text), range(len(text), len(whole))
    for order, size, chances in by_ngrams(numbers, known, len(symbols), symbols.index(mark), 4):
        setting = order, [" " * 5 + text], symbols, 5
        for row, wanted in zip(chances, (whole[known:], mark * len(places)), strict=True):
            expected = [
                by_definition(whole[:place], s, *setting)
                for place, s in zip(places, wanted, strict=True)
            ]
            np.testing.assert_allclose(row, expected)
        padded = " " * order + text
        ends = range(order + 1, len(padded) + 1)
        assert size == len({padded[e - n : e] for n in range(1, order + 1) for e in ends})


# -- networks -------------------------------------------------------------------------------------


def test_targets_are_the_inputs_one_step_on_and_the_experiment_s(lecture) -> None:
    from experiments.name_models import encoded

    inputs, targets = lecture.encode(["ab", "hannah"], SYMBOLS)
    assert inputs.tolist()[0] == [1, 2, 3, 0, 0, 0, 0]
    assert targets.tolist()[0] == [1, 2, 0, 0, 0, 0, 0]
    assert (inputs[1, 1:7] == targets[1, :6] + 1).all() and targets[1, 6] == 0
    theirs = encoded(["ab", "hannah"])
    for ours, other in zip((inputs, targets), theirs, strict=True):
        np.testing.assert_array_equal(ours, other[:, :7])
        assert not other[:, 7:].any()


def test_the_masked_loss_of_one_batch_is_the_mean_over_symbols(lecture) -> None:
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(28, 4, mask_zero=True),
            layers.LSTM(8, return_sequences=True),
            layers.Dense(27),
        ]
    )
    network.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    inputs, targets = lecture.encode(NAMES, SYMBOLS)
    by_keras = network.evaluate(inputs, targets, batch_size=len(NAMES), verbose=0)
    log_guess = log_softmax(network.predict(inputs, verbose=0), axis=-1)
    came = np.take_along_axis(log_guess, targets[..., None], axis=-1)[..., 0]
    assert -came[inputs > 0].mean() == pytest.approx(by_keras, rel=1e-5)
    chances = lecture.by_network(NAMES, network, SYMBOLS)
    np.testing.assert_allclose(-np.log(chances), -came[inputs > 0], rtol=1e-5)


def test_other_names_go_through_every_function(lecture) -> None:
    names = ["zoé", "", "núria", "maximilian-alexander-ferdinand", "Jürgen", "o'neil"]
    symbols = "." + "".join(sorted(set("".join(names))))
    counts = lecture.continuation_counts(lecture.count_ngrams(names, 3), 3)
    by_counts = lecture.by_ngrams(names, counts, 3, np.array(THREE), symbols)
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(len(symbols) + 1, 4, mask_zero=True),
            layers.LSTM(8, return_sequences=True),
            layers.Dense(len(symbols)),
        ]
    )
    by_network = lecture.by_network(names, network, symbols)
    assert len(by_counts) == len(by_network) == sum(len(name) + 1 for name in names)
    assert min(by_counts.min(), by_network.min()) > 0
    made_up = lecture.write_names(network, symbols, "zo", 5, 1.0, longest=8)
    assert all(name.startswith("zo") or name == "zo" for name in made_up) and len(made_up) == 5
    assert made_up == lecture.write_names(network, symbols, "zo", 5, 1.0, longest=8)


def test_names_written_cold_are_the_most_probable_ones(lecture) -> None:
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(28, 16, mask_zero=True),
            layers.LSTM(8, return_sequences=True),
            layers.Dense(27, bias_initializer="random_normal"),
        ]
    )
    written = lecture.write_names(network, SYMBOLS, "an", 3, 1e-4, longest=6)
    expected = "an"
    while len(expected) < 6:
        logits = np.asarray(network(lecture.encode([expected], SYMBOLS)[0]))[0, -1]
        expected += SYMBOLS[int(logits.argmax())]
    assert written == [expected.split(".")[0]] * 3


def test_one_edit_away_is_what_it_says(lecture) -> None:
    near = lecture.one_edit_away("ann")
    assert {"an", "nn", "ana", "anna", "hann", "ant", "ann"} <= near
    assert not {"annes", "bnna", "n"} & near


def test_an_unknown_letter_is_named(lecture) -> None:
    with pytest.raises(ValueError, match="Z"):
        lecture.encode(["Zoe"], SYMBOLS)


def test_the_gradient_of_the_logits_is_what_was_predicted_minus_what_came(lecture) -> None:
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 4, 5)), rng.integers(5, size=(2, 4))
    real = np.array([[1, 1, 1, 0], [1, 0, 0, 0]])
    scores = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        cost = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, scores)
        loss = tf.reduce_sum(cost * real) / real.sum()
    expected = tape.gradient(loss, scores).numpy()
    np.testing.assert_allclose(lecture.logit_gradient(logits, targets, real), expected, atol=1e-12)
