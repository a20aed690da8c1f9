"""Several starts of a network, trained at once.

Imported by lectures and apps. Imports nothing of the course outside this room. `train_seeds` is the
one call that a lecture needs; its module says what it does to be fast and right. Where a lecture
trains by Keras's own ``fit``, it finds here the parts: several networks in one model, Adam as it is
meant, and rows in whole batches.
"""

from helpers.training.blocks import network_weights, side_by_side
from helpers.training.feeding import batches
from helpers.training.optimizer import adam
from helpers.training.seeds import Trained, train_seeds

__all__ = ["Trained", "adam", "batches", "network_weights", "side_by_side", "train_seeds"]
