# -*- coding: utf-8 -*-
"""Set up the environment of the book: ``python tools/bootstrap.py``.

This file is only the door. It refuses a Python that TensorFlow does not support and names one
on this machine that will do; the work itself is in ``tools/environment.py``.

Keep to syntax that Python 2.7 can read (no f-strings, no type hints): an old Python must get the
message below, not a SyntaxError. It uses the standard library alone.
"""

from __future__ import print_function

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
PREFERRED = ("3.12", "3.13", "3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def is_supported(version):
    """Tell whether a Python version can run the book.

    Parameters
    ----------
    version : sequence of int
        As ``sys.version_info``: major and minor number first.

    Returns
    -------
    bool
    """
    return OLDEST <= tuple(version[:2]) <= NEWEST


def supported_pythons(on_windows=(os.name == "nt")):
    """Find commands on this machine that start a supported Python.

    Each candidate is started, because a name on the PATH may lead nowhere (a pyenv shim, a
    Windows store alias).

    Returns
    -------
    list of str
        For instance ``["python3.12"]``, the preferred one first; empty if there is none.
    """
    candidates = [["python" + version] for version in PREFERRED] + [["python3"], ["python"]]
    if on_windows:
        candidates = [["py", "-" + version] for version in PREFERRED] + candidates
    program = "import sys; print('%d %d' % sys.version_info[:2])"
    found = []
    for candidate in candidates:
        try:
            process = subprocess.Popen(
                candidate + ["-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            answer = process.communicate()[0].decode("ascii", "replace").split()
        except OSError:
            continue
        if process.returncode == 0 and len(answer) == 2 and all(a.isdigit() for a in answer):
            if is_supported([int(a) for a in answer]):
                found.append(" ".join(candidate))
    return found


def refusal(version, pythons, command):
    """Write the refusal of an unsupported Python, with the way out.

    Parameters
    ----------
    version : sequence of int
        The Python that runs now.
    pythons : list of str
        What `supported_pythons` found.
    command : str
        The make command that the reader typed, such as ``make book``; empty without make.

    Returns
    -------
    str
        Two lines.
    """
    told = "Python %d.%d cannot run this book: it needs Python %d.%d to %d.%d, as TensorFlow does."
    told %= tuple(version[:2]) + OLDEST + NEWEST
    python = pythons[0] if pythons else "python3.12"
    if command:
        again = command + " PYTHON=" + ('"%s"' % python if " " in python else python)
    else:
        again = python + " tools/bootstrap.py"
    if pythons:
        return "%s\nWay out: %s" % (told, again)
    out = "Way out: install Python 3.12 (python.org/downloads), then %s; or use Colab (README.md)."
    return "%s\n%s" % (told, out % again)


def main():
    """Check the Python, then hand over to ``tools/environment.py``.

    Returns
    -------
    int
        Exit status: 0 when the environment is ready.
    """
    if not is_supported(sys.version_info):
        command = os.environ.get("RNN_COMMAND", "")
        print(refusal(sys.version_info, supported_pythons(), command), file=sys.stderr)
        return 1
    sys.path[0] = ROOT  # not tools/ itself: its files must not hide the standard library's
    from tools import environment

    return environment.main()


if __name__ == "__main__":
    sys.exit(main())
