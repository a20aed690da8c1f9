"""Several networks that are built alike, in one wide model: blocks of larger weights.

Part of helpers.training. Imports nothing of the course; Keras only when a function is called.

The kernels of K networks become blocks of a larger kernel, and a constraint keeps what lies between
the blocks at zero, so no network hears another. Throughout, an array `owner` says to which network
each number on the last axis belongs: ``[0, 0, 1, 1]`` for two networks of two units.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

PARTS = {"LSTM": 4, "GRU": 3}  #: matrices that Keras keeps in one array
SIZES = {"Embedding": "output_dim", "Conv1D": "filters"}  #: what a layer calls its width
WITHOUT_WEIGHTS = ["Activation", "Dropout", "Flatten"]
WITHOUT_WEIGHTS += ["GlobalAveragePooling1D", "GlobalMaxPooling1D"]
WITHOUT_WEIGHTS += ["AveragePooling1D", "MaxPooling1D"]
KINDS = {"Bidirectional", "Dense", "SimpleRNN", *PARTS, *SIZES, *WITHOUT_WEIGHTS}
CONSTRAINTS = {"kernel": "kernel_constraint", "recurrent_kernel": "recurrent_constraint"}


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
    owner, start = None, []
    for copies in zip(*[network.layers for network in networks], strict=True):
        layer, weights = _join(copies, owner)
        wide.add(layer)
        start += weights
        owner = _owner_behind(layer, owner, len(networks))
    wide.set_weights(start)
    return wide


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


def _owner(num_blocks: int, num_networks: int, size: int) -> NDArray[np.int64]:
    """Owners where each of some blocks holds `size` numbers of one network after another."""
    return np.tile(np.repeat(np.arange(num_networks), size), num_blocks)


def _rows_and_columns(
    weight: str, layer: Any, size: int, read: NDArray | None, num_networks: int
) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """Owners of the rows (None: they are of no network or of all) and columns of a wide weight.

    Parameters
    ----------
    weight : str
        Its name in Keras.
    layer : keras.Layer
        That has it, wide or of one network.
    size : int
        How many numbers the layer of one network puts out at a step.
    read : ndarray or None
        Owners of what the layer reads; None if all networks read the same.
    num_networks : int
    """
    own = _owner(1, num_networks, size)
    rows = {"kernel": read, "recurrent_kernel": own}.get(weight)
    return rows, _owner(PARTS.get(_kind(layer), 1), num_networks, size)


def _owner_behind(wide: Any, read: NDArray | None, num_networks: int) -> NDArray[np.int64] | None:
    """Owners on the last axis behind a wide layer; `read`: those before it."""
    if _kind(wide) == "Bidirectional":
        return _owner(2, num_networks, _size(wide.forward_layer) // num_networks)
    if _kind(wide) == "Flatten" and read is not None:
        return np.tile(read, wide.input.shape[1])
    return _owner(1, num_networks, _size(wide) // num_networks) if wide.weights else read


def _join(copies: Sequence[Any], read: NDArray | None) -> tuple[Any, list[NDArray]]:
    """One layer for several, and its weights; `read`: owners of what it reads."""
    layer = copies[0]
    if _kind(layer) == "Bidirectional":
        from keras import layers

        if layer.merge_mode != "concat":
            raise ValueError(f"Bidirectional with merge_mode={layer.merge_mode!r} is not supported")
        ways = zip(*[_parts(copy) for copy in copies], strict=True)
        (onwards, start), (back, start_back) = (_join(way, read) for way in ways)
        return layers.Bidirectional(onwards, backward_layer=back), start + start_back
    if _kind(layer) in WITHOUT_WEIGHTS:
        return type(layer).from_config(layer.get_config()), []
    if _kind(layer) not in KINDS:
        raise ValueError(f"side_by_side knows no layer of type {_kind(layer)}")
    settings = layer.get_config()
    settings[SIZES.get(_kind(layer), "units")] *= len(copies)
    if _kind(layer) in PARTS:
        settings["use_cudnn"] = False  # a graphics card's own layer cannot be compiled
    joined = []
    for weight, arrays in zip(
        layer.weights, zip(*[copy.get_weights() for copy in copies], strict=True), strict=True
    ):
        rows, columns = _rows_and_columns(weight.name, layer, _size(layer), read, len(copies))
        heights = arrays[0].shape[:-1] if rows is None else (*arrays[0].shape[:-2], len(rows))
        whole = np.zeros((*heights, len(columns)))
        for number, array in enumerate(arrays):
            mine = columns == number
            block = (mine,) if rows is None else np.ix_(rows == number, mine)
            whole[(..., *block)] = array
        if rows is not None:
            wired = (rows[:, np.newaxis] == columns).astype(int)
            settings[CONSTRAINTS[weight.name]] = _keep_apart()(wired.tolist())
        joined.append(whole)
    return type(layer).from_config(settings), joined


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
