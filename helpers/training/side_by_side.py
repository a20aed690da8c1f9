"""Several small networks trained at once, side by side in one model.

Imported by lectures. Imports nothing of the course; Keras only when a function is called.

A recurrent network of ten units leaves a processor idle most of the time. Three of them, which
differ only in how they start, cost hardly more than one if their weights lie side by side in the
same arrays: the kernels become blocks of a larger kernel, and a constraint keeps what lies
between the blocks at zero. Lecture 3 builds the simplest case; here are the other layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import keras

PARTS = {"LSTM": 4, "GRU": 3}  #: matrices that Keras keeps in one array
SIZES = {"Embedding": "output_dim", "Conv1D": "filters"}  #: what a layer calls its width
WITHOUT_WEIGHTS = ["Activation", "Dropout", "Flatten"]
WITHOUT_WEIGHTS += ["GlobalAveragePooling1D", "GlobalMaxPooling1D"]
WITHOUT_WEIGHTS += ["AveragePooling1D", "MaxPooling1D"]
KINDS = {"Bidirectional", "Dense", "SimpleRNN", *PARTS, *SIZES, *WITHOUT_WEIGHTS}
CONSTRAINTS = {"kernel": "kernel_constraint", "recurrent_kernel": "recurrent_constraint"}
LOSSES = ("binary_crossentropy", "mse")


class Training(NamedTuple):
    """What `train` leaves besides the trained model."""

    losses: NDArray[np.float64]  #: (epochs, 1 + networks): training, then validation of each
    best_epoch: NDArray[np.int64]  #: (networks,): epoch of the lowest validation loss, from 0
    last: list[NDArray]  #: weights of each network `patience` epochs after its best


def side_by_side(networks: Sequence[keras.Sequential]) -> keras.Sequential:
    """Put networks that are built alike into one model, their weights as they are.

    The model reads what one network reads. The last axis of its output, K numbers where a single
    network has one, tells the networks apart: column k is what network k says.

    Parameters
    ----------
    networks : sequence of keras.Sequential
        Built alike of Embedding, Conv1D, SimpleRNN, LSTM, GRU, Bidirectional, Dense, Flatten,
        pooling, Dropout and Activation layers, or of subclasses of these that have the same
        weights and settings. With GlobalAveragePooling1D and a mask, a row
        without any token gives NaN on some backends.

    Raises
    ------
    ValueError
        If there is no network, if they are not built alike, or if a layer is of another type.
    """
    import keras

    if not networks:
        raise ValueError("side_by_side needs at least one network")
    kinds = [[type(layer).__name__ for layer in network.layers] for network in networks]
    shapes = [[weight.shape for weight in network.get_weights()] for network in networks]
    if any(k != kinds[0] for k in kinds) or any(s != shapes[0] for s in shapes):
        raise ValueError(f"the networks are not built alike: {kinds}, {shapes}")
    reads = networks[0].inputs[0]
    wide = keras.Sequential([keras.Input(reads.shape[1:], dtype=reads.dtype)])
    places, start = None, []
    for copies in zip(*[network.layers for network in networks], strict=True):
        layer, weights = _join(copies, places)
        wide.add(layer)
        start += weights
        places = _places_behind(layer, places, len(networks))
    wide.set_weights(start)
    return wide


def train(
    model: keras.Sequential,
    X: NDArray,
    y: ArrayLike,
    X_validation: NDArray,
    y_validation: ArrayLike,
    *,
    learning_rate: float = 0.001,
    batch_size: int = 30,
    patience: int = 2,
    max_epochs: int = 100,
    loss: str = "binary_crossentropy",
    seed: int = 0,
    after_epoch: Callable[[int], None] | None = None,
) -> Training:
    """Train networks that stand side by side until none improves any more.

    All see the same batches, in a new order each epoch, drawn from `seed`. (Keras itself, after
    `set_random_seed`, repeats one order in all epochs of a `fit` on TensorFlow.) `adam` minimizes
    the sum of their losses, so each learns as it would alone. Rows that do not fill a batch
    wait for the next epoch, since another size of batch would have to be compiled. After the call
    each network has the weights of the epoch in which its own validation loss was lowest.

    Parameters
    ----------
    model : keras.Sequential
        From `side_by_side`, with K networks.
    X, X_validation : ndarray, shape (n, ...) and (n_validation, ...)
        Inputs.
    y, y_validation : array-like, shape (n,) or (n, T), and so on
        Targets, the same for all networks; (n, T) if a network answers at each of T steps.
    learning_rate : float
        Of Adam.
    batch_size : int
        Rows a step.
    patience : int
        A network is done when its validation loss has not fallen for so many epochs.
    max_epochs : int
        Stop then at the latest.
    loss : str
        "binary_crossentropy" or "mse".
    seed : int
        For the order of the rows.
    after_epoch : callable, optional
        Called with the number of the epoch, from 0.

    Raises
    ------
    ValueError
        If the loss is another one, or a validation loss is not a number.
    """
    import keras

    if loss not in LOSSES:
        raise ValueError(f"loss is {loss!r}; it can be one of {LOSSES}")
    num_networks = int(model.output_shape[-1])
    given = getattr(keras.losses, {"mse": "mean_squared_error"}.get(loss, loss))

    def summed(truth: Any, says: Any) -> Any:
        return num_networks * given(truth, says)

    model.compile(optimizer=adam(learning_rate), loss=summed)
    model.optimizer.build(model.trainable_variables)  # else TensorFlow traces each step twice
    y, y_validation = np.asarray(y), np.asarray(y_validation)
    rng = np.random.default_rng(seed)
    tracks: list[list[float]] = []
    lowest, best_epoch = np.full(num_networks, np.inf), np.zeros(num_networks, int)
    best = last = model.get_weights()
    for epoch in range(max_epochs):
        order = rng.permutation(len(X))
        targets = np.repeat(y[order][..., np.newaxis], num_networks, axis=-1)
        history = model.fit(**batches(X[order], targets, batch_size), verbose=0)
        del targets  # it may be large
        says = model.predict(X_validation, batch_size=500, verbose=0)
        by_network = each_loss(y_validation, says, loss)
        if not np.isfinite(by_network).all():
            raise ValueError(f"epoch {epoch}: the validation losses are {by_network}")
        tracks.append([history.history["loss"][0] / num_networks, *by_network])
        weights = model.get_weights()
        running = epoch - best_epoch <= patience
        better = (by_network < lowest) & running
        best = _choose(model, best, weights, better)
        last = _choose(model, last, weights, running)
        lowest = np.where(better, by_network, lowest)
        best_epoch = np.where(better, epoch, best_epoch)
        if after_epoch is not None:
            after_epoch(epoch)
        if (epoch - best_epoch >= patience).all():
            break
    model.set_weights(best)
    return Training(np.array(tracks), best_epoch, last)


def batches(X: Any, y: NDArray, batch_size: int) -> dict[str, Any]:
    """Whole batches of rows, in their order, as `model.fit(**batches(X, y, 100))` takes them.

    TensorFlow has a thread tune the flow of the rows. When they end it is told to stop, but about
    every other time, on two cores, it misses that and sleeps on, at worst for as long as the epoch
    took; `fit` waits for it. So it is switched off here, for which the rows have to be a Dataset.
    (The thread checks a flag that is set only after its condition variable has been notified.)

    Parameters
    ----------
    X : ndarray, shape (n, ...), or list of ndarray
        Inputs; a list for a model with several.
    y : ndarray, shape (n, ...)
        Targets.
    batch_size : int
        Rows a step. Rows that do not fill a batch are left out, for another size of batch would
        have to be compiled; with fewer rows than that, all are one batch.

    Returns
    -------
    dict
        Arguments of `fit`. It shall not shuffle; on TensorFlow it cannot.

    Raises
    ------
    ValueError
        If there is no row.
    """
    import keras

    if len(y) == 0:
        raise ValueError("there is no row to train on")
    batch_size = min(batch_size, len(y))
    num_rows = len(y) // batch_size * batch_size
    parts = [*X, y] if isinstance(X, list) else [X, y]
    *inputs, y = [
        part[:num_rows].astype("float32" if part.dtype == float else part.dtype, copy=False)
        for part in map(np.asarray, parts)
    ]
    X = tuple(inputs) if isinstance(X, list) else inputs[0]
    if keras.backend.backend() != "tensorflow":
        return {"x": X, "y": y, "batch_size": batch_size, "shuffle": False}
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    rows = tf.data.Dataset.from_tensor_slices((X, y))
    rows = rows.batch(batch_size, drop_remainder=True)  # so that their size is known beforehand
    return {"x": rows.prefetch(1).with_options(options), "shuffle": False}


def adam(learning_rate: float = 0.001) -> keras.optimizers.Adam:
    """Adam that takes the same steps on every backend, in an embedding too.

    On TensorFlow, Keras 3 hands Adam one gradient for each occurrence of a word. Adam squares
    them and adds up the squares, where it should square the sum. A word that stands in a batch a
    hundred times can so take steps ten times as long as Adam means, and the pad does. Here the
    gradients of a word are added up first. Then one kernel of TensorFlow's moves all numbers of a
    weight, in place of a dozen operations of Keras's that each go through a large embedding. (JAX
    makes one of the dozen by itself.)

    Parameters
    ----------
    learning_rate : float
        As in `keras.optimizers.Adam`.
    """
    return _adam()(learning_rate)


def each_loss(truth: ArrayLike, says: NDArray, loss: str = "binary_crossentropy") -> NDArray:
    """The mean loss of each network.

    Parameters
    ----------
    truth : array-like, shape (n,) or (n, T)
        Targets; for the cross-entropy 0 or 1.
    says : ndarray, shape (n, K) or (n, T, K)
        What K networks say; for the cross-entropy probabilities, kept 1e-7 away from 0 and 1.
    loss : str
        "binary_crossentropy" or "mse".

    Returns
    -------
    ndarray of float, shape (K,)
    """
    truth = np.asarray(truth, float)[..., np.newaxis]
    axes = tuple(range(np.ndim(says) - 1))
    if loss == "mse":
        return np.mean((np.asarray(says, float) - truth) ** 2, axis=axes)
    right = np.where(truth == 1, says, 1 - np.asarray(says, float))
    return -np.log(np.clip(right, 1e-7, None)).mean(axis=axes)


def network_weights(model: keras.Sequential, number: int) -> list[NDArray]:
    """Weights of one of the networks in a model of `side_by_side`, as it has them alone.

    Parameters
    ----------
    model : keras.Sequential
        From `side_by_side`.
    number : int
        Which of its networks, from 0.
    """
    num_networks = int(model.output_shape[-1])
    places: list[NDArray] | None = None
    weights = []
    for layer in model.layers:
        for part in _parts(layer):
            own = _own_places(part, num_networks)[number]
            for weight, array in zip(part.weights, part.get_weights(), strict=True):
                if weight.name == "recurrent_kernel":
                    array = array[own]
                elif weight.name == "kernel" and places is not None:
                    array = array[..., places[number], :]
                weights.append(array[..., _columns(part, num_networks)[number]])
        places = _places_behind(layer, places, num_networks)
    return weights


def _kind(layer: Any) -> str:
    """Type of a layer, or the type that it is a special case of."""
    names = [base.__name__ for base in type(layer).__mro__]
    return next((name for name in names if name in KINDS), names[0])


def _size(layer: Any) -> int:
    """How many numbers a layer with weights puts out at a step."""
    return int(getattr(layer, SIZES.get(_kind(layer), "units")))


def _parts(layer: Any) -> list[Any]:
    """The layers with weights in a layer: itself, or its two directions, or none."""
    if _kind(layer) == "Bidirectional":
        return [layer.forward_layer, layer.backward_layer]
    return [layer] if layer.weights else []


def _shares(num_blocks: int, num_networks: int, size: int) -> list[NDArray]:
    """Positions of each network, where blocks hold `size` numbers of one network after another."""
    positions = np.arange(num_blocks * num_networks * size).reshape(num_blocks, num_networks, size)
    return [positions[:, k].ravel() for k in range(num_networks)]


def _columns(wide: Any, num_networks: int) -> list[NDArray]:
    """Where each network's columns lie in the arrays of a wide layer."""
    return _shares(PARTS.get(_kind(wide), 1), num_networks, _size(wide) // num_networks)


def _own_places(wide: Any, num_networks: int) -> list[NDArray]:
    """Where each network's numbers lie in what a wide layer puts out."""
    return _shares(1, num_networks, _size(wide) // num_networks)


def _places_behind(
    wide: Any, places: list[NDArray] | None, num_networks: int
) -> list[NDArray] | None:
    """Where each network's numbers lie on the last axis behind a wide layer."""
    if _kind(wide) == "Bidirectional":
        return _shares(2, num_networks, _size(wide.forward_layer) // num_networks)
    if _kind(wide) == "Flatten" and places is not None:
        num_steps, width = wide.input.shape[1], sum(len(place) for place in places)
        first = np.arange(num_steps)[:, np.newaxis] * width
        return [(first + place).ravel() for place in places]
    return _own_places(wide, num_networks) if wide.weights else places


def _join(copies: Sequence[Any], places: list[NDArray] | None) -> tuple[Any, list[NDArray]]:
    """One layer for several, and its weights; `places` as `_places_behind` the layer before."""
    layer = copies[0]
    if _kind(layer) == "Bidirectional":
        from keras import layers

        if layer.merge_mode != "concat":
            raise ValueError(f"Bidirectional with merge_mode={layer.merge_mode!r} is not supported")
        ways = zip(*[_parts(copy) for copy in copies], strict=True)
        (onwards, start), (back, start_back) = (_join(way, places) for way in ways)
        return layers.Bidirectional(onwards, backward_layer=back), start + start_back
    if _kind(layer) in WITHOUT_WEIGHTS:
        return type(layer).from_config(layer.get_config()), []
    if _kind(layer) not in KINDS:
        raise ValueError(f"side_by_side knows no layer of type {_kind(layer)}")
    settings = layer.get_config()
    settings[SIZES.get(_kind(layer), "units")] *= len(copies)
    if _kind(layer) in PARTS:
        settings["use_cudnn"] = False  # a graphics card's own layer cannot be compiled
    shares = _shares(PARTS.get(_kind(layer), 1), len(copies), _size(layer))
    joined = []
    for weight, arrays in zip(
        layer.weights, zip(*[copy.get_weights() for copy in copies], strict=True), strict=True
    ):
        rows = _shares(1, len(copies), _size(layer)) if "recurrent" in weight.name else places
        if weight.name not in CONSTRAINTS or rows is None:
            joined.append(np.zeros((*arrays[0].shape[:-1], len(copies) * arrays[0].shape[-1])))
            for share, array in zip(shares, arrays, strict=True):
                joined[-1][..., share] = array
            continue
        *outer, height, width = arrays[0].shape
        joined.append(np.zeros((*outer, len(copies) * height, len(copies) * width)))
        wired = np.zeros(joined[-1].shape[-2:], int)
        for row, share, array in zip(rows, shares, arrays, strict=True):
            joined[-1][(..., *np.ix_(row, share))] = array
            wired[np.ix_(row, share)] = 1
        settings[CONSTRAINTS[weight.name]] = _keep_apart()(wired.tolist())
    return type(layer).from_config(settings), joined


def _choose(model: Any, old: list[NDArray], new: list[NDArray], take: NDArray) -> list[NDArray]:
    """Weights of the networks in `take` from `new`, those of the others from `old`."""
    chosen, number = [array.copy() for array in old], 0
    for layer in model.layers:
        for part in _parts(layer):
            columns = [c for c, t in zip(_columns(part, len(take)), take, strict=True) if t]
            for _ in part.weights:
                for some in columns:
                    chosen[number][..., some] = new[number][..., some]
                number += 1
    return chosen


@cache
def _adam() -> type:
    """The optimizer, made when Keras is there."""
    import keras

    class AdamOfSums(keras.optimizers.Adam):
        """Adam, given each weight's whole gradient."""

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            if keras.backend.backend() != "tensorflow":
                super().update_step(gradient, variable, learning_rate)
                return
            import tensorflow as tf

            number = self._get_variable_index(variable)
            moments = [moment[number].value for moment in (self._momentums, self._velocities)]
            step = tf.cast(self.iterations.value + 1, variable.dtype)
            decays = [tf.constant(beta, variable.dtype) for beta in (self.beta_1, self.beta_2)]
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=moments[0].handle,
                v=moments[1].handle,
                beta1_power=decays[0] ** step,
                beta2_power=decays[1] ** step,
                lr=tf.cast(learning_rate, variable.dtype),
                beta1=decays[0],
                beta2=decays[1],
                epsilon=tf.constant(self.epsilon, variable.dtype),
                grad=tf.convert_to_tensor(gradient),  # one row a word; adds up its occurrences
            )

    return AdamOfSums


@cache
def _keep_apart() -> type:
    """The constraint, made when Keras is there."""
    import keras

    @keras.saving.register_keras_serializable(package="rnn_course")
    class KeepApart(keras.constraints.Constraint):
        """Set what lies between the networks to zero; `wired` (rows, columns) is 1 or 0."""

        def __init__(self, wired: list[list[int]]) -> None:
            self.wired, self.mask = wired, np.asarray(wired, "float32")

        def __call__(self, weights: Any) -> Any:
            return weights * self.mask

        def get_config(self) -> dict:
            return {"wired": self.wired}

    return KeepApart
