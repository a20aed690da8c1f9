"""The rules of the house that no linter knows: who imports whom, pins, licences, bytes."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import jupytext
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import set_up

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LECTURES = sorted((ROOT / "lectures").glob("[0-9][0-9]-*.md"))
BINARY = {".png", ".ico", ".gz", ".npz", ".woff2"}
NEEDS_MAKE = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")

# What Colab and requirements.txt give to readers, by the names one imports.
READERS = {
    "IPython",
    "keras",
    "matplotlib",
    "numpy",
    "pandas",
    "pooch",
    "requests",  # comes with pooch
    "scipy",  # comes with scikit-learn
    "sklearn",
    "statsmodels",
    "tensorflow",
    "tensorflow_datasets",
    "tokenizers",
    "tqdm",
    "urllib3",  # comes with requests
}
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


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of the modules that a syntax tree imports, wherever it does."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def lecture_code(source: Path) -> ast.Module:
    """The code cells of a lecture as one syntax tree, without magics."""
    cells = [cell.source for cell in jupytext.read(source).cells if cell.cell_type == "code"]
    lines = [line for cell in cells for line in cell.splitlines() if not re.match(r"\s*[%!]", line)]
    return ast.parse("\n".join(lines), filename=source.name)


# --- One direction: lectures -> helpers -> data --------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "helpers").rglob("*.py")), ids=relative)
def test_helpers_import_only_what_readers_have(path: Path) -> None:
    others = imported(ast.parse(read(path))) - set(sys.stdlib_module_names) - READERS
    assert others <= {"helpers"}


@pytest.mark.parametrize("path", sorted((ROOT / "helpers").rglob("*.py")), ids=relative)
def test_helpers_load_no_framework_when_imported(path: Path) -> None:
    top = ast.Module([n for n in ast.parse(read(path)).body if "Import" in type(n).__name__], [])
    assert not imported(top) & HEAVY


@pytest.mark.parametrize("source", LECTURES, ids=relative)
def test_lectures_import_only_helpers_and_what_readers_have(source: Path) -> None:
    others = imported(lecture_code(source)) - set(sys.stdlib_module_names) - READERS
    assert others <= {"helpers"}


@pytest.mark.parametrize("path", sorted((ROOT / "apps").rglob("*.py")), ids=relative)
def test_the_app_imports_only_helpers_readers_packages_and_its_own(path: Path) -> None:
    others = imported(ast.parse(read(path))) - set(sys.stdlib_module_names) - READERS
    assert others <= {"apps", "helpers", "dash", "flask", "waitress", "werkzeug", "yaml"}


def test_only_tests_and_benchmarks_import_the_app() -> None:
    importing = {
        relative(path).split("/")[0]
        for path in tracked_files()
        if path.suffix == ".py" and "apps" in imported(ast.parse(read(path)))
    }
    assert importing <= {"apps", "benchmarks", "tests"}


@pytest.mark.parametrize("name", ["set_up", "book/new_lecture"])
def test_what_runs_before_the_install_needs_nothing(name: str) -> None:
    tree = ast.parse(read(f"tools/{name}.py"))
    assert imported(tree) - set(sys.stdlib_module_names) <= {"__future__", "tools"}


@pytest.mark.parametrize("source", LECTURES, ids=relative)
def test_no_lecture_holds_text_of_the_template(source: Path) -> None:
    assert "REPLACE" not in read(source)


def opens_without_encoding(tree: ast.AST) -> list[int]:
    """Lines that read or write text in whatever encoding the system prefers.

    Looks at `open(...)`, at the methods `read_text` and `write_text`, and at a method `open` that
    is called as `Path.open` is: with a mode or with nothing.
    """
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        values = [getattr(argument, "value", None) for argument in node.args]
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            mode = getattr(given.get("mode"), "value", None) or (values + [None, None])[1] or "r"
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "open":
            mode = getattr(given.get("mode"), "value", None) or (values + ["r"])[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in {"read_text", "write_text"}:
            mode = "r" if len(values) < 2 else None  # with two, it is a function of a module
        else:
            continue
        is_text = isinstance(mode, str) and re.fullmatch(r"[rwxat+]{1,3}", mode)
        if is_text and "encoding" not in given:
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    "line",
    ["open('x')", "open('x', 'w')", "path.open()", "path.open('a')", "path.write_text('x')"],
)
def test_the_search_for_missing_encodings_finds_them(line: str) -> None:
    assert opens_without_encoding(ast.parse(line)) == [1]


@pytest.mark.parametrize(
    "line",
    ["open('x', 'rb')", "path.open('wb')", "Image.open(file)", "path.read_text(encoding='utf-8')"],
)
def test_the_search_for_missing_encodings_leaves_the_rest(line: str) -> None:
    assert opens_without_encoding(ast.parse(line)) == []


@pytest.mark.parametrize("folder", ["helpers", "tools", "benchmarks", "apps"])
def test_text_is_read_and_written_as_utf_8(folder: str) -> None:
    found = {
        relative(path): lines
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := opens_without_encoding(ast.parse(read(path))))
    }
    assert found == {}


# --- The lock and the ranges ---------------------------------------------------------------------


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


def locked() -> dict[str, set[str]]:
    """Versions that the lock pins, by package; more than one where they fork."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", read("requirements.lock"), re.M):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize("requirement", requirements("requirements-dev.txt"), ids=lambda r: r.name)
def test_the_lock_keeps_the_ranges(requirement: Requirement) -> None:
    versions = locked().get(canonicalize_name(requirement.name), set())
    assert versions, f"{requirement.name} is not in requirements.lock: make lock"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", read("requirements.lock"), flags=re.M)[1:]
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []
    assert len(entries) > 100


@pytest.mark.parametrize("requirement", requirements("requirements.txt"), ids=lambda r: r.name)
def test_readers_get_a_range_with_both_ends(requirement: Requirement) -> None:
    operators = {specifier.operator for specifier in requirement.specifier}
    assert ">=" in operators
    assert "<" in operators or requirement.name == "importlib_resources"


def test_all_places_agree_on_the_pythons() -> None:
    matrix = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["test"]["strategy"]
    span = range(set_up.OLDEST[1], set_up.NEWEST[1] + 1)
    assert matrix["matrix"]["python"] == [f"3.{minor}" for minor in span]
    assert (
        sorted(set(re.findall(r"python(3\.\d+) ", read("Makefile")))) == matrix["matrix"]["python"]
    )
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
    return dict(re.findall(r"^([a-z]+):[^\n#=]*## (.+)$", read("Makefile"), re.MULTILINE))


def test_the_contract_names_are_there() -> None:
    assert {"book", "test", "notebooks", "lab", "app", "full", "bench", "clean", "help"} <= set(
        make_targets()
    )


def test_every_target_has_help() -> None:
    targets = set(re.findall(r"^([a-z-]+):(?!=)", read("Makefile"), re.MULTILINE))
    assert targets == set(make_targets())


@NEEDS_MAKE
def test_make_help_lists_every_target() -> None:
    listed = set(re.findall(r"^  make ([a-z]+) ", run_make("help"), re.MULTILINE))
    assert listed == set(make_targets())


@NEEDS_MAKE
@pytest.mark.parametrize(
    "target", ["book", "test", "notebooks", "lab", "app", "full", "bench", "lint", "data"]
)
def test_every_command_sets_up_first(target: str) -> None:
    assert "tools/set_up.py" in run_make("-n", target).splitlines()[0]


@NEEDS_MAKE
def test_clean_deletes_the_built_book_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for folder in ("_build/html", ".venv", "lectures"):
        (tmp_path / folder).mkdir(parents=True)
    run_make("clean", folder=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"Makefile", ".venv", "lectures"}


def code_of(text: str) -> list[str]:
    """Code spans and code blocks of a Markdown text."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", rest)


def test_only_targets_that_exist_are_named() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md"]
    named = {
        relative(path): unknown
        for path in [*documents, *WORKFLOWS]
        if (unknown := commands_in_code(path) - set(make_targets()))
    }
    assert named == {}


def test_the_search_for_targets_reads_code_spans_and_blocks(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(
        "Leaks make bad models. `make one`\n\n```\nX=1 make two\n```\n`CI=1 make three A=b`\n",
        encoding="utf-8",
    )
    assert commands_in_code(path) == {"one", "two", "three"}


def commands_in_code(path: Path) -> set[str]:
    """The make targets in a document's code, or in a workflow's commands."""
    if path.suffix == ".md":
        code = "\n".join(code_of(read(path)))
    else:
        jobs = yaml.safe_load(read(path))["jobs"].values()
        code = "\n".join(step.get("run", "") for job in jobs for step in job.get("steps", []))
    return set(re.findall(r"(?:^|[;&|]) *(?:\w+=\S+ )*make ([a-z][a-z-]*)", code, re.MULTILINE))


# --- Workflows -----------------------------------------------------------------------------------


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["publish.yml", "test.yml", "weekly.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_every_action_is_pinned_by_hash_with_its_version(path: Path) -> None:
    uses = re.findall(r"^\s*-?\s*uses:\s*(.+)$", read(path), re.MULTILINE)
    assert uses
    wrong = [
        use
        for use in uses
        if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)
        and not re.fullmatch(r"\./\.github/workflows/[\w-]+\.yml", use)
    ]
    assert wrong == []


def test_an_action_has_one_pin_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(r"uses:\s*([\w.-]+/[\w.-]+)@(.+)$", read(path), re.MULTILINE):
            pins.setdefault(action, set()).add(pin)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_workflows_may_only_read(path: Path) -> None:
    workflow = yaml.safe_load(read(path))
    assert workflow["permissions"] == {"contents": "read"}
    wider = {
        name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job
    }
    deploys = {"deploy": {"pages": "write", "id-token": "write"}}
    assert wider == (deploys if path.name == "publish.yml" else {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_workflows_end_and_do_not_pile_up(path: Path) -> None:
    workflow = yaml.safe_load(read(path))
    assert "group" in workflow["concurrency"]
    own = [job for job in workflow["jobs"].values() if "steps" in job]
    assert all(job["timeout-minutes"] <= 120 for job in own)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_checkouts_keep_no_credentials(path: Path) -> None:
    for job in yaml.safe_load(read(path))["jobs"].values():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_no_expression_is_pasted_into_a_script(path: Path) -> None:
    for job in yaml.safe_load(read(path))["jobs"].values():
        for step in job.get("steps", []):
            assert "${{" not in step.get("run", "")


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


def test_code_is_bsd_3_clause() -> None:
    text = read("LICENSE")
    assert text.startswith("BSD 3-Clause License")
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 3


def test_text_is_cc_by_4() -> None:
    text = read("LICENSE-TEXT")
    assert "SPDX-License-Identifier: CC-BY-4.0" in text
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text


def test_the_citation_is_whole() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == ["BSD-3-Clause", "CC-BY-4.0"]
    assert citation["references"][0]["authors"][0]["family-names"] == "Simchoni"


def test_the_citation_gives_the_address_of_the_settings() -> None:
    config = yaml.safe_load(read("_config.yml"))
    assert yaml.safe_load(read("CITATION.cff"))["repository-code"] == config["repository"]["url"]


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert re.search(r"^## \[Unreleased\]$", read("CHANGELOG.md"), re.MULTILINE)


# --- Bytes and traces ----------------------------------------------------------------------------


def test_text_files_have_unix_line_ends_and_no_byte_order_mark() -> None:
    wrong = []
    for path in text_files():
        content = path.read_bytes()
        ours = not relative(path).startswith("data/")  # other people's files keep their last byte
        unfinished = ours and content and not content.endswith(b"\n")
        if b"\r" in content or content.startswith(b"\xef\xbb\xbf") or unfinished:
            wrong.append(relative(path))
    assert wrong == []


def test_text_files_are_utf_8() -> None:
    for path in text_files():
        path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        ("data/any.csv", "text", "unset"),
        ("data/results/any.json", "text", "unset"),
        ("lectures/any.ipynb", "eol", "lf"),
        ("requirements.lock", "eol", "lf"),
        ("requirements.lock", "linguist-generated", "set"),
        ("tools/book/build.py", "eol", "lf"),
    ],
)
def test_git_keeps_bytes_equal_on_every_system(path: str, attribute: str, value: str) -> None:
    tracked_files()  # skips outside a clone
    command = ["git", "check-attr", attribute, "--", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == f"{path}: {attribute}: {value}"


# With a letter in brackets here and there, so that this file does not hold what it forbids.
TRACES = {
    "host of a package registry": r"\b(?:p[y]pi\.org|p[y]thonhosted\.org|registry\.n[p]mjs\.org"
    r"|conda\.a[n]aconda\.org|deb\.d[e]bian\.org|cran\.[r]-project\.org)",
    "path of one machine": r"(?<![\w./:])/(?:[r]oot|[w]ork|[h]ome/\w+|[U]sers/\w+)/",
    "path of one Windows machine": r"[A-Z]:\\+[U]sers\\+\w",
}


@pytest.mark.parametrize("kind", TRACES)
def test_no_trace_of_a_machine_or_registry(kind: str) -> None:
    found = {
        relative(path): hits
        for path in text_files()
        if (hits := re.findall(TRACES[kind], path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("host of a package registry", "https://py" + "pi.org/simple"),
        ("path of one machine", 'File "/ho' + 'me/anna/course/x.py"'),
        ("path of one machine", "in /wo" + "rk/main"),
        ("path of one Windows machine", "C:\\Us" + "ers\\anna"),
    ],
)
def test_the_search_for_traces_finds_them(kind: str, text: str) -> None:
    assert re.search(TRACES[kind], text)


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
    assert [span for span in spans if "NN" not in span and not (ROOT / span).exists()] == []
