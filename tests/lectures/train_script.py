"""The script of `full-size`, alone and as `several-devices` changes it: text and functions."""

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


def several_script() -> str:
    """The text of train.py for several devices: the four changes of `several-devices` made."""
    settings, my_rows, fit, save = boxes("several-devices", "python")
    text, number = re.subn(r"    model\.fit\(X.*\n", lambda _: fit, page_script())
    assert number == 1
    changed = {node.name: node for node in ast.parse(my_rows + save).body}
    body = []
    for node in ast.parse(text).body:
        name = node.name if isinstance(node, ast.FunctionDef) else ""
        body += ast.parse(settings).body if name == "my_rows" else []
        body.append(changed.pop(name, node))
    assert not changed
    return ast.unparse(ast.Module(body, []))


def script(text: str | None = None, **values: object) -> SimpleNamespace:
    """The functions of train.py (or of this text), with these values of its first lines."""
    tree = ast.parse(page_script() if text is None else text)
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    namespace = {"np": np, "Path": Path, **values}
    exec(compile(ast.Module(defined, []), "train.py", "exec"), namespace)
    return SimpleNamespace(**namespace)


def my_rows(epoch: int, num_rows: int, process: int = 0, processes: int = 1) -> np.ndarray:
    """What a process of several reads in an epoch, with a global batch of 12."""
    values = {"seed": 0, "batch_size": 12, "process": process, "num_processes": processes}
    return script(several_script(), **values).my_rows(epoch, num_rows)
