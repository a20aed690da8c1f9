"""The page on reviews: how it tokenizes, counts, stops and compares; what the experiment keeps.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss

from helpers.scores import compare
from tests.support import functions_of


@pytest.fixture
def lecture() -> SimpleNamespace:
    return functions_of("yelp-reviews")


def test_a_text_without_a_word_gets_one_unknown_token(lecture: SimpleNamespace) -> None:
    ids = {"": [0, 0, 0], "!!!": [0, 0, 0], "any": [4, 0, 0]}
    found = lecture.to_ids(lambda texts: [ids[text] for text in texts], ["", "any", "!!!"])
    assert found.tolist() == [[1, 0, 0], [4, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("text", ["", "<b>bold</b> & <script>", "非常好看", "\n\t", "a" * 5000])
def test_any_text_gets_a_probability(lecture: SimpleNamespace, text: str) -> None:
    import keras

    vectorize = keras.layers.TextVectorization(max_tokens=20, output_sequence_length=8)
    vectorize.adapt(["a good film", "a bad film"])
    network = keras.Sequential([keras.Input((None,), dtype="int32"), keras.layers.Embedding(20, 4)])
    network.add(keras.layers.GlobalAveragePooling1D())
    network.add(keras.layers.Dense(1, activation="sigmoid"))
    (probability,) = lecture.probability_positive(network, vectorize, [text])
    assert 0 < probability < 1


def test_the_bag_keeps_the_penalty_with_the_lowest_validation_loss(lecture) -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 30, (300, 6))
    label = ((ids < 12).sum(axis=1) + rng.normal(0, 1, 300) > 2.2).astype(int)
    text = [" ".join(f"w{number}" for number in row) for row in ids]
    reviews = pd.DataFrame({"text": text, "label": label})
    train, validation = reviews[:200], reviews[200:]
    count, model = lecture.bag_of_words(1, train, validation)

    def loss(C: float) -> float:
        other = type(model)(C=C, solver="liblinear")
        other.fit(count.transform(train["text"]), train["label"])
        return log_loss(
            validation["label"], other.predict_proba(count.transform(validation["text"]))
        )

    assert min((1, 3, 10, 30, 100), key=loss) == model.C


def test_shuffling_the_test_reviews_leaves_their_padding_behind(lecture: SimpleNamespace) -> None:
    ids = np.array([[5, 6, 7, 8, 9, 0, 0], [4, 0, 0, 0, 0, 0, 0]] * 20)
    mixed = lecture.shuffle_words(ids, np.random.default_rng(0))
    assert (np.sort(mixed, axis=1) == np.sort(ids, axis=1)).all()
    np.testing.assert_array_equal(mixed == 0, ids == 0)
    assert (mixed != ids).any()


@pytest.mark.parametrize("patience", [1, 2, 3, 5])
def test_stopping_is_what_keras_does(lecture: SimpleNamespace, patience: int) -> None:
    import keras

    for seed in range(20):
        losses = np.random.default_rng(seed).integers(1, 9, 12) / 10
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.stop_training = False
        stop = keras.callbacks.EarlyStopping(
            monitor="val_loss", mode="min", patience=patience, restore_best_weights=True
        )
        stop.set_model(model)
        stop.on_train_begin()
        for ended, loss in enumerate(losses, start=1):
            stop.on_epoch_end(ended - 1, {"val_loss": float(loss)})
            if model.stop_training:
                break
        assert lecture.stopping(losses, patience) == (ended, stop.best_epoch + 1)


def test_the_paired_error_is_that_of_the_bootstrap(lecture: SimpleNamespace) -> None:
    rng = np.random.default_rng(1)
    one = rng.random(3000) < 0.8
    other = np.where(rng.random(3000) < 0.9, one, rng.random(3000) < 0.5)
    mean, error = lecture.paired(np.sum(one & ~other), np.sum(other & ~one), 3000)
    drawn = compare(one, other)
    assert mean == pytest.approx(drawn.estimate) and error == pytest.approx(drawn.error, rel=0.06)


def test_hits_of_the_experiment_come_back_from_their_digits() -> None:
    from experiments.review_classifiers import from_hex, kept

    for length in (1, 8, 684, 2001):
        hits = np.random.default_rng(length).random(length) < 0.7
        told = kept(hits)
        np.testing.assert_array_equal(from_hex(told["hits"], told["num_test"]), hits)
        assert told["accuracy"] == pytest.approx(hits.mean())


def test_shuffling_moves_words_and_leaves_the_padding_behind_them() -> None:
    from experiments.review_classifiers import shuffled

    ids = np.array([[5, 6, 7, 8, 9, 0, 0], [4, 0, 0, 0, 0, 0, 0]] * 20)
    mixed = shuffled(ids, np.random.default_rng(0))
    assert (np.sort(mixed, axis=1) == np.sort(ids, axis=1)).all()
    np.testing.assert_array_equal(mixed == 0, ids == 0)
    assert (mixed != ids).any()
