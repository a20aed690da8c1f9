"""Which tests are quick, which stay together on one worker of pytest-xdist, which come first.

Quick tests (``make test``) guard a reader and take less than five minutes: all but those that are
marked ``slow``, three pages of the book in the browser, and of the pages' executions those of
`ALWAYS` and of what nbval has not yet run here as it is, up to `SECONDS` seconds.

The tests are dealt out in units. A notebook's cells, what its claims give and the exercises that
are tried meanwhile are one unit: the second and third look at what the process that ran the first
holds. The tests of one page of the book are one unit: they share the open page. Any other file is
a unit. The longest come first, so that the workers finish together.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import cache

import pytest
from nbval.plugin import IPyNbCell
from xdist.scheduler import LoadScopeScheduling

from tests.support import code_cells, lecture_names, notebook
from tools.book.course import LECTURES, VERIFIED
from tools.book.execute import last_run
from tools.book.fingerprint import page_fingerprint

ALWAYS = ("lstm",)  # pages that the quick tests execute each time
SECONDS = 90  # of the other pages
QUICK_PAGES = ("intro", "lectures/lstm", "lectures/inside-an-lstm")  # opened by the quick tests
LOOK_AT_A_RUN = ("tests/lectures/test_runs.py",)
EACH_LECTURE = ("tests/pages/test_formulas.py",)  # its tests name lectures, in one browser
PAGES = ("tests/pages/test_arrival.py", "tests/pages/test_pages.py")
LEFT_OUT = "Left out: tests marked slow, most pages in the browser."


# -- quick or not ---------------------------------------------------------------------------------


def quick(item: pytest.Item, run: list[str]) -> bool:
    """Whether a test is among the quick ones, where these execute the given pages."""
    if item.get_closest_marker("slow"):
        return False
    mine = unit(item.nodeid)
    if isinstance(item, IPyNbCell) or item.nodeid.startswith(LOOK_AT_A_RUN):
        return mine in run or mine not in lecture_names()
    if item.nodeid.startswith(EACH_LECTURE):
        slug = item.nodeid.partition("[")[2].rstrip("]")
        return slug not in lecture_names() or f"lectures/{slug}" in QUICK_PAGES
    page = mine.removeprefix("pages/")
    return page == mine or page in QUICK_PAGES


@cache
def pages_to_run() -> tuple[list[str], list[str]]:
    """The pages that the quick tests execute; and those that wait, for want of time."""
    run, aside, left = list(ALWAYS), [], SECONDS
    seconds = last_run().get("seconds", {})
    for slug in lecture_names():
        if slug in ALWAYS or is_verified(slug):
            continue
        if (takes := seconds.get(slug, SECONDS)) <= left:
            run.append(slug)
            left -= takes
        else:
            aside.append(slug)
    return run, aside


def is_verified(slug: str) -> bool:
    """Whether nbval has run a page here, as it is, without a complaint."""
    stamp = VERIFIED / slug
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == stamp_of(slug)


def stamp_of(slug: str) -> str:
    """What a page depends on and what its notebook shows, as a stamp; its text is left aside."""
    shown = [(cell.source, cell.outputs) for cell in code_cells(notebook(slug))]
    made_of = json.dumps([page_fingerprint(LECTURES / f"{slug}.md"), shown], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:20]


# -- units ----------------------------------------------------------------------------------------


def unit(nodeid: str) -> str:
    """What a test belongs to: a lecture, a page of the book, or its file.

    ``lstm`` for ``lectures/lstm.ipynb::Cell 3``, ``pages/intro`` for a test of that page.
    """
    file, _, test = nodeid.partition("::")
    page = re.search(r"\[((?:lectures/)?[a-z0-9-]+)\]$", test)
    if file in PAGES and page:
        return f"pages/{page[1]}"
    if file.endswith(".ipynb"):
        return file.removeprefix("lectures/").removesuffix(".ipynb")
    if file in LOOK_AT_A_RUN and (named := re.search(r"\[([a-z0-9-]+?)(-\d+)?\]$", test)):
        whole = f"{named[1]}{named[2] or ''}"
        return whole if whole in lecture_names() else named[1]
    return file


def put_in_order(items: list[pytest.Item]) -> None:
    """Sort tests: lectures, the longest first; files with slow tests; other files; pages.

    Within a lecture the cells come first, then what looks at their run.
    """
    seconds = dict.fromkeys(lecture_names(), math.inf) | last_run().get("seconds", {})
    slow = {unit(item.nodeid) for item in items if item.get_closest_marker("slow")}

    def turn(item: pytest.Item) -> tuple:
        mine = unit(item.nodeid)
        last = mine not in slow, mine.startswith("pages/")
        return -seconds.get(mine, 0.0), *last, mine, not isinstance(item, IPyNbCell)

    items.sort(key=turn)


class UnitScheduling(LoadScopeScheduling):
    """Deals out the units in the order of the tests; a worker gets the next when it is free."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
