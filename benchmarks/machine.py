"""What all measurements share: this machine, the processes on it, and how results are told."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy")


def environment(**variables: str) -> dict[str, str]:
    """Environment variables of the measuring processes."""
    ours = {"RNN_DATA": "sample", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    return {**os.environ, **ours, "PYTHONPATH": str(ROOT), **variables}


def run_module(
    name: str,
    *arguments: object,
    python: str = sys.executable,
    minutes: float | None = 10,
    **variables: str,
) -> Any:
    """Run a module of the course in a new process.

    Parameters
    ----------
    name : str
        Of the module.
    *arguments : object
        For its command line.
    python : str
        The Python that runs it.
    minutes : float, optional
        Longest time that it may take.
    **variables : str
        More environment variables.

    Returns
    -------
    object
        What the last line that it printed says in JSON, or None if it printed nothing.

    Raises
    ------
    SystemExit
        If it fails; ends this process and says why.
    """
    done = subprocess.run(
        [python, "-m", name, *map(str, arguments)],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=minutes and 60 * minutes,
    )
    if done.returncode != 0:
        sys.exit(f"{name} {' '.join(map(str, arguments))} failed:\n{done.stderr[-2000:]}")
    lines = done.stdout.splitlines()
    return json.loads(lines[-1]) if lines else None


def machine() -> dict[str, str | int]:
    """What the numbers depend on besides the versions; no name of the machine."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        name = models[0] if models else name
    return {"system": platform.system(), "processor": name, "cores": os.cpu_count() or 1}


def versions(*more: str) -> dict[str, str]:
    """Versions of the packages that matter and that this Python has."""
    found = {"python": platform.python_version()}
    for name in (*PACKAGES, *more):
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


# --- Results -------------------------------------------------------------------------------------


def head(shared: bool) -> dict[str, Any]:
    """When and where results are taken, and whether others use the machine at the same time."""
    made = datetime.now(UTC).date().isoformat()
    return {"made": made, "shared_machine": shared, "machine": machine()}


def taken(results: dict[str, Any]) -> str:
    """When and on what machine they were taken, as the beginning of a sentence."""
    where = results["machine"]
    on = f"{where['cores']} cores ({where['processor']}, {where['system']})"
    return f"Taken on {results['made']} on {on}"


def shared_note(results: dict[str, Any]) -> str:
    """A warning if others used the machine."""
    told = " **Others used the machine at the same time**: trust the ratios more than the times."
    return told if results["shared_machine"] else ""


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def read_results(name: str) -> dict[str, Any]:
    """The committed results of a script."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def write_results(name: str, results: dict[str, Any], told: str) -> None:
    """Write the results of a script, and what the status page includes of them."""
    for ending, text in (("json", json.dumps(results, indent=1) + "\n"), ("md", told)):
        (FOLDER / f"{name}.{ending}").write_text(text, encoding="utf-8", newline="\n")
        print(f"Written: {name}.{ending}")
