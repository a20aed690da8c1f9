"""The one generated cell: how a notebook finds the course, or fetches it.

In a lecture's source the cell tagged ``setup`` holds two lines that work inside a clone. The
committed notebook holds the cell below instead, so that it also works in Colab or in an empty
folder with nothing but the ``.ipynb``.

A copy that a reader saved last year must find the helpers that it imports, although they have
changed since. A notebook cannot name the commit that it is part of, and a tag waits for somebody to
set it; but Git's name for the folder ``helpers/`` follows from its content. The cell holds that
name and, where the newest commit has other helpers, goes back to the last one that had these.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tools.book.course import ROOT

TEMPLATE = """\
# Set-up: finds the course, or fetches it (on Colab, or in a folder with only this notebook).
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
course_url = os.environ.get("RNN_COURSE_URL", "{url}")
here = Path.cwd()
places = [here, *here.parents, here / "{name}"]
course = next((place for place in places if (place / "helpers" / "record.py").is_file()), None)
if course is None:
    course = here / "{name}"

    def git(*words, text=None):
        quiet = {{**os.environ, "GIT_TERMINAL_PROMPT": "0"}}  # no question that nobody can answer
        options = {{"check": True, "capture_output": True, "text": True, "env": quiet}}
        return subprocess.run(["git", *words], input=text, **options).stdout.splitlines()

    try:
        git("clone", "--quiet", "--depth", "1", course_url, str(course))
        made_with = "{helpers}"  # this notebook's helpers/, as Git names them
        inside = ("-C", str(course))
        if git(*inside, "rev-parse", "HEAD:helpers") != [made_with]:  # they have changed since
            git(*inside, "fetch", "--quiet", "--depth", "2147483647", "--filter=blob:none")
            commits = git(*inside, "rev-list", "origin/HEAD")
            wanted = "\\n".join(f"{{commit}}:helpers" for commit in commits)
            found = git(*inside, "cat-file", "--batch-check=%(objectname)", text=wanted)
            if made_with in found:
                git(*inside, "checkout", "--quiet", commits[found.index(made_with)])
    except (OSError, subprocess.CalledProcessError) as error:
        reason = " ".join((getattr(error, "stderr", None) or str(error)).split())
        raise SystemExit(
            f"The course could not be fetched from {{course_url}} ({{reason}}). Check the network, "
            "or set RNN_COURSE_URL to a clone, or open this notebook inside one."
        ) from None
sys.path.insert(0, str(course))"""


def setup_cell(repository: str) -> str:
    """The source of the set-up cell for notebooks of the given repository.

    Parameters
    ----------
    repository : str
        Address as in ``_config.yml``, without ``.git``.
    """
    name = repository.rstrip("/").split("/")[-1]
    return TEMPLATE.format(url=repository, name=name, helpers=git_name(ROOT / "helpers"))


def git_name(folder: Path) -> str:
    """Git's name for a folder (the SHA-1 of its tree), whether or not it is committed.

    What Python, an editor or a system leaves there does not count; line ends count as Git keeps
    them.
    """
    tree = b""
    for path in sorted(folder.iterdir(), key=lambda path: path.name + "/" * path.is_dir()):
        if path.name.startswith((".", "#", "__pycache__")) or path.name.endswith(("~", ".orig")):
            continue
        if path.is_file():
            content = path.read_bytes().replace(b"\r\n", b"\n")
            tree += _entry("100644", path, _sha1("blob", content))
        elif (name := git_name(path)) != EMPTY:
            tree += _entry("40000", path, name)
    return _sha1("tree", tree)


def _entry(mode: str, path: Path, name: str) -> bytes:
    return f"{mode} {path.name}\0".encode() + bytes.fromhex(name)


def _sha1(kind: str, content: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).hexdigest()


EMPTY = _sha1("tree", b"")
