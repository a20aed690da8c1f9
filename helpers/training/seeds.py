"""Several starts of a network, trained at once: `train_seeds`.

Part of helpers.training. Imports nothing of the course outside it; Keras only when called.

What the call does to be fast and right
---------------------------------------
A recurrent network of ten units leaves a processor idle most of the time. Three of them, which
differ only in how they start, cost hardly more than one if their weights lie side by side.

- **Blocks** (`blocks`). The weights of the networks become blocks of wider arrays, and a constraint
  keeps what lies between the blocks at zero. Each network says and learns what it would alone.
- **One order an epoch.** All networks see the same batches, in an order that is new in each epoch
  and drawn from seed 0. Keras, after `set_random_seed`, repeats one order in all epochs of a `fit`
  on TensorFlow.
- **The sum of the losses** is minimized, so each network has the gradient that it would have alone
  (and the penalty, if a layer has one).
- **Sums before squares** (`optimizer`). On TensorFlow, Keras hands Adam one gradient for each
  occurrence of a word; they are added up before Adam squares them, as on JAX.
- **Whole batches** (`feeding`). Rows that do not fill a batch wait for the next epoch: another
  size of batch would have to be compiled. The optimizer is built before the first step, or else
  TensorFlow traces each step twice, and a thread of TensorFlow's that `fit` would wait for is off.
- **The best epoch of each.** Each network is judged by its own validation loss and goes back to the
  weights of its own best epoch; the training ends when none has improved for `patience` epochs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.training.blocks import network_weights, pick, side_by_side
from helpers.training.feeding import batches
from helpers.training.optimizer import adam

if TYPE_CHECKING:
    import keras

SECONDS_WITHOUT_BAR = 3  #: a training that takes longer shows how far it is
LOSSES = {"binary_crossentropy": "binary_crossentropy", "mse": "mean_squared_error"}


class Trained(NamedTuple):
    """K networks after their training, and how it went."""

    predictions: NDArray | None  #: (K, n) or (K, n, T): what each says of `predict`
    losses: NDArray[np.float64]  #: (epochs, 1 + K): training (mean), then validation of each
    epochs: NDArray[np.int64]  #: (K,): epochs after which each was best, from 1
    model: keras.Model  #: all of them in one model; its last axis tells them apart
    best: list[list[NDArray]]  #: weights of the model at each one's best, or one set for all
    last: list[list[NDArray]]  #: the same `patience` epochs after the best

    def says(self, X: Any, last: bool = False) -> NDArray:
        """What each network says of some rows.

        Parameters
        ----------
        X : ndarray, shape (n, ...), or list of ndarray
            Inputs.
        last : bool
            With the weights of `patience` epochs after its best, which a run that does not go back
            would keep.

        Returns
        -------
        ndarray, shape (K, n) or (K, n, T)
        """
        now, answers = self.model.get_weights(), []
        for weights in self.last if last else self.best:
            self.model.set_weights(weights)
            says = self.model.predict(X, batch_size=500, verbose=0)
            answers.append(np.moveaxis(says, -1, 0))
        self.model.set_weights(now)
        if len(answers) == 1:
            return answers[0]
        return np.array([answer[number] for number, answer in enumerate(answers)])

    def weights(self, number: int) -> list[NDArray]:
        """Weights of one network (from 0), as it has them alone, for models of `side_by_side`."""
        return network_weights(self.model, number)


def train_seeds(
    build: Callable[[], keras.Sequential] | keras.Model,
    X: Any,
    y: ArrayLike,
    *,
    validation: tuple[Any, ArrayLike] | None = None,
    predict: Any = None,
    seeds: int | Iterable[int] = 3,
    learning_rate: float = 0.001,
    batch_size: int = 30,
    patience: int = 2,
    max_epochs: int = 100,
    loss: str = "binary_crossentropy",
    optimizer: keras.optimizers.Optimizer | None = None,
    least_gain: float = 0.0,
    new_order: bool = True,
) -> Trained:
    """Train several starts of a network side by side, each until it improves no more.

    Parameters
    ----------
    build : callable, or keras.Model
        Makes one network, `keras.Sequential`, of the layers that `side_by_side` knows; called after
        ``keras.utils.set_random_seed(seed)`` for each seed. Or K networks in one model already,
        the last axis of whose output tells them apart; then `seeds` does not matter.
    X : ndarray, shape (n, ...), or list of ndarray
        Inputs; a list for a model with several.
    y : array-like, shape (n,) or (n, T)
        Targets, the same for all networks; (n, T) if a network answers at each of T steps.
    validation : (X, y), optional
        Rows that say when to stop and which weights to keep. Without them all train for
        `max_epochs` epochs and keep the last weights.
    predict : like X, optional
        Rows on which to give back what each network says.
    seeds : int or iterable of int
        How many starts, from seeds 0, 1, ...; or which seeds.
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
    optimizer : keras.optimizers.Optimizer, optional
        A new one, in place of ``adam(learning_rate)``. If it clips a norm, that is the norm of the
        sum of the networks' losses.
    least_gain : float
        A validation loss has fallen if it is lower by more than this.
    new_order : bool
        Whether each epoch sees the rows in another order.

    Returns
    -------
    Trained
        Networks from `build` stand side by side in its model, each with its best weights. A model
        that was given has the weights of the last epoch.

    Raises
    ------
    ValueError
        If the loss is another one, a validation loss is not a number, or networks cannot stand
        side by side.
    """
    import keras
    from tqdm import tqdm

    if loss not in LOSSES:
        raise ValueError(f"loss is {loss!r}; it can be one of {tuple(LOSSES)}")
    given = isinstance(build, keras.Model)
    model = build if given else side_by_side(_networks(build, seeds))
    num_networks = int(model.output_shape[-1])
    its_loss = getattr(keras.losses, LOSSES[loss])

    def summed(truth: Any, says: Any) -> Any:
        return num_networks * its_loss(truth, says)

    model.compile(optimizer=optimizer or adam(learning_rate), loss=summed)
    model.optimizer.build(model.trainable_variables)
    y, rng = np.asarray(y), np.random.default_rng(0)
    order, tracks = np.arange(len(y)), []
    lowest, best_epoch = np.full(num_networks, np.inf), np.zeros(num_networks, int)
    best, last = [model.get_weights()] * num_networks, [model.get_weights()] * num_networks
    hidden = os.environ.get("RNN_BOOK") == "1"
    look = {"unit": "epoch", "delay": SECONDS_WITHOUT_BAR, "leave": False, "disable": hidden}
    for epoch in tqdm(range(max_epochs), **look):
        if new_order:
            order = rng.permutation(len(y))
        rows = [part[order] for part in X] if isinstance(X, list) else X[order]
        targets = np.repeat(y[order][..., np.newaxis], num_networks, axis=-1)
        history = model.fit(**batches(rows, targets, batch_size), verbose=0)
        del rows, targets  # they may be large
        running, better = np.ones(num_networks, bool), np.ones(num_networks, bool)
        tracks.append([history.history["loss"][0] / num_networks])
        if validation is not None:
            says = model.predict(validation[0], batch_size=500, verbose=0)
            losses = _each_loss(validation[1], says, loss)
            if not np.isfinite(losses).all():
                raise ValueError(f"epoch {epoch}: the validation losses are {losses}")
            running = epoch - best_epoch <= patience
            better = running & (losses < lowest - least_gain)
            lowest = np.where(better, losses, lowest)
            tracks[-1] += list(losses)
        best_epoch = np.where(better, epoch, best_epoch)
        weights = model.get_weights()
        best = [weights if new else old for new, old in zip(better, best, strict=True)]
        last = [weights if new else old for new, old in zip(running, last, strict=True)]
        if validation is not None and (epoch - best_epoch >= patience).all():
            break
    if not given:
        best, last = [pick(model, best)], [pick(model, last)]
        model.set_weights(best[0])
    done = Trained(None, np.array(tracks), best_epoch + 1, model, best, last)
    return done if predict is None else done._replace(predictions=done.says(predict))


def _networks(build: Callable[[], Any], seeds: int | Iterable[int]) -> list[Any]:
    """One network for each seed."""
    import keras

    networks = []
    for seed in range(seeds) if isinstance(seeds, int) else seeds:
        keras.utils.set_random_seed(seed)
        networks.append(build())
    return networks


def _each_loss(truth: ArrayLike, says: NDArray, loss: str) -> NDArray[np.float64]:
    """The mean loss of each network, shape (K,).

    Parameters
    ----------
    truth : array-like, shape (n,) or (n, T)
        Targets; for the cross-entropy 0 or 1.
    says : ndarray, shape (n, K) or (n, T, K)
        What K networks say; for the cross-entropy probabilities, kept 1e-7 away from 0.
    loss : str
        "binary_crossentropy" or "mse".
    """
    truth = np.asarray(truth, float)[..., np.newaxis]
    axes = tuple(range(np.ndim(says) - 1))
    if loss == "mse":
        return np.mean((np.asarray(says, float) - truth) ** 2, axis=axes)
    right = np.where(truth == 1, says, 1 - np.asarray(says, float))
    return -np.log(np.clip(right, 1e-7, None)).mean(axis=axes)
