"""Create `.venv` and keep it equal to `requirements.lock`. Started by ``tools/bootstrap.py``.

The first run creates the environment, installs uv into it at the version and hash of the lock,
and lets uv install the rest, hashes checked and bytecode compiled. A stamp inside `.venv` names
the lock, the Python and the place; while it fits, a run does nothing. A marker stands while an
install is under way: where it is found later, that install was cut off, and `.venv` is made anew.

Standard library only: nothing is installed yet when this runs.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

STAMP = "rnn-stamp.json"
MARKER = "rnn-installing"
LOCK = "requirements.lock"


class SetupError(Exception):
    """The environment cannot be made; the message says why and names the way out."""


class System(NamedTuple):
    """The facts that decide whether TensorFlow has a wheel for this Python.

    Attributes
    ----------
    platform
        As `sysconfig.get_platform()`: what this Python was built for, such as `linux-x86_64`,
        `macosx-14.0-arm64`, `win-amd64`.
    implementation
        As `sys.implementation.name`: `cpython`, `pypy`, ...
    pointer_bits
        64 or 32.
    libc_tag
        As `sysconfig.get_config_var("SOABI")` or `HOST_GNU_TYPE`: holds `musl` on Alpine.
    free_threaded
        Whether this Python was built without the global interpreter lock.
    """

    platform: str
    implementation: str
    pointer_bits: int
    libc_tag: str
    free_threaded: bool


def this_system() -> System:
    """Collect the facts about the running Python.

    On a Mac the machine is read from the running process, since a universal build says
    `universal2` and may run under Rosetta.
    """
    platform = sysconfig.get_platform()
    if sys.platform == "darwin":
        platform = "-".join(["macosx", os.uname().machine])
    names = ("SOABI", "HOST_GNU_TYPE")
    return System(
        platform=platform,
        implementation=sys.implementation.name,
        pointer_bits=64 if sys.maxsize > 2**32 else 32,
        libc_tag=" ".join(str(sysconfig.get_config_var(name) or "") for name in names),
        free_threaded=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    )


def why_unsupported(system: System) -> str | None:
    """Say why TensorFlow has no wheel for a system.

    Parameters
    ----------
    system
        What `this_system` found.

    Returns
    -------
    str or None
        Two lines, the reason and the way out; None where TensorFlow has a wheel.
    """
    colab = "Way out: open the lectures in Colab (README.md)."
    if system.implementation != "cpython":
        return (
            f"TensorFlow has no wheel for {system.implementation}.\n"
            "Way out: use CPython 3.11 to 3.13 from python.org/downloads."
        )
    if system.free_threaded:
        return (
            "TensorFlow has no wheel for a free-threaded Python.\n"
            "Way out: use the usual build of Python 3.11 to 3.13."
        )
    if system.pointer_bits != 64 or system.platform == "win32":
        return (
            "TensorFlow has no wheel for a 32-bit Python.\n"
            "Way out: install a 64-bit Python 3.12, or open the lectures in Colab (README.md)."
        )
    if system.platform.startswith("macosx"):
        if system.platform.endswith("x86_64"):
            return (
                "TensorFlow has no wheel for Intel Macs, nor for an Intel Python under Rosetta.\n"
                "Way out: on Apple silicon install an arm64 Python; else open the lectures in "
                "Colab (README.md)."
            )
        return None
    if system.platform == "win-arm64":
        return f"TensorFlow has no wheel for Windows on ARM.\n{colab}"
    if system.platform.startswith(("cygwin", "mingw", "msys")):
        return (
            f"TensorFlow has no wheel for the Python of {system.platform.split('_')[0]}.\n"
            "Way out: use the Windows Python from python.org/downloads."
        )
    if system.platform == "win-amd64":
        return None
    if "musl" in system.libc_tag:
        return f"TensorFlow has no wheel for musl Linux (Alpine).\n{colab}"
    if system.platform not in ("linux-x86_64", "linux-aarch64"):
        return f"TensorFlow has no wheel for {system.platform}.\n{colab}"
    return None


def without_venv_module(version: tuple[int, int], debian: bool) -> str:
    """Write the message for a Python that lacks `venv` or `ensurepip`.

    Parameters
    ----------
    version
        Major and minor number of the Python.
    debian
        Whether the system is Debian or descends from it: there both are a package apart.
    """
    name = f"Python {version[0]}.{version[1]}"
    if debian:
        package = f"python{version[0]}.{version[1]}-venv"
        return (
            f"{name} here cannot create virtual environments: its venv package is missing.\n"
            f"Way out: sudo apt install {package}, or sudo apt install python3-venv; then run "
            "this again."
        )
    return (
        f"{name} here cannot create virtual environments: it has no venv or no ensurepip.\n"
        "Way out: install Python 3.12 from python.org/downloads, or your system's venv package."
    )


def lock_digest(lock: Path) -> str:
    """Return the SHA-256 of the lock, in hexadecimal.

    Raises
    ------
    SetupError
        If the lock cannot be read.
    """
    try:
        return hashlib.sha256(lock.read_bytes()).hexdigest()
    except OSError as error:
        raise SetupError(
            f"{lock} cannot be read: {error.strerror}.\nWay out: git checkout {LOCK}"
        ) from error


def locked_entry(lock: Path, package: str) -> tuple[str, str]:
    """Take one package out of the lock.

    Parameters
    ----------
    lock
        A requirements file with hashes, as `uv pip compile` writes it.
    package
        Normalised name, such as `uv`.

    Returns
    -------
    version : str
    entry : str
        The requirement with its hashes, fit for `pip install --require-hashes -r`.

    Raises
    ------
    SetupError
        If the lock does not pin the package.
    """
    text = lock.read_text(encoding="utf-8")
    pattern = rf"^{re.escape(package)}==(\S+)[^\n]*\n(?:[ \t]+--hash[^\n]*(?:\n|\Z))+"
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise SetupError(
            f"{lock} pins no {package} with hashes.\nWay out: git checkout {LOCK}, or make lock"
        )
    return match.group(1), match.group(0).rstrip().rstrip("\\") + "\n"


def count_pins(lock: Path) -> int:
    """Count the packages that the lock pins, over all systems."""
    return len(re.findall(r"^[A-Za-z0-9][\w.-]*==", lock.read_text(encoding="utf-8"), re.MULTILINE))


def python_of(venv: Path) -> Path:
    """Return the path of an environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def expected_stamp(venv: Path, digest: str) -> dict[str, str]:
    """Return the stamp of a finished environment: what must stay the same for it to be kept."""
    return {
        "lock": digest,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "place": str(venv.resolve()),
    }


def read_stamp(venv: Path) -> dict[str, str]:
    """Return the stamp of an environment; empty where there is none that can be read."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def home_exists(venv: Path) -> bool:
    """Tell whether the Python that an environment was made from is still there."""
    try:
        settings = (venv / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    home = re.search(r"^home\s*=\s*(.+?)\s*$", settings, re.MULTILINE)
    return home is not None and Path(home.group(1)).is_dir() and python_of(venv).exists()


def version_of(python: Path) -> str | None:
    """Start an interpreter and return its version as `3.12`; None where it does not start."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [python, "-c", program], capture_output=True, text=True, encoding="utf-8"
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def process_is_alive(number: int) -> bool:
    """Tell whether a process runs. On Windows there is no harmless way to ask: says False."""
    if os.name == "nt" or number <= 0:
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def reason_to_remake(venv: Path) -> str | None:
    """Say why an existing `.venv` has to be made anew.

    Parameters
    ----------
    venv
        The path of the environment.

    Returns
    -------
    str or None
        The reason, for the reader; None where the environment can be kept or is not there.

    Raises
    ------
    SetupError
        If something stands there that is not an environment, or another set-up is at work on it.
    """
    if not venv.exists() and not venv.is_symlink():
        return None
    remove = "Way out: move it away, then run this again."
    if not venv.is_dir():
        raise SetupError(f"{venv} is not a folder, so no environment can be made there.\n{remove}")
    marker = venv / MARKER
    if marker.exists():
        owner = marker.read_text(encoding="utf-8").strip()
        if owner.isdigit() and int(owner) != os.getpid() and process_is_alive(int(owner)):
            raise SetupError(
                f"Another set-up works on {venv} (process {owner}).\n"
                f"Way out: wait for it, then run this again; if it is none, delete {marker}."
            )
        return "the last install was cut off"
    if not any(venv.iterdir()):
        return None
    if not (venv / "pyvenv.cfg").is_file():
        raise SetupError(f"{venv} is a folder, but no virtual environment of ours.\n{remove}")
    stamp = read_stamp(venv)
    if stamp.get("place", str(venv.resolve())) != str(venv.resolve()):
        return f"it was made in another place, {stamp['place']}"
    if not home_exists(venv):
        return "the Python it was made from is gone"
    wanted, version = f"{sys.version_info[0]}.{sys.version_info[1]}", version_of(python_of(venv))
    if version is None:
        return "its Python does not start"
    if version != wanted:
        return f"it holds Python {version}, and this is Python {wanted}"
    return None


def child_environment() -> dict[str, str]:
    """Return the environment variables for pip and uv, without those that mislead them."""
    misleading = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    return kept | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command: list[str | Path], failure: str, quiet: bool = True) -> None:
    """Run a command of the set-up.

    Parameters
    ----------
    command
        Program and arguments.
    failure
        What to tell where it fails: two lines at most, with the way out.
    quiet
        Whether to hold its output back unless it fails.

    Raises
    ------
    SetupError
        If the command cannot start or exits with another status than 0.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise SetupError(f"{command[0]} does not start: {error.strerror}.\n{failure}") from error
    if done.returncode != 0:
        if quiet:
            sys.stderr.write(done.stdout)
        raise SetupError(failure)


def clear(venv: Path) -> None:
    """Empty an environment, but for the marker, which goes last of all.

    Raises
    ------
    SetupError
        If a file cannot be deleted.
    """
    try:
        for entry in venv.iterdir():
            if entry.name == MARKER:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    except OSError as error:
        raise SetupError(
            f"{error.filename or venv} cannot be deleted: {error.strerror}.\n"
            "Way out: close the programs that use .venv (Jupyter, an editor), then run this again."
        ) from error


def require_venv_module() -> None:
    """Check that this Python can create environments, before anything is touched.

    Raises
    ------
    SetupError
        If it lacks `venv` or `ensurepip`, as on a Debian without python3-venv.
    """
    try:
        for module in ("venv", "ensurepip"):
            importlib.import_module(module)
    except ImportError as error:
        debian = Path("/etc/debian_version").exists()
        raise SetupError(without_venv_module(sys.version_info[:2], debian)) from error


def create(venv: Path) -> None:
    """Create an environment with pip in a folder that is empty but for the marker.

    Raises
    ------
    SetupError
        If creating fails.
    """
    base = getattr(sys, "_base_executable", None) or sys.executable
    run(
        [base, "-m", "venv", "--prompt", "rnn", venv],
        f"{base} could not create {venv} (see above).\n"
        "Way out: delete .venv, check that the disk is not full, then run this again.",
    )


def has_version(venv: Path, package: str, version: str) -> bool:
    """Tell whether an environment holds a package at a version."""
    where = [venv / "Lib" / "site-packages", *venv.glob("lib/python3.*/site-packages")]
    return any((folder / f"{package}-{version}.dist-info" / "RECORD").is_file() for folder in where)


def install_uv(venv: Path, lock: Path) -> None:
    """Install uv into an environment with pip, at the version and the hash of the lock.

    Raises
    ------
    SetupError
        If the lock does not pin uv, or pip fails.
    """
    entry = locked_entry(lock, "uv")[1]
    python = python_of(venv)
    way_out = (
        "pip could not install uv (see above).\n"
        "Way out: check the network (behind a proxy: HTTPS_PROXY), then run this again."
    )
    run([python, "-m", "ensurepip"], way_out)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(entry, encoding="utf-8", newline="\n")
        options = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
        run([python, "-m", "pip", "install", *options, "-r", wanted], way_out)


def sync(venv: Path, lock: Path) -> None:
    """Make an environment hold what the lock pins, and nothing else.

    Bytecode is compiled now: where PYTHONDONTWRITEBYTECODE is set, every kernel would otherwise
    compile TensorFlow again. What has to be built from source is built with the tools of the lock.

    Raises
    ------
    SetupError
        If uv fails.
    """
    python = python_of(venv)
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    options = ["--require-hashes", "--compile-bytecode", "--build-constraints", lock]
    run(
        [python, "-m", "uv", "pip", "sync", *quiet, "--python", python, *options, lock],
        "uv could not install the packages (see above).\n"
        "Way out: check the network (behind a proxy: HTTPS_PROXY), then run this again.",
        quiet=False,
    )


def prepare(root: Path) -> str:
    """Bring `.venv` in step with the lock, doing only what is needed.

    Parameters
    ----------
    root
        The folder of the course: holds `requirements.lock`, gets `.venv`.

    Returns
    -------
    str
        One line that says what was done.

    Raises
    ------
    SetupError
        If the environment cannot be made, with the way out.
    """
    venv, lock = root / ".venv", root / LOCK
    stamp = expected_stamp(venv, lock_digest(lock))
    version = sys.version.split()[0]
    untouched = not (venv / MARKER).exists()
    if untouched and read_stamp(venv) == stamp and home_exists(venv):
        return f"Set-up: .venv is ready (Python {version})."

    reason = why_unsupported(this_system())
    if reason is not None:
        raise SetupError(reason)
    uv_version = locked_entry(lock, "uv")[0]
    start = time.perf_counter()
    reason = reason_to_remake(venv)
    if reason is not None or not (venv / "pyvenv.cfg").is_file():
        require_venv_module()
    marker = venv / MARKER
    try:
        venv.mkdir(exist_ok=True)
        marker.write_text(f"{os.getpid()}\n", encoding="utf-8", newline="\n")
        (venv / STAMP).unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(
            f"{venv} cannot be written: {error.strerror}.\n"
            "Way out: work in a folder that you own, or mend its rights (chmod u+w)."
        ) from error
    if reason is not None:
        say(f"Set-up: making .venv anew, since {reason}")
        clear(venv)
    if not (venv / "pyvenv.cfg").is_file():
        say(f"Set-up: creating .venv with Python {version}")
        create(venv)
    if not has_version(venv, "uv", uv_version):
        say(f"Set-up: installing uv {uv_version}, which installs the rest")
        install_uv(venv, lock)
    say(f"Set-up: installing {LOCK} ({count_pins(lock)} pins), bytecode compiled; a minute or two")
    sync(venv, lock)
    (venv / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8", newline="\n")
    marker.unlink()
    return f"Set-up: done in {time.perf_counter() - start:.0f} s."


def say(line: str) -> None:
    """Print a line at once, so that it stands before the output of what follows."""
    print(line, flush=True)


def main() -> int:
    """Set up the environment of this course and say what was done.

    Returns
    -------
    int
        Exit status: 0 when the environment is ready.
    """
    try:
        say(prepare(Path(__file__).resolve().parent.parent))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up: interrupted. Run the same command again.", file=sys.stderr)
        return 130
    return 0
