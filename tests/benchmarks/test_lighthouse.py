"""What is read from Lighthouse's reports and told of them. Lighthouse itself is not run here."""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path

import pytest

from benchmarks import lighthouse

SITE_MAP = """<?xml version='1.0' encoding='utf-8'?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>"""


def a_report(performance: float = 0.9, size: int = 200_000, **more: object) -> dict:
    """A report with what Lighthouse 12 writes, as far as it is read."""
    scores = dict.fromkeys(lighthouse.CATEGORIES, 1) | {"performance": performance}
    return {
        "lighthouseVersion": "12.8.2",
        "environment": {
            "benchmarkIndex": 1000.4,
            "hostUserAgent": "Mozilla/5.0 HeadlessChrome/156.0.0.0 Safari/537.36",
        },
        "categories": {name: {"score": score} for name, score in scores.items()},
        "audits": {
            "total-byte-weight": {"numericValue": size},
            "cumulative-layout-shift": {"numericValue": 0.01234},
            "network-requests": {
                "details": {
                    "items": [
                        {"url": "http://127.0.0.1:1/intro.html"},
                        {"url": "http://127.0.0.1:1/a.css"},
                        {"url": "data:image/svg+xml,"},
                    ]
                }
            },
        },
        **more,
    }


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built book of which only the site map is there."""
    names = ["glossary", "intro", "lectures/02-b", "lectures/01-a"]
    places = (f"<url><loc>https://a.github.io/book/{name}.html</loc></url>" for name in names)
    (tmp_path / "sitemap.xml").write_text(SITE_MAP.format("".join(places)), encoding="utf-8")
    return tmp_path


# -- reports --------------------------------------------------------------------------------------


def test_a_report_gives_scores_bytes_requests_and_shift() -> None:
    assert lighthouse.read_report(a_report(0.87), "intro") == {
        "performance": 87,
        "accessibility": 100,
        "best-practices": 100,
        "seo": 100,
        "bytes": 200_000,
        "requests": 2,
        "layout_shift": 0.012,
    }


def test_a_page_that_did_not_load_is_named_with_the_reason() -> None:
    error = {"code": "NO_FCP", "message": "The page did not paint any content."}
    with pytest.raises(SystemExit, match=r"lost \(mobile\): The page did not paint"):
        lighthouse.read_report(a_report(runtimeError=error), "lost (mobile)")


def test_a_score_that_is_missing_is_named_with_the_audit_that_broke() -> None:
    broken = a_report()
    broken["categories"]["seo"]["score"] = None
    broken["audits"]["canonical"] = {"errorMessage": "Required gatherer failed."}
    with pytest.raises(SystemExit, match="seo of intro.*canonical: Required gatherer failed"):
        lighthouse.read_report(broken, "intro")


def test_rounds_are_summed_up_by_medians() -> None:
    slow = a_report(0.5, 300_000)
    slow["environment"]["benchmarkIndex"] = 400
    results = lighthouse.summarize(
        {
            ("intro", "desktop"): [a_report(1), slow, a_report(0.98)],
            ("intro", "mobile"): [a_report(0.7)] * 3,
        }
    )
    assert results["pages"]["intro"]["desktop"]["performance"] == 98
    assert results["pages"]["intro"]["desktop"]["bytes"] == 200_000
    assert results["pages"]["intro"]["mobile"]["performance"] == 70
    assert results["benchmark_index"] == {"median": 1000, "low": 400, "high": 1000}
    assert results["versions"] == {"lighthouse": "12.8.2", "chromium": "156"}


# -- running --------------------------------------------------------------------------------------


def test_pages_and_their_folder_come_from_the_site_map_in_the_order_of_the_book(
    built: Path,
) -> None:
    pages = ["intro", "lectures/01-a", "lectures/02-b", "glossary"]
    assert lighthouse.contents(built) == ("/book/", pages)


def test_without_a_built_book_one_is_told_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="sitemap.xml does not exist. Run make book first"):
        lighthouse.measure_pages(tmp_path)


def test_without_node_one_is_told_to_install_it(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="no npx here: install Node"):
        lighthouse.measure_pages(built)


def put_npx(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a script of Python stand where Node's npx would."""
    folder.mkdir()
    npx = folder / "npx"
    npx.write_text(f"#!{sys.executable}\nimport json, sys\n{script}", encoding="utf-8")
    npx.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


needs_posix = pytest.mark.skipif(os.name == "nt", reason="a script stands for npx")


@needs_posix
def test_when_lighthouse_does_not_start_one_reads_what_it_said(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_npx(tmp_path / "bin", "sys.exit('npm error network')", monkeypatch)
    with pytest.raises(SystemExit, match="(?s)the network. It says:.*npm error network"):
        lighthouse.measure_pages(built)


@needs_posix
def test_when_a_page_fails_one_reads_which_and_why(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "if '--version' not in sys.argv: sys.exit('no Chrome found')"
    put_npx(tmp_path / "bin", script, monkeypatch)
    monkeypatch.setattr(lighthouse, "REPORTS", tmp_path / "reports")
    with pytest.raises(
        SystemExit, match=r"(?s)/book/intro.html \(desktop\).*CHROME_PATH.*no Chrome"
    ):
        lighthouse.measure_pages(built)


@needs_posix
def test_each_round_loads_every_page_in_both_forms_from_a_server(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built / "404.html").write_text("x" * 1000, encoding="utf-8")
    for name in ("intro", "glossary", "lectures/01-a", "lectures/02-b"):
        (built / f"{name}.html").parent.mkdir(exist_ok=True)
        (built / f"{name}.html").write_text(name * 10, encoding="utf-8")
    script = f"""
from urllib.request import urlopen
if '--version' in sys.argv: sys.exit()
report = {a_report()!r}
report['audits']['total-byte-weight']['numericValue'] = len(urlopen(sys.argv[3]).read())
report['categories']['performance']['score'] = 0.9 if '--preset=desktop' in sys.argv else 0.4
target = next(a.partition('=')[2] for a in sys.argv if a.startswith('--output-path='))
open(target, 'w').write(json.dumps(report))
"""
    put_npx(tmp_path / "bin", script, monkeypatch)
    monkeypatch.setattr(lighthouse, "REPORTS", tmp_path / "reports")
    results = lighthouse.measure_pages(built, rounds=2)
    assert results["rounds"] == 2 and len(list((tmp_path / "reports").iterdir())) == 16
    for name, forms in results["pages"].items():
        assert forms["desktop"]["bytes"] == forms["mobile"]["bytes"] == len(name) * 10
        assert [forms[form]["performance"] for form in ("desktop", "mobile")] == [90, 40]


# -- what is told ---------------------------------------------------------------------------------


def some_results() -> dict:
    """Results of two pages, the second with faults."""
    good = lighthouse.read_report(a_report(1), "good")
    bad = good | {"performance": 55, "seo": 92, "bytes": 1_234_567, "requests": 7}
    return {
        "made": "2026-11-26",
        "shared_machine": False,
        "machine": {"system": "Linux", "processor": "P", "cores": 2},
        "rounds": 3,
        "versions": {"lighthouse": "12.8.2", "chromium": "156"},
        "benchmark_index": {"median": 1500, "low": 900, "high": 1900},
        "pages": {
            "intro": {"desktop": good, "mobile": copy.deepcopy(good)},
            "lectures/01-a": {"desktop": good, "mobile": bad},
        },
    }


def test_the_table_has_a_row_for_each_page_with_the_worse_of_its_two_forms() -> None:
    lines = lighthouse.told(some_results()).splitlines()
    assert lines[2] == "| intro | 100 | 100 | 100 | 100 | 100 | 200 | 2 |"
    assert lines[3] == "| lectures/01-a | 100 | 55 | 100 | 100 | 92 | 1,235 | 7 |"
    assert {line.count("|") for line in lines[:4]} == {9}


def test_the_paragraph_says_on_what_it_was_measured() -> None:
    text = lighthouse.told(some_results())
    assert "medians of 3 rounds" in text and "Lighthouse 12.8.2, Chromium 156" in text
    assert "of 1,500 at the median (900 to 1,900)" in text and "2 cores" in text
    assert "Others used" not in text
    assert "Others used" in lighthouse.told(some_results() | {"shared_machine": True})
