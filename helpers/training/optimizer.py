"""Adam as it is meant, on every backend.

Part of helpers.training. Imports nothing of the course; Keras only when a function is called.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def adam(learning_rate: float = 0.001, **settings: Any) -> keras.optimizers.Adam:
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
    **settings
        More arguments of `keras.optimizers.Adam`.
    """
    return _adam()(learning_rate, **settings)


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
