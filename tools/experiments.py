"""Run experiments and keep their rows (``make experiments``, ``python -m experiments NAME``).

Units run two at a time and wait in ``_build/experiments/`` until all are there: an interrupted
experiment goes on where it stopped, and no half of one is ever kept. ``experiments/__init__.py``
says what an experiment looks like, ``tools/book/fingerprint.py`` what it depends on.

An experiment is outdated when its code, or helpers or data that it uses, changed. If only the
shared part did, the cheapest unit is replayed: are its rows equal, the others' are too, and the
fingerprint is stamped anew; else all units run. If only ``compare`` changed, nothing is trained.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import logging
import math
import os
import platform
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from tools.book.course import BUILD, RESULTS, ROOT, CourseError, run_environment, write_text
from tools.book.fingerprint import EXPERIMENTS, experiment_fingerprint

KEPT = RESULTS / "experiments"
WAITING = BUILD / "experiments"
BACKENDS = ("tensorflow", "jax")
DIGITS = 6  # significant ones that are kept of a number
PACKAGES = ("keras", "numpy", "pandas", "scikit-learn")
# What JAX has compiled for one unit serves the next ones: networks of the same shapes come back.
KEEP_COMPILED = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    "JAX_COMPILATION_CACHE_DIR": str(BUILD / "compiled"),
}


# -- which there are, and what is kept of them ----------------------------------------------------


def experiment_names() -> list[str]:
    """Names of the experiments, in alphabetical order."""
    return sorted(path.stem for path in EXPERIMENTS.glob("*.py") if not path.stem.startswith("_"))


def constants(name: str) -> dict[str, Any]:
    """The plain constants of an experiment, read without importing it (``BACKEND``, ``MINUTES``).

    Raises
    ------
    CourseError
        If there is no such experiment, it has no docstring, or one of these is missing or strange.
    """
    path = EXPERIMENTS / f"{name}.py"
    if not path.is_file():
        known = ", ".join(experiment_names()) or "none"
        raise CourseError(f"{name!r} names no experiment. Experiments: {known}")
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise CourseError(f"experiments/{name}.py:{error.lineno}: {error.msg}") from None
    found: dict[str, Any] = {"question": (ast.get_docstring(tree) or "").split("\n")[0]}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    if not found["question"]:
        raise CourseError(f"experiments/{name}.py:1: a docstring that asks its question is wanted.")
    if found.get("BACKEND") not in BACKENDS:
        raise CourseError(f'experiments/{name}.py:1: BACKEND = "tensorflow" or "jax" is wanted.')
    if not isinstance(found.get("MINUTES"), int | float):
        raise CourseError(f"experiments/{name}.py:1: MINUTES (on two cores) is wanted.")
    return found


def kept_results(name: str) -> dict | None:
    """What is kept of an experiment; None if it has never been run.

    Raises
    ------
    CourseError
        If the file is damaged: with the way out.
    """
    path = KEPT / f"{name}.json"
    if not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if not {"made", "units", "rows", "comparisons"} <= kept.keys():
            raise ValueError("a part is missing")
        return kept
    except (ValueError, AttributeError) as error:
        raise CourseError(
            f"data/results/experiments/{name}.json is damaged ({error}). "
            f"Run: git checkout data/results/experiments/{name}.json; "
            f"or: make experiments ARGS={name}"
        ) from None


def changed_parts(name: str, folder: str = "") -> list[str]:
    """What of an experiment has changed since it was run.

    Parameters
    ----------
    name : str
        The experiment.
    folder : str
        The publishers' files, if they are at hand; without them they are not compared.

    Returns
    -------
    list of str
        Of ``results`` (there are none), ``module``, ``comparisons``, ``shared`` and ``files``;
        empty if it is up to date.
    """
    kept = kept_results(name)
    if kept is None:
        return ["results"]
    before, now = kept["made"]["fingerprint"], experiment_fingerprint(name)
    parts = [part for part in now if before.get(part) != now[part]]
    if folder and kept["made"].get("files", {}) != _files(name, folder):
        parts.append("files")
    return parts


def why_outdated(name: str, folder: str = "") -> str | None:
    """Why the results of an experiment are outdated, in a sentence; None if they are not."""
    parts = changed_parts(name, folder)
    if not parts:
        return None
    said = {
        "results": "has never been run",
        "module": "has changed since it was run",
        "files": "reads files that have changed since it was run",
        "shared": "uses helpers or data that have changed since it was run",
        "comparisons": "compares otherwise since it was run",
    }
    what = next(said[part] for part in said if part in parts)
    return f"experiments/{name}.py {what}. Run: make experiments ARGS={name}"


def minutes(name: str) -> float:
    """Minutes that an experiment takes on two cores: as it did, else as it says of itself."""
    kept = kept_results(name)
    if kept is None:
        return float(constants(name)["MINUTES"])
    return sum(unit["seconds"] for unit in kept["units"]) / 120


def cost(name: str, folder: str = "") -> float:
    """About how many minutes it takes to bring an experiment up to date; 0 if it is."""
    parts = set(changed_parts(name, folder))
    if not parts - {"comparisons"}:
        return 0.0
    if parts <= {"shared", "comparisons"}:
        return min(unit["seconds"] for unit in kept_results(name)["units"]) / 60
    return minutes(name)


def _files(name: str, folder: str) -> dict[str, str]:
    """Checksum of each publisher's file that an experiment reads."""
    from helpers.data import sha256_of

    found = {}
    for wanted in constants(name).get("REAL_DATA", ()):
        place = Path(folder) / wanted
        paths = sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]
        if not paths or not all(path.is_file() for path in paths):
            raise CourseError(f"experiments/{name}.py reads {wanted}, which is not in {folder}.")
        found |= {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}
    return found


# -- running --------------------------------------------------------------------------------------


def bring_up_to_date(name: str, folder: str = "", force: bool = False) -> str:
    """Run of an experiment what is outdated, keep the result and say what was done.

    Parameters
    ----------
    name : str
        The experiment.
    folder : str
        The publishers' files (``RNN_REAL_DATA``), needed by some.
    force : bool
        Run all units although nothing changed.

    Raises
    ------
    CourseError
        If a unit fails, with experiment and unit: what is done waits. Or if files are missing.
    """
    known = constants(name)
    if known.get("REAL_DATA") and not folder:
        raise CourseError(
            f"experiments/{name}.py reads the publishers' files: set RNN_REAL_DATA to their folder."
        )
    parts = set(changed_parts(name, folder))
    if not parts and not force:
        return f"{name}: up to date"
    _surroundings(known, folder)
    if parts == {"comparisons"} and not force:
        kept = kept_results(name)
        _keep(name, kept["units"], kept["rows"], folder, {})
        return f"{name}: compared anew, nothing trained"
    if parts <= {"shared", "comparisons"} and not force:
        unit = _replayed(name)
        if unit is not None:
            kept = kept_results(name)
            _keep(name, kept["units"], kept["rows"], folder, {"replayed": unit})
            return f"{name}: replayed {_told(unit)}, equal; all else stays"
        print(f"{name}: a replayed unit came out otherwise, so all units run", flush=True)
    done = _run_units(name, folder)
    units = [{"unit": one["unit"], "seconds": one["seconds"]} for one in done]
    _keep(name, units, [row for one in done for row in one["rows"]], folder)
    (WAITING / f"{name}.jsonl").unlink()
    return f"{name}: run, {len(units)} units"


def _surroundings(known: dict[str, Any], folder: str) -> None:
    """Set what the processes that run units inherit; Keras is not imported before."""
    tier = folder if known.get("REAL_DATA") else "sample"
    os.environ.update(run_environment(tier, known["BACKEND"]) | KEEP_COMPILED)
    os.environ["MPLBACKEND"] = "agg"
    os.environ["PYTHONPATH"] = str(ROOT)


def _leave_interrupts() -> None:
    """Let the process that started the units answer Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(name: str, unit: dict) -> dict:
    """Run one unit, in a process of its own or of several."""
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of each new network
    module = importlib.import_module(f"experiments.{name}")
    started = time.perf_counter()
    rows = [unit | _plain_row(name, row) for row in module.run(**unit)]
    return {"unit": unit, "seconds": round(time.perf_counter() - started, 1), "rows": rows}


def _plain_row(name: str, row: dict) -> dict:
    """A row of plain values, numbers with the digits that are kept."""
    plain = {}
    for key, value in row.items():
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{key} is {value}: a row holds finite numbers, or None")
        if value is not None and not isinstance(value, bool | int | float | str):
            raise TypeError(f"{key} is a {type(value).__name__}: a row holds plain values")
        plain[key] = float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
    return plain


def _run_units(name: str, folder: str) -> list[dict]:
    """All units of an experiment with their rows, in order; those that wait are not run again."""
    from tqdm import tqdm

    module = importlib.import_module(f"experiments.{name}")
    made_of = experiment_fingerprint(name)
    del made_of["comparisons"]  # made of the rows, at the end
    header = {"fingerprint": made_of, "files": _files(name, folder)}
    done = _waiting(name, header)
    path = WAITING / f"{name}.jsonl"
    lines = [header, *done.values()]
    write_text(path, "".join(json.dumps(line) + "\n" for line in lines))
    left = [unit for unit in module.UNITS if json.dumps(unit) not in done]
    if done:
        print(f"{name}: {len(done)} of {len(module.UNITS)} units wait from before", flush=True)
    failed = None
    with (
        ProcessPoolExecutor(
            min(2, os.cpu_count() or 1), get_context("spawn"), initializer=_leave_interrupts
        ) as pool,
        tqdm(total=len(module.UNITS), initial=len(done), desc=name, unit="unit") as bar,
        path.open("a", encoding="utf-8", newline="\n") as file,
    ):
        runs = {pool.submit(_work, name, unit): unit for unit in left}
        try:
            for run in as_completed(runs):
                if error := run.exception():  # the others go on
                    failed = failed or (runs[run], error)
                    continue
                done[json.dumps(runs[run])] = run.result()
                file.write(json.dumps(run.result()) + "\n")
                file.flush()
                bar.update()
        except BaseException:
            for process in active_children():
                process.terminate()
            raise
    if failed:
        unit, error = failed
        raise CourseError(
            f"experiments/{name}.py, unit {_told(unit)}: {type(error).__name__}: {error}. "
            f"{len(done)} of {len(module.UNITS)} units are done and wait: the same command goes on."
        )
    return [done[json.dumps(unit)] for unit in module.UNITS]


def _waiting(name: str, header: dict) -> dict[str, dict]:
    """The units that an interrupted run of the same code has finished, by their text."""
    path = WAITING / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    read = []
    for line in lines:
        try:
            read.append(json.loads(line))
        except ValueError:  # the last one, cut short
            break
    if not read or read[0] != header:
        return {}
    return {json.dumps(one["unit"]): one for one in read[1:]}


def _replayed(name: str) -> dict | None:
    """Run the cheapest unit again; the unit if its rows are those that are kept, else None."""
    kept = kept_results(name)
    unit = min(kept["units"], key=lambda one: one["seconds"])["unit"]
    print(f"{name}: replaying {_told(unit)}", flush=True)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        fresh = pool.submit(_work, name, unit).result()["rows"]
    before = [row for row in kept["rows"] if unit.items() <= row.items()]
    return unit if fresh == before else None


def _told(unit: dict) -> str:
    return ", ".join(f"{key} {value}" for key, value in unit.items())


def _keep(
    name: str, units: list[dict], rows: list[dict], folder: str, more: dict | None = None
) -> None:
    """Write the results of an experiment, whole or not at all, a row a line."""
    known = constants(name)
    before = kept_results(name) if more is not None else None
    made = before["made"] if before else _made(known["BACKEND"])
    made |= {"fingerprint": experiment_fingerprint(name)} | (more or {})
    if known.get("REAL_DATA"):
        made["files"] = _files(name, folder)
    kept = {
        "experiment": name,
        "question": known["question"],
        "made": made,
        "comparisons": _comparisons(name, rows),
        "units": units,
        "rows": rows,
    }
    parts = []
    for key, value in kept.items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(one) for one in value)
            text = f"[\n{lines}\n ]"
        else:
            text = json.dumps(value, indent=1).replace("\n", "\n ")
        parts.append(f' "{key}": {text}')
    write_text(KEPT / f"{name}.json", "{\n" + ",\n".join(parts) + "\n}\n")


def _comparisons(name: str, rows: list[dict]) -> dict:
    """What the experiment's own ``compare`` says of its rows."""
    import pandas as pd

    module = importlib.import_module(f"experiments.{name}")
    if not hasattr(module, "compare"):
        return {}
    told = module.compare(pd.DataFrame(rows))
    plain = {}
    for key, value in told.items():
        plain[key] = _plain_row(name, value) if isinstance(value, dict) else value
        if not isinstance(value, dict):
            plain[key] = _plain_row(name, {key: value})[key]
    return plain


def _made(backend: str) -> dict:
    """How results are made on this machine."""
    versions = {}
    for package in [*PACKAGES, "jax" if backend == "jax" else "tensorflow-cpu", "tensorflow"]:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "backend": backend,
        "python": platform.python_version(),
        "system": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores",
        "processor": _processor(),
        "versions": versions,
    }


def _processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


# -- command line ---------------------------------------------------------------------------------


def real_data_folder() -> str:
    """The folder with the publishers' files, if the environment names one."""
    given = os.environ.get("RNN_REAL_DATA")
    return str(Path(given).resolve()) if given else ""


def outdated(names: list[str], folder: str) -> tuple[list[str], list[str]]:
    """Which experiments are outdated and can be run here; which need files that are not here."""
    late = [name for name in names if changed_parts(name, folder)]
    lacking = [n for n in late if constants(n).get("REAL_DATA") and not folder]
    return [name for name in late if name not in lacking], lacking


def run_all(names: list[str], folder: str, force: bool = False) -> list[str]:
    """Bring experiments up to date, one after the other; return what went wrong."""
    errors = []
    for name in names:
        command = [sys.executable, "-m", "experiments", "--one", name]
        command += ["--force"] if force else []
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            failed = process.wait()
        except KeyboardInterrupt:  # it got the signal too, and ends what it has started
            process.wait()
            raise
        if failed:
            errors.append(f"experiments/{name}.py was not brought up to date: see above.")
    return errors


def forget_damaged(name: str) -> None:
    """Delete the results of an experiment that somebody has named, if they cannot be read."""
    try:
        kept_results(name)
    except CourseError:
        (KEPT / f"{name}.json").unlink()
        print(f"data/results/experiments/{name}.json was damaged: {name} is run again", flush=True)


def say_cost(names: list[str], folder: str, force: bool = False) -> str:
    """What bringing experiments up to date will take, one line each."""
    told = []
    for name in names:
        reason = why_outdated(name, folder) or f"experiments/{name}.py is run again"
        time_left = minutes(name) if force else cost(name, folder)
        told.append(f"{reason.split('. Run')[0]}: about {spelled(time_left)}")
    return "\n".join(told)


def spelled(length: float) -> str:
    """A length of time in minutes, for people."""
    if length < 1:
        return f"{max(1, round(60 * length))} s"
    return f"{length:.0f} min" if length >= 10 else f"{length:.1f} min"


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``python -m experiments --help``."""
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    parser.add_argument("name", nargs="*", help="experiments; without a name those outdated")
    parser.add_argument("--force", action="store_true", help="run all units again")
    parser.add_argument("--list", action="store_true", help="only say what is outdated")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    folder = real_data_folder()
    try:
        for name in options.name:
            constants(name)
            forget_damaged(name)
        if options.one:
            print(bring_up_to_date(options.name[0], folder, options.force), flush=True)
            return 0
        late, lacking = outdated(options.name or experiment_names(), folder)
        for name in lacking:
            print(f"{name}: needs the publishers' files (RNN_REAL_DATA), so it is left out")
        late = options.name if options.force else late
        if not late:
            print("No experiment is outdated." if not options.name else "Up to date.")
            return 0
        print(say_cost(late, folder, options.force), flush=True)
        errors = [] if options.list else run_all(late, folder, options.force)
    except CourseError as error:
        errors = [str(error)]
    except KeyboardInterrupt:
        if options.one:  # who started this process says it
            return 1
        errors = ["Interrupted: the units that were done wait; the same command goes on."]
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return 1
    return 0
