"""Measure one setting in a process of its own; print one line of JSON. Started by run.py."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np

from benchmarks.machine import peak_memory, versions
from benchmarks.recipe import BATCH, MODELS, PARTS, SETTINGS


def main() -> None:
    """Read the command line, train the models, print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("setting", choices=SETTINGS)
    parser.add_argument("rows", type=Path, help="an .npz with ids (n, 100) and labels (n,)")
    parser.add_argument("--parts", action="store_true", help="measure where the time goes instead")
    parser.add_argument("--batch", type=int, default=BATCH)
    chosen = parser.parse_args()
    setting = SETTINGS[chosen.setting]
    if setting.backend == "torch":
        from benchmarks.torch_models import train
    else:
        os.environ["KERAS_BACKEND"] = setting.backend
        from benchmarks.keras_models import train
    rows = np.load(chosen.rows)
    common = {"style": setting.style, "batch": chosen.batch, "options": setting.options}
    every = (
        {name: more for name, (_, more) in PARTS.items()}
        if chosen.parts
        else dict.fromkeys(MODELS, {})
    )
    measures = {
        name: train(name.split(",")[0], ids=rows["ids"], labels=rows["labels"], **(common | more))
        for name, more in every.items()
    }
    print(json.dumps({"measures": measures, "memory": peak_memory(), "versions": versions()}))


if __name__ == "__main__":
    main()
