"""The set-up (tools/bootstrap.py, tools/environment.py), run for real and without network.

Each course below is a copy of the set-up's files with a lock of its own: uv, packed again from
this environment, and a package `tiny` made here. Nothing is fetched.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.metadata
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import bootstrap, environment

ROOT = Path(__file__).resolve().parents[2]
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX scripts and links")


def write_wheel(folder: Path, name: str, version: str, tag: str, files: dict[str, bytes]) -> str:
    """Write a wheel with a correct RECORD and return its lock entry, hash included."""
    info = f"{name}-{version}.dist-info"
    rows = []
    wheel = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            rows.append(f"{path},sha256={digest.decode()},{len(content)}")
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(entry, content)
        archive.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,", ""]))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def write_tiny(folder: Path, version: str) -> str:
    """Write a wheel of the package `tiny`, whose VERSION is its version."""
    info = f"tiny-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
    files = {
        # Another size for each version: Python tells stale bytecode by time (seconds) and size.
        "tiny.py": f'VERSION = "{version}"\n{"#" * int(float(version))}\n'.encode(),
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    return write_wheel(folder, "tiny", version, "py3-none-any", files)


def write_uv(folder: Path) -> str:
    """Pack the installed uv into a wheel again."""
    uv = importlib.metadata.distribution("uv")
    tags = [t.split(": ")[1] for t in uv.read_text("WHEEL").splitlines() if t.startswith("Tag: ")]
    info = f"uv-{uv.version}.dist-info"
    files = {}
    for path in uv.files:
        name = path.as_posix()
        if name.startswith(".."):
            name = f"uv-{uv.version}.data/scripts/{path.name}"
        if path.suffix != ".pyc" and path.name not in {"RECORD", "INSTALLER", "REQUESTED"}:
            files[name] = path.locate().read_bytes()
    assert f"{info}/METADATA" in files
    return write_wheel(folder, "uv", uv.version, tags[0], files)


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Lock entries for uv, tiny 1.0 and tiny 2.0, and the folder of their wheels."""
    folder = tmp_path_factory.mktemp("wheels")
    return {
        "wheels": str(folder),
        "uv": write_uv(folder),
        "tiny 1.0": write_tiny(folder, "1.0"),
        "tiny 2.0": write_tiny(folder, "2.0"),
    }


def make_course(folder: Path, lock: str) -> Path:
    """Copy the files of the set-up into a folder and give it a lock."""
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "tools/bootstrap.py", "tools/environment.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "requirements.lock").write_text(lock, encoding="utf-8", newline="\n")
    return folder


def offline(entries: dict[str, str], **more: str) -> dict[str, str]:
    """Surroundings in which pip and uv see the wheels of this test, and no network."""
    wheels = Path(entries["wheels"])
    own = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": wheels.as_uri(),
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_CACHE_DIR": str(wheels / "cache"),
    }
    dropped = {"RNN_COMMAND", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "PYTHONPATH"}
    return {k: v for k, v in os.environ.items() if k not in dropped} | own | more


def set_up(
    course: Path, env: dict[str, str], python: str | Path = BASE_PYTHON, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap of a course to its end."""
    command = [*str(python).split("|"), "tools/bootstrap.py"]
    return subprocess.run(
        command, cwd=course, env=env, capture_output=True, text=True, encoding="utf-8", **options
    )


def tiny_version(course: Path) -> str:
    """Import `tiny` in the environment of a course and return its version."""
    python = environment.python_of(course / ".venv")
    done = subprocess.run(
        [python, "-c", "import tiny; print(tiny.VERSION)"], capture_output=True, text=True
    )
    return done.stdout.strip() or done.stderr


@pytest.fixture(scope="module")
def lock_text(entries: dict[str, str]) -> str:
    """The lock of the test courses: uv and tiny 1.0."""
    return entries["tiny 1.0"] + entries["uv"]


@pytest.fixture(scope="module")
def shared_course(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, str], lock_text: str
) -> Path:
    """A course set up once; its path holds a space."""
    course = make_course(tmp_path_factory.mktemp("home") / "my course", lock_text)
    done = set_up(course, offline(entries))
    assert done.returncode == 0, done.stdout + done.stderr
    return course


@pytest.fixture
def course(shared_course: Path, entries: dict[str, str], lock_text: str) -> Iterator[Path]:
    """The shared course, in step with its lock before each test."""
    (shared_course / "requirements.lock").write_text(lock_text, encoding="utf-8", newline="\n")
    done = set_up(shared_course, offline(entries))
    assert done.returncode == 0, done.stdout + done.stderr
    return shared_course


# --- Which Python -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "supported"),
    [((2, 7), False), ((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)],
)
def test_python_3_11_to_3_13_is_supported(version: tuple[int, int], supported: bool) -> None:
    assert bootstrap.is_supported(version) is supported


def old_pythons() -> dict[str, str]:
    """Interpreters outside 3.11 to 3.13 on this machine, by version."""
    found = {}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in ("2.7", "3.6", "3.8", "3.9", "3.10", "3.14"):
        candidates = [str(p / "bin" / "python") for p in sorted(pyenv.glob(f"{version}.*"))]
        for candidate in [*candidates, shutil.which(f"python{version}")]:
            if candidate and environment.version_of(Path(candidate)) == version:
                found[version] = candidate
    return found


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9", "3.10", "3.14"])
def test_another_python_is_refused_in_two_lines(version: str, tmp_path: Path) -> None:
    python = old_pythons().get(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    course = make_course(tmp_path / "course", "")
    env = {**os.environ, "RNN_COMMAND": "make book"}
    done = set_up(course, env, python)
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first.startswith(f"Python {version} cannot run this book: it needs Python 3.11 to 3.13")
    assert "make book PYTHON=" in second
    assert not (course / ".venv").exists()


def test_a_newer_python_is_refused(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", "")
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.version_info = (3, 14, 0, 'final', 0)\n", encoding="utf-8"
    )
    done = set_up(course, {**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.14 cannot run this book")
    assert not (course / ".venv").exists()


def test_python_2_can_read_the_door() -> None:
    tree = ast.parse((ROOT / "tools/bootstrap.py").read_text(encoding="utf-8"))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, too_new)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            assert node.returns is None
            assert not [a for a in arguments if a.annotation]
            assert not node.args.kwonlyargs


def test_the_refusal_names_the_command_to_repeat() -> None:
    text = bootstrap.refusal((3, 10), ["python3.12", "python3"], "make test")
    assert text.endswith("Way out: make test PYTHON=python3.12")


def test_the_refusal_without_make_names_the_script() -> None:
    text = bootstrap.refusal((3, 10), ["python3.12"], "")
    assert text.endswith("Way out: python3.12 tools/bootstrap.py")


def test_the_refusal_quotes_a_launcher_with_a_space() -> None:
    text = bootstrap.refusal((3, 14), ["py -3.12"], "make book")
    assert text.endswith('make book PYTHON="py -3.12"')


def test_the_refusal_without_any_python_says_where_to_get_one() -> None:
    text = bootstrap.refusal((3, 14), [], "make book")
    assert "install Python 3.12 (python.org/downloads)" in text
    assert "Colab" in text


@posix_only
def test_a_name_on_the_path_that_does_not_start_is_not_offered(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    (tmp_path / "python3").symlink_to(BASE_PYTHON)
    done = subprocess.run(
        [sys.executable, "-c", "from tools import bootstrap; print(bootstrap.supported_pythons())"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "['python3']"


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_refuses_and_names_its_own_command(tmp_path: Path) -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python outside 3.11 to 3.13 on this machine")
    course = make_course(tmp_path / "course", "")
    done = subprocess.run(
        ["make", "book", f"PYTHON={next(iter(pythons.values()))}"],
        cwd=course,
        env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "Way out: " in done.stderr
    assert "make book PYTHON=" in done.stderr


# --- Which system -------------------------------------------------------------------------------

LINUX = environment.System("linux-x86_64", "cpython", 64, "cpython-312-x86_64-linux-gnu", False)


@pytest.mark.parametrize("platform", ["linux-x86_64", "linux-aarch64", "macosx-arm64", "win-amd64"])
def test_systems_with_wheels_pass(platform: str) -> None:
    assert environment.why_unsupported(LINUX._replace(platform=platform)) is None


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"platform": "macosx-x86_64", "libc_tag": ""}, "Intel Macs"),
        ({"platform": "win-arm64", "libc_tag": ""}, "Windows on ARM"),
        ({"platform": "win32", "pointer_bits": 32, "libc_tag": ""}, "32-bit"),
        ({"platform": "linux-i686", "pointer_bits": 32}, "32-bit"),
        ({"libc_tag": "cpython-312-x86_64-linux-musl"}, "Alpine"),
        ({"platform": "linux-riscv64"}, "linux-riscv64"),
        ({"platform": "mingw_x86_64_ucrt"}, "Windows Python"),
        ({"implementation": "pypy"}, "CPython"),
        ({"free_threaded": True}, "free-threaded"),
    ],
)
def test_systems_without_wheels_get_two_lines_with_a_way_out(
    facts: dict[str, object], told: str
) -> None:
    reason = environment.why_unsupported(LINUX._replace(**facts))
    assert reason is not None
    assert told in reason
    first, second = reason.splitlines()
    assert second.startswith("Way out: ")


def test_this_system_is_supported() -> None:
    assert environment.why_unsupported(environment.this_system()) is None


def test_a_missing_ensurepip_is_told_before_anything_is_made(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", "uv==1.0 \\\n    --hash=sha256:00\n")
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['ensurepip'] = None  # an import of it raises ImportError\n",
        encoding="utf-8",
    )
    done = set_up(course, {**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "cannot create virtual environments" in done.stderr
    assert not (course / ".venv").exists()


def test_debian_is_told_its_package() -> None:
    assert "sudo apt install python3.12-venv" in environment.without_venv_module((3, 12), True)


# --- Installing ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_first_run_installs_the_lock(course: Path) -> None:
    assert tiny_version(course) == "1.0"


@pytest.mark.slow
def test_bytecode_is_compiled_even_where_python_writes_none(course: Path) -> None:
    assert list((course / ".venv").rglob("tiny.cpython-*.pyc"))


@pytest.mark.slow
def test_uv_outlives_its_own_sync(course: Path) -> None:
    python = environment.python_of(course / ".venv")
    done = subprocess.run([python, "-m", "uv", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith(f"uv {importlib.metadata.version('uv')}")


@pytest.mark.slow
def test_a_second_run_is_instant(course: Path, entries: dict[str, str]) -> None:
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        done = set_up(course, offline(entries))
        seconds.append(time.perf_counter() - start)
        assert "is ready" in done.stdout
    assert min(seconds) < 0.5


@pytest.mark.slow
def test_a_changed_lock_is_installed(course: Path, entries: dict[str, str]) -> None:
    lock = entries["tiny 2.0"] + entries["uv"]
    (course / "requirements.lock").write_text(lock, encoding="utf-8", newline="\n")
    done = set_up(course, offline(entries))
    assert done.returncode == 0, done.stderr
    assert tiny_version(course) == "2.0"


@pytest.mark.slow
def test_what_the_lock_drops_is_removed(course: Path, entries: dict[str, str]) -> None:
    (course / "requirements.lock").write_text(entries["uv"], encoding="utf-8", newline="\n")
    done = set_up(course, offline(entries))
    assert done.returncode == 0, done.stderr
    assert "ModuleNotFoundError" in tiny_version(course)


@pytest.mark.slow
def test_a_file_altered_after_locking_is_refused(course: Path, entries: dict[str, str]) -> None:
    wrong = "tiny==2.0 \\\n    --hash=sha256:" + "0" * 64 + "\n" + entries["uv"]
    (course / "requirements.lock").write_text(wrong, encoding="utf-8", newline="\n")
    done = set_up(course, offline(entries))
    assert done.returncode == 1
    assert "Way out: " in done.stderr
    assert environment.read_stamp(course / ".venv") == {}


@pytest.mark.slow
def test_a_pin_without_hash_is_refused(course: Path, entries: dict[str, str]) -> None:
    (course / "requirements.lock").write_text(
        "tiny==2.0\n" + entries["uv"], encoding="utf-8", newline="\n"
    )
    done = set_up(course, offline(entries))
    assert done.returncode == 1
    assert environment.read_stamp(course / ".venv") == {}


@pytest.mark.slow
def test_a_uv_altered_after_locking_is_refused(
    tmp_path: Path, entries: dict[str, str], lock_text: str
) -> None:
    good = entries["uv"].split("sha256:")[1].strip()
    course = make_course(tmp_path / "course", lock_text.replace(good, "0" * 64))
    done = set_up(course, offline(entries))
    assert done.returncode == 1
    assert "pip could not install uv" in done.stderr
    assert environment.read_stamp(course / ".venv") == {}


@pytest.mark.slow
def test_a_killed_install_is_repaired_by_the_next_run(
    tmp_path: Path, entries: dict[str, str], lock_text: str
) -> None:
    course = make_course(tmp_path / "course", lock_text)
    process = subprocess.Popen(
        [BASE_PYTHON, "tools/bootstrap.py"],
        cwd=course,
        env=offline(entries),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "installing uv" in line:
            break
    process.kill()
    process.wait()
    assert (course / ".venv" / environment.MARKER).exists()
    done = set_up(course, offline(entries))
    assert "anew, since the last install was cut off" in done.stdout
    assert done.returncode == 0, done.stderr
    assert tiny_version(course) == "1.0"


@pytest.mark.slow
def test_a_half_unpacked_package_is_repaired(course: Path, entries: dict[str, str]) -> None:
    # What a kill leaves: the package's records are there, a file of it is not.
    (next((course / ".venv").rglob("tiny.py"))).unlink()
    (course / ".venv" / environment.MARKER).write_text("", encoding="utf-8")
    assert tiny_version(course) != "1.0"
    assert set_up(course, offline(entries)).returncode == 0
    assert tiny_version(course) == "1.0"


@pytest.mark.slow
def test_an_environment_without_its_python_is_made_anew(
    course: Path, entries: dict[str, str]
) -> None:
    environment.python_of(course / ".venv").unlink()
    done = set_up(course, offline(entries))
    assert "the Python it was made from is gone" in done.stdout
    assert tiny_version(course) == "1.0"


@pytest.mark.slow
def test_a_moved_course_is_set_up_anew(course: Path, entries: dict[str, str]) -> None:
    moved = course.rename(course.with_name("moved course"))
    try:
        done = set_up(moved, offline(entries))
        assert "it was made in another place" in done.stdout
        assert tiny_version(moved) == "1.0"
    finally:
        moved.rename(course)


@pytest.mark.slow
def test_another_python_makes_the_environment_anew(course: Path, entries: dict[str, str]) -> None:
    for command in bootstrap.supported_pythons():
        other = command.replace(" ", "|")
        version = subprocess.run(
            [*other.split("|"), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
        ).stdout.strip()
        if version != THIS:
            break
    else:
        pytest.skip(f"no supported Python but {THIS} on the PATH")
    done = set_up(course, offline(entries), other)
    assert f"it holds Python {THIS}, and this is Python {version}" in done.stdout
    assert environment.version_of(environment.python_of(course / ".venv")) == version
    assert tiny_version(course) == "1.0"


# --- What stands in the way ---------------------------------------------------------------------


def test_a_file_named_venv_is_refused_and_kept(tmp_path: Path, lock_text: str) -> None:
    course = make_course(tmp_path / "course", lock_text)
    (course / ".venv").write_text("mine", encoding="utf-8")
    done = set_up(course, dict(os.environ))
    assert done.returncode == 1
    assert "is not a folder" in done.stderr
    assert (course / ".venv").read_text(encoding="utf-8") == "mine"


def test_a_foreign_folder_named_venv_is_refused_and_kept(tmp_path: Path, lock_text: str) -> None:
    course = make_course(tmp_path / "course", lock_text)
    (course / ".venv").mkdir()
    (course / ".venv" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = set_up(course, dict(os.environ))
    assert done.returncode == 1
    assert "no virtual environment of ours" in done.stderr
    assert [p.name for p in (course / ".venv").iterdir()] == ["thesis.txt"]


@posix_only
def test_a_set_up_under_way_is_not_disturbed(tmp_path: Path, lock_text: str) -> None:
    course = make_course(tmp_path / "course", lock_text)
    (course / ".venv").mkdir()
    marker = course / ".venv" / environment.MARKER
    marker.write_text(str(os.getpid()), encoding="utf-8")
    done = set_up(course, dict(os.environ))
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert marker.exists()


@posix_only
def test_a_folder_that_cannot_be_written_is_named(lock_text: str) -> None:
    other_user = {} if os.geteuid() else {"user": 65534, "group": 65534, "extra_groups": []}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        course = make_course(Path(folder) / "course", lock_text)
        course.chmod(0o555)
        for python in [str(BASE_PYTHON), *bootstrap.supported_pythons()]:
            try:
                done = set_up(course, {"PATH": os.defpath}, python, **other_user)
            except OSError:
                continue
            if done.returncode != 126:
                break
        else:
            pytest.skip("no Python here that another user than root can start")
        course.chmod(0o755)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Way out: " in done.stderr


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", "")
    (course / "requirements.lock").unlink()
    done = set_up(course, dict(os.environ))
    assert done.returncode == 1
    assert "requirements.lock cannot be read" in done.stderr


def test_a_lock_without_uv_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("tiny==1.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(environment.SetupError, match="pins no uv"):
        environment.locked_entry(lock, "uv")


def test_the_real_lock_pins_uv_with_hashes() -> None:
    version, entry = environment.locked_entry(ROOT / "requirements.lock", "uv")
    assert entry.startswith(f"uv=={version} ")
    assert entry.count("--hash=sha256:") > 5
    assert not entry.rstrip().endswith("\\")


def test_a_stamp_that_is_not_ours_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / environment.STAMP).write_text(json.dumps(["lock"]), encoding="utf-8")
    assert environment.read_stamp(tmp_path) == {}
