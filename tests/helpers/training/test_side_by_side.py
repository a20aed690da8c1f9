"""helpers/training/side_by_side.py: several networks in one model, each as it is alone."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.training.side_by_side import (
    adam,
    batches,
    each_loss,
    network_weights,
    side_by_side,
    train,
)

keras = pytest.importorskip("keras")
layers = keras.layers
IDS = np.random.default_rng(0).integers(1, 20, (12, 6))
IDS[:, 4:] = 0  # pads behind
SERIES = np.random.default_rng(1).normal(size=(12, 6, 2)).astype("float32")


def reading_words(*hidden, mask=False):
    return keras.Sequential(
        [keras.Input((6,), dtype="int32"), layers.Embedding(20, 4, mask_zero=mask), *hidden]
    )


def reading_numbers(*hidden):
    return keras.Sequential([keras.Input((6, 2)), *hidden])


def head():
    return layers.Dense(1, activation="sigmoid")


class HandsMaskOn(layers.Conv1D):
    """A convolution that keeps the mask of the windows that hold words only."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return mask[:, 1:]


ARCHITECTURES = {
    "dense, word by word": lambda: reading_words(layers.Dense(3, activation="relu"), head()),
    "pooled": lambda: reading_words(
        layers.GlobalAveragePooling1D(), layers.Dense(3), head(), mask=True
    ),
    "flattened": lambda: reading_words(layers.Flatten(), layers.Dense(3), head()),
    "SimpleRNN stack": lambda: reading_words(
        layers.SimpleRNN(3, return_sequences=True), layers.SimpleRNN(1, activation="sigmoid")
    ),
    "LSTM stack": lambda: reading_words(
        layers.LSTM(3, return_sequences=True), layers.LSTM(1, activation="sigmoid")
    ),
    "GRU, masked": lambda: reading_words(layers.GRU(3), head(), mask=True),
    "GRU, one bias": lambda: reading_words(layers.GRU(3, reset_after=False), head(), mask=True),
    "two-way LSTM, masked": lambda: reading_words(
        layers.Bidirectional(layers.LSTM(3)), head(), mask=True
    ),
    "two-way GRU stack": lambda: reading_words(
        layers.Bidirectional(layers.GRU(2, return_sequences=True)), layers.LSTM(3), head()
    ),
    "convolution and maximum": lambda: reading_words(
        layers.Conv1D(5, 2, activation="relu"), layers.GlobalMaxPooling1D(), head()
    ),
    "convolution and RNN": lambda: reading_words(layers.Conv1D(5, 2), layers.SimpleRNN(3), head()),
    "a layer of one's own, masked": lambda: reading_words(
        HandsMaskOn(5, 2), layers.SimpleRNN(3), head(), mask=True
    ),
    "LSTM on a series": lambda: reading_numbers(layers.LSTM(3), layers.Dense(1)),
    "convolution on a series": lambda: reading_numbers(
        layers.Conv1D(4, 3), layers.Flatten(), layers.Dense(1)
    ),
}


def three(name):
    networks = []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        network = ARCHITECTURES[name]()
        network.set_weights(  # biases that are not zero
            [w + np.random.default_rng(seed).normal(0, 0.1, w.shape) for w in network.get_weights()]
        )
        networks.append(network)
    return networks


def inputs_of(network):
    return IDS if len(network.input_shape) == 2 else SERIES


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_says_what_it_says_alone(name):
    networks = three(name)
    together = side_by_side(networks)
    X = inputs_of(networks[0])
    alone = [np.asarray(network.predict(X, verbose=0)) for network in networks]
    np.testing.assert_allclose(
        together.predict(X, verbose=0), np.concatenate(alone, axis=-1), atol=1e-6
    )


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_weights_of_each_can_be_taken_out_again(name):
    networks = three(name)
    together = side_by_side(networks)
    for number, network in enumerate(networks):
        for taken, own in zip(
            network_weights(together, number), network.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(taken, own)


@pytest.mark.parametrize(
    "name",
    ["two-way LSTM, masked", "convolution and RNN", "GRU, masked", "a layer of one's own, masked"],
)
def test_each_learns_what_it_learns_alone(name):
    networks = three(name)
    together = side_by_side(networks)
    X, y = inputs_of(networks[0]), np.arange(12) % 2
    found = train(together, X, y, X, y, batch_size=4, max_epochs=3, learning_rate=0.01, seed=5)
    for number, network in enumerate(networks):
        alone = train(
            side_by_side([network]),
            X,
            y,
            X,
            y,
            batch_size=4,
            max_epochs=3,
            learning_rate=0.01,
            seed=5,
        )
        np.testing.assert_allclose(found.losses[:, 1 + number], alone.losses[:, 1], atol=1e-5)


def test_rows_of_nought_stay_between_the_networks_while_they_learn():
    together = side_by_side(three("LSTM stack"))
    X, y = IDS, np.arange(12) % 2
    train(together, X, y, X, y, batch_size=4, max_epochs=2, learning_rate=0.1)
    kernel = together.layers[1].get_weights()[0]  # (3 x 4, 4 parts x 3 networks x 3)
    blocks = kernel.reshape(3, 4, 4, 3, 3)
    for number in range(3):
        others = [k for k in range(3) if k != number]
        assert np.all(blocks[number][:, :, others] == 0)
        assert np.all(blocks[number][:, :, number] != 0)


def test_training_ends_with_the_best_weights_of_each_and_keeps_the_last():
    together = side_by_side(three("SimpleRNN stack"))
    rng = np.random.default_rng(0)
    X, y = rng.integers(1, 20, (60, 6)), rng.integers(0, 2, 60)  # nothing to learn but by heart
    X_validation, y_validation = rng.integers(1, 20, (40, 6)), rng.integers(0, 2, 40)
    found = train(
        together,
        X,
        y,
        X_validation,
        y_validation,
        batch_size=10,
        patience=2,
        learning_rate=0.05,
        max_epochs=40,
    )
    assert len(found.losses) < 40
    by_network = found.losses[:, 1:]
    np.testing.assert_array_equal(
        found.best_epoch,
        [stopped_at_best(by_network[:, k], patience=2) for k in range(3)],
    )
    at_best = each_loss(y_validation, together.predict(X_validation, verbose=0))
    np.testing.assert_allclose(at_best, by_network[found.best_epoch, range(3)], atol=1e-5)
    together.set_weights(found.last)
    at_last = each_loss(y_validation, together.predict(X_validation, verbose=0))
    np.testing.assert_allclose(at_last, by_network[found.best_epoch + 2, range(3)], atol=1e-5)


def stopped_at_best(track, patience):
    best = 0
    for epoch, loss in enumerate(track):
        if epoch - best > patience:
            break
        if loss < track[best]:
            best = epoch
    return best


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_word_that_stands_five_times_moves_as_far_as_one_that_stands_once(jit_compile):
    network = keras.Sequential(
        [
            keras.Input((6,), dtype="int32"),
            layers.Embedding(4, 1),
            layers.Flatten(),
            layers.Dense(1, use_bias=False),
        ]
    )
    network.set_weights([np.ones((4, 1)), np.ones((6, 1))])
    network.compile(optimizer=adam(0.01), loss="mse", jit_compile=jit_compile)
    network.train_on_batch(np.array([[1, 1, 1, 1, 1, 2]]), np.zeros((1, 1)))
    moved = network.get_weights()[0].ravel() - 1
    np.testing.assert_allclose(moved, [0, -0.01, -0.01, 0], atol=1e-6)


def test_our_adam_takes_the_steps_of_keras_where_no_word_repeats():
    X, y = np.random.default_rng(0).normal(size=(2, 8, 3))
    weights = []
    for optimizer in (adam(0.02), keras.optimizers.Adam(0.02)):
        keras.utils.set_random_seed(0)
        network = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(3)])
        network.compile(optimizer=optimizer, loss="mse")
        network.fit(X, y, batch_size=4, epochs=5, shuffle=False, verbose=0)
        weights.append(network.get_weights())
    for ours, theirs in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_order_of_rows_is_new_in_each_epoch_and_the_same_for_a_seed(monkeypatch):
    seen = []
    fit = keras.Sequential.fit

    def watched(model, x, y=None, **settings):
        assert settings["shuffle"] is False
        batches = [rows for rows, _ in x] if y is None else [x]
        seen.append(np.concatenate(batches)[:, 0, 0].tolist())
        return fit(model, x, y, **settings)

    monkeypatch.setattr(keras.Sequential, "fit", watched)
    y = np.arange(12) % 2
    for _ in range(2):
        together = side_by_side(three("convolution on a series"))
        train(together, SERIES, y, SERIES, y, loss="mse", max_epochs=3)
    assert seen[:3] == seen[3:]
    assert seen[0] != seen[1] != seen[2]
    assert sorted(seen[0]) == sorted(seen[1])


def test_batches_are_whole_and_in_order_and_train_as_arrays_do():
    rng = np.random.default_rng(0)
    left, right, y = rng.normal(size=(11, 3)), rng.integers(0, 9, (11, 2)), rng.random((11, 1))
    weights = []
    for in_batches in (True, False):
        keras.utils.set_random_seed(0)
        inputs = [keras.Input((3,)), keras.Input((2,), dtype="int32")]
        vectors = layers.Flatten()(layers.Embedding(9, 2)(inputs[1]))
        answer = layers.Dense(1)(layers.Concatenate()([inputs[0], vectors]))
        model = keras.Model(inputs, answer)
        model.compile(optimizer=adam(0.1), loss="mse")
        rows = batches([left, right], y, 4)
        if not in_batches:
            whole = [part[:8] for part in (left, right, y)]
            rows = {"x": whole[:2], "y": whole[2], "batch_size": 4, "shuffle": False}
        history = model.fit(**rows, epochs=2, verbose=0)
        weights.append([*model.get_weights(), history.history["loss"]])
    for ours, theirs in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_rows_that_fill_no_batch_are_one_batch():
    rows = batches(np.zeros((3, 2)), np.zeros((3, 1)), 100)
    if keras.backend.backend() == "tensorflow":
        ((X, y),) = rows["x"]
        assert not rows["x"].options().autotune.enabled  # else an epoch may end with a long wait
    else:
        X, y = rows["x"], rows["y"]
    assert (X.shape, y.shape) == ((3, 2), (3, 1)) and X.dtype == "float32"
    with pytest.raises(ValueError, match="no row"):
        batches(np.zeros((0, 2)), np.zeros((0, 1)), 100)


def test_a_loss_by_word_repeats_the_label():
    says = np.full((4, 5, 2), 0.25)
    np.testing.assert_allclose(each_loss(np.ones((4, 5)), says), [-np.log(0.25), -np.log(0.25)])
    np.testing.assert_allclose(each_loss(np.ones(4), np.zeros((4, 2)), "mse"), [1, 1])


def test_networks_that_differ_are_refused():
    with pytest.raises(ValueError, match="not built alike"):
        side_by_side([ARCHITECTURES["pooled"](), ARCHITECTURES["flattened"]()])
    with pytest.raises(ValueError, match="at least one"):
        side_by_side([])


def test_an_unknown_layer_is_named():
    network = reading_numbers(layers.Conv1D(2, 2), layers.Permute((2, 1)), layers.Dense(1))
    with pytest.raises(ValueError, match="no layer of type Permute"):
        side_by_side([network])


def test_a_layer_of_one_s_own_stays_what_it_is():
    together = side_by_side(three("a layer of one's own, masked"))
    assert type(together.layers[1]) is HandsMaskOn
    unpadded = together.predict(IDS[:, :4], verbose=0)
    np.testing.assert_allclose(together.predict(IDS, verbose=0), unpadded, atol=1e-6)


def test_another_loss_is_refused():
    with pytest.raises(ValueError, match="hinge"):
        train(side_by_side(three("pooled")), IDS, IDS[:, 0], IDS, IDS[:, 0], loss="hinge")


def test_a_loss_that_is_not_a_number_stops_the_training():
    together = side_by_side(three("LSTM on a series"))
    y = np.full(12, np.nan)
    with pytest.raises(ValueError, match="epoch 0: the validation losses are"):
        train(together, SERIES, y, SERIES, y, loss="mse")
