"""Measure one setting in a process of its own; print one line of JSON. Started by run.py."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from benchmarks.recipe import BATCH, MODELS, SETTINGS

PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy")


def versions() -> dict[str, str]:
    """Versions of the packages that matter and that this Python has."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def peak_memory() -> float | None:
    """Highest resident memory of this process so far, in MB; None on Windows."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3  # bytes there, kilobytes here


def main() -> None:
    """Read the command line, train the models, print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("setting", choices=SETTINGS)
    parser.add_argument("rows", type=Path, help="an .npz with ids (n, 100) and labels (n,)")
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=MODELS)
    parser.add_argument("--parts", action="store_true", help="measure where the time goes instead")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--seconds", type=float, default=1.0, help="to train each model for")
    parser.add_argument("--options", type=json.loads, default={}, help="of compile, or of Adam")
    chosen = parser.parse_args()
    setting = SETTINGS[chosen.setting]
    if setting.backend == "torch":
        from benchmarks.torch_models import train
    else:
        os.environ["KERAS_BACKEND"] = setting.backend
        from benchmarks.keras_models import train
    rows = np.load(chosen.rows)
    every = {model: {"model": model} for model in chosen.models}
    if chosen.parts:
        every = {
            f"{model}{', frozen' * frozen}": {"model": model, "frozen": frozen}
            for model in ("rnn", "lstm", "mean")
            for frozen in (False, True)
        }
        eight = {"steps_per_execution": 8}
        every |= {
            f"{model}, eight": {"model": model, "options": eight} for model in ("rnn", "lstm")
        }
    measures = {
        name: train(
            which["model"],
            setting.style,
            rows["ids"],
            rows["labels"],
            frozen=which.get("frozen", False),
            options={**setting.options, **chosen.options, **which.get("options", {})},
            batch=chosen.batch,
            seconds=chosen.seconds,
            **({"networks": setting.networks} if setting.networks > 1 else {}),
        )
        for name, which in every.items()
    }
    print(json.dumps({"measures": measures, "memory": peak_memory(), "versions": versions()}))


if __name__ == "__main__":
    main()
