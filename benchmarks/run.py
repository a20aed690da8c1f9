"""Measure the speed of the class's four models, side by side; started by ``make bench``.

Each setting runs in a process of its own. A round starts all of them, one after the other, in an
order that turns from round to round; ratios are taken within a round, because a machine that
others use has slow minutes. Writes ``results.json``, ``speed.svg`` and, on request, the proof on a
file of full size.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.recipe import BATCH, MODELS, SETTINGS
from benchmarks.report import (
    PLOT,
    RESULTS,
    draw,
    parts_table,
    speed_table,
    update_readme,
    write_for_lectures,
    write_results,
)

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "bench"
TORCH_VENV = ROOT / "_build" / "bench-venv"
MINUTES = 10


def environment() -> dict[str, str]:
    """Environment variables of the measuring processes."""
    return {
        **os.environ,
        "RNN_DATA": "sample",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONPATH": str(ROOT),
    }


def run_module(name: str, *arguments: object, python: str = sys.executable) -> str:
    """Run a module of the course in a new process; return what it printed."""
    command = [python, "-m", name, *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60 * MINUTES,
    )
    if done.returncode != 0:
        sys.exit(f"{name} {arguments[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def torch_python() -> str:
    """The Python of an environment that has PyTorch; made once, in ``_build/bench-venv``."""
    python = TORCH_VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = TORCH_VENV / "ready"
    if not ready.is_file():
        print(f"Installing PyTorch into {TORCH_VENV.relative_to(ROOT)} (once) ...", flush=True)
        venv.create(TORCH_VENV, with_pip=True, clear=True)
        wanted = ROOT / "benchmarks" / "requirements-torch.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
        ready.touch()
    return str(python)


def measure(setting: str, rows: Path, python: str, *arguments: object) -> dict:
    """One process: what `benchmarks.measure` prints, parsed."""
    printed = run_module("benchmarks.measure", setting, rows, *arguments, python=python)
    return json.loads(printed.splitlines()[-1])


def measure_rounds(
    pythons: dict[str, str], rows: Path, rounds: int, *arguments: object
) -> list[dict[str, dict]]:
    """Measure every setting once a round; in each round another one begins."""
    names, found = list(pythons), []
    for number in range(rounds):
        turned = names[number % len(names) :] + names[: number % len(names)]
        found.append({})
        for name in turned:
            print(f"round {number + 1} of {rounds}: {SETTINGS[name].name}", flush=True)
            found[-1][name] = measure(name, rows, pythons[name], *arguments)
    return found


def summarize(rounds: list[dict[str, dict]]) -> dict:
    """Medians and spreads over rounds.

    Returns
    -------
    dict
        ``speed``: setting -> model -> samples a second (``median``, ``low``, ``high``, and those
        of the ``rounds`` in order), seconds of ``warm_up``, ``parameters``, and ``times_class``
        (the ratio to the class's code of the same round: median, low, high). ``memory``: setting
        -> MB. ``versions``: package -> version.
    """
    speed: dict[str, dict] = {}
    for name in rounds[0]:
        speed[name] = {}
        for model in MODELS:
            of_rounds = [one[name]["measures"][model] for one in rounds]
            rates = [one["samples_per_second"] for one in of_rounds]
            ratios = [
                rate / one["class"]["measures"][model]["samples_per_second"]
                for rate, one in zip(rates, rounds, strict=True)
            ]
            speed[name][model] = {
                **spread(rates, 0),
                "rounds": [round(rate) for rate in rates],
                "warm_up": round(median(one["warm_up_seconds"] for one in of_rounds), 1),
                "parameters": of_rounds[0]["parameters"],
                "times_class": spread(ratios, 2),
            }
    memory = {
        name: round(max(one[name]["memory"] for one in rounds))
        for name in rounds[0]
        if rounds[0][name]["memory"] is not None
    }
    versions: dict[str, str] = {}
    for measured in rounds[0].values():
        versions |= measured["versions"]
    return {"speed": speed, "memory": memory, "versions": versions}


def spread(values: list[float], digits: int) -> dict[str, float]:
    """Median, lowest and highest."""
    low, middle, high = min(values), median(values), max(values)
    return {
        key: round(value, digits) if digits else round(value)
        for key, value in (("median", middle), ("low", low), ("high", high))
    }


def machine() -> dict[str, str | int]:
    """What the numbers depend on besides the versions; no name of the machine."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        name = models[0] if models else name
    return {"system": platform.system(), "processor": name, "cores": os.cpu_count() or 1}


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--torch", action="store_true", help="measure plain PyTorch too")
    parser.add_argument("--full-size", action="store_true", help="also the proof on 560,000 rows")
    parser.add_argument("--app", action="store_true", help="the web app of lecture 10 instead")
    parser.add_argument("--shared", action="store_true", help="others use this machine: say so")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1500, help="a multiple of ten batches")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    chosen = parser.parse_args()
    if chosen.rows % (10 * chosen.batch):
        parser.error(f"--rows {chosen.rows} is no multiple of ten batches of {chosen.batch}")
    if chosen.app:
        from benchmarks.app import measure_and_write

        return measure_and_write(chosen.shared, chosen.dry)

    WORK.mkdir(parents=True, exist_ok=True)
    rows = WORK / "rows.npz"
    run_module("benchmarks.make_rows", rows, chosen.rows)
    pythons = {name: sys.executable for name, s in SETTINGS.items() if s.backend != "torch"}
    if chosen.torch:
        peer = torch_python()
        pythons |= {name: peer for name, s in SETTINGS.items() if s.backend == "torch"}
    else:
        print("Without plain PyTorch. To measure it too: make bench ARGS=--torch")
    rounds = measure_rounds(pythons, rows, chosen.rounds, "--batch", chosen.batch)
    print("where the time goes, on JAX", flush=True)
    parts = measure("jax", rows, sys.executable, "--parts", "--batch", chosen.batch)["measures"]
    results = {
        "made": datetime.now(UTC).date().isoformat(),
        "shared_machine": chosen.shared,
        "machine": machine(),
        "rows": chosen.rows,
        "batch": chosen.batch,
        "rounds": chosen.rounds,
        **summarize(rounds),
        "milliseconds_a_batch": {
            name: round(1000 * chosen.batch / one["samples_per_second"], 2)
            for name, one in parts.items()
        },
    }
    print(f"\n{speed_table(results)}\n{parts_table(results)}")
    if chosen.full_size:
        from benchmarks.full_size import measure_sizes

        results["full_size"] = measure_sizes()
    if not chosen.dry:
        write_results(results)
        write_for_lectures(results)
        draw(results)
        update_readme(results)
        print(f"Written: {RESULTS.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}, README.md")


if __name__ == "__main__":
    main()
