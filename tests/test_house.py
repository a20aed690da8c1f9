"""The rules of the house that no linter knows: who imports whom, pins, licences, bytes."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import jupytext
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import ROOT, write
from tools import set_up
from tools.book.course import lecture_sources

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LECTURES = lecture_sources()
BINARY = {".png", ".ico", ".gz", ".bz2", ".npz", ".woff2"}
NEEDS_MAKE = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")

HEAVY = {"keras", "tensorflow", "tensorflow_datasets", "jax", "torch"}


def read(path: Path | str) -> str:
    """Read a text file of the course."""
    return (ROOT / path).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    """The files that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        pytest.skip("not a git clone, so there are no tracked files to look at")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_files() -> list[Path]:
    """The tracked files that hold text."""
    return [path for path in tracked_files() if path.suffix not in BINARY]


def relative(path: Path) -> str:
    """A path for messages."""
    return path.relative_to(ROOT).as_posix()


def requirements(name: str) -> list[Requirement]:
    """The requirements of a file, those it includes among them."""
    found = []
    for line in read(name).splitlines():
        line = line.split(" #")[0].strip()
        if line.startswith("-r "):
            found += requirements(line[3:])
        elif line and not line.startswith("#"):
            found.append(Requirement(line))
    return found


def lecture_code(source: Path) -> ast.Module:
    """The code cells of a lecture as one syntax tree, without magics."""
    cells = [cell.source for cell in jupytext.read(source).cells if cell.cell_type == "code"]
    lines = [line for cell in cells for line in cell.splitlines() if not re.match(r"\s*[%!]", line)]
    return ast.parse("\n".join(lines), filename=source.name)


# --- One direction: lectures -> helpers -> data --------------------------------------------------

# What is declared, by the names one imports: all, and what readers have (requirements.txt).
NAMES = {
    "fonttools": "fontTools",
    "ipython": "IPython",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "pyoxipng": "oxipng",
    "pytest-xdist": "xdist",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "tensorflow-cpu": "tensorflow",
}


def declared(name: str) -> set[str]:
    """What the requirements of a file let one import."""
    return {NAMES.get(r.name, r.name.replace("-", "_")) for r in requirements(name)}


ALL = declared("requirements-dev.txt")
READERS = declared("requirements.txt")
READERS -= {"importlib_resources", "ipykernel", "jupyterlab", "jupytext"}  # Colab has its own
SLIDES = {"markdown_it", "mdit_py_plugins", "myst_nb", "nbformat", "pygments", "selectolax", "yaml"}
ROOMS = {  # what each may import of the course, and of packages
    "lectures": ({"helpers"}, READERS),
    "lectures.claims": ({"helpers", "tools"}, READERS),  # which give to what runs them
    "experiments": ({"experiments", "helpers"}, READERS | {"jax"}),
    "experiments.__main__": ({"tools"}, set()),
    "helpers": ({"helpers"}, READERS),
    "apps": ({"apps", "helpers"}, READERS | {"jinja2", "yaml"}),
    "tools": ({"tools", "helpers"}, ALL),
    "tools.slides": ({"tools"}, SLIDES),  # nothing that could execute a page
    "benchmarks": ({"benchmarks", "helpers"}, ALL | declared("benchmarks/requirements-torch.txt")),
    "tests": ({"tests", "tools", "helpers", "experiments", "apps", "benchmarks"}, ALL),
}
ROOMS["conftest"] = ROOMS["tests"]


def module_name(path: Path) -> str:
    """The name under which a file of the course is imported; of a lecture, its path."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, modules: set[str]) -> set[tuple[str, str]]:
    """Modules that a tree imports, wherever it does, each with the name taken from it (or none)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "write imports out: from helpers.data import ..."
            for name in (alias.name for alias in node.names):
                inner = f"{node.module}.{name}"
                public = name in public_names(node.module)  # before a module of the same name
                found.add((inner, "") if inner in modules and not public else (node.module, name))
    return found


@cache
def import_graph() -> dict[str, set[tuple[str, str]]]:
    """What each module of the course, and each lecture, imports."""
    paths = [path for path in tracked_files() if path.suffix == ".py"]
    modules = {module_name(path) for path in paths}
    graph = {module_name(path): imports(ast.parse(read(path)), modules) for path in paths}
    return graph | {module_name(path): imports(lecture_code(path), modules) for path in LECTURES}


def wrong_ways(graph: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Imports that a room may not have."""
    found = []
    for module, imported in graph.items():
        parts = module.split(".")
        ours, packages = ROOMS.get(".".join(parts[:2])) or ROOMS[parts[0]]
        for top in {name.split(".")[0] for name, _ in imported} - sys.stdlib_module_names - ours:
            if top in ROOMS or top not in packages:
                found.append(f"{module} imports {top}")
    return sorted(found)


def private_imports(graph: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Imports past a room's ``__init__``; tests may, for they look at everything."""
    rooms = {room: names for room in graph if (names := public_names(room))}
    return sorted(
        f"{module} imports {name} {taken}".strip()
        for module, imported in graph.items()
        for name, taken in imported
        for room in rooms
        if (name == room and taken not in rooms[room]) or name.startswith(f"{room}.")
        if module != room and not module.startswith((f"{room}.", "tests.", "conftest"))
    )


@cache
def public_names(room: str) -> list[str]:
    """What a room's ``__init__`` names as public; nothing if it is no room."""
    init = ROOT.joinpath(*room.split("."), "__init__.py")
    found = re.search(r"^__all__ = (\[.*?\])", read(init), re.M | re.S) if init.is_file() else None
    return ast.literal_eval(found[1]) if found else []


def test_imports_go_one_way() -> None:
    assert wrong_ways(import_graph()) == []


def test_no_modules_import_each_other() -> None:
    graph = {module: {name for name, _ in names} for module, names in import_graph().items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_a_room_is_entered_through_its_init_alone() -> None:
    assert private_imports(import_graph()) == []


@pytest.mark.parametrize("room", ["data", "plots", "widgets"])
def test_a_room_of_the_helpers_names_what_others_may_use(room: str) -> None:
    tree = ast.parse(read(f"helpers/{room}/__init__.py"))
    given = [a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names]
    assert sorted(given) == sorted(public_names(f"helpers.{room}")) != []


WRONG = [
    (wrong_ways, "helpers.new", "tools.book.course"),
    (wrong_ways, "lectures.01-new", "apps"),
    (wrong_ways, "lectures.claims.new", "experiments"),
    (wrong_ways, "experiments.new", "tools"),
    (wrong_ways, "tools.new", "benchmarks.speed"),
    (wrong_ways, "tools.new", "bs4"),
    (wrong_ways, "tests.new", "torch"),
    (wrong_ways, "tools.slides.new", "helpers.data"),
    (wrong_ways, "tools.slides.new", "keras"),
    (wrong_ways, "helpers.new", "dash"),
    (private_imports, "lectures.01-new", "helpers.data.loading"),
    (private_imports, "helpers.record", "helpers.plots"),
]


@pytest.mark.parametrize(("search", "module", "name"), WRONG)
def test_the_searches_find_a_wrong_import(search: Callable, module: str, name: str) -> None:
    assert len(search({"helpers.plots": set(), "helpers.data": set(), module: {(name, "_x")}})) == 1


def test_helpers_load_no_framework_when_imported() -> None:
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        top = [node for node in ast.parse(read(path)).body if "Import" in type(node).__name__]
        loaded = {name.split(".")[0] for name, _ in imports(ast.Module(top, []), set())}
        assert not loaded & HEAVY, relative(path)


@pytest.mark.parametrize("name", ["set_up", "book/new_lecture"])
def test_what_runs_before_the_install_needs_nothing(name: str) -> None:
    tops = {name.split(".")[0] for name, _ in imports(ast.parse(read(f"tools/{name}.py")), set())}
    assert tops - set(sys.stdlib_module_names) <= {"__future__", "tools"}


def test_no_lecture_holds_text_of_the_template() -> None:
    assert [relative(source) for source in LECTURES if "REPLACE" in read(source)] == []


def opens_without_encoding(tree: ast.AST) -> list[int]:
    """Lines that read or write text in whatever encoding the system prefers.

    Looks at `open(...)`, at the methods `read_text` and `write_text`, and at a method `open` that
    is called as `Path.open` is: with a mode or with nothing.
    """
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        values = [getattr(value, "value", "") for value in [*call.args, given.get("mode")]]
        modes = [v for v in values if isinstance(v, str) and re.fullmatch("[rwxabt+]{1,3}", v)]
        bare = not call.args and given.keys() <= {"errors", "newline"}
        plain = isinstance(call.func, ast.Name) or modes or bare
        if name in {"read_text", "write_text"}:
            plain = len(call.args) < 2  # with two, it is a function of a module
        elif name != "open" or any("b" in mode for mode in modes):
            continue
        if plain and "encoding" not in given:
            found.append(call.lineno)
    return found


WITHOUT = [
    "open('x')",
    "open('x', 'w')",
    "p.open()",
    "p.open('a')",
    "p.open(mode='w')",
    "p.write_text('x')",
]
WITH = [
    "open('x', 'rb')",
    "p.open('wb')",
    "p.open(mode='rb')",
    "Image.open(file)",
    "tarfile.open(fileobj=x)",
    "p.read_text(encoding='u8')",
]


@pytest.mark.parametrize(("line", "lines"), [(x, [1]) for x in WITHOUT] + [(x, []) for x in WITH])
def test_the_search_for_missing_encodings_finds_them(line: str, lines: list[int]) -> None:
    assert opens_without_encoding(ast.parse(line)) == lines


def test_text_is_read_and_written_as_utf_8() -> None:
    for path in tracked_files():
        if path.suffix == ".py" and not relative(path).startswith("tests/"):
            assert opens_without_encoding(ast.parse(read(path))) == [], relative(path)


# --- The lock and the ranges ---------------------------------------------------------------------


def locked() -> dict[str, set[str]]:
    """Versions that the lock pins, by package; more than one where they fork."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", read("requirements.lock"), re.M):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def test_the_lock_keeps_the_ranges() -> None:
    versions = locked()
    for requirement in requirements("requirements-dev.txt"):
        pinned = versions.get(canonicalize_name(requirement.name), set())
        fits = [requirement.specifier.contains(version) for version in pinned]
        assert fits and all(fits), f"requirements.lock: {requirement} has {pinned}: make lock"


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", read("requirements.lock"), flags=re.M)[1:]
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []
    assert len(entries) > 100


def test_readers_get_a_range_with_both_ends() -> None:
    for requirement in requirements("requirements.txt"):
        operators = {specifier.operator for specifier in requirement.specifier}
        operators |= {"<"} if requirement.name == "importlib_resources" else set()
        assert {">=", "<"} <= operators, requirement


def test_all_places_agree_on_the_pythons() -> None:
    matrix = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["test"]["strategy"]
    span = range(set_up.OLDEST[1], set_up.NEWEST[1] + 1)
    assert matrix["matrix"]["python"] == [f"3.{minor}" for minor in span]
    assert sorted({*re.findall(r"python(3\.\d+) ", read("Makefile"))}) == matrix["matrix"]["python"]
    oldest = f"3.{set_up.OLDEST[1]}"
    assert f"--python-version {oldest}" in read("requirements.lock").splitlines()[1]
    ruff = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]
    assert ruff["target-version"] == f"py{oldest.replace('.', '')}"


# --- make ----------------------------------------------------------------------------------------


def run_make(*arguments: str, folder: Path = ROOT) -> str:
    """Run make as from a terminal, even when these tests run under make; return its output."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", *arguments], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_targets() -> dict[str, str]:
    """The Makefile's targets for people, with their help."""
    return dict(re.findall(r"^([a-z-]+):[^\n#=]*## (.+)$", read("Makefile"), re.MULTILINE))


def test_the_contract_names_are_there_and_every_target_has_help() -> None:
    contract = {"book", "test", "notebooks", "lab", "app", "full", "bench", "clean", "help"}
    targets = set(re.findall(r"^([a-z-]+):(?!=)", read("Makefile"), re.MULTILINE))
    assert contract <= targets == set(make_targets())


@NEEDS_MAKE
def test_make_help_lists_every_target_and_each_command_sets_up_first() -> None:
    listed = set(re.findall(r"^  make ([a-z-]+) ", run_make("help"), re.MULTILINE))
    assert listed == set(make_targets())
    for target in listed - {"help", "clean", "distclean"}:
        assert "tools/set_up.py" in run_make("-n", target).splitlines()[0], target


@NEEDS_MAKE
def test_clean_deletes_the_built_book_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for folder in ("_build/html", ".venv", "lectures"):
        (tmp_path / folder).mkdir(parents=True)
    run_make("clean", folder=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"Makefile", ".venv", "lectures"}


def commands_in_code(path: Path) -> set[str]:
    """The make targets in a document's code spans and blocks, or in a workflow's commands."""
    text = read(path)
    if path.suffix == ".md":
        code = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        code += re.findall(r"`([^`\n]+)`", text)
    else:
        jobs = yaml.safe_load(text)["jobs"].values()
        code = [step.get("run", "") for job in jobs for step in job.get("steps", [])]
    command = r"(?:^|[;&|]) *(?:\w+=\S+ )*make ([a-z][a-z-]*)"
    return set(re.findall(command, "\n".join(code), re.MULTILINE))


def test_only_targets_that_exist_are_named() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md"]
    named = {relative(path): commands_in_code(path) for path in [*documents, *WORKFLOWS]}
    known = set(make_targets())
    assert {name: targets for name, targets in named.items() if targets - known} == {}


def test_the_search_for_targets_reads_code_spans_and_blocks(tmp_path: Path) -> None:
    path, block = tmp_path / "page.md", "```\nX=1 make two\n```"
    write(path, f"Leaks make bad models. `make one`\n\n{block}\n`CI=1 make three A=b`\n")
    assert commands_in_code(path) == {"one", "two", "three"}


# --- Workflows -----------------------------------------------------------------------------------


def test_every_action_is_pinned_by_one_hash_with_its_version() -> None:
    assert [path.name for path in WORKFLOWS] == ["publish.yml", "test.yml", "weekly.yml"]
    text = "\n".join(map(read, WORKFLOWS))
    uses = set(re.findall(r"^\s*-?\s*uses:\s*(.+)$", text, re.MULTILINE))
    ours = {use for use in uses if re.fullmatch(r"\./\.github/workflows/[\w-]+\.yml", use)}
    pinned = [re.fullmatch(r"([\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses - ours]
    assert pinned and all(pinned), uses
    names = [pin[1] for pin in pinned]
    assert len(names) == len(set(names)), "an action has two pins"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_a_workflow_reads_only_ends_does_not_pile_up_and_keeps_no_credentials(path: Path) -> None:
    workflow = yaml.safe_load(read(path))
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    wider = {name: job["permissions"] for name, job in jobs.items() if "permissions" in job}
    deploys = {"deploy": {"pages": "write", "id-token": "write"}}
    assert wider == (deploys if path.name == "publish.yml" else {})
    assert "group" in workflow["concurrency"]
    assert all(job["timeout-minutes"] <= 120 for job in jobs.values() if "steps" in job)
    for step in (step for job in jobs.values() for step in job.get("steps", [])):
        assert "${{" not in step.get("run", ""), "an expression pasted into a script"
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_dependabot_watches_actions_and_packages() -> None:
    updates = yaml.safe_load(read(".github/dependabot.yml"))["updates"]
    assert {u["package-ecosystem"] for u in updates} == {"github-actions", "pip"}
    assert {u["schedule"]["interval"] for u in updates} == {"weekly"}


@pytest.mark.skipif(os.name == "nt", reason="needs bash and POSIX file modes")
def test_the_script_of_the_build_machine_can_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script]).returncode == 0


# --- Licences and citation -----------------------------------------------------------------------


def test_code_is_bsd_3_clause_and_text_is_cc_by_4() -> None:
    assert read("LICENSE").startswith("BSD 3-Clause License")
    assert len(re.findall(r"^\d\. ", read("LICENSE"), re.MULTILINE)) == 3
    assert "SPDX-License-Identifier: CC-BY-4.0" in read("LICENSE-TEXT")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in read("LICENSE-TEXT")


def test_the_citation_is_whole_and_gives_the_address_of_the_settings() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == ["BSD-3-Clause", "CC-BY-4.0"]
    assert citation["references"][0]["authors"][0]["family-names"] == "Simchoni"
    assert citation["repository-code"] == yaml.safe_load(read("_config.yml"))["repository"]["url"]


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert re.search(r"^## \[Unreleased\]$", read("CHANGELOG.md"), re.MULTILINE)


# --- Bytes and traces ----------------------------------------------------------------------------


def test_text_files_are_utf_8_with_unix_line_ends_and_no_byte_order_mark() -> None:
    wrong = []
    for path in text_files():
        content = path.read_bytes()
        content.decode("utf-8")
        ours = not relative(path).startswith("data/")  # other people's files keep their last byte
        unfinished = ours and content and not content.endswith(b"\n")
        if b"\r" in content or content.startswith(b"\xef\xbb\xbf") or unfinished:
            wrong.append(relative(path))
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        "data/any.csv: text: unset",
        "data/results/any.json: text: unset",
        "lectures/any.ipynb: eol: lf",
        "requirements.lock: eol: lf",
        "requirements.lock: linguist-generated: set",
        "tools/book/build.py: eol: lf",
    ],
)
def test_git_keeps_bytes_equal_on_every_system(line: str) -> None:
    tracked_files()  # skips outside a clone
    path, attribute, _ = line.split(": ")
    done = subprocess.run(["git", "check-attr", attribute, path], cwd=ROOT, capture_output=True)
    assert done.stdout.decode().strip() == line


# With a letter in brackets here and there, so that this file does not hold what it forbids.
TRACES = {
    "host of a package registry": r"\b(?:p[y]pi\.org|p[y]thonhosted\.org|registry\.n[p]mjs\.org"
    r"|conda\.a[n]aconda\.org|deb\.d[e]bian\.org|cran\.[r]-project\.org)",
    "path of one machine": r"(?<![\w./:])/(?:[r]oot|[w]ork|[h]ome/\w+|[U]sers/\w+)/",
    "path of one Windows machine": r"[A-Z]:\\+[U]sers\\+\w",
}


def traces(text: str) -> list[str]:
    """Kinds of traces in a text."""
    return [kind for kind, pattern in TRACES.items() if re.search(pattern, text)]


def test_no_trace_of_a_machine_or_registry() -> None:
    texts = {relative(path): path.read_text(encoding="utf-8") for path in text_files()}
    assert {name: kinds for name, text in texts.items() if (kinds := traces(text))} == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://py" + "pi.org/simple", 0),
        ('File "/ho' + 'me/anna/course/x.py"', 1),
        ("in /wo" + "rk/main", 1),
        ("C:\\Us" + "ers\\anna", 2),
    ],
)
def test_the_search_for_traces_finds_them(text: str, number: int) -> None:
    assert traces(text) == [list(TRACES)[number]]


def test_no_third_party_code_is_committed() -> None:
    names = r"mathjax|jquery|thebe|require(\.min)?\.js|node_modules|bootstrap\.(min\.)?(css|js)|axe"
    for path in tracked_files():
        assert path.suffix not in {".whl", ".zip", ".jar", ".wasm", ".map"}, relative(path)
        assert ".min." not in path.name, relative(path)
        assert not re.search(names, relative(path)), relative(path)
        if path.suffix in {".js", ".css"}:
            longest = max(map(len, read(path).splitlines()), default=0)
            assert longest < 1000, f"{relative(path)} looks minified: {longest} characters a line"


def test_no_file_is_too_heavy_for_git() -> None:
    heavy = {relative(p): p.stat().st_size for p in tracked_files() if p.stat().st_size > 3_000_000}
    assert heavy == {}


def test_binder_installs_what_readers_install() -> None:
    assert read(".binder/requirements.txt") == "-r ../requirements.txt\n"
    version = re.fullmatch(r"python-(\d+)\.(\d+)\n", read(".binder/runtime.txt"))
    assert version is not None
    assert set_up.OLDEST <= tuple(int(part) for part in version.groups()) <= set_up.NEWEST


def test_what_the_guide_for_contributors_names_exists() -> None:
    spans = re.findall(
        r"`([\w.-]+/[\w./-]*|[A-Z_a-z.-]+\.(?:yml|toml|md|lock|txt))`", read("CONTRIBUTING.md")
    )
    assert spans
    named = [span for span in spans if not re.search("tagging|NAME|SLUG", span)]
    assert [span for span in named if not (ROOT / span).exists()] == []
