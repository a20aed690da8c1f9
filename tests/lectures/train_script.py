"""The script of `full-size`, alone and as `several-devices` changes it: text and functions."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import tensorflow as tf

from tests.support import ROOT


def page_text(slug: str) -> str:
    """The source of a page."""
    return (ROOT / "lectures" / f"{slug}.md").read_text(encoding="utf-8")


def boxes(slug: str, language: str) -> list[str]:
    """The boxes of a page that are shown and not executed."""
    return re.findall(rf"```{language}\n(.*?)```", page_text(slug), flags=re.DOTALL)


def page_script() -> str:
    """The text of train.py: its pieces, one below the other; the second is a cell of the page."""
    first, *more = boxes("full-size", "python")
    assert "Train on part-*.bin" in first and len(more) == 3
    (cell,) = [cell for cell in cells("full-size") if "def batches(" in cell]
    return "\n\n".join([first, cell, *more])


def cells(slug: str) -> list[str]:
    """The code cells of a page."""
    return re.findall(r"```\{code-cell\} ipython3\n(.*?)```", page_text(slug), flags=re.DOTALL)


def several_script() -> str:
    """The text of train.py for several devices: the four changes of `several-devices` made."""
    settings, my_part, rows, save = boxes("several-devices", "python")
    text = page_script()
    old = r"    rows = rows\.shuffle.*\n"
    text, number = re.subn(old, lambda _: rows, text)
    assert number == 1
    body = []
    for node in ast.parse(text).body:
        name = node.name if isinstance(node, ast.FunctionDef) else ""
        body += ast.parse(my_part).body if name == "batches" else []
        body += ast.parse(save).body if name == "save" else [node]
    last = next(k for k, node in enumerate(body) if ast.unparse(node).startswith("files ="))
    body[last + 1 : last + 1] = ast.parse(settings).body
    return ast.unparse(ast.Module(body, []))


def script(text: str | None = None, **values: object) -> SimpleNamespace:
    """The functions of train.py (or of this text), with these values of its first lines."""
    tree = ast.parse(page_script() if text is None else text)
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    namespace = {"tf": tf, "Path": Path, **values}
    exec(compile(ast.Module(defined, []), "train.py", "exec"), namespace)
    return SimpleNamespace(**namespace)
