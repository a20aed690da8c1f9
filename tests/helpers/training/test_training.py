"""helpers/training: several networks in one model, each as it is alone, and their training."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.training import adam, batches, network_weights, side_by_side, train_seeds

keras = pytest.importorskip("keras")
layers = keras.layers
IDS = np.random.default_rng(0).integers(1, 20, (12, 6))
IDS[:, 4:] = 0  # pads behind
SERIES = np.random.default_rng(1).normal(size=(12, 6, 2)).astype("float32")
Y = np.arange(12) % 2


def words(*hidden, mask=False):
    reads = [keras.Input((6,), dtype="int32"), layers.Embedding(20, 4, mask_zero=mask)]
    return keras.Sequential([*reads, *hidden])


def numbers(*hidden):
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


L = layers
ARCHITECTURES = {
    "dense, word by word": lambda: words(L.Dense(3, activation="relu"), head()),
    "pooled": lambda: words(L.GlobalAveragePooling1D(), L.Dense(3), head(), mask=True),
    "flattened": lambda: words(L.Flatten(), L.Dense(3), head()),
    "SimpleRNN stack": lambda: words(
        L.SimpleRNN(3, return_sequences=True), L.SimpleRNN(1, activation="sigmoid")
    ),
    "LSTM stack": lambda: words(L.LSTM(3, return_sequences=True), L.LSTM(1, activation="sigmoid")),
    "GRU, masked": lambda: words(L.GRU(3), head(), mask=True),
    "GRU, one bias": lambda: words(L.GRU(3, reset_after=False), head(), mask=True),
    "two-way LSTM, masked": lambda: words(L.Bidirectional(L.LSTM(3)), head(), mask=True),
    "two-way GRU stack": lambda: words(
        L.Bidirectional(L.GRU(2, return_sequences=True)), L.LSTM(3), head()
    ),
    "convolution and maximum": lambda: words(L.Conv1D(5, 2), L.GlobalMaxPooling1D(), head()),
    "convolution and RNN": lambda: words(L.Conv1D(5, 2), L.SimpleRNN(3), head()),
    "a layer of one's own": lambda: words(HandsMaskOn(5, 2), L.SimpleRNN(3), head(), mask=True),
    "LSTM on a series": lambda: numbers(L.LSTM(3), L.Dense(1)),
    "convolution on a series": lambda: numbers(L.Conv1D(4, 3), L.Flatten(), L.Dense(1)),
}


def build(name):
    """A network with biases that are not zero; another for each seed of Keras."""
    network = ARCHITECTURES[name]()
    rng = np.random.default_rng(round(abs(network.get_weights()[0].sum()) * 1e6))
    network.set_weights([w + rng.normal(0, 0.1, w.shape) for w in network.get_weights()])
    return network


def three(name):
    networks = []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        networks.append(build(name))
    return networks


def inputs_of(network):
    return IDS if len(network.input_shape) == 2 else SERIES


# -- blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_says_what_it_says_alone_and_its_weights_come_out_again(name):
    networks = three(name)
    together, X = side_by_side(networks), inputs_of(networks[0])
    alone = [np.asarray(network.predict(X, verbose=0)) for network in networks]
    assert not np.allclose(alone[0], alone[1])
    said = together.predict(X, verbose=0)
    np.testing.assert_allclose(said, np.concatenate(alone, axis=-1), atol=1e-6)
    for number, network in enumerate(networks):
        taken = network_weights(together, number)
        for one, own in zip(taken, network.get_weights(), strict=True):
            np.testing.assert_array_equal(one, own)


def test_a_layer_of_one_s_own_stays_what_it_is_and_hands_its_mask_on():
    together = side_by_side(three("a layer of one's own"))
    assert type(together.layers[1]) is HandsMaskOn
    unpadded = together.predict(IDS[:, :4], verbose=0)
    np.testing.assert_allclose(together.predict(IDS, verbose=0), unpadded, atol=1e-6)


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        (lambda: [build("pooled"), build("flattened")], "not built alike"),
        (list, "at least one"),
        (lambda: [numbers(L.Permute((2, 1)), L.Dense(1))], "no layer of type Permute"),
        (lambda: [words(L.Bidirectional(L.LSTM(2), merge_mode="sum"), head())], "merge_mode='sum'"),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(networks, message):
    with pytest.raises(ValueError, match=message):
        side_by_side(networks())


# -- training -------------------------------------------------------------------------------------

SETTINGS = {"batch_size": 4, "max_epochs": 3, "learning_rate": 0.01, "validation": True}


def train(name, **settings):
    X = inputs_of(ARCHITECTURES[name]())
    settings = {**SETTINGS, **settings}
    if settings["validation"] is True:
        settings["validation"] = (X, Y)
    return train_seeds(lambda: build(name), X, Y, predict=X, **settings)


@pytest.mark.parametrize(
    "name", ["two-way LSTM, masked", "convolution and RNN", "GRU, masked", "a layer of one's own"]
)
@pytest.mark.slow
def test_each_learns_what_it_learns_alone(name):
    found = train(name)
    assert found.predictions.shape == (3, 12) and found.losses.shape == (3, 4)
    for seed in range(3):
        alone = train(name, seeds=[seed])
        np.testing.assert_allclose(found.losses[:, 1 + seed], alone.losses[:, 1], atol=1e-5)
        np.testing.assert_allclose(found.predictions[seed], alone.predictions[0], atol=1e-4)
        assert found.epochs[seed] == alone.epochs[0]


def test_zeros_stay_between_the_networks_while_they_learn():
    kernel = train("LSTM stack", learning_rate=0.1).model.layers[1].get_weights()[0]
    blocks = kernel.reshape(3, 4, 4, 3, 3)  # (3 x 4, 4 parts x 3 networks x 3)
    for number in range(3):
        others = [k for k in range(3) if k != number]
        assert np.all(blocks[number][:, :, others] == 0)
        assert np.all(blocks[number][:, :, number] != 0)


def cross_entropy(truth, says):
    return -np.log(np.where(truth == 1, says, 1 - says)).mean(axis=1)


@pytest.mark.parametrize("ready_made", [False, True])
@pytest.mark.parametrize("least_gain", [0.0, 0.02])
@pytest.mark.slow
def test_each_goes_back_to_its_best_epoch_and_keeps_what_came_after(ready_made, least_gain):
    rng = np.random.default_rng(0)
    X, X_held = rng.integers(1, 20, (60, 6)), rng.integers(1, 20, (40, 6))
    y, y_held = (rng.random(len(rows)) < 0.2 + 0.6 * (rows[:, -1] > 10) for rows in (X, X_held))
    found = train_seeds(
        side_by_side(three("SimpleRNN stack")) if ready_made else lambda: build("SimpleRNN stack"),
        X,
        y,
        validation=(X_held, y_held),
        predict=X_held,
        batch_size=10,
        learning_rate=0.05,
        max_epochs=40,
        least_gain=least_gain,
    )
    by_network = found.losses[:, 1:]
    assert len(found.losses) < 40
    best = [best_epoch(track, 2, least_gain) for track in by_network.T]
    assert found.epochs.tolist() == [epoch + 1 for epoch in best]
    assert len(set(best)) > 1  # each has its own
    assert (best == [best_epoch(track, 2, 0.0) for track in by_network.T]) == (least_gain == 0)
    at_best = cross_entropy(y_held, found.predictions)
    np.testing.assert_allclose(at_best, by_network[best, range(3)], atol=1e-5)
    at_last = cross_entropy(y_held, found.says(X_held, last=True))
    np.testing.assert_allclose(at_last, by_network[np.add(best, 2), range(3)], atol=1e-5)
    left = cross_entropy(y_held, found.model.predict(X_held, verbose=0).T)
    np.testing.assert_allclose(left, by_network[-1] if ready_made else at_best, atol=1e-5)


def best_epoch(track, patience, least_gain):
    best = 0
    for epoch, loss in enumerate(track):
        if epoch - best > patience:
            break
        if loss < track[best] - least_gain:
            best = epoch
    return best


def test_without_validation_rows_all_epochs_are_trained_and_the_last_weights_kept():
    found = train("GRU, masked", validation=None, patience=0)
    assert found.losses.shape == (3, 1) and found.epochs.tolist() == [3, 3, 3]
    np.testing.assert_array_equal(found.predictions, found.says(IDS, last=True))
    for one, own in zip(found.weights(1), train("GRU, masked").weights(1), strict=True):
        assert one.shape == own.shape


def test_a_network_that_answers_at_each_step_has_targets_at_each():
    name = "dense, word by word"
    X, y = IDS, np.repeat(Y[:, np.newaxis], 6, axis=1)
    found = train_seeds(lambda: build(name), X, y, validation=(X, y), predict=X, max_epochs=2)
    assert found.predictions.shape == (3, 12, 6)
    right = np.where(y == 1, found.predictions, 1 - found.predictions)
    np.testing.assert_allclose(-np.log(right).mean(axis=(1, 2)), found.losses[-1, 1:], atol=1e-5)


def test_another_optimizer_takes_the_steps():
    by_rate = train("LSTM on a series", loss="mse", learning_rate=0.01)
    given = train("LSTM on a series", loss="mse", optimizer=keras.optimizers.Adam(0.01))
    still = train("LSTM on a series", loss="mse", optimizer=keras.optimizers.SGD(0.0))
    np.testing.assert_allclose(given.losses, by_rate.losses, atol=1e-5)
    assert np.ptp(still.losses[:, 1:], axis=0).max() == 0 < np.ptp(given.losses[:, 1:])


@pytest.mark.parametrize("new_order", [True, False])
def test_the_order_of_rows_is_new_in_each_epoch_and_the_same_for_a_call(monkeypatch, new_order):
    seen = []
    fit = keras.Sequential.fit

    def watched(model, x, y=None, **settings):
        assert settings["shuffle"] is False
        rows = [rows for rows, _ in x] if y is None else [x]
        seen.append(np.concatenate(rows)[:, 0, 0].tolist())
        return fit(model, x, y, **settings)

    monkeypatch.setattr(keras.Sequential, "fit", watched)
    for _ in range(2):
        train("convolution on a series", loss="mse", new_order=new_order)
    assert seen[:3] == seen[3:]
    assert (seen[0] == seen[1]) == (not new_order)
    assert len({tuple(sorted(rows)) for rows in seen}) == 1


@pytest.mark.parametrize(
    ("targets", "loss", "message"),
    [(Y, "hinge", "hinge"), (Y * np.nan, "mse", "epoch 0: the validation losses are")],
)
def test_another_loss_and_a_loss_that_is_no_number_are_refused(targets, loss, message):
    with pytest.raises(ValueError, match=message):
        train_seeds(
            lambda: build("LSTM on a series"),
            SERIES,
            targets,
            validation=(SERIES, targets),
            loss=loss,
        )


def test_a_bar_is_shown_to_people_and_not_in_the_book(monkeypatch, capsys):
    shown = []
    for book in ("0", "1"):
        monkeypatch.setenv("RNN_BOOK", book)
        monkeypatch.setattr("helpers.training.seeds.SECONDS_WITHOUT_BAR", 0)
        train("pooled")
        shown.append("epoch" in capsys.readouterr().err)
    assert shown == [True, False]


# -- the optimizer and the rows -------------------------------------------------------------------


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_word_that_stands_five_times_moves_as_far_as_one_that_stands_once(jit_compile):
    reads = [keras.Input((6,), dtype="int32"), L.Embedding(4, 1), L.Flatten()]
    network = keras.Sequential([*reads, L.Dense(1, use_bias=False)])
    network.set_weights([np.ones((4, 1)), np.ones((6, 1))])
    network.compile(optimizer=adam(0.01), loss="mse", jit_compile=jit_compile)
    network.train_on_batch(np.array([[1, 1, 1, 1, 1, 2]]), np.zeros((1, 1)))
    moved = network.get_weights()[0].ravel() - 1
    np.testing.assert_allclose(moved, [0, -0.01, -0.01, 0], atol=1e-6)


def test_whole_batches_and_our_adam_take_the_steps_of_keras_where_no_word_repeats():
    rng = np.random.default_rng(0)
    left, right, y = rng.normal(size=(11, 3)), np.arange(22).reshape(11, 2), rng.random((11, 1))
    found = []
    for ours in (True, False):
        keras.utils.set_random_seed(0)
        inputs = [keras.Input((3,)), keras.Input((2,), dtype="int32")]
        vectors = L.Flatten()(L.Embedding(22, 2)(inputs[1]))
        model = keras.Model(inputs, L.Dense(1)(L.Concatenate()([inputs[0], vectors])))
        model.compile(optimizer=adam(0.1) if ours else keras.optimizers.Adam(0.1), loss="mse")
        rows = batches([left, right], y, 4)
        if not ours:
            rows = {"x": [left[:8], right[:8]], "y": y[:8], "batch_size": 4, "shuffle": False}
        history = model.fit(**rows, epochs=2, verbose=0)
        found.append([*model.get_weights(), history.history["loss"]])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


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
