"""Several starts of a network, trained at once.

Imported by lectures and apps. Imports nothing of the course outside this room.
"""

from helpers.training.side_by_side import (
    adam,
    batches,
    each_loss,
    network_weights,
    side_by_side,
    train,
)

__all__ = ["adam", "batches", "each_loss", "network_weights", "side_by_side", "train"]
