"""Measure the pages of the built book with Lighthouse, as a desktop and as a phone would load them.

Lighthouse needs Node and a Chromium or Chrome. The pages come from a server on this machine that
compresses text, as GitHub Pages does. A round goes through all pages; medians are taken over
rounds. ``make bench TABLE=lighthouse`` starts it and writes ``lighthouse.json`` and ``.md``; the
whole reports stay in ``_build/bench``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from benchmarks.machine import ROOT, head, shared_note, table, taken, write_results
from benchmarks.site import serving

LIGHTHOUSE = "lighthouse@12.8.2"  # 13 wants Node 22
FORMS = {"desktop": ["--preset=desktop"], "mobile": []}
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
BOOK = ROOT / "_build" / "html"
REPORTS = ROOT / "_build" / "bench" / "lighthouse"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def measure_pages(book: Path = BOOK, rounds: int = 3) -> dict[str, Any]:
    """Run Lighthouse on every page of a built book.

    Parameters
    ----------
    book : Path
        The folder of the built book.
    rounds : int
        How often each page is loaded in each form.

    Returns
    -------
    dict
        ``rounds``; ``versions`` of Lighthouse and the browser; ``benchmark_index``, Lighthouse's
        measure of the machine's speed: lowest, median and highest; and ``pages``: page -> form ->
        scores (0 to 100), ``bytes``, ``requests``, ``layout_shift``.

    Raises
    ------
    SystemExit
        If Node, Lighthouse or the book is missing, or a page cannot be measured; says what to do.
    """
    prefix, pages = contents(book)
    command = lighthouse_command()
    shutil.rmtree(REPORTS, ignore_errors=True)
    reports: dict[tuple[str, str], list[dict]] = {}
    with serving(book, prefix) as address:
        for number in range(rounds):
            for page in pages:
                print(f"round {number + 1} of {rounds}: {page}", flush=True)
                for form in FORMS:
                    target = REPORTS / f"{page.replace('/', '-')}.{form}.{number + 1}.json"
                    report = run_lighthouse(command, f"{address}{page}.html", form, target)
                    reports.setdefault((page, form), []).append(report)
    return {"rounds": rounds, **summarize(reports)}


def contents(book: Path) -> tuple[str, list[str]]:
    """The folder of the book on its host, and its pages, from its site map: lectures in order."""
    site_map = book / "sitemap.xml"
    if not site_map.is_file():
        sys.exit(f"No built book: {site_map} does not exist. Run make book first.")
    addresses = [one.text for one in ElementTree.parse(site_map).iter() if one.tag.endswith("loc")]
    prefix = next(a.removesuffix("intro.html") for a in addresses if a.endswith("/intro.html"))
    names = [address.removeprefix(prefix).removesuffix(".html") for address in addresses]
    names.sort(key=lambda name: (name != "intro", not name.startswith("lectures/"), name))
    return urlsplit(prefix).path, names


def lighthouse_command() -> list[str]:
    """How Lighthouse is started here; npx fetches it the first time."""
    npx = shutil.which("npx")
    if npx is None:
        sys.exit(
            "Lighthouse needs Node, and there is no npx here: install Node 20 from nodejs.org or "
            "with your system's packages."
        )
    command = [npx, "--yes", LIGHTHOUSE]
    tried = subprocess.run([*command, "--version"], capture_output=True, text=True)
    if tried.returncode:
        sys.exit(
            f"{' '.join(command)} does not start. It needs Node 18.16 or later and, the first "
            f"time, the network. It says:\n{tried.stderr[-1000:]}"
        )
    return command


def run_lighthouse(command: list[str], address: str, form: str, target: Path) -> dict[str, Any]:
    """Load one page once; the report, which is also written to ``target``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = "--headless=new --disable-gpu" + (" --no-sandbox" if sys.platform == "linux" else "")
    named = [os.environ.get(name) for name in ("CHROME_PATH", "RNN_BROWSER")]
    browser = next(filter(None, [*named, *map(shutil.which, BROWSERS)]), None)
    done = subprocess.run(
        [
            *command,
            address,
            *FORMS[form],
            f"--only-categories={','.join(CATEGORIES)}",
            "--output=json",
            f"--output-path={target}",
            f"--chrome-flags={flags}",
            "--quiet",
        ],
        env={
            **os.environ,
            **({"CHROME_PATH": shutil.which(browser) or browser} if browser else {}),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        sys.exit(
            f"Lighthouse failed on {address} ({form}). If it found no browser, name one in "
            f"CHROME_PATH. It says:\n{done.stderr[-2000:]}"
        )
    return json.loads(target.read_text(encoding="utf-8"))


def summarize(reports: dict[tuple[str, str], list[dict]]) -> dict[str, Any]:
    """Medians over the reports of each page and form; see `measure_pages`."""
    pages: dict[str, dict] = {}
    for (page, form), rounds in reports.items():
        found = [read_report(report, f"{page} ({form})") for report in rounds]
        pages.setdefault(page, {})[form] = {
            name: round(median(one[name] for one in found), 3) for name in found[0]
        }
    every = [report for rounds in reports.values() for report in rounds]
    index = [report["environment"]["benchmarkIndex"] for report in every]
    browser = every[0]["environment"]["hostUserAgent"].split("Chrome/")[1].split(".")[0]
    return {
        "versions": {"lighthouse": every[0]["lighthouseVersion"], "chromium": browser},
        "benchmark_index": {
            "median": round(median(index)),
            "low": round(min(index)),
            "high": round(max(index)),
        },
        "pages": pages,
    }


def read_report(report: dict[str, Any], page: str) -> dict[str, float]:
    """Scores, bytes, requests and shift of one report of Lighthouse.

    Parameters
    ----------
    report : dict
        Lighthouse's JSON.
    page : str
        For messages.
    """
    if error := report.get("runtimeError"):
        sys.exit(f"Lighthouse could not measure {page}: {error['message']}")
    scores = {name: report["categories"][name]["score"] for name in CATEGORIES}
    if missing := [name for name, score in scores.items() if score is None]:
        audits = report["audits"].items()
        broken = [f"{name}: {one['errorMessage']}" for name, one in audits if "errorMessage" in one]
        sys.exit(f"Lighthouse has no score for {', '.join(missing)} of {page}: {broken[:3]}")
    audits = report["audits"]
    fetched = [
        one["url"]
        for one in audits["network-requests"]["details"]["items"]
        if one["url"].startswith("http")
    ]
    return {
        **{name: round(100 * score) for name, score in scores.items()},
        "bytes": round(audits["total-byte-weight"]["numericValue"]),
        "requests": len(fetched),
        "layout_shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
    }


def told(results: dict) -> str:
    """What the status page says of the built pages: a table and a paragraph."""
    rows = []
    for page, forms in results["pages"].items():
        fast = [f"{forms[form]['performance']:.0f}" for form in FORMS]
        good = [min(of[name] for of in forms.values()) for name in list(CATEGORIES)[1:]]
        heavy = max(of["bytes"] for of in forms.values()) / 1000
        asked = max(of["requests"] for of in forms.values())
        numbers = [*good, heavy, asked]
        rows.append([page, *fast, *(f"{number:,.0f}" for number in numbers)])
    columns = [*(f"performance, {form}" for form in FORMS), *list(CATEGORIES.values())[1:]]
    versions, index = results["versions"], results["benchmark_index"]
    return (
        table(["page", *columns, "KB", "requests"], rows) + "\n"
        f"Scores of Lighthouse, of 100; medians of {results['rounds']} rounds. Accessibility, best "
        "practices and SEO are the lower of desktop and mobile, bytes (compressed) and requests "
        "the higher. "
        f"{taken(results)}, Lighthouse {versions['lighthouse']}, Chromium {versions['chromium']}, "
        f"with a benchmark index, Lighthouse's measure of the machine, of {index['median']:,} at "
        f"the median ({index['low']:,} to {index['high']:,}).{shared_note(results)}\n"
    )


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, default=BOOK, help="a built book elsewhere")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", action="store_true", help="others use this machine: say so")
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    chosen = parser.parse_args()
    results = head(chosen.shared) | measure_pages(chosen.book, chosen.rounds)
    print(f"\n{told(results)}")
    if not chosen.dry:
        write_results("lighthouse", results, told(results))


if __name__ == "__main__":
    main()
