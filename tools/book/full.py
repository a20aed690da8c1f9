"""What ``make full`` will need on this machine, told before it starts, and what is left to do.

A page that has been executed on these data, and has not changed since, is not executed again: an
interrupted ``make full`` goes on with the pages that are left.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.data import cache_folder
from tools.book.course import EXECUTED, LAST_RUN
from tools.book.execute import read_waiting
from tools.book.lecture import code_cells_of, without_magics


class DataSet(NamedTuple):
    """A data set that is much larger in the tier "full" than in the sample."""

    title: str
    prepared: str  # the folder that tensorflow-datasets keeps, below the cache
    download: float  # GB
    disk: float  # GB that it keeps
    scratch: float  # GB while it is prepared: the archive, and what is in it
    growth: float  # rows of the tier "full" for each row of the sample


#: By the loader that a lecture calls. Sizes of the archives are the publishers'.
DATA_SETS = {
    "load_reviews": DataSet(
        "Yelp's reviews", "yelp_polarity_reviews", 0.17, 0.45, 0.60, 598_000 / 10_070
    ),
    "load_question_pairs": DataSet("Quora's pairs", "glue/qqp", 0.04, 0.16, 0.16, 404_276 / 4_000),
}
MEMORY = 12.0
"""GB that a lecture on reviews may take; 8.8 were the most on a file of 560,000 reviews."""


def is_done(source: Path, tier: str) -> bool:
    """Whether a lecture has been executed on these data as it stands now."""
    return read_waiting(source, tier) is not None


def used_names(source: Path) -> set[str]:
    """The names in the code of a lecture; of a package or module the first part."""
    trees = [ast.parse(without_magics(cell.source)) for cell in code_cells_of(source)]
    return {
        getattr(node, field).split(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        for field in ("id", "name", "module")  # of a name, what is imported, where from
        if isinstance(getattr(node, field, None), str)
    }


def needs(sources: Sequence[Path], left: Sequence[Path], tier: str) -> str:
    """Say what executing the lectures that are left will need.

    Parameters
    ----------
    sources, left : sequence of Path
        All lectures; those that are still to be executed.
    tier : str
        ``full``, or a folder with the publishers' files (then nothing is downloaded).
    """
    if not left:
        return "All lectures have been executed on these data: none is executed again."
    loaders = {source: used_names(source) & DATA_SETS.keys() for source in left}
    told = [f"To be executed: {len(left)} of {len(sources)} lectures, on RNN_DATA={tier}."]
    if tier == "full":
        told += disk(set().union(*loaders.values()))
    if any(loaders.values()):
        told.append(memory())
    told.append(duration(loaders))
    return "\n".join(told)


def disk(loaders: Iterable[str]) -> list[str]:
    """What is to be downloaded, and whether there is room for it."""
    place = cache_folder()
    sets = [DATA_SETS[name] for name in sorted(loaders)]
    new = [one for one in sets if not (place / "tensorflow_datasets" / one.prepared).is_dir()]
    if not new:
        return [f"Disk: nothing to download, all lies in {place}."]
    room = sum(one.disk for one in new) + max(one.scratch for one in new)
    existing = next(folder for folder in [place, *place.parents] if folder.exists())
    free = shutil.disk_usage(existing).free / 1e9
    titles = " and ".join(one.title for one in new)
    told = [
        f"Disk: {titles}, {sum(one.download for one in new):.2f} GB to download and up to "
        f"{room:.1f} GB in {place}, where {free:.1f} GB are free."
    ]
    return told + (["That is not enough room."] if free < room else [])


def memory() -> str:
    """How much memory a lecture takes, and what this machine has."""
    here = available_memory()
    together = "one" if at_once() == 1 else "two"
    told = f"Memory: up to {MEMORY:.0f} GB for each lecture, {together} at a time"
    if here is None:
        return f"{told}."
    enough = "" if here > MEMORY else ": close other programs, or expect it to be slow"
    return f"{told}; {here:.0f} GB are available here{enough}."


def at_once() -> int:
    """How many lectures are executed at a time: two where there is memory for both."""
    here = available_memory()
    return 1 if here is not None and here < 2 * MEMORY else max(1, min(2, os.cpu_count() or 1))


def available_memory() -> float | None:
    """Memory that is free for programs, in GB; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        return int(next(x for x in lines if x.startswith("MemAvailable")).split()[1]) / 1e6
    except (OSError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return None


def duration(loaders: dict[Path, set[str]]) -> str:
    """About how long it takes, judged by runs on the sample: at most as many times as the rows.

    Each lecture's seconds are those of this machine's own last run, where there is one, else of the
    machine that made the book.
    """
    known = json.loads(LAST_RUN.read_text(encoding="utf-8"))["seconds"]
    seconds, own = 0.0, 0
    for source, names in loaders.items():
        here = EXECUTED / "sample" / f"{source.stem}.seconds"
        own += here.is_file()
        once = float(here.read_text(encoding="utf-8")) if here.is_file() else known.get(source.stem)
        seconds += (once or 60) * max((DATA_SETS[name].growth for name in names), default=1)
    workers = min(at_once(), len(loaders))
    by = "this machine's own runs" if own == len(loaders) else "the runs that made the book"
    return f"Time: at most about {_spelled(seconds / workers)}, judged by {by} on the sample."


def _spelled(seconds: float) -> str:
    """A length of time for people."""
    if seconds < 90:
        return "a minute"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"
