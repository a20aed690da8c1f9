"""Measure the speed of the class's four models, side by side; started by ``make bench``.

Each setting runs in a process of its own. A round starts all of them, one after the other, in an
order that turns from round to round; ratios are taken within a round, because a machine that
others use has slow minutes. Writes ``speed.json`` and ``speed.md``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path
from statistics import median

from benchmarks.machine import ROOT, head, run_module, shared_note, table, taken, write_results
from benchmarks.recipe import BATCH, MODELS, PARTS, SETTINGS

WORK = ROOT / "_build" / "bench"
TORCH_VENV = ROOT / "_build" / "bench-venv"


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


def measure_rounds(
    pythons: dict[str, str], rows: Path, rounds: int, batch: int
) -> list[dict[str, dict]]:
    """Measure every setting once a round; in each round another one begins."""
    names, found = list(pythons), []
    for number in range(rounds):
        turned = names[number % len(names) :] + names[: number % len(names)]
        found.append({})
        for name in turned:
            print(f"round {number + 1} of {rounds}: {SETTINGS[name].name}", flush=True)
            found[-1][name] = run_module(
                "benchmarks.measure", name, rows, "--batch", batch, python=pythons[name]
            )
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
    speed: dict[str, dict] = {name: {} for name in rounds[0]}
    for name in speed:
        for model in MODELS:
            ours = [one[name]["measures"][model] for one in rounds]
            rates = [one["samples_per_second"] for one in ours]
            of_class = [one["class"]["measures"][model]["samples_per_second"] for one in rounds]
            speed[name][model] = {
                **spread(rates, None),
                "rounds": [round(rate) for rate in rates],
                "warm_up": round(median(one["warm_up_seconds"] for one in ours), 1),
                "parameters": ours[0]["parameters"],
                "times_class": spread([a / b for a, b in zip(rates, of_class, strict=True)], 2),
            }
    memory = {
        name: round(max(one[name]["memory"] for one in rounds))
        for name, measured in rounds[0].items()
        if measured["memory"] is not None
    }
    versions: dict[str, str] = {}
    for measured in rounds[0].values():
        versions |= measured["versions"]
    return {"speed": speed, "memory": memory, "versions": versions}


def spread(values: list[float], digits: int | None) -> dict[str, float]:
    """Median, lowest and highest."""
    found = {"median": median(values), "low": min(values), "high": max(values)}
    return {key: round(value, digits) for key, value in found.items()}


# --- The status page -----------------------------------------------------------------------------


def told(results: dict) -> str:
    """What the status page says of speed: paragraphs and tables in Markdown."""
    return "\n".join([description(results), speed_table(results), parts_table(results)])


def description(results: dict) -> str:
    """One paragraph: on what the numbers were taken."""
    versions = results["versions"]
    tensorflow = versions.get("tensorflow") or versions.get("tensorflow-cpu", "")
    peers = f", PyTorch {versions['torch']}" if "torch" in versions else ""
    return (
        f"{taken(results)}, Python {versions['python']}, Keras {versions['keras']}, "
        f"TensorFlow {tensorflow}, JAX {versions['jax']}{peers}: batches of {results['batch']}, "
        f"medians of {results['rounds']} rounds; in brackets how many times as fast as the "
        f"class's code in the same round."
        f"{shared_note(results)}\n"
    )


def speed_table(results: dict) -> str:
    """A Markdown table: a row a setting, a column a model, samples a second and ratios."""
    rows = []
    for name, of_models in results["speed"].items():
        cells = [
            f"{one['median']:,} ({two_digits(one['times_class']['median'])}x)"
            for one in of_models.values()
        ]
        memory = results["memory"].get(name)
        cells += [f"{_warm_up(of_models):.1f}", f"{memory:,}" if memory else "not known"]
        rows.append([SETTINGS[name].name, *cells])
    columns = ["samples a second", *(title for title, _ in MODELS.values())]
    return table([*columns, "first batches, s", "peak memory, MB"], rows)


def two_digits(ratio: float) -> str:
    """A ratio to two digits: "8.2" or "13"."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def _warm_up(of_models: dict) -> float:
    """Seconds before the first epoch, the mean over models."""
    return sum(one["warm_up"] for one in of_models.values()) / len(of_models)


def parts_table(results: dict) -> str:
    """A Markdown table: milliseconds a batch takes on JAX, with and without its parts."""
    measured = results["milliseconds_a_batch"]
    rows = [[PARTS[name][0], f"{measured[name]:.2f}"] for name in PARTS if name in measured]
    return table(["one batch, lecture's code on JAX", "milliseconds"], rows)


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--torch", action="store_true", help="measure plain PyTorch too")
    parser.add_argument("--shared", action="store_true", help="others use this machine: say so")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1500, help="a multiple of ten batches")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    chosen = parser.parse_args()
    if chosen.rows % (10 * chosen.batch):
        parser.error(f"--rows {chosen.rows} is no multiple of ten batches of {chosen.batch}")
    WORK.mkdir(parents=True, exist_ok=True)
    rows = WORK / "rows.npz"
    run_module("benchmarks.make_rows", rows, chosen.rows)
    pythons = {name: sys.executable for name, s in SETTINGS.items() if s.backend != "torch"}
    if chosen.torch:
        peer = torch_python()
        pythons |= {name: peer for name, s in SETTINGS.items() if s.backend == "torch"}
    else:
        print("Without plain PyTorch. To measure it too: make bench ARGS=--torch")
    rounds = measure_rounds(pythons, rows, chosen.rounds, chosen.batch)
    print("where the time goes, on JAX", flush=True)
    parts = run_module("benchmarks.measure", "jax", rows, "--parts", "--batch", chosen.batch)
    results = head(chosen.shared) | {
        "rows": chosen.rows,
        "batch": chosen.batch,
        "rounds": chosen.rounds,
        **summarize(rounds),
        "milliseconds_a_batch": {
            name: round(1000 * chosen.batch / one["samples_per_second"], 2)
            for name, one in parts["measures"].items()
        },
    }
    print(f"\n{told(results)}")
    if not chosen.dry:
        write_results("speed", results, told(results))


if __name__ == "__main__":
    main()
