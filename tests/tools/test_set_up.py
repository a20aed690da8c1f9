"""The set-up (tools/set_up.py), run for real and without network.

A course here is a copy of the set-up with a lock of its own: uv, packed again from this
environment, and a package `tiny` made here.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT, write
from tools import set_up

PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
NO_UV = "tiny==1.0 \\\n    --hash=sha256:00\n"
ANY_UV = "uv==1.0 \\\n    --hash=sha256:00\n"


def write_wheel(folder: Path, name: str, version: str, tag: str, files: dict[str, bytes]) -> str:
    """Write a wheel and return its lock entry, hash included."""
    path, record = folder / f"{name}-{version}-{tag}.whl", f"{name}-{version}.dist-info/RECORD"
    listing = "".join(f"{inside},,\n" for inside in [*files, record]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for inside, content in (files | {record: listing}).items():
            member = zipfile.ZipInfo(inside)
            member.external_attr = 0o100755 << 16
            archive.writestr(member, content)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def write_tiny(folder: Path, version: str) -> str:
    """Write a wheel of `tiny`, whose VERSION is its version; return its lock entry."""
    info = f"tiny-{version}.dist-info"
    files = {  # each version of another size: Python tells stale bytecode by time and size
        "tiny.py": f'VERSION = "{version}"' + int(float(version)) * "\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents = {inside: text.encode() for inside, text in files.items()}
    return write_wheel(folder, "tiny", version, "py3-none-any", contents)


def write_uv(folder: Path) -> str:
    """Pack the installed uv into a wheel again; return its lock entry."""
    uv, files = importlib.metadata.distribution("uv"), {}
    for path in uv.files:
        inside = path.as_posix()
        if path.suffix != ".pyc" and path.name not in {"RECORD", "INSTALLER", "REQUESTED"}:
            script = f"uv-{uv.version}.data/scripts/{path.name}"
            files[script if inside.startswith("..") else inside] = path.locate().read_bytes()
    tag = uv.read_text("WHEEL").split("Tag: ")[1].split()[0]
    return write_wheel(folder, "uv", uv.version, tag, files)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Lock entries, and the folder of what they name."""
    folder = tmp_path_factory.mktemp("wheels")
    tiny = {f"tiny {version[0]}": write_tiny(folder, version) for version in ("1.0", "2.0")}
    return {"folder": str(folder), "uv": write_uv(folder), **tiny}


def make_course(folder: Path, *lock: str) -> Path:
    """Copy the set-up into a folder and give it a lock."""
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "set_up.py", folder / "tools")
    return write_lock(folder, *lock)


def write_lock(course: Path, *lock: str) -> Path:
    """Write the lock of a course; return the course."""
    write(course / "requirements.lock", "".join(lock))
    return course


def start(
    course: Path, wheels: dict[str, str], python: Path = PYTHON, **variables: str
) -> subprocess.Popen[str]:
    """Start the set-up of a course; pip and uv see our wheels and no network."""
    folder = Path(wheels["folder"])
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": folder.as_uri(),
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(folder),
        "UV_CACHE_DIR": str(folder / "cache"),
    }
    return subprocess.Popen(
        [python, "tools/set_up.py"],
        cwd=course,
        env=os.environ | offline | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def end(process: subprocess.Popen[str], code: int = 0) -> str:
    """Wait for a set-up, check its exit status, and return what it printed."""
    printed = process.communicate()[0]
    assert process.returncode == code, printed
    return printed


def says(course: Path, program: str) -> str:
    """What a program prints in the environment of a course, its error included."""
    command = [set_up.python_of(course / ".venv"), "-c", program]
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()


# --- Which Python --------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14)])
def test_another_python_is_refused_in_two_lines(version: tuple[int, int]) -> None:
    with pytest.raises(set_up.SetUpError) as error:
        set_up.refuse_unsupported(version)
    first, second = str(error.value).splitlines()
    assert first.startswith(f"Python {version[0]}.{version[1]} cannot run this book: it needs")
    assert "3.11 to 3.13" in first
    assert second.startswith("Way out: ")
    assert "PYTHON=python3.12" in second


def test_python_2_can_read_the_file() -> None:
    tree = ast.parse((ROOT / "tools" / "set_up.py").read_text(encoding="utf-8"))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal)
    found = [node for node in ast.walk(tree) if isinstance(node, too_new)]
    for field in ("annotation", "returns", "cause"):
        found += [node for node in ast.walk(tree) if getattr(node, field, None)]
    assert found == []


# --- What stands in the way ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({".venv": "mine"}, "is no environment of Python's"),
        ({".venv/thesis.txt": "mine"}, "is no environment of Python's"),
        ({"requirements.lock": NO_UV}, "pins no uv with hashes"),
        ({"requirements.lock/file": ""}, "requirements.lock: Is a directory"),
    ],
)
def test_what_stands_in_the_way_is_named_and_kept(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    course = make_course(tmp_path / "course", ANY_UV)
    for name, text in files.items():
        if name.startswith("requirements.lock"):
            (course / "requirements.lock").unlink()
        write(course / name, text)
    printed = end(start(course, {"folder": str(tmp_path)}), 1)
    assert told in printed
    assert "Way out: " in printed
    assert all((course / name).read_text(encoding="utf-8") == files[name] for name in files)


def test_what_has_to_be_built_is_built_with_the_tools_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert {"uv", "promise", "setuptools"} <= set(re.findall(r"^([\w-]+)==", lock, re.MULTILINE))


# --- Installing, for real ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, str]) -> Path:
    """A course set up once, among variables that mislead; its path holds a space."""
    folder = tmp_path_factory.mktemp("home")
    course = make_course(folder / "my course", wheels["tiny 1"], wheels["uv"])
    for name in ("pip", "uv"):
        write(folder / f"{name}.py", "raise SystemExit('misled')\n")
    misleading = {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_TARGET": str(folder / "elsewhere"),
        "PIP_USER": "1",
        "PIP_CONSTRAINT": str(folder / "none.txt"),
    }
    end(start(course, wheels, **misleading))
    return course


@pytest.fixture
def course(shared: Path, wheels: dict[str, str]) -> Path:
    """The shared course, in step with its lock before each test."""
    end(start(write_lock(shared, wheels["tiny 1"], wheels["uv"]), wheels))
    return shared


@pytest.mark.slow
def test_the_first_run_installs_the_lock_compiled_and_uv_outlives_its_sync(course: Path) -> None:
    program = "import os, sys; sys.dont_write_bytecode = True; import tiny, uv\n"
    program += "print(tiny.VERSION, os.path.isfile(tiny.__cached__), uv.__name__)"
    assert says(course, program) == "1.0 True uv"


@pytest.mark.slow
def test_a_second_run_does_nothing(course: Path, wheels: dict[str, str]) -> None:
    assert end(start(course, wheels)).splitlines()[-1].startswith("Set-up: .venv is ready")


@pytest.mark.slow
@pytest.mark.parametrize(("tiny", "told"), [("tiny 2", "2.0"), (None, "ModuleNotFoundError")])
def test_a_changed_lock_is_installed_and_what_it_drops_removed(
    tiny: str | None, told: str, course: Path, wheels: dict[str, str]
) -> None:
    printed = end(start(write_lock(course, wheels.get(tiny, ""), wheels["uv"]), wheels))
    assert "making .venv" not in printed
    assert told in says(course, "import tiny; print(tiny.VERSION)")


@pytest.mark.slow
@pytest.mark.parametrize(
    "tiny", ["tiny==2.0 \\\n    --hash=sha256:" + "0" * 64 + "\n", "tiny==2.0\n"]
)
def test_a_file_altered_after_locking_is_refused(
    tiny: str, course: Path, wheels: dict[str, str]
) -> None:
    printed = end(start(write_lock(course, tiny, wheels["uv"]), wheels), 1)
    assert "uv pip sync failed (see above)" in printed
    assert set_up.read_stamp(course / ".venv") == []


@pytest.mark.slow
def test_a_moved_or_broken_environment_is_made_anew(tmp_path: Path, wheels: dict[str, str]) -> None:
    course = make_course(tmp_path / "old", wheels["tiny 1"], wheels["uv"])
    end(start(course, wheels))
    moved = course.rename(tmp_path / "new")
    assert "making .venv" in end(start(moved, wheels))
    (moved / ".venv" / set_up.STAMP).unlink()  # as a set-up leaves it that was killed at work
    assert "making .venv" in end(start(moved, wheels))
    assert says(moved, "import tiny; print(tiny.VERSION)") == "1.0"


@pytest.mark.slow
def test_a_uv_altered_after_locking_is_refused(tmp_path: Path, wheels: dict[str, str]) -> None:
    course = make_course(tmp_path, wheels["uv"].split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    assert "pip install --quiet failed (see above)" in end(start(course, wheels), 1)
    assert set_up.read_stamp(course / ".venv") == []
