"""Several starts of a network, side by side in one model.

Imported by benchmarks. Imports nothing of the course outside this room.
"""

from helpers.training.blocks import side_by_side

__all__ = ["side_by_side"]
