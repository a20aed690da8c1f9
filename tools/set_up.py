# -*- coding: utf-8 -*-
"""Create `.venv` and keep it equal to `requirements.lock`: ``python tools/set_up.py``.

A new environment gets uv from pip, at the version and hash of the lock; uv installs the rest,
hashes checked and bytecode compiled. The stamp in `.venv` says which lock, which Python and which
place it was made for. It is written last: while it fits, a run does nothing, and where it is blank
an install was cut off, so that the next run begins anew. Whoever installs holds a lock on it.

Standard library only, and only syntax that Python 2.7 can read (no f-strings, no type hints): an
old Python must get the message below, not a SyntaxError.
"""

from __future__ import print_function

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time

OLDEST = (3, 11)
NEWEST = (3, 13)
# Systems with a TensorFlow wheel, as the names of compiled modules end there.
SYSTEMS = r"(cpython-\d+-((x86_64|aarch64)-linux-gnu|darwin arm64)|cp\d+-win_amd64)$"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMP = "rnn-stamp.json"
# Settings of pip that say from where to fetch; any other could make it install elsewhere.
SOURCES = re.compile(r"PIP_(.*INDEX|.*LINKS|.*CERT|.*HOST|PROXY|.*TIMEOUT|CACHE|CONFIG)")


class SetUpError(Exception):
    """The environment cannot be made; the message says why and names the way out."""


def this_system():
    """Name the running Python and its system, such as ``cpython-312-x86_64-linux-gnu``."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX") or platform.platform()
    machine = " " + platform.machine() if sys.platform == "darwin" else ""
    return re.sub(r"^\.|\.(so|pyd)$", "", suffix) + machine


def refuse_unsupported(version, system):
    """Stop where TensorFlow has no wheel.

    Parameters
    ----------
    version : tuple of int
        Major and minor number of the Python.
    system : str
        As `this_system` names it.

    Raises
    ------
    SetUpError
        If the Python is too old or too new, or no wheel exists for the system.
    """
    if not OLDEST <= version <= NEWEST:
        raise SetUpError(
            "Python %d.%d cannot run this book: it needs Python %d.%d to %d.%d, as TensorFlow does."
            "\nWay out: name one (make book PYTHON=python3.12); python.org/downloads has it. Or "
            "open the lectures in Colab (README.md)." % (version + OLDEST + NEWEST)
        )
    if not re.match(SYSTEMS, system):
        raise SetUpError(
            "TensorFlow has no wheel for this Python (%s).\nWay out: the usual 64-bit Python 3.12 "
            "from python.org/downloads, on Windows (x86-64), Linux with glibc, or a Mac with Apple "
            "silicon. Elsewhere open the lectures in Colab (README.md)." % system
        )


def refuse_without_venv():
    """Stop where this Python cannot make environments, before anything is touched.

    Raises
    ------
    SetUpError
        If it lacks `venv` or `ensurepip`, as on a Debian without python3-venv.
    """
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError:
        raise SetUpError(
            "This Python cannot make virtual environments: venv or ensurepip is missing.\n"
            "Way out: on Debian and Ubuntu, sudo apt install python%d.%d-venv (or python3-venv); "
            "elsewhere Python 3.12 from python.org/downloads. Then run this again."
            % sys.version_info[:2]
        )


def locked_uv(lock):
    """Take uv out of the text of the lock.

    Returns
    -------
    version : str
    entry : str
        The requirement with its hashes, fit for ``pip install --require-hashes -r``.

    Raises
    ------
    SetUpError
        If the lock does not pin uv with hashes.
    """
    match = re.search(r"^uv==(\S+).*\\\n(?:\s+--hash=.*\\\n)*\s+--hash=\S+", lock, re.MULTILINE)
    if match is None:
        raise SetUpError("requirements.lock pins no uv with hashes.\nWay out: git checkout it.")
    return match.group(1), match.group() + "\n"


def python_of(venv):
    """Return the path of an environment's interpreter."""
    return os.path.join(venv, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin/python"]))


def starts(venv):
    """Tell whether the interpreter of an environment starts and is of this version."""
    program = "import sys; sys.exit(sys.version_info[:2] != (%d, %d))" % sys.version_info[:2]
    try:
        return subprocess.call([python_of(venv), "-c", program], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def read_stamp(venv):
    """Return the stamp of an environment; empty where none is whole."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def refuse_foreign(venv):
    """Stop where something stands in the place of the environment that we did not make.

    Raises
    ------
    SetUpError
        If there is a file, or a folder that holds something but no stamp.
    """
    ours = os.path.exists(os.path.join(venv, STAMP))
    if os.path.lexists(venv) and not ours and (not os.path.isdir(venv) or os.listdir(venv)):
        raise SetUpError(
            "%s was not made by this tool, so it is left alone.\n"
            "Way out: delete it or move it away, then run this again." % venv
        )


def lock_file(file, wait=False):
    """Lock an open file for this process and those that it starts, until all of them have ended.

    Raises
    ------
    OSError
        If another process holds it and `wait` is false.
    """
    if os.name == "nt":
        import msvcrt

        file.seek(2**30)  # Windows lets nobody read what is locked: lock a byte behind the text
        while True:
            try:
                return msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    raise
                time.sleep(1)
    import fcntl

    os.set_inheritable(file.fileno(), True)
    return fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def run(*command):
    """Run a command of the set-up, without the variables that would mislead Python or pip.

    Raises
    ------
    SetUpError
        If it fails.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PIP_")) or SOURCES.match(name)
    }
    kept.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0", PYTHONUTF8="1")
    if subprocess.call(command, env=kept, stdin=subprocess.DEVNULL, close_fds=False) != 0:
        raise SetUpError(
            "Set-up: %s failed (see above).\nWay out: check the network (behind a proxy: "
            "HTTPS_PROXY) and the disk, then run this again." % " ".join(command[2:5])
        )


def make_anew(venv, uv):
    """Empty an environment but for its stamp, create it again, and install uv (a lock entry)."""
    for name in os.listdir(venv):
        path = os.path.join(venv, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif name != STAMP:
            os.remove(path)
    base = getattr(sys, "_base_executable", None) or sys.executable
    run(base, "-m", "venv", "--prompt", "rnn", venv)
    wanted = os.path.join(venv, "uv.txt")
    with open(wanted, "w", encoding="utf-8") as file:
        file.write(uv)
    options = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", wanted]
    run(python_of(venv), "-m", "pip", "install", *options)


def sync(venv, lock):
    """Make an environment hold what the lock pins, and nothing else.

    Bytecode is compiled now: where PYTHONDONTWRITEBYTECODE is set, every kernel would otherwise
    compile TensorFlow again. What has to be built (promise) is built with the tools of the lock.
    """
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    options = ["--require-hashes", "--compile-bytecode", "--build-constraints", lock]
    python = python_of(venv)
    run(python, "-m", "uv", "pip", "sync", *(quiet + ["--python", python] + options + [lock]))


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
    uv_version, uv_entry = locked_uv(text)
    python = "%d.%d" % sys.version_info[:2]
    made = {"python": python, "place": os.path.realpath(venv), "uv": uv_version}
    wanted = dict(made, lock=hashlib.sha256(text.encode()).hexdigest())
    if read_stamp(venv) == wanted and starts(venv):
        return say("Set-up: .venv is ready (Python %s)." % platform.python_version())
    refuse_without_venv()
    refuse_foreign(venv)
    os.makedirs(venv, exist_ok=True)
    start = time.time()
    with open(os.path.join(venv, STAMP), "a+", encoding="utf-8") as file:
        try:
            lock_file(file)
        except OSError:
            say("Set-up: another set-up is at work on .venv; waiting for it")
            lock_file(file, wait=True)
        old = read_stamp(venv)
        if old != wanted or not starts(venv):  # else another set-up has just made it
            file.truncate(0)
            if any(old.get(name) != made[name] for name in made) or not starts(venv):
                say("Set-up: making .venv with Python %s" % platform.python_version())
                make_anew(venv, uv_entry)
            say("Set-up: installing requirements.lock, bytecode compiled; a minute or so")
            sync(venv, lock)
            json.dump(wanted, file)
    return say("Set-up: done in %.0f s." % (time.time() - start))


def say(line):
    """Print a line at once, so that it stands before the output of what follows."""
    print(line)
    sys.stdout.flush()


def main():
    """Set up the environment of this course; return the exit status, 0 when it is ready."""
    try:
        refuse_unsupported(sys.version_info[:2], this_system())
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
