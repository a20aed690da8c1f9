"""Two networks that say words, without and with attention, trained beforehand by one recipe."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.data.tiers import sample_file

__all__ = ["TrainedSpeller", "load_spellers", "read_spellers", "write_spellers"]


class TrainedSpeller(NamedTuple):
    """A network after its training, as a file has it."""

    weights: list[NDArray[np.float32]]  #: in Keras's order, for ``set_weights``
    losses: dict[str, list[float]]  #: after each epoch: "loss" and "val_loss"


def load_spellers() -> dict[str, TrainedSpeller]:
    """Load the networks that say words: "without attention" and "with attention".

    The same in all tiers, no network needed. ``data/spellers.md`` has the details.

    Raises
    ------
    CourseDataError
        If the file is missing or altered.
    """
    return read_spellers(sample_file("spellers.npz"))[0]


def read_spellers(file: Path) -> tuple[dict[str, TrainedSpeller], dict[str, Any]]:
    """Read networks that `write_spellers` wrote, and what it says about them."""
    with np.load(file, allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes().decode())
        found = {
            name: TrainedSpeller(
                [arrays[f"{name} {k}"].astype(np.float32) for k in range(told["arrays"])],
                told["losses"],
            )
            for name, told in about.pop("networks").items()
        }
    return found, about


def write_spellers(
    file: Path, networks: Mapping[str, TrainedSpeller], about: Mapping[str, Any]
) -> None:
    """Write networks to a file: their arrays in 16 bits, their losses, what is said about them."""
    named = {
        f"{name} {k}": np.asarray(array, np.float16)
        for name, network in networks.items()
        for k, array in enumerate(network.weights)
    }
    told = {
        name: {"arrays": len(network.weights), "losses": network.losses}
        for name, network in networks.items()
    }
    text = json.dumps({**about, "networks": told}, sort_keys=True)
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, about=np.frombuffer(text.encode(), np.uint8))
    file.write_bytes(stream.getvalue())
