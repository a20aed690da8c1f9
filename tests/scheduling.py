"""Which tests stay together on one worker of pytest-xdist, and which come first.

The tests are dealt out in units. A notebook's cells, the numbers that they record and the exercises
that are tried meanwhile are one unit: the second and third look at what the process that ran the
first holds. The tests of one page of the book are one unit: they share the open page. Any other
file is a unit. The longest come first, so that the workers finish together.
"""

from __future__ import annotations

import math
import re

import pytest
from nbval.plugin import IPyNbCell
from xdist.scheduler import LoadScopeScheduling

from tests.support import lecture_names
from tools.book.notebooks import last_run

LOOK_AT_A_RUN = ("tests/lectures/test_numbers.py", "tests/lectures/test_exercises.py")
PAGES = ("tests/pages/test_arrival.py", "tests/pages/test_pages.py")


def unit(nodeid: str) -> str:
    """What a test belongs to: a lecture, a page of the book, or its file.

    ``13-lstm-reviews`` for ``lectures/13-lstm-reviews.ipynb::Cell 3``, ``pages/intro`` for a test
    of that page.
    """
    file, _, test = nodeid.partition("::")
    page = re.search(r"\[((?:lectures/)?[a-z0-9-]+)\]$", test)
    if file in PAGES and page:
        return f"pages/{page[1]}"
    if file.endswith(".ipynb") or file in LOOK_AT_A_RUN:
        return next((lecture for lecture in lecture_names() if lecture in nodeid), file)
    return file


def put_in_order(items: list[pytest.Item]) -> None:
    """Sort tests: lectures, the longest first; files with slow tests; other files; pages.

    Within a lecture the cells come first, then what looks at their run.
    """
    seconds = dict.fromkeys(lecture_names(), math.inf) | last_run()["seconds"]
    slow = {unit(item.nodeid) for item in items if item.get_closest_marker("slow")}

    def turn(item: pytest.Item) -> tuple:
        mine = unit(item.nodeid)
        quick = mine not in slow, mine.startswith("pages/")
        return -seconds.get(mine, 0.0), *quick, mine, not isinstance(item, IPyNbCell)

    items.sort(key=turn)


class UnitScheduling(LoadScopeScheduling):
    """Deals out the units in the order of the tests; a worker gets the next when it is free."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
