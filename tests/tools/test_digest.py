"""What a lecture's digest covers, on a small course: each change, and whether it makes it stale."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lectures.reexecution import WATCHED_KERNEL
from tests.support import HEADER, clean_environment, replace_in, write
from tools.book import digest as module
from tools.book.digest import dependencies, digest, needed_results

COURSE = {
    "helpers/__init__.py": '"""Helpers."""\n',
    "helpers/room/__init__.py": (
        '"""A room."""\nfrom helpers.room.one import a\nfrom helpers.room.two import b\n'
        "__all__ = ['a', 'b']\n"
    ),
    "helpers/room/one.py": "import numpy\nfrom . import three\nSTYLE = 'one.css'\na = three.c\n",
    "helpers/room/two.py": "b = 2\n",
    "helpers/room/three.py": (
        "def c():\n    '''Reads.'''\n    from helpers.deep import read\n"
        "    return read('sample.csv')\n"
    ),
    "helpers/room/one.css": "p { color: red }\n",
    "helpers/room/other.css": "p { color: blue }\n",
    "helpers/deep.py": "import pandas\nread = pandas.read_csv\nREAL = ['real.csv', 'folder']\n",
    "data/sample.csv": "1,2\n",
    "data/other.csv": "1,2\n",
    "data/checksums.txt": "aaa  sample.csv\nbbb  other.csv\n",
    "data/results/earlier.json": json.dumps({"numbers": {"x": 1}, "claims": {}, "digest": "d"}),
    "data/results/unused.json": "{}",
    "data/results/stored/long.json": json.dumps({"value": [1], "digest": "d"}),
    "requirements.lock": (
        "numpy==2.0 \\\n    --hash=sha256:1\npandas==3.0 ; x < '3'\nruff==1\nkeras==3\n"
    ),
    "lectures/01-lecture.md": (
        f"{HEADER}# Title\n\n```{{code-cell}} ipython3\n:tags: [one]\n\n%matplotlib inline\n"
        "from helpers.room import a\nfrom helpers.record import load_results\n"
        "import keras\nx = load_results('earlier')\ny = record.stored('long', print)\n```\n\n"
        "Prose.\n"
    ),
    "real/real.csv": "1\n",
    "real/folder/part.csv": "1\n",
    "real/unnamed.csv": "1\n",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of a few files, which tools/book/digest.py takes for the course."""
    for name, text in COURSE.items():
        write(tmp_path / name, text)
    places = {"ROOT": "", "DATA": "data", "RESULTS": "data/results", "LOCK": "requirements.lock"}
    for name, place in places.items():
        monkeypatch.setattr(module, name, tmp_path / place)
    return tmp_path


def test_helpers_are_followed_through_rooms_functions_and_names_of_files(course: Path) -> None:
    source = course / "lectures" / "01-lecture.md"
    assert needed_results(source) == ["earlier"]
    assert [path.relative_to(course).as_posix() for path in dependencies(source)] == [
        "data/results/earlier.json",
        "data/results/stored/long.json",
        "data/sample.csv",
        "helpers/deep.py",
        "helpers/room/one.css",
        "helpers/room/one.py",
        "helpers/room/three.py",
    ]


ROOM, LECTURE, LOCK = "helpers/room/__init__.py", "lectures/01-lecture.md", "requirements.lock"
FRESH = [  # changes on which no output depends
    (LECTURE, "Prose.", "Other prose."),
    ("helpers/room/two.py", "2", "3"),
    ("helpers/room/other.css", "blue", "red"),
    ("helpers/room/one.py", "\n", "\r\n"),
    (ROOM, "import b", "import b, b as d"),
    (ROOM, "A room", "The room"),
    ("helpers/room/three.py", "Reads.", "Reads.\n\n    More.\n    "),
    ("data/checksums.txt", "bbb", "ccc"),
    ("data/results/unused.json", "{}", "[]"),
    ("data/results/earlier.json", '"d"', '"e"'),
    ("data/results/stored/long.json", '"d"', '"e"'),
    (LOCK, "ruff==1", "ruff==2"),
    (LOCK, "sha256:1", "sha256:2"),
    ("real/unnamed.csv", "1", "2"),
]
STALE = [
    (LECTURE, "import keras", "import keras, numpy"),
    (LECTURE, "[one]", "[two]"),
    ("helpers/room/one.py", "a = three.c", "a = None or three.c"),
    ("helpers/room/three.py", "return read", "return  read"),
    ("helpers/deep.py", "pandas.read_csv", "pandas.read_table"),
    ("helpers/room/one.css", "red", "blue"),
    (ROOM, "room.one import a", "room.two import b as a"),
    (ROOM, "__all__", "import os\nos.environ['X'] = '1'\n__all__"),
    ("data/checksums.txt", "aaa", "ccc"),
    ("data/results/earlier.json", '"x": 1', '"x": 2'),
    ("data/results/stored/long.json", "[1]", "[2]"),
    (LOCK, "numpy==2.0", "numpy==2.1"),
    (LOCK, "x < '3'", "x < '4'"),
    (LOCK, "keras==3", "keras==4"),
    ("real/real.csv", "1", "2"),
    ("real/folder/part.csv", "1", "2"),
]


@pytest.mark.parametrize(("change", "stale"), [(c, 0) for c in FRESH] + [(c, 1) for c in STALE])
def test_a_change_makes_stale_only_what_depends_on_it(
    course: Path, change: tuple[str, str, str], stale: bool
) -> None:
    file, old, new = change
    source, tier = course / LECTURE, str(course / "real")
    before = digest(source, tier=tier)
    content = (course / file).read_bytes()
    assert old.encode() in content
    (course / file).write_bytes(content.replace(old.encode(), new.encode()))
    assert (digest(source, tier=tier) != before) == stale


def test_backend_and_tier_count_and_not_where_a_folder_lies(course: Path) -> None:
    source = course / LECTURE
    runs = [digest(source), digest(source, "jax"), digest(source, tier="full")]
    runs.append(digest(source, tier=str(course / "real")))
    assert len(set(runs)) == 4
    (course / "real").rename(course / "moved")
    assert digest(source, tier=str(course / "moved")) == runs[-1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("from helpers.room import a; print(a)", "data/sample.csv"),
        ("from helpers.room import a, b; print('only imported')", "only imported"),
        ("from helpers.room import b; b()", "helpers.room.two.b is used, but"),
        ("from helpers.room import two; two.b + 1", "helpers.room.two.b is used, but"),
    ],
)
def test_a_watched_kernel_lacks_what_is_not_followed(course: Path, code: str, said: str) -> None:
    replace_in(course / "helpers/deep.py", "import pandas\nread = pandas.read_csv", "read = open")
    replace_in(course / "helpers/room/one.py", "import numpy\n", "")
    replace_in(course / "helpers/room/one.py", "a = three.c", "a = three.c()")
    replace_in(course / "helpers/room/three.py", "'sample.csv'", "'data/sample.csv'")
    helpers = [p.relative_to(course).as_posix() for p in dependencies(course / LECTURE)]
    watch = {"root": str(course), "helpers": helpers, "log": str(course / "log")}
    write(course / "watch.json", json.dumps(watch))
    done = subprocess.run(
        [sys.executable, "-c", f"exec(open({str(WATCHED_KERNEL)!r}).read())\n{code}"],
        cwd=course,
        env=clean_environment(RNN_WATCH=str(course / "watch.json")),
        capture_output=True,
        text=True,
    )
    assert said in done.stdout + done.stderr
    opened = (course / "log").read_text(encoding="utf-8").splitlines()
    assert "data/sample.csv" in opened and "helpers/room/two.py" not in opened
