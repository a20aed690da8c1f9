"""Rows on their way into `fit`: whole batches, and no waiting between epochs.

Part of helpers.training. Imports nothing of the course; Keras only when a function is called.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


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
