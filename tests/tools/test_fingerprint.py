"""What makes a page or an experiment outdated, and what does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import HEADER, SETUP, replace_in, write
from tools.book import fingerprint
from tools.book.fingerprint import (
    experiment_fingerprint,
    loaded_results,
    page_fingerprint,
    syntax,
)

CODE = '''\
"""A module."""

import os


def f(x: int, *, y=None, **more) -> str:
    """What it does."""
    values = [n ** 2 for n in range(x) if n]  # squares
    with open(os.devnull) as file:
        return f"{x!r:>{y}} {values[1:]=}" + "a" "b" + str(lambda z: -z)
'''


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("# squares", "# what they are", True),
        ('"""What it does."""', "", True),
        ('"""A module."""', '"""Another."""', True),
        ("n ** 2", "n**2", True),
        ("    with open", "\n\n    with open", True),
        ("(x: int, *, y=None, **more)", "(\n    x: int, *, y=None, **more\n)", True),
        ("n ** 2", "n ** 3", False),
        ("range(x)", "range(y)", False),
        ("y=None", "y=0", False),
        ('"a" "b"', '"a" "c"', False),
        ("!r:>{y}", "!r:<{y}", False),
    ],
)
def test_code_counts_as_syntax(old: str, new: str, same: bool) -> None:
    assert CODE.count(old) == 1
    assert (syntax(CODE) == syntax(CODE.replace(old, new))) is same


def test_the_text_is_the_same_on_every_python() -> None:
    # Made on Python 3.11; tests run on 3.12 and 3.13 too.
    import hashlib

    assert hashlib.sha256(syntax(CODE).encode()).hexdigest()[:20] == "dbfc7bea6730ac610457"


# -- a small course -------------------------------------------------------------------------------

PAGE = """\
# Title

Words.

```{code-cell} ipython3
%matplotlib inline
from helpers.data import load_names
from helpers.plots import use_style
from helpers.results import load_results
rows = load_results("asked")  # of an experiment
```
"""
EXPERIMENT = '''\
"""Is it so?"""

from helpers.training.seeds import train

BACKEND, MINUTES, UNITS = "jax", 1, [{"seed": 0}]


def run(seed):
    yield {"loss": train(seed)}


def compare(rows):
    return {"mean": rows["loss"].mean()}
'''
FILES = {
    "helpers/__init__.py": '"""All."""\n',
    "helpers/data/__init__.py": "from helpers.data.names import load_names\n"
    "from helpers.data.prices import load_prices\n__all__ = ['load_names', 'load_prices']\n",
    "helpers/data/names.py": 'def load_names():\n    return "names.txt"  # of people\n',
    "helpers/data/prices.py": 'def load_prices():\n    return "prices.csv"\n',
    "helpers/plots/__init__.py": "from helpers.plots.style import use_style\n",
    "helpers/plots/style.py": 'COLOR = "red"\ndef use_style():\n    return "look.mplstyle"\n',
    "helpers/plots/look.mplstyle": "a: 1\n",
    "helpers/results.py": "def load_results(name):\n    return name\n",
    "helpers/training/__init__.py": "from helpers.training.seeds import train\n",
    "helpers/training/seeds.py": "from helpers.training.steps import step\ndef train(x):\n"
    "    return step(x)\n",
    "helpers/training/steps.py": "def step(x):\n    return x\n",
    "data/names.txt": "Ada\n",
    "data/prices.csv": "1\n",
    "data/checksums.txt": f"{'a' * 64}  names.txt\n{'b' * 64}  prices.csv\n",
    "data/results/experiments/asked.json": '{"made": 1, "comparisons": {}, "rows": [1]}\n',
    "lectures/page.md": HEADER + PAGE.replace("Words.\n", f"Words.\n\n{SETUP}"),
    "lectures/claims/page.py": "from tools.claims import claim\ndef lesson(page):\n"
    "    claim('Words.', True)\n",
    "experiments/asked.py": EXPERIMENT,
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of a page, an experiment and some helpers."""
    for name, text in FILES.items():
        write(tmp_path / name, text)
    for name, place in {
        "ROOT": "",
        "DATA": "data",
        "RESULTS": "data/results",
        "CLAIMS": "lectures/claims",
        "EXPERIMENTS": "experiments",
    }.items():
        monkeypatch.setattr(fingerprint, name, tmp_path / place)
    return tmp_path


def of_page(course: Path) -> dict[str, str]:
    return page_fingerprint(course / "lectures" / "page.md")


CHANGES = [  # file, what is changed, and which parts of the page's fingerprint with it
    ("lectures/page.md", "Words.", "Other words.", set()),
    ("lectures/page.md", "# of an experiment", "# rows", set()),
    ("lectures/page.md", "rows = load", "table = load", {"cells"}),
    ("lectures/claims/page.py", "True", "False", {"claims"}),
    ("lectures/claims/page.py", "def ", "# two\ndef ", set()),
    ("helpers/data/names.py", "# of people", "# of all", set()),
    ("helpers/data/names.py", "def load_names():", "def load_names(n=0):", {"helpers"}),
    ("helpers/data/prices.py", "prices.csv", "price.csv", set()),
    ("helpers/plots/style.py", "red", "blue", {"helpers"}),
    ("helpers/plots/look.mplstyle", "1", "2", {"data"}),
    ("helpers/training/steps.py", "return x", "return -x", set()),
    ("data/checksums.txt", "a" * 64, "c" * 64, {"data"}),
    ("data/checksums.txt", "b" * 64, "c" * 64, set()),
    ("data/results/experiments/asked.json", "[1]", "[2]", {"results"}),
    ("data/results/experiments/asked.json", '"made": 1', '"made": 2', set()),
    (
        "helpers/data/__init__.py",
        "names import load_names",
        "prices import load_prices as load_names",
        {"helpers", "data"},
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "parts"), CHANGES)
def test_what_outdates_a_page(course: Path, file: str, old: str, new: str, parts: set) -> None:
    before = of_page(course)
    replace_in(course / file, old, new)
    after = of_page(course)
    assert {part for part in before if before[part] != after[part]} == parts


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("experiments/asked.py", "Is it so?", "Is it?", set()),
        ("experiments/asked.py", "train(seed)", "train(seed + 1)", {"module"}),
        ("experiments/asked.py", ".mean()", ".median()", {"comparisons"}),
        ("helpers/training/steps.py", "return x", "return -x", {"shared"}),
        ("helpers/training/steps.py", "return x", "return x  # the same", set()),
        ("helpers/plots/style.py", "red", "blue", set()),
        ("helpers/data/names.py", "names.txt", "name.txt", set()),
        ("lectures/page.md", "rows = load", "table = load", set()),
    ],
)
def test_what_outdates_an_experiment(course: Path, file: str, old: str, new: str, parts) -> None:
    before = experiment_fingerprint("asked")
    replace_in(course / file, old, new)
    after = experiment_fingerprint("asked")
    assert {part for part in before if before[part] != after[part]} == parts


def test_a_file_that_the_system_leaves_there_changes_nothing(course: Path) -> None:
    before = of_page(course)
    write(course / "helpers" / "data" / "__pycache__" / "names.pyc", "x")
    write(course / "helpers" / "new.py", "x = 1\n")
    assert of_page(course) == before


def test_results_are_found_in_the_page_and_in_its_claims(course: Path) -> None:
    replace_in(course / "lectures/claims/page.py", "True", "bool(load_comparisons('other'))")
    assert loaded_results(course / "lectures" / "page.md") == ["asked", "other"]


def test_lost_helpers_and_results_change_it_and_raise_nothing(course: Path) -> None:
    seen = [of_page(course)]
    (course / "data/results/experiments/asked.json").unlink()
    seen.append(of_page(course))
    shutil.rmtree(course / "helpers" / "plots")
    seen.append(of_page(course))
    assert seen[0] != seen[1] != seen[2]
