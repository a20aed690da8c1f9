# -*- coding: utf-8 -*-
"""Create `.venv` and keep it equal to `requirements.lock`: ``python tools/set_up.py``.

pip installs uv, at the version and hash of the lock; uv installs the rest, hashes checked and
bytecode compiled. The stamp in `.venv`, written last, says which lock, Python and place it was made
for: while it fits, a run does nothing.

Standard library only, and only syntax that Python 2.7 can read (no f-strings, no type hints): an
old Python must get the message below, not a SyntaxError.
"""

from __future__ import print_function

import hashlib
import os
import re
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMP = "rnn-stamp.txt"
# Settings of pip that would make it install elsewhere, or something else than the lock says.
MISLEADING = {"PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_CONSTRAINT", "PIP_ROOT"}


class SetUpError(Exception):
    """The environment cannot be made; the message says why and names the way out."""


def refuse_unsupported(version):
    """Raise `SetUpError` if TensorFlow has no wheel for a Python, given as (major, minor)."""
    if not OLDEST <= version <= NEWEST:
        raise SetUpError(
            "Python %d.%d cannot run this book: it needs Python %d.%d to %d.%d, as TensorFlow does."
            "\nWay out: name one (make book PYTHON=python3.12); python.org/downloads has it. Or "
            "open the lectures in Colab (README.md)." % (version + OLDEST + NEWEST)
        )


def python_of(venv):
    """Return the path of an environment's interpreter."""
    return os.path.join(venv, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin/python"]))


def starts(venv):
    """Tell whether the interpreter of an environment starts."""
    try:
        return subprocess.call([python_of(venv), "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def read_stamp(venv):
    """Return the lines of the stamp: Python, place, lock; none where no environment is whole."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8") as file:
            return file.read().splitlines()
    except OSError:
        return []


def run(*command):
    """Run a command of the set-up; raise `SetUpError` with the way out if it fails."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if subprocess.call(command, env=kept, stdin=subprocess.DEVNULL) != 0:
        raise SetUpError(
            "Set-up: %s failed (see above).\nWay out: check the network (behind a proxy: "
            "HTTPS_PROXY) and the disk, then run this again. On Debian and Ubuntu, venv needs "
            "sudo apt install python3-venv. TensorFlow has wheels for the usual 64-bit Python on "
            "Windows, on Linux with glibc and on Macs with Apple silicon; elsewhere open the "
            "lectures in Colab (README.md)." % " ".join(command[2:5])
        )


def prepare(root):
    """Bring `.venv` in step with the lock, doing only what is needed.

    Parameters
    ----------
    root : str
        The folder of the course: holds `requirements.lock`, gets `.venv`.

    Raises
    ------
    SetUpError, OSError
        If the environment cannot be made.
    """
    venv, lock = os.path.join(root, ".venv"), os.path.join(root, "requirements.lock")
    with open(lock, encoding="utf-8") as file:
        text = file.read()
    uv = re.search(r"^uv==(?:.*\\\n)+.*--hash=\S+", text, re.MULTILINE)
    if uv is None:
        raise SetUpError("requirements.lock pins no uv with hashes.\nWay out: git checkout it.")
    made = ["%d.%d" % sys.version_info[:2], os.path.realpath(venv)]
    wanted = made + [hashlib.sha256(text.encode()).hexdigest()]
    old = read_stamp(venv)
    if old == wanted and starts(venv):
        return say("Set-up: .venv is ready (Python %s)." % made[0])
    ours = os.path.exists(os.path.join(venv, "pyvenv.cfg"))
    if os.path.lexists(venv) and not ours and (not os.path.isdir(venv) or os.listdir(venv)):
        raise SetUpError(
            "%s is no environment of Python's, so it is left alone.\n"
            "Way out: delete it or move it away, then run this again." % venv
        )
    if old[:2] != made or not starts(venv):
        say("Set-up: making .venv with Python %s" % made[0])
        base = getattr(sys, "_base_executable", None) or sys.executable
        run(base, "-Im", "venv", "--clear", "--prompt", "rnn", venv)
    else:
        os.remove(os.path.join(venv, STAMP))
    say("Set-up: installing requirements.lock, bytecode compiled; a minute or so")
    first = os.path.join(venv, "uv.txt")
    with open(first, "w", encoding="utf-8") as file:
        file.write(uv.group() + "\n")
    python, exact = python_of(venv), ["--require-hashes"]
    run(python, "-Im", "pip", "install", "--quiet", "--no-deps", *(exact + ["-r", first]))
    # Compiled now: where PYTHONDONTWRITEBYTECODE is set, every kernel would compile TensorFlow
    # anew. What has to be built (promise) is built with the tools of the lock.
    options = exact + ["--compile-bytecode", "--build-constraints", lock]
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    run(python, "-Im", "uv", "pip", "sync", *(quiet + ["--python", python] + options + [lock]))
    with open(os.path.join(venv, STAMP), "w", encoding="utf-8") as file:
        file.write("\n".join(wanted))
    return say("Set-up: done.")


def say(line):
    """Print a line at once, so that it stands before the output of what follows."""
    print(line)
    sys.stdout.flush()


def main():
    """Set up the environment of this course; return the exit status, 0 when it is ready."""
    try:
        refuse_unsupported(sys.version_info[:2])
        prepare(ROOT)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        told = "Set-up: %s: %s.\nWay out: a missing file comes back with git checkout; %s"
        out = "else work in a folder that you own, and close the programs that use .venv."
        print(told % (error.filename or ".venv", error.strerror, out), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up: interrupted. Run the same command again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
