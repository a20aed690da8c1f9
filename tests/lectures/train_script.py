"""The script of `full-size`, which `several-devices` runs too: its text and its functions."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.support import ROOT


def page_text(slug: str) -> str:
    """The source of a page."""
    return (ROOT / "lectures" / f"{slug}.md").read_text(encoding="utf-8")


def boxes(slug: str, language: str) -> list[str]:
    """The boxes of a page that are shown and not executed."""
    return re.findall(rf"```{language}\n(.*?)```", page_text(slug), flags=re.DOTALL)


def page_script() -> str:
    """The text of train.py: its four pieces, one below the other."""
    first, *more = boxes("full-size", "python")
    assert "Train on rows.npz" in first and len(more) == 3
    return "\n\n".join([first, *more])


def script(**values: object) -> SimpleNamespace:
    """The functions of train.py, with these values of its first lines."""
    defined = [n for n in ast.parse(page_script()).body if isinstance(n, ast.FunctionDef)]
    namespace = {"np": np, "Path": Path, **values}
    exec(compile(ast.Module(defined, []), "train.py", "exec"), namespace)
    return SimpleNamespace(**namespace)


def my_rows(epoch: int, num_rows: int, process: int = 0, processes: int = 1) -> np.ndarray:
    """What a process reads in an epoch, with a global batch of 12."""
    values = {"seed": 0, "global_batch": 12, "process": process, "num_processes": processes}
    return script(**values).my_rows(epoch, num_rows)
