"""The one generated cell: how a notebook finds the course, or fetches it.

In a lecture's source the cell tagged ``setup`` holds two lines that work inside a clone. The
committed notebook holds the cell below instead, so that it also works in Colab or in an empty
folder with nothing but the ``.ipynb``.
"""

from __future__ import annotations

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
    command = ["git", "clone", "--quiet", "--depth", "1", course_url, str(course)]
    quiet = {{**os.environ, "GIT_TERMINAL_PROMPT": "0"}}  # no question that nobody can answer
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=quiet)
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
    return TEMPLATE.format(url=repository, name=repository.rstrip("/").split("/")[-1])
